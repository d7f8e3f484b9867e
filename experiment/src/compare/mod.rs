//! Designs against each other, on the same chance: every pair year by year and outage by outage (the *duel*), and which
//! designs no other beats in every respect (the *front*).
//!
//! Outages are drawn once; incidents follow from them design by design. So years and outages are paired, incidents are
//! not: an outage counts where it interrupts at least one of the two, with the time from its own onset until everything
//! is served again, 0 for a design that it does not interrupt, and what is left of an earlier incident that it fell into.

mod count;
pub mod differences;
pub mod front;

pub(crate) use count::{Pairs, Year};

use crate::outcome::Figure;
use drsim_sim::statistics::{Estimate, PairedCases, PairedSketch};
use serde::{Deserialize, Serialize};

/// Designs of which every pair is compared; of more, each with the baseline and the proposed one only.
pub const ALL_PAIRS_UP_TO: usize = 10;

/// Percentiles of times and windows, alike from both ends: what A gains in one case of twenty is what B loses in it.
const PERCENTILES: [(f64, &str); 5] = [(0.01, "p1"), (0.05, "p5"), (0.5, "p50"), (0.95, "p95"), (0.99, "p99")];

/// What is compared. Smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// As in `metrics.csv`.
    pub metric: &'static str,
    /// Operation, "overall", or empty.
    pub operation: &'static str,
    /// Store, or empty.
    pub store: &'static str,
    /// "year" or "outage".
    pub per: &'static str,
    /// Unit.
    pub unit: &'static str,
}

const fn of_year(metric: &'static str, store: &'static str, unit: &'static str) -> Measure {
    Measure { metric, operation: "", store, per: "year", unit }
}

const fn of_outage(metric: &'static str, operation: &'static str, store: &'static str) -> Measure {
    Measure { metric, operation, store, per: "outage", unit: "s" }
}

/// Everything that is compared.
pub const MEASURES: [Measure; 11] = [
    // The year's worst; a year without an incident counts as 0.
    of_year("recovery_time_seconds", "", "s"),
    of_year("downtime_minutes", "", "min/year"),
    of_year("failed_requests", "", "requests/year"),
    of_year("items_left_behind", "objects", "files/year"),
    of_year("items_left_behind", "database", "rows/year"),
    // In the scenario's own currency; only where it says what an hour costs.
    of_year("loss", "", "currency/year"),
    of_outage("recovery_time_seconds", "overall", ""),
    of_outage("recovery_time_seconds", "read", ""),
    of_outage("recovery_time_seconds", "write", ""),
    // Outages at which both designs cut over.
    of_outage("data_loss_window_seconds", "", "objects"),
    of_outage("data_loss_window_seconds", "", "database"),
];

/// How many of [`MEASURES`] are of years; they come first.
pub(crate) const OF_YEARS: usize = 6;

/// Two designs against each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Duel {
    /// A.
    pub architecture: String,
    /// B.
    pub against: String,
    /// What was compared, where there were cases.
    pub rows: Vec<DuelRow>,
}

/// One measure of two designs that met the same chance; smaller is better.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DuelRow {
    /// As in `metrics.csv`.
    pub metric: String,
    /// Operation, "overall", or empty.
    pub operation: String,
    /// Store, or empty.
    pub store: String,
    /// What one case is: "year", or "outage" that interrupts at least one of the two.
    pub per: String,
    /// Unit.
    pub unit: String,
    /// P(A better), with its interval; the three sum to one.
    pub a_better: Figure,
    /// P(tie).
    pub tie: Figure,
    /// P(B better).
    pub b_better: Figure,
    /// Means of A, of B and of their difference A - B, the last from pairs; empty where a case has no end.
    pub means: Option<Means>,
    /// Cases without an end on a side, for which no mean exists.
    pub without_end: u64,
    /// Percentiles, per outage only.
    pub percentiles: Vec<Percentile>,
}

/// Means per case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Means {
    /// Of A.
    pub a: Figure,
    /// Of B.
    pub b: Figure,
    /// Of A - B, case by case.
    pub difference: Figure,
    /// Measured: (Var A + Var B) / Var(A - B). So many times as many years two runs with chance of their own would need
    /// for the same interval; below 1 pairing does harm. `None`: the two never differ.
    pub variance_ratio: Option<f64>,
}

