//! Typed access to the tree: every question notes what was asked, so that what nobody asked for is an unknown key, and
//! every wrong answer is noted with its place while the reading goes on.

use super::tree::{Entry, Node, Origin, Place, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::money::inputs::Amount;
use crate::quantity::{self, Currency, Unit};
use crate::scenario::{
    Basis, CountInput, DistributionInput, Family, Given, Input, Provenance, ProvenanceRow, RangeLaw, Shape, Unknown,
};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Keys that say where a value comes from, beside any value.
const ABOUT: [&str; 4] = ["basis", "source", "owner", "as_of"];

/// More regional events a year than this are not regional events.
const MOST_PER_YEAR: f64 = 52.0;

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its unit.
    pub unit: Unit,
    /// Whether zero is refused.
    pub positive: bool,
}

impl Kind {
    /// A number of this unit that may be zero.
    pub const fn any(unit: Unit) -> Self {
        Self { unit, positive: false }
    }

    /// A number of this unit above zero.
    pub const fn positive(unit: Unit) -> Self {
        Self { unit, positive: true }
    }

    const fn law(self) -> RangeLaw {
        if matches!(self.unit, Unit::Share) { RangeLaw::LogitNormal } else { RangeLaw::Lognormal }
    }
}

/// Collects problems and provenance while a scenario is read.
#[derive(Debug)]
pub struct Reader<'a> {
    files: Vec<&'a str>,
    overrides: &'a [String],
    problems: RefCell<Diagnostics>,
    provenance: RefCell<Vec<ProvenanceRow>>,
    unknowns: RefCell<Vec<Unknown>>,
    asked: RefCell<BTreeSet<String>>,
}

/// What a reader noted.
pub struct Noted {
    /// Problems.
    pub problems: Diagnostics,
    /// Every value used, with its source.
    pub provenance: Vec<ProvenanceRow>,
    /// Every input that is not known exactly.
    pub unknowns: Vec<Unknown>,
    /// Every path that was asked for, as in the list of fields.
    pub asked: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// Nothing read yet. The first of the files is the scenario, the others are what it extends.
    pub fn new(files: Vec<&'a str>, overrides: &'a [String]) -> Self {
        Self {
            files,
            overrides,
            problems: RefCell::default(),
            provenance: RefCell::default(),
            unknowns: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// Notes a problem.
    pub fn problem(&self, severity: Severity, place: Place, message: impl Into<String>, hint: Option<String>) {
        let (file, line, column) = match place.origin {
            Origin::File(index) => (self.file(index).to_owned(), place.line, place.column),
            Origin::Set(index) => (format!("--set {}", self.overrides.get(index).map_or("", |s| s)), 0, 0),
            Origin::BuiltIn => ("built-in catalogue".to_owned(), place.line, place.column),
        };
        self.problems.borrow_mut().push(Diagnostic { severity, file, line, column, message: message.into(), hint });
    }

    /// Name of a file: the scenario's (0), or of one that it extends.
    pub fn file(&self, index: usize) -> &'a str {
        self.files.get(index).copied().unwrap_or_default()
    }

    /// Notes problems of another file.
    pub fn adopt(&self, others: Diagnostics) {
        others.into_iter().for_each(|problem| self.problems.borrow_mut().push(problem));
    }

    /// Notes an error.
    pub fn error(&self, place: Place, message: impl Into<String>) {
        self.problem(Severity::Error, place, message, None);
    }

    /// Notes an error with a hint.
    pub fn error_with_hint(&self, place: Place, message: impl Into<String>, hint: Option<String>) {
        self.problem(Severity::Error, place, message, hint);
    }

    /// Whether an error was noted.
    pub fn has_errors(&self) -> bool {
        self.problems.borrow().iter().any(|d| d.severity == Severity::Error)
    }

    /// What was noted.
    pub fn finish(self) -> Noted {
        Noted {
            problems: self.problems.into_inner(),
            provenance: self.provenance.into_inner(),
            unknowns: self.unknowns.into_inner(),
            asked: self.asked.into_inner(),
        }
    }

    /// Notes an input that is not known exactly; one that is read twice counts once.
    fn note_unknown(&self, unknown: Unknown) {
        let mut unknowns = self.unknowns.borrow_mut();
        if !unknowns.contains(&unknown) {
            unknowns.push(unknown);
        }
    }

    /// Notes an assumption. Claims are none, nor is what a design chooses; a value that is read twice counts once.
    fn note_provenance(&self, path: &str, value: String, range: Option<String>, provenance: Provenance) {
        let chosen = path.starts_with("architectures.") && provenance.given != Given::BuiltIn;
        let known = self.provenance.borrow().iter().any(|row| row.path == path);
        if chosen || known || path.starts_with("claims.") || path.starts_with("report.") {
            return;
        }
        self.provenance.borrow_mut().push(ProvenanceRow { path: path.to_owned(), value, range, provenance });
    }
}

/// A table of the scenario, with the catalogue's table of the same path behind it.
#[derive(Debug)]
pub struct Section<'r, 'a> {
    reader: &'r Reader<'a>,
    /// Full path; empty for the whole file.
    pub path: String,
    /// Its path in the list of fields, with `*` for names that people choose.
    pub pattern: String,
    given: Option<&'a Node>,
    defaults: Option<&'a Node>,
    asked: RefCell<BTreeSet<String>>,
    /// Provenance that the table carries for its values.
    about: Option<Provenance>,
    /// Where it stands.
    pub place: Place,
}

impl<'r, 'a> Section<'r, 'a> {
    /// The whole file.
    pub fn root(reader: &'r Reader<'a>, given: &'a Node, defaults: &'a Node) -> Self {
        Self {
            reader,
            path: String::new(),
            pattern: String::new(),
            given: Some(given),
            defaults: Some(defaults),
            asked: RefCell::default(),
            about: None,
            place: given.place,
        }
    }

