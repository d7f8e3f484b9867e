//! Which assumption decides? A tornado of each claim: each input at P10 and at P90 of its own stated range, all others at
//! their base case, every run with the same chance. All claims are counted in the same runs.
//!
//! The difference between the two ends is paired: both met the same outages, so that its interval is far narrower than
//! that of either end. The unit is the batch of replications, one of [`BATCHES`].

use super::measure;
use super::settings::Effort;
use super::sweep::{Asked, Failure};
use super::{command, focus, only_claims};
use crate::assemble::Worlds;
use crate::outcome::{Figure, SCHEMA_VERSION};
use crate::run::{BLOCK, simulate as simulate_block};
use crate::scenario::{Basis, Claim, Scenario, Unknown};
use crate::scenario_file::Source;
use crate::tally::Tally;
use crate::world::WorldDraws;
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use drsim_sim::statistics::{RatioSums, StratifiedRatio, ratio_difference};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// Batches of replications: enough for a normal interval.
pub const BATCHES: u64 = 200;

/// Simulated years of each end without `-n`.
pub const YEARS: u64 = 10_000;

/// The ends of a range, by definition.
const ENDS: [f64; 2] = [0.1, 0.9];

/// One input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// Its path in the scenario.
    pub input: String,
    /// Its value in base units at P10 and at P90.
    pub ends: (f64, f64),
    /// The same as people write it, where the scenario says so.
    pub range: Option<String>,
    /// How it came to be known.
    pub basis: Option<Basis>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The share found at P10.
    pub at_low: Figure,
    /// The share found at P90.
    pub at_high: Figure,
    /// At P90 minus at P10, with its paired interval.
    pub difference: Figure,
}

/// What one claim hangs on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tornado {
    /// The claim.
    pub asked: Asked,
    /// With every input at its base case.
    pub base: Figure,
    /// The inputs, the largest difference first.
    pub bars: Vec<Bar>,
}

impl Tornado {
    /// The input that it hangs on most, beyond the interval of its difference; `None`: on none.
    pub fn decided_by(&self) -> Option<&Bar> {
        // An interval that reaches 0 names nothing.
        self.bars.iter().find(|bar| bar.difference.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0))
    }
}

/// What the claims of a design hang on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Version of this structure.
    pub schema_version: u32,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the scenario.
    pub scenario_digest: String,
    /// Seed.
    pub seed: u64,
    /// Simulated years of each end.
    pub years: u64,
    /// Level of all intervals.
    pub confidence: f64,
    /// Command that gives the same.
    pub command: String,
    /// The architecture.
    pub architecture: String,
    /// Claim by claim, as asked for, or in the scenario's order.
    pub claims: Vec<Tornado>,
    /// Inputs of the scenario that have no range, and so no bar.
    pub without_range: usize,
}

impl Sensitivity {
    /// The command that gives the same.
    pub fn command_from(&self, source: &Source, effort: &Effort) -> String {
        let mut words: Vec<String> = self.claims.iter().map(|claim| format!("--claim {}", claim.asked.name)).collect();
        words.extend([format!("--architecture {}", self.architecture), format!("-n {}", self.years)]);
        command("sensitivity", source, effort, &words)
    }

    /// The claim that hangs most on some input; the first if none does.
    pub fn leading(&self) -> Option<&Tornado> {
        let size = |claim: &Tornado| claim.decided_by().and_then(|bar| bar.difference.estimate).map_or(0.0, f64::abs);
        self.claims.iter().rev().max_by(|a, b| size(a).total_cmp(&size(b)))
    }
}

