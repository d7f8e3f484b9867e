//! Runs the replications of a scenario and makes the outcome.
//!
//! Replication i lies in world i mod K. Blocks of replications are computed in parallel and counted in order, so the
//! outcome depends on seed, scenario and number of replications alone.

use crate::assemble::Worlds;
use crate::availability::provider::ProviderYear;
use crate::judge;
use crate::money::costs::Costs;
use crate::money::loss::Rates;
use crate::outcome::{IncidentRow, Outcome};
use crate::scenario::Scenario;
use crate::summarise::{incident_rows, outcome};
use crate::system::{Incident, System};
use crate::tally::{Record, Tally};
use drsim_models::outage::Outages;
use drsim_sim::replications::{Stopped as Ended, both, run_blocks_cancellable};
use drsim_sim::statistics::sequential::{SequentialRule, Verdict};
use serde::{Deserialize, Serialize};
use std::io;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Worlds: fixed, in the manifest.
pub const WORLDS: u64 = 100;

/// Replications of a block. Looks at 1,000 x 2^k replications fall on block boundaries.
pub const BLOCK: u64 = 250;

/// Simulated years at most when the run stops by itself.
pub const MOST_YEARS: u64 = 100_000;

/// Seconds at most when the run stops by itself.
pub const MOST_SECONDS: u64 = 60;

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Master seed.
    pub seed: u64,
    /// Replications; `None`: until each claim of `proposed` is decided, at most [`MOST_YEARS`] or [`MOST_SECONDS`].
    pub replications: Option<u64>,
    /// Half-width asked of each claim's probability; `None`: do not stop for it.
    pub precision: Option<f64>,
    /// Level of all intervals.
    pub confidence: f64,
    /// Threads; `None`: one per core.
    pub threads: Option<usize>,
    /// Command that gives the same data files, without `-n`.
    pub command: String,
}

impl Options {
    /// Seed 1, 95 %, until it stops by itself.
    pub fn new(command: String) -> Self {
        Self { seed: 1, replications: None, precision: None, confidence: 0.95, threads: None, command }
    }
}

/// The command that gives the same data files, without `-n`: what changes them, and nothing else.
pub fn command(file: &str, overrides: &[String], seed: u64, confidence: f64) -> String {
    let mut words = vec!["drsim run".to_owned(), file.to_owned()];
    words.extend(overrides.iter().map(|set| format!("--set '{set}'")));
    words.push(format!("--seed {seed}"));
    if (confidence - 0.95).abs() > 1e-12 {
        words.push(format!("--confidence {confidence}"));
    }
    words.join(" ")
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// All replications asked for.
    Finished,
    /// Every claim of `proposed` was decided.
    Decided,
    /// Every claim's probability is known to the precision asked for.
    Precise,
    /// The most replications of a run without `-n`.
    MostYears,
    /// The most seconds of a run without `-n`.
    MostSeconds,
    /// Cancelled from outside.
    Cancelled,
    /// A replication panicked: our mistake.
    Panicked {
        /// Which one.
        replication: u64,
        /// What it said.
        message: String,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Finished => f.write_str("as asked"),
            Self::Decided => f.write_str("every claim decided"),
            Self::Precise => f.write_str("precision reached"),
            Self::MostYears => f.write_str("the most years without -n"),
            Self::MostSeconds => f.write_str("the most seconds without -n"),
            Self::Cancelled => f.write_str("interrupted"),
            Self::Panicked { replication, message } => write!(f, "replication {replication} panicked: {message}"),
        }
    }
}

/// What a run gives.
#[derive(Debug)]
pub struct Finished {
    /// What was found.
    pub outcome: Outcome,
    /// Why it ended.
    pub reason: Reason,
    /// How long the replications took.
    pub wall: Duration,
    /// Incidents of all architectures.
    pub incidents: u64,
    /// Events handled.
    pub events: u64,
}

/// Replications done, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// At most.
    pub most: u64,
}

/// Receives incidents.
pub type Rows<'a> = &'a mut dyn FnMut(&IncidentRow) -> io::Result<()>;

