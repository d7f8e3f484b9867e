//! Clients: which failed attempts come back, and when.
//!
//! A client tries again after each failure until its attempts are used up, or its time-out, counted from its first
//! attempt, has passed. So requests that wait are counted by the step in which they come back, their class, the attempts
//! they have made, and the step of their first attempt: a ring of steps, as long as the time-out.
//!
//! A failure falls evenly into its step, so a delay drawn from U(0, d) (full jitter) comes back n steps later with the
//! probability that U(0, 1) + U(0, d / step) lies in \[n, n + 1). Nothing comes back within its own step: delays shorter
//! than a step last a step.
//!
//! A client whose answer now names another region makes its next attempt there: [`Crowd`] is who is about to when all
//! attempts at the old region have failed for longer than anybody waits.
//!
//! Source: Brooker, "Timeouts, retries, and backoff with jitter", Amazon Builders' Library (2019).

use super::{MICRO, WINDOW_SECONDS, part};

/// When a client tries again. `attempts` count the first one: 4 attempts are 3 retries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Retry {
    /// Never.
    None,
    /// At once.
    Immediate {
        /// In all.
        attempts: u32,
    },
    /// After the n-th failure: base x 2^(n-1), at most `cap`.
    Backoff {
        /// Delay after the first failure \[s\].
        base_seconds: f64,
        /// Longest delay \[s\].
        cap_seconds: f64,
        /// In all.
        attempts: u32,
        /// Draw the delay evenly between 0 and that.
        full_jitter: bool,
    },
}

/// What clients do about failures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// When they try again.
    pub retry: Retry,
    /// Retries per first attempt, over all clients together; what was not used in the last ten seconds is lost.
    pub budget: Option<f64>,
    /// How long a client cares, from its first attempt \[s\].
    pub timeout_seconds: f64,
}

impl RetryPolicy {
    /// One attempt, and ten seconds of patience.
    pub const NONE: Self = Self { retry: Retry::None, budget: None, timeout_seconds: 10.0 };

    pub(super) fn attempts(&self) -> usize {
        match self.retry {
            Retry::None => 1,
            Retry::Immediate { attempts } | Retry::Backoff { attempts, .. } => attempts.max(1) as usize,
        }
    }

    /// Delay after the n-th failure, or its upper end \[s\].
    pub(super) fn delay_seconds(&self, failures: u32) -> f64 {
        match self.retry {
            Retry::Backoff { base_seconds, cap_seconds, .. } => {
                (base_seconds * libm::exp2(f64::from(failures) - 1.0)).min(cap_seconds)
            }
            Retry::None | Retry::Immediate { .. } => 0.0,
        }
    }
}

/// Counts by step, class, attempts made, and step of the first attempt.
#[derive(Clone, Debug)]
struct Ring {
    cells: Vec<u64>,
    /// Sum of each step.
    due: Vec<u64>,
    total: u64,
    /// Cells of a step.
    width: usize,
}

impl Ring {
    fn new(steps: usize, width: usize) -> Self {
        Self { cells: vec![0; steps * width], due: vec![0; steps], total: 0, width }
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.total) > 0 {
            self.cells.fill(0);
            self.due.fill(0);
        }
    }

    fn add(&mut self, step: usize, cell: usize, n: u64) {
        self.cells[step * self.width + cell] += n;
        self.due[step] += n;
        self.total += n;
    }

    fn take(&mut self, step: usize, cell: usize) -> u64 {
        let n = std::mem::take(&mut self.cells[step * self.width + cell]);
        self.due[step] -= n;
        self.total -= n;
        n
    }
}

/// Some requests that are at the same point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cohort {
    pub class: usize,
    /// Attempts made, with the one under way.
    pub attempts: usize,
    /// Steps since the first attempt.
    pub age: usize,
    pub requests: u64,
}

/// Requests that came to an end without an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    pub failed: u64,
    pub abandoned: u64,
}

/// The clients behind the attempts.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    step: f64,
    timeout: f64,
    /// First step that begins at or after a client's time-out.
    patience: usize,
    attempts: usize,
    /// Length of the rings.
    steps: usize,
    now: usize,
    /// Requests whose next attempt starts in a step.
    waiting: Ring,
    /// Requests whose attempt fails in a step.
    failing: Ring,
    /// Requests whose client gives up in a step, whatever else happens.
    giving_up: Vec<u64>,
    /// Per number of failures: of those that have not come back 1, 2, … steps later, the share that comes back then.
    returns: Vec<Vec<f64>>,
    budget: Option<f64>,
    balance: u64,
}

