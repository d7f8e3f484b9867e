//! Which assumption decides, all ranges at once? Sobol's indices of a claim's share over what nobody knows exactly, and
//! what to measure next.
//!
//! A row is a set of places, one in each input's own range; its output is the share of cases that meet the claim in that
//! world. All rows have the same chance. Knowing an input narrows the standard deviation of the share from s to
//! s √(1 - first-order index) on average. What that is worth in money, where the scenario says what an hour costs, follows
//! from the net benefit of `proposed` in the same rows ([`knowing`]).

use super::knowing::{ValueOfKnowing, knowing};
use super::measure;
use super::sensitivity::{BATCHES, path_of};
use super::settings::Effort;
use super::sweep::{Asked, Failure};
use super::{command, focus, only_claims};
use crate::assemble::Worlds;
use crate::money::costs::Costs;
use crate::money::loss::Rates;
use crate::outcome::{Figure, SCHEMA_VERSION};
use crate::run::{BLOCK, simulate};
use crate::scenario::{Basis, Scenario};
use crate::scenario_file::Source;
use crate::tally::{Record, Tally};
use crate::world::WorldDraws;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use drsim_sim::statistics::{Index, Indices, RatioSums, SobolSample};
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Simulated years of each row without `-n`.
pub const YEARS: u64 = 2_000;

/// Rows of each of the two samples.
pub const ROWS: u64 = 64;

/// One input.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// Its path in the scenario.
    pub input: String,
    /// How it came to be known.
    pub basis: Option<Basis>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Share of the variance that would go if it were known.
    pub first: Figure,
    /// Share of the variance that would stay if all others were.
    pub total: Figure,
    /// By how much knowing it narrows the standard deviation over worlds at least, as a share: from the lower end of the
    /// first-order interval; 0 where that reaches 0.
    pub narrows: f64,
}

/// What decides a claim.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// Version of this structure.
    pub schema_version: u32,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the scenario.
    pub scenario_digest: String,
    /// Seed.
    pub seed: u64,
    /// Rows of each of two samples; there are `rows * (2 + inputs)` evaluations.
    pub rows: u64,
    /// Simulated years of each evaluation.
    pub years: u64,
    /// Level of all intervals.
    pub confidence: f64,
    /// Command that gives the same.
    pub command: String,
    /// The architecture.
    pub architecture: String,
    /// What was asked.
    pub asked: Asked,
    /// Mean share over worlds.
    pub mean: f64,
    /// Standard deviation of the share over worlds, noise subtracted.
    pub deviation: f64,
    /// Standard deviation that the simulation adds to one evaluation: what was subtracted.
    pub noise: f64,
    /// The inputs, the one that is most worth measuring first; empty where the share does not vary beyond noise.
    pub inputs: Vec<Share>,
    /// What knowing them is worth before deciding for or against `proposed`; `None`: losses are not estimated.
    pub money: Option<ValueOfKnowing>,
}

impl Detail {
    /// The command that gives the same.
    pub fn command_from(&self, source: &Source, effort: &Effort) -> String {
        let words = [
            format!("--detail --rows {}", self.rows),
            format!("--claim {}", self.asked.name),
            format!("--architecture {}", self.architecture),
            format!("-n {}", self.years),
        ];
        command("sensitivity", source, effort, &words)
    }
}

