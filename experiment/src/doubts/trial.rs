//! One trial: the baseline and the proposed design in one world, on the same chance as every other.

use super::{Figure, MOVES, Move};
use crate::assemble::Worlds;
use crate::decide::sensitivity::BATCHES;
use crate::money::costs::Costs;
use crate::money::loss::Rates;
use crate::run::{BLOCK, Block, simulate as simulate_block};
use crate::scenario::{ClaimMetric, Scenario, Store};
use crate::tally::Tally;
use crate::world::WorldDraws;
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use drsim_sim::statistics::{Estimate, MeanSums, RatioSums, ratio_difference};
use drsim_sim::time::SimDuration;
use rust_decimal::Decimal;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// Incidents of the two designs that are enough for a trial: more would take long where something fails every week.
const INCIDENTS: usize = 1_000;

/// What a trial found of the proposed design.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Headlines in money.
    amounts: Vec<Headline>,
    /// The bill above the baseline's, as a share of it.
    premium: f64,
    /// Of each claim: cases that meet it, batch by batch.
    claims: Vec<Vec<RatioSums>>,
}

/// An amount of money a year.
#[derive(Clone, Debug)]
struct Headline {
    name: &'static str,
    /// Batches of years, each at its mean year; one alone where it is known exactly.
    batches: Vec<f64>,
}

impl Headline {
    fn value(&self) -> f64 {
        self.batches.iter().sum::<f64>() / self.batches.len() as f64
    }
}

/// Everything that trials share.
pub(super) struct Trials<'a> {
    /// The scenario, cut down to the two designs.
    two: &'a Scenario,
    seed: u64,
    /// Once it is raised, what is found is of no use.
    cancel: &'a AtomicBool,
    /// Simulated years of each trial.
    pub(super) years: u64,
    worlds: Worlds,
    /// The base case's years.
    blocks: Vec<(u64, Block)>,
    base: Found,
}

impl<'a> Trials<'a> {
    /// Simulates the base case: at most so many years.
    ///
    /// # Errors
    /// What it panicked with.
    pub(super) fn new(
        two: &'a Scenario,
        (seed, most): (u64, u64),
        threads: Option<usize>,
        cancel: &'a AtomicBool,
    ) -> Result<Self, String> {
        let worlds = narrow(two, WorldDraws::base_case());
        let blocks = simulate(&worlds, (seed, most), INCIDENTS, threads, cancel)?;
        let years = blocks.last().map_or(0, |(end, _)| *end);
        let mut trials = Self { two, seed, cancel, years, worlds, blocks, base: Found::default() };
        trials.base = trials.at(WorldDraws::base_case())?;
        Ok(trials)
    }

    /// What is found in a world. One that differs from the base case in money alone has the base case's years.
    ///
    /// # Errors
    /// What it panicked with.
    pub(super) fn at(&self, draws: WorldDraws<'_>) -> Result<Found, String> {
        let worlds = narrow(self.two, draws);
        let costs = Costs::of(self.two, std::iter::once(draws));
        if worlds.worlds == self.worlds.worlds {
            return Ok(self.found(&self.blocks, draws, &costs));
        }
        let blocks = simulate(&worlds, (self.seed, self.years), usize::MAX, Some(1), self.cancel)?;
        Ok(self.found(&blocks, draws, &costs))
    }

    /// What is found if a price is another: only the bill.
    pub(super) fn at_price(&self, item: &str, place: &str, factor: f64) -> Found {
        let mut other = self.two.clone();
        let price = other.prices.prices.get_mut(item).and_then(|rows| rows.get_mut(place));
        let factor = Decimal::try_from(factor).expect("a plain number");
        price.expect("it stands on a bill").tiers.iter_mut().for_each(|tier| tier.price = tier.price.times(factor));
        let costs = Costs::of(&other, std::iter::once(WorldDraws::base_case()));
        let mut found = self.base.clone();
        found.premium = self.premium(&costs);
        found.amounts.iter_mut().zip(self.bills(&costs)).for_each(|(amount, bill)| *amount = bill);
        found
    }

