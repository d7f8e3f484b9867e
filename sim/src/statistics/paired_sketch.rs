//! Percentiles of two designs that met the same chance, compared case by case in bounded memory: sketches of both sides
//! and of their differences, and a coarse count of where pairs lie, which tells how far two percentiles move together.
//!
//! Two things have similar names. The *difference of percentiles* compares two distributions: it says how much later the
//! slowest one in twenty ends. The *percentile of differences* describes one distribution, that of a - b over the same
//! cases: it says what one case in twenty gains at least. Neither follows from the other.

use super::intervals::quantile_ranks;
use super::log_sketch::Place;
use super::{Estimate, Interval, LogSketch, PairedCases, quantile_interval};
use std::collections::BTreeMap;

/// Relative error of quantiles.
const RELATIVE_ERROR: f64 = 5e-3;

/// So many buckets of a sketch make a cell in which pairs are counted: 5 %, so that there are at most a few thousand in
/// use.
const BUCKETS_OF_A_CELL: u32 = 5;

/// Pairs that wait at most before they are counted by cell.
const WAITING: usize = 1024;

/// What is known of two designs from the cases that both met.
#[derive(Clone, Debug)]
pub struct PairedSketch {
    cases: PairedCases,
    a: LogSketch,
    b: LogSketch,
    /// b - a where A is smaller, a - b where B is.
    a_smaller_by: LogSketch,
    b_smaller_by: LogSketch,
    /// Pairs by cell, but for those that wait: many are looked up in order at less than one by one.
    joint: BTreeMap<(u16, u16), u64>,
    waiting: Vec<(u16, u16)>,
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

impl PairedSketch {
    /// Nothing counted, over so many strata.
    pub fn new(strata: usize) -> Self {
        // A thousandth to a million million, within half a per cent.
        let sketch = || LogSketch::new(1e-3, 1e12, RELATIVE_ERROR);
        Self {
            cases: PairedCases::new(strata),
            a: sketch(),
            b: sketch(),
            a_smaller_by: sketch(),
            b_smaller_by: sketch(),
            joint: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    /// Who was smaller, and means.
    pub fn cases(&self) -> &PairedCases {
        &self.cases
    }

    /// Adds the cases of one replication of a stratum, possibly none.
    ///
    /// # Panics
    /// On NaN, a negative value or a stratum that is none.
    pub fn add(&mut self, stratum: usize, cases: &[(f64, f64)]) {
        self.cases.add(stratum, cases);
        for &(a, b) in cases {
            let (place_a, place_b) = (self.a.add_placed(a), self.b.add_placed(b));
            self.waiting.push((cell(place_a), cell(place_b)));
            if a < b {
                self.a_smaller_by.add(b - a);
            } else if a > b {
                self.b_smaller_by.add(a - b);
            }
        }
        if self.waiting.len() >= WAITING {
            self.waiting.sort_unstable();
            for same in self.waiting.chunk_by(|one, other| one == other) {
                *self.joint.entry(same[0]).or_default() += same.len() as u64;
            }
            self.waiting.clear();
        }
    }

    /// Adds `n` replications of a stratum without a case.
    pub fn add_quiet(&mut self, stratum: usize, n: u64) {
        self.cases.add_quiet(stratum, n, false);
    }

    /// The `p`-quantiles.
    ///
    /// The interval of the difference of percentiles is put together from those of both sides, less what they move
    /// together (Zou and Donner 2008, section 2.2, with the correlation of the two indicators, after Bahadur 1966).
    pub fn quantile(&self, p: f64, level: f64) -> PairedQuantile {
        let worth = self.cases.effective();
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

    fn quantile_of_differences(&self, p: f64, level: f64, worth: f64) -> Option<Estimate> {
        let n = self.cases.count();
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
        let ties = self.cases.count() - below - above;
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
        let (last_a, last_b) = (cell(self.a.place(x)), cell(self.b.place(y)));
        let [mut all, mut of_a, mut of_b, mut both] = [0; 4];
        let counted = self.joint.iter().map(|(cells, count)| (*cells, *count));
        for ((a, b), count) in counted.chain(self.waiting.iter().map(|cells| (*cells, 1))) {
            all += count;
            of_a += if a <= last_a { count } else { 0 };
            of_b += if b <= last_b { count } else { 0 };
            both += if a <= last_a && b <= last_b { count } else { 0 };
        }
        let share = |count: u64| count as f64 / all.max(1) as f64;
        let (of_a, of_b) = (share(of_a), share(of_b));
        let variance = of_a * (1.0 - of_a) * of_b * (1.0 - of_b);
        if variance > 0.0 { ((share(both) - of_a * of_b) / libm::sqrt(variance)).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The cell of a place in a sketch.
fn cell(place: Place) -> u16 {
    match place {
        Place::Zero => 0,
        Place::Bucket(bucket) => 1 + (bucket / BUCKETS_OF_A_CELL) as u16,
        Place::Infinite => u16::MAX,
    }
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
    fn tenths(cases: &PairedCases) -> [u8; 3] {
        cases.shares(0.95).unwrap().map(|e| (10.0 * e.value).round() as u8)
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
        assert_eq!(tenths(sketch.cases()), [5, 0, 5]);
    }

    #[test]
    fn pairing_reduces_the_variance_by_one_over_one_minus_the_correlation() {
        // Equal variances: (Va + Vb) / V(a - b) = 1 / (1 - r), with r = (exp(c) - 1) / (e - 1) for log-normals with
        // correlation c of logarithms; c = 0.9: r = 0.8495, ratio 6.64. 20,000 pairs of a heavy tail: within 25 %.
        let c = 0.9_f64;
        let expected = 1.0 / (1.0 - (c.exp() - 1.0) / (1.0_f64.exp() - 1.0));
        let found = pairs(7, 20_000, c, 1.0).cases().means(0.95).unwrap();
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
            covered += u32::from(sketch.cases().means(0.95).unwrap().difference.interval.contains(1.0));
        }
        assert!((364..=396).contains(&covered), "{covered} of 400");
    }

    #[test]
    fn infinite_values_win_and_lose_but_have_no_mean() {
        let mut sketch = PairedSketch::new(1);
        sketch.add(0, &[(1.0, f64::INFINITY), (f64::INFINITY, f64::INFINITY), (f64::INFINITY, 2.0)]);
        assert_eq!(sketch.cases().shares(0.95).unwrap().map(|e| (e.value * 3.0).round() as u8), [1, 1, 1]);
        assert_eq!((sketch.cases().means(0.95), sketch.cases().unbounded()), (None, 3));
        assert_eq!(sketch.quantile(0.9, 0.95).difference_of_percentiles, None);
    }

    #[test]
    fn quiet_replications_are_ties_or_no_cases() {
        let mut years = PairedCases::new(1);
        years.add(0, &[(1.0, 0.0)]);
        years.add_quiet(0, 9, true);
        assert_eq!(tenths(&years), [0, 9, 1]);
        assert!((years.means(0.95).unwrap().difference.value - 0.1).abs() < 1e-12);
        let mut outages = PairedSketch::new(1);
        outages.add(0, &[(1.0, 0.0)]);
        outages.add_quiet(0, 9);
        assert_eq!((outages.cases().count(), outages.cases().replications(0)), (1, 10));
        assert_eq!(tenths(outages.cases()), [0, 0, 10]);
    }
}
