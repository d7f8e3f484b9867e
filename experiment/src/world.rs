//! One draw of everything that is not known exactly.
//!
//! A world is what could be true. Each input with a range has a stream of its own, named by its path in the scenario
//! and indexed by the world, so that adding an input moves no other.

use crate::scenario::{CountInput, DistributionInput, Family, Input, RangeLaw, Shape};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::normal_quantile;
use std::cell::Cell;

/// Stands for the replication in the keys of streams that belong to a world.
const NO_REPLICATION: u64 = u64::MAX;

/// Worlds are stratified in groups of this many.
const STRATA: u64 = crate::run::WORLDS;

/// Standard normal quantile of 0.9: `range` gives P10 and P90.
const Z90: f64 = 1.281_551_565_544_6;

/// Draws the inputs of one world.
#[derive(Clone, Copy, Debug)]
pub struct WorldDraws<'a> {
    /// Seed and index of the world; `None`: the base case.
    key: Option<(u64, u64)>,
    /// Inputs whose place in their own range is set: path and probability.
    set: &'a [(&'a str, f64)],
    /// An input without a range that is tried at another value.
    times: Option<&'a Times<'a>>,
}

/// An input, or all parameters of a distribution, at so many times the base case; of a share, its odds. Limits of a
/// distribution stay.
#[derive(Debug)]
pub struct Times<'a> {
    path: &'a str,
    factor: f64,
    met: Cell<bool>,
}

impl<'a> Times<'a> {
    /// The input at this path.
    pub fn new(path: &'a str, factor: f64) -> Self {
        Self { path, factor, met: Cell::new(false) }
    }

    /// Whether anything asked for that input and got another value than its base case.
    pub fn met(&self) -> bool {
        self.met.get()
    }

    fn of(&self, path: &str, value: f64, is_share: bool) -> f64 {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('.');
        if !path.strip_prefix(self.path).is_some_and(below) {
            return value;
        }
        let tried =
            if is_share { self.factor * value / (1.0 - value + self.factor * value) } else { self.factor * value };
        self.met.set(self.met.get() || (tried - value).abs() > 0.0);
        tried
    }
}

impl<'a> WorldDraws<'a> {
    /// The world of this index.
    pub fn new(seed: u64, index: u64) -> Self {
        Self { key: Some((seed, index)), set: &[], times: None }
    }

    /// Every input at its base case.
    pub fn base_case() -> Self {
        Self { key: None, set: &[], times: None }
    }

