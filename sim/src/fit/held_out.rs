//! A fit scored on values that it has not seen.
//!
//! How often do later values lie below the percentiles of a fit to earlier ones? Even where nothing changed that is not
//! the percentile's own share: the percentile was fitted, and the values are few. Both are simulated: earlier and later
//! values are drawn from the fit, it is fitted anew to the earlier ones, and the later ones are scored.

use super::{Censoring, Family, Fit, Observation, Sample, goodness, kaplan_meier, maximum_likelihood, mixture};
use crate::random_stream::{Purpose, RandomStream};
use crate::statistics::Interval;
use rayon::prelude::*;

/// Percentiles that are scored.
pub const PERCENTILES: [f64; 5] = [0.25, 0.5, 0.75, 0.9, 0.95];

/// Later values against one percentile of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covered {
    /// The percentile, as a share.
    pub p: f64,
    /// Its value.
    pub value: f64,
    /// Share of the later values at or below it (Kaplan-Meier, where some are censored).
    pub found: f64,
    /// Where that share lies if nothing changed, at the level asked for.
    pub expected: Interval,
}

impl Covered {
    /// Whether the share is one to be expected if nothing changed.
    pub fn is_expected(&self) -> bool {
        self.expected.contains(self.found)
    }
}

/// How well a fit predicts what it has not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Each of [`PERCENTILES`].
    pub percentiles: Vec<Covered>,
    /// Chance of a larger distance between fit and later values (Kolmogorov-Smirnov) if nothing changed.
    pub p: f64,
}

/// Scores a fit to `sample` on `later` values. `rounds` pairs of samples are simulated; `worth` is how many independent
/// values each of the two is worth (its size, unless a series).
///
/// # Panics
/// If `rounds` is 0.
pub fn score(
    fit: &Fit,
    (sample, later): (&Sample, &Sample),
    worth: (f64, f64),
    level: f64,
    seed: u64,
    rounds: u64,
) -> Score {
    assert!(rounds > 0, "nothing would be simulated");
    let law = &fit.distribution;
    let below = |sample: &Sample, limits: &[f64]| -> Vec<f64> {
        let steps = kaplan_meier(sample);
        let share = |limit: &f64| match steps.partition_point(|(value, _)| value <= limit) {
            0 => 0.0,
            after => steps[after - 1].1,
        };
        limits.iter().map(share).collect()
    };
    let limits = PERCENTILES.map(|p| law.quantile(p));
    let found = below(later, &limits);
    let distance = goodness(law, later).kolmogorov_smirnov;

    let purpose = Purpose::of("held-out", fit.family.name());
    let cut = [Censoring::of(sample), Censoring::of(later)];
    let sizes = [worth.0, worth.1].map(|worth| (worth.round() as usize).max(2));
    let again = |round: u64| {
        let draw = |k: usize| {
            let mut stream = RandomStream::new(seed, round, purpose, k as u64);
            let one = |_| -> Observation {
                let value = law.sample_fast(&mut stream);
                cut[k].observe(value, &mut stream)
            };
            Sample::sorted((0..sizes[k]).map(one).collect())
        };
        let (earlier, later) = (draw(0), draw(1));
        let refitted = match fit.family {
            Family::Mixture => mixture::two_lognormals(&earlier, Some(law))?,
            family => maximum_likelihood(family, &earlier)?,
        };
        let shares = below(&later, &PERCENTILES.map(|p| refitted.quantile(p)));
        Some((shares, goodness(&refitted, &later).kolmogorov_smirnov))
    };
    let simulated: Vec<(Vec<f64>, f64)> = (0..rounds).into_par_iter().filter_map(again).collect();
    let larger = simulated.iter().filter(|(_, other)| *other >= distance).count();
    let covered = |(i, p): (usize, &f64)| {
        let mut shares: Vec<f64> = simulated.iter().map(|(shares, _)| shares[i]).collect();
        shares.sort_by(f64::total_cmp);
        // As much is left out at either end.
        let out = (0.5 * (1.0 - level) * shares.len() as f64) as usize;
        let at = |index: usize, else_: f64| shares.get(index).copied().unwrap_or(else_);
        let expected = Interval { low: at(out, 0.0), high: at(shares.len().saturating_sub(1 + out), 1.0) };
        Covered { p: *p, value: limits[i], found: found[i], expected }
    };
    Score {
        percentiles: PERCENTILES.iter().enumerate().map(covered).collect(),
        p: (1 + larger) as f64 / (1 + simulated.len()) as f64,
    }
}
