//! What a run found: one structure that every output is written from.
//!
//! Durations are in seconds, shares between 0 and 1. `None` means "does not apply" or "not estimated", never 0; where a
//! number is missing for a reason worth reading, `note` gives the reason.

use crate::compare::Duel;
use crate::compare::front::Standing;
use crate::decide::knowing::ValueOfKnowing;
use crate::doubts::Doubts;
use crate::replay::Line;
use crate::scenario::{Basis, ProvenanceRow, Scenario};
use drsim_models::cost::Usd;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Version of `results.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything a run found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Version of this structure.
    pub schema_version: u32,
    /// How to get it again.
    pub manifest: Manifest,
    /// The claims, judged for `proposed` and found for every other architecture.
    pub claims: Vec<ClaimResult>,
    /// One row per architecture, in the scenario's order.
    pub designs: Vec<DesignResult>,
    /// Tidy metrics (the rows of `metrics.csv`).
    pub metrics: Vec<MetricRow>,
    /// What the busiest region of an incident needs, against what it has.
    pub capacity: Vec<CapacityResult>,
    /// The smallest limits that suffice together, for the share of incidents that the claims ask; of each architecture
    /// whose incidents are enough to say.
    #[serde(default)]
    pub capacity_together: Vec<TogetherResult>,
    /// How long requests take.
    pub latency: Vec<LatencyResult>,
    /// Paired comparisons with the baseline.
    pub comparisons: Vec<Comparison>,
    /// Pairs of designs on the same chance, year by year and outage by outage.
    pub duels: Vec<Duel>,
    /// Which designs no other beats in everything; nothing unless there are two.
    pub front: Vec<Standing>,
    /// The bill of each architecture in one row, in the scenario's order.
    pub bills: Vec<Bill>,
    /// What outages cost under each architecture; empty unless the scenario says what an hour costs.
    pub losses: Vec<LossResult>,
    /// Availability promised, designed and simulated, and what error budgets and credits come to.
    pub availability: Vec<AvailabilityResult>,
    /// Where whose data rest, and what else counsel asks; of each architecture.
    pub compliance: Vec<ComplianceResult>,
    /// What each month from go-live on costs (the rows of `budget.csv`).
    pub budget: Vec<BudgetRow>,
    /// Inputs that net benefit goes most with, over worlds: the first decides most.
    pub money_decided_by: Vec<DecidingInput>,
    /// What knowing an input better is worth before deciding for or against `proposed`; `None`: losses are not estimated.
    pub value_of_knowing: Option<ValueOfKnowing>,
    /// The modelled bill against an invoice; `None`: not reconciled.
    pub invoice: Option<InvoiceCheck>,
    /// Every line of every bill (the rows of `costs.csv`).
    pub costs: Vec<CostLine>,
    /// Assumptions.
    pub provenance: Vec<ProvenanceRow>,
    /// What nobody vouches for, and what hangs on it; `None`: not looked at.
    pub doubts: Option<Doubts>,
    /// Curves and bars for the plots, from the same counts.
    pub figures: Figures,
    /// Warnings about the design or the sample.
    pub warnings: Vec<String>,
    /// Why the run stopped, in a few words; in `run.json`, not in `results.json`, since it may depend on the clock.
    #[serde(skip)]
    pub stopped_because: String,
    /// The worst year of the proposed design; `None` if none of its years was interrupted.
    pub worst_year: Option<WorstYear>,
    /// The scenario it came from.
    pub scenario: Scenario,
}

/// The simulated year in which a design was down the longest, as it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorstYear {
    /// Architecture.
    pub architecture: String,
    /// Replication; of years that are equally bad the first.
    pub replication: u64,
    /// Minutes below the minimum service level, mean over populations weighted by users, worst operation.
    pub downtime_minutes: f64,
    /// First attempts that failed.
    pub failed_requests: f64,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// How to get the same numbers again. Nothing here depends on the machine, the hour or the number of threads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of drsim.
    pub version: String,
    /// Git commit it was built from, or "unknown".
    pub commit: String,
    /// Digest of the scenario.
    pub scenario_digest: String,
    /// Title of the scenario.
    pub title: String,
    /// Seed.
    pub seed: u64,
    /// Name of the generator of random numbers.
    pub generator: String,
    /// Replications done: 0..this.
    pub replications: u64,
    /// Worlds K: replication i lies in world i mod K.
    pub worlds: u64,
    /// Level of all intervals.
    pub confidence: f64,
    /// Regional outages simulated that hit the workload.
    pub outages: u64,
    /// Date of the price book.
    pub price_date: Option<String>,
    /// Command that gives the same data files.
    pub command: String,
}

/// What was decided about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails.
    Fails,
    /// More replications would tell.
    Undecided,
    /// It depends on what is not known.
    Depends,
    /// Nothing was found against an "always".
    NoCounterexample,
    /// Nothing happened that it speaks of.
    NoCases,
    /// drsim does not estimate this yet.
    NotEstimated,
}

/// A claim against an architecture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimResult {
    /// Name in the scenario.
    pub claim: String,
    /// What the author wrote.
    pub says: Option<String>,
    /// Architecture it was judged for.
    pub architecture: String,
    /// Bound in words, such as "< 60 s".
    pub bound: String,
    /// What one case is: "incident", "year", "client", "instant".
    pub per: String,
    /// Asked share; `None` = always.
    pub asked: Option<f64>,
    /// Found share.
    pub found: Option<f64>,
    /// Simulation interval of the found share, worlds held fixed.
    pub interval: Option<(f64, f64)>,
    /// P10 and P90 of the found share over worlds, simulation noise subtracted.
    pub range: Option<(f64, f64)>,
    /// Cases.
    pub n: u64,
    /// Verdict.
    pub verdict: Verdict,
    /// What decides it, in a few words.
    pub decided_by: String,
    /// The smallest counterexample of a claim that fails, in words.
    pub counterexample: Option<Counterexample>,
    /// For files on a link: the fewest uploads that break the bound by themselves, whether or not they happened.
    #[serde(default)]
    pub burst: Option<Burst>,
}

/// Files as large as may be, uploaded at once into an empty queue: the last of them is copied after so long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    /// How many.
    pub files: u64,
    /// Size of each.
    pub bytes: f64,
    /// Until the last is copied \[s\]: above the bound.
    pub seconds: f64,
}

/// One case that breaks a claim by the least.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counterexample {
    /// Replication it lies in.
    pub replication: u64,
    /// Value found there, in the unit of the bound.
    pub value: f64,
    /// In words.
    pub words: String,
}

/// A number with its interval, range and sample size.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Figure {
    /// The estimate.
    pub estimate: Option<f64>,
    /// Simulation interval.
    pub interval: Option<(f64, f64)>,
    /// P10 to P90 over worlds.
    pub range: Option<(f64, f64)>,
    /// Sample size.
    pub n: u64,
}

/// One architecture in one row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DesignResult {
    /// Name.
    pub architecture: String,
    /// Whether it is the baseline, the proposed one, or worse than the baseline.
    pub is_baseline: bool,
    /// Whether it is the design up for approval.
    pub is_proposed: bool,
    /// Reads back, seconds: P50 and P99 per incident, overall population.
    pub reads_back: (Figure, Figure),
    /// Writes back, seconds: P50 and P99.
    pub writes_back: (Figure, Figure),
    /// Oldest file at risk at the cut, seconds, P95; `None` where data returns with the region (no survivor).
    pub oldest_file_p95: Option<Figure>,
    /// Oldest row lost at the cut, seconds, P95; `None` where nothing is ever promoted.
    pub oldest_row_p95: Option<Figure>,
    /// Per population: incidents per year that interrupted it, and the same for the baseline.
    pub outages_met: Vec<OutagesMet>,
    /// Minutes a year below the minimum service level, mean over populations weighted by users, worst operation.
    pub downtime_minutes_per_year: Figure,
    /// Share of requests served, all years.
    pub availability_by_request: Figure,
    /// First attempts that fail in a year, mean.
    pub failed_requests_per_year: Figure,
    /// Claims that hold, claims on "always" that nothing was found against, and claims judged; `None` for the baseline.
    pub claims_kept: Option<(usize, usize, usize)>,
    /// Whether it differs from another row in an assumption only (how files are copied), not in what is built.
    pub assumption_only: bool,
    /// Whether more requests fail per year than in the baseline, beyond the paired interval.
    pub worse_than_baseline: bool,
    /// What differs from its preset or is worth knowing, in a few words ("no health check").
    pub remark: String,
}

/// How many incidents a population meets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutagesMet {
    /// Population.
    pub population: String,
    /// Incidents per year that took some operation below the minimum service level.
    pub per_year: Figure,
    /// The same under the baseline.
    pub baseline_per_year: Figure,
}

/// How long one operation of one population takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LatencyResult {
    /// Architecture.
    pub architecture: String,
    /// Population.
    pub population: String,
    /// Operation.
    pub operation: String,
    /// `normal`, `primary_lost` or `secondary_lost`: once traffic and writer have moved.
    pub when: String,
    /// P50, P95, P99 \[s\].
    pub percentiles: [Figure; 3],
    /// Mean of each leg \[s\], where it is not zero.
    pub legs: Vec<(String, Figure)>,
}

/// One row of `metrics.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MetricRow {
    /// Architecture.
    pub architecture: String,
    /// Metric, with its unit last.
    pub metric: String,
    /// Population, "overall", or empty.
    pub population: String,
    /// Operation, "read", "overall", or empty.
    pub operation: String,
    /// Store, or empty.
    pub store: String,
    /// Cause, or empty for all.
    pub cause: String,
    /// What `n` counts.
    pub per: String,
    /// mean, p50, …, max, probability.
    pub statistic: String,
    /// Estimate, interval, range, n.
    #[serde(flatten)]
    pub figure: Figure,
    /// Unit.
    pub unit: String,
    /// Why a cell is empty, or a flag such as `tail_dominated`; not a column of the CSV.
    pub note: Option<String>,
}

