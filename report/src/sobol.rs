//! Sobol's indices, and what to measure next, as people and programs read it.

use crate::format::{NONE, count, number};
use crate::sensitivity::basis;
use crate::sweep::what;
use crate::table::{Cell, Column, Table, wrap};
use crate::view::{View, cell};
use crate::words::{Lang, Words};
use crate::worth::{knowing, worth_knowing};
use drsim_experiment::decide::knowing::ValueOfInput;
use drsim_experiment::decide::sobol::{Detail, Share};
use drsim_experiment::outcome::Figure;
use drsim_experiment::scenario::Basis;

/// Inputs that are worth a sentence.
const NEXT: usize = 3;

impl View for Detail {
    const NAME: &'static str = "sobol";

    fn text(&self, lang: Lang, width: usize, colour: bool) -> String {
        let w = lang.words();
        let mut lines = wrap("", &heading(self, w), width);
        if !rows(self).is_empty() {
            lines.push(String::new());
            lines.extend(table(self, w).text(width, colour));
        }
        lines.extend(wrap("", &legend(self, w), width));
        lines.push(String::new());
        lines.extend(wrap(&format!("{}  ", w.t("sobol-next")), &next(self, w), width));
        lines.join("\n") + "\n"
    }

    fn markdown(&self, lang: Lang) -> String {
        let w = lang.words();
        format!(
            "**{}**\n\n{}\n{}\n\n**{}** {}\n",
            heading(self, w),
            table(self, w).markdown(),
            legend(self, w),
            w.t("sobol-next"),
            next(self, w)
        )
    }

    /// One row per input.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let head = [
            "architecture",
            "claim",
            "input",
            "first",
            "first_low",
            "first_high",
            "total",
            "total_low",
            "total_high",
            "narrows",
            "worth_a_year",
            "worth_low",
            "worth_high",
            "currency",
            "basis",
            "owner",
        ];
        let own = |row: Row| {
            let index = |figure: fn(&Share) -> &Figure| row.share.map(figure).copied().unwrap_or_default();
            let (first, total) = (index(|share| &share.first), index(|share| &share.total));
            let worth = row.worth.map(|worth| worth.value).unwrap_or_default();
            let ends = |figure: &Figure| {
                [cell(figure.estimate), cell(figure.interval.map(|i| i.0)), cell(figure.interval.map(|i| i.1))]
            };
            let mut cells = vec![self.architecture.clone(), self.asked.name.clone(), row.input.to_owned()];
            cells.extend(ends(&first));
            cells.extend(ends(&total));
            cells.push(cell(row.share.map(|share| share.narrows)));
            cells.extend(ends(&worth));
            cells.push(self.money.as_ref().map_or(String::new(), |money| money.currency.clone()));
            cells.push(row.basis.map_or("", Basis::name).to_owned());
            cells.push(row.owner.unwrap_or_default().to_owned());
            cells
        };
        (head.map(str::to_owned).to_vec(), rows(self).into_iter().map(own).collect())
    }
}

/// What is known of one input.
struct Row<'d> {
    input: &'d str,
    share: Option<&'d Share>,
    worth: Option<&'d ValueOfInput>,
    basis: Option<Basis>,
    owner: Option<&'d str>,
}

/// By what it explains; then what is worth knowing for its money alone.
fn rows(found: &Detail) -> Vec<Row<'_>> {
    let money = || found.money.iter().flat_map(|money| &money.inputs);
    let explains = found.inputs.iter().map(|share| Row {
        input: &share.input,
        share: Some(share),
        worth: money().find(|worth| worth.input == share.input),
        basis: share.basis,
        owner: share.owner.as_deref(),
    });
    let is_new = |worth: &&ValueOfInput| {
        let known = found.inputs.iter().any(|share| share.input == worth.input);
        !known && worth.value.estimate.is_some_and(|value| value > 0.0)
    };
    let pays = money().filter(is_new).map(|worth| Row {
        input: &worth.input,
        share: None,
        worth: Some(worth),
        basis: worth.basis,
        owner: worth.owner.as_deref(),
    });
    explains.chain(pays).collect()
}

