//! The one place where models are connected: scenario and world index in, plain parameters out.

use crate::model::{Copy, Design, PopulationModel, World};
use crate::scenario::{Architecture, CopyModel, Decision, FrontDoor, HealthCheck, Population, Routing, Scenario};
use crate::world::WorldDraws;
use drsim_models::aurora::FailoverSettings;
use drsim_models::health_check::CheckerSettings;
use drsim_models::object_copy::link::{Link, SizeMoments};
use drsim_models::outage::RegionalOutages;
use drsim_models::routing::nearest_first;
use drsim_models::traffic::{HourlyShape, Operation, Uploads};
use drsim_models::units::BitsPerSecond;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::Purpose;
use drsim_sim::time::SimDuration;
use std::sync::Arc;

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
}

impl Worlds {
    /// Draws `count` worlds.
    pub fn draw(scenario: &Scenario, seed: u64, count: u64) -> Self {
        let shapes: Vec<Arc<HourlyShape>> = scenario.populations.iter().map(|p| Arc::new(shape(scenario, p))).collect();
        // Most scenarios know the law of sizes exactly, so that all worlds share it.
        let mut sizes: Option<(Distribution, SizeMoments)> = None;
        let one = |index| {
            let draws = WorldDraws::new(seed, index);
            let world = world(scenario, &draws, &shapes);
            if sizes.as_ref().is_none_or(|(law, _)| *law != world.size) {
                let largest = scenario.objects.size.max.expect("the size has a maximum");
                sizes = Some((world.size.clone(), SizeMoments::new(&world.size, largest)));
            }
            let moments = &sizes.as_ref().expect("just made").1;
            let designs = scenario.architectures.iter().map(|a| design(scenario, a, &world, moments, &draws)).collect();
            (world, designs)
        };
        Self { worlds: (0..count).map(one).collect() }
    }
}

/// The population's demand hour by hour: its weekly profile read on the clock of its time zone, daylight saving
/// included; a half-hour zone is read at the middle of the UTC hour.
fn shape(scenario: &Scenario, population: &Population) -> HourlyShape {
    let zone = jiff::tz::TimeZone::get(&population.timezone).expect("the time zone was checked");
    let start: jiff::civil::Date = scenario.start.parse().expect("the start was checked");
    let midnight = start.to_datetime(jiff::civil::Time::midnight());
    let start = jiff::tz::TimeZone::UTC.to_timestamp(midnight).expect("midnight UTC exists");
    let hours = -HOURS_BEFORE..HOURS_OF_YEAR + HOURS_AFTER;
    let multiplier = hours.map(|hour| {
        let middle = start + jiff::SignedDuration::from_secs(hour * 3600 + 1800);
        let local = zone.to_datetime(middle);
        let day = local.weekday().to_monday_zero_offset();
        scenario.demand.profile[day as usize * 24 + local.hour() as usize]
    });
    HourlyShape::new(-HOURS_BEFORE, multiplier.collect())
}

fn world(scenario: &Scenario, draws: &WorldDraws, shapes: &[Arc<HourlyShape>]) -> World {
    let populations: Vec<PopulationModel> = scenario
        .populations
        .iter()
        .zip(shapes)
        .map(|(population, shape)| {
            let users = draws.number(&population.users);
            let per_second =
                [0, 1, 2, 3].map(|o: usize| users * draws.number(&scenario.demand.per_user_per_day[o]) / 86_400.0);
            let name = &population.name;
            PopulationModel {
                shape: Arc::clone(shape),
                per_second,
                uploads: Uploads {
                    purpose: Purpose::of("uploads", name),
                    per_second: per_second[Operation::Upload as usize],
                },
                resolver_stream: Purpose::of("edge_resolvers", name),
                client_stream: Purpose::of("client", name),
            }
        })
        .collect();
    let hourly = |hour| populations.iter().map(|p| p.total_per_second() * p.shape.at_hour(hour)).sum::<f64>();
    let rates = scenario.outages.counts.iter().map(|count| draws.rate(count));
    let regions: Vec<(&str, f64)> = scenario.regions.iter().map(String::as_str).zip(rates).collect();
    let longest = scenario.outages.duration.max.expect("the duration has a maximum");
    let per_region = |kind: &str| scenario.regions.iter().map(|r| Purpose::of(kind, r)).collect();
    World {
        outages: RegionalOutages::new(
            &regions,
            draws.number(&scenario.outages.both_regions),
            draws.number(&scenario.outages.hits_workload),
            draws.distribution(&scenario.outages.duration),
            SimDuration::from_secs_f64(longest),
        ),
        peak_per_second: (0..HOURS_OF_YEAR).map(hourly).fold(0.0, f64::max),
        populations,
        size: draws.distribution(&scenario.objects.size),
        lag: draws.distribution(&scenario.database_lag),
        served: draws.number(&scenario.recovery.served),
        hold: SimDuration::from_secs_f64(draws.number(&scenario.recovery.hold)),
        checker_streams: per_region("checkers"),
        publication_streams: per_region("publication"),
        scale_out_streams: per_region("scale_out"),
        failover_stream: Purpose::new("database_failover"),
        lag_stream: Purpose::new("database_lag"),
        rows_stream: Purpose::new("rows_at_cut"),
    }
}

