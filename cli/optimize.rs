//! `drsim optimize`: the cheapest setting that meets every claim.

use crate::ask::Ask;
use crate::complain;
use crate::exit_code::Exit;
use clap::Args;
use drsim_experiment::decide::optimize::optimize as search;
use drsim_experiment::decide::search::Ruling;
use drsim_experiment::decide::vary::Axis;

/// What to choose from.
#[derive(Args, Debug)]
pub struct Optimize {
    /// The question; -n: years of each setting at most, 64,000 without it
    #[command(flatten)]
    pub ask: Ask,
    /// A field and its values: PATH=a,b,c or PATH=A..B:N; repeatable; without it: the front doors, and what each allows of
    /// TTL, check interval, who decides, standby share, quotas, RTC and copy streams
    #[arg(long, value_name = "PATH=VALUES", value_parser = Axis::read)]
    pub vary: Vec<Axis>,
    /// The design; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
}

pub fn optimize(args: &Optimize) -> anyhow::Result<Exit> {
    let simulation = &args.ask.simulation;
    if simulation.precision.is_some() || simulation.prices.is_some() {
        complain("error: optimize takes a number of years (-n), no --precision and no --prices");
        return Ok(Exit::Usage);
    }
    let choice = (args.vary.as_slice(), args.architecture.as_deref());
    let found = args.ask.find("the settings", 0.0, |loaded, means| {
        let mut found = search(&loaded.source, choice, &means.effort, means.cancel, means.told)?;
        found.command = found.command_from(&loaded.source, &means.effort);
        Ok(found)
    })?;
    let found = match found {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    args.ask.answer.give(&found, simulation.quiet)?;
    let undecided = found.candidates.iter().any(|c| !matches!(c.ruling, Ruling::Refuted { .. }));
    Ok(match found.best {
        Some(_) => Exit::Done,
        None if undecided => Exit::Undecided,
        None => Exit::Refuted,
    })
}
