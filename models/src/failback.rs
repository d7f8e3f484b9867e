//! The way back after a promotion: the old region is rebuilt as a secondary, then the writer returns to it.
//!
//! `promoted -> [old region serves again] -> rebuilt -> stable -> allowed hour -> write gap -> back`. From the promotion
//! until the rebuild is done the database has no second copy: should its new writer be lost, everybody waits. The rebuild
//! copies the whole database, so it grows with its size; it starts when both regions' databases work and starts anew when
//! one of them fails meanwhile. The return of the writer is planned work: nothing else may fail, nothing is lost, and
//! nobody writes while the roles change hands and functions find the writer again.
//!
//! Assumptions: the return of the writer always works; it is given up, not finished, when a database fails meanwhile.
//!
//! Left out: a second promotion that brings the old region's stale copy back to life; reads of a region under rebuild
//! that are slower because they go to the writer's; a rebuild from backups while the writer is down.
//!
//! Source: Amazon Aurora User Guide, "Using switchover or failover in an Aurora global database": the old primary is
//! rebuilt as a secondary, in a few minutes to several hours; a switchover needs healthy clusters and loses nothing.

use crate::traffic::{HourlyShape, hour_of};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};
use std::sync::Arc;

/// Parameters of the way back.
#[derive(Clone, Debug, PartialEq)]
pub struct FailbackSettings {
    /// A rebuild without its copying \[s\].
    pub rebuild: Distribution,
    /// Copying the database.
    pub copying: SimDuration,
    /// How long nothing may have failed before.
    pub stability: SimDuration,
    /// 1 in the hours in which the writer may return, 0 otherwise.
    pub hours: Arc<HourlyShape>,
    /// Roles change hands \[s\].
    pub switchover: Distribution,
    /// Functions find the writer again \[s\].
    pub reconnect: Distribution,
}

/// What chance says about one way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailbackDraws {
    /// The whole rebuild.
    pub rebuild: SimDuration,
    /// How long nobody can write when the writer returns.
    pub gap: SimDuration,
}

impl FailbackSettings {
    /// Draws one way back: three uniforms, whatever the laws.
    pub fn draw(&self, stream: &mut RandomStream) -> FailbackDraws {
        let mut seconds = |law: &Distribution| SimDuration::from_secs_f64(law.sample(stream));
        let rebuild = seconds(&self.rebuild) + self.copying;
        let gap = seconds(&self.switchover) + seconds(&self.reconnect);
        FailbackDraws { rebuild, gap }
    }

    /// The first instant from `ready` on at which the writer may return.
    pub fn allowed_from(&self, ready: SimTime) -> SimTime {
        let first = hour_of(ready);
        // Hours repeat weekly at the latest.
        let open = (first..=first + 168).find(|&hour| self.hours.at_hour(hour) > 0.0).unwrap_or(first);
        ready.max(SimTime::from_secs_f64(open as f64 * 3600.0))
    }
}

/// A region on its way back to being a copy of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// Which.
    pub region: usize,
    /// What chance says.
    pub draws: FailbackDraws,
    /// Since when both databases work without interruption.
    working_since: Option<SimTime>,
    built: bool,
    /// Up to when the time without a second copy has been counted.
    counted: SimTime,
}

impl Rebuild {
    /// The other region was promoted.
    pub fn new(region: usize, now: SimTime, draws: FailbackDraws) -> Self {
        Self { region, draws, working_since: None, built: false, counted: now }
    }

    /// Whether it is a copy again.
    pub fn is_built(&self) -> bool {
        self.built
    }

    /// When it is a copy again, if nothing comes between.
    pub fn built_at(&self) -> Option<SimTime> {
        self.working_since.map(|since| since + self.draws.rebuild)
    }

    /// Takes note of the time and of whether both databases work: returns the time without a second copy since the
    /// last call, as the interval from .. to.
    pub fn follow(&mut self, now: SimTime, both_work: bool) -> (SimTime, SimTime) {
        let from = self.counted;
        if self.built {
            return (from, from);
        }
        let done = self.built_at().filter(|at| *at <= now);
        self.built = done.is_some();
        self.counted = done.unwrap_or(now).max(from);
        if !both_work {
            self.working_since = None;
        } else if self.working_since.is_none() {
            self.working_since = Some(now);
        }
        (from, self.counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::from_secs_f64(seconds as f64)
    }

    fn settings(open: std::ops::Range<usize>) -> FailbackSettings {
        let hours = (0..168).map(|h: usize| f64::from(u8::from(open.contains(&(h % 24))))).collect();
        let constant = |seconds| Distribution::Constant { value: seconds };
        FailbackSettings {
            rebuild: constant(600.0),
            copying: SimDuration::from_secs(2000),
            stability: SimDuration::from_secs(900),
            hours: Arc::new(HourlyShape::new(0, hours)),
            switchover: constant(60.0),
            reconnect: constant(30.0),
        }
    }

    #[test]
    fn a_rebuild_that_is_interrupted_starts_anew_and_all_of_it_counts_as_unprotected() {
        let draws = FailbackDraws { rebuild: SimDuration::from_secs(1000), gap: SimDuration::ZERO };
        let mut rebuild = Rebuild::new(0, at(0), draws);
        assert_eq!(rebuild.follow(at(100), true), (at(0), at(100)));
        assert_eq!(rebuild.built_at(), Some(at(1100)));
        assert_eq!(rebuild.follow(at(900), false), (at(100), at(900)));
        assert_eq!((rebuild.is_built(), rebuild.built_at()), (false, None));
        rebuild.follow(at(2000), true);
        // Looked at long after: it counts to the end of the rebuild and no further.
        assert_eq!(rebuild.follow(at(9000), true), (at(2000), at(3000)));
        assert!(rebuild.is_built());
        assert_eq!(rebuild.follow(at(9500), false), (at(3000), at(3000)), "what fails later does not unbuild it");
    }

    #[test]
    fn the_writer_returns_in_allowed_hours_only() {
        let night = settings(2..5);
        assert_eq!(night.allowed_from(at(3 * 3600 + 7)), at(3 * 3600 + 7));
        assert_eq!(night.allowed_from(at(5 * 3600)), at(26 * 3600));
        assert_eq!(night.allowed_from(at(60)), at(2 * 3600));
        assert_eq!(settings(0..24).allowed_from(at(77)), at(77));
    }

    #[test]
    fn a_rebuild_grows_with_the_database_and_the_gap_is_switching_and_finding_the_writer() {
        use drsim_sim::random_stream::Purpose;
        let draws = settings(0..24).draw(&mut RandomStream::new(1, 0, Purpose::new("rebuild"), 0));
        assert_eq!(draws, FailbackDraws { rebuild: SimDuration::from_secs(2600), gap: SimDuration::from_secs(90) });
    }
}
