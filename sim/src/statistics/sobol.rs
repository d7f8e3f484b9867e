//! Which input decides? Sobol's indices of a function that is known with noise.
//!
//! The *first-order* index of an input is the share of the output's variance that would go if its value were known; the
//! *total* index is the share that would stay if all others were. Rows are evaluated by "pick and freeze": two independent
//! samples A and B of all inputs, and for each input B with that input's values from A (Sobol 1993; Saltelli et al. 2010;
//! Jansen 1999 for the total).
//!
//! Each evaluation comes as two halves of the simulation that are independent given the row (say, even and odd batches of
//! replications, the same ones in every row). Products are only taken across halves, so that the noise of a row drops out
//! of every variance, and what all rows have in common (the same chance) is a constant.

use super::Interval;
use crate::random_stream::{Purpose, RandomStream};

/// Resamples of rows for the intervals.
const RESAMPLES: u64 = 400;

/// Two halves of an evaluation.
type Halves = [f64; 2];

/// Evaluations, row by row.
#[derive(Clone, Debug, Default)]
pub struct SobolSample {
    /// At A.
    pub a: Vec<Halves>,
    /// At B.
    pub b: Vec<Halves>,
    /// Per input: at B with that input from A.
    pub mixed: Vec<Vec<Halves>>,
}

/// One input's index with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Estimate; noise may take it slightly out of 0 to 1.
    pub value: f64,
    /// Percentile interval from a bootstrap of rows.
    pub interval: Interval,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Mean over rows.
    pub mean: f64,
    /// Variance of the conditional mean over rows, noise subtracted.
    pub variance: f64,
    /// Variance that the simulation adds to the mean of both halves of a row: what was subtracted.
    pub noise: f64,
    /// Per input.
    pub first: Vec<Index>,
    /// Per input.
    pub total: Vec<Index>,
}

