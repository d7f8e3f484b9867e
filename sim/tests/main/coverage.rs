//! Whether intervals and verdicts keep what their level promises, over many seeds.
//!
//! A coverage of 95% seen over 1,000 seeds lies between 926 and 971 with probability 0.999 (binomial): the bounds for
//! approximate intervals. Conservative ones must only reach the lower.

use std::ops::ControlFlow;

use drsim_sim::statistics::sequential::{SequentialRule, Verdict};
use drsim_sim::statistics::{
    CaseMeans, Estimate, LogSketch, MeanSums, RatioSums, StratifiedRatio, clopper_pearson, quantile_interval, wilson,
};
use drsim_sim::{Purpose, RandomStream, mean_over, run_blocks};

fn stream(seed: u64) -> RandomStream {
    RandomStream::new(seed, 0, Purpose::new("coverage"), 0)
}

/// Number of seeds below 1,000 for which this is true.
fn count(check: impl Fn(u64) -> bool + Sync) -> u64 {
    let sums = mean_over(0..1_000, |seed| f64::from(u8::from(check(seed))));
    sums.sum() as u64
}

fn assert_approximate(covered: u64, what: &str) {
    assert!((926..=971).contains(&covered), "{what}: {covered} of 1,000");
}

fn assert_conservative(covered: u64, what: &str) {
    assert!(covered >= 926, "{what}: {covered} of 1,000");
}

/// One replication of a world where cases come in clusters: Poisson many cases, which with probability `shared` all
/// have one fate. Each succeeds with probability `p`.
#[derive(Clone, Copy)]
struct World {
    cases: f64,
    shared: f64,
    p: f64,
}

impl World {
    fn replicate(&self, stream: &mut RandomStream) -> (u64, u64) {
        let cases = stream.poisson(self.cases);
        if stream.chance(self.shared) {
            (if stream.chance(self.p) { cases } else { 0 }, cases)
        } else {
            ((0..cases).filter(|_| stream.chance(self.p)).count() as u64, cases)
        }
    }

    fn sums(&self, replications: u64, stream: &mut RandomStream) -> RatioSums {
        let mut sums = RatioSums::default();
        for _ in 0..replications {
            let (successes, cases) = self.replicate(stream);
            sums.add(successes, cases);
        }
        sums
    }
}

#[test]
fn pooled_shares_are_covered_though_cases_share_their_fate() {
    for (replications, world) in [
        (1_000, World { cases: 2.0, shared: 0.3, p: 0.95 }),
        (1_000, World { cases: 1.0, shared: 0.3, p: 0.5 }),
        (4_000, World { cases: 0.05, shared: 0.3, p: 0.9 }),
        (1_000, World { cases: 20.0, shared: 1.0, p: 0.98 }),
    ] {
        let covered = count(|seed| {
            let estimate = world.sums(replications, &mut stream(seed)).estimate(0.95);
            estimate.is_some_and(|estimate| estimate.interval.contains(world.p))
        });
        assert_approximate(covered, &format!("{replications} replications, p {}", world.p));
    }
}

#[test]
fn an_interval_that_took_cases_for_independent_would_not_cover() {
    let world = World { cases: 5.0, shared: 1.0, p: 0.9 };
    let naive = count(|seed| {
        let sums = world.sums(500, &mut stream(seed));
        wilson(sums.successes(), sums.cases(), 0.95).contains(world.p)
    });
    assert!(naive < 800, "{naive} of 1,000");
}

#[test]
fn rare_failures_are_covered_too() {
    // Mostly no failure at all, or one or two: the one-sided bound and the few-event end of the logit interval.
    for (replications, world) in [
        (1_000, World { cases: 1.0, shared: 0.5, p: 0.999 }),
        (1_000, World { cases: 0.05, shared: 0.3, p: 0.97 }),
        (10_000, World { cases: 0.3, shared: 0.5, p: 0.999 }),
    ] {
        let covered = count(|seed| {
            let estimate = world.sums(replications, &mut stream(seed)).estimate(0.95);
            estimate.is_some_and(|estimate| estimate.interval.contains(world.p))
        });
        assert_conservative(covered, &format!("{replications} replications, p {}", world.p));
    }
}

