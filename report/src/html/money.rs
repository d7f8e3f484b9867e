//! Money: what each design costs, what its outages cost, from which price of an hour it pays; two figures.

use super::number::Number;
use super::tables::{Row, Table, heads, section as tables_section};
use super::{Section, figures};
use crate::files::ReportError;
use crate::format::{thousands, thousands_figure};
use crate::plots;
use crate::wording::{proposed, unit_of_money};
use crate::words::Words;
use crate::worth::{marked, not_priced, reconciled};
use drsim_experiment::outcome::{Bill, Figure, LossResult, Outcome};

/// The table.
pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let unit = outcome.scenario.money.currency.code();
    let with_losses = !outcome.losses.is_empty();
    let mut keys = vec!["design", "money-bill", "money-more", "money-people"];
    if with_losses {
        keys.extend(["money-loss", "money-any", "money-10", "money-100", "money-avoided", "money-pays"]);
    }
    let rows = outcome.bills.iter().enumerate().map(|(i, bill)| {
        let mut cells = bill_cells(w, bill, i);
        if with_losses {
            let own = outcome.losses.iter().enumerate().find(|(_, l)| l.architecture == bill.architecture);
            cells.extend(own.map_or_else(Vec::new, |(k, loss)| loss_cells(w, loss, k)));
        }
        Row::of_design(outcome, &bill.architecture, cells)
    });
    let table = Table {
        caption: marked(outcome, w, &w.say("money-table", &[("unit", unit.into())])),
        heads: heads(w, &keys),
        rows: rows.collect(),
    };
    let title = marked(outcome, w, &title(outcome, w).unwrap_or_else(|| w.t("money-name")));
    let mut notes = vec![w.t("money-note"), reconciled(outcome, w)];
    notes.extend(not_priced(outcome, w));
    tables_section(("money", w.t("money-name"), title), vec![], vec![table], notes)
}

/// What the proposed design costs beyond the baseline, and from where it pays.
fn title(outcome: &Outcome, w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let bill = outcome.bills.iter().find(|bill| bill.architecture == design.architecture)?;
    let loss = outcome.losses.iter().find(|loss| loss.architecture == design.architecture);
    let name = || ("design", design.architecture.as_str().into());
    let unit = || ("unit", unit_of_money(outcome).into());
    let Some((loss, more)) = loss.and_then(|loss| Some((loss, loss.more?.estimate?))) else {
        let a_year = w.number(&thousands(bill.cloud_a_year.estimate?));
        return Some(w.say("money-title-bill", &[name(), unit(), ("amount", a_year.into())]));
    };
    let avoided = w.number(&thousands_figure(&loss.avoided?));
    let gaps = [name(), unit(), ("more", w.number(&thousands(more)).into()), ("avoided", avoided.into())];
    Some(match loss.break_even_per_hour.and_then(|price| price.estimate) {
        Some(price) => {
            let price = w.number(&thousands(price));
            let gaps: Vec<_> = gaps.into_iter().chain([("price", price.into())]).collect();
            w.say("money-title", &gaps)
        }
        None => w.say("money-title-never", &gaps),
    })
}

/// Net benefit against the price of an hour.
pub(super) fn worth(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if !outcome.losses.iter().any(|loss| loss.avoided.is_some()) {
        return Ok(None);
    }
    figures::section(outcome, w, "worth", plots::worth, vec![])
}

/// How often a year loses more than so much.
pub(super) fn exceedance(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    if !outcome.losses.iter().any(|loss| loss.any.estimate.is_some_and(|any| any > 0.0)) {
        return Ok(None);
    }
    figures::section(outcome, w, "exceedance", plots::exceedance, vec![])
}

fn bill_cells(w: &Words, bill: &Bill, i: usize) -> Vec<Number> {
    let known = |figure: &Figure, field: &str| Number::amount_short(w, figure, &format!("/bills/{i}/{field}"));
    vec![
        known(&bill.cloud_a_year, "cloud_a_year"),
        known(&bill.cloud_more_a_year, "cloud_more_a_year"),
        bill.people_more_a_year
            .as_ref()
            .map_or_else(|| Number::none("-"), |figure| known(figure, "people_more_a_year")),
    ]
}

fn loss_cells(w: &Words, loss: &LossResult, k: usize) -> Vec<Number> {
    let at = |field: &str| format!("/losses/{k}/{field}/estimate");
    let short = |figure: &Figure, field: &str| Number::amount_short(w, figure, &format!("/losses/{k}/{field}"));
    let maybe = |figure: &Option<Figure>, field: &str| {
        figure.as_ref().map_or_else(|| Number::none("-"), |figure| short(figure, field))
    };
    let pays = match loss.break_even_per_hour {
        None => Number::none("-"),
        Some(figure) if figure.estimate.is_none() => Number::none(w.t("money-never")),
        Some(figure) => short(&figure, "break_even_per_hour"),
    };
    vec![
        short(&loss.mean, "mean"),
        Number::share(w, loss.any.estimate, loss.any.interval, at("any")),
        short(&loss.one_in_10, "one_in_10"),
        short(&loss.one_in_100, "one_in_100"),
        maybe(&loss.avoided, "avoided"),
        pays,
    ]
}
