//! `drsim check`: the claims of one design as a gate.

use crate::args::{Check, CheckFormat};
use crate::exit_code::Exit;
use crate::run::{loaded, page, simulated};
use crate::{complain, print};
use drsim_experiment::run::Reason;
use drsim_experiment::scenario::ClaimMetric;
use drsim_report::against;
use drsim_report::check::{self, Gate};

pub fn check(args: &Check) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(mut scenario) = loaded(simulation) else { return Ok(Exit::Invalid) };
    let before = match args.against.as_deref().map(crate::report::read_file) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(message)) => {
            complain(&format!("{message}\n  hint: drsim run SCENARIO --out DIR writes one"));
            return Ok(Exit::Invalid);
        }
    };
    let whole = scenario.clone();
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
    // Other designs share its chance but not its verdict; only a premium needs the baseline.
    let compared = scenario.claims.iter().any(|c| c.metric == ClaimMetric::DrPremium) && scenario.baseline != judged;
    let kept = |i: &usize| *i == judged || compared && *i == scenario.baseline;
    let kept: Vec<usize> = (0..names.len()).filter(kept).collect();
    let at = |index: usize| kept.iter().position(|k| *k == index).unwrap_or(0);
    (scenario.proposed, scenario.baseline) = (at(judged), at(scenario.baseline));
    scenario.architectures = kept.iter().map(|i| scenario.architectures[*i].clone()).collect();
    let mut finished = simulated(simulation, &scenario, None)?;
    finished.outcome.claims.retain(|claim| claim.architecture == names[judged]);
    if let Reason::Panicked { replication, message } = &finished.reason {
        complain(&format!("internal error: replication {replication} (seed {}) panicked: {message}", simulation.seed));
        return Ok(Exit::Internal);
    }
    let (outcome, lang) = (&finished.outcome, args.lang.into());
    let changes = before.as_ref().map(|before| against::changes(before, &whole, outcome));
    print(&match args.format {
        CheckFormat::Table => {
            check::table(outcome, lang, page().1) + &changes.map_or_else(String::new, |c| against::table(&c, lang))
        }
        CheckFormat::Junit => check::junit(outcome)?,
        CheckFormat::Md => {
            check::markdown(outcome, lang) + &changes.map_or_else(String::new, |c| against::markdown(&c, lang))
        }
        CheckFormat::Json => match changes {
            Some(changes) => against::json(outcome, &changes)?,
            None => check::json(outcome)?,
        },
    })?;
    Ok(match check::gate(outcome) {
        Gate::Open => Exit::Done,
        Gate::Undecided => Exit::Undecided,
        Gate::Refuted => Exit::Refuted,
    })
}
