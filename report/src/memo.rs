//! `memo.md`: a page to sign, in English and in Spanish. Every figure in it stands in the outcome; nothing is rounded up
//! into a promise.

use crate::doubts::rows;
use crate::format::{NONE, amount, count, share, share_asked, thousands, thousands_between, thousands_figure};
use crate::wording::{baseline, bill_of, claims_of, proposed, unit_of_money};
use crate::words::{Lang, Words};
use crate::worth::{mark, not_priced_items};
use drsim_experiment::outcome::{BudgetRow, CostLine, DesignResult, Figure, LossResult, Outcome, Verdict};
use std::fmt::Write as _;

/// Inputs that are named.
const DECIDING: usize = 3;

/// Claims and alternatives that a page has room for, of each.
const MOST: usize = 6;

/// Both languages, the page break between them a rule.
pub fn memo(outcome: &Outcome) -> String {
    Lang::ALL.map(|lang| page(outcome, lang.words())).join("\n---\n\n")
}

fn loss_of<'a>(outcome: &'a Outcome, design: &DesignResult) -> Option<&'a LossResult> {
    outcome.losses.iter().find(|loss| loss.architecture == design.architecture)
}

fn page(outcome: &Outcome, w: &Words) -> String {
    let (Some(design), Some(base)) = (proposed(outcome), baseline(outcome)) else { return String::new() };
    let name = &design.architecture;
    let mut text = format!("# {}\n\n", w.say("memo-title", &[("title", outcome.manifest.title.trim().into())]));
    text += &decision(outcome, design, base, w);
    _ = writeln!(text, "{}\n", recommendation(outcome, design, w));
    text += &budget(outcome, name, &base.architecture, w);
    if let (Some(loss), Some(under)) = (loss_of(outcome, design), loss_of(outcome, base)) {
        text += &benefit(outcome, loss, under, w);
    }
    text += &claims(outcome, name, w);
    text += &alternatives(outcome, design, base, w);
    text += &inputs(outcome, w);
    text += &left_out(outcome, name, w);
    let m = &outcome.manifest;
    let gaps = [
        ("until", valid_until(m.price_date.as_deref().unwrap_or_default()).into()),
        ("digest", m.scenario_digest.as_str().into()),
        ("years", w.number(&count(m.replications)).into()),
        ("seed", m.seed.to_string().into()),
    ];
    _ = write!(text, "{}\n\n{}\n", w.say("memo-foot", &gaps), w.t("memo-signatures"));
    text
}

/// Rows of a design's budget in a fiscal year, or in all of them.
fn spent(outcome: &Outcome, design: &str, year: Option<&str>, wanted: impl Fn(&str) -> bool) -> u64 {
    let own = |r: &&BudgetRow| r.architecture == design && year.is_none_or(|y| y == r.fiscal_year) && wanted(&r.kind);
    let sum: rust_decimal::Decimal = outcome.budget.iter().filter(own).map(|row| row.expected).sum();
    sum.round().try_into().unwrap_or_default()
}

/// Fiscal years of a design, in order.
fn years<'a>(outcome: &'a Outcome, design: &str) -> Vec<&'a str> {
    let mut years: Vec<&str> = Vec::new();
    for row in outcome.budget.iter().filter(|row| row.architecture == design) {
        if years.last() != Some(&row.fiscal_year.as_str()) {
            years.push(&row.fiscal_year);
        }
    }
    years
}

fn decision(outcome: &Outcome, design: &DesignResult, base: &DesignResult, w: &Words) -> String {
    let (own, other) = (&design.architecture, &base.architecture);
    let asked = w.say("memo-asked", &[("design", own.as_str().into()), ("base", other.as_str().into())]);
    let years = years(outcome, own);
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return format!("{asked}\n\n") };
    let number = |n: u64| w.number(&count(n));
    // Percentiles do not add up, so that all years together have no contingency.
    let expected = |design: &str| spent(outcome, design, None, |kind| kind != "contingency");
    let all = expected(own);
    let gaps = [
        ("total", number(all).into()),
        ("currency", outcome.scenario.money.currency.code().into()),
        ("first", (*first).into()),
        ("last", (*last).into()),
        ("more", number(all.saturating_sub(expected(other))).into()),
        ("base", other.as_str().into()),
    ];
    format!("{asked} {}\n\n", w.say("memo-sum", &gaps))
}

