//! Edge caches: many copies of an answer that all obey its time to live.
//!
//! Caches that keep an answer equally long expire in the same order in every cycle. So their places in the cycle are
//! drawn in order (n uniforms in order are the partial sums of n + 1 exponentials over their total), once an incident
//! and only if an answer changes at all; after a change each learns it at its turn, and one round later all have. No
//! event list is needed for them: whoever looks brings them up to date, and may ask when the k-th from now has its turn.
//!
//! The law is that of [`ResolverCaches`](crate::routing::ResolverCaches), which takes them one by one and stands for
//! caches that do not obey.
//!
//! Closed form: a population waits MBCO x TTL until that share of its traffic holds the new answer; exactly, the k-th of
//! n busy caches waits TTL x Beta(k, n + 1 - k).
//!
//! Source: L. Devroye, Non-Uniform Random Variate Generation (1986), section V.3.1, "Uniform spacings".

use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// The edge caches of equal weight between one population and at most two regions.
#[derive(Clone, Debug)]
pub struct EdgeCaches {
    time_to_live: i64,
    /// Places in the cycle of those that hold an entry, ascending \[ns from `reference`\]; the first of all caches.
    places: Vec<i64>,
    /// Region that each names.
    held: Vec<u8>,
    count: [usize; 2],
    current: usize,
    reference: i64,
    /// Not drawn before an answer changes: the stream and the rate at which one cache is asked.
    undrawn: Option<(RandomStream, f64)>,
    /// The next to have its turn, and the start of its cycle.
    next: usize,
    cycle: i64,
    /// Turns until all hold the current answer.
    remaining: usize,
}

impl EdgeCaches {
    /// `caches` caches that all name region 0.
    ///
    /// # Panics
    /// Without caches, or if they keep nothing.
    pub fn new(caches: usize, time_to_live: SimDuration) -> Self {
        assert!(caches > 0, "a population reaches regions through at least one cache");
        let mut this = Self {
            time_to_live: 0,
            places: Vec::with_capacity(caches),
            held: vec![0; caches],
            count: [caches, 0],
            current: 0,
            reference: 0,
            undrawn: None,
            next: 0,
            cycle: 0,
            remaining: 0,
        };
        this.set_time_to_live(time_to_live);
        this
    }

    /// Another time to live, from the next incident on.
    ///
    /// # Panics
    /// If it is zero.
    pub fn set_time_to_live(&mut self, time_to_live: SimDuration) {
        assert!(time_to_live > SimDuration::ZERO, "caches that keep nothing are no caches");
        self.time_to_live = time_to_live.as_nanos() as i64;
    }

    /// All name `region`. Each is asked `asked_per_second` times a second; `stream` says where it stands in its cycle.
    pub fn begin(&mut self, region: usize, now: SimTime, asked_per_second: f64, stream: RandomStream) {
        if self.count[region] < self.held.len() {
            self.held.fill(region as u8);
            self.count = [0; 2];
            self.count[region] = self.held.len();
        }
        self.current = region;
        self.reference = now.as_nanos();
        self.undrawn = Some((stream, asked_per_second));
        self.remaining = 0;
    }

    /// Draws which caches hold an entry, and where these stand in their cycle, in order.
    fn draw(&mut self) {
        let Some((mut stream, asked_per_second)) = self.undrawn.take() else { return };
        let time_to_live = self.time_to_live as f64;
        let asked = asked_per_second * time_to_live / 1e9;
        let holds = asked / (1.0 + asked);
        // Partial sums first, in units of 2^-32, then their places: no second buffer.
        let unit = f64::from(1 << 16) * f64::from(1 << 16);
        let mut sum = 0.0;
        self.places.clear();
        for _ in 0..self.held.len() {
            sum += stream.exponential_fast();
            self.places.push((sum * unit) as i64);
        }
        let total = (sum + stream.exponential_fast()) * unit;
        let hold = self.places.partition_point(|&partial| (partial as f64) < holds * total);
        self.places.truncate(hold);
        let scale = time_to_live / (holds * total);
        for place in &mut self.places {
            *place = ((*place as f64 * scale) as i64).min(self.time_to_live - 1);
        }
    }

