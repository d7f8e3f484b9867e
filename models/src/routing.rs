//! Routing: which region a name points to, and which caches still say otherwise.
//!
//! DNS answers a population with the first region of its preference that is healthy; when none is, all count as healthy
//! (fail-open), so the first. A changed answer reaches users cache by cache, as entries expire. Only the cache that
//! holds the *changed* name matters: behind CloudFront the edges' resolvers, which obey the time to live; without it the
//! clients' own, some of which stretch it. An accelerator has no such cache: a time to live of zero.
//!
//! A client that knows the new answer may still talk to the old region through a connection that is open, as long as
//! that region answers, be it with errors: [`Connections`].
//!
//! Closed form: one client of a busy cache waits U(0, TTL) after the change; a population over many caches waits
//! MBCO x TTL until that share of its traffic holds the new answer. A cache asked at rate r holds an entry at a random
//! instant with probability r TTL / (1 + r TTL); one that holds none asks anew and needs no waiting.
//!
//! Source: Amazon Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured".

use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// The answer to a population that prefers `preference[0]`, then `preference[1]` …
///
/// # Panics
/// If there is no region to prefer.
pub fn answer(preference: &[usize], is_healthy: impl Fn(usize) -> bool) -> usize {
    *preference.iter().find(|&&region| is_healthy(region)).unwrap_or(&preference[0])
}

/// Regions in the order of a population's round trips, nearest first; ties go to the lower index.
pub fn nearest_first(round_trip_seconds: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..round_trip_seconds.len()).collect();
    order.sort_by(|&a, &b| round_trip_seconds[a].total_cmp(&round_trip_seconds[b]));
    order
}

/// The caches of equal weight between one population and at most two regions.
///
/// Where each stands in its cycle is drawn when an answer changes for the first time. The turns that follow lie in order,
/// so that whoever handles them one by one need know of the next alone.
#[derive(Clone, Debug)]
pub struct ResolverCaches {
    time_to_live: i64,
    /// Share of the caches that ignore the time to live, and how long \[s\] these keep an entry.
    stretch: Option<(f64, Distribution)>,
    /// First expiry of each \[ns from `reference`\]; negative: it holds no entry.
    first: Vec<i64>,
    /// How long each keeps an entry \[ns\]; empty: all the time to live.
    keeps: Vec<i64>,
    /// Region that each names.
    held: Vec<u8>,
    /// Whether its turn is to come.
    pending: Vec<bool>,
    count: [usize; 2],
    current: usize,
    reference: SimTime,
    /// Not drawn before an answer changes: the stream and the rate at which one cache is asked.
    undrawn: Option<(RandomStream, f64)>,
    /// Turns to come, the last first: instant and cache in one number, complemented.
    turns: Vec<u128>,
    sorter: Box<Sorter>,
}

/// Sorts numbers that lie evenly, by a place for each: turns lie evenly over a time to live.
#[derive(Clone, Debug, Default)]
struct Sorter {
    sorted: Vec<u128>,
    /// By place: where its numbers end.
    ends: Vec<u32>,
}

impl Sorter {
    fn sort(&mut self, numbers: &mut Vec<u128>) {
        let Some(least) = numbers.iter().min().copied() else { return };
        let most = numbers.iter().fold(0, |most, number| most.max(number - least));
        // Two to four times as many places as numbers.
        let places = (numbers.len() as u128).next_power_of_two() << 1;
        let shift = (u128::BITS - most.leading_zeros()).saturating_sub(places.trailing_zeros());
        let place = |number: u128| ((number - least) >> shift) as usize;
        self.ends.clear();
        self.ends.resize(places as usize, 0);
        for number in numbers.iter() {
            self.ends[place(*number)] += 1;
        }
        let mut end = 0;
        for count in &mut self.ends {
            (*count, end) = (end, end + *count);
        }
        self.sorted.clear();
        self.sorted.resize(numbers.len(), 0);
        for number in numbers.iter() {
            let at = &mut self.ends[place(*number)];
            self.sorted[*at as usize] = *number;
            *at += 1;
        }
        let mut from = 0;
        for &end in &self.ends {
            if end as usize > from + 1 {
                self.sorted[from..end as usize].sort_unstable();
            }
            from = end as usize;
        }
        std::mem::swap(numbers, &mut self.sorted);
    }
}

