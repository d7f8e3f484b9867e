//! What nobody vouches for, and what hangs on it: each input and price that is unverified or stale, tried one at a time.
//!
//! An input with a range is put at both of its ends, P10 and P90. One without a range is halved and doubled; of a share
//! the odds are, of a distribution all percentiles while its limits stay. A price is taken at 80 % and at 125 %, between
//! which a bill still counts as reconciled with an invoice. All else stays at its base case, and every trial meets the
//! same chance, so that differences are paired and far less noisy than either side.
//!
//! An input is named where a trial turns a claim of the proposed design, or moves one of its headlines by [`MOVES`], and
//! where the paired interval of the difference leaves chance out. Two inputs that matter only together are not found.

mod trial;

use crate::catalogue::months;
use crate::decide::sensitivity::path_of;
use crate::money::costs::Costs;
use crate::outcome::{Figure, Outcome};
use crate::scenario::{Basis, ProvenanceRow, Scenario};
use crate::world::{Times, WorldDraws};
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use trial::{Found, Trials};

/// Simulated years of a trial at most; fewer where they hold incidents enough.
pub const YEARS: u64 = 2_000;

/// Part of a headline by which it must move to be worth a name; of a share, so much of the whole.
pub const MOVES: f64 = 0.1;

/// Older than this when prices were collected is stale.
pub const STALE_MONTHS: i64 = 12;

/// What an input without a range is multiplied by.
pub const FACTORS: [f64; 2] = [0.5, 2.0];

/// What a price is multiplied by.
pub const PRICE_FACTORS: [f64; 2] = [0.8, 1.25];

/// The ends of a range, by definition.
const ENDS: [f64; 2] = [0.1, 0.9];

/// Parameters of a distribution: those that are unverified together are tried together.
const PARAMETERS: [&str; 11] = ["p50", "p90", "p95", "p99", "p999", "p9999", "mean", "mode", "low", "high", "value"];

/// What was found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doubts {
    /// Simulated years of each trial.
    pub years: u64,
    /// How many inputs, and prices on the bills of the proposed design and the baseline, came to be known in which way.
    pub by_basis: Vec<OfBasis>,
    /// Of these: unverified or stale.
    pub doubtful: Amount,
    /// Of these: nothing could be tried, since they are whole numbers, or shares of nothing or of all.
    pub not_tried: Vec<String>,
    /// What turns a claim or moves a headline, what turns claims first, then by how far it moves one.
    pub named: Vec<Doubt>,
}

/// How much of something there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Inputs of the scenario, built-in values included.
    pub inputs: usize,
    /// Prices.
    pub prices: usize,
}

/// How much is known in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfBasis {
    /// In which.
    pub basis: Basis,
    /// All of it.
    pub all: Amount,
    /// Of this: stale.
    pub stale: Amount,
}

/// How an input was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// At P10 and P90 of its range, or of the posterior of its count.
    Range,
    /// Halved and doubled.
    HalvedAndDoubled,
    /// At 80 % and 125 % of a price.
    FourFifthsAndFiveQuarters,
}

/// An input or a price that nobody vouches for, and that something hangs on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doubt {
    /// Path in the scenario or in the price book.
    pub path: String,
    /// Whether it is a price.
    pub is_price: bool,
    /// How it came to be known.
    pub basis: Basis,
    /// Whether it is too old.
    pub is_stale: bool,
    /// The date it bears.
    pub as_of: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Its range as people write it, where it was tried at the ends.
    pub range: Option<String>,
    /// How it was tried.
    pub tried: Tried,
    /// What moved enough.
    pub moves: Vec<Move>,
}

/// A headline that moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Move {
    /// A claim, or a metric of `metrics.csv`.
    pub headline: String,
    /// Unit; "1" for a share.
    pub unit: String,
    /// With everything at its base case.
    pub base: Figure,
    /// With the input at its low end, all else as before; the interval is that of the paired difference to `base`.
    pub low: Figure,
    /// The same at its high end.
    pub high: Figure,
    /// Whether the claim is kept at one of them and broken at another.
    pub turns: bool,
}

/// What is tried together.
struct Unit {
    path: String,
    row: ProvenanceRow,
    is_stale: bool,
    kind: Kind,
}

