//! Two designs that met the same chance, compared case by case in bounded memory.
//!
//! A case is a pair (a, b) of values from 0 on, smaller is better; an infinite value means "no end was seen". Kept are
//! exact counts of who was smaller, sums for means, sketches of both sides and of their differences, and a coarse count
//! of where pairs lie, which tells how far two percentiles move together.
//!
//! Two things have similar names. The *difference of percentiles* compares two distributions: it says how much later the
//! slowest one in twenty ends. The *percentile of differences* describes one distribution, that of a - b over the same
//! cases: it says what one case in twenty gains at least. Neither follows from the other.

use super::intervals::quantile_ranks;
use super::mean::{CaseMeans, stratified};
use super::{Estimate, Interval, LogSketch, RatioSums, StratifiedRatio, quantile_interval};
use std::collections::BTreeMap;

/// Relative error of quantiles.
const RELATIVE_ERROR: f64 = 5e-3;

/// Ratio of the ends of a cell in which pairs are counted: 5 %, so that there are at most a few thousand cells in use.
const CELL_RATIO: f64 = 1.05;

/// What is known of two designs from the cases that both met.
#[derive(Clone, Debug)]
pub struct PairedSketch {
    a: LogSketch,
    b: LogSketch,
    /// b - a where A is smaller, a - b where B is.
    a_smaller_by: LogSketch,
    b_smaller_by: LogSketch,
    /// Pairs by cell.
    joint: BTreeMap<(u16, u16), u64>,
    /// Per stratum: cases in which A is smaller, a tie, B smaller.
    who: Vec<[RatioSums; 3]>,
    /// Per stratum: a, b, a - b.
    means: Vec<[CaseMeans; 3]>,
    /// Cases with an infinite side: no mean exists.
    unbounded: u64,
}

/// A percentile of both sides, and the two things that are easily mistaken for each other. `None`: the sample does not
/// bear it, or it is infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedQuantile {
    /// Of A.
    pub a: Option<Estimate>,
    /// Of B.
    pub b: Option<Estimate>,
    /// That of A minus that of B.
    pub difference_of_percentiles: Option<Estimate>,
    /// Of a - b.
    pub percentile_of_differences: Option<Estimate>,
}

/// Means of both sides and of their difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedMeans {
    /// Of A.
    pub a: Estimate,
    /// Of B.
    pub b: Estimate,
    /// Of a - b, from the pairs.
    pub difference: Estimate,
    /// (Var a + Var b) / Var(a - b), of the means: how many times as many replications two independent runs would need
    /// for the same interval. `None`: the difference has no variance.
    pub variance_ratio: Option<f64>,
}

impl PairedSketch {
    /// Nothing counted, over so many strata.
    pub fn new(strata: usize) -> Self {
        // A thousandth to a million million, within half a per cent.
        let sketch = || LogSketch::new(1e-3, 1e12, RELATIVE_ERROR);
        Self {
            a: sketch(),
            b: sketch(),
            a_smaller_by: sketch(),
            b_smaller_by: sketch(),
            joint: BTreeMap::new(),
            who: vec![Default::default(); strata],
            means: vec![Default::default(); strata],
            unbounded: 0,
        }
    }

    /// Adds the cases of one replication of a stratum, possibly none.
    ///
    /// # Panics
    /// On NaN, a negative value or a stratum that is none.
    pub fn add(&mut self, stratum: usize, cases: &[(f64, f64)]) {
        let mut who = [0_u64; 3];
        let mut sums = [0.0; 3];
        for &(a, b) in cases {
            self.a.add(a);
            self.b.add(b);
            *self.joint.entry((cell(a), cell(b))).or_default() += 1;
            let (winner, by) = if a < b {
                (0, b - a)
            } else if a > b {
                (2, a - b)
            } else {
                (1, 0.0)
            };
            who[winner] += 1;
            match winner {
                0 => self.a_smaller_by.add(by),
                2 => self.b_smaller_by.add(by),
                _ => {}
            }
            if a.is_finite() && b.is_finite() {
                for (sum, value) in sums.iter_mut().zip([a, b, a - b]) {
                    *sum += value;
                }
            } else {
                self.unbounded += 1;
            }
        }
        let n = cases.len() as u64;
        self.who[stratum].iter_mut().zip(who).for_each(|(ratio, count)| ratio.add(count, n));
        self.means[stratum].iter_mut().zip(sums).for_each(|(mean, sum)| mean.add(sum, n));
    }

