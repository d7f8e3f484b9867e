//! Quotas: what a region must be granted to carry a demand, retries of what fails anyway included.
//!
//! In closed form, for a demand that stays: rates times how long each attempt holds what (Little's law), times the
//! attempts that failures cause. With limits this large nothing is short, so a shortage adds no retries of its own. A
//! steady demand needs no burst and no growth; [`Surge`] says what its jumps need.
//!
//! Assumed: every attempt that is left is made; clients whose time-out passes first make fewer, so that this is an upper
//! bound for them. Source: Little (1961), "A proof for the queuing formula L = lambda W"; the slow twin is the region itself,
//! stepped without limits until it is steady (tests).

use super::limits::{Class, Limits, PerResource, Resource, utilisation};
use super::retries::RetryPolicy;

impl RetryPolicy {
    /// Attempts per request if each fails with this probability, all of them made: 1 + p + … + p^(n-1), or what the
    /// budget allows.
    pub fn attempts_per_request(&self, fails: f64) -> f64 {
        let (mut all, mut reached) = (0.0, 1.0);
        for _ in 0..self.attempts() {
            all += reached;
            reached *= fails;
        }
        self.budget.map_or(all, |budget| all.min(1.0 + budget))
    }
}

/// Smallest limit of each resource that carries this steady demand and the retries it causes.
pub fn required_quota(demand: &[Class], policy: &RetryPolicy) -> PerResource {
    let mut needed = PerResource::default();
    let mut add = |resource, amount| needed.set(resource, needed.get(resource) + amount);
    for class in demand {
        let fails = 1.0 - class.answerable;
        let rate = class.first_attempts_per_second * if fails > 0.0 { policy.attempts_per_request(fails) } else { 1.0 };
        let good = rate * class.answerable;
        let holds = class.holds(0.0);
        add(Resource::Requests, rate);
        add(Resource::Concurrency, good * holds.answer + rate * fails * holds.failure);
        add(Resource::DatabaseUnits, good * class.database_work);
        add(Resource::Connections, good * class.connections * class.service_seconds);
        add(Resource::Bandwidth, rate * class.megabits);
    }
    needed
}

/// Demand over what there is, after others took their share: above 1 the region is short of it.
pub fn capacity_ratio(limits: &Limits, required: &PerResource) -> PerResource {
    let there = limits.available();
    PerResource::from_fn(|resource| utilisation(required.get(resource), there.get(resource)))
}

/// What a demand that jumps needs beyond a steady one: the smallest bucket, the fastest growth of functions and the smallest
/// size of the database with which nobody is turned away or waits, the other limits as they are. Followed from one change of
/// the demand to the next.
///
/// A database grows behind its load. Where demand jumps, or rises faster than it doubles, it needs the units beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surge {
    /// Tokens overdrawn so far, and the demand \[1/s\] since `at`.
    overdrawn: f64,
    rate: f64,
    at: f64,
    /// Environments that exist, those that existed when the present second began, and that second.
    environments: f64,
    before: f64,
    second: f64,
    /// Units to which the database has grown.
    units: f64,
}

impl Surge {
    /// A region that has carried this for long, at an instant \[s\].
    pub fn after(steady: &PerResource, at: f64) -> Self {
        let environments = steady.get(Resource::Concurrency);
        let rate = steady.get(Resource::Requests);
        let units = steady.get(Resource::DatabaseUnits);
        Self { overdrawn: 0.0, rate, at, environments, before: environments, second: at.floor(), units }
    }

    /// Demand has followed its hours to so many times what it was: the database has followed demand.
    pub fn follow(&mut self, times: f64) {
        self.units *= times.max(1.0);
    }

    /// Whether a demand that stays as it was up to an instant \[s\] asks for no more of either.
    pub fn rests(&mut self, required: &PerResource, at: f64, limits: &Limits) -> bool {
        let rests = self.overdrawn == 0.0
            && self.rate.total_cmp(&required.get(Resource::Requests)).is_eq()
            && self.rate <= limits.requests_per_second.available()
            && required.get(Resource::Concurrency) <= self.environments;
        if rests {
            self.at = at;
            if at.floor() > self.second {
                (self.before, self.second) = (self.environments, at.floor());
            }
        }
        rests
    }

