//! The slow twin: every request one by one, Poisson arrivals, in continuous time, with the same bucket, functions and
//! retry rules. Its mean over many seeds must be the fluid; over incidents that differ, both must have the same law.
//!
//! What may differ, and by how much:
//! - chance: four standard errors of the mean over the seeds;
//! - steps: each of the phases of demand reaches the fluid up to a step late, at each attempt, so at most attempts x
//!   phases x step x the largest rate;
//! - single requests: with c functions and an offered load of a > c, about c / (a - c) are idle by chance (the birth and
//!   death chain below its upper end is geometric with ratio c / a), in a fluid none; below c, none is ever missed
//!   unless c - a is a few square roots of a.

use super::{Class, Limit, Limits, MICRO, Region, Retry, RetryPolicy};
use drsim_sim::future_event_list::Scheduler;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::{MeanSums, kolmogorov_smirnov};
use drsim_sim::time::{SimDuration, SimTime};

/// Served at first, served at a retry, throttled, errored, failed, abandoned, retries.
const COUNTS: [&str; 7] =
    ["served first", "served at a retry", "throttled", "errored", "failed", "abandoned", "retries"];

/// A demand of one class for so many seconds.
type Phase = (Class, f64);

#[derive(Clone, Copy)]
struct Request {
    born: f64,
    attempts: u32,
}

enum Event {
    Arrival,
    Again(Request),
    /// An attempt ends: well or not.
    End(Request, bool),
}

struct Twin<'a> {
    limits: &'a Limits,
    policy: &'a RetryPolicy,
    draws: RandomStream,
    scheduler: Scheduler<Event>,
    tokens: f64,
    refilled: f64,
    running: f64,
    counts: [f64; 7],
}

impl Twin<'_> {
    fn now(&self) -> f64 {
        self.scheduler.now().as_secs_f64()
    }

    fn attempt(&mut self, class: &Class, request: Request) {
        let now = self.now();
        let rate = self.limits.requests_per_second.available();
        self.tokens = (self.tokens + rate * (now - self.refilled)).min(self.limits.burst.available());
        self.refilled = now;
        if self.tokens < 1.0 || self.running + 1.0 > self.limits.concurrency.available() {
            // Without a function the token is gone all the same.
            self.tokens -= if self.tokens < 1.0 { 0.0 } else { 1.0 };
            self.counts[2] += 1.0;
            self.retry(request);
            return;
        }
        self.tokens -= 1.0;
        self.running += 1.0;
        let good = self.draws.chance(class.answerable);
        let holds = if good { class.service_seconds } else { class.failure_seconds };
        self.scheduler.schedule_in(SimDuration::from_secs_f64(holds), Event::End(request, good));
    }

    fn retry(&mut self, request: Request) {
        let Retry::Backoff { attempts, .. } = self.policy.retry else { panic!("the twin backs off") };
        if request.attempts == attempts {
            self.counts[4] += 1.0;
            return;
        }
        let delay = self.policy.delay_seconds(request.attempts) * self.draws.uniform();
        if self.now() + delay - request.born >= self.policy.timeout_seconds {
            self.counts[5] += 1.0;
            return;
        }
        let next = Request { attempts: request.attempts + 1, ..request };
        self.scheduler.schedule_in(SimDuration::from_secs_f64(delay), Event::Again(next));
    }

    fn end(&mut self, request: Request, good: bool) {
        self.running -= 1.0;
        let cares = self.now() - request.born <= self.policy.timeout_seconds;
        if !good {
            self.counts[3] += 1.0;
        }
        match (good, cares) {
            (_, false) => self.counts[5] += 1.0,
            (true, true) => self.counts[usize::from(request.attempts > 1)] += 1.0,
            (false, true) => self.retry(request),
        }
    }
}

