//! The connected system: one architecture in one world, run through one incident after another.
//!
//! This is where the models meet. Events move their state; after each, the share of first attempts answered correctly
//! is known for every population and operation, and holds until the next. Nothing happens between incidents, so the
//! year jumps from one to the next.
//!
//! Draws are keyed by the outage that causes them and by the thing in the world that they belong to, never by the
//! architecture: two architectures that check the same region from the same checkers see the same phases.
//!
//! Left out: where a second region fails within an incident, the populations that have moved to it are taken to have
//! uploaded there all along.

use crate::model::{Copy, Design, World};
use drsim_models::aurora::{Database, Phase, RowsLost, Step, rows_lost};
use drsim_models::health_check::Endpoint;
use drsim_models::object_copy::{AtRisk, Source, link, service};
use drsim_models::outage::{Outage, YEAR_SECONDS};
use drsim_models::recovery::{Part, Parts, ServiceClock, deciding, split};
use drsim_models::routing::{ResolverCaches, answer};
use drsim_models::traffic::{HOUR, Operation, hour_of};
use drsim_sim::future_event_list::Scheduler;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// Still open after this long: not recovered.
const CENSORED_AFTER: SimDuration = SimDuration::from_secs(30 * 86_400);

/// Number of operations.
const OPERATIONS: usize = Operation::ALL.len();

/// What can happen within an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The year's outage of this index starts.
    Onset(usize),
    /// An outage of a region ends.
    Repair(usize),
    /// A checker of a region's endpoint has its answer.
    Probe {
        /// Region.
        region: usize,
        /// Checker.
        checker: usize,
    },
    /// The verdict on a region's endpoint reaches the front door.
    Published(usize),
    /// An entry of a resolver cache expires.
    CacheExpired {
        /// Population.
        population: usize,
        /// Cache.
        cache: usize,
    },
    /// The database branch moves on, unless this attempt was abandoned.
    Database {
        /// Attempt it belongs to.
        attempt: u32,
    },
    /// A region that ran at a share of its size has grown.
    ScaledOut(usize),
    /// Demand changes while a region is short of capacity.
    HourTurned,
    /// The hold time of a recovery is over; until then the incident is not.
    Held,
}

/// What an incident did to one population's operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Index of the population.
    pub population: usize,
    /// The operation.
    pub operation: Operation,
    /// Whether it fell below the minimum service level.
    pub affected: bool,
    /// Onset to recovered; `None`: not within 30 days.
    pub recovery: Option<SimDuration>,
    /// Onset to the first success of a random client; outer `None`: this client was not affected.
    pub client: Option<Option<SimDuration>>,
    /// The recovery time, split.
    pub parts: Parts,
    /// Whether the database branch ended last.
    pub database_decided: bool,
    /// Time below the minimum service level within the year.
    pub below_in_year: SimDuration,
    /// Expected first attempts that failed within the year.
    pub failed_requests: f64,
}

/// One incident of one architecture.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// First onset; negative when it was in progress at the start of the year.
    pub onset: SimTime,
    /// Regions that failed, one bit each.
    pub regions: u8,
    /// Objects that the survivor lacked at a cut; a window of `SimDuration::MAX` is unbounded.
    pub objects: Option<AtRisk>,
    /// Whether there was a cut at all for objects.
    pub objects_cut: bool,
    /// Whether a region failed and no other was left to hold what it held: data returns with its region, no cut.
    pub no_survivor: bool,
    /// Rows lost by a promotion.
    pub rows: Option<RowsLost>,
    /// Whether there was a promotion.
    pub rows_cut: bool,
    /// Populations and operations it touched.
    pub effects: Vec<Effect>,
}

impl Incident {
    /// Whether it belongs to this year.
    pub fn starts_in_year(&self) -> bool {
        self.onset >= SimTime::ZERO
    }

    /// Whether more than one region failed.
    pub fn both_regions(&self) -> bool {
        self.regions.count_ones() > 1
    }
}

