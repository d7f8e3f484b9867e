//! What a cut costs: the moment that fixes what a survivor holds of rows and files, and what it lacks.

use super::System;
use super::fates::{has, pauses};
use super::front_door::Keys;
use super::trace::What;
use crate::model::Copy;
use drsim_models::aurora::{RowsLost, rows_lost};
use drsim_models::object_copy::{AtRisk, Source, service as service_copy};
use drsim_models::outage::{Component, Effect, GLOBAL, Outage, Outages, YEAR_END};
use drsim_models::pace::Pace;
use drsim_models::traffic::{HourlyShape, Operation, Uploads, hour_of};
use drsim_sim::time::{SimDuration, SimTime};

/// What nobody else holds, or a backlog that grows without end.
const UNBOUNDED: AtRisk = AtRisk {
    window: SimDuration::MAX,
    files: 0,
    bytes: drsim_models::units::Bytes(0),
    orphaned: 0,
    deleted_back: 0,
    destroyed: 0,
};

impl System<'_> {
    /// Rows written per second by everybody at an instant.
    pub(super) fn writes_per_second(&self, at: SimTime) -> f64 {
        let hour = hour_of(at);
        self.world.populations.iter().map(|p| p.writes_per_second() * p.shape.at_hour(hour)).sum()
    }

    /// A promotion fixes what the survivor holds.
    pub(super) fn cut_rows(&mut self, outages: &Outages) {
        self.rows_cut = true;
        let (old, until) = (self.database.survivor(), self.accepted_until());
        let outage = self.database_outage[old];
        let behind = self.rows_behind(outages, old, until);
        let mut rows = self.stream(self.world.rows_stream, outage);
        if let Some(mut lost) = rows_lost(behind, self.writes_per_second(until), &mut rows) {
            // What was on the old volume is found there, unless the volume is gone.
            if self.design.replica.salvaged > 0.0
                && !self.files_gone(old)
                && rows.uniform() < self.design.replica.salvaged
            {
                lost.salvaged = lost.rows;
            }
            self.lose_rows(lost);
        }
        self.promoted();
    }

    /// Corrupted data is replaced by the last restore point before the damage: what was written since is gone.
    pub(super) fn restore_rows(&mut self, outage: &Outage) {
        if std::mem::replace(&mut self.rows_cut, true) {
            return; // the other region's copy of the same damage
        }
        let backups = &self.world.backups;
        let mut stream = self.stream(self.world.backup_stream, outage.id.0);
        let undetected = self.scheduler.now() - outage.onset;
        let age = SimDuration::from_secs_f64(backups.restore_point_age.sample(&mut stream));
        let window = if undetected > backups.retention { SimDuration::MAX } else { undetected + age };
        let seconds = window.as_secs_f64().min(1e9);
        let mean = self.writes_per_second(outage.onset) * seconds;
        self.lose_rows(RowsLost { window, rows: stream.poisson(mean), ..RowsLost::default() });
    }

    pub(super) fn lose_rows(&mut self, lost: RowsLost) {
        self.note(What::RowsLost { window: lost.window, rows: lost.rows });
        let before = self.rows.get_or_insert_default();
        before.window = before.window.max(lost.window);
        before.rows += lost.rows;
        before.both_sides += lost.both_sides;
        before.salvaged += lost.salvaged;
    }

    /// Uploads under way to a region when its bucket is lost, by Little's law.
    pub(super) fn cut_uploads(&mut self, region: usize) {
        let (now, o) = (self.scheduler.now(), Operation::Upload as usize);
        if !(SimTime::ZERO..YEAR_END).contains(&now) {
            return; // another year's
        }
        let door = &self.doors[self.design.door_of[o]];
        for (p, population) in self.world.populations.iter().enumerate() {
            let hour = hour_of(now);
            let at_one = door.paths[p].traffic(region) * population.per_second[o] * self.world.upload_seconds;
            let under_way = at_one * population.shape.at_hour(hour);
            let worth = population.worth.as_ref().map_or(under_way, |worth| at_one * worth.at_hour(hour));
            self.populations[p].uploads_cut([under_way, worth]);
            self.uploads_cut += under_way;
        }
    }

    /// A region stops acknowledging uploads; what does the other one lack?
    pub(super) fn cut_objects(&mut self, region: usize, common: bool, outages: &Outages) {
        let now = self.scheduler.now();
        let gone = self.files_gone(region);
        let holds = |r: usize| r != region && !self.failing.down(r, Component::Objects);
        let survives = !common && (0..self.design.regions).any(holds);
        if !survives {
            if gone {
                self.lose_all_files();
            } else {
                self.no_survivor = true;
            }
            return;
        }
        if self.copies.iter().all(Option::is_none) {
            return;
        }
        let door = &self.doors[self.design.door_of[Operation::Upload as usize]];
        let there = |p: &usize| door.paths[*p].traffic(region) >= 0.5;
        let here = || (0..self.populations.len()).filter(there).map(|p| &self.world.populations[p]);
        let kept = here().any(|p| p.kept_home);
        self.kept_home |= kept;
        let uploads: Vec<_> = here().filter(|p| !p.kept_home).map(|p| (&p.uploads, &*p.shape)).collect();
        if gone && kept {
            self.lose_all_files(); // nobody else may hold them
            return;
        }
        if uploads.is_empty() && kept {
            return; // nothing there was to be copied: it returns with its region
        }
        self.objects_cut = true;
        let Keys { seed, replication, .. } = self.keys;
        let still = |effect: &Effect| {
            effect.failing >= 1.0
                && match effect.place {
                    GLOBAL => has(effect, Component::Link),
                    // While a region's own store is down nobody uploads to it: what waits there does not grow.
                    place if place == region => has(effect, Component::Replication) && !has(effect, Component::Objects),
                    _ => has(effect, Component::Objects),
                }
        };
        let mut pieces = pauses(outages, now, self.design.regions, still);
        let pace = Pace::new(&pieces);
        let slow_pace = self.world.slowdowns.as_ref().map(|slowdowns| {
            pieces.extend(slowdowns.before(self.keys.seed, self.keys.replication, now));
            Pace::new(&pieces)
        });
        // The survivor has all rows where the writer did not fail, and those it had received where it did.
        let lost = self.database.writer == region && self.design.failover.is_some();
        let rows_until = if lost { now - self.rows_behind(outages, region, now) } else { now };
        let source = Source { seed, replication, uploads: &uploads, size: &self.world.size, pace: &pace, rows_until };
        for k in 0..self.copies.len() {
            let Some(copy) = self.copies[k] else { continue };
            let mut found = match copy {
                Copy::Service { delay, pool } => {
                    let source = Source { pace: slow_pace.as_ref().unwrap_or(&pace), ..source };
                    let pool = pool.as_ref().map(|regions| &regions[region]);
                    match pool {
                        None => service_copy::at_risk(&source, delay, None, now),
                        Some(Ok(pool)) => {
                            let waiting = pool.at_risk(&source, now, &mut self.link.borrow_mut());
                            let since = (waiting.files > 0).then(|| now - waiting.window);
                            service_copy::at_risk(&source, delay, since, now)
                        }
                        Some(Err(_)) => UNBOUNDED,
                    }
                }
                Copy::Link { regions } => match &regions[region] {
                    Ok(link) => link.at_risk(&source, now, &mut self.link.borrow_mut()),
                    Err(_) => UNBOUNDED,
                },
            };
            found.deleted_back = self.deleted_back(&uploads, copy, found.window);
            if found.window > SimDuration::ZERO || found.deleted_back > 0 {
                if k == 0 {
                    self.note(What::FilesAtRisk { window: found.window, files: found.files });
                }
                let before = self.objects[k].get_or_insert(AtRisk::default());
                before.window = before.window.max(found.window);
                before.files += found.files;
                before.bytes.0 += found.bytes.0;
                before.orphaned += found.orphaned;
                before.deleted_back += found.deleted_back;
                before.destroyed += if gone { found.files } else { 0 };
            }
        }
    }

    /// Files of some uploaders that users deleted and the survivor still shows: deletions under way where they are
    /// copied (as long as a copy takes, or waits in the queue), otherwise all of the simulated year.
    fn deleted_back(&self, uploads: &[(&Uploads, &HourlyShape)], copy: &Copy, window: SimDuration) -> u64 {
        let (deletes, copied) = self.world.deletes;
        if deletes == 0.0 || window.is_max() {
            return 0;
        }
        let now = self.scheduler.now();
        let sum = |of: &dyn Fn(&HourlyShape) -> f64| uploads.iter().map(|(u, s)| u.per_second * of(s)).sum::<f64>();
        let mean = match copy {
            _ if !copied => sum(&|shape| shape.cumulative(now.max(SimTime::ZERO)) - shape.cumulative(SimTime::ZERO)),
            Copy::Service { delay, .. } => sum(&|shape| shape.at_hour(hour_of(now))) * delay.mean(),
            Copy::Link { .. } => sum(&|shape| shape.at_hour(hour_of(now))) * window.as_secs_f64(),
        };
        self.stream(self.world.deletes_stream, self.keys.outage).poisson(deletes * mean)
    }

    /// Files that nobody else holds are destroyed: no window says how much that is.
    fn lose_all_files(&mut self) {
        self.objects_cut = true;
        for found in &mut self.objects {
            found.get_or_insert_default().window = SimDuration::MAX;
        }
    }
}
