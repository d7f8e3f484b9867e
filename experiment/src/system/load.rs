//! Whether a region carries what reaches it, and what it would need to.
//!
//! Most designs have room for everybody and every retry at the busiest hour: then nothing is stepped through, nor while
//! a region needs less than half of what it has. Otherwise it is followed second by second from the moment it may be
//! short until its queues are quiet again; one that stays short is looked at again when demand changes.
//!
//! Clients who turn from a region that failed them come with the retries they have left. They are taken to have failed
//! there for longer than they wait (a check takes longer to see it), in proportion to what failed, and their attempts to
//! take as long as those at a dead region. Left out: those who leave a region that is short because it is short.

use super::turned::Turned;
use super::{Event, OPERATIONS, System};
use crate::model::Capacity;
use drsim_models::capacity::{
    Class, Limits, PerResource, Region, Resource, RetryPolicy, StepResult, Surge, capacity_ratio, required_quota,
};
use drsim_models::outage::Component;
use drsim_models::traffic::{HOUR, Operation, hour_of};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Length of a step.
pub const STEP: SimDuration = SimDuration::from_secs(1);

/// Resources whose need is reported, in the order of every table.
pub const REPORTED: [Resource; 8] = [
    Resource::Requests,
    Resource::Burst,
    Resource::Concurrency,
    Resource::ConcurrencyGrowth,
    Resource::DatabaseUnits,
    Resource::DatabaseGrowth,
    Resource::Connections,
    Resource::Bandwidth,
];

/// Seconds within which new functions may come without anybody calling it a shortage.
pub const CARRIED_WITHIN: f64 = 5.0;

/// Whose demand on a region is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// That of its own users, nothing failing.
    Well,
    /// What reaches it now.
    Now,
    /// What may reach it once everybody has turned.
    AllHaveTurned,
}

/// What the busiest region of an incident needed, and whether it had it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Needed {
    /// Largest demand per resource of one region, retries included.
    pub peak: PerResource,
    /// The same over what that region has, once the incident is over.
    pub ratio: PerResource,
    /// Share of the joint peak that reached a region which runs at a share of its size.
    pub standby_share: f64,
    /// What ran out first, if anything did.
    pub bottleneck: Option<Resource>,
    /// Seconds in which something was short.
    pub above_seconds: f64,
    /// Whether retries alone kept a region short for [`METASTABLE`] after everything was repaired.
    pub metastable: bool,
}

/// Short for so long although nothing fails: clients keep it down by themselves, and nothing in the model ends it.
pub const METASTABLE: SimDuration = SimDuration::from_secs(6 * 3600);

/// One region under load.
#[derive(Clone, Debug)]
struct Followed {
    region: Region,
    /// Whether a step is scheduled.
    stepping: bool,
    /// The demand at which it was last steady, and the hour; `None`: not yet in this incident.
    steady: Option<([Class; OPERATIONS], i64)>,
    carried: f64,
    /// First attempts of the last steps that were answered, and that were lost for want of capacity, in turn.
    window: [(f64, f64); WINDOW],
    step: usize,
    /// Steps since it last began or resumed.
    in_a_row: usize,
    /// Short for long: taken to stay so until demand changes; the demand, its hour, since when.
    paused: Option<([Class; OPERATIONS], i64, SimTime)>,
}

/// Steps after which a region that is still short is taken to stay so until the hour turns: the first time, and later.
const PATIENCE: [usize; 2] = [900, 60];

/// Steps over which the share of answers is taken: those to one second's requests come in the seconds after.
const WINDOW: usize = 10;

/// Steps in which a steady region fills with what runs.
const FILLING: usize = 3;

impl Followed {
    /// A region that has carried a demand for long.
    fn settle(&mut self, demand: [Class; OPERATIONS], hour: i64) {
        self.region.reset(&demand);
        for _ in 0..FILLING {
            self.region.advance(&demand);
        }
        self.steady = Some((demand, hour));
        self.window = [(1.0, 0.0); WINDOW];
    }

