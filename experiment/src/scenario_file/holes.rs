//! Design holes: scenarios that are valid but will disappoint, with the arithmetic that shows it.

use super::build::place_of;
use super::reader::Reader;
use super::tree::Node;
use crate::assemble::abroad;
use crate::diagnostic::Severity;
use crate::scenario::{
    Architecture, Cause, ClaimMetric, CopyModel, Decision, FrontDoor, Operation, OperationGroup, Preset, Routing,
    Scenario, Shape,
};
use crate::world::WorldDraws;

/// Warns of what a reviewer would ask about.
pub fn warn(reader: &Reader<'_>, scenario: &Scenario, root: &Node) {
    for architecture in &scenario.architectures {
        let place = place_of(root, &["architectures", &architecture.name]);
        let warning = |message: String| reader.problem(Severity::Warning, place, message, None);
        let name = &architecture.name;
        if architecture.second_region && abroad(scenario) && architecture.preset != Preset::BackupRestore {
            let stay = scenario.populations.iter().filter(|p| p.files_stay && !p.rows_stay).map(|p| p.name.as_str());
            let stay: Vec<&str> = stay.collect();
            if !stay.is_empty() {
                warning(format!(
                    "`{name}` keeps the files of {} on their continent, but its global database copies all rows to {} \
                     (residency.rows = \"apart\" does not)",
                    stay.join(", "),
                    scenario.regions[1]
                ));
            }
        }
        if architecture.second_region
            && matches!(architecture.front_door, FrontDoor::Cloudfront | FrontDoor::Direct)
            && architecture.preset != Preset::BackupRestore
            && architecture.health_check.is_none()
        {
            warning(format!("`{name}` has no health check: its records never fail over, users wait for the repair"));
        }
        if let Some(CopyModel::Link { throughput, streams }) = &architecture.copy {
            for (region, utilisation) in utilisations(scenario, architecture, throughput.value, *streams) {
                if utilisation >= 1.0 {
                    let grows = (utilisation - 1.0) * 86_400.0;
                    warning(format!(
                        "`{name}`: the link out of {region} is unstable at the base case: mean utilisation {utilisation:.2}, \
                         the backlog grows {grows:.0} s per day"
                    ));
                }
            }
        }
        if architecture.front_door == FrontDoor::OriginGroup
            && scenario.detection.origin_wait.value > scenario.demand.client_timeout.value
        {
            let (wait, timeout) = (scenario.detection.origin_wait.value, scenario.demand.client_timeout.value);
            warning(format!(
                "`{name}`: a dead origin costs {wait} s before the second is tried; clients give up after {timeout} s"
            ));
        }
        let ttl = architecture.ttl.value;
        if architecture.front_door == FrontDoor::Cloudfront && architecture.second_region && (ttl - 60.0).abs() > 1e-9 {
            warning(format!(
                "`{name}`: an alias record takes its target's TTL, 60 s; a TTL of {ttl} s needs a plain CNAME"
            ));
        }
    }
    let proposed = &scenario.architectures[scenario.proposed];
    for claim in scenario.claims.iter().filter(|c| c.metric == ClaimMetric::RecoveryTimeSeconds) {
        let reads = matches!(
            claim.operation,
            OperationGroup::Read | OperationGroup::One(Operation::CacheableRead | Operation::DynamicRead)
        );
        if let Some((best, sum)) = best_case(scenario, proposed).filter(|(best, _)| reads && *best > claim.bound) {
            let place = place_of(root, &["claims", &claim.name]);
            let message = format!(
                "the best case of `{}` cannot meet `{}` ({} s): {sum} = {best:.0} s",
                proposed.name, claim.name, claim.bound
            );
            reader.problem(Severity::Warning, place, message, None);
        }
    }
    never_together(reader, scenario, root);
    if scenario.regions.get(1).is_some_and(|r| r == "us-east-1") {
        let place = place_of(root, &["regions", "secondary"]);
        let message = "us-east-1 as the secondary shares a region with the control planes of DNS, CDN and identity";
        reader.problem(Severity::Warning, place, message, Some("what if it were us-east-2?".into()));
    }
    if proposed.decision == Some(Decision::OnCall)
        && scenario.claims.iter().any(|c| {
            c.metric == ClaimMetric::RecoveryTimeSeconds
                && matches!(c.operation, OperationGroup::One(o) if o.needs_writer())
                && c.bound < 300.0
        })
    {
        let place = place_of(root, &["architectures", &proposed.name]);
        let message = format!(
            "`{}` lets a person decide on the promotion, but writes are claimed back within minutes",
            proposed.name
        );
        reader.problem(Severity::Warning, place, message, None);
    }
}

