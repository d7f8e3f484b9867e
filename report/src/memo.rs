//! `memo.md`: a page to sign, in English and in Spanish. Every figure in it stands in the outcome; nothing is rounded up
//! into a promise.

use crate::format::{NONE, count, thousands, thousands_between, thousands_figure};
use crate::wording::{baseline, bill_of, claims_of, proposed, unit_of_money};
use crate::words::{Lang, Words};
use crate::worth::{mark, not_priced, reconciled};
use drsim_experiment::outcome::{DesignResult, LossResult, Outcome, Verdict};
use std::fmt::Write as _;

/// Both languages, the page break between them a rule.
pub fn memo(outcome: &Outcome) -> String {
    [Language::English, Language::Spanish].map(|language| page(outcome, language)).join("\n---\n\n")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    Spanish,
}

impl Language {
    fn words(self) -> &'static Words {
        if self == Self::English { Lang::En.words() } else { Lang::Es.words() }
    }

    fn of<'t>(self, english: &'t str, spanish: &'t str) -> &'t str {
        if self == Self::English { english } else { spanish }
    }
}

fn loss_of<'a>(outcome: &'a Outcome, design: &DesignResult) -> Option<&'a LossResult> {
    outcome.losses.iter().find(|loss| loss.architecture == design.architecture)
}

/// What a recommendation follows from: claims broken, and whether it pays by more than the simulation leaves open.
fn recommendation(outcome: &Outcome, design: &DesignResult, l: Language) -> String {
    let with = |verdict| -> Vec<&str> {
        claims_of(outcome, &design.architecture).filter(|c| c.verdict == verdict).map(|c| c.claim.as_str()).collect()
    };
    let fails = with(Verdict::Fails);
    let pays = loss_of(outcome, design).and_then(|loss| {
        let (low, high) = loss.avoided?.interval?;
        let more = loss.more?.estimate?;
        Some(if high < more {
            "no"
        } else if low > more {
            "yes"
        } else {
            "open"
        })
    });
    let claims = if fails.is_empty() {
        l.of("breaks no claim", "no incumple ninguna afirmación").to_owned()
    } else {
        format!("{}: {}", l.of("breaks", "incumple"), fails.join(", "))
    };
    let money = match pays {
        Some("no") => l.of("on money alone it does not pay", "solo por dinero no compensa"),
        Some("yes") => l.of("on money alone it pays", "solo por dinero compensa"),
        Some(_) => l.of("too few years to say whether it pays", "faltan años simulados para saber si compensa"),
        None => l.of("whether it pays is not estimated", "no se ha estimado si compensa"),
    };
    let advice = match (fails.is_empty(), pays) {
        (true, Some("yes")) => l.of("Approve", "Aprobar"),
        (false, _) => l.of(
            "Do not approve as it stands: change the design or the claims",
            "No aprobar tal cual: cambiar el diseño o las afirmaciones",
        ),
        _ => l.of("Approve only for reasons beside money", "Aprobar solo por razones distintas del dinero"),
    };
    format!("**{advice}.** {} {claims}; {money}.", design.architecture)
}