    /// From an instant \[s\] on the region is asked for this, after an even change since the last one or a jump; adds what
    /// that needs of burst and growth.
    pub fn turn(&mut self, required: &mut PerResource, (at, even): (f64, bool), limits: &Limits) {
        let rate = if even { f64::midpoint(self.rate, required.get(Resource::Requests)) } else { self.rate };
        let excess = (rate - limits.requests_per_second.available()) * (at - self.at);
        self.overdrawn = (self.overdrawn + excess).max(0.0);
        let seconds = if even { (at.floor() - self.second).max(1.0) } else { 1.0 };
        let units = required.get(Resource::DatabaseUnits);
        let grows_to = || {
            let doublings = if even { (at - self.at) / limits.database_doubling_seconds } else { 0.0 };
            self.units * libm::exp2(doublings)
        };
        let grown = limits.database_doubling_seconds <= 0.0 || units <= self.units || units <= grows_to();
        required.set(Resource::DatabaseGrowth, if grown { 0.0 } else { units });
        self.units = self.units.max(units);
        (self.rate, self.at) = (required.get(Resource::Requests), at);
        if at.floor() > self.second {
            (self.before, self.second) = (self.environments, at.floor());
        }
        self.environments = self.environments.max(required.get(Resource::Concurrency));
        required.set(Resource::Burst, self.overdrawn);
        required.set(Resource::ConcurrencyGrowth, (self.environments - self.before) / seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LONGEST_HOLD_SECONDS, Limit, Region, Retry};
    use super::*;

    fn demand() -> [Class; 2] {
        let reads = Class { megabits: 0.2, ..Class::answered(1_000.0, 0.1) };
        let writes = Class {
            answerable: 0.5,
            failure_seconds: 2.0,
            database_work: 0.01,
            connections: 1.0,
            megabits: 0.01,
            ..Class::answered(200.0, 0.25)
        };
        [reads, writes]
    }

    const POLICY: RetryPolicy =
        RetryPolicy { retry: Retry::Immediate { attempts: 3 }, budget: None, timeout_seconds: 20.0 };

    /// What a region without limits asks for once it is steady.
    fn stepped(step_seconds: f64, demand: &[Class], policy: RetryPolicy) -> PerResource {
        let mut region = Region::new(step_seconds, Limits::NONE, policy, demand);
        let settled = ((policy.timeout_seconds + LONGEST_HOLD_SECONDS) / step_seconds).ceil() as usize;
        (0..settled).for_each(|_| _ = region.advance(demand));
        region.needed
    }

    #[test]
    fn required_quotas_are_first_attempts_and_the_retries_they_cause() {
        // Writes are tried 1 + 1/2 + 1/4 times: 350/s.
        let required = required_quota(&demand(), &POLICY);
        let expected = [
            (Resource::Requests, 1_350.0),
            (Resource::Burst, 0.0),
            (Resource::Concurrency, 100.0 + 175.0 * 0.25 + 175.0 * 2.0),
            (Resource::ConcurrencyGrowth, 0.0),
            (Resource::DatabaseUnits, 1.75),
            (Resource::Connections, 175.0 * 0.25),
            (Resource::Bandwidth, 1_000.0 * 0.2 + 350.0 * 0.01),
        ];
        for (resource, value) in expected {
            assert!((required.get(resource) - value).abs() <= 1e-9 * value, "{resource:?}: {}", required.get(resource));
        }
    }

    #[test]
    fn the_closed_form_is_what_a_region_without_limits_asks_for() {
        for (attempts, budget) in [(1, None), (3, None), (4, Some(0.2))] {
            let policy = RetryPolicy { retry: Retry::Immediate { attempts }, budget, ..POLICY };
            let (closed, stepped) = (required_quota(&demand(), &policy), stepped(1.0, &demand(), policy));
            for resource in [Resource::Requests, Resource::Concurrency, Resource::Connections, Resource::Bandwidth] {
                let (closed, stepped) = (closed.get(resource), stepped.get(resource));
                // A budget is shared by all classes: reads, which never fail, lend theirs to writes.
                let agree = if budget.is_some() {
                    closed <= stepped * (1.0 + 1e-6)
                } else {
                    (closed / stepped - 1.0).abs() < 1e-6
                };
                assert!(agree, "{resource:?}, {attempts} attempts: {closed} and {stepped}");
            }
        }
    }

    #[test]
    fn required_quotas_suffice_and_one_percent_less_does_not() {
        let required = required_quota(&demand(), &POLICY);
        for resource in [Resource::Requests, Resource::Concurrency, Resource::Bandwidth] {
            for (spare, enough) in [(1.0 + 1e-6, true), (0.99, false)] {
                let limit = Limit::of(required.get(resource) * spare);
                let mut limits = Limits { burst: Limit::of(0.0), ..Limits::NONE };
                match resource {
                    Resource::Requests => limits.requests_per_second = limit,
                    Resource::Concurrency => limits.concurrency = limit,
                    _ => limits.bandwidth = limit,
                }
                let mut region = Region::new(1.0, limits, POLICY, &demand());
                let throttled: u64 = (0..300).map(|_| region.advance(&demand()).throttled).sum();
                assert_eq!(throttled < 1000, enough, "{resource:?}: {throttled} at {spare}");
            }
        }
    }

    #[test]
    fn a_ratio_is_demand_over_limit() {
        let required = required_quota(&demand(), &POLICY);
        let limits = Limits { database_units: Limit::of(3.5), ..Limits::DEFAULT };
        let ratio = capacity_ratio(&limits, &required);
        assert!((ratio.get(Resource::DatabaseUnits) - 0.5).abs() < 1e-12);
        assert!((ratio.get(Resource::Requests) - 0.135).abs() < 1e-12);
        assert!(ratio.get(Resource::Bandwidth) == 0.0, "no limit");
    }

    #[test]
    fn a_jump_needs_the_units_beforehand_and_a_rise_slower_than_the_doubling_does_not() {
        // 1 unit for each 100/s. From 400/s to 1,200/s: 12 units, unless there are 100 s for it and 60 s suffice to double.
        let demand = |rate: f64| [Class { database_work: 0.01, ..Class::answered(rate, 0.1) }];
        let limits = Limits { database_doubling_seconds: 60.0, ..Limits::NONE };
        let need = |(seconds, even): (f64, bool), limits: &Limits| {
            let mut surge = Surge::after(&required_quota(&demand(400.0), &RetryPolicy::NONE), 0.0);
            let mut needed = required_quota(&demand(1_200.0), &RetryPolicy::NONE);
            surge.turn(&mut needed, (seconds, even), limits);
            needed.get(Resource::DatabaseGrowth)
        };
        assert!((need((100.0, false), &limits) - 12.0).abs() < 1e-9, "a jump");
        assert!((need((60.0, true), &limits) - 12.0).abs() < 1e-9, "three times as much in the time of a doubling");
        assert!(need((100.0, true), &limits) == 0.0, "3.2 times as much is possible");
        assert!(need((100.0, false), &Limits::NONE) == 0.0, "any size at once");
        // With so many units at least nobody waits; with a tenth less somebody does.
        for (spare, enough) in [(1.0 + 1e-6, true), (0.9, false)] {
            let limits = Limits { database_units_at_least: spare * 12.0, ..limits.clone() };
            let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &demand(400.0));
            let short =
                (0..30).any(|_| region.advance(&demand(1_200.0)).utilisation.get(Resource::DatabaseGrowth) > 1.0);
            assert_eq!(!short, enough, "{spare}");
        }
    }

