//! The figures in the page: the same drawings as in `plots/`, wide for a desk and narrow for a phone, each with a table
//! of its numbers.

use super::number::Number;
use super::{Section, colour_class, rendered};
use crate::files::ReportError;
use crate::format::count;
use crate::plots::{self, Picture, Sheet, escaped, themed};
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{LatencyResult, MetricRow, Outcome};

/// A table beside a figure.
#[derive(Default)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One of its rows.
pub(super) struct Row {
    colour: String,
    name: String,
    is_proposed: bool,
    cells: Vec<Number>,
}

#[derive(Template)]
#[template(path = "figure.html")]
struct View<'a> {
    w: &'a Words,
    name: &'a str,
    wide: String,
    narrow: String,
    caption: String,
    tables: Vec<Table>,
}

/// Where the recovery time goes.
pub(super) fn waterfall(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.figures.waterfall.iter().all(|bar| bar.n == 0) {
        return Ok(None);
    }
    let parts: Vec<&str> = outcome.figures.waterfall.first().map_or(vec![], |bar| {
        let occurs = |i: usize| {
            let seconds = |bar: &drsim_experiment::outcome::Waterfall| bar.parts.get(i).is_some_and(|p| p.1 > 0.0);
            outcome.figures.waterfall.iter().any(seconds)
        };
        bar.parts.iter().enumerate().filter(|(i, _)| occurs(*i)).map(|(_, (name, _))| name.as_str()).collect()
    });
    let rows = outcome.figures.waterfall.iter().enumerate().filter(|(_, bar)| bar.n > 0).map(|(i, bar)| {
        let seconds = |name: &str| {
            let (p, seconds) =
                bar.parts.iter().enumerate().find_map(|(p, part)| (part.0 == name).then_some((p, part.1)))?;
            let at = format!("/figures/waterfall/{i}/parts/{p}/1");
            (seconds > 0.0).then(|| Number::new(w, &crate::format::duration(seconds), Some(seconds), at))
        };
        let mut cells: Vec<Number> = parts.iter().map(|name| seconds(name).unwrap_or(Number::none(""))).collect();
        let mean = crate::format::duration(bar.mean_seconds);
        cells.push(Number::new(w, &mean, Some(bar.mean_seconds), format!("/figures/waterfall/{i}/mean_seconds")));
        cells.push(Number::new(w, &count(bar.n), Some(bar.n as f64), format!("/figures/waterfall/{i}/n")));
        row(outcome, &bar.architecture, &w.t(&format!("operation-{}s", bar.operation)), cells)
    });
    let rows = rows.collect();
    let mut heads: Vec<String> = parts.iter().map(|name| w.t(&format!("part-{name}"))).collect();
    heads.extend([w.t("mean"), w.t("cases")]);
    let table = Table { caption: w.t("waterfall-table"), heads, rows };
    section(outcome, w, "waterfall", plots::waterfall, vec![table])
}

/// How long until recovered.
pub(super) fn recovery(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let table = |operation: &str| {
        percentiles(outcome, w, &w.t(&format!("recovery-table-{operation}s")), |m| {
            m.metric == "recovery_time_seconds" && m.population == "overall" && m.operation == operation
        })
    };
    let tables = vec![table("read"), table("write")];
    section(outcome, w, "recovery", plots::recovery, tables)
}

/// How much data is missing at a cut.
pub(super) fn loss(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.figures.loss_ccdf.iter().all(|curve| curve.n == 0) {
        return Ok(None);
    }
    let table = |store: &str| {
        percentiles(outcome, w, &w.t(&format!("loss-table-{store}")), |m| {
            m.metric == "data_loss_window_seconds" && m.store == store
        })
    };
    section(outcome, w, "loss", plots::loss, vec![table("objects"), table("database")])
}

