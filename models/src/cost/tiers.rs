//! Prices that fall as more is bought in a month.
//!
//! Each tier's price holds for what lies within the tier alone: the first units stay at the first price.

use super::{Billed, Quantity, Usd};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One step of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Where it ends, counted from the month's first unit; `None`: nowhere.
    pub up_to: Option<Decimal>,
    /// Price of one unit within it.
    pub price: Usd,
}

/// Why tiers are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTiers {
    /// There is no price.
    Empty,
    /// The tier of this index does not end above the one before, or is the last and ends, or is not and does not end.
    Order(usize),
    /// The price of the tier of this index is negative.
    Negative(usize),
}

/// Holds the tiers to their rules: ends rise, the last one has none, no price is negative.
///
/// # Errors
/// [`NotTiers`] for the first that breaks one.
pub fn check(tiers: &[Tier]) -> Result<(), NotTiers> {
    let mut from = Decimal::ZERO;
    for (i, tier) in tiers.iter().enumerate() {
        if tier.price < Usd::ZERO {
            return Err(NotTiers::Negative(i));
        }
        match tier.up_to {
            Some(end) if end > from && i + 1 < tiers.len() => from = end,
            None if i + 1 == tiers.len() => {}
            _ => return Err(NotTiers::Order(i)),
        }
    }
    if tiers.is_empty() { Err(NotTiers::Empty) } else { Ok(()) }
}

/// What of a month's quantity lies in each tier, and what that costs, rounded to the cent.
pub fn split<U: Billed>(tiers: &[Tier], quantity: Quantity<U>) -> Vec<(Quantity<U>, Usd)> {
    let mut from = Decimal::ZERO;
    let part = |tier: &Tier| {
        let end = tier.up_to.unwrap_or(Decimal::MAX);
        let within = (quantity.amount().min(end) - from).max(Decimal::ZERO);
        from = end;
        (Quantity::exactly(within), tier.price.times(within).to_the_cent())
    };
    tiers.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Gb;
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn egress() -> Vec<Tier> {
        [(Some("10"), "0.09"), (Some("50"), "0.085"), (None, "0.07")]
            .map(|(end, price)| Tier { up_to: end.map(decimal), price: Usd(decimal(price)) })
            .to_vec()
    }

    fn cost(gb: &str) -> Usd {
        split::<Gb>(&egress(), Quantity::exactly(decimal(gb))).into_iter().map(|(_, usd)| usd).sum()
    }

    #[test]
    fn at_its_edge_a_unit_has_the_price_of_the_tier_below() {
        // 10 x 0.09 = 0.90; the next costs 0.085, rounded to 0.09; 50: 0.90 + 40 x 0.085 = 4.30.
        for (gb, usd) in [
            ("0", "0"),
            ("9", "0.81"),
            ("10", "0.90"),
            ("11", "0.99"),
            ("50", "4.30"),
            ("51", "4.37"),
            ("1050", "74.30"),
        ] {
            assert_eq!(cost(gb), Usd(decimal(usd)), "{gb} GB");
        }
        let parts = split::<Gb>(&egress(), Quantity::exactly(decimal("60")));
        assert_eq!(parts.iter().map(|(q, _)| q.amount()).collect::<Vec<_>>(), ["10", "40", "10"].map(decimal));
    }

    #[test]
    fn tiers_that_do_not_rise_or_have_no_end_are_refused() {
        assert_eq!(check(&egress()), Ok(()));
        assert_eq!(check(&[]), Err(NotTiers::Empty));
        let mut falling = egress();
        falling[1].up_to = Some(decimal("5"));
        assert_eq!(check(&falling), Err(NotTiers::Order(1)));
        assert_eq!(check(&egress()[..2]), Err(NotTiers::Order(1)), "the last one ends");
        let mut negative = egress();
        negative[2].price = Usd(decimal("-1"));
        assert_eq!(check(&negative), Err(NotTiers::Negative(2)));
    }
}
