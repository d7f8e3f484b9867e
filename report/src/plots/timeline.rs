//! One simulated year of one design as a figure: for each outage a panel with what failed, the steps to recovery, and who was
//! not served, over the time since its onset.
//!
//! The first minutes decide and the repair takes hours, so time runs on a log scale. An outage that interrupted nobody has no
//! panel.

use super::Picture;
use super::canvas::{
    Anchor, Area, BODY, Canvas, GREY, GRID, HEADING, INK, SMALL, Scale, Sheet, Type, colour, framed, shortened,
    width_of,
};
use crate::files::ReportError;
use crate::format::duration;
use crate::story::{chapters, clock, heading, sentence, subject};
use crate::words::Words;
use drsim_experiment::outcome::{Outcome, WorstYear};
use drsim_experiment::replay::Line;
use plotters::style::RGBColor;

/// Outages with a panel at most: a year of more is told in words.
const PANELS: usize = 3;
/// Height of a bar with its space.
const LANE: f64 = 20.0;
/// Height of a line of steps.
const STEP: f64 = 17.0;
/// What fails: Okabe and Ito's vermilion.
const FAILS: RGBColor = RGBColor(0xD5, 0x5E, 0x00);

/// What is drawn.
pub(crate) struct Told<'a> {
    /// One design's lines of one year.
    pub(crate) lines: &'a [Line],
    /// Its index in the outcome: its colour.
    pub(crate) index: usize,
    /// What the figure finds.
    pub(crate) title: String,
    /// How it came about.
    pub(crate) caption: String,
    /// What its file is called.
    pub(crate) name: String,
}

/// The figure; `None` where nobody was interrupted.
pub(crate) fn timeline(told: &Told<'_>, sheet: Sheet, w: &Words) -> Result<Option<Picture>, ReportError> {
    let mut outages: Vec<&[Line]> = chapters(told.lines).into_iter().filter(|lines| hurts(lines)).collect();
    // The longest ones, in the order of the year.
    let length = |lines: &[Line]| lines.last().map_or(0.0, |last| last.at_seconds - lines[0].at_seconds);
    outages.sort_by(|a, b| length(b).total_cmp(&length(a)));
    outages.truncate(PANELS);
    outages.sort_by(|a, b| a[0].at_seconds.total_cmp(&b[0].at_seconds));
    if outages.is_empty() {
        return Ok(None);
    }
    let panels: Vec<Panel> = outages.iter().map(|lines| Panel::new(lines, sheet, w)).collect();
    let height = panels.iter().map(Panel::height).sum();
    let what = (told.name.clone(), "timeline");
    let picture = framed(what, (told.title.clone(), told.caption.clone()), (sheet, height), |canvas, from| {
        let mut top = from;
        for panel in &panels {
            panel.draw(canvas, top, colour(told.index), w)?;
            top += panel.height();
        }
        Ok(())
    })?;
    Ok(Some(picture))
}

/// The worst year of an outcome.
pub(crate) fn worst_year(
    outcome: &Outcome,
    year: &WorstYear,
    title: &str,
    sheet: Sheet,
    w: &Words,
) -> Result<Option<Picture>, ReportError> {
    let index = outcome.designs.iter().position(|d| d.architecture == year.architecture).unwrap_or(0);
    let told = Told {
        lines: &year.lines,
        index,
        title: title.to_owned(),
        caption: caption(&year.lines, (year.replication, outcome.manifest.seed), w),
        name: "worst_year".into(),
    };
    timeline(&told, sheet, w)
}

/// How to read it.
pub(crate) fn caption(lines: &[Line], (year, seed): (u64, u64), w: &Words) -> String {
    let interrupting = chapters(lines).iter().filter(|lines| hurts(lines)).count();
    let gaps = [
        ("more", interrupting.saturating_sub(PANELS).into()),
        ("year", year.to_string().into()),
        ("seed", seed.to_string().into()),
    ];
    w.say("timeline-caption", &gaps)
}

/// Whether somebody was below the service level.
fn hurts(lines: &[Line]) -> bool {
    lines.iter().any(|line| line.event == "below")
}

/// A bar from an instant to another, in seconds since the onset.
struct Bar {
    name: String,
    spells: Vec<(f64, f64)>,
    is_failure: bool,
}

/// A step: when, in how many words, and all that happened then.
struct Step {
    seconds: f64,
    words: String,
    row: usize,
}

struct Panel {
    sheet: Sheet,
    heading: String,
    x: Scale,
    seconds: (f64, f64),
    bars: Vec<Bar>,
    steps: Vec<Step>,
    rows: usize,
    left: f64,
    right: f64,
    hover: Vec<(f64, String)>,
}

