//! The Pareto front: designs that no other beats in cost, recovery, data loss and latency at once.
//!
//! Recovery enters as minutes down a year, which weighs how often with how long: a percentile over its own incidents
//! would punish a design that only the worst outages interrupt. Data loss enters as files and as rows left behind at
//! cuts. A design dominates another if it is nowhere worse and somewhere better; that is *sure* where every difference
//! is exactly none or its paired interval leaves out 0.

use super::{Duel, figure};
use crate::outcome::{Bill, Figure, LatencyResult};
use crate::scenario::{Operation, Scenario};
use serde::{Deserialize, Serialize};

/// Costs within this share of each other count as equal: no bill is known better before it is paid. Basis: estimated.
const COST_TOLERANCE: f64 = 0.01;

/// What is held against each other; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Bill and people in a year, in the scenario's own currency; people where they are estimated.
    CostAYear,
    /// Minutes a year below the minimum service level.
    DowntimeMinutes,
    /// Files left behind at cuts, a year.
    FilesLeftBehind,
    /// Rows left behind at cuts, a year.
    RowsLeftBehind,
    /// P95 of dynamic reads in normal times \[s\], mean over populations weighted by users.
    LatencyP95,
}

impl Objective {
    /// All of them, as they are shown.
    pub const ALL: [Self; 5] =
        [Self::CostAYear, Self::DowntimeMinutes, Self::FilesLeftBehind, Self::RowsLeftBehind, Self::LatencyP95];

    /// The row of a duel that compares it.
    fn row(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::DowntimeMinutes => Some(("downtime_minutes", "")),
            Self::FilesLeftBehind => Some(("items_left_behind", "objects")),
            Self::RowsLeftBehind => Some(("items_left_behind", "database")),
            Self::CostAYear | Self::LatencyP95 => None,
        }
    }
}

/// One design on or behind the front.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// Architecture.
    pub architecture: String,
    /// In the order of [`Objective::ALL`].
    pub values: Vec<Figure>,
    /// Designs that are nowhere worse and somewhere better, those that surely are first; empty: on the front.
    pub dominated_by: Vec<Dominance>,
}

/// What dominates a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dominance {
    /// The better design.
    pub by: String,
    /// Whether every difference is beyond its interval; otherwise more years would tell.
    pub sure: bool,
    /// In what it is better.
    pub better_in: Vec<Objective>,
}

/// Where every design stands but those that are only an assumption about another; nothing unless there are two to compare.
pub(crate) fn front(
    scenario: &Scenario,
    duels: &[Duel],
    costs: &[Figure],
    bills: &[Bill],
    latency: &[LatencyResult],
    assumptions: &[&str],
) -> Vec<Standing> {
    if scenario.architectures.len() < 2 {
        return Vec::new();
    }
    let means = |name: &str, objective: Objective| {
        let (metric, store) = objective.row()?;
        duels.iter().find_map(|duel| {
            let means = duel.row(metric, "year", "", store)?.means.as_ref()?;
            if duel.architecture == name { Some(means.a) } else { (duel.against == name).then_some(means.b) }
        })
    };
    let standings = scenario.architectures.iter().zip(costs.iter().zip(bills)).map(|(architecture, (cost, bill))| {
        let name = &architecture.name;
        let value = |objective| match objective {
            // A bill with lines that have no price is too low to be compared.
            Objective::CostAYear if bill.unpriced > 0 => Figure::default(),
            Objective::CostAYear => *cost,
            Objective::LatencyP95 => latency_of(scenario, name, latency),
            other => means(name, other).unwrap_or_default(),
        };
        let values = Objective::ALL.map(value).to_vec();
        Standing { architecture: name.clone(), values, dominated_by: Vec::new() }
    });
    let mut standings: Vec<Standing> = standings.collect();
    // An assumption about the same design cannot beat it.
    standings.retain(|standing| !assumptions.contains(&standing.architecture.as_str()));
    for i in 0..standings.len() {
        let others = standings.iter().enumerate().filter(|(j, _)| *j != i);
        let mut found: Vec<Dominance> =
            others.filter_map(|(_, other)| dominates(other, &standings[i], duels)).collect();
        found.sort_by_key(|dominance| !dominance.sure);
        standings[i].dominated_by = found;
    }
    standings
}

