//! What one region can carry, and what its clients do when it cannot: the hour after a failover.
//!
//! A fluid: requests are amounts that flow in fixed steps, through limits of the region ([`Limits`]: token bucket,
//! the network, functions at once and how fast they grow, connections, database) and back through clients that try again
//! ([`RetryPolicy`]). Amplification and metastable states are not put in; they follow. What fails holds a function as
//! long as it hangs, so a dead database can exhaust the functions for everybody. What waits too long in front of an
//! overloaded database costs it the work all the same, and comes back: that is what keeps a region down after the cause
//! is gone. Rejecting early cannot: a full bucket still serves its rate.
//!
//! Two ledgers hold exactly after each step, in millionths of a request: each request is served, failed, abandoned or
//! open; each attempt succeeded, errored, was throttled, or runs.
//!
//! Assumed: attempts arrive evenly within a step, so nothing is lost to chance peaks; each attempt has its own luck; one
//! function carries all classes; environments and database do not shrink within the hour. Left out: connections that fail
//! over, provisioned concurrency, the thousand environments that may start at once, thinning of idle pools, a client's
//! time-out per attempt. Derivations, and the twin that simulates every request: `docs/models/capacity.md`.
//!
//! Sources: API Gateway Developer Guide, "Quotas" and "Throttle requests"; AWS Lambda Developer Guide, "Lambda quotas" and
//! "Lambda scaling behavior"; Brooker, "Timeouts, retries, and backoff with jitter", Amazon Builders' Library (2019);
//! Bronson, Aghayev, Charapko and Zhu, "Metastable failures in distributed systems", `HotOS` 2021.

mod admission;
mod limits;
mod quota;
mod retries;
mod together;
#[cfg(test)]
mod twin;

pub use limits::{Class, Limit, Limits, PerResource, Resource};
pub use quota::{Surge, capacity_ratio, required_quota};
pub use retries::{Crowd, Retry, RetryPolicy};
pub use together::{Smallest, Together};

use admission::{Arrivals, Gates, Passing, steady_needs};
use limits::Holds;
use retries::{Clients, Cohort};

/// Millionths: the unit of all counts here.
pub const MICRO: f64 = 1e6;
/// How long unused budget for retries is kept \[s\].
const WINDOW_SECONDS: f64 = 10.0;
/// Longest time that a function or a connection can be held \[s\]; a longer hold is cut to it.
const LONGEST_HOLD_SECONDS: f64 = 120.0;

/// A share of an amount, to the nearest millionth of a request.
fn part(n: u64, share: f64) -> u64 {
    // By way of signed integers, which processors convert in one instruction.
    if share >= 1.0 { n } else { ((n as i64 as f64 * share + 0.5) as i64 as u64).min(n) }
}

/// What happened in one step, in millionths of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepResult {
    /// First attempts made.
    pub offered: u64,
    /// Later attempts made.
    pub retries: u64,
    /// Answered at the first attempt.
    pub served_first: u64,
    /// Answered at a later one.
    pub served_retry: u64,
    /// Good answers after the client had given up.
    pub too_late: u64,
    /// Attempts turned away at once.
    pub throttled: u64,
    /// Attempts that ended without an answer.
    pub errored: u64,
    /// Of those begun: answerable ones without a connection, or whose function is stopped while they wait for the database.
    pub stopped: u64,
    /// Requests out of attempts, or out of budget.
    pub failed: u64,
    /// Requests whose client's time-out passed.
    pub abandoned: u64,
    /// Attempts that run at its end.
    pub in_flight: u64,
    /// Share of each limit that the step asked for.
    pub utilisation: PerResource,
}

/// Counts since the start, in millionths of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Requests that began here.
    pub offered: u64,
    /// Answered while the client cared.
    pub served: u64,
    /// Out of attempts or budget.
    pub failed: u64,
    /// Out of time.
    pub abandoned: u64,
    /// No end yet.
    pub open: u64,
    /// Offered elsewhere before, and come to try again: offered + joined = served + failed + abandoned + open.
    pub joined: u64,
    /// Later attempts; offered + retries = succeeded + errored + throttled + in flight.
    pub retries: u64,
    /// Good answers, also those too late.
    pub succeeded: u64,
    /// Ended without an answer.
    pub errored: u64,
    /// Turned away at once.
    pub throttled: u64,
    /// Run now.
    pub in_flight: u64,
}

