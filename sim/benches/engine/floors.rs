//! What the same work costs written by hand: no engine, no ties, no cancellation.

use std::collections::VecDeque;

use drsim_sim::{Purpose, RandomStream};

/// One draw, mean 1, and the unit of time it is scaled to.
pub trait Clock: Copy + PartialOrd {
    /// Later than everything.
    const NEVER: Self;
    /// The origin.
    const ZERO: Self;
    /// `seconds` later.
    fn after(self, seconds: f64) -> Self;
    /// Seconds since `earlier`.
    fn since(self, earlier: Self) -> f64;
}

impl Clock for u64 {
    const NEVER: Self = Self::MAX;
    const ZERO: Self = 0;
    #[inline]
    fn after(self, seconds: f64) -> Self {
        self + (seconds * 1e9 + 0.5) as Self
    }
    #[inline]
    fn since(self, earlier: Self) -> f64 {
        (self - earlier) as f64 / 1e9
    }
}

impl Clock for f64 {
    const NEVER: Self = Self::INFINITY;
    const ZERO: Self = 0.0;
    #[inline]
    fn after(self, seconds: f64) -> Self {
        self + seconds
    }
    #[inline]
    fn since(self, earlier: Self) -> f64 {
        self - earlier
    }
}

/// A source of exponential draws with mean 1.
pub trait Draw {
    /// Opens the source for one purpose of one replication.
    fn open(replication: u64, purpose: u64) -> Self;
    /// One draw.
    fn draw(&mut self) -> f64;
}

impl Draw for RandomStream {
    fn open(replication: u64, purpose: u64) -> Self {
        Self::new(1, replication, Purpose::new("bench"), purpose)
    }
    #[inline]
    fn draw(&mut self) -> f64 {
        self.exponential_fast()
    }
}

impl Draw for rand::rngs::SmallRng {
    fn open(replication: u64, purpose: u64) -> Self {
        rand::SeedableRng::seed_from_u64(replication * 1_000 + purpose)
    }
    #[inline]
    fn draw(&mut self) -> f64 {
        rand_distr::Distribution::sample(&rand_distr::Exp1, self)
    }
}

/// W1 by Lindley's recursion: mean time in system of `customers`.
pub fn lindley<D: Draw>(customers: u64, replication: u64) -> f64 {
    let (mut arrivals, mut services) = (D::open(replication, 0), D::open(replication, 1));
    let (mut wait, mut total) = (0.0_f64, 0.0);
    for _ in 0..customers {
        let time_in_system = wait + services.draw();
        total += time_in_system;
        wait = (time_in_system - arrivals.draw() / 0.9).max(0.0);
    }
    total / customers as f64
}

/// W1 with two scalars for the two events that can be pending.
pub fn two_event_loop<C: Clock, D: Draw>(customers: u64, replication: u64) -> f64 {
    let (mut arrivals, mut services) = (D::open(replication, 0), D::open(replication, 1));
    let mut queue: VecDeque<C> = VecDeque::new();
    let mut next_arrival = C::ZERO.after(arrivals.draw() / 0.9);
    let mut next_departure = C::NEVER;
    let (mut served, mut total) = (0, 0.0);
    while served < customers {
        if next_arrival <= next_departure {
            let now = next_arrival;
            if queue.is_empty() {
                next_departure = now.after(services.draw());
            }
            queue.push_back(now);
            next_arrival = now.after(arrivals.draw() / 0.9);
        } else {
            let now = next_departure;
            if let Some(arrival) = queue.pop_front() {
                total += now.since(arrival);
                served += 1;
            }
            next_departure = if queue.is_empty() { C::NEVER } else { now.after(services.draw()) };
        }
    }
    total / customers as f64
}

/// A bare 8-ary heap of (time, payload) that can only replace its top.
pub struct BareHeap<C> {
    entries: Vec<(C, u32)>,
}

impl<C: Clock> BareHeap<C> {
    /// A heap of these entries.
    pub fn new(mut entries: Vec<(C, u32)>) -> Self {
        // A sorted array is a heap.
        entries.sort_by(|a, b| a.0.partial_cmp(&b.0).expect("times compare"));
        Self { entries }
    }

    /// The earliest entry.
    #[inline]
    pub fn top(&self) -> (C, u32) {
        self.entries[0]
    }

    /// Puts another entry in place of the earliest.
    #[inline]
    pub fn replace_top(&mut self, entry: (C, u32)) {
        let n = self.entries.len();
        let mut hole = 0;
        loop {
            let first = 8 * hole + 1;
            if first >= n {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + 8).min(n) {
                if self.entries[child].0 < self.entries[least].0 {
                    least = child;
                }
            }
            if self.entries[least].0 >= entry.0 {
                break;
            }
            self.entries[hole] = self.entries[least];
            hole = least;
        }
        self.entries[hole] = entry;
    }
}

/// W2 on the bare heap: `holds` times, take the earliest of `pending` and schedule it again. Returns the last time.
pub struct BareHold<C, D> {
    heap: BareHeap<C>,
    draws: D,
}

impl<C: Clock, D: Draw> BareHold<C, D> {
    /// `pending` events, each after one draw.
    pub fn new(pending: u32) -> Self {
        let mut draws = D::open(0, 2);
        Self { heap: BareHeap::new((0..pending).map(|i| (C::ZERO.after(draws.draw()), i)).collect()), draws }
    }

    /// The holds.
    pub fn run(&mut self, holds: u64) -> f64 {
        let mut checksum = 0_u64;
        for _ in 0..holds {
            let (time, payload) = self.heap.top();
            checksum = checksum.wrapping_add(u64::from(payload));
            self.heap.replace_top((time.after(self.draws.draw()), payload));
        }
        std::hint::black_box(checksum);
        self.heap.top().0.since(C::ZERO)
    }
}
