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

#[derive(Clone, Copy, Debug)]
struct Cache {
    /// Region its entry names.
    held: usize,
    /// First expiry at or after the reference instant; `None`: it holds no entry.
    expiry: Option<SimDuration>,
    /// Whether its next expiry is scheduled.
    pending: bool,
    /// How long it keeps an entry.
    keeps: SimDuration,
}

/// The caches of equal weight between one population and the regions.
#[derive(Clone, Debug)]
pub struct ResolverCaches {
    time_to_live: SimDuration,
    caches: Vec<Cache>,
    /// Caches per region held.
    count: Vec<usize>,
    reference: SimTime,
    current: usize,
}

impl ResolverCaches {
    /// `caches` caches, all pointing to region 0 of `regions`.
    ///
    /// # Panics
    /// Without caches.
    pub fn new(caches: usize, regions: usize, time_to_live: SimDuration) -> Self {
        assert!(caches > 0, "a population reaches regions through at least one cache");
        let empty = Cache { held: 0, expiry: None, pending: false, keeps: time_to_live };
        let mut this = Self {
            time_to_live,
            caches: vec![empty; caches],
            count: vec![0; regions],
            reference: SimTime::ZERO,
            current: 0,
        };
        this.reset(0);
        this
    }

    /// Another time to live, from the next reset on.
    pub fn set_time_to_live(&mut self, time_to_live: SimDuration) {
        self.time_to_live = time_to_live;
    }

    /// All caches hold `region`; no expiry is pending.
    pub fn reset(&mut self, region: usize) {
        self.caches.fill(Cache { held: region, expiry: None, pending: false, keeps: self.time_to_live });
        self.count.fill(0);
        self.count[region] = self.caches.len();
        self.current = region;
    }

    /// Draws which caches ignore the time to live and for how long \[s\] they keep an entry: two draws per cache.
    pub fn stretch(&mut self, share: f64, keeps: &Distribution, stream: &mut RandomStream) {
        for cache in &mut self.caches {
            let (u, kept) = (stream.uniform(), SimDuration::from_secs_f64(keeps.sample(stream)));
            if u < share {
                cache.keeps = self.time_to_live.max(kept);
            }
        }
    }

    /// Draws where each cache stands in its cycle at `now`: one uniform per cache. `asked_per_second` is the rate at
    /// which one cache is asked for the name.
    pub fn draw_phases(&mut self, now: SimTime, asked_per_second: f64, phases: &mut RandomStream) {
        self.reference = now;
        for cache in &mut self.caches {
            let keeps = cache.keeps.as_secs_f64();
            let asked = asked_per_second * keeps;
            let holds = asked / (1.0 + asked);
            let u = phases.uniform();
            cache.expiry = (u < holds).then(|| SimDuration::from_secs_f64(u / holds * keeps));
        }
    }

    /// The authoritative answer is now `region`. Calls `expires(at, cache)` for each cache that will learn it later.
    pub fn publish(&mut self, now: SimTime, region: usize, mut expires: impl FnMut(SimTime, usize)) {
        self.current = region;
        for i in 0..self.caches.len() {
            let cache = self.caches[i];
            if cache.held == region || cache.pending {
                continue;
            }
            match cache.expiry {
                Some(first) if cache.keeps > SimDuration::ZERO => {
                    self.caches[i].pending = true;
                    expires(next_in_cycle(self.reference + first, cache.keeps, now), i);
                }
                _ => self.take(i),
            }
        }
    }

    /// A cache's entry expired: it asks anew.
    pub fn expired(&mut self, cache: usize) {
        self.caches[cache].pending = false;
        self.take(cache);
    }

    fn take(&mut self, cache: usize) {
        self.count[self.caches[cache].held] -= 1;
        self.caches[cache].held = self.current;
        self.count[self.current] += 1;
    }

    /// Share of the population's traffic that goes to a region.
    pub fn share(&self, region: usize) -> f64 {
        self.count[region] as f64 / self.caches.len() as f64
    }

