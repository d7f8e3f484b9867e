//! Failures that come and go: an outage in which spells of failing and of working follow each other until it is over.
//!
//! What fails together comes and goes together: one sequence of spells for all effects of an outage, from its onset,
//! which is ill. A spell that the end of the outage cuts is shorter. The outage lasts as long as one that does not flap;
//! it is ill during the share ill / (ill + well) of that, in the long run.
//!
//! Assumed: spells are independent of each other and of the rest of the outage. Left out: spells that grow longer or
//! shorter, and checks that are fooled by spells shorter than their interval (each spell is a truth that they follow).
//!
//! Source: P. Huang et al., Gray Failure: The Achilles' Heel of Cloud-Scale Systems, HotOS 2017, section 2: failures that
//! are intermittent and seen by some only.

use super::Effect;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// After so many spells an outage stays ill: bounds what one outage costs to simulate.
const SPELLS: usize = 2_000;

/// Which outages come and go, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Flapping {
    /// Share of outages that do.
    pub share: f64,
    /// How long a spell of failing lasts \[s\].
    pub ill: Distribution,
    /// How long a spell of working lasts \[s\].
    pub well: Distribution,
}

impl Flapping {
    /// Cuts the effects of one outage into its ill spells, if it is one that flaps. `stream` belongs to that outage.
    pub fn apply(&self, onset: SimTime, end: SimTime, stream: &mut RandomStream, effects: &mut Vec<Effect>) {
        if stream.uniform() >= self.share {
            return;
        }
        let whole = std::mem::take(effects);
        let mut from = onset;
        for spell in 1..=SPELLS {
            let ill = SimDuration::from_secs_f64(self.ill.sample(stream));
            let until = if spell == SPELLS { end } else { (from + ill).min(end) };
            let cut =
                |effect: &Effect| Effect { from: effect.from.max(from), until: effect.until.min(until), ..*effect };
            effects.extend(whole.iter().map(cut).filter(|effect| effect.until > effect.from));
            from = until + SimDuration::from_secs_f64(self.well.sample(stream));
            if from >= end {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::{Component, Components};
    use drsim_sim::random_stream::Purpose;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    fn effects(from: f64, until: f64) -> Vec<Effect> {
        let hits = Components::of(&[Component::Api]);
        vec![Effect { place: 0, hits, failing: 1.0, from: at(from), until: at(until), seen: true }]
    }

    fn stream(replication: u64) -> RandomStream {
        RandomStream::new(3, replication, Purpose::new("flapping/test"), 1)
    }

    #[test]
    fn spells_alternate_from_the_onset_and_end_with_the_outage() {
        let constant = |value| Distribution::Constant { value };
        let flapping = Flapping { share: 1.0, ill: constant(60.0), well: constant(30.0) };
        let mut found = effects(10.0, 250.0);
        flapping.apply(at(0.0), at(250.0), &mut stream(0), &mut found);
        let spells: Vec<(f64, f64)> = found.iter().map(|e| (e.from.as_secs_f64(), e.until.as_secs_f64())).collect();
        // 0..60, 90..150, 180..240; the effect itself starts after 10 s. The next would start at 270 s.
        assert_eq!(spells, [(10.0, 60.0), (90.0, 150.0), (180.0, 240.0)]);
    }

    #[test]
    fn an_outage_that_flaps_is_ill_for_the_share_that_renewals_give_and_others_stay_whole() {
        // Alternating renewals: ill / (ill + well) = 2 / 3 of a long outage; cycles have a standard deviation of
        // sqrt(120^2 + 60^2) = 134 s over a mean of 180 s.
        let flapping = Flapping {
            share: 0.4,
            ill: Distribution::Exponential { mean: 120.0 },
            well: Distribution::Exponential { mean: 60.0 },
        };
        let (n, long) = (4_000_u64, 90_000.0);
        let (mut flap, mut ill) = (0.0, 0.0);
        for i in 0..n {
            let mut found = effects(0.0, long);
            flapping.apply(at(0.0), at(long), &mut stream(i), &mut found);
            if found.len() > 1 {
                flap += 1.0;
                ill += found.iter().map(|e| (e.until - e.from).as_secs_f64()).sum::<f64>() / long;
            } else {
                assert_eq!(found, effects(0.0, long));
            }
        }
        assert!((flap / n as f64 - 0.4_f64).abs() < 4.0 * (0.24 / n as f64).sqrt(), "{flap}");
        // Asymptotic variance of the ill time over t: (m_w^2 s_i^2 + m_i^2 s_w^2) / (m_i + m_w)^3 / t, of the share.
        let variance = 2.0 * (120.0_f64 * 60.0).powi(2) / 180.0_f64.powi(3) / long;
        assert!((ill / flap - 2.0 / 3.0).abs() < 4.0 * (variance / flap).sqrt() + 1e-3, "{}", ill / flap);
    }

    #[test]
    fn spells_without_end_are_bounded() {
        let constant = |value| Distribution::Constant { value };
        let flapping = Flapping { share: 1.0, ill: constant(1e-6), well: constant(1e-6) };
        let mut found = effects(0.0, 86_400.0);
        flapping.apply(at(0.0), at(86_400.0), &mut stream(0), &mut found);
        assert_eq!(found.len(), SPELLS);
        assert_eq!(found.last().unwrap().until, at(86_400.0));
    }
}
