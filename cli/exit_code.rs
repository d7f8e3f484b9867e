//! How a command ends.

use std::process::ExitCode;

/// Exit codes that programs can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// A mistake of ours.
    Internal,
    /// Wrong usage, or a place that cannot be written to.
    Usage,
    /// Invalid scenario or data.
    Invalid,
    /// `check`: some claim is not decided, or depends on what is not known.
    Undecided,
    /// `check`: some claim is refuted.
    Refuted,
    /// A shard that was interrupted, as shells report it: there is no part.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Internal => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::Undecided => 4,
            Exit::Refuted => 99,
            Exit::Interrupted => 130,
        })
    }
}