    /// Caches that name a region.
    pub fn count(&self, region: usize) -> usize {
        self.count[region]
    }

    /// The region that a cache points to.
    pub fn held(&self, cache: usize) -> usize {
        self.caches[cache].held
    }

    /// Number of caches.
    pub fn len(&self) -> usize {
        self.caches.len()
    }

    /// Never: a population reaches regions through at least one cache.
    pub fn is_empty(&self) -> bool {
        self.caches.is_empty()
    }

    /// The answer that is published now.
    pub fn current(&self) -> usize {
        self.current
    }
}

/// Open connections, in bundles of equal weight: the clients behind one cache, and the region they talk to.
#[derive(Clone, Debug)]
pub struct Connections {
    to: Vec<usize>,
    count: Vec<usize>,
}

impl Connections {
    /// `bundles` bundles to region 0 of `regions`.
    pub fn new(bundles: usize, regions: usize) -> Self {
        let mut count = vec![0; regions];
        count[0] = bundles;
        Self { to: vec![0; bundles], count }
    }

    /// All to `region`.
    pub fn reset(&mut self, region: usize) {
        self.to.fill(region);
        self.count.fill(0);
        self.count[region] = self.to.len();
    }

    /// A bundle now talks to `region`.
    pub fn move_to(&mut self, bundle: usize, region: usize) {
        self.count[self.to[bundle]] -= 1;
        self.to[bundle] = region;
        self.count[region] += 1;
    }

    /// Bundles that talk to a region.
    pub fn count(&self, region: usize) -> usize {
        self.count[region]
    }

    /// The region a bundle talks to.
    pub fn to(&self, bundle: usize) -> usize {
        self.to[bundle]
    }

    /// Share of the population's traffic that goes to a region.
    pub fn share(&self, region: usize) -> f64 {
        self.count[region] as f64 / self.to.len() as f64
    }
}

/// First instant of `first + n * cycle` (n any integer) at or after `now`.
fn next_in_cycle(first: SimTime, cycle: SimDuration, now: SimTime) -> SimTime {
    let cycle = cycle.as_nanos() as i64;
    let past = (now.as_nanos() - first.as_nanos()).rem_euclid(cycle);
    if past == 0 { now } else { SimTime::from_nanos(now.as_nanos() + cycle - past) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    const TTL: f64 = 60.0;

    /// Delays from a publication at 100 s to each of `caches` caches.
    fn delays(caches: usize, asked_per_second: f64, replication: u64) -> Vec<f64> {
        let mut resolvers = ResolverCaches::new(caches, 2, SimDuration::from_secs_f64(TTL));
        let mut phases = RandomStream::new(11, replication, Purpose::new("edge_resolvers/test"), 0);
        resolvers.draw_phases(SimTime::from_secs_f64(3.0), asked_per_second, &mut phases);
        let mut delays = Vec::new();
        let now = SimTime::from_secs_f64(100.0);
        resolvers.publish(now, 1, |at, _| delays.push((at - now).as_secs_f64()));
        delays.resize(caches, 0.0);
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
        let mut resolvers = ResolverCaches::new(10_000, 2, SimDuration::from_secs_f64(TTL));
        let mut stream = RandomStream::new(11, 0, Purpose::new("client_resolvers/test"), 0);
        resolvers.stretch(0.0874, &Distribution::Constant { value: 1800.0 }, &mut stream);
        resolvers.draw_phases(SimTime::ZERO, 1e9, &mut stream);
        let mut late = 0.0;
        resolvers.publish(SimTime::ZERO, 1, |at, _| late += f64::from(u8::from(at.as_secs_f64() > TTL)));
        // A stretcher is late unless its entry expires within the first 60 of its 1,800 s.
        let p = 0.0874 * (1.0 - TTL / 1800.0);
        assert!((late / 1e4 - p).abs() < 4.0 * (p * (1.0 - p) / 1e4_f64).sqrt(), "{late}");
    }

    #[test]
    fn bundles_are_conserved() {
        let mut connections = Connections::new(4, 2);
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
