//! What `drsim run` prints: the answer first, then why, then how far to trust it. At most 40 lines.
//!
//! Left out: anything that needs a second look. It stands in `results.json` and `metrics.csv`, and the last lines say
//! how to get there.

use crate::format::{
    NONE, amount, count, duration, duration_figure, share, share_asked, share_half_width, share_range,
};
use crate::table::{Cell, Column, Table, Tone, clean, shorten, wrap};
use crate::wording::{answer, baseline, claims_of, proposed, verdict};
use drsim_experiment::outcome::{ClaimResult, DesignResult, Outcome, Verdict, Waterfall};
use drsim_experiment::scenario::Basis;
use unicode_width::UnicodeWidthStr;

/// Lines that [`render`] prints at most.
pub const LINES_MAX: usize = 40;

/// Population columns of the table of designs.
const POPULATIONS_MAX: usize = 2;

/// What `drsim run` prints: at most [`LINES_MAX`] lines, none wider than `width` columns (at least 60).
pub fn render(outcome: &Outcome, width: usize, colour: bool) -> String {
    let width = width.max(60);
    let claims: Vec<&ClaimResult> = proposed(outcome).map_or(vec![], |p| claims_of(outcome, &p.architecture).collect());
    let designs: Vec<&DesignResult> = outcome.designs.iter().collect();
    let notes = (claim_notes(outcome, width), design_notes(outcome, width));
    let time = where_the_time_goes(outcome, width);
    let mut trust = trust(outcome, width);
    let mut sentences = answer(outcome);
    // What gives way first when there are many rows: the last sentences of the answer, then the warning.
    let (answer, room) = loop {
        let mut answer = wrap("ANSWER  ", &sentences.join(" "), width);
        cut(&mut answer, 6, width);
        let headings = 3 + usize::from(!claims.is_empty()) + 5;
        let fixed = headings + answer.len() + notes.0.len() + notes.1.len() + time.len() + trust.len();
        let room = LINES_MAX.saturating_sub(fixed);
        if room >= claims.len() + designs.len() || (sentences.len() <= 2 && trust.len() <= 4) {
            break (answer, room);
        }
        if sentences.len() > 2 {
            sentences.pop();
        } else {
            trust.retain(|line| !line.trim_start().starts_with("Warning"));
            if trust.len() > 4 {
                break (answer, room);
            }
        }
    };
    let claims_room = claims.len().min(room.saturating_sub(designs.len()).max(room / 2));
    let claims = fitting(claims, claims_room, |c| match c.verdict {
        Verdict::Fails => 0,
        Verdict::Depends | Verdict::Undecided => 1,
        Verdict::Holds | Verdict::NoCounterexample => 2,
        Verdict::NoCases | Verdict::NotEstimated => 3,
    });
    let designs = fitting(designs, room - claims_room, |d| match d {
        d if d.is_proposed => 0,
        d if d.is_baseline => 1,
        d if d.worse_than_baseline => 2,
        _ => 3,
    });

    let mut lines = wrap("", &header(outcome), width);
    cut(&mut lines, 1, width);
    let mut section = |part: Vec<String>| {
        if !part.is_empty() {
            lines.push(String::new());
            lines.extend(part);
        }
    };
    section(answer.iter().map(|line| line.replacen("Worse", &Tone::Bad.paint("Worse", colour), 1)).collect());
    section(with_more(claims_table(outcome, &claims.0, false).text(width, colour), claims.1, "claims", notes.0));
    section(with_more(designs_table(outcome, &designs.0).text(width, colour), designs.1, "designs", notes.1));
    section(time);
    section(trust);
    lines.join("\n") + "\n"
}

/// The two tables alone and in full: every claim of every architecture, every design. For `--format table`.
pub fn render_table(outcome: &Outcome, width: usize, colour: bool) -> String {
    let width = width.max(60);
    let mut lines = claims_table(outcome, &outcome.claims.iter().collect::<Vec<_>>(), true).text(width, colour);
    lines.push(String::new());
    lines.extend(designs_table(outcome, &outcome.designs.iter().collect::<Vec<_>>()).text(width, colour));
    lines.extend(design_notes(outcome, width));
    lines.join("\n") + "\n"
}