/// Runs a scenario. `progress` is told after every block; `cancel` ends the run at the next block, keeping the prefix;
/// `rows` receives every incident that began in a simulated year, in order.
///
/// # Errors
/// What `rows` returns.
pub fn run(
    scenario: &Scenario,
    options: &Options,
    cancel: &AtomicBool,
    mut progress: impl FnMut(Progress),
    mut rows: Option<Rows<'_>>,
) -> io::Result<Finished> {
    let started = Instant::now();
    let drawn = Drawn::new(scenario, options);
    let worlds = &drawn.worlds;
    let mut count = Count::new(scenario, options.seed);
    let mut rules = StoppingRules::new(scenario, options);
    let most = options.replications.unwrap_or(MOST_YEARS);
    let mut failure = None;
    let mut reason = None;
    let report = run_blocks_cancellable(
        0..most,
        BLOCK,
        options.threads,
        cancel,
        |range| simulate(worlds, options.seed, range, |_| true),
        |range, block: Block| {
            if let Err(error) = count.add(range.end, &block, &mut rows) {
                failure = Some(error);
                return ControlFlow::Break(());
            }
            progress(Progress { done: range.end, most });
            reason = rules.look(&count.tally, started.elapsed());
            if reason.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Some(error) = failure {
        return Err(error);
    }
    let reason = match (reason, report.stopped) {
        (Some(reason), _) => reason,
        (None, Ended::Panicked { replication, message }) => Reason::Panicked { replication, message },
        (None, Ended::Cancelled) => Reason::Cancelled,
        (None, _) if options.replications.is_some() => Reason::Finished,
        (None, _) => Reason::MostYears,
    };
    Ok(count.finish(&drawn, options, reason, started))
}

/// What is drawn before the first year.
pub(crate) struct Drawn {
    worlds: Worlds,
    /// What every design costs in them.
    costs: Costs,
}

impl Drawn {
    pub(crate) fn new(scenario: &Scenario, options: &Options) -> Self {
        let (worlds, costs) = both(
            options.threads,
            || Worlds::draw(scenario, options.seed, WORLDS),
            || Costs::new(scenario, options.seed, WORLDS),
        );
        Self { worlds, costs }
    }
}

/// What a block of replications gives: all that counting needs, and what a shard keeps of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) records: Vec<Record>,
    pub(crate) provider: Vec<ProviderYear>,
    pub(crate) outages: u64,
    pub(crate) events: u64,
}

/// Counts blocks in order, whether they come from here or from shards.
pub(crate) struct Count<'a> {
    scenario: &'a Scenario,
    tally: Tally<'a>,
    incidents: u64,
}

impl<'a> Count<'a> {
    pub(crate) fn new(scenario: &'a Scenario, seed: u64) -> Self {
        let tally = Tally::new(scenario, WORLDS, Rates::of_worlds(scenario, seed, WORLDS)).with_pairs();
        Self { scenario, tally, incidents: 0 }
    }

    /// Adds the block that ends before replication `end`.
    pub(crate) fn add(&mut self, end: u64, block: &Block, rows: &mut Option<Rows<'_>>) -> io::Result<()> {
        self.incidents += block.records.len() as u64;
        self.tally.add(&block.records);
        self.tally.add_provider(&block.provider);
        self.tally.end_block(end, block.outages, block.events);
        let Some(rows) = rows else { return Ok(()) };
        block.records.iter().flat_map(|r| incident_rows(self.scenario, r)).try_for_each(|r| rows(&r))
    }

    pub(crate) fn finish(self, drawn: &Drawn, options: &Options, reason: Reason, started: Instant) -> Finished {
        let mut outcome = outcome(self.scenario, (&drawn.worlds, &drawn.costs), &self.tally, options);
        outcome.stopped_because = reason.to_string();
        let (incidents, events) = (self.incidents, self.tally.events);
        Finished { outcome, reason, wall: started.elapsed(), incidents, events }
    }
}

/// Simulates a block, of the architectures that are `wanted`: a year without an outage costs the drawing of none.
pub(crate) fn simulate(worlds: &Worlds, seed: u64, range: Range<u64>, wanted: impl Fn(usize) -> bool) -> Block {
    simulate_as(worlds, seed, range, wanted, |system| system)
}

