//! What nobody vouches for and what hangs on it, in words and rows: for the report, for `drsim cost` and for the memo.

use crate::format::{NONE, share, thousands_figure};
use crate::table::{Column, Table};
use crate::wording::{baseline, proposed, unit_of_money};
use crate::words::Words;
use drsim_experiment::doubts::{Doubt, Doubts, Move, STALE_MONTHS, Tried};
use drsim_experiment::outcome::{Figure, Outcome};
use drsim_experiment::scenario::Basis;

/// A headline that an input moves.
pub(crate) struct Row<'a> {
    pub(crate) doubt: &'a Doubt,
    pub(crate) moved: &'a Move,
    /// Where it stands in `results.json`.
    pub(crate) at: String,
    /// Whether it is the first of its input.
    pub(crate) is_first: bool,
}

/// One row per input and headline.
pub(crate) fn rows(doubts: &Doubts) -> impl Iterator<Item = Row<'_>> {
    doubts.named.iter().enumerate().flat_map(|(i, doubt)| {
        doubt.moves.iter().enumerate().map(move |(k, moved)| Row {
            doubt,
            moved,
            at: format!("/doubts/named/{i}/moves/{k}"),
            is_first: k == 0,
        })
    })
}

impl Row<'_> {
    /// The input, or the price.
    pub(crate) fn input(&self, w: &Words) -> String {
        if self.doubt.is_price {
            w.say("doubts-price", &[("path", self.doubt.path.as_str().into())])
        } else {
            self.doubt.path.clone()
        }
    }

    /// Why it is doubted.
    pub(crate) fn why(&self, w: &Words) -> String {
        let date = self.doubt.as_of.as_deref().unwrap_or_default();
        match (self.doubt.basis, self.doubt.is_stale) {
            (Basis::Unverified, _) => w.t("doubts-unverified"),
            _ if date.starts_with(|c: char| c.is_ascii_digit()) => w.say("doubts-stale", &[("date", date.into())]),
            _ => w.t("doubts-undated"),
        }
    }

    /// Between which ends it was tried.
    pub(crate) fn tried(&self, w: &Words) -> String {
        match (self.doubt.tried, &self.doubt.range) {
            (Tried::Range, Some(range)) => w.number(&unit_once(range)),
            (Tried::Range, None) => "P10 .. P90".into(),
            (Tried::HalvedAndDoubled, _) => w.t("doubts-halved"),
            (Tried::FourFifthsAndFiveQuarters, _) => "80 .. 125 %".into(),
        }
    }

    /// The claim or the sum that moves, with its unit.
    pub(crate) fn headline(&self, outcome: &Outcome, w: &Words) -> String {
        let name = if self.is_share() {
            self.moved.headline.clone()
        } else {
            let words = w.t(&format!("headline-{}", self.moved.headline));
            w.say("doubts-money", &[("headline", words.into()), ("unit", unit_of_money(outcome).into())])
        };
        if self.moved.turns { w.say("doubts-turns", &[("headline", name.into())]) } else { name }
    }

    fn is_share(&self) -> bool {
        self.moved.unit == "1"
    }

    /// What it is at the base case and at both ends.
    pub(crate) fn values(&self, w: &Words) -> [(String, Figure); 3] {
        [self.moved.base, self.moved.low, self.moved.high].map(|figure| {
            let text = match figure.estimate {
                // The share of a bill is known without noise.
                Some(value) if self.is_share() && figure.interval == Some((value, value)) => {
                    format!("{:.1} %", 100.0 * value)
                }
                Some(value) if self.is_share() => share(value, figure.interval) + " %",
                Some(_) => thousands_figure(&figure),
                None => NONE.into(),
            };
            (w.number(&text), figure)
        })
    }
}

/// `1 % .. 15 %` as `1 .. 15 %`.
fn unit_once(range: &str) -> String {
    let parts = range.split_once(" .. ").and_then(|(low, high)| {
        let (number, unit) = low.split_once(' ')?;
        high.ends_with(&format!(" {unit}")).then(|| format!("{number} .. {high}"))
    });
    parts.unwrap_or_else(|| range.to_owned())
}

/// How many there are, how they were tried, and of how many something hangs.
pub(crate) fn lead(outcome: &Outcome, doubts: &Doubts, w: &Words) -> String {
    let design = proposed(outcome).map_or("", |design| &design.architecture);
    let base = baseline(outcome).map_or("", |design| &design.architecture);
    let gaps = [
        ("inputs", doubts.doubtful.inputs.into()),
        ("prices", doubts.doubtful.prices.into()),
        ("months", STALE_MONTHS.into()),
        ("design", design.into()),
        ("base", base.into()),
        ("years", w.number(&crate::format::count(doubts.years)).into()),
        ("named", doubts.named.len().into()),
    ];
    w.say("doubts-lead", &gaps)
}

/// What could not be tried, if anything.
pub(crate) fn not_tried(doubts: &Doubts, w: &Words) -> Option<String> {
    let list = || doubts.not_tried.join(", ");
    (!doubts.not_tried.is_empty()).then(|| w.say("doubts-not-tried", &[("list", list().into())]))
}

/// How inputs and prices came to be known, in a sentence: each basis with how many.
pub(crate) fn counts(doubts: &Doubts, w: &Words) -> String {
    let one = |of: &drsim_experiment::doubts::OfBasis| {
        let stale = of.stale.inputs + of.stale.prices;
        let gaps = [
            ("basis", w.t(&format!("doubts-basis-{}", of.basis.name())).into()),
            ("inputs", of.all.inputs.into()),
            ("prices", of.all.prices.into()),
            ("stale", stale.into()),
        ];
        w.say("doubts-of-basis", &gaps)
    };
    let list: Vec<String> = doubts.by_basis.iter().map(one).collect();
    w.say("doubts-counts", &[("list", list.join("; ").into())])
}

/// The rows as a table of text; `None` where nothing hangs on any of them.
pub(crate) fn table(outcome: &Outcome, doubts: &Doubts, w: &Words) -> Option<Table> {
    let mut columns = vec![
        Column::words(&w.t("doubts-heading"), "", 18),
        Column::words(&w.t("owner"), "", 0).goes(1),
        Column::words(&w.t("doubts-tried"), "", 12),
        // Its end is the unit, which stays.
        Column::words(&w.t("doubts-moves"), "", 0),
    ];
    for key in ["doubts-base", "doubts-low", "doubts-high"] {
        let words = w.t(key);
        let (first, second) = words.split_once(' ').unwrap_or((&words, ""));
        columns.push(Column::number(first, second));
    }
    let rows: Vec<_> = rows(doubts)
        .map(|row| {
            let first = |text: String| if row.is_first { text } else { String::new() };
            let mut cells = vec![
                first(row.input(w)),
                first(row.doubt.owner.clone().unwrap_or_else(|| NONE.into())),
                first(row.tried(w)),
                row.headline(outcome, w),
            ];
            cells.extend(row.values(w).map(|(text, _)| text));
            cells.into_iter().map(Into::into).collect()
        })
        .collect();
    (!rows.is_empty()).then_some(Table { columns, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_says_its_unit_once() {
        assert_eq!(unit_once("3000 EUR/h .. 20000 EUR/h"), "3000 .. 20000 EUR/h");
        assert_eq!(unit_once("150000 .. 220000"), "150000 .. 220000");
        assert_eq!(unit_once("300 Mbps .. 3 Gbps"), "300 Mbps .. 3 Gbps");
    }
}
