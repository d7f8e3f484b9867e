//! Every distribution against an independent one, and against itself.

use drsim_sim::{Distribution, Purpose, RandomStream};
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Normal, Pareto, Triangular, Uniform, Weibull};

type Cdf = Box<dyn Fn(f64) -> f64>;

/// Ours, and the cdf of statrs.
fn cases() -> Vec<(Distribution, Cdf)> {
    fn cdf(d: impl ContinuousCDF<f64, f64> + 'static) -> Cdf {
        Box::new(move |x| d.cdf(x))
    }
    let mut cases = vec![
        (Distribution::Uniform { low: -2.0, high: 5.0 }, cdf(Uniform::new(-2.0, 5.0).unwrap())),
        (Distribution::Triangular { low: 1.0, mode: 2.0, high: 9.0 }, cdf(Triangular::new(1.0, 9.0, 2.0).unwrap())),
        (Distribution::Exponential { mean: 40.0 }, cdf(Exp::new(1.0 / 40.0).unwrap())),
        (Distribution::Normal { mean: -3.0, sd: 2.5 }, cdf(Normal::new(-3.0, 2.5).unwrap())),
    ];
    for sigma in [0.1, 1.0, 2.5] {
        cases.push((Distribution::LogNormal { mu: 7.5, sigma }, cdf(LogNormal::new(7.5, sigma).unwrap())));
    }
    for shape in [0.2, 0.9, 1.0, 3.5, 60.0] {
        cases.push((Distribution::Gamma { shape, scale: 3.0 }, cdf(Gamma::new(shape, 1.0 / 3.0).unwrap())));
        cases.push((Distribution::Weibull { shape, scale: 3.0 }, cdf(Weibull::new(shape, 3.0).unwrap())));
        cases.push((Distribution::Pareto { shape, scale: 3.0 }, cdf(Pareto::new(3.0, shape).unwrap())));
    }
    let inner = Normal::new(0.0, 1.0).unwrap();
    cases.push((
        Distribution::Normal { mean: 0.0, sd: 1.0 }.truncated(0.5, 2.0).unwrap(),
        Box::new(move |x| ((inner.cdf(x) - inner.cdf(0.5)) / (inner.cdf(2.0) - inner.cdf(0.5))).clamp(0.0, 1.0)),
    ));
    let (a, b) = (Exp::new(1.0).unwrap(), Normal::new(4.0, 1.0).unwrap());
    cases.push((
        Distribution::mixture(vec![
            (1.0, Distribution::Exponential { mean: 1.0 }),
            (3.0, Distribution::Normal { mean: 4.0, sd: 1.0 }),
        ])
        .unwrap(),
        Box::new(move |x| 0.25 * a.cdf(x) + 0.75 * b.cdf(x)),
    ));
    cases
}

