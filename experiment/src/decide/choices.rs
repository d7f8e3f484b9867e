//! What a combination of choices sets in a scenario, and the choices of a design where none are given.
//!
//! A choice of `preset` is one of front door (CloudFront, origin group, accelerator, both): the row keeps of its own keys what
//! applies to that preset, and other choices are made only where their key applies. Keys that do not apply are no mistake of
//! whoever asks for every front door with every check interval.

use super::settings::what_counts;
use super::vary::Axis;
use crate::run::{Options, run};
use crate::scenario::{Preset, Scenario};
use crate::scenario_file::{Source, check};
use std::sync::atomic::AtomicBool;

/// The ways in to two regions that serve at once.
const FRONT_DOORS: [&str; 4] =
    ["active_active_cloudfront", "active_active_origin_group", "active_active_accelerator", "active_active_hybrid"];

/// Years of the look at whether a quota is short at all.
const PROBE_YEARS: u64 = 1_500;

/// Quotas that can be raised: the resource that runs short, and its key.
const QUOTAS: [(&str, &str); 4] = [
    ("requests_per_second", "capacity.requests_per_second"),
    ("concurrency", "capacity.concurrency"),
    ("connections", "capacity.connections"),
    ("database_growth", "capacity.database_units_at_least"),
];

/// Choices of a design where none are given: what its own kind allows of them is tried.
pub fn usual(source: &Source, scenario: &Scenario, index: usize) -> Vec<Axis> {
    let design = &scenario.architectures[index];
    let mut choices = Vec::new();
    let own = |key: &str| format!("architectures.{}.{key}", design.name);
    if matches!(
        design.preset,
        Preset::ActiveActiveCloudfront
            | Preset::ActiveActiveOriginGroup
            | Preset::ActiveActiveAccelerator
            | Preset::ActiveActiveHybrid
    ) {
        choices.push(own(&format!("preset={}", FRONT_DOORS.join(","))));
    }
    choices.extend(
        [
            "ttl=10 s, 60 s",
            "health_check.interval=10 s, 30 s",
            "decision=automatic, on_call",
            "standby_share=30 %, 100 %",
            "replication_time_control=true, false",
            "copy_streams=1, 4",
        ]
        .map(own),
    );
    choices.extend(quotas(scenario, index));
    let axes = choices.iter().filter_map(|choice| Axis::read(choice).ok());
    possible(source, axes.collect())
}

/// For each quota that is ever short: as it is, and what nearly every outage needs.
fn quotas(scenario: &Scenario, index: usize) -> Vec<String> {
    let mut own = scenario.clone();
    super::focus(&mut own, &[index], &[]);
    let options = Options { replications: Some(PROBE_YEARS), ..Options::new(String::new()) };
    let Ok(finished) = run(&own, &options, &AtomicBool::new(false), |_| (), None) else { return Vec::new() };
    let quota = |(resource, key): (&str, &str)| {
        let found = finished.outcome.capacity.iter().find(|c| c.resource == resource)?;
        let needed = found.required.1.estimate.or(found.required.0.estimate)?;
        // Two digits, rounded up.
        let unit = libm::pow(10.0, libm::floor(libm::log10(needed)) - 1.0);
        (needed > found.limit).then(|| format!("{key}={}, {}", found.limit, (needed / unit).ceil() * unit))
    };
    QUOTAS.into_iter().filter_map(quota).collect()
}

/// Axes of which at least two values are valid alone and make a difference, each with those.
fn possible(source: &Source, axes: Vec<Axis>) -> Vec<Axis> {
    let kept = axes.into_iter().map(|axis| {
        let mut seen: Vec<Scenario> = Vec::new();
        let mut is_new = |value: &String| {
            let set = match preset_of(&axis.path) {
                Some(name) => row(source, name, value),
                None => vec![format!("{}={value}", axis.path)],
            };
            let Ok(loaded) = check(&source.with(&set)) else { return false };
            let found = what_counts(&loaded.scenario);
            let is_new = !set.is_empty() && !seen.contains(&found);
            seen.push(found);
            is_new
        };
        let values = axis.values.iter().filter(|value| is_new(value)).cloned().collect();
        Axis { values, numbers: None, path: axis.path.clone(), log: axis.log }
    });
    kept.filter(|axis| axis.values.len() > 1).collect()
}

