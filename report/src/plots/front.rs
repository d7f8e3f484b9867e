//! The Pareto front: what each design costs against how long it is down.

use super::Picture;
use super::canvas::{Anchor, Area, BODY, GREY, GRID, SMALL, Scale, Sheet, TITLE, Type, colour, svg, width_of, wrapped};
use super::labels::{Cloud, Label, arrange};
use crate::compare::{dominated, objective_value};
use crate::files::ReportError;
use crate::format::{amount_short, count, duration};
use crate::words::Words;
use drsim_experiment::compare::front::{Objective, Standing};
use drsim_experiment::outcome::{Figure, Outcome};
use plotters::style::WHITE;

/// A design on paper.
struct Spot<'a> {
    standing: &'a Standing,
    index: usize,
    cost: f64,
    down: f64,
    is_proposed: bool,
}

/// The figure.
pub(crate) fn front(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let spots: Vec<Spot> = outcome.front.iter().filter_map(|s| spot(outcome, s)).collect();
    let (title, caption) = (finding(outcome, w), caption(outcome, w));
    let (margin, width) = (sheet.margin(), sheet.width);
    let inner = width - 2.0 * margin;
    let (titles, captions) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 4))
    } else {
        (vec![], vec![])
    };
    let top = if sheet.alone { 30.0 + 26.0 * titles.len() as f64 } else { 24.0 };
    let panel = Area { left: margin + 62.0, top: top + 10.0, right: width - margin - 10.0, bottom: top + 370.0 };
    let below = panel.bottom + 44.0;
    let foot = if sheet.alone { 24.0 + 17.0 * captions.len() as f64 } else { 4.0 };
    let costs = || spots.iter().map(|s| s.cost);
    let dearest = costs().fold(1.0, f64::max) * 1.08;
    let positive = || spots.iter().map(|s| s.down).filter(|d| *d > 0.0);
    let (least, most) = (positive().fold(f64::INFINITY, f64::min), positive().fold(0.0, f64::max));
    let (least, most) = if most > 0.0 { (0.6 * least, 1.6 * most) } else { (0.5, 2.0) };
    let x = Scale::linear(0.0, dearest, panel.left, panel.right);
    let y = Scale::log(least, most, panel.bottom, panel.top);
    let at = |spot: &Spot| (x.at(spot.cost), y.at(spot.down));
    let svg = svg("front", &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        canvas.text((margin, panel.top - 12.0), &w.t("front-axis-down"), SMALL, Anchor::Left)?;
        for minutes in [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1800.0, 6000.0, 20_000.0, 100_000.0] {
            if (least..=most).contains(&minutes) {
                canvas.line(&[(panel.left, y.at(minutes)), (panel.right, y.at(minutes))], GRID, 1.0)?;
                canvas.text((panel.left - 8.0, y.at(minutes)), &duration(60.0 * minutes), SMALL, Anchor::Right)?;
            }
        }
        let step = step(dearest, if sheet.is_narrow() { 3.0 } else { 6.0 });
        for k in (0..=10).map(f64::from).take_while(|k| k * step <= dearest) {
            canvas.line(&[(x.at(k * step), panel.top), (x.at(k * step), panel.bottom)], GRID, 1.0)?;
            let words = amount_short(&Figure { estimate: Some(k * step), ..Figure::default() });
            canvas.text((x.at(k * step), panel.bottom + 14.0), &words, SMALL, Anchor::Middle)?;
        }
        let money = w.say("front-axis-cost", &[("currency", outcome.scenario.money.currency.code().into())]);
        canvas.text((panel.right, panel.bottom + 34.0), &money, SMALL, Anchor::Right)?;
        canvas.line(&staircase(&spots, at), GREY, 1.5)?;
        label(canvas, &spots, panel, at)?;
        for spot in &spots {
            let (cx, cy) = at(spot);
            let ink = colour(spot.index);
            let size = if spot.is_proposed { 8.0 } else { 6.0 };
            let around = |by: f64| Area { left: cx - by, top: cy - by, right: cx + by, bottom: cy + by };
            canvas.fill(around(size), ink)?;
            if !spot.standing.dominated_by.is_empty() {
                canvas.fill(around(size - 2.5), WHITE)?;
            }
            let values = Objective::ALL.into_iter().zip(&spot.standing.values);
            let values: Vec<String> = values
                .map(|(o, f)| format!("{} {}", crate::compare::objective_name(o, w), objective_value(outcome, o, f)))
                .collect();
            let words =
                format!("{}: {}; {}", spot.standing.architecture, values.join(", "), dominated(spot.standing, w));
            canvas.note(around(12.0), &words);
        }
        for (i, line) in captions.iter().enumerate() {
            canvas.text((margin, below + 12.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: "front".into(), title, caption, svg })
}

fn spot<'a>(outcome: &'a Outcome, standing: &'a Standing) -> Option<Spot<'a>> {
    let index = outcome.designs.iter().position(|d| d.architecture == standing.architecture)?;
    let value = |objective| {
        let k = Objective::ALL.iter().position(|o| *o == objective)?;
        standing.values.get(k)?.estimate
    };
    Some(Spot {
        standing,
        index,
        cost: value(Objective::CostAYear)?,
        down: value(Objective::DowntimeMinutes)?,
        is_proposed: outcome.designs[index].is_proposed,
    })
}

/// From the cheapest on to ever less downtime, in steps.
fn staircase(spots: &[Spot<'_>], at: impl Fn(&Spot<'_>) -> (f64, f64)) -> Vec<(f64, f64)> {
    let mut order: Vec<&Spot> = spots.iter().collect();
    order.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.down.total_cmp(&b.down)));
    let mut line: Vec<(f64, f64)> = Vec::new();
    let mut least = f64::INFINITY;
    for spot in order.into_iter().filter(|s| s.down > 0.0) {
        if spot.down < least {
            least = spot.down;
            let (x, y) = at(spot);
            if let Some((_, before)) = line.last().copied() {
                line.push((x, before));
            }
            line.push((x, y));
        }
    }
    line
}

