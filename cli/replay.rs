//! `drsim replay`: one simulated year as a story, a real outage against every architecture, or all of them.

use crate::args::{Format, Replay, Struck};
use crate::exit_code::Exit;
use crate::{complain, print};
use drsim_experiment::assemble::Worlds;
use drsim_experiment::catalogue::{OUTAGE_LIBRARY, RecordedOutage};
use drsim_experiment::replay::{self, Strikes};
use drsim_experiment::run::WORLDS;
use drsim_experiment::scenario::Scenario;
use drsim_report::story;

pub fn replay(args: &Replay) -> anyhow::Result<Exit> {
    let mut scenario = match drsim_experiment::scenario_file::load(&args.scenario, &args.set) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => {
            complain(problems.to_string().trim_end());
            return Ok(Exit::Invalid);
        }
    };
    if let Some(name) = &args.architecture {
        scenario.architectures.retain(|a| a.name == *name);
        if scenario.architectures.is_empty() {
            complain(&format!("error: the scenario has no architecture `{name}`"));
            return Ok(Exit::Usage);
        }
        (scenario.baseline, scenario.proposed) = (0, 0);
    }
    if let Ok(replication) = args.what.parse::<u64>() {
        let lines = replay::year(&scenario, args.seed, replication);
        return print(&match args.format {
            Format::Json => story::json_lines(&lines)?,
            _ => story::year(&lines, replication),
        });
    }
    let known = || OUTAGE_LIBRARY.iter().filter(|outage| replay::concerns(outage));
    let chosen: Vec<&RecordedOutage> = known().filter(|o| args.what == "library" || o.name == args.what).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = known().map(|outage| outage.name.as_str()).collect();
        complain(&format!(
            "error: `{}` is neither a simulated year, nor `library`, nor one of {}",
            args.what,
            names.join(", ")
        ));
        return Ok(Exit::Usage);
    }
    real(args, &scenario, &chosen)
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
    print(&match (args.format, &found[..]) {
        (Format::Json, _) => story::json_lines(&found.iter().flat_map(|(_, f)| f).collect::<Vec<_>>())?,
        (format, [(outage, one)]) if format != Format::Md => {
            story::outage(outage, &replay::struck(scenario, outage, strikes), one)
        }
        (format, _) => story::scoreboard(&found, args.within * 60.0, format == Format::Md),
    })
}
