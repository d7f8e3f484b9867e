//! `drsim validate`: every problem at once, then warnings of design holes.

use crate::exit_code::Exit;
use crate::{complain, print};
use drsim_experiment::scenario::{Given, ProvenanceRow};
use std::fmt::Write as _;
use std::path::Path;

pub fn validate(path: &Path, set: &[String], defaults: bool) -> anyhow::Result<Exit> {
    let loaded = match drsim_experiment::scenario_file::load(path, set) {
        Ok(loaded) => loaded,
        Err(problems) => {
            complain(problems.to_string().trim_end());
            return Ok(Exit::Invalid);
        }
    };
    if !loaded.warnings.is_empty() {
        complain(loaded.warnings.to_string().trim_end());
    }
    let scenario = &loaded.scenario;
    let mut text = format!(
        "{}: {} architectures, {} populations, {} claims, {} values of which {} are built in\n",
        path.display(),
        scenario.architectures.len(),
        scenario.populations.len(),
        scenario.claims.len(),
        scenario.provenance.len(),
        scenario.provenance.iter().filter(|row| row.provenance.given == Given::BuiltIn).count(),
    );
    if defaults {
        scenario.provenance.iter().for_each(|row| _ = writeln!(text, "{}", line(row)));
    }
    print(&text)
}

fn line(row: &ProvenanceRow) -> String {
    let range = row.range.as_ref().map(|range| format!(" ({range})")).unwrap_or_default();
    let given = match &row.provenance.given {
        Given::BuiltIn => "built in",
        Given::Scenario { .. } => "scenario",
        Given::Base { file, .. } => file,
        Given::CommandLine => "--set",
    };
    let basis = row.provenance.basis.name();
    format!("{:<44} {}{range}  [{given}, {basis}] {}", row.path, row.value, row.provenance.source)
}