/// Runs the tornado of some claims (without a name: of all that are simulated) for one architecture (without a name:
/// `proposed`).
///
/// # Errors
/// [`Failure`].
pub fn sensitivity(
    scenario: &Scenario,
    claims: &[String],
    architecture: Option<&str>,
    effort: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<Sensitivity, Failure> {
    let architecture = match architecture {
        Some(name) => measure::architecture(scenario, name).map_err(Failure::Usage)?,
        None => scenario.proposed,
    };
    let claims: Vec<usize> = match claims {
        [] => (0..scenario.claims.len()).filter(|c| measure::is_estimated(&scenario.claims[*c])).collect(),
        names => {
            names.iter().map(|name| measure::claim(scenario, name)).collect::<Result<_, _>>().map_err(Failure::Usage)?
        }
    };
    if claims.is_empty() {
        return Err(Failure::Usage("the scenario claims nothing that is simulated; add a table [claims]".into()));
    }
    let mut focused = scenario.clone();
    focus(&mut focused, &[architecture], &claims);
    let inputs: Vec<&Unknown> = scenario.unknowns.iter().collect();
    let years = effort.replications.unwrap_or(YEARS);
    // The base case first, then both ends of each input.
    let runs = 1 + 2 * inputs.len() as u64;
    let set_of = |run: u64| -> Vec<(&str, f64)> {
        let Some(k) = run.checked_sub(1) else { return Vec::new() };
        vec![(path_of(inputs[k as usize / 2]), ENDS[k as usize % 2])]
    };
    let mut found: Vec<Vec<Vec<RatioSums>>> = Vec::new();
    let report = run_blocks_cancellable(
        0..runs,
        1,
        effort.threads,
        cancel,
        |range| batches(&focused, &set_of(range.start), effort.seed, years, cancel),
        |range, result| {
            found.push(result);
            progress(range.end as f64 / runs as f64);
            ControlFlow::Continue(())
        },
    );
    if let Stopped::Panicked { message, .. } = report.stopped {
        return Err(Failure::Internal(message));
    }
    if found.len() < runs as usize || cancel.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(Failure::Usage("interrupted before every input was looked at".into()));
    }
    let figure = |batches: &[RatioSums]| share(batches, effort.confidence);
    let bar = |k: usize, input: &Unknown, claim: usize| {
        let (low, high) = (&found[1 + 2 * k][claim], &found[2 + 2 * k][claim]);
        let path = path_of(input);
        let row = scenario.provenance.iter().find(|row| row.path == path);
        let value = |p: f64| value_of(input, &WorldDraws::base_case_but(&[(path, p)]));
        let difference = ratio_difference(high, low, effort.confidence);
        Bar {
            input: path.to_owned(),
            ends: (value(ENDS[0]), value(ENDS[1])),
            range: row.and_then(|r| r.range.clone()).or_else(|| row.map(|r| r.value.clone())),
            basis: row.map(|r| r.provenance.basis),
            owner: row.and_then(|r| r.provenance.owner.clone()),
            at_low: figure(low),
            at_high: figure(high),
            difference: Figure {
                estimate: difference.map(|d| d.value),
                interval: difference.map(|d| (d.interval.low, d.interval.high)),
                range: None,
                n: years,
            },
        }
    };
    let tornado = |(claim, asked): (usize, &Claim)| {
        let mut bars: Vec<Bar> = inputs.iter().enumerate().map(|(k, input)| bar(k, input, claim)).collect();
        let size = |bar: &Bar| bar.difference.estimate.map_or(-1.0, f64::abs);
        bars.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.input.cmp(&b.input)));
        Tornado { asked: Asked::claim(asked), base: figure(&found[0][claim]), bars }
    };
    Ok(Sensitivity {
        schema_version: SCHEMA_VERSION,
        title: scenario.title.clone(),
        scenario_digest: scenario.digest.clone(),
        seed: effort.seed,
        years,
        confidence: effort.confidence,
        command: String::new(),
        architecture: focused.architectures[0].name.clone(),
        without_range: scenario.provenance.len().saturating_sub(inputs.len()),
        claims: focused.claims.iter().enumerate().map(tornado).collect(),
    })
}

/// The path of an input.
pub fn path_of(input: &Unknown) -> &str {
    match input {
        Unknown::Number(input) => &input.path,
        Unknown::Count(count) => &count.path,
    }
}

/// Its value in a world.
fn value_of(input: &Unknown, draws: &WorldDraws<'_>) -> f64 {
    match input {
        Unknown::Number(input) => draws.number(input),
        Unknown::Count(count) => draws.rate(count),
    }
}

/// The claims of the only architecture in one world: cases that meet each, batch by batch.
fn batches(
    scenario: &Scenario,
    set: &[(&str, f64)],
    seed: u64,
    years: u64,
    cancel: &AtomicBool,
) -> Vec<Vec<RatioSums>> {
    let mut worlds = Worlds::of(scenario, std::iter::once(WorldDraws::base_case_but(set)));
    let mut tally = only_claims(scenario, &mut worlds, Tally::new(scenario, BATCHES.min(years), Vec::new()));
    run_blocks_cancellable(
        0..years,
        BLOCK,
        Some(1),
        cancel,
        |range| simulate_block(&worlds, seed, range, |_| true),
        |range, block| {
            tally.add(&block.records);
            tally.end_block(range.end, block.outages, block.events);
            ControlFlow::Continue(())
        },
    );
    (0..scenario.claims.len()).map(|claim| tally.claim(0, claim).strata().to_vec()).collect()
}

fn share(batches: &[RatioSums], level: f64) -> Figure {
    // One world: the batches are no strata, their sum is the sample.
    let sums = StratifiedRatio::new(batches.to_vec()).pooled();
    let estimate = sums.estimate(level);
    Figure {
        estimate: estimate.map(|e| e.value),
        interval: estimate.map(|e| (e.interval.low, e.interval.high)),
        range: None,
        n: sums.cases(),
    }
}
