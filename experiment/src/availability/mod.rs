//! Availability designed, simulated and promised, side by side.
//!
//! - *promised*: arithmetic on what the provider commits to: parts in series multiply, regions in parallel too;
//! - *designed*: the same arithmetic on this scenario's own outages of each region and way in, taken as independent and
//!   moved between without any time;
//! - *simulated*: what users got, failover time and common cause included.
//!
//! `commitments` is the data, `provider` what a year did to each service, `tally` counts months, `result` puts the three
//! side by side. See `docs/models/availability.md`.

pub mod commitments;
pub mod provider;
pub mod result;
pub mod tally;
