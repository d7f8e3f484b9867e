//! The way back: after a promotion the old region is rebuilt, and in a quiet, allowed hour the writer returns to it.
//!
//! Between the end of an incident and the return nothing happens, so it is one event, however long it takes. An outage
//! that comes first is an incident of its own: it starts with the writer where it is, and the old region as far as it has
//! been rebuilt. The write gap of the return belongs to the incident before it: downtime, but nothing to recover from.
//!
//! Traffic returns once its region is healthy, and its writes are forwarded until the writer is back there; or, if the
//! writer goes first, those who left stay away until then. Which of the two sends more requests across is counted.

use super::service::clip;
use super::trace::What;
use super::{Event, System};
use drsim_models::failback::Rebuild;
use drsim_models::outage::{Component, Components, GLOBAL};
use drsim_models::traffic::Operation;
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// What the way back took of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Returns of the writer.
    pub failbacks: u32,
    /// Nobody could write because of them.
    pub gap: SimDuration,
    /// The database had no second copy.
    pub unprotected: SimDuration,
    /// Losses of the writer meanwhile.
    pub exposed: u32,
    /// Returns of traffic to a region that was lost again in the same incident.
    pub relapses: u32,
    /// Writes that reached another region than the writer's while it was abroad.
    pub forwarded: f64,
    /// Requests that reached another region than their own meanwhile.
    pub guests: f64,
}

/// Where the way back stands; lasts from incident to incident.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Back {
    /// The region that was promoted away from.
    rebuild: Option<Rebuild>,
    /// The outage that it was lost to: names the draws.
    outage: u64,
    /// Since when nothing fails.
    well_since: SimTime,
    /// Whether all that goes wrong is planned: the writer returns, or has just done so, and nothing failed since.
    planned: bool,
    /// Since when the writer is on its way; nobody writes.
    returning_since: Option<SimTime>,
    /// Counts returns, so that the end of one that was given up is recognised.
    attempt: u32,
    /// Up to when requests that go across have been counted.
    counted: SimTime,
    /// The region that traffic was kept away from when the last incident ended.
    kept_away: Option<usize>,
    /// What it took so far.
    pub(super) returned: Returned,
}

