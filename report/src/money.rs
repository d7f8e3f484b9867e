//! What `drsim cost` prints: the bill by service, what is added to the baseline's, and what the figures rest on.

use crate::format::{NONE, count, share_between, usd, usd_rounded};
use crate::table::{Cell, Column, Table, wrap};
use crate::wording::{basis, proposed};
use drsim_experiment::outcome::{Bill, CostLine, Outcome};
use drsim_experiment::scenario::Basis;
use drsim_models::cost::Usd;
use std::fmt::Write as _;

/// Architectures beside each other, at 100 columns.
const COLUMNS: usize = 7;

/// The tables as text.
pub fn render(outcome: &Outcome, width: usize, colour: bool) -> String {
    let width = width.max(60);
    let mut lines = wrap("", &heading(outcome), width);
    for table in bills(outcome, width) {
        lines.push(String::new());
        lines.extend(table.text(width, colour));
    }
    lines.extend(wrap("  ", NOTE, width));
    lines.push(String::new());
    for sentence in sentences(outcome) {
        lines.extend(wrap("- ", &sentence, width));
    }
    lines.join("\n") + "\n"
}

/// The same as GitHub's Markdown.
pub fn markdown(outcome: &Outcome) -> String {
    let mut text = format!("# {}\n", heading(outcome));
    for table in bills(outcome, usize::MAX) {
        _ = write!(text, "\n{}", table.markdown());
    }
    _ = write!(text, "\n{NOTE}\n\n");
    for sentence in sentences(outcome) {
        _ = writeln!(text, "- {sentence}");
    }
    text
}

/// Bills and lines as JSON.
///
/// # Errors
/// If a figure cannot be written as JSON.
pub fn json(outcome: &Outcome) -> Result<String, serde_json::Error> {
    let all = serde_json::json!({ "manifest": outcome.manifest, "bills": outcome.bills, "costs": outcome.costs });
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

const NOTE: &str = "USD per month, list prices before tax and discounts, expected (base case): lines are rounded to the cent \
     and add up. P10 and P90 over worlds do not add up. `-`: nothing of it is used.";

fn heading(outcome: &Outcome) -> String {
    let m = &outcome.manifest;
    let date = m.price_date.as_deref().unwrap_or("unknown");
    format!("{}: the bill of {} designs, prices collected {date}", m.title.trim(), outcome.bills.len())
}

/// A row per service, a column per architecture, as many tables as it takes.
fn bills(outcome: &Outcome, width: usize) -> Vec<Table> {
    let mut services: Vec<&str> = Vec::new();
    for line in outcome.costs.iter().filter(|line| line.usd_per_month_expected.is_some()) {
        if !services.contains(&line.service.as_str()) {
            services.push(&line.service);
        }
    }
    let beside = if width >= 100 { COLUMNS } else { COLUMNS - 3 };
    outcome.bills.chunks(if width == usize::MAX { 64 } else { beside }).map(|b| table(outcome, &services, b)).collect()
}

fn table(outcome: &Outcome, services: &[&str], bills: &[Bill]) -> Table {
    let mut columns = vec![Column::words("BILL", "", 12)];
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
            row(service, &|bill| {
                let own = |l: &&CostLine| l.architecture == bill.architecture && l.service == *service;
                let amounts: Vec<Usd> =
                    outcome.costs.iter().filter(own).filter_map(|l| l.usd_per_month_expected).collect();
                if amounts.is_empty() { NONE.into() } else { usd(amounts.into_iter().sum()) }
            })
        })
        .collect();
    rows.push(row("total", &|bill| usd(bill.usd_per_month)));
    let end = |range: Option<(f64, f64)>, high: bool| {
        range.map_or(NONE.into(), |(p10, p90)| usd_rounded(if high { p90 } else { p10 }))
    };
    rows.push(row("  P10", &|bill| end(bill.range, false)));
    rows.push(row("  P90", &|bill| end(bill.range, true)));
    let base = |bill: &Bill| outcome.designs.iter().any(|d| d.is_baseline && d.architecture == bill.architecture);
    let plus = |bill: &Bill, text: String| if base(bill) { NONE.into() } else { text };
    rows.push(row("above baseline", &|bill| plus(bill, usd(bill.premium_usd_per_month))));
    rows.push(row("  P10", &|bill| plus(bill, end(bill.premium_range, false))));
    rows.push(row("  P90", &|bill| plus(bill, end(bill.premium_range, true))));
    rows.push(row("  as a share", &|bill| {
        plus(bill, bill.premium_share.map_or(NONE.into(), |share| format!("{:.1} %", 100.0 * share)))
    }));
    rows.push(row("  P10 .. P90", &|bill| plus(bill, share_between(bill.premium_share_range))));
    Table { columns, rows }
}

/// A name in two lines, broken at the underscore nearest its middle.
fn halves(name: &str) -> (&str, &str) {
    let middle = name.len() / 2;
    let at = name.match_indices('_').map(|(i, _)| i).min_by_key(|i| i.abs_diff(middle));
    at.filter(|_| name.len() > 10).map_or((name, ""), |at| (&name[..at], &name[at..]))
}

/// What the figures rest on, for the proposed design.
fn sentences(outcome: &Outcome) -> Vec<String> {
    let Some(design) = proposed(outcome) else { return Vec::new() };
    let own: Vec<&CostLine> = outcome.costs.iter().filter(|l| l.architecture == design.architecture).collect();
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
            (n > 0).then(|| format!("{n} {} ({:.0} % of the bill)", basis(kind), 100.0 * amount / total.max(0.01)))
        })
        .collect();
    let mut sentences = vec![format!("{}: prices of its lines are {}.", design.architecture, kinds.join(", "))];
    let mut largest: Vec<&&CostLine> = own.iter().filter(|l| l.usd_per_month_expected.is_some()).collect();
    largest.sort_by_key(|l| std::cmp::Reverse(l.usd_per_month_expected));
    let largest: Vec<String> = largest
        .iter()
        .take(3)
        .filter_map(|l| Some(format!("{} {} in {} {}", l.service, l.item, l.region, usd(l.usd_per_month_expected?))))
        .collect();
    sentences.push(format!("Its largest lines: {}.", largest.join(", ")));
    let missing: Vec<String> = own
        .iter()
        .filter(|l| l.status != "estimated" && l.quantity.is_some_and(|q| q > 0.0))
        .map(|l| format!("{} {} in {}", l.service, l.item, l.region))
        .collect();
    if !missing.is_empty() {
        sentences.push(format!("No price was found for {}: the bill is too low.", missing.join(", ")));
    }
    let left: Vec<String> =
        own.iter().filter(|l| l.quantity.is_none()).map(|l| format!("{} ({})", l.service, l.item)).collect();
    let n = count(left.len() as u64);
    sentences.push(format!("Not estimated ({n}): {}.", left.join(", ")));
    sentences.push("Every line with quantity, price, source and date: run --out DIR, costs.csv.".into());
    sentences
}