/// For whom an answer is.
#[derive(Clone, Copy)]
enum Answer {
    First,
    Retry,
    TooLate,
}

/// One region and its clients.
#[derive(Clone, Debug)]
pub struct Region {
    step: f64,
    limits: Limits,
    policy: RetryPolicy,
    gates: Gates,
    clients: Clients,
    ledger: Ledger,
    now: usize,
    /// Answers by the step in which they are ready.
    answers: Vec<[u64; 3]>,
    /// Failures that no client waits for, by the step in which they end.
    orphans: Vec<u64>,
    /// Connections given back in a step \[micro\].
    returned: Vec<u64>,
    connections_busy: u64,
    /// Attempts of the present step, per class.
    attempts: Vec<u64>,
    arriving: Vec<f64>,
    first: Vec<u64>,
    /// Fractions of a millionth that are still to come.
    fraction: Vec<f64>,
    needed: PerResource,
    /// Change of the attempts in flight in the last step.
    drift: u64,
}

impl Region {
    /// The region after a long time with the demand `before`, which fixes the number of classes; nothing runs yet.
    ///
    /// # Panics
    /// If the step or the time-out is not positive and finite, or as [`Region::reset`].
    pub fn new(step_seconds: f64, limits: Limits, policy: RetryPolicy, before: &[Class]) -> Self {
        assert!(step_seconds > 0.0 && step_seconds.is_finite(), "a step of {step_seconds} s");
        assert!(policy.timeout_seconds > 0.0 && policy.timeout_seconds.is_finite(), "clients give up in the end");
        let classes = before.len();
        let horizon = (LONGEST_HOLD_SECONDS / step_seconds).ceil() as usize + 2;
        let mut region = Self {
            step: step_seconds,
            limits,
            policy,
            gates: Gates::default(),
            clients: Clients::new(step_seconds, classes, &policy),
            ledger: Ledger::default(),
            now: 0,
            answers: vec![[0; 3]; horizon],
            orphans: vec![0; horizon],
            returned: vec![0; horizon],
            connections_busy: 0,
            attempts: vec![0; classes],
            arriving: vec![0.0; classes],
            first: vec![0; classes],
            fraction: vec![0.0; classes],
            needed: PerResource::default(),
            drift: 0,
        };
        region.reset(before);
        region
    }

    /// Whether its clients try again like this.
    pub fn has_policy(&self, policy: &RetryPolicy) -> bool {
        self.policy == *policy
    }

    /// Other limits; counts only after a [`Region::reset`].
    pub fn limit(&mut self, limits: &Limits) {
        self.limits.clone_from(limits);
    }

    /// Back to the start, keeping memory.
    ///
    /// # Panics
    /// If the number of classes differs, or a database that must grow has no size to grow from.
    pub fn reset(&mut self, before: &[Class]) {
        assert_eq!(before.len(), self.first.len(), "the number of classes is fixed");
        let grows = self.limits.database_doubling_seconds == 0.0 || self.limits.database_units_at_least > 0.0;
        assert!(grows, "twice nothing is nothing");
        self.gates = Gates::new(&self.limits, before);
        let rate: f64 = before.iter().map(|class| class.first_attempts_per_second).sum();
        self.clients.reset(rate * self.step * MICRO);
        self.ledger = Ledger::default();
        self.now = 0;
        self.answers.fill([0; 3]);
        self.orphans.fill(0);
        self.returned.fill(0);
        self.connections_busy = 0;
        self.fraction.fill(0.0);
        self.needed = PerResource::default();
        self.drift = 0;
    }

    /// Counts since the start.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// Environments that exist.
    pub fn environments(&self) -> f64 {
        self.gates.environments
    }

    /// Size of the database.
    pub fn database_units(&self) -> f64 {
        self.gates.units
    }

    /// Tokens in the bucket.
    pub fn tokens(&self) -> f64 {
        self.gates.tokens
    }

