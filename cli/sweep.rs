//! `drsim sweep`: what if a field had another value?

use crate::args::{Format, Simulation};
use crate::exit_code::Exit;
use crate::run::{interruptible, page, prices_of, share_bar, unusable, wrote};
use crate::{complain, print};
use clap::Args;
use drsim_experiment::decide::settings::Effort;
use drsim_experiment::decide::sweep::{Failure, PRECISION, Question, sweep as simulate};
use drsim_experiment::decide::vary::Axis;
use drsim_experiment::scenario_file;
use drsim_report::sweep as report;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// What to sweep.
#[derive(Args, Debug)]
pub struct Sweep {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
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
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write sweep.csv, sweep.json and plots there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub fn sweep(args: &Sweep) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    if args.vary.len() > 2 {
        complain("error: --vary may be given once (a curve) or twice (a map)");
        return Ok(Exit::Usage);
    }
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let question = Question {
        axes: args.vary.clone(),
        claims: args.claim.clone(),
        metrics: args.metric.clone(),
        architectures: args.architecture.clone(),
    };
    let effort = effort(simulation, PRECISION);
    let cancel = interruptible(None)?;
    let bar = share_bar(simulation.quiet, "the settings");
    let told = |share: f64| bar.set_position((1000.0 * share) as u64);
    let found = scenario_file::load(&simulation.scenario, &simulation.set)
        .map_err(Failure::Scenario)
        .and_then(|loaded| simulate(&loaded.source, &question, &effort, &cancel, told));
    bar.finish_and_clear();
    let mut found = match found {
        Ok(found) => found,
        Err(failure) => return Ok(refused(failure)),
    };
    found.command.push_str(&prices_of(simulation));
    if !simulation.quiet {
        found.warnings.iter().for_each(|warning| complain(&format!("warning: {warning}")));
    }
    if cancel.load(Ordering::Relaxed) {
        complain("interrupted: settings that were not begun are missing, others are less precise");
    }
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

/// How hard to try, as the command line says.
pub fn effort(args: &Simulation, precision: f64) -> Effort {
    Effort {
        seed: args.seed,
        replications: args.runs,
        precision: args.precision.unwrap_or(precision),
        confidence: args.confidence,
        threads: args.jobs.map(usize::from),
    }
}

/// Says why there is nothing to print.
pub fn refused(failure: Failure) -> Exit {
    let (text, exit) = match failure {
        Failure::Scenario(problems) => (problems.to_string(), Exit::Invalid),
        Failure::Usage(message) => (format!("error: {message}"), Exit::Usage),
        Failure::Internal(message) => (format!("internal error: {message}"), Exit::Internal),
    };
    complain(text.trim_end());
    exit
}
