//! Footprints: what an outage hits, how badly, and in which order it is repaired.
//!
//! Three ways to say it. *Whole*: with some chance everything in the region is down from onset to repair, otherwise
//! nothing happens. *Parts*: a table of probabilities; each part is hit or spared on its own. *Recorded*: one real
//! event of the outage library, taken as a whole, so that what failed together fails together; its times are stretched
//! to the duration drawn. Everything down keeps a small share of its own.
//!
//! Assumed: recorded events are equally likely, and their effects stretch with the duration. Left out: footprints that
//! depend on the region.

use super::{Component, Components, Effect, GLOBAL};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};
use std::sync::Arc;

/// One row of a table of probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What is hit.
    pub hits: Components,
    /// Chance that it is.
    pub probability: f64,
    /// Share of requests that then fail.
    pub failing: f64,
    /// From the onset to its start \[s\]; never after the end of the outage.
    pub starts: Distribution,
    /// How long it lasts \[s\]; `None`: to the end of the outage, which it never outlasts.
    pub lasts: Option<Distribution>,
}

/// One effect of a recorded event; times are shares of its duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recorded {
    /// What failed.
    pub hits: Components,
    /// Share of requests that failed.
    pub failing: f64,
    /// Start.
    pub from: f64,
    /// Repair.
    pub until: f64,
}

/// What outages of one cause hit.
#[derive(Clone, Debug, PartialEq)]
pub enum Footprint {
    /// Everything in the region, with probability `hits`; otherwise nothing.
    Whole {
        /// Chance that the workload is hit at all.
        hits: f64,
    },
    /// Each part with its own probability.
    Parts(Vec<Part>),
    /// One recorded event, or everything.
    Library {
        /// Chance of everything down.
        whole: f64,
        /// The events.
        events: Arc<[Vec<Recorded>]>,
    },
}

/// Where and when a footprint falls.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Region, or [`GLOBAL`], or [`super::ELSEWHERE`].
    pub place: usize,
    /// Control planes of what is global that live in this region.
    pub holds: Components,
    /// Start of the outage.
    pub onset: SimTime,
    /// Its length.
    pub duration: SimDuration,
}

impl Target {
    /// An effect, part of it global where a component does not belong to a region. What takes a region's global control
    /// plane takes those that live in the region struck, also when a recorded event is moved to another one.
    fn effects(self, hits: Components, failing: f64, (from, until): (SimTime, SimTime), out: &mut Vec<Effect>) {
        let mut global = hits.common(Components::GLOBAL);
        if self.place != GLOBAL && !global.common(Components::GLOBAL_CONTROL).is_empty() {
            global = global.without(Components::GLOBAL_CONTROL).and(self.holds);
        }
        for (place, hits) in [(self.place, hits.without(Components::GLOBAL)), (GLOBAL, global)] {
            if !hits.is_empty() && until > from && failing > 0.0 {
                out.push(Effect { place, hits, failing, from, until, seen: true });
            }
        }
    }
}

/// A whole region, with the control planes of what is global that live there.
pub const WHOLE: Components = Components::REGION.and(Components::of(&[Component::GlobalControlPlane]));

