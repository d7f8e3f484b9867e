//! One panel of curves, named beside them.
//!
//! A curve ends where 3.7 cases are left: with fewer, not even the share above is bounded (ln 40 = 3.689 cases, the exact
//! upper end of an equal-tailed 95 % interval when none was seen). Values that never end run on to the right edge and
//! say so.

use super::canvas::{
    Anchor, Area, BODY, COLOURS, Canvas, FORBIDDEN, GREY, GRID, INK, SMALL, Scale, Type, colour, shortened, width_of,
};
use super::labels::{Cloud, Label, Place, arrange, clearing, cloud, start};
use crate::files::ReportError;
use crate::format::{duration, share, share_asked};
use crate::words::Words;
use drsim_experiment::outcome::{Curve, Outcome};
use drsim_experiment::scenario::Claim;
use plotters::style::WHITE;
use std::fmt::Write as _;

/// Cases above a value that bound its share: ln 40.
const CASES_BORNE: f64 = 3.689;

/// Seconds at which an axis is labelled, as people say them.
pub(super) const TICKS: [(f64, &str); 15] = [
    (1e-5, "0.01 ms"),
    (1e-4, "0.1 ms"),
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

/// Names in a figure are cut to this width, or to a third of a narrow panel.
const NAME_WIDTH: f64 = 190.0;

fn name_width(area: Area) -> f64 {
    NAME_WIDTH.min((area.right - area.left) / 2.2)
}

/// Width of the strips of a panel that say their values.
const STRIP: f64 = 14.0;

/// One panel: what it shows and which claims speak of it.
pub(super) struct Panel<'a> {
    pub(super) heading: String,
    /// What one case is called.
    pub(super) cases: String,
    /// Said of the share beyond every number.
    pub(super) endless: String,
    /// Said when no design has a curve, and of the designs that have none.
    pub(super) empty: (String, String),
    /// Said of designs whose curve is zero all along.
    pub(super) nothing: String,
    pub(super) curves: Vec<&'a Curve>,
    pub(super) claims: Vec<&'a Claim>,
}

/// Curves that can hardly be told apart: one line for all of them.
struct Group<'a> {
    line: Vec<(f64, f64)>,
    cloud: Cloud,
    members: Vec<Member<'a>>,
}

impl Group<'_> {
    fn is_proposed(&self) -> bool {
        self.members.iter().any(|m| m.is_proposed)
    }
}

/// One design in a group.
struct Member<'a> {
    curve: &'a Curve,
    index: usize,
    is_proposed: bool,
    /// Share that lies beyond every number, if the sample bears it.
    endless: Option<f64>,
}

impl Member<'_> {
    fn width(&self) -> f64 {
        if self.is_proposed { 3.0 } else { 2.0 }
    }

    fn kind(&self) -> Type {
        Type { bold: self.is_proposed, ..BODY }
    }

    fn name(&self, width: f64) -> String {
        shortened(&self.curve.architecture, self.kind(), width)
    }
}

/// Draws a panel with at least one visible curve over these seconds.
pub(super) fn draw(
    canvas: &Canvas,
    (outcome, w): (&Outcome, &Words),
    panel: &Panel,
    area: Area,
    seconds: (f64, f64),
) -> Result<(), ReportError> {
    let visible: Vec<&Curve> = panel.curves.iter().copied().filter(|c| is_visible(c)).collect();
    let least = visible.iter().map(|c| floor(c)).fold(0.1, f64::min);
    let x = Scale::log(seconds.0, seconds.1, area.left, area.right);
    let y = Scale::log(least, 1.0, area.bottom, area.top);
    let forbids = |claim: &&Claim| {
        let allowed = claim.share.map_or(0.0, |share| 1.0 - share);
        Area { left: x.at(claim.bound), bottom: y.at(allowed.max(least)), ..area }
    };
    let forbidden: Vec<Area> = panel.claims.iter().map(forbids).collect();
    for area in &forbidden {
        canvas.fill(*area, FORBIDDEN)?;
    }
    axes(canvas, area, (&x, &y), seconds, least)?;
    let taken = objectives(canvas, panel, area, &x, w)?;
    let mut groups: Vec<Group> = vec![];
    for curve in visible {
        let (line, endless) = trace(curve, &x, &y, seconds);
        let index = outcome.designs.iter().position(|d| d.architecture == curve.architecture).unwrap_or(0);
        let is_proposed = outcome.designs.get(index).is_some_and(|d| d.is_proposed);
        let member = Member { curve, index, is_proposed, endless };
        match groups.iter_mut().find(|group| alike(&group.line, &line)) {
            Some(group) => group.members.push(member),
            None => groups.push(Group { cloud: cloud(&line), line, members: vec![member] }),
        }
    }
    // The proposed design lies on top.
    groups.sort_by_key(Group::is_proposed);
    for group in &groups {
        draw_group(canvas, group)?;
    }
    endless_shares(canvas, panel, &groups, area, &y)?;
    values(canvas, panel, area, seconds);
    if canvas.sheet.is_narrow() {
        // No room beside the curves: a key stands above the panels.
        return Ok(());
    }
    let names = name_width(area);
    let labels: Vec<Label> =
        groups.iter().map(|group| Label { cloud: &group.cloud, size: label_size(group, names) }).collect();
    match arrange(area.grown(-4.0), &labels, &taken) {
        Some(places) => {
            groups.iter().zip(places).try_for_each(|(group, place)| name(canvas, group, place, names, &forbidden))
        }
        None => key(canvas, &groups, area, &taken, &forbidden),
    }
}

