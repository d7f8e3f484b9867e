//! The one place where models are connected: scenario and world index in, plain parameters out.

use crate::catalogue::OUTAGE_LIBRARY;
use crate::model::{
    Backups, Capacity, Copy, Design, Door, Evacuation, Following, Needs, OnCall, PopulationModel, ScaleOut, Steering,
    World,
};
use crate::scenario::{
    Architecture, Cause, CauseInput, CopyModel, DatabaseInput, Decision, FootprintInput, FrontDoor, HealthCheck, Input,
    Population, Preset, RetryKind, ReturnOrder, Routing, Scenario, Usable,
};
use crate::system::load::STEP;
use crate::world::WorldDraws;
use drsim_models::aurora::FailoverSettings;
use drsim_models::capacity::{Crowd, Limit, Limits, Retry, RetryPolicy};
use drsim_models::edge_content::EdgeContentSettings;
use drsim_models::failback::FailbackSettings;
use drsim_models::health_check::{CheckerSettings, SEES_LIKE_DEAD};
use drsim_models::object_copy::link::{Link, SizeMoments, Unstable};
use drsim_models::object_copy::slowdown::Slowdowns;
use drsim_models::outage::flapping::Flapping;
use drsim_models::outage::footprint::{Footprint, Part};
use drsim_models::outage::process::{Law, OutageProcess, Region};
use drsim_models::outage::{Component, Components, ELSEWHERE};
use drsim_models::outage::{YEAR_END, YEAR_SECONDS};
use drsim_models::readiness::{Drills, LatentFaults};
use drsim_models::replica::{Cap, Replica};
use drsim_models::residency::leaves_continent;
use drsim_models::routing::nearest_first;
use drsim_models::traffic::{HourlyShape, Operation, Uploads};
use drsim_models::units::BitsPerSecond;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::Purpose;
use drsim_sim::time::{SimDuration, SimTime};
use std::sync::Arc;

/// Where what belongs to no region is changed: DNS records, the CDN, its certificates and permissions in one region, the
/// accelerator in another. Source: AWS Fault Isolation Boundaries whitepaper, "Global services" (2022-11).
const CONTROL_REGIONS: [(&str, Component); 2] =
    [("us-east-1", Component::GlobalControlPlane), ("us-west-2", Component::AcceleratorControlPlane)];

/// Control planes of what is global that live in a region.
pub fn control_planes_in(region: &str) -> Components {
    let of = |(name, component): &(&str, Component)| (*name == region).then(|| Components::of(&[*component]));
    CONTROL_REGIONS.iter().find_map(of).unwrap_or(Components::NONE)
}

/// Hours of demand known before the year starts: the longest outage in progress plus the longest look-back.
const HOURS_BEFORE: i64 = 90 * 24;
/// Hours after its end.
const HOURS_AFTER: i64 = 40 * 24;
const HOURS_OF_YEAR: i64 = 8760;

/// Everything that is drawn once per world, for all worlds.
#[derive(Debug)]
pub struct Worlds {
    /// One per world: what all architectures share, and the architectures in the scenario's order.
    pub worlds: Vec<(World, Vec<Design>)>,
    /// Per architecture: the first that differs from it in how files are copied at most. Copies move nothing else, so
    /// that such architectures are simulated once, and only their files are looked at one by one.
    pub leaders: Vec<usize>,
}

impl Worlds {
    /// Draws `count` worlds.
    ///
    /// # Panics
    /// If the scenario was not checked.
    pub fn draw(scenario: &Scenario, seed: u64, count: u64) -> Self {
        Self::of(scenario, (0..count).map(|index| WorldDraws::new(seed, index)))
    }

    /// These worlds.
    ///
    /// # Panics
    /// If the scenario was not checked.
    pub fn of<'d>(scenario: &Scenario, draws: impl Iterator<Item = WorldDraws<'d>>) -> Self {
        let shapes = shapes(scenario);
        let worth: Vec<_> =
            scenario.populations.iter().zip(&shapes).map(|(p, shape)| worth(scenario, p, shape)).collect();
        let night = |hour: usize| if (7..22).contains(&(hour % 24)) { 0.0 } else { 1.0 };
        let failback = &scenario.recovery.failback;
        let (from, length) = (failback.from as usize, (24 + failback.until - failback.from) % 24);
        let may_return =
            |hour: usize| f64::from(u8::from(length == 0 || (24 + hour % 24 - from) % 24 < length as usize));
        let zone = &scenario.recovery.on_call_timezone;
        let duty = [Arc::new(hourly(scenario, zone, night)), Arc::new(hourly(scenario, zone, may_return))];
        // Most scenarios know the law of sizes exactly, so that all worlds share it.
        let mut sizes: Option<(Distribution, SizeMoments)> = None;
        let mut links = Links::new();
        let mut means = [Mean::default(), Mean::default()];
        let one = |draws: WorldDraws<'d>| {
            let world = world(scenario, &draws, (&shapes, &worth), &duty);
            if sizes.as_ref().is_none_or(|(law, _)| *law != world.size) {
                let largest = scenario.objects.size.max.expect("the size has a maximum");
                let moments = SizeMoments::new(&world.size, largest).in_batches(scenario.demand.files_at_once);
                sizes = Some((world.size.clone(), moments));
                links.clear();
            }
            let moments = &sizes.as_ref().expect("just made").1;
            let mut copies = Copies::new();
            let mut gap = || drill_gap_seconds(scenario, &draws, &mut means);
            // A world that draws nothing that loads a link has the links of the world before.
            links.drain(..links.len().saturating_sub(2 * scenario.architectures.len()));
            let design = |a| design(scenario, a, (&world, moments, &mut gap, &mut copies, &mut links), &draws);
            let designs = scenario.architectures.iter().map(design).collect();
            (world, designs)
        };
        Self { worlds: draws.map(one).collect(), leaders: leaders(&scenario.architectures) }
    }
}

