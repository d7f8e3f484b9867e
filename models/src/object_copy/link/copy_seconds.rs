//! How long each file waits and travels, in normal times: the twin, per object, of the window at a cut.
//!
//! The files of one hour are sent through the queue twice, from an empty start and from one as full as the true queue is
//! with probability at most 1e-9. Where every file of the hour is done at the same instant in both, the true queue, which
//! lies between, does the same; otherwise the look-back doubles.
//!
//! Left out: hours in or after a pause.

use super::{LONGEST_HOURS, Link, Scratch, serve};
use crate::object_copy::Source;
use crate::traffic::HOUR;
use crate::units::Bytes;
use drsim_sim::time::{SimDuration, SimTime};

impl Link {
    /// From acknowledgement to copy \[s\], of the files acknowledged in an hour, in their order.
    pub fn copy_seconds(&self, source: &Source<'_>, hour: i64, scratch: &mut Scratch, found: &mut Vec<f64>) {
        let begin = SimTime::from_nanos(hour * HOUR);
        let end = SimTime::from_nanos((hour + 1) * HOUR - 1);
        let window = scratch.window(source, end);
        let mut hours = 0;
        loop {
            scratch.reach_back(window, source, hour - hours);
            if self.send(begin, SimTime::from_nanos((hour - hours) * HOUR), window, scratch, found)
                || hours >= LONGEST_HOURS
            {
                return;
            }
            hours = (2 * hours).clamp(1, LONGEST_HOURS);
        }
    }

    /// Sends what was acknowledged from `start` on; whether that from `begin` on is known for certain.
    fn send(&self, begin: SimTime, start: SimTime, window: usize, scratch: &mut Scratch, found: &mut Vec<f64>) -> bool {
        let hour = super::hour_of(start).rem_euclid(168) as usize;
        let full = SimDuration::from_secs_f64(self.backlog[hour]);
        let Scratch { windows, empty_start, full_start, .. } = scratch;
        let files = &windows[window].files;
        empty_start.clear();
        full_start.clear();
        empty_start.resize(self.streams, start);
        full_start.resize(self.streams, start + full);
        found.clear();
        let mut certain = true;
        for &(at, size) in &files[files.partition_point(|(at, _)| *at < start)..] {
            let duration = self.throughput.transfer_time(Bytes(size));
            let (done, done_at_last) = (serve(empty_start, at, duration), serve(full_start, at, duration));
            if at >= begin {
                certain &= done == done_at_last;
                found.push((done - at).as_secs_f64());
            }
        }
        certain
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bench, flat, source};
    use super::*;
    use drsim_sim::distribution::Distribution;

    #[test]
    fn a_file_takes_as_long_as_an_mm1_queue_keeps_a_customer() {
        // Utilisation 0.7, transfers of 2 s: exponential with mean 2 / 0.3 s. Neighbours go together: the variance of a
        // mean is (2 + 5 rho - 4 rho^2 + rho^3) / ((2 - rho) (1 - rho)^2) = 33 times that of as many alone (Daley 1968).
        let size = Distribution::Exponential { mean: 2.0 }.truncated(0.0, 90.0).unwrap();
        let bench = bench(0.35, flat(), &size, 1);
        let uploads = [(&bench.uploads, &bench.shape)];
        let (mut scratch, mut found, mut all) = (Scratch::default(), Vec::new(), Vec::new());
        for replication in 0..100 {
            bench.link.copy_seconds(&source(6, replication, &uploads, &bench.size), 300, &mut scratch, &mut found);
            all.extend_from_slice(&found);
        }
        let n = all.len() as f64;
        assert!((n - 126_000.0).abs() < 4.0 * 126_000.0_f64.sqrt());
        for x in [2.0_f64, 7.0, 20.0] {
            let (share, p) = (all.iter().filter(|t| **t > x).count() as f64 / n, (-x * 0.15).exp());
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) * 33.0 / n).sqrt(), "x = {x}: {share} against {p}");
        }
    }

    #[test]
    fn files_under_way_are_those_that_take_longer_than_they_are_old() {
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        let bench = bench(0.2, flat(), &size, 1);
        let uploads = [(&bench.uploads, &bench.shape)];
        let mut scratch = Scratch::default();
        for replication in 0..20 {
            let source = source(8, replication, &uploads, &bench.size);
            let mut takes = Vec::new();
            bench.link.copy_seconds(&source, 500, &mut scratch, &mut takes);
            let mut files: Vec<_> =
                uploads[0].0.in_hour(8, replication, 500, &bench.shape).map(|file| file.at).collect();
            files.sort_unstable();
            // Half an hour later all of the first quarter are copied.
            let cut = SimTime::from_nanos(500 * HOUR + HOUR / 2);
            let under_way = files
                .iter()
                .zip(&takes)
                .filter(|(at, takes)| **at <= cut && **at + SimDuration::from_secs_f64(**takes) > cut);
            assert_eq!(bench.link.at_risk(&source, cut, &mut scratch).files, under_way.count() as u64);
        }
    }
}
