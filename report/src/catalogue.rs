//! What is built in, as tables of plain text.

use crate::format::number;
use crate::table::{Column, Table};
use drsim_experiment::availability::commitments::Commitment;
use drsim_experiment::catalogue::RecordedOutage;
use drsim_experiment::scenario::Basis;
use drsim_models::cost::Usd;
use rust_decimal::Decimal;

/// A price.
#[derive(Clone, Debug)]
pub struct PriceLine {
    /// Item and place.
    pub name: String,
    /// Price of one unit, and where its tier ends.
    pub prices: Vec<(Usd, Option<Decimal>)>,
    /// What is counted.
    pub unit: &'static str,
    /// How it came to be known.
    pub basis: Basis,
    /// Where from.
    pub source: String,
    /// When it held.
    pub date: String,
    /// How long ago that is, if it has a month.
    pub months_old: Option<i64>,
}

/// A commitment.
#[derive(Clone, Debug)]
pub struct SlaLine {
    /// Service.
    pub name: String,
    /// What is committed to.
    pub commitment: Commitment,
    /// How long ago that held, if its date has a month.
    pub months_old: Option<i64>,
}

/// Wide enough for any line.
const WIDTH: usize = 10_000;

fn table(headings: &[&str], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let columns = headings.iter().map(|heading| Column::words(heading, "", 0)).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
    Table { columns, rows }.text(WIDTH, false).join("\n") + "\n"
}

/// Prices, each with its age.
pub fn prices(lines: &[PriceLine]) -> String {
    let row = |line: &PriceLine| {
        let steps = line.prices.iter().map(|(price, end)| match end {
            Some(end) => format!("{} to {end}", price.0.normalize()),
            None => price.0.normalize().to_string(),
        });
        let age = line.months_old.map_or("?".into(), |months| format!("{months} mo"));
        let steps = steps.collect::<Vec<_>>().join(", ");
        let words = [line.name.as_str(), &steps, line.unit, line.basis.name(), &line.date, &age, &line.source];
        words.map(str::to_owned).to_vec()
    };
    table(&["PRICE", "USD", "per", "basis", "date", "age", "source"], lines.iter().map(row).collect())
}

/// Commitments, each with its age.
pub fn slas(lines: &[SlaLine]) -> String {
    let row = |line: &SlaLine| {
        let found = &line.commitment;
        let percent = |share: f64| number(100.0 * share, 4);
        let steps = found.below.iter().zip(&found.credit);
        let steps: Vec<String> = steps.map(|(below, due)| format!("<{}: {}", percent(*below), percent(*due))).collect();
        let age = line.months_old.map_or("?".into(), |months| format!("{months} mo"));
        [
            line.name.clone(),
            percent(found.commitment),
            found.counts.name().into(),
            steps.join(", "),
            found.basis.name().into(),
            found.credit_basis.name().into(),
            found.date.clone(),
            age,
            found.source.clone(),
        ]
        .to_vec()
    };
    let heads = ["SLA", "% of a month", "counts", "% paid back", "basis", "of steps", "date", "age", "source"];
    table(&heads, lines.iter().map(row).collect())
}

/// Values with path and source.
pub fn values(rows: &[[String; 3]]) -> String {
    table(&["VALUE", "built in", "basis and source"], rows.iter().map(|row| row.to_vec()).collect())
}

/// Real outages.
pub fn outages<'a>(outages: impl Iterator<Item = &'a RecordedOutage>) -> String {
    let row = |o: &RecordedOutage| {
        let minutes = crate::format::duration(60.0 * o.minutes);
        [&o.name, &o.provider, &o.region, &minutes, o.basis.name(), &o.title, &o.source]
            .map(ToString::to_string)
            .to_vec()
    };
    table(&["OUTAGE", "provider", "region", "length", "basis", "title", "source"], outages.map(row).collect())
}
