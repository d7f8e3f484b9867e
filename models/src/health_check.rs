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
use drsim_sim::time::{SimDuration, SimTime};

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

#[derive(Clone, Copy, Debug)]
struct Checker {
    /// Results in a row against its present opinion.
    streak: u32,
    healthy: bool,
    /// Its next answer; `None`: parked.
    next: Option<SimTime>,
}

/// One endpoint and its checkers.
///
/// Between two changes of the truth every checker's answers are known, so the instant at which the vote changes is too:
/// one event, not one per probe.
#[derive(Clone, Debug)]
pub struct Endpoint {
    settings: CheckerSettings,
    up: bool,
    /// The vote, as last taken.
    healthy: bool,
    checkers: Vec<Checker>,
    healthy_opinions: usize,
    /// Checkers that call it healthy when the vote is just so.
    at_least: usize,
    /// When each checker that is wrong changes its opinion; kept for its memory.
    turns: Vec<SimTime>,
}

impl Endpoint {
    /// A healthy endpoint, all checkers agreed.
    pub fn new(settings: CheckerSettings) -> Self {
        let agreed = Checker { streak: 0, healthy: true, next: None };
        let mut endpoint = Self {
            checkers: vec![agreed; settings.checkers],
            turns: Vec::with_capacity(settings.checkers),
            settings,
            up: true,
            healthy: true,
            healthy_opinions: 0,
            at_least: 0,
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
        self.checkers.fill(Checker { streak: 0, healthy: true, next: None });
        self.healthy_opinions = self.checkers.len();
        // All of them are enough, whatever the share.
        let n = self.checkers.len();
        self.at_least = ((self.settings.healthy_share * n as f64).floor() as usize + 1).min(n);
    }

    /// The truth changed: when the vote follows if the truth stays, or `None` if the vote is right already.
    ///
    /// `phases` gives one uniform per checker, also for those that need none, so that the phase of a checker does not
    /// depend on the others.
    pub fn set_up(&mut self, now: SimTime, up: bool, phases: &mut RandomStream) -> Option<SimTime> {
        self.answer_until(now);
        self.up = up;
        let (interval, answer_after) = (self.settings.interval.as_secs_f64(), self.answer_after());
        for checker in &mut self.checkers {
            let phase = phases.uniform();
            checker.streak = 0;
            if checker.next.is_none() && checker.healthy != up {
                checker.next = Some(now + SimDuration::from_secs_f64(phase * interval) + answer_after);
            }
        }
        self.vote_changes_at()
    }

    /// Takes every answer up to `now`, and the vote.
    pub fn vote(&mut self, now: SimTime) -> bool {
        self.answer_until(now);
        self.healthy = self.healthy_opinions >= self.at_least;
        self.healthy
    }

    /// The vote, as last taken.
    pub fn is_healthy(&self) -> bool {
        self.healthy
    }

    fn answer_until(&mut self, now: SimTime) {
        let period = self.settings.interval + self.answer_after();
        for c in &mut self.checkers {
            while let Some(at) = c.next.filter(|&at| at <= now) {
                c.streak = if c.healthy == self.up { 0 } else { c.streak + 1 };
                if c.streak >= self.settings.threshold {
                    (c.healthy, c.streak) = (self.up, 0);
                    if self.up {
                        self.healthy_opinions += 1;
                    } else {
                        self.healthy_opinions -= 1;
                    }
                }
                c.next = (c.healthy != self.up).then(|| at + period);
            }
        }
    }

    /// When enough checkers have changed their opinion to what is true.
    fn vote_changes_at(&mut self) -> Option<SimTime> {
        if self.healthy == self.up {
            return None;
        }
        let missing =
            if self.up { self.at_least - self.healthy_opinions } else { self.healthy_opinions + 1 - self.at_least };
        let period = (self.settings.interval + self.answer_after()).as_nanos();
        let threshold = self.settings.threshold;
        self.turns.clear();
        self.turns.extend(self.checkers.iter().filter(|c| c.healthy != self.up).filter_map(|c| {
            let answers = i64::from(threshold - 1 - c.streak);
            c.next.map(|next| SimTime::from_nanos(next.as_nanos() + answers * period as i64))
        }));
        Some(*self.turns.select_nth_unstable(missing - 1).1)
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
        let mut phases = RandomStream::new(5, replication, Purpose::new("checkers/test"), 0);
        let at = endpoint.set_up(SimTime::ZERO, false, &mut phases).expect("an endpoint that stays down is found out");
        assert!(!endpoint.vote(at));
        at.as_secs_f64()
    }

    /// Every probe an event: the slow twin. Returns the votes' changes.
    fn probe_by_probe(settings: &CheckerSettings, truth: &[(SimTime, bool)], replication: u64) -> Vec<(SimTime, bool)> {
        #[derive(Clone, Copy)]
        enum Event {
            Truth(bool),
            Answer(usize),
        }
        let n = settings.checkers;
        let (mut up, mut vote, mut votes) = (true, true, Vec::new());
        let (mut opinion, mut streak, mut probing) = (vec![true; n], vec![0; n], vec![false; n]);
        let mut phases = RandomStream::new(5, replication, Purpose::new("checkers/test"), 0);
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        for &(at, up) in truth {
            scheduler.schedule_at(at, Event::Truth(up));
        }
        while let Some(event) = scheduler.next_event() {
            let costs = |up: bool| if up { SimDuration::ZERO } else { settings.timeout };
            match event {
                Event::Truth(now) => {
                    up = now;
                    for i in 0..n {
                        let phase = SimDuration::from_secs_f64(phases.uniform() * settings.interval.as_secs_f64());
                        streak[i] = 0;
                        if !probing[i] && opinion[i] != up {
                            probing[i] = true;
                            scheduler.schedule_in(phase + costs(up), Event::Answer(i));
                        }
                    }
                }
                Event::Answer(i) => {
                    streak[i] = if opinion[i] == up { 0 } else { streak[i] + 1 };
                    if streak[i] == settings.threshold {
                        (opinion[i], streak[i]) = (up, 0);
                    }
                    probing[i] = opinion[i] != up;
                    if probing[i] {
                        scheduler.schedule_in(settings.interval + costs(up), Event::Answer(i));
                    }
                    let healthy = opinion.iter().filter(|o| **o).count() as f64 > settings.healthy_share * n as f64;
                    if healthy != vote {
                        vote = healthy;
                        votes.push((scheduler.now(), healthy));
                    }
                }
            }
        }
        votes
    }

    #[test]
    fn the_vote_changes_when_probes_taken_one_by_one_say_so() {
        let mut flips = RandomStream::new(5, 0, Purpose::new("truth/test"), 0);
        let mut seen = 0;
        for replication in 0..300 {
            let settings = CheckerSettings {
                checkers: 1 + (replication as usize % 17),
                healthy_share: 0.18,
                interval: SimDuration::from_secs(10),
                timeout: SimDuration::from_secs(4),
                threshold: 1 + (replication % 4) as u32,
            };
            // Blips, relapses in the middle of a vote, and long states.
            let (mut at, mut up) = (SimTime::ZERO, true);
            let truth: Vec<_> = (0..12)
                .map(|_| {
                    at += SimDuration::from_secs_f64(30.0 * flips.exponential());
                    up = !up;
                    (at, up)
                })
                .collect();
            let mut endpoint = Endpoint::new(settings.clone());
            let mut phases = RandomStream::new(5, replication, Purpose::new("checkers/test"), 0);
            let mut votes = Vec::new();
            for (i, &(now, up)) in truth.iter().enumerate() {
                let until = truth.get(i + 1).map_or(SimTime::MAX, |next| next.0);
                if let Some(change) = endpoint.set_up(now, up, &mut phases).filter(|change| *change < until) {
                    votes.push((change, endpoint.vote(change)));
                }
            }
            assert_eq!(votes, probe_by_probe(&settings, &truth, replication));
            seen += votes.len();
        }
        assert!(seen > 500, "the case is not empty: {seen}");
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
        let (start, end) = (SimTime::ZERO, SimTime::from_secs_f64(15.0));
        assert!(endpoint.set_up(start, false, &mut phases).is_some_and(|at| at > end));
        assert_eq!(endpoint.set_up(end, true, &mut phases), None);
        assert!(endpoint.vote(SimTime::from_secs_f64(60.0)));
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
