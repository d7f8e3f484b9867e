//! Every mechanism of the first hour, on and off: it changes the result in the direction and by the size that theory or
//! arithmetic gives. The primary fails, the secondary never does; one population lives near the primary.

use crate::primary_fails::run;
use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::world::WorldDraws;
use drsim_sim::statistics::kolmogorov_smirnov;

/// Fewer users, a person who decides within 8 minutes, and releases that fail where they are switched on.
const FIRST_HOUR: [&str; 3] = [
    "populations.europe.users=100_000",
    "recovery.on_call={ dist = \"constant\", value = \"8 min\" }",
    "outages.deployment={ count = { events = 30, years = 10, posterior = false }, both_regions = \"0 %\", \
     seen = \"100 %\", duration = { dist = \"constant\", value = \"10 h\" }, parts = { function = { failing = \"100 %\" } } }",
];

/// The incidents of 400 years under some settings; `design` replaces the row of the design.
fn rows(design: Option<&str>, set: &[&str]) -> Vec<IncidentRow> {
    rows_of(400, design, set)
}

/// The outcome of some years of the same scenario.
fn outcome_of(years: u64, set: &[String]) -> Outcome {
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    run(years, None, &[&FIRST_HOUR[..], &set].concat()).0
}

fn rows_of(years: u64, design: Option<&str>, set: &[&str]) -> Vec<IncidentRow> {
    run(years, design, &[&FIRST_HOUR[..], set].concat()).1
}

/// Recovery times of an operation, sorted.
fn times(rows: &[IncidentRow], operation: &str) -> Vec<f64> {
    let own = rows.iter().filter(|r| r.operation == operation);
    let mut times: Vec<f64> = own.map(|r| r.recovery_time_seconds.unwrap_or(f64::INFINITY)).collect();
    times.sort_by(f64::total_cmp);
    times
}

