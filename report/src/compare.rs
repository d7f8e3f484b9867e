//! Two designs against each other, and the Pareto front, as text, Markdown, CSV, JSON and figures.

use crate::files::ReportError;
use crate::format::{NONE, amount, amount_short, count, duration_figure, number, share};
use crate::plots::{self, Picture};
use crate::table::{Cell, Column, Table, wrap};
use crate::view::{View, cell};
use crate::words::{Lang, Words};
use drsim_experiment::compare::differences::{Difference, differences};
use drsim_experiment::compare::front::{Objective, Standing};
use drsim_experiment::compare::{Duel, DuelRow, Percentile, duel};
use drsim_experiment::outcome::{Figure, Manifest, Outcome};
use serde::Serialize;

/// What `drsim compare` shows of an outcome.
#[derive(Debug, Serialize)]
pub struct Comparison<'a> {
    /// Version of this structure.
    schema_version: u32,
    /// The run.
    manifest: &'a Manifest,
    /// Every field in which the two designs differ, in base units.
    differences: Vec<Difference>,
    /// A against B.
    duel: Duel,
    /// A against every other design, in brief.
    others: Vec<Duel>,
    /// Where every design stands.
    front: &'a [Standing],
    #[serde(skip)]
    outcome: &'a Outcome,
}

/// A against B.
///
/// # Errors
/// What is wrong with the names, or why the two were not compared.
pub fn comparison<'a>(outcome: &'a Outcome, a: &str, b: &str) -> Result<Comparison<'a>, String> {
    let designs = &outcome.scenario.architectures;
    let find = |name: &str| {
        let names: Vec<&str> = designs.iter().map(|d| d.name.as_str()).collect();
        let found = designs.iter().find(|d| d.name == name);
        found.ok_or_else(|| format!("no architecture `{name}`; there are {}", names.join(", ")))
    };
    let (one, other) = (find(a)?, find(b)?);
    if a == b {
        return Err(format!("`{a}` against itself; choose another with --against"));
    }
    let found = duel(&outcome.duels, a, b).ok_or_else(|| {
        format!("that run did not compare `{a}` with `{b}`; simulate again: --set proposed={a}, without --from")
    })?;
    Ok(Comparison {
        schema_version: outcome.schema_version,
        manifest: &outcome.manifest,
        differences: differences(one, other),
        others: designs.iter().filter(|d| d.name != a).filter_map(|d| duel(&outcome.duels, a, &d.name)).collect(),
        duel: found,
        front: &outcome.front,
        outcome,
    })
}

/// One number of A against B: a row of `compare.csv`.
#[derive(Debug)]
pub struct Number<'a> {
    /// What was compared.
    pub of: &'a DuelRow,
    /// `p_a_better`, `mean_difference`, `p95_of_differences` and so on.
    pub statistic: String,
    /// The number.
    pub figure: Figure,
    /// Its unit.
    pub unit: &'a str,
}

/// Every number of A against B, in the order of `compare.csv`.
pub fn numbers<'a>(view: &'a Comparison<'_>) -> Vec<Number<'a>> {
    let mut numbers = Vec::new();
    for of in &view.duel.rows {
        let mut add = |statistic: &str, figure: &Figure, unit: &'a str| {
            numbers.push(Number { of, statistic: statistic.to_owned(), figure: *figure, unit });
        };
        add("p_a_better", &of.a_better, "1");
        add("p_tie", &of.tie, "1");
        add("p_b_better", &of.b_better, "1");
        if let Some(means) = &of.means {
            add("mean_a", &means.a, &of.unit);
            add("mean_b", &means.b, &of.unit);
            add("mean_difference", &means.difference, &of.unit);
            let ratio = Figure { estimate: means.variance_ratio, n: of.a_better.n, ..Figure::default() };
            add("variance_ratio", &ratio, "1");
        }
        for p in &of.percentiles {
            let name = &p.statistic;
            add(&format!("{name}_a"), &p.a, &of.unit);
            add(&format!("{name}_b"), &p.b, &of.unit);
            add(&format!("difference_of_{name}"), &p.difference_of_percentiles, &of.unit);
            add(&format!("{name}_of_differences"), &p.percentile_of_differences, &of.unit);
        }
    }
    numbers
}

