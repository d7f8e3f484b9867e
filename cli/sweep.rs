//! `drsim sweep`: what if a field had another value?

use crate::ask::Ask;
use crate::complain;
use crate::exit_code::Exit;
use crate::run::prices_of;
use clap::Args;
use drsim_experiment::decide::sweep::{PRECISION, Question, sweep as simulate};
use drsim_experiment::decide::vary::Axis;

/// What to sweep.
#[derive(Args, Debug)]
pub struct Sweep {
    /// The question
    #[command(flatten)]
    pub ask: Ask,
    /// A field and its values: PATH=A..B:N, PATH=A..B:N:log or PATH=a,b,c; once gives a curve, twice a map. A PATH that
    /// ends in .* scales a whole distribution
    #[arg(long, value_name = "PATH=VALUES", value_parser = Axis::read, required = true)]
    pub vary: Vec<Axis>,
    /// The claim whose share of cases is asked for; repeatable
    #[arg(long, value_name = "NAME", required_unless_present = "metric")]
    pub claim: Vec<String>,
    /// A metric of metrics.csv, such as "`recovery_time_seconds` read p95"; repeatable
    #[arg(long, value_name = "NAME")]
    pub metric: Vec<String>,
    /// The design; repeatable; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Vec<String>,
}

pub fn sweep(args: &Sweep) -> anyhow::Result<Exit> {
    let simulation = &args.ask.simulation;
    if args.vary.len() > 2 {
        complain("error: --vary may be given once (a curve) or twice (a map)");
        return Ok(Exit::Usage);
    }
    let question = Question {
        axes: args.vary.clone(),
        claims: args.claim.clone(),
        metrics: args.metric.clone(),
        architectures: args.architecture.clone(),
    };
    let found = args.ask.find("the settings", PRECISION, |loaded, means| {
        simulate(&loaded.source, &question, &means.effort, means.cancel, means.told)
    })?;
    let mut found = match found {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    found.command.push_str(&prices_of(simulation));
    if !simulation.quiet {
        found.warnings.iter().for_each(|warning| complain(&format!("warning: {warning}")));
    }
    if found.is_cut() {
        complain("interrupted: settings that were not begun are missing, others are less precise");
    }
    args.ask.answer.give(&found, simulation.quiet)
}
