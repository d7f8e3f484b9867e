//! The head of the report: what it is about, the verdict in one sentence, and what else a director must hear.

use super::{rendered, unbroken};
use crate::files::ReportError;
use crate::format::count;
use crate::wording::answer;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::Outcome;

#[derive(Template)]
#[template(path = "verdict.html")]
struct Head<'a> {
    w: &'a Words,
    title: &'a str,
    /// Size of the run in a few words.
    size: String,
    /// The verdict.
    verdict: String,
    /// The rest of it.
    rest: String,
    /// What else there is to say, each with whether it is bad news.
    more: Vec<(bool, String)>,
}

pub(super) fn head(outcome: &Outcome, w: &Words) -> Result<String, ReportError> {
    let m = &outcome.manifest;
    let mut sentences = answer(outcome, w).into_iter();
    let first = sentences.next().unwrap_or_default();
    let (verdict, rest) = first.split_once(". ").map_or((first.as_str(), ""), |(verdict, rest)| (verdict, rest));
    let verdict = format!("{}.", verdict.trim_end_matches('.'));
    let number = |n: u64| w.number(&count(n));
    let size = w.say(
        "head-size",
        &[
            ("designs", number(outcome.designs.len() as u64).into()),
            ("years", number(m.replications).into()),
            ("outages", number(m.outages).into()),
        ],
    );
    let worse = crate::wording::worse(outcome, w);
    let more = sentences.map(|s| (worse.as_ref() == Some(&s), unbroken(&s))).collect();
    rendered(&Head { w, title: &m.title, size, verdict, rest: unbroken(rest), more })
}
