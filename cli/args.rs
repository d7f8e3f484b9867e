//! What the command line may say.

use crate::report::Report;
use clap::{Args, Parser, Subcommand, ValueEnum};
use drsim_report::{INCIDENTS, IncidentsWriter, Lang};
use std::path::PathBuf;

/// With what probability does this disaster-recovery design meet this objective?
#[derive(Debug, Parser)]
#[command(name = "drsim", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done · 1 internal error · 2 wrong usage · 3 invalid scenario or data · \
                        4 check: undecided or depends · 99 check: refuted, optimize: nothing feasible")]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented starter scenario that runs as it is
    Init {
        /// Name of the scenario; the file is NAME.toml
        #[arg(default_value = "scenario", value_parser = name)]
        name: String,
    },
    /// Report every problem of a scenario at once, and warnings of design holes
    Validate {
        /// The scenario
        scenario: PathBuf,
        /// Replace a value, such as objects.size.p50="2 MB"; repeatable
        #[arg(long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
        set: Vec<String>,
        /// List every value used, built-in ones too, with basis and source
        #[arg(long)]
        defaults: bool,
    },
    /// Simulate every architecture; the answer first
    Run(Run),
    /// Fit distributions to measured lag, latency or outages: lines for the scenario
    Fit(crate::fit::Fit),
    /// Join what `run --shard` wrote on several machines, to the bytes of the undivided run
    Merge(crate::shard::Merge),
    /// Gate a pipeline: judge one design's claims; exit code 0 all hold, 4 undecided or depends, 99 refuted
    Check(Check),
    /// Two designs on the same chance: who is better how often, by how much, and which designs no other beats
    Compare(crate::compare::Compare),
    /// The bill of every architecture, line by line, and what is added to the baseline's
    Cost(crate::cost::Cost),
    /// Tell one simulated year as a story, or replay real outages against every architecture
    Replay(Replay),
    /// The cheapest setting that meets every claim, over finite choices; exit code 99 if there is none
    Optimize(crate::optimize::Optimize),
    /// Write the document for a review: report.html, one file that needs no network
    Report(Report),
    /// Which assumption decides? Each input at both ends of its stated range
    Sensitivity(crate::sensitivity::Sensitivity),
    /// What if a field had another value? One field gives a curve, two a map of where a claim flips
    Sweep(crate::sweep::Sweep),
    /// List what is built in, with source, basis, date and age
    Catalogue(crate::catalogue::Catalogue),
    /// Print the JSON Schema of the scenario
    Schema,
    /// Print completions for a shell: drsim completions bash > ~/.local/share/bash-completion/completions/drsim
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page: drsim man | man -l -
    Man,
}

/// What to simulate and how: the arguments of every verb that simulates.
#[derive(Args, Debug)]
pub struct Simulation {
    /// The scenario
    pub scenario: PathBuf,
    /// Seed of all randomness
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Simulated years; without it: until each claim of `proposed` is decided, at most 100,000 years or 60 s
    #[arg(short = 'n', long = "runs", visible_alias = "replications", value_name = "YEARS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub runs: Option<u64>,
    /// Stop once the half-width of each claim's probability is at most this, such as 0.5%
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "runs")]
    pub precision: Option<f64>,
    /// Level of all intervals
    #[arg(long, default_value = "0.95", value_parser = level)]
    pub confidence: f64,
    /// Threads; without it: one per core
    #[arg(short = 'j', long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Replace a value, such as objects.size.p50="2 MB"; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
    pub set: Vec<String>,
    /// A price book (TOML) whose lines replace the built-in ones; `drsim catalogue prices` lists those
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// No progress bar and no warnings
    #[arg(long)]
    pub quiet: bool,
}

