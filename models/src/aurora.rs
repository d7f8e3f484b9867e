//! Aurora global database: one writer, a replica in the other region, and a promotion that somebody must decide.
//!
//! `writer lost -> detected -> decided -> promoted -> reconnected`. A canary that writes detects; a person or automation
//! decides; Aurora never promotes another region by itself. Before the decision a returning writer ends the branch;
//! after it the promotion completes even if the outage ends (point of no return), and what the survivor lacks is lost.
//! A promotion that fails falls back to people.
//!
//! The way back is in [`crate::failback`]; how far the survivor is behind in [`crate::replica`].
//!
//! Source: Amazon Aurora User Guide, "Using switchover or failover in an Aurora global database".

use crate::fate::Lacking;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Parameters of the branch.
#[derive(Clone, Debug, PartialEq)]
pub struct FailoverSettings {
    /// The canary's pause between an answer and the next write.
    pub canary_interval: SimDuration,
    /// What a failing write costs it.
    pub canary_timeout: SimDuration,
    /// Failures in a row.
    pub canary_strikes: u32,
    /// From detection to the decision \[s\].
    pub decision: Distribution,
    /// From the decision to the new writer \[s\].
    pub promotion: Distribution,
    /// Chance that it fails and people take over.
    pub step_fails: f64,
    /// What they need on top \[s\].
    pub manual_repair: Distribution,
    /// From the new writer to reconnected functions \[s\].
    pub reconnect: Distribution,
    /// Whether it is given up if the old writer returns before the new one is ready: a restore from backups is, a
    /// promotion is a point of no return.
    pub abandonable: bool,
}

/// All that chance says about one failover, drawn in one go: one uniform per draw, so that architectures stay in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailoverDraws {
    /// From the loss of the writer to its detection.
    pub detection: SimDuration,
    /// From detection to the decision.
    pub decision: SimDuration,
    /// From the decision to the new writer, manual repair included.
    pub promotion: SimDuration,
    /// Whether the promotion fails at the first try.
    pub fails: bool,
    /// What people need if it does.
    pub manual: SimDuration,
    /// From the new writer to reconnected functions.
    pub reconnect: SimDuration,
}

impl FailoverSettings {
    /// Draws one failover: canary phase and promotion from `database`, the decision from a stream of its own.
    pub fn draw(&self, database: &mut RandomStream, decision: &mut RandomStream) -> FailoverDraws {
        let phase = SimDuration::from_secs_f64(self.canary_interval.as_secs_f64() * database.uniform());
        let strikes = u64::from(self.canary_strikes);
        let waiting = SimDuration::from_nanos(self.canary_interval.as_nanos() * (strikes - 1));
        let hanging = SimDuration::from_nanos(self.canary_timeout.as_nanos() * strikes);
        let promotion = SimDuration::from_secs_f64(self.promotion.sample(database));
        let fails = database.uniform() < self.step_fails;
        let manual = SimDuration::from_secs_f64(self.manual_repair.sample(database));
        FailoverDraws {
            detection: phase + waiting + hanging,
            decision: SimDuration::from_secs_f64(self.decision.sample(decision)),
            promotion: if fails { promotion + manual } else { promotion },
            fails,
            manual,
            reconnect: SimDuration::from_secs_f64(self.reconnect.sample(database)),
        }
    }
}

impl FailoverDraws {
    /// The promotion meets a latent fault: people finish it.
    pub fn meets_fault(&mut self) {
        if !std::mem::replace(&mut self.fails, true) {
            self.promotion += self.manual;
        }
    }
}

/// Where the branch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The writer is settled (it may be down, if nobody may promote).
    Settled,
    /// Lost, not yet noticed.
    Undetected,
    /// Noticed, not yet decided.
    Undecided,
    /// Decided, but the region to promote, or its control plane, is down as well.
    NoSurvivor,
    /// Being promoted; nobody accepts writes.
    Promoting,
    /// Promoted; functions still hold the old address.
    Reconnecting,
}

