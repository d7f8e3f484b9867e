//! Health checks from outside: many checkers, each with its own phase, vote on one endpoint.
//!
//! A checker asks, waits `interval` after each answer, and gives up on the endpoint after `threshold` failures in a row
//! (trusts it again after as many successes). A probe of a dead endpoint costs `timeout`; a live one answers at once.
//! The endpoint is unhealthy once the share of checkers that call it healthy is at or below `healthy_share`: with 16
//! checkers and 18%, once 14 have given up. One checker and the same rule is a load balancer's own check.
//!
//! Closed form with instant answers: (threshold - 1) * interval + interval * Beta(14, 3) for 16 checkers, and
//! (threshold - 1) * interval + U(0, interval) for one (order statistics of uniform phases).
//!
//! A checker whose opinion agrees with the truth is parked: its probes cannot change anything until the truth does.
//! A probe under way when the endpoint comes back succeeds (the connection is tried again within the time-out).
//!
//! Source: Amazon Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy" (2023-06-15).

use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::SimDuration;

/// From this share of failing requests on, three failures in a row on 14 of 16 checkers are the rule and a grey failure
/// is seen like a dead endpoint ([`unhealthy_opinions`]: 0.89 of the opinions); below it, what a check sees depends on
/// whether its requests are among those that fail.
pub const SEES_LIKE_DEAD: f64 = 0.7;

/// Long-run share of checkers that call an endpoint unhealthy when each request fails with probability `failing`,
/// independently: runs of `threshold` of either kind change an opinion, and the mean wait for one at probability p is
/// (1 - p^k) / (p^k (1 - p)) requests (Feller 1968, XIII.7).
pub fn unhealthy_opinions(failing: f64, threshold: u32) -> f64 {
    let wait = |p: f64| {
        let run = libm::pow(p, f64::from(threshold));
        (1.0 - run) / (run * (1.0 - p))
    };
    match failing {
        f if f <= 0.0 => 0.0,
        f if f >= 1.0 => 1.0,
        f => wait(1.0 - f) / (wait(1.0 - f) + wait(f)),
    }
}

/// Parameters of a set of checkers.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckerSettings {
    /// How many; at most 255.
    pub checkers: usize,
    /// Unhealthy at or below this share of healthy opinions.
    pub healthy_share: f64,
    /// From an answer to the next request.
    pub interval: SimDuration,
    /// From a request to giving up on its answer.
    pub timeout: SimDuration,
    /// Results in a row that change an opinion.
    pub threshold: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Checker {
    /// Results in a row against its present opinion.
    streak: u32,
    healthy: bool,
    parked: bool,
}

/// One endpoint and its checkers.
#[derive(Clone, Debug)]
pub struct Endpoint {
    settings: CheckerSettings,
    up: bool,
    /// The vote, as last taken.
    healthy: bool,
    checkers: Vec<Checker>,
    healthy_opinions: usize,
}

impl Endpoint {
    /// A healthy endpoint, all checkers agreed.
    pub fn new(settings: CheckerSettings) -> Self {
        let mut endpoint = Self {
            checkers: vec![Checker::default(); settings.checkers],
            settings,
            up: true,
            healthy: true,
            healthy_opinions: 0,
        };
        endpoint.reset();
        endpoint
    }

    /// Other settings for as many checkers, all agreed again.
    ///
    /// # Panics
    /// If the number of checkers differs.
    pub fn configure(&mut self, settings: CheckerSettings) {
        assert_eq!(settings.checkers, self.checkers.len(), "the number of checkers is fixed");
        self.settings = settings;
        self.reset();
    }

    /// Back to the start, keeping memory.
    pub fn reset(&mut self) {
        self.up = true;
        self.healthy = true;
        self.checkers.fill(Checker { streak: 0, healthy: true, parked: true });
        self.healthy_opinions = self.checkers.len();
    }

    /// The truth changed. Calls `probe(delay, checker)` for each checker that now has something to find out: the delay
    /// until its next answer. `phases` gives one uniform per checker, also for those that need none, so that the phase
    /// of a checker does not depend on the others.
    pub fn set_up(&mut self, up: bool, phases: &mut RandomStream, mut probe: impl FnMut(SimDuration, usize)) {
        self.up = up;
        let answer_after = self.answer_after();
        for (i, checker) in self.checkers.iter_mut().enumerate() {
            let phase = phases.uniform();
            checker.streak = 0;
            if checker.parked && checker.healthy != up {
                checker.parked = false;
                probe(SimDuration::from_secs_f64(phase * self.settings.interval.as_secs_f64()) + answer_after, i);
            }
        }
    }

    /// A checker has its answer: the delay until its next one, if it goes on, and the new verdict if the vote changed.
    pub fn answered(&mut self, checker: usize) -> (Option<SimDuration>, Option<bool>) {
        let up = self.up;
        let c = &mut self.checkers[checker];
        if c.healthy == up {
            c.streak = 0;
        } else {
            c.streak += 1;
            if c.streak >= self.settings.threshold {
                c.healthy = up;
                c.streak = 0;
                if up {
                    self.healthy_opinions += 1;
                } else {
                    self.healthy_opinions -= 1;
                }
            }
        }
        c.parked = c.healthy == up;
        let next = (!c.parked).then(|| self.settings.interval + self.answer_after());
        let healthy = self.healthy_opinions as f64 > self.settings.healthy_share * self.checkers.len() as f64;
        let changed = (healthy != self.healthy).then_some(healthy);
        self.healthy = healthy;
        (next, changed)
    }

