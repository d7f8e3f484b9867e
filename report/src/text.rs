//! What `drsim run` prints: the answer first, then why, then how far to trust it. At most 40 lines.
//!
//! Left out: anything that needs a second look. It stands in `results.json` and `metrics.csv`, and the last lines say
//! how to get there.

use crate::format::{
    NONE, amount, amount_short, count, duration, duration_figure, duration_or_interval, share, share_asked,
    share_half_width, share_range, thousands, thousands_figure,
};
use crate::table::{Cell, Column, Table, Tone, clean, shorten, wrap, wrap_command};
use crate::wording::{NO_CLAIMS, answer, baseline, bill_of, claims_of, proposed, unit_of_money, verdict};
use crate::words::Lang;
use crate::worth::mark;
use drsim_experiment::outcome::{
    CapacityResult, ClaimResult, Counterexample, DesignResult, Figure, Outcome, Verdict, Waterfall,
};
use drsim_experiment::scenario::{Basis, Cause};
use unicode_width::UnicodeWidthStr;

/// Lines that [`render`] prints at most.
pub const LINES_MAX: usize = 40;

/// Wide enough for any table.
const WIDTH_MAX: usize = 10_000;

/// Population columns of the table of designs.
const POPULATIONS_MAX: usize = 2;

/// What gives way when a page has more lines than it may.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// An empty line after the first.
    airy: bool,
    /// Empty lines around where the time goes.
    blanks: bool,
    /// Sentences of the answer.
    sentences: usize,
    /// Lines below the table of designs.
    notes: usize,
    /// Warnings in full, and the lines they may take together.
    warnings: (usize, usize),
    /// Lines for the rest of TRUST, without the command.
    trust: usize,
    /// Whether what decides a claim gets a line of its own where it does not fit into its row.
    below: bool,
    /// Whether availability is set beside what was promised.
    availability: bool,
    /// Rows of claims and of designs.
    rows: (usize, usize),
}

/// What `drsim run` prints: at most [`LINES_MAX`] lines, none wider than `width` columns (at least 60).
pub fn render(outcome: &Outcome, width: usize, colour: bool) -> String {
    let width = width.max(60);
    let claims = proposed(outcome).map_or(0, |p| claims_of(outcome, &p.architecture).count());
    let rows = (claims, outcome.designs.len());
    let all = Layout {
        airy: true,
        blanks: true,
        sentences: usize::MAX,
        notes: 5,
        warnings: (2, 6),
        trust: 4,
        below: true,
        availability: true,
        rows,
    };
    let mut layout = all;
    let mut time = where_the_time_goes(outcome, width);
    time.extend(capacity(outcome, width));
    let fits = |layout: &Layout| page(outcome, width, false, layout, &time).len() <= LINES_MAX;
    let concessions: [fn(&mut Layout); 17] = [
        |l| l.airy = false,
        |l| l.warnings = (1, 3),
        |l| l.notes = 4,
        |l| l.trust = 3,
        |l| l.blanks = false,
        |l| l.sentences = 3,
        |l| l.notes = 3,
        |l| l.below = false,
        |l| l.trust = 2,
        |l| l.availability = false,
        |l| l.rows.1 = l.rows.1.min(6),
        |l| l.warnings = (0, 1),
        |l| l.notes = 2,
        |l| l.rows.1 = l.rows.1.min(5),
        |l| l.rows.1 = l.rows.1.min(4),
        |l| l.sentences = 2,
        |l| l.rows.0 = l.rows.0.min(5),
    ];
    for concede in concessions {
        if fits(&layout) {
            break;
        }
        concede(&mut layout);
    }
    while !fits(&layout) && layout.rows.0.max(layout.rows.1) > 2 {
        let (claims, designs) = layout.rows;
        layout.rows = if claims > designs { (claims - 1, designs) } else { (claims, designs - 1) };
    }
    let mut lines = page(outcome, width, colour, &layout, &time);
    lines.truncate(LINES_MAX);
    lines.join("\n") + "\n"
}