    /// Some inputs at this quantile of their own range, all others at their base case.
    pub fn base_case_but(set: &'a [(&'a str, f64)]) -> Self {
        Self { key: None, set, times: None }
    }

    /// One input without a range at another value, all others at their base case.
    pub fn base_case_times(times: &'a Times<'a>) -> Self {
        Self { key: None, set: &[], times: Some(times) }
    }

    /// Where in its own range an input lies in this world; `None` at its base case.
    pub fn place(&self, path: &str) -> Option<f64> {
        if let Some((_, probability)) = self.set.iter().find(|(known, _)| *known == path) {
            return Some(*probability);
        }
        let (seed, index) = self.key?;
        let stream = |index| RandomStream::new(seed, NO_REPLICATION, Purpose::of("world", path), index);
        // Latin hypercube (McKay, Beckman, Conover 1979): each input's hundred values fall into a hundred strata of
        // equal probability, one each, in an order of its own.
        let group = index - index % STRATA;
        let rank_of = |index| stream(index).next_u64();
        let own = rank_of(index);
        let rank = (group..group + STRATA).filter(|other| rank_of(*other) < own).count();
        let mut within = stream(index);
        within.next_u64();
        Some((rank as f64 + within.uniform()) / STRATA as f64)
    }

    /// The input's value in this world: without a range its base case.
    pub fn number(&self, input: &Input) -> f64 {
        let Some((low, high)) = input.range else {
            let is_share = input.law == RangeLaw::LogitNormal;
            return self.times.map_or(input.value, |times| times.of(&input.path, input.value, is_share));
        };
        let Some(uniform) = self.place(&input.path) else { return input.value };
        let z = normal_quantile(uniform) / Z90;
        let between = |low: f64, high: f64| 0.5 * (low + high) + 0.5 * (high - low) * z;
        match input.law {
            RangeLaw::Lognormal => libm::exp(between(libm::log(low), libm::log(high))),
            RangeLaw::LogitNormal => {
                let logit = |p: f64| libm::log(p / (1.0 - p));
                1.0 / (1.0 + libm::exp(-between(logit(low), logit(high))))
            }
            RangeLaw::Normal => between(low, high),
        }
    }

    /// Events per year: from the Gamma posterior (Jeffreys: shape events + 1/2, rate years), or events / years.
    pub fn rate(&self, count: &CountInput) -> f64 {
        match count.posterior.then(|| self.place(&count.path)).flatten() {
            Some(u) => Distribution::Gamma { shape: count.events + 0.5, scale: 1.0 / count.years }.quantile(u),
            None => {
                let rate = count.events / count.years;
                self.times.filter(|_| !count.posterior).map_or(rate, |times| times.of(&count.path, rate, false))
            }
        }
    }

    /// The law of what varies from event to event, in this world.
    ///
    /// # Panics
    /// If the scenario was not checked.
    pub fn distribution(&self, input: &DistributionInput) -> Distribution {
        let number = |input: &Input| self.number(input);
        let law = match &input.shape {
            Shape::Constant { value } => Distribution::Constant { value: number(value) },
            Shape::Uniform { low, high } => {
                let [low, high] = rising([low, high].map(number));
                Distribution::Uniform { low, high }
            }
            Shape::Triangular { low, mode, high } => {
                let [low, mode, high] = rising([low, mode, high].map(number));
                Distribution::Triangular { low, mode, high }
            }
            Shape::Exponential { mean } => Distribution::Exponential { mean: number(mean) },
            Shape::Percentiles { family, p50, level, at_level } => {
                // Ranges may overlap in an unlucky world; the upper percentile then stays just above the median.
                let p50 = number(p50);
                from_percentiles(*family, p50, *level, number(at_level).max(1.01 * p50))
            }
            Shape::Empirical { values } => Distribution::Empirical { values: values.clone() },
            Shape::Mixture { parts } => {
                Distribution::Mixture { parts: parts.iter().map(|(w, part)| (*w, self.distribution(part))).collect() }
            }
        };
        match (input.min, input.max) {
            (None, None) => law,
            (min, max) => {
                let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(f64::INFINITY));
                // In an unlucky world all of the law may lie beyond a limit: then it is the limit.
                let limit = law.quantile(0.5).clamp(min, max);
                law.truncated(min, max).unwrap_or(Distribution::Constant { value: limit })
            }
        }
    }
}

/// Ranges may overlap in an unlucky world: the parameters then change places.
fn rising<const N: usize>(mut parameters: [f64; N]) -> [f64; N] {
    parameters.sort_by(f64::total_cmp);
    parameters
}

