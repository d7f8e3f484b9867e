//! From the text of a scenario to a checked [`Scenario`]: every problem is reported, each with its place.
//!
//! [`tree`] keeps the place of every value, [`reader`] asks typed questions of it, [`build`] asks them in the order of
//! the file, [`holes`] warns of designs that cannot do what they claim.

mod build;
mod data;
mod holes;
mod money;
pub mod reader;
mod scale;
pub mod tree;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::Scenario;
use reader::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use tree::{Origin, Place};

/// A scenario file is never larger: it is written by people.
const LARGEST: u64 = 4 << 20;

/// Brackets may nest this deep; a scenario needs five.
const DEEPEST: usize = 64;

/// What a scenario was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name of the file, as given.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The `--set` of the command line.
    pub overrides: Vec<String>,
}

/// A checked scenario and what is worth a warning.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Design holes.
    pub warnings: Diagnostics,
    /// Every field that was asked for, with `*` for names that people choose.
    pub fields: BTreeSet<String>,
    /// What it was read from.
    pub source: Source,
}

/// Reads and checks a scenario file; `overrides` are the `--set` of the command line.
///
/// # Errors
/// Every problem of the file, in its order.
pub fn load(path: &Path, overrides: &[String]) -> Result<Loaded, Diagnostics> {
    let file = path.display().to_string();
    let problem = |line, column, message: String, hint: Option<&str>| {
        let hint = hint.map(str::to_owned);
        Diagnostics::one(Diagnostic { severity: Severity::Error, file: file.clone(), line, column, message, hint })
    };
    let whole = |message: String, hint| problem(0, 0, message, hint);
    let metadata = std::fs::metadata(path).map_err(|e| whole(format!("cannot read the scenario: {e}"), None))?;
    if metadata.is_dir() {
        return Err(whole("this is a directory; expected a TOML file".into(), None));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|e| whole(format!("cannot read the scenario: {e}"), None))?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("the file is larger than {} MiB, which no scenario is", LARGEST >> 20);
        return Err(whole(message, Some("is this the right file?")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        problem(line, column, "this byte is not UTF-8; expected a TOML file in UTF-8".into(), None)
    })?;
    parse(&text, &file, overrides)
}

/// Reads and checks a scenario's text; `file` is its name in messages.
///
/// # Errors
/// Every problem of the text, in its order.
pub fn parse(text: &str, file: &str, overrides: &[String]) -> Result<Loaded, Diagnostics> {
    let problem = |line, column, message: String, hint: Option<String>| {
        Diagnostics::one(Diagnostic { severity: Severity::Error, file: file.to_owned(), line, column, message, hint })
    };
    if text.trim().is_empty() {
        let hint = "`drsim init` writes a scenario to start from".to_owned();
        return Err(problem(0, 0, "the file is empty; expected a scenario".into(), Some(hint)));
    }
    if let Some((line, column)) = too_deep(text) {
        let message = format!("brackets nest deeper than {DEEPEST} levels; expected a scenario");
        return Err(problem(line, column, message, None));
    }
    let mut root = tree::parse(text, file, Origin::File)?;
    let reader = Reader::new(file, overrides);
    for (index, assignment) in overrides.iter().enumerate() {
        if let Err(message) = tree::set(&mut root, index, assignment, built_in) {
            reader.error(Place { origin: Origin::Set(index), line: 0, column: 0 }, message);
        }
    }
    let scenario = build::scenario(&reader, &root);
    if let Some(scenario) = &scenario
        && !reader.has_errors()
    {
        holes::warn(&reader, scenario, &root);
    }
    let noted = reader.finish();
    let (errors, warnings) = noted.problems.split();
    match scenario {
        Some(mut scenario) if errors.is_empty() => {
            scenario.provenance = noted.provenance;
            scenario.unknowns = noted.unknowns;
            scenario.warnings = warnings.iter().map(|w| w.message.clone()).collect();
            let source = Source { file: file.to_owned(), text: text.to_owned(), overrides: overrides.to_vec() };
            Ok(Loaded { scenario, warnings, fields: noted.asked, source })
        }
        _ => Err(errors),
    }
}

/// The scenario with prices of a file in place of the built-in ones.
///
/// # Errors
/// Every problem of the file.
pub fn with_prices(scenario: Scenario, path: &Path) -> Result<Scenario, Diagnostics> {
    let file = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot read the prices: {error}");
        let (line, column, hint) = (0, 0, None);
        Diagnostics::one(Diagnostic { severity: Severity::Error, file: file.clone(), line, column, message, hint })
    };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let prices = scenario.prices.overridden(&text, &file)?;
    let mut scenario = Scenario { prices, ..scenario };
    scenario.digest = build::digest(&scenario);
    Ok(scenario)
}

/// What is built in about money: usage, and what finance brings.
pub fn built_in_money() -> (crate::money::inputs::UsageInput, crate::money::inputs::MoneyInput) {
    let empty = tree::Node {
        place: Place { origin: Origin::BuiltIn, line: 0, column: 0 },
        value: tree::Value::Table(Vec::new()),
    };
    let reader = Reader::new("", &[]);
    let root = reader::Section::root(&reader, &empty, &crate::catalogue::DEFAULTS);
    (money::usage(&root, &root.section("database")), money::money(&root, &[]))
}

/// The built-in table at a path: a default, or what a row's preset gives it.
fn built_in(root: &tree::Node, path: &[&str]) -> Option<tree::Node> {
    let follow = |node: &tree::Node, keys: &[&str]| keys.iter().try_fold(node, |n, key| n.get(key)).cloned();
    if let ["architectures", row, rest @ ..] = path {
        let tree::Value::Text(preset) = &root.get("architectures")?.get(row)?.get("preset")?.value else { return None };
        return follow(crate::catalogue::PRESETS.get(preset)?, rest);
    }
    follow(&crate::catalogue::DEFAULTS, path).filter(|node| node.get("dist").is_some() || node.get("value").is_some())
}

/// Where brackets first nest too deep for any parser that calls itself; strings and comments may hold what they like.
fn too_deep(text: &str) -> Option<(usize, usize)> {
    for (number, line) in text.lines().enumerate() {
        let mut depth = 0_usize;
        let mut quote = None;
        for (column, c) in line.chars().enumerate() {
            match (quote, c) {
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if c == open => quote = None,
                (None, '#') => break,
                (None, '[' | '{') => depth += 1,
                (None, ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some((number + 1, column + 1));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;
