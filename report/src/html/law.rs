//! For whoever answers for compliance: whose data rest where, on which declared basis they leave, what the scenario speaks
//! of, and what may be said. It informs counsel and judges nothing.

use super::Section;
use super::number::Number;
use super::tables::{Row, Table, section as tables_section};
use crate::files::ReportError;
use crate::format::duration;
use crate::wording::{claims_of, proposed};
use crate::words::Words;
use drsim_experiment::outcome::{ComplianceResult, DataPlace, Outcome, Verdict};

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(design) = proposed(outcome) else { return Ok(None) };
    let Some(i) = outcome.compliance.iter().position(|c| c.architecture == design.architecture) else {
        return Ok(None);
    };
    let own = &outcome.compliance[i];
    let tables = vec![places(own, w), contingency(own, w), erase(own, i, w)];
    let abroad = own.places.iter().filter(|place| place.leaves_continent == Some(true)).count();
    let gaps = [("design", design.architecture.as_str().into()), ("n", abroad.into())];
    let mut notes = said(outcome, &design.architecture, w);
    notes.push(w.t("law-note"));
    tables_section(("law", w.t("law-name"), w.say("law-title", &gaps)), vec![w.t("law-lead")], tables, notes)
}

/// A table of words.
fn table(w: &Words, caption: &str, heads: &[&str], rows: Vec<Row>) -> Table {
    Table { caption: w.t(caption), heads: heads.iter().map(|key| (w.t(key), false)).collect(), rows }
}

fn places(own: &ComplianceResult, w: &Words) -> Table {
    let word = |text: String| Number::none(text);
    let row = |place: &DataPlace| {
        let leaves = match place.leaves_continent {
            Some(true) => w.t("law-leaves"),
            Some(false) => w.t("law-stays"),
            None => w.t("law-unknown"),
        };
        let basis = place.transfer_basis.as_ref().map_or(String::new(), |basis| w.t(&format!("law-basis-{basis}")));
        let cells = vec![
            word(w.t(&format!("law-store-{}", place.store))),
            word(place.region.clone()),
            word(w.t(&format!("law-holds-{}", place.holds))),
            word(leaves),
            word(basis),
        ];
        Row::named(place.label.replace('_', " "), cells)
    };
    let heads = ["law-whose", "law-store", "law-region", "law-holds", "law-abroad", "law-declared"];
    let held = own.places.iter().filter(|place| place.holds != "none");
    table(w, "law-places", &heads, held.map(row).collect())
}

fn contingency(own: &ComplianceResult, w: &Words) -> Table {
    let row = |item: &drsim_experiment::outcome::ContingencyItem| {
        let required = w.t(if item.required { "law-required" } else { "law-addressable" });
        let covered = w.t(&format!("law-covered-{}", item.covered));
        Row::named(
            format!("({}) {}", item.item, w.t(&format!("law-item-{}", item.name))),
            vec![Number::none(required), Number::none(covered)],
        )
    };
    table(w, "law-plan", &["law-item", "law-rule", "law-covered"], own.contingency.iter().map(row).collect())
}

fn erase(own: &ComplianceResult, i: usize, w: &Words) -> Table {
    let row = |(k, bound): (usize, &drsim_experiment::outcome::EraseBound)| {
        let at = format!("/compliance/{i}/erase/{k}/seconds");
        let cell = match bound.seconds {
            Some(seconds) => Number::new(w, &duration(seconds), Some(seconds), at),
            None => Number::none(w.t("law-no-bound")),
        };
        let held = Number::none(w.t(&format!("law-held-{}", bound.held_in)));
        Row::named(w.t(&format!("law-store-{}", bound.store)), vec![held, cell])
    };
    let rows = own.erase.iter().enumerate().map(row).collect();
    table(w, "law-erase", &["law-store", "law-held", "law-at-most"], rows)
}

/// What may be said of the claims, and what may not.
fn said(outcome: &Outcome, design: &str, w: &Words) -> Vec<String> {
    let names = |wanted: &[Verdict]| -> String {
        let of = claims_of(outcome, design).filter(|c| wanted.contains(&c.verdict));
        of.map(|c| format!("{} {}", c.claim, c.bound)).collect::<Vec<_>>().join(", ")
    };
    let years = crate::format::count(outcome.manifest.replications);
    let mut sentences = Vec::new();
    for (key, wanted) in [
        ("law-may", &[Verdict::Holds][..]),
        ("law-may-not", &[Verdict::Fails, Verdict::Depends, Verdict::Undecided][..]),
    ] {
        let claims = names(wanted);
        if !claims.is_empty() {
            let gaps = [("claims", claims.into()), ("design", design.into()), ("years", w.number(&years).into())];
            sentences.push(w.say(key, &gaps));
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use crate::sample;
    use crate::words::Lang;
    use drsim_experiment::decide::what_if::WhatIf;
    use drsim_experiment::outcome::{ComplianceResult, ContingencyItem, DataPlace, EraseBound};

    #[test]
    fn nothing_is_ever_called_lawful_in_either_language() {
        let mut outcome = sample::outcome();
        let place = |holds: &str, leaves| DataPlace {
            label: "europe".into(),
            store: "objects".into(),
            region: "there".into(),
            holds: holds.into(),
            leaves_continent: leaves,
            transfer_basis: (leaves == Some(true)).then(|| "standard_contractual_clauses".into()),
        };
        outcome.compliance = vec![ComplianceResult {
            architecture: "adr_fast_checks".into(),
            places: vec![place("original", Some(false)), place("copy", Some(true)), place("snapshots", None)],
            contingency: ["simulated", "assumed", "not_covered"]
                .map(|covered| ContingencyItem {
                    item: "A".into(),
                    name: "data_backup_plan".into(),
                    required: true,
                    covered: covered.into(),
                })
                .into(),
            erase: vec![
                EraseBound { store: "database".into(), held_in: "restore_points".into(), seconds: Some(604_800.0) },
                EraseBound { store: "objects".into(), held_in: "copies".into(), seconds: None },
            ],
        }];
        for lang in Lang::ALL {
            let page = super::super::page(&outcome, &WhatIf::default(), lang).expect("plain data").to_lowercase();
            assert!(page.contains("id=\"law\""), "the section is there");
            for word in ["compliant", "lawful", "legal", "conforme", "cumple", "lícit", "certif"] {
                let text = page.split("<section id=\"law\"").nth(1).and_then(|rest| rest.split("</section>").next());
                assert!(!text.unwrap_or_default().contains(word), "{word} in {}", lang.code());
            }
        }
    }
}
