//! `costs.xlsx`: the lines, the bill, the budget and what it is worth, with a formula wherever a person would add,
//! multiply or discount. Each formula carries the value that the outcome has, for readers that do not calculate.
//!
//! The file is the same bytes for the same outcome: it bears no hour of its own.

use crate::files::ReportError;
use crate::wording::{baseline, proposed};
use crate::words::Lang;
use crate::worth::{mark, marked};
use drsim_experiment::outcome::{CostLine, LossResult, Outcome};
use drsim_models::cost::Usd;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

/// The bytes of `costs.xlsx`.
///
/// # Errors
/// [`ReportError::Format`] should a cell refuse to be written.
pub fn workbook(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    build(outcome).map_err(|error| ReportError::Format { what: "costs.xlsx", reason: error.to_string() })
}

struct Styles {
    head: Format,
    cents: Format,
    whole: Format,
    share: Format,
    input: Format,
}

fn build(outcome: &Outcome) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&outcome.manifest.title).set_creation_datetime(&born));
    let styles = Styles {
        head: Format::new().set_bold().set_text_wrap(),
        cents: Format::new().set_num_format("#,##0.00"),
        whole: Format::new().set_num_format("#,##0"),
        share: Format::new().set_num_format("0.0%"),
        input: Format::new().set_num_format("#,##0.00").set_background_color("#FFF2CC"),
    };
    about(outcome, book.add_worksheet().set_name("About")?, &styles)?;
    let lines = lines(outcome, book.add_worksheet().set_name("Lines")?, &styles)?;
    bill(outcome, book.add_worksheet().set_name("Bill")?, &styles, lines)?;
    let rows = budget(outcome, book.add_worksheet().set_name("Budget")?, &styles)?;
    years(outcome, book.add_worksheet().set_name("Worth")?, &styles, rows)?;
    book.save_to_buffer()
}

fn about(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let m = &outcome.manifest;
    let currency = outcome.scenario.money.currency.code();
    sheet.set_column_width(0, 24)?.set_column_width(1, 100)?;
    for (row, (name, text)) in [
        ("Scenario", m.title.clone()),
        ("Digest", m.scenario_digest.clone()),
        ("Command", m.command.clone()),
        ("Simulated years", m.replications.to_string()),
        ("Prices collected", m.price_date.clone().unwrap_or_default()),
        ("Lines, Bill", "USD per month at list prices, without tax; each line rounded to the cent".into()),
        ("Budget, Worth", format!("{currency}, at the base case's exchange rate, without tax")),
        ("Bands", "P10 and P90 over worlds: do not add them".into()),
        ("Yellow cells", "yours to change".into()),
        ("Invoice", crate::worth::reconciled(outcome, Lang::En.words())),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_with_format(row as u32, 0, name, &styles.head)?.write(row as u32, 1, text)?;
    }
    Ok(())
}

fn header(sheet: &mut Worksheet, row: u32, names: &[&str], styles: &Styles) -> Result<(), XlsxError> {
    for (column, name) in names.iter().enumerate() {
        sheet.write_with_format(row, column as u16, *name, &styles.head)?;
    }
    Ok(())
}

/// Every line; returns how many.
fn lines(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<usize, XlsxError> {
    let names: Vec<&str> = crate::costs::COSTS_HEADER.split(',').collect();
    header(sheet, 0, &names, styles)?;
    sheet.write_with_format(0, 9, "usd_per_month_p10 (do not add)", &styles.head)?;
    sheet.write_with_format(0, 10, "usd_per_month_p90 (do not add)", &styles.head)?;
    for column in [0, 2, 3, 4, 12] {
        sheet.set_column_width(column, 22)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (i, line) in outcome.costs.iter().enumerate() {
        let row = i as u32 + 1;
        for (column, text) in
            [&line.architecture, &line.kind, &line.service, &line.region, &line.item].iter().enumerate()
        {
            sheet.write(row, column as u16, text.as_str())?;
        }
        if let Some(quantity) = line.quantity {
            sheet.write(row, 5, quantity)?;
        }
        sheet.write(row, 6, line.unit.as_str())?;
        if let (Some(price), Some(amount)) = (line.unit_price, line.usd_per_month_expected) {
            sheet.write(row, 7, price.as_f64())?;
            let formula = Formula::new(format!("=ROUND(F{0}*H{0},2)", row + 1)).set_result(amount.0.to_string());
            sheet.write_formula_with_format(row, 8, formula, &styles.cents)?;
        }
        for (column, band) in [(9, line.usd_per_month_p10), (10, line.usd_per_month_p90)] {
            if let Some(band) = band {
                sheet.write_with_format(row, column, band, &styles.cents)?;
            }
        }
        sheet.write(row, 11, line.basis.map_or("", drsim_experiment::scenario::Basis::name))?;
        for (column, text) in [(12, &line.source), (13, &line.price_date), (14, &line.status)] {
            sheet.write(row, column, text.as_str())?;
        }
    }
    Ok(outcome.costs.len())
}

/// A column's letters.
fn letter(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letter(column / 26 - 1)) }
}

