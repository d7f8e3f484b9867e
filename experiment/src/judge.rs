//! Claims against counts: verdicts, and what decides them.

use crate::outcome::{ClaimResult, Counterexample, Verdict};
use crate::scenario::{Architecture, Claim, ClaimMetric, CopyModel, FrontDoor, Per, Scenario, Store, Unknown};
use crate::tally::{ClaimTally, Tally};
use crate::world::WorldDraws;
use drsim_models::recovery::Part;
use drsim_sim::statistics::sequential::SequentialRule;
use drsim_sim::statistics::{Interval, StratifiedRatio};

/// Judges one claim for one architecture, from what the replications counted so far say: the same verdict whether a run
/// was asked for that many or stopped there by itself. The sequential rule only decides when to stop; it is stricter at
/// every look, so what it decided is decided here too.
pub fn judge(
    scenario: &Scenario,
    tally: &Tally<'_>,
    architecture: usize,
    claim: usize,
    confidence: f64,
    seed: u64,
) -> ClaimResult {
    let asked = &scenario.claims[claim];
    let found = tally.claim(architecture, claim);
    let pooled = found.pooled();
    let estimate = found.estimate(confidence);
    let range = found.range().filter(|_| asked.share.is_some());
    let verdict = verdict(asked, &found, range, confidence);
    let behind = tally.claim_tally(architecture, claim);
    let design = &scenario.architectures[architecture];
    ClaimResult {
        claim: asked.name.clone(),
        says: asked.says.clone(),
        architecture: design.name.clone(),
        bound: bound_in_words(asked),
        per: per_in_words(asked.per).to_owned(),
        asked: asked.share,
        found: estimate.map(|e| e.value),
        interval: estimate.map(|e| (e.interval.low, e.interval.high)),
        range: found.range().map(|r| (r.low, r.high)),
        n: pooled.cases(),
        verdict,
        decided_by: match verdict {
            Verdict::Depends => deciding_input(scenario, &found, seed),
            Verdict::NotEstimated | Verdict::NoCases => String::new(),
            _ => deciding_part(asked, design, behind),
        },
        counterexample: behind
            .smallest_counterexample
            .filter(|_| matches!(verdict, Verdict::Fails | Verdict::Depends | Verdict::Undecided))
            .map(|(replication, value, items)| counterexample(asked, replication, value, items)),
    }
}

/// The sequential rules of the claims that a run may stop for: index of the claim, and its rule.
pub fn rules(scenario: &Scenario, confidence: f64) -> Vec<(usize, SequentialRule)> {
    let judged = scenario.claims.iter().enumerate().filter(|(_, c)| c.metric != ClaimMetric::DrPremium);
    let shares: Vec<(usize, f64)> =
        judged.filter_map(|(i, c)| Some((i, c.share?))).filter(|(_, share)| *share > 0.0 && *share < 1.0).collect();
    let count = shares.len() as u32;
    shares.into_iter().map(|(i, share)| (i, SequentialRule::new(share, 1.0 - confidence, count))).collect()
}

