//! Distributions from measurements: maximum likelihood with right censoring, and whether the result fits at all.
//!
//! A value is either seen to its end or *censored*: still going on when it was last looked at, so at least that long.
//! Assumptions: values are independent, and what censors them knows nothing of how long they would have been. A series
//! of a gauge, one value a minute, is not independent; [`effective_size`] says how many values it is worth.
//!
//! Goodness of fit compares the fit with the Kaplan-Meier estimate (Kaplan and Meier 1958), which is the empirical
//! distribution function where nothing is censored. Since the parameters were fitted to the same values, the tables of
//! the Kolmogorov-Smirnov and Anderson-Darling tests do not apply; the p-value comes from a parametric bootstrap that
//! fits anew to each simulated sample (Stute, Gonzales Manteiga and Presedo Quindimil 1993), censored like the data.

mod goodness;
pub mod held_out;
mod likelihood;
mod mixture;

pub use goodness::{Goodness, goodness, kaplan_meier};
pub use likelihood::{log_likelihood, maximum_likelihood};

use crate::distribution::Distribution;
use crate::random_stream::{Purpose, RandomStream};
use crate::statistics::Interval;
use rayon::prelude::*;

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// How much, above 0.
    pub value: f64,
    /// Whether it is only known to be at least that.
    pub censored: bool,
}

/// Why nothing can be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that no family here knows.
    #[error("a value of {value}: only values above 0 can be fitted")]
    NotPositive {
        /// The value.
        value: f64,
    },
    /// Too little to say anything.
    #[error("{events} values were seen to their end; at least {} are needed", Sample::FEWEST)]
    TooFew {
        /// Values that are not censored.
        events: usize,
    },
    /// Nothing to fit.
    #[error("all values are {value}: this is a constant")]
    Constant {
        /// The value.
        value: f64,
    },
}

/// Measured values, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    observations: Vec<Observation>,
    events: usize,
}

impl Sample {
    /// Fewer values than this say nothing about a shape.
    pub const FEWEST: usize = 5;

    /// Checks and sorts.
    ///
    /// # Errors
    /// [`Error`], unless all are positive and enough of them, not all the same, are not censored.
    pub fn new(observations: Vec<Observation>) -> Result<Self, Error> {
        if let Some(wrong) = observations.iter().find(|o| !(o.value > 0.0 && o.value.is_finite())) {
            return Err(Error::NotPositive { value: wrong.value });
        }
        let sample = Self::sorted(observations);
        let mut events = sample.observations.iter().filter(|o| !o.censored).map(|o| o.value);
        if sample.events < Self::FEWEST {
            return Err(Error::TooFew { events: sample.events });
        }
        match (events.next(), events.next_back()) {
            (Some(first), Some(last)) if first < last => Ok(sample),
            (first, _) => Err(Error::Constant { value: first.unwrap_or(0.0) }),
        }
    }

    /// What is censored at a value was still there when others ended at it.
    fn sorted(mut observations: Vec<Observation>) -> Self {
        observations.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.censored.cmp(&b.censored)));
        let events = observations.iter().filter(|o| !o.censored).count();
        Self { observations, events }
    }

    /// The values, ascending.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// How many there are.
    pub fn size(&self) -> usize {
        self.observations.len()
    }

    /// How many were seen to their end.
    pub fn events(&self) -> usize {
        self.events
    }
}

/// A family of distributions on the positive numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Exponential.
    Exponential,
    /// Gamma.
    Gamma,
    /// Log-normal.
    LogNormal,
    /// Weibull.
    Weibull,
    /// Pareto (type I) from the smallest value on.
    Pareto,
    /// Two log-normals, by weight.
    Mixture,
}

impl Family {
    /// All of one kind of values; a mixture is for what none of them fits.
    pub const ALL: [Self; 5] = [Self::Exponential, Self::Gamma, Self::LogNormal, Self::Weibull, Self::Pareto];

    /// Its name in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exponential => "exponential",
            Self::Gamma => "gamma",
            Self::LogNormal => "lognormal",
            Self::Weibull => "weibull",
            Self::Pareto => "pareto",
            Self::Mixture => "mixture",
        }
    }

    /// Parameters that are fitted.
    pub const fn parameters(self) -> usize {
        match self {
            Self::Exponential => 1,
            Self::Mixture => 5,
            _ => 2,
        }
    }
}

/// A family fitted to a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The family.
    pub family: Family,
    /// Its most likely member.
    pub distribution: Distribution,
    /// ln of the likelihood there.
    pub log_likelihood: f64,
    /// Akaike's criterion: the smallest is best.
    pub aic: f64,
    /// Schwarz's, which asks more of further parameters.
    pub bic: f64,
    /// Distances from the data.
    pub goodness: Goodness,
    /// Chance of a larger Kolmogorov-Smirnov distance if the family were true.
    pub ks_p: f64,
    /// The same for Anderson-Darling, which looks harder at the tails.
    pub ad_p: f64,
    /// P10 to P90 of the median, over samples of this size.
    pub median_range: Interval,
    /// P10 to P90 of the 95th percentile.
    pub p95_range: Interval,
    /// P10 to P90 of the mean; infinite where it does not exist.
    pub mean_range: Interval,
}