/// All counts of one seed, until nothing is under way.
fn one_by_one(limits: &Limits, policy: &RetryPolicy, phases: &[Phase], seed: u64) -> [f64; 7] {
    let mut twin = Twin {
        limits,
        policy,
        draws: RandomStream::new(41, seed, Purpose::new("capacity/twin"), 0),
        scheduler: Scheduler::new(SimTime::ZERO),
        tokens: limits.burst.available(),
        refilled: 0.0,
        running: 0.0,
        counts: [0.0; 7],
    };
    let phase_at = |t: f64| {
        let mut end = 0.0;
        phases.iter().find(|(_, seconds)| {
            end += seconds;
            t < end
        })
    };
    // Arrivals by thinning a Poisson process of the largest rate.
    let most = phases.iter().map(|(class, _)| class.first_attempts_per_second).fold(0.0, f64::max);
    twin.scheduler.schedule_at(SimTime::ZERO, Event::Arrival);
    let last = phases.last().expect("a demand").0;
    while let Some(event) = twin.scheduler.next_event() {
        let phase = phase_at(twin.now());
        let class = phase.map_or(last, |(class, _)| *class);
        match event {
            Event::Arrival => {
                if phase.is_none() {
                    continue;
                }
                let gap = twin.draws.exponential() / most;
                twin.scheduler.schedule_in(SimDuration::from_secs_f64(gap), Event::Arrival);
                if twin.draws.chance(class.first_attempts_per_second / most) {
                    let born = twin.now();
                    twin.attempt(&class, Request { born, attempts: 1 });
                }
            }
            Event::Again(request) => {
                twin.counts[6] += 1.0;
                twin.attempt(&class, request);
            }
            Event::End(request, good) => twin.end(request, good),
        }
    }
    twin.counts
}

/// The same counts of the fluid.
fn fluid(limits: &Limits, policy: &RetryPolicy, phases: &[Phase], step: f64) -> [f64; 7] {
    let mut region = Region::new(step, limits.clone(), *policy, &[phases[0].0]);
    // The twin's functions exist from the start.
    region.gates.environments = limits.concurrency.available();
    let mut counts = [0.0; 7];
    let over = Class { first_attempts_per_second: 0.0, ..phases.last().expect("a demand").0 };
    for &(class, seconds) in phases.iter().chain(&[(over, 60.0)]) {
        for _ in 0..(seconds / step).round() as u32 {
            let r = region.advance(&[class]);
            let of_step = [r.served_first, r.served_retry, r.throttled, r.errored, r.failed, r.abandoned, r.retries];
            for (count, n) in counts.iter_mut().zip(of_step) {
                *count += n as f64 / MICRO;
            }
        }
    }
    assert_eq!(region.ledger().open, 0);
    counts
}

