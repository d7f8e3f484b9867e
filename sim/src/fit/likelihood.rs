//! The most likely member of each family.

use super::{Family, Observation, Sample};
use crate::distribution::Distribution;
use statrs::function::gamma::{digamma, ln_gamma};
use std::f64::consts::TAU;

/// The member of a family under which the sample is most likely; `None` when there is none.
///
/// Closed forms for exponential, Pareto, and log-normal where nothing is censored; one equation for the shape of Weibull,
/// and of gamma where nothing is censored (Johnson, Kotz and Balakrishnan 1994, 17.7 and 21.4); otherwise a search.
pub fn maximum_likelihood(family: Family, sample: &Sample) -> Option<Distribution> {
    let (all, events) = (sample.observations(), sample.events() as f64);
    if sample.events() == 0 {
        return None;
    }
    let ended = || all.iter().filter(|o| !o.censored).map(|o| o.value);
    let sum: f64 = all.iter().map(|o| o.value).sum();
    let mean_ln = ended().map(libm::log).sum::<f64>() / events;
    let complete = all.len() == sample.events();
    let found = match family {
        Family::Exponential => Distribution::Exponential { mean: sum / events },
        Family::Pareto => {
            let scale = ended().next()?;
            let logs: f64 = all.iter().map(|o| libm::log((o.value / scale).max(1.0))).sum();
            Distribution::Pareto { scale, shape: events / logs }
        }
        Family::Weibull => {
            // Relative to the largest, so that no power overflows.
            let largest = all.last()?.value;
            let sums = |k: f64| {
                let power = |o: &Observation| {
                    let ln = libm::log(o.value / largest);
                    let p = libm::exp(k * ln);
                    (p, p * ln)
                };
                all.iter().map(power).fold((0.0, 0.0), |(a, b), (p, q)| (a + p, b + q))
            };
            let above = mean_ln - libm::log(largest);
            let shape = root(|k| {
                let (p, q) = sums(k);
                q / p - 1.0 / k - above
            })?;
            Distribution::Weibull { shape, scale: largest * libm::pow(sums(shape).0 / events, 1.0 / shape) }
        }
        Family::LogNormal => {
            let sigma =
                libm::sqrt(ended().map(|x| (libm::log(x) - mean_ln) * (libm::log(x) - mean_ln)).sum::<f64>() / events);
            let start = Distribution::LogNormal { mu: mean_ln, sigma };
            if complete {
                start
            } else {
                let of = |p: [f64; 2]| Distribution::LogNormal { mu: p[0], sigma: libm::exp(p[1]) };
                search(of, [mean_ln, libm::log(sigma)], sample)
            }
        }
        Family::Mixture => super::mixture::two_lognormals(sample, None)?,
        Family::Gamma => {
            let s = libm::log(sum / all.len() as f64)
                - all.iter().map(|o| libm::log(o.value)).sum::<f64>() / all.len() as f64;
            let shape = root(|k| s - (libm::log(k) - digamma(k)))?;
            let start = [libm::log(shape), libm::log(sum / all.len() as f64 / shape)];
            let of = |p: [f64; 2]| Distribution::Gamma { shape: libm::exp(p[0]), scale: libm::exp(p[1]) };
            if complete { of(start) } else { search(of, start, sample) }
        }
    };
    found.validated().ok()
}

/// ln of the likelihood: densities of the values seen to their end, and the chances of lasting longer of the others.
pub fn log_likelihood(distribution: &Distribution, sample: &Sample) -> f64 {
    if let Distribution::Mixture { parts } = distribution {
        let constants: Vec<Constant> = parts.iter().map(|(_, part)| Constant::of(part)).collect();
        let one = |o: &Observation| {
            let each = parts.iter().zip(&constants).map(|((weight, part), constant)| {
                let chance =
                    if o.censored { part.survival(o.value) } else { libm::exp(constant.ln_density(part, o.value)) };
                weight * chance
            });
            libm::log(each.sum::<f64>())
        };
        return sample.observations().iter().map(one).sum();
    }
    let constant = Constant::of(distribution);
    sample
        .observations()
        .iter()
        .map(|o| {
            if o.censored {
                libm::log(distribution.survival(o.value))
            } else {
                constant.ln_density(distribution, o.value)
            }
        })
        .sum()
}

