//! The command line: a table of contents.

mod args;
mod ask;
mod catalogue;
mod check;
mod compare;
mod cost;
mod exit_code;
mod fit;
mod optimize;
mod replay;
mod report;
mod run;
mod sensitivity;
mod shard;
mod sweep;
mod validate;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use exit_code::Exit;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Init { name } => init(&name),
        Command::Validate { scenario, set, defaults } => validate::validate(&scenario, &set, defaults),
        Command::Replay(options) => replay::replay(&options),
        Command::Run(options) => run::run(&options),
        Command::Report(options) => report::report(&options),
        Command::Check(options) => check::check(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Cost(options) => cost::cost(&options),
        Command::Optimize(options) => optimize::optimize(&options),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
        Command::Sensitivity(options) => sensitivity::sensitivity(&options),
        Command::Sweep(options) => sweep::sweep(&options),
        Command::Catalogue(options) => catalogue::catalogue(&options),
        Command::Fit(options) => fit::fit(&options),
        Command::Merge(options) => shard::merge(&options),
        Command::Schema => print(&drsim_experiment::schema::json()),
    };
    match done {
        Ok(exit) => exit.into(),
        // Whoever reads us has read enough: no error.
        Err(error) if is_broken_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            complain(&format!("error: {error:#}"));
            Exit::Internal.into()
        }
    }
}

/// Writes NAME.toml unless it exists.
fn init(name: &str) -> anyhow::Result<Exit> {
    let path = std::path::PathBuf::from(format!("{}.toml", name.strip_suffix(".toml").unwrap_or(name)));
    if path.exists() {
        complain(&format!("error: `{}` exists already; choose another name", path.display()));
        return Ok(Exit::Usage);
    }
    let title = path.file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
    if let Err(error) = drsim_report::files::write_whole(&path, drsim_experiment::init::starter(&title).as_bytes()) {
        complain(&format!("error: {error}"));
        return Ok(Exit::Usage);
    }
    print(&format!("wrote {0}\nNext: drsim run {0}\n", path.display()))
}

/// Completions for a shell, made from what the command line may say.
fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "drsim", &mut text);
    print(std::str::from_utf8(&text)?)
}

/// The manual page: the whole command, then every verb.
fn man() -> anyhow::Result<Exit> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut text = Vec::new();
    let whole = clap_mangen::Man::new(command.clone());
    whole.render(&mut text)?;
    for verb in command.get_subcommands() {
        let page = clap_mangen::Man::new(verb.clone());
        page.render_synopsis_section(&mut text)?;
        page.render_description_section(&mut text)?;
        page.render_options_section(&mut text)?;
    }
    print(std::str::from_utf8(&text)?)
}

/// Data goes to standard output.
pub(crate) fn print(text: &str) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Exit::Done)
}

/// Everything else goes to standard error; nothing can be done if that fails.
pub(crate) fn complain(text: &str) {
    _ = writeln!(io::stderr().lock(), "{text}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
