//! A number of the report: how it reads, what it is, and where it stands in `results.json`.

use crate::format::{NONE, amount, amount_short, duration_figure, duration_or_interval, share, share_asked};
use crate::words::Words;
use askama::filters::HtmlSafe;
use drsim_experiment::outcome::Figure;
use std::fmt;

/// A `data` element: the words people read, the exact value, and its JSON pointer in `results.json`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    words: String,
    /// `None`: there is no number, only words such as "-".
    value: Option<(f64, String)>,
}

impl HtmlSafe for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = crate::plots::escaped(&self.words);
        match &self.value {
            Some((value, at)) => write!(f, r#"<data value="{value}" data-from="{at}">{words}</data>"#),
            None => f.write_str(&words),
        }
    }
}

impl Number {
    /// Any number with the words for it.
    pub(super) fn new(w: &Words, words: &str, value: Option<f64>, at: String) -> Self {
        let is_said = words != NONE;
        Self { words: w.number(words), value: value.filter(|v| is_said && v.is_finite()).map(|v| (v, at)) }
    }

    /// Words where there is no number.
    pub(super) fn none(words: impl Into<String>) -> Self {
        Self { words: words.into(), value: None }
    }

    /// A share with the digits its interval bears.
    pub(super) fn share(w: &Words, found: Option<f64>, interval: Option<(f64, f64)>, at: String) -> Self {
        let words = found.map_or(NONE.into(), |found| share(found, interval));
        let words = if words == NONE { words } else { words + " %" };
        Self::new(w, &words, found, at)
    }

    /// A share that somebody asked for.
    pub(super) fn asked(w: &Words, asked: Option<f64>, at: String) -> Self {
        match asked {
            None => Self::none(w.t("always")),
            Some(_) => Self::new(w, &share_asked(asked), asked, at),
        }
    }

    /// A duration; `at` is the place of the figure.
    pub(super) fn duration(w: &Words, figure: &Figure, at: &str) -> Self {
        Self::new(w, &duration_figure(figure), figure.estimate, format!("{at}/estimate"))
    }

    /// A duration, or its interval where that is wide.
    pub(super) fn duration_wide(w: &Words, figure: &Figure, at: &str) -> Self {
        let words = duration_or_interval(figure).replace("..", " .. ");
        Self::new(w, &words, figure.estimate, format!("{at}/estimate"))
    }

    /// An amount with two digits.
    pub(super) fn amount(w: &Words, figure: &Figure, at: &str) -> Self {
        Self::new(w, &amount(figure), figure.estimate, format!("{at}/estimate"))
    }

    /// An amount in thousands or millions.
    pub(super) fn amount_short(w: &Words, figure: &Figure, at: &str) -> Self {
        Self::new(w, &amount_short(figure), figure.estimate, format!("{at}/estimate"))
    }
}
