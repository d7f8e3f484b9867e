//! When outages happen: for each cause a Poisson process per target that also runs while the target is down.
//!
//! Common cause: events that strike both regions happen once for the pair at `both` times the smaller rate; a region's
//! own events are thinned by as much, so that its own availability does not depend on `both`.
//!
//! Each event has a random stream of its own, named by cause and target and indexed by its ordinal: one more region,
//! cause or draw moves nothing else.

use super::flapping::Flapping;
use super::footprint::{Footprint, Target};
use super::{Cause, Components, Effect, GLOBAL, OutageId, Outages, YEAR_SECONDS};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};

/// A region as a target of outages.
#[derive(Clone, Copy, Debug)]
pub struct Region<'a> {
    /// Name; keys its streams.
    pub name: &'a str,
    /// Its index, or [`super::ELSEWHERE`].
    pub place: usize,
    /// Events per year, of those that hit and those that miss.
    pub per_year: f64,
    /// Control planes of what is global that live there.
    pub holds: Components,
}

/// What one cause does when it strikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// The cause.
    pub cause: Cause,
    /// How long \[s\]; never exceeds `longest`.
    pub duration: Distribution,
    /// The longest.
    pub longest: SimDuration,
    /// What it hits.
    pub footprint: Footprint,
    /// Share of outages that health checks notice when all requests fail.
    pub seen: f64,
    /// Of these, the share that is noticed when fewer than `grey_below` of the requests fail.
    pub seen_grey: f64,
    /// Share of failing requests from which on checks see what they see of a dead endpoint.
    pub grey_below: f64,
    /// Which come and go; `None`: none.
    pub flapping: Option<Flapping>,
}

impl Law {
    /// Chance that health checks notice an effect that makes this share of requests fail.
    pub fn seen_at(&self, failing: f64) -> f64 {
        if failing < self.grey_below { self.seen * self.seen_grey } else { self.seen }
    }
}

/// All outages of one cause in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct OutageProcess {
    law: Law,
    targets: Vec<Events>,
}

/// The events of one target.
#[derive(Clone, Debug, PartialEq)]
struct Events {
    purpose: Purpose,
    /// Spells of those that come and go.
    spells: Purpose,
    per_year: f64,
    /// Chance that an event strikes this target alone; the others are counted with the pair.
    kept: f64,
    /// Places it strikes, and the control planes of what is global that live there.
    places: Vec<(usize, Components)>,
}

impl Events {
    fn new(kind: &str, name: &str, per_year: f64, kept: f64, places: Vec<(usize, Components)>) -> Self {
        let (purpose, spells) = (Purpose::of(kind, name), Purpose::of(&format!("{kind}/spells"), name));
        Self { purpose, spells, per_year, kept, places }
    }
}

impl OutageProcess {
    /// Outages of regions, `both` of the rarer one's striking a pair at once.
    ///
    /// # Panics
    /// On a rate that is negative or not finite, and on `both` above zero without a pair of places.
    pub fn regional(law: Law, regions: &[Region<'_>], both: f64) -> Self {
        assert!(regions.iter().all(|r| r.per_year.is_finite() && r.per_year >= 0.0));
        let pair: Vec<&Region<'_>> = regions.iter().filter(|r| r.place < GLOBAL).collect();
        let smaller = pair.iter().map(|r| r.per_year).fold(f64::INFINITY, f64::min);
        let common = if pair.len() == 2 { both * smaller } else { 0.0 };
        let kind = format!("outage/{}", law.cause.name());
        let own = |r: &Region<'_>| {
            let kept = if r.place < GLOBAL && r.per_year > 0.0 { 1.0 - common / r.per_year } else { 1.0 };
            let places = vec![(r.place, r.holds)];
            Events::new(&kind, r.name, r.per_year, kept, places)
        };
        let mut targets: Vec<_> = regions.iter().map(own).collect();
        if common > 0.0 {
            let mut names: Vec<&str> = pair.iter().map(|r| r.name).collect();
            names.sort_unstable();
            let places = pair.iter().map(|r| (r.place, r.holds)).collect();
            targets.push(Events::new(&format!("{kind}s"), &names.join("+"), common, 1.0, places));
        }
        Self { law, targets }
    }

    /// Outages of what belongs to no region.
    ///
    /// # Panics
    /// On a rate that is negative or not finite.
    pub fn global(law: Law, per_year: f64) -> Self {
        assert!(per_year.is_finite() && per_year >= 0.0);
        let kind = format!("outage/{}", law.cause.name());
        Self { law, targets: vec![Events::new(&kind, "global", per_year, 1.0, vec![(GLOBAL, Components::NONE)])] }
    }

    /// Adds all outages that reach into the year. Those in progress at time zero have a negative onset.
    pub fn draw(&self, seed: u64, replication: u64, scratch: &mut Vec<Effect>, out: &mut Outages) {
        for events in self.targets.iter().filter(|events| events.per_year > 0.0) {
            self.draw_events(seed, replication, events, scratch, out);
        }
    }

