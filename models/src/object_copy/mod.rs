//! Copies of objects: which files the other region lacks at the cut.
//!
//! Two models, chosen by name, never added. [`service`]: every file its own delay, all in parallel (S3 replication).
//! [`link`]: first in, first out on a number of streams (the arithmetic of the record). Both see the same files.
//!
//! The cut is the instant the failed region stops acknowledging uploads. At that instant the data-loss window is the
//! age of the oldest acknowledged file without a copy.
//!
//! Left out here: failed copies and retries, bandwidth caps, slowdowns shared by a region pair, catch-up after a
//! partition, delete markers.

pub mod link;
pub mod service;

use crate::traffic::{HourlyShape, Uploads};
use crate::units::Bytes;
use drsim_sim::distribution::Distribution;
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Who uploads to a bucket, in which replication.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Master seed.
    pub seed: u64,
    /// Replication.
    pub replication: u64,
    /// The populations that upload there.
    pub uploads: &'a [(&'a Uploads, &'a HourlyShape)],
    /// Sizes \[bytes\].
    pub size: &'a Distribution,
}

/// What the survivor lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtRisk {
    /// Age of the oldest file without a copy.
    pub window: SimDuration,
    /// How many files.
    pub files: u64,
    /// Their sum.
    pub bytes: Bytes,
}

impl AtRisk {
    fn add(&mut self, acknowledged: SimTime, size: u64, cut: SimTime) {
        self.window = self.window.max(cut - acknowledged);
        self.files += 1;
        self.bytes.0 += size;
    }
}
