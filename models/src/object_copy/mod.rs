//! Copies of objects: which files the other region lacks at the cut.
//!
//! Two models, chosen by name, never added. [`service`]: every file its own delay, all in parallel (S3 replication).
//! [`link`]: first in, first out on a number of streams (the arithmetic of the record). Both see the same files.
//!
//! The cut is the instant the failed region stops acknowledging uploads. At that instant the data-loss window is the
//! age of the oldest acknowledged file without a copy.
//!
//! While copies stand still ([`Pace`]) files wait, and catch up afterwards.

pub mod conflicts;
pub mod link;
pub mod service;
pub mod slowdown;
#[cfg(test)]
mod twin;

use crate::fate::Lacking;
use crate::pace::Pace;
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
    /// How fast copies get on.
    pub pace: &'a Pace,
    /// Rows that were written up to then are where the copies go.
    pub rows_until: SimTime,
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
    /// Of these files, those whose row the survivor has: rows that name a file which is not there.
    pub orphaned: u64,
    /// Beside them: files that users deleted, and whose deletion the survivor does not know.
    pub deleted_back: u64,
    /// Beside them: files that are there, and whose row was lost with the writer.
    pub rowless: u64,
    /// Of the files that lack a copy, those that were destroyed with their region.
    pub lost: Lacking,
    /// And those that return with it.
    pub unavailable: Lacking,
}

impl AtRisk {
    /// Whether any file lacks a copy.
    pub fn lacks(&self) -> bool {
        self.files > 0 || self.window > SimDuration::ZERO
    }

    /// And what another cut left behind, whose files share a fate.
    pub fn also(&mut self, found: &Self, destroyed: bool) {
        self.window = self.window.max(found.window);
        self.files += found.files;
        self.bytes.0 += found.bytes.0;
        self.orphaned += found.orphaned;
        self.deleted_back += found.deleted_back;
        let fate = if destroyed { &mut self.lost } else { &mut self.unavailable };
        fate.add(found.window, found.files);
    }

    fn add(&mut self, source: &Source<'_>, (acknowledged, size): (SimTime, u64), cut: SimTime) {
        self.window = self.window.max(cut - acknowledged);
        self.files += 1;
        self.bytes.0 += size;
        self.orphaned += u64::from(acknowledged <= source.rows_until);
    }
}
