//! The checked scenario: what the rest of the program can rely on.
//!
//! A [`Scenario`] exists only if every name resolves, every unit was read and every value lies in its domain; after
//! [`crate::scenario_file`] has built one, nobody checks again. Numbers are in base units: seconds, bytes, bits per
//! second, shares between 0 and 1, events per year. What is not known exactly stays an [`Input`] with its range until
//! [`crate::world`] draws a value for one world.

use crate::compliance::ComplianceInput;
use crate::money::inputs::{MoneyInput, UsageInput, Work};
use crate::money::prices::PriceBook;
pub use drsim_models::fate::Fate;
pub use drsim_models::outage::Cause;
pub use drsim_models::residency::Label;
pub use drsim_models::traffic::Operation;
use serde::{Deserialize, Serialize};

/// How a figure came to be known. Every value has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Measured on the system itself.
    Measured,
    /// Fixed by a contract.
    Contract,
    /// Stated by the provider's documentation.
    Documented,
    /// Reported by a third party.
    Reported,
    /// An engineering estimate.
    Estimated,
    /// Recalled or assumed; nobody has checked it.
    Unverified,
}

impl Basis {
    /// The word in scenarios and data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Contract => "contract",
            Self::Documented => "documented",
            Self::Reported => "reported",
            Self::Estimated => "estimated",
            Self::Unverified => "unverified",
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// How it came to be known.
    pub basis: Basis,
    /// The document, page or data set, with its date; empty when the scenario gives none.
    pub source: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The date it was true.
    pub as_of: Option<String>,
    /// Whether it stands in the scenario (with its line) or is built in.
    pub given: Given,
}

/// Who gave a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// The scenario file, at this line.
    Scenario {
        /// Line, counted from 1.
        line: usize,
    },
    /// A file that the scenario extends.
    Base {
        /// Its name.
        file: String,
        /// Line, counted from 1.
        line: usize,
    },
    /// `--set` on the command line.
    CommandLine,
    /// The catalogue inside the program.
    BuiltIn,
}

/// How a `range` is read: low and high are P10 and P90 of this law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeLaw {
    /// Positive quantities.
    Lognormal,
    /// Shares and probabilities.
    LogitNormal,
    /// All else.
    Normal,
}

/// One number: its base case and, where it is not known exactly, the range it lies in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Full path in the scenario, such as `outages.region.hits_workload`; names its random stream.
    pub path: String,
    /// Base case, in base units.
    pub value: f64,
    /// P10 and P90 of the one true value, in base units.
    pub range: Option<(f64, f64)>,
    /// How the range is read.
    pub law: RangeLaw,
}

/// A rate known from a count: `events` in `years` of exposure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountInput {
    /// Full path in the scenario.
    pub path: String,
    /// Events seen.
    pub events: f64,
    /// Years watched.
    pub years: f64,
    /// Whether the rate is drawn from its Gamma posterior (shape events + 1/2, rate years); otherwise events / years.
    pub posterior: bool,
}

/// A quantity that varies from event to event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistributionInput {
    /// Full path in the scenario.
    pub path: String,
    /// Its law.
    pub shape: Shape,
    /// Condition: never below this, in base units.
    pub min: Option<f64>,
    /// Condition: never above this, in base units.
    pub max: Option<f64>,
}

/// The law of a [`DistributionInput`], in base units. Each parameter may itself have a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "dist", rename_all = "snake_case")]
pub enum Shape {
    /// Always this.
    Constant {
        /// The value.
        value: Input,
    },
    /// Any value between two, all alike.
    Uniform {
        /// Smallest.
        low: Input,
        /// Largest.
        high: Input,
    },
    /// Between two values, one of them most likely.
    Triangular {
        /// Smallest.
        low: Input,
        /// Most likely.
        mode: Input,
        /// Largest.
        high: Input,
    },
    /// Exponential with this mean.
    Exponential {
        /// Mean.
        mean: Input,
    },
    /// Log-normal, gamma, Weibull or Pareto, given by its median and one upper percentile.
    Percentiles {
        /// Which family.
        family: Family,
        /// Median.
        p50: Input,
        /// Level of the second percentile, such as 0.95.
        level: f64,
        /// The value at that level.
        at_level: Input,
    },
    /// Observed values, drawn with equal chance.
    Empirical {
        /// Sorted values in base units.
        values: Vec<f64>,
    },
    /// One of several laws.
    Mixture {
        /// Weight (summing to one) and law.
        parts: Vec<(f64, DistributionInput)>,
    },
}