impl Panel {
    fn new(lines: &[Line], sheet: Sheet, w: &Words) -> Self {
        let onset = lines[0].at_seconds;
        let since = |line: &Line| line.at_seconds - onset;
        let last = lines.iter().map(since).fold(60.0, f64::max);
        let seconds = (1.0, 1.3 * last);
        let narrow = sheet.is_narrow();
        let left = sheet.margin() + if narrow { 0.0 } else { 220.0 };
        let right = sheet.width - sheet.margin();
        let x = Scale::log(seconds.0, seconds.1, left, right);
        let bars = bars(lines, onset, seconds.1, w);
        let mut steps: Vec<Step> = Vec::new();
        for line in &lines[1..] {
            let key = format!("step-{}", line.event.replace('_', "-"));
            let Some(words) = w.find(&key, &[("subject", subject(&line.subject, w).into())]) else { continue };
            let known = steps.iter().any(|step| step.words == words);
            if !known {
                steps.push(Step { seconds: since(line), words, row: 0 });
            }
        }
        let rows = arrange(&mut steps, &x, right);
        let hover = lines[1..].iter().map(|line| (since(line), sentence(line, w))).collect();
        Self { sheet, heading: heading(&lines[0], w), x, seconds, bars, steps, rows, left, right, hover }
    }

    fn lane(&self) -> f64 {
        if self.sheet.is_narrow() { LANE + 16.0 } else { LANE }
    }

    fn height(&self) -> f64 {
        34.0 + self.lane() * self.bars.len() as f64 + STEP * self.rows as f64 + 12.0 + 44.0
    }

    fn draw(&self, canvas: &Canvas, from: f64, ink: RGBColor, w: &Words) -> Result<(), ReportError> {
        let margin = self.sheet.margin();
        canvas.text(
            (margin, from + 14.0),
            &shortened(&self.heading, HEADING, self.sheet.width),
            HEADING,
            Anchor::Left,
        )?;
        let top = from + 34.0;
        let failing = self.bars.iter().filter(|bar| bar.is_failure).count();
        let steps_top = top + self.lane() * failing as f64;
        let bottom = steps_top + STEP * self.rows as f64 + 12.0 + self.lane() * (self.bars.len() - failing) as f64;
        self.axis(canvas, (top, bottom), w)?;
        for step in &self.steps {
            let (x, y) = (self.x.at(step.seconds.max(self.seconds.0)), steps_top + 8.0 + STEP * step.row as f64);
            canvas.line(&[(x, y - 6.0), (x, bottom)], GRID, 1.0)?;
        }
        for (i, bar) in self.bars.iter().enumerate() {
            let below = if bar.is_failure { 0.0 } else { STEP * self.rows as f64 + 12.0 };
            let above = top + self.lane() * i as f64 + below;
            self.bar(canvas, bar, above, if bar.is_failure { FAILS } else { ink }, w)?;
        }
        for step in &self.steps {
            let (x, y) = (self.x.at(step.seconds.max(self.seconds.0)), steps_top + 8.0 + STEP * step.row as f64);
            canvas.line(&[(x, y - 6.0), (x, y + 6.0)], INK, 2.0)?;
            let width = width_of(&step.words, SMALL);
            let (at, anchor) =
                if x + 6.0 + width > self.right { (x - 5.0, Anchor::Right) } else { (x + 5.0, Anchor::Left) };
            canvas.text((at, y), &step.words, Type { ink: INK, ..SMALL }, anchor)?;
        }
        self.values(canvas, (top, bottom));
        Ok(())
    }

    fn axis(&self, canvas: &Canvas, (top, bottom): (f64, f64), w: &Words) -> Result<(), ReportError> {
        canvas.line(&[(self.left, bottom), (self.right, bottom)], GREY, 1.0)?;
        let mut free = self.left - 1.0;
        for seconds in [1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0, 172_800.0, 864_000.0] {
            if !(self.seconds.0..=self.seconds.1).contains(&seconds) {
                continue;
            }
            let (x, words) = (self.x.at(seconds), w.number(&duration(seconds)));
            canvas.line(&[(x, top), (x, bottom)], GRID, 1.0)?;
            let half = 0.5 * width_of(&words, SMALL);
            if x - half > free && x + half < self.right + 2.0 {
                canvas.text((x, bottom + 12.0), &words, SMALL, Anchor::Middle)?;
                free = x + half + 6.0;
            }
        }
        canvas.text((self.right, bottom + 29.0), &w.t("timeline-axis"), SMALL, Anchor::Right)
    }

