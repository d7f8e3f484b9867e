//! `drsim optimize`: the cheapest setting that meets every claim.

use crate::args::{Format, Simulation};
use crate::exit_code::Exit;
use crate::run::{checked, interruptible, page, share_bar, unusable, wrote};
use crate::sweep::{effort, refused};
use crate::{complain, print};
use clap::Args;
use drsim_experiment::decide::optimize::optimize as search;
use drsim_experiment::decide::search::Ruling;
use drsim_experiment::decide::vary::Axis;
use drsim_report::optimize as report;
use std::path::PathBuf;

/// What to choose from.
#[derive(Args, Debug)]
pub struct Optimize {
    /// What to simulate and how; -n: years of each setting at most, 64,000 without it
    #[command(flatten)]
    pub simulation: Simulation,
    /// A field and its values: PATH=a,b,c or PATH=A..B:N; repeatable; without it: what the design's kind allows of TTL,
    /// check interval, who decides, standby share, RTC and copy streams
    #[arg(long, value_name = "PATH=VALUES", value_parser = Axis::read)]
    pub vary: Vec<Axis>,
    /// The design; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write optimize.csv and optimize.json there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub fn optimize(args: &Optimize) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    if simulation.precision.is_some() || simulation.prices.is_some() {
        complain("error: optimize takes a number of years (-n), no --precision and no --prices");
        return Ok(Exit::Usage);
    }
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let Some(loaded) = checked(simulation) else { return Ok(Exit::Invalid) };
    let cancel = interruptible(None)?;
    let bar = share_bar(simulation.quiet, "the settings");
    let told = |share: f64| bar.set_position((1000.0 * share) as u64);
    let choice = (args.vary.as_slice(), args.architecture.as_deref());
    let effort = effort(simulation, 0.0);
    let found = search(&loaded.source, choice, &effort, &cancel, told);
    bar.finish_and_clear();
    let mut found = match found {
        Ok(found) => found,
        Err(failure) => return Ok(refused(failure)),
    };
    found.command = found.command_from(&loaded.source, &effort);
    if let Some(dir) = &args.out {
        wrote(&report::write_all(&found, dir)?, dir, args.simulation.quiet);
    }
    let (width, colour) = page();
    print(&match args.format {
        Format::Text | Format::Table => report::text(&found, width, colour),
        Format::Md => report::markdown(&found),
        Format::Json => report::json(&found)?,
        Format::Csv => report::csv(&found)?,
    })?;
    let undecided = found.candidates.iter().any(|c| !matches!(c.ruling, Ruling::Refuted { .. }));
    Ok(match found.best {
        Some(_) => Exit::Done,
        None if undecided => Exit::Undecided,
        None => Exit::Refuted,
    })
}
