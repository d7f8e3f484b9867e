//! A distribution in fixed logarithmic buckets, after DDSketch (Masson, Rim and Lee 2019), without collapsing.
//!
//! Buckets are fixed beforehand and counts are integers, so that merging is addition, in any order, to the same bytes.
//! Every quantile is within the given relative error of the exact one. A probability read off the sketch is good to a
//! bucket's width only: claims count their cases exactly, elsewhere.

/// Where a sketch counts a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing.
    Zero,
    /// A bucket, from 0.
    Bucket(u32),
    /// Above every number.
    Infinite,
}

/// Buckets that a search for a rank passes over at once.
const GROUP: usize = 64;

/// Values that wait at most before they are counted together.
const WAITING: usize = 256;

/// Counts of zero, of finite positive values in logarithmic buckets, and of infinity.
#[derive(Clone, Debug, PartialEq)]
pub struct LogSketch {
    lowest: f64,
    highest: f64,
    relative_error: f64,
    /// ln of the ratio of a bucket's ends.
    log_ratio: f64,
    per_log: f64,
    log_lowest: f64,
    zero: u64,
    infinite: u64,
    finite: u64,
    /// By bucket, the lowest 16 bits: less to fetch, since each value meets another bucket.
    counts: Vec<u16>,
    /// The 32 above; empty as long as no bucket holds 2^16 values.
    carried: Vec<u32>,
    /// Buckets of values that are not counted yet; see [`LogSketch::add_waiting`].
    waiting: Vec<u32>,
    min: f64,
    max: f64,
}

