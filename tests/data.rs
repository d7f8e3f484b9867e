//! What becomes of data: every mechanism on and off, in the direction and by the size that arithmetic gives. The primary
//! fails, the secondary never does; everybody lives near the primary.

use crate::primary_fails::{FILES, ROWS, metric, run};
use drsim_experiment::outcome::{IncidentRow, Outcome};

/// Its settings: files are copied after 20 s and rows after 1 s, both always.
const STEADY: [&str; 4] = [
    "objects.copy_delay_with_rtc={ dist = \"constant\", value = \"20 s\" }",
    "database.lag={ dist = \"constant\", value = \"1 s\" }",
    "outages.link.count={ events = 30, years = 10, posterior = false }",
    "outages.link.duration={ dist = \"constant\", value = \"1 h\" }",
];

fn run_with(years: u64, design: Option<&str>, set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    run(years, design, &[&STEADY[..], set].concat())
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

/// Nobody goes back: an alarm during the rebuild would promote nothing.
const FALSE_ALARM: [&str; 5] = [
    "recovery.failback.policy=none",
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
    let none = |outcome: &Outcome| !outcome.metrics.iter().any(|m| m.metric == "salvaged_rows_back_seconds");
    assert!(none(&all) && none(&gone));
}

#[test]
fn salvaged_rows_are_back_a_while_after_their_volume() {
    let of = |set: &[&str]| {
        let after = "database.salvaged_after={ dist = \"constant\", value = \"5 h\" }";
        let outcome = run_with(300, None, &[&["database.salvaged=100 %", after][..], set].concat()).0;
        metric(&outcome, "salvaged_rows_back_seconds", "database")
    };
    // The median. The region is down for 10 h, 145 to 155 s of which pass until the promotion; then 5 h. The sketch is
    // within 0.1 %.
    let found = of(&[]);
    assert!((found / 53_850.0 - 1.0).abs() < 0.0015, "{found}");
    // A writer that was left for nothing is there at once.
    let found = of(&FALSE_ALARM);
    assert!((found / 18_000.0 - 1.0).abs() < 0.0015, "{found}");
}

#[test]
fn a_claim_that_names_a_fate_counts_the_items_of_that_fate_in_the_same_cuts() {
    let claim = |store: &str, fate: &str, bound: &str, set: &[&str]| {
        let name = format!(
            "claims.c={{ metric = \"data_loss_window_seconds\", store = \"{store}\", at_most = \"{bound}\", \
             per = \"incident\", share = \"50 %\"{fate} }}"
        );
        let outcome = run_with(400, None, &[&[name.as_str()][..], set].concat()).0;
        (outcome.claims[0].found.unwrap(), outcome.claims[0].n)
    };
    let (lost, back) = (", fate = \"lost\"", ", fate = \"unavailable\"");
    // 30 % of the outages destroy what 20 s have left behind; nothing is younger than 5 s always.
    let destroys = ["outages.region.destroys=30 %"];
    let (both, n) = claim("objects", "", "5 s", &destroys);
    let (of_lost, n_lost) = claim("objects", lost, "5 s", &destroys);
    let (of_back, n_back) = claim("objects", back, "5 s", &destroys);
    assert!(n > 1000 && n == n_lost && n == n_back, "the same cuts");
    let error = 4.0 * (0.21 / n as f64).sqrt();
    assert!(both < 0.01 && (of_lost - 0.7).abs() < error && (of_back - 0.3).abs() < error, "{of_lost} {of_back}");
    assert!((of_lost + of_back - both - 1.0).abs() < 1e-12, "each cut has one fate");
    let salvaged = ["database.salvaged=40 %"];
    let (both, n) = claim("database", "", "0.5 s", &salvaged);
    let (of_lost, _) = claim("database", lost, "0.5 s", &salvaged);
    let (of_back, _) = claim("database", back, "0.5 s", &salvaged);
    let error = 4.0 * (0.24 / n as f64).sqrt();
    assert!(both < 0.01 && (of_lost - 0.4).abs() < error && (of_back - 0.6).abs() < error, "{of_lost} {of_back}");
}

#[test]
fn files_without_their_row_are_those_of_the_lag_that_were_copied() {
    // Files of 60 s of lag lost their row; those older than 20 s are there. Their number per cut is Poisson.
    let per_cut = |years: u64, set: &[&str]| {
        // The writer is at home whenever its region fails.
        let at_home = ["recovery.failback.policy=none", "database.lag.value=60 s"];
        let found = run_with(years, None, &[&at_home[..], set].concat()).0;
        let of = |name| metric(&found, name, "objects") / 3.0;
        (of("files_without_row"), of("rows_without_file"), of("items_unavailable"))
    };
    // So many cuts a year have relative error 1 / sqrt(3 years), each count one of its own.
    let error = |mean: f64| 4.0 * ((mean + mean * mean) / 1200.0_f64).sqrt();
    let (without_row, without_file, missing) = per_cut(400, &[]);
    assert!((without_row - 40.0 * FILES).abs() < error(40.0 * FILES), "{without_row}");
    assert!(without_file == 0.0 && missing > 8.0, "{without_file} of {missing}: their rows are lost as well");
    // Slower copies than rows: the other way round, and never both.
    let slow = "objects.copy_delay_with_rtc.value=90 s";
    let (without_row, without_file, missing) = per_cut(400, &[slow]);
    assert!(without_row == 0.0 && (without_file - 30.0 * FILES).abs() < error(30.0 * FILES), "{without_file}");
    assert!((without_file / missing - 1.0 / 3.0).abs() < 4.0 * (2.0 / 9.0 / (1200.0 * missing)).sqrt());
    // What is sent to the region that survives is there at once; its row was lost with the writer.
    let near = ["populations.near={ users = 864_000, city = \"Berlin\" }"];
    let (without_row, ..) = per_cut(400, &near);
    assert!((without_row - 100.0 * FILES).abs() < error(100.0 * FILES), "{without_row}");
    // An old writer that was left for nothing copies its files to the last.
    let outcome = run_with(400, None, &[&["database.lag.value=60 s"][..], &FALSE_ALARM].concat()).0;
    let needless = metric(&outcome, "needless_promotions", "database");
    let without_row = metric(&outcome, "files_without_row", "objects") / needless;
    assert!((without_row - 60.0 * FILES).abs() < 4.0 * (60.0 * FILES / (400.0 * needless)).sqrt(), "{without_row}");
    assert!(!outcome.metrics.iter().any(|m| m.metric == "data_loss_window_seconds" && m.store == "objects"));
}

#[test]
fn the_lag_that_files_are_held_against_is_the_one_that_loses_the_rows() {
    // The survivor lacks the rows of the last L seconds and the files of the last 20: those without a file or a row are
    // of |20 - L| seconds, cut by cut, if both meet the same L. A hundred times the files, so that chance in their number
    // is far below what another L would change.
    let lag = "database.lag={ dist = \"uniform\", low = \"0 s\", high = \"40 s\" }";
    let (years, many) = (100, "demand.per_user_per_day.upload=5");
    let (outcome, rows) = run_with(years, None, &[lag, many, "recovery.failback.policy=none"]);
    let lags: Vec<f64> = rows_of_writes(&rows).map(|r| r.rows_window_seconds.unwrap()).collect();
    let expected =
        |of: fn(f64) -> f64| 100.0 * FILES * lags.iter().map(|lag| of(20.0 - lag).max(0.0)).sum::<f64>() / years as f64;
    for (name, expected) in [("rows_without_file", expected(|d| d)), ("files_without_row", expected(|d| -d))] {
        let found = metric(&outcome, name, "objects");
        assert!(
            (found - expected).abs() < 4.0 * (expected / years as f64).sqrt(),
            "{name}: {found} against {expected}"
        );
    }
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

#[test]
fn files_that_come_in_bursts_leave_more_behind_at_fewer_cuts() {
    let cuts = |set: &[&str]| {
        let (outcome, rows) = run_with(400, None, set);
        let of = |name| metric(&outcome, name, "objects");
        let windows: Vec<f64> = rows_of_writes(&rows).map(|r| r.objects_window_seconds.unwrap_or(0.0)).collect();
        let mean = windows.iter().sum::<f64>() / windows.len() as f64;
        (of("cut_with_loss_share"), of("items_unavailable") / 3.0, mean, windows.len() as f64)
    };
    // 40 files at once, once in 80 s: one of the last 20 s with probability 1 - exp(-20 / 80), as many files on average.
    let (share, files, _, n) = cuts(&["demand.files_at_once=40"]);
    let expected = 1.0 - (-0.25_f64).exp();
    assert!((share - expected).abs() < 4.0 * (expected * (1.0 - expected) / n).sqrt(), "{share} against {expected}");
    assert!((files - 10.0).abs() < 4.0 * ((400.0 + 100.0) / 1200.0_f64).sqrt(), "{files}");
    assert!(cuts(&[]).0 > 0.999, "one by one there is always one");
    // On a link of 8 Mbps the last of a burst of 40 files of 1 MB waits for 40 s: (lambda / k) B^2 / (2 (1 - rho)).
    let link = ["objects.copy_model=link", "objects.copy_throughput=8 Mbps"];
    let (.., single, _) = cuts(&link);
    let (.., burst, n) = cuts(&[link[0], link[1], "demand.files_at_once=40"]);
    // 0.5 and 20 s; the second moment of M/D/1's workload at utilisation 0.5 is 2 (mean)^2 + B^2 / 6, so below 3 mean^2.
    assert!(
        (single - 0.5).abs() < 4.0 * 0.8 / n.sqrt() && (burst - 20.0).abs() < 4.0 * 35.0 / n.sqrt(),
        "{single} {burst}"
    );
}

#[test]
fn a_file_s_copy_takes_what_its_law_or_its_queue_says() {
    let times = |set: &[&str]| {
        let outcome = run_with(1, None, set).0;
        let rows = outcome.metrics.into_iter().filter(|m| m.metric == "object_copy_seconds");
        rows.map(|m| (m.statistic.clone(), m.figure.estimate, m.per)).collect::<Vec<_>>()
    };
    let of = |rows: &[(String, Option<f64>, String)], p: &str| {
        let row = rows.iter().find(|(statistic, ..)| statistic == p).unwrap();
        assert_eq!(row.2, "object");
        row.1.unwrap()
    };
    assert!((of(&times(&[]), "p99") - 20.0).abs() < 1e-9);
    // M/D/1, transfers of 1 s at utilisation 0.5: P(W = 0) = 0.5, so half take exactly 1 s; P(W <= 1) = 0.5 e^0.5, and
    // P(W <= 2) = 0.5 (e - 0.5 e^0.5) = 0.947 (Erlang 1909): nine in ten wait for 1 to 2 s.
    let link = times(&["objects.copy_model=link", "objects.copy_throughput=8 Mbps"]);
    assert!((of(&link, "p50") - 1.0).abs() < 0.002, "{}", of(&link, "p50"));
    assert!((2.0..3.0).contains(&of(&link, "p90")), "{}", of(&link, "p90"));
    let alone = run_with(1, Some(ALONE), &[]).0;
    assert!(!alone.metrics.iter().any(|m| m.metric == "object_copy_seconds"), "nothing is copied");
}

#[test]
fn slow_spells_make_the_windows_of_all_files_longer_at_once() {
    let beyond = |set: &[&str]| {
        let (_, rows) = run_with(400, None, set);
        let windows: Vec<f64> = rows_of_writes(&rows).filter_map(|r| r.objects_window_seconds).collect();
        (windows.iter().filter(|w| **w > 20.0).count() as f64 / windows.len() as f64, windows.len() as f64)
    };
    assert!(beyond(&[]).0 == 0.0);
    let spells = "objects.slowdown_lasts={ dist = \"constant\", value = \"8 h\" }";
    let (found, n) = beyond(&["objects.slowdowns=200", "objects.slowdown_factor=5", spells]);
    // Slow 1 - exp(-200 * 8 / 8760) of the time.
    let expected = 1.0 - (-200.0_f64 * 8.0 / 8760.0).exp();
    assert!((found - expected).abs() < 4.0 * (expected * (1.0 - expected) / n).sqrt(), "{found} against {expected}");
}

#[test]
fn copies_that_fail_wait_for_whoever_makes_them_again() {
    let files = |set: &[&str]| metric(&run_with(400, None, set).0, "items_unavailable", "objects");
    let retried = "objects.copy_retried={ dist = \"constant\", value = \"1 h\" }";
    let found = files(&["objects.copy_fails=1 %", retried]);
    // 0.5 files/s * (99 % * 20 s + 1 % * 3600 s) = 27.9 a cut against 10, three cuts a year.
    let error = (3.0 * (27.9 + 27.9 * 27.9) / 400.0_f64).sqrt();
    assert!((found - 3.0 * 27.9).abs() < 4.0 * error, "{found}");
    assert!(files(&[]) < 0.5 * found);
    // A link sends again at once: the same files on less of it.
    let link = ["objects.copy_model=link", "objects.copy_throughput=8 Mbps"];
    let sound = files(&link);
    let failing = files(&[link[0], link[1], "objects.copy_fails=20 %"]);
    assert!(failing > 1.2 * sound, "{failing} against {sound}: utilisation 0.625 instead of 0.5");
}

#[test]
fn bandwidth_that_all_copies_share_is_felt_when_the_busiest_hour_nearly_fills_it() {
    let window = |set: &[&str]| {
        let fast = ["objects.size.value=10 MB", "objects.copy_delay_with_rtc.value=1 s"];
        let (outcome, rows) = run_with(100, None, &[&fast[..], set].concat());
        let windows: Vec<f64> = rows_of_writes(&rows).map(|r| r.objects_window_seconds.unwrap_or(0.0)).collect();
        let mean = windows.iter().sum::<f64>() / windows.len() as f64;
        (mean, windows.len() as f64, metric(&outcome, "unbounded_share", "objects"))
    };
    let (free, ..) = window(&[]);
    assert!(free < 1.0, "1 Gbps for 40 Mbps");
    // Utilisation 0.9, transfers of 1.8 s: M/D/1 waits 0.9 * 1.8 s / (2 * 0.1) = 8.1 s on average, exponential beyond.
    let (full, n, _) = window(&["objects.copy_bandwidth=44.444444 Mbps"]);
    assert!((full - 8.1).abs() < 4.0 * 8.8 / n.sqrt() + 0.3, "{full}");
    let (.., unbounded) = window(&["objects.copy_bandwidth=30 Mbps"]);
    assert!((unbounded - 1.0).abs() < 1e-12, "a backlog that grows without end");
}

#[test]
fn a_second_outage_that_falls_into_a_partition_or_its_catch_up_finds_a_longer_window() {
    let link = ["objects.copy_model=link", "objects.copy_throughput=8 Mbps"];
    let far = |set: &[&str]| {
        let (_, rows) = run_with(150, None, &[&link[..], set].concat());
        let of_region = rows_of_writes(&rows).filter(|r| r.regions.contains("eu-west-1"));
        let windows: Vec<f64> = of_region.filter_map(|r| r.objects_window_seconds).collect();
        (windows.iter().filter(|w| **w > 600.0).count() as f64 / windows.len() as f64, windows.len() as f64)
    };
    assert!(far(&[]).0 == 0.0, "utilisation 0.5 keeps up");
    let parted = [
        "outages.causes=[\"region\", \"link\"]",
        "outages.link.count={ events = 100, years = 10, posterior = false }",
        "outages.link.duration={ dist = \"constant\", value = \"8 h\" }",
    ];
    let (found, n) = far(&parted);
    // 10 a year of 8 h and 8 h of catch-up; above 600 s from 600 s after the start to 600 s before the end: 15.67 h of
    // each. Partitions that overlap or follow closely add a little.
    let expected = 1.0 - (-10.0_f64 * 15.67 / 8760.0).exp();
    let error = (expected * (1.0 - expected) / n).sqrt();
    assert!((found - expected).abs() < 4.0 * error + 0.01, "{found} against {expected}");
}

#[test]
fn lag_remembers_itself_and_grows_with_load() {
    let lognormal = "database.lag={ dist = \"lognormal\", p50 = \"10 s\", p95 = \"60 s\" }";
    let often = [
        lognormal,
        "outages.region.count.eu-west-1={ events = 400, years = 10, posterior = false }",
        "outages.region.duration={ dist = \"constant\", value = \"20 min\" }",
    ];
    let correlation = |set: &[&str]| {
        let (_, rows) = run_with(100, None, &[&often[..], set].concat());
        let windows: Vec<(u64, f64)> =
            rows_of_writes(&rows).filter_map(|r| Some((r.replication, r.rows_window_seconds?.ln()))).collect();
        let mean = windows.iter().map(|w| w.1).sum::<f64>() / windows.len() as f64;
        let square = windows.iter().map(|w| (w.1 - mean).powi(2)).sum::<f64>() / windows.len() as f64;
        let pairs: Vec<f64> =
            windows.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| (w[0].1 - mean) * (w[1].1 - mean)).collect();
        (pairs.iter().sum::<f64>() / pairs.len() as f64 / square, pairs.len() as f64)
    };
    let (off, n) = correlation(&[]);
    assert!(off.abs() < 4.0 / n.sqrt(), "{off}");
    // Outages follow each other after 9.1 d on average, exponential: E exp(-t / 91 d) = 10 / 11.
    let (on, _) = correlation(&["database.lag_memory=91 d"]);
    assert!((on - 10.0 / 11.0).abs() < 0.05, "{on}");
    let windows = |set: &[&str]| {
        let (_, rows) = run_with(100, None, &[&[often[0], often[1], "demand.profile=consumer_mobile"], set].concat());
        rows_of_writes(&rows).map(|r| (r.onset_seconds, r.rows_window_seconds.unwrap_or(0.0))).collect::<Vec<_>>()
    };
    let (steady, loaded) = (windows(&[]), windows(&["database.replication_load=40 %"]));
    assert_eq!(steady.len(), loaded.len());
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for (a, b) in steady.iter().zip(&loaded).filter(|(a, _)| a.1 > 5.0) {
        (least, most) = (least.min(b.1 / a.1), most.max(b.1 / a.1));
    }
    // (1 - 0.4) / (1 - 0.4 w): 0.6 in the quietest hour at least, above 1 in the busiest.
    assert!((0.55..1.0).contains(&least) && most > 1.1, "{least} .. {most}");
}

#[test]
fn keys_of_both_regions_conflict_as_often_as_copies_are_under_way() {
    let near = "populations.near={ users = 864_000, city = \"Berlin\" }";
    let conflicts = |set: &[&str]| metric(&run_with(4, None, &[&[near], set].concat()).0, "key_conflicts", "objects");
    assert!(conflicts(&[]) == 0.0);
    // 0.05 writes a second on either side, 1,000 keys, 20 s each way, a year: 3,153.6.
    let found = conflicts(&["objects.shared_keys_written=10 %"]);
    assert!((found / 3153.6 - 1.0).abs() < 1e-9, "{found}");
    let link = ["objects.copy_model=link", "objects.copy_throughput=8 Mbps"];
    assert!(conflicts(&link) == 0.0);
    // Transfers of 1 s at utilisation 0.5: M/D/1, 0.5 + 0.25 / (2 * 0.5) = 0.75 files under way on either side, whose
    // number has variance 0.75 + 0.25 / 3 + 0.0625 + 0.125 / 2 (Pollaczek-Khinchine's transform): at most 1 each.
    let found = conflicts(&[link[0], link[1], "objects.shared_keys_written=10 %"]);
    let expected = 0.05 * 0.05 * (1.5 + 1.5) / 1000.0 * 31_536_000.0;
    let error = expected * 4.0 * (2.0_f64 / 5000.0).sqrt() / 1.5;
    assert!((found - expected).abs() < error, "{found} against {expected}");
    // A queue that grows without end has no mean.
    let near = ["populations.near={ users = 1_800_000, city = \"Berlin\" }", link[0], link[1]];
    let outcome = run_with(1, None, &[&near[..], &["objects.shared_keys_written=10 %"]].concat()).0;
    assert!(!outcome.metrics.iter().any(|m| m.metric == "key_conflicts"), "not estimated");
}

#[test]
fn deleted_files_come_back_unless_deletions_are_copied() {
    let back = |set: &[&str]| metric(&run_with(400, None, set).0, "deleted_files_back", "objects");
    assert!(back(&[]) == 0.0);
    // 0.1 deletions a second, 20 s under way: 2 a cut.
    let copied = back(&["objects.deletes=20 %", "objects.delete_markers=true"]);
    assert!((copied - 6.0).abs() < 4.0 * (3.0 * (2.0 + 4.0) / 400.0_f64).sqrt(), "{copied}");
    // All of the year so far: on average half of 3.15 million, three times.
    let kept = back(&["objects.deletes=20 %"]);
    let (mean, cuts) = (0.1 * 31_536_000.0 / 2.0, 1200.0_f64);
    assert!((kept / (3.0 * mean) - 1.0).abs() < 4.0 * (4.0_f64 / 3.0 / cuts).sqrt(), "{kept}");
}

#[test]
fn consistency_is_paid_in_waiting_or_in_staleness() {
    let near = "populations.near={ users = 864_000, city = \"Berlin\" }";
    let found = |word: &str| {
        let outcome = run_with(2, None, &[near, &format!("latency.consistency={word}")]).0;
        let waits = |operation: &str| {
            let of = outcome
                .latency
                .iter()
                .find(|l| l.population == "near" && l.operation == operation && l.when == "normal");
            of.unwrap()
                .legs
                .iter()
                .find(|(leg, _)| leg == "consistency")
                .map_or(0.0, |(_, mean)| mean.estimate.unwrap())
        };
        let mut old = outcome.metrics.iter().filter(|m| m.metric == "read_staleness_seconds");
        let old = old.find(|m| m.population == "near" && m.statistic == "p50").unwrap().figure.estimate.unwrap();
        assert!(!outcome.metrics.iter().any(|m| m.metric == "read_staleness_seconds" && m.population == "europe"));
        [waits("write"), waits("dynamic_read"), old]
    };
    // A lag of 1 s, read off a sketch within 0.1 %.
    let near = |found: [f64; 3], expected: [f64; 3]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.002), "{found:?} {expected:?}");
    };
    near(found("eventual"), [0.0, 0.0, 1.0]);
    near(found("session"), [1.0, 0.0, 1.0]);
    near(found("global"), [1.0, 1.0, 0.0]);
}

