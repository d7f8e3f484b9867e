//! Which fields differ between two designs, or two scenarios.

use serde::Serialize;
use serde_json::Value;

/// A field and its two values, in base units (seconds, bytes, shares).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Path, such as `health_check.interval`.
    pub field: String,
    /// There; null where there is none.
    pub a: Value,
    /// Here.
    pub b: Value,
}

/// Every field in which two things differ as they are written to `results.json`, by name; names and where a value
/// stands make no difference.
///
/// # Panics
/// If one of them cannot be written.
pub fn differences<T: Serialize>(a: &T, b: &T) -> Vec<Difference> {
    let value = |thing: &T| serde_json::to_value(thing).expect("what was checked can be written");
    let mut found = Vec::new();
    walk(String::new(), &value(a), &value(b), &mut found);
    // One line of the scenario may stand in several designs.
    let mut kept: Vec<Difference> = Vec::new();
    for difference in found {
        if !kept.contains(&difference) {
            kept.push(difference);
        }
    }
    kept
}

fn walk(path: String, a: &Value, b: &Value, found: &mut Vec<Difference>) {
    if a == b {
        return;
    }
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(of_a), Value::Object(of_b)) => {
            // What is not known exactly is one field: its value.
            let is_input = of_a.contains_key("path") && of_b.contains_key("path") && of_a.contains_key("value");
            // It goes by its line in the scenario where both sides have it from the same.
            let line = of_a.get("path").filter(|line| Some(*line) == of_b.get("path")).and_then(Value::as_str);
            let path = line.filter(|_| is_input).map_or(path, str::to_owned);
            let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            let mut keys: Vec<&String> = of_a.keys().collect();
            keys.extend(of_b.keys().filter(|key| !of_a.contains_key(*key)));
            for key in keys.into_iter().filter(|key| !matches!(key.as_str(), "path" | "name")) {
                let at = if is_input && key == "value" { path.clone() } else { below(key) };
                walk(at, of_a.get(key).unwrap_or(&Value::Null), of_b.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(of_a), Value::Array(of_b))
            if of_a.len() == of_b.len() && of_a.iter().chain(of_b).all(Value::is_object) =>
        {
            for (i, (a, b)) in of_a.iter().zip(of_b).enumerate() {
                let name = a.get("name").filter(|name| Some(*name) == b.get("name")).and_then(Value::as_str);
                walk(under(name.unwrap_or(&i.to_string())), a, b, found);
            }
        }
        _ => found.push(Difference { field: path, a: plain(a), b: plain(b) }),
    }
}

/// An input as its value alone, where the other side has none.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.contains_key("path") && fields.contains_key("value") => fields["value"].clone(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| *key != "path").map(|(key, value)| (key.clone(), plain(value)));
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_named_by_their_path_and_where_a_value_stands_is_no_difference() {
        let a = json!({"name": "a", "ttl": {"path": "a.ttl", "value": 60.0, "range": null}, "check": {"threshold": 3}});
        let b = json!({"name": "b", "ttl": {"path": "b.ttl", "value": 60.0, "range": null}, "check": null});
        let found = differences(&a, &b);
        assert_eq!(found, [Difference { field: "check".into(), a: json!({"threshold": 3}), b: Value::Null }]);
        let c = json!({"name": "c", "ttl": {"path": "c.ttl", "value": 5.0, "range": [1.0, 2.0]}, "check": {"threshold": 3}});
        let fields: Vec<String> = differences(&a, &c).into_iter().map(|d| d.field).collect();
        assert_eq!(fields, ["ttl.range", "ttl"]);
        assert_eq!(differences(&a, &a), []);
    }

    #[test]
    fn a_line_that_several_designs_share_is_one_difference() {
        let design = |ttl: f64| json!({"ttl": {"path": "detection.ttl", "value": ttl, "range": null}});
        let found = differences(&json!([design(60.0), design(60.0)]), &json!([design(5.0), design(5.0)]));
        assert_eq!(found, [Difference { field: "detection.ttl".into(), a: json!(60.0), b: json!(5.0) }]);
    }

    #[test]
    fn rows_of_tables_go_by_their_names() {
        let a = json!({"claims": [{"name": "rto", "bound": 60.0}]});
        let b = json!({"claims": [{"name": "rto", "bound": 30.0}]});
        assert_eq!(differences(&a, &b)[0].field, "claims.rto.bound");
    }
}