/// The writer and the branch that moves it.
#[derive(Clone, Debug)]
pub struct Database {
    /// Region of the writer.
    pub writer: usize,
    /// Where the branch stands.
    pub phase: Phase,
    /// Counts branches, so that a timer of an abandoned one is recognised.
    pub attempt: u32,
    abandonable: bool,
    draws: FailoverDraws,
    lost_at: SimTime,
}

/// What the branch asks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Wait,
    /// Call [`Database::timer`] after this delay.
    After(SimDuration),
}

impl Database {
    /// A writer in region 0, settled.
    pub fn new() -> Self {
        let none = SimDuration::ZERO;
        let draws = FailoverDraws {
            detection: none,
            decision: none,
            promotion: none,
            fails: false,
            manual: none,
            reconnect: none,
        };
        Self { writer: 0, phase: Phase::Settled, attempt: 0, abandonable: false, draws, lost_at: SimTime::ZERO }
    }

    /// Back to the start, under these rules.
    pub fn reset(&mut self, abandonable: bool) {
        *self = Self { abandonable, ..Self::new() };
    }

    /// The region to promote.
    pub fn survivor(&self) -> usize {
        1 - self.writer
    }

    /// Whether the last promotion failed at the first try.
    pub fn failed_at_first(&self) -> bool {
        self.draws.fails
    }

    /// When the present writer was lost, for the value at the onset.
    pub fn lost_at(&self) -> SimTime {
        self.lost_at
    }

    /// A region went down at `now`; `draws` is what chance says should it be the writer's.
    pub fn region_lost(&mut self, region: usize, now: SimTime, writer_up: bool, draws: FailoverDraws) -> Step {
        if region == self.writer && matches!(self.phase, Phase::Settled | Phase::Reconnecting) {
            self.attempt += 1;
            self.phase = Phase::Undetected;
            self.draws = draws;
            self.lost_at = now;
            return Step::After(draws.detection);
        }
        if region != self.writer && self.phase == Phase::Promoting {
            self.attempt += 1;
            self.phase = if writer_up { Phase::Settled } else { Phase::NoSurvivor };
        }
        Step::Wait
    }

    /// A region came back.
    pub fn region_returned(&mut self, region: usize) -> Step {
        match self.phase {
            Phase::Promoting if region == self.writer && self.abandonable => {
                self.attempt += 1;
                self.phase = Phase::Settled;
                Step::Wait
            }
            Phase::Undetected | Phase::Undecided | Phase::NoSurvivor if region == self.writer => {
                self.attempt += 1;
                self.phase = Phase::Settled;
                Step::Wait
            }
            Phase::NoSurvivor => {
                self.phase = Phase::Promoting;
                Step::After(self.draws.promotion)
            }
            _ => Step::Wait,
        }
    }

    /// The delay asked for is over.
    pub fn timer(&mut self, survivor_up: bool) -> Step {
        match self.phase {
            Phase::Undetected => {
                self.phase = Phase::Undecided;
                Step::After(self.draws.decision)
            }
            Phase::Undecided if survivor_up => {
                self.phase = Phase::Promoting;
                Step::After(self.draws.promotion)
            }
            Phase::Undecided => {
                self.phase = Phase::NoSurvivor;
                Step::Wait
            }
            Phase::Promoting => {
                self.writer = self.survivor();
                self.phase = Phase::Reconnecting;
                Step::After(self.draws.reconnect)
            }
            Phase::Reconnecting => {
                self.phase = Phase::Settled;
                Step::Wait
            }
            Phase::Settled | Phase::NoSurvivor => Step::Wait,
        }
    }

    /// Whether nobody is moving the writer.
    pub fn is_settled(&self) -> bool {
        self.phase == Phase::Settled
    }

    /// Whether a write that reaches the writer is accepted: by a settled one that works, and by an old one that works
    /// until it is replaced (a needless promotion, a grey failure).
    pub fn accepts_writes(&self, writer_up: bool) -> bool {
        let replaced = matches!(self.phase, Phase::Promoting | Phase::Reconnecting);
        !replaced && writer_up
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

/// Rows that the survivor lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsLost {
    /// From the oldest of them to the last instant the old side could acknowledge one.
    pub window: SimDuration,
    /// How many.
    pub rows: u64,
    /// Of these, those that an old writer accepted after the promotion began: rows on both sides.
    pub both_sides: u64,
    /// Of all, those that stay lost.
    pub lost: Lacking,
    /// And those that are found on the old volume.
    pub salvaged: Lacking,
}

impl RowsLost {
    /// Rows of a window, all of them lost or all of them salvaged.
    pub fn of(window: SimDuration, rows: u64, salvaged: bool) -> Self {
        let mut all = Self { window, rows, ..Self::default() };
        let fate = if salvaged { &mut all.salvaged } else { &mut all.lost };
        fate.add(window, rows);
        all
    }

