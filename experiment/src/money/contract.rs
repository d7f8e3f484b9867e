//! What stands on a bill beside usage: a discount, a support plan; and people's work.

use super::bill::{CLOUD, Line, LinePrice};
use super::commitment::commitments;
use crate::scenario::{Architecture, Basis, Input, Scenario};
use crate::world::WorldDraws;
use drsim_models::cost::{Billed, PersonDay, Quantity, Usd};
use drsim_models::outage::YEAR_SECONDS;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// Kind of the lines of people's work.
pub const PEOPLE: &str = "people";
/// Kind of the lines of exercises.
pub const DRILL: &str = "drill";

/// A price that the scenario gives, with its provenance.
pub fn given(scenario: &Scenario, path: &str, unit_price: Usd) -> LinePrice {
    let row = scenario.provenance.iter().find(|row| row.path == path).map(|row| &row.provenance);
    LinePrice {
        unit_price,
        basis: row.map_or(Basis::Unverified, |p| p.basis),
        source: format!("{path}{}", row.map_or_else(String::new, |p| format!(": {}", p.source))),
        date: row.and_then(|p| p.as_of.clone()).unwrap_or_default(),
        entry: None,
    }
}

/// An exact decimal of a figure of the scenario.
pub fn decimal(figure: f64) -> Decimal {
    Decimal::from_f64(figure).unwrap_or_default().round_dp(6)
}

/// Discounts on, and support of, the cloud bill; `expected` are its lines at the base case.
pub fn terms(scenario: &Scenario, draws: &WorldDraws, expected: &[Line], lines: &mut Vec<Line>) {
    let money = &scenario.money;
    lines.extend(commitments(scenario, draws, expected, lines));
    let mut total: Usd = lines.iter().map(|line| line.amount).sum();
    let mut percentage = |input: &Input, item: &str, sign: i64| {
        let share = decimal(draws.number(input)) * Decimal::from(sign);
        let amount = total.times(share).to_the_cent();
        lines.push(Line {
            kind: CLOUD,
            service: "Contract",
            item: item.to_owned(),
            place: "global".to_owned(),
            quantity: Some(total.0),
            unit: "USD",
            price: Some(given(scenario, &input.path, Usd(share))),
            amount,
        });
        total += amount;
    };
    if money.discount.value > 0.0 {
        percentage(&money.discount, "negotiated discount", -1);
    }
    if let Some(support) = &money.support {
        percentage(support, "support plan", 1);
    } else {
        lines.push(absent(CLOUD, "Contract", "support plan"));
    }
}

fn absent(kind: &'static str, service: &'static str, item: &str) -> Line {
    let (item, place) = (item.to_owned(), String::new());
    Line { kind, service, item, place, quantity: None, unit: "", price: None, amount: Usd::ZERO }
}

/// Work on a design beyond the baseline: to build it, to keep it up, to be on call for it, to exercise it, to leave it.
pub fn people(scenario: &Scenario, architecture: &Architecture, is_baseline: bool, draws: &WorldDraws) -> Vec<Line> {
    let money = &scenario.money;
    let days = |input: &Option<Input>| input.as_ref().map(|days| draws.number(days));
    let work = &architecture.work;
    let once = |input: &Option<Input>| days(input).map(|days| days / f64::from(money.budget_years));
    let drills = draws.number(&money.drill_days) * YEAR_SECONDS / draws.number(&architecture.drill_every);
    let mut all = vec![
        (PEOPLE, "build, spread over the budget's years", once(&work.build)),
        (PEOPLE, "upkeep", days(&work.upkeep)),
        (PEOPLE, "on-call", days(&work.on_call)),
        (PEOPLE, "exit, spread over the budget's years", once(&work.exit)),
    ];
    if architecture.second_region {
        all.push((DRILL, "drills", Some(drills)));
    }
    let line = |(kind, item, days): (&'static str, &str, Option<f64>)| {
        let (Some(days), Some(price)) = (days, &money.person_day) else {
            // A baseline without work of its own is the usual case.
            return (!is_baseline).then(|| absent(kind, "People", item));
        };
        let quantity = Quantity::<PersonDay>::of(days / 12.0);
        let unit_price = Usd(decimal(money.usd(price, draws)));
        Some(Line {
            kind,
            service: "People",
            item: item.to_owned(),
            place: "global".to_owned(),
            quantity: Some(quantity.amount()),
            unit: PersonDay::NAME,
            price: Some(given(scenario, "money.person_day", unit_price)),
            amount: unit_price.times(quantity.amount()).to_the_cent(),
        })
    };
    all.into_iter().filter_map(line).collect()
}
