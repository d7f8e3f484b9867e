//! A tornado as text, CSV, JSON and files.

use crate::files::{self, ReportError};
use crate::format::{NONE, count, number, share};
use crate::plots;
use crate::sweep::what;
use crate::table::{Cell, Column, Table, wrap};
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity};
use drsim_experiment::outcome::Figure;
use std::path::{Path, PathBuf};

/// Writes `sensitivity.csv`, `sensitivity.json` and `plots/` into a directory; returns what was written.
///
/// # Errors
/// When an output cannot be made or written.
pub fn write_all(found: &Sensitivity, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let picture = plots::of_sensitivity(found)?;
    let plots = dir.join("plots");
    let files = [
        (dir.join("sensitivity.csv"), csv(found)?.into_bytes()),
        (dir.join("sensitivity.json"), json(found)?.into_bytes()),
        (plots.join("tornado.png"), picture.png()?),
        (plots.join("tornado.svg"), picture.svg.into_bytes()),
    ];
    files::directory(&plots)?;
    for (path, bytes) in &files {
        files::write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// For people.
pub fn text(found: &Sensitivity, width: usize, colour: bool) -> String {
    let mut lines = wrap("", &heading(found), width);
    lines.push(String::new());
    lines.extend(table(found).text(width, colour));
    lines.extend(wrap("", &legend(found), width));
    lines.join("\n") + "\n"
}

/// For a document.
pub fn markdown(found: &Sensitivity) -> String {
    format!("**{}**\n\n{}\n{}\n", heading(found), table(found).markdown(), legend(found))
}

/// Everything.
///
/// # Errors
/// Should a value refuse to be written.
pub fn json(found: &Sensitivity) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(found)
        .map_err(|error| ReportError::Format { what: "sensitivity.json", reason: error.to_string() })?;
    Ok(text + "\n")
}

/// One row per input.
///
/// # Errors
/// Should a value refuse to be written.
pub fn csv(found: &Sensitivity) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "sensitivity.csv", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = [
        "architecture",
        "claim",
        "input",
        "low",
        "high",
        "at_low",
        "at_high",
        "difference",
        "ci_low",
        "ci_high",
        "years",
        "basis",
        "owner",
    ];
    writer.write_record(head).map_err(|e| format(e.to_string()))?;
    let number = |x: Option<f64>| x.filter(|x| x.is_finite()).map_or(String::new(), |x| format!("{x}"));
    for bar in &found.bars {
        let row = [
            found.architecture.clone(),
            found.asked.name.clone(),
            bar.input.clone(),
            number(Some(bar.ends.0)),
            number(Some(bar.ends.1)),
            number(bar.at_low.estimate),
            number(bar.at_high.estimate),
            number(bar.difference.estimate),
            number(bar.difference.interval.map(|i| i.0)),
            number(bar.difference.interval.map(|i| i.1)),
            found.years.to_string(),
            bar.basis.map_or(String::new(), |b| format!("{b:?}").to_lowercase()),
            bar.owner.clone().unwrap_or_default(),
        ];
        writer.write_record(&row).map_err(|e| format(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| format(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| format(e.to_string()))
}

fn heading(found: &Sensitivity) -> String {
    format!(
        "{}: {}, {}; {} simulated years at each end of each range, seed {}",
        found.title,
        found.architecture,
        what(&found.asked),
        count(found.years),
        found.seed
    )
}

/// A share in per cent.
pub(crate) fn percent(figure: &Figure) -> String {
    figure.estimate.map_or(NONE.into(), |p| share(p, figure.interval))
}

/// A difference in percentage points with its half-width.
pub(crate) fn points(difference: &Figure) -> String {
    match (difference.estimate, difference.interval) {
        (Some(d), Some((low, high))) => {
            let half = 50.0 * (high - low);
            let decimals = if half > 0.0 { (-half.log10().floor()).clamp(0.0, 4.0) as usize } else { 2 };
            let shown = number(100.0 * d, decimals);
            if shown == "-0" || shown == "0" {
                "0".into()
            } else {
                format!("{}{shown}", if d > 0.0 { "+" } else { "" })
            }
        }
        _ => NONE.into(),
    }
}

fn half(difference: &Figure) -> String {
    difference.interval.map_or(NONE.into(), |(low, high)| {
        let half = 50.0 * (high - low);
        let decimals = if half > 0.0 { (-half.log10().floor()).clamp(0.0, 4.0) as usize } else { 0 };
        number(half, decimals)
    })
}

fn table(found: &Sensitivity) -> Table {
    let columns = vec![
        Column::words("input", "", 18),
        Column::words("range", "P10 .. P90", 10).goes(2),
        Column::number("found %", "at P10"),
        Column::number("", "at P90"),
        Column::number("difference", "points"),
        Column::number("", "±sim"),
        Column::words("owner", "", 6).goes(1),
        Column::words("basis", "", 6).goes(3),
    ];
    let row = |bar: &Bar| -> Vec<Cell> {
        vec![
            bar.input.as_str().into(),
            bar.range.clone().unwrap_or_default().into(),
            percent(&bar.at_low).into(),
            percent(&bar.at_high).into(),
            points(&bar.difference).into(),
            half(&bar.difference).into(),
            bar.owner.clone().unwrap_or_else(|| NONE.into()).into(),
            bar.basis.map_or(String::new(), |b| format!("{b:?}").to_lowercase()).into(),
        ]
    };
    Table { columns, rows: found.bars.iter().map(row).collect() }
}

fn legend(found: &Sensitivity) -> String {
    let level = 100.0 * found.confidence;
    format!(
        "found with every input at its base case: {} %; difference: found at P90 minus found at P10, all else at its base \
         case and the same chance; ±sim: {level} % interval of the difference; {} other values of the scenario have no \
         range and are not looked at",
        percent(&found.base),
        found.without_range
    )
}
