//! How often it takes longer than x: recovery times and data-loss windows, on logarithmic axes.
//!
//! A curve ends where 3.7 cases are left: with fewer, not even the share above it is bounded (ln 40 = 3.689 cases, the
//! exact upper end of an equal-tailed 95 % interval when none was seen). What a claim forbids is shaded: a design keeps
//! the claim if its curve stays out. Values that never end run on to the right edge and say so.

use super::canvas::{
    Anchor, Area, BODY, Canvas, FORBIDDEN, GREY, GRID, HEADING, INK, SMALL, Scale, TITLE, Type,
    WIDTH, colour, shortened, svg, width_of, wrapped,
};
use super::labels::{Cloud, cloud, place, start};
use crate::files::ReportError;
use crate::format::{NONE, count, duration, duration_figure, share, share_asked};
use crate::wording::{claims_of, proposed};
use drsim_experiment::outcome::{Curve, Outcome};
use drsim_experiment::scenario::{Claim, ClaimMetric, Operation, OperationGroup, Per, Store};

/// Cases above a value that bound its share: ln 40.
const CASES_BORNE: f64 = 3.689;

/// Seconds at which an axis is labelled, as people say them.
const TICKS: [(f64, &str); 13] = [
    (0.001, "1 ms"),
    (0.01, "10 ms"),
    (0.1, "0.1 s"),
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3600.0, "1 h"),
    (36_000.0, "10 h"),
    (86_400.0, "1 d"),
    (864_000.0, "10 d"),
    (8_640_000.0, "100 d"),
    (86_400_000.0, "1,000 d"),
];

const PANEL_HEIGHT: f64 = 250.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 24.0;
/// Room right of the panels where something never ends.
const RIGHT_ENDLESS: f64 = 136.0;

/// One panel: what it shows and which claims speak of it.
struct Panel<'a> {
    heading: &'static str,
    /// What one case is called.
    cases: &'static str,
    /// Said of the share beyond every number.
    endless: &'static str,
    /// Said when no design has a curve, and of the designs that have none.
    empty: (&'static str, &'static str),
    /// Said of designs whose curve is zero all along.
    nothing: &'static str,
    curves: Vec<&'a Curve>,
    claims: Vec<&'a Claim>,
}

/// Recovery time by architecture: reads above, writes below.
pub(super) fn recovery(outcome: &Outcome) -> Result<String, ReportError> {
    let panel = |heading, of: &str, speaks: fn(OperationGroup) -> bool| Panel {
        heading,
        cases: "outages",
        endless: "never",
        empty: ("no outage affected anybody", "No outage affected"),
        nothing: "every one was over at once",
        curves: outcome
            .figures
            .recovery_ccdf
            .iter()
            .filter(|c| c.of == of)
            .collect(),
        claims: claims(outcome, ClaimMetric::RecoveryTimeSeconds, |c| {
            speaks(c.operation)
        }),
    };
    let panels = [
        panel(
            "Reads: share of outages not over after this time",
            "read",
            |group| {
                matches!(
                    group,
                    OperationGroup::Read
                        | OperationGroup::One(Operation::CacheableRead | Operation::DynamicRead)
                        | OperationGroup::Overall
                )
            },
        ),
        panel(
            "Writes: share of outages not over after this time",
            "write",
            |group| {
                matches!(
                    group,
                    OperationGroup::One(Operation::Write | Operation::Upload)
                        | OperationGroup::Overall
                )
            },
        ),
    ];
    let title = finding(outcome, &panels, ["reads back", "writes back"], "outages").or_else(|| {
        let design = proposed(outcome)?;
        let times = [
            duration_figure(&design.reads_back.0),
            duration_figure(&design.writes_back.0),
        ];
        (!times.contains(&NONE.to_owned())).then(|| {
            format!(
                "{}: half of the outages are over after {} for reads, {} for writes",
                design.architecture, times[0], times[1]
            )
        })
    });
    let title = title.unwrap_or_else(|| "Time until recovered, by design".into());
    figure(
        outcome,
        "recovery_ccdf",
        &title,
        &panels,
        "time since the onset of the outage (log scale)",
    )
}

