//! What if a field had another value? One field gives a curve, two a map.

use super::measure::{self, Measure, Metric};
use super::settings::{Effort, Found, Refusal, simulate, what_counts};
use super::vary::Axis;
use super::{command, focus};
use crate::diagnostic::Diagnostics;
use crate::judge::{bound_in_words, per_in_words};
use crate::outcome::SCHEMA_VERSION;
use crate::scenario::{Claim, Scenario};
use crate::scenario_file::{Source, check};
use serde::{Deserialize, Serialize};
use std::sync::atomic::AtomicBool;

/// Settings of a sweep at most.
pub const MOST_POINTS: usize = 10_000;

/// Half-width asked of each share unless something else is said.
pub const PRECISION: f64 = 0.02;

/// What to sweep.
#[derive(Clone, Debug)]
pub struct Question {
    /// One field or two.
    pub axes: Vec<Axis>,
    /// Names of claims.
    pub claims: Vec<String>,
    /// Metrics, as `--metric` has them.
    pub metrics: Vec<String>,
    /// Names of architectures; empty: `proposed`.
    pub architectures: Vec<String>,
}

impl Question {
    /// How the command line asks it.
    fn words(&self, effort: &Effort) -> Vec<String> {
        let values = |axis: &Axis| format!("--vary '{}={}'", axis.path, axis.values.join(","));
        let mut words: Vec<String> = self.axes.iter().map(values).collect();
        words.extend(self.claims.iter().map(|name| format!("--claim {name}")));
        words.extend(self.metrics.iter().map(|name| format!("--metric '{name}'")));
        words.extend(self.architectures.iter().map(|name| format!("--architecture {name}")));
        words.extend(effort.replications.map(|n| format!("-n {n}")));
        if (effort.precision - PRECISION).abs() > 1e-12 {
            words.push(format!("--precision {}%", 100.0 * effort.precision));
        }
        words
    }
}

/// Why there is no sweep.
#[derive(Debug)]
pub enum Failure {
    /// A setting is no valid scenario.
    Scenario(Diagnostics),
    /// Asked for something that is not there.
    Usage(String),
    /// A mistake of ours.
    Internal(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Asked(message) => Self::Usage(message),
            Refusal::Panicked(message) => Self::Internal(message),
        }
    }
}

/// What is measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Name of the claim, or the metric as it was asked for.
    pub name: String,
    /// "< 60 s"; empty for a metric.
    pub bound: String,
    /// What one case is; empty for a metric.
    pub per: String,
    /// Share of cases that a claim asks for; `None`: always, or a metric.
    pub share: Option<f64>,
    /// Whether it is a claim.
    pub is_claim: bool,
}

impl Asked {
    /// A claim.
    pub fn claim(claim: &Claim) -> Self {
        Self {
            name: claim.name.clone(),
            bound: bound_in_words(claim),
            per: per_in_words(claim.per).into(),
            share: claim.share,
            is_claim: true,
        }
    }
}

/// One cell: a setting, an architecture, a measure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Index of the value of each field.
    pub at: Vec<usize>,
    /// Index of the architecture.
    pub architecture: usize,
    /// Index of what was asked.
    pub asked: usize,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
}

/// A grid of settings and what was found at each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sweep {
    /// Version of this structure.
    pub schema_version: u32,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the scenario without the varied fields replaced.
    pub scenario_digest: String,
    /// Seed of every setting.
    pub seed: u64,
    /// Level of all intervals.
    pub confidence: f64,
    /// Command that gives the same.
    pub command: String,
    /// Fields and their values.
    pub axes: Vec<Axis>,
    /// Names of the architectures.
    pub architectures: Vec<String>,
    /// What was asked.
    pub asked: Vec<Asked>,
    /// One per setting, architecture and measure, the last field fastest; those cut off by an interruption are missing.
    pub cells: Vec<Cell>,
    /// Worth knowing, such as a field that changes nothing.
    pub warnings: Vec<String>,
    /// Places of the architectures in the scenario: their colours.
    #[serde(skip)]
    pub places: Vec<usize>,
}

impl Sweep {
    /// Whether an interruption cut off some settings.
    pub fn is_cut(&self) -> bool {
        let settings: usize = self.axes.iter().map(|axis| axis.values.len()).product();
        self.cells.len() < settings * self.architectures.len() * self.asked.len()
    }

    /// The cell of a setting, if it was not cut off.
    pub fn cell(&self, at: &[usize], architecture: usize, asked: usize) -> Option<&Cell> {
        self.cells.iter().find(|c| c.at == at && c.architecture == architecture && c.asked == asked)
    }
}

