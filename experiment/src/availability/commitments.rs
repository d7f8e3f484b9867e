//! What the provider commits to, read like prices: every mistake has a line and a column.

use crate::money::prices::Problems;
use crate::quantity::{Unit, read};
use crate::scenario::Basis;
use crate::scenario_file::reader::{BASES, similar};
use crate::scenario_file::tree::{Entry, Node, Value};
use drsim_models::outage::Component;
use drsim_models::sla::Step;
use serde::{Deserialize, Serialize};

/// A commitment of a month and what is paid back below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// Availability, a share.
    pub commitment: f64,
    /// Below each of these availabilities …
    pub below: Vec<f64>,
    /// … this share of the month's price of the service is paid back.
    pub credit: Vec<f64>,
    /// What the provider counts.
    pub counts: Counts,
    /// How the commitment came to be known.
    pub basis: Basis,
    /// How the steps did.
    pub credit_basis: Basis,
    /// Where from.
    pub source: String,
    /// When it held.
    pub date: String,
}

/// What a provider counts in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// The share of requests that fail.
    Requests,
    /// Minutes in which it is down altogether.
    Minutes,
    /// Files that were copied too late.
    Files,
}

impl Counts {
    const ALL: [(&'static str, Self); 3] =
        [("requests", Self::Requests), ("minutes", Self::Minutes), ("files", Self::Files)];

    /// The word in data files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, counts)| *counts == self).map_or("", |(word, _)| word)
    }
}

impl Commitment {
    /// What is paid back, as steps.
    pub fn steps(&self) -> Vec<Step> {
        self.below.iter().zip(&self.credit).map(|(below, due)| Step { below: *below, due: *due }).collect()
    }
}

/// A service that a provider commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Key of its commitment.
    pub key: &'static str,
    /// As people call it and as the bill's lines do.
    pub name: &'static str,
    /// What fails when it does; `None` where the model has no such state.
    pub component: Option<Component>,
    /// Whether it belongs to no region.
    pub is_global: bool,
}

const fn service(key: &'static str, name: &'static str, component: Option<Component>, is_global: bool) -> Service {
    Service { key, name, component, is_global }
}

/// All services with a commitment.
pub const SERVICES: [Service; 9] = [
    service("api_gateway", "API Gateway", Some(Component::Api), false),
    service("lambda", "Lambda", Some(Component::Function), false),
    service("aurora", "Aurora", Some(Component::Database), false),
    service("aurora_one_zone", "Aurora", Some(Component::Database), false),
    service("s3", "S3", Some(Component::Objects), false),
    service("s3_replication_time_control", "S3", None, false),
    service("cloudfront", "CloudFront", Some(Component::Cdn), true),
    service("global_accelerator", "Global Accelerator", Some(Component::Accelerator), true),
    service("route53", "Route 53", Some(Component::Dns), true),
];

const KEYS: [&str; 8] = ["commitment", "below", "credit", "counts", "basis", "credit_basis", "source", "date"];