fn heading(found: &Detail, w: &Words) -> String {
    let gaps = [
        ("title", found.title.as_str().into()),
        ("design", found.architecture.as_str().into()),
        ("what", what(&found.asked, w).into()),
        ("rows", found.rows.into()),
        ("years", w.number(&count(found.years)).into()),
        ("seed", found.seed.to_string().into()),
    ];
    w.say("sobol-heading", &gaps)
}

/// An index in per cent with no more digits than its interval bears.
fn percent(figure: &Figure) -> String {
    let Some((value, (low, high))) = figure.estimate.zip(figure.interval) else { return NONE.into() };
    format!("{} ({} .. {})", number(100.0 * value, 0), number(100.0 * low, 0), number(100.0 * high, 0))
}

fn table(found: &Detail, w: &Words) -> Table {
    let interval = w.t("compare-interval");
    let mut columns = vec![
        Column::words(&w.t("hangs-input"), "", 18),
        Column::number(&w.t("sobol-first"), &interval),
        Column::number(&w.t("sobol-total"), &interval),
        Column::number(&w.t("sobol-knowing"), &w.t("sobol-narrows")),
    ];
    if let Some(money) = &found.money {
        let unit = w.say("sobol-worth-unit", &[("currency", money.currency.as_str().into())]);
        columns.push(Column::number(&w.t("sobol-worth"), &unit));
    }
    columns
        .extend([Column::words(&w.t("hangs-owner"), "", 6).goes(1), Column::words(&w.t("hangs-basis"), "", 6).goes(2)]);
    let row = |row: &Row| -> Vec<Cell> {
        let share = |of: fn(&Share) -> &Figure| row.share.map_or(NONE.into(), |share| percent(of(share)));
        let narrows = row.share.map(|share| share.narrows).filter(|narrows| *narrows > 0.0);
        let mut cells: Vec<Cell> = vec![
            row.input.into(),
            share(|share| &share.first).into(),
            share(|share| &share.total).into(),
            narrows.map_or(NONE.into(), |narrows| format!("{:.0} %", 100.0 * narrows)).into(),
        ];
        if found.money.is_some() {
            cells.push(row.worth.map_or(NONE.into(), |worth| worth_knowing(worth, w)).into());
        }
        cells.push(row.owner.unwrap_or(NONE).into());
        cells.push(basis(row.basis, w).into());
        cells
    };
    Table { columns, rows: rows(found).iter().map(row).collect() }
}

fn legend(found: &Detail, w: &Words) -> String {
    let share = |share: f64| format!("{:.1}", 100.0 * share);
    let gaps = [
        ("mean", share(found.mean).into()),
        ("deviation", share(found.deviation).into()),
        ("noise", share(found.noise).into()),
        ("level", format!("{}", 100.0 * found.confidence).into()),
    ];
    let mut words = vec![w.say(if found.inputs.is_empty() { "sobol-nothing" } else { "sobol-legend" }, &gaps)];
    words.extend(found.money.is_some().then(|| w.t("sobol-worth-is")));
    words.join(" ")
}

/// What to measure next, with whom, and what that is worth.
fn next(found: &Detail, w: &Words) -> String {
    let narrow: Vec<&Share> = found.inputs.iter().filter(|share| share.narrows > 0.0).take(NEXT).collect();
    let owner = |owner: &Option<String>| match owner {
        Some(owner) => w.say("sobol-owner", &[("owner", owner.as_str().into())]),
        None => w.t("sobol-no-owner"),
    };
    let one = |share: &&Share| {
        let points = |deviation: f64| format!("{:.1}", 100.0 * deviation);
        let gaps = [
            ("input", share.input.as_str().into()),
            ("owner", owner(&share.owner).into()),
            ("from", points(found.deviation).into()),
            ("to", points(found.deviation * (1.0 - share.narrows)).into()),
        ];
        w.say("sobol-next-one", &gaps)
    };
    let mut sentences = vec![if narrow.is_empty() {
        w.t("sobol-next-none")
    } else {
        narrow.iter().map(one).collect::<Vec<_>>().join("; ") + "."
    }];
    sentences.extend(found.money.as_ref().map(|money| knowing(money, NEXT, w)));
    sentences.join(" ")
}
