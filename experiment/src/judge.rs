//! Claims against counts: verdicts, and what decides them.

use crate::money::costs::Costs;
use crate::outcome::{Burst, ClaimResult, Counterexample, DecidingInput, Verdict};
use crate::quantity::{self, Unit};
use crate::scenario::{
    Architecture, Cause, Claim, ClaimMetric, CopyModel, Fate, FrontDoor, Per, Scenario, Store, Unknown,
};
use crate::tally::{ClaimTally, Tally};
use crate::world::WorldDraws;
use drsim_models::recovery::Part;
use drsim_sim::statistics::sequential::SequentialRule;
use drsim_sim::statistics::{Estimate, Interval, RatioSums, StratifiedRatio, spread};

/// Judges one claim for one architecture, from what the replications counted so far say: the same verdict whether a run
/// was asked for that many or stopped there by itself. The sequential rule only decides when to stop; it is stricter at
/// every look, so what it decided is decided here too.
pub fn judge(
    scenario: &Scenario,
    (tally, costs): (&Tally<'_>, Option<&Costs>),
    architecture: usize,
    claim: usize,
    confidence: f64,
    seed: u64,
) -> ClaimResult {
    let asked = &scenario.claims[claim];
    let costs = costs.filter(|_| asked.metric == ClaimMetric::DrPremium);
    let of_money = costs.is_some();
    let found = match costs {
        Some(costs) => costs.claim(architecture, asked, |world| tally.years_of(world)),
        None => tally.claim(architecture, claim),
    };
    let pooled = found.pooled();
    let estimate = found.estimate(confidence).map(|mut estimate| {
        if of_money {
            // A world's bill is known: nothing is left to the number of years.
            estimate.interval = Interval { low: estimate.value, high: estimate.value };
        }
        estimate
    });
    let over_worlds = if of_money {
        let known: Vec<(f64, f64)> = found.strata().iter().filter_map(|s| Some((s.ratio()?, 0.0))).collect();
        spread(&known)
    } else {
        found.range()
    };
    let range = over_worlds.filter(|_| asked.share.is_some());
    let mut verdict = verdict(asked, &pooled, estimate, range);
    // A bill without some of its prices is too low: what fails, fails; what seems to hold is not known to.
    let lacking = |a| costs.and_then(|costs| costs.lacks(a));
    let lacks = lacking(scenario.baseline).or_else(|| lacking(architecture));
    if lacks.is_some() && (verdict != Verdict::Fails || lacking(scenario.baseline).is_some()) {
        verdict = Verdict::NotEstimated;
    }
    let behind = tally.claim_tally(architecture, claim);
    let of_damage = asked.cause == Some(Cause::Corruption) || scenario.causes() == [Cause::Corruption];
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
        range: over_worlds.map(|r| (r.low, r.high)),
        n: pooled.cases(),
        verdict,
        decided_by: match verdict {
            Verdict::Depends => deciding_input(scenario, &found, seed),
            Verdict::NotEstimated => lacks.unwrap_or_default(),
            Verdict::NoCases => String::new(),
            _ => match costs.map(|costs| costs.largest_addition(architecture)) {
                Some(largest) => largest.map_or_else(String::new, |(service, share)| {
                    format!("{service}: {:.0} % of what is added", 100.0 * share)
                }),
                None => deciding_part(asked, of_damage, design, behind),
            },
        },
        counterexample: behind
            .smallest_counterexample
            .filter(|_| matches!(verdict, Verdict::Fails | Verdict::Depends | Verdict::Undecided))
            .map(|(replication, value, items)| counterexample(asked, replication, value, items)),
        burst: smallest_burst(scenario, design, asked),
    }
}

/// The fewest files of the largest size that break a claim on the age of files, uploaded at once into an empty queue: of k
/// on s streams the last is safe after ceil(k / s) transfers.
fn smallest_burst(scenario: &Scenario, design: &Architecture, claim: &Claim) -> Option<Burst> {
    let (metric, store) = (ClaimMetric::DataLossWindowSeconds, Some(Store::Objects));
    let Some(CopyModel::Link { throughput, streams }) = &design.copy else { return None };
    let bytes = scenario.objects.size.max.filter(|_| (claim.metric, claim.store) == (metric, store))?;
    let each = 8.0 * bytes / throughput.value;
    let whole = (claim.bound / each).floor();
    // A bound that may be reached is broken by what is above it; one that may not, by what reaches it.
    let rounds = if !claim.inclusive && (whole * each - claim.bound).abs() < 1e-9 { whole } else { whole + 1.0 };
    Some(Burst { files: (rounds as u64 - 1) * u64::from(*streams) + 1, bytes, seconds: rounds * each })
}

