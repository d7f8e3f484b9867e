//! Which control plane a recovery step calls, and where that lives: a change waits while it is down, and only that change.
//!
//! Releases break 40 % of the functions, which no check sees; people take the region out. Nothing of the workload lies in
//! the United States, where the control planes of what is global are.

use crate::primary_fails::run;

/// Alarm U(2, 7) min, decision 8 min, change U(10, 60) s, then what the front door adds: nobody takes longer who may go
/// on at once.
const BY_HAND: f64 = 1_200.0;

const GREY: [&str; 4] = [
    "outages.deployment={ count = { events = 30, years = 10, posterior = false }, both_regions = \"0 %\", \
     seen = \"0 %\", duration = { dist = \"constant\", value = \"10 h\" }, parts = { function = { failing = \"40 %\" } } }",
    "recovery.on_call={ dist = \"constant\", value = \"8 min\" }",
    "populations.europe.users=100_000",
    "demand.edge_hit_share=0 %",
];

/// Recovery times of an operation in 400 years of releases, people taking the region out.
fn times(preset: &str, operation: &str, set: &[&str]) -> Vec<f64> {
    let design = format!("{{ preset = \"{preset}\", decision = \"automatic\", evacuation = \"on_call\" }}");
    let rows = run(400, Some(&design), &[&GREY[..], set].concat()).1;
    let own = rows.iter().filter(|r| r.operation == operation);
    own.map(|r| r.recovery_time_seconds.unwrap_or(f64::INFINITY)).collect()
}

/// A control plane that is down 52 times a year for 12 h is down at an instant with this probability.
fn down() -> f64 {
    1.0 - (-52.0 * 12.0 / 8760.0_f64).exp()
}

/// Whether a share of the recoveries waited as often as a control plane is down: four standard errors, and the two
/// releases in three hundred that overlap another one.
fn waited(times: &[f64]) -> bool {
    let late = times.iter().filter(|t| **t > BY_HAND).count() as f64 / times.len() as f64;
    assert!(times.len() > 1_000);
    let error = (down() * (1.0 - down()) / times.len() as f64).sqrt();
    assert!(late < 0.015 || (late - down()).abs() < 0.007 + 4.0 * error, "{late} of {}, {}", times.len(), down());
    late > 0.015
}

#[test]
fn an_accelerator_is_dialled_in_us_west_2_and_records_are_changed_in_us_east_1() {
    for region in ["us-east-1", "us-west-2"] {
        let count = |r: &str| {
            let events = if r == region { 520 } else { 0 };
            format!("outages.region.count.{r}={{ events = {events}, years = 10, posterior = false }}")
        };
        let counts = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"].map(count);
        let mut set: Vec<&str> = counts.iter().map(String::as_str).collect();
        set.extend([
            "outages.causes=[\"region\", \"deployment\"]",
            "outages.region.duration={ dist = \"constant\", value = \"12 h\" }",
        ]);
        for (preset, operation, frozen_by) in [
            ("active_active_cloudfront", "dynamic_read", "us-east-1"),
            ("active_active_accelerator", "dynamic_read", "us-west-2"),
            ("active_active_hybrid", "cacheable_read", "us-east-1"),
            ("active_active_hybrid", "dynamic_read", "us-west-2"),
        ] {
            let found = times(preset, operation, &set);
            assert_eq!(waited(&found), region == frozen_by, "{preset} {operation} without {region}");
            if region == frozen_by {
                // The change is made once the control plane answers: not only the repair after 10 h ends the wait.
                let between = found.iter().filter(|t| (BY_HAND..35_000.0).contains(*t)).count();
                assert!(between > 20, "{preset} {operation}: {between}");
            }
        }
    }
}

#[test]
fn control_planes_of_a_region_that_the_workload_does_not_use_freeze_records_all_the_same() {
    // Only outages of the workload's own control planes were drawn once.
    let set = [
        "outages.causes=[\"control_plane\", \"deployment\"]",
        "outages.control_plane.count={ events = 520, years = 10, posterior = false }",
        "outages.control_plane.duration={ dist = \"constant\", value = \"12 h\" }",
    ];
    assert!(waited(&times("active_active_cloudfront", "dynamic_read", &set)));
    assert!(waited(&times("active_active_accelerator", "dynamic_read", &set)));
}
