//! How long requests take, in normal times and once a region is lost and everybody has moved: each route of the scenario
//! sampled, in every world where the worlds differ.

use crate::assemble::abroad;
use crate::catalogue::REGION_TRIPS;
use crate::outcome::{Figure, LatencyResult};
use crate::run::WORLDS;
use crate::scenario::{Architecture, Consistency, FrontDoor, Operation, Preset, Routing, Scenario};
use crate::world::WorldDraws;
use drsim_models::latency::{Ends, Leg, Route};
use drsim_models::routing::nearest_first;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::{LogSketch, MeanSums, quantile_bounds, spread as over_worlds};

/// Requests sampled of each route. All routes and worlds meet the same clients, so that they differ by design alone.
const REQUESTS: u64 = 4_000;

/// Requests sampled in each world where the worlds differ.
const REQUESTS_PER_WORLD: u64 = 1_000;

/// Percentiles that are reported.
const LEVELS: [f64; 3] = [0.5, 0.95, 0.99];

/// A condition: its name, and the region that is lost.
const CONDITIONS: [(&str, Option<usize>); 3] =
    [("normal", None), ("primary_lost", Some(0)), ("secondary_lost", Some(1))];

/// P50, P95 and P99, and the mean of each leg.
type Sampled = ([Figure; 3], Vec<(String, Figure)>);

/// Every architecture x population x operation, in normal times and with a region lost; a condition in which nobody
/// serves has no row.
pub fn latency(scenario: &Scenario, seed: u64, level: f64) -> Vec<LatencyResult> {
    let worlds: Vec<WorldDraws> = (0..WORLDS).map(|world| WorldDraws::new(seed, world)).collect();
    let mut known: Vec<(Vec<Route>, Sampled)> = Vec::new();
    let mut found = Vec::new();
    for architecture in &scenario.architectures {
        for (when, lost) in CONDITIONS {
            for (p, population) in scenario.populations.iter().enumerate() {
                for operation in Operation::ALL {
                    let way = |draws| route(scenario, architecture, (p, operation), lost, draws);
                    let Some(first) = way(&worlds[0]) else { continue };
                    let mut routes: Vec<Route> = worlds[1..].iter().filter_map(way).collect();
                    if routes.iter().all(|other| *other == first) {
                        routes.clear();
                    }
                    routes.insert(0, first);
                    let index = known.iter().position(|(of, ..)| *of == routes).unwrap_or_else(|| {
                        let found = sampled(&routes, seed, level);
                        known.push((routes, found));
                        known.len() - 1
                    });
                    found.push(LatencyResult {
                        architecture: architecture.name.clone(),
                        population: population.name.clone(),
                        operation: operation.name().into(),
                        when: when.into(),
                        percentiles: known[index].1.0,
                        legs: known[index].1.1.clone(),
                    });
                }
            }
        }
    }
    found
}

/// How old what a population reads away from the writer may be in normal times: the replica's lag, or nothing where
/// reads wait for it. Edge copies, which may be older, are apart.
pub fn staleness(scenario: &Scenario, seed: u64, level: f64) -> Vec<LatencyResult> {
    let worlds: Vec<WorldDraws> = (0..WORLDS).map(|world| WorldDraws::new(seed, world)).collect();
    let nothing = || Distribution::Constant { value: 0.0 };
    let global = scenario.latency.consistency == Consistency::Global;
    let old = |draws: &WorldDraws| Route {
        ends: Ends::InTheRegion,
        edge_trip: 0.0,
        region_trip: 0.0,
        access: nothing(),
        lookup: (0.0, nothing()),
        new_connections: 0.0,
        hit_share: 0.0,
        function: nothing(),
        cold_start: (0.0, 0.0),
        forwarding: None,
        consistency: (!global).then(|| draws.distribution(&scenario.database.lag)),
        upload: None,
    };
    let lag = || {
        let mut routes: Vec<Route> = worlds.iter().map(old).collect();
        routes.dedup();
        sampled(&routes, seed, level).0
    };
    let mut known = None;
    let mut found = Vec::new();
    for architecture in scenario.architectures.iter().filter(|a| a.second_region && a.routing == Routing::Latency) {
        for population in &scenario.populations {
            let apart = population.rows_stay && abroad(scenario);
            if nearest_first(&population.round_trip_seconds)[0] != 0 && !apart {
                found.push(LatencyResult {
                    architecture: architecture.name.clone(),
                    population: population.name.clone(),
                    operation: Operation::DynamicRead.name().into(),
                    when: "normal".into(),
                    percentiles: *known.get_or_insert_with(lag),
                    legs: Vec::new(),
                });
            }
        }
    }
    found
}

