//! Strata held fixed ("worlds"): what is unknown within each is simulated, the strata themselves are given.

use super::{Estimate, Interval, MeanSums, normal_quantile};

/// P10 to P90 over strata of `(estimate, standard error)`, or `None` with fewer than two strata.
///
/// Simulation noise widens the spread of the estimates; so their deviations from the mean are shrunk by
/// `sqrt(max(0, V - mean s²) / V)`, V their variance and s their standard errors.
pub fn spread(known: &[(f64, f64)]) -> Option<Interval> {
    let k = known.len() as f64;
    if known.len() < 2 {
        return None;
    }
    let mean = known.iter().map(|(r, _)| r).sum::<f64>() / k;
    let variance = known.iter().map(|(r, _)| (r - mean) * (r - mean)).sum::<f64>() / (k - 1.0);
    let noise = known.iter().map(|(_, s)| s * s).sum::<f64>() / k;
    let shrink = if variance > 0.0 { libm::sqrt((variance - noise).max(0.0) / variance) } else { 0.0 };
    let mut values: Vec<f64> = known.iter().map(|(r, _)| mean + shrink * (r - mean)).collect();
    values.sort_by(f64::total_cmp);
    // Hyndman and Fan 1996, definition 1, as everywhere here.
    let quantile = |p: f64| values[((p * k).ceil() as usize).clamp(1, values.len()) - 1];
    Some(Interval { low: quantile(0.1), high: quantile(0.9) })
}

/// Means of one real number per replication, over strata.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StratifiedMean {
    strata: Vec<MeanSums>,
}

impl StratifiedMean {
    /// One entry per stratum.
    pub fn new(strata: Vec<MeanSums>) -> Self {
        Self { strata }
    }

    /// All replications of all strata together.
    pub fn pooled(&self) -> MeanSums {
        self.strata.iter().fold(MeanSums::default(), |mut sum, stratum| {
            sum.merge(stratum);
            sum
        })
    }

    /// The mean over all replications with its simulation interval (variance within strata only), or `None` if a
    /// stratum that has replications has only one, or none has any.
    pub fn estimate(&self, level: f64) -> Option<Estimate> {
        let pooled = self.pooled();
        let value = pooled.mean()?;
        let mut variance = 0.0;
        for stratum in self.strata.iter().filter(|s| s.count() > 0) {
            variance += stratum.variance()? * stratum.count() as f64;
        }
        let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(variance) / pooled.count() as f64;
        let interval = Interval { low: value - half, high: value + half };
        Some(Estimate { value, interval, level, sample_size: pooled.count() })
    }

    /// P10 to P90 over strata of the stratum's mean, simulation noise subtracted.
    pub fn range(&self) -> Option<Interval> {
        let known = |stratum: &MeanSums| {
            Some((stratum.mean()?, libm::sqrt(stratum.variance().unwrap_or(0.0) / stratum.count() as f64)))
        };
        spread(&self.strata.iter().filter_map(known).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_ignores_the_spread_between_strata_and_the_range_keeps_it() {
        // Two strata of constants: no noise within, so an interval of width 0 and a range from one to the other.
        let strata = [1.0, 3.0].map(|value| {
            let mut sums = MeanSums::default();
            sums.add(value);
            sums.add(value);
            sums
        });
        let mean = StratifiedMean::new(strata.to_vec());
        let estimate = mean.estimate(0.95).unwrap();
        assert!((estimate.value - 2.0).abs() < 1e-12 && estimate.interval.width() < 1e-12);
        assert_eq!(mean.range(), Some(Interval { low: 1.0, high: 3.0 }));
    }

    #[test]
    fn noise_alone_leaves_no_range() {
        // Estimates that differ by less than their own standard errors.
        let range = spread(&[(1.0, 0.5), (1.2, 0.5), (0.8, 0.5)]).unwrap();
        assert!(range.width() < 1e-12);
    }

    #[test]
    fn zeros_count_as_replications() {
        let mut sums = MeanSums::default();
        sums.add(6.0);
        sums.add_zeros(2);
        assert_eq!((sums.mean(), sums.count()), (Some(2.0), 3));
        assert!((sums.variance().unwrap() - 12.0).abs() < 1e-12); // (16 + 4 + 4) / 2
    }
}