fn page(outcome: &Outcome, width: usize, colour: bool, layout: &Layout, time: &[String]) -> Vec<String> {
    let claims: Vec<&ClaimResult> = proposed(outcome).map_or(vec![], |p| claims_of(outcome, &p.architecture).collect());
    let claims = fitting(claims, layout.rows.0, |c| match c.verdict {
        Verdict::Fails => 0,
        Verdict::Depends | Verdict::Undecided => 1,
        Verdict::Holds | Verdict::NoCounterexample => 2,
        Verdict::NoCases | Verdict::NotEstimated => 3,
    });
    let designs = fitting(outcome.designs.iter().collect(), layout.rows.1, |d: &DesignResult| match d {
        d if d.is_proposed => 0,
        d if d.is_baseline => 1,
        d if d.worse_than_baseline => 2,
        _ => 3,
    });
    let mut sentences = answer(outcome, Lang::En.words());
    sentences.truncate(layout.sentences);
    let mut answer = wrap("ANSWER  ", &sentences.join(" "), width);
    cut(&mut answer, 7, width);

    let head = header(outcome, width);
    let stop = clean(&outcome.stopped_because);
    let head = if stop == "interrupted" { head.replacen(&stop, &Tone::Bad.paint(&stop, colour), 1) } else { head };
    let mut lines = vec![head];
    if layout.airy {
        lines.push(String::new());
    }
    lines.extend(answer.iter().map(|line| line.replacen("Worse", &Tone::Bad.paint("Worse", colour), 1)));
    let mut section = |part: Vec<String>, blank: bool| {
        if !part.is_empty() {
            lines.extend(blank.then(String::new));
            lines.extend(part);
        }
    };
    let (notes, below) = (claim_notes(outcome, width, layout.below), layout.below);
    if !claims.0.is_empty() {
        section(with_more(claims_lines(outcome, &claims.0, width, colour, below), claims.1, "claims", notes), true);
    }
    let mut notes = wrap("  ", &footnotes(outcome).join("; "), width);
    cut(&mut notes, layout.notes, width);
    section(with_more(designs_table(outcome, &designs.0).text(width, colour), designs.1, "designs", notes), true);
    section(time.to_vec(), layout.blanks);
    section(if layout.availability { availability(outcome, width) } else { vec![] }, false);
    section(trust(outcome, width, layout), layout.blanks);
    lines
}

/// The two tables alone and in full: every claim of every architecture, every design. For `--format table`.
///
/// Nothing is shortened: rows may be wider than `width`, which only the notes keep to.
pub fn render_table(outcome: &Outcome, width: usize, colour: bool) -> String {
    let width = width.max(60);
    let mut lines = if outcome.claims.is_empty() {
        vec![NO_CLAIMS.to_owned()]
    } else {
        claims_table(outcome, &outcome.claims.iter().collect::<Vec<_>>(), true).text(WIDTH_MAX, colour)
    };
    lines.push(String::new());
    lines.extend(designs_table(outcome, &outcome.designs.iter().collect::<Vec<_>>()).text(WIDTH_MAX, colour));
    lines.extend(wrap("  ", &footnotes(outcome).join("; "), width));
    lines.join("\n") + "\n"
}

/// The answer and both tables as GitHub's Markdown. For `--format md`.
pub fn render_markdown(outcome: &Outcome) -> String {
    let claims = if outcome.claims.is_empty() {
        format!("{NO_CLAIMS}\n")
    } else {
        claims_table(outcome, &outcome.claims.iter().collect::<Vec<_>>(), true).markdown()
    };
    let designs = designs_table(outcome, &outcome.designs.iter().collect::<Vec<_>>()).markdown();
    let list = |lines: Vec<String>| lines.iter().fold(String::new(), |text, line| format!("{text}- {line}\n"));
    format!(
        "# {}\n\n{}\n## Claims\n\n{claims}\n## Designs\n\n{designs}\n{}\n## How far to trust it\n\n{}",
        header(outcome, WIDTH_MAX),
        list(answer(outcome, Lang::En.words())),
        list(footnotes(outcome)),
        list(trust_sentences(outcome))
    )
}

/// Title, size and why it stopped; the title gives way.
fn header(outcome: &Outcome, width: usize) -> String {
    let m = &outcome.manifest;
    let designs = outcome.designs.len();
    let plural = if designs == 1 { "" } else { "s" };
    let (years, outages) = (count(m.replications), count(m.outages));
    let stop =
        if outcome.stopped_because.is_empty() { String::new() } else { format!(" ({})", outcome.stopped_because) };
    let title = clean(m.title.trim());
    let long = clean(&format!(": {designs} design{plural}, {years} simulated years{stop}, {outages} region outages"));
    let short = clean(&format!(": {designs} design{plural}, {years} years{stop}, {outages} outages"));
    let rest = if title.width() + long.width() <= width { long } else { short };
    let title = shorten(&title, width.saturating_sub(rest.width()).max(8));
    shorten(&(title + &rest), width)
}

/// The rows of claims; what decides one stands below its row where it would have to be shortened.
fn claims_lines(outcome: &Outcome, claims: &[&ClaimResult], width: usize, colour: bool, below: bool) -> Vec<String> {
    let decided = |c: &&ClaimResult| clean(&c.decided_by);
    let mut lengths: Vec<usize> = claims.iter().map(|c| decided(c).width()).collect();
    lengths.sort_unstable();
    let longest = lengths.last().copied().unwrap_or(0);
    let up_to = |length: usize| {
        let short: Vec<ClaimResult> = claims
            .iter()
            .map(|c| {
                let fits = decided(c).width() <= length;
                ClaimResult { decided_by: if fits { c.decided_by.clone() } else { String::new() }, ..(*c).clone() }
            })
            .collect();
        claims_table(outcome, &short.iter().collect::<Vec<_>>(), false)
    };
    let Some(length) =
        [0].iter().chain(&lengths).rev().copied().find(|length| up_to(*length).kept_whole(DECIDED).fits(width))
    else {
        return up_to(longest).text(width, colour);
    };
    if !below {
        let mut whole = up_to(longest);
        if !whole.clone().kept_whole(DECIDED).fits(width) {
            whole.leave_out(RANGE);
        }
        let kept = whole.clone().kept_whole(DECIDED);
        return if kept.fits(width) { kept } else { whole }.text(width, colour);
    }
    let mut lines = up_to(length).kept_whole(DECIDED).text(width, colour);
    let first = lines.len() - claims.len();
    for (i, claim) in claims.iter().enumerate().rev().filter(|(_, c)| decided(c).width() > length) {
        let mut more = wrap("    decided by ", &claim.decided_by, width);
        cut(&mut more, 2, width);
        for line in more.into_iter().rev() {
            lines.insert(first + i + 1, line);
        }
    }
    lines
}

