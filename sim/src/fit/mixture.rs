//! Two log-normals at once: what has two kinds, such as a pause and an outage.
//!
//! Expectation and maximisation (Dempster, Laird and Rubin 1977) on the logarithms, with the moments of a normal beyond a
//! limit for values that are only known to be larger. The likelihood of a mixture has no largest value: a component that
//! shrinks onto one value is ever more likely. So no component is narrower than a hundredth of the whole.

use super::Sample;
use crate::distribution::Distribution;
use std::f64::consts::TAU;

/// A component's spread is at least this share of that of all values.
const NARROWEST: f64 = 0.01;

/// Steps at most, and the gain of ln likelihood per value below which more make no difference.
const STEPS: usize = 200;
const GAIN: f64 = 1e-7;

/// Weight, mean and spread of the logarithm of the first component and the second.
type Parts = [(f64, f64, f64); 2];

/// The most likely mixture of two log-normals; `near` is where to begin instead of looking around.
pub(super) fn two_lognormals(sample: &Sample, near: Option<&Distribution>) -> Option<Distribution> {
    let logs: Vec<(f64, bool)> = sample.observations().iter().map(|o| (libm::log(o.value), o.censored)).collect();
    let ended: Vec<f64> = logs.iter().filter(|(_, censored)| !censored).map(|(x, _)| *x).collect();
    let moments = |of: &[f64]| {
        let mean = of.iter().sum::<f64>() / of.len() as f64;
        (mean, libm::sqrt(of.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / of.len() as f64))
    };
    let floor = NARROWEST * moments(&ended).1;
    let starts: Vec<Parts> = match near.and_then(parts_of) {
        Some(parts) => vec![parts],
        // Split the values at a quarter, the middle and three quarters.
        None => [0.25, 0.5, 0.75]
            .into_iter()
            .map(|share| {
                let (low, high) = ended.split_at(((share * ended.len() as f64) as usize).clamp(1, ended.len() - 1));
                let part = |of: &[f64]| {
                    let (mean, spread) = moments(of);
                    (of.len() as f64 / ended.len() as f64, mean, spread.max(floor))
                };
                [part(low), part(high)]
            })
            .collect(),
    };
    let best = starts.into_iter().map(|start| climb(&logs, start, floor)).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut parts = best.0.map(|(weight, mu, sigma)| (weight, Distribution::LogNormal { mu, sigma }));
    if best.0[0].1 > best.0[1].1 {
        parts.swap(0, 1);
    }
    Distribution::mixture(parts.to_vec()).ok()
}

fn parts_of(distribution: &Distribution) -> Option<Parts> {
    let Distribution::Mixture { parts } = distribution else { return None };
    match parts.as_slice() {
        [(a, Distribution::LogNormal { mu, sigma }), (b, Distribution::LogNormal { mu: mu_b, sigma: sigma_b })] => {
            Some([(*a, *mu, *sigma), (*b, *mu_b, *sigma_b)])
        }
        _ => None,
    }
}

/// Steps upwards until they gain nothing; the parts and ln of their likelihood, up to a constant of the sample.
fn climb(logs: &[(f64, bool)], mut parts: Parts, floor: f64) -> (Parts, f64) {
    let mut last = f64::NEG_INFINITY;
    for _ in 0..STEPS {
        let mut sums = [(0.0, 0.0, 0.0); 2];
        let mut likelihood = 0.0;
        for (x, censored) in logs {
            let each = parts.map(|part| expected(*x, *censored, part));
            let total = each[0].0 + each[1].0;
            likelihood += libm::log(total.max(1e-300));
            for (sum, (chance, first, second)) in sums.iter_mut().zip(each) {
                let share = if total > 0.0 { chance / total } else { 0.5 };
                sum.0 += share;
                sum.1 += share * first;
                sum.2 += share * second;
            }
        }
        if likelihood - last < GAIN * logs.len() as f64 {
            return (parts, likelihood);
        }
        last = likelihood;
        parts = sums.map(|(weight, first, second)| {
            let mean = first / weight;
            let spread = libm::sqrt((second / weight - mean * mean).max(0.0));
            (weight / logs.len() as f64, mean, spread.max(floor))
        });
        if parts.iter().any(|(weight, ..)| !weight.is_finite() || *weight * (logs.len() as f64) < 2.0) {
            // One component has died: this is no mixture.
            return (parts, f64::NEG_INFINITY);
        }
    }
    (parts, last)
}

/// Weight times density (or chance of more), and the expected value and square, given that component.
fn expected(x: f64, censored: bool, (weight, mu, sigma): (f64, f64, f64)) -> (f64, f64, f64) {
    let z = (x - mu) / sigma;
    let density = libm::exp(-0.5 * z * z) / libm::sqrt(TAU);
    if !censored {
        return (weight * density / sigma, x, x * x);
    }
    let beyond = 0.5 * libm::erfc(z / std::f64::consts::SQRT_2);
    // Far out the ratio tends to z.
    let hazard = if beyond > 1e-290 { density / beyond } else { z };
    let mean = mu + sigma * hazard;
    let variance = sigma * sigma * (1.0 + z * hazard - hazard * hazard).max(0.0);
    (weight * beyond, mean, variance + mean * mean)
}
