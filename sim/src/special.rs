//! Special functions on `libm` alone, so that a draw is the same number on every machine.
//!
//! Probabilities come in pairs (lower tail, upper tail) that sum to one, each with full relative precision: `1 - F` is
//! never taken where `F` is near one.

use std::f64::consts::{SQRT_2, TAU};

/// Lower and upper tail of the standard normal distribution at `z`.
pub(crate) fn normal_tails(z: f64) -> (f64, f64) {
    (0.5 * libm::erfc(-z / SQRT_2), 0.5 * libm::erfc(z / SQRT_2))
}

/// Standard normal quantile, relative error below 1e-15 (Wichura 1988, algorithm AS 241, PPND16).
pub(crate) fn normal_quantile(lower: f64, upper: f64) -> f64 {
    let q = if lower < 0.5 { lower - 0.5 } else { 0.5 - upper };
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(
            r,
            &[
                2_509.080_928_730_122_7,
                33_430.575_583_588_13,
                67_265.770_927_008_7,
                45_921.953_931_549_87,
                13_731.693_765_509_46,
                1_971.590_950_306_551_3,
                133.141_667_891_784_38,
                3.387_132_872_796_366_5,
            ],
        ) / horner(
            r,
            &[
                5_226.495_278_852_854,
                28_729.085_735_721_943,
                39_307.895_800_092_71,
                21_213.794_301_586_597,
                5_394.196_021_424_751,
                687.187_007_492_057_9,
                42.313_330_701_600_91,
                1.0,
            ],
        );
    }
    let tail = lower.min(upper);
    if tail <= 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 {
        let r = r - 1.6;
        horner(
            r,
            &[
                7.745_450_142_783_414e-4,
                0.022_723_844_989_269_184,
                0.241_780_725_177_450_6,
                1.270_458_252_452_368_4,
                3.647_848_324_763_204_5,
                5.769_497_221_460_691,
                4.630_337_846_156_546,
                1.423_437_110_749_683_5,
            ],
        ) / horner(
            r,
            &[
                1.050_750_071_644_416_9e-9,
                5.475_938_084_995_345e-4,
                0.015_198_666_563_616_457,
                0.148_103_976_427_480_08,
                0.689_767_334_985_1,
                1.676_384_830_183_803_8,
                2.053_191_626_637_759,
                1.0,
            ],
        )
    } else {
        let r = r - 5.0;
        horner(
            r,
            &[
                2.010_334_399_292_288_1e-7,
                2.711_555_568_743_487_6e-5,
                0.001_242_660_947_388_078_4,
                0.026_532_189_526_576_124,
                0.296_560_571_828_504_87,
                1.784_826_539_917_291_3,
                5.463_784_911_164_114,
                6.657_904_643_501_103,
            ],
        ) / horner(
            r,
            &[
                2.044_263_103_389_939_8e-15,
                1.421_511_758_316_446e-7,
                1.846_318_317_510_054_8e-5,
                7.868_691_311_456_133e-4,
                0.014_875_361_290_850_615,
                0.136_929_880_922_735_8,
                0.599_832_206_555_888,
                1.0,
            ],
        )
    };
    if q < 0.0 { -z } else { z }
}

/// Polynomial in `x`, highest coefficient first.
fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// `ln(1 + x) - x`, without cancellation near zero.
fn log1pmx(x: f64) -> f64 {
    if x.abs() > 0.3 {
        return libm::log1p(x) - x;
    }
    let (mut power, mut sum, mut k) = (x, 0.0, 1.0);
    loop {
        power *= -x;
        k += 1.0;
        sum += power / k;
        if power.abs() <= 1e-18 * sum.abs() {
            return sum;
        }
    }
}

/// `lgamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2)`: what Stirling's formula leaves.
fn stirling_error(a: f64) -> f64 {
    if a < 10.0 {
        return libm::lgamma(a) - ((a - 0.5) * libm::log(a) - a + 0.5 * libm::log(TAU));
    }
    let r = 1.0 / (a * a);
    horner(r, &[-691.0 / 360_360.0, 1.0 / 1_188.0, -1.0 / 1_680.0, 1.0 / 1_260.0, -1.0 / 360.0, 1.0 / 12.0]) / a
}

/// `x^a exp(-x) / gamma(a)`: the gamma density times `x`.
fn gamma_density_times_x(a: f64, stirling_error: f64, x: f64) -> f64 {
    // exp(a (ln(x/a) - x/a + 1)) sqrt(a / 2 pi) exp(-stirling error), after Loader 2000.
    let exponent = if x < 0.3 * a { a * (libm::log(x / a) - x / a + 1.0) } else { a * log1pmx((x - a) / a) };
    libm::sqrt(a / TAU) * libm::exp(exponent - stirling_error)
}

/// Lower and upper regularised incomplete gamma function, P(a, x) and Q(a, x). Series below `a + 1`, Lentz's continued
/// fraction above (Press et al. 2007, section 6.2).
pub(crate) fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    tails_of_front(a, x, gamma_density_times_x(a, stirling_error(a), x))
}

/// The same, given the density times `x`.
fn tails_of_front(a: f64, x: f64, front: f64) -> (f64, f64) {
    if x < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-16 {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        let lower = (front * sum).min(1.0);
        return (lower, 1.0 - lower);
    }
    let mut denominator = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / denominator;
    let mut fraction = d;
    let mut term = 1.0;
    while term < 1e6 {
        let numerator = -term * (term - a);
        denominator += 2.0;
        d = 1.0 / (numerator * d + denominator);
        c = denominator + numerator / c;
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
        term += 1.0;
    }
    let upper = (front * fraction).min(1.0);
    (1.0 - upper, upper)
}

