//! Replays in words: one simulated year as a story, one real outage against every architecture, and the scoreboard of
//! the whole library.

use crate::files::ReportError;
use crate::format::{count, duration};
use crate::plots::{Picture, Sheet, Told, timeline, timeline_caption};
use crate::wording::{asked, burst};
use crate::words::{Lang, Words};
use drsim_experiment::catalogue::RecordedOutage;
use drsim_experiment::outcome::{ClaimResult, Counterexample};
use drsim_experiment::replay::{Line, Median, Replayed};
use std::fmt::Write as _;

/// One simulated year, architecture by architecture.
pub fn year(lines: &[Line], replication: u64, lang: Lang) -> String {
    let w = lang.words();
    let year = || ("year", replication.to_string().into());
    if lines.is_empty() {
        return w.say("story-quiet", &[year()]) + "\n";
    }
    let mut text = String::new();
    for own in lines.chunk_by(|a, b| a.architecture == b.architecture) {
        let gaps = [("design", own[0].architecture.as_str().into()), year()];
        _ = writeln!(text, "{}", w.say("story-year", &gaps));
        for chapter in chapters(own) {
            text += &outage_told(chapter, w);
        }
    }
    text
}

/// The figures of a year, one for each design that it interrupted.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn pictures(
    lines: &[Line],
    (replication, seed): (u64, u64),
    designs: &[&str],
    lang: Lang,
) -> Result<Vec<Picture>, ReportError> {
    let w = lang.words();
    let mut pictures = Vec::new();
    for own in lines.chunk_by(|a, b| a.architecture == b.architecture) {
        let name = &own[0].architecture;
        let down = w.number(&duration(longest_down(own)));
        let gaps = [("design", name.as_str().into()), ("year", replication.to_string().into()), ("down", down.into())];
        let told = Told {
            lines: own,
            index: designs.iter().position(|design| design == name).unwrap_or(0),
            title: w.say("timeline-title", &gaps),
            caption: timeline_caption(own, (replication, seed), w),
            name: format!("replay_{replication}_{}", name.replace(|c: char| !c.is_alphanumeric() && c != '-', "_")),
        };
        pictures.extend(timeline(&told, Sheet::FILE, w)?);
    }
    Ok(pictures)
}

/// Seconds for which the population and operation that was down longest was down, outage by outage.
fn longest_down(lines: &[Line]) -> f64 {
    let mut down: Vec<(&str, f64, Option<f64>)> = Vec::new();
    for line in lines.iter().filter(|line| matches!(line.event.as_str(), "below" | "back")) {
        let k = down.iter().position(|(subject, ..)| *subject == line.subject).unwrap_or_else(|| {
            down.push((&line.subject, 0.0, None));
            down.len() - 1
        });
        let (_, sum, since) = &mut down[k];
        if line.event == "below" {
            since.get_or_insert(line.at_seconds);
        } else if let Some(begun) = since.take() {
            *sum += line.at_seconds - begun;
        }
    }
    down.iter().map(|(_, sum, _)| *sum).fold(0.0, f64::max)
}

/// The smallest counterexample of each claim: what it is, the outage that it lies in, and what breaks the claim by itself.
pub fn counterexamples(found: &[(ClaimResult, Vec<Line>)], lang: Lang) -> String {
    let w = lang.words();
    if found.is_empty() {
        return w.t("break-none") + "\n";
    }
    let mut text = String::new();
    for (claim, lines) in found {
        let mut gaps = vec![
            ("claim", claim.claim.as_str().into()),
            ("bound", claim.bound.as_str().into()),
            ("asked", asked(claim.asked, w).into()),
            ("design", claim.architecture.as_str().into()),
        ];
        let Some(case) = &claim.counterexample else {
            gaps.push(("n", w.number(&count(claim.n)).into()));
            _ = writeln!(text, "{}", w.say("break-never", &gaps));
            text += &burst_line(claim, w);
            continue;
        };
        gaps.extend([("words", w.phrase(&case.words).into()), ("year", case.replication.to_string().into())]);
        _ = writeln!(text, "{}", w.say("break-claim", &gaps));
        text += &burst_line(claim, w);
        for chapter in chapters(lines).into_iter().filter(|chapter| holds(chapter, claim, case)) {
            text += &outage_told(chapter, w);
        }
    }
    text
}

fn burst_line(claim: &ClaimResult, w: &Words) -> String {
    claim
        .burst
        .as_ref()
        .map_or_else(String::new, |found| format!("  {}\n", w.say("break-burst", &[("burst", burst(found, w).into())])))
}