/// An instant and a cache as a number: less if later, so that the next comes last.
fn pack(at: SimTime, cache: usize) -> u128 {
    let instant = u128::from(at.as_nanos().cast_unsigned() ^ (1 << 63));
    !((instant << 64) | cache as u128)
}

fn unpack(turn: u128) -> (SimTime, usize) {
    let instant = (!turn >> 64) as u64 ^ (1 << 63);
    (SimTime::from_nanos(instant.cast_signed()), !(turn as u64) as usize)
}

impl ResolverCaches {
    /// `caches` caches, all pointing to region 0.
    ///
    /// # Panics
    /// Without caches.
    pub fn new(caches: usize, time_to_live: SimDuration, stretch: Option<(f64, Distribution)>) -> Self {
        assert!(caches > 0, "a population reaches regions through at least one cache");
        Self {
            time_to_live: time_to_live.as_nanos() as i64,
            stretch,
            first: vec![-1; caches],
            keeps: Vec::new(),
            held: vec![0; caches],
            pending: vec![false; caches],
            count: [caches, 0],
            current: 0,
            reference: SimTime::ZERO,
            undrawn: None,
            turns: Vec::with_capacity(caches),
            sorter: Box::default(),
        }
    }

    /// Another time to live, and others who ignore it, from the next incident on.
    pub fn configure(&mut self, time_to_live: SimDuration, stretch: Option<(f64, Distribution)>) {
        (self.time_to_live, self.stretch) = (time_to_live.as_nanos() as i64, stretch);
    }

    /// All name `region`. Each is asked `asked_per_second` times a second; `stream` says where it stands in its cycle:
    /// two draws per cache if some stretch, then one.
    pub fn begin(&mut self, region: usize, now: SimTime, asked_per_second: f64, stream: RandomStream) {
        if self.count[region] < self.held.len() {
            self.held.fill(region as u8);
            self.count = [0; 2];
            self.count[region] = self.held.len();
        }
        if !self.turns.is_empty() {
            self.pending.fill(false);
            self.turns.clear();
        }
        (self.current, self.reference) = (region, now);
        self.undrawn = Some((stream, asked_per_second));
    }

    fn draw(&mut self) {
        let Some((mut stream, asked_per_second)) = self.undrawn.take().filter(|_| self.time_to_live > 0) else {
            return;
        };
        self.keeps.clear();
        if let Some((share, keeps)) = &self.stretch {
            self.keeps.extend(self.held.iter().map(|_| {
                let (u, kept) = (stream.uniform(), SimDuration::from_secs_f64(keeps.sample(&mut stream)));
                if u < *share { self.time_to_live.max(kept.as_nanos() as i64) } else { self.time_to_live }
            }));
        }
        for (i, first) in self.first.iter_mut().enumerate() {
            let keeps = self.keeps.get(i).map_or(self.time_to_live, |keeps| *keeps) as f64;
            let asked = asked_per_second * keeps / 1e9;
            let holds = asked / (1.0 + asked);
            let u = stream.uniform();
            *first = if u < holds { (u / holds * keeps) as i64 } else { -1 };
        }
    }

    /// The authoritative answer is now `region`: those that hold no entry have it at once, the others in their turn.
    pub fn publish(&mut self, now: SimTime, region: usize) {
        self.current = region;
        if self.count[region] == self.held.len() {
            return;
        }
        self.draw();
        let since = now.as_nanos() - self.reference.as_nanos();
        let since_obedient = since.checked_rem_euclid(self.time_to_live).unwrap_or(0);
        let before = self.turns.len();
        for i in 0..self.held.len() {
            if usize::from(self.held[i]) == region || self.pending[i] {
                continue;
            }
            let first = self.first[i];
            if first < 0 || self.time_to_live == 0 {
                self.take(i);
                continue;
            }
            let (keeps, within) = match self.keeps.get(i) {
                Some(&keeps) if keeps != self.time_to_live => (keeps, since.rem_euclid(keeps)),
                _ => (self.time_to_live, since_obedient),
            };
            let wait = if first < within { first - within + keeps } else { first - within };
            self.pending[i] = true;
            self.turns.push(pack(SimTime::from_nanos(now.as_nanos() + wait), i));
        }
        if self.turns.len() > before {
            self.sorter.sort(&mut self.turns);
        }
    }

