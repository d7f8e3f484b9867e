//! `costs.csv`: every line of every bill; `budget.csv`: every month of every design.

use crate::files::ReportError;
use drsim_experiment::outcome::{CostLine, Outcome};

/// Columns of `costs.csv`. Only the expected column adds up; the bands must not be added.
pub const COSTS_HEADER: &str = "architecture,kind,service,region,item,quantity,unit,unit_price,usd_per_month_expected,\
usd_per_month_p10,usd_per_month_p90,basis,source,price_date,status";

/// The text of `costs.csv`. Cells are empty where there is no number.
///
/// # Errors
/// [`ReportError::Format`] should a row refuse to be written.
pub fn costs(outcome: &Outcome) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "costs.csv", reason };
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(COSTS_HEADER.split(',')).map_err(|error| format(error.to_string()))?;
    for line in &outcome.costs {
        writer.write_record(cells(line)).map_err(|error| format(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| format(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| format(error.to_string()))
}

/// Columns of `budget.csv`. Only the expected column adds up.
pub const BUDGET_HEADER: &str = "architecture,fiscal_year,month,kind,item,currency,expected,range_low,range_high";

/// The text of `budget.csv`.
///
/// # Errors
/// [`ReportError::Format`] should a row refuse to be written.
pub fn budget(outcome: &Outcome) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "budget.csv", reason };
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(BUDGET_HEADER.split(',')).map_err(|error| format(error.to_string()))?;
    for row in &outcome.budget {
        let range = row.range.map_or_else(Default::default, |(low, high)| [low, high].map(|x| format!("{x:.2}")));
        let [low, high] = range;
        let expected = format!("{:.2}", row.expected);
        let cells = [&row.architecture, &row.fiscal_year, &row.month, &row.kind, &row.item, &row.currency];
        let cells = cells.into_iter().chain([&expected, &low, &high]);
        writer.write_record(cells).map_err(|error| format(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| format(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| format(error.to_string()))
}

fn cells(line: &CostLine) -> [String; 15] {
    let float = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(String::new(), |v| v.to_string());
    // Bands are floats; cents are all they bear.
    let cents = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(String::new(), |v| format!("{v:.2}"));
    [
        line.architecture.clone(),
        line.kind.clone(),
        line.service.clone(),
        line.region.clone(),
        line.item.clone(),
        float(line.quantity),
        line.unit.clone(),
        line.unit_price.map_or(String::new(), |usd| usd.0.normalize().to_string()),
        line.usd_per_month_expected.map_or(String::new(), |usd| format!("{:.2}", usd.0)),
        cents(line.usd_per_month_p10),
        cents(line.usd_per_month_p90),
        line.basis.map_or("", drsim_experiment::scenario::Basis::name).to_owned(),
        line.source.clone(),
        line.price_date.clone(),
        line.status.clone(),
    ]
}
