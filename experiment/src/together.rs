//! What incidents needed of every resource, kept so that limits can be weighed against each other.
//!
//! Percentiles of single resources say nothing of all together: an incident that needs many functions may need few
//! connections. So the needs themselves are kept, of at most [`KEPT`] incidents: those of the replications whose random rank
//! is lowest, a uniform sample that does not depend on the order in which they come.

use crate::system::load::{CARRIED_WITHIN, Needed};
use drsim_models::capacity::{PerResource, Resource, Smallest, Together};
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::RatioSums;
use std::collections::BTreeMap;

/// Limits weighed against each other, the [`PRICED`] first. With the rate nobody needs a larger bucket.
pub const WEIGHED: [Resource; 7] = [
    Resource::DatabaseGrowth,
    Resource::DatabaseUnits,
    Resource::Connections,
    Resource::Requests,
    Resource::Concurrency,
    Resource::ConcurrencyGrowth,
    Resource::Bandwidth,
];

/// So many of them cost money: the size that a database never goes below. The others are quotas and caps.
const PRICED: usize = 1;

/// Incidents kept: a share of 90 % is then known to within 1.3 %.
const KEPT: usize = 2_048;

/// Ranks are of the replication alone.
const RANK: Purpose = Purpose::new("needs kept");

type Needs = [f64; WEIGHED.len()];

/// A sample of what incidents needed.
#[derive(Clone, Debug)]
pub struct NeedSample {
    /// Incidents by rank of their replication.
    kept: BTreeMap<(u64, u64), Vec<Needs>>,
    incidents: usize,
    /// Ranks from here on were given up.
    below: (u64, u64),
    in_replication: Vec<Needs>,
}

impl Default for NeedSample {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), incidents: 0, below: (u64::MAX, u64::MAX), in_replication: Vec::new() }
    }
}

impl NeedSample {
    /// Notes an incident of the present replication.
    pub(crate) fn add(&mut self, needed: &Needed) {
        self.in_replication.push(WEIGHED.map(|resource| {
            let need = needed.peak.get(resource);
            if resource == Resource::ConcurrencyGrowth { need / CARRIED_WITHIN } else { need }
        }));
    }

    /// What was noted since the last call belongs together.
    pub(crate) fn end_replication(&mut self, replication: u64) {
        if self.in_replication.is_empty() {
            return;
        }
        let rank = (RandomStream::new(0, replication, RANK, 0).next_u64(), replication);
        if rank < self.below {
            self.incidents += self.in_replication.len();
            self.kept.insert(rank, self.in_replication.clone());
        }
        self.in_replication.clear();
        while self.incidents > KEPT {
            let Some((highest, incidents)) = self.kept.pop_last() else { break };
            self.incidents -= incidents.len();
            self.below = highest;
        }
    }

    /// To be weighed by how much each limit is raised over what there is.
    pub fn over(&self, there: &PerResource) -> Weighing {
        let over = |needs: &Needs| -> Needs {
            std::array::from_fn(|r| {
                let limit = there.get(WEIGHED[r]);
                if needs[r] <= 0.0 || limit.is_infinite() { 0.0 } else { needs[r] / limit.max(LEAST) }
            })
        };
        let years: Vec<Vec<Needs>> = self.kept.values().map(|year| year.iter().map(over).collect()).collect();
        Weighing { all: Together::new(years.concat()), years, there: *there }
    }
}

/// Of what there is none of, any raise is as good as another.
const LEAST: f64 = 1e-9;

/// Limits as [`WEIGHED`], each with the ends of its interval.
pub type WithInterval = [(f64, (f64, f64)); WEIGHED.len()];

/// Incidents whose needs are multiples of what there is.
pub struct Weighing {
    years: Vec<Vec<Needs>>,
    all: Together<{ WEIGHED.len() }>,
    there: PerResource,
}

impl Weighing {
    /// Incidents in the sample.
    pub fn incidents(&self) -> u64 {
        self.all.cases().len() as u64
    }

