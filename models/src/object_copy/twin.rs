//! Slow twins of the loss windows: every file of whole years, one after the other, and what must hold whatever chance
//! says: nothing is both lost and delivered, bytes are conserved, more streams never worsen a window.

use super::link::{Link, Scratch, SizeMoments};
use super::{AtRisk, Source, service};
use crate::pace::Pace;
use crate::traffic::{HourlyShape, Uploads, hour_of};
use crate::units::{BitsPerSecond, Bytes};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::statistics::kolmogorov_smirnov;
use drsim_sim::time::{SimDuration, SimTime};

/// 8 Mbit/s: a file of n MB takes n seconds.
const LINK: f64 = 8e6;

static FULL: Pace = Pace::FULL;

struct World {
    uploads: Uploads,
    shape: HourlyShape,
    size: Distribution,
    longest: f64,
}

impl World {
    /// Exponential sizes of this mean \[s of transfer\].
    fn new(per_second: f64, mean: f64, shape: HourlyShape) -> Self {
        let longest = 30.0 * mean;
        let size = Distribution::Exponential { mean: mean * 1e6 }.truncated(0.0, longest * 1e6).unwrap();
        Self { uploads: Uploads { purpose: Purpose::new("uploads/twin"), per_second, batch: 1 }, shape, size, longest }
    }

    fn link(&self, streams: usize) -> Link {
        let per_hour = self.shape.weekly_maxima().map(|m| m * self.uploads.per_second * 3600.0);
        let mean = per_hour.iter().sum::<f64>() / 168.0;
        let sizes = SizeMoments::new(&self.size, self.longest * 1e6);
        Link::new(BitsPerSecond::new(LINK), streams, &per_hour, mean, &sizes).unwrap()
    }

    /// Files of some hours in order of arrival: instant, bytes, probability that a copy takes longer.
    fn files(&self, seed: u64, replication: u64, hours: std::ops::Range<i64>) -> Vec<(SimTime, u64, f64)> {
        let of = |hour| self.uploads.in_hour(seed, replication, hour, &self.shape);
        let sized =
            |file: crate::traffic::Upload| (file.at, self.size.quantile(file.size_quantile) as u64, file.delay_tail);
        let mut files: Vec<_> = hours.flat_map(of).map(sized).collect();
        files.sort_unstable_by_key(|file| (file.0, file.1));
        files
    }

    fn at_risk(&self, link: &Link, (seed, replication): (u64, u64), pace: &Pace, cut: SimTime) -> AtRisk {
        let uploads = [(&self.uploads, &self.shape)];
        let source = Source { seed, replication, uploads: &uploads, size: &self.size, pace, rows_until: cut };
        link.at_risk(&source, cut, &mut Scratch::default())
    }
}

/// A working day: `peak` times the mean for eight hours, the rest at night.
fn day(peak: f64) -> HourlyShape {
    let quiet = (24.0 - 8.0 * peak) / 16.0;
    let hour = |h: i64| if (9..17).contains(&(h % 24)) { peak } else { quiet };
    HourlyShape::new(-24 * 70, (0..24 * 500).map(hour).collect())
}

fn flat() -> HourlyShape {
    HourlyShape::new(0, vec![1.0; 168])
}

/// Variance and kurtosis.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let central = |power: i32| values.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
    (central(2), central(4) / central(2).powi(2))
}