/// Outages of both regions are a share of the rarer region's, so that no region's own availability moves with that share. Of
/// none it is none.
fn never_together(reader: &Reader<'_>, scenario: &Scenario, root: &Node) {
    let said = |cause: &str| root.get("outages").and_then(|all| all.get(cause)).and_then(|one| one.get("both_regions"));
    let base = WorldDraws::base_case();
    for input in scenario.outages.iter().filter(|input| input.both_regions.value > 0.0 && !input.cause.is_global()) {
        let own = scenario.regions.iter().zip(&input.counts);
        let Some((quiet, _)) = own.into_iter().find(|(_, count)| base.rate(count) <= 0.0) else { continue };
        let (name, share) = (input.cause.name(), 100.0 * input.both_regions.value);
        if said(name).is_some() {
            let place = place_of(root, &["outages", name, "both_regions"]);
            let message = format!(
                "`outages.{name}.both_regions` = {share:.0} % does nothing: it is a share of the rarer region's outages, and \
                 {quiet} has none"
            );
            let key = if input.cause == Cause::Region { format!("count.{quiet}") } else { "count".into() };
            let hint = format!("give {quiet} a rate of its own: outages.{name}.{key}.events above 0");
            reader.problem(Severity::Warning, place, message, Some(hint));
        }
    }
}

/// Mean utilisation of the link out of each region, at the base case.
fn utilisations<'s>(
    scenario: &'s Scenario,
    architecture: &Architecture,
    bits_per_second: f64,
    streams: u32,
) -> Vec<(&'s str, f64)> {
    let size = WorldDraws::base_case().distribution(&scenario.objects.size).mean();
    let uploads = scenario.demand.per_user_per_day[Operation::Upload as usize].value;
    let home = |trips: &[f64]| match architecture.routing {
        Routing::Latency => drsim_models::routing::nearest_first(trips)[0],
        Routing::Failover => 0,
    };
    let out_of = |(r, region): (usize, &'s String)| {
        let users: f64 =
            scenario.populations.iter().filter(|p| home(&p.round_trip_seconds) == r).map(|p| p.users.value).sum();
        (region.as_str(), users * uploads / 86_400.0 * size * 8.0 / (bits_per_second * f64::from(streams)))
    };
    scenario.regions.iter().enumerate().map(out_of).collect()
}

/// The least time in which reads can be back, and its terms: probes, publication, and the caches of the asked share.
fn best_case(scenario: &Scenario, architecture: &Architecture) -> Option<(f64, String)> {
    let detection = &scenario.detection;
    let least = |shape: &Shape| match shape {
        Shape::Uniform { low, .. } | Shape::Triangular { low, .. } => low.value,
        Shape::Constant { value } => value.value,
        _ => 0.0,
    };
    let (interval, threshold, move_on, caches) = match (&architecture.front_door, &architecture.health_check) {
        (FrontDoor::Cloudfront | FrontDoor::Direct, Some(check)) => {
            let caches = architecture.ttl.value * scenario.recovery.served.value;
            (check.interval.value, check.threshold, least(&detection.publication.shape), caches)
        }
        (FrontDoor::Accelerator | FrontDoor::Hybrid, _) => {
            let reroute = least(&detection.accelerator_reroute.shape);
            (detection.accelerator_interval.value, detection.accelerator_threshold, reroute, 0.0)
        }
        (FrontDoor::Cloudfront | FrontDoor::Direct, None) => return None,
        (FrontDoor::OriginGroup, _) => {
            let wait = detection.origin_wait.value;
            return Some((wait, format!("connection attempts {wait:.0} s")));
        }
    };
    let probes = f64::from(threshold) * detection.probe_timeout.value + f64::from(threshold - 1) * interval;
    let sum = format!("probes {probes:.0} s + publication {move_on:.0} s + cached answers {caches:.0} s");
    Some((probes + move_on + caches, sum))
}
