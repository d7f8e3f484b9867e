//! The same key written in both regions before either write has reached the other: each bucket keeps both versions, and
//! which one is the latest differs.
//!
//! With writes of a and b a second on either side, spread evenly over K keys, a write meets one of the other side that is
//! still under way a b (mean time of a copy) / K times a second, each way; the two sum to the rate of conflicts.
//!
//! In a queue copies take as long as it is full; the files under way at an instant say the same there.
//!
//! Assumed: independent Poisson writes, all keys alike. Left out: keys that some people write again and again.

/// Conflicts per unit of time, from the integral of the product of both regions' rates over it \[1/s\], the mean times
/// that copies take from one region to the other and back \[s\], and the number of keys.
pub fn expected(product_of_rates: f64, mean_seconds: [f64; 2], keys: f64) -> f64 {
    product_of_rates * (mean_seconds[0] + mean_seconds[1]) / keys
}

/// Conflicts per second at an instant, from both sides' rates \[1/s\], the files under way from either, and the number of
/// keys: each file meets the other side's writes of its key. The mean of it over time is [`expected`], by Little's law.
pub fn at_an_instant(rates: [f64; 2], under_way: [u64; 2], keys: f64) -> f64 {
    (rates[1] * under_way[0] as f64 + rates[0] * under_way[1] as f64) / keys
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

    #[test]
    fn every_write_looked_at_in_a_queue_finds_as_many_as_its_files_under_way_say() {
        // 0.25 and 0.1 writes a second on 50 keys; exponential transfers of 2 s in one queue each way: M/M/1 with
        // utilisation 0.5 and 0.2, so 1 and 0.25 files under way in the mean, for 4 s and 2.5 s each.
        let (rates, keys, horizon) = ([0.25, 0.1], 50, 1e6);
        let writes = |region: usize| {
            let mut stream = RandomStream::new(10, 0, Purpose::new("conflicts/queue"), region as u64);
            let (mut at, mut free, mut found) = (0.0_f64, 0.0_f64, Vec::new());
            loop {
                at += stream.exponential() / rates[region];
                if at > horizon {
                    return found;
                }
                free = free.max(at) + 2.0 * stream.exponential();
                found.push((at, stream.below(keys), free));
            }
        };
        let (a, b) = (writes(0), writes(1));
        let met = |ours: &[(f64, u64, f64)], theirs: &[(f64, u64, f64)]| {
            let of = |(at, key, there): &(f64, u64, f64)| {
                let first = theirs.partition_point(|(t, ..)| t <= at);
                theirs[first..].iter().take_while(|(t, ..)| t < there).filter(|(_, k, _)| k == key).count()
            };
            ours.iter().map(of).sum::<usize>()
        };
        let conflicts = (met(&a, &b) + met(&b, &a)) as f64;
        let under_way = [1.0, 0.25];
        let by_instants = (rates[1] * under_way[0] + rates[0] * under_way[1]) * horizon / keys as f64;
        assert!((by_instants - expected(rates[0] * rates[1] * horizon, [4.0, 2.5], keys as f64)).abs() < 1e-9);
        assert!((at_an_instant(rates, [4, 1], keys as f64) * horizon / 4.0 - by_instants).abs() < 1e-9);
        // 3,250; nearly Poisson, a busy spell of one queue meets several: twice four standard errors.
        assert!((conflicts - by_instants).abs() < 8.0 * by_instants.sqrt(), "{conflicts} against {by_instants}");
    }
}
