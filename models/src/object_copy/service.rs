//! S3 replication: each object its own delay, all in parallel.
//!
//! The files still under way at the cut are found hour by hour, backwards, latest copy first: from an hour that ended
//! `d` before the cut only files whose delay exceeds `d` can be under way, and [`Uploads`](crate::traffic::Uploads)
//! hands those out first. Hours whose expected number under way is below [`NEGLIGIBLE`] end the search.
//!
//! Closed form, delays T independent: P(window > x) = 1 - exp(-lambda E[(T - x)+]), and the number under way is Poisson
//! with mean lambda E[T] (infinite-server queue; Eick, Massey, Whitt 1993, theorem 1). Batches of k: the same for the
//! latest of each, P(window > x) = 1 - exp(-lambda / k E[(max T - x)+]).
//!
//! Assumed: delays of files are independent, but for slow spells ([`super::slowdown`]).

use super::{AtRisk, Source};
use crate::traffic::{HOUR, hour_of};
use drsim_sim::distribution::Distribution;
use drsim_sim::time::{SimDuration, SimTime};

/// Expected files under way from one hour below which older hours are not looked at.
pub const NEGLIGIBLE: f64 = 1e-9;

/// Files acknowledged before `cut` and not copied by then; `delay` in seconds, bounded by some weeks at most. From
/// `pooled` on, files still wait for the bandwidth that all copies share, whatever their own delay.
pub fn at_risk(source: &Source<'_>, delay: &Distribution, pooled: Option<SimTime>, cut: SimTime) -> AtRisk {
    let mut at_risk = AtRisk::default();
    let last = hour_of(cut);
    for &(uploads, shape) in source.uploads {
        for hour in (i64::MIN..=last).rev() {
            let end = SimTime::from_nanos((hour + 1) * HOUR);
            let waits = pooled.is_some_and(|since| end > since);
            let still_under_way =
                if waits { 1.0 } else { delay.survival(source.pace.worked(end.min(cut), cut).as_secs_f64()) };
            if uploads.per_second * 3600.0 * shape.at_hour(hour) * still_under_way < NEGLIGIBLE && hour < last {
                break;
            }
            let hour_files = uploads.in_hour(source.seed, source.replication, hour, shape);
            for file in hour_files.latest(still_under_way) {
                let takes = SimDuration::from_secs_f64(delay.quantile(1.0 - file.delay_tail));
                let waits = pooled.is_some_and(|since| file.at >= since);
                if file.at <= cut && (waits || takes > source.pace.worked(file.at, cut)) {
                    at_risk.add(source, (file.at, source.size.quantile(file.size_quantile) as u64), cut);
                }
            }
        }
    }
    at_risk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Pace;
    use crate::traffic::{HourlyShape, Uploads};
    use drsim_sim::random_stream::Purpose;

    fn source<'a>(
        seed: u64,
        replication: u64,
        uploads: &'a [(&'a Uploads, &'a HourlyShape)],
        size: &'a Distribution,
    ) -> Source<'a> {
        Source { seed, replication, uploads, size, pace: &FULL_SPEED, rows_until: SimTime::ZERO }
    }

    static FULL_SPEED: Pace = Pace::FULL;

    #[test]
    fn parallel_copies_agree_with_the_infinite_server_queue() {
        // lambda 0.05/s, exponential delays of mean 40 s: under way Poisson(2), P(window > x) = 1 - exp(-2 exp(-x/40)).
        let n = 20_000_u64;
        let delay = Distribution::Exponential { mean: 40.0 };
        let size = Distribution::Constant { value: 1.0 };
        let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.05, batch: 1 };
        let shape = HourlyShape::new(0, vec![1.0; 168]);
        let (mut files, mut files2, mut above, mut of_count) = (0.0, 0.0, [0.0; 3], [0.0; 8]);
        let bounds = [10.0, 40.0, 120.0];
        for replication in 0..n {
            let from = [(&uploads, &shape)];
            let source = source(4, replication, &from, &size);
            let found = at_risk(&source, &delay, None, SimTime::from_secs_f64(5000.0 + replication as f64));
            files += found.files as f64;
            files2 += (found.files * found.files) as f64;
            of_count[found.files.min(7) as usize] += 1.0;
            for (count, x) in above.iter_mut().zip(bounds) {
                *count += f64::from(u8::from(found.window.as_secs_f64() > x));
            }
        }
        let n = n as f64;
        let mean = files / n;
        assert!((mean - 2.0).abs() < 4.0 * (2.0 / n).sqrt(), "{mean}");
        // Variance of a Poisson(2): fourth central moment 2 + 3 * 4 = 14, so its standard error is sqrt((14 - 4) / n).
        assert!((files2 / n - mean * mean - 2.0).abs() < 4.0 * (10.0 / n).sqrt());
        // The whole law: P(k under way) = exp(-2) 2^k / k!.
        let mut p = (-2.0_f64).exp();
        for (k, count) in of_count.iter().take(7).enumerate() {
            assert!((count / n - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt(), "{k} files: {count} of {n}, {p}");
            p *= 2.0 / (k + 1) as f64;
        }
        for (count, x) in above.iter().zip(bounds) {
            let p = 1.0 - (-2.0 * (-x / 40.0_f64).exp()).exp();
            assert!((count / n - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt(), "x = {x}");
        }
    }

    #[test]
    fn more_uploads_make_windows_longer_though_each_copy_takes_as_long() {
        // P(window > 60 s) = 1 - exp(-lambda 40 exp(-60/40)): 20 % at 0.025/s, 83 % at 0.2/s.
        let n = 4_000_u64;
        let (delay, size) = (Distribution::Exponential { mean: 40.0 }, Distribution::Constant { value: 1.0 });
        let shape = HourlyShape::new(0, vec![1.0; 168]);
        for per_second in [0.025, 0.05, 0.1, 0.2] {
            let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second, batch: 1 };
            let from = [(&uploads, &shape)];
            let late = |replication: &u64| {
                let source = source(5, *replication, &from, &size);
                let cut = SimTime::from_secs_f64(5000.0 + *replication as f64);
                at_risk(&source, &delay, None, cut).window.as_secs_f64() > 60.0
            };
            let found = (0..n).filter(late).count() as f64 / n as f64;
            let p = 1.0 - (-per_second * 40.0 * (-1.5_f64).exp()).exp();
            assert!((found - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{per_second}/s: {found}, {p}");
        }
    }

    #[test]
    fn a_batch_is_under_way_as_long_as_the_latest_of_its_files() {
        // Batches of 5 every 100 s, exponential delays of mean 40 s: E(max T - x)+ = integral of 1 - (1 - exp(-t/40))^5
        // from x on; from 0 it is 40 (1 + 1/2 + 1/3 + 1/4 + 1/5) s.
        let (n, k) = (20_000_u64, 5);
        let delay = Distribution::Exponential { mean: 40.0 };
        let size = Distribution::Constant { value: 1.0 };
        let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.05, batch: k };
        let shape = HourlyShape::new(0, vec![1.0; 168]);
        let bounds = [0.0, 10.0, 40.0, 120.0];
        let (mut files, mut above) = (0.0, [0.0; 4]);
        for replication in 0..n {
            let from = [(&uploads, &shape)];
            let source = source(4, replication, &from, &size);
            let found = at_risk(&source, &delay, None, SimTime::from_secs_f64(5000.0 + replication as f64));
            files += found.files as f64;
            for (count, x) in above.iter_mut().zip(bounds) {
                *count += f64::from(u8::from(found.window.as_secs_f64() > x));
            }
        }
        // lambda E T as without batches; its variance at most 5 times that of a Poisson number.
        let n = n as f64;
        assert!((files / n - 2.0).abs() < 4.0 * (10.0 / n).sqrt(), "{}", files / n);
        for (count, x) in above.iter().zip(bounds) {
            let step = 0.01;
            let late = |t: f64| 1.0 - (1.0 - (-t / 40.0_f64).exp()).powi(k as i32);
            let excess: f64 = (0..80_000).map(|i| step * late(x + (f64::from(i) + 0.5) * step)).sum();
            if x == 0.0 {
                assert!((excess - 40.0 * (1.0 + 0.5 + 1.0 / 3.0 + 0.25 + 0.2)).abs() < 1e-3);
            }
            let p = 1.0 - (-0.01 * excess).exp();
            assert!((count / n - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt(), "x = {x}: {} against {p}", count / n);
        }
    }

    #[test]
    fn the_lazy_search_finds_what_looking_at_every_file_finds() {
        let delay = Distribution::lognormal_from_percentiles(120.0, 3600.0).unwrap();
        let delay = Distribution::truncated(delay, 0.0, 48.0 * 3600.0).unwrap();
        let size = Distribution::Uniform { low: 1e3, high: 1e6 };
        let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.02, batch: 1 };
        let shape = HourlyShape::new(-100, (0..400).map(|i| 0.2 + f64::from(i % 24) / 14.0).collect());
        for replication in 0..20 {
            let from = [(&uploads, &shape)];
            let source = source(8, replication, &from, &size);
            let cut = SimTime::from_secs_f64(200_000.5);
            let mut every = AtRisk::default();
            for hour in -60..=hour_of(cut) {
                for file in uploads.in_hour(8, replication, hour, &shape) {
                    let copied = file.at + SimDuration::from_secs_f64(delay.quantile(1.0 - file.delay_tail));
                    if file.at <= cut && copied > cut {
                        every.add(&source, (file.at, size.quantile(file.size_quantile) as u64), cut);
                    }
                }
            }
            assert_eq!(at_risk(&source, &delay, None, cut), every);
        }
    }
}
