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
//! Batches of k files are one customer that brings the work of all: M(theta) - 1 becomes (M(theta)^k - 1) / k a file, and
//! the mean window (lambda / k) E[B^2] / (2 (1 - rho)) for the work B of a batch.
//!
//! While the link stands still files pile up; their transfers are queued in seconds of work instead of seconds, so a
//! backlog of H at utilisation rho drains in H rho / (1 - rho). The bound then wears off as well: W(t) is the supremum
//! over s < t of the work offered since s less that possible (Reich 1958), and what is possible is the capacity less
//! what pauses took. With the capacity divided in two, the supremum of the sum is at most the sum of two suprema: the
//! bound above at one part of it, and what pauses took since s less the other part of what passed since.

mod copy_seconds;

use super::{AtRisk, Source};
use crate::pace::Pace;
use crate::traffic::{HOUR, Upload, hour_of};
use crate::units::BitsPerSecond;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::Purpose;
use drsim_sim::time::{SimDuration, SimTime};
use std::collections::VecDeque;

/// Chance with which the true backlog may exceed the bound at the start of a window.
pub const EXCEEDED: f64 = 1e-9;

/// Longest look-back \[h\]: eight weeks. A queue that has not settled by then is carried from an empty start there.
pub const LONGEST_HOURS: i64 = 8 * 168;

/// The link between two regions, and how full it can be at each hour of the week.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    throughput: BitsPerSecond,
    streams: usize,
    /// Seconds of work per stream that are exceeded with probability [`EXCEEDED`], by hour of the week, where nothing has
    /// stood still.
    backlog: [f64; 168],
    /// The same of a link without the share `spare` of its capacity, which makes up for pauses: half of what is free.
    backlog_beside_spare: [f64; 168],
    spare: f64,
    /// A window longer than this is not followed to its end.
    enough: SimDuration,
}

/// A link that cannot keep up: its mean utilisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unstable {
    /// Offered work over capacity, in the mean.
    pub utilisation: f64,
}

impl Link {
    /// `per_hour`: most files expected in each hour of the week over the year; `mean_per_hour`: their mean over the year.
    ///
    /// # Errors
    /// [`Unstable`] when the mean utilisation is 1 or more: the backlog grows without bound.
    pub fn new(
        throughput: BitsPerSecond,
        streams: usize,
        per_hour: &[f64; 168],
        mean_per_hour: f64,
        sizes: &SizeMoments,
    ) -> Result<Self, Unstable> {
        let per_byte = throughput.seconds_per_byte();
        let capacity = streams as f64;
        let utilisation = mean_per_hour * sizes.mean_bytes * per_byte / (3600.0 * capacity);
        if utilisation >= 1.0 {
            return Err(Unstable { utilisation });
        }
        let longest = sizes.largest_bytes * per_byte;
        // Several streams hold at most (streams - 1) * longest more than one stream of their joint speed, and no single
        // stream is further behind than the mean by more than one file.
        let spread = if streams > 1 { longest * (capacity - 1.0) / capacity + longest } else { 0.0 };
        let bound = |drained: f64| {
            work_bound(per_hour, drained, longest, &sizes.exponential).map(|work| work / capacity + spread)
        };
        let spare = 0.5 * (1.0 - utilisation);
        Ok(Self {
            throughput,
            streams,
            backlog: bound(capacity),
            backlog_beside_spare: bound(capacity * (1.0 - spare)),
            spare,
            enough: SimDuration::MAX,
        })
    }

    /// For whoever only asks whether a window is longer than this: what was found of one that is, looking back as far as
    /// it took to know, is less than all of it. Looking back for weeks is most of the work at a link that is busy.
    pub fn look_no_further_than(&mut self, window: SimDuration) {
        self.enough = window;
    }

