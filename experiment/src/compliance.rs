//! What whoever answers for compliance asks: where whose data rest, on which declared basis they leave, which items of a
//! contingency plan the scenario speaks of, how long what was erased stays, and what may be said.
//!
//! It informs counsel and judges nothing: the basis of a transfer is what the scenario declares, never a finding.
//!
//! Left out: which law applies, access from abroad (support, operators), data outside the two stores, and how long an
//! erasure takes beyond the bounds that the scenario's own values give.

use crate::money::bill::continent_of_population;
use crate::outcome::{ComplianceResult, ContingencyItem, DataPlace, EraseBound};
use crate::scenario::{Architecture, Population, Preset, Routing, Scenario};
use drsim_models::residency::continent;
use drsim_models::routing::nearest_first;
use serde::{Deserialize, Serialize};

/// What the scenario declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplianceInput {
    /// On which basis personal data leave their continent.
    pub transfer_basis: TransferBasis,
    /// Whether a contingency plan for health data is asked for.
    pub health_data: bool,
}

/// The basis of a transfer, as declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferBasis {
    /// Nobody said.
    #[default]
    NotDeclared,
    /// Standard contractual clauses.
    StandardContractualClauses,
    /// An adequacy decision, such as that on the EU-US Data Privacy Framework.
    AdequacyDecision,
    /// Binding corporate rules.
    BindingCorporateRules,
    /// The declared opinion that none is needed.
    NoneNeeded,
}

impl TransferBasis {
    /// All of them, with the words of scenarios.
    pub const ALL: [(&'static str, Self); 5] = [
        ("not_declared", Self::NotDeclared),
        ("standard_contractual_clauses", Self::StandardContractualClauses),
        ("adequacy_decision", Self::AdequacyDecision),
        ("binding_corporate_rules", Self::BindingCorporateRules),
        ("none_needed", Self::NoneNeeded),
    ];

    /// The word in scenarios and data files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, basis)| *basis == self).map_or("", |(word, _)| word)
    }
}

/// The continent of a population in the words of [`continent`]; `None` where the table of cities does not tell.
fn home_continent(population: &Population) -> Option<&'static str> {
    match continent_of_population(population) {
        "europe" => Some("eu"),
        "north_america" => Some("us"),
        _ => None,
    }
}

/// Of one architecture.
pub fn compliance(scenario: &Scenario, architecture: &Architecture) -> ComplianceResult {
    let regions = if architecture.second_region { scenario.regions.len() } else { 1 };
    let declared = scenario.compliance.transfer_basis.name();
    let abroad = matches!(&scenario.regions[..], [a, b] if continent(a) != continent(b));
    let mut places = Vec::new();
    for population in &scenario.populations {
        let home = match architecture.routing {
            Routing::Latency => nearest_first(&population.round_trip_seconds[..regions])[0],
            Routing::Failover => 0,
        };
        // Rows that stay lie in a database of their own.
        let writer = if population.rows_stay && abroad { home } else { 0 };
        for (store, first) in [("database", writer), ("objects", home)] {
            for (r, region) in scenario.regions.iter().enumerate().take(regions) {
                let stay = if store == "objects" { population.files_stay } else { population.rows_stay };
                let kept_home = stay && abroad && r != first;
                let copied = store == "database" || architecture.copy.is_some();
                let holds = match (r == first, copied && !kept_home) {
                    (true, _) => "original",
                    (false, true) if store == "database" && architecture.preset == Preset::BackupRestore => "snapshots",
                    (false, true) => "copy",
                    (false, false) => "none",
                };
                let leaves = home_continent(population).map(|own| holds != "none" && own != continent(region));
                places.push(DataPlace {
                    label: population.name.clone(),
                    store: store.into(),
                    region: region.clone(),
                    holds: holds.into(),
                    leaves_continent: leaves,
                    transfer_basis: (leaves == Some(true)).then(|| declared.to_owned()),
                });
            }
        }
    }
    ComplianceResult {
        architecture: architecture.name.clone(),
        places,
        contingency: if scenario.compliance.health_data { contingency(architecture) } else { Vec::new() },
        erase: erase(scenario, architecture),
    }
}

/// Items of 45 CFR 164.308(a)(7)(ii), and how far the scenario speaks of them.
fn contingency(architecture: &Architecture) -> Vec<ContingencyItem> {
    let second = architecture.second_region;
    let item = |item: &str, name: &str, required, covered: &str| ContingencyItem {
        item: item.into(),
        name: name.into(),
        required,
        covered: covered.into(),
    };
    let if_second = |word: &'static str| if second { word } else { "not_covered" };
    vec![
        item("A", "data_backup_plan", true, "simulated"),
        item("B", "disaster_recovery_plan", true, "simulated"),
        item("C", "emergency_mode_operation_plan", true, if_second("simulated")),
        item("D", "testing_and_revision", false, if_second("assumed")),
        item("E", "criticality_analysis", false, "not_covered"),
    ]
}

/// How long an erased item may stay, from the scenario's own values.
fn erase(scenario: &Scenario, architecture: &Architecture) -> Vec<EraseBound> {
    let bound =
        |store: &str, where_: &str, seconds| EraseBound { store: store.into(), held_in: where_.into(), seconds };
    let mut bounds = vec![bound("database", "restore_points", Some(scenario.database.retention.value))];
    if architecture.second_region {
        if architecture.preset == Preset::BackupRestore {
            bounds.push(bound("database", "snapshots", None));
        }
        if architecture.copy.is_some() {
            // Deletions of versions are never copied, delete markers only where a rule says so (S3 user guide).
            bounds.push(bound("objects", "copies", None));
        }
    }
    bounds
}
