//! The cheapest setting that meets every claim, over finite choices.
//!
//! Candidates are all combinations of the values given. Those that are no valid scenario, or that are simulated like one
//! before, are left out. Of more than [`MOST_CANDIDATES`], a coarse grid is looked at first (ends and evenly between), then
//! what is cheaper around the best of it.

use super::choices::{Choices, usual};
use super::search::{Asked, MOST_CANDIDATES, Ruling, cheapest};
use super::settings::{Effort, what_counts};
use super::sweep::{Failure, coordinates};
use super::vary::Axis;
use super::{command, focus, measure, only_claims};
use crate::assemble::Worlds;
use crate::diagnostic::Diagnostics;
use crate::money::costs::Costs;
use crate::outcome::SCHEMA_VERSION;
use crate::run::{BLOCK, WORLDS, simulate};
use crate::scenario::{Claim, ClaimMetric, Scenario};
use crate::scenario_file::{Loaded, Source, check};
use crate::tally::Tally;
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use drsim_sim::statistics::RatioSums;
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Simulated years of a candidate at most, without `-n`.
pub const MOST_YEARS: u64 = 64_000;

/// Combinations at most.
const MOST_COMBINATIONS: usize = 5_000;

/// One setting.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// The value of each choice; `None` where it does not apply, such as a check's interval behind an accelerator.
    pub choice: Vec<Option<String>>,
    /// What is set.
    pub set: Vec<String>,
    /// Bill and people in a year, in the scenario's own currency.
    pub cost_a_year: f64,
    /// What became of it.
    pub ruling: Ruling,
    /// Simulated years.
    pub years: u64,
}

/// What the search found.
#[derive(Clone, Debug, Serialize)]
pub struct Optimum {
    /// Version of this structure.
    pub schema_version: u32,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the scenario without the choices.
    pub scenario_digest: String,
    /// Seed of every candidate.
    pub seed: u64,
    /// 1 - the probability allowed of accepting a setting that does not meet every claim.
    pub confidence: f64,
    /// Command that gives the same.
    pub command: String,
    /// The design whose fields are chosen.
    pub architecture: String,
    /// Currency of the costs.
    pub currency: String,
    /// Names of the claims.
    pub claims: Vec<String>,
    /// The choices.
    pub axes: Vec<Axis>,
    /// The cheapest first.
    pub candidates: Vec<Candidate>,
    /// Index of the accepted one.
    pub best: Option<usize>,
    /// Claim that refutes most of what is cheaper, or of everything: what binds.
    pub binds: Option<String>,
    /// Combinations that are no valid scenario, and what the first of them says.
    pub invalid: (usize, Option<String>),
    /// Combinations that are simulated like another, or were not looked at because the grid was coarse.
    pub left_out: usize,
}

impl Optimum {
    /// The command that gives the same.
    pub fn command_from(&self, source: &Source, effort: &Effort) -> String {
        let choice = |axis: &Axis| format!("--vary '{}={}'", axis.path, axis.values.join(","));
        let mut words: Vec<String> = self.axes.iter().map(choice).collect();
        words.push(format!("--architecture {}", self.architecture));
        words.extend(effort.replications.map(|n| format!("-n {n}")));
        command("optimize", source, effort, &words)
    }
}

/// A combination, what it sets, and the scenario that makes.
struct Setting {
    at: Vec<usize>,
    set: Vec<String>,
    scenario: Scenario,
    cost: f64,
}

struct Grid {
    settings: Vec<Setting>,
    invalid: (usize, Option<String>),
    alike: usize,
}

/// The source with more values set.
fn with(source: &Source, own: &[String]) -> Result<Loaded, Diagnostics> {
    check(&source.with(own))
}