/// Data-loss window by architecture: files above, rows below.
pub(super) fn loss(outcome: &Outcome) -> Result<String, ReportError> {
    let panel = |heading, of: &str, store| Panel {
        heading,
        cases: "cuts",
        endless: "unbounded",
        empty: (
            "no design ever cuts over to another region",
            "Never cuts over",
        ),
        nothing: "nothing was missing at any cut",
        curves: outcome
            .figures
            .loss_ccdf
            .iter()
            .filter(|c| c.of == of)
            .collect(),
        claims: claims(outcome, ClaimMetric::DataLossWindowSeconds, move |c| {
            c.store.is_none_or(|s| s == store)
        }),
    };
    let panels = [
        panel(
            "Files: share of cuts where the oldest missing one is older than this",
            "objects",
            Store::Objects,
        ),
        panel(
            "Rows: share of cuts where the oldest missing one is older than this",
            "database",
            Store::Database,
        ),
    ];
    let title = finding(
        outcome,
        &panels,
        ["oldest missing file at most", "oldest missing row at most"],
        "cuts",
    )
    .or_else(|| {
        let design = proposed(outcome)?;
        let oldest = duration_figure(&design.oldest_file_p95?);
        (oldest != NONE).then(|| {
            format!(
                "{}: in one cut of twenty the oldest missing file is older than {oldest}",
                design.architecture
            )
        })
    });
    let title = title.unwrap_or_else(|| "Data missing at the cut, by design".into());
    figure(
        outcome,
        "loss_ccdf",
        &title,
        &panels,
        "age of the oldest item that the surviving region lacks (log scale)",
    )
}

/// Claims that the curves of a panel can show: per incident, over all populations.
fn claims(outcome: &Outcome, metric: ClaimMetric, speaks: impl Fn(&Claim) -> bool) -> Vec<&Claim> {
    let shows = |c: &&Claim| {
        c.metric == metric
            && c.per == Per::Incident
            && c.population.is_none()
            && c.bound > 0.0
            && speaks(c)
    };
    let mut claims: Vec<&Claim> = outcome.scenario.claims.iter().filter(shows).collect();
    claims.dedup_by(|a, b| a.bound.to_bits() == b.bound.to_bits() && a.share == b.share);
    claims
}

/// What was found about the first claim of each panel, in words.
fn finding(
    outcome: &Outcome,
    panels: &[Panel],
    subjects: [&str; 2],
    cases: &str,
) -> Option<String> {
    let design = proposed(outcome)?;
    let said: Vec<String> = panels
        .iter()
        .zip(subjects)
        .filter_map(|(panel, subject)| {
            let claim = panel.claims.first()?;
            let result =
                claims_of(outcome, &design.architecture).find(|r| r.claim == claim.name)?;
            let found = share(result.found?, result.interval);
            let asked = claim
                .share
                .map_or("always".into(), |s| share_asked(Some(s)));
            let within = if subject.contains("at most") {
                duration(claim.bound) + " old"
            } else {
                format!("within {}", duration(claim.bound))
            };
            (found != NONE)
                .then(|| format!("{subject} {within} in {found} % of {cases} (asked: {asked})"))
        })
        .collect();
    (!said.is_empty()).then(|| format!("{}: {}", design.architecture, said.join("; ")))
}

/// Names in a figure are cut to this width.
const NAME_WIDTH: f64 = 190.0;

