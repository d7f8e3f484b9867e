//! What is built in: defaults, presets, cities, profiles and outage counts, each with its source. The data files lie in
//! `experiment/catalogue/`; `make_catalogue.py` there derives the CSV files from the public data sets they cite.

use crate::scenario_file::tree::{Node, Origin, parse};
use drsim_models::outage::footprint::Recorded;
use drsim_models::outage::{Cause, Components};
use serde::Deserialize;
use std::sync::LazyLock;

/// Source of the round trips.
pub const ROUND_TRIP_SOURCE: &str = "within a continent: bit.io cloud-latency-map (2023-01, MIT, (c) 2023 bit.io), a floor; across: nearest region plus \
     cloudping.co inter-region p50 (2024-04)";

/// Source of the outage counts.
pub const OUTAGES_SOURCE: &str = "public post-event summaries 2011-04 to 2026-11, rows of regional scope with a duration; a region that opened later was exposed for less";

/// Source of the consumer profile.
pub const PROFILE_SOURCE: &str = "NASA Kennedy Space Center web server, July and August 1995, weekday x hour means in local time (Internet Traffic Archive)";

fn built_in(text: &'static str, file: &str) -> Node {
    parse(text, file, Origin::BuiltIn).unwrap_or_else(|problems| panic!("the catalogue is sound: {problems}"))
}

/// Defaults of the scenario's fields, laid out like a scenario.
pub static DEFAULTS: LazyLock<Node> =
    LazyLock::new(|| built_in(include_str!("../catalogue/defaults.toml"), "catalogue/defaults.toml"));

/// Presets by name.
pub static PRESETS: LazyLock<Node> =
    LazyLock::new(|| built_in(include_str!("../catalogue/presets.toml"), "catalogue/presets.toml"));

/// Defaults of a population.
pub static POPULATIONS: LazyLock<Node> =
    LazyLock::new(|| built_in(include_str!("../catalogue/populations.toml"), "catalogue/populations.toml"));

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect())
}

/// A city of the latency table.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// Name.
    pub name: &'static str,
    /// IANA time zone.
    pub timezone: &'static str,
    /// Provider region and round trip to it \[s\].
    pub round_trips: Vec<(&'static str, f64)>,
}

/// Cities by name.
pub static CITIES: LazyLock<Vec<City>> = LazyLock::new(|| {
    let mut cities: Vec<City> = Vec::new();
    for row in rows(include_str!("../catalogue/cities.csv")) {
        let [name, timezone, region, milliseconds, _] = row[..] else { panic!("the catalogue is sound: {row:?}") };
        if cities.last().is_none_or(|city| city.name != name) {
            cities.push(City { name, timezone, round_trips: Vec::new() });
        }
        let seconds = milliseconds.parse::<f64>().expect("the catalogue is sound") / 1e3;
        cities.last_mut().expect("one was pushed").round_trips.push((region, seconds));
    }
    cities
});

/// Round trips between provider regions \[s\]: p50 of cloudping.co (2024-04), TCP connects between two regions.
pub static REGION_TRIPS: LazyLock<Vec<(&'static str, &'static str, f64)>> = LazyLock::new(|| {
    let seconds = |text: &str| text.parse::<f64>().expect("the catalogue is sound") / 1e3;
    rows(include_str!("../catalogue/region_trips.csv")).map(|r| (r[0], r[1], seconds(r[2]))).collect()
});

/// Regional events in years of exposure, by provider region.
pub static REGION_OUTAGES: LazyLock<Vec<(&'static str, f64, f64)>> = LazyLock::new(|| {
    let number = |text: &str| text.parse::<f64>().expect("the catalogue is sound");
    rows(include_str!("../catalogue/region_outages.csv")).map(|r| (r[0], number(r[1]), number(r[2]))).collect()
});

/// A real outage of the library.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedOutage {
    /// Date, with a word where two share it.
    #[serde(skip)]
    pub name: String,
    /// The cause it is an instance of.
    #[serde(skip, default = "region")]
    pub cause: Cause,
    /// What happened, in a few words.
    pub title: String,
    /// Whose it was.
    #[serde(default = "aws")]
    pub provider: String,
    /// Region; "global" where it was none.
    pub region: String,
    /// Start, UTC.
    pub start: String,
    /// region, zone, service or global.
    pub scope: String,
    /// Length.
    pub minutes: f64,
    /// How it came to be known.
    pub basis: crate::scenario::Basis,
    /// Where from.
    pub source: String,
    /// What failed when.
    pub effects: Vec<RecordedEffect>,
}

/// A part of a recorded outage.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedEffect {
    /// Components, in the words of the scenario.
    pub hits: Vec<String>,
    /// Share of requests that failed.
    pub failing: f64,
    /// Minutes from the start of the event to its start.
    pub from: f64,
    /// To its repair.
    pub until: f64,
    /// How it came to be known.
    pub basis: crate::scenario::Basis,
    /// Where from.
    pub source: String,
}

fn region() -> Cause {
    Cause::Region
}

fn aws() -> String {
    "aws".to_owned()
}

impl RecordedOutage {
    /// Whether it was the provider's that is simulated.
    pub fn is_aws(&self) -> bool {
        self.provider == "aws"
    }