/// P95 of dynamic reads in normal times, mean over populations weighted by users.
fn latency_of(scenario: &Scenario, name: &str, latency: &[LatencyResult]) -> Figure {
    let users: f64 = scenario.populations.iter().map(|p| p.users.value).sum();
    let mut sum = (0.0, 0.0, 0.0);
    let mut n = 0;
    for population in &scenario.populations {
        let is = |l: &&LatencyResult| {
            l.architecture == name
                && l.population == population.name
                && l.operation == Operation::DynamicRead.name()
                && l.when == "normal"
        };
        let p95 = latency.iter().find(is).map(|l| l.percentiles[1]);
        let Some((value, (low, high))) = p95.and_then(|f| f.estimate.zip(f.interval)) else { return Figure::default() };
        let weight = population.users.value / users;
        sum = (sum.0 + weight * value, sum.1 + weight * low, sum.2 + weight * high);
        n += p95.map_or(0, |f| f.n);
    }
    if n == 0 {
        return Figure::default();
    }
    Figure { estimate: Some(sum.0), interval: Some((sum.1, sum.2)), range: None, n }
}

/// The value of the better design minus that of the other, with an interval; `None`: unknown on a side.
fn difference(better: &Standing, other: &Standing, k: usize, duels: &[Duel]) -> Option<Figure> {
    let (x, y) = (&better.values[k], &other.values[k]);
    let value = x.estimate? - y.estimate?;
    let paired = Objective::ALL[k].row().and_then(|(metric, store)| {
        duels.iter().find_map(|duel| {
            let difference = duel.row(metric, "year", "", store)?.means.as_ref()?.difference;
            let is = |a: &str, b: &str| duel.architecture == a && duel.against == b;
            if is(&better.architecture, &other.architecture) {
                Some(difference)
            } else {
                let turn = |(low, high): (f64, f64)| (-high, -low);
                is(&other.architecture, &better.architecture).then(|| Figure {
                    estimate: difference.estimate.map(|d| -d),
                    interval: difference.interval.map(turn),
                    ..difference
                })
            }
        })
    });
    let apart = x.interval.zip(y.interval).map(|(x, y)| (x.0 - y.1, x.1 - y.0));
    Some(paired.unwrap_or(Figure { interval: apart, ..figure(None, 0) })).map(|d| Figure { estimate: Some(value), ..d })
}

fn dominates(better: &Standing, other: &Standing, duels: &[Duel]) -> Option<Dominance> {
    let (mut sure, mut better_in) = (true, Vec::new());
    for (k, objective) in Objective::ALL.into_iter().enumerate() {
        let unknown = |standing: &Standing| standing.values[k].estimate.is_none();
        if unknown(better) && unknown(other) {
            continue;
        }
        let difference = difference(better, other, k, duels)?;
        let value = difference.estimate?;
        let size = other.values[k].estimate.map_or(0.0, f64::abs);
        let tolerance = if objective == Objective::CostAYear { COST_TOLERANCE } else { 1e-9 };
        if value.abs() <= tolerance * size {
            continue;
        }
        if value > 0.0 {
            return None;
        }
        sure &= difference.interval.is_some_and(|(_, high)| high < 0.0);
        better_in.push(objective);
    }
    (!better_in.is_empty()).then(|| Dominance { by: better.architecture.clone(), sure, better_in })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(name: &str, values: [(f64, f64); 5]) -> Standing {
        let figure = |(value, half): (f64, f64)| Figure {
            estimate: Some(value),
            interval: Some((value - half, value + half)),
            range: None,
            n: 100,
        };
        Standing { architecture: name.into(), values: values.map(figure).to_vec(), dominated_by: Vec::new() }
    }

    #[test]
    fn who_is_nowhere_worse_and_somewhere_better_dominates() {
        let a = standing("a", [(10.0, 0.0), (5.0, 1.0), (0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]);
        let b = standing("b", [(12.0, 0.0), (9.0, 1.0), (0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]);
        let found = dominates(&a, &b, &[]).unwrap();
        assert!(found.sure && found.better_in == [Objective::CostAYear, Objective::DowntimeMinutes]);
        assert_eq!(dominates(&b, &a, &[]), None);
        assert_eq!(dominates(&a, &a, &[]), None, "equal is not better");
        let dear = standing("c", [(20.0, 0.0), (1.0, 0.5), (0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]);
        assert_eq!(dominates(&a, &dear, &[]), None, "it costs more and is down less");
    }

    #[test]
    fn a_difference_within_its_interval_is_not_sure() {
        let a = standing("a", [(10.0, 0.0), (5.0, 3.0), (0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]);
        let b = standing("b", [(12.0, 0.0), (9.0, 3.0), (0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]);
        assert!(!dominates(&a, &b, &[]).unwrap().sure);
    }
}
