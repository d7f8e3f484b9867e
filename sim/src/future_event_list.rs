//! The clock and the pending events.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use crate::time::{SimDuration, SimTime};

/// Names one scheduled event, to cancel it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventHandle(u64);

struct Entry<E> {
    time: SimTime,
    sequence: u64,
    cancellable: bool,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<E> Eq for Entry<E> {}
impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Entry<E> {
    /// Earliest first out of a heap that gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.sequence).cmp(&(self.time, self.sequence))
    }
}

/// The clock and the pending events, earliest first. Events at the same instant come out in the order in which they
/// were scheduled.
pub struct Scheduler<E> {
    now: SimTime,
    sequence: u64,
    heap: BinaryHeap<Entry<E>>,
    /// Sequence numbers of the cancellable events still pending. An entry of the heap that is missing here is dead;
    /// the top of the heap never is.
    live: BTreeSet<u64>,
    dead: usize,
}

impl<E> Scheduler<E> {
    /// An empty list with the clock at `start`.
    pub fn new(start: SimTime) -> Self {
        Self { now: start, sequence: 0, heap: BinaryHeap::new(), live: BTreeSet::new(), dead: 0 }
    }

    /// The clock.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Schedules `event` at `time`; at [`SimTime::MAX`], never.
    ///
    /// # Panics
    /// If `time` is in the past.
    pub fn schedule_at(&mut self, time: SimTime, event: E) {
        self.insert(time, event, false);
    }

    /// Schedules `event` after `delay`; after [`SimDuration::MAX`], never.
    pub fn schedule_in(&mut self, delay: SimDuration, event: E) {
        self.insert(self.now + delay, event, false);
    }

    /// Schedules `event` at `time` so that it can be cancelled.
    ///
    /// # Panics
    /// If `time` is in the past.
    pub fn schedule_cancellable_at(&mut self, time: SimTime, event: E) -> EventHandle {
        EventHandle(self.insert(time, event, true))
    }

    /// Schedules `event` after `delay` so that it can be cancelled.
    pub fn schedule_cancellable_in(&mut self, delay: SimDuration, event: E) -> EventHandle {
        EventHandle(self.insert(self.now + delay, event, true))
    }

    /// Takes a pending event off the list; false if it has already happened or been cancelled.
    pub fn cancel(&mut self, handle: EventHandle) -> bool {
        let pending = self.live.remove(&handle.0);
        if pending {
            self.dead += 1;
            self.drop_dead_top();
        }
        pending
    }

    /// Empties the list and sets the clock to `start`; memory is kept, old handles are void.
    pub fn reset(&mut self, start: SimTime) {
        self.now = start;
        self.heap.clear();
        self.live.clear();
        self.dead = 0;
        // The sequence goes on, so that a handle from before cannot name an event from after.
    }

    /// Takes the earliest event and moves the clock to it.
    pub fn next_event(&mut self) -> Option<E> {
        let entry = self.heap.pop()?;
        if entry.cancellable {
            self.live.remove(&entry.sequence);
        }
        self.drop_dead_top();
        self.now = entry.time;
        Some(entry.event)
    }

    /// When the earliest event is due.
    pub fn peek_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|entry| entry.time)
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.heap.len() - self.dead
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves the clock on to `time` without an event.
    pub(crate) fn advance_to(&mut self, time: SimTime) {
        self.now = self.now.max(time);
    }

    fn insert(&mut self, time: SimTime, event: E, cancellable: bool) -> u64 {
        assert!(time >= self.now, "an event cannot be scheduled at {time}, in the past of {}", self.now);
        let sequence = self.sequence;
        self.sequence += 1;
        if time < SimTime::MAX {
            self.heap.push(Entry { time, sequence, cancellable, event });
            if cancellable {
                self.live.insert(sequence);
            }
        }
        sequence
    }

    fn drop_dead_top(&mut self) {
        while self.dead > 0 && self.heap.peek().is_some_and(|top| top.cancellable && !self.live.contains(&top.sequence))
        {
            self.heap.pop();
            self.dead -= 1;
        }
    }
}
