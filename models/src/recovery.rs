//! Recovery: when a population's operation is back, and where the time went.
//!
//! An operation is *below* while the share of first attempts answered correctly is under the minimum service level. It
//! is recovered at the last time it rises to that level within the incident. The time from the first onset to that
//! instant is split along the branch that ended last, at its milestones; the parts sum to the whole, in integer
//! nanoseconds.

use drsim_sim::time::{SimDuration, SimTime};
use serde::Serialize;

/// Parts of a recovery time, in the order of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Nobody knew.
    Undetected,
    /// Known, not yet decided.
    Undecided,
    /// The other region's database was being promoted.
    Promoting,
    /// Functions were finding the new writer.
    Reconnecting,
    /// The new answer was on its way: publication and caches.
    Routing,
    /// Open connections stayed on the old region.
    Draining,
    /// Everything had moved, the survivor was not yet up to it.
    Warming,
    /// The repair came first.
    WaitingForRepair,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Undetected,
        Self::Undecided,
        Self::Promoting,
        Self::Reconnecting,
        Self::Routing,
        Self::Draining,
        Self::Warming,
        Self::WaitingForRepair,
    ];

    /// The name in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undetected => "undetected",
            Self::Undecided => "undecided",
            Self::Promoting => "promoting",
            Self::Reconnecting => "reconnecting",
            Self::Routing => "routing",
            Self::Draining => "draining",
            Self::Warming => "warming",
            Self::WaitingForRepair => "waiting_for_repair",
        }
    }
}

/// A recovery time, split.
pub type Parts = [SimDuration; Part::ALL.len()];

/// One branch of a recovery: what ends at which milestone, if it was reached.
pub type Branch<'a> = &'a [(Part, Option<SimTime>)];

/// When a branch was complete, or `None`.
fn completed(branch: Branch<'_>) -> Option<SimTime> {
    branch.iter().try_fold(SimTime::from_nanos(i64::MIN), |latest, (_, reached)| reached.map(|at| latest.max(at)))
}

/// The branch that ended last: an incomplete one before any complete one, then the later; ties go to the first.
pub fn deciding<'a>(traffic: Option<Branch<'a>>, database: Option<Branch<'a>>) -> Option<(Branch<'a>, bool)> {
    match (traffic, database) {
        (None, None) => None,
        (Some(traffic), None) => Some((traffic, false)),
        (None, Some(database)) => Some((database, true)),
        (Some(traffic), Some(database)) => Some(match (completed(traffic), completed(database)) {
            (Some(_), None) => (database, true),
            (Some(t), Some(d)) if d > t => (database, true),
            _ => (traffic, false),
        }),
    }
}

/// Splits `onset .. recovered` along a branch. What follows its last milestone is warming. If a milestone was not reached
/// by then, either the repair came first and the rest was waiting for it, or (an edge that answers from its cache needs
/// fewer caches moved) the rest belongs to the part under way.
pub fn split(onset: SimTime, recovered: SimTime, branch: Branch<'_>, repaired: bool) -> Parts {
    let mut parts = [SimDuration::ZERO; Part::ALL.len()];
    let mut previous = onset;
    let mut rest = Part::Warming;
    for &(part, reached) in branch {
        match reached {
            Some(at) if at <= recovered => {
                let at = at.max(previous);
                parts[part as usize] = at - previous;
                previous = at;
            }
            _ => {
                rest = if repaired { Part::WaitingForRepair } else { part };
                break;
            }
        }
    }
    parts[rest as usize] += recovered - previous;
    parts
}

/// Length of a month as bills and promises count it: a twelfth of the year, 730 hours.
pub const MONTH: SimDuration = SimDuration::from_secs(365 * 86_400 / 12);

/// The month of an instant of the year, from 0.
pub fn month_of(at: SimTime) -> u8 {
    (at.saturating_since(SimTime::ZERO).as_nanos() / MONTH.as_nanos()).min(11) as u8
}

/// Time below in the month in which it began, and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ByMonth {
    /// The month in which it first was below, from 0.
    pub month: u8,
    /// What lies in later months. No incident is longer than a month, so that is the next one, but for a few that
    /// follow each other.
    pub later: SimDuration,
}

/// Follows one operation of one population through an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ServiceClock {
    below_since: Option<SimTime>,
    planned: bool,
    recovered: Option<SimTime>,
    below_in_year: SimDuration,
    by_month: ByMonth,
}

impl ServiceClock {
    /// The share served from `now` on meets the minimum service level, or not. Returns true when it just rose to it.
    ///
    /// Below it in a `planned` gap is downtime, but nothing to recover from.
    pub fn set(&mut self, now: SimTime, meets: bool, planned: bool, year_end: SimTime) -> bool {
        match (self.below_since, meets) {
            (None, false) => {
                self.below_since = Some(now);
                self.planned = planned;
                false
            }
            (Some(_), false) => {
                self.planned &= planned;
                false
            }
            (Some(since), true) => {
                let (from, to) = (since.max(SimTime::ZERO), now.min(year_end));
                if self.below_in_year == SimDuration::ZERO {
                    self.by_month.month = month_of(from);
                }
                let ends =
                    SimTime::ZERO + SimDuration::from_nanos(MONTH.as_nanos() * (u64::from(self.by_month.month) + 1));
                self.by_month.later += to.saturating_since(from.max(ends));
                self.below_in_year += to.saturating_since(from);
                self.below_since = None;
                if std::mem::take(&mut self.planned) {
                    return false;
                }
                self.recovered = Some(now);
                true
            }
            (None, true) => false,
        }
    }

