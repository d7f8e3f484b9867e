//! From a scenario to an outcome: the file is read and checked, the models are connected, the replications are run.
//!
//! Arrows: `scenario_file -> scenario -> world -> assemble -> replicate -> outcome`.

pub mod outcome;
pub mod scenario;
