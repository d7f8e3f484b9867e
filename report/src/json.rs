//! `results.json`, the whole outcome, and `run.json`, what depends on the machine and the hour.
//!
//! Keys come in the order of the structures, floats as the shortest text that reads back the same. A number that is not
//! finite would be written as `null`, which reads "not estimated": the text never holds "NaN".

use crate::files::ReportError;
use drsim_experiment::outcome::Outcome;
use serde::Serialize;

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
    text("results.json", outcome)
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
        assert!(!keys.contains(&"scenario"));
    }

    #[test]
    fn a_number_that_is_none_reads_as_not_estimated() {
        let mut outcome = sample::outcome();
        outcome.metrics[0].figure.estimate = Some(f64::NAN);
        let json = results(&outcome).expect("plain data");
        assert!(json.contains("\"estimate\": null") && !json.contains("NaN"));
    }
}
