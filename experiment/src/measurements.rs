//! Measured times from a CSV file: any with a header, and what `CloudWatch` exports (the console's download, with its rows
//! above the header; the command line's `Timestamp,Average,Unit`; Logs Insights' `@timestamp,…`).

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario_file::reader::similar;
use csv::StringRecord;
use drsim_sim::fit::Observation;

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Column of the values; `None`: the only one with numbers.
    pub column: Option<String>,
    /// Column that says whether a value is only a lower bound.
    pub censored: Option<String>,
    /// Rows to keep: those whose column of this name holds this.
    pub only: Option<(String, String)>,
    /// Seconds that one unit is worth; `None`: as the file or the column's name says.
    pub unit_seconds: Option<f64>,
}

/// Measured times.
#[derive(Clone, Debug)]
pub struct Measurements {
    /// Column they come from.
    pub column: String,
    /// In seconds, above 0; in order of time where the file says when.
    pub observations: Vec<Observation>,
    /// Values of 0, which are left out: shorter than the unit can say.
    pub zeros: usize,
    /// Rows without a value.
    pub empty: usize,
    /// When each was measured, as written; empty without a column of times.
    pub times: Vec<String>,
}

impl Measurements {
    /// First and last time, as written; `None` without a column of times.
    pub fn span(&self) -> Option<(&str, &str)> {
        self.times.first().zip(self.times.last()).map(|(first, last)| (first.as_str(), last.as_str()))
    }

    /// Without the latest `share` of the values (the last ones where there are no times), and those.
    pub fn hold_out(mut self, share: f64) -> (Self, Self) {
        let kept = self.observations.len() - (share * self.observations.len() as f64).round() as usize;
        let observations = self.observations.split_off(kept);
        let times = if self.times.is_empty() { Vec::new() } else { self.times.split_off(kept) };
        let later = Self { column: self.column.clone(), observations, zeros: 0, empty: 0, times };
        (self, later)
    }
}

/// Rows between a header and the first number: units, statistics.
const PREAMBLE: usize = 5;

const TIMES: [&str; 8] = ["timestamp", "@timestamp", "time", "date", "datetime", "start", "start_utc", "full label"];

/// What words for units are worth in seconds.
const UNITS: [(&str, f64); 18] = [
    ("milliseconds", 1e-3),
    ("microseconds", 1e-6),
    ("nanoseconds", 1e-9),
    ("seconds", 1.0),
    ("minutes", 60.0),
    ("hours", 3600.0),
    ("millis", 1e-3),
    ("ms", 1e-3),
    ("us", 1e-6),
    ("ns", 1e-9),
    ("s", 1.0),
    ("sec", 1.0),
    ("min", 60.0),
    ("mins", 60.0),
    ("h", 3600.0),
    // Metrics of CloudWatch whose unit is documented: Aurora user guide and S3 user guide, read 2026-11.
    ("auroraglobaldbreplicationlag", 1e-3),
    ("aurorareplicalag", 1e-3),
    ("replicationlatency", 1.0),
];

/// Seconds of a unit by its word, such as `ms`.
pub fn unit_seconds(word: &str) -> Option<f64> {
    UNITS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, seconds)| *seconds)
}

/// The unit that a column's name ends with: `lag_ms`, `duration (min)`, `Seconds`.
fn unit_of_name(name: &str) -> Option<f64> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).rfind(|word| !word.is_empty()).and_then(unit_seconds)
}

