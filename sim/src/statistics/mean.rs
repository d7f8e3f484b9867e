//! Means of one real number per replication.

use super::{Estimate, Interval, normal_quantile};

/// Sums for a mean, mergeable (Chan, Golub and LeVeque 1983). Floating point: merge blocks in block order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanSums {
    n: u64,
    contributing: u64,
    sum: f64,
    mean: f64,
    /// Sum of squared deviations from the mean.
    deviations: f64,
    /// Largest magnitude, and the sum of magnitudes.
    largest: f64,
    magnitudes: f64,
}

impl MeanSums {
    /// Adds the value of one replication.
    ///
    /// # Panics
    /// If it is not finite: a mean over unbounded values does not exist.
    pub fn add(&mut self, value: f64) {
        assert!(value.is_finite(), "a mean cannot take {value}");
        self.merge(&Self {
            n: 1,
            contributing: u64::from(value != 0.0),
            sum: value,
            mean: value,
            deviations: 0.0,
            largest: value.abs(),
            magnitudes: value.abs(),
        });
    }

    /// Adds `n` replications whose value is zero.
    pub fn add_zeros(&mut self, n: u64) {
        self.merge(&Self { n, ..Self::default() });
    }

    /// Adds the sums of the replications that follow.
    pub fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        let (n, m) = (self.n as f64, other.n as f64);
        let delta = other.mean - self.mean;
        self.n += other.n;
        self.mean += delta * m / (n + m);
        self.deviations += other.deviations + delta * delta * n * m / (n + m);
        self.contributing += other.contributing;
        self.sum += other.sum;
        self.largest = self.largest.max(other.largest);
        self.magnitudes += other.magnitudes;
    }

    /// Number of replications.
    pub fn count(&self) -> u64 {
        self.n
    }

    /// Number of replications whose value is not zero.
    pub fn contributing(&self) -> u64 {
        self.contributing
    }

    /// Sum of the values.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The mean, or `None` without replications.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }

    /// Unbiased variance of one replication's value, or `None` with fewer than two.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.deviations / (self.n as f64 - 1.0))
    }

    /// Whether a few values carry the mean, so that its interval cannot be trusted: fewer than 50 replications
    /// contribute, or one is more than 10% of the total.
    pub fn tail_dominated(&self) -> bool {
        self.contributing < 50 || self.largest > 0.1 * self.magnitudes
    }

    /// The mean with its normal confidence interval, or `None` with fewer than two replications.
    pub fn estimate(&self, level: f64) -> Option<Estimate> {
        let value = self.mean()?;
        let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(self.variance()? / self.n as f64);
        let interval = Interval { low: value - half, high: value + half };
        Some(Estimate { value, interval, level, sample_size: self.n })
    }
}