    /// The answer is now `region`; those that hold no entry ask anew and have it at once.
    ///
    /// The caches must have been brought up to date ([`learn_until`](Self::learn_until)).
    pub fn publish(&mut self, now: SimTime, region: usize) {
        if region == self.current {
            return;
        }
        self.draw();
        // Those that hold no entry all had the answer before.
        let anew = &mut self.held[self.places.len()..];
        anew.fill(region as u8);
        self.count[self.current] -= anew.len();
        self.count[region] += anew.len();
        self.current = region;
        if self.remaining == 0 {
            let since = now.as_nanos() - self.reference;
            let within = since.rem_euclid(self.time_to_live);
            self.cycle = now.as_nanos() - within;
            self.next = self.places.partition_point(|&place| place < within);
        }
        self.remaining = self.places.len();
    }

    /// Gives every cache its turn that has it up to `now`; calls `moved(at)` for each that learns another answer.
    pub fn learn_until(&mut self, now: SimTime, mut moved: impl FnMut(SimTime)) {
        while let Some(at) = self.turn(0).filter(|&at| at <= now) {
            if self.next == self.places.len() {
                (self.next, self.cycle) = (0, self.cycle + self.time_to_live);
            }
            if take(&mut self.held[self.next], &mut self.count, self.current) {
                moved(at);
            }
            self.next += 1;
            self.remaining -= 1;
        }
    }

    /// When the cache has its turn that is `ahead` turns after the next; `None`: all hold the current answer by then.
    pub fn turn(&self, ahead: usize) -> Option<SimTime> {
        (ahead < self.remaining).then(|| {
            let n = self.places.len();
            let index = self.next + ahead;
            let (index, cycle) =
                if index < n { (index, self.cycle) } else { (index - n, self.cycle + self.time_to_live) };
            SimTime::from_nanos(cycle + self.places[index])
        })
    }

    /// Turns until all hold the current answer.
    pub fn remaining(&self) -> usize {
        self.remaining
    }

    /// Whether each of the remaining turns changes an answer; not so where one change follows another within a round.
    pub fn each_turn_moves(&self) -> bool {
        self.held.len() - self.count[self.current] == self.remaining
    }

    /// Turns before that of a cache; `None` if it has the current answer already.
    pub fn turns_before(&self, cache: usize) -> Option<usize> {
        let n = self.places.len();
        (cache < n && self.remaining > 0 && usize::from(self.held[cache]) != self.current)
            .then(|| (cache + n - self.next) % n)
    }

    /// Share of the population's traffic that goes to a region.
    pub fn share(&self, region: usize) -> f64 {
        self.count[region] as f64 / self.held.len() as f64
    }

    /// Caches that name a region.
    pub fn count(&self, region: usize) -> usize {
        self.count[region]
    }

    /// The region that a cache names.
    pub fn held(&self, cache: usize) -> usize {
        usize::from(self.held[cache])
    }