/// One resource of one architecture: what the busiest region of an incident needs to carry everyone who reaches it,
/// retries included.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CapacityResult {
    /// Architecture.
    pub architecture: String,
    /// Resource.
    pub resource: String,
    /// What the region has, at the base case.
    pub limit: f64,
    /// The smallest limit that suffices in 95 % and in 99 % of the incidents, the others as they are.
    pub required: (Figure, Figure),
    /// Share of the incidents in which it was the first to run out.
    pub first_short: Figure,
}

/// Limits with which an architecture's busiest region has enough of everything in a share of the incidents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TogetherResult {
    /// Architecture.
    pub architecture: String,
    /// The share: the largest that a claim on recovery times asks.
    pub share: f64,
    /// The limits, of what incidents need at all.
    pub limits: Vec<TogetherLimit>,
    /// Whether each half of the incidents that may be short (one for the quotas, one for the units) is given up in the best
    /// way, by proof; else in the best of those that were tried. Results of before do not say.
    #[serde(default)]
    pub least: bool,
    /// How often limits found in one half of the incidents suffice in the other.
    pub held_out: Figure,
    /// What the database's smallest size adds to a year's bill at the base case, in the scenario's own currency; the other
    /// limits have no price.
    pub cost_a_year: Option<f64>,
}

