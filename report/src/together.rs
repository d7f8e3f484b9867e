//! Which limits have to be raised so that the survivor has enough of everything at once, in words.

use crate::format::{count, share_half_width, thousands};
use crate::wording::{proposed, unit_of_money};
use crate::words::Words;
use drsim_experiment::outcome::{Outcome, TogetherLimit};

/// A resource in the middle of a sentence.
pub(crate) fn resource(name: &str, w: &Words) -> String {
    match name {
        "requests_per_second" => w.t("text-requests-a-second"),
        "concurrency" => w.t("resource-concurrency"),
        "concurrency_growth" => w.t("text-new-functions"),
        "database_growth" => w.t("text-units-beforehand"),
        "bandwidth" => w.t("resource-bandwidth"),
        other => w.phrase(&other.replace('_', " ")),
    }
}

/// The limits of the proposed design that have to be raised together; nothing where none has to.
pub(crate) fn sentence(outcome: &Outcome, w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let found = outcome.capacity_together.iter().find(|one| one.architecture == design.architecture)?;
    let raised = |one: &TogetherLimit| {
        let limit = one.required.estimate.filter(|limit| *limit > one.limit)?;
        let amount = |x: f64| w.number(&count(x.ceil() as u64));
        let within =
            one.required.interval.map_or_else(String::new, |(a, b)| format!(" ({} .. {})", amount(a), amount(b)));
        Some(format!("{} {}{within}", amount(limit), resource(&one.resource, w)))
    };
    let limits: Vec<String> = found.limits.iter().filter_map(raised).collect();
    let held_out = found.held_out.estimate.filter(|_| !limits.is_empty())?;
    let raises_database = found.limits.iter().any(|one| one.resource == "database_growth" && raised(one).is_some());
    let cost = found.cost_a_year.filter(|_| raises_database).map_or_else(String::new, |cost| {
        let gaps = [("cost", w.number(&thousands(cost)).into()), ("unit", unit_of_money(outcome).into())];
        w.say("text-capacity-together-cost", &gaps)
    });
    let percent = |share: f64| w.number(&crate::format::number(100.0 * share, 1));
    let half = share_half_width(held_out, found.held_out.interval);
    Some(w.say(
        "text-capacity-together",
        &[
            ("share", percent(found.share).into()),
            ("list", limits.join(", ").into()),
            ("cost", cost.into()),
            ("held", format!("{:.0}", 100.0 * held_out).into()),
            ("half", w.number(&half).into()),
        ],
    ))
}
