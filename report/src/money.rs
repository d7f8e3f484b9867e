//! What `drsim cost` prints: the bill by service, what is added to the baseline's, and what the figures rest on.

use crate::doubts::{counts, lead, not_tried, table as doubts_table};
use crate::format::{
    NONE, count, share, share_between, thousands, thousands_between, thousands_figure, usd, usd_rounded,
};
use crate::table::{Cell, Column, Table, wrap};
use crate::wording::{proposed, unit_of_money};
use crate::words::{Lang, Words};
use crate::worth::{mark, marked, not_priced, reconciled};
use drsim_experiment::outcome::{Bill, CostLine, Figure, LossResult, Outcome};
use drsim_experiment::scenario::Basis;
use drsim_models::cost::Usd;
use std::fmt::Write as _;

/// Architectures beside each other, at 100 columns.
const COLUMNS: usize = 7;

/// The tables as text.
pub fn render(outcome: &Outcome, lang: Lang, width: usize, colour: bool) -> String {
    let (w, width) = (lang.words(), width.max(60));
    let mut lines = wrap("", &heading(outcome, w), width);
    for table in bills(outcome, w, width) {
        lines.push(String::new());
        lines.extend(table.text(width, colour));
    }
    lines.extend(wrap("  ", &w.t("cost-note"), width));
    if let Some(table) = worth(outcome, w) {
        lines.push(String::new());
        lines.extend(table.text(width, colour));
        lines.extend(wrap("  ", &worth_note(outcome, w), width));
    }
    if let Some(doubts) = &outcome.doubts {
        lines.push(String::new());
        lines.extend(wrap("", &lead(outcome, doubts, w), width));
        if let Some(table) = doubts_table(outcome, doubts, w) {
            lines.extend(table.text(width, colour));
        }
    }
    lines.push(String::new());
    for sentence in sentences(outcome, w) {
        lines.extend(wrap("- ", &sentence, width));
    }
    lines.join("\n") + "\n"
}

/// The same as GitHub's Markdown.
pub fn markdown(outcome: &Outcome, lang: Lang) -> String {
    let w = lang.words();
    let mut text = format!("# {}\n", heading(outcome, w));
    for table in bills(outcome, w, usize::MAX) {
        _ = write!(text, "\n{}", table.markdown());
    }
    _ = write!(text, "\n{}\n\n", w.t("cost-note"));
    if let Some(table) = worth(outcome, w) {
        _ = write!(text, "{}\n{}\n\n", table.markdown(), worth_note(outcome, w));
    }
    if let Some(doubts) = &outcome.doubts {
        _ = writeln!(text, "{}\n", lead(outcome, doubts, w));
        if let Some(table) = doubts_table(outcome, doubts, w) {
            _ = writeln!(text, "{}", table.markdown());
        }
    }
    for sentence in sentences(outcome, w) {
        _ = writeln!(text, "- {sentence}");
    }
    text
}

