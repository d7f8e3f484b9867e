//! The claims of the proposed design: a row each, and what the numbers are shares of.

use super::{cut, level};
use crate::format::{NONE, count, share, share_half_width, share_range};
use crate::table::{Cell, Column, Table, Tone, clean, wrap};
use crate::wording::{asked, claims_of, proposed, verdict};
use crate::words::Words;
use drsim_experiment::outcome::{ClaimResult, Counterexample, Outcome, Verdict};
use unicode_width::UnicodeWidthStr;

/// The rows of claims; what decides one stands below its row where it would have to be shortened.
pub(super) fn claims_lines(
    outcome: &Outcome,
    w: &Words,
    claims: &[&ClaimResult],
    (width, colour): (usize, bool),
    below: bool,
) -> Vec<String> {
    let heading = w.t("text-decided-by");
    let decided = |c: &&ClaimResult| clean(&w.phrase(&c.decided_by));
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
        claims_table(outcome, w, &short.iter().collect::<Vec<_>>(), false)
    };
    let Some(length) =
        [0].iter().chain(&lengths).rev().copied().find(|length| up_to(*length).kept_whole(&heading).fits(width))
    else {
        return up_to(longest).text(width, colour);
    };
    if !below {
        let mut whole = up_to(longest);
        if !whole.clone().kept_whole(&heading).fits(width) {
            whole.leave_out(&w.t("text-range"));
        }
        let kept = whole.clone().kept_whole(&heading);
        return if kept.fits(width) { kept } else { whole }.text(width, colour);
    }
    let mut lines = up_to(length).kept_whole(&heading).text(width, colour);
    let first = lines.len() - claims.len();
    for (i, claim) in claims.iter().enumerate().rev().filter(|(_, c)| decided(c).width() > length) {
        let mut more = wrap(&format!("    {heading} "), &decided(claim), width);
        cut(&mut more, 2, width);
        for line in more.into_iter().rev() {
            lines.insert(first + i + 1, line);
        }
    }
    lines
}

/// One row per claim; with the architecture where there are several.
pub(super) fn claims_table(outcome: &Outcome, w: &Words, claims: &[&ClaimResult], of_all: bool) -> Table {
    let mut columns = if of_all {
        ["text-design", "text-claim", "text-bound"].map(|key| Column::words(&w.t(key), "", 8)).to_vec()
    } else {
        let title = proposed(outcome).map_or_else(
            || w.t("text-claims"),
            |p| w.say("text-claims-of", &[("design", p.architecture.as_str().into())]),
        );
        // The title runs over name and bound.
        vec![Column::words(&title, "", 10).spans(), Column::words("", "", 8)]
    };
    columns.extend(["text-asked", "text-found", "text-sim"].map(|key| Column::number(&w.t(key), "")));
    columns.push(Column::number(&w.t("text-range"), "").goes(2));
    columns.push(Column::words(&w.t("text-verdict"), "", 0));
    columns.push(Column::words(&w.t("text-decided-by"), "", 16).goes(1));
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
            asked(c.asked, w).into(),
            found.into(),
            c.found.map_or(NONE.into(), |f| share_half_width(f, c.interval)).into(),
            c.found.map_or(NONE.into(), |f| share_range(c.range, f, c.interval)).into(),
            Cell { tone, ..verdict(c.verdict, w).into() },
            w.phrase(&c.decided_by).into(),
        ];
        if of_all {
            cells.insert(0, c.architecture.as_str().into());
        }
        cells
    };
    Table { columns, rows: claims.iter().map(row).collect() }
}

/// What the found shares are shares of, and the smallest counterexample.
pub(super) fn claim_notes(outcome: &Outcome, w: &Words, width: usize, ranges: bool) -> Vec<String> {
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
            let number = |n: u64| w.number(&count(n));
            let n = if low == high { number(low) } else { format!("{} .. {}", number(low), number(high)) };
            let names: Vec<&str> = claims.iter().map(|c| c.claim.as_str()).collect();
            let gaps =
                [("per", w.t(&format!("text-per-{per}")).into()), ("n", n.into()), ("names", names.join(", ").into())];
            w.say(if i == 0 { "text-found-of" } else { "text-found-of-these" }, &gaps)
        })
        .collect();
    let mut lines = if kinds.is_empty() {
        vec![]
    } else {
        // No range where worlds differ by no more than the noise of the simulation, or cases are too few.
        let none = claims_of(outcome, &design.architecture)
            .any(|c| c.found.is_some() && c.verdict != Verdict::NotEstimated && c.range.is_none());
        let mut parts = kinds;
        parts.push(w.say("text-sim-is", &[("level", level(outcome).to_string().into())]));
        if ranges {
            let worlds = w.number(&count(outcome.manifest.worlds));
            let key = if none { "text-range-is-or-none" } else { "text-range-is" };
            parts.push(w.say(key, &[("worlds", worlds.into())]));
        }
        let text = parts.join("; ");
        wrap("  ", &text, width)
    };
    cut(&mut lines, 2, width);
    let example = claims_of(outcome, &design.architecture)
        .filter(|c| c.asked.is_none())
        .find_map(|c| Some((c, c.counterexample.as_ref()?)));
    if let Some((claim, case)) = example {
        let words = w.phrase(&exceeding(outcome, claim, case));
        let gaps = [
            ("claim", claim.claim.as_str().into()),
            ("words", words.into()),
            ("year", case.replication.to_string().into()),
        ];
        let text = w.say("text-closest", &gaps);
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