fn page(outcome: &Outcome, l: Language) -> String {
    let (Some(design), Some(base)) = (proposed(outcome), baseline(outcome)) else { return String::new() };
    let m = &outcome.manifest;
    let unit = unit_of_money(outcome);
    let mut text = format!(
        "# {}: {}\n\n",
        m.title.trim(),
        l.of("decision on disaster recovery", "decisión sobre recuperación ante desastres")
    );
    let name = &design.architecture;
    _ = writeln!(
        text,
        "**{}** {} `{name}` {} `{}`.\n",
        l.of("Decision asked:", "Decisión que se pide:"),
        l.of("build", "construir"),
        l.of("in place of", "en lugar de"),
        base.architecture
    );
    _ = writeln!(text, "{} {}\n", l.of("Recommendation:", "Recomendación:"), recommendation(outcome, design, l));
    text += &budget(outcome, name, &base.architecture, l);
    if let (Some(loss), Some(under)) = (loss_of(outcome, design), loss_of(outcome, base)) {
        text += &benefit(outcome, loss, under, l);
    }
    _ = writeln!(text, "**{}**\n", l.of("Claims", "Afirmaciones"));
    for claim in claims_of(outcome, name).filter(|c| c.verdict != Verdict::Holds) {
        let verdict = match claim.verdict {
            Verdict::Fails => l.of("fails", "se incumple"),
            Verdict::Depends => l.of("depends on", "depende de"),
            Verdict::Undecided => l.of("undecided", "sin decidir"),
            Verdict::NoCounterexample => l.of("not refuted", "no refutada"),
            _ => l.of("not judged", "sin juzgar"),
        };
        // The quote is in the author's own language, what decides in ours.
        let more = match (&claim.says, l) {
            (Some(says), Language::Spanish) => format!(" («{says}»)"),
            (_, Language::English) if !claim.decided_by.is_empty() => format!(" ({})", claim.decided_by),
            _ => String::new(),
        };
        _ = writeln!(text, "- `{}` {}: {verdict}{more}", claim.claim, claim.bound);
    }
    _ = writeln!(text, "\n**{}**\n", l.of("Alternatives", "Alternativas"));
    for other in outcome.designs.iter().filter(|d| !d.is_proposed && !d.is_baseline && !d.assumption_only) {
        let more = loss_of(outcome, other).and_then(|loss| loss.more).and_then(|f| f.estimate);
        let more = more.or_else(|| bill_of(outcome, &other.architecture)?.cloud_more_a_year.estimate);
        let avoided =
            loss_of(outcome, other).and_then(|loss| loss.avoided).map_or(NONE.into(), |f| thousands_figure(&f));
        let kept = other.claims_kept.map_or(NONE.into(), |(kept, _, judged)| format!("{kept}/{judged}"));
        _ = writeln!(
            text,
            "- `{}`: {} {unit}, {} {avoided}, {} {kept}",
            other.architecture,
            more.map_or(NONE.into(), |more| format!("{}{}", if more > 0.0 { "+" } else { "" }, thousands(more))),
            l.of("avoids", "evita"),
            l.of("claims kept", "afirmaciones cumplidas"),
        );
    }
    text += &foot(outcome, name, l);
    text
}