    /// How long a request that comes now waits for the database \[s\].
    pub fn database_wait_seconds(&self) -> f64 {
        if self.gates.backlog > 0.0 { self.gates.backlog / self.gates.units } else { 0.0 }
    }

    /// One step with this demand, constant within it. Does not allocate.
    ///
    /// # Panics
    /// If the number of classes differs.
    pub fn advance(&mut self, demand: &[Class]) -> StepResult {
        assert_eq!(demand.len(), self.first.len(), "the number of classes is fixed");
        let mut result = StepResult::default();
        let before = self.ledger.in_flight;
        self.finish_due(&mut result);
        self.count_arrivals(demand, &mut result);
        let passing = self.gates.pass(
            &self.limits,
            &Arrivals {
                step: self.step,
                classes: demand,
                attempts: &self.arriving,
                functions_busy: self.ledger.in_flight as f64 / MICRO,
                connections_busy: self.connections_busy as f64 / MICRO,
            },
        );
        for (class, settings) in demand.iter().enumerate() {
            let requests = self.first[class];
            self.attempt(Cohort { class, attempts: 1, age: 0, requests }, settings, &passing, &mut result);
        }
        let mut cursor = 0;
        while let Some(cohort) = self.clients.next_returning(&mut cursor) {
            self.attempt(cohort, &demand[cohort.class], &passing, &mut result);
        }
        let ended = self.clients.end_step(result.offered);
        result.failed = ended.failed;
        result.abandoned = ended.abandoned;
        result.utilisation = passing.utilisation;
        self.needed = passing.needed;
        self.book(&mut result);
        self.drift = before.abs_diff(result.in_flight);
        self.now = self.later(1);
        result
    }

    /// Clients turn from a region that failed them to this one: per class, first attempts a second that did.
    pub fn join(&mut self, crowd: &Crowd, per_second: &[f64]) {
        let joined = self.clients.join(crowd, per_second);
        self.ledger.joined += joined;
        self.ledger.open += joined;
    }

    /// What earlier steps started and ends in this one.
    fn finish_due(&mut self, result: &mut StepResult) {
        let answers = std::mem::take(&mut self.answers[self.now]);
        let lost = std::mem::take(&mut self.orphans[self.now]);
        let failing = self.clients.failing_now();
        [result.served_first, result.served_retry, result.too_late] = answers;
        result.errored = lost + failing;
        self.ledger.in_flight -= answers.iter().sum::<u64>() + lost + failing;
        self.connections_busy -= std::mem::take(&mut self.returned[self.now]);
    }

    fn count_arrivals(&mut self, demand: &[Class], result: &mut StepResult) {
        for (i, class) in demand.iter().enumerate() {
            let exact = class.first_attempts_per_second * self.step * MICRO + self.fraction[i];
            self.first[i] = exact as u64;
            self.fraction[i] = exact - self.first[i] as f64;
            result.offered += self.first[i];
        }
        self.attempts.copy_from_slice(&self.first);
        self.clients.count_returning(&mut self.attempts);
        let mut all = 0;
        for (arriving, &n) in self.arriving.iter_mut().zip(&self.attempts) {
            *arriving = n as f64 / MICRO;
            all += n;
        }
        result.retries = all - result.offered;
    }

    /// Sends the attempts of some requests through the region.
    fn attempt(&mut self, cohort: Cohort, class: &Class, passing: &Passing, result: &mut StepResult) {
        let requests = cohort.requests;
        if requests == 0 {
            return;
        }
        let holds = class.holds(passing.wait);
        let started = part(requests, passing.function);
        let throttled = requests - started;
        if throttled > 0 {
            result.throttled += throttled;
            self.clients.fail(Cohort { requests: throttled, ..cohort }, 0);
        }
        let connection = if class.uses_database() { passing.connection } else { 1.0 };
        let accepted = part(started, class.answerable * connection);
        result.stopped += part(started, class.answerable) - if holds.in_time { accepted } else { 0 };
        if class.connections > 0.0 && accepted > 0 {
            self.connect((accepted as f64 * class.connections) as u64, holds.database);
        }
        self.start(Cohort { requests: accepted, ..cohort }, &holds, (true, passing.cold), result);
        self.start(Cohort { requests: started - accepted, ..cohort }, &holds, (false, passing.cold), result);
    }

