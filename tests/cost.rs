//! Money: a bill by hand, sums to the cent, and what changes when an input does.

use crate::{scratch, shipped, simulate};
use drsim_experiment::outcome::{CostLine, Outcome, Verdict};
use drsim_experiment::scenario::Scenario;
use drsim_models::cost::Usd;

fn bill(set: &[&str]) -> Outcome {
    simulate(&shipped(set), 100, 1).0
}

pub fn usd(text: &str) -> Usd {
    Usd(text.parse().unwrap())
}

pub fn line<'o>(outcome: &'o Outcome, architecture: &str, service: &str, item: &str, region: &str) -> &'o CostLine {
    let of =
        |l: &&CostLine| l.architecture == architecture && l.service == service && l.item == item && l.region == region;
    outcome.costs.iter().find(of).unwrap_or_else(|| panic!("no line {service} {item} in {region}"))
}

/// A scenario so plain that its bill fits on the back of an envelope: one population, a flat profile, no edge hits.
pub const PLAIN: &str = r#"schema_version = 1
baseline = "one"
proposed = "two"
[regions]
primary = "eu-west-1"
secondary = "us-east-1"
[populations.europe]
users = 1_000_000
city = "Madrid"
[demand]
per_user_per_day = { cacheable_read = 12, dynamic_read = 0, write = 12, upload = 1 }
profile = "flat"
edge_hit_share = "75 %"
[objects]
size = { dist = "constant", value = "1 MiB" }
[database]
size = "100 GiB"
[capacity]
database_work = 0.01
database_units_at_least = 2
service_time = { cacheable_read = "100 ms", dynamic_read = "100 ms", write = "100 ms", upload = "200 ms" }
[usage]
function_memory = "512 MiB"
objects_stored = "0 B"
downloads = 4
replicated = "4 KiB"
backups = "50 %"
logged = "1 KiB"
logs_kept = "0 s"
alarms = 0
[usage.response]
cacheable_read = "16 KiB"
write = "1 KiB"
upload = "1 KiB"
[usage.request]
write = "2 KiB"
upload = "2 KiB"
[usage.database_reads]
cacheable_read = 1
write = 0
upload = 0
[usage.database_writes]
write = 2
upload = 2
[architectures]
one = { preset = "single_region" }
two = { preset = "active_active_cloudfront", health_check = { kind = "deep", interval = "10 s", threshold = 3 } }
"#;

fn plain() -> Outcome {
    simulate(&read(PLAIN), 100, 1).0
}

/// The scenario of a text.
pub fn read(text: &str) -> Scenario {
    drsim_experiment::scenario_file::parse(text, "test.toml", &[]).unwrap_or_else(|p| panic!("{p}")).scenario
}

