//! The claims of one design as a gate: a line each, `JUnit`, Markdown, JSON.

use crate::format::{count, share, share_asked, share_half_width, share_range};
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

/// A verdict in a word or two.
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
fn found(claim: &ClaimResult) -> String {
    let Some(value) = claim.found else { return "-".into() };
    let mut text = format!(
        "{} ± {} of {} (per {})",
        share(value, claim.interval),
        share_half_width(value, claim.interval),
        count(claim.n),
        claim.per
    );
    if claim.range.is_some() {
        _ = write!(text, ", range {}", share_range(claim.range, value, claim.interval));
    }
    text
}

fn heading(outcome: &Outcome) -> String {
    let design = outcome.claims.first().map_or("", |claim| claim.architecture.as_str());
    let years = count(outcome.manifest.replications);
    let verdict = match gate(outcome) {
        Gate::Open => "every claim holds",
        Gate::Undecided => "not decided",
        Gate::Refuted => "refuted",
    };
    format!("{design}: {verdict} ({years} simulated years, seed {})", outcome.manifest.seed)
}

/// One line per claim.
pub fn table(outcome: &Outcome) -> String {
    let mut text = heading(outcome) + "\n";
    for claim in &outcome.claims {
        _ = writeln!(
            text,
            "{:<17} {} {}: asked {}, found {}",
            word(claim.verdict),
            claim.claim,
            claim.bound,
            share_asked(claim.asked),
            found(claim)
        );
        if means(claim.verdict) != Gate::Open && !claim.decided_by.is_empty() {
            _ = writeln!(text, "{:<17} decided by {}", "", claim.decided_by);
        }
    }
    text
}

/// For a comment on a pull request.
pub fn markdown(outcome: &Outcome) -> String {
    let mut text = format!("**{}**\n\n| Claim | Bound | Asked | Found | Verdict | Decided by |\n", heading(outcome));
    text += "| --- | --- | --- | --- | --- | --- |\n";
    for claim in &outcome.claims {
        let (asked, found) = (share_asked(claim.asked), found(claim));
        _ = writeln!(
            text,
            "| {} | {} | {asked} | {found} | {} | {} |",
            claim.claim,
            claim.bound,
            word(claim.verdict),
            claim.decided_by
        );
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
        let said = format!("{}: asked {}, found {}", claim.bound, share_asked(claim.asked), found(claim));
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
