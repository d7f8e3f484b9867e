//! What if, which assumption decides, and which setting is the cheapest.

use crate::answer::{Answer, UsageError, refused, unwritten};
use crate::scenario::Scenario;
use crate::simulate::{options, years};
use crate::tables::decide as tables;
use crate::watch::watched;
use drsim_experiment::decide::optimize::optimize as search;
use drsim_experiment::decide::sensitivity::sensitivity as tornado;
use drsim_experiment::decide::settings::Effort;
use drsim_experiment::decide::sobol;
use drsim_experiment::decide::sweep::{PRECISION, Question, sweep as simulate};
use drsim_experiment::decide::vary::Axis;
use drsim_report::{Lang, View, files};
use pyo3::prelude::*;
use std::path::PathBuf;

/// How hard to try.
#[derive(FromPyObject)]
pub struct How {
    n: Option<u64>,
    seed: u64,
    precision: Option<f64>,
    confidence: f64,
    jobs: Option<usize>,
}

impl How {
    fn effort(&self, scenario: &Scenario) -> PyResult<Effort> {
        if self.precision.is_some() && self.n.is_some() {
            return Err(UsageError::new_err("give either n or precision"));
        }
        if self.precision.is_some_and(|p| !(0.0..0.5).contains(&p) || p == 0.0) {
            return Err(UsageError::new_err("precision: expected a share between 0 and 0.5, such as 0.02"));
        }
        let options = options(scenario, self.seed, self.confidence, self.jobs)?;
        Ok(Effort {
            seed: options.seed,
            replications: self.n.map(years).transpose()?,
            precision: self.precision.unwrap_or(PRECISION),
            confidence: options.confidence,
            threads: options.threads,
        })
    }
}

/// What is asked of a sweep, as the command line has it.
#[derive(FromPyObject)]
pub struct What {
    vary: Vec<String>,
    claims: Vec<String>,
    metrics: Vec<String>,
    architectures: Vec<String>,
}

fn axes(vary: &[String]) -> PyResult<Vec<Axis>> {
    vary.iter().map(|v| Axis::read(v)).collect::<Result<_, _>>().map_err(UsageError::new_err)
}

/// Simulates a scenario with other values of one field or two.
#[pyfunction]
pub fn sweep(
    py: Python<'_>,
    scenario: &Scenario,
    what: What,
    how: How,
    out: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    if !(1..=2).contains(&what.vary.len()) {
        return Err(UsageError::new_err("vary one field (a curve) or two (a map)"));
    }
    let axes = axes(&what.vary)?;
    let question = Question { axes, claims: what.claims, metrics: what.metrics, architectures: what.architectures };
    let effort = how.effort(scenario)?;
    out.as_deref().map(files::directory).transpose().map_err(unwritten)?;
    let found = watched(py, progress.as_ref(), |cancel, told| {
        simulate(&scenario.loaded.source, &question, &effort, cancel, |share| told.share(share))
    })?
    .map_err(|failure| refused(py, failure))?;
    if let Some(out) = out {
        py.detach(|| found.write_all(&out, Lang::En)).map_err(unwritten)?;
    }
    let settings: usize = found.axes.iter().map(|a| a.values.len()).product();
    let title = format!("drsim.sweep {:?}: {settings} settings", found.title);
    let answer = Answer::of(&found, title, tables::sweep(&found))?;
    Ok(Answer { warnings: found.warnings, ..answer })
}

/// Each input at both ends of its range.
#[pyfunction]
pub fn sensitivity(
    py: Python<'_>,
    scenario: &Scenario,
    claims: Vec<String>,
    architecture: Option<&str>,
    how: How,
    out: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let effort = how.effort(scenario)?;
    out.as_deref().map(files::directory).transpose().map_err(unwritten)?;
    let mut found = watched(py, progress.as_ref(), |cancel, told| {
        let loaded = &scenario.loaded.scenario;
        tornado(loaded, &claims, architecture, &effort, cancel, |share| told.share(share))
    })?
    .map_err(|failure| refused(py, failure))?;
    found.command = found.command_from(&scenario.loaded.source, &effort);
    if let Some(out) = out {
        py.detach(|| found.write_all(&out, Lang::En)).map_err(unwritten)?;
    }
    let inputs = found.claims.first().map_or(0, |claim| claim.bars.len());
    let title = format!("drsim.sensitivity {:?}: {inputs} inputs", found.title);
    Answer::of(&found, title, tables::sensitivity(&found))
}

/// All ranges at once: Sobol's indices, and what to measure next.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // the façade names them
pub fn sensitivity_detail(
    py: Python<'_>,
    scenario: &Scenario,
    claim: &str,
    architecture: Option<&str>,
    rows: u64,
    how: How,
    out: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    if !(8..=100_000).contains(&rows) {
        return Err(UsageError::new_err(format!("rows is {rows}; expected 8 to 100,000")));
    }
    let effort = how.effort(scenario)?;
    out.as_deref().map(files::directory).transpose().map_err(unwritten)?;
    let mut found = watched(py, progress.as_ref(), |cancel, told| {
        let loaded = &scenario.loaded.scenario;
        sobol::detail(loaded, claim, architecture, rows, &effort, cancel, |share| told.share(share))
    })?
    .map_err(|failure| refused(py, failure))?;
    found.command = found.command_from(&scenario.loaded.source, &effort);
    if let Some(out) = out {
        py.detach(|| found.write_all(&out, Lang::En)).map_err(unwritten)?;
    }
    let title = format!("drsim.sensitivity {:?}: {} inputs at once", found.title, found.inputs.len());
    Answer::of(&found, title, tables::sobol(&found))
}

/// The cheapest setting that meets every claim.
#[pyfunction]
pub fn optimize(
    py: Python<'_>,
    scenario: &Scenario,
    vary: Vec<String>,
    architecture: Option<&str>,
    how: How,
    out: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let (axes, effort) = (axes(&vary)?, how.effort(scenario)?);
    out.as_deref().map(files::directory).transpose().map_err(unwritten)?;
    let mut found = watched(py, progress.as_ref(), |cancel, told| {
        let source = &scenario.loaded.source;
        search(source, (&axes, architecture), &effort, cancel, |share| told.share(share))
    })?
    .map_err(|failure| refused(py, failure))?;
    found.command = found.command_from(&scenario.loaded.source, &effort);
    if let Some(out) = out {
        py.detach(|| found.write_all(&out, Lang::En)).map_err(unwritten)?;
    }
    let title = format!("drsim.optimize {:?}: {} settings", found.title, found.candidates.len());
    Answer::of(&found, title, tables::optimize(&found))
}