    /// The reader behind it.
    pub fn reader(&self) -> &'r Reader<'a> {
        self.reader
    }

    /// The path of a key below it.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn pattern_of(&self, key: &str) -> String {
        if self.pattern.is_empty() { key.to_owned() } else { format!("{}.{key}", self.pattern) }
    }

    /// What the scenario says under a key, or else the catalogue.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.reader.asked.borrow_mut().insert(self.pattern_of(key));
        self.given.and_then(|g| g.get(key)).or_else(|| self.defaults.and_then(|d| d.get(key)))
    }

    /// Whether the scenario itself says something under a key.
    pub fn says(&self, key: &str) -> bool {
        _ = self.node(key);
        self.given.and_then(|g| g.get(key)).is_some()
    }

    /// Where the scenario says it, or where the section stands.
    pub fn place_of(&self, key: &str) -> Place {
        self.node(key).map_or(self.place, |node| node.place)
    }

    /// A table below it; absent tables are empty, so that their defaults apply.
    pub fn section(&self, key: &str) -> Section<'r, 'a> {
        _ = self.node(key);
        self.child(key, self.pattern_of(key))
    }

    fn child(&self, key: &str, pattern: String) -> Section<'r, 'a> {
        let given = self.given.and_then(|g| g.get(key));
        if let Some(node) = given.filter(|node| node.entries().is_none()) {
            self.reader
                .error(node.place, format!("`{}` is {}; expected a table", self.path_of(key), node.value.kind()));
        }
        Section {
            reader: self.reader,
            path: self.path_of(key),
            pattern,
            given,
            defaults: self.defaults.and_then(|d| d.get(key)),
            asked: RefCell::default(),
            about: None,
            place: given.map_or(self.place, |node| node.place),
        }
    }

    /// The tables below it whose names people choose, in the order of the text.
    pub fn named(&self) -> Vec<(String, Section<'r, 'a>)> {
        let entries = self.given.and_then(Node::entries).unwrap_or_default();
        let section = |entry: &'a Entry| {
            self.asked.borrow_mut().insert(entry.key.clone());
            if entry.node.entries().is_none() {
                let (path, kind) = (self.path_of(&entry.key), entry.node.value.kind());
                self.reader.error(entry.node.place, format!("`{path}` is {kind}; expected a table"));
            }
            let section = Section {
                reader: self.reader,
                path: self.path_of(&entry.key),
                pattern: self.pattern_of("*"),
                given: Some(&entry.node),
                defaults: None,
                asked: RefCell::default(),
                about: None,
                place: entry.place,
            };
            (entry.key.clone(), section)
        };
        entries.iter().map(section).collect()
    }

    /// The tables below it whose names people choose, those of the catalogue first; each has the catalogue's table of
    /// the same name behind it.
    pub fn named_or_built_in(&self) -> Vec<(String, Section<'r, 'a>)> {
        let built_in = self.defaults.and_then(Node::entries).unwrap_or_default();
        let mut names: Vec<&'a str> = built_in.iter().map(|entry| entry.key.as_str()).collect();
        for entry in self.given.and_then(Node::entries).unwrap_or_default() {
            if !names.contains(&entry.key.as_str()) {
                names.push(&entry.key);
            }
        }
        let section = |name: &str| {
            self.asked.borrow_mut().insert(name.to_owned());
            (name.to_owned(), self.child(name, self.pattern_of("*")))
        };
        names.into_iter().map(section).collect()
    }

    /// The same section with the catalogue's entry `defaults` behind it.
    pub fn with_defaults(self, defaults: Option<&'a Node>) -> Self {
        Self { defaults, ..self }
    }

    /// The same section; its `basis`, `source`, `owner` and `as_of` speak for its values.
    pub fn with_provenance(mut self) -> Self {
        let says = ABOUT.into_iter().filter(|key| self.node(key).is_some()).count() > 0;
        let node = self.given.or(self.defaults);
        self.about = node.filter(|_| says).map(|node| self.provenance(node, &self.path));
        self
    }

    /// Names every key that nobody asked for.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for entry in self.given.and_then(Node::entries).unwrap_or_default() {
            if !asked.contains(&entry.key) {
                let message = format!("unknown key `{}`", self.path_of(&entry.key));
                let hint = similar(&entry.key, asked.iter().map(String::as_str));
                self.reader.error_with_hint(entry.place, message, hint.or_else(|| keys_of(&asked)));
            }
        }
    }

    /// A missing key.
    pub fn missing(&self, key: &str, expected: &str) {
        self.reader.error(self.place, format!("`{}` is missing; expected {expected}", self.path_of(key)));
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<String> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Date(date) => Some(date.clone()),
            other => {
                let message = format!("`{}` is {}; expected a string", self.path_of(key), other.kind());
                self.reader.error(node.place, message);
                None
            }
        }
    }

    /// A boolean.
    pub fn truth(&self, key: &str) -> Option<bool> {
        let node = self.node(key)?;
        if let Value::Bool(truth) = node.value {
            return Some(truth);
        }
        let message = format!("`{}` is {}; expected true or false", self.path_of(key), node.value.kind());
        self.reader.error(node.place, message);
        None
    }

    /// One of several words.
    pub fn choice<T: Clone>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` is `{text}`; expected one of {}", self.path_of(key), words.join(", "));
            self.reader.error_with_hint(self.place_of(key), message, similar(&text, words.into_iter()));
        }
        found
    }

    /// A word or a list of words out of several.
    pub fn words(&self, key: &str, choices: &[&str]) -> Option<Vec<String>> {
        let node = self.node(key)?;
        let entries =
            if let Value::List(entries) = &node.value { entries.as_slice() } else { std::slice::from_ref(node) };
        let mut words = Vec::new();
        for entry in entries {
            match &entry.value {
                Value::Text(word) if choices.contains(&word.as_str()) => words.push(word.clone()),
                Value::Text(word) => {
                    let message = format!("`{}`: `{word}` is not one of {}", self.path_of(key), choices.join(", "));
                    self.reader.error_with_hint(entry.place, message, similar(word, choices.iter().copied()));
                }
                other => {
                    let message = format!("`{}`: this is {}; expected a word", self.path_of(key), other.kind());
                    self.reader.error(entry.place, message);
                }
            }
        }
        Some(words)
    }

    /// A number that must be there, plain or as a table with range and source.
    pub fn number(&self, key: &str, kind: Kind) -> Input {
        self.optional_number(key, kind).unwrap_or_else(|| {
            if self.node(key).is_none() {
                self.missing(key, kind.unit.example());
            }
            plain(&self.path_of(key), 1.0, kind)
        })
    }

    /// A number that may be absent.
    pub fn optional_number(&self, key: &str, kind: Kind) -> Option<Input> {
        let node = self.node(key)?;
        let own = node.entries().is_some_and(|e| e.iter().any(|e| ABOUT.contains(&e.key.as_str())));
        self.input(node, &self.path_of(key), kind, self.about.as_ref().filter(|_| !own))
    }

    /// An amount of money that may be absent, in US dollars or in the scenario's own currency.
    pub fn amount(&self, key: &str, hourly: bool, own: Currency) -> Option<Amount> {
        let node = self.node(key)?;
        let text = match &node.get("value").unwrap_or(node).value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        let currency = Currency::ALL.into_iter().find(|c| text.contains(c.code())).unwrap_or(own);
        if currency != own && currency != Currency::Usd {
            let message = format!("`{}` is in {}; expected {} or USD", self.path_of(key), currency.code(), own.code());
            let hint = "set money.currency and money.exchange".to_owned();
            self.reader.error_with_hint(node.place, message, Some(hint));
            return None;
        }
        let unit = if hourly { Unit::AmountPerHour(currency) } else { Unit::Amount(currency) };
        Some(Amount { input: self.optional_number(key, Kind::any(unit))?, currency })
    }

    /// A whole number within bounds that is known exactly.
    pub fn whole(&self, key: &str, least: u32, most: u32) -> u32 {
        let input = self.number(key, Kind::any(Unit::Count));
        let whole = input.value.fract() == 0.0 && input.range.is_none();
        if !whole || input.value < f64::from(least) || input.value > f64::from(most) {
            let path = self.path_of(key);
            self.reader.error(self.place_of(key), format!("`{path}` must be a whole number from {least} to {most}"));
            return least;
        }
        input.value as u32
    }

    /// Reads a number at a node; `about` is the provenance of the table around it, if it has one.
    pub fn input(&self, node: &Node, path: &str, kind: Kind, about: Option<&Provenance>) -> Option<Input> {
        let (value, range) = match &node.value {
            Value::Table(entries) => {
                self.only(entries, path, &["value", "range"]);
                let Some(value) = node.get("value") else {
                    self.reader.error(node.place, format!("`{path}` has no `value`; expected {}", kind.unit.example()));
                    return None;
                };
                (self.quantity(value, path, kind)?, node.get("range").and_then(|range| self.range(range, path, kind)))
            }
            _ => (self.quantity(node, path, kind)?, None),
        };
        if let Some((low, high)) = range
            && !(low..=high).contains(&value)
        {
            self.reader.error(node.place, format!("the `value` of `{path}` lies outside its own `range`"));
        }
        let provenance = about.cloned().unwrap_or_else(|| self.provenance(node, path));
        let shown = |v| quantity::write(v, kind.unit);
        let range_shown = range.map(|(low, high)| format!("{} .. {}", shown(low), shown(high)));
        self.reader.note_provenance(path, shown(value), range_shown, provenance);
        let input = Input { path: path.to_owned(), value, range, law: kind.law() };
        if range.is_some() {
            self.reader.note_unknown(Unknown::Number(input.clone()));
        }
        Some(input)
    }

    fn quantity(&self, node: &Node, path: &str, kind: Kind) -> Option<f64> {
        let read = match &node.value {
            Value::Number(number) if kind.unit == Unit::Count => quantity::in_domain(*number, kind.unit)
                .map_err(|why| quantity::Misread { message: format!("`{number}` {why}"), hint: None }),
            Value::Number(number) => Err(quantity::Misread {
                message: format!("`{number}` has no unit; expected {}", kind.unit.example()),
                hint: Some("quote it and add its unit".into()),
            }),
            Value::Text(text) => quantity::read(text, kind.unit),
            other => Err(quantity::Misread {
                message: format!("this is {}; expected {}", other.kind(), kind.unit.example()),
                hint: None,
            }),
        };
        match read {
            Ok(value) if kind.positive && value <= 0.0 => {
                self.reader.error(node.place, format!("`{path}` must be above zero"));
                None
            }
            Ok(value) => Some(value),
            Err(misread) => {
                self.reader.error_with_hint(node.place, format!("`{path}`: {}", misread.message), misread.hint);
                None
            }
        }
    }

    /// `range = [low, high]`, P10 and P90.
    fn range(&self, node: &Node, path: &str, kind: Kind) -> Option<(f64, f64)> {
        let Value::List(ends) = &node.value else {
            self.reader.error(node.place, format!("the `range` of `{path}` must be a list [low, high]"));
            return None;
        };
        let [low, high] = ends.as_slice() else {
            let n = ends.len();
            self.reader.error(node.place, format!("the `range` of `{path}` has {n} entries; expected [low, high]"));
            return None;
        };
        let (low, high) = (self.quantity(low, path, kind)?, self.quantity(high, path, kind)?);
        let inside = low > 0.0 && (kind.unit != Unit::Share || high < 1.0);
        if low >= high {
            self.reader.error(node.place, format!("the `range` of `{path}` must rise from low to high"));
        } else if !inside {
            let limits = if kind.unit == Unit::Share { "strictly between 0 % and 100 %" } else { "above zero" };
            self.reader.error(node.place, format!("the `range` of `{path}` must lie {limits}"));
        } else {
            return Some((low, high));
        }
        None
    }

    /// A count of events in years of exposure.
    pub fn count(&self, node: &Node, path: &str) -> CountInput {
        let mut posterior = true;
        if let Value::Table(entries) = &node.value {
            self.only(entries, path, &["events", "years", "posterior"]);
            match node.get("posterior").map(|n| (&n.value, n.place)) {
                Some((Value::Bool(truth), _)) => posterior = *truth,
                Some((_, place)) => self.reader.error(place, format!("`{path}.posterior` must be true or false")),
                None => {}
            }
        } else {
            let message =
                format!("`{path}` is {}; expected a count such as {{ events = 8, years = 15.6 }}", node.value.kind());
            self.reader.error(node.place, message);
        }
        let part = |key: &str, kind| match node.get(key) {
            Some(part) => self.quantity(part, &format!("{path}.{key}"), kind).unwrap_or(1.0),
            None => {
                if node.entries().is_some() {
                    self.reader.error(node.place, format!("`{path}.{key}` is missing; expected a number"));
                }
                1.0
            }
        };
        let events = part("events", Kind::any(Unit::Count));
        let years = part("years", Kind::positive(Unit::Count));
        if events / years > MOST_PER_YEAR {
            self.reader.error(node.place, format!("`{path}` is more than {MOST_PER_YEAR} regional events a year"));
        }
        self.reader.note_provenance(path, format!("{events} in {years} years"), None, self.provenance(node, path));
        self.noted(CountInput { path: path.to_owned(), events, years, posterior })
    }

    fn noted(&self, count: CountInput) -> CountInput {
        if count.posterior {
            self.reader.note_unknown(Unknown::Count(count.clone()));
        }
        count
    }

    /// A count from the catalogue.
    pub fn built_in_count(&self, path: &str, events: f64, years: f64, source: &str) -> CountInput {
        let provenance = Provenance {
            basis: Basis::Reported,
            source: source.to_owned(),
            owner: None,
            as_of: None,
            given: Given::BuiltIn,
        };
        self.reader.note_provenance(path, format!("{events} in {years} years"), None, provenance);
        self.noted(CountInput { path: path.to_owned(), events, years, posterior: true })
    }

    /// A distribution that must be there (the catalogue has one for every field that is optional).
    pub fn distribution(&self, key: &str, kind: Kind) -> DistributionInput {
        let path = self.path_of(key);
        let Some(node) = self.node(key) else {
            self.missing(key, "a distribution such as { dist = \"lognormal\", p50 = …, p95 = … }");
            return constant(&path, kind);
        };
        self.distribution_at(node, &path, kind, None)
    }

    fn distribution_at(&self, node: &Node, path: &str, kind: Kind, about: Option<&Provenance>) -> DistributionInput {
        let Value::Table(entries) = &node.value else {
            let value = self.input(node, path, kind, about).unwrap_or_else(|| plain(path, 1.0, kind));
            return DistributionInput { path: path.into(), shape: Shape::Constant { value }, min: None, max: None };
        };
        let Some(dist) = node.get("dist") else {
            let value = self.input(node, path, kind, about).unwrap_or_else(|| plain(path, 1.0, kind));
            return DistributionInput { path: path.into(), shape: Shape::Constant { value }, min: None, max: None };
        };
        let provenance = about.cloned().unwrap_or_else(|| self.provenance(node, path));
        let parameter = |key: &str| match node.get(key) {
            Some(part) => self.input(part, &format!("{path}.{key}"), kind, Some(&self.own_or(part, &provenance))),
            None => {
                self.reader.error(node.place, format!("`{path}.{key}` is missing; expected {}", kind.unit.example()));
                None
            }
        };
        let input = |key: &str| parameter(key).unwrap_or_else(|| plain(&format!("{path}.{key}"), 1.0, kind));
        let name = if let Value::Text(name) = &dist.value { name.as_str() } else { "" };
        let (shape, keys): (Shape, Vec<&str>) = match name {
            "constant" => (Shape::Constant { value: input("value") }, vec!["value", "range"]),
            "uniform" => (Shape::Uniform { low: input("low"), high: input("high") }, vec!["low", "high"]),
            "triangular" => {
                let shape = Shape::Triangular { low: input("low"), mode: input("mode"), high: input("high") };
                (shape, vec!["low", "mode", "high"])
            }
            "exponential" => (Shape::Exponential { mean: input("mean") }, vec!["mean"]),
            "lognormal" | "gamma" | "weibull" | "pareto" => {
                let family = match name {
                    "lognormal" => Family::Lognormal,
                    "gamma" => Family::Gamma,
                    "weibull" => Family::Weibull,
                    _ => Family::Pareto,
                };
                let upper = UPPER.into_iter().find(|(key, _)| node.get(key).is_some()).unwrap_or(("p95", 0.95));
                let shape = Shape::Percentiles { family, p50: input("p50"), level: upper.1, at_level: input(upper.0) };
                (shape, vec!["p50", upper.0])
            }
            "empirical" => (Shape::Empirical { values: self.measured_values(node, path, kind) }, vec!["values"]),
            "mixture" => (Shape::Mixture { parts: self.parts(node, path, kind, &provenance) }, vec!["parts"]),
            _ => {
                let known = DISTRIBUTIONS;
                let message = format!("`{path}.dist` is `{name}`; expected one of {}", known.join(", "));
                self.reader.error_with_hint(dist.place, message, similar(name, known.into_iter()));
                return constant(path, kind);
            }
        };
        let mut keys = keys;
        keys.extend(["dist", "min", "max"]);
        self.only(entries, path, &keys);
        let limit = |key: &str| node.get(key).and_then(|part| self.quantity(part, &format!("{path}.{key}"), kind));
        let (min, max) = (limit("min"), limit("max"));
        for (key, value) in [("min", min), ("max", max)] {
            if let Some(value) = value {
                let shown = quantity::write(value, kind.unit);
                self.reader.note_provenance(&format!("{path}.{key}"), shown, None, provenance.clone());
            }
        }
        let input = DistributionInput { path: path.to_owned(), shape, min, max };
        self.check_order(&input, kind, node.place);
        input
    }

    /// The values of an empirical distribution, ascending.
    fn measured_values(&self, node: &Node, path: &str, kind: Kind) -> Vec<f64> {
        let items = match node.get("values").map(|n| &n.value) {
            Some(Value::List(items)) if items.len() > 1 => items.as_slice(),
            _ => &[],
        };
        let read = |(i, item): (usize, &Node)| self.quantity(item, &format!("{path}.values.{i}"), kind);
        let mut values: Vec<f64> = items.iter().enumerate().filter_map(read).collect();
        if items.is_empty() {
            let message =
                format!("`{path}.values` is missing; expected a list of values such as {}", kind.unit.example());
            self.reader.error(node.get("values").map_or(node.place, |n| n.place), message);
        }
        if values.is_empty() {
            values.push(1.0);
        }
        values.sort_by(f64::total_cmp);
        values
    }

    /// The parts of a mixture: a weight and a distribution each.
    fn parts(&self, node: &Node, path: &str, kind: Kind, about: &Provenance) -> Vec<(f64, DistributionInput)> {
        let place = node.get("parts").map_or(node.place, |n| n.place);
        let items = match node.get("parts").map(|n| &n.value) {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        let mut parts = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let (Some(weight), Some(entries)) = (item.get("weight"), item.entries()) else { continue };
            let path = format!("{path}.parts.{i}");
            let law: Vec<Entry> = entries.iter().filter(|e| e.key != "weight").cloned().collect();
            let law = Node { place: item.place, value: Value::Table(law) };
            let weight = self.quantity(weight, &format!("{path}.weight"), Kind::positive(Unit::Share)).unwrap_or(1.0);
            parts.push((weight, self.distribution_at(&law, &path, kind, Some(about))));
        }
        if parts.len() < 2 || parts.len() < items.len() {
            let example = "{ weight = \"70 %\", dist = \"lognormal\", p50 = …, p95 = … }";
            self.reader.error(place, format!("`{path}.parts`: expected two or more of {example}"));
        }
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        if parts.is_empty() {
            parts.push((1.0, constant(path, kind)));
        } else if (sum - 1.0).abs() > 0.005 {
            let message = format!("`{path}.parts`: the weights sum to {:.1} %, not 100 %", 100.0 * sum);
            self.reader.error(place, message);
        }
        let sum = if sum > 0.0 { sum } else { 1.0 };
        parts.into_iter().map(|(weight, part)| (weight / sum, part)).collect()
    }

    fn check_order(&self, input: &DistributionInput, kind: Kind, place: Place) {
        let path = &input.path;
        let shown = |input: &Input| quantity::write(input.value, kind.unit);
        let problem = match &input.shape {
            Shape::Uniform { low, high } if low.value >= high.value => {
                Some(format!("`low` ({}) must lie below `high` ({})", shown(low), shown(high)))
            }
            Shape::Triangular { low, mode, high }
                if !(low.value <= mode.value && mode.value <= high.value && low.value < high.value) =>
            {
                Some(format!("`low`, `mode`, `high` must rise, not {}, {}, {}", shown(low), shown(mode), shown(high)))
            }
            Shape::Percentiles { p50, at_level, .. } if !(0.0 < p50.value && p50.value < at_level.value) => {
                Some(format!(
                    "the upper percentile ({}) must lie above `p50` ({}), and `p50` above zero",
                    shown(at_level),
                    shown(p50)
                ))
            }
            Shape::Exponential { mean } if mean.value <= 0.0 => Some("`mean` must be above zero".to_owned()),
            _ => None,
        };
        if let Some(problem) = problem {
            self.reader.error(place, format!("`{path}`: {problem}"));
            return;
        }
        if let (Some(min), Some(max)) = (input.min, input.max)
            && min >= max
        {
            self.reader.error(place, format!("`{path}`: `min` must lie below `max`"));
        }
        // The limits are conditions: they must leave something, and not almost nothing.
        let (low, high) = (input.min.unwrap_or(0.0), input.max.unwrap_or(f64::INFINITY));
        let median = match &input.shape {
            Shape::Percentiles { p50, .. } => Some(p50.value),
            Shape::Exponential { mean } => Some(mean.value * std::f64::consts::LN_2),
            _ => None,
        };
        if median.is_some_and(|m| m <= low || m >= high) {
            self.reader.error(place, format!("`{path}`: the median lies outside `min` and `max`"));
        }
    }

    /// The provenance of a part, if it says anything of its own.
    fn own_or(&self, part: &Node, around: &Provenance) -> Provenance {
        let says = part.entries().is_some_and(|e| e.iter().any(|e| ABOUT.contains(&e.key.as_str())));
        if says || !matches!(part.place.origin, Origin::File(_)) && around.given != Given::BuiltIn {
            self.provenance(part, "")
        } else {
            around.clone()
        }
    }

    /// `basis`, `source`, `owner`, `as_of` of a table; a plain value in a scenario is unverified until somebody says more.
    pub fn provenance(&self, node: &Node, path: &str) -> Provenance {
        let text = |key: &str| match node.get(key).map(|n| (&n.value, n.place)) {
            Some((Value::Text(text) | Value::Date(text), _)) => Some(text.clone()),
            Some((other, place)) => {
                self.reader.error(place, format!("`{path}.{key}` is {}; expected a string", other.kind()));
                None
            }
            None => None,
        };
        let basis = text("basis").and_then(|word| {
            let known = BASES.iter().find(|(name, _)| *name == word).map(|(_, basis)| *basis);
            if known.is_none() {
                let words: Vec<&str> = BASES.iter().map(|(name, _)| *name).collect();
                let message = format!("`{path}.basis` is `{word}`; expected one of {}", words.join(", "));
                let place = node.get("basis").map_or(node.place, |n| n.place);
                self.reader.error_with_hint(place, message, similar(&word, words.into_iter()));
            }
            known
        });
        Provenance {
            basis: basis.unwrap_or(Basis::Unverified),
            source: text("source").unwrap_or_default(),
            owner: text("owner"),
            as_of: text("as_of"),
            given: match node.place.origin {
                Origin::File(0) => Given::Scenario { line: node.place.line },
                Origin::File(index) => Given::Base { file: self.reader.file(index).to_owned(), line: node.place.line },
                Origin::Set(_) => Given::CommandLine,
                Origin::BuiltIn => Given::BuiltIn,
            },
        }
    }

    /// Names keys of a value's table that are neither `allowed` nor about its provenance.
    fn only(&self, entries: &[Entry], path: &str, allowed: &[&str]) {
        for entry in entries.iter().filter(|e| !allowed.contains(&e.key.as_str()) && !ABOUT.contains(&e.key.as_str())) {
            let message = format!("unknown key `{path}.{}`", entry.key);
            let hint = similar(&entry.key, allowed.iter().chain(&ABOUT).copied());
            self.reader.error_with_hint(entry.place, message, hint);
        }
    }
}

/// What `dist` may be.
const DISTRIBUTIONS: [&str; 10] = [
    "lognormal",
    "gamma",
    "weibull",
    "pareto",
    "exponential",
    "uniform",
    "triangular",
    "constant",
    "empirical",
    "mixture",
];

/// Upper percentiles that a distribution may be given by.
const UPPER: [(&str, f64); 5] = [("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999), ("p9999", 0.9999)];

/// Words for a basis.
pub const BASES: [(&str, Basis); 6] = [
    ("measured", Basis::Measured),
    ("contract", Basis::Contract),
    ("documented", Basis::Documented),
    ("reported", Basis::Reported),
    ("estimated", Basis::Estimated),
    ("unverified", Basis::Unverified),
];

fn plain(path: &str, value: f64, kind: Kind) -> Input {
    Input { path: path.to_owned(), value, range: None, law: kind.law() }
}

fn constant(path: &str, kind: Kind) -> DistributionInput {
    let value = plain(path, 1.0, kind);
    DistributionInput { path: path.to_owned(), shape: Shape::Constant { value }, min: None, max: None }
}

fn keys_of(asked: &BTreeSet<String>) -> Option<String> {
    (!asked.is_empty() && asked.len() <= 16)
        .then(|| format!("known keys are {}", asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ")))
}

/// The known word that a misspelt one most resembles.
pub fn similar<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<String> {
    let near = known.map(|k| (strsim::jaro_winkler(word, k), k)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (near.0 > 0.8 && near.1 != word).then(|| format!("did you mean `{}`?", near.1))
}