/// What to do with an answer.
#[derive(Args, Debug)]
pub struct Answer {
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write it there: JSON, CSV and plots
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of what is printed and drawn
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

/// What to run.
#[derive(Args, Debug)]
pub struct Run {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write results.json, metrics.csv, incidents.csv, report.html and plots there; with --shard: the part, a file
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Name of the file of incidents in there; incidents.parquet makes it Parquet
    #[arg(long, value_name = "NAME", default_value = INCIDENTS, value_parser = IncidentsWriter::name)]
    pub incidents: String,
    /// Language of what is printed, of report.html and of the plots
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
    /// Leave out what takes further runs: which inputs decide, which of them nobody vouches for, and the map
    #[arg(long)]
    pub no_what_if: bool,
    /// Simulate one part of the years only: 3/8, or auto (Kubernetes, AWS Batch), auto/8; see `drsim merge`
    #[arg(long, value_name = "I/N", conflicts_with_all = ["precision", "format", "prices"], requires = "runs", requires = "out")]
    pub shard: Option<crate::shard::ShardArg>,
}

/// What to judge.
#[derive(Args, Debug)]
pub struct Check {
    /// What to simulate and how
    #[command(flatten)]
    pub simulation: Simulation,
    /// The design to judge; without it: `proposed`
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// Also say which fields of the scenario and which metrics changed since this results.json
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub format: CheckFormat,
    /// Language of table and Markdown
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

/// What `check --format` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// One line per claim
    Table,
    /// `JUnit` XML, for the test report of a pipeline
    Junit,
    /// Markdown, for a comment on a pull request
    Md,
    /// The claims as JSON
    Json,
}

/// What to replay.
#[derive(Args, Debug)]
pub struct Replay {
    /// The scenario
    pub scenario: PathBuf,
    /// A simulated year (a number); `worst`, the worst year of `proposed`; `counterexamples`, the smallest of each claim that
    /// fails; a real outage (such as 2021-12-07), or `library` for all of them
    pub what: String,
    /// Seed of all randomness
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Simulated years of the run behind `worst` and `counterexamples`; without it, as `run`
    #[arg(short = 'n', long = "runs", value_name = "YEARS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub runs: Option<u64>,
    /// Read the finished run in this directory for them instead of simulating
    #[arg(long, value_name = "DIR", conflicts_with_all = ["runs", "seed"])]
    pub from: Option<PathBuf>,
    /// How often a real outage is replayed: what chance and ignorance leave open
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub draws: u64,
    /// Which region a real outage strikes; without it: its own if the workload uses it, or else the primary
    #[arg(long, value_enum, value_name = "REGION")]
    pub strikes: Option<Struck>,
    /// Minutes within which everybody must be back, for the count of outages survived
    #[arg(long, default_value_t = 15.0, value_name = "MINUTES")]
    pub within: f64,
    /// One architecture only
    #[arg(long, value_name = "NAME")]
    pub architecture: Option<String>,
    /// Replace a value, such as objects.size.p50="2 MB"; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
    pub set: Vec<String>,
    /// What to print; json gives one object per line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write the year there: JSON lines and a figure of each design
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of what is printed and drawn
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

/// The region that a real outage strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Struck {
    /// The primary
    Primary,
    /// The secondary
    Secondary,
}

/// What `--format` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The answer on one screen
    Text,
    /// Every number as a table
    Table,
    /// results.json
    Json,
    /// metrics.csv
    Csv,
    /// A table in Markdown
    Md,
}

fn assignment(text: &str) -> Result<String, String> {
    let complete =
        text.split_once('=').is_some_and(|(path, value)| !path.trim().is_empty() && !value.trim().is_empty());
    if complete { Ok(text.to_owned()) } else { Err("expected PATH=VALUE, such as database.lag.p50=\"0.5 s\"".into()) }
}

fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let named = text.trim_end_matches(".toml").chars().any(char::is_alphanumeric);
    if named && text.chars().all(plain) { Ok(text.to_owned()) } else { Err("expected letters, digits, - and _".into()) }
}

/// A share such as `0.5%` or `0.5 %`.
fn share(text: &str) -> Result<f64, String> {
    let number = text.trim().strip_suffix('%').ok_or("expected a percentage such as 0.5%")?;
    match number.trim().parse::<f64>() {
        Ok(p) if p > 0.0 && p < 50.0 => Ok(p / 100.0),
        _ => Err("expected a percentage between 0% and 50%, such as 0.5%".into()),
    }
}

fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if (0.5..1.0).contains(&p) => Ok(p),
        _ => Err("expected a level from 0.5 to below 1, such as 0.95".into()),
    }
}
