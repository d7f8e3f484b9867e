//! Rare events: more replications where the answer is, with exact weights.
//!
//! First *stratification by count*. What happens in a period follows from how many events of a kind it holds. Their
//! number is Poisson, its probabilities are known, so the periods without an event need not be simulated at all, and
//! those with two can have as many replications as those with one.
//!
//! Then *importance sampling*: draw from another distribution and weight each replication by the likelihood ratio. A bad
//! plan looks fine until a huge weight arrives; so an estimate is refused when its weights say that they cannot be
//! trusted.

use thiserror::Error;

use super::{Estimate, Interval, normal_quantile};
use crate::random_stream::RandomStream;
use crate::special;

/// A Poisson count cut into the strata 0, 1, …, k - 1, and "k or more".
#[derive(Clone, Debug, PartialEq)]
pub struct PoissonStrata {
    mean: f64,
    /// Probability of each stratum.
    weights: Vec<f64>,
}

impl PoissonStrata {
    /// Strata for a count with this mean, the last holding `k` or more.
    ///
    /// # Panics
    /// Unless the mean is positive and finite.
    pub fn new(mean: f64, k: u64) -> Self {
        assert!(mean > 0.0 && mean.is_finite(), "a Poisson mean of {mean} leaves nothing to stratify");
        let mut weights: Vec<f64> =
            (0..k).map(|n| libm::exp(n as f64 * libm::log(mean) - mean - libm::lgamma(n as f64 + 1.0))).collect();
        // P(N >= k) is the lower incomplete gamma function: precise where it is tiny.
        weights.push(if k == 0 { 1.0 } else { special::gamma_tails(k as f64, mean).0 });
        Self { mean, weights }
    }

    /// Probability of each stratum; they sum to one.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The count in a replication of this stratum: its number, or a draw from "k or more" by inversion.
    pub fn count(&self, stratum: usize, stream: &mut RandomStream) -> u64 {
        let k = self.weights.len() - 1;
        if stratum < k {
            return stratum as u64;
        }
        // P(N >= n + 1 | N >= k) = u, for the smallest such n: walk from k on.
        let target = stream.uniform() * self.weights[k];
        let mut n = k as u64;
        while special::gamma_tails(n as f64 + 1.0, self.mean).0 > target {
            n += 1;
        }
        n
    }

    /// Splits `replications` among the strata in proportion to weight times standard deviation (Neyman 1934), at least
    /// `least` in each stratum whose deviation is not zero, none in the others. Deviations come from a pilot run, or
    /// from what is known: a stratum whose outcome is certain has 0.
    ///
    /// # Panics
    /// Unless there is one deviation per stratum, none negative.
    pub fn allocate(&self, replications: u64, deviations: &[f64], least: u64) -> Vec<u64> {
        assert!(deviations.len() == self.weights.len(), "one standard deviation per stratum");
        assert!(deviations.iter().all(|s| *s >= 0.0), "standard deviations are not negative");
        let total: f64 = self.weights.iter().zip(deviations).map(|(w, s)| w * s).sum();
        let share = |(w, s): (&f64, &f64)| {
            if *s > 0.0 { ((replications as f64 * w * s / total).round() as u64).max(least) } else { 0 }
        };
        self.weights.iter().zip(deviations).map(share).collect()
    }
}

/// A probability over strata of known weight: successes and trials in each.
#[derive(Clone, Debug, PartialEq)]
pub struct StratifiedProbability {
    strata: Vec<(f64, u64, u64)>,
}

impl StratifiedProbability {
    /// Empty strata with these weights, which sum to one.
    pub fn new(weights: &[f64]) -> Self {
        Self { strata: weights.iter().map(|weight| (*weight, 0, 0)).collect() }
    }

    /// Adds replications of one stratum. A stratum whose outcome is known takes one trial per outcome.
    ///
    /// # Panics
    /// If there are more successes than trials.
    pub fn add(&mut self, stratum: usize, successes: u64, trials: u64) {
        assert!(successes <= trials, "{successes} successes in {trials} trials");
        self.strata[stratum].1 += successes;
        self.strata[stratum].2 += trials;
    }

    /// Σ weight * share, with a normal interval; `None` while a stratum is empty and not declared certain.
    ///
    /// `certain` tells the strata whose outcome is known, where one trial is enough and has no variance. In the others
    /// the variance is taken with one success and one failure added, so that a stratum without any is not taken for
    /// certain (Agresti and Coull 1998).
    pub fn estimate(&self, level: f64, certain: impl Fn(usize) -> bool) -> Option<Estimate> {
        let (mut value, mut variance, mut sample_size) = (0.0, 0.0, 0);
        for (stratum, (weight, successes, trials)) in self.strata.iter().enumerate() {
            if *trials == 0 {
                return None;
            }
            let n = *trials as f64;
            value += weight * *successes as f64 / n;
            sample_size += trials;
            if !certain(stratum) {
                let p = (*successes as f64 + 1.0) / (n + 2.0);
                variance += weight * weight * p * (1.0 - p) / n;
            }
        }
        let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(variance);
        let interval = Interval { low: (value - half).max(0.0), high: (value + half).min(1.0) };
        Some(Estimate { value, interval, level, sample_size })
    }
}