impl SobolSample {
    /// The indices; `None` with fewer than eight rows, or where the output does not vary beyond its noise.
    ///
    /// # Panics
    /// Unless there are as many rows everywhere.
    pub fn indices(&self, level: f64, seed: u64) -> Option<Indices> {
        let n = self.a.len();
        let whole = self.b.len() == n && self.mixed.iter().all(|rows| rows.len() == n);
        assert!(whole, "every sample has the same rows");
        if n < 8 {
            return None;
        }
        let all: Vec<usize> = (0..n).collect();
        let (variance, first, total) = self.shares(&all)?;
        // First-order and total, resample by resample; a variance that is not beyond its own noise has no shares.
        let mut resampled: [Vec<Vec<f64>>; 2] = Default::default();
        for resample in 0..RESAMPLES {
            let mut stream = RandomStream::new(seed, resample, Purpose::new("sobol/bootstrap"), 0);
            let rows: Vec<usize> = (0..n).map(|_| stream.below(n as u64) as usize).collect();
            if let Some((_, first, total)) = self.shares(&rows) {
                resampled[0].push(first);
                resampled[1].push(total);
            }
        }
        if (resampled[0].len() as f64) < level * RESAMPLES as f64 {
            return None;
        }
        let with_interval = |values: &[f64], resampled: &[Vec<f64>]| {
            let one = |(i, value): (usize, &f64)| {
                let mut sorted: Vec<f64> = resampled.iter().map(|shares| shares[i]).collect();
                sorted.sort_by(f64::total_cmp);
                let at = |p: f64| sorted[((p * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1];
                Index { value: *value, interval: Interval { low: at(0.5 - 0.5 * level), high: at(0.5 + 0.5 * level) } }
            };
            values.iter().enumerate().map(one).collect()
        };
        let both = || self.a.iter().chain(&self.b).map(|row| 0.5 * (row[0] + row[1]));
        let rows = 2.0 * n as f64;
        let mean = both().sum::<f64>() / rows;
        let raw = both().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (rows - 1.0);
        Some(Indices {
            mean,
            variance,
            noise: (raw - variance).max(0.0),
            first: with_interval(&first, &resampled[0]),
            total: with_interval(&total, &resampled[1]),
        })
    }

    /// Variance, first-order and total shares over some rows; `None` where no variance is left.
    fn shares(&self, rows: &[usize]) -> Option<(f64, Vec<f64>, Vec<f64>)> {
        let across = |x: &[Halves], y: &[Halves]| 0.5 * (covariance(x, y, rows, 0) + covariance(x, y, rows, 1));
        let variance = 0.5 * (across(&self.a, &self.a) + across(&self.b, &self.b));
        if variance <= 0.0 {
            return None;
        }
        // An input that decides nothing leaves B as it is, so that its index is 0, not the chance likeness of A and B
        // (Saltelli et al. 2010, equation b of table 2).
        let alike = across(&self.a, &self.b);
        let first = |mixed: &Vec<Halves>| (across(&self.a, mixed) - alike) / variance;
        // B and its mixture differ in this input alone.
        let total = |mixed: &Vec<Halves>| {
            let difference = |i: &usize, half: usize| self.b[*i][half] - mixed[*i][half];
            let sum: f64 = rows.iter().map(|i| difference(i, 0) * difference(i, 1)).sum();
            0.5 * sum / rows.len() as f64 / variance
        };
        Some((variance, self.mixed.iter().map(first).collect(), self.mixed.iter().map(total).collect()))
    }
}

/// Covariance over rows of a half of x with the other half of y.
fn covariance(x: &[Halves], y: &[Halves], rows: &[usize], half: usize) -> f64 {
    let n = rows.len() as f64;
    let mean = |of: &[Halves], half: usize| rows.iter().map(|i| of[*i][half]).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(x, half), mean(y, 1 - half));
    rows.iter().map(|i| (x[*i][half] - mean_x) * (y[*i][1 - half] - mean_y)).sum::<f64>() / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::normal_quantile;
    use std::f64::consts::PI;

    /// Evaluates a function of uniforms with noise of this standard deviation in each half, and a shift that all rows
    /// share.
    fn sample(inputs: &[&'static str], n: u64, noise: f64, f: impl Fn(&dyn Fn(&str) -> f64) -> f64) -> SobolSample {
        let uniform =
            |name: &'static str, which: u64, row: u64| RandomStream::new(3, which, Purpose::new(name), row).uniform();
        let mut index = 0;
        let mut evaluate = |values: &[(&str, f64)]| {
            index += 1;
            let y = f(&|name: &str| values.iter().find(|(known, _)| *known == name).unwrap().1);
            let mut stream = RandomStream::new(3, 9, Purpose::new("noise"), index);
            [0, 1].map(|half| {
                let shift = if half == 0 { 5.0 } else { -3.0 };
                y + shift + noise * normal_quantile(stream.uniform().clamp(1e-9, 1.0 - 1e-9))
            })
        };
        let mut found = SobolSample { mixed: vec![Vec::new(); inputs.len()], ..SobolSample::default() };
        for row in 0..n {
            let a: Vec<(&str, f64)> = inputs.iter().map(|name| (*name, uniform(name, 0, row))).collect();
            let b: Vec<(&str, f64)> = inputs.iter().map(|name| (*name, uniform(name, 1, row))).collect();
            found.a.push(evaluate(&a));
            found.b.push(evaluate(&b));
            for i in 0..inputs.len() {
                let mut mixed = b.clone();
                mixed[i] = a[i];
                found.mixed[i].push(evaluate(&mixed));
            }
        }
        found
    }

    fn ishigami(x: &dyn Fn(&str) -> f64) -> f64 {
        let at = |name| PI * (2.0 * x(name) - 1.0);
        at("x1").sin() + 7.0 * at("x2").sin().powi(2) + 0.1 * at("x3").powi(4) * at("x1").sin()
    }

    #[test]
    fn ishigami_has_its_known_indices_with_and_without_noise() {
        // a = 7, b = 0.1: V = a²/8 + b π⁴/5 + b² π⁸/18 + 1/2 = 13.845; V1 = (1 + b π⁴/5)² / 2 = 4.346; V2 = a²/8 = 6.125;
        // V13 = b² π⁸ (1/18 - 1/50) = 3.374. Noise of standard deviation 3 in a half adds 4.5 to the variance of a row.
        let v = 13.845;
        let (first, total) = ([4.346 / v, 6.125 / v, 0.0], [(4.346 + 3.374) / v, 6.125 / v, 3.374 / v]);
        for noise in [0.0, 3.0] {
            let found = sample(&["x1", "x2", "x3"], 6000, noise, ishigami).indices(0.99, 1).unwrap();
            assert!((found.variance / v - 1.0).abs() < 0.06, "{found:?}");
            assert!((found.noise - noise * noise / 2.0).abs() < 0.4, "{found:?}");
            for (index, truth) in found.first.iter().zip(first).chain(found.total.iter().zip(total)) {
                assert!(index.interval.contains(truth), "{index:?} {truth} noise {noise}");
                assert!((index.value - truth).abs() < 0.08, "{index:?} {truth} noise {noise}");
            }
        }
    }

    #[test]
    fn a_linear_model_has_indices_in_the_ratio_of_its_squares_in_any_order_of_inputs() {
        // y = 3 u + 2 v + w: shares 9, 4, 1 of 14, first-order and total alike.
        let model = |x: &dyn Fn(&str) -> f64| 3.0 * x("u") + 2.0 * x("v") + x("w");
        let found = sample(&["u", "v", "w"], 4000, 0.5, model).indices(0.99, 1).unwrap();
        for (k, truth) in [9.0 / 14.0, 4.0 / 14.0, 1.0 / 14.0].into_iter().enumerate() {
            assert!(
                (found.first[k].value - truth).abs() < 0.06 && found.first[k].interval.contains(truth),
                "{found:?}"
            );
            assert!(
                (found.total[k].value - truth).abs() < 0.06 && found.total[k].interval.contains(truth),
                "{found:?}"
            );
        }
        let plain = |inputs: &[&'static str]| sample(inputs, 500, 0.0, model).indices(0.9, 1).unwrap();
        let (one, other) = (plain(&["u", "v", "w"]), plain(&["w", "u", "v"]));
        for (k, j) in [(0, 1), (1, 2), (2, 0)] {
            assert!((one.first[k].value - other.first[j].value).abs() < 1e-9);
            assert!((one.total[k].value - other.total[j].value).abs() < 1e-9);
        }
    }

    #[test]
    fn noise_alone_has_no_indices() {
        let found = sample(&["u", "v"], 400, 1.0, |_| 0.0).indices(0.95, 1);
        assert_eq!(found, None);
    }
}