/// Families given by percentiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Log-normal.
    Lognormal,
    /// Gamma.
    Gamma,
    /// Weibull.
    Weibull,
    /// Pareto (type I).
    Pareto,
}

/// People who use the system from one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Name in the scenario.
    pub name: String,
    /// How many.
    pub users: Input,
    /// A city of the latency table.
    pub city: String,
    /// IANA time zone of its day profile.
    pub timezone: String,
    /// Round trip from its city to the primary and (if any) secondary region \[s\]; decides latency routing.
    pub round_trip_seconds: Vec<f64>,
    /// Edge locations (resolver caches) its requests pass through, of equal weight.
    pub edge_caches: u32,
    /// Resolvers of its clients, of equal weight; they matter where no edge stands between.
    pub client_resolvers: u32,
    /// What its files are.
    pub files_label: Label,
    /// What its rows are.
    pub rows_label: Label,
    /// Whether its files may not leave the continent: its own wish, or the rule of their label.
    pub files_stay: bool,
    /// Whether its rows may not: the rule of their label, where a database of their own obeys it.
    pub rows_stay: bool,
    /// Its share of what an hour of downtime costs; `None`: its share of the users.
    pub downtime_share: Option<Input>,
}

/// Where data may rest, by their label, and how copies learn of a deletion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidencyInput {
    /// Whether data may not leave the continent, in the order of [`Label::ALL`].
    pub stay: [bool; 3],
    /// Whether rows that may not have a database of their own; otherwise they are copied with all others.
    pub rows_apart: bool,
    /// Where delete markers do not travel to the other region: from one sweep that finds what was deleted to the next \[s\].
    pub sweep: Input,
    /// How long versions of a deleted file are kept \[s\].
    pub versions_kept: Input,
}

/// What users do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Per user and day, in the order of [`Operation::ALL`].
    pub per_user_per_day: [Input; 4],
    /// 168 hourly multipliers from Monday 00:00 local time, mean 1.
    pub profile: Vec<f64>,
    /// Name of the profile.
    pub profile_name: String,
    /// Share of cacheable reads that the edge answers by itself.
    pub edge_hit_share: Input,
    /// How long a client waits for an answer \[s\].
    pub client_timeout: Input,
    /// How long a signed-in client does without the sign-in \[s\].
    pub tokens_last: Input,
    /// Speed of a client's upload \[bit/s\].
    pub client_uplink: Input,
    /// Files that are sent at once.
    pub files_at_once: u32,
}

/// What reads and writes in a region without the writer wait for (Aurora's write forwarding).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Nothing: reads are as old as the lag.
    Eventual,
    /// One's own writes: a forwarded write is done once its region can read it.
    Session,
    /// All writes: reads wait for them as well, and are never old.
    Global,
}

/// What a request's legs take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyInput {
    /// What a client's access network adds to a round trip \[s\].
    pub access: DistributionInput,
    /// Round trip to the nearest edge \[s\].
    pub edge_trip: Input,
    /// A look-up of the front door's name \[s\].
    pub lookup: DistributionInput,
    /// Share of requests that need one.
    pub lookups: Input,
    /// Share of requests that open a connection.
    pub new_connections: Input,
    /// Share of requests that start a function.
    pub cold_starts: Input,
    /// 95th percentile of a function's time over its median.
    pub service_spread: Input,
    /// Round trips of a forwarded write to the writer's region.
    pub forward_trips: Input,
    /// What a region without the writer waits for.
    pub consistency: Consistency,
}

/// How an edge caches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeInput {
    /// How long a copy is fresh \[s\].
    pub object_lifetime: Input,
    /// Whether an expired copy is served while the origin fails.
    pub serves_stale: bool,
    /// How long an error is cached \[s\].
    pub error_lifetime: Input,
    /// Share of its copies that an edge loses when it turns to another region.
    pub lost_on_move: Input,
}

