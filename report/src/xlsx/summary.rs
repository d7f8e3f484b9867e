//! The one sheet to read: what it costs, what it saves, how sure that is, what decides it, and where each figure comes from.

use super::bill::Totals;
use super::{Styles, formula};
use crate::doubts::{counts, lead};
use crate::wording::{baseline, bill_of, proposed};
use crate::words::Lang;
use crate::worth::{loses_more, money, not_priced, reconciled};
use drsim_experiment::outcome::{Figure, LossResult, Outcome};
use drsim_experiment::world::WorldDraws;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// Columns that sentences run over.
const LAST: u16 = 6;

/// Letters that fit on a line of them.
const LETTERS: usize = 140;

/// Writes from top to bottom.
struct Page<'p> {
    sheet: &'p mut Worksheet,
    styles: &'p Styles,
    row: u32,
}

impl Page<'_> {
    fn sentence(&mut self, text: &str) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.merge_range(self.row, 0, self.row, LAST, text, &self.styles.text)?;
            let lines = text.chars().count().div_ceil(LETTERS) as f64;
            self.sheet.set_row_height(self.row, 15.0 * lines)?;
            self.row += 1;
        }
        Ok(())
    }

    /// Headings, after a free row: the first `words` over words, the others over numbers.
    fn heads(&mut self, names: &[&str], words: usize) -> Result<(), XlsxError> {
        self.row += 1;
        for (column, name) in names.iter().enumerate() {
            let format = if column < words { &self.styles.head } else { &self.styles.number_head };
            self.sheet.write_with_format(self.row, column as u16, *name, format)?;
        }
        if names.iter().skip(1).any(|name| name.len() > 16) {
            self.sheet.set_row_height(self.row, 30.0)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A figure: expected (by a formula, where there is one), range, interval of the simulation.
    fn figure(&mut self, name: &str, by: Option<String>, figure: &Figure, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write(self.row, 0, name)?;
        match (by, figure.estimate) {
            (Some(text), Some(value)) => {
                self.sheet.write_formula_with_format(self.row, 1, formula(text, value), format)?;
            }
            (None, Some(value)) => {
                self.sheet.write_with_format(self.row, 1, value, format)?;
            }
            (_, None) => {
                self.sheet.write(self.row, 1, "not estimated")?;
            }
        }
        let known = figure.interval.filter(|(low, high)| low < high);
        let ends = [(2, figure.range), (4, known)];
        for (column, (low, high)) in ends.into_iter().filter_map(|(column, ends)| Some((column, ends?))) {
            self.sheet.write_with_format(self.row, column, low, format)?;
            self.sheet.write_with_format(self.row, column + 1, high, format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        self.sheet.write(self.row, 0, name)?.write(self.row, 1, text)?;
        self.row += 1;
        Ok(())
    }
}

pub(super) fn summary(
    outcome: &Outcome,
    sheet: &mut Worksheet,
    styles: &Styles,
    totals: &Totals,
) -> Result<(), XlsxError> {
    let w = Lang::En.words();
    sheet.set_column_width(0, 44)?.set_column_range_width(1, LAST, 17)?;
    let mut page = Page { sheet, styles, row: 0 };
    page.sheet.write_with_format(0, 0, outcome.manifest.title.trim(), &styles.title)?;
    page.row = 1;
    let subject = proposed(outcome).map_or("", |design| &design.architecture);
    for text in [
        money(outcome, w).map(|text| format!("{subject}: {text}")),
        loses_more(outcome, w),
        Some(reconciled(outcome, w)),
    ] {
        page.sentence(&text.unwrap_or_default())?;
    }
    page.sentence(&not_priced(outcome, w).unwrap_or_default())?;
    figures(outcome, &mut page, totals)?;
    designs(outcome, &mut page)?;
    deciding(outcome, &mut page)?;
    about(outcome, &mut page)
}

/// The proposed design and the baseline.
fn figures(outcome: &Outcome, page: &mut Page<'_>, totals: &Totals) -> Result<(), XlsxError> {
    let (Some(design), Some(base)) = (proposed(outcome), baseline(outcome)) else { return Ok(()) };
    let Some(bill) = bill_of(outcome, &design.architecture) else { return Ok(()) };
    let (styles, money) = (page.styles, &outcome.scenario.money);
    let currency = money.currency.code();
    let rate = money.rate(&WorldDraws::base_case());
    let confidence = format!("simulation's {:.0} % interval from", 100.0 * outcome.manifest.confidence);
    let head = format!("{} against {}, {currency} a year", design.architecture, base.architecture);
    page.heads(&[&head, "expected", "P10 (do not add)", "P90 (do not add)", &confidence, "to"], 1)?;
    page.sheet.write(page.row, 0, format!("{currency} for a US dollar (yours to change)"))?;
    page.sheet.write_with_format(page.row, 1, rate, &styles.input)?;
    let exchange = format!("$B${}", page.row + 1);
    page.row += 1;
    let year = |cell: Option<String>| cell.map(|cell| format!("=12*{exchange}*{cell}"));
    let above = |cloud: bool| {
        let cells = totals.cell(&design.architecture, cloud).zip(totals.cell(&base.architecture, cloud));
        cells.map(|(own, base)| format!("=12*{exchange}*({own}-{base})"))
    };
    let whole = &styles.whole;
    page.figure("cloud bill", year(totals.cell(&design.architecture, true)), &bill.cloud_a_year, whole)?;
    let first = page.row + 1;
    page.figure("cloud above the baseline", above(true), &bill.cloud_more_a_year, whole)?;
    if let Some(people) = &bill.people_more_a_year {
        page.figure("people and drills above the baseline", above(false), people, whole)?;
    }
    let Some(loss) = outcome.losses.iter().find(|loss| loss.architecture == design.architecture) else { return Ok(()) };
    let under = outcome.losses.iter().find(|loss| loss.architecture == base.architecture);
    let more = page.row + 1;
    if let Some(figure) = &loss.more {
        page.figure("costs more", Some(format!("=SUM(B{first}:B{})", page.row)), figure, &styles.strong_whole)?;
    }
    let avoided = page.row + 1;
    if let Some(figure) = &loss.avoided {
        page.figure("expected loss avoided", None, figure, &styles.strong_whole)?;
        let net = figure.estimate.zip(loss.more.and_then(|more| more.estimate)).map(|(avoided, more)| avoided - more);
        let net = Figure { estimate: net, ..Figure::default() };
        page.figure("net benefit on money alone", Some(format!("=B{avoided}-B{more}")), &net, &styles.strong_whole)?;
    }
    if let Some(figure) = &loss.break_even_per_hour {
        page.figure("pays above, per hour down", None, figure, whole)?;
    }
    if let Some(given) = &money.downtime {
        let own = |value: f64| if given.currency == money.currency { value } else { value * rate };
        let range = given.input.range.map(|(low, high)| (own(low), own(high)));
        let given = Figure { estimate: Some(own(given.input.value)), range, ..Figure::default() };
        page.figure("you gave, per hour down", None, &given, whole)?;
    }
    for (name, own) in [("baseline", under), ("proposed", Some(loss))] {
        let Some(own) = own else { continue };
        page.figure(&format!("expected loss, {name}"), None, &own.mean, whole)?;
        page.figure(&format!("1 year in 10 loses, {name}"), None, &own.one_in_10, whole)?;
        page.figure(&format!("1 year in 100 loses, {name}"), None, &own.one_in_100, whole)?;
        page.figure(&format!("share of years with any loss, {name}"), None, &own.any, &styles.share)?;
    }
    Ok(())
}

fn designs(outcome: &Outcome, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let currency = outcome.scenario.money.currency.code();
    let head = format!("every design, {currency} a year");
    page.heads(
        &[&head, "cloud bill", "costs more", "expected loss", "loss avoided", "pays above, per hour", "claims kept"],
        1,
    )?;
    for bill in &outcome.bills {
        let loss = outcome.losses.iter().find(|loss| loss.architecture == bill.architecture);
        let of = |figure: fn(&LossResult) -> Option<Figure>| loss.and_then(figure).and_then(|figure| figure.estimate);
        let more = of(|l| l.more).or(bill.cloud_more_a_year.estimate);
        let numbers =
            [bill.cloud_a_year.estimate, more, of(|l| Some(l.mean)), of(|l| l.avoided), of(|l| l.break_even_per_hour)];
        page.sheet.write(page.row, 0, bill.architecture.as_str())?;
        for (column, number) in numbers.into_iter().enumerate() {
            if let Some(number) = number {
                page.sheet.write_with_format(page.row, column as u16 + 1, number, &page.styles.whole)?;
            }
        }
        if loss.and_then(|l| l.break_even_per_hour).is_some_and(|price| price.estimate.is_none()) {
            page.sheet.write_with_format(page.row, 5, "never", &page.styles.right)?;
        }
        let kept = outcome.designs.iter().find(|d| d.architecture == bill.architecture).and_then(|d| d.claims_kept);
        if let Some((kept, _, judged)) = kept {
            page.sheet.write_with_format(page.row, 6, format!("{kept} of {judged}"), &page.styles.right)?;
        }
        page.row += 1;
    }
    Ok(())
}

/// What net benefit goes with, with its owner; and what nobody vouches for.
fn deciding(outcome: &Outcome, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let w = Lang::En.words();
    if !outcome.money_decided_by.is_empty() {
        page.heads(&["net benefit goes most with", "owner", "rank correlation"], 2)?;
        for input in outcome.money_decided_by.iter().take(5) {
            page.sheet.write(page.row, 0, input.path.as_str())?;
            page.sheet.write(page.row, 1, input.owner.as_deref().unwrap_or("no owner"))?;
            page.sheet.write_with_format(page.row, 2, input.correlation, &page.styles.cents)?;
            page.row += 1;
        }
    }
    let Some(doubts) = &outcome.doubts else { return Ok(()) };
    page.row += 1;
    page.sentence(&counts(doubts, w))?;
    page.sentence(&lead(outcome, doubts, w))?;
    page.heads(&["unverified or stale", "owner", "moves", "", "base case", "low end", "high end"], 4)?;
    for row in crate::doubts::rows(doubts) {
        if row.is_first {
            page.sheet.write(page.row, 0, row.input(w))?;
            page.sheet.write(page.row, 1, row.doubt.owner.as_deref().unwrap_or("no owner"))?;
        }
        page.sheet.write(page.row, 2, row.headline(outcome, w))?;
        for (column, (text, _)) in row.values(w).into_iter().enumerate() {
            page.sheet.write_with_format(page.row, column as u16 + 4, text, &page.styles.right)?;
        }
        page.row += 1;
    }
    Ok(())
}

fn about(outcome: &Outcome, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let (m, currency) = (&outcome.manifest, outcome.scenario.money.currency.code());
    page.heads(&["where it comes from"], 1)?;
    for (name, text) in [
        ("Bill", "USD per month at list prices without tax, summed from Lines".to_owned()),
        ("Lines", "each quantity x price, rounded to the cent, with source, basis and date of the price".to_owned()),
        ("Worth", format!("{currency}: cash flow, net present value, net benefit against the price of an hour")),
        ("Budget", format!("{currency}, month by month from go-live, at the base case's exchange rate, without tax")),
        ("Inputs", "every value with range, basis, source and owner".to_owned()),
        ("P10, P90", "over worlds that draw every range jointly: do not add them".to_owned()),
        ("yellow cells", "yours to change".to_owned()),
        ("command", m.command.clone()),
        ("scenario digest", m.scenario_digest.clone()),
        ("simulated years", m.replications.to_string()),
        ("prices collected", m.price_date.clone().unwrap_or_default()),
    ] {
        page.pair(name, &text)?;
    }
    Ok(())
}
