//! The whole simulator against closed forms: nothing is unknown, so every number has one right value.

use crate::{shipped, simulate};
use drsim_experiment::outcome::Outcome;
use std::sync::LazyLock;

/// Nothing unknown: rates, durations and habits are what they say; caches are busy, and nothing is short.
const KNOWN: [&str; 19] = [
    "capacity.requests_per_second=1e12",
    "capacity.burst=1e12",
    "capacity.concurrency=1e12",
    "capacity.concurrency_growth=1e12",
    "capacity.database_units=1e12",
    "capacity.database_units_at_least=1e12",
    "capacity.connections=1e12",
    "outages.region.count.eu-west-1={ events = 30, years = 10, posterior = false }",
    "outages.region.count.us-east-1={ events = 30, years = 10, posterior = false }",
    "outages.region.hits_workload=100 %",
    "outages.region.both_regions=0 %",
    "outages.region.duration={ dist = \"constant\", value = \"10 h\" }",
    "populations.europe.users=1e9",
    "populations.united_states.users=1e9",
    "objects.copy_delay_with_rtc={ dist = \"exponential\", mean = \"40 s\", max = \"1 h\" }",
    "demand.profile=flat",
    "recovery.step_fails=0 %",
    "demand.per_user_per_day.upload=0.0000016",
    "objects.size={ dist = \"constant\", value = \"1 MB\" }",
];

const YEARS: u64 = 2000;

fn known(more: &[&str]) -> Outcome {
    let set: Vec<&str> = KNOWN.iter().chain(more).copied().collect();
    simulate(&shipped(&set), YEARS, 2).0
}

/// What several tests look at.
static KNOWN_AND_NO_MORE: LazyLock<Outcome> = LazyLock::new(|| known(&[]));

fn metric(outcome: &Outcome, architecture: &str, metric: &str, operation: &str, population: &str) -> (f64, u64) {
    let row = outcome.metrics.iter().find(|r| {
        r.architecture == architecture
            && r.metric == metric
            && r.operation == operation
            && r.population == population
            && r.statistic == "mean"
    });
    let row = row.unwrap_or_else(|| panic!("{architecture} {metric} {operation} {population}"));
    (row.figure.estimate.unwrap(), row.figure.n)
}

#[test]
fn one_region_is_down_as_long_as_exp_of_rate_times_duration_says() {
    // 3 outages a year of 10 h: unavailable 1 - exp(-3 * 10 / 8760) = 0.34188%. One year's downtime has the variance of
    // about 3 outages of 10 h: 3 * 10^2 h^2, so the mean of 2,000 years has a standard error of 0.39 h = 0.0044%.
    let outcome = &*KNOWN_AND_NO_MORE;
    let (up, _) = metric(outcome, "single_region", "availability_by_time", "dynamic_read", "europe");
    let expected = (-30.0_f64 / 8760.0).exp();
    let error = (3.0 * 100.0 / YEARS as f64).sqrt() / 8760.0;
    assert!((up - expected).abs() < 4.0 * error, "{up} against {expected}");
}

#[test]
fn every_beta_leaves_one_region_s_availability_alone_and_beta_one_strikes_both() {
    let expected = (-30.0_f64 / 8760.0).exp();
    let error = (3.0 * 100.0 / YEARS as f64).sqrt() / 8760.0;
    let [some, all] =
        ["outages.region.both_regions=30 %", "outages.region.both_regions=100 %"].map(|both| known(&[both]));
    for (both, outcome) in [("30 %", &some), ("100 %", &all)] {
        let (up, _) = metric(outcome, "single_region", "availability_by_time", "dynamic_read", "europe");
        assert!((up - expected).abs() < 4.0 * error, "{both}: {up} against {expected}");
    }
    // All outages strike both: no design with two regions is back before the repair, 10 h later.
    let reads = &all.designs.iter().find(|d| d.architecture == "adr_fast_checks").unwrap().reads_back.0;
    assert!(reads.estimate.unwrap() >= 36_000.0 * 0.999, "{reads:?}");
}

