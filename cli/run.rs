//! `drsim run`: simulate, print the answer, write the files.

use crate::args::{Format, Language, Run, Simulation};
use crate::ask::{doubted, further};
use crate::exit_code::Exit;
use crate::{complain, print};
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::run::{Finished, Options, Progress, Reason, run as simulate};
use drsim_experiment::scenario::Scenario;
use drsim_experiment::scenario_file::Loaded;
use drsim_report::{IncidentsWriter, RunRecord, files};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub fn run(args: &Run) -> anyhow::Result<Exit> {
    let simulation = &args.simulation;
    if let (Some(shard), Some(out)) = (args.shard, &args.out) {
        return crate::shard::run(simulation, shard, out);
    }
    let Some(loaded) = checked(simulation) else { return Ok(Exit::Invalid) };
    // Find out before the simulation, not after, that there is no place for its results.
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    let rows = args.out.as_deref().map(|dir| (dir, args.incidents.as_str()));
    let mut finished = simulated(simulation, &loaded.scenario, rows)?;
    if args.out.is_some() && !args.no_what_if {
        doubted(&mut finished.outcome, simulation.jobs, simulation.quiet)?;
    }
    if let Reason::Panicked { replication, message } = &finished.reason {
        complain(&format!(
            "internal error: replication {replication} (seed {}) panicked: {message}\n\
             results cover the {} replications before it",
            simulation.seed, finished.outcome.manifest.replications
        ));
    }
    if let Some(dir) = &args.out {
        let further = if args.no_what_if {
            WhatIf::default()
        } else {
            further(&loaded, &finished.outcome.manifest, simulation.jobs, simulation.quiet)?
        };
        let record = record(simulation.jobs, &finished);
        let written = drsim_report::write_all(&finished.outcome, &further, dir, &record, args.lang.into())?;
        if !simulation.quiet {
            complain(&format!("wrote {} files and {} to {}", written.len(), args.incidents, dir.display()));
        }
    }
    present(&finished.outcome, args.format, args.lang)?;
    Ok(if matches!(finished.reason, Reason::Panicked { .. }) { Exit::Internal } else { Exit::Done })
}

/// Prints an outcome.
pub fn present(outcome: &Outcome, format: Format, lang: Language) -> anyhow::Result<Exit> {
    let ((width, colour), lang) = (page(), lang.into());
    print(&match format {
        Format::Text => drsim_report::render(outcome, lang, width, colour),
        Format::Table => drsim_report::render_table(outcome, lang, width, colour),
        Format::Md => drsim_report::render_markdown(outcome, lang),
        Format::Json => drsim_report::json::results(outcome)?,
        Format::Csv => drsim_report::csv::metrics(outcome)?,
    })
}

/// Whether nothing can be written where it is asked for; says so.
pub fn unusable(out: Option<&Path>) -> bool {
    let Some(Err(error)) = out.map(files::directory) else { return false };
    complain(&format!("error: {error}"));
    true
}

/// Says how many files went where.
pub fn wrote(files: &[PathBuf], dir: &Path, quiet: bool) {
    if !quiet {
        complain(&format!("wrote {} files to {}", files.len(), dir.display()));
    }
}

/// Columns of what is printed, and whether it may have colours.
pub fn page() -> (usize, bool) {
    let terminal = io::stdout().is_terminal();
    let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    (if terminal { terminal_width() } else { 100 }, colour)
}

/// The scenario of a simulation; its problems and warnings are on stderr.
pub fn loaded(args: &Simulation) -> Option<Scenario> {
    checked(args).map(|loaded| loaded.scenario)
}

/// The same, with what it was read from.
pub fn checked(args: &Simulation) -> Option<Loaded> {
    match drsim_experiment::scenario_file::load(&args.scenario, &args.set) {
        Ok(mut loaded) => {
            if !args.quiet && !loaded.warnings.is_empty() {
                complain(loaded.warnings.to_string().trim_end());
            }
            if let Some(prices) = &args.prices {
                loaded.scenario = drsim_experiment::scenario_file::with_prices(loaded.scenario, prices)
                    .map_err(|problems| complain(problems.to_string().trim_end()))
                    .ok()?;
            }
            Some(loaded)
        }
        Err(problems) => {
            complain(problems.to_string().trim_end());
            None
        }
    }
}

