//! The event list against a sorted vector, under random operations.

use drsim_sim::{EventHandle, Scheduler, SimDuration, SimTime};
use proptest::prelude::*;

/// What the list promises, in the plainest way.
#[derive(Default)]
struct Twin {
    now: i64,
    /// (time, order of scheduling, payload), sorted.
    pending: Vec<(i64, u64, u32)>,
    scheduled: u64,
}

impl Twin {
    fn schedule(&mut self, time: i64, payload: u32) {
        let entry = (time, self.scheduled, payload);
        self.scheduled += 1;
        self.pending.insert(self.pending.partition_point(|e| *e < entry), entry);
    }

    fn withdraw(&mut self, payload: u32) -> bool {
        let found = self.pending.iter().position(|e| e.2 == payload);
        found.map(|i| self.pending.remove(i)).is_some()
    }

    fn next(&mut self, end: i64) -> Option<u32> {
        let due = self.pending.first().is_some_and(|e| e.0 <= end);
        due.then(|| {
            let (time, _, payload) = self.pending.remove(0);
            self.now = time;
            payload
        })
    }
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Schedule {
        delay: u16,
    },
    Never,
    Cancel {
        which: u16,
    },
    Reschedule {
        which: u16,
        delay: u16,
    },
    Next,
    NextUntil {
        delay: u16,
    },
    /// Take the earliest and schedule a successor, as handlers do.
    Hold {
        delay: u16,
    },
    Reset,
}

fn operation() -> impl Strategy<Value = Operation> {
    // Few different delays, so that ties are common.
    let delay = 0_u16..40;
    prop_oneof![
        8 => delay.clone().prop_map(|delay| Operation::Schedule { delay }),
        1 => Just(Operation::Never),
        4 => any::<u16>().prop_map(|which| Operation::Cancel { which }),
        2 => (any::<u16>(), delay.clone()).prop_map(|(which, delay)| Operation::Reschedule { which, delay }),
        5 => Just(Operation::Next),
        1 => delay.clone().prop_map(|delay| Operation::NextUntil { delay }),
        6 => delay.prop_map(|delay| Operation::Hold { delay }),
    ]
}

fn check(operations: Vec<Operation>) {
    let (mut list, mut twin) = (Scheduler::new(SimTime::ZERO), Twin::default());
    let mut handles: Vec<(EventHandle, u32)> = Vec::new();
    let mut payload = 0;
    for operation in operations {
        let schedule = |list: &mut Scheduler<u32>, twin: &mut Twin, delay: u16, payload: &mut u32| {
            let time = list.now() + SimDuration::from_nanos(u64::from(delay));
            *payload += 1;
            twin.schedule(time.as_nanos(), *payload);
            if payload.is_multiple_of(3) {
                list.schedule_at(time, *payload);
                None
            } else {
                Some((list.schedule_cancellable_at(time, *payload), *payload))
            }
        };
        match operation {
            Operation::Schedule { delay } => handles.extend(schedule(&mut list, &mut twin, delay, &mut payload)),
            Operation::Never => list.schedule_in(SimDuration::MAX, u32::MAX),
            Operation::Cancel { which } => {
                if !handles.is_empty() {
                    let (handle, payload) = handles[usize::from(which) % handles.len()];
                    assert_eq!(list.cancel(handle), twin.withdraw(payload));
                }
            }
            Operation::Reschedule { which, delay } => {
                if !handles.is_empty() {
                    let index = usize::from(which) % handles.len();
                    let (handle, payload) = handles[index];
                    let time = list.now() + SimDuration::from_nanos(u64::from(delay));
                    let moved = list.reschedule_at(handle, time);
                    assert_eq!(moved.is_some(), twin.withdraw(payload));
                    if let Some(moved) = moved {
                        twin.schedule(time.as_nanos(), payload);
                        handles[index].0 = moved;
                    }
                }
            }
            Operation::Next => assert_eq!(list.next_event(), twin.next(i64::MAX)),
            Operation::NextUntil { delay } => {
                let end = list.now() + SimDuration::from_nanos(u64::from(delay));
                assert_eq!(list.next_event_until(end), twin.next(end.as_nanos()));
            }
            Operation::Hold { delay } => {
                assert_eq!(list.next_event(), twin.next(i64::MAX));
                handles.extend(schedule(&mut list, &mut twin, delay, &mut payload));
            }
            Operation::Reset => {
                list.reset(SimTime::from_nanos(-3));
                twin.pending.clear();
                twin.now = -3;
            }
        }
        assert_eq!(list.now().as_nanos(), twin.now);
        assert_eq!(list.len(), twin.pending.len());
        assert_eq!(list.peek_time().map(SimTime::as_nanos), twin.pending.first().map(|e| e.0));
    }
    while let Some(event) = list.next_event() {
        assert_eq!(Some(event), twin.next(i64::MAX));
    }
    assert_eq!(twin.pending, []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_what_a_sorted_vector_does(operations in prop::collection::vec(operation(), 0..600)) {
        check(operations);
    }

    #[test]
    fn and_also_across_resets(
        operations in prop::collection::vec(prop_oneof![40 => operation(), 1 => Just(Operation::Reset)], 0..600)
    ) {
        check(operations);
    }

    /// Grows to many levels before it shrinks; most of what is scheduled is cancelled, so that keys are swept out.
    #[test]
    fn and_also_when_large(
        delays in prop::collection::vec(0_u16..1_000, 2_000),
        cancels in prop::collection::vec(any::<u16>(), 2_500),
    ) {
        let grow = delays.into_iter().map(|delay| Operation::Schedule { delay });
        let thin = cancels.into_iter().map(|which| Operation::Cancel { which });
        check(grow.chain(thin).collect());
    }
}

#[test]
#[should_panic(expected = "in the past")]
fn scheduling_in_the_past_panics() {
    Scheduler::new(SimTime::from_nanos(5)).schedule_at(SimTime::from_nanos(4), ());
}
