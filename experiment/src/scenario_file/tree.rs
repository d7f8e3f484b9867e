//! TOML as a tree in which every value knows its place: what the text says, before anybody asks what it means.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Who wrote a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The scenario file (0), or the file of this index that it extends.
    File(usize),
    /// The `--set` of this index.
    Set(usize),
    /// The catalogue.
    BuiltIn,
}

/// Where a value stands; lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who wrote it.
    pub origin: Origin,
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it starts.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What TOML can say, as far as scenarios use it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer or a float, NaN and infinity included.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the text.
    Table(Vec<Entry>),
    /// A date or time.
    Date(String),
}

impl Value {
    /// What it is, for messages.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Bool(_) => "a boolean",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date(_) => "a date",
        }
    }
}

/// A key and what stands under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The entries of a table.
    pub fn entries(&self) -> Option<&[Entry]> {
        if let Value::Table(entries) = &self.value { Some(entries) } else { None }
    }

    /// The value under a key of a table.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()?.iter().find(|e| e.key == key).map(|e| &e.node)
    }
}

/// Turns byte offsets into lines and columns.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    origin: Origin,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, origin: Origin) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { text, starts, origin }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let column = self.text.get(start..offset).map_or(1, |before| before.chars().count() + 1);
        Place { origin: self.origin, line, column }
    }
}

/// Reads a text.
///
/// # Errors
/// The first place where it is not TOML.
pub fn parse(text: &str, file: &str, origin: Origin) -> Result<Node, Diagnostics> {
    let lines = Lines::new(text, origin);
    let not_toml = |error: &toml::de::Error| {
        let place = lines.place(error.span().map_or(0, |span| span.start.min(text.len())));
        let what = error.message().lines().next().unwrap_or("not TOML").to_owned();
        Diagnostics::one(Diagnostic {
            severity: Severity::Error,
            file: file.to_owned(),
            line: place.line,
            column: place.column,
            message: format!("this is not TOML: {what}"),
            hint: None,
        })
    };
    let table = DeTable::parse(text).map_err(|error| not_toml(&error))?;
    let at = table.span().start;
    Ok(Node { place: lines.place(at), value: table_of(table.into_inner(), &lines) })
}

fn table_of(table: DeTable<'_>, lines: &Lines<'_>) -> Value {
    let mut entries: Vec<(usize, Entry)> = table
        .into_iter()
        .map(|(key, value)| {
            let at = key.span().start;
            let entry =
                Entry { key: key.into_inner().into_owned(), place: lines.place(at), node: node_of(value, lines) };
            (at, entry)
        })
        .collect();
    entries.sort_by_key(|(at, _)| *at); // the parser sorts by name; people read from top to bottom
    Value::Table(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn node_of(value: Spanned<DeValue<'_>>, lines: &Lines<'_>) -> Node {
    let place = lines.place(value.span().start);
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(digits) => {
            let radix = digits.radix();
            let integer = i64::from_str_radix(digits.as_str(), radix);
            Value::Number(integer.map_or(f64::INFINITY, |i| i as f64))
        }
        DeValue::Float(digits) => Value::Number(digits.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node_of(item, lines)).collect()),
        DeValue::Table(table) => table_of(table, lines),
    };
    Node { place, value }
}

