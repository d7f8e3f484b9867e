//! The price book: data with sources, read like a scenario, so that every mistake has a line and a column.

use super::items;
use crate::availability::commitments::{Commitment, read_entry};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::Basis;
use crate::scenario_file::reader::{BASES, similar};
use crate::scenario_file::tree::{Node, Origin, Place, Value, parse};
use drsim_models::cost::Usd;
use drsim_models::cost::tiers::{NotTiers, Tier, check};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What something costs somewhere, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// The steps of a month.
    pub tiers: Vec<Tier>,
    /// How it came to be known.
    pub basis: Basis,
    /// Where from.
    pub source: String,
    /// When it held.
    pub date: String,
}

/// Prices by item and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceBook {
    /// What it is called.
    pub name: String,
    /// When it was put together (ISO 8601).
    pub collected: String,
    /// Item, place, price.
    pub prices: BTreeMap<String, BTreeMap<String, Price>>,
    /// What the provider commits to, by service.
    pub commitments: BTreeMap<String, Commitment>,
}

/// The built-in prices.
static BUILT_IN: LazyLock<PriceBook> = LazyLock::new(|| {
    let empty = PriceBook {
        name: String::new(),
        collected: String::new(),
        prices: BTreeMap::new(),
        commitments: BTreeMap::new(),
    };
    empty
        .with(include_str!("../../catalogue/prices.toml"), "catalogue/prices.toml", Origin::BuiltIn)
        .and_then(|b| b.with(include_str!("../../catalogue/slas.toml"), "catalogue/slas.toml", Origin::BuiltIn))
        .unwrap_or_else(|problems| panic!("the price book is sound: {problems}"))
});

/// Dearest unit that is taken for a price \[USD\].
const DEAREST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

impl PriceBook {
    /// The prices inside the program.
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// The price of an item at the first of these places that has one, and which place that is.
    pub fn price<'p>(&self, item: &str, places: &[&'p str]) -> Option<(&'p str, &Price)> {
        let rows = self.prices.get(item)?;
        places.iter().find_map(|place| Some((*place, rows.get(*place)?)))
    }

    /// These prices with those of a file in their place; `file` is its name in messages.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn overridden(&self, text: &str, file: &str) -> Result<Self, Diagnostics> {
        self.clone().with(text, file, Origin::File(0))
    }

    fn with(mut self, text: &str, file: &str, origin: Origin) -> Result<Self, Diagnostics> {
        let root = parse(text, file, origin)?;
        let mut problems = Problems { file, found: Diagnostics::default() };
        for entry in root.entries().unwrap_or_default() {
            match (entry.key.as_str(), &entry.node.value) {
                ("name", Value::Text(name)) => self.name.clone_from(name),
                ("collected", Value::Text(date) | Value::Date(date)) => self.collected.clone_from(date),
                ("currency", Value::Text(currency)) if currency == "USD" => {}
                ("currency", _) => problems.add(entry.node.place, "`currency` must be \"USD\"", None),
                ("sla", Value::Table(rows)) => {
                    self.commitments.extend(rows.iter().filter_map(|row| read_entry(row, &mut problems)));
                }
                (service, Value::Table(items)) => {
                    for item in items {
                        self.item(&format!("{service}.{}", item.key), item.place, &item.node, &mut problems);
                    }
                }
                (key, _) => {
                    let hint = similar(key, ["name", "collected", "currency"].into_iter());
                    problems.add(entry.place, &format!("unknown key `{key}` in a price book"), hint);
                }
            }
        }
        if problems.found.is_empty() { Ok(self) } else { Err(problems.found) }
    }

    fn item(&mut self, key: &str, place: Place, node: &Node, problems: &mut Problems<'_>) {
        let Some((.., unit)) = items::ALL.iter().find(|(known, ..)| *known == key) else {
            let hint = similar(key, items::ALL.iter().map(|(known, ..)| *known));
            return problems.add(place, &format!("nothing on a bill is called `{key}`"), hint);
        };
        let Some(entries) = node.entries() else {
            return problems.add(node.place, &format!("`{key}` is {}; expected a table", node.value.kind()), None);
        };
        match node.get("unit").map(|n| (&n.value, n.place)) {
            Some((Value::Text(text), _)) if text == unit => {}
            Some((_, place)) => problems.add(place, &format!("`{key}` is counted in \"{unit}\""), None),
            None => problems.add(place, &format!("`{key}.unit` is missing; expected \"{unit}\""), None),
        }
        let per = match node.get("per").map(|n| (&n.value, n.place)) {
            None => Decimal::ONE,
            Some((Value::Number(per), _)) if *per >= 1.0 && per.fract() == 0.0 && *per <= 1e12 => {
                Decimal::from(*per as u64)
            }
            Some((_, place)) => {
                problems.add(place, &format!("`{key}.per` must be a whole number of units"), None);
                Decimal::ONE
            }
        };
        for entry in entries.iter().filter(|e| !["unit", "per"].contains(&e.key.as_str())) {
            let path = format!("{key}.{}", entry.key);
            if !is_place(&entry.key) {
                let hint = similar(&entry.key, places());
                problems.add(entry.place, &format!("`{}` is no region, continent, pair or `global`", entry.key), hint);
            } else if let Some(price) = price(&path, &entry.node, per, problems) {
                self.prices.entry(key.to_owned()).or_default().insert(entry.key.clone(), price);
            }
        }
    }
}

