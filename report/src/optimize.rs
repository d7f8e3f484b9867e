//! The cheapest setting as text, Markdown, CSV and JSON.

use crate::files::{self, ReportError};
use crate::format::{NONE, amount_short, count, number};
use crate::table::{Cell, Column, Table, wrap};
use drsim_experiment::decide::optimize::{Candidate, Optimum};
use drsim_experiment::decide::search::Ruling;
use drsim_experiment::outcome::Figure;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Writes `optimize.csv` and `optimize.json` into a directory; returns what was written.
///
/// # Errors
/// When an output cannot be made or written.
pub fn write_all(found: &Optimum, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let files =
        [(dir.join("optimize.csv"), csv(found)?.into_bytes()), (dir.join("optimize.json"), json(found)?.into_bytes())];
    files::directory(dir)?;
    for (path, bytes) in &files {
        files::write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// For people.
pub fn text(found: &Optimum, width: usize, colour: bool) -> String {
    let mut lines = wrap("", &answer(found), width);
    lines.push(String::new());
    lines.extend(table(found).text(width, colour));
    lines.extend(wrap("  ", &legend(found), width));
    lines.join("\n") + "\n"
}

/// For a document.
pub fn markdown(found: &Optimum) -> String {
    format!("**{}**\n\n{}\n{}\n", answer(found), table(found).markdown(), legend(found))
}

/// Everything.
///
/// # Errors
/// Should a value refuse to be written.
pub fn json(found: &Optimum) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(found)
        .map_err(|error| ReportError::Format { what: "optimize.json", reason: error.to_string() })?;
    Ok(text + "\n")
}

/// One row per candidate.
///
/// # Errors
/// Should a value refuse to be written.
pub fn csv(found: &Optimum) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "optimize.csv", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<String> = found.axes.iter().map(|axis| axis.path.clone()).collect();
    head.extend(["cost_a_year", "currency", "ruling", "claim", "found", "years"].map(str::to_owned));
    writer.write_record(&head).map_err(|e| format(e.to_string()))?;
    for candidate in &found.candidates {
        let mut row: Vec<String> = candidate.set.iter().map(|set| value(set).to_owned()).collect();
        let (ruling, claim, share) = parts(found, candidate.ruling);
        row.extend([
            format!("{}", candidate.cost_a_year),
            found.currency.clone(),
            ruling.to_owned(),
            claim.unwrap_or_default().to_owned(),
            share.map_or(String::new(), |share| format!("{share}")),
            candidate.years.to_string(),
        ]);
        writer.write_record(&row).map_err(|e| format(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| format(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| format(e.to_string()))
}

/// What stands after the equals sign of what is set.
pub fn value(set: &str) -> &str {
    set.split_once('=').map_or(set, |(_, value)| value)
}

/// A ruling in words, the claim that decided it, and the share of cases that meet that.
pub fn parts(found: &Optimum, ruling: Ruling) -> (&'static str, Option<&str>, Option<f64>) {
    let claim = |k: usize| found.claims.get(k).map(String::as_str);
    match ruling {
        Ruling::Accepted => ("accepted", None, None),
        Ruling::Refuted { claim: k, found } => ("refuted", claim(k), Some(found)),
        Ruling::Undecided { claim: k, found } => ("undecided", claim(k), found),
        Ruling::NotLookedAt => ("not looked at", None, None),
    }
}

fn money(found: &Optimum, value: f64) -> String {
    let figure = Figure { estimate: Some(value), interval: Some((value, value)), range: None, n: 1 };
    format!("{} {}", amount_short(&figure), found.currency)
}

fn answer(found: &Optimum) -> String {
    let cheaper =
        |end: usize| found.candidates[..end].iter().filter(|c| matches!(c.ruling, Ruling::Undecided { .. })).count();
    let binds = found.binds.as_ref().map_or(String::new(), |claim| format!(" What binds is `{claim}`."));
    match found.best {
        Some(best) => {
            let own = &found.candidates[best];
            let open = match cheaper(best) {
                0 => String::new(),
                1 => " One cheaper setting is undecided.".into(),
                n => format!(" {n} cheaper settings are undecided."),
            };
            format!(
                "{}: the cheapest setting of {} that meets every claim costs {} a year: {}.{open}{binds}",
                found.title,
                found.architecture,
                money(found, own.cost_a_year),
                own.set.join(", ")
            )
        }
        None if cheaper(found.candidates.len()) > 0 => format!(
            "{}: no setting of {} was found to meet every claim, and {} are undecided: more years (-n) would tell.{binds}",
            found.title,
            found.architecture,
            cheaper(found.candidates.len())
        ),
        None => format!(
            "{}: no setting of {} meets every claim: all {} are refuted.{binds}",
            found.title,
            found.architecture,
            found.candidates.len()
        ),
    }
}

fn table(found: &Optimum) -> Table {
    let name = |path: &str| {
        let own = format!("architectures.{}.", found.architecture);
        path.strip_prefix(&own).unwrap_or(path).replace('.', " ")
    };
    let mut columns = vec![Column::number("cost a year", &found.currency)];
    columns.extend(found.axes.iter().map(|axis| {
        let name = name(&axis.path);
        let (first, rest) = name.rsplit_once([' ', '_']).map_or(("", name.as_str()), |(a, b)| (a, b));
        Column::words(first, rest, 8)
    }));
    columns.push(Column::words("ruling", "", 9));
    columns.push(Column::words("claim", "", 8));
    columns.push(Column::number("found %", ""));
    columns.push(Column::number("years", "").goes(1));
    let row = |candidate: &Candidate| -> Vec<Cell> {
        let (ruling, claim, share) = parts(found, candidate.ruling);
        let mut cells: Vec<Cell> = vec![count(candidate.cost_a_year.max(0.0).round() as u64).into()];
        cells.extend(candidate.set.iter().map(|set| value(set).into()));
        cells.push(ruling.into());
        cells.push(claim.unwrap_or(NONE).into());
        cells.push(share.map_or(NONE.into(), |share| number(100.0 * share, 1)).into());
        cells.push(count(candidate.years).into());
        cells
    };
    Table { columns, rows: found.candidates.iter().map(row).collect() }
}

fn legend(found: &Optimum) -> String {
    let mut text = format!(
        "cost: cloud and people, expected; refuted, with the claim and the share found, as soon as one claim fails; a setting \
         that does not meet every claim is accepted with probability at most {:.3} in all; claims on \"always\" are only ever \
         not refuted; seed {}",
        1.0 - found.confidence,
        found.seed
    );
    if found.invalid.0 > 0 {
        let why = found.invalid.1.as_deref().unwrap_or_default();
        _ = write!(text, "; {} combinations are no valid scenario ({why})", found.invalid.0);
    }
    if found.left_out > 0 {
        _ = write!(text, "; {} combinations are simulated like another or lie off the coarse grid", found.left_out);
    }
    text
}
