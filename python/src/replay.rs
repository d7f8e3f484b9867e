//! One simulated year, or real outages, against every design.

use crate::answer::{Answer, UsageError};
use crate::scenario::Scenario;
use crate::tables::decide as tables;
use crate::watch::watched;
use drsim_experiment::assemble::Worlds;
use drsim_experiment::catalogue::{OUTAGE_LIBRARY, RecordedOutage};
use drsim_experiment::replay::{self, Strikes};
use drsim_experiment::run::WORLDS;
use drsim_report::{Lang, story};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::atomic::Ordering;

/// One simulated year of every design, event by event.
#[pyfunction]
pub fn replay_year(py: Python<'_>, scenario: &Scenario, year: u64, seed: u64) -> PyResult<Answer> {
    let lines = watched(py, None, |_, _| replay::year(&scenario.loaded.scenario, seed, year))?;
    let text = story::year(&lines, year, Lang::En);
    Ok(Answer {
        title: format!("drsim.replay {year}: {} events", lines.len()),
        markdown: format!("```text\n{text}```\n"),
        text,
        json: story::json_lines(&lines).map_err(|e| PyRuntimeError::new_err(e.to_string()))?,
        table: tables::year(&lines),
        warnings: Vec::new(),
    })
}

/// A real outage by its name, or the whole library, against every design.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // the façade names them
pub fn replay_outages(
    py: Python<'_>,
    scenario: &Scenario,
    name: &str,
    seed: u64,
    draws: u64,
    strikes: Option<&str>,
    within_minutes: f64,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let strikes = match strikes {
        None => Strikes::OwnRegion,
        Some("primary") => Strikes::Primary,
        Some("secondary") => Strikes::Secondary,
        Some(other) => {
            let message = format!("strikes is {other:?}; expected None, \"primary\" or \"secondary\"");
            return Err(UsageError::new_err(message));
        }
    };
    if !(1..=100_000).contains(&draws) {
        return Err(UsageError::new_err(format!("draws is {draws}; expected 1 to 100,000")));
    }
    let known = || OUTAGE_LIBRARY.iter().filter(|outage| replay::concerns(outage));
    let chosen: Vec<&RecordedOutage> = known().filter(|o| name == "library" || o.name == name).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = known().map(|outage| outage.name.as_str()).collect();
        return Err(UsageError::new_err(format!(
            "`{name}` is neither a simulated year, nor `library`, nor one of {}",
            names.join(", ")
        )));
    }
    let scenario = &scenario.loaded.scenario;
    let found = watched(py, progress.as_ref(), |cancel, told| {
        let worlds = Worlds::draw(scenario, seed, WORLDS);
        let mut found = Vec::with_capacity(chosen.len());
        for (i, outage) in (1..).zip(&chosen) {
            if cancel.load(Ordering::Relaxed) {
                break;
            }
            found.push((*outage, replay::recorded(scenario, &worlds, outage, strikes, (seed, draws))));
            told.tell(i, chosen.len() as u64);
        }
        found
    })?;
    let within = within_minutes * 60.0;
    let rows: Vec<_> = found.iter().flat_map(|(_, f)| f).cloned().collect();
    let text = match &found[..] {
        [(outage, one)] => story::outage(outage, &replay::struck(scenario, outage, strikes), one, Lang::En),
        all => story::scoreboard(all, within, (Lang::En, false)),
    };
    Ok(Answer {
        title: format!("drsim.replay {name:?}: {} outages", found.len()),
        text,
        markdown: story::scoreboard(&found, within, (Lang::En, true)),
        json: story::json_lines(&rows).map_err(|e| PyRuntimeError::new_err(e.to_string()))?,
        table: tables::replayed(&rows),
        warnings: Vec::new(),
    })
}