/// What the logarithms of all densities of a distribution share.
struct Constant(f64);

impl Constant {
    fn of(distribution: &Distribution) -> Self {
        use Distribution::{Exponential, Gamma, LogNormal, Pareto, Weibull};
        Self(match *distribution {
            Exponential { mean } => -libm::log(mean),
            LogNormal { sigma, .. } => -libm::log(sigma) - 0.5 * libm::log(TAU),
            Gamma { shape, scale } => -ln_gamma(shape) - shape * libm::log(scale),
            Weibull { shape, scale } => libm::log(shape) - shape * libm::log(scale),
            Pareto { shape, scale } => libm::log(shape) + shape * libm::log(scale),
            _ => f64::NAN,
        })
    }

    fn ln_density(&self, distribution: &Distribution, x: f64) -> f64 {
        use Distribution::{Exponential, Gamma, LogNormal, Pareto, Weibull};
        let ln = libm::log(x);
        self.0
            + match *distribution {
                Exponential { mean } => -x / mean,
                LogNormal { mu, sigma } => -ln - 0.5 * (ln - mu) * (ln - mu) / (sigma * sigma),
                Gamma { shape, scale } => (shape - 1.0) * ln - x / scale,
                Weibull { shape, scale } => (shape - 1.0) * ln - libm::pow(x / scale, shape),
                Pareto { scale, .. } if x < scale => f64::NEG_INFINITY,
                Pareto { shape, .. } => -(shape + 1.0) * ln,
                _ => f64::NAN,
            }
    }
}

/// The positive root of a rising function, by bisection of the logarithm; `None` without a change of sign.
fn root(f: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (-12.0, 12.0);
    if f(libm::exp(low)) > 0.0 || f(libm::exp(high)) < 0.0 {
        return None;
    }
    // 24 / 2^48 < 1e-13
    for _ in 0..48 {
        let middle = 0.5 * (low + high);
        if f(libm::exp(middle)) < 0.0 { low = middle } else { high = middle }
    }
    Some(libm::exp(0.5 * (low + high)))
}

/// The two parameters of the largest likelihood, by the simplex of Nelder and Mead (1965).
fn search(of: impl Fn([f64; 2]) -> Distribution, start: [f64; 2], sample: &Sample) -> Distribution {
    let cost = |p: [f64; 2]| {
        let value = -log_likelihood(&of(p), sample);
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let at = |x: f64, y: f64| ([x, y], cost([x, y]));
    let [x, y] = start;
    let mut simplex = [at(x, y), at(x + 0.2, y), at(x, y + 0.2)];
    for _ in 0..400 {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [best, good, worst] = simplex;
        let size = [0, 1].map(|i| (best.0[i] - worst.0[i]).abs().max((best.0[i] - good.0[i]).abs()));
        if size[0].max(size[1]) < 1e-7 {
            break;
        }
        let centre = [0, 1].map(|i| 0.5 * (best.0[i] + good.0[i]));
        let along = |t: f64| at(centre[0] + t * (worst.0[0] - centre[0]), centre[1] + t * (worst.0[1] - centre[1]));
        let reflected = along(-1.0);
        let next = if reflected.1 < best.1 {
            let expanded = along(-2.0);
            if expanded.1 < reflected.1 { expanded } else { reflected }
        } else if reflected.1 < good.1 {
            reflected
        } else {
            along(if reflected.1 < worst.1 { -0.5 } else { 0.5 })
        };
        if next.1 < worst.1 {
            simplex[2] = next;
        } else {
            let half = |p: [f64; 2]| at(0.5 * (p[0] + best.0[0]), 0.5 * (p[1] + best.0[1]));
            simplex = [best, half(good.0), half(worst.0)];
        }
    }
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
    of(simplex[0].0)
}
