//! What users get: the share of first attempts that are answered correctly, for every population and operation, and the
//! clocks that run on it.

use super::front_door::{Caches, FrontDoor, Keys};
use super::trace::What;
use super::{CENSORED_AFTER, Effect, Event, OPERATIONS, System};
use crate::model::{Design, PopulationModel, Steering};
use drsim_models::edge_caches::EdgeCaches;
use drsim_models::outage::{Component, Components, GLOBAL, YEAR_SECONDS};
use drsim_models::recovery::{Parts, ServiceClock, deciding, split};
use drsim_models::traffic::{Operation, hour_of};
use drsim_sim::time::{SimDuration, SimTime};

/// What each region does with a request that reaches it.
#[derive(Clone, Debug)]
pub struct Regions {
    /// Share of the joint peak that it carries.
    capacity: Vec<f64>,
    /// Share answered correctly, by operation.
    serves: [[f64; OPERATIONS]; 2],
    /// The same, were nothing short.
    pub answerable: [[f64; OPERATIONS]; 2],
    /// Whether requests that fail there wait for a database that does not answer, by operation.
    pub hangs: [[bool; OPERATIONS]; 2],
    /// Whether its reads are answered well enough, were it large enough.
    pub up: [bool; 2],
    /// Whether the turn of an hour is awaited.
    pub hour_pending: bool,
}

impl Regions {
    /// All well.
    pub fn new(regions: usize) -> Self {
        Self {
            capacity: vec![1.0; regions],
            serves: [[1.0; OPERATIONS]; 2],
            answerable: [[1.0; OPERATIONS]; 2],
            hangs: [[false; OPERATIONS]; 2],
            up: [true; 2],
            hour_pending: false,
        }
    }

    /// An incident begins.
    pub fn begin(&mut self, design: &Design) {
        self.capacity.clone_from(&design.capacity);
        self.up = [true; 2];
        self.hour_pending = false;
    }

    /// A region has its full size.
    pub fn grown(&mut self, region: usize) {
        self.capacity[region] = 1.0;
    }

    /// Whether a region does not carry everyone.
    pub fn is_short(&self, region: usize) -> bool {
        self.capacity[region] < 1.0
    }

    /// Whether every region carries everyone.
    pub fn all_full_size(&self) -> bool {
        self.capacity.iter().all(|&c| c >= 1.0)
    }
}

/// One population's view while an incident runs.
#[derive(Clone, Debug, Default)]
pub struct PopulationState {
    /// Cumulative shape at the last evaluation.
    integrated: f64,
    /// Per door: the bundle that the random client belongs to.
    client_cache: [usize; 2],
    client_luck: f64,
    clocks: [ServiceClock; OPERATIONS],
    share: [f64; OPERATIONS],
    meets: [bool; OPERATIONS],
    failed: [f64; OPERATIONS],
    /// Share of cacheable reads answered with an expired copy, and how many were.
    stale_share: f64,
    pub stale: f64,
    parts: [Parts; OPERATIONS],
    database_decided: [bool; OPERATIONS],
    client_failed: [bool; OPERATIONS],
    client_back: [Option<SimTime>; OPERATIONS],
}

impl PopulationState {
    /// An incident begins.
    pub fn begin(&mut self, onset: SimTime, population: &PopulationModel, keys: Keys, doors: &[FrontDoor]) {
        let mut client = keys.stream(population.client_stream);
        let place = client.uniform();
        *self = Self {
            integrated: population.shape.cumulative(clip(onset)),
            client_luck: client.uniform(),
            share: [1.0; OPERATIONS],
            meets: [true; OPERATIONS],
            ..Self::default()
        };
        for (bundle, door) in self.client_cache.iter_mut().zip(doors) {
            *bundle = (place * door.paths[0].bundles() as f64) as usize;
        }
    }

    /// Uploads that were under way fail.
    pub fn uploads_cut(&mut self, under_way: f64) {
        self.failed[Operation::Upload as usize] += under_way;
    }

