//! Sweeps, tornados, optima, replays and fits.

use super::{Table, batch, float, some_float, some_text, text, whole};
use arrow_array::{ArrayRef, StringArray};
use drsim_experiment::decide::knowing::ValueOfInput;
use drsim_experiment::decide::optimize::Optimum;
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity, Tornado};
use drsim_experiment::decide::sobol::{Detail, Share};
use drsim_experiment::decide::sweep::Sweep;
use drsim_experiment::outcome::Figure;
use drsim_experiment::replay::{Line, Median, Replayed};
use drsim_experiment::scenario::Basis;
use drsim_report::compare::Number;
use drsim_report::fit::{Fitted, Judgement, judge};
use drsim_report::held_out::HeldOut;
use drsim_report::optimize::parts;
use std::sync::Arc;

/// The columns of `sweep.csv`: the fields first, under their paths, as they were set; then, where they are numbers, `x`
/// and `y` in base units (seconds, bytes, bits per second, shares).
pub fn sweep(sweep: &Sweep) -> Table {
    let rows = &sweep.cells;
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (k, axis) in sweep.axes.iter().enumerate() {
        columns.push((&axis.path, text(rows, move |r| &axis.values[r.at[k]])));
    }
    for ((k, axis), name) in sweep.axes.iter().enumerate().zip(["x", "y"]) {
        columns.push((name, some_float(rows, move |r| axis.numbers.as_ref().map(|numbers| numbers[r.at[k]]))));
    }
    let asked = |index: usize| &sweep.asked[index];
    let verdict = |v: &_| serde_json::to_value(v).ok().and_then(|v| v.as_str().map(str::to_owned));
    columns.extend([
        ("architecture", text(rows, |r| &sweep.architectures[r.architecture])),
        ("measure", text(rows, |r| &asked(r.asked).name)),
        ("bound", some_text(rows, |r| Some(&asked(r.asked).bound))),
        ("per", some_text(rows, |r| Some(&asked(r.asked).per))),
        ("asked", some_float(rows, |r| asked(r.asked).share)),
        ("estimate", some_float(rows, |r| r.found.figure.estimate)),
        ("ci_low", some_float(rows, |r| r.found.figure.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.found.figure.interval.map(|i| i.1))),
        ("range_low", some_float(rows, |r| r.found.figure.range.map(|i| i.0))),
        ("range_high", some_float(rows, |r| r.found.figure.range.map(|i| i.1))),
        ("n", whole(rows, |r| r.found.figure.n)),
        ("years", whole(rows, |r| r.found.years)),
        ("unit", text(rows, |r| &r.found.unit)),
        ("verdict", Arc::new(rows.iter().map(|r| r.found.verdict.as_ref().and_then(verdict)).collect::<StringArray>())),
        ("note", some_text(rows, |r| r.found.note.as_deref())),
    ]);
    Table::new(vec![batch(columns)])
}

/// The columns of `sensitivity.csv`, and the range as people write it.
pub fn sensitivity(found: &Sensitivity) -> Table {
    let bars = found.claims.iter().flat_map(|claim| claim.bars.iter().map(move |bar| (claim, bar)));
    let rows: &[(&Tornado, &Bar)] = &bars.collect::<Vec<_>>();
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |_| &found.architecture)),
        ("claim", text(rows, |r| &r.0.asked.name)),
        ("input", text(rows, |r| &r.1.input)),
        ("low", float(rows, |r| r.1.ends.0)),
        ("high", float(rows, |r| r.1.ends.1)),
        ("range", some_text(rows, |r| r.1.range.as_deref())),
        ("at_low", some_float(rows, |r| r.1.at_low.estimate)),
        ("at_high", some_float(rows, |r| r.1.at_high.estimate)),
        ("difference", some_float(rows, |r| r.1.difference.estimate)),
        ("ci_low", some_float(rows, |r| r.1.difference.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.1.difference.interval.map(|i| i.1))),
        ("years", whole(rows, |_| found.years)),
        ("basis", some_text(rows, |r| r.1.basis.map(Basis::name))),
        ("owner", some_text(rows, |r| r.1.owner.as_deref())),
    ])])
}

/// The columns of `sobol.csv`: shares of the variance over what nobody knows exactly, and what knowing them is worth.
pub fn sobol(found: &Detail) -> Table {
    let inputs = found.inputs.iter().map(|share| {
        let money = found.money.as_ref();
        (share, money.and_then(|money| money.inputs.iter().find(|worth| worth.input == share.input)))
    });
    let rows: &[(&Share, Option<&ValueOfInput>)] = &inputs.collect::<Vec<_>>();
    let worth = |end: fn(&Figure) -> Option<f64>| some_float(rows, move |r| r.1.and_then(|worth| end(&worth.value)));
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |_| &found.architecture)),
        ("claim", text(rows, |_| &found.asked.name)),
        ("input", text(rows, |r| &r.0.input)),
        ("first", some_float(rows, |r| r.0.first.estimate)),
        ("first_low", some_float(rows, |r| r.0.first.interval.map(|i| i.0))),
        ("first_high", some_float(rows, |r| r.0.first.interval.map(|i| i.1))),
        ("total", some_float(rows, |r| r.0.total.estimate)),
        ("total_low", some_float(rows, |r| r.0.total.interval.map(|i| i.0))),
        ("total_high", some_float(rows, |r| r.0.total.interval.map(|i| i.1))),
        ("narrows", float(rows, |r| r.0.narrows)),
        ("worth_a_year", worth(|figure| figure.estimate)),
        ("worth_low", worth(|figure| figure.interval.map(|i| i.0))),
        ("worth_high", worth(|figure| figure.interval.map(|i| i.1))),
        ("currency", some_text(rows, |_| found.money.as_ref().map(|money| money.currency.as_str()))),
        ("basis", some_text(rows, |r| r.0.basis.map(Basis::name))),
        ("owner", some_text(rows, |r| r.0.owner.as_deref())),
    ])])
}