/// What a recommendation follows from: claims broken, and whether it pays by more than the simulation leaves open.
fn recommendation(outcome: &Outcome, design: &DesignResult, w: &Words) -> String {
    let fails: Vec<String> = claims_of(outcome, &design.architecture)
        .filter(|c| c.verdict == Verdict::Fails)
        .map(|c| format!("`{}`", c.claim))
        .collect();
    let pays = loss_of(outcome, design).and_then(|loss| {
        let (low, high) = loss.avoided?.interval?;
        let more = loss.more?.estimate?;
        Some(match more {
            more if high < more => "not",
            more if low > more => "yes",
            _ => "open",
        })
    });
    let claims = if fails.is_empty() {
        w.t("memo-breaks-none")
    } else {
        w.say("memo-breaks", &[("claims", fails.join(", ").into())])
    };
    let money = w.t(match pays {
        Some("not") => "answer-pays-not",
        Some("yes") => "answer-pays",
        Some(_) => "answer-pays-open",
        None => "memo-pays-unknown",
    });
    let advice = w.t(match (fails.is_empty(), pays) {
        (true, Some("yes")) => "memo-approve",
        (false, _) => "memo-approve-not",
        _ => "memo-approve-otherwise",
    });
    let gaps = [
        ("advice", advice.into()),
        ("design", design.architecture.as_str().into()),
        ("claims", claims.into()),
        ("money", money.into()),
    ];
    w.say("memo-recommendation", &gaps)
}

/// Expected by fiscal year and kind, and all years together.
fn budget(outcome: &Outcome, name: &str, base: &str, w: &Words) -> String {
    let columns: [(&str, &[&str]); 6] = [
        (name, &["one_off"]),
        (name, &["run"]),
        (name, &["people", "drill"]),
        (name, &["one_off", "run", "people", "drill"]),
        (name, &["contingency"]),
        (base, &["run"]),
    ];
    let row = |year: Option<&str>, head: &str| {
        // What is not estimated has no row, and is not 0.
        let absent = |design: &str, kinds: &[&str]| {
            outcome.budget.iter().all(|r| r.architecture != design || !kinds.contains(&r.kind.as_str()))
        };
        let cell = |(design, kinds): (&str, &[&str])| match (year, kinds) {
            (None, ["contingency"]) => NONE.to_owned(),
            _ if absent(design, kinds) => NONE.to_owned(),
            _ => w.number(&count(spent(outcome, design, year, |kind| kinds.contains(&kind)))),
        };
        format!("| {head} | {} |\n", columns.map(cell).join(" | "))
    };
    let currency = outcome.scenario.money.currency.code();
    let mut text = format!("| {} |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n", w.t("memo-budget-heads"));
    let years = years(outcome, name);
    for year in &years {
        text += &row(Some(year), year);
    }
    if years.len() > 1 {
        text += &row(None, &w.t("memo-budget-all"));
    }
    let mark = mark(outcome, w).map_or_else(String::new, |mark| format!(" **{mark}.**"));
    format!("{text}\n{}{mark}\n\n", w.say("memo-budget-note", &[("currency", currency.into())]))
}

fn benefit(outcome: &Outcome, loss: &LossResult, under: &LossResult, w: &Words) -> String {
    let unit = unit_of_money(outcome);
    let range = |figure: Option<(f64, f64)>| {
        thousands_between(figure).map_or_else(String::new, |range| format!(" ({})", w.number(&range)))
    };
    let figure = |figure: &Figure| w.number(&thousands_figure(figure));
    let (more, avoided) = (loss.more.unwrap_or_default(), loss.avoided.unwrap_or_default());
    let given = outcome.scenario.money.downtime.as_ref();
    let pays = match loss.break_even_per_hour.and_then(|f| f.estimate) {
        Some(price) => {
            w.say("memo-pays-above", &[("price", w.number(&thousands(price)).into()), ("unit", unit.into())])
        }
        None => w.t("answer-pays-never"),
    };
    let gaps = [
        ("unit", unit.into()),
        ("more", w.number(&thousands(more.estimate.unwrap_or(0.0))).into()),
        ("morerange", range(more.range).into()),
        ("avoided", figure(&avoided).into()),
        ("avoidedrange", range(avoided.range).into()),
        ("from", figure(&under.one_in_100).into()),
        ("to", figure(&loss.one_in_100).into()),
        ("pays", pays.into()),
        ("given", given.map_or(NONE.into(), |amount| w.number(&thousands(amount.input.value))).into()),
        ("givenrange", range(given.and_then(|amount| amount.input.range)).into()),
    ];
    let mark = mark(outcome, w).map_or_else(String::new, |mark| format!(" **{mark}.**"));
    format!("{}{mark}\n\n", w.say("memo-benefit", &gaps))
}