    /// What the incident did to it.
    pub fn effects(&self, population: usize, onset: SimTime, out: &mut Vec<Effect>) {
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let clock = self.clocks[o];
            if !clock.affected() && self.failed[o] == 0.0 {
                continue;
            }
            let since = |at: SimTime| at - onset;
            out.push(Effect {
                population,
                operation,
                affected: clock.affected(),
                recovery: clock.recovered().map(since).filter(|&d| d <= CENSORED_AFTER),
                client: self.client_failed[o].then(|| self.client_back[o].map(since)),
                parts: self.parts[o],
                database_decided: self.database_decided[o],
                below_in_year: clock.below_in_year(),
                failed_requests: self.failed[o],
            });
        }
    }
}

impl System<'_> {
    /// Looks at everything anew.
    pub(super) fn evaluate(&mut self) {
        self.evaluate_regions();
        for population in 0..self.populations.len() {
            self.evaluate_population(population);
        }
    }

    fn evaluate_regions(&mut self) {
        let world = self.world;
        let writer = self.database.writer;
        let accepted =
            if self.writable() { self.failing.through(writer, Components::of(&[Component::Database])) } else { 0.0 };
        let link = Components::of(&[Component::Link]);
        let identity = Components::of(&[Component::Identity]);
        self.follow_identity();
        let mut up = [true; 2];
        for (region, is_up) in up.iter_mut().enumerate().take(self.design.regions) {
            let forwarded = if region == writer { 1.0 } else { self.failing.through(GLOBAL, link) };
            for operation in Operation::ALL {
                let o = operation as usize;
                let (own, borrowed) = (world.needs.own[region][o], world.needs.borrowed[region][o]);
                let mut share = self.failing.through(region, own.without(identity));
                let elsewhere = borrowed.without(identity);
                let across = self.failing.through(GLOBAL, link);
                if !elsewhere.is_empty() {
                    share *= self.failing.through(1 - region, elsewhere) * across;
                }
                if !own.common(identity).is_empty() {
                    share *= self.signed_in(region, self.failing.through(region, identity));
                } else if !borrowed.common(identity).is_empty() {
                    share *= self.signed_in(1 - region, self.failing.through(1 - region, identity) * across);
                }
                let database = Components::of(&[Component::Database]);
                let mut hangs = self.failing.through(region, database) < 1.0;
                if operation.needs_writer() {
                    share *= accepted * forwarded;
                    hangs = accepted * forwarded < 1.0;
                }
                self.regions.hangs[region][o] = hangs;
                self.regions.answerable[region][o] = share;
                if operation == Operation::DynamicRead {
                    *is_up = share >= world.served;
                }
            }
            let answerable = self.regions.answerable[region];
            let carried = self.carried(region).min(self.carries(region, &answerable));
            self.regions.serves[region] = answerable.map(|share| share * carried);
        }
        for (region, up) in up.into_iter().enumerate().take(self.design.regions) {
            if std::mem::replace(&mut self.regions.up[region], up) != up {
                self.region_changed(region, up);
            }
        }
    }

    /// Share of the requests that reach a region which it has the capacity to answer.
    fn carried(&mut self, region: usize) -> f64 {
        if self.design.capacity[region] >= 1.0 || self.failing.down(region, Component::Api) {
            return 1.0;
        }
        let load = self.load(|d, p| self.doors[d].paths[p].traffic(region));
        let needed = &mut self.loads.so_far.standby_share;
        *needed = needed.max(load / self.world.peak_per_second);
        if !self.regions.is_short(region) {
            return 1.0;
        }
        let limit = self.regions.capacity[region] * self.world.peak_per_second;
        if load > 0.0 {
            self.await_next_hour();
        }
        if load > limit { limit / load } else { 1.0 }
    }

    /// Requests per second at this hour of that share of each door's populations.
    fn load(&self, share: impl Fn(usize, usize) -> f64) -> f64 {
        let hour = hour_of(self.scheduler.now());
        let mut load = 0.0;
        for (p, population) in self.world.populations.iter().enumerate() {
            for (o, per_second) in population.per_second.iter().enumerate() {
                load += share(self.design.door_of[o], p) * per_second * population.shape.at_hour(hour);
            }
        }
        load
    }

    /// Whether no turn of an edge cache changes the share that a region carries: none is short, or it carries nothing
    /// already, or everything even when all have had theirs.
    fn turns_leave_what_is_carried(&self) -> bool {
        (0..self.design.regions).all(|region| {
            if !self.regions.is_short(region) || self.failing.down(region, Component::Api) {
                return true;
            }
            let limit = self.regions.capacity[region] * self.world.peak_per_second;
            if limit <= 0.0 {
                return self.load(|d, p| self.doors[d].paths[p].traffic(region)) > 0.0;
            }
            let most = self.load(|d, p| match &self.doors[d].paths[p].caches {
                Caches::InOrder(edges) if edges.current() == region => 1.0,
                _ => self.doors[d].paths[p].traffic(region),
            });
            most <= limit
        })
    }

    /// Shares of one population, its clocks, and its random client.
    pub(super) fn evaluate_population(&mut self, p: usize) {
        let now = self.scheduler.now();
        self.looked = true;
        let world = self.world;
        self.note_moves(p, now);
        let population = &world.populations[p];
        let year_end = SimTime::from_secs_f64(YEAR_SECONDS);
        let integrated = population.shape.cumulative(clip(now));
        self.age_edges(p, now, integrated);
        let mut risen = [false; OPERATIONS];
        let mut harmed = false;
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let (share, client) = self.answered(p, operation);
            let state = &mut self.populations[p];
            state.failed[o] += (1.0 - state.share[o]) * population.per_second[o] * (integrated - state.integrated);
            state.share[o] = share;
            let meets = share >= world.served;
            let met = std::mem::replace(&mut state.meets[o], meets);
            harmed |= !meets;
            risen[o] = state.clocks[o].set(now, meets, year_end);
            if client <= state.client_luck {
                state.client_failed[o] = true;
            } else if state.client_failed[o] {
                state.client_back[o].get_or_insert(now);
            }
            if met != meets {
                self.note(What::Service { population: p, operation, share, meets });
            }
        }
        self.populations[p].integrated = integrated;
        if (harmed || self.objects_cut || self.no_survivor || self.milestones.detected.is_some())
            && self.onset.is_none()
        {
            (self.onset, self.cause) = (Some(self.latest.0), self.latest.1);
        }
        if risen.contains(&true) {
            self.scheduler.schedule_in(world.hold, Event::Held);
        }
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            if risen[o] {
                self.note_recovery(p, o, operation, now);
            }
        }
    }

    /// What one edge cache of a population that learns the current answer adds to an operation's share.
    fn gain_of_a_turn(&self, d: usize, p: usize, edges: &EdgeCaches, operation: Operation) -> f64 {
        let door = &self.design.doors[d];
        if self.design.door_of[operation as usize] != d || matches!(door.steering, Steering::OriginGroup { .. }) {
            return 0.0;
        }
        let (to, from) = (edges.current(), 1 - edges.current());
        let serves = |region: usize| self.regions.serves[region][operation as usize];
        let path = &self.doors[d].paths[p];
        let depends = if operation == Operation::CacheableRead { path.content.depends_on_origin() } else { 1.0 };
        let entered = self.failing.through(GLOBAL, door.needs);
        entered * depends * (serves(to) - serves(from)) / path.bundles() as f64
    }

    /// Gives every edge cache its turn that has had it by now, and counts what failed meanwhile.
    pub(super) fn bring_up_to_date(&mut self) {
        let now = self.scheduler.now();
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let Caches::InOrder(edges) = &self.doors[d].paths[p].caches else { continue };
                if edges.turn(0).is_none_or(|at| at > now) {
                    continue;
                }
                let gains = Operation::ALL.map(|operation| self.gain_of_a_turn(d, p, edges, operation));
                let population = &self.world.populations[p];
                let (mut moved, mut integrals) = (0.0, 0.0);
                if let Caches::InOrder(edges) = &mut self.doors[d].paths[p].caches {
                    edges.learn_until(now, |at| {
                        moved += 1.0;
                        integrals += population.shape.cumulative(clip(at));
                    });
                }
                let integrated = population.shape.cumulative(clip(now));
                let state = &mut self.populations[p];
                for (o, gain) in gains.into_iter().enumerate() {
                    // As if all had turned now, less what each gained since its turn.
                    let failing = (1.0 - state.share[o]) * (integrated - state.integrated);
                    state.failed[o] += population.per_second[o] * (failing - gain * (moved * integrated - integrals));
                    state.share[o] += gain * moved;
                }
                state.integrated = integrated;
            }
        }
    }

    /// Looks at edge caches again when their turns make a difference that somebody notices.
    pub(super) fn await_turns(&mut self) {
        if !std::mem::take(&mut self.looked) {
            return;
        }
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let Caches::InOrder(edges) = &self.doors[d].paths[p].caches else { continue };
                let Some(at) = edges.turn(self.turns_before_a_difference(d, p, edges)) else { continue };
                if self.doors[d].paths[p].next_look.replace(at) != Some(at) {
                    let turn = Event::EdgesTurn { door: d as u8, population: p as u16 };
                    self.scheduler.schedule_at(at, turn);
                }
            }
        }
    }

    /// Turns of edge caches that nobody need look at: before the random client's, before a share crosses the service
    /// level, before enough hold an answer that serves, and before the last.
    fn turns_before_a_difference(&self, d: usize, p: usize, edges: &EdgeCaches) -> usize {
        let ages = self.design.doors[d].edge.changes_with_time();
        if ages || edges.remaining() == 0 || !edges.each_turn_moves() || !self.turns_leave_what_is_carried() {
            return 0;
        }
        let state = &self.populations[p];
        let mut quiet = edges.remaining() - 1;
        if let Some(before) = edges.turns_before(state.client_cache[d]) {
            quiet = quiet.min(before);
        }
        // At the k-th turn, or one earlier where rounding leaves it open.
        let mut at_turn = |k: f64| quiet = quiet.min(((k - 1e-6).ceil() as usize).saturating_sub(1));
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let gain = self.gain_of_a_turn(d, p, edges, operation);
            let missing = self.world.served - state.share[o];
            if (missing > 0.0 && gain > 0.0) || (missing <= 0.0 && gain < 0.0) {
                at_turn(missing / gain);
            }
        }
        let path = &self.doors[d].paths[p];
        let to = edges.current();
        let home = self.design.doors[d].preference[p][0];
        if path.drained.is_none() && !self.regions.up[home] && self.regions.up[to] {
            let enough = self.world.served * edges.len() as f64;
            if (edges.count(to) as f64) < enough {
                at_turn(enough - edges.count(to) as f64);
            }
        }
        quiet
    }

    /// Share of a population's first attempts that are answered correctly, and the chance of its random client.
    fn answered(&self, p: usize, operation: Operation) -> (f64, f64) {
        let d = self.design.door_of[operation as usize];
        let (door, path) = (&self.design.doors[d], &self.doors[d].paths[p]);
        let entered = self.failing.through(GLOBAL, door.needs);
        let (reached, client) = self.reaches_origin(p, operation);
        if operation == Operation::CacheableRead {
            return (entered * path.content.answers(reached), entered * path.content.answers(client));
        }
        (entered * reached, entered * client)
    }

    /// Share of the requests of a population that its regions answer, and the chance of its random client.
    fn reaches_origin(&self, p: usize, operation: Operation) -> (f64, f64) {
        let o = operation as usize;
        let d = self.design.door_of[o];
        let (door, path) = (&self.design.doors[d], &self.doors[d].paths[p]);
        let serves = |region: usize| self.regions.serves[region][o];
        let (mut reached, client) = if let Steering::OriginGroup { wait } = door.steering {
            let both = self.through_origins(&door.preference[p], operation, wait);
            (both, both)
        } else {
            let all = (0..self.design.regions).map(|r| path.traffic(r) * serves(r)).sum();
            (all, serves(path.talks_to(self.populations[p].client_cache[d])))
        };
        // A sum of shares that make up the whole may miss 1 by a rounding.
        if reached > 1.0 - 1e-12 {
            reached = 1.0;
        }
        (reached, client)
    }

    /// What edges hold by now, of the reads that they cache; counts what was served stale.
    fn age_edges(&mut self, p: usize, now: SimTime, integrated: f64) {
        let o = Operation::CacheableRead as usize;
        let d = self.design.door_of[o];
        if self.design.doors[d].edge.hit_share == 0.0 {
            return;
        }
        let path = &mut self.doors[d].paths[p];
        path.content.advance(now);
        let at_first = path.traffic(0);
        path.content.moved((at_first - path.at_first).abs());
        path.at_first = at_first;
        let before = self.populations[p].stale_share;
        let after = path.content.answers_stale();
        let reached = self.reaches_origin(p, Operation::CacheableRead).0;
        let path = &mut self.doors[d].paths[p];
        path.content.origin_answers(reached);
        let state = &mut self.populations[p];
        let requests = self.world.populations[p].per_second[o] * (integrated - state.integrated);
        state.stale += 0.5 * (before + after) * requests;
        state.stale_share = path.content.answers_stale();
        let next = path.content.look_again(!self.design.limits.ample);
        if let Some(delay) = next.filter(|_| !path.ageing) {
            path.ageing = true;
            self.scheduler.schedule_in(delay, Event::EdgesAge { door: d as u8, population: p as u16 });
        }
    }

    /// Clients that hold a token do without the sign-in, which answers the share `through`.
    fn signed_in(&self, region: usize, through: f64) -> f64 {
        let last = self.world.tokens_last.as_secs_f64();
        let Some(since) = self.identity_lost[region].filter(|_| last > 0.0) else { return through };
        let holds = (1.0 - (self.scheduler.now() - since).as_secs_f64() / last).max(0.0);
        holds + (1.0 - holds) * through
    }

    /// Tokens run out evenly from the moment nobody gets a new one, since each lasts equally long.
    fn follow_identity(&mut self) {
        if !self.world.needs.identity {
            return;
        }
        let now = self.scheduler.now();
        let identity = Components::of(&[Component::Identity]);
        for region in 0..self.design.regions {
            if self.failing.through(region, identity) >= 1.0 {
                self.identity_lost[region] = None;
                continue;
            }
            let since = *self.identity_lost[region].get_or_insert(now);
            if now - since < self.world.tokens_last && !std::mem::replace(&mut self.tokens_pending, true) {
                // Time must pass, however short tokens are.
                let step = (self.world.tokens_last.as_secs_f64() / 200.0).max(0.1);
                self.scheduler.schedule_in(SimDuration::from_secs_f64(step), Event::TokensRunOut);
            }
        }
    }

    /// An origin group tries the first origin, then for reads the second. An origin that does not answer at all costs
    /// its time-outs before; one that answers with an error costs nothing.
    fn through_origins(&self, preference: &[usize], operation: Operation, wait: SimDuration) -> f64 {
        let o = operation as usize;
        let first = self.regions.serves[preference[0]][o];
        let Some(&second) = preference.get(1).filter(|_| !operation.needs_writer()) else { return first };
        let hangs = 1.0 - self.failing.through(preference[0], Components::of(&[Component::Api]));
        let in_time = if wait <= self.world.client_timeout { 1.0 } else { 0.0 };
        let fails = 1.0 - first;
        let retried = (fails - hangs).max(0.0) + fails.min(hangs) * in_time;
        first + retried * self.regions.serves[second][o]
    }

    /// Notes when enough of a population's traffic holds an answer that serves, and goes there.
    fn note_moves(&mut self, p: usize, now: SimTime) {
        let (served, up) = (self.world.served, self.regions.up);
        for (state, door) in self.doors.iter_mut().zip(&self.design.doors) {
            let path = &mut state.paths[p];
            if path.drained.is_some() || up[door.preference[p][0]] {
                continue;
            }
            let enough = |share: &dyn Fn(usize) -> f64| {
                (0..self.design.regions).filter(|&r| up[r]).map(share).sum::<f64>() >= served
            };
            if path.routed.is_none() && enough(&|r| path.answers(r)) {
                path.routed = Some(now);
            }
            if path.routed.is_some() && enough(&|r| path.traffic(r)) {
                path.drained = Some(now);
            }
        }
    }

    fn note_recovery(&mut self, p: usize, o: usize, operation: Operation, now: SimTime) {
        let (traffic, database) = self.branches(p, operation);
        let branch = deciding(traffic.as_ref().map(|t| &t[..]), database.as_ref().map(|d| &d[..]));
        let (branch, database_decided) = branch.unwrap_or((&[], false));
        // An unfinished database branch ends with the old writer's return, an unfinished move with its region's.
        let d = self.design.door_of[o];
        let repaired = database_decided || self.regions.up[self.design.doors[d].preference[p][0]];
        let onset = self.onset.unwrap_or(now);
        let parts = split(onset, now, branch, repaired);
        let state = &mut self.populations[p];
        state.parts[o] = parts;
        state.database_decided[o] = database_decided;
    }
}

/// The part of the time line that lies in the year.
fn clip(at: SimTime) -> SimTime {
    at.max(SimTime::ZERO).min(SimTime::from_secs_f64(YEAR_SECONDS))
}
