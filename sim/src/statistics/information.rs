//! What is it worth to know an input before choosing between two options? The expected value of partial perfect
//! information.
//!
//! In world i the first option gains `y_i` over the second, perhaps with noise, and the input lies at `x_i` of its own range
//! (a probability). Without knowing it one takes what is better on average: max(0, E y). Knowing it, what is better given it:
//! E max(0, E[y | x]). The difference is never negative, and 0 where no value of the input would change the choice.
//!
//! E[y | x] is a regression over worlds (Strong, Oakley and Brennan 2014), here a cubic in the normal score of x: all that
//! is not x, the noise of y too, is residual. The choice in a world is taken from the regression over the other folds, what
//! it gains from that world's own y. So a choice that merely fits the noise gains nothing on average, where averaging the
//! regression's own maximum would call every input worth something. It is held against the better option over all worlds,
//! this one included, which flatters not knowing. What is estimated is thus the gain of the choice that this many worlds
//! teach, which is at most that of the best one.

use super::{Interval, normal_quantile};

/// Parts of the sample whose choice is taken from the others.
const FOLDS: usize = 10;

/// Terms of the cubic.
const TERMS: usize = 4;

/// Worlds below which there is no saying.
const LEAST: usize = 30;

/// What knowing an input gains, in the unit of y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InformationValue {
    /// Estimate; never below 0.
    pub value: f64,
    /// Normal interval of the mean over worlds, never below 0.
    pub interval: Interval,
    /// Share of the worlds in which knowing the input changes the choice.
    pub changes: f64,
}

/// Of the worlds (place of the input in its own range, gain of the first option over the second). `None` with too few.
///
/// # Panics
/// Unless every place lies between 0 and 1.
pub fn value_of_information(worlds: &[(f64, f64)], level: f64) -> Option<InformationValue> {
    let n = worlds.len();
    if n < LEAST {
        return None;
    }
    let fits: Vec<Fit> = (0..FOLDS).map(|fold| Fit::without(fold, worlds)).collect();
    let unknown = worlds.iter().map(|(_, y)| y).sum::<f64>() > 0.0;
    let mut changed = 0_u32;
    let gains: Vec<f64> = worlds
        .iter()
        .enumerate()
        .map(|(i, (x, y))| {
            let known = fits[i % FOLDS].at(*x) > 0.0;
            changed += u32::from(known != unknown);
            *y * (f64::from(u8::from(known)) - f64::from(u8::from(unknown)))
        })
        .collect();
    let mean = gains.iter().sum::<f64>() / n as f64;
    let variance = gains.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / (n - 1) as f64;
    let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(variance / n as f64);
    Some(InformationValue {
        value: mean.max(0.0),
        interval: Interval { low: (mean - half).max(0.0), high: (mean + half).max(0.0) },
        changes: f64::from(changed) / n as f64,
    })
}

/// A least-squares cubic.
struct Fit {
    terms: [f64; TERMS],
}

impl Fit {
    /// Over all folds but one.
    fn without(fold: usize, worlds: &[(f64, f64)]) -> Self {
        let mut gram = [[0.0; TERMS]; TERMS];
        let mut right = [0.0; TERMS];
        for (x, y) in worlds.iter().enumerate().filter(|(i, _)| i % FOLDS != fold).map(|(_, world)| world) {
            let basis = basis(*x);
            for (j, own) in basis.iter().enumerate() {
                right[j] += own * y;
                for (k, other) in basis.iter().enumerate() {
                    gram[j][k] += own * other;
                }
            }
        }
        Self { terms: solved(gram, right) }
    }

    fn at(&self, x: f64) -> f64 {
        self.terms.iter().zip(basis(x)).map(|(term, value)| term * value).sum()
    }
}

/// Hermite polynomials of the normal score: orthogonal over a sample of x, so that the least squares are well posed.
fn basis(x: f64) -> [f64; TERMS] {
    assert!((0.0..=1.0).contains(&x), "{x} is no place in a range");
    let z = normal_quantile(x.clamp(1e-6, 1.0 - 1e-6));
    [1.0, z, z * z - 1.0, z * (z * z - 3.0)]
}