    #[test]
    fn a_surge_needs_the_bucket_and_the_growth_that_just_suffice() {
        // 400/s of 1 s each become 1,400/s for 30 s, with a rate of 1,000/s: 12,000 tokens, 1,000 functions in a second.
        let (calm, high) = ([Class::answered(400.0, 1.0)], [Class::answered(1_400.0, 1.0)]);
        let limits = Limits { requests_per_second: Limit::of(1_000.0), ..Limits::NONE };
        let mut surge = Surge::after(&required_quota(&calm, &RetryPolicy::NONE), 0.0);
        let mut needs = PerResource::default();
        for (at, demand) in [(10.0, &high), (25.0, &high), (40.0, &calm), (50.0, &calm)] {
            let mut needed = required_quota(demand, &RetryPolicy::NONE);
            surge.turn(&mut needed, (at, false), &limits);
            needs.raise(&needed);
        }
        assert!((needs.get(Resource::Burst) - 12_000.0).abs() < 1e-9, "{}", needs.get(Resource::Burst));
        assert!((needs.get(Resource::ConcurrencyGrowth) - 1_000.0).abs() < 1e-9);
        for (spare, enough) in [(1.0, true), (0.99, false)] {
            let burst = Limit::of(spare * needs.get(Resource::Burst));
            let environments_per_second = Limit::of(spare * needs.get(Resource::ConcurrencyGrowth));
            for limits in [Limits { burst, ..limits.clone() }, Limits { environments_per_second, ..Limits::NONE }] {
                let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &calm);
                let throttled: u64 = (0..30).map(|_| region.advance(&high).throttled).sum();
                assert_eq!(throttled == 0, enough, "{throttled} at {spare}");
            }
        }
    }
}
