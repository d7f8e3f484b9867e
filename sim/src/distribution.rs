//! Probability distributions, drawn by inversion.
//!
//! Inversion takes one uniform per draw and is monotone in it, so that compared designs stay in step (common random
//! numbers). [`Distribution::sample_fast`] trades that for speed.
//!
//! Assumes that the parameters are valid: build a value and pass it through [`Distribution::validated`], or use a
//! constructor that does. Units are those of the parameters.

use thiserror::Error;

use crate::random_stream::RandomStream;
use crate::special::{gamma_quantile, gamma_tails, integrate_unit, normal_quantile, normal_tails};
use crate::time::SimDuration;

/// A probability distribution on the real line.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant {
        /// That value.
        value: f64,
    },
    /// Uniform on `[low, high]`.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// Density rising linearly from `low` to `mode` and falling linearly to `high`.
    Triangular {
        /// Smallest value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Largest value.
        high: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean, above 0.
        mean: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// The logarithm is normal.
    LogNormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// Gamma, with mean `shape * scale`.
    Gamma {
        /// Shape, above 0.
        shape: f64,
        /// Scale, above 0.
        scale: f64,
    },
    /// Weibull: `P(X > x) = exp(-(x / scale)^shape)`.
    Weibull {
        /// Shape, above 0.
        shape: f64,
        /// Scale, above 0.
        scale: f64,
    },
    /// Pareto: `P(X > x) = (scale / x)^shape` from `scale` on.
    Pareto {
        /// Smallest value, above 0.
        scale: f64,
        /// Tail exponent, above 0.
        shape: f64,
    },
    /// One of the given values, each equally likely.
    Empirical {
        /// The values, ascending.
        values: Vec<f64>,
    },
    /// One of several distributions, chosen by weight.
    Mixture {
        /// Weights (above 0, summing to 1) and distributions.
        parts: Vec<(f64, Distribution)>,
    },
    /// Another distribution, conditioned to lie in `[low, high]`.
    Truncated {
        /// The distribution before conditioning.
        inner: Box<Distribution>,
        /// Smallest value; may be minus infinity.
        low: f64,
        /// Largest value; may be infinity.
        high: f64,
    },
}

