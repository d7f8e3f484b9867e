//! The three availabilities of a design beside each other, its error budget, and what the provider pays back.

use super::provider::WAYS_IN;
use super::tally::{Availability, MINUTES, committed};
use crate::outcome::{AvailabilityResult, Figure, MetricRow, PathAvailability};
use crate::scenario::{Architecture, FrontDoor, Operation, Preset, Scenario};
use crate::summarise::{left_of, mean, quantile_of_years, scaled, share_over};
use drsim_models::sla::{parallel, serial};

/// Operations that are shown: those that always need a region.
const SHOWN: [Operation; 3] = [Operation::DynamicRead, Operation::Write, Operation::Upload];

const MINUTES_OF_YEAR: f64 = 12.0 * MINUTES;

/// A way in of an architecture for what always needs a region: its commitments, and its place in [`WAYS_IN`].
fn way_in(architecture: &Architecture) -> (&'static [&'static str], usize) {
    match architecture.front_door {
        FrontDoor::Cloudfront | FrontDoor::OriginGroup => (&["cloudfront", "route53"], 0),
        FrontDoor::Direct => (&["route53"], 1),
        FrontDoor::Accelerator | FrontDoor::Hybrid => (&["global_accelerator"], 2),
    }
}

/// Regions that arithmetic takes as parallel: those that run all the time. What has to be built first is none.
fn parallel_regions(scenario: &Scenario, architecture: &Architecture) -> usize {
    let runs = !matches!(architecture.preset, Preset::BackupRestore | Preset::PilotLight);
    if architecture.second_region && runs { scenario.regions.len() } else { 1 }
}

/// What a region commits to for an operation.
fn region_services(operation: Operation, database: &'static str) -> Vec<&'static str> {
    let mut services = vec!["api_gateway", "lambda", database];
    if operation == Operation::Upload {
        services.push("s3");
    }
    services
}

/// The result of one architecture.
pub fn result(
    scenario: &Scenario,
    availability: &Availability,
    a: usize,
    (replications, level): (u64, f64),
) -> AvailabilityResult {
    let architecture = &scenario.architectures[a];
    let found = availability.read(a, replications);
    let (regions_down, ways_down) = availability.unavailable(replications);
    let commitments: Vec<(&str, f64)> = committed(scenario).map(|(key, c)| (key, c.commitment)).collect();
    let database = if commitments.iter().any(|(key, _)| *key == "aurora") { "aurora" } else { "aurora_one_zone" };
    let of = |key: &str| commitments.iter().find(|(k, _)| *k == key).map_or(1.0, |(_, commitment)| *commitment);
    let (services, way) = way_in(architecture);
    let regions = parallel_regions(scenario, architecture);
    debug_assert!(way < WAYS_IN.len());
    let path = |operation: Operation| {
        let o = operation as usize;
        let chain = region_services(operation, database);
        let one = serial(chain.iter().map(|key| of(key)));
        let front = serial(services.iter().map(|key| of(key)));
        let designed =
            serial([1.0 - ways_down[way], parallel((0..regions).map(|region| 1.0 - regions_down[region][o]))]);
        let (down, note) = mean(&found.by_operation[o], level);
        PathAvailability {
            operation: operation.name().into(),
            front: services.iter().map(|key| ((*key).to_owned(), of(key))).collect(),
            region: chain.iter().map(|key| ((*key).to_owned(), of(key))).collect(),
            regions,
            promised: serial([front, parallel(std::iter::repeat_n(one, regions))]),
            designed,
            simulated: left_of(down, MINUTES_OF_YEAR),
            tail_dominated: note.is_some(),
            misleads_minutes: shifted(down, MINUTES_OF_YEAR * (1.0 - designed)),
        }
    };
    let [elsewhere, one_region, both_regions] = found.struck.each_ref().map(|sums| mean(sums, level).0);
    let target = scenario.money.promise.availability.value;
    let rate = scenario.money.rate(&crate::world::WorldDraws::base_case());
    AvailabilityResult {
        architecture: architecture.name.clone(),
        paths: SHOWN.into_iter().map(path).collect(),
        down_without_region: elsewhere,
        down_one_region: one_region,
        down_both_regions: both_regions,
        target,
        budget_minutes: (1.0 - target) * MINUTES,
        months_spent: share_over(&found.spent, level),
        years_spent: share_over(&found.years_spent, level),
        down_one_in_10: quantile_of_years(&found.down, 0.9, level),
        down_one_in_100: quantile_of_years(&found.down, 0.99, level),
        credits_a_year: scaled(mean(&found.credits, level).0, rate),
    }
}

/// A figure less a number that is known exactly.
fn shifted(figure: Figure, less: f64) -> Figure {
    let turn = |(low, high): (f64, f64)| (low - less, high - less);
    Figure {
        estimate: figure.estimate.map(|x| x - less),
        interval: figure.interval.map(turn),
        range: figure.range.map(turn),
        n: figure.n,
    }
}

/// The same as rows of `metrics.csv`.
pub fn rows(found: &AvailabilityResult) -> Vec<MetricRow> {
    let row = |metric: &str, operation: &str, per: &str, statistic: &str, figure: Figure, unit: &str| MetricRow {
        architecture: found.architecture.clone(),
        metric: metric.into(),
        population: "overall".into(),
        operation: operation.into(),
        store: String::new(),
        cause: String::new(),
        per: per.into(),
        statistic: statistic.into(),
        figure,
        unit: unit.into(),
        note: None,
    };
    let known = |value| Figure { estimate: Some(value), ..Figure::default() };
    let mut rows = Vec::new();
    for path in &found.paths {
        let operation = path.operation.as_str();
        rows.push(row("availability_promised", operation, "month", "mean", known(path.promised), "1"));
        rows.push(row("availability_designed", operation, "year", "mean", known(path.designed), "1"));
        let mut simulated = row("availability_by_time", operation, "year", "mean", path.simulated, "1");
        simulated.note = path.tail_dominated.then(|| "tail_dominated".into());
        rows.push(simulated);
        let beyond = path.misleads_minutes;
        rows.push(row("downtime_beyond_arithmetic_minutes", operation, "year", "mean", beyond, "min/year"));
    }
    for (metric, figure) in [
        ("downtime_without_region_minutes", found.down_without_region),
        ("downtime_one_region_minutes", found.down_one_region),
        ("downtime_both_regions_minutes", found.down_both_regions),
    ] {
        rows.push(row(metric, "overall", "year", "mean", figure, "min/year"));
    }
    rows.push(row("downtime_minutes", "overall", "year", "p90", found.down_one_in_10, "min/year"));
    rows.push(row("downtime_minutes", "overall", "year", "p99", found.down_one_in_100, "min/year"));
    rows.push(row("error_budget_minutes", "overall", "month", "mean", known(found.budget_minutes), "min/month"));
    rows.push(row("error_budget_spent", "overall", "month", "probability", found.months_spent, "1"));
    rows.push(row("error_budget_spent", "overall", "year", "probability", found.years_spent, "1"));
    rows
}