/// One million users, 365 / 12 = 30.41667 days a month:
///   cacheable reads 365 M, of which a quarter, 91.25 M, reach the region; writes 365 M; uploads 30.41667 M.
#[test]
fn a_bill_worked_out_by_hand_is_reproduced_to_the_cent() {
    let outcome = plain();
    for (service, item, region, amount, arithmetic) in [
        // calls: 91.25 + 365 + 2 x 30.416667 = 517.083333 M; 333 M at 3.50, the rest at 3.19 a million
        ("API Gateway", "REST requests", "eu-west-1", "1165.50", "333 x 3.50"),
        ("API Gateway", "REST requests, tier 2", "eu-west-1", "587.23", "184.083333 x 3.19 = 587.2258"),
        ("Lambda", "requests", "eu-west-1", "103.42", "517.083333 x 0.20 = 103.41667"),
        // 0.5 GB x (91.25 x 0.1 + 365 x 0.1 + 30.416667 x 0.2) M s = 25.854167 M GB-s
        ("Lambda", "duration, x86", "eu-west-1", "430.90", "25.854167 M x 0.0000166667 = 430.9036"),
        // (91.25 + 365 + 30.416667) M requests / 2,628,000 s = 185.185185 a second x 0.01 = 1.85 units, held at 2;
        // x 730 h x 2 instances
        ("Aurora", "capacity", "eu-west-1", "408.80", "2 x 730 x 2 x 0.14"),
        ("Aurora", "storage", "eu-west-1", "11.00", "100 x 0.11"),
        // reads 91.25 M; writes 2 x (365 + 30.416667) = 790.833333 M
        ("Aurora", "I/O", "eu-west-1", "194.06", "882.083333 x 0.22 = 194.0583"),
        ("Aurora", "backups", "eu-west-1", "1.05", "50 x 0.021"),
        // half a year's uploads: 6 x 30.416667 M x 1/1024 GB = 178,222.65625 GB: 51,200 at 0.023, the rest at 0.022
        ("S3", "storage", "eu-west-1", "1177.60", "51,200 x 0.023"),
        ("S3", "storage, tier 2", "eu-west-1", "2794.50", "127,022.65625 x 0.022 = 2794.4984"),
        ("S3", "PUT requests", "eu-west-1", "152.08", "30,416.667 x 0.005 = 152.0833"),
        // downloads 4 x 30.416667 M, a quarter missed
        ("S3", "GET requests", "eu-west-1", "12.17", "30,416.667 x 0.0004 = 12.16667"),
        // requests 365 + 365 + 60.833333 + 121.666667 downloads = 912.5 M
        ("CloudFront", "HTTPS requests", "europe", "1095.00", "91,250 x 0.0120"),
        // 365 M x 16 KiB + (365 + 30.416667) M x 1 KiB + 121.666667 M x 1 MiB
        //   = 5,569.458008 + 377.098719 + 118,815.104167 = 124,761.660894 GB
        ("CloudFront", "egress", "europe", "870.40", "10,240 x 0.085"),
        ("CloudFront", "egress, tier 2", "europe", "3276.80", "40,960 x 0.080"),
        ("CloudFront", "egress, tier 3", "europe", "4413.70", "73,561.660894 x 0.060 = 4413.69965"),
        ("CloudFront", "uploads to the origin", "europe", "15.08", "395.416667 M x 2 KiB = 754.197439 GB x 0.020"),
        ("Route 53", "hosted zone", "global", "0.50", "one"),
        // 517.083333 M x 1 KiB = 493.129094 GB
        ("CloudWatch", "logs written", "eu-west-1", "281.08", "493.129094 x 0.57 = 281.0836"),
        ("KMS", "keys", "eu-west-1", "2.00", "two"),
    ] {
        let found = line(&outcome, "one", service, item, region);
        assert_eq!(found.usd_per_month_expected, Some(usd(amount)), "{service} {item}: {arithmetic}");
    }
    // The sum of the twenty amounts above; certificates and queries for aliases cost nothing.
    assert_eq!(outcome.bills[0].usd_per_month, usd("16992.87"));

    // What the second region adds.
    for (service, item, region, amount, arithmetic) in [
        ("Aurora", "capacity", "us-east-1", "350.40", "2 x 730 x 2 x 0.12"),
        ("Aurora", "storage", "us-east-1", "10.00", "100 x 0.10"),
        ("Aurora", "replicated write I/O", "eu-west-1", "173.98", "790.833333 x 0.22 = 173.9833"),
        // rows 395.416667 M x 4 KiB = 1,508.394877 GB; files 30.416667 M x 1 MiB = 29,703.776042 GB
        ("S3", "Replication Time Control", "eu-west-1", "445.56", "29,703.776042 x 0.015 = 445.5566"),
        ("S3", "storage", "us-east-1", "1177.60", "as in the other region"),
        ("S3", "PUT requests", "us-east-1", "152.08", "one for each copy"),
        ("S3", "PUT requests", "eu-west-1", "304.17", "the upload's own and one for its copy: 304.1667"),
        ("S3", "GET requests", "eu-west-1", "73.00", "30,416.667 + 5 x 30,416.667 thousand x 0.0004"),
        ("Route 53", "health checks, other endpoint", "global", "1.50", "2 x 0.75"),
        ("Route 53", "options of health checks, other endpoint", "global", "8.00", "2 checks x 2 options x 2.00"),
    ] {
        let found = line(&outcome, "two", service, item, region);
        assert_eq!(found.usd_per_month_expected, Some(usd(amount)), "{service} {item}: {arithmetic}");
    }
    let sent: Vec<_> = outcome.costs.iter().filter(|l| l.architecture == "two" && l.service == "Transfer").collect();
    let sent: Usd = sent.iter().filter_map(|l| l.usd_per_month_expected).sum();
    // 1,508.394877 x 0.02 = 30.17, 29,703.776042 x 0.02 = 594.08; nobody is at home in the second region.
    assert_eq!(sent, usd("624.25"));
}

