//! From counts to the outcome: every number with its interval, its range and its sample size, or a reason why not.

mod data;

use crate::assemble::{Worlds, abroad, region_limits};
use crate::availability::result as availability;
use crate::compare::front::front;
use crate::compliance::compliance;
use crate::conflicts::key_conflicts;
use crate::copy_times::{CopyTimes, copy_times_of_all};
use crate::data::STORES;
use crate::decide::knowing::knowing;
use crate::judge::{deciding_inputs, judge};
use crate::latency::{latency, staleness};
use crate::model::{Design, World};
use crate::money::budget::budget;
use crate::money::costs::Costs;
use crate::money::inputs::{LOST_ITEMS, Work};
use crate::money::rows::rows as money_rows;
use crate::outcome::{
    AvailabilityResult, Bill, CapacityResult, Comparison, Curve, DesignResult, Figure, Figures, IncidentRow,
    LatencyResult, LossResult, Manifest, MetricRow, OutagesMet, Outcome, SCHEMA_VERSION, TogetherLimit, TogetherResult,
    Verdict, Waterfall, WorstYear,
};
use crate::residency::{Resting, bytes_copied_abroad, resting};
use crate::returned::COUNTED;
use crate::run::{Options, WORLDS};
use crate::scenario::{Architecture, ClaimMetric, Decision, Operation, OperationGroup, Per, Scenario, Store};
use crate::system::load::REPORTED;
use crate::tally::{ArchitectureTally, CAUSE_GROUPS, Cell, GROUPS, PartSums, Record, Tally};
use crate::together::WEIGHED;
use crate::world::WorldDraws;
use drsim_models::capacity::{PerResource, Resource};
use drsim_models::cost::loss::break_even;
use drsim_models::recovery::Part;
use drsim_sim::replications::both;
use drsim_sim::statistics::{LogSketch, RatioSums, StratifiedMean, StratifiedRatio, quantile_bounds, wilson};