/// Every combination that is a scenario of its own, until interrupted.
fn grid(source: &Source, axes: &[Axis], choices: &Choices<'_>, a: &str, cancel: &AtomicBool) -> Result<Grid, Failure> {
    let mut grid = Grid { settings: Vec::new(), invalid: (0, None), alike: 0 };
    let mut seen: Vec<(Scenario, f64)> = Vec::new();
    for at in coordinates(axes).into_iter().take_while(|_| !cancel.load(Relaxed)) {
        let Some(set) = choices.set(&at) else { continue };
        let scenario = match with(source, &set) {
            Ok(loaded) => loaded.scenario,
            Err(problems) => {
                grid.invalid.0 += 1;
                grid.invalid
                    .1
                    .get_or_insert_with(|| problems.to_string().lines().next().unwrap_or_default().to_owned());
                continue;
            }
        };
        let index = measure::architecture(&scenario, a).map_err(Failure::Usage)?;
        let cost = Costs::new(&scenario, 1, 1).a_year(index, &[true, false], false).estimate.unwrap_or(0.0);
        let mut bare = what_counts(&scenario);
        let claims: Vec<usize> = (0..bare.claims.len()).collect();
        focus(&mut bare, &[index], &claims);
        if seen.iter().any(|(other, dear)| *other == bare && (dear - cost).abs() < 1e-9) {
            grid.alike += 1;
            continue;
        }
        seen.push((bare, cost));
        grid.settings.push(Setting { at, set, scenario, cost });
    }
    Ok(grid)
}

/// Searches the choices of one design (without a name: `proposed`; without axes: those of its kind).
///
/// # Errors
/// [`Failure`].
pub fn optimize(
    source: &Source,
    (axes, architecture): (&[Axis], Option<&str>),
    effort: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<Optimum, Failure> {
    let base = with(source, &[]).map_err(Failure::Scenario)?.scenario;
    let index = match architecture {
        Some(name) => measure::architecture(&base, name).map_err(Failure::Usage)?,
        None => base.proposed,
    };
    let name = base.architectures[index].name.clone();
    if base.claims.is_empty() {
        return Err(Failure::Usage("the scenario claims nothing; add a table [claims]".into()));
    }
    let axes: Vec<Axis> = if axes.is_empty() { usual(source, &base, index) } else { axes.to_vec() };
    let combinations: usize = axes.iter().map(|axis| axis.values.len()).product();
    if combinations > MOST_COMBINATIONS {
        return Err(Failure::Usage(format!("{combinations} combinations are more than {MOST_COMBINATIONS}")));
    }
    let choices = Choices::new(source, &axes);
    let Grid { settings, invalid, alike } = grid(source, &axes, &choices, &name, cancel)?;
    if settings.is_empty() {
        let why = invalid.1.unwrap_or_default();
        return Err(Failure::Usage(format!("no combination is a valid scenario: {why}")));
    }
    let coarse = settings.len() > MOST_CANDIDATES;
    let stride: Vec<usize> = if coarse { strides(&axes, MOST_CANDIDATES / 2) } else { vec![1; axes.len()] };
    let on_grid = |at: &[usize]| {
        at.iter().zip(&stride).zip(&axes).all(|((i, s), axis)| i % s == 0 || *i + 1 == axis.values.len())
    };
    let mut search = Search { name: &name, effort, cancel, progress: &progress, found: Vec::new(), panic: None };
    let mut by_cost: Vec<usize> = (0..settings.len()).collect();
    by_cost.sort_by(|x, y| settings[*x].cost.total_cmp(&settings[*y].cost).then(x.cmp(y)));
    let first: Vec<usize> = by_cost.iter().copied().filter(|s| on_grid(&settings[*s].at)).collect();
    let first = if coarse { evenly(&first, MOST_CANDIDATES / 2) } else { first };
    search.look(&settings, &first)?;
    if coarse {
        // What is cheaper around the best, cheapest first; without a best, more of everything.
        let left: Vec<usize> = by_cost.into_iter().filter(|s| !first.contains(s)).collect();
        let room = MOST_CANDIDATES - first.len();
        let more: Vec<usize> = match search.best() {
            Some((best, cost)) => {
                let near = |at: &[usize]| {
                    let own = &settings[best].at;
                    at.iter().zip(own).zip(&stride).all(|((i, j), s)| i.abs_diff(*j) <= *s)
                };
                left.into_iter().filter(|s| near(&settings[*s].at) && settings[*s].cost < cost).take(room).collect()
            }
            None => evenly(&left, room),
        };
        search.look(&settings, &more)?;
    }
    let mut found = search.found;
    found.sort_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0)));
    let candidates: Vec<Candidate> = found
        .iter()
        .map(|(s, cost, ruling, years)| Candidate {
            choice: choices.values(&settings[*s].at),
            set: settings[*s].set.clone(),
            cost_a_year: *cost,
            ruling: *ruling,
            years: *years,
        })
        .collect();
    let best = candidates.iter().position(|c| c.ruling == Ruling::Accepted);
    let claims: Vec<String> = base.claims.iter().map(|claim| claim.name.clone()).collect();
    Ok(Optimum {
        schema_version: SCHEMA_VERSION,
        title: base.title.clone(),
        scenario_digest: base.digest.clone(),
        seed: effort.seed,
        confidence: effort.confidence,
        command: String::new(),
        architecture: name.clone(),
        currency: base.money.currency.code().to_owned(),
        binds: binds(&candidates, &claims),
        left_out: alike + settings.len() - candidates.len(),
        claims,
        axes,
        candidates,
        best,
        invalid,
    })
}