/// The answer and both tables as GitHub's Markdown. For `--format md`.
pub fn render_markdown(outcome: &Outcome) -> String {
    let claims = claims_table(outcome, &outcome.claims.iter().collect::<Vec<_>>(), true).markdown();
    let designs = designs_table(outcome, &outcome.designs.iter().collect::<Vec<_>>()).markdown();
    let list = |lines: Vec<String>| lines.iter().fold(String::new(), |text, line| format!("{text}- {line}\n"));
    format!(
        "# {}\n\n{}\n## Claims\n\n{claims}\n## Designs\n\n{designs}\n{}\n## How far to trust it\n\n{}",
        header(outcome),
        list(answer(outcome)),
        list(footnotes(outcome)),
        list(trust_sentences(outcome))
    )
}

fn header(outcome: &Outcome) -> String {
    let m = &outcome.manifest;
    let designs = outcome.designs.len();
    let plural = if designs == 1 { "" } else { "s" };
    let (years, outages) = (count(m.replications), count(m.outages));
    clean(&format!("{}: {designs} design{plural}, {years} simulated years, {outages} region outages", m.title))
}

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
    columns.push(Column::number("range", "").goes(2));
    columns.push(Column::words("verdict", "", 0));
    columns.push(Column::words("decided by", "", 16).goes(1));
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
fn claim_notes(outcome: &Outcome, width: usize) -> Vec<String> {
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
        wrap("  ", &(kinds.join("; ") + "; range: P10 .. P90 over worlds"), width)
    };
    cut(&mut lines, 2, width);
    let example = claims_of(outcome, &design.architecture)
        .filter(|c| c.asked.is_none())
        .find_map(|c| Some((c, c.counterexample.as_ref()?)));
    if let Some((claim, case)) = example {
        let text = format!("{}, smallest counterexample: {} (replay {})", claim.claim, case.words, case.replication);
        let mut case = wrap("  ", &text, width);
        cut(&mut case, 1, width);
        lines.extend(case);
    }
    lines
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
        Column::number("oldest", "file P95"),
    ];
    for (k, i) in populations.iter().enumerate() {
        let name = outcome.designs.first().map_or("", |d| &d.outages_met[*i].population);
        columns.push(Column::number(if k == 0 { "outages" } else { "a year" }, name).shrinks_to(6));
    }
    columns.push(Column::number("minutes", "down/y").goes(1));
    columns.push(Column::number("money", "").goes(2));
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
        let [a, b, c, e] = [&d.reads_back.0, &d.reads_back.1, &d.writes_back.0, &d.writes_back.1].map(duration_figure);
        cells.extend([a, b, c, e].map(Cell::from));
        cells.push(d.oldest_file_p95.as_ref().map_or("returns".into(), duration_figure).into());
        for i in &populations {
            cells.push(d.outages_met.get(*i).map_or(NONE.into(), |met| {
                let more = d.worse_than_baseline && met.per_year.estimate > met.baseline_per_year.estimate;
                Cell { tone: if more { Tone::Bad } else { Tone::Plain }, ..amount(&met.per_year).into() }
            }));
        }
        cells.push(amount(&d.downtime_minutes_per_year).into());
        cells.push("not est.".into());
        cells.push(d.claims_kept.map_or(NONE.into(), |(kept, judged)| format!("{kept}/{judged}")).into());
        cells
    };
    Table { columns, rows: designs.iter().map(row).collect() }
}

/// The populations with a column: those that some design treats worst, in the scenario's order.
fn shown_populations(outcome: &Outcome) -> Vec<usize> {
    let n = outcome.designs.iter().map(|d| d.outages_met.len()).min().unwrap_or(0);
    let excess = |i: usize| {
        let more =
            |d: &DesignResult| Some(d.outages_met[i].per_year.estimate? - d.outages_met[i].baseline_per_year.estimate?);
        outcome.designs.iter().filter_map(more).fold(0.0, f64::max)
    };
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| excess(*b).total_cmp(&excess(*a)).then(a.cmp(b)));
    order.truncate(POPULATIONS_MAX);
    order.sort_unstable();
    order
}

