//! The engine through its public API: distributions, event list, determinism, closed forms, coverage.

mod distributions;
mod smoke;