/// One of the limits that suffice together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TogetherLimit {
    /// Resource.
    pub resource: String,
    /// What the region has, at the base case.
    pub limit: f64,
    /// What suffices.
    pub required: Figure,
}

/// The bill of one architecture, an average month at list prices. Expected values are the base case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bill {
    /// Architecture.
    pub architecture: String,
    /// Expected: the sum of its lines.
    pub usd_per_month: Usd,
    /// P10 and P90 over worlds.
    pub range: Option<(f64, f64)>,
    /// Expected bill above the baseline's.
    pub premium_usd_per_month: Usd,
    /// P10 and P90 over worlds, world by world.
    pub premium_range: Option<(f64, f64)>,
    /// The same as a share of the baseline's bill.
    pub premium_share: Option<f64>,
    /// P10 and P90 over worlds, world by world.
    pub premium_share_range: Option<(f64, f64)>,
    /// People's work, one-off work spread over the years of the budget; `None`: not estimated.
    pub people_usd_per_month: Option<Usd>,
    /// The cloud in a year, in the scenario's own currency: expected and range over worlds, exchange included.
    pub cloud_a_year: Figure,
    /// The same above the baseline's.
    pub cloud_more_a_year: Figure,
    /// People's work in a year beyond the baseline's, likewise; `None`: not estimated.
    pub people_more_a_year: Option<Figure>,
    /// Lines that are not modelled.
    pub not_estimated: usize,
    /// Lines with a quantity that the price book has no price for: the bill is too low.
    pub unpriced: usize,
}

