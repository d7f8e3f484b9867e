//! What the answer says about money: what the proposed design costs, what it lowers, from where it pays; and how the bill
//! stands to an invoice.

use crate::format::{NONE, amount_short, count, thousands, thousands_between, thousands_figure, usd_rounded};
use crate::wording::{baseline, bill_of, list, proposed, unit_of_money};
use crate::words::Words;
use drsim_experiment::decide::knowing::{ValueOfInput, ValueOfKnowing};
use drsim_experiment::outcome::{Figure, LossResult, Outcome};

fn loss_of<'a>(outcome: &'a Outcome, architecture: &str) -> Option<&'a LossResult> {
    outcome.losses.iter().find(|loss| loss.architecture == architecture)
}

/// ` (low .. high)`, where there is a range.
fn between(range: Option<(f64, f64)>, w: &Words) -> String {
    thousands_between(range).map_or_else(String::new, |range| format!(" ({})", w.number(&range)))
}

/// What the proposed design costs, and whether that is worth it.
pub(crate) fn money(outcome: &Outcome, w: &Words) -> Option<String> {
    let sentence = costs(outcome, w)?;
    Some(mark(outcome, w).map_or_else(|| sentence.clone(), |mark| format!("{sentence} {mark}.")))
}

fn costs(outcome: &Outcome, w: &Words) -> Option<String> {
    let (design, base) = (proposed(outcome)?, baseline(outcome)?);
    let bill = bill_of(outcome, &design.architecture)?;
    let unit = || ("unit", unit_of_money(outcome).into());
    let number = |value: f64| w.number(&thousands(value));
    let cloud = bill.cloud_a_year;
    if design.is_baseline {
        let gaps = [unit(), ("total", number(cloud.estimate?).into()), ("range", between(cloud.range, w).into())];
        return Some(w.say("answer-money-bill", &gaps));
    }
    let name = || ("base", base.architecture.as_str().into());
    let share = bill.premium_share.map_or_else(String::new, |share| format!(", {:+.0} %", 100.0 * share));
    let more = &bill.cloud_more_a_year;
    // "2 less", not "-2 more".
    let size = |figure: &Figure| {
        let turned = |(low, high): (f64, f64)| (-high, -low);
        match figure.estimate {
            Some(value) if value < 0.0 => (-value, figure.range.map(turned), 1),
            value => (value.unwrap_or(0.0), figure.range, 0),
        }
    };
    let Some(loss) = loss_of(outcome, &design.architecture) else {
        let gaps = [
            unit(),
            name(),
            ("total", number(cloud.estimate?).into()),
            ("more", number(size(more).0).into()),
            ("range", between(size(more).1, w).into()),
            ("less", size(more).2.into()),
            ("share", share.into()),
        ];
        return Some(w.say("answer-money-more", &gaps));
    };
    let all = loss.more?;
    let people = bill.people_more_a_year.map_or_else(
        || w.t("answer-money-no-people"),
        |people| {
            let amount = people.estimate.map_or(NONE.into(), number);
            w.say("answer-money-people", &[("amount", amount.into())])
        },
    );
    all.estimate?;
    let range = thousands_between(size(&all).1).map_or_else(String::new, |range| format!("{}; ", w.number(&range)));
    let gaps = [
        unit(),
        name(),
        ("all", number(size(&all).0).into()),
        ("less", size(&all).2.into()),
        ("range", range.into()),
        ("cloud", number(more.estimate?).into()),
        ("share", share.into()),
        ("people", people.into()),
        ("worth", worth(outcome, loss, &all, w)?.into()),
    ];
    Some(w.say("answer-money-costs", &gaps))
}