    /// Adds `n` replications of a stratum with one case each that is 0 on both sides, or without a case.
    pub fn add_quiet(&mut self, stratum: usize, n: u64, is_a_case: bool) {
        let cases = u64::from(is_a_case);
        if is_a_case && n > 0 {
            self.a.add_n(0.0, n);
            self.b.add_n(0.0, n);
            *self.joint.entry((0, 0)).or_default() += n;
        }
        for (k, ratio) in self.who[stratum].iter_mut().enumerate() {
            ratio.add_n(if k == 1 { cases } else { 0 }, cases, n);
        }
        self.means[stratum].iter_mut().for_each(|mean| mean.add_quiet(cases, n));
    }

    /// Replications of a stratum.
    pub fn replications(&self, stratum: usize) -> u64 {
        self.who[stratum][0].replications()
    }

    /// Cases.
    pub fn cases(&self) -> u64 {
        self.a.count()
    }

    /// Cases in which a side had no end.
    pub fn unbounded(&self) -> u64 {
        self.unbounded
    }

    /// P(A smaller), P(tie), P(B smaller), which sum to one, strata held fixed; `None` without cases.
    pub fn shares(&self, level: f64) -> Option<[Estimate; 3]> {
        let share = |k: usize| StratifiedRatio::new(self.who.iter().map(|who| who[k]).collect()).estimate(level);
        Some([share(0)?, share(1)?, share(2)?])
    }

    /// Means per case, strata held fixed; `None` with an infinite value, or without two replications in a stratum.
    pub fn means(&self, level: f64) -> Option<PairedMeans> {
        if self.unbounded > 0 {
            return None;
        }
        let mean = |k: usize| stratified(self.means.iter().map(|means| &means[k]), level);
        let ((a, a_error), (b, b_error), (difference, error)) = (mean(0)?, mean(1)?, mean(2)?);
        let variance_ratio = (error > 0.0).then(|| (a_error * a_error + b_error * b_error) / (error * error));
        Some(PairedMeans { a, b, difference, variance_ratio })
    }

    /// The `p`-quantiles.
    ///
    /// The interval of the difference of percentiles is put together from those of both sides, less what they move
    /// together (Zou and Donner 2008, section 2.2, with the correlation of the two indicators, after Bahadur 1966).
    pub fn quantile(&self, p: f64, level: f64) -> PairedQuantile {
        let worth = self.pooled().effective_cases();
        let side = |sketch: &LogSketch| {
            let value = sketch.quantile(p).filter(|value| value.is_finite())?;
            let interval = quantile_interval(sketch, p, level, worth).filter(|i| i.high.is_finite())?;
            Some(Estimate { value, interval, level, sample_size: sketch.count() })
        };
        let (a, b) = (side(&self.a), side(&self.b));
        let difference_of_percentiles = a.zip(b).map(|(a, b)| {
            let together = self.correlation(a.value, b.value);
            let half = |x: f64, y: f64| libm::sqrt((x * x + y * y - 2.0 * together * x * y).max(0.0));
            let value = a.value - b.value;
            let interval = Interval {
                low: value - half(a.value - a.interval.low, b.interval.high - b.value),
                high: value + half(a.interval.high - a.value, b.value - b.interval.low),
            };
            Estimate { value, interval, level, sample_size: a.sample_size }
        });
        PairedQuantile {
            a,
            b,
            difference_of_percentiles,
            percentile_of_differences: self.quantile_of_differences(p, level, worth),
        }
    }

    /// Cases in which anything differs, of all replications.
    fn pooled(&self) -> RatioSums {
        StratifiedRatio::new(self.who.iter().map(|who| who[0]).collect()).pooled()
    }