/// One population's view while an incident runs.
#[derive(Clone, Debug)]
struct PopulationState {
    caches: ResolverCaches,
    home: usize,
    routed: Option<SimTime>,
    /// Cumulative shape at the last evaluation.
    integrated: f64,
    client_cache: usize,
    client_luck: f64,
    clocks: [ServiceClock; OPERATIONS],
    share: [f64; OPERATIONS],
    failed: [f64; OPERATIONS],
    parts: [Parts; OPERATIONS],
    database_decided: [bool; OPERATIONS],
    client_failed: [bool; OPERATIONS],
    client_back: [Option<SimTime>; OPERATIONS],
}

/// When the database branch passed its milestones, first time within the incident.
#[derive(Clone, Copy, Debug, Default)]
struct DatabaseMilestones {
    lost: bool,
    detected: Option<SimTime>,
    decided: Option<SimTime>,
    promoted: Option<SimTime>,
    reconnected: Option<SimTime>,
}

/// One architecture, ready to be run; keeps its buffers from year to year.
pub struct System<'a> {
    design: &'a Design,
    world: &'a World,
    seed: u64,
    replication: u64,
    scheduler: Scheduler<Event>,
    /// Outages that hold each region down.
    down: Vec<u32>,
    capacity: Vec<f64>,
    scaling: Vec<bool>,
    hour_pending: bool,
    endpoints: Vec<Endpoint>,
    phases: Vec<Option<RandomStream>>,
    publication: Vec<[SimDuration; 2]>,
    published_healthy: Vec<bool>,
    detected: Vec<Option<SimTime>>,
    failed_in_incident: u8,
    database: Database,
    milestones: DatabaseMilestones,
    writer_outage: u64,
    /// Per region: the outage that holds it down, or held it last.
    outage_of: Vec<u64>,
    populations: Vec<PopulationState>,
    onset: SimTime,
    objects: Option<AtRisk>,
    objects_cut: bool,
    no_survivor: bool,
    rows: Option<RowsLost>,
    rows_cut: bool,
    link: link::Scratch,
    events: u64,
}

impl<'a> System<'a> {
    /// An architecture in a world, all well.
    pub fn new(design: &'a Design, world: &'a World, seed: u64) -> Self {
        let regions = design.regions;
        let endpoints =
            design.checkers.iter().flat_map(|settings| (0..regions).map(|_| Endpoint::new(settings.clone())));
        let populations = (0..world.populations.len()).map(|p| PopulationState {
            caches: ResolverCaches::new(design.caches[p], regions, design.time_to_live),
            home: design.preference[p][0],
            routed: None,
            integrated: 0.0,
            client_cache: 0,
            client_luck: 0.0,
            clocks: [ServiceClock::default(); OPERATIONS],
            share: [1.0; OPERATIONS],
            failed: [0.0; OPERATIONS],
            parts: [[SimDuration::ZERO; Part::ALL.len()]; OPERATIONS],
            database_decided: [false; OPERATIONS],
            client_failed: [false; OPERATIONS],
            client_back: [None; OPERATIONS],
        });
        Self {
            design,
            world,
            seed,
            replication: 0,
            scheduler: Scheduler::new(SimTime::ZERO),
            down: vec![0; regions],
            capacity: design.capacity.clone(),
            scaling: vec![false; regions],
            hour_pending: false,
            endpoints: endpoints.collect(),
            phases: vec![None; regions],
            publication: vec![[SimDuration::ZERO; 2]; regions],
            published_healthy: vec![true; regions],
            detected: vec![None; regions],
            failed_in_incident: 0,
            database: Database::new(),
            milestones: DatabaseMilestones::default(),
            writer_outage: 0,
            outage_of: vec![0; regions],
            populations: populations.collect(),
            onset: SimTime::ZERO,
            objects: None,
            objects_cut: false,
            no_survivor: false,
            rows: None,
            rows_cut: false,
            link: link::Scratch::default(),
            events: 0,
        }
    }

