//! Whether two samples may have one law.

/// Largest distance of the distribution functions of two samples (Kolmogorov, Smirnov), ties taken together, and what it
/// exceeds with a probability of 0.1 % where both have one law: 1.95 sqrt((n + m) / (n m)), for large samples (Smirnov 1948,
/// "Table for estimating the goodness of fit of empirical distributions"). Values may be infinite.
///
/// # Panics
/// If a sample is empty.
pub fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> (f64, f64) {
    assert!(!a.is_empty() && !b.is_empty(), "an empty sample has no law");
    let sorted = [a, b].map(|sample| {
        let mut sample = sample.to_vec();
        sample.sort_by(f64::total_cmp);
        sample
    });
    let below = |of: &[f64], x: f64| of.partition_point(|y| *y <= x) as f64 / of.len() as f64;
    let apart = |x: &f64| (below(&sorted[0], *x) - below(&sorted[1], *x)).abs();
    let (n, m) = (a.len() as f64, b.len() as f64);
    (sorted.iter().flatten().map(apart).fold(0.0, f64::max), 1.95 * ((n + m) / (n * m)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_as_far_apart_as_their_distribution_functions() {
        let (distance, critical) = kolmogorov_smirnov(&[3.0, 1.0, 2.0, 2.0], &[2.0, f64::INFINITY]);
        // At 2: three of four, and one of two; at 3: all, and one of two.
        assert!((distance - 0.5).abs() < 1e-15 && (critical - 1.95 * 0.75_f64.sqrt()).abs() < 1e-15, "{distance}");
        assert!(kolmogorov_smirnov(&[1.0, 2.0], &[2.0, 1.0]).0 == 0.0);
    }
}
