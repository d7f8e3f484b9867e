//! The connected system: one architecture in one world, run through one incident after another.
//!
//! This is where the models meet. Events move their state; after each, the share of first attempts answered correctly
//! is known for every population and operation, and holds until the next. Nothing happens between incidents, so the
//! year jumps from one to the next.
//!
//! Draws are keyed by the outage that causes them and by the thing in the world that they belong to, never by the
//! architecture: two architectures that check the same region from the same checkers see the same phases.
//!
//! An outage that harms nobody (a control plane that nothing calls) starts no clock; the incident's clock starts with
//! the outage that first does harm. It may make a later one worse: both then lie in one window.
//!
//! Left out: where a second region fails within an incident, the populations that have moved to it are taken to have
//! uploaded there all along.

pub(crate) mod back;
mod commits;
pub(crate) mod cuts;
mod drills;
mod edges;
mod fates;
mod front_door;
pub(crate) mod load;
mod people;
mod service;
pub(crate) mod trace;
mod turned;

use crate::model::{Copy, Design, ScaleOut, Steering, World};
use crate::scenario::Store;
use back::{Back, Returned};
use drsim_models::aurora::{Database, Phase, RowsLost, Step};
use drsim_models::fate::{Fate, Lacking};
use drsim_models::object_copy::{AtRisk, link};
use drsim_models::outage::{self, Cause, Component, Components, Failing, GLOBAL, Outage, OutageId, Outages};
use drsim_models::readiness::StuckDrill;
use drsim_models::recovery::{Part, Parts};
use drsim_models::traffic::Operation;
use drsim_sim::future_event_list::Scheduler;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};
use front_door::{Follows, FrontDoor, Keys};
use load::{Loads, Needed};
use serde::{Deserialize, Serialize};
use service::{PopulationState, Regions};
use std::cell::RefCell;
use std::rc::Rc;
use trace::{Noted, What};

/// Still open after this long: not recovered.
const CENSORED_AFTER: SimDuration = SimDuration::from_secs(30 * 86_400);

/// Looks at tokens while they run out: what they allow is then at most half a per cent late.
const LOOKS_AT_TOKENS: f64 = 200.0;

/// Number of operations.
const OPERATIONS: usize = Operation::ALL.len();

/// What can happen within an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The year's outage of this index starts.
    Onset(u32),
    /// Parts of an outage start or are repaired.
    Changes { outage: u32 },
    /// The checkers of a region's endpoint change their verdict.
    Vote { door: u8, region: u8 },
    /// The verdict on a region's endpoint reaches the front door.
    Published { door: u8, region: u8 },
    /// People's change of a record reaches the answers.
    Pointed { door: u8, region: u8 },
    /// A resolver has its turn, or enough edge caches have had theirs to make a difference.
    CachesTurn { door: u8, population: u16 },
    /// A connection that stayed on an old region closes.
    Closed { door: u8, population: u16, cache: u32 },
    /// The database branch moves on, unless this attempt was abandoned.
    Database { attempt: u32 },
    /// People decide to take a region out of the answers.
    Evacuate(u8),
    /// Their change reaches the answers.
    TakenOut { door: u8, region: u8, out: bool },
    /// A region has served again for long enough to be put back, if it still does.
    PutBack { region: u8, attempt: u32 },
    /// A region that ran at a share of its size has grown.
    ScaledOut(u8),
    /// A second of a region that may be short has passed.
    LoadStep(u8),
    /// What edges hold has aged.
    EdgesAge { door: u8, population: u16 },
    /// Some tokens have run out since nobody gets new ones.
    TokensRunOut,
    /// Demand changes while a region is short of capacity.
    HourTurned,
    /// An old writer is fenced off at last.
    Fenced,
    /// The replica is as far behind as commits may let it be, unless replication has gone on since.
    CommitsStall { pause: u32 },
    /// People lift that cap.
    CapLifted { pause: u32 },
    /// The writer starts to return to the region it was promoted away from.
    FailsBack,
    /// It is there, unless this return was given up.
    FailedBack { attempt: u32 },
    /// A drill gets stuck.
    Drill(StuckDrill),
    /// People have finished it.
    DrillOver,
    /// The hold time of a recovery is over; until then the incident is not.
    Held,
}

/// What an incident did to one population's operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The month in which it first was below, from 0.
    pub month: u8,
    /// What of the time below lies in the month after.
    pub below_next_month: SimDuration,
    /// Expected first attempts that failed within the year.
    pub failed_requests: f64,
    /// The same, each weighted by what its hour counts for; the same number where all count alike.
    pub failed_worth: f64,
}

