//! What a cut costs: the moment that fixes what a survivor holds of rows and files, and what it lacks.

use super::System;
use super::fates::{has, pauses};
use super::front_door::Keys;
use super::trace::What;
use crate::model::{Copy, PopulationModel};
use drsim_models::aurora::{RowsLost, rows_lost};
use drsim_models::fate::Lacking;
use drsim_models::object_copy::{AtRisk, Source, link, service as service_copy};
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
    rowless: 0,
    lost: NOTHING,
    unavailable: NOTHING,
};

const NOTHING: Lacking = Lacking { window: SimDuration::ZERO, items: 0 };

/// Files that are on their way out of a region, copied by a link or, as the second source has it, by the service.
pub(crate) fn under_way(
    copy: &Copy,
    (by_link, by_service): (&Source<'_>, &Source<'_>),
    region: usize,
    at: SimTime,
    scratch: &mut link::Scratch,
) -> AtRisk {
    match copy {
        Copy::Service { delay, pool } => match pool.as_ref().map(|regions| &regions[region]) {
            None => service_copy::at_risk(by_service, delay, None, at),
            Some(Ok(pool)) => {
                let waiting = pool.at_risk(by_service, at, scratch);
                let since = (waiting.files > 0).then(|| at - waiting.window);
                service_copy::at_risk(by_service, delay, since, at)
            }
            Some(Err(_)) => UNBOUNDED,
        },
        Copy::Link { regions } => match &regions[region] {
            Ok(link) => link.at_risk(by_link, at, scratch),
            Err(_) => UNBOUNDED,
        },
    }
}

