//! Sections that are sentences and tables: designs or data in rows, numbers that name their place in `results.json`.

use super::number::Number;
use super::{Section, colour_class, rendered};
use crate::files::ReportError;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::Outcome;

/// A table.
pub(super) struct Table {
    /// What it shows; empty where the heading says it.
    pub(super) caption: String,
    /// Headings, the first of which names the rows; whether numbers stand below.
    pub(super) heads: Vec<(String, bool)>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    fn label(&self) -> &str {
        if self.caption.is_empty() { self.heads.first().map_or("", |head| &head.0) } else { &self.caption }
    }

    /// Whether the n-th cell of a row, from 1, is a number.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn is_number(&self, cell: &usize) -> bool {
        self.heads.get(*cell).is_none_or(|head| head.1)
    }
}

/// A row.
pub(super) struct Row {
    colour: String,
    name: String,
    is_proposed: bool,
    cells: Vec<Number>,
}

impl Row {
    /// Of a design, with its colour.
    pub(super) fn of_design(outcome: &Outcome, architecture: &str, cells: Vec<Number>) -> Self {
        let is_proposed = outcome.designs.iter().any(|d| d.is_proposed && d.architecture == architecture);
        Self { colour: colour_class(outcome, architecture), name: architecture.to_owned(), is_proposed, cells }
    }

    /// Of anything else.
    pub(super) fn named(name: String, cells: Vec<Number>) -> Self {
        Self { colour: String::new(), name, is_proposed: false, cells }
    }
}

#[derive(Template)]
#[template(path = "tables.html")]
struct View {
    lead: Vec<String>,
    tables: Vec<Table>,
    notes: Vec<String>,
}

/// A section; `None` where there is no row at all.
pub(super) fn section(
    (id, name, title): (&'static str, String, String),
    lead: Vec<String>,
    tables: Vec<Table>,
    notes: Vec<String>,
) -> Result<Option<Section>, ReportError> {
    if tables.iter().all(|table| table.rows.is_empty()) {
        return Ok(None);
    }
    Ok(Some(Section { id, name, title, body: body(lead, tables, notes)? }))
}

/// The same as a part of another section; empty where there is no row and no sentence.
pub(super) fn body(lead: Vec<String>, tables: Vec<Table>, notes: Vec<String>) -> Result<String, ReportError> {
    let tables = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    rendered(&View { lead, tables, notes })
}

/// Headings from keys: the first over words, the rest over numbers.
pub(super) fn heads(w: &Words, keys: &[&str]) -> Vec<(String, bool)> {
    keys.iter().enumerate().map(|(i, key)| (w.t(key), i > 0)).collect()
}