/// What a design lowers, whether it pays, and from which price of an hour.
fn worth(outcome: &Outcome, loss: &LossResult, more: &Figure, w: &Words) -> Option<String> {
    let base = loss_of(outcome, &baseline(outcome)?.architecture)?;
    let avoided = loss.avoided?;
    let unit = || ("unit", unit_of_money(outcome).into());
    let figure = |figure: &Figure| w.number(&thousands_figure(figure));
    let lowers = match avoided.estimate? {
        more if more < 0.0 => w.say("answer-raises", &[unit(), ("amount", w.number(&thousands(-more)).into())]),
        _ => {
            let range = between(avoided.range, w);
            w.say("answer-lowers", &[unit(), ("amount", figure(&avoided).into()), ("range", range.into())])
        }
    };
    let tail = match (figure(&base.one_in_100), figure(&loss.one_in_100)) {
        (a, b) if a == NONE || b == NONE => String::new(),
        (a, b) => w.say("answer-tail", &[("from", a.into()), ("to", b.into())]),
    };
    let (low, high) = avoided.interval?;
    let pays = w.t(match more.estimate? {
        price if high < price => "answer-pays-not",
        price if low > price => "answer-pays",
        _ => "answer-pays-open",
    });
    let given = outcome.scenario.money.downtime.as_ref()?;
    let own = outcome.scenario.money.currency;
    let says = match given.input.range {
        Some((low, high)) => format!("{} ({} .. {})", round(given.input.value), round(low), round(high)),
        None => round(given.input.value),
    };
    let says = if given.currency == own { says } else { format!("{says} {}", given.currency.code()) };
    let above = match loss.break_even_per_hour.as_ref().and_then(|price| price.estimate) {
        Some(price) => {
            let gaps = [
                ("price", w.number(&round(price)).into()),
                ("currency", own.code().into()),
                ("given", w.number(&says).into()),
            ];
            w.say("answer-pays-above", &gaps)
        }
        None => w.t("answer-pays-never"),
    };
    Some(format!("{lowers}{tail}: {pays}; {above}"))
}

/// Two significant digits, thousands separated.
fn round(value: f64) -> String {
    let unit = 10_f64.powi((value.abs().max(1.0).log10().floor() as i32 - 1).max(0));
    count(((value / unit).round() * unit).max(0.0) as u64)
}

/// Designs that lose more than the baseline although fewer requests fail.
pub(crate) fn loses_more(outcome: &Outcome, w: &Words) -> Option<String> {
    let base = baseline(outcome)?;
    let under = loss_of(outcome, &base.architecture)?;
    let unit = unit_of_money(outcome);
    let worse =
        outcome.losses.iter().filter(|l| l.avoided.and_then(|a| a.interval).is_some_and(|(_, high)| high < 0.0));
    let told =
        |l: &&LossResult| outcome.designs.iter().any(|d| d.worse_than_baseline && d.architecture == l.architecture);
    let names: Vec<String> = worse
        .filter(|l| !told(l))
        .map(|l| format!("{} ({} {unit})", l.architecture, w.number(&thousands_figure(&l.mean))))
        .collect();
    if names.is_empty() {
        return None;
    }
    let loss = w.number(&thousands_figure(&under.mean));
    let gaps = [("base", base.architecture.as_str().into()), ("loss", loss.into()), ("names", list("", &names).into())];
    Some(w.say("answer-loses-more", &gaps))
}

/// The modelled bill against the invoice, in a sentence; and service by service, where the invoice says so.
pub(crate) fn reconciled(outcome: &Outcome, w: &Words) -> String {
    let Some(check) = &outcome.invoice else { return w.t("invoice-none") };
    let gaps = [
        ("design", check.architecture.as_str().into()),
        ("ratio", format!("{:.0}", 100.0 * check.ratio).into()),
        ("month", check.as_of.as_str().into()),
        ("usd", w.number(&usd_rounded(check.invoiced_usd)).into()),
    ];
    let sentence = w.say(if check.agrees { "invoice-agrees" } else { "invoice-off" }, &gaps);
    let ratios: Vec<String> = check
        .services
        .iter()
        .filter_map(|s| {
            let mark = if (0.8..=1.25).contains(&s.ratio?) { "" } else { " (!)" };
            Some(format!("{} {:.0} %{mark}", s.service, 100.0 * s.ratio?))
        })
        .collect();
    let names = |of: fn(&drsim_experiment::outcome::ServiceCheck) -> bool| -> Vec<String> {
        check.services.iter().filter(|s| of(s)).map(|s| s.service.clone()).collect()
    };
    let parts = [
        ("invoice-services", ratios),
        ("invoice-not-modelled", names(|s| s.modelled_usd.is_none())),
        ("invoice-not-on-it", names(|s| s.invoiced_usd.is_none())),
    ];
    parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .fold(sentence, |text, (key, names)| format!("{text} {}", w.say(key, &[("list", names.join(", ").into())])))
}