#[test]
fn whole_simulated_years_find_the_windows_that_cuts_find() {
    // Mean utilisation 0.6, busy hours at 0.9, 1.2 and 1.6 of capacity. One side carries Lindley's recursion through
    // whole years and looks every 30 days at a random hour; the other asks for the window of single cuts, in years of
    // another seed.
    for peak in [0.9, 1.2, 1.6] {
        let world = World::new(0.6 / 60.0, 60.0, day(peak / 0.6));
        let link = world.link(1);
        let instant = |seed: u64, replication: u64, month: u64| {
            let u = RandomStream::new(seed, replication, Purpose::new("instants"), month).uniform();
            SimTime::from_secs_f64((month as f64 + u) * 30.0 * 86_400.0)
        };
        let (mut carried, mut cut) = (Vec::new(), Vec::new());
        for year in 0..25 {
            let mut looks: Vec<SimTime> = (1..12).map(|month| instant(1, year, month)).collect();
            looks.sort_unstable();
            let (mut free, mut oldest) = (SimTime::from_nanos(i64::MIN / 2), vec![None; looks.len()]);
            for (at, size, _) in world.files(1, year, 0..8760) {
                free = free.max(at) + BitsPerSecond::new(LINK).transfer_time(Bytes(size));
                for (look, found) in looks.iter().zip(&mut oldest) {
                    if at <= *look && free > *look {
                        found.get_or_insert(*look - at);
                    }
                }
            }
            carried.extend(oldest.iter().map(|age| age.map_or(0.0, SimDuration::as_secs_f64)));
            cut.extend(
                (1..12)
                    .map(|month| world.at_risk(&link, (2, year), &FULL, instant(2, year, month)).window.as_secs_f64()),
            );
        }
        let n = carried.len() as f64;
        let (found, critical) = kolmogorov_smirnov(&carried, &cut);
        assert!(found < critical, "peak {peak}: {found} of {critical}");
        // One law, so that the mean of as many cuts varies as much: four standard errors of the logarithm of the ratio.
        let (plain, quick) = (moments(&carried), moments(&cut));
        let gain = (quick.0 / plain.0).ln();
        let error = ((plain.1 + quick.1 - 2.0) / n).sqrt();
        assert!(gain.abs() < 4.0 * error, "peak {peak}: variances differ by {gain}, {error}");
    }
}

#[test]
fn with_the_same_arrivals_more_streams_never_worsen_the_window() {
    let world = World::new(0.6 / 20.0, 20.0, day(1.6 / 0.6));
    let links: Vec<Link> = [1, 2, 3, 5, 8].map(|streams| world.link(streams)).into();
    let mut better = 0;
    for replication in 0..60 {
        let cut = SimTime::from_secs_f64(3600.0 * (400.0 + 7.3 * replication as f64));
        let windows: Vec<_> =
            links.iter().map(|link| world.at_risk(link, (3, replication), &FULL, cut).window).collect();
        assert!(windows.is_sorted_by(|fewer, more| more <= fewer), "{windows:?}");
        better += u32::from(windows[4] < windows[0]);
    }
    assert!(better > 20, "{better} of 60 differ at all");
}

#[test]
fn nothing_is_both_lost_and_delivered_and_bytes_are_conserved() {
    // Whatever stands still or crawls: every file up to a cut is either delivered or at risk, and what was delivered
    // stays so. The twin serves one file after the other.
    let at = |hours: f64| SimTime::from_secs_f64(3600.0 * hours);
    let pace = Pace::new(&[(at(310.2), at(313.7), 0.0), (at(315.0), at(316.0), 0.25), (at(318.5), at(319.0), 0.0)]);
    let world = World::new(0.6 / 20.0, 20.0, flat());
    let link = world.link(1);
    let delay = Distribution::lognormal_from_percentiles(60.0, 900.0).unwrap().truncated(0.0, 7200.0).unwrap();
    for replication in 0..10 {
        let files = world.files(4, replication, 200..340);
        let mut delivered_before = (0_u64, 0_u64);
        for cut in [310.0, 312.0, 313.7, 314.5, 315.5, 318.9, 325.0, 339.0].map(at) {
            let uploaded: Vec<_> = files.iter().filter(|file| file.0 <= cut).collect();
            let (mut queued, mut under_way) = (AtRisk::default(), AtRisk::default());
            let uploads = [(&world.uploads, &world.shape)];
            let source = Source {
                seed: 4,
                replication,
                uploads: &uploads,
                size: &world.size,
                pace: &pace,
                rows_until: SimTime::from_nanos(cut.as_nanos() - 30_000_000_000),
            };
            // Work offered so far minus work possible since the queue was last empty.
            let mut done = SimTime::from_nanos(i64::MIN / 2);
            for (arrived, size, tail) in uploaded.iter().copied() {
                let arrival = cut - pace.worked(*arrived, cut);
                done = done.max(arrival) + BitsPerSecond::new(LINK).transfer_time(Bytes(*size));
                if done > cut {
                    queued.add(&source, (*arrived, *size), cut);
                }
                let takes = SimDuration::from_secs_f64(delay.quantile(1.0 - tail));
                if takes > pace.worked(*arrived, cut) {
                    under_way.add(&source, (*arrived, *size), cut);
                }
            }
            let found = link.at_risk(&source, cut, &mut Scratch::default());
            assert_eq!(found, queued, "link, replication {replication}, cut {cut}");
            assert_eq!(service::at_risk(&source, &delay, None, cut), under_way, "service, replication {replication}");
            assert!(found.orphaned <= found.files && found.files <= uploaded.len() as u64);
            let all: u64 = uploaded.iter().map(|file| file.1).sum();
            let delivered = (uploaded.len() as u64 - found.files, all - found.bytes.0);
            assert!(delivered.0 >= delivered_before.0 && delivered.1 >= delivered_before.1, "nothing is taken back");
            delivered_before = delivered;
        }
        assert!(hour_of(at(339.0)) == 339);
    }
}

