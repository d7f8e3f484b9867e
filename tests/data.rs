//! What becomes of data: every mechanism on and off, in the direction and by the size that arithmetic gives. The primary
//! fails, the secondary never does; everybody lives near the primary.

use crate::{scratch, simulate};
use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::scenario_file::load;

const SCENARIO: &str = r#"
schema_version = 1
baseline = "design"
proposed = "design"
[regions]
primary = "eu-west-1"
secondary = "eu-central-1"
[populations.europe]
users = 864_000
city = "Madrid"
[demand]
per_user_per_day = { cacheable_read = 12, dynamic_read = 9, write = 3, upload = 0.05 }
profile = "flat"
[objects]
size = { dist = "constant", value = "1 MB" }
copy_delay_with_rtc = { dist = "constant", value = "20 s" }
[database]
lag = { dist = "constant", value = "1 s" }
[outages.region]
count.eu-west-1 = { events = 30, years = 10, posterior = false }
count.eu-central-1 = { events = 0, years = 10, posterior = false }
hits_workload = "100 %"
both_regions = "0 %"
duration = { dist = "constant", value = "10 h" }
[outages.link]
count = { events = 30, years = 10, posterior = false }
duration = { dist = "constant", value = "1 h" }
[capacity]
hang = "100 ms"
[recovery]
step_fails = "0 %"
automatic = { dist = "constant", value = "30 s" }
promotion = { dist = "constant", value = "90 s" }
reconnect = { dist = "constant", value = "10 s" }
[architectures]
design = { preset = "active_active_cloudfront", decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
"#;

/// Rows a second; files are 0.5 a second.
const ROWS: f64 = 30.5;

fn run_with(years: u64, design: Option<&str>, set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    let dir = scratch(&format!("data-{:?}", std::thread::current().id()));
    let path = dir.join("scenario.toml");
    let old = SCENARIO.lines().last().unwrap();
    let text = design.map_or(SCENARIO.to_owned(), |row| SCENARIO.replace(old, &format!("design = {row}")));
    std::fs::write(&path, text).unwrap();
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let scenario = load(&path, &set).unwrap_or_else(|p| panic!("{p}")).scenario;
    std::fs::remove_dir_all(dir).unwrap();
    simulate(&scenario, years, 2)
}

/// A metric of a store, and of how many cases.
fn metric(outcome: &Outcome, name: &str, store: &str) -> f64 {
    let row = outcome.metrics.iter().find(|m| m.metric == name && m.store == store);
    row.unwrap_or_else(|| panic!("no {name} of {store}")).figure.estimate.unwrap()
}

fn rows_of_writes(rows: &[IncidentRow]) -> impl Iterator<Item = &IncidentRow> {
    rows.iter().filter(|r| r.operation == "write")
}

const ALONE: &str = r#"{ preset = "single_region" }"#;

#[test]
fn kept_data_return_with_their_region_and_destroyed_data_do_not() {
    let kept = run_with(400, None, &[]).0;
    // 3 cuts a year, 20 s of files each: 30 files, none lost. Four standard errors of a Poisson mean.
    let unavailable = metric(&kept, "items_unavailable", "objects");
    assert!((unavailable - 30.0).abs() < 4.0 * (3.0 * (10.0 + 100.0) / 400.0_f64).sqrt(), "{unavailable}");
    assert!(metric(&kept, "items_lost", "objects") == 0.0);
    assert!(metric(&kept, "unbounded_share", "objects") == 0.0);
    let gone = run_with(400, None, &["outages.region.destroys=100 %"]).0;
    assert!((metric(&gone, "items_lost", "objects") - unavailable).abs() < 1e-9, "the same files, for good");
    assert!(metric(&gone, "items_unavailable", "objects") == 0.0);
    assert!(metric(&gone, "unbounded_share", "objects") == 0.0, "the other region holds the rest");
    let half = run_with(400, None, &["outages.region.destroys=50 %"]).0;
    let share = metric(&half, "items_lost", "objects") / unavailable;
    // 1,200 outages: four standard errors of a half, and of the files in each.
    assert!((share - 0.5).abs() < 4.0 * 0.016, "{share}");
}

#[test]
fn one_region_alone_returns_with_its_data_or_loses_more_than_can_be_said() {
    let kept = run_with(100, Some(ALONE), &[]).0;
    assert!((metric(&kept, "no_survivor_share", "") - 1.0).abs() < 1e-12);
    assert!(metric(&kept, "unbounded_share", "objects") == 0.0);
    let (gone, rows) = run_with(100, Some(ALONE), &["outages.region.destroys=100 %"]);
    for store in ["objects", "database"] {
        assert!((metric(&gone, "unbounded_share", store) - 1.0).abs() < 1e-12, "{store}");
        let window = gone.metrics.iter().find(|m| m.metric == "data_loss_window_seconds" && m.store == store).unwrap();
        assert!(window.figure.estimate.is_none() && window.note.as_deref().unwrap().contains("unbounded"));
    }
    assert!(rows.iter().all(|r| r.objects_window_seconds.is_none() && r.rows_window_seconds.is_none()));
}

#[test]
fn a_writer_whose_data_are_destroyed_is_promoted_away_from_even_if_its_region_is_soon_back() {
    // Down for 30 s, found after 25 to 35 s: the kept writer is there again, the destroyed one never.
    let short = "outages.region.duration={ dist = \"constant\", value = \"30 s\" }";
    let kept = run_with(300, None, &[short, "recovery.automatic=5 min"]).0;
    assert!(metric(&kept, "items_lost", "database") == 0.0);
    let gone = run_with(300, None, &[short, "recovery.automatic=5 min", "outages.region.destroys=100 %"]).0;
    // 3 promotions a year, 1 s of rows each; rows per year have variance 3 (30.5 + 30.5^2).
    let lost = metric(&gone, "items_lost", "database");
    let error = (3.0 * (ROWS + ROWS * ROWS) / 300.0_f64).sqrt();
    assert!((lost - 3.0 * ROWS).abs() < 4.0 * error, "{lost}");
}

const FALSE_ALARM: [&str; 4] = [
    "outages.causes=[\"false_alarm\"]",
    "outages.false_alarm.count={ events = 30, years = 10, posterior = false }",
    "outages.false_alarm.duration={ dist = \"constant\", value = \"1 h\" }",
    "outages.false_alarm.parts.canary.probability=100 %",
];

#[test]
fn a_needless_promotion_loses_the_lag_and_without_fencing_both_sides_accept_rows() {
    // A false alarm strikes either region; away from the primary half of them promote.
    let fenced = run_with(400, None, &FALSE_ALARM).0;
    let needless = metric(&fenced, "needless_promotions", "database");
    assert!((needless - 3.0).abs() < 4.0 * (3.0_f64 / 400.0).sqrt(), "{needless}");
    let lost = metric(&fenced, "items_lost", "database");
    assert!((lost / needless - ROWS).abs() < 4.0 * (ROWS / (400.0 * needless)).sqrt(), "1 s of lag: {lost}");
    assert!(metric(&fenced, "rows_on_both_sides", "database") == 0.0);
    let mut open = FALSE_ALARM.to_vec();
    open.extend([
        "database.fencing=0 %",
        "database.fenced_after=4 min",
        "outages.false_alarm.parts.checks.probability=0 %",
    ]);
    let open = run_with(400, None, &open).0;
    let both = metric(&open, "rows_on_both_sides", "database") / metric(&open, "needless_promotions", "database");
    // 240 s at 30.5 rows a second; their number is Poisson.
    assert!((both - 240.0 * ROWS).abs() < 4.0 * (240.0 * ROWS / (400.0 * needless)).sqrt(), "{both}");
    let mut some = FALSE_ALARM.to_vec();
    some.extend(["database.fencing=75 %", "database.fenced_after=4 min"]);
    let some = run_with(400, None, &some).0;
    assert!(metric(&some, "rows_on_both_sides", "database") < 0.4 * both * needless);
}

#[test]
fn a_canary_that_takes_a_grey_failure_for_a_dead_writer_promotes_for_nothing() {
    let grey = [
        "outages.causes=[\"deployment\"]",
        "outages.deployment.count={ events = 30, years = 10, posterior = false }",
        "outages.deployment.both_regions=0 %",
        "outages.deployment.seen=100 %",
        "detection.grey_seen=100 %",
        "outages.deployment.parts.function={ hits = [\"database\"], failing = \"40 %\" }",
        "outages.deployment.duration={ dist = \"constant\", value = \"1 h\" }",
    ];
    let patient = run_with(200, None, &grey).0;
    assert!(metric(&patient, "needless_promotions", "database") == 0.0);
    let mut hasty = grey.to_vec();
    hasty.push("detection.canary.sees_grey=true");
    let hasty = run_with(200, None, &hasty).0;
    let needless = metric(&hasty, "needless_promotions", "database");
    assert!((needless - 3.0).abs() < 4.0 * (3.0_f64 / 200.0).sqrt(), "{needless}");
    assert!(metric(&hasty, "items_lost", "database") > 0.0);
}

#[test]
fn rows_found_on_the_old_volume_are_salvaged_and_not_lost() {
    let all = run_with(300, None, &[]).0;
    let found = run_with(300, None, &["database.salvaged=40 %"]).0;
    let (lost, salvaged) = (metric(&found, "items_lost", "database"), metric(&found, "items_salvaged", "database"));
    assert!((lost + salvaged - metric(&all, "items_lost", "database")).abs() < 1e-9, "the same rows");
    assert!((salvaged / (lost + salvaged) - 0.4).abs() < 4.0 * (0.24_f64 / 900.0).sqrt(), "{salvaged} of {lost}");
    let gone = run_with(300, None, &["database.salvaged=40 %", "outages.region.destroys=100 %"]).0;
    assert!(metric(&gone, "items_salvaged", "database") == 0.0, "there is no old volume");
}

#[test]
fn rows_without_their_file_are_those_older_than_the_lag() {
    // Files of the last 20 s are missing; the rows of the last second are missing as well.
    let outcome = run_with(400, None, &[]).0;
    let (missing, orphaned) =
        (metric(&outcome, "items_unavailable", "objects"), metric(&outcome, "rows_without_file", "objects"));
    let expected = 19.0 / 20.0;
    let error = (expected * (1.0 - expected) / (400.0 * missing)).sqrt();
    assert!((orphaned / missing - expected).abs() < 4.0 * error, "{orphaned} of {missing}");
}

#[test]
fn a_canary_beyond_a_partition_makes_two_writers_and_the_replica_is_behind_by_the_partition() {
    let parted = [
        "outages.causes=[\"link\"]",
        "outages.link.parts.canary={ hits = [\"canary\"], probability = \"100 %\", failing = \"100 %\", starts = \"0 s\" }",
        "recovery.automatic=10 min",
    ];
    let (quiet, rows) = run_with(300, None, &["outages.causes=[\"link\"]"]);
    assert!(metric(&quiet, "needless_promotions", "database") == 0.0);
    assert!(rows.iter().all(|r| r.rows_lost == 0), "nobody promotes, nothing is lost");
    let (split, rows) = run_with(300, None, &parted);
    assert!(metric(&split, "needless_promotions", "database") > 2.0);
    for row in rows_of_writes(&rows).filter(|r| r.rows_lost > 0) {
        // 20 to 30 s until it is noticed, 10 min until it is decided, 1 s of lag; the oldest row a little less.
        let window = row.rows_window_seconds.unwrap();
        assert!((620.0..632.0).contains(&window), "{window}");
    }
}

#[test]
fn a_cap_on_the_lag_bounds_the_loss_and_stalls_commits_while_the_link_is_down() {
    let link = "outages.causes=[\"link\"]";
    let free = run_with(200, None, &[link]).0;
    assert!(metric(&free, "commits_stalled_minutes", "database") == 0.0);
    let capped = [link, "database.rpo_cap=60 s", "database.rpo_cap_lifted=20 min"];
    let (stalled, rows) = run_with(200, None, &capped);
    // 3 partitions a year of an hour: commits stall after 59 s and go on 20 min later.
    let minutes = metric(&stalled, "commits_stalled_minutes", "database");
    assert!((minutes - 60.0).abs() < 4.0 * 20.0 * (3.0_f64 / 200.0).sqrt(), "{minutes}");
    for row in rows_of_writes(&rows) {
        assert!((row.downtime_seconds - 1200.0).abs() < 1.0, "{}", row.downtime_seconds);
    }
    let never = run_with(200, None, &[link, "database.rpo_cap=60 s", "database.rpo_cap_lifted=12 h"]).0;
    let minutes = metric(&never, "commits_stalled_minutes", "database");
    assert!(
        (minutes - 3.0 * 59.0167).abs() < 4.0 * 59.0 * (3.0_f64 / 200.0).sqrt(),
        "until the link is back: {minutes}"
    );
}
