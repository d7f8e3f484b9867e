//! Counts months: how long each design was down in each, and what the provider's services did meanwhile.

use super::commitments::{Commitment, Counts, SERVICES};
use super::provider::{COUNTED, ProviderYear};
use crate::money::bill::{CLOUD, bill};
use crate::money::month::{Demand, Month};
use crate::scenario::Scenario;
use crate::tally::{Record, Worlds, in_world};
use crate::world::WorldDraws;
use drsim_models::outage::GLOBAL;
use drsim_models::recovery::MONTH;
use drsim_models::sla::{Step, due};
use drsim_sim::statistics::{LogSketch, RatioSums, StratifiedMean, StratifiedRatio};

/// Minutes of a month.
pub const MINUTES: f64 = 43_800.0;

/// One architecture's year, by what interrupted it.
#[derive(Clone, Debug, Default)]
pub struct DownYear {
    /// Minutes below the minimum service level by month: populations weighted by users, worst operation.
    pub months: [f64; 12],
    /// The same over the year, by operation.
    pub by_operation: [f64; 4],
    /// Of the year's worst operation: in incidents in which no region failed, one did, both did.
    pub struck: [f64; 3],
}

impl DownYear {
    /// Of an architecture's incidents of a replication.
    pub fn of(records: &[Record], weights: &[f64]) -> Self {
        let mut year = Self::default();
        for (p, weight) in weights.iter().enumerate() {
            let mut months = [[0.0; 12]; 4];
            let mut struck = [[0.0; 3]; 4];
            for incident in records.iter().map(|record| &record.incident) {
                let kind = (incident.regions.count_ones() as usize).min(2);
                for effect in incident.effects.iter().filter(|e| e.population == p) {
                    let (o, month) = (effect.operation as usize, usize::from(effect.month));
                    let all = effect.below_in_year.as_secs_f64() / 60.0;
                    let later = effect.below_next_month.as_secs_f64() / 60.0;
                    months[o][month] += all - later;
                    months[o][(month + 1).min(11)] += later;
                    struck[o][kind] += all;
                }
            }
            for (m, sum) in year.months.iter_mut().enumerate() {
                *sum += weight * months.iter().map(|by_month| by_month[m].min(MINUTES)).fold(0.0, f64::max);
            }
            let of = |o: usize| months[o].iter().sum::<f64>();
            for (o, sum) in year.by_operation.iter_mut().enumerate() {
                *sum += weight * of(o);
            }
            let worst = (0..4).max_by(|a, b| of(*a).total_cmp(&of(*b)).then(b.cmp(a))).unwrap_or(0);
            for (sum, minutes) in year.struck.iter_mut().zip(struck[worst]) {
                *sum += weight * minutes;
            }
        }
        year
    }

    /// What a contract's steps make due over its months.
    pub fn due(&self, steps: &[Step]) -> f64 {
        if steps.is_empty() { 0.0 } else { self.months.iter().map(|minutes| due(steps, 1.0 - minutes / MINUTES)).sum() }
    }
}

/// What is counted of one architecture.
#[derive(Clone, Debug)]
pub struct DesignMonths {
    spent: Vec<RatioSums>,
    years_spent: Vec<RatioSums>,
    /// Minutes down of the years with an incident.
    down: LogSketch,
    by_operation: [Worlds; 4],
    struck: [Worlds; 3],
    credits: Worlds,
}

/// What is read of it, quiet years included.
#[derive(Clone, Debug)]
pub struct MonthsRead {
    /// Months in which the error budget is spent.
    pub spent: StratifiedRatio,
    /// Years with such a month.
    pub years_spent: StratifiedRatio,
    /// Minutes down of each year.
    pub down: LogSketch,
    /// Minutes down a year, by operation.
    pub by_operation: [StratifiedMean; 4],
    /// The same of the worst operation, by whether no region failed, one did, both did.
    pub struck: [StratifiedMean; 3],
    /// What the provider pays back in a year \[USD\].
    pub credits: StratifiedMean,
}

/// What a service costs a month in a place, and what is paid back of it.
#[derive(Clone, Debug)]
struct Credit {
    component: usize,
    place: u8,
    usd_per_month: f64,
    steps: Vec<Step>,
    counts: Counts,
}

/// Less than this is not paid back \[USD\].
const LEAST_CREDIT: f64 = 1.0;

/// Months of all architectures, and of the provider.
#[derive(Clone, Debug)]
pub struct Availability {
    worlds: u64,
    /// Minutes that a month may be down.
    budget: f64,
    weights: Vec<f64>,
    /// Per architecture.
    designs: Vec<DesignMonths>,
    credits: Vec<Vec<Credit>>,
    regions: [[Worlds; 4]; 2],
    ways_in: [Worlds; 3],
}

impl Availability {
    /// Nothing counted yet.
    pub fn new(scenario: &Scenario, worlds: u64, weights: Vec<f64>) -> Self {
        let each = |_| Worlds::new(worlds);
        let design = |_| DesignMonths {
            spent: vec![RatioSums::default(); worlds as usize],
            years_spent: vec![RatioSums::default(); worlds as usize],
            // A thousandth of a minute to a year, within 0.1%.
            down: LogSketch::new(1e-3, 525_600.0, 1e-3),
            by_operation: std::array::from_fn(each),
            struck: std::array::from_fn(each),
            credits: Worlds::new(worlds),
        };
        Self {
            worlds,
            budget: (1.0 - scenario.money.promise.availability.value) * MINUTES,
            weights,
            designs: scenario.architectures.iter().map(design).collect(),
            credits: credits(scenario),
            regions: std::array::from_fn(|_| std::array::from_fn(each)),
            ways_in: std::array::from_fn(each),
        }
    }

