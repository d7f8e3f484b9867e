//! Which lines of a bill moved: since an earlier run, or because of `--set` and `--prices`; and whether it is the quantity
//! or the price that did it. Tiers of one item are one line here, at its mean price.

use crate::files::ReportError;
use crate::format::{NONE, thousands, usd};
use crate::table::{Column, Table, wrap};
use crate::wording::unit_of_money;
use crate::words::{Lang, Words};
use drsim_experiment::compare::differences::{Difference, differences};
use drsim_experiment::decide::settings::what_counts;
use drsim_experiment::money::costs::Costs;
use drsim_experiment::outcome::{Bill, CostLine, LossResult, Outcome};
use drsim_experiment::scenario::Scenario;
use drsim_models::cost::Usd;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use std::fmt::Write as _;

/// Fields that are listed one by one.
const MOST: usize = 12;

/// The headline that is a price of an hour; the others are sums of a year.
const AN_HOUR: &str = "pays_above_an_hour";

/// What `--set` and `--prices` are held against.
const PLAIN: &str = "the scenario without --set and --prices";

/// What moved on the bill of one design.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// The design.
    pub architecture: String,
    /// What it is held against: "the scenario without --set and --prices", or the command of an earlier run.
    pub against: String,
    /// Fields of the scenario and of the price book, in base units.
    pub fields: Vec<Difference>,
    /// The lines that moved by a cent or more, what moved most first.
    pub lines: Vec<MovedLine>,
    /// Lines that did not.
    pub unmoved: usize,
    /// The cloud bill, before and now \[USD per month\].
    pub total: (Usd, Usd),
    /// The same above the baseline's.
    pub premium: (Usd, Usd),
    /// Headlines a year in the scenario's own currency, where both runs have them.
    pub headlines: Vec<Headline>,
}

/// A headline, before and now.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    /// Its name: `costs_more`, `expected_loss`, `loss_avoided` or `pays_above_an_hour`.
    pub name: &'static str,
    /// Before.
    pub before: f64,
    /// Now.
    pub now: f64,
}

/// A line, before and now. Tiers are added up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MovedLine {
    /// cloud, people or drill.
    pub kind: String,
    /// Service.
    pub service: String,
    /// Where.
    pub region: String,
    /// What of it.
    pub item: String,
    /// What is counted.
    pub unit: String,
    /// How much; `None`: there was no such line.
    pub before: Option<Side>,
    /// See `before`.
    pub now: Option<Side>,
}

/// One side of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Side {
    /// How much a month.
    pub quantity: f64,
    /// What one costs, mean over tiers \[USD\].
    pub unit_price: f64,
    /// Quantity times price \[USD per month\].
    pub amount: Usd,
}

impl MovedLine {
    fn change(&self) -> Usd {
        let amount = |side: &Option<Side>| side.map_or(Usd::ZERO, |side| side.amount);
        amount(&self.now) - amount(&self.before)
    }

    /// Quantity, price or both, and by how much.
    fn because(&self, w: &Words) -> String {
        let (before, now) = match (&self.before, &self.now) {
            (Some(before), Some(now)) => (before, now),
            (None, _) => return w.t("moved-new"),
            (_, None) => return w.t("moved-gone"),
        };
        let far = |a: f64, b: f64| (a - b).abs() > 1e-6 * a.abs().max(b.abs());
        let mut parts = Vec::new();
        if far(before.quantity, now.quantity) {
            parts.push(if before.quantity > 0.0 {
                w.say("moved-quantity-times", &[("times", three(now.quantity / before.quantity).into())])
            } else {
                let gaps = [("now", three(now.quantity).into()), ("unit", self.unit.as_str().into())];
                w.say("moved-quantity-from-none", &gaps)
            });
        }
        if far(before.unit_price, now.unit_price) {
            // What a million cost says little by the unit; beside a factor, another factor says more.
            let is_small = before.unit_price.min(now.unit_price) < 1e-3;
            parts.push(if before.unit_price > 0.0 && (is_small || !parts.is_empty()) {
                w.say("moved-price-times", &[("times", three(now.unit_price / before.unit_price).into())])
            } else {
                let gaps = [("before", three(before.unit_price).into()), ("now", three(now.unit_price).into())];
                w.say("moved-price", &gaps)
            });
        }
        parts.join(", ")
    }
}

