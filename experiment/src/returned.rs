//! What the way back takes of a year, counted and reported.

use crate::system::back::Returned;
use crate::tally::{Record, Worlds};
use drsim_sim::statistics::StratifiedMean;

/// Names and units of what is counted, in the order of every table.
pub const COUNTED: [(&str, &str); 7] = [
    ("failbacks", "1/year"),
    ("failback_gap_minutes", "min/year"),
    ("database_unprotected_hours", "h/year"),
    ("losses_without_survivor", "1/year"),
    ("traffic_relapses", "1/year"),
    ("writes_forwarded_while_away", "requests/year"),
    ("requests_far_while_away", "requests/year"),
];

/// Sums of what [`COUNTED`] names.
#[derive(Clone, Debug)]
pub struct ReturnedTally([Worlds; COUNTED.len()]);

impl ReturnedTally {
    /// Nothing yet.
    pub fn new(worlds: u64) -> Self {
        Self(std::array::from_fn(|_| Worlds::new(worlds)))
    }

    /// One architecture's incidents of one replication.
    pub fn add(&mut self, replication: u64, records: &[Record]) {
        let mut year = [0.0; COUNTED.len()];
        for Returned { failbacks, gap, unprotected, exposed, relapses, forwarded, guests } in
            records.iter().map(|r| r.incident.returned)
        {
            let one = [
                f64::from(failbacks),
                gap.as_secs_f64() / 60.0,
                unprotected.as_secs_f64() / 3600.0,
                f64::from(exposed),
                f64::from(relapses),
                forwarded,
                guests,
            ];
            year.iter_mut().zip(one).for_each(|(sum, value)| *sum += value);
        }
        self.0.iter_mut().zip(year).for_each(|(worlds, value)| worlds.add(replication, value));
    }

    /// Means a year, quiet years included.
    pub fn read(&self, replications: u64) -> impl Iterator<Item = StratifiedMean> + '_ {
        self.0.iter().map(move |worlds| worlds.read(replications))
    }
}