    /// One architecture's year.
    pub fn year(&self, records: &[Record]) -> DownYear {
        DownYear::of(records, &self.weights)
    }

    /// Counts it.
    pub fn add(&mut self, architecture: usize, replication: u64, year: &DownYear) {
        let (world, budget) = ((replication % self.worlds) as usize, self.budget);
        let design = &mut self.designs[architecture];
        let spent = year.months.iter().filter(|minutes| **minutes > budget).count() as u64;
        design.spent[world].add(spent, 12);
        design.years_spent[world].add(u64::from(spent > 0), 1);
        let minutes: f64 = year.struck.iter().sum();
        if minutes > 0.0 {
            design.down.add(minutes);
        } else {
            design.down.add_zero();
        }
        for (sums, minutes) in design.by_operation.iter_mut().zip(year.by_operation) {
            sums.add(replication, minutes);
        }
        for (sums, minutes) in design.struck.iter_mut().zip(year.struck) {
            sums.add(replication, minutes);
        }
    }

    /// Counts what the provider's services did.
    pub fn provider(&mut self, year: &ProviderYear) {
        let replication = year.replication;
        for (sums, seconds) in self.regions.iter_mut().zip(year.regions) {
            for (sums, seconds) in sums.iter_mut().zip(seconds) {
                sums.add(replication, seconds / 60.0);
            }
        }
        for (sums, seconds) in self.ways_in.iter_mut().zip(year.ways_in) {
            sums.add(replication, seconds / 60.0);
        }
        for (design, credits) in self.designs.iter_mut().zip(&self.credits) {
            let one = |credit: &Credit| -> f64 {
                let own = year
                    .failed
                    .iter()
                    .filter(|f| usize::from(f.component) == credit.component && f.place == credit.place);
                own.map(|f| {
                    let seconds = if credit.counts == Counts::Minutes { f.minutes } else { f.requests };
                    let back = credit.usd_per_month * due(&credit.steps, 1.0 - seconds / MONTH.as_secs_f64());
                    if back >= LEAST_CREDIT { back } else { 0.0 }
                })
                .sum()
            };
            design.credits.add(replication, credits.iter().map(one).sum());
        }
    }

    /// What was counted of an architecture in `replications` years.
    pub fn read(&self, architecture: usize, replications: u64) -> MonthsRead {
        let design = &self.designs[architecture];
        let ratio = |worlds: &[RatioSums], cases: u64| {
            let filled = worlds.iter().enumerate().map(|(world, sums)| {
                let mut sums = *sums;
                let rest = in_world(replications, self.worlds, world as u64) - sums.replications();
                sums.add_n(0, cases, rest);
                sums
            });
            StratifiedRatio::new(filled.collect())
        };
        let mut down = design.down.clone();
        down.add_n(0.0, replications - down.count());
        MonthsRead {
            spent: ratio(&design.spent, 12),
            years_spent: ratio(&design.years_spent, 1),
            down,
            by_operation: design.by_operation.each_ref().map(|worlds| worlds.read(replications)),
            struck: design.struck.each_ref().map(|worlds| worlds.read(replications)),
            credits: design.credits.read(replications),
        }
    }

    /// Mean share of a year in which a region alone, and a way in alone, keeps users below the minimum service level.
    pub fn unavailable(&self, replications: u64) -> ([[f64; 4]; 2], [f64; 3]) {
        let share = |worlds: &Worlds| worlds.read(replications).pooled().mean().unwrap_or(0.0) / (12.0 * MINUTES);
        (self.regions.each_ref().map(|sums| sums.each_ref().map(share)), self.ways_in.each_ref().map(share))
    }
}

/// What each architecture pays for each service that is committed to, at the base case.
fn credits(scenario: &Scenario) -> Vec<Vec<Credit>> {
    let (demand, draws) = (Demand::of(scenario), WorldDraws::base_case());
    let month = Month::new(scenario, &demand, &draws);
    let of = |architecture| {
        let lines = bill(scenario, architecture, &month, draws.number(&architecture.standby_share));
        let mut credits = Vec::new();
        for (key, commitment) in committed(scenario) {
            let Some(service) = SERVICES.iter().find(|service| service.key == key) else { continue };
            let component = COUNTED.iter().position(|(c, _)| Some(*c) == service.component);
            let Some(component) = component else { continue };
            let places: Vec<(u8, &str)> = if service.is_global {
                vec![(GLOBAL as u8, "")]
            } else {
                (0..).zip(scenario.regions.iter().map(String::as_str)).collect()
            };
            for (place, region) in places {
                let own = lines.iter().filter(|l| l.kind == CLOUD && l.service == service.name);
                let own = own.filter(|l| service.is_global || l.place == region);
                let usd_per_month = own.map(|l| l.amount.as_f64()).sum();
                let (steps, counts) = (commitment.steps(), commitment.counts);
                credits.push(Credit { component, place, usd_per_month, steps, counts });
            }
        }
        credits
    };
    scenario.architectures.iter().map(of).collect()
}

/// The commitments that apply: of a database in one zone where there is one instance.
pub fn committed(scenario: &Scenario) -> impl Iterator<Item = (&str, &Commitment)> {
    let several = scenario.usage.database_instances.value >= 2.0;
    let book = scenario.prices.commitments.iter().map(|(key, found)| (key.as_str(), found));
    book.filter(move |(key, _)| *key != if several { "aurora_one_zone" } else { "aurora" })
}
