//! The record's link: files wait their turn on `streams` transfers of fixed throughput, first in, first out.
//!
//! Where the queue stands at the cut depends on the hours before it. They are simulated from an empty start `t0` and,
//! in step with it, from a start as full as the true queue is with probability at most 1e-9. A queue fed by the same
//! files is monotone in its start (Kiefer and Wolfowitz 1955: workload vectors keep their order), so once the two agree
//! at the cut, the true one agrees as well; otherwise the look-back doubles. For one stream this is the same as "the
//! empty-started queue has idled for longer than the backlog bound". `t0` is never chosen by the path in another way.
//!
//! Backlog bound, for hours of offered work with total mean below capacity: with A(s, t) the work that arrives and
//! theta > 0, P(W(t) > b) <= sum over whole hours k of E exp(theta (A(t - k - 1, t) - 3600 c k)) exp(-theta b)
//! (union bound and Chernoff; compound Poisson: log E exp(theta A) = Lambda (M(theta) - 1)). The sum obeys
//! G(t) = f(t-1) (1 + d G(t-1)), f = exp(Lambda (M - 1)), d = exp(-3600 c theta), and is 168-hour periodic.
//!
//! Closed form, one stream, Poisson uploads: the age of the oldest file not yet copied has at a random instant the
//! distribution of the workload (attained waiting time equals virtual delay: Sengupta 1989).
//!
//! Left out here: failed transfers.

use super::{AtRisk, Source};
use crate::traffic::{HOUR, Upload, hour_of};
use crate::units::BitsPerSecond;
use drsim_sim::time::{SimDuration, SimTime};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Chance with which the true backlog may exceed the bound at the start of a window.
pub const EXCEEDED: f64 = 1e-9;

/// Longest look-back [h]: eight weeks. A queue that has not settled by then is carried from an empty start there.
pub const LONGEST_HOURS: i64 = 8 * 168;

/// The link between two regions, and how full it can be at each hour of the week.
#[derive(Clone, Debug)]
pub struct Link {
    throughput: BitsPerSecond,
    streams: usize,
    /// Seconds of work per stream that are exceeded with probability [`EXCEEDED`], by hour of the week.
    backlog: [f64; 168],
}

/// A link that cannot keep up: its mean utilisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unstable {
    /// Offered work over capacity, in the mean.
    pub utilisation: f64,
}

impl Link {
    /// `per_hour`: expected files in each hour of the week (the maximum over the year, if it varies). `mean_bytes` and
    /// `largest_bytes` of one file; `moment(theta)`: E exp(theta S) for the transfer time S [s] of one file.
    ///
    /// # Errors
    /// [`Unstable`] when the mean utilisation is 1 or more: the backlog grows without bound.
    pub fn new(
        throughput: BitsPerSecond,
        streams: usize,
        per_hour: &[f64; 168],
        mean_bytes: f64,
        largest_bytes: f64,
        moment: impl Fn(f64) -> f64,
    ) -> Result<Self, Unstable> {
        let per_byte = throughput.seconds_per_byte();
        let capacity = streams as f64;
        let utilisation = per_hour.iter().sum::<f64>() / 168.0 * mean_bytes * per_byte / (3600.0 * capacity);
        if utilisation >= 1.0 {
            return Err(Unstable { utilisation });
        }
        let longest = largest_bytes * per_byte;
        let work = work_bound(per_hour, capacity, longest, moment);
        // Several streams hold at most (streams - 1) * longest more than one stream of their joint speed, and no single
        // stream is further behind than the mean by more than one file.
        let spread = if streams > 1 { longest * (capacity - 1.0) / capacity + longest } else { 0.0 };
        Ok(Self { throughput, streams, backlog: work.map(|w| w / capacity + spread) })
    }

    /// Files acknowledged before `cut` and not copied by then.
    pub fn at_risk(&self, source: &Source<'_>, cut: SimTime, scratch: &mut Scratch) -> AtRisk {
        let last = hour_of(cut);
        scratch.files.clear();
        let mut first = last + 1;
        let mut hours = 1;
        loop {
            let start = last + 1 - hours;
            scratch.prepend(source, start..first, cut);
            first = start;
            let (at_risk, settled) = self.replay(SimTime::from_nanos(start * HOUR), cut, scratch);
            if settled || hours >= LONGEST_HOURS {
                return at_risk;
            }
            hours = (2 * hours).min(LONGEST_HOURS);
        }
    }