/// What a year's outages cost under one architecture, in the scenario's own currency, and whether it is worth its money.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LossResult {
    /// Architecture.
    pub architecture: String,
    /// Expected loss a year.
    pub mean: Figure,
    /// Whether few years make up the mean.
    pub tail_dominated: bool,
    /// Share of years with any loss.
    pub any: Figure,
    /// What one year in ten loses at least.
    pub one_in_10: Figure,
    /// What one year in a hundred loses at least.
    pub one_in_100: Figure,
    /// Hours down a year, everybody of an average hour.
    pub hours: Figure,
    /// Expected loss below the baseline's, year by year; absent for the baseline.
    pub avoided: Option<Figure>,
    /// Hours down a year below the baseline's, and what else is lost below it: the straight line that `avoided` lies on.
    pub hours_avoided: Option<Figure>,
    /// See `hours_avoided`.
    pub beside_avoided: Option<Figure>,
    /// What it costs a year beyond the baseline, people included where they are estimated.
    pub more: Option<Figure>,
    /// Price of an hour from which it pays; no estimate where it is not down less. Its interval is that of the hours
    /// avoided.
    pub break_even_per_hour: Option<Figure>,
    /// Loss and share of years that lose more.
    pub exceedance: Vec<(f64, f64)>,
    /// What was lost and has no price: key of `money.lost_item`, and how many a year.
    pub not_priced: Vec<(String, f64)>,
}

/// Availability of one architecture: by arithmetic, and as simulated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AvailabilityResult {
    /// Architecture.
    pub architecture: String,
    /// By operation that always needs a region.
    pub paths: Vec<PathAvailability>,
    /// Minutes a year below the minimum service level, of the worst operation, populations weighted by users: in
    /// incidents in which no region failed (a way in, a link),
    pub down_without_region: Figure,
    /// in which one region failed: what failing over takes,
    pub down_one_region: Figure,
    /// and in which both did: what arithmetic takes for a coincidence.
    pub down_both_regions: Figure,
    /// Share of a month that was promised to users.
    pub target: f64,
    /// What that leaves: the error budget of a month \[min\].
    pub budget_minutes: f64,
    /// Share of months in which it is spent.
    pub months_spent: Figure,
    /// Share of years with such a month.
    pub years_spent: Figure,
    /// What one year in ten is down at least \[min\].
    pub down_one_in_10: Figure,
    /// What one year in a hundred is down at least \[min\].
    pub down_one_in_100: Figure,
    /// What the provider pays back in a year if every claim is made in time, in the scenario's own currency.
    pub credits_a_year: Figure,
}

/// One operation's availability.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PathAvailability {
    /// Operation.
    pub operation: String,
    /// Way in: services in series and their commitments.
    pub front: Vec<(String, f64)>,
    /// Services of a region, in series.
    pub region: Vec<(String, f64)>,
    /// So many regions in parallel.
    pub regions: usize,
    /// Arithmetic on the provider's commitments, independence and an instant move assumed.
    pub promised: f64,
    /// The same arithmetic on this scenario's outages of each region and way in.
    pub designed: f64,
    /// What users got: share of the time not below the minimum service level, populations weighted by users.
    pub simulated: Figure,
    /// Whether few years make up the mean.
    pub tail_dominated: bool,
    /// Minutes a year that it is down beyond what `designed` says.
    pub misleads_minutes: Figure,
}

