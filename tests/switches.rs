//! Whatever is switched on moves no draw that it has nothing to do with: not one of another design, and of its own design
//! only what it is about. Every feature is one row of a table.

use crate::simulate;
use drsim_experiment::assemble::Worlds;
use drsim_experiment::outcome::IncidentRow;
use drsim_experiment::run::incidents;
use drsim_experiment::scenario::Scenario;
use drsim_experiment::scenario_file::parse;
use drsim_models::outage::Outages;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Both regions fail, on two continents, under one design of each kind.
const SCENARIO: &str = r#"
schema_version = 1
baseline = "single"
proposed = "edge"
[regions]
primary = "eu-west-1"
secondary = "us-east-1"
[populations.europe]
users = 180_000
city = "Madrid"
[populations.america]
users = 120_000
city = "New York"
label = "public"
[demand]
per_user_per_day = { cacheable_read = 12, dynamic_read = 9, write = 3, upload = 0.1 }
[objects]
size = { dist = "lognormal", p50 = "1.2 MB", p95 = "6 MB", max = "10 MB" }
[outages.region]
count.eu-west-1 = { events = 20, years = 10 }
count.us-east-1 = { events = 20, years = 10 }
hits_workload = "100 %"
both_regions = "0 %"
duration = { dist = "lognormal", p50 = "3 h", p95 = "8 h", max = "1 d" }
# Enough for everybody: writes that hang would otherwise take what reads need.
[capacity]
requests_per_second = 1_000_000
burst = 1_000_000
concurrency = 1_000_000
concurrency_growth = 1_000_000
connections = 1_000_000
database_units_at_least = 256
[recovery]
stability = "10 min"
[recovery.failback]
rebuild = { dist = "constant", value = "10 min" }
from = 1
until = 1
[architectures]
single = { preset = "single_region" }
edge = { preset = "active_active_cloudfront", decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
direct = { preset = "active_active_cloudfront", edge = false, decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
accelerator = { preset = "active_active_accelerator", decision = "automatic" }
standby = { preset = "warm_standby", standby_share = "30 %", decision = "on_call", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
link = { preset = "active_active_cloudfront", decision = "automatic", copy_model = "link", copy_throughput = "20 Mbps", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
"#;

const YEARS: u64 = 24;

const ALL: &[&str] = &["single", "edge", "direct", "accelerator", "standby", "link"];
const PAIRS: &[&str] = &["edge", "direct", "accelerator", "standby", "link"];
const BY_SERVICE: &[&str] = &["edge", "direct", "accelerator", "standby"];
const EDGES: &[&str] = &["single", "edge", "standby", "link"];
const NONE: &[&str] = &[];

/// What an incident of one region was to something that a feature may have nothing to do with.
#[derive(Clone, Copy, Debug)]
enum What {
    /// Files without a copy at the cut.
    Files,
    /// Rows lost.
    Rows,
    /// Dynamic reads: when they were back.
    Reads,
    /// Writes.
    Writes,
}
use What::{Files, Reads, Rows, Writes};

struct Switch {
    name: &'static str,
    /// What is set without it as well.
    given: &'static [&'static str],
    /// What switches it on.
    on: &'static [&'static str],
    /// Designs that it acts in; the incidents of the others stay byte for byte. None: it is no matter of incidents.
    acts_in: &'static [&'static str],
    /// What stays in these designs.
    stays: &'static [What],
}

const fn switch(
    name: &'static str,
    on: &'static [&'static str],
    acts_in: &'static [&'static str],
    stays: &'static [What],
) -> Switch {
    Switch { name, given: &[], on, acts_in, stays }
}

const CAUSES: &[&str] = &["outages.causes=[\"region\", \"deployment\"]"];

