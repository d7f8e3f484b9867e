//! The domain: one idea per file, each readable alone.
//!
//! A model knows the world, not the scenario file and not the other models: it takes plain numbers, meets the others
//! through small types, and never prints or reads files. `experiment` connects them.

pub mod aurora;
pub mod capacity;
pub mod cost;
pub mod edge_caches;
pub mod edge_content;
pub mod failback;
pub mod fate;
pub mod health_check;
pub mod latency;
pub mod object_copy;
pub mod outage;
pub mod pace;
pub mod readiness;
pub mod recovery;
pub mod replica;
pub mod residency;
pub mod routing;
pub mod sla;
pub mod traffic;
pub mod units;
