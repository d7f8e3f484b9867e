//! Does a fit predict what it has not seen? The page's part on values that were held out of it.

use crate::fit::{LEVEL, time, worth};
use crate::format::count;
use drsim_experiment::measurements::Measurements;
use drsim_sim::fit::held_out::{Covered, Score, score};
use drsim_sim::fit::{Error, Fit, Sample};
use std::fmt::Write as _;

/// Level of the intervals in which shares are expected.
const CONFIDENCE: f64 = 0.95;

/// Values held out, and what became of the percentiles.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The values.
    pub later: Measurements,
    /// The score.
    pub score: Score,
}

impl HeldOut {
    /// Scores a fit to a sample of so much worth on later values.
    ///
    /// # Errors
    /// When there are too few of them.
    pub(crate) fn new(
        fit: &Fit,
        (sample, worth_of_sample): (&Sample, f64),
        later: Measurements,
        seed: u64,
        rounds: u64,
    ) -> Result<Self, Error> {
        let held = Sample::new(later.observations.clone())?;
        let score = score(fit, (sample, &held), (worth_of_sample, worth(&later)), CONFIDENCE, seed, rounds);
        Ok(Self { later, score })
    }

    /// Whether the later values are as the fit predicts.
    pub fn is_predicted(&self) -> bool {
        self.score.p >= LEVEL
    }

    /// A table and a sentence on the family `best`.
    pub(crate) fn text(&self, best: &str) -> String {
        let n = count(self.later.observations.len() as u64);
        let when = self.later.span().map_or(String::new(), |(from, to)| format!(", {from} .. {to}"));
        let mut text = format!("HELD OUT  {n} values{when}\n");
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let mut line = |cells: [&str; 5]| {
            let [p, at, below, expected, word] = cells;
            _ = writeln!(text, "{}", format!("{p:<12}{at:>9}{below:>9}{expected:>14}  {word}").trim_end());
        };
        line(["", "at", "below", "expected", ""]);
        for covered in &self.score.percentiles {
            let Covered { p, value, found, expected } = covered;
            let word = if covered.is_expected() { "" } else { "outside" };
            let range = format!("{:.0} .. {}", 100.0 * expected.low, percent(expected.high));
            line([&format!("P{:.0}", 100.0 * p), &time(*value), &percent(*found), &range, word]);
        }
        let p = self.score.p;
        _ = writeln!(
            text,
            "  below: share of the values held out below that percentile of the fit; expected: {:.0} % interval if\n  \
             nothing changed, both samples drawn anew",
            100.0 * CONFIDENCE
        );
        let says = if self.is_predicted() {
            format!("{best} predicts them: a larger distance has a chance of {p:.2} where nothing changed.")
        } else {
            format!(
                "{best} does not predict them: a larger distance has a chance of {p:.3} where nothing changed.\n  \
                     Later values are of another kind; the ranges below say nothing of that."
            )
        };
        text + "  " + &says + "\n"
    }
}
