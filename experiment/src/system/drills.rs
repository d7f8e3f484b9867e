//! Drills that get stuck: the only ones that are simulated, since the others cost what arithmetic says.

use super::trace::What;
use super::{Event, System};
use drsim_models::outage::Cause;
use drsim_models::readiness::StuckDrill;

impl System<'_> {
    /// A year begins: where its drills fall, and those of them that get stuck.
    pub(super) fn drills_at_new_year(&mut self) -> Vec<StuckDrill> {
        let stuck = self.design.drills.as_ref().filter(|drills| drills.stuck > 0.0);
        if self.design.latent_faults.is_some() || stuck.is_some() {
            self.drill_phase = self.stream(self.world.drill_stream, u64::MAX).uniform();
        }
        let Some(drills) = stuck else { return Vec::new() };
        drills.stuck_in_year(self.drill_phase, |ordinal| self.stream(self.world.stuck_stream, ordinal))
    }

    /// The writer has left its region and does not arrive.
    pub(super) fn drill_gets_stuck(&mut self, drill: StuckDrill) {
        (self.onset, self.cause) = (Some(drill.at), Cause::Drill);
        self.milestones.lost = true;
        self.drill_is_stuck = true;
        self.note(What::Drill { stuck: true });
        self.scheduler.schedule_in(drill.repair, Event::DrillOver);
        self.look(self.keys.outage);
        self.evaluate();
    }

    /// People have finished it.
    pub(super) fn drill_is_over(&mut self) {
        self.drill_is_stuck = false;
        self.note(What::Drill { stuck: false });
        self.look(self.keys.outage);
        self.evaluate();
    }
}
