//! One field against what was asked: a line per design with the band of its intervals.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, SMALL, Scale, Sheet, Type, colour, framed, shortened, width_of,
};
use super::heat_map::axis_words;
use crate::files::ReportError;
use crate::format::share_asked;
use crate::sweep::{plain, what, years};
use crate::words::Words;
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::Sweep;
use drsim_experiment::decide::vary::Axis;
use plotters::style::RGBColor;

const LEFT: f64 = 78.0;
/// Room for the names of the designs.
const RIGHT: f64 = 190.0;
const HEIGHT: f64 = 360.0;

/// A point of a line: place on the axis, estimate, interval.
type Point = (f64, f64, (f64, f64));

/// Places of the values on the axis; words, and numbers that only their order tells apart, stand side by side.
struct Across<'a> {
    axis: &'a Axis,
    places: Vec<f64>,
    scale: Scale,
}

impl<'a> Across<'a> {
    fn new(axis: &'a Axis, area: Area) -> Self {
        let n = axis.values.len();
        let numbers = axis.numbers.clone().filter(|v| v.iter().all(|x| x.is_finite()) && n > 1);
        let places: Vec<f64> = numbers.unwrap_or_else(|| (0..n).map(|i| i as f64).collect());
        let first = places.iter().copied().fold(f64::INFINITY, f64::min);
        let last = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (left, right) = (area.left + 8.0, area.right - 8.0);
        let scale = if axis.log && first > 0.0 {
            Scale::log(first, last, left, right)
        } else {
            Scale::linear(first, last.max(first + 1e-9), left, right)
        };
        Self { axis, places, scale }
    }

    fn at(&self, i: usize) -> f64 {
        self.scale.at(self.places[i])
    }

    /// Values below the axis, as far as there is room, and what it is.
    fn draw(&self, canvas: &Canvas, area: Area, w: &Words) -> Result<(), ReportError> {
        let mut free = f64::NEG_INFINITY;
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by(|a, b| self.places[*a].total_cmp(&self.places[*b]));
        for i in order {
            let half = width_of(&self.axis.values[i], SMALL) / 2.0;
            let place = self.at(i);
            canvas.line(&[(place, area.bottom), (place, area.bottom + 4.0)], GREY, 1.0)?;
            if place - half > free {
                canvas.text((place, area.bottom + 14.0), &self.axis.values[i], SMALL, Anchor::Middle)?;
                free = place + half + 8.0;
            }
        }
        canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], GREY, 1.0)?;
        let middle = f64::midpoint(area.left, area.right);
        canvas.text((middle, area.bottom + 36.0), &axis_words(self.axis, w), BODY, Anchor::Middle)
    }
}