    /// Its effects, with times as shares of its length.
    ///
    /// # Panics
    /// If the library is not sound, which a test excludes.
    pub fn footprint(&self) -> Vec<Recorded> {
        let components = |words: &[String]| {
            let of = |word: &String| Components::WORDS.iter().find(|(w, _)| w == word).expect("the library is sound").1;
            words.iter().map(of).fold(Components::NONE, Components::and)
        };
        let one = |e: &RecordedEffect| Recorded {
            hits: components(&e.hits),
            failing: e.failing,
            from: e.from / self.minutes,
            until: e.until / self.minutes,
        };
        self.effects.iter().map(one).collect()
    }
}

/// Real outages, by date.
pub static OUTAGE_LIBRARY: LazyLock<Vec<RecordedOutage>> = LazyLock::new(|| {
    let text = include_str!("../catalogue/outage_library.toml");
    let events: std::collections::BTreeMap<String, RecordedOutage> =
        toml::from_str(text).unwrap_or_else(|problem| panic!("the library is sound: {problem}"));
    let named = |(name, event): (String, RecordedOutage)| {
        let cause = match event.scope.as_str() {
            "region" => Cause::Region,
            "zone" => Cause::Zone,
            "service" => Cause::Service,
            _ => Cause::FrontDoor,
        };
        RecordedOutage { name, cause, ..event }
    };
    events.into_iter().map(named).collect()
});

/// Months since year 0 of a date such as 2024-07 or 2024; of a year alone its first month, so that it is not taken for
/// younger than it is. `None` for what bears no date.
pub fn months(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(str::parse::<i64>);
    let year = parts.next()?.ok()?;
    let month = parts.next().map_or(Some(1), Result::ok)?;
    Some(year * 12 + month - 1)
}

/// Names of the traffic profiles.
pub const PROFILES: [&str; 2] = ["consumer_mobile", "flat"];

/// 168 hourly multipliers from Monday 00:00 local time, mean 1.
///
/// # Panics
/// If the catalogue is not sound, which a test excludes.
pub fn profile(name: &str) -> Option<Vec<f64>> {
    match name {
        "flat" => Some(vec![1.0; 168]),
        "consumer_mobile" => Some(
            rows(include_str!("../catalogue/profiles.csv"))
                .map(|row| row[2].parse().expect("the catalogue is sound"))
                .collect(),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::reader::BASES;
    use crate::scenario_file::tree::Value;

    #[test]
    fn an_age_in_months_is_never_too_young() {
        assert_eq!(months("2024-07"), Some(2024 * 12 + 6));
        assert_eq!(months("2024-07-31"), months("2024-07"));
        assert_eq!(months("2024"), months("2024-01"));
        assert_eq!([months("unknown"), months(""), months("2024-x")], [None; 3]);
    }

    #[test]
    fn profiles_have_168_hours_and_mean_one() {
        for name in PROFILES {
            let profile = profile(name).unwrap();
            assert_eq!(profile.len(), 168);
            // four decimals each: the mean is within 0.00005
            assert!((profile.iter().sum::<f64>() / 168.0 - 1.0).abs() < 5e-5, "{name}");
        }
    }

    #[test]
    fn every_city_reaches_the_regions_of_the_record() {
        for city in CITIES.iter() {
            for region in ["eu-west-1", "us-east-1"] {
                assert!(city.round_trips.iter().any(|(r, s)| *r == region && *s > 0.0), "{} {region}", city.name);
            }
        }
    }

    /// Values (anything with a number or a distribution) without basis or source below a node.
    fn without_source(node: &Node, path: &str, covered: bool, found: &mut Vec<String>) {
        let Value::Table(entries) = &node.value else { return };
        let has = |key: &str| node.get(key).is_some();
        let covered = covered || has("basis") && has("source");
        if (has("value") || has("dist")) && !covered {
            found.push(path.to_owned());
        }
        for entry in entries {
            without_source(&entry.node, &format!("{path}.{}", entry.key), covered, found);
        }
    }

    #[test]
    fn every_recorded_outage_is_complete() {
        let mut before = String::new();
        for outage in OUTAGE_LIBRARY.iter() {
            let name = &outage.name;
            assert!(*name > before && name.starts_with(&outage.start[..10]), "{name}");
            before.clone_from(name);
            assert!(outage.minutes > 0.0 && !outage.source.is_empty(), "{name}");
            assert!(["region", "zone", "service", "global"].contains(&outage.scope.as_str()), "{name}");
            for effect in &outage.effects {
                assert!(effect.failing > 0.0 && effect.failing <= 1.0, "{name}");
                assert!(0.0 <= effect.from && effect.from < effect.until && effect.until <= outage.minutes, "{name}");
                assert!(!effect.source.is_empty(), "{name}");
            }
            assert_eq!(outage.footprint().len(), outage.effects.len());
        }
        let of = |cause| OUTAGE_LIBRARY.iter().filter(|o| o.cause == cause && o.is_aws()).count();
        assert!(of(Cause::Region) > 10 && of(Cause::Service) > 2 && of(Cause::FrontDoor) > 3);
    }

    #[test]
    fn no_built_in_value_is_without_basis_and_source() {
        let mut found = Vec::new();
        for node in [&*DEFAULTS, &*PRESETS, &*POPULATIONS] {
            without_source(node, "", false, &mut found);
        }
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(BASES.len(), 6);
    }
}