/// Percentiles that are reported, with their names.
const PERCENTILES: [(f64, &str); 5] = [(0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p999")];

const MINUTES_OF_YEAR: f64 = 525_600.0;

/// Makes the outcome of a run; with what all designs cost in its worlds.
pub fn outcome(
    scenario: &Scenario,
    (worlds, costs): (&Worlds, &Costs),
    tally: &Tally<'_>,
    options: &Options,
) -> Outcome {
    let architectures = 0..scenario.architectures.len();
    let ((latency, duels), (summary, (mut metrics, capacity_together))) = both(
        options.threads,
        || (latency(scenario, options.seed, options.confidence), tally.duels(options.confidence)),
        || {
            let summary = Summary::new(scenario, worlds, tally, options);
            let of_designs = both(
                options.threads,
                || architectures.clone().flat_map(|a| summary.metrics(a)).collect::<Vec<MetricRow>>(),
                || architectures.clone().filter_map(|a| summary.together(a, costs)).collect(),
            );
            (summary, of_designs)
        },
    );
    let mut claims = Vec::new();
    for a in architectures.clone() {
        for c in 0..scenario.claims.len() {
            claims.push(judge(scenario, (tally, Some(costs)), a, c, options.confidence, options.seed));
        }
    }
    let designs: Vec<DesignResult> = architectures
        .clone()
        .map(|a| {
            let own = &claims[a * scenario.claims.len()..][..scenario.claims.len()];
            let judged = own.iter().filter(|c| !matches!(c.verdict, Verdict::NotEstimated | Verdict::NoCases));
            let of = |verdict| judged.clone().filter(|c| c.verdict == verdict).count();
            summary.design(a, (of(Verdict::Holds), of(Verdict::NoCounterexample), judged.clone().count()))
        })
        .collect();
    let years = (tally.replications, options.confidence);
    let availability: Vec<AvailabilityResult> =
        architectures.clone().map(|a| availability::result(scenario, &tally.availability, a, years)).collect();
    metrics.extend(latency.iter().flat_map(latency_rows));
    metrics.extend(staleness(scenario, options.seed, options.confidence).iter().flat_map(staleness_rows));
    metrics.extend(availability.iter().flat_map(availability::rows));
    let bills: Vec<Bill> = architectures.clone().map(|a| costs.summary(scenario, a)).collect();
    let losses: Vec<LossResult> = architectures.clone().filter_map(|a| summary.loss(a, costs)).collect();
    let currency = scenario.money.currency.code();
    metrics.extend(bills.iter().flat_map(|bill| {
        money_rows(bill, losses.iter().find(|loss| loss.architecture == bill.architecture), currency)
    }));
    let a_year: Vec<Figure> = architectures.clone().map(|a| costs.a_year(a, &[true, false], false)).collect();
    let front = if duels.is_empty() {
        Vec::new()
    } else {
        let assumption = |d: &&DesignResult| d.assumption_only;
        let assumptions: Vec<&str> = designs.iter().filter(assumption).map(|d| d.architecture.as_str()).collect();
        front(scenario, &duels, &a_year, &bills, &latency, &assumptions)
    };
    Outcome {
        schema_version: SCHEMA_VERSION,
        manifest: manifest(scenario, tally, options),
        claims,
        metrics,
        capacity: architectures.clone().flat_map(|a| summary.capacity(a)).collect(),
        capacity_together,
        comparisons: architectures
            .clone()
            .filter(|a| *a != scenario.baseline)
            .flat_map(|a| summary.comparison(a))
            .collect(),
        duels,
        front,
        bills,
        budget: architectures.clone().flat_map(|a| budget(scenario, costs, a, options.seed, WORLDS)).collect(),
        money_decided_by: deciding_inputs(scenario, &summary.net_benefit(costs), options.seed),
        value_of_knowing: knowing(
            scenario,
            &summary.net_benefit(costs),
            |path, world| WorldDraws::new(options.seed, world).place(path),
            options.confidence,
        ),
        invoice: costs.invoice(scenario),
        losses,
        availability,
        compliance: scenario.architectures.iter().map(|a| compliance(scenario, a)).collect(),
        costs: architectures.clone().flat_map(|a| costs.lines(scenario, a)).collect(),
        provenance: scenario.provenance.clone(),
        doubts: None,
        figures: summary.figures(),
        warnings: warnings(scenario, costs),
        latency,
        designs,
        worst_year: worst_year(scenario, worlds, tally, options.seed),
        stopped_because: String::new(),
        scenario: scenario.clone(),
    }
}

/// Design holes, and a bill that is far from the invoice.
fn warnings(scenario: &Scenario, costs: &Costs) -> Vec<String> {
    let mut warnings = scenario.warnings.clone();
    warnings.extend(costs.invoice(scenario).filter(|check| !check.agrees).map(|check| {
        format!(
            "the modelled bill of `{}` is {:.0} % of the invoice: every figure of money is in doubt",
            check.architecture,
            100.0 * check.ratio
        )
    }));
    warnings
}

/// The worst year of the proposed design, simulated once more to be told.
fn worst_year(scenario: &Scenario, worlds: &Worlds, tally: &Tally<'_>, seed: u64) -> Option<WorstYear> {
    let (replication, downtime_minutes, failed_requests) = tally.architectures[scenario.proposed].worst_year?;
    let architecture = scenario.architectures[scenario.proposed].name.clone();
    let mut lines = crate::replay::year_of(scenario, worlds, seed, replication);
    lines.retain(|line| line.architecture == architecture);
    Some(WorstYear { architecture, replication, downtime_minutes, failed_requests, lines })
}

/// One incident as each population and operation met it.
pub fn incident_rows(scenario: &Scenario, record: &Record) -> Vec<IncidentRow> {
    let incident = &record.incident;
    if !incident.starts_in_year() {
        return Vec::new();
    }
    let regions: Vec<&str> = (0..scenario.regions.len())
        .filter(|r| incident.regions & (1 << r) != 0)
        .map(|r| scenario.regions[r].as_str())
        .collect();
    let window =
        |store| incident.lacking(store, None).map(|found| found.window.as_secs_f64()).filter(|window| *window < 1e9);
    let row = |effect: &crate::system::Effect| {
        let part = |part: Part| effect.parts[part as usize].as_secs_f64();
        IncidentRow {
            architecture: scenario.architectures[record.architecture].name.clone(),
            replication: record.replication,
            incident: record.ordinal,
            cause: incident.cause.name().into(),
            regions: regions.join("+"),
            onset_seconds: incident.onset.as_secs_f64(),
            population: scenario.populations[effect.population].name.clone(),
            operation: effect.operation.name().into(),
            recovery_time_seconds: effect.recovery.map(drsim_sim::SimDuration::as_secs_f64),
            client_recovery_time_seconds: effect.client.flatten().map(drsim_sim::SimDuration::as_secs_f64),
            undetected_seconds: part(Part::Undetected),
            undecided_seconds: part(Part::Undecided),
            promoting_seconds: part(Part::Promoting),
            reconnecting_seconds: part(Part::Reconnecting),
            routing_seconds: part(Part::Routing),
            draining_seconds: part(Part::Draining),
            warming_seconds: part(Part::Warming),
            waiting_for_repair_seconds: part(Part::WaitingForRepair),
            downtime_seconds: effect.below_in_year.as_secs_f64(),
            failed_requests: effect.failed_requests,
            objects_window_seconds: window(Store::Objects),
            objects_at_risk: incident.objects.map_or(0, |o| o.files),
            object_bytes_at_risk: incident.objects.map_or(0, |o| o.bytes.0),
            rows_window_seconds: window(Store::Database),
            rows_lost: incident.rows.map_or(0, |r| r.rows),
        }
    };
    incident.effects.iter().filter(|e| e.affected).map(row).collect()
}

/// A quantile that the sample bears, or the reason why there is none.
fn quantile(cell: &Cell, p: f64, level: f64) -> (Figure, Option<String>) {
    let n = cell.sketch.count();
    let empty = Figure { n, ..Figure::default() };
    let Some(value) = cell.sketch.quantile(p) else { return (empty, Some("no cases".into())) };
    let (low, high) = quantile_bounds(&cell.sketch, p, level, cell.cases.effective_cases());
    if value.is_infinite() {
        return (empty, Some("unbounded: this percentile lies among cases without an end".into()));
    }
    match (low, high) {
        (Some(low), Some(high)) if high.is_finite() => {
            (Figure { estimate: Some(value), interval: Some((low, high)), range: None, n }, None)
        }
        (_, Some(_)) => (empty, Some("its interval reaches among cases without an end".into())),
        _ => (empty, Some(format!("{n} cases cannot bear this percentile"))),
    }
}

/// A quantile over years, each of which is a case of its own.
pub(crate) fn quantile_of_years(years: &LogSketch, p: f64, level: f64) -> Figure {
    let n = years.count();
    let (low, high) = quantile_bounds(years, p, level, n as f64);
    match (years.quantile(p), low, high) {
        (Some(value), Some(low), Some(high)) => {
            Figure { estimate: Some(value), interval: Some((low, high)), range: None, n }
        }
        _ => Figure { n, ..Figure::default() },
    }
}

/// A share over worlds.
pub(crate) fn share_over(found: &StratifiedRatio, level: f64) -> Figure {
    let pooled = found.pooled();
    let estimate = found.estimate(level);
    Figure {
        estimate: pooled.ratio(),
        interval: estimate.as_ref().map(|e| (e.interval.low, e.interval.high)),
        range: found.range().map(|r| (r.low, r.high)),
        n: pooled.cases(),
    }
}

/// A figure in another unit.
pub(crate) fn scaled(figure: Figure, by: f64) -> Figure {
    let turn = |(low, high): (f64, f64)| (by * low, by * high);
    Figure {
        estimate: figure.estimate.map(|x| by * x),
        interval: figure.interval.map(turn),
        range: figure.range.map(turn),
        n: figure.n,
    }
}

pub(crate) fn mean(found: &StratifiedMean, level: f64) -> (Figure, Option<String>) {
    let pooled = found.pooled();
    let note = pooled.tail_dominated().then(|| "tail_dominated".to_owned());
    let Some(estimate) = found.estimate(level) else {
        return (Figure { estimate: pooled.mean(), n: pooled.count(), ..Figure::default() }, note);
    };
    let interval = Some((estimate.interval.low, estimate.interval.high));
    let range = found.range().map(|r| (r.low, r.high));
    (Figure { estimate: Some(estimate.value), interval, range, n: pooled.count() }, note)
}

/// What is known in each world without simulating: its mean, and P10 to P90 over worlds.
pub(crate) fn over_worlds(values: &[f64]) -> Figure {
    let n = values.len();
    let mean = values.iter().sum::<f64>() / n as f64;
    let interval = Some((mean, mean));
    Figure { estimate: Some(mean), interval, range: crate::money::costs::range(values), n: n as u64 }
}

/// A share of incidents, with the replication as the unit.
fn share_of(sums: &RatioSums, level: f64) -> Figure {
    let interval = sums.estimate(level).map(|e| (e.interval.low, e.interval.high));
    Figure { estimate: sums.ratio(), interval, range: None, n: sums.cases() }
}

/// `1 - figure / whole`: a share that is left of a whole.
pub(crate) fn left_of(figure: Figure, whole: f64) -> Figure {
    let left = |x: f64| 1.0 - x / whole;
    let turn = |(low, high): (f64, f64)| (left(high), left(low));
    Figure {
        estimate: figure.estimate.map(left),
        interval: figure.interval.map(turn),
        range: figure.range.map(turn),
        n: figure.n,
    }
}

fn manifest(scenario: &Scenario, tally: &Tally<'_>, options: &Options) -> Manifest {
    Manifest {
        version: env!("CARGO_PKG_VERSION").into(),
        commit: env!("DRSIM_COMMIT").into(),
        scenario_digest: scenario.digest.clone(),
        title: scenario.title.clone(),
        seed: options.seed,
        generator: drsim_sim::random_stream::GENERATOR.into(),
        replications: tally.replications,
        worlds: WORLDS,
        confidence: options.confidence,
        outages: tally.outages,
        price_date: Some(scenario.prices.collected.clone()),
        command: format!("{} -n {}", options.command, tally.replications),
    }
}

struct Summary<'a> {
    scenario: &'a Scenario,
    tally: &'a Tally<'a>,
    confidence: f64,
    offered_by_world: Vec<f64>,
    offered: f64,
    /// In each world, under a design that copies files.
    bytes_abroad: Vec<f64>,
    /// Per architecture, a year.
    key_conflicts: Vec<Option<Figure>>,
    /// Per architecture, in each world: minutes a year in which drills keep everybody from writing.
    planned_minutes: Vec<Vec<f64>>,
    /// Per architecture: what rests where.
    resting: Vec<Vec<Resting>>,
    /// Per architecture: how long files take to be copied.
    copy_times: Vec<Option<CopyTimes<'a>>>,
}

impl<'a> Summary<'a> {
    fn new(scenario: &'a Scenario, worlds: &'a Worlds, tally: &'a Tally<'a>, options: &Options) -> Self {
        let shared: Vec<&World> = worlds.worlds.iter().map(|(world, _)| world).collect();
        let (offered_by_world, offered) = tally.offered(&shared);
        let bytes_abroad = if abroad(scenario) { bytes_copied_abroad(&shared) } else { vec![0.0] };
        let conflicts = |a: usize| key_conflicts(worlds, a, options.seed, options.confidence);
        let key_conflicts = (0..scenario.architectures.len()).map(conflicts).collect();
        let planned = |a: usize| {
            let minutes = |(_, designs): &(World, Vec<Design>)| {
                designs[a].drills.as_ref().map_or(0.0, |drills| drills.planned_seconds_a_year() / 60.0)
            };
            worlds.worlds.iter().map(minutes).collect()
        };
        let planned_minutes = (0..scenario.architectures.len()).map(planned).collect();
        let copy_times = copy_times_of_all(worlds, scenario.architectures.len(), options.seed);
        let resting = (0..scenario.architectures.len()).map(|a| resting(scenario, worlds, a, options.seed)).collect();
        Self {
            scenario,
            tally,
            confidence: options.confidence,
            offered_by_world,
            offered,
            bytes_abroad,
            key_conflicts,
            planned_minutes,
            resting,
            copy_times,
        }
    }

    fn overall(&self) -> usize {
        self.scenario.populations.len()
    }

    fn cell<'t>(&self, tally: &'t ArchitectureTally, group: OperationGroup) -> &'t Cell {
        let g = GROUPS.iter().position(|&g| g == group).unwrap_or(GROUPS.len() - 1);
        &tally.recovery[self.overall()][g]
    }

    fn design(&self, a: usize, kept: (usize, usize, usize)) -> DesignResult {
        let (scenario, level) = (self.scenario, self.confidence);
        let architecture = &scenario.architectures[a];
        let tally = &self.tally.architectures[a];
        let back = |group| {
            let cell = self.cell(tally, group);
            (quantile(cell, 0.5, level).0, quantile(cell, 0.99, level).0)
        };
        let oldest = |store: usize| {
            let of = &tally.data.stores[store];
            (of.cuts.cases() > 0).then(|| quantile(&of.windows, 0.95, level).0)
        };
        let met = |p: usize| OutagesMet {
            population: scenario.populations[p].name.clone(),
            per_year: mean(&self.tally.met(a, p), level).0,
            baseline_per_year: mean(&self.tally.met(scenario.baseline, p), level).0,
        };
        let (_, difference) = self.tally.versus_baseline(a);
        let worse = difference.estimate(level).is_some_and(|e| e.interval.low > 0.0);
        DesignResult {
            architecture: architecture.name.clone(),
            is_baseline: a == scenario.baseline,
            is_proposed: a == scenario.proposed,
            reads_back: back(OperationGroup::Read),
            writes_back: back(OperationGroup::One(Operation::Write)),
            oldest_file_p95: oldest(0),
            oldest_row_p95: oldest(1),
            outages_met: (0..self.overall()).map(met).collect(),
            downtime_minutes_per_year: mean(&self.tally.downtime_overall(a), level).0,
            availability_by_request: self.served(a).0,
            failed_requests_per_year: mean(&self.tally.failed(a), level).0,
            assumption_only: assumption_only(scenario, a),
            claims_kept: (a != scenario.baseline).then_some(kept),
            worse_than_baseline: a != scenario.baseline && worse,
            remark: remark(architecture),
        }
    }

    /// The cause that pooled figures speak of; empty for several.
    fn pooled_cause(&self) -> &'static str {
        let [only] = self.scenario.causes()[..] else { return "" };
        only.name()
    }

    fn metrics(&self, a: usize) -> Vec<MetricRow> {
        let level = self.confidence;
        let pooled = self.pooled_cause();
        let tally = &self.tally.architectures[a];
        let mut rows = Rows { architecture: self.scenario.architectures[a].name.clone(), rows: Vec::new() };
        for (metric, per, cells) in [
            ("recovery_time_seconds", "incident", &tally.recovery),
            ("client_recovery_time_seconds", "client", &tally.client),
        ] {
            for (p, groups) in cells.iter().enumerate() {
                for (group, cell) in GROUPS.iter().zip(groups) {
                    let at =
                        Place { population: self.population(p), operation: group.name(), store: "", cause: pooled };
                    rows.percentiles(metric, at, per, cell, level);
                    if per == "incident" {
                        let share = cell.sketch.count() as f64 / tally.incidents.max(1) as f64;
                        let figure = Figure { estimate: Some(share), n: tally.incidents, ..Figure::default() };
                        rows.push("affected_share", at, per, "probability", (figure, None), "1");
                    }
                }
            }
        }
        self.push_data(&mut rows, a);
        let nowhere = Place { population: "overall", operation: "overall", store: "", cause: "" };
        for (p, population) in self.scenario.populations.iter().enumerate() {
            let at = Place { population: &population.name, operation: "", ..nowhere };
            rows.push("incidents_met", at, "year", "mean", mean(&self.tally.met(a, p), level), "1/year");
            for (o, operation) in Operation::ALL.into_iter().enumerate() {
                let at = Place { operation: operation.name(), ..at };
                let (downtime, note) = mean(&self.tally.downtime(a, p, o), level);
                rows.push("downtime_minutes", at, "year", "mean", (downtime, note.clone()), "min/year");
                let up = left_of(downtime, MINUTES_OF_YEAR);
                rows.push("availability_by_time", at, "year", "mean", (up, note), "1");
            }
        }
        rows.push(
            "downtime_minutes",
            nowhere,
            "year",
            "mean",
            mean(&self.tally.downtime_overall(a), level),
            "min/year",
        );
        rows.push("failed_requests", nowhere, "year", "mean", mean(&self.tally.failed(a), level), "requests/year");
        rows.push("availability_by_request", nowhere, "year", "mean", self.served(a), "1");
        rows.worst_of_year(nowhere, &tally.worst_of_year, self.tally.replications, level);
        for (sums, operation) in tally.parts.iter().zip([Operation::DynamicRead, Operation::Write]) {
            let at = Place { operation: operation.name(), cause: pooled, ..nowhere };
            for (part, seconds) in part_means(sums) {
                let figure = Figure { estimate: Some(seconds), n: sums.cases, ..Figure::default() };
                rows.push(&format!("{}_seconds", part.name()), at, "incident", "mean", (figure, None), "s");
            }
        }
        self.push_clocks(&mut rows, a);
        push_capacity(&mut rows, tally, &smallest_limits(self.scenario, a), level);
        let at = Place { population: "", operation: "", store: "", cause: "" };
        for resource in Resource::ALL {
            let short = &tally.first_short[resource as usize];
            if short.successes() > 0 {
                let figure = share_of(short, level);
                let metric = format!("first_bottleneck_{}", resource.name());
                rows.push(&metric, at, "incident", "probability", (figure, None), "1");
            }
        }
        rows.percentiles("time_above_capacity_seconds", at, "incident", &tally.above, level);
        if tally.first_short.iter().any(|short| short.successes() > 0) {
            let stays = (share_of(&tally.metastable, level), None);
            rows.push("metastable_share", at, "incident", "probability", stays, "1");
        }
        for cause in &tally.causes {
            let at = Place { cause: cause.apart.name(), ..nowhere };
            let (per_year, failed) = self.tally.of_cause(cause);
            rows.push("incidents", at, "year", "mean", mean(&per_year, level), "1/year");
            rows.push("failed_requests", at, "year", "mean", mean(&failed, level), "requests/year");
            for (cell, group) in cause.recovery.iter().zip(CAUSE_GROUPS) {
                let at = Place { operation: group.name(), ..at };
                rows.percentiles("recovery_time_seconds", at, "incident", cell, level);
            }
        }
        rows.rows
    }

    /// Recovery counted from later starts, and what is counted apart from failures.
    fn push_clocks(&self, rows: &mut Rows, a: usize) {
        let (level, pooled, tally) = (self.confidence, self.pooled_cause(), &self.tally.architectures[a]);
        let nowhere = Place { population: "overall", operation: "overall", store: "", cause: "" };
        for (group, (detection, declaration)) in
            CAUSE_GROUPS.iter().zip(tally.since_detection.iter().zip(&tally.since_declaration))
        {
            let at = Place { operation: group.name(), cause: pooled, ..nowhere };
            rows.percentiles("recovery_time_since_detection_seconds", at, "incident", detection, level);
            rows.percentiles("recovery_time_since_declaration_seconds", at, "incident", declaration, level);
        }
        let at = Place { operation: "cacheable_read", cause: "", ..nowhere };
        rows.push("stale_requests", at, "year", "mean", mean(&self.tally.stale(a), level), "requests/year");
        let tried = (share_of(&tally.first_tries, level), None);
        rows.push("first_try_success", Place { cause: "", ..nowhere }, "failover", "probability", tried, "1");
        for ((metric, unit), found) in COUNTED.iter().zip(tally.returned.read(self.tally.replications)) {
            let at = Place { population: "", operation: "", store: "database", cause: "" };
            rows.push(metric, at, "year", "mean", mean(&found, level), unit);
        }
        let at = Place { operation: "write", cause: "", ..nowhere };
        let planned = (over_worlds(&self.planned_minutes[a]), None);
        rows.push("planned_downtime_minutes", at, "year", "mean", planned, "min/year");
        let at = Place { operation: "upload", cause: "", ..nowhere };
        rows.push("uploads_cut", at, "year", "mean", mean(&self.tally.uploads_cut(a), level), "uploads/year");
    }

    /// Requests served over requests offered; its range divides each world's failures by its own demand.
    fn served(&self, a: usize) -> (Figure, Option<String>) {
        let failed = self.tally.failed(a);
        let (figure, note) = mean(&failed, self.confidence);
        let range = failed.scaled_range(&self.offered_by_world).map(|r| (1.0 - r.high, 1.0 - r.low));
        (Figure { range, ..left_of(figure, self.offered) }, note)
    }

    fn population(&self, p: usize) -> &str {
        self.scenario.populations.get(p).map_or("overall", |population| &population.name)
    }

    /// What the busiest region needs, by resource.
    fn capacity(&self, a: usize) -> Vec<CapacityResult> {
        let tally = &self.tally.architectures[a];
        let limits = smallest_limits(self.scenario, a);
        let one = |(resource, cell): (&Resource, &Cell)| {
            let limit = limits.get(*resource);
            limit.is_finite().then(|| CapacityResult {
                architecture: self.scenario.architectures[a].name.clone(),
                resource: resource.name().into(),
                limit,
                required: (quantile(cell, 0.95, self.confidence).0, quantile(cell, 0.99, self.confidence).0),
                first_short: share_of(&tally.first_short[*resource as usize], self.confidence),
            })
        };
        REPORTED.iter().zip(&tally.needed).filter_map(one).collect()
    }

    /// The smallest limits that suffice together in the share of incidents that the claims ask.
    fn together(&self, a: usize, costs: &Costs) -> Option<TogetherResult> {
        let asked = self.scenario.claims.iter().filter(|claim| {
            claim.metric == ClaimMetric::RecoveryTimeSeconds && claim.per == Per::Incident && claim.cause.is_none()
        });
        let share = asked.filter_map(|claim| claim.share).max_by(f64::total_cmp)?;
        let there = smallest_limits(self.scenario, a);
        let weighing = self.tally.architectures[a].needs.over(&there);
        let n = weighing.incidents();
        let (found, least) = weighing.limits(share, self.confidence)?;
        let needed = WEIGHED.into_iter().zip(found).filter(|(_, (limit, _))| *limit > 0.0);
        let limits: Vec<TogetherLimit> = needed
            .map(|(resource, (limit, within))| TogetherLimit {
                resource: resource.name().into(),
                limit: there.get(resource),
                required: Figure { estimate: Some(limit), interval: Some(within), range: None, n },
            })
            .collect();
        let at_least = limits.iter().find(|one| one.resource == Resource::DatabaseGrowth.name());
        let at_least = at_least.and_then(|one| one.required.estimate);
        Some(TogetherResult {
            architecture: self.scenario.architectures[a].name.clone(),
            share,
            held_out: share_of(&weighing.held_out(share)?, self.confidence),
            cost_a_year: at_least.map(|units| costs.of_a_larger_database(self.scenario, a, units)),
            limits,
            least,
        })
    }

    /// What outages cost, and whether the design is worth its money.
    fn loss(&self, a: usize, costs: &Costs) -> Option<LossResult> {
        let found = self.tally.losses(a)?;
        let level = self.confidence;
        let years = &found.years.sketch;
        let some = years.count() - years.count_zero();
        let interval = wilson(some, years.count(), level);
        let any = Figure {
            estimate: (years.count() > 0).then(|| some as f64 / years.count() as f64),
            interval: Some((interval.low, interval.high)),
            range: None,
            n: years.count(),
        };
        let own = |figure| (a != self.scenario.baseline).then_some(figure);
        let more = costs.a_year(a, &[true, false], true);
        let hours = mean(&found.hours_avoided, level).0;
        let beside_figure = mean(&found.beside_avoided, level).0;
        let beside = beside_figure.estimate.unwrap_or(0.0);
        // The price falls as more hours are avoided; without end where the hours reach down to none.
        let price = |hours: f64| break_even(more.estimate.unwrap_or(0.0), hours, beside);
        let between = |ends: Option<(f64, f64)>| ends.and_then(|(low, high)| Some((price(high)?, price(low)?)));
        let break_even = Figure {
            estimate: hours.estimate.and_then(price),
            interval: between(hours.interval),
            range: between(hours.range),
            n: hours.n,
        };
        let mean_loss = mean(&found.money, level);
        Some(LossResult {
            architecture: self.scenario.architectures[a].name.clone(),
            tail_dominated: mean_loss.1.is_some(),
            mean: mean_loss.0,
            any,
            one_in_10: quantile(&found.years, 0.9, level).0,
            one_in_100: quantile(&found.years, 0.99, level).0,
            hours: mean(&found.hours, level).0,
            avoided: own(mean(&found.money_avoided, level).0),
            hours_avoided: own(hours),
            beside_avoided: own(beside_figure),
            more: own(more),
            break_even_per_hour: own(break_even),
            exceedance: thin(years.ccdf()),
            not_priced: {
                let items = LOST_ITEMS.iter().zip(found.items).zip(&self.scenario.money.lost_items);
                let without = items.filter(|((_, n), price)| *n > 0.0 && price.is_none());
                without.map(|((item, n), _)| ((*item).to_owned(), n)).collect()
            },
        })
    }

    /// Net benefit of the proposed design a year: what it avoids less what it costs more, world by world. Nothing where
    /// losses are not estimated.
    fn net_benefit(&self, costs: &Costs) -> Vec<(u64, f64)> {
        let proposed = self.scenario.proposed;
        let Some(found) = self.tally.losses(proposed).filter(|_| proposed != self.scenario.baseline) else {
            return Vec::new();
        };
        let more = costs.a_year_by_world(proposed, &[true, false], true);
        let worlds = found.money_avoided.strata().iter().zip(more).enumerate();
        worlds.filter_map(|(w, (avoided, more))| Some((w as u64, avoided.mean()? - more))).collect()
    }

    fn comparison(&self, a: usize) -> Vec<Comparison> {
        let ([p_better, p_tie, p_worse], difference) = self.tally.versus_baseline(a);
        vec![Comparison {
            architecture: self.scenario.architectures[a].name.clone(),
            baseline: self.scenario.architectures[self.scenario.baseline].name.clone(),
            metric: "failed_requests".into(),
            p_better,
            p_tie,
            p_worse,
            difference: mean(&difference, self.confidence).0,
            unit: "requests/year".into(),
        }]
    }

    fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for (architecture, tally) in self.scenario.architectures.iter().zip(&self.tally.architectures) {
            let curve = |of: &str, sketch: &LogSketch| Curve {
                architecture: architecture.name.clone(),
                of: of.to_owned(),
                n: sketch.count(),
                points: thin(sketch.ccdf()),
            };
            figures.recovery_ccdf.push(curve("read", &self.cell(tally, OperationGroup::Read).sketch));
            let writes = self.cell(tally, OperationGroup::One(Operation::Write));
            figures.recovery_ccdf.push(curve("write", &writes.sketch));
            for (of, (_, store)) in tally.data.stores.iter().zip(STORES) {
                if of.cuts.cases() > 0 {
                    figures.loss_ccdf.push(curve(store, &of.windows.sketch));
                }
            }
            for (sums, operation) in tally.parts.iter().zip(["read", "write"]) {
                let parts: Vec<(String, f64)> =
                    part_means(sums).map(|(part, seconds)| (part.name().to_owned(), seconds)).collect();
                figures.waterfall.push(Waterfall {
                    architecture: architecture.name.clone(),
                    operation: operation.to_owned(),
                    mean_seconds: parts.iter().map(|(_, seconds)| seconds).sum(),
                    n: sums.cases,
                    parts,
                    database_share: sums.database_decided as f64 / sums.cases.max(1) as f64,
                });
            }
        }
        figures
    }
}

