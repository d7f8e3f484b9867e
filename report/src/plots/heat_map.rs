//! A map of two fields: how often the claim is met at each setting, and the line where it turns.
//!
//! The colours run from orange (never) over white (as often as asked) to blue (always), which all common kinds of
//! colour vision tell apart; the line interpolates between the centres of four cells. Where a setting's interval
//! contains the share asked for, its cell carries a dot: the sample does not say on which side it lies.

use super::Picture;
use super::canvas::{Anchor, Area, BODY, Canvas, INK, INK_ON_COLOUR, SMALL, Sheet, Type, framed, shortened, width_of};
use crate::files::ReportError;
use crate::format::share_half_width;
use crate::sweep::{interval_gaps, plain, value, what, years};
use crate::words::Words;
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::{Asked, Sweep};
use drsim_experiment::decide::vary::Axis;
use plotters::style::RGBColor;

const HEIGHT: f64 = 420.0;
const HEIGHT_NARROW: f64 = 300.0;

/// Never, as often as asked, always; from Brewer's purple-orange and blues, alike in lightness on both sides.
const LOW: [f64; 3] = [179.0, 88.0, 6.0];
const MIDDLE: [f64; 3] = [247.0, 247.0, 247.0];
const HIGH: [f64; 3] = [33.0, 102.0, 172.0];

/// The share at which a claim turns: "always" turns with the first counterexample.
const ALWAYS: f64 = 0.999_999;

/// The map of one design and one measure.
pub(crate) fn map(
    sweep: &Sweep,
    (architecture, asked): (usize, usize),
    name: String,
    (sheet, w): (Sheet, &Words),
) -> Result<Picture, ReportError> {
    let map = Map::new(sweep, architecture, asked, w);
    let narrow = sheet.is_narrow();
    let high = if narrow { HEIGHT_NARROW } else { HEIGHT };
    // Key: a row, or one below the other where there is no room.
    let key = if narrow { 76.0 } else { 30.0 };
    let height = 22.0 + high + 52.0 + key;
    framed((name, "sweep"), (map.finding(), map.caption()), (sheet, height), |canvas, from| {
        let labels = map.y.values.iter().map(|v| width_of(v, SMALL)).fold(0.0, f64::max);
        let left = sheet.margin() + labels + 10.0;
        let top = from + 22.0;
        let area = Area { left, top, right: sheet.width - sheet.margin(), bottom: top + high };
        map.draw(canvas, area)?;
        map.key(canvas, area, area.bottom + 66.0)
    })
}

struct Map<'s> {
    sweep: &'s Sweep,
    w: &'s Words,
    architecture: usize,
    measure: usize,
    asked: &'s Asked,
    x: &'s Axis,
    y: &'s Axis,
    /// By x, then y.
    found: Vec<Vec<Option<&'s Found>>>,
    /// Smallest and largest estimate, for a metric.
    ends: (f64, f64),
}