    /// Notes a step; share of the answerable first attempts of the last steps that were answered and not lost.
    ///
    /// Lost are those turned away, without a connection, or stopped while they waited for the database (retries count in
    /// proportion), and answers that came too late. What still hangs on a writer that has come back is none of these.
    fn carries_share(&mut self, result: &StepResult, classes: &[Class; OPERATIONS]) -> f64 {
        let rate: f64 = classes.iter().map(|c| c.first_attempts_per_second).sum();
        let could: f64 = classes.iter().map(|c| c.first_attempts_per_second * c.answerable).sum();
        let answerable = if rate > 0.0 { could / rate } else { 1.0 };
        let first = result.offered as f64 / (result.offered + result.retries).max(1) as f64;
        let lost = (result.throttled as f64 * answerable + result.stopped as f64) * first + result.too_late as f64;
        self.window[self.step % WINDOW] = (result.served_first as f64, lost);
        self.step += 1;
        let (served, lost) = self.window.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        // Rounding to millionths must not look like a shortage.
        if lost <= 1e-4 * served { 1.0 } else { served / (served + lost) }
    }

    /// Whether a demand differs by more than a hundredth from the one it paused at.
    fn must_resume(&self, demand: &[Class; OPERATIONS], hour: i64) -> bool {
        self.paused.as_ref().is_some_and(|(before, then, _)| {
            let differs = |a: f64, b: f64| (a - b).abs() > 0.01 * a.max(b);
            hour != *then
                || demand.iter().zip(before).any(|(now, before)| {
                    differs(now.first_attempts_per_second, before.first_attempts_per_second)
                        || differs(now.answerable, before.answerable)
                })
        })
    }

    /// Whether a demand is none that the region has not carried already.
    fn has_carried(&self, demand: &[Class; OPERATIONS]) -> bool {
        self.steady.as_ref().is_some_and(|(before, _)| no_more_than(demand, before))
    }
}

/// Whether a demand is nowhere more than another, and nowhere answered less.
fn no_more_than(demand: &[Class; OPERATIONS], other: &[Class; OPERATIONS]) -> bool {
    demand.iter().zip(other).all(|(now, other)| {
        now.first_attempts_per_second <= other.first_attempts_per_second * 1.001 && now.answerable >= other.answerable
    })
}

/// A region's demand at the last look, and what it needs, but for jumps.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    rates: [f64; OPERATIONS],
    answerable: [f64; OPERATIONS],
    hangs: [bool; OPERATIONS],
    hour: i64,
    need: PerResource,
}

/// All regions of a design, where one may be short.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    followed: Vec<Followed>,
    /// Whether they have this world's limits.
    limited: bool,
    /// Region by region: its largest demand in this incident, and how its demand jumps.
    peaks: [PerResource; 2],
    surges: [Option<Surge>; 2],
    looked: [Option<Look>; 2],
    /// Who turned from one region to the other.
    pub turned: Turned,
    /// What this incident has needed so far.
    pub so_far: Needed,
    /// Since when a region is short although nothing fails.
    alone_since: Option<SimTime>,
}

impl Loads {
    /// Every region of a design, to be settled before it is followed. Keeps memory from world to world.
    fn follow(&mut self, capacity: &Capacity) {
        if std::mem::replace(&mut self.limited, true) {
            return;
        }
        let alike = self.followed.len() == capacity.limits.len();
        if alike && self.followed.iter().all(|followed| followed.region.has_policy(&capacity.policy)) {
            let regions = self.followed.iter_mut().zip(&capacity.limits);
            return regions.for_each(|(followed, limits)| followed.region.limit(limits));
        }
        let idle = [Class::answered(0.0, 0.0); OPERATIONS];
        let one = |limits: &Limits| Followed {
            region: Region::new(STEP.as_secs_f64(), limits.clone(), capacity.policy, &idle),
            stepping: false,
            steady: None,
            carried: 1.0,
            window: [(0.0, 0.0); WINDOW],
            step: 0,
            in_a_row: 0,
            paused: None,
        };
        self.followed = capacity.limits.iter().map(one).collect();
    }

