//! What `drsim run` prints: the answer first, then why, then how far to trust it. At most 40 lines.
//!
//! Left out: anything that needs a second look. It stands in `results.json` and `metrics.csv`, and the last lines say
//! how to get there.

mod claims;
mod designs;
mod time;
mod trust;

use crate::format::count;
use crate::table::{Tone, clean, shorten, wrap};
use crate::wording::{answer, claims_of, proposed};
use crate::words::{Lang, Words};
use claims::{claim_notes, claims_lines, claims_table};
use designs::{designs_table, footnotes};
use drsim_experiment::outcome::{ClaimResult, DesignResult, Outcome, Verdict};
use time::{availability, capacity, where_the_time_goes};
use trust::{trust, trust_sentences};
use unicode_width::UnicodeWidthStr;

pub(crate) use claims::exceeding;

/// Lines that [`render`] prints at most.
pub const LINES_MAX: usize = 40;

/// Wide enough for any table.
const WIDTH_MAX: usize = 10_000;

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
pub fn render(outcome: &Outcome, lang: Lang, width: usize, colour: bool) -> String {
    let (w, width) = (lang.words(), width.max(60));
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
    let mut time = where_the_time_goes(outcome, w, width);
    time.extend(capacity(outcome, w, width));
    let fits = |layout: &Layout| page(outcome, w, (width, false), layout, &time).len() <= LINES_MAX;
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
    let mut lines = page(outcome, w, (width, colour), &layout, &time);
    lines.truncate(LINES_MAX);
    lines.join("\n") + "\n"
}

fn page(outcome: &Outcome, w: &Words, (width, colour): (usize, bool), layout: &Layout, time: &[String]) -> Vec<String> {
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
    let mut sentences = answer(outcome, w);
    sentences.truncate(layout.sentences);
    let mut answer = wrap(&lead(w, "text-answer"), &sentences.join(" "), width);
    cut(&mut answer, 7, width);

    let head = header(outcome, w, width);
    let stop = clean(&w.phrase(&outcome.stopped_because));
    let is_cut = outcome.stopped_because == "interrupted";
    let head = if is_cut { head.replacen(&stop, &Tone::Bad.paint(&stop, colour), 1) } else { head };
    let mut lines = vec![head];
    if layout.airy {
        lines.push(String::new());
    }
    let worse = w.t("text-worse");
    lines.extend(answer.iter().map(|line| line.replacen(&worse, &Tone::Bad.paint(&worse, colour), 1)));
    let mut section = |part: Vec<String>, blank: bool| {
        if !part.is_empty() {
            lines.extend(blank.then(String::new));
            lines.extend(part);
        }
    };
    let (notes, below) = (claim_notes(outcome, w, width, layout.below), layout.below);
    if !claims.0.is_empty() {
        let table = claims_lines(outcome, w, &claims.0, (width, colour), below);
        section(with_more(table, w, ("text-more-claims", claims.1), notes), true);
    }
    let mut notes = wrap("  ", &footnotes(outcome, w).join("; "), width);
    cut(&mut notes, layout.notes, width);
    let table = designs_table(outcome, w, &designs.0).text(width, colour);
    section(with_more(table, w, ("text-more-designs", designs.1), notes), true);
    section(time.to_vec(), layout.blanks);
    section(if layout.availability { availability(outcome, w, width) } else { vec![] }, false);
    section(trust(outcome, w, width, layout), layout.blanks);
    lines
}

/// The two tables alone and in full: every claim of every architecture, every design. For `--format table`.
///
/// Nothing is shortened: rows may be wider than `width`, which only the notes keep to.
pub fn render_table(outcome: &Outcome, lang: Lang, width: usize, colour: bool) -> String {
    let (w, width) = (lang.words(), width.max(60));
    let mut lines = if outcome.claims.is_empty() {
        vec![w.t("text-no-claims")]
    } else {
        claims_table(outcome, w, &outcome.claims.iter().collect::<Vec<_>>(), true).text(WIDTH_MAX, colour)
    };
    lines.push(String::new());
    lines.extend(designs_table(outcome, w, &outcome.designs.iter().collect::<Vec<_>>()).text(WIDTH_MAX, colour));
    lines.extend(wrap("  ", &footnotes(outcome, w).join("; "), width));
    lines.join("\n") + "\n"
}

/// The answer and both tables as GitHub's Markdown. For `--format md`.
pub fn render_markdown(outcome: &Outcome, lang: Lang) -> String {
    let w = lang.words();
    let claims = if outcome.claims.is_empty() {
        w.t("text-no-claims") + "\n"
    } else {
        claims_table(outcome, w, &outcome.claims.iter().collect::<Vec<_>>(), true).markdown()
    };
    let designs = designs_table(outcome, w, &outcome.designs.iter().collect::<Vec<_>>()).markdown();
    let list = |lines: Vec<String>| lines.iter().fold(String::new(), |text, line| format!("{text}- {line}\n"));
    format!(
        "# {}\n\n{}\n## {}\n\n{claims}\n## {}\n\n{designs}\n{}\n## {}\n\n{}",
        header(outcome, w, WIDTH_MAX),
        list(answer(outcome, w)),
        w.t("text-heading-claims"),
        w.t("text-heading-designs"),
        list(footnotes(outcome, w)),
        w.t("text-heading-trust"),
        list(trust_sentences(outcome, w))
    )
}

/// Title, size and why it stopped; the title gives way.
fn header(outcome: &Outcome, w: &Words, width: usize) -> String {
    let m = &outcome.manifest;
    let number = |n: u64| w.number(&count(n));
    let stop = match outcome.stopped_because.as_str() {
        "" => String::new(),
        why => format!(" ({})", w.phrase(why)),
    };
    let title = clean(m.title.trim());
    let gaps = [
        ("designs", outcome.designs.len().into()),
        ("years", number(m.replications).into()),
        ("stop", stop.into()),
        ("outages", number(m.outages).into()),
    ];
    let [long, short] = ["text-size", "text-size-short"].map(|key| format!(": {}", clean(&w.say(key, &gaps))));
    let rest = if title.width() + long.width() <= width { long } else { short };
    let title = shorten(&title, width.saturating_sub(rest.width()).max(8));
    shorten(&(title + &rest), width)
}

/// A word in capitals before the lines of a section; they are all as wide.
fn lead(w: &Words, key: &str) -> String {
    format!("{:<6}  ", w.t(key))
}

/// The level of the intervals in percent.
pub(crate) fn level(outcome: &Outcome) -> f64 {
    (100.0 * outcome.manifest.confidence * 1e6).round() / 1e6
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

fn with_more(mut table: Vec<String>, w: &Words, (key, left_out): (&str, usize), notes: Vec<String>) -> Vec<String> {
    if left_out > 0 {
        table.push(format!("  … {}", w.say(key, &[("n", left_out.into())])));
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
mod tests;
