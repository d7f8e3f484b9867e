//! The worst simulated year of the proposed design, outage by outage, as it happened.
//!
//! Told are the outages during which somebody was served too little; the others of that year are counted.

use super::number::Number;
use super::{Section, figures, rendered};
use crate::files::ReportError;
use crate::format::{amount, amount_short};
use crate::plots::{self, Sheet};
use crate::story::{chapters, clock, heading, sentence};
use crate::wording::worst_year_title;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{Figure, Outcome, WorstYear};
use drsim_experiment::replay::Line;

/// Lines told of one outage; the rest can be replayed.
const LINES_MAX: usize = 60;

struct Chapter {
    heading: String,
    lines: Vec<Told>,
}

struct Told {
    clock: String,
    tone: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "worst_year.html")]
struct View<'a> {
    w: &'a Words,
    figure: String,
    downtime: Number,
    failed: Number,
    chapters: Vec<Chapter>,
    note: String,
    command: String,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(year) = &outcome.worst_year else { return Ok(None) };
    let outages: Vec<&[Line]> = chapters(&year.lines);
    let hurts = |lines: &&[Line]| lines.iter().any(|line| line.event == "below");
    let (told, quiet): (Vec<&[Line]>, Vec<&[Line]>) = outages.into_iter().partition(hurts);
    let title = worst_year_title(year, w);
    let figure = |value: f64| Figure { estimate: Some(value), ..Figure::default() };
    let m = &outcome.manifest;
    let view = View {
        w,
        figure: drawn(outcome, year, &title, w)?,
        downtime: Number::new(
            w,
            &amount(&figure(year.downtime_minutes)),
            Some(year.downtime_minutes),
            "/worst_year/downtime_minutes".into(),
        ),
        failed: Number::new(
            w,
            &amount_short(&figure(year.failed_requests)),
            Some(year.failed_requests),
            "/worst_year/failed_requests".into(),
        ),
        chapters: told.iter().map(|lines| chapter(lines, w)).collect(),
        note: w.say(
            "worst-note",
            &[
                ("year", year.replication.to_string().into()),
                ("years", w.number(&crate::format::count(m.replications)).into()),
                ("quiet", quiet.len().into()),
            ],
        ),
        command: replay_command(&m.command, year.replication, &year.architecture),
    };
    Ok(Some(Section { id: "worst-year", name: w.t("worst-name"), title, body: rendered(&view)? }))
}

/// The year as a figure; empty where it has none.
fn drawn(outcome: &Outcome, year: &WorstYear, title: &str, w: &Words) -> Result<String, ReportError> {
    let draw = |sheet| plots::worst_year(outcome, year, title, sheet, w);
    let (Some(wide), Some(narrow)) = (draw(Sheet::WIDE)?, draw(Sheet::NARROW)?) else { return Ok(String::new()) };
    figures::figure(w, "worst-year", wide, &narrow, vec![])
}

fn chapter(lines: &[Line], w: &Words) -> Chapter {
    let onset = lines[0].at_seconds;
    let heading = heading(&lines[0], w);
    let mut told: Vec<Told> = lines[1..]
        .iter()
        .take(LINES_MAX)
        .map(|line| Told { clock: clock(line.at_seconds - onset), tone: tone(&line.event), words: sentence(line, w) })
        .collect();
    if lines.len() > LINES_MAX + 1 {
        let more = lines.len() - LINES_MAX - 1;
        told.push(Told { clock: String::new(), tone: "", words: w.say("worst-more", &[("n", more.into())]) });
    }
    Chapter { heading, lines: told }
}

fn tone(event: &str) -> &'static str {
    match event {
        "fails" | "below" | "blocked" | "rows_lost" | "files_at_risk" | "writer_lost" | "destroyed" | "unfenced" => {
            "bad"
        }
        "back" | "repaired" | "promoted" | "scaled_out" | "rebuilt" | "failed_back" => "good",
        _ => "",
    }
}

/// The command that tells the whole year, from the command of the run.
fn replay_command(run: &str, replication: u64, architecture: &str) -> String {
    let same = run.rsplit_once(" -n ").map_or(run, |(head, _)| head);
    let words = same.replacen("drsim run", "drsim replay", 1);
    let words = words.split(" --confidence").next().unwrap_or_default().to_owned();
    format!("{words} --architecture {architecture} {replication}")
}