/// The claim that refutes most candidates.
fn binds(candidates: &[Candidate], claims: &[String]) -> Option<String> {
    let mut counts = vec![0; claims.len()];
    for candidate in candidates {
        if let Ruling::Refuted { claim, .. } = candidate.ruling {
            counts[claim] += 1;
        }
    }
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    Some(claims[counts.iter().position(|count| *count == most)?].clone())
}

/// Steps along each axis that leave at most so many combinations, the longest axis thinned first.
fn strides(axes: &[Axis], most: usize) -> Vec<usize> {
    let mut strides = vec![1; axes.len()];
    let count = |axis: &Axis, stride: usize| (axis.values.len() - 1).div_ceil(stride) + 1;
    while axes.iter().zip(&strides).map(|(axis, s)| count(axis, *s)).product::<usize>() > most {
        let longest = (0..axes.len()).filter(|k| count(&axes[*k], strides[*k]) > 2);
        let Some(k) = longest.max_by_key(|k| count(&axes[*k], strides[*k])) else { break };
        strides[k] += 1;
    }
    strides
}

/// At most so many of some, evenly spaced, both ends among them.
fn evenly(of: &[usize], most: usize) -> Vec<usize> {
    if of.len() <= most || most < 2 {
        return of.iter().copied().take(most).collect();
    }
    (0..most).map(|k| of[k * (of.len() - 1) / (most - 1)]).collect()
}

struct Search<'s> {
    name: &'s str,
    effort: &'s Effort,
    cancel: &'s AtomicBool,
    progress: &'s dyn Fn(f64),
    /// Setting, cost, ruling, years.
    found: Vec<(usize, f64, Ruling, u64)>,
    panic: Option<String>,
}

