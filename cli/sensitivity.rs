//! `drsim sensitivity`: which assumption decides?

use crate::args::{Format, Simulation};
use crate::exit_code::Exit;
use crate::run::{checked, interruptible, page, prices_of, share_bar, unusable, wrote};
use crate::sweep::{effort, refused};
use crate::{complain, print};
use clap::Args;
use drsim_experiment::decide::sensitivity::sensitivity as simulate;
use drsim_experiment::decide::sobol::{Detail, detail as all_at_once};
use drsim_report::{sensitivity as report, sobol};
use std::path::PathBuf;

/// What to ask.
#[derive(Args, Debug)]
pub struct Sensitivity {
    /// What to simulate and how; -n: years of each end of each range, 10,000 without it
    #[command(flatten)]
    pub simulation: Simulation,
    /// The claim whose share of cases is asked for
    #[arg(long, value_name = "NAME")]
    pub claim: String,
    /// The design; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// All ranges at once: Sobol's first-order and total indices, and what to measure next; -n: years of each row, 2,000
    /// without it
    #[arg(long)]
    pub detail: bool,
    /// Rows of each of the two samples of --detail; there are ROWS x (2 + inputs) evaluations
    #[arg(long, value_name = "ROWS", default_value_t = drsim_experiment::decide::sobol::ROWS)]
    #[arg(value_parser = clap::value_parser!(u64).range(8..=100_000))]
    pub rows: u64,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write sensitivity.csv, sensitivity.json and plots there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub fn sensitivity(args: &Sensitivity) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(loaded) = checked(simulation) else { return Ok(Exit::Invalid) };
    if simulation.precision.is_some() {
        complain("error: sensitivity takes a number of years (-n), no --precision");
        return Ok(Exit::Usage);
    }
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let cancel = interruptible(None)?;
    let bar = share_bar(simulation.quiet, "the inputs");
    let told = |share: f64| bar.set_position((1000.0 * share) as u64);
    let architecture = args.architecture.as_deref();
    let effort = effort(simulation, 0.0);
    if args.detail {
        let found = all_at_once(&loaded.scenario, &args.claim, architecture, args.rows, &effort, &cancel, told);
        bar.finish_and_clear();
        return match found {
            Ok(mut found) => {
                found.command = found.command_from(&loaded.source, &effort) + &prices_of(simulation);
                detailed(args, &found)
            }
            Err(failure) => Ok(refused(failure)),
        };
    }
    let found = simulate(&loaded.scenario, &args.claim, architecture, &effort, &cancel, told);
    bar.finish_and_clear();
    let mut found = match found {
        Ok(found) => found,
        Err(failure) => return Ok(refused(failure)),
    };
    found.command = found.command_from(&loaded.source, &effort) + &prices_of(simulation);
    if let Some(dir) = &args.out {
        wrote(&report::write_all(&found, dir)?, dir, args.simulation.quiet);
    }
    let (width, colour) = page();
    print(&match args.format {
        Format::Text | Format::Table => report::text(&found, width, colour),
        Format::Md => report::markdown(&found),
        Format::Json => report::json(&found)?,
        Format::Csv => report::csv(&found)?,
    })
}

fn detailed(args: &Sensitivity, found: &Detail) -> anyhow::Result<Exit> {
    if let Some(dir) = &args.out {
        wrote(&sobol::write_all(found, dir)?, dir, args.simulation.quiet);
    }
    let (width, colour) = page();
    print(&match args.format {
        Format::Text | Format::Table => sobol::text(found, width, colour),
        Format::Md => sobol::markdown(found),
        Format::Json => sobol::json(found)?,
        Format::Csv => sobol::csv(found)?,
    })
}
