//! drsim for Python: scenarios in, Arrow tables out.
//!
//! The same code as the command line, so the same numbers and the same words; `drsim/__init__.py` is the façade.

mod answer;
mod decide;
mod fit;
mod replay;
mod scenario;
mod simulate;
mod tables;
mod watch;

use pyo3::prelude::*;

/// The compiled half of drsim.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::answer::{Answer, UsageError};
    #[pymodule_export]
    use crate::decide::{optimize, sensitivity, sensitivity_detail, sweep};
    #[pymodule_export]
    use crate::fit::{Fit, fit_file, fit_values};
    #[pymodule_export]
    use crate::replay::{replay_outages, replay_year};
    #[pymodule_export]
    use crate::scenario::{Scenario, ScenarioError};
    #[pymodule_export]
    use crate::simulate::{MergeError, Results, merge, run, run_shard};
    #[pymodule_export]
    use crate::tables::Table;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