    /// The answer that is published now.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Number of caches.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Never: a population reaches regions through at least one cache.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// A cache takes an answer; whether it is another one.
fn take(held: &mut u8, count: &mut [usize; 2], region: usize) -> bool {
    let old = usize::from(std::mem::replace(held, region as u8));
    count[old] -= 1;
    count[region] += 1;
    old != region
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::ResolverCaches;
    use drsim_sim::random_stream::Purpose;

    const TTL: f64 = 60.0;

    fn caches(n: usize, asked_per_second: f64, replication: u64) -> EdgeCaches {
        let mut caches = EdgeCaches::new(n, SimDuration::from_secs_f64(TTL));
        let stream = RandomStream::new(5, replication, Purpose::new("edges/test"), 0);
        caches.begin(0, SimTime::from_secs_f64(3.0), asked_per_second, stream);
        caches
    }

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    /// Delay from a publication at 100 s until `k` of `n` caches have learned it.
    fn crossing(n: usize, k: usize, asked_per_second: f64, replication: u64) -> f64 {
        let mut caches = caches(n, asked_per_second, replication);
        caches.publish(at(100.0), 1);
        let already = caches.count(1);
        if already >= k { 0.0 } else { (caches.turn(k - already - 1).unwrap() - at(100.0)).as_secs_f64() }
    }

    /// The same, one by one.
    fn crossing_one_by_one(n: usize, k: usize, asked_per_second: f64, replication: u64) -> f64 {
        let mut caches = ResolverCaches::new(n, SimDuration::from_secs_f64(TTL), None);
        caches.begin(0, at(3.0), asked_per_second, RandomStream::new(6, replication, Purpose::new("edges/test"), 0));
        caches.publish(at(100.0), 1);
        let mut now = at(100.0);
        while caches.count(1) < k {
            now = caches.next_turn().expect("some have not turned").0;
            caches.turn();
        }
        (now - at(100.0)).as_secs_f64()
    }

    #[test]
    fn in_order_as_one_by_one() {
        // Two-sample Kolmogorov-Smirnov at 0.1%: 1.95 sqrt(2 / 2000) = 0.0617.
        for (n, k, asked) in [(200, 198, 1e9), (50, 25, 1e9), (100, 90, 1.0 / TTL)] {
            let mut a: Vec<f64> = (0..2_000).map(|r| crossing(n, k, asked, r)).collect();
            let mut b: Vec<f64> = (0..2_000).map(|r| crossing_one_by_one(n, k, asked, r)).collect();
            a.sort_by(f64::total_cmp);
            b.sort_by(f64::total_cmp);
            let below = |sample: &[f64], x: f64| sample.partition_point(|y| *y <= x) as f64 / 2_000.0;
            let distance = a.iter().chain(&b).map(|x| (below(&a, *x) - below(&b, *x)).abs()).fold(0.0, f64::max);
            assert!(distance < 0.0617, "{k} of {n}: {distance}");
        }
    }

    #[test]
    fn the_kth_of_n_waits_a_beta_share_of_the_time_to_live() {
        // Mean k / (n + 1); standard error sqrt(k (n + 1 - k) / (n + 1)^2 / (n + 2) / 4000).
        let (n, k) = (200, 198);
        let mean = (0..4_000).map(|r| crossing(n, k, 1e9, r) / TTL).sum::<f64>() / 4_000.0;
        let error = (198.0 * 3.0 / 201.0_f64.powi(2) / 202.0 / 4_000.0).sqrt();
        assert!((mean - 198.0 / 201.0).abs() < 4.0 * error, "{mean}");
    }

    #[test]
    fn each_learns_within_one_time_to_live_and_in_order() {
        let mut caches = caches(300, 1e9, 0);
        caches.publish(at(100.0), 1);
        assert!(caches.each_turn_moves());
        let mut seen = Vec::new();
        caches.learn_until(at(130.0), |t| seen.push(t));
        assert_eq!(caches.count(1), seen.len());
        caches.learn_until(at(160.0), |t| seen.push(t));
        assert_eq!((caches.count(1), caches.remaining(), seen.len()), (300, 0, 300));
        assert!(seen.windows(2).all(|w| w[0] <= w[1]) && seen[0] >= at(100.0) && seen[299] < at(160.0));
    }

    #[test]
    fn a_change_within_a_round_reaches_each_at_its_own_turn() {
        // Against one by one, told the same places: at every second the same number names region 1.
        let mut in_order = caches(100, 1e9, 1);
        in_order.publish(at(100.0), 1);
        let places: Vec<SimTime> = (0..100).map(|k| in_order.turn(k).unwrap()).collect();
        in_order.learn_until(at(120.0), |_| ());
        in_order.publish(at(120.0), 0);
        assert!(!in_order.each_turn_moves());
        let names_one = |place: SimTime, now: f64| {
            // Its last expiry at or before now: in [100, 120) it learned 1, before and after 0.
            let period = SimDuration::from_secs_f64(TTL);
            let mut last = None;
            let mut turn = place;
            while turn <= at(now) {
                last = Some(turn);
                turn += period;
            }
            last.is_some_and(|t| t < at(120.0))
        };
        for now in (120..190).map(f64::from) {
            in_order.learn_until(at(now), |_| ());
            let expected = places.iter().filter(|p| names_one(**p, now)).count();
            assert_eq!(in_order.count(1), expected, "at {now} s");
        }
    }

    #[test]
    fn a_cache_knows_its_turn() {
        let mut caches = caches(40, 1e9, 2);
        caches.publish(at(100.0), 1);
        for cache in 0..40 {
            let before = caches.turns_before(cache).unwrap();
            let mut copy = caches.clone();
            let turn = copy.turn(before).unwrap();
            copy.learn_until(turn, |_| ());
            assert_eq!(copy.held(cache), 1);
            assert!(before == 0 || caches.turn(before - 1).unwrap() <= turn);
        }
    }
}
