//! How often it takes longer than x: recovery times and data-loss windows, on logarithmic axes.
//!
//! What a claim forbids is shaded: a design keeps the claim if its curve stays out.

use super::Picture;
use super::canvas::{Anchor, Area, BODY, HEADING, SMALL, Sheet, TITLE, svg, wrapped};
use super::curves::{Panel, draw, floor, is_visible};
use crate::files::ReportError;
use crate::format::{NONE, count, duration, duration_figure, share, share_asked};
use crate::wording::{claims_of, proposed};
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario::{Claim, ClaimMetric, Operation, OperationGroup, Per, Store};

const PANEL_HEIGHT: f64 = 250.0;
/// Room left of the panels, for the shares.
const LEFT: f64 = 42.0;
/// Room right of the panels where something never ends.
const RIGHT_ENDLESS: f64 = 112.0;

/// Recovery time by architecture: reads above, writes below.
pub(crate) fn recovery(outcome: &Outcome, sheet: Sheet) -> Result<Picture, ReportError> {
    let panel = |heading, of: &str, speaks: fn(OperationGroup) -> bool| Panel {
        heading,
        cases: "outages",
        endless: "never",
        empty: ("no outage affected anybody", "No outage affected"),
        nothing: "every one was over at once",
        curves: outcome.figures.recovery_ccdf.iter().filter(|c| c.of == of).collect(),
        claims: claims(outcome, ClaimMetric::RecoveryTimeSeconds, |c| speaks(c.operation)),
    };
    let panels = [
        panel("Reads: share of outages not over after this time", "read", |group| {
            matches!(
                group,
                OperationGroup::Read
                    | OperationGroup::One(Operation::CacheableRead | Operation::DynamicRead)
                    | OperationGroup::Overall
            )
        }),
        panel("Writes: share of outages not over after this time", "write", |group| {
            matches!(group, OperationGroup::One(Operation::Write | Operation::Upload) | OperationGroup::Overall)
        }),
    ];
    let title = finding(outcome, &panels, ["reads back", "writes back"], "outages").or_else(|| {
        let design = proposed(outcome)?;
        let times = [duration_figure(&design.reads_back.0), duration_figure(&design.writes_back.0)];
        (!times.contains(&NONE.to_owned())).then(|| {
            format!(
                "{}: half of the outages are over after {} for reads, {} for writes",
                design.architecture, times[0], times[1]
            )
        })
    });
    let title = title.unwrap_or_else(|| "Time until recovered, by design".into());
    figure(outcome, sheet, ("recovery_ccdf", title), &panels, "time since the onset of the outage (log scale)")
}

