//! What the shipped scenarios of one mechanism each answer, with it on and off.

use crate::{named, simulate};

/// Median recovery of reads in an architecture, in 200 years.
fn reads(scenario: &str, architecture: &str, set: &[&str]) -> f64 {
    let (_, rows) = simulate(&named(scenario, set), 200, 2);
    let own = rows.iter().filter(|r| r.architecture == architecture && r.operation == "dynamic_read");
    let mut times: Vec<f64> = own.map(|r| r.recovery_time_seconds.unwrap_or(f64::INFINITY)).collect();
    times.sort_by(f64::total_cmp);
    assert!(times.len() > 300, "{scenario} {architecture}: {}", times.len());
    times[times.len() / 2]
}

#[test]
fn retries_that_follow_cost_seconds_where_all_turn_at_once_and_nothing_where_they_turn_in_a_minute() {
    let of = |architecture: &str, set: &[&str]| reads("retry_storm", architecture, set);
    let (on, off) = (of("accelerator", &[]), of("accelerator", &["capacity.retries.follow=false"]));
    assert!((3.0..15.0).contains(&(on - off)), "{on} and {off}");
    let budget = of("accelerator", &["capacity.retries={ policy = \"immediate\", attempts = 4, budget = \"10 %\" }"]);
    assert!((budget - off).abs() < 2.0, "a budget is as good: {budget}");
    let (on, off) = (of("dns_60s", &[]), of("dns_60s", &["capacity.retries.follow=false"]));
    assert!((on - off).abs() < 0.1, "{on} and {off}");
}

#[test]
fn people_see_a_grey_failure_that_most_checks_miss_and_a_release_to_both_regions_leaves_nowhere_to_go() {
    let of = |architecture: &str, set: &[&str]| reads("grey", architecture, set);
    assert!(of("deep_check", &[]) > 7_000.0, "seen in 30 % of the cases: the median waits for the rollback");
    assert!((500.0..900.0).contains(&of("people", &[])), "alarm, eight minutes to decide, records");
    let dead = ["outages.deployment.parts.function.failing=100 %"];
    assert!(of("deep_check", &dead) < 120.0 && of("shallow_check", &dead) > 7_000.0);
    assert!((of("people", &["outages.deployment.both_regions=100 %"]) - 7_200.0).abs() < 1.0);
}

#[test]
fn changes_by_people_wait_for_the_control_plane_they_call_and_checks_do_not() {
    let waiting = |architecture: &str| {
        let (_, rows) = simulate(&named("control_planes", &[]), 200, 2);
        let own: Vec<bool> = rows
            .iter()
            .filter(|r| r.architecture == architecture && r.operation == "dynamic_read")
            .map(|r| r.recovery_time_seconds.is_none_or(|t| t > 3_600.0))
            .collect();
        own.iter().filter(|late| **late).count() as f64 / own.len() as f64
    };
    // Down for 1 - exp(-50 x 50 h / 8,760 h) = 25 % of the time; 600 releases, four standard errors.
    for architecture in ["records", "dials"] {
        let late = waiting(architecture);
        assert!((late - 0.25).abs() < 4.0 * (0.25 * 0.75 / 600.0_f64).sqrt(), "{architecture}: {late}");
    }
    assert!(waiting("checks") < 0.03, "but for two releases in one window");
}