#[rustfmt::skip]
const SWITCHES: &[Switch] = &[
    // Of one design.
    switch("no health check", &["architectures.edge.health_check=\"none\""], &["edge"], &[Files, Rows]),
    Switch { name: "a shallow check", given: CAUSES, on: &["architectures.edge.health_check.kind=shallow"], acts_in: &["edge"], stays: &[Files, Rows, Reads, Writes] },
    switch("a check that writes", &["architectures.edge.health_check.exercises=[\"function\", \"writer\"]"], &["edge"], &[Files, Rows]),
    switch("time to live", &["architectures.edge.ttl=20 s"], &["edge"], &[Files, Rows]),
    switch("people decide", &["architectures.edge.decision=on_call"], &["edge"], &[Files, Reads]),
    switch("evacuation by hand", &["architectures.edge.evacuation=on_call", "architectures.edge.health_check=\"none\""], &["edge"], &[Files, Rows]),
    switch("size of a standby", &["architectures.standby.standby_share=100 %"], &["standby"], &[Files, Rows]),
    switch("copies by a link", &["architectures.edge.copy_model=link", "architectures.edge.copy_throughput=20 Mbps"], &["edge"], &[Rows, Reads, Writes]),
    switch("copies without time control", &["architectures.edge.replication_time_control=false"], &["edge"], &[Rows, Reads, Writes]),
    switch("streams of a link", &["architectures.link.copy_streams=4"], &["link"], &[Rows, Reads, Writes]),
    switch("how long traffic stays away", &["architectures.edge.returns_after=20 min"], &["edge"], &[Rows]),
    switch("what returns first", &["architectures.edge.return_order=writer_first"], NONE, &[]),
    // Of the first hour.
    switch("zones", &["outages.causes=[\"region\", \"zone\"]"], ALL, &[]),
    switch("services", &["outages.causes=[\"region\", \"service\"]"], ALL, &[]),
    switch("the link", &["outages.causes=[\"region\", \"link\"]", "outages.link.count={ events = 9, years = 3 }"], PAIRS, &[]),
    switch("front doors", &["outages.causes=[\"region\", \"front_door\"]"], ALL, &[]),
    switch("control planes", &["outages.causes=[\"region\", \"control_plane\"]", "outages.control_plane.count={ events = 150, years = 3 }"], PAIRS, &[]),
    switch("deployments", &["outages.causes=[\"region\", \"deployment\"]"], ALL, &[]),
    switch("corruption", &["outages.causes=[\"region\", \"corruption\"]"], ALL, &[]),
    switch("certificates", &["outages.causes=[\"region\", \"certificate\"]"], ALL, &[]),
    switch("false alarms", &["outages.causes=[\"region\", \"false_alarm\"]"], PAIRS, &[]),
    switch("footprints of real events", &["outages.region.footprint=library"], ALL, &[]),
    switch("both regions at once", &["outages.region.both_regions=50 %"], ALL, &[]),
    switch("a dependency in the primary", &["dependencies.identity={ needed_by = [\"write\"], secondary = \"none\" }"], ALL, &[Files, Rows, Reads]),
    Switch { name: "tokens", given: &["dependencies.identity={ needed_by = [\"write\"], secondary = \"none\" }"], on: &["demand.tokens_last=1 h"], acts_in: ALL, stays: &[Files, Rows, Reads] },
    Switch { name: "grey failures that nobody sees", given: CAUSES, on: &["detection.grey_seen=0 %"], acts_in: PAIRS, stays: &[] },
    Switch { name: "a canary that sees grey", given: CAUSES, on: &["detection.canary.sees_grey=true", "detection.grey_seen=100 %"], acts_in: PAIRS, stays: &[] },
    switch("resolvers that stretch", &["detection.stretching_share=50 %"], &["direct"], &[Files, Rows]),
    switch("connections that stay", &["detection.connections_stay={ dist = \"constant\", value = \"2 min\" }"], &["direct", "accelerator"], &[Files, Rows]),
    switch("the balancer's check", &["detection.accelerator.interval=5 s"], &["accelerator"], &[Files, Rows]),
    switch("each cache for itself", &["detection.one_by_one=true"], EDGES, &[Files, Rows]),
    switch("edge copies", &["edge.object_lifetime=10 min", "edge.serves_stale=false", "edge.error_lifetime=1 min"], EDGES, &[Files, Rows, Reads, Writes]),
    switch("slow uplinks", &["demand.client_uplink=1 Mbps"], ALL, &[Files, Rows, Reads, Writes]),
    switch("quotas", &["capacity.concurrency=30", "capacity.concurrency_growth=1"], ALL, &[Files, Rows]),
    switch("retries", &["capacity.retries.policy=immediate", "capacity.concurrency=30"], ALL, &[Files, Rows]),
    switch("night and patience", &["recovery.night_extra=30 min", "recovery.patience=20 min"], &["standby"], &[Files]),
    switch("steps that fail", &["recovery.step_fails=60 %"], PAIRS, &[Files, Reads]),
    switch("growth of a standby", &["recovery.scale_out={ dist = \"constant\", value = \"30 min\" }"], &["standby"], &[Files, Rows]),
    // Of the data and the days around.
    switch("bursts", &["demand.files_at_once=10"], PAIRS, &[Rows, Reads, Writes]),
    switch("slow spells", &["objects.slowdowns=100", "objects.slowdown_factor=10"], BY_SERVICE, &[Rows, Reads, Writes]),
    switch("copies that fail", &["objects.copy_fails=20 %"], PAIRS, &[Rows, Reads, Writes]),
    switch("shared bandwidth", &["objects.copy_bandwidth=12 Mbps"], BY_SERVICE, &[Rows, Reads, Writes]),
    switch("deletions", &["objects.deletes=20 %"], NONE, &[]),
    switch("keys of both regions", &["objects.shared_keys_written=10 %"], NONE, &[]),
    switch("lag with a memory", &["database.lag_memory=1 d"], PAIRS, &[Files, Reads, Writes]),
    switch("lag that grows with load", &["database.replication_load=60 %"], PAIRS, &[Files, Reads, Writes]),
    Switch { name: "a cap that stalls commits", given: &["outages.causes=[\"region\", \"link\"]", "outages.link.count={ events = 9, years = 3 }"], on: &["database.rpo_cap=60 s"], acts_in: PAIRS, stays: &[Files, Reads] },
    Switch { name: "fencing", given: &["outages.causes=[\"region\", \"false_alarm\"]"], on: &["database.fencing=0 %"], acts_in: PAIRS, stays: &[Files, Reads] },
    switch("salvage", &["database.salvaged=50 %"], NONE, &[]),
    switch("data destroyed", &["outages.region.destroys=50 %"], ALL, &[Reads]),
    switch("rules for files", &["residency.personal=continent"], PAIRS, &[Rows, Reads, Writes]),
    switch("rules for rows", &["residency.personal=continent", "residency.rows=apart"], PAIRS, &[]),
    switch("labels", &["populations.europe.label_of.upload=health"], NONE, &[]),
    switch("erasure", &["residency.sweep=10 d", "objects.delete_markers=true"], NONE, &[]),
    switch("latent faults", &["readiness.latent_faults=3"], PAIRS, &[Files, Reads]),
    Switch { name: "drills", given: &["readiness.latent_faults=3"], on: &["readiness.drill_every=20 d"], acts_in: PAIRS, stays: &[Files, Reads] },
    switch("drills that get stuck", &["readiness.drills_stuck=50 %", "readiness.drill_every=30 d"], PAIRS, &[]),
    switch("no way back", &["recovery.failback.policy=none"], PAIRS, &[]),
    switch("a slow rebuild", &["recovery.failback.rebuild={ dist = \"constant\", value = \"3 d\" }"], PAIRS, &[]),
    switch("outages that come and go", &["outages.flapping.share=100 %"], ALL, &[]),
    switch("traffic that stays away", &["recovery.failback.returns_after=20 min"], PAIRS, &[Rows]),
    switch("consistency", &["latency.consistency=global"], NONE, &[]),
    // What outages cost is no part of them.
    switch("money", &["money.downtime=1000 USD/h"], NONE, &[]),
];