/// Sweeps. The values that the source replaces are replaced at every setting.
///
/// # Errors
/// [`Failure`].
pub fn sweep(
    source: &Source,
    question: &Question,
    effort: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64) + Sync,
) -> Result<Sweep, Failure> {
    let read = |set: &[String]| check(&source.with(set)).map_err(Failure::Scenario);
    let base = read(&[])?.scenario;
    let architectures = match question.architectures.as_slice() {
        [] => vec![base.proposed],
        names => {
            names.iter().map(|n| measure::architecture(&base, n)).collect::<Result<_, _>>().map_err(Failure::Usage)?
        }
    };
    let claims: Vec<usize> =
        question.claims.iter().map(|n| measure::claim(&base, n)).collect::<Result<_, _>>().map_err(Failure::Usage)?;
    let metrics: Vec<Metric> =
        question.metrics.iter().map(|m| Metric::read(m)).collect::<Result<_, _>>().map_err(Failure::Usage)?;
    let measures: Vec<Measure> =
        (0..claims.len()).map(Measure::Claim).chain(metrics.iter().cloned().map(Measure::Metric)).collect();
    if measures.is_empty() {
        let names: Vec<&str> = base.claims.iter().map(|c| c.name.as_str()).collect();
        return Err(Failure::Usage(format!(
            "--claim NAME or --metric NAME is missing; claims are {}",
            names.join(", ")
        )));
    }
    let points: usize = question.axes.iter().map(|a| a.values.len()).product();
    if points > MOST_POINTS {
        return Err(Failure::Usage(format!("{points} settings are more than {MOST_POINTS}")));
    }
    let places = coordinates(&question.axes);
    let mut settings = Vec::with_capacity(points);
    for at in &places {
        let own: Vec<String> = question.axes.iter().zip(at).map(|(axis, i)| axis.set(*i)).collect();
        let mut scenario = read(&own)?.scenario;
        focus(&mut scenario, &architectures, &claims);
        settings.push(scenario);
    }
    let warnings = idle(&question.axes, &places, &settings);
    if !metrics.is_empty() {
        // A name that is not there is said before the work, not after.
        let probe = Effort { replications: Some(500), ..*effort };
        simulate(&settings[..1], &measures, &probe, cancel, |_| ())?;
    }
    let table = simulate(&settings, &measures, effort, cancel, progress)?;
    let asked_of = |measure: &Measure| match measure {
        Measure::Claim(c) => Asked::claim(&settings[0].claims[*c]),
        Measure::Metric(metric) => {
            Asked { name: metric.asked.clone(), bound: String::new(), per: String::new(), share: None, is_claim: false }
        }
    };
    let cells = places.iter().zip(table).filter_map(|(at, row)| Some((at, row?))).flat_map(|(at, row)| {
        let by_architecture = row.into_iter().enumerate();
        by_architecture.flat_map(move |(architecture, found)| {
            let by_measure = found.into_iter().enumerate();
            by_measure.map(move |(asked, found)| Cell { at: at.clone(), architecture, asked, found })
        })
    });
    Ok(Sweep {
        schema_version: SCHEMA_VERSION,
        title: base.title.clone(),
        scenario_digest: base.digest.clone(),
        seed: effort.seed,
        confidence: effort.confidence,
        command: command("sweep", source, effort, &question.words(effort)),
        architectures: architectures.iter().map(|a| base.architectures[*a].name.clone()).collect(),
        asked: measures.iter().map(asked_of).collect(),
        cells: cells.collect(),
        axes: question.axes.clone(),
        warnings,
        places: architectures,
    })
}

/// Every combination of indices, the last axis fastest.
pub fn coordinates(axes: &[Axis]) -> Vec<Vec<usize>> {
    axes.iter().fold(vec![Vec::new()], |before, axis| {
        let longer = |at: &Vec<usize>| {
            let at = at.clone();
            (0..axis.values.len()).map(move |i| [at.as_slice(), &[i]].concat())
        };
        before.iter().flat_map(longer).collect()
    })
}

/// Fields whose every value gives the same scenario, as far as it is simulated.
fn idle(axes: &[Axis], places: &[Vec<usize>], settings: &[Scenario]) -> Vec<String> {
    let mut warnings = Vec::new();
    for (k, axis) in axes.iter().enumerate() {
        let along = |at: &&Vec<usize>| at.iter().enumerate().all(|(j, i)| j == k || *i == 0);
        let mut line = places.iter().zip(settings).filter(|(at, _)| along(at)).map(|(_, s)| what_counts(s));
        let first = line.next();
        if axis.values.len() > 1 && line.all(|other| Some(other) == first) {
            warnings.push(format!("`{}` changes nothing in what is simulated: no design asked for uses it", axis.path));
        }
    }
    warnings
}
