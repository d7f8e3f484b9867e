//! Property: a total is the sum of its lines to the cent, for any scenario. Expected values alone add up.

use crate::cost::{read, usd};
use drsim_experiment::money::bill::CLOUD;
use drsim_experiment::money::costs::Costs;
use drsim_experiment::scenario::Scenario;
use drsim_models::cost::Usd;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use std::fmt::Write as _;

const PRESETS: [&str; 8] = [
    "single_region",
    "backup_restore",
    "pilot_light",
    "warm_standby",
    "active_active_cloudfront",
    "active_active_accelerator",
    "active_active_origin_group",
    "active_active_hybrid",
];

/// A design: its kind, how files are copied, how often it is checked, its work in days.
fn design() -> impl Strategy<Value = String> {
    (select(&PRESETS[..]), 0..3_usize, 0..3_usize, 0.0..90.0_f64, any::<bool>()).prop_map(
        |(preset, copy, check, days, exit)| {
            let two = preset != "single_region";
            let mut parts = vec![format!("preset = \"{preset}\"")];
            if two && preset != "backup_restore" && preset != "pilot_light" && copy > 0 {
                parts.push(["", "copy_model = \"link\"", "replication_time_control = false"][copy].to_owned());
            }
            if preset == "active_active_cloudfront" && check > 0 {
                let interval = [0, 10, 30][check];
                parts.push(format!("health_check = {{ kind = \"deep\", interval = \"{interval} s\", threshold = 3 }}"));
            }
            parts.push(format!("build_days = {days:.3}"));
            if exit {
                parts.push(format!("exit_days = {:.3}, on_call_days_per_year = 7", days / 3.0));
            }
            format!("{{ {} }}", parts.join(", "))
        },
    )
}

/// What finance brings, some of it.
fn money() -> impl Strategy<Value = String> {
    let share = || 0.0..100.0_f64;
    (select(&["USD", "EUR"][..]), share(), share(), share(), proptest::option::of(0.0..30.0_f64), any::<bool>()).prop_map(
        |(currency, discount, promised, off, support, people)| {
            let mut text = format!("[money]\ncurrency = \"{currency}\"\nnegotiated_discount = \"{discount:.2} %\"\n");
            if currency != "USD" {
                _ = writeln!(text, "exchange = \"0.87 {currency}/USD\"");
            }
            if people {
                _ = writeln!(text, "person_day = \"617.33 {currency}\"");
            }
            if let Some(support) = support {
                _ = writeln!(text, "support_plan = \"{support:.2} %\"");
            }
            text + &format!(
                "[money.commitment_discounts.plan]\nservices = [\"Lambda\", \"Aurora\"]\nshare = \"{promised:.2} %\"\ndiscount = \"{off:.2} %\"\n"
            )
        },
    )
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let pair = select(&[("eu-west-1", "us-east-1"), ("us-east-1", "us-west-2"), ("eu-central-1", "eu-west-1")][..]);
    let cities = proptest::sample::subsequence(vec!["Madrid", "New York", "Amsterdam"], 1..=3);
    let habits = (0.0..40.0_f64, 0.0..20.0_f64, 0.0..9.0_f64, 0.0..2.0_f64);
    let usage = (select(&["rest", "http"][..]), select(&["x86", "arm"][..]), 1.0..900.0_f64, 0.0..40.0_f64);
    let people = (1_u32..30_000_000, 0.0..99.0_f64);
    (pair, cities, people, habits, usage, money(), design(), design(), design()).prop_map(
        |(pair, cities, (users, hits), habits, usage, money, one, two, three)| {
            let mut text = format!(
                "schema_version = 1\nbaseline = \"one\"\nproposed = \"two\"\n[regions]\nprimary = \"{}\"\nsecondary = \"{}\"\n",
                pair.0, pair.1
            );
            for (i, city) in cities.iter().enumerate() {
                _ = write!(text, "[populations.p{i}]\nusers = {}\ncity = \"{city}\"\n", users / (i as u32 + 1) + 1);
            }
            let (cached, looked, write, upload) = habits;
            // At most 100 files a second are simulated.
            let upload = upload * (2e6 / f64::from(users)).min(1.0);
            let (api, processor, kept, downloads) = usage;
            let size = 10.0 * kept;
            _ = write!(
                text,
                "[demand]\nper_user_per_day = {{ cacheable_read = {cached:.3}, dynamic_read = {looked:.3}, write = {write:.3}, \
                 upload = {upload:.5} }}\nedge_hit_share = \"{hits:.2} %\"\n\
                 [objects]\nsize = {{ dist = \"constant\", value = \"{size:.0} kB\" }}\n[usage]\napi = \"{api}\"\nfunction_processor = \"{processor}\"\nobjects_stored = \"{kept:.1} TB\"\n\
                 downloads = {downloads:.2}\n{money}[architectures]\none = {one}\ntwo = {two}\nthree = {three}\n"
            );
            read(&text)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_total_is_the_sum_of_its_lines_for_any_scenario(scenario in scenario()) {
        let costs = Costs::of(&scenario, std::iter::empty());
        for a in 0..scenario.architectures.len() {
            let (bill, lines) = (costs.summary(&scenario, a), costs.lines(&scenario, a));
            let sum = |cloud: bool| -> Usd {
                let own = lines.iter().filter(|line| (line.kind == CLOUD) == cloud);
                own.filter_map(|line| line.usd_per_month_expected).sum()
            };
            prop_assert_eq!(sum(true), bill.usd_per_month);
            prop_assert_eq!(sum(false), bill.people_usd_per_month.unwrap_or_default());
            prop_assert_eq!(bill.usd_per_month, bill.usd_per_month.to_the_cent(), "cents, and nothing below them");
            prop_assert!(bill.usd_per_month > Usd::ZERO);
            for line in lines.iter().filter(|line| line.status == "estimated") {
                let (quantity, price) = (line.quantity.unwrap(), line.unit_price.unwrap().as_f64());
                let amount = line.usd_per_month_expected.unwrap();
                // Half a cent, and what a double loses of a large amount.
                let slack = 0.005 + 1e-12 * amount.as_f64().abs();
                prop_assert!((quantity * price - amount.as_f64()).abs() <= slack, "{} {}", line.service, line.item);
            }
            for line in lines.iter().filter(|line| line.status != "estimated") {
                prop_assert!(line.usd_per_month_expected.is_none(), "not estimated is not 0");
            }
            prop_assert_eq!(bill.premium_usd_per_month, bill.usd_per_month - costs.expected(scenario.baseline, true));
        }
        prop_assert_eq!(costs.summary(&scenario, scenario.baseline).premium_usd_per_month, usd("0"));
    }
}

#[test]
fn the_generator_reads_its_own_scenarios() {
    // A generator whose scenarios are all alike would prove nothing: three designs of two kinds at least come up.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let made = proptest::strategy::ValueTree::current(&scenario().new_tree(&mut runner).unwrap());
        kinds.extend(made.architectures.iter().map(|a| format!("{:?}", a.preset)));
    }
    assert_eq!(kinds.len(), PRESETS.len());
}
