//! Whether the survivor carries everyone: what the busiest region needs against what it has, for the proposed design.

use super::number::Number;
use super::{Section, rendered};
use crate::files::ReportError;
use crate::format::{count, share};
use crate::wording::proposed;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{CapacityResult, Figure, Outcome};

struct Row {
    resource: String,
    limit: Number,
    needed: [Number; 2],
    /// Needed in 99 % of the outages, or 95 %, as a share of the limit, in percent of the width; whether it is above.
    load: Option<(f64, bool)>,
    first_short: Number,
}

#[derive(Template)]
#[template(path = "capacity.html")]
struct View<'a> {
    w: &'a Words,
    rows: Vec<Row>,
    /// What has to be raised together.
    together: Option<String>,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(design) = proposed(outcome) else { return Ok(None) };
    let own: Vec<(usize, &CapacityResult)> = outcome
        .capacity
        .iter()
        .enumerate()
        .filter(|(_, c)| c.architecture == design.architecture && c.limit > 0.0)
        .filter(|(_, c)| c.required.0.estimate.is_some())
        .collect();
    if own.is_empty() {
        return Ok(None);
    }
    let needed = |c: &CapacityResult| c.required.1.estimate.or(c.required.0.estimate).unwrap_or(0.0);
    let tightest = own.iter().map(|(_, c)| *c).max_by(|a, b| (needed(a) / a.limit).total_cmp(&(needed(b) / b.limit)));
    let title = tightest.map_or(String::new(), |c| {
        let name = w.t(&format!("resource-{}", c.resource));
        let gaps = [
            ("design", design.architecture.as_str().into()),
            ("resource", name.as_str().into()),
            ("needed", w.number(&whole(needed(c))).into()),
            ("limit", w.number(&whole(c.limit)).into()),
        ];
        let short = own.iter().map(|(_, c)| *c).max_by(|a, b| share_short(a).total_cmp(&share_short(b)));
        match short.filter(|c| share_short(c) > 0.0) {
            Some(c) => w.say(
                "capacity-title-short",
                &[
                    ("design", design.architecture.as_str().into()),
                    ("share", share(share_short(c), c.first_short.interval).into()),
                    ("resource", w.t(&format!("resource-{}", c.resource)).into()),
                ],
            ),
            // Functions that start too slowly make people wait without a region being short of them.
            None if c.required.1.estimate.is_some_and(|needed| needed > c.limit) => w.say("capacity-title-over", &gaps),
            None => w.say("capacity-title", &gaps),
        }
    });
    let rows = own.iter().map(|(i, c)| row(c, *i, needed(c), w)).collect();
    Ok(Some(Section {
        id: "capacity",
        name: w.t("capacity-name"),
        title,
        body: rendered(&View { w, rows, together: sentence_of(outcome, w) })?,
    }))
}

/// Begins with a capital and ends with a full stop.
fn sentence_of(outcome: &Outcome, w: &Words) -> Option<String> {
    let sentence = crate::together::sentence(outcome, w)?;
    let mut letters = sentence.chars();
    let first = letters.next()?.to_uppercase().to_string();
    Some(format!("{first}{}.", letters.as_str()))
}

fn share_short(c: &CapacityResult) -> f64 {
    c.first_short.estimate.unwrap_or(0.0)
}

fn row(c: &CapacityResult, i: usize, needed: f64, w: &Words) -> Row {
    let at = |field: &str| format!("/capacity/{i}/{field}");
    let need = |figure: &Figure, field: &str| {
        let words = figure.estimate.map_or("-".into(), whole);
        Number::new(w, &words, figure.estimate, at(field))
    };
    // The track is one and a half times as wide as the limit.
    let load = (100.0 * needed / c.limit / 1.5).clamp(0.0, 100.0);
    Row {
        resource: w.t(&format!("resource-{}", c.resource)),
        limit: Number::new(w, &whole(c.limit), Some(c.limit), at("limit")),
        needed: [need(&c.required.0, "required/0/estimate"), need(&c.required.1, "required/1/estimate")],
        load: Some(((10.0 * load).round() / 10.0, needed > c.limit)),
        first_short: Number::share(w, c.first_short.estimate, c.first_short.interval, at("first_short/estimate")),
    }
}

/// Two digits below ten, whole above.
fn whole(value: f64) -> String {
    if value < 9.95 { format!("{value:.1}") } else { count(value.round() as u64) }
}
