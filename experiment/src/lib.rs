//! From a scenario to an outcome: the file is read and checked, the models are connected, the replications are run.
//!
//! Arrows: `scenario_file -> scenario -> world -> assemble -> system -> tally -> judge -> outcome`; `run` drives them.

pub mod assemble;
pub mod availability;
pub mod catalogue;
pub mod compare;
pub mod compliance;
mod conflicts;
mod copy_times;
pub mod data;
pub mod decide;
pub mod diagnostic;
pub mod doubts;
pub mod init;
pub mod judge;
mod latency;
pub mod measurements;
pub mod model;
pub mod money;
pub mod outcome;
pub mod quantity;
pub mod replay;
pub mod residency;
pub mod returned;
pub mod run;
pub mod scenario;
pub mod scenario_file;
pub mod schema;
pub mod shard;
pub mod summarise;
pub mod system;
pub mod tally;
pub mod together;
pub mod world;