impl Worlds {
    /// For whoever only asks whether files at a cut are older than this: see
    /// [`Link::look_no_further_than`].
    pub fn ask_of_copies_up_to(&mut self, window: SimDuration) {
        let copies = self.worlds.iter_mut().flat_map(|(_, designs)| designs).filter_map(|design| design.copy.as_mut());
        for copy in copies {
            let (Copy::Link { regions } | Copy::Service { pool: Some(regions), .. }) = copy else { continue };
            regions.iter_mut().flatten().for_each(|link| link.look_no_further_than(window));
        }
    }
}

/// The day profile of each population over the simulated year.
pub fn shapes(scenario: &Scenario) -> Vec<Arc<HourlyShape>> {
    let shape =
        |population: &Population| Arc::new(hourly(scenario, &population.timezone, |h| scenario.demand.profile[h]));
    scenario.populations.iter().map(shape).collect()
}

/// A population's profile times what its hours count for, an average request for 1; `None`: all alike.
fn worth(scenario: &Scenario, population: &Population, shape: &HourlyShape) -> Option<Arc<HourlyShape>> {
    let hours = &scenario.money.downtime_hours;
    if hours.is_empty() {
        return None;
    }
    let weight = |hour: usize| hours.iter().find(|h| h.contains(hour as u32)).map_or(1.0, |h| h.weight.value);
    let scaled = |by: f64| hourly(scenario, &population.timezone, |h| scenario.demand.profile[h] * weight(h % 24) * by);
    let year = |shape: &HourlyShape| shape.cumulative(YEAR_END) - shape.cumulative(SimTime::ZERO);
    Some(Arc::new(scaled(year(shape) / year(&scaled(1.0)))))
}

fn leaders(architectures: &[Architecture]) -> Vec<usize> {
    let bare = |a: &Architecture| Architecture { name: String::new(), copy: None, ..a.clone() };
    let alike = |a: &Architecture, b: &Architecture| a.copy.is_some() && b.copy.is_some() && bare(a) == bare(b);
    let leader = |(own, a)| architectures[..own].iter().position(|b| alike(a, b)).unwrap_or(own);
    architectures.iter().enumerate().map(leader).collect()
}

/// What an hour of the week says, read on the clock of a time zone, daylight saving included; a half-hour zone is read
/// at the middle of the UTC hour.
fn hourly(scenario: &Scenario, timezone: &str, at: impl Fn(usize) -> f64) -> HourlyShape {
    let zone = jiff::tz::TimeZone::get(timezone).expect("the time zone was checked");
    let start: jiff::civil::Date = scenario.start.parse().expect("the start was checked");
    let midnight = start.to_datetime(jiff::civil::Time::midnight());
    let start = jiff::tz::TimeZone::UTC.to_timestamp(midnight).expect("midnight UTC exists");
    let hours = -HOURS_BEFORE..HOURS_OF_YEAR + HOURS_AFTER;
    let multiplier = hours.map(|hour| {
        let middle = start + jiff::SignedDuration::from_secs(hour * 3600 + 1800);
        let local = zone.to_datetime(middle);
        at(local.weekday().to_monday_zero_offset() as usize * 24 + local.hour() as usize)
    });
    HourlyShape::new(-HOURS_BEFORE, multiplier.collect())
}

/// Day profiles of the populations, plain and weighted.
type Shapes<'a> = (&'a [Arc<HourlyShape>], &'a [Option<Arc<HourlyShape>>]);

