//! Availability: arithmetic against simulation, error budgets and credits against theory.

use crate::{scratch, shipped, simulate};
use drsim_experiment::outcome::{AvailabilityResult, Outcome};
use drsim_experiment::scenario_file::load;
use drsim_models::cost::Usd;

fn of<'o>(outcome: &'o Outcome, architecture: &str) -> &'o AvailabilityResult {
    outcome.availability.iter().find(|a| a.architecture == architecture).unwrap()
}

/// Two regions with outages of 4 h that take everything; a warm standby that is as large, and one region.
fn two_regions(name: &str, both: &str, more: &str) -> Outcome {
    let text = format!(
        r#"schema_version = 1
baseline = "one"
proposed = "two"
[regions]
primary = "eu-west-1"
secondary = "us-east-1"
[populations.europe]
users = 100_000
city = "Madrid"
[demand]
per_user_per_day = {{ cacheable_read = 12, dynamic_read = 12, write = 12, upload = 0.001 }}
profile = "flat"
[objects]
size = {{ dist = "constant", value = "1 MiB" }}
[architectures]
one = {{ preset = "single_region" }}
two = {{ preset = "active_active_cloudfront", decision = "automatic" }}
[outages.region]
count.eu-west-1 = {{ events = 20, years = 10, posterior = false }}
count.us-east-1 = {{ events = 20, years = 10, posterior = false }}
hits_workload = "100 %"
duration = {{ dist = "constant", value = "4 h", max = "5 h" }}
both_regions = "{both}"
{more}
"#
    );
    let dir = scratch(name);
    let path = dir.join("two.toml");
    std::fs::write(&path, text).unwrap();
    let scenario = load(&path, &[]).unwrap_or_else(|p| panic!("{p}")).scenario;
    std::fs::remove_dir_all(dir).unwrap();
    simulate(&scenario, 3000, 2).0
}

#[test]
fn promised_is_the_product_of_the_commitments() {
    let outcome = simulate(&shipped(&[]), 100, 1).0;
    let promised = |architecture: &str, operation: &str| {
        of(&outcome, architecture).paths.iter().find(|p| p.operation == operation).unwrap().promised
    };
    // API x functions x database in two zones behind the content network and DNS.
    let one = 0.9995 * 0.9995 * 0.9999;
    assert!((promised("single_region", "write") - 0.999 * one).abs() < 1e-12);
    assert!((promised("single_region", "upload") - 0.999 * one * 0.999).abs() < 1e-12, "files add their bucket");
    let two = 1.0 - (1.0 - one) * (1.0 - one);
    assert!((promised("adr_fast_checks", "write") - 0.999 * two).abs() < 1e-12);
    assert!((promised("accelerator", "write") - 0.9999 * two).abs() < 1e-12);
    let single = simulate(&shipped(&["usage.database_instances=1"]), 100, 1).0;
    let found = of(&single, "single_region").paths[1].promised;
    assert!((found - 0.999 * 0.9995 * 0.9995 * 0.999).abs() < 1e-12, "one zone is committed to 99.9 %: {found}");
}

/// Where regions fail independently and moving takes minutes, what arithmetic misses is the move; with a common cause it
/// is mostly that.
#[test]
fn arithmetic_misses_the_move_and_the_common_cause_and_both_are_told_apart() {
    let alone = two_regions("independent", "0 %", "");
    let path = &of(&alone, "one").paths[1];
    // One region: 2 x 4 h a year are exp(-8 / 8760) of the time; arithmetic and simulation look at the same outages.
    let expected = (-8.0_f64 / 8760.0).exp();
    let interval = path.simulated.interval.unwrap();
    assert!(interval.0 < expected && expected < interval.1, "{expected} {interval:?}");
    assert!((path.designed - expected).abs() < 4.0 * (interval.1 - interval.0) / 3.92, "{}", path.designed);
    // Two of them: 525,600 x (8 / 8760)^2 = 0.44 min a year.
    let two = of(&alone, "two");
    let designed = 525_600.0 * (1.0 - two.paths[1].designed);
    assert!((designed - 0.438).abs() < 0.035, "{designed}: two means of 6,000 outages, four standard errors");
    let (one_region, both) = (two.down_one_region.estimate.unwrap(), two.down_both_regions.estimate.unwrap());
    assert!(one_region > 10.0 * designed && both < 1.5, "{one_region} {both}: failing over is what takes time");
    let common = two_regions("common", "10 %", "");
    let two = of(&common, "two");
    // A tenth of one region's outages strikes both: 0.2 x 240 min = 48 min, which arithmetic does not know of.
    let both = two.down_both_regions;
    let (low, high) = both.interval.unwrap();
    assert!(low < 49.0 && 47.0 < high, "{both:?}");
    let designed = 525_600.0 * (1.0 - two.paths[1].designed);
    assert!((designed - 0.438).abs() < 0.035, "each region's own availability is the same: {designed}");
    let beyond = two.paths[1].misleads_minutes.estimate.unwrap();
    assert!(beyond > 47.0, "{beyond}");
}

