//! What a report asks beyond its run: which inputs each claim of `proposed` hangs on, and a map of two fields where a claim
//! turns.
//!
//! These are further runs, each with the chance of the first. They take about as many simulated years as the run itself, so
//! that a quick run has a quick report; `[report]` in the scenario says otherwise.

use super::sensitivity::{Sensitivity, sensitivity};
use super::settings::Effort;
use super::sweep::{Failure, Question, Sweep, sweep};
use super::vary::Axis;
use crate::quantity::{self, Unit};
use crate::run::BLOCK;
use crate::scenario::{
    Architecture, Claim, ClaimMetric, CopyModel, FrontDoor, MapInput, Operation, OperationGroup, Scenario, Shape, Store,
};
use crate::scenario_file::Loaded;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Simulated years of a further run at most, unless the scenario says so.
const MOST_YEARS: u64 = 2_000;

/// Steps of a map that nobody asked for.
const STEPS: usize = 7;

/// What the further runs found; `None` where the scenario gives no reason to ask.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// What each claim of the proposed design hangs on.
    pub sensitivity: Option<Sensitivity>,
    /// Where a claim turns.
    pub map: Option<Sweep>,
}

/// Asks what the report of a run asks; interrupted, it gives what was finished.
///
/// # Errors
/// [`Failure`].
pub fn what_if(
    loaded: &Loaded,
    run: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64) + Sync,
) -> Result<WhatIf, Failure> {
    let scenario = &loaded.scenario;
    let map = scenario.report.map.clone().or_else(|| usual_map(scenario)).map(|map| question(&map)).transpose()?;
    let cells = map.as_ref().map_or(0, |(question, _)| question.axes.iter().map(|axis| axis.values.len()).product());
    let hangs = !scenario.unknowns.is_empty() && scenario.claims.iter().any(super::measure::is_estimated);
    let ends = if hangs { 1 + 2 * scenario.unknowns.len() } else { 0 };
    let runs = (ends + cells) as u64;
    if runs == 0 {
        return Ok(WhatIf::default());
    }
    let effort = Effort { replications: Some(years(scenario, run.replications.unwrap_or(0), runs)), ..*run };
    let done = |before: usize, of: usize| {
        let progress = &progress;
        move |share: f64| progress((before as f64 + share * of as f64) / runs as f64)
    };
    let mut found = WhatIf::default();
    if hangs {
        match sensitivity(scenario, &[], None, &effort, cancel, done(0, ends)) {
            Ok(mut own) => {
                own.command = own.command_from(&loaded.source, &effort);
                found.sensitivity = Some(own);
            }
            // What was begun and not finished is left out.
            Err(Failure::Usage(_)) if cancel.load(Relaxed) => return Ok(found),
            Err(failure) => return Err(failure),
        }
    }
    if let Some((question, set)) = map {
        let own = sweep(&loaded.source.with(&set), &question, &effort, cancel, done(ends, cells))?;
        found.map = (!cancel.load(Relaxed)).then_some(own);
    }
    Ok(found)
}

/// Simulated years of each of `runs`: together about as many, of one design, as the run had of all, in whole blocks.
fn years(scenario: &Scenario, run: u64, runs: u64) -> u64 {
    let all = run * scenario.architectures.len() as u64;
    scenario.report.years.unwrap_or_else(|| (all / runs / BLOCK * BLOCK).clamp(BLOCK, MOST_YEARS))
}

/// A map as a sweep asks for it, and what it sets at every point.
fn question(map: &MapInput) -> Result<(Question, Vec<String>), Failure> {
    let axes = [&map.x, &map.y].map(|axis| Axis::read(axis));
    let axes = axes.into_iter().collect::<Result<Vec<Axis>, _>>().map_err(Failure::Usage)?;
    let share = |share: &f64| format!("claims.{}.share=\"{} %\"", map.claim, 100.0 * share);
    let question = Question {
        axes,
        claims: vec![map.claim.clone()],
        metrics: Vec::new(),
        architectures: vec![map.architecture.clone()],
    };
    Ok((question, map.share.iter().map(share).collect()))
}

/// The map of a scenario that asks for none: file size and bandwidth where files are copied one after the other, or else
/// the check's interval and the time to live of its answers.
fn usual_map(scenario: &Scenario) -> Option<MapInput> {
    let designs = || {
        let proposed = &scenario.architectures[scenario.proposed];
        std::iter::once(proposed).chain(&scenario.architectures)
    };
    let of_files = scenario.claims.iter().find(|claim| claim.store == Some(Store::Objects));
    let linked = designs().find_map(|design| match &design.copy {
        Some(CopyModel::Link { throughput, .. }) => Some((design, throughput.value)),
        _ => None,
    });
    if let (Some(claim), Some((design, throughput)), Some(median)) = (of_files, linked, median(scenario)) {
        let around = |value: f64, unit: Unit| {
            format!("{}..{}:{STEPS}:log", quantity::write(value / 8.0, unit), quantity::write(8.0 * value, unit))
        };
        return Some(MapInput {
            x: format!("objects.size.*={}", around(median, Unit::Bytes)),
            y: format!("architectures.{}.copy_throughput={}", design.name, around(throughput, Unit::BitsPerSecond)),
            ..map_of(claim, design)
        });
    }
    let of_reads = scenario.claims.iter().find(|claim| {
        let reads = matches!(claim.operation, OperationGroup::Read | OperationGroup::One(Operation::DynamicRead));
        claim.metric == ClaimMetric::RecoveryTimeSeconds && reads
    })?;
    let checked = designs().find(|design| {
        let by_records = matches!(design.front_door, FrontDoor::Cloudfront | FrontDoor::Direct);
        by_records && design.second_region && design.health_check.is_some()
    })?;
    Some(MapInput {
        x: format!("architectures.{}.ttl=10 s, 20 s, 30 s, 60 s, 120 s, 300 s", checked.name),
        y: format!("architectures.{}.health_check.interval=10 s, 30 s", checked.name),
        ..map_of(of_reads, checked)
    })
}

/// A claim on "always" turns with the first counterexample that the years hold; a share says where it turns.
fn map_of(claim: &Claim, design: &Architecture) -> MapInput {
    MapInput {
        claim: claim.name.clone(),
        architecture: design.name.clone(),
        share: claim.share.is_none().then_some(0.95),
        x: String::new(),
        y: String::new(),
    }
}

/// The median size of a file, where the scenario gives one.
fn median(scenario: &Scenario) -> Option<f64> {
    match &scenario.objects.size.shape {
        Shape::Percentiles { p50, .. } => Some(p50.value),
        _ => None,
    }
}