/// An input that differs from world to world.
#[derive(Clone, Debug, PartialEq)]
pub enum Unknown {
    /// A number with a range.
    Number(Input),
    /// A rate known from a count.
    Count(CountInput),
}

/// How objects travel to the other region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "snake_case")]
pub enum CopyModel {
    /// S3: every object its own delay, all in parallel.
    Service {
        /// With Replication Time Control, or without.
        replication_time_control: bool,
    },
    /// First in, first out on a number of streams.
    Link {
        /// Bits per second of one stream.
        throughput: Input,
        /// Streams in parallel.
        streams: u32,
    },
}

/// The database and its backups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatabaseInput {
    /// How far the replica is behind when the writer is lost \[s\].
    pub lag: DistributionInput,
    /// Age of the newest snapshot in the other region \[s\].
    pub snapshot_age: DistributionInput,
    /// From a restore point to the damage it undoes \[s\].
    pub restore_point_age: DistributionInput,
    /// How far back restore points reach \[s\].
    pub retention: Input,
    /// How long the lag remembers itself \[s\]; 0: not at all.
    pub lag_memory: Input,
    /// Share of what replication can carry that mean writes take.
    pub replication_load: Input,
    /// Commits stall rather than let the replica fall further behind \[s\]; `None`: they do not.
    pub rpo_cap: Option<Input>,
    /// From the first stalled commit until people lift the cap \[s\].
    pub rpo_cap_lifted: DistributionInput,
    /// Chance that a promotion fences the old writer off.
    pub fencing: Input,
    /// How long it accepts writes otherwise \[s\].
    pub fenced_after: DistributionInput,
    /// Chance that rows lost by a promotion are found on the old volume.
    pub salvaged: Input,
    /// From the return of that volume until they are in the new one \[s\].
    pub salvaged_after: DistributionInput,
}

/// How much of a dependency a region holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usable {
    /// Everything works there.
    Full,
    /// Reads only.
    Reads,
    /// Nothing: the region asks the other one.
    None,
}

/// A service that requests need and that may live in one region only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependency {
    /// Component: identity, keys, secrets or queue.
    pub component: String,
    /// Which operations need it, in the order of [`Operation::ALL`].
    pub needed_by: [bool; 4],
    /// What each region holds: primary, secondary.
    pub usable: [Usable; 2],
}

/// Objects and their copies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objects {
    /// Size \[bytes\].
    pub size: DistributionInput,
    /// Delay of one copy with Replication Time Control \[s\].
    pub copy_delay_with_rtc: DistributionInput,
    /// Delay of one copy without it \[s\].
    pub copy_delay_without_rtc: DistributionInput,
    /// What all copies together get with Replication Time Control \[bit/s\].
    pub copy_bandwidth: Input,
    /// Share of uploads that write a key which people of both regions write.
    pub shared_keys_written: Input,
    /// How many such keys there are.
    pub shared_keys: Input,
    /// Files deleted per file uploaded.
    pub deletes: Input,
    /// Whether deletions are copied.
    pub delete_markers: bool,
    /// Share of copies that fail at first.
    pub copy_fails: Input,
    /// From a file's acknowledgement until such a copy is made after all \[s\].
    pub copy_retried: DistributionInput,
    /// Times a year in which the service is slow for the pair of regions.
    pub slowdowns: Input,
    /// How long \[s\].
    pub slowdown_lasts: DistributionInput,
    /// By how much it is slower.
    pub slowdown_factor: Input,
}

/// One part of a footprint: what is hit with which probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartInput {
    /// Name in the scenario.
    pub name: String,
    /// Components, in the words of the scenario.
    pub hits: Vec<String>,
    /// Chance that they are.
    pub probability: Input,
    /// Share of requests that then fail.
    pub failing: Input,
    /// From the onset to its start \[s\].
    pub starts: DistributionInput,
    /// How long \[s\]; `None`: to the end of the outage.
    pub lasts: Option<DistributionInput>,
}

