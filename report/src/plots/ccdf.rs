//! How often it takes longer than x: recovery times and data-loss windows, on logarithmic axes.
//!
//! What a claim forbids is shaded: a design keeps the claim if its curve stays out.

use super::Picture;
use super::canvas::{Anchor, Area, BODY, HEADING, SMALL, Sheet, TITLE, svg, wrapped};
use super::curves::{Panel, draw, floor, is_visible, key_above, key_entry};
use crate::files::ReportError;
use crate::format::{NONE, count, duration, duration_figure, share, share_asked};
use crate::wording::{claims_of, proposed};
use crate::words::Words;
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario::{Claim, ClaimMetric, Operation, OperationGroup, Per, Store};

const PANEL_HEIGHT: f64 = 250.0;
/// Room left of the panels, for the shares.
const LEFT: f64 = 42.0;
/// Room right of the panels where something never ends.
const RIGHT_ENDLESS: f64 = 112.0;

/// Recovery time by architecture: reads above, writes below.
pub(crate) fn recovery(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let panel = |heading: &str, of: &str, speaks: fn(OperationGroup) -> bool| Panel {
        heading: w.t(heading),
        cases: w.t("plot-recovery-cases"),
        endless: w.t("plot-recovery-endless"),
        empty: (w.t("plot-recovery-empty"), w.t("plot-recovery-empty-of")),
        nothing: w.t("plot-recovery-nothing"),
        curves: outcome.figures.recovery_ccdf.iter().filter(|c| c.of == of).collect(),
        claims: claims(outcome, ClaimMetric::RecoveryTimeSeconds, |c| speaks(c.operation)),
    };
    let panels = [
        panel("plot-reads", "read", |group| {
            matches!(
                group,
                OperationGroup::Read
                    | OperationGroup::One(Operation::CacheableRead | Operation::DynamicRead)
                    | OperationGroup::Overall
            )
        }),
        panel("plot-writes", "write", |group| {
            matches!(group, OperationGroup::One(Operation::Write | Operation::Upload) | OperationGroup::Overall)
        }),
    ];
    let title = finding(outcome, &panels, ["plot-found-reads", "plot-found-writes"], w).or_else(|| {
        let design = proposed(outcome)?;
        let times = [duration_figure(&design.reads_back.0), duration_figure(&design.writes_back.0)];
        (!times.contains(&NONE.to_owned())).then(|| {
            let [reads, writes] = times.map(|time| w.number(&time).into());
            w.say(
                "plot-recovery-title",
                &[("design", design.architecture.as_str().into()), ("reads", reads), ("writes", writes)],
            )
        })
    });
    let title = title.unwrap_or_else(|| w.t("plot-recovery-title-plain"));
    figure(outcome, (sheet, w), ("recovery_ccdf", title), &panels, &w.t("plot-recovery-axis"))
}

/// Data-loss window by architecture: files above, rows below.
pub(crate) fn loss(outcome: &Outcome, sheet: Sheet, w: &Words) -> Result<Picture, ReportError> {
    let panel = |heading: &str, of: &str, store| Panel {
        heading: w.t(heading),
        cases: w.t("plot-loss-cases"),
        endless: w.t("plot-loss-endless"),
        empty: (w.t("plot-loss-empty"), w.t("plot-loss-empty-of")),
        nothing: w.t("plot-loss-nothing"),
        curves: outcome.figures.loss_ccdf.iter().filter(|c| c.of == of).collect(),
        claims: claims(outcome, ClaimMetric::DataLossWindowSeconds, move |c| c.store.is_none_or(|s| s == store)),
    };
    let panels = [panel("plot-files", "objects", Store::Objects), panel("plot-rows", "database", Store::Database)];
    let title = finding(outcome, &panels, ["plot-found-files", "plot-found-rows"], w).or_else(|| {
        let design = proposed(outcome)?;
        let oldest = duration_figure(&design.oldest_file_p95?);
        let gaps = [("design", design.architecture.as_str().into()), ("age", w.number(&oldest).into())];
        (oldest != NONE).then(|| w.say("plot-loss-title", &gaps))
    });
    let title = title.unwrap_or_else(|| w.t("plot-loss-title-plain"));
    figure(outcome, (sheet, w), ("loss_ccdf", title), &panels, &w.t("plot-loss-axis"))
}

