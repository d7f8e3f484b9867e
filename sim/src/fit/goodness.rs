//! How far a distribution is from the data.

use super::Sample;
use crate::distribution::Distribution;

/// Distances between a distribution and the Kaplan-Meier estimate of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goodness {
    /// Largest difference of the distribution functions.
    pub kolmogorov_smirnov: f64,
    /// `n` times the squared difference, weighted by `1 / (F (1 - F))`, integrated over F as far as there are data.
    pub anderson_darling: f64,
}

/// The steps of the estimated distribution function: a value, and the share at or below it. Ends below 1 when the
/// largest value is censored; empty when all are.
pub fn kaplan_meier(sample: &Sample) -> Vec<(f64, f64)> {
    let mut steps: Vec<(f64, f64)> = Vec::with_capacity(sample.events());
    let mut survival = 1.0;
    for (i, observation) in sample.observations().iter().enumerate() {
        if observation.censored {
            continue;
        }
        let at_risk = (sample.size() - i) as f64;
        survival *= 1.0 - 1.0 / at_risk;
        match steps.last_mut() {
            Some(last) if last.0.total_cmp(&observation.value).is_eq() => last.1 = 1.0 - survival,
            _ => steps.push((observation.value, 1.0 - survival)),
        }
    }
    steps
}

/// The distances. Without censoring they are the usual statistics.
pub fn goodness(distribution: &Distribution, sample: &Sample) -> Goodness {
    // The smallest value of a Pareto is its parameter: what lies above it is a sample of the same Pareto, it is not.
    let above;
    let sample = if let Distribution::Pareto { scale, .. } = distribution {
        above = Sample::sorted(sample.observations().iter().filter(|o| o.value > *scale).copied().collect());
        &above
    } else {
        sample
    };
    let steps = kaplan_meier(sample);
    let all_seen = sample.observations().last().is_some_and(|o| !o.censored);
    let largest = sample.observations().last().map_or(0.0, |o| o.value);
    let inside = |u: f64| u.clamp(1e-300, 1.0 - 1e-16);
    // Up to where there are data; to the end if the last value was seen to its own.
    let end = if all_seen { 1.0 } else { inside(distribution.cdf(largest)) };
    let (mut ks, mut integral) = (0.0_f64, 0.0);
    let (mut from, mut share) = (0.0_f64, 0.0_f64);
    let next = steps.iter().map(|(value, share)| (inside(distribution.cdf(*value)), *share)).chain([(end, f64::NAN)]);
    for (to, after) in next {
        ks = ks.max((share - from).abs()).max((share - to).abs());
        integral += weighted(share, from, to);
        (from, share) = (to, after);
    }
    Goodness { kolmogorov_smirnov: ks, anderson_darling: sample.size() as f64 * integral }
}

/// The integral of `(c - u)^2 / (u (1 - u))` from `a` to `b`: its terms are `-1 + c^2 / u + (1 - c)^2 / (1 - u)`.
fn weighted(c: f64, a: f64, b: f64) -> f64 {
    if b <= a {
        return 0.0;
    }
    let ratio = |square: f64, top: f64, bottom: f64| if square > 0.0 { square * libm::log(top / bottom) } else { 0.0 };
    -(b - a) + ratio(c * c, b, a) + ratio((1.0 - c) * (1.0 - c), 1.0 - a, 1.0 - b)
}
