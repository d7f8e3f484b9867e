//! `drsim report`: the document for a review, from a simulation or from a finished run.

use crate::args::Simulation;
use crate::complain;
use crate::exit_code::Exit;
use crate::run::{doubted, loaded, simulated, unusable};
use clap::{Args, ValueEnum};
use drsim_experiment::outcome::Outcome;
use drsim_experiment::run::Reason;
use drsim_experiment::scenario::Scenario;
use drsim_report::{Lang, files, json};
use std::path::{Path, PathBuf};

/// What to report on.
#[derive(Args, Debug)]
pub struct Report {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// Read the finished run in this directory instead of simulating
    #[arg(long, value_name = "DIR", conflicts_with_all = ["runs", "precision", "seed", "confidence", "jobs"])]
    pub from: Option<PathBuf>,
    /// Where to write report.html; without it: beside the finished run, or here
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

/// What `--lang` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    En,
    /// Spanish
    Es,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Es => Self::Es,
        }
    }
}

pub fn report(args: &Report) -> anyhow::Result<Exit> {
    let Some(scenario) = loaded(&args.simulation) else { return Ok(Exit::Invalid) };
    let dir = args.out.clone().or_else(|| args.from.clone()).unwrap_or_else(|| PathBuf::from("."));
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let (outcome, exit) = match &args.from {
        Some(from) => match read(from) {
            Ok(outcome) => (outcome, Exit::Done),
            Err(message) => {
                complain(&message);
                return Ok(Exit::Invalid);
            }
        },
        None => {
            let mut finished = simulated(&args.simulation, &scenario, None)?;
            doubted(&mut finished.outcome, args.simulation.jobs, args.simulation.quiet);
            let panicked = matches!(finished.reason, Reason::Panicked { .. });
            (finished.outcome, if panicked { Exit::Internal } else { Exit::Done })
        }
    };
    warn_of_change(&outcome, &scenario, &args.simulation.scenario);
    let path = dir.join("report.html");
    files::write_whole(&path, drsim_report::page(&outcome, args.lang.into())?.as_bytes())?;
    if !args.simulation.quiet {
        complain(&format!("wrote {}", path.display()));
    }
    Ok(exit)
}

/// Says so where a finished run is of another scenario than the file now holds.
pub fn warn_of_change(outcome: &Outcome, scenario: &Scenario, file: &Path) {
    if outcome.manifest.scenario_digest != scenario.digest {
        complain(&format!(
            "warning: {} has changed since that run; the report shows the run\n         hint: {}",
            file.display(),
            outcome.manifest.command
        ));
    }
}

/// The outcome of a finished run, or what to tell the user.
pub fn read(dir: &Path) -> Result<Outcome, String> {
    let hint = format!("\n  hint: drsim run SCENARIO --out {}", dir.display());
    read_file(&dir.join("results.json")).map_err(|message| message + &hint)
}

/// The outcome in a `results.json`, or what to tell the user.
pub fn read_file(path: &Path) -> Result<Outcome, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("error: cannot read `{}`: {e}", path.display()))?;
    json::read(&text).map_err(|error| format!("error: `{}` is {error}", path.display()))
}