impl View for Comparison<'_> {
    const NAME: &'static str = "compare";

    fn text(&self, lang: Lang, width: usize, colour: bool) -> String {
        let w = lang.words();
        let mut lines = wrap("", &heading(self, w), width);
        let mut block = |head: String, table: &Table, note: String| {
            lines.push(String::new());
            lines.extend(wrap("", &head, width));
            lines.extend(table.text(width, colour));
            if !note.is_empty() {
                lines.extend(wrap("  ", &note, width));
            }
        };
        block(w.t("compare-pairs"), &pairs(self, w), w.t("compare-pairs-note"));
        block(w.t("compare-percentiles"), &percentiles(self, w), w.t("compare-percentiles-note"));
        if self.others.len() > 1 {
            let gaps = [("design", self.duel.architecture.as_str().into())];
            block(w.say("compare-others", &gaps), &others(self, w), String::new());
        }
        if !self.front.is_empty() {
            block(w.t("compare-front"), &front(self.outcome, w), w.t("front-note"));
        }
        lines.push(String::new());
        lines.extend(wrap(&w.t("compare-differs"), &differs(self, w), width));
        lines.join("\n") + "\n"
    }

    fn markdown(&self, lang: Lang) -> String {
        let w = lang.words();
        let gaps = [("design", self.duel.architecture.as_str().into())];
        format!(
            "**{}**\n\n{}{}\n\n{}\n\n{}\n{}\n\n{}\n\n{}\n{}\n\n{}\n\n{}\n{}\n\n{}\n{}\n",
            heading(self, w),
            w.t("compare-differs"),
            differs(self, w),
            w.t("compare-pairs"),
            pairs(self, w).markdown(),
            w.t("compare-pairs-note"),
            w.t("compare-percentiles"),
            percentiles(self, w).markdown(),
            w.t("compare-percentiles-note"),
            w.say("compare-others", &gaps),
            others(self, w).markdown(),
            w.t("compare-front"),
            front(self.outcome, w).markdown(),
            w.t("front-note"),
        )
    }

    /// One row per number of A against B.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let head = [
            "architecture",
            "against",
            "metric",
            "operation",
            "store",
            "per",
            "statistic",
            "estimate",
            "ci_low",
            "ci_high",
            "n",
            "unit",
        ];
        let row = |Number { of, statistic, figure, unit }: Number| {
            let cells = [
                &self.duel.architecture,
                &self.duel.against,
                &of.metric,
                &of.operation,
                &of.store,
                &of.per,
                &statistic,
                &cell(figure.estimate),
                &cell(figure.interval.map(|i| i.0)),
                &cell(figure.interval.map(|i| i.1)),
                &figure.n.to_string(),
                unit,
            ];
            cells.map(str::to_owned).to_vec()
        };
        (head.map(str::to_owned).to_vec(), numbers(self).into_iter().map(row).collect())
    }

    fn pictures(&self, lang: Lang) -> Result<Vec<Picture>, ReportError> {
        plots::of_comparison(self.outcome, &self.duel, lang)
    }
}

fn heading(view: &Comparison<'_>, w: &Words) -> String {
    let m = view.manifest;
    w.say(
        "compare-heading",
        &[
            ("title", m.title.as_str().into()),
            ("a", view.duel.architecture.as_str().into()),
            ("b", view.duel.against.as_str().into()),
            ("years", w.number(&count(m.replications)).into()),
            ("seed", m.seed.to_string().into()),
        ],
    )
}

fn differs(view: &Comparison<'_>, w: &Words) -> String {
    let one = |d: &Difference| format!("{}: {} / {}", d.field, said(&d.field, &d.a, w), said(&d.field, &d.b, w));
    let all: Vec<String> = view.differences.iter().map(one).collect();
    if all.is_empty() { w.t("compare-differs-not") } else { all.join("; ") }
}