/// What an outage hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FootprintInput {
    /// The workload's whole region, or nothing.
    Whole {
        /// Chance that an event takes the workload's whole region down.
        hits_workload: Input,
    },
    /// Real events of the library of the same scope.
    Library {
        /// Chance of everything down instead.
        everything_down: Input,
    },
    /// A table of probabilities.
    Parts {
        /// The rows.
        parts: Vec<PartInput>,
    },
}

/// A cause of outages that is switched on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseInput {
    /// Which.
    pub cause: Cause,
    /// Events per target: regions in the order primary, secondary, then those of control planes that are neither; or one
    /// for what is global.
    pub counts: Vec<CountInput>,
    /// How long \[s\]; has a maximum.
    pub duration: DistributionInput,
    /// Share of the smaller region's rate that strikes both at once.
    pub both_regions: Input,
    /// Chance that what the region holds is destroyed.
    pub destroys: Input,
    /// What it hits.
    pub footprint: FootprintInput,
    /// Share that health checks notice.
    pub seen: Input,
}

/// Outages that come and go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlappingInput {
    /// Share of the outages of provider and link that do.
    pub share: Input,
    /// How long a spell of failing lasts \[s\].
    pub ill: DistributionInput,
    /// How long a spell of working lasts \[s\].
    pub well: DistributionInput,
}

/// What clients do when a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryKind {
    /// Nothing.
    None,
    /// At once.
    Immediate,
    /// After a delay that doubles.
    Backoff,
}

/// Retries of clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetriesInput {
    /// When.
    pub kind: RetryKind,
    /// Attempts in all.
    pub attempts: u32,
    /// Delay after the first failure \[s\].
    pub base: Input,
    /// Longest delay \[s\].
    pub cap: Input,
    /// Whether the delay is drawn evenly between 0 and that.
    pub jitter: bool,
    /// Retries per first attempt, at most; `None`: no budget.
    pub budget: Option<Input>,
    /// Whether clients try again where the answer then points, rather than where they failed.
    pub follow: bool,
    /// How long an attempt at a region that does not answer takes to fail \[s\].
    pub dead_wait: Input,
}

/// What a region has, and what requests take of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CapacityInput {
    /// Requests \[1/s\], region by region.
    pub requests_per_second: Vec<Input>,
    /// Requests at once above that, region by region.
    pub burst: Vec<Input>,
    /// Functions at once.
    pub concurrency: Input,
    /// New function environments \[1/s\].
    pub concurrency_growth: Input,
    /// Share of these that others in the account use.
    pub used_by_others: Input,
    /// How much longer the first request of an environment takes \[s\].
    pub cold_start: Input,
    /// Largest size of the database \[capacity units\].
    pub database_units: Input,
    /// Smallest size.
    pub database_units_at_least: Input,
    /// Time in which it doubles \[s\].
    pub database_doubling: Input,
    /// Connections it accepts.
    pub connections: Input,
    /// What requests and answers may take of a region's network \[bit/s\]; `None`: no limit.
    pub bandwidth: Option<Input>,
    /// Capacity units times seconds per request.
    pub database_work: Input,
    /// How long a good answer takes, by operation \[s\].
    pub service_time: [Input; 4],
    /// How long a failing request holds its function \[s\].
    pub hang: Input,
    /// After which a function is stopped \[s\].
    pub function_timeout: Input,
    /// What clients do.
    pub retries: RetriesInput,
}

/// Who looks at a region and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// What it exercises beside the API, in the words of the scenario; `writer`: it writes, wherever the writer is.
    pub exercises: Vec<String>,
    /// Pause between an answer and the next request \[s\].
    pub interval: Input,
    /// Failures in a row before a checker gives up on the endpoint, and successes before it trusts it again.
    pub threshold: u32,
}

