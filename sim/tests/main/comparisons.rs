//! Paired comparison and rare events, against exact answers.

use drsim_sim::statistics::{
    MeanSums, PairedCounts, PairedSample, PoissonStrata, RefusedPlan, StratifiedProbability, WeightedSums,
};
use drsim_sim::{Distribution, Purpose, RandomStream, mean_over};

fn stream(seed: u64) -> RandomStream {
    RandomStream::new(seed, 0, Purpose::new("comparison"), 0)
}

#[test]
fn common_random_numbers_cut_the_variance_of_a_difference() {
    // Two designs whose times are the same exponential draw, one 10% longer; and the same with separate streams.
    let (mut paired, mut separate, mut counts) = (MeanSums::default(), MeanSums::default(), PairedCounts::default());
    let (mut first, mut second) = (stream(1), stream(2));
    for _ in 0..10_000 {
        let shared = first.exponential();
        paired.add(1.1 * shared - shared);
        separate.add(1.1 * first.exponential() - second.exponential());
        counts.add(shared.total_cmp(&(1.1 * shared)));
    }
    // 0.1^2 against 1.1^2 + 1: a factor of 221.
    let gain = separate.variance().unwrap() / paired.variance().unwrap();
    assert!((200.0..245.0).contains(&gain), "{gain}");
    let [a_better, tie, b_better] = counts.estimates(0.95).unwrap().map(|estimate| estimate.value);
    assert!(a_better > 0.999 && tie < 1e-9 && b_better < 1e-9);
}

#[test]
fn the_bootstrap_of_a_percentile_difference_covers() {
    // Per replication up to three cases, alike among themselves and between the designs: B is A's times, 20% longer.
    let lognormal = |z: f64| (1.0 + 0.8 * z).exp();
    for (p, z) in [(0.5, 0.0), (0.9, 1.281_551_565_544_600_5)] {
        let truth = lognormal(z) - 1.2 * lognormal(z);
        let covered = mean_over(0..400, |seed| {
            let (mut stream, mut sample) = (stream(seed), PairedSample::default());
            for _ in 0..200 {
                let cases: Vec<f64> = (0..stream.below(4)).map(|_| lognormal(stream.normal_fast())).collect();
                let longer: Vec<f64> = cases.iter().map(|x| 1.2 * x).collect();
                sample.add(&cases, &longer);
            }
            let estimate = sample.quantile_difference(p, 0.95, 400, &mut stream).expect("enough cases");
            f64::from(u8::from(estimate.interval.contains(truth)))
        });
        // 400 seeds at 95%: 380 ± 4.4 standard errors of 4.36; percentile bootstraps run somewhat under.
        assert!((361.0..=395.0).contains(&covered.sum()), "P{}: {} of 400", 100.0 * p, covered.sum());
    }
    let mut small = PairedSample::default();
    (0..50).for_each(|i| small.add(&[f64::from(i)], &[0.0]));
    assert!(small.quantile_difference(0.95, 0.95, 100, &mut stream(1)).is_none(), "P95 takes 72 values");
}

/// P(Σ of a Poisson number of exponential severities > x), exactly: Σ P(N = n) P(gamma(n) > x).
fn compound_tail(mean: f64, x: f64) -> f64 {
    let mut probability = (-mean).exp();
    (1..60)
        .map(|n| {
            probability *= mean / f64::from(n);
            probability * Distribution::Gamma { shape: f64::from(n), scale: 1.0 }.survival(x)
        })
        .sum()
}

fn severities(count: u64, stream: &mut RandomStream) -> f64 {
    (0..count).map(|_| stream.exponential()).sum()
}