impl System<'_> {
    /// A year begins: all well.
    pub(super) fn back_at_new_year(&mut self) {
        self.back = Back::default();
    }

    /// An incident begins while the writer may still be elsewhere.
    pub(super) fn begin_away(&mut self) {
        self.back.planned = false;
        let Some(rebuild) = self.back.rebuild else { return };
        self.database.writer = 1 - rebuild.region;
        self.follow_rebuild();
    }

    /// Whether regions are still as an incident left them.
    pub(super) fn is_away(&self) -> bool {
        self.back.rebuild.is_some()
    }

    /// Whether traffic may not return to a region because the writer has not.
    pub(super) fn awaits_writer(&self, region: usize) -> bool {
        self.design.writer_first && self.back.rebuild.is_some_and(|rebuild| rebuild.region == region)
    }

    /// An incident is over: which region does traffic not go back to before the writer does?
    pub(super) fn note_who_stays_away(&mut self) {
        let waits = |region: &usize| self.awaits_writer(*region) && self.doors.iter().any(|d| d.keeps_away(*region));
        self.back.kept_away = (0..self.design.regions).find(waits);
    }

    /// That region, when the next incident begins.
    pub(super) fn kept_away(&self) -> Option<usize> {
        self.back.kept_away.filter(|_| self.is_away())
    }

    /// Counts what goes across while the writer is abroad, up to an instant, as traffic goes now.
    pub(super) fn count_across(&mut self, until: SimTime) {
        let (from, to) = (clip(self.back.counted), clip(until));
        self.back.counted = until;
        if to <= from || self.database.writer == 0 {
            return;
        }
        let writer = self.database.writer;
        for (p, population) in self.world.populations.iter().enumerate() {
            let passed = population.shape.cumulative(to) - population.shape.cumulative(from);
            for (o, operation) in Operation::ALL.into_iter().enumerate() {
                let d = self.design.door_of[o];
                let path = &self.doors[d].paths[p];
                let requests = passed * population.per_second[o];
                self.back.returned.guests += requests * (1.0 - path.traffic(self.design.doors[d].preference[p][0]));
                if operation.needs_writer() {
                    self.back.returned.forwarded += requests * (1.0 - path.traffic(writer));
                }
            }
        }
    }

    /// Up to when that is counted.
    pub(super) fn counted_across(&self) -> SimTime {
        self.back.counted
    }

    /// Some bundles of a path have turned since then, which will be counted as if they had all along: `missed` is the
    /// integral of the profile over the time before each turn \[s\], times their share.
    pub(super) fn count_across_before_moves(&mut self, (d, p): (usize, usize), to: usize, missed: f64) {
        let (door, writer) = (&self.design.doors[d], self.database.writer);
        if writer == 0 {
            return;
        }
        let leaves = |region: usize| if to == region { missed } else { -missed };
        for (o, operation) in Operation::ALL.into_iter().enumerate().filter(|(o, _)| self.design.door_of[*o] == d) {
            let per_second = self.world.populations[p].per_second[o];
            self.back.returned.guests += per_second * leaves(door.preference[p][0]);
            if operation.needs_writer() {
                self.back.returned.forwarded += per_second * leaves(writer);
            }
        }
    }

    /// The writer is back, or a region a copy again: traffic that waited for it may return.
    fn let_traffic_return(&mut self, region: usize) {
        for d in 0..self.doors.len() {
            if self.doors[d].keeps_away(region) && !self.by_hand[region].out {
                self.publish(d, region);
            }
        }
        if self.design.writer_first {
            self.put_back(region, self.by_hand[region].attempt);
        }
    }

    /// The region that records point to by hand, where it is not the first.
    pub(super) fn pointed_away(&self) -> Option<usize> {
        self.back.rebuild.map(|rebuild| 1 - rebuild.region).filter(|writer| *writer != 0)
    }

    /// The other region was promoted.
    pub(super) fn begin_rebuild(&mut self) {
        let Some(settings) = &self.design.failback else { return };
        let old = self.database.survivor();
        self.back.outage = self.database_outage[old];
        let draws = settings.draw(&mut self.stream(self.world.failback_stream, self.back.outage));
        let now = self.scheduler.now();
        (self.back.rebuild, self.back.counted) = (Some(Rebuild::new(old, now, draws)), now);
        self.follow_rebuild();
    }

    /// Takes note of what fails and of the time.
    pub(super) fn follow_rebuild(&mut self) {
        let now = self.scheduler.now();
        let Some(rebuild) = &mut self.back.rebuild else { return };
        let work = (0..2).all(|region| !self.failing.down(region, Component::Database));
        let (before, region) = (rebuild.is_built(), rebuild.region);
        let (from, to) = rebuild.follow(now, work);
        let built = rebuild.is_built() && !before;
        self.back.returned.unprotected += clip(to) - clip(from);
        if built {
            self.note(What::Rebuilt { region });
        }
        if !work {
            self.end_gap();
        }
    }

    /// Whether a region's database is a copy, or the writer.
    pub(super) fn is_copy(&self, region: usize) -> bool {
        self.back.rebuild.is_none_or(|rebuild| rebuild.region != region || rebuild.is_built())
    }

    /// Share of the reads of a region under rebuild that the writer answers instead.
    pub(super) fn read_elsewhere(&self, region: usize) -> f64 {
        if self.is_copy(region) {
            return 1.0;
        }
        let database = self.failing.through(self.database.writer, Components::of(&[Component::Database]));
        database * self.failing.through(GLOBAL, Components::of(&[Component::Link]))
    }

    /// The writer was lost and nobody can be promoted, because the old region is still being rebuilt.
    pub(super) fn count_exposure(&mut self) {
        let survivor = self.database.survivor();
        let now = self.scheduler.now();
        if self.database_up[survivor] && !self.is_copy(survivor) && clip(now) == now {
            self.back.returned.exposed += 1;
        }
    }

    /// Something starts to fail, or is repaired.
    pub(super) fn not_well(&mut self) {
        self.back.well_since = self.scheduler.now();
        self.back.planned = false;
    }

    /// Nothing happens any more: when does the writer return? An outage at `next` comes first.
    pub(super) fn return_of_the_writer(&mut self, next: Option<SimTime>) -> Option<SimTime> {
        let (settings, rebuild) = (self.design.failback.as_ref()?, self.back.rebuild?);
        let built = if rebuild.is_built() { Some(self.back.well_since) } else { rebuild.built_at() };
        let ready = built?.max(self.back.well_since + settings.stability).max(self.scheduler.now());
        // If the region under rebuild is the second, the writer is at home already.
        let at = if rebuild.region == 0 { settings.allowed_from(ready) } else { built?.max(self.scheduler.now()) };
        next.is_none_or(|onset| onset > at).then_some(at)
    }

    /// The writer starts to return.
    pub(super) fn fail_back(&mut self) {
        self.follow_rebuild();
        let (Some(rebuild), now) = (self.back.rebuild, self.scheduler.now()) else { return };
        if self.database.writer == 0 {
            self.back.rebuild = None; // it is at home already
            self.let_traffic_return(rebuild.region);
            return;
        }
        self.note(What::FailsBack { region: rebuild.region });
        (self.back.returning_since, self.back.planned) = (Some(now), true);
        self.back.attempt += 1;
        self.scheduler.schedule_in(rebuild.draws.gap, Event::FailedBack { attempt: self.back.attempt });
        if self.onset.is_none() {
            self.onset = Some(now); // what came between harmed nobody
        }
        self.look(self.back.outage);
        self.evaluate();
    }

    /// It is there.
    pub(super) fn failed_back(&mut self, attempt: u32) {
        let Some(rebuild) = self.back.rebuild.filter(|_| self.is_returning() && attempt == self.back.attempt) else {
            return;
        };
        self.back.rebuild = None;
        self.database.writer = rebuild.region;
        let now = self.scheduler.now();
        self.back.returned.failbacks += u32::from(clip(now) == now);
        self.end_gap();
        self.note(What::FailedBack { region: rebuild.region });
        self.change_records();
        self.let_traffic_return(rebuild.region);
        self.look(self.back.outage);
        self.evaluate();
    }

    /// Whether all that goes wrong is planned.
    pub(super) fn is_planned(&self) -> bool {
        self.back.planned
    }

    /// Whether nobody writes because the writer is on its way back.
    pub(super) fn is_returning(&self) -> bool {
        self.back.returning_since.is_some()
    }

    /// What the way back took since the last incident that counted it.
    pub(super) fn take_returned(&mut self) -> Returned {
        let relapses = self.doors.iter().map(|door| door.relapses).max().unwrap_or(0);
        Returned { relapses, ..std::mem::take(&mut self.back.returned) }
    }

    fn end_gap(&mut self) {
        if let Some(since) = self.back.returning_since.take() {
            self.back.returned.gap += clip(self.scheduler.now()) - clip(since);
        }
    }
}
