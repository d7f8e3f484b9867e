//! Availability in words: three numbers beside each other, and where arithmetic misleads.

use crate::format::{amount, number, share};
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::{AvailabilityResult, Figure, Outcome, PathAvailability};

/// Minutes of a year of twelve months of 730 hours.
const MINUTES_OF_YEAR: f64 = 525_600.0;

/// An availability in percent with the digits it bears: as many nines as its interval leaves in no doubt, or two digits
/// of what is missing where it is known exactly.
pub(crate) fn nines(value: f64, interval: Option<(f64, f64)>) -> String {
    let missing = 100.0 * (1.0 - value);
    let doubt = interval.map(|(low, high)| 100.0 * (value - low).max(high - value)).filter(|half| *half > 0.0);
    let unit = doubt.unwrap_or(missing / 10.0);
    if unit <= 1e-12 {
        return format!("{} %", number(100.0 * value, 6));
    }
    let decimals = (-unit.log10().floor()).clamp(1.0, 8.0) as usize;
    format!("{:.decimals$} %", 100.0 * value)
}

/// A composite written out: services in series, regions in parallel.
pub(crate) fn formula(path: &PathAvailability) -> String {
    let factor = |(_, commitment): &(String, f64)| number(*commitment, 6);
    let name = |(key, _): &(String, f64)| key.replace('_', " ");
    let joined = |services: &[(String, f64)], of: &dyn Fn(&(String, f64)) -> String| {
        services.iter().map(of).collect::<Vec<_>>().join(" × ")
    };
    let (front, chain) = (joined(&path.front, &factor), joined(&path.region, &factor));
    let regions = if path.regions > 1 { format!("(1 - (1 - {chain})^{})", path.regions) } else { chain };
    let names = format!("{}; {}", joined(&path.front, &name), joined(&path.region, &name));
    format!("{front} × {regions} = {} ({names})", nines(path.promised, None))
}

/// What arithmetic on a scenario's own outages says and what is simulated, in minutes down a year.
pub(crate) struct Finding<'a> {
    pub(crate) operation: &'a str,
    pub(crate) arithmetic: Figure,
    pub(crate) simulated: Figure,
    pub(crate) one: Figure,
    pub(crate) both: Figure,
}

/// Of the operation that is down most beyond what arithmetic says.
pub(crate) fn finding(own: &AvailabilityResult) -> Option<Finding<'_>> {
    let beyond = |path: &&PathAvailability| path.misleads_minutes.estimate.unwrap_or(f64::NEG_INFINITY);
    let path = own.paths.iter().max_by(|a, b| beyond(a).total_cmp(&beyond(b)))?;
    path.simulated.estimate?;
    let minutes = |share: f64| MINUTES_OF_YEAR * (1.0 - share);
    let turn = |(low, high): (f64, f64)| (minutes(high), minutes(low));
    let simulated = Figure {
        estimate: path.simulated.estimate.map(minutes),
        interval: path.simulated.interval.map(turn),
        range: path.simulated.range.map(turn),
        n: path.simulated.n,
    };
    let arithmetic = Figure { estimate: Some(minutes(path.designed)), ..Figure::default() };
    let (one, both) = (own.down_one_region, own.down_both_regions);
    Some(Finding { operation: &path.operation, arithmetic, simulated, one, both })
}

/// What `drsim run` says of it.
pub(crate) fn sentence(outcome: &Outcome, w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let own = outcome.availability.iter().find(|a| a.architecture == design.architecture)?;
    let found = finding(own)?;
    let (spent, target) = (&own.months_spent, number(100.0 * own.target, 4));
    let spent = share(spent.estimate?, spent.interval);
    let alone = outcome.scenario.architectures.iter().any(|a| a.name == own.architecture && !a.second_region);
    let gaps = [
        ("target", target.into()),
        ("share", spent.into()),
        ("operation", w.t(&format!("sla-{}", found.operation)).into()),
        ("simulated", w.number(&amount(&found.simulated)).into()),
        ("arithmetic", w.number(&amount(&found.arithmetic)).into()),
    ];
    Some(w.say(if alone { "text-sla-alone" } else { "text-sla-says" }, &gaps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_availability_has_the_digits_it_bears() {
        assert_eq!(nines(0.998_900_35, None), "99.89 %");
        assert_eq!(nines(0.999_998_79, None), "99.99988 %");
        assert_eq!(nines(1.0, None), "100 %");
        assert_eq!(nines(0.999_912, Some((0.999_902, 0.999_921))), "99.991 %");
    }

    #[test]
    fn a_composite_is_written_out() {
        let service = |key: &str, up: f64| (key.to_owned(), up);
        let path = PathAvailability {
            operation: "write".into(),
            front: vec![service("cloudfront", 0.999)],
            region: vec![service("api_gateway", 0.9995), service("aurora", 0.9999)],
            regions: 2,
            promised: 0.998_999_64,
            designed: 1.0,
            simulated: Figure::default(),
            tail_dominated: false,
            misleads_minutes: Figure::default(),
        };
        assert_eq!(
            formula(&path),
            "0.999 × (1 - (1 - 0.9995 × 0.9999)^2) = 99.90 % (cloudfront; api gateway × aurora)"
        );
    }
}
