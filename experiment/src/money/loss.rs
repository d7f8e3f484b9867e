//! What outages cost: rates drawn world by world, and a year's loss from its incidents.

use crate::availability::tally::DownYear;
use crate::scenario::{Operation, Population, Scenario};
use crate::tally::Record;
use crate::world::WorldDraws;
use drsim_models::cost::loss::Loss;
use drsim_models::sla::Step;

use super::month::{Demand, Month};

/// One world's prices of loss, in the scenario's own currency.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Hours down per failed first attempt, by population and operation.
    hours: Vec<[f64; 4]>,
    /// Per failed first attempt.
    failed: f64,
    /// Per lost item, by [`LOST_ITEMS`](super::inputs::LOST_ITEMS).
    items: [f64; 4],
    /// Of an hour.
    pub per_hour_down: f64,
    /// What a contract makes due for a month.
    pub penalties: Vec<Step>,
}

impl Rates {
    /// Of all worlds; empty unless the scenario says what an hour costs.
    pub fn of_worlds(scenario: &Scenario, seed: u64, worlds: u64) -> Vec<Self> {
        Self::of(scenario, (0..worlds).map(|world| WorldDraws::new(seed, world)))
    }

    /// Of these worlds; empty unless the scenario says what an hour costs.
    pub fn of<'d>(scenario: &Scenario, worlds: impl Iterator<Item = WorldDraws<'d>>) -> Vec<Self> {
        if scenario.money.downtime.is_none() {
            return Vec::new();
        }
        let demand = Demand::of(scenario);
        let one = |draws: WorldDraws| Self::new(scenario, &Month::new(scenario, &demand, &draws).requests, &draws);
        worlds.map(one).collect()
    }

    fn new(scenario: &Scenario, requests: &[[f64; 4]], draws: &WorldDraws) -> Self {
        let money = &scenario.money;
        let own = |amount: &Option<_>| amount.as_ref().map_or(0.0, |amount| money.own(amount, draws));
        let split = [0, 1, 2].map(|i: usize| draws.number(&money.downtime_split[i]));
        let sum: f64 = split.iter().sum();
        let users: Vec<f64> = scenario.populations.iter().map(|p| draws.number(&p.users)).collect();
        let everybody: f64 = users.iter().sum();
        let share = |(population, users): (&Population, f64)| {
            population.downtime_share.as_ref().map_or(users / everybody, |share| draws.number(share))
        };
        let weights: Vec<f64> = scenario.populations.iter().zip(users).map(share).collect();
        let hours = |(requests, weight): (&[f64; 4], &f64)| {
            let per_hour = |group: &[Operation]| -> f64 {
                group.iter().map(|o| requests[*o as usize]).sum::<f64>() * 12.0 / 8760.0
            };
            let one = |share: f64, group: &[Operation]| {
                let rate = per_hour(group);
                if rate > 0.0 { share / sum * weight / rate } else { 0.0 }
            };
            let read = one(split[0], &[Operation::CacheableRead, Operation::DynamicRead]);
            [read, read, one(split[1], &[Operation::Write]), one(split[2], &[Operation::Upload])]
        };
        Self {
            hours: requests.iter().zip(&weights).map(hours).collect(),
            failed: own(&money.failed_request),
            items: [0, 1, 2, 3].map(|i: usize| own(&money.lost_items[i])),
            per_hour_down: own(&money.downtime),
            penalties: money.penalties(draws),
        }
    }

    /// The loss of one architecture's incidents of a year, which was down so long in its months.
    pub fn loss(&self, records: &[Record], down: &DownYear) -> Loss {
        let mut loss = Loss { hours: 0.0, beside: down.due(&self.penalties) };
        for incident in records.iter().map(|record| &record.incident) {
            for effect in &incident.effects {
                loss.hours += effect.failed_worth * self.hours[effect.population][effect.operation as usize];
                loss.beside += effect.failed_requests * self.failed;
            }
        }
        loss.beside += lost_items(records).iter().zip(self.items).map(|(n, price)| n * price).sum::<f64>();
        loss
    }
}

/// What a year's incidents lost for good or for a while, by [`LOST_ITEMS`](super::inputs::LOST_ITEMS). It belongs to the
/// year of the onset, as the incident does; what is found again on the old volume is not lost.
pub fn lost_items(records: &[Record]) -> [f64; 4] {
    let mut lost = [0; 4];
    for incident in records.iter().map(|record| &record.incident).filter(|incident| incident.starts_in_year()) {
        if let Some(rows) = incident.rows {
            if rows.window.is_max() { lost[3] += 1 } else { lost[0] += rows.lost.items }
        }
        if let Some(files) = incident.objects {
            if files.window.is_max() {
                lost[3] += 1;
            } else {
                lost[1] += files.lost.items;
                lost[2] += files.unavailable.items;
            }
        }
    }
    lost.map(|n| n as f64)
}
