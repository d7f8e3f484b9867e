//! From the text of a scenario to a checked [`Scenario`]: every problem is reported, each with its place.
//!
//! [`source`] reads the file and those it extends, [`tree`] keeps the place of every value, [`reader`] asks typed questions of it, [`build`] asks them in the order of
//! the file, [`holes`] warns of designs that cannot do what they claim.

mod build;
mod data;
mod holes;
mod money;
pub mod reader;
mod report;
mod scale;
mod source;
pub mod tree;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::Scenario;
use reader::Reader;
pub use source::{Source, SourceFile};
use std::collections::BTreeSet;
use std::path::Path;
use tree::{Origin, Place};

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
    check(&Source::read(path, overrides)?)
}

/// Reads and checks a scenario's text; `file` is its name in messages.
///
/// # Errors
/// Every problem of the text, in its order.
pub fn parse(text: &str, file: &str, overrides: &[String]) -> Result<Loaded, Diagnostics> {
    check(&Source::gather(text, file, overrides)?)
}

/// Checks a scenario whose files were read.
///
/// # Errors
/// Every problem, in the order of the files.
pub fn check(source: &Source) -> Result<Loaded, Diagnostics> {
    let mut root = source.tree()?;
    let files = source.files.iter().map(|file| file.name.as_str()).collect();
    let reader = Reader::new(files, &source.overrides);
    for (index, assignment) in source.overrides.iter().enumerate() {
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
            Ok(Loaded { scenario, warnings, fields: noted.asked, source: source.clone() })
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
    let reader = Reader::new(Vec::new(), &[]);
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

#[cfg(test)]
mod tests;
