//! The claims of one design as a gate: a line each, `JUnit`, Markdown, JSON.

use crate::format::{count, share, share_asked, share_half_width, share_range};
use crate::table::Tone;
use crate::wording::{asked, verdict};
use crate::words::{Lang, Words};
use drsim_experiment::outcome::{ClaimResult, Outcome, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::fmt::Write;

/// What a pipeline does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Every claim holds, or nothing speaks against it.
    Open,
    /// Some claim is undecided, depends on what is not known, or could not be judged.
    Undecided,
    /// Some claim is refuted.
    Refuted,
}

/// What one verdict means for the pipeline. What cannot be judged is not taken for kept.
pub fn means(verdict: Verdict) -> Gate {
    match verdict {
        Verdict::Holds | Verdict::NoCounterexample => Gate::Open,
        Verdict::Fails => Gate::Refuted,
        Verdict::Undecided | Verdict::Depends | Verdict::NoCases | Verdict::NotEstimated => Gate::Undecided,
    }
}

/// The worst of all claims.
pub fn gate(outcome: &Outcome) -> Gate {
    outcome.claims.iter().map(|claim| means(claim.verdict)).max().unwrap_or(Gate::Undecided)
}

/// A verdict in a word or two, for programs.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "FAILS",
        Verdict::Undecided => "undecided",
        Verdict::Depends => "depends",
        Verdict::NoCounterexample => "no counterexample",
        Verdict::NoCases => "no cases",
        Verdict::NotEstimated => "not estimated",
    }
}

/// Found share with interval and range, and of how many cases.
fn found(claim: &ClaimResult, w: &Words) -> String {
    let Some(value) = claim.found else { return "-".into() };
    let gaps = [
        ("share", share(value, claim.interval).into()),
        ("half", share_half_width(value, claim.interval).into()),
        ("n", w.number(&count(claim.n)).into()),
        ("per", w.t(&format!("gate-per-{}", claim.per)).into()),
        ("range", share_range(claim.range, value, claim.interval).into()),
    ];
    w.say(if claim.range.is_some() { "gate-found-range" } else { "gate-found" }, &gaps)
}

fn heading(outcome: &Outcome, w: &Words) -> String {
    let design = outcome.claims.first().map_or("", |claim| claim.architecture.as_str());
    let verdict = w.t(match gate(outcome) {
        Gate::Open => "gate-open",
        Gate::Undecided => "gate-undecided",
        Gate::Refuted => "gate-refuted",
    });
    let gaps = [
        ("design", design.into()),
        ("verdict", verdict.into()),
        ("years", w.number(&count(outcome.manifest.replications)).into()),
        ("seed", outcome.manifest.seed.to_string().into()),
    ];
    w.say("gate-heading", &gaps)
}

/// One line per claim, in the colour of its verdict if asked.
pub fn table(outcome: &Outcome, lang: Lang, colour: bool) -> String {
    let w = lang.words();
    let mut text = heading(outcome, w) + "\n";
    for claim in &outcome.claims {
        let gaps = [
            ("claim", claim.claim.as_str().into()),
            ("bound", claim.bound.as_str().into()),
            ("asked", asked(claim.asked, w).into()),
            ("found", found(claim, w).into()),
        ];
        let tone = match means(claim.verdict) {
            Gate::Open => Tone::Good,
            Gate::Undecided => Tone::Open,
            Gate::Refuted => Tone::Bad,
        };
        let word = format!("{:<12}", verdict(claim.verdict, w));
        _ = writeln!(text, "{} {}", tone.paint(&word, colour), w.say("gate-claim", &gaps));
        if tone != Tone::Good && !claim.decided_by.is_empty() {
            _ = writeln!(text, "{:<12} {} {}", "", w.t("text-decided-by"), w.phrase(&claim.decided_by));
        }
    }
    text
}

/// For a comment on a pull request.
pub fn markdown(outcome: &Outcome, lang: Lang) -> String {
    let w = lang.words();
    let heads = ["claim", "gate-bound", "asked", "found", "verdict", "decided-by"].map(|key| w.t(key));
    let mut text = format!("**{}**\n\n| {} |\n", heading(outcome, w), heads.join(" | "));
    text += "| --- | --- | --- | --- | --- | --- |\n";
    for claim in &outcome.claims {
        let cells = [
            claim.claim.clone(),
            claim.bound.clone(),
            asked(claim.asked, w),
            found(claim, w),
            verdict(claim.verdict, w),
            w.phrase(&claim.decided_by),
        ];
        _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// For the test report of a pipeline: a refuted claim is a failure, an undecided one an error.
///
/// # Errors
/// Never in memory; the writer's own.
pub fn junit(outcome: &Outcome) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("drsim check");
    let mut suite = TestSuite::new(outcome.claims.first().map_or("", |claim| claim.architecture.as_str()));
    for claim in &outcome.claims {
        let said =
            format!("{}: asked {}, found {}", claim.bound, share_asked(claim.asked), found(claim, Lang::En.words()));
        let status = match means(claim.verdict) {
            Gate::Open => TestCaseStatus::success(),
            other => {
                let kind = if other == Gate::Refuted { NonSuccessKind::Failure } else { NonSuccessKind::Error };
                let mut status = TestCaseStatus::non_success(kind);
                status.set_type(word(claim.verdict)).set_message(said.clone());
                status
            }
        };
        let mut case = TestCase::new(claim.claim.as_str(), status);
        case.set_classname(claim.architecture.as_str()).set_system_out(said);
        suite.add_test_case(case);
    }
    report.add_test_suite(suite);
    report.to_string()
}

/// The claims with every figure.
///
/// # Errors
/// If a figure cannot be written as JSON.
pub fn json(outcome: &Outcome) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&outcome.claims)?;
    text.push('\n');
    Ok(text)
}