/// What counsel asks of an architecture. It judges nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComplianceResult {
    /// Architecture.
    pub architecture: String,
    /// Whose data rest where.
    pub places: Vec<DataPlace>,
    /// Items of a contingency plan for health data; empty unless asked for.
    pub contingency: Vec<ContingencyItem>,
    /// How long what was erased may stay.
    pub erase: Vec<EraseBound>,
}

/// One label's data in one store of one region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DataPlace {
    /// Whose: a population.
    pub label: String,
    /// `database` or `objects`.
    pub store: String,
    /// Region.
    pub region: String,
    /// `original`, `copy`, `snapshots` or `none`.
    pub holds: String,
    /// Whether they lie on another continent than the population; `None`: not known.
    pub leaves_continent: Option<bool>,
    /// The basis that was declared for it, where they do.
    pub transfer_basis: Option<String>,
}

/// An item of 45 CFR 164.308(a)(7)(ii).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContingencyItem {
    /// Its letter.
    pub item: String,
    /// Its name.
    pub name: String,
    /// Whether the rule requires it; otherwise it is addressable.
    pub required: bool,
    /// `simulated`, `assumed` (an input of the scenario) or `not_covered`.
    pub covered: String,
}

/// How long an erased item may stay somewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EraseBound {
    /// `database` or `objects`.
    pub store: String,
    /// `restore_points`, `snapshots`, `copies`.
    pub held_in: String,
    /// At most \[s\]; `None`: no bound follows from the scenario.
    pub seconds: Option<f64>,
}

/// The modelled bill against what was invoiced, a month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvoiceCheck {
    /// The design that runs.
    pub architecture: String,
    /// Month of the invoice.
    pub as_of: String,
    /// What was invoiced \[USD\].
    pub invoiced_usd: f64,
    /// Modelled over invoiced.
    pub ratio: f64,
    /// Whether the ratio lies within 80 and 125 %.
    pub agrees: bool,
    /// By service, where the invoice says so.
    pub services: Vec<ServiceCheck>,
}

/// One service's modelled bill against what was invoiced, a month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceCheck {
    /// Service.
    pub service: String,
    /// Modelled \[USD\]; `None`: the model has no such service.
    pub modelled_usd: Option<f64>,
    /// Invoiced \[USD\]; `None`: not on the invoice.
    pub invoiced_usd: Option<f64>,
    /// Modelled over invoiced, where both are known.
    pub ratio: Option<f64>,
}

/// A row of the budget, in the scenario's own currency. Only expected values add up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BudgetRow {
    /// Architecture.
    pub architecture: String,
    /// Fiscal year.
    pub fiscal_year: String,
    /// Month (ISO 8601).
    pub month: String,
    /// `one_off`, run, people, drill, contingency.
    pub kind: String,
    /// Of what.
    pub item: String,
    /// Currency.
    pub currency: String,
    /// Expected.
    #[serde(with = "rust_decimal::serde::float")]
    pub expected: Decimal,
    /// P10 and P90 over worlds; does not add up.
    #[serde(skip)]
    pub range: Option<(Decimal, Decimal)>,
}

/// An input that is not known exactly, and how much a result goes with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecidingInput {
    /// Path in the scenario.
    pub path: String,
    /// Spearman's rank correlation over worlds.
    pub correlation: f64,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// One line of a bill, an average month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CostLine {
    /// Architecture.
    pub architecture: String,
    /// cloud, people, drill.
    pub kind: String,
    /// Service.
    pub service: String,
    /// Region, continent of the users, `from>to`, or `global`.
    pub region: String,
    /// What of the service.
    pub item: String,
    /// How much a month.
    pub quantity: Option<f64>,
    /// What is counted.
    pub unit: String,
    /// What one costs.
    pub unit_price: Option<Usd>,
    /// Quantity times price, to the cent.
    pub usd_per_month_expected: Option<Usd>,
    /// P10 over worlds; does not add up.
    pub usd_per_month_p10: Option<f64>,
    /// P90 over worlds; does not add up.
    pub usd_per_month_p90: Option<f64>,
    /// How the price came to be known.
    pub basis: Option<Basis>,
    /// Where it comes from, or why there is none.
    pub source: String,
    /// When it held.
    pub price_date: String,
    /// estimated or `not_estimated`.
    pub status: String,
}