#[test]
fn a_link_catches_up_with_a_partition_of_h_after_h_rho_over_one_minus_rho() {
    // 6 h without a link at utilisation 0.6: the oldest file is 6 h - t (1 / 0.6 - 1) old t after it is back, and
    // nothing waits after 9 h but what always does. Files of 2 s: the work of n of them is known within
    // 4 sqrt(2 n) 2 s, n = 0.3 files/s * 6 h.
    let at = |hours: f64| SimTime::from_secs_f64(3600.0 * hours);
    let pace = Pace::new(&[(at(300.0), at(306.0), 0.0)]);
    let world = World::new(0.3, 2.0, flat());
    let link = world.link(1);
    let noise = 4.0 * (2.0 * 0.3 * 6.0 * 3600.0_f64).sqrt() * 2.0 / 0.6;
    for replication in 0..5 {
        let window = |hours: f64| world.at_risk(&link, (5, replication), &pace, at(hours)).window.as_secs_f64();
        assert!((window(303.0) - 3.0 * 3600.0).abs() < 120.0, "grows by the second");
        for since in [0.0, 3.0, 6.0] {
            let (expected, found) = (6.0 * 3600.0 - since * 3600.0 * (1.0 / 0.6 - 1.0), window(306.0 + since));
            assert!((found - expected).abs() < noise, "{since} h after: {found} against {expected}");
        }
        assert!(window(306.0 + 9.0 + noise / 3600.0 / 0.6) < 300.0, "caught up");
    }
}

#[test]
fn bandwidth_that_all_copies_share_adds_the_files_that_wait_for_it() {
    // The files at risk are those of either reason; with room to spare the shared bandwidth changes next to nothing.
    let delay = Distribution::Constant { value: 10.0 };
    for (rate, mean) in [(0.09, 10.0), (0.009, 10.0)] {
        let world = World::new(rate, mean, flat());
        let pool = world.link(1);
        let mut longer = 0;
        for replication in 0..40 {
            let cut = SimTime::from_secs_f64(2e6 + 1e3 * replication as f64);
            let uploads = [(&world.uploads, &world.shape)];
            let source =
                Source { seed: 6, replication, uploads: &uploads, size: &world.size, pace: &FULL, rows_until: cut };
            let waiting = pool.at_risk(&source, cut, &mut Scratch::default());
            let since = (waiting.files > 0).then(|| cut - waiting.window);
            let (own, both) =
                (service::at_risk(&source, &delay, None, cut), service::at_risk(&source, &delay, since, cut));
            assert_eq!(both.window, own.window.max(waiting.window));
            assert!(both.files >= own.files.max(waiting.files) && both.files <= own.files + waiting.files);
            longer += u32::from(both.window > own.window);
        }
        assert!(if rate > 0.05 { longer > 20 } else { longer < 6 }, "{longer} of 40");
    }
}
