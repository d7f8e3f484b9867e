//! What the verbs that ask "what if?" have in common: their arguments, how hard to try, progress, Ctrl-C, the answer.

use crate::args::{Answer, Format, Simulation};
use crate::exit_code::Exit;
use crate::run::{checked, interruptible, page, unusable, wrote};
use crate::{complain, print};
use clap::Args;
use drsim_experiment::decide::settings::Effort;
use drsim_experiment::decide::sweep::Failure;
use drsim_experiment::decide::what_if::{WhatIf, what_if};
use drsim_experiment::outcome::{Manifest, Outcome};
use drsim_experiment::scenario_file::Loaded;
use drsim_report::View;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};

/// A question over many settings.
#[derive(Args, Debug)]
pub struct Ask {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// What to do with the answer
    #[command(flatten)]
    pub answer: Answer,
}

/// What a search may use.
pub struct Means<'a> {
    pub effort: Effort,
    pub cancel: &'a AtomicBool,
    /// Is told the share done.
    pub told: &'a (dyn Fn(f64) + Sync),
}

impl Ask {
    /// Loads the scenario and finds the answer; `Err`: how to end instead, which was said. `what` is counted by the bar.
    pub fn find<T>(
        &self,
        what: &str,
        precision: f64,
        find: impl FnOnce(&Loaded, Means<'_>) -> Result<T, Failure>,
    ) -> anyhow::Result<Result<T, Exit>> {
        // Find out before the work, not after, that there is no place for its results.
        if unusable(self.answer.out.as_deref()) {
            return Ok(Err(Exit::Usage));
        }
        let Some(loaded) = checked(&self.simulation) else { return Ok(Err(Exit::Invalid)) };
        let cancel = interruptible(None)?;
        let bar = share_bar(self.simulation.quiet, what);
        let told = |share: f64| bar.set_position((1000.0 * share) as u64);
        let effort = effort(&self.simulation, precision);
        let found = find(&loaded, Means { effort, cancel: &cancel, told: &told });
        bar.finish_and_clear();
        Ok(found.map_err(refused))
    }
}

impl Answer {
    /// Writes the files, if asked for, and prints.
    pub fn give(&self, found: &impl View, quiet: bool) -> anyhow::Result<Exit> {
        let lang = self.lang.into();
        if let Some(dir) = &self.out {
            wrote(&found.write_all(dir, lang)?, dir, quiet);
        }
        let (width, colour) = page();
        print(&match self.format {
            Format::Text | Format::Table => found.text(lang, width, colour),
            Format::Md => found.markdown(lang),
            Format::Json => found.json()?,
            Format::Csv => found.csv()?,
        })
    }
}

/// How hard to try, as the command line says.
fn effort(args: &Simulation, precision: f64) -> Effort {
    Effort {
        seed: args.seed,
        replications: args.runs,
        precision: args.precision.unwrap_or(precision),
        confidence: args.confidence,
        threads: args.jobs.map(usize::from),
    }
}

/// Says why there is nothing to print.
fn refused(failure: Failure) -> Exit {
    let (text, exit) = match failure {
        Failure::Scenario(problems) => (problems.to_string(), Exit::Invalid),
        Failure::Usage(message) => (format!("error: {message}"), Exit::Usage),
        Failure::Internal(message) => (format!("internal error: {message}"), Exit::Internal),
    };
    complain(text.trim_end());
    exit
}

/// What the report of a run asks beyond it, with a bar; nothing where that was interrupted or refused, which is said.
pub fn further(loaded: &Loaded, run: &Manifest, jobs: Option<u16>, quiet: bool) -> anyhow::Result<WhatIf> {
    let cancel = interruptible(None)?;
    let bar = share_bar(quiet, "the what-ifs of the report");
    let effort = Effort {
        seed: run.seed,
        replications: Some(run.replications),
        precision: 0.0,
        confidence: run.confidence,
        threads: jobs.map(usize::from),
    };
    let found = what_if(loaded, &effort, &cancel, |share| bar.set_position((1000.0 * share) as u64));
    bar.finish_and_clear();
    if cancel.load(Ordering::Relaxed) {
        complain("interrupted: the report is without the sections that take further runs");
    }
    Ok(found.unwrap_or_else(|failure| {
        refused(failure);
        WhatIf::default()
    }))
}

/// Looks at what nobody vouches for, for whoever reads more than the first screen; not where that was interrupted.
pub fn doubted(outcome: &mut Outcome, jobs: Option<u16>, quiet: bool) -> anyhow::Result<()> {
    let cancel = interruptible(None)?;
    let bar = share_bar(quiet, "unverified inputs");
    let told = |share: f64| bar.set_position((1000.0 * share) as u64);
    let found = drsim_experiment::doubts::look(outcome, jobs.map(usize::from), &cancel, told);
    bar.finish_and_clear();
    if let Err(message) = found {
        complain(&format!("internal error: unverified inputs were not tried: {message}"));
    } else if outcome.doubts.is_none() {
        complain("interrupted: what hangs on unverified inputs is not told");
    }
    Ok(())
}

/// A bar for work that is told as a share; hidden off a terminal.
fn share_bar(quiet: bool, what: &str) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(1000), target);
    let style = format!("{{bar:30}} {{percent}} % of {what}, {{elapsed}} passed, {{eta}} left");
    bar.set_style(ProgressStyle::with_template(&style).expect("the template is well-formed"));
    bar
}
