//! A sweep as people and programs read it.
//!
//! One field is a table with a row per value; two are a map with the first field to the right and the second upwards.

use crate::files::ReportError;
use crate::format::{NONE, amount, count, duration, duration_figure, number, share, share_half_width};
use crate::plots::{self, Picture};
use crate::table::{Cell, Column, Table, Tone, wrap};
use crate::view::{View, cell};
use crate::wording::{asked as asked_share, verdict};
use crate::words::{Lang, Words};
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::{Asked, Sweep};
use drsim_experiment::outcome::{Figure, Verdict};
use std::fmt::Write as _;

impl View for Sweep {
    const NAME: &'static str = "sweep";

    fn text(&self, lang: Lang, width: usize, colour: bool) -> String {
        let w = lang.words();
        let mut lines = wrap("", &heading(self, w), width);
        for table in tables(self, w, width) {
            lines.push(String::new());
            lines.extend(wrap("", &table.title, width));
            lines.extend(table.table.text(width, colour));
        }
        lines.extend(wrap("", &legend(self, w), width));
        lines.join("\n") + "\n"
    }

    fn markdown(&self, lang: Lang) -> String {
        let w = lang.words();
        let mut text = format!("**{}**\n", heading(self, w));
        for table in tables(self, w, usize::MAX) {
            _ = write!(text, "\n{}\n\n{}", table.title, table.table.markdown());
        }
        text + "\n" + &legend(self, w) + "\n"
    }

    /// One row per setting, architecture and measure; the varied fields come first, under their paths.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let names = [
            "architecture",
            "measure",
            "bound",
            "per",
            "asked",
            "estimate",
            "ci_low",
            "ci_high",
            "range_low",
            "range_high",
            "n",
            "years",
            "unit",
            "verdict",
            "note",
        ];
        let head = self.axes.iter().map(|axis| axis.path.clone()).chain(names.map(str::to_owned)).collect();
        let row = |of: &drsim_experiment::decide::sweep::Cell| {
            let (found, asked) = (&of.found, &self.asked[of.asked]);
            let figure = &found.figure;
            let own = [
                self.architectures[of.architecture].clone(),
                asked.name.clone(),
                asked.bound.clone(),
                asked.per.clone(),
                cell(asked.share),
                cell(figure.estimate),
                cell(figure.interval.map(|i| i.0)),
                cell(figure.interval.map(|i| i.1)),
                cell(figure.range.map(|r| r.0)),
                cell(figure.range.map(|r| r.1)),
                figure.n.to_string(),
                found.years.to_string(),
                found.unit.clone(),
                found.verdict.map_or(String::new(), |v| crate::check::word(v).to_lowercase()),
                found.note.clone().unwrap_or_default(),
            ];
            self.axes.iter().zip(&of.at).map(|(axis, i)| axis.values[*i].clone()).chain(own).collect()
        };
        (head, self.cells.iter().map(row).collect())
    }

    fn pictures(&self, lang: Lang) -> Result<Vec<Picture>, ReportError> {
        plots::of_sweep(self, lang)
    }
}

struct Titled {
    title: String,
    table: Table,
}

/// The years of each setting of a measure, or of all: "1,000", "500 to 4,000".
pub(crate) fn years(sweep: &Sweep, measure: Option<usize>, w: &Words) -> String {
    let years = sweep.cells.iter().filter(|c| measure.is_none_or(|m| c.asked == m)).map(|c| c.found.years);
    let (least, most) = (years.clone().min().unwrap_or(0), years.max().unwrap_or(0));
    let number = |n: u64| w.number(&count(n));
    if least == most {
        return number(most);
    }
    w.say("sweep-from-to", &[("low", number(least).into()), ("high", number(most).into())])
}

fn heading(sweep: &Sweep, w: &Words) -> String {
    let field = |axis: &drsim_experiment::decide::vary::Axis| {
        w.say("sweep-field", &[("field", axis.path.as_str().into()), ("n", axis.values.len().into())])
    };
    let fields: Vec<String> = sweep.axes.iter().map(field).collect();
    let gaps = [
        ("title", sweep.title.as_str().into()),
        ("fields", fields.join(" x ").into()),
        ("years", years(sweep, None, w).into()),
        ("seed", sweep.seed.to_string().into()),
    ];
    w.say("sweep-heading", &gaps)
}

/// What a measure is, in words.
pub(crate) fn what(asked: &Asked, w: &Words) -> String {
    if !asked.is_claim {
        return asked.name.clone();
    }
    let gaps = [
        ("claim", asked.name.as_str().into()),
        ("bound", asked.bound.as_str().into()),
        ("share", asked_share(asked.share, w).into()),
    ];
    w.say("sweep-what", &gaps)
}

/// What was found, without its interval.
pub(crate) fn value(asked: &Asked, found: &Found, w: &Words) -> String {
    w.number(&match found.figure.estimate {
        None => NONE.into(),
        Some(p) if asked.is_claim => share(p, found.figure.interval),
        Some(_) if found.unit == "s" => duration_figure(&found.figure),
        Some(_) => amount(&found.figure),
    })
}

/// A number in its unit, for an axis.
pub(crate) fn plain(value: f64, unit: &str, w: &Words) -> String {
    w.number(&match unit {
        "s" => duration(value),
        "1" => format!("{} %", number(100.0 * value, 2)),
        _ => amount(&Figure { estimate: Some(value), ..Figure::default() }),
    })
}

fn tone(found: &Found) -> Tone {
    match found.verdict {
        Some(Verdict::Holds | Verdict::NoCounterexample) => Tone::Good,
        Some(Verdict::Fails) => Tone::Bad,
        Some(Verdict::Undecided | Verdict::Depends) => Tone::Open,
        _ => Tone::Plain,
    }
}

