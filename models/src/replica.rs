//! How far the other region's database is behind, and what that loses.
//!
//! A replica applies what the writer sends it, some time later: the *lag*, drawn from one law. Three things make more of
//! it, each off by default. *Memory*: the lag at two instants goes together, a stationary Gaussian process behind the
//! law's quantiles (so the law at any one instant stays as it is) whose correlation falls as exp(-t / memory). *Load*:
//! writes take a share of what replication can carry, and the lag grows as the time in an M/M/1 queue does,
//! (1 - rho) / (1 - rho w) at w times the mean writes. *Pauses*: while the link or the replication is down the replica
//! falls behind by the second, and catches up afterwards ([`Pace::behind`]).
//!
//! A cap on the lag (`rds.global_db_rpo`, Aurora for Postgres only) stalls commits instead of letting it grow.
//!
//! Assumed: steps of a sixteenth of the memory, within which the process stands still. Left out: long transactions,
//! replicas in more than one region.

use crate::pace::Pace;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::normal_quantile;
use drsim_sim::time::{SimDuration, SimTime};

/// Parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// The lag at mean load \[s\].
    pub lag: Distribution,
    /// How long the lag remembers itself \[s\]; 0: each cut draws its own.
    pub memory: f64,
    /// Share of what replication can carry that mean writes take; 0: always room to spare.
    pub load: f64,
    /// Commits stall rather than fall further behind than this.
    pub cap: Option<Cap>,
    /// Chance that a promotion keeps the old writer from accepting writes.
    pub fencing: f64,
    /// How long it goes on otherwise \[s\].
    pub fenced_after: Distribution,
    /// Chance that rows which a promotion loses are found on the old volume.
    pub salvaged: f64,
    /// From the return of that volume until they are in the new one \[s\].
    pub salvaged_after: Distribution,
}

/// A cap on the lag.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// The most.
    pub most: SimDuration,
    /// How long until people lift it, from the first stalled commit \[s\].
    pub lifted: Distribution,
}

/// Which draw of the lag.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// Master seed.
    pub seed: u64,
    /// Replication.
    pub replication: u64,
    /// Names the stream.
    pub purpose: Purpose,
    /// The outage, where the lag has no memory.
    pub outage: u64,
}

/// Utilisation at which the growth with load ends: beyond it the writer itself is throttled.
const FULL: f64 = 0.99;

/// Steps of the process in its memory, and how many of them are summed: exp(-12) of the variance is left out.
const STEPS: f64 = 16.0;
const TERMS: i64 = 192;

impl Replica {
    /// Only a law.
    pub fn new(lag: Distribution) -> Self {
        let at_once = Distribution::Constant { value: 0.0 };
        let (fenced_after, salvaged_after) = (at_once.clone(), at_once);
        Self { lag, memory: 0.0, load: 0.0, cap: None, fencing: 1.0, fenced_after, salvaged: 0.0, salvaged_after }
    }

    /// How far the replica is behind at an instant, with `writes` times the mean.
    pub fn behind(&self, at: SimTime, writes: f64, pace: &Pace, draw: Draw) -> SimDuration {
        let steady = SimDuration::from_secs_f64(self.steady(at, draw) * self.stretched(writes));
        steady + pace.behind(at, self.load * writes)
    }

    /// As far behind as a cap lets it be.
    pub fn capped(&self, behind: SimDuration) -> SimDuration {
        self.cap.as_ref().map_or(behind, |cap| behind.min(cap.most))
    }

    /// The lag at mean load without pauses \[s\].
    fn steady(&self, at: SimTime, draw: Draw) -> f64 {
        let Draw { seed, replication, purpose, outage } = draw;
        if self.memory <= 0.0 {
            return self.lag.sample(&mut RandomStream::new(seed, replication, purpose, outage));
        }
        let z = remembering(at.as_secs_f64() * STEPS / self.memory, |step| {
            RandomStream::new(seed, replication, purpose, step as u64).uniform()
        });
        let standard = Distribution::Normal { mean: 0.0, sd: 1.0 };
        self.lag.quantile(standard.cdf(z).clamp(1e-15, 1.0 - 1e-15))
    }

    /// By how much load stretches the lag.
    pub fn stretched(&self, writes: f64) -> f64 {
        (1.0 - self.load) / (1.0 - (self.load * writes).min(FULL))
    }
}

