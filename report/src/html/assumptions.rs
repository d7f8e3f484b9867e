//! Every value the run used, with range, basis, source and owner; the weakest first and open, the rest to unfold.

use super::number::Number;
use super::tables::{Row as Cells, Table, body};
use super::{Section, rendered};
use crate::doubts::{counts, lead, not_tried, rows};
use crate::files::ReportError;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario::{Basis, Given, ProvenanceRow};

/// The bases, the weakest first.
const BASES: [(Basis, &str); 6] = [
    (Basis::Unverified, "unverified"),
    (Basis::Estimated, "estimated"),
    (Basis::Reported, "reported"),
    (Basis::Documented, "documented"),
    (Basis::Contract, "contract"),
    (Basis::Measured, "measured"),
];

struct Group<'a> {
    title: String,
    means: String,
    is_weak: bool,
    is_open: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    path: &'a str,
    value: String,
    range: &'a str,
    source: &'a str,
    owner: &'a str,
    given: String,
}

#[derive(Template)]
#[template(path = "assumptions.html")]
struct View<'a> {
    w: &'a Words,
    intro: String,
    warnings: Vec<String>,
    doubts: String,
    groups: Vec<Group<'a>>,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.provenance.is_empty() {
        return Ok(None);
    }
    let of = |basis: Basis| outcome.provenance.iter().filter(move |row| row.provenance.basis == basis);
    let groups = BASES.iter().filter(|(basis, _)| of(*basis).count() > 0).map(|(basis, name)| Group {
        title: w.say(&format!("basis-{name}"), &[("n", of(*basis).count().into())]),
        means: w.t(&format!("basis-{name}-means")),
        is_weak: matches!(basis, Basis::Unverified | Basis::Estimated),
        is_open: *basis == Basis::Unverified,
        rows: of(*basis).map(|row| one(row, w)).collect(),
    });
    let all = outcome.provenance.len();
    let weak = of(Basis::Unverified).count() + of(Basis::Estimated).count();
    let title = w.say("assumptions-title", &[("weak", weak.into()), ("n", all.into())]);
    let ranges = outcome.provenance.iter().filter(|row| row.range.is_some()).count();
    let causes: Vec<String> =
        outcome.scenario.outages.iter().map(|o| w.phrase(&o.cause.name().replace('_', " "))).collect();
    let off = drsim_experiment::scenario::Cause::ALL.len() - causes.len();
    let intro = w.say(
        "assumptions-intro",
        &[("ranges", ranges.into()), ("n", all.into()), ("causes", causes.join(", ").into()), ("off", off.into())],
    );
    let warnings = outcome.warnings.iter().map(|warning| w.phrase(warning)).collect();
    let view = View { w, intro, warnings, doubts: doubts(outcome, w)?, groups: groups.collect() };
    Ok(Some(Section { id: "assumptions", name: w.t("assumptions-name"), title, body: rendered(&view)? }))
}

/// What nobody vouches for and something hangs on, input by input.
fn doubts(outcome: &Outcome, w: &Words) -> Result<String, ReportError> {
    let Some(doubts) = &outcome.doubts else { return Ok(String::new()) };
    let row =
        |row: crate::doubts::Row<'_>| {
            let word = |text: String| Number::none(text);
            let first = |text: String| Number::none(if row.is_first { text } else { String::new() });
            let mut cells = vec![
                first(row.why(w)),
                first(row.doubt.owner.clone().unwrap_or_default()),
                first(row.tried(w)),
                word(row.headline(outcome, w)),
            ];
            let ends = row.values(w).into_iter().zip(["base", "low", "high"]);
            cells.extend(ends.map(|((text, figure), end)| {
                Number::new(w, &text, figure.estimate, format!("{}/{end}/estimate", row.at))
            }));
            Cells::named(if row.is_first { row.input(w) } else { String::new() }, cells)
        };
    let words = ["input", "doubts-why", "owner", "doubts-tried", "doubts-moves"].map(|key| (w.t(key), false));
    let numbers = ["doubts-base", "doubts-low", "doubts-high"].map(|key| (w.t(key), true));
    let heads = words.into_iter().chain(numbers).collect();
    let table = Table { caption: String::new(), heads, rows: rows(doubts).map(row).collect() };
    let notes = not_tried(doubts, w).into_iter().collect();
    body(vec![counts(doubts, w), lead(outcome, doubts, w)], vec![table], notes)
}

fn one<'a>(row: &'a ProvenanceRow, w: &Words) -> Row<'a> {
    Row {
        path: &row.path,
        value: w.number(&row.value),
        range: row.range.as_deref().unwrap_or_default(),
        source: &row.provenance.source,
        owner: row.provenance.owner.as_deref().unwrap_or_default(),
        given: match &row.provenance.given {
            Given::Scenario { line } => w.say("given-scenario", &[("line", (*line).into())]),
            Given::Base { file, line } => {
                w.say("given-base", &[("file", file.as_str().into()), ("line", (*line).into())])
            }
            Given::CommandLine => w.t("given-command-line"),
            Given::BuiltIn => w.t("given-built-in"),
        },
    }
}
