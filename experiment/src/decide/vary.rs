//! Which field takes which values: `PATH=A..B:N`, `PATH=A..B:N:log` or `PATH=a,b,c`.

use crate::quantity::{self, Unit};
use serde::{Deserialize, Serialize};

/// Values of one field at most.
const MOST_VALUES: usize = 1000;

/// A field and the values it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Path in the scenario; one that ends in `.*` scales a distribution.
    pub path: String,
    /// Values as they are set.
    pub values: Vec<String>,
    /// The values in base units, where all are numbers of one unit.
    pub numbers: Option<Vec<f64>>,
    /// Whether their ratios are alike, rather than their differences.
    pub log: bool,
}

impl Axis {
    /// Reads what follows `--vary`.
    ///
    /// # Errors
    /// What is wrong with it and what was expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = "expected PATH=A..B:N, PATH=A..B:N:log or PATH=a,b,c, such as objects.copy_throughput=1 Mbps..1 Gbps:20:log";
        let (path, values) = text.split_once('=').ok_or(expected)?;
        let (path, values) = (path.trim().to_owned(), values.trim());
        if path.is_empty() || values.is_empty() {
            return Err(expected.into());
        }
        let (values, log) = match values.split_once("..") {
            Some((from, rest)) => {
                let mut parts = rest.split(':').map(str::trim);
                let to = parts.next().unwrap_or_default();
                let steps = parts.next().ok_or("a range needs a number of values: A..B:N")?;
                let log = match parts.next() {
                    None => false,
                    Some("log") => true,
                    Some(other) => return Err(format!("`{other}` after the number of values; expected `log`")),
                };
                let steps = steps.parse().map_err(|_| format!("`{steps}` is not a number of values"))?;
                (range(from.trim(), to, steps, log)?, Some(log))
            }
            None => (list(values), None),
        };
        if values.iter().any(String::is_empty) {
            return Err(format!("an empty value; {expected}"));
        }
        if values.len() > MOST_VALUES {
            return Err(format!("{} values are more than {MOST_VALUES}", values.len()));
        }
        let numbers = numbers(&values);
        let log = log.unwrap_or_else(|| numbers.as_deref().is_some_and(spread_like_ratios));
        Ok(Self { path, values, numbers, log })
    }

    /// The assignment that gives the field its value of this index.
    ///
    /// # Panics
    /// If there is no such value.
    pub fn set(&self, index: usize) -> String {
        format!("{}={}", self.path, self.values[index])
    }
}

/// Values between two, ends included, in three significant digits.
fn range(from: &str, to: &str, steps: usize, log: bool) -> Result<Vec<String>, String> {
    if !(2..=MOST_VALUES).contains(&steps) {
        return Err(format!("a range takes from 2 to {MOST_VALUES} values, not {steps}"));
    }
    let suffix = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_digit() || "._+-".contains(c)).to_owned();
    // `1..20 MB` says the unit once.
    let from = if suffix(from).is_empty() { format!("{from}{}", suffix(to)) } else { from.to_owned() };
    let read = |text: &str| quantity::read_any(text).ok_or(format!("`{text}` is not a quantity such as 10 MB or 30 s"));
    let ((unit, low), (other, high)) = (read(&from)?, read(to)?);
    if unit != other {
        return Err(format!("`{from}` and `{to}` are not of one unit"));
    }
    if log && (low <= 0.0 || high <= 0.0) {
        return Err("a log scale needs values above zero".into());
    }
    let between = |i: usize| {
        let share = i as f64 / (steps - 1) as f64;
        let value = if log { low * libm::pow(high / low, share) } else { low + share * (high - low) };
        shown(value, unit, &from)
    };
    Ok((0..steps)
        .map(|i| match i {
            0 => from.clone(),
            i if i + 1 == steps => to.to_owned(),
            i => between(i),
        })
        .collect())
}

