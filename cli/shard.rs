//! `drsim run --shard` and `drsim merge`: one run on several machines.

use crate::args::{Format, Language, Simulation};
use crate::ask::{doubted, further};
use crate::exit_code::Exit;
use crate::run::{checked, command, interruptible, present, progress_bar, record, tell};
use crate::{complain, print};
use clap::Args;
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::IncidentRow;
use drsim_experiment::run::{Finished, Options, Reason};
use drsim_experiment::scenario_file::Loaded;
use drsim_experiment::shard::{self, Parts, Shard, ShardError};
use drsim_report::{INCIDENTS, IncidentsWriter, files};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where a job finds its own number, counted from 0: Kubernetes indexed jobs, AWS Batch array jobs.
const NUMBERS: [&str; 2] = ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];

/// Where it finds how many there are. Kubernetes does not say, so a job template does.
const COUNTS: [&str; 2] = ["DRSIM_SHARDS", "AWS_BATCH_JOB_ARRAY_SIZE"];

/// What `--shard` says.
#[derive(Clone, Copy, Debug)]
pub enum ShardArg {
    /// Number and count.
    Given(Shard),
    /// The number is in the environment, the count perhaps here.
    Auto(Option<u32>),
}

impl FromStr for ShardArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected I/N with 1 <= I <= N, such as 3/8, or auto, or auto/N".to_owned();
        let count = |of: &str| of.parse().ok().filter(|of| (1..=shard::MOST_PARTS).contains(of)).ok_or_else(expected);
        match text.split_once('/') {
            None if text == "auto" => Ok(Self::Auto(None)),
            Some(("auto", of)) => Ok(Self::Auto(Some(count(of)?))),
            Some((number, of)) => {
                let (number, of) = (number.parse().map_err(|_| expected())?, count(of)?);
                if (1..=of).contains(&number) { Ok(Self::Given(Shard { number, of })) } else { Err(expected()) }
            }
            None => Err(expected()),
        }
    }
}

impl ShardArg {
    /// The shard that this process is to simulate.
    fn resolve(self, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
        let first = |names: &[&'static str]| {
            let found = names.iter().find_map(|name| Some((*name, variable(name)?)));
            let whole = |(name, text): (&str, String)| {
                text.parse::<u32>().map_err(|_| format!("{name} is `{text}`; expected a whole number"))
            };
            found.map(whole).transpose()
        };
        let of = match self {
            Self::Given(shard) => return Ok(shard),
            Self::Auto(Some(of)) => of,
            Self::Auto(None) => first(&COUNTS)?.ok_or_else(|| {
                format!("--shard auto does not know how many shards there are: say auto/N, or set {}", COUNTS[0])
            })?,
        };
        let index = first(&NUMBERS)?.ok_or_else(|| {
            format!("--shard auto found neither {} nor {} in the environment", NUMBERS[0], NUMBERS[1])
        })?;
        if index >= of || of > shard::MOST_PARTS {
            return Err(format!("this is job {index}, counted from 0, but there are {of} shards"));
        }
        Ok(Shard { number: index + 1, of })
    }
}

/// Simulates one shard and writes its part: the file `out`, or one named after the shard in the directory `out`.
pub fn run(args: &Simulation, shard: ShardArg, out: &Path) -> anyhow::Result<Exit> {
    let shard = match shard.resolve(|name| std::env::var(name).ok()) {
        Ok(shard) => shard,
        Err(problem) => {
            complain(&format!("error: {problem}"));
            return Ok(Exit::Usage);
        }
    };
    let Some(loaded) = checked(args) else { return Ok(Exit::Invalid) };
    let width = shard.of.to_string().len();
    let path = if out.is_dir() { out.join(format!("part-{:0width$}", shard.number)) } else { out.to_owned() };
    // Find out before the simulation, not after, that there is no place for its results.
    let mut file = match files::Pending::create(&path) {
        Ok(file) => file,
        Err(error) => {
            complain(&format!("error: {error}"));
            return Ok(Exit::Usage);
        }
    };
    let years = args.runs.unwrap_or_default();
    let options = Options {
        seed: args.seed,
        replications: Some(years),
        confidence: args.confidence,
        threads: args.jobs.map(usize::from),
        ..Options::new(command(args))
    };
    let cancel = interruptible(Some(files::part_of(&path)))?;
    let bar = progress_bar(args.quiet);
    let done = shard::run(&loaded, &options, years, shard, &cancel, |progress| tell(&bar, progress), &mut file)?;
    bar.finish_and_clear();
    match done.reason {
        Reason::Panicked { replication, message } => {
            complain(&format!("internal error: replication {replication} (seed {}) panicked: {message}", args.seed));
            Ok(Exit::Internal)
        }
        Reason::Cancelled => {
            complain("interrupted: no part written; run this shard again");
            Ok(Exit::Interrupted)
        }
        _ => {
            file.finish()?;
            let bytes = std::fs::metadata(&path)?.len();
            print(&format!(
                "shard {shard}: {} simulated years, {} incidents, {} bytes in {}\n",
                done.range.end - done.range.start,
                done.incidents,
                bytes,
                path.display()
            ))
        }
    }
}

