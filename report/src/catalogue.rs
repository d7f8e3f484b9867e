//! What is built in, as tables of plain text.

use crate::table::{Column, Table};
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