/// Sums for an estimate by importance sampling. Floating point: merge blocks in block order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeightedSums {
    n: u64,
    /// Σw, Σw²
    w: f64,
    ww: f64,
    /// Σwy, Σ(wy)², largest |wy|, and the number of replications with y not zero.
    wy: f64,
    wywy: f64,
    magnitude: f64,
    largest: f64,
    hits: u64,
}

/// Why an estimate by importance sampling is refused.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum RefusedPlan {
    /// Too few replications hit anything.
    #[error("only {hits} replications contribute, {needed} are needed")]
    FewHits {
        /// Replications that contribute.
        hits: u64,
        /// Replications needed.
        needed: u64,
    },
    /// One replication carries too much of the estimate.
    #[error("one replication carries {share} of the estimate, at most {limit} is allowed")]
    OneDominates {
        /// Its share.
        share: f64,
        /// Share allowed.
        limit: f64,
    },
    /// The weights do not average to one, as likelihood ratios must.
    #[error("the weights average {mean}, which is {errors} standard errors from 1")]
    WeightsOff {
        /// Mean weight.
        mean: f64,
        /// Its distance from 1 in standard errors.
        errors: f64,
    },
}

impl WeightedSums {
    /// Adds one replication with outcome `y` and likelihood ratio `weight`.
    ///
    /// # Panics
    /// Unless the weight is finite and not negative, and `y` finite.
    pub fn add(&mut self, y: f64, weight: f64) {
        assert!(weight >= 0.0 && weight.is_finite(), "a likelihood ratio cannot be {weight}");
        assert!(y.is_finite(), "an outcome cannot be {y}");
        let wy = weight * y;
        self.merge(&Self {
            n: 1,
            w: weight,
            ww: weight * weight,
            wy,
            wywy: wy * wy,
            magnitude: wy.abs(),
            largest: wy.abs(),
            hits: u64::from(wy != 0.0),
        });
    }

    /// Adds the sums of the replications that follow.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.w += other.w;
        self.ww += other.ww;
        self.wy += other.wy;
        self.wywy += other.wywy;
        self.magnitude += other.magnitude;
        self.largest = self.largest.max(other.largest);
        self.hits += other.hits;
    }

    /// Number of replications.
    pub fn count(&self) -> u64 {
        self.n
    }

    /// Effective sample size of the weights, `(Σw)² / Σw²`: how many unweighted replications tell as much about
    /// everything (Kong 1992). About a rare outcome a good plan tells more than this suggests.
    pub fn effective_sample_size(&self) -> f64 {
        if self.ww > 0.0 { self.w * self.w / self.ww } else { 0.0 }
    }

    /// The largest share of the estimate that one replication carries.
    pub fn largest_share(&self) -> f64 {
        if self.magnitude > 0.0 { self.largest / self.magnitude } else { 0.0 }
    }

    /// Variance of one replication's weighted outcome: compare it with that of plain sampling, times the CPU time.
    pub fn variance(&self) -> f64 {
        let n = self.n as f64;
        if self.n < 2 { f64::INFINITY } else { (self.wywy - self.wy * self.wy / n).max(0.0) / (n - 1.0) }
    }

    /// The mean of `weight * y` with a normal interval.
    ///
    /// # Errors
    /// Fewer than 50 replications contribute, one carries more than 10%, or the weights average to something else than
    /// one (by more than four standard errors): the plan is not to be trusted.
    pub fn estimate(&self, level: f64) -> Result<Estimate, RefusedPlan> {
        const NEEDED: u64 = 50;
        const LIMIT: f64 = 0.1;
        if self.hits < NEEDED {
            return Err(RefusedPlan::FewHits { hits: self.hits, needed: NEEDED });
        }
        if self.largest_share() > LIMIT {
            return Err(RefusedPlan::OneDominates { share: self.largest_share(), limit: LIMIT });
        }
        let n = self.n as f64;
        let mean = self.w / n;
        let errors = (mean - 1.0) / libm::sqrt((self.ww / n - mean * mean).max(1e-300) / n);
        if errors.abs() > 4.0 && (mean - 1.0).abs() > 1e-9 {
            return Err(RefusedPlan::WeightsOff { mean, errors });
        }
        let value = self.wy / n;
        let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(self.variance() / n);
        let interval = Interval { low: value - half, high: value + half };
        Ok(Estimate { value, interval, level, sample_size: self.n })
    }
}
