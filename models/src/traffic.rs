//! Demand: how many requests of each kind a population sends in each hour, and which files it uploads.
//!
//! Arrivals are a non-homogeneous Poisson process whose rate is constant within an hour. Requests are not simulated one
//! by one: their rate is integrated exactly. Uploads are, where a loss window looks at them.
//!
//! Files may come in batches, as when somebody sends all photos of a day: then batches are Poisson, and the files of one
//! are acknowledged together.
//!
//! Left out here: batches of different sizes, growth within the year.

use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Nanoseconds of an hour.
pub const HOUR: i64 = 3_600_000_000_000;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Read that an edge may answer from its cache.
    CacheableRead,
    /// Read that always needs a region.
    DynamicRead,
    /// Write of a row.
    Write,
    /// Upload of an object, then the write of its row.
    Upload,
}

impl Operation {
    /// All of them, in the order of every table.
    pub const ALL: [Self; 4] = [Self::CacheableRead, Self::DynamicRead, Self::Write, Self::Upload];

    /// The name in scenarios and data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CacheableRead => "cacheable_read",
            Self::DynamicRead => "dynamic_read",
            Self::Write => "write",
            Self::Upload => "upload",
        }
    }

    /// Whether it needs the database's writer, wherever that is.
    pub const fn needs_writer(self) -> bool {
        matches!(self, Self::Write | Self::Upload)
    }
}

/// The hour that an instant lies in, counted from the start of the year.
pub const fn hour_of(at: SimTime) -> i64 {
    at.as_nanos().div_euclid(HOUR)
}

/// A step function over the hours of the year and some weeks around it: the population's rate relative to its mean.
#[derive(Clone, Debug, PartialEq)]
pub struct HourlyShape {
    first_hour: i64,
    hours: Vec<ShapeHour>,
}

/// One hour of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ShapeHour {
    multiplier: f64,
    /// Integral \[s\] of the multiplier from the first hour to the start of this one.
    before: f64,
}

impl HourlyShape {
    /// `multiplier[i]` holds in the hour `first_hour + i`; outside, the first and last week repeat.
    ///
    /// # Panics
    /// If there is less than a week of hours.
    pub fn new(first_hour: i64, multiplier: Vec<f64>) -> Self {
        assert!(multiplier.len() >= 168, "a shape needs at least one week of hours");
        let mut sum = 0.0;
        let hour = |multiplier| {
            let before = sum;
            sum += multiplier * 3600.0;
            ShapeHour { multiplier, before }
        };
        Self { first_hour, hours: multiplier.into_iter().map(hour).collect() }
    }

    /// The multiplier in force in an hour.
    pub fn at_hour(&self, hour: i64) -> f64 {
        let i = hour - self.first_hour;
        // Before the table this is no index either.
        let hour = self.hours.get(i as usize).unwrap_or_else(|| {
            let last = self.hours.len() as i64;
            &self.hours[if i < 0 { i.rem_euclid(168) } else { last - 168 + (i - last) % 168 } as usize]
        });
        hour.multiplier
    }

    /// Mean multiplier over the whole table.
    pub fn mean(&self) -> f64 {
        self.hours.iter().map(|hour| hour.multiplier).sum::<f64>() / self.hours.len() as f64
    }

    /// Largest multiplier of each hour of the week, in UTC from the start of the year's Monday.
    pub fn weekly_maxima(&self) -> [f64; 168] {
        let mut maxima = [0.0_f64; 168];
        for (i, hour) in self.hours.iter().enumerate() {
            let slot = &mut maxima[(self.first_hour + i as i64).rem_euclid(168) as usize];
            *slot = slot.max(hour.multiplier);
        }
        maxima
    }

    /// Integral of the multiplier from the start of the table to `at` \[s\]; differences of it are exact integrals.
    pub fn cumulative(&self, at: SimTime) -> f64 {
        self.stretch(at).cumulative(at)
    }

    /// The hour that an instant lies in; before and after the table, its first and last.
    pub fn stretch(&self, at: SimTime) -> Stretch {
        let hour = hour_of(at).clamp(self.first_hour, self.first_hour + self.hours.len() as i64 - 1);
        let ShapeHour { multiplier, before } = self.hours[(hour - self.first_hour) as usize];
        Stretch { start: hour * HOUR, before, multiplier }
    }
}

/// One hour of a shape, for many instants in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    start: i64,
    before: f64,
    multiplier: f64,
}

impl Stretch {
    /// Whether an instant lies in it.
    pub const fn holds(&self, at: SimTime) -> bool {
        let since = self.nanos_until(at);
        0 <= since && since < HOUR
    }

