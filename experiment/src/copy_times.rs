//! From a file's acknowledgement to its copy in normal times, per file: the twin of the window at a cut.
//!
//! Where each copy has a delay of its own its law is known. In a queue it follows the day; the files of sampled hours are
//! sent through it.

use crate::assemble::Worlds;
use crate::conflicts::there;
use crate::model::{Copy, Design, World};
use crate::run::WORLDS;
use crate::scenario::Operation;
use crate::tally::Cell;
use drsim_models::object_copy::Source;
use drsim_models::object_copy::link::{Link, Scratch};
use drsim_models::outage::YEAR_SECONDS;
use drsim_models::pace::Pace;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};

/// Hours sampled in each world, out of each region.
const HOURS: u64 = 2;

/// Files that are enough: where hours are full, the first worlds stand for all, which come in no order.
const ENOUGH: usize = 500_000;

/// How long copies take under one architecture.
#[derive(Clone)]
pub enum CopyTimes<'w> {
    /// By a law, world by world.
    Known(Vec<&'w Distribution>),
    /// As sampled files did, hour by hour.
    Sampled(Box<Cell>),
}

/// Of each of so many architectures; `None`: nothing is copied, or a queue grows without end.
pub fn copy_times_of_all(worlds: &Worlds, architectures: usize, seed: u64) -> Vec<Option<CopyTimes<'_>>> {
    let of = |a: usize| worlds.worlds.iter().map(move |(world, designs)| (world, &designs[a]));
    let home = |design: &Design| {
        let door = &design.doors[design.door_of[Operation::Upload as usize]];
        door.preference.iter().map(|preference| preference[0]).collect::<Vec<_>>()
    };
    let mut found: Vec<Option<CopyTimes<'_>>> = Vec::new();
    for a in 0..architectures {
        // Most designs of a scenario copy alike.
        let alike = |b: &usize| of(a).zip(of(*b)).all(|((_, a), (_, b))| a.copy == b.copy && home(a) == home(b));
        let times = (0..a).find(alike).map_or_else(|| copy_times(of(a), seed), |b| found[b].clone());
        found.push(times);
    }
    found
}

fn copy_times<'w>(worlds: impl Iterator<Item = (&'w World, &'w Design)> + Clone, seed: u64) -> Option<CopyTimes<'w>> {
    if !worlds.clone().any(|(world, _)| world.populations.iter().any(|p| !p.files_kept_home)) {
        return None;
    }
    let delay = |(_, design): (&World, &'w Design)| match &design.copy {
        Some(Copy::Service { delay, pool: None }) => Some(delay),
        _ => None,
    };
    let known: Option<Vec<_>> = worlds.clone().map(delay).collect();
    known.map(CopyTimes::Known).or_else(|| sampled(worlds, seed).map(Box::new).map(CopyTimes::Sampled))
}

fn sampled<'w>(worlds: impl Iterator<Item = (&'w World, &'w Design)>, seed: u64) -> Option<Cell> {
    let (mut all, mut scratch, mut found) = (Cell::new(), Scratch::default(), Vec::new());
    let mut files = 0;
    for (w, (world, design)) in (0..).zip(worlds) {
        let Some(Copy::Link { regions }) = &design.copy else { return None };
        let links: Vec<&Link> = regions.iter().map(|link| link.as_ref().ok()).collect::<Option<_>>()?;
        if files > ENOUGH {
            break;
        }
        for replication in (0..HOURS).map(|i| w + WORLDS * i) {
            let mut stream = RandomStream::new(seed, replication, Purpose::new("object_copies"), 0);
            let hour = (stream.uniform() * YEAR_SECONDS / 3600.0) as i64;
            for (region, link) in links.iter().enumerate() {
                let (uploads, rows_until) = (there(world, design, region), SimTime::ZERO);
                let (uploads, size, pace) = (&uploads[..], &world.size, &Pace::FULL);
                let source = Source { seed, replication, uploads, size, pace, rows_until };
                link.copy_seconds(&source, hour, &mut scratch, &mut found);
                files += found.len();
                for seconds in &found {
                    all.add(Some(SimDuration::from_secs_f64(*seconds)));
                }
            }
            all.end_replication();
        }
    }
    all.settle();
    Some(all)
}