fn design(
    scenario: &Scenario,
    architecture: &Architecture,
    world: &World,
    sizes: &SizeMoments,
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
    let cached = architecture.front_door == FrontDoor::Cloudfront;
    let (checkers, publication) = front_door(scenario, architecture, draws);
    let mut capacity = vec![1.0; regions];
    if let Some(secondary) = capacity.get_mut(1) {
        *secondary = draws.number(&architecture.standby_share);
    }
    let automatic = architecture.decision == Some(Decision::Automatic);
    let copy = architecture.copy.as_ref().filter(|_| regions > 1);
    Design {
        regions,
        capacity,
        checkers: checkers.filter(|_| regions > 1),
        publication,
        caches: scenario.populations.iter().map(|p| if cached { p.edge_caches as usize } else { 1 }).collect(),
        time_to_live: SimDuration::from_secs_f64(if cached { draws.number(&architecture.ttl) } else { 0.0 }),
        edge_hit_share: if cached { draws.number(&scenario.demand.edge_hit_share) } else { 0.0 },
        failover: (regions > 1).then(|| failover(scenario, automatic, draws)),
        decision_stream: Purpose::new(if automatic { "decision/automatic" } else { "decision/on_call" }),
        scale_out: draws.distribution(&scenario.recovery.scale_out),
        copy: copy.map(|copy| copy_model(scenario, copy, (world, sizes), &preference, draws)),
        preference,
    }
}

/// Who looks at a region, and how long its verdict takes to reach the traffic.
fn front_door(
    scenario: &Scenario,
    architecture: &Architecture,
    draws: &WorldDraws,
) -> (Option<CheckerSettings>, Distribution) {
    let detection = &scenario.detection;
    let settings = |checkers: u32, interval: f64, threshold: u32| CheckerSettings {
        checkers: checkers as usize,
        healthy_share: draws.number(&detection.healthy_share),
        interval: SimDuration::from_secs_f64(interval),
        timeout: SimDuration::from_secs_f64(draws.number(&detection.probe_timeout)),
        threshold,
    };
    match architecture.front_door {
        FrontDoor::Cloudfront => {
            let checkers = architecture.health_check.as_ref().map(|HealthCheck { interval, threshold, .. }| {
                settings(detection.checkers, draws.number(interval), *threshold)
            });
            (checkers, draws.distribution(&detection.publication))
        }
        // The load balancer's own check: one checker, and no DNS behind it.
        FrontDoor::Accelerator => {
            let interval = draws.number(&detection.accelerator_interval);
            let checkers = settings(1, interval, detection.accelerator_threshold);
            (Some(checkers), draws.distribution(&detection.accelerator_reroute))
        }
    }
}

fn failover(scenario: &Scenario, automatic: bool, draws: &WorldDraws) -> FailoverSettings {
    let (detection, recovery) = (&scenario.detection, &scenario.recovery);
    FailoverSettings {
        canary_interval: SimDuration::from_secs_f64(draws.number(&detection.canary_interval)),
        canary_timeout: SimDuration::from_secs_f64(draws.number(&detection.canary_timeout)),
        canary_strikes: detection.canary_strikes,
        decision: draws.distribution(if automatic { &recovery.automatic } else { &recovery.on_call }),
        promotion: draws.distribution(&recovery.promotion),
        step_fails: draws.number(&recovery.step_fails),
        manual_repair: draws.distribution(&recovery.manual_repair),
        reconnect: draws.distribution(&recovery.reconnect),
    }
}

fn copy_model(
    scenario: &Scenario,
    copy: &CopyModel,
    (world, sizes): (&World, &SizeMoments),
    preference: &[Vec<usize>],
    draws: &WorldDraws,
) -> Copy {
    match copy {
        CopyModel::Service { replication_time_control } => {
            let objects = &scenario.objects;
            let delay =
                if *replication_time_control { &objects.copy_delay_with_rtc } else { &objects.copy_delay_without_rtc };
            Copy::Service { delay: draws.distribution(delay) }
        }
        CopyModel::Link { throughput, streams } => {
            let throughput = BitsPerSecond::new(draws.number(throughput));
            let out_of = |region: usize| {
                let (mut per_hour, mut mean) = ([0.0; 168], 0.0);
                for (population, _) in world.populations.iter().zip(preference).filter(|(_, p)| p[0] == region) {
                    let maxima = population.shape.weekly_maxima();
                    mean += population.uploads.per_second * 3600.0 * population.shape.mean();
                    for (sum, most) in per_hour.iter_mut().zip(maxima) {
                        *sum += population.uploads.per_second * 3600.0 * most;
                    }
                }
                Link::new(throughput, *streams as usize, &per_hour, mean, sizes)
            };
            Copy::Link { regions: (0..scenario.regions.len()).map(out_of).collect() }
        }
    }
}