    /// Files acknowledged before `cut` and not copied by then.
    pub fn at_risk(&self, source: &Source<'_>, cut: SimTime, scratch: &mut Scratch) -> AtRisk {
        let last = hour_of(cut);
        let window = scratch.window(source, cut);
        let mut hours = 1;
        loop {
            let first = last + 1 - hours;
            let start = SimTime::from_nanos(first * HOUR);
            // A start so full that nothing later is served before the cut cannot come to agree.
            let hopeless =
                self.fullest(source.pace, start) > source.pace.worked(start, cut) && cut - start <= self.enough;
            if !hopeless || hours >= LONGEST_HOURS {
                scratch.reach_back(window, source, first);
                let (at_risk, settled) = self.replay(source, start, cut, window, scratch);
                // From an empty start at most as much is under way as there truly is.
                if settled || at_risk.window > self.enough || hours >= LONGEST_HOURS {
                    return at_risk;
                }
            }
            hours = (2 * hours).min(LONGEST_HOURS);
        }
    }

    /// Seconds of work per stream that the true queue exceeds at the start of an hour with probability [`EXCEEDED`].
    fn fullest(&self, pace: &Pace, start: SimTime) -> SimDuration {
        let hour = hour_of(start).rem_euclid(168) as usize;
        let or_less = |backlog: &[f64; 168], left: SimDuration| SimDuration::from_secs_f64(backlog[hour]) + left;
        if pace.is_full() {
            return or_less(&self.backlog, SimDuration::ZERO);
        }
        let earliest = start - SimDuration::from_secs(LONGEST_HOURS as u64 * 3600);
        let paused = (start - earliest).saturating_sub(pace.worked(earliest, start));
        or_less(&self.backlog, paused).min(or_less(&self.backlog_beside_spare, pace.left_undone(start, self.spare)))
    }

    /// Runs the queue from empty and from full; what is under way at the cut, and whether both agree there.
    fn replay(
        &self,
        source: &Source<'_>,
        start: SimTime,
        cut: SimTime,
        window: usize,
        scratch: &mut Scratch,
    ) -> (AtRisk, bool) {
        // Counted in work that is possible until the cut, arrivals come later and transfers take as long as ever.
        let full_speed = source.pace.is_full();
        let clock = |at: SimTime| if full_speed || at >= cut { at } else { cut - source.pace.worked(at, cut) };
        let full = self.fullest(source.pace, start);
        let Scratch { windows, empty_start, full_start, .. } = scratch;
        let files = &windows[window].files;
        let files = &files[files.partition_point(|(at, _)| *at < start)..];
        empty_start.clear();
        full_start.clear();
        empty_start.resize(self.streams, clock(start));
        full_start.resize(self.streams, clock(start) + full);
        let mut at_risk = AtRisk::default();
        for &(at, size) in files {
            let duration = self.throughput.transfer_time(crate::units::Bytes(size));
            let arrives = clock(at);
            serve(full_start, arrives, duration);
            if serve(empty_start, arrives, duration) > cut {
                at_risk.add(source, (at, size), cut);
            }
        }
        (at_risk, same_after(empty_start, full_start, cut))
    }
}

/// When each stream is free, in order. A file mostly ends after those before it: it goes to the back, or near it.
type FreeAt = VecDeque<SimTime>;

/// The first free stream takes the file; returns when its copy is complete.
fn serve(free_at: &mut FreeAt, at: SimTime, duration: SimDuration) -> SimTime {
    let earliest = free_at.pop_front().expect("a link has at least one stream");
    let done = earliest.max(at) + duration;
    if free_at.back().is_none_or(|last| *last <= done) {
        free_at.push_back(done);
    } else {
        free_at.insert(free_at.partition_point(|free| *free <= done), done);
    }
    done
}

/// Whether two sets of streams are free at the same instants from `cut` on.
fn same_after(a: &FreeAt, b: &FreeAt, cut: SimTime) -> bool {
    a.iter().zip(b).all(|(a, b)| *a.max(&cut) == *b.max(&cut))
}

/// Files before the cuts of one replication, so that designs that meet the same cut need not draw them again; and
/// buffers. One scratch serves designs of one world at a time.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Seed and replication that the windows belong to.
    year: Option<(u64, u64)>,
    windows: Vec<Window>,
    spare: Vec<Vec<(SimTime, u64)>>,
    empty_start: FreeAt,
    full_start: FreeAt,
}

/// Cuts of a year that are remembered.
const WINDOWS: usize = 4;

