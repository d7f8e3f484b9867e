//! Where the time goes: the mean recovery time by its parts, reads and writes of each design.
//!
//! Some designs take hours, others seconds, and one axis would hide all but the slowest. So designs of like duration
//! share a panel with a linear axis from zero, and every further panel says how much coarser its axis is.

use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, INK, SMALL, Scale, TITLE, Type, WIDTH, colour, shortened, svg,
    width_of, wrapped,
};
use crate::files::ReportError;
use crate::format::{amount, count, duration};
use crate::wording::proposed;
use drsim_experiment::outcome::{Figure, Outcome, Waterfall};
use plotters::style::{RGBColor, WHITE};

/// The parts in their order, each with a colour of Paul Tol's light scheme (2021), made for labelled areas.
const PARTS: [(&str, RGBColor); 8] = [
    ("undetected", RGBColor(0x77, 0xAA, 0xDD)),
    ("undecided", RGBColor(0xFF, 0xAA, 0xBB)),
    ("promoting", RGBColor(0xEE, 0x88, 0x66)),
    ("reconnecting", RGBColor(0xEE, 0xDD, 0x88)),
    ("routing", RGBColor(0x44, 0xBB, 0x99)),
    ("draining", RGBColor(0xBB, 0xCC, 0x33)),
    ("warming", RGBColor(0x99, 0xDD, 0xFF)),
    ("waiting_for_repair", RGBColor(0xDD, 0xDD, 0xDD)),
];

/// Neighbours in duration that are further apart than this may part.
const RATIO_MIN: f64 = 2.5;
const PANELS_MAX: usize = 3;

const BAR: f64 = 20.0;
const ROW: f64 = 2.0 * BAR + 16.0;
const PANEL_EXTRA: f64 = 68.0;
const RIGHT: f64 = 110.0;

/// Steps between ticks.
const STEPS: [f64; 20] = [
    0.1, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 10_800.0,
    21_600.0, 43_200.0, 86_400.0, 432_000.0,
];

/// One design with its bars.
struct Row<'a> {
    index: usize,
    name: &'a str,
    bars: Vec<&'a Waterfall>,
    longest: f64,
}

