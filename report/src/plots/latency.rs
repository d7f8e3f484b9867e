//! How long reads and writes take, each population and each way in: the mean by its legs, and from the median to the 99th
//! percentile; in normal times, and once the region that the population was served by is lost.
//!
//! Designs that take equally long share a row, named after the proposed one or the first.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, INK, SMALL, Scale, Sheet, TITLE, Type, colour, shortened, svg,
    width_of, wrapped,
};
use crate::files::ReportError;
use crate::format::{count, share_asked};
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::{Figure, LatencyResult, Outcome};
use plotters::style::RGBColor;

/// The legs in their order, each with a colour of Paul Tol's light scheme (2021), made for labelled areas.
const LEGS: [(&str, RGBColor); 9] = [
    ("resolver", RGBColor(0xDD, 0xDD, 0xDD)),
    ("connection", RGBColor(0xFF, 0xAA, 0xBB)),
    ("client", RGBColor(0x99, 0xDD, 0xFF)),
    ("region", RGBColor(0x77, 0xAA, 0xDD)),
    ("transfer", RGBColor(0xBB, 0xCC, 0x33)),
    ("function", RGBColor(0x44, 0xBB, 0x99)),
    ("cold_start", RGBColor(0xAA, 0xAA, 0x00)),
    ("forwarding", RGBColor(0xEE, 0x88, 0x66)),
    ("consistency", RGBColor(0xEE, 0xDD, 0x88)),
];

const OPERATIONS: [&str; 3] = ["cacheable_read", "dynamic_read", "write"];

/// Height of a bar with what surrounds it, and between designs.
const BAR: f64 = 27.0;
const GAP: f64 = 8.0;
/// Height of a design's name where it stands above its bars.
const NAME: f64 = 20.0;
/// Room right of the longest line.
const RIGHT: f64 = 104.0;

/// One condition of a design.
#[derive(PartialEq)]
struct Bar {
    is_lost: bool,
    legs: Vec<(usize, f64)>,
    percentiles: [f64; 3],
}

/// Designs that take equally long in every condition.
struct Row {
    colour: usize,
    name: String,
    alike: usize,
    is_proposed: bool,
    bars: Vec<Bar>,
}