struct Run {
    scenario: Scenario,
    rows: Vec<IncidentRow>,
    /// By process and number: when, and how long.
    outages: BTreeMap<(u64, u64), (i64, u64)>,
}

/// A year of each of so many worlds.
fn run(set: &[&str]) -> Run {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let scenario = parse(SCENARIO, "switches.toml", &set).unwrap_or_else(|p| panic!("{p}")).scenario;
    let worlds = Worlds::draw(&scenario, 1, YEARS);
    let rows = incidents(&scenario, &worlds, 1, 0..YEARS);
    Run { rows, outages: outages(&worlds), scenario }
}

/// What is found beside incidents, in words.
fn found(run: &Run) -> String {
    let outcome = simulate(&run.scenario, 2, 2).0;
    format!("{:?} {:?}", outcome.metrics, outcome.latency)
}

fn outages(worlds: &Worlds) -> BTreeMap<(u64, u64), (i64, u64)> {
    let mut found = BTreeMap::new();
    for (replication, (world, _)) in (0..).zip(&worlds.worlds) {
        let mut drawn = Outages::default();
        world.outages.iter().for_each(|process| process.draw(1, replication, &mut Vec::new(), &mut drawn));
        let one =
            |o: &drsim_models::outage::Outage| ((replication, o.id.0), (o.onset.as_nanos(), o.duration.as_nanos()));
        found.extend(drawn.all().iter().map(one));
    }
    found
}

