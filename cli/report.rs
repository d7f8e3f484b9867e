//! `drsim report`: the document for a review, from a simulation or from a finished run.

use crate::args::{Language, Simulation};
use crate::ask::{doubted, further};
use crate::complain;
use crate::exit_code::Exit;
use crate::run::{checked, simulated, unusable};
use clap::Args;
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::Outcome;
use drsim_experiment::run::Reason;
use drsim_experiment::scenario::Scenario;
use drsim_report::{files, json};
use std::path::{Path, PathBuf};

/// What to report on.
#[derive(Args, Debug)]
pub struct Report {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// Read the finished run in this directory instead of simulating
    #[arg(long, value_name = "DIR", conflicts_with_all = ["runs", "precision", "seed", "confidence", "jobs"])]
    pub from: Option<PathBuf>,
    /// Where to write report.html; without it: beside the finished run, or here
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
    /// Leave out what takes further runs: which inputs decide, which of them nobody vouches for, and the map
    #[arg(long)]
    pub no_what_if: bool,
}

pub fn report(args: &Report) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(loaded) = checked(simulation) else { return Ok(Exit::Invalid) };
    let dir = args.out.clone().or_else(|| args.from.clone()).unwrap_or_else(|| PathBuf::from("."));
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let (outcome, further, exit) = match &args.from {
        Some(from) => match read(from).and_then(|outcome| Ok((further_of(from, &outcome)?, outcome))) {
            Ok((further, outcome)) => (outcome, further, Exit::Done),
            Err(message) => {
                complain(&message);
                return Ok(Exit::Invalid);
            }
        },
        None => {
            let mut finished = simulated(simulation, &loaded.scenario, None)?;
            if !args.no_what_if {
                doubted(&mut finished.outcome, simulation.jobs, simulation.quiet)?;
            }
            let panicked = matches!(finished.reason, Reason::Panicked { .. });
            let further = if args.no_what_if {
                WhatIf::default()
            } else {
                further(&loaded, &finished.outcome.manifest, simulation.jobs, simulation.quiet)?
            };
            (finished.outcome, further, if panicked { Exit::Internal } else { Exit::Done })
        }
    };
    warn_of_change(&outcome, &loaded.scenario, &simulation.scenario);
    let further = if args.no_what_if { WhatIf::default() } else { further };
    let path = dir.join("report.html");
    let page = drsim_report::page(&outcome, &further, args.lang.into())?;
    files::write_whole(&path, page.as_bytes())?;
    if !simulation.quiet {
        complain(&format!("wrote {}", path.display()));
        if args.from.is_some() && !args.no_what_if && further.sensitivity.is_none() {
            let scenario = simulation.scenario.display();
            let hint = "the section on inputs";
            complain(&format!("  hint: drsim sensitivity {scenario} --out {} gives the report {hint}", dir.display()));
        }
    }
    Ok(exit)
}

/// What further runs beside a finished run found.
fn further_of(dir: &Path, outcome: &Outcome) -> Result<WhatIf, String> {
    json::further(dir, outcome).map_err(|error| format!("error: {error}"))
}

/// Says so where a finished run is of another scenario than the file now holds.
pub fn warn_of_change(outcome: &Outcome, scenario: &Scenario, file: &Path) {
    if outcome.manifest.scenario_digest != scenario.digest {
        complain(&format!(
            "warning: {} has changed since that run; the report shows the run\n         hint: {}",
            file.display(),
            outcome.manifest.command
        ));
    }
}

/// The outcome of a finished run, or what to tell the user.
pub fn read(dir: &Path) -> Result<Outcome, String> {
    let hint = format!("\n  hint: drsim run SCENARIO --out {}", dir.display());
    read_file(&dir.join("results.json")).map_err(|message| message + &hint)
}

/// The outcome in a `results.json`, or what to tell the user.
pub fn read_file(path: &Path) -> Result<Outcome, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("error: cannot read `{}`: {e}", path.display()))?;
    json::read(&text).map_err(|error| format!("error: `{}` is {error}", path.display()))
}