    /// From its start to an instant \[ns\].
    pub const fn nanos_until(&self, at: SimTime) -> i64 {
        at.as_nanos() - self.start
    }

    /// [`HourlyShape::cumulative`] of an instant in it.
    pub fn cumulative(&self, at: SimTime) -> f64 {
        self.before + self.multiplier * (self.nanos_until(at) as f64 / 1e9)
    }

    /// The sum of that over several instants, whose [`nanos_until`](Self::nanos_until) add up to `nanos`.
    pub fn cumulative_of_several(&self, instants: u32, nanos: i64) -> f64 {
        f64::from(instants) * self.before + self.multiplier * (nanos as f64 / 1e9)
    }
}

/// One file that somebody uploads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upload {
    /// The instant its bucket acknowledges it.
    pub at: SimTime,
    /// Probability that a copy takes longer than this file's, in (0, 1): the same file is late in every architecture.
    pub delay_tail: f64,
    /// Where its size lies in the distribution of sizes, in (0, 1).
    pub size_quantile: f64,
}

/// The files that one population uploads: a Poisson process, keyed by the absolute hour.
///
/// An hour's files come out **latest copy first**. Order statistics of a Poisson process in the unit square
/// (arrival x delay quantile) make that exact: the quantiles, taken from 1 downwards, have exponential gaps of mean one
/// over the hour's expected number, and the arrivals are uniform. So whoever looks for copies still under way from a
/// distant hour draws the few that can be, and whoever wants the whole hour draws on and gets the same files.
///
/// Of batches the same holds for the latest copy of each: it is the least of k uniform quantiles, 1 - (1 - v)^(1/k) for a
/// uniform v, and the others are uniform above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Uploads {
    /// Names the stream: `uploads/<population>`.
    pub purpose: Purpose,
    /// Uploads per second at multiplier 1.
    pub per_second: f64,
    /// So many come at once.
    pub batch: u32,
}

impl Uploads {
    /// The uploads of one hour in one replication, latest copy first (of each batch, and of batches).
    pub fn in_hour(&self, seed: u64, replication: u64, hour: i64, shape: &HourlyShape) -> UploadsInHour {
        UploadsInHour {
            stream: RandomStream::new(seed, replication, self.purpose, hour as u64),
            expected: self.per_second * shape.at_hour(hour) * 3600.0 / f64::from(self.batch),
            below_one: 0.0,
            start: SimTime::from_nanos(hour * HOUR),
            batch: self.batch,
            left: 0,
            latest: Upload { at: SimTime::ZERO, delay_tail: 0.0, size_quantile: 0.0 },
            wanted: f64::INFINITY,
        }
    }
}

/// Iterator over one hour's uploads; see [`Uploads`].
#[derive(Debug)]
pub struct UploadsInHour {
    stream: RandomStream,
    /// Batches.
    expected: f64,
    below_one: f64,
    start: SimTime,
    batch: u32,
    /// The batch under way: its latest copy, and how many of its files are still to come.
    latest: Upload,
    left: u32,
    /// Only files whose delay tail is below this.
    wanted: f64,
}

impl UploadsInHour {
    /// Only those whose copies are among the latest: whose delay tail is below this. No more is drawn than that takes.
    pub fn latest(self, below: f64) -> Self {
        Self { wanted: below, ..self }
    }

    /// The latest of the next batch, if it is wanted.
    #[inline]
    fn first_of_batch(&mut self) -> Option<Upload> {
        if self.expected <= 0.0 {
            return None;
        }
        self.below_one += self.stream.exponential() / self.expected;
        if self.below_one >= 1.0 {
            return None;
        }
        let delay_tail = match self.batch {
            1 => self.below_one,
            k => -libm::expm1(libm::log1p(-self.below_one) / f64::from(k)),
        };
        if delay_tail >= self.wanted {
            return None;
        }
        let within = SimDuration::from_nanos((self.stream.uniform() * HOUR as f64) as u64);
        let first = Upload { at: self.start + within, delay_tail, size_quantile: self.stream.uniform() };
        if self.batch > 1 {
            (self.latest, self.left) = (first, self.batch - 1);
        }
        Some(first)
    }
}

impl Iterator for UploadsInHour {
    type Item = Upload;

