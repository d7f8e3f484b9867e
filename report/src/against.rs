//! What changed since an earlier run: fields of the scenario, claims, metrics. A change is put down to a field only where
//! a single one changed.

use crate::check::word;
use crate::format::{count, number, share};
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

/// The lines of it.
fn lines(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &changes.run {
        lines.push(format!("run: {change}"));
    }
    for field in &changes.fields {
        lines.push(format!("field: {}: {} -> {}", field.field, field.a, field.b));
    }
    for claim in &changes.claims {
        let shown = |f: &Figure| f.estimate.map_or("-".into(), |p| format!("{} %", share(p, f.interval)));
        let verdict = claim.verdict_before.map_or("new", word);
        let (then, now) = (shown(&claim.before), shown(&claim.now));
        lines.push(format!("claim: {}: {verdict} {then} -> {} {now}", claim.claim, word(claim.verdict)));
    }
    for metric in changes.metrics.iter().take(MOST) {
        let shown = |x: f64| number(x, if x.abs() < 10.0 { 3 } else { 0 });
        lines.push(format!(
            "metric: {}: {} -> {} {}",
            metric.metric,
            shown(metric.before),
            shown(metric.now),
            metric.unit
        ));
    }
    if changes.metrics.len() > MOST {
        lines.push(format!("metric: {} more beyond their intervals", changes.metrics.len() - MOST));
    }
    lines
}

fn verdict(changes: &Changes) -> String {
    let mut text = match (&changes.because_of, changes.fields.len()) {
        (Some(field), _) => format!("only `{field}` changed: what changed below is because of it"),
        (None, 0) if changes.run.is_empty() => "nothing changed in the scenario".into(),
        (None, 0) => "nothing changed in the scenario, but the run did".into(),
        (None, n) => format!("{n} fields changed: nothing is put down to one of them"),
    };
    _ = write!(text, "; {} metrics beyond their intervals, {} within", changes.metrics.len(), changes.within);
    text
}

/// One line per change.
pub fn table(changes: &Changes) -> String {
    let mut text = format!("since then: {}\n", verdict(changes));
    for line in lines(changes) {
        _ = writeln!(text, "  {line}");
    }
    text
}

/// For a comment on a pull request.
pub fn markdown(changes: &Changes) -> String {
    let mut text = format!("\n**Since then:** {}\n\n", verdict(changes));
    for line in lines(changes) {
        let (kind, rest) = line.split_once(": ").unwrap_or(("", &line));
        _ = writeln!(text, "- {kind} `{rest}`");
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
        assert!(table(&none).contains("nothing changed in the scenario"));
        let mut one = before.scenario.clone();
        one.claims[0].bound *= 2.0;
        now.claims[0].verdict = Verdict::Holds;
        let found = changes(&before, &one, &now);
        assert_eq!(found.because_of.as_deref(), Some("claims.rto_reads.bound"));
        assert_eq!(found.claims.len(), 1);
        assert!(table(&found).contains("field: claims.rto_reads.bound: 60.0 -> 120.0"), "{}", table(&found));
        one.claims[1].bound *= 2.0;
        assert!(changes(&before, &one, &now).because_of.is_none());
        now.manifest.seed += 1;
        one.claims[1].bound /= 2.0;
        assert!(changes(&before, &one, &now).because_of.is_none(), "another seed may be the reason too");
    }
}
