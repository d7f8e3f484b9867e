//! One field against what was asked: a line per design with the band of its intervals.

use super::canvas::{
    Anchor, Area, BODY, GREY, GRID, SMALL, Scale, Sheet, TITLE, Type, colour, shortened, svg, wrapped,
};
use super::heat_map::axis_words;
use crate::files::ReportError;
use crate::format::{count, share_asked};
use crate::sweep::{plain, what};
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::Sweep;

const LEFT: f64 = 78.0;
/// Room for the names of the designs.
const RIGHT: f64 = 190.0;
const HEIGHT: f64 = 360.0;

/// A point of a line: place on the axis, estimate, interval.
type Point = (f64, f64, (f64, f64));

#[allow(clippy::too_many_lines, reason = "a figure from top to bottom")]
pub(super) fn curve(sweep: &Sweep, asked: usize) -> Result<String, ReportError> {
    let (axis, measure) = (&sweep.axes[0], &sweep.asked[asked]);
    let n = axis.values.len();
    // Words, and numbers that only their order tells apart, stand side by side.
    let numbers = axis.numbers.clone().filter(|v| v.iter().all(|x| x.is_finite()) && n > 1);
    let at = |i: usize| numbers.as_ref().map_or(i as f64, |v| v[i]);
    let log = axis.log && (0..n).all(|i| at(i) > 0.0);
    let lines: Vec<Vec<Point>> = (0..sweep.architectures.len())
        .map(|a| {
            let one = |i: usize| {
                let Found { figure, .. } = &sweep.cell(&[i], a, asked)?.found;
                let estimate = figure.estimate?;
                Some((at(i), estimate, figure.interval.unwrap_or((estimate, estimate))))
            };
            (0..n).filter_map(one).collect()
        })
        .collect();
    let unit = sweep.cells.iter().filter(|c| c.asked == asked).map(|c| c.found.unit.clone()).find(|u| !u.is_empty());
    let unit = unit.unwrap_or_default();
    let most = lines.iter().flatten().map(|p| p.2.1.max(p.1)).fold(0.0, f64::max);
    let top_value = if measure.is_claim { 1.0 } else { nice(most) };
    let title = format!("{} by {}", what(measure), axis.path.trim_end_matches(".*"));
    let title = finding(sweep, asked).unwrap_or(title);
    let title_lines = wrapped(&title, TITLE, Sheet::FILE.width - 40.0, 3);
    let caption = wrapped(&caption(sweep, asked), SMALL, Sheet::FILE.width - 40.0, 3);
    let top = 36.0 + 26.0 * title_lines.len() as f64;
    let area = Area { left: LEFT, top, right: Sheet::FILE.width - RIGHT, bottom: top + HEIGHT };
    let (first, last) =
        ((0..n).map(at).fold(f64::INFINITY, f64::min), (0..n).map(at).fold(f64::NEG_INFINITY, f64::max));
    let x = if log {
        Scale::log(first, last, area.left + 8.0, area.right - 8.0)
    } else {
        Scale::linear(first, last.max(first + 1e-9), area.left + 8.0, area.right - 8.0)
    };
    let y = Scale::linear(0.0, top_value, area.bottom, area.top);
    svg("sweep", &title, (Sheet::FILE, area.bottom + 68.0 + 17.0 * caption.len() as f64), |canvas| {
        for (i, line) in title_lines.iter().enumerate() {
            canvas.text((20.0, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for k in 0..=4 {
            let value = top_value * f64::from(k) / 4.0;
            canvas.line(&[(area.left, y.at(value)), (area.right, y.at(value))], GRID, 1.0)?;
            canvas.text((area.left - 8.0, y.at(value)), &plain(value, &unit), SMALL, Anchor::Right)?;
        }
        let mut free = f64::NEG_INFINITY;
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| at(*a).total_cmp(&at(*b)));
        for i in order {
            let half = super::canvas::width_of(&axis.values[i], SMALL) / 2.0;
            let place = x.at(at(i));
            canvas.line(&[(place, area.bottom), (place, area.bottom + 4.0)], GREY, 1.0)?;
            if place - half > free {
                canvas.text((place, area.bottom + 14.0), &axis.values[i], SMALL, Anchor::Middle)?;
                free = place + half + 8.0;
            }
        }
        canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], GREY, 1.0)?;
        canvas.text(
            (f64::midpoint(area.left, area.right), area.bottom + 36.0),
            &axis_words(axis),
            BODY,
            Anchor::Middle,
        )?;
        if let Some(share) = measure.share {
            canvas.dashes(&[(area.left, y.at(share)), (area.right, y.at(share))], GREY, 1.5, 6.0, 4.0)?;
            canvas.text(
                (area.right + 8.0, y.at(share) - 9.0),
                &format!("asked: {}", share_asked(Some(share))),
                SMALL,
                Anchor::Left,
            )?;
        }
        for (a, points) in lines.iter().enumerate() {
            let ink = colour(sweep.places.get(a).copied().unwrap_or(a));
            let upper = points.iter().map(|p| (x.at(p.0), y.at(p.2.1)));
            let lower = points.iter().rev().map(|p| (x.at(p.0), y.at(p.2.0)));
            let band: Vec<(f64, f64)> = upper.chain(lower).collect();
            canvas.band(&band, ink)?;
        }
        let mut labels = Vec::new();
        for (a, points) in lines.iter().enumerate() {
            let ink = colour(sweep.places.get(a).copied().unwrap_or(a));
            let line: Vec<(f64, f64)> = points.iter().map(|p| (x.at(p.0), y.at(p.1))).collect();
            if line.len() > 1 {
                canvas.line(&line, ink, 2.0)?;
            }
            for (px, py) in &line {
                canvas.fill(Area { left: px - 2.5, right: px + 2.5, top: py - 2.5, bottom: py + 2.5 }, ink)?;
            }
            if let Some(end) = line.last() {
                labels.push((end.1, a, ink));
            }
        }
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = f64::NEG_INFINITY;
        for (wanted, a, ink) in labels {
            let place = wanted.max(free);
            free = place + 17.0;
            let name = shortened(&sweep.architectures[a], BODY, RIGHT - 16.0);
            canvas.text((area.right + 8.0, place), &name, Type { ink, bold: true, ..BODY }, Anchor::Left)?;
        }
        for (i, line) in caption.iter().enumerate() {
            canvas.text((20.0, area.bottom + 62.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })
}

/// The least of 1, 2, 4 times a power of ten, and of their like, that is not below a value.
fn nice(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let unit = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|k| k * unit).into_iter().find(|top| *top >= value).unwrap_or(10.0 * unit)
}

/// For a claim of one design: between which values it turns.
fn finding(sweep: &Sweep, asked: usize) -> Option<String> {
    let measure = &sweep.asked[asked];
    let share = if measure.is_claim { measure.share.unwrap_or(1.0) } else { return None };
    let [design] = sweep.architectures.as_slice() else { return None };
    let axis = &sweep.axes[0];
    let met: Vec<bool> = (0..axis.values.len())
        .map(|i| Some(sweep.cell(&[i], 0, asked)?.found.figure.estimate? >= share))
        .collect::<Option<_>>()?;
    let words = if measure.share.is_some() { "is met as often as asked" } else { "has no counterexample" };
    let turns: Vec<usize> = (1..met.len()).filter(|i| met[*i] != met[i - 1]).collect();
    let name = what(measure);
    let path = axis.path.trim_end_matches(".*");
    Some(match turns.as_slice() {
        [] if met.first() == Some(&true) => format!("{design}: {name} {words} at every {path}"),
        [] => format!("{design}: {name} {words} at no {path}"),
        [i] if met[*i] => format!("{design}: {name} {words} from {path} = {} on", axis.values[*i]),
        [i] => format!("{design}: {name} {words} up to {path} = {}", axis.values[i - 1]),
        _ => return None,
    })
}

fn caption(sweep: &Sweep, asked: usize) -> String {
    let years = sweep.cells.iter().filter(|c| c.asked == asked).map(|c| c.found.years);
    let (least, most) = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
    let years = if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
    let level = 100.0 * sweep.confidence;
    let share = if sweep.asked[asked].is_claim { "Share of cases that meet the bound. " } else { "" };
    format!(
        "{share}Bands: {level} % intervals, worlds held fixed. {years} simulated years at each value; all met the same \
         chance, seed {}.",
        sweep.seed
    )
}