/// One incident of one architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// First onset; negative when it was in progress at the start of the year.
    pub onset: SimTime,
    /// Cause of the outage that first did harm.
    pub cause: Cause,
    /// Outages that overlap in it, of any cause.
    pub outages: u32,
    /// Regions in which something failed, one bit each.
    pub regions: u8,
    /// Objects that the survivor lacked at a cut; a window of `SimDuration::MAX` is unbounded.
    pub objects: Option<AtRisk>,
    /// Whether there was a cut at all for objects.
    pub objects_cut: bool,
    /// Whether a region failed and no other was left to hold what it held: data returns with its region, no cut.
    pub no_survivor: bool,
    /// Rows lost by a promotion, or going back to a restore point.
    pub rows: Option<RowsLost>,
    /// Whether there was a promotion, or a restore.
    pub rows_cut: bool,
    /// From the promotion until rows that were salvaged are in the new writer.
    pub salvaged_after: Option<SimDuration>,
    /// Whether a region was lost that held files, or rows, which a rule keeps from the other: they return with it.
    pub kept_home: [bool; 2],
    /// Promotions, and how many failed at the first try.
    pub promotions: (u32, u32),
    /// Promotions away from a writer that worked.
    pub needless: u32,
    /// How long commits waited for the replica.
    pub stalled: SimDuration,
    /// What the busiest region needed.
    pub needed: Needed,
    /// Uploads that were under way when their bucket was lost: time-out, a new address, again from zero.
    pub uploads_cut: f64,
    /// Reads answered with an expired copy within the year.
    pub stale: f64,
    /// The way back to where the writer was, and what was left of an earlier one.
    pub returned: Returned,
    /// Populations and operations it touched.
    pub effects: Vec<Effect>,
}

impl Incident {
    /// Whether it belongs to this year.
    pub fn starts_in_year(&self) -> bool {
        self.onset >= SimTime::ZERO
    }

    /// Whether there was a cut that fixed what a survivor holds of a store.
    pub fn cut(&self, store: Store) -> bool {
        match store {
            Store::Objects => self.objects_cut,
            Store::Database => self.rows_cut,
        }
    }

    /// What a store lacked, or what of it had a fate, which may be nothing; `None`: it lacked nothing.
    pub fn lacking(&self, store: Store, fate: Option<Fate>) -> Option<Lacking> {
        let (window, items, [lost, unavailable]) = match store {
            Store::Objects => {
                let files = self.objects.filter(AtRisk::lacks)?;
                (files.window, files.files, [files.lost, files.unavailable])
            }
            Store::Database => {
                let rows = self.rows?;
                (rows.window, rows.rows, [rows.lost, rows.salvaged])
            }
        };
        Some(match fate {
            None => Lacking { window, items },
            Some(Fate::Lost) => lost,
            Some(Fate::Unavailable) => unavailable,
        })
    }

    /// Whether more than one region failed.
    pub fn both_regions(&self) -> bool {
        self.regions.count_ones() > 1
    }
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

/// What people do about a region whose users are not served.
#[derive(Clone, Copy, Debug, Default)]
struct ByHand {
    alarm: Option<SimTime>,
    decided: Option<SimTime>,
    /// Doors that still have to be changed, one bit each: decided, but their control plane does not answer.
    waiting: u8,
    /// Whether it is, or is to be, out of the answers.
    out: bool,
    /// Counts returns of service, so that a relapse is recognised.
    attempt: u32,
}

/// How far a region that runs at a share of its size has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    /// Not asked for.
    Idle,
    /// Asked for; its control plane does not answer.
    Blocked,
    /// Under way.
    UnderWay,
}

