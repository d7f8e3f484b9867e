//! Quantiles of the data against those of a fit: points on the line fit.

use super::Sheet;
use super::canvas::{Anchor, BODY, Canvas, GREY, GRID, INK, SMALL, Scale, TITLE, colour, svg};
use super::curves::TICKS;
use crate::files::ReportError;
use crate::fit::{Fitted, Judgement};
use drsim_sim::fit::kaplan_meier;

const HEIGHT: f64 = 560.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 640.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = 490.0;
/// Points that are drawn at most: more lie on each other.
const POINTS: usize = 400;
/// Families that are drawn, the best first.
const FAMILIES: usize = 3;

/// The figure, as SVG.
///
/// # Errors
/// [`ReportError::Format`] should it refuse to be drawn.
pub fn qq(fitted: &Fitted) -> Result<String, ReportError> {
    let (name, judgement) = fitted.best().map_or(("nothing", Judgement::Refuted), |(f, j)| (f.family.name(), j));
    let finding = match judgement {
        Judgement::Fits => format!("{name} fits"),
        Judgement::Near => format!("{name} is near, nothing fits"),
        Judgement::Refuted => "no family fits".to_owned(),
    };
    let title = format!("{}: {finding}", fitted.measured.column);
    let steps = kaplan_meier(&fitted.sample);
    // A point in the middle of each step.
    let before = std::iter::once(0.0).chain(steps.iter().map(|(_, share)| *share));
    let mut points: Vec<(f64, f64)> = steps.iter().zip(before).map(|((x, p), q)| (*x, 0.5 * (p + q))).collect();
    // All of the rarest on both sides, and every so many between.
    let n = points.len();
    let every = n.div_ceil(POINTS).max(1);
    let mut index = 0;
    points.retain(|_| {
        index += 1;
        index <= 20 || index + 20 > n || index % every == 0
    });
    let (least, most) = (points.first().map_or(1.0, |p| p.0), points.last().map_or(2.0, |p| p.0));
    let (low, high) = (least / 2.0, most * 2.0);
    svg("qq", &title, (Sheet::FILE, HEIGHT), |canvas| {
        canvas.text((28.0, 32.0), &title, TITLE, Anchor::Left)?;
        let says =
            "Time measured (across) against the time that the fit has at the same share (up); on the line, they agree";
        canvas.text((28.0, 58.0), says, SMALL, Anchor::Left)?;
        let (x, y) = (Scale::log(low, high, LEFT, RIGHT), Scale::log(low, high, BOTTOM, TOP));
        axes(canvas, (low, high), &x, &y)?;
        canvas.line(&[(LEFT, BOTTOM), (RIGHT, TOP)], GREY, 1.0)?;
        for (i, fit) in fitted.fits.iter().take(FAMILIES).enumerate().rev() {
            for (value, share) in &points {
                let there = fit.distribution.quantile(*share);
                if there < low || there > high {
                    continue;
                }
                let (px, py) = (x.at(*value), y.at(there));
                let size = if i == 0 { 2.5 } else { 1.5 };
                canvas.line(&[(px - size, py), (px + size, py)], colour(i), 2.0 * size)?;
            }
            let at = (RIGHT + 24.0, TOP + 20.0 + 24.0 * i as f64);
            canvas.line(&[(at.0, at.1), (at.0 + 14.0, at.1)], colour(i), 4.0)?;
            let gap = fit.goodness.kolmogorov_smirnov * 100.0;
            canvas.text((at.0 + 22.0, at.1), &format!("{}: gap {gap:.1} %", fit.family.name()), BODY, Anchor::Left)?;
        }
        let n = fitted.sample.size();
        let censored = n - fitted.sample.events();
        let caption = format!("{}: {n} values, {censored} censored; times on logarithmic axes", fitted.file);
        canvas.text((28.0, HEIGHT - 18.0), &caption, SMALL, Anchor::Left)
    })
}

fn axes(canvas: &Canvas, (low, high): (f64, f64), x: &Scale, y: &Scale) -> Result<(), ReportError> {
    for (value, words) in TICKS.into_iter().filter(|(value, _)| (low..=high).contains(value)) {
        canvas.line(&[(x.at(value), TOP), (x.at(value), BOTTOM)], GRID, 1.0)?;
        canvas.line(&[(LEFT, y.at(value)), (RIGHT, y.at(value))], GRID, 1.0)?;
        canvas.text((x.at(value), BOTTOM + 16.0), words, SMALL, Anchor::Middle)?;
        canvas.text((LEFT - 8.0, y.at(value)), words, SMALL, Anchor::Right)?;
    }
    canvas.line(&[(LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)], INK, 1.0)?;
    Ok(())
}
