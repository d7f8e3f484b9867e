//! `drsim replay`: one simulated year as a story, the smallest counterexample of each claim that fails, a real outage against
//! every architecture, or all of them.

use crate::args::{Format, Replay, Simulation, Struck};
use crate::exit_code::Exit;
use crate::run::{simulated, unusable, wrote};
use crate::{complain, print};
use drsim_experiment::assemble::Worlds;
use drsim_experiment::catalogue::{OUTAGE_LIBRARY, RecordedOutage};
use drsim_experiment::outcome::{ClaimResult, Outcome, Verdict};
use drsim_experiment::replay::{self, Line, Strikes};
use drsim_experiment::run::WORLDS;
use drsim_experiment::scenario::Scenario;
use drsim_report::{files, story};
use std::path::PathBuf;

pub fn replay(args: &Replay) -> anyhow::Result<Exit> {
    let whole = match drsim_experiment::scenario_file::load(&args.scenario, &args.set) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => {
            complain(problems.to_string().trim_end());
            return Ok(Exit::Invalid);
        }
    };
    let mut scenario = whole.clone();
    if let Some(name) = &args.architecture {
        scenario.architectures.retain(|a| a.name == *name);
        if scenario.architectures.is_empty() {
            complain(&format!("error: the scenario has no architecture `{name}`"));
            return Ok(Exit::Usage);
        }
        (scenario.baseline, scenario.proposed) = (0, 0);
    }
    if unusable(args.out.as_deref()) {
        return Ok(Exit::Usage);
    }
    if let Ok(replication) = args.what.parse::<u64>() {
        return year(args, &scenario, &whole, (replication, args.seed));
    }
    if matches!(args.what.as_str(), "worst" | "counterexamples") {
        return of_a_run(args, &scenario, &whole);
    }
    let known = || OUTAGE_LIBRARY.iter().filter(|outage| replay::concerns(outage));
    let chosen: Vec<&RecordedOutage> = known().filter(|o| args.what == "library" || o.name == args.what).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = known().map(|outage| outage.name.as_str()).collect();
        complain(&format!(
            "error: `{}` is neither a simulated year, nor `worst`, nor `counterexamples`, nor `library`, nor one of {}",
            args.what,
            names.join(", ")
        ));
        return Ok(Exit::Usage);
    }
    real(args, &scenario, &chosen)
}

/// One simulated year.
fn year(args: &Replay, scenario: &Scenario, whole: &Scenario, (replication, seed): (u64, u64)) -> anyhow::Result<Exit> {
    let lines = replay::year(scenario, seed, replication);
    write(args, whole, &lines, (replication, seed))?;
    print(&match args.format {
        Format::Json => story::json_lines(&lines)?,
        _ => story::year(&lines, replication, args.lang.into()),
    })
}

/// What a run makes worth telling: the worst year of `proposed` or of the design asked for, or what breaks its claims.
fn of_a_run(args: &Replay, scenario: &Scenario, whole: &Scenario) -> anyhow::Result<Exit> {
    let outcome = match &args.from {
        Some(from) => match crate::report::read(from) {
            Ok(outcome) => outcome,
            Err(message) => {
                complain(&message);
                return Ok(Exit::Invalid);
            }
        },
        None => simulated(&simulation(args), scenario, None)?.outcome,
    };
    let seed = outcome.manifest.seed;
    let name = args.architecture.as_deref().unwrap_or(&whole.architectures[whole.proposed].name);
    let mut own = whole.clone();
    own.architectures.retain(|a| a.name == name);
    (own.baseline, own.proposed) = (0, 0);
    if args.what == "counterexamples" {
        return broken(args, &outcome, &own);
    }
    match outcome.worst_year.as_ref().filter(|worst| worst.architecture == name) {
        Some(worst) => year(args, &own, whole, (worst.replication, seed)),
        None => {
            complain(&format!(
                "error: that run has no worst year of `{name}`: it was never interrupted, or not proposed"
            ));
            Ok(Exit::Invalid)
        }
    }
}

/// The smallest counterexample of each claim that fails, or could.
fn broken(args: &Replay, outcome: &Outcome, own: &Scenario) -> anyhow::Result<Exit> {
    let of_design = outcome.claims.iter().filter(|claim| claim.architecture == own.architectures[0].name);
    let breaks = of_design.filter(|claim| match claim.verdict {
        Verdict::Fails => claim.counterexample.is_some(),
        _ => claim.burst.is_some(),
    });
    let one = |claim: &ClaimResult| {
        let year = claim.counterexample.as_ref().map(|case| case.replication);
        (claim.clone(), year.map_or_else(Vec::new, |year| replay::year(own, outcome.manifest.seed, year)))
    };
    let found: Vec<(ClaimResult, Vec<Line>)> = breaks.map(one).collect();
    print(&match args.format {
        Format::Json => story::json_lines(&found.iter().map(|(claim, _)| claim).collect::<Vec<_>>())?,
        _ => story::counterexamples(&found, args.lang.into()),
    })
}

/// A run for what it makes worth telling: quiet years are cheap.
fn simulation(args: &Replay) -> Simulation {
    Simulation {
        scenario: args.scenario.clone(),
        seed: args.seed,
        runs: args.runs,
        precision: None,
        confidence: 0.95,
        jobs: None,
        set: args.set.clone(),
        prices: None,
        quiet: false,
    }
}

/// A year as JSON lines, and a figure of each design that it interrupted.
fn write(args: &Replay, whole: &Scenario, lines: &[Line], (replication, seed): (u64, u64)) -> anyhow::Result<()> {
    let Some(dir) = &args.out else { return Ok(()) };
    let designs: Vec<&str> = whole.architectures.iter().map(|a| a.name.as_str()).collect();
    let json = story::json_lines(lines)?.into_bytes();
    let mut out = vec![(PathBuf::from(format!("replay_{replication}.jsonl")), json)];
    for picture in story::pictures(lines, (replication, seed), &designs, args.lang.into())? {
        out.extend(picture.files()?);
    }
    wrote(&files::write_into(dir, &out)?, dir, false);
    Ok(())
}

fn real(args: &Replay, scenario: &Scenario, chosen: &[&RecordedOutage]) -> anyhow::Result<Exit> {
    let strikes = match args.strikes {
        None => Strikes::OwnRegion,
        Some(Struck::Primary) => Strikes::Primary,
        Some(Struck::Secondary) => Strikes::Secondary,
    };
    let worlds = Worlds::draw(scenario, args.seed, WORLDS);
    let one = |outage: &&RecordedOutage| replay::recorded(scenario, &worlds, outage, strikes, (args.seed, args.draws));
    let found: Vec<_> = chosen.iter().map(|outage| (*outage, one(outage))).collect();
    let lang = args.lang.into();
    print(&match (args.format, &found[..]) {
        (Format::Json, _) => story::json_lines(&found.iter().flat_map(|(_, f)| f).collect::<Vec<_>>())?,
        (format, [(outage, one)]) if format != Format::Md => {
            story::outage(outage, &replay::struck(scenario, outage, strikes), one, lang)
        }
        (format, _) => story::scoreboard(&found, args.within * 60.0, (lang, format == Format::Md)),
    })
}
