//! `drsim sensitivity`: which assumption decides?

use crate::ask::Ask;
use crate::complain;
use crate::exit_code::Exit;
use crate::run::prices_of;
use clap::Args;
use drsim_experiment::decide::sensitivity::sensitivity as simulate;
use drsim_experiment::decide::sobol::{ROWS, detail};

/// What to ask.
#[derive(Args, Debug)]
pub struct Sensitivity {
    /// The question; -n: years of each end of each range, 10,000 without it
    #[command(flatten)]
    pub ask: Ask,
    /// The claim whose share of cases is asked for; repeatable; without it: every claim that is simulated
    #[arg(long, value_name = "NAME")]
    pub claim: Vec<String>,
    /// The design; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// All ranges at once, for one claim: Sobol's first-order and total indices, what to measure next and what that is worth;
    /// -n: years of each row, 2,000 without it
    #[arg(long, requires = "claim")]
    pub detail: bool,
    /// Rows of each of the two samples of --detail; there are ROWS x (2 + inputs) evaluations
    #[arg(long, value_name = "ROWS", default_value_t = ROWS)]
    #[arg(value_parser = clap::value_parser!(u64).range(8..=100_000))]
    pub rows: u64,
}

pub fn sensitivity(args: &Sensitivity) -> anyhow::Result<Exit> {
    let (simulation, answer) = (&args.ask.simulation, &args.ask.answer);
    if simulation.precision.is_some() {
        complain("error: sensitivity takes a number of years (-n), no --precision");
        return Ok(Exit::Usage);
    }
    let design = args.architecture.as_deref();
    let prices = prices_of(simulation);
    if args.detail {
        let [claim] = args.claim.as_slice() else {
            complain("error: --detail takes one --claim");
            return Ok(Exit::Usage);
        };
        let found = args.ask.find("the rows", 0.0, |loaded, means| {
            let mut found =
                detail(&loaded.scenario, claim, design, args.rows, &means.effort, means.cancel, means.told)?;
            found.command = found.command_from(&loaded.source, &means.effort) + &prices;
            Ok(found)
        })?;
        return found.map_or_else(Ok, |found| answer.give(&found, simulation.quiet));
    }
    let found = args.ask.find("the inputs", 0.0, |loaded, means| {
        let mut found = simulate(&loaded.scenario, &args.claim, design, &means.effort, means.cancel, means.told)?;
        found.command = found.command_from(&loaded.source, &means.effort) + &prices;
        Ok(found)
    })?;
    found.map_or_else(Ok, |found| answer.give(&found, simulation.quiet))
}