/// Claims that do not hold: what was asked, what was found, what decides.
fn claims(outcome: &Outcome, name: &str, w: &Words) -> String {
    let mut open = claims_of(outcome, name).filter(|c| c.verdict != Verdict::Holds).peekable();
    if open.peek().is_none() {
        return format!("{}\n\n", w.t("memo-claims-hold"));
    }
    let mut text = format!("**{}**\n\n", w.t("memo-claims"));
    let claims: Vec<_> = open.collect();
    for claim in claims.iter().take(MOST) {
        let key = match claim.verdict {
            Verdict::Fails => "verdict-fails",
            Verdict::Depends => "verdict-depends",
            Verdict::Undecided => "verdict-undecided",
            Verdict::NoCounterexample => "verdict-not-refuted",
            Verdict::NoCases => "verdict-no-cases",
            _ => "verdict-not-estimated",
        };
        let asked = claim.asked.map_or_else(|| w.t("always"), |_| share_asked(claim.asked));
        let found = claim.found.map_or(NONE.into(), |found| share(found, claim.interval) + " %");
        let decided = w.phrases(&claim.decided_by);
        let gaps = [
            ("claim", claim.claim.as_str().into()),
            ("bound", claim.bound.as_str().into()),
            ("asked", asked.into()),
            ("found", w.number(&found).into()),
            ("verdict", w.t(key).into()),
            ("decided", if decided.is_empty() { decided } else { format!(" ({decided})") }.into()),
        ];
        _ = writeln!(text, "- {}", w.say("memo-claim", &gaps));
    }
    text + &others(claims.len(), w) + "\n"
}

/// What else could be done, and why it is not proposed: where it is worse than what is.
fn alternatives(outcome: &Outcome, design: &DesignResult, base: &DesignResult, w: &Words) -> String {
    let unit = unit_of_money(outcome);
    let mut text = format!("**{}**\n\n", w.t("memo-alternatives"));
    let money = |figure: &Figure| w.number(&thousands_figure(figure));
    if let Some(loss) = loss_of(outcome, base) {
        let gaps = [
            ("design", base.architecture.as_str().into()),
            ("unit", unit.into()),
            ("loss", money(&loss.mean).into()),
            ("tail", money(&loss.one_in_100).into()),
        ];
        _ = writeln!(text, "- {}", w.say("memo-as-it-is", &gaps));
    }
    let built = |d: &&DesignResult| !d.is_proposed && !d.is_baseline && !d.assumption_only;
    for other in outcome.designs.iter().filter(built).take(MOST) {
        let more = more_of(outcome, other);
        let avoided = loss_of(outcome, other).and_then(|loss| loss.avoided).map_or(NONE.into(), |f| money(&f));
        let kept = other.claims_kept.map_or(NONE.into(), |(kept, _, judged)| format!("{kept}/{judged}"));
        let gaps = [
            ("design", other.architecture.as_str().into()),
            ("unit", unit.into()),
            ("more", more.map_or(NONE.into(), |more| w.number(&thousands(more))).into()),
            ("avoided", avoided.into()),
            ("kept", kept.into()),
            ("why", why_not(outcome, other, design, w).into()),
        ];
        _ = writeln!(text, "- {}", w.say("memo-alternative", &gaps));
    }
    text + &others(outcome.designs.iter().filter(built).count(), w) + "\n"
}

/// What the page has no room for.
fn others(all: usize, w: &Words) -> String {
    if all <= MOST { String::new() } else { format!("- {}\n", w.say("memo-more", &[("n", (all - MOST).into())])) }
}

/// What a design costs a year beyond the baseline, people included where they are estimated.
fn more_of(outcome: &Outcome, design: &DesignResult) -> Option<f64> {
    let more = loss_of(outcome, design).and_then(|loss| loss.more).and_then(|figure| figure.estimate);
    more.or_else(|| bill_of(outcome, &design.architecture)?.cloud_more_a_year.estimate)
}

/// Where an alternative is worse than the proposed design; if it is nowhere, so much is said.
fn why_not(outcome: &Outcome, other: &DesignResult, design: &DesignResult, w: &Words) -> String {
    let (mut why, mut but) = (Vec::new(), String::new());
    if other.worse_than_baseline {
        why.push(w.t("memo-why-worse"));
    }
    let kept = |d: &DesignResult| d.claims_kept.map_or(0, |(kept, ..)| kept);
    if kept(other) < kept(design) {
        why.push(w.t("memo-why-claims"));
    }
    // Less than 1 % is no difference to anybody.
    let above = |own: f64, proposed: f64| own > proposed + 0.01 * proposed.abs();
    if let (Some(own), Some(proposed)) = (more_of(outcome, other), more_of(outcome, design)) {
        let by = w.number(&thousands((own - proposed).abs()));
        let gaps = [("amount", by.into()), ("unit", unit_of_money(outcome).into())];
        if above(own, proposed) {
            why.push(w.say("memo-why-dearer", &gaps));
        } else if above(proposed, own) {
            but = w.say("memo-why-cheaper", &gaps);
        }
    }
    let down = |d: &DesignResult| d.downtime_minutes_per_year;
    if let (Some(own), Some(proposed)) = (down(other).estimate, down(design).estimate)
        && above(own, proposed)
    {
        let [own, proposed] = [amount(&down(other)), amount(&down(design))].map(|text| w.number(&text));
        why.push(w.say("memo-why-down", &[("own", own.into()), ("proposed", proposed.into())]));
    }
    if why.is_empty() { w.t("memo-why-none") } else { format!("{but}{}", why.join(", ")) }
}