/// One percentile. The last two are different things: neither follows from the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Percentile {
    /// p1, p5, p50, p95, p99.
    pub statistic: String,
    /// Of A.
    pub a: Figure,
    /// Of B.
    pub b: Figure,
    /// The percentile of A minus the percentile of B: two distributions compared.
    pub difference_of_percentiles: Figure,
    /// The percentile of A - B, case by case: one distribution of differences.
    pub percentile_of_differences: Figure,
}

/// An estimate as outcomes hold it; `n` are the cases.
pub(crate) fn figure(estimate: Option<Estimate>, n: u64) -> Figure {
    Figure {
        estimate: estimate.map(|e| e.value),
        interval: estimate.map(|e| (e.interval.low, e.interval.high)),
        range: None,
        n,
    }
}

/// A row from what was counted, with percentiles where there is a sketch; `None` without a case.
pub(crate) fn row(
    measure: &Measure,
    cases: &PairedCases,
    sketch: Option<&PairedSketch>,
    level: f64,
) -> Option<DuelRow> {
    let n = cases.count();
    let [a_better, tie, b_better] = cases.shares(level)?.map(|share| figure(Some(share), n));
    let means = cases.means(level).map(|means| Means {
        a: figure(Some(means.a), n),
        b: figure(Some(means.b), n),
        difference: figure(Some(means.difference), n),
        variance_ratio: means.variance_ratio,
    });
    let percentile = |sketch: &PairedSketch, (p, statistic): (f64, &str)| {
        let found = sketch.quantile(p, level);
        Percentile {
            statistic: statistic.to_owned(),
            a: figure(found.a, n),
            b: figure(found.b, n),
            difference_of_percentiles: figure(found.difference_of_percentiles, n),
            percentile_of_differences: figure(found.percentile_of_differences, n),
        }
    };
    let percentiles = sketch.map_or_else(Vec::new, |sketch| PERCENTILES.map(|p| percentile(sketch, p)).into());
    Some(DuelRow {
        metric: measure.metric.into(),
        operation: measure.operation.into(),
        store: measure.store.into(),
        per: measure.per.into(),
        unit: measure.unit.into(),
        a_better,
        tie,
        b_better,
        means,
        without_end: cases.unbounded(),
        percentiles,
    })
}

/// Two designs of an outcome as they were asked for; `None`: they were not compared.
pub fn duel(duels: &[Duel], a: &str, b: &str) -> Option<Duel> {
    let is = |duel: &&Duel, a: &str, b: &str| duel.architecture == a && duel.against == b;
    let stored = duels.iter().find(|duel| is(duel, a, b)).cloned();
    stored.or_else(|| duels.iter().find(|duel| is(duel, b, a)).map(Duel::turned))
}

impl Duel {
    /// The row of a measure.
    pub fn row(&self, metric: &str, per: &str, operation: &str, store: &str) -> Option<&DuelRow> {
        let is =
            |row: &&DuelRow| row.metric == metric && row.per == per && row.operation == operation && row.store == store;
        self.rows.iter().find(is)
    }

    /// The same seen from the other side: A and B change places.
    pub fn turned(&self) -> Self {
        let minus = |f: &Figure| Figure {
            estimate: f.estimate.map(|x| 0.0 - x),
            interval: f.interval.map(|(low, high)| (0.0 - high, 0.0 - low)),
            ..*f
        };
        let turned = |(own, mirrored): (&Percentile, &Percentile)| Percentile {
            statistic: own.statistic.clone(),
            a: own.b,
            b: own.a,
            difference_of_percentiles: minus(&own.difference_of_percentiles),
            percentile_of_differences: minus(&mirrored.percentile_of_differences),
        };
        let row = |row: &DuelRow| DuelRow {
            a_better: row.b_better,
            b_better: row.a_better,
            means: row.means.as_ref().map(|m| Means {
                a: m.b,
                b: m.a,
                difference: minus(&m.difference),
                variance_ratio: m.variance_ratio,
            }),
            // The other side's P95 of differences is this side's P5, with the sign changed.
            percentiles: row.percentiles.iter().zip(row.percentiles.iter().rev()).map(turned).collect(),
            ..row.clone()
        };
        Self {
            architecture: self.against.clone(),
            against: self.architecture.clone(),
            rows: self.rows.iter().map(row).collect(),
        }
    }
}
