//! The lines with quantity, price and source, and the bill that adds them up by service and design.

use super::{Styles, formula, header, letter};
use crate::wording::baseline;
use crate::words::Lang;
use crate::worth::marked;
use drsim_experiment::outcome::{CostLine, Outcome};
use drsim_models::cost::Usd;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// Every line.
pub(super) fn lines(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let mut names: Vec<&str> = crate::costs::COSTS_HEADER.split(',').collect();
    (names[9], names[10]) = ("usd_per_month_p10 (do not add)", "usd_per_month_p90 (do not add)");
    header(sheet, 0, &names, 5..11, styles)?;
    for (column, width) in [20, 8, 17, 20, 34, 16, 11, 13, 13, 13, 13, 13, 60, 10, 13].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, (outcome.costs.len() as u32).max(1), names.len() as u16 - 1)?;
    for (i, line) in outcome.costs.iter().enumerate() {
        let row = i as u32 + 1;
        for (column, text) in
            [&line.architecture, &line.kind, &line.service, &line.region, &line.item].iter().enumerate()
        {
            sheet.write(row, column as u16, text.as_str())?;
        }
        if let Some(quantity) = line.quantity {
            let decimals = if quantity.fract() == 0.0 || quantity >= 1e4 { "#,##0" } else { "#,##0.00" };
            sheet.write_with_format(row, 5, quantity, &Format::new().set_num_format(decimals))?;
        }
        sheet.write(row, 6, line.unit.as_str())?;
        if let (Some(price), Some(amount)) = (line.unit_price, line.usd_per_month_expected) {
            // Every digit that the price has.
            let digits = format!("0.{}", "0".repeat(price.0.normalize().scale().max(2) as usize));
            sheet.write_with_format(row, 7, price.as_f64(), &Format::new().set_num_format(digits))?;
            let product = formula(format!("=ROUND(F{0}*H{0},2)", row + 1), amount.as_f64());
            sheet.write_formula_with_format(row, 8, product, &styles.cents)?;
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
    Ok(())
}

/// Where the sheet `Bill` has the sums of a design: its column, and the rows of the cloud and of people.
pub(super) struct Totals {
    columns: Vec<(String, String)>,
    cloud: usize,
    people: usize,
}

impl Totals {
    /// The cell of a design's cloud bill, or of its people.
    pub(super) fn cell(&self, architecture: &str, cloud: bool) -> Option<String> {
        let (_, column) = self.columns.iter().find(|(name, _)| name == architecture)?;
        Some(format!("Bill!{column}{}", if cloud { self.cloud } else { self.people }))
    }
}

/// Services by design, summed from the lines.
pub(super) fn bill(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<Totals, XlsxError> {
    let mut services: Vec<(&str, &str)> = Vec::new();
    for line in outcome.costs.iter().filter(|line| line.usd_per_month_expected.is_some()) {
        if !services.contains(&(line.kind.as_str(), line.service.as_str())) {
            services.push((&line.kind, &line.service));
        }
    }
    services.sort_by_key(|(kind, _)| *kind != "cloud");
    let cloud = services.iter().filter(|(kind, _)| *kind == "cloud").count();
    let service = marked(outcome, Lang::En.words(), "service, USD per month");
    header(sheet, 0, &["kind", &service], 2..2, styles)?;
    sheet.set_column_width(1, 26)?.set_freeze_panes(1, 2)?;
    let base = outcome.bills.iter().position(|b| baseline(outcome).is_some_and(|d| d.architecture == b.architecture));
    let (base, total) = (base.unwrap_or(0), services.len() as u32 + 1);
    let names = ["cloud", "above baseline", "as a share", "people and drills", "people above baseline"];
    for (i, name) in names.into_iter().enumerate() {
        sheet.write_with_format(total + i as u32, 1, name, &styles.strong)?;
    }
    let people = |k: usize| outcome.bills.get(k).and_then(|b| b.people_usd_per_month).unwrap_or_default().as_f64();
    let mut columns = Vec::new();
    for (k, bill) in outcome.bills.iter().enumerate() {
        let (column, name, of_base) = (k as u16 + 2, letter(k + 2), letter(base + 2));
        columns.push((bill.architecture.clone(), name.clone()));
        let head = bill.architecture.as_str();
        sheet.write_with_format(0, column, head, &styles.number_head)?.set_column_width(column, 18)?;
        for (s, (kind, service)) in services.iter().enumerate() {
            let row = s as u32 + 1;
            sheet.write(row, 0, *kind)?.write(row, 1, *service)?;
            let own = |l: &&CostLine| l.architecture == bill.architecture && l.service == *service && l.kind == *kind;
            let sum: Usd = outcome.costs.iter().filter(own).filter_map(|l| l.usd_per_month_expected).sum();
            let text = format!(
                "=SUMIFS(Lines!$I$2:$I${0},Lines!$A$2:$A${0},{name}$1,Lines!$B$2:$B${0},$A{1},Lines!$C$2:$C${0},$B{1})",
                outcome.costs.len() + 1,
                row + 1
            );
            sheet.write_formula_with_format(row, column, formula(text, sum.as_f64()), &styles.cents)?;
        }
        let (at, last) = (total as usize + 1, services.len() + 1);
        // Without a line of people's work there is nothing to add up.
        let none = cloud == services.len();
        let people_sum = if none { "=0".to_owned() } else { format!("=SUM({name}{}:{name}{last})", cloud + 2) };
        let share = bill.premium_share.unwrap_or(0.0);
        for (i, (text, result, format)) in [
            (format!("=SUM({name}2:{name}{})", cloud + 1), bill.usd_per_month.as_f64(), &styles.strong_cents),
            (format!("={name}{at}-{of_base}{at}"), bill.premium_usd_per_month.as_f64(), &styles.cents),
            (format!("=IF({of_base}{at}=0,0,{name}{}/{of_base}{at})", at + 1), share, &styles.share),
            (people_sum, people(k), &styles.strong_cents),
            (format!("={name}{0}-{of_base}{0}", at + 3), people(k) - people(base), &styles.cents),
        ]
        .into_iter()
        .enumerate()
        {
            sheet.write_formula_with_format(total + i as u32, column, formula(text, result), format)?;
        }
    }
    Ok(Totals { columns, cloud: total as usize + 1, people: total as usize + 4 })
}
