//! Times in which the copying service is slow, for all files of a pair of regions alike, in both directions.
//!
//! Slow spells start as a Poisson process and last as long as chance says; while one holds, every copy under way gets on
//! at a fraction of its speed. So delays of neighbours go together: the same mean delay, but windows that are long when
//! one is. The share of time that is slow is 1 - exp(-rate * mean length).
//!
//! Assumed: one factor for all spells. Left out: slow spells of one direction, or of large files only.

use crate::outage::YEAR_SECONDS;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};

/// Slow spells of a pair of regions.
#[derive(Clone, Debug, PartialEq)]
pub struct Slowdowns {
    /// Names the stream: `slow_copies/<pair>`.
    pub purpose: Purpose,
    /// Spells a year.
    pub per_year: f64,
    /// How long one lasts \[s\].
    pub lasts: Distribution,
    /// By how much slower copies are meanwhile.
    pub factor: f64,
}

/// Spells are known from so long before the year on \[s\]: the longest spell and the longest copy, 60 days each.
const BEFORE: f64 = 120.0 * 86_400.0;

impl Slowdowns {
    /// Spells of one replication that start before an instant: start, end, speed.
    pub fn before(&self, seed: u64, replication: u64, until: SimTime) -> Vec<(SimTime, SimTime, f64)> {
        let mut at = -BEFORE;
        let mut spells = Vec::new();
        for ordinal in 0.. {
            let mut stream = RandomStream::new(seed, replication, self.purpose, ordinal);
            at += stream.exponential() * YEAR_SECONDS / self.per_year;
            let from = SimTime::from_secs_f64(at);
            if from >= until {
                break;
            }
            let lasts = SimDuration::from_secs_f64(self.lasts.sample(&mut stream));
            spells.push((from, from + lasts, 1.0 / self.factor));
        }
        spells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object_copy::{Source, service};
    use crate::pace::Pace;
    use crate::traffic::{HourlyShape, Uploads};

    fn slowdowns() -> Slowdowns {
        let purpose = Purpose::new("slow_copies/test");
        // 200 a year of 8 h: slow a share 1 - exp(-200 * 8 / 8760) = 0.167 of the time.
        Slowdowns { purpose, per_year: 200.0, lasts: Distribution::Constant { value: 8.0 * 3600.0 }, factor: 5.0 }
    }

    #[test]
    fn the_share_of_slow_time_and_the_windows_are_as_theory_says() {
        // Delays 60 s: with a spell that began long ago, all files of the last 300 s are under way, otherwise of the
        // last 60 s. Files Poisson(0.02/s * span); window > 60 s only in a spell, if a file falls into the 240 s.
        let n = 20_000_u64;
        let (uploads, shape) = (
            Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.02, batch: 1 },
            HourlyShape::new(0, vec![1.0; 168]),
        );
        let (delay, size) = (Distribution::Constant { value: 60.0 }, Distribution::Constant { value: 1.0 });
        let from = [(&uploads, &shape)];
        let (mut slow, mut beyond, mut files) = (0_u64, 0_u64, 0_u64);
        for replication in 0..n {
            let cut = SimTime::from_secs_f64(1e7);
            let spells = slowdowns().before(5, replication, cut);
            slow += u64::from(spells.iter().any(|(_, until, _)| *until > cut));
            let pace = Pace::new(&spells);
            let source = Source { seed: 5, replication, uploads: &from, size: &size, pace: &pace, rows_until: cut };
            let found = service::at_risk(&source, &delay, None, cut);
            beyond += u64::from(found.window > SimDuration::from_secs(60));
            files += found.files;
        }
        let near = |found: f64, p: f64, what: &str| {
            assert!((found - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{what}: {found} against {p}");
        };
        let p = 1.0 - (-200.0_f64 * 8.0 / 8760.0).exp();
        near(slow as f64 / n as f64, p, "slow");
        // A spell that began x < 300 s ago has not stretched the window fully: 300 s of 8 h are left out of the bound.
        let full = p * (1.0 - (-0.02_f64 * 240.0).exp());
        let found = beyond as f64 / n as f64;
        assert!((found - full).abs() < 4.0 * (full / n as f64).sqrt() + full * 300.0 / 28_800.0, "{found} {full}");
        let mean = 0.02 * (60.0 + p * 240.0);
        let error = ((mean + p * (1.0 - p) * (0.02_f64 * 240.0).powi(2)) / n as f64).sqrt();
        assert!((files as f64 / n as f64 - mean).abs() < 4.0 * error + 0.02 * 240.0 * p * 300.0 / 28_800.0);
    }
}
