//! `drsim cost`: the money of the same outcome, and which lines of it moved.

use crate::args::{Format, Language, Simulation};
use crate::ask::doubted;
use crate::exit_code::Exit;
use crate::run::{loaded, page, simulated};
use crate::{complain, print};
use drsim_experiment::outcome::Outcome;
use drsim_experiment::run::Reason;
use drsim_experiment::scenario::Scenario;
use drsim_report::moved::{self, Moved};
use drsim_report::{Lang, costs, money};
use std::path::PathBuf;

/// What to price.
#[derive(clap::Args, Debug)]
pub struct Cost {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// Show which lines moved since an earlier run: its results.json, or its directory
    #[arg(long, value_name = "PATH")]
    pub against: Option<PathBuf>,
    /// Whose lines to show that moved, because of --set, --prices or since --against; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// What to print; csv gives every line (costs.csv), with --against those that moved
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Language of what is printed
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

pub fn cost(args: &Cost) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    let Some(scenario) = loaded(simulation) else { return Ok(Exit::Invalid) };
    let name = match &args.architecture {
        None => scenario.architectures[scenario.proposed].name.clone(),
        Some(name) if scenario.architectures.iter().any(|a| a.name == *name) => name.clone(),
        Some(name) => {
            let names: Vec<&str> = scenario.architectures.iter().map(|a| a.name.as_str()).collect();
            complain(&format!("error: no architecture `{name}`; there are: {}", names.join(", ")));
            return Ok(Exit::Usage);
        }
    };
    let before = match args.against.as_deref().map(earlier) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(message)) => {
            complain(&format!("{message}\n  hint: drsim run SCENARIO --out DIR writes one"));
            return Ok(Exit::Invalid);
        }
    };
    let mut finished = simulated(simulation, &scenario, None)?;
    let outcome = &mut finished.outcome;
    if let Some(before) = before {
        print(&shown(outcome, &moved::since(&before, outcome, &name), args.format, args.lang.into())?)?;
    } else {
        if args.format != Format::Csv {
            doubted(outcome, simulation.jobs, simulation.quiet)?;
        }
        let ((width, colour), lang) = (page(), args.lang.into());
        let moved = unchanged(simulation).and_then(|plain| moved::from_file(&plain, outcome, &name));
        let also =
            |words: &dyn Fn(&Moved) -> String| moved.as_ref().map_or_else(String::new, |m| format!("\n{}", words(m)));
        print(&match args.format {
            Format::Text | Format::Table => {
                money::render(outcome, lang, width, colour) + &also(&|m| moved::text(outcome, m, lang, width, colour))
            }
            Format::Md => money::markdown(outcome, lang) + &also(&|m| moved::markdown(outcome, m, lang)),
            Format::Json => money::json(outcome)?,
            Format::Csv => costs::costs(outcome)?,
        })?;
    }
    if let Reason::Panicked { replication, message } = &finished.reason {
        complain(&format!("internal error: replication {replication} panicked: {message}"));
        return Ok(Exit::Internal);
    }
    Ok(Exit::Done)
}

/// What moved, on its own.
fn shown(outcome: &Outcome, moved: &Moved, format: Format, lang: Lang) -> anyhow::Result<String> {
    let (width, colour) = page();
    Ok(match format {
        Format::Text | Format::Table => moved::text(outcome, moved, lang, width, colour),
        Format::Md => moved::markdown(outcome, moved, lang),
        Format::Json => moved::json(moved)?,
        Format::Csv => moved::csv(moved)?,
    })
}

/// The outcome of an earlier run.
fn earlier(path: &std::path::Path) -> Result<Outcome, String> {
    if path.is_dir() { crate::report::read(path) } else { crate::report::read_file(path) }
}

/// The scenario as it stands in its file, where the command line changes it; nothing if it cannot be read so.
fn unchanged(args: &Simulation) -> Option<Scenario> {
    let changed = !args.set.is_empty() || args.prices.is_some();
    let plain = || drsim_experiment::scenario_file::load(&args.scenario, &[]).ok();
    changed.then(plain)?.map(|loaded| loaded.scenario)
}