    /// Attempts that end well or not; some of them wait for a new environment.
    #[inline]
    fn start(&mut self, cohort: Cohort, holds: &Holds, (good, cold): (bool, f64), result: &mut StepResult) {
        let extra = self.limits.cold_start_seconds;
        let cold = if extra > 0.0 { part(cohort.requests, cold) } else { 0 };
        let warm = cohort.requests - cold;
        if warm > 0 {
            self.run(Cohort { requests: warm, ..cohort }, holds, good, 0.0, result);
        }
        if cold > 0 {
            self.run(Cohort { requests: cold, ..cohort }, holds, good, extra, result);
        }
    }

    /// An attempt that holds a function for a while, with a known end.
    fn run(&mut self, cohort: Cohort, holds: &Holds, good: bool, extra: f64, result: &mut StepResult) {
        let seconds = extra + if good { holds.answer } else { holds.failure };
        let good = good && holds.in_time;
        let cares = self.clients.cares(cohort.age, seconds);
        if !cares {
            self.clients.give_up(cohort.age, cohort.requests);
        }
        let kind = match (cares, cohort.attempts) {
            (false, _) => Answer::TooLate,
            (true, 1) => Answer::First,
            (true, _) => Answer::Retry,
        };
        let (steps, sooner, later) = self.spread(cohort.requests, seconds);
        for (n, steps) in [(sooner, steps), (later, steps + 1)] {
            if n == 0 {
                continue;
            }
            let at = self.later(steps);
            if steps > 0 {
                self.ledger.in_flight += n;
            }
            match (good, cares, steps) {
                (true, _, 0) => match kind {
                    Answer::First => result.served_first += n,
                    Answer::Retry => result.served_retry += n,
                    Answer::TooLate => result.too_late += n,
                },
                (true, ..) => self.answers[at][kind as usize] += n,
                (false, true, _) => {
                    self.clients.fail(Cohort { requests: n, ..cohort }, steps);
                    if steps == 0 {
                        result.errored += n;
                    }
                }
                (false, false, 0) => result.errored += n,
                (false, false, _) => self.orphans[at] += n,
            }
        }
    }

    fn connect(&mut self, connections: u64, seconds: f64) {
        let (steps, sooner, later) = self.spread(connections, seconds);
        if steps > 0 {
            let at = self.later(steps);
            self.returned[at] += sooner;
            self.connections_busy += sooner;
        }
        let at = self.later(steps + 1);
        self.returned[at] += later;
        self.connections_busy += later;
    }

    /// Place in the rings so many steps from now; fewer than they have.
    fn later(&self, steps: usize) -> usize {
        let at = self.now + steps;
        if at < self.orphans.len() { at } else { at - self.orphans.len() }
    }

    /// Holds that start evenly within this step: how many whole steps later the first of them end, how many do, and how
    /// many end one step after these.
    fn spread(&self, n: u64, seconds: f64) -> (usize, u64, u64) {
        let steps = (seconds / self.step).min((self.orphans.len() - 2) as f64);
        let whole = steps as usize;
        let later = part(n, steps - whole as f64);
        (whole, n - later, later)
    }

    fn book(&mut self, result: &mut StepResult) {
        let ledger = &mut self.ledger;
        let served = result.served_first + result.served_retry;
        ledger.offered += result.offered;
        ledger.served += served;
        ledger.failed += result.failed;
        ledger.abandoned += result.abandoned;
        ledger.open = ledger.open + result.offered - served - result.failed - result.abandoned;
        ledger.retries += result.retries;
        ledger.succeeded += served + result.too_late;
        ledger.errored += result.errored;
        ledger.throttled += result.throttled;
        result.in_flight = ledger.in_flight;
    }

    /// Nobody waits to try again, nothing scales, no bucket fills or empties, no work waits for the database: as long as
    /// the demand stays, each step is like the last, and [`Region::steady_share`] says what it serves.
    pub fn is_settled(&self) -> bool {
        self.clients.is_quiet() && !self.gates.moved && self.drift <= 64
    }