fn median(rows: &[IncidentRow], operation: &str) -> f64 {
    let times = times(rows, operation);
    assert!(times.len() > 100 || times.is_empty(), "{operation}: {} incidents", times.len());
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

const TEN_HOURS: f64 = 36_000.0;

#[test]
fn a_dependency_that_lives_in_the_primary_holds_the_survivor_back_until_the_repair() {
    let free = rows(None, &[]);
    assert!(median(&free, "write") < 200.0);
    let hidden = "dependencies.identity={ needed_by = [\"write\", \"upload\"], secondary = \"none\" }";
    let bound = rows(None, &[hidden]);
    assert!((median(&bound, "write") - TEN_HOURS).abs() < 1.0, "writes wait for the sign-in's region");
    assert!((median(&bound, "dynamic_read") - median(&free, "dynamic_read")).abs() < 1e-9, "reads do not need it");
    let reads_only = hidden.replace("none", "reads").replace("\"upload\"", "\"dynamic_read\"");
    let copy = rows(None, &[&reads_only]);
    assert!(
        (median(&copy, "dynamic_read") - median(&free, "dynamic_read")).abs() < 1e-9,
        "a copy for reads serves them"
    );
    assert!((median(&copy, "write") - TEN_HOURS).abs() < 1.0);
}

/// A design whose deep check exercises these.
fn checking(parts: &str) -> String {
    format!(
        "{{ preset = \"active_active_cloudfront\", decision = \"automatic\", health_check = {{ kind = \"deep\", \
         exercises = [{parts}], interval = \"10 s\", threshold = 3 }} }}"
    )
}

#[test]
fn a_deep_check_that_writes_fails_in_the_survivor_too_and_fail_open_undoes_the_failover() {
    let local = rows(Some(&checking("\"function\", \"database\"")), &[]);
    let writes = rows(Some(&checking("\"function\", \"writer\"")), &[]);
    // Both regions look dead until the writer is promoted: canary 15..25 + 10 s, 30 s, 90 s, 10 s, then checks and caches.
    assert!(median(&local, "dynamic_read") < 130.0);
    assert!(median(&writes, "dynamic_read") > median(&local, "dynamic_read") + 40.0);
    assert!(median(&writes, "dynamic_read") < TEN_HOURS);
}

#[test]
fn a_check_of_what_lives_in_the_other_region_alone_fails_in_the_survivor_too_and_nobody_is_moved() {
    // Reads do not need the sign-in; the check does.
    let hidden = ["dependencies.identity={ needed_by = [\"write\"], secondary = \"none\" }"];
    let of = |parts: &str, set: &[&str]| median(&rows(Some(&checking(parts)), set), "dynamic_read");
    assert!(of("\"function\"", &hidden) < 130.0);
    assert!((of("\"function\", \"identity\"", &hidden) - TEN_HOURS).abs() < 1.0, "all look dead: fail-open");
    assert!(
        of("\"function\", \"identity\"", &["dependencies.identity={ needed_by = [\"write\"], secondary = \"full\" }"])
            < 130.0
    );
}

#[test]
fn a_shallow_check_misses_what_fails_behind_the_api() {
    let deployment = ["outages.causes=[\"deployment\"]"];
    let deep = rows(None, &deployment);
    assert!(median(&deep, "dynamic_read") < 130.0, "found and moved");
    let shallow = r#"{ preset = "active_active_cloudfront", decision = "automatic", health_check = { kind = "shallow", interval = "10 s", threshold = 3 } }"#;
    let shallow = rows(Some(shallow), &deployment);
    assert!((median(&shallow, "dynamic_read") - TEN_HOURS).abs() < 1.0, "until it is rolled back");
    assert!(shallow.iter().all(|r| r.cause == "deployment"));
    // Not seen at all: the same, whatever the check exercises.
    let unseen = rows(None, &[deployment[0], "outages.deployment.seen=0 %"]);
    assert!((median(&unseen, "dynamic_read") - TEN_HOURS).abs() < 1.0);
}

#[test]
fn people_take_out_a_region_that_its_checks_call_healthy() {
    let set = [
        "outages.causes=[\"deployment\"]",
        "outages.deployment.parts.function.failing=40 %",
        "detection.grey_seen=0 %",
    ];
    let grey = rows(None, &set);
    assert!((median(&grey, "dynamic_read") - TEN_HOURS).abs() < 1.0);
    let by_hand = r#"{ preset = "active_active_cloudfront", decision = "automatic", evacuation = "on_call", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }"#;
    // Alarm U(2, 7) min, decision 8 min, change U(10, 60) s, caches 59 s: 14.6 min in the middle.
    let moved = rows(Some(by_hand), &set);
    assert!((median(&moved, "dynamic_read") - 14.6 * 60.0).abs() < 30.0, "{}", median(&moved, "dynamic_read"));
}

#[test]
fn an_origin_group_saves_reads_if_its_time_outs_are_shorter_than_the_client_s_and_never_writes() {
    let row = r#"{ preset = "active_active_origin_group", decision = "automatic" }"#;
    let default = rows(Some(row), &[]);
    assert!((median(&default, "dynamic_read") - TEN_HOURS).abs() < 1.0, "30 s of attempts, clients give up after 10");
    let tuned = rows(Some(row), &["detection.origin_wait=2 s"]);
    assert!(times(&tuned, "dynamic_read").is_empty(), "each request is sent on in time");
    assert!((median(&tuned, "write") - TEN_HOURS).abs() < 1.0, "POST is not sent on");
}

#[test]
fn resolvers_that_stretch_an_answer_decide_when_they_are_more_than_the_service_level_leaves() {
    let row = r#"{ preset = "active_active_cloudfront", edge = false, decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }"#;
    let stretched = rows(Some(row), &["detection.stretched_to={ dist = \"constant\", value = \"30 min\" }"]);
    let obeying = rows(Some(row), &["detection.stretching_share=0 %"]);
    let edge = rows(None, &[]);
    assert!((median(&obeying, "dynamic_read") - median(&edge, "dynamic_read")).abs() < 5.0);
    // 8.74 % stretch, 1 % may: the last 1 % of all wait for 1 - 0.01 / 0.0874 = 88.6 % of 30 min.
    let expected = 0.886 * 1800.0 + 45.0;
    assert!((median(&stretched, "dynamic_read") - expected).abs() < 100.0, "{}", median(&stretched, "dynamic_read"));
}

#[test]
fn connections_stay_on_a_region_that_answers_with_errors_and_leave_one_that_is_dead() {
    let row = r#"{ preset = "active_active_cloudfront", edge = false, decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }"#;
    let stay = |seconds: &str| format!("detection.connections_stay={{ dist = \"constant\", value = \"{seconds}\" }}");
    let part = |rows: &[IncidentRow]| {
        let reads: Vec<f64> =
            rows.iter().filter(|r| r.operation == "dynamic_read").map(|r| r.draining_seconds).collect();
        reads.iter().sum::<f64>() / reads.len() as f64
    };
    let errors = ["outages.causes=[\"deployment\"]", "detection.stretching_share=0 %", &stay("40 s")];
    assert!((part(&rows(Some(row), &errors)) - 40.0).abs() < 1e-6, "functions fail, the API answers");
    let dead = ["detection.stretching_share=0 %", &stay("40 s")];
    assert!(part(&rows(Some(row), &dead)).abs() < 1e-9, "nobody answers");
}

#[test]
fn a_shorter_time_to_live_never_slows_routed() {
    let routed = |ttl: &str| {
        let set = format!("architectures.design.ttl={ttl}");
        let rows = rows(None, &[&set]);
        rows.iter().filter(|r| r.operation == "dynamic_read").map(|r| r.routing_seconds).collect::<Vec<_>>()
    };
    let (long, short) = (routed("60 s"), routed("20 s"));
    assert_eq!(long.len(), short.len());
    assert!(long.iter().zip(&short).all(|(long, short)| short <= long));
}

#[test]
fn control_planes_hold_up_what_recovery_calls_and_nothing_else() {
    // The survivor's control plane is down all the time: no promotion, no scale-out; the data plane goes on.
    let all_the_time = [
        "outages.causes=[\"region\", \"control_plane\"]",
        "outages.control_plane.count={ events = 520, years = 10, posterior = false }",
        "outages.control_plane.duration={ dist = \"constant\", value = \"30 d\" }",
    ];
    let free = rows(None, &[]);
    let frozen = rows(None, &all_the_time);
    let of_region = |rows: &[IncidentRow]| rows.iter().filter(|r| r.operation == "write").count();
    assert!(of_region(&free) > 100 && of_region(&frozen) > 0);
    let slowest = |rows: &[IncidentRow], operation: &str| *times(rows, operation).last().unwrap();
    assert!(slowest(&free, "write") < 300.0);
    assert!(times(&frozen, "write").iter().all(|t| *t >= TEN_HOURS - 1.0), "nothing is promoted");
    assert!(times(&frozen, "dynamic_read")[0] < 130.0, "health checks are data plane");
    let standby = r#"{ preset = "warm_standby", standby_share = "30 %" }"#;
    assert!(median(&rows(Some(standby), &[]), "dynamic_read") < 1500.0);
    assert!(times(&rows(Some(standby), &all_the_time), "dynamic_read").iter().all(|t| *t >= TEN_HOURS - 1.0));
}

#[test]
fn night_and_patience_add_what_they_say() {
    let row = r#"{ preset = "active_active_cloudfront", decision = "on_call", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }"#;
    let undecided = |set: &[&str]| {
        // A writer still abroad from an earlier outage would leave nothing to decide.
        let set: Vec<&str> = set.iter().copied().chain(["recovery.failback.policy=none"]).collect();
        let rows = rows(Some(row), &set);
        let mut found: Vec<f64> = rows.iter().filter(|r| r.operation == "write").map(|r| r.undecided_seconds).collect();
        found.sort_by(f64::total_cmp);
        found
    };
    let plain = undecided(&[]);
    assert!(plain.iter().all(|s| (s - 480.0).abs() < 1e-6));
    let patient = undecided(&["recovery.patience=5 min"]);
    assert!(patient.iter().all(|s| (s - 780.0).abs() < 1e-6));
    let tired = undecided(&["recovery.night_extra=20 min"]);
    let late = tired.iter().filter(|s| (*s - 1680.0).abs() < 1e-6).count() as f64 / tired.len() as f64;
    // 9 of 24 hours are night.
    let error = (0.375 * 0.625 / tired.len() as f64).sqrt();
    assert!((late - 0.375).abs() < 4.0 * error, "{late}");
}

#[test]
fn a_false_alarm_moves_traffic_for_nothing_and_hurts_where_the_standby_is_small() {
    let set = [
        "outages.causes=[\"false_alarm\"]",
        "outages.false_alarm.count={ events = 30, years = 10, posterior = false }",
        "outages.false_alarm.duration={ dist = \"constant\", value = \"1 h\" }",
        "outages.false_alarm.parts.canary.probability=0 %",
    ];
    assert!(rows(None, &set).is_empty(), "two regions of full size: nobody notices");
    let standby = r#"{ preset = "warm_standby", standby_share = "30 %", health_check = { kind = "shallow", interval = "10 s", threshold = 3 } }"#;
    let small = rows(Some(standby), &set);
    assert!(median(&small, "dynamic_read") > 60.0, "short of capacity until it has grown");
    // With a needless promotion rows are lost although nothing failed.
    let promoted = rows(None, &[set[0], set[1], set[2], "outages.false_alarm.parts.canary.probability=100 %"]);
    assert!(promoted.iter().any(|r| r.rows_lost > 0));
}

#[test]
fn corruption_is_replicated_and_costs_all_that_was_written_since_the_last_good_restore_point() {
    let set = [
        "outages.causes=[\"corruption\"]",
        "outages.corruption.count={ events = 10, years = 10, posterior = false }",
        "outages.corruption.parts.database.starts={ dist = \"constant\", value = \"6 h\" }",
        "outages.corruption.parts.database.lasts={ dist = \"constant\", value = \"2 h\" }",
    ];
    let found = rows(None, &set);
    assert!((median(&found, "write") - 8.0 * 3600.0).abs() < 1.0, "6 h unnoticed, 2 h restoring; no region helps");
    for row in found.iter().filter(|r| r.operation == "write" && r.regions.contains('+')) {
        let window = row.rows_window_seconds.unwrap();
        assert!((6.0 * 3600.0..=6.0 * 3600.0 + 300.0).contains(&window), "{window}");
    }
    let short = rows(None, &[set[0], set[1], set[2], set[3], "database.retention=1 h"]);
    assert!(short.iter().all(|r| r.rows_window_seconds.is_none()), "beyond the retention: unbounded, never a number");
    let mean = |retention: &str| {
        let set = [set[0], set[1], set[2], set[3], retention].map(String::from);
        let outcome = outcome_of(100, &set);
        let row = outcome.metrics.iter().find(|row| row.metric == "items_lost" && row.store == "database").cloned();
        row.map(|row| (row.figure.estimate.is_some(), row.note.is_some_and(|note| note.starts_with("unbounded"))))
    };
    assert_eq!(mean("database.retention=1 h"), Some((false, true)), "a shorter retention loses more, not less");
    assert_eq!(mean("database.retention=35 d"), Some((true, false)));
}

#[test]
fn templates_and_backups_take_their_time_and_the_age_of_a_snapshot() {
    let deploy = [
        "recovery.on_call_to_deploy=10 min",
        "recovery.deploy=20 min",
        "recovery.on_call_to_restore=30 min",
        "recovery.restore=1 h",
    ];
    // Canary 2 x 5 s + 10 s + U(0, 10), decision 10 min, deployment 20 min.
    let pilot = rows(Some(r#"{ preset = "pilot_light" }"#), &deploy);
    assert!((median(&pilot, "dynamic_read") - 1825.0).abs() < 10.0, "{}", median(&pilot, "dynamic_read"));
    // Decision 30 min, restore 60 min, record U(10, 60) s, caches 59 s.
    let restore = rows(Some(r#"{ preset = "backup_restore" }"#), &deploy);
    assert!((median(&restore, "dynamic_read") - 5520.0).abs() < 40.0, "{}", median(&restore, "dynamic_read"));
    let ages: Vec<f64> =
        restore.iter().filter(|r| r.operation == "write").filter_map(|r| r.rows_window_seconds).collect();
    let mean = ages.iter().sum::<f64>() / ages.len() as f64;
    // U(0, 24 h): standard deviation 6.93 h.
    assert!((mean / 3600.0 - 12.0).abs() < 4.0 * 6.93 / (ages.len() as f64).sqrt(), "{mean}");
    // A short outage ends before the restore does: it is given up, nothing is lost.
    let short =
        rows(Some(r#"{ preset = "backup_restore" }"#), &["outages.region.duration=40 min", deploy[2], deploy[3]]);
    assert!((median(&short, "write") - 2400.0).abs() < 1.0 && short.iter().all(|r| r.rows_lost == 0));
}

#[test]
fn a_partition_stops_forwarded_writes_and_nothing_else() {
    let set = [
        "outages.causes=[\"link\"]",
        "outages.link.count={ events = 30, years = 10, posterior = false }",
        "outages.link.duration=1 h",
    ];
    // New York lives in the secondary here; Madrid in the primary.
    let found = rows(
        None,
        &[
            set[0],
            set[1],
            set[2],
            "populations.america={ users = 100_000, city = \"New York\" }",
            "regions.secondary=us-east-1",
        ],
    );
    assert!(!found.is_empty());
    assert!(found.iter().all(|r| r.population == "america" && ["write", "upload"].contains(&r.operation.as_str())));
    assert!((median(&found, "write") - 3600.0).abs() < 1e-6);
}

/// Ten million people, so that one region's quotas are near.
const MANY: &str = "populations.europe.users=10_000_000";
/// Requests that wait for a database that does not answer.
const HANG: &str = "capacity.hang=3 s";
/// As many who live near the other region.
const NEIGHBOURS: &str = "populations.germany={ users = 10_000_000, city = \"Frankfurt\" }";

#[test]
fn a_quota_too_small_holds_everybody_back_and_a_larger_one_does_not() {
    let small = rows_of(100, None, &[MANY, NEIGHBOURS, HANG]);
    let large = [
        "capacity.concurrency=1_000_000",
        "capacity.concurrency_growth=1_000_000",
        "capacity.requests_per_second=1_000_000",
        "capacity.burst=1_000_000",
        "capacity.database_units_at_least=1000",
        "capacity.database_units=1000",
        "capacity.connections=1_000_000",
    ];
    let large: Vec<&str> = [MANY, NEIGHBOURS, HANG].into_iter().chain(large).collect();
    let large = rows_of(100, None, &large);
    assert!(median(&large, "dynamic_read") < 130.0, "{}", median(&large, "dynamic_read"));
    assert!(
        median(&small, "dynamic_read") > median(&large, "dynamic_read") + 60.0,
        "{}",
        median(&small, "dynamic_read")
    );
    let hit = |rows: &[IncidentRow]| rows.iter().any(|r| r.population == "germany" && r.operation == "dynamic_read");
    assert!(hit(&small), "writes that hang on the dead writer take the functions of reads far from the outage");
    assert!(!hit(&large));
}

#[test]
fn retries_of_clients_make_a_shortage_longer() {
    let base = [MANY, NEIGHBOURS, HANG, "capacity.database_units_at_least=200"];
    let with = |policy: &str| {
        let set: Vec<&str> = base.into_iter().chain([policy]).collect();
        median(&rows_of(100, None, &set), "dynamic_read")
    };
    let none = with("capacity.retries={ policy = \"none\" }");
    let at_once = with("capacity.retries={ policy = \"immediate\", attempts = 4 }");
    assert!(at_once >= none, "{at_once} against {none}");
}

/// Variance of what came to an end.
fn variance(sample: &[f64]) -> f64 {
    let ended: Vec<f64> = sample.iter().copied().filter(|x| x.is_finite()).collect();
    let mean = ended.iter().sum::<f64>() / ended.len() as f64;
    ended.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / ended.len() as f64
}

#[test]
fn edge_caches_in_order_give_the_same_years_as_one_by_one() {
    let standby = "{ preset = \"warm_standby\", decision = \"automatic\" }";
    let flapping = "outages.false_alarm.count={ events = 60, years = 10, posterior = false }";
    let mild = "outages.deployment.parts.function.failing=\"0.5 %\"";
    let cases: [(Option<&str>, &[&str]); 5] = [
        (None, &[]),
        (Some(standby), &["recovery.scale_out={ dist = \"constant\", value = \"5 min\" }"]),
        (None, &["outages.causes=[\"region\", \"false_alarm\"]", flapping]),
        // Shares that lie near the service level cross it at another turn.
        (None, &["outages.causes=[\"region\", \"deployment\"]", mild]),
        // Quotas may be short: what moves is followed second by second.
        (None, &["capacity.concurrency=900"]),
    ];
    for (design, set) in cases {
        let slow: Vec<&str> = set.iter().copied().chain(["detection.one_by_one=true"]).collect();
        let (fast, slow) = (rows(design, set), rows(design, &slow));
        for operation in ["cacheable_read", "dynamic_read", "write"] {
            let (a, b) = (times(&fast, operation), times(&slow, operation));
            assert!(a.len() > 400 && b.len() > 400, "{set:?} {operation}: {} and {}", a.len(), b.len());
            // The two runs share all other draws, which makes it stricter.
            let (distance, critical) = kolmogorov_smirnov(&a, &b);
            assert!(distance < critical, "{set:?} {operation}: {distance} of {critical}");
            // The same law, so that nothing is gained but time: the mean of as many incidents varies as much. Recovery
            // times have a kurtosis of up to 9: four standard errors of the logarithm of a ratio of variances.
            let gain = (variance(&a) / variance(&b)).ln();
            assert!(gain.abs() < 4.0 * (2.0 * 8.0 / a.len() as f64).sqrt(), "{set:?} {operation}: variances {gain}");
        }
        let clients =
            |rows: &[IncidentRow]| -> Vec<f64> { rows.iter().filter_map(|r| r.client_recovery_time_seconds).collect() };
        let (distance, critical) = kolmogorov_smirnov(&clients(&fast), &clients(&slow));
        assert!(distance < critical, "clients, {set:?}: {distance} of {critical}");
        // Requests that fail, integrated turn by turn or at once: 200 caches leave 60 s / 200 / 2 per incident open.
        let failed = |rows: &[IncidentRow]| rows.iter().map(|r| r.failed_requests).sum::<f64>();
        let ratio = failed(&fast) / failed(&slow);
        assert!((ratio - 1.0).abs() < 0.005, "{set:?}: failed requests differ by {ratio}");
    }
}

#[test]
fn inputs_spread_evenly_over_worlds_have_the_law_of_independent_ones_and_means_that_vary_less() {
    // A hundred worlds of each of 400 seeds: every place uniform (Kolmogorov-Smirnov at 0.1 %). The plain way draws each
    // world's place for itself, and the mean of a hundred of them has variance 1 / 1,200; one in each of a hundred
    // strata, 1 / 100^2 of that (McKay, Beckman and Conover 1979).
    let place = |seed: u64, world: u64| WorldDraws::new(seed, world).place("outages.region.hits_workload").unwrap();
    let first: Vec<f64> = (0..400).map(|seed| place(seed, seed % 100)).collect();
    let even: Vec<f64> = (0..40_000).map(|i| (f64::from(i) + 0.5) / 40_000.0).collect();
    let (distance, critical) = kolmogorov_smirnov(&first, &even);
    assert!(distance < critical, "{distance} of {critical}");
    let means: Vec<f64> = (0..400).map(|seed| (0..100).map(|world| place(seed, world)).sum::<f64>() / 100.0).collect();
    let (spread, plain) = (variance(&means), 1.0 / 1_200.0);
    // A sum of a hundred uniforms is normal: four standard errors of its variance.
    let left = spread / plain * 10_000.0;
    assert!((left - 1.0).abs() < 4.0 * (2.0 / 400.0_f64).sqrt(), "{left}");
}

#[test]
fn copies_that_expire_keep_cached_reads_alive_for_a_while_and_stale_ones_for_as_long_as_it_takes() {
    // Nobody moves: reads wait for the repair after 10 h. Of 80 % held copies, with a lifetime of 4 h, those served.
    let nobody = r#"{ preset = "active_active_cloudfront", decision = "automatic", health_check = "none" }"#;
    let failed = |set: &[&str]| {
        let rows = rows(Some(nobody), set);
        let own: Vec<f64> =
            rows.iter().filter(|r| r.operation == "cacheable_read").map(|r| r.failed_requests).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let in_ten_hours = 100_000.0 * 12.0 / 86_400.0 * TEN_HOURS;
    let lifetime = "edge.object_lifetime=4 h";
    let stale = failed(&["edge.error_lifetime=0 s", lifetime]);
    assert!((stale / in_ten_hours - 0.2).abs() < 0.01, "{}", stale / in_ten_hours);
    // 1 - 0.8 x 2 h / 10 h, since copies expire evenly over 4 h; steps of a hundredth of that.
    let gone = failed(&["edge.error_lifetime=0 s", lifetime, "edge.serves_stale=false"]);
    assert!((gone / in_ten_hours - 0.84).abs() < 0.01, "{}", gone / in_ten_hours);
}

#[test]
fn cached_errors_outlast_the_repair() {
    // Copies of a minute asked often: r E = 0.9 / 0.1 / 60 s x 60 s = 9, so that 0.9 of the objects have a cached error at
    // the repair; back once less than 1 % fail: 60 s x (1 - 0.01 / 0.9).
    let nobody = r#"{ preset = "active_active_cloudfront", decision = "automatic", health_check = "none" }"#;
    let short = [
        "edge.object_lifetime=60 s",
        "demand.edge_hit_share=90 %",
        "edge.serves_stale=false",
        "edge.error_lifetime=60 s",
    ];
    let rows = rows(Some(nobody), &short);
    let late = median(&rows, "cacheable_read") - TEN_HOURS;
    assert!((late - 59.3).abs() < 2.0, "{late}");
    assert!((median(&rows, "dynamic_read") - TEN_HOURS).abs() < 1.0, "what is not cached is back at once");
}

#[test]
fn signed_in_clients_do_without_the_sign_in_until_their_token_ends() {
    let hidden = "dependencies.identity={ needed_by = [\"write\"], secondary = \"none\" }";
    let failed = |token: &str| {
        let rows = rows(None, &[hidden, token]);
        let own: Vec<f64> = rows.iter().filter(|r| r.operation == "write").map(|r| r.failed_requests).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let per_second = 100_000.0 * 3.0 / 86_400.0;
    let (without, with) = (failed("demand.tokens_last=0 s"), failed("demand.tokens_last=2 h"));
    // Tokens run out evenly over 2 h: half of its writes go on, less those that fail for the promotion meanwhile.
    let saved = (without - with) / per_second;
    assert!((saved - 3600.0).abs() < 200.0, "{saved} s of writes");
}

#[test]
fn uploads_under_way_are_cut_by_little_s_law() {
    let cut = |uplink: &str| {
        let rows = rows(None, &["objects.size.value=10 MB", uplink]);
        let own: Vec<f64> = rows.iter().filter(|r| r.operation == "upload").map(|r| r.failed_requests).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    // 100,000 x 0.05 / 86,400 s x (80 s - 8 s) more are under way.
    let more = cut("demand.client_uplink=1 Mbps") - cut("demand.client_uplink=10 Mbps");
    assert!((more - 100_000.0 * 0.05 / 86_400.0 * 72.0).abs() < 1e-6, "{more}");
}

#[test]
fn with_tight_capacity_a_shorter_time_to_live_harms_those_who_were_there_already() {
    // Until the promotion writes hang and hold a function for 3 s each. With an hour to live few Europeans have come by
    // then; with a minute all have, and take the functions from Berlin's reads, which never left their region.
    let row = |ttl: &str| {
        format!(
            "{{ preset = \"active_active_cloudfront\", decision = \"automatic\", ttl = \"{ttl}\", health_check = {{ kind = \
             \"deep\", interval = \"10 s\", threshold = 3 }} }}"
        )
    };
    let found = |ttl: &str, room: u32| {
        let limits = ["concurrency=900", "concurrency_growth=100", "connections=5_000"];
        let limits = limits.map(|limit| format!("capacity.{limit}{}", "0".repeat(room as usize)));
        let near = "populations.near={ users = 500_000, city = \"Berlin\" }";
        let users = "populations.europe.users=3_000_000";
        let set = [near, users, "capacity.hang=3 s", &limits[0], &limits[1], &limits[2]];
        let rows = rows_of(60, Some(&row(ttl)), &set);
        ["near", "europe"].map(|p| {
            let of: Vec<IncidentRow> = rows.iter().filter(|r| r.population == p).cloned().collect();
            median(&of, "dynamic_read")
        })
    };
    let [slow, fast] = [found("1 h", 0), found("60 s", 0)];
    assert!(slow[0] == 0.0, "Berlin is never interrupted: {}", slow[0]);
    assert!((150.0..200.0).contains(&fast[0]), "until the promotion: {}", fast[0]);
    assert!(fast[1] < slow[1], "Europe itself is back sooner");
    let ample = found("60 s", 2);
    assert!(ample[0] == 0.0 && ample[1] < 130.0, "with room for everybody nobody is harmed: {ample:?}");
}

#[test]
fn drills_decide_how_often_a_failover_works_at_the_first_try() {
    // Failovers are rare, so that drills alone clear faults: success (1 - exp(-v D)) / (v D), v = 2 a year.
    let rare = "outages.region.count.eu-west-1={ events = 1, years = 20, posterior = false }";
    let success = |drill: &str| {
        let set = [rare, "readiness.latent_faults=2", drill].map(String::from);
        let outcome = outcome_of(20_000, &set);
        let row = outcome.metrics.iter().find(|m| m.metric == "first_try_success").unwrap();
        (row.figure.estimate.unwrap(), row.figure.n as f64)
    };
    for (drill, days) in [("readiness.drill_every=30 d", 30.0), ("readiness.drill_every=180 d", 180.0)] {
        let x = 2.0 * days / 365.0_f64;
        let expected = (1.0 - (-x).exp()) / x;
        let (found, n) = success(drill);
        let error = (expected * (1.0 - expected) / n).sqrt();
        assert!((found - expected).abs() < 4.0 * error, "{drill}: {found} against {expected}, n {n}");
    }
}

#[test]
fn one_writer_abroad_costs_a_trip_between_the_regions() {
    let near = "populations.near={ users = 100_000, city = \"Berlin\" }".to_owned();
    let outcome = outcome_of(10, &[near]);
    let of = |population: &str, operation: &str, when: &str| {
        let found = outcome.latency.iter();
        let mut found = found.filter(|l| l.population == population && l.operation == operation && l.when == when);
        found.next().unwrap().clone()
    };
    let leg = |found: &drsim_experiment::outcome::LatencyResult, name: &str| {
        found.legs.iter().find(|(leg, _)| leg == name).map_or(0.0, |(_, mean)| mean.estimate.unwrap())
    };
    // eu-central-1 to eu-west-1: 26.4 to 27.7 ms (cloudping.co, 2024-04).
    let abroad = leg(&of("near", "write", "normal"), "forwarding");
    assert!((0.026..0.028).contains(&abroad), "{abroad}");
    assert!(leg(&of("europe", "write", "normal"), "forwarding") == 0.0);
    assert!(leg(&of("near", "write", "primary_lost"), "forwarding") == 0.0, "its own region writes then");
    assert!(leg(&of("near", "dynamic_read", "normal"), "forwarding") == 0.0);
}

#[test]
fn uploads_cut_in_another_year_are_not_counted_in_this_one() {
    // The same cuts at two speeds: what more fails in a year is what more is cut in it, incidents in progress included.
    let of = |uplink: &str| {
        let outcome = outcome_of(4_000, &["objects.size.value=10 MB".to_owned(), uplink.to_owned()]);
        let of = |metric: &str| {
            let row = outcome.metrics.iter().find(|m| m.metric == metric && m.cause.is_empty()).unwrap();
            row.figure.estimate.unwrap()
        };
        (of("failed_requests"), of("uploads_cut"))
    };
    let (slow, fast) = (of("demand.client_uplink=1 Mbps"), of("demand.client_uplink=10 Mbps"));
    let (failed, cut) = (slow.0 - fast.0, slow.1 - fast.1);
    assert!((failed - cut).abs() < 1e-6 * cut, "{failed} more fail, {cut} more are cut");
}

#[test]
fn tokens_of_a_nanosecond_end_and_time_passes() {
    let hidden = "dependencies.identity={ needed_by = [\"write\"], secondary = \"none\" }";
    let rows = rows_of(20, None, &[hidden, "demand.tokens_last=0.000001 ms"]);
    assert!(rows.iter().any(|r| r.operation == "write"));
}

/// One row of the metrics by its name, whatever it speaks of.
fn metric(outcome: &Outcome, name: &str) -> f64 {
    let row = outcome.metrics.iter().find(|m| m.metric == name).unwrap_or_else(|| panic!("no metric {name}"));
    row.figure.estimate.unwrap_or_else(|| panic!("no estimate of {name}"))
}

/// Minutes a year in which writes were below the minimum service level.
fn written_down(outcome: &Outcome) -> f64 {
    let row = outcome.metrics.iter().find(|m| m.metric == "downtime_minutes" && m.operation == "write").unwrap();
    row.figure.estimate.unwrap()
}

/// A rebuild of 2,600 s (200 GB at 800 Mbps, and 600 s), then a gap of 60 s and 10 s until functions have reconnected.
const WAY_BACK: [&str; 4] = [
    "recovery.failback.rebuild={ dist = \"constant\", value = \"600 s\" }",
    "recovery.failback.copy_throughput=800 Mbps",
    "recovery.failback.switchover={ dist = \"constant\", value = \"60 s\" }",
    "recovery.failback.until=1",
];

#[test]
fn the_way_back_costs_a_write_gap_and_a_time_without_a_survivor_and_moves_no_recovery_time() {
    let with = |more: &[&str]| {
        let set: Vec<&str> = WAY_BACK.iter().copied().chain(more.iter().copied()).collect();
        let strings: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
        (rows(None, &set), outcome_of(400, &strings))
    };
    let (off, of_off) = with(&["recovery.failback.policy=none"]);
    let (on, of_on) = with(&[]);
    // Three outages a year of ten hours; a promotion after 15..25 s + 10 s + 30 s + 90 s.
    for operation in ["dynamic_read", "write"] {
        assert_eq!(times(&off, operation), times(&on, operation), "{operation}");
    }
    let failbacks = metric(&of_on, "failbacks");
    assert!((failbacks - 3.0).abs() < 4.0 * (3.0_f64 / 400.0).sqrt(), "{failbacks}");
    let gap = metric(&of_on, "failback_gap_minutes") / failbacks;
    assert!((gap - 70.0 / 60.0).abs() < 0.01, "{gap} min: 60 s to switch, 10 s to reconnect");
    let more = written_down(&of_on) - written_down(&of_off);
    assert!((more - metric(&of_on, "failback_gap_minutes")).abs() < 1e-6, "it is downtime: {more} min");
    // Without a second copy from the promotion at 150 s to 10 h, and for the rebuild of 2,600 s. A second outage of the
    // same region meanwhile (10.7 h at three a year: 0.4 %) adds half a day to that: 0.04 h in the mean.
    let unprotected = metric(&of_on, "database_unprotected_hours") / failbacks;
    assert!((unprotected - (36_000.0 - 150.0 + 2_600.0) / 3600.0 - 0.04).abs() < 0.04, "{unprotected}");
    for name in ["failbacks", "failback_gap_minutes", "database_unprotected_hours", "losses_without_survivor"] {
        assert!(metric(&of_off, name) == 0.0, "{name}");
    }
    // Ten times the database: 2,000 s become 20,000 s.
    let (_, larger) = with(&["database.size=2 TB"]);
    let longer = metric(&larger, "database_unprotected_hours") / metric(&larger, "failbacks") - unprotected;
    assert!((longer - 5.0).abs() < 0.06, "{longer}");
}

#[test]
fn a_second_outage_during_the_rebuild_meets_no_survivor() {
    let set = |policy: &str| {
        let set = [
            "outages.region.count.eu-central-1={ events = 300, years = 10, posterior = false }",
            "outages.region.duration={ dist = \"constant\", value = \"2 h\" }",
            "recovery.failback.rebuild={ dist = \"constant\", value = \"60 h\" }",
            WAY_BACK[1],
            policy,
        ];
        (rows(None, &set), outcome_of(400, &set.map(String::from)))
    };
    let (_, off) = set("recovery.failback.policy=none");
    let (_, on) = set("recovery.failback.policy=planned");
    let found = metric(&on, "losses_without_survivor");
    // Three promotions a year; until 2 h + 60.6 h later, less the hours before the promotion, the other region's 30 a
    // year come at 0.0034 an hour: between 1 - exp(-0.21) of them when interruptions are left out, and more with them.
    assert!((0.35..0.9).contains(&found), "{found}");
    assert!(metric(&off, "losses_without_survivor") == 0.0);
    let (on, off) = (written_down(&on), written_down(&off));
    assert!(on > off + 30.0, "who meets no survivor waits for the repair: {on} against {off} min a year");
}

#[test]
fn drills_cost_planned_gaps_and_a_share_of_them_becomes_incidents() {
    let with = |more: &[&str]| {
        let rare = ["outages.region.count.eu-west-1={ events = 3, years = 10, posterior = false }"];
        let set: Vec<String> = WAY_BACK.iter().chain(&rare).chain(more).map(|s| (*s).to_owned()).collect();
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let strings: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
        (rows(None, &set), outcome_of(400, &strings))
    };
    let every = "readiness.drill_every=36.5 d";
    let repair = "recovery.manual_repair={ dist = \"constant\", value = \"30 min\" }";
    let (off, of_off) = with(&[every]);
    let (on, of_on) = with(&[every, repair, "readiness.drills_stuck=20 %"]);
    // Ten a year, each 60 s + 10 s there and back.
    for outcome in [&of_off, &of_on] {
        let planned = metric(outcome, "planned_downtime_minutes");
        assert!((planned - 10.0 * 140.0 / 60.0).abs() < 1e-9, "{planned}");
    }
    let (_, none) = with(&[every, "readiness.drills_move_writer=false"]);
    assert!(metric(&none, "planned_downtime_minutes") == 0.0);
    // Two of the ten get stuck, also in years without an outage, and nobody writes for 30 min; reads go on. Fewer by
    // the 0.1 % of the time in which an incident or the way back is under way.
    let drill = |r: &&IncidentRow| r.cause == "drill";
    assert_eq!(off.iter().filter(drill).count(), 0);
    let stuck: Vec<IncidentRow> = on.iter().filter(drill).cloned().collect();
    assert!(stuck.iter().all(|r| ["write", "upload"].contains(&r.operation.as_str())));
    let n = times(&stuck, "write").len() as f64;
    assert!((n - 0.999 * 800.0).abs() < 4.0 * (800.0_f64 * 0.8).sqrt(), "{n} of 800");
    assert!((median(&stuck, "write") - 1800.0).abs() < 1e-6);
    assert!(
        stuck.iter().filter(|r| r.operation == "write").all(|r| (r.waiting_for_repair_seconds - 1800.0).abs() < 1e-6)
    );
    // Nobody drills during an incident: what outages do is as before, but for those that fall into a stuck drill.
    let outages = |rows: &[IncidentRow]| rows.iter().filter(|r| r.cause == "region").count() as f64;
    assert!((outages(&on) / outages(&off) - 1.0).abs() < 0.02, "{} and {}", outages(&on), outages(&off));
}

#[test]
fn what_fails_or_is_repaired_at_once_leaves_no_state_between_that_anybody_needs_room_for() {
    // Functions and the database fail together and come back together, as one part of a release or as two.
    let part = |name: &str, hits: &str, starts: &str| {
        format!(
            "outages.deployment.parts.{name}={{ hits = [{hits}], failing = \"100 %\", probability = \"100 %\", \
             starts = {{ dist = \"constant\", value = \"{starts}\" }} }}"
        )
    };
    let base = ["outages.causes=[\"deployment\"]", "outages.deployment.seen=100 %", "capacity.hang=5 s"];
    let of = |parts: &[String]| {
        let outcome = outcome_of(60, &[&base.map(String::from)[..], parts].concat());
        let needed = outcome.metrics.iter().filter(|row| row.metric.starts_with("required_quota_"));
        needed.map(|row| (row.metric.clone(), row.statistic.clone(), row.figure.estimate)).collect::<Vec<_>>()
    };
    // One part hands over to the next, as in many a recorded outage: never well between.
    let lasting = |name: &str, starts: &str, lasts: &str| {
        let part = part(name, "\"function\"", starts);
        format!("{}, lasts = {{ dist = \"constant\", value = \"{lasts}\" }} }}", &part[..part.len() - 2])
    };
    let whole = of(&[lasting("function", "0 s", "20 min")]);
    let handed_over = of(&[lasting("function", "0 s", "10 min"), lasting("rest", "10 min", "10 min")]);
    assert!(whole.len() > 20 && whole == handed_over, "{whole:?}\n{handed_over:?}");
    for starts in ["0 s", "10 min"] {
        let one = of(&[part("function", "\"function\", \"database\"", starts)]);
        let two = of(&[part("function", "\"function\"", starts), part("database", "\"database\"", starts)]);
        assert!(one.len() > 20 && one == two, "{starts}: {one:?}\n{two:?}");
    }
}
