//! A sweep as text, CSV, JSON and files.
//!
//! One field is a table with a row per value; two are a map with the first field to the right and the second upwards.

use crate::files::{self, ReportError};
use crate::format::{NONE, amount, count, duration, duration_figure, number, share, share_asked, share_half_width};
use crate::plots;
use crate::table::{Cell, Column, Table, Tone, wrap};
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::{Asked, Sweep};
use drsim_experiment::outcome::{Figure, Verdict};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Writes `sweep.csv`, `sweep.json` and `plots/` into a directory; returns what was written.
///
/// # Errors
/// When an output cannot be made or written.
pub fn write_all(sweep: &Sweep, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let mut files =
        vec![(dir.join("sweep.csv"), csv(sweep)?.into_bytes()), (dir.join("sweep.json"), json(sweep)?.into_bytes())];
    let plots = dir.join("plots");
    for picture in plots::of_sweep(sweep)? {
        files.push((plots.join(format!("{}.png", picture.name)), picture.png()?));
        files.push((plots.join(format!("{}.svg", picture.name)), picture.svg.into_bytes()));
    }
    files::directory(&plots)?;
    for (path, bytes) in &files {
        files::write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// For people.
pub fn text(sweep: &Sweep, width: usize, colour: bool) -> String {
    let mut lines = wrap("", &heading(sweep), width);
    for table in tables(sweep, width) {
        lines.push(String::new());
        lines.extend(wrap("", &table.title, width));
        lines.extend(table.table.text(width, colour));
    }
    lines.extend(wrap("", &legend(sweep), width));
    lines.join("\n") + "\n"
}

/// For a document.
pub fn markdown(sweep: &Sweep) -> String {
    let mut text = format!("**{}**\n", heading(sweep));
    for table in tables(sweep, usize::MAX) {
        _ = write!(text, "\n{}\n\n{}", table.title, table.table.markdown());
    }
    text + "\n" + &legend(sweep) + "\n"
}

/// Everything.
///
/// # Errors
/// Should a value refuse to be written.
pub fn json(sweep: &Sweep) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(sweep)
        .map_err(|error| ReportError::Format { what: "sweep.json", reason: error.to_string() })?;
    Ok(text + "\n")
}

/// One row per setting, architecture and measure; the varied fields come first, under their paths.
///
/// # Errors
/// Should a value refuse to be written.
pub fn csv(sweep: &Sweep) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "sweep.csv", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<&str> = sweep.axes.iter().map(|axis| axis.path.as_str()).collect();
    head.extend([
        "architecture",
        "measure",
        "bound",
        "per",
        "asked",
        "estimate",
        "ci_low",
        "ci_high",
        "range_low",
        "range_high",
        "n",
        "years",
        "unit",
        "verdict",
        "note",
    ]);
    writer.write_record(&head).map_err(|e| format(e.to_string()))?;
    for cell in &sweep.cells {
        let (found, asked) = (&cell.found, &sweep.asked[cell.asked]);
        let figure = &found.figure;
        let number = |x: Option<f64>| x.filter(|x| x.is_finite()).map_or(String::new(), |x| format!("{x}"));
        let mut row: Vec<String> = sweep.axes.iter().zip(&cell.at).map(|(axis, i)| axis.values[*i].clone()).collect();
        row.extend([
            sweep.architectures[cell.architecture].clone(),
            asked.name.clone(),
            asked.bound.clone(),
            asked.per.clone(),
            number(asked.share),
            number(figure.estimate),
            number(figure.interval.map(|i| i.0)),
            number(figure.interval.map(|i| i.1)),
            number(figure.range.map(|r| r.0)),
            number(figure.range.map(|r| r.1)),
            figure.n.to_string(),
            found.years.to_string(),
            found.unit.clone(),
            found.verdict.map_or(String::new(), |v| crate::check::word(v).to_lowercase()),
            found.note.clone().unwrap_or_default(),
        ]);
        writer.write_record(&row).map_err(|e| format(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| format(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| format(e.to_string()))
}

struct Titled {
    title: String,
    table: Table,
}

fn heading(sweep: &Sweep) -> String {
    let fields: Vec<String> = sweep.axes.iter().map(|a| format!("{} ({} values)", a.path, a.values.len())).collect();
    let years = sweep.cells.iter().map(|c| c.found.years);
    let (least, most) = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
    let years = if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
    format!("{}: {}; {years} simulated years each, seed {}", sweep.title, fields.join(" x "), sweep.seed)
}

/// What a measure is, in words.
pub(crate) fn what(asked: &Asked) -> String {
    if asked.is_claim {
        format!("{} {} (asked: {})", asked.name, asked.bound, share_asked(asked.share))
    } else {
        asked.name.clone()
    }
}

/// What was found, without its interval.
pub(crate) fn value(asked: &Asked, found: &Found) -> String {
    match found.figure.estimate {
        None => NONE.into(),
        Some(p) if asked.is_claim => share(p, found.figure.interval),
        Some(_) if found.unit == "s" => duration_figure(&found.figure),
        Some(_) => amount(&found.figure),
    }
}

/// A number in its unit, for an axis.
pub(crate) fn plain(value: f64, unit: &str) -> String {
    match unit {
        "s" => duration(value),
        "1" => format!("{} %", number(100.0 * value, 2)),
        _ => amount(&Figure { estimate: Some(value), ..Figure::default() }),
    }
}

fn tone(found: &Found) -> Tone {
    match found.verdict {
        Some(Verdict::Holds | Verdict::NoCounterexample) => Tone::Good,
        Some(Verdict::Fails) => Tone::Bad,
        Some(Verdict::Undecided | Verdict::Depends) => Tone::Open,
        _ => Tone::Plain,
    }
}

fn tables(sweep: &Sweep, width: usize) -> Vec<Titled> {
    let pairs = (0..sweep.asked.len()).flat_map(|m| (0..sweep.architectures.len()).map(move |a| (a, m)));
    match sweep.axes.as_slice() {
        [_] => (0..sweep.asked.len()).map(|m| column(sweep, m)).collect(),
        _ => pairs.map(|(a, m)| map(sweep, a, m, width)).collect(),
    }
}

/// One field: a row per value, and for each architecture what was found, how surely, and the verdict.
fn column(sweep: &Sweep, m: usize) -> Titled {
    let (axis, asked) = (&sweep.axes[0], &sweep.asked[m]);
    let mut columns = vec![Column::number(&axis.path, "")];
    for name in &sweep.architectures {
        columns.push(Column::number(name, if asked.is_claim { "found %" } else { "found" }));
        columns.push(Column::number("", if asked.is_claim { "±sim" } else { "95 % interval" }));
        if asked.is_claim {
            columns.push(Column::words("", "verdict", 4));
        }
    }
    let row = |i: usize| {
        let mut cells: Vec<Cell> = vec![axis.values[i].as_str().into()];
        for a in 0..sweep.architectures.len() {
            let Some(found) = sweep.cell(&[i], a, m).map(|c| &c.found) else {
                cells.extend([NONE.into(), "".into()]);
                if asked.is_claim {
                    cells.push("".into());
                }
                continue;
            };
            cells.push(Cell { tone: tone(found), ..value(asked, found).into() });
            if asked.is_claim {
                let p = found.figure.estimate.unwrap_or(f64::NAN);
                cells.push(share_half_width(p, found.figure.interval).into());
                cells.push(found.verdict.map_or(NONE, crate::check::word).into());
            } else {
                let end = |x: f64| plain(x, &found.unit);
                let ends = found.figure.interval.map(|(low, high)| format!("{} .. {}", end(low), end(high)));
                cells.push(ends.unwrap_or_else(|| found.note.clone().unwrap_or_else(|| NONE.into())).into());
            }
        }
        cells
    };
    Titled { title: what(asked), table: Table { columns, rows: (0..axis.values.len()).map(row).collect() } }
}

/// Two fields: a cell per setting; columns are thinned to the width.
fn map(sweep: &Sweep, a: usize, m: usize, width: usize) -> Titled {
    let (x, y, asked) = (&sweep.axes[0], &sweep.axes[1], &sweep.asked[m]);
    let text = |i: usize, j: usize| sweep.cell(&[i, j], a, m).map_or(NONE.into(), |c| value(asked, &c.found));
    let all = || (0..x.values.len()).flat_map(|i| (0..y.values.len()).map(move |j| (i, j)));
    let cell_width = all().map(|(i, j)| text(i, j).chars().count()).max().unwrap_or(1);
    let label = y.values.iter().map(|v| v.chars().count()).max().unwrap_or(0);
    let narrow = |v: &String| v.split(' ').map(|part| part.chars().count()).max().unwrap_or(0);
    let cell_width = cell_width.max(x.values.iter().map(narrow).max().unwrap_or(0)) + 1;
    let fits = (width.saturating_sub(label) / cell_width).max(1);
    let step = x.values.len().div_ceil(fits);
    let shown: Vec<usize> = (0..x.values.len()).step_by(step).collect();
    let mut columns = vec![Column::number("", "")];
    for i in &shown {
        let (number, unit) = x.values[*i].split_once(' ').unwrap_or((&x.values[*i], ""));
        columns.push(Column::number(number, unit));
    }
    let row = |j: usize| {
        let mut cells: Vec<Cell> = vec![y.values[j].as_str().into()];
        for i in &shown {
            let tone = sweep.cell(&[*i, j], a, m).map_or(Tone::Plain, |c| tone(&c.found));
            cells.push(Cell { tone, ..text(*i, j).into() });
        }
        cells
    };
    let unit = if asked.is_claim { ", found %" } else { "" };
    let title =
        format!("{}, {}{unit}: {} to the right, {} upwards", sweep.architectures[a], what(asked), x.path, y.path);
    Titled { title, table: Table { columns, rows: (0..y.values.len()).rev().map(row).collect() } }
}

fn legend(sweep: &Sweep) -> String {
    let widest = sweep.cells.iter().filter(|c| sweep.asked[c.asked].is_claim).filter_map(|c| c.found.figure.interval);
    let widest = widest.map(|(low, high)| 50.0 * (high - low)).fold(0.0, f64::max);
    let level = 100.0 * sweep.confidence;
    let mut words = Vec::new();
    if sweep.asked.iter().any(|a| a.is_claim) {
        words.push(format!(
            "found: share of cases that meet the bound; {level} % intervals, worlds held fixed, at most ± {widest:.1} points"
        ));
    }
    if sweep.axes.iter().any(|axis| axis.path.ends_with(".*")) {
        words.push(".*: the value is the median, the rest of the distribution in proportion".into());
    }
    words.push("all settings met the same chance".into());
    words.join("; ")
}
