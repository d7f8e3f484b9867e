//! `PATH.* = VALUE`: a distribution in proportion. Its middle becomes the value; percentiles, ends and limits keep their
//! ratio to it, so that a law of files of 1.2 MB becomes the same law of files of 12 MB.

use super::tree::{Node, Place, Value};
use crate::quantity::{self, Unit};

/// What stands for the whole law, the first that a table has.
const MIDDLES: [&str; 4] = ["p50", "mean", "mode", "value"];

/// What moves with it.
const SCALED: [&str; 13] =
    ["p50", "p90", "p95", "p99", "p999", "p9999", "mean", "mode", "low", "high", "value", "min", "max"];

/// Scales the distribution at a node so that its middle is `text`.
///
/// # Errors
/// When there is no distribution, or the value is not of its unit.
pub(super) fn scale(node: &mut Node, path: &str, text: &str, place: Place) -> Result<(), String> {
    let expected = || format!("`{path}.*` scales a distribution, but `{path}` is none");
    let middle = MIDDLES.into_iter().find(|key| node.get(key).is_some()).ok_or_else(expected)?;
    let old = node.get(middle).and_then(written).ok_or_else(expected)?;
    let text = text.trim().trim_matches(['"', '\'']);
    let (unit, from) = quantity::read_any(&old).ok_or_else(expected)?;
    let to = quantity::read(text, unit).map_err(|misread| format!("`{path}.{middle}`: {}", misread.message))?;
    if from <= 0.0 || to <= 0.0 {
        return Err(format!("`{path}.{middle}` must be above zero to be scaled"));
    }
    let Value::Table(entries) = &mut node.value else { return Err(expected()) };
    for entry in entries.iter_mut().filter(|e| SCALED.contains(&e.key.as_str())) {
        multiply(&mut entry.node, unit, to / from, Some(text).filter(|_| entry.key == middle), place);
    }
    Ok(())
}

/// The text of a value, plain or in a table.
fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(format!("{number}")),
        Value::Table(_) => node.get("value").and_then(written),
        _ => None,
    }
}

fn multiply(node: &mut Node, unit: Unit, factor: f64, new: Option<&str>, place: Place) {
    match &mut node.value {
        Value::Table(entries) => {
            for entry in entries.iter_mut().filter(|e| e.key == "value" || e.key == "range") {
                multiply(&mut entry.node, unit, factor, new.filter(|_| entry.key == "value"), place);
            }
        }
        Value::List(ends) => ends.iter_mut().for_each(|end| multiply(end, unit, factor, None, place)),
        Value::Text(text) => {
            if let Ok(value) = quantity::read(text, unit) {
                *text = new.map_or_else(|| quantity::write(value * factor, unit), str::to_owned);
            }
        }
        Value::Number(number) => *number *= factor,
        Value::Bool(_) | Value::Date(_) => {}
    }
    node.place = place;
}
