//! The way back, on and off: failures that come and go, what returns first. The primary fails, the secondary never does;
//! everybody lives near the primary.

use crate::primary_fails::{REQUESTS, ROWS, metric as metric_of, run};
use drsim_experiment::outcome::{IncidentRow, Outcome};

/// Seldom, so that the writer is back before the next outage; the database is rebuilt within the hour.
const SELDOM: [&str; 2] = [
    "outages.region.count.eu-west-1={ events = 30, years = 100, posterior = false }",
    "recovery.failback={ rebuild = { dist = \"constant\", value = \"10 min\" }, copy_throughput = \"800 Mbps\", \
     switchover = { dist = \"constant\", value = \"60 s\" }, from = 1, until = 1 }",
];

fn run_with(years: u64, set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    run(years, None, &[&SELDOM[..], set].concat())
}

fn metric(outcome: &Outcome, name: &str) -> f64 {
    metric_of(outcome, name, "database")
}

/// Mean over the incidents of an operation.
fn mean(rows: &[IncidentRow], operation: &str, of: impl Fn(&IncidentRow) -> f64) -> f64 {
    let own = |r: &&IncidentRow| r.operation == operation;
    let values: Vec<f64> = rows.iter().filter(own).map(of).collect();
    assert!(values.len() > 100, "{operation}: {}", values.len());
    values.iter().sum::<f64>() / values.len() as f64
}

/// Twenty minutes ill, twenty well: fifteen spells in ten hours.
const COMES_AND_GOES: [&str; 3] = [
    "outages.flapping.share=100 %",
    "outages.flapping.ill={ dist = \"constant\", value = \"20 min\" }",
    "outages.flapping.well={ dist = \"constant\", value = \"20 min\" }",
];

#[test]
fn a_front_door_that_returns_at_once_fails_with_every_spell_and_one_that_waits_longer_than_a_spell_fails_once() {
    let with = |after: &str| {
        let after = format!("recovery.failback.returns_after={after}");
        run_with(600, &[&COMES_AND_GOES[..], &[after.as_str()]].concat())
    };
    let (steady, of_steady) = run_with(600, &[]);
    let down = |rows: &[IncidentRow]| mean(rows, "dynamic_read", |r| r.downtime_seconds);
    let back = |rows: &[IncidentRow]| mean(rows, "dynamic_read", |r| r.recovery_time_seconds.unwrap());
    let once = down(&of_steady);
    assert!((90.0..130.0).contains(&once), "{once}");
    let incidents = 0.3;
    for (after, spells) in [("0 s", 15.0), ("10 min", 15.0), ("25 min", 1.0)] {
        let (outcome, rows) = with(after);
        // Each spell is found and routed around anew: phases of the checkers stay, those of publication too, places of
        // caches move on. Below 1 % of the mean of 150 incidents.
        assert!(
            (down(&rows) / (spells * once) - 1.0).abs() < 0.03,
            "{after}: {} against {spells} x {once}",
            down(&rows)
        );
        let last = (spells - 1.0) * 2400.0 + once;
        assert!((back(&rows) / last - 1.0).abs() < 0.03, "{after}: {} against {last}", back(&rows));
        let relapses = metric(&outcome, "traffic_relapses");
        let error = (spells - 1.0) * (incidents / 600.0_f64).sqrt();
        assert!((relapses - (spells - 1.0) * incidents).abs() <= 4.0 * error, "{after}: {relapses}");
    }
    assert!(metric(&steady, "traffic_relapses") == 0.0);
    // What steady failures cost does not depend on how long users stay away, but they do stay away.
    let (late, of_late) = run_with(600, &["recovery.failback.returns_after=25 min"]);
    assert!((down(&of_late) - once).abs() < 1e-9);
    let longer = metric(&late, "requests_far_while_away") - metric(&steady, "requests_far_while_away");
    let expected = incidents * 1500.0 * REQUESTS;
    assert!((longer / expected - 1.0).abs() < 4.0 / (incidents * 600.0).sqrt(), "{longer} against {expected}");
}

#[test]
fn traffic_first_forwards_its_writes_until_the_writer_is_back_and_writer_first_keeps_users_far_away() {
    let (first, of_first) = run_with(600, &["recovery.failback.order=traffic_first"]);
    let (last, of_last) = run_with(600, &["recovery.failback.order=writer_first"]);
    let down = |rows: &[IncidentRow], o| mean(rows, o, |r| r.recovery_time_seconds.unwrap());
    for operation in ["dynamic_read", "write"] {
        assert!((down(&of_first, operation) - down(&of_last, operation)).abs() < 1e-9, "{operation}: both are back");
    }
    // 200 GB at 800 Mbps and 10 min: rebuilt 2,600 s after the repair; 70 s to switch. Checks find the region after
    // 20 to 30 s, answers follow within 5 to 10 s, caches within 60 s: traffic is there after about 65 s.
    let failbacks = metric(&first, "failbacks");
    let forwarded = metric(&first, "writes_forwarded_while_away") / failbacks / ROWS;
    assert!((forwarded - (2670.0 - 65.0)).abs() < 30.0, "{forwarded} s");
    assert!(metric(&last, "writes_forwarded_while_away") / failbacks / ROWS < 1.0);
    let far = |outcome: &Outcome| metric(outcome, "requests_far_while_away") / failbacks / REQUESTS;
    assert!((far(&first) - (36_000.0 - 150.0 + 65.0)).abs() < 40.0, "{}", far(&first));
    assert!((far(&last) - far(&first) - forwarded).abs() < 40.0, "{} and {}", far(&last), far(&first));
}