/// The figure.
pub(crate) fn latency(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let panels = panels(outcome, w);
    let (title, caption) = (finding(outcome, w), caption(outcome, w));
    let (margin, width) = (sheet.margin(), sheet.width);
    let inner = width - 2.0 * margin;
    let (titles, captions) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 6))
    } else {
        (vec![], vec![])
    };
    let key_at = if sheet.alone { 40.0 + 26.0 * titles.len() as f64 } else { 12.0 };
    let key = key(&panels, sheet, w);
    let top = key_at + key.last().map_or(0.0, |entry| entry.2) + 22.0;
    let name = if sheet.is_narrow() { NAME } else { 0.0 };
    let height_of = |row: &Row| name + BAR * row.bars.len() as f64 + GAP;
    let height = |rows: &[Row]| 58.0 + rows.iter().map(height_of).sum::<f64>();
    let below = top + panels.iter().map(|(_, rows)| height(rows)).sum::<f64>().max(40.0);
    let foot = if sheet.alone { 24.0 + 17.0 * captions.len() as f64 } else { 0.0 };
    let bars = || panels.iter().flat_map(|(_, rows)| rows).flat_map(|row| &row.bars);
    let longest = bars().map(|bar| bar.percentiles[2]).fold(0.1, f64::max);
    let conditions = ["latency-normal", "latency-lost"].map(|key| width_of(&w.t(key), SMALL));
    let label = conditions.into_iter().fold(0.0, f64::max) + 10.0;
    let left = if sheet.is_narrow() { margin + label } else { 230.0 + label };
    let svg = svg("latency", &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for (words, x, y, ink) in &key {
            let y = key_at + y;
            canvas.fill(Area { left: *x, top: y - 6.0, right: x + 12.0, bottom: y + 6.0 }, *ink)?;
            canvas.text((x + 17.0, y), words, BODY, Anchor::Left)?;
        }
        let mut at = top;
        for (heading, rows) in &panels {
            canvas.text((margin, at + 12.0), heading, HEADING, Anchor::Left)?;
            let area = Area { left, top: at + 26.0, right: width - margin - RIGHT, bottom: at + height(rows) - 32.0 };
            let x = Scale::linear(0.0, longest, area.left, area.right);
            axis(canvas, sheet, longest, &x, area)?;
            let mut y = area.top;
            for row in rows {
                draw(canvas, w, sheet, row, &x, Area { top: y, bottom: y + height_of(row), ..area })?;
                y += height_of(row);
            }
            canvas.line(&[(area.left, area.top), (area.left, area.bottom)], GREY, 1.0)?;
            at += height(rows);
        }
        for (i, line) in captions.iter().enumerate() {
            canvas.text((margin, below + 12.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: "latency".into(), title, caption, svg })
}

/// The legs that occur: their words, where they stand (from the first line down), their colour.
fn key(panels: &[(String, Vec<Row>)], sheet: Sheet, w: &Words) -> Vec<(String, f64, f64, RGBColor)> {
    let legs = || panels.iter().flat_map(|(_, rows)| rows).flat_map(|row| &row.bars).flat_map(|bar| &bar.legs);
    let mut entries: Vec<(String, f64, f64, RGBColor)> = Vec::new();
    let (mut x, mut y) = (sheet.margin(), 0.0);
    for (i, (name, ink)) in LEGS.into_iter().enumerate() {
        if legs().all(|(leg, _)| *leg != i) {
            continue;
        }
        let words = w.t(&format!("leg-{name}"));
        let width = 17.0 + width_of(&words, BODY) + 16.0;
        if x + width > sheet.width - sheet.margin() && x > sheet.margin() {
            (x, y) = (sheet.margin(), y + 20.0);
        }
        entries.push((words, x, y, ink));
        x += width;
    }
    entries
}

/// Mean over requests \[s\]. The region that served people is the one whose loss makes it grow most.
pub(crate) fn mean(found: &LatencyResult) -> f64 {
    found.legs.iter().filter_map(|(_, seconds)| seconds.estimate).sum()
}

/// What a design takes of an operation in normal times, and once the population's own region is lost.
fn bars(outcome: &Outcome, architecture: &str, population: &str, operation: &str) -> Vec<Bar> {
    let of = |when: &str| {
        outcome.latency.iter().find(|l| {
            (&*l.when, &*l.architecture, &*l.population, &*l.operation) == (when, architecture, population, operation)
        })
    };
    let lost = ["primary_lost", "secondary_lost"].into_iter().filter_map(of);
    let lost = lost.max_by(|a, b| mean(a).total_cmp(&mean(b)));
    let bar = |found: &LatencyResult, is_lost| {
        let [Some(p50), Some(p95), Some(p99)] = found.percentiles.map(|figure| figure.estimate) else { return None };
        let leg = |(name, seconds): &(String, Figure)| {
            Some((LEGS.iter().position(|(leg, _)| leg == name)?, seconds.estimate?))
        };
        Some(Bar { is_lost, legs: found.legs.iter().filter_map(leg).collect(), percentiles: [p50, p95, p99] })
    };
    let both = [of("normal").and_then(|l| bar(l, false)), lost.and_then(|l| bar(l, true))];
    both.into_iter().flatten().collect()
}

/// One panel per population and operation.
fn panels(outcome: &Outcome, w: &Words) -> Vec<(String, Vec<Row>)> {
    let mut panels = Vec::new();
    let mut populations: Vec<&str> = outcome.latency.iter().map(|l| l.population.as_str()).collect();
    populations.sort_unstable();
    populations.dedup();
    for operation in OPERATIONS {
        for population in &populations {
            let mut rows: Vec<Row> = Vec::new();
            for (colour, design) in outcome.designs.iter().enumerate() {
                let bars = bars(outcome, &design.architecture, population, operation);
                let (name, is_proposed) = (&design.architecture, design.is_proposed);
                if bars.is_empty() {
                    continue;
                }
                match rows.iter_mut().find(|row| row.bars == bars) {
                    Some(row) => {
                        row.alike += 1;
                        if is_proposed {
                            (row.colour, row.is_proposed) = (colour, true);
                            row.name.clone_from(name);
                        }
                    }
                    None => rows.push(Row { colour, name: name.clone(), alike: 0, is_proposed, bars }),
                }
            }
            if !rows.is_empty() {
                let gaps = [("population", (*population).into())];
                panels.push((w.say(&format!("plot-latency-{}", operation.replace('_', "-")), &gaps), rows));
            }
        }
    }
    panels
}

fn axis(canvas: &Canvas, sheet: Sheet, longest: f64, x: &Scale, area: Area) -> Result<(), ReportError> {
    let most = if sheet.is_narrow() { 3.0 } else { 8.0 };
    let steps = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];
    let step = steps.into_iter().find(|s| longest / s <= most).unwrap_or(longest / 5.0);
    let ticks = (0..=9_i32).map(|i| f64::from(i) * step);
    for tick in ticks.take_while(|tick| *tick <= longest * 1.001) {
        canvas.line(&[(x.at(tick), area.top), (x.at(tick), area.bottom)], GRID, 1.0)?;
        canvas.text((x.at(tick), area.bottom + 11.0), &milliseconds(tick), SMALL, Anchor::Middle)?;
    }
    Ok(())
}