/// Heading of the column that says what decides a claim.
const DECIDED: &str = "decided by";
/// Heading of the column of ranges.
const RANGE: &str = "range";

/// One row per claim; with the architecture where there are several.
fn claims_table(outcome: &Outcome, claims: &[&ClaimResult], of_all: bool) -> Table {
    let title = proposed(outcome).map_or("CLAIMS".into(), |p| format!("CLAIMS of {}", p.architecture));
    let mut columns = if of_all {
        ["DESIGN", "CLAIM", "BOUND"].map(|heading| Column::words(heading, "", 8)).to_vec()
    } else {
        // "CLAIMS of NAME" runs over name and bound.
        vec![Column::words(&title, "", 10).spans(), Column::words("", "", 8)]
    };
    columns.extend(["asked", "found", "±sim"].map(|h| Column::number(h, "")));
    columns.push(Column::number(RANGE, "").goes(2));
    columns.push(Column::words("verdict", "", 0));
    columns.push(Column::words(DECIDED, "", 16).goes(1));
    let row = |c: &&ClaimResult| {
        // What is not estimated has no numbers, whatever was counted on the way.
        let none = ClaimResult { found: None, ..(*c).clone() };
        let c = if c.verdict == Verdict::NotEstimated { &none } else { *c };
        let percent = |text: String| if text == NONE { text } else { text + " %" };
        let found = c.found.map_or(NONE.into(), |f| percent(share(f, c.interval)));
        let tone = match c.verdict {
            Verdict::Holds => Tone::Good,
            Verdict::Fails => Tone::Bad,
            Verdict::Undecided | Verdict::Depends => Tone::Open,
            _ => Tone::Plain,
        };
        let mut cells: Vec<Cell> = vec![
            c.claim.as_str().into(),
            c.bound.as_str().into(),
            share_asked(c.asked).into(),
            found.into(),
            c.found.map_or(NONE.into(), |f| share_half_width(f, c.interval)).into(),
            c.found.map_or(NONE.into(), |f| share_range(c.range, f, c.interval)).into(),
            Cell { tone, ..verdict(c.verdict).into() },
            c.decided_by.as_str().into(),
        ];
        if of_all {
            cells.insert(0, c.architecture.as_str().into());
        }
        cells
    };
    Table { columns, rows: claims.iter().map(row).collect() }
}

/// What the found shares are shares of, and the smallest counterexample.
fn claim_notes(outcome: &Outcome, width: usize, ranges: bool) -> Vec<String> {
    let Some(design) = proposed(outcome) else {
        return vec![];
    };
    let mut kinds: Vec<(&str, Vec<&ClaimResult>)> = vec![];
    for claim in
        claims_of(outcome, &design.architecture).filter(|c| c.found.is_some() && c.verdict != Verdict::NotEstimated)
    {
        match kinds.iter_mut().find(|(per, _)| *per == claim.per) {
            Some((_, claims)) => claims.push(claim),
            None => kinds.push((&claim.per, vec![claim])),
        }
    }
    kinds.sort_by_key(|(_, claims)| std::cmp::Reverse(claims.len()));
    let kinds: Vec<String> = kinds
        .iter()
        .enumerate()
        .map(|(i, (per, claims))| {
            let (low, high) = claims.iter().fold((u64::MAX, 0), |(low, high), c| (low.min(c.n), high.max(c.n)));
            let n = if low == high { count(low) } else { format!("{} .. {}", count(low), count(high)) };
            let names: Vec<&str> = claims.iter().map(|c| c.claim.as_str()).collect();
            let per = if *per == "incident" { "outages that affected it" } else { &format!("{per}s") };
            if i == 0 {
                format!("found: share of the {per}, n = {n}")
            } else {
                format!("{}: of the {per}, n = {n}", names.join(", "))
            }
        })
        .collect();
    let mut lines = if kinds.is_empty() {
        vec![]
    } else {
        // "-" where worlds differ by no more than the noise of the simulation, or cases are too few.
        let none = claims_of(outcome, &design.architecture)
            .any(|c| c.found.is_some() && c.verdict != Verdict::NotEstimated && c.range.is_none());
        let none = if none { " (-: no difference beyond noise, or too few cases)" } else { "" };
        let worlds = count(outcome.manifest.worlds);
        let range = if ranges { format!("; range: P10 .. P90 of {worlds} worlds{none}") } else { String::new() };
        let text = format!("{}; ±sim: {} % interval, worlds held fixed{range}", kinds.join("; "), level(outcome));
        wrap("  ", &text, width)
    };
    cut(&mut lines, 2, width);
    let example = claims_of(outcome, &design.architecture)
        .filter(|c| c.asked.is_none())
        .find_map(|c| Some((c, c.counterexample.as_ref()?)));
    if let Some((claim, case)) = example {
        let words = exceeding(outcome, claim, case);
        let text = format!("{}, closest break: {words} (simulated year {})", claim.claim, case.replication);
        let mut case = wrap("  ", &text, width);
        cut(&mut case, 2, width);
        lines.extend(case);
    }
    lines
}