/// What stands beside every figure of money: nothing where the bill agrees with an invoice.
pub(crate) fn mark(outcome: &Outcome, w: &Words) -> Option<String> {
    match &outcome.invoice {
        None if outcome.bills.is_empty() => None,
        None => Some(w.t("invoice-mark-none")),
        Some(check) if check.agrees => None,
        Some(check) => Some(w.say("invoice-mark-off", &[("ratio", format!("{:.0}", 100.0 * check.ratio).into())])),
    }
}

/// The same after some words, in brackets.
pub(crate) fn marked(outcome: &Outcome, w: &Words, words: &str) -> String {
    mark(outcome, w).map_or_else(|| words.to_owned(), |mark| format!("{words} ({mark})"))
}

/// What the proposed design lost and nobody put a price on.
pub(crate) fn not_priced(outcome: &Outcome, w: &Words) -> Option<String> {
    let loss = loss_of(outcome, &proposed(outcome)?.architecture)?;
    let items = not_priced_items(loss, w);
    let gaps = [("design", loss.architecture.as_str().into()), ("list", items.join(", ").into())];
    (!items.is_empty()).then(|| w.say("not-priced", &gaps))
}

/// The same, item by item.
pub(crate) fn not_priced_items(loss: &LossResult, w: &Words) -> Vec<String> {
    let one = |(item, a_year): &(String, f64)| {
        let n = if *a_year >= 10.0 { count(a_year.round() as u64) } else { format!("{a_year:.2}") };
        w.say(&format!("not-priced-{}", item.replace('_', "-")), &[("n", w.number(&n).into())])
    };
    loss.not_priced.iter().map(one).collect()
}

/// What knowing an input is worth a year: an amount with its interval, or 0.
pub(crate) fn worth_knowing(input: &ValueOfInput, w: &Words) -> String {
    let (Some(value), Some((low, high))) = (input.value.estimate, input.value.interval) else { return NONE.into() };
    if value <= 0.0 {
        return "0".into();
    }
    let short = |amount: f64| amount_short(&Figure { estimate: Some(amount), ..Figure::default() });
    w.number(&format!("{} ({} .. {})", short(value), short(low), short(high)))
}

/// What knowing more is worth before deciding for or against the proposed design, in a sentence or two.
pub(crate) fn knowing(found: &ValueOfKnowing, most: usize, w: &Words) -> String {
    let short = |amount: f64| w.number(&amount_short(&Figure { estimate: Some(amount), ..Figure::default() }));
    let net = found.net_benefit;
    let (low, high) = net.interval.unwrap_or_default();
    let owner = |input: &ValueOfInput| match &input.owner {
        Some(owner) => w.say("sobol-owner", &[("owner", owner.as_str().into())]),
        None => w.t("sobol-no-owner"),
    };
    // An interval that reaches 0 is not worth a measurement.
    let worth = found.inputs.iter().filter(|input| input.value.interval.is_some_and(|(low, _)| low > 0.0)).take(most);
    let one = |input: &ValueOfInput| {
        let gaps = [
            ("input", input.input.as_str().into()),
            ("owner", owner(input).into()),
            ("value", worth_knowing(input, w).into()),
            ("currency", found.currency.as_str().into()),
        ];
        w.say("knowing-one", &gaps)
    };
    let list: Vec<String> = worth.map(one).collect();
    let gaps = [
        ("design", found.architecture.as_str().into()),
        ("base", found.against.as_str().into()),
        ("net", short(net.estimate.unwrap_or(0.0)).into()),
        ("low", short(low).into()),
        ("high", short(high).into()),
        ("currency", found.currency.as_str().into()),
        ("share", format!("{:.0}", 100.0 * found.pays_in).into()),
        ("n", net.n.into()),
        ("list", list.join("; ").into()),
    ];
    let key = match (list.is_empty(), found.pays_in) {
        (false, _) => "knowing-worth",
        (true, 0.0) => "knowing-never",
        (true, 1.0) => "knowing-always",
        (true, _) => "knowing-nothing",
    };
    w.say(key, &gaps)
}