    /// And what was lost another time.
    pub fn also(&mut self, more: &Self) {
        self.window = self.window.max(more.window);
        self.rows += more.rows;
        self.both_sides += more.both_sides;
        self.lost.add(more.lost.window, more.lost.items);
        self.salvaged.add(more.salvaged.window, more.salvaged.items);
    }
}

/// Rows acknowledged during the last `lag` before the writer was lost, at `per_second`: Poisson.
///
/// The window is the age of the oldest such row, so a little less than the lag; `None` if no row fell into it. The old
/// side acknowledges nothing after the onset of a regional outage, so this is what the promotion finally loses.
pub fn rows_lost(lag: SimDuration, per_second: f64, stream: &mut RandomStream) -> Option<RowsLost> {
    let first = if per_second > 0.0 { stream.exponential() / per_second } else { f64::INFINITY };
    let window = lag.as_secs_f64() - first;
    (window > 0.0)
        .then(|| RowsLost::of(SimDuration::from_secs_f64(window), 1 + stream.poisson(per_second * window), false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    fn draws() -> FailoverDraws {
        let s = SimDuration::from_secs;
        FailoverDraws {
            detection: s(20),
            decision: s(30),
            promotion: s(90),
            fails: false,
            manual: s(0),
            reconnect: s(10),
        }
    }

    #[test]
    fn a_writer_that_returns_before_the_decision_stays_the_writer() {
        let mut database = Database::new();
        database.region_lost(0, SimTime::ZERO, false, draws());
        assert_eq!(database.timer(true), Step::After(SimDuration::from_secs(30)));
        assert_eq!(database.region_returned(0), Step::Wait);
        assert!(database.accepts_writes(true));
        assert_eq!(database.writer, 0);
    }

    #[test]
    fn a_promotion_is_a_point_of_no_return() {
        let mut database = Database::new();
        database.region_lost(0, SimTime::ZERO, false, draws());
        database.timer(true);
        assert_eq!(database.timer(true), Step::After(SimDuration::from_secs(90)));
        assert_eq!(database.region_returned(0), Step::Wait, "too late");
        assert!(!database.accepts_writes(true));
        assert_eq!(database.timer(true), Step::After(SimDuration::from_secs(10)));
        database.timer(true);
        assert!(database.accepts_writes(true));
        assert_eq!(database.writer, 1);
    }

    #[test]
    fn a_decision_without_a_survivor_waits_for_one() {
        let mut database = Database::new();
        database.region_lost(0, SimTime::ZERO, false, draws());
        database.timer(false);
        assert_eq!(database.timer(false), Step::Wait);
        assert_eq!(database.region_returned(1), Step::After(SimDuration::from_secs(90)));
        assert_eq!(database.phase, Phase::Promoting);
    }

    #[test]
    fn rows_lost_within_a_lag_are_poisson() {
        // Lag 2 s at 3 rows/s: mean 6 rows, P(none) = exp(-6); n = 20,000, four standard errors.
        let n = 20_000;
        let (mut rows, mut none) = (0.0, 0.0);
        for i in 0..n {
            let mut stream = RandomStream::new(2, i, Purpose::new("rows/test"), 0);
            match rows_lost(SimDuration::from_secs(2), 3.0, &mut stream) {
                Some(lost) => rows += lost.rows as f64,
                None => none += 1.0,
            }
        }
        let n = n as f64;
        assert!((rows / n - 6.0).abs() < 4.0 * (6.0 / n).sqrt());
        let p: f64 = (-6.0_f64).exp();
        assert!((none / n - p).abs() < 4.0 * (p / n).sqrt());
    }
}