/// Paired comparison of an architecture with the baseline, year by year.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// Architecture.
    pub architecture: String,
    /// What it is compared with.
    pub baseline: String,
    /// What is compared, lower is better.
    pub metric: String,
    /// Share of years in which it is better.
    pub p_better: f64,
    /// Share of years with a tie.
    pub p_tie: f64,
    /// Share of years in which it is worse.
    pub p_worse: f64,
    /// Mean difference, architecture minus baseline, with its paired interval.
    pub difference: Figure,
    /// Unit of the difference.
    pub unit: String,
}

/// What the plots show.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// P(recovery time > x) per architecture, overall population; one for reads, one for writes.
    pub recovery_ccdf: Vec<Curve>,
    /// P(data-loss window > x) per architecture and store.
    pub loss_ccdf: Vec<Curve>,
    /// Mean seconds per part of the recovery time.
    pub waterfall: Vec<Waterfall>,
}

/// A complementary distribution function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Curve {
    /// Architecture.
    pub architecture: String,
    /// "read", "write", "objects", "database".
    pub of: String,
    /// Cases.
    pub n: u64,
    /// Seconds and P(> seconds), seconds rising. The share beyond the last point is unbounded, if not 0.
    pub points: Vec<(f64, f64)>,
}

/// Where the time goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waterfall {
    /// Architecture.
    pub architecture: String,
    /// "read" or "write".
    pub operation: String,
    /// Mean recovery time \[s\], over outages of one region only.
    pub mean_seconds: f64,
    /// Cases.
    pub n: u64,
    /// Name of the part and its mean \[s\], in order; they sum to the mean.
    pub parts: Vec<(String, f64)>,
    /// Share of the cases in which the parts of the database branch decided.
    pub database_share: f64,
}

/// One row of `incidents.csv`: an incident as one population and operation met it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IncidentRow {
    /// Architecture.
    pub architecture: String,
    /// Replication.
    pub replication: u64,
    /// Number of the incident within the replication and architecture, from 0.
    pub incident: u32,
    /// First cause.
    pub cause: String,
    /// Regions that failed, joined by "+".
    pub regions: String,
    /// Onset, seconds since the start of the year.
    pub onset_seconds: f64,
    /// Population.
    pub population: String,
    /// Operation.
    pub operation: String,
    /// Onset to recovered \[s\]; empty when not recovered within 30 days.
    pub recovery_time_seconds: Option<f64>,
    /// A random client's own time \[s\].
    pub client_recovery_time_seconds: Option<f64>,
    /// Parts of the recovery time \[s\]; they sum to it.
    pub undetected_seconds: f64,
    /// Decision on the promotion \[s\].
    pub undecided_seconds: f64,
    /// Promotion \[s\].
    pub promoting_seconds: f64,
    /// Reconnecting \[s\].
    pub reconnecting_seconds: f64,
    /// Publication and caches \[s\].
    pub routing_seconds: f64,
    /// Open connections \[s\].
    pub draining_seconds: f64,
    /// Warming, relapses included \[s\].
    pub warming_seconds: f64,
    /// Waiting for the repair \[s\].
    pub waiting_for_repair_seconds: f64,
    /// Below the minimum service level within the year \[s\].
    pub downtime_seconds: f64,
    /// First attempts that failed, expected.
    pub failed_requests: f64,
    /// Oldest file at risk at the cut \[s\]; empty without a cut or when the survivor lacked nothing.
    pub objects_window_seconds: Option<f64>,
    /// Files at risk.
    pub objects_at_risk: u64,
    /// Bytes at risk.
    pub object_bytes_at_risk: u64,
    /// Oldest row lost \[s\].
    pub rows_window_seconds: Option<f64>,
    /// Rows lost.
    pub rows_lost: u64,
}
