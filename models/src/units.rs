//! Units that must not be mixed up.

use drsim_sim::time::SimDuration;
use serde::{Deserialize, Serialize};

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bytes(pub u64);

/// A rate of transfer \[bit/s\]; positive.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct BitsPerSecond(f64);

impl BitsPerSecond {
    /// # Panics
    /// Unless `value` is positive and finite: the scenario was checked before.
    pub fn new(value: f64) -> Self {
        assert!(value.is_finite() && value > 0.0, "a throughput of {value} bit/s");
        Self(value)
    }

    /// Seconds that one byte takes.
    pub fn seconds_per_byte(self) -> f64 {
        8.0 / self.0
    }

    /// How long a transfer of `size` takes alone.
    pub fn transfer_time(self, size: Bytes) -> SimDuration {
        SimDuration::from_secs_f64(size.0 as f64 * self.seconds_per_byte())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_megabytes_at_ten_megabits_take_eight_seconds() {
        let link = BitsPerSecond::new(10e6);
        assert_eq!(link.transfer_time(Bytes(10_000_000)), SimDuration::from_secs(8));
        // 10 MiB: 10 * 1048576 * 8 / 1e7 = 8.388608 s
        assert_eq!(link.transfer_time(Bytes(10 << 20)).as_nanos(), 8_388_608_000);
    }
}
