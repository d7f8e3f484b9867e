//! Where the time goes: the mean recovery time by its parts, reads and writes of each design.
//!
//! Some designs take hours, others seconds, and one axis would hide all but the slowest. So designs of like duration
//! share a panel with a linear axis from zero, and every further panel says how much coarser its axis is.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, INK_ON_COLOUR, SMALL, Scale, Sheet, TITLE, Type, colour,
    shortened, svg, width_of, wrapped,
};
use crate::files::ReportError;
use crate::format::{amount, count, duration};
use crate::wording::proposed;
use crate::words::Words;
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
/// Room below a panel for its ticks, and above for its heading.
const TICKS: f64 = 38.0;
const HEADING_LINE: f64 = 20.0;
/// Room right of the longest bar.
const RIGHT: f64 = 90.0;

/// How the rows of a sheet are laid out: the name of a design beside its bars, or above them where it is narrow.
#[derive(Clone, Copy)]
struct Rows {
    sheet: Sheet,
    /// Height of one design.
    row: f64,
    /// From the top of a row to its first bar.
    lead: f64,
    /// Where bars start.
    left: f64,
    /// Room for a name.
    names: f64,
}

impl Rows {
    fn new(sheet: Sheet, longest_name: f64, operations: f64) -> Self {
        if sheet.is_narrow() {
            return Self {
                sheet,
                row: 2.0 * BAR + 34.0,
                lead: 24.0,
                left: sheet.margin() + operations + 10.0,
                names: sheet.width - 2.0 * sheet.margin() - 18.0,
            };
        }
        let names = longest_name.min(220.0);
        let left = sheet.margin() + 18.0 + names + operations + 20.0;
        Self { sheet, row: 2.0 * BAR + 16.0, lead: 8.0, left, names }
    }
}

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
pub(crate) fn waterfall(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let panels = panels(outcome);
    let (title, caption) = (finding(outcome, w), caption(outcome, w));
    let (width, margin) = (sheet.width, sheet.margin());
    let inner = width - 2.0 * margin;
    // Beside the figure where it does not stand alone.
    let (titles, captions) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 4))
    } else {
        (vec![], vec![])
    };
    let key_at = if sheet.alone { 38.0 + 26.0 * titles.len() as f64 } else { 12.0 };
    let key = key(&panels, sheet, w);
    let top = key_at + key.last().map_or(0.0, |entry| entry.2) + 18.0;
    let longest_name = panels.iter().flatten().map(|row| width_of(row.name, HEADING)).fold(0.0, f64::max);
    let bars = panels.iter().flatten().flat_map(|row| &row.bars);
    let operations = bars.map(|bar| width_of(&operation(bar, w), SMALL)).fold(0.0, f64::max);
    let layout = Rows::new(sheet, longest_name, operations);
    let finest = panels.first().map_or(1.0, |rows| longest(rows));
    let heading = |i: usize| {
        let times = longest(&panels[i]) / finest;
        let coarser = if i == 0 {
            String::new()
        } else {
            let times = amount(&Figure { estimate: Some(times), ..Figure::default() });
            format!(". {}", w.say("plot-waterfall-coarser", &[("times", times.into())]))
        };
        let longest = w.number(&duration(longest(&panels[i])));
        let text = w.say("plot-waterfall-up-to", &[("longest", longest.into())]) + &coarser;
        wrapped(&text, HEADING, inner, 3)
    };
    let headings: Vec<Vec<String>> = (0..panels.len()).map(heading).collect();
    let height_of =
        |i: usize| HEADING_LINE * headings[i].len() as f64 + 10.0 + layout.row * panels[i].len() as f64 + TICKS;
    let below = top + (0..panels.len()).map(height_of).sum::<f64>().max(60.0);
    let foot = if sheet.alone { 22.0 + 17.0 * captions.len() as f64 } else { 0.0 };
    let svg = svg("waterfall", &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for (words, x, y, ink) in &key {
            let y = key_at + y;
            canvas.fill(Area { left: *x, top: y - 6.0, right: x + 12.0, bottom: y + 6.0 }, *ink)?;
            canvas.text((x + 17.0, y), words, BODY, Anchor::Left)?;
        }
        if panels.is_empty() {
            let words = w.t("plot-waterfall-empty");
            canvas.text((width / 2.0, top + 30.0), &words, BODY, Anchor::Middle)?;
        }
        let mut at = top;
        for (i, rows) in panels.iter().enumerate() {
            for (k, line) in headings[i].iter().enumerate() {
                canvas.text((margin, at + 14.0 + HEADING_LINE * k as f64), line, HEADING, Anchor::Left)?;
            }
            let top = at + 10.0 + HEADING_LINE * headings[i].len() as f64;
            let right = width - margin - RIGHT.min(width / 5.0);
            let area = Area { left: layout.left, top, right, bottom: top + layout.row * rows.len() as f64 };
            draw_panel(canvas, (outcome, w), rows, layout, area)?;
            at += height_of(i);
        }
        for (i, line) in captions.iter().enumerate() {
            canvas.text((margin, below + 10.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: "waterfall".into(), title, caption, svg })
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

/// The parts that occur, in their colours: words, x, y, ink.
fn key(panels: &[Vec<Row>], sheet: Sheet, w: &Words) -> Vec<(String, f64, f64, RGBColor)> {
    let mut entries = vec![];
    let (mut x, mut y) = (sheet.margin(), 0.0);
    for (name, ink) in PARTS {
        let parts = panels.iter().flatten().flat_map(|row| &row.bars).flat_map(|bar| &bar.parts);
        if !parts.clone().any(|(part, seconds)| part == name && *seconds > 0.0) {
            continue;
        }
        let words = part(name, w);
        let room = 17.0 + width_of(&words, BODY);
        if x + room > sheet.width - sheet.margin() {
            (x, y) = (sheet.margin(), y + 20.0);
        }
        entries.push((words, x, y, ink));
        x += room + 16.0;
    }
    entries
}

fn draw_panel(
    canvas: &Canvas,
    (outcome, w): (&Outcome, &Words),
    rows: &[Row],
    layout: Rows,
    area: Area,
) -> Result<(), ReportError> {
    let margin = layout.sheet.margin();
    let longest = longest(rows);
    let ticks_max = if layout.sheet.is_narrow() { 3.0 } else { 6.0 };
    let step = STEPS.iter().copied().find(|step| longest / step <= ticks_max).unwrap_or(longest / 5.0);
    let x = Scale::linear(0.0, longest, area.left, area.right);
    for tick in (0..=7_i32).map(|i| f64::from(i) * step).take_while(|tick| *tick <= longest * 1.001) {
        canvas.line(&[(x.at(tick), area.top), (x.at(tick), area.bottom)], GRID, 1.0)?;
        canvas.text((x.at(tick), area.bottom + 11.0), &axis_label(tick, step), SMALL, Anchor::Middle)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let top = area.top + layout.row * i as f64;
        let middle = top + if layout.sheet.is_narrow() { 13.0 } else { layout.lead + BAR };
        let swatch = Area { left: margin, top: middle - 6.0, right: margin + 12.0, bottom: middle + 6.0 };
        let bold = outcome.designs.get(row.index).is_some_and(|d| d.is_proposed);
        let kind = Type { bold, ..BODY };
        let name = shortened(row.name, kind, layout.names);
        if layout.sheet.is_narrow() {
            // The grid gives way to the name.
            canvas.fill(Area { left: area.left - 1.0, top: middle - 8.0, bottom: middle + 9.0, ..area }, WHITE)?;
        }
        canvas.fill(swatch, colour(row.index))?;
        canvas.text((margin + 18.0, middle), &name, kind, Anchor::Left)?;
        for (k, bar) in row.bars.iter().enumerate() {
            let top = top + layout.lead + (BAR + 1.0) * k as f64;
            canvas.text((area.left - 8.0, top + BAR / 2.0), &operation(bar, w), SMALL, Anchor::Right)?;
            draw_bar(canvas, bar, &x, Area { top, bottom: top + BAR, ..area }, (layout.sheet, w))?;
        }
    }
    let beside = |top: f64, bottom: f64| canvas.line(&[(area.left, top), (area.left, bottom)], GREY, 1.0);
    if !layout.sheet.is_narrow() {
        return beside(area.top, area.bottom);
    }
    // Names stand above their bars: the axis gives way to them.
    (0..rows.len())
        .map(|i| area.top + layout.row * i as f64)
        .try_for_each(|top| beside(top + layout.lead - 2.0, top + layout.row))
}

/// The parts of one bar, each with its seconds where they fit; then the whole, and the parts that were too short.
fn draw_bar(
    canvas: &Canvas,
    bar: &Waterfall,
    x: &Scale,
    area: Area,
    (sheet, w): (Sheet, &Words),
) -> Result<(), ReportError> {
    let middle = f64::midpoint(area.top, area.bottom);
    let kind = Type { ink: INK_ON_COLOUR, ..SMALL };
    let mut from = 0.0;
    let mut short = vec![];
    for (name, seconds) in bar.parts.iter().filter(|(_, seconds)| *seconds > 0.0 && seconds.is_finite()) {
        let (left, right) = (x.at(from), x.at(from + seconds));
        let ink = PARTS.iter().find(|(part, _)| part == name).map_or(GRID, |p| p.1);
        canvas.fill(Area { left, right: (right - 0.5).max(left + 0.5), ..area }, ink)?;
        let length = w.number(&duration(*seconds));
        let words = [format!("{} {length}", part(name, w)), length];
        canvas.note(Area { left, right: right.max(left + 1.0), ..area }, &words[0]);
        match words.iter().find(|words| width_of(words, kind) + 8.0 <= right - left) {
            Some(words) => canvas.text((f64::midpoint(left, right), middle), words, kind, Anchor::Middle)?,
            None => short.push(words[0].clone()),
        }
        from += seconds;
    }
    let (whole, bold) = (w.number(&duration(bar.mean_seconds)), Type { bold: true, ..BODY });
    let at = x.at(from) + 7.0;
    canvas.text((at, middle), &whole, bold, Anchor::Left)?;
    let at = at + width_of(&whole, bold) + 10.0;
    let rest = w.say("plot-waterfall-also", &[("parts", short.join(", ").into())]);
    let right = at + width_of(&rest, SMALL);
    if !short.is_empty() && right <= sheet.width - sheet.margin() {
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

/// A part of the recovery time in words.
fn part(name: &str, w: &Words) -> String {
    w.t(&format!("part-{name}"))
}

fn operation(bar: &Waterfall, w: &Words) -> String {
    w.t(&format!("operation-{}s", bar.operation))
}

fn finding(outcome: &Outcome, w: &Words) -> String {
    let said = |of: &str| {
        let design = proposed(outcome)?;
        let bar = outcome
            .figures
            .waterfall
            .iter()
            .find(|bar| bar.architecture == design.architecture && bar.operation == of && bar.n > 0)?;
        let (name, seconds) = bar.parts.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(w.say(
            "plot-waterfall-title",
            &[
                ("whole", w.number(&duration(bar.mean_seconds)).into()),
                ("what", operation(bar, w).into()),
                ("part", part(name, w).into()),
                ("seconds", w.number(&duration(*seconds)).into()),
            ],
        ))
    };
    let said: Vec<String> = [said("read"), said("write")].into_iter().flatten().collect();
    match proposed(outcome) {
        Some(design) if !said.is_empty() => format!("{}: {}", design.architecture, said.join("; ")),
        _ => w.t("plot-waterfall-title-plain"),
    }
}

fn caption(outcome: &Outcome, w: &Words) -> String {
    let number = |n: u64| w.number(&count(n));
    let cases = outcome.figures.waterfall.iter().filter(|bar| bar.n > 0).map(|bar| bar.n);
    let n = match (cases.clone().min(), cases.max()) {
        (Some(low), Some(high)) if low == high => number(low),
        (Some(low), Some(high)) => w.say("plot-to", &[("low", number(low).into()), ("high", number(high).into())]),
        _ => "0".into(),
    };
    let m = &outcome.manifest;
    let gaps = [("n", n.into()), ("years", number(m.replications).into()), ("seed", m.seed.to_string().into())];
    w.say("plot-waterfall-note", &gaps)
}