fn world(scenario: &Scenario, draws: &WorldDraws, shapes: Shapes<'_>, duty: &[Arc<HourlyShape>; 2]) -> World {
    let populations: Vec<PopulationModel> = scenario
        .populations
        .iter()
        .zip(shapes.0)
        .zip(shapes.1)
        .map(|((population, shape), worth)| {
            let users = draws.number(&population.users);
            let per_second =
                [0, 1, 2, 3].map(|o: usize| users * draws.number(&scenario.demand.per_user_per_day[o]) / 86_400.0);
            let name = &population.name;
            PopulationModel {
                shape: Arc::clone(shape),
                worth: worth.clone(),
                per_second,
                uploads: Uploads {
                    purpose: Purpose::of("uploads", name),
                    per_second: per_second[Operation::Upload as usize],
                    batch: scenario.demand.files_at_once,
                },
                files_kept_home: population.files_stay && abroad(scenario),
                rows_kept_home: population.rows_stay && abroad(scenario),
                edge_stream: Purpose::of("edge_resolvers", name),
                resolver_stream: Purpose::of("client_resolvers", name),
                connection_stream: Purpose::of("connections", name),
                client_stream: Purpose::of("client", name),
                unmatched_stream: Purpose::of("files_without_row", name),
            }
        })
        .collect();
    let hourly = |hour| populations.iter().map(|p| p.total_per_second() * p.shape.at_hour(hour)).sum::<f64>();
    let per_region = |kind: &str| scenario.regions.iter().map(|r| Purpose::of(kind, r)).collect();
    let (database, recovery) = (&scenario.database, &scenario.recovery);
    let size = draws.distribution(&scenario.objects.size);
    let peak_per_second = (0..HOURS_OF_YEAR).map(hourly).fold(0.0, f64::max);
    let all: f64 = populations.iter().map(PopulationModel::total_per_second).sum();
    World {
        outages: scenario.outages.iter().map(|cause| outage_process(scenario, cause, draws)).collect(),
        peak_per_second,
        busiest: if all > 0.0 { peak_per_second / all } else { 1.0 },
        populations,
        upload_seconds: 8.0 * size.mean() / draws.number(&scenario.demand.client_uplink),
        size,
        needs: needs(scenario),
        backups: Backups {
            restore_point_age: draws.distribution(&database.restore_point_age),
            retention: SimDuration::from_secs_f64(draws.number(&database.retention)),
        },
        on_call: OnCall {
            night: Arc::clone(&duty[0]),
            night_extra: draws.distribution(&recovery.night_extra),
            patience: draws.distribution(&recovery.patience),
            failback_hours: Arc::clone(&duty[1]),
        },
        client_timeout: SimDuration::from_secs_f64(draws.number(&scenario.demand.client_timeout)),
        tokens_last: SimDuration::from_secs_f64(draws.number(&scenario.demand.tokens_last)),
        served: draws.number(&recovery.served),
        hold: SimDuration::from_secs_f64(draws.number(&recovery.hold)),
        scale_out_streams: per_region("scale_out"),
        failover_stream: Purpose::new("database_failover"),
        lag_stream: Purpose::new("database_lag"),
        rows_stream: Purpose::new("rows_at_cut"),
        failback_stream: Purpose::new("failback"),
        drill_stream: Purpose::new("latent_faults"),
        destroys: Cause::ALL.map(|cause| {
            scenario
                .outages
                .iter()
                .find(|input| input.cause == cause)
                .map_or(0.0, |input| draws.number(&input.destroys))
        }),
        deletes: (draws.number(&scenario.objects.deletes), scenario.objects.delete_markers),
        deletes_stream: Purpose::new("deletes_at_cut"),
        shared_keys: (draws.number(&scenario.objects.shared_keys_written), draws.number(&scenario.objects.shared_keys)),
        slowdowns: (scenario.objects.slowdowns.value > 0.0).then(|| {
            let mut pair: Vec<&str> = scenario.regions.iter().map(String::as_str).collect();
            pair.sort_unstable();
            Slowdowns {
                purpose: Purpose::of("slow_copies", &pair.join("+")),
                per_year: draws.number(&scenario.objects.slowdowns),
                lasts: draws.distribution(&scenario.objects.slowdown_lasts),
                factor: draws.number(&scenario.objects.slowdown_factor).max(1.0),
            }
        }),
        canary_watches: if scenario.detection.canary_sees_grey {
            Components::of(&[Component::Canary, Component::Database])
        } else {
            Components::of(&[Component::Canary])
        },
        fate_stream: Purpose::new("data_destroyed"),
        fencing_stream: Purpose::new("fencing"),
        stuck_stream: Purpose::new("drills"),
        backup_stream: Purpose::new("restore_point"),
        runbook_stream: Purpose::new("record_change"),
        evacuation_streams: per_region("evacuation"),
    }
}

/// What each operation needs in each region, and what it must borrow from the other one.
fn needs(scenario: &Scenario) -> Needs {
    let mut needs = Needs::default();
    let front = Components::of(&[Component::Api, Component::Function]);
    for region in 0..2 {
        for operation in Operation::ALL {
            let store = match operation {
                Operation::CacheableRead | Operation::DynamicRead => Components::of(&[Component::Database]),
                Operation::Write => Components::NONE, // the writer's database, wherever it is
                Operation::Upload => Components::of(&[Component::Objects]),
            };
            let o = operation as usize;
            needs.own[region][o] = front.and(store);
            for dependency in scenario.dependencies.iter().filter(|d| d.needed_by[o]) {
                let component = components(std::slice::from_ref(&dependency.component));
                needs.identity |= component == Components::of(&[Component::Identity]);
                let usable = match dependency.usable[region] {
                    Usable::Full => true,
                    Usable::Reads => !operation.needs_writer(),
                    Usable::None => false,
                };
                let at = if usable { &mut needs.own } else { &mut needs.borrowed };
                at[region][o] = at[region][o].and(component);
            }
        }
    }
    needs
}

