//! What becomes of items that a survivor lacks: lost for good, or there again later.
//!
//! Files without a copy follow their region: it keeps them, so that they return with it, or they are destroyed. Rows that
//! a promotion leaves behind are lost, unless they are found on the old volume (salvaged) and written into the new one.

use drsim_sim::time::SimDuration;
use serde::{Deserialize, Serialize};

/// A fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// For good.
    Lost,
    /// There again later.
    Unavailable,
}

/// What of one fate is lacking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Age of the oldest of them at the cut; [`SimDuration::MAX`]: nobody can say how much is gone.
    pub window: SimDuration,
    /// How many.
    pub items: u64,
}

impl Lacking {
    /// Nothing yet, or that and more.
    pub fn add(&mut self, window: SimDuration, items: u64) {
        self.window = self.window.max(window);
        self.items += items;
    }
}