    /// One Poisson process from `longest` before the year to its end.
    fn draw_events(&self, seed: u64, replication: u64, events: &Events, scratch: &mut Vec<Effect>, out: &mut Outages) {
        let (law, Events { purpose, spells, per_year, kept, places }) = (&self.law, events);
        let mut at = -law.longest.as_secs_f64();
        for ordinal in 0.. {
            let mut stream = RandomStream::new(seed, replication, *purpose, ordinal);
            at += stream.exponential() * YEAR_SECONDS / per_year;
            if at >= YEAR_SECONDS {
                return;
            }
            let (mark, chance) = (stream.uniform(), stream.uniform());
            if mark >= *kept || matches!(law.footprint, Footprint::Whole { hits } if chance >= hits) {
                continue;
            }
            let duration = SimDuration::from_secs_f64(law.duration.sample(&mut stream)).min(law.longest);
            let onset = SimTime::from_secs_f64(at);
            if onset + duration <= SimTime::ZERO {
                continue;
            }
            let noticed = stream.uniform();
            let id = OutageId::of(*purpose, ordinal);
            let mut effects = std::mem::take(scratch);
            let mut all = Vec::new();
            for &(place, holds) in places {
                // The same event in every place: each reads the stream from here.
                let target = Target { place, holds, onset, duration };
                law.footprint.draw(target, chance, &mut stream.clone(), &mut effects);
                all.append(&mut effects);
            }
            *scratch = effects;
            if let Some(flapping) = &law.flapping {
                let mut spells = RandomStream::new(seed, replication, *spells, ordinal);
                flapping.apply(onset, onset + duration, &mut spells, &mut all);
            }
            for effect in &mut all {
                effect.seen = noticed < law.seen_at(effect.failing);
            }
            out.push((id, law.cause), (onset, duration), places.len() > 1, all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::{Component, Outage};

    const REGIONS: [(&str, f64); 2] = [("eu-west-1", 2.0), ("us-east-1", 5.0)];

    fn law(regions: &[(&'static str, f64)], both: f64, hits: f64) -> OutageProcess {
        // Uniform between 1 and 3 days: mean 2 days.
        let duration = Distribution::Uniform { low: 86_400.0, high: 3.0 * 86_400.0 };
        let (cause, longest, footprint) =
            (Cause::Region, SimDuration::from_secs(3 * 86_400), Footprint::Whole { hits });
        let law =
            Law { cause, duration, longest, footprint, seen: 1.0, seen_grey: 1.0, grey_below: 1.0, flapping: None };
        let region = |(place, &(name, per_year)): (usize, &(&'static str, f64))| Region {
            name,
            place,
            per_year,
            holds: Components::NONE,
        };
        OutageProcess::regional(law, &regions.iter().enumerate().map(region).collect::<Vec<_>>(), both)
    }

    fn draw(law: &OutageProcess, seed: u64, replication: u64) -> Outages {
        let mut out = Outages::default();
        law.draw(seed, replication, &mut Vec::new(), &mut out);
        out.sort();
        out
    }

    /// Outages that take a region's API down.
    fn of(outages: &Outages, region: usize) -> Vec<Outage> {
        let api = Components::of(&[Component::Api]);
        let hit = |o: &&Outage| outages.effects(o).iter().any(|e| e.place == region && !e.hits.common(api).is_empty());
        outages.all().iter().filter(hit).copied().collect()
    }

    /// Share of instants (one per replication, at the middle of the year) at which each region and both are down.
    fn down(law: &OutageProcess, n: u64) -> [f64; 3] {
        let middle = SimTime::from_secs_f64(YEAR_SECONDS / 2.0);
        let mut count = [0.0; 3];
        for replication in 0..n {
            let outages = draw(law, 1, replication);
            let is_down = |r| of(&outages, r).iter().any(|o| o.onset <= middle && middle < o.onset + o.duration);
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
        let when = |outages: Vec<Outage>| outages.iter().map(|o| (o.id, o.onset, o.duration)).collect::<Vec<_>>();
        for replication in 0..200 {
            let alone = draw(&law(&REGIONS[..1], 0.0, 0.5), 9, replication);
            let pair = draw(&law(&REGIONS, 0.0, 0.5), 9, replication);
            assert_eq!(when(of(&alone, 0)), when(of(&pair, 0)));
        }
    }

    #[test]
    fn a_common_event_is_one_outage_with_the_same_effects_in_both_regions() {
        let mut seen = 0;
        for replication in 0..200 {
            let outages = draw(&law(&REGIONS, 1.0, 1.0), 3, replication);
            for outage in outages.all().iter().filter(|o| o.common) {
                let effects: Vec<_> = outages.effects(outage).iter().filter(|e| e.place < GLOBAL).collect();
                assert_eq!((effects[0].from, effects[0].until), (effects[1].from, effects[1].until));
                seen += 1;
            }
            assert!(of(&outages, 0).iter().all(|o| o.common), "beta 1: the rarer has no own ones");
        }
        assert!(seen > 200);
    }
}