/// Whether the case lies in this outage: by what it left behind, or else by when it was over.
fn holds(chapter: &[Line], claim: &ClaimResult, case: &Counterexample) -> bool {
    let onset = chapter[0].at_seconds;
    let near = |value: f64| (value - case.value).abs() < 0.06;
    chapter.iter().any(|line| match line.event.as_str() {
        "files_at_risk" | "rows_lost" => {
            let age = line.detail.split("the oldest ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
            age.is_some_and(near)
        }
        "back" => near(line.at_seconds - onset),
        _ => claim.per == "year" && line.event == "below",
    })
}

/// One outage of a year, told.
fn outage_told(chapter: &[Line], w: &Words) -> String {
    let mut text = format!("  {}\n", heading(&chapter[0], w));
    for line in &chapter[1..] {
        let since = clock(line.at_seconds - chapter[0].at_seconds);
        _ = writeln!(text, "  {since:>11}  {}", sentence(line, w));
    }
    text
}

/// The lines of each outage of one architecture.
pub(crate) fn chapters(lines: &[Line]) -> Vec<&[Line]> {
    let mut starts: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].event == "outage").collect();
    starts.push(lines.len());
    starts.windows(2).map(|pair| &lines[pair[0]..pair[1]]).collect()
}

/// When an outage began, and what it was.
pub(crate) fn heading(outage: &Line, w: &Words) -> String {
    let (day, clock) = calendar(outage.at_seconds);
    let at = w.say("worst-day", &[("day", format!("{day:.0}").into()), ("clock", clock.into())]);
    let cause = w.phrase(&outage.subject.replace('_', " "));
    w.say("worst-outage", &[("at", at.into()), ("cause", cause.into())])
}

/// What happened, in a sentence.
pub(crate) fn sentence(line: &Line, w: &Words) -> String {
    let gaps = [("subject", subject(&line.subject, w).into()), ("detail", w.phrase(&line.detail).into())];
    w.say(&format!("event-{}", line.event.replace('_', "-")), &gaps)
}

/// A region, or a population and what it does.
pub(crate) fn subject(subject: &str, w: &Words) -> String {
    let (population, operation) = subject.split_once(' ').unwrap_or(("", subject));
    let operation = w.phrase(&operation.replace('_', " "));
    format!("{} {operation}", population.replace('_', " ")).trim().to_owned()
}

/// Seconds since the start of the year as a day, counted from 1, and a clock.
pub(crate) fn calendar(seconds: f64) -> (f64, String) {
    let (day, rest) = ((seconds / 86_400.0).floor(), seconds.rem_euclid(86_400.0));
    (day + 1.0, format!("{:02.0}:{:02.0}", (rest / 3600.0).floor(), (rest % 3600.0 / 60.0).floor()))
}

/// Seconds as +h:mm:ss.
pub(crate) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round();
    format!("+{:.0}:{:02.0}:{:02.0}", (whole / 3600.0).floor(), (whole % 3600.0 / 60.0).floor(), whole % 60.0)
}

/// JSON, one object per line.
///
/// # Errors
/// When a value cannot be written, which does not happen.
pub fn json_lines<T: serde::Serialize>(values: &[T]) -> serde_json::Result<String> {
    values.iter().try_fold(String::new(), |text, value| Ok(text + &serde_json::to_string(value)? + "\n"))
}

