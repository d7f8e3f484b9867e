//! Shares of pooled cases: successes over cases, with the replication as the unit.
//!
//! Replication i has `x_i` cases and `y_i` successes. The estimate is Σy / Σx, each case once; its standard error is that of
//! a ratio estimate (delta method; Cochran 1977, section 6.3), so that cases of one replication may be as dependent as
//! they like.

use super::{Estimate, Interval, LogSketch, intervals, quantile_interval, spread, upper_bound_of_zero};

/// Sums over replications of cases x and successes y. Integers: merging is exact, in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RatioSums {
    replications: u64,
    contributing: u64,
    largest: u64,
    y: u64,
    x: u64,
    yy: u128,
    xy: u128,
    xx: u128,
}

impl RatioSums {
    /// Adds one replication with `successes` among `cases`; one without cases counts too.
    ///
    /// # Panics
    /// If there are more successes than cases.
    pub fn add(&mut self, successes: u64, cases: u64) {
        assert!(successes <= cases, "{successes} successes among {cases} cases");
        let (y, x) = (u128::from(successes), u128::from(cases));
        self.replications += 1;
        self.contributing += u64::from(cases > 0);
        self.largest = self.largest.max(cases);
        self.y += successes;
        self.x += cases;
        self.yy += y * y;
        self.xy += x * y;
        self.xx += x * x;
    }

    /// Adds `n` replications alike, such as the many without a case.
    pub fn add_n(&mut self, successes: u64, cases: u64, n: u64) {
        let mut one = Self::default();
        one.add(successes, cases);
        let wide = u128::from(n);
        self.replications += n;
        self.contributing += one.contributing * n;
        self.largest = self.largest.max(if n > 0 { cases } else { 0 });
        self.y += successes * n;
        self.x += cases * n;
        self.yy += one.yy * wide;
        self.xy += one.xy * wide;
        self.xx += one.xx * wide;
    }

    /// Adds the sums of other replications.
    pub fn merge(&mut self, other: &Self) {
        self.replications += other.replications;
        self.contributing += other.contributing;
        self.largest = self.largest.max(other.largest);
        self.y += other.y;
        self.x += other.x;
        self.yy += other.yy;
        self.xy += other.xy;
        self.xx += other.xx;
    }

    /// Number of replications.
    pub fn replications(&self) -> u64 {
        self.replications
    }

    /// Number of replications with at least one case.
    pub fn contributing(&self) -> u64 {
        self.contributing
    }

    /// Number of cases.
    pub fn cases(&self) -> u64 {
        self.x
    }

    /// Number of successes.
    pub fn successes(&self) -> u64 {
        self.y
    }

    /// Σy / Σx, or `None` without cases.
    pub fn ratio(&self) -> Option<f64> {
        (self.x > 0).then(|| self.y as f64 / self.x as f64)
    }

    /// Number of independent cases that the cases are worth at worst, `(Σx)² / Σx²` (Kish 1965).
    pub fn effective_cases(&self) -> f64 {
        if self.x == 0 { 0.0 } else { self.x as f64 * self.x as f64 / self.xx as f64 }
    }

    /// Standard error of the ratio by the delta method, or `None` with fewer than two replications or no cases.
    pub fn standard_error(&self) -> Option<f64> {
        let r = self.ratio()?;
        let n = self.replications as f64;
        (self.replications > 1).then(|| libm::sqrt(self.squared_residuals(r) * n / (n - 1.0)) / self.x as f64)
    }

    /// The share with its confidence interval, or `None` without cases.
    ///
    /// Between 0 and 1 the interval is symmetric on the logit scale. At 0 and 1 it is the exact one-sided bound on the
    /// number of replications with cases, which supposes that these are no smaller where the rare outcome happens.
    pub fn estimate(&self, level: f64) -> Option<Estimate> {
        let value = self.ratio()?;
        let interval = if self.y == 0 {
            Interval { low: 0.0, high: upper_bound_of_zero(self.contributing, level) }
        } else if self.y == self.x {
            Interval { low: 1.0 - upper_bound_of_zero(self.contributing, level), high: 1.0 }
        } else {
            logit_interval(value, self.standard_error().unwrap_or(f64::INFINITY), level)
        };
        Some(Estimate { value, interval, level, sample_size: self.replications })
    }

