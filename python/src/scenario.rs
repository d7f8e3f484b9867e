//! Scenarios: read, checked, and what is wrong with them.

use drsim_experiment::diagnostic::{Diagnostics, Severity};
use drsim_experiment::scenario_file::{self, Loaded};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

create_exception!(
    drsim,
    ScenarioError,
    PyValueError,
    "A scenario that cannot be used; `problems` lists why, and where."
);

/// A checked scenario.
#[pyclass(frozen, module = "drsim")]
pub struct Scenario {
    pub(crate) loaded: Loaded,
}

#[pymethods]
impl Scenario {
    /// Reads and checks a file.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, overrides: Vec<String>) -> PyResult<Self> {
        checked(py, scenario_file::load(&path, &overrides))
    }

    /// Checks a text; `name` is what messages call it.
    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, name: &str, overrides: Vec<String>) -> PyResult<Self> {
        checked(py, scenario_file::parse(text, name, &overrides))
    }

    /// The same scenario with more values replaced.
    fn replaced(&self, py: Python<'_>, overrides: Vec<String>) -> PyResult<Self> {
        checked(py, scenario_file::check(&self.loaded.source.with(&overrides)))
    }

    /// Title.
    #[getter]
    fn title(&self) -> &str {
        &self.loaded.scenario.title
    }

    /// Names of the designs.
    #[getter]
    fn architectures(&self) -> Vec<&str> {
        self.loaded.scenario.architectures.iter().map(|a| a.name.as_str()).collect()
    }

    /// Names of the claims.
    #[getter]
    fn claims(&self) -> Vec<&str> {
        self.loaded.scenario.claims.iter().map(|c| c.name.as_str()).collect()
    }

    /// The design that others are compared with.
    #[getter]
    fn baseline(&self) -> &str {
        &self.loaded.scenario.architectures[self.loaded.scenario.baseline].name
    }

    /// The design up for approval.
    #[getter]
    fn proposed(&self) -> &str {
        &self.loaded.scenario.architectures[self.loaded.scenario.proposed].name
    }

    /// Digest of its meaning.
    #[getter]
    fn digest(&self) -> &str {
        &self.loaded.scenario.digest
    }

    /// The text it was read from.
    #[getter]
    fn text(&self) -> &str {
        self.loaded.source.text()
    }

    /// The values replaced, as `--set` has them.
    #[getter]
    fn overrides(&self) -> Vec<String> {
        self.loaded.source.overrides.clone()
    }

    /// Design holes, as the command line words them.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.loaded.warnings.iter().map(|w| w.to_string().trim_end().to_owned()).collect()
    }

    /// The text as a dictionary; what it extends and the values replaced by `overrides` are not in it.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        // Python's own reader, which keeps the order of rows.
        Ok(py.import("tomllib")?.call_method1("loads", (self.text(),))?.unbind())
    }

    fn __repr__(&self) -> String {
        let scenario = &self.loaded.scenario;
        let (designs, claims) = (scenario.architectures.len(), scenario.claims.len());
        format!("<drsim.Scenario {:?}: {designs} designs, {claims} claims>", scenario.title)
    }
}

fn checked(py: Python<'_>, loaded: Result<Loaded, Diagnostics>) -> PyResult<Scenario> {
    match loaded {
        Ok(loaded) => Ok(Scenario { loaded }),
        Err(problems) => Err(error(py, &problems)?),
    }
}

/// The words of the command line, and each problem with its place.
pub fn error(py: Python<'_>, diagnostics: &Diagnostics) -> PyResult<PyErr> {
    let problem = |d: &drsim_experiment::diagnostic::Diagnostic| {
        let dict = PyDict::new(py);
        dict.set_item("severity", if d.severity == Severity::Error { "error" } else { "warning" })?;
        dict.set_item("file", &d.file)?;
        dict.set_item("line", (d.line > 0).then_some(d.line))?;
        dict.set_item("column", (d.line > 0).then_some(d.column))?;
        dict.set_item("message", &d.message)?;
        dict.set_item("hint", d.hint.as_deref())?;
        Ok::<_, PyErr>(dict)
    };
    let problems = diagnostics.iter().map(problem).collect::<PyResult<Vec<_>>>()?;
    let error = ScenarioError::new_err(diagnostics.to_string().trim_end().to_owned());
    error.value(py).setattr("problems", problems)?;
    Ok(error)
}

/// JSON as Python objects, by Python's own reader.
pub fn from_json(py: Python<'_>, json: &str) -> PyResult<Py<PyAny>> {
    Ok(py.import("json")?.call_method1("loads", (json,))?.unbind())
}