/// Fits every family, the best by Akaike's criterion first. `rounds` samples are simulated for p-values and ranges; `worth`
/// is how many independent values the sample is worth (its size, unless a series: [`effective_size`]), and widens the
/// ranges.
pub fn fit_all(sample: &Sample, seed: u64, rounds: u64, worth: f64) -> Vec<Fit> {
    let fits = Family::ALL.into_iter().filter_map(|family| fit(sample, family, seed, rounds, worth));
    let mut fits: Vec<Fit> = fits.collect();
    fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    fits
}

/// Fits one family; `None` when its likelihood has no maximum.
pub fn fit(sample: &Sample, family: Family, seed: u64, rounds: u64, worth: f64) -> Option<Fit> {
    let distribution = maximum_likelihood(family, sample)?;
    let found = goodness(&distribution, sample);
    let purpose = Purpose::of("fit", family.name());
    let censoring = Censoring::of(sample);
    let again = |round: u64| {
        let mut stream = RandomStream::new(seed, round, purpose, 0);
        let one = |_| {
            let value = distribution.sample_fast(&mut stream);
            censoring.observe(value, &mut stream)
        };
        let simulated = Sample::sorted((0..sample.size()).map(one).collect());
        let refitted = match family {
            // The search is long, and the answer is near.
            Family::Mixture => mixture::two_lognormals(&simulated, Some(&distribution))?,
            family => maximum_likelihood(family, &simulated)?,
        };
        let distance = goodness(&refitted, &simulated);
        Some((distance, [refitted.quantile(0.5), refitted.quantile(0.95), refitted.mean()]))
    };
    let rounds: Vec<_> = (0..rounds).into_par_iter().filter_map(again).collect();
    let p = |of: fn(&Goodness) -> f64| {
        let larger = rounds.iter().filter(|(distance, _)| of(distance) >= of(&found)).count();
        (1 + larger) as f64 / (1 + rounds.len()) as f64
    };
    // Fewer independent values than there are: wider by the root of how many fewer.
    let widen = libm::sqrt((sample.size() as f64 / worth).max(1.0));
    let range = |i: usize, at: f64| {
        let mut values: Vec<f64> = rounds.iter().map(|(_, values)| values[i]).collect();
        values.sort_by(f64::total_cmp);
        let pick = |p: f64| values.get((p * values.len() as f64) as usize).copied().unwrap_or(at);
        let moved = |to: f64| if to.is_finite() && at > 0.0 { at * libm::pow(to / at, widen) } else { to };
        Interval { low: moved(pick(0.1)), high: moved(pick(0.9)) }
    };
    let log_likelihood = log_likelihood(&distribution, sample);
    let k = family.parameters() as f64;
    Some(Fit {
        family,
        log_likelihood,
        aic: 2.0 * k - 2.0 * log_likelihood,
        bic: k * libm::log(sample.size() as f64) - 2.0 * log_likelihood,
        ks_p: p(|g| g.kolmogorov_smirnov),
        ad_p: p(|g| g.anderson_darling),
        median_range: range(0, distribution.quantile(0.5)),
        p95_range: range(1, distribution.quantile(0.95)),
        mean_range: range(2, distribution.mean()),
        goodness: found,
        distribution,
    })
}

/// When values of a sample are cut off: drawn from the Kaplan-Meier estimate of the censoring itself.
struct Censoring {
    /// Time and the chance to be censored up to then.
    steps: Vec<(f64, f64)>,
}

impl Censoring {
    fn of(sample: &Sample) -> Self {
        let turned = |o: &Observation| Observation { value: o.value, censored: !o.censored };
        Self { steps: kaplan_meier(&Sample::sorted(sample.observations.iter().map(turned).collect())) }
    }

    fn observe(&self, value: f64, stream: &mut RandomStream) -> Observation {
        let u = if self.steps.is_empty() { 1.0 } else { stream.uniform() };
        match self.steps.get(self.steps.partition_point(|(_, chance)| *chance <= u)) {
            Some((end, _)) if *end < value => Observation { value: *end, censored: true },
            _ => Observation { value, censored: false },
        }
    }
}

/// How many independent values a series in order of time is worth, if it forgets as a first-order autoregression does:
/// `n (1 - r) / (1 + r)`, with r the correlation of the ranks of neighbours (0 where it is negative).
pub fn effective_size(series: &[f64]) -> f64 {
    let n = series.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| series[a].total_cmp(&series[b]));
    let mut ranks = vec![0.0; n];
    let mut first = 0;
    for tied in order.chunk_by(|&a, &b| series[a].total_cmp(&series[b]).is_eq()) {
        for &i in tied {
            ranks[i] = first as f64 + 0.5 * (tied.len() as f64 - 1.0);
        }
        first += tied.len();
    }
    let mean = 0.5 * (n as f64 - 1.0);
    let square: f64 = ranks.iter().map(|r| (r - mean) * (r - mean)).sum();
    let product: f64 = ranks.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum();
    let r = if square > 0.0 { (product / square).clamp(0.0, 0.999) } else { 0.0 };
    n as f64 * (1.0 - r) / (1.0 + r)
}

#[cfg(test)]
mod tests;
