//! What is asked of a setting: how often a claim is met, or a metric of `metrics.csv`.

use crate::outcome::MetricRow;
use crate::scenario::{Claim, ClaimMetric, Scenario};
use crate::scenario_file::reader::similar;

/// Metrics that have no row where nothing happened that they speak of.
const ABSENT_WITHOUT_A_CASE: [&str; 7] = [
    "recovery_time_seconds",
    "client_recovery_time_seconds",
    "data_loss_window_seconds",
    "required_quota_",
    "joint_quota_",
    "first_bottleneck_",
    "time_above_capacity_seconds",
];

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The share of cases that meet the claim of this index.
    Claim(usize),
    /// One row of the metrics.
    Metric(Metric),
}

/// A row of the metrics by its name and whatever else tells it from others: "`recovery_time_seconds` read p95".
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// As it was asked for.
    pub asked: String,
    name: String,
    words: Vec<String>,
}

impl Metric {
    /// Reads what follows `--metric`: a name, then words in any order.
    ///
    /// # Errors
    /// When there is no name.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split([' ', ',', '/', ':']).filter(|w| !w.is_empty()).map(str::to_owned);
        let name = words.next().ok_or("expected a metric such as \"recovery_time_seconds read p95\"")?;
        Ok(Self { asked: text.trim().to_owned(), name, words: words.collect() })
    }

    /// The row of an architecture that it means; `None` where nothing happened that it speaks of.
    ///
    /// # Errors
    /// When there is no such metric, or several rows of it are meant.
    pub fn find<'r>(&self, rows: &'r [MetricRow], architecture: &str) -> Result<Option<&'r MetricRow>, String> {
        let own = || rows.iter().filter(|row| row.architecture == architecture);
        let named = || own().filter(|row| row.metric == self.name);
        if named().next().is_none() {
            if ABSENT_WITHOUT_A_CASE.iter().any(|start| self.name.starts_with(start)) {
                return Ok(None);
            }
            let hint = similar(&self.name, own().map(|row| row.metric.as_str())).unwrap_or_else(|| {
                let mut known: Vec<&str> = own().map(|row| row.metric.as_str()).collect();
                known.dedup();
                format!("there are {}", known.join(", "))
            });
            return Err(format!("no metric `{}`; {hint}", self.name));
        }
        let parts = |row: &'r MetricRow| {
            [&row.population, &row.operation, &row.store, &row.cause, &row.per, &row.statistic].map(String::as_str)
        };
        let mut left: Vec<&MetricRow> =
            named().filter(|r| self.words.iter().all(|w| parts(r).contains(&&**w))).collect();
        // What was not asked for is everybody and everything, where there is such a row.
        let everything = |part: &str| part.is_empty() || part == "overall";
        for k in 0..4 {
            let kept: Vec<&MetricRow> = left.iter().copied().filter(|row| everything(parts(row)[k])).collect();
            let asked =
                left.iter().any(|row| !everything(parts(row)[k]) && self.words.iter().any(|w| w == parts(row)[k]));
            if !kept.is_empty() && !asked {
                left = kept;
            }
        }
        match left.as_slice() {
            [one] => Ok(Some(one)),
            several => {
                let of = if several.is_empty() { named().collect() } else { left.clone() };
                let mut words: Vec<&str> = of.iter().flat_map(|r| parts(r)).filter(|w| !w.is_empty()).collect();
                words.retain(|word| !of.iter().all(|r| parts(r).contains(word)));
                words.sort_unstable();
                words.dedup();
                let what = if several.is_empty() { "no row" } else { "several rows" };
                Err(format!("`{}` names {what}; add one of {}", self.asked, words.join(", ")))
            }
        }
    }
}

/// The claim of this name.
///
/// # Errors
/// When there is none, or drsim does not estimate it yet.
pub fn claim(scenario: &Scenario, name: &str) -> Result<usize, String> {
    let names = || scenario.claims.iter().map(|c| c.name.as_str());
    let found = names().position(|n| n == name).ok_or_else(|| {
        let hint =
            similar(name, names()).unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")));
        format!("no claim `{name}`; {hint}")
    })?;
    if is_estimated(&scenario.claims[found]) { Ok(found) } else { Err(format!("claim `{name}` is not estimated")) }
}

/// Whether simulation says anything about a claim.
pub fn is_estimated(claim: &Claim) -> bool {
    claim.metric != ClaimMetric::DrPremium
}

/// The architecture of this name.
///
/// # Errors
/// When there is none.
pub fn architecture(scenario: &Scenario, name: &str) -> Result<usize, String> {
    let names = || scenario.architectures.iter().map(|a| a.name.as_str());
    names().position(|n| n == name).ok_or_else(|| {
        let hint =
            similar(name, names()).unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")));
        format!("no architecture `{name}`; {hint}")
    })
}
