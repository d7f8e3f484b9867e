//! A discrete-event engine: time, events, randomness, replications, statistics.
//!
//! A model is a plain type with its own event enum; the engine calls it back, one event at a time. Many independent
//! replications run in parallel and give the same bytes on one thread as on sixty-four. What comes out of them is an
//! estimate with its interval, or a statement that the sample cannot bear one.
//!
//! - [`time`]: integer nanoseconds.
//! - [`future_event_list`]: the clock and the pending events, ordered by (time, sequence).
//! - [`engine`]: the loop.
//! - [`random_stream`]: one stream per (seed, replication, purpose, index).
//! - [`distribution`]: what is drawn from a stream, by inversion or fast.
//! - [`replications`]: many runs, folded in order.
//! - [`statistics`]: what the runs say, and how sure one can be of it.
//! - [`fit`]: distributions from measurements.

pub mod distribution;
pub mod engine;
pub mod fit;
pub mod future_event_list;
pub mod random_stream;
pub mod replications;
mod special;
pub mod statistics;
pub mod time;

pub use distribution::{Distribution, DistributionError};
pub use engine::{Model, run, run_until};
pub use future_event_list::{EventHandle, Scheduler};
pub use random_stream::{Purpose, RandomStream};
pub use replications::{ReplicationReport, Stopped, mean_over, run_blocks, run_blocks_cancellable};
pub use time::{SimDuration, SimTime};

/// The example of the README is run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
