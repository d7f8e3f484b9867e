//! Regional outages: when a provider's region takes the workload down, and for how long.
//!
//! Each region has regional events at its own rate, a Poisson process that also runs while the region is down. An event
//! takes the workload's whole region down with probability `hits`, otherwise it does nothing. Common cause: events that
//! strike both regions happen once for the pair at `both` times the smaller rate; a region's own events are thinned by
//! as much, so that its own availability does not depend on `both`.
//!
//! Left out here: footprints (partial failures), other causes than regional ones.

use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};

/// Seconds of the simulated year (365 days).
pub const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// Which outage: a hash of the process it comes from and its ordinal there. Names the random streams of what follows
/// from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutageId(pub u64);

impl OutageId {
    fn of(process: Purpose, ordinal: u64) -> Self {
        Self(RandomStream::new(0, 0, process, ordinal).next_u64())
    }
}

/// One region down, from onset to repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Its key.
    pub id: OutageId,
    /// Index of the region.
    pub region: usize,
    /// When it starts.
    pub onset: SimTime,
    /// How long it lasts.
    pub duration: SimDuration,
    /// Whether the same event strikes the other region too.
    pub common: bool,
}

impl Outage {
    /// When the region serves again.
    pub fn repair(&self) -> SimTime {
        self.onset + self.duration
    }
}

/// The law of all regional outages in one world.
#[derive(Clone, Debug)]
pub struct RegionalOutages {
    /// One stream per region: `outage/region/<region>`.
    own: Vec<Purpose>,
    /// One stream for the pair.
    pair: Purpose,
    /// Events per year that hit or miss, per region.
    events_per_year: Vec<f64>,
    both: f64,
    hits: f64,
    duration: Distribution,
    longest: SimDuration,
}

impl RegionalOutages {
    /// `regions`: name and events per year of the primary and (if any) the secondary. `both`, `hits`: probabilities.
    /// `duration` \[s\] never exceeds `longest`.
    ///
    /// # Panics
    /// On a rate that is negative or not finite, and on more than two regions.
    pub fn new(regions: &[(&str, f64)], both: f64, hits: f64, duration: Distribution, longest: SimDuration) -> Self {
        assert!(regions.len() <= 2, "regional outages are modelled for a pair");
        assert!(regions.iter().all(|(_, rate)| rate.is_finite() && *rate >= 0.0));
        let mut names: Vec<&str> = regions.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        Self {
            own: regions.iter().map(|(name, _)| Purpose::of("outage/region", name)).collect(),
            pair: Purpose::of("outage/regions", &names.join("+")),
            events_per_year: regions.iter().map(|(_, rate)| *rate).collect(),
            both,
            hits,
            duration,
            longest,
        }
    }

    /// All outages that reach into the year, by onset. Those in progress at time zero have a negative onset.
    pub fn draw(&self, seed: u64, replication: u64, out: &mut Vec<Outage>) {
        out.clear();
        let smaller = self.events_per_year.iter().copied().fold(f64::INFINITY, f64::min);
        let common = if self.own.len() == 2 { self.both * smaller } else { 0.0 };
        for (region, (&purpose, &rate)) in self.own.iter().zip(&self.events_per_year).enumerate() {
            let kept = if rate > 0.0 { 1.0 - common / rate } else { 0.0 };
            self.process(seed, replication, purpose, rate, |id, onset, duration, mark| {
                if mark < kept {
                    out.push(Outage { id: id, region, onset, duration, common: false });
                }
            });
        }
        self.process(seed, replication, self.pair, common, |id, onset, duration, _| {
            for region in 0..self.own.len() {
                out.push(Outage { id: id, region, onset, duration, common: true });
            }
        });
        out.sort_unstable_by_key(|o| (o.onset, o.region, o.id));
    }