/// The design whose preset is chosen by this path.
fn preset_of(path: &str) -> Option<&str> {
    path.strip_prefix("architectures.")?.strip_suffix(".preset")
}

/// The row of a design with another preset: of its keys what applies to that. Nothing if the preset itself does not.
fn row(source: &Source, name: &str, preset: &str) -> Vec<String> {
    let preset = preset.trim_matches('"');
    let path = format!("architectures.{name}");
    let write = |keys: &[(String, String)]| {
        let entries: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let entries = [&[format!("preset = \"{preset}\"")], entries.as_slice()].concat();
        vec![format!("{path}={{ {} }}", entries.join(", "))]
    };
    let is_valid = |keys: &[(String, String)]| check(&source.with(&write(keys))).is_ok();
    let mut kept: Vec<(String, String)> = Vec::new();
    if !is_valid(&kept) {
        return Vec::new();
    }
    let mut rest: Vec<(String, String)> =
        source.table(&["architectures", name]).into_iter().filter(|(key, _)| key != "preset").collect();
    // Twice: a key may need one that stands after it.
    for _ in 0..2 {
        for entry in std::mem::take(&mut rest) {
            kept.push(entry);
            if !is_valid(&kept) {
                rest.extend(kept.pop());
            }
        }
    }
    write(&kept)
}

/// Combinations of choices.
pub struct Choices<'a> {
    axes: &'a [Axis],
    /// The axis that chooses a preset, if any.
    preset: Option<usize>,
    /// For each value of it, or alone: what it sets, and which axes apply with it.
    kinds: Vec<(Vec<String>, Vec<bool>)>,
}

impl<'a> Choices<'a> {
    /// Finds out which choices go with which preset.
    pub fn new(source: &Source, axes: &'a [Axis]) -> Self {
        let preset = axes.iter().position(|axis| preset_of(&axis.path).is_some());
        let rows: Vec<Vec<String>> = match preset {
            Some(k) => {
                let name = preset_of(&axes[k].path).unwrap_or_default();
                axes[k].values.iter().map(|value| row(source, name, value)).collect()
            }
            None => vec![Vec::new()],
        };
        let with_axes = |set: Vec<String>| {
            let applies = |(k, axis): (usize, &Axis)| {
                let valid = |i| check(&source.with(&[set.as_slice(), &[axis.set(i)]].concat())).is_ok();
                // Without a choice of preset a key that does not apply is a mistake, and is told.
                preset.is_none() || preset == Some(k) || (0..axis.values.len()).any(valid)
            };
            let applies = axes.iter().enumerate().map(applies).collect();
            (set, applies)
        };
        Self { axes, preset, kinds: rows.into_iter().map(with_axes).collect() }
    }

    fn kind(&self, at: &[usize]) -> &(Vec<String>, Vec<bool>) {
        &self.kinds[self.preset.map_or(0, |k| at[k])]
    }

    /// What a combination sets; `None` if its preset cannot be had.
    pub fn set(&self, at: &[usize]) -> Option<Vec<String>> {
        let (row, applies) = self.kind(at);
        let mut set = row.clone();
        for (k, axis) in self.axes.iter().enumerate().filter(|(k, _)| applies[*k] && self.preset != Some(*k)) {
            set.push(axis.set(at[k]));
        }
        (self.preset.is_none() || !row.is_empty()).then_some(set)
    }

    /// The value of each choice; `None` where it does not apply.
    pub fn values(&self, at: &[usize]) -> Vec<Option<String>> {
        let applies = &self.kind(at).1;
        self.axes.iter().enumerate().map(|(k, axis)| applies[k].then(|| axis.values[at[k]].clone())).collect()
    }
}
