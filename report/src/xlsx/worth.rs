//! The budget month by month; and the proposed design against the baseline: cash flow by fiscal year, net present value,
//! and net benefit against the price of an hour.

use super::{Styles, formula, header};
use crate::wording::{baseline, proposed};
use crate::words::Lang;
use crate::worth::mark;
use drsim_experiment::outcome::{Figure, LossResult, Outcome};
use drsim_experiment::world::WorldDraws;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Chart, ChartAxisLabelPosition, ChartMarker, ChartType, Worksheet, XlsxError};

/// Every row of the budget.
pub(super) fn budget(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let mut names: Vec<&str> = crate::costs::BUDGET_HEADER.split(',').collect();
    (names[7], names[8]) = ("range_low (do not add)", "range_high (do not add)");
    header(sheet, 0, &names, 6..9, styles)?;
    for (column, width) in [20, 12, 10, 12, 34, 9, 14, 14, 14].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, (outcome.budget.len() as u32).max(1), names.len() as u16 - 1)?;
    for (i, line) in outcome.budget.iter().enumerate() {
        let row = i as u32 + 1;
        let words = [&line.architecture, &line.fiscal_year, &line.month, &line.kind, &line.item, &line.currency];
        for (column, text) in words.iter().enumerate() {
            sheet.write(row, column as u16, text.as_str())?;
        }
        let amounts = [Some(line.expected), line.range.map(|r| r.0), line.range.map(|r| r.1)];
        for (k, amount) in amounts.into_iter().enumerate() {
            if let Some(amount) = amount.and_then(|a: Decimal| a.to_f64()) {
                sheet.write_with_format(row, k as u16 + 6, amount, &styles.cents)?;
            }
        }
    }
    Ok(())
}

/// Kinds of a budget's rows, and what the sheet calls them.
const KINDS: [(&str, &str); 4] = [("one_off", "one-off"), ("run", "cloud"), ("people", "people"), ("drill", "drills")];

/// First row of the cash flow, from 0, and prices that net benefit is shown at.
const FLOW: u32 = 9;
const PRICES: u32 = 11;

/// What the sheet reckons with.
struct Plan {
    hours: f64,
    beside: f64,
    more: f64,
    price: f64,
    rate: f64,
}

impl Plan {
    fn new(outcome: &Outcome, loss: Option<&LossResult>) -> Self {
        let money = &outcome.scenario.money;
        let mean =
            |of: fn(&LossResult) -> Option<Figure>| loss.and_then(of).and_then(|figure| figure.estimate).unwrap_or(0.0);
        // In the currency of the budget, at the base case.
        let draws = WorldDraws::base_case();
        Self {
            hours: mean(|l| l.hours_avoided),
            beside: mean(|l| l.beside_avoided),
            more: mean(|l| l.more),
            price: money.downtime.as_ref().map_or(0.0, |amount| money.own(amount, &draws)),
            rate: money.discount_rate.value,
        }
    }

    fn break_even(&self) -> f64 {
        ((self.more - self.beside) / self.hours).max(0.0)
    }
}

/// The proposed design against the baseline.
pub(super) fn worth(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let (Some(design), Some(base)) = (proposed(outcome), baseline(outcome)) else { return Ok(()) };
    let plan = Plan::new(outcome, outcome.losses.iter().find(|l| l.architecture == design.architecture));
    sheet.set_column_width(0, 38)?;
    sheet.set_column_range_width(1, 12, 13)?;
    for (row, (name, value, format)) in [
        ("price of an hour down (yours to change)", plan.price, &styles.input),
        ("interest a year (yours to change)", plan.rate, &styles.share_input),
        ("hours avoided a year (mean)", plan.hours, &styles.cents),
        ("lost beside, avoided a year (mean)", plan.beside, &styles.cents),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(row as u32, 0, name)?.write_with_format(row as u32, 1, value, format)?;
    }
    sheet.write(4, 0, "proposed")?.write(4, 1, design.architecture.as_str())?;
    sheet.write(5, 0, "baseline")?.write(5, 1, base.architecture.as_str())?;
    let currency = outcome.scenario.money.currency.code();
    let title = format!("Cash flow, {currency} without tax, contingency left out");
    sheet.write_with_format(FLOW - 2, 0, title, &styles.strong)?;
    if let Some(mark) = mark(outcome, Lang::En.words()) {
        sheet.write_with_format(6, 0, mark, &styles.strong)?;
    }
    let after = cash_flow(outcome, (&design.architecture, &base.architecture), &plan, sheet, styles)?;
    if plan.hours > 0.0 {
        net_benefit(&plan, currency, after + 2, sheet, styles)?;
    }
    let note =
        "The price of an hour is a plain number here; in the results it varies over worlds, so the mean loss differs.";
    sheet.write(0, 3, note)?;
    Ok(())
}

