//! Running: without the interpreter's lock, with Ctrl-C, and with results as tables.

use crate::answer::{Answer, UsageError};
use crate::scenario::{Scenario, from_json};
use crate::tables::{self, Table};
use crate::watch::watched;
use arrow_array::RecordBatch;
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::run::{self as simulation, Finished, Options, Progress, Reason};
use drsim_experiment::shard::{self, Parts, Shard, ShardError};
use drsim_report::{IncidentsWriter, RunRecord, compare};
use pyo3::create_exception;
use pyo3::exceptions::{PyAttributeError, PyKeyboardInterrupt, PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::io::{self, Cursor};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

create_exception!(drsim, MergeError, PyValueError, "Parts that are not exactly the parts of one run, and why.");

/// Rows of incidents that one Arrow batch holds.
const BATCH: usize = 1 << 16;

/// What a run found.
#[pyclass(frozen, module = "drsim")]
pub struct Results {
    outcome: Outcome,
    /// The same with what nobody vouches for, which takes a while and few ask for.
    whole: OnceLock<Outcome>,
    record: RunRecord,
    incidents: Option<Vec<RecordBatch>>,
}

#[pymethods]
impl Results {
    /// The claims, judged for every design.
    #[getter]
    fn claims(&self) -> Table {
        tables::claims(&self.outcome)
    }

    /// Every number with interval, range, sample size and unit: the rows of metrics.csv.
    #[getter]
    fn metrics(&self) -> Table {
        tables::metrics(&self.outcome)
    }

    /// One row per design.
    #[getter]
    fn designs(&self) -> Table {
        tables::designs(&self.outcome)
    }

    /// Every design beside the baseline, paired year by year.
    #[getter]
    fn comparisons(&self) -> Table {
        tables::comparisons(&self.outcome)
    }

    /// Every line of every bill: the rows of costs.csv. Only the expected column adds up.
    #[getter]
    fn costs(&self) -> Table {
        tables::costs(&self.outcome)
    }

    /// Every month of every design: the rows of budget.csv. Only the expected column adds up.
    #[getter]
    fn budget(&self) -> Table {
        tables::budget(&self.outcome)
    }

    /// What a year costs under every design: bill, people, loss, all with their ranges.
    #[getter]
    fn money(&self) -> Table {
        tables::money(&self.outcome)
    }

    /// The page of `drsim cost`.
    #[getter]
    fn cost(&self, py: Python<'_>) -> PyResult<Answer> {
        let outcome = self.whole(py)?;
        let failed = |e: serde_json::Error| PyRuntimeError::new_err(e.to_string());
        Ok(Answer {
            title: format!("drsim.cost {:?}", outcome.manifest.title),
            text: drsim_report::money::render(outcome, drsim_report::Lang::En, 100, false),
            markdown: drsim_report::money::markdown(outcome, drsim_report::Lang::En),
            json: drsim_report::money::json(outcome).map_err(failed)?,
            table: tables::costs(outcome),
            warnings: Vec::new(),
        })
    }

    /// Two designs on the same chance: `a`, or the proposed one, against `b`, or the baseline.
    #[pyo3(signature = (a = None, b = None))]
    fn compare(&self, a: Option<&str>, b: Option<&str>) -> PyResult<Answer> {
        let scenario = &self.outcome.scenario;
        let a = a.unwrap_or(&scenario.architectures[scenario.proposed].name);
        let b = b.unwrap_or(&scenario.architectures[scenario.baseline].name);
        let view = compare::comparison(&self.outcome, a, b).map_err(UsageError::new_err)?;
        let table = tables::decide::compare((a, b), &compare::numbers(&view));
        Answer::of(&view, format!("drsim.compare {a} against {b}"), table)
    }

    /// One row per incident, population and operation; kept only by `run(…, incidents=True)`.
    #[getter]
    fn incidents(&self) -> PyResult<Table> {
        let kept = self.incidents.clone().map(Table::new);
        kept.ok_or_else(|| PyAttributeError::new_err("incidents were not kept; run with incidents=True"))
    }

    /// Simulated years.
    #[getter]
    fn years(&self) -> u64 {
        self.outcome.manifest.replications
    }

    /// Why the run stopped.
    #[getter]
    fn stopped_because(&self) -> &str {
        &self.outcome.stopped_because
    }

    /// Seconds of wall time.
    #[getter]
    fn wall_seconds(&self) -> f64 {
        self.record.wall_seconds
    }

    /// What `drsim run --format json` prints.
    fn to_json(&self) -> PyResult<String> {
        drsim_report::json::results(&self.outcome).map_err(|e| PyRuntimeError::new_err(e.to_string()))
    }

    /// The same as a dictionary.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        from_json(py, &self.to_json()?)
    }

    /// The text of metrics.csv.
    fn to_csv(&self) -> PyResult<String> {
        drsim_report::csv::metrics(&self.outcome).map_err(|e| PyRuntimeError::new_err(e.to_string()))
    }

    /// Writes what `drsim run --no-what-if --out` does. For incidents.csv too, run with `out=`.
    fn write(&self, path: PathBuf) -> PyResult<()> {
        drsim_report::write_all(&self.outcome, &WhatIf::default(), &path, &self.record, drsim_report::Lang::En)
            .map_err(|e| PyOSError::new_err(e.to_string()))?;
        Ok(())
    }

    /// The page that the command line prints.
    fn __str__(&self) -> String {
        drsim_report::render(&self.outcome, drsim_report::Lang::En, 100, false)
    }

    fn __repr__(&self) -> String {
        format!("<drsim.Results {:?}: {} simulated years>", self.outcome.manifest.title, self.years())
    }
}

