//! Latent faults: drift, a missing certificate or permission, a quota too low. They arrive unseen and stay until a drill
//! or a failover meets them; a failover that meets one fails at the first try, and people finish it by hand.
//!
//! Assumptions: faults arrive as a Poisson process; drills come at a fixed interval, their phase unknown; a drill and a
//! failover find and mend everything. Between two of them faults are independent of all before, so one draw per failover
//! says whether any arrived since the last.
//!
//! Left out: drills that find only a part, or that themselves interrupt the service.
//!
//! Closed form: at a random instant, with no failover between, P(present) = 1 - (1 - exp(-v D)) / (v D).

use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::SimTime;

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
}
