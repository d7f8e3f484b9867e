//! The loop and its clock.

use drsim_sim::{Model, Scheduler, SimDuration, SimTime, run, run_until};

#[test]
fn ties_come_out_in_scheduling_order_and_cancelled_events_not_at_all() {
    let mut scheduler = Scheduler::new(SimTime::from_nanos(-10));
    scheduler.schedule_at(SimTime::from_nanos(5), 'a');
    let b = scheduler.schedule_cancellable_at(SimTime::from_nanos(1), 'b');
    scheduler.schedule_at(SimTime::from_nanos(5), 'c');
    scheduler.schedule_in(SimDuration::MAX, 'd');
    assert_eq!(scheduler.len(), 3);
    assert!(scheduler.cancel(b));
    assert!(!scheduler.cancel(b));
    assert_eq!(scheduler.peek_time(), Some(SimTime::from_nanos(5)));
    assert_eq!((scheduler.next_event(), scheduler.next_event(), scheduler.next_event()), (Some('a'), Some('c'), None));
    assert_eq!(scheduler.now(), SimTime::from_nanos(5));
    scheduler.reset(SimTime::ZERO);
    assert_eq!((scheduler.now(), scheduler.len()), (SimTime::ZERO, 0));
}

struct Ticks(u32);

impl Model for Ticks {
    type Event = ();
    fn handle(&mut self, (): (), scheduler: &mut Scheduler<()>) {
        self.0 += 1;
        if self.0 < 10 {
            scheduler.schedule_in(SimDuration::from_secs(1), ());
        }
    }
}

#[test]
fn running_until_an_instant_leaves_later_events_pending() {
    let (mut model, mut scheduler) = (Ticks(0), Scheduler::new(SimTime::ZERO));
    scheduler.schedule_at(SimTime::ZERO, ());
    assert_eq!(run_until(&mut model, &mut scheduler, SimTime::from_secs_f64(3.5)), 4);
    assert_eq!(scheduler.now(), SimTime::from_secs_f64(3.5));
    assert_eq!(run(&mut model, &mut scheduler), 6);
}
