//! What becomes of data: kept or destroyed with their region, lost at a cut or there again when the region returns, and
//! rows that an old writer goes on accepting until it is fenced off.
//!
//! Assumed: an outage destroys all that a region's stores hold or nothing of it; a destroyed database comes back as a
//! copy of the other one; who writes to an old writer that is not fenced off is answered.

use super::trace::What;
use super::{Event, System};
use drsim_models::aurora::{Phase, RowsLost};
use drsim_models::outage::{Component, Components, Effect, GLOBAL, Outage, Outages};
use drsim_models::pace::Pace;
use drsim_models::replica::Draw;
use drsim_models::traffic::{Operation, hour_of};
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// An old writer that still accepts writes.
#[derive(Clone, Copy, Debug)]
struct Unfenced {
    region: usize,
    /// Up to when its rows are counted.
    counted: SimTime,
    /// When the promotion began.
    since: SimTime,
    /// Expected rows so far.
    rows: f64,
}

/// Rows that people will find on an old volume once they have it.
#[derive(Clone, Copy, Debug)]
struct Salvage {
    region: usize,
    /// When they were lost.
    cut: SimTime,
    /// From the volume's return until they are in the new one.
    takes: SimDuration,
}

/// What an incident does to data.
#[derive(Clone, Debug, Default)]
pub(super) struct Fates {
    /// Regions whose data were destroyed, by bit.
    destroyed: u8,
    /// When the old writer stopped accepting writes.
    stopped: Option<SimTime>,
    unfenced: Option<Unfenced>,
    /// Per way of copying: files newer than the rows that the survivor has and without a copy there, at the cut of the
    /// writer's region; `None`: its files were not cut.
    pub newer: Vec<Option<u64>>,
    salvage: Option<Salvage>,
    /// From the promotion until rows that were salvaged are there again.
    pub salvaged_after: Option<SimDuration>,
    /// Promotions away from a writer that worked.
    pub needless: u32,
    /// Since when commits wait for the replica.
    pub stalled: Option<SimTime>,
    /// How long they did.
    pub stalled_for: SimDuration,
    /// Whether the cap was lifted.
    pub lifted: bool,
    /// Counts pauses of replication, so that a timer of an earlier one is recognised.
    pub pause: u32,
}

impl Fates {
    /// An incident begins.
    pub fn begin(&mut self) {
        let mut newer = std::mem::take(&mut self.newer);
        newer.clear();
        *self = Self { newer, ..Self::default() };
    }
}