/// Data-loss window by architecture: files above, rows below.
pub(crate) fn loss(outcome: &Outcome, sheet: Sheet) -> Result<Picture, ReportError> {
    let panel = |heading, of: &str, store| Panel {
        heading,
        cases: "cuts that left some behind",
        endless: "unbounded",
        empty: ("no design ever cuts over to another region", "Never cuts over"),
        nothing: "nothing was missing at any cut",
        curves: outcome.figures.loss_ccdf.iter().filter(|c| c.of == of).collect(),
        claims: claims(outcome, ClaimMetric::DataLossWindowSeconds, move |c| c.store.is_none_or(|s| s == store)),
    };
    let panels = [
        panel("Files: share of cuts whose oldest missing file is older than this", "objects", Store::Objects),
        panel("Rows: share of cuts whose oldest missing row is older than this", "database", Store::Database),
    ];
    let title = finding(outcome, &panels, ["oldest missing file at most", "oldest missing row at most"], "cuts")
        .or_else(|| {
            let design = proposed(outcome)?;
            let oldest = duration_figure(&design.oldest_file_p95?);
            (oldest != NONE).then(|| {
                format!("{}: in one cut of twenty the oldest missing file is older than {oldest}", design.architecture)
            })
        });
    let title = title.unwrap_or_else(|| "Data missing at the cut, by design".into());
    figure(
        outcome,
        sheet,
        ("loss_ccdf", title),
        &panels,
        "age of the oldest item that the surviving region lacks (log scale)",
    )
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
fn finding(outcome: &Outcome, panels: &[Panel], subjects: [&str; 2], cases: &str) -> Option<String> {
    let design = proposed(outcome)?;
    let said: Vec<String> = panels
        .iter()
        .zip(subjects)
        .filter_map(|(panel, subject)| {
            let claim = panel.claims.first()?;
            let result = claims_of(outcome, &design.architecture).find(|r| r.claim == claim.name)?;
            let found = share(result.found?, result.interval);
            let asked = claim.share.map_or("always".into(), |s| share_asked(Some(s)));
            let within = if subject.contains("at most") {
                duration(claim.bound) + " old"
            } else {
                format!("within {}", duration(claim.bound))
            };
            (found != NONE).then(|| format!("{subject} {within} in {found} % of {cases} (asked: {asked})"))
        })
        .collect();
    (!said.is_empty()).then(|| format!("{}: {}", design.architecture, said.join("; ")))
}

fn figure(
    outcome: &Outcome,
    sheet: Sheet,
    (name, title): (&'static str, String),
    panels: &[Panel; 2],
    axis: &str,
) -> Result<Picture, ReportError> {
    let (width, margin) = (sheet.width, sheet.margin());
    let inner = width - 2.0 * margin;
    let caption = caption(outcome, panels);
    // Beside the figure where it does not stand alone.
    let (title_lines, caption_lines) = if sheet.alone {
        (wrapped(&title, TITLE, inner, 3), wrapped(&caption, SMALL, inner, 5))
    } else {
        (vec![], vec![])
    };
    let top = if sheet.alone { 26.0 + 26.0 * title_lines.len() as f64 } else { 8.0 };
    let headings = panels.each_ref().map(|panel| wrapped(panel.heading, HEADING, inner, 2));
    let head_of = |i: usize| 24.0 + 20.0 * headings[i].len() as f64;
    let is_empty = |panel: &Panel| !panel.curves.iter().any(|c| is_visible(c));
    let height_of = |i: usize| head_of(i) + if is_empty(&panels[i]) { 32.0 } else { PANEL_HEIGHT + 38.0 };
    let below = top + height_of(0) + height_of(1);
    let curves = || panels.iter().flat_map(|p| &p.curves).filter(|c| is_visible(c));
    let endless = curves().any(|c| c.points.last().is_some_and(|p| p.1 >= floor(c)));
    let left = margin + LEFT;
    let right = width - margin - if endless { RIGHT_ENDLESS } else { 4.0 };
    let seconds = seconds_shown(panels);
    let foot = if sheet.alone { 30.0 + 17.0 * caption_lines.len() as f64 } else { 8.0 };
    let svg = svg(name, &title, (width, below + foot), |canvas| {
        for (i, line) in title_lines.iter().enumerate() {
            canvas.text((margin, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        let mut head = top;
        for (i, panel) in panels.iter().enumerate() {
            for (k, line) in headings[i].iter().enumerate() {
                canvas.text((margin, head + 8.0 + 20.0 * k as f64), line, HEADING, Anchor::Left)?;
            }
            if is_empty(panel) {
                let words = if panel.curves.is_empty() { panel.empty.0 } else { panel.nothing };
                canvas.text((left, head + head_of(i) - 6.0), words, BODY, Anchor::Left)?;
            } else {
                let top = head + head_of(i);
                draw(canvas, outcome, panel, Area { left, top, right, bottom: top + PANEL_HEIGHT }, seconds)?;
            }
            head += height_of(i);
        }
        if curves().next().is_some() {
            for (i, line) in wrapped(axis, SMALL, inner, 1).iter().enumerate() {
                canvas.text(
                    (f64::midpoint(left, right), below - 2.0 + 17.0 * i as f64),
                    line,
                    SMALL,
                    Anchor::Middle,
                )?;
            }
        }
        for (i, line) in caption_lines.iter().enumerate() {
            canvas.text((margin, below + 24.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name, title, caption, svg })
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
fn caption(outcome: &Outcome, panels: &[Panel; 2]) -> String {
    let n = |panel: &Panel| {
        let cases = panel.curves.iter().map(|c| c.n);
        match (cases.clone().min(), cases.max()) {
            (Some(low), Some(high)) if low == high => count(low),
            (Some(low), Some(high)) => format!("{} to {}", count(low), count(high)),
            _ => "0".into(),
        }
    };
    let (above, below) = (&panels[0], &panels[1]);
    let cases = if n(above) == n(below) {
        format!("n = {} {}", n(above), above.cases)
    } else {
        format!("n = {} (above) and {} (below) {}", n(above), n(below), above.cases)
    };
    let (years, seed) = (count(outcome.manifest.replications), outcome.manifest.seed);
    let mut words = vec![format!("Per design {cases}, from {years} simulated years, seed {seed}.")];
    if panels.iter().flat_map(|p| &p.curves).any(|c| is_visible(c)) {
        words.push("A curve ends where 3.7 cases are left (95 %): beyond, the sample bounds nothing.".into());
        words.push("Shaded: forbidden by a claim.".into());
    }
    for panel in panels {
        let names: Vec<&str> =
            panel.curves.iter().filter(|c| !is_visible(c)).map(|c| c.architecture.as_str()).collect();
        if !names.is_empty() && names.len() < panel.curves.len() {
            words.push(format!("No curve, as {}: {}.", panel.nothing, names.join(", ")));
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
