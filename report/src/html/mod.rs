//! `report.html`: one self-contained document for a review, from the outcome and what further runs found.
//!
//! Every section is a file of its own that returns a [`Section`], or `None` where there is nothing to show: what was not
//! estimated is left out or said to be so, never drawn. Numbers are `data` elements that name their place in
//! `results.json`, or in the file beside it that the place begins with ([`number::Number`]); a test reads all of them. The page loads nothing: fonts, styles and the small script for
//! hover values and theme are inside, and its content security policy forbids the rest.

mod assumptions;
mod availability;
mod capacity;
mod claims;
mod designs;
mod duel;
mod figures;
mod law;
mod method;
mod money;
mod number;
mod tables;
mod verdict;
mod what_if;
mod worst_year;

use crate::files::ReportError;
use crate::words::{Lang, Words};
use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine};
use drsim_experiment::decide::what_if::WhatIf;
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

/// The text of `report.html`; `further` is what runs beyond that of the outcome found.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn page(outcome: &Outcome, further: &WhatIf, lang: Lang) -> Result<String, ReportError> {
    let w = lang.words();
    let sections: Vec<Section> = [
        claims::section(outcome, w)?,
        figures::waterfall(outcome, w)?,
        figures::recovery(outcome, w)?,
        figures::loss(outcome, w)?,
        designs::section(outcome, w)?,
        duel::duel(outcome, w)?,
        duel::front(outcome, w)?,
        money::section(outcome, w)?,
        money::worth(outcome, w)?,
        money::exceedance(outcome, w)?,
        availability::section(outcome, w)?,
        what_if::sensitivity(outcome, further.sensitivity.as_ref(), w)?,
        what_if::map(further.map.as_ref(), w)?,
        capacity::section(outcome, w)?,
        figures::latency(outcome, w)?,
        law::section(outcome, w)?,
        assumptions::section(outcome, w)?,
        worst_year::section(outcome, w)?,
        method::section(outcome, w)?,
    ]
    .into_iter()
    .flatten()
    .map(|section| Section { title: unbroken(&section.title), ..section })
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

/// The same words with numbers and their units kept on one line.
fn unbroken(words: &str) -> String {
    const UNITS: [&str; 8] = ["s", "ms", "min", "h", "d", "%", "k", "M"];
    let mut text = String::new();
    for word in words.split(' ') {
        let unit = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let glued = text.ends_with(|c: char| c.is_ascii_digit()) && UNITS.contains(&unit);
        if !text.is_empty() {
            text.push(if glued { '\u{a0}' } else { ' ' });
        }
        text += word;
    }
    text
}

/// Index of an architecture in the outcome, which decides its colour, as a class.
fn colour_class(outcome: &Outcome, architecture: &str) -> String {
    let index = outcome.designs.iter().position(|d| d.architecture == architecture).unwrap_or(0);
    format!("a{}", crate::plots::colour_index(index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// What stands between two marks, wherever they occur.
    fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
        text.split(open).skip(1).filter_map(|rest| Some(rest.split_once(close)?.0)).collect()
    }

    #[test]
    fn every_case_is_a_whole_page_in_every_language_that_loads_nothing() {
        for (name, outcome) in sample::cases() {
            for lang in Lang::ALL {
                let page = page(&outcome, &sample::what_if(), lang).expect("plain data");
                let place = format!("{name} {}", lang.code());
                assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{place}");
                for word in ["NaN", "Infinity", "http://", "@import", "None"] {
                    let found = page.find(word).filter(|at| !page[..*at].ends_with("xmlns=\""));
                    assert_eq!(found, None, "{place}: {word}");
                }
                for link in between(&page, "href=\"", "\"").iter().chain(&between(&page, " src=\"", "\"")) {
                    let inside = link.strip_prefix('#').is_some_and(|id| page.contains(&format!("id=\"{id}\"")));
                    assert!(inside || link.starts_with("data:") || *link == "#claims", "{place}: {link}");
                }
                let mut ids = between(&page, " id=\"", "\"");
                let count = ids.len();
                ids.sort_unstable();
                ids.dedup();
                assert_eq!(ids.len(), count, "{place}: two elements have the same id");
                for tag in ["section", "table", "figure", "details", "svg", "ol", "ul", "p", "h2"] {
                    let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
                    assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{place}: <{tag}>");
                }
            }
        }
    }

    /// `DRSIM_BLESS=1 cargo test -p drsim-report` writes it anew: read the difference before committing it.
    #[test]
    fn the_skeleton_reads_as_before() {
        let page = page(&sample::outcome(), &sample::what_if(), Lang::En).expect("plain data");
        let lines = |open: &str, close: &str| between(&page, open, close).join("\n");
        let skeleton = format!(
            "{}\n\n{}\n\n{}\n",
            lines("<p class=\"verdict\">", "</p>"),
            lines("<h2 ", "</h2>"),
            lines("<th scope=\"col\"", "</th>"),
        );
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/html/skeleton.txt");
        if std::env::var_os("DRSIM_BLESS").is_some() {
            std::fs::write(path, &skeleton).expect("the source is writable");
        }
        assert_eq!(skeleton, std::fs::read_to_string(path).unwrap_or_default());
    }

    #[test]
    fn words_of_the_author_cannot_become_markup() {
        let mut outcome = sample::outcome();
        let evil = "<script>alert(1)</script>\"'&";
        outcome.manifest.title = evil.into();
        outcome.claims.iter_mut().for_each(|c| c.says = Some(evil.into()));
        outcome.provenance.iter_mut().for_each(|row| row.provenance.source = evil.into());
        outcome.warnings = vec![evil.into()];
        let page = page(&outcome, &WhatIf::default(), Lang::En).expect("plain data");
        assert_eq!(page.matches("<script").count(), 1, "the report's own");
    }
}