impl LogSketch {
    /// An empty sketch whose quantiles have this relative error between `lowest` and `highest`; values outside are
    /// counted in the first or last bucket.
    ///
    /// # Panics
    /// Unless `0 < lowest < highest`, both finite, and `1e-6 < relative_error < 1`: finer buckets than that would be
    /// narrower than the logarithms that tell them apart.
    pub fn new(lowest: f64, highest: f64, relative_error: f64) -> Self {
        assert!(0.0 < lowest && lowest < highest && highest.is_finite(), "no buckets between {lowest} and {highest}");
        assert!(
            1e-6 < relative_error && relative_error < 1.0,
            "a relative error of {relative_error} is not in (1e-6, 1)"
        );
        let log_ratio = libm::log((1.0 + relative_error) / (1.0 - relative_error));
        Self {
            lowest,
            highest,
            relative_error,
            log_ratio,
            per_log: 1.0 / log_ratio,
            log_lowest: libm::log(lowest),
            zero: 0,
            infinite: 0,
            finite: 0,
            counts: Vec::new(),
            carried: Vec::new(),
            waiting: Vec::new(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }

    /// Counts one value.
    ///
    /// # Panics
    /// On NaN or a negative value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.add_n(value, 1);
    }

    /// Counts one value; returns where.
    ///
    /// # Panics
    /// On NaN or a negative value.
    #[inline]
    pub(crate) fn add_placed(&mut self, value: f64) -> Place {
        let place = self.place(value);
        self.add_at(place, value, 1);
        place
    }

    /// Counts one zero.
    pub fn add_zero(&mut self) {
        self.add_n(0.0, 1);
    }

    /// Counts one value above every number.
    pub fn add_infinite(&mut self) {
        self.add_n(f64::INFINITY, 1);
    }

    /// Counts the same value `n` times.
    ///
    /// # Panics
    /// On NaN or a negative value.
    pub fn add_n(&mut self, value: f64, n: u64) {
        if n > 0 {
            self.add_at(self.place(value), value, n);
        }
    }

    /// Counts one value as [`LogSketch::add`] does, but the counts are to be read after [`LogSketch::settle`] only: who
    /// fills hundreds of sketches in turn finds none of their buckets in the processor's cache, unless many are met at
    /// once.
    ///
    /// # Panics
    /// On NaN or a negative value.
    #[inline]
    pub fn add_waiting(&mut self, value: f64) {
        let place = self.place(value);
        if let Some(bucket) = self.see(place, value, 1) {
            self.waiting.push(bucket);
            if self.waiting.len() == WAITING {
                self.settle();
            }
        }
    }

    /// Counts what waits.
    pub fn settle(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        self.make_buckets();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.drain(..).for_each(|bucket| self.count_in(bucket as usize, 1));
        self.waiting = waiting;
    }

    fn add_at(&mut self, place: Place, value: f64, n: u64) {
        if let Some(bucket) = self.see(place, value, n) {
            self.make_buckets();
            self.count_in(bucket as usize, n);
        }
    }

    /// Counts what needs no bucket; returns the bucket that is to be counted in.
    #[inline]
    fn see(&mut self, place: Place, value: f64, n: u64) -> Option<u32> {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        match place {
            Place::Zero => self.zero += n,
            Place::Infinite => self.infinite += n,
            Place::Bucket(bucket) => {
                self.finite += n;
                return Some(bucket);
            }
        }
        None
    }

    fn must_be_settled(&self) {
        assert!(self.waiting.is_empty(), "counts are read before they are settled");
    }

    /// An unused sketch costs nothing.
    fn make_buckets(&mut self) {
        if self.counts.is_empty() {
            self.counts = vec![0; self.bucket(self.highest) + 1];
        }
    }

    fn count_in(&mut self, bucket: usize, n: u64) {
        let sum = u64::from(self.counts[bucket]) + n;
        self.counts[bucket] = sum as u16;
        if sum >> 16 > 0 {
            self.carried.resize(self.counts.len(), 0);
            let more = u32::try_from(sum >> 16).expect("a sketch counts fewer than 2^48 values");
            self.carried[bucket] += more;
        }
    }

    /// How many values each bucket from one on holds.
    fn in_buckets(&self, from: usize) -> impl Iterator<Item = u64> {
        let counts = self.counts.iter().enumerate().skip(from);
        counts.map(|(i, low)| u64::from(*low) | u64::from(self.carried.get(i).copied().unwrap_or(0)) << 16)
    }

    /// How many values a group of buckets holds.
    fn in_group(&self, from: usize) -> u64 {
        let group = from..self.counts.len().min(from + GROUP);
        // A group is far too small for its low halves to exceed 32 bits.
        let low: u32 = self.counts[group.clone()].iter().map(|count| u32::from(*count)).sum();
        let high: u64 = self.carried.get(group).unwrap_or(&[]).iter().map(|count| u64::from(*count)).sum();
        u64::from(low) + (high << 16)
    }

    /// Where a value is counted.
    ///
    /// # Panics
    /// On NaN or a negative value.
    pub(crate) fn place(&self, value: f64) -> Place {
        assert!(value >= 0.0, "a sketch counts values from 0 on, not {value}");
        if value == 0.0 {
            Place::Zero
        } else if value == f64::INFINITY {
            Place::Infinite
        } else {
            Place::Bucket(self.bucket(value) as u32)
        }
    }

    /// Adds the counts of another sketch.
    ///
    /// # Panics
    /// If the other was made with other buckets.
    pub fn merge(&mut self, other: &Self) {
        let shape = |sketch: &Self| (sketch.lowest, sketch.highest, sketch.relative_error);
        assert!(shape(self) == shape(other), "only sketches with the same buckets can be merged");
        other.must_be_settled();
        self.zero += other.zero;
        self.infinite += other.infinite;
        self.finite += other.finite;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        if self.counts.is_empty() && self.waiting.is_empty() {
            self.counts.clone_from(&other.counts);
            self.carried.clone_from(&other.carried);
        } else {
            self.make_buckets();
            for (bucket, theirs) in other.in_buckets(0).enumerate() {
                self.count_in(bucket, theirs);
            }
        }
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.zero + self.finite + self.infinite
    }

    /// Number of zeros.
    pub fn count_zero(&self) -> u64 {
        self.zero
    }

    /// Number of infinite values.
    pub fn count_infinite(&self) -> u64 {
        self.infinite
    }

    /// Smallest value, exactly.
    pub fn min(&self) -> Option<f64> {
        (self.count() > 0).then_some(self.min)
    }

    /// Largest value, exactly.
    pub fn max(&self) -> Option<f64> {
        (self.count() > 0).then_some(self.max)
    }

    /// The smallest value that at least a share `p` of the values do not exceed: the inverse of the empirical
    /// distribution function (Hyndman and Fan 1996, definition 1). Infinite when it lies in the infinite part.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let n = self.count();
        // The correction undoes the rounding of products such as 0.07 * 100.
        let rank = (p * n as f64 * (1.0 - 1e-15)).ceil().max(1.0);
        (n > 0).then(|| self.value_of_rank((rank as u64).min(n)))
    }

