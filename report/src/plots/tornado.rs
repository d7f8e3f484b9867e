//! A tornado: for each input a bar from what is found at its P10 to what is found at its P90.

use super::Picture;
use super::canvas::{Anchor, Area, BODY, GREY, GRID, INK, SMALL, Scale, Sheet, framed, shortened, width_of};
use crate::files::ReportError;
use crate::format::{count, share_asked};
use crate::sensitivity::{percent, points, title};
use crate::sweep::plain;
use crate::words::Words;
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity, Tornado};
use plotters::style::RGBColor;

/// Height of a bar with its space: beside its name, and below it.
const ROW: f64 = 26.0;
const ROW_BELOW: f64 = 42.0;
/// Bars at most: the others do not matter.
const MOST: usize = 12;

/// At P10 and at P90: Okabe and Ito's blue and vermilion.
const ENDS: [RGBColor; 2] = [RGBColor(0x00, 0x72, 0xB2), RGBColor(0xD5, 0x5E, 0x00)];

/// The figure of one claim.
pub(crate) fn tornado(found: &Sensitivity, claim: &Tornado, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let moves = |bar: &&Bar| {
        bar.at_low.estimate.is_some()
            && bar.at_high.estimate.is_some()
            && bar.difference.estimate.is_some_and(|d| d != 0.0)
    };
    let bars: Vec<&Bar> = claim.bars.iter().filter(moves).take(MOST).collect();
    let finding = format!("{}: {}", found.architecture, title(claim, w));
    let gaps = [("years", w.number(&count(found.years)).into()), ("seed", found.seed.to_string().into())];
    let caption = w.say("plot-tornado-note", &gaps);
    let narrow = sheet.is_narrow();
    let (margin, row) = (sheet.margin(), if narrow { ROW_BELOW } else { ROW });
    let (left, right) =
        if narrow { (margin, sheet.width - 56.0) } else { (margin + 250.0, sheet.width - margin - 70.0) };
    let all =
        || bars.iter().flat_map(|b| [b.at_low.estimate, b.at_high.estimate]).chain([claim.base.estimate]).flatten();
    let (least, most) = all().fold((1.0_f64, 0.0_f64), |(l, h), p| (l.min(p), h.max(p)));
    let room = (0.08 * (most - least)).max(0.01);
    let (least, most) = ((least - room).max(0.0), (most + room).min(1.0));
    let x = Scale::linear(least, most.max(least + 1e-6), left, right);
    let height = 20.0 + row * bars.len().max(1) as f64 + 24.0;
    framed(("tornado".into(), "tornado"), (finding, caption), (sheet, height), |canvas, from| {
        let (top, bottom) = (from + 20.0, from + height - 24.0);
        let steps: u8 = if narrow { 2 } else { 4 };
        for k in 0..=steps {
            let value = least + (most - least) * f64::from(k) / f64::from(steps);
            canvas.line(&[(x.at(value), top), (x.at(value), bottom)], GRID, 1.0)?;
            let digits = if most - least < 0.08 { 1e3 } else { 1e2 };
            let words = plain((digits * value).round() / digits, "1", w);
            let at = x.at(value).max(margin + 0.5 * width_of(&words, SMALL));
            canvas.text((at, bottom + 14.0), &words, SMALL, Anchor::Middle)?;
        }
        if let Some(share) = claim.asked.share.filter(|s| (least..=most).contains(s)) {
            canvas.dashes(&[(x.at(share), top - 6.0), (x.at(share), bottom)], GREY, 1.5, 6.0, 4.0)?;
            let words = w.say("plot-asked-share", &[("share", share_asked(Some(share)).into())]);
            let half = 0.5 * width_of(&words, SMALL);
            let at = x.at(share).clamp(margin + half, sheet.width - margin - half);
            canvas.text((at, top - 14.0), &words, SMALL, Anchor::Middle)?;
        }
        let base = claim.base.estimate.unwrap_or(least);
        for (i, bar) in bars.iter().enumerate() {
            let above = top + row * i as f64;
            let middle = above + row - 13.0;
            let (place, anchor, space) = if narrow {
                ((margin, above + 10.0), Anchor::Left, sheet.width - 2.0 * margin)
            } else {
                ((left - 10.0, middle), Anchor::Right, 240.0)
            };
            canvas.text(place, &shortened(&bar.input, BODY, space), BODY, anchor)?;
            let ends = [&bar.at_low, &bar.at_high].map(|f| x.at(f.estimate.unwrap_or(base)));
            for (end, ink) in ends.into_iter().zip(ENDS) {
                let (from, to) = (end.min(x.at(base)), end.max(x.at(base)));
                canvas.fill(
                    Area { left: from, right: to.max(from + 1.0), top: middle - 8.0, bottom: middle + 8.0 },
                    ink,
                )?;
            }
            canvas.text((right + 10.0, middle), &points(&bar.difference), BODY, Anchor::Left)?;
            let gaps = [
                ("input", bar.input.as_str().into()),
                ("range", bar.range.clone().unwrap_or_default().into()),
                ("low", percent(&bar.at_low).into()),
                ("high", percent(&bar.at_high).into()),
            ];
            let hover = Area { left, right, top: middle - 10.0, bottom: middle + 10.0 };
            canvas.note(hover, &w.say("plot-tornado-bar", &gaps).replace(" | ", "\n"));
            // Beside names one line from top to bottom; below them a piece for each bar.
            let reach = if narrow { 11.0 } else { 0.5 * row };
            canvas.line(&[(x.at(base), middle - reach), (x.at(base), middle + reach)], INK, 1.0)?;
        }
        Ok(())
    })
}