/// One `[sla.NAME]` of a price book.
pub(crate) fn read_entry(entry: &Entry, problems: &mut Problems<'_>) -> Option<(String, Commitment)> {
    let path = format!("sla.{}", entry.key);
    if !SERVICES.iter().any(|service| service.key == entry.key) {
        let hint = similar(&entry.key, SERVICES.iter().map(|service| service.key));
        problems.add(entry.place, &format!("`{path}`: nothing that drsim knows has this commitment"), hint);
        return None;
    }
    for other in entry.node.entries().unwrap_or_default().iter().filter(|e| !KEYS.contains(&e.key.as_str())) {
        problems.add(
            other.place,
            &format!("unknown key `{path}.{}`", other.key),
            similar(&other.key, KEYS.into_iter()),
        );
    }
    let text = |key: &str| match entry.node.get(key).map(|n| &n.value) {
        Some(Value::Text(text) | Value::Date(text)) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    let basis = |key: &str| {
        let word = text(key)?;
        BASES.iter().find(|(name, _)| *name == word).map(|(_, basis)| *basis)
    };
    let (Some(of), Some(source), Some(date)) = (basis("basis"), text("source"), text("date")) else {
        let words = BASES.map(|(word, _)| word).join(", ");
        problems.add(entry.place, &format!("`{path}` needs `basis` (one of {words}), `source` and `date`"), None);
        return None;
    };
    let mut shares = |key: &str| -> Option<Vec<f64>> {
        let found = entry.node.get(key).and_then(shares);
        if found.is_none() {
            let place = entry.node.get(key).map_or(entry.place, |node| node.place);
            problems.add(place, &format!("`{path}.{key}`: expected shares such as \"99.9 %\""), None);
        }
        found
    };
    let (commitment, below, credit) = (shares("commitment")?, shares("below")?, shares("credit")?);
    let falls = below.windows(2).all(|pair| pair[0] > pair[1]);
    let counts = text("counts").and_then(|word| Counts::ALL.iter().find(|(name, _)| *name == word).map(|(_, c)| *c));
    let problem = match (&commitment[..], counts) {
        ([_], Some(counts)) if falls && below.len() == credit.len() => {
            let credit_basis = if entry.node.get("credit_basis").is_some() { basis("credit_basis") } else { Some(of) };
            if let Some(credit_basis) = credit_basis {
                let commitment = commitment[0];
                let found = Commitment { commitment, below, credit, counts, basis: of, credit_basis, source, date };
                return Some((entry.key.clone(), found));
            }
            format!("`{path}.credit_basis` must be one of {}", BASES.map(|(word, _)| word).join(", "))
        }
        ([_], Some(_)) => format!("`{path}`: `below` must fall and be as many as `credit`"),
        ([_], None) => format!("`{path}.counts` must be one of requests, minutes, files"),
        _ => format!("`{path}.commitment` is one share"),
    };
    problems.add(entry.place, &problem, None);
    None
}

/// A share, or a list of them.
fn shares(node: &Node) -> Option<Vec<f64>> {
    let list = if let Value::List(list) = &node.value { list.as_slice() } else { std::slice::from_ref(node) };
    let one = |node: &Node| match &node.value {
        Value::Text(text) => read(text, Unit::Share).ok(),
        _ => None,
    };
    list.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::prices::PriceBook;

    #[test]
    fn every_service_has_a_commitment_and_every_commitment_a_service() {
        let book = PriceBook::built_in();
        assert_eq!(book.commitments.len(), SERVICES.len());
        for service in SERVICES {
            let found = &book.commitments[service.key];
            assert!(found.commitment >= found.below[0] && found.below.len() == found.credit.len(), "{}", service.key);
        }
        assert!((book.commitments["api_gateway"].commitment - 0.9995).abs() < 1e-15);
    }

    #[test]
    fn a_bad_commitment_is_named_with_its_place() {
        let whole = "below = [\"99 %\", \"95 %\"]\ncredit = [\"10 %\", \"25 %\"]\ncounts = \"requests\"\nbasis = \"contract\"\nsource = \"ours\"\ndate = \"2026-11\"";
        let text = |commitment: &str, rest: &str| format!("[sla.s3]\ncommitment = {commitment}\n{rest}");
        let book = PriceBook::built_in().overridden(&text("\"99.5 %\"", whole), "my.toml").unwrap();
        assert!((book.commitments["s3"].commitment - 0.995).abs() < 1e-15);
        assert!((book.commitments["lambda"].commitment - 0.9995).abs() < 1e-15, "what the file does not name stays");
        for (text, expected) in [
            ("[sla.s33]\ncommitment = \"1 %\"".to_owned(), "my.toml:1:6"),
            (text("99.5", whole), "my.toml:2:14"),
            (text("\"99.5 %\"", &whole.replace("\"95 %\"", "\"99.9 %\"")), "must fall"),
            (text("\"99.5 %\"", &whole.replace("requests", "days")), "counts"),
            (text("\"99.5 %\"", &whole.replace("basis", "bases")), "needs `basis`"),
        ] {
            let message = PriceBook::built_in().overridden(&text, "my.toml").unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