impl Search<'_> {
    fn best(&self) -> Option<(usize, f64)> {
        self.found.iter().find(|(_, _, ruling, _)| *ruling == Ruling::Accepted).map(|(s, cost, ..)| (*s, *cost))
    }

    /// Rules on some of the settings.
    fn look(&mut self, settings: &[Setting], which: &[usize]) -> Result<(), Failure> {
        let claims = &settings[0].scenario.claims;
        let shares: Vec<Option<f64>> = claims.iter().map(|claim| claim.share).collect();
        let costs: Vec<f64> = which.iter().map(|s| settings[*s].cost).collect();
        let known: Vec<Option<(usize, f64)>> = which.iter().map(|s| self.too_dear(&settings[*s].scenario)).collect();
        // The premium is known; what is simulated is the rest.
        let simulated: Vec<usize> = (0..shares.len()).filter(|c| claims[*c].metric != ClaimMetric::DrPremium).collect();
        let asked_shares: Vec<Option<f64>> = simulated.iter().map(|c| shares[*c]).collect();
        let most = self.effort.replications.unwrap_or(MOST_YEARS);
        let asked = Asked { shares: &asked_shares, alpha: 1.0 - self.effort.confidence, most };
        let focused: Vec<Scenario> = which
            .iter()
            .map(|s| {
                let mut scenario = settings[*s].scenario.clone();
                let index = scenario.architectures.iter().position(|a| a.name == self.name).unwrap_or(0);
                focus(&mut scenario, &[index], &simulated);
                scenario
            })
            .collect();
        let mut current: Option<(usize, Worlds, Tally<'_>)> = None;
        let (effort, cancel) = (self.effort, self.cancel);
        let mut panic = None;
        let mut looked = 0;
        let mut look = |candidate: usize, years: u64| -> Option<Vec<RatioSums>> {
            if current.as_ref().is_none_or(|(own, ..)| *own != candidate) {
                let scenario = &focused[candidate];
                let mut worlds = Worlds::draw(scenario, effort.seed, WORLDS);
                let tally = only_claims(scenario, &mut worlds, Tally::new(scenario, WORLDS, Vec::new()));
                current = Some((candidate, worlds, tally));
                looked += 1;
            }
            let (_, worlds, tally) = current.as_mut()?;
            // A candidate takes as many looks as it is close: the years tell more than how many were begun.
            let own = (years as f64 / most as f64).min(1.0);
            (self.progress)((f64::from(looked) - 1.0 + own) / which.len() as f64);
            let report = run_blocks_cancellable(
                tally.replications..years,
                BLOCK,
                effort.threads,
                cancel,
                |range| simulate(worlds, effort.seed, range, |_| true),
                |range, block| {
                    tally.add(&block.records);
                    tally.end_block(range.end, block.outages, block.events);
                    ControlFlow::Continue(())
                },
            );
            if let Stopped::Panicked { message, .. } = report.stopped {
                panic = Some(message);
                return None;
            }
            if cancel.load(Relaxed) {
                return None;
            }
            Some((0..asked_shares.len()).map(|claim| tally.claim(0, claim).pooled()).collect())
        };
        let rulings = cheapest(&costs, &known, asked, &mut look);
        self.panic = panic;
        if let Some(message) = self.panic.take() {
            return Err(Failure::Internal(message));
        }
        for ((s, cost), ((ruling, years), known)) in which.iter().zip(costs).zip(rulings.into_iter().zip(known)) {
            // Claims that were simulated are numbered among themselves.
            let ruling = match ruling {
                Ruling::Refuted { claim, found } if known.is_none() => {
                    Ruling::Refuted { claim: simulated[claim], found }
                }
                Ruling::Undecided { claim, found } => Ruling::Undecided { claim: simulated[claim], found },
                other => other,
            };
            self.found.push((*s, cost, ruling, years));
        }
        Ok(())
    }

    /// A claim on the premium that this setting does not meet, with the share of worlds that do.
    fn too_dear(&self, scenario: &Scenario) -> Option<(usize, f64)> {
        let index = scenario.architectures.iter().position(|a| a.name == self.name)?;
        let is_premium = |claim: &Claim| claim.metric == ClaimMetric::DrPremium;
        if !scenario.claims.iter().any(is_premium) {
            return None;
        }
        // The design and the baseline alone: others' bills say nothing of it.
        let mut pair = scenario.clone();
        focus(&mut pair, &[index, scenario.baseline], &[]);
        pair.baseline = 1;
        let costs = Costs::new(&pair, self.effort.seed, WORLDS);
        scenario.claims.iter().enumerate().filter(|(_, claim)| is_premium(claim)).find_map(|(k, claim)| {
            let found = costs.claim(0, claim, |_| 1).pooled().ratio().unwrap_or(0.0);
            (found < claim.share.unwrap_or(1.0)).then_some((k, found))
        })
    }
}