/// One operation's latency as rows: its percentiles, and the mean of each leg.
fn latency_rows(found: &LatencyResult) -> Vec<MetricRow> {
    let lost = if found.when == "normal" { String::new() } else { format!("_{}", found.when) };
    let row = |metric: String, statistic: &str, figure| MetricRow {
        architecture: found.architecture.clone(),
        metric,
        population: found.population.clone(),
        operation: found.operation.clone(),
        store: String::new(),
        cause: String::new(),
        per: "request".into(),
        statistic: statistic.into(),
        figure,
        unit: "s".into(),
        note: None,
    };
    let percentiles = ["p50", "p95", "p99"].iter().zip(found.percentiles);
    let percentiles = percentiles.map(|(name, figure)| row(format!("latency_seconds{lost}"), name, figure));
    let legs = found.legs.iter().filter(|_| lost.is_empty());
    let legs = legs.map(|(leg, mean)| row(format!("latency_{leg}_seconds"), "mean", *mean));
    percentiles.chain(legs).collect()
}

/// How old what a population reads in normal times may be.
fn staleness_rows(found: &LatencyResult) -> Vec<MetricRow> {
    let percentiles = latency_rows(found).into_iter().filter(|row| row.metric == "latency_seconds");
    percentiles.map(|row| MetricRow { metric: "read_staleness_seconds".into(), ..row }).collect()
}