#[test]
fn stratification_by_count_finds_the_exact_tail_with_less_variance() {
    let (mean, x, n) = (0.05, 4.0, 200_000);
    let exact = compound_tail(mean, x);
    let strata = PoissonStrata::new(mean, 3);
    assert!((strata.weights().iter().sum::<f64>() - 1.0).abs() < 1e-15);
    // Without events nothing is lost: certain. Deviations from a rough idea of the chance in the others.
    let plan = strata.allocate(n, &[0.0, 0.13, 0.3, 0.45], 100);
    let mut stream = stream(3);
    let mut sums = StratifiedProbability::new(strata.weights());
    sums.add(0, 0, 1);
    for (stratum, trials) in plan.iter().enumerate().skip(1) {
        for _ in 0..*trials {
            let count = strata.count(stratum, &mut stream);
            sums.add(stratum, u64::from(severities(count, &mut stream) > x), 1);
        }
    }
    let estimate = sums.estimate(0.9999, |stratum| stratum == 0).unwrap();
    assert!(estimate.interval.contains(exact), "{estimate:?}, exact {exact}");
    // At 99.99% the half-width is 3.89 standard errors.
    let variance = (estimate.interval.width() / 2.0 / 3.89).powi(2);
    let gain = exact * (1.0 - exact) / n as f64 / variance;
    assert!(gain > 15.0, "variance ratio {gain}");
}

#[test]
fn the_last_stratum_draws_the_count_given_that_it_is_large() {
    let strata = PoissonStrata::new(0.7, 2);
    let mut stream = stream(4);
    let n = 100_000;
    let mut seen = [0_u32; 8];
    (0..n).for_each(|_| seen[strata.count(2, &mut stream).min(7) as usize] += 1);
    assert_eq!(seen[..2], [0, 0]);
    for (count, probability) in [(2, 0.121_663), (3, 0.028_388), (4, 0.004_968)] {
        // exp(-0.7) 0.7^n / n!, given 1 - exp(-0.7) (1 + 0.7) = 0.155805; within five standard errors.
        let p = probability / 0.155_805;
        let error = (p * (1.0 - p) / f64::from(n)).sqrt();
        assert!((f64::from(seen[count]) / f64::from(n) - p).abs() < 5.0 * error, "{count}: {seen:?}");
    }
}

/// Tail of a sum of ten exponentials with mean 1, drawn with mean `tilted` instead.
fn importance(x: f64, tilted: f64, n: u64, seed: u64) -> WeightedSums {
    let (mut stream, mut sums) = (stream(seed), WeightedSums::default());
    for _ in 0..n {
        let sum = tilted * severities(10, &mut stream);
        // Likelihood ratio: exp(-s) / (exp(-s / t) / t^10).
        sums.add(f64::from(u8::from(sum > x)), (sum * (1.0 / tilted - 1.0)).exp() * tilted.powi(10));
    }
    sums
}

#[test]
fn importance_sampling_finds_exact_tails_down_to_1e_minus_7() {
    for (x, least_gain) in [(22.6, 50.0), (28.7, 3_000.0), (36.6, 1e5)] {
        let exact = Distribution::Gamma { shape: 10.0, scale: 1.0 }.survival(x);
        // The mean that makes x typical (Siegmund 1976).
        let sums = importance(x, x / 10.0, 50_000, 5);
        let estimate = sums.estimate(0.9999).unwrap();
        assert!(estimate.interval.contains(exact), "{estimate:?}, exact {exact}");
        assert!(estimate.interval.width() < 0.2 * exact, "{estimate:?}");
        let gain = exact * (1.0 - exact) / sums.variance();
        assert!(gain > least_gain, "x {x}, p {exact}: variance ratio {gain}");
    }
}

#[test]
fn plans_that_cannot_be_trusted_are_refused() {
    // Not tilted: nothing is hit. Tilted the wrong way or too far: few weights carry all.
    assert!(matches!(importance(36.6, 1.0, 10_000, 6).estimate(0.95), Err(RefusedPlan::FewHits { .. })));
    let too_far = importance(22.6, 40.0, 10_000, 6);
    assert!(too_far.estimate(0.95).is_err(), "{:?}", too_far.estimate(0.95));
    // Weights of another distribution than the one drawn from.
    let mut wrong = WeightedSums::default();
    (0..1_000).for_each(|i| wrong.add(1.0, 1.5 + 0.1 * f64::from(i % 2)));
    assert!(matches!(wrong.estimate(0.95), Err(RefusedPlan::WeightsOff { .. })));
}