fn figure(
    outcome: &Outcome,
    name: &'static str,
    title: &str,
    panels: &[Panel; 2],
    axis: &str,
) -> Result<String, ReportError> {
    let title_lines = wrapped(title, TITLE, WIDTH - 40.0, 3);
    let caption = wrapped(&caption(outcome, panels), SMALL, WIDTH - 40.0, 5);
    let top = 26.0 + 26.0 * title_lines.len() as f64;
    let below = top + 2.0 * (PANEL_HEIGHT + 82.0);
    let endless = panels
        .iter()
        .flat_map(|p| &p.curves)
        .any(|c| is_visible(c) && c.points.last().is_some_and(|p| p.1 >= floor(c)));
    svg(
        name,
        title,
        below + 30.0 + 17.0 * caption.len() as f64,
        |canvas| {
            for (i, line) in title_lines.iter().enumerate() {
                canvas.text((20.0, 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
            }
            let seconds = seconds_shown(panels);
            let right = WIDTH - if endless { RIGHT_ENDLESS } else { RIGHT };
            for (i, panel) in panels.iter().enumerate() {
                let head = top + (PANEL_HEIGHT + 82.0) * i as f64;
                let area = Area {
                    left: LEFT,
                    top: head + 44.0,
                    right,
                    bottom: head + 44.0 + PANEL_HEIGHT,
                };
                canvas.text((20.0, head + 8.0), panel.heading, HEADING, Anchor::Left)?;
                draw_panel(canvas, outcome, panel, area, seconds)?;
            }
            canvas.text(
                (f64::midpoint(LEFT, right), below - 2.0),
                axis,
                SMALL,
                Anchor::Middle,
            )?;
            for (i, line) in caption.iter().enumerate() {
                canvas.text(
                    (20.0, below + 24.0 + 17.0 * i as f64),
                    line,
                    SMALL,
                    Anchor::Left,
                )?;
            }
            Ok(())
        },
    )
}

/// A curve as far as its sample bears it.
struct Drawn<'a> {
    curve: &'a Curve,
    index: usize,
    line: Vec<(f64, f64)>,
    /// Share that lies beyond every number, if the sample bears it.
    endless: Option<f64>,
    /// An earlier curve that it hides or nearly hides.
    same_as: Option<usize>,
}

fn draw_panel(
    canvas: &Canvas,
    outcome: &Outcome,
    panel: &Panel,
    area: Area,
    seconds: (f64, f64),
) -> Result<(), ReportError> {
    let shown: Vec<&Curve> = panel
        .curves
        .iter()
        .copied()
        .filter(|c| is_visible(c))
        .collect();
    let least = shown.iter().map(|c| floor(c)).fold(0.1, f64::min);
    let x = Scale::log(seconds.0, seconds.1, area.left, area.right);
    let y = Scale::log(least, 1.0, area.bottom, area.top);
    let forbids = |claim: &&Claim| {
        let allowed = claim.share.map_or(0.0, |share| 1.0 - share);
        Area {
            left: x.at(claim.bound),
            bottom: y.at(allowed.max(least)),
            ..area
        }
    };
    let forbidden: Vec<Area> = panel.claims.iter().map(forbids).collect();
    for area in &forbidden {
        canvas.fill(*area, FORBIDDEN)?;
    }
    axes(canvas, area, (&x, &y), seconds, least)?;
    let mut taken = objectives(canvas, panel, area, &x)?;

    let index = |curve: &Curve| {
        outcome
            .designs
            .iter()
            .position(|d| d.architecture == curve.architecture)
            .unwrap_or(0)
    };
    let mut drawn: Vec<Drawn> = vec![];
    for curve in shown {
        let (line, endless) = trace(curve, &x, &y, seconds);
        let same_as = drawn
            .iter()
            .position(|other| other.same_as.is_none() && alike(&other.line, &line));
        drawn.push(Drawn {
            curve,
            index: index(curve),
            line,
            endless,
            same_as,
        });
    }
    if drawn.is_empty() {
        let middle = (
            f64::midpoint(area.left, area.right),
            f64::midpoint(area.top, area.bottom),
        );
        let words = if panel.curves.is_empty() {
            panel.empty.0
        } else {
            panel.nothing
        };
        let (x, half) = (middle.0, width_of(words, BODY) / 2.0 + 8.0);
        canvas.fill(
            Area {
                left: x - half,
                right: x + half,
                top: middle.1 - 12.0,
                bottom: middle.1 + 12.0,
            },
            plotters::style::WHITE,
        )?;
        canvas.text(middle, words, BODY, Anchor::Middle)?;
    }
    // The proposed design lies on top. Designs that coincide take turns along the line, so that each is seen.
    let is_proposed = |d: &Drawn| {
        outcome
            .designs
            .get(d.index)
            .is_some_and(|design| design.is_proposed)
    };
    let width = |d: &Drawn| if is_proposed(d) { 3.0 } else { 2.0 };
    let group = |i: usize| {
        drawn
            .iter()
            .enumerate()
            .filter(move |(k, d)| *k == i || d.same_as == Some(i))
            .map(|(_, d)| d)
    };
    let mut order: Vec<usize> = (0..drawn.len())
        .filter(|i| drawn[*i].same_as.is_none())
        .collect();
    order.sort_by_key(|i| group(*i).any(is_proposed));
    for i in &order {
        let members: Vec<&Drawn> = group(*i).collect();
        let turn = 12.0;
        for (k, d) in members.iter().enumerate() {
            match members.len() {
                1 if d.index < 8 => canvas.line(&d.line, colour(d.index), width(d))?,
                1 => canvas.dashes(&d.line, colour(d.index), width(d), 8.0, 3.0)?,
                n => canvas.dashes(
                    &after(&members[0].line, turn * k as f64),
                    colour(d.index),
                    width(d),
                    turn,
                    turn * (n - 1) as f64,
                )?,
            }
        }
    }
    endless_shares(canvas, panel, &drawn, area, &y)?;
    order.reverse();
    for i in order {
        let members: Vec<(&Drawn, bool)> = group(i).map(|d| (d, is_proposed(d))).collect();
        name(canvas, &drawn, i, &members, area, &mut taken, &forbidden)?;
    }
    Ok(())
}

fn axes(
    canvas: &Canvas,
    area: Area,
    (x, y): (&Scale, &Scale),
    seconds: (f64, f64),
    least: f64,
) -> Result<(), ReportError> {
    let mut free = 0.0;
    for (tick, label) in TICKS
        .iter()
        .filter(|(t, _)| *t >= seconds.0 * 0.999 && *t <= seconds.1 * 1.001)
    {
        let at = x.at(*tick);
        canvas.line(&[(at, area.top), (at, area.bottom)], GRID, 1.0)?;
        let half = width_of(label, SMALL) / 2.0;
        if at - half > free {
            canvas.text((at, area.bottom + 13.0), label, SMALL, Anchor::Middle)?;
            free = at + half + 6.0;
        }
    }
    for decade in 0..=9_i32 {
        let tick = 10_f64.powi(-decade);
        if tick >= least * 0.999 {
            canvas.line(
                &[(area.left, y.at(tick)), (area.right, y.at(tick))],
                GRID,
                1.0,
            )?;
            let decimals = usize::try_from(decade - 2).unwrap_or(0);
            canvas.text(
                (area.left - 7.0, y.at(tick)),
                &format!("{:.decimals$} %", 100.0 * tick),
                SMALL,
                Anchor::Right,
            )?;
        }
    }
    canvas.line(
        &[(area.left, area.bottom), (area.right, area.bottom)],
        GREY,
        1.0,
    )
}

/// The bounds of the claims as vertical lines, named above the panel. Returns where labels may not stand.
fn objectives(
    canvas: &Canvas,
    panel: &Panel,
    area: Area,
    x: &Scale,
) -> Result<Vec<Area>, ReportError> {
    let mut taken = vec![];
    let mut free = f64::NEG_INFINITY;
    for claim in &panel.claims {
        let at = x.at(claim.bound);
        canvas.dashes(
            &[(at, area.top - 4.0), (at, area.bottom)],
            INK,
            1.5,
            6.0,
            4.0,
        )?;
        let sign = if claim.inclusive { "≤" } else { "<" };
        let asked = claim.share.map_or("always".into(), |share| {
            format!("in {}", share_asked(Some(share)))
        });
        let words = format!("asked: {sign} {} {asked}", duration(claim.bound));
        let half = width_of(&words, BODY) / 2.0;
        let centre = at.clamp(area.left + half, area.right - half);
        if centre - half > free {
            canvas.text((centre, area.top - 13.0), &words, BODY, Anchor::Middle)?;
            free = centre + half + 10.0;
        }
        taken.push(Area {
            left: at - 2.0,
            right: at + 2.0,
            ..area
        });
    }
    Ok(taken)
}

/// Shares that never end, at the right edge; equal ones said once.
fn endless_shares(
    canvas: &Canvas,
    panel: &Panel,
    drawn: &[Drawn],
    area: Area,
    y: &Scale,
) -> Result<(), ReportError> {
    let say = |d: &Drawn| {
        let share = d.endless?;
        // The binomial half-width says how many digits it bears.
        let half = 1.96 * (share * (1.0 - share) / d.curve.n.max(1) as f64).sqrt();
        Some((
            y.at(share),
            format!(
                "{} % {}",
                self::share(share, Some((share - half, share + half))),
                panel.endless
            ),
        ))
    };
    let mut said: Vec<(f64, String, Vec<usize>)> = vec![];
    for d in drawn {
        let Some((at, words)) = say(d) else { continue };
        match said.iter_mut().find(|other| other.1 == words) {
            Some((_, _, indices)) => indices.push(d.index),
            None => said.push((at, words, vec![d.index])),
        }
    }
    said.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = area.top;
    for (at, words, indices) in said {
        let at = at.max(free);
        for (k, index) in indices.iter().enumerate() {
            let left = area.right + 5.0 + 6.0 * k as f64;
            canvas.fill(
                Area {
                    left,
                    right: left + 5.0,
                    top: at - 4.0,
                    bottom: at + 4.0,
                },
                colour(*index),
            )?;
        }
        canvas.text(
            (area.right + 9.0 + 6.0 * indices.len() as f64, at),
            &words,
            SMALL,
            Anchor::Left,
        )?;
        free = at + 15.0;
    }
    Ok(())
}

/// The name of a curve beside it; curves that coincide share a label.
fn name(
    canvas: &Canvas,
    drawn: &[Drawn],
    own: usize,
    members: &[(&Drawn, bool)],
    panel: Area,
    taken: &mut Vec<Area>,
    forbidden: &[Area],
) -> Result<(), ReportError> {
    const SWATCH: f64 = 18.0;
    const LINE: f64 = 16.0;
    let clouds: Vec<Cloud> = drawn
        .iter()
        .map(|d| {
            if d.same_as.is_none() {
                cloud(&d.line)
            } else {
                vec![]
            }
        })
        .collect();
    let kind = |bold: &bool| Type {
        bold: *bold,
        ..BODY
    };
    let names: Vec<String> = members
        .iter()
        .map(|(d, bold)| shortened(&d.curve.architecture, kind(bold), NAME_WIDTH))
        .collect();
    let widest = names
        .iter()
        .zip(members)
        .map(|(name, (_, bold))| width_of(name, kind(bold)))
        .fold(0.0, f64::max);
    let size = (SWATCH + widest + 2.0, LINE * members.len() as f64);
    let Some(found) = place(panel.grown(-4.0), size, &clouds, own, taken) else {
        return Ok(());
    };
    if let Some(to) = found.leader {
        canvas.line(&[start(found.area, to), to], GREY, 1.0)?;
    }
    // The grid gives way to the name, unless the label lies on the edge of the shading.
    match forbidden.iter().find(|other| found.area.meets(**other)) {
        None => canvas.fill(found.area, plotters::style::WHITE)?,
        Some(other) if other.holds(found.area) => canvas.fill(found.area, FORBIDDEN)?,
        Some(_) => {}
    }
    for (k, ((d, bold), name)) in members.iter().zip(&names).enumerate() {
        let at = found.area.top + LINE * (k as f64 + 0.5);
        let swatch = [(found.area.left, at), (found.area.left + SWATCH - 4.0, at)];
        canvas.line(&swatch, colour(d.index), if *bold { 3.0 } else { 2.0 })?;
        canvas.text(
            (found.area.left + SWATCH, at),
            name,
            kind(bold),
            Anchor::Left,
        )?;
    }
    taken.push(found.area);
    Ok(())
}

/// The rest of a line after its first pixels.
fn after(line: &[(f64, f64)], mut skip: f64) -> Vec<(f64, f64)> {
    for (i, pair) in line.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length > skip {
            let share = skip / length;
            let first = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            return std::iter::once(first)
                .chain(line[i + 1..].iter().copied())
                .collect();
        }
        skip -= length;
    }
    vec![]
}