fn tables(sweep: &Sweep, w: &Words, width: usize) -> Vec<Titled> {
    let pairs = (0..sweep.asked.len()).flat_map(|m| (0..sweep.architectures.len()).map(move |a| (a, m)));
    match sweep.axes.as_slice() {
        [_] => (0..sweep.asked.len()).map(|m| column(sweep, m, w)).collect(),
        _ => pairs.map(|pair| map(sweep, pair, w, width)).collect(),
    }
}

/// One field: a row per value, and for each architecture what was found, how surely, and the verdict.
fn column(sweep: &Sweep, m: usize, w: &Words) -> Titled {
    let (axis, asked) = (&sweep.axes[0], &sweep.asked[m]);
    let mut columns = vec![Column::number(&axis.path, "")];
    for name in &sweep.architectures {
        columns.push(Column::number(name, &w.t(if asked.is_claim { "sweep-found-share" } else { "text-found" })));
        let level = format!("{}", 100.0 * sweep.confidence);
        let interval = w.say("sweep-interval", &[("level", level.into())]);
        columns.push(Column::number("", &if asked.is_claim { w.t("text-sim") } else { interval }));
        if asked.is_claim {
            columns.push(Column::words("", &w.t("text-verdict"), 4));
        }
    }
    let row = |i: usize| {
        let mut cells: Vec<Cell> = vec![axis.values[i].as_str().into()];
        for a in 0..sweep.architectures.len() {
            let Some(found) = sweep.cell(&[i], a, m).map(|c| &c.found) else {
                cells.extend([NONE.into(), "".into()]);
                if asked.is_claim {
                    cells.push("".into());
                }
                continue;
            };
            cells.push(Cell { tone: tone(found), ..value(asked, found, w).into() });
            if asked.is_claim {
                let p = found.figure.estimate.unwrap_or(f64::NAN);
                cells.push(share_half_width(p, found.figure.interval).into());
                cells.push(found.verdict.map_or(NONE.to_owned(), |v| verdict(v, w)).into());
            } else {
                let end = |x: f64| plain(x, &found.unit, w);
                let ends = found.figure.interval.map(|(low, high)| format!("{} .. {}", end(low), end(high)));
                let note = || found.note.as_ref().map_or(NONE.to_owned(), |note| w.phrase(note));
                cells.push(ends.unwrap_or_else(note).into());
            }
        }
        cells
    };
    Titled { title: what(asked, w), table: Table { columns, rows: (0..axis.values.len()).map(row).collect() } }
}

/// Two fields: a cell per setting; columns are thinned to the width.
fn map(sweep: &Sweep, (design, measure): (usize, usize), w: &Words, width: usize) -> Titled {
    let (x, y, asked) = (&sweep.axes[0], &sweep.axes[1], &sweep.asked[measure]);
    let cell = |i: usize, j: usize| sweep.cell(&[i, j], design, measure).map(|cell| &cell.found);
    let text = |i: usize, j: usize| cell(i, j).map_or(NONE.into(), |found| value(asked, found, w));
    let all = || (0..x.values.len()).flat_map(|i| (0..y.values.len()).map(move |j| (i, j)));
    let cell_width = all().map(|(i, j)| text(i, j).chars().count()).max().unwrap_or(1);
    let label = y.values.iter().map(|v| v.chars().count()).max().unwrap_or(0);
    let narrow = |v: &String| v.split(' ').map(|part| part.chars().count()).max().unwrap_or(0);
    let cell_width = cell_width.max(x.values.iter().map(narrow).max().unwrap_or(0)) + 1;
    let fits = (width.saturating_sub(label) / cell_width).max(1);
    let step = x.values.len().div_ceil(fits);
    let shown: Vec<usize> = (0..x.values.len()).step_by(step).collect();
    let mut columns = vec![Column::number("", "")];
    for i in &shown {
        let (number, unit) = x.values[*i].split_once(' ').unwrap_or((&x.values[*i], ""));
        columns.push(Column::number(number, unit));
    }
    let row = |j: usize| {
        let mut cells: Vec<Cell> = vec![y.values[j].as_str().into()];
        for i in &shown {
            let tone = cell(*i, j).map_or(Tone::Plain, tone);
            cells.push(Cell { tone, ..text(*i, j).into() });
        }
        cells
    };
    let gaps = [
        ("design", sweep.architectures[design].as_str().into()),
        ("what", what(asked, w).into()),
        ("x", x.path.as_str().into()),
        ("y", y.path.as_str().into()),
    ];
    let title = w.say(if asked.is_claim { "sweep-map-share" } else { "sweep-map" }, &gaps);
    Titled { title, table: Table { columns, rows: (0..y.values.len()).rev().map(row).collect() } }
}

fn legend(sweep: &Sweep, w: &Words) -> String {
    let mut words = Vec::new();
    if sweep.asked.iter().any(|a| a.is_claim) {
        words.push(w.say("sweep-legend-found", &interval_gaps(sweep)));
    }
    if sweep.axes.iter().any(|axis| axis.path.ends_with(".*")) {
        words.push(w.t("sweep-legend-scaled"));
    }
    words.push(w.t("sweep-legend-chance"));
    words.join("; ")
}

/// The level of a sweep's intervals, and the half-width of the widest of a claim.
pub(crate) fn interval_gaps(sweep: &Sweep) -> [(&'static str, fluent_bundle::FluentValue<'static>); 2] {
    let intervals =
        sweep.cells.iter().filter(|c| sweep.asked[c.asked].is_claim).filter_map(|c| c.found.figure.interval);
    let widest = intervals.map(|(low, high)| 50.0 * (high - low)).fold(0.0, f64::max);
    [("level", format!("{}", 100.0 * sweep.confidence).into()), ("widest", format!("{widest:.1}").into())]
}