/// What a check that reads, or writes, has to call the other region for.
fn lacking(scenario: &Scenario, region: usize, writes: bool) -> Components {
    let absent = scenario.dependencies.iter().filter(|dependency| match dependency.usable[region] {
        Usable::Full => false,
        Usable::Reads => writes,
        Usable::None => true,
    });
    absent
        .map(|dependency| components(std::slice::from_ref(&dependency.component)))
        .fold(Components::NONE, Components::and)
}

/// The components that words of the scenario stand for.
fn components(words: &[String]) -> Components {
    let of = |word: &String| Components::WORDS.iter().find(|(w, _)| w == word).map_or(Components::NONE, |(_, c)| *c);
    words.iter().map(of).fold(Components::NONE, Components::and)
}

fn outage_process(scenario: &Scenario, cause: &CauseInput, draws: &WorldDraws) -> OutageProcess {
    let footprint = match &cause.footprint {
        FootprintInput::Whole { hits_workload } => Footprint::Whole { hits: draws.number(hits_workload) },
        FootprintInput::Library { everything_down } => {
            let events = OUTAGE_LIBRARY.iter().filter(|e| e.cause == cause.cause && e.is_aws());
            let events = events.map(crate::catalogue::RecordedOutage::footprint).collect();
            Footprint::Library { whole: draws.number(everything_down), events }
        }
        FootprintInput::Parts { parts } => Footprint::Parts(
            parts
                .iter()
                .map(|part| Part {
                    hits: components(&part.hits),
                    probability: draws.number(&part.probability),
                    failing: draws.number(&part.failing),
                    starts: draws.distribution(&part.starts),
                    lasts: part.lasts.as_ref().map(|lasts| draws.distribution(lasts)),
                })
                .collect(),
        ),
    };
    let law = Law {
        cause: cause.cause,
        duration: draws.distribution(&cause.duration),
        longest: SimDuration::from_secs_f64(cause.duration.max.expect("the duration has a maximum")),
        footprint,
        seen: draws.number(&cause.seen),
        seen_grey: draws.number(&scenario.detection.grey_seen),
        grey_below: SEES_LIKE_DEAD,
        flapping: flapping(scenario, cause.cause, draws),
    };
    if cause.cause.is_global() {
        return OutageProcess::global(law, cause.counts.iter().map(|count| draws.rate(count)).sum());
    }
    let dialled = scenario.architectures.iter().any(Architecture::is_dialled);
    let names = target_regions(&scenario.regions, dialled);
    let regions: Vec<Region<'_>> = names
        .iter()
        .zip(&cause.counts)
        .enumerate()
        .map(|(i, (name, count))| Region {
            name,
            place: if i < scenario.regions.len() { i } else { ELSEWHERE },
            per_year: draws.rate(count),
            holds: control_planes_in(name),
        })
        .collect();
    OutageProcess::regional(law, &regions, draws.number(&cause.both_regions))
}

/// Outages of the provider and of the link may come and go; what people did wrong stays until they undo it.
fn flapping(scenario: &Scenario, cause: Cause, draws: &WorldDraws) -> Option<Flapping> {
    let input = &scenario.flapping;
    let share = draws.number(&input.share);
    let may = matches!(cause, Cause::Region | Cause::Zone | Cause::Service | Cause::Link | Cause::FrontDoor);
    (may && share > 0.0).then(|| Flapping {
        share,
        ill: draws.distribution(&input.ill),
        well: draws.distribution(&input.well),
    })
}