/// Why a distribution cannot exist.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// A parameter is outside its range.
    #[error("{parameter} is {value}, but must be {expected}")]
    OutOfRange {
        /// Which parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// Bounds or percentiles in the wrong order.
    #[error("{first} ({first_value}) must lie below {second} ({second_value})")]
    OutOfOrder {
        /// The one that should be smaller.
        first: &'static str,
        /// Its value.
        first_value: f64,
        /// The one that should be larger.
        second: &'static str,
        /// Its value.
        second_value: f64,
    },
    /// A list without entries.
    #[error("{0} needs at least one entry")]
    Empty(&'static str),
    /// Empirical values that are not ascending.
    #[error("empirical values must ascend, but {0} is followed by {1}")]
    NotAscending(f64, f64),
    /// The bounds of a truncation hold no probability.
    #[error("no probability between {low} and {high}")]
    NothingLeft {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Weights that do not sum to one.
    #[error("weights sum to {0}, not 1")]
    WeightSum(f64),
}

use Distribution::{
    Constant, Empirical, Exponential, Gamma, LogNormal, Mixture, Normal, Pareto, Triangular, Truncated, Uniform,
    Weibull,
};
use DistributionError as Error;

/// Standard normal quantile of 0.95.
const Z95: f64 = 1.644_853_626_951_472_2;

/// Constructors that check.
impl Distribution {
    /// The same distribution, if its parameters are in range.
    ///
    /// # Errors
    /// What is wrong with the first parameter that is not.
    pub fn validated(self) -> Result<Self, Error> {
        match &self {
            Constant { value } => finite("value", *value)?,
            Uniform { low, high } => {
                finite("low", *low)?;
                finite("high", *high)?;
                ordered("low", *low, "high", *high)?;
            }
            Triangular { low, mode, high } => {
                finite("low", *low)?;
                finite("high", *high)?;
                ordered("low", *low, "high", *high)?;
                if !(low <= mode && mode <= high) {
                    return Err(Error::OutOfRange {
                        parameter: "mode",
                        value: *mode,
                        expected: "between low and high",
                    });
                }
            }
            Exponential { mean } => positive("mean", *mean)?,
            Normal { mean, sd } => {
                finite("mean", *mean)?;
                positive("sd", *sd)?;
            }
            LogNormal { mu, sigma } => {
                finite("mu", *mu)?;
                positive("sigma", *sigma)?;
            }
            Gamma { shape, scale } | Weibull { shape, scale } | Pareto { shape, scale } => {
                positive("shape", *shape)?;
                positive("scale", *scale)?;
            }
            Empirical { values } => {
                if values.is_empty() {
                    return Err(Error::Empty("an empirical distribution"));
                }
                values.iter().try_for_each(|v| finite("an empirical value", *v))?;
                if let Some(pair) = values.windows(2).find(|pair| pair[0] > pair[1]) {
                    return Err(Error::NotAscending(pair[0], pair[1]));
                }
            }
            Mixture { parts } => {
                if parts.is_empty() {
                    return Err(Error::Empty("a mixture"));
                }
                let mut sum = 0.0;
                for (weight, part) in parts {
                    positive("a weight", *weight)?;
                    part.clone().validated()?;
                    sum += weight;
                }
                if (sum - 1.0).abs() > 1e-9 {
                    return Err(Error::WeightSum(sum));
                }
            }
            Truncated { inner, low, high } => {
                inner.as_ref().clone().validated()?;
                if low.is_nan() || high.is_nan() || low > high {
                    return Err(Error::OutOfOrder {
                        first: "low",
                        first_value: *low,
                        second: "high",
                        second_value: *high,
                    });
                }
                if window(inner, *low, *high).mass <= 0.0 {
                    return Err(Error::NothingLeft { low: *low, high: *high });
                }
            }
        }
        Ok(self)
    }

    /// Log-normal with this median and 95th percentile.
    ///
    /// # Errors
    /// Unless 0 < `p50` < `p95`, both finite.
    pub fn lognormal_from_percentiles(p50: f64, p95: f64) -> Result<Self, Error> {
        percentiles(p50, p95)?;
        LogNormal { mu: libm::log(p50), sigma: libm::log(p95 / p50) / Z95 }.validated()
    }

    /// Weibull with this median and 95th percentile.
    ///
    /// # Errors
    /// Unless 0 < `p50` < `p95`, both finite.
    pub fn weibull_from_percentiles(p50: f64, p95: f64) -> Result<Self, Error> {
        percentiles(p50, p95)?;
        let shape = libm::log(libm::log(20.0) / libm::log(2.0)) / libm::log(p95 / p50);
        Weibull { shape, scale: p50 / libm::pow(libm::log(2.0), 1.0 / shape) }.validated()
    }

    /// Gamma with this median and 95th percentile.
    ///
    /// # Errors
    /// Unless 0 < `p50` < `p95`, both finite, with a ratio that a shape between 0.01 and 1e8 can give.
    pub fn gamma_from_percentiles(p50: f64, p95: f64) -> Result<Self, Error> {
        percentiles(p50, p95)?;
        let ratio = |shape: f64| gamma_quantile(shape, 0.95, 0.05) / gamma_quantile(shape, 0.5, 0.5);
        // The ratio falls as the shape rises.
        let (mut low, mut high) = (libm::log(0.01), libm::log(1e8));
        if !(p95 / p50 < ratio(libm::exp(low)) && p95 / p50 > ratio(libm::exp(high))) {
            return Err(Error::OutOfRange {
                parameter: "p95 / p50",
                value: p95 / p50,
                expected: "a ratio that a gamma distribution with shape from 0.01 to 1e8 has",
            });
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if ratio(libm::exp(middle)) > p95 / p50 { low = middle } else { high = middle }
        }
        let shape = libm::exp(0.5 * (low + high));
        Gamma { shape, scale: p50 / gamma_quantile(shape, 0.5, 0.5) }.validated()
    }

    /// The empirical distribution of these values, in any order.
    ///
    /// # Errors
    /// If there are none, or one is not finite.
    pub fn empirical(mut values: Vec<f64>) -> Result<Self, Error> {
        values.sort_by(f64::total_cmp);
        Empirical { values }.validated()
    }

    /// The mixture with these weights, scaled to sum to one.
    ///
    /// # Errors
    /// If there are no parts, a weight is not positive, or a part is invalid.
    pub fn mixture(parts: Vec<(f64, Distribution)>) -> Result<Self, Error> {
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        Mixture { parts: parts.into_iter().map(|(weight, part)| (weight / sum, part)).collect() }.validated()
    }

    /// This distribution, conditioned to lie in `[low, high]`; either bound may be infinite.
    ///
    /// # Errors
    /// If `low > high`, or there is no probability between them.
    pub fn truncated(self, low: f64, high: f64) -> Result<Self, Error> {
        match self {
            // Conditioning twice is conditioning on the intersection.
            Truncated { inner, low: l, high: h } => inner.truncated(low.max(l), high.min(h)),
            inner => Truncated { inner: Box::new(inner), low, high }.validated(),
        }
    }
}

/// Draws, probabilities and moments.
impl Distribution {
    /// The smallest `x` with `P(X <= x) >= u`, for `u` in `[0, 1]`; monotone in `u`.
    pub fn quantile(&self, u: f64) -> f64 {
        self.quantile_of_tails(u, 1.0 - u)
    }

    /// [`quantile`](Self::quantile) for many probabilities: the same values, with what they share worked out once.
    pub fn quantiles(&self) -> impl Fn(f64) -> f64 {
        let cut = match self {
            Truncated { inner, low, high } => Some((inner, window(inner, *low, *high), *low, *high)),
            _ => None,
        };
        move |u| match &cut {
            Some((inner, w, low, high)) => within(inner, w, u, 1.0 - u).clamp(*low, *high),
            None => self.quantile(u),
        }
    }

    /// One draw by inversion: one uniform, monotone in it.
    #[inline]
    pub fn sample(&self, stream: &mut RandomStream) -> f64 {
        self.quantile(stream.uniform())
    }

    /// One draw by inversion, in seconds, as a duration.
    ///
    /// # Panics
    /// If the draw is negative.
    #[inline]
    pub fn sample_duration(&self, stream: &mut RandomStream) -> SimDuration {
        SimDuration::from_secs_f64(self.sample(stream))
    }

    /// One draw, as fast as known; the number of uniforms varies. Reproducible per target: some of the methods behind
    /// it take the platform's `exp` and `ln`.
    pub fn sample_fast(&self, stream: &mut RandomStream) -> f64 {
        use rand_distr::Distribution as _;
        match self {
            Exponential { mean } => mean * stream.exponential_fast(),
            Normal { mean, sd } => mean + sd * stream.normal_fast(),
            LogNormal { mu, sigma } => libm::exp(mu + sigma * stream.normal_fast()),
            Weibull { shape, scale } => scale * libm::pow(stream.exponential_fast(), 1.0 / shape),
            Pareto { shape, scale } => scale * libm::exp(stream.exponential_fast() / shape),
            Gamma { shape, scale } => match rand_distr::Gamma::new(*shape, *scale) {
                Ok(gamma) => gamma.sample(stream),
                Err(_) => self.sample(stream),
            },
            Empirical { values } => values[stream.below(values.len() as u64) as usize],
            Mixture { parts } => {
                let (part, ..) = pick(parts, stream.uniform());
                part.sample_fast(stream)
            }
            Truncated { inner, low, high } if window(inner, *low, *high).mass > 0.5 => loop {
                let x = inner.sample_fast(stream);
                if *low <= x && x <= *high {
                    return x;
                }
            },
            _ => self.sample(stream),
        }
    }

    /// `P(X <= x)`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    /// `P(X > x)`, with full relative precision where it is small.
    pub fn survival(&self, x: f64) -> f64 {
        self.tails(x).1
    }

    /// The mean; infinite where it does not exist.
    pub fn mean(&self) -> f64 {
        match self {
            Constant { value } => *value,
            Uniform { low, high } => 0.5 * (low + high),
            Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Exponential { mean } | Normal { mean, .. } => *mean,
            LogNormal { mu, sigma } => libm::exp(mu + 0.5 * sigma * sigma),
            Gamma { shape, scale } => shape * scale,
            Weibull { shape, scale } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Pareto { shape, scale } => pareto_moment(*scale, *shape, 1.0),
            Truncated { inner, low, high } if *high == f64::INFINITY => match inner.as_ref() {
                Pareto { shape, scale } => pareto_moment(scale.max(*low), *shape, 1.0),
                _ => self.expectation(&|x| x),
            },
            _ => self.expectation(&|x| x),
        }
    }

    /// `E[X^2]`; infinite where it does not exist.
    pub fn second_moment(&self) -> f64 {
        match self {
            Exponential { mean } => 2.0 * mean * mean,
            Normal { mean, sd } => mean * mean + sd * sd,
            Uniform { low, high } => (low * low + low * high + high * high) / 3.0,
            Triangular { low, mode, high } => {
                (low * low + mode * mode + high * high + low * mode + low * high + mode * high) / 6.0
            }
            LogNormal { mu, sigma } => libm::exp(2.0 * mu + 2.0 * sigma * sigma),
            Gamma { shape, scale } => shape * (shape + 1.0) * scale * scale,
            Weibull { shape, scale } => scale * scale * libm::tgamma(1.0 + 2.0 / shape),
            Pareto { shape, scale } => pareto_moment(*scale, *shape, 2.0),
            Truncated { inner, low, high } if *high == f64::INFINITY => match inner.as_ref() {
                Pareto { shape, scale } => pareto_moment(scale.max(*low), *shape, 2.0),
                _ => self.expectation(&|x| x * x),
            },
            _ => self.expectation(&|x| x * x),
        }
    }

    /// `E[exp(theta X)]`, or `None` where it is infinite.
    pub fn moment_generating(&self, theta: f64) -> Option<f64> {
        if theta == 0.0 {
            return Some(1.0);
        }
        let value = match self {
            Exponential { mean } => {
                if theta * mean >= 1.0 {
                    return None;
                }
                1.0 / (1.0 - theta * mean)
            }
            Gamma { shape, scale } => {
                if theta * scale >= 1.0 {
                    return None;
                }
                libm::pow(1.0 - theta * scale, -shape)
            }
            Normal { mean, sd } => libm::exp(theta * mean + 0.5 * theta * theta * sd * sd),
            Uniform { low, high } => {
                let width = theta * (high - low);
                libm::exp(theta * low) * libm::expm1(width) / width
            }
            Mixture { parts } => {
                let mut sum = 0.0;
                for (weight, part) in parts {
                    sum += weight * part.moment_generating(theta)?;
                }
                sum
            }
            _ if theta > 0.0 && !self.has_moment_generating(theta) => return None,
            _ => self.expectation(&|x| libm::exp(theta * x)),
        };
        value.is_finite().then_some(value)
    }

    /// Whether the right tail is light enough for `E[exp(theta X)]`, theta > 0.
    fn has_moment_generating(&self, theta: f64) -> bool {
        match self {
            LogNormal { .. } | Pareto { .. } => false,
            Weibull { shape, scale } => *shape > 1.0 || (*shape >= 1.0 && theta * scale < 1.0),
            Exponential { mean } => theta * mean < 1.0,
            Gamma { scale, .. } => theta * scale < 1.0,
            Truncated { inner, high, .. } => *high < f64::INFINITY || inner.has_moment_generating(theta),
            Mixture { parts } => parts.iter().all(|(_, part)| part.has_moment_generating(theta)),
            _ => true,
        }
    }

    /// `E[g(X)]`, by sums where the distribution is discrete and by quadrature over the quantiles where it is smooth.
    fn expectation(&self, g: &dyn Fn(f64) -> f64) -> f64 {
        match self {
            Constant { value } => g(*value),
            Empirical { values } => values.iter().map(|x| g(*x)).sum::<f64>() / values.len() as f64,
            Mixture { parts } => parts.iter().map(|(weight, part)| weight * part.expectation(g)).sum(),
            Triangular { low, mode, high } => {
                // Smooth on either side of the mode.
                let rising = (mode - low) / (high - low);
                let left = integrate_unit(|u, _| g(low + (mode - low) * libm::sqrt(u)));
                let right = integrate_unit(|_, v| g(high - (high - mode) * libm::sqrt(v)));
                rising * left + (1.0 - rising) * right
            }
            Truncated { inner, low, high } => match inner.as_ref() {
                Constant { value } => g(*value),
                Empirical { values } => {
                    let kept = || values.iter().filter(|x| low <= x && x <= &high);
                    kept().map(|x| g(*x)).sum::<f64>() / kept().count() as f64
                }
                // A truncated mixture is a mixture of truncated parts.
                Mixture { parts } => {
                    let (mut sum, mut total) = (0.0, 0.0);
                    for (weight, part) in parts {
                        let mass = weight * window(part, *low, *high).mass;
                        if mass > 0.0 {
                            let part = Truncated { inner: Box::new(part.clone()), low: *low, high: *high };
                            sum += mass * part.expectation(g);
                            total += mass;
                        }
                    }
                    sum / total
                }
                Triangular { mode, .. } if low < mode && mode < high => {
                    let side = |low, high| {
                        let mass = window(inner, low, high).mass;
                        let part = Truncated { inner: inner.clone(), low, high };
                        (mass, integrate_unit(|u, v| g(part.quantile_of_tails(u, v))))
                    };
                    let (left, right) = (side(*low, *mode), side(*mode, *high));
                    (left.0 * left.1 + right.0 * right.1) / (left.0 + right.0)
                }
                _ => integrate_unit(|u, v| g(self.quantile_of_tails(u, v))),
            },
            _ => integrate_unit(|u, v| g(self.quantile_of_tails(u, v))),
        }
    }

    /// Quantile by lower and upper tail probability, which sum to one: the smaller one carries the precision.
    fn quantile_of_tails(&self, lower: f64, upper: f64) -> f64 {
        match self {
            Constant { value } => *value,
            Uniform { low, high } => {
                if lower < 0.5 {
                    low + (high - low) * lower
                } else {
                    high - (high - low) * upper
                }
            }
            Triangular { low, mode, high } => {
                let width = high - low;
                if lower * width < mode - low {
                    low + libm::sqrt(lower * width * (mode - low))
                } else {
                    high - libm::sqrt(upper * width * (high - mode))
                }
            }
            Exponential { mean } => mean * exponential_quantile(lower, upper),
            Normal { mean, sd } => mean + sd * normal_quantile(lower, upper),
            LogNormal { mu, sigma } => libm::exp(mu + sigma * normal_quantile(lower, upper)),
            Gamma { shape, scale } => scale * gamma_quantile(*shape, lower, upper),
            Weibull { shape, scale } => scale * libm::pow(exponential_quantile(lower, upper), 1.0 / shape),
            Pareto { shape, scale } => scale * libm::exp(exponential_quantile(lower, upper) / shape),
            Empirical { values } => {
                let n = values.len() as f64;
                let rank = (lower * n).ceil().clamp(1.0, n);
                values[rank as usize - 1]
            }
            Mixture { parts } => mixture_quantile(parts, lower, upper),
            Truncated { inner, low, high } => {
                within(inner, &window(inner, *low, *high), lower, upper).clamp(*low, *high)
            }
        }
    }

    /// `P(X <= x)` and `P(X > x)`.
    fn tails(&self, x: f64) -> (f64, f64) {
        let split = |lower: f64| (lower, 1.0 - lower);
        match self {
            Constant { value } => split(f64::from(u8::from(x >= *value))),
            Uniform { low, high } => {
                let position = |from: f64, to: f64| ((to - from) / (high - low)).clamp(0.0, 1.0);
                (position(*low, x), position(x, *high))
            }
            Triangular { low, mode, high } => {
                let x = x.clamp(*low, *high);
                if x < *mode {
                    split((x - low) * (x - low) / ((high - low) * (mode - low)))
                } else if x >= *high {
                    (1.0, 0.0)
                } else {
                    let upper = (high - x) * (high - x) / ((high - low) * (high - mode));
                    (1.0 - upper, upper)
                }
            }
            Exponential { mean } => exponential_tails(x / mean),
            Normal { mean, sd } => normal_tails((x - mean) / sd),
            LogNormal { mu, sigma } => {
                if x <= 0.0 {
                    return (0.0, 1.0);
                }
                normal_tails((libm::log(x) - mu) / sigma)
            }
            Gamma { shape, scale } => gamma_tails(*shape, x / scale),
            Weibull { shape, scale } => exponential_tails(libm::pow((x / scale).max(0.0), *shape)),
            Pareto { shape, scale } => exponential_tails(if x <= *scale { 0.0 } else { shape * libm::log(x / scale) }),
            Empirical { values } => {
                let below = values.partition_point(|v| *v <= x) as f64;
                let n = values.len() as f64;
                (below / n, (n - below) / n)
            }
            Mixture { parts } => mixture_tails(parts, x),
            Truncated { inner, low, high } => {
                if x < *low {
                    return (0.0, 1.0);
                }
                if x >= *high {
                    return (1.0, 0.0);
                }
                let w = window(inner, *low, *high);
                let (lower, upper) = inner.tails(x);
                (((lower - w.below) / w.mass).clamp(0.0, 1.0), ((upper - w.above) / w.mass).clamp(0.0, 1.0))
            }
        }
    }

    /// `P(X < x)`: differs from the cdf only where single values have probability.
    fn strictly_below(&self, x: f64) -> f64 {
        match self {
            Constant { value } => f64::from(u8::from(x > *value)),
            Empirical { values } => values.partition_point(|v| *v < x) as f64 / values.len() as f64,
            Mixture { parts } => parts.iter().map(|(weight, part)| weight * part.strictly_below(x)).sum(),
            Truncated { inner, low, high } => {
                let w = window(inner, *low, *high);
                ((inner.strictly_below(x.clamp(*low, *high)) - w.below) / w.mass).clamp(0.0, 1.0)
            }
            _ => self.tails(x).0,
        }
    }
}

/// Probability below, inside and above `[low, high]`.
struct Window {
    below: f64,
    mass: f64,
    above: f64,
}

fn window(inner: &Distribution, low: f64, high: f64) -> Window {
    let below = inner.strictly_below(low);
    let above = inner.tails(high).1;
    // Far in the right tail the mass is the difference of two survival probabilities.
    let mass = if below > 0.5 { inner.tails(low).1.max(1.0 - below) - above } else { inner.tails(high).0 - below };
    Window { below, mass, above }
}

/// The quantile of what lies in a window.
fn within(inner: &Distribution, w: &Window, lower: f64, upper: f64) -> f64 {
    inner.quantile_of_tails(w.below + lower * w.mass, w.above + upper * w.mass)
}

fn exponential_quantile(lower: f64, upper: f64) -> f64 {
    if lower < 0.5 { -libm::log1p(-lower) } else { -libm::log(upper) }
}

fn exponential_tails(x: f64) -> (f64, f64) {
    if x <= 0.0 { (0.0, 1.0) } else { (-libm::expm1(-x), libm::exp(-x)) }
}

fn pareto_moment(scale: f64, shape: f64, order: f64) -> f64 {
    if shape <= order { f64::INFINITY } else { shape * libm::pow(scale, order) / (shape - order) }
}

/// The part of a mixture in which `u` falls.
fn pick(parts: &[(f64, Distribution)], u: f64) -> (&Distribution, f64) {
    let mut sum = 0.0;
    for (weight, part) in parts {
        sum += weight;
        if u < sum {
            return (part, *weight);
        }
    }
    let (weight, part) = parts.last().expect("a mixture has parts");
    (part, *weight)
}

fn mixture_tails(parts: &[(f64, Distribution)], x: f64) -> (f64, f64) {
    parts.iter().fold((0.0, 0.0), |(lower, upper), (weight, part)| {
        let (l, u) = part.tails(x);
        (lower + weight * l, upper + weight * u)
    })
}

/// Bisection between the smallest and the largest quantile of the parts.
fn mixture_quantile(parts: &[(f64, Distribution)], lower: f64, upper: f64) -> f64 {
    let quantiles = parts.iter().map(|(_, part)| part.quantile_of_tails(lower, upper));
    let (mut low, mut high) =
        quantiles.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if !(low.is_finite() && high.is_finite()) {
        return if lower < upper { low } else { high };
    }
    let reaches = |x: f64| {
        let (l, u) = mixture_tails(parts, x);
        if lower < upper { l >= lower } else { u <= upper }
    };
    if reaches(low) {
        return low;
    }
    for _ in 0..200 {
        // The geometric mean where both ends are positive, since scales may differ by orders of magnitude.
        let middle =
            if low > 0.0 && high > 4.0 * low { libm::sqrt(low) * libm::sqrt(high) } else { 0.5 * (low + high) };
        if middle <= low || middle >= high {
            break;
        }
        if reaches(middle) { high = middle } else { low = middle }
    }
    high
}

fn finite(parameter: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() { Ok(()) } else { Err(Error::OutOfRange { parameter, value, expected: "finite" }) }
}

fn positive(parameter: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(Error::OutOfRange { parameter, value, expected: "above 0 and finite" })
    }
}

fn ordered(first: &'static str, first_value: f64, second: &'static str, second_value: f64) -> Result<(), Error> {
    if first_value < second_value {
        Ok(())
    } else {
        Err(Error::OutOfOrder { first, first_value, second, second_value })
    }
}

fn percentiles(p50: f64, p95: f64) -> Result<(), Error> {
    positive("p50", p50)?;
    positive("p95", p95)?;
    ordered("p50", p50, "p95", p95)
}