/// A distribution by its median and the percentile at `level`.
fn from_percentiles(family: Family, p50: f64, level: f64, at_level: f64) -> Distribution {
    let ratio = libm::log(at_level / p50);
    let tail = 1.0 - level;
    match family {
        Family::Lognormal => Distribution::LogNormal { mu: libm::log(p50), sigma: ratio / normal_quantile(level) },
        // Quantile: scale * (-ln(1 - u))^(1 / shape).
        Family::Weibull => {
            let ln2 = std::f64::consts::LN_2;
            let shape = libm::log(-libm::log(tail) / ln2) / ratio;
            Distribution::Weibull { shape, scale: p50 / libm::pow(ln2, 1.0 / shape) }
        }
        // Quantile: scale * (1 - u)^(-1 / shape).
        Family::Pareto => {
            let shape = libm::log(0.5 / tail) / ratio;
            Distribution::Pareto { shape, scale: p50 / libm::pow(2.0, 1.0 / shape) }
        }
        Family::Gamma => {
            // The ratio of the percentiles falls as the shape rises: bisection on ln(shape).
            let unit = |log_shape: f64| Distribution::Gamma { shape: libm::exp(log_shape), scale: 1.0 };
            let spread = |log_shape: f64| {
                let gamma = unit(log_shape);
                libm::log(gamma.quantile(level) / gamma.quantile(0.5))
            };
            let (mut low, mut high) = (-4.0_f64, 18.0_f64);
            for _ in 0..60 {
                let middle = low.midpoint(high);
                if spread(middle) > ratio { low = middle } else { high = middle }
            }
            let shape = libm::exp(low);
            Distribution::Gamma { shape, scale: p50 / unit(low).quantile(0.5) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(law: RangeLaw, value: f64, range: (f64, f64)) -> Input {
        Input { path: "test".into(), value, range: Some(range), law }
    }

    #[test]
    fn the_ends_of_a_range_are_its_tenth_and_ninetieth_percentile() {
        // Shares below each end over n worlds: four standard errors of sqrt(0.09 / n).
        let n = 20_000;
        for (law, range) in
            [(RangeLaw::Lognormal, (2.0, 50.0)), (RangeLaw::LogitNormal, (0.2, 0.8)), (RangeLaw::Normal, (-1.0, 4.0))]
        {
            let input = input(law, f64::midpoint(range.0, range.1), range);
            let draws: Vec<f64> = (0..n).map(|w| WorldDraws::new(1, w).number(&input)).collect();
            for (end, p) in [(range.0, 0.1), (range.1, 0.9)] {
                let share = draws.iter().filter(|d| **d < end).count() as f64 / n as f64;
                assert!((share - p).abs() < 4.0 * (0.09 / n as f64).sqrt(), "{law:?} {end}: {share}");
            }
        }
    }

    #[test]
    fn an_input_without_a_range_is_tried_at_a_multiple_of_its_value_or_its_odds() {
        let plain = |path: &str, law, value| Input { path: path.into(), value, range: None, law };
        let times = Times::new("a.b", 2.0);
        let draws = WorldDraws::base_case_times(&times);
        let is = |input: &Input, value: f64| (draws.number(input) - value).abs() < 1e-12;
        assert!(is(&plain("a.bc", RangeLaw::Lognormal, 7.0), 7.0), "another input");
        assert!(is(&plain("a.b", RangeLaw::Lognormal, 0.0), 0.0));
        assert!(!times.met(), "nothing of it moved");
        assert!(is(&plain("a.b.p50", RangeLaw::Lognormal, 7.0), 14.0));
        assert!(is(&plain("a.b", RangeLaw::LogitNormal, 0.75), 6.0 / 7.0), "odds of 3 to 1 become 6 to 1");
        assert!(times.met());
        let ranged = Input { range: Some((1.0, 9.0)), ..plain("a.b", RangeLaw::Lognormal, 7.0) };
        assert!(is(&ranged, 7.0), "a range says where else it may lie");
    }

    #[test]
    fn a_count_gives_the_mean_of_its_posterior() {
        // Gamma(8.5, rate 15.6): mean 0.5449, standard deviation 0.1869.
        let count = CountInput { path: "count".into(), events: 8.0, years: 15.6, posterior: true };
        let n = 20_000;
        let mean = (0..n).map(|w| WorldDraws::new(1, w).rate(&count)).sum::<f64>() / n as f64;
        assert!((mean - 8.5 / 15.6).abs() < 4.0 * 0.1869 / (n as f64).sqrt(), "{mean}");
    }

    #[test]
    fn every_family_meets_its_percentiles() {
        for family in [Family::Lognormal, Family::Weibull, Family::Pareto, Family::Gamma] {
            for level in [0.9, 0.95, 0.9999] {
                let law = from_percentiles(family, 15.0, level, 900.0);
                assert!((law.quantile(0.5) / 15.0 - 1.0).abs() < 1e-6, "{family:?}");
                assert!((law.quantile(level) / 900.0 - 1.0).abs() < 1e-6, "{family:?} at {level}");
            }
        }
    }
}
