//! What a run found: one structure that every output is written from.
//!
//! Durations are in seconds, shares between 0 and 1. `None` means "does not apply" or "not estimated", never 0; where a
//! number is missing for a reason worth reading, `note` gives the reason.

use crate::replay::Line;
use crate::scenario::{ProvenanceRow, Scenario};
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
    /// Paired comparisons with the baseline.
    pub comparisons: Vec<Comparison>,
    /// Costs: empty in this version, which does not estimate money.
    pub costs: Vec<()>,
    /// Assumptions.
    pub provenance: Vec<ProvenanceRow>,
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
    /// Date of the price book, once money is estimated.
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
    /// What one case is: "incident", "year", "client".
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