#[test]
fn the_premium_is_judged_and_a_bill_without_prices_is_not_cheap() {
    let verdict = |set: &[&str]| {
        let outcome = bill(set);
        let claim = outcome.claims.iter().find(|c| c.claim == "cheap" && c.architecture == "adr_fast_checks");
        claim.unwrap().clone()
    };
    let fails = verdict(&[]);
    assert_eq!((fails.verdict, fails.found, fails.n), (Verdict::Fails, Some(0.0), 100));
    assert!(fails.decided_by.starts_with("Aurora"), "{}", fails.decided_by);
    assert_eq!(verdict(&["claims.cheap.at_most=90 %"]).verdict, Verdict::Holds);
    // Worlds lie on both sides of 52 %: what is not known decides.
    assert_eq!(verdict(&["claims.cheap.at_most=52 %"]).verdict, Verdict::Depends);
    // Nothing was collected for us-west-2: what seems to hold is not known to.
    let unknown = verdict(&["regions.secondary=us-west-2", "claims.cheap.at_most=90 %"]);
    assert_eq!(unknown.verdict, Verdict::NotEstimated);
    assert!(unknown.decided_by.starts_with("no price: "), "{}", unknown.decided_by);
}

#[test]
fn ten_times_the_users_move_what_users_cause_and_nothing_else() {
    let (one, ten) = (bill(&[]), bill(&["populations.europe.users=1_800_000"]));
    let of = |outcome: &Outcome, service: &str, item: &str, region: &str| {
        line(outcome, "single_region", service, item, region).usd_per_month_expected.unwrap().as_f64()
    };
    for (service, item, region, factor) in [
        ("CloudFront", "HTTPS requests", "europe", 10.0),
        ("CloudFront", "HTTPS requests", "north_america", 1.0),
        ("KMS", "keys", "eu-west-1", 1.0),
        ("Route 53", "hosted zone", "global", 1.0),
    ] {
        let found = of(&ten, service, item, region) / of(&one, service, item, region);
        assert!((found / factor - 1.0).abs() < 1e-3, "{service} {item}: {found}");
    }
}

/// One region, outages of 4 h that take everything, half a one a year, 1,000 USD an hour; and whatever else.
pub fn poisson(money: &str) -> String {
    let head = PLAIN.split("[architectures]").next().unwrap();
    let rest = r#"[architectures]
one = { preset = "single_region" }
two = { preset = "single_region" }
[outages.region]
count.eu-west-1 = { events = 5, years = 10, posterior = false }
hits_workload = "100 %"
duration = { dist = "constant", value = "4 h", max = "5 h" }
both_regions = "0 %"
[money]
downtime = "1000 USD/h"
"#;
    head.replace("edge_hit_share = \"75 %\"", "edge_hit_share = \"0 %\"") + rest + money
}

/// A compound Poisson loss.
#[test]
fn the_loss_of_a_year_agrees_with_compound_poisson_theory() {
    let scenario = read(&poisson(""));
    let n = 20_000;
    let outcome = simulate(&scenario, n, 2).0;
    let loss = &outcome.losses[0];
    // Mean rate x 4 h x 1,000 = 2,000, variance rate x 4,000^2 = 8e6: four standard errors are 4 sqrt(8e6 / 20,000) = 80.
    // Overlaps take away a share of 1e-4, what is in progress at either end of the year nothing.
    let mean = loss.mean.estimate.unwrap();
    assert!((mean - 2000.0).abs() < 80.0, "{mean}");
    // The interval is 1.96 sqrt(variance / n); the variance's own standard error is (4,000^2) sqrt((1.25 - 0.25) / n),
    // 1.4 % of it, so the half-width is within 4 x 0.7 %.
    let (low, high) = loss.mean.interval.unwrap();
    let expected = 1.96 * (8e6 / n as f64).sqrt();
    assert!(((high - low) / 2.0 / expected - 1.0).abs() < 0.03, "{low} {high} {expected}");
    // 1 - exp(-0.5): standard error sqrt(0.24 / n) = 0.0035.
    let any = loss.any.estimate.unwrap();
    assert!((any - 0.3935).abs() < 4.0 * 0.0035, "{any}");
    // Poisson: P(at most 1) = 0.910, P(at most 2) = 0.986, P(at most 3) = 0.998.
    let tail = [loss.one_in_10, loss.one_in_100].map(|figure| figure.estimate.unwrap());
    assert!((tail[0] / 4000.0 - 1.0).abs() < 0.002 && (tail[1] / 12_000.0 - 1.0).abs() < 0.002, "{tail:?}");
    // The same design twice avoids nothing, and no price of an hour makes it pay.
    let other = &outcome.losses[1];
    assert_eq!(other.avoided.unwrap().estimate, Some(0.0));
    assert_eq!(other.break_even_per_hour.unwrap().estimate, None);
}