/// The words of a counterexample with as many digits as it takes to see that it breaks the bound.
pub(crate) fn exceeding(outcome: &Outcome, result: &ClaimResult, case: &Counterexample) -> String {
    let Some(claim) = outcome.scenario.claims.iter().find(|c| c.name == result.claim) else {
        return case.words.clone();
    };
    let breaks = |text: &String| {
        let excess = case.value - claim.bound;
        text.parse::<f64>().is_ok_and(|v| (v - case.value).abs() <= 0.2 * excess.abs())
    };
    match (1..=6).map(|decimals| format!("{:.decimals$}", case.value)).find(breaks) {
        Some(digits) => case.words.replacen(&format!("{:.1}", case.value), &digits, 1),
        None => case.words.clone(),
    }
}

/// One row per architecture.
fn designs_table(outcome: &Outcome, designs: &[&DesignResult]) -> Table {
    let populations = shown_populations(outcome);
    let mut columns = vec![
        Column::words("DESIGNS", "", 18),
        Column::number("reads", "P50"),
        Column::number("back", "P99"),
        Column::number("writes", "P50"),
        Column::number("back", "P99"),
        Column::number("oldest", "file"),
    ];
    let excess = excess_of_outages(outcome);
    let least = populations.iter().copied().min_by(|a, b| excess[*a].total_cmp(&excess[*b]).then(b.cmp(a)));
    for (k, i) in populations.iter().enumerate() {
        let name = outcome.designs.first().map_or("", |d| &d.outages_met[*i].population);
        let goes = if populations.len() > 1 && least == Some(*i) { 2 } else { 1 };
        let first = if k == 0 { "outages" } else { "a year" };
        columns.push(Column::number(first, name).shrinks_to(8).goes(goes));
    }
    columns.extend(money_columns(outcome));
    columns.push(Column::number("minutes", "down/y").goes(4));
    columns.push(Column::number("failed", "req./y").goes(5));
    columns.push(Column::number("claims", "kept"));
    let row = |d: &&DesignResult| {
        let mark = match (d.is_proposed, d.worse_than_baseline) {
            (true, true) => "*!",
            (true, false) => "* ",
            (false, true) => "! ",
            (false, false) => "  ",
        };
        let tone = if d.worse_than_baseline { Tone::Bad } else { Tone::Plain };
        let mut cells: Vec<Cell> = vec![Cell { tone, ..format!("{mark}{}", d.architecture).into() }];
        for (half, late) in [&d.reads_back, &d.writes_back] {
            cells.extend([duration_figure(half), duration_or_interval(late)].map(Cell::from));
        }
        cells.push(d.oldest_file_p95.as_ref().map_or("returns".into(), duration_figure).into());
        for i in &populations {
            cells.push(d.outages_met.get(*i).map_or(NONE.into(), |met| {
                let more = d.worse_than_baseline && met.per_year.estimate > met.baseline_per_year.estimate;
                Cell { tone: if more { Tone::Bad } else { Tone::Plain }, ..amount(&met.per_year).into() }
            }));
        }
        cells.extend(money_cells(outcome, d));
        cells.push(amount(&d.downtime_minutes_per_year).into());
        cells.push(amount_short(&d.failed_requests_per_year).into());
        let kept = d.claims_kept.filter(|(_, _, judged)| *judged > 0).map_or(NONE.into(), |kept| match kept {
            (kept, 0, judged) => format!("{kept}/{judged}"),
            (kept, open, judged) => format!("{kept}+{open}?/{judged}"),
        });
        cells.push(kept.into());
        cells
    };
    Table { columns, rows: designs.iter().map(row).collect() }
}

/// The baseline's bill and work, and what every other design adds to them; then the expected loss.
fn money_cells(outcome: &Outcome, design: &DesignResult) -> Vec<Cell> {
    let Some(bill) = bill_of(outcome, &design.architecture) else {
        return vec![NONE.into(); money_columns(outcome).len()];
    };
    let plus = |figure: &Figure| match figure.estimate {
        Some(more) if more > 0.0 => format!("+{}", thousands(more)),
        Some(more) => thousands(more),
        None => NONE.into(),
    };
    let cloud = if design.is_baseline {
        bill.cloud_a_year.estimate.map_or(NONE.into(), thousands)
    } else {
        plus(&bill.cloud_more_a_year)
    };
    let mut cells: Vec<Cell> = vec![cloud.into()];
    if outcome.scenario.money.person_day.is_some() {
        let own = |people: &Figure| if design.is_baseline { NONE.into() } else { plus(people) };
        cells.push(bill.people_more_a_year.as_ref().map_or(NONE.into(), own).into());
    }
    if let Some(loss) = outcome.losses.iter().find(|loss| loss.architecture == design.architecture) {
        cells.push(thousands_figure(&loss.mean).into());
    }
    cells
}

