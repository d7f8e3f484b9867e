//! From an [`Outcome`] to what people and programs read: one output per file.
//!
//! An outcome already holds every estimate with its interval; nothing here computes statistics, and nothing prints.

pub mod against;
mod availability;
pub mod catalogue;
pub mod check;
pub mod compare;
pub mod costs;
pub mod csv;
mod doubts;
pub mod files;
pub mod fit;
pub mod format;
pub mod held_out;
mod html;
pub mod json;
pub mod memo;
pub mod money;
pub mod moved;
pub mod optimize;
mod parquet;
pub mod plots;
#[cfg(test)]
mod sample;
mod sensitivity;
mod sobol;
pub mod story;
mod sweep;
mod table;
pub mod text;
mod together;
mod view;
mod wording;
mod words;
mod worth;
pub mod xlsx;

pub use csv::{INCIDENTS, IncidentsWriter};
pub use files::ReportError;
pub use html::page;
pub use json::RunRecord;
pub use text::{render, render_markdown, render_table};
pub use view::View;
pub use words::Lang;

use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::Outcome;
use std::path::{Path, PathBuf};

/// Writes `results.json`, `metrics.csv`, `costs.csv`, `budget.csv`, `costs.xlsx`, `memo.md`, `report.html`, `plots/*.svg`,
/// `plots/*.png`, what further runs found (`sensitivity.*`, `sweep.*`) and, last, `run.json` into a directory, which is made
/// if need be; returns what was written.
///
/// All of it is made before the first byte is written, so that what cannot be made leaves nothing behind.
///
/// # Errors
/// When an output cannot be made or written.
pub fn write_all(
    outcome: &Outcome,
    further: &WhatIf,
    dir: &Path,
    run: &RunRecord,
    lang: Lang,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![
        ("results.json".into(), json::results(outcome)?.into_bytes()),
        ("metrics.csv".into(), csv::metrics(outcome)?.into_bytes()),
        ("costs.csv".into(), costs::costs(outcome)?.into_bytes()),
        ("budget.csv".into(), costs::budget(outcome)?.into_bytes()),
        ("costs.xlsx".into(), xlsx::workbook(outcome)?),
        ("memo.md".into(), memo::memo(outcome).into_bytes()),
        ("report.html".into(), page(outcome, further, lang)?.into_bytes()),
    ];
    for picture in plots::draw(outcome, lang)? {
        files.extend(picture.files()?);
    }
    files.extend(further_files(further, lang)?);
    files.push(("run.json".into(), json::run(run)?.into_bytes()));
    files::write_into(dir, &files)
}

/// What further runs found, as the files of their own verbs.
///
/// # Errors
/// When one of them cannot be made.
pub fn further_files(further: &WhatIf, lang: Lang) -> Result<Vec<(PathBuf, Vec<u8>)>, ReportError> {
    let mut files = Vec::new();
    if let Some(sensitivity) = &further.sensitivity {
        files.extend(sensitivity.files(lang)?);
    }
    if let Some(map) = &further.map {
        files.extend(map.files(lang)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_written_or_nothing() {
        let dir = files::tests::scratch("all");
        let (outcome, run) = (sample::one_design(), RunRecord::default());
        let written =
            write_all(&outcome, &WhatIf::default(), &dir.join("made/on/demand"), &run, Lang::En).expect("writable");
        let names: Vec<String> =
            written.iter().filter_map(|p| Some(p.file_name()?.to_string_lossy().into_owned())).collect();
        let figures =
            ["recovery_ccdf", "loss_ccdf", "waterfall", "worst_year"].map(|f| [format!("{f}.png"), format!("{f}.svg")]);
        let documents =
            ["results.json", "metrics.csv", "costs.csv", "budget.csv", "costs.xlsx", "memo.md", "report.html"];
        let mut expected = documents.map(str::to_owned).to_vec();
        expected.extend(figures.into_iter().flatten());
        expected.push("run.json".into());
        assert_eq!(names, expected);
        assert!(written.iter().all(|path| path.is_file()));
        std::fs::write(dir.join("file"), "").expect("writable");
        assert!(write_all(&outcome, &WhatIf::default(), &dir.join("file"), &run, Lang::En).is_err());
        std::fs::remove_dir_all(dir).expect("own");
    }

    /// `DRSIM_SHOW=DIR cargo test -p drsim-report` keeps every case there, to be looked at.
    #[test]
    fn every_edge_case_can_be_written() {
        let kept = std::env::var_os("DRSIM_SHOW").map(PathBuf::from);
        let own = std::env::temp_dir().join(format!("drsim-show-{}", std::process::id()));
        let dir = kept.clone().unwrap_or_else(|| own.clone());
        let run = RunRecord::default();
        for (name, outcome) in sample::cases() {
            let dir = dir.join(name);
            write_all(&outcome, &sample::what_if(), &dir, &run, Lang::En).expect("writable");
            files::write_whole(&dir.join("page.txt"), render(&outcome, Lang::En, 100, false).as_bytes())
                .expect("writable");
            files::write_whole(&dir.join("page.md"), render_markdown(&outcome, Lang::En).as_bytes()).expect("writable");
            files::write_whole(&dir.join("tables.txt"), render_table(&outcome, Lang::En, 100, false).as_bytes())
                .expect("writable");
        }
        if kept.is_none() {
            std::fs::remove_dir_all(own).expect("own");
        }
    }
}
