//! The clock and the pending events, earliest first.
//!
//! Events at the same instant come out in the order in which they were scheduled: that is part of the contract.
//!
//! Pending events are ordered by a heap of integer keys (time, sequence, slot); the events themselves lie still in
//! slots until they are taken, so that neither their size nor the need to cancel one burdens the ordering. Taking an
//! event leaves a hole at the top of the heap, and the first event scheduled by its handler goes there: the common
//! "handle one, schedule its successor" costs one walk down instead of two. A cancelled event is dropped at once; its
//! key stays until it surfaces, or until half of the keys are such, when all are swept out together.

mod key_heap;
mod key_queue;

use std::fmt;

use key_queue::KeyQueue;

use crate::time::{SimDuration, SimTime};

/// Names one scheduled event, to cancel or reschedule it. Void once the event has happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventHandle {
    slot: u32,
    id: u64,
}

/// The clock and the pending events.
///
/// ```
/// use drsim_sim::{Scheduler, SimDuration, SimTime};
///
/// let mut scheduler = Scheduler::new(SimTime::ZERO);
/// scheduler.schedule_in(SimDuration::from_secs(2), "second");
/// let timeout = scheduler.schedule_cancellable_in(SimDuration::from_secs(3), "timeout");
/// scheduler.schedule_in(SimDuration::from_secs(1), "first");
/// scheduler.cancel(timeout);
/// assert_eq!(scheduler.next_event(), Some("first"));
/// assert_eq!(scheduler.now(), SimTime::from_secs_f64(1.0));
/// assert_eq!(scheduler.next_event(), Some("second"));
/// assert_eq!(scheduler.next_event(), None);
/// ```
pub struct Scheduler<E> {
    now: SimTime,
    keys: KeyQueue,
    /// Whether the top of the heap is the key of an event already taken.
    hole: bool,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    /// Number of keys whose event was cancelled.
    dead: usize,
    /// Number of events scheduled so far, ever.
    scheduled: u64,
    /// The next sequence number: later than that of every key.
    sequence: u32,
}

struct Slot<E> {
    /// Which of all the events ever scheduled.
    id: u64,
    event: Option<E>,
}

/// Time, then sequence, then slot, from the most significant bit down: comparing keys is comparing integers. Times are
/// shifted to start from zero.
#[inline]
fn pack(time: SimTime, sequence: u32, slot: u32) -> u128 {
    let time = time.as_nanos().cast_unsigned() ^ (1 << 63);
    (u128::from(time) << 64) | u128::from((u64::from(sequence) << 32) | u64::from(slot))
}

#[inline]
fn time_of(key: u128) -> SimTime {
    SimTime::from_nanos((((key >> 64) as u64) ^ (1 << 63)).cast_signed())
}

#[inline]
fn slot_of(key: u128) -> usize {
    (key as u32) as usize
}

impl<E> Scheduler<E> {
    /// An empty list with the clock at `start`.
    pub fn new(start: SimTime) -> Self {
        Self {
            now: start,
            keys: KeyQueue::new(),
            hole: false,
            slots: Vec::new(),
            free: Vec::new(),
            dead: 0,
            scheduled: 0,
            sequence: 0,
        }
    }

    /// The clock.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Schedules `event` at `time`; at [`SimTime::MAX`], never.
    ///
    /// # Panics
    /// If `time` is in the past, or 2^32 events are pending.
    #[inline]
    pub fn schedule_at(&mut self, time: SimTime, event: E) {
        self.assert_not_past(time);
        self.insert(time, event);
    }

    /// Schedules `event` after `delay`; after [`SimDuration::MAX`], never.
    ///
    /// # Panics
    /// If 2^32 events are pending.
    #[inline]
    pub fn schedule_in(&mut self, delay: SimDuration, event: E) {
        self.insert(self.now + delay, event);
    }

    /// Schedules `event` at `time` so that it can be cancelled. At [`SimTime::MAX`] the handle is void from the start.
    ///
    /// # Panics
    /// If `time` is in the past, or 2^32 events are pending.
    #[inline]
    pub fn schedule_cancellable_at(&mut self, time: SimTime, event: E) -> EventHandle {
        self.assert_not_past(time);
        self.insert(time, event)
    }

    /// Schedules `event` after `delay` so that it can be cancelled.
    ///
    /// # Panics
    /// If 2^32 events are pending.
    #[inline]
    pub fn schedule_cancellable_in(&mut self, delay: SimDuration, event: E) -> EventHandle {
        self.insert(self.now + delay, event)
    }

    /// Takes a pending event off the list; false if it has already happened or been cancelled.
    pub fn cancel(&mut self, handle: EventHandle) -> bool {
        self.withdraw(handle).is_some()
    }

    /// Moves a pending event to `time`, behind those already scheduled there, and returns its new handle; `None` if it
    /// has already happened or been cancelled.
    ///
    /// # Panics
    /// If `time` is in the past.
    pub fn reschedule_at(&mut self, handle: EventHandle, time: SimTime) -> Option<EventHandle> {
        self.assert_not_past(time);
        let event = self.withdraw(handle)?;
        Some(self.insert(time, event))
    }

    /// Empties the list and sets the clock to `start`; memory is kept, old handles are void.
    pub fn reset(&mut self, start: SimTime) {
        self.now = start;
        self.keys.clear();
        self.hole = false;
        self.slots.clear();
        self.free.clear();
        self.dead = 0;
        self.sequence = 0;
    }