/// One real outage against every architecture.
pub fn outage(outage: &RecordedOutage, place: &str, found: &[Replayed], lang: Lang) -> String {
    let w = lang.words();
    let draws = found.first().map_or(0, |f| f.draws);
    let gaps = [
        ("name", outage.name.as_str().into()),
        ("region", outage.region.as_str().into()),
        ("title", outage.title.as_str().into()),
        ("scope", w.phrase(&outage.scope).into()),
        ("lasted", w.number(&duration(outage.minutes * 60.0)).into()),
        ("place", place.into()),
        ("draws", draws.into()),
        ("source", outage.source.as_str().into()),
    ];
    let mut text = ["replay-outage", "replay-struck", "replay-source"].map(|key| w.say(key, &gaps)).join("\n") + "\n\n";
    let longest = found.iter().map(|f| f.architecture.len()).max().unwrap_or(0).clamp(8, 24);
    let heads = ["replay-reads", "replay-writes", "replay-failed", "replay-loses"].map(|key| w.t(key));
    _ = writeln!(text, "{:<longest$} {:>19} {:>19} {:>9} {:>10}", "", heads[0], heads[1], heads[2], heads[3]);
    let (requests, chance) = (w.t("replay-requests"), w.t("replay-chance"));
    _ = writeln!(
        text,
        "{:<longest$} {:>9} {:>9} {:>9} {:>9} {requests:>9} {chance:>10}",
        "", "P50", "P90", "P50", "P90"
    );
    let times = |median: Option<Median>| match median {
        Some(m) => (duration_or_never(m.p50), duration_or_never(m.p90)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    for f in found {
        let ((r50, r90), (w50, w90)) = (times(f.reads), times(f.writes));
        let name: String = f.architecture.chars().take(longest).collect();
        _ = writeln!(
            text,
            "{name:<longest$} {r50:>9} {r90:>9} {w50:>9} {w90:>9} {:>9} {:>9.0}%",
            short(f.failed_requests),
            100.0 * f.loses_data
        );
    }
    text + &w.t("replay-back-is") + "\n"
}

fn duration_or_never(seconds: f64) -> String {
    if seconds.is_finite() { duration(seconds) } else { "> 30 d".into() }
}

fn short(value: f64) -> String {
    match value {
        v if v < 0.5 => "0".into(),
        v if v < 9_500.0 => format!("{v:.0}"),
        v if v < 9.5e6 => format!("{:.0} k", v / 1e3),
        v => format!("{:.0} M", v / 1e6),
    }
}

/// Every outage of the library against every architecture; survived = everybody served again within `within` seconds,
/// in half of the draws.
pub fn scoreboard(rows: &[(&RecordedOutage, Vec<Replayed>)], within: f64, (lang, markdown): (Lang, bool)) -> String {
    let w = lang.words();
    let Some((_, first)) = rows.first() else { return w.t("replay-none") + "\n" };
    let names: Vec<&str> = first.iter().map(|f| f.architecture.as_str()).collect();
    let cell = |f: &Replayed| if f.all.p50 > 0.0 { duration_or_never(f.all.p50) } else { "-".to_owned() };
    let survived = |a: usize| rows.iter().filter(|(_, found)| found[a].all.p50 <= within).count();
    let mut text = String::new();
    if markdown {
        let heads = ["replay-head-outage", "replay-head-region", "replay-head-what"].map(|key| w.t(key)).join(" | ");
        _ = writeln!(text, "| {heads} | {} |", names.join(" | "));
        _ = writeln!(text, "| --- | --- | --- |{}", " ---: |".repeat(names.len()));
        for (outage, found) in rows {
            let cells: Vec<String> = found.iter().map(cell).collect();
            _ = writeln!(text, "| {} | {} | {} | {} |", outage.name, outage.region, outage.title, cells.join(" | "));
        }
        let counts: Vec<String> = (0..names.len()).map(|a| format!("**{} / {}**", survived(a), rows.len())).collect();
        let within = w.say("replay-within", &[("within", w.number(&duration(within)).into())]);
        _ = writeln!(text, "| {within} | | | {} |", counts.join(" | "));
        return text;
    }
    for (i, name) in names.iter().enumerate() {
        _ = writeln!(text, "[{}] {name}", i + 1);
    }
    let heads = columns((1..=names.len()).map(|i| format!("[{i}]")));
    let room = 100_usize.saturating_sub(8 * names.len()).clamp(12, 44);
    let fit = |what: String| what.chars().take(room).collect::<String>();
    _ = writeln!(text, "{:<room$}{heads}", fit(w.t("replay-median")));
    for (outage, found) in rows {
        let cells = columns(found.iter().map(cell));
        _ = writeln!(text, "{:<room$}{cells}", fit(format!("{} {}, {}", outage.name, outage.region, outage.title)));
    }
    let counts = columns((0..names.len()).map(|a| survived(a).to_string()));
    let gaps = [("within", w.number(&duration(within)).into()), ("n", rows.len().into())];
    _ = writeln!(text, "{:<room$}{counts}", fit(w.say("replay-within-of", &gaps)));
    text + &w.t("replay-dash-is") + "\n"
}

/// Cells of eight characters, to the right.
fn columns(cells: impl Iterator<Item = String>) -> String {
    cells.fold(String::new(), |text, cell| text + &format!("{cell:>8}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_count_hours_minutes_and_seconds() {
        assert_eq!(clock(3.0 * 3600.0 + 61.4), "+3:01:01");
        assert_eq!(calendar(86_400.0 + 3_660.0), (2.0, "01:01".into()));
        assert_eq!(calendar(-60.0), (0.0, "23:59".into()));
    }

    #[test]
    fn every_kind_of_event_has_words_in_every_language() {
        // `destroyed`, `unfenced` and `commits` had none: the report of a year that had them panicked.
        let line = |event: &str| Line {
            architecture: "a".into(),
            at_seconds: 0.0,
            event: event.into(),
            subject: "eu-west-1".into(),
            detail: "go on".into(),
        };
        for event in drsim_experiment::replay::EVENTS.iter().filter(|event| **event != "outage") {
            for lang in Lang::ALL {
                assert!(!sentence(&line(event), lang.words()).is_empty(), "{event}");
            }
        }
    }

    #[test]
    fn nothing_to_tell_is_said() {
        assert!(year(&[], 7, Lang::En).contains("nothing failed"));
        assert_eq!(scoreboard(&[], 900.0, (Lang::En, false)), "no outages\n");
    }
}
