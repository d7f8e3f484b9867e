//! What rests where, and how long it takes to erase it: known in each world without simulating.

use crate::assemble::{Worlds, abroad};
use crate::model::{Copy, Design, PopulationModel, World};
use crate::scenario::{Population, Scenario};
use crate::world::WorldDraws;
use drsim_models::outage::YEAR_END;
use drsim_models::residency::{AtRest, Holding, Label, Learns, file_erased, row_erased};
use drsim_sim::time::SimTime;

/// One figure about one store, in each world.
#[derive(Clone, Debug)]
pub struct Resting {
    /// Name of the metric.
    pub metric: String,
    /// `objects` or `database`.
    pub store: &'static str,
    /// Which statistic.
    pub statistic: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// One value per world.
    pub worlds: Vec<f64>,
}

/// Everything about one architecture.
pub fn resting(scenario: &Scenario, worlds: &Worlds, a: usize, seed: u64) -> Vec<Resting> {
    let mut found = Vec::new();
    for (store, holdings) in [("objects", files as Holdings), ("database", rows as Holdings)] {
        for (when, share) in [("start", 0.0), ("end", 1.0)] {
            let at_rest = |(w, (world, _)): (usize, &(World, Vec<Design>))| {
                AtRest::after(&holdings(scenario, world, a, &WorldDraws::new(seed, w as u64)), share).abroad
            };
            let each: Vec<[f64; Label::ALL.len()]> = worlds.worlds.iter().enumerate().map(at_rest).collect();
            for label in Label::ALL {
                found.push(Resting {
                    metric: format!("bytes_at_rest_abroad_{}_at_{when}", label.name()),
                    store,
                    statistic: "mean",
                    unit: "bytes",
                    worlds: each.iter().map(|bytes| bytes[label as usize]).collect(),
                });
            }
        }
    }
    for (statistic, p) in [("p50", 0.5), ("p99", 0.99)] {
        let all = || worlds.worlds.iter().map(|(world, designs)| (world, &designs[a])).enumerate();
        let file = |(w, pair)| file(scenario, pair, p, &WorldDraws::new(seed, w as u64));
        let row = |(_, (world, design)): (usize, (&World, &Design))| {
            let copied = design.regions > 1 && world.populations.iter().any(|p| !p.rows_kept_home);
            let lag = copied.then_some(&design.replica.lag);
            row_erased(p, lag, world.backups.retention.as_secs_f64())
        };
        // A queue of copies has no law of its delay to read a quantile from: then it is not estimated.
        let files: Option<Vec<f64>> = all().map(file).collect();
        for (store, worlds) in [("objects", files), ("database", Some(all().map(row).collect()))] {
            if let Some(worlds) = worlds {
                found.push(Resting { metric: "erasure_seconds".into(), store, statistic, unit: "s", worlds });
            }
        }
    }
    found
}

/// Bytes of files copied to another continent in a year of each world, under a design that copies.
pub fn bytes_copied_abroad(worlds: &[&World]) -> Vec<f64> {
    let sent =
        |p: &PopulationModel| p.uploads.per_second * (p.shape.cumulative(YEAR_END) - p.shape.cumulative(SimTime::ZERO));
    let one = |world: &&World| {
        world.populations.iter().filter(|p| !p.files_kept_home).map(sent).sum::<f64>() * world.size.mean()
    };
    worlds.iter().map(one).collect()
}

type Holdings = fn(&Scenario, &World, usize, &WorldDraws<'_>) -> Vec<Holding>;

/// What each population has received, of what it sends at a rate, in units of so many bytes.
fn received(
    scenario: &Scenario,
    world: &World,
    rate: impl Fn(&PopulationModel) -> f64,
    (bytes, at_start): (f64, f64),
    label: impl Fn(&Population) -> Label,
    copied: impl Fn(&PopulationModel) -> bool,
) -> Vec<Holding> {
    let year = YEAR_END;
    let sent = |p: &PopulationModel| rate(p) * (p.shape.cumulative(year) - p.shape.cumulative(SimTime::ZERO));
    let all: f64 = world.populations.iter().map(sent).sum();
    let one = |(model, population): (&PopulationModel, &Population)| Holding {
        label: label(population),
        at_start: if all > 0.0 { at_start * sent(model) / all } else { 0.0 },
        added: sent(model) * bytes,
        abroad: abroad(scenario) && copied(model),
    };
    world.populations.iter().zip(&scenario.populations).map(one).collect()
}

fn files(scenario: &Scenario, world: &World, a: usize, draws: &WorldDraws<'_>) -> Vec<Holding> {
    let copies = scenario.architectures[a].copy.is_some();
    let bytes = (world.size.mean(), draws.number(&scenario.usage.objects_stored));
    received(scenario, world, |p| p.uploads.per_second, bytes, |p| p.files_label, |p| copies && !p.files_kept_home)
}

fn rows(scenario: &Scenario, world: &World, a: usize, draws: &WorldDraws<'_>) -> Vec<Holding> {
    let usage = &scenario.usage;
    let bytes = (draws.number(&usage.replicated), draws.number(&usage.database_size));
    let second = scenario.architectures[a].second_region;
    let copied = |p: &PopulationModel| second && !p.rows_kept_home;
    received(scenario, world, PopulationModel::writes_per_second, bytes, |p| p.rows_label, copied)
}

fn file(scenario: &Scenario, (world, design): (&World, &Design), p: f64, draws: &WorldDraws<'_>) -> Option<f64> {
    let rules = &scenario.residency;
    let sweep = (!scenario.objects.delete_markers).then(|| draws.number(&rules.sweep));
    let copied = world.populations.iter().any(|p| !p.files_kept_home);
    let learns = match (design.copy.as_ref().filter(|_| copied), sweep) {
        (None, _) => None,
        (Some(_), Some(every)) => Some(Learns::Sweep { every }),
        (Some(Copy::Service { delay, .. }), None) => Some(Learns::Marker { delay }),
        (Some(Copy::Link { .. }), None) => return None,
    };
    Some(file_erased(p, draws.number(&rules.versions_kept), learns))
}