/// Three significant digits without an exponent.
fn three(value: f64) -> String {
    let decimals = if value == 0.0 { 0 } else { (2 - value.abs().log10().floor() as i32).max(0) as usize };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// A figure of a loss.
type Of = fn(&LossResult) -> Option<f64>;

/// Since an earlier run.
pub fn since(before: &Outcome, now: &Outcome, architecture: &str) -> Moved {
    let bills = |bills: &[Bill]| bills.iter().find(|bill| bill.architecture == architecture).cloned();
    let pair = |of: fn(&Bill) -> Usd| {
        let amount = |outcome: &Outcome| bills(&outcome.bills).map_or(Usd::ZERO, |bill| of(&bill));
        (amount(before), amount(now))
    };
    let loss = |outcome: &Outcome, of: Of| of(outcome.losses.iter().find(|loss| loss.architecture == architecture)?);
    let mut headlines = Vec::new();
    let names: [(&'static str, Of); 4] = [
        ("costs_more", |l| l.more?.estimate),
        ("expected_loss", |l| l.mean.estimate),
        ("loss_avoided", |l| l.avoided?.estimate),
        (AN_HOUR, |l| l.break_even_per_hour?.estimate),
    ];
    for (name, of) in names {
        if let (Some(before), Some(now)) = (loss(before, of), loss(now, of)) {
            headlines.push(Headline { name, before, now });
        }
    }
    Moved {
        against: before.manifest.command.clone(),
        fields: differences(&what_counts(&before.scenario), &what_counts(&now.scenario)),
        total: pair(|bill| bill.usd_per_month),
        premium: pair(|bill| bill.premium_usd_per_month),
        headlines,
        ..lines(&before.costs, &now.costs, architecture)
    }
}

/// Because of `--set` and `--prices`: `plain` is the scenario without them. Bills alone, since they need no simulation.
pub fn from_file(plain: &Scenario, now: &Outcome, architecture: &str) -> Option<Moved> {
    let index = plain.architectures.iter().position(|a| a.name == architecture)?;
    let costs = Costs::of(plain, std::iter::empty());
    let bill = now.bills.iter().find(|bill| bill.architecture == architecture)?;
    let before = costs.expected(index, true);
    Some(Moved {
        against: PLAIN.into(),
        fields: differences(&what_counts(plain), &what_counts(&now.scenario)),
        total: (before, bill.usd_per_month),
        premium: (before - costs.expected(plain.baseline, true), bill.premium_usd_per_month),
        ..lines(&costs.lines(plain, index), &now.costs, architecture)
    })
}

fn lines(before: &[CostLine], now: &[CostLine], architecture: &str) -> Moved {
    let mut found: Vec<MovedLine> = Vec::new();
    for (is_now, line) in before.iter().map(|l| (false, l)).chain(now.iter().map(|l| (true, l))) {
        let (Some(quantity), Some(price), Some(amount)) = (line.quantity, line.unit_price, line.usd_per_month_expected)
        else {
            continue;
        };
        if line.architecture != architecture {
            continue;
        }
        let item = line.item.split(", tier ").next().unwrap_or(&line.item);
        let same = |l: &MovedLine| {
            (&l.kind, &l.service, &l.region, l.item.as_str()) == (&line.kind, &line.service, &line.region, item)
        };
        let at = found.iter().position(same).unwrap_or_else(|| {
            found.push(MovedLine {
                kind: line.kind.clone(),
                service: line.service.clone(),
                region: line.region.clone(),
                item: item.to_owned(),
                unit: line.unit.clone(),
                before: None,
                now: None,
            });
            found.len() - 1
        });
        let side = if is_now { &mut found[at].now } else { &mut found[at].before };
        let more = |sum: Side| {
            let all = sum.quantity + quantity;
            let paid = sum.quantity * sum.unit_price + quantity * price.as_f64();
            let unit_price = if all == 0.0 { sum.unit_price } else { paid / all };
            Side { quantity: all, unit_price, amount: sum.amount + amount }
        };
        *side = Some(side.map_or(Side { quantity, unit_price: price.as_f64(), amount }, more));
    }
    let all = found.len();
    found.retain(|line| line.change() != Usd::ZERO);
    let size = |line: &MovedLine| line.change().0.abs();
    found.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| (&a.service, &a.item).cmp(&(&b.service, &b.item))));
    let unmoved = all - found.len();
    let zero = (Usd::ZERO, Usd::ZERO);
    let (against, fields, headlines) = (String::new(), Vec::new(), Vec::new());
    Moved {
        architecture: architecture.into(),
        against,
        fields,
        lines: found,
        unmoved,
        total: zero,
        premium: zero,
        headlines,
    }
}

