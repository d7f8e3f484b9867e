//! What a year of outages costs, as a straight line in the price of an hour.
//!
//! First attempts that fail are counted where and when they fail, so an hour at the daily peak weighs more than one at
//! night and an outage of a third of the requests weighs a third. Divided by what an average hour brings they are *hours
//! down*. The loss is hours x price of an hour + what is lost beside, so that the price at which two designs cost the
//! same follows from two means.

/// A year's loss before the price of an hour is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Hours in which everybody of an average hour is down.
    pub hours: f64,
    /// What is lost beside, in money.
    pub beside: f64,
}

impl Loss {
    /// In money, at this price of an hour.
    pub fn at(self, per_hour: f64) -> f64 {
        self.hours * per_hour + self.beside
    }
}

/// The price of an hour from which a design that costs `more` a year and is down `fewer_hours` a year, and loses
/// `less_beside`, pays; `None` where it is not down less.
pub fn break_even(more: f64, fewer_hours: f64, less_beside: f64) -> Option<f64> {
    (fewer_hours > 0.0).then(|| ((more - less_beside) / fewer_hours).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_break_even_the_loss_avoided_is_what_is_paid_more() {
        let (without, with) = (Loss { hours: 3.0, beside: 500.0 }, Loss { hours: 0.5, beside: 100.0 });
        let price = break_even(20_000.0, without.hours - with.hours, without.beside - with.beside).unwrap();
        assert!((price - 7840.0).abs() < 1e-9, "(20,000 - 400) / 2.5");
        assert!((without.at(price) - with.at(price) - 20_000.0).abs() < 1e-9);
        assert_eq!(break_even(20_000.0, 0.0, 1e9), None, "no price of an hour can tell them apart");
    }
}
