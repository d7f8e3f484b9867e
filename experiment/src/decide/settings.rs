//! Simulates many settings of a scenario, each until what is asked is known well enough.
//!
//! Settings that differ in their architectures alone (a check's interval, a link's throughput) are simulated side by
//! side as architectures of one run: they share the world, its outages and its uploads. All others are runs of their
//! own with the same seed.

use super::measure::Measure;
use super::only_claims;
use crate::assemble::Worlds;
use crate::judge::judge;
use crate::money::costs::Costs;
use crate::outcome::{Figure, MetricRow, Verdict};
use crate::run::{BLOCK, MOST_YEARS, Options, WORLDS, simulate as simulate_block};
use crate::scenario::{Architecture, ReportInput, Scenario};
use crate::summarise::outcome;
use crate::tally::Tally;
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Years of a setting whose metrics are asked for without a number of years.
pub const YEARS_FOR_METRICS: u64 = 10_000;

/// A setting without a single case after so many years has none worth waiting for.
const YEARS_WITHOUT_A_CASE: u64 = 16_000;

/// Architectures side by side at most: each holds some megabytes of counts.
const SIDE_BY_SIDE: usize = 24;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Master seed, the same for all settings.
    pub seed: u64,
    /// Simulated years of each setting; `None`: until precise, at most [`MOST_YEARS`].
    pub replications: Option<u64>,
    /// Half-width asked of the interval of each share; half of that where a claim could still turn.
    pub precision: f64,
    /// Level of all intervals.
    pub confidence: f64,
    /// Threads; `None`: one per core.
    pub threads: Option<usize>,
}

/// What one measure of one architecture came to in one setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// Estimate, interval, range over worlds, cases.
    #[serde(flatten)]
    pub figure: Figure,
    /// Simulated years behind it.
    pub years: u64,
    /// For a claim.
    pub verdict: Option<Verdict>,
    /// Unit; "1" for a share.
    pub unit: String,
    /// Why there is no number, or a flag.
    pub note: Option<String>,
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Asked for something that is not there.
    Asked(String),
    /// A mistake of ours.
    Panicked(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Asked(message) | Self::Panicked(message)) = self;
        f.write_str(message)
    }
}

/// Results by setting, architecture and measure; `None`: cancelled before its turn.
pub type Table = Vec<Option<Vec<Vec<Found>>>>;

