//! Which assumption decides, as people and programs read it: a table for each claim, one tornado.

use crate::files::ReportError;
use crate::format::{NONE, count, number, share};
use crate::plots::{self, Picture};
use crate::sweep::what;
use crate::table::{Cell, Column, Table, wrap};
use crate::view::{View, cell};
use crate::words::{Lang, Words};
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity, Tornado};
use drsim_experiment::outcome::Figure;
use drsim_experiment::scenario::Basis;
use std::fmt::Write as _;

impl View for Sensitivity {
    const NAME: &'static str = "sensitivity";

    fn text(&self, lang: Lang, width: usize, colour: bool) -> String {
        let w = lang.words();
        let mut lines = wrap("", &heading(self, w), width);
        for claim in &self.claims {
            lines.push(String::new());
            lines.extend(wrap("", &title(claim, w), width));
            if claim.bars.iter().any(moves) {
                lines.extend(table(claim, w).text(width, colour));
            }
        }
        lines.extend(wrap("", &legend(self, w), width));
        lines.join("\n") + "\n"
    }

    fn markdown(&self, lang: Lang) -> String {
        let w = lang.words();
        let mut text = format!("**{}**\n", heading(self, w));
        for claim in &self.claims {
            _ = write!(text, "\n{}\n\n{}", title(claim, w), table(claim, w).markdown());
        }
        text + "\n" + &legend(self, w) + "\n"
    }

    /// One row per claim and input.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let head = [
            "architecture",
            "claim",
            "input",
            "low",
            "high",
            "at_low",
            "at_high",
            "difference",
            "ci_low",
            "ci_high",
            "years",
            "basis",
            "owner",
        ];
        let row = |(claim, bar): (&Tornado, &Bar)| {
            vec![
                self.architecture.clone(),
                claim.asked.name.clone(),
                bar.input.clone(),
                cell(Some(bar.ends.0)),
                cell(Some(bar.ends.1)),
                cell(bar.at_low.estimate),
                cell(bar.at_high.estimate),
                cell(bar.difference.estimate),
                cell(bar.difference.interval.map(|i| i.0)),
                cell(bar.difference.interval.map(|i| i.1)),
                self.years.to_string(),
                bar.basis.map_or("", Basis::name).to_owned(),
                bar.owner.clone().unwrap_or_default(),
            ]
        };
        let bars = self.claims.iter().flat_map(|claim| claim.bars.iter().map(move |bar| (claim, bar)));
        (head.map(str::to_owned).to_vec(), bars.map(row).collect())
    }

    fn pictures(&self, lang: Lang) -> Result<Vec<Picture>, ReportError> {
        self.leading().map(|claim| plots::tornado(self, claim, plots::Sheet::FILE, lang.words())).into_iter().collect()
    }
}

fn heading(found: &Sensitivity, w: &Words) -> String {
    let gaps = [
        ("title", found.title.as_str().into()),
        ("design", found.architecture.as_str().into()),
        ("years", w.number(&count(found.years)).into()),
        ("seed", found.seed.to_string().into()),
    ];
    w.say("hangs-heading", &gaps)
}

/// A share in per cent.
pub(crate) fn percent(figure: &Figure) -> String {
    figure.estimate.map_or(NONE.into(), |p| share(p, figure.interval))
}

/// What a claim hangs on, in a sentence.
pub(crate) fn title(claim: &Tornado, w: &Words) -> String {
    let mut gaps = vec![("what", what(&claim.asked, w).into()), ("base", percent(&claim.base).into())];
    let Some(first) = claim.decided_by() else { return w.say("hangs-on-nothing", &gaps) };
    gaps.extend([
        ("input", first.input.as_str().into()),
        ("low", percent(&first.at_low).into()),
        ("high", percent(&first.at_high).into()),
    ]);
    w.say("hangs-on", &gaps)
}

/// Whether the two ends of an input's range differ at all.
fn moves(bar: &Bar) -> bool {
    bar.difference.estimate.is_some_and(|d| d != 0.0)
}

/// Decimals that the interval of a difference bears, in points.
fn decimals((low, high): (f64, f64)) -> usize {
    let half = 50.0 * (high - low);
    if half > 0.0 { (-half.log10().floor()).clamp(0.0, 4.0) as usize } else { 2 }
}

/// A difference in percentage points, with the digits that its interval bears.
pub(crate) fn points(difference: &Figure) -> String {
    let Some((d, interval)) = difference.estimate.zip(difference.interval) else { return NONE.into() };
    let shown = number(100.0 * d, decimals(interval));
    match shown.as_str() {
        "-0" | "0" => "0".into(),
        _ => format!("{}{shown}", if d > 0.0 { "+" } else { "" }),
    }
}

fn half(difference: &Figure) -> String {
    difference.interval.map_or(NONE.into(), |(low, high)| number(50.0 * (high - low), decimals((low, high))))
}

fn table(claim: &Tornado, w: &Words) -> Table {
    let columns = vec![
        Column::words(&w.t("hangs-input"), "", 18),
        Column::words(&w.t("hangs-range"), "P10 .. P90", 10).goes(2),
        Column::number(&w.t("sweep-found-share"), &w.t("hangs-at-p10")),
        Column::number("", &w.t("hangs-at-p90")),
        Column::number(&w.t("hangs-difference"), &w.t("hangs-points")),
        Column::number("", &w.t("text-sim")),
        Column::words(&w.t("hangs-owner"), "", 6).goes(1),
        Column::words(&w.t("hangs-basis"), "", 6).goes(3),
    ];
    let row = |bar: &Bar| -> Vec<Cell> {
        vec![
            bar.input.as_str().into(),
            bar.range.as_ref().map_or(String::new(), |range| w.phrase(range)).into(),
            percent(&bar.at_low).into(),
            percent(&bar.at_high).into(),
            points(&bar.difference).into(),
            half(&bar.difference).into(),
            bar.owner.clone().unwrap_or_else(|| NONE.into()).into(),
            basis(bar.basis, w).into(),
        ]
    };
    Table { columns, rows: claim.bars.iter().map(row).collect() }
}

/// How an input came to be known, in a word.
pub(crate) fn basis(basis: Option<Basis>, w: &Words) -> String {
    basis.map_or(String::new(), |basis| w.t(&format!("basis-word-{}", basis.name())))
}

fn legend(found: &Sensitivity, w: &Words) -> String {
    let level = format!("{}", 100.0 * found.confidence);
    w.say("hangs-legend", &[("level", level.into()), ("n", found.without_range.into())])
}
