//! One scenario for tests that switch one thing on: the primary fails for ten hours three times a year, the secondary
//! never does, and everybody lives near the primary.

use crate::simulate;
use drsim_experiment::outcome::{IncidentRow, Outcome};
use drsim_experiment::scenario_file::parse;

const SCENARIO: &str = r#"
schema_version = 1
baseline = "design"
proposed = "design"
[regions]
primary = "eu-west-1"
secondary = "eu-central-1"
[populations.europe]
users = 864_000
city = "Madrid"
[demand]
per_user_per_day = { cacheable_read = 12, dynamic_read = 9, write = 3, upload = 0.05 }
profile = "flat"
[objects]
size = { dist = "constant", value = "1 MB" }
[outages.region]
count.eu-west-1 = { events = 30, years = 10, posterior = false }
count.eu-central-1 = { events = 0, years = 10, posterior = false }
hits_workload = "100 %"
both_regions = "0 %"
duration = { dist = "constant", value = "10 h" }
[capacity]
hang = "100 ms"
[recovery]
step_fails = "0 %"
automatic = { dist = "constant", value = "30 s" }
promotion = { dist = "constant", value = "90 s" }
reconnect = { dist = "constant", value = "10 s" }
[architectures]
design = { preset = "active_active_cloudfront", decision = "automatic", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
"#;

/// So many years under some settings; `design` replaces the row of the design.
pub fn run(years: u64, design: Option<&str>, set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    let old = SCENARIO.lines().last().unwrap();
    let text = design.map_or(SCENARIO.to_owned(), |row| SCENARIO.replace(old, &format!("design = {row}")));
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let scenario = parse(&text, "primary_fails.toml", &set).unwrap_or_else(|p| panic!("{p}")).scenario;
    simulate(&scenario, years, 2)
}