/// The share below which the sample of a curve bounds nothing.
fn floor(curve: &Curve) -> f64 {
    (CASES_BORNE / curve.n.max(1) as f64).clamp(1e-9, 0.9)
}

fn is_visible(curve: &Curve) -> bool {
    curve.n > 0
        && curve
            .points
            .iter()
            .any(|(x, share)| share.is_finite() && *share >= floor(curve) && x.is_finite())
        || curve.n > 0 && curve.points.first().is_some_and(|(x, _)| *x > 0.0)
}

/// The seconds that both panels show: from where the first curve leaves its start to where the last one ends.
fn seconds_shown(panels: &[Panel]) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for curve in panels
        .iter()
        .flat_map(|p| &p.curves)
        .filter(|c| is_visible(c))
    {
        let start = curve
            .points
            .iter()
            .find(|(x, _)| *x <= 0.0)
            .map_or(1.0, |p| p.1);
        let leaves = curve
            .points
            .iter()
            .find(|(x, share)| *x > 0.0 && *share < 0.98 * start);
        low = leaves.map_or(low, |p| low.min(p.0));
        let ends = curve
            .points
            .iter()
            .find(|(x, share)| *x > 0.0 && *share < floor(curve))
            .or(curve.points.last());
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

/// A curve in pixels, down to what its sample bears, and the share that never ends.
fn trace(
    curve: &Curve,
    x: &Scale,
    y: &Scale,
    (low, high): (f64, f64),
) -> (Vec<(f64, f64)>, Option<f64>) {
    let least = floor(curve);
    // A point for every case: the share jumps there. Fewer: they sketch a smooth curve.
    let steps = curve.points.len() as u64 >= curve.n;
    let mut last = (
        low,
        curve
            .points
            .iter()
            .take_while(|p| p.0 <= low)
            .last()
            .map_or(1.0, |p| p.1),
    );
    let mut line = vec![(x.at(low), y.at(last.1.max(least)))];
    for point in curve
        .points
        .iter()
        .filter(|p| p.0 > low && p.0.is_finite() && p.1.is_finite())
    {
        if last.1 < least {
            break;
        }
        if point.1 >= least {
            if steps {
                line.push((x.at(point.0), y.at(last.1)));
            }
            line.push((x.at(point.0), y.at(point.1)));
        } else if steps || point.1 <= 0.0 {
            line.extend([(x.at(point.0), y.at(last.1)), (x.at(point.0), y.at(least))]);
        } else {
            let share = (last.1 / least).ln() / (last.1 / point.1).ln();
            line.push((x.at(last.0 * (point.0 / last.0).powf(share)), y.at(least)));
        }
        last = *point;
    }
    let endless = (last.1 >= least).then_some(last.1);
    if endless.is_some() {
        line.push((x.at(high), y.at(last.1)));
    }
    // Half a pixel is not seen.
    line.dedup_by(|b, a| (b.0 - a.0).hypot(b.1 - a.1) < 0.5);
    (line, endless)
}

/// Whether two lines can hardly be told apart: no point of either is two pixels from the other.
fn alike(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    let far = |a: &Cloud, b: &Cloud| {
        a.iter()
            .any(|p| !b.iter().any(|q| (p.0 - q.0).hypot(p.1 - q.1) < 4.0))
    };
    let (a, b) = (cloud(a), cloud(b));
    !far(&a, &b) && !far(&b, &a)
}

fn caption(outcome: &Outcome, panels: &[Panel; 2]) -> String {
    let n = |panel: &Panel| {
        let cases = panel.curves.iter().map(|c| c.n);
        match (cases.clone().min(), cases.max()) {
            (Some(low), Some(high)) if low == high => format!("n = {} {}", count(low), panel.cases),
            (Some(low), Some(high)) => {
                format!("n = {} to {} {}", count(low), count(high), panel.cases)
            }
            _ => "no case".into(),
        }
    };
    let m = &outcome.manifest;
    let (above, below) = (n(&panels[0]), n(&panels[1]));
    let cases = if above == below {
        above
    } else {
        format!("above {above}, below {below}")
    };
    let mut words = format!(
        "Per design {cases}, from {} simulated years, seed {}. A curve ends where 3.7 cases are left: beyond, the sample bounds nothing.",
        count(m.replications),
        m.seed
    );
    if panels.iter().any(|p| !p.claims.is_empty()) {
        words += " Shaded: forbidden by a claim.";
    }
    for panel in panels {
        let names: Vec<&str> = panel
            .curves
            .iter()
            .filter(|c| !is_visible(c))
            .map(|c| c.architecture.as_str())
            .collect();
        if !names.is_empty() && names.len() < panel.curves.len() {
            words += &format!(" No curve, as {}: {}.", panel.nothing, names.join(", "));
        }
        let missing: Vec<&str> = outcome
            .designs
            .iter()
            .map(|d| d.architecture.as_str())
            .filter(|name| !panel.curves.iter().any(|c| c.architecture == *name))
            .collect();
        if !missing.is_empty() && !panel.curves.is_empty() && !words.contains(panel.empty.1) {
            words += &format!(" {}: {}.", panel.empty.1, missing.join(", "));
        }
    }
    words
}
