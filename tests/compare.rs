//! Designs against each other on the same chance.

use crate::cli::drsim;
use crate::{scratch, shipped, simulate};
use drsim_experiment::compare::{DuelRow, duel};
use drsim_experiment::outcome::{IncidentRow, Outcome};
use std::collections::BTreeMap;

fn years(n: u64, threads: usize) -> (Outcome, Vec<IncidentRow>) {
    simulate(&shipped(&[]), n, threads)
}

/// Reads' recovery by (year, onset), of the incidents as `incidents.csv` has them.
fn reads_back(rows: &[IncidentRow], design: &str) -> BTreeMap<(u64, u64), f64> {
    let mut found = BTreeMap::new();
    for row in rows.iter().filter(|r| r.architecture == design && r.operation.ends_with("read")) {
        let recovery = row.recovery_time_seconds.unwrap_or(f64::INFINITY);
        let slot = found.entry((row.replication, row.onset_seconds.to_bits())).or_insert(0.0_f64);
        *slot = slot.max(recovery);
    }
    found
}

#[test]
fn who_is_back_sooner_is_what_the_incidents_say_outage_by_outage() {
    let (outcome, rows) = years(1500, 2);
    for (a, b) in [("adr_fast_checks", "single_region"), ("warm_standby", "adr_as_written")] {
        let (of_a, of_b) = (reads_back(&rows, a), reads_back(&rows, b));
        let onsets: std::collections::BTreeSet<_> = of_a.keys().chain(of_b.keys()).copied().collect();
        // What is left at this onset of whatever began before it in the same year.
        let left = |own: &BTreeMap<(u64, u64), f64>, (year, onset): (u64, u64)| {
            let at = f64::from_bits(onset);
            let before = own.iter().filter(|((y, began), _)| *y == year && f64::from_bits(*began) <= at);
            before.map(|((_, began), recovery)| f64::from_bits(*began) + recovery - at).fold(0.0, f64::max)
        };
        let mut counts = [0_u64; 3];
        for onset in onsets {
            let (x, y) = (left(&of_a, onset), left(&of_b, onset));
            if (x.is_infinite() && y.is_infinite()) || (x - y).abs() < 1e-6 {
                counts[1] += 1;
            } else {
                counts[if x < y { 0 } else { 2 }] += 1;
            }
        }
        let found = duel(&outcome.duels, a, b).unwrap();
        let row = found.row("recovery_time_seconds", "outage", "read", "").unwrap();
        let n = row.a_better.n;
        assert_eq!(n, counts.iter().sum::<u64>(), "{a} {b}");
        let said = [row.a_better, row.tie, row.b_better].map(|f| (f.estimate.unwrap() * n as f64).round() as u64);
        assert_eq!(said, counts, "{a} {b}");
    }
}

#[test]
fn shares_sum_to_one_means_differ_by_the_difference_and_both_sides_say_the_same() {
    let (outcome, _) = years(2000, 2);
    assert_eq!(outcome.duels.len(), 21, "every pair of seven designs");
    for own in &outcome.duels {
        let turned = own.turned();
        for (row, other) in own.rows.iter().zip(&turned.rows) {
            let share = |f: fn(&DuelRow) -> f64| f(row);
            let sum = share(|r| r.a_better.estimate.unwrap())
                + share(|r| r.tie.estimate.unwrap())
                + share(|r| r.b_better.estimate.unwrap());
            assert!((sum - 1.0).abs() < 1e-9);
            assert_eq!(row.a_better.estimate, other.b_better.estimate);
            let Some(means) = &row.means else { continue };
            let of = |f: &drsim_experiment::outcome::Figure| f.estimate.unwrap();
            let size = of(&means.a).abs().max(of(&means.b).abs()).max(1e-9);
            assert!((of(&means.a) - of(&means.b) - of(&means.difference)).abs() < 1e-9 * size);
            let (low, high) = means.difference.interval.unwrap();
            assert!(low <= of(&means.difference) && of(&means.difference) <= high);
        }
        // The failed requests of the comparison with the baseline are the same numbers.
        let known = outcome.comparisons.iter().find(|c| c.architecture == own.architecture);
        if let Some(known) = known.filter(|known| own.against == known.baseline) {
            let row = own.row("failed_requests", "year", "", "").unwrap();
            let mine = row.means.as_ref().unwrap().difference;
            let same = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
            assert!(same(mine.estimate.unwrap(), known.difference.estimate.unwrap()));
            let (mine, theirs) = (mine.interval.unwrap(), known.difference.interval.unwrap());
            assert!(same(mine.0, theirs.0) && same(mine.1, theirs.1), "worlds held fixed in both");
        }
    }
}

#[test]
fn pairing_narrows_the_difference_of_designs_that_are_alike() {
    let (outcome, _) = years(2000, 2);
    let found = duel(&outcome.duels, "adr_fast_checks", "adr_default_checks").unwrap();
    let ratio = |row: &DuelRow| row.means.as_ref().unwrap().variance_ratio.unwrap();
    assert!(ratio(found.row("downtime_minutes", "year", "", "").unwrap()) > 10.0);
}

#[test]
fn comparing_from_a_finished_run_prints_the_same_as_simulating() {
    let dir = scratch("compare");
    let (out, file) = (dir.to_str().unwrap(), "scenarios/first_hour.toml");
    drsim(&["run", file, "-n", "300", "--quiet", "--no-what-if", "--out", out]);
    let fresh = drsim(&["compare", file, "-n", "300", "--quiet", "--format", "json"]);
    let read = drsim(&["compare", file, "--from", out, "--quiet", "--format", "json"]);
    assert!(fresh.status.success() && fresh.stdout.len() > 1000);
    assert!(fresh.stdout == read.stdout);
    let wrong = drsim(&["compare", file, "--from", out, "--quiet", "--against", "nobody"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("no architecture `nobody`"));
    std::fs::remove_dir_all(dir).unwrap();
}
