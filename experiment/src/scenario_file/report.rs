//! `[report]`: what the document shows beyond the run.

use super::build::SHARE;
use super::reader::{Section, similar};
use crate::decide::measure::is_estimated;
use crate::decide::vary::Axis;
use crate::scenario::{Architecture, Claim, MapInput, ReportInput};

/// Fewest and most simulated years of a further run.
const YEARS: (u32, u32) = (250, 1_000_000);

/// Reads the table; names must be those of claims and architectures.
pub(super) fn report(root: &Section<'_, '_>, claims: &[Claim], architectures: &[Architecture]) -> ReportInput {
    let section = root.section("report");
    let years = section.says("years").then(|| u64::from(section.whole("years", YEARS.0, YEARS.1)));
    let given = section.says("map");
    let table = section.section("map");
    let map = map(&table, given, claims, architectures);
    table.finish();
    section.finish();
    ReportInput { years, map }
}

fn map(table: &Section<'_, '_>, given: bool, claims: &[Claim], architectures: &[Architecture]) -> Option<MapInput> {
    let named = |key: &str, what: &str, known: Vec<&str>| {
        let name = table.text(key);
        match &name {
            Some(name) if known.contains(&name.as_str()) => {}
            Some(name) => {
                let message = format!("`{}` is `{name}`, which is not {what}", table.path_of(key));
                let hint =
                    similar(name, known.iter().copied()).or_else(|| Some(format!("there are {}", known.join(", "))));
                table.reader().error_with_hint(table.place_of(key), message, hint);
            }
            None if given => table.missing(key, &format!("the name of {what}")),
            None => {}
        }
        name
    };
    let simulated = claims.iter().filter(|claim| is_estimated(claim)).map(|claim| claim.name.as_str()).collect();
    let claim = named("claim", "a claim that is simulated", simulated);
    let designs = architectures.iter().map(|a| a.name.as_str()).collect();
    let architecture = named("architecture", "an architecture", designs);
    let share = table.optional_number("share", SHARE).map(|share| share.value);
    let axis = |key: &str| {
        let text = table.text(key);
        match text.as_deref().map(Axis::read) {
            Some(Err(message)) => {
                table.reader().error(table.place_of(key), format!("`{}`: {message}", table.path_of(key)));
            }
            None if given => table.missing(key, "a field and its values, such as \"objects.size.*=1 MB..50 MB:8:log\""),
            _ => {}
        }
        text
    };
    let (x, y) = (axis("x"), axis("y"));
    Some(MapInput { claim: claim?, architecture: architecture?, share, x: x?, y: y? })
}