/// Services by design, summed from the lines.
fn bill(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles, lines: usize) -> Result<(), XlsxError> {
    let mut services: Vec<(&str, &str)> = Vec::new();
    for line in outcome.costs.iter().filter(|line| line.usd_per_month_expected.is_some()) {
        if !services.contains(&(line.kind.as_str(), line.service.as_str())) {
            services.push((&line.kind, &line.service));
        }
    }
    services.sort_by_key(|(kind, _)| *kind != "cloud");
    let cloud = services.iter().filter(|(kind, _)| *kind == "cloud").count();
    let service = marked(outcome, Lang::En.words(), "service, USD per month");
    header(sheet, 0, &["kind", &service], styles)?;
    sheet.set_column_width(1, 26)?;
    let base = outcome.bills.iter().position(|b| baseline(outcome).is_some_and(|d| d.architecture == b.architecture));
    let base = letter(base.unwrap_or(0) + 2);
    for (k, bill) in outcome.bills.iter().enumerate() {
        let (column, name) = (k as u16 + 2, letter(k + 2));
        sheet.write_with_format(0, column, bill.architecture.as_str(), &styles.head)?.set_column_width(column, 16)?;
        for (s, (kind, service)) in services.iter().enumerate() {
            let row = s as u32 + 1;
            sheet.write(row, 0, *kind)?.write(row, 1, *service)?;
            let own = |l: &&CostLine| l.architecture == bill.architecture && l.service == *service && l.kind == *kind;
            let sum: Usd = outcome.costs.iter().filter(own).filter_map(|l| l.usd_per_month_expected).sum();
            let formula = format!(
                "=SUMIFS(Lines!$I$2:$I${0},Lines!$A$2:$A${0},{name}$1,Lines!$B$2:$B${0},$A{1},Lines!$C$2:$C${0},$B{1})",
                lines + 1,
                row + 1
            );
            sheet.write_formula_with_format(
                row,
                column,
                Formula::new(formula).set_result(sum.0.to_string()),
                &styles.cents,
            )?;
        }
        let total = services.len() as u32 + 1;
        let sum = Formula::new(format!("=SUM({name}2:{name}{})", cloud + 1));
        sheet.write_with_format(total, 1, "cloud", &styles.head)?;
        sheet.write_formula_with_format(
            total,
            column,
            sum.set_result(bill.usd_per_month.0.to_string()),
            &styles.cents,
        )?;
        let more = Formula::new(format!("={name}{0}-{base}{0}", total + 1));
        sheet.write_with_format(total + 1, 1, "above baseline", &styles.head)?;
        let above = bill.premium_usd_per_month.0.to_string();
        sheet.write_formula_with_format(total + 1, column, more.set_result(above), &styles.cents)?;
        let share = Formula::new(format!("={name}{}/{base}{}", total + 2, total + 1));
        let result = bill.premium_share.map_or(String::new(), |share| share.to_string());
        sheet.write_with_format(total + 2, 1, "as a share", &styles.head)?;
        sheet.write_formula_with_format(total + 2, column, share.set_result(result), &styles.share)?;
    }
    Ok(())
}

