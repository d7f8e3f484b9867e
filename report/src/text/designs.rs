//! The designs side by side, a row each.

use super::level;
use crate::format::{NONE, amount, amount_short, duration_figure, duration_or_interval, thousands, thousands_figure};
use crate::table::{Cell, Column, Table, Tone};
use crate::wording::{baseline, bill_of, unit_of_money};
use crate::words::Words;
use crate::worth::mark;
use drsim_experiment::outcome::{DesignResult, Figure, Outcome};

/// Population columns of the table.
const POPULATIONS_MAX: usize = 2;

/// One row per architecture.
pub(super) fn designs_table(outcome: &Outcome, w: &Words, designs: &[&DesignResult]) -> Table {
    let populations = shown_populations(outcome);
    let two = |key: &str| {
        let words = w.t(key);
        let (first, second) = words.split_once(" / ").unwrap_or((&words, ""));
        Column::number(first, second)
    };
    let mut columns = vec![Column::words(&w.t("text-designs"), "", 18)];
    for key in ["text-reads", "text-writes"] {
        columns.extend([Column::number(&w.t(key), "P50"), Column::number(&w.t("text-back"), "P99")]);
    }
    columns.push(two("text-oldest-file"));
    let excess = excess_of_outages(outcome);
    let least = populations.iter().copied().min_by(|a, b| excess[*a].total_cmp(&excess[*b]).then(b.cmp(a)));
    for (k, i) in populations.iter().enumerate() {
        let name = outcome.designs.first().map_or("", |d| &d.outages_met[*i].population);
        let goes = if populations.len() > 1 && least == Some(*i) { 2 } else { 1 };
        let first = w.t(if k == 0 { "text-outages" } else { "text-a-year" });
        columns.push(Column::number(&first, name).shrinks_to(8).goes(goes));
    }
    columns.extend(money_columns(outcome, w));
    columns.push(two("text-minutes-down").goes(4));
    columns.push(two("text-failed").goes(5));
    columns.push(two("text-claims-kept"));
    let row = |d: &&DesignResult| {
        let mark = match (d.is_proposed, d.worse_than_baseline) {
            (true, true) => "*!",
            (true, false) => "* ",
            (false, true) => "! ",
            (false, false) => "  ",
        };
        let tone = if d.worse_than_baseline { Tone::Bad } else { Tone::Plain };
        let mut cells: Vec<Cell> = vec![Cell { tone, ..format!("{mark}{}", d.architecture).into() }];
        for (half, late) in [&d.reads_back, &d.writes_back] {
            cells.extend([duration_figure(half), duration_or_interval(late)].map(Cell::from));
        }
        cells.push(d.oldest_file_p95.as_ref().map_or_else(|| w.t("text-returns"), duration_figure).into());
        for i in &populations {
            cells.push(d.outages_met.get(*i).map_or(NONE.into(), |met| {
                let more = d.worse_than_baseline && met.per_year.estimate > met.baseline_per_year.estimate;
                Cell { tone: if more { Tone::Bad } else { Tone::Plain }, ..amount(&met.per_year).into() }
            }));
        }
        cells.extend(money_cells(outcome, w, d));
        cells.push(amount(&d.downtime_minutes_per_year).into());
        cells.push(amount_short(&d.failed_requests_per_year).into());
        let kept = d.claims_kept.filter(|(_, _, judged)| *judged > 0).map_or(NONE.into(), |kept| match kept {
            (kept, 0, judged) => format!("{kept}/{judged}"),
            (kept, open, judged) => format!("{kept}+{open}?/{judged}"),
        });
        cells.push(kept.into());
        for cell in &mut cells[1..] {
            cell.text = w.number(&cell.text);
        }
        cells
    };
    Table { columns, rows: designs.iter().map(row).collect() }
}

/// The baseline's bill and work, and what every other design adds to them; then the expected loss.
fn money_cells(outcome: &Outcome, w: &Words, design: &DesignResult) -> Vec<Cell> {
    let Some(bill) = bill_of(outcome, &design.architecture) else {
        return vec![NONE.into(); money_columns(outcome, w).len()];
    };
    let plus = |figure: &Figure| match figure.estimate {
        Some(more) if more > 0.0 => format!("+{}", thousands(more)),
        Some(more) => thousands(more),
        None => NONE.into(),
    };
    let cloud = if design.is_baseline {
        bill.cloud_a_year.estimate.map_or(NONE.into(), thousands)
    } else {
        plus(&bill.cloud_more_a_year)
    };
    let mut cells: Vec<Cell> = vec![cloud.into()];
    if outcome.scenario.money.person_day.is_some() {
        let own = |people: &Figure| if design.is_baseline { NONE.into() } else { plus(people) };
        cells.push(bill.people_more_a_year.as_ref().map_or(NONE.into(), own).into());
    }
    if let Some(loss) = outcome.losses.iter().find(|loss| loss.architecture == design.architecture) {
        cells.push(thousands_figure(&loss.mean).into());
    }
    cells
}

