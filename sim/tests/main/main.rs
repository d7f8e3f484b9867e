//! The engine through its public API: distributions, event list, determinism, closed forms, coverage.

mod comparisons;
mod coverage;
mod distributions;
mod future_event_list;
mod queues;
mod smoke;
