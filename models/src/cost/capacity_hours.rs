//! What a database that grows and shrinks with its load holds over a year.
//!
//! In each hour it has the units that the hour's mean load needs, and never fewer than its least. Left out: growth in
//! steps and the time it takes to shrink, which hold a little more.

/// Unit-hours of the hours given by their loads \[requests per second\], each request taking `work` \[units x s\].
pub fn unit_hours(loads: impl Iterator<Item = f64>, work: f64, at_least: f64) -> f64 {
    loads.map(|per_second| (per_second * work).max(at_least)).sum()
}

#[cfg(test)]
mod tests {
    use super::unit_hours;

    #[test]
    fn an_idle_hour_holds_the_least_and_a_busy_one_what_it_needs() {
        // 100 req/s x 0.005 = 0.5 units, held at 2; 1,000 req/s need 5.
        assert!((unit_hours([100.0, 1000.0].into_iter(), 0.005, 2.0) - 7.0).abs() < 1e-12);
    }
}