/// A month is spent if an outage of 240 min lies in it for more than its 43.8 min: those whose onset falls into
/// 43,800 + 240 - 2 x 43.8 minutes, Poisson at 2 a year. Two short ends of outages in one month are too rare to matter.
#[test]
fn the_chance_that_a_months_error_budget_is_spent_is_poisson() {
    let outcome = two_regions("budget", "0 %", "");
    let found = of(&outcome, "one");
    assert!((found.budget_minutes - 43.8).abs() < 1e-9);
    let mean: f64 = 2.0 * (43_800.0 + 240.0 - 2.0 * 43.8) / 525_600.0;
    let expected = 1.0 - (-mean).exp();
    // 36,000 months, neighbours hardly correlated: four standard errors are 4 sqrt(p (1 - p) / 36,000) = 0.0076.
    let spent = found.months_spent;
    assert_eq!(spent.n, 36_000);
    assert!((spent.estimate.unwrap() - expected).abs() < 0.0076, "{expected} {spent:?}");
    let expected = 1.0 - (-2.0 * (525_600.0 + 240.0 - 2.0 * 43.8) / 525_600.0_f64).exp();
    assert!((found.years_spent.estimate.unwrap() - expected).abs() < 0.025, "{expected} {:?}", found.years_spent);
}

/// A contract's penalty of 1,000 for a month below 99.9 % and 5,000 below 99 % (438 min: two outages), by the same law.
#[test]
fn penalties_follow_their_steps_and_lie_beside_the_price_of_an_hour() {
    let loss = |more: &str| two_regions("penalty", "0 %", more).losses[0].clone();
    let money = "[money]\ndowntime = \"100 USD/h\"\n";
    let without = loss(money);
    let with = loss(&format!(
        "{money}[money.promise.penalties]\nfirst = {{ below = \"99.9 %\", amount = \"1000 USD\" }}\n\
         second = {{ below = \"99 %\", amount = \"5000 USD\" }}\n"
    ));
    assert!((with.hours.estimate.unwrap() - without.hours.estimate.unwrap()).abs() < 1e-9);
    let found = with.mean.estimate.unwrap() - without.mean.estimate.unwrap();
    // Months with an outage: 12 (1 - exp(-m)), m = 0.16734; with two of them: 12 (1 - exp(-m) (1 + m)), less those at
    // the month's ends and those that overlap: a few per cent of 0.15 a year, worth 4,000 each.
    let m = 2.0 * (43_800.0 + 240.0 - 2.0 * 43.8) / 525_600.0;
    let one = 12.0 * (1.0 - f64::exp(-m));
    let two = 12.0 * (1.0 - f64::exp(-m) * (1.0 + m));
    let expected = 1000.0 * one + 4000.0 * two;
    // 5,500 such months and 465 with two: four standard errors are 7 %.
    assert!((found / expected - 1.0).abs() < 0.07, "{found} {expected}");
}

/// With one outage of 240 min in a month the services of the region were up 99.45 %: 10 % of their month's bill.
#[test]
fn credits_are_a_tenth_of_what_the_failed_services_cost_that_month() {
    let outcome = two_regions("credits", "0 %", "");
    let of_service = |service: &str| -> f64 {
        let own = outcome.costs.iter().filter(|l| l.architecture == "one" && l.service == service);
        own.filter(|l| l.region == "eu-west-1").filter_map(|l| l.usd_per_month_expected).map(Usd::as_f64).sum()
    };
    // A credit below 1 USD is not paid.
    let bills = ["API Gateway", "Lambda", "Aurora", "S3"].map(of_service);
    let bill: f64 = bills.into_iter().filter(|usd| 0.1 * usd >= 1.0).sum();
    assert!(bill > 100.0, "{bills:?}");
    let credits = of(&outcome, "one").credits_a_year;
    // Two outages a year; a month with two (438 min and more) pays 25 %: 0.15 a year x 15 %. An outage over the end of a
    // month is counted in both: 0.5 % more.
    let m = 2.0 / 12.0;
    let (one, two) = (12.0 * (1.0 - f64::exp(-m)), 12.0 * (1.0 - f64::exp(-m) * (1.0 + m)));
    let expected = bill * (0.1 * one + 0.15 * two);
    // Four standard errors as above: 7 %.
    assert!((credits.estimate.unwrap() / expected - 1.0).abs() < 0.07, "{} {expected}", credits.estimate.unwrap());
    // The provider owes nothing for the customer's own faults.
    let own_fault = simulate(&shipped(&["outages.causes=[\"deployment\"]"]), 2000, 2).0;
    let found = of(&own_fault, "single_region");
    assert_eq!(found.credits_a_year.estimate, Some(0.0));
    assert!(found.down_one_region.estimate.unwrap() > 0.0, "and yet it is down");
}
