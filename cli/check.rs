//! `drsim check`: the claims of one design as a gate.

use crate::args::{Check, CheckFormat};
use crate::exit_code::Exit;
use crate::run::{loaded, simulated};
use crate::{complain, print};
use drsim_experiment::run::Reason;
use drsim_report::check::{self, Gate};

pub fn check(args: &Check) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(mut scenario) = loaded(simulation) else { return Ok(Exit::Invalid) };
    let names: Vec<String> = scenario.architectures.iter().map(|a| a.name.clone()).collect();
    let judged = match &args.architecture {
        None => scenario.proposed,
        Some(name) => match names.iter().position(|n| n == name) {
            Some(index) => index,
            None => {
                complain(&format!("error: no architecture `{name}`; there are: {}", names.join(", ")));
                return Ok(Exit::Usage);
            }
        },
    };
    if scenario.claims.is_empty() {
        complain(&format!("error: {} claims nothing; add a table [claims]", simulation.scenario.display()));
        return Ok(Exit::Invalid);
    }
    // Alone: other designs share its chance but not its verdict.
    scenario.architectures = vec![scenario.architectures.swap_remove(judged)];
    (scenario.proposed, scenario.baseline) = (0, 0);
    let finished = simulated(simulation, &scenario, None)?;
    if let Reason::Panicked { replication, message } = &finished.reason {
        complain(&format!("internal error: replication {replication} (seed {}) panicked: {message}", simulation.seed));
        return Ok(Exit::Internal);
    }
    let outcome = &finished.outcome;
    print(&match args.format {
        CheckFormat::Table => check::table(outcome),
        CheckFormat::Junit => check::junit(outcome)?,
        CheckFormat::Md => check::markdown(outcome),
        CheckFormat::Json => check::json(outcome)?,
    })?;
    Ok(match check::gate(outcome) {
        Gate::Open => Exit::Done,
        Gate::Undecided => Exit::Undecided,
        Gate::Refuted => Exit::Refuted,
    })
}
