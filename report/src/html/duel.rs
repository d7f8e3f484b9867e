//! The duel and the Pareto front: the proposed design against the others on the same chance, and which of them no other
//! beats.

use super::Section;
use super::figures::{Row, Table, row, section as drawn};
use super::number::Number;
use crate::compare::{headline, objective_name, objective_value, saves, with_interval};
use crate::files::ReportError;
use crate::plots;
use crate::words::Words;
use drsim_experiment::compare::Duel;
use drsim_experiment::compare::front::Objective;
use drsim_experiment::outcome::Outcome;

/// The proposed design against the baseline as a figure, against every other in a table.
pub(super) fn duel(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(found) = plots::proposed_against_baseline(outcome) else { return Ok(None) };
    let own = outcome.duels.iter().enumerate().filter(|(_, d)| d.architecture == found.architecture);
    let rows: Vec<Row> = own.map(|(i, duel)| against(outcome, w, i, duel)).collect();
    let heads = ["duel-sooner", "duel-tie", "duel-later", "duel-difference", "duel-variance"];
    let caption = w.say("duel-table", &[("a", found.architecture.as_str().into())]);
    let table = Table { caption, heads: heads.map(|head| w.t(head)).to_vec(), rows };
    let draw = |outcome: &Outcome, sheet, w: &Words| plots::duel(outcome, &found, sheet, w);
    drawn(outcome, w, "duel", draw, vec![table])
}

fn against(outcome: &Outcome, w: &Words, i: usize, duel: &Duel) -> Row {
    let (outages, down) = headline(duel);
    let place = |row: &drsim_experiment::compare::DuelRow| {
        let k = duel.rows.iter().position(|other| std::ptr::eq(other, row)).unwrap_or(0);
        format!("/duels/{i}/rows/{k}")
    };
    let mut cells = Vec::new();
    for part in ["a_better", "tie", "b_better"] {
        cells.push(outages.map_or(Number::none("-"), |row| {
            let figure = match part {
                "a_better" => &row.a_better,
                "tie" => &row.tie,
                _ => &row.b_better,
            };
            Number::share(w, figure.estimate, figure.interval, format!("{}/{part}/estimate", place(row)))
        }));
    }
    let means = down.and_then(|row| Some((row, row.means.as_ref()?)));
    cells.push(means.map_or(Number::none("-"), |(_, means)| {
        // In words, since it stands in minutes there.
        Number::none(w.number(&with_interval("min/year", &means.difference)))
    }));
    cells.push(means.map_or(Number::none("-"), |(row, means)| {
        let words = saves(row);
        let words = words.strip_prefix("x ").unwrap_or(&words);
        Number::new(w, words, means.variance_ratio, format!("{}/means/variance_ratio", place(row)))
    }));
    row(outcome, &duel.against, "", cells)
}

/// Every design by its cost and downtime; a table of all that is held against each other.
pub(super) fn front(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.front.is_empty() {
        return Ok(None);
    }
    let rows = outcome.front.iter().map(|standing| {
        let value = |(objective, figure)| Number::none(w.number(&objective_value(outcome, objective, figure)));
        let mut cells: Vec<Number> = Objective::ALL.into_iter().zip(&standing.values).map(value).collect();
        cells.push(Number::none(crate::compare::dominated(standing, w)));
        row(outcome, &standing.architecture, "", cells)
    });
    let rows = rows.collect();
    let mut heads = Objective::ALL.map(|objective| objective_name(objective, w)).to_vec();
    heads.push(w.t("front-dominated"));
    drawn(outcome, w, "front", plots::front, vec![Table { caption: w.t("front-note"), heads, rows }])
}
