//! Every value that was used, with its range, basis, source and owner; and which of those that nobody vouches for decide.

use super::{Styles, header};
use crate::doubts::rows;
use crate::words::Lang;
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario::Given;
use rust_xlsxwriter::{Worksheet, XlsxError};

pub(super) fn inputs(outcome: &Outcome, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let names = [
        "input",
        "value",
        "range (P10 .. P90)",
        "basis",
        "owner",
        "as of",
        "given",
        "source",
        "moves by 10 % or turns",
    ];
    header(sheet, 0, &names, 9..9, styles)?;
    for (column, width) in [40, 18, 26, 12, 14, 10, 18, 60, 34].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_freeze_panes(1, 1)?.autofilter(0, 0, (outcome.provenance.len() as u32).max(1), names.len() as u16 - 1)?;
    for (i, row) in outcome.provenance.iter().enumerate() {
        let about = &row.provenance;
        let given = match &about.given {
            Given::Scenario { line } => format!("scenario, line {line}"),
            Given::Base { file, line } => format!("{file}, line {line}"),
            Given::CommandLine => "command line".into(),
            Given::BuiltIn => "built in".into(),
        };
        let cells = [
            row.path.as_str(),
            &row.value,
            row.range.as_deref().unwrap_or_default(),
            about.basis.name(),
            about.owner.as_deref().unwrap_or_default(),
            about.as_of.as_deref().unwrap_or_default(),
            &given,
            &about.source,
            &moves(outcome, &row.path),
        ];
        for (column, text) in cells.into_iter().enumerate() {
            sheet.write(i as u32 + 1, column as u16, text)?;
        }
    }
    Ok(())
}

/// The headlines that hang on an input, or on the distribution that it is a parameter of.
fn moves(outcome: &Outcome, path: &str) -> String {
    let Some(doubts) = &outcome.doubts else { return String::new() };
    let own = |known: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let found = rows(doubts).filter(|row| !row.doubt.is_price && own(&row.doubt.path));
    found.map(|row| row.headline(outcome, Lang::En.words())).collect::<Vec<_>>().join("; ")
}