/// Reads measured times from the text of a file.
///
/// # Errors
/// The first problem, with its place and what was expected.
pub fn read(text: &str, file: &str, wanted: &Wanted) -> Result<Measurements, Diagnostics> {
    let reader = CsvReader { file };
    let text = text.trim_start_matches('\u{feff}');
    let mut csv =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows: Vec<StringRecord> = csv
        .records()
        .collect::<Result<_, _>>()
        .map_err(|e| reader.problem(0, 0, format!("this is no CSV: {e}"), None))?;
    let (header, column) = reader.header(&rows, wanted)?;
    let names = &rows[header];
    let place = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let censored = match &wanted.censored {
        None => None,
        Some(name) => Some(place(name).ok_or_else(|| reader.no_column(&rows[header], name))?),
    };
    let only = match &wanted.only {
        None => None,
        Some((name, value)) => Some((place(name).ok_or_else(|| reader.no_column(names, name))?, value.as_str())),
    };
    let time = names.iter().position(|n| TIMES.contains(&n.to_lowercase().as_str()));
    let mut unit = wanted.unit_seconds;
    let mut body = rows[header + 1..].iter().peekable();
    for _ in 0..PREAMBLE {
        let above =
            body.next_if(|row| row.get(column).is_some_and(|cell| cell.parse::<f64>().is_err() && !cell.is_empty()));
        let Some(row) = above else { break };
        unit = unit.or_else(|| row.get(column).and_then(unit_seconds));
    }
    let stated = place("unit").and_then(|at| body.peek()?.get(at)).and_then(unit_seconds);
    let unit = unit.or(stated).or_else(|| unit_of_name(&names[column])).ok_or_else(|| {
        let message = format!("the unit of `{}` is not known; expected s, ms, min or h", &names[column]);
        reader.at(names, column, message, Some("say --unit ms".into()))
    })?;
    let mut found: Vec<(&str, Observation)> = Vec::new();
    let (mut zeros, mut empty) = (0, 0);
    for row in body {
        if only.is_some_and(|(at, value)| row.get(at) != Some(value)) {
            continue;
        }
        let cell = row.get(column).unwrap_or("");
        if cell.is_empty() {
            empty += 1;
            continue;
        }
        let value = cell.parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
        let Some(value) = value else {
            let message = format!("`{cell}` is not a time; expected a number, not negative, without a unit");
            return Err(reader.at(row, column, message, None));
        };
        let only_at_least = match censored.map(|at| row.get(at).unwrap_or("")) {
            None => false,
            Some(word) => truth(word).ok_or_else(|| {
                let message =
                    format!("`{word}` says neither yes nor no; expected 1, true, yes, 0, false, no or nothing");
                reader.at(row, censored.unwrap_or(0), message, None)
            })?,
        };
        if value > 0.0 {
            let when = time.and_then(|at| row.get(at)).unwrap_or("");
            found.push((when, Observation { value: value * unit, censored: only_at_least }));
        } else {
            zeros += 1;
        }
    }
    // ISO times sort as text; `get-metric-statistics` gives them in any order.
    found.sort_by_key(|(when, _)| *when);
    let has_times = found.first().is_some_and(|(first, _)| !first.is_empty());
    let times = if has_times { found.iter().map(|(when, _)| (*when).to_owned()).collect() } else { Vec::new() };
    let observations = found.into_iter().map(|(_, observation)| observation).collect();
    Ok(Measurements { column: names[column].to_owned(), observations, zeros, empty, times })
}

fn truth(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "censored" | "open" | "running" => Some(true),
        "" | "0" | "false" | "no" | "n" | "closed" | "ended" => Some(false),
        _ => None,
    }
}

/// Says where in a CSV file something is wrong.
pub(crate) struct CsvReader<'a> {
    /// Name of the file.
    pub(crate) file: &'a str,
}

