//! What happened, as it happened: written down only when somebody wants to read it.

use drsim_models::outage::{Cause, Component, Components};
use drsim_models::traffic::Operation;
use drsim_sim::time::{SimDuration, SimTime};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noted {
    /// When.
    pub at: SimTime,
    /// What.
    pub what: What,
}

/// What can happen. Places are region indices, or what belongs to no region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// An outage starts.
    Outage { cause: Cause },
    /// Components fail a share of their requests.
    Fails { place: usize, hits: Components, failing: f64 },
    /// They are repaired.
    Repaired { place: usize, hits: Components },
    /// Health checks change their verdict on a region.
    Verdict { region: usize, healthy: bool },
    /// The verdict reaches the answers.
    Published { region: usize },
    /// People pointed the records to a region.
    Pointed { region: usize },
    /// People wanted to change where a front door leads; the control plane they call does not answer.
    ChangeBlocked { control: Component },
    /// People take a region out of the answers.
    Evacuates { region: usize },
    /// The writer is lost.
    WriterLost { region: usize },
    /// Its canary has noticed.
    WriterMissed,
    /// Somebody, or automation, decided to promote.
    Decided,
    /// Decided, but there is no region to promote, or its control plane is down.
    PromotionBlocked,
    /// A region's database accepts writes.
    Promoted { region: usize },
    /// Functions have found it.
    Reconnected,
    /// A region is a copy of the database again.
    Rebuilt { region: usize },
    /// The writer starts to return to a region: nobody writes meanwhile.
    FailsBack { region: usize },
    /// It is there, or had to stay where it was.
    FailedBack { region: usize },
    /// A drill got stuck: nobody writes; or people have finished it.
    Drill { stuck: bool },
    /// A region should grow; its control plane is down.
    ScaleOutBlocked { region: usize },
    /// A region carries everyone.
    ScaledOut { region: usize },
    /// An outage destroys what a region holds.
    Destroyed { region: usize },
    /// An old writer is not fenced off.
    Unfenced { region: usize },
    /// Commits wait for a replica that is too far behind, or no longer.
    Stalled { stalled: bool },
    /// Rows are lost.
    RowsLost { window: SimDuration, rows: u64 },
    /// The survivor lacks files.
    FilesAtRisk { window: SimDuration, files: u64 },
    /// An operation falls below the minimum service level, or is back.
    Service { population: usize, operation: Operation, share: f64, meets: bool },
}
