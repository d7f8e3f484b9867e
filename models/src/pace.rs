//! How fast copies get on: at full speed, slower, or not at all.
//!
//! Copies stop while the link between the regions, the sender's replication or the receiver's store is down, and crawl
//! while the service is slow. A copy that needs so many seconds of work is done once that much work has been possible,
//! whoever it waited for; so what is behind after a pause of H catches up as the queue of its work allows, and a second
//! outage may fall into that.
//!
//! Assumed: pieces that overlap combine as the slowest. Left out: a partial failure that slows copies down.

use drsim_sim::time::{SimDuration, SimTime};

/// Pieces of time in which copies get on at less than full speed; outside them, at full speed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    /// Start, end, speed (below 1); in order, disjoint.
    pieces: Vec<(SimTime, SimTime, f64)>,
}

impl Pace {
    /// Nothing but full speed.
    pub const FULL: Self = Self { pieces: Vec::new() };

    /// From pieces in any order, which may overlap.
    pub fn new(given: &[(SimTime, SimTime, f64)]) -> Self {
        let mut ends: Vec<SimTime> = given.iter().flat_map(|(from, until, _)| [*from, *until]).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut pieces: Vec<(SimTime, SimTime, f64)> = Vec::new();
        for pair in ends.windows(2) {
            let over = given.iter().filter(|(from, until, _)| *from <= pair[0] && pair[1] <= *until);
            let speed = over.map(|(.., speed)| *speed).fold(1.0, f64::min);
            match pieces.last_mut() {
                Some((_, until, same)) if *until == pair[0] && (*same - speed).abs() < 1e-15 => *until = pair[1],
                _ if speed < 1.0 => pieces.push((pair[0], pair[1], speed)),
                _ => {}
            }
        }
        Self { pieces }
    }

    /// Whether there is nothing but full speed.
    pub fn is_full(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Seconds of work that were possible between two instants.
    pub fn worked(&self, from: SimTime, to: SimTime) -> SimDuration {
        let mut lost = 0.0;
        for (start, end, speed) in &self.pieces {
            let (start, end) = ((*start).max(from), (*end).min(to));
            if end > start {
                lost += (end - start).as_nanos() as f64 * (1.0 - speed);
            }
        }
        let elapsed = to.saturating_since(from);
        elapsed.saturating_sub(SimDuration::from_nanos(lost as u64))
    }

    /// Work \[s\] that pieces up to an instant have left undone where `spare` of the full speed is there to make up for it:
    /// the most, over every earlier instant, that was lost since then beyond what was made up.
    pub fn left_undone(&self, at: SimTime, spare: f64) -> SimDuration {
        let (mut left, mut since) = (0.0_f64, SimTime::from_nanos(i64::MIN / 2));
        for (from, until, speed) in self.pieces.iter().filter(|(from, ..)| *from < at) {
            left = (left - (*from - since).as_secs_f64() * spare).max(0.0);
            since = (*until).min(at);
            left = (left + (since - *from).as_secs_f64() * (1.0 - speed - spare)).max(0.0);
        }
        SimDuration::from_secs_f64((left - at.saturating_since(since).as_secs_f64() * spare).max(0.0))
    }

    /// How far a follower is behind at an instant, in seconds of what it follows, that comes in at the share `load` of
    /// what it can take: H at the end of a pause of H, and after it 1 / load - 1 less with each second; so it has caught
    /// up after H load / (1 - load).
    pub fn behind(&self, at: SimTime, load: f64) -> SimDuration {
        let (mut behind, mut since) = (0.0_f64, SimTime::from_nanos(i64::MIN / 2));
        let gains = 1.0 / load.clamp(1e-12, 1.0) - 1.0;
        for (from, until, speed) in self.pieces.iter().filter(|(from, ..)| *from < at) {
            behind = (behind - (*from - since).as_secs_f64() * gains).max(0.0);
            let within = ((*until).min(at) - *from).as_secs_f64();
            behind = (behind + within * (1.0 - speed * (gains + 1.0))).max(0.0);
            since = (*until).min(at);
        }
        SimDuration::from_secs_f64((behind - at.saturating_since(since).as_secs_f64() * gains).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    #[test]
    fn work_is_the_integral_of_speed_and_overlaps_take_the_slowest() {
        let pace = Pace::new(&[(at(10.0), at(20.0), 0.5), (at(15.0), at(18.0), 0.0), (at(30.0), at(40.0), 0.0)]);
        // 10 s at full speed, 5 s and 2 s at half, 3 s at none, 10 s at full speed, 10 s at none.
        for (to, expected) in [(10.0, 10.0), (15.0, 12.5), (18.0, 12.5), (20.0, 13.5), (30.0, 23.5), (40.0, 23.5)] {
            assert!((pace.worked(at(0.0), at(to)).as_secs_f64() - expected).abs() < 1e-6, "to {to}");
        }
        assert!(Pace::new(&[]).is_full());
    }

    #[test]
    fn what_a_pause_left_undone_is_made_up_for_at_the_spare_speed() {
        // 100 s at none and 200 s at 0.9 of the speed, a quarter to spare: 75 s left, of which 30 s later 67.5 s; the slow
        // spell loses less than there is to spare.
        let pace = Pace::new(&[(at(100.0), at(200.0), 0.0), (at(230.0), at(430.0), 0.9)]);
        for (t, expected) in [(100.0, 0.0), (150.0, 37.5), (200.0, 75.0), (230.0, 67.5), (430.0, 37.5), (600.0, 0.0)] {
            assert!((pace.left_undone(at(t), 0.25).as_secs_f64() - expected).abs() < 1e-6, "at {t}");
        }
        assert_eq!(Pace::FULL.left_undone(at(1.0), 0.0), SimDuration::ZERO);
    }

    #[test]
    fn a_follower_catches_up_after_h_rho_over_one_minus_rho() {
        let pace = Pace::new(&[(at(1000.0), at(1600.0), 0.0)]);
        for load in [0.1, 0.5, 0.9] {
            let behind = |t: f64| pace.behind(at(t), load).as_secs_f64();
            assert!(behind(900.0).abs() < 1e-12);
            assert!((behind(1300.0) - 300.0).abs() < 1e-6, "grows with the partition");
            assert!((behind(1600.0) - 600.0).abs() < 1e-6);
            let drained = 600.0 * load / (1.0 - load);
            assert!((behind(1600.0 + 0.5 * drained) - 300.0).abs() < 1e-6);
            assert!(behind(1600.0 + 1.000_001 * drained) < 1e-3);
        }
        assert!((pace.behind(at(1600.0), 0.0).as_secs_f64() - 600.0).abs() < 1e-9);
        assert_eq!(pace.behind(at(1600.001), 0.0), SimDuration::ZERO, "with room to spare it is there at once");
    }
}