impl CsvReader<'_> {
    pub(crate) fn problem(&self, line: usize, column: usize, message: String, hint: Option<String>) -> Diagnostics {
        let file = self.file.to_owned();
        Diagnostics::one(Diagnostic { severity: Severity::Error, file, line, column, message, hint })
    }

    /// At a cell.
    pub(crate) fn at(&self, row: &StringRecord, cell: usize, message: String, hint: Option<String>) -> Diagnostics {
        let before: usize = row.iter().take(cell).map(|c| c.chars().count() + 1).sum();
        let line = row.position().map_or(0, |p| p.line() as usize);
        self.problem(line, before + 1, message, hint)
    }

    /// A column that is not there.
    pub(crate) fn no_column(&self, header: &StringRecord, name: &str) -> Diagnostics {
        let known: Vec<&str> = header.iter().filter(|n| !n.is_empty()).collect();
        let hint = similar(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        self.at(header, 0, format!("no column `{name}`; there are: {}", known.join(", ")), hint)
    }

    /// The row of the header and the column of the values.
    fn header(&self, rows: &[StringRecord], wanted: &Wanted) -> Result<(usize, usize), Diagnostics> {
        let Some(first) = rows.first() else {
            return Err(self.problem(0, 0, "the file is empty; expected a CSV file with a header".into(), None));
        };
        if let Some(name) = &wanted.column {
            let cell = |row: &StringRecord| row.iter().position(|cell| cell.eq_ignore_ascii_case(name));
            let found = rows.iter().enumerate().take(2 * PREAMBLE).find_map(|(i, row)| Some((i, cell(row)?)));
            return found.ok_or_else(|| self.no_column(first, name));
        }
        let is_number = |cell: &str| cell.parse::<f64>().is_ok();
        let data = rows.iter().take(2 * PREAMBLE).find(|row| row.iter().any(is_number));
        let numbers = data.map(|row| row.iter().enumerate().filter(|(_, c)| is_number(c)).map(|(i, _)| i).collect());
        let numbers: Vec<usize> = numbers.unwrap_or_default();
        match numbers[..] {
            [only] if first.get(only).is_some_and(|name| !is_number(name)) => Ok((0, only)),
            _ => {
                let names: Vec<&str> = numbers.iter().filter_map(|i| first.get(*i)).collect();
                let message = format!("which column holds the values? With numbers: {}", names.join(", "));
                Err(self.at(first, 0, message, Some("say --column NAME".into())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, wanted: &Wanted) -> Result<Vec<f64>, String> {
        let found = read(text, "m.csv", wanted).map_err(|e| e.to_string())?;
        Ok(found.observations.iter().map(|o| o.value).collect())
    }

    fn column(name: &str) -> Wanted {
        Wanted { column: Some(name.into()), ..Wanted::default() }
    }

    #[test]
    fn exports_of_cloudwatch_are_read_in_order_of_time() {
        let console = "Full label,AuroraGlobalDBReplicationLag\nRegion,eu-west-1\nUnit,Milliseconds\n\
                       2026/11/02 00:01:00,210.5\n2026/11/02 00:00:00,190\n2026/11/02 00:02:00,\n";
        assert_eq!(values(console, &column("AuroraGlobalDBReplicationLag")).unwrap(), [0.19, 0.2105]);
        let found = read(console, "m.csv", &column("auroraglobaldbreplicationlag")).unwrap();
        assert_eq!((found.empty, found.span().unwrap().1), (1, "2026/11/02 00:01:00"));
        let tool = "Timestamp,Average,Unit\n2026-11-02T00:05:00Z,3,Seconds\n2026-11-02T00:00:00Z,2,Seconds\n";
        assert_eq!(values(tool, &Wanted::default()).unwrap(), [2.0, 3.0]);
        let insights = "@timestamp,lag_ms\n2026-11-02 00:00:00.000,40\n2026-11-02 00:01:00.000,0\n";
        assert_eq!(values(insights, &Wanted::default()).unwrap(), [0.04]);
        let (earlier, later) = read(tool, "m.csv", &Wanted::default()).unwrap().hold_out(0.5);
        assert_eq!((earlier.observations[0].value, later.observations[0].value), (2.0, 3.0));
        assert_eq!(later.span(), Some(("2026-11-02T00:05:00Z", "2026-11-02T00:05:00Z")));
    }

    #[test]
    fn outages_that_still_run_are_lower_bounds() {
        let text = "start,minutes,open\n2026-01-01,90,no\n2026-02-01,30,\n2026-03-01,12,yes\n";
        let wanted = Wanted { column: Some("minutes".into()), censored: Some("open".into()), ..Wanted::default() };
        let found = read(text, "m.csv", &wanted).unwrap();
        let censored: Vec<bool> = found.observations.iter().map(|o| o.censored).collect();
        assert_eq!((censored, found.observations[0].value), (vec![false, false, true], 5400.0));
        let only = Wanted { only: Some(("open".into(), "no".into())), ..column("minutes") };
        assert_eq!(values(text, &only).unwrap(), [5400.0]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let wrong = |text: &str, wanted: &Wanted| values(text, wanted).unwrap_err();
        let ms = |text: &str| wrong(text, &column("lag_ms"));
        assert!(
            ms("t,lag_ms\n1,2\n2,x\n").contains("`x` is not a time")
                && ms("t,lag_ms\n1,2\n22,x\n").contains("m.csv:3:4")
        );
        assert!(ms("t,lag_ms\n1,2\n2,-4\n").contains("`-4`"));
        assert!(ms("t,lag_sm\n1,2\n").contains("did you mean `lag_sm`?"));
        assert!(wrong("t,lag\n1,2\n", &column("lag")).contains("--unit"));
        assert!(wrong("a_ms,b_ms\n1,2\n", &Wanted::default()).contains("With numbers: a_ms, b_ms"));
        assert!(wrong("", &Wanted::default()).contains("empty"));
        let censored = Wanted { censored: Some("open".into()), ..column("a_ms") };
        assert!(wrong("a_ms,open\n1,maybe\n", &censored).contains("`maybe` says neither"));
        assert!(wrong("a_ms,b\n1,2\n", &censored).contains("no column `open`"));
    }
}