#[test]
fn stratified_shares_are_covered_by_the_variance_within_strata() {
    let shares = [0.85, 0.9, 0.95, 0.99];
    // Strata with more cases weigh more.
    let cases = [1.0, 2.0, 1.0, 4.0];
    let truth = shares.iter().zip(cases).map(|(p, x)| p * x).sum::<f64>() / 8.0;
    let covered = count(|seed| {
        let mut stream = stream(seed);
        let worlds = shares.iter().zip(cases).map(|(p, cases)| World { cases, shared: 0.3, p: *p });
        let strata = StratifiedRatio::new(worlds.map(|world| world.sums(300, &mut stream)).collect());
        strata.estimate(0.95).is_some_and(|estimate| estimate.interval.contains(truth))
    });
    assert_approximate(covered, "stratified");
}

#[test]
fn the_range_over_worlds_does_not_grow_with_simulation_noise() {
    // Twenty worlds of the same share: whatever differs between their estimates is noise. Then twenty that differ.
    let width = |spread: f64| {
        mean_over(0..200, |seed| {
            let mut stream = stream(seed);
            let worlds =
                (0..20).map(|i| World { cases: 1.0, shared: 0.0, p: 0.9 + spread * (f64::from(i) - 9.5) / 19.0 });
            StratifiedRatio::new(worlds.map(|world| world.sums(300, &mut stream)).collect())
                .range()
                .map_or(0.0, |range| range.width())
        })
        .mean()
        .unwrap()
    };
    // Estimates of one share from 300 cases spread over 2 * 1.28 * sqrt(0.09 / 300) = 0.044 from P10 to P90.
    // A range that noise can explain is not given at all.
    assert!(width(0.0) < 0.05 * 0.044, "{}", width(0.0));
    // P10 to P90 (the 2nd and 18th) of twenty evenly spread over 0.1: 16 of 19 steps.
    assert!((width(0.1) - 0.1 * 16.0 / 19.0).abs() < 0.01, "{}", width(0.1));
}

#[test]
fn intervals_for_one_value_per_replication_cover() {
    for p in [0.5, 0.95, 0.99] {
        let successes = |seed: u64| {
            let mut stream = stream(seed);
            (0..500).filter(|_| stream.chance(p)).count() as u64
        };
        assert_conservative(count(|seed| clopper_pearson(successes(seed), 500, 0.95).contains(p)), "Clopper-Pearson");
    }
    let wilson_covers = count(|seed| {
        let mut stream = stream(seed);
        wilson((0..500).filter(|_| stream.chance(0.3)).count() as u64, 500, 0.95).contains(0.3)
    });
    assert_approximate(wilson_covers, "Wilson");
    // Means: exponential values, 2,000 of them.
    let means = count(|seed| {
        let (mut stream, mut sums) = (stream(seed), MeanSums::default());
        (0..2_000).for_each(|_| sums.add(stream.exponential()));
        sums.estimate(0.95).is_some_and(|estimate| estimate.interval.contains(1.0))
    });
    assert_approximate(means, "mean");
}

#[test]
fn means_per_case_cover_and_a_known_rate_narrows_the_total() {
    // Years with Poisson(0.5) cases; those of one year share a factor. Mean per case 1, mean total 0.5.
    let sums = |seed: u64| {
        let (mut stream, mut cases, mut totals) = (stream(seed), CaseMeans::default(), MeanSums::default());
        for _ in 0..2_000 {
            let n = stream.poisson(0.5);
            let factor = stream.exponential();
            let total = (0..n).map(|_| 0.5 * (factor + stream.exponential())).sum();
            cases.add(total, n);
            totals.add(total);
        }
        (cases, totals)
    };
    let covers = |estimate: Option<Estimate>, truth: f64| estimate.is_some_and(|e| e.interval.contains(truth));
    assert_approximate(count(|seed| covers(sums(seed).0.estimate(0.95), 1.0)), "mean per case");
    assert_approximate(count(|seed| covers(sums(seed).0.estimate_total(0.5, 0.95), 0.5)), "mean total");
    // Variance per year 0.5 * 0.25 + 0.75 * 0.25 = 0.3125 against 0.3125 + Var(N) = 0.8125: widths as 0.62 to 1.
    let (cases, totals) = sums(1);
    let width = |estimate: Option<Estimate>| estimate.map_or(f64::NAN, |e| e.interval.width());
    assert!(width(cases.estimate_total(0.5, 0.95)) < 0.75 * width(totals.estimate(0.95)));
}

