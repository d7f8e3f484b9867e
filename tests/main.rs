//! What users rely on, across rooms.

mod analytic;
mod architecture;
mod availability;
mod cli;
mod compare;
mod control_planes;
mod cost;
mod data;
mod decide;
mod determinism;
mod doubts;
mod finance;
mod fit;
mod mechanisms;
mod primary_fails;
mod questions;
mod report;
mod residency;
mod returning;
mod scenarios;
mod shards;
mod sums;
mod survivor;
mod switches;
mod turns;

use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::run::{Options, run};
use drsim_experiment::scenario::Scenario;
use drsim_experiment::scenario_file::load;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped scenario of the record, with some values replaced.
fn shipped(set: &[&str]) -> Scenario {
    named("mobile_backend", set)
}

/// A shipped scenario by its name.
fn named(name: &str, set: &[&str]) -> Scenario {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    load(&root().join(format!("scenarios/{name}.toml")), &set).unwrap_or_else(|p| panic!("{p}")).scenario
}

/// Runs `replications` years with seed 1 and keeps every incident.
fn simulate(scenario: &Scenario, replications: u64, threads: usize) -> (Outcome, Vec<IncidentRow>) {
    let options = Options {
        seed: 1,
        replications: Some(replications),
        precision: None,
        confidence: 0.95,
        threads: Some(threads),
        command: "drsim run test.toml --seed 1".into(),
    };
    let mut rows = Vec::new();
    let mut keep = |row: &IncidentRow| {
        rows.push(row.clone());
        Ok(())
    };
    let finished = run(scenario, &options, &AtomicBool::new(false), |_| (), Some(&mut keep)).unwrap();
    (finished.outcome, rows)
}

/// A folder of its own for one test.
fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("drsim-{name}-{}", std::process::id()));
    _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}