/// The columns of money: what is estimated.
fn money_columns(outcome: &Outcome, w: &Words) -> Vec<Column> {
    let unit = w.say("text-money-a-year", &[("unit", unit_of_money(outcome).into())]);
    let names = [
        ("text-bill", !outcome.bills.is_empty()),
        ("text-people", !outcome.bills.is_empty() && outcome.scenario.money.person_day.is_some()),
        ("text-loss", !outcome.losses.is_empty()),
    ];
    names.into_iter().filter(|(_, shown)| *shown).map(|(key, _)| Column::number(&w.t(key), &unit)).collect()
}

/// The populations with a column: those that some design treats worst, in the scenario's order.
fn shown_populations(outcome: &Outcome) -> Vec<usize> {
    let excess = excess_of_outages(outcome);
    let mut order: Vec<usize> = (0..excess.len()).collect();
    order.sort_by(|a, b| excess[*b].total_cmp(&excess[*a]).then(a.cmp(b)));
    order.truncate(POPULATIONS_MAX);
    order.sort_unstable();
    order
}

/// By population, how many more outages a year it meets than under the baseline, in the design that treats it worst.
fn excess_of_outages(outcome: &Outcome) -> Vec<f64> {
    let n = outcome.designs.iter().map(|d| d.outages_met.len()).min().unwrap_or(0);
    let excess = |i: usize| {
        let more =
            |d: &DesignResult| Some(d.outages_met[i].per_year.estimate? - d.outages_met[i].baseline_per_year.estimate?);
        outcome.designs.iter().filter_map(more).fold(0.0, f64::max)
    };
    (0..n).map(excess).collect()
}

/// What the marks and columns of the table of designs mean; the most needed first.
pub(super) fn footnotes(outcome: &Outcome, w: &Words) -> Vec<String> {
    let designs = &outcome.designs;
    let under = baseline(outcome).map_or_else(|| w.t("text-note-the-baseline"), |b| b.architecture.clone());
    let mut notes = vec![w.t("text-note-proposed")];
    if designs.iter().any(|d| d.worse_than_baseline) {
        notes.push(w.say("text-note-worse", &[("baseline", under.into())]));
    }
    if designs.iter().any(|d| d.claims_kept.is_some_and(|(_, open, judged)| open > 0 && judged > 0)) {
        notes.push(w.t("text-note-open"));
    }
    let times = |d: &DesignResult| {
        [d.reads_back.0, d.reads_back.1, d.writes_back.0, d.writes_back.1, d.oldest_file_p95.unwrap_or(d.reads_back.0)]
    };
    if designs.iter().flat_map(times).any(|f| duration_figure(&f) == NONE) {
        notes.push(w.t("text-note-few"));
    }
    if designs.iter().any(|d| d.oldest_file_p95.is_none()) {
        notes.push(w.t("text-note-returns"));
    }
    if let Some(mark) = mark(outcome, w) {
        notes.push(w.say("text-note-money", &[("mark", mark.into())]));
    }
    if outcome.bills.iter().any(|b| b.unpriced > 0) {
        notes.push(w.t("text-note-unpriced"));
    }
    notes.push(w.t("text-note-back"));
    if designs.iter().any(|d| [d.reads_back.1, d.writes_back.1].iter().any(|f| duration_or_interval(f).contains("..")))
    {
        notes.push(w.say("text-note-interval", &[("level", level(outcome).to_string().into())]));
    }
    notes.push(w.t("text-note-oldest"));
    notes.push(w.t("text-note-down"));
    let (shown, all) =
        (shown_populations(outcome).len(), designs.iter().map(|d| d.outages_met.len()).max().unwrap_or(0));
    if all > shown {
        notes.push(w.say("text-note-populations", &[("n", (all - shown).into())]));
    }
    notes
}
