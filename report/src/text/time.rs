//! Where the time goes, whether the survivor carries everyone, and what arithmetic makes of the availability.

use super::{cut, lead};
use crate::format::{count, duration, share};
use crate::table::{clean, shorten, wrap};
use crate::together::{resource, sentence};
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::{CapacityResult, Outcome, Waterfall};
use unicode_width::UnicodeWidthStr;

/// The parts of the proposed design's recovery as bars.
pub(super) fn where_the_time_goes(outcome: &Outcome, w: &Words, width: usize) -> Vec<String> {
    let Some(design) = proposed(outcome) else {
        return vec![];
    };
    let bars: Vec<&Waterfall> =
        outcome.figures.waterfall.iter().filter(|b| b.architecture == design.architecture && b.n > 0).collect();
    if bars.is_empty() {
        return vec![];
    }
    let title = w.say("text-time", &[("design", design.architecture.as_str().into())]);
    let mut lines = vec![shorten(&clean(&title), width)];
    // One scale for all bars: the longest that needs three lines, or else four.
    let bars = &bars[..bars.len().min(2)];
    let draw =
        |room: usize| -> Vec<String> { bars.iter().flat_map(|bar| bar_lines(bar, bars, w, (room, width))).collect() };
    let fits = |at_most: usize, least: usize| {
        (least..=width / 2)
            .rev()
            .map(draw)
            .find(|lines| lines.len() <= at_most && lines.iter().all(|line| line.width() <= width))
    };
    let mut drawn = fits(3, 20).or_else(|| fits(4, 8)).unwrap_or_else(|| draw(8));
    drawn.truncate(6);
    lines.extend(drawn.iter().map(|line| shorten(line, width)));
    lines
}

/// What the busiest region of the proposed design needs, where it may be short of it.
pub(super) fn capacity(outcome: &Outcome, w: &Words, width: usize) -> Vec<String> {
    let Some(design) = proposed(outcome) else { return vec![] };
    // With the rate and the functions it takes in the long run nobody needs a larger bucket, or growth for long.
    let lasting = |c: &&CapacityResult| !["burst", "concurrency_growth"].contains(&c.resource.as_str());
    let own: Vec<&CapacityResult> =
        outcome.capacity.iter().filter(|c| c.architecture == design.architecture && c.limit > 0.0).collect();
    let close =
        |c: &&CapacityResult| c.required.1.estimate.or(c.required.0.estimate).is_some_and(|r| r > 0.8 * c.limit);
    let first = own.iter().filter(|c| c.first_short.estimate.is_some_and(|s| s > 0.0));
    let first =
        first.max_by(|a, b| a.first_short.estimate.unwrap_or(0.0).total_cmp(&b.first_short.estimate.unwrap_or(0.0)));
    if !own.iter().any(&close) && first.is_none() {
        return vec![];
    }
    let words = |c: &CapacityResult| resource(&c.resource, w);
    let amount = |x: f64| w.number(&count(x.round() as u64));
    let needs = own.iter().filter(|c| close(c) && lasting(c)).filter_map(|c| {
        let (share, figure) =
            if c.required.1.estimate.is_some() { ("99", &c.required.1) } else { ("95", &c.required.0) };
        let within =
            figure.interval.map_or(String::new(), |(low, high)| format!("{} .. {}; ", amount(low), amount(high)));
        let gaps = [
            ("needed", amount(figure.estimate?).into()),
            ("within", within.into()),
            ("resource", words(c).into()),
            ("limit", amount(c.limit).into()),
            ("share", share.into()),
        ];
        Some(w.say("text-capacity-need", &gaps))
    });
    let mut parts = Vec::new();
    let needs: Vec<String> = needs.collect();
    if !needs.is_empty() {
        parts.push(w.say("text-capacity-needs", &[("list", needs.join(", ").into())]));
    }
    if let Some(first) = first {
        let found = share(first.first_short.estimate.unwrap_or(0.0), first.first_short.interval);
        parts.push(w.say("text-capacity-short", &[("share", found.into()), ("resource", words(first).into())]));
    }
    if parts.is_empty() {
        return vec![];
    }
    let mut lines = wrap(&lead(w, "text-capacity"), &clean(&parts.join("; ")), width);
    cut(&mut lines, 5, width);
    if let Some(together) = sentence(outcome, w) {
        let lead = " ".repeat(lead(w, "text-capacity").width());
        let mut more = wrap(&lead, &clean(&together), width);
        cut(&mut more, 4, width);
        lines.extend(more);
    }
    lines
}

/// The error budget of the proposed design, and what arithmetic makes of its availability.
pub(super) fn availability(outcome: &Outcome, w: &Words, width: usize) -> Vec<String> {
    let Some(sentence) = crate::availability::sentence(outcome, w) else { return vec![] };
    let mut lines = wrap(&lead(w, "text-sla"), &clean(&sentence), width);
    cut(&mut lines, 3, width);
    lines
}

/// One bar with its parts; `room` is the length of the longest bar in characters.
fn bar_lines(bar: &Waterfall, bars: &[&Waterfall], w: &Words, (room, width): (usize, usize)) -> Vec<String> {
    let name = w.t(&format!("text-{}s", bar.operation));
    let lead = format!("{name:<7}{:>7}  ", duration(bar.mean_seconds));
    let longest = bars.iter().map(|bar| bar.mean_seconds).fold(1e-9, f64::max);
    let mut lines = vec![lead.clone()];
    let mut add = |word: &str| {
        let last = lines.last_mut().expect("never empty");
        if last.width() > lead.width() && last.width() + word.width() > width {
            lines.push(" ".repeat(lead.width()));
        }
        let last = lines.last_mut().expect("never empty");
        last.push_str(word);
        last.push_str("  ");
    };
    // Parts below 3 % of the whole cannot be seen.
    for (name, seconds) in bar.parts.iter().filter(|(_, seconds)| *seconds >= 0.03 * bar.mean_seconds.max(1e-9)) {
        let length = (seconds / longest * room as f64).round().clamp(0.0, room as f64) as usize;
        let drawn = if length == 0 { "▏".into() } else { "█".repeat(length) };
        add(&format!("{} {} {drawn}", w.t(&format!("part-{name}")), duration(*seconds)));
    }
    if bar.operation == "write" && bar.database_share > 0.0 {
        let share = format!("{:.0}", 100.0 * bar.database_share.min(1.0));
        add(&w.say("text-waited", &[("share", share.into())]));
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}