impl Footprint {
    /// Draws one footprint into `out`, which is cleared first. `chance` is a uniform that decides whether a whole
    /// region is hit.
    pub fn draw(&self, target: Target, chance: f64, stream: &mut RandomStream, out: &mut Vec<Effect>) {
        out.clear();
        let end = target.onset + target.duration;
        let whole = |out: &mut Vec<Effect>| target.effects(WHOLE, 1.0, (target.onset, end), out);
        match self {
            Self::Whole { hits } => {
                if chance < *hits {
                    whole(out);
                }
            }
            Self::Parts(parts) => {
                for part in parts {
                    let u = stream.uniform();
                    let starts = SimDuration::from_secs_f64(part.starts.sample(stream));
                    let lasts = part.lasts.as_ref().map(|lasts| SimDuration::from_secs_f64(lasts.sample(stream)));
                    if u < part.probability {
                        let from = (target.onset + starts).min(end);
                        let until = lasts.map_or(end, |lasts| (from + lasts).min(end));
                        target.effects(part.hits, part.failing, (from, until), out);
                    }
                }
            }
            Self::Library { whole: share, events } => {
                let u = stream.uniform();
                if chance < *share || events.is_empty() {
                    whole(out);
                    return;
                }
                for effect in &events[(u * events.len() as f64) as usize] {
                    let at =
                        |share: f64| target.onset + SimDuration::from_secs_f64(share * target.duration.as_secs_f64());
                    target.effects(effect.hits, effect.failing, (at(effect.from), at(effect.until)), out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    fn target(place: usize, holds: Components) -> Target {
        let duration = SimDuration::from_secs(1000);
        Target { place, holds, onset: SimTime::from_secs_f64(50.0), duration }
    }

    fn draw(footprint: &Footprint, target: Target, replication: u64) -> Vec<Effect> {
        let mut stream = RandomStream::new(3, replication, Purpose::new("footprint/test"), 0);
        let mut out = Vec::new();
        let chance = stream.uniform();
        footprint.draw(target, chance, &mut stream, &mut out);
        out
    }

    #[test]
    fn a_whole_region_takes_global_control_planes_only_where_they_live() {
        let whole = Footprint::Whole { hits: 1.0 };
        assert_eq!(draw(&whole, target(0, Components::NONE), 0).len(), 1);
        for component in [Component::GlobalControlPlane, Component::AcceleratorControlPlane] {
            let holds = Components::of(&[component]);
            let effects = draw(&whole, target(1, holds), 0);
            assert_eq!(effects.iter().map(|e| e.place).collect::<Vec<_>>(), [1, GLOBAL]);
            assert_eq!(effects[1].hits, holds);
        }
    }

    #[test]
    fn parts_are_hit_as_often_as_they_say_and_stay_within_the_outage() {
        let part = |word: &str, probability, starts, lasts: Option<f64>| {
            let hits = Components::WORDS.iter().find(|(w, _)| *w == word).unwrap().1;
            let value = |value| Distribution::Constant { value };
            Part { hits, probability, failing: 1.0, starts: value(starts), lasts: lasts.map(value) }
        };
        let footprint =
            Footprint::Parts(vec![part("database", 0.25, 0.0, Some(60.0)), part("api", 0.5, 900.0, Some(500.0))]);
        let (mut database, mut api) = (0.0, 0.0);
        let n = 10_000;
        for replication in 0..n {
            for effect in draw(&footprint, target(0, Components::NONE), replication) {
                let length = (effect.until - effect.from).as_secs_f64();
                if effect.hits == Components::of(&[Component::Database]) {
                    database += 1.0;
                    assert!((length - 60.0).abs() < 1e-9);
                } else {
                    api += 1.0;
                    assert!((length - 100.0).abs() < 1e-9, "cut off at the end of the outage");
                }
            }
        }
        for (count, p) in [(database, 0.25), (api, 0.5)] {
            let error = (p * (1.0 - p) / n as f64).sqrt();
            assert!((count / n as f64 - p).abs() < 4.0 * error, "{count}");
        }
    }

    #[test]
    fn a_recorded_event_is_stretched_to_the_duration_drawn() {
        let api = Components::of(&[Component::Api]);
        let events = vec![vec![Recorded { hits: api, failing: 0.5, from: 0.1, until: 0.6 }]];
        let effects = draw(&Footprint::Library { whole: 0.0, events: events.into() }, target(0, Components::NONE), 1);
        let [effect] = effects[..] else { panic!("{effects:?}") };
        assert_eq!((effect.from, effect.until), (SimTime::from_secs_f64(150.0), SimTime::from_secs_f64(650.0)));
    }
}