/// The columns of money: what is estimated.
fn money_columns(outcome: &Outcome) -> Vec<Column> {
    let unit = format!("{}/y", unit_of_money(outcome));
    let names = [
        ("bill", !outcome.bills.is_empty()),
        ("people", !outcome.bills.is_empty() && outcome.scenario.money.person_day.is_some()),
        ("loss", !outcome.losses.is_empty()),
    ];
    names.into_iter().filter(|(_, shown)| *shown).map(|(name, _)| Column::number(name, &unit)).collect()
}

/// The populations with a column: those that some design treats worst, in the scenario's order.
fn shown_populations(outcome: &Outcome) -> Vec<usize> {
    let excess = excess_of_outages(outcome);
    let mut order: Vec<usize> = (0..excess.len()).collect();
    order.sort_by(|a, b| excess[*b].total_cmp(&excess[*a]).then(a.cmp(b)));
    order.truncate(POPULATIONS_MAX);
    order.sort_unstable();
    order
}

/// By population, how many more outages a year it meets than under the baseline, in the design that treats it worst.
fn excess_of_outages(outcome: &Outcome) -> Vec<f64> {
    let n = outcome.designs.iter().map(|d| d.outages_met.len()).min().unwrap_or(0);
    let excess = |i: usize| {
        let more =
            |d: &DesignResult| Some(d.outages_met[i].per_year.estimate? - d.outages_met[i].baseline_per_year.estimate?);
        outcome.designs.iter().filter_map(more).fold(0.0, f64::max)
    };
    (0..n).map(excess).collect()
}

/// The level of the intervals in percent.
pub(crate) fn level(outcome: &Outcome) -> f64 {
    (100.0 * outcome.manifest.confidence * 1e6).round() / 1e6
}

/// What the marks and columns of the table of designs mean; the most needed first.
fn footnotes(outcome: &Outcome) -> Vec<String> {
    let designs = &outcome.designs;
    let under = baseline(outcome).map_or("the baseline", |b| &b.architecture);
    let mut notes = vec!["*: proposed".to_owned()];
    if designs.iter().any(|d| d.worse_than_baseline) {
        notes.push(format!("!: more requests fail a year than under {under}"));
    }
    if designs.iter().any(|d| d.claims_kept.is_some_and(|(_, open, judged)| open > 0 && judged > 0)) {
        notes.push("+n?: not refuted".into());
    }
    let times = |d: &DesignResult| {
        [d.reads_back.0, d.reads_back.1, d.writes_back.0, d.writes_back.1, d.oldest_file_p95.unwrap_or(d.reads_back.0)]
    };
    if designs.iter().flat_map(times).any(|f| duration_figure(&f) == NONE) {
        notes.push("-: too few cases to say".into());
    }
    if designs.iter().any(|d| d.oldest_file_p95.is_none()) {
        notes.push("returns: data returns with its region".into());
    }
    if let Some(mark) = mark(outcome, Lang::En.words()) {
        notes.push(format!("bill, people, loss: {mark}"));
    }
    if outcome.bills.iter().any(|b| b.unpriced > 0) {
        notes.push("bill: without lines that no price was found for".into());
    }
    notes.push("back: all outages of all populations (each: metrics.csv)".into());
    if designs.iter().any(|d| [d.reads_back.1, d.writes_back.1].iter().any(|f| duration_or_interval(f).contains("..")))
    {
        notes.push(format!("a..b: {} % interval", level(outcome)));
    }
    notes.push("oldest file: at risk, P95 of the cuts that left one".into());
    notes.push("down: below the service level".into());
    let (shown, all) =
        (shown_populations(outcome).len(), designs.iter().map(|d| d.outages_met.len()).max().unwrap_or(0));
    if all > shown {
        notes.push(format!("{} other populations: --format csv", all - shown));
    }
    notes
}

