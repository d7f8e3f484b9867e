//! What changed since an earlier run: fields of the scenario, claims, metrics. A change is put down to a field only where
//! a single one changed.

use crate::format::{count, number, share};
use crate::wording::verdict as verdict_word;
use crate::words::{Lang, Words};
use drsim_experiment::compare::differences::{Difference, differences};
use drsim_experiment::decide::settings::what_counts;
use drsim_experiment::outcome::{ClaimResult, Figure, MetricRow, Outcome, Verdict};
use drsim_experiment::scenario::Scenario;
use serde::Serialize;
use std::fmt::Write;

/// Metrics that are listed one by one.
const MOST: usize = 12;

/// What changed.
#[derive(Debug, Serialize)]
pub struct Changes {
    /// Version, seed and years of the earlier run, where they differ.
    pub run: Vec<String>,
    /// Fields of the scenario, in base units.
    pub fields: Vec<Difference>,
    /// The field that everything below is put down to; `None` unless it alone changed.
    pub because_of: Option<String>,
    /// Claims whose verdict or share changed.
    pub claims: Vec<ClaimChange>,
    /// Metrics whose intervals lie apart, the largest relative change first.
    pub metrics: Vec<MetricChange>,
    /// Metrics that moved within their intervals.
    pub within: usize,
}

/// A claim then and now.
#[derive(Debug, Serialize)]
pub struct ClaimChange {
    /// Its name.
    pub claim: String,
    /// Verdict then; `None`: it is new.
    pub verdict_before: Option<Verdict>,
    /// Verdict now.
    pub verdict: Verdict,
    /// Share then.
    pub before: Figure,
    /// Share now.
    pub now: Figure,
}

/// A metric then and now.
#[derive(Debug, Serialize)]
pub struct MetricChange {
    /// Name, place and statistic.
    pub metric: String,
    /// Then.
    pub before: f64,
    /// Now.
    pub now: f64,
    /// Unit.
    pub unit: String,
}

/// What changed from an earlier outcome to this one of the `whole` scenario, for the design that was judged.
pub fn changes(before: &Outcome, whole: &Scenario, now: &Outcome) -> Changes {
    let fields = differences(&what_counts(&before.scenario), &what_counts(whole));
    let (then, own) = (&before.manifest, &now.manifest);
    let mut run = Vec::new();
    let mut note = |what: &str, a: String, b: String| {
        if a != b {
            run.push(format!("{what} {a} -> {b}"));
        }
    };
    note("version", then.version.clone(), own.version.clone());
    note("seed", then.seed.to_string(), own.seed.to_string());
    note("simulated years", count(then.replications), count(own.replications));
    let design = now.claims.first().map_or("", |claim| claim.architecture.as_str());
    let figure = |c: &ClaimResult| Figure { estimate: c.found, interval: c.interval, range: c.range, n: c.n };
    let claims = now.claims.iter().filter_map(|claim| {
        let known = before.claims.iter().find(|c| c.claim == claim.claim && c.architecture == design);
        let same = known.is_some_and(|c| c.verdict == claim.verdict && !apart(&figure(c), &figure(claim)));
        (!same).then(|| ClaimChange {
            claim: claim.claim.clone(),
            verdict_before: known.map(|c| c.verdict),
            verdict: claim.verdict,
            before: known.map(&figure).unwrap_or_default(),
            now: figure(claim),
        })
    });
    let claims: Vec<ClaimChange> = claims.collect();
    let key = |m: &MetricRow| {
        let parts = [&m.metric, &m.population, &m.operation, &m.store, &m.cause, &m.per, &m.statistic];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    };
    let of = |outcome: &Outcome| -> std::collections::BTreeMap<String, (Figure, String)> {
        let own = outcome.metrics.iter().filter(|m| m.architecture == design);
        own.map(|m| (key(m), (m.figure, m.unit.clone()))).collect()
    };
    let (earlier, (mut metrics, mut within)) = (of(before), (Vec::new(), 0));
    for (name, (figure, unit)) in of(now) {
        let Some((known, _)) = earlier.get(&name) else { continue };
        let (Some(a), Some(b)) = (known.estimate, figure.estimate) else { continue };
        if apart(known, &figure) {
            metrics.push(MetricChange { metric: name, before: a, now: b, unit });
        } else if (a - b).abs() > 1e-9 * a.abs() {
            within += 1;
        }
    }
    let size = |m: &MetricChange| (m.now - m.before).abs() / m.before.abs().max(m.now.abs());
    metrics.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.metric.cmp(&b.metric)));
    let because_of = match (fields.as_slice(), run.is_empty()) {
        ([only], true) => Some(only.field.clone()),
        _ => None,
    };
    Changes { run, fields, because_of, claims, metrics, within }
}