/// How long requests take, in normal times and once a region is lost.
pub(super) fn latency(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if outcome.latency.is_empty() {
        return Ok(None);
    }
    let normal = outcome.latency.iter().enumerate().filter(|(_, l)| l.when == "normal" && l.operation == "write");
    let rows = normal.map(|(i, found)| {
        let cells = |i: usize| {
            let cell = move |(k, figure)| Number::duration_wide(w, figure, &format!("/latency/{i}/percentiles/{k}"));
            outcome.latency[i].percentiles.iter().enumerate().map(cell)
        };
        // The loss that makes them wait longest: that of the region which served them.
        let of_same = |l: &LatencyResult| {
            (&l.architecture, &l.population, &l.operation) == (&found.architecture, &found.population, &found.operation)
        };
        let mean = |i: &usize| plots::mean_latency(&outcome.latency[*i]);
        let lost = (0..outcome.latency.len())
            .filter(|i| of_same(&outcome.latency[*i]) && outcome.latency[*i].when != "normal")
            .max_by(|a, b| mean(a).total_cmp(&mean(b)));
        let none = || std::iter::repeat_n(Number::none("-"), 3).collect();
        let lost: Vec<Number> = lost.map_or_else(none, |i| cells(i).collect());
        let cells = cells(i).chain(lost).collect();
        let gaps = [("operation", w.t("operation-writes").into()), ("population", found.population.as_str().into())];
        row(outcome, &found.architecture, &w.say("latency-table-operation", &gaps), cells)
    });
    let rows = rows.collect();
    let lost = |p: &str| w.say("latency-lost-head", &[("percentile", p.into())]);
    let heads = ["P50", "P95", "P99"].map(str::to_owned).into_iter().chain(["P50", "P95", "P99"].map(lost)).collect();
    section(outcome, w, "latency", plots::latency, vec![Table { caption: w.t("latency-table"), heads, rows }])
}

/// Percentiles of a metric, one row per design; of the pooled causes.
fn percentiles(outcome: &Outcome, w: &Words, caption: &str, of: impl Fn(&MetricRow) -> bool) -> Table {
    const STATISTICS: [&str; 5] = ["p50", "p90", "p95", "p99", "p999"];
    let pooled = if outcome.scenario.outages.len() == 1 { outcome.scenario.outages[0].cause.name() } else { "" };
    let find = |architecture: &str, statistic: &str| {
        outcome
            .metrics
            .iter()
            .enumerate()
            .find(|(_, m)| m.architecture == architecture && m.statistic == statistic && m.cause == pooled && of(m))
    };
    let rows = outcome.designs.iter().filter_map(|design| {
        let n = find(&design.architecture, "p50").map(|(_, m)| m.figure.n).filter(|n| *n > 0)?;
        let cell = |statistic: &&str| {
            find(&design.architecture, statistic)
                .map_or(Number::none("-"), |(i, m)| Number::duration_wide(w, &m.figure, &format!("/metrics/{i}")))
        };
        let mut cells: Vec<Number> = STATISTICS.iter().map(cell).collect();
        cells.push(Number::none(w.number(&count(n))));
        Some(row(outcome, &design.architecture, "", cells))
    });
    let rows = rows.collect();
    let heads = ["P50", "P90", "P95", "P99", "P99.9"].map(str::to_owned).into_iter().chain([w.t("cases")]).collect();
    Table { caption: caption.to_owned(), heads, rows }
}

pub(super) fn row(outcome: &Outcome, architecture: &str, more: &str, cells: Vec<Number>) -> Row {
    let is_proposed = outcome.designs.iter().any(|d| d.is_proposed && d.architecture == architecture);
    let name = if more.is_empty() { architecture.to_owned() } else { format!("{architecture}, {more}") };
    Row { colour: colour_class(outcome, architecture), name, is_proposed, cells }
}

/// A figure with its tables; its title is the heading.
pub(super) fn section(
    outcome: &Outcome,
    w: &Words,
    id: &'static str,
    draw: impl Fn(&Outcome, Sheet, &Words) -> Result<Picture, ReportError>,
    tables: Vec<Table>,
) -> Result<Option<Section>, ReportError> {
    let (wide, narrow) = (draw(outcome, Sheet::WIDE, w)?, draw(outcome, Sheet::NARROW, w)?);
    let title = wide.title.clone();
    Ok(Some(Section { id, name: w.t(&format!("{id}-name")), title, body: figure(w, id, wide, &narrow, tables)? }))
}

/// A figure as it is drawn for a desk and for a phone, with its tables.
pub(super) fn figure(
    w: &Words,
    id: &str,
    wide: Picture,
    narrow: &Picture,
    tables: Vec<Table>,
) -> Result<String, ReportError> {
    rendered(&View {
        w,
        name: &wide.name,
        wide: embedded(&wide, &format!("{id}-wide")),
        narrow: embedded(narrow, &format!("{id}-narrow")),
        caption: wide.caption,
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
    })
}

/// A drawing for the page: colours from the theme, a title and a description that screen readers find.
fn embedded(picture: &Picture, id: &str) -> String {
    let svg = themed(&picture.svg);
    let view = svg.find("viewBox").map_or("", |at| &svg[at..]);
    let body = view.split_once("</title>").map_or("", |(_, body)| body);
    let view = view.split_once('>').map_or("", |(view, _)| view);
    format!(
        "<svg class=\"{}\" {view} role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{}</title>\
         <desc id=\"{id}-desc\">{}</desc>{body}",
        if id.ends_with("wide") { "desk" } else { "phone" },
        escaped(&picture.title),
        escaped(&picture.caption),
    )
}