/// The parts of the proposed design's recovery as bars.
fn where_the_time_goes(outcome: &Outcome, width: usize) -> Vec<String> {
    let Some(design) = proposed(outcome) else {
        return vec![];
    };
    let bars: Vec<&Waterfall> =
        outcome.figures.waterfall.iter().filter(|w| w.architecture == design.architecture && w.n > 0).collect();
    if bars.is_empty() {
        return vec![];
    }
    let title =
        format!("WHERE THE TIME GOES, {}, mean over outages of one region only; parts from 3 %", design.architecture);
    let mut lines = vec![shorten(&clean(&title), width)];
    // One scale for all bars: the longest that needs three lines, or else four.
    let bars = &bars[..bars.len().min(2)];
    let draw = |room: usize| -> Vec<String> { bars.iter().flat_map(|bar| bar_lines(bar, bars, room, width)).collect() };
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
fn capacity(outcome: &Outcome, width: usize) -> Vec<String> {
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
    let words = |c: &CapacityResult| match c.resource.as_str() {
        "requests_per_second" => "requests/s".to_owned(),
        "concurrency" => "functions at once".to_owned(),
        "concurrency_growth" => "new functions/s".to_owned(),
        "bandwidth" => "Mbit/s".to_owned(),
        other => other.replace('_', " "),
    };
    let amount = |x: f64| count(x.round() as u64);
    let needs = own.iter().filter(|c| close(c) && lasting(c)).filter_map(|c| {
        let (share, figure) =
            if c.required.1.estimate.is_some() { ("99", &c.required.1) } else { ("95", &c.required.0) };
        let within =
            figure.interval.map_or(String::new(), |(low, high)| format!("{} .. {}; ", amount(low), amount(high)));
        let found = amount(figure.estimate?);
        Some(format!("{found} {} ({within}has {}) for {share} % of outages", words(c), amount(c.limit)))
    });
    let mut parts = Vec::new();
    let needs: Vec<String> = needs.collect();
    if !needs.is_empty() {
        parts.push(format!("busiest region needs {}", needs.join(", ")));
    }
    if let Some(first) = first {
        let found = share(first.first_short.estimate.unwrap_or(0.0), first.first_short.interval);
        parts.push(format!("in {found} % of its outages a region is first short of {}", words(first)));
    }
    let sentence = parts.join("; ");
    let mut lines = wrap("CAPACITY  ", &clean(&sentence), width);
    cut(&mut lines, 3, width);
    lines
}

/// The error budget of the proposed design, and what arithmetic makes of its availability.
fn availability(outcome: &Outcome, width: usize) -> Vec<String> {
    let Some(sentence) = crate::availability::sentence(outcome) else { return vec![] };
    let mut lines = wrap("SLA     ", &clean(&sentence), width);
    cut(&mut lines, 3, width);
    lines
}

/// One bar with its parts; `room` is the length of the longest bar in characters.
fn bar_lines(bar: &Waterfall, bars: &[&Waterfall], room: usize, width: usize) -> Vec<String> {
    let lead = format!("{:<7}{:>7}  ", shorten(&format!("{}s", clean(&bar.operation)), 7), duration(bar.mean_seconds));
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
        add(&format!("{} {} {drawn}", clean(name).replace('_', " "), duration(*seconds)));
    }
    if bar.operation == "write" && bar.database_share > 0.0 {
        add(&format!("({:.0} % waited for the database)", 100.0 * bar.database_share.min(1.0)));
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// How far to trust it, and how to get it again.
fn trust(outcome: &Outcome, width: usize, layout: &Layout) -> Vec<String> {
    let [inputs, scope] = trust_inputs_and_scope(outcome);
    let mut scope = wrap("        ", &scope, width);
    cut(&mut scope, 2, width);
    let mut lines = wrap("TRUST   ", &inputs, width);
    cut(&mut lines, layout.trust.saturating_sub(scope.len()).max(1), width);
    lines.extend(scope);
    let warnings = warnings(outcome);
    let (mut shown, mut room) = layout.warnings;
    shown = shown.min(warnings.len());
    room = room.saturating_sub(usize::from(shown < warnings.len()));
    let mut said = 0;
    for (i, warning) in warnings.iter().take(shown).enumerate() {
        let more = warnings.len() - i - 1;
        let tail = if more > 0 && i + 1 == shown { format!(" (+{more} more: drsim validate)") } else { String::new() };
        let part = wrap("        ", &format!("Warning: {warning}{tail}"), width);
        if part.len() > room {
            break;
        }
        room -= part.len();
        said += 1;
        lines.extend(part);
    }
    if said < shown || (shown == 0 && !warnings.is_empty()) {
        let (n, more) = (warnings.len() - said, if said > 0 { " more" } else { "" });
        let plural = if n == 1 { "" } else { "s" };
        lines.push(format!("        {n}{more} warning{plural}: drsim validate"));
    }
    lines.extend(wrap_command("        Again: ", &outcome.manifest.command, width));
    lines
}

fn trust_sentences(outcome: &Outcome) -> Vec<String> {
    let mut sentences = trust_inputs_and_scope(outcome).to_vec();
    sentences.extend(warnings(outcome).iter().map(|warning| format!("Warning: {warning}")));
    sentences.push(format!("Again: {}", outcome.manifest.command));
    sentences
}

/// The warnings; first those that bear on the claims of the proposed design, then those on the design.
fn warnings(outcome: &Outcome) -> Vec<&str> {
    let name = proposed(outcome).map_or(String::new(), |d| format!("`{}`", d.architecture));
    let mut warnings: Vec<&str> = outcome.warnings.iter().map(String::as_str).collect();
    warnings.sort_by_key(|warning| match warning {
        w if w.contains("cannot meet") && w.contains(&name) => 0,
        w if w.contains(&name) => 1,
        _ => 2,
    });
    warnings
}

/// What the numbers rest on, and what they leave out.
fn trust_inputs_and_scope(outcome: &Outcome) -> [String; 2] {
    let of = |basis: Basis| outcome.provenance.iter().filter(move |row| row.provenance.basis == basis);
    let kinds = [
        (Basis::Measured, "measured"),
        (Basis::Contract, "contract"),
        (Basis::Documented, "documented"),
        (Basis::Reported, "reported"),
        (Basis::Estimated, "estimated"),
        (Basis::Unverified, "unverified"),
    ]
    .map(|(basis, name)| (of(basis).count(), name))
    .into_iter()
    .filter(|(count, name)| *count > 0 || ["measured", "unverified"].contains(name))
    .map(|(count, name)| format!("{count} {name}"))
    .collect::<Vec<_>>();
    let mut unverified: Vec<&str> = of(Basis::Unverified).map(|row| row.path.as_str()).collect();
    // How often, how long and what then happens moves the answer more than how many are there to see it.
    unverified.sort_by_key(|path| match path.split('.').next() {
        Some("outages") => 0,
        Some("recovery") => 1,
        Some("populations" | "demand") => 3,
        _ => 2,
    });
    let names: Vec<&str> = unverified.into_iter().map(short_path).collect();
    let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    let ranges = outcome.provenance.iter().filter(|row| row.range.is_some()).count();
    let inputs = outcome.provenance.len();
    [format!("range covers {ranges} of {inputs} inputs; {}{names}.", kinds.join(", ")), simulated(outcome)]
}

/// Which causes are switched on, and what is not simulated at all.
fn simulated(outcome: &Outcome) -> String {
    let on: Vec<&str> = outcome.scenario.outages.iter().map(|input| input.cause.name()).collect();
    let off = Cause::ALL.len() - on.len();
    if off == 0 {
        return "All causes of outage are switched on.".into();
    }
    format!("Causes switched on: {}; {off} others are off (outages.causes).", on.join(", ").replace('_', " "))
}

/// A path without its section, where enough of it is left: `europe.users`.
fn short_path(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, rest)| if rest.contains('.') { rest } else { path })
}

