//! Results as Arrow tables, handed over by the `PyCapsule` interface: polars, pandas, pyarrow and `DuckDB` take them as
//! they are, none copies row by row.

pub mod decide;
mod money;

pub use money::{budget, costs, money};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchIterator, StringArray, UInt64Array};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use drsim_experiment::outcome::{Comparison, IncidentRow, Outcome};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::Arc;

/// A table of columns. Give it to `polars.DataFrame`, `pandas.DataFrame.from_arrow`, `pyarrow.table` or `DuckDB`.
#[pyclass(frozen, skip_from_py_object, module = "drsim")]
#[derive(Clone)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// Batches of the same columns; at least one.
    pub fn new(batches: Vec<RecordBatch>) -> Self {
        let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        Self { schema, batches }
    }
}

#[pymethods]
impl Table {
    /// The Arrow C stream; whoever imports it may cast, `requested_schema` is not looked at.
    #[pyo3(signature = (requested_schema = None))]
    pub fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches: Vec<Result<RecordBatch, ArrowError>> = self.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<drsim.Table {} rows: {}>", self.__len__(), self.column_names().join(", "))
    }
}

pub fn text<'r, T>(rows: &'r [T], of: impl Fn(&'r T) -> &'r str) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
}

/// Text that is null where a dimension does not apply.
pub fn some_text<'r, T>(rows: &'r [T], of: impl Fn(&'r T) -> Option<&'r str>) -> ArrayRef {
    Arc::new(rows.iter().map(|row| of(row).filter(|t| !t.is_empty())).collect::<StringArray>())
}

pub fn float<'r, T>(rows: &'r [T], of: impl Fn(&'r T) -> f64) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(rows.iter().map(of)))
}

pub fn some_float<'r, T>(rows: &'r [T], of: impl Fn(&'r T) -> Option<f64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Float64Array>())
}

pub fn whole<'r, T>(rows: &'r [T], of: impl Fn(&'r T) -> u64) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(rows.iter().map(of)))
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let nullable = columns.into_iter().map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(nullable).expect("columns of one length")
}

/// The claims, for every design.
pub fn claims(outcome: &Outcome) -> Table {
    let rows = &outcome.claims;
    let verdict = |v: &_| serde_json::to_value(v).ok().and_then(|v| v.as_str().map(str::to_owned));
    Table::new(vec![batch(vec![
        ("claim", text(rows, |r| &r.claim)),
        ("architecture", text(rows, |r| &r.architecture)),
        ("bound", text(rows, |r| &r.bound)),
        ("per", text(rows, |r| &r.per)),
        ("asked", some_float(rows, |r| r.asked)),
        ("found", some_float(rows, |r| r.found)),
        ("ci_low", some_float(rows, |r| r.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.interval.map(|i| i.1))),
        ("range_low", some_float(rows, |r| r.range.map(|i| i.0))),
        ("range_high", some_float(rows, |r| r.range.map(|i| i.1))),
        ("n", whole(rows, |r| r.n)),
        ("verdict", Arc::new(rows.iter().map(|r| verdict(&r.verdict)).collect::<StringArray>())),
        ("decided_by", some_text(rows, |r| Some(&r.decided_by))),
        ("counterexample", some_text(rows, |r| r.counterexample.as_ref().map(|c| c.words.as_str()))),
        ("counterexample_year", Arc::new(counterexamples(outcome))),
        ("says", some_text(rows, |r| r.says.as_deref())),
    ])])
}

fn counterexamples(outcome: &Outcome) -> UInt64Array {
    outcome.claims.iter().map(|r| r.counterexample.as_ref().map(|c| c.replication)).collect()
}

/// The columns of `metrics.csv`, and `note`: why a number is missing, or a flag.
pub fn metrics(outcome: &Outcome) -> Table {
    let rows = &outcome.metrics;
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("metric", text(rows, |r| &r.metric)),
        ("population", some_text(rows, |r| Some(&r.population))),
        ("operation", some_text(rows, |r| Some(&r.operation))),
        ("store", some_text(rows, |r| Some(&r.store))),
        ("cause", some_text(rows, |r| Some(&r.cause))),
        ("per", text(rows, |r| &r.per)),
        ("statistic", text(rows, |r| &r.statistic)),
        ("estimate", some_float(rows, |r| r.figure.estimate)),
        ("ci_low", some_float(rows, |r| r.figure.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.figure.interval.map(|i| i.1))),
        ("range_low", some_float(rows, |r| r.figure.range.map(|i| i.0))),
        ("range_high", some_float(rows, |r| r.figure.range.map(|i| i.1))),
        ("n", whole(rows, |r| r.figure.n)),
        ("unit", text(rows, |r| &r.unit)),
        ("note", some_text(rows, |r| r.note.as_deref())),
    ])])
}