/// Whether two figures differ beyond their intervals.
fn apart(a: &Figure, b: &Figure) -> bool {
    match (a.interval, b.interval) {
        (Some(a), Some(b)) => a.1 < b.0 || b.1 < a.0,
        _ => a.estimate.is_some() != b.estimate.is_some(),
    }
}

/// The lines of it, each with its kind.
fn lines(changes: &Changes, w: &Words) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |kind: &str, words: String| lines.push((w.t(kind), words));
    for change in &changes.run {
        line("since-run", w.phrase(change));
    }
    for field in &changes.fields {
        line("since-field", format!("{}: {} -> {}", field.field, field.a, field.b));
    }
    for claim in &changes.claims {
        let shown = |f: &Figure| f.estimate.map_or("-".into(), |p| format!("{} %", share(p, f.interval)));
        let before = claim.verdict_before.map_or_else(|| w.t("since-new"), |v| verdict_word(v, w));
        let (then, now) = (shown(&claim.before), shown(&claim.now));
        line("since-claim", format!("{}: {before} {then} -> {} {now}", claim.claim, verdict_word(claim.verdict, w)));
    }
    for metric in changes.metrics.iter().take(MOST) {
        let shown = |x: f64| number(x, if x.abs() < 10.0 { 3 } else { 0 });
        let words = format!("{}: {} -> {} {}", metric.metric, shown(metric.before), shown(metric.now), metric.unit);
        line("since-metric", words);
    }
    if changes.metrics.len() > MOST {
        line("since-metric", w.say("since-more", &[("n", (changes.metrics.len() - MOST).into())]));
    }
    lines
}

fn verdict(changes: &Changes, w: &Words) -> String {
    let n = ("n", changes.fields.len().into());
    let first = match (&changes.because_of, changes.fields.len()) {
        (Some(field), _) => w.say("since-because", &[("field", field.as_str().into())]),
        (None, 0) if changes.run.is_empty() => w.t("since-nothing"),
        (None, 0) => w.t("since-run-only"),
        (None, _) => w.say("since-several", &[n]),
    };
    let gaps = [("beyond", changes.metrics.len().into()), ("within", changes.within.into())];
    format!("{first}; {}", w.say("since-metrics", &gaps))
}

/// One line per change.
pub fn table(changes: &Changes, lang: Lang) -> String {
    let w = lang.words();
    let mut text = format!("{} {}\n", w.t("since-then"), verdict(changes, w));
    for (kind, words) in lines(changes, w) {
        _ = writeln!(text, "  {kind}: {words}");
    }
    text
}

/// For a comment on a pull request.
pub fn markdown(changes: &Changes, lang: Lang) -> String {
    let w = lang.words();
    let mut text = format!("\n**{}** {}\n\n", w.t("since-heading"), verdict(changes, w));
    for (kind, words) in lines(changes, w) {
        _ = writeln!(text, "- {kind} `{words}`");
    }
    text
}

/// The claims and what changed.
///
/// # Errors
/// If a figure cannot be written as JSON.
pub fn json(outcome: &Outcome, changes: &Changes) -> Result<String, serde_json::Error> {
    let both = serde_json::json!({ "claims": outcome.claims, "against": changes });
    Ok(serde_json::to_string_pretty(&both)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn one_changed_field_is_named_as_the_reason_and_two_are_not() {
        let before = sample::outcome();
        let mut now = before.clone();
        now.claims.retain(|c| c.architecture == "adr_fast_checks");
        let none = changes(&before, &before.scenario, &now);
        assert!(none.because_of.is_none() && none.claims.is_empty() && none.metrics.is_empty());
        assert!(table(&none, Lang::En).contains("nothing changed in the scenario"));
        let mut one = before.scenario.clone();
        one.claims[0].bound *= 2.0;
        now.claims[0].verdict = Verdict::Holds;
        let found = changes(&before, &one, &now);
        assert_eq!(found.because_of.as_deref(), Some("claims.rto_reads.bound"));
        assert_eq!(found.claims.len(), 1);
        assert!(
            table(&found, Lang::En).contains("field: claims.rto_reads.bound: 60.0 -> 120.0"),
            "{}",
            table(&found, Lang::En)
        );
        one.claims[1].bound *= 2.0;
        assert!(changes(&before, &one, &now).because_of.is_none());
        now.manifest.seed += 1;
        one.claims[1].bound /= 2.0;
        let both = changes(&before, &one, &now);
        assert!(both.because_of.is_none(), "another seed may be the reason too");
        assert!(table(&both, Lang::En).contains("one field changed, and so did the run"));
    }
}
