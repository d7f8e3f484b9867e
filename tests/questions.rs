//! What the shipped scenarios of one question each answer, with the mechanism on and off.

use crate::{named, simulate};
use drsim_experiment::outcome::IncidentRow;

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

/// The incidents of a shipped scenario in so many years.
fn incidents(scenario: &str, years: u64, set: &[&str]) -> Vec<IncidentRow> {
    simulate(&named(scenario, set), years, 2).1
}

/// Median recovery time of an operation in an architecture; 0 if it never fails.
fn back(rows: &[IncidentRow], architecture: &str, operation: &str) -> f64 {
    let own = rows.iter().filter(|r| r.architecture == architecture && r.operation == operation);
    let mut times: Vec<f64> = own.map(|r| r.recovery_time_seconds.unwrap_or(f64::INFINITY)).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// The mean or the share that a metric of an architecture is, whatever it is of.
fn figure(scenario: &str, years: u64, set: &[&str], architecture: &str, metric: &str) -> f64 {
    let (outcome, _) = simulate(&named(scenario, set), years, 2);
    let row = outcome.metrics.iter().find(|m| m.architecture == architecture && m.metric == metric);
    row.and_then(|row| row.figure.estimate).unwrap_or_else(|| panic!("no {metric} of {architecture}"))
}

#[test]
fn behind_a_door_that_fails_a_second_region_helps_nobody_and_a_second_door_those_who_use_it() {
    let rows = incidents("front_door", 100, &[]);
    let times = |architecture: &str| ["cacheable_read", "dynamic_read"].map(|o| back(&rows, architecture, o));
    let single = times("single_region");
    assert!(times("automation").iter().zip(single).all(|(a, b)| (a - b).abs() < 1e-9));
    assert!(times("single_region").iter().all(|t| (t - 7_200.0).abs() < 5.0), "{:?}", times("single_region"));
    assert!(times("accelerator").iter().all(|t| *t == 0.0), "another door");
    assert!(times("hybrid")[0] > 7_000.0 && times("hybrid")[1] == 0.0, "only what is cached goes through the CDN");
}

#[test]
fn a_sign_in_in_one_region_and_a_certificate_that_no_check_validates_keep_a_failover_from_working() {
    let writes = |set: &[&str]| back(&incidents("hidden", 40, set), "automation", "write");
    assert!(writes(&[]) < 400.0);
    assert!((writes(&["dependencies.identity.secondary=none"]) - 7_200.0).abs() < 30.0);
    let expired = incidents("hidden", 40, &["outages.causes=[\"certificate\"]"]);
    assert!((back(&expired, "automation", "write") - 7_200.0).abs() < 1.0, "no check sees it");
    assert!((500.0..1_500.0).contains(&back(&expired, "people_move", "write")), "people do");
    let both = ["outages.causes=[\"certificate\"]", "outages.certificate.both_regions=100 %"];
    let both = incidents("hidden", 40, &both);
    assert!((back(&both, "people_move", "write") - 7_200.0).abs() < 1.0, "nowhere to go");
}

#[test]
fn an_origin_group_is_never_late_if_clients_wait_for_its_attempts_and_writes_do_not_use_it() {
    let of = |set: &[&str]| {
        let rows = incidents("origin_group", 40, set);
        ["dynamic_read", "write"].map(|operation| back(&rows, "origin_group", operation))
    };
    let late = |[reads, writes]: [f64; 2]| [reads > 7_000.0, writes > 7_000.0];
    assert_eq!(late(of(&[])), [true, true], "three attempts of 10 s, and clients give up after 10 s");
    assert_eq!(late(of(&["detection.origin_wait=2 s"])), [false, true]);
    assert_eq!(late(of(&["demand.client_timeout=60 s"])), [false, true]);
}

#[test]
fn retries_alone_keep_a_database_down_that_would_carry_first_attempts_long_after_the_repair() {
    // How long, and in which share of the incidents nothing but retries keeps the survivor down for six hours and more.
    let of = |set: &[&str]| {
        let (outcome, rows) = simulate(&named("metastable", set), 20, 2);
        let stays = outcome.metrics.iter().find(|m| m.architecture == "accelerator" && m.metric == "metastable_share");
        (back(&rows, "accelerator", "dynamic_read"), stays.and_then(|m| m.figure.estimate).unwrap_or(0.0))
    };
    let (down, stays) = of(&[]);
    // Repaired after 10 minutes; users stay for twelve hours more.
    assert!((down - 12.2 * 3600.0).abs() < 120.0 && stays > 0.999, "{down} s, {stays}");
    let at_once = of(&["recovery.failback.returns_after=0 s"]);
    assert!((600.0..700.0).contains(&at_once.0) && at_once.1 == 0.0, "over when the region is back: {at_once:?}");
    let retries = |more: &str| format!("capacity.retries={{ policy = {more}, dead_wait = \"2 s\" }}");
    let backoff = of(&[&retries("\"backoff\", attempts = 4, base = \"1 s\", cap = \"8 s\"")]);
    assert!(backoff.1 > 0.999, "later retries are as many: {backoff:?}");
    let recovers = |set: &[&str]| {
        let found = of(set);
        assert!(found.0 < 90.0 && found.1 == 0.0, "{set:?}: {found:?}");
    };
    recovers(&["capacity.retries={ policy = \"none\" }"]);
    recovers(&[&retries("\"immediate\", attempts = 4, budget = \"10 %\"")]);
    // A queue that is never longer than the time-out is work that somebody waits for.
    recovers(&["capacity.connections=150"]);
    // 240 a second, four attempts each: a database of 1,000 a second is never short, one of 600 sees a queue shorter than
    // the time-out, one of 400 does not.
    let units =
        |units: f64| [format!("capacity.database_units={units}"), format!("capacity.database_units_at_least={units}")];
    for enough in [5.0, 3.0] {
        let [at_most, at_least] = units(enough);
        recovers(&[&at_most, &at_least]);
    }
    let [at_most, at_least] = units(2.0);
    assert!(of(&[&at_most, &at_least]).1 > 0.999, "400 a second");
}

#[test]
fn a_short_time_to_live_harms_those_near_a_survivor_without_room() {
    let berlin = |set: &[&str], architecture: &str| {
        let rows = incidents("short_ttl", 10, set);
        let near: Vec<IncidentRow> = rows.into_iter().filter(|r| r.population == "berlin").collect();
        back(&near, architecture, "dynamic_read")
    };
    assert!(berlin(&[], "ttl_1_h") == 0.0);
    assert!((120.0..400.0).contains(&berlin(&[], "ttl_60_s")), "until the promotion");
    let room = ["capacity.concurrency=90_000", "capacity.concurrency_growth=10_000", "capacity.connections=500_000"];
    assert!(berlin(&room, "ttl_60_s") == 0.0);
}

#[test]
fn edges_that_serve_stale_copies_save_reads_and_cached_errors_cost_a_minute() {
    let failed = |set: &[&str]| {
        let rows = incidents("edge_copies", 30, set);
        let own = rows.iter().filter(|r| r.architecture == "single_region");
        (own.map(|r| r.failed_requests).sum::<f64>(), back(&rows, "single_region", "cacheable_read"))
    };
    let (stale, fresh) = (failed(&[]), failed(&["edge.serves_stale=false"]));
    // 80 % of the cached half of all requests: 1 - 0.8 x 12 / 24 of them fail, but for copies not yet expired.
    assert!((fresh.0 / stale.0 - 1.0 / 0.6).abs() < 0.05, "{stale:?} {fresh:?}");
    let errors = failed(&["edge.serves_stale=false", "edge.error_lifetime=60 s"]);
    assert!((errors.1 - 7_200.0 - 59.0).abs() < 3.0, "{errors:?}");
}

#[test]
fn a_replica_is_further_behind_under_load_and_after_a_partition() {
    let late = |set: &[&str]| {
        let rows = incidents("lag", 60, set);
        let own =
            rows.iter().filter(|r| r.architecture == "automation" && r.operation == "write" && r.cause == "region");
        let mut windows: Vec<f64> = own.filter_map(|r| r.rows_window_seconds).collect();
        windows.sort_by(f64::total_cmp);
        assert!(windows.len() > 100);
        (windows[windows.len() * 95 / 100], windows[windows.len() - 1])
    };
    let (plain, loaded) = (late(&[]), late(&["database.replication_load=70 %"]));
    assert!(plain.0 < 4.0 && loaded.0 > 5.0 * plain.0, "{plain:?} {loaded:?}");
    let partition = late(&["outages.causes=[\"region\", \"link\"]"]);
    assert!(partition.1 > 100.0 && plain.1 < 60.0, "an outage that falls into one: {partition:?}");
}

#[test]
fn the_way_back_costs_a_write_gap_and_hours_without_a_second_copy() {
    let of = |set: &[&str], metric: &str| figure("way_back", 60, set, "automation", metric);
    let none = ["recovery.failback.policy=none"];
    assert!((1.0..3.0).contains(&(of(&[], "failback_gap_minutes") / of(&[], "failbacks"))), "a gap of two minutes");
    assert!(of(&none, "failback_gap_minutes") == 0.0 && of(&none, "database_unprotected_hours") == 0.0);
    let (small, large) =
        (of(&[], "database_unprotected_hours"), of(&["database.size=20 TB"], "database_unprotected_hours"));
    assert!(large > 10.0 * small, "{small} {large}");
}

#[test]
fn both_regions_write_the_same_key_and_show_deleted_files_again() {
    let of = |set: &[&str], metric: &str| figure("both_ways", 20, set, "automation", metric);
    assert!(of(&["objects.shared_keys_written=5 %"], "key_conflicts") > 10.0 && of(&[], "key_conflicts") == 0.0);
    let deletes = "objects.deletes=20 %";
    assert!(of(&[deletes], "deleted_files_back") > 1e5);
    assert!(of(&[deletes, "objects.delete_markers=true"], "deleted_files_back") < 20.0);
}

#[test]
fn who_decides_costs_what_they_take_and_a_canary_that_cries_wolf_moves_the_writer() {
    let of = |set: &[&str], architecture: &str| back(&incidents("deciding", 60, set), architecture, "write");
    let (people, automation) = (of(&[], "people"), of(&[], "automation"));
    assert!(people > automation + 300.0, "{people} {automation}");
    let patient = of(&["recovery.patience=10 min"], "people");
    assert!((patient - people - 600.0).abs() < 1.0, "{patient} {people}");
    let late = of(&["recovery.patience=10 min", "recovery.night_extra=20 min"], "automation");
    assert!((late - automation).abs() < 1e-9);
    let wolf = "outages.causes=[\"region\", \"false_alarm\"]";
    let needless = |set: &[&str]| figure("deciding", 60, set, "automation", "needless_promotions");
    assert!(needless(&[wolf]) > 1.0 && needless(&[]) == 0.0);
    let both = [
        "outages.region.count.eu-central-1={ events = 3, years = 1, posterior = false }",
        "outages.region.both_regions=100 %",
    ];
    assert!((of(&both, "automation") - 7_200.0).abs() < 300.0, "nowhere to go");
}

#[test]
fn copies_in_batches_spells_and_failures_are_late_and_streams_help_a_busy_link() {
    let met = |set: &[&str], architecture: &str| {
        let (outcome, _) = simulate(&named("copies", set), 100, 2);
        outcome.claims.iter().find(|c| c.architecture == architecture).and_then(|c| c.found).unwrap()
    };
    let plain = met(&[], "service_rtc");
    assert!(met(&["demand.files_at_once=10"], "service_rtc") > plain, "fewer instants have any under way");
    assert!(met(&["objects.copy_fails=1 %"], "service_rtc") < plain - 0.1);
    let busy = "demand.per_user_per_day.upload=2500";
    let (one, four) =
        (met(&[busy], "link_10mbps"), met(&[busy, "architectures.link_10mbps.copy_streams=4"], "link_10mbps"));
    assert!(four > one + 0.001, "{one} {four}");
}