/// Strip by strip, the share of every design, for the pointer to rest on.
fn values(canvas: &Canvas, panel: &Panel, area: Area, (low, high): (f64, f64)) {
    let strips = ((area.right - area.left) / STRIP).floor().max(1.0);
    for strip in 0..strips as u32 {
        let (from, to) = (f64::from(strip) / strips, f64::from(strip + 1) / strips);
        let at = |share: f64| area.left + share * (area.right - area.left);
        let second = low * (high / low).powf(f64::midpoint(from, to));
        let mut words = format!("> {}", duration(second));
        for curve in panel.curves.iter().filter(|c| is_visible(c)) {
            let beyond = curve.points.iter().take_while(|p| p.0 <= second).last().map_or(1.0, |p| p.1);
            let half = 1.96 * (beyond * (1.0 - beyond) / curve.n.max(1) as f64).sqrt();
            let least = floor(curve);
            let said = if beyond < least {
                format!("<{}", share(least, Some((0.0, 2.0 * least))))
            } else {
                share(beyond, Some((beyond - half, beyond + half)))
            };
            _ = write!(words, "\n{}: {said} %", curve.architecture);
        }
        canvas.note(Area { left: at(from), right: at(to), ..area }, &words);
    }
}

/// One line; where designs coincide they take turns along it, so that each is seen.
fn draw_group(canvas: &Canvas, group: &Group) -> Result<(), ReportError> {
    const TURN: f64 = 12.0;
    for (k, member) in group.members.iter().enumerate() {
        let (ink, width) = (colour(member.index), member.width());
        match group.members.len() {
            1 if member.index < COLOURS => canvas.line(&group.line, ink, width)?,
            1 => canvas.dashes(&group.line, ink, width, 8.0, 3.0)?,
            n => canvas.dashes(&after(&group.line, TURN * k as f64), ink, width, TURN, TURN * (n - 1) as f64)?,
        }
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
    for (tick, label) in TICKS.iter().filter(|(t, _)| *t >= seconds.0 * 0.999 && *t <= seconds.1 * 1.001) {
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
            canvas.line(&[(area.left, y.at(tick)), (area.right, y.at(tick))], GRID, 1.0)?;
            let decimals = usize::try_from(decade - 2).unwrap_or(0);
            canvas.text(
                (area.left - 7.0, y.at(tick)),
                &format!("{:.decimals$} %", 100.0 * tick),
                SMALL,
                Anchor::Right,
            )?;
        }
    }
    canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], GREY, 1.0)
}

/// The bounds of the claims as vertical lines, named above the panel. Returns where labels may not stand.
fn objectives(canvas: &Canvas, panel: &Panel, area: Area, x: &Scale, w: &Words) -> Result<Vec<Area>, ReportError> {
    let mut taken = vec![];
    let mut free = f64::NEG_INFINITY;
    for claim in &panel.claims {
        let at = x.at(claim.bound);
        canvas.dashes(&[(at, area.top - 4.0), (at, area.bottom)], INK, 1.5, 6.0, 4.0)?;
        let sign = if claim.inclusive { "≤" } else { "<" };
        let in_share = |share| w.say("plot-asked-in", &[("share", share_asked(Some(share)).into())]);
        let asked = claim.share.map_or_else(|| w.t("always"), in_share);
        let bound = w.number(&duration(claim.bound));
        let words = w.say("plot-asked", &[("sign", sign.into()), ("bound", bound.into()), ("share", asked.into())]);
        let half = width_of(&words, BODY) / 2.0;
        let centre = at.clamp(area.left + half, area.right - half);
        if centre - half > free {
            canvas.text((centre, area.top - 13.0), &words, BODY, Anchor::Middle)?;
            free = centre + half + 10.0;
        }
        taken.push(Area { left: at - 2.0, right: at + 2.0, ..area });
    }
    Ok(taken)
}