/// The files of one direction from an hour on to a cut, in order of arrival.
#[derive(Debug)]
struct Window {
    cut: SimTime,
    who: Vec<Purpose>,
    /// First hour that is there; one after the cut's when none is.
    first: i64,
    files: Vec<(SimTime, u64)>,
}

impl Scratch {
    /// The window before a cut, as far back as anybody has looked.
    fn window(&mut self, source: &Source<'_>, cut: SimTime) -> usize {
        let year = Some((source.seed, source.replication));
        if std::mem::replace(&mut self.year, year) != year {
            self.spare.extend(self.windows.drain(..).map(|window| window.files));
        }
        let who = || source.uploads.iter().map(|(uploads, _)| uploads.purpose);
        let known = |w: &Window| w.cut == cut && w.who.iter().copied().eq(who());
        self.windows.iter().position(known).unwrap_or_else(|| {
            if self.windows.len() == WINDOWS {
                self.spare.push(self.windows.remove(0).files);
            }
            let mut files = self.spare.pop().unwrap_or_default();
            files.clear();
            self.windows.push(Window { cut, who: who().collect(), first: hour_of(cut) + 1, files });
            self.windows.len() - 1
        })
    }

    /// Draws the files from this hour on, unless they are there.
    fn reach_back(&mut self, window: usize, source: &Source<'_>, start: i64) {
        let window = &mut self.windows[window];
        if start >= window.first {
            return;
        }
        let mut older = self.spare.pop().unwrap_or_default();
        older.clear();
        let size_of = source.size.quantiles();
        for hour in start..window.first {
            for &(uploads, shape) in source.uploads {
                let sized = |file: Upload| (file.at, size_of(file.size_quantile) as u64);
                let hour_files = uploads.in_hour(source.seed, source.replication, hour, shape);
                older.extend(hour_files.filter(|file| file.at <= window.cut).map(sized));
            }
        }
        older.sort_unstable();
        older.append(&mut window.files);
        std::mem::swap(&mut older, &mut window.files);
        window.first = start;
        self.spare.push(older);
    }
}

/// Values of theta at which the bound is tried, in units of one over the longest transfer: from far below the inverse of
/// a busy week's backlog to a few times the inverse of the largest file.
fn thetas() -> [f64; 32] {
    std::array::from_fn(|i| 4.0 * libm::exp2(0.5 * i as f64 - 14.0))
}

/// What the backlog bound needs to know of the sizes of files; costs some milliseconds, so it is made once per law.
#[derive(Clone, Debug)]
pub struct SizeMoments {
    mean_bytes: f64,
    largest_bytes: f64,
    /// E exp(theta S) for each of [`thetas`], S the size over the largest size.
    exponential: [f64; 32],
}

impl SizeMoments {
    /// Of files that come so many at once, as each of them counts.
    pub fn in_batches(self, of: u32) -> Self {
        if of == 1 {
            return self;
        }
        let k = f64::from(of);
        Self { exponential: self.exponential.map(|moment| 1.0 + (libm::pow(moment, k) - 1.0) / k), ..self }
    }

    /// # Panics
    /// If the law has no exponential moments: sizes must be bounded.
    pub fn new(size: &Distribution, largest_bytes: f64) -> Self {
        let moment = |theta| size.moment_generating(theta / largest_bytes).expect("a bounded size has moments");
        Self { mean_bytes: size.mean(), largest_bytes, exponential: thetas().map(moment) }
    }
}

/// Work in seconds that a link of `capacity` exceeds at the start of each hour of the week with probability
/// [`EXCEEDED`].
fn work_bound(per_hour: &[f64; 168], capacity: f64, longest: f64, moments: &[f64; 32]) -> [f64; 168] {
    let mut bound = [f64::INFINITY; 168];
    let log_exceeded = libm::log(EXCEEDED);
    for (theta, moment) in thetas().into_iter().zip(moments) {
        let theta = theta / longest;
        let drain = 3600.0 * capacity * theta;
        let log_f = per_hour.map(|files| files * (moment - 1.0));
        let log_r = log_f.iter().map(|f| f - drain).sum::<f64>();
        if log_r >= 0.0 {
            continue;
        }
        let log_g = periodic(&log_f, drain, log_r).unwrap_or_else(|| periodic_in_logs(&log_f, drain, log_r));
        for (bound, log_g) in bound.iter_mut().zip(log_g) {
            *bound = bound.min(((log_g - log_exceeded) / theta).max(0.0));
        }
    }
    bound
}