    /// The next turn, and whose it is; `None`: all have the answer.
    #[inline]
    pub fn next_turn(&self) -> Option<(SimTime, usize)> {
        self.turns.last().map(|turn| unpack(*turn))
    }

    /// The next to have its turn asks anew; whether it learns another answer.
    #[inline]
    pub fn turn(&mut self) -> bool {
        let Some(turn) = self.turns.pop() else { return false };
        let (_, cache) = unpack(turn);
        self.pending[cache] = false;
        self.take(cache)
    }

    /// Turns to come.
    pub fn remaining(&self) -> usize {
        self.turns.len()
    }

    #[inline]
    fn take(&mut self, cache: usize) -> bool {
        let old = usize::from(std::mem::replace(&mut self.held[cache], self.current as u8));
        self.count[old] -= 1;
        self.count[self.current] += 1;
        old != self.current
    }

    /// Share of the population's traffic that goes to a region.
    pub fn share(&self, region: usize) -> f64 {
        self.count[region] as f64 / self.held.len() as f64
    }

    /// Caches that name a region.
    pub fn count(&self, region: usize) -> usize {
        self.count[region]
    }

    /// The region that a cache points to.
    pub fn held(&self, cache: usize) -> usize {
        usize::from(self.held[cache])
    }

    /// Number of caches.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Never: a population reaches regions through at least one cache.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The answer that is published now.
    pub fn current(&self) -> usize {
        self.current
    }
}

/// Open connections, in bundles of equal weight: the clients behind one cache, and the region they talk to.
#[derive(Clone, Debug)]
pub struct Connections {
    to: Vec<u8>,
    count: [usize; 2],
}

impl Connections {
    /// `bundles` bundles to region 0.
    pub fn new(bundles: usize) -> Self {
        Self { to: vec![0; bundles], count: [bundles, 0] }
    }

    /// All to `region`.
    pub fn reset(&mut self, region: usize) {
        if self.count[region] < self.to.len() {
            self.to.fill(region as u8);
            self.count = [0; 2];
            self.count[region] = self.to.len();
        }
    }

    /// A bundle now talks to `region`.
    pub fn move_to(&mut self, bundle: usize, region: usize) {
        self.count[self.to(bundle)] -= 1;
        self.to[bundle] = region as u8;
        self.count[region] += 1;
    }

    /// Bundles that talk to a region.
    pub fn count(&self, region: usize) -> usize {
        self.count[region]
    }

    /// The region a bundle talks to.
    pub fn to(&self, bundle: usize) -> usize {
        usize::from(self.to[bundle])
    }