/// Incidents of one region under a design, and what they were to something, in words.
fn met(rows: &[IncidentRow], design: &str, what: What) -> BTreeMap<(u64, String, String), String> {
    let operation = if matches!(what, Reads) { "dynamic_read" } else { "write" };
    let of = |r: &&IncidentRow| {
        r.architecture == design && r.cause == "region" && !r.regions.contains('+') && r.operation == operation
    };
    let words = |r: &IncidentRow| match what {
        Files => format!("{:?} {} {}", r.objects_window_seconds, r.objects_at_risk, r.object_bytes_at_risk),
        Rows => format!("{:?} {}", r.rows_window_seconds, r.rows_lost),
        Reads | Writes => format!("{:?}", r.recovery_time_seconds),
    };
    let key = |r: &IncidentRow| (r.replication, format!("{} {}", r.onset_seconds, r.regions), r.population.clone());
    rows.iter().filter(of).map(|r| (key(r), words(r))).collect()
}

/// In words, what a switch moved that it should not have; empty: nothing.
fn moved(switch: &Switch, off: &Run, on: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, words: String| {
        if !holds {
            wrong.push(format!("{}: {words}", switch.name));
        }
    };
    let of = |run: &Run, design: &str| -> Vec<String> {
        let own = run.rows.iter().filter(|r| r.architecture == design);
        own.map(|row| format!("{row:?}")).collect()
    };
    // A switch that is not felt proves nothing.
    let felt = switch.acts_in.iter().any(|design| of(off, design) != of(on, design));
    must(felt || (switch.acts_in.is_empty() && found(off) != found(on)), "changes nothing".into());
    let same = off.outages.iter().filter_map(|(id, drawn)| Some((drawn, on.outages.get(id)?)));
    must(same.clone().all(|(a, b)| a == b), "other outages".into());
    // One that strikes both regions takes the place of two.
    must(same.count() * 3 > off.outages.len(), "hardly an outage is left".into());
    for design in ALL.iter().filter(|design| !switch.acts_in.contains(*design)) {
        must(of(off, design) == of(on, design), format!("incidents of {design}"));
    }
    for design in switch.acts_in {
        for what in switch.stays {
            let (a, b) = (met(&off.rows, design, *what), met(&on.rows, design, *what));
            let pairs: Vec<_> = a.iter().filter_map(|(key, words)| Some((key, words, b.get(key)?))).collect();
            must(pairs.len() > 40, format!("{design} {what:?}: {} incidents to compare", pairs.len()));
            let first = pairs.iter().find(|(_, a, b)| a != b);
            must(first.is_none(), format!("{design} {what:?}: {first:?}"));
        }
    }
    wrong
}

#[test]
fn whatever_is_switched_on_moves_nothing_that_it_has_nothing_to_do_with() {
    let plain = run(&[]);
    assert!(plain.rows.len() > 2000 && plain.outages.len() > 80, "{}", plain.rows.len());
    let next = AtomicUsize::new(0);
    let look = || {
        let mut wrong = Vec::new();
        while let Some(switch) = SWITCHES.get(next.fetch_add(1, Ordering::Relaxed)) {
            let given = (!switch.given.is_empty()).then(|| run(switch.given));
            let on = run(&[switch.given, switch.on].concat());
            wrong.extend(moved(switch, given.as_ref().unwrap_or(&plain), &on));
        }
        wrong
    };
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(look);
        [look(), other.join().unwrap()].concat()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