    /// Confidence interval of a quantile of the pooled cases in `sketch`, or `None` if the sample cannot bear it.
    pub fn quantile_interval(&self, sketch: &LogSketch, p: f64, level: f64) -> Option<Interval> {
        quantile_interval(sketch, p, level, self.effective_cases())
    }

    /// Σ(y - r x)².
    fn squared_residuals(&self, r: f64) -> f64 {
        (self.yy as f64 - 2.0 * r * self.xy as f64 + r * r * self.xx as f64).max(0.0)
    }

    /// Effective number of independent cases when the share is `p`: the cases divided by how much larger the variance
    /// is than it would be if they were independent. Between 1 and the number of cases.
    pub(crate) fn effective_cases_at(&self, p: f64) -> f64 {
        if self.largest <= 1 {
            return self.x as f64;
        }
        let independent = self.x as f64 * p * (1.0 - p);
        let observed = self.squared_residuals(p);
        let worst = self.effective_cases();
        if self.y == 0 || self.y == self.x {
            worst
        } else {
            (self.x as f64 * independent / observed).clamp(1.0, self.x as f64)
        }
    }
}

/// `value ± z se` on the logit scale, mapped back.
fn logit_interval(value: f64, standard_error: f64, level: f64) -> Interval {
    let z = intervals::normal_quantile(0.5 + 0.5 * level);
    let logit = libm::log(value / (1.0 - value));
    let half = z * standard_error / (value * (1.0 - value));
    let back = |l: f64| 1.0 / (1.0 + libm::exp(-l));
    Interval { low: back(logit - half), high: back(logit + half) }
}

/// Shares over strata held fixed ("worlds"): what is unknown within each is simulated, the strata themselves are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StratifiedRatio {
    strata: Vec<RatioSums>,
}

impl StratifiedRatio {
    /// One entry per stratum.
    pub fn new(strata: Vec<RatioSums>) -> Self {
        Self { strata }
    }

    /// The strata.
    pub fn strata(&self) -> &[RatioSums] {
        &self.strata
    }

    /// All replications of all strata together.
    pub fn pooled(&self) -> RatioSums {
        self.strata.iter().fold(RatioSums::default(), |mut sum, stratum| {
            sum.merge(stratum);
            sum
        })
    }

    /// Standard error of the pooled share from the variance within strata only, or `None` if no stratum has two
    /// replications or there are no cases.
    pub fn standard_error(&self) -> Option<f64> {
        let pooled = self.pooled();
        let r = pooled.ratio()?;
        let mut variance = 0.0;
        for stratum in self.strata.iter().filter(|s| s.replications > 0) {
            let n = stratum.replications as f64;
            if stratum.replications < 2 {
                return None;
            }
            let sum = stratum.y as f64 - r * stratum.x as f64;
            variance += (stratum.squared_residuals(r) - sum * sum / n).max(0.0) * n / (n - 1.0);
        }
        Some(libm::sqrt(variance) / pooled.x as f64)
    }

    /// The pooled share with its simulation interval, or `None` without cases. At 0 and 1 as in
    /// [`RatioSums::estimate`].
    pub fn estimate(&self, level: f64) -> Option<Estimate> {
        let pooled = self.pooled();
        let mut estimate = pooled.estimate(level)?;
        if pooled.y > 0 && pooled.y < pooled.x {
            estimate.interval = logit_interval(estimate.value, self.standard_error().unwrap_or(f64::INFINITY), level);
        }
        Some(estimate)
    }

    /// P10 to P90 over strata of the share within the stratum, simulation noise subtracted ([`spread`]); `None` if the
    /// strata do not differ by more than noise. The noise of a stratum is that of the pooled share at its number of cases.
    pub fn range(&self) -> Option<Interval> {
        let pooled = self.pooled();
        let share = pooled.ratio()?;
        let worth = pooled.effective_cases_at(share) / pooled.x as f64;
        let noise = |stratum: &RatioSums| share * (1.0 - share) / (stratum.x as f64 * worth);
        let known = self.strata.iter().filter_map(|stratum| Some((stratum.ratio()?, noise(stratum))));
        spread(&known.collect::<Vec<_>>())
    }
}