/// Simulates every setting. All have equally many architectures and the same claims. `progress` is told the share done.
///
/// # Errors
/// [`Refusal`].
pub fn simulate(
    settings: &[Scenario],
    measures: &[Measure],
    effort: &Effort,
    cancel: &AtomicBool,
    progress: impl Fn(f64) + Sync,
) -> Result<Table, Refusal> {
    let groups = grouped(settings);
    let threads = effort.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    // Whole groups on a thread each share nothing and wait for nothing; few of them would leave threads idle.
    let apart = groups.len() >= 2 * threads;
    let (done, all) = (AtomicU64::new(0), groups.iter().map(|g| g.variants.len()).sum::<usize>() as f64);
    let tell = |architectures: f64| {
        let before = done.fetch_add((1000.0 * architectures) as u64, Relaxed) as f64 / 1000.0;
        progress(((before + architectures) / all).min(1.0));
    };
    let mut found: Vec<Result<Vec<Vec<Found>>, Refusal>> = Vec::new();
    let report = run_blocks_cancellable(
        0..groups.len() as u64,
        1,
        if apart { Some(threads) } else { Some(1) },
        cancel,
        |range| groups[range.start as usize].run(measures, effort, if apart { 1 } else { threads }, cancel, &tell),
        |_, result| {
            found.push(result);
            if found.last().is_some_and(Result::is_err) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Stopped::Panicked { message, .. } = report.stopped {
        return Err(Refusal::Panicked(message));
    }
    let mut table: Table = vec![None; settings.len()];
    for (group, results) in groups.iter().zip(found) {
        for ((setting, architecture), result) in group.variants.iter().zip(results?) {
            let row = table[*setting].get_or_insert_with(|| vec![Vec::new(); settings[*setting].architectures.len()]);
            row[*architecture] = result;
        }
    }
    Ok(table)
}

/// Architectures of one or more settings that share everything else.
struct Group {
    scenario: Scenario,
    /// Setting and architecture of each of the scenario's architectures.
    variants: Vec<(usize, usize)>,
}

fn grouped(settings: &[Scenario]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut shared: Vec<Scenario> = Vec::new();
    for (index, setting) in settings.iter().enumerate() {
        let rest = Scenario { architectures: Vec::new(), ..what_counts(setting) };
        let own = setting.architectures.len();
        let fits = |g: &usize| groups[*g].variants.len() + own <= SIDE_BY_SIDE && shared[*g] == rest;
        let g = (0..groups.len()).rev().find(fits).unwrap_or_else(|| {
            groups
                .push(Group { scenario: Scenario { architectures: Vec::new(), ..setting.clone() }, variants: vec![] });
            shared.push(rest);
            groups.len() - 1
        });
        for (a, architecture) in setting.architectures.iter().enumerate() {
            let name = format!("{index}/{}", architecture.name);
            groups[g].scenario.architectures.push(Architecture { name, ..architecture.clone() });
            groups[g].variants.push((index, a));
        }
    }
    groups
}

/// A scenario without what changes no number: two that are equal in this give equal results.
pub fn what_counts(scenario: &Scenario) -> Scenario {
    Scenario {
        provenance: Vec::new(),
        unknowns: Vec::new(),
        digest: String::new(),
        warnings: Vec::new(),
        report: ReportInput::default(),
        ..scenario.clone()
    }
}

/// Looks at 1,000, 1,500, 2,000, 3,000, 4,000, … replications: half as many steps again as the sequential rule's, so
/// that a setting is not simulated for twice what it needs.
fn is_look(replications: u64) -> bool {
    [1000, 1500].iter().any(|first| replications.is_multiple_of(*first) && (replications / first).is_power_of_two())
}

fn options(effort: &Effort) -> Options {
    Options {
        seed: effort.seed,
        replications: effort.replications,
        precision: None,
        confidence: effort.confidence,
        threads: None,
        command: String::new(),
    }
}

impl Group {
    fn run(
        &self,
        measures: &[Measure],
        effort: &Effort,
        threads: usize,
        cancel: &AtomicBool,
        tell: &impl Fn(f64),
    ) -> Result<Vec<Vec<Found>>, Refusal> {
        let mut worlds = Worlds::draw(&self.scenario, effort.seed, WORLDS);
        let mut tally = Tally::new(&self.scenario, WORLDS, Vec::new());
        if measures.iter().all(|measure| matches!(measure, Measure::Claim(_))) {
            tally = only_claims(&self.scenario, &mut worlds, tally);
        }
        let fixed = effort.replications.or_else(|| {
            let metric = measures.iter().any(|m| matches!(m, Measure::Metric(_)));
            metric.then_some(YEARS_FOR_METRICS)
        });
        let most = fixed.unwrap_or(MOST_YEARS);
        let count = self.variants.len();
        let mut found: Vec<Option<Vec<Found>>> = vec![None; count];
        let wanted: Vec<AtomicBool> = (0..count).map(|_| AtomicBool::new(true)).collect();
        let report = run_blocks_cancellable(
            0..most,
            BLOCK,
            Some(threads),
            cancel,
            |range| simulate_block(&worlds, effort.seed, range, |a| wanted[a].load(Relaxed)),
            |range, block| {
                tally.add(&block.records);
                tally.end_block(range.end, block.outages, block.events);
                if fixed.is_some() {
                    tell(count as f64 * (range.end - range.start) as f64 / most as f64);
                } else if is_look(range.end) {
                    for a in 0..count {
                        if found[a].is_none() && self.is_enough(&tally, a, measures, effort) {
                            found[a] = Some(self.claims(&tally, a, measures, effort));
                            wanted[a].store(false, Relaxed);
                            tell(1.0);
                        }
                    }
                }
                if found.iter().all(Option::is_some) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        if let Stopped::Panicked { replication, message } = report.stopped {
            return Err(Refusal::Panicked(format!("replication {replication} (seed {}): {message}", effort.seed)));
        }
        let rows = if measures.iter().any(|m| matches!(m, Measure::Metric(_))) {
            let costs = Costs::new(&self.scenario, effort.seed, WORLDS);
            outcome(&self.scenario, (&worlds, &costs), &tally, &options(effort)).metrics
        } else {
            Vec::new()
        };
        let rest = |(a, found): (usize, Option<Vec<Found>>)| match found {
            Some(found) => Ok(found),
            None => self.all(&tally, a, measures, effort, &rows),
        };
        found.into_iter().enumerate().map(rest).collect()
    }

    /// Whether every claim's interval is narrow enough: narrower where the share asked for lies within it.
    fn is_enough(&self, tally: &Tally<'_>, a: usize, measures: &[Measure], effort: &Effort) -> bool {
        measures.iter().all(|measure| {
            let Measure::Claim(claim) = measure else { return false };
            let Some(estimate) = tally.claim(a, *claim).estimate(effort.confidence) else {
                return tally.replications >= YEARS_WITHOUT_A_CASE;
            };
            let asked = self.scenario.claims[*claim].share;
            let turns = asked.is_some_and(|share| estimate.interval.contains(share));
            let half = if turns { 0.5 * effort.precision } else { effort.precision };
            0.5 * estimate.interval.width() <= half
        })
    }

    fn claims(&self, tally: &Tally<'_>, a: usize, measures: &[Measure], effort: &Effort) -> Vec<Found> {
        self.all(tally, a, measures, effort, &[]).unwrap_or_default()
    }

    fn all(
        &self,
        tally: &Tally<'_>,
        a: usize,
        measures: &[Measure],
        effort: &Effort,
        rows: &[MetricRow],
    ) -> Result<Vec<Found>, Refusal> {
        let years = tally.replications;
        let one = |measure: &Measure| match measure {
            Measure::Claim(claim) => {
                let judged = judge(&self.scenario, (tally, None), a, *claim, effort.confidence, effort.seed);
                let figure =
                    Figure { estimate: judged.found, interval: judged.interval, range: judged.range, n: judged.n };
                let note = judged.found.is_none().then(|| "no cases".to_owned());
                Ok(Found { figure, years, verdict: Some(judged.verdict), unit: "1".into(), note })
            }
            Measure::Metric(metric) => {
                let row = metric.find(rows, &self.scenario.architectures[a].name).map_err(Refusal::Asked)?;
                Ok(Found {
                    figure: row.map_or_else(Figure::default, |row| row.figure),
                    years,
                    verdict: None,
                    unit: row.map_or_else(String::new, |row| row.unit.clone()),
                    note: row.map_or_else(|| Some("no cases".into()), |row| row.note.clone()),
                })
            }
        };
        measures.iter().map(one).collect()
    }
}