/// ln G at the start of each hour, G(t) = f(t-1) (1 + d G(t-1)) with ln d = -`drain`; `None` where it overflows. One week
/// maps G to a + r G: from 0 it gives a, and the periodic value is a / (1 - r).
fn periodic(log_f: &[f64; 168], drain: f64, log_r: f64) -> Option<[f64; 168]> {
    let (f, d) = (log_f.map(libm::exp), libm::exp(-drain));
    let mut g = f.iter().fold(0.0, |g, f| f * (1.0 + d * g)) / -libm::expm1(log_r);
    let weeks = f.map(|f| {
        let next = f * (1.0 + d * g);
        std::mem::replace(&mut g, next)
    });
    weeks.iter().all(|g| g.is_finite()).then(|| weeks.map(libm::log))
}

/// The same without overflow, at four times the price.
fn periodic_in_logs(log_f: &[f64; 168], drain: f64, log_r: f64) -> [f64; 168] {
    let next = |log_g: f64, log_f: f64| log_f + ln_one_plus_exp(log_g - drain);
    let week = log_f.iter().fold(f64::NEG_INFINITY, |log_g, f| next(log_g, *f));
    let mut log_g = week - libm::log1p(-libm::exp(log_r));
    log_f.map(|f| {
        let after = next(log_g, f);
        std::mem::replace(&mut log_g, after)
    })
}

