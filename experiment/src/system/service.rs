//! What users get: the share of first attempts that are answered correctly, for every population and operation, and the
//! clocks that run on it.

use super::front_door::{FrontDoor, Keys};
use super::trace::What;
use super::{CENSORED_AFTER, Effect, Event, OPERATIONS, System};
use crate::model::{Design, PopulationModel, Steering};
use drsim_models::outage::{Component, Components, GLOBAL, YEAR_END};
use drsim_models::recovery::{Parts, ServiceClock, deciding, split};
use drsim_models::traffic::{Operation, Stretch, hour_of};
use drsim_sim::time::{SimDuration, SimTime};

/// What each region does with a request that reaches it.
#[derive(Clone, Debug)]
pub struct Regions {
    /// Share of the joint peak that it carries.
    pub capacity: Vec<f64>,
    /// Share answered correctly, by operation.
    pub serves: [[f64; OPERATIONS]; 2],
    /// The same, were nothing short.
    pub answerable: [[f64; OPERATIONS]; 2],
    /// The same for whoever's rows lie in a database of their own there, which nobody copies.
    pub apart: [[f64; OPERATIONS]; 2],
    /// Share of what it could answer that it has the capacity for.
    pub carried: [f64; 2],
    /// Whether requests that fail there wait for a database that does not answer, by operation.
    pub hangs: [[bool; OPERATIONS]; 2],
    /// Whether its reads are answered well enough, were it large enough.
    pub up: [bool; 2],
    /// Share of each door's requests that it lets in.
    pub entered: [f64; 2],
    /// Share that its API lets through.
    api: [f64; 2],
    /// How often any of this has changed.
    changes: u32,
    /// Whether the turn of an hour is awaited.
    pub hour_pending: bool,
    /// What `answerable` and `entered` were found for.
    found_for: Option<FoundFor>,
    /// The hour in which somebody last looked at what they carry; `None`: what they are asked for, or have, has changed
    /// since.
    pub looked_in: Option<i64>,
}

/// By region: what it answers of each operation, to everybody and to whose rows are there alone; shares; whether it is up.
type Given = ([[[f64; OPERATIONS]; 2]; 2], [[f64; 2]; 3], [bool; 2]);

/// All that decides what a region could answer, were nothing short; beside tokens, which run out with time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FoundFor {
    failing: u64,
    writer: usize,
    writable: bool,
    unfenced: Option<usize>,
    copies: [bool; 2],
}

impl Regions {
    /// All well.
    pub fn new(regions: usize) -> Self {
        Self {
            capacity: vec![1.0; regions],
            serves: [[1.0; OPERATIONS]; 2],
            answerable: [[1.0; OPERATIONS]; 2],
            apart: [[1.0; OPERATIONS]; 2],
            carried: [1.0; 2],
            hangs: [[false; OPERATIONS]; 2],
            up: [true; 2],
            entered: [1.0; 2],
            api: [1.0; 2],
            changes: 0,
            hour_pending: false,
            found_for: None,
            looked_in: None,
        }
    }

    /// An incident begins.
    pub fn begin(&mut self, design: &Design, still_grown: bool) {
        if !still_grown {
            self.capacity.clone_from(&design.capacity);
        }
        self.up = [true; 2];
        self.hour_pending = false;
        (self.found_for, self.looked_in) = (None, None);
    }

    /// All that what users get depends on.
    fn given(&self) -> Given {
        ([self.serves, self.apart], [self.carried, self.entered, self.api], self.up)
    }

    /// A region has its full size.
    pub fn grown(&mut self, region: usize) {
        self.capacity[region] = 1.0;
        self.look_anew();
    }