    fn premium(&self, costs: &Costs) -> f64 {
        costs.premiums(self.two.proposed)[0]
    }

    /// The bill above the baseline's, and the same with people where they are estimated; of a baseline alone its own.
    fn bills(&self, costs: &Costs) -> Vec<Headline> {
        let (a, above) = (self.two.proposed, self.two.proposed != self.two.baseline);
        let cloud = Headline {
            name: if above { "dr_premium" } else { "cloud_bill" },
            batches: costs.a_year_by_world(a, &[true], above),
        };
        let people = (above && self.two.money.person_day.is_some()).then(|| Headline {
            name: "dr_premium_with_people",
            batches: costs.a_year_by_world(a, &[true, false], above),
        });
        std::iter::once(cloud).chain(people).collect()
    }

    fn found(&self, blocks: &[(u64, Block)], draws: WorldDraws<'_>, costs: &Costs) -> Found {
        let batches = BATCHES.min(self.years);
        let rates = Rates::of(self.two, std::iter::once(draws));
        let rates = rates.iter().cycle().take(batches as usize * rates.len()).cloned().collect();
        let mut tally = Tally::new(self.two, batches, rates);
        for (end, block) in blocks {
            tally.add(&block.records);
            tally.end_block(*end, block.outages, block.events);
        }
        let a = self.two.proposed;
        let mut amounts = self.bills(costs);
        if let Some(losses) = tally.losses(a) {
            // Batches differ in their years by one at most: each is taken at its share of the mean year.
            let scale = batches as f64 / self.years as f64;
            let of = |mean: &drsim_sim::statistics::StratifiedMean| -> Vec<f64> {
                mean.strata().iter().map(|sums| sums.sum() * scale).collect()
            };
            amounts.push(Headline { name: "loss", batches: of(&losses.money) });
            if a != self.two.baseline {
                amounts.push(Headline { name: "loss_avoided", batches: of(&losses.money_avoided) });
            }
        }
        let claims = (0..self.two.claims.len()).map(|c| tally.claim(a, c).strata().to_vec()).collect();
        Found { amounts, premium: self.premium(costs), claims }
    }

    /// What moves enough at either end.
    pub(super) fn moves(&self, low: &Found, high: &Found, confidence: f64) -> Vec<Move> {
        let mut moves = Vec::new();
        let ends = [low, high];
        for (i, base) in self.base.amounts.iter().enumerate() {
            let differences = ends.map(|end| difference(&base.batches, &end.amounts[i].batches, confidence));
            let enough = |figure: &Figure| is_real(figure) && size(figure) >= MOVES * base.value().abs();
            if base.value() != 0.0 && differences.iter().any(enough) {
                moves.push(made(
                    base.name,
                    &format!("{}/year", self.two.money.currency.code()),
                    figure(base, confidence),
                    differences,
                    false,
                ));
            }
        }
        for (c, claim) in self.two.claims.iter().enumerate() {
            if claim.metric == ClaimMetric::DrPremium {
                let meets = |found: &Found| {
                    if claim.inclusive { found.premium <= claim.bound } else { found.premium < claim.bound }
                };
                if self.two.proposed != self.two.baseline && ends.iter().any(|end| meets(end) != meets(&self.base)) {
                    let differences = ends.map(|end| exactly(end.premium - self.base.premium));
                    moves.push(made(&claim.name, "1", exactly(self.base.premium), differences, true));
                }
                continue;
            }
            let pooled = |found: &Found| pooled(&found.claims[c]);
            let Some(base) = pooled(&self.base).estimate(confidence) else { continue };
            let keeps = |found: &Found| {
                let sums = pooled(found);
                let share = claim.share.map_or(sums.successes() == sums.cases(), |asked| sums.ratio() >= Some(asked));
                (sums.cases() > 0).then_some(share)
            };
            let differences = ends.map(|end| {
                let found = ratio_difference(&end.claims[c], &self.base.claims[c], confidence);
                found.map_or_else(Figure::default, |found| of(&found))
            });
            let turned = |end: usize| {
                is_real(&differences[end]) && keeps(ends[end]).is_some_and(|kept| Some(kept) != keeps(&self.base))
            };
            let turns = turned(0) || turned(1);
            if turns || differences.iter().any(|figure| is_real(figure) && size(figure) >= MOVES) {
                moves.push(made(&claim.name, "1", of(&base), differences, turns));
            }
        }
        moves
    }
}

