//! Money as rows of `metrics.csv`, in the scenario's own currency.

use crate::outcome::{Bill, Figure, LossResult, MetricRow};

/// Of one architecture.
pub fn rows(bill: &Bill, loss: Option<&LossResult>, currency: &str) -> Vec<MetricRow> {
    let unit = format!("{currency}/year");
    let row = |metric: &str, statistic: &str, figure: Figure, unit: &str| MetricRow {
        architecture: bill.architecture.clone(),
        metric: metric.into(),
        population: "overall".into(),
        operation: String::new(),
        store: String::new(),
        cause: String::new(),
        per: "year".into(),
        statistic: statistic.into(),
        figure,
        unit: unit.into(),
        note: None,
    };
    let mut rows = vec![
        row("cloud_bill", "mean", bill.cloud_a_year, &unit),
        row("dr_premium", "mean", bill.cloud_more_a_year, &unit),
    ];
    rows.extend(bill.people_more_a_year.map(|people| row("dr_people", "mean", people, &unit)));
    let Some(loss) = loss else { return rows };
    let mut mean = row("loss", "mean", loss.mean, &unit);
    mean.note = loss.tail_dominated.then(|| "tail_dominated".into());
    rows.push(mean);
    rows.push(row("loss", "probability", loss.any, "1"));
    rows.push(row("loss", "p90", loss.one_in_10, &unit));
    rows.push(row("loss", "p99", loss.one_in_100, &unit));
    rows.push(row("hours_down", "mean", loss.hours, "h/year"));
    rows.extend(loss.avoided.map(|avoided| row("loss_avoided", "mean", avoided, &unit)));
    rows.extend(loss.more.map(|more| row("dr_premium_with_people", "mean", more, &unit)));
    let price = format!("{currency}/h");
    rows.extend(loss.break_even_per_hour.map(|figure| row("break_even_per_hour", "mean", figure, &price)));
    rows
}