#[test]
fn what_is_switched_on_for_files_moves_no_draw_of_rows_nor_the_other_way_round() {
    let (_, plain) = run_with(60, None, &[]);
    let files = [
        "objects.slowdowns=50",
        "objects.copy_fails=5 %",
        "objects.deletes=20 %",
        "objects.copy_bandwidth=5 Mbps",
        "objects.size.value=0.9 MB",
    ];
    let rows = [
        "database.lag=2 s",
        "database.lag_memory=1 h",
        "database.replication_load=30 %",
        "database.salvaged=50 %",
        "database.fencing=50 %",
        "database.rpo_cap=30 s",
    ];
    let (_, of_files) = run_with(60, None, &files);
    let (_, of_rows) = run_with(60, None, &rows);
    assert!(plain.len() > 100 && plain.len() == of_files.len() && plain.len() == of_rows.len());
    for ((a, b), c) in plain.iter().zip(&of_files).zip(&of_rows) {
        assert_eq!((a.rows_window_seconds, a.rows_lost), (b.rows_window_seconds, b.rows_lost));
        assert_eq!((a.objects_window_seconds, a.objects_at_risk), (c.objects_window_seconds, c.objects_at_risk));
        assert_eq!((a.onset_seconds, a.recovery_time_seconds), (b.onset_seconds, b.recovery_time_seconds));
        assert_eq!((a.onset_seconds, a.recovery_time_seconds), (c.onset_seconds, c.recovery_time_seconds));
    }
    assert!(plain.iter().zip(&of_files).any(|(a, b)| a.objects_at_risk != b.objects_at_risk));
    assert!(plain.iter().zip(&of_rows).any(|(a, c)| a.rows_lost != c.rows_lost));
}