/// Claims that the curves of a panel can show: per incident, over all populations.
fn claims(outcome: &Outcome, metric: ClaimMetric, speaks: impl Fn(&Claim) -> bool) -> Vec<&Claim> {
    let shows = |c: &&Claim| {
        c.metric == metric && c.per == Per::Incident && c.population.is_none() && c.bound > 0.0 && speaks(c)
    };
    let mut claims: Vec<&Claim> = outcome.scenario.claims.iter().filter(shows).collect();
    claims.dedup_by(|a, b| a.bound.to_bits() == b.bound.to_bits() && a.share == b.share);
    claims
}

/// What was found about the first claim of each panel, in words.
fn finding(outcome: &Outcome, panels: &[Panel], keys: [&str; 2], w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let said: Vec<String> = panels
        .iter()
        .zip(keys)
        .filter_map(|(panel, key)| {
            let claim = panel.claims.first()?;
            let result = claims_of(outcome, &design.architecture).find(|r| r.claim == claim.name)?;
            let found = share(result.found?, result.interval);
            let asked = claim.share.map_or_else(|| w.t("always"), |s| share_asked(Some(s)));
            let bound = w.number(&duration(claim.bound));
            let is_known = found != NONE;
            let gaps = [("bound", bound.into()), ("found", found.into()), ("asked", asked.into())];
            is_known.then(|| w.say(key, &gaps))
        })
        .collect();
    (!said.is_empty()).then(|| format!("{}: {}", design.architecture, said.join("; ")))
}