/// The columns of `optimize.csv`: the fields first, under their paths; the cheapest setting first.
pub fn optimize(found: &Optimum) -> Table {
    let rows = &found.candidates;
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (k, axis) in found.axes.iter().enumerate() {
        columns.push((&axis.path, some_text(rows, move |r| r.choice[k].as_deref())));
    }
    columns.extend([
        ("cost_a_year", float(rows, |r| r.cost_a_year)),
        ("currency", text(rows, |_| &found.currency)),
        ("ruling", text(rows, |r| parts(found, r.ruling).0)),
        ("claim", some_text(rows, |r| parts(found, r.ruling).1)),
        ("found", some_float(rows, |r| parts(found, r.ruling).2)),
        ("years", whole(rows, |r| r.years)),
    ]);
    Table::new(vec![batch(columns)])
}

/// The columns of `compare.csv`.
pub fn compare(outcome: (&str, &str), rows: &[Number<'_>]) -> Table {
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |_| outcome.0)),
        ("against", text(rows, |_| outcome.1)),
        ("metric", text(rows, |r| &r.of.metric)),
        ("operation", some_text(rows, |r| Some(&r.of.operation))),
        ("store", some_text(rows, |r| Some(&r.of.store))),
        ("per", text(rows, |r| &r.of.per)),
        ("statistic", text(rows, |r| &r.statistic)),
        ("estimate", some_float(rows, |r| r.figure.estimate)),
        ("ci_low", some_float(rows, |r| r.figure.interval.map(|i| i.0))),
        ("ci_high", some_float(rows, |r| r.figure.interval.map(|i| i.1))),
        ("n", whole(rows, |r| r.figure.n)),
        ("unit", text(rows, |r| r.unit)),
    ])])
}

/// One simulated year.
pub fn year(rows: &[Line]) -> Table {
    Table::new(vec![batch(vec![
        ("architecture", text(rows, |r| &r.architecture)),
        ("at_seconds", float(rows, |r| r.at_seconds)),
        ("event", text(rows, |r| &r.event)),
        ("subject", text(rows, |r| &r.subject)),
        ("detail", some_text(rows, |r| Some(&r.detail))),
    ])])
}

/// Real outages against every design; times are infinite where not recovered within 30 days.
pub fn replayed(rows: &[Replayed]) -> Table {
    let of = |median: fn(&Replayed) -> Option<Median>, what: fn(&Median) -> f64| -> ArrayRef {
        some_float(rows, move |r| median(r).as_ref().map(what))
    };
    Table::new(vec![batch(vec![
        ("outage", text(rows, |r| &r.outage)),
        ("architecture", text(rows, |r| &r.architecture)),
        ("draws", whole(rows, |r| r.draws)),
        ("reads_back_seconds_p50", of(|r| r.reads, |m| m.p50)),
        ("reads_back_seconds_p90", of(|r| r.reads, |m| m.p90)),
        ("writes_back_seconds_p50", of(|r| r.writes, |m| m.p50)),
        ("writes_back_seconds_p90", of(|r| r.writes, |m| m.p90)),
        ("all_back_seconds_p50", of(|r| Some(r.all), |m| m.p50)),
        ("ci_low", of(|r| Some(r.all), |m| m.interval.0)),
        ("ci_high", of(|r| Some(r.all), |m| m.interval.1)),
        ("all_back_seconds_p90", of(|r| Some(r.all), |m| m.p90)),
        ("failed_requests", float(rows, |r| r.failed_requests)),
        ("loses_data", float(rows, |r| r.loses_data)),
    ])])
}

/// The families fitted, the best first; seconds.
pub fn fit(fitted: &Fitted) -> Table {
    let rows = &fitted.fits;
    let word = |judgement| match judgement {
        Judgement::Fits => "fits",
        Judgement::Near => "near",
        Judgement::Refuted => "does not fit",
    };
    Table::new(vec![batch(vec![
        ("family", text(rows, |r| r.family.name())),
        ("p50", float(rows, |r| r.distribution.quantile(0.5))),
        ("p50_range_low", float(rows, |r| r.median_range.low)),
        ("p50_range_high", float(rows, |r| r.median_range.high)),
        ("p95", float(rows, |r| r.distribution.quantile(0.95))),
        ("p95_range_low", float(rows, |r| r.p95_range.low)),
        ("p95_range_high", float(rows, |r| r.p95_range.high)),
        ("mean", float(rows, |r| r.distribution.mean())),
        ("mean_range_low", float(rows, |r| r.mean_range.low)),
        ("mean_range_high", float(rows, |r| r.mean_range.high)),
        ("gap", float(rows, |r| r.goodness.kolmogorov_smirnov)),
        ("ks_p", float(rows, |r| r.ks_p)),
        ("ad_p", float(rows, |r| r.ad_p)),
        ("aic", float(rows, |r| r.aic)),
        ("bic", float(rows, |r| r.bic)),
        ("judgement", text(rows, |r| word(judge(r)))),
    ])])
}

/// Percentiles of a fit, scored on values that it has not seen.
pub fn held_out(held_out: &HeldOut) -> Table {
    let rows = &held_out.score.percentiles;
    Table::new(vec![batch(vec![
        ("p", float(rows, |r| r.p)),
        ("seconds", float(rows, |r| r.value)),
        ("below", float(rows, |r| r.found)),
        ("expected_low", float(rows, |r| r.expected.low)),
        ("expected_high", float(rows, |r| r.expected.high)),
        ("n", whole(rows, |_| held_out.later.observations.len() as u64)),
    ])])
}