/// The smaller limit of a design's regions at the base case, by resource.
fn smallest_limits(scenario: &Scenario, a: usize) -> PerResource {
    let regions = if scenario.architectures[a].second_region { scenario.regions.len() } else { 1 };
    let all = (0..regions).map(|region| region_limits(scenario, region, &WorldDraws::base_case()).available());
    let all: Vec<PerResource> = all.collect();
    PerResource::from_fn(|resource| all.iter().map(|limits| limits.get(resource)).fold(f64::INFINITY, f64::min))
}

/// What the busiest region of an incident needs, against what it has.
fn push_capacity(rows: &mut Rows, tally: &ArchitectureTally, there: &PerResource, level: f64) {
    let at = Place { population: "", operation: "", store: "", cause: "" };
    for (resource, cell) in REPORTED.iter().zip(&tally.ratio) {
        rows.percentiles_in(&format!("capacity_ratio_{}", resource.name()), at, "incident", (cell, "1"), level);
    }
    rows.percentiles_in("required_scale", at, "incident", (&tally.scale, "1"), level);
    rows.percentiles_in("required_standby_share", at, "incident", (&tally.standby, "1"), level);
    for (resource, cell) in REPORTED.iter().zip(&tally.needed) {
        let cell = (cell, resource.unit());
        rows.percentiles_in(&format!("required_quota_{}", resource.name()), at, "incident", cell, level);
    }
    let weighing = tally.needs.over(there);
    for (p, name) in PERCENTILES.into_iter().filter(|(p, _)| (0.9..=0.99).contains(p)) {
        let Some((limits, least)) = weighing.limits(p, level) else { continue };
        let note = (!least).then(|| "best_of_those_tried".into());
        for (resource, (limit, within)) in WEIGHED.into_iter().zip(limits).filter(|(_, (limit, _))| *limit > 0.0) {
            let figure = Figure { estimate: Some(limit), interval: Some(within), range: None, n: weighing.incidents() };
            let metric = format!("joint_quota_{}", resource.name());
            rows.push(&metric, at, "incident", name, (figure, note.clone()), resource.unit());
        }
    }
}

