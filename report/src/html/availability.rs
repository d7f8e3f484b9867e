//! Availability promised, designed and simulated, and the error budget.

use super::Section;
use super::number::Number;
use super::tables::{Row, Table, heads, section as tables_section};
use crate::availability::{Finding, finding, formula, nines};
use crate::files::ReportError;
use crate::format::{amount, number};
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::{AvailabilityResult, Figure, Outcome};

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(design) = proposed(outcome) else { return Ok(None) };
    let Some(own) = outcome.availability.iter().find(|a| a.architecture == design.architecture) else {
        return Ok(None);
    };
    let head = ["design", "sla-promised", "sla-designed", "sla-simulated", "sla-beyond"];
    let paths = (0..own.paths.len()).map(|p| Table {
        caption: w.say("sla-table", &[("operation", w.t(&format!("sla-{}", own.paths[p].operation)).into())]),
        heads: heads(w, &head),
        rows: rows(outcome, |i, found| path_cells(w, i, p, found)),
    });
    let budget = Table {
        caption: w.say("sla-budget-table", &[("target", target(own).into()), ("minutes", minutes(own).into())]),
        heads: heads(
            w,
            &["design", "sla-months", "sla-years", "sla-front", "sla-one", "sla-both", "sla-tail", "sla-credits"],
        ),
        rows: rows(outcome, |i, found| Some(budget_cells(w, i, found))),
    };
    let written = own.paths.iter().find(|p| p.operation == "write");
    let mut notes = Vec::new();
    if let Some(path) = written {
        notes.push(
            w.say("sla-formula", &[("design", own.architecture.as_str().into()), ("formula", formula(path).into())]),
        );
    }
    let currency = outcome.scenario.money.currency.code();
    notes.push(w.say("sla-note", &[("causes", causes(outcome).into()), ("currency", currency.into())]));
    let all: Vec<Table> = paths.chain([budget]).collect();
    tables_section(("availability", w.t("sla-name"), title(outcome, own, w)), vec![], all, notes)
}

fn rows(outcome: &Outcome, cells: impl Fn(usize, &AvailabilityResult) -> Option<Vec<Number>>) -> Vec<Row> {
    let row =
        |(i, found): (usize, &AvailabilityResult)| Some(Row::of_design(outcome, &found.architecture, cells(i, found)?));
    outcome.availability.iter().enumerate().filter_map(row).collect()
}

fn path_cells(w: &Words, i: usize, p: usize, found: &AvailabilityResult) -> Option<Vec<Number>> {
    let (path, at) = (found.paths.get(p)?, format!("/availability/{i}/paths/{p}"));
    let known = |value: f64, field: &str| Number::new(w, &nines(value, None), Some(value), format!("{at}/{field}"));
    let simulated = path.simulated.estimate.map_or("-".into(), |value| nines(value, path.simulated.interval));
    Some(vec![
        known(path.promised, "promised"),
        known(path.designed, "designed"),
        Number::new(w, &simulated, path.simulated.estimate, format!("{at}/simulated/estimate")),
        minutes_of(w, &path.misleads_minutes, &format!("{at}/misleads_minutes")),
    ])
}

fn budget_cells(w: &Words, i: usize, found: &AvailabilityResult) -> Vec<Number> {
    let at = |field: &str| format!("/availability/{i}/{field}");
    let share =
        |figure: &Figure, field: &str| Number::share(w, figure.estimate, figure.interval, at(field) + "/estimate");
    let amount = |figure: &Figure, field: &str| minutes_of(w, figure, &at(field));
    vec![
        share(&found.months_spent, "months_spent"),
        share(&found.years_spent, "years_spent"),
        amount(&found.down_without_region, "down_without_region"),
        amount(&found.down_one_region, "down_one_region"),
        amount(&found.down_both_regions, "down_both_regions"),
        amount(&found.down_one_in_100, "down_one_in_100"),
        amount(&found.credits_a_year, "credits_a_year"),
    ]
}

/// An amount, or its interval where that leaves no digit of it.
fn minutes_of(w: &Words, figure: &Figure, at: &str) -> Number {
    let words = amount(figure);
    match (figure.estimate, figure.interval) {
        (Some(value), Some((low, high))) if value != 0.0 && ["0", "-0"].contains(&words.as_str()) => {
            let words = format!("{} .. {}", number(low, 2), number(high, 2));
            Number::new(w, &words, figure.estimate, format!("{at}/estimate"))
        }
        _ => Number::amount(w, figure, at),
    }
}

fn target(found: &AvailabilityResult) -> String {
    format!("{} %", number(100.0 * found.target, 4))
}

fn minutes(found: &AvailabilityResult) -> String {
    number(found.budget_minutes, 1)
}

fn causes(outcome: &Outcome) -> String {
    let on: Vec<&str> = outcome.scenario.outages.iter().map(|input| input.cause.name()).collect();
    on.join(", ").replace('_', " ")
}

fn title(outcome: &Outcome, own: &AvailabilityResult, w: &Words) -> String {
    let Some(Finding { arithmetic, simulated, one, both, operation }) = finding(own) else {
        return w.t("sla-title-plain");
    };
    let operation = w.t(&format!("sla-{operation}"));
    let gaps = [
        ("design", own.architecture.as_str().into()),
        ("operation", operation.as_str().into()),
        ("arithmetic", w.number(&amount(&arithmetic)).into()),
        ("simulated", w.number(&amount(&simulated)).into()),
        ("one", w.number(&amount(&one)).into()),
        ("both", w.number(&amount(&both)).into()),
    ];
    let alone = outcome.scenario.architectures.iter().any(|a| a.name == own.architecture && !a.second_region);
    w.say(if alone { "sla-title-alone" } else { "sla-title" }, &gaps)
}