impl Results {
    /// Everything, what nobody vouches for too: looked at once.
    fn whole(&self, py: Python<'_>) -> PyResult<&Outcome> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        let mut outcome = self.outcome.clone();
        py.detach(|| drsim_experiment::doubts::look(&mut outcome, None, &AtomicBool::new(false), |_| ()))
            .map_err(|message| PyRuntimeError::new_err(format!("internal error: {message}")))?;
        Ok(self.whole.get_or_init(|| outcome))
    }
}

pub fn options(scenario: &Scenario, seed: u64, confidence: f64, threads: Option<usize>) -> PyResult<Options> {
    if !(0.5..1.0).contains(&confidence) {
        return Err(UsageError::new_err("confidence: expected a level from 0.5 to below 1, such as 0.95"));
    }
    let source = &scenario.loaded.source;
    let command = simulation::command(source.file(), &source.overrides, seed, confidence);
    Ok(Options { seed, confidence, threads, ..Options::new(command) })
}

pub fn years(n: u64) -> PyResult<u64> {
    let known = (1..=1_000_000_000).contains(&n);
    if known { Ok(n) } else { Err(UsageError::new_err(format!("n is {n}; expected 1 to 1,000,000,000 years"))) }
}

/// Collects incidents in batches and writes them on the way, as asked.
struct Incidents {
    pending: Vec<IncidentRow>,
    kept: Option<Vec<RecordBatch>>,
    writer: Option<IncidentsWriter>,
}

