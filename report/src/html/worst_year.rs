//! The worst simulated year of the proposed design, outage by outage, as it happened.
//!
//! Told are the outages during which somebody was served too little; the others of that year are counted.

use super::number::Number;
use super::{Section, rendered};
use crate::files::ReportError;
use crate::format::{amount, amount_short, duration};
use crate::story::{calendar, clock};
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{Figure, Outcome};
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
    let down = duration(60.0 * year.downtime_minutes);
    let title =
        w.say("worst-title", &[("design", year.architecture.as_str().into()), ("down", w.number(&down).into())]);
    let figure = |value: f64| Figure { estimate: Some(value), ..Figure::default() };
    let m = &outcome.manifest;
    let view = View {
        w,
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

/// The lines of each outage.
fn chapters(lines: &[Line]) -> Vec<&[Line]> {
    let mut starts: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].event == "outage").collect();
    starts.push(lines.len());
    starts.windows(2).map(|pair| &lines[pair[0]..pair[1]]).collect()
}

fn chapter(lines: &[Line], w: &Words) -> Chapter {
    let onset = lines[0].at_seconds;
    let cause = w.phrase(&lines[0].subject.replace('_', " "));
    let heading = w.say("worst-outage", &[("at", day(onset, w).into()), ("cause", cause.into())]);
    let mut told: Vec<Told> = lines[1..]
        .iter()
        .take(LINES_MAX)
        .map(|line| Told {
            clock: clock(line.at_seconds - onset),
            tone: tone(&line.event),
            words: w.say(
                &format!("event-{}", line.event.replace('_', "-")),
                &[("subject", subject(&line.subject, w).into()), ("detail", w.phrase(&line.detail).into())],
            ),
        })
        .collect();
    if lines.len() > LINES_MAX + 1 {
        let more = lines.len() - LINES_MAX - 1;
        told.push(Told { clock: String::new(), tone: "", words: w.say("worst-more", &[("n", more.into())]) });
    }
    Chapter { heading, lines: told }
}

/// A region, or a population and what it does.
fn subject(subject: &str, w: &Words) -> String {
    let (population, operation) = subject.split_once(' ').unwrap_or(("", subject));
    let operation = w.phrase(&operation.replace('_', " "));
    format!("{} {operation}", population.replace('_', " ")).trim().to_owned()
}

/// Seconds since the start of the year as a day and an hour.
fn day(seconds: f64, w: &Words) -> String {
    let (day, clock) = calendar(seconds);
    w.say("worst-day", &[("day", format!("{day:.0}").into()), ("clock", clock.into())])
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
