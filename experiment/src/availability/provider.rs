//! What a year's outages did to the provider's services, whatever the design: month by month how long each failed, and
//! how long each region alone, or a way in alone, would have kept its users below the minimum service level.
//!
//! Left out: what the customer does to itself does not count against the provider.

use crate::model::World;
use drsim_models::outage::{Cause, Component, Components, Failing, GLOBAL, Outages, YEAR_END};
use drsim_models::recovery::{MONTH, month_of};
use drsim_models::traffic::Operation;
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Ways in, by what they need: behind a content delivery network, by name alone, by an accelerator.
pub const WAYS_IN: [Components; 3] = [
    Components::of(&[Component::Cdn, Component::Dns]),
    Components::of(&[Component::Dns]),
    Components::of(&[Component::Accelerator]),
];

/// What providers commit to that the model can see fail, and whether it belongs to no region.
pub const COUNTED: [(Component, bool); 7] = [
    (Component::Api, false),
    (Component::Function, false),
    (Component::Database, false),
    (Component::Objects, false),
    (Component::Cdn, true),
    (Component::Dns, true),
    (Component::Accelerator, true),
];

/// A service failed in a month.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    /// Month, from 0.
    pub month: u8,
    /// Region's index or [`GLOBAL`].
    pub place: u8,
    /// Index in [`COUNTED`].
    pub component: u8,
    /// Share of requests that failed, times how long \[s\].
    pub requests: f64,
    /// Down altogether \[s\].
    pub minutes: f64,
}

/// A year in which something failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderYear {
    /// Replication.
    pub replication: u64,
    /// What the provider answers for, by month, place and service.
    pub failed: Vec<Failed>,
    /// Per region and operation: how long its own services alone let too few requests through \[s\].
    pub regions: [[f64; 4]; 2],
    /// The same per way in.
    pub ways_in: [f64; 3],
}

/// Whether it is the provider's doing.
fn answers_for(cause: Cause) -> bool {
    !matches!(cause, Cause::Deployment | Cause::Corruption | Cause::Certificate | Cause::FalseAlarm)
}

impl ProviderYear {
    /// What these outages did in a world.
    pub fn of(replication: u64, outages: &Outages, world: &World) -> Self {
        let mut year = Self { replication, failed: Vec::new(), regions: [[0.0; 4]; 2], ways_in: [0.0; 3] };
        let clip = |at: SimTime| at.max(SimTime::ZERO).min(YEAR_END);
        // (when, whether it starts, number, whether the provider answers for it)
        let mut turns: Vec<(SimTime, bool, u32, bool)> = Vec::new();
        for outage in outages.all() {
            let theirs = answers_for(outage.cause);
            for number in Outages::numbers(outage) {
                let effect = outages.effect(number);
                let (from, until) = (clip(effect.from), clip(effect.until));
                if effect.place <= GLOBAL && from < until {
                    turns.extend([(from, true, number, theirs), (until, false, number, theirs)]);
                }
            }
        }
        turns.sort_unstable();
        let (mut all, mut provider) = (Failing::default(), Failing::default());
        let mut since = SimTime::ZERO;
        for (at, starts, number, theirs) in turns {
            if at > since && !all.nothing() {
                year.paths(&all, world, (at - since).as_secs_f64());
                year.services(&provider, since, at);
            }
            since = at;
            for failing in [Some(&mut all), theirs.then_some(&mut provider)].into_iter().flatten() {
                if starts {
                    failing.start(number, outages.effect(number));
                } else {
                    failing.end(number);
                }
            }
        }
        year
    }

    fn paths(&mut self, failing: &Failing, world: &World, seconds: f64) {
        for (region, sums) in self.regions.iter_mut().enumerate() {
            for (operation, sum) in Operation::ALL.into_iter().zip(sums) {
                // A write needs the database of the region that holds the writer.
                let writer = Components::of(if operation.needs_writer() { &[Component::Database] } else { &[] });
                let needs = world.needs.own[region][operation as usize].and(writer);
                if failing.through(region, needs) < world.served {
                    *sum += seconds;
                }
            }
        }
        for (needs, sum) in WAYS_IN.into_iter().zip(&mut self.ways_in) {
            if failing.through(GLOBAL, needs) < world.served {
                *sum += seconds;
            }
        }
    }

