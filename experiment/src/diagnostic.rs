//! What is wrong with a scenario, and where.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// It can, but a reader should know.
    Warning,
}

/// One problem, with its place, what was expected, and a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// File, or `--set …`.
    pub file: String,
    /// Line, from 1; 0 = the file as a whole.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}\n  --> {}", self.message, self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        match &self.hint {
            Some(hint) => writeln!(f, "        hint: {hint}"),
            None => writeln!(f),
        }
    }
}

/// Problems in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl std::error::Error for Diagnostics {}

/// More than this are counted, not printed.
const PRINTED: usize = 50;

impl Diagnostics {
    /// A single problem.
    pub fn one(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }

    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Errors and warnings, each in the order of its file; first those that stand in none.
    pub fn split(mut self) -> (Self, Self) {
        let mut files: Vec<String> = Vec::new();
        for problem in &self.0 {
            if !files.contains(&problem.file) {
                files.push(problem.file.clone());
            }
        }
        let file = |d: &Diagnostic| files.iter().position(|file| *file == d.file);
        self.0.sort_by_key(|d| (d.line > 0, file(d), d.line, d.column));
        let (errors, warnings) = self.0.into_iter().partition(|d| d.severity == Severity::Error);
        (Self(errors), Self(warnings))
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(PRINTED).try_for_each(|d| d.fmt(f))?;
        match self.0.len().saturating_sub(PRINTED) {
            0 => Ok(()),
            more => writeln!(f, "... and {more} more"),
        }
    }
}
