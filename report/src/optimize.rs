//! The cheapest setting as people and programs read it.

use crate::format::{NONE, amount_short, count, number as decimals};
use crate::table::{Cell, Column, Table, Tone, wrap};
use crate::view::{View, cell};
use crate::words::{Lang, Words};
use drsim_experiment::decide::optimize::{Candidate, Optimum};
use drsim_experiment::decide::search::Ruling;
use drsim_experiment::outcome::Figure;

impl View for Optimum {
    const NAME: &'static str = "optimize";

    fn text(&self, lang: Lang, width: usize, colour: bool) -> String {
        let w = lang.words();
        let mut lines = wrap("", &answer(self, w), width);
        lines.push(String::new());
        lines.extend(table(self, w).text(width, colour));
        lines.extend(wrap("  ", &legend(self, w), width));
        lines.join("\n") + "\n"
    }

    fn markdown(&self, lang: Lang) -> String {
        let w = lang.words();
        format!("**{}**\n\n{}\n{}\n", answer(self, w), table(self, w).markdown(), legend(self, w))
    }

    /// One row per candidate; the choices come first, under their paths.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let names = ["cost_a_year", "currency", "ruling", "claim", "found", "years"];
        let head = self.axes.iter().map(|axis| axis.path.clone()).chain(names.map(str::to_owned)).collect();
        let row = |candidate: &Candidate| {
            let (ruling, claim, share) = parts(self, candidate.ruling);
            let own = [
                cell(Some(candidate.cost_a_year)),
                self.currency.clone(),
                ruling.to_owned(),
                claim.unwrap_or_default().to_owned(),
                cell(share),
                candidate.years.to_string(),
            ];
            candidate.choice.iter().map(|value| value.clone().unwrap_or_default()).chain(own).collect()
        };
        (head, self.candidates.iter().map(row).collect())
    }
}

/// What a candidate chose.
fn chosen(found: &Optimum, candidate: &Candidate) -> String {
    let pairs = found.axes.iter().zip(&candidate.choice);
    let chosen = pairs.filter_map(|(axis, value)| Some(format!("{} = {}", axis.path, short(Some(value.as_ref()?)))));
    chosen.collect::<Vec<_>>().join(", ")
}

/// A value for a narrow column: presets without what all of them share.
fn short(value: Option<&str>) -> &str {
    value.map_or(NONE, |value| value.trim_matches('"').trim_start_matches("active_active_"))
}

/// A ruling in words, the claim that decided it, and the share of cases that meet that.
pub fn parts(found: &Optimum, ruling: Ruling) -> (&'static str, Option<&str>, Option<f64>) {
    let claim = |k: usize| found.claims.get(k).map(String::as_str);
    match ruling {
        Ruling::Accepted => ("accepted", None, None),
        Ruling::Refuted { claim: k, found } => ("refuted", claim(k), Some(found)),
        Ruling::Undecided { claim: k, found } => ("undecided", claim(k), found),
        Ruling::NotLookedAt => ("not looked at", None, None),
    }
}

fn money(found: &Optimum, value: f64) -> String {
    let figure = Figure { estimate: Some(value), interval: Some((value, value)), range: None, n: 1 };
    format!("{} {}", amount_short(&figure), found.currency)
}

fn answer(found: &Optimum, w: &Words) -> String {
    let undecided =
        |end: usize| found.candidates[..end].iter().filter(|c| matches!(c.ruling, Ruling::Undecided { .. })).count();
    let all = found.candidates.len();
    let mut gaps = vec![("title", found.title.as_str().into()), ("design", found.architecture.as_str().into())];
    let mut sentences = Vec::new();
    match found.best {
        Some(best) => {
            let own = &found.candidates[best];
            gaps.extend([
                ("cost", w.number(&money(found, own.cost_a_year)).into()),
                ("set", chosen(found, own).into()),
            ]);
            sentences.push(w.say("best-found", &gaps));
            if undecided(best) > 0 {
                sentences.push(w.say("best-cheaper-open", &[("n", undecided(best).into())]));
            }
        }
        None if undecided(all) > 0 => {
            gaps.push(("n", undecided(all).into()));
            sentences.push(w.say("best-open", &gaps));
        }
        None => {
            gaps.push(("n", all.into()));
            sentences.push(w.say("best-none", &gaps));
        }
    }
    sentences.extend(found.binds.as_ref().map(|claim| w.say("best-binds", &[("claim", claim.as_str().into())])));
    sentences.join(" ")
}

fn table(found: &Optimum, w: &Words) -> Table {
    let name = |path: &str| {
        let own = format!("architectures.{}.", found.architecture);
        path.strip_prefix(&own).unwrap_or(path).replace('.', " ")
    };
    let mut columns = vec![Column::number(&w.t("best-cost"), &found.currency)];
    columns.extend(found.axes.iter().map(|axis| {
        let name = name(&axis.path);
        let (first, rest) = name.rsplit_once([' ', '_']).map_or(("", name.as_str()), |(a, b)| (a, b));
        Column::words(first, rest, 8)
    }));
    columns.push(Column::words(&w.t("best-ruling"), "", 9));
    columns.push(Column::words(&w.t("best-claim"), "", 8));
    columns.push(Column::number(&w.t("sweep-found-share"), ""));
    columns.push(Column::number(&w.t("best-years"), "").goes(1));
    let row = |candidate: &Candidate| -> Vec<Cell> {
        let (ruling, claim, share) = parts(found, candidate.ruling);
        let tone = match candidate.ruling {
            Ruling::Accepted => Tone::Good,
            Ruling::Refuted { .. } => Tone::Bad,
            Ruling::Undecided { .. } => Tone::Open,
            Ruling::NotLookedAt => Tone::Plain,
        };
        let number = |n: u64| w.number(&count(n));
        let mut cells: Vec<Cell> = vec![number(candidate.cost_a_year.max(0.0).round() as u64).into()];
        cells.extend(candidate.choice.iter().map(|value| short(value.as_deref()).into()));
        cells.push(Cell { tone, ..w.t(&format!("best-{}", ruling.replace(' ', "-"))).into() });
        cells.push(claim.unwrap_or(NONE).into());
        cells.push(share.map_or(NONE.into(), |share| decimals(100.0 * share, 1)).into());
        cells.push(number(candidate.years).into());
        cells
    };
    Table { columns, rows: found.candidates.iter().map(row).collect() }
}

fn legend(found: &Optimum, w: &Words) -> String {
    let alpha = decimals(1.0 - found.confidence, 3);
    let mut words = vec![w.say("best-legend", &[("alpha", alpha.into()), ("seed", found.seed.to_string().into())])];
    if found.invalid.0 > 0 {
        let why = found.invalid.1.as_deref().unwrap_or_default();
        words.push(w.say("best-invalid", &[("n", found.invalid.0.into()), ("why", why.into())]));
    }
    if found.left_out > 0 {
        words.push(w.say("best-left-out", &[("n", found.left_out.into())]));
    }
    words.join("; ")
}