/// The same, with systems made ready in a way of their own.
fn simulate_as<'w>(
    worlds: &'w Worlds,
    seed: u64,
    range: Range<u64>,
    wanted: impl Fn(usize) -> bool,
    ready: impl Fn(System<'w>) -> System<'w>,
) -> Block {
    let mut block = Block { records: Vec::new(), provider: Vec::new(), outages: 0, events: 0 };
    // Asked once: what is wanted may change while the block runs.
    let wanted: Vec<bool> = (0..worlds.leaders.len()).map(wanted).collect();
    let mut systems: Vec<System<'_>> = Vec::new();
    let mut outages = Outages::default();
    let mut scratch = Vec::new();
    for replication in range {
        let (world, designs) = &worlds.worlds[(replication % worlds.worlds.len() as u64) as usize];
        outages.clear();
        world.outages.iter().for_each(|process| process.draw(seed, replication, &mut scratch, &mut outages));
        let drills = || designs.iter().any(|design| design.drills.as_ref().is_some_and(|drills| drills.stuck > 0.0));
        if outages.all().is_empty() && !drills() {
            continue;
        }
        outages.sort();
        block.outages += outages.all().len() as u64;
        block.provider.push(ProviderYear::of(replication, &outages, world));
        if systems.is_empty() {
            for design in designs {
                let system = ready(System::new(design, world, seed));
                systems.push(match systems.first() {
                    Some(first) => system.beside(first),
                    None => system,
                });
            }
        }
        let year = block.records.len();
        for (leader, (system, design)) in systems.iter_mut().zip(designs).enumerate() {
            let group = || (leader..designs.len()).filter(|a| worlds.leaders[*a] == leader && wanted[*a]);
            if group().next().is_none() {
                continue;
            }
            let copies: Vec<_> = group().map(|a| designs[a].copy.as_ref()).collect();
            system.enter(design, world, copies);
            let mut ordinal = 0;
            system.run_year(replication, &outages, |incident, objects| {
                let each = std::iter::repeat_n(incident, objects.len());
                for ((architecture, objects), incident) in group().zip(objects).zip(each) {
                    let incident = Incident { objects: *objects, ..incident };
                    block.records.push(Record { replication, architecture, ordinal, incident });
                }
                ordinal += 1;
            });
        }
        block.records[year..].sort_by_key(|record| (record.architecture, record.ordinal));
    }
    block.events = systems.iter().map(System::events).sum();
    block
}

/// Every incident of some replications, as populations and operations met it; nothing is counted.
pub fn incidents(scenario: &Scenario, worlds: &Worlds, seed: u64, replications: Range<u64>) -> Vec<IncidentRow> {
    let block = simulate(worlds, seed, replications, |_| true);
    block.records.iter().flat_map(|record| incident_rows(scenario, record)).collect()
}

/// When a run may stop by itself: looks at fixed numbers of replications only.
struct StoppingRules<'a> {
    scenario: &'a Scenario,
    rules: Vec<(usize, SequentialRule)>,
    /// Per claim: the rule's word, once given; `None` where no rule applies.
    decided: Vec<Option<Verdict>>,
    next_look: u64,
    by_itself: bool,
    precision: Option<f64>,
    confidence: f64,
}

impl<'a> StoppingRules<'a> {
    fn new(scenario: &'a Scenario, options: &Options) -> Self {
        let by_itself = options.replications.is_none() && options.precision.is_none();
        let rules = if by_itself { judge::rules(scenario, options.confidence) } else { Vec::new() };
        let mut decided = vec![None; scenario.claims.len()];
        for (claim, _) in &rules {
            decided[*claim] = Some(Verdict::Undecided);
        }
        Self {
            scenario,
            rules,
            decided,
            next_look: SequentialRule::next_look(0),
            by_itself,
            precision: options.precision,
            confidence: options.confidence,
        }
    }

    fn look(&mut self, tally: &Tally<'_>, elapsed: Duration) -> Option<Reason> {
        if tally.replications == self.next_look {
            self.next_look = SequentialRule::next_look(tally.replications);
            for (claim, rule) in &self.rules {
                if self.decided[*claim] == Some(Verdict::Undecided) {
                    let sums = tally.claim(self.scenario.proposed, *claim).pooled();
                    self.decided[*claim] = Some(rule.look(&sums));
                }
            }
            if self.by_itself && self.all_decided(tally) {
                return Some(Reason::Decided);
            }
            if self.precision.is_some_and(|half| self.all_within(tally, half)) {
                return Some(Reason::Precise);
            }
        }
        let late = (self.by_itself || self.precision.is_some()) && elapsed.as_secs() >= MOST_SECONDS;
        late.then_some(Reason::MostSeconds)
    }

