//! Quotas: what a region must be granted to carry a demand, retries included, and what runs out first.
//!
//! The smallest limits are what the demand takes from a region without limits once it is steady: the model itself is
//! asked, so both agree by construction. A steady demand needs no burst and no growth.

use super::limits::{Class, Limit, Limits, PerResource, Resource};
use super::retries::RetryPolicy;
use super::{LONGEST_HOLD_SECONDS, Region};

/// Smallest limit of each resource that carries this steady demand and the retries it causes. Steps through a region
/// without limits: not for inner loops.
pub fn required_quota(step_seconds: f64, demand: &[Class], policy: RetryPolicy) -> PerResource {
    let mut region = Region::new(step_seconds, Limits::NONE, policy, demand);
    let settled = ((policy.timeout_seconds + LONGEST_HOLD_SECONDS) / step_seconds).ceil() as usize;
    for _ in 0..settled {
        region.advance(demand);
    }
    PerResource::from_fn(|resource| match resource {
        Resource::Burst | Resource::ConcurrencyGrowth => 0.0,
        _ => region.needed.get(resource),
    })
}

/// How many times the required limit the region has, after others took their share; infinite where nothing is needed.
/// The size of the database counts as its largest, also for its growth.
pub fn capacity_ratio(limits: &Limits, required: &PerResource) -> PerResource {
    PerResource::from_fn(|resource| {
        let limit: Limit = match resource {
            Resource::Requests => limits.requests_per_second,
            Resource::Burst => limits.burst,
            Resource::Concurrency => limits.concurrency,
            Resource::ConcurrencyGrowth => limits.environments_per_second,
            Resource::DatabaseUnits | Resource::DatabaseGrowth => limits.database_units,
            Resource::Connections => limits.connections,
        };
        let needed = required.get(resource);
        if needed > 0.0 { limit.available() / needed } else { f64::INFINITY }
    })
}

/// The resource that runs out first when the demand grows in proportion, and at how many times the demand; `None` if
/// none does.
pub fn first_bottleneck(ratio: &PerResource) -> Option<(Resource, f64)> {
    Resource::ALL
        .into_iter()
        .map(|resource| (resource, ratio.get(resource)))
        .filter(|(_, ratio)| ratio.is_finite())
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::super::Retry;
    use super::*;

    fn demand() -> [Class; 2] {
        let reads = Class::answered(1_000.0, 0.1);
        let writes = Class {
            answerable: 0.5,
            failure_seconds: 2.0,
            database_work: 0.01,
            connections: 1.0,
            ..Class::answered(200.0, 0.25)
        };
        [reads, writes]
    }

    const POLICY: RetryPolicy =
        RetryPolicy { retry: Retry::Immediate { attempts: 3 }, budget: None, timeout_seconds: 20.0 };

    #[test]
    fn required_quotas_are_first_attempts_and_the_retries_they_cause() {
        // Writes are tried 1 + 1/2 + 1/4 times: 350/s.
        let required = required_quota(1.0, &demand(), POLICY);
        let expected = [
            (Resource::Requests, 1_350.0),
            (Resource::Burst, 0.0),
            (Resource::Concurrency, 100.0 + 175.0 * 0.25 + 175.0 * 2.0),
            (Resource::ConcurrencyGrowth, 0.0),
            (Resource::DatabaseUnits, 1.75),
            (Resource::Connections, 175.0 * 0.25),
        ];
        for (resource, value) in expected {
            assert!((required.get(resource) - value).abs() < 1e-4, "{resource:?}: {}", required.get(resource));
        }
    }

    #[test]
    fn required_quotas_suffice_and_one_percent_less_does_not() {
        let required = required_quota(1.0, &demand(), POLICY);
        let limits = |spare: f64| Limits {
            requests_per_second: Limit::of(required.get(Resource::Requests) * spare),
            burst: Limit::of(0.0),
            concurrency: Limit::of(required.get(Resource::Concurrency) * spare),
            ..Limits::NONE
        };
        for (spare, enough) in [(1.0 + 1e-6, true), (0.99, false)] {
            let mut region = Region::new(1.0, limits(spare), POLICY, &demand());
            let throttled: u64 = (0..300).map(|_| region.advance(&demand()).throttled).sum();
            assert_eq!(throttled < 1000, enough, "{throttled} at {spare}");
        }
    }

    #[test]
    fn the_first_bottleneck_is_the_smallest_ratio() {
        let required = required_quota(1.0, &demand(), POLICY);
        let limits = Limits { database_units: Limit::of(3.5), ..Limits::DEFAULT };
        let ratio = capacity_ratio(&limits, &required);
        assert!((ratio.get(Resource::DatabaseUnits) - 2.0).abs() < 1e-4);
        let (resource, times) = first_bottleneck(&ratio).unwrap();
        assert_eq!(resource, Resource::DatabaseUnits);
        assert!((times - 2.0).abs() < 1e-4, "{times}");
        assert_eq!(first_bottleneck(&capacity_ratio(&Limits::NONE, &required)), None);
    }
}
