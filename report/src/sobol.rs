//! Sobol's indices, and what to measure next, as text, Markdown, CSV and JSON.

use crate::files::{self, ReportError};
use crate::format::{NONE, count, number};
use crate::sweep::what;
use crate::table::{Cell, Column, Table, wrap};
use drsim_experiment::decide::sobol::{Detail, Share};
use drsim_experiment::outcome::Figure;
use std::path::{Path, PathBuf};

/// Inputs that are worth a sentence.
const NEXT: usize = 3;

/// Writes `sobol.csv` and `sobol.json` into a directory; returns what was written.
///
/// # Errors
/// When an output cannot be made or written.
pub fn write_all(found: &Detail, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let files =
        [(dir.join("sobol.csv"), csv(found)?.into_bytes()), (dir.join("sobol.json"), json(found)?.into_bytes())];
    files::directory(dir)?;
    for (path, bytes) in &files {
        files::write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// For people.
pub fn text(found: &Detail, width: usize, colour: bool) -> String {
    let mut lines = wrap("", &heading(found), width);
    if !found.inputs.is_empty() {
        lines.push(String::new());
        lines.extend(table(found).text(width, colour));
    }
    lines.extend(wrap("", &legend(found), width));
    lines.push(String::new());
    lines.extend(wrap("MEASURE NEXT  ", &next(found), width));
    lines.join("\n") + "\n"
}

/// For a document.
pub fn markdown(found: &Detail) -> String {
    format!(
        "**{}**\n\n{}\n{}\n\n**Measure next:** {}\n",
        heading(found),
        table(found).markdown(),
        legend(found),
        next(found)
    )
}

/// Everything.
///
/// # Errors
/// Should a value refuse to be written.
pub fn json(found: &Detail) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(found)
        .map_err(|error| ReportError::Format { what: "sobol.json", reason: error.to_string() })?;
    Ok(text + "\n")
}

/// One row per input.
///
/// # Errors
/// Should a value refuse to be written.
pub fn csv(found: &Detail) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "sobol.csv", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = [
        "architecture",
        "claim",
        "input",
        "first",
        "first_low",
        "first_high",
        "total",
        "total_low",
        "total_high",
        "narrows",
        "basis",
        "owner",
    ];
    writer.write_record(head).map_err(|e| format(e.to_string()))?;
    let number = |x: Option<f64>| x.filter(|x| x.is_finite()).map_or(String::new(), |x| format!("{x}"));
    for share in &found.inputs {
        let row = [
            found.architecture.clone(),
            found.asked.name.clone(),
            share.input.clone(),
            number(share.first.estimate),
            number(share.first.interval.map(|i| i.0)),
            number(share.first.interval.map(|i| i.1)),
            number(share.total.estimate),
            number(share.total.interval.map(|i| i.0)),
            number(share.total.interval.map(|i| i.1)),
            number(Some(share.narrows)),
            share.basis.map_or(String::new(), |b| format!("{b:?}").to_lowercase()),
            share.owner.clone().unwrap_or_default(),
        ];
        writer.write_record(&row).map_err(|e| format(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| format(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| format(e.to_string()))
}

fn heading(found: &Detail) -> String {
    format!(
        "{}: {}, {}; all ranges at once, 2 x {} rows, {} simulated years each, seed {}",
        found.title,
        found.architecture,
        what(&found.asked),
        found.rows,
        count(found.years),
        found.seed
    )
}

/// An index in per cent with no more digits than its interval bears.
fn percent(figure: &Figure) -> String {
    let Some((value, (low, high))) = figure.estimate.zip(figure.interval) else { return NONE.into() };
    format!("{} ({} .. {})", number(100.0 * value, 0), number(100.0 * low, 0), number(100.0 * high, 0))
}

fn table(found: &Detail) -> Table {
    let columns = vec![
        Column::words("input", "", 18),
        Column::number("first-order %", "(interval)"),
        Column::number("total %", "(interval)"),
        Column::number("knowing it", "narrows by ≥"),
        Column::words("owner", "", 6).goes(1),
        Column::words("basis", "", 6).goes(2),
    ];
    let row = |share: &Share| -> Vec<Cell> {
        vec![
            share.input.as_str().into(),
            percent(&share.first).into(),
            percent(&share.total).into(),
            if share.narrows > 0.0 { format!("{:.0} %", 100.0 * share.narrows).into() } else { NONE.into() },
            share.owner.clone().unwrap_or_else(|| NONE.into()).into(),
            share.basis.map_or(String::new(), |b| format!("{b:?}").to_lowercase()).into(),
        ]
    };
    Table { columns, rows: found.inputs.iter().map(row).collect() }
}

fn legend(found: &Detail) -> String {
    if found.inputs.is_empty() {
        return format!(
            "found on average: {:.1} %; over the ranges it does not vary beyond the noise of the simulation: no input \
             decides (or more rows or years would tell)",
            100.0 * found.mean
        );
    }
    format!(
        "found on average: {:.1} %, standard deviation over what is not known {:.1} points; the simulation's own noise, {:.1} \
         points a row, is subtracted. first-order: share of that variance that would go if the input were known; total: \
         share that would stay if all others were; {} % intervals from a bootstrap of rows; \"-\": the interval reaches 0",
        100.0 * found.mean,
        100.0 * found.deviation,
        100.0 * found.noise,
        100.0 * found.confidence
    )
}

/// What to measure next, with whom.
fn next(found: &Detail) -> String {
    let worth: Vec<&Share> = found.inputs.iter().filter(|share| share.narrows > 0.0).take(NEXT).collect();
    if worth.is_empty() {
        return "no single input's value would narrow the verdict beyond the noise of these rows".into();
    }
    let one = |share: &&Share| {
        let after = found.deviation * (1.0 - share.narrows);
        let owner = share.owner.as_ref().map_or_else(|| "no owner".to_owned(), |owner| format!("owner {owner}"));
        format!(
            "{} ({owner}): from ±{:.1} to ±{:.1} points or less",
            share.input,
            100.0 * found.deviation,
            100.0 * after
        )
    };
    worth.iter().map(one).collect::<Vec<_>>().join("; ")
}