    /// One Poisson process from `longest` before the year to its end; calls back for events that hit and reach into it.
    fn process(
        &self,
        seed: u64,
        replication: u64,
        purpose: Purpose,
        per_year: f64,
        mut hit: impl FnMut(OutageId, SimTime, SimDuration, f64),
    ) {
        if per_year <= 0.0 {
            return;
        }
        let mut at = -self.longest.as_secs_f64();
        for ordinal in 0.. {
            let mut stream = RandomStream::new(seed, replication, purpose, ordinal);
            at += stream.exponential() * YEAR_SECONDS / per_year;
            if at >= YEAR_SECONDS {
                return;
            }
            let (mark, hits) = (stream.uniform(), stream.uniform());
            if hits >= self.hits {
                continue;
            }
            let duration = SimDuration::from_secs_f64(self.duration.sample(&mut stream)).min(self.longest);
            let onset = SimTime::from_secs_f64(at);
            if onset + duration > SimTime::ZERO {
                hit(OutageId::of(purpose, ordinal), onset, duration, mark);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIONS: [(&str, f64); 2] = [("eu-west-1", 2.0), ("us-east-1", 5.0)];

    fn law(regions: &[(&str, f64)], both: f64, hits: f64) -> RegionalOutages {
        // Uniform between 1 and 3 days: mean 2 days.
        let duration = Distribution::Uniform { low: 86_400.0, high: 3.0 * 86_400.0 };
        RegionalOutages::new(regions, both, hits, duration, SimDuration::from_secs(3 * 86_400))
    }

    /// Share of instants (one per replication, at the middle of the year) at which each region and both are down.
    fn down(law: &RegionalOutages, n: u64) -> [f64; 3] {
        let middle = SimTime::from_secs_f64(YEAR_SECONDS / 2.0);
        let mut outages = Vec::new();
        let mut count = [0.0; 3];
        for replication in 0..n {
            law.draw(1, replication, &mut outages);
            let is_down =
                |r| outages.iter().any(|o: &Outage| o.region == r && o.onset <= middle && middle < o.repair());
            let (a, b) = (is_down(0), is_down(1));
            for (c, x) in count.iter_mut().zip([a, b, a && b]) {
                *c += f64::from(u8::from(x));
            }
        }
        count.map(|c| c / n as f64)
    }

    #[test]
    fn availability_is_exp_of_minus_rate_times_mean_duration_for_every_beta() {
        // P(down) = 1 - exp(-rate * hits * mean duration); n independent replications: four standard errors.
        let n = 40_000;
        let expect = |rate: f64| 1.0 - (-rate * 0.5 * 2.0 / 365.0).exp();
        for both in [0.0, 0.3, 1.0] {
            let [a, b, ab] = down(&law(&REGIONS, both, 0.5), n);
            for (got, rate) in [(a, 2.0), (b, 5.0)] {
                let p = expect(rate);
                let tolerance = 4.0 * (p * (1.0 - p) / n as f64).sqrt();
                assert!((got - p).abs() < tolerance, "beta {both}, rate {rate}: {got} against {p}");
            }
            // beta 0: independent; beta 1: every event of the rarer region strikes both,
            // P(both) = 1 - (1-p_a) - (1-p_b) + P(neither), P(neither) = exp(-(5) * ...) since all of a's are in b's.
            let exact = match both {
                0.0 => Some(expect(2.0) * expect(5.0)),
                1.0 => Some(expect(2.0)), // plus b's own, which hit a never: both down iff the common one is on
                _ => None,
            };
            if let Some(p) = exact {
                let tolerance = 4.0 * (p * (1.0 - p) / n as f64).sqrt();
                assert!((ab - p).abs() < tolerance, "beta {both}: both {ab} against {p}");
            }
        }
    }

    #[test]
    fn adding_a_region_leaves_the_outages_of_the_other_as_they_were() {
        let (mut alone, mut pair) = (Vec::new(), Vec::new());
        for replication in 0..200 {
            law(&REGIONS[..1], 0.0, 0.5).draw(9, replication, &mut alone);
            law(&REGIONS, 0.0, 0.5).draw(9, replication, &mut pair);
            pair.retain(|o| o.region == 0);
            assert_eq!(alone, pair);
        }
    }

    #[test]
    fn a_common_event_has_the_same_onset_and_duration_in_both_regions() {
        let mut outages = Vec::new();
        let mut seen = 0;
        for replication in 0..200 {
            law(&REGIONS, 1.0, 1.0).draw(3, replication, &mut outages);
            for pair in outages.iter().filter(|o| o.common).collect::<Vec<_>>().chunks(2) {
                assert_eq!((pair[0].onset, pair[0].duration), (pair[1].onset, pair[1].duration));
                seen += 1;
            }
            assert!(outages.iter().filter(|o| o.region == 0).all(|o| o.common), "beta 1: the rarer has no own ones");
        }
        assert!(seen > 200);
    }
}