/// Simulates, with a progress bar, until done, decided or interrupted; writes the incidents into a directory, under a name
/// that says the format, on the way.
pub fn simulated(args: &Simulation, scenario: &Scenario, out: Option<(&Path, &str)>) -> anyhow::Result<Finished> {
    let options = Options {
        seed: args.seed,
        replications: args.runs,
        precision: args.precision,
        confidence: args.confidence,
        threads: args.jobs.map(usize::from),
        command: command(args),
    };
    let cancel = interruptible(out.map(|(dir, name)| IncidentsWriter::part_path(dir, name)))?;
    let bar = progress_bar(args.quiet);
    let told = |progress: Progress| tell(&bar, progress);
    let finished = match out {
        None => simulate(scenario, &options, &cancel, told, None)?,
        Some((dir, name)) => {
            let mut writer = IncidentsWriter::create(dir, name)?;
            let mut write = |row: &IncidentRow| writer.write(row).map_err(io::Error::other);
            let finished = simulate(scenario, &options, &cancel, told, Some(&mut write))?;
            writer.finish()?;
            finished
        }
    };
    bar.finish_and_clear();
    if finished.reason == Reason::Cancelled {
        complain(&format!("interrupted: results cover {} simulated years", finished.outcome.manifest.replications));
    }
    Ok(finished)
}

/// Raised by Ctrl-C, which ends at the next block and keeps what is complete; a second one ends at once and removes the
/// unfinished file. One flag for the whole process: what comes after an interrupted run is not begun.
pub fn interruptible(unfinished: Option<PathBuf>) -> anyhow::Result<Arc<AtomicBool>> {
    static RAISED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);
    let part = || UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    *part() = unfinished;
    if let Some(known) = RAISED.get() {
        return Ok(Arc::clone(known));
    }
    let raised = Arc::clone(RAISED.get_or_init(Arc::default));
    let cancel = Arc::clone(&raised);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            if let Some(part) = &*part() {
                _ = std::fs::remove_file(part);
            }
            std::process::exit(130);
        }
    })?;
    Ok(cancel)
}

/// Shows how far it came.
pub fn tell(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.most);
    bar.set_position(progress.done);
}

/// A progress bar, hidden off a terminal.
pub fn progress_bar(quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() }; // hidden off a terminal
    let bar = ProgressBar::with_draw_target(None, target);
    let style = "{bar:30} {human_pos} of at most {human_len} simulated years, {elapsed} passed, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).expect("the template is well-formed"));
    bar
}

/// The command that gives the same data files: what changes them, and nothing else.
pub fn command(args: &Simulation) -> String {
    let file = args.scenario.display().to_string();
    drsim_experiment::run::command(&file, &args.set, args.seed, args.confidence) + &prices_of(args)
}

/// The part of a command that names a price book.
pub fn prices_of(args: &Simulation) -> String {
    args.prices.as_ref().map_or(String::new(), |prices| format!(" --prices {}", prices.display()))
}

/// How it went, for `run.json`.
pub fn record(jobs: Option<u16>, finished: &Finished) -> RunRecord {
    let seconds = finished.wall.as_secs_f64();
    RunRecord {
        incomplete: matches!(finished.reason, Reason::Cancelled | Reason::Panicked { .. }),
        stopped_because: finished.reason.to_string(),
        command: std::env::args().collect::<Vec<_>>().join(" "),
        wall_seconds: seconds,
        host: host(),
        threads: jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        incidents_per_second: finished.incidents as f64 / seconds,
        events_per_second: finished.events as f64 / seconds,
    }
}

fn host() -> String {
    let name = std::fs::read_to_string(Path::new("/etc/hostname")).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "unknown".into() } else { name.into() }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).clamp(80, 100)
}
