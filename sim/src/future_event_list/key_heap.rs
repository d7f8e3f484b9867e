//! A heap of distinct integers with eight children to a node.
//!
//! The children of a node lie together in two cache lines. Unused places hold the largest integer, so that the least of
//! eight children is found without asking how many there are, and without a branch.

const LANES: usize = 8;

/// The children of one node.
#[derive(Clone, Copy)]
#[repr(align(128))]
struct Group([u128; LANES]);

pub(super) const VACANT: u128 = u128::MAX;

/// The heap. The children of the top are group 0, those of the key at place p are group p + 1.
pub(super) struct KeyHeap {
    top: u128,
    /// The other of two keys; vacant while there are fewer or more.
    second: u128,
    groups: Vec<Group>,
    len: usize,
}

impl KeyHeap {
    pub(super) fn new() -> Self {
        Self { top: VACANT, second: VACANT, groups: vec![Group([VACANT; LANES])], len: 0 }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn clear(&mut self) {
        self.top = VACANT;
        self.second = VACANT;
        self.groups.truncate(1);
        self.groups[0] = Group([VACANT; LANES]);
        self.len = 0;
    }

    /// The least key, or the largest integer if there is none.
    #[inline]
    pub(super) fn top(&self) -> u128 {
        self.top
    }

    #[inline]
    pub(super) fn push(&mut self, key: u128) {
        self.len += 1;
        if self.len <= 2 {
            self.settle_pair(key, self.top);
        } else {
            self.push_to_groups(key);
        }
    }

    #[inline(never)]
    fn push_to_groups(&mut self, key: u128) {
        if self.len == 3 {
            self.groups[0].0[0] = std::mem::replace(&mut self.second, VACANT);
        }
        let mut place = self.len - 2;
        if place / LANES == self.groups.len() {
            self.groups.push(Group([VACANT; LANES]));
        }
        while place >= LANES {
            let parent = place / LANES - 1;
            let parent_key = self.get(parent);
            if parent_key < key {
                self.set(place, key);
                return;
            }
            self.set(place, parent_key);
            place = parent;
        }
        self.set(place, key.max(self.top));
        self.top = key.min(self.top);
    }

    /// Puts `key` in place of the least one.
    #[inline]
    pub(super) fn replace_top(&mut self, key: u128) {
        if self.len <= 2 {
            self.settle_pair(key, self.second);
        } else {
            self.replace_top_of_groups(key);
        }
    }

    #[inline(never)]
    fn replace_top_of_groups(&mut self, key: u128) {
        let (lane, child) = least(&self.groups[0].0);
        if key < child {
            self.top = key;
            return;
        }
        self.top = child;
        let mut place = lane;
        while let Some(group) = self.groups.get(place + 1) {
            let (lane, child) = least(&group.0);
            if key < child {
                break;
            }
            self.set(place, child);
            place = (place + 1) * LANES + lane;
        }
        self.set(place, key);
    }

    #[inline]
    pub(super) fn remove_top(&mut self) {
        self.len -= 1;
        if self.len < 2 {
            self.top = std::mem::replace(&mut self.second, VACANT);
        } else {
            self.remove_top_of_groups();
        }
    }

    #[inline(never)]
    fn remove_top_of_groups(&mut self) {
        let last = self.len - 1;
        let key = self.get(last);
        self.set(last, VACANT);
        if last.is_multiple_of(LANES) {
            self.groups.pop();
        }
        if self.len == 2 {
            self.second = std::mem::replace(&mut self.groups[0].0[0], VACANT);
        }
        self.replace_top(key);
    }

    /// The least key that `wanted` accepts.
    pub(super) fn earliest(&self, wanted: &impl Fn(u128) -> bool) -> Option<u128> {
        let second = if self.second != VACANT && wanted(self.second) { self.second } else { VACANT };
        let least = self.earliest_from(self.top, 0, wanted).min(second);
        (least != VACANT).then_some(least)
    }

    /// The same below and at a key whose children are group `children`.
    fn earliest_from(&self, key: u128, children: usize, wanted: &impl Fn(u128) -> bool) -> u128 {
        if key == VACANT || wanted(key) {
            return key;
        }
        let Some(group) = self.groups.get(children) else { return VACANT };
        let below = group.0.iter().enumerate();
        below.map(|(lane, key)| self.earliest_from(*key, children * LANES + lane + 1, wanted)).min().unwrap_or(VACANT)
    }

    /// Takes all keys out, in no order.
    pub(super) fn drain(&mut self) -> Vec<u128> {
        let below = self.groups.iter().flat_map(|group| group.0);
        let keys = [self.top, self.second].into_iter().chain(below).filter(|key| *key != VACANT).collect();
        self.clear();
        keys
    }

    /// Two keys at most: the lesser on top. With a branch, although it is a coin toss: it is resolved before the event
    /// is fetched, and tells the processor which arm of the handler comes next (without: 2 ns more per customer of W1).
    #[inline]
    fn settle_pair(&mut self, a: u128, b: u128) {
        if a < b {
            self.top = a;
            self.second = b;
        } else {
            self.top = b;
            self.second = a;
        }
    }

    #[inline]
    fn get(&self, place: usize) -> u128 {
        self.groups[place / LANES].0[place % LANES]
    }

    #[inline]
    fn set(&mut self, place: usize, key: u128) {
        self.groups[place / LANES].0[place % LANES] = key;
    }
}

/// The least of eight keys and its lane, by a tournament without branches.
#[inline]
fn least(keys: &[u128; LANES]) -> (usize, u128) {
    let play = |a: (usize, u128), b: (usize, u128)| if b.1 < a.1 { b } else { a };
    let pair = |i: usize| play((i, keys[i]), (i + 1, keys[i + 1]));
    play(play(pair(0), pair(2)), play(pair(4), pair(6)))
}