/// Shares that never end, at the right edge; equal ones said once.
fn endless_shares(canvas: &Canvas, panel: &Panel, groups: &[Group], area: Area, y: &Scale) -> Result<(), ReportError> {
    let mut said: Vec<(f64, String, Vec<usize>)> = vec![];
    for member in groups.iter().flat_map(|g| &g.members) {
        let Some(beyond) = member.endless else { continue };
        // The binomial half-width says how many digits it bears.
        let half = 1.96 * (beyond * (1.0 - beyond) / member.curve.n.max(1) as f64).sqrt();
        let words = format!("{} % {}", share(beyond, Some((beyond - half, beyond + half))), panel.endless);
        match said.iter_mut().find(|other| other.1 == words) {
            Some((_, _, indices)) => indices.push(member.index),
            None => said.push((y.at(beyond), words, vec![member.index])),
        }
    }
    said.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = area.top;
    for (at, words, indices) in said {
        let at = at.max(free);
        for (k, index) in indices.iter().enumerate() {
            let left = area.right + 5.0 + 6.0 * k as f64;
            canvas.fill(Area { left, right: left + 5.0, top: at - 4.0, bottom: at + 4.0 }, colour(*index))?;
        }
        canvas.text((area.right + 9.0 + 6.0 * indices.len() as f64, at), &words, SMALL, Anchor::Left)?;
        free = at + 15.0;
    }
    Ok(())
}

/// Width of the bit of line before a name, and height of a line of names.
const SWATCH: f64 = 18.0;
const LINE: f64 = 16.0;

fn label_size(group: &Group, names: f64) -> (f64, f64) {
    let widest = group.members.iter().map(|m| width_of(&m.name(names), m.kind())).fold(0.0, f64::max);
    (SWATCH + widest + 2.0, LINE * group.members.len() as f64)
}

/// The key of a narrow figure: which design, where its entry starts.
pub(super) fn key_above(outcome: &Outcome, panels: &[Panel], width: f64) -> Vec<(usize, f64, f64)> {
    let mut entries = vec![];
    let (mut x, mut y) = (0.0, 0.0);
    for (index, design) in outcome.designs.iter().enumerate() {
        let mut curves = panels.iter().flat_map(|p| &p.curves);
        if !curves.any(|c| c.architecture == design.architecture && is_visible(c)) {
            continue;
        }
        let kind = Type { bold: design.is_proposed, ..BODY };
        let room = SWATCH + width_of(&shortened(&design.architecture, kind, NAME_WIDTH), kind) + 14.0;
        if x > 0.0 && x + room - 14.0 > width {
            (x, y) = (0.0, y + LINE + 2.0);
        }
        entries.push((index, x, y));
        x += room;
    }
    entries
}

/// One entry of the key of a narrow figure.
pub(super) fn key_entry(canvas: &Canvas, outcome: &Outcome, index: usize, at: (f64, f64)) -> Result<(), ReportError> {
    let design = &outcome.designs[index];
    let kind = Type { bold: design.is_proposed, ..BODY };
    let width = if design.is_proposed { 3.0 } else { 2.0 };
    canvas.line(&[at, (at.0 + SWATCH - 4.0, at.1)], colour(index), width)?;
    canvas.text((at.0 + SWATCH, at.1), &shortened(&design.architecture, kind, NAME_WIDTH), kind, Anchor::Left)
}

/// The names of a group in their place beside its line.
fn name(canvas: &Canvas, group: &Group, place: Place, names: f64, forbidden: &[Area]) -> Result<(), ReportError> {
    if let Some(to) = place.leader {
        canvas.line(&[start(place.area, to), to], GREY, 1.0)?;
    }
    clear(canvas, place.area, forbidden)?;
    group.members.iter().enumerate().try_for_each(|(k, member)| entry(canvas, member, names, place.area, k))
}

/// All names where no curve runs, in one or two columns; over the upper right corner if curves run everywhere.
fn key(canvas: &Canvas, groups: &[Group], area: Area, taken: &[Area], forbidden: &[Area]) -> Result<(), ReportError> {
    let mut members: Vec<&Member> = groups.iter().flat_map(|g| &g.members).collect();
    members.sort_by_key(|m| m.index);
    let clouds: Vec<&Cloud> = groups.iter().map(|g| &g.cloud).collect();
    let inside = area.grown(-6.0);
    let shape = |(names, columns): (f64, usize)| {
        let width = groups.iter().map(|g| label_size(g, names).0).fold(0.0, f64::max) + 12.0;
        (names, width, (columns as f64 * width, LINE * members.len().div_ceil(columns) as f64))
    };
    let wide = name_width(area);
    let shapes = [(wide, 1), (wide, 2), (wide, 3), (110.0, 1), (110.0, 2), (110.0, 3)].map(shape);
    let clear_of_curves = |(names, width, size): &(f64, f64, (f64, f64))| {
        Some((*names, *width, clearing(inside, *size, &clouds, taken)?))
    };
    let corner = |(names, width, size): (f64, f64, (f64, f64))| {
        (names, width, Area { left: inside.right - size.0, bottom: inside.top + size.1, ..inside })
    };
    let (names, width, place) = shapes.iter().find_map(clear_of_curves).unwrap_or_else(|| corner(shapes[3]));
    clear(canvas, place, forbidden)?;
    let rows = (((place.bottom - place.top) / LINE).round() as usize).max(1);
    members.iter().enumerate().try_for_each(|(k, member)| {
        let left = place.left + width * (k / rows) as f64;
        entry(canvas, member, names, Area { left, ..place }, k % rows)
    })
}