    /// The smallest limits that suffice together in a share of the incidents, as [`WEIGHED`], each with an interval: what
    /// suffices at both ends of the interval of that share (Woodruff 1952); and whether they are proven to be the least.
    /// `None` where the sample cannot bear it.
    pub fn limits(&self, share: f64, level: f64) -> Option<(WithInterval, bool)> {
        let Smallest { limits: found, least } = self.all.limits(share, PRICED)?;
        let mut sums = RatioSums::default();
        self.years.iter().for_each(|year| cover(year, &found, &mut sums));
        let within = sums.estimate(level)?.interval;
        // Both ends of the interval have to lie among the cases.
        let n = self.incidents() as f64;
        if sums.contributing() < 2 || within.low * n < 1.0 || (1.0 - within.high) * n < 1.0 {
            return None;
        }
        let (low, high) = (self.all.limits(within.low, PRICED)?, self.all.limits(within.high, PRICED)?);
        let least = least && low.least && high.least;
        let ends = [low.limits, found, high.limits];
        let limits = std::array::from_fn(|r| {
            let times = |x: f64| if x > 0.0 { x * self.there.get(WEIGHED[r]).max(LEAST) } else { 0.0 };
            let (low, high) = ends.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(x[r]), b.max(x[r])));
            (times(found[r]), (times(low), times(high)))
        });
        Some((limits, least))
    }

    /// How often limits found in one half of the years suffice in the other.
    pub fn held_out(&self, share: f64) -> Option<RatioSums> {
        let mut sums = RatioSums::default();
        let found_in = |first: usize| {
            let half = self.years.iter().skip(first).step_by(2).flatten();
            Some(Together::new(half.copied().collect()).limits(share, PRICED)?.limits)
        };
        let limits = [found_in(1)?, found_in(0)?];
        self.years
            .iter()
            .zip([0, 1].into_iter().cycle())
            .for_each(|(year, half)| cover(year, &limits[half], &mut sums));
        Some(sums)
    }
}

/// Counts the incidents of a year in which limits suffice.
fn cover(year: &[Needs], limits: &Needs, sums: &mut RatioSums) {
    let suffices = |needs: &&Needs| needs.iter().zip(limits).all(|(need, limit)| need <= limit);
    sums.add(year.iter().filter(suffices).count() as u64, year.len() as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replications with one incident each: functions and connections, independent, uniform up to 1,000 and 500.
    fn sample(order: impl Iterator<Item = u64>) -> NeedSample {
        let mut sample = NeedSample::default();
        for replication in order {
            let mut draws = RandomStream::new(5, replication, Purpose::new("test"), 0);
            let mut needed = Needed::default();
            needed.peak.set(Resource::Concurrency, 1_000.0 * draws.uniform());
            needed.peak.set(Resource::Connections, 500.0 * draws.uniform());
            sample.add(&needed);
            sample.end_replication(replication);
        }
        sample
    }

    fn there() -> PerResource {
        PerResource::from_fn(|resource| if resource == Resource::Bandwidth { f64::INFINITY } else { 100.0 })
    }

    #[test]
    fn limits_together_are_those_of_the_law_and_hold_in_incidents_they_were_not_chosen_by() {
        let share = 0.81;
        let found = sample(0..2_000).over(&there());
        let (limits, least) = found.limits(share, 0.95).unwrap();
        assert!(least);
        let of = |resource: Resource| limits[WEIGHED.iter().position(|r| *r == resource).unwrap()];
        // x y = 0.81 in shares of the largest; the sum of logarithms is the same for all such x, so any is as good.
        let ((functions, within), (connections, _)) = (of(Resource::Concurrency), of(Resource::Connections));
        let product = functions / 1_000.0 * connections / 500.0;
        let error = 4.0 * (share * (1.0 - share) / 2_000.0_f64).sqrt();
        assert!((product - share).abs() < error, "{product}");
        assert!(within.0 <= functions && functions <= within.1 && within.1 < 1.2 * functions);
        let held_out = found.held_out(share).unwrap();
        let interval = held_out.estimate(0.9999).unwrap().interval;
        assert!(held_out.cases() == 2_000 && interval.low < share && share < interval.high, "{held_out:?}");
    }

    #[test]
    fn the_sample_is_bounded_and_does_not_depend_on_the_order() {
        let n = 3 * KEPT as u64;
        let [forth, back] = [sample(0..n), sample((0..n).rev())].map(|sample| sample.over(&there()));
        assert_eq!(forth.incidents(), KEPT as u64);
        assert_eq!(forth.limits(0.9, 0.95).unwrap(), back.limits(0.9, 0.95).unwrap());
        assert_eq!(forth.held_out(0.9), back.held_out(0.9));
    }

    #[test]
    fn a_few_incidents_bear_no_limits() {
        assert!(sample(0..20).over(&there()).limits(0.95, 0.95).is_none());
        assert!(NeedSample::default().over(&there()).limits(0.5, 0.95).is_none());
    }
}