/// Percentiles over all worlds, with the range of each over worlds, and the mean of each leg.
fn sampled(routes: &[Route], seed: u64, level: f64) -> Sampled {
    let requests = if routes.len() > 1 { REQUESTS_PER_WORLD } else { REQUESTS };
    // A tenth of a millisecond to an hour, within 0.1 %.
    let mut pooled = LogSketch::new(1e-4, 3600.0, 1e-3);
    let mut means: Vec<[MeanSums; Leg::ALL.len()]> = Vec::new();
    let mut each: Vec<[f64; 3]> = Vec::new();
    let mut times = Vec::new();
    for route in routes {
        times.clear();
        let mut sums = [MeanSums::default(); Leg::ALL.len()];
        for request in 0..requests {
            let legs = route.sample(&mut RandomStream::new(seed, u64::MAX, Purpose::new("latency"), request));
            let total: f64 = legs.iter().sum();
            sums.iter_mut().zip(legs).for_each(|(sum, leg)| sum.add(leg));
            pooled.add(total);
            times.push(total);
        }
        times.sort_unstable_by(f64::total_cmp);
        means.push(sums);
        each.push(LEVELS.map(|p| times[((p * requests as f64).ceil() as usize).max(1) - 1]));
    }
    let figure = |(i, p): (usize, f64)| {
        // Worlds share their clients: they bear no more than one world does.
        let (low, high) = quantile_bounds(&pooled, p, level, requests as f64);
        let values: Vec<(f64, f64)> = each.iter().map(|of| (of[i], 0.0)).collect();
        Figure {
            estimate: pooled.quantile(p),
            interval: low.zip(high),
            range: over_worlds(&values).map(|ends| (ends.low, ends.high)),
            n: requests,
        }
    };
    let percentiles = [0, 1, 2].map(|i| figure((i, LEVELS[i])));
    let legs = Leg::ALL.into_iter().filter(|leg| means.iter().any(|of| of[*leg as usize].sum() > 0.0));
    let mean = |leg: Leg| {
        let of: Vec<MeanSums> = means.iter().map(|of| of[leg as usize]).collect();
        (leg.name().to_owned(), mean_over(&of, level))
    };
    (percentiles, legs.map(mean).collect())
}

/// The mean of means that are as good as each of them alone, since worlds share their clients.
fn mean_over(worlds: &[MeanSums], level: f64) -> Figure {
    let k = worlds.len() as f64;
    let mean = |of: &dyn Fn(&MeanSums) -> Option<f64>| worlds.iter().filter_map(of).sum::<f64>() / k;
    let half = mean(&|sums| sums.estimate(level).map(|found| 0.5 * found.interval.width()));
    let value = mean(&MeanSums::mean);
    let values: Vec<(f64, f64)> = worlds.iter().filter_map(|sums| Some((sums.mean()?, 0.0))).collect();
    Figure {
        estimate: Some(value),
        interval: Some(((value - half).max(0.0), value + half)),
        range: over_worlds(&values).map(|ends| (ends.low, ends.high)),
        n: worlds.first().map_or(0, MeanSums::count),
    }
}

