//! What it is worth to know an input before deciding for or against the proposed design, in money a year.
//!
//! In each world the proposed design has a net benefit over the baseline: what it avoids of the expected loss, less what it
//! costs more. Whoever must decide today takes it or leaves it by the mean over worlds. Whoever learnt the true value of an
//! input first would decide by the mean over the worlds with that value. How much better that is on average is what a
//! measurement of the input may cost a year ([`value_of_information`]); 0 where no value of it would change the decision.

use super::sensitivity::path_of;
use crate::outcome::Figure;
use crate::scenario::{Basis, Scenario};
use drsim_sim::statistics::{normal_quantile, value_of_information};
use serde::{Deserialize, Serialize};

/// What knowing more is worth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValueOfKnowing {
    /// The proposed design.
    pub architecture: String,
    /// The baseline.
    pub against: String,
    /// Currency of the amounts.
    pub currency: String,
    /// Net benefit a year, mean over worlds, with the interval that this many worlds leave.
    pub net_benefit: Figure,
    /// Share of the worlds in which it is above 0, as far as their own years tell.
    pub pays_in: f64,
    /// Each input with a range, the one that is most worth knowing first.
    pub inputs: Vec<ValueOfInput>,
}

/// What knowing one input is worth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValueOfInput {
    /// Its path in the scenario.
    pub input: String,
    /// How it came to be known.
    pub basis: Option<Basis>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// A year, in the currency above.
    pub value: Figure,
    /// Share of the worlds in which knowing it would change the decision.
    pub changes: f64,
}

/// From the net benefit of each world; `place` tells where in its own range an input lies in the world of an index. `None`
/// with too few worlds, or without a range.
pub fn knowing(
    scenario: &Scenario,
    net: &[(u64, f64)],
    place: impl Fn(&str, u64) -> Option<f64>,
    level: f64,
) -> Option<ValueOfKnowing> {
    if net.len() < 2 || scenario.unknowns.is_empty() {
        return None;
    }
    let n = net.len() as f64;
    let mean = net.iter().map(|(_, benefit)| benefit).sum::<f64>() / n;
    let variance = net.iter().map(|(_, benefit)| (benefit - mean) * (benefit - mean)).sum::<f64>() / (n - 1.0);
    let half = normal_quantile(0.5 + 0.5 * level) * libm::sqrt(variance / n);
    let one = |path: &str| -> Option<ValueOfInput> {
        let worlds: Option<Vec<(f64, f64)>> =
            net.iter().map(|(world, benefit)| Some((place(path, *world)?, *benefit))).collect();
        let found = value_of_information(&worlds?, level)?;
        let row = scenario.provenance.iter().find(|row| row.path == path);
        Some(ValueOfInput {
            input: path.to_owned(),
            basis: row.map(|row| row.provenance.basis),
            owner: row.and_then(|row| row.provenance.owner.clone()),
            value: Figure {
                estimate: Some(found.value),
                interval: Some((found.interval.low, found.interval.high)),
                range: None,
                n: net.len() as u64,
            },
            changes: found.changes,
        })
    };
    let mut inputs =
        scenario.unknowns.iter().map(|input| one(path_of(input))).collect::<Option<Vec<ValueOfInput>>>()?;
    let value = |input: &ValueOfInput| input.value.estimate.unwrap_or(0.0);
    inputs.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| a.input.cmp(&b.input)));
    Some(ValueOfKnowing {
        architecture: scenario.architectures[scenario.proposed].name.clone(),
        against: scenario.architectures[scenario.baseline].name.clone(),
        currency: scenario.money.currency.code().to_owned(),
        net_benefit: Figure {
            estimate: Some(mean),
            interval: Some((mean - half, mean + half)),
            range: crate::money::costs::range(&net.iter().map(|(_, benefit)| *benefit).collect::<Vec<_>>()),
            n: net.len() as u64,
        },
        pays_in: net.iter().filter(|(_, benefit)| *benefit > 0.0).count() as f64 / n,
        inputs,
    })
}
