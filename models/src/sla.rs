//! What is promised on paper: availability by arithmetic, the error budget of a month, and what comes back.
//!
//! Serial parts must all be up, so their availabilities multiply; parallel ones fail together only when each fails, so
//! their unavailabilities multiply. Both rules take the parts to fail independently and the switch between parallel ones
//! to take no time: what a simulation is for. A provider counts a service by the month and pays back a share of that
//! month's price of it, more the less it was up.
//!
//! Left out: what a provider excludes (maintenance, the customer's own faults), which the caller leaves out before.

/// Parts that must all be up.
pub fn serial(parts: impl IntoIterator<Item = f64>) -> f64 {
    parts.into_iter().product()
}

/// Parts of which one suffices; none at all is never up.
pub fn parallel(parts: impl IntoIterator<Item = f64>) -> f64 {
    1.0 - parts.into_iter().map(|up| 1.0 - up).product::<f64>()
}

/// A step of a promise: below this availability of a month, so much is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Availability, a share.
    pub below: f64,
    /// What is due, in the unit of the promise.
    pub due: f64,
}

/// What is due for a month of this availability: that of the lowest step it is below, 0 if of none.
pub fn due(steps: &[Step], availability: f64) -> f64 {
    let broken = steps.iter().filter(|step| availability < step.below);
    broken.min_by(|a, b| a.below.total_cmp(&b.below)).map_or(0.0, |step| step.due)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes of a month of 30 days.
    fn minutes(availability: f64) -> f64 {
        (1.0 - availability) * 30.0 * 1440.0
    }

    #[test]
    fn composites_of_published_commitments_are_as_worked_out_by_hand() {
        // API x functions x database = .9995 x .9995 x .9999 = 0.998900; with a CDN of .999 in front 0.997901.
        let region = serial([0.9995, 0.9995, 0.9999]);
        assert!((region - 0.998_900_35).abs() < 1e-8);
        assert!((minutes(region) - 47.5).abs() < 0.05);
        assert!((minutes(serial([0.999, region])) - 90.7).abs() < 0.05);
        // Two such regions: 1 - 0.0011^2 = 0.9999988, 0.05 min; with the CDN in front, its 43.2 min.
        let both = parallel([region, region]);
        assert!((both - 0.999_998_79).abs() < 1e-8 && (minutes(both) - 0.05).abs() < 0.005);
        assert!((minutes(serial([0.999, both])) - 43.25).abs() < 0.01);
        assert!(parallel([]).abs() < 1e-15 && (serial([]) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn at_its_edge_a_month_keeps_the_promise_and_the_lowest_step_broken_counts() {
        let steps = [(0.9995, 0.1), (0.99, 0.25), (0.95, 1.0)].map(|(below, due)| Step { below, due });
        for (availability, credit) in
            [(1.0, 0.0), (0.9995, 0.0), (0.999_499, 0.1), (0.99, 0.1), (0.989, 0.25), (0.95, 0.25), (0.2, 1.0)]
        {
            assert!((due(&steps, availability) - credit).abs() < 1e-15, "{availability}");
        }
    }
}