    /// The value with this rank, counted from 1 in ascending order.
    ///
    /// # Panics
    /// If there are not so many values.
    pub(crate) fn value_of_rank(&self, rank: u64) -> f64 {
        assert!(1 <= rank && rank <= self.count(), "no value of rank {rank} among {}", self.count());
        self.must_be_settled();
        if rank <= self.zero {
            return 0.0;
        }
        let mut left = rank - self.zero;
        // Most groups of buckets are passed over by their sum.
        for group in (0..self.counts.len()).step_by(GROUP) {
            let sum = self.in_group(group);
            if left > sum {
                left -= sum;
                continue;
            }
            for (i, count) in self.in_buckets(group).enumerate() {
                if left <= count {
                    return self.value(group + i);
                }
                left -= count;
            }
        }
        f64::INFINITY
    }

    /// Share of the values above `x`, good to the width of the bucket that holds `x`. `None` if there are no values.
    pub fn share_above(&self, x: f64) -> Option<f64> {
        self.must_be_settled();
        let n = self.count();
        if n == 0 {
            return None;
        }
        let mut above = self.infinite;
        if x < 0.0 {
            above = n;
        } else if x == 0.0 {
            above += self.finite;
        } else if x < self.max {
            above += self.in_buckets(self.bucket(x) + 1).sum::<u64>();
        }
        Some(above as f64 / n as f64)
    }

    /// The share of values above x, at each x where it falls: (x, share above x), x ascending.
    pub fn ccdf(&self) -> Vec<(f64, f64)> {
        self.must_be_settled();
        let n = self.count() as f64;
        let mut above = self.count();
        let zero = std::iter::once((0.0, self.zero));
        let finite = self.in_buckets(0).enumerate().map(|(bucket, count)| (self.value(bucket), count));
        zero.chain(finite)
            .filter(|(_, count)| *count > 0)
            .map(|(x, count)| {
                above -= count;
                (x, above as f64 / n)
            })
            .collect()
    }

    /// The bucket of a value above 0. The platform's logarithm is fast, but its last digits differ from one to another:
    /// near the end of a bucket the portable one decides.
    #[inline]
    fn bucket(&self, value: f64) -> usize {
        const NEAR: f64 = 1e-6;
        let value = value.min(self.highest);
        let nearly = (value.ln() - self.log_lowest) * self.per_log;
        // Negative quotients saturate at bucket 0.
        let (low, high) = ((nearly - NEAR) as usize, (nearly + NEAR) as usize);
        if low == high { low } else { self.bucket_exactly(value) }
    }

    #[cold]
    fn bucket_exactly(&self, value: f64) -> usize {
        ((libm::log(value) - self.log_lowest) / self.log_ratio) as usize
    }