    /// Takes the earliest event and moves the clock to it.
    #[inline]
    pub fn next_event(&mut self) -> Option<E> {
        self.next_event_until(SimTime::MAX)
    }

    /// Takes the earliest event and moves the clock to it, unless it lies after `end`.
    #[inline]
    pub fn next_event_until(&mut self, end: SimTime) -> Option<E> {
        // The vacant top of an empty heap lies at SimTime::MAX, where nothing is ever scheduled.
        let limit = SimTime::from_nanos(end.as_nanos().saturating_add(1));
        loop {
            if self.hole {
                self.close_hole();
            }
            let key = self.keys.top();
            let time = time_of(key);
            if time >= limit {
                // A cancelled event after the end is as good as none.
                return None;
            }
            self.hole = true;
            if let Some(event) = self.slots[slot_of(key)].event.take() {
                self.now = time;
                return Some(event);
            }
            self.dead -= 1;
        }
    }

    /// When the earliest event is due.
    pub fn peek_time(&self) -> Option<SimTime> {
        let live = |key: u128| self.slots[slot_of(key)].event.is_some();
        self.keys.earliest(&live).map(time_of)
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.keys.len() - usize::from(self.hole) - self.dead
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves the clock on to `time` without an event. Whatever is pending before then would lie in the past: see
    /// [`peek_time`](Self::peek_time).
    pub fn advance_to(&mut self, time: SimTime) {
        self.now = self.now.max(time);
    }

    #[expect(clippy::inline_always, reason = "a call costs a tenth of W1")]
    #[inline(always)]
    fn insert(&mut self, time: SimTime, event: E) -> EventHandle {
        let id = self.scheduled;
        self.scheduled += 1;
        if time == SimTime::MAX {
            return EventHandle { slot: u32::MAX, id };
        }
        if self.sequence == u32::MAX {
            self.renumber();
        }
        let sequence = self.sequence;
        self.sequence += 1;
        if self.hole {
            // The slot at the top is free, too.
            self.hole = false;
            let slot = slot_of(self.keys.top());
            self.slots[slot] = Slot { id, event: Some(event) };
            self.keys.replace_top(pack(time, sequence, slot as u32));
            return EventHandle { slot: slot as u32, id };
        }
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Slot { id, event: Some(event) };
                slot
            }
            None => self.new_slot(id, event),
        };
        self.keys.push(pack(time, sequence, slot));
        EventHandle { slot, id }
    }

    /// Removes the key of the event taken last.
    #[inline]
    fn close_hole(&mut self) {
        self.hole = false;
        self.free.push(slot_of(self.keys.top()) as u32);
        self.keys.remove_top();
    }

    #[inline]
    fn assert_not_past(&self, time: SimTime) {
        assert!(time >= self.now, "an event cannot be scheduled at {time}, in the past of {}", self.now);
    }

    #[cold]
    fn new_slot(&mut self, id: u64, event: E) -> u32 {
        let slot = self.slots.len();
        assert!(slot < u32::MAX as usize, "more than 2^32 events are pending");
        self.slots.push(Slot { id, event: Some(event) });
        slot as u32
    }

    /// Takes a pending event out of its slot; its key stays behind, dead.
    fn withdraw(&mut self, handle: EventHandle) -> Option<E> {
        let slot = self.slots.get_mut(handle.slot as usize).filter(|slot| slot.id == handle.id)?;
        let event = slot.event.take()?;
        self.dead += 1;
        if self.dead > 32 && 2 * self.dead > self.keys.len() {
            self.sweep();
        }
        Some(event)
    }

    /// Removes the keys of cancelled events.
    #[cold]
    fn sweep(&mut self) {
        let mut keys = self.take_keys();
        keys.retain(|key| {
            let live = self.slots[slot_of(*key)].event.is_some();
            if !live {
                self.free.push(slot_of(*key) as u32);
            }
            live
        });
        self.dead = 0;
        for key in keys {
            self.keys.push(key);
        }
    }

    /// Gives the keys the sequence numbers 0, 1, 2, … in their present order, once in 2^32 events.
    #[cold]
    fn renumber(&mut self) {
        let mut keys = self.take_keys();
        for (sequence, key) in keys.iter_mut().enumerate() {
            *key = pack(time_of(*key), sequence as u32, slot_of(*key) as u32);
        }
        self.sequence = keys.len() as u32;
        for key in keys {
            self.keys.push(key);
        }
    }

    /// All keys in order, without the hole.
    fn take_keys(&mut self) -> Vec<u128> {
        if self.hole {
            self.close_hole();
        }
        let mut keys = self.keys.drain();
        keys.sort_unstable();
        keys
    }
}

impl<E> fmt::Debug for Scheduler<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").field("now", &self.now).field("pending", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_that_run_out_are_given_anew_without_changing_the_order() {
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        // As after 2^32 - 4 events.
        scheduler.sequence = u32::MAX - 3;
        for event in 0..6 {
            scheduler.schedule_at(SimTime::from_nanos(7), event);
        }
        assert_eq!(scheduler.sequence, 6);
        assert_eq!(std::iter::from_fn(|| scheduler.next_event()).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }
}