enum Kind {
    Range,
    Plain,
    Price(&'static str, String),
}

impl Unit {
    fn tried(&self) -> Tried {
        match self.kind {
            Kind::Range => Tried::Range,
            Kind::Plain => Tried::HalvedAndDoubled,
            Kind::Price(..) => Tried::FourFifthsAndFiveQuarters,
        }
    }
}

/// Looks at the doubtful inputs of an outcome and adds what it finds; nothing once `cancel` is raised. `progress` is told
/// the share done. Takes a few seconds: twice as many short simulations as there are such inputs, of two designs.
///
/// # Errors
/// What a trial panicked with: our mistake.
pub fn look(
    outcome: &mut Outcome,
    threads: Option<usize>,
    cancel: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<(), String> {
    outcome.doubts = if cancel.load(Ordering::Relaxed) { None } else { doubts(outcome, threads, cancel, progress)? };
    Ok(())
}

fn doubts(
    outcome: &Outcome,
    threads: Option<usize>,
    cancel: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<Option<Doubts>, String> {
    let (scenario, m) = (&outcome.scenario, &outcome.manifest);
    let two = of_two(scenario);
    let prices = prices(&two);
    let (by_basis, doubtful) = counts(scenario, &prices);
    let units: Vec<Unit> = inputs(scenario).into_iter().chain(prices.into_iter().filter(is_doubtful)).collect();
    let trials = Trials::new(&two, (m.seed, m.replications.min(YEARS)), threads, cancel)?;
    if cancel.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let one = |trial: u64| -> Result<Option<Found>, String> {
        let (unit, end) = (&units[trial as usize / 2], trial as usize % 2);
        match &unit.kind {
            Kind::Range => trials.at(WorldDraws::base_case_but(&[(&unit.path, ENDS[end])])).map(Some),
            Kind::Plain => {
                let times = Times::new(&unit.path, FACTORS[end]);
                let found = trials.at(WorldDraws::base_case_times(&times))?;
                Ok(times.met().then_some(found))
            }
            Kind::Price(item, place) => Ok(Some(trials.at_price(item, place, PRICE_FACTORS[end]))),
        }
    };
    let all = 2 * units.len() as u64;
    let mut found: Vec<Result<Option<Found>, String>> = Vec::new();
    let report = run_blocks_cancellable(
        0..all,
        1,
        threads,
        cancel,
        |range| one(range.start),
        |range, result| {
            found.push(result);
            progress(range.end as f64 / all as f64);
            ControlFlow::Continue(())
        },
    );
    match report.stopped {
        Stopped::Panicked { message, .. } => return Err(message),
        // Raised during the last trials it leaves them unfinished, and nothing to cancel.
        _ if cancel.load(Ordering::Relaxed) => return Ok(None),
        _ => {}
    }
    let found: Vec<Option<Found>> = found.into_iter().collect::<Result<_, _>>()?;
    let (mut named, mut not_tried) = (Vec::new(), Vec::new());
    for (unit, ends) in units.into_iter().zip(found.chunks(2)) {
        let [Some(low), Some(high)] = ends else {
            not_tried.push(unit.path);
            continue;
        };
        let moves = trials.moves(low, high, m.confidence);
        if !moves.is_empty() {
            let tried = unit.tried();
            named.push(Doubt {
                path: unit.path,
                is_price: matches!(unit.kind, Kind::Price(..)),
                basis: unit.row.provenance.basis,
                is_stale: unit.is_stale,
                as_of: unit.row.provenance.as_of,
                owner: unit.row.provenance.owner,
                source: unit.row.provenance.source,
                range: unit.row.range,
                tried,
                moves,
            });
        }
    }
    let weight = |doubt: &Doubt| doubt.moves.iter().map(Move::weight).fold(0.0, f64::max);
    named.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.path.cmp(&b.path)));
    Ok(Some(Doubts { years: trials.years, by_basis, doubtful, not_tried, named }))
}

impl Move {
    /// What turns a claim comes before what moves a headline however far.
    fn weight(&self) -> f64 {
        let base = self.base.estimate.unwrap_or(0.0);
        let by = |end: &Figure| end.estimate.map_or(0.0, |value| (value - base).abs());
        let most = by(&self.low).max(by(&self.high));
        let scale = if self.unit == "1" { 1.0 } else { base.abs().max(f64::MIN_POSITIVE) };
        if self.turns { 1e9 } else { (most / scale).min(1e6) }
    }
}

/// The baseline and the proposed design, alone.
fn of_two(scenario: &Scenario) -> Scenario {
    let mut two = scenario.clone();
    let mut kept = vec![scenario.baseline, scenario.proposed];
    kept.dedup();
    two.architectures = kept.iter().map(|a| scenario.architectures[*a].clone()).collect();
    (two.baseline, two.proposed) = (0, kept.len() - 1);
    two
}

/// Whether a date lies too long before prices were collected; one that cannot be read is of no known age.
fn is_stale(date: Option<&str>, collected: Option<i64>) -> bool {
    let (Some(date), Some(collected)) = (date, collected) else { return false };
    months(date).is_none_or(|then| collected - then > STALE_MONTHS)
}

fn is_doubtful(unit: &Unit) -> bool {
    unit.row.provenance.basis == Basis::Unverified || unit.is_stale
}

/// The prices on the bills.
fn prices(two: &Scenario) -> Vec<Unit> {
    let collected = months(&two.prices.collected);
    let unit = |(item, place): (&'static str, String)| {
        let price = two.prices.prices.get(item)?.get(&place)?;
        let provenance = crate::scenario::Provenance {
            basis: price.basis,
            source: price.source.clone(),
            owner: None,
            as_of: Some(price.date.clone()),
            given: crate::scenario::Given::BuiltIn,
        };
        let path = format!("{item}.{place}");
        let row = ProvenanceRow { path: path.clone(), value: String::new(), range: None, provenance };
        Some(Unit { path, is_stale: is_stale(Some(&price.date), collected), row, kind: Kind::Price(item, place) })
    };
    Costs::of(two, std::iter::empty()).entries().into_iter().filter_map(unit).collect()
}

/// The doubtful inputs, parameters of one distribution together.
fn inputs(scenario: &Scenario) -> Vec<Unit> {
    let collected = months(&scenario.prices.collected);
    let mut units: Vec<Unit> = Vec::new();
    for row in &scenario.provenance {
        let is_stale = is_stale(row.provenance.as_of.as_deref(), collected);
        let ranged = scenario.unknowns.iter().any(|unknown| path_of(unknown) == row.path);
        let (kind, path) = match row.path.rsplit_once('.') {
            _ if ranged => (Kind::Range, row.path.as_str()),
            Some((law, parameter)) if PARAMETERS.contains(&parameter) => (Kind::Plain, law),
            _ => (Kind::Plain, row.path.as_str()),
        };
        let unit = Unit { path: path.to_owned(), row: row.clone(), is_stale, kind };
        if is_doubtful(&unit) && units.iter().all(|other| other.path != unit.path) {
            units.push(unit);
        }
    }
    units
}

/// How many there are of each basis, the best first, and how many nobody vouches for.
fn counts(scenario: &Scenario, prices: &[Unit]) -> (Vec<OfBasis>, Amount) {
    let collected = months(&scenario.prices.collected);
    let stale = |row: &ProvenanceRow| is_stale(row.provenance.as_of.as_deref(), collected);
    let all =
        [Basis::Measured, Basis::Contract, Basis::Documented, Basis::Reported, Basis::Estimated, Basis::Unverified];
    let count = |wanted: &dyn Fn(Basis, bool) -> bool| Amount {
        inputs: scenario.provenance.iter().filter(|row| wanted(row.provenance.basis, stale(row))).count(),
        prices: prices.iter().filter(|unit| wanted(unit.row.provenance.basis, unit.is_stale)).count(),
    };
    let of = |basis| OfBasis { basis, all: count(&|b, _| b == basis), stale: count(&|b, stale| b == basis && stale) };
    let doubtful = count(&|basis, stale| basis == Basis::Unverified || stale);
    (all.map(of).into_iter().filter(|of| of.all != Amount::default()).collect(), doubtful)
}