fn change(before: Usd, now: Usd) -> String {
    let by = now - before;
    format!("{}{}", if by > Usd::ZERO { "+" } else { "" }, usd(by))
}

/// The same as a share of what it was.
fn share(before: Usd, now: Usd) -> String {
    let by = (before > Usd::ZERO).then(|| ((now - before).0 / before.0).to_f64()).flatten();
    by.map_or_else(String::new, |by| format!("{:+.0} %", 100.0 * by))
}

/// What is said first: what was changed, and how many lines that moved.
fn heading(moved: &Moved, w: &Words) -> Vec<String> {
    let against = if moved.against == PLAIN { w.t("moved-plain") } else { moved.against.clone() };
    let gaps = [
        ("design", moved.architecture.as_str().into()),
        ("against", against.into()),
        ("n", moved.lines.len().into()),
        ("all", (moved.lines.len() + moved.unmoved).into()),
    ];
    let mut said = vec![w.say("moved-heading", &gaps)];
    let field = w.t("since-field");
    said.extend(moved.fields.iter().take(MOST).map(|f| format!("{field}: {}: {} -> {}", f.field, f.a, f.b)));
    if moved.fields.len() > MOST {
        said.push(format!("{field}: {}", w.say("answer-more", &[("n", (moved.fields.len() - MOST).into())])));
    }
    said
}

fn table(outcome: &Outcome, moved: &Moved, w: &Words) -> Table {
    let mut columns = vec![Column::words(&w.t("moved-line"), "", 24)];
    columns.extend(["moved-before", "moved-now", "moved-change"].map(|head| Column::number(&w.t(head), "")));
    columns.push(Column::words(&w.t("moved-because"), "", 34));
    let usd = |amount| w.number(&usd(amount));
    let change = |before, now| w.number(&change(before, now));
    let thousands = |amount| w.number(&thousands(amount));
    let mut rows: Vec<Vec<crate::table::Cell>> = Vec::new();
    for line in &moved.lines {
        let amount = |side: &Option<Side>| side.map_or(NONE.into(), |side| usd(side.amount));
        let (before, now) = [&line.before, &line.now].map(|s| s.map_or(Usd::ZERO, |side| side.amount)).into();
        rows.push(
            [
                format!("{} {}, {}", line.service, line.item, line.region),
                amount(&line.before),
                amount(&line.now),
                change(before, now),
                line.because(w),
            ]
            .map(Into::into)
            .into(),
        );
    }
    let of_year = w.say("text-money-a-year", &[("unit", unit_of_money(outcome).into())]);
    let sums = [("headline-cloud_bill", moved.total), ("cost-above", moved.premium)];
    for (name, (before, now)) in sums {
        rows.push([w.t(name), usd(before), usd(now), change(before, now), share(before, now)].map(Into::into).into());
    }
    for headline in &moved.headlines {
        let by = thousands(headline.now - headline.before);
        let sign = if headline.now > headline.before { "+" } else { "" };
        let cells = [
            w.t(&format!("moved-{}", headline.name)),
            thousands(headline.before),
            thousands(headline.now),
            format!("{sign}{by}"),
            if headline.name == AN_HOUR { unit_of_money(outcome).to_owned() } else { of_year.clone() },
        ];
        rows.push(cells.map(Into::into).into());
    }
    Table { columns, rows }
}

/// As text.
pub fn text(outcome: &Outcome, moved: &Moved, lang: Lang, width: usize, colour: bool) -> String {
    let w = lang.words();
    let mut lines: Vec<String> = heading(moved, w).iter().flat_map(|line| wrap("", line, width)).collect();
    lines.extend(table(outcome, moved, w).text(width, colour));
    lines.join("\n") + "\n"
}

