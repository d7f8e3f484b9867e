//! `results.json`, the whole outcome, and `run.json`, what depends on the machine and the hour.
//!
//! Keys come in the order of the structures, floats as the shortest text that reads back the same. A number that is not
//! finite would be written as `null`, which reads "not estimated": the text never holds "NaN".

use crate::files::ReportError;
use drsim_experiment::decide::sweep::Sweep;
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::{Outcome, SCHEMA_VERSION};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How a run went; not part of the promise of equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunRecord {
    /// Whether fewer years were simulated than asked.
    pub incomplete: bool,
    /// Why it stopped: "replications done", "every claim decided", "time budget", "interrupted".
    pub stopped_because: String,
    /// The command as typed.
    pub command: String,
    /// Wall time in seconds.
    pub wall_seconds: f64,
    /// Name of the machine, or "unknown".
    pub host: String,
    /// Threads.
    pub threads: usize,
    /// Incidents per second of wall time, all architectures.
    pub incidents_per_second: f64,
    /// Simulated events per second of wall time.
    pub events_per_second: f64,
}

/// The text of `results.json`.
///
/// # Errors
/// [`ReportError::Format`] should a value refuse to be written.
pub fn results(outcome: &Outcome) -> Result<String, ReportError> {
    // The assumptions stand in the outcome; the scenario need not repeat them.
    let mut lean = outcome.clone();
    lean.scenario.provenance.clear();
    text("results.json", &lean)
}

/// An outcome from the text of a `results.json`: the same figures as the run it is of.
///
/// # Errors
/// [`ReportError::NotResults`] if it is no `results.json` of this version.
pub fn read(text: &str) -> Result<Outcome, ReportError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let wrong = |error: &serde_json::Error| ReportError::NotResults { reason: error.to_string() };
    let Version { schema_version } = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    if schema_version != SCHEMA_VERSION {
        let reason = format!("its schema_version is {schema_version}, this drsim reads {SCHEMA_VERSION}");
        return Err(ReportError::NotResults { reason });
    }
    let mut outcome: Outcome = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    outcome.scenario.provenance.clone_from(&outcome.provenance);
    Ok(outcome)
}

/// What further runs found, where their files lie beside a `results.json`: `sensitivity.json` and `sweep.json`.
///
/// # Errors
/// [`ReportError::Unreadable`] for a file that is there and not what its name says.
pub fn further(dir: &Path, outcome: &Outcome) -> Result<WhatIf, ReportError> {
    let sensitivity = beside(&dir.join("sensitivity.json"))?;
    let mut map: Option<Sweep> = beside(&dir.join("sweep.json"))?;
    if let Some(map) = &mut map {
        let place = |name: &String| outcome.designs.iter().position(|d| d.architecture == *name).unwrap_or(0);
        map.places = map.architectures.iter().map(place).collect();
    }
    Ok(WhatIf { sensitivity, map })
}

/// A file, if it is there.
fn beside<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ReportError> {
    if !path.exists() {
        return Ok(None);
    }
    let unreadable = |reason: String| ReportError::Unreadable { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_str(&text).map(Some).map_err(|error| unreadable(error.to_string()))
}

/// The text of `run.json`.
///
/// # Errors
/// [`ReportError::Format`] should a value refuse to be written.
pub fn run(record: &RunRecord) -> Result<String, ReportError> {
    text("run.json", record)
}

fn text(what: &'static str, value: &impl Serialize) -> Result<String, ReportError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| ReportError::Format { what, reason: error.to_string() })?;
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn results_open_with_their_version_and_hold_what_the_interface_names() {
        let json = results(&sample::outcome()).expect("plain data");
        assert!(json.starts_with("{\n  \"schema_version\": 1,\n  \"manifest\": {"), "{}", &json[..80]);
        let value: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        for key in ["schema_version", "manifest", "claims", "metrics", "comparisons", "costs", "provenance"] {
            assert!(keys.contains(&key), "{key}");
        }
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        for (name, outcome) in sample::cases() {
            let written = results(&outcome).expect("plain data");
            let again = results(&read(&written).expect("just written")).expect("plain data");
            assert!(written == again, "{name}");
        }
    }

    #[test]
    fn what_is_no_results_json_is_refused_with_a_reason() {
        let reason = |text: &str| read(text).expect_err("not results").to_string();
        assert!(reason("{").contains("EOF"));
        assert!(reason("{\"schema_version\": 99}").contains("schema_version is 99"), "{}", reason("{}"));
        assert!(reason("{\"schema_version\": 1}").contains("missing field"));
    }

    #[test]
    fn a_number_that_is_none_reads_as_not_estimated() {
        let mut outcome = sample::outcome();
        outcome.metrics[0].figure.estimate = Some(f64::NAN);
        let json = results(&outcome).expect("plain data");
        assert!(json.contains("\"estimate\": null") && !json.contains("NaN"));
    }
}