/// A value of a field: seconds and shares as people write them.
fn said(field: &str, value: &serde_json::Value, w: &Words) -> String {
    use serde_json::Value;
    let last = field.rsplit('.').next().unwrap_or(field);
    match value {
        Value::Null => w.t("compare-none"),
        Value::Bool(is) => w.t(if *is { "compare-yes" } else { "compare-no" }),
        Value::Number(n) => {
            let x = n.as_f64().unwrap_or(f64::NAN);
            match last {
                "ttl" | "interval" | "drill_every" | "returns_after" => w.number(&crate::format::duration(x)),
                "standby_share" => format!("{} %", number(100.0 * x, 2)),
                _ => number(x, 4),
            }
        }
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|v| said(last, v, w)).collect::<Vec<_>>().join(" + "),
        Value::Object(fields) => {
            fields.iter().map(|(k, v)| format!("{k} {}", said(k, v, w))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What is compared, in words.
pub(crate) fn name_of(row: &DuelRow, w: &Words) -> String {
    let of = [&*row.operation, &*row.store].into_iter().find(|s| !s.is_empty()).unwrap_or("all");
    w.t(&format!("duel-{}-{of}-{}", row.metric.replace('_', "-"), row.per))
}

/// A value in the unit of a row, with the digits its interval bears.
pub(crate) fn valued(row_unit: &str, figure: &Figure) -> String {
    match row_unit {
        "s" => duration_figure(figure),
        "min/year" => duration_figure(&scaled(figure, 60.0)),
        _ => amount_short(figure),
    }
}

fn scaled(figure: &Figure, by: f64) -> Figure {
    let both = |(low, high): (f64, f64)| (by * low, by * high);
    Figure { estimate: figure.estimate.map(|x| by * x), interval: figure.interval.map(both), ..*figure }
}

/// "-5.1 h (-5.3 h .. -4.9 h)".
pub(crate) fn with_interval(row_unit: &str, figure: &Figure) -> String {
    let shown = valued(row_unit, figure);
    let Some((low, high)) = figure.interval.filter(|_| shown != NONE) else { return NONE.into() };
    if high <= low {
        return shown;
    }
    let end = |x: f64| valued(row_unit, &Figure { estimate: Some(x), interval: Some((x, x)), ..*figure });
    format!("{shown} ({} .. {})", end(low), end(high))
}

/// How much pairing saves, in words: "x 12".
pub(crate) fn saves(row: &DuelRow) -> String {
    row.means.as_ref().and_then(|m| m.variance_ratio).map_or(NONE.into(), |ratio| {
        if ratio >= 9.95 { format!("x {}", count(ratio.round() as u64)) } else { format!("x {ratio:.1}") }
    })
}

fn percent(figure: &Figure) -> String {
    figure.estimate.map_or(NONE.into(), |p| share(p, figure.interval))
}

fn pairs(view: &Comparison<'_>, w: &Words) -> Table {
    let columns = vec![
        Column::words(&w.t("compare-what"), "", 16),
        Column::number("n", "").goes(1),
        Column::number(&w.t("compare-better"), "A %").spans(),
        Column::number("", &w.t("compare-tie")),
        Column::number("", "B %"),
        Column::number(&w.t("compare-mean"), "A"),
        Column::number("", "B"),
        Column::number("A - B", &w.t("compare-interval")),
        Column::number(&w.t("compare-pairing"), &w.t("compare-saves")).goes(2),
    ];
    let row = |row: &DuelRow| -> Vec<Cell> {
        let mean = |figure: fn(&drsim_experiment::compare::Means) -> &Figure| {
            row.means.as_ref().map_or(NONE.into(), |m| w.number(&valued(&row.unit, figure(m))))
        };
        vec![
            name_of(row, w).into(),
            w.number(&count(row.a_better.n)).into(),
            percent(&row.a_better).into(),
            percent(&row.tie).into(),
            percent(&row.b_better).into(),
            mean(|m| &m.a).into(),
            mean(|m| &m.b).into(),
            row.means.as_ref().map_or(NONE.into(), |m| w.number(&with_interval(&row.unit, &m.difference))).into(),
            saves(row).into(),
        ]
    };
    Table { columns, rows: view.duel.rows.iter().map(row).collect() }
}

fn percentiles(view: &Comparison<'_>, w: &Words) -> Table {
    let columns = vec![
        Column::words(&w.t("compare-what"), "", 16),
        Column::words("", "", 0),
        Column::number("A", ""),
        Column::number("B", ""),
        Column::number(&w.t("compare-difference-of-percentiles"), &w.t("compare-interval")),
        Column::number(&w.t("compare-percentile-of-differences"), &w.t("compare-interval")),
    ];
    let one = |row: &DuelRow, p: &Percentile| -> Vec<Cell> {
        let shown = |figure: &Figure| w.number(&valued(&row.unit, figure));
        let ends = |figure: &Figure| w.number(&with_interval(&row.unit, figure));
        vec![
            name_of(row, w).into(),
            p.statistic.to_uppercase().into(),
            shown(&p.a).into(),
            shown(&p.b).into(),
            ends(&p.difference_of_percentiles).into(),
            ends(&p.percentile_of_differences).into(),
        ]
    };
    let shown = |p: &&Percentile| matches!(&*p.statistic, "p5" | "p50" | "p95");
    let rows = view.duel.rows.iter().filter(|row| row.operation != "overall");
    Table { columns, rows: rows.flat_map(|row| row.percentiles.iter().filter(shown).map(|p| one(row, p))).collect() }
}

/// The rows of a duel that stand for all others in a line.
pub(crate) fn headline(duel: &Duel) -> (Option<&DuelRow>, Option<&DuelRow>) {
    (duel.row("recovery_time_seconds", "outage", "overall", ""), duel.row("downtime_minutes", "year", "", ""))
}

fn others(view: &Comparison<'_>, w: &Words) -> Table {
    let columns = vec![
        Column::words(&w.t("compare-against"), "", 16),
        Column::number(&w.t("compare-sooner"), "A %").spans(),
        Column::number("", &w.t("compare-tie")),
        Column::number("", "B %"),
        Column::number(&w.t("compare-down"), &w.t("compare-interval")),
        Column::number(&w.t("compare-pairing"), &w.t("compare-saves")),
    ];
    let row = |duel: &Duel| -> Vec<Cell> {
        let (outages, down) = headline(duel);
        let share = |figure: fn(&DuelRow) -> &Figure| outages.map_or(NONE.into(), |row| percent(figure(row)));
        let means = down.and_then(|row| row.means.as_ref());
        vec![
            duel.against.as_str().into(),
            share(|r| &r.a_better).into(),
            share(|r| &r.tie).into(),
            share(|r| &r.b_better).into(),
            means.map_or(NONE.into(), |m| w.number(&with_interval("min/year", &m.difference))).into(),
            down.map_or(NONE.into(), saves).into(),
        ]
    };
    Table { columns, rows: view.others.iter().map(row).collect() }
}

/// A value of an objective.
pub(crate) fn objective_value(outcome: &Outcome, objective: Objective, figure: &Figure) -> String {
    let currency = outcome.scenario.money.currency.code();
    match objective {
        Objective::CostAYear => match amount_short(figure) {
            text if text == NONE => text,
            text => format!("{text} {currency}"),
        },
        Objective::DowntimeMinutes => duration_figure(&scaled(figure, 60.0)),
        Objective::LatencyP95 => duration_figure(figure),
        Objective::FilesLeftBehind | Objective::RowsLeftBehind => amount(figure),
    }
}

/// The words for an objective.
pub(crate) fn objective_name(objective: Objective, w: &Words) -> String {
    w.t(match objective {
        Objective::CostAYear => "front-cost",
        Objective::DowntimeMinutes => "front-down",
        Objective::FilesLeftBehind => "front-files",
        Objective::RowsLeftBehind => "front-rows",
        Objective::LatencyP95 => "front-latency",
    })
}

/// What dominates a design, in words.
pub(crate) fn dominated(standing: &Standing, w: &Words) -> String {
    let Some(first) = standing.dominated_by.first() else { return w.t("front-on") };
    let better: Vec<String> = first.better_in.iter().map(|o| objective_name(*o, w).to_lowercase()).collect();
    let gaps = [("by", first.by.as_str().into()), ("better", better.join(", ").into())];
    w.say(if first.sure { "front-behind" } else { "front-behind-perhaps" }, &gaps)
}

fn front(outcome: &Outcome, w: &Words) -> Table {
    let mut columns = vec![Column::words(&w.t("design"), "", 14)];
    columns.extend(Objective::ALL.map(|o| Column::number(&objective_name(o, w), "")));
    columns.push(Column::words(&w.t("front-dominated"), "", 12));
    let row = |standing: &Standing| -> Vec<Cell> {
        let mut cells: Vec<Cell> = vec![standing.architecture.as_str().into()];
        let value = |(o, f): (Objective, &Figure)| w.number(&objective_value(outcome, o, f)).into();
        cells.extend(Objective::ALL.into_iter().zip(&standing.values).map(value));
        let by = standing.dominated_by.first();
        cells.push(by.map_or(NONE.into(), |d| format!("{}{}", d.by, if d.sure { "" } else { " ?" })).into());
        cells
    };
    Table { columns, rows: outcome.front.iter().map(row).collect() }
}
