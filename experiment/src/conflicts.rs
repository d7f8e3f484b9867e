//! Keys written in both regions before either write had reached the other: how many a year, world by world.
//!
//! Where each copy has a delay of its own its mean is known, and with it the number. In a queue copies take as long as it
//! is full, which follows the day. But a file under way meets the other side's writes of its key as they come, so that at
//! any instant conflicts arise at (rate there x files under way from here, and the other way round) / keys; the mean of
//! that over the year is sampled at instants of simulated years.
//!
//! Normal times only: what piles up while the regions are parted is left out.

use crate::assemble::Worlds;
use crate::model::{Copy, Design, World};
use crate::outcome::Figure;
use crate::run::WORLDS;
use crate::summarise::{mean, over_worlds};
use crate::system::cuts::under_way;
use drsim_models::object_copy::{Source, conflicts, link};
use drsim_models::outage::{YEAR_END, YEAR_SECONDS};
use drsim_models::pace::Pace;
use drsim_models::traffic::{HourlyShape, Operation, Uploads, hour_of};
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::{MeanSums, StratifiedMean};
use drsim_sim::time::SimTime;

/// Instants sampled in each world.
const INSTANTS: u64 = 50;

/// Of one architecture; `None`: nothing is copied, or the backlog grows without end.
pub fn key_conflicts(worlds: &Worlds, a: usize, seed: u64, level: f64) -> Option<Figure> {
    let all = || worlds.worlds.iter().map(|(world, designs)| (world, &designs[a]));
    let in_queue = |(_, design): (_, &Design)| !matches!(design.copy, Some(Copy::Service { pool: None, .. }));
    if all().any(|(world, design)| world.shared_keys.0 > 0.0 && in_queue((world, design))) {
        let mut scratch = link::Scratch::default();
        let sampled = all().enumerate().map(|(w, pair)| sampled(pair, w as u64, seed, &mut scratch));
        let strata: Option<Vec<MeanSums>> = sampled.collect();
        return Some(mean(&StratifiedMean::new(strata?), level).0);
    }
    let known: Option<Vec<f64>> = all().map(known).collect();
    known.map(|worlds| over_worlds(&worlds))
}

/// Who uploads to a region that copies it.
pub(crate) fn there<'w>(world: &'w World, design: &Design, region: usize) -> Vec<(&'w Uploads, &'w HourlyShape)> {
    let homes = &design.doors[design.door_of[Operation::Upload as usize]].preference;
    let at_home = world.populations.iter().zip(homes).filter(|(p, home)| home[0] == region && !p.files_kept_home);
    at_home.map(|(p, _)| (&p.uploads, &*p.shape)).collect()
}

fn rate(uploads: &[(&Uploads, &HourlyShape)], hour: i64) -> f64 {
    uploads.iter().map(|(uploads, shape)| uploads.per_second * shape.at_hour(hour)).sum()
}

/// A year of one world, by the mean delay.
fn known((world, design): (&World, &Design)) -> Option<f64> {
    let (share, keys) = world.shared_keys;
    let mean = match &design.copy {
        Some(Copy::Service { delay, .. }) => delay.mean(),
        Some(Copy::Link { .. }) if share == 0.0 => 0.0,
        _ => return None,
    };
    let sides = [0, 1].map(|region| there(world, design, region));
    let product = |hour| rate(&sides[0], hour) * rate(&sides[1], hour) * 3600.0;
    let products: f64 = if share > 0.0 { (0..8760).map(product).sum() } else { 0.0 };
    Some(conflicts::expected(share * share * products, [mean; 2], keys))
}

/// A year of one world as seen at random instants of its simulated years.
fn sampled((world, design): (&World, &Design), w: u64, seed: u64, scratch: &mut link::Scratch) -> Option<MeanSums> {
    let (copy, (share, keys)) = (design.copy.as_ref()?, world.shared_keys);
    let sides = [0, 1].map(|region| there(world, design, region));
    let (purpose, pace) = (Purpose::new("key_conflicts"), Pace::FULL);
    let mut sums = MeanSums::default();
    for i in 0..INSTANTS {
        let replication = w + WORLDS * i;
        let within = RandomStream::new(seed, replication, purpose, 0).uniform() * YEAR_END.as_secs_f64();
        let at = SimTime::from_secs_f64(within);
        let mut files = |region: usize| {
            let uploads = &sides[region];
            let source = Source { seed, replication, uploads, size: &world.size, pace: &pace, rows_until: at };
            let found = under_way(copy, (&source, &source), region, at, scratch);
            (!found.window.is_max()).then_some(found.files)
        };
        let counts = [files(0)?, files(1)?];
        let rates = [0, 1].map(|region: usize| rate(&sides[region], hour_of(at)));
        sums.add(share * share * conflicts::at_an_instant(rates, counts, keys) * YEAR_SECONDS);
    }
    Some(sums)
}