    /// An "always" is decided by its first counterexample; money is not waited for.
    fn all_decided(&self, tally: &Tally<'_>) -> bool {
        use crate::scenario::ClaimMetric;
        self.scenario.claims.iter().enumerate().all(|(i, claim)| match (claim.metric, claim.share) {
            (ClaimMetric::DrPremium, _) => true,
            (_, None) => {
                let sums = tally.claim(self.scenario.proposed, i).pooled();
                sums.successes() < sums.cases()
            }
            _ => !matches!(self.decided[i], Some(Verdict::Undecided)),
        })
    }

    fn all_within(&self, tally: &Tally<'_>, half: f64) -> bool {
        let proposed = self.scenario.proposed;
        (0..self.scenario.claims.len()).all(|claim| {
            let estimate = tally.claim(proposed, claim).estimate(self.confidence);
            estimate.is_none_or(|e| e.interval.width() <= 2.0 * half)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::load;
    use drsim_sim::statistics::{MeanSums, kolmogorov_smirnov};
    use std::path::Path;

    #[test]
    fn regions_that_rest_give_the_years_of_regions_that_are_always_looked_at() {
        let mut incidents = 0;
        let shipped = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")).unwrap();
        let files = shipped.map(|entry| entry.unwrap().path());
        for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")) {
            let name = file.display();
            let scenario = load(&file, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario;
            let worlds = Worlds::draw(&scenario, 1, 5);
            let resting = simulate_as(&worlds, 1, 0..50, |_| true, |system| system);
            let looking = simulate_as(&worlds, 1, 0..50, |_| true, System::looking_always);
            assert!(resting == looking, "{name}");
            incidents += resting.records.len();
        }
        assert!(incidents > 10_000, "{incidents}");
    }

    #[test]
    fn a_few_looks_at_tokens_give_the_years_of_many() {
        // Sign-in lives in the region that is lost, tokens run out over two hours: looks 36 s apart, as ever, against 2,000 of them. In
        // the same years an outage's failed writes differ by less than one look's; other years have the same law.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/hidden.toml");
        let set = [
            "dependencies.identity.secondary=none",
            "demand.tokens_last=2 h",
            "outages.region.duration={ dist = \"exponential\", mean = \"2 h\", max = \"12 h\" }",
        ];
        let scenario = load(&file, &set.map(String::from)).unwrap_or_else(|problems| panic!("{problems}")).scenario;
        let worlds = Worlds::draw(&scenario, 1, 5);
        let writes = |years: Range<u64>, looks: Option<f64>| {
            let looking = |system| match looks {
                Some(times) => System::looking_at_tokens(system, times),
                None => system,
            };
            let block = simulate_as(&worlds, 1, years, |_| true, looking);
            let rows = block.records.iter().flat_map(|record| incident_rows(&scenario, record));
            rows.filter(|row| row.operation == "write" && row.architecture == "automation").collect::<Vec<_>>()
        };
        let many_looks = Some(2_000.0);
        let (few, many, others) = (writes(0..100, None), writes(0..100, many_looks), writes(100..200, many_looks));
        assert!(few.len() == many.len() && few.len() > 250, "{}", few.len());
        let one_look = 36.0 * 180_000.0 * 3.0 / 86_400.0;
        let mut differ = 0;
        for (a, b) in few.iter().zip(&many) {
            let more = (a.failed_requests - b.failed_requests).abs();
            assert!(more <= one_look && a.recovery_time_seconds == b.recovery_time_seconds, "{a:?} {b:?}");
            differ += usize::from(more > 0.1 * one_look);
        }
        assert!(differ > few.len() / 10, "{differ} of {} see the difference", few.len());
        for of in [|row: &IncidentRow| row.recovery_time_seconds.unwrap(), |row: &IncidentRow| row.failed_requests] {
            let [a, b] = [&few, &others].map(|rows| rows.iter().map(of).collect::<Vec<_>>());
            let (found, critical) = kolmogorov_smirnov(&a, &b);
            assert!(found < critical, "{found} of {critical}");
            let variance = |rows: &[IncidentRow]| {
                let mut sums = MeanSums::default();
                for row in rows {
                    sums.add(of(row));
                }
                sums.variance().unwrap()
            };
            let ratio = variance(&few) / variance(&many);
            assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
        }
    }
}