/// The sequential rules of the claims that a run may stop for: index of the claim, and its rule.
pub fn rules(scenario: &Scenario, confidence: f64) -> Vec<(usize, SequentialRule)> {
    let judged = scenario.claims.iter().enumerate().filter(|(_, c)| c.metric != ClaimMetric::DrPremium);
    let shares: Vec<(usize, f64)> =
        judged.filter_map(|(i, c)| Some((i, c.share?))).filter(|(_, share)| *share > 0.0 && *share < 1.0).collect();
    let count = shares.len() as u32;
    shares.into_iter().map(|(i, share)| (i, SequentialRule::new(share, 1.0 - confidence, count))).collect()
}

fn verdict(asked: &Claim, pooled: &RatioSums, estimate: Option<Estimate>, range: Option<Interval>) -> Verdict {
    let (Some(ratio), Some(estimate)) = (pooled.ratio(), estimate) else { return Verdict::NoCases };
    let Some(share) = asked.share else {
        return if pooled.successes() < pooled.cases() { Verdict::Fails } else { Verdict::NoCounterexample };
    };
    if range.is_some_and(|r| r.low < share && share <= r.high) {
        return Verdict::Depends;
    }
    if estimate.interval.contains(share) && estimate.interval.width() > 0.0 {
        Verdict::Undecided
    } else if ratio >= share {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// The bound of a claim, such as "< 60 s", and the fate that it names.
pub fn bound_in_words(claim: &Claim) -> String {
    let sign = if claim.inclusive { "<=" } else { "<" };
    let fate = match claim.fate {
        None => "",
        Some(Fate::Lost) => ", lost",
        Some(Fate::Unavailable) => ", unavailable",
    };
    match claim.metric {
        ClaimMetric::DrPremium => format!("{sign} {} %", claim.bound * 100.0),
        ClaimMetric::DowntimeMinutes => format!("{sign} {} min", claim.bound),
        // Hours and days are read, not counted in seconds.
        _ if claim.bound >= 3600.0 => format!("{sign} {}{fate}", quantity::write(claim.bound, Unit::Seconds)),
        _ => format!("{sign} {} s{fate}", claim.bound),
    }
}

/// What one case is, in data files.
pub fn per_in_words(per: Per) -> &'static str {
    match per {
        Per::Incident => "incident",
        Per::Year => "year",
        Per::Client => "client",
        Per::Instant => "instant",
    }
}

fn counterexample(claim: &Claim, replication: u64, value: f64, items: u64) -> Counterexample {
    let words = match (claim.metric, claim.store) {
        (ClaimMetric::DataLossWindowSeconds, store) => {
            let (item, fate) = match (store, claim.fate) {
                (Some(Store::Objects), None) => ("file", "without a copy"),
                (Some(Store::Objects), Some(Fate::Lost)) => ("file", "destroyed"),
                (Some(Store::Objects), Some(Fate::Unavailable)) => ("file", "to return"),
                (_, Some(Fate::Unavailable)) => ("row", "salvaged"),
                _ => ("row", "lost"),
            };
            format!("{items} {item}{} {fate}, the oldest {value:.1} s old", if items == 1 { "" } else { "s" })
        }
        (ClaimMetric::DowntimeMinutes, _) => format!("{value:.1} minutes down in the year"),
        _ => format!("recovered after {value:.1} s"),
    };
    Counterexample { replication, value, words }
}

/// What the claim hangs on: the part that is longest in most cases that break it, or what limits the store.
fn deciding_part(claim: &Claim, of_damage: bool, design: &Architecture, behind: &ClaimTally) -> String {
    match (claim.metric, claim.store) {
        (ClaimMetric::DataLossWindowSeconds, Some(Store::Objects)) => match &design.copy {
            Some(CopyModel::Service { replication_time_control: true }) => "S3 copy delay (with RTC)".into(),
            Some(CopyModel::Service { .. }) => "S3 copy delay (without RTC)".into(),
            Some(CopyModel::Link { throughput, streams }) => {
                format!("queue on {streams} x {} Mbps", throughput.value / 1e6)
            }
            None => "no copy elsewhere".into(),
        },
        (ClaimMetric::DataLossWindowSeconds, _) if of_damage => "time until the damage is noticed".into(),
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

/// The unknown whose value goes most with the found share over worlds.
fn deciding_input(scenario: &Scenario, found: &StratifiedRatio, seed: u64) -> String {
    let shares: Vec<(u64, f64)> =
        found.strata().iter().enumerate().filter_map(|(w, s)| Some((w as u64, s.ratio()?))).collect();
    let first = deciding_inputs(scenario, &shares, seed).into_iter().next();
    first.map_or_else(|| "no single input".to_owned(), |input| input.path)
}

/// The unknowns that go with a value over worlds (Spearman's rank correlation), the closest first.
pub fn deciding_inputs(scenario: &Scenario, values: &[(u64, f64)], seed: u64) -> Vec<DecidingInput> {
    let found = ranks(&values.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    let one = |unknown: &Unknown| {
        let of = |draw: &dyn Fn(&WorldDraws) -> f64| -> Vec<f64> {
            values.iter().map(|(w, _)| draw(&WorldDraws::new(seed, *w))).collect()
        };
        let (path, drawn) = match unknown {
            Unknown::Number(input) => (&input.path, of(&|draws| draws.number(input))),
            Unknown::Count(count) => (&count.path, of(&|draws| draws.rate(count))),
        };
        let owner =
            scenario.provenance.iter().find(|row| row.path == *path).and_then(|row| row.provenance.owner.clone());
        DecidingInput { path: path.clone(), correlation: correlation(&ranks(&drawn), &found), owner }
    };
    let mut inputs: Vec<DecidingInput> = scenario.unknowns.iter().map(one).collect();
    // Below this, the largest of so many correlations may be chance (100 worlds: standard error 0.1).
    inputs.retain(|input| input.correlation.abs() > 0.3);
    inputs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    inputs
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
    use crate::scenario_file::load;

    #[test]
    fn four_files_of_10_mb_within_a_second_break_30_s_on_10_mbps() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/mobile_backend.toml");
        let burst = |set: &[&str]| {
            let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
            let scenario = load(&path, &set).unwrap_or_else(|p| panic!("{p}")).scenario;
            let of = |name: &str| scenario.architectures.iter().find(|a| a.name == name).unwrap().clone();
            let claim = scenario.claims.iter().find(|c| c.name == "rpo_files").unwrap();
            assert_eq!(smallest_burst(&scenario, &of("adr_fast_checks"), claim), None, "no queue");
            smallest_burst(&scenario, &of("adr_fast_10mbps"), claim).map(|b| (b.files, b.bytes, b.seconds))
        };
        // 10 MB at 10 Mbps: 8 s each. Three make 24 s, four 32 s; on two streams seven make four rounds.
        assert_eq!(burst(&[]), Some((4, 10e6, 32.0)));
        assert_eq!(burst(&["objects.copy_streams=2"]), Some((7, 10e6, 32.0)));
        // "At most 24 s" allows three; "below 24 s" does not.
        assert_eq!(burst(&["claims.rpo_files.at_most=24 s"]), Some((4, 10e6, 32.0)));
        assert_eq!(
            burst(&[
                "claims.rpo_files={ metric = \"data_loss_window_seconds\", store = \"objects\", below = \"24 s\", per = \"incident\", share = \"always\" }"
            ]),
            Some((3, 10e6, 24.0))
        );
    }

    #[test]
    fn rank_correlation_sees_any_rising_relation_and_shares_ranks_among_ties() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0]), vec![1.5, 0.0, 1.5]);
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|v| v.powi(3)).collect();
        assert!((correlation(&ranks(&x), &ranks(&y)) - 1.0).abs() < 1e-12);
        assert!(correlation(&x, &[3.0; 50]).abs() < 1e-12);
    }
}