    /// Turns to another world (of the same architecture), keeping the buffers.
    pub fn enter(&mut self, design: &'a Design, world: &'a World) {
        self.design = design;
        self.world = world;
        if let Some(settings) = &design.checkers {
            self.endpoints.iter_mut().for_each(|endpoint| endpoint.configure(settings.clone()));
        }
        for (state, preference) in self.populations.iter_mut().zip(&design.preference) {
            state.caches.set_time_to_live(design.time_to_live);
            state.home = preference[0];
        }
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Runs one year's outages (by onset); hands over each incident in order of its onset.
    pub fn run_year(&mut self, replication: u64, outages: &[Outage], mut done: impl FnMut(Incident)) {
        self.replication = replication;
        let used = |i: &usize| outages[*i].region < self.design.regions;
        let mut next = (0..outages.len()).filter(used).collect::<Vec<_>>().into_iter().peekable();
        while let Some(first) = next.next() {
            self.begin(outages[first].onset, &outages[first]);
            self.scheduler.schedule_at(outages[first].onset, Event::Onset(first));
            while let Some(at) = self.scheduler.peek_time() {
                // An outage that starts before the incident is over belongs to it.
                if let Some(index) = next.next_if(|&i| outages[i].onset <= at) {
                    self.scheduler.schedule_at(outages[index].onset, Event::Onset(index));
                    continue;
                }
                let event = self.scheduler.next_event().expect("an event was seen");
                self.events += 1;
                self.handle(event, outages);
            }
            done(self.finish());
        }
    }

    fn stream(&self, purpose: drsim_sim::random_stream::Purpose, index: u64) -> RandomStream {
        RandomStream::new(self.seed, self.replication, purpose, index)
    }

    fn begin(&mut self, onset: SimTime, first: &Outage) {
        self.scheduler.reset(onset);
        self.down.fill(0);
        self.capacity.clone_from(&self.design.capacity);
        self.scaling.fill(false);
        self.hour_pending = false;
        self.endpoints.iter_mut().for_each(Endpoint::reset);
        self.published_healthy.fill(true);
        self.detected.fill(None);
        self.failed_in_incident = 0;
        self.database.reset();
        self.milestones = DatabaseMilestones::default();
        self.onset = onset;
        self.objects = None;
        self.objects_cut = false;
        self.no_survivor = false;
        self.writer_outage = 0;
        self.outage_of.fill(0);
        self.rows = None;
        self.rows_cut = false;
        let hour = hour_of(onset);
        for (p, state) in self.populations.iter_mut().enumerate() {
            let population = &self.world.populations[p];
            let key = |purpose| RandomStream::new(self.seed, self.replication, purpose, first.id.0);
            let (caches, per_second) = (state.caches.len(), population.total_per_second());
            let mut client = key(population.client_stream);
            state.caches.reset(state.home);
            if self.design.time_to_live > SimDuration::ZERO {
                let cached = population.per_second[0] * self.design.edge_hit_share;
                let asked = (per_second - cached) * population.shape.at_hour(hour) / caches as f64;
                state.caches.draw_phases(onset, asked, &mut key(population.resolver_stream));
            }
            state.routed = None;
            state.integrated = population.shape.cumulative(clip(onset));
            state.client_cache = (client.uniform() * caches as f64) as usize;
            state.client_luck = client.uniform();
            state.clocks = [ServiceClock::default(); OPERATIONS];
            state.share = [1.0; OPERATIONS];
            state.failed = [0.0; OPERATIONS];
            state.parts = [[SimDuration::ZERO; Part::ALL.len()]; OPERATIONS];
            state.database_decided = [false; OPERATIONS];
            state.client_failed = [false; OPERATIONS];
            state.client_back = [None; OPERATIONS];
        }
    }

    fn handle(&mut self, event: Event, outages: &[Outage]) {
        match event {
            Event::Onset(index) => self.region_fails(&outages[index]),
            Event::Repair(region) => self.region_returns(region),
            Event::Probe { region, checker } => self.probe_answered(region, checker),
            Event::Published(region) => self.publish(region),
            Event::CacheExpired { population, cache } => {
                self.populations[population].caches.expired(cache);
                self.traffic_moved(population);
            }
            Event::Database { attempt } if attempt == self.database.attempt => self.database_moves(),
            Event::Database { .. } => {}
            Event::ScaledOut(region) => {
                self.capacity[region] = 1.0;
                self.evaluate();
            }
            Event::HourTurned => {
                self.hour_pending = false;
                self.evaluate();
            }
            Event::Held => {}
        }
    }

    fn is_up(&self, region: usize) -> bool {
        self.down[region] == 0
    }

    fn region_fails(&mut self, outage: &Outage) {
        let (region, now) = (outage.region, self.scheduler.now());
        self.scheduler.schedule_at(outage.repair(), Event::Repair(region));
        self.down[region] += 1;
        if self.down[region] > 1 {
            return;
        }
        self.failed_in_incident |= 1 << region;
        self.outage_of[region] = outage.id.0;
        self.cut_objects(outage);
        let world = self.world;
        if let Some(endpoint) = self.endpoints.get_mut(region) {
            let mut phases = RandomStream::new(self.seed, self.replication, world.checker_streams[region], outage.id.0);
            let mut publication =
                RandomStream::new(self.seed, self.replication, world.publication_streams[region], outage.id.0);
            self.publication[region] =
                [0; 2].map(|_| SimDuration::from_secs_f64(self.design.publication.sample(&mut publication)));
            let scheduler = &mut self.scheduler;
            endpoint.set_up(false, &mut phases, |delay, checker| {
                scheduler.schedule_in(delay, Event::Probe { region, checker });
            });
            self.phases[region] = Some(phases);
        }
        if let Some(failover) = &self.design.failover {
            let mut database = self.stream(world.failover_stream, outage.id.0);
            let mut decision = self.stream(self.design.decision_stream, outage.id.0);
            let draws = failover.draw(&mut database, &mut decision);
            let writer_up = self.is_up(self.database.writer);
            if region == self.database.writer {
                self.milestones.lost = true;
                self.writer_outage = outage.id.0;
            }
            let step = self.database.region_lost(region, now, writer_up, draws);
            self.follow(step);
        }
        self.evaluate();
    }

    fn region_returns(&mut self, region: usize) {
        self.down[region] -= 1;
        if self.down[region] > 0 {
            return;
        }
        if let (Some(endpoint), Some(phases)) = (self.endpoints.get_mut(region), self.phases[region].as_mut()) {
            let scheduler = &mut self.scheduler;
            endpoint.set_up(true, phases, |delay, checker| {
                scheduler.schedule_in(delay, Event::Probe { region, checker });
            });
        }
        let step = self.database.region_returned(region);
        self.follow(step);
        self.evaluate();
    }

    fn probe_answered(&mut self, region: usize, checker: usize) {
        let (next, verdict) = self.endpoints[region].answered(checker);
        if let Some(delay) = next {
            self.scheduler.schedule_in(delay, Event::Probe { region, checker });
        }
        let Some(healthy) = verdict else { return };
        self.scheduler.schedule_in(self.publication[region][usize::from(healthy)], Event::Published(region));
        if !healthy {
            self.detected[region].get_or_insert(self.scheduler.now());
            self.scale_out_others(region);
        }
    }

    /// Regions that run at a share of their size start to grow once another is found to be down.
    fn scale_out_others(&mut self, failed: usize) {
        for region in 0..self.design.regions {
            if region != failed && self.capacity[region] < 1.0 && !self.scaling[region] {
                self.scaling[region] = true;
                let mut stream = self.stream(self.world.scale_out_streams[region], self.outage_of[failed]);
                let delay = SimDuration::from_secs_f64(self.design.scale_out.sample(&mut stream));
                self.scheduler.schedule_in(delay, Event::ScaledOut(region));
            }
        }
    }

    fn publish(&mut self, region: usize) {
        self.published_healthy[region] = self.endpoints[region].is_healthy();
        let now = self.scheduler.now();
        for (population, state) in self.populations.iter_mut().enumerate() {
            let to = answer(&self.design.preference[population], |r| self.published_healthy[r]);
            let scheduler = &mut self.scheduler;
            state.caches.publish(now, to, |at, cache| {
                scheduler.schedule_at(at, Event::CacheExpired { population, cache });
            });
        }
        for population in 0..self.populations.len() {
            self.note_routed(population);
        }
        self.evaluate();
    }

    fn traffic_moved(&mut self, population: usize) {
        self.note_routed(population);
        if self.capacity.iter().all(|&c| c >= 1.0) {
            self.evaluate_population(population);
        } else {
            self.evaluate(); // a moved population changes the load of regions that others use
        }
    }

    fn note_routed(&mut self, population: usize) {
        let state = &self.populations[population];
        if state.routed.is_none() && !self.is_up(state.home) {
            let share: f64 = (0..self.design.regions).filter(|&r| self.is_up(r)).map(|r| state.caches.share(r)).sum();
            if share >= self.world.served {
                self.populations[population].routed = Some(self.scheduler.now());
            }
        }
    }

    fn follow(&mut self, step: Step) {
        if let Step::After(delay) = step {
            self.scheduler.schedule_in(delay, Event::Database { attempt: self.database.attempt });
        }
    }

    fn database_moves(&mut self) {
        let now = self.scheduler.now();
        let was = self.database.phase;
        let step = self.database.timer(self.is_up(self.database.survivor()));
        self.follow(step);
        match was {
            Phase::Undetected => _ = self.milestones.detected.get_or_insert(now),
            Phase::Undecided => _ = self.milestones.decided.get_or_insert(now),
            Phase::Promoting => {
                self.milestones.promoted.get_or_insert(now);
                self.cut_rows();
            }
            Phase::Reconnecting => _ = self.milestones.reconnected.get_or_insert(now),
            Phase::Settled | Phase::NoSurvivor => {}
        }
        self.evaluate();
    }

    /// A promotion fixes what the survivor holds.
    fn cut_rows(&mut self) {
        self.rows_cut = true;
        let hour = hour_of(self.database.lost_at());
        let populations = &self.world.populations;
        let writes = populations.iter().map(|p| p.writes_per_second() * p.shape.at_hour(hour)).sum();
        let mut lag = self.stream(self.world.lag_stream, self.writer_outage);
        let mut rows = self.stream(self.world.rows_stream, self.writer_outage);
        let lag = SimDuration::from_secs_f64(self.world.lag.sample(&mut lag));
        if let Some(lost) = rows_lost(lag, writes, &mut rows) {
            let before = self.rows.get_or_insert(RowsLost { window: SimDuration::ZERO, rows: 0 });
            before.window = before.window.max(lost.window);
            before.rows += lost.rows;
        }
    }

    /// A region stops acknowledging uploads; what does the other one lack?
    fn cut_objects(&mut self, outage: &Outage) {
        let (region, now) = (outage.region, self.scheduler.now());
        let survives = !outage.common && (0..self.design.regions).any(|r| r != region && self.is_up(r));
        if !survives {
            self.no_survivor = true;
            return;
        }
        let Some(copy) = &self.design.copy else { return };
        self.objects_cut = true;
        let there = |p: &usize| self.populations[*p].caches.share(region) >= 0.5;
        let uploads: Vec<_> = (0..self.populations.len())
            .filter(there)
            .map(|p| (&self.world.populations[p].uploads, &*self.world.populations[p].shape))
            .collect();
        let source =
            Source { seed: self.seed, replication: self.replication, uploads: &uploads, size: &self.world.size };
        let found = match copy {
            Copy::Service { delay } => service::at_risk(&source, delay, now),
            Copy::Link { regions } => match &regions[region] {
                Ok(link) => link.at_risk(&source, now, &mut self.link),
                Err(_) => AtRisk { window: SimDuration::MAX, files: 0, bytes: drsim_models::units::Bytes(0) },
            },
        };
        if found.window > SimDuration::ZERO {
            let before = self.objects.get_or_insert(AtRisk::default());
            before.window = before.window.max(found.window);
            before.files += found.files;
            before.bytes.0 += found.bytes.0;
        }
    }

    fn evaluate(&mut self) {
        for population in 0..self.populations.len() {
            self.evaluate_population(population);
        }
    }

    /// Share of the requests that reach a region which it has the capacity to answer.
    fn carried(&mut self, region: usize) -> f64 {
        if self.capacity[region] >= 1.0 || !self.is_up(region) {
            return 1.0;
        }
        let now = self.scheduler.now();
        let load = |(state, population): (&PopulationState, &crate::model::PopulationModel)| {
            state.caches.share(region) * population.total_per_second() * population.shape.at_hour(hour_of(now))
        };
        let load: f64 = self.populations.iter().zip(&self.world.populations).map(load).sum();
        let limit = self.capacity[region] * self.world.peak_per_second;
        if load > 0.0 && !self.hour_pending {
            self.hour_pending = true;
            self.scheduler.schedule_at(SimTime::from_nanos((hour_of(now) + 1) * HOUR), Event::HourTurned);
        }
        if load > limit { limit / load } else { 1.0 }
    }

    fn evaluate_population(&mut self, p: usize) {
        let now = self.scheduler.now();
        let writes_accepted = self.database.accepts_writes(self.is_up(self.database.writer));
        let mut regional = 0.0;
        let mut client_regional = 0.0;
        for region in 0..self.design.regions {
            let share = self.populations[p].caches.share(region);
            if share > 0.0 && self.is_up(region) {
                let carried = self.carried(region);
                regional += share * carried;
                if self.populations[p].caches.held(self.populations[p].client_cache) == region {
                    client_regional = carried;
                }
            }
        }
        let world = self.world;
        let population = &world.populations[p];
        let year_end = SimTime::from_secs_f64(YEAR_SECONDS);
        let integrated = population.shape.cumulative(clip(now));
        let hit = self.design.edge_hit_share;
        let mut risen = [false; OPERATIONS];
        let state = &mut self.populations[p];
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let serve = |reached: f64| match operation {
                Operation::CacheableRead => hit + (1.0 - hit) * reached,
                Operation::DynamicRead => reached,
                Operation::Write | Operation::Upload => reached * f64::from(u8::from(writes_accepted)),
            };
            state.failed[o] += (1.0 - state.share[o]) * population.per_second[o] * (integrated - state.integrated);
            state.share[o] = serve(regional);
            risen[o] = state.clocks[o].set(now, state.share[o] >= world.served, year_end);
            if serve(client_regional) <= state.client_luck {
                state.client_failed[o] = true;
            } else if state.client_failed[o] {
                state.client_back[o].get_or_insert(now);
            }
        }
        state.integrated = integrated;
        if risen.contains(&true) {
            self.scheduler.schedule_in(world.hold, Event::Held);
        }
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            if risen[o] {
                self.note_recovery(p, o, operation, now);
            }
        }
    }

    fn note_recovery(&mut self, p: usize, o: usize, operation: Operation, now: SimTime) {
        let state = &self.populations[p];
        let failed = |region: usize| self.failed_in_incident & (1 << region) != 0;
        let routed = state.routed;
        let traffic = [
            (Part::Undetected, self.detected[state.home].filter(|_| !self.endpoints.is_empty())),
            (Part::Routing, routed),
            (Part::Draining, routed),
        ];
        let m = self.milestones;
        let database = [
            (Part::Undetected, m.detected),
            (Part::Undecided, m.decided),
            (Part::Promoting, m.promoted),
            (Part::Reconnecting, m.reconnected),
        ];
        let needs_traffic = failed(state.home);
        let needs_database = operation.needs_writer() && m.lost;
        let branch = deciding(needs_traffic.then_some(&traffic[..]), needs_database.then_some(&database[..]));
        let (branch, database_decided) = branch.unwrap_or((&[], false));
        // An unfinished database branch ends with the old writer's return, an unfinished move with its region's.
        let repaired = database_decided || self.is_up(state.home);
        let parts = split(self.onset, now, branch, repaired);
        let state = &mut self.populations[p];
        state.parts[o] = parts;
        state.database_decided[o] = database_decided;
    }

    fn finish(&mut self) -> Incident {
        let mut effects = Vec::new();
        for (population, state) in self.populations.iter().enumerate() {
            for (o, operation) in Operation::ALL.into_iter().enumerate() {
                let clock = state.clocks[o];
                if !clock.affected() && state.failed[o] == 0.0 {
                    continue;
                }
                let since = |at: SimTime| at - self.onset;
                effects.push(Effect {
                    population,
                    operation,
                    affected: clock.affected(),
                    recovery: clock.recovered().map(since).filter(|&d| d <= CENSORED_AFTER),
                    client: state.client_failed[o].then(|| state.client_back[o].map(since)),
                    parts: state.parts[o],
                    database_decided: state.database_decided[o],
                    below_in_year: clock.below_in_year(),
                    failed_requests: state.failed[o],
                });
            }
        }
        Incident {
            onset: self.onset,
            regions: self.failed_in_incident,
            objects: self.objects,
            objects_cut: self.objects_cut,
            no_survivor: self.no_survivor,
            rows: self.rows,
            rows_cut: self.rows_cut,
            effects,
        }
    }
}

/// The part of the time line that lies in the year.
fn clip(at: SimTime) -> SimTime {
    at.max(SimTime::ZERO).min(SimTime::from_secs_f64(YEAR_SECONDS))
}