    #[inline]
    fn next(&mut self) -> Option<Upload> {
        while self.left > 0 {
            self.left -= 1;
            let above = self.latest.delay_tail;
            let delay_tail = above + (1.0 - above) * self.stream.uniform();
            let size_quantile = self.stream.uniform();
            if delay_tail < self.wanted {
                return Some(Upload { at: self.latest.at, delay_tail, size_quantile });
            }
        }
        self.first_of_batch()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat() -> HourlyShape {
        HourlyShape::new(0, vec![1.0; 168])
    }

    #[test]
    fn uploads_in_an_hour_are_poisson_and_uniform() {
        // 20,000 hours of mean 36: mean within 4 * sqrt(36 / 20000) = 0.17; variance of a Poisson equals its mean,
        // standard error of the sample variance about sqrt(2 / 20000) * 36 = 0.36, so within 1.5.
        let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.01, batch: 1 };
        let (mut n, mut n2, mut late, mut late_hour) = (0.0, 0.0, 0.0, 0.0);
        for hour in 0..20_000 {
            let files: Vec<Upload> = uploads.in_hour(7, 0, hour, &flat()).collect();
            assert!(files.windows(2).all(|w| w[0].delay_tail < w[1].delay_tail));
            let k = files.len() as f64;
            n += k;
            n2 += k * k;
            late += files.iter().filter(|f| f.delay_tail < 0.1).count() as f64;
            late_hour += files.iter().filter(|f| f.at.as_nanos() - hour * HOUR > HOUR / 2).count() as f64;
        }
        let mean = n / 20_000.0;
        assert!((mean - 36.0).abs() < 0.17, "{mean}");
        assert!((n2 / 20_000.0 - mean * mean - 36.0).abs() < 1.5);
        // Shares of 720,000 files: 4 * sqrt(0.09 / 720000) = 0.0014 and 4 * sqrt(0.25 / 720000) = 0.0024.
        assert!((late / n - 0.1).abs() < 0.0014);
        assert!((late_hour / n - 0.5).abs() < 0.0024);
    }

    #[test]
    fn batches_are_poisson_their_files_come_together_and_whoever_looks_for_the_latest_finds_them_all() {
        // 20,000 hours of mean 36 files, 4 at once: 9 batches, so that the variance of the number of files is 4 * 36.
        let uploads = Uploads { purpose: Purpose::new("uploads/test"), per_second: 0.01, batch: 4 };
        let (mut n, mut n2, mut tails) = (0.0, 0.0, [0.0; 2]);
        for hour in 0..20_000 {
            let files: Vec<Upload> = uploads.in_hour(7, 0, hour, &flat()).collect();
            assert!(files.chunks(4).all(|batch| {
                let same = batch.len() == 4 && batch.iter().all(|file| file.at == batch[0].at);
                same && batch[1..].iter().all(|file| file.delay_tail > batch[0].delay_tail)
            }));
            let k = files.len() as f64;
            (n, n2) = (n + k, n2 + k * k);
            tails[0] += files.iter().filter(|f| f.delay_tail < 0.1).count() as f64;
            tails[1] += files.iter().filter(|f| f.delay_tail < 0.6).count() as f64;
            let late: Vec<Upload> = files.into_iter().filter(|f| f.delay_tail < 0.1).collect();
            assert_eq!(uploads.in_hour(7, 0, hour, &flat()).latest(0.1).collect::<Vec<_>>(), late);
        }
        let mean = n / 20_000.0;
        assert!((mean - 36.0).abs() < 4.0 * (144.0_f64 / 20_000.0).sqrt(), "{mean}");
        // Fourth central moment of the number: 256 (9 + 3 * 81); its standard error about 2 * sqrt(2 / 20000) * 144.
        assert!((n2 / 20_000.0 - mean * mean - 144.0).abs() < 8.0 * (2.0_f64 / 20_000.0).sqrt() * 144.0);
        // Every quantile is uniform, and those of a batch are independent.
        assert!((tails[0] / n - 0.1).abs() < 4.0 * (0.09 / n).sqrt());
        assert!((tails[1] / n - 0.6).abs() < 4.0 * (0.24 / n).sqrt());
    }

    #[test]
    fn the_integral_of_a_shape_is_the_sum_of_its_hours() {
        let shape = HourlyShape::new(-24, (0..400).map(|i| f64::from(i % 24)).collect());
        let (a, b) = (SimTime::from_secs_f64(1800.0), SimTime::from_secs_f64(3.25 * 3600.0));
        // half an hour at 0 (hour 0 is index 24, 24 % 24 = 0), an hour at 1, one at 2, a quarter at 3
        let expected = 3600.0 * (0.0 + 1.0 + 2.0 + 0.75);
        assert!((shape.cumulative(b) - shape.cumulative(a) - expected).abs() < 1e-9);
    }
}