/// Fiscal year by fiscal year, and what it is worth now; returns its last row.
fn cash_flow(
    outcome: &Outcome,
    (design, base): (&str, &str),
    plan: &Plan,
    sheet: &mut Worksheet,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let mut heads = vec!["fiscal year", "months"];
    heads.extend(KINDS.map(|(_, name)| name));
    heads.extend(["proposed", "baseline", "costs more", "loss avoided", "net", "net, so far"]);
    header(sheet, FLOW - 1, &heads, 1..heads.len(), styles)?;
    let mut labels: Vec<&str> = Vec::new();
    for row in outcome.budget.iter().filter(|row| row.architecture == design) {
        if !labels.contains(&row.fiscal_year.as_str()) {
            labels.push(&row.fiscal_year);
        }
    }
    let sum = |name: &str, label: &str, wanted: &dyn Fn(&str) -> bool| -> f64 {
        let own = outcome.budget.iter().filter(|r| r.architecture == name && r.fiscal_year == label);
        own.filter(|r| wanted(&r.kind)).map(|r| r.expected).sum::<Decimal>().to_f64().unwrap_or(0.0)
    };
    let rows = outcome.budget.len() + 1;
    let (mut net, mut so_far) = (Vec::new(), 0.0);
    for (i, label) in labels.iter().enumerate() {
        let row = FLOW + i as u32;
        let at = row + 1;
        let mut months: Vec<&str> =
            outcome.budget.iter().filter(|r| r.fiscal_year == *label).map(|r| r.month.as_str()).collect();
        months.sort_unstable();
        months.dedup();
        sheet.write(row, 0, *label)?.write(row, 1, months.len() as f64)?;
        let of = |cell: &str, kind: &str| {
            format!(
                "SUMIFS(Budget!$G$2:$G${rows},Budget!$A$2:$A${rows},{cell},Budget!$B$2:$B${rows},$A{at},Budget!$D$2:$D${rows},\"{kind}\")"
            )
        };
        for (k, (kind, _)) in KINDS.into_iter().enumerate() {
            let text = format!("={}", of("$B$5", kind));
            let value = formula(text, sum(design, label, &|own| own == kind));
            sheet.write_formula_with_format(row, k as u16 + 2, value, &styles.whole)?;
        }
        let (own, other) = [design, base].map(|name| sum(name, label, &|kind| kind != "contingency")).into();
        let avoided = (plan.hours * plan.price + plan.beside) * months.len() as f64 / 12.0;
        net.push(avoided - own + other);
        so_far += avoided - own + other;
        for (column, text, result) in [
            (6, format!("=SUM(C{at}:F{at})"), own),
            (7, format!("={}", of("$B$6", "<>contingency")), other),
            (8, format!("=G{at}-H{at}"), own - other),
            (9, format!("=($B$3*$B$1+$B$4)*B{at}/12"), avoided),
            (10, format!("=J{at}-I{at}"), avoided - own + other),
            (11, format!("=SUM(K${}:K{at})", FLOW + 1), so_far),
        ] {
            sheet.write_formula_with_format(row, column, formula(text, result), &styles.whole)?;
        }
    }
    let (first, last) = (FLOW as usize + 1, FLOW as usize + labels.len());
    let worth: f64 = net.iter().enumerate().map(|(i, net)| net / (1.0 + plan.rate).powi(i as i32 + 1)).sum();
    let row = last as u32;
    sheet.write_with_format(row, 0, "net present value (year ends)", &styles.strong)?;
    if first <= last {
        let value = formula(format!("=NPV($B$2,K{first}:K{last})"), worth);
        sheet.write_formula_with_format(row, 10, value, &styles.strong_whole)?;
    }
    Ok(row)
}

/// Net benefit a year at some prices of an hour, and from where it pays.
fn net_benefit(plan: &Plan, currency: &str, row: u32, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    sheet.write_with_format(row, 0, format!("Net benefit a year, {currency}"), &styles.strong)?;
    sheet.write(row, 6, "costs more a year (mean of the budget's years)")?;
    sheet.write_with_format(row, 10, plan.more, &styles.whole)?;
    sheet.write_with_format(row + 1, 6, "pays above, per hour down", &styles.strong)?;
    let pays = formula(format!("=MAX(0,(K{}-B4)/B3)", row + 1), plan.break_even());
    sheet.write_formula_with_format(row + 1, 10, pays, &styles.strong_whole)?;
    sheet.write_with_format(row + 1, 0, "price of an hour down", &styles.head)?;
    sheet.write_with_format(row + 1, 1, "net benefit", &styles.number_head)?;
    let (first, top) = (row + 2, 1.5 * plan.break_even().max(plan.price));
    for i in 0..PRICES {
        let at = first + i;
        let price = top * f64::from(i) / f64::from(PRICES - 1);
        let text = format!("={}*MAX(K${},B$1)/{}", 1.5 * f64::from(i), row + 2, PRICES - 1);
        sheet.write_formula_with_format(at, 0, formula(text, price), &styles.whole)?;
        let net = plan.hours * price + plan.beside - plan.more;
        let text = format!("=$B$3*A{}+$B$4-$K${}", at + 1, row + 1);
        sheet.write_formula_with_format(at, 1, formula(text, net), &styles.whole)?;
    }
    let last = first + PRICES - 1;
    let mut chart = Chart::new(ChartType::ScatterStraight);
    chart
        .add_series()
        .set_categories(("Worth", first, 0, last, 0))
        .set_values(("Worth", first, 1, last, 1))
        .set_marker(ChartMarker::new().set_none());
    chart.title().set_hidden();
    chart
        .x_axis()
        .set_name(&format!("price of an hour down, {currency}"))
        .set_num_format("#,##0")
        .set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_name(&format!("net benefit a year, {currency}")).set_num_format("#,##0");
    chart.legend().set_hidden();
    chart.set_width(620).set_height(280);
    sheet.insert_chart(row + 3, 3, &chart)?;
    Ok(())
}