impl System<'_> {
    /// Rows written per second at an instant by everybody whose rows are copied.
    pub(super) fn writes_per_second(&self, at: SimTime) -> f64 {
        self.writes_of(at, |population| !population.rows_kept_home)
    }

    fn writes_of(&self, at: SimTime, which: impl Fn(&PopulationModel) -> bool) -> f64 {
        let hour = hour_of(at);
        let those = self.world.populations.iter().filter(|population| which(population));
        those.map(|p| p.writes_per_second() * p.shape.at_hour(hour)).sum()
    }

    /// Whether anybody's rows lie in a region's database and nowhere else while the others' are copied.
    pub(super) fn rows_apart(&self, region: usize) -> bool {
        let mut populations = self.world.populations.iter().enumerate();
        self.design.regions > 1
            && populations.any(|(p, population)| population.rows_kept_home && self.home(p, Operation::Write) == region)
    }

    /// A promotion fixes what the survivor holds.
    pub(super) fn cut_rows(&mut self, outages: &Outages) {
        self.rows_cut = true;
        let (old, until) = (self.database.survivor(), self.accepted_until());
        let outage = self.database_outage[old];
        let behind = self.rows_behind(outages, old, until, outage);
        let mut rows = self.stream(self.world.rows_stream, outage);
        if let Some(lost) = rows_lost(behind, self.writes_per_second(until), &mut rows) {
            let salvaged = self.salvages(old, &mut rows);
            self.lose_rows(RowsLost::of(lost.window, lost.rows, salvaged));
        }
        self.find_files_without_row((until - behind, until), old);
        self.promoted();
    }

    /// Files of the time of which rows were lost with the writer, as far as the survivor has them: all that were sent to
    /// it, and those of the old region that were copied, or will be because its bucket goes on.
    fn find_files_without_row(&mut self, (from, until): (SimTime, SimTime), old: usize) {
        if from >= until {
            return;
        }
        let counted = self.fates.newer.iter().any(Option::is_some);
        let mut sent = [0; 2];
        for (p, population) in self.world.populations.iter().enumerate() {
            let home = self.home(p, Operation::Upload);
            if population.rows_kept_home || (population.files_kept_home && home == old) {
                continue;
            }
            sent[usize::from(home == old)] += if home == old && counted {
                self.files_between(population, from, until)
            } else {
                // Of these none has been counted: any that come at their rate.
                let shape = &population.shape;
                let mean = population.uploads.per_second * (shape.cumulative(until) - shape.cumulative(from));
                let mut stream = self.stream(population.unmatched_stream, self.database_outage[old]);
                let batch = u64::from(population.uploads.batch);
                batch * stream.poisson(mean / batch as f64)
            };
        }
        for k in 0..self.copies.len() {
            let lack = self.fates.newer.get(k).copied().flatten().unwrap_or(0);
            let copied = if self.copies[k].is_some() { sent[1].saturating_sub(lack) } else { 0 };
            if sent[0] + copied > 0 {
                self.objects[k].get_or_insert_default().rowless += sent[0] + copied;
            }
        }
    }

    /// Files that a population uploads after one instant and up to another.
    fn files_between(&self, population: &PopulationModel, from: SimTime, until: SimTime) -> u64 {
        let Keys { seed, replication, .. } = self.keys;
        let files = |hour| population.uploads.in_hour(seed, replication, hour, &population.shape);
        (hour_of(from)..=hour_of(until)).flat_map(files).filter(|file| from < file.at && file.at <= until).count()
            as u64
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
        // Beyond the retention nobody knows how much; what was written since is gone in any case.
        let since = undetected + age;
        let window = if undetected > backups.retention { SimDuration::MAX } else { since };
        let mean = self.writes_of(outage.onset, |_| true) * since.as_secs_f64();
        self.lose_rows(RowsLost::of(window, stream.poisson(mean), false));
    }

    pub(super) fn lose_rows(&mut self, lost: RowsLost) {
        self.note(What::RowsLost { window: lost.window, rows: lost.rows });
        self.rows.get_or_insert_default().also(&lost);
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
    pub(super) fn cut_objects(&mut self, region: usize, outage: &Outage, outages: &Outages) {
        let now = self.scheduler.now();
        let gone = self.files_gone(region);
        let holds = |r: usize| r != region && !self.failing.down(r, Component::Objects);
        let survives = !outage.common && (0..self.design.regions).any(holds);
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
        let kept = here().any(|p| p.files_kept_home);
        self.kept_home[0] |= kept;
        let uploads: Vec<_> = here().filter(|p| !p.files_kept_home).map(|p| (&p.uploads, &*p.shape)).collect();
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
        // The survivor has all rows where the writer does not fail, and those it had received where it does.
        let lost = self.database.writer == region && self.design.failover.is_some();
        let rows_until = match self.writer_fails(region, outage, outages).filter(|_| lost) {
            Some((until, draw)) => now.min(until - self.rows_behind(outages, region, until, draw)),
            None => now,
        };
        if rows_until < now {
            self.fates.newer.clear();
            self.fates.newer.resize(self.copies.len(), None);
        }
        let source = Source { seed, replication, uploads: &uploads, size: &self.world.size, pace: &pace, rows_until };
        for k in 0..self.copies.len() {
            let Some(copy) = self.copies[k] else { continue };
            let by_service = Source { pace: slow_pace.as_ref().unwrap_or(&pace), ..source };
            let mut found = under_way(copy, (&source, &by_service), region, now, &mut self.link.borrow_mut());
            found.deleted_back = self.deleted_back(&uploads, copy, found.window);
            if found.window > SimDuration::ZERO || found.deleted_back > 0 {
                if k == 0 {
                    self.note(What::FilesAtRisk { window: found.window, files: found.files });
                }
                self.objects[k].get_or_insert_default().also(&found, gone);
            }
            if let Some(newer) = self.fates.newer.get_mut(k).filter(|_| rows_until < now) {
                *newer = Some(found.files - found.orphaned);
            }
        }
    }

    /// Until when a region's database accepts rows, and the outage that ends it; `None`: it goes on.
    fn writer_fails(&self, region: usize, outage: &Outage, outages: &Outages) -> Option<(SimTime, u64)> {
        if !self.database_up[region] {
            return Some((self.accepted_until(), self.database_outage[region]));
        }
        let down =
            |effect: &&Effect| effect.place == region && has(effect, Component::Database) && effect.failing >= 1.0;
        let first = outages.effects(outage).iter().filter(down).map(|effect| effect.from).min()?;
        Some((first.max(self.scheduler.now()), outage.id.0))
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
            let found = found.get_or_insert_default();
            found.window = SimDuration::MAX;
            found.lost.window = SimDuration::MAX;
        }
    }
}
