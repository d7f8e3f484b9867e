//! Who turned from a region that failed them to the other one, second by second: their retries follow them.
//!
//! Amounts are first attempts per second at multiplier 1, by operation. Where edges learn an answer in their turn, those
//! who turned since the last look did so evenly; otherwise they do at the look.

use super::OPERATIONS;
use super::load::STEP;
use drsim_sim::time::SimTime;

/// By operation.
type Amounts = [f64; OPERATIONS];

/// Seconds for which those who turned are remembered; their retries come sooner, or are not worth a second look.
const REMEMBERED: usize = 16;

/// The two regions of a design.
#[derive(Clone, Debug, Default)]
pub struct Turned {
    /// When traffic was looked at last, and what reached each region.
    before: Option<(SimTime, [Amounts; 2])>,
    /// Region by region: who turned to it in each of the last seconds, and the last of these.
    seconds: [[Amounts; REMEMBERED]; 2],
    last: [Option<i64>; 2],
    /// Whether traffic moved since the last look.
    pub moved: bool,
    /// Who has turned to each region and not been let in yet.
    pub joining: [Amounts; 2],
}

fn second(at: SimTime) -> i64 {
    at.as_nanos().div_euclid(STEP.as_nanos() as i64)
}

fn slot(second: i64) -> usize {
    second.rem_euclid(REMEMBERED as i64) as usize
}

impl Turned {
    /// An incident begins.
    pub fn begin(&mut self) {
        if self.last != [None; 2] {
            *self = Self::default();
        }
        self.rest();
    }

    /// Nothing fails: whoever turns now comes without retries.
    pub fn rest(&mut self) {
        self.before = None;
        self.joining = [[0.0; OPERATIONS]; 2];
    }

    /// Whether a look would find anything: traffic has moved, or was never looked at.
    pub fn wants_a_look(&mut self) -> bool {
        std::mem::take(&mut self.moved) || self.before.is_none()
    }

    /// What reaches each region now, of which each fails a share.
    pub fn look(&mut self, at: SimTime, reach: [Amounts; 2], failed: &[Amounts; 2], gradual: bool) {
        let Some((since, before)) = self.before.replace((at, reach)) else { return };
        let over = if gradual { (second(at) - second(since)).max(1) } else { 1 };
        for from in 0..2 {
            let to = 1 - from;
            let mut any = false;
            let turned: Amounts = std::array::from_fn(|o| {
                let left = before[from][o] - reach[from][o];
                let turned = if left > 1e-9 * before[from][o] { left * failed[from][o] } else { 0.0 };
                any |= turned > 0.0;
                turned
            });
            if !any {
                continue;
            }
            self.forget(to, second(at));
            for back in 0..over.min(REMEMBERED as i64) {
                let sums = &mut self.seconds[to][slot(second(at) - back)];
                sums.iter_mut().zip(turned).for_each(|(sum, turned)| *sum += turned / over as f64);
            }
            self.joining[to].iter_mut().zip(turned).for_each(|(sum, turned)| *sum += turned);
        }
    }

    /// Makes room for the seconds up to this one.
    fn forget(&mut self, region: usize, now: i64) {
        let first =
            self.last[region].map_or(now - REMEMBERED as i64 + 1, |last| last + 1).max(now - REMEMBERED as i64 + 1);
        (first..=now).for_each(|second| self.seconds[region][slot(second)] = [0.0; OPERATIONS]);
        self.last[region] = Some(now);
    }

    /// Whether those who turned to a region have made their attempts.
    pub fn is_over(&self, region: usize, at: SimTime) -> bool {
        self.last[region].is_none_or(|last| second(at) - last >= REMEMBERED as i64)
    }

    /// Attempts per second in this second of those who turned to a region, `by_second` of each in the seconds after;
    /// `None`: nobody did of late.
    pub fn attempts(&self, region: usize, at: SimTime, by_second: &[f64]) -> Option<Amounts> {
        if self.is_over(region, at) {
            return None;
        }
        let (last, now) = (self.last[region]?, second(at));
        let mut attempts = [0.0; OPERATIONS];
        for (back, share) in by_second.iter().enumerate().take(REMEMBERED) {
            let then = now - back as i64;
            if then > last || last - then >= REMEMBERED as i64 {
                continue;
            }
            let turned = &self.seconds[region][slot(then)];
            attempts.iter_mut().zip(turned).for_each(|(sum, turned)| *sum += share * turned);
        }
        Some(attempts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: [Amounts; 2] = [[1.0; OPERATIONS], [0.0; OPERATIONS]];

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    fn reach(first: f64) -> [Amounts; 2] {
        [[first; OPERATIONS], [100.0 - first; OPERATIONS]]
    }

    #[test]
    fn who_turns_comes_with_what_is_left_and_only_from_a_region_that_fails() {
        let by_second = [2.0, 1.0];
        let mut turned = Turned::default();
        turned.look(at(10.0), reach(100.0), &FAILED, false);
        assert_eq!(turned.attempts(1, at(10.0), &by_second), None);
        turned.look(at(12.5), reach(40.0), &FAILED, false);
        assert_eq!(turned.joining, [[0.0; OPERATIONS], [60.0; OPERATIONS]]);
        let attempts = |turned: &Turned, seconds| turned.attempts(1, at(seconds), &by_second).map(|a| a[0]);
        assert_eq!(attempts(&turned, 12.6), Some(120.0));
        assert_eq!(attempts(&turned, 13.1), Some(60.0));
        assert_eq!(attempts(&turned, 14.1), Some(0.0));
        assert_eq!(attempts(&turned, 40.0), None);
        // The way back, from a region that serves.
        turned.look(at(50.0), reach(100.0), &FAILED, false);
        assert_eq!(turned.attempts(0, at(50.0), &by_second), None);
    }

    #[test]
    fn edges_turn_evenly_between_two_looks() {
        let mut turned = Turned::default();
        turned.look(at(0.0), reach(100.0), &FAILED, true);
        turned.look(at(10.0), reach(50.0), &FAILED, true);
        let attempts = turned.attempts(1, at(10.0), &[2.0, 1.0]).unwrap()[0];
        assert!((attempts - 15.0).abs() < 1e-9, "5 a second, three attempts each: {attempts}");
    }
}