/// A value in four significant digits, in a unit in which it is at least 1 if there is one, decimal or binary as `like`.
fn shown(value: f64, unit: Unit, like: &str) -> String {
    let binary = |spelling: &str| spelling.contains("iB");
    let per_second = |spelling: &str| spelling.contains("B/s");
    let alike = |spelling: &str| binary(spelling) == binary(like) && per_second(spelling) == per_second(like);
    let fitting = || unit.spellings().iter().filter(|(spelling, _)| alike(spelling));
    let (spelling, worth) = fitting()
        .find(|(_, worth)| value >= 0.995 * worth)
        .or_else(|| fitting().next_back())
        .copied()
        .unwrap_or(("", 1.0));
    let rounded: f64 = format!("{:.2e}", value / worth).parse().unwrap_or(value / worth);
    format!("{rounded} {spelling}").trim_end().to_owned()
}

/// Parts between commas that lie outside brackets and quotes.
fn list(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0_i32, None);
    for c in text.chars() {
        match (quote, c) {
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        parts.last_mut().expect("never empty").push(c);
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// The values in base units, if all are numbers of one unit.
fn numbers(values: &[String]) -> Option<Vec<f64>> {
    let read: Vec<(Unit, f64)> =
        values.iter().map(|v| quantity::read_any(v.trim_matches(['"', '\'']))).collect::<Option<_>>()?;
    let unit = read.first()?.0;
    read.iter().all(|(other, _)| *other == unit).then(|| read.iter().map(|(_, value)| *value).collect())
}

/// Whether the ratios of neighbours are more alike than their differences.
fn spread_like_ratios(numbers: &[f64]) -> bool {
    if numbers.len() < 3 || numbers.iter().any(|n| *n <= 0.0) {
        return false;
    }
    // The coefficient of variation of the steps, on either scale.
    let unlike = |place: fn(f64) -> f64| {
        let steps: Vec<f64> = numbers.windows(2).map(|pair| place(pair[1]) - place(pair[0])).collect();
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        steps.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (mean * mean)
    };
    unlike(libm::log) < unlike(|x| x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Axis::read(text).unwrap_or_else(|e| panic!("{text}: {e}")).values
    }

    #[test]
    fn ranges_and_lists_keep_their_units() {
        assert_eq!(values("a.b=10 s..60 s:3"), ["10 s", "35 s", "60 s"]);
        assert_eq!(values("a.b=1..4 MB:4"), ["1 MB", "2 MB", "3 MB", "4 MB"]);
        assert_eq!(values("a=1 Mbps..1 Gbps:4:log"), ["1 Mbps", "10 Mbps", "100 Mbps", "1 Gbps"]);
        assert_eq!(values("a=500 kB..5 MB:3:log"), ["500 kB", "1.58 MB", "5 MB"]);
        assert_eq!(values("a=1 MiB..4 MiB:3:log"), ["1 MiB", "2 MiB", "4 MiB"]);
        assert_eq!(values("a=10 %..30 %:3"), ["10 %", "20 %", "30 %"]);
        assert_eq!(values("a=1..3:3"), ["1", "2", "3"]);
        assert_eq!(values(r#"a=["region", "zone"], "none""#), [r#"["region", "zone"]"#, "\"none\""]);
        assert!(Axis::read("a=10 s, 20 s, 40 s, 80 s").unwrap().log);
        assert!(!Axis::read("a=10 s, 20 s, 30 s").unwrap().log);
        assert_eq!(Axis::read("a=10 s, 1 min").unwrap().numbers, Some(vec![10.0, 60.0]));
        assert_eq!(Axis::read("a=on_call, automatic").unwrap().numbers, None);
    }

    #[test]
    fn what_is_no_range_says_why() {
        for (text, why) in [
            ("a.b", "expected PATH"),
            ("=1..2:3", "expected PATH"),
            ("a=1 s..2 s", "number of values"),
            ("a=1 s..2 s:x", "not a number of values"),
            ("a=1 s..2 s:1", "from 2 to"),
            ("a=1 s..2 MB:5", "not of one unit"),
            ("a=0 s..2 s:5:log", "above zero"),
            ("a=1 s..2 s:5:lin", "expected `log`"),
            ("a=x..y:5", "not a quantity"),
            ("a=1,,2", "empty value"),
        ] {
            let said = Axis::read(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
