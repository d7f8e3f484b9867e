//! Two designs against each other: in how many years and outages each does better, and by how much.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, GRID, HEADING, INK_ON_COLOUR, SMALL, Sheet, TITLE, Type, colour, shortened, svg, wrapped,
};
use crate::compare::{name_of, with_interval};
use crate::files::ReportError;
use crate::format::{count, share};
use crate::words::Words;
use drsim_experiment::compare::{Duel, DuelRow};
use drsim_experiment::outcome::Outcome;

const ROW: f64 = 30.0;

/// The figure.
pub(crate) fn duel(outcome: &Outcome, found: &Duel, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let rows: Vec<&DuelRow> = found.rows.iter().collect();
    let (title, caption) = (finding(found, w), caption(outcome, found, w));
    let (margin, width) = (sheet.margin(), sheet.width);
    let inner = width - 2.0 * margin;
    let (titles, captions) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 5))
    } else {
        (vec![], vec![])
    };
    let narrow = sheet.is_narrow();
    let row_height = if narrow { 62.0 } else { ROW };
    let key = 26.0;
    let top = if sheet.alone { 34.0 + 26.0 * titles.len() as f64 } else { 6.0 };
    let below = top + key + row_height * rows.len() as f64;
    let foot = if sheet.alone { 24.0 + 17.0 * captions.len() as f64 } else { 8.0 };
    let (left, right) = if narrow { (margin, width - margin) } else { (margin + 235.0, width - margin - 245.0) };
    let index = |name: &str| outcome.designs.iter().position(|d| d.architecture == name).unwrap_or(0);
    let inks = [colour(index(&found.architecture)), GRID, colour(index(&found.against))];
    let svg = svg("duel", &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        let wins = |name: &str| w.say("duel-wins", &[("name", name.into())]);
        let half = 0.5 * (right - left) - 10.0;
        for (name, at, anchor) in [(&found.architecture, left, Anchor::Left), (&found.against, right, Anchor::Right)] {
            canvas.text((at, top + 8.0), &shortened(&wins(name), HEADING, half), HEADING, anchor)?;
        }
        for (i, row) in rows.iter().enumerate() {
            let y = top + key + row_height * i as f64;
            let (middle, words_at) = if narrow { (y + 38.0, y + 14.0) } else { (y + 14.0, y + 14.0) };
            let name = name_of(row, w);
            let room = if narrow { inner } else { left - margin - 10.0 };
            let place = if narrow { (margin, words_at) } else { (left - 10.0, words_at) };
            let anchor = if narrow { Anchor::Left } else { Anchor::Right };
            canvas.text(place, &shortened(&name, BODY, room), BODY, anchor)?;
            let shares = [&row.a_better, &row.tie, &row.b_better];
            let mut from = left;
            for (share_of, ink) in shares.into_iter().zip(inks) {
                let part = share_of.estimate.unwrap_or(0.0) * (right - left);
                let area = Area { left: from, top: middle - 9.0, right: from + part, bottom: middle + 9.0 };
                canvas.fill(area, ink)?;
                let said = format!("{} %", share(share_of.estimate.unwrap_or(0.0), share_of.interval));
                if part > 46.0 {
                    let kind = Type { ink: if dark(ink) { plotters::style::WHITE } else { INK_ON_COLOUR }, ..SMALL };
                    canvas.text((from + 0.5 * part, middle), &said, kind, Anchor::Middle)?;
                }
                from += part;
            }
            let [a, tie, b] = shares.map(|s| share(s.estimate.unwrap_or(0.0), s.interval));
            let words = format!(
                "{name}, n = {}: {} {a} %, {} {tie} %, {} {b} %",
                count(row.a_better.n),
                wins(&found.architecture),
                w.t("duel-tie").to_lowercase(),
                wins(&found.against)
            );
            canvas.note(Area { left, top: middle - 10.0, right, bottom: middle + 10.0 }, &words);
            let difference =
                row.means.as_ref().map_or_else(|| "-".to_owned(), |m| with_interval(&row.unit, &m.difference));
            let place = if narrow { (right, middle + 18.0) } else { (right + 12.0, middle) };
            let anchor = if narrow { Anchor::Right } else { Anchor::Left };
            canvas.text(
                place,
                &shortened(&w.number(&difference), SMALL, if narrow { inner } else { 235.0 }),
                SMALL,
                anchor,
            )?;
        }
        for (i, line) in captions.iter().enumerate() {
            canvas.text((margin, below + 14.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: "duel".into(), title, caption, svg })
}

/// Whether white reads better on it (relative luminance, WCAG 2.2).
pub(super) fn dark(ink: plotters::style::RGBColor) -> bool {
    let linear = |c: u8| (f64::from(c) / 255.0).powf(2.2);
    0.2126 * linear(ink.0) + 0.7152 * linear(ink.1) + 0.0722 * linear(ink.2) < 0.18
}

fn finding(found: &Duel, w: &Words) -> String {
    let names = [("a", found.architecture.as_str().into()), ("b", found.against.as_str().into())];
    let Some(row) = found.row("recovery_time_seconds", "outage", "overall", "") else {
        return w.say("duel-title-plain", &names);
    };
    let percent = |f: &drsim_experiment::outcome::Figure| share(f.estimate.unwrap_or(0.0), f.interval);
    let shares = [("share", percent(&row.a_better).into()), ("worse", percent(&row.b_better).into())];
    let down = found.row("downtime_minutes", "year", "", "").and_then(|row| {
        let difference = row.means.as_ref()?.difference.estimate?;
        let words = crate::format::duration(60.0 * difference.abs());
        Some(w.say(if difference > 0.0 { "duel-more" } else { "duel-less" }, &[("down", w.number(&words).into())]))
    });
    w.say("duel-title", &names.into_iter().chain(shares).collect::<Vec<_>>()) + &down.unwrap_or_default()
}

fn caption(outcome: &Outcome, found: &Duel, w: &Words) -> String {
    w.say(
        "duel-caption",
        &[
            ("a", found.architecture.as_str().into()),
            ("b", found.against.as_str().into()),
            ("level", crate::text::level(outcome).to_string().into()),
            ("years", w.number(&count(outcome.manifest.replications)).into()),
            ("seed", outcome.manifest.seed.to_string().into()),
        ],
    )
}