/// The Kolmogorov-Smirnov distance of `n` draws from `cdf`, times the square root of n.
fn kolmogorov_smirnov(mut draws: Vec<f64>, cdf: &dyn Fn(f64) -> f64) -> f64 {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let gap = |(i, x): (usize, &f64)| {
        let f = cdf(*x);
        (f - i as f64 / n).abs().max(((i + 1) as f64 / n - f).abs())
    };
    draws.iter().enumerate().map(gap).fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn draws_follow_the_cdf_of_another_crate() {
    for (index, (distribution, cdf)) in cases().iter().enumerate() {
        let mut stream = RandomStream::new(1, 0, Purpose::new("kolmogorov-smirnov"), index as u64);
        let slow = (0..20_000).map(|_| distribution.sample(&mut stream)).collect();
        let fast = (0..20_000).map(|_| distribution.sample_fast(&mut stream)).collect();
        // P(sqrt(n) D > 2.2) = 2 exp(-2 * 2.2^2) = 1.3e-4 each (Kolmogorov 1933); the seed is fixed.
        for draws in [slow, fast] {
            let distance = kolmogorov_smirnov(draws, cdf);
            assert!(distance < 2.2, "{distribution:?}: {distance}");
        }
    }
}

#[test]
fn quantile_and_cdf_are_inverse() {
    for (distribution, cdf) in cases() {
        let mut last = f64::NEG_INFINITY;
        for i in 1..200 {
            let u = f64::from(i) / 200.0;
            let x = distribution.quantile(u);
            assert!(x >= last, "{distribution:?} falls at {u}");
            last = x;
            assert!((distribution.cdf(x) - u).abs() < 1e-12, "{distribution:?} at {u}: {x}");
            assert!((cdf(x) - u).abs() < 1e-9, "{distribution:?} at {u}: {x}, statrs {}", cdf(x));
        }
    }
}

#[test]
fn percentiles_given_are_percentiles_got() {
    type Make = fn(f64, f64) -> Result<Distribution, drsim_sim::DistributionError>;
    let makes: [Make; 3] = [
        Distribution::lognormal_from_percentiles,
        Distribution::gamma_from_percentiles,
        Distribution::weibull_from_percentiles,
    ];
    for make in makes {
        for (p50, p95) in [(1_800.0, 14_400.0), (1.0, 1.3), (5.0, 400.0)] {
            let distribution = make(p50, p95).unwrap();
            assert!((distribution.quantile(0.5) / p50 - 1.0).abs() < 1e-9, "{distribution:?}");
            assert!((distribution.quantile(0.95) / p95 - 1.0).abs() < 1e-9, "{distribution:?}");
        }
        assert!(make(2.0, 1.0).is_err() && make(0.0, 1.0).is_err() && make(1.0, f64::NAN).is_err());
    }
}

/// Moments by quadrature (truncation that cuts nothing) against the closed forms.
#[test]
fn numerical_moments_agree_with_closed_forms() {
    for distribution in [
        Distribution::Exponential { mean: 40.0 },
        Distribution::Normal { mean: -3.0, sd: 2.5 },
        Distribution::LogNormal { mu: 7.5, sigma: 0.5 },
        Distribution::LogNormal { mu: 7.5, sigma: 2.5 },
        Distribution::Gamma { shape: 0.2, scale: 3.0 },
        Distribution::Gamma { shape: 60.0, scale: 3.0 },
        Distribution::Weibull { shape: 0.5, scale: 3.0 },
        Distribution::Triangular { low: 1.0, mode: 2.0, high: 9.0 },
    ] {
        let numerical = distribution.clone().truncated(f64::NEG_INFINITY, f64::INFINITY).unwrap();
        let near =
            |a: f64, b: f64, what: &str| assert!((a / b - 1.0).abs() < 1e-9, "{distribution:?} {what}: {a}, {b}");
        near(numerical.mean(), distribution.mean(), "mean");
        near(numerical.second_moment(), distribution.second_moment(), "second moment");
        let theta = -0.5 / distribution.mean().abs();
        near(
            numerical.moment_generating(theta).unwrap(),
            distribution.moment_generating(theta).unwrap(),
            "moment generating function",
        );
    }
}

#[test]
fn a_truncated_lognormal_has_the_moments_of_its_closed_form() {
    let (mu, sigma, low, high) = (7.5, 1.2, 600.0, 86_400.0);
    let distribution = Distribution::LogNormal { mu, sigma }.truncated(low, high).unwrap();
    let phi = Normal::new(0.0, 1.0).unwrap();
    let z = |x: f64, k: f64| (x.ln() - mu - k * sigma * sigma) / sigma;
    let moment = |k: f64| {
        (k * mu + 0.5 * k * k * sigma * sigma).exp() * (phi.cdf(z(high, k)) - phi.cdf(z(low, k)))
            / (phi.cdf(z(high, 0.0)) - phi.cdf(z(low, 0.0)))
    };
    assert!((distribution.mean() / moment(1.0) - 1.0).abs() < 1e-9);
    assert!((distribution.second_moment() / moment(2.0) - 1.0).abs() < 1e-9);
    assert!(distribution.moment_generating(1e-4).unwrap().is_finite());
    assert_eq!(Distribution::LogNormal { mu, sigma }.moment_generating(1e-4), None);
}

#[test]
fn poisson_counts_have_their_mean_and_variance() {
    for (index, mean) in [0.05, 1.0, 19.0, 21.0, 400.0, 1e6].into_iter().enumerate() {
        let mut stream = RandomStream::new(3, 0, Purpose::new("poisson"), index as u64);
        let n = 20_000.0;
        let draws: Vec<f64> = (0..20_000).map(|_| stream.poisson(mean) as f64).collect();
        let average = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        // Five standard errors; Var of (X - m)^2 is m + 2 m^2.
        assert!((average - mean).abs() < 5.0 * (mean / n).sqrt(), "{mean}: {average}");
        assert!((variance - mean).abs() < 5.0 * ((mean + 2.0 * mean * mean) / n).sqrt(), "{mean}: {variance}");
    }
}

/// A change here changes every result of every user. P10, P50 and P99.9, to the last bit: `libm` is the same everywhere.
#[test]
fn draws_are_the_same_in_every_release() {
    for (distribution, pinned) in [
        (
            Distribution::LogNormal { mu: 7.5, sigma: 1.2 },
            [388.439_768_342_348_43, 1_808.042_414_456_063_2, 73_738.384_788_210_55],
        ),
        (
            Distribution::Gamma { shape: 0.7, scale: 3.0 },
            [0.099_436_493_263_300_37, 1.222_271_245_429_324_5, 18.191_218_691_661_824],
        ),
        (
            Distribution::Weibull { shape: 0.7, scale: 3.0 },
            [0.120_488_835_846_408_13, 1.777_170_338_856_401_5, 47.443_206_218_827_68],
        ),
        (
            Distribution::Pareto { shape: 1.5, scale: 3.0 },
            [3.218_297_948_685_432, 4.762_203_155_904_598, 299.999_999_999_999_9],
        ),
        (
            Distribution::Normal { mean: 1.0, sd: 2.0 }.truncated(0.0, 4.0).unwrap(),
            [0.341_604_251_166_859_66, 1.615_507_642_297_991_3, 3.990_388_811_931_717],
        ),
    ] {
        let drawn = [0.1, 0.5, 0.999].map(|u| distribution.quantile(u));
        assert_eq!(drawn.map(f64::to_bits), pinned.map(f64::to_bits), "{distribution:?}: {drawn:?}");
    }
}