/// Settings of all detectors, the same for every architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Route 53 checkers.
    pub checkers: u32,
    /// At or below this share of healthy checkers the endpoint is unhealthy.
    pub healthy_share: Input,
    /// What a probe of a dead region costs \[s\].
    pub probe_timeout: Input,
    /// From verdict to changed DNS answers \[s\].
    pub publication: DistributionInput,
    /// Health check of the load balancer behind an accelerator: interval \[s\].
    pub accelerator_interval: Input,
    /// Its failures in a row.
    pub accelerator_threshold: u32,
    /// From its verdict until the accelerator sends new connections elsewhere \[s\].
    pub accelerator_reroute: DistributionInput,
    /// Canary that writes to the database: interval \[s\].
    pub canary_interval: Input,
    /// Its failures in a row.
    pub canary_strikes: u32,
    /// What a failing canary write costs \[s\].
    pub canary_timeout: Input,
    /// Whether it takes a database that fails some requests for a dead one.
    pub canary_sees_grey: bool,
    /// Share of grey failures, in which only some requests fail, that health checks notice.
    pub grey_seen: Input,
    /// What a dead origin costs a request before an origin group tries the next \[s\].
    pub origin_wait: Input,
    /// Share of clients' resolvers that keep an answer beyond its time to live.
    pub stretching_share: Input,
    /// How long these keep it \[s\].
    pub stretched_to: DistributionInput,
    /// How long a client's connection stays on a region that still answers \[s\].
    pub connections_stay: DistributionInput,
    /// Whether each edge cache is followed for itself; slower, the same law.
    pub one_by_one: bool,
    /// From users who are not served to an alarm that people see \[s\].
    pub alarm: DistributionInput,
    /// From a change of a record by hand to changed answers \[s\].
    pub record_change: DistributionInput,
}

/// How the service comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// A person decides to promote, from the alarm \[s\].
    pub on_call: DistributionInput,
    /// A person decides to deploy a region from templates \[s\].
    pub on_call_to_deploy: DistributionInput,
    /// A person decides to restore from backups in another region \[s\].
    pub on_call_to_restore: DistributionInput,
    /// What night adds to a person's decision \[s\].
    pub night_extra: DistributionInput,
    /// Waiting in the hope of a repair, at any hour \[s\].
    pub patience: DistributionInput,
    /// How long a region must serve again before people put it back \[s\].
    pub stability: Input,
    /// Time zone of the people on call.
    pub on_call_timezone: String,
    /// From the decision until functions and API run from templates \[s\].
    pub deploy: DistributionInput,
    /// From the decision until a database is restored from a snapshot \[s\].
    pub restore: DistributionInput,
    /// Automation decides, from its detection \[s\].
    pub automatic: DistributionInput,
    /// Promotion of the other region's database \[s\].
    pub promotion: DistributionInput,
    /// Chance that the promotion fails and people finish it.
    pub step_fails: Input,
    /// What people then need \[s\].
    pub manual_repair: DistributionInput,
    /// From the new writer to reconnected functions \[s\].
    pub reconnect: DistributionInput,
    /// From the moment the survivor is needed until a warm standby has full capacity \[s\].
    pub scale_out: DistributionInput,
    /// Minimum service level: recovered when this share is served.
    pub served: Input,
    /// And stays so for this long \[s\].
    pub hold: Input,
    /// The way back after a promotion.
    pub failback: FailbackInput,
}

/// The way back after a promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailbackInput {
    /// Whether it is simulated; otherwise the old region is a secondary at once, and the writer where it was.
    pub planned: bool,
    /// How long a region must be healthy before checks send users back \[s\].
    pub returns_after: Input,
    /// What comes back first.
    pub order: ReturnOrder,
    /// A rebuild without its copying \[s\].
    pub rebuild: DistributionInput,
    /// How fast the database is copied \[bit/s\].
    pub copy_throughput: Input,
    /// Roles change hands \[s\].
    pub switchover: DistributionInput,
    /// Hour of the day, on the clock of the people on call, from which the writer may return.
    pub from: u32,
    /// Hour before which; the same as `from`: at any hour.
    pub until: u32,
}

/// What comes back first after a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOrder {
    /// Traffic, as soon as the region serves: its writes are forwarded until the writer is back.
    TrafficFirst,
    /// The writer: traffic that left stays where it is until then.
    WriterFirst,
}

/// Who decides on a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A person on call.
    OnCall,
    /// Automation in the survivor.
    Automatic,
}

