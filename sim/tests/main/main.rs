//! The engine through its public API: distributions, event list, determinism, closed forms, coverage.

mod comparisons;
mod coverage;
mod distributions;
mod engine;
mod future_event_list;
mod queues;
mod replications;