impl<'s> Map<'s> {
    fn new(sweep: &'s Sweep, architecture: usize, m: usize, w: &'s Words) -> Self {
        let (x, y) = (&sweep.axes[0], &sweep.axes[1]);
        let mut found = vec![vec![None; y.values.len()]; x.values.len()];
        for cell in sweep.cells.iter().filter(|c| c.architecture == architecture && c.asked == m) {
            found[cell.at[0]][cell.at[1]] = Some(&cell.found);
        }
        let estimates = found.iter().flatten().filter_map(|f| f.as_ref()?.figure.estimate);
        let ends = estimates.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), e| (l.min(e), h.max(e)));
        Self { sweep, w, architecture, measure: m, asked: &sweep.asked[m], x, y, found, ends }
    }

    /// The share at which the colour is white and the line runs, for a claim.
    fn turn(&self) -> Option<f64> {
        self.asked.is_claim.then(|| self.asked.share.unwrap_or(ALWAYS))
    }

    fn colour(&self, estimate: f64) -> RGBColor {
        let mix = |from: [f64; 3], to: [f64; 3], share: f64| {
            let channel = |i: usize| (from[i] + (to[i] - from[i]) * share.clamp(0.0, 1.0)).round() as u8;
            RGBColor(channel(0), channel(1), channel(2))
        };
        match self.turn() {
            // Shares near what was asked for matter most: the square root spreads them.
            Some(turn) if estimate < turn => mix(MIDDLE, LOW, ((turn - estimate) / turn).sqrt()),
            Some(turn) => mix(MIDDLE, HIGH, 0.35 + 0.65 * ((estimate - turn) / (1.0 - turn)).sqrt()),
            None => mix(MIDDLE, HIGH, (estimate - self.ends.0) / (self.ends.1 - self.ends.0).max(f64::MIN_POSITIVE)),
        }
    }

    fn draw(&self, canvas: &Canvas, area: Area) -> Result<(), ReportError> {
        let (columns, rows) = (self.x.values.len() as f64, self.y.values.len() as f64);
        let (width, height) = ((area.right - area.left) / columns, (area.bottom - area.top) / rows);
        let centre =
            |i: usize, j: usize| (area.left + (i as f64 + 0.5) * width, area.bottom - (j as f64 + 0.5) * height);
        let most =
            |i: usize, j: usize| self.found[i][j].map_or(0.0, |f| width_of(&value(self.asked, f, self.w), SMALL));
        let all = || (0..self.x.values.len()).flat_map(|i| (0..self.y.values.len()).map(move |j| (i, j)));
        let words_fit = height >= 14.0 && all().all(|(i, j)| most(i, j) + 4.0 <= width);
        for (i, j) in all() {
            let (x, y) = centre(i, j);
            let cell =
                Area { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 };
            let Some(found) = self.found[i][j] else { continue };
            let Some(estimate) = found.figure.estimate else {
                canvas.text((x, y), "-", SMALL, Anchor::Middle)?;
                continue;
            };
            let ink = self.colour(estimate);
            canvas.fill(cell, ink)?;
            let dark = u32::from(ink.0) + u32::from(ink.1) + u32::from(ink.2) < 380;
            let kind = Type { ink: if dark { RGBColor(254, 254, 254) } else { INK_ON_COLOUR }, ..SMALL };
            let open = self.turn().is_some_and(|t| found.figure.interval.is_some_and(|(l, h)| l <= t && t <= h));
            if words_fit {
                canvas.text((x, y), &value(self.asked, found, self.w), kind, Anchor::Middle)?;
            }
            // "Always" has no side to be in doubt of: it is refuted or it is not.
            if open && self.asked.share.is_some() {
                let dot = Area {
                    left: cell.right - 7.0,
                    right: cell.right - 3.0,
                    top: cell.top + 3.0,
                    bottom: cell.top + 7.0,
                };
                canvas.fill(dot, INK_ON_COLOUR)?;
            }
            canvas.note(cell, &self.words((i, j), found));
        }
        if let Some(turn) = self.turn() {
            for (from, to) in self.contour(turn) {
                let at = |(i, j): (f64, f64)| (area.left + (i + 0.5) * width, area.bottom - (j + 0.5) * height);
                canvas.line(&[at(from), at(to)], INK_ON_COLOUR, 2.0)?;
            }
        }
        self.labels(canvas, area, width, height)
    }

    fn labels(&self, canvas: &Canvas, area: Area, width: f64, height: f64) -> Result<(), ReportError> {
        let widest = self.x.values.iter().map(|v| width_of(v, SMALL)).fold(0.0, f64::max) + 10.0;
        let step = (widest / width).ceil().max(1.0) as usize;
        for i in (0..self.x.values.len()).step_by(step) {
            let x = area.left + (i as f64 + 0.5) * width;
            canvas.text((x, area.bottom + 12.0), &self.x.values[i], SMALL, Anchor::Middle)?;
        }
        let step = (16.0 / height).ceil().max(1.0) as usize;
        for j in (0..self.y.values.len()).step_by(step) {
            let y = area.bottom - (j as f64 + 0.5) * height;
            canvas.text((area.left - 8.0, y), &self.y.values[j], SMALL, Anchor::Right)?;
        }
        let middle = f64::midpoint(area.left, area.right);
        let room = area.right - area.left;
        let below = shortened(&axis_words(self.x, self.w), BODY, room);
        canvas.text((middle, area.bottom + 34.0), &below, BODY, Anchor::Middle)?;
        let above = self.w.say("plot-map-upwards", &[("field", axis_words(self.y, self.w).into())]);
        let from = canvas.sheet.margin();
        canvas.text(
            (from, area.top - 12.0),
            &shortened(&above, BODY, canvas.sheet.width - 2.0 * from),
            BODY,
            Anchor::Left,
        )
    }

    /// A cell for the pointer to rest on: its values, what was found, how surely.
    fn words(&self, (i, j): (usize, usize), found: &Found) -> String {
        let path = |axis: &Axis| axis.path.trim_end_matches(".*").to_owned();
        let half = found.figure.estimate.map_or(String::new(), |p| share_half_width(p, found.figure.interval));
        let gaps = [
            ("x", path(self.x).into()),
            ("xvalue", self.x.values[i].as_str().into()),
            ("y", path(self.y).into()),
            ("yvalue", self.y.values[j].as_str().into()),
            ("found", value(self.asked, found, self.w).into()),
            ("half", half.into()),
            ("n", found.figure.n.to_string().into()),
        ];
        let key = if self.asked.is_claim { "plot-map-cell-share" } else { "plot-map-cell" };
        self.w.say(key, &gaps).replace(" | ", "\n")
    }

    /// What the colours mean.
    fn key(&self, canvas: &Canvas, area: Area, mut y: f64) -> Result<(), ReportError> {
        let w = self.w;
        let samples: Vec<(f64, String)> = match self.turn() {
            Some(turn) => {
                let mut samples =
                    vec![(0.0, "0 %".to_owned()), (0.5 * turn, String::new()), (0.98 * turn, String::new())];
                match self.asked.share {
                    Some(share) => {
                        let asked = format!("{}", (1e4 * share).round() / 100.0);
                        samples.push((share, w.say("plot-map-asked", &[("share", asked.into())])));
                        samples.push((1.0, "100 %".into()));
                    }
                    None => samples.push((1.0, w.t("plot-map-unbroken"))),
                }
                samples
            }
            None => [0.0, 0.25, 0.5, 0.75, 1.0]
                .map(|share| (self.ends.0 + share * (self.ends.1 - self.ends.0), share))
                .into_iter()
                .map(|(estimate, share)| {
                    let shown = |e: f64| plain(e, &self.unit(), w);
                    (estimate, if (0.1..0.9).contains(&share) { String::new() } else { shown(estimate) })
                })
                .collect(),
        };
        let narrow = canvas.sheet.is_narrow();
        let left = if narrow { canvas.sheet.margin() } else { area.left };
        let mut x = left;
        for (estimate, words) in samples {
            canvas.fill(Area { left: x, right: x + 22.0, top: y - 8.0, bottom: y + 8.0 }, self.colour(estimate))?;
            x += 26.0;
            if !words.is_empty() {
                canvas.text((x, y), &words, SMALL, Anchor::Left)?;
                x += width_of(&words, SMALL) + 12.0;
            }
        }
        if self.turn().is_none() {
            return Ok(());
        }
        let mut next = |x: &mut f64| {
            if narrow {
                (*x, y) = (left, y + 22.0);
            }
            y
        };
        let at = next(&mut x);
        let turns = w.t("plot-map-turns");
        canvas.line(&[(x, at), (x + 26.0, at)], INK, 2.0)?;
        canvas.text((x + 32.0, at), &turns, SMALL, Anchor::Left)?;
        x += 46.0 + width_of(&turns, SMALL);
        if self.asked.share.is_some() {
            let at = next(&mut x);
            canvas.fill(Area { left: x, right: x + 4.0, top: at - 2.0, bottom: at + 2.0 }, INK)?;
            canvas.text((x + 10.0, at), &w.t("plot-map-open"), SMALL, Anchor::Left)?;
        }
        Ok(())
    }

    fn unit(&self) -> String {
        self.found.iter().flatten().flatten().map(|f| f.unit.clone()).find(|u| !u.is_empty()).unwrap_or_default()
    }

    /// Where the estimate crosses a level: marching squares between the centres of neighbouring cells, in units of cells.
    fn contour(&self, level: f64) -> Vec<((f64, f64), (f64, f64))> {
        let at = |i: usize, j: usize| self.found[i][j].and_then(|f| f.figure.estimate);
        let mut lines = Vec::new();
        for i in 0..self.x.values.len().saturating_sub(1) {
            for j in 0..self.y.values.len().saturating_sub(1) {
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
                let Some(values) = corners.iter().map(|(i, j)| at(*i, *j)).collect::<Option<Vec<f64>>>() else {
                    continue;
                };
                let crossing = |k: usize| {
                    let (a, b) = (values[k], values[(k + 1) % 4]);
                    ((a < level) != (b < level)).then(|| {
                        let share = (level - a) / (b - a);
                        let ((ax, ay), (bx, by)) = (corners[k], corners[(k + 1) % 4]);
                        let mix = |a: usize, b: usize| a as f64 + (b as f64 - a as f64) * share;
                        (mix(ax, bx), mix(ay, by))
                    })
                };
                let crossings: Vec<(f64, f64)> = (0..4).filter_map(crossing).collect();
                match crossings.as_slice() {
                    [a, b] => lines.push((*a, *b)),
                    // A saddle: cut off the corners that lie on the same side as the middle does not.
                    [a, b, c, d] => {
                        let middle = values.iter().sum::<f64>() / 4.0;
                        let first_apart = (values[0] < level) != (middle < level);
                        lines.extend(if first_apart { [(*d, *a), (*b, *c)] } else { [(*a, *b), (*c, *d)] });
                    }
                    _ => {}
                }
            }
        }
        lines
    }

    fn finding(&self) -> String {
        let w = self.w;
        let cells = || self.found.iter().flatten().flatten();
        let mut gaps = vec![
            ("design", self.sweep.architectures[self.architecture].as_str().into()),
            ("what", what(self.asked, w).into()),
            ("n", cells().count().into()),
        ];
        match self.turn() {
            Some(turn) => {
                let kept = cells().filter(|f| f.figure.estimate.is_some_and(|e| e >= turn)).count();
                gaps.push(("k", kept.into()));
                w.say(if self.asked.share.is_some() { "plot-map-met" } else { "plot-map-no-counterexample" }, &gaps)
            }
            None => {
                let shown = |e: f64| plain(e, &self.unit(), w);
                gaps.extend([("low", shown(self.ends.0).into()), ("high", shown(self.ends.1).into())]);
                w.say("plot-map-between", &gaps)
            }
        }
    }

    fn caption(&self) -> String {
        let mut gaps = interval_gaps(self.sweep).to_vec();
        gaps.extend([
            ("years", years(self.sweep, Some(self.measure), self.w).into()),
            ("seed", self.sweep.seed.to_string().into()),
        ]);
        self.w.say(if self.asked.is_claim { "plot-map-note-share" } else { "plot-map-note" }, &gaps)
    }
}

/// A field in words.
pub(super) fn axis_words(axis: &Axis, w: &Words) -> String {
    let path = axis.path.strip_suffix(".*");
    let gaps = [("field", path.unwrap_or(&axis.path).into())];
    let field = if path.is_some() { w.say("plot-axis-scaled", &gaps) } else { axis.path.clone() };
    if axis.log { w.say("plot-axis-log", &[("field", field.into())]) } else { field }
}
