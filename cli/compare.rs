//! `drsim compare`: two designs on the same chance, and which designs no other beats.

use crate::args::{Answer, Simulation};
use crate::complain;
use crate::exit_code::Exit;
use crate::run::{loaded, simulated, unusable};
use clap::Args;
use drsim_experiment::run::Reason;
use drsim_report::compare as view;
use std::path::PathBuf;

/// What to compare.
#[derive(Args, Debug)]
pub struct Compare {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// A; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// B; without it: `baseline`
    #[arg(long, value_name = "NAME")]
    pub against: Option<String>,
    /// Read the finished run in this directory instead of simulating
    #[arg(long, value_name = "DIR", conflicts_with_all = ["runs", "precision", "seed", "confidence", "jobs"])]
    pub from: Option<PathBuf>,
    /// What to do with the answer
    #[command(flatten)]
    pub answer: Answer,
}

pub fn compare(args: &Compare) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(scenario) = loaded(simulation) else { return Ok(Exit::Invalid) };
    if unusable(args.answer.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let name = |asked: &Option<String>, or: usize| asked.clone().unwrap_or(scenario.architectures[or].name.clone());
    let (a, b) = (name(&args.architecture, scenario.proposed), name(&args.against, scenario.baseline));
    // Before the simulation, not after.
    for asked in [&a, &b] {
        if let Err(message) = drsim_experiment::decide::measure::architecture(&scenario, asked) {
            complain(&format!("error: {message}"));
            return Ok(Exit::Usage);
        }
    }
    let (outcome, exit) = match &args.from {
        Some(from) => match crate::report::read(from) {
            Ok(outcome) => (outcome, Exit::Done),
            Err(message) => {
                complain(&message);
                return Ok(Exit::Invalid);
            }
        },
        None => {
            let finished = simulated(simulation, &scenario, None)?;
            let panicked = matches!(finished.reason, Reason::Panicked { .. });
            (finished.outcome, if panicked { Exit::Internal } else { Exit::Done })
        }
    };
    crate::report::warn_of_change(&outcome, &scenario, &simulation.scenario);
    let found = match view::comparison(&outcome, &a, &b) {
        Ok(found) => found,
        Err(message) => {
            complain(&format!("error: {message}"));
            return Ok(Exit::Usage);
        }
    };
    args.answer.give(&found, simulation.quiet)?;
    Ok(exit)
}