/// One architecture, ready to be run; keeps its buffers from year to year.
pub struct System<'a> {
    design: &'a Design,
    world: &'a World,
    keys: Keys,
    scheduler: Scheduler<Event>,
    failing: Failing,
    regions: Regions,
    growth: Vec<Growth>,
    loads: Loads,
    doors: Vec<FrontDoor>,
    database: Database,
    database_up: Vec<bool>,
    /// Outage that took a region's database down last.
    database_outage: Vec<u64>,
    milestones: DatabaseMilestones,
    /// Doors whose record people will change once they can.
    runbook_waits: bool,
    by_hand: Vec<ByHand>,
    populations: Vec<PopulationState>,
    /// Since when nobody signs in at a region's identity.
    identity_lost: [Option<SimTime>; 2],
    /// Whether a look at the tokens is scheduled, and how often they are looked at while they run out.
    tokens_pending: bool,
    looks_at_tokens: f64,
    /// When parts of an outage start or end: kept for its memory.
    instants: Vec<SimTime>,
    uploads_cut: f64,
    promotions: (u32, u32),
    kept_home: [bool; 2],
    fates: fates::Fates,
    /// Where drills fall in their interval, and the year's last failover.
    drill_phase: f64,
    exercised: Option<SimTime>,
    /// Whether nobody writes because a drill is stuck.
    drill_is_stuck: bool,
    back: Back,
    /// Whether regions are looked at even where they rest.
    looks_always: bool,
    /// Whether shares were evaluated since edge caches were last waited for.
    looked: bool,
    /// When the next outage starts, if it is known.
    next_onset: SimTime,
    /// Whether regions carry what they carry whoever turns.
    carried_stays: bool,
    /// From when on some edge cache has had its turn, or a resolver's move waits to be counted.
    next_turn: SimTime,
    /// Onset and cause of the outage that started last: the clock's, once harm is done.
    latest: (SimTime, Cause),
    onset: Option<SimTime>,
    cause: Cause,
    outages: u32,
    failed_in_incident: u8,
    /// How files may be copied, and what each way left behind; one that is `None` copies nothing.
    copies: Vec<Option<&'a Copy>>,
    objects: Vec<Option<AtRisk>>,
    objects_cut: bool,
    no_survivor: bool,
    rows: Option<RowsLost>,
    rows_cut: bool,
    link: Rc<RefCell<link::Scratch>>,
    events: u64,
    /// What happened, if somebody wants to read it.
    trace: Option<Vec<Noted>>,
}

impl<'a> System<'a> {
    /// An architecture in a world, all well.
    pub fn new(design: &'a Design, world: &'a World, seed: u64) -> Self {
        let regions = design.regions;
        Self {
            design,
            world,
            keys: Keys { seed, replication: 0, outage: 0 },
            scheduler: Scheduler::new(SimTime::ZERO),
            failing: Failing::default(),
            regions: Regions::new(regions),
            growth: vec![Growth::Idle; regions],
            loads: Loads::default(),
            doors: design.doors.iter().map(|door| FrontDoor::new(door, regions)).collect(),
            database: Database::new(),
            database_up: vec![true; regions],
            database_outage: vec![0; regions],
            milestones: DatabaseMilestones::default(),
            runbook_waits: false,
            by_hand: vec![ByHand::default(); regions],
            populations: vec![PopulationState::default(); world.populations.len()],
            identity_lost: [None; 2],
            tokens_pending: false,
            looks_at_tokens: LOOKS_AT_TOKENS,
            instants: Vec::new(),
            uploads_cut: 0.0,
            promotions: (0, 0),
            kept_home: [false; 2],
            fates: fates::Fates::default(),
            drill_phase: 0.0,
            exercised: None,
            drill_is_stuck: false,
            back: Back::default(),
            looks_always: false,
            looked: false,
            next_onset: SimTime::MAX,
            carried_stays: false,
            next_turn: edges::NEVER,
            latest: (SimTime::ZERO, Cause::Region),
            onset: None,
            cause: Cause::Region,
            outages: 0,
            failed_in_incident: 0,
            copies: vec![design.copy.as_ref()],
            objects: vec![None],
            objects_cut: false,
            no_survivor: false,
            rows: None,
            rows_cut: false,
            link: Rc::default(),
            events: 0,
            trace: None,
        }
    }

    /// Shares the files of `other`, another design of the same worlds: both see the same uploads before the same cut.
    pub(crate) fn beside(mut self, other: &Self) -> Self {
        self.link = Rc::clone(&other.link);
        self
    }

    /// Looks at regions even where nothing can have changed: the plain way, to hold the other one against.
    #[cfg(test)]
    pub(crate) fn looking_always(self) -> Self {
        Self { looks_always: true, ..self }
    }

    /// Looks so often at tokens while they run out.
    #[cfg(test)]
    pub(crate) fn looking_at_tokens(self, times: f64) -> Self {
        Self { looks_at_tokens: times, ..self }
    }

    /// Writes down what happens from now on.
    pub(crate) fn traced(mut self) -> Self {
        self.trace = Some(Vec::new());
        self
    }