/// What to merge.
#[derive(Args, Debug)]
pub struct Merge {
    /// The parts that `drsim run --shard` wrote, in any order
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Write results.json, metrics.csv, incidents.csv and plots there, the same bytes as without shards
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Name of the file of incidents in there; incidents.parquet makes it Parquet
    #[arg(long, value_name = "NAME", default_value = INCIDENTS, value_parser = IncidentsWriter::name)]
    pub incidents: String,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Language of what is printed, of report.html and of the plots
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
    /// Leave out what takes further runs: which inputs decide, which of them nobody vouches for, and the map
    #[arg(long)]
    pub no_what_if: bool,
    /// No progress bar and no warnings
    #[arg(long)]
    pub quiet: bool,
}

/// Joins all parts of a run into its results.
pub fn merge(args: &Merge) -> anyhow::Result<Exit> {
    match merged(args) {
        Ok(Ok((mut finished, loaded))) => {
            if args.out.is_some() && !args.no_what_if {
                doubted(&mut finished.outcome, None, args.quiet)?;
            }
            if let Some(dir) = &args.out {
                let further = if args.no_what_if {
                    WhatIf::default()
                } else {
                    further(&loaded, &finished.outcome.manifest, None, args.quiet)?
                };
                let record = record(None, &finished);
                let written = drsim_report::write_all(&finished.outcome, &further, dir, &record, args.lang.into())?;
                if !args.quiet {
                    complain(&format!("wrote {} files and {} to {}", written.len(), args.incidents, dir.display()));
                }
            }
            present(&finished.outcome, args.format, args.lang)
        }
        Ok(Err(error)) => {
            complain(&format!("error: {error}"));
            Ok(Exit::Usage)
        }
        Err(ShardError::Rows(error)) => Err(error.into()),
        Err(error) => {
            complain(&format!("error: {error}"));
            Ok(Exit::Invalid)
        }
    }
}

/// The outcome of all parts and the scenario they share; inner error: there is no place for it.
fn merged(args: &Merge) -> Result<Result<(Finished, Loaded), drsim_report::ReportError>, ShardError> {
    let names: Vec<String> = args.parts.iter().map(|path| path.display().to_string()).collect();
    let parts = Parts::gather(&names, |i| File::open(&args.parts[i]))?;
    if !args.quiet && !parts.loaded.warnings.is_empty() {
        complain(parts.loaded.warnings.to_string().trim_end());
    }
    let bar = progress_bar(args.quiet);
    let Some(dir) = &args.out else {
        let finished = parts.merge(|progress| tell(&bar, progress), None)?;
        return Ok(Ok((finished, parts.loaded)));
    };
    let mut writer = match IncidentsWriter::create(dir, &args.incidents) {
        Ok(writer) => writer,
        Err(error) => return Ok(Err(error)),
    };
    let mut write = |row: &IncidentRow| writer.write(row).map_err(io::Error::other);
    let finished = parts.merge(|progress| tell(&bar, progress), Some(&mut write))?;
    bar.finish_and_clear();
    Ok(writer.finish().map(|_| (finished, parts.loaded)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_given_or_found_in_the_environment() {
        let of = |text: &str, env: &[(&str, &str)]| {
            let arg: ShardArg = text.parse()?;
            let shard = arg.resolve(|name| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))?;
            Ok::<_, String>((shard.number, shard.of))
        };
        assert_eq!(of("3/8", &[]), Ok((3, 8)));
        assert_eq!(of("auto/8", &[("JOB_COMPLETION_INDEX", "0")]), Ok((1, 8)));
        assert_eq!(of("auto", &[("JOB_COMPLETION_INDEX", "7"), ("DRSIM_SHARDS", "8")]), Ok((8, 8)));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "2"), ("AWS_BATCH_JOB_ARRAY_SIZE", "5")];
        assert_eq!(of("auto", &batch), Ok((3, 5)));
        for wrong in ["0/8", "9/8", "3", "a/b", "1/0", "auto/0", "auto/x", "", "1/99999999"] {
            assert!(of(wrong, &batch).is_err(), "{wrong}");
        }
        assert!(of("auto", &[]).is_err_and(|e| e.contains("DRSIM_SHARDS")));
        assert!(of("auto/4", &[]).is_err_and(|e| e.contains("JOB_COMPLETION_INDEX")));
        assert!(of("auto/4", &[("JOB_COMPLETION_INDEX", "4")]).is_err_and(|e| e.contains("job 4")));
        assert!(of("auto/4", &[("JOB_COMPLETION_INDEX", "x")]).is_err_and(|e| e.contains("`x`")));
    }
}
