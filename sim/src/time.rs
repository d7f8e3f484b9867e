//! Simulated time in integer nanoseconds.
//!
//! Integers order totally, have no NaN and do not drift when summed. A time is signed, so that history before time
//! zero exists; it reaches 292 years either way. The largest value of each type means "never".

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

const NANOS_PER_SECOND: f64 = 1e9;

/// An instant, in nanoseconds since time zero; negative before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct SimTime(i64);

/// A length of time, in nanoseconds. [`SimDuration::MAX`] means "never ends".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct SimDuration(u64);

impl SimTime {
    /// Time zero.
    pub const ZERO: Self = Self(0);
    /// Never: later than every instant that can be reached.
    pub const MAX: Self = Self(i64::MAX);

    /// The instant `nanos` nanoseconds after time zero.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since time zero.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// The instant `seconds` after time zero, rounded to the nanosecond, saturating at [`SimTime::MAX`].
    ///
    /// # Panics
    /// On NaN.
    pub fn from_secs_f64(seconds: f64) -> Self {
        assert!(!seconds.is_nan(), "a time cannot be NaN");
        // A cast from float to integer saturates.
        Self((seconds * NANOS_PER_SECOND).round() as i64)
    }

    /// Seconds since time zero.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// Time elapsed since `earlier`; zero if `earlier` is later.
    pub fn saturating_since(self, earlier: Self) -> SimDuration {
        if self <= earlier { SimDuration::ZERO } else { SimDuration(self.0.abs_diff(earlier.0)) }
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Never ends.
    pub const MAX: Self = Self(u64::MAX);

    /// A duration of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// A duration of whole seconds, saturating at [`SimDuration::MAX`].
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// A duration of `seconds`, rounded to the nanosecond; from 2^63 ns (292 years) on, [`SimDuration::MAX`].
    ///
    /// # Panics
    /// On NaN or a negative number.
    #[inline]
    pub fn from_secs_f64(seconds: f64) -> Self {
        const LIMIT: f64 = (1_u64 << 63) as f64;
        assert!(seconds >= 0.0, "a duration cannot be negative or NaN: {seconds} s");
        // Adding a half and truncating is rounding for numbers below 2^52; above it there is nothing to round.
        let nanos = seconds * NANOS_PER_SECOND + 0.5;
        if nanos < LIMIT { Self((nanos as i64).cast_unsigned()) } else { Self::MAX }
    }

    /// Seconds; infinite for [`SimDuration::MAX`].
    pub fn as_secs_f64(self) -> f64 {
        if self.is_max() { f64::INFINITY } else { self.0 as f64 / NANOS_PER_SECOND }
    }

    /// Whether this means "never ends".
    pub const fn is_max(self) -> bool {
        self.0 == u64::MAX
    }

    /// The difference, zero if `other` is longer. Never less anything is still never.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        if self.is_max() { Self::MAX } else { Self(self.0.saturating_sub(other.0)) }
    }

    /// This duration `factor` times, rounded to the nanosecond, saturating at [`SimDuration::MAX`].
    ///
    /// # Panics
    /// On a negative or NaN factor.
    #[must_use]
    pub fn mul_f64(self, factor: f64) -> Self {
        assert!(factor >= 0.0, "a duration cannot be multiplied by {factor}");
        if self.is_max() { Self::MAX } else { Self((self.0 as f64 * factor).round() as u64) }
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;
    #[inline]
    fn add(self, duration: SimDuration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, duration: SimDuration) {
        *self = *self + duration;
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = Self;
    fn sub(self, duration: SimDuration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.0))
    }
}

impl Sub for SimTime {
    type Output = SimDuration;
    /// # Panics
    /// If `earlier` is later; [`SimTime::saturating_since`] does not.
    fn sub(self, earlier: Self) -> SimDuration {
        assert!(self >= earlier, "{earlier} is later than {self}");
        self.saturating_since(earlier)
    }
}

impl Add for SimDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for SimDuration {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for SimDuration {
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::MAX { f.pad("never") } else { write!(f, "{} s", self.as_secs_f64()) }
    }
}

impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_max() { f.pad("never") } else { write!(f, "{} s", self.as_secs_f64()) }
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_saturates_at_never() {
        assert_eq!(SimTime::ZERO + SimDuration::MAX, SimTime::MAX);
        assert_eq!(SimTime::from_nanos(-5) + SimDuration::MAX, SimTime::MAX);
        assert_eq!(SimDuration::from_secs(1) + SimDuration::MAX, SimDuration::MAX);
        assert_eq!(SimDuration::from_secs_f64(f64::INFINITY), SimDuration::MAX);
    }

    #[test]
    fn the_span_of_all_time_fits_a_duration() {
        let first = SimTime::from_nanos(i64::MIN);
        assert_eq!(SimTime::MAX - first, SimDuration::MAX);
        assert_eq!(SimTime::MAX.saturating_since(SimTime::ZERO).as_nanos(), i64::MAX as u64);
        assert_eq!(first.saturating_since(SimTime::ZERO), SimDuration::ZERO);
    }

    #[test]
    fn seconds_round_to_the_nanosecond() {
        assert_eq!(SimDuration::from_secs_f64(8.39).as_nanos(), 8_390_000_000);
        assert_eq!(SimTime::from_secs_f64(-1.5).as_nanos(), -1_500_000_000);
        assert_eq!(SimDuration::from_secs_f64(4e-10), SimDuration::ZERO);
        assert_eq!(SimDuration::from_secs(2).mul_f64(1.25).as_nanos(), 2_500_000_000);
    }

    #[test]
    #[should_panic(expected = "is later than")]
    fn a_negative_difference_panics() {
        let _ = SimTime::ZERO - SimTime::from_nanos(1);
    }
}