/// Gamma quantile with unit scale, by bracketed Newton steps on ln x.
pub(crate) fn gamma_quantile(a: f64, lower: f64, upper: f64) -> f64 {
    if lower <= 0.0 {
        return 0.0;
    }
    if upper <= 0.0 {
        return f64::INFINITY;
    }
    // Wilson and Hilferty 1931 for a start; the leading term of the series where that fails.
    let root = 1.0 - 1.0 / (9.0 * a) + normal_quantile(lower, upper) / (3.0 * libm::sqrt(a));
    let leading = libm::exp((libm::log(lower) + libm::lgamma(a + 1.0)) / a);
    let start = if root > 0.2 { a * root * root * root } else { leading };
    if start < 1e-290 {
        return start;
    }
    let stirling_error = stirling_error(a);
    let mut log_x = libm::log(start);
    let (mut low, mut high) = (-700.0, 50.0_f64.max(libm::log(a) + 50.0));
    for _ in 0..100 {
        let x = libm::exp(log_x);
        let density = gamma_density_times_x(a, stirling_error, x);
        let (p, q) = tails_of_front(a, x, density);
        // Newton on the logarithm of the smaller tail: both are concave, so that a far start does not overshoot.
        let step = if lower < upper {
            if p < lower {
                low = log_x;
            } else {
                high = log_x;
            }
            libm::log(p / lower) * p / density
        } else {
            if q > upper {
                low = log_x;
            } else {
                high = log_x;
            }
            -libm::log(q / upper) * q / density
        };
        // Newton squares its error: after a step of 1e-10 nothing is left to gain.
        if step.abs() <= 1e-10 {
            return libm::exp(log_x - step);
        }
        let mut next = log_x - step;
        if !(next > low && next < high) {
            next = 0.5 * (low + high);
        }
        log_x = next;
    }
    libm::exp(log_x)
}

/// Smallest k with P(Poisson(mean) <= k) >= u.
pub(crate) fn poisson_quantile(mean: f64, u: f64) -> u64 {
    assert!(mean >= 0.0 && mean.is_finite(), "a Poisson mean must be finite and at least 0, not {mean}");
    if mean < 20.0 {
        let mut pmf = libm::exp(-mean);
        let (mut cdf, mut k) = (pmf, 0_u64);
        while cdf < u && k < 400 {
            k += 1;
            pmf *= mean / k as f64;
            cdf += pmf;
        }
        return k;
    }
    // Cornish and Fisher 1938 for a start, then exact steps.
    let z = normal_quantile(u, 1.0 - u);
    let mut k = (mean + libm::sqrt(mean) * z + (z * z - 1.0) / 6.0).max(0.0).floor();
    // P(Poisson(mean) <= k) is Q(k + 1, mean), which is found by way of P(Poisson(mean) = k).
    let front = gamma_density_times_x(k + 1.0, stirling_error(k + 1.0), mean);
    let (mut cdf, mut pmf) = (tails_of_front(k + 1.0, mean, front).1, front / mean);
    // Where a probability is lost in the rounding of the sum, the sum is as near as it can be.
    while cdf < u && cdf + pmf > cdf {
        k += 1.0;
        pmf *= mean / k;
        cdf += pmf;
    }
    while k > 0.0 && cdf - pmf >= u && cdf - pmf < cdf {
        cdf -= pmf;
        pmf *= k / mean;
        k -= 1.0;
    }
    k as u64
}

/// Integral over (0, 1) of `f(u, 1 - u)` by the tanh-sinh rule (Takahasi and Mori 1974); both arguments keep full
/// relative precision near the ends, which may be singular.
pub(crate) fn integrate_unit(f: impl Fn(f64, f64) -> f64) -> f64 {
    use std::f64::consts::PI;
    const STEP: f64 = 1.0 / 32.0;
    let mut sum = 0.0;
    for i in -190..=190 {
        let t = f64::from(i) * STEP;
        let s = PI * libm::sinh(t);
        let (lower, upper) = (1.0 / (1.0 + libm::exp(-s)), 1.0 / (1.0 + libm::exp(s)));
        let weight = PI * libm::cosh(t) * lower * upper;
        sum += weight * f(lower, upper);
    }
    sum * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poisson_quantile_is_the_least_number_that_reaches_its_probability() {
        for mean in [20.0, 333.0, 1e4, 1e6] {
            let cdf = |k: u64| gamma_tails(k as f64 + 1.0, mean).1;
            for u in [1e-12, 1e-3, 0.3, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
                let k = poisson_quantile(mean, u);
                // The sum of steps and each value found for itself differ by roundings.
                assert!(cdf(k) >= u * (1.0 - 1e-10), "mean {mean}, u {u}: {k}");
                assert!(k == 0 || cdf(k - 1) < u * (1.0 + 1e-10), "mean {mean}, u {u}: {k}");
            }
        }
        // Where steps are lost in rounding: 8.2 standard deviations up.
        let last = poisson_quantile(1e6, 1.0 - f64::EPSILON / 2.0);
        assert!((1_008_150..1_008_300).contains(&last), "{last}");
    }
}
