//! What people do by hand: decide late, point records, take a region out of the answers and put it back.
//!
//! A change of a front door calls a control plane, which lives in a region of its own: DNS records and the CDN in
//! us-east-1, the accelerator in us-west-2. While that is down the change waits; other doors go on.

use super::trace::What;
use super::{ByHand, Event, System};
use crate::model::Steering;
use drsim_models::outage::GLOBAL;
use drsim_models::traffic::hour_of;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

impl System<'_> {
    /// What night and hope add to a person's decision.
    pub(super) fn person_is_late(&self, alarm: SimTime, stream: &mut RandomStream) -> SimDuration {
        let on_call = &self.world.on_call;
        let night = on_call.night_extra.sample(stream) * on_call.night.at_hour(hour_of(alarm));
        SimDuration::from_secs_f64(night + on_call.patience.sample(stream))
    }

    /// People point the records that nothing else moves to the new writer's region.
    pub(super) fn change_records(&mut self) {
        self.runbook_waits = false;
        for (d, door) in self.design.doors.iter().enumerate() {
            if let Steering::Runbook { change } = &door.steering {
                if self.failing.down(GLOBAL, door.control) {
                    self.runbook_waits = true;
                    self.note(What::ChangeBlocked { control: door.control });
                    continue;
                }
                let mut stream = self.stream(self.world.runbook_stream, self.keys.outage);
                let delay = SimDuration::from_secs_f64(change.sample(&mut stream));
                let pointed = Event::Pointed { door: d as u8, region: self.database.writer as u8 };
                self.scheduler.schedule_in(delay, pointed);
            }
        }
    }

    /// A region's users are no longer served, or again: people follow.
    pub(super) fn region_changed(&mut self, region: usize, up: bool) {
        let Some(evacuation) = &self.design.evacuation else { return };
        let now = self.scheduler.now();
        self.by_hand[region].attempt += 1;
        if up {
            if self.by_hand[region].out {
                let put_back = Event::PutBack { region: region as u8, attempt: self.by_hand[region].attempt };
                self.scheduler.schedule_in(evacuation.stability, put_back);
            }
        } else if self.by_hand[region].alarm.is_none() {
            let mut stream = self.stream(self.world.evacuation_streams[region], self.keys.outage);
            let alarm = now + SimDuration::from_secs_f64(evacuation.alarm.sample(&mut stream));
            let decision = SimDuration::from_secs_f64(evacuation.decision.sample(&mut stream));
            self.by_hand[region].alarm = Some(alarm);
            let late = self.person_is_late(alarm, &mut stream);
            self.scheduler.schedule_at(alarm + decision + late, Event::Evacuate(region as u8));
        }
    }

    /// People decided; if the region still fails and another serves, they change what they can.
    pub(super) fn evacuate(&mut self, region: usize) {
        let others = (0..self.design.regions).any(|r| r != region && self.regions.up[r] && !self.by_hand[r].out);
        if self.regions.up[region] || !others || self.by_hand[region].out {
            self.by_hand[region].alarm = None; // the next failure is another alarm
            return;
        }
        self.by_hand[region].decided = Some(self.scheduler.now());
        self.note(What::Evacuates { region });
        self.change_by_hand(region, true);
    }

    /// People change every door, those that they can change at once.
    fn change_by_hand(&mut self, region: usize, out: bool) {
        self.by_hand[region].out = out;
        self.by_hand[region].waiting = (1 << self.doors.len()) - 1;
        self.change_waiting_doors(region);
    }

    /// Changes the doors that still wait for it and whose control plane answers. Who is well needs no way out any more.
    pub(super) fn change_waiting_doors(&mut self, region: usize) {
        let Some(evacuation) = &self.design.evacuation else { return };
        let all = (1 << self.doors.len()) - 1;
        let ByHand { waiting, out, .. } = self.by_hand[region];
        if out && self.regions.up[region] {
            self.by_hand[region].waiting = 0;
            if waiting == all {
                (self.by_hand[region].out, self.by_hand[region].alarm) = (false, None);
            }
            return;
        }
        for (d, door) in self.design.doors.iter().enumerate().filter(|(d, _)| waiting & (1 << d) != 0) {
            if self.failing.down(GLOBAL, door.control) {
                self.note(What::ChangeBlocked { control: door.control });
                continue;
            }
            self.by_hand[region].waiting &= !(1 << d);
            let mut stream = self.stream(self.world.runbook_stream, self.keys.outage);
            let delay = SimDuration::from_secs_f64(evacuation.change.sample(&mut stream));
            self.scheduler.schedule_in(delay, Event::TakenOut { door: d as u8, region: region as u8, out });
        }
    }

    pub(super) fn taken_out(&mut self, d: usize, region: usize, out: bool) {
        self.doors[d].take_out(region, out);
        self.publish(d, region);
    }

    pub(super) fn put_back(&mut self, region: usize, attempt: u32) {
        let waits = self.awaits_writer(region); // then its return brings them back
        if self.by_hand[region].attempt == attempt && self.by_hand[region].out && !waits {
            self.by_hand[region] = ByHand { attempt, ..ByHand::default() };
            self.change_by_hand(region, false);
        }
    }
}