fn part_means(sums: &PartSums) -> impl Iterator<Item = (Part, f64)> + '_ {
    let cases = sums.cases;
    let of = Part::ALL.into_iter().zip(sums.nanoseconds);
    of.filter(move |_| cases > 0).map(move |(part, ns)| (part, ns as f64 / 1e9 / cases as f64))
}

/// At most some 500 points: evenly over the logarithm of x, and both ends of every gap, so that steps stay where they are.
fn thin(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return points };
    let distance = |from: f64, to: f64| libm::log(to.max(1e-3) / from.max(1e-3));
    let step = distance(first.0, last.0) / 250.0;
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (i, &point) in points.iter().enumerate() {
        let after_gap = kept.last().is_none_or(|k| distance(k.0, point.0) >= step);
        let before_gap = points.get(i + 1).is_none_or(|next| distance(point.0, next.0) >= step);
        if after_gap || before_gap {
            kept.push(point);
        }
    }
    kept
}

/// Whether another row before this one is the same but for how files are copied, in what it does.
fn assumption_only(scenario: &Scenario, a: usize) -> bool {
    let bare = |architecture: &Architecture| {
        let plain = Architecture { name: String::new(), copy: None, work: Work::default(), ..architecture.clone() };
        let mut value = serde_json::to_value(plain).expect("a checked architecture can be written");
        without_paths(&mut value);
        value
    };
    let own = bare(&scenario.architectures[a]);
    scenario.architectures[..a].iter().any(|other| bare(other) == own)
}

