//! Replays in words: one simulated year as a story, one real outage against every architecture, and the scoreboard of
//! the whole library.

use crate::format::duration;
use drsim_experiment::catalogue::RecordedOutage;
use drsim_experiment::replay::{Line, Median, Replayed};
use std::fmt::Write as _;

/// One simulated year, architecture by architecture.
pub fn year(lines: &[Line], replication: u64) -> String {
    if lines.is_empty() {
        return format!("simulated year {replication}: nothing failed\n");
    }
    let mut text = String::new();
    for chapter in lines.chunk_by(|a, b| a.architecture == b.architecture) {
        _ = writeln!(text, "{}, simulated year {replication}", chapter[0].architecture);
        let mut onset = f64::NEG_INFINITY;
        for line in chapter {
            if line.event == "outage" {
                onset = line.at_seconds;
                let (day, clock) = calendar(onset);
                _ = writeln!(text, "  day {day:.0}, {clock} UTC: {} outage", line.subject.replace('_', " "));
                continue;
            }
            let event = line.event.replace('_', " ");
            let since = clock(line.at_seconds - onset);
            _ = writeln!(text, "  {since:>11}  {event:<13} {:<22} {}", line.subject.replace('_', " "), line.detail);
        }
    }
    text
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
pub fn outage(outage: &RecordedOutage, place: &str, found: &[Replayed]) -> String {
    let draws = found.first().map_or(0, |f| f.draws);
    let mut text = format!(
        "{} {}: {}\n{} in {}, lasted {}; replayed as if it struck {place}, {draws} times at its hour of the week\n\
         source: {}\n\n",
        outage.name,
        outage.region,
        outage.title,
        outage.scope,
        outage.region,
        duration(outage.minutes * 60.0),
        outage.source,
    );
    let longest = found.iter().map(|f| f.architecture.len()).max().unwrap_or(0).clamp(8, 24);
    let heads = ["reads back", "writes back", "failed", "loses data"];
    _ = writeln!(text, "{:<longest$} {:>19} {:>19} {:>9} {:>10}", "", heads[0], heads[1], heads[2], heads[3]);
    _ = writeln!(
        text,
        "{:<longest$} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "", "P50", "P90", "P50", "P90", "requests", "chance"
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
    text.push_str(
        "back: from the onset until everybody is served again, over draws that were interrupted; -: none was\n",
    );
    text
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
pub fn scoreboard(rows: &[(&RecordedOutage, Vec<Replayed>)], within: f64, markdown: bool) -> String {
    let Some((_, first)) = rows.first() else { return "no outages\n".into() };
    let names: Vec<&str> = first.iter().map(|f| f.architecture.as_str()).collect();
    let cell = |f: &Replayed| if f.all.p50 > 0.0 { duration_or_never(f.all.p50) } else { "-".to_owned() };
    let survived = |a: usize| rows.iter().filter(|(_, found)| found[a].all.p50 <= within).count();
    let mut text = String::new();
    if markdown {
        _ = writeln!(text, "| Outage | Region | What failed | {} |", names.join(" | "));
        _ = writeln!(text, "| --- | --- | --- |{}", " ---: |".repeat(names.len()));
        for (outage, found) in rows {
            let cells: Vec<String> = found.iter().map(cell).collect();
            _ = writeln!(text, "| {} | {} | {} | {} |", outage.name, outage.region, outage.title, cells.join(" | "));
        }
        let counts: Vec<String> = (0..names.len()).map(|a| format!("**{} of {}**", survived(a), rows.len())).collect();
        _ = writeln!(text, "| back within {} | | | {} |", duration(within), counts.join(" | "));
        return text;
    }
    for (i, name) in names.iter().enumerate() {
        _ = writeln!(text, "[{}] {name}", i + 1);
    }
    let heads = columns((1..=names.len()).map(|i| format!("[{i}]")));
    let room = 100_usize.saturating_sub(8 * names.len()).clamp(12, 44);
    let fit = |what: String| what.chars().take(room).collect::<String>();
    _ = writeln!(text, "{:<room$}{heads}", "median time until everybody is back");
    for (outage, found) in rows {
        let cells = columns(found.iter().map(cell));
        _ = writeln!(text, "{:<room$}{cells}", fit(format!("{} {}, {}", outage.name, outage.region, outage.title)));
    }
    let counts = columns((0..names.len()).map(|a| survived(a).to_string()));
    _ = writeln!(text, "{:<room$}{counts}", fit(format!("back within {}, of {}", duration(within), rows.len())));
    text.push_str("-: at least half of the draws were not interrupted\n");
    text
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
    fn nothing_to_tell_is_said() {
        assert!(year(&[], 7).contains("nothing failed"));
        assert_eq!(scoreboard(&[], 900.0, false), "no outages\n");
    }
}