    /// The value that stands for a bucket: within the relative error of everything in it, and never outside what was
    /// seen.
    fn value(&self, bucket: usize) -> f64 {
        let low = libm::exp(self.log_lowest + bucket as f64 * self.log_ratio);
        let max = if self.infinite > 0 { f64::MAX } else { self.max };
        (low * (1.0 + self.relative_error)).clamp(self.min, max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_have_the_relative_error_promised() {
        let mut sketch = LogSketch::new(1e-3, 1e6, 1e-3);
        let values: Vec<f64> = (1..=10_000).map(|i| 0.01 * f64::from(i) * f64::from(i)).collect();
        for v in &values {
            sketch.add(*v);
        }
        for p in [0.0, 0.001, 0.07, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0] {
            let exact = values[((p * 10_000.0_f64).round() as usize).max(1) - 1];
            let error = sketch.quantile(p).unwrap() / exact - 1.0;
            assert!(error.abs() <= 1e-3 + 1e-12, "p {p}: {error}");
        }
    }

    #[test]
    fn zero_and_infinity_are_counted_apart() {
        let mut sketch = LogSketch::new(1.0, 10.0, 0.01);
        assert_eq!(sketch.quantile(0.5), None);
        sketch.add_zero();
        sketch.add(5.0);
        sketch.add_n(f64::INFINITY, 2);
        assert_eq!(sketch.quantile(0.25), Some(0.0));
        assert!((sketch.quantile(0.5).unwrap() / 5.0 - 1.0).abs() < 0.01);
        assert_eq!(sketch.quantile(0.51), Some(f64::INFINITY));
        assert_eq!(sketch.share_above(5.1), Some(0.5));
        assert_eq!(sketch.share_above(0.0), Some(0.75));
        assert_eq!(sketch.ccdf().iter().map(|(_, share)| *share).collect::<Vec<_>>(), [0.75, 0.5]);
    }

    #[test]
    fn a_value_is_counted_where_the_portable_logarithm_says() {
        let sketch = sketch();
        for i in 0..200_000_u32 {
            let value = 0.05 * libm::exp(f64::from(i) * 5e-5);
            assert_eq!(sketch.bucket(value), sketch.bucket_exactly(value.min(sketch.highest)), "{value}");
        }
        // At the ends of buckets.
        for bucket in 0..4_600 {
            let end = libm::exp(sketch.log_lowest + f64::from(bucket) * sketch.log_ratio);
            for value in [end.next_down(), end, end.next_up()] {
                assert_eq!(sketch.bucket(value), sketch.bucket_exactly(value.min(sketch.highest)), "{value}");
            }
        }
    }

    #[test]
    fn merging_is_adding() {
        let (mut a, mut b, mut both) = (sketch(), sketch(), sketch());
        for i in 1..1_000 {
            let value = f64::from(i) * 0.37;
            if i % 3 == 0 {
                a.add(value);
            } else {
                b.add(value);
            }
            both.add(value);
        }
        a.merge(&b);
        assert_eq!(a, both);
    }

    #[test]
    fn what_waits_is_counted_once_it_is_settled() {
        let (mut at_once, mut waiting) = (sketch(), sketch());
        for i in 0..1_000 {
            let value = f64::from(i) * 0.37;
            at_once.add(value);
            waiting.add_waiting(value);
            waiting.add_waiting(f64::INFINITY);
            at_once.add_infinite();
        }
        assert_ne!(at_once, waiting);
        waiting.settle();
        assert_eq!(at_once, waiting);
        let mut none = sketch();
        none.settle();
        assert_eq!(none, sketch());
    }

    fn sketch() -> LogSketch {
        LogSketch::new(0.1, 1e3, 1e-3)
    }

    #[test]
    fn a_bucket_holds_more_than_four_thousand_million() {
        let many = 3 << 32;
        let mut sketch = LogSketch::new(1e-3, 1e6, 0.01);
        for _ in 0..5 {
            sketch.add_n(2.0, many / 2 + 1);
        }
        sketch.add_n(50.0, many);
        let mut twice = LogSketch::new(1e-3, 1e6, 0.01);
        twice.merge(&sketch);
        twice.merge(&sketch);
        for (sketch, times) in [(&sketch, 1), (&twice, 2)] {
            let (low, high) = (times * 5 * (many / 2 + 1), times * many);
            assert_eq!(sketch.count(), low + high);
            let counts: Vec<u64> = sketch.in_buckets(0).filter(|count| *count > 0).collect();
            assert_eq!(counts, [low, high]);
            let share = sketch.share_above(10.0).unwrap();
            assert!((share - high as f64 / (low + high) as f64).abs() < 1e-12, "{share}");
            let (of, above) = (sketch.quantile(0.714).unwrap(), sketch.quantile(0.715).unwrap());
            assert!((of - 2.0).abs() < 0.03 && (above - 50.0).abs() < 0.6, "{of}, {above}");
        }
    }
}
