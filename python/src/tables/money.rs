//! Bills, budgets and what a year costs.

use super::{Table, batch, float, some_float, some_text, text};
use drsim_experiment::outcome::{Figure, Outcome};
use drsim_experiment::scenario::Basis;

/// The columns of `costs.csv`; the amounts as numbers.
pub fn costs(outcome: &Outcome) -> Table {
    let rows = &outcome.costs;
    let number = |text: String| text.parse::<f64>().ok();
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("kind", text(rows, |r| &r.kind)),
        ("service", text(rows, |r| &r.service)),
        ("region", text(rows, |r| &r.region)),
        ("item", text(rows, |r| &r.item)),
        ("quantity", some_float(rows, |r| r.quantity)),
        ("unit", text(rows, |r| &r.unit)),
        ("unit_price", some_float(rows, |r| r.unit_price.and_then(|usd| number(usd.0.to_string())))),
        (
            "usd_per_month_expected",
            some_float(rows, |r| r.usd_per_month_expected.and_then(|usd| number(usd.0.to_string()))),
        ),
        ("usd_per_month_p10", some_float(rows, |r| r.usd_per_month_p10)),
        ("usd_per_month_p90", some_float(rows, |r| r.usd_per_month_p90)),
        ("basis", some_text(rows, |r| r.basis.map(Basis::name))),
        ("source", text(rows, |r| &r.source)),
        ("price_date", some_text(rows, |r| Some(&r.price_date))),
        ("status", text(rows, |r| &r.status)),
    ])])
}

/// The columns of `budget.csv`.
pub fn budget(outcome: &Outcome) -> Table {
    let rows = &outcome.budget;
    let number = |amount: &dyn ToString| amount.to_string().parse::<f64>().unwrap_or(f64::NAN);
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("fiscal_year", text(rows, |r| &r.fiscal_year)),
        ("month", text(rows, |r| &r.month)),
        ("kind", text(rows, |r| &r.kind)),
        ("item", text(rows, |r| &r.item)),
        ("currency", text(rows, |r| &r.currency)),
        ("expected", float(rows, |r| number(&r.expected))),
        ("range_low", some_float(rows, |r| r.range.map(|range| number(&range.0)))),
        ("range_high", some_float(rows, |r| r.range.map(|range| number(&range.1)))),
    ])])
}

struct Row<'a> {
    architecture: &'a str,
    quantity: &'static str,
    figure: Figure,
    unit: &'a str,
}

/// What a year costs and loses, tidy: one row per design and quantity.
pub fn money(outcome: &Outcome) -> Table {
    let currency = outcome.scenario.money.currency.code();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for bill in &outcome.bills {
        let mut add = |quantity, figure: Option<Figure>| {
            let row = |figure| Row { architecture: &bill.architecture, quantity, figure, unit: currency };
            rows.extend(figure.map(row));
        };
        add("cloud_a_year", Some(bill.cloud_a_year));
        add("cloud_more_a_year", Some(bill.cloud_more_a_year));
        add("people_more_a_year", bill.people_more_a_year);
    }
    for loss in &outcome.losses {
        let mut add = |quantity, figure: Option<Figure>, unit| {
            rows.extend(figure.map(|figure| Row { architecture: &loss.architecture, quantity, figure, unit }));
        };
        add("loss_a_year", Some(loss.mean), currency);
        add("share_of_years_with_a_loss", Some(loss.any), "1");
        add("loss_of_1_year_in_10", Some(loss.one_in_10), currency);
        add("loss_of_1_year_in_100", Some(loss.one_in_100), currency);
        add("hours_down_a_year", Some(loss.hours), "h");
        add("loss_avoided_a_year", loss.avoided, currency);
        add("more_a_year", loss.more, currency);
        add("break_even_per_hour", loss.break_even_per_hour, currency);
    }
    Table::new(vec![batch(vec![
        ("architecture", text(&rows, |r| r.architecture)),
        ("quantity", text(&rows, |r| r.quantity)),
        ("estimate", some_float(&rows, |r| r.figure.estimate)),
        ("ci_low", some_float(&rows, |r| r.figure.interval.map(|i| i.0))),
        ("ci_high", some_float(&rows, |r| r.figure.interval.map(|i| i.1))),
        ("range_low", some_float(&rows, |r| r.figure.range.map(|i| i.0))),
        ("range_high", some_float(&rows, |r| r.figure.range.map(|i| i.1))),
        ("unit", text(&rows, |r| r.unit)),
    ])])
}