fn footnotes(outcome: &Outcome) -> Vec<String> {
    let designs = &outcome.designs;
    let under = baseline(outcome).map_or("the baseline", |b| &b.architecture);
    let mut notes = vec!["*: proposed".to_owned()];
    if designs.iter().any(|d| d.worse_than_baseline) {
        notes.push(format!("!: worse than {under}"));
    }
    let times = |d: &DesignResult| {
        [d.reads_back.0, d.reads_back.1, d.writes_back.0, d.writes_back.1, d.oldest_file_p95.unwrap_or(d.reads_back.0)]
    };
    if designs.iter().flat_map(times).any(|f| duration_figure(&f) == NONE) {
        notes.push("-: too few cases to say".into());
    }
    if designs.iter().any(|d| d.oldest_file_p95.is_none()) {
        notes.push("returns: no copy, data returns with its region".into());
    }
    let (shown, all) =
        (shown_populations(outcome).len(), designs.iter().map(|d| d.outages_met.len()).max().unwrap_or(0));
    if all > shown {
        notes.push(format!("{} other populations: --format csv", all - shown));
    }
    notes
}

fn design_notes(outcome: &Outcome, width: usize) -> Vec<String> {
    let mut lines = wrap("  ", &footnotes(outcome).join("; "), width);
    cut(&mut lines, 2, width);
    lines
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
    let title = format!("WHERE THE TIME GOES, {}, mean over outages of one region only", design.architecture);
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
    // Parts below half a percent of the whole cannot be seen.
    for (name, seconds) in bar.parts.iter().filter(|(_, seconds)| *seconds >= 0.005 * bar.mean_seconds.max(1e-9)) {
        let length = (seconds / longest * room as f64).round().clamp(0.0, room as f64) as usize;
        let drawn = if length == 0 { "▏".into() } else { "█".repeat(length) };
        add(&format!("{} {} {drawn}", clean(name).replace('_', " "), duration(*seconds)));
    }
    if bar.operation == "write" && bar.database_share > 0.0 {
        add(&format!("(database decided {:.0} %)", 100.0 * bar.database_share.min(1.0)));
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// How far to trust it, and how to get it again.
fn trust(outcome: &Outcome, width: usize) -> Vec<String> {
    let mut lines = vec![];
    for (i, sentence) in trust_sentences(outcome).iter().enumerate() {
        let lead = if i == 0 { "TRUST   " } else { "        " };
        let mut part = if i == 0 {
            wrap(lead, sentence, width)
        } else {
            vec![shorten(&clean(&format!("{lead}{sentence}")), width)]
        };
        cut(&mut part, 2, width);
        lines.extend(part);
    }
    lines
}

fn trust_sentences(outcome: &Outcome) -> Vec<String> {
    let m = &outcome.manifest;
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
    let unverified: Vec<&str> = of(Basis::Unverified).map(|row| short_path(&row.path)).collect();
    let names = if unverified.is_empty() { String::new() } else { format!(": {}", unverified.join(", ")) };
    let mut sentences = vec![format!("{} inputs: {}{names}.", outcome.provenance.len(), kinds.join(", "))];
    sentences.push(format!(
        "Money is not estimated. Seed {}, {} worlds; intervals at {} %, worlds held fixed.",
        m.seed,
        count(m.worlds),
        (100.0 * m.confidence * 1e6).round() / 1e6
    ));
    if let Some(first) = outcome.warnings.first() {
        let more = outcome.warnings.len() - 1;
        sentences.push(if more > 0 {
            format!("Warning (+{more} in results.json): {first}")
        } else {
            format!("Warning: {first}")
        });
    }
    sentences.push(format!("Again: {}", m.command));
    sentences
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
        let says = "Worse than no second region: adr_as_written (no health check); united_states meets 0.26 outages a year against \
                    0.032 under single_region.";
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
        assert!(page.contains("-: too few cases to say"));
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
