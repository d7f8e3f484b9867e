//! Measured times to lines of a scenario.

use crate::answer::{UsageError, unwritten};
use crate::scenario;
use crate::tables::{Table, decide as tables};
use crate::watch::watched;
use drsim_experiment::measurements::{self, Measurements, Wanted};
use drsim_report::fit::{Fitted, Judgement};
use drsim_report::held_out::HeldOut;
use drsim_report::{files, plots};
use drsim_sim::fit::Observation;
use pyo3::exceptions::{PyAttributeError, PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::path::PathBuf;

/// Distributions fitted to measured times.
#[pyclass(frozen, module = "drsim")]
pub struct Fit {
    fitted: Fitted,
}

#[pymethods]
impl Fit {
    /// One row per family, the best first; times in seconds.
    #[getter]
    fn table(&self) -> Table {
        tables::fit(&self.fitted)
    }

    /// The same, for whoever takes Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.table().__arrow_c_stream__(py, requested_schema)
    }

    /// The family to use; None when nothing fits.
    #[getter]
    fn best(&self) -> Option<&str> {
        self.fitted.best().filter(|(_, judgement)| *judgement != Judgement::Refuted).map(|(fit, _)| fit.family.name())
    }

    /// One row per percentile of the best family, scored on the values that were held out: the share of them below it, and
    /// where that lies if nothing changed (95 %).
    #[getter]
    fn held_out(&self) -> PyResult<Table> {
        let none = || PyAttributeError::new_err("nothing was held out; fit with hold_out=0.25");
        self.fitted.held_out.as_ref().map(tables::held_out).ok_or_else(none)
    }

    /// Whether the values held out are as the best family predicts (Kolmogorov-Smirnov, 5 %).
    #[getter]
    fn predicts(&self) -> Option<bool> {
        self.fitted.held_out.as_ref().map(HeldOut::is_predicted)
    }

    /// Lines for a scenario; commented out when nothing fits.
    #[getter]
    fn lines(&self) -> String {
        self.fitted.scenario_lines()
    }

    /// The time in seconds below which this share of the values of the best family lies.
    fn quantile(&self, p: f64) -> PyResult<f64> {
        if !(0.0 < p && p < 1.0) {
            return Err(UsageError::new_err(format!("p is {p}; expected a share between 0 and 1")));
        }
        let best = self.fitted.best().ok_or_else(|| PyRuntimeError::new_err("no family could be fitted"))?;
        Ok(best.0.distribution.quantile(p))
    }

    /// Draws quantiles against quantiles into FILE.svg or FILE.png.
    fn plot(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| {
            let picture = plots::quantiles(&self.fitted)?;
            let is_png = path.extension().is_some_and(|e| e == "png");
            files::write_whole(&path, &if is_png { picture.png()? } else { picture.svg.into_bytes() })
        })
        .map_err(unwritten)
    }

    /// The page that the command line prints.
    fn __str__(&self) -> String {
        self.fitted.text()
    }

    fn __repr__(&self) -> String {
        let best = self.best().unwrap_or("nothing fits");
        format!("<drsim.Fit {}: {} values, {best}>", self.fitted.file, self.fitted.sample.size())
    }
}

/// What to do with them.
#[derive(FromPyObject)]
pub struct Fitting {
    to: Option<String>,
    hold_out: Option<f64>,
    seed: u64,
    rounds: u64,
}

/// Which values of a file.
#[derive(FromPyObject)]
pub struct Chosen {
    column: Option<String>,
    unit: Option<String>,
    censored: Option<String>,
    only: Option<(String, String)>,
}

/// Fits what a CSV file holds.
#[pyfunction]
pub fn fit_file(py: Python<'_>, path: PathBuf, chosen: Chosen, how: Fitting) -> PyResult<Fit> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|e| PyOSError::new_err(format!("cannot read `{file}`: {e}")))?;
    let unit_seconds = chosen.unit.as_deref().map(unit).transpose()?;
    let wanted = Wanted { column: chosen.column, censored: chosen.censored, only: chosen.only.clone(), unit_seconds };
    let measured = match measurements::read(&text, &file, &wanted) {
        Ok(measured) => measured,
        Err(problems) => return Err(scenario::error(py, &problems)?),
    };
    let name = path.file_name().map_or(file, |name| name.to_string_lossy().into_owned());
    let name = chosen.only.map_or(name.clone(), |(column, value)| format!("{name} ({column} = {value})"));
    fitted(py, name, measured, &how)
}

/// Fits values; those marked as censored are only known to be at least that.
#[pyfunction]
pub fn fit_values(
    py: Python<'_>,
    values: Vec<f64>,
    censored: Option<Vec<bool>>,
    unit_name: &str,
    name: String,
    how: Fitting,
) -> PyResult<Fit> {
    let worth = unit(unit_name)?;
    if let Some(censored) = censored.as_ref().filter(|c| c.len() != values.len()) {
        let message = format!("{} values, but {} marks of censoring", values.len(), censored.len());
        return Err(UsageError::new_err(message));
    }
    if let Some(wrong) = values.iter().find(|v| !(v.is_finite() && **v >= 0.0)) {
        return Err(UsageError::new_err(format!("{wrong} is not a time; expected a number, not negative")));
    }
    let is_censored = |i: usize| censored.as_ref().is_some_and(|c| c[i]);
    let positive = values.iter().enumerate().filter(|(_, v)| **v > 0.0);
    let measured = Measurements {
        column: "values".into(),
        observations: positive.map(|(i, v)| Observation { value: v * worth, censored: is_censored(i) }).collect(),
        zeros: values.iter().filter(|v| **v == 0.0).count(),
        empty: 0,
        times: Vec::new(),
    };
    fitted(py, name, measured, &how)
}

fn unit(word: &str) -> PyResult<f64> {
    let expected = || UsageError::new_err(format!("unit is {word:?}; expected s, ms, us, min or h"));
    measurements::unit_seconds(word).ok_or_else(expected)
}

fn fitted(py: Python<'_>, file: String, measured: Measurements, how: &Fitting) -> PyResult<Fit> {
    let (to, seed, rounds) = (how.to.as_deref(), how.seed, how.rounds);
    if !(20..=100_000).contains(&rounds) {
        return Err(UsageError::new_err(format!("rounds is {rounds}; expected 20 to 100,000")));
    }
    let place = format!("`{file}`, {}", measured.column);
    if let Some(share) = how.hold_out.filter(|share| !(0.0 < *share && *share < 1.0)) {
        return Err(UsageError::new_err(format!(
            "hold_out is {share}; expected a share between 0 and 1, such as 0.25"
        )));
    }
    let fitted = watched(py, None, |_, _| match how.hold_out {
        None => Fitted::new(file, measured, to, seed, rounds),
        Some(share) => {
            let (earlier, later) = measured.hold_out(share);
            Fitted::new(file, earlier, to, seed, rounds).and_then(|fitted| fitted.scored(later, seed, rounds))
        }
    })?;
    fitted.map(|fitted| Fit { fitted }).map_err(|error| UsageError::new_err(format!("{place}: {error}")))
}
