//! What a database that grows and shrinks with its load holds over a year.
//!
//! In each hour it has the units that the hour's mean load needs, and never fewer than its least. Left out: growth in
//! steps and the time it takes to shrink, which hold a little more.

/// Unit-hours of loads \[requests per second\], each with its hours, when a request takes `work` \[units x s\].
pub fn unit_hours(loads: impl Iterator<Item = (f64, f64)>, work: f64, at_least: f64) -> f64 {
    loads.map(|(per_second, hours)| hours * (per_second * work).max(at_least)).sum()
}

#[cfg(test)]
mod tests {
    use super::unit_hours;

    #[test]
    fn an_idle_hour_holds_the_least_and_a_busy_one_what_it_needs() {
        // 100 req/s x 0.005 = 0.5 units, held at 2 for an hour; 1,000 req/s need 5 for three.
        assert!((unit_hours([(100.0, 1.0), (1000.0, 3.0)].into_iter(), 0.005, 2.0) - 17.0).abs() < 1e-12);
    }
}