/// Continents on which users are.
pub const CONTINENTS: [&str; 3] = ["north_america", "europe", "asia_pacific"];

fn places() -> impl Iterator<Item = &'static str> {
    CONTINENTS.into_iter().chain(["global"]).chain(crate::catalogue::REGION_OUTAGES.iter().map(|(region, ..)| *region))
}

/// A place, or two of them: from and to.
fn is_place(key: &str) -> bool {
    let one = |key: &str| places().any(|place| place == key);
    key.split_once('>').map_or_else(|| one(key), |(from, to)| one(from) && one(to))
}

fn price(path: &str, node: &Node, per: Decimal, problems: &mut Problems<'_>) -> Option<Price> {
    let Some(entries) = node.entries() else {
        problems.add(node.place, &format!("`{path}` is {}; expected {EXAMPLE}", node.value.kind()), None);
        return None;
    };
    let known = ["price", "tiers", "basis", "source", "date"];
    for entry in entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
        problems.add(
            entry.place,
            &format!("unknown key `{path}.{}`", entry.key),
            similar(&entry.key, known.into_iter()),
        );
    }
    let text = |key: &str| match node.get(key).map(|n| &n.value) {
        Some(Value::Text(text) | Value::Date(text)) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    let (basis, source, date) = (text("basis"), text("source"), text("date"));
    let basis = basis.and_then(|word| BASES.iter().find(|(name, _)| *name == word).map(|(_, basis)| *basis));
    let (Some(basis), Some(source), Some(date)) = (basis, source, date) else {
        let words = BASES.map(|(word, _)| word).join(", ");
        problems.add(node.place, &format!("`{path}` needs `basis` (one of {words}), `source` and `date`"), None);
        return None;
    };
    let prices = decimals(path, node.get("price"), node.place, problems)?;
    let ends = match node.get("tiers") {
        None => Vec::new(),
        some => decimals(path, some, node.place, problems)?,
    };
    if prices.len() != ends.len() + 1 {
        problems.add(node.place, &format!("`{path}` needs one price more than it has `tiers`"), None);
        return None;
    }
    if prices.iter().any(|price| *price / per > DEAREST) {
        problems.add(node.place, &format!("`{path}`: more than {DEAREST} USD for one unit is no price"), None);
        return None;
    }
    let ends = ends.into_iter().map(Some).chain([None]);
    let tiers: Vec<Tier> =
        prices.into_iter().zip(ends).map(|(price, up_to)| Tier { up_to, price: Usd(price / per) }).collect();
    if let Err(why) = check(&tiers) {
        let what = match why {
            NotTiers::Negative(i) => format!("price {} is negative", i + 1),
            NotTiers::Order(i) => format!("tier {} does not end above the one before", i + 1),
            NotTiers::Empty => "there is no price".to_owned(),
        };
        problems.add(node.place, &format!("`{path}`: {what}"), None);
        return None;
    }
    Some(Price { tiers, basis, source, date })
}

const EXAMPLE: &str = "a table such as { price = \"0.023\", basis = …, source = …, date = … }";