/// The way of one operation; `None` where nobody serves it.
fn route(
    scenario: &Scenario,
    architecture: &Architecture,
    (p, operation): (usize, Operation),
    lost: Option<usize>,
    draws: &WorldDraws,
) -> Option<Route> {
    let input = &scenario.latency;
    let regions = if architecture.second_region { scenario.regions.len() } else { 1 };
    if lost.is_some_and(|lost| regions < 2 || lost >= regions) {
        return None;
    }
    let trips = &scenario.populations[p].round_trip_seconds;
    let serves = |region: usize| lost != Some(region);
    let nearest = || (0..regions).filter(|r| serves(*r)).min_by(|a, b| trips[*a].total_cmp(&trips[*b]));
    let region = match architecture.routing {
        Routing::Latency => nearest(),
        Routing::Failover => (0..regions).find(|r| serves(*r)),
    }?;
    let home = match architecture.routing {
        Routing::Latency => nearest_first(&trips[..regions])[0],
        Routing::Failover => 0,
    };
    let population = &scenario.populations[p];
    let apart = population.rows_stay && abroad(scenario) && operation != Operation::CacheableRead;
    let stays = apart || (operation == Operation::Upload && population.files_stay && abroad(scenario));
    if lost == Some(home) && (stays || !moves(architecture, operation)) {
        return None;
    }
    // A lost primary's database has been promoted elsewhere.
    let writer = usize::from(lost == Some(0));
    let edge = match (architecture.front_door, operation) {
        (FrontDoor::Cloudfront | FrontDoor::OriginGroup, _) | (FrontDoor::Hybrid, Operation::CacheableRead) => {
            Ends::AtTheEdge
        }
        (FrontDoor::Accelerator | FrontDoor::Hybrid, _) => Ends::TlsInTheRegion,
        (FrontDoor::Direct, _) => Ends::InTheRegion,
    };
    let cached = edge == Ends::AtTheEdge && operation == Operation::CacheableRead;
    let median = draws.number(&scenario.capacity.service_time[operation as usize]);
    // Above 1, but a world may draw less from its range.
    let spread = draws.number(&input.service_spread).max(1.001);
    // Rows that stay home are written there.
    let away = region != writer && architecture.preset != Preset::BackupRestore && !apart;
    let forwards = operation.needs_writer() && away;
    let waits = match input.consistency {
        Consistency::Eventual => false,
        Consistency::Session => forwards,
        Consistency::Global => away,
    };
    Some(Route {
        ends: edge,
        edge_trip: draws.number(&input.edge_trip),
        region_trip: trips[region],
        access: draws.distribution(&input.access),
        lookup: (draws.number(&input.lookups), draws.distribution(&input.lookup)),
        new_connections: draws.number(&input.new_connections),
        hit_share: if cached { draws.number(&scenario.demand.edge_hit_share) } else { 0.0 },
        function: if median > 0.0 {
            Distribution::lognormal_from_percentiles(median, median * spread).expect("a spread above 1")
        } else {
            Distribution::Constant { value: 0.0 }
        },
        cold_start: (draws.number(&input.cold_starts), draws.number(&scenario.capacity.cold_start)),
        forwarding: forwards
            .then(|| (draws.number(&input.forward_trips), trip(&scenario.regions[region], &scenario.regions[writer]))),
        consistency: waits.then(|| draws.distribution(&scenario.database.lag)),
        upload: (operation == Operation::Upload)
            .then(|| (draws.distribution(&scenario.objects.size), draws.number(&scenario.demand.client_uplink))),
    })
}

/// Whether anything sends an operation's users to the other region once theirs is lost.
fn moves(architecture: &Architecture, operation: Operation) -> bool {
    match architecture.front_door {
        FrontDoor::OriginGroup => !operation.needs_writer(),
        FrontDoor::Accelerator => true,
        FrontDoor::Hybrid if operation != Operation::CacheableRead => true,
        FrontDoor::Cloudfront | FrontDoor::Direct | FrontDoor::Hybrid => {
            let by_hand = architecture.by_hand || architecture.preset == Preset::BackupRestore;
            by_hand || architecture.health_check.is_some()
        }
    }
}

/// Round trip between two regions \[s\]; the table has both directions.
fn trip(from: &str, to: &str) -> f64 {
    let found = REGION_TRIPS.iter().find(|(a, b, _)| *a == from && *b == to);
    found.expect("cities have trips to the regions of this table only").2
}