fn draw(canvas: &Canvas, w: &Words, sheet: Sheet, row: &Row, x: &Scale, area: Area) -> Result<(), ReportError> {
    let kind = Type { bold: row.is_proposed, ..BODY };
    let name = match row.alike {
        0 => row.name.clone(),
        n => w.say("plot-latency-alike", &[("name", row.name.as_str().into()), ("n", n.into())]),
    };
    let first = area.top + if sheet.is_narrow() { NAME } else { 0.0 };
    let at_name = if sheet.is_narrow() { area.top + 0.5 * NAME } else { first + 0.5 * BAR };
    let swatch = Area { left: sheet.margin(), top: at_name - 5.0, right: sheet.margin() + 10.0, bottom: at_name + 5.0 };
    canvas.fill(swatch, colour(row.colour))?;
    let room = if sheet.is_narrow() { sheet.width - 2.0 * sheet.margin() - 16.0 } else { 206.0 };
    canvas.text((sheet.margin() + 16.0, at_name), &shortened(&name, kind, room), kind, Anchor::Left)?;
    for (i, bar) in row.bars.iter().enumerate() {
        let y = first + BAR * (i as f64 + 0.5);
        let condition = w.t(if bar.is_lost { "latency-lost" } else { "latency-normal" });
        canvas.text((area.left - 6.0, y), &condition, SMALL, Anchor::Right)?;
        let mut from = 0.0;
        for (leg, seconds) in &bar.legs {
            let part = Area { left: x.at(from), top: y - 10.0, right: x.at(from + seconds), bottom: y + 1.0 };
            canvas.fill(part, LEGS[*leg].1)?;
            from += seconds;
        }
        let [p50, p95, p99] = bar.percentiles.map(|p| x.at(p));
        // Below the bar, so that it is seen on dark paper too.
        let under = y + 7.0;
        canvas.line(&[(p50, under), (p99, under)], INK, 1.5)?;
        canvas.fill(Area { left: p50 - 3.5, top: under - 3.5, right: p50 + 3.5, bottom: under + 3.5 }, INK)?;
        for end in [p95, p99] {
            canvas.line(&[(end, under - 4.0), (end, under + 4.0)], INK, 1.5)?;
        }
        let words = format!("{} .. {}", bare(bar.percentiles[0]), milliseconds(bar.percentiles[2]));
        canvas.text((p99 + 7.0, under), &words, SMALL, Anchor::Left)?;
        let all = bar.percentiles.map(milliseconds);
        let legs: Vec<String> = bar
            .legs
            .iter()
            .map(|(leg, seconds)| format!("{} {}", w.t(&format!("leg-{}", LEGS[*leg].0)), milliseconds(*seconds)))
            .collect();
        let note = Area { left: area.left, top: y - 11.0, right: p99 + 6.0, bottom: y + 11.0 };
        let words = format!("{name}, {condition}: P50 {}, P95 {}, P99 {}; {}", all[0], all[1], all[2], legs.join(", "));
        canvas.note(note, &words);
    }
    Ok(())
}

fn milliseconds(seconds: f64) -> String {
    if seconds <= 0.0 { "0".into() } else { format!("{:.0} ms", seconds * 1e3) }
}

fn bare(seconds: f64) -> String {
    format!("{:.0}", seconds * 1e3)
}
/// What one writer abroad costs whom, under the proposed design; or its slowest median.
fn finding(outcome: &Outcome, w: &Words) -> String {
    let Some(design) = proposed(outcome) else { return w.t("plot-latency-title-plain") };
    let own = || {
        let normal = outcome.latency.iter().filter(|l| l.when == "normal" && l.architecture == design.architecture);
        normal.filter(|l| matches!(&*l.operation, "write" | "dynamic_read"))
    };
    let forwarding = |l: &LatencyResult| {
        l.legs.iter().find(|(leg, _)| leg == "forwarding").and_then(|(_, mean)| mean.estimate).unwrap_or(0.0)
    };
    let median = |l: &LatencyResult| l.percentiles[0].estimate.unwrap_or(0.0);
    let abroad = own().filter(|l| forwarding(l) > 0.0).max_by(|a, b| forwarding(a).total_cmp(&forwarding(b)));
    let slowest = own().max_by(|a, b| median(a).total_cmp(&median(b)));
    let Some(found) = abroad.or(slowest) else { return w.t("plot-latency-title-plain") };
    let gaps = [
        ("design", design.architecture.as_str().into()),
        ("population", found.population.as_str().into()),
        ("median", milliseconds(median(found)).into()),
        ("trip", milliseconds(forwarding(found)).into()),
    ];
    let key = match (abroad.is_some(), &*found.operation) {
        (true, _) => "plot-latency-title-abroad",
        (false, "write") => "plot-latency-title-writes",
        (false, _) => "plot-latency-title-reads",
    };
    w.say(key, &gaps)
}

fn caption(outcome: &Outcome, w: &Words) -> String {
    let n = outcome.latency.first().map_or(0, |l| l.percentiles[0].n);
    let gaps = [
        ("hits", share_asked(Some(outcome.scenario.demand.edge_hit_share.value)).into()),
        ("n", w.number(&count(n)).into()),
        ("seed", outcome.manifest.seed.to_string().into()),
    ];
    w.say("plot-latency-note", &gaps)
}