impl Clients {
    pub fn new(step: f64, classes: usize, policy: &RetryPolicy) -> Self {
        let patience = (policy.timeout_seconds / step - 1e-9).ceil().max(1.0) as usize;
        let (attempts, steps) = (policy.attempts(), patience + 2);
        let width = classes * attempts * steps;
        let jitter = matches!(policy.retry, Retry::Backoff { full_jitter: true, .. });
        let returns = |failures| returns(policy.delay_seconds(failures) / step, jitter, steps);
        Self {
            step,
            timeout: policy.timeout_seconds,
            patience,
            attempts,
            steps,
            now: 0,
            waiting: Ring::new(steps, width),
            failing: Ring::new(steps, width),
            giving_up: vec![0; steps],
            returns: (1..attempts as u32).map(returns).collect(),
            budget: policy.budget,
            balance: 0,
        }
    }

    /// Nobody waits; the budget is full at this rate of first attempts \[micro-requests per step\].
    pub fn reset(&mut self, first: f64) {
        self.now = 0;
        self.waiting.clear();
        self.failing.clear();
        self.giving_up.fill(0);
        self.balance = 0;
        if let Some(share) = self.budget {
            self.balance = (share * first * WINDOW_SECONDS / self.step) as u64;
        }
    }

    fn cell(&self, class: usize, attempts: usize, age: usize) -> usize {
        let born = if age <= self.now { self.now - age } else { self.now + self.steps - age };
        (class * self.attempts + attempts - 1) * self.steps + born
    }

    fn later(&self, steps: usize) -> usize {
        let at = self.now + steps;
        if at < self.steps { at } else { at - self.steps }
    }

    /// Adds this step's attempts of each class after a failure to `attempts` \[micro\].
    pub fn count_returning(&self, attempts: &mut [u64]) {
        if self.waiting.due[self.now] == 0 {
            return;
        }
        let start = self.now * self.waiting.width;
        let cells = self.waiting.cells[start..start + self.waiting.width].chunks_exact(self.attempts * self.steps);
        for (n, cells) in attempts.iter_mut().zip(cells) {
            *n += cells.iter().sum::<u64>();
        }
    }

    /// The next group at or after place `cursor` that comes back in this step. Places are walked once, in order.
    pub fn next_returning(&mut self, cursor: &mut usize) -> Option<Cohort> {
        Self::next(&mut self.waiting, self.now, cursor).map(|(cell, n)| self.cohort(cell, n))
    }

    fn next(ring: &mut Ring, now: usize, cursor: &mut usize) -> Option<(usize, u64)> {
        if ring.due[now] == 0 {
            return None;
        }
        let start = now * ring.width;
        let found = ring.cells[start + *cursor..start + ring.width].iter().position(|&n| n > 0)?;
        let cell = *cursor + found;
        *cursor = cell + 1;
        Some((cell, ring.take(now, cell)))
    }

    fn cohort(&self, cell: usize, requests: u64) -> Cohort {
        let (row, born) = (cell / self.steps, cell % self.steps);
        Cohort {
            class: row / self.attempts,
            attempts: row % self.attempts + 1,
            age: if born <= self.now { self.now - born } else { self.now + self.steps - born },
            requests,
        }
    }

    /// Whether a client still cares for the end of an attempt that starts now and takes this long.
    pub fn cares(&self, age: usize, seconds: f64) -> bool {
        age as f64 * self.step + seconds <= self.timeout + 1e-9
    }

    /// Requests whose attempts fail in this step so far \[micro\].
    pub fn failing_now(&self) -> u64 {
        self.failing.due[self.now]
    }

    /// An attempt of these fails in so many steps.
    pub fn fail(&mut self, cohort: Cohort, steps: usize) {
        let cell = self.cell(cohort.class, cohort.attempts, cohort.age);
        let at = self.later(steps);
        self.failing.add(at, cell, cohort.requests);
    }

