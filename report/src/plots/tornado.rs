//! A tornado: for each input a bar from what is found at its P10 to what is found at its P90.

use super::canvas::{Anchor, Area, BODY, GREY, GRID, INK, SMALL, Scale, Sheet, TITLE, shortened, svg, wrapped};
use crate::files::ReportError;
use crate::format::{count, share_asked};
use crate::sensitivity::{percent, points};
use crate::sweep::{plain, what};
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity};
use plotters::style::RGBColor;

const LEFT: f64 = 260.0;
const RIGHT: f64 = 110.0;
const ROW: f64 = 26.0;
/// Bars at most: the others do not matter.
const MOST: usize = 15;

/// At P10 and at P90: Okabe and Ito's blue and vermilion.
const ENDS: [RGBColor; 2] = [RGBColor(0x00, 0x72, 0xB2), RGBColor(0xD5, 0x5E, 0x00)];

pub(super) fn tornado(found: &Sensitivity) -> Result<String, ReportError> {
    let known = |bar: &&Bar| bar.at_low.estimate.is_some() && bar.at_high.estimate.is_some();
    let bars: Vec<&Bar> = found.bars.iter().filter(known).take(MOST).collect();
    // An interval that reaches 0 names nothing.
    let decides = |bar: &&&Bar| bar.difference.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
    let title = match bars.iter().find(decides) {
        Some(first) => format!(
            "{}: {} hangs most on {}: {} % at its P10, {} % at its P90",
            found.architecture,
            what(&found.asked),
            first.input,
            percent(&first.at_low),
            percent(&first.at_high)
        ),
        None => format!("{}: {} hangs on no input's stated range", found.architecture, what(&found.asked)),
    };
    let caption = format!(
        "Share of cases that meet the bound with one input at P10 (blue) or P90 (orange) of its stated range, all others at \
         their base case. Numbers: difference in points. {} simulated years at each end, all with the same chance, seed {}.",
        count(found.years),
        found.seed
    );
    let title_lines = wrapped(&title, TITLE, Sheet::FILE.width - 40.0, 3);
    let caption = wrapped(&caption, SMALL, Sheet::FILE.width - 40.0, 4);
    let top = 40.0 + 26.0 * title_lines.len() as f64;
    let bottom = top + ROW * bars.len().max(1) as f64;
    let all =
        || bars.iter().flat_map(|b| [b.at_low.estimate, b.at_high.estimate]).chain([found.base.estimate]).flatten();
    let (least, most) = all().fold((1.0_f64, 0.0_f64), |(l, h), p| (l.min(p), h.max(p)));
    let room = (0.08 * (most - least)).max(0.01);
    let (least, most) = ((least - room).max(0.0), (most + room).min(1.0));
    let x = Scale::linear(least, most.max(least + 1e-6), LEFT, Sheet::FILE.width - RIGHT);
    svg("tornado", &title, (Sheet::FILE, bottom + 60.0 + 17.0 * caption.len() as f64), |canvas| {
        for (i, line) in title_lines.iter().enumerate() {
            canvas.text((20.0, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for k in 0..=4 {
            let value = least + (most - least) * f64::from(k) / 4.0;
            canvas.line(&[(x.at(value), top), (x.at(value), bottom)], GRID, 1.0)?;
            let digits = if most - least < 0.08 { 1e3 } else { 1e2 };
            canvas.text(
                (x.at(value), bottom + 14.0),
                &plain((digits * value).round() / digits, "1"),
                SMALL,
                Anchor::Middle,
            )?;
        }
        if let Some(share) = found.asked.share.filter(|s| (least..=most).contains(s)) {
            canvas.dashes(&[(x.at(share), top - 6.0), (x.at(share), bottom)], GREY, 1.5, 6.0, 4.0)?;
            canvas.text(
                (x.at(share), top - 14.0),
                &format!("asked: {}", share_asked(Some(share))),
                SMALL,
                Anchor::Middle,
            )?;
        }
        let base = found.base.estimate.unwrap_or(least);
        for (i, bar) in bars.iter().enumerate() {
            let middle = top + ROW * (i as f64 + 0.5);
            canvas.text((LEFT - 10.0, middle), &shortened(&bar.input, BODY, LEFT - 30.0), BODY, Anchor::Right)?;
            let ends = [&bar.at_low, &bar.at_high].map(|f| x.at(f.estimate.unwrap_or(base)));
            for (end, ink) in ends.into_iter().zip(ENDS) {
                let (left, right) = (end.min(x.at(base)), end.max(x.at(base)));
                canvas
                    .fill(Area { left, right: right.max(left + 1.0), top: middle - 8.0, bottom: middle + 8.0 }, ink)?;
            }
            canvas.text((Sheet::FILE.width - RIGHT + 12.0, middle), &points(&bar.difference), BODY, Anchor::Left)?;
        }
        canvas.line(&[(x.at(base), top), (x.at(base), bottom)], INK, 1.0)?;
        for (i, line) in caption.iter().enumerate() {
            canvas.text((20.0, bottom + 46.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })
}
