//! Money in figures: net benefit against the price of an hour down, and how often a year loses more than so much.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, FORBIDDEN, GREY, GRID, INK, SMALL, Scale, Sheet, TITLE, Type, colour, shortened, svg,
    width_of, wrapped,
};
use crate::files::ReportError;
use crate::format::{count, share, thousands};
use crate::wording::{proposed, unit_of_money};
use crate::words::Words;
use crate::worth::mark;
use drsim_experiment::outcome::{LossResult, Outcome};
use drsim_experiment::world::WorldDraws;
use std::fmt::Write as _;

const HEIGHT: f64 = 300.0;
const LEFT: f64 = 62.0;
const LINE: f64 = 18.0;

/// A line of a design: its place among the designs, and its points in pixels.
type Drawn = (usize, Vec<(f64, f64)>);

/// An axis: where it is labelled, and how it lies in an area.
type Axis = (Vec<(f64, String)>, Box<dyn Fn(Area) -> Scale>);

/// What stands around the lines.
struct Chart<'a> {
    name: &'static str,
    title: String,
    caption: String,
    axis: String,
    x: Axis,
    y: Axis,
    /// Shaded between these values of x, and marked at this one.
    given: Option<(f64, f64)>,
    marked: Option<(f64, String)>,
    /// Values of x that the pointer gives, from left to right.
    stops: Vec<f64>,
    /// What it gives there.
    tip: Box<dyn Fn(f64) -> String + 'a>,
}

/// Strips under the pointer.
const STOPS: u32 = 48;

/// Net benefit of each design in a year against the price of an hour down: straight lines that pay above zero.
pub(crate) fn worth(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let lines: Vec<(usize, [f64; 3])> = outcome
        .losses
        .iter()
        .filter_map(|loss| {
            let known = [loss.hours_avoided?.estimate?, loss.beside_avoided?.estimate?, loss.more?.estimate?];
            Some((index(outcome, loss)?, known))
        })
        .collect();
    let net = |[hours, beside, more]: [f64; 3], price: f64| price * hours + beside - more;
    let own = proposed(outcome).and_then(|d| outcome.losses.iter().find(|l| l.architecture == d.architecture));
    let pays = own.and_then(|l| l.break_even_per_hour?.estimate);
    let money = &outcome.scenario.money;
    let rate = |value: f64| match &money.downtime {
        Some(amount) if amount.currency != money.currency => value * money.rate(&WorldDraws::base_case()),
        _ => value,
    };
    let given = money.downtime.as_ref().map(|amount| {
        let (low, high) = amount.input.range.unwrap_or((amount.input.value, amount.input.value));
        (rate(low), rate(high))
    });
    let far = 1.25 * pays.unwrap_or(0.0).max(given.map_or(1.0, |g| g.1)).max(1.0);
    let values = || lines.iter().flat_map(|(_, line)| [net(*line, 0.0), net(*line, far)]);
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let (low, high) = if high > low { (low, high) } else { (-1.0, 1.0) };
    let unit = unit_of_money(outcome);
    let title = match (own, pays) {
        (Some(own), Some(pays)) => {
            let gaps = [
                ("design", own.architecture.as_str().into()),
                ("price", w.number(&thousands(pays)).into()),
                ("unit", unit.into()),
            ];
            w.say("plot-worth-title", &gaps)
        }
        _ => w.t("plot-worth-title-plain"),
    };
    let chart = Chart {
        name: "net_benefit",
        title,
        caption: noted(outcome, w, "plot-worth-note"),
        axis: w.say("plot-worth-axis", &[("unit", unit.into())]),
        x: (ticks(0.0, far), Box::new(move |area| Scale::linear(0.0, far, area.left, area.right))),
        y: (ticks(low, high), Box::new(move |area| Scale::linear(low, high, area.bottom, area.top))),
        given,
        marked: pays.map(|pays| (pays, thousands(pays))),
        stops: (0..=STOPS).map(|k| far * f64::from(k) / f64::from(STOPS)).collect(),
        tip: Box::new(|price| {
            let mut words =
                w.say("plot-worth-tip", &[("price", w.number(&thousands(price)).into()), ("unit", unit.into())]);
            for (i, line) in &lines {
                let net = w.number(&thousands(net(*line, price)));
                _ = write!(words, "\n{}: {net}", outcome.designs[*i].architecture);
            }
            words
        }),
    };
    draw(outcome, (sheet, w), chart, |x, y| {
        lines.iter().map(|(i, line)| (*i, [0.0, far].map(|p| (x.at(p), y.at(net(*line, p)))).to_vec())).collect()
    })
}