#[test]
fn at_its_break_even_a_design_costs_what_it_avoids() {
    let loss = |set: &[&str]| {
        let outcome = simulate(&shipped(set), 2000, 2).0;
        outcome.losses.iter().find(|l| l.architecture == "adr_fast_checks").unwrap().clone()
    };
    let price = loss(&[]).break_even_per_hour.unwrap().estimate.unwrap();
    let there = loss(&[&format!("money.downtime={price} EUR/h")]);
    let (avoided, more) = (there.avoided.unwrap().estimate.unwrap(), there.more.unwrap().estimate.unwrap());
    assert!((avoided / more - 1.0).abs() < 1e-9, "{avoided} {more}: the loss is a straight line in the price");
}

#[test]
fn what_finance_does_not_say_is_not_estimated_and_the_invoice_is_held_against_the_model() {
    let plain = plain();
    assert!(plain.losses.is_empty() && plain.invoice.is_none());
    assert!(plain.bills.iter().all(|bill| bill.people_usd_per_month.is_none()));
    let people = plain.costs.iter().find(|l| l.kind == "people").unwrap();
    assert_eq!((people.status.as_str(), people.usd_per_month_expected), ("not_estimated", None));

    let warned = |set: &[&str]| bill(set).warnings.iter().any(|w| w.contains("of the invoice"));
    assert!(!warned(&[]), "108 % is near enough");
    assert!(warned(&["money.invoice_check.amount=2000 USD"]), "178 % is not");
    // 3,300 EUR are 3,837 USD at 0.86: 92.6 %.
    let ratio = bill(&["money.invoice_check.amount=3300 EUR"]).invoice.unwrap().ratio;
    assert!((ratio - 3553.95 * 0.86 / 3300.0).abs() < 1e-4, "{ratio}");
}

#[test]
fn a_price_of_ones_own_replaces_a_built_in_one_and_its_mistakes_have_a_place() {
    let dir = scratch("prices");
    let path = dir.join("my.toml");
    let row = |price: &str| {
        format!(
            "[cloudfront.egress]\nunit = \"GB\"\n\
             europe = {{ price = {price}, basis = \"contract\", source = \"offer\", date = \"2026-11\" }}\n"
        )
    };
    std::fs::write(&path, row("\"0.01\"")).unwrap();
    let scenario = shipped(&[]);
    let own = drsim_experiment::scenario_file::with_prices(scenario.clone(), &path).unwrap();
    assert_ne!(own.digest, scenario.digest, "other prices are another scenario");
    let outcome = simulate(&own, 100, 1).0;
    let found = line(&outcome, "single_region", "CloudFront", "egress", "europe");
    assert_eq!((found.unit_price, found.source.as_str()), (Some(usd("0.01")), "offer"));
    assert_ne!(line(&outcome, "single_region", "CloudFront", "egress", "north_america").source, "offer");
    std::fs::write(&path, row("0.01")).unwrap();
    let problems = drsim_experiment::scenario_file::with_prices(scenario, &path).unwrap_err().to_string();
    assert!(problems.contains("decimal numbers in quotes") && problems.contains("my.toml:3:20"), "{problems}");
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_budget_adds_up_to_the_bill_the_work_and_the_drills() {
    let outcome = bill(&["money.growth=0 %"]);
    let rows = |kind: &str| {
        let own = outcome.budget.iter().filter(|r| r.architecture == "adr_fast_checks" && r.kind == kind);
        own.map(|r| r.expected.to_string().parse::<f64>().unwrap()).sum::<f64>()
    };
    let bill = outcome.bills.iter().find(|b| b.architecture == "adr_fast_checks").unwrap();
    // 36 months of the bill at 0.86 EUR per USD, each rounded to the cent.
    assert!((rows("run") - 36.0 * 0.86 * bill.usd_per_month.as_f64()).abs() < 36.0 * 0.005 + 1e-6);
    // 40 days once, 18 a year, 2 x 6 of drills, at 600 EUR.
    assert!((rows("one_off") - 24_000.0).abs() < 1e-9 && (rows("people") - 32_400.0).abs() < 1e-9);
    assert!((rows("drill") - 21_600.0).abs() < 1e-9);
    assert!(rows("contingency") > 0.0);
}