/// Sobol's indices of a claim for one architecture (without a name: `proposed`).
///
/// # Errors
/// [`Failure`].
pub fn detail(
    scenario: &Scenario,
    claim: &str,
    architecture: Option<&str>,
    rows: u64,
    effort: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<Detail, Failure> {
    let architecture = match architecture {
        Some(name) => measure::architecture(scenario, name).map_err(Failure::Usage)?,
        None => scenario.proposed,
    };
    let claim = measure::claim(scenario, claim).map_err(Failure::Usage)?;
    let mut focused = scenario.clone();
    // The design asked for; behind it the two that money decides between, where it can.
    let in_money = scenario.money.downtime.is_some() && scenario.proposed != scenario.baseline;
    let pair = [architecture, scenario.proposed, scenario.baseline];
    focus(&mut focused, if in_money { &pair } else { &pair[..1] }, &[claim]);
    let mut bills = scenario.clone();
    focus(&mut bills, &pair[1..], &[]);
    bills.baseline = 1;
    let row = Evaluation { focused: &focused, bills: &bills, in_money };
    let paths: Vec<&str> = scenario.unknowns.iter().map(path_of).collect();
    if paths.is_empty() {
        return Err(Failure::Usage("no input of the scenario has a range".into()));
    }
    let years = effort.replications.unwrap_or(YEARS).max(2);
    let per_row = 2 + paths.len() as u64;
    let place = |path: &str, sample: u64, row: u64| {
        RandomStream::new(effort.seed, sample, Purpose::of("sobol", path), row).uniform()
    };
    // Evaluation 0 of a row lies at A, 1 at B, 2 + i at B with input i from A.
    let set_of = |run: u64| -> Vec<(&str, f64)> {
        let (row, which) = (run / per_row, run % per_row);
        let from = |i: usize| u64::from(which != 0 && which != 2 + i as u64);
        paths.iter().enumerate().map(|(i, path)| (*path, place(path, from(i), row))).collect()
    };
    let runs = rows * per_row;
    let mut found: Vec<(Option<[f64; 2]>, Option<f64>)> = Vec::new();
    let report = run_blocks_cancellable(
        0..runs,
        1,
        effort.threads,
        cancel,
        |range| row.at(&set_of(range.start), effort.seed, years, cancel),
        |range, result| {
            found.push(result);
            progress(range.end as f64 / runs as f64);
            ControlFlow::Continue(())
        },
    );
    if let Stopped::Panicked { message, .. } = report.stopped {
        return Err(Failure::Internal(message));
    }
    if found.len() < runs as usize || cancel.load(Relaxed) {
        return Err(Failure::Usage("interrupted before every row was looked at".into()));
    }
    // A and B are independent worlds: the two rows of one index are told apart by a bit.
    let benefit = |(run, (_, benefit)): (usize, &(Option<[f64; 2]>, Option<f64>))| {
        let (row, which) = (run as u64 / per_row, run as u64 % per_row);
        (which < 2).then_some(2 * row + which).zip(*benefit)
    };
    let net: Vec<(u64, f64)> = found.iter().enumerate().filter_map(benefit).collect();
    let money = knowing(scenario, &net, |path, world| Some(place(path, world % 2, world / 2)), effort.confidence);
    let Some(found) = found.into_iter().map(|(halves, _)| halves).collect::<Option<Vec<[f64; 2]>>>() else {
        return Err(Failure::Usage(format!("{years} years a row leave a row without a case; give more with -n")));
    };
    let mut sample = SobolSample { mixed: vec![Vec::new(); paths.len()], ..SobolSample::default() };
    for row in found.chunks(per_row as usize) {
        sample.a.push(row[0]);
        sample.b.push(row[1]);
        sample.mixed.iter_mut().zip(&row[2..]).for_each(|(mixed, halves)| mixed.push(*halves));
    }
    let indices = sample.indices(effort.confidence, effort.seed);
    let inputs = indices.as_ref().map_or_else(Vec::new, |indices| shares(scenario, &paths, indices, rows));
    let asked = &focused.claims[0];
    Ok(Detail {
        schema_version: SCHEMA_VERSION,
        title: scenario.title.clone(),
        scenario_digest: scenario.digest.clone(),
        seed: effort.seed,
        rows,
        years,
        confidence: effort.confidence,
        command: String::new(),
        architecture: focused.architectures[0].name.clone(),
        asked: Asked::claim(asked),
        money,
        mean: indices.as_ref().map_or_else(|| mean(&sample), |i| i.mean),
        deviation: indices.as_ref().map_or(0.0, |i| libm::sqrt(i.variance)),
        noise: indices.as_ref().map_or(0.0, |i| libm::sqrt(i.noise)),
        inputs,
    })
}

/// What is simulated at every row.
struct Evaluation<'s> {
    /// One claim; the design asked for and, where money is asked of, `proposed` and `baseline`.
    focused: &'s Scenario,
    /// `proposed`, then `baseline`.
    bills: &'s Scenario,
    in_money: bool,
}

