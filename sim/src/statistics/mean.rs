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

/// Sums for the mean of a real number per case, with the replication as the unit: replication i has `x_i` cases, and
/// `y_i` is the sum over them. Floating point: merge blocks in block order.
///
/// The mean of a rare heavy-tailed total per replication is better taken as rate times severity: where the rate of
/// cases is known, its noise need not be in the estimate. See [`CaseMeans::estimate_total`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CaseMeans {
    replications: u64,
    contributing: u64,
    x: u64,
    xx: u128,
    y: f64,
    xy: f64,
    yy: f64,
    largest: f64,
    magnitudes: f64,
}

impl CaseMeans {
    /// Adds one replication with `cases` cases and the sum of their values; one without cases counts too.
    ///
    /// # Panics
    /// If the sum is not finite.
    pub fn add(&mut self, sum: f64, cases: u64) {
        assert!(sum.is_finite(), "a mean cannot take {sum}");
        self.merge(&Self {
            replications: 1,
            contributing: u64::from(cases > 0),
            x: cases,
            xx: u128::from(cases) * u128::from(cases),
            y: sum,
            xy: sum * cases as f64,
            yy: sum * sum,
            largest: sum.abs(),
            magnitudes: sum.abs(),
        });
    }

    /// Adds the sums of the replications that follow.
    pub fn merge(&mut self, other: &Self) {
        self.replications += other.replications;
        self.contributing += other.contributing;
        self.x += other.x;
        self.xx += other.xx;
        self.y += other.y;
        self.xy += other.xy;
        self.yy += other.yy;
        self.largest = self.largest.max(other.largest);
        self.magnitudes += other.magnitudes;
    }

    /// Adds `n` replications with `cases` cases each, all of value 0.
    pub(crate) fn add_quiet(&mut self, cases: u64, n: u64) {
        self.replications += n;
        self.contributing += if cases > 0 { n } else { 0 };
        self.x += cases * n;
        self.xx += u128::from(cases) * u128::from(cases) * u128::from(n);
    }

    /// Number of cases.
    pub fn cases(&self) -> u64 {
        self.x
    }

    /// Mean per case, or `None` without cases.
    pub fn mean(&self) -> Option<f64> {
        (self.x > 0).then(|| self.y / self.x as f64)
    }

    /// As [`MeanSums::tail_dominated`], with the sums per replication.
    pub fn tail_dominated(&self) -> bool {
        self.contributing < 50 || self.largest > 0.1 * self.magnitudes
    }

    /// The mean per case with a normal interval by the delta method (Cochran 1977, section 6.3), or `None` with fewer
    /// than two replications or no cases.
    pub fn estimate(&self, level: f64) -> Option<Estimate> {
        let value = self.mean()?;
        if self.replications < 2 {
            return None;
        }
        let n = self.replications as f64;
        let residuals = (self.yy - 2.0 * value * self.xy + value * value * self.xx as f64).max(0.0);
        let error = libm::sqrt(residuals * n / (n - 1.0)) / self.x as f64;
        let half = normal_quantile(0.5 + 0.5 * level) * error;
        let interval = Interval { low: value - half, high: value + half };
        Some(Estimate { value, interval, level, sample_size: self.replications })
    }

    /// The mean total per replication, as the known mean number of cases times the mean per case.
    pub fn estimate_total(&self, mean_cases: f64, level: f64) -> Option<Estimate> {
        let Estimate { value, interval, .. } = self.estimate(level)?;
        let interval = Interval { low: mean_cases * interval.low, high: mean_cases * interval.high };
        Some(Estimate { value: mean_cases * value, interval, level, sample_size: self.replications })
    }
}

/// The mean per case over strata held fixed, from the variance within strata only, and its standard error; `None` if a
/// stratum that has replications has only one, or there are no cases.
pub(crate) fn stratified<'a>(
    strata: impl Iterator<Item = &'a CaseMeans> + Clone,
    level: f64,
) -> Option<(Estimate, f64)> {
    let mut all = CaseMeans::default();
    strata.clone().for_each(|stratum| all.merge(stratum));
    let value = all.mean()?;
    let mut variance = 0.0;
    for stratum in strata.filter(|s| s.replications > 0) {
        if stratum.replications < 2 {
            return None;
        }
        let n = stratum.replications as f64;
        let squares = stratum.yy - 2.0 * value * stratum.xy + value * value * stratum.xx as f64;
        let sum = stratum.y - value * stratum.x as f64;
        variance += (squares - sum * sum / n).max(0.0) * n / (n - 1.0);
    }
    let error = libm::sqrt(variance) / all.x as f64;
    let half = normal_quantile(0.5 + 0.5 * level) * error;
    let interval = Interval { low: value - half, high: value + half };
    Some((Estimate { value, interval, level, sample_size: all.replications }, error))
}