/// Every row of the budget; returns how many.
fn budget(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<usize, XlsxError> {
    let names: Vec<&str> = crate::costs::BUDGET_HEADER.split(',').collect();
    header(sheet, 0, &names, styles)?;
    sheet.set_column_width(0, 22)?.set_freeze_panes(1, 0)?;
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
    Ok(outcome.budget.len())
}

/// The proposed design against the baseline, fiscal year by fiscal year, and its net present value.
fn years(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles, rows: usize) -> Result<(), XlsxError> {
    let (Some(design), Some(base)) = (proposed(outcome), baseline(outcome)) else { return Ok(()) };
    let loss = outcome.losses.iter().find(|l| l.architecture == design.architecture);
    let money = &outcome.scenario.money;
    let mean = |of: fn(&LossResult) -> Option<drsim_experiment::outcome::Figure>| {
        loss.and_then(of).and_then(|figure| figure.estimate).unwrap_or(0.0)
    };
    let (hours, beside) = (mean(|l| l.hours_avoided), mean(|l| l.beside_avoided));
    // An hour's price in the currency of the budget, at the base case.
    let draws = drsim_experiment::world::WorldDraws::base_case();
    let price = money.downtime.as_ref().map_or(0.0, |amount| money.own(amount, &draws));
    let rate = money.discount_rate.value;
    sheet.set_column_width(0, 34)?;
    for (row, (name, value, format)) in [
        ("price of an hour down", price, &styles.input),
        ("interest a year", rate, &styles.share),
        ("hours avoided a year (mean)", hours, &styles.cents),
        ("lost beside, avoided a year (mean)", beside, &styles.cents),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(row as u32, 0, name)?.write_with_format(row as u32, 1, value, format)?;
    }
    sheet.write(4, 0, "proposed")?.write(4, 1, design.architecture.as_str())?;
    sheet.write(5, 0, "baseline")?.write(5, 1, base.architecture.as_str())?;
    let heads =
        ["fiscal year", "months", "proposed, without contingency", "baseline", "costs more", "loss avoided", "net"];
    if let Some(mark) = mark(outcome, Lang::En.words()) {
        sheet.write_with_format(6, 0, mark, &styles.head)?;
    }
    header(sheet, 7, &heads, styles)?;
    let mut labels: Vec<&str> = Vec::new();
    for row in outcome.budget.iter().filter(|row| row.architecture == design.architecture) {
        if !labels.contains(&row.fiscal_year.as_str()) {
            labels.push(&row.fiscal_year);
        }
    }
    let sum = |name: &str, label: &str| -> f64 {
        let own = outcome.budget.iter().filter(|r| r.architecture == name && r.fiscal_year == label);
        own.filter(|r| r.kind != "contingency").map(|r| r.expected).sum::<Decimal>().to_f64().unwrap_or(0.0)
    };
    let mut net = Vec::new();
    for (i, label) in labels.iter().enumerate() {
        let row = 8 + i as u32;
        let at = row + 1;
        let mut months: Vec<&str> =
            outcome.budget.iter().filter(|r| r.fiscal_year == *label).map(|r| r.month.as_str()).collect();
        months.sort_unstable();
        months.dedup();
        let (own, other) = (sum(&design.architecture, label), sum(&base.architecture, label));
        let avoided = (hours * price + beside) * months.len() as f64 / 12.0;
        net.push(avoided - own + other);
        sheet.write(row, 0, *label)?.write(row, 1, months.len() as f64)?;
        let total = |cell: &str| {
            format!(
                "=SUMIFS(Budget!$G$2:$G${0},Budget!$A$2:$A${0},{cell},Budget!$B$2:$B${0},$A{at},Budget!$D$2:$D${0},\"<>contingency\")",
                rows + 1
            )
        };
        for (column, formula, result) in [
            (2, total("$B$5"), own),
            (3, total("$B$6"), other),
            (4, format!("=C{at}-D{at}"), own - other),
            (5, format!("=($B$3*$B$1+$B$4)*B{at}/12"), avoided),
            (6, format!("=F{at}-E{at}"), avoided - own + other),
        ] {
            let formula = Formula::new(formula).set_result(result.to_string());
            sheet.write_formula_with_format(row, column, formula, &styles.whole)?;
        }
    }
    let (first, last) = (9, 8 + labels.len());
    let worth: f64 = net.iter().enumerate().map(|(i, net)| net / (1.0 + rate).powi(i as i32 + 1)).sum();
    let row = last as u32 + 1;
    sheet.write_with_format(row, 0, "net present value (year ends)", &styles.head)?;
    let formula = Formula::new(format!("=NPV($B$2,G{first}:G{last})")).set_result(worth.to_string());
    sheet.write_formula_with_format(row, 6, formula, &styles.whole)?;
    if hours > 0.0 {
        let more = mean(|l| l.more);
        sheet.write(row + 1, 0, "costs more a year (budget's mean year)")?;
        sheet.write_with_format(row + 1, 6, more, &styles.whole)?;
        sheet.write_with_format(row + 2, 0, "pays above, per hour down", &styles.head)?;
        let formula = Formula::new(format!("=(G{}-B4)/B3", row + 2)).set_result(((more - beside) / hours).to_string());
        sheet.write_formula_with_format(row + 2, 6, formula, &styles.whole)?;
    }
    let note =
        "The price of an hour is a plain number here; in the results it varies over worlds, so the mean loss differs.";
    sheet.write(row + 4, 0, note)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_workbook_is_the_same_bytes_every_time() {
        let outcome = sample::outcome();
        let bytes = workbook(&outcome).expect("plain data");
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(bytes, workbook(&outcome).expect("plain data"));
    }

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        assert_eq!([0, 25, 26, 51, 52, 65].map(letter), ["A", "Z", "AA", "AZ", "BA", "BN"]);
    }
}
