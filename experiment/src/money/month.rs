//! What an average month brings in one world: requests by population, and what each takes.
//!
//! Demand is that of the simulation: users x habits x the profile's integral over the simulated year, outages and
//! retries left out. A month is a twelfth of the year.

use crate::assemble::shapes;
use crate::scenario::{Cause, CauseInput, FootprintInput, Input, Operation, Scenario};
use crate::world::WorldDraws;
use drsim_models::cost::BYTES_PER_GB;
use drsim_models::outage::{YEAR_END, YEAR_SECONDS};
use drsim_models::traffic::HourlyShape;
use drsim_sim::time::SimTime;
use std::cmp::Ordering;
use std::sync::Arc;

/// Seconds of a month.
pub const MONTH_SECONDS: f64 = YEAR_SECONDS / 12.0;

/// The populations' hourly profiles over the simulated year.
#[derive(Clone, Debug)]
pub struct Demand {
    shapes: Vec<Arc<HourlyShape>>,
    /// Hours in which every population's multiplier is the same: these, and how many there are.
    alike: Vec<(Vec<f64>, f64)>,
}

impl Demand {
    /// Of a scenario's populations.
    pub fn of(scenario: &Scenario) -> Self {
        let shapes = shapes(scenario);
        let mut hours: Vec<Vec<f64>> = (0..(YEAR_SECONDS / 3600.0) as i64)
            .map(|hour| shapes.iter().map(|shape| shape.at_hour(hour)).collect())
            .collect();
        hours.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        let alike = hours.chunk_by(|a, b| a == b).map(|hours| (hours[0].clone(), hours.len() as f64)).collect();
        Self { shapes, alike }
    }
}

/// One world's month, in plain numbers; sizes in GB as billed.
#[derive(Clone, Debug)]
pub struct Month<'s> {
    /// Hourly profiles of the populations.
    demand: &'s Demand,
    /// Requests per second at multiplier 1, by population and operation.
    pub per_second: Vec<[f64; 4]>,
    /// Requests per month, likewise.
    pub requests: Vec<[f64; 4]>,
    /// Share of cacheable reads that an edge answers.
    pub edge_hit_share: f64,
    /// Mean size of a file.
    pub file: f64,
    /// Requests to the API, by operation.
    pub api_requests: [f64; 4],
    /// What answers hold.
    pub response: [f64; 4],
    /// What requests hold.
    pub request: [f64; 4],
    /// Memory of a function times its duration \[GB-s\].
    pub function: [f64; 4],
    /// Reads from the database's storage.
    pub reads: [f64; 4],
    /// Writes to it.
    pub writes: [f64; 4],
    /// Instances where a region serves, and where it stands by.
    pub instances: [f64; 2],
    /// Capacity units times seconds per request.
    pub work: f64,
    /// Smallest size of an instance \[capacity units\].
    pub at_least: f64,
    /// Rows and indexes.
    pub database: f64,
    /// What a request that writes sends to the other region.
    pub replicated: f64,
    /// Backups above the allowance, as a share of the database.
    pub backups: f64,
    /// Share of the database that changes in a day.
    pub daily_change: f64,
    /// Files at the start of the year.
    pub objects: f64,
    /// Downloads of a file.
    pub downloads: f64,
    /// Requests of a connection.
    pub requests_per_connection: f64,
    /// Logged per request.
    pub logged: f64,
    /// Months that logs are kept.
    pub logs_kept: f64,
    /// Alarms of a region.
    pub alarms: f64,
    /// Keys of a region.
    pub keys: f64,
    /// Failovers: at most one for each outage that takes the primary region down.
    pub failovers: f64,
    /// How long another region then does its work: the outage, and the rebuild of the old region \[h\].
    pub away: f64,
}

impl<'s> Month<'s> {
    /// The month of a world.
    pub fn new(scenario: &Scenario, demand: &'s Demand, draws: &WorldDraws) -> Self {
        let number = |input: &Input| draws.number(input);
        let all = |inputs: &[Input; 4]| [0, 1, 2, 3].map(|o: usize| number(&inputs[o]));
        let gb = |input: &Input| number(input) / BYTES_PER_GB;
        let usage = &scenario.usage;
        let habits = all(&scenario.demand.per_user_per_day);
        let per_second: Vec<[f64; 4]> =
            scenario.populations.iter().map(|p| habits.map(|habit| number(&p.users) * habit / 86_400.0)).collect();
        let year = YEAR_END;
        let seconds = |shape: &HourlyShape| (shape.cumulative(year) - shape.cumulative(SimTime::ZERO)) / 12.0;
        let requests =
            per_second.iter().zip(&demand.shapes).map(|(rates, shape)| rates.map(|rate| rate * seconds(shape)));
        let memory = gb(&usage.function_memory);
        let lost = scenario.outages.iter().find(|input| input.cause == Cause::Region);
        let hits = |input: &CauseInput| match &input.footprint {
            FootprintInput::Whole { hits_workload } => number(hits_workload),
            FootprintInput::Library { .. } | FootprintInput::Parts { .. } => 1.0,
        };
        let rebuild = 8.0 * number(&usage.database_size) / number(&scenario.recovery.failback.copy_throughput);
        let away = |input: &CauseInput| (draws.distribution(&input.duration).mean() + rebuild) / 3600.0;
        Self {
            requests: requests.collect(),
            per_second,
            demand,
            edge_hit_share: number(&scenario.demand.edge_hit_share),
            file: draws.distribution(&scenario.objects.size).mean() / BYTES_PER_GB,
            api_requests: all(&usage.api_requests),
            response: all(&usage.response).map(|bytes| bytes / BYTES_PER_GB),
            request: all(&usage.request).map(|bytes| bytes / BYTES_PER_GB),
            function: all(&scenario.capacity.service_time).map(|seconds| seconds * memory),
            reads: all(&usage.database_reads),
            writes: all(&usage.database_writes),
            instances: [number(&usage.database_instances), number(&usage.standby_instances)],
            work: number(&scenario.capacity.database_work),
            at_least: number(&scenario.capacity.database_units_at_least),
            database: gb(&usage.database_size),
            replicated: gb(&usage.replicated),
            backups: number(&usage.backups),
            daily_change: number(&usage.daily_change),
            objects: gb(&usage.objects_stored),
            downloads: number(&usage.downloads),
            requests_per_connection: number(&usage.requests_per_connection),
            logged: gb(&usage.logged),
            logs_kept: number(&usage.logs_kept) / MONTH_SECONDS,
            alarms: number(&usage.alarms),
            keys: number(&usage.keys),
            failovers: lost.map_or(0.0, |input| draws.rate(&input.counts[0]) * hits(input) / 12.0),
            away: lost.map_or(0.0, away),
        }
    }

    /// The loads \[requests per second\] of the simulated year, each with its hours: so much per population and operation
    /// reaches whatever is asked about.
    pub fn loads(&self, reaches: impl Fn(usize, Operation) -> f64) -> impl Iterator<Item = (f64, f64)> {
        let rate = |(p, rates): (usize, &[f64; 4])| -> f64 {
            Operation::ALL.into_iter().map(|o| rates[o as usize] * reaches(p, o)).sum()
        };
        let rates: Vec<f64> = self.per_second.iter().enumerate().map(rate).collect();
        let load = move |multipliers: &[f64]| rates.iter().zip(multipliers).map(|(rate, m)| rate * m).sum();
        self.demand.alike.iter().map(move |(multipliers, hours)| (load(multipliers), *hours))
    }
}
