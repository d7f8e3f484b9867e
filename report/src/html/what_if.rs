//! What the further runs of a report found: which inputs the claims hang on and what knowing them is worth, and a map of where
//! a claim turns. Their numbers stand in `sensitivity.json` and `sweep.json` beside `results.json`.

use super::Section;
use super::figures::figure;
use super::number::Number;
use super::tables::{Row, Table, body};
use crate::files::ReportError;
use crate::plots::{self, Sheet};
use crate::sensitivity::{basis, percent, points};
use crate::sweep::{value, what};
use crate::words::Words;
use crate::worth::{knowing, worth_knowing};
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity};
use drsim_experiment::decide::sweep::Sweep;
use drsim_experiment::outcome::Outcome;

/// Inputs with a row at most.
const MOST: usize = 12;

/// Inputs that are worth a sentence.
const NEXT: usize = 3;

/// Which inputs the claims of the proposed design hang on, and what to measure next.
pub(super) fn sensitivity(
    outcome: &Outcome,
    found: Option<&Sensitivity>,
    w: &Words,
) -> Result<Option<Section>, ReportError> {
    let Some(found) = found else { return Ok(None) };
    let Some(leading) = found.leading() else { return Ok(None) };
    let draw = |sheet| plots::tornado(found, leading, sheet, w);
    let (wide, narrow) = (draw(Sheet::WIDE)?, draw(Sheet::NARROW)?);
    let title = wide.title.clone();
    // A claim that hangs on nothing needs no bars: the heading says so.
    let drawn =
        if leading.decided_by().is_some() { figure(w, "sensitivity", wide, &narrow, vec![])? } else { String::new() };
    let lead = outcome.value_of_knowing.as_ref().map(|money| knowing(money, NEXT, w)).into_iter().collect();
    let note = w.say("inputs-note", &[("n", found.without_range.into())]);
    let body = drawn + &body(lead, vec![inputs(outcome, found, w)], vec![note])?;
    Ok(Some(Section { id: "sensitivity", name: w.t("sensitivity-name"), title, body }))
}

/// A row per input that moves some claim beyond its noise, or is worth knowing: what it moves, and who answers for it.
fn inputs(outcome: &Outcome, found: &Sensitivity, w: &Words) -> Table {
    let decisive = |bar: &Bar| bar.difference.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
    let size = |name: &str| {
        let of = |bars: &[Bar]| {
            let bar = bars.iter().find(|bar| bar.input == name && decisive(bar))?;
            bar.difference.estimate.map(f64::abs)
        };
        found.claims.iter().filter_map(|claim| of(&claim.bars)).fold(0.0, f64::max)
    };
    let worth = |name: &str| {
        let money = outcome.value_of_knowing.as_ref()?;
        let k = money.inputs.iter().position(|input| input.input == name)?;
        Some((k, &money.inputs[k]))
    };
    let pays = |name: &str| worth(name).is_some_and(|(_, input)| input.value.estimate.is_some_and(|value| value > 0.0));
    let mut names: Vec<&str> = found.claims[0].bars.iter().map(|bar| bar.input.as_str()).collect();
    names.retain(|name| size(name) > 0.0 || pays(name));
    names.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.cmp(b)));
    names.truncate(MOST);
    let row = |name: &str| {
        let first = found.claims[0].bars.iter().find(|bar| bar.input == name);
        let range = first.and_then(|bar| bar.range.as_ref()).map_or(String::new(), |range| w.phrase(range));
        let mut cells = vec![Number::none(range)];
        for (c, claim) in found.claims.iter().enumerate() {
            let Some(b) = claim.bars.iter().position(|bar| bar.input == name) else { continue };
            let difference = &claim.bars[b].difference;
            let at = format!("sensitivity.json#/claims/{c}/bars/{b}/difference/estimate");
            let points = points(difference);
            cells.push(match points.as_str() {
                "0" | "-" => Number::none(points),
                _ => Number::new(w, &points, difference.estimate, at),
            });
        }
        if outcome.value_of_knowing.is_some() {
            cells.push(worth(name).map_or(Number::none("-"), |(k, input)| {
                let at = format!("/value_of_knowing/inputs/{k}/value/estimate");
                Number::new(w, &worth_knowing(input, w), input.value.estimate, at)
            }));
        }
        cells.push(Number::none(first.and_then(|bar| bar.owner.clone()).unwrap_or_else(|| "-".into())));
        cells.push(Number::none(basis(first.and_then(|bar| bar.basis), w)));
        Row::named(name.to_owned(), cells)
    };
    let mut heads = vec![(w.t("input"), false), (w.t("range-stated"), false)];
    heads.extend(found.claims.iter().map(|claim| (claim.asked.name.clone(), true)));
    if let Some(money) = &outcome.value_of_knowing {
        heads.push((w.say("inputs-worth", &[("currency", money.currency.as_str().into())]), true));
    }
    heads.extend([(w.t("owner"), false), (w.t("hangs-basis-head"), false)]);
    let claims: Vec<String> =
        found.claims.iter().map(|claim| format!("{}: {} %", what(&claim.asked, w), percent(&claim.base))).collect();
    let caption = w.say("inputs-table", &[("claims", claims.join("; ").into())]);
    Table { caption, heads, rows: names.into_iter().map(row).collect() }
}

/// Where a claim turns, over two fields.
pub(super) fn map(found: Option<&Sweep>, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(found) = found.filter(|found| found.axes.len() == 2 && !found.cells.is_empty()) else { return Ok(None) };
    let draw = |sheet| plots::map(found, (0, 0), "map".into(), (sheet, w));
    let (wide, narrow) = (draw(Sheet::WIDE)?, draw(Sheet::NARROW)?);
    let title = wide.title.clone();
    let body = figure(w, "map", wide, &narrow, vec![])? + &body(vec![], vec![grid(found, w)], vec![])?;
    Ok(Some(Section { id: "map", name: w.t("map-name"), title, body }))
}

/// The same as numbers.
fn grid(found: &Sweep, w: &Words) -> Table {
    let (x, y, asked) = (&found.axes[0], &found.axes[1], &found.asked[0]);
    let cell = |i: usize, j: usize| {
        let k = found.cells.iter().position(|c| c.at == [i, j] && c.architecture == 0 && c.asked == 0);
        k.map_or(Number::none("-"), |k| {
            let own = &found.cells[k].found;
            let unit = if asked.is_claim { " %" } else { "" };
            let words = value(asked, own, w);
            let words = if words == "-" { words } else { words + unit };
            Number::new(w, &words, own.figure.estimate, format!("sweep.json#/cells/{k}/estimate"))
        })
    };
    let row = |j: usize| Row::named(y.values[j].clone(), (0..x.values.len()).map(|i| cell(i, j)).collect());
    let gaps = [("x", x.path.as_str().into()), ("y", y.path.as_str().into()), ("what", what(asked, w).into())];
    let heads = std::iter::once((String::new(), false)).chain(x.values.iter().map(|value| (value.clone(), true)));
    Table {
        caption: w.say("map-table", &gaps),
        heads: heads.collect(),
        rows: (0..y.values.len()).rev().map(row).collect(),
    }
}