impl Incidents {
    fn add(&mut self, row: &IncidentRow) -> io::Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.write(row).map_err(io::Error::other)?;
        }
        if let Some(kept) = &mut self.kept {
            self.pending.push(row.clone());
            if self.pending.len() == BATCH {
                kept.push(tables::incidents(&self.pending));
                self.pending.clear();
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Option<Vec<RecordBatch>>, drsim_report::ReportError> {
        self.writer.map(IncidentsWriter::finish).transpose()?;
        Ok(self.kept.map(|mut kept| {
            // An empty one too, so that there are columns.
            kept.push(tables::incidents(&self.pending));
            kept
        }))
    }
}

/// Simulates every design.
#[pyfunction]
#[pyo3(signature = (scenario, n, seed, precision, confidence, jobs, incidents, out, incidents_name, progress))]
#[allow(clippy::too_many_arguments)] // the façade names them
pub fn run(
    py: Python<'_>,
    scenario: &Scenario,
    n: Option<u64>,
    seed: u64,
    precision: Option<f64>,
    confidence: f64,
    jobs: Option<usize>,
    incidents: bool,
    out: Option<PathBuf>,
    incidents_name: &str,
    progress: Option<Py<PyAny>>,
) -> PyResult<Results> {
    let replications = n.map(years).transpose()?;
    if precision.is_some() && n.is_some() {
        return Err(UsageError::new_err("give either n or precision"));
    }
    let options = Options { replications, precision, ..options(scenario, seed, confidence, jobs)? };
    let name = IncidentsWriter::name(incidents_name).map_err(UsageError::new_err)?;
    let os_error = |error: drsim_report::ReportError| PyOSError::new_err(error.to_string());
    let writer = out.as_deref().map(|dir| IncidentsWriter::create(dir, &name)).transpose().map_err(os_error)?;
    let wanted = incidents || writer.is_some();
    let mut collected = Incidents { pending: Vec::new(), kept: incidents.then(Vec::new), writer };
    let finished = watched(py, progress.as_ref(), |cancel, told| {
        let mut add = |row: &IncidentRow| collected.add(row);
        let rows: Option<simulation::Rows<'_>> = if wanted { Some(&mut add) } else { None };
        simulation::run(&scenario.loaded.scenario, &options, cancel, |p| told.tell(p.done, p.most), rows)
    })??;
    let kept = collected.finish().map_err(os_error)?;
    let results = results(finished, kept)?;
    if let Some(out) = out {
        results.write(out)?;
    }
    Ok(results)
}

fn results(finished: Finished, incidents: Option<Vec<RecordBatch>>) -> PyResult<Results> {
    if let Reason::Panicked { replication, message } = &finished.reason {
        return Err(PyRuntimeError::new_err(format!("internal error: replication {replication} panicked: {message}")));
    }
    let seconds = finished.wall.as_secs_f64();
    let record = RunRecord {
        stopped_because: finished.reason.to_string(),
        command: "from Python".into(),
        wall_seconds: seconds,
        host: "unknown".into(),
        incidents_per_second: finished.incidents as f64 / seconds,
        events_per_second: finished.events as f64 / seconds,
        ..RunRecord::default()
    };
    Ok(Results { outcome: finished.outcome, whole: OnceLock::new(), record, incidents })
}

/// Simulates one shard of a run; returns its part.
#[pyfunction]
#[pyo3(signature = (scenario, n, number, of, seed, confidence, jobs))]
#[allow(clippy::too_many_arguments)] // the façade names them
pub fn run_shard<'py>(
    py: Python<'py>,
    scenario: &Scenario,
    n: u64,
    number: u32,
    of: u32,
    seed: u64,
    confidence: f64,
    jobs: Option<usize>,
) -> PyResult<Bound<'py, PyBytes>> {
    if of > shard::MOST_PARTS || !(1..=of).contains(&number) {
        return Err(UsageError::new_err(format!("there is no shard {number} of {of}")));
    }
    let (n, options) = (years(n)?, options(scenario, seed, confidence, jobs)?);
    let mut part = Vec::new();
    let done = watched(py, None, |cancel, told| {
        let told = |p: Progress| told.tell(p.done, p.most);
        shard::run(&scenario.loaded, &options, n, Shard { number, of }, cancel, told, &mut part)
    })??;
    match done.reason {
        Reason::Panicked { replication, message } => {
            Err(PyRuntimeError::new_err(format!("internal error: replication {replication} panicked: {message}")))
        }
        Reason::Cancelled => Err(PyKeyboardInterrupt::new_err("interrupted")),
        _ => Ok(PyBytes::new(py, &part)),
    }
}

/// Joins the parts of a run, in any order, to the results of the undivided run.
#[pyfunction]
pub fn merge(py: Python<'_>, parts: Vec<Py<PyBytes>>, incidents: bool) -> PyResult<Results> {
    let names: Vec<String> = (1..=parts.len()).map(|i| format!("part {i}")).collect();
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes(py)).collect();
    let mut collected = Incidents { pending: Vec::new(), kept: incidents.then(Vec::new), writer: None };
    let merged = watched(py, None, |_, told| {
        let mut add = |row: &IncidentRow| collected.add(row);
        let rows: Option<simulation::Rows<'_>> = if incidents { Some(&mut add) } else { None };
        Parts::gather(&names, |i| Ok(Cursor::new(bytes[i])))?.merge(|p| told.tell(p.done, p.most), rows)
    })?;
    let finished = merged.map_err(|error: ShardError| MergeError::new_err(error.to_string()))?;
    let kept = collected.finish().map_err(|error| PyOSError::new_err(error.to_string()))?;
    results(finished, kept)
}