    /// Runs the queue from empty and from full; what is under way at the cut, and whether both agree there.
    fn replay(&self, start: SimTime, cut: SimTime, scratch: &mut Scratch) -> (AtRisk, bool) {
        let full = SimDuration::from_secs_f64(self.backlog[hour_of(start).rem_euclid(168) as usize]);
        let Scratch { files, empty_start, full_start, .. } = scratch;
        empty_start.clear();
        full_start.clear();
        for _ in 0..self.streams {
            empty_start.push(Reverse(start));
            full_start.push(Reverse(start + full));
        }
        let mut at_risk = AtRisk::default();
        for &(at, size) in files.iter() {
            let duration = self.throughput.transfer_time(crate::units::Bytes(size));
            serve(full_start, at, duration);
            if serve(empty_start, at, duration) > cut {
                at_risk.add(at, size, cut);
            }
        }
        (at_risk, same_after(empty_start, full_start, cut))
    }
}

/// The first free stream takes the file; returns when its copy is complete.
fn serve(free_at: &mut BinaryHeap<Reverse<SimTime>>, at: SimTime, duration: SimDuration) -> SimTime {
    let mut earliest = free_at.peek_mut().expect("a link has at least one stream");
    let done = earliest.0.max(at) + duration;
    *earliest = Reverse(done);
    done
}

/// Whether two sets of streams are free at the same instants from `cut` on.
fn same_after(a: &BinaryHeap<Reverse<SimTime>>, b: &BinaryHeap<Reverse<SimTime>>, cut: SimTime) -> bool {
    // The starts are ordered (no stream of `a` is free later than its counterpart of `b`), so equal sums mean equality.
    let busy = |set: &BinaryHeap<Reverse<SimTime>>| -> u128 {
        set.iter().map(|free| u128::from(free.0.saturating_since(cut).as_nanos())).sum()
    };
    busy(a) == busy(b)
}

/// Buffers reused from cut to cut.
#[derive(Debug, Default)]
pub struct Scratch {
    files: Vec<(SimTime, u64)>,
    older: Vec<(SimTime, u64)>,
    empty_start: BinaryHeap<Reverse<SimTime>>,
    full_start: BinaryHeap<Reverse<SimTime>>,
}

impl Scratch {
    /// Puts the files of these hours, in order of arrival, before those already there.
    fn prepend(&mut self, source: &Source<'_>, hours: std::ops::Range<i64>, cut: SimTime) {
        self.older.clear();
        for hour in hours {
            for &(uploads, shape) in source.uploads {
                let sized = |file: Upload| (file.at, source.size.quantile(file.size_quantile) as u64);
                let hour_files = uploads.in_hour(source.seed, source.replication, hour, shape);
                self.older.extend(hour_files.filter(|file| file.at <= cut).map(sized));
            }
        }
        self.older.sort_unstable();
        self.older.append(&mut self.files);
        std::mem::swap(&mut self.older, &mut self.files);
    }
}

/// Work [s] that a link of `capacity` exceeds at the start of each hour of the week with probability [`EXCEEDED`].
fn work_bound(per_hour: &[f64; 168], capacity: f64, longest: f64, moment: impl Fn(f64) -> f64) -> [f64; 168] {
    let mut bound = [f64::INFINITY; 168];
    for i in 0..32 {
        // From a hundredth of the inverse backlog of a busy week to a few times the inverse of the largest file.
        let theta = 2_f64.powf(f64::from(i) / 2.0 - 14.0) * 4.0 / longest;
        let growth = moment(theta) - 1.0;
        let drain = 3600.0 * capacity * theta;
        if per_hour.iter().map(|files| files * growth - drain).sum::<f64>() >= 0.0 {
            continue;
        }
        // One week maps G to a + r G; from 0 it gives a, and the periodic value is a / (1 - r).
        let log_r: f64 = per_hour.iter().map(|files| files * growth - drain).sum();
        let week = |log_g: f64, mut at: Box<dyn FnMut(usize, f64) + '_>| {
            per_hour.iter().enumerate().fold(log_g, |log_g, (hour, files)| {
                at(hour, log_g);
                files * growth + ln_one_plus_exp(log_g - drain)
            })
        };
        let periodic = week(f64::NEG_INFINITY, Box::new(|_, _| ())) - (-log_r.exp()).ln_1p();
        week(periodic, Box::new(|hour, log_g| bound[hour] = bound[hour].min(((log_g - EXCEEDED.ln()) / theta).max(0.0))));
    }
    bound
}

/// ln(1 + exp(x)) without overflow.
fn ln_one_plus_exp(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}
