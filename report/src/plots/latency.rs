//! How long reads and writes take in normal times: median to 99th percentile, each population and each way in.
//!
//! Designs that take equally long share a row, named after the proposed one or the first.

use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, SMALL, Scale, TITLE, Type, WIDTH, colour, shortened, svg, wrapped,
};
use crate::files::ReportError;
use crate::format::count;
use crate::wording::proposed;
use drsim_experiment::outcome::{LatencyResult, Outcome};

const ROW: f64 = 24.0;
const OPERATIONS: [(&str, &str); 3] =
    [("cacheable_read", "cached reads"), ("dynamic_read", "other reads"), ("write", "writes")];

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
pub(super) fn latency(outcome: &Outcome) -> Result<String, ReportError> {
    let panels = panels(outcome);
    let title = finding(outcome);
    let titles = wrapped(&title, TITLE, WIDTH - 40.0, 3);
    let caption = wrapped(&caption(outcome), SMALL, WIDTH - 40.0, 4);
    let top = 30.0 + 26.0 * titles.len() as f64;
    let height = |rows: &[Row]| 58.0 + ROW * rows.len() as f64;
    let below = top + panels.iter().map(|(_, rows)| height(rows)).sum::<f64>().max(40.0);
    let longest = panels.iter().flat_map(|(_, rows)| rows).map(|row| row.percentiles[2]).fold(0.1, f64::max);
    svg("latency", &title, below + 24.0 + 17.0 * caption.len() as f64, |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((20.0, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        let mut at = top;
        for (heading, rows) in &panels {
            canvas.text((20.0, at + 12.0), heading, HEADING, Anchor::Left)?;
            let bottom = at + 26.0 + ROW * rows.len() as f64;
            draw(canvas, rows, longest, Area { left: 300.0, top: at + 26.0, right: WIDTH - 90.0, bottom })?;
            at += height(rows);
        }
        for (i, line) in caption.iter().enumerate() {
            canvas.text((20.0, below + 12.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })
}

/// One panel per population and operation.
fn panels(outcome: &Outcome) -> Vec<(String, Vec<Row>)> {
    let mut panels = Vec::new();
    let normal = || outcome.latency.iter().filter(|l| l.when == "normal");
    let mut populations: Vec<&str> = normal().map(|l| l.population.as_str()).collect();
    populations.dedup();
    populations.sort_unstable();
    populations.dedup();
    for (operation, words) in OPERATIONS {
        for population in &populations {
            let mut rows: Vec<Row> = Vec::new();
            let here = normal().filter(|l| l.operation == operation && l.population == *population);
            for found in here {
                let Some(index) = outcome.designs.iter().position(|d| d.architecture == found.architecture) else {
                    continue;
                };
                let is_proposed = outcome.designs[index].is_proposed;
                let [Some(p50), Some(p95), Some(p99)] = found.percentiles.map(|f| f.estimate) else { continue };
                match rows.iter_mut().find(|row| row.percentiles == [p50, p95, p99]) {
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
                panels.push((format!("{words} of {population}"), rows));
            }
        }
    }
    panels
}

fn draw(canvas: &Canvas, rows: &[Row], longest: f64, area: Area) -> Result<(), ReportError> {
    let step = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0].into_iter().find(|s| longest / s <= 8.0).unwrap_or(longest / 5.0);
    let x = Scale::linear(0.0, longest, area.left, area.right);
    let ticks = (0..=9_i32).map(|i| f64::from(i) * step);
    for tick in ticks.take_while(|tick| *tick <= longest * 1.001) {
        canvas.line(&[(x.at(tick), area.top), (x.at(tick), area.bottom)], GRID, 1.0)?;
        canvas.text((x.at(tick), area.bottom + 11.0), &milliseconds(tick), SMALL, Anchor::Middle)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let y = area.top + ROW * (i as f64 + 0.5);
        let ink = colour(row.colour);
        let kind = Type { bold: row.is_proposed, ..BODY };
        let name = if row.alike > 0 { format!("{} (+{} alike)", row.name, row.alike) } else { row.name.clone() };
        canvas.text((20.0, y), &shortened(&name, kind, area.left - 36.0), kind, Anchor::Left)?;
        let [p50, p95, p99] = row.percentiles.map(|p| x.at(p));
        canvas.line(&[(p50, y), (p99, y)], ink, 2.0)?;
        canvas.fill(Area { left: p50 - 5.0, top: y - 5.0, right: p50 + 5.0, bottom: y + 5.0 }, ink)?;
        canvas.line(&[(p95, y - 7.0), (p95, y + 7.0)], ink, 2.0)?;
        let words = format!("{} .. {}", milliseconds(row.percentiles[0]), milliseconds(row.percentiles[2]));
        canvas.text((p99 + 8.0, y), &words, SMALL, Anchor::Left)?;
    }
    canvas.line(&[(area.left, area.top), (area.left, area.bottom)], GREY, 1.0)
}

fn milliseconds(seconds: f64) -> String {
    if seconds <= 0.0 { "0".into() } else { format!("{:.0} ms", seconds * 1e3) }
}

/// What one writer abroad costs whom, under the proposed design; or its slowest median.
fn finding(outcome: &Outcome) -> String {
    let Some(design) = proposed(outcome) else { return "How long requests take".into() };
    let own = || {
        outcome.latency.iter().filter(|l| {
            l.when == "normal"
                && l.architecture == design.architecture
                && matches!(&*l.operation, "write" | "dynamic_read")
        })
    };
    let forwarding = |l: &LatencyResult| l.legs.iter().find(|(leg, _)| leg == "forwarding").map_or(0.0, |(_, s)| *s);
    let median = |l: &LatencyResult| l.percentiles[0].estimate.unwrap_or(0.0);
    let abroad = own().filter(|l| forwarding(l) > 0.0).max_by(|a, b| forwarding(a).total_cmp(&forwarding(b)));
    if let Some(found) = abroad {
        return format!(
            "{}: half of the writes of {} take {} or more, {} of it the trip to the writer abroad",
            design.architecture,
            found.population,
            milliseconds(median(found)),
            milliseconds(forwarding(found))
        );
    }
    match own().max_by(|a, b| median(a).total_cmp(&median(b))) {
        Some(found) => format!(
            "{}: half of the {}s of {} take {} or more",
            design.architecture,
            found.operation.replace('_', " "),
            found.population,
            milliseconds(median(found))
        ),
        None => "How long requests take".into(),
    }
}

fn caption(outcome: &Outcome) -> String {
    let n = outcome.latency.first().map_or(0, |l| l.percentiles[0].n);
    format!(
        "Square: median; tick: 95th percentile; line to the 99th. Normal times; n = {} requests per row, seed {}. Without \
         queueing. Uploads are bound by the client's uplink: metrics.csv.",
        count(n),
        outcome.manifest.seed
    )
}