/// Inputs name where they stand; that makes no difference between designs.
fn without_paths(value: &mut serde_json::Value) {
    if let Some(table) = value.as_object_mut() {
        table.remove("path");
        table.values_mut().for_each(without_paths);
    }
}

fn remark(architecture: &Architecture) -> String {
    let mut words = Vec::new();
    if architecture.second_region && architecture.front_door == crate::scenario::FrontDoor::Cloudfront {
        words.push(match &architecture.health_check {
            None => "no health check".to_owned(),
            Some(check) => format!("checks {} s x {}", check.interval.value, check.threshold),
        });
    }
    match architecture.decision {
        Some(Decision::Automatic) => words.push("promotes by itself".into()),
        Some(Decision::OnCall) => words.push("a person promotes".into()),
        None => {}
    }
    words.join(", ")
}

/// Which slice of the world a metric speaks of.
#[derive(Clone, Copy)]
struct Place<'a> {
    population: &'a str,
    operation: &'a str,
    store: &'a str,
    cause: &'a str,
}

struct Rows {
    architecture: String,
    rows: Vec<MetricRow>,
}

impl Rows {
    fn push(
        &mut self,
        metric: &str,
        at: Place<'_>,
        per: &str,
        statistic: &str,
        (figure, note): (Figure, Option<String>),
        unit: &str,
    ) {
        self.rows.push(MetricRow {
            architecture: self.architecture.clone(),
            metric: metric.into(),
            population: at.population.into(),
            operation: at.operation.into(),
            store: at.store.into(),
            cause: at.cause.into(),
            per: per.into(),
            statistic: statistic.into(),
            figure,
            unit: unit.into(),
            note,
        });
    }

