//! The same key written in both regions before either write has reached the other: each bucket keeps both versions, and
//! which one is the latest differs.
//!
//! With writes of a and b a second on either side, spread evenly over K keys, a write meets one of the other side that is
//! still under way a b (mean time of a copy) / K times a second, each way; the two sum to the rate of conflicts.
//!
//! Assumed: independent Poisson writes, all keys alike. Left out: keys that some people write again and again.

/// Conflicts per unit of time, from the integral of the product of both regions' rates over it \[1/s\], the mean times
/// that copies take from one region to the other and back \[s\], and the number of keys.
pub fn expected(product_of_rates: f64, mean_seconds: [f64; 2], keys: f64) -> f64 {
    product_of_rates * (mean_seconds[0] + mean_seconds[1]) / keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::distribution::Distribution;
    use drsim_sim::random_stream::{Purpose, RandomStream};

    #[test]
    fn every_write_looked_at_finds_what_the_formula_says() {
        // 0.2 and 0.1 writes a second on 50 keys, copies of 30 s (exponential) and 10 s: 0.016 a second.
        let (rates, keys, horizon) = ([0.2, 0.1], 50, 2e5);
        let delays = [Distribution::Exponential { mean: 30.0 }, Distribution::Constant { value: 10.0 }];
        let writes = |region: usize| {
            let mut stream = RandomStream::new(9, 0, Purpose::new("conflicts/test"), region as u64);
            let (mut at, mut found) = (0.0, Vec::new());
            loop {
                at += stream.exponential() / rates[region];
                if at > horizon {
                    return found;
                }
                let key = stream.below(keys);
                found.push((at, key, delays[region].sample(&mut stream)));
            }
        };
        let (a, b) = (writes(0), writes(1));
        let mut conflicts = 0;
        for (at, key, takes) in &a {
            conflicts += b.iter().filter(|(t, k, _)| k == key && *t > *at && *t < at + takes).count();
        }
        for (at, key, takes) in &b {
            conflicts += a.iter().filter(|(t, k, _)| k == key && *t > *at && *t < at + takes).count();
        }
        let mean = expected(rates[0] * rates[1] * horizon, [30.0, 10.0], keys as f64);
        assert!((mean - 3200.0).abs() < 1e-9);
        // Nearly Poisson: four standard errors.
        assert!((conflicts as f64 - mean).abs() < 4.0 * mean.sqrt(), "{conflicts} against {mean}");
    }
}
