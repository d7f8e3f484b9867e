//! Same scenario, seed and number of years: the same bytes. And nobody's draws depend on who else is compared.

use crate::{shipped, simulate};
use drsim_experiment::outcome::IncidentRow;

const BASE: [&str; 2] = ["outages.region.both_regions=0 %", "outages.region.hits_workload=100 %"];

fn of<'r>(rows: &'r [IncidentRow], architecture: &str) -> Vec<String> {
    let own = |r: &&'r IncidentRow| r.architecture == architecture;
    rows.iter().filter(own).map(|r| format!("{r:?}")).collect()
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let scenario = shipped(&[]);
    let (one, rows_one) = simulate(&scenario, 1000, 1);
    let (two, rows_two) = simulate(&scenario, 1000, 2);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    assert_eq!(format!("{rows_one:?}"), format!("{rows_two:?}"));
}

#[test]
fn a_longer_run_begins_with_the_shorter_one() {
    let scenario = shipped(&[]);
    let (_, short) = simulate(&scenario, 500, 2);
    let (_, long) = simulate(&scenario, 1000, 2);
    let within: Vec<String> = long.iter().filter(|r| r.replication < 500).map(|r| format!("{r:?}")).collect();
    assert_eq!(short.iter().map(|r| format!("{r:?}")).collect::<Vec<_>>(), within);
}

#[test]
fn an_architecture_more_or_less_moves_no_draw_of_the_others() {
    let all = shipped(&[]);
    let (_, rows) = simulate(&all, 1000, 2);
    let mut fewer = all.clone();
    fewer.architectures.retain(|a| ["single_region", "adr_fast_checks"].contains(&a.name.as_str()));
    (fewer.baseline, fewer.proposed) = (0, 1);
    let (_, rows_fewer) = simulate(&fewer, 1000, 2);
    for name in ["single_region", "adr_fast_checks"] {
        assert!(!of(&rows, name).is_empty());
        assert_eq!(of(&rows, name), of(&rows_fewer, name), "{name}");
    }
}

#[test]
fn a_feature_of_one_architecture_moves_no_draw_of_another_nor_its_own_unrelated_ones() {
    let (_, before) = simulate(&shipped(&BASE), 1000, 2);
    let link = ["architectures.adr_fast_checks.copy_model=link", BASE[0], BASE[1]];
    let (_, after) = simulate(&shipped(&link), 1000, 2);
    assert_eq!(of(&before, "accelerator"), of(&after, "accelerator"));
    let times = |rows: &[IncidentRow]| -> Vec<_> {
        let own = rows.iter().filter(|r| r.architecture == "adr_fast_checks");
        own.map(|r| (r.replication, r.recovery_time_seconds, r.rows_window_seconds)).map(|t| format!("{t:?}")).collect()
    };
    assert_eq!(times(&before), times(&after), "how files are copied is none of the recovery's business");
    assert_ne!(of(&before, "adr_fast_checks"), of(&after, "adr_fast_checks"), "but the files at risk differ");
}

#[test]
fn people_checks_and_doors_of_one_architecture_move_no_draw_of_another() {
    let all = || crate::named("first_hour", &[]);
    let (_, before) = simulate(&all(), 100, 2);
    let mut other = all();
    let changed = other.architectures.iter_mut().find(|a| a.name == "active_cloudfront").unwrap();
    changed.by_hand = true;
    changed.health_check.as_mut().unwrap().exercises.push("writer".into());
    changed.front_door = drsim_experiment::scenario::FrontDoor::Direct;
    let (_, after) = simulate(&other, 100, 2);
    assert_ne!(of(&before, "active_cloudfront"), of(&after, "active_cloudfront"));
    for name in ["single_region", "pilot_light", "warm_standby", "active_by_hand", "active_hybrid"] {
        assert!(!of(&before, name).is_empty());
        assert_eq!(of(&before, name), of(&after, name), "{name}");
    }
}

#[test]
fn another_second_region_leaves_the_outages_of_the_first_as_they_were() {
    let (_, east) = simulate(&shipped(&BASE), 1000, 2);
    let other = ["regions.secondary=us-east-2", BASE[0], BASE[1]];
    let (_, other) = simulate(&shipped(&other), 1000, 2);
    assert!(!of(&east, "single_region").is_empty());
    assert_eq!(of(&east, "single_region"), of(&other, "single_region"));
    // A design on both regions meets the first region's outages at the same instants.
    let onsets = |rows: &[IncidentRow]| -> Vec<_> {
        let first = rows.iter().filter(|r| r.architecture == "adr_fast_checks" && r.regions == "eu-west-1");
        first.map(|r| format!("{} {}", r.replication, r.onset_seconds)).collect()
    };
    // Where outages of both regions overlap they form one incident, which begins with the earlier: few years in 1,000.
    let (a, b) = (onsets(&east), onsets(&other));
    let shared = a.iter().filter(|onset| b.contains(onset)).count();
    assert!(shared * 100 >= 98 * a.len().max(b.len()), "{shared} of {} and {}", a.len(), b.len());
}
