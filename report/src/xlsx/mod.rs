//! `costs.xlsx`: one sheet to read, and behind it the lines, the bill, the budget, what it is worth and every input, with a
//! formula wherever a person would add, multiply or discount. Each formula carries the value that the outcome has, for
//! readers that do not calculate.
//!
//! The file is the same bytes for the same outcome: it bears no hour of its own.

mod bill;
mod inputs;
mod summary;
mod worth;

use crate::files::ReportError;
use drsim_experiment::outcome::Outcome;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

/// The bytes of `costs.xlsx`.
///
/// # Errors
/// [`ReportError::Format`] should a cell refuse to be written.
pub fn workbook(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    build(outcome).map_err(|error| ReportError::Format { what: "costs.xlsx", reason: error.to_string() })
}

/// How cells look.
struct Styles {
    title: Format,
    head: Format,
    number_head: Format,
    strong: Format,
    text: Format,
    right: Format,
    cents: Format,
    strong_cents: Format,
    whole: Format,
    strong_whole: Format,
    share: Format,
    input: Format,
    share_input: Format,
}

impl Styles {
    fn new() -> Self {
        let plain = Format::new;
        let number = |format: &str| plain().set_num_format(format);
        let head = plain().set_bold().set_text_wrap().set_background_color("#E8EEF4").set_align(FormatAlign::Top);
        let yellow = |format: &str| number(format).set_background_color("#FFF2CC");
        Self {
            title: plain().set_bold().set_font_size(14),
            number_head: head.clone().set_align(FormatAlign::Right),
            head,
            strong: plain().set_bold(),
            right: plain().set_align(FormatAlign::Right),
            text: plain().set_text_wrap().set_align(FormatAlign::Top),
            cents: number("#,##0.00"),
            strong_cents: number("#,##0.00").set_bold(),
            whole: number("#,##0"),
            strong_whole: number("#,##0").set_bold(),
            share: number("0.0%"),
            input: yellow("#,##0.00"),
            share_input: yellow("0.0%"),
        }
    }
}

fn build(outcome: &Outcome) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&outcome.manifest.title).set_creation_datetime(&born));
    let styles = Styles::new();
    for name in ["Summary", "Bill", "Worth", "Budget", "Lines", "Inputs"] {
        let sheet = book.add_worksheet().set_name(name)?;
        // On A4 across, as wide as the sheet is.
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&L&A&RPage &P of &N");
    }
    bill::lines(outcome, book.worksheet_from_name("Lines")?, &styles)?;
    let totals = bill::bill(outcome, book.worksheet_from_name("Bill")?, &styles)?;
    worth::budget(outcome, book.worksheet_from_name("Budget")?, &styles)?;
    worth::worth(outcome, book.worksheet_from_name("Worth")?, &styles)?;
    inputs::inputs(outcome, book.worksheet_from_name("Inputs")?, &styles)?;
    summary::summary(outcome, book.worksheet_from_name("Summary")?, &styles, &totals)?;
    book.save_to_buffer()
}

/// A row of headings, those from `numbers` on above numbers; repeated on every page.
fn header(
    sheet: &mut Worksheet,
    row: u32,
    names: &[&str],
    numbers: std::ops::Range<usize>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (column, name) in names.iter().enumerate() {
        let format = if numbers.contains(&column) { &styles.number_head } else { &styles.head };
        sheet.write_with_format(row, column as u16, *name, format)?;
    }
    sheet.set_repeat_rows(row, row)?;
    Ok(())
}

/// A formula with the value that it has.
fn formula(text: String, result: f64) -> Formula {
    Formula::new(text).set_result(result.to_string())
}

/// A column's letters.
fn letter(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letter(column / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_workbook_is_the_same_bytes_every_time() {
        for (_, outcome) in sample::cases() {
            let bytes = workbook(&outcome).expect("plain data");
            assert!(bytes.starts_with(b"PK"));
            assert_eq!(bytes, workbook(&outcome).expect("plain data"));
        }
    }

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        assert_eq!([0, 25, 26, 51, 52, 65].map(letter), ["A", "Z", "AA", "AZ", "BA", "BN"]);
    }
}