/// The grid gives way to names, unless they lie on the edge of the shading.
fn clear(canvas: &Canvas, area: Area, forbidden: &[Area]) -> Result<(), ReportError> {
    match forbidden.iter().find(|other| area.meets(**other)) {
        None => canvas.fill(area, WHITE),
        Some(other) if other.holds(area) => canvas.fill(area, FORBIDDEN),
        Some(_) => Ok(()),
    }
}

/// One name with a bit of its line, on the k-th line of an area.
fn entry(canvas: &Canvas, member: &Member, names: f64, area: Area, k: usize) -> Result<(), ReportError> {
    let at = area.top + LINE * (k as f64 + 0.5);
    canvas.line(&[(area.left, at), (area.left + SWATCH - 4.0, at)], colour(member.index), member.width())?;
    canvas.text((area.left + SWATCH, at), &member.name(names), member.kind(), Anchor::Left)
}

/// The rest of a line after its first pixels.
fn after(line: &[(f64, f64)], mut skip: f64) -> Vec<(f64, f64)> {
    for (i, pair) in line.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length > skip {
            let share = skip / length;
            let first = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            return std::iter::once(first).chain(line[i + 1..].iter().copied()).collect();
        }
        skip -= length;
    }
    vec![]
}

/// The share below which the sample of a curve bounds nothing.
pub(super) fn floor(curve: &Curve) -> f64 {
    (CASES_BORNE / curve.n.max(1) as f64).clamp(1e-9, 0.9)
}

/// Whether there is anything to draw: some case above zero.
pub(super) fn is_visible(curve: &Curve) -> bool {
    let starts_above_zero = curve.points.first().is_some_and(|(x, _)| *x > 0.0);
    curve.n > 0 && (starts_above_zero || curve.points.iter().any(|(_, share)| *share >= floor(curve)))
}

/// A curve in pixels, down to what its sample bears, and the share that never ends.
fn trace(curve: &Curve, x: &Scale, y: &Scale, (low, high): (f64, f64)) -> (Vec<(f64, f64)>, Option<f64>) {
    let least = floor(curve);
    let mut before = (low, curve.points.iter().take_while(|p| p.0 <= low).last().map_or(1.0, |p| p.1));
    let mut line = vec![(x.at(low), y.at(before.1.max(least)))];
    for point in curve.points.iter().filter(|p| p.0 > low && p.0.is_finite() && p.1.is_finite()) {
        if before.1 < least {
            break;
        }
        // Points close together sketch a smooth curve; after a gap the share was constant and jumps.
        let jumps = x.at(point.0) - x.at(before.0) > 24.0;
        if point.1 >= least {
            if jumps {
                line.push((x.at(point.0), y.at(before.1)));
            }
            line.push((x.at(point.0), y.at(point.1)));
        } else if jumps || point.1 <= 0.0 {
            line.extend([(x.at(point.0), y.at(before.1)), (x.at(point.0), y.at(least))]);
        } else {
            let share = (before.1 / least).ln() / (before.1 / point.1).ln();
            line.push((x.at(before.0 * (point.0 / before.0).powf(share)), y.at(least)));
        }
        before = *point;
    }
    let endless = (before.1 >= least).then_some(before.1);
    if endless.is_some() {
        line.push((x.at(high), y.at(before.1)));
    }
    // Half a pixel is not seen.
    line.dedup_by(|b, a| (b.0 - a.0).hypot(b.1 - a.1) < 0.5);
    (line, endless)
}

/// Whether two lines can hardly be told apart: no point of either is two pixels from the other.
fn alike(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    let far = |a: &Cloud, b: &Cloud| a.iter().any(|p| !b.iter().any(|q| (p.0 - q.0).hypot(p.1 - q.1) < 4.0));
    let (a, b) = (cloud(a), cloud(b));
    !far(&a, &b) && !far(&b, &a)
}