/// A world that looks at files no further back than the claims ask, unless lost files have a price.
fn narrow(two: &Scenario, draws: WorldDraws<'_>) -> Worlds {
    let mut worlds = Worlds::of(two, std::iter::once(draws));
    if two.money.lost_items[1..].iter().all(Option::is_none) {
        let of_files = two.claims.iter().filter(|claim| claim.store == Some(Store::Objects));
        let longest = of_files.map(|claim| claim.bound).fold(0.0, f64::max);
        worlds.ask_of_copies_up_to(SimDuration::from_secs_f64(longest));
    }
    worlds
}

/// Blocks of years, each with the years up to its end, until there are so many incidents.
fn simulate(
    worlds: &Worlds,
    (seed, years): (u64, u64),
    mut enough: usize,
    threads: Option<usize>,
    cancel: &AtomicBool,
) -> Result<Vec<(u64, Block)>, String> {
    let mut blocks = Vec::new();
    let report = run_blocks_cancellable(
        0..years,
        BLOCK,
        threads,
        cancel,
        |range| simulate_block(worlds, seed, range, |_| true),
        |range, block| {
            enough = enough.saturating_sub(block.records.len());
            blocks.push((range.end, block));
            if enough == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Stopped::Panicked { message, .. } = report.stopped { Err(message) } else { Ok(blocks) }
}

fn pooled(batches: &[RatioSums]) -> RatioSums {
    batches.iter().fold(RatioSums::default(), |mut sum, batch| {
        sum.merge(batch);
        sum
    })
}

/// A headline with its value at either end: the base case's plus the difference.
fn made(headline: &str, unit: &str, base: Figure, differences: [Figure; 2], turns: bool) -> Move {
    let from = base.estimate.unwrap_or(0.0);
    let [low, high] = differences.map(|by| Figure {
        estimate: by.estimate.map(|by| from + by),
        interval: by.interval.map(|(low, high)| (from + low, from + high)),
        ..by
    });
    Move { headline: headline.to_owned(), unit: unit.to_owned(), base, low, high, turns }
}

fn size(figure: &Figure) -> f64 {
    figure.estimate.map_or(0.0, f64::abs)
}

/// Whether chance is left out.
fn is_real(figure: &Figure) -> bool {
    figure.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0)
}

fn of(estimate: &Estimate) -> Figure {
    let interval = Some((estimate.interval.low, estimate.interval.high));
    Figure { estimate: Some(estimate.value), interval, range: None, n: estimate.sample_size }
}

fn exactly(value: f64) -> Figure {
    Figure { estimate: Some(value), interval: Some((value, value)), range: None, n: 1 }
}

fn mean(values: impl Iterator<Item = f64>, confidence: f64) -> Figure {
    let mut sums = MeanSums::default();
    values.for_each(|value| sums.add(value));
    match (sums.estimate(confidence), sums.mean()) {
        (Some(estimate), _) => of(&estimate),
        (None, Some(only)) => exactly(only),
        (None, None) => Figure::default(),
    }
}

fn difference(base: &[f64], end: &[f64], confidence: f64) -> Figure {
    mean(base.iter().zip(end).map(|(base, end)| end - base), confidence)
}

fn figure(headline: &Headline, confidence: f64) -> Figure {
    mean(headline.batches.iter().copied(), confidence)
}
