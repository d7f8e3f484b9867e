//! The loop: take the next event, move the clock, handle it.

use crate::future_event_list::Scheduler;
use crate::time::SimTime;

/// A model: its state, and what each of its events does to it.
pub trait Model {
    /// What can happen, usually an enum.
    type Event;

    /// Handles one event at the instant `scheduler.now()`, and schedules what follows from it.
    fn handle(&mut self, event: Self::Event, scheduler: &mut Scheduler<Self::Event>);
}

/// Runs until no event is left. Returns the number of events handled.
pub fn run<M: Model>(model: &mut M, scheduler: &mut Scheduler<M::Event>) -> u64 {
    let mut handled = 0;
    while let Some(event) = scheduler.next_event() {
        model.handle(event, scheduler);
        handled += 1;
    }
    handled
}

/// Runs every event before or at `end`, then sets the clock to `end`; later events stay pending. Returns the number of
/// events handled.
pub fn run_until<M: Model>(model: &mut M, scheduler: &mut Scheduler<M::Event>, end: SimTime) -> u64 {
    let mut handled = 0;
    while let Some(event) = scheduler.next_event_until(end) {
        model.handle(event, scheduler);
        handled += 1;
    }
    scheduler.advance_to(end);
    handled
}