#[test]
fn quantiles_of_clustered_heavy_tails_are_covered() {
    // One, or up to ten, Pareto values per replication; a shared level makes those of one replication alike.
    for clustered in [false, true] {
        for p in [0.5, 0.95, 0.99] {
            let covered = count(|seed| {
                let mut stream = stream(seed);
                let (mut sketch, mut sums) = (LogSketch::new(1e-3, 1e9, 1e-3), RatioSums::default());
                for _ in 0..1_000 {
                    let cases = if clustered { stream.below(10) + 1 } else { 1 };
                    // All of one replication equal: the worst that can be.
                    sketch.add_n(stream.uniform().powf(-1.0 / 1.2), cases);
                    sums.add(0, cases);
                }
                let truth = (1.0_f64 - p).powf(-1.0 / 1.2);
                let interval = quantile_interval(&sketch, p, 0.95, sums.effective_cases()).expect("enough values");
                // The sketch moves values by 0.1%.
                interval.low * 0.999 <= truth && truth <= interval.high * 1.001
            });
            assert_conservative(covered, &format!("P{}, clustered: {clustered}", 100.0 * p));
        }
    }
}

/// The verdicts of the sequential rule for 1,000 seeds: (holds, fails, undecided at the end).
fn verdicts(rule: SequentialRule, world: World, end: u64) -> (u64, u64, u64) {
    let verdict = |seed| {
        let (mut stream, mut sums, mut n) = (stream(seed), RatioSums::default(), 0);
        while n < end {
            let next = SequentialRule::next_look(n);
            sums.merge(&world.sums(next - n, &mut stream));
            n = next;
            if rule.look(&sums) != Verdict::Undecided {
                break;
            }
        }
        rule.look(&sums)
    };
    let mut counts = [0; 3];
    run_blocks(
        0..1_000,
        10,
        None,
        |block| block.map(verdict).collect::<Vec<_>>(),
        |_, verdicts| {
            for verdict in verdicts {
                counts[verdict as usize] += 1;
            }
            ControlFlow::Continue(())
        },
    );
    (counts[0], counts[1], counts[2])
}

#[test]
fn verdicts_err_no_more_often_than_allowed_and_decide_where_they_should() {
    let (alpha, beta) = (0.05, 0.1);
    let clustered = SequentialRule { indifference: 0.004, ..SequentialRule::new(0.99, alpha, 1) };
    for (rule, mut world, effective_cases) in [
        // One case per replication on average, independent.
        (SequentialRule::new(0.95, alpha, 1), World { cases: 1.0, shared: 0.0, p: 0.0 }, 1.0),
        // Four cases on average, all of one fate: worth E[x]^2 / E[x^2] = 16 / 20 of a case.
        (clustered, World { cases: 4.0, shared: 1.0, p: 0.0 }, 0.8),
    ] {
        let end = rule.decisive_look(beta, effective_cases);
        // At p0, a verdict either way has half the chance to be wrong, and alpha bounds both.
        world.p = rule.p0;
        let (holds, fails, _) = verdicts(rule, world, end);
        assert!(holds <= 50 && fails <= 50, "at {}: {holds} hold, {fails} fail", world.p);
        world.p = rule.p0 + rule.indifference;
        let (_, fails, undecided) = verdicts(rule, world, end);
        assert!(fails <= 50 && undecided <= 100, "at {}: {fails} fail, {undecided} undecided", world.p);
        world.p = rule.p0 - rule.indifference;
        let (holds, _, undecided) = verdicts(rule, world, end);
        assert!(holds <= 50 && undecided <= 100, "at {}: {holds} hold, {undecided} undecided", world.p);
    }
}

#[test]
fn a_thousand_successes_do_not_prove_a_claim_that_a_thousand_cannot() {
    // 0.999^1000 = 0.37: no failure among 1,000 says nothing about 0.999, and among 8,000 does (0.0003).
    let rule = SequentialRule::new(0.999, 0.05, 1);
    for (replications, verdict) in [(1_000, Verdict::Undecided), (8_000, Verdict::Holds), (8_001, Verdict::Undecided)] {
        let mut sums = RatioSums::default();
        (0..replications).for_each(|_| sums.add(1, 1));
        assert_eq!(rule.look(&sums), verdict, "{replications}");
    }
}