/// Both, per count: the twin's mean, the fluid, and how far they may be apart.
fn assert_twins(limits: &Limits, policy: &RetryPolicy, phases: &[Phase], step: f64, idle: f64) {
    const SEEDS: u64 = 200;
    let sample: Vec<[f64; 7]> = (0..SEEDS).map(|seed| one_by_one(limits, policy, phases, seed)).collect();
    let fluid = fluid(limits, policy, phases, step);
    let most = phases.iter().map(|(class, _)| class.first_attempts_per_second).fold(0.0, f64::max);
    let discretisation = policy.attempts() as f64 * phases.len() as f64 * step * most;
    for (i, name) in COUNTS.iter().enumerate() {
        let n = SEEDS as f64;
        let mean = sample.iter().map(|counts| counts[i]).sum::<f64>() / n;
        let variance = sample.iter().map(|counts| (counts[i] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let tolerance = 4.0 * (variance / n).sqrt() + discretisation + idle;
        assert!(
            (mean - fluid[i]).abs() <= tolerance,
            "{name}: {mean} and {} differ by more than {tolerance}",
            fluid[i]
        );
    }
}

const BACKOFF: RetryPolicy = RetryPolicy {
    retry: Retry::Backoff { base_seconds: 1.0, cap_seconds: 4.0, attempts: 4, full_jitter: true },
    budget: None,
    timeout_seconds: 6.0,
};

#[test]
fn request_by_request_a_bucket_does_to_retries_what_the_fluid_does() {
    // Twice the rate for a minute, after the bucket has lasted a second; then less than half of it.
    let limits = Limits { requests_per_second: Limit::of(100.0), burst: Limit::of(100.0), ..Limits::NONE };
    let class = Class::answered(200.0, 0.1);
    let calm = Class { first_attempts_per_second: 40.0, ..class };
    assert_twins(&limits, &BACKOFF, &[(class, 60.0), (calm, 60.0)], 0.05, 0.0);
}

#[test]
fn request_by_request_hanging_failures_hold_functions_as_in_the_fluid() {
    // 200/s, of which half hang for 2 s: 220 functions wanted at the first attempt alone, 100 there; then all is well.
    let limits = Limits { concurrency: Limit::of(100.0), ..Limits::NONE };
    let good = Class::answered(200.0, 0.2);
    let half = Class { answerable: 0.5, failure_seconds: 2.0, ..good };
    // Of 100 functions about 100 / (220 - 100) idle: 0.83 for 60 s, at 1.1 s per attempt 45 attempts.
    let idle = 100.0 / 120.0 * 60.0 / 1.1;
    assert_twins(&limits, &BACKOFF, &[(good, 20.0), (half, 60.0), (good, 60.0)], 0.05, idle);
}

#[test]
fn request_by_request_failures_without_limits_are_retried_as_in_the_fluid() {
    let good = Class::answered(100.0, 0.2);
    let bad = Class { answerable: 0.3, failure_seconds: 1.5, ..good };
    assert_twins(&Limits::NONE, &BACKOFF, &[(good, 10.0), (bad, 60.0), (good, 30.0)], 0.05, 0.0);
}

/// Lost requests and retries of outages of another length and another load each.
fn outages_at(seeds: std::ops::Range<u64>, counts: impl Fn(&Limits, &[Phase], u64) -> [f64; 7]) -> Vec<[f64; 2]> {
    let limits = Limits { requests_per_second: Limit::of(100.0), burst: Limit::of(100.0), ..Limits::NONE };
    let one = |seed: u64| {
        let mut draws = RandomStream::new(43, seed, Purpose::new("capacity/outage"), 0);
        let load = Class::answered(60.0 + 120.0 * draws.uniform(), 0.1);
        let lasts = 20.0 + (40.0 * draws.exponential()).min(100.0);
        let calm = Class { first_attempts_per_second: 40.0, ..load };
        let found = counts(&limits, &[(load, (lasts / 0.05).round() * 0.05), (calm, 60.0)], seed);
        [found[4] + found[5], found[6]]
    };
    seeds.map(one).collect()
}

fn variance(sample: impl Iterator<Item = f64>) -> f64 {
    let mut sums = MeanSums::default();
    sample.for_each(|value| sums.add(value));
    sums.variance().expect("many values")
}

#[test]
fn over_outages_that_differ_the_fluid_has_the_law_of_single_requests() {
    const N: u64 = 200;
    let fluid = |limits: &Limits, phases: &[Phase], _| fluid(limits, &BACKOFF, phases, 0.05);
    let single = |limits: &Limits, phases: &[Phase], seed| one_by_one(limits, &BACKOFF, phases, seed);
    let (rates, same, others) = (outages_at(0..N, fluid), outages_at(0..N, single), outages_at(N..2 * N, single));
    for i in 0..2 {
        let of = |sample: &[[f64; 2]]| sample.iter().map(|counts| counts[i]).collect::<Vec<_>>();
        let (found, critical) = kolmogorov_smirnov(&of(&rates), &of(&others));
        let noise: Vec<f64> = rates.iter().zip(&same).map(|(a, b)| a[i] - b[i]).collect();
        let of_same = variance(of(&same).into_iter());
        let ratio = variance(of(&rates).into_iter()) / of_same;
        let alone = variance(noise.iter().copied()) / of_same;
        // In the same outages single requests add some thousandths of the variance, which rates leave out. Four standard
        // errors of the ratio of two samples that agree so far: 8 sqrt(alone / N).
        assert!(found < critical, "{found} of {critical}");
        let (bias, error) = (noise.iter().sum::<f64>() / N as f64, (alone * of_same / N as f64).sqrt());
        // Two phases, four attempts, steps of 0.05 s, at most 180 a second.
        assert!(bias.abs() < 4.0 * error + 2.0 * 4.0 * 0.05 * 180.0, "{bias} with an error of {error}");
        assert!((ratio - 1.0).abs() < alone + 8.0 * (alone / N as f64).sqrt(), "{ratio}, {alone}");
        assert!(alone < 0.01, "{alone}");
    }
}