fn figure(
    outcome: &Outcome,
    (sheet, w): (Sheet, &Words),
    (name, title): (&'static str, String),
    panels: &[Panel; 2],
    axis: &str,
) -> Result<Picture, ReportError> {
    let (width, margin) = (sheet.width, sheet.margin());
    let inner = width - 2.0 * margin;
    let caption = caption(outcome, panels, w);
    // Beside the figure where it does not stand alone.
    let (title_lines, caption_lines) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 5))
    } else {
        (vec![], vec![])
    };
    let key = if sheet.is_narrow() { key_above(outcome, panels, inner) } else { vec![] };
    let key_height = key.last().map_or(0.0, |entry| entry.2 + 26.0);
    let top = if sheet.alone { 26.0 + 26.0 * title_lines.len() as f64 } else { 8.0 + key_height };
    let headings = panels.each_ref().map(|panel| wrapped(&panel.heading, HEADING, inner, 2));
    let head_of = |i: usize| 24.0 + 20.0 * headings[i].len() as f64;
    let is_empty = |panel: &Panel| !panel.curves.iter().any(|c| is_visible(c));
    let height_of = |i: usize| head_of(i) + if is_empty(&panels[i]) { 32.0 } else { PANEL_HEIGHT + 38.0 };
    let below = top + height_of(0) + height_of(1);
    let curves = || panels.iter().flat_map(|p| &p.curves).filter(|c| is_visible(c));
    let endless = curves().any(|c| c.points.last().is_some_and(|p| p.1 >= floor(c)));
    let left = margin + LEFT;
    let right = width - margin - if endless { RIGHT_ENDLESS } else { 4.0 };
    let seconds = seconds_shown(panels);
    let axis = wrapped(axis, SMALL, inner - LEFT, 2);
    let below_axis = below + 17.0 * (axis.len() - 1) as f64;
    let foot = if sheet.alone { 30.0 + 17.0 * caption_lines.len() as f64 } else { 8.0 };
    let svg = svg(name, &title, (sheet, below_axis + foot), |canvas| {
        for (i, line) in title_lines.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        for (index, x, y) in &key {
            key_entry(canvas, outcome, *index, (margin + x, 10.0 + y))?;
        }
        let mut head = top;
        for (i, panel) in panels.iter().enumerate() {
            for (k, line) in headings[i].iter().enumerate() {
                canvas.text((margin, head + 8.0 + 20.0 * k as f64), line, HEADING, Anchor::Left)?;
            }
            if is_empty(panel) {
                let words = if panel.curves.is_empty() { &panel.empty.0 } else { &panel.nothing };
                canvas.text((left, head + head_of(i) - 6.0), words, BODY, Anchor::Left)?;
            } else {
                let top = head + head_of(i);
                let area = Area { left, top, right, bottom: top + PANEL_HEIGHT };
                draw(canvas, (outcome, w), panel, area, seconds)?;
            }
            head += height_of(i);
        }
        if curves().next().is_some() {
            for (i, line) in axis.iter().enumerate() {
                canvas.text(
                    (f64::midpoint(left, right), below - 2.0 + 17.0 * i as f64),
                    line,
                    SMALL,
                    Anchor::Middle,
                )?;
            }
        }
        for (i, line) in caption_lines.iter().enumerate() {
            canvas.text((margin, below_axis + 24.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name: name.into(), title, caption, svg })
}

/// The seconds that both panels show: from where the first curve leaves its start to where the last one ends.
fn seconds_shown(panels: &[Panel]) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for curve in panels.iter().flat_map(|p| &p.curves).filter(|c| is_visible(c)) {
        let start = curve.points.iter().find(|(x, _)| *x <= 0.0).map_or(1.0, |p| p.1);
        let leaves = curve.points.iter().find(|(x, share)| *x > 0.0 && *share < 0.98 * start);
        low = leaves.map_or(low, |p| low.min(p.0));
        let ends = curve.points.iter().find(|(x, share)| *x > 0.0 && *share < floor(curve)).or(curve.points.last());
        high = ends.map_or(high, |p| high.max(p.0));
    }
    if !(low > 0.0 && low.is_finite() && high > 0.0 && high.is_finite()) {
        (low, high) = (1.0, 3600.0);
    }
    for bound in panels.iter().flat_map(|p| &p.claims).map(|c| c.bound) {
        (low, high) = (low.min(bound), high.max(bound));
    }
    let high = (high * 1.4).clamp(1e-2, 1e8);
    ((low / 1.6).clamp(1e-3, high / 30.0).max(high / 1e8), high)
}

/// Where the numbers come from, how to read the curves, and which designs have none.
fn caption(outcome: &Outcome, panels: &[Panel; 2], w: &Words) -> String {
    let number = |n: u64| w.number(&count(n));
    let n = |panel: &Panel| {
        let cases = panel.curves.iter().map(|c| c.n);
        match (cases.clone().min(), cases.max()) {
            (Some(low), Some(high)) if low == high => number(low),
            (Some(low), Some(high)) => w.say("plot-to", &[("low", number(low).into()), ("high", number(high).into())]),
            _ => "0".into(),
        }
    };
    let [above, below] = panels.each_ref().map(n);
    let cases = ("cases", panels[0].cases.as_str().into());
    let cases = if above == below {
        w.say("plot-n", &[("n", above.into()), cases])
    } else {
        w.say("plot-n-two", &[("above", above.into()), ("below", below.into()), cases])
    };
    let (years, seed) = (number(outcome.manifest.replications), outcome.manifest.seed.to_string());
    let gaps = [("n", cases.into()), ("years", years.into()), ("seed", seed.into())];
    let mut words = vec![w.say("plot-per-design", &gaps)];
    if panels.iter().flat_map(|p| &p.curves).any(|c| is_visible(c)) {
        words.extend([w.t("plot-ends"), w.t("plot-shaded")]);
    }
    for panel in panels {
        let names: Vec<&str> =
            panel.curves.iter().filter(|c| !is_visible(c)).map(|c| c.architecture.as_str()).collect();
        if !names.is_empty() && names.len() < panel.curves.len() {
            let gaps = [("why", panel.nothing.as_str().into()), ("names", names.join(", ").into())];
            words.push(w.say("plot-no-curve", &gaps));
        }
        let has_curve = |name: &&str| panel.curves.iter().any(|c| c.architecture == *name);
        let missing: Vec<&str> =
            outcome.designs.iter().map(|d| d.architecture.as_str()).filter(|name| !has_curve(name)).collect();
        let said = format!("{}: {}.", panel.empty.1, missing.join(", "));
        if !missing.is_empty() && !panel.curves.is_empty() && !words.contains(&said) {
            words.push(said);
        }
    }
    words.join(" ")
}