/// Share of years that lose more than an amount.
pub(crate) fn exceedance(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    // With fewer than 3.7 years not even the share above is bounded.
    let least = (3.689 / outcome.manifest.replications.max(1) as f64).clamp(1e-6, 0.1);
    let points = |loss: &LossResult| -> Vec<(f64, f64)> {
        loss.exceedance.iter().copied().filter(|(x, share)| *x > 0.0 && *share >= least).collect()
    };
    let all = || outcome.losses.iter().flat_map(points);
    let (low, high) = all().fold((f64::INFINITY, 1.0), |(low, high), (x, _)| (low.min(x), f64::max(high, x)));
    let low = if low.is_finite() { low.max(high / 1e6).min(high / 10.0) } else { high / 10.0 };
    let unit = unit_of_money(outcome);
    let own = proposed(outcome).and_then(|d| outcome.losses.iter().find(|l| l.architecture == d.architecture));
    let title = own.map_or_else(
        || w.t("plot-exceedance-title-plain"),
        |own| {
            let gaps = [
                ("design", own.architecture.as_str().into()),
                ("share", share(own.any.estimate.unwrap_or(0.0), own.any.interval).into()),
            ];
            w.say("plot-exceedance-title", &gaps)
        },
    );
    let decades = |from: f64, to: f64| {
        let exponents = (from.log10().ceil() as i32)..=(to.log10().floor() as i32);
        exponents.map(|e| 10_f64.powi(e)).collect::<Vec<f64>>()
    };
    let percent = |y: f64| {
        let decimals = usize::try_from(-((100.0 * y).log10().floor() as i32)).unwrap_or(0);
        format!("{:.decimals$} %", 100.0 * y)
    };
    let chart = Chart {
        name: "loss_exceedance",
        title,
        caption: noted(outcome, w, "plot-exceedance-note"),
        axis: w.say("plot-exceedance-axis", &[("unit", unit.into())]),
        x: (
            decades(low, high).into_iter().map(|x| (x, plain(x / 1e3))).collect(),
            Box::new(move |area| Scale::log(low, high, area.left, area.right)),
        ),
        y: (
            decades(least, 1.0).into_iter().map(|y| (y, percent(y))).collect(),
            Box::new(move |area| Scale::log(least, 1.0, area.bottom, area.top)),
        ),
        given: None,
        marked: None,
        stops: (0..=STOPS).map(|k| low * (high / low).powf(f64::from(k) / f64::from(STOPS))).collect(),
        tip: Box::new(|amount| {
            let gaps = [("amount", w.number(&thousands(amount)).into()), ("unit", unit.into())];
            let mut words = w.say("plot-exceedance-tip", &gaps);
            for loss in &outcome.losses {
                let beyond = loss.exceedance.iter().take_while(|p| p.0 <= amount).last().map(|p| p.1);
                let beyond = beyond.or(loss.any.estimate).unwrap_or(0.0);
                let said = if beyond < least {
                    format!("<{}", share(least, Some((0.0, 2.0 * least))))
                } else {
                    share(beyond, Some((0.95 * beyond, 1.05 * beyond)))
                };
                _ = write!(words, "\n{}: {said} %", loss.architecture);
            }
            words
        }),
    };
    draw(outcome, (sheet, w), chart, |x, y| {
        let one = |loss: &LossResult| {
            let own = points(loss);
            let first = own.first()?.1;
            let start = std::iter::once((x.at(low), y.at(loss.any.estimate.unwrap_or(first).max(first))));
            let line = start.chain(own.iter().map(|(v, share)| (x.at(*v), y.at(*share)))).collect();
            Some((index(outcome, loss)?, line))
        };
        outcome.losses.iter().filter_map(one).collect()
    })
}

fn index(outcome: &Outcome, loss: &LossResult) -> Option<usize> {
    outcome.designs.iter().position(|d| d.architecture == loss.architecture)
}

/// A number without digits that say nothing: "0.01", "10", "1,000".
fn plain(value: f64) -> String {
    if value >= 1.0 { count(value.round() as u64) } else { format!("{value}") }
}

/// Some five round values between two, in thousands.
fn ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let raw = (high - low) / 5.0;
    let unit = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|k| k * unit).into_iter().find(|s| *s >= raw).unwrap_or(raw);
    let (from, to) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (from..=to).map(|k| k as f64 * step).map(|value| (value, thousands(value))).collect()
}