/// ln(1 + exp(x)) without overflow.
fn ln_one_plus_exp(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::{HourlyShape, Uploads};
    use drsim_sim::random_stream::Purpose;

    const LINK: f64 = 8e6; // 1 MB/s: a file of n MB takes n seconds

    pub(super) fn source<'a>(
        seed: u64,
        replication: u64,
        uploads: &'a [(&'a Uploads, &'a HourlyShape)],
        size: &'a Distribution,
    ) -> Source<'a> {
        Source { seed, replication, uploads, size, pace: &FULL_SPEED, rows_until: SimTime::ZERO }
    }

    static FULL_SPEED: Pace = Pace::FULL;

    pub(super) struct Bench {
        pub link: Link,
        pub uploads: Uploads,
        pub shape: HourlyShape,
        pub size: Distribution,
    }

    /// Uploads at `per_second` (times `shape`) of files whose transfer takes `size` seconds.
    pub(super) fn bench(per_second: f64, shape: HourlyShape, seconds: &Distribution, streams: usize) -> Bench {
        let Distribution::Truncated { high: longest, .. } = seconds else { panic!("a bounded size") };
        let per_hour = shape.weekly_maxima().map(|m| m * per_second * 3600.0);
        let size = in_bytes(seconds);
        let sizes = SizeMoments::new(&size, longest * 1e6);
        let mean = per_hour.iter().sum::<f64>() / 168.0;
        let link = Link::new(BitsPerSecond::new(LINK), streams, &per_hour, mean, &sizes).unwrap();
        Bench { link, uploads: Uploads { purpose: Purpose::new("uploads/test"), per_second, batch: 1 }, shape, size }
    }

    fn in_bytes(seconds: &Distribution) -> Distribution {
        let Distribution::Truncated { inner, low, high } = seconds else { panic!("a bounded size") };
        let inner = match **inner {
            Distribution::Exponential { mean } => Distribution::Exponential { mean: mean * 1e6 },
            Distribution::Uniform { low, high } => Distribution::Uniform { low: low * 1e6, high: high * 1e6 },
            ref other => panic!("{other:?} is not used here"),
        };
        inner.truncated(low * 1e6, high * 1e6).unwrap()
    }

    pub(super) fn flat() -> HourlyShape {
        HourlyShape::new(0, vec![1.0; 168])
    }

    fn windows(bench: &Bench, n: u64) -> Vec<f64> {
        let mut scratch = Scratch::default();
        (0..n)
            .map(|replication| {
                let uploads = [(&bench.uploads, &bench.shape)];
                let source = source(6, replication, &uploads, &bench.size);
                let cut = SimTime::from_secs_f64(1e6 + 977.0 * replication as f64);
                bench.link.at_risk(&source, cut, &mut scratch).window.as_secs_f64()
            })
            .collect()
    }

    #[test]
    fn one_stream_has_the_attained_wait_of_an_mm1_queue() {
        // rho = 0.7, mu = 0.5/s: P(window > x) = rho exp(-(mu - lambda) x); n independent cuts, four standard errors.
        let size = Distribution::Exponential { mean: 2.0 }.truncated(0.0, 90.0).unwrap();
        let n = 8_000;
        let found = windows(&bench(0.35, flat(), &size, 1), n);
        for x in [0.0_f64, 1.0, 5.0, 15.0, 40.0] {
            let p = 0.7 * (-0.15 * x).exp();
            let got = found.iter().filter(|w| **w > x).count() as f64 / n as f64;
            assert!((got - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "x = {x}: {got} against {p}");
        }
    }

    #[test]
    fn the_mean_window_is_pollaczek_and_khinchine_s() {
        // lambda E[S^2] / (2 (1 - rho)) with S uniform on 1..5 s: E[S] = 3, E[S^2] = 9 + 16/12, lambda = 0.2, rho = 0.6.
        let size = Distribution::Uniform { low: 1.0, high: 5.0 }.truncated(1.0, 5.0).unwrap();
        let n = 8_000;
        let found = windows(&bench(0.2, flat(), &size, 1), n);
        let mean = found.iter().sum::<f64>() / n as f64;
        let variance = found.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n as f64;
        let expected = 0.2 * (9.0 + 16.0 / 12.0) / (2.0 * 0.4);
        assert!((mean - expected).abs() < 4.0 * (variance / n as f64).sqrt(), "{mean} against {expected}");
    }

    #[test]
    fn batches_wait_as_one_customer_that_brings_all_their_work() {
        // Batches of 5 files of 1 to 3 s (uniform): B has mean 10 and variance 5 / 3; lambda / k = 0.05, rho = 0.5, so
        // the mean window is 0.05 (100 + 5 / 3) / (2 * 0.5).
        let size = Distribution::Uniform { low: 1.0, high: 3.0 }.truncated(1.0, 3.0).unwrap();
        let mut bench = bench(0.25, flat(), &size, 1);
        bench.uploads.batch = 5;
        let sizes = SizeMoments::new(&bench.size, 3e6).in_batches(5);
        bench.link = Link::new(BitsPerSecond::new(LINK), 1, &[900.0; 168], 900.0, &sizes).unwrap();
        let n = 8_000;
        let found = windows(&bench, n);
        let mean = found.iter().sum::<f64>() / n as f64;
        let variance = found.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n as f64;
        let expected = 0.05 * (100.0 + 5.0 / 3.0) / (2.0 * 0.5);
        assert!((mean - expected).abs() < 4.0 * (variance / n as f64).sqrt(), "{mean} against {expected}");
        // Above capacity by day, cut by cut: what a queue carried from three weeks before finds.
        let shape = day(2.4);
        let per_hour = shape.weekly_maxima().map(|m| m * 900.0);
        let link = Link::new(BitsPerSecond::new(LINK), 1, &per_hour, 900.0, &sizes).unwrap();
        let mut scratch = Scratch::default();
        for replication in 0..8 {
            let uploads = [(&bench.uploads, &shape)];
            let source = source(14, replication, &uploads, &bench.size);
            let cut = SimTime::from_secs_f64((80.0 * 24.0 + 11.3 + 2.7 * replication as f64) * 3600.0);
            let found = link.at_risk(&source, cut, &mut scratch);
            let start = hour_of(cut) - 3 * 168;
            let window = scratch.window(&source, cut);
            scratch.reach_back(window, &source, start);
            let whole = link.replay(&source, SimTime::from_nanos(start * HOUR), cut, window, &mut scratch).0;
            assert_eq!(found, whole, "replication {replication}");
        }
    }

    #[test]
    fn the_backlog_bound_is_the_same_by_logarithms() {
        for (peak, drain) in [(3.0, 2.0), (40.0, 12.0), (300.0, 90.0)] {
            let log_f: [f64; 168] = std::array::from_fn(|h| if h % 24 < 6 { peak } else { 0.01 * peak });
            let log_r = log_f.iter().map(|f| f - drain).sum::<f64>();
            assert!(log_r < 0.0);
            let by_logs = periodic_in_logs(&log_f, drain, log_r);
            match periodic(&log_f, drain, log_r) {
                Some(found) => {
                    found.iter().zip(by_logs).for_each(|(a, b)| assert!((a - b).abs() < 1e-9 * b.abs().max(1.0)));
                }
                None => assert!(peak > 200.0 && by_logs.iter().all(|g| g.is_finite())),
            }
        }
    }

    #[test]
    fn a_link_that_looks_no_further_says_the_same_of_every_bound_up_to_there() {
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        let whole = bench(0.22, day(1.6 / 0.88), &size, 1);
        let enough = SimDuration::from_secs(30);
        let mut asked = whole.link.clone();
        asked.look_no_further_than(enough);
        let mut longer = 0;
        for replication in 0..200 {
            let uploads = [(&whole.uploads, &whole.shape)];
            let source = source(13, replication, &uploads, &whole.size);
            let cut = SimTime::from_secs_f64(2e6 + 7919.0 * replication as f64);
            let of = |link: &Link| link.at_risk(&source, cut, &mut Scratch::default());
            let (all, found) = (of(&whole.link), of(&asked));
            assert_eq!(all.window > enough, found.window > enough, "replication {replication}");
            if all.window <= enough {
                assert_eq!(all, found, "replication {replication}");
            } else {
                assert!(found.window <= all.window);
                longer += u32::from(found.window < all.window);
            }
        }
        assert!(longer > 5, "{longer}");
    }

    #[test]
    fn a_burst_of_k_files_is_safe_after_k_transfers() {
        let mut free = FreeAt::from([SimTime::ZERO]);
        let eight = BitsPerSecond::new(10e6).transfer_time(crate::units::Bytes(10_000_000));
        let done: Vec<SimTime> = (0..4).map(|_| serve(&mut free, SimTime::from_secs_f64(100.0), eight)).collect();
        assert_eq!(*done.last().unwrap(), SimTime::from_secs_f64(100.0 + 4.0 * 8.0));
        // 10 MB are 8 s; 10 MiB are 8.39 s.
        let binary = BitsPerSecond::new(10e6).transfer_time(crate::units::Bytes(10 << 20));
        assert!((eight.as_secs_f64() - 8.0).abs() < 1e-9 && (binary.as_secs_f64() - 8.388_608).abs() < 1e-6);
    }

    #[test]
    fn a_link_with_mean_utilisation_of_one_or_more_is_named_unstable() {
        let per_hour = [3600.0; 168];
        let sizes = SizeMoments::new(&Distribution::Constant { value: 1.1e6 }, 1.1e6);
        let unstable = Link::new(BitsPerSecond::new(LINK), 1, &per_hour, 3600.0, &sizes).unwrap_err();
        assert!((unstable.utilisation - 1.1).abs() < 1e-12);
    }

    /// A working day: peaks at `peak` times the mean for eight hours, quiet nights, at the same weekly mean of 1.
    fn day(peak: f64) -> HourlyShape {
        let quiet = (24.0 - 8.0 * peak) / 16.0;
        HourlyShape::new(
            -24 * 120,
            (0..24 * 500).map(|h| if (9..17).contains(&(h % 24)) { peak } else { quiet }).collect(),
        )
    }

    #[test]
    fn window_starts_agree_with_whole_histories_at_peaks_below_and_above_capacity() {
        // Mean utilisation 0.6 (one stream) with peaks of 0.9, 1.2 and 1.6 of capacity: the window must find, cut by
        // cut, exactly what a queue carried from three weeks before finds.
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        for streams in [1, 3] {
            for peak in [0.9, 1.2, 1.6] {
                let bench = bench(0.6 / 4.0 * streams as f64, day(peak / 0.6), &size, streams);
                let mut scratch = Scratch::default();
                for replication in 0..8 {
                    let uploads = [(&bench.uploads, &bench.shape)];
                    let source = source(12, replication, &uploads, &bench.size);
                    // afternoons, evenings and nights
                    let cut = SimTime::from_secs_f64((80.0 * 24.0 + 11.3 + 2.7 * (replication % 8) as f64) * 3600.0);
                    let found = bench.link.at_risk(&source, cut, &mut scratch);
                    let start = hour_of(cut) - 3 * 168;
                    let window = scratch.window(&source, cut);
                    scratch.reach_back(window, &source, start);
                    let (whole, _) =
                        bench.link.replay(&source, SimTime::from_nanos(start * HOUR), cut, window, &mut scratch);
                    assert_eq!(found, whole, "{streams} streams, peak {peak}, replication {replication}");
                }
            }
        }
    }

    #[test]
    fn a_pause_long_ago_is_no_reason_to_look_back_for_weeks() {
        // A day without the link at utilisation 0.6 drains in 36 h: cuts within it, and 1 to 25 days after it, find what a
        // queue carried from seven weeks before finds. Of the later ones none looks back for more than four days.
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        let hours = |h: f64| SimTime::from_secs_f64(3600.0 * h);
        let pace = Pace::new(&[(hours(1440.3), hours(1464.3), 0.0), (hours(1500.0), hours(1510.0), 0.5)]);
        for streams in [1, 3] {
            let bench = bench(0.6 / 4.0 * f64::from(streams), day(1.6), &size, streams as usize);
            for (replication, after) in [-10.0, 5.0, 24.0, 50.0, 150.0, 300.0, 600.0].into_iter().enumerate() {
                let uploads = [(&bench.uploads, &bench.shape)];
                let paused = source(14, replication as u64, &uploads, &bench.size);
                let source = Source { pace: &pace, ..paused };
                let cut = hours(1464.3 + after);
                let mut scratch = Scratch::default();
                let found = bench.link.at_risk(&source, cut, &mut scratch);
                let window = scratch.window(&source, cut);
                let looked_back = hour_of(cut) + 1 - scratch.windows[window].first;
                assert!(after < 150.0 || looked_back <= 96, "{after} h after: looked {looked_back} h back");
                let start = hour_of(cut) - 7 * 168;
                scratch.reach_back(window, &source, start);
                let start = SimTime::from_nanos(start * HOUR);
                let (whole, _) = bench.link.replay(&source, start, cut, window, &mut scratch);
                assert_eq!(found, whole, "{streams} streams, {after} h after");
            }
        }
    }

    #[test]
    fn links_that_share_their_files_find_what_each_finds_alone() {
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        let benches = [0.5, 1.0, 1.4].map(|speed| bench(0.15 * speed, day(1.4), &size, 1));
        let mut shared = Scratch::default();
        for replication in 0..4 {
            for cut in [1900.0, 1930.0, 1931.0, 1950.0, 1970.0, 1900.0] {
                let cut = SimTime::from_secs_f64(cut * 3600.0);
                for link in benches.iter().map(|bench| &bench.link) {
                    let uploads = [(&benches[0].uploads, &benches[0].shape)];
                    let source = source(12, replication, &uploads, &benches[0].size);
                    let alone = link.at_risk(&source, cut, &mut Scratch::default());
                    assert_eq!(link.at_risk(&source, cut, &mut shared), alone, "replication {replication}");
                }
            }
        }
    }

    #[test]
    fn the_backlog_bound_holds_and_is_finite_above_capacity() {
        let size = Distribution::Exponential { mean: 4.0 }.truncated(0.0, 120.0).unwrap();
        let bench = bench(0.15, day(1.6 / 0.6), &size, 1);
        let worst = bench.link.backlog.iter().copied().fold(0.0, f64::max);
        // Eight hours at 1.6 leave 0.6 * 8 h = 4.8 h of work in the mean; the bound lies above, but within a few times.
        assert!((4.8 * 3600.0..10.0 * 3600.0).contains(&worst), "{worst}");
    }
}