    /// Share of the population's traffic that goes to a region.
    pub fn share(&self, region: usize) -> f64 {
        self.count[region] as f64 / self.to.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    const TTL: f64 = 60.0;

    /// Delays from a publication at 100 s to each of `caches` caches.
    fn delays(caches: usize, asked_per_second: f64, replication: u64) -> Vec<f64> {
        let mut resolvers = ResolverCaches::new(caches, SimDuration::from_secs_f64(TTL), None);
        let phases = RandomStream::new(11, replication, Purpose::new("edge_resolvers/test"), 0);
        resolvers.begin(0, SimTime::from_secs_f64(3.0), asked_per_second, phases);
        let now = SimTime::from_secs_f64(100.0);
        resolvers.publish(now, 1);
        let mut delays = vec![0.0; resolvers.count(1)];
        while let Some((at, _)) = resolvers.next_turn() {
            delays.push((at - now).as_secs_f64());
            resolvers.turn();
        }
        assert_eq!(resolvers.count(1), caches);
        delays
    }

    #[test]
    fn a_client_of_a_busy_cache_waits_uniformly_over_the_time_to_live() {
        let mut sample: Vec<f64> = (0..40).flat_map(|r| delays(100, 1e9, r)).collect();
        sample.sort_by(f64::total_cmp);
        let n = sample.len() as f64;
        let distance =
            sample.iter().enumerate().map(|(i, x)| (x / TTL - (i as f64 + 0.5) / n).abs()).fold(0.0, f64::max);
        assert!(distance < 1.95 / n.sqrt(), "{distance}"); // Kolmogorov-Smirnov, 0.1%
    }

    #[test]
    fn a_population_over_many_caches_waits_its_service_level_times_the_time_to_live() {
        // The 0.99 quantile of n uniforms: standard error sqrt(0.99 * 0.01 / n) of the time to live.
        let mut sample = delays(20_000, 1e9, 0);
        sample.sort_by(f64::total_cmp);
        let routed = sample[19_800 - 1];
        assert!((routed - 0.99 * TTL).abs() < 4.0 * TTL * (0.0099 / 20_000_f64).sqrt(), "{routed}");
    }

    #[test]
    fn a_rarely_asked_cache_mostly_holds_nothing() {
        // r TTL = 0.25: it holds an entry with probability 0.2.
        let sample: Vec<f64> = (0..40).flat_map(|r| delays(500, 0.25 / TTL, r)).collect();
        let n = sample.len() as f64;
        let share = sample.iter().filter(|d| **d > 0.0).count() as f64 / n;
        assert!((share - 0.2).abs() < 4.0 * (0.16 / n).sqrt(), "{share}");
    }

    #[test]
    fn caches_that_stretch_wait_longer_and_are_as_many_as_said() {
        let stretch = Some((0.0874, Distribution::Constant { value: 1800.0 }));
        let mut resolvers = ResolverCaches::new(10_000, SimDuration::from_secs_f64(TTL), stretch);
        let stream = RandomStream::new(11, 0, Purpose::new("client_resolvers/test"), 0);
        resolvers.begin(0, SimTime::ZERO, 1e9, stream);
        resolvers.publish(SimTime::ZERO, 1);
        let mut late = 0.0;
        while let Some((at, _)) = resolvers.next_turn() {
            late += f64::from(u8::from(at.as_secs_f64() > TTL));
            resolvers.turn();
        }
        // A stretcher is late unless its entry expires within the first 60 of its 1,800 s.
        let p = 0.0874 * (1.0 - TTL / 1800.0);
        assert!((late / 1e4 - p).abs() < 4.0 * (p * (1.0 - p) / 1e4_f64).sqrt(), "{late}");
    }

    #[test]
    fn numbers_are_sorted_however_they_lie() {
        let mut draws = RandomStream::new(11, 0, Purpose::new("sorter"), 0);
        let mut sorter = Sorter::default();
        for n in [0, 1, 2, 3, 17, 1_000] {
            for spread in [0, 1, 7, 40, 90, 127] {
                let mut number = || u128::from(draws.next_u64()) << 64 | u128::from(draws.next_u64());
                let mut even: Vec<u128> = (0..n).map(|_| number() >> (127 - spread)).collect();
                // A few far away, so that most share a place.
                even.iter_mut().take(2).for_each(|number| *number |= 1 << 127);
                let mut expected = even.clone();
                expected.sort_unstable();
                sorter.sort(&mut even);
                assert_eq!(even, expected, "{n} of {spread} bits");
            }
        }
    }

    #[test]
    fn bundles_are_conserved() {
        let mut connections = Connections::new(4);
        connections.move_to(2, 1);
        connections.move_to(2, 1);
        assert!((connections.share(0) - 0.75).abs() < 1e-15 && (connections.share(1) - 0.25).abs() < 1e-15);
        assert_eq!(connections.to(2), 1);
    }

    #[test]
    fn all_unhealthy_counts_as_all_healthy() {
        assert_eq!(answer(&[1, 0], |_| false), 1);
        assert_eq!(answer(&[1, 0], |r| r == 0), 0);
        assert_eq!(nearest_first(&[0.08, 0.01]), vec![1, 0]);
    }
}