    /// The vote.
    pub fn is_healthy(&self) -> bool {
        self.healthy
    }

    fn answer_after(&self) -> SimDuration {
        if self.up { SimDuration::ZERO } else { self.settings.timeout }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::future_event_list::Scheduler;
    use drsim_sim::random_stream::Purpose;
    use drsim_sim::time::SimTime;
    use statrs::distribution::{Beta, ContinuousCDF};

    /// Seconds from a change of the truth to the changed vote.
    fn detection(settings: &CheckerSettings, replication: u64) -> f64 {
        let mut endpoint = Endpoint::new(settings.clone());
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        let mut phases = RandomStream::new(5, replication, Purpose::new("checkers/test"), 0);
        endpoint.set_up(false, &mut phases, |delay, i| scheduler.schedule_in(delay, i));
        while let Some(i) = scheduler.next_event() {
            let (next, verdict) = endpoint.answered(i);
            if verdict == Some(false) {
                return scheduler.now().as_secs_f64();
            }
            if let Some(delay) = next {
                scheduler.schedule_in(delay, i);
            }
        }
        panic!("an endpoint that stays down is found out");
    }

    /// Largest distance between an empirical distribution and a law; the critical value at 0.1% is 1.95 / sqrt(n).
    fn kolmogorov_smirnov(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
        sample.sort_by(f64::total_cmp);
        let n = sample.len() as f64;
        let gap = |(i, x): (usize, &f64)| (cdf(*x) - i as f64 / n).abs().max((cdf(*x) - (i + 1) as f64 / n).abs());
        sample.iter().enumerate().map(gap).fold(0.0, f64::max)
    }

    #[test]
    fn sixteen_checkers_find_out_after_twenty_plus_ten_beta_14_3_seconds() {
        let settings = CheckerSettings {
            checkers: 16,
            healthy_share: 0.18,
            interval: SimDuration::from_secs(10),
            timeout: SimDuration::ZERO,
            threshold: 3,
        };
        let sample: Vec<f64> = (0..4000).map(|i| detection(&settings, i)).collect();
        let beta = Beta::new(14.0, 3.0).unwrap();
        let distance = kolmogorov_smirnov(sample, |x| beta.cdf(((x - 20.0) / 10.0).clamp(0.0, 1.0)));
        assert!(distance < 1.95 / 4000_f64.sqrt(), "{distance}");
    }

    #[test]
    fn one_checker_finds_out_after_a_uniform_phase_and_the_time_outs() {
        // Hanging probes: k time-outs and k - 1 intervals after the phase.
        let settings = CheckerSettings {
            checkers: 1,
            healthy_share: 0.18,
            interval: SimDuration::from_secs(30),
            timeout: SimDuration::from_secs(4),
            threshold: 3,
        };
        let sample: Vec<f64> = (0..4000).map(|i| detection(&settings, i)).collect();
        let distance = kolmogorov_smirnov(sample, |x| ((x - 72.0) / 30.0).clamp(0.0, 1.0));
        assert!(distance < 1.95 / 4000_f64.sqrt(), "{distance}");
    }

    #[test]
    fn a_blip_shorter_than_the_threshold_changes_no_vote() {
        let settings = CheckerSettings {
            checkers: 16,
            healthy_share: 0.18,
            interval: SimDuration::from_secs(10),
            timeout: SimDuration::ZERO,
            threshold: 3,
        };
        let mut endpoint = Endpoint::new(settings);
        let mut phases = RandomStream::new(5, 0, Purpose::new("checkers/test"), 0);
        let mut pending = Vec::new();
        endpoint.set_up(false, &mut phases, |_, i| pending.push(i));
        assert_eq!(pending.len(), 16);
        for &i in &pending {
            assert_eq!(endpoint.answered(i).1, None);
        }
        endpoint.set_up(true, &mut phases, |_, _| panic!("nobody was parked with a wrong opinion"));
        for &i in &pending {
            assert_eq!(endpoint.answered(i), (None, None), "back in agreement, parked");
        }
    }

    #[test]
    fn opinions_of_a_grey_endpoint_follow_the_runs() {
        // One checker, many requests: the share of them answered while its opinion is "unhealthy". A cycle of opinions
        // takes some 60 requests, so 200,000 are some 3,000 cycles: four standard errors are below 0.02.
        for failing in [0.3, 0.5, SEES_LIKE_DEAD, 0.9] {
            let mut requests = RandomStream::new(5, 0, Purpose::new("grey/test"), 0);
            let (mut healthy, mut run, mut unhealthy) = (true, 0, 0.0);
            let n = 200_000;
            for _ in 0..n {
                let fails = requests.uniform() < failing;
                run = if fails == healthy { run + 1 } else { 0 };
                if run == 3 {
                    (healthy, run) = (!healthy, 0);
                }
                unhealthy += f64::from(u8::from(!healthy));
            }
            let expected = unhealthy_opinions(failing, 3);
            assert!((unhealthy / f64::from(n) - expected).abs() < 0.02, "{failing}: {unhealthy} against {expected}");
        }
        assert!(unhealthy_opinions(SEES_LIKE_DEAD, 3) > 14.0 / 16.0 && unhealthy_opinions(0.6, 3) < 14.0 / 16.0);
    }
}
