//! Savings plans and reserved capacity: so much use is promised, at a discount, and paid whether it is used or not.
//!
//! What is promised is a share of the services' expected bill at list prices: it is decided once, on what is expected,
//! and a world that uses less pays for it all the same. What is used beyond it has list prices.

use super::bill::{CLOUD, Line};
use super::contract::given;
use super::inputs::CommitmentDiscount;
use crate::scenario::Scenario;
use crate::world::WorldDraws;
use drsim_models::cost::Usd;
use rust_decimal::Decimal;

/// The two lines of each promise: what is taken off what is used of it, and what is not used. `expected` are the lines
/// at the base case, at list prices, as `lines` are in this world.
pub fn commitments(scenario: &Scenario, draws: &WorldDraws, expected: &[Line], lines: &[Line]) -> Vec<Line> {
    let one = |promise: &CommitmentDiscount| -> [Line; 2] {
        let covers = |line: &&Line| line.kind == CLOUD && promise.services.iter().any(|s| s == line.service);
        let sum = |lines: &[Line]| -> Usd { lines.iter().filter(covers).map(|line| line.amount).sum() };
        let promised = sum(expected).times(super::contract::decimal(draws.number(&promise.share))).to_the_cent();
        let used = promised.min(sum(lines));
        let discount = super::contract::decimal(draws.number(&promise.discount));
        let line = |what: &str, quantity: Usd, price: Decimal| Line {
            kind: CLOUD,
            service: "Contract",
            item: format!("commitment {}{what}: {}", promise.name, promise.services.join(", ")),
            place: "global".to_owned(),
            quantity: Some(quantity.0),
            unit: "USD",
            price: Some(given(scenario, &promise.discount.path, Usd(price))),
            amount: quantity.times(price).to_the_cent(),
        };
        [line("", used, -discount), line(", not used", promised - used, Decimal::ONE - discount)]
    };
    scenario.money.commitment_discounts.iter().flat_map(one).collect()
}