    /// Share of first attempts answered in a steady state of the region as it is, if nobody tries again; `None` if the
    /// database has too little for it, units or connections.
    pub fn steady_share(&self, demand: &[Class]) -> Option<f64> {
        let rate: f64 = demand.iter().map(|class| class.first_attempts_per_second).sum();
        if rate <= 0.0 {
            return Some(1.0);
        }
        let (functions, units) = steady_needs(demand);
        let megabits: f64 = demand.iter().map(|class| class.first_attempts_per_second * class.megabits).sum();
        let bucket = (self.limits.requests_per_second.available() / rate).min(1.0);
        let wire = if megabits > 0.0 { self.limits.bandwidth.available() / megabits } else { f64::INFINITY };
        let bucket = bucket.min(wire);
        let quota = self.gates.environments.min(self.limits.concurrency.available());
        let share = if functions * bucket > quota { quota / functions } else { bucket };
        let connections: f64 = demand.iter().map(held_connections).sum();
        if units * share > self.gates.units * (1.0 + 1e-9)
            || connections * share > self.limits.connections.available() * (1.0 + 1e-9)
        {
            return None;
        }
        let good: f64 = demand.iter().map(|class| class.first_attempts_per_second * in_time(class)).sum();
        Some(share * good / rate)
    }

    /// Whether the region carries this demand from now on, with room for what still runs and for every retry it can
    /// cause: then nothing needs to be stepped through, and every answerable attempt is answered. Cheap; the usual case.
    pub fn carries(&self, demand: &[Class]) -> bool {
        let (mut rate, mut functions, mut units, mut connections, mut megabits) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for class in demand {
            let missing = 1.0 - in_time(class);
            let attempts: f64 = (0..self.policy.attempts()).map(|k| libm::pow(missing, k as f64)).sum();
            let (f, u) = steady_needs(std::slice::from_ref(class));
            rate += class.first_attempts_per_second * attempts;
            functions += f * attempts;
            units += u * attempts;
            connections += held_connections(class) * attempts;
            megabits += class.first_attempts_per_second * class.megabits * attempts;
        }
        let limits = &self.limits;
        // What runs now may go on for long.
        let running = self.ledger.in_flight as f64 / MICRO;
        let connected = self.connections_busy as f64 / MICRO;
        // New environments of the next step, if they are as good as old ones.
        let growth = if limits.cold_start_seconds > 0.0 { 0.0 } else { limits.environments_per_second.available() };
        let makeable = self.gates.environments + growth * self.step;
        self.clients.is_quiet()
            && self.gates.backlog <= 0.0
            && rate <= limits.requests_per_second.available()
            && running + functions <= makeable.min(limits.concurrency.available())
            && (units <= self.gates.units || limits.database_doubling_seconds <= 0.0)
            && units <= limits.database_units.available()
            && connected + connections <= limits.connections.available()
            && megabits <= limits.bandwidth.available()
    }
}

/// Share of attempts answered before the function is stopped.
fn in_time(class: &Class) -> f64 {
    if class.holds(0.0).in_time { class.answerable } else { 0.0 }
}