/// The figure.
pub(super) fn waterfall(outcome: &Outcome) -> Result<String, ReportError> {
    let panels = panels(outcome);
    let title = finding(outcome);
    let titles = wrapped(&title, TITLE, WIDTH - 40.0, 3);
    let caption = wrapped(&caption(outcome), SMALL, WIDTH - 40.0, 4);
    let top = 26.0 + 26.0 * titles.len() as f64 + 30.0;
    let height_of = |rows: &[Row]| ROW * rows.len() as f64 + PANEL_EXTRA;
    let below = top + panels.iter().map(|rows| height_of(rows)).sum::<f64>().max(60.0);
    svg("waterfall", &title, below + 22.0 + 17.0 * caption.len() as f64, |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((20.0, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        key(canvas, &panels, top - 18.0)?;
        if panels.is_empty() {
            canvas.text((WIDTH / 2.0, top + 30.0), "no outage of one region affected anybody", BODY, Anchor::Middle)?;
        }
        let longest_name =
            panels.iter().flatten().map(|row| width_of(row.name, HEADING)).fold(0.0, f64::max).min(220.0);
        let left = 20.0 + 18.0 + longest_name + 58.0;
        let mut at = top;
        let finest = panels.first().map_or(1.0, |rows| longest(rows));
        for (i, rows) in panels.iter().enumerate() {
            let coarser = if i == 0 {
                String::new()
            } else {
                format!(
                    ". Mind the scale: {} times as coarse as at the top",
                    amount(&Figure { estimate: Some(longest(rows) / finest), ..Figure::default() })
                )
            };
            let heading = format!("Mean time until recovered, up to {}{coarser}", duration(longest(rows)));
            canvas.text((20.0, at + 14.0), &heading, HEADING, Anchor::Left)?;
            let area = Area { left, top: at + 30.0, right: WIDTH - RIGHT, bottom: at + 30.0 + ROW * rows.len() as f64 };
            draw_panel(canvas, outcome, rows, area)?;
            at += height_of(rows);
        }
        for (i, line) in caption.iter().enumerate() {
            canvas.text((20.0, below + 10.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })
}

fn longest(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.longest).fold(0.0, f64::max)
}

/// Designs of like duration together, the fastest panel first; within a panel in the outcome's order.
fn panels(outcome: &Outcome) -> Vec<Vec<Row<'_>>> {
    let is_drawn = |w: &&Waterfall| w.n > 0 && w.mean_seconds.is_finite() && w.mean_seconds >= 0.0;
    let mut rows: Vec<Row> = outcome
        .designs
        .iter()
        .enumerate()
        .map(|(index, d)| {
            let bars: Vec<&Waterfall> = outcome
                .figures
                .waterfall
                .iter()
                .filter(|w| w.architecture == d.architecture)
                .filter(is_drawn)
                .take(2)
                .collect();
            let longest = bars.iter().map(|w| w.mean_seconds).fold(1e-3, f64::max);
            Row { index, name: &d.architecture, bars, longest }
        })
        .filter(|row| !row.bars.is_empty())
        .collect();
    rows.sort_by(|a, b| a.longest.total_cmp(&b.longest));
    // Part at the widest gaps.
    let mut gaps: Vec<(f64, usize)> =
        rows.windows(2).enumerate().map(|(i, pair)| (pair[1].longest / pair[0].longest, i + 1)).collect();
    gaps.retain(|(ratio, _)| *ratio > RATIO_MIN);
    gaps.sort_by(|a, b| b.0.total_cmp(&a.0));
    gaps.truncate(PANELS_MAX - 1);
    let mut panels: Vec<Vec<Row>> = vec![];
    for (i, row) in rows.into_iter().enumerate() {
        match panels.last_mut() {
            Some(panel) if gaps.iter().all(|(_, at)| *at != i) => panel.push(row),
            _ => panels.push(vec![row]),
        }
    }
    for panel in &mut panels {
        panel.sort_by_key(|row| row.index);
    }
    panels
}

/// The parts that occur, in their colours.
fn key(canvas: &Canvas, panels: &[Vec<Row>], y: f64) -> Result<(), ReportError> {
    let mut x = 20.0;
    for (name, ink) in PARTS {
        let occurs = panels
            .iter()
            .flatten()
            .flat_map(|row| &row.bars)
            .flat_map(|bar| &bar.parts)
            .any(|(part, seconds)| part == name && *seconds > 0.0);
        if occurs {
            let words = name.replace('_', " ");
            canvas.fill(Area { left: x, top: y - 6.0, right: x + 12.0, bottom: y + 6.0 }, ink)?;
            canvas.text((x + 17.0, y), &words, BODY, Anchor::Left)?;
            x += 17.0 + width_of(&words, BODY) + 16.0;
        }
    }
    Ok(())
}

fn draw_panel(canvas: &Canvas, outcome: &Outcome, rows: &[Row], area: Area) -> Result<(), ReportError> {
    let longest = longest(rows);
    let step = STEPS.iter().copied().find(|step| longest / step <= 6.0).unwrap_or(longest / 5.0);
    let x = Scale::linear(0.0, longest, area.left, area.right);
    for tick in (0..=7_i32).map(|i| f64::from(i) * step).take_while(|tick| *tick <= longest * 1.001) {
        canvas.line(&[(x.at(tick), area.top), (x.at(tick), area.bottom)], GRID, 1.0)?;
        canvas.text((x.at(tick), area.bottom + 11.0), &axis_label(tick, step), SMALL, Anchor::Middle)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let top = area.top + ROW * i as f64 + 8.0;
        let middle = top + BAR;
        canvas.fill(Area { left: 20.0, top: middle - 6.0, right: 32.0, bottom: middle + 6.0 }, colour(row.index))?;
        let bold = outcome.designs.get(row.index).is_some_and(|d| d.is_proposed);
        let kind = Type { bold, ..BODY };
        canvas.text((38.0, middle), &shortened(row.name, kind, area.left - 38.0 - 58.0), kind, Anchor::Left)?;
        for (k, bar) in row.bars.iter().enumerate() {
            let top = top + (BAR + 1.0) * k as f64;
            canvas.text((area.left - 8.0, top + BAR / 2.0), &format!("{}s", bar.operation), SMALL, Anchor::Right)?;
            draw_bar(canvas, bar, &x, Area { top, bottom: top + BAR, ..area })?;
        }
    }
    canvas.line(&[(area.left, area.top), (area.left, area.bottom)], GREY, 1.0)
}

/// The parts of one bar, each with its seconds where they fit; then the whole, and the parts that were too short.
fn draw_bar(canvas: &Canvas, bar: &Waterfall, x: &Scale, area: Area) -> Result<(), ReportError> {
    let middle = f64::midpoint(area.top, area.bottom);
    let kind = Type { ink: INK, ..SMALL };
    let mut from = 0.0;
    let mut short = vec![];
    for (name, seconds) in bar.parts.iter().filter(|(_, seconds)| *seconds > 0.0 && seconds.is_finite()) {
        let (left, right) = (x.at(from), x.at(from + seconds));
        let ink = PARTS.iter().find(|(part, _)| part == name).map_or(GRID, |p| p.1);
        canvas.fill(Area { left, right: (right - 0.5).max(left + 0.5), ..area }, ink)?;
        let words = [format!("{} {}", name.replace('_', " "), duration(*seconds)), duration(*seconds)];
        match words.iter().find(|words| width_of(words, kind) + 8.0 <= right - left) {
            Some(words) => canvas.text((f64::midpoint(left, right), middle), words, kind, Anchor::Middle)?,
            None => short.push(words[0].clone()),
        }
        from += seconds;
    }
    let (whole, bold) = (duration(bar.mean_seconds), Type { bold: true, ..BODY });
    let at = x.at(from) + 7.0;
    canvas.text((at, middle), &whole, bold, Anchor::Left)?;
    let at = at + width_of(&whole, bold) + 10.0;
    let rest = format!("also {}", short.join(", "));
    let right = at + width_of(&rest, SMALL);
    if !short.is_empty() && right <= WIDTH - 10.0 {
        canvas.fill(Area { left: at - 3.0, right: right + 3.0, ..area }, WHITE)?;
        canvas.text((at, middle), &rest, SMALL, Anchor::Left)?;
    }
    Ok(())
}

/// Ticks in the unit of their step: "2 min", not "120 s".
fn axis_label(seconds: f64, step: f64) -> String {
    let (unit, name) = match step {
        s if s >= 86_400.0 => (86_400.0, "d"),
        s if s >= 3600.0 => (3600.0, "h"),
        s if s >= 60.0 => (60.0, "min"),
        _ => (1.0, "s"),
    };
    if seconds <= 0.0 {
        return "0".into();
    }
    let decimals = usize::from(step < 1.0);
    format!("{:.decimals$} {name}", seconds / unit)
}

fn finding(outcome: &Outcome) -> String {
    let said = |operation: &str, words: &str| {
        let design = proposed(outcome)?;
        let bar = outcome
            .figures
            .waterfall
            .iter()
            .find(|w| w.architecture == design.architecture && w.operation == operation && w.n > 0)?;
        let (name, seconds) = bar.parts.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(format!(
            "of the {} until {words} are back, {} takes {}",
            duration(bar.mean_seconds),
            name.replace('_', " "),
            duration(*seconds)
        ))
    };
    let said: Vec<String> = [said("read", "reads"), said("write", "writes")].into_iter().flatten().collect();
    match proposed(outcome) {
        Some(design) if !said.is_empty() => format!("{}: {}", design.architecture, said.join("; ")),
        _ => "Where the time goes, by design".into(),
    }
}

fn caption(outcome: &Outcome) -> String {
    let cases = outcome.figures.waterfall.iter().filter(|w| w.n > 0).map(|w| w.n);
    let n = match (cases.clone().min(), cases.max()) {
        (Some(low), Some(high)) if low == high => format!("n = {}", count(low)),
        (Some(low), Some(high)) => format!("n = {} to {}", count(low), count(high)),
        _ => "n = 0".into(),
    };
    let m = &outcome.manifest;
    format!(
        "Means over outages of one region only, {n} outages x populations per bar; {} simulated years, seed {}. The parts sum to the whole.",
        count(m.replications),
        m.seed
    )
}