/// How requests find a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrontDoor {
    /// CloudFront; its edges resolve the API's name by DNS.
    Cloudfront,
    /// CloudFront with an origin group: reads that fail are sent to the second origin.
    OriginGroup,
    /// Global Accelerator: anycast addresses, no DNS.
    Accelerator,
    /// CloudFront for cacheable reads, Global Accelerator for the rest.
    Hybrid,
    /// None: the region's own name, cached by the clients' resolvers.
    Direct,
}

/// Which region a population is sent to when all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// The nearest.
    Latency,
    /// The primary, the secondary only when the primary is unhealthy.
    Failover,
}

/// The presets of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// One region, several zones.
    SingleRegion,
    /// Copies only; everything else is restored and deployed in a disaster.
    BackupRestore,
    /// Live data, no compute.
    PilotLight,
    /// A smaller copy that runs and grows when needed.
    WarmStandby,
    /// Both regions serve; CloudFront and latency records.
    ActiveActiveCloudfront,
    /// Both regions serve; CloudFront with an origin group.
    ActiveActiveOriginGroup,
    /// Both regions serve; Global Accelerator.
    ActiveActiveAccelerator,
    /// Both regions serve; CloudFront for what it caches, Global Accelerator for the rest.
    ActiveActiveHybrid,
}

impl Architecture {
    /// Whether people dial its accelerator.
    pub fn is_dialled(&self) -> bool {
        self.by_hand && matches!(self.front_door, FrontDoor::Accelerator | FrontDoor::Hybrid)
    }
}

/// One row of the comparison: a preset plus what differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// Name in the scenario.
    pub name: String,
    /// What it starts from.
    pub preset: Preset,
    /// Whether there is a second region at all.
    pub second_region: bool,
    /// Share of the peak demand that the secondary can carry before it is scaled out; 1 = everything.
    pub standby_share: Input,
    /// How requests find a region.
    pub front_door: FrontDoor,
    /// Where a population goes when all is well.
    pub routing: Routing,
    /// `None`: latency records never fail over.
    pub health_check: Option<HealthCheck>,
    /// Time to live of the API's DNS record at the edge \[s\].
    pub ttl: Input,
    /// Whether people take a region out of the answers when its users are not served.
    pub by_hand: bool,
    /// Faults a year that stay unseen until a drill or a failover meets them.
    pub latent_faults: Input,
    /// From one drill to the next \[s\].
    pub drill_every: Input,
    /// Whether a drill moves the writer to the other region and back.
    pub drills_move_writer: bool,
    /// Share of drills that get stuck.
    pub drills_stuck: Input,
    /// How long a region must be healthy before checks send users back \[s\]; `None`: as for all.
    pub returns_after: Option<Input>,
    /// What comes back first; `None`: as for all.
    pub return_order: Option<ReturnOrder>,
    /// Who decides on a promotion; `None` without a second database.
    pub decision: Option<Decision>,
    /// How objects reach the other region; `None` without one.
    pub copy: Option<CopyModel>,
    /// People's work on it.
    pub work: Work,
}

/// What is measured against a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimMetric {
    /// Onset to recovered (RTO).
    RecoveryTimeSeconds,
    /// Onset to a random affected client's first success.
    ClientRecoveryTimeSeconds,
    /// Age of the oldest acknowledged item the survivor lacks (RPO).
    DataLossWindowSeconds,
    /// Yearly minutes below the minimum service level.
    DowntimeMinutes,
    /// Yearly bill above the baseline's, as a share of the baseline's.
    DrPremium,
}

/// What one case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One incident.
    Incident,
    /// One simulated year.
    Year,
    /// One affected client.
    Client,
    /// An instant at random: outages strike at such instants, whatever the load does (PASTA), so every cut is one.
    Instant,
}

/// A store of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// Rows.
    Database,
    /// Files.
    Objects,
}

/// Which operations a claim speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationGroup {
    /// Cacheable and dynamic reads.
    Read,
    /// One operation.
    One(Operation),
    /// All operations.
    Overall,
}