fn draw(
    outcome: &Outcome,
    (sheet, w): (Sheet, &Words),
    chart: Chart<'_>,
    lines: impl Fn(&Scale, &Scale) -> Vec<Drawn>,
) -> Result<Picture, ReportError> {
    let margin = sheet.margin();
    let inner = sheet.width - 2.0 * margin;
    let (title_lines, caption_lines) = if sheet.alone {
        (wrapped(&chart.title, TITLE, inner, 3), wrapped(&chart.caption, SMALL, inner, 4))
    } else {
        (vec![], vec![])
    };
    // The key, above the panel.
    let mut key: Vec<(usize, f64, f64)> = Vec::new();
    let (mut at, mut row) = (0.0, 0.0);
    for loss in &outcome.losses {
        let Some(i) = index(outcome, loss) else { continue };
        let room = 30.0 + width_of(&shortened(&loss.architecture, named(outcome, i), 190.0), named(outcome, i));
        if at > 0.0 && at + room > inner {
            (at, row) = (0.0, row + LINE);
        }
        key.push((i, margin + at, row));
        at += room;
    }
    let head = if sheet.alone { 20.0 + 26.0 * title_lines.len() as f64 } else { 8.0 };
    let top = head + row + LINE + 26.0;
    let area = Area { left: margin + LEFT, top, right: sheet.width - margin - 6.0, bottom: top + HEIGHT };
    let (x, y) = (chart.x.1(area), chart.y.1(area));
    let mut drawn = lines(&x, &y);
    // The proposed design lies on top.
    drawn.sort_by_key(|(i, _)| named(outcome, *i).bold);
    let foot = area.bottom + 46.0;
    let height = foot + 17.0 * caption_lines.len() as f64 + 8.0;
    let picture = svg(chart.name, &chart.title, (sheet, height), |canvas| {
        for (i, line) in title_lines.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for (i, left, row) in &key {
            let (kind, place) = (named(outcome, *i), head + row + 8.0);
            canvas.line(&[(*left, place), (left + 14.0, place)], colour(*i), if kind.bold { 3.0 } else { 2.0 })?;
            let name = shortened(&outcome.designs[*i].architecture, kind, 190.0);
            canvas.text((left + 18.0, place), &name, kind, Anchor::Left)?;
        }
        if let Some((low, high)) = chart.given {
            canvas.fill(Area { left: x.at(low), right: x.at(high).max(x.at(low) + 2.0), ..area }, FORBIDDEN)?;
        }
        axes(canvas, area, (&x, &chart.x.0), (&y, &chart.y.0), &chart.axis)?;
        if let Some((low, _)) = chart.given {
            let words = w.t("plot-worth-given");
            let left = (x.at(low) + 2.0).min(area.right - width_of(&words, SMALL));
            canvas.text((left, area.top - 9.0), &words, SMALL, Anchor::Left)?;
        }
        for (i, line) in &drawn {
            let bold = named(outcome, *i).bold;
            canvas.line(line, colour(*i), if bold { 3.0 } else { 2.0 })?;
        }
        if let Some((price, words)) = &chart.marked {
            canvas.dashes(&[(x.at(*price), area.top), (x.at(*price), area.bottom)], INK, 1.5, 6.0, 4.0)?;
            canvas.text((x.at(*price), area.top - 9.0), words, BODY, Anchor::Middle)?;
        }
        let mut left = area.left;
        for (i, stop) in chart.stops.iter().enumerate() {
            let right = chart.stops.get(i + 1).map_or(area.right, |next| f64::midpoint(x.at(*stop), x.at(*next)));
            canvas.note(Area { left, right, ..area }, &(chart.tip)(*stop));
            left = right;
        }
        for (i, line) in caption_lines.iter().enumerate() {
            canvas.text((margin, foot + 12.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: chart.name.into(), title: chart.title, caption: chart.caption, svg: picture })
}

/// A note with the size of the run, and how the bill stands to an invoice.
fn noted(outcome: &Outcome, w: &Words, key: &str) -> String {
    let years = count(outcome.manifest.replications);
    let gaps = [("years", w.number(&years).into()), ("seed", outcome.manifest.seed.to_string().into())];
    mark(outcome, w).map_or_else(String::new, |mark| format!("{mark}. ")) + &w.say(key, &gaps)
}

fn named(outcome: &Outcome, index: usize) -> Type {
    Type { bold: outcome.designs.get(index).is_some_and(|d| d.is_proposed), ..BODY }
}

fn axes(
    canvas: &Canvas,
    area: Area,
    (x, x_ticks): (&Scale, &[(f64, String)]),
    (y, y_ticks): (&Scale, &[(f64, String)]),
    axis: &str,
) -> Result<(), ReportError> {
    for (value, words) in y_ticks {
        let zero = *value == 0.0;
        canvas.line(&[(area.left, y.at(*value)), (area.right, y.at(*value))], if zero { GREY } else { GRID }, 1.0)?;
        canvas.text((area.left - 7.0, y.at(*value)), words, SMALL, Anchor::Right)?;
    }
    let mut free = f64::NEG_INFINITY;
    for (value, words) in x_ticks {
        let (place, half) = (x.at(*value), width_of(words, SMALL) / 2.0);
        canvas.line(&[(place, area.bottom), (place, area.bottom + 4.0)], GREY, 1.0)?;
        if place - half > free && place + half < area.right + 8.0 {
            canvas.text((place, area.bottom + 14.0), words, SMALL, Anchor::Middle)?;
            free = place + half + 8.0;
        }
    }
    canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], GREY, 1.0)?;
    canvas.text((f64::midpoint(area.left, area.right), area.bottom + 34.0), axis, BODY, Anchor::Middle)
}