/// Connections that a class holds without waiting.
fn held_connections(class: &Class) -> f64 {
    class.first_attempts_per_second * class.answerable * class.connections * class.service_seconds
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::{Purpose, RandomStream};

    impl Region {
        /// Both ledgers, with what is open and what runs counted anew.
        fn assert_ledgers(&self, demand: &str) {
            let l = self.ledger;
            let answers = |kinds: std::ops::Range<usize>| -> u64 {
                self.answers.iter().map(|a| a[kinds.clone()].iter().sum::<u64>()).sum()
            };
            assert_eq!(l.open, self.clients.open() + answers(0..2), "open: {demand}");
            let running = answers(0..3) + self.clients.failing() + self.orphans.iter().sum::<u64>();
            assert_eq!(l.in_flight, running, "in flight: {demand}");
            assert_eq!(l.offered + l.joined, l.served + l.failed + l.abandoned + l.open, "requests: {demand}");
            assert_eq!(
                l.offered + l.retries,
                l.succeeded + l.errored + l.throttled + l.in_flight,
                "attempts: {demand}"
            );
        }
    }

    fn immediate(attempts: u32) -> RetryPolicy {
        RetryPolicy { retry: Retry::Immediate { attempts }, ..RetryPolicy::NONE }
    }

    fn steps(region: &mut Region, demand: &[Class], steps: usize) -> StepResult {
        (0..steps).map(|_| region.advance(demand)).last().unwrap()
    }

    #[test]
    fn in_overload_the_share_served_is_limit_over_load() {
        let demand = [Class::answered(1_500.0, 0.2)];
        let bucket = Limits { requests_per_second: Limit::of(1_000.0), burst: Limit::of(100.0), ..Limits::NONE };
        let functions = Limits { concurrency: Limit::of(200.0), ..Limits::NONE };
        for limits in [bucket, functions] {
            let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &demand);
            let result = steps(&mut region, &demand, 30);
            let share = result.served_first as f64 / result.offered as f64;
            assert!((share - 2.0 / 3.0).abs() < 1e-6, "{share}");
            assert!(region.is_settled());
            assert!((region.steady_share(&demand).unwrap() - share).abs() < 1e-6);
            assert!(!region.carries(&demand));
        }
    }

    #[test]
    fn a_small_pool_keeps_an_overloaded_database_useful_and_a_large_one_does_not() {
        // 450/s, 300/s possible, stopped after 1 s. A pool of 150 makes a wait of 0.5 s, one of 600 a wait of 2 s.
        let class = Class {
            database_work: 1.0,
            connections: 1.0,
            function_timeout_seconds: 1.0,
            ..Class::answered(450.0, 0.01)
        };
        for (pool, served) in [(150.0, 300.0), (600.0, 0.0)] {
            let limits = Limits {
                database_units: Limit::of(300.0),
                database_units_at_least: 300.0,
                connections: Limit::of(pool),
                ..Limits::NONE
            };
            let mut region = Region::new(0.1, limits, RetryPolicy::NONE, &[class]);
            steps(&mut region, &[class], 600);
            let before = region.ledger();
            steps(&mut region, &[class], 600);
            let rate = (region.ledger().served - before.served) as f64 / MICRO / 60.0;
            assert!((rate - served).abs() < 3.0, "{rate}/s of {served}/s with {pool} connections");
        }
    }

    #[test]
    fn retries_amplify_by_one_plus_p_plus_p_squared() {
        for attempts in 1..6 {
            for p in [0.1, 0.5, 0.9, 1.0] {
                let class = Class { answerable: 1.0 - p, ..Class::answered(100.0, 0.05) };
                let mut region = Region::new(1.0, Limits::NONE, immediate(attempts), &[class]);
                let result = steps(&mut region, &[class], 20);
                let amplified = 1.0 + result.retries as f64 / result.offered as f64;
                let expected: f64 = (0..attempts as i32).map(|k| p.powi(k)).sum();
                assert!((amplified - expected).abs() < 1e-7, "{amplified}, {expected}");
                let failed = result.failed as f64 / result.offered as f64;
                assert!((failed - p.powi(attempts as i32)).abs() < 1e-7, "{failed}");
            }
        }
    }

    #[test]
    fn a_client_gives_up_after_its_time_out() {
        // Each attempt hangs 4 s and the next starts a step later: at 0 and 5 s; at 10 s the client has gone.
        let class = Class { answerable: 0.0, failure_seconds: 4.0, ..Class::answered(100.0, 0.05) };
        let mut region = Region::new(1.0, Limits::NONE, immediate(9), &[class]);
        let result = steps(&mut region, &[class], 40);
        assert_eq!((result.offered, result.retries), (100_000_000, 100_000_000));
        assert_eq!((result.failed, result.abandoned), (0, 100_000_000));
        // A hang of 29 s outlasts its client, not its function.
        let class = Class { failure_seconds: 29.0, ..class };
        let mut region = Region::new(1.0, Limits::NONE, immediate(9), &[class]);
        let early = steps(&mut region, &[class], 15);
        assert_eq!((early.abandoned, early.errored), (100_000_000, 0));
        assert_eq!(steps(&mut region, &[class], 30).in_flight, 2_900_000_000);
    }

    #[test]
    fn a_budget_bounds_retries_by_its_share_of_first_attempts() {
        let class = Class { answerable: 0.0, ..Class::answered(100.0, 0.05) };
        let policy = RetryPolicy { budget: Some(0.1), ..immediate(4) };
        let mut region = Region::new(1.0, Limits::NONE, policy, &[class]);
        steps(&mut region, &[class], 600);
        let ledger = region.ledger();
        let allowance = 0.1 * (ledger.offered as f64 + WINDOW_SECONDS * 100.0 * MICRO);
        assert!(ledger.retries as f64 <= allowance, "{} retries of {allowance}", ledger.retries);
        assert!(ledger.retries as f64 > 0.99 * allowance);
    }

    /// A database of 300/s under 240/s, dead for a minute: attempts and answers per second, an hour later.
    fn after_a_dead_minute(policy: RetryPolicy, pool: Limit) -> (f64, f64) {
        let good = Class {
            database_work: 1.0,
            connections: 1.0,
            function_timeout_seconds: 1.0,
            ..Class::answered(240.0, 0.01)
        };
        let dead = Class { answerable: 0.0, failure_seconds: 1.0, ..good };
        let limits = Limits {
            database_units: Limit::of(300.0),
            database_units_at_least: 300.0,
            connections: pool,
            ..Limits::NONE
        };
        let mut region = Region::new(0.25, limits, policy, &[good]);
        let calm = steps(&mut region, &[good], 240);
        assert_eq!((calm.retries, calm.served_first), (0, 60_000_000), "stable before");
        steps(&mut region, &[dead], 240);
        steps(&mut region, &[good], 4 * 3540);
        let before = region.ledger();
        steps(&mut region, &[good], 240);
        let l = region.ledger();
        region.assert_ledgers("metastable");
        let per_second = |n: u64| n as f64 / MICRO / 60.0;
        (per_second(l.offered + l.retries - before.offered - before.retries), per_second(l.served - before.served))
    }

    #[test]
    fn immediate_retries_keep_a_region_down_after_the_cause_is_gone() {
        let (attempts, served) = after_a_dead_minute(immediate(4), Limit::NONE);
        assert!((attempts - 960.0).abs() < 1.0, "{attempts}/s on a database of 300/s");
        assert!(served < 1.0, "{served}/s");
    }

    #[test]
    fn backoff_with_jitter_and_a_budget_lets_it_recover() {
        let retry = Retry::Backoff { base_seconds: 1.0, cap_seconds: 8.0, attempts: 4, full_jitter: true };
        let policy = RetryPolicy { retry, budget: Some(0.1), timeout_seconds: 10.0 };
        let (attempts, served) = after_a_dead_minute(policy, Limit::NONE);
        assert!((attempts - 240.0).abs() < 1e-3 && (served - 240.0).abs() < 1e-3, "{attempts}/s, {served}/s");
    }

    #[test]
    fn so_does_a_pool_whose_queue_is_shorter_than_the_time_out() {
        let (attempts, served) = after_a_dead_minute(immediate(4), Limit::of(150.0));
        assert!((attempts - 240.0).abs() < 1e-3 && (served - 240.0).abs() < 1e-3, "{attempts}/s, {served}/s");
    }

    fn any_limit(draws: &mut RandomStream, scale: f64) -> Limit {
        if draws.chance(0.25) {
            return Limit::NONE;
        }
        Limit {
            limit: scale * draws.exponential(),
            used_by_others: if draws.chance(0.5) { 0.0 } else { draws.uniform() },
        }
    }

    fn any_class(draws: &mut RandomStream) -> Class {
        let either =
            |draws: &mut RandomStream, scale: f64| if draws.chance(0.4) { 0.0 } else { scale * draws.exponential() };
        Class {
            first_attempts_per_second: either(draws, 300.0),
            answerable: if draws.chance(0.5) { 1.0 } else { either(draws, 0.5).min(1.0) },
            service_seconds: either(draws, 0.5),
            failure_seconds: either(draws, 4.0),
            function_timeout_seconds: 0.1 + 10.0 * draws.exponential(),
            database_work: either(draws, 0.02),
            connections: either(draws, 1.0),
            megabits: either(draws, 0.1),
        }
    }

    fn any_policy(draws: &mut RandomStream) -> RetryPolicy {
        let attempts = 1 + draws.below(5) as u32;
        let retry = match draws.below(3) {
            0 => Retry::None,
            1 => Retry::Immediate { attempts },
            _ => Retry::Backoff {
                base_seconds: draws.exponential(),
                cap_seconds: 5.0 * draws.exponential(),
                attempts,
                full_jitter: draws.chance(0.7),
            },
        };
        let budget = draws.chance(0.5).then(|| draws.uniform());
        RetryPolicy { retry, budget, timeout_seconds: 0.05 + 10.0 * draws.uniform() }
    }

    fn any_limits(draws: &mut RandomStream) -> Limits {
        Limits {
            requests_per_second: any_limit(draws, 500.0),
            burst: any_limit(draws, 300.0),
            concurrency: any_limit(draws, 500.0),
            environments_per_second: any_limit(draws, 50.0),
            cold_start_seconds: if draws.chance(0.5) { 0.0 } else { draws.exponential() },
            database_units: any_limit(draws, 5.0),
            database_units_at_least: 0.01 + draws.exponential(),
            database_doubling_seconds: if draws.chance(0.3) { 0.0 } else { 60.0 * draws.exponential() },
            connections: any_limit(draws, 100.0),
            bandwidth: any_limit(draws, 50.0),
        }
    }

    #[test]
    fn both_ledgers_hold_after_every_step_whatever_the_limits_demands_and_policies() {
        for case in 0..1500 {
            let mut draws = RandomStream::new(29, case, Purpose::new("capacity/test"), 0);
            let step = [0.1, 0.5, 1.0, 3.0][draws.below(4) as usize];
            let (limits, policy) = (any_limits(&mut draws), any_policy(&mut draws));
            let classes = 1 + draws.below(3) as usize;
            let mut demand: Vec<Class> = (0..classes).map(|_| any_class(&mut draws)).collect();
            let mut region = Region::new(step, limits.clone(), policy, &demand);
            for i in 0..60 {
                if draws.chance(0.1) {
                    demand = (0..classes).map(|_| any_class(&mut draws)).collect();
                }
                if draws.chance(0.05) {
                    let crowd = Crowd::new(step, &policy, 5.0 * draws.uniform());
                    let turned: Vec<f64> = demand.iter().map(|class| class.first_attempts_per_second).collect();
                    region.join(&crowd, &turned);
                }
                let result = region.advance(&demand);
                region.assert_ledgers(&format!("case {case}, step {i}"));
                // A cell rounds to the nearest millionth.
                let spare = 1e-3;
                let (running, quota) = (result.in_flight as f64 / MICRO, limits.concurrency.available());
                assert!(running <= quota + spare, "case {case}, step {i}: {running} of {quota}");
                for resource in Resource::ALL {
                    assert!(result.utilisation.get(resource) >= 0.0, "case {case}, step {i}: {resource:?}");
                }
            }
            for class in &mut demand {
                class.first_attempts_per_second = 0.0;
            }
            steps(&mut region, &demand, (131.0 / step) as usize + 3);
            region.assert_ledgers("in the end");
            assert_eq!((region.ledger().open, region.ledger().in_flight), (0, 0), "case {case}: all have an end");
        }
    }

    #[test]
    fn what_a_region_says_it_carries_it_carries() {
        let mut carried = 0;
        for case in 0..3000 {
            let mut draws = RandomStream::new(31, case, Purpose::new("capacity/test"), 0);
            let (limits, policy) = (any_limits(&mut draws), any_policy(&mut draws));
            let demand = [any_class(&mut draws), any_class(&mut draws)];
            let later = [any_class(&mut draws), any_class(&mut draws)];
            let mut region = Region::new(1.0, limits, policy, &demand);
            for _ in 0..draws.below(3) {
                region.advance(&demand);
            }
            if !region.carries(&later) {
                continue;
            }
            carried += 1;
            for _ in 0..60 {
                let throttled = region.advance(&later).throttled;
                assert!(throttled <= 10, "case {case}: {throttled}");
                assert!(region.database_wait_seconds() <= 1e-6, "case {case}");
            }
        }
        assert!(carried > 300, "{carried}");
    }
}