    /// What was written down since the last call.
    pub(crate) fn take_trace(&mut self) -> Vec<Noted> {
        self.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn note(&mut self, what: What) {
        if let Some(trace) = &mut self.trace {
            trace.push(Noted { at: self.scheduler.now(), what });
        }
    }

    /// Turns to another world (of the same architecture), keeping the buffers.
    pub fn enter(&mut self, design: &'a Design, world: &'a World, copies: Vec<Option<&'a Copy>>) {
        self.objects = vec![None; copies.len()];
        self.copies = copies;
        self.design = design;
        self.world = world;
        self.loads.enter();
        for (state, door) in self.doors.iter_mut().zip(&design.doors) {
            state.enter(door);
        }
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Runs one year's outages (by onset); hands over each incident in order of its onset, with the files at risk under
    /// each way of copying them (the incident's own are the first's).
    ///
    /// # Panics
    /// If outages are not in the order of their onsets.
    pub fn run_year(&mut self, replication: u64, outages: &Outages, mut done: impl FnMut(Incident, &[Option<AtRisk>])) {
        self.keys.replication = replication;
        self.exercised = None;
        self.back_at_new_year();
        let mut drills = self.drills_at_new_year().into_iter().peekable();
        let all = outages.all();
        let reaches = |i: &u32| here(&all[*i as usize], outages, self.design).next().is_some();
        let mut next = (0..all.len() as u32).filter(reaches).collect::<Vec<_>>().into_iter().peekable();
        loop {
            let onset = next.peek().map(|&i| all[i as usize].onset);
            if let Some(drill) = drills.next_if(|drill| onset.is_none_or(|onset| drill.at < onset)) {
                if self.is_away() {
                    continue;
                }
                self.begin(drill.at, OutageId::of(self.world.stuck_stream, drill.ordinal));
                self.scheduler.schedule_at(drill.at, Event::Drill(drill));
            } else if let Some(first) = next.next() {
                let outage = &all[first as usize];
                self.begin(outage.onset, outage.id);
                self.scheduler.schedule_at(outage.onset, Event::Onset(first));
            } else {
                break;
            }
            loop {
                self.next_onset = next.peek().map_or(SimTime::MAX, |&i| all[i as usize].onset);
                // An outage that starts before the incident is over belongs to it.
                let before_it = SimTime::from_nanos(self.next_onset.as_nanos() - 1);
                if let Some(event) = self.scheduler.next_event_until(before_it) {
                    self.events += 1;
                    self.handle(event, outages);
                } else if !self.scheduler.is_empty() {
                    let index = next.next().expect("what is pending lies after its onset");
                    self.scheduler.schedule_at(self.next_onset, Event::Onset(index));
                } else {
                    let onset = next.peek().map(|_| self.next_onset);
                    let Some(at) = self.return_of_the_writer(onset) else { break };
                    self.scheduler.schedule_at(at, Event::FailsBack);
                }
            }
            if let Some(incident) = self.finish() {
                done(incident, &self.objects);
            }
            // Nobody drills during an incident.
            let over = self.scheduler.now();
            while drills.next_if(|drill| drill.at <= over).is_some() {}
        }
    }

    fn stream(&self, purpose: Purpose, outage: u64) -> RandomStream {
        Keys { outage, ..self.keys }.stream(purpose)
    }

    fn begin(&mut self, onset: SimTime, id: OutageId) {
        if self.is_away() {
            self.count_across(onset);
        }
        self.keys.outage = id.0;
        self.scheduler.reset(onset);
        self.failing.reset();
        self.regions.begin(self.design, self.is_away());
        self.growth.fill(Growth::Idle);
        self.loads.begin();
        let (pointed, away) = (self.pointed_away(), self.kept_away());
        for (state, door) in self.doors.iter_mut().zip(&self.design.doors) {
            state.begin(door, self.world, self.keys, (onset, pointed, away));
        }
        self.database.reset(self.design.failover.as_ref().is_some_and(|f| f.abandonable));
        self.database_up.fill(true);
        self.database_outage.fill(0);
        self.milestones = DatabaseMilestones::default();
        self.runbook_waits = false;
        (self.promotions, self.kept_home) = ((0, 0), [false; 2]);
        self.fates.begin();
        (self.identity_lost, self.tokens_pending, self.uploads_cut) = ([None; 2], false, 0.0);
        self.by_hand.fill(ByHand::default());
        self.onset = None;
        self.outages = 0;
        self.failed_in_incident = 0;
        self.objects.fill(None);
        self.objects_cut = false;
        self.no_survivor = false;
        self.rows = None;
        self.rows_cut = false;
        self.drill_is_stuck = false;
        (self.carried_stays, self.next_turn) = (false, edges::NEVER);
        self.begin_away();
        for p in 0..self.populations.len() {
            self.populations[p].begin(onset, &self.world.populations[p], self.keys, &self.doors);
        }
    }

    fn handle(&mut self, event: Event, outages: &Outages) {
        let nobody_notices = match event {
            Event::CachesTurn { door, population } => self.resolvers_turn_quietly(door.into(), population.into()),
            Event::Closed { door, population, cache } => {
                self.closes_quietly(door.into(), population.into(), cache as usize)
            }
            _ => false,
        };
        if nobody_notices {
            return;
        }
        self.bring_up_to_date();
        if self.is_away() {
            self.count_across(self.scheduler.now());
        }
        self.count_unfenced();
        self.act(event, outages);
        self.await_turns();
    }

    fn act(&mut self, event: Event, outages: &Outages) {
        match event {
            Event::Onset(index) => self.outage_starts(index, outages),
            Event::Changes { outage } => self.outage_changes(&outages.all()[outage as usize], outages),
            Event::Vote { door, region } => self.vote(door, region),
            Event::Published { door, region } => self.publish(usize::from(door), usize::from(region)),
            Event::Pointed { door, region } => self.point(usize::from(door), usize::from(region)),
            Event::CachesTurn { door, population } => self.caches_turn(door.into(), population.into()),
            Event::EdgesAge { door, population } => {
                let (d, p) = (usize::from(door), usize::from(population));
                self.doors[d].paths[p].ageing = false;
                if self.regions.all_full_size() && self.design.limits.ample {
                    self.evaluate_population(p);
                } else {
                    self.evaluate(); // what edges no longer hold regions must answer
                }
            }
            Event::TokensRunOut => {
                self.tokens_pending = false;
                self.evaluate();
            }
            Event::Closed { door, population, cache } => {
                let (d, p) = (usize::from(door), usize::from(population));
                self.doors[d].closed(p, cache as usize);
                self.traffic_moved(d, p);
            }
            Event::Database { attempt } if attempt == self.database.attempt => self.database_moves(outages),
            Event::Database { .. } => {}
            Event::Evacuate(region) => self.evacuate(usize::from(region)),
            Event::TakenOut { door, region, out } => self.taken_out(usize::from(door), usize::from(region), out),
            Event::PutBack { region, attempt } => self.put_back(usize::from(region), attempt),
            Event::ScaledOut(region) => {
                self.note(What::ScaledOut { region: usize::from(region) });
                self.regions.grown(usize::from(region));
                self.evaluate();
            }
            Event::LoadStep(region) => self.load_step(usize::from(region)),
            Event::HourTurned => self.hour_turns(),
            Event::Fenced => self.fenced(),
            Event::CommitsStall { pause } => self.commits_stall(pause),
            Event::CapLifted { pause } => self.cap_lifted(pause),
            Event::FailsBack => self.fail_back(),
            Event::FailedBack { attempt } => self.failed_back(attempt),
            Event::Drill(drill) => self.drill_gets_stuck(drill),
            Event::DrillOver => self.drill_is_over(),
            Event::Held => {}
        }
    }

    fn outage_starts(&mut self, index: u32, outages: &Outages) {
        let outage = &outages.all()[index as usize];
        let now = self.scheduler.now();
        self.latest = (outage.onset, outage.cause);
        self.note(What::Outage { cause: outage.cause });
        self.outages += 1;
        let mut instants = std::mem::take(&mut self.instants);
        instants.clear();
        for (_, effect) in here(outage, outages, self.design) {
            instants.extend([effect.from, effect.until].into_iter().filter(|at| *at > now));
        }
        instants.sort_unstable();
        instants.dedup();
        for at in &instants {
            self.scheduler.schedule_at(*at, Event::Changes { outage: index });
        }
        self.instants = instants;
        for (number, _) in here(outage, outages, self.design).filter(|(_, effect)| effect.from <= now) {
            self.effect_starts(number, outage, outages);
        }
        self.follow_failures(outage);
    }

    /// Parts of an outage that start now do so, then others end: what one hands over to another is never well between.
    fn outage_changes(&mut self, outage: &Outage, outages: &Outages) {
        let now = self.scheduler.now();
        let (mut started, mut ended) = (false, false);
        for (number, _) in here(outage, outages, self.design).filter(|(_, effect)| effect.from == now) {
            self.effect_starts(number, outage, outages);
            started = true;
        }
        for (number, effect) in here(outage, outages, self.design).filter(|(_, effect)| effect.until == now) {
            self.failing.end(number);
            self.note(What::Repaired { place: effect.place, hits: effect.hits });
            ended = true;
        }
        if ended {
            self.not_well();
            self.follow_repairs();
        }
        if started {
            self.follow_failures(outage);
        }
    }

    fn effect_starts(&mut self, number: u32, outage: &Outage, outages: &Outages) {
        let effect = outages.effect(number);
        let had = |store| effect.place < GLOBAL && !self.failing.down(effect.place, store);
        let (had_objects, had_rows) = (had(Component::Objects), had(Component::Database));
        self.failing.start(number, effect);
        self.not_well();
        self.note(What::Fails { place: effect.place, hits: effect.hits, failing: effect.failing });
        if effect.place == GLOBAL {
            return;
        }
        self.failed_in_incident |= 1 << effect.place;
        self.decide_fate(effect, outage);
        if had_objects && self.failing.down(effect.place, Component::Objects) {
            self.cut_uploads(effect.place);
            self.cut_objects(effect.place, outage, outages);
        }
        if had_rows && self.failing.down(effect.place, Component::Database) {
            self.kept_home[1] |= self.rows_apart(effect.place);
        }
        if outage.cause == Cause::Corruption
            && effect.hits.common(Components::of(&[Component::Database])) != Components::NONE
        {
            self.restore_rows(outage);
        }
    }

    /// Something failed: who notices, and which branches start?
    fn follow_failures(&mut self, outage: &Outage) {
        self.follow_rebuild();
        self.look(outage.id.0);
        self.follow_replication();
        for region in 0..self.design.regions {
            if self.failing.down(region, Component::Api) {
                self.doors.iter_mut().for_each(|door| door.connections_fail(region));
                // Clients of connections that fail turn, too; they are followed with the next traffic that moves.
                self.regions.look_anew();
            }
            let up = !self.failing.down(region, Component::Database);
            self.writer_stops(region, !up);
            let alarm = self.canary_sees(region);
            if (up && !alarm) || !self.database_up[region] {
                continue;
            }
            self.database_up[region] = false;
            self.database_outage[region] = outage.id.0;
            let Some(failover) = &self.design.failover else { continue };
            let mut database = self.stream(self.world.failover_stream, outage.id.0);
            let mut decision = self.stream(self.design.decision_stream, outage.id.0);
            let mut draws = failover.draw(&mut database, &mut decision);
            if self.design.person_decides {
                draws.decision += self.person_is_late(self.scheduler.now() + draws.detection, &mut decision);
            }
            if let Some(faults) = &self.design.latent_faults {
                let mut stream = self.stream(self.world.drill_stream, outage.id.0);
                if faults.met(self.scheduler.now(), self.drill_phase, self.exercised, &mut stream) {
                    draws.meets_fault();
                }
            }
            if region == self.database.writer {
                self.milestones.lost = true;
                self.note(What::WriterLost { region });
            }
            let writer_up = self.database_up[self.database.writer];
            let step = self.database.region_lost(region, self.scheduler.now(), writer_up, draws);
            self.follow(step);
        }
        self.evaluate();
    }

    /// Something was repaired: who notices, and which branches end?
    fn follow_repairs(&mut self) {
        self.look(self.keys.outage);
        self.follow_replication();
        for region in 0..self.design.regions {
            self.writer_stops(region, self.failing.down(region, Component::Database));
            self.follow_salvage();
            let down =
                self.failing.down(region, Component::Database) || self.canary_sees(region) || self.rows_gone(region);
            if !down && !self.database_up[region] {
                self.database_up[region] = true;
                if region == self.database.writer || self.promotable(region) {
                    let step = self.database.region_returned(region);
                    self.follow(step);
                }
            }
            if self.growth[region] == Growth::Blocked && !self.failing.down(region, Component::ControlPlane) {
                self.scale_out(region);
            }
        }
        self.follow_rebuild();
        let survivor = self.database.survivor();
        if self.database.phase == Phase::NoSurvivor && survivor < self.design.regions && self.promotable(survivor) {
            let step = self.database.region_returned(survivor);
            self.follow(step);
        }
        if self.runbook_waits {
            self.change_records();
        }
        self.evaluate();
        for region in 0..self.design.regions {
            if self.by_hand[region].waiting != 0 {
                self.change_waiting_doors(region);
            }
        }
    }

    /// Whether the database's canary misses a writer in this region; it writes from the other one.
    fn canary_sees(&self, region: usize) -> bool {
        let canary = Components::of(&[Component::Canary]);
        self.failing.seen(region, self.world.canary_watches)
            || (region == self.database.writer && self.failing.seen(GLOBAL, canary))
    }

    /// Whether a region's database can be made the writer.
    fn promotable(&self, region: usize) -> bool {
        self.database_up[region] && self.is_copy(region) && !self.failing.down(region, Component::ControlPlane)
    }

    /// Whether a write that reaches the writer's region is accepted.
    fn writable(&self) -> bool {
        let writer = self.database.writer;
        let up = !self.failing.down(writer, Component::Database) && !self.rows_gone(writer);
        !self.drill_is_stuck && !self.is_returning() && self.database.accepts_writes(up) && self.fates.stalled.is_none()
    }

    /// Lets every check look at every region again.
    fn look(&mut self, outage: u64) {
        let keys = Keys { outage, ..self.keys };
        let writable = self.writable();
        for (d, door) in self.design.doors.iter().enumerate() {
            let Steering::Checks { watches, borrows, watches_writer, .. } = door.steering else { continue };
            let cut = self.failing.down(GLOBAL, Component::Link);
            let strained = cut || self.failing.seen(GLOBAL, Components::of(&[Component::Link]));
            for (region, borrowed) in borrows.into_iter().enumerate().take(self.design.regions) {
                let no_writer = watches_writer && (!writable || cut && region != self.database.writer);
                let own = watches.without(borrowed).and(Components::of(&[Component::Checks]));
                let fails = self.failing.seen(region, own)
                    || !borrowed.is_empty() && (strained || self.failing.seen(1 - region, borrowed));
                let up = !no_writer && !fails;
                let Some(change) = self.doors[d].look(door, (region, up), keys, self.scheduler.now()) else { continue };
                let awaited = &mut self.doors[d].awaited_votes[region];
                if let Some(earlier) = awaited.take() {
                    self.scheduler.cancel(earlier);
                }
                let vote = Event::Vote { door: d as u8, region: region as u8 };
                *awaited = change.map(|at| self.scheduler.schedule_cancellable_at(at, vote));
            }
        }
    }

    fn vote(&mut self, door: u8, region: u8) {
        let (healthy, delay) = self.doors[usize::from(door)].vote(
            &self.design.doors[usize::from(door)],
            usize::from(region),
            self.scheduler.now(),
        );
        self.note(What::Verdict { region: usize::from(region), healthy });
        self.scheduler.schedule_in(delay, Event::Published { door, region });
        if !healthy && self.design.scale_out_when == ScaleOut::Detected {
            self.scale_out_others(usize::from(region));
        }
    }

    /// Regions that run at a share of their size start to grow once another is found to be down.
    fn scale_out_others(&mut self, failed: usize) {
        for region in 0..self.design.regions {
            if region != failed && self.regions.is_short(region) && self.growth[region] == Growth::Idle {
                self.scale_out(region);
            }
        }
    }

    fn scale_out(&mut self, region: usize) {
        if self.failing.down(region, Component::ControlPlane) {
            self.growth[region] = Growth::Blocked;
            self.note(What::ScaleOutBlocked { region });
            return;
        }
        self.growth[region] = Growth::UnderWay;
        let mut stream = self.stream(self.world.scale_out_streams[region], self.keys.outage);
        let delay = SimDuration::from_secs_f64(self.design.scale_out.sample(&mut stream));
        self.scheduler.schedule_in(delay, Event::ScaledOut(region as u8));
    }

    fn publish(&mut self, d: usize, region: usize) {
        let (now, door) = (self.scheduler.now(), &self.design.doors[d]);
        let awaits = self.awaits_writer(region);
        self.doors[d].publish(door, (region, awaits), now);
        self.note(What::Published { region });
        self.answers_changed(d);
    }

    fn point(&mut self, d: usize, region: usize) {
        let now = self.scheduler.now();
        self.doors[d].point_to(region, now);
        self.note(What::Pointed { region });
        self.answers_changed(d);
    }

    fn answers_changed(&mut self, d: usize) {
        self.traffic_changes();
        for p in 0..self.populations.len() {
            for cache in 0..self.doors[d].followers(p) {
                self.follow_answer(d, p, cache);
            }
            self.await_resolver(d, p);
        }
        self.evaluate();
    }

    /// Connections follow their answer, now or when they close; whether now.
    fn follow_answer(&mut self, d: usize, p: usize, cache: usize) -> bool {
        let (failing, keys) = (&self.failing, self.keys);
        let follows = self.doors[d].follow_answer(
            (p, cache),
            self.design.doors[d].linger.as_ref(),
            |region| !failing.down(region, Component::Api),
            || {
                let outage = keys.outage.wrapping_add((cache as u64) << 8 | d as u64);
                Keys { outage, ..keys }.stream(self.world.populations[p].connection_stream)
            },
        );
        if let Follows::In(delay) = follows {
            let closed = Event::Closed { door: d as u8, population: p as u16, cache: cache as u32 };
            self.scheduler.schedule_in(delay, closed);
        }
        follows == Follows::Now
    }

    /// Some bundles of a path turned. Others notice if that changes what regions carry, and once all have turned.
    fn traffic_moved(&mut self, d: usize, p: usize) {
        self.traffic_changes();
        if self.carried_stays && self.doors[d].paths[p].awaits() {
            self.evaluate_population(p);
        } else {
            self.evaluate();
        }
    }

    fn follow(&mut self, step: Step) {
        if self.database.phase == Phase::Promoting {
            self.fence();
        }
        if let Step::After(delay) = step {
            self.scheduler.schedule_in(delay, Event::Database { attempt: self.database.attempt });
        }
    }

    fn database_moves(&mut self, outages: &Outages) {
        let now = self.scheduler.now();
        let was = self.database.phase;
        self.follow_rebuild();
        let step = self.database.timer(self.promotable(self.database.survivor()));
        self.follow(step);
        match was {
            Phase::Undetected => {
                self.milestones.detected.get_or_insert(now);
                self.note(What::WriterMissed);
            }
            Phase::Undecided => {
                self.milestones.decided.get_or_insert(now);
                let blocked = self.database.phase == Phase::NoSurvivor;
                if blocked {
                    self.count_exposure();
                }
                self.note(if blocked { What::PromotionBlocked } else { What::Decided });
                if self.design.scale_out_when == ScaleOut::Decided {
                    self.scale_out_others(self.database.writer);
                }
            }
            Phase::Promoting => {
                self.milestones.promoted.get_or_insert(now);
                self.note(What::Promoted { region: self.database.writer });
                self.exercised = Some(now);
                self.promotions.0 += 1;
                self.promotions.1 += u32::from(self.database.failed_at_first());
                self.cut_rows(outages);
                self.begin_rebuild();
                self.change_records();
            }
            Phase::Reconnecting => {
                self.milestones.reconnected.get_or_insert(now);
                self.note(What::Reconnected);
            }
            Phase::Settled | Phase::NoSurvivor => {}
        }
        self.look(self.database_outage[self.database.survivor()]);
        self.evaluate();
    }

    /// What the incident was; `None` if it harmed nobody and moved nothing.
    fn finish(&mut self) -> Option<Incident> {
        self.note_who_stays_away();
        let onset = self.onset?;
        let mut effects = Vec::with_capacity(OPERATIONS * self.populations.len());
        for (population, state) in self.populations.iter().enumerate() {
            state.effects(population, onset, &mut effects);
        }
        Some(Incident {
            onset,
            cause: self.cause,
            outages: self.outages,
            regions: self.failed_in_incident,
            objects: self.objects[0],
            objects_cut: self.objects_cut,
            no_survivor: self.no_survivor,
            rows: self.rows,
            rows_cut: self.rows_cut,
            salvaged_after: self.fates.salvaged_after,
            needed: self.loads.needed(&self.design.limits),
            promotions: self.promotions,
            needless: self.fates.needless,
            stalled: self.fates.stalled_for,
            kept_home: self.kept_home,
            uploads_cut: self.uploads_cut,
            returned: self.take_returned(),
            stale: self.populations.iter().map(|p| p.stale).sum(),
            effects,
        })
    }

    /// The milestones of the two branches, as a population's operation sees them; `None`: it does not need the branch.
    fn branches(&self, p: usize, operation: Operation) -> (Option<[Milestone; 5]>, Option<[Milestone; 4]>) {
        let m = self.milestones;
        let d = self.design.door_of[operation as usize];
        let (door, path) = (&self.doors[d], &self.doors[d].paths[p]);
        let home = self.design.doors[d].preference[p][0];
        // Health checks need no decision and wait for no database.
        let (detected, decided, promoted) = match self.design.doors[d].steering {
            Steering::Runbook { .. } => (m.detected, m.decided, m.promoted),
            _ => {
                let by_hand = self.by_hand[home];
                let detected = earlier(door.detected[home], by_hand.alarm.filter(|_| by_hand.decided.is_some()));
                let decided = earlier(door.detected[home], by_hand.decided);
                (detected, decided, decided)
            }
        };
        let traffic = [
            (Part::Undetected, detected),
            (Part::Undecided, decided),
            (Part::Promoting, promoted),
            (Part::Routing, path.routed),
            (Part::Draining, path.drained),
        ];
        let database = [
            (Part::Undetected, m.detected),
            (Part::Undecided, m.decided),
            (Part::Promoting, m.promoted),
            (Part::Reconnecting, m.reconnected),
        ];
        let needs_traffic = self.failed_in_incident & (1 << home) != 0;
        let needs_database = operation.needs_writer() && m.lost && !self.world.populations[p].rows_kept_home;
        (needs_traffic.then_some(traffic), needs_database.then_some(database))
    }
}

/// Effects of an outage that strike a design's regions or what belongs to none, with their numbers.
fn here<'a>(
    outage: &Outage,
    outages: &'a Outages,
    design: &Design,
) -> impl Iterator<Item = (u32, outage::Effect)> + use<'a> {
    let regions = design.regions;
    let all = Outages::numbers(outage).map(|number| (number, outages.effect(number)));
    all.filter(move |(_, effect)| effect.place == GLOBAL || effect.place < regions)
}

fn earlier(a: Option<SimTime>, b: Option<SimTime>) -> Option<SimTime> {
    a.map_or(b, |a| Some(b.map_or(a, |b| a.min(b))))
}

/// What ends at which milestone, if it was reached.
type Milestone = (Part, Option<SimTime>);
