//! Intervals for one value per replication: proportions and quantiles.

use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};

use super::{Interval, LogSketch};
use crate::special;

/// Standard normal quantile.
///
/// # Panics
/// Unless `0 < p < 1`.
pub fn normal_quantile(p: f64) -> f64 {
    assert!(0.0 < p && p < 1.0, "a probability of {p} is not in (0, 1)");
    special::normal_quantile(p, 1.0 - p)
}

/// Score interval of a proportion (Wilson 1927). Approximate.
///
/// # Panics
/// Unless `successes <= trials`, `trials > 0` and `level` in (0, 1).
pub fn wilson(successes: u64, trials: u64, level: f64) -> Interval {
    assert!(successes <= trials && trials > 0, "{successes} successes in {trials} trials");
    let (n, p) = (trials as f64, successes as f64 / trials as f64);
    let z = normal_quantile(0.5 + 0.5 * level);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * libm::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    Interval { low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
}

/// Exact interval of a proportion (Clopper and Pearson 1934): covers at least `level`.
///
/// # Panics
/// Unless `successes <= trials`, `trials > 0` and `level` in (0, 1).
pub fn clopper_pearson(successes: u64, trials: u64, level: f64) -> Interval {
    clopper_pearson_effective(successes as f64, trials as f64, level)
}

/// The same for an effective number of trials, which need not be whole (Korn and Graubard 1998).
pub(crate) fn clopper_pearson_effective(successes: f64, trials: f64, level: f64) -> Interval {
    assert!(0.0 <= successes && successes <= trials && trials > 0.0, "{successes} successes in {trials} trials");
    assert!(0.0 < level && level < 1.0, "a level of {level} is not in (0, 1)");
    let alpha = 0.5 * (1.0 - level);
    let beta = |a: f64, b: f64, p: f64| Beta::new(a, b).map_or(f64::NAN, |beta| beta.inverse_cdf(p));
    Interval {
        low: if successes <= 0.0 { 0.0 } else { beta(successes, trials - successes + 1.0, alpha) },
        high: if successes >= trials { 1.0 } else { beta(successes + 1.0, trials - successes, 1.0 - alpha) },
    }
}

/// One-sided upper bound of a probability after `trials` trials without an event: `1 - (1 - level)^(1 / trials)`,
/// about 3 / trials at 95%. With no trials, 1.
pub fn upper_bound_of_zero(trials: u64, level: f64) -> f64 {
    if trials == 0 { 1.0 } else { -libm::expm1(libm::log1p(-level) / trials as f64) }
}

/// Ends of the equal-tailed confidence interval of the `p`-quantile from order statistics of `n` independent values:
/// ranks (from 1), `None` on a side that so few values cannot bound. Exact: the number of values not above the quantile
/// is binomial.
///
/// At 95%, an upper end needs 72, 368 and 3,688 values for P95, P99 and P99.9.
pub(crate) fn quantile_ranks(n: u64, p: f64, level: f64) -> (Option<u64>, Option<u64>) {
    let alpha = 0.5 * (1.0 - level);
    let Ok(binomial) = Binomial::new(p, n) else { return (None, None) };
    // The first k with P(B <= k) >= bound; sought near where a normal law has it.
    let deviation = libm::sqrt(n as f64 * p * (1.0 - p));
    let first = |bound: f64| {
        let (guess, off) = (n as f64 * p + normal_quantile(bound) * deviation, 1.0 + 0.1 * deviation);
        let whole = |near: f64| (near.max(0.0) as u64).min(n);
        let (mut low, mut high) = (whole(guess - off), whole(guess + off));
        if low > 0 && binomial.cdf(low - 1) >= bound {
            (low, high) = (0, low - 1);
        } else if binomial.cdf(high) < bound {
            (low, high) = (high + 1, n);
        }
        while low < high {
            let middle = low.midpoint(high);
            if binomial.cdf(middle) >= bound { high = middle } else { low = middle + 1 }
        }
        low
    };
    // X_(l) is too high with probability P(B <= l - 1): l is the largest with that at most alpha.
    let lower = first(alpha);
    let lower = if lower < n && binomial.cdf(lower) <= alpha { lower + 1 } else { lower };
    // X_(u) is too low with probability P(B >= u) = 1 - P(B <= u - 1).
    let upper = first(1.0 - alpha) + 1;
    ((lower >= 1).then_some(lower), (upper <= n).then_some(upper))
}

/// Ends of the confidence interval of the `p`-quantile, each `None` if the sample cannot bear it.
///
/// `effective_n` is the number of independent values that the sample is worth: its count for one value per
/// replication, `(Σx)² / Σx²` for x values in each replication.
pub fn quantile_bounds(sketch: &LogSketch, p: f64, level: f64, effective_n: f64) -> (Option<f64>, Option<f64>) {
    let n = sketch.count();
    let effective = (effective_n.max(0.0) as u64).min(n);
    if effective == 0 {
        return (None, None);
    }
    let (lower, upper) = quantile_ranks(effective, p, level);
    let scale = n as f64 / effective as f64;
    let value = |rank: f64| sketch.value_of_rank((rank as u64).clamp(1, n));
    (
        // Outwards: the first value of the lower cluster, the last of the upper one.
        lower.map(|rank| value(((rank - 1) as f64 * scale).floor() + 1.0)),
        upper.map(|rank| value((rank as f64 * scale).ceil())),
    )
}

/// [`quantile_bounds`] where the sample bears both ends; `None` otherwise.
pub fn quantile_interval(sketch: &LogSketch, p: f64, level: f64, effective_n: f64) -> Option<Interval> {
    let (low, high) = quantile_bounds(sketch, p, level, effective_n);
    Some(Interval { low: low?, high: high? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_bounded_from_above_by_72_368_and_3688_values() {
        for (p, n) in [(0.95, 72), (0.99, 368), (0.999, 3_688)] {
            assert_eq!(quantile_ranks(n, p, 0.95).1, Some(n));
            assert_eq!(quantile_ranks(n - 1, p, 0.95).1, None);
        }
        // One-sided 95% is two-sided 90%: 299 and 2,995.
        for (p, n) in [(0.99, 299), (0.999, 2_995)] {
            assert_eq!(quantile_ranks(n, p, 0.90).1, Some(n));
            assert_eq!(quantile_ranks(n - 1, p, 0.90).1, None);
        }
    }

    #[test]
    fn p99_of_2000_values_lies_between_the_1971st_and_the_1989th() {
        assert_eq!(quantile_ranks(2_000, 0.99, 0.95), (Some(1_971), Some(1_989)));
        // By their definition, rank after rank.
        for n in [1, 2, 7, 40, 333, 1_500] {
            for (p, level) in [(0.5, 0.95), (0.9, 0.5), (0.95, 0.999), (0.99, 0.95), (0.999, 0.95), (0.02, 0.9)] {
                let (binomial, alpha) = (Binomial::new(p, n).unwrap(), 0.5 * (1.0 - level));
                let too_high = |l: u64| l > 0 && binomial.cdf(l - 1) <= alpha;
                let high_enough = |u: u64| binomial.cdf(u - 1) >= 1.0 - alpha;
                let expected = ((1..=n).rev().find(|l| too_high(*l)), (1..=n).find(|u| high_enough(*u)));
                assert_eq!(quantile_ranks(n, p, level), expected, "n {n}, p {p}, level {level}");
            }
        }
    }

    #[test]
    fn proportion_intervals_agree_with_published_values() {
        // Newcombe 1998, table I: 81 of 263, Wilson 0.2553 to 0.3662, exact 0.2527 to 0.3676.
        let near = |interval: Interval, low: f64, high: f64| {
            assert!((interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5, "{interval}");
        };
        near(wilson(81, 263, 0.95), 0.2553, 0.3662);
        near(clopper_pearson(81, 263, 0.95), 0.2527, 0.3676);
        // And 0 of 20: Wilson 0 to 0.1611, exact 0 to 0.1684.
        near(wilson(0, 20, 0.95), 0.0, 0.1611);
        near(clopper_pearson(0, 20, 0.95), 0.0, 0.1684);
    }

    #[test]
    fn zero_events_leave_about_three_over_n() {
        // 1 - 0.05^(1/1000), closed form.
        assert!((upper_bound_of_zero(1_000, 0.95) - 0.002_991_249).abs() < 1e-9);
    }
}
