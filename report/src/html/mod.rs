//! `report.html`: one self-contained document for a review, from the outcome alone.
//!
//! Every section is a file of its own that returns a [`Section`], or `None` where there is nothing to show: what was not
//! estimated is left out or said to be so, never drawn. Numbers are `data` elements that name their place in
//! `results.json` ([`number::Number`]); a test reads both. The page loads nothing: fonts, styles and the small script for
//! hover values and theme are inside, and its content security policy forbids the rest.

mod assumptions;
mod capacity;
mod claims;
mod designs;
mod figures;
mod method;
mod number;
mod verdict;
mod worst_year;

use crate::files::ReportError;
use crate::words::{Lang, Words};
use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine};
use drsim_experiment::outcome::Outcome;

/// A part of the report, below its heading.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Its anchor.
    id: &'static str,
    /// Its name in the list of contents.
    name: String,
    /// Its heading: what was found, where one sentence can say it.
    title: String,
    /// HTML.
    body: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    w: &'a Words,
    title: &'a str,
    head: String,
    sections: &'a [Section],
    style: &'static str,
    script: &'static str,
    regular: String,
    bold: String,
}

/// The text of `report.html`.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn page(outcome: &Outcome, lang: Lang) -> Result<String, ReportError> {
    let w = lang.words();
    let sections: Vec<Section> = [
        claims::section(outcome, w)?,
        figures::waterfall(outcome, w)?,
        figures::recovery(outcome, w)?,
        figures::loss(outcome, w)?,
        designs::section(outcome, w)?,
        capacity::section(outcome, w)?,
        assumptions::section(outcome, w)?,
        worst_year::section(outcome, w)?,
        method::section(outcome, w)?,
    ]
    .into_iter()
    .flatten()
    .collect();
    let page = Page {
        w,
        title: &outcome.manifest.title,
        head: verdict::head(outcome, w)?,
        sections: &sections,
        style: include_str!("../../templates/report.css"),
        script: include_str!("../../templates/report.js"),
        regular: BASE64_STANDARD.encode(include_bytes!("../../fonts/OpenSans-Regular.woff2")),
        bold: BASE64_STANDARD.encode(include_bytes!("../../fonts/OpenSans-Bold.woff2")),
    };
    rendered(&page)
}

/// A template as text.
fn rendered(template: &impl Template) -> Result<String, ReportError> {
    template.render().map_err(|error| ReportError::Format { what: "report.html", reason: error.to_string() })
}

/// Index of an architecture in the outcome, which decides its colour, as a class.
fn colour_class(outcome: &Outcome, architecture: &str) -> String {
    let index = outcome.designs.iter().position(|d| d.architecture == architecture).unwrap_or(0);
    format!("a{}", crate::plots::colour_index(index))
}