fn verdict(asked: &Claim, found: &StratifiedRatio, range: Option<Interval>, confidence: f64) -> Verdict {
    let pooled = found.pooled();
    if asked.metric == ClaimMetric::DrPremium {
        return Verdict::NotEstimated;
    }
    let (Some(ratio), Some(estimate)) = (pooled.ratio(), found.estimate(confidence)) else { return Verdict::NoCases };
    let Some(share) = asked.share else {
        return if pooled.successes() < pooled.cases() { Verdict::Fails } else { Verdict::NoCounterexample };
    };
    if range.is_some_and(|r| r.low < share && share <= r.high) {
        return Verdict::Depends;
    }
    if estimate.interval.contains(share) {
        Verdict::Undecided
    } else if ratio >= share {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// The bound of a claim, such as "< 60 s".
pub fn bound_in_words(claim: &Claim) -> String {
    let sign = if claim.inclusive { "<=" } else { "<" };
    match claim.metric {
        ClaimMetric::DrPremium => format!("{sign} {} %", claim.bound * 100.0),
        ClaimMetric::DowntimeMinutes => format!("{sign} {} min", claim.bound),
        _ => format!("{sign} {} s", claim.bound),
    }
}

/// What one case is, in data files.
pub fn per_in_words(per: Per) -> &'static str {
    match per {
        Per::Incident => "incident",
        Per::Year => "year",
        Per::Client => "client",
    }
}

fn counterexample(claim: &Claim, replication: u64, value: f64, items: u64) -> Counterexample {
    let words = match (claim.metric, claim.store) {
        (ClaimMetric::DataLossWindowSeconds, Some(Store::Objects)) => {
            format!("{items} file{} without a copy, the oldest {value:.1} s old", if items == 1 { "" } else { "s" })
        }
        (ClaimMetric::DataLossWindowSeconds, _) => {
            format!("{items} row{} lost, the oldest {value:.1} s old", if items == 1 { "" } else { "s" })
        }
        (ClaimMetric::DowntimeMinutes, _) => format!("{value:.1} minutes down in the year"),
        _ => format!("recovered after {value:.1} s"),
    };
    Counterexample { replication, value, words }
}

/// What the claim hangs on: the part that is longest in most cases that break it, or what limits the store.
fn deciding_part(claim: &Claim, design: &Architecture, behind: &ClaimTally) -> String {
    match (claim.metric, claim.store) {
        (ClaimMetric::DataLossWindowSeconds, Some(Store::Objects)) => match &design.copy {
            Some(CopyModel::Service { replication_time_control: true }) => "S3 copy delay (with RTC)".into(),
            Some(CopyModel::Service { .. }) => "S3 copy delay (without RTC)".into(),
            Some(CopyModel::Link { throughput, streams }) => {
                format!("queue on {streams} x {} Mbps", throughput.value / 1e6)
            }
            None => "no copy elsewhere".into(),
        },
        (ClaimMetric::DataLossWindowSeconds, _) => "replica lag at the cut".into(),
        (ClaimMetric::RecoveryTimeSeconds, _) if behind.parts.cases > 0 => {
            // The part that is longest most often: a mean would speak of the few outages of both regions.
            let longest = Part::ALL.into_iter().max_by_key(|part| behind.parts.longest[*part as usize]);
            part_in_words(longest.unwrap_or(Part::Undetected), design).into()
        }
        _ => String::new(),
    }
}

fn part_in_words(part: Part, design: &Architecture) -> &'static str {
    match part {
        Part::Undetected => "detection",
        Part::Undecided => "decision to promote",
        Part::Promoting => "database promotion",
        Part::Reconnecting => "reconnecting to the new writer",
        Part::Routing => match design.front_door {
            FrontDoor::Accelerator => "accelerator reroute",
            FrontDoor::Direct => "DNS answers cached by resolvers",
            FrontDoor::Cloudfront | FrontDoor::OriginGroup | FrontDoor::Hybrid => "DNS answers cached at the edge",
        },
        Part::Draining => "open connections",
        Part::Warming => "capacity of the survivor",
        Part::WaitingForRepair => "waiting for the repair",
    }
}

/// The unknown whose value goes most with the found share over worlds (Spearman's rank correlation).
fn deciding_input(scenario: &Scenario, found: &StratifiedRatio, seed: u64) -> String {
    let strata: Vec<(u64, f64)> =
        found.strata().iter().enumerate().filter_map(|(w, s)| Some((w as u64, s.ratio()?))).collect();
    let shares = ranks(&strata.iter().map(|(_, share)| *share).collect::<Vec<_>>());
    // Below this, the largest of so many correlations may be chance (100 worlds: standard error 0.1).
    let mut best = (0.3, "no single input".to_owned());
    for unknown in &scenario.unknowns {
        let (path, values): (_, Vec<f64>) = match unknown {
            Unknown::Number(input) => {
                (&input.path, strata.iter().map(|(w, _)| WorldDraws::new(seed, *w).number(input)).collect())
            }
            Unknown::Count(count) => {
                (&count.path, strata.iter().map(|(w, _)| WorldDraws::new(seed, *w).rate(count)).collect())
            }
        };
        let correlation = correlation(&ranks(&values), &shares).abs();
        if correlation > best.0 {
            best = (correlation, path.clone());
        }
    }
    best.1
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        let first = order.iter().position(|i| i == &tied[0]).unwrap_or(0);
        for &i in tied {
            ranks[i] = first as f64 + 0.5 * (tied.len() as f64 - 1.0);
        }
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let product: f64 = a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum();
    let square = |v: &[f64], mean: f64| v.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    let scale = libm::sqrt(square(a, mean_a) * square(b, mean_b));
    if scale > 0.0 { product / scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlation_sees_any_rising_relation_and_shares_ranks_among_ties() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0]), vec![1.5, 0.0, 1.5]);
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|v| v.powi(3)).collect();
        assert!((correlation(&ranks(&x), &ranks(&y)) - 1.0).abs() < 1e-12);
        assert!(correlation(&x, &[3.0; 50]).abs() < 1e-12);
    }
}