impl System<'_> {
    /// Whether a region's rows are gone while the other one's are not.
    pub(super) fn rows_gone(&self, region: usize) -> bool {
        self.fates.destroyed & (1 << region) != 0
            && self.design.failover.is_some()
            && self.fates.destroyed & (1 << (1 - region)) == 0
    }

    /// Whether a region's files are gone.
    pub(super) fn files_gone(&self, region: usize) -> bool {
        self.fates.destroyed & (1 << region) != 0
    }

    /// A store fails: do its data survive? What nobody else holds is lost without end.
    pub(super) fn decide_fate(&mut self, effect: Effect, outage: &Outage) {
        let stores = Components::of(&[Component::Objects, Component::Database]);
        let chance = self.world.destroys[outage.cause as usize];
        if chance == 0.0 || effect.failing < 1.0 || effect.hits.common(stores).is_empty() {
            return;
        }
        if self.stream(self.world.fate_stream, outage.id.0).uniform() >= chance {
            return;
        }
        if self.fates.destroyed & (1 << effect.place) == 0 {
            self.note(What::Destroyed { region: effect.place });
        }
        self.fates.destroyed |= 1 << effect.place;
        let everywhere = (0..self.design.regions).all(|r| self.files_gone(r));
        let alone = (self.design.failover.is_none() || everywhere) && self.database.writer == effect.place;
        if alone || self.rows_apart(effect.place) {
            self.rows_cut = true;
            self.lose_rows(RowsLost::of(SimDuration::MAX, 0, false));
        }
    }

    /// The database of a region is down, or back, for real: until when did the writer accept?
    pub(super) fn writer_stops(&mut self, region: usize, down: bool) {
        if region == self.database.writer && self.database.phase != Phase::Promoting {
            self.fates.stopped = if down { self.fates.stopped.or(Some(self.scheduler.now())) } else { None };
        }
    }

    /// A promotion starts: the old writer is fenced off, or goes on if it works.
    pub(super) fn fence(&mut self) {
        let now = self.scheduler.now();
        let region = self.database.writer;
        if self.fates.stopped.is_some() {
            return;
        }
        self.fates.stopped = Some(now);
        self.fates.needless += 1;
        let replica = &self.design.replica;
        if replica.fencing >= 1.0 {
            return;
        }
        let mut stream = self.stream(self.world.fencing_stream, self.database_outage[region]);
        let (chance, after) = (stream.uniform(), replica.fenced_after.sample(&mut stream));
        if chance >= replica.fencing {
            self.fates.unfenced = Some(Unfenced { region, counted: now, since: now, rows: 0.0 });
            self.note(What::Unfenced { region });
            self.scheduler.schedule_in(SimDuration::from_secs_f64(after), Event::Fenced);
        }
    }

    /// The new writer accepts: whatever befalls it is another story.
    pub(super) fn promoted(&mut self) {
        self.fates.stopped = None;
    }

    /// The region of an old writer that still accepts writes.
    pub(super) fn unfenced(&self) -> Option<usize> {
        self.fates.unfenced.map(|old| old.region)
    }

    /// Counts what an old writer accepts, up to now.
    pub(super) fn count_unfenced(&mut self) {
        let Some(mut old) = self.fates.unfenced else { return };
        let now = self.scheduler.now();
        let works = !self.failing.down(old.region, Component::Database);
        if works {
            let hour = hour_of(old.counted);
            let mut rate = 0.0;
            for (p, population) in self.world.populations.iter().enumerate().filter(|(_, p)| !p.rows_kept_home) {
                for operation in [Operation::Write, Operation::Upload] {
                    let door = &self.doors[self.design.door_of[operation as usize]];
                    let answered = self.regions.serves[old.region][operation as usize];
                    rate += door.paths[p].traffic(old.region)
                        * population.per_second[operation as usize]
                        * population.shape.at_hour(hour)
                        * answered;
                }
            }
            old.rows += rate * (now - old.counted).as_secs_f64();
        }
        old.counted = now;
        self.fates.unfenced = Some(old);
    }

    /// The old writer is fenced off at last: what it accepted since the promotion began is nowhere else.
    pub(super) fn fenced(&mut self) {
        let Some(old) = self.fates.unfenced.take() else { return };
        let mut stream = self.stream(self.world.fencing_stream, self.keys.outage ^ 1);
        let rows = stream.poisson(old.rows);
        let window = old.counted - old.since;
        if rows > 0 {
            self.lose_rows(RowsLost { both_sides: rows, ..RowsLost::of(window, rows, false) });
        }
        self.evaluate();
    }

    /// When the last row was accepted that the survivor could have had.
    pub(super) fn accepted_until(&self) -> SimTime {
        self.fates.stopped.unwrap_or(self.database.lost_at())
    }

    /// Whether rows lost on a volume will be found there, with this draw; if so, when.
    pub(super) fn salvages(&mut self, region: usize, rows: &mut RandomStream) -> bool {
        let replica = &self.design.replica;
        if replica.salvaged == 0.0 || self.files_gone(region) || rows.uniform() >= replica.salvaged {
            return false;
        }
        let takes = SimDuration::from_secs_f64(replica.salvaged_after.sample(rows));
        self.fates.salvage = Some(Salvage { region, cut: self.scheduler.now(), takes });
        self.follow_salvage();
        true
    }

    /// Is the old volume there?
    pub(super) fn follow_salvage(&mut self) {
        let down = |region| self.failing.down(region, Component::Database);
        let Some(Salvage { cut, takes, .. }) = self.fates.salvage.take_if(|salvage| !down(salvage.region)) else {
            return;
        };
        let after = self.scheduler.now() - cut + takes;
        self.fates.salvaged_after = self.fates.salvaged_after.max(Some(after));
    }

    /// How far the database elsewhere is behind the writer's region at an instant, by the draw of an outage.
    pub(super) fn rows_behind(&self, outages: &Outages, writer: usize, at: SimTime, outage: u64) -> SimDuration {
        let paused = |effect: &Effect| {
            effect.failing >= 1.0
                && match effect.place {
                    GLOBAL => has(effect, Component::Link),
                    // While the writer is down itself nobody writes: what waits there does not grow.
                    place if place == writer => {
                        has(effect, Component::Replication) && !has(effect, Component::Database)
                    }
                    _ => has(effect, Component::Database),
                }
        };
        let (seed, replication) = (self.keys.seed, self.keys.replication);
        let copied = self.world.populations.iter().filter(|population| !population.rows_kept_home);
        let mean: f64 = copied.map(crate::model::PopulationModel::writes_per_second).sum();
        let busy = if mean > 0.0 { self.writes_per_second(at) / mean } else { 1.0 };
        let draw = Draw { seed, replication, purpose: self.world.lag_stream, outage };
        let replica = &self.design.replica;
        let pace = Pace::new(&pauses(outages, at, self.design.regions, paused));
        let behind = replica.behind(at, busy, &pace, draw);
        if writer == 0 && !self.fates.lifted { replica.capped(behind) } else { behind }
    }
}

/// Whether an effect hits a component.
pub(super) fn has(effect: &Effect, component: Component) -> bool {
    !effect.hits.common(Components::of(&[component])).is_empty()
}

/// When something stood still, up to an instant.
pub(super) fn pauses(
    outages: &Outages,
    until: SimTime,
    regions: usize,
    paused: impl Fn(&Effect) -> bool,
) -> Vec<(SimTime, SimTime, f64)> {
    let reaches = |effect: &&Effect| effect.place < regions || effect.place == GLOBAL;
    let all = outages.all().iter().flat_map(|outage| outages.effects(outage));
    let pieces = all.filter(reaches).filter(|effect| effect.from < until && paused(effect));
    pieces.map(|effect| (effect.from, effect.until, 0.0)).collect()
}