/// Decimal text, or a list of it.
fn decimals(path: &str, node: Option<&Node>, place: Place, problems: &mut Problems<'_>) -> Option<Vec<Decimal>> {
    let Some(node) = node else {
        problems.add(place, &format!("`{path}.price` is missing; expected {EXAMPLE}"), None);
        return None;
    };
    let list = if let Value::List(list) = &node.value { list.as_slice() } else { std::slice::from_ref(node) };
    let one = |node: &Node| match &node.value {
        Value::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
        _ => None,
    };
    let found: Option<Vec<Decimal>> = list.iter().map(one).collect();
    if found.is_none() {
        let message = format!("`{path}`: expected decimal numbers in quotes, such as \"0.023\"");
        problems.add(node.place, &message, Some("quotes keep every digit as it is written".to_owned()));
    }
    found
}

/// Collects what is wrong with a file.
pub(crate) struct Problems<'f> {
    file: &'f str,
    found: Diagnostics,
}

impl Problems<'_> {
    pub(crate) fn add(&mut self, place: Place, message: &str, hint: Option<String>) {
        self.found.push(Diagnostic {
            severity: Severity::Error,
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            message: message.to_owned(),
            hint,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_a_price_somewhere_and_every_price_an_item() {
        let book = PriceBook::built_in();
        for (key, ..) in items::ALL {
            assert!(book.prices.get(*key).is_some_and(|rows| !rows.is_empty()), "{key}");
        }
        assert_eq!(book.prices.len(), items::ALL.len());
    }

    #[test]
    fn a_price_per_million_is_that_of_one_exactly() {
        let book = PriceBook::built_in();
        let (_, rest) = book.price("api_gateway.rest", &["eu-west-1"]).unwrap();
        assert_eq!(rest.tiers[0].price, Usd("0.0000035".parse().unwrap()));
        assert_eq!(rest.tiers[0].up_to, Some("333000000".parse().unwrap()));
        let (place, pair) = book.price("transfer.between_regions", &["us-east-1>us-east-2", "us-east-1"]).unwrap();
        assert_eq!(pair.tiers[0].price, Usd("0.01".parse().unwrap()), "the pair before the region");
        assert_eq!(place, "us-east-1>us-east-2");
    }

    #[test]
    fn a_bad_price_is_named_with_its_place() {
        let about = "basis = \"contract\", source = \"ours\", date = \"2026\"";
        for (text, expected, place) in [
            ("[s3.storag]\nunit = \"GB-month\"", "nothing on a bill is called `s3.storag`", "1:5"),
            ("[s3.storage]\nunit = \"GB\"", "is counted in \"GB-month\"", "2:8"),
            ("[s3.storage]\nunit = \"GB-month\"\neu-wst-1 = {}", "is no region", "3:1"),
            ("[s3.storage]\nunit = \"GB-month\"\neu-west-1 = { price = \"1\" }", "needs `basis`", "3:13"),
            ("currency = \"EUR\"", "must be \"USD\"", "1:12"),
        ] {
            let message = PriceBook::built_in().overridden(text, "my.toml").unwrap_err().to_string();
            assert!(message.contains(expected) && message.contains(&format!("my.toml:{place}")), "{message}");
        }
        for (price, expected) in [
            ("price = 0.02", "decimal numbers in quotes"),
            ("price = \"-1\"", "negative"),
            ("price = [\"1\", \"2\"]", "one price more"),
            ("price = [\"1\", \"2\", \"3\"], tiers = [\"9\", \"5\"]", "tier 2 does not end above"),
        ] {
            let text = format!("[s3.storage]\nunit = \"GB-month\"\neu-west-1 = {{ {price}, {about} }}");
            let message = PriceBook::built_in().overridden(&text, "my.toml").unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
        let text = format!("[s3.storage]\nunit = \"GB-month\"\neu-west-1 = {{ price = \"0.02\", {about} }}");
        let book = PriceBook::built_in().overridden(&text, "my.toml").unwrap();
        assert_eq!(book.price("s3.storage", &["eu-west-1"]).unwrap().1.tiers.len(), 1);
        assert!(book.price("s3.storage", &["us-east-1"]).is_some(), "what the file does not name stays");
    }
}
