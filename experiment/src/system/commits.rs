//! Commits that wait for the replica: a cap on how far it may be behind (`rds.global_db_rpo`, Aurora for Postgres only)
//! turns a link that is down into a writer that accepts nothing, until replication goes on or people lift the cap.
//!
//! Assumed: the cap is set for the first writer only, as AWS advises for two regions (in the other region it would stall
//! commits right after a failover); once copies get on again, the replica is within the cap at once; the canary knows a
//! stalled commit from a dead writer.

use super::trace::What;
use super::{Event, System};
use drsim_models::outage::{Component, GLOBAL};
use drsim_sim::time::SimDuration;

impl System<'_> {
    /// Replication stops or goes on.
    pub(super) fn follow_replication(&mut self) {
        let Some(cap) = &self.design.replica.cap else { return };
        let (writer, other) = (self.database.writer, 1 - self.database.writer);
        if self.design.failover.is_none() || writer != 0 {
            return;
        }
        let parted = self.failing.down(GLOBAL, Component::Link)
            || self.failing.down(writer, Component::Replication)
            || self.failing.down(other, Component::Database);
        let paused = self.fates.pause % 2 == 1;
        if parted == paused {
            return;
        }
        self.fates.pause += 1;
        if parted {
            let behind = self.design.replica.lag.mean().min(cap.most.as_secs_f64());
            let left = cap.most.saturating_sub(SimDuration::from_secs_f64(behind));
            self.scheduler.schedule_in(left, Event::CommitsStall { pause: self.fates.pause });
        } else {
            self.commits_go_on();
        }
    }

    /// The replica is as far behind as it may be.
    pub(super) fn commits_stall(&mut self, pause: u32) {
        let writer_down = self.failing.down(self.database.writer, Component::Database);
        if pause != self.fates.pause || self.fates.lifted || writer_down || self.database.writer != 0 {
            return;
        }
        let Some(cap) = &self.design.replica.cap else { return };
        let now = self.scheduler.now();
        self.fates.stalled = Some(now);
        let mut stream = self.stream(self.world.fencing_stream, self.keys.outage ^ 2);
        let lifted = SimDuration::from_secs_f64(cap.lifted.sample(&mut stream));
        self.scheduler.schedule_in(lifted, Event::CapLifted { pause });
        self.note(What::Stalled { stalled: true });
        self.evaluate();
    }

    /// People decide that commits need not wait.
    pub(super) fn cap_lifted(&mut self, pause: u32) {
        if pause == self.fates.pause && self.fates.stalled.is_some() {
            self.fates.lifted = true;
            self.commits_go_on();
            self.evaluate();
        }
    }

    fn commits_go_on(&mut self) {
        if let Some(since) = self.fates.stalled.take() {
            self.fates.stalled_for += self.scheduler.now() - since;
            self.note(What::Stalled { stalled: false });
        }
    }
}
