//! Whether a region carries what reaches it, and what it would need to.
//!
//! Most designs have room for everybody and every retry at the busiest hour: then nothing is stepped through, nor while
//! a region needs less than half of what it has. Otherwise it is followed second by second from the moment it may be
//! short until its queues are quiet again; one that stays short is looked at again when demand changes.
//!
//! Left out: retries that follow their client from one region to the other.

use super::{Event, OPERATIONS, System};
use crate::model::{Capacity, Design};
use drsim_models::capacity::{Class, Limits, Region, Resource, StepResult};
use drsim_models::outage::Component;
use drsim_models::traffic::{HOUR, Operation, hour_of};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Length of a step.
pub const STEP: SimDuration = SimDuration::from_secs(1);

/// Resources whose need is reported, in the order of every table.
pub const REPORTED: [Resource; 4] =
    [Resource::Requests, Resource::Concurrency, Resource::DatabaseUnits, Resource::Connections];

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
    /// Largest demand per resource of [`REPORTED`], retries included.
    pub peak: [f64; REPORTED.len()],
    /// The same over what there is, once the incident is over.
    pub ratio: [f64; REPORTED.len()],
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
    /// Lost are those turned away (retries count in proportion), answers that came too late and, where everything could
    /// be answered, functions that were stopped while they waited for the database.
    fn carries_share(&mut self, result: &StepResult, classes: &[Class; OPERATIONS]) -> f64 {
        let rate: f64 = classes.iter().map(|c| c.first_attempts_per_second).sum();
        let could: f64 = classes.iter().map(|c| c.first_attempts_per_second * c.answerable).sum();
        let answerable = if rate > 0.0 { could / rate } else { 1.0 };
        let first = result.offered as f64 / (result.offered + result.retries).max(1) as f64;
        let stopped = if classes.iter().all(|c| c.answerable >= 1.0) { result.errored as f64 } else { 0.0 };
        let lost = (result.throttled as f64 * answerable + stopped) * first + result.too_late as f64;
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
        self.steady.as_ref().is_some_and(|(before, _)| {
            demand.iter().zip(before).all(|(now, before)| {
                now.first_attempts_per_second <= before.first_attempts_per_second * 1.001
                    && now.answerable >= before.answerable
            })
        })
    }
}

/// All regions of a design, where one may be short.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    followed: Vec<Followed>,
    /// What this incident has needed so far.
    pub so_far: Needed,
    /// Since when a region is short although nothing fails.
    alone_since: Option<SimTime>,
}

impl Loads {
    /// Every region of a design, all well.
    fn follow(&mut self, design: &Design, capacity: &Capacity) {
        let idle = [Class::answered(0.0, 0.0); OPERATIONS];
        let one = Followed {
            region: Region::new(STEP.as_secs_f64(), capacity.limits.clone(), capacity.policy, &idle),
            stepping: false,
            steady: None,
            carried: 1.0,
            window: [(0.0, 0.0); WINDOW],
            step: 0,
            in_a_row: 0,
            paused: None,
        };
        self.followed = vec![one; design.regions];
    }

    /// What the incident needed, beside what there is.
    pub fn needed(&self, limits: &Limits) -> Needed {
        let there = [&limits.requests_per_second, &limits.concurrency, &limits.database_units, &limits.connections];
        let ratio = std::array::from_fn(|i| self.so_far.peak[i] / there[i].available());
        Needed { ratio, ..self.so_far }
    }

    /// Whether a region is followed second by second.
    fn follows(&self, region: usize) -> bool {
        self.followed.get(region).is_some_and(|followed| followed.steady.is_some())
    }

    /// Another world, with other limits.
    pub fn enter(&mut self) {
        self.followed.clear();
    }

    /// An incident begins.
    pub fn begin(&mut self) {
        self.so_far = Needed::default();
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

    /// What reaches a region now; `answerable` is what it would answer of each operation if nothing were short.
    fn classes(&self, region: usize, answerable: &[f64; OPERATIONS], when: When) -> [Class; OPERATIONS] {
        let capacity = &self.design.limits;
        let rates = self.rates(region, when);
        std::array::from_fn(|o| Class {
            first_attempts_per_second: rates[o],
            answerable: answerable[o],
            service_seconds: capacity.service_seconds[o],
            failure_seconds: if when == When::Well { 0.0 } else { self.failure_seconds(region, o) },
            function_timeout_seconds: capacity.function_timeout_seconds,
            database_work: capacity.database_work,
            connections: 1.0,
        })
    }

    /// What a request that fails in a region takes.
    fn failure_seconds(&self, region: usize, o: usize) -> f64 {
        if self.regions.hangs[region][o] { self.design.limits.hang_seconds } else { 0.0 }
    }

    /// Share of what a region could answer that it has the capacity for.
    pub(super) fn carries(&mut self, region: usize, answerable: &[f64; OPERATIONS]) -> f64 {
        if self.failing.down(region, Component::Api) {
            return 1.0;
        }
        let need = self.need(region, answerable, When::Now);
        for (peak, need) in self.loads.so_far.peak.iter_mut().zip(need) {
            *peak = peak.max(need);
        }
        let capacity = &self.design.limits;
        if capacity.ample || (!self.loads.follows(region) && has_room(&need, &capacity.limits)) {
            return 1.0;
        }
        if self.loads.followed.is_empty() {
            self.loads.follow(self.design, capacity);
        }
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
            }
            Some(_) => {}
        }
        let followed = &mut self.loads.followed[region];
        if !followed.stepping && !followed.has_carried(&classes) && !followed.region.carries(&classes) {
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

    /// What reaches a region takes of each resource, with every retry that its failures cause.
    fn need(&self, region: usize, answerable: &[f64; OPERATIONS], when: When) -> [f64; REPORTED.len()] {
        let mut need = [0.0; REPORTED.len()];
        let capacity = &self.design.limits;
        for (o, first_attempts) in self.rates(region, when).into_iter().enumerate() {
            let answerable = answerable[o];
            let attempts = if answerable >= 1.0 { 1.0 } else { capacity.attempts(1.0 - answerable) };
            let rate = first_attempts * attempts;
            let good = answerable * capacity.service_seconds[o];
            let bad = (1.0 - answerable) * self.failure_seconds(region, o);
            need[0] += rate;
            need[1] += rate * (good + bad);
            need[2] += rate * answerable * capacity.database_work;
            need[3] += rate * good;
        }
        need
    }

    /// Whether a region has room enough, not to be followed, for all who may turn to it.
    pub(super) fn has_room_for_all(&self, region: usize) -> bool {
        let capacity = &self.design.limits;
        let need = || self.need(region, &self.regions.answerable[region], When::AllHaveTurned);
        capacity.ample || (!self.loads.follows(region) && has_room(&need(), &capacity.limits))
    }
}

/// Whether a region that had nothing to do before would carry this within seconds, with half of its limits to spare.
fn has_room(need: &[f64; REPORTED.len()], limits: &Limits) -> bool {
    need[0] <= 0.5 * limits.requests_per_second.available()
        && need[1] <= (0.5 * limits.concurrency.available()).min(5.0 * limits.environments_per_second.available())
        && need[2] <= limits.database_units_at_least.min(limits.database_units.available())
        && need[3] <= 0.5 * limits.connections.available()
}