/// Expected by fiscal year and kind.
fn budget(outcome: &Outcome, name: &str, base: &str, l: Language) -> String {
    let currency = outcome.scenario.money.currency.code();
    let mut years: Vec<&str> = Vec::new();
    for row in outcome.budget.iter().filter(|row| row.architecture == name) {
        if !years.contains(&row.fiscal_year.as_str()) {
            years.push(&row.fiscal_year);
        }
    }
    let sum = |design: &str, year: &str, kinds: &[&str]| -> u64 {
        let of = |r: &&drsim_experiment::outcome::BudgetRow| {
            r.architecture == design && r.fiscal_year == year && kinds.contains(&r.kind.as_str())
        };
        let total: rust_decimal::Decimal = outcome.budget.iter().filter(of).map(|row| row.expected).sum();
        total.round().try_into().unwrap_or_default()
    };
    let head = l.of(
        "year | one-off | cloud | people, drills | contingency | total | baseline's cloud",
        "ejercicio | inicial | nube | personal, simulacros | contingencia | total | nube de la base",
    );
    let mut text = format!("| {head} |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for year in years {
        let parts: [&[&str]; 6] = [
            &["one_off"],
            &["run"],
            &["people", "drill"],
            &["contingency"],
            &["one_off", "run", "people", "drill", "contingency"],
            &["run"],
        ];
        let cells =
            parts.iter().enumerate().map(|(i, kinds)| count(sum(if i == 5 { base } else { name }, year, kinds)));
        _ = writeln!(text, "| {year} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    let note = l.of(
        "without tax; contingency = P90 - expected of the year's joint total",
        "sin impuestos; contingencia = P90 - esperado del total conjunto del ejercicio",
    );
    let mark = mark(outcome, l.words()).map_or_else(String::new, |mark| format!(" **{mark}.**"));
    format!("{text}\n{currency}, {note}.{mark}\n\n")
}

fn benefit(outcome: &Outcome, loss: &LossResult, under: &LossResult, l: Language) -> String {
    let unit = unit_of_money(outcome);
    let range = |figure: Option<(f64, f64)>| thousands_between(figure).map_or_else(String::new, |r| format!(" ({r})"));
    let (more, avoided) = (loss.more.unwrap_or_default(), loss.avoided.unwrap_or_default());
    let price = loss.break_even_per_hour.and_then(|f| f.estimate).map_or(NONE.into(), thousands);
    let given = outcome.scenario.money.downtime.as_ref().map_or(NONE.into(), |amount| thousands(amount.input.value));
    let mark = mark(outcome, l.words()).map_or_else(String::new, |mark| format!(" **{mark}.**"));
    format!(
        "**{}** {} {}{} {unit}; {} {}{} {unit}; {} {} {} {} {unit}. {} {price} {unit}/h; {} {given} {unit}/h{}.{mark}\n\n",
        l.of("Benefit, a year:", "Beneficio anual:"),
        l.of("costs", "cuesta"),
        thousands(more.estimate.unwrap_or(0.0)),
        range(more.range),
        l.of("avoids an expected loss of", "evita una pérdida esperada de"),
        thousands_figure(&avoided),
        range(avoided.range),
        l.of("the 1-in-100 year falls from", "el año de 1 entre 100 baja de"),
        thousands_figure(&under.one_in_100),
        l.of("to", "a"),
        thousands_figure(&loss.one_in_100),
        l.of("It pays above", "Compensa a partir de"),
        l.of("given:", "se ha dado:"),
        outcome.scenario.money.downtime.as_ref().map_or_else(String::new, |a| range(a.input.range)),
    )
}

/// What is not estimated, by its name on the bill.
const SPANISH: [(&str, &str); 12] = [
    ("requests", "peticiones"),
    ("rules and requests", "reglas y peticiones"),
    ("between zones of a region", "entre zonas de una región"),
    ("interface endpoints of the private API", "puntos de enlace de la API privada"),
    ("surge in the survivor, transfer back after a failover", "refuerzo de la superviviente y vuelta de los datos"),
    ("functions that watch and promote", "funciones que vigilan y promueven"),
    ("support plan", "plan de soporte"),
    ("build, spread over the budget's years", "construcción"),
    ("upkeep", "mantenimiento"),
    ("on-call", "guardias"),
    ("exit, spread over the budget's years", "salida"),
    ("drills", "simulacros"),
];

fn foot(outcome: &Outcome, name: &str, l: Language) -> String {
    let m = &outcome.manifest;
    let owner = |owner: &Option<String>| owner.clone().unwrap_or_else(|| l.of("no owner", "sin responsable").into());
    let decide: Vec<String> = outcome
        .money_decided_by
        .iter()
        .take(3)
        .map(|input| format!("`{}` ({})", input.path, owner(&input.owner)))
        .collect();
    let decide =
        if decide.is_empty() { l.of("none stands out", "ninguna destaca").to_owned() } else { decide.join(", ") };
    let left: Vec<String> = outcome
        .costs
        .iter()
        .filter(|line| line.architecture == name && line.status != "estimated")
        .map(|line| {
            let spanish =
                SPANISH.iter().find(|(item, _)| *item == line.item).map_or(line.item.as_str(), |(_, word)| word);
            format!("{} ({})", line.service, l.of(&line.item, spanish))
        })
        .collect();
    let invoice = reconciled(outcome, l.words());
    let left_out = not_priced(outcome, l.words()).map_or_else(String::new, |text| format!(" {text}"));
    format!(
        "\n**{}** {decide}.\n\n**{}** {}; {}.{left_out} {invoice}\n\n{} {}; {} {}, {} {}, {} {}.\n\n{}\n",
        l.of("Inputs that decide the money:", "Datos que deciden el dinero:"),
        l.of("Not included:", "No incluido:"),
        left.join(", "),
        if outcome.scenario.money.promise.penalties.is_empty() {
            l.of(
                "taxes, SLA credits, penalties, fines, churn",
                "impuestos, créditos de SLA, penalizaciones, multas, bajas",
            )
        } else {
            l.of("taxes, SLA credits, fines, churn", "impuestos, créditos de SLA, multas, bajas")
        },
        l.of("Valid until", "Válido hasta"),
        valid_until(m.price_date.as_deref().unwrap_or_default()),
        l.of("scenario", "escenario"),
        m.scenario_digest,
        l.of("simulated years", "años simulados"),
        count(m.replications),
        l.of("seed", "semilla"),
        m.seed,
        l.of(
            "Architecture: ____________________   Finance: ____________________   Date: __________",
            "Arquitectura: ____________________   Finanzas: ____________________   Fecha: __________",
        )
    )
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
        assert!(english.contains("Do not approve") && spanish.contains("No aprobar"));
        assert_eq!(valid_until("2026-11-23"), "2027-02-23");
        assert_eq!(valid_until("2026-10-31"), "2027-01-28");
    }
}