impl Evaluation<'_> {
    /// The share that meets the claim, in two independent halves (`None`: no case in one), and the net benefit of a year.
    fn at(&self, set: &[(&str, f64)], seed: u64, years: u64, cancel: &AtomicBool) -> (Option<[f64; 2]>, Option<f64>) {
        let draws = || WorldDraws::base_case_but(set);
        let mut worlds = Worlds::of(self.focused, std::iter::once(draws()));
        let empty = Tally::new(self.focused, BATCHES.min(years), Vec::new());
        // Money counts every file that is missing, the claim those up to its bound.
        let mut tally =
            if self.in_money { empty.of_claims_alone() } else { only_claims(self.focused, &mut worlds, empty) };
        let rates = self.in_money.then(|| Rates::of(self.focused, std::iter::once(draws())));
        let mut avoided = 0.0;
        run_blocks_cancellable(
            0..years,
            BLOCK,
            Some(1),
            cancel,
            |range| simulate(&worlds, seed, range, |_| true),
            |range, block| {
                tally.add(&block.records);
                if let Some(rates) = &rates {
                    avoided += avoided_in(&rates[0], &tally, &block.records);
                }
                tally.end_block(range.end, block.outages, block.events);
                ControlFlow::Continue(())
            },
        );
        let more = || {
            let costs = Costs::of(self.bills, std::iter::once(draws()));
            costs.a_year_by_world(0, &[true, false], true)[0]
        };
        let benefit = self.in_money.then(|| avoided / years as f64 - more());
        (halves(tally.claim(0, 0).strata()), benefit)
    }
}

/// What the proposed design, second of the focused ones, avoids of the loss of the baseline, the third, in some years.
fn avoided_in(rates: &Rates, tally: &Tally<'_>, records: &[Record]) -> f64 {
    let years = records.chunk_by(|a, b| (a.replication, a.architecture) == (b.replication, b.architecture));
    let loss = |year: &[Record]| {
        let lost = rates.loss(year, &tally.availability.year(year)).at(rates.per_hour_down);
        match year[0].architecture {
            1 => -lost,
            2 => lost,
            _ => 0.0,
        }
    };
    years.map(loss).sum()
}

/// The inputs by what they explain.
fn shares(scenario: &Scenario, paths: &[&str], indices: &Indices, rows: u64) -> Vec<Share> {
    let figure = |index: &Index| Figure {
        estimate: Some(index.value),
        interval: Some((index.interval.low, index.interval.high)),
        range: None,
        n: rows,
    };
    let one = |(path, (first, total)): (&&str, (&Index, &Index))| {
        let row = scenario.provenance.iter().find(|row| row.path == *path);
        let known = first.interval.low.clamp(0.0, 1.0);
        Share {
            input: (*path).to_owned(),
            basis: row.map(|r| r.provenance.basis),
            owner: row.and_then(|r| r.provenance.owner.clone()),
            first: figure(first),
            total: figure(total),
            narrows: 1.0 - libm::sqrt(1.0 - known),
        }
    };
    let mut inputs: Vec<Share> = paths.iter().zip(indices.first.iter().zip(&indices.total)).map(one).collect();
    let size = |share: &Share| share.first.estimate.unwrap_or(0.0);
    inputs.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.input.cmp(&b.input)));
    inputs
}

fn mean(sample: &SobolSample) -> f64 {
    let all = sample.a.iter().chain(&sample.b).flatten();
    all.sum::<f64>() / (4 * sample.a.len()).max(1) as f64
}

/// The share in even and in odd batches: independent of each other given the row. `None`: no case in one of them.
fn halves(batches: &[RatioSums]) -> Option<[f64; 2]> {
    let half = |first: usize| {
        let mut sum = RatioSums::default();
        batches.iter().skip(first).step_by(2).for_each(|batch| sum.merge(batch));
        sum.ratio()
    };
    Some([half(0)?, half(1)?])
}