    /// These get nothing until their clients give up.
    pub fn give_up(&mut self, age: usize, requests: u64) {
        let at = self.later(self.patience.saturating_sub(age));
        self.giving_up[at] += requests;
    }

    /// Ends the step: whoever failed in it comes back later, or does not. `first`: its first attempts \[micro\].
    pub fn end_step(&mut self, first: u64) -> Ended {
        let mut ended = Ended::default();
        let granted = self.grant(first);
        let mut cursor = 0;
        while let Some((cell, n)) = Self::next(&mut self.failing, self.now, &mut cursor) {
            let cohort = self.cohort(cell, n);
            if cohort.attempts == self.attempts {
                ended.failed += n;
            } else if cohort.age >= self.patience {
                self.give_up(cohort.age, n);
            } else {
                let again = part(n, granted);
                ended.failed += n - again;
                self.come_back(Cohort { requests: again, ..cohort });
            }
        }
        ended.abandoned = std::mem::take(&mut self.giving_up[self.now]);
        self.now = self.later(1);
        ended
    }

    /// Share of the failures of this step that may be tried again.
    fn grant(&mut self, first: u64) -> f64 {
        let Some(share) = self.budget else { return 1.0 };
        let earned = first as f64 * share;
        let most = (earned * WINDOW_SECONDS / self.step).max(earned);
        self.balance = ((self.balance as f64 + earned).min(most)) as u64;
        let mut wanted = 0;
        if self.failing.due[self.now] > 0 {
            let start = self.now * self.failing.width;
            for (cell, &n) in self.failing.cells[start..start + self.failing.width].iter().enumerate() {
                if n > 0 {
                    let cohort = self.cohort(cell, n);
                    if cohort.attempts < self.attempts && cohort.age < self.patience {
                        wanted += n;
                    }
                }
            }
        }
        if wanted == 0 { 1.0 } else { (self.balance as f64 / wanted as f64).min(1.0) }
    }

    fn come_back(&mut self, cohort: Cohort) {
        if self.budget.is_some() {
            self.balance = self.balance.saturating_sub(cohort.requests);
        }
        let cell = self.cell(cohort.class, cohort.attempts + 1, cohort.age);
        let mut left = cohort.requests;
        for i in 0..self.returns[cohort.attempts - 1].len() {
            let delay = i + 1;
            if cohort.age + delay >= self.patience || left == 0 {
                break;
            }
            let n = part(left, self.returns[cohort.attempts - 1][i]);
            let at = self.later(delay);
            self.waiting.add(at, cell, n);
            left -= n;
        }
        self.give_up(cohort.age, left);
    }

    /// So many of a crowd at each class come to try again here \[1/s of first attempts at the old region\]; returns how many
    /// requests that are \[micro\].
    pub fn join(&mut self, crowd: &Crowd, per_second: &[f64]) -> u64 {
        let mut joined = 0;
        for (class, &rate) in per_second.iter().enumerate().filter(|(_, rate)| **rate > 0.0) {
            for back in &crowd.returns {
                let n = (rate * back.requests + 0.5) as u64;
                let (cell, at) = (self.cell(class, back.attempts, back.age), self.later(back.steps));
                self.waiting.add(at, cell, n);
                joined += n;
            }
        }
        joined
    }

    /// Nobody waits to try again, or is about to.
    pub fn is_quiet(&self) -> bool {
        self.waiting.total == 0 && (self.attempts == 1 || self.failing.total == 0)
    }

    #[cfg(test)]
    /// Requests without an end yet, other than those that will be answered \[micro\].
    pub fn open(&self) -> u64 {
        self.waiting.total + self.failing.total + self.giving_up.iter().sum::<u64>()
    }

    #[cfg(test)]
    /// Requests whose attempt is under way and will fail.
    pub fn failing(&self) -> u64 {
        self.failing.total
    }
}

/// Some of a crowd, at the same point.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Back {
    /// Whole steps until they try again.
    steps: usize,
    /// Attempts with that one.
    attempts: usize,
    /// Steps since the first attempt, now.
    age: usize,
    /// How many, per first attempt a second \[micro\].
    requests: f64,
}

/// Who has failed and would try again, per first attempt a second at a region that has answered nobody for long: what
/// the region that they turn to gets at once, beside their first attempts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crowd {
    returns: Vec<Back>,
}

