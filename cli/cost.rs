//! `drsim cost`: the money of the same outcome.

use crate::args::{Format, Language, Simulation};
use crate::exit_code::Exit;
use crate::run::{loaded, page, simulated};
use crate::{complain, print};
use drsim_experiment::run::Reason;
use drsim_report::{costs, money};

/// What to price.
#[derive(clap::Args, Debug)]
pub struct Cost {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// What to print; csv gives every line (costs.csv)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Language of what is printed
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

pub fn cost(args: &Cost) -> anyhow::Result<Exit> {
    let Some(scenario) = loaded(&args.simulation) else { return Ok(Exit::Invalid) };
    let finished = simulated(&args.simulation, &scenario, None)?;
    let outcome = &finished.outcome;
    let ((width, colour), lang) = (page(), args.lang.into());
    print(&match args.format {
        Format::Text | Format::Table => money::render(outcome, lang, width, colour),
        Format::Md => money::markdown(outcome, lang),
        Format::Json => money::json(outcome)?,
        Format::Csv => costs::costs(outcome)?,
    })?;
    if let Reason::Panicked { replication, message } = &finished.reason {
        complain(&format!("internal error: replication {replication} panicked: {message}"));
        return Ok(Exit::Internal);
    }
    Ok(Exit::Done)
}