    /// Adds what failed from one instant to another, month by month.
    fn services(&mut self, failing: &Failing, from: SimTime, until: SimTime) {
        if failing.nothing() {
            return;
        }
        let mut at = from;
        while at < until {
            let month = month_of(at);
            let ends = SimTime::ZERO + SimDuration::from_nanos(MONTH.as_nanos() * (u64::from(month) + 1));
            let to = if month == 11 { until } else { until.min(ends) };
            let seconds = (to - at).as_secs_f64();
            for (c, (component, is_global)) in COUNTED.into_iter().enumerate() {
                for place in if is_global { GLOBAL..=GLOBAL } else { 0..=1 } {
                    let fails = 1.0 - failing.through(place, Components::of(&[component]));
                    if fails > 0.0 {
                        self.note(month, place as u8, c as u8, fails, seconds);
                    }
                }
            }
            at = to;
        }
    }

    fn note(&mut self, month: u8, place: u8, component: u8, fails: f64, seconds: f64) {
        let same = |f: &&mut Failed| (f.month, f.place, f.component) == (month, place, component);
        let down = if fails >= 1.0 { seconds } else { 0.0 };
        match self.failed.iter_mut().rev().find(same) {
            Some(known) => {
                known.requests += fails * seconds;
                known.minutes += down;
            }
            None => {
                self.failed.push(Failed { month, place, component, requests: fails * seconds, minutes: down });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_models::outage::{Effect, OutageId};

    /// Effects of one outage each: place, what, share, from and until \[s\], why.
    fn outages(of: &[(usize, Components, f64, f64, f64, Cause)]) -> Outages {
        let mut outages = Outages::default();
        for (i, &(place, hits, failing, from, until, cause)) in of.iter().enumerate() {
            let (from, until) = (SimTime::from_secs_f64(from), SimTime::from_secs_f64(until));
            let effect = Effect { place, hits, failing, from, until, seen: true };
            outages.push((OutageId(i as u64), cause), (from, until - from), false, [effect]);
        }
        outages.sort();
        outages
    }

    /// Seconds, which are whole here.
    fn whole<const N: usize>(seconds: [f64; N]) -> [u64; N] {
        seconds.map(|seconds| seconds as u64)
    }

    fn services(year: &ProviderYear) -> Vec<(u8, u8, u8, f64, f64)> {
        year.failed.iter().map(|f| (f.month, f.place, f.component, f.requests, f.minutes)).collect()
    }

    fn counted(of: &[(usize, Components, f64, f64, f64, Cause)]) -> ProviderYear {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/mobile_backend.toml");
        let scenario = crate::scenario_file::load(std::path::Path::new(path), &[]).unwrap().scenario;
        let worlds = crate::assemble::Worlds::draw(&scenario, 1, 1);
        ProviderYear::of(7, &outages(of), &worlds.worlds[0].0)
    }

    #[test]
    fn overlapping_outages_of_a_service_count_once_and_a_month_ends_on_its_second() {
        let (api, month) = (Components::of(&[Component::Api]), MONTH.as_secs_f64());
        let year = counted(&[
            (0, api, 1.0, month - 100.0, month + 50.0, Cause::Region),
            (0, api, 0.5, month - 40.0, month + 250.0, Cause::Service),
        ]);
        // Month 0: 100 s of 1. Month 1: 50 s of 1, then 200 s of a half.
        assert_eq!(services(&year), [(0, 0, 0, 100.0, 100.0), (1, 0, 0, 150.0, 50.0)]);
        assert_eq!(whole(year.regions[0]), [350; 4], "all operations need the API, and a half is below the level");
        assert_eq!((whole(year.regions[1]), whole(year.ways_in)), ([0; 4], [0; 3]));
    }

    #[test]
    fn the_customers_own_faults_lower_the_design_but_not_the_providers_count() {
        let database = Components::of(&[Component::Database]);
        let year = counted(&[(1, database, 1.0, 10.0, 70.0, Cause::Deployment)]);
        assert!(year.failed.is_empty());
        assert_eq!(whole(year.regions[1]), [60; 4]);
    }

    #[test]
    fn what_belongs_to_no_region_fails_ways_in() {
        let year = counted(&[(GLOBAL, Components::of(&[Component::Dns]), 1.0, 0.0, 30.0, Cause::FrontDoor)]);
        assert_eq!(services(&year), [(0, 2, 5, 30.0, 30.0)]);
        assert_eq!(whole(year.ways_in), [30, 30, 0]);
    }
}