    fn percentiles(&mut self, metric: &str, at: Place<'_>, per: &str, cell: &Cell, level: f64) {
        self.percentiles_in(metric, at, per, (cell, "s"), level);
    }

    fn percentiles_in(&mut self, metric: &str, at: Place<'_>, per: &str, (cell, unit): (&Cell, &str), level: f64) {
        if cell.sketch.count() == 0 {
            return;
        }
        for (p, name) in PERCENTILES {
            self.push(metric, at, per, name, quantile(cell, p, level), unit);
        }
        let max = cell.sketch.max().filter(|_| cell.sketch.count_infinite() == 0);
        let note = max.is_none().then(|| "unbounded".to_owned());
        let figure = Figure { estimate: max, n: cell.sketch.count(), ..Figure::default() };
        self.push(metric, at, per, "max", (figure, note), unit);
    }

    /// The year's worst recovery; a year without an incident counts as 0.
    fn worst_of_year(&mut self, at: Place<'_>, cell: &Cell, years: u64, level: f64) {
        let mut whole = cell.clone();
        let quiet = years - cell.sketch.count();
        whole.sketch.add_n(0.0, quiet);
        whole.cases.add_n(0, 1, quiet);
        self.percentiles("recovery_time_seconds", at, "year", &whole, level);
    }
}