    fn quantile_of_differences(&self, p: f64, level: f64, worth: f64) -> Option<Estimate> {
        let n = self.cases();
        let effective = (worth as u64).min(n);
        if effective == 0 {
            return None;
        }
        let (low, high) = quantile_ranks(effective, p, level);
        let scale = n as f64 / effective as f64;
        let at = |rank: f64| Some(self.difference_of_rank((rank as u64).clamp(1, n))).filter(|value| value.is_finite());
        let value = at((p * n as f64 * (1.0 - 1e-15)).ceil())?;
        let interval =
            Interval { low: at(((low? - 1) as f64 * scale).floor() + 1.0)?, high: at((high? as f64 * scale).ceil())? };
        Some(Estimate { value, interval, level, sample_size: n })
    }

    /// The difference a - b of this rank, the lowest first.
    fn difference_of_rank(&self, rank: u64) -> f64 {
        let (below, above) = (self.a_smaller_by.count(), self.b_smaller_by.count());
        let ties = self.cases() - below - above;
        if rank <= below {
            -self.a_smaller_by.value_of_rank(below + 1 - rank)
        } else if rank <= below + ties {
            0.0
        } else {
            self.b_smaller_by.value_of_rank(rank - below - ties)
        }
    }

    /// Correlation of "a is at most x" and "b is at most y", to the width of a cell; never below 0, which would promise
    /// less than either interval alone.
    fn correlation(&self, x: f64, y: f64) -> f64 {
        let (last_a, last_b) = (cell(x), cell(y));
        let [mut all, mut of_a, mut of_b, mut both] = [0; 4];
        for ((a, b), count) in &self.joint {
            all += count;
            of_a += if *a <= last_a { *count } else { 0 };
            of_b += if *b <= last_b { *count } else { 0 };
            both += if *a <= last_a && *b <= last_b { *count } else { 0 };
        }
        let share = |count: u64| count as f64 / all.max(1) as f64;
        let (of_a, of_b) = (share(of_a), share(of_b));
        let variance = of_a * (1.0 - of_a) * of_b * (1.0 - of_b);
        if variance > 0.0 { ((share(both) - of_a * of_b) / libm::sqrt(variance)).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The cell of a value: 0 for zero, the last for infinity.
fn cell(value: f64) -> u16 {
    if value == f64::INFINITY {
        return u16::MAX;
    }
    if value <= 0.0 { 0 } else { 1 + (libm::log(value.max(1e-3) / 1e-3) / libm::log(CELL_RATIO)).min(60_000.0) as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_stream::{Purpose, RandomStream};
    use crate::statistics::normal_quantile;

    fn normal(stream: &mut RandomStream) -> f64 {
        normal_quantile(stream.uniform().clamp(1e-12, 1.0 - 1e-12))
    }

    /// Log-normal pairs around 100 with spread 1 and correlation `together` of their logarithms.
    fn pairs(seed: u64, n: u64, together: f64, ratio: f64) -> PairedSketch {
        let mut sketch = PairedSketch::new(2);
        for replication in 0..n {
            let mut stream = RandomStream::new(seed, replication, Purpose::new("pairs"), 0);
            let (common, own) = (normal(&mut stream), normal(&mut stream));
            let exponent = together * common + libm::sqrt(1.0 - together * together) * own;
            sketch.add(replication as usize % 2, &[(100.0 * libm::exp(common), ratio * 100.0 * libm::exp(exponent))]);
        }
        sketch
    }

    /// Shares of A smaller, ties, B smaller in tenths.
    fn tenths(sketch: &PairedSketch) -> [u8; 3] {
        sketch.shares(0.95).unwrap().map(|e| (10.0 * e.value).round() as u8)
    }

    #[test]
    fn intervals_of_a_difference_of_percentiles_cover_and_are_narrower_where_pairs_move_together() {
        // P90 of log-normal(ln 100, 1) is 100 exp(1.2816); of B 1.2 times that. 300 seeds: at 95 % at least 274 cover
        // but for chance 0.003 (binomial, sd 3.8); the method is not exact, so it may cover more.
        let truth = 100.0 * libm::exp(normal_quantile(0.9)) * (1.0 - 1.2);
        let mut widths = [0.0; 2];
        for (k, together) in [0.0, 0.95].into_iter().enumerate() {
            let mut covered = 0;
            for seed in 0..300 {
                let found = pairs(seed, 1000, together, 1.2).quantile(0.9, 0.95).difference_of_percentiles.unwrap();
                covered += u32::from(found.interval.contains(truth));
                widths[k] += found.interval.width() / 300.0;
            }
            assert!((274..=300).contains(&covered), "{covered} of 300 at correlation {together}");
        }
        assert!(widths[1] < 0.6 * widths[0], "{widths:?}");
    }

    #[test]
    fn a_percentile_of_differences_is_that_of_the_sorted_differences_and_another_thing() {
        // a = 1..=1000, b = 1001 - a: the same distribution on both sides, so every difference of percentiles is 0, but
        // differences a - b run from -999 to 999 in steps of 2: their P90 is 799.
        let mut sketch = PairedSketch::new(1);
        (1..=1000).for_each(|i| sketch.add(0, &[(f64::from(i), f64::from(1001 - i))]));
        let found = sketch.quantile(0.9, 0.95);
        assert!(found.difference_of_percentiles.unwrap().value.abs() < 1e-9);
        assert!((found.percentile_of_differences.unwrap().value / 799.0 - 1.0).abs() < 0.011);
        assert_eq!(tenths(&sketch), [5, 0, 5]);
    }

    #[test]
    fn pairing_reduces_the_variance_by_one_over_one_minus_the_correlation() {
        // Equal variances: (Va + Vb) / V(a - b) = 1 / (1 - r), with r = (exp(c) - 1) / (e - 1) for log-normals with
        // correlation c of logarithms; c = 0.9: r = 0.8495, ratio 6.64. 20,000 pairs of a heavy tail: within 25 %.
        let c = 0.9_f64;
        let expected = 1.0 / (1.0 - (c.exp() - 1.0) / (1.0_f64.exp() - 1.0));
        let found = pairs(7, 20_000, c, 1.0).means(0.95).unwrap();
        let ratio = found.variance_ratio.unwrap();
        assert!((ratio / expected - 1.0).abs() < 0.25, "{ratio} against {expected}");
    }

    #[test]
    fn means_of_differences_cover_with_several_cases_in_a_replication() {
        // Clusters of 0 to 3 cases that share a shock; truth: E(a - b) = 1. 400 seeds: at least 364 (binomial, sd 4.4).
        let mut covered = 0;
        for seed in 0..400 {
            let mut sketch = PairedSketch::new(4);
            for replication in 0..400 {
                let mut stream = RandomStream::new(seed, replication, Purpose::new("clusters"), 0);
                let (shock, cases) = (stream.uniform(), stream.below(4));
                let case =
                    |stream: &mut RandomStream| (5.0 + 2.0 * (shock - 0.5) + stream.uniform(), 4.0 + stream.uniform());
                let cases: Vec<_> = (0..cases).map(|_| case(&mut stream)).collect();
                sketch.add(replication as usize % 4, &cases);
            }
            covered += u32::from(sketch.means(0.95).unwrap().difference.interval.contains(1.0));
        }
        assert!((364..=396).contains(&covered), "{covered} of 400");
    }

    #[test]
    fn infinite_values_win_and_lose_but_have_no_mean() {
        let mut sketch = PairedSketch::new(1);
        sketch.add(0, &[(1.0, f64::INFINITY), (f64::INFINITY, f64::INFINITY), (f64::INFINITY, 2.0)]);
        assert_eq!(sketch.shares(0.95).unwrap().map(|e| (e.value * 3.0).round() as u8), [1, 1, 1]);
        assert_eq!((sketch.means(0.95), sketch.unbounded()), (None, 3));
        assert_eq!(sketch.quantile(0.9, 0.95).difference_of_percentiles, None);
    }

    #[test]
    fn quiet_replications_are_ties_or_no_cases() {
        let mut years = PairedSketch::new(1);
        years.add(0, &[(1.0, 0.0)]);
        years.add_quiet(0, 9, true);
        assert_eq!(tenths(&years), [0, 9, 1]);
        assert!((years.means(0.95).unwrap().difference.value - 0.1).abs() < 1e-12);
        let mut outages = PairedSketch::new(1);
        outages.add(0, &[(1.0, 0.0)]);
        outages.add_quiet(0, 9, false);
        assert_eq!((outages.cases(), outages.replications(0)), (1, 10));
        assert_eq!(tenths(&outages), [0, 0, 10]);
    }
}
