//! What a question was answered with, and why it was refused.

use crate::scenario::{self, from_json};
use crate::tables::Table;
use drsim_experiment::decide::sweep::Failure;
use drsim_report::{Lang, View};
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

create_exception!(
    drsim,
    UsageError,
    PyValueError,
    "Asked for something that is not there, in words of the command line."
);

/// An answer: a page to read, a table to work with, and everything as JSON.
#[pyclass(frozen, module = "drsim")]
pub struct Answer {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) markdown: String,
    pub(crate) json: String,
    pub(crate) table: Table,
    pub(crate) warnings: Vec<String>,
}

impl Answer {
    /// What the command line makes of it, in English, for a page of 100 columns.
    pub(crate) fn of(found: &impl View, title: String, table: Table) -> PyResult<Self> {
        Ok(Self {
            title,
            text: found.text(Lang::En, 100, false),
            markdown: found.markdown(Lang::En),
            json: found.json().map_err(unwritten)?,
            table,
            warnings: Vec::new(),
        })
    }
}

#[pymethods]
impl Answer {
    /// The numbers.
    #[getter]
    fn table(&self) -> Table {
        self.table.clone()
    }

    /// The numbers, for whoever takes Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.table.__arrow_c_stream__(py, requested_schema)
    }

    /// Worth knowing, such as a field that changes nothing.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// What the command line gives as JSON; one object per line for replays.
    fn to_json(&self) -> &str {
        &self.json
    }

    /// The JSON as a dictionary; a list for replays.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.json.lines().next() {
            Some("{") | None => from_json(py, &self.json),
            Some(_) => from_json(py, &format!("[{}]", self.json.trim_end().replace('\n', ","))),
        }
    }

    /// What the command line gives as Markdown.
    fn to_markdown(&self) -> &str {
        &self.markdown
    }

    /// The page that the command line prints.
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.title)
    }
}

/// The exception for a refusal.
pub fn refused(py: Python<'_>, failure: Failure) -> PyErr {
    match failure {
        Failure::Scenario(problems) => scenario::error(py, &problems).unwrap_or_else(|e| e),
        Failure::Usage(message) => UsageError::new_err(message),
        Failure::Internal(message) => PyRuntimeError::new_err(format!("internal error: {message}")),
    }
}

/// The exception for output that could not be made.
pub fn unwritten(error: drsim_report::ReportError) -> PyErr {
    pyo3::exceptions::PyOSError::new_err(error.to_string())
}
