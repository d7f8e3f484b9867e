//! Pending keys in two parts: a heap of the near ones, and the far ones in bags, sorted only when their turn comes.
//!
//! A heap of a million keys waits for memory at each of its lower levels. So beyond a size the keys at and after a
//! horizon are put aside, unsorted, in bags of disjoint ranges. When the near ones run out, the nearest bag becomes
//! the heap; if it is too large it is first dealt out to sixty-four smaller ones by sampled pivots. That is quicksort,
//! done lazily and from the left: each key is moved about log64(n) times, in sequence. Cousin of the ladder queue (Tang,
//! Goh and Thng 2005), with pivots from the keys themselves instead of a width to guess.
//!
//! Models with few pending events never see it: they pay one comparison per event.

use super::key_heap::{KeyHeap, VACANT};

/// The near part is split when it grows beyond this: where the heap begins to wait for memory. Tests go there sooner.
const NEAR_MOST: usize = if cfg!(test) { 400 } else { 65_536 };
/// A bag of at most so many becomes the near part as it is.
const BAG_MOST: usize = if cfg!(test) { 30 } else { 2_048 };
/// A larger one is dealt out to so many.
const WAYS: usize = 64;
/// Keys sampled for each pivot.
const SAMPLES: usize = 4;

/// All pending keys. The near ones lie below the horizon; only if nothing is pending is there no near one.
pub(super) struct KeyQueue {
    near: KeyHeap,
    /// The lower bound of the nearest bag; the largest integer if there is none.
    horizon: u128,
    /// Bags of far keys, the farthest first: (lower bound, keys).
    far: Vec<(u128, Vec<u128>)>,
    far_len: usize,
    /// Empty bags, kept for their memory.
    spare: Vec<Vec<u128>>,
}

impl KeyQueue {
    pub(super) fn new() -> Self {
        Self { near: KeyHeap::new(), horizon: VACANT, far: Vec::new(), far_len: 0, spare: Vec::new() }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.near.len() + self.far_len
    }

    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.horizon = VACANT;
        self.far_len = 0;
        while let Some((_, bag)) = self.far.pop() {
            self.put_away(bag);
        }
    }

    /// The least key, or the largest integer if there is none.
    #[inline]
    pub(super) fn top(&self) -> u128 {
        self.near.top()
    }

    #[inline]
    pub(super) fn push(&mut self, key: u128) {
        if key < self.horizon {
            self.near.push(key);
            if self.near.len() > NEAR_MOST {
                self.split();
            }
        } else {
            self.push_far(key);
        }
    }

    /// Puts `key` in place of the least one.
    #[inline]
    pub(super) fn replace_top(&mut self, key: u128) {
        if key < self.horizon {
            self.near.replace_top(key);
        } else {
            self.push_far(key);
            self.remove_top();
        }
    }

    #[inline]
    pub(super) fn remove_top(&mut self) {
        self.near.remove_top();
        if self.near.len() == 0 && self.far_len > 0 {
            self.refill();
        }
    }

    /// The least key that `wanted` accepts.
    pub(super) fn earliest(&self, wanted: &impl Fn(u128) -> bool) -> Option<u128> {
        let in_bag = |(_, bag): &(u128, Vec<u128>)| bag.iter().copied().filter(|key| wanted(*key)).min();
        self.near.earliest(wanted).or_else(|| self.far.iter().rev().find_map(in_bag))
    }

    /// Takes all keys out, in no order.
    pub(super) fn drain(&mut self) -> Vec<u128> {
        let mut keys = self.near.drain();
        self.far.iter().for_each(|(_, bag)| keys.extend(bag));
        self.clear();
        keys
    }

    #[inline(never)]
    fn push_far(&mut self, key: u128) {
        let bag = self.far.partition_point(|(low, _)| key < *low);
        self.far[bag].1.push(key);
        self.far_len += 1;
    }

    /// Puts the near keys into a bag of their own and begins anew.
    #[cold]
    fn split(&mut self) {
        let bag = self.near.drain();
        self.far_len += bag.len();
        self.far.push((0, bag));
        self.refill();
    }

    /// Makes the nearest bag that is not empty the near part, dealt out first if it is large.
    #[cold]
    fn refill(&mut self) {
        while self.near.len() == 0
            && let Some((low, bag)) = self.far.pop()
        {
            if bag.len() <= BAG_MOST {
                for key in &bag {
                    self.near.push(*key);
                }
                self.far_len -= bag.len();
            } else {
                self.deal(low, &bag);
            }
            self.put_away(bag);
        }
        self.horizon = self.far.last().map_or(VACANT, |(low, _)| *low);
    }

    /// Deals a bag out to smaller ones.
    fn deal(&mut self, low: u128, bag: &[u128]) {
        // Every so many keys; they lie in the order of scheduling, which says little about their own.
        let mut sample: Vec<u128> = bag.iter().copied().step_by((bag.len() / (WAYS * SAMPLES)).max(1)).collect();
        sample.sort_unstable();
        let pivots: Vec<u128> = sample.into_iter().step_by(SAMPLES).skip(1).collect();
        let first = self.far.len();
        for low in pivots.iter().rev().chain([&low]) {
            let bag = self.spare.pop().unwrap_or_default();
            self.far.push((*low, bag));
        }
        let last = self.far.len() - 1;
        for key in bag {
            let below = pivots.partition_point(|pivot| pivot <= key);
            self.far[last - below].1.push(*key);
        }
        debug_assert!(self.far[first..].iter().all(|(low, bag)| bag.iter().all(|key| low <= key)));
    }

    fn put_away(&mut self, mut bag: Vec<u128>) {
        bag.clear();
        self.spare.push(bag);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::random_stream::{Purpose, RandomStream};

    /// Against an ordered set, through growth and decline, with holds, keys before the horizon and clustered ones.
    #[test]
    fn it_does_what_an_ordered_set_does() {
        for index in 0..20 {
            let mut stream = RandomStream::new(1, 0, Purpose::new("key queue"), index);
            let (mut queue, mut twin, mut now) = (KeyQueue::new(), BTreeSet::new(), 0_u128);
            let mut most = 0;
            for step in 0..20_000_u64 {
                // Grows for a while, then holds, then shrinks.
                let grow = [0.9, 0.5, 0.2][(step / 7_000) as usize];
                let span = if stream.chance(0.5) { 100 } else { 1 << 40 };
                let key = (((now >> 32) + u128::from(stream.below(span))) << 32) | u128::from(step);
                let least = twin.first().copied();
                if stream.chance(grow) || twin.is_empty() {
                    queue.push(key);
                    twin.insert(key);
                } else if stream.chance(0.5) {
                    now = twin.pop_first().unwrap_or(now);
                    twin.insert(key);
                    queue.replace_top(key);
                } else {
                    now = twin.pop_first().unwrap_or(now);
                    queue.remove_top();
                }
                most = most.max(queue.far_len);
                assert_eq!(queue.len(), twin.len());
                assert_eq!(queue.top(), twin.first().copied().unwrap_or(VACANT), "step {step}, before {least:?}");
                if step % 997 == 0 {
                    let wanted = |key: u128| key % 64 == 5;
                    assert_eq!(queue.earliest(&wanted), twin.iter().copied().find(|key| wanted(*key)));
                }
            }
            assert!(most > 10 * NEAR_MOST, "the far part was not used: {most}");
            let mut keys = queue.drain();
            keys.sort_unstable();
            assert!(keys.into_iter().eq(twin) && queue.len() == 0);
        }
    }
}
