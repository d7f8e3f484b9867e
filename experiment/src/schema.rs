//! The fields of a scenario, in one list: `drsim schema` and `docs/scenario.md` are made from it, and a test holds it
//! against what the reader asks for, so that the three cannot disagree.

use crate::catalogue::{DEFAULTS, POPULATIONS, PRESETS};
use crate::money::items::SERVICES;
use crate::scenario::Cause;
use crate::scenario_file::tree::{Node, Value};
use drsim_models::outage::Components;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One or several of these words.
    Words(&'static [&'static str]),
    /// True or false.
    Truth,
    /// A whole number.
    Whole,
    /// A number with its unit (empty = plain), that may carry range, basis, source, owner, `as_of`.
    Number(&'static str),
    /// What varies from event to event, in this unit.
    Distribution(&'static str),
    /// Events in years.
    Count,
    /// A table.
    Table,
}

/// One key. `*` in the path stands for a name that people choose.
#[derive(Clone, Debug)]
pub struct Field {
    /// Path in the scenario.
    pub path: Cow<'static, str>,
    /// What stands there.
    pub kind: Kind,
    /// Whether a scenario must have it.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
}

const fn field(path: &'static str, kind: Kind, required: bool, doc: &'static str) -> Field {
    Field { path: Cow::Borrowed(path), kind, required, doc }
}

use Kind::{Count, Distribution, Number, Table, Text, Truth, Whole, Word, Words};

/// Every key of a scenario, in the order of the file.
pub fn fields() -> Vec<Field> {
    let (before, after) = FIELDS.split_at(FIELDS.iter().position(|f| f.path == "capacity").unwrap_or(FIELDS.len()));
    before.iter().cloned().chain(Cause::ALL.into_iter().flat_map(cause_fields)).chain(after.iter().cloned()).collect()
}

/// The table of a cause other than `region`, whose keys stand in the list.
fn cause_fields(cause: Cause) -> Vec<Field> {
    let below = |key: &str, kind, required, doc| Field {
        path: Cow::Owned(format!("outages.{}{key}", cause.name())),
        kind,
        required,
        doc,
    };
    let doc = match cause {
        Cause::Region | Cause::Drill => return Vec::new(),
        Cause::Zone => "One zone of a region.",
        Cause::Service => "One service of a region; what it hits comes from the outage library.",
        Cause::Link => "The connection between the two regions.",
        Cause::FrontDoor => "CDN or DNS as a whole; what it hits comes from the outage library.",
        Cause::ControlPlane => "What runs goes on, nothing can be changed.",
        Cause::Deployment => "A bad release; `both_regions` is the share that is not staggered.",
        Cause::Corruption => "Data made wrong, replicated faithfully; only backups help.",
        Cause::Certificate => "An expired certificate; `both_regions`: on the same day.",
        Cause::FalseAlarm => "Health checks that cry wolf; `canary`: the database's too.",
    };
    let mut fields = vec![
        below("", Table, false, doc),
        below(".count", Count, false, "Events in years, per region or for the whole."),
        below(".duration", Distribution("min"), false, "How long; needs a `max` of at most 60 d."),
        below(".seen", Number("%"), false, "Share that health checks notice, should they look at what fails."),
    ];
    if !cause.is_global() {
        fields.push(below(".both_regions", Number("%"), false, "Share that strikes both regions at once."));
    }
    if matches!(cause, Cause::Zone | Cause::Service) {
        fields.push(below(
            ".destroys",
            Number("%"),
            false,
            "Chance that what a store it takes down holds is destroyed.",
        ));
    }
    if matches!(cause, Cause::Service | Cause::FrontDoor) {
        fields.push(below(".everything_down", Number("%"), false, "Chance that everything is down instead."));
        return fields;
    }
    fields.extend([
        below(".parts", Table, false, "What it hits: one table each, in any number, added to those built in."),
        below(".parts.*", Table, false, "A part of the footprint."),
        below(".parts.*.hits", Words(&COMPONENT_WORDS), true, "Components; `network` is all that serves requests."),
        below(".parts.*.probability", Number("%"), true, "Chance that it is hit; 0 % switches the part off."),
        below(
            ".parts.*.failing",
            Number("%"),
            true,
            "Share of requests that then fail; below 100 % is a grey failure.",
        ),
        below(".parts.*.starts", Distribution("min"), true, "From the onset to its start."),
        below(".parts.*.lasts", Distribution("min"), false, "How long; without it, to the end of the outage."),
    ]);
    fields
}

const LABELS: [&str; 3] = ["personal", "health", "public"];

const COMPONENT_WORDS: [&str; Components::WORDS.len()] = {
    let mut words = [""; Components::WORDS.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Components::WORDS[i].0;
        i += 1;
    }
    words
};

const CAUSES: [&str; Cause::ALL.len()] = {
    let mut words = [""; Cause::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Cause::ALL[i].name();
        i += 1;
    }
    words
};

const OPERATIONS: [&str; 4] = ["cacheable_read", "dynamic_read", "write", "upload"];

/// Tables whose values may share one basis and source.
const VALUE_TABLES: [&str; 13] = [
    "usage.api_requests",
    "usage.response",
    "usage.request",
    "usage.database_reads",
    "usage.database_writes",
    "money.downtime_split",
    "money.lost_item",
    "money.drills",
    "money.invoice_check",
    "money.promise",
    "money.promise.penalties.*",
    "money.commitment_discounts.*",
    "money.downtime_hours.*",
];

const EXERCISED: [&str; 8] = ["function", "database", "writer", "objects", "identity", "keys", "secrets", "queue"];

/// The keys that are the same for every cause stand apart.
const FIELDS: &[Field] = &[
    field("schema_version", Whole, true, "Version of this format: 1."),
    field("extends", Text, false, "A scenario to start from; its path starts from this file's folder."),
    field("title", Text, false, "What the scenario is called in results."),
    field("start", Text, false, "First day of the simulated year, a Monday; decides when clocks change."),
    field("baseline", Text, false, "Architecture the others are compared with; required once there are two."),
    field("proposed", Text, false, "Architecture up for approval; required once there are two."),
    field("regions", Table, true, "Provider regions."),
    field("regions.primary", Text, true, "Region of the database's writer."),
    field("regions.secondary", Text, false, "The other region; needed by every architecture but `single_region`."),
    field("populations", Table, true, "Who uses the system: one table each."),
    field("populations.*", Table, false, "A population: people in one place."),
    field("populations.*.users", Number(""), true, "How many people."),
    field("populations.*.city", Text, true, "City of the latency table; decides the nearest region and the time zone."),
    field("populations.*.timezone", Text, false, "IANA time zone of its day profile; without it, the city's."),
    field("populations.*.edge_caches", Whole, false, "Edge locations, each with its own cached DNS answer."),
    field(
        "populations.*.client_resolvers",
        Whole,
        false,
        "Resolvers of its clients; they matter where no edge stands between.",
    ),
    field("populations.*.label", Word(&LABELS), false, "What its data are, for `residency`."),
    field("populations.*.label_of", Table, false, "What some of its data are, where not all are the same."),
    field("populations.*.label_of.upload", Word(&LABELS), false, "What its files are; without it, `label`."),
    field("populations.*.label_of.write", Word(&LABELS), false, "What its rows are, those of files included."),
    field(
        "populations.*.downtime_share",
        Number("%"),
        false,
        "Share of `money.downtime` that is its own; without it, its share of the users. All populations or none.",
    ),
    field(
        "populations.*.files_stay",
        Truth,
        false,
        "Whether its files may not leave the continent: no copy is made abroad, nobody uploads there.",
    ),
    field("demand", Table, true, "What users do."),
    field("demand.per_user_per_day", Table, true, "Requests per user and day."),
    field("demand.per_user_per_day.cacheable_read", Number(""), true, "Reads that an edge may answer from its cache."),
    field("demand.per_user_per_day.dynamic_read", Number(""), true, "Reads that always need a region."),
    field("demand.per_user_per_day.write", Number(""), true, "Writes of a row."),
    field(
        "demand.per_user_per_day.upload",
        Number(""),
        true,
        "Uploads of a file, each followed by the write of its row.",
    ),
    field("demand.profile", Word(&crate::catalogue::PROFILES), false, "Hour-of-week curve in local time."),
    field("demand.edge_hit_share", Number("%"), false, "Share of cacheable reads that the edge answers by itself."),
    field("demand.client_timeout", Number("s"), false, "How long a client waits for an answer."),
    field(
        "demand.tokens_last",
        Number("s"),
        false,
        "How long a signed-in client does without the `identity` it depends on.",
    ),
    field(
        "demand.client_uplink",
        Number("Mbps"),
        false,
        "Speed of a client's upload: before the acknowledgement, so no part of the RPO.",
    ),
    field("demand.files_at_once", Whole, false, "Files sent at once, as a batch; how many a day stays as it is."),
    field("edge", Table, false, "What edge caches hold, and what they serve while the origin fails."),
    field("edge.object_lifetime", Number("s"), false, "How long a copy is fresh."),
    field("edge.serves_stale", Truth, false, "Whether an expired copy is served while the origin fails."),
    field("edge.error_lifetime", Number("s"), false, "How long an error is cached, past the repair too."),
    field(
        "edge.lost_on_move",
        Number("%"),
        false,
        "Share of its copies that an edge loses when it turns to another region.",
    ),
    field("latency", Table, false, "What a request's legs take."),
    field("latency.access", Distribution("ms"), false, "What a client's access network adds to a round trip."),
    field("latency.edge_trip", Number("ms"), false, "Round trip from a client's city to the nearest edge."),
    field("latency.lookup", Distribution("ms"), false, "A look-up of the front door's name beyond the device."),
    field("latency.lookups", Number("%"), false, "Share of requests that need one."),
    field("latency.new_connections", Number("%"), false, "Share of requests that open a connection."),
    field("latency.cold_starts", Number("%"), false, "Share of requests that start a function."),
    field("latency.service_spread", Number(""), false, "95th percentile of `capacity.service_time` over its median."),
    field("latency.forward_trips", Number(""), false, "Round trips of a forwarded write to the writer's region."),
    field(
        "latency.consistency",
        Word(&["eventual", "session", "global"]),
        false,
        "`session`: a forwarded write waits until its region can read it; `global`: reads there wait for all writes too.",
    ),
    field("readiness", Table, false, "What stays unseen until a drill or a failover meets it."),
    field("readiness.latent_faults", Number(""), false, "Faults a year that make a failover fail at the first try."),
    field("readiness.drill_every", Number("d"), false, "From one drill to the next; a drill mends what it finds."),
    field(
        "readiness.drills_move_writer",
        Truth,
        false,
        "Whether a drill moves the writer to the other region and back: planned write gaps, counted apart. Not where that region is deployed from templates.",
    ),
    field(
        "readiness.drills_stuck",
        Number("%"),
        false,
        "Share of drills that get stuck, so that nobody writes for a `recovery.manual_repair`: an incident.",
    ),
    field("residency", Table, false, "Where data may rest, by their label."),
    field(
        "residency.personal",
        Word(&["anywhere", "continent"]),
        false,
        "`continent`: no copy is made on another, and nothing is uploaded or written there.",
    ),
    field("residency.health", Word(&["anywhere", "continent"]), false, "The same for data on health."),
    field("residency.public", Word(&["anywhere", "continent"]), false, "The same for public data."),
    field(
        "residency.rows",
        Word(&["copied", "apart"]),
        false,
        "How rows obey: not at all, a global database copies them all; or in a database of their own, in their region only.",
    ),
    field("residency.sweep", Number("d"), false, "If not: from one sweep that finds what was deleted to the next."),
    field("residency.versions_kept", Number("d"), false, "How long versions of a deleted file are kept."),
    field("objects", Table, true, "Files and their copies."),
    field(
        "objects.uploads",
        Word(&["presigned", "through_api"]),
        false,
        "`presigned`: straight to the bucket. `through_api`: files must fit into a function's request (6 MB; 1 MB behind a load balancer); all else the same, since the entrance holds a request back until it is whole (API Gateway developer guide: request streaming is not supported).",
    ),
    field("objects.size", Distribution("MB"), true, "Size of a file; needs a `max`."),
    field(
        "objects.copy_model",
        Word(&["service", "link"]),
        false,
        "`service`: each file its own delay, all in parallel (S3). `link`: first in, first out on `copy_streams` of `copy_throughput`.",
    ),
    field(
        "objects.replication_time_control",
        Truth,
        false,
        "`service` only: with S3 Replication Time Control or without.",
    ),
    field(
        "objects.copy_delay_with_rtc",
        Distribution("s"),
        false,
        "`service`: delay of one copy with Replication Time Control.",
    ),
    field("objects.copy_delay_without_rtc", Distribution("s"), false, "`service`: delay of one copy without it."),
    field(
        "objects.copy_bandwidth",
        Number("Mbps"),
        false,
        "`service` with Replication Time Control: what all copies out of a region get together.",
    ),
    field(
        "objects.shared_keys_written",
        Number("%"),
        false,
        "Share of uploads that write a key which people of both regions write: conflicts.",
    ),
    field("objects.shared_keys", Number(""), false, "How many such keys there are."),
    field("objects.deletes", Number("%"), false, "Files deleted per file uploaded."),
    field(
        "objects.delete_markers",
        Truth,
        false,
        "Whether deletions are copied as files are; if not, the survivor shows deleted files again.",
    ),
    field(
        "objects.copy_fails",
        Number("%"),
        false,
        "Share of copies that fail at first; a `link` sends them again at once.",
    ),
    field(
        "objects.copy_retried",
        Distribution("h"),
        false,
        "`service`: from a file's acknowledgement until a copy that failed is made after all.",
    ),
    field(
        "objects.slowdowns",
        Number(""),
        false,
        "`service`: times a year in which copies between the two regions are slow.",
    ),
    field("objects.slowdown_lasts", Distribution("min"), false, "How long."),
    field("objects.slowdown_factor", Number(""), false, "By how much slower; at least 1."),
    field("objects.copy_throughput", Number("Mbps"), false, "`link`: speed of one stream."),
    field("objects.copy_streams", Whole, false, "`link`: streams in parallel."),
    field("database", Table, false, "The database."),
    field("database.lag", Distribution("s"), false, "How far the replica is behind when the writer is lost."),
    field(
        "database.snapshot_age",
        Distribution("h"),
        false,
        "`backup_restore`: age of the newest snapshot in the other region.",
    ),
    field("database.restore_point_age", Distribution("min"), false, "From a restore point to the damage it undoes."),
    field(
        "database.retention",
        Number("d"),
        false,
        "How far back restore points reach; damage found later is unbounded loss.",
    ),
    field("database.lag_memory", Number("min"), false, "How long the lag remembers itself; 0: each cut draws its own."),
    field(
        "database.replication_load",
        Number("%"),
        false,
        "Share of what replication can carry that mean writes take: with it the lag grows with load, and takes time to catch up.",
    ),
    field(
        "database.rpo_cap",
        Number("s"),
        false,
        "`rds.global_db_rpo` (Aurora PostgreSQL only): commits stall rather than let the replica fall further behind; without it, they do not.",
    ),
    field(
        "database.rpo_cap_lifted",
        Distribution("min"),
        false,
        "From the first stalled commit until people lift the cap.",
    ),
    field(
        "database.fencing",
        Number("%"),
        false,
        "Chance that a promotion keeps a writer that still works from accepting writes.",
    ),
    field("database.fenced_after", Distribution("min"), false, "How long it goes on otherwise: rows on both sides."),
    field("database.salvaged", Number("%"), false, "Chance that rows lost by a promotion are found on the old volume."),
    field(
        "database.salvaged_after",
        Distribution("h"),
        false,
        "From the return of that volume until they are in the new one.",
    ),
    field("database.size", Number("GB"), false, "Rows and indexes kept; decides its bill."),
    field(
        "dependencies",
        Table,
        false,
        "What requests need beside API, functions and stores: `identity`, `keys`, `secrets`, `queue`.",
    ),
    field("dependencies.*", Table, false, "A dependency, by the component it is."),
    field("dependencies.*.needed_by", Words(&OPERATIONS), true, "Operations that fail without it."),
    field(
        "dependencies.*.primary",
        Word(&["full", "reads", "none"]),
        false,
        "What the primary holds of it; `full` if silent.",
    ),
    field(
        "dependencies.*.secondary",
        Word(&["full", "reads", "none"]),
        false,
        "What the secondary holds; `none`: it asks the primary, the hidden dependency.",
    ),
    field("outages", Table, false, "What goes wrong."),
    field("outages.causes", Words(&CAUSES), false, "Causes that are switched on."),
    field("outages.flapping", Table, false, "Outages that come and go."),
    field(
        "outages.flapping.share",
        Number("%"),
        false,
        "Share of the outages of regions, zones, services, the link and front doors that do.",
    ),
    field(
        "outages.flapping.ill",
        Distribution("min"),
        false,
        "How long a spell of failing lasts; the first begins at the onset.",
    ),
    field("outages.flapping.well", Distribution("min"), false, "How long a spell of working lasts."),
    field("outages.region", Table, false, "Regional outages."),
    field(
        "outages.region.footprint",
        Word(&["whole", "library"]),
        false,
        "`whole`: the workload's region is down or not. `library`: what failed in a real event, stretched to the duration drawn.",
    ),
    field("outages.region.everything_down", Number("%"), false, "`library`: chance that everything is down instead."),
    field(
        "outages.region.seen",
        Number("%"),
        false,
        "Share that health checks notice, should they look at what fails.",
    ),
    field(
        "outages.region.count",
        Table,
        false,
        "Regional events seen, by provider region; without it, the catalogue's counts.",
    ),
    field(
        "outages.region.count.*",
        Count,
        false,
        "Events in years of exposure; the rate has the Gamma posterior with shape events + 1/2 (Jeffreys).",
    ),
    field(
        "outages.region.hits_workload",
        Number("%"),
        false,
        "Chance that a regional event takes the workload's whole region down.",
    ),
    field(
        "outages.region.destroys",
        Number("%"),
        false,
        "Chance that what the region's stores hold is destroyed; kept data return with the region.",
    ),
    field("outages.region.duration", Distribution("s"), false, "How long; needs a `max` of at most 60 d."),
    field(
        "outages.region.both_regions",
        Number("%"),
        false,
        "Common cause: share of the rarer region's events that strike both at once.",
    ),
    field(
        "capacity",
        Table,
        false,
        "What each region has, and what requests take of it; the same for all architectures.",
    ),
    field("capacity.requests_per_second", Number(""), false, "Rate of the token bucket at the API."),
    field("capacity.burst", Number(""), false, "Its size."),
    field("capacity.concurrency", Number(""), false, "Functions at once."),
    field("capacity.concurrency_growth", Number(""), false, "New function environments per second."),
    field("capacity.used_by_others", Number("%"), false, "Share of these quotas that others in the account use."),
    field("capacity.cold_start", Number("s"), false, "How much longer the first request of an environment takes."),
    field("capacity.database_units", Number(""), false, "Largest size of the database, in capacity units."),
    field("capacity.database_units_at_least", Number(""), false, "Its smallest size, from which it grows."),
    field("capacity.database_doubling", Number("s"), false, "Time in which it doubles while it is too small."),
    field("capacity.connections", Number(""), false, "Connections it accepts."),
    field(
        "capacity.bandwidth",
        Number("Mbps"),
        false,
        "What requests and answers may take of a region's network; without it, no limit.",
    ),
    field(
        "capacity.small_regions",
        Table,
        false,
        "af-south-1, eu-south-1 and me-central-1, where `capacity` does not say otherwise.",
    ),
    field("capacity.small_regions.requests_per_second", Number(""), false, "Rate of their token bucket."),
    field("capacity.small_regions.burst", Number(""), false, "Its size."),
    field("capacity.database_work", Number(""), false, "Capacity units times seconds that one request takes."),
    field(
        "capacity.hang",
        Number("s"),
        false,
        "How long a request that fails holds its function: at once, or until a time-out.",
    ),
    field("capacity.function_timeout", Number("s"), false, "After which a function is stopped."),
    field("capacity.service_time", Table, false, "How long a good answer takes, by operation."),
    field("capacity.service_time.cacheable_read", Number("ms"), false, "A cacheable read that misses the edge."),
    field("capacity.service_time.dynamic_read", Number("ms"), false, "A read."),
    field("capacity.service_time.write", Number("ms"), false, "A write."),
    field("capacity.service_time.upload", Number("ms"), false, "An upload: its address and its row."),
    field("capacity.retries", Table, false, "What clients do when a request fails."),
    field(
        "capacity.retries.policy",
        Word(&["none", "immediate", "backoff"]),
        false,
        "When they try again; `backoff` doubles the delay.",
    ),
    field("capacity.retries.attempts", Whole, false, "Attempts in all, the first included."),
    field("capacity.retries.base", Number("s"), false, "`backoff`: delay after the first failure."),
    field("capacity.retries.cap", Number("s"), false, "`backoff`: longest delay."),
    field("capacity.retries.jitter", Truth, false, "`backoff`: draw the delay evenly between 0 and that."),
    field(
        "capacity.retries.follow",
        Truth,
        false,
        "Clients try again where the answer then points, rather than where they failed.",
    ),
    field(
        "capacity.retries.dead_wait",
        Number("s"),
        false,
        "How long an attempt at a region that does not answer takes to fail.",
    ),
    field("capacity.retries.budget", Number("%"), false, "Retries per first attempt, at most; without it, no budget."),
    field("usage", Table, false, "What requests take of each service, and what is kept: the quantities of the bill."),
    field("usage.api", Word(&["rest", "http"]), false, "API product."),
    field("usage.function_memory", Number("MiB"), false, "Memory of a function."),
    field("usage.function_processor", Word(&["x86", "arm"]), false, "Its processor."),
    field("usage.database_instances", Number(""), false, "Database instances in a region that serves."),
    field("usage.standby_instances", Number(""), false, "Database instances in a region that stands by."),
    field("usage.replicated", Number("kB"), false, "What travels to the other region for a request that writes."),
    field("usage.backups", Number("%"), false, "Backups above the free allowance, as a share of `database.size`."),
    field("usage.daily_change", Number("%"), false, "`backup_restore`: share of the database copied every day."),
    field(
        "usage.objects_stored",
        Number("TB"),
        false,
        "Files kept at the start of the year; half a year's uploads are added.",
    ),
    field("usage.downloads", Number(""), false, "How often an uploaded file is downloaded."),
    field("usage.requests_per_connection", Number(""), false, "Requests of one connection, at a load balancer."),
    field("usage.logged", Number("kB"), false, "Logged per request to the API."),
    field("usage.logs_kept", Number("d"), false, "How long logs are kept."),
    field("usage.alarms", Number(""), false, "Alarms per region that runs."),
    field("usage.keys", Number(""), false, "Keys per region that holds data."),
    field(
        "usage.health_check_endpoint",
        Word(&["aws", "other"]),
        false,
        "How health checks are priced; a custom domain usually counts as `other`.",
    ),
    field("usage.api_requests", Table, false, "Requests to the API, by operation."),
    field("usage.api_requests.cacheable_read", Number(""), false, "A cacheable read."),
    field("usage.api_requests.dynamic_read", Number(""), false, "A read."),
    field("usage.api_requests.write", Number(""), false, "A write."),
    field("usage.api_requests.upload", Number(""), false, "An upload: its address and its row."),
    field("usage.response", Table, false, "What answers hold, by operation."),
    field("usage.response.cacheable_read", Number("kB"), false, "A cacheable read."),
    field("usage.response.dynamic_read", Number("kB"), false, "A read."),
    field("usage.response.write", Number("kB"), false, "A write."),
    field("usage.response.upload", Number("kB"), false, "An upload: its address and its row."),
    field("usage.request", Table, false, "What requests hold, by operation."),
    field("usage.request.cacheable_read", Number("kB"), false, "A cacheable read."),
    field("usage.request.dynamic_read", Number("kB"), false, "A read."),
    field("usage.request.write", Number("kB"), false, "A write."),
    field("usage.request.upload", Number("kB"), false, "An upload: its address and its row."),
    field("usage.database_reads", Table, false, "Reads from the database's storage, by operation."),
    field("usage.database_reads.cacheable_read", Number(""), false, "A cacheable read."),
    field("usage.database_reads.dynamic_read", Number(""), false, "A read."),
    field("usage.database_reads.write", Number(""), false, "A write."),
    field("usage.database_reads.upload", Number(""), false, "An upload: its address and its row."),
    field("usage.database_writes", Table, false, "Writes to the database's storage, by operation."),
    field("usage.database_writes.cacheable_read", Number(""), false, "A cacheable read."),
    field("usage.database_writes.dynamic_read", Number(""), false, "A read."),
    field("usage.database_writes.write", Number(""), false, "A write."),
    field("usage.database_writes.upload", Number(""), false, "An upload: its address and its row."),
    field("money", Table, false, "What finance brings; every amount without tax."),
    field(
        "money.currency",
        Word(&["USD", "EUR", "GBP", "CHF"]),
        false,
        "The scenario's own currency; amounts may be in it or in USD.",
    ),
    field(
        "money.exchange",
        Number("EUR/USD"),
        false,
        "So much of it for a US dollar; required unless `currency` is USD.",
    ),
    field(
        "money.downtime",
        Number("EUR/h"),
        false,
        "What an average hour costs in which nobody is served; without it, no loss is estimated.",
    ),
    field("money.downtime_split", Table, false, "How that falls on operations; sums to 100 %."),
    field("money.downtime_split.read", Number("%"), false, "Reads."),
    field("money.downtime_split.write", Number("%"), false, "Writes."),
    field("money.downtime_split.upload", Number("%"), false, "Uploads."),
    field(
        "money.downtime_hours",
        Table,
        false,
        "Hours of the local day that count for more or less: one table each, named as you like. An average request keeps its price.",
    ),
    field("money.downtime_hours.*", Table, false, "Some hours; those of no table weigh 1."),
    field("money.downtime_hours.*.from", Whole, true, "First hour, 0 to 23."),
    field("money.downtime_hours.*.until", Whole, true, "Hour before which it ends, 0 to 24; may be past midnight."),
    field("money.downtime_hours.*.weight", Number(""), true, "What one request of such an hour counts for."),
    field("money.failed_request", Number("EUR"), false, "What each failed first attempt costs beside."),
    field("money.lost_item", Table, false, "What lost data costs."),
    field("money.lost_item.transaction", Number("EUR"), false, "A row that was acknowledged and lost."),
    field("money.lost_item.file", Number("EUR"), false, "A file that was destroyed and had no copy."),
    field(
        "money.lost_item.unavailable_file",
        Number("EUR"),
        false,
        "A file without a copy that returns with its region.",
    ),
    field(
        "money.lost_item.store",
        Number("EUR"),
        false,
        "A store of which nobody knows how much is gone: destroyed without a copy, or damaged before the oldest restore point.",
    ),
    field("money.person_day", Number("EUR"), false, "A day of a person's work; without it, no work is estimated."),
    field(
        "money.drills",
        Table,
        false,
        "Exercises of a failover, for designs with two regions; how often: `readiness.drill_every`.",
    ),
    field("money.drills.person_days", Number(""), false, "Work of one."),
    field("money.negotiated_discount", Number("%"), false, "Off list prices, after tiers and commitments."),
    field(
        "money.commitment_discounts",
        Table,
        false,
        "Savings plans and reserved capacity: one table each, named as you like.",
    ),
    field("money.commitment_discounts.*", Table, false, "One of them."),
    field(
        "money.commitment_discounts.*.services",
        Words(&SERVICES),
        true,
        "Services that it covers, as the bill names them.",
    ),
    field(
        "money.commitment_discounts.*.share",
        Number("%"),
        true,
        "Share of their expected bill at list prices that is promised; less use is paid all the same.",
    ),
    field("money.commitment_discounts.*.discount", Number("%"), true, "Off list prices, for what is promised."),
    field("money.support_plan", Number("%"), false, "Of the bill after the discount; without it, not estimated."),
    field("money.budget_years", Whole, false, "Years of the budget, over which one-off work is spread."),
    field("money.discount_rate", Number("%"), false, "A year's interest."),
    field("money.growth", Number("%"), false, "What the cloud bill grows in a year, in the budget."),
    field("money.go_live", Text, false, "First month of the budget."),
    field("money.fiscal_year_starts", Text, false, "Month in which fiscal years start, in English."),
    field("money.promise", Table, false, "What was promised to users, month by month."),
    field(
        "money.promise.availability",
        Number("%"),
        false,
        "Share of a month not below the minimum service level; what is left is the month's error budget.",
    ),
    field(
        "money.promise.penalties",
        Table,
        false,
        "What the contract makes due for a month that breaks it: one table per step, the lowest broken counts.",
    ),
    field("money.promise.penalties.*", Table, false, "A step."),
    field("money.promise.penalties.*.below", Number("%"), true, "Below this availability of a month …"),
    field("money.promise.penalties.*.amount", Number("EUR"), true, "… so much is due."),
    field("money.invoice_check", Table, false, "What was invoiced, to hold the model against."),
    field("money.invoice_check.architecture", Text, false, "The design that ran."),
    field("money.invoice_check.amount", Number("USD"), false, "A month's invoice without tax; this or `file`."),
    field(
        "money.invoice_check.file",
        Text,
        false,
        "The same by service: a CSV file with columns such as `service,amount_usd`, or a download of AWS Cost Explorer grouped by service, of which `as_of` says the month; beside the scenario. Taxes are left out.",
    ),
    field("compliance", Table, false, "What is declared, for the section that informs counsel; it judges nothing."),
    field(
        "compliance.transfer_basis",
        Word(&[
            "not_declared",
            "standard_contractual_clauses",
            "adequacy_decision",
            "binding_corporate_rules",
            "none_needed",
        ]),
        false,
        "On which basis personal data leave their continent, as declared by whoever answers for it.",
    ),
    field(
        "compliance.health_data",
        Truth,
        false,
        "Whether the items of a contingency plan for health data (45 CFR 164.308(a)(7)) are listed.",
    ),
    field("detection", Table, false, "Who notices, for all architectures."),
    field("detection.checkers", Whole, false, "Route 53 checkers."),
    field(
        "detection.healthy_share",
        Number("%"),
        false,
        "At or below this share of healthy opinions an endpoint is unhealthy.",
    ),
    field("detection.probe_timeout", Number("s"), false, "What a probe of a dead region costs."),
    field("detection.publication", Distribution("s"), false, "From a verdict to changed DNS answers."),
    field(
        "detection.ttl",
        Number("s"),
        false,
        "Time to live of the API's record at the edge; an alias takes its target's.",
    ),
    field("detection.grey_seen", Number("%"), false, "Share of grey failures that health checks notice."),
    field(
        "detection.origin_wait",
        Number("s"),
        false,
        "Origin groups: what a dead origin costs a request before the next is tried.",
    ),
    field(
        "detection.stretching_share",
        Number("%"),
        false,
        "Share of clients' resolvers that keep an answer beyond its TTL; no edge between.",
    ),
    field("detection.stretched_to", Distribution("min"), false, "How long these keep it."),
    field(
        "detection.connections_stay",
        Distribution("s"),
        false,
        "How long a client's connection stays on a region that still answers, be it with errors; no edge between.",
    ),
    field(
        "detection.one_by_one",
        Truth,
        false,
        "Follow each edge cache for itself: slower, the same law, to check the faster way.",
    ),
    field("detection.alarm", Distribution("min"), false, "From users who are not served to an alarm that people see."),
    field("detection.record_change", Distribution("s"), false, "From a change of a record by hand to changed answers."),
    field("detection.accelerator", Table, false, "Global Accelerator and the load balancer behind it."),
    field("detection.accelerator.interval", Number("s"), false, "Interval of the load balancer's health check."),
    field("detection.accelerator.threshold", Whole, false, "Its failures in a row."),
    field("detection.accelerator.reroute", Distribution("s"), false, "From its verdict to traffic elsewhere."),
    field("detection.canary", Table, false, "The canary that writes to the database."),
    field("detection.canary.interval", Number("s"), false, "Pause between an answer and its next write."),
    field("detection.canary.strikes", Whole, false, "Failures in a row."),
    field(
        "detection.canary.sees_grey",
        Truth,
        false,
        "Whether it takes a database that fails some requests for a dead one, where checks see that.",
    ),
    field("detection.canary.timeout", Number("s"), false, "What a failing write costs."),
    field("recovery", Table, false, "How the service comes back."),
    field("recovery.on_call", Distribution("s"), false, "A person decides to promote, from the alarm."),
    field("recovery.on_call_to_deploy", Distribution("min"), false, "`pilot_light`: a person decides to deploy."),
    field("recovery.on_call_to_restore", Distribution("min"), false, "`backup_restore`: a person decides to restore."),
    field("recovery.stability", Number("min"), false, "How long a region must serve again before people put it back."),
    field("recovery.on_call_timezone", Text, false, "Time zone of the people on call."),
    field("recovery.night_extra", Distribution("min"), false, "What a decision takes longer from 22 to 7 o'clock."),
    field("recovery.patience", Distribution("min"), false, "Waiting in the hope of a repair before a decision."),
    field("recovery.deploy", Distribution("min"), false, "From the decision until functions run from templates."),
    field("recovery.restore", Distribution("min"), false, "From the decision until a snapshot is restored."),
    field("recovery.automatic", Distribution("s"), false, "Automation decides, from its detection."),
    field("recovery.promotion", Distribution("s"), false, "Promotion of the other region's database."),
    field("recovery.step_fails", Number("%"), false, "Chance that the promotion fails and people finish it."),
    field("recovery.manual_repair", Distribution("s"), false, "What people then need on top."),
    field("recovery.reconnect", Distribution("s"), false, "From the new writer to reconnected functions."),
    field("recovery.scale_out", Distribution("s"), false, "From detection until a standby carries everyone."),
    field("recovery.recovered_at", Table, false, "What counts as recovered."),
    field(
        "recovery.recovered_at.served",
        Number("%"),
        false,
        "Minimum service level: share of first attempts answered correctly.",
    ),
    field("recovery.recovered_at.hold", Number("s"), false, "It must last this long; the clock stops at its start."),
    field("recovery.failback", Table, false, "The way back after a promotion."),
    field(
        "recovery.failback.policy",
        Word(&["planned", "none"]),
        false,
        "`planned`: the old region is rebuilt, then the writer returns. `none`: the old region is a copy at once and the writer where it was.",
    ),
    field(
        "recovery.failback.returns_after",
        Number("min"),
        false,
        "How long a region that was lost must be healthy before checks send users back: against flapping.",
    ),
    field(
        "recovery.failback.order",
        Word(&["traffic_first", "writer_first"]),
        false,
        "`traffic_first`: users return once their region serves, and their writes are forwarded until the writer is back. `writer_first`: users who left stay away until then.",
    ),
    field("recovery.failback.rebuild", Distribution("min"), false, "A rebuild without its copying; needs a `max`."),
    field(
        "recovery.failback.copy_throughput",
        Number("Mbps"),
        false,
        "How fast a rebuild copies the database, which holds `database.size`.",
    ),
    field(
        "recovery.failback.switchover",
        Distribution("s"),
        false,
        "Roles change hands: nobody writes meanwhile, and until functions have reconnected; needs a `max`.",
    ),
    field(
        "recovery.failback.from",
        Whole,
        false,
        "Hour of the day from which the writer may return, on the clock of the people on call.",
    ),
    field("recovery.failback.until", Whole, false, "Hour before which; the same as `from`: at any hour."),
    field("architectures", Table, true, "The designs: one row each, a preset plus what differs."),
    field("architectures.*", Table, false, "A design."),
    field(
        "architectures.*.preset",
        Word(&[
            "single_region",
            "backup_restore",
            "pilot_light",
            "warm_standby",
            "active_active_cloudfront",
            "active_active_origin_group",
            "active_active_accelerator",
            "active_active_hybrid",
        ]),
        true,
        "What it starts from.",
    ),
    field(
        "architectures.*.health_check",
        Table,
        false,
        "`\"none\"`, or a table; CloudFront presets with two regions only. A secondary record needs no check of its own to be named (Route 53 API reference, `Failover`), so a false alarm about the primary leads users of a pilot light to a region that is not deployed.",
    ),
    field(
        "architectures.*.health_check.kind",
        Word(&["shallow", "deep"]),
        false,
        "Whether it exercises what lies behind the API; the same in a full regional outage.",
    ),
    field(
        "architectures.*.health_check.exercises",
        Words(&EXERCISED),
        false,
        "What a deep check exercises; without it `function`, `database`, `objects`. `writer`: it writes, wherever the writer is. What a region has none of (`dependencies.*.secondary`) it finds in the other one, or not.",
    ),
    field(
        "architectures.*.health_check.interval",
        Number("s"),
        false,
        "Pause between an answer and the next request, 10 s or 30 s at Route 53.",
    ),
    field(
        "architectures.*.health_check.threshold",
        Whole,
        false,
        "Results in a row that change a checker's opinion, 1 to 10.",
    ),
    field("architectures.*.decision", Word(&["on_call", "automatic"]), false, "Who decides on a promotion."),
    field(
        "architectures.*.evacuation",
        Word(&["none", "on_call"]),
        false,
        "`on_call`: people take a region out of the answers when its users are not served, whatever checks say; without it, `none`.",
    ),
    field(
        "architectures.*.edge",
        Truth,
        false,
        "`false`: no CloudFront, clients resolve the region's name themselves; `active_active_cloudfront` only.",
    ),
    field(
        "architectures.*.standby_share",
        Number("%"),
        false,
        "Share of the joint peak that the secondary carries before it is scaled out.",
    ),
    field("architectures.*.drill_every", Number("d"), false, "Overrides `readiness.drill_every`."),
    field("architectures.*.returns_after", Number("min"), false, "Overrides `recovery.failback.returns_after`."),
    field(
        "architectures.*.return_order",
        Word(&["traffic_first", "writer_first"]),
        false,
        "Overrides `recovery.failback.order`.",
    ),
    field("architectures.*.ttl", Number("s"), false, "Overrides `detection.ttl`."),
    field("architectures.*.copy_model", Word(&["service", "link"]), false, "Overrides `objects.copy_model`."),
    field("architectures.*.replication_time_control", Truth, false, "Overrides `objects.replication_time_control`."),
    field("architectures.*.copy_throughput", Number("Mbps"), false, "Overrides `objects.copy_throughput`."),
    field("architectures.*.copy_streams", Whole, false, "Overrides `objects.copy_streams`."),
    field("architectures.*.build_days", Number(""), false, "Person-days to build what the baseline has not."),
    field("architectures.*.upkeep_days_per_year", Number(""), false, "Person-days a year to keep it up."),
    field("architectures.*.on_call_days_per_year", Number(""), false, "Person-days a year of being on call for it."),
    field(
        "architectures.*.exit_days",
        Number(""),
        false,
        "Person-days to leave it again, spread over `money.budget_years` and budgeted in the last month.",
    ),
    field("claims", Table, false, "What somebody promised: one table each."),
    field("claims.*", Table, false, "A claim."),
    field("claims.*.says", Text, false, "What the author wrote, in any language."),
    field(
        "claims.*.metric",
        Word(&[
            "recovery_time_seconds",
            "client_recovery_time_seconds",
            "data_loss_window_seconds",
            "downtime_minutes",
            "dr_premium",
        ]),
        true,
        "What is measured; `dr_premium`: the bill of a year above the baseline's, as a share of the baseline's.",
    ),
    field(
        "claims.*.operation",
        Word(&["cacheable_read", "dynamic_read", "write", "upload", "read", "overall"]),
        false,
        "Which requests; required for recovery times.",
    ),
    field("claims.*.population", Text, false, "Which population; without it, the worst of them."),
    field("claims.*.store", Word(&["objects", "database"]), false, "Which store; required for data loss."),
    field(
        "claims.*.fate",
        Word(&["lost", "unavailable"]),
        false,
        "For data loss: only what is gone for good, or only what comes back; without it, both.",
    ),
    field("claims.*.cause", Word(&CAUSES), false, "Which cause of outage; without it, all that are switched on."),
    field(
        "claims.*.below",
        Number("s"),
        false,
        "Bound that must not be reached; minutes for downtime, % for the premium.",
    ),
    field("claims.*.at_most", Number("s"), false, "Bound that may be reached; one of the two is required."),
    field(
        "claims.*.per",
        Word(&["incident", "year", "client", "instant"]),
        true,
        "What one case is; there is no default. `instant`: any instant, for data loss; an `incident` counts only if something was missing.",
    ),
    field("claims.*.share", Number("%"), true, "Share of cases that must meet the bound, or `\"always\"`."),
    field("report", Table, false, "What the report shows beyond the run; it changes no number of the run."),
    field(
        "report.years",
        Whole,
        false,
        "Simulated years of each further run, 250 to 1,000,000; without it, about as many in all as the run has.",
    ),
    field("report.map", Table, false, "A map of two fields; without it, the usual one, if there is any."),
    field("report.map.claim", Text, true, "The claim, one that is simulated."),
    field("report.map.architecture", Text, true, "The design."),
    field(
        "report.map.share",
        Number("%"),
        false,
        "Share of cases at which the map turns; without it, the claim's own.",
    ),
    field("report.map.x", Text, true, "To the right: a field and its values, as `sweep --vary` has them."),
    field("report.map.y", Text, true, "Upwards: another."),
];

/// JSON Schema (2020-12) of a scenario. What is required is not asked of one that extends another.
///
/// # Panics
/// If the list of fields is not sound, which a test excludes.
pub fn json() -> String {
    let mut root = object("A drsim scenario.");
    let mut whole = json!({ "properties": {} });
    for field in &fields() {
        let keys = field.path.split('.').collect::<Vec<_>>();
        insert(&mut root, &keys, false, &field_schema(field));
        insert(&mut whole, &keys, field.required, &whole_schema(field));
    }
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("drsim scenario");
    root["if"] = json!({ "required": ["extends"] });
    root["else"] = whole;
    let whole = |keys: Json| json!({ "if": { "type": "object" }, "then": { "anyOf": keys } });
    root["$defs"] = json!({
        "basis": { "enum": ["measured", "contract", "documented", "reported", "estimated", "unverified"] },
        "number": {
            "description": "Plain, or a table with its range (P10 and P90 of the one true value) and where it comes from.",
            "anyOf": [{ "type": ["string", "number"] }, {
                "type": "object",
                "additionalProperties": false,
                "properties": about(json!({
                    "value": { "type": ["string", "number"] },
                    "range": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": ["string", "number"] } },
                })),
            }],
        },
        "whole_number": whole(json!([{ "required": ["value"] }])),
        "distribution": {
            "description": "What varies from event to event: a plain value, or a law.",
            "anyOf": [{ "$ref": "#/$defs/number" }, {
                "type": "object",
                "additionalProperties": false,
                "properties": about(law()),
            }],
        },
        "whole_distribution": whole(json!([{ "required": ["value"] }, { "required": ["dist"] }])),
        "count": {
            "type": "object",
            "additionalProperties": false,
            "properties": about(json!({
                "events": { "type": "number", "minimum": 0 },
                "years": { "type": "number", "exclusiveMinimum": 0 },
                "posterior": { "type": "boolean" },
            })),
        },
        "whole_count": whole(json!([{ "required": ["events", "years"] }])),
    });
    serde_json::to_string_pretty(&root).expect("a schema can be written") + "\n"
}

fn law() -> Json {
    let mut law = Map::new();
    law.insert("dist".into(), json!({ "enum": ["lognormal", "gamma", "weibull", "pareto", "exponential", "uniform", "triangular", "constant", "empirical", "mixture"] }));
    law.insert("values".into(), json!({ "type": "array", "minItems": 2, "items": { "type": ["string", "number"] } }));
    law.insert(
        "parts".into(),
        json!({ "type": "array", "minItems": 2, "items": { "type": "object", "required": ["weight"] } }),
    );
    for key in ["p50", "p90", "p95", "p99", "p999", "p9999", "mean", "low", "mode", "high", "value"] {
        law.insert(key.into(), json!({ "$ref": "#/$defs/number" }));
    }
    for key in ["min", "max"] {
        law.insert(key.into(), json!({ "type": ["string", "number"] }));
    }
    Json::Object(law)
}

fn about(mut properties: Json) -> Json {
    properties["basis"] = json!({ "$ref": "#/$defs/basis" });
    for key in ["source", "owner", "as_of"] {
        properties[key] = json!({ "type": "string" });
    }
    properties
}

fn object(doc: &str) -> Json {
    json!({ "type": "object", "description": doc, "additionalProperties": false, "properties": {} })
}

fn insert(table: &mut Json, keys: &[&str], required: bool, schema: &Json) {
    let [key, rest @ ..] = keys else { return };
    if rest.is_empty() {
        if *key == "*" {
            table["additionalProperties"] = schema.clone();
        } else {
            table["properties"][*key] = schema.clone();
            if required {
                let required = table.as_object_mut().expect("a table").entry("required").or_insert_with(|| json!([]));
                required.as_array_mut().expect("a list").push(json!(key));
            }
        }
        return;
    }
    let child = if *key == "*" { &mut table["additionalProperties"] } else { &mut table["properties"][*key] };
    // A table that may also be a word keeps its properties in its second form.
    let child = if child.get("anyOf").is_some() { &mut child["anyOf"][1] } else { child };
    insert(child, rest, required, schema);
}

/// What a field must have besides, in a scenario that extends no other.
fn whole_schema(field: &Field) -> Json {
    match field.kind {
        Table => json!({ "properties": {} }),
        Whole | Number(_) => json!({ "$ref": "#/$defs/whole_number" }),
        Distribution(_) => json!({ "$ref": "#/$defs/whole_distribution" }),
        Count => json!({ "$ref": "#/$defs/whole_count" }),
        Text | Word(_) | Words(_) | Truth => json!({}),
    }
}

fn field_schema(field: &Field) -> Json {
    let doc = field.doc;
    match field.kind {
        Table if field.path.ends_with("health_check") => {
            json!({ "description": doc, "anyOf": [{ "const": "none" }, about_table()] })
        }
        Table => {
            let mut table = object(doc);
            if field.path == "demand.per_user_per_day" || VALUE_TABLES.contains(&field.path.as_ref()) {
                table["properties"] = about(json!({}));
            }
            table
        }
        Text => json!({ "description": doc, "type": "string" }),
        Word(words) => json!({ "description": doc, "enum": words }),
        Words(words) => {
            let word = json!({ "enum": words });
            json!({ "description": doc, "anyOf": [word, { "type": "array", "items": word }] })
        }
        Truth => json!({ "description": doc, "type": "boolean" }),
        Whole | Number(_) => json!({ "description": doc, "$ref": "#/$defs/number" }),
        Distribution(_) => json!({ "description": doc, "$ref": "#/$defs/distribution" }),
        Count => json!({ "description": doc, "$ref": "#/$defs/count" }),
    }
}

fn about_table() -> Json {
    json!({ "type": "object", "additionalProperties": false, "properties": about(json!({})) })
}

/// `docs/scenario.md`: every key with unit, default and source.
pub fn document() -> String {
    let mut text = String::from(include_str!("../../docs/scenario_head.md"));
    text.push_str("\n## Every key\n\n| Key | Value | Default | Meaning | Source of the default |\n| --- | --- | --- | --- | --- |\n");
    for field in &fields() {
        let value = match field.kind {
            Text => "text".into(),
            Word(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "),
            Words(words) => {
                format!("list of {}", words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "))
            }
            Truth => "true, false".into(),
            Whole => "whole number".into(),
            Number("") => "number".into(),
            Number(unit) => format!("number [{unit}]"),
            Distribution(unit) => format!("distribution [{unit}]"),
            Count => "events, years".into(),
            Table => "table".into(),
        };
        let (default, source) = default_of(field);
        _ = writeln!(text, "| `{}` | {value} | {default} | {} | {source} |", field.path, field.doc);
    }
    text
}

/// What is built in below a path: path, value, and its basis and source.
pub fn built_in(prefix: &str) -> Vec<[String; 3]> {
    let below = |field: &Field| field.path == prefix || field.path.starts_with(&format!("{prefix}."));
    let row = |field: &Field| {
        let (value, source) = default_of(field);
        [field.path.clone().into_owned(), value, source]
    };
    fields()
        .iter()
        .filter(|f| below(f))
        .map(row)
        .filter(|[_, value, _]| !value.is_empty() && value != "required")
        .collect()
}

fn default_of(field: &Field) -> (String, String) {
    if field.kind == Table {
        return Default::default();
    }
    let keys: Vec<&str> = field.path.split('.').collect();
    if let ["architectures", "*", rest @ ..] = &keys[..] {
        let presets = PRESETS.entries().unwrap_or_default();
        let found: Vec<(String, &Node)> = presets
            .iter()
            .filter_map(|preset| {
                Some((preset.key.clone(), rest.iter().try_fold(&preset.node, |node, key| node.get(key))?))
            })
            .collect();
        let Some((_, first)) = found.first() else { return Default::default() };
        let shown = found.iter().map(|(preset, node)| format!("{} ({preset})", value_of(node))).collect::<Vec<_>>();
        return (shown.join(", "), source_of(first));
    }
    let node = if let ["populations", "*", key] = keys[..] {
        POPULATIONS.get("default").and_then(|node| node.get(key))
    } else {
        keys.iter().try_fold(&*DEFAULTS, |node, key| node.get(key))
    };
    node.map_or_else(
        || if field.required { ("required".into(), String::new()) } else { Default::default() },
        |node| (value_of(node), source_of(node)),
    )
}

fn source_of(node: &Node) -> String {
    let text = |key: &str| match node.get(key).map(|n| &n.value) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let (basis, source) = (text("basis"), text("source"));
    if basis.is_empty() { String::new() } else { format!("{basis}: {source}") }
}

fn value_of(node: &Node) -> String {
    match &node.value {
        Value::Text(text) | Value::Date(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::List(items) => items.iter().map(value_of).collect::<Vec<_>>().join(" .. "),
        Value::Table(entries) => {
            let about = ["basis", "source", "owner", "as_of"];
            let parts = entries.iter().filter(|e| !about.contains(&e.key.as_str()));
            let part = |e: &crate::scenario_file::tree::Entry| match e.key.as_str() {
                "value" | "dist" => value_of(&e.node),
                key => format!("{key} {}", value_of(&e.node)),
            };
            parts.map(part).collect::<Vec<_>>().join(", ")
        }
    }
}