impl Crowd {
    /// The crowd of these clients when each attempt takes so long to fail.
    pub fn new(step_seconds: f64, policy: &RetryPolicy, fails_after_seconds: f64) -> Self {
        const RATE: f64 = 1_000.0;
        let first = (RATE * step_seconds * MICRO) as u64;
        let mut clients = Clients::new(step_seconds, 1, policy);
        clients.reset(first as f64);
        let fails = |clients: &mut Clients, cohort: Cohort| {
            if !clients.cares(cohort.age, fails_after_seconds) {
                return clients.give_up(cohort.age, cohort.requests);
            }
            let (whole, part_later) =
                ((fails_after_seconds / step_seconds) as usize, fails_after_seconds / step_seconds);
            let later = part(cohort.requests, part_later - whole as f64);
            clients.fail(Cohort { requests: cohort.requests - later, ..cohort }, whole);
            clients.fail(Cohort { requests: later, ..cohort }, whole + 1);
        };
        for _ in 0..2 * clients.steps {
            fails(&mut clients, Cohort { class: 0, attempts: 1, age: 0, requests: first });
            let mut cursor = 0;
            while let Some(cohort) = clients.next_returning(&mut cursor) {
                fails(&mut clients, cohort);
            }
            clients.end_step(first);
        }
        // From now on nobody comes to the old region, and whoever would come back does so elsewhere.
        let mut returns = Vec::new();
        for steps in 0..clients.steps {
            let mut cursor = 0;
            while let Some(Cohort { attempts, age, requests, .. }) = clients.next_returning(&mut cursor) {
                returns.push(Back { steps, attempts, age: age - steps, requests: requests as f64 / RATE });
            }
            clients.end_step(0);
        }
        Self { returns }
    }

    /// Attempts that come within each step from now on, per first attempt a second at the old region.
    pub fn attempts_by_step(&self) -> Vec<f64> {
        let last = self.returns.iter().map(|back| back.steps + 1).max().unwrap_or(0);
        let mut attempts = vec![0.0; last];
        self.returns.iter().for_each(|back| attempts[back.steps] += back.requests / MICRO);
        attempts
    }
}

