//! What if? The same scenario again and again with other values, each time with the same chance.
//!
//! Random streams are keyed by what they are for, never by a design or a setting, so that all settings meet the same
//! outages, phases and uploads: curves are smooth, and differences are far less noisy than either side.

pub mod choices;
pub mod knowing;
pub mod measure;
pub mod optimize;
pub mod search;
pub mod sensitivity;
pub mod settings;
pub mod sobol;
pub mod sweep;
pub mod vary;
pub mod what_if;

use crate::assemble::Worlds;
use crate::run;
use crate::scenario::{Scenario, Store};
use crate::scenario_file::Source;
use crate::tally::Tally;
use drsim_sim::time::SimDuration;
use settings::Effort;

/// Cuts a scenario down to some of its architectures and claims, by index, in the order given.
///
/// The first architecture stands for `proposed` and `baseline`: alone, a design is compared with nothing.
///
/// # Panics
/// If an index is not one.
pub fn focus(scenario: &mut Scenario, architectures: &[usize], claims: &[usize]) {
    scenario.architectures = architectures.iter().map(|a| scenario.architectures[*a].clone()).collect();
    scenario.claims = claims.iter().map(|c| scenario.claims[*c].clone()).collect();
    (scenario.proposed, scenario.baseline) = (0, 0);
}

/// For whoever asks for claims and no metric: leaves out what no claim of the scenario needs.
fn only_claims<'a>(scenario: &Scenario, worlds: &mut Worlds, tally: Tally<'a>) -> Tally<'a> {
    let of_files = scenario.claims.iter().filter(|claim| claim.store == Some(Store::Objects));
    let longest = of_files.map(|claim| claim.bound).fold(0.0, f64::max);
    worlds.ask_of_copies_up_to(SimDuration::from_secs_f64(longest));
    tally.of_claims_alone()
}

/// The command that asks the same; `words` follow what every verb that simulates takes.
pub fn command(verb: &str, source: &Source, effort: &Effort, words: &[String]) -> String {
    let own = run::command(source.file(), &source.overrides, effort.seed, effort.confidence);
    let own = own.replacen("drsim run", &format!("drsim {verb}"), 1);
    std::iter::once(&own).chain(words).map(String::as_str).collect::<Vec<_>>().join(" ")
}