/// Regions whose outages matter: those of the workload, and those where what is global is changed; the accelerator's only
/// where people dial it.
pub fn target_regions(regions: &[String], dialled: bool) -> Vec<String> {
    let mut names = regions.to_vec();
    for (name, component) in CONTROL_REGIONS {
        let matters = dialled || component != Component::AcceleratorControlPlane;
        if matters && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Copies made in a world: the model, where each population's files are, and what it came to. Most designs share one.
type Copies = Vec<(CopyModel, Vec<usize>, Copy)>;

/// Links made for a throughput \[bit/s\], streams, most files in each hour of the week and their mean. A bound on the
/// backlog takes a millisecond.
type Links = Vec<((f64, u32, [f64; 168], f64), Result<Link, Unstable>)>;

fn design(
    scenario: &Scenario,
    architecture: &Architecture,
    (world, sizes, drill_gap, copies, links): (&World, &SizeMoments, Gap<'_>, &mut Copies, &mut Links),
    draws: &WorldDraws,
) -> Design {
    let regions = if architecture.second_region { scenario.regions.len() } else { 1 };
    let preference: Vec<Vec<usize>> = scenario
        .populations
        .iter()
        .map(|population| match architecture.routing {
            Routing::Latency => nearest_first(&population.round_trip_seconds[..regions]),
            Routing::Failover => (0..regions).collect(),
        })
        .collect();
    let mut capacity = vec![1.0; regions];
    if let Some(secondary) = capacity.get_mut(1) {
        *secondary = match architecture.preset {
            Preset::BackupRestore | Preset::PilotLight => 0.0,
            _ => draws.number(&architecture.standby_share),
        };
    }
    let automatic = architecture.decision == Some(Decision::Automatic);
    let copy = architecture.copy.as_ref().filter(|_| regions > 1);
    let from_templates = matches!(architecture.preset, Preset::BackupRestore | Preset::PilotLight);
    let (recovery, database) = (&scenario.recovery, &scenario.database);
    let doors = doors(scenario, architecture, &preference, draws);
    let door_of = if doors.len() > 1 { [0, 1, 1, 1] } else { [0; 4] };
    Design {
        regions,
        capacity,
        limits: capacity_limits(scenario, world, regions, draws),
        door_of,
        doors,
        evacuation: (architecture.by_hand && regions > 1).then(|| Evacuation {
            alarm: draws.distribution(&scenario.detection.alarm),
            decision: draws.distribution(&recovery.on_call),
            change: draws.distribution(&scenario.detection.record_change),
            stability: SimDuration::from_secs_f64(draws.number(&recovery.stability)),
        }),
        latent_faults: (architecture.latent_faults.value > 0.0).then(|| LatentFaults {
            per_second: draws.number(&architecture.latent_faults) / YEAR_SECONDS,
            drill_every_seconds: draws.number(&architecture.drill_every),
        }),
        drills: (regions > 1 && !from_templates).then(|| drills(scenario, architecture, drill_gap, draws)),
        failover: (regions > 1).then(|| failover(scenario, architecture, draws)),
        failback: (regions > 1 && recovery.failback.planned).then(|| failback(scenario, world, draws)),
        writer_first: architecture.return_order.unwrap_or(recovery.failback.order) == ReturnOrder::WriterFirst,
        person_decides: !automatic,
        decision_stream: Purpose::new(if automatic { "decision/automatic" } else { "decision/on_call" }),
        replica: match architecture.preset {
            Preset::BackupRestore => Replica::new(draws.distribution(&database.snapshot_age)),
            _ => replica(database, draws),
        },
        scale_out: draws.distribution(if from_templates { &recovery.deploy } else { &recovery.scale_out }),
        scale_out_when: if from_templates { ScaleOut::Decided } else { ScaleOut::Detected },
        copy: copy.map(|model| {
            let homes: Vec<usize> = preference.iter().map(|regions| regions[0]).collect();
            if let Some((.., made)) = copies.iter().find(|(m, h, _)| m == model && *h == homes) {
                return made.clone();
            }
            let made = copy_model(scenario, model, (world, sizes, links), &homes, draws);
            copies.push((model.clone(), homes, made.clone()));
            made
        }),
    }
}

fn replica(database: &DatabaseInput, draws: &WorldDraws) -> Replica {
    let cap = database.rpo_cap.as_ref().map(|most| Cap {
        most: SimDuration::from_secs_f64(draws.number(most)),
        lifted: draws.distribution(&database.rpo_cap_lifted),
    });
    Replica {
        lag: draws.distribution(&database.lag),
        memory: draws.number(&database.lag_memory),
        load: draws.number(&database.replication_load).min(0.99),
        cap,
        fencing: draws.number(&database.fencing),
        fenced_after: draws.distribution(&database.fenced_after),
        salvaged: draws.number(&database.salvaged),
        salvaged_after: draws.distribution(&database.salvaged_after),
    }
}

/// What a region has.
pub fn region_limits(scenario: &Scenario, region: usize, draws: &WorldDraws) -> Limits {
    let input = &scenario.capacity;
    let number = |input: &Input| draws.number(input);
    let used_by_others = number(&input.used_by_others);
    let shared = |limit: &Input| Limit { limit: number(limit), used_by_others };
    Limits {
        requests_per_second: shared(&input.requests_per_second[region]),
        burst: shared(&input.burst[region]),
        concurrency: shared(&input.concurrency),
        environments_per_second: Limit::of(number(&input.concurrency_growth)),
        cold_start_seconds: number(&input.cold_start),
        database_units: Limit::of(number(&input.database_units)),
        database_units_at_least: number(&input.database_units_at_least),
        database_doubling_seconds: number(&input.database_doubling),
        connections: Limit::of(number(&input.connections)),
        bandwidth: input.bandwidth.as_ref().map_or(Limit::NONE, |most| Limit::of(number(most) / 1e6)),
    }
}

/// What each region has and its clients do.
fn capacity_limits(scenario: &Scenario, world: &World, regions: usize, draws: &WorldDraws) -> Capacity {
    let input = &scenario.capacity;
    let number = |input: &Input| draws.number(input);
    let retry = match input.retries.kind {
        RetryKind::None => Retry::None,
        RetryKind::Immediate => Retry::Immediate { attempts: input.retries.attempts },
        RetryKind::Backoff => Retry::Backoff {
            base_seconds: number(&input.retries.base),
            cap_seconds: number(&input.retries.cap),
            attempts: input.retries.attempts,
            full_jitter: input.retries.jitter,
        },
    };
    let policy = RetryPolicy {
        retry,
        budget: input.retries.budget.as_ref().map(number),
        timeout_seconds: world.client_timeout.as_secs_f64(),
    };
    let follows = input.retries.follow && regions > 1 && retry != Retry::None;
    let mut capacity = Capacity {
        crowd: follows.then(|| {
            let crowd = Crowd::new(STEP.as_secs_f64(), &policy, number(&input.retries.dead_wait));
            Following { attempts: crowd.attempts_by_step(), crowd }
        }),
        limits: (0..regions).map(|region| region_limits(scenario, region, draws)).collect(),
        policy,
        service_seconds: [0, 1, 2, 3].map(|o: usize| number(&input.service_time[o])),
        hang_seconds: number(&input.hang),
        function_timeout_seconds: number(&input.function_timeout),
        database_work: number(&input.database_work),
        megabits: {
            let usage = &scenario.usage;
            [0, 1, 2, 3].map(|o: usize| 8e-6 * (number(&usage.request[o]) + number(&usage.response[o])))
        },
        ample: false,
    };
    // Everybody at the busiest hour, every request failing and retried, each holding its function as long as it can.
    let rate = world.peak_per_second * capacity.policy.attempts_per_request(1.0);
    let longest =
        capacity.service_seconds.into_iter().fold(capacity.hang_seconds, f64::max) + number(&input.cold_start);
    let megabits = capacity.megabits.into_iter().fold(0.0, f64::max);
    capacity.ample = capacity.limits.iter().all(|limits| {
        rate <= limits.requests_per_second.available()
            && rate * longest <= limits.concurrency.available()
            && rate * longest <= limits.connections.available()
            && rate * capacity.database_work <= limits.database_units_at_least.min(limits.database_units.available())
            && rate * megabits <= limits.bandwidth.available()
    });
    capacity
}

/// The front doors of an architecture: one, or two where cacheable reads take another way than the rest.
fn doors(scenario: &Scenario, architecture: &Architecture, preference: &[Vec<usize>], draws: &WorldDraws) -> Vec<Door> {
    let kinds: &[FrontDoor] = match architecture.front_door {
        FrontDoor::Hybrid => &[FrontDoor::Cloudfront, FrontDoor::Accelerator],
        ref one => std::slice::from_ref(one),
    };
    kinds.iter().map(|kind| door(scenario, architecture, *kind, preference, draws)).collect()
}

fn door(
    scenario: &Scenario,
    architecture: &Architecture,
    kind: FrontDoor,
    preference: &[Vec<usize>],
    draws: &WorldDraws,
) -> Door {
    let detection = &scenario.detection;
    let at_the_edge = matches!(kind, FrontDoor::Cloudfront | FrontDoor::OriginGroup);
    let by_name = matches!(kind, FrontDoor::Cloudfront | FrontDoor::Direct);
    let caches = |population: &Population| match kind {
        FrontDoor::Cloudfront => population.edge_caches as usize,
        FrontDoor::Direct => population.client_resolvers as usize,
        FrontDoor::Accelerator if detection.connections_stay.max != Some(0.0) => BUNDLES,
        _ => 1,
    };
    let needs = match kind {
        FrontDoor::Cloudfront | FrontDoor::OriginGroup => Components::of(&[Component::Cdn, Component::Dns]),
        FrontDoor::Direct => Components::of(&[Component::Dns]),
        FrontDoor::Accelerator | FrontDoor::Hybrid => Components::of(&[Component::Accelerator]),
    };
    let checker = if kind == FrontDoor::Accelerator { "load_balancer_check" } else { "checkers" };
    let per_region = |kind: &str| scenario.regions.iter().map(|r| Purpose::of(kind, r)).collect();
    // Edges open connections to their origin anew within seconds; clients keep theirs.
    let keeps = matches!(kind, FrontDoor::Accelerator | FrontDoor::Direct);
    let control = match kind {
        FrontDoor::Accelerator | FrontDoor::Hybrid => Component::AcceleratorControlPlane,
        FrontDoor::Cloudfront | FrontDoor::OriginGroup | FrontDoor::Direct => Component::GlobalControlPlane,
    };
    Door {
        needs,
        control,
        steering: steering(scenario, architecture, kind, draws),
        caches: scenario.populations.iter().map(caches).collect(),
        time_to_live: SimDuration::from_secs_f64(if by_name { draws.number(&architecture.ttl) } else { 0.0 }),
        stretch: (kind == FrontDoor::Direct)
            .then(|| (draws.number(&detection.stretching_share), draws.distribution(&detection.stretched_to))),
        at_the_edge,
        linger: keeps.then(|| draws.distribution(&detection.connections_stay)),
        returns_after: SimDuration::from_secs_f64(
            draws.number(architecture.returns_after.as_ref().unwrap_or(&scenario.recovery.failback.returns_after)),
        ),
        one_by_one: detection.one_by_one,
        edge: if at_the_edge { edge_content(scenario, draws) } else { EdgeContentSettings::NONE },
        preference: preference.to_vec(),
        checker_streams: per_region(checker),
        publication_streams: per_region("publication"),
    }
}

fn edge_content(scenario: &Scenario, draws: &WorldDraws) -> EdgeContentSettings {
    let edge = &scenario.edge;
    EdgeContentSettings {
        hit_share: draws.number(&scenario.demand.edge_hit_share).min(0.999_999),
        lifetime_seconds: draws.number(&edge.object_lifetime),
        serves_stale: edge.serves_stale,
        error_seconds: draws.number(&edge.error_lifetime),
        lost_on_move: draws.number(&edge.lost_on_move),
    }
}

/// Whether the regions lie on different continents.
pub fn abroad(scenario: &Scenario) -> bool {
    matches!(&scenario.regions[..], [primary, secondary] if leaves_continent(primary, secondary))
}

/// Bundles of connections of a population that no cache divides.
const BUNDLES: usize = 32;

/// Who looks at a region, and how its verdict reaches the traffic.
fn steering(scenario: &Scenario, architecture: &Architecture, kind: FrontDoor, draws: &WorldDraws) -> Steering {
    let detection = &scenario.detection;
    if !architecture.second_region {
        return Steering::Never;
    }
    if architecture.preset == Preset::BackupRestore {
        return Steering::Runbook { change: draws.distribution(&detection.record_change) };
    }
    let settings = |checkers: u32, interval: f64, threshold: u32| CheckerSettings {
        checkers: checkers as usize,
        healthy_share: draws.number(&detection.healthy_share),
        interval: SimDuration::from_secs_f64(interval),
        timeout: SimDuration::from_secs_f64(draws.number(&detection.probe_timeout)),
        threshold,
    };
    let api = Components::of(&[Component::Api]);
    match kind {
        FrontDoor::Cloudfront | FrontDoor::Direct => match &architecture.health_check {
            None => Steering::Never,
            Some(HealthCheck { exercises, interval, threshold }) => {
                let writes = exercises.iter().any(|word| word == "writer");
                Steering::Checks {
                    settings: settings(detection.checkers, draws.number(interval), *threshold),
                    publication: draws.distribution(&detection.publication),
                    watches: api.and(components(exercises)),
                    borrows: [0, 1].map(|region| components(exercises).common(lacking(scenario, region, writes))),
                    watches_writer: writes,
                }
            }
        },
        FrontDoor::OriginGroup => {
            Steering::OriginGroup { wait: SimDuration::from_secs_f64(draws.number(&detection.origin_wait)) }
        }
        // The load balancer's own check: one checker, and no DNS behind it. It sees the API, not what lies behind.
        FrontDoor::Accelerator | FrontDoor::Hybrid => Steering::Checks {
            settings: settings(1, draws.number(&detection.accelerator_interval), detection.accelerator_threshold),
            publication: draws.distribution(&detection.accelerator_reroute),
            watches: api,
            borrows: [Components::NONE; 2],
            watches_writer: false,
        },
    }
}

fn failover(scenario: &Scenario, architecture: &Architecture, draws: &WorldDraws) -> FailoverSettings {
    let (detection, recovery) = (&scenario.detection, &scenario.recovery);
    let restores = architecture.preset == Preset::BackupRestore;
    let decision = match (architecture.decision, architecture.preset) {
        (Some(Decision::Automatic), _) => &recovery.automatic,
        (_, Preset::BackupRestore) => &recovery.on_call_to_restore,
        (_, Preset::PilotLight) => &recovery.on_call_to_deploy,
        _ => &recovery.on_call,
    };
    FailoverSettings {
        canary_interval: SimDuration::from_secs_f64(draws.number(&detection.canary_interval)),
        canary_timeout: SimDuration::from_secs_f64(draws.number(&detection.canary_timeout)),
        canary_strikes: detection.canary_strikes,
        decision: draws.distribution(decision),
        promotion: draws.distribution(if restores { &recovery.restore } else { &recovery.promotion }),
        step_fails: draws.number(&recovery.step_fails),
        manual_repair: draws.distribution(&recovery.manual_repair),
        reconnect: draws.distribution(&recovery.reconnect),
        abandonable: restores,
    }
}

/// [`drill_gap_seconds`] of a world, for whoever asks.
type Gap<'g> = &'g mut dyn FnMut() -> f64;

/// The mean of a law, looked for again only where the law is another one: it may take an integral.
#[derive(Default)]
struct Mean(Option<(Distribution, f64)>);

impl Mean {
    fn of(&mut self, law: Distribution) -> f64 {
        if let Some((known, mean)) = &self.0
            && *known == law
        {
            return *mean;
        }
        let mean = law.mean();
        self.0 = Some((law, mean));
        mean
    }
}

/// How long nobody writes in a drill that moves the writer there and back, in the mean.
fn drill_gap_seconds(scenario: &Scenario, draws: &WorldDraws, [switchover, reconnect]: &mut [Mean; 2]) -> f64 {
    let recovery = &scenario.recovery;
    let law = |input| draws.distribution(input);
    2.0 * (switchover.of(law(&recovery.failback.switchover)) + reconnect.of(law(&recovery.reconnect)))
}

fn drills(scenario: &Scenario, architecture: &Architecture, gap: Gap<'_>, draws: &WorldDraws) -> Drills {
    let recovery = &scenario.recovery;
    Drills {
        every_seconds: draws.number(&architecture.drill_every),
        stuck: draws.number(&architecture.drills_stuck),
        repair: draws.distribution(&recovery.manual_repair),
        gap_seconds: if architecture.drills_move_writer { gap() } else { 0.0 },
    }
}

fn failback(scenario: &Scenario, world: &World, draws: &WorldDraws) -> FailbackSettings {
    let (input, recovery) = (&scenario.recovery.failback, &scenario.recovery);
    let bits = 8.0 * draws.number(&scenario.usage.database_size);
    FailbackSettings {
        rebuild: draws.distribution(&input.rebuild),
        copying: SimDuration::from_secs_f64(bits / draws.number(&input.copy_throughput)),
        stability: SimDuration::from_secs_f64(draws.number(&recovery.stability)),
        hours: Arc::clone(&world.on_call.failback_hours),
        switchover: draws.distribution(&input.switchover),
        reconnect: draws.distribution(&recovery.reconnect),
    }
}

fn copy_model(
    scenario: &Scenario,
    copy: &CopyModel,
    (world, sizes, links): (&World, &SizeMoments, &mut Links),
    homes: &[usize],
    draws: &WorldDraws,
) -> Copy {
    let objects = &scenario.objects;
    let fails = draws.number(&objects.copy_fails);
    // Files an hour out of a region: the most in each hour of the week, and the mean.
    let out_of = |region: usize| {
        let (mut per_hour, mut mean) = ([0.0; 168], 0.0);
        let leaves = |(p, home): &(&PopulationModel, &usize)| **home == region && !p.files_kept_home;
        for (population, _) in world.populations.iter().zip(homes).filter(leaves) {
            let maxima = population.shape.weekly_maxima();
            mean += population.uploads.per_second * 3600.0 * population.shape.mean();
            for (sum, most) in per_hour.iter_mut().zip(maxima) {
                *sum += population.uploads.per_second * 3600.0 * most;
            }
        }
        (per_hour, mean)
    };
    let mut links = |throughput: f64, streams: u32| {
        let link = |region| {
            let (per_hour, mean) = out_of(region);
            let load = (throughput, streams, per_hour, mean);
            if let Some((_, made)) = links.iter().find(|(other, _)| *other == load) {
                return made.clone();
            }
            let made = Link::new(BitsPerSecond::new(throughput), streams as usize, &per_hour, mean, sizes);
            links.push((load, made.clone()));
            made
        };
        (0..scenario.regions.len()).map(link).collect::<Vec<_>>()
    };
    match copy {
        CopyModel::Service { replication_time_control } => {
            let delay =
                if *replication_time_control { &objects.copy_delay_with_rtc } else { &objects.copy_delay_without_rtc };
            let mut delay = draws.distribution(delay);
            if fails > 0.0 {
                let retried = draws.distribution(&objects.copy_retried);
                delay = Distribution::Mixture { parts: vec![(1.0 - fails, delay), (fails, retried)] };
            }
            let bits_per_second = draws.number(&objects.copy_bandwidth);
            let bandwidth = BitsPerSecond::new(bits_per_second);
            let busiest = |region| {
                let files = out_of(region).0.into_iter().fold(0.0, f64::max) / 3600.0;
                files * world.size.mean() * bandwidth.seconds_per_byte()
            };
            let felt = *replication_time_control && (0..scenario.regions.len()).any(|r| busiest(r) > POOL_FELT);
            Copy::Service { delay, pool: felt.then(|| links(bits_per_second, 1)) }
        }
        CopyModel::Link { throughput, streams } => {
            // A transfer that fails is sent again at once: on average 1 / (1 - fails) times.
            let throughput = draws.number(throughput) * (1.0 - fails.min(0.99));
            Copy::Link { regions: links(throughput, *streams) }
        }
    }
}

/// Utilisation of the busiest hour from which on a shared bandwidth is felt: below it a file waits for a few transfers
/// at full speed, far less than the service takes anyway.
const POOL_FELT: f64 = 0.5;