#[test]
fn detection_and_caches_take_what_order_statistics_say() {
    // Sixteen hanging checkers: 3 * 4 + 2 * 10 + 10 Beta(14, 3): mean 32 + 140/17 s, sd 10 sqrt(14*3/(17^2*18)) = 0.90 s.
    // Caches: publication U(5, 10), then the 198th of 200 uniforms on 60 s: mean 7.5 + 60 * 198/201 s, sd about 1.6 s.
    let outcome = &*KNOWN_AND_NO_MORE;
    let (detected, n) = metric(outcome, "adr_fast_checks", "undetected_seconds", "dynamic_read", "overall");
    let (routed, _) = metric(outcome, "adr_fast_checks", "routing_seconds", "dynamic_read", "overall");
    let n = n as f64;
    assert!(n > 7_500.0);
    assert!((detected - (32.0 + 140.0 / 17.0)).abs() < 4.0 * 0.9 / n.sqrt(), "{detected}");
    assert!((routed - (7.5 + 60.0 * 198.0 / 201.0)).abs() < 4.0 * 1.6 / n.sqrt(), "{routed}");
    // The load balancer's one checker: 32 + U(0, 10), then U(20, 30).
    let (detected, _) = metric(outcome, "accelerator", "undetected_seconds", "dynamic_read", "overall");
    assert!((detected - 37.0).abs() < 4.0 * 2.89 / n.sqrt(), "{detected}");
}

#[test]
fn files_at_risk_are_those_of_the_infinite_server_queue() {
    // Each population uploads 1e9 * 1.6e-6 / 86,400 = 0.018519 files/s; delays of mean 40 s: 0.7407 under way, so a cut
    // leaves something with probability 1 - exp(-0.7407), and P(window > 30 s) = 1 - exp(-0.7407 exp(-30/40)).
    let outcome = &*KNOWN_AND_NO_MORE;
    let row = |name: &str| {
        let found = outcome
            .metrics
            .iter()
            .find(|r| r.architecture == "adr_fast_checks" && r.metric == name && r.store == "objects");
        found.unwrap().figure
    };
    let something = row("cut_with_loss_share");
    let (lambda, cuts) = (1600.0 / 86_400.0, something.n as f64);
    let expected = 1.0 - (-lambda * 40.0_f64).exp();
    let error = (expected * (1.0 - expected) / cuts).sqrt();
    assert!((something.estimate.unwrap() - expected).abs() < 4.0 * error, "{something:?} against {expected}");
    let items = row("items_at_risk_per_cut");
    assert!((items.estimate.unwrap() - lambda * 40.0).abs() < 4.0 * (lambda * 40.0 / cuts).sqrt(), "{items:?}");
    let claim = outcome.claims.iter().find(|c| c.architecture == "adr_fast_checks" && c.claim == "rpo_files").unwrap();
    let above = 1.0 - (-lambda * 40.0 * (-30.0_f64 / 40.0).exp()).exp();
    let within = 1.0 - above / expected; // of the cuts that left something
    let error = (within * (1.0 - within) / claim.n as f64).sqrt();
    assert!((claim.found.unwrap() - within).abs() < 4.0 * error, "{claim:?} against {within}");
}

#[test]
fn parts_of_every_recovery_time_sum_to_it() {
    let (_, mut rows) = simulate(&shipped(&["outages.region.hits_workload=100 %"]), 1000, 2);
    rows.extend(simulate(&crate::named("first_hour", &[]), 200, 2).1);
    assert!(rows.len() > 20_000, "{}", rows.len());
    for row in rows {
        let parts = [
            row.undetected_seconds,
            row.undecided_seconds,
            row.promoting_seconds,
            row.reconnecting_seconds,
            row.routing_seconds,
            row.draining_seconds,
            row.warming_seconds,
            row.waiting_for_repair_seconds,
        ];
        let Some(whole) = row.recovery_time_seconds else { continue };
        // To the nanosecond: up to 52 days a number of seconds gives its nanoseconds back.
        let nanoseconds = |seconds: f64| (seconds * 1e9).round() as i64;
        assert_eq!(parts.into_iter().map(nanoseconds).sum::<i64>(), nanoseconds(whole), "{row:?}");
    }
}
