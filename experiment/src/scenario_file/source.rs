//! Where a scenario's words come from: its own file, and the files that it extends.
//!
//! `extends = "base.toml"` starts from another scenario, whose path starts from the folder of the file that says so. Tables
//! are joined key by key. What is no table, and a table that says `dist`, `value`, `events` or `preset`, stands in place of
//! what it meets: a new law, a new value or another design, not a mixture of two.

use super::tree::{self, Entry, Node, Origin, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A scenario file is never larger: it is written by people.
const LARGEST: u64 = 4 << 20;

/// Brackets may nest this deep; a scenario needs five.
const DEEPEST: usize = 64;

/// Scenarios that extend each other, at most.
const LONGEST_CHAIN: usize = 16;

/// Keys that make a table one thing, which is replaced as a whole.
const WHOLE: [&str; 4] = ["dist", "value", "events", "preset"];

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name in messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a scenario was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The scenario, then the one that it extends, then the one that extends, …
    pub files: Vec<SourceFile>,
    /// The `--set` of the command line.
    pub overrides: Vec<String>,
}

impl Source {
    /// Reads a file and those it extends.
    ///
    /// # Errors
    /// When one of them cannot be read, is no TOML, or extends itself.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, Diagnostics> {
        let name = path.display().to_string();
        let text = text_of(path, &name).map_err(Diagnostics::one)?;
        Self::gather(&text, &name, overrides)
    }

    /// The same of a text, whose path is its name in messages.
    ///
    /// # Errors
    /// As of [`Source::read`].
    pub fn gather(text: &str, name: &str, overrides: &[String]) -> Result<Self, Diagnostics> {
        let mut files: Vec<SourceFile> = Vec::new();
        let mut next = SourceFile { name: name.to_owned(), text: text.to_owned() };
        loop {
            let root = next.tree(files.len())?;
            files.push(next);
            let last = &files[files.len() - 1];
            let Some(extends) = root.get("extends") else { break };
            let problem = |message: String| Diagnostics::one(last.error(extends, message));
            let Value::Text(path) = &extends.value else {
                let kind = extends.value.kind();
                return Err(problem(format!(
                    "`extends` is {kind}; expected the path of a scenario, such as \"base.toml\""
                )));
            };
            let path = Path::new(&last.name).with_file_name("").join(path);
            let name = path.display().to_string();
            if files.iter().any(|file| is_same(Path::new(&file.name), &path)) {
                let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).chain([name.as_str()]).collect();
                return Err(problem(format!("a scenario cannot extend itself: {}", names.join(" -> "))));
            }
            if files.len() == LONGEST_CHAIN {
                return Err(problem(format!("more than {LONGEST_CHAIN} scenarios extend each other")));
            }
            let text = text_of(&path, &name).map_err(|found| match found.line {
                0 => problem(format!("`extends`: {}: {name}", found.message)),
                _ => Diagnostics::one(found),
            })?;
            next = SourceFile { name, text };
        }
        Ok(Self { files, overrides: overrides.to_vec() })
    }

    /// The same with more values replaced.
    #[must_use]
    pub fn with(&self, more: &[String]) -> Self {
        Self { files: self.files.clone(), overrides: [&self.overrides, more].concat() }
    }

    /// Name of the scenario's own file, as given.
    pub fn file(&self) -> &str {
        self.files.first().map_or("", |file| &file.name)
    }

    /// Text of the scenario's own file.
    pub fn text(&self) -> &str {
        self.files.first().map_or("", |file| &file.text)
    }

    /// The entries of the table at a path, replaced values included, as TOML; none where there is no such table.
    pub fn table(&self, path: &[&str]) -> Vec<(String, String)> {
        let Ok(mut root) = self.tree() else { return Vec::new() };
        for (index, assignment) in self.overrides.iter().enumerate() {
            // What cannot be set is told by whoever checks the scenario.
            _ = tree::set(&mut root, index, assignment, super::built_in);
        }
        let table = path.iter().try_fold(&root, |node, key| node.get(key));
        let entries = table.and_then(Node::entries).unwrap_or_default();
        entries.iter().map(|entry| (tree::written_key(&entry.key), tree::written(&entry.node.value))).collect()
    }

    /// Whether both say the same, whatever their files are called.
    pub fn says_what(&self, other: &Self) -> bool {
        let texts = |source: &Self| source.files.iter().map(|file| file.text.clone()).collect::<Vec<_>>();
        texts(self) == texts(other) && self.overrides == other.overrides
    }

    /// All files as one tree: each over what it extends.
    pub(super) fn tree(&self) -> Result<Node, Diagnostics> {
        let trees = self.files.iter().enumerate().map(|(index, file)| file.tree(index));
        let mut trees = trees.collect::<Result<Vec<Node>, _>>()?.into_iter().rev();
        let mut root = trees.next().expect("a scenario has a file");
        trees.for_each(|own| lay_over(&mut root, own));
        Ok(root)
    }
}

impl SourceFile {
    fn error(&self, at: &Node, message: String) -> Diagnostic {
        error(&self.name, (at.place.line, at.place.column), message, None)
    }

    fn tree(&self, index: usize) -> Result<Node, Diagnostics> {
        let problem = |place, message, hint| Diagnostics::one(error(&self.name, place, message, hint));
        if self.text.trim().is_empty() {
            let hint = "`drsim init` writes a scenario to start from".to_owned();
            return Err(problem((0, 0), "the file is empty; expected a scenario".into(), Some(hint)));
        }
        if let Some(place) = too_deep(&self.text) {
            let message = format!("brackets nest deeper than {DEEPEST} levels; expected a scenario");
            return Err(problem(place, message, None));
        }
        tree::parse(&self.text, &self.name, Origin::File(index))
    }
}

fn error(file: &str, (line, column): (usize, usize), message: String, hint: Option<String>) -> Diagnostic {
    Diagnostic { severity: Severity::Error, file: file.to_owned(), line, column, message, hint }
}

/// The text of a file; a problem at line 0 is one of the file as a whole.
fn text_of(path: &Path, name: &str) -> Result<String, Diagnostic> {
    let whole = |message: String, hint: Option<&str>| error(name, (0, 0), message, hint.map(str::to_owned));
    let unreadable = |e: std::io::Error| whole(format!("cannot read the scenario: {e}"), None);
    if std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(whole("this is a directory; expected a TOML file".into(), None));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("the file is larger than {} MiB, which no scenario is", LARGEST >> 20);
        return Err(whole(message, Some("is this the right file?")));
    }
    String::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        error(name, (line, column), "this byte is not UTF-8; expected a TOML file in UTF-8".into(), None)
    })
}

fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// Puts what a file says over what it extends.
fn lay_over(base: &mut Node, own: Node) {
    let is_whole = |entries: &[Entry]| entries.iter().any(|entry| WHOLE.contains(&&*entry.key));
    match (&mut base.value, own) {
        (Value::Table(entries), Node { place, value: Value::Table(new) }) if !is_whole(&new) => {
            base.place = place;
            for own in new {
                match entries.iter_mut().find(|entry| entry.key == own.key) {
                    Some(entry) => {
                        entry.place = own.place;
                        lay_over(&mut entry.node, own.node);
                    }
                    None => entries.push(own),
                }
            }
        }
        (_, own) => *base = own,
    }
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