/// What somebody promised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Name in the scenario.
    pub name: String,
    /// What the author wrote.
    pub says: Option<String>,
    /// What is measured.
    pub metric: ClaimMetric,
    /// The population; `None` = overall.
    pub population: Option<usize>,
    /// The operations.
    pub operation: OperationGroup,
    /// The cause; `None` = all that are switched on.
    pub cause: Option<Cause>,
    /// The store, for data loss.
    pub store: Option<Store>,
    /// What becomes of the items; `None`: whatever does.
    pub fate: Option<Fate>,
    /// Bound in base units (for downtime: minutes; for the premium: a share).
    pub bound: f64,
    /// Whether the bound itself still satisfies the claim (`at_most`) or not (`below`).
    pub inclusive: bool,
    /// What one case is.
    pub per: Per,
    /// Share of cases that must meet the bound; `None` = always.
    pub share: Option<f64>,
    /// Line in the scenario file, for messages.
    pub line: usize,
}

/// One line of the list of assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProvenanceRow {
    /// Path in the scenario.
    pub path: String,
    /// The value as people write it, with its unit.
    pub value: String,
    /// The range as people write it.
    pub range: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Scenario {
    /// Causes of incidents: outages that are switched on, and drills that get stuck.
    pub fn causes(&self) -> Vec<Cause> {
        let stuck = self.architectures.iter().any(|a| a.second_region && a.drills_stuck.value > 0.0);
        self.outages.iter().map(|input| input.cause).chain(stuck.then_some(Cause::Drill)).collect()
    }
}

/// What the report shows beyond the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportInput {
    /// Simulated years of each further run; `None`: about as many in all as the run has.
    pub years: Option<u64>,
    /// The map; `None`: the usual one.
    pub map: Option<MapInput>,
}

/// A map of two fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapInput {
    /// Name of the claim.
    pub claim: String,
    /// Name of the design.
    pub architecture: String,
    /// Share of cases that is asked for on the map; `None`: the claim's own.
    pub share: Option<f64>,
    /// To the right: a field and its values, as `--vary` has them.
    pub x: String,
    /// Upwards.
    pub y: String,
}

/// A scenario that holds together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Title.
    pub title: String,
    /// Architecture that others are compared with; an index into `architectures`.
    pub baseline: usize,
    /// Architecture up for approval; an index into `architectures`.
    pub proposed: usize,
    /// First day of the simulated year, a Monday (ISO 8601).
    pub start: String,
    /// Provider regions: primary, then secondary if there is one.
    pub regions: Vec<String>,
    /// Who uses it.
    pub populations: Vec<Population>,
    /// What they do.
    pub demand: Demand,
    /// What edges cache.
    pub edge: EdgeInput,
    /// What requests take.
    pub latency: LatencyInput,
    /// Where data may rest.
    pub residency: ResidencyInput,
    /// Files.
    pub objects: Objects,
    /// The database.
    pub database: DatabaseInput,
    /// What goes wrong.
    pub outages: Vec<CauseInput>,
    /// Which of it comes and goes.
    pub flapping: FlappingInput,
    /// What requests need beside API, functions and stores.
    pub dependencies: Vec<Dependency>,
    /// What each region has.
    pub capacity: CapacityInput,
    /// What requests take of each service.
    pub usage: UsageInput,
    /// What finance brings.
    pub money: MoneyInput,
    /// What is declared about data that leave their continent.
    pub compliance: ComplianceInput,
    /// What things cost.
    pub prices: PriceBook,
    /// Detectors.
    pub detection: Detection,
    /// The way back.
    pub recovery: Recovery,
    /// The designs.
    pub architectures: Vec<Architecture>,
    /// The promises.
    pub claims: Vec<Claim>,
    /// What the report shows beyond the run.
    #[serde(default)]
    pub report: ReportInput,
    /// Every value used, with its source.
    pub provenance: Vec<ProvenanceRow>,
    /// Every input that is not known exactly.
    #[serde(skip)]
    pub unknowns: Vec<Unknown>,
    /// Hex digest of the scenario's meaning (not of its comments).
    pub digest: String,
    /// Design holes worth a warning: message, and line where there is one.
    pub warnings: Vec<String>,
}