pub(super) fn curve(sweep: &Sweep, asked: usize, name: String, w: &Words) -> Result<Picture, ReportError> {
    let (axis, measure) = (&sweep.axes[0], &sweep.asked[asked]);
    let unit = sweep.cells.iter().filter(|c| c.asked == asked).map(|c| c.found.unit.clone()).find(|u| !u.is_empty());
    let unit = unit.unwrap_or_default();
    let plain_title = || {
        let path = axis.path.trim_end_matches(".*");
        w.say("plot-sweep-by", &[("what", what(measure, w).into()), ("field", path.into())])
    };
    let title = finding(sweep, asked, w).unwrap_or_else(plain_title);
    let height = HEIGHT + 68.0;
    framed((name, "sweep"), (title, caption(sweep, asked, w)), (Sheet::FILE, height), |canvas, from| {
        let area =
            Area { left: LEFT, top: from + 12.0, right: Sheet::FILE.width - RIGHT, bottom: from + 12.0 + HEIGHT };
        let x = Across::new(axis, area);
        let lines: Vec<Vec<Point>> = (0..sweep.architectures.len())
            .map(|a| {
                let one = |i: usize| {
                    let Found { figure, .. } = &sweep.cell(&[i], a, asked)?.found;
                    let estimate = figure.estimate?;
                    Some((x.at(i), estimate, figure.interval.unwrap_or((estimate, estimate))))
                };
                (0..axis.values.len()).filter_map(one).collect()
            })
            .collect();
        let most = lines.iter().flatten().map(|p| p.2.1.max(p.1)).fold(0.0, f64::max);
        let top_value = if measure.is_claim { 1.0 } else { nice(most) };
        let y = Scale::linear(0.0, top_value, area.bottom, area.top);
        for k in 0..=4 {
            let value = top_value * f64::from(k) / 4.0;
            canvas.line(&[(area.left, y.at(value)), (area.right, y.at(value))], GRID, 1.0)?;
            canvas.text((area.left - 8.0, y.at(value)), &plain(value, &unit, w), SMALL, Anchor::Right)?;
        }
        x.draw(canvas, area, w)?;
        if let Some(share) = measure.share {
            canvas.dashes(&[(area.left, y.at(share)), (area.right, y.at(share))], GREY, 1.5, 6.0, 4.0)?;
            let words = w.say("plot-asked-share", &[("share", share_asked(Some(share)).into())]);
            canvas.text((area.right + 8.0, y.at(share) - 9.0), &words, SMALL, Anchor::Left)?;
        }
        let ink = |a: usize| colour(sweep.places.get(a).copied().unwrap_or(a));
        for (a, points) in lines.iter().enumerate() {
            let upper = points.iter().map(|p| (p.0, y.at(p.2.1)));
            let lower = points.iter().rev().map(|p| (p.0, y.at(p.2.0)));
            canvas.band(&upper.chain(lower).collect::<Vec<_>>(), ink(a))?;
        }
        let mut labels = Vec::new();
        for (a, points) in lines.iter().enumerate() {
            let line: Vec<(f64, f64)> = points.iter().map(|p| (p.0, y.at(p.1))).collect();
            if line.len() > 1 {
                canvas.line(&line, ink(a), 2.0)?;
            }
            for (px, py) in &line {
                canvas.fill(Area { left: px - 2.5, right: px + 2.5, top: py - 2.5, bottom: py + 2.5 }, ink(a))?;
            }
            labels.extend(line.last().map(|end| (end.1, a, ink(a))));
        }
        name_lines(canvas, labels, &sweep.architectures, area)
    })
}

/// Names at the ends of the lines, none over another.
fn name_lines(
    canvas: &Canvas,
    mut labels: Vec<(f64, usize, RGBColor)>,
    names: &[String],
    area: Area,
) -> Result<(), ReportError> {
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for (wanted, a, ink) in labels {
        let place = wanted.max(free);
        free = place + 17.0;
        let name = shortened(&names[a], BODY, RIGHT - 16.0);
        canvas.text((area.right + 8.0, place), &name, Type { ink, bold: true, ..BODY }, Anchor::Left)?;
    }
    Ok(())
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
fn finding(sweep: &Sweep, asked: usize, w: &Words) -> Option<String> {
    let measure = &sweep.asked[asked];
    let share = if measure.is_claim { measure.share.unwrap_or(1.0) } else { return None };
    let [design] = sweep.architectures.as_slice() else { return None };
    let axis = &sweep.axes[0];
    let met: Vec<bool> = (0..axis.values.len())
        .map(|i| Some(sweep.cell(&[i], 0, asked)?.found.figure.estimate? >= share))
        .collect::<Option<_>>()?;
    let turns: Vec<usize> = (1..met.len()).filter(|i| met[*i] != met[i - 1]).collect();
    let (key, at) = match turns.as_slice() {
        [] if met.first() == Some(&true) => ("plot-sweep-every", 0),
        [] => ("plot-sweep-no", 0),
        [i] if met[*i] => ("plot-sweep-from", *i),
        [i] => ("plot-sweep-up-to", i - 1),
        _ => return None,
    };
    let met = w.t(if measure.share.is_some() { "plot-sweep-met" } else { "plot-sweep-unbroken" });
    let gaps = [
        ("design", design.as_str().into()),
        ("what", what(measure, w).into()),
        ("met", met.into()),
        ("field", axis.path.trim_end_matches(".*").into()),
        ("value", axis.values[at].as_str().into()),
    ];
    Some(w.say(key, &gaps))
}

fn caption(sweep: &Sweep, asked: usize, w: &Words) -> String {
    let gaps = [
        ("level", format!("{}", 100.0 * sweep.confidence).into()),
        ("years", years(sweep, Some(asked), w).into()),
        ("seed", sweep.seed.to_string().into()),
    ];
    w.say(if sweep.asked[asked].is_claim { "plot-sweep-note-share" } else { "plot-sweep-note" }, &gaps)
}
