//! The designs side by side: each in one row, against the baseline.

use super::number::Number;
use super::{Section, colour_class, rendered};
use crate::files::ReportError;
use crate::wording::baseline;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{DesignResult, Outcome};

struct Row<'a> {
    name: &'a str,
    colour: String,
    remark: String,
    is_proposed: bool,
    is_baseline: bool,
    is_worse: bool,
    cells: Vec<Number>,
}

#[derive(Template)]
#[template(path = "designs.html")]
struct View<'a> {
    w: &'a Words,
    populations: Vec<&'a str>,
    rows: Vec<Row<'a>>,
    note: String,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.designs.len() < 2 {
        return Ok(None);
    }
    let populations: Vec<&str> =
        outcome.designs.first().map_or(vec![], |d| d.outages_met.iter().map(|met| met.population.as_str()).collect());
    let columns = populations.len();
    let rows = outcome.designs.iter().enumerate().map(|(i, d)| row(outcome, w, d, i, columns)).collect();
    let under = baseline(outcome).map_or(String::new(), |b| b.architecture.clone());
    let worse = outcome.designs.iter().filter(|d| d.worse_than_baseline).count();
    let title = w.say(
        "designs-title",
        &[("worse", worse.into()), ("others", (outcome.designs.len() - 1).into()), ("baseline", under.as_str().into())],
    );
    let level = crate::text::level(outcome).to_string();
    let note = w.say("designs-note", &[("baseline", under.as_str().into()), ("level", level.into())]);
    let view = View { w, populations, rows, note };
    Ok(Some(Section { id: "designs", name: w.t("designs-name"), title, body: rendered(&view)? }))
}

fn row<'a>(outcome: &Outcome, w: &Words, d: &'a DesignResult, i: usize, populations: usize) -> Row<'a> {
    let at = |field: &str| format!("/designs/{i}/{field}");
    let window = |figure: &Option<drsim_experiment::outcome::Figure>, field: &str| match figure {
        Some(figure) => Number::duration_wide(w, figure, &at(field)),
        None => Number::none(w.t("returns")),
    };
    let mut cells = vec![
        Number::duration(w, &d.reads_back.0, &at("reads_back/0")),
        Number::duration_wide(w, &d.reads_back.1, &at("reads_back/1")),
        Number::duration(w, &d.writes_back.0, &at("writes_back/0")),
        Number::duration_wide(w, &d.writes_back.1, &at("writes_back/1")),
        window(&d.oldest_file_p95, "oldest_file_p95"),
        window(&d.oldest_row_p95, "oldest_row_p95"),
    ];
    cells.extend((0..populations).map(|p| {
        d.outages_met.get(p).map_or(Number::none("-"), |met| {
            Number::amount(w, &met.per_year, &at(&format!("outages_met/{p}/per_year")))
        })
    }));
    cells.push(Number::amount(w, &d.downtime_minutes_per_year, &at("downtime_minutes_per_year")));
    cells.push(Number::amount_short(w, &d.failed_requests_per_year, &at("failed_requests_per_year")));
    let pair = outcome.comparisons.iter().enumerate().find(|(_, c)| c.architecture == d.architecture);
    cells.push(pair.map_or(Number::none(""), |(i, c)| {
        Number::amount_short(w, &c.difference, &format!("/comparisons/{i}/difference"))
    }));
    cells.push(Number::none(d.claims_kept.filter(|(_, _, judged)| *judged > 0).map_or(
        "-".into(),
        |kept| match kept {
            (kept, 0, judged) => format!("{kept}/{judged}"),
            (kept, open, judged) => format!("{kept}+{open}?/{judged}"),
        },
    )));
    Row {
        name: &d.architecture,
        colour: colour_class(outcome, &d.architecture),
        remark: if d.remark.is_empty() { String::new() } else { w.phrases(&d.remark) },
        is_proposed: d.is_proposed,
        is_baseline: d.is_baseline,
        is_worse: d.worse_than_baseline,
        cells,
    }
}