fn label(
    canvas: &super::canvas::Canvas<'_>,
    spots: &[Spot<'_>],
    panel: Area,
    at: impl Fn(&Spot<'_>) -> (f64, f64),
) -> Result<(), ReportError> {
    let kind = |spot: &Spot| Type { bold: spot.is_proposed, ink: colour(spot.index), ..BODY };
    let clouds: Vec<Cloud> = spots.iter().map(|spot| vec![at(spot)]).collect();
    let labels: Vec<Label> = spots
        .iter()
        .zip(&clouds)
        .map(|(spot, cloud)| Label { cloud, size: (width_of(&spot.standing.architecture, kind(spot)) + 4.0, 16.0) })
        .collect();
    let taken: Vec<Area> = clouds
        .iter()
        .map(|cloud| {
            let (x, y) = cloud[0];
            Area { left: x - 8.0, top: y - 8.0, right: x + 8.0, bottom: y + 8.0 }
        })
        // No name is struck through by the line.
        .chain(staircase(spots, &at).windows(2).map(|ends| Area {
            left: ends[0].0.min(ends[1].0) - 2.0,
            top: ends[0].1.min(ends[1].1) - 2.0,
            right: ends[0].0.max(ends[1].0) + 2.0,
            bottom: ends[0].1.max(ends[1].1) + 2.0,
        }))
        .collect();
    let Some(places) = arrange(panel, &labels, &taken) else { return Ok(()) };
    for ((spot, place), cloud) in spots.iter().zip(places).zip(&clouds) {
        if place.leader.is_some() {
            let edge = (
                cloud[0].0.clamp(place.area.left, place.area.right),
                if cloud[0].1 < place.area.top { place.area.top } else { place.area.bottom },
            );
            canvas.line(&[cloud[0], edge], GREY, 1.0)?;
        }
        let middle = 0.5 * (place.area.top + place.area.bottom);
        canvas.text((place.area.left + 2.0, middle), &spot.standing.architecture, kind(spot), Anchor::Left)?;
    }
    Ok(())
}

/// A round step that parts an axis into at most so many.
fn step(most: f64, parts: f64) -> f64 {
    let decade = 10_f64.powf((most / parts).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|k| k * decade).find(|s| most / s <= parts).unwrap_or(most)
}

fn finding(outcome: &Outcome, w: &Words) -> String {
    let behind: Vec<&Standing> =
        outcome.front.iter().filter(|s| s.dominated_by.first().is_some_and(|d| d.sure)).collect();
    let by = behind.first().map_or("", |s| s.dominated_by[0].by.as_str());
    w.say(
        "front-title",
        &[
            ("dominated", behind.len().into()),
            ("designs", outcome.front.len().into()),
            ("first", behind.first().map_or("", |s| s.architecture.as_str()).into()),
            ("by", by.into()),
        ],
    )
}

fn caption(outcome: &Outcome, w: &Words) -> String {
    w.say(
        "front-caption",
        &[
            ("years", w.number(&count(outcome.manifest.replications)).into()),
            ("seed", outcome.manifest.seed.to_string().into()),
        ],
    )
}