    fn bar(&self, canvas: &Canvas, bar: &Bar, above: f64, ink: RGBColor, w: &Words) -> Result<(), ReportError> {
        let narrow = self.sheet.is_narrow();
        let middle = above + if narrow { 26.0 } else { 10.0 };
        let (place, anchor, room) = if narrow {
            ((self.sheet.margin(), above + 9.0), Anchor::Left, self.right - self.sheet.margin())
        } else {
            ((self.left - 8.0, middle), Anchor::Right, 212.0)
        };
        canvas.text(place, &shortened(&bar.name, BODY, room), BODY, anchor)?;
        for (from, to) in &bar.spells {
            let (left, right) = (self.x.at(from.max(self.seconds.0)), self.x.at(to.max(self.seconds.0)));
            let area = Area { left, right: right.max(left + 2.0), top: middle - 6.0, bottom: middle + 6.0 };
            canvas.fill(area, ink)?;
            let words = w.number(&duration(to - from));
            if width_of(&words, SMALL) + 8.0 < right - left {
                let light = Type { ink: RGBColor(254, 254, 254), bold: true, ..SMALL };
                let dark = Type { ink: super::canvas::INK_ON_COLOUR, bold: true, ..SMALL };
                let kind = if super::duel::dark(ink) { light } else { dark };
                canvas.text((right - 5.0, middle), &words, kind, Anchor::Right)?;
            }
        }
        Ok(())
    }

    /// Strip by strip, what happened there, for the pointer to rest on.
    fn values(&self, canvas: &Canvas, (top, bottom): (f64, f64)) {
        let strips = ((self.right - self.left) / 14.0).max(1.0) as u32;
        let edge = |strip: u32| self.left + (self.right - self.left) * f64::from(strip) / f64::from(strips);
        for strip in 0..strips {
            let (left, right) = (edge(strip), edge(strip + 1));
            let here = self.hover.iter().filter(|(seconds, _)| {
                let x = self.x.at(seconds.max(self.seconds.0));
                left <= x && (x < right || strip + 1 == strips)
            });
            let words: Vec<String> = here.map(|(seconds, words)| format!("{} {words}", clock(*seconds))).collect();
            if !words.is_empty() {
                canvas.note(Area { left, top, right, bottom }, &format!("{}\n{}", self.heading, words.join("\n")));
            }
        }
    }
}

/// What fails, then who is below the service level, in the order of their first lines.
fn bars(lines: &[Line], onset: f64, end: f64, w: &Words) -> Vec<Bar> {
    let mut bars: Vec<(Bar, &str)> = Vec::new();
    for line in &lines[1..] {
        let at = line.at_seconds - onset;
        let (begins, is_failure) = match line.event.as_str() {
            "fails" => (true, true),
            "repaired" => (false, true),
            "below" => (true, false),
            "back" => (false, false),
            _ => continue,
        };
        let known = bars.iter().position(|(bar, subject)| bar.is_failure == is_failure && *subject == line.subject);
        let k = known.unwrap_or_else(|| {
            // What lies in no region is named by what it is.
            let what = if line.subject == "global" { line.detail.split(':').next().unwrap_or_default() } else { "" };
            let place = if what.is_empty() { subject(&line.subject, w) } else { w.phrases(what) };
            let gaps = [("subject", place.into())];
            let name = w.say(if is_failure { "timeline-fails" } else { "timeline-down" }, &gaps);
            bars.push((Bar { name, spells: Vec::new(), is_failure }, &line.subject));
            bars.len() - 1
        });
        let spells = &mut bars[k].0.spells;
        match spells.last_mut() {
            // Several components of a place may fail and be repaired one by one: from the first to the last.
            Some(last) if last.1.is_infinite() && begins => {}
            Some(last) if !begins && (last.1.is_infinite() || is_failure) => last.1 = at,
            _ if begins => spells.push((at, f64::INFINITY)),
            _ => {}
        }
    }
    for (bar, _) in &mut bars {
        bar.spells.iter_mut().for_each(|spell| spell.1 = spell.1.min(end));
    }
    bars.sort_by_key(|(bar, _)| !bar.is_failure);
    bars.into_iter().map(|(bar, _)| bar).collect()
}

/// Gives every step a row in which it hits no other; returns how many rows there are.
fn arrange(steps: &mut [Step], x: &Scale, right: f64) -> usize {
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    for step in steps.iter_mut() {
        let (at, width) = (x.at(step.seconds.max(1.0)), width_of(&step.words, SMALL) + 12.0);
        let span = if at + width > right { (at - width, at + 4.0) } else { (at - 4.0, at + width) };
        let free = |row: &Vec<(f64, f64)>| row.iter().all(|(from, to)| span.1 < *from || span.0 > *to);
        step.row = taken.iter().position(free).unwrap_or_else(|| {
            taken.push(Vec::new());
            taken.len() - 1
        });
        taken[step.row].push(span);
    }
    taken.len()
}
