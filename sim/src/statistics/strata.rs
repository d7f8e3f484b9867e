//! Strata held fixed ("worlds"): what is unknown within each is simulated, the strata themselves are given.

use super::{Estimate, Interval, MeanSums, normal_quantile};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Level at which strata must differ before a spread between them is claimed.
const HOMOGENEITY_LEVEL: f64 = 0.99;

/// P10 to P90 over strata of `(estimate, variance of its simulation noise)`; `None` if fewer than two strata are known or
/// they do not differ by more than noise can explain.
///
/// The variance between strata is that of DerSimonian and Laird (1986, equation 8): with weights w = 1 / s² and
/// Q = Σ w (r - r̄)², it is max(0, (Q - (k - 1)) / (Σw - Σw² / Σw)). Each deviation from the weighted mean is then shrunk
/// by √(τ² / (τ² + s²)), so that the spread left is that of the strata and not of the noise (Louis 1984). The noise must
/// come from a pooled model: a stratum's own few cases know nothing of it.
pub fn spread(known: &[(f64, f64)]) -> Option<Interval> {
    let k = known.len();
    if k < 2 {
        return None;
    }
    if known.iter().all(|(_, noise)| *noise <= 0.0) {
        return Some(ends(known.iter().map(|(r, _)| *r).collect()));
    }
    // A stratum without noise beside others with some would get all the weight: bounded by the smallest noise there is.
    let least = known.iter().map(|(_, noise)| *noise).filter(|noise| *noise > 0.0).fold(f64::INFINITY, f64::min);
    let weighted = known.iter().map(|(r, noise)| (*r, 1.0 / noise.max(least)));
    let (w, w2) = weighted.clone().fold((0.0, 0.0), |(w, w2), (_, x)| (w + x, w2 + x * x));
    let mean = weighted.clone().map(|(r, x)| r * x).sum::<f64>() / w;
    let q: f64 = weighted.map(|(r, x)| x * (r - mean) * (r - mean)).sum();
    let degrees = k as f64 - 1.0;
    let critical = ChiSquared::new(degrees).map_or(f64::INFINITY, |law| law.inverse_cdf(HOMOGENEITY_LEVEL));
    if q <= critical {
        return None;
    }
    let between = ((q - degrees) / (w - w2 / w)).max(0.0);
    let shrunk = |(r, noise): &(f64, f64)| mean + (r - mean) * libm::sqrt(between / (between + noise));
    Some(ends(known.iter().map(shrunk).collect()))
}

/// P10 and P90, Hyndman and Fan 1996, definition 1, as everywhere here.
fn ends(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let k = values.len() as f64;
    let quantile = |p: f64| values[((p * k).ceil() as usize).clamp(1, values.len()) - 1];
    Interval { low: quantile(0.1), high: quantile(0.9) }
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

    /// The strata.
    pub fn strata(&self) -> &[MeanSums] {
        &self.strata
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

    /// P10 to P90 over strata of the stratum's mean, each divided by `scale` of its stratum, simulation noise
    /// subtracted ([`spread`]; the noise is the pooled variance within strata).
    ///
    /// # Panics
    /// Unless there is one scale per stratum.
    pub fn scaled_range(&self, scale: &[f64]) -> Option<Interval> {
        assert_eq!(scale.len(), self.strata.len(), "one scale per stratum");
        let (mut squares, mut degrees) = (0.0, 0.0);
        for stratum in self.strata.iter().filter(|s| s.count() > 1) {
            squares += stratum.variance()? * (stratum.count() as f64 - 1.0);
            degrees += stratum.count() as f64 - 1.0;
        }
        if degrees < 1.0 {
            return None;
        }
        let variance = squares / degrees;
        let known = |(stratum, scale): (&MeanSums, &f64)| {
            Some((stratum.mean()? / scale, variance / stratum.count() as f64 / (scale * scale)))
        };
        spread(&self.strata.iter().zip(scale).filter_map(known).collect::<Vec<_>>())
    }

    /// P10 to P90 over strata of the stratum's mean, simulation noise subtracted.
    pub fn range(&self) -> Option<Interval> {
        self.scaled_range(&vec![1.0; self.strata.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RatioSums, StratifiedRatio};
    use super::*;
    use crate::{Purpose, RandomStream};

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
    fn zeros_count_as_replications() {
        let mut sums = MeanSums::default();
        sums.add(6.0);
        sums.add_zeros(2);
        assert_eq!((sums.mean(), sums.count()), (Some(2.0), 3));
        assert!((sums.variance().unwrap() - 12.0).abs() < 1e-12); // (16 + 4 + 4) / 2
    }

    /// A hundred strata, each with its own true share and a few single-case replications.
    fn strata(cases: impl Fn(u64) -> u64, share: impl Fn(u64) -> f64, seed: u64) -> StratifiedRatio {
        let stratum = |s: u64| {
            let mut stream = RandomStream::new(seed, s, Purpose::new("strata"), 0);
            let mut sums = RatioSums::default();
            (0..cases(s)).for_each(|_| sums.add(u64::from(stream.chance(share(s))), 1));
            sums
        };
        StratifiedRatio::new((0..100).map(stratum).collect())
    }

    #[test]
    fn identical_strata_with_few_cases_have_no_range() {
        // 1 to 5 cases each: nearly all the spread of the estimates is noise. Claimed at 1%: at most 5 of 100 seeds
        // (P(Binomial(100, 0.01) > 5) = 0.0005; the chi-squared law is rough for so few cases, in the safe direction).
        for share in [0.64, 0.9] {
            let claimed = (0..100).filter(|seed| strata(|s| 1 + s % 5, |_| share, *seed).range().is_some()).count();
            assert!(claimed <= 5, "{share}: {claimed} of 100");
        }
    }

    #[test]
    fn the_range_of_strata_that_differ_is_that_of_their_true_shares() {
        // True shares uniform on 0.2 to 0.8: P10 and P90 are 0.26 and 0.74; 40 cases each leave noise of sd 0.08, which
        // unsubtracted would widen the range to about 0.23 to 0.77. Within 0.04 (order statistics of 100: sd 0.02).
        for seed in 0..5 {
            let range = strata(|_| 40, |s| 0.2 + 0.6 * (s as f64 + 0.5) / 100.0, seed).range().unwrap();
            assert!((range.low - 0.26).abs() < 0.04 && (range.high - 0.74).abs() < 0.04, "{range}");
        }
    }
}