/// As GitHub's Markdown.
pub fn markdown(outcome: &Outcome, moved: &Moved, lang: Lang) -> String {
    let w = lang.words();
    let mut text = String::new();
    for line in heading(moved, w) {
        _ = writeln!(text, "{line}\n");
    }
    text + &table(outcome, moved, w).markdown()
}

/// As JSON.
///
/// # Errors
/// If a figure cannot be written as JSON.
pub fn json(moved: &Moved) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(moved)? + "\n")
}

/// The lines as CSV, those that moved alone.
///
/// # Errors
/// [`ReportError::Format`] should a row refuse to be written.
pub fn csv(moved: &Moved) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "the lines that moved", reason };
    let mut writer = csv::Writer::from_writer(vec![]);
    writer
        .write_record([
            "architecture",
            "kind",
            "service",
            "region",
            "item",
            "unit",
            "quantity_before",
            "quantity_now",
            "unit_price_before",
            "unit_price_now",
            "usd_per_month_before",
            "usd_per_month_now",
            "usd_per_month_change",
        ])
        .map_err(|error| format(error.to_string()))?;
    for line in &moved.lines {
        let both = |of: &dyn Fn(&Side) -> String| {
            [&line.before, &line.now].map(|side| side.as_ref().map_or_else(String::new, of))
        };
        let words =
            [&moved.architecture, &line.kind, &line.service, &line.region, &line.item, &line.unit].map(Clone::clone);
        let quantities = both(&|side| side.quantity.to_string());
        let prices = both(&|side| side.unit_price.to_string());
        let amounts = both(&|side| format!("{:.2}", side.amount.0));
        let change = [format!("{:.2}", line.change().0)];
        writer
            .write_record(words.iter().chain(&quantities).chain(&prices).chain(&amounts).chain(&change))
            .map_err(|error| format(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| format(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| format(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_line_moves_by_its_quantity_its_price_or_both_and_tiers_are_one_line() {
        let line = |item: &str, quantity: f64, price: &str, amount: &str| CostLine {
            architecture: "a".into(),
            kind: "cloud".into(),
            service: "Service".into(),
            region: "here".into(),
            item: item.into(),
            quantity: Some(quantity),
            unit: "GB".into(),
            unit_price: Some(Usd(price.parse().unwrap())),
            usd_per_month_expected: Some(Usd(amount.parse().unwrap())),
            usd_per_month_p10: None,
            usd_per_month_p90: None,
            basis: None,
            source: String::new(),
            price_date: String::new(),
            status: "estimated".into(),
        };
        let before =
            [line("egress", 100.0, "0.1", "10.00"), line("zone", 1.0, "0.5", "0.50"), line("old", 1.0, "1", "1.00")];
        let now = [
            line("egress", 600.0, "0.1", "60.00"),
            line("egress, tier 2", 400.0, "0.05", "20.00"),
            line("zone", 1.0, "0.5", "0.50"),
            line("key", 2.0, "1", "2.00"),
        ];
        let moved = lines(&before, &now, "a");
        let said: Vec<(&str, String, String)> =
            moved.lines.iter().map(|l| (l.item.as_str(), usd(l.change()), l.because(Lang::En.words()))).collect();
        let expected =
            [("egress", "70.00", "quantity x 10, price x 0.8"), ("key", "2.00", "new"), ("old", "-1.00", "gone")];
        assert_eq!(said, expected.map(|(item, by, why)| (item, by.to_owned(), why.to_owned())));
        assert_eq!(moved.unmoved, 1, "the zone");
        let spanish = markdown(&crate::sample::outcome(), &moved, Lang::Es);
        assert!(spanish.contains("cantidad x 10, precio x 0.8") && spanish.contains("ya no está"), "{spanish}");
        assert!(lines(&now, &now, "a").lines.is_empty());
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        let found = [10.0, 0.5, 1.0 / 3.0, 123_456.0, 0.000_003_5, 0.0].map(three);
        assert_eq!(found, ["10", "0.5", "0.333", "123456", "0.0000035", "0"]);
    }
}