/// Shares that return after 1, 2, … steps, each of those that have not returned before; `most` values at most.
fn returns(delay: f64, jitter: bool, most: usize) -> Vec<f64> {
    // P(U(0, 1) + delay <= x), with I(x) the integral of min(max(x, 0), 1).
    let integral = |x: f64| {
        if x <= 0.0 {
            0.0
        } else if x < 1.0 {
            x * x / 2.0
        } else {
            x - 0.5
        }
    };
    let until = |x: f64| {
        if jitter && delay > 1e-6 { (integral(x) - integral(x - delay)) / delay } else { (x - delay).clamp(0.0, 1.0) }
    };
    let mut shares = Vec::new();
    let mut before = 0.0;
    for n in 1..=most {
        let now = until(n as f64 + 1.0);
        shares.push(if before < 1.0 { ((now - before) / (1.0 - before)).clamp(0.0, 1.0) } else { 1.0 });
        before = now;
        if now > 1.0 - 1e-12 {
            *shares.last_mut().expect("one was pushed") = 1.0;
            break;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::{Purpose, RandomStream};

    /// Mean steps until the return, and its distribution, from the shares of those left.
    fn law(shares: &[f64]) -> (f64, Vec<f64>) {
        let mut left = 1.0;
        let law: Vec<f64> = shares
            .iter()
            .map(|s| {
                let p = left * s;
                left -= p;
                p
            })
            .collect();
        (law.iter().zip(1..).map(|(p, n)| p * f64::from(n)).sum(), law)
    }

    #[test]
    fn a_fixed_delay_keeps_its_mean_and_the_shortest_lasts_a_step() {
        for (delay, mean) in [(0.0, 1.0), (0.4, 1.0), (1.0, 1.0), (2.25, 2.25), (7.5, 7.5)] {
            assert!((law(&returns(delay, false, 50)).0 - mean).abs() < 1e-12, "{delay}");
        }
    }

    #[test]
    fn full_jitter_spreads_evenly_and_keeps_its_mean() {
        // U(0, 1) + U(0, 4): 1/8 within the first step, which is put off to the second; a quarter per step in between.
        let (mean, law) = law(&returns(4.0, true, 50));
        assert!((mean - (2.0 + 1.0 / 8.0)).abs() < 1e-12, "{mean}");
        for (p, expected) in law.iter().zip([0.375, 0.25, 0.25, 0.125]) {
            assert!((p - expected).abs() < 1e-12, "{law:?}");
        }
    }

    #[test]
    fn immediate_retries_of_a_dead_region_reach_the_next_for_as_long_as_an_attempt_hangs() {
        // Attempts at 0, 2, 4 s: 3 - 1 of every request that still has some left come within 2 s, at their full rate.
        let policy = RetryPolicy { retry: Retry::Immediate { attempts: 3 }, budget: None, timeout_seconds: 60.0 };
        let crowd = Crowd::new(0.01, &policy, 2.0).attempts_by_step();
        let within = |seconds: f64| crowd.iter().take((seconds / 0.01) as usize).sum::<f64>();
        assert!((within(1.0) - 2.0).abs() < 0.05, "{}", within(1.0));
        assert!((within(9.0) - 4.0).abs() < 0.05, "{}", within(9.0));
        assert!(Crowd::new(1.0, &RetryPolicy::NONE, 2.0).attempts_by_step().is_empty(), "nobody tries again");
    }

    /// Retries in each second after all clients turn to another region, per first attempt a second: request by request.
    fn turned(policy: &RetryPolicy, fails_after: f64, requests: u64) -> Vec<f64> {
        let (turn, rate) = (60.0, requests as f64 / 60.0);
        let mut stream = RandomStream::new(5, 0, Purpose::new("retries/test"), 0);
        let mut seconds = vec![0.0; 12];
        for _ in 0..requests {
            let born = turn * stream.uniform();
            let (mut at, mut failures) = (born, 0);
            loop {
                // An attempt that starts after the turn succeeds.
                if at >= turn {
                    seconds[(at - turn) as usize] += 1.0 / rate;
                    break;
                }
                failures += 1;
                let Retry::Backoff { attempts, .. } = policy.retry else { unreachable!() };
                at += fails_after + stream.uniform() * policy.delay_seconds(failures);
                if failures >= attempts || at > born + policy.timeout_seconds {
                    break;
                }
            }
        }
        seconds
    }

    #[test]
    fn request_by_request_a_crowd_turns_to_the_next_region_as_in_the_fluid() {
        for (base_seconds, attempts, fails_after) in [(0.5, 3, 3.1), (2.0, 4, 0.5), (1.0, 5, 1.0)] {
            let retry = Retry::Backoff { base_seconds, cap_seconds: 20.0, attempts, full_jitter: true };
            let policy = RetryPolicy { retry, budget: None, timeout_seconds: 10.0 };
            let n = 600_000;
            let twin = turned(&policy, fails_after, n);
            let step = 0.02;
            let fluid = Crowd::new(step, &policy, fails_after).attempts_by_step();
            let fluid: Vec<f64> = fluid.chunks(50).map(|second| second.iter().sum()).collect();
            let (all, of_twin) = (fluid.iter().sum::<f64>(), twin.iter().sum::<f64>());
            // Counts are Poisson; each attempt comes up to a step late.
            let noise = |count: f64| 4.0 * (count.max(0.01) / (n as f64 / 60.0)).sqrt();
            let late = step * f64::from(attempts);
            assert!((all - of_twin).abs() < noise(of_twin) + late, "{all} and {of_twin} in all");
            for (second, twin) in twin.iter().enumerate() {
                let fluid = fluid.get(second).copied().unwrap_or(0.0);
                assert!((fluid - twin).abs() < noise(*twin) + late, "second {second}: {fluid} and {twin}");
            }
        }
    }

    #[test]
    fn backoff_doubles_up_to_its_cap() {
        let retry = Retry::Backoff { base_seconds: 0.1, cap_seconds: 0.5, attempts: 9, full_jitter: true };
        let policy = RetryPolicy { retry, ..RetryPolicy::NONE };
        let delays: Vec<f64> = (1..6).map(|n| policy.delay_seconds(n)).collect();
        assert_eq!(delays, [0.1, 0.2, 0.4, 0.5, 0.5]);
    }
}
