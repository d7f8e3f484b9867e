//! How long reads and writes take in normal times: median to 99th percentile, each population and each way in.
//!
//! Designs that take equally long share a row, named after the proposed one or the first.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, SMALL, Scale, Sheet, TITLE, Type, colour, shortened, svg, wrapped,
};
use crate::files::ReportError;
use crate::format::count;
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::{LatencyResult, Outcome};

const ROW: f64 = 24.0;
const OPERATIONS: [&str; 3] = ["cacheable_read", "dynamic_read", "write"];

/// One row: designs that take equally long.
struct Row {
    colour: usize,
    name: String,
    /// Other designs that take as long.
    alike: usize,
    percentiles: [f64; 3],
    is_proposed: bool,
}

/// The figure.
pub(crate) fn latency(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let panels = panels(outcome, w);
    let (title, caption) = (finding(outcome, w), caption(outcome, w));
    let (margin, width) = (sheet.margin(), sheet.width);
    let inner = width - 2.0 * margin;
    let (titles, captions) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 4))
    } else {
        (vec![], vec![])
    };
    let row = if sheet.is_narrow() { 2.0 * ROW } else { ROW };
    let top = if sheet.alone { 30.0 + 26.0 * titles.len() as f64 } else { 4.0 };
    let height = |rows: &[Row]| 58.0 + row * rows.len() as f64;
    let below = top + panels.iter().map(|(_, rows)| height(rows)).sum::<f64>().max(40.0);
    let foot = if sheet.alone { 24.0 + 17.0 * captions.len() as f64 } else { 0.0 };
    let longest = panels.iter().flat_map(|(_, rows)| rows).map(|row| row.percentiles[2]).fold(0.1, f64::max);
    let left = if sheet.is_narrow() { margin + 4.0 } else { 300.0 };
    let svg = svg("latency", &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        let mut at = top;
        for (heading, rows) in &panels {
            canvas.text((margin, at + 12.0), heading, HEADING, Anchor::Left)?;
            let bottom = at + 26.0 + row * rows.len() as f64;
            draw(
                canvas,
                w,
                (sheet, row),
                rows,
                longest,
                Area { left, top: at + 26.0, right: width - margin - 84.0, bottom },
            )?;
            at += height(rows);
        }
        for (i, line) in captions.iter().enumerate() {
            canvas.text((margin, below + 12.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: "latency".into(), title, caption, svg })
}

/// One panel per population and operation.
fn panels(outcome: &Outcome, w: &Words) -> Vec<(String, Vec<Row>)> {
    let mut panels = Vec::new();
    let normal = || outcome.latency.iter().filter(|l| l.when == "normal");
    let mut populations: Vec<&str> = normal().map(|l| l.population.as_str()).collect();
    populations.dedup();
    populations.sort_unstable();
    populations.dedup();
    for operation in OPERATIONS {
        for population in &populations {
            let mut rows: Vec<Row> = Vec::new();
            let here = normal().filter(|l| l.operation == operation && l.population == *population);
            for found in here {
                let Some(index) = outcome.designs.iter().position(|d| d.architecture == found.architecture) else {
                    continue;
                };
                let is_proposed = outcome.designs[index].is_proposed;
                let [Some(p50), Some(p95), Some(p99)] = found.percentiles.map(|f| f.estimate) else { continue };
                match rows.iter_mut().find(|row| row.percentiles.map(f64::to_bits) == [p50, p95, p99].map(f64::to_bits))
                {
                    Some(row) => {
                        row.alike += 1;
                        if is_proposed {
                            (row.colour, row.is_proposed) = (index, true);
                            row.name.clone_from(&found.architecture);
                        }
                    }
                    None => rows.push(Row {
                        colour: index,
                        name: found.architecture.clone(),
                        alike: 0,
                        percentiles: [p50, p95, p99],
                        is_proposed,
                    }),
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

fn draw(
    canvas: &Canvas,
    w: &Words,
    (sheet, height): (Sheet, f64),
    rows: &[Row],
    longest: f64,
    area: Area,
) -> Result<(), ReportError> {
    let ticks_max = if sheet.is_narrow() { 4.0 } else { 8.0 };
    let step =
        [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0].into_iter().find(|s| longest / s <= ticks_max).unwrap_or(longest / 5.0);
    let x = Scale::linear(0.0, longest, area.left, area.right);
    let ticks = (0..=9_i32).map(|i| f64::from(i) * step);
    for tick in ticks.take_while(|tick| *tick <= longest * 1.001) {
        canvas.line(&[(x.at(tick), area.top), (x.at(tick), area.bottom)], GRID, 1.0)?;
        canvas.text((x.at(tick), area.bottom + 11.0), &milliseconds(tick), SMALL, Anchor::Middle)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let top = area.top + height * i as f64;
        let (y, at_name) = if sheet.is_narrow() {
            (top + 0.72 * height, top + 0.28 * height)
        } else {
            (top + 0.5 * height, top + 0.5 * height)
        };
        let ink = colour(row.colour);
        let kind = Type { bold: row.is_proposed, ..BODY };
        let name = match row.alike {
            0 => row.name.clone(),
            n => w.say("plot-latency-alike", &[("name", row.name.as_str().into()), ("n", n.into())]),
        };
        let room = if sheet.is_narrow() { sheet.width - 2.0 * sheet.margin() } else { area.left - 36.0 };
        canvas.text((sheet.margin(), at_name), &shortened(&name, kind, room), kind, Anchor::Left)?;
        let [p50, p95, p99] = row.percentiles.map(|p| x.at(p));
        canvas.line(&[(p50, y), (p99, y)], ink, 2.0)?;
        canvas.fill(Area { left: p50 - 5.0, top: y - 5.0, right: p50 + 5.0, bottom: y + 5.0 }, ink)?;
        canvas.line(&[(p95, y - 7.0), (p95, y + 7.0)], ink, 2.0)?;
        let words = format!("{} .. {}", milliseconds(row.percentiles[0]), milliseconds(row.percentiles[2]));
        canvas.text((p99 + 8.0, y), &words, SMALL, Anchor::Left)?;
        let all = row.percentiles.map(milliseconds);
        let note = Area { left: p50 - 6.0, top: y - 8.0, right: p99 + 6.0, bottom: y + 8.0 };
        canvas.note(note, &format!("{name}: P50 {}, P95 {}, P99 {}", all[0], all[1], all[2]));
    }
    canvas.line(&[(area.left, area.top), (area.left, area.bottom)], GREY, 1.0)
}

fn milliseconds(seconds: f64) -> String {
    if seconds <= 0.0 { "0".into() } else { format!("{:.0} ms", seconds * 1e3) }
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
    w.say("plot-latency-note", &[("n", w.number(&count(n)).into()), ("seed", outcome.manifest.seed.to_string().into())])
}
