//! Latent faults: drift, a missing certificate or permission, a quota too low. They arrive unseen and stay until a drill
//! or a failover meets them; a failover that meets one fails at the first try, and people finish it by hand.
//!
//! Assumptions: faults arrive as a Poisson process; drills come at a fixed interval, their phase unknown; a drill and a
//! failover find and mend everything. Between two of them faults are independent of all before, so one draw per failover
//! says whether any arrived since the last.
//!
//! A drill moves the writer to the other region and back: planned work, with a write gap each way that is counted apart
//! from outages. With some probability it gets stuck, and nobody writes until people have finished it: an incident like
//! any other. Nobody drills during an incident, nor while the writer is abroad.
//!
//! Left out: drills that find only a part; drills that move no writer but the users.
//!
//! Closed form: at a random instant, with no failover between, P(present) = 1 - (1 - exp(-v D)) / (v D).

use crate::outage::YEAR_SECONDS;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// How faults arrive and drills clear them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatentFaults {
    /// Faults a second.
    pub per_second: f64,
    /// From one drill to the next \[s\].
    pub drill_every_seconds: f64,
}

impl LatentFaults {
    /// Whether a failover at `now` meets one. `phase` in 0..1 places the drills; `cleared` is the last failover.
    pub fn met(&self, now: SimTime, phase: f64, cleared: Option<SimTime>, stream: &mut RandomStream) -> bool {
        let every = self.drill_every_seconds;
        let since_drill = (now.as_secs_f64() / every + phase).rem_euclid(1.0) * every;
        let since_failover = cleared.map_or(f64::INFINITY, |at| if at <= now { (now - at).as_secs_f64() } else { 0.0 });
        stream.uniform() < -libm::expm1(-self.per_second * since_drill.min(since_failover))
    }

    /// Chance that one is present at a random instant, if nothing fails over.
    pub fn present(&self) -> f64 {
        let x = self.per_second * self.drill_every_seconds;
        if x > 0.0 { 1.0 + libm::expm1(-x) / x } else { 0.0 }
    }
}

/// Drills that move the writer.
#[derive(Clone, Debug, PartialEq)]
pub struct Drills {
    /// From one to the next \[s\].
    pub every_seconds: f64,
    /// Share that gets stuck.
    pub stuck: f64,
    /// How long people need then \[s\].
    pub repair: Distribution,
    /// How long nobody writes in one that works, both ways, in the mean \[s\].
    pub gap_seconds: f64,
}

/// A drill that gets stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StuckDrill {
    /// When.
    pub at: SimTime,
    /// Its number in the year, from 1.
    pub ordinal: u64,
    /// How long people need.
    pub repair: SimDuration,
}

impl Drills {
    /// Those of a year that get stuck, by time. `phase` in 0..1 places the drills; `stream` gives each its own draws.
    pub fn stuck_in_year(&self, phase: f64, stream: impl Fn(u64) -> RandomStream) -> Vec<StuckDrill> {
        if self.stuck <= 0.0 {
            return Vec::new();
        }
        let at = |ordinal: u64| (ordinal as f64 - phase) * self.every_seconds;
        let one = |ordinal: u64| {
            let mut stream = stream(ordinal);
            let stuck = stream.uniform() < self.stuck;
            let repair = SimDuration::from_secs_f64(self.repair.sample(&mut stream));
            stuck.then(|| StuckDrill { at: SimTime::from_secs_f64(at(ordinal)), ordinal, repair })
        };
        let most = (YEAR_SECONDS / self.every_seconds) as u64 + 1;
        (1..=most).filter(|ordinal| at(*ordinal) < YEAR_SECONDS).filter_map(one).collect()
    }

    /// How long nobody writes in a year of drills that all work \[s\].
    pub fn planned_seconds_a_year(&self) -> f64 {
        YEAR_SECONDS / self.every_seconds * self.gap_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    #[test]
    fn a_random_instant_meets_a_fault_as_often_as_the_closed_form_says() {
        let year = 365.0 * 86_400.0;
        for (per_year, days) in [(0.5, 90.0), (2.0, 90.0), (2.0, 365.0)] {
            let faults = LatentFaults { per_second: per_year / year, drill_every_seconds: days * 86_400.0 };
            let n = 40_000_u64;
            let met = (0..n).filter(|i| {
                let mut stream = RandomStream::new(3, *i, Purpose::new("latent"), 0);
                let (now, phase) = (SimTime::from_secs_f64(stream.uniform() * year), stream.uniform());
                faults.met(now, phase, None, &mut stream)
            });
            let (found, expected) = (met.count() as f64 / n as f64, faults.present());
            let error = (expected * (1.0 - expected) / n as f64).sqrt();
            assert!((found - expected).abs() < 4.0 * error, "{per_year} {days}: {found} against {expected}");
        }
    }

    #[test]
    fn a_failover_clears_what_a_drill_would_have() {
        let faults = LatentFaults { per_second: 1.0, drill_every_seconds: 1e9 };
        let now = SimTime::from_secs_f64(5e8);
        let stream = || RandomStream::new(3, 0, Purpose::new("latent"), 0);
        assert!(faults.met(now, 0.0, None, &mut stream()));
        assert!(!faults.met(now, 0.0, Some(now), &mut stream()));
    }

    #[test]
    fn a_share_of_the_year_s_drills_gets_stuck_and_the_others_cost_two_gaps_each() {
        let day = 86_400.0;
        let repair = Distribution::Constant { value: 1800.0 };
        let drills = Drills { every_seconds: 73.0 * day, stuck: 0.1, repair, gap_seconds: 200.0 };
        let n = 20_000_u64;
        let found = (0..n).map(|i| {
            let stream = |ordinal| RandomStream::new(3, i, Purpose::new("drills"), ordinal);
            drills.stuck_in_year(stream(0).uniform(), stream).len()
        });
        // Five a year, a tenth of them: binomial.
        let (found, expected) = (found.sum::<usize>() as f64, 0.5 * n as f64);
        assert!((found - expected).abs() < 4.0 * (expected * 0.9).sqrt(), "{found} against {expected}");
        assert!((drills.planned_seconds_a_year() - 1000.0).abs() < 1e-9);
    }
}