/// A standard normal variable at a step of a stationary autoregression with coefficient exp(-1 / STEPS); `chance` gives
/// each step's uniform. Any step can be asked for: the sum over the past is cut off where it no longer matters.
fn remembering(at: f64, chance: impl Fn(i64) -> f64) -> f64 {
    let (now, forgets) = (at.floor() as i64, libm::exp(-1.0 / STEPS));
    let (mut weight, mut sum, mut squares) = (1.0, 0.0, 0.0);
    for back in 0..TERMS {
        sum += weight * normal_quantile(chance(now - back));
        squares += weight * weight;
        weight *= forgets;
    }
    sum / libm::sqrt(squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replica() -> Replica {
        Replica::new(Distribution::lognormal_from_percentiles(0.3, 2.0).unwrap())
    }

    fn draw(replication: u64) -> Draw {
        Draw { seed: 3, replication, purpose: Purpose::new("lag/test"), outage: 1 }
    }

    fn log_lag(replica: &Replica, replication: u64, seconds: f64) -> f64 {
        let lag = replica.behind(SimTime::from_secs_f64(seconds), 1.0, &Pace::default(), draw(replication));
        lag.as_secs_f64().ln()
    }

    #[test]
    fn memory_leaves_the_law_and_correlates_neighbours() {
        // Log lag is N(ln 0.3, (ln(2 / 0.3) / 1.645)^2). Correlation after h steps of 1/16: exp(-h / 16).
        let replica = Replica { memory: 1600.0, ..replica() };
        let (mean, sd) = (0.3_f64.ln(), (2.0_f64 / 0.3).ln() / 1.644_853_6);
        let n = 8_000_u64;
        let score = |i: u64, t: f64| (log_lag(&replica, i, t) - mean) / sd;
        let now: Vec<f64> = (0..n).map(|i| score(i, 5e6)).collect();
        let moment = |k: i32| now.iter().map(|z| z.powi(k)).sum::<f64>() / n as f64;
        // Standard errors of the first four moments of N(0, 1): 1, sqrt 2, sqrt 15, sqrt 96, over sqrt n.
        for (k, expected, error) in [(1, 0.0, 1.0), (2, 1.0, 1.42), (3, 0.0, 3.9), (4, 3.0, 9.8)] {
            let found = moment(k);
            assert!((found - expected).abs() < 4.0 * error / (n as f64).sqrt(), "moment {k}: {found}");
        }
        for (later, expected) in [(800.0, (-0.5_f64).exp()), (3200.0, (-2.0_f64).exp()), (40_000.0, 0.0)] {
            let found = (0..n).map(|i| now[i as usize] * score(i, 5e6 + later)).sum::<f64>() / n as f64;
            // Variance of a product of two such variables: 1 + rho^2.
            let error = ((1.0 + expected * expected) / n as f64).sqrt();
            assert!((found - expected).abs() < 4.0 * error, "after {later} s: {found} against {expected}");
        }
    }

    #[test]
    fn without_memory_an_outage_has_one_lag_and_the_next_another() {
        let replica = replica();
        assert!((log_lag(&replica, 0, 1.0) - log_lag(&replica, 0, 9e6)).abs() < 1e-12);
        assert!((log_lag(&replica, 0, 1.0) - log_lag(&replica, 1, 1.0)).abs() > 1e-12);
    }

    #[test]
    fn the_lag_grows_with_writes_and_with_a_partition_up_to_its_cap() {
        let replica = Replica { load: 0.4, lag: Distribution::Constant { value: 1.0 }, ..replica() };
        let at = SimTime::from_secs_f64;
        let behind = |replica: &Replica, writes: f64, pace: &Pace| {
            replica.behind(at(100.0), writes, pace, draw(0)).as_secs_f64()
        };
        // (1 - 0.4) / (1 - 0.4 * 2) = 3.
        assert!((behind(&replica, 1.0, &Pace::default()) - 1.0).abs() < 1e-9);
        assert!((behind(&replica, 2.0, &Pace::default()) - 3.0).abs() < 1e-9);
        let parted = Pace::new(&[(at(40.0), at(500.0), 0.0)]);
        assert!((behind(&replica, 1.0, &parted) - 61.0).abs() < 1e-9);
        let cap = Cap { most: SimDuration::from_secs(20), lifted: Distribution::Constant { value: 0.0 } };
        let capped = Replica { cap: Some(cap), ..replica };
        let most = capped.capped(capped.behind(at(100.0), 1.0, &parted, draw(0)));
        assert!((most.as_secs_f64() - 20.0).abs() < 1e-9);
    }
}