/// The most important of the rows, in their order, and how many were left out.
fn fitting<T: Copy>(rows: Vec<T>, room: usize, rank: impl Fn(T) -> u8) -> (Vec<T>, usize) {
    if rows.len() <= room {
        return (rows, 0);
    }
    let room = room.saturating_sub(1).max(1);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|i| rank(rows[*i]));
    order.truncate(room);
    order.sort_unstable();
    let left = rows.len() - order.len();
    (order.into_iter().map(|i| rows[i]).collect(), left)
}

fn with_more(mut table: Vec<String>, left_out: usize, what: &str, notes: Vec<String>) -> Vec<String> {
    if left_out > 0 {
        table.push(format!("  … {left_out} more {what}: --format table"));
    }
    table.extend(notes);
    table
}

/// At most so many lines, the last one ending in an ellipsis if some were cut.
fn cut(lines: &mut Vec<String>, at_most: usize, width: usize) {
    if lines.len() > at_most {
        lines.truncate(at_most);
        if let Some(last) = lines.last_mut() {
            *last = shorten(&format!("{last} …"), width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use drsim_experiment::outcome::Figure;
    use proptest::prelude::*;

    fn assert_fits(name: &str, text: &str, width: usize) {
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{name}: {lines} lines\n{text}");
        for line in text.lines() {
            assert!(line.width() <= width, "{name}: {} columns: {line}", line.width());
            assert!(!line.contains("NaN") && !line.contains("inf ") && !line.contains('\x1b'), "{name}: {line}");
        }
    }

    #[test]
    fn every_case_fits_forty_lines_and_its_width() {
        for (name, outcome) in sample::cases() {
            for width in [100, 80] {
                assert_fits(name, &render(&outcome, width, false), width);
            }
            let coloured = render(&outcome, 100, true);
            let plain = ["32", "33", "1;31", "0"]
                .iter()
                .fold(coloured, |text, code| text.replace(&format!("\x1b[{code}m"), ""));
            assert_eq!(plain, render(&outcome, 100, false), "colour adds nothing but colour");
            assert!(!render_markdown(&outcome).contains("NaN"));
            assert!(!render_table(&outcome, 100, false).contains("NaN"));
        }
    }

    /// `DRSIM_BLESS=1 cargo test -p drsim-report` writes it anew: read the difference before committing it.
    #[test]
    fn the_page_reads_as_before() {
        let page = render(&sample::outcome(), 100, false) + "\n" + &render(&sample::outcome(), 80, false);
        if std::env::var_os("DRSIM_BLESS").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/sample_page.txt"), &page)
                .expect("the source is writable");
            return;
        }
        assert_eq!(page, include_str!("sample_page.txt"));
    }

    #[test]
    fn a_design_worse_than_none_is_called_so_right_after_the_claims() {
        let page = render(&sample::outcome(), 100, false).replace("\n        ", " ");
        let says = "Worse than no second region: adr_as_written (no health check): down 176 minutes a year against 61 under single_region; united_states meets \
                    0.26 outages a year against 0.032.";
        assert!(page.contains(says), "{page}");
        assert!(render(&sample::outcome(), 100, true).contains("\x1b[1;31mWorse\x1b[0m"));
        let mut outcome = sample::outcome();
        outcome.designs.iter_mut().for_each(|d| d.worse_than_baseline = false);
        assert!(!render(&outcome, 100, false).contains("orse than"));
        outcome.designs[4].worse_than_baseline = true;
        assert!(render(&outcome, 100, false).contains("adr_fast_checks (proposed)"));
    }

    #[test]
    fn percentiles_the_sample_cannot_bear_have_no_digits() {
        let mut outcome = sample::outcome();
        outcome.designs[4].reads_back.1.interval = None;
        let page = render(&outcome, 100, false);
        let row =
            page.lines().find(|line| line.starts_with("* adr_fast_checks")).expect("the proposed design has a row");
        assert!(row.contains("102 s       -"), "{row}");
        assert!(page.replace("\n  ", " ").contains("-: too few cases to say"));
    }

    #[test]
    fn a_command_is_never_cut_and_can_be_copied() {
        let outcome = sample::long_names();
        let page = render(&outcome, 80, false);
        let again = page.split("Again: ").nth(1).expect("the page ends with the command");
        let copied = again.replace("\\\n", "");
        let words: Vec<&str> = copied.split_whitespace().collect();
        assert_eq!(words, outcome.manifest.command.split_whitespace().collect::<Vec<_>>(), "{page}");
    }

    #[test]
    fn why_it_stopped_is_said_even_below_a_long_title() {
        let mut outcome = sample::long_names();
        outcome.stopped_because = "interrupted".into();
        for width in [100, 80] {
            assert!(render(&outcome, width, false).lines().next().is_some_and(|l| l.contains("(interrupted)")));
        }
    }

    #[test]
    fn a_scenario_without_claims_says_so() {
        let page = render(&sample::no_claims(), 100, false);
        assert!(page.contains("the scenario makes no claims") && !page.contains("CLAIMS"), "{page}");
        assert!(render_table(&sample::no_claims(), 100, false).starts_with("the scenario makes no claims"));
    }

    #[test]
    fn a_wide_percentile_is_a_range_and_not_refuted_is_not_kept() {
        let mut outcome = sample::outcome();
        outcome.designs[4].reads_back.1.interval = Some((110.7, 10_334.0));
        outcome.designs[4].claims_kept = Some((1, 1, 4));
        outcome
            .claims
            .iter_mut()
            .filter(|c| c.claim == "rpo_files")
            .for_each(|c| c.verdict = Verdict::NoCounterexample);
        let page = render(&outcome, 100, false);
        assert!(page.contains("111 s..2.9 h") && page.contains("1+1?/4"), "{page}");
        assert!(page.contains("keeps 1 of its 4 claims: rpo_rows; 1 not refuted: rpo_files."), "{page}");
        assert!(!page.contains("keeps more"), "{page}");
    }

    #[test]
    fn what_decides_a_claim_is_never_cut() {
        let mut outcome = sample::outcome();
        let decides = "detection and then the DNS answers cached at the edge of it all";
        outcome.claims.iter_mut().filter(|c| c.claim == "rto_reads").for_each(|c| c.decided_by = decides.into());
        let page = render(&outcome, 100, false);
        assert!(page.contains(decides), "{page}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn no_number_widens_the_page(numbers in proptest::collection::vec(proptest::num::f64::ANY, 8), words in "\\PC{0,60}") {
            let mut outcome = sample::outcome();
            let figure = |i: usize| Figure { estimate: Some(numbers[i]), interval: Some((numbers[i + 1], numbers[i + 2])), range: None, n: 9 };
            for (i, design) in outcome.designs.iter_mut().enumerate() {
                design.reads_back = (figure(i % 6), figure((i + 1) % 6));
                design.downtime_minutes_per_year = figure(i % 5);
                design.oldest_file_p95 = Some(figure(i % 4));
                design.outages_met[0].per_year = figure(i % 3);
                design.remark.clone_from(&words);
            }
            for claim in &mut outcome.claims {
                (claim.found, claim.interval, claim.range) = (Some(numbers[0]), Some((numbers[1], numbers[2])), Some((numbers[3], numbers[4])));
                claim.decided_by.clone_from(&words);
            }
            for bar in &mut outcome.figures.waterfall {
                (bar.mean_seconds, bar.database_share, bar.parts[0].1) = (numbers[5], numbers[6], numbers[7]);
            }
            outcome.manifest.title.clone_from(&words);
            for width in [100, 80] {
                let page = render(&outcome, width, false);
                prop_assert!(page.lines().count() <= LINES_MAX);
                for line in page.lines() {
                    prop_assert!(line.width() <= width, "{} columns: {line}", line.width());
                }
            }
        }
    }
}