    /// What they are asked for, or have, has changed: they do not rest.
    pub fn look_anew(&mut self) {
        self.looked_in = None;
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

/// All that decides what a population gets, where what its edges hold does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Looked {
    regions: u32,
    planned: bool,
    /// Per door: bundles that talk to the first region, caches that name it, and where the random client is.
    doors: [[u32; 3]; 2],
}

/// One population's view while an incident runs.
#[derive(Clone, Debug, Default)]
pub struct PopulationState {
    /// Cumulative shape at the last evaluation, plain and weighted by what hours count for.
    pub integrated: [f64; 2],
    /// The hour of the shape that was asked for last: most events follow each other within one.
    hour: Option<[Stretch; 2]>,
    /// Per door: the bundle that the random client belongs to.
    pub client_cache: [usize; 2],
    client_luck: f64,
    /// What its shares were last found for; `None`: they have changed since, or change with time.
    pub looked: Option<Looked>,
    clocks: [ServiceClock; OPERATIONS],
    pub share: [f64; OPERATIONS],
    meets: [bool; OPERATIONS],
    /// First attempts that failed, plain and weighted.
    pub failed: [[f64; 2]; OPERATIONS],
    /// Share of cacheable reads answered with an expired copy, and how many were.
    pub stale_share: f64,
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
            integrated: population.integrals(clip(onset)),
            client_luck: client.uniform(),
            share: [1.0; OPERATIONS],
            meets: [true; OPERATIONS],
            ..Self::default()
        };
        for (bundle, door) in self.client_cache.iter_mut().zip(doors) {
            *bundle = (place * door.paths[0].bundles() as f64) as usize;
        }
    }

    /// The hour of its shape that an instant of the year lies in, plain and weighted.
    pub fn hour(&mut self, population: &PopulationModel, at: SimTime) -> [Stretch; 2] {
        match self.hour {
            Some(hour) if hour[0].holds(at) => hour,
            _ => *self.hour.insert(population.stretches(at)),
        }
    }

    /// Uploads that were under way fail, plain and weighted.
    pub fn uploads_cut(&mut self, under_way: [f64; 2]) {
        self.fail(Operation::Upload as usize, under_way);
    }

    /// So many first attempts fail, plain and weighted.
    pub fn fail(&mut self, operation: usize, attempts: [f64; 2]) {
        for (sum, attempts) in self.failed[operation].iter_mut().zip(attempts) {
            *sum += attempts;
        }
    }

    /// Shares have stayed as they were until now.
    fn goes_on(&mut self, per_second: &[f64; OPERATIONS], integrated: [f64; 2]) {
        let passed = [0, 1].map(|k| integrated[k] - self.integrated[k]);
        for (o, per_second) in per_second.iter().enumerate() {
            if self.share[o] < 1.0 {
                let failing = (1.0 - self.share[o]) * per_second;
                self.fail(o, passed.map(|passed| failing * passed));
            }
        }
        self.integrated = integrated;
    }

    /// What the incident did to it.
    pub fn effects(&self, population: usize, onset: SimTime, out: &mut Vec<Effect>) {
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let clock = self.clocks[o];
            if !clock.affected() && self.failed[o][0] == 0.0 {
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
                month: clock.by_month().month,
                below_next_month: clock.by_month().later,
                failed_requests: self.failed[o][0],
                failed_worth: self.failed[o][1],
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
        self.follow_identity();
        // Most events move traffic: what regions could answer stays.
        let found_for = Some(FoundFor {
            failing: self.failing.changes(),
            writer: self.database.writer,
            writable: self.writable(),
            unfenced: self.unfenced(),
            copies: [0, 1].map(|region| self.is_copy(region)),
        });
        let tokens_run_out = self.identity_lost.iter().any(Option::is_some);
        let same = self.regions.found_for == found_for && !tokens_run_out;
        if same && !self.looks_always && self.regions_rest() {
            return;
        }
        let before = self.regions.given();
        if !same {
            self.regions.found_for = found_for;
            self.find_answerable();
        }
        self.follow_clients();
        self.regions.looked_in = Some(hour_of(self.scheduler.now()));
        for region in 0..self.design.regions {
            let answerable = self.regions.answerable[region];
            let carried = self.carried(region).min(self.carries(region, &answerable));
            self.regions.carried[region] = carried;
            self.regions.serves[region] = answerable.map(|share| share * carried);
        }
        for region in 0..self.design.regions {
            let up = self.regions.answerable[region][Operation::DynamicRead as usize] >= self.world.served;
            if std::mem::replace(&mut self.regions.up[region], up) != up {
                self.region_changed(region, up);
            }
        }
        self.regions.changes += u32::from(self.regions.given() != before);
    }

    /// What each door lets in, and each region would answer were nothing short.
    fn find_answerable(&mut self) {
        let world = self.world;
        let writer = self.database.writer;
        let accepted =
            if self.writable() { self.failing.through(writer, Components::of(&[Component::Database])) } else { 0.0 };
        let link = Components::of(&[Component::Link]);
        let identity = Components::of(&[Component::Identity]);
        let unfenced = self.unfenced();
        for (entered, door) in self.regions.entered.iter_mut().zip(&self.design.doors) {
            *entered = self.failing.through(GLOBAL, door.needs);
        }
        for region in 0..self.design.regions {
            self.regions.api[region] = self.failing.through(region, Components::of(&[Component::Api]));
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
                let own_database = self.failing.through(region, database);
                let mut hangs = own_database < 1.0;
                self.regions.apart[region][o] = if operation.needs_writer() { share * own_database } else { share };
                if operation.needs_writer() {
                    // An old writer that is not fenced off answers whoever comes to its region.
                    let accepted = if unfenced == Some(region) { own_database } else { accepted * forwarded };
                    share *= accepted;
                    hangs = accepted < 1.0;
                }
                if !own.common(database).is_empty() {
                    share *= self.read_elsewhere(region);
                }
                self.regions.hangs[region][o] = hangs;
                self.regions.answerable[region][o] = share;
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
    pub(super) fn load(&self, share: impl Fn(usize, usize) -> f64) -> f64 {
        let hour = hour_of(self.scheduler.now());
        let mut load = 0.0;
        for (p, population) in self.world.populations.iter().enumerate() {
            for (o, per_second) in population.per_second.iter().enumerate() {
                load += share(self.design.door_of[o], p) * per_second * population.shape.at_hour(hour);
            }
        }
        load
    }

    /// Shares of one population, its clocks, and its random client.
    pub(super) fn evaluate_population(&mut self, p: usize) {
        let now = self.scheduler.now();
        self.looked = true;
        let world = self.world;
        let population = &world.populations[p];
        let at = clip(now);
        let integrated = self.populations[p].hour(population, at).map(|hour| hour.cumulative(at));
        let looked = self.looks_at(p);
        if looked.is_some() && self.populations[p].looked == looked {
            self.age_edges(p, now, integrated[0], None);
            self.populations[p].goes_on(&population.per_second, integrated);
            self.note_onset(self.populations[p].meets.contains(&false));
            return;
        }
        self.populations[p].looked = looked;
        self.note_moves(p, now);
        let reached = self.reaches_origins(p);
        self.age_edges(p, now, integrated[0], Some(reached[Operation::CacheableRead as usize].0));
        self.populations[p].goes_on(&population.per_second, integrated);
        let planned = self.is_planned();
        let mut risen = [false; OPERATIONS];
        let mut harmed = false;
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let d = self.design.door_of[o];
            let (entered, content) = (self.regions.entered[d], &self.doors[d].paths[p].content);
            let [share, client] = [reached[o].0, reached[o].1].map(|reached| {
                entered * if operation == Operation::CacheableRead { content.answers(reached) } else { reached }
            });
            let state = &mut self.populations[p];
            state.share[o] = share;
            let meets = share >= world.served;
            let met = std::mem::replace(&mut state.meets[o], meets);
            harmed |= !meets;
            risen[o] = state.clocks[o].set(now, meets, planned, YEAR_END);
            if client <= state.client_luck && !planned {
                state.client_failed[o] = true;
            } else if state.client_failed[o] {
                state.client_back[o].get_or_insert(now);
            }
            if met != meets {
                self.note(What::Service { population: p, operation, share, meets });
            }
        }
        self.note_onset(harmed);
        if risen.contains(&true) {
            self.scheduler.schedule_in(world.hold, Event::Held);
        }
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            if risen[o] {
                self.note_recovery(p, o, operation, now);
            }
        }
    }

    /// The incident's clock starts with the outage that first does harm.
    fn note_onset(&mut self, harmed: bool) {
        let moves = self.objects_cut || self.no_survivor || self.milestones.detected.is_some();
        if (harmed || moves) && self.onset.is_none() {
            (self.onset, self.cause) = (Some(self.latest.0), self.latest.1);
        }
    }

    /// What decides what a population gets; `None` if that changes with time.
    fn looks_at(&self, p: usize) -> Option<Looked> {
        let state = &self.populations[p];
        let mut doors = [[0; 3]; 2];
        for (d, (found, door)) in doors.iter_mut().zip(&self.doors).enumerate() {
            let path = &door.paths[p];
            if !path.content.is_settled() && self.design.doors[d].edge.changes_with_time() {
                return None;
            }
            let [talk, name] = path.at_first_region();
            *found = [talk as u32, name as u32, path.talks_to(state.client_cache[d]) as u32];
        }
        Some(Looked { regions: self.regions.changes, planned: self.is_planned(), doors })
    }

    /// Share of a population's requests that regions answer of those that reach them, and the chance of its random
    /// client, by operation.
    fn reaches_origins(&self, p: usize) -> [(f64, f64); OPERATIONS] {
        let mut found = [(0.0, 0.0); OPERATIONS];
        for (d, (door, state)) in self.design.doors.iter().zip(&self.doors).enumerate() {
            let path = &state.paths[p];
            let mut traffic = [0.0; 2];
            traffic.iter_mut().zip(0..self.design.regions).for_each(|(share, region)| *share = path.traffic(region));
            let client = path.talks_to(self.populations[p].client_cache[d]);
            for operation in Operation::ALL {
                let o = operation as usize;
                if self.design.door_of[o] != d {
                    continue;
                }
                let serves = |region: usize| self.serves(p, operation, region);
                found[o] = if let Steering::OriginGroup { wait } = door.steering {
                    let both = self.through_origins(&door.preference[p], operation, wait, serves);
                    (both, both)
                } else {
                    (traffic[0] * serves(0) + traffic[1] * serves(1), serves(client))
                };
                // A sum of shares that make up the whole may miss 1 by a rounding.
                if found[o].0 > 1.0 - 1e-12 {
                    found[o].0 = 1.0;
                }
            }
        }
        found
    }

    /// Share of a population's requests that a region answers: none where their data may not rest.
    #[inline]
    pub(super) fn serves(&self, p: usize, operation: Operation, region: usize) -> f64 {
        if self.world.populations[p].is_kept_home() {
            self.serves_at_home(p, operation, region)
        } else {
            self.regions.serves[region][operation as usize]
        }
    }

    fn serves_at_home(&self, p: usize, operation: Operation, region: usize) -> f64 {
        let (o, population) = (operation as usize, &self.world.populations[p]);
        if population.stays_home(operation) && region != self.home(p, operation) {
            return 0.0;
        }
        if population.rows_kept_home && operation != Operation::CacheableRead {
            return self.regions.apart[region][o] * self.regions.carried[region];
        }
        self.regions.serves[region][o]
    }

    /// The region that a population is sent to when all is well: its data are received there.
    pub(super) fn home(&self, p: usize, operation: Operation) -> usize {
        self.design.doors[self.design.door_of[operation as usize]].preference[p][0]
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
                let step = (self.world.tokens_last.as_secs_f64() / self.looks_at_tokens).max(0.1);
                self.scheduler.schedule_in(SimDuration::from_secs_f64(step), Event::TokensRunOut);
            }
        }
    }

    /// An origin group tries the first origin, then for reads the second. An origin that does not answer at all costs
    /// its time-outs before; one that answers with an error costs nothing.
    fn through_origins(
        &self,
        preference: &[usize],
        operation: Operation,
        wait: SimDuration,
        serves: impl Fn(usize) -> f64,
    ) -> f64 {
        let first = serves(preference[0]);
        let Some(&second) = preference.get(1).filter(|_| !operation.needs_writer()) else { return first };
        let hangs = 1.0 - self.regions.api[preference[0]];
        let in_time = if wait <= self.world.client_timeout { 1.0 } else { 0.0 };
        let fails = 1.0 - first;
        let retried = (fails - hangs).max(0.0) + fails.min(hangs) * in_time;
        first + retried * serves(second)
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
pub(super) fn clip(at: SimTime) -> SimTime {
    at.max(SimTime::ZERO).min(YEAR_END)
}