/// What net benefit hangs on, with its owners; and what of it nobody vouches for.
fn inputs(outcome: &Outcome, w: &Words) -> String {
    let owner = |owner: &Option<String>| owner.clone().unwrap_or_else(|| w.t("memo-no-owner"));
    let named = |list: Vec<String>| if list.is_empty() { w.t("memo-none-stands-out") } else { list.join(", ") };
    let first = outcome.money_decided_by.iter().take(DECIDING);
    let list = named(first.map(|input| format!("`{}` ({})", input.path, owner(&input.owner))).collect());
    let mut text = w.say("memo-inputs", &[("list", list.into())]);
    if let Some(doubts) = &outcome.doubts {
        let named: Vec<String> = rows(doubts)
            .filter(|row| row.is_first)
            .take(DECIDING)
            .map(|row| format!("`{}` ({})", row.doubt.path, owner(&row.doubt.owner)))
            .collect();
        if !named.is_empty() {
            let more = doubts.named.len() - named.len();
            text += " ";
            text += &w.say("memo-doubts", &[("list", named.join(", ").into()), ("more", more.into())]);
        }
    }
    text + "\n\n"
}

/// What is not in the figures, service by service.
fn left_out(outcome: &Outcome, name: &str, w: &Words) -> String {
    let absent = |line: &&CostLine| line.architecture == name && line.status != "estimated";
    let mut services: Vec<(&str, Vec<String>)> = Vec::new();
    for line in outcome.costs.iter().filter(absent) {
        let item = w.phrase(&line.item);
        match services.iter_mut().find(|(service, _)| *service == line.service) {
            Some((_, items)) => items.push(item),
            None => services.push((&line.service, vec![item])),
        }
    }
    let list: Vec<String> =
        services.into_iter().map(|(service, items)| format!("{} ({})", w.phrase(service), items.join("; "))).collect();
    let penalties = outcome.scenario.money.promise.penalties.is_empty();
    let gaps = [("list", list.join(", ").into()), ("penalties", u8::from(penalties).into())];
    let mut text = w.say("memo-left-out", &gaps);
    let loss = outcome.losses.iter().find(|loss| loss.architecture == name);
    let unpriced = loss.map_or_else(Vec::new, |loss| not_priced_items(loss, w));
    if !unpriced.is_empty() {
        text += " ";
        text += &w.say("memo-unpriced", &[("list", unpriced.join(", ").into())]);
    }
    // A bill that does not agree is marked beside every figure.
    if let Some(check) = outcome.invoice.as_ref().filter(|check| check.agrees) {
        let ratio = format!("{:.0}", 100.0 * check.ratio);
        text += " ";
        text += &w.say("memo-reconciled", &[("ratio", ratio.into()), ("month", check.as_of.as_str().into())]);
    }
    text + "\n\n"
}

/// Prices are looked at again after three months.
fn valid_until(collected: &str) -> String {
    let mut parts = collected.splitn(3, '-').map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return NONE.into();
    };
    let months = month + 2;
    format!("{}-{:02}-{:02}", year + months / 12, months % 12 + 1, day.min(28))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn both_languages_say_the_same_and_fit_a_page_each() {
        let text = memo(&sample::outcome());
        let (english, spanish) = text.split_once("\n---\n").expect("two pages");
        for page in [english, spanish] {
            assert!(page.lines().count() <= 60 && page.contains("rto_reads") && page.contains("____"), "{page}");
            assert!(!page.contains("NaN"), "{page}");
        }
        assert!(english.contains("do not approve") && spanish.contains("no aprobar"));
        assert_eq!(valid_until("2026-11-23"), "2027-02-23");
        assert_eq!(valid_until("2026-10-31"), "2027-01-28");
    }

    #[test]
    fn every_item_that_a_bill_may_lack_has_spanish_words() {
        let w = Lang::Es.words();
        for item in [
            "requests",
            "rules and requests",
            "between zones of a region",
            "interface endpoints of the private API",
            "functions that watch and promote",
            "support plan",
            "build, spread over the budget's years",
            "upkeep",
            "on-call",
            "exit, spread over the budget's years",
            "drills",
            "Firewall",
            "Transfer",
            "Recovery",
            "People",
            "Contract",
        ] {
            assert_ne!(w.phrase(item), item);
        }
    }
}
