//! How the numbers came about, by the checklist for reports of discrete-event simulations (STRESS-DES: Monks et al.
//! 2019, Journal of Simulation 13(1), 55-67), and the command that gives them again.

use super::{Section, rendered};
use crate::files::ReportError;
use crate::format::count;
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::Outcome;

/// The checklist's headings, and how many paragraphs stand below each in the words.
const CHECKLIST: [(&str, &[&str]); 6] = [
    ("objectives", &["purpose", "outputs", "aims"]),
    ("logic", &["overview", "base", "scenarios", "components"]),
    ("data", &["sources", "assumptions"]),
    ("experimentation", &["initialisation", "length", "estimation", "comparison"]),
    ("implementation", &["software", "randomness", "execution"]),
    ("access", &["code"]),
];

struct Item {
    title: String,
    points: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "method.html")]
struct View<'a> {
    w: &'a Words,
    command: &'a str,
    items: Vec<Item>,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let m = &outcome.manifest;
    let number = |n: u64| w.number(&count(n));
    let causes: Vec<String> =
        outcome.scenario.outages.iter().map(|o| w.phrase(&o.cause.name().replace('_', " "))).collect();
    let names = |names: Vec<&str>| names.join(", ");
    let gaps = [
        ("title", m.title.as_str().into()),
        ("claims", (outcome.claims.len() / outcome.designs.len().max(1)).into()),
        ("designs", names(outcome.designs.iter().map(|d| d.architecture.as_str()).collect()).into()),
        ("regions", names(outcome.scenario.regions.iter().map(String::as_str).collect()).into()),
        ("populations", names(outcome.scenario.populations.iter().map(|p| p.name.as_str()).collect()).into()),
        ("causes", causes.join(", ").into()),
        ("inputs", outcome.provenance.len().into()),
        ("start", outcome.scenario.start.as_str().into()),
        ("years", number(m.replications).into()),
        ("outages", number(m.outages).into()),
        ("worlds", number(m.worlds).into()),
        ("level", crate::text::level(outcome).to_string().into()),
        ("seed", m.seed.to_string().into()),
        ("generator", m.generator.as_str().into()),
        ("version", m.version.as_str().into()),
        ("commit", m.commit.as_str().into()),
        ("digest", m.scenario_digest.as_str().into()),
    ];
    let items = CHECKLIST.iter().map(|(name, points)| Item {
        title: w.t(&format!("method-{name}")),
        points: points
            .iter()
            .map(|p| (w.t(&format!("method-{name}-{p}")), w.say(&format!("method-{name}-{p}-is"), &gaps)))
            .collect(),
    });
    let view = View { w, command: &m.command, items: items.collect() };
    Ok(Some(Section { id: "method", name: w.t("method-name"), title: w.t("method-title"), body: rendered(&view)? }))
}