/// Puts `--set path=value` into the tree: replaces just that leaf, also of a built-in table (`built_in` finds it by its
/// path). A plain value over a table with a `value` replaces that and drops its `range`; a path that ends in `*` scales
/// the distribution before it ([`super::scale`]).
///
/// # Errors
/// When there is no `=`, no path, or the path leads through something that is not a table.
pub fn set(
    root: &mut Node,
    index: usize,
    assignment: &str,
    built_in: impl Fn(&Node, &[&str]) -> Option<Node>,
) -> Result<(), String> {
    let Some((path, text)) = assignment.split_once('=') else {
        return Err("expected PATH=VALUE".into());
    };
    let keys: Vec<&str> = path.trim().split('.').map(str::trim).collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(format!("`{path}` is not a path such as objects.size.p50"));
    }
    let place = Place { origin: Origin::Set(index), line: 0, column: 0 };
    let lines = Lines::new(text, Origin::Set(index));
    let new = DeValue::parse(text.trim())
        .map_or_else(|_| Value::Text(text.trim().to_owned()), |value| node_of(value, &lines).value);
    // What the scenario leaves to the catalogue is copied from there first, so that the leaf has its neighbours.
    for depth in 1..keys.len() {
        if find(root, &keys[..depth]).is_none()
            && let Some(default) = built_in(root, &keys[..depth])
        {
            plant(root, &keys[..depth], default);
            break;
        }
    }
    if let [before @ .., "*"] = keys.as_slice() {
        let path = before.join(".");
        let found = before.iter().try_fold(root, |node, key| match &mut node.value {
            Value::Table(entries) => entries.iter_mut().find(|e| e.key == *key).map(|e| &mut e.node),
            _ => None,
        });
        return super::scale::scale(found.ok_or(format!("there is no `{path}` to scale"))?, &path, text, place);
    }
    let mut node = root;
    for (depth, key) in keys.iter().enumerate() {
        let kind = node.value.kind();
        let Value::Table(entries) = &mut node.value else {
            return Err(format!("`{}` is {kind}, not a table", keys[..depth].join(".")));
        };
        let position = entries.iter().position(|e| e.key == *key).unwrap_or_else(|| {
            let empty = Node { place, value: Value::Table(Vec::new()) };
            entries.push(Entry { key: (*key).to_owned(), place, node: empty });
            entries.len() - 1
        });
        node = &mut entries[position].node;
    }
    match &mut node.value {
        Value::Table(entries) if !matches!(new, Value::Table(_)) && entries.iter().any(|e| e.key == "value") => {
            entries.retain(|e| e.key != "range");
            for entry in entries.iter_mut().filter(|e| e.key == "value") {
                entry.node = Node { place, value: new.clone() };
            }
        }
        value => *value = new,
    }
    node.place = place;
    mark(node, place);
    Ok(())
}

/// A value as TOML, on one line.
pub fn written(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Text(text) => toml::Value::from(text.as_str()).to_string(),
        Value::Number(number) => format!("{number}"),
        Value::Bool(truth) => format!("{truth}"),
        Value::Date(date) => date.clone(),
        Value::List(items) => format!("[{}]", list(items.iter().map(|item| written(&item.value)).collect())),
        Value::Table(entries) => {
            let entry = |entry: &Entry| format!("{} = {}", written_key(&entry.key), written(&entry.node.value));
            format!("{{ {} }}", list(entries.iter().map(entry).collect()))
        }
    }
}

/// A key as TOML: bare where it may be.
pub fn written_key(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare { key.to_owned() } else { toml::Value::from(key).to_string() }
}

fn find<'n>(root: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(root, |node, key| node.get(key))
}

fn plant(root: &mut Node, keys: &[&str], new: Node) {
    let [key, rest @ ..] = keys else { return };
    let Value::Table(entries) = &mut root.value else { return };
    if rest.is_empty() {
        entries.push(Entry { key: (*key).to_owned(), place: new.place, node: new });
        return;
    }
    let position = entries.iter().position(|e| e.key == *key).unwrap_or_else(|| {
        let empty = Node { place: new.place, value: Value::Table(Vec::new()) };
        entries.push(Entry { key: (*key).to_owned(), place: new.place, node: empty });
        entries.len() - 1
    });
    plant(&mut entries[position].node, rest, new);
}

/// What a `--set` wrote stands on the command line, all of it.
fn mark(node: &mut Node, place: Place) {
    if let Value::Table(entries) = &mut node.value {
        for entry in entries.iter_mut().filter(|e| e.place.origin == place.origin) {
            entry.place = place;
            mark(&mut entry.node, place);
        }
    }
    if node.place.origin == place.origin {
        node.place = place;
    }
}
