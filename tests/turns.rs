//! A bundle of clients that turns while nobody looks counts as if somebody had.
//!
//! Edges whose copies change with time are looked at at every turn. A share of copies lost on the move that is far below
//! any rounding of what is printed makes them so, and must move nothing else.

use crate::primary_fails::{REQUESTS, run};
use drsim_experiment::outcome::Outcome;

const LOOKS: &str = "edge.lost_on_move=0.0000000001 %";

/// In words what differs between the quiet way and the other one by more than so many seconds' requests; how many incidents were held against each other.
fn differences(design: Option<&str>, set: &[&str], seconds: f64) -> (Vec<String>, usize) {
    let ((quiet, a), (looked, b)) = (run(60, design, set), run(60, design, &[set, &[LOOKS]].concat()));
    let mut wrong = Vec::new();
    assert_eq!(a.len(), b.len(), "{set:?}");
    // What edges hold themselves depends on those copies, to a ten-thousandth.
    for (a, b) in a.iter().zip(&b).filter(|(a, _)| a.operation != "cacheable_read") {
        let close = |x: f64, y: f64| (x - y).abs() <= 1e-6 * x.abs().max(y.abs()).max(1.0);
        if a.recovery_time_seconds != b.recovery_time_seconds
            || (a.failed_requests - b.failed_requests).abs() > 1e-6 * a.failed_requests + seconds * REQUESTS
            || !close(a.downtime_seconds, b.downtime_seconds)
        {
            wrong.push(format!("{a:?}\n{b:?}"));
        }
    }
    for metric in ["writes_forwarded_while_away", "requests_far_while_away"] {
        let of = |outcome: &Outcome| {
            let rows = outcome.metrics.iter().filter(|row| row.metric == metric);
            rows.filter_map(|row| row.figure.estimate).collect::<Vec<_>>()
        };
        let same = of(&quiet).iter().zip(of(&looked)).all(|(x, y)| (x - y).abs() <= 1e-6 * x.abs().max(1.0));
        if !same {
            wrong.push(format!("{metric}: {:?} against {:?}", of(&quiet), of(&looked)));
        }
    }
    (wrong, a.len())
}

#[test]
fn a_bundle_that_nobody_looks_at_counts_as_if_somebody_had() {
    const CHECKED: &str = "health_check = { kind = \"deep\", interval = \"10 s\", threshold = 3 }";
    let design =
        |preset: &str, more: &str| format!("{{ preset = \"{preset}\", decision = \"automatic\", {CHECKED}{more} }}");
    let direct = design("active_active_cloudfront", ", edge = false");
    let standby = design("warm_standby", ", standby_share = \"30 %\"");
    let one_by_one = ["detection.one_by_one=true"];
    // What a region that is short carries follows its traffic second by second, on average half of one late.
    let cases: [(Option<&str>, &[&str], f64); 5] = [
        (None, &[], 0.0),
        (None, &one_by_one, 0.0),
        (Some(&direct), &[], 0.0),
        (Some(&direct), &["detection.stretching_share=50 %"], 0.0),
        (Some(&standby), &[], 0.5),
    ];
    for (design, set, seconds) in cases {
        let (wrong, compared) = differences(design, set, seconds);
        assert!(compared > 400, "{set:?}: {compared}");
        assert!(wrong.is_empty(), "{design:?} {set:?}: {} of {compared}\n{}", wrong.len(), wrong[0]);
    }
}

/// Steps of a second then lie elsewhere. As many requests fail; when a dip to 98.8 % of them is one below the service level
/// of 99 %, and so when all is well again, is left open.
#[test]
fn a_region_whose_quota_runs_short_fails_as_many_whoever_looks() {
    let short = ["capacity.concurrency=40", "capacity.concurrency_growth=2"];
    let [quiet, looked] = [&short[..], &[&short[..], &[LOOKS]].concat()].map(|set| {
        let rows: Vec<_> = run(60, None, set).1.into_iter().filter(|row| row.operation == "dynamic_read").collect();
        rows.iter().map(|row| row.failed_requests).sum::<f64>() / rows.len() as f64
    });
    assert!((quiet - looked).abs() < 0.01 * quiet, "{quiet} against {looked}");
}

/// An outage that began two days before the year: a connection that closed then let its edges' turns wait for New Year's Day,
/// and what they were to be followed by lay in the past.
#[test]
fn connections_that_close_before_the_year_are_counted_before_what_comes_next() {
    let told = crate::cli::drsim(&["replay", "scenarios/bench.toml", "10488", "--architecture", "active_hybrid"]);
    assert!(told.status.success(), "{}", crate::cli::stderr(&told));
    assert!(
        crate::cli::stdout(&told).contains("day -"),
        "another year by now: look for one that begins with an outage"
    );
}