    /// What the incident needed, beside what there is.
    pub fn needed(&self, capacity: &Capacity) -> Needed {
        let mut needed = self.so_far;
        for (limits, peak) in capacity.limits.iter().zip(&self.peaks) {
            needed.peak.raise(peak);
            needed.ratio.raise(&capacity_ratio(limits, peak));
        }
        needed
    }

    /// Whether a region is followed second by second.
    fn follows(&self, region: usize) -> bool {
        self.followed.get(region).is_some_and(|followed| followed.steady.is_some())
    }

    /// Whether a region does not, or not yet, carry what reaches it.
    fn is_short(&self) -> bool {
        self.followed.iter().any(|followed| followed.stepping || followed.paused.is_some())
    }

    /// Another world, with other limits.
    pub fn enter(&mut self) {
        self.limited = false;
    }

    /// An incident begins.
    pub fn begin(&mut self) {
        self.so_far = Needed::default();
        (self.peaks, self.surges, self.looked) = Default::default();
        self.turned.begin();
        self.alone_since = None;
        for followed in &mut self.followed {
            (followed.stepping, followed.steady, followed.paused, followed.carried) = (false, None, None, 1.0);
            (followed.step, followed.in_a_row) = (0, 0);
        }
    }
}

impl System<'_> {
    /// Requests per second that reach a region, by operation.
    fn rates(&self, region: usize, when: When) -> [f64; OPERATIONS] {
        let hour = hour_of(self.scheduler.now());
        let mut rates = [0.0; OPERATIONS];
        for (p, population) in self.world.populations.iter().enumerate() {
            let multiplier = population.shape.at_hour(hour);
            for (d, door) in self.design.doors.iter().enumerate() {
                let path = &self.doors[d].paths[p];
                let (share, asks) = match when {
                    When::Well => (f64::from(u8::from(door.preference[p][0] == region)), 1.0 - door.edge.hit_share),
                    When::Now => (path.traffic(region), path.content.asks_origin()),
                    When::AllHaveTurned if door.edge.changes_with_time() => (path.traffic_at_most(region), 1.0),
                    When::AllHaveTurned => (path.traffic_at_most(region), path.content.asks_origin()),
                };
                if share == 0.0 {
                    continue;
                }
                for (o, rate) in rates.iter_mut().enumerate().filter(|(o, _)| self.design.door_of[*o] == d) {
                    let asks = if o == Operation::CacheableRead as usize { asks } else { 1.0 };
                    *rate += share * asks * population.per_second[o] * multiplier;
                }
            }
        }
        rates
    }

    /// What reaches a region; `answerable` is what it would answer of each operation if nothing were short.
    fn classes(&self, region: usize, answerable: &[f64; OPERATIONS], when: When) -> [Class; OPERATIONS] {
        self.classes_of(region, &self.rates(region, when), answerable, when)
    }

    fn classes_of(
        &self,
        region: usize,
        rates: &[f64; OPERATIONS],
        answerable: &[f64; OPERATIONS],
        when: When,
    ) -> [Class; OPERATIONS] {
        let capacity = &self.design.limits;
        std::array::from_fn(|o| Class {
            first_attempts_per_second: rates[o],
            answerable: answerable[o],
            service_seconds: capacity.service_seconds[o],
            failure_seconds: if when == When::Well { 0.0 } else { self.failure_seconds(region, o) },
            function_timeout_seconds: capacity.function_timeout_seconds,
            database_work: capacity.database_work,
            connections: 1.0,
            megabits: capacity.megabits[o],
        })
    }

    /// What a request that fails in a region takes.
    fn failure_seconds(&self, region: usize, o: usize) -> f64 {
        if self.regions.hangs[region][o] { self.design.limits.hang_seconds } else { 0.0 }
    }

    /// Notes who turned from a region that fails them to the other one since the last look: they try again there.
    pub(super) fn follow_clients(&mut self) {
        if self.design.limits.crowd.is_none() {
            return;
        }
        if self.failing.nothing() {
            self.loads.turned.rest();
            return;
        }
        if !self.loads.turned.wants_a_look() {
            return;
        }
        let now = self.reach();
        let failed = self.regions.answerable.map(|answerable| answerable.map(|share| 1.0 - share));
        let at = self.scheduler.now();
        self.loads.turned.look(at, now, &failed, self.is_gradual());
    }

    /// Traffic has moved: somebody has to look at what regions carry.
    pub(super) fn traffic_changes(&mut self) {
        self.loads.turned.moved = true;
        self.regions.look_anew();
    }

    /// Whether every region carries what it did at the last look, since all that it could answer is as it was: the same
    /// traffic in the same hour, nobody who turned of late, and nothing short. If so, their surges are told the time.
    pub(super) fn regions_rest(&mut self) -> bool {
        let now = self.scheduler.now();
        self.regions.looked_in == Some(hour_of(now)) && (0..self.design.regions).all(|region| self.rests(region, now))
    }

    fn rests(&mut self, region: usize, now: SimTime) -> bool {
        if self.failing.down(region, Component::Api) {
            return true;
        }
        if self.loads.follows(region) || !self.loads.turned.is_over(region, now) {
            return false;
        }
        let Some(look) = self.loads.looked[region] else { return false };
        let limits = &self.design.limits.limits[region];
        self.loads.surges[region].as_mut().is_some_and(|surge| surge.rests(&look.need, now.as_secs_f64(), limits))
    }

    /// First attempts per second at multiplier 1 whose answer names each region and that no edge answers.
    fn reach(&self) -> [[f64; OPERATIONS]; 2] {
        let mut reach = [[0.0; OPERATIONS]; 2];
        for (d, (door, state)) in self.design.doors.iter().zip(&self.doors).enumerate() {
            for (path, population) in state.paths.iter().zip(&self.world.populations) {
                for (region, reach) in reach.iter_mut().enumerate() {
                    let share = path.traffic(region);
                    for (o, reach) in reach.iter_mut().enumerate().filter(|(o, _)| self.design.door_of[*o] == d) {
                        let hit = if o == 0 { door.edge.hit_share } else { 0.0 };
                        *reach += share * (1.0 - hit) * population.per_second[o];
                    }
                }
            }
        }
        reach
    }

    /// Whether traffic moves little by little between two looks, as caches learn an answer in their turn.
    fn is_gradual(&self) -> bool {
        self.design.doors.iter().all(|door| door.time_to_live > SimDuration::ZERO)
    }

    /// Share of what a region could answer that it has the capacity for.
    pub(super) fn carries(&mut self, region: usize, answerable: &[f64; OPERATIONS]) -> f64 {
        if self.failing.down(region, Component::Api) {
            return 1.0;
        }
        let need = self.note_need(region, answerable);
        let capacity = &self.design.limits;
        if capacity.ample {
            return 1.0;
        }
        let joining = std::mem::take(&mut self.loads.turned.joining[region]);
        if !self.loads.follows(region) && has_room(&need, &capacity.limits[region]) {
            let hour = hour_of(self.scheduler.now());
            let busiest = need.times(self.world.busiest / self.world.multiplier(hour));
            if !self.failing.nothing() && !has_room(&busiest, &capacity.limits[region]) {
                self.await_next_hour();
            }
            return 1.0;
        }
        if !self.failing.nothing() {
            self.await_next_hour();
        }
        self.loads.follow(capacity);
        if self.loads.so_far.metastable {
            return self.loads.followed[region].carried;
        }
        let hour = hour_of(self.scheduler.now());
        let classes = self.classes(region, answerable, When::Now);
        if self.loads.followed[region].paused.is_some() {
            if self.loads.followed[region].must_resume(&classes, hour) {
                let followed = &mut self.loads.followed[region];
                if let Some((_, _, since)) = followed.paused.take() {
                    self.loads.so_far.above_seconds += (self.scheduler.now() - since).as_secs_f64();
                }
                (followed.stepping, followed.in_a_row) = (true, 0);
                self.scheduler.schedule_in(STEP, Event::LoadStep(region as u8));
            } else {
                self.await_next_hour();
            }
            return self.loads.followed[region].carried;
        }
        let mut grown = false;
        match self.loads.followed[region].steady {
            None => {
                let before = self.classes(region, &[1.0; OPERATIONS], When::Well);
                self.loads.followed[region].settle(before, hour);
            }
            // Demand grows from hour to hour, not at its turn: a steady region has followed.
            Some((mut before, then)) if then != hour && !self.loads.followed[region].stepping => {
                let populations = &self.world.populations;
                let total =
                    |hour| populations.iter().map(|p| p.total_per_second() * p.shape.at_hour(hour)).sum::<f64>();
                let growth = total(hour) / total(then);
                for class in &mut before {
                    class.first_attempts_per_second *= growth;
                }
                self.loads.followed[region].settle(before, hour);
                // Perhaps beyond what it can carry. What reaches it in normal times at this hour it is taken to carry.
                grown = !no_more_than(&classes, &self.classes(region, &[1.0; OPERATIONS], When::Well));
            }
            Some(_) => {}
        }
        let followed = &mut self.loads.followed[region];
        let joins = joining.iter().any(|turned| *turned > 0.0);
        if let Some(following) = self.design.limits.crowd.as_ref().filter(|_| joins) {
            let multiplier = self.world.multiplier(hour);
            followed.region.join(&following.crowd, &joining.map(|turned| turned * multiplier));
        }
        let as_before = !joins && !grown && followed.has_carried(&classes);
        if !followed.stepping && !as_before && !followed.region.carries(&classes) {
            followed.stepping = true;
            self.scheduler.schedule_in(STEP, Event::LoadStep(region as u8));
        }
        self.loads.followed[region].carried
    }

    /// One second of a region that may be short.
    pub(super) fn load_step(&mut self, region: usize) {
        let hour = hour_of(self.scheduler.now());
        let answerable = self.regions.answerable[region];
        let classes = self.classes(region, &answerable, When::Now);
        let followed = &mut self.loads.followed[region];
        let result = followed.region.advance(&classes);
        let before = followed.carried;
        followed.carried = followed.carries_share(&result, &classes);
        if followed.region.is_settled() && result.throttled == 0 && followed.carried >= 1.0 {
            followed.stepping = false;
            followed.steady = Some((classes, hour));
        }
        followed.in_a_row += 1;
        let patience = PATIENCE[usize::from(followed.step > PATIENCE[0])];
        if followed.stepping && followed.in_a_row >= patience {
            followed.stepping = false;
            followed.paused = Some((classes, hour, self.scheduler.now()));
        }
        let short_still = followed.stepping || followed.paused.is_some();
        let now = self.scheduler.now();
        if short_still && self.failing.nothing() && self.database.is_settled() {
            let since = *self.loads.alone_since.get_or_insert(now);
            self.loads.so_far.metastable = now - since >= METASTABLE;
        } else {
            self.loads.alone_since = None;
        }
        if self.loads.so_far.metastable {
            self.loads.followed.iter_mut().for_each(|followed| (followed.stepping, followed.paused) = (false, None));
        }
        let followed = &mut self.loads.followed[region];
        if followed.paused.is_some() {
            self.await_next_hour();
        }
        let followed = &mut self.loads.followed[region];
        let (changed, goes_on) = ((followed.carried - before).abs() > 1e-9, followed.stepping);
        let short = Resource::ALL.into_iter().filter(|r| result.utilisation.get(*r) > 1.0);
        let worst = short.max_by(|a, b| result.utilisation.get(*a).total_cmp(&result.utilisation.get(*b)));
        if let Some(worst) = worst {
            self.loads.so_far.bottleneck.get_or_insert(worst);
            self.loads.so_far.above_seconds += STEP.as_secs_f64();
        }
        if goes_on {
            self.scheduler.schedule_in(STEP, Event::LoadStep(region as u8));
            self.await_next_hour();
        }
        if changed {
            self.evaluate();
        }
    }

    /// Demand changes with the hour while a region is short.
    pub(super) fn await_next_hour(&mut self) {
        if !self.regions.hour_pending {
            self.regions.hour_pending = true;
            let next = (hour_of(self.scheduler.now()) + 1) * HOUR;
            self.scheduler.schedule_at(SimTime::from_nanos(next), Event::HourTurned);
        }
    }

    /// Another hour of demand. Where nothing fails any more and all is carried nobody looks: traffic that stays where it was
    /// sent would make of every hour's look a reason for the next, for ever.
    pub(super) fn hour_turns(&mut self) {
        self.regions.hour_pending = false;
        // Whoever looked in this hour already did not await the next.
        self.regions.look_anew();
        let over = self.failing.nothing() && self.database.is_settled() && self.regions.all_full_size();
        if !over || self.loads.is_short() {
            self.evaluate();
        }
    }

    /// What reaches a region takes of each resource, with every retry that its failures cause.
    fn note_need(&mut self, region: usize, answerable: &[f64; OPERATIONS]) -> PerResource {
        let (now, capacity) = (self.scheduler.now(), &self.design.limits);
        let hour = hour_of(now);
        let rates = self.rates(region, When::Now);
        let turned = capacity.crowd.as_ref().and_then(|f| self.loads.turned.attempts(region, now, &f.attempts));
        let hangs = self.regions.hangs[region];
        let before = self.loads.looked[region];
        if turned.is_none()
            && let Some(before) = before
            && (before.rates, before.answerable, before.hangs, before.hour) == (rates, *answerable, hangs, hour)
            && let Some(surge) = &mut self.loads.surges[region]
            && surge.rests(&before.need, now.as_secs_f64(), &capacity.limits[region])
        {
            return before.need;
        }
        let classes = self.classes_of(region, &rates, answerable, When::Now);
        let mut need = required_quota(&classes, &capacity.policy);
        self.loads.looked[region] = Some(Look { rates, answerable: *answerable, hangs, hour, need });
        // Demand has followed its hours since the last look.
        if let Some(before) = before.filter(|before| before.hour < hour) {
            let at_first = self.world.multiplier(before.hour);
            if self.world.busiest > 1.001 * at_first {
                let most = (before.hour + 1..hour).map(|hour| self.world.multiplier(hour)).fold(at_first, f64::max);
                self.loads.peaks[region].raise(&before.need.times(most / at_first));
            }
            if let Some(surge) = &mut self.loads.surges[region] {
                surge.follow(self.world.multiplier(hour) / at_first);
            }
        }
        if let Some(attempts) = turned {
            let multiplier = self.world.multiplier(hour);
            let mut following = classes;
            for (class, attempts) in following.iter_mut().zip(attempts) {
                class.first_attempts_per_second = attempts * multiplier;
            }
            // Their last attempts, or nearly: what fails again here hardly comes back.
            need.add(&required_quota(&following, &RetryPolicy::NONE));
        }
        let mut surge = self.loads.surges[region].unwrap_or_else(|| {
            let before = self.classes(region, &[1.0; OPERATIONS], When::Well);
            Surge::after(&required_quota(&before, &capacity.policy), now.as_secs_f64())
        });
        surge.turn(&mut need, (now.as_secs_f64(), self.is_gradual()), &capacity.limits[region]);
        self.loads.surges[region] = Some(surge);
        self.loads.peaks[region].raise(&need);
        need
    }

    /// Whether a region has room enough, not to be followed, for all who may turn to it.
    pub(super) fn has_room_for_all(&self, region: usize) -> bool {
        let capacity = &self.design.limits;
        let classes = || self.classes(region, &self.regions.answerable[region], When::AllHaveTurned);
        let need = || required_quota(&classes(), &capacity.policy);
        capacity.ample || (!self.loads.follows(region) && has_room(&need(), &capacity.limits[region]))
    }
}

/// Whether a region that had nothing to do before would carry this within seconds, with half of its limits to spare.
fn has_room(need: &PerResource, limits: &Limits) -> bool {
    let of = |resource| need.get(resource);
    of(Resource::Requests) <= 0.5 * limits.requests_per_second.available()
        && of(Resource::Concurrency)
            <= (0.5 * limits.concurrency.available()).min(CARRIED_WITHIN * limits.environments_per_second.available())
        && of(Resource::DatabaseUnits) <= limits.database_units_at_least.min(limits.database_units.available())
        && of(Resource::Connections) <= 0.5 * limits.connections.available()
        && of(Resource::Bandwidth) <= 0.5 * limits.bandwidth.available()
}