/// Solves a symmetric positive definite system (Gauss, without pivoting); a direction without spread counts nothing.
fn solved(mut a: [[f64; TERMS]; TERMS], mut b: [f64; TERMS]) -> [f64; TERMS] {
    let scale = a[0][0];
    for j in 0..TERMS {
        if a[j][j] <= 1e-9 * scale {
            a[j] = [0.0; TERMS];
            (a[j][j], b[j]) = (1.0, 0.0);
            continue;
        }
        for k in j + 1..TERMS {
            let factor = a[k][j] / a[j][j];
            let row = a[j];
            a[k].iter_mut().zip(row).for_each(|(to, from)| *to -= factor * from);
            b[k] -= factor * b[j];
        }
    }
    let mut x = [0.0; TERMS];
    for j in (0..TERMS).rev() {
        let known: f64 = (j + 1..TERMS).map(|k| a[j][k] * x[k]).sum();
        x[j] = (b[j] - known) / a[j][j];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_stream::{Purpose, RandomStream};

    fn uniform(name: &'static str, seed: u64, i: u64) -> f64 {
        RandomStream::new(seed, 0, Purpose::new(name), i).uniform().clamp(1e-9, 1.0 - 1e-9)
    }

    fn density(z: f64) -> f64 {
        libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI)
    }

    fn below(z: f64) -> f64 {
        0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
    }

    /// E max(0, N(mu, s)) - max(0, mu): the closed form for a gain that is normal given what is learnt.
    fn closed_form(mu: f64, s: f64) -> f64 {
        s * density(mu / s) - mu.abs() * below(-mu.abs() / s)
    }

    /// Worlds of y = mean + own z(x) + next z(other) + noise.
    fn sample(seed: u64, n: u64, (mean, own, next, noise): (f64, f64, f64, f64)) -> [Vec<(f64, f64)>; 2] {
        let draw = |i: u64| {
            let places = ["x", "other", "noise"].map(|name| uniform(name, seed, i));
            let scores = places.map(normal_quantile);
            let y = mean + own * scores[0] + next * scores[1] + noise * scores[2];
            ((places[0], y), (places[1], y))
        };
        let (first, second) = (0..n).map(draw).unzip();
        [first, second]
    }

    #[test]
    fn a_normal_gain_has_the_value_of_its_closed_form_with_noise_and_without() {
        // sd(y) is at most sqrt(4 + 1 + 9) = 3.8; 40,000 worlds: 4 standard errors of 3.8 / 200 = 0.076 at most, less where
        // the choice seldom changes. 0.02 for the cubic's own 4 terms.
        for mu in [-1.5, 0.0, 0.7] {
            for noise in [0.0, 3.0] {
                let [x, other] = sample(1, 40_000, (mu, 2.0, 1.0, noise));
                for (worlds, s) in [(x, 2.0), (other, 1.0)] {
                    let found = value_of_information(&worlds, 0.99).unwrap();
                    let truth = closed_form(mu, s);
                    let within = 4.0 / 2.576 * 0.5 * found.interval.width() + 0.02;
                    assert!((found.value - truth).abs() < within, "{found:?} {truth} mu {mu} noise {noise}");
                }
            }
        }
    }

    #[test]
    fn intervals_of_a_hundred_worlds_contain_the_truth_as_often_as_they_say() {
        // 400 seeds at 95 %: 380, less four standard errors of sqrt(400 x 0.05 x 0.95) = 4.4, less 20 for what the choice of
        // a hundred worlds falls short of the best one.
        let truth = closed_form(-0.5, 2.0);
        let found = (0..400).filter(|seed| {
            let [x, _] = sample(*seed, 100, (-0.5, 2.0, 1.0, 1.0));
            value_of_information(&x, 0.95).unwrap().interval.contains(truth)
        });
        let found = found.count();
        assert!((342..=400).contains(&found), "{found} of 400");
    }

    #[test]
    fn an_input_that_decides_nothing_is_worth_nothing() {
        // y does not depend on x at all. With a mean far from 0 the choice never changes; at 0 it follows the noise, which
        // gains nothing.
        let nothing = |seed, mu| sample(seed, 100, (mu, 0.0, 1.0, 1.0))[0].clone();
        let far = value_of_information(&nothing(1, 8.0), 0.95).unwrap();
        assert_eq!((far.value, far.interval.high, far.changes), (0.0, 0.0, 0.0));
        let all: Vec<_> = (0..200).map(|s| value_of_information(&nothing(s, 0.0), 0.95).unwrap()).collect();
        let wrong = all.iter().filter(|v| v.interval.low > 0.0).count();
        // 2.5 % of 200 is 5; four standard errors of 2.2 more.
        assert!(wrong <= 14, "{wrong} of 200 intervals lie above 0");
    }

    #[test]
    fn a_gain_that_turns_twice_is_seen() {
        // y = z² - 1 changes sign at -1 and 1; E y = 0, and E max(0, z² - 1) = 2 density(1) = 0.4839.
        let worlds: Vec<(f64, f64)> = (0..20_000)
            .map(|i| {
                let x = uniform("x", 7, i);
                let z = normal_quantile(x);
                (x, z * z - 1.0)
            })
            .collect();
        let found = value_of_information(&worlds, 0.99).unwrap();
        assert!((found.value - 2.0 * density(1.0)).abs() < 0.03, "{found:?}");
        assert!((found.changes - 0.5).abs() < 0.2, "{found:?}");
    }

    #[test]
    fn too_few_worlds_say_nothing_and_an_input_without_spread_changes_nothing() {
        assert_eq!(value_of_information(&[(0.5, 1.0); 29], 0.95), None);
        let same = value_of_information(&[(0.5, 1.0); 60], 0.95).unwrap();
        assert_eq!((same.value, same.changes), (0.0, 0.0));
    }
}