    /// Whether it was ever below, not counting planned gaps.
    pub fn affected(&self) -> bool {
        (self.below_since.is_some() && !self.planned) || self.recovered.is_some()
    }

    /// The last instant at which it rose to the minimum service level; `None` while below or if never below.
    pub fn recovered(&self) -> Option<SimTime> {
        if self.below_since.is_some() && !self.planned { None } else { self.recovered }
    }

    /// Time below the minimum service level within the year.
    pub fn below_in_year(&self) -> SimDuration {
        self.below_in_year
    }

    /// The same by month.
    pub fn by_month(&self) -> ByMonth {
        self.by_month
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    #[test]
    fn parts_sum_to_the_whole_and_the_rest_is_warming_or_waiting() {
        let traffic = [(Part::Undetected, Some(at(40.0))), (Part::Routing, Some(at(100.0)))];
        let parts = split(at(10.0), at(130.0), &traffic, false);
        assert_eq!(parts[Part::Undetected as usize], SimDuration::from_secs(30));
        assert_eq!(parts[Part::Warming as usize], SimDuration::from_secs(30));
        assert_eq!(parts.iter().map(|p| p.as_nanos()).sum::<u64>(), (at(130.0) - at(10.0)).as_nanos());
        let never = [(Part::Undetected, None), (Part::Routing, None)];
        assert_eq!(split(at(0.0), at(9.0), &never, true)[Part::WaitingForRepair as usize], SimDuration::from_secs(9));
    }

    #[test]
    fn a_read_back_before_all_caches_moved_was_routing_and_not_waiting_for_a_repair() {
        let moving = [(Part::Undetected, Some(at(40.0))), (Part::Routing, None)];
        let parts = split(at(0.0), at(100.0), &moving, false);
        assert_eq!(parts[Part::Routing as usize], SimDuration::from_secs(60));
        assert_eq!(parts[Part::WaitingForRepair as usize], SimDuration::ZERO);
    }

    #[test]
    fn the_branch_that_ended_last_decides_and_an_unfinished_one_counts_as_last() {
        let early = [(Part::Undetected, Some(at(1.0)))];
        let late = [(Part::Undetected, Some(at(2.0)))];
        let never = [(Part::Undetected, None)];
        assert!(deciding(Some(&early), Some(&late)).unwrap().1);
        assert!(!deciding(Some(&late), Some(&early)).unwrap().1);
        assert!(deciding(Some(&late), Some(&never)).unwrap().1);
        assert!(!deciding(Some(&never), Some(&never)).unwrap().1);
        assert!(deciding(None, None).is_none());
    }

    #[test]
    fn downtime_is_clipped_to_the_year() {
        let mut clock = ServiceClock::default();
        assert!(!clock.set(at(-100.0), false, false, at(1000.0)));
        assert!(clock.set(at(50.0), true, false, at(1000.0)));
        assert!(!clock.set(at(990.0), false, false, at(1000.0)));
        assert!(clock.set(at(2000.0), true, false, at(1000.0)));
        assert_eq!(clock.below_in_year(), SimDuration::from_secs(60));
        assert_eq!(clock.recovered(), Some(at(2000.0)));
    }

    #[test]
    fn a_planned_gap_is_downtime_and_no_recovery_unless_something_fails_in_it() {
        let year_end = at(1e6);
        let mut clock = ServiceClock::default();
        clock.set(at(0.0), false, false, year_end);
        assert!(clock.set(at(100.0), true, false, year_end));
        clock.set(at(5000.0), false, true, year_end);
        assert_eq!(clock.recovered(), Some(at(100.0)), "also while it lasts");
        assert!(!clock.set(at(5090.0), true, false, year_end));
        assert_eq!((clock.recovered(), clock.below_in_year()), (Some(at(100.0)), SimDuration::from_secs(190)));
        clock.set(at(9000.0), false, true, year_end);
        clock.set(at(9010.0), false, false, year_end);
        assert!(clock.recovered().is_none() && clock.set(at(9100.0), true, false, year_end));
        assert_eq!(clock.recovered(), Some(at(9100.0)));
    }

    #[test]
    fn downtime_over_the_end_of_a_month_is_counted_in_both() {
        let (month, year) = (MONTH.as_secs_f64(), at(12.0 * MONTH.as_secs_f64()));
        let mut clock = ServiceClock::default();
        clock.set(at(3.0 * month - 100.0), false, false, year);
        clock.set(at(3.0 * month + 20.0), true, false, year);
        clock.set(at(3.0 * month + 30.0), false, false, year);
        clock.set(at(3.0 * month + 35.0), true, false, year);
        assert_eq!(clock.below_in_year(), SimDuration::from_secs(125));
        assert_eq!(clock.by_month(), ByMonth { month: 2, later: SimDuration::from_secs(25) });
    }
}