/// Every design beside the baseline, year by year.
pub fn comparisons(outcome: &Outcome) -> Table {
    let rows: &[Comparison] = &outcome.comparisons;
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("baseline", text(rows, |r| &r.baseline)),
        ("metric", text(rows, |r| &r.metric)),
        ("p_better", float(rows, |r| r.p_better)),
        ("p_tie", float(rows, |r| r.p_tie)),
        ("p_worse", float(rows, |r| r.p_worse)),
        ("difference", some_float(rows, |r| r.difference.estimate)),
        ("ci_low", some_float(rows, |r| r.difference.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.difference.interval.map(|i| i.1))),
        ("unit", text(rows, |r| &r.unit)),
    ])])
}

/// One row per design.
pub fn designs(outcome: &Outcome) -> Table {
    let rows = &outcome.designs;
    let truth = |of: fn(&drsim_experiment::outcome::DesignResult) -> bool| -> ArrayRef {
        Arc::new(rows.iter().map(|r| Some(of(r))).collect::<BooleanArray>())
    };
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("is_baseline", truth(|r| r.is_baseline)),
        ("is_proposed", truth(|r| r.is_proposed)),
        ("reads_back_seconds_p50", some_float(rows, |r| r.reads_back.0.estimate)),
        ("reads_back_seconds_p99", some_float(rows, |r| r.reads_back.1.estimate)),
        ("writes_back_seconds_p50", some_float(rows, |r| r.writes_back.0.estimate)),
        ("writes_back_seconds_p99", some_float(rows, |r| r.writes_back.1.estimate)),
        ("oldest_file_seconds_p95", some_float(rows, |r| r.oldest_file_p95.and_then(|f| f.estimate))),
        ("oldest_row_seconds_p95", some_float(rows, |r| r.oldest_row_p95.and_then(|f| f.estimate))),
        ("downtime_minutes_per_year", some_float(rows, |r| r.downtime_minutes_per_year.estimate)),
        ("availability_by_request", some_float(rows, |r| r.availability_by_request.estimate)),
        ("failed_requests_per_year", some_float(rows, |r| r.failed_requests_per_year.estimate)),
        ("worse_than_baseline", truth(|r| r.worse_than_baseline)),
    ])])
}

/// The columns of `incidents.csv`.
pub fn incidents(rows: &[IncidentRow]) -> RecordBatch {
    batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("replication", whole(rows, |r| r.replication)),
        ("incident", whole(rows, |r| u64::from(r.incident))),
        ("cause", text(rows, |r| &r.cause)),
        ("regions", text(rows, |r| &r.regions)),
        ("onset_seconds", float(rows, |r| r.onset_seconds)),
        ("population", text(rows, |r| &r.population)),
        ("operation", text(rows, |r| &r.operation)),
        ("recovery_time_seconds", some_float(rows, |r| r.recovery_time_seconds)),
        ("client_recovery_time_seconds", some_float(rows, |r| r.client_recovery_time_seconds)),
        ("undetected_seconds", float(rows, |r| r.undetected_seconds)),
        ("undecided_seconds", float(rows, |r| r.undecided_seconds)),
        ("promoting_seconds", float(rows, |r| r.promoting_seconds)),
        ("reconnecting_seconds", float(rows, |r| r.reconnecting_seconds)),
        ("routing_seconds", float(rows, |r| r.routing_seconds)),
        ("draining_seconds", float(rows, |r| r.draining_seconds)),
        ("warming_seconds", float(rows, |r| r.warming_seconds)),
        ("waiting_for_repair_seconds", float(rows, |r| r.waiting_for_repair_seconds)),
        ("downtime_seconds", float(rows, |r| r.downtime_seconds)),
        ("failed_requests", float(rows, |r| r.failed_requests)),
        ("objects_window_seconds", some_float(rows, |r| r.objects_window_seconds)),
        ("objects_at_risk", whole(rows, |r| r.objects_at_risk)),
        ("object_bytes_at_risk", whole(rows, |r| r.object_bytes_at_risk)),
        ("rows_window_seconds", some_float(rows, |r| r.rows_window_seconds)),
        ("rows_lost", whole(rows, |r| r.rows_lost)),
    ])
}
