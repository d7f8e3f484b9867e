//! Two designs that met the same chance, compared case by case: exact counts of who was smaller, and sums for means.
//!
//! A case is a pair (a, b) of values from 0 on, smaller is better; an infinite value means "no end was seen".

use super::mean::{CaseMeans, stratified};
use super::{Estimate, RatioSums, StratifiedRatio};

/// What is known of two designs from the cases that both met, but for percentiles.
#[derive(Clone, Debug)]
pub struct PairedCases {
    cases: u64,
    /// Per stratum: cases in which A is smaller, a tie, B smaller.
    who: Vec<[RatioSums; 3]>,
    /// Per stratum: a, b, a - b.
    means: Vec<[CaseMeans; 3]>,
    /// Cases with an infinite side: no mean exists.
    unbounded: u64,
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

impl PairedCases {
    /// Nothing counted, over so many strata.
    pub fn new(strata: usize) -> Self {
        Self { cases: 0, who: vec![Default::default(); strata], means: vec![Default::default(); strata], unbounded: 0 }
    }

    /// Adds the cases of one replication of a stratum, possibly none.
    ///
    /// # Panics
    /// On a stratum that is none.
    pub fn add(&mut self, stratum: usize, cases: &[(f64, f64)]) {
        let mut who = [0_u64; 3];
        let mut sums = [0.0; 3];
        for &(a, b) in cases {
            let winner = if a < b {
                0
            } else if a > b {
                2
            } else {
                1
            };
            who[winner] += 1;
            if a.is_finite() && b.is_finite() {
                for (sum, value) in sums.iter_mut().zip([a, b, a - b]) {
                    *sum += value;
                }
            } else {
                self.unbounded += 1;
            }
        }
        let n = cases.len() as u64;
        self.cases += n;
        self.who[stratum].iter_mut().zip(who).for_each(|(ratio, count)| ratio.add(count, n));
        self.means[stratum].iter_mut().zip(sums).for_each(|(mean, sum)| mean.add(sum, n));
    }

    /// Adds `n` replications of a stratum with one case each that is 0 on both sides, or without a case.
    pub fn add_quiet(&mut self, stratum: usize, n: u64, is_a_case: bool) {
        let cases = u64::from(is_a_case);
        self.cases += cases * n;
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
    pub fn count(&self) -> u64 {
        self.cases
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

    /// As how many independent cases these count, where cases of a replication go together.
    pub(crate) fn effective(&self) -> f64 {
        StratifiedRatio::new(self.who.iter().map(|who| who[0]).collect()).pooled().effective_cases()
    }
}