/// Bills and lines as JSON.
///
/// # Errors
/// If a figure cannot be written as JSON.
pub fn json(outcome: &Outcome) -> Result<String, serde_json::Error> {
    let all = serde_json::json!({ "manifest": outcome.manifest, "invoice": outcome.invoice, "bills": outcome.bills, "losses": outcome.losses, "costs": outcome.costs, "doubts": outcome.doubts });
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

fn heading(outcome: &Outcome, w: &Words) -> String {
    let m = &outcome.manifest;
    let gaps = [
        ("title", m.title.trim().into()),
        ("n", outcome.bills.len().into()),
        ("date", m.price_date.as_deref().unwrap_or("-").into()),
    ];
    marked(outcome, w, &w.say("cost-heading", &gaps))
}

/// A row per service, a column per architecture, as many tables as it takes.
fn bills(outcome: &Outcome, w: &Words, width: usize) -> Vec<Table> {
    let mut services: Vec<&str> = Vec::new();
    for line in outcome.costs.iter().filter(|line| line.usd_per_month_expected.is_some() && line.kind == "cloud") {
        if !services.contains(&line.service.as_str()) {
            services.push(&line.service);
        }
    }
    let beside = if width >= 100 { COLUMNS } else { COLUMNS - 3 };
    outcome
        .bills
        .chunks(if width == usize::MAX { 64 } else { beside })
        .map(|b| table(outcome, w, &services, b))
        .collect()
}

fn table(outcome: &Outcome, w: &Words, services: &[&str], bills: &[Bill]) -> Table {
    let mut columns = vec![Column::words(&w.t("cost-bill"), "", 12)];
    for bill in bills {
        let (first, second) = halves(&bill.architecture);
        columns.push(Column::number(first, second).shrinks_to(8));
    }
    let row = |name: &str, cell: &dyn Fn(&Bill) -> String| -> Vec<Cell> {
        std::iter::once(name.into()).chain(bills.iter().map(|bill| cell(bill).into())).collect()
    };
    let mut rows: Vec<Vec<Cell>> = services
        .iter()
        .map(|service| {
            let off = outcome
                .invoice
                .iter()
                .flat_map(|check| &check.services)
                .any(|s| s.service == *service && s.ratio.is_some_and(|r| !(0.8..=1.25).contains(&r)));
            row(&if off { format!("{service} (!)") } else { (*service).to_owned() }, &|bill| {
                let own = |l: &&CostLine| l.architecture == bill.architecture && l.service == *service;
                let amounts: Vec<Usd> =
                    outcome.costs.iter().filter(own).filter_map(|l| l.usd_per_month_expected).collect();
                if amounts.is_empty() { NONE.into() } else { usd(amounts.into_iter().sum()) }
            })
        })
        .collect();
    rows.push(row(&w.t("cost-total"), &|bill| usd(bill.usd_per_month)));
    let end = |range: Option<(f64, f64)>, high: bool| {
        range.map_or(NONE.into(), |(p10, p90)| usd_rounded(if high { p90 } else { p10 }))
    };
    rows.push(row("  P10", &|bill| end(bill.range, false)));
    rows.push(row("  P90", &|bill| end(bill.range, true)));
    let base = |bill: &Bill| outcome.designs.iter().any(|d| d.is_baseline && d.architecture == bill.architecture);
    let plus = |bill: &Bill, text: String| if base(bill) { NONE.into() } else { text };
    rows.push(row(&w.t("cost-above"), &|bill| plus(bill, usd(bill.premium_usd_per_month))));
    rows.push(row("  P10", &|bill| plus(bill, end(bill.premium_range, false))));
    rows.push(row("  P90", &|bill| plus(bill, end(bill.premium_range, true))));
    rows.push(row(&("  ".to_owned() + &w.t("cost-as-a-share")), &|bill| {
        plus(bill, bill.premium_share.map_or(NONE.into(), |share| format!("{:.1} %", 100.0 * share)))
    }));
    rows.push(row("  P10 .. P90", &|bill| plus(bill, share_between(bill.premium_share_range))));
    if bills.iter().any(|bill| bill.people_usd_per_month.is_some()) {
        rows.push(row(&w.t("cost-people"), &|bill| bill.people_usd_per_month.map_or(NONE.into(), usd)));
    }
    Table { columns, rows }
}

/// What each design costs beyond the baseline against what it avoids; `None` where losses are not estimated.
fn worth(outcome: &Outcome, w: &Words) -> Option<Table> {
    if outcome.losses.is_empty() {
        return None;
    }
    let unit = w.say("text-money-a-year", &[("unit", unit_of_money(outcome).into())]);
    let mut columns = vec![Column::words(&w.t("cost-worth"), &unit, 16)];
    // On a narrow page the ranges go before anything that decides.
    for (key, goes) in [
        ("cost-head-more", 0),
        ("cost-head-loss", 0),
        ("cost-head-range", 2),
        ("cost-head-avoided", 0),
        ("cost-head-range", 2),
        ("cost-head-years", 1),
        ("cost-head-10", 1),
        ("cost-head-100", 0),
        ("cost-head-pays", 0),
    ] {
        let words = w.t(key);
        let (first, second) = words.split_once(" / ").unwrap_or((&words, ""));
        columns.push(Column::number(first, second).goes(goes));
    }
    let short = |figure: &Option<Figure>| figure.map_or(NONE.into(), |f| thousands_figure(&f));
    let ends = |range: Option<(f64, f64)>| thousands_between(range).unwrap_or(NONE.into());
    let row = |loss: &LossResult| -> Vec<Cell> {
        let price =
            loss.break_even_per_hour.map_or(NONE.into(), |f| f.estimate.map_or_else(|| w.t("money-never"), thousands));
        let tail = if loss.tail_dominated { "~" } else { "" };
        vec![
            loss.architecture.as_str().into(),
            loss.more.and_then(|f| f.estimate).map_or(NONE.into(), thousands).into(),
            format!("{tail}{}", thousands_figure(&loss.mean)).into(),
            ends(loss.mean.range).into(),
            short(&loss.avoided).into(),
            ends(loss.avoided.and_then(|f| f.range)).into(),
            format!("{} %", share(loss.any.estimate.unwrap_or(0.0), loss.any.interval)).into(),
            thousands_figure(&loss.one_in_10).into(),
            thousands_figure(&loss.one_in_100).into(),
            price.into(),
        ]
    };
    Some(Table { columns, rows: outcome.losses.iter().map(row).collect() })
}

fn worth_note(outcome: &Outcome, w: &Words) -> String {
    let people = if outcome.scenario.money.person_day.is_some() { "cost-of-both" } else { "cost-of-cloud" };
    let tail = outcome.losses.iter().any(|l| l.tail_dominated);
    let gaps = [("what", w.t(people).into()), ("years", w.number(&count(outcome.manifest.replications)).into())];
    let mark = mark(outcome, w).map_or_else(String::new, |mark| format!("{mark}. "));
    let tail = if tail { format!(" {}", w.t("cost-tail")) } else { String::new() };
    format!("{mark}{}{tail}", w.say("cost-worth-note", &gaps))
}

/// A name in two lines, broken at the underscore nearest its middle.
fn halves(name: &str) -> (&str, &str) {
    let middle = name.len() / 2;
    let at = name.match_indices('_').map(|(i, _)| i).min_by_key(|i| i.abs_diff(middle));
    at.filter(|_| name.len() > 10).map_or((name, ""), |at| (&name[..at], &name[at..]))
}

/// What the figures rest on, for the proposed design.
fn sentences(outcome: &Outcome, w: &Words) -> Vec<String> {
    let Some(design) = proposed(outcome) else { return Vec::new() };
    let all = outcome.costs.iter().filter(|l| l.architecture == design.architecture);
    let own: Vec<&CostLine> = all.clone().filter(|l| l.kind == "cloud").collect();
    let total: f64 = own.iter().filter_map(|l| l.usd_per_month_expected).sum::<Usd>().as_f64();
    let of = |kind: Basis| -> (usize, f64) {
        let lines = own.iter().filter(|l| l.basis == Some(kind));
        let amounts = lines.filter_map(|l| l.usd_per_month_expected.map(Usd::as_f64));
        amounts.fold((0, 0.0), |(n, sum), amount| (n + 1, sum + amount))
    };
    let kinds = [Basis::Contract, Basis::Documented, Basis::Reported, Basis::Estimated, Basis::Unverified];
    let kinds: Vec<String> = kinds
        .into_iter()
        .filter_map(|kind| {
            let (n, amount) = of(kind);
            let share = format!("{:.0}", 100.0 * amount / total.max(0.01));
            let kind = w.say(&format!("text-basis-{}", kind.name()), &[("n", n.into())]);
            (n > 0).then(|| w.say("cost-of-kind", &[("kind", kind.into()), ("share", share.into())]))
        })
        .collect();
    let gaps = [("design", design.architecture.as_str().into()), ("kinds", kinds.join(", ").into())];
    let mut sentences = vec![w.say("cost-kinds", &gaps)];
    let place = |line: &CostLine| {
        let gaps = [
            ("service", line.service.as_str().into()),
            ("item", line.item.as_str().into()),
            ("region", line.region.as_str().into()),
        ];
        w.say("cost-line", &gaps)
    };
    let mut largest: Vec<&&CostLine> = own.iter().filter(|l| l.usd_per_month_expected.is_some()).collect();
    largest.sort_by_key(|l| std::cmp::Reverse(l.usd_per_month_expected));
    let largest: Vec<String> = largest
        .iter()
        .take(3)
        .filter_map(|l| Some(format!("{} {}", place(l), w.number(&usd(l.usd_per_month_expected?)))))
        .collect();
    sentences.push(w.say("cost-largest", &[("list", largest.join(", ").into())]));
    let unpriced = |l: &&&CostLine| l.status != "estimated" && l.quantity.is_some_and(|q| q > 0.0);
    let missing: Vec<String> = own.iter().filter(unpriced).map(|l| place(l)).collect();
    if !missing.is_empty() {
        sentences.push(w.say("cost-missing", &[("list", missing.join(", ").into())]));
    }
    let left: Vec<String> =
        all.filter(|l| l.quantity.is_none()).map(|l| format!("{} ({})", l.service, w.phrase(&l.item))).collect();
    sentences.push(reconciled(outcome, w));
    sentences.extend(not_priced(outcome, w));
    let gaps = [("n", w.number(&count(left.len() as u64)).into()), ("list", left.join(", ").into())];
    sentences.push(w.say("cost-left", &gaps));
    if let Some(doubts) = &outcome.doubts {
        sentences.push(counts(doubts, w));
        sentences.extend(not_tried(doubts, w));
    }
    sentences.push(w.t("cost-lines"));
    sentences
}
