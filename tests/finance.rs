//! What finance brings: discounts, people's work, what an hour and lost data cost.

use crate::cost::{PLAIN, line, poisson, read, usd};
use crate::{scratch, shipped, simulate};
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario_file::parse;

fn with(money: &str) -> Outcome {
    simulate(&read(&format!("{PLAIN}{money}")), 100, 1).0
}

fn refused(text: &str) -> String {
    parse(text, "test.toml", &[]).expect_err("a mistake").to_string()
}

/// Lambda costs 103.42 + 430.90 = 534.32 at list prices (`cost.rs`), the whole bill 16,992.87.
#[test]
fn a_commitment_takes_off_what_is_promised_and_is_paid_when_it_is_not_used() {
    let plan = |share: &str| {
        format!(
            "[money]\nnegotiated_discount = \"10 %\"\n[money.commitment_discounts.plan]\n\
             services = [\"Lambda\"]\nshare = \"{share}\"\ndiscount = {{ value = \"20 %\", owner = \"Platform\" }}\n"
        )
    };
    let outcome = with(&plan("60 %"));
    let of = |item: &str| line(&outcome, "one", "Contract", item, "global").usd_per_month_expected;
    // 60 % of 534.32 = 320.59, of which 20 %; then 10 % of what is left.
    assert_eq!(of("commitment plan: Lambda"), Some(usd("-64.12")));
    assert_eq!(of("negotiated discount"), Some(usd("-1692.88")), "(16,992.87 - 64.12) / 10");
    assert_eq!(outcome.bills[0].usd_per_month, usd("15235.87"));
    assert!(!outcome.costs.iter().any(|l| l.item.contains("not used")), "all is used, in every world");

    let text = format!("{PLAIN}{}", plan("100 %"));
    let doubted = text.replace("users = 1_000_000", "users = { value = 1_000_000, range = [500_000, 1_100_000] }");
    let outcome = simulate(&read(&doubted), 100, 1).0;
    let unused = line(&outcome, "one", "Contract", "commitment plan, not used: Lambda", "global");
    assert_eq!(unused.usd_per_month_expected, Some(usd("0.00")));
    // In the world of half the users half of it is not used: 267.16 x 80 %.
    let p90 = unused.usd_per_month_p90.unwrap();
    assert!((p90 / 213.73 - 1.0).abs() < 0.05, "{p90}");

    let twice =
        format!("{text}[money.commitment_discounts.more]\nservices = \"Lambda\"\nshare = \"1 %\"\ndiscount = \"9 %\"");
    assert!(refused(&twice).contains("more than 100 % of Lambda would be promised"));
    let typo = refused(&text.replace("[\"Lambda\"]", "[\"Lamda\"]"));
    assert!(typo.contains("`Lamda` is not one of") && typo.contains("did you mean `Lambda`?"), "{typo}");
}

#[test]
fn being_on_call_and_leaving_are_lines_of_the_bill_and_rows_of_the_budget() {
    let text = PLAIN.replace(
        "two = { preset = \"active_active_cloudfront\",",
        "two = { preset = \"active_active_cloudfront\", on_call_days_per_year = 24, exit_days = 36,",
    );
    let outcome = simulate(&read(&format!("{text}[money]\nperson_day = \"500 USD\"\n")), 100, 1).0;
    let of = |item: &str| line(&outcome, "two", "People", item, "global").usd_per_month_expected;
    assert_eq!(of("on-call"), Some(usd("1000.00")), "24 / 12 x 500");
    assert_eq!(of("exit, spread over the budget's years"), Some(usd("500.00")), "36 / 36 x 500");
    let upkeep = line(&outcome, "two", "People", "upkeep", "");
    assert_eq!(upkeep.status, "not_estimated");
    let exits: Vec<_> = outcome.budget.iter().filter(|row| row.item == "exit").collect();
    assert_eq!(exits.len(), 1);
    assert_eq!((exits[0].month.as_str(), exits[0].kind.as_str()), ("2030-02", "one_off"), "36 months from 2027-03");
    assert_eq!(exits[0].expected.to_string(), "18000");
}

/// A day of which twelve hours count for nothing: an outage of 4 h that starts at any time costs 2 O hours, O its overlap
/// with the other twelve; O is 4 and 0 with probability 8/24 each and uniform between them otherwise, so that
/// E[(2 O)^2] = 4 (16/3 + (16/3)/3) = 28.44 in place of 16, while the mean stays 4.
#[test]
fn hours_that_count_for_more_spread_the_loss_and_leave_the_price_of_an_average_hour() {
    let loss = |money: &str| simulate(&read(&poisson(money)), 20_000, 2).0.losses[0].clone();
    let half = |loss: &drsim_experiment::outcome::LossResult| {
        let (low, high) = loss.mean.interval.unwrap();
        (high - low) / 2.0
    };
    let plain = loss("");
    let day = loss("[money.downtime_hours.night]\nfrom = 20\nuntil = 8\nweight = 0");
    // Four standard errors of the mean, sqrt(0.5 x 28.44e6 / 20,000) = 26.7.
    assert!((day.mean.estimate.unwrap() - 2000.0).abs() < 4.0 * 26.7, "{:?}", day.mean);
    // The standard deviations' own errors are 1 %: 4 x 1.4 % of their ratio.
    let ratio = half(&day) / half(&plain);
    assert!((ratio / (28.44_f64 / 16.0).sqrt() - 1.0).abs() < 0.056, "{ratio}");
    // A third of the outages, exp(-0.5 x 16/24) of the years, cost something.
    let any = day.any.estimate.unwrap();
    assert!((any - (1.0 - (-0.5_f64 * 16.0 / 24.0).exp())).abs() < 4.0 * 0.0032, "{any}");

    let alike = loss("[money.downtime_hours.all]\nfrom = 0\nuntil = 24\nweight = 3");
    let (a, b) = (alike.mean.estimate.unwrap(), plain.mean.estimate.unwrap());
    assert!((a / b - 1.0).abs() < 1e-9, "only how hours differ counts: {a} {b}");
    let both = "[money.downtime_hours.a]\nfrom = 22\nuntil = 7\nweight = 2\n[money.downtime_hours.b]\nfrom = 6\nuntil = 9\nweight = 2";
    assert!(refused(&poisson(both)).contains("holds an hour of another table"));
}

/// Under `adr_as_written` only the users of us-east-1 wait for its repair, so it matters whose hours are dear.
#[test]
fn a_population_whose_hours_are_dearer_is_given_its_share() {
    let loss = |europe: u32| {
        let shares = [("europe", europe), ("united_states", 100 - europe)]
            .map(|(name, share)| format!("populations.{name}.downtime_share={share} %"));
        let outcome = simulate(&shipped(&[&shares[0], &shares[1]]), 1000, 2).0;
        ["single_region", "adr_as_written"]
            .map(|name| outcome.losses.iter().find(|l| l.architecture == name).unwrap().hours.estimate.unwrap())
    };
    let (all_europe, all_states, half) = (loss(100), loss(0), loss(50));
    assert!(all_states[1] > 3.0 * all_europe[1], "{all_states:?} {all_europe:?}");
    assert!((half[1] / (0.5 * (all_europe[1] + all_states[1])) - 1.0).abs() < 1e-9, "a straight line in the shares");
    let one = parse(MOBILE, "test.toml", &["populations.europe.downtime_share=70 %".to_owned()]).expect_err("half");
    assert!(one.to_string().contains("must sum to 100 %"), "{one}");
}

const MOBILE: &str = include_str!("../scenarios/mobile_backend.toml");

/// The plain bill by service: CloudFront 1,095.00 + 870.40 + 3,276.80 + 4,413.70 + 15.08 = 9,670.98; Lambda 534.32;
/// Aurora 408.80 + 11.00 + 194.06 + 1.05 = 614.91; the whole 16,992.87.
#[test]
fn an_invoice_by_service_is_held_against_the_bill_service_by_service() {
    let dir = scratch("invoice");
    let check = |invoice: &str| {
        std::fs::write(dir.join("invoice.csv"), invoice).unwrap();
        let text = format!(
            "{PLAIN}[money.invoice_check]\narchitecture = \"one\"\nfile = \"invoice.csv\"\nas_of = \"2026-10\"\n"
        );
        let path = dir.join("plain.toml");
        std::fs::write(&path, text).unwrap();
        drsim_experiment::scenario_file::load(&path, &[]).map(|loaded| loaded.scenario)
    };
    let scenario = check("service,amount_usd\nAmazon CloudFront,10000\nAWS Lambda,200\nAWS WAF,7000\n").unwrap();
    let outcome = simulate(&scenario, 100, 1).0;
    let found = outcome.invoice.as_ref().unwrap();
    assert!((found.ratio - 16_992.87 / 17_200.0).abs() < 1e-9 && found.agrees, "{found:?}");
    let ratio = |service: &str| found.services.iter().find(|s| s.service == service).unwrap().ratio;
    assert!((ratio("CloudFront").unwrap() - 0.967_098).abs() < 1e-9);
    assert!((ratio("Lambda").unwrap() - 534.32 / 200.0).abs() < 1e-9);
    let lone: Vec<_> = found.services.iter().filter(|s| s.ratio.is_none()).map(|s| s.service.as_str()).collect();
    assert_eq!(lone, ["AWS WAF", "API Gateway", "Aurora", "S3", "CloudWatch", "KMS", "Route 53"]);
    let text = drsim_report::money::render(&outcome, drsim_report::Lang::En, 100, false);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("CloudFront 97 %, Lambda 267 % (!)") && flat.contains("Lambda (!)"), "{text}");
    assert!(!flat.contains("WARNING") && !flat.contains("not reconciled"), "{text}");

    let far = simulate(&check("service,usd\nCloudFront,8000\n").unwrap(), 100, 1).0;
    let text = drsim_report::money::render(&far, drsim_report::Lang::En, 100, false);
    assert!(text.starts_with("Untitled") && text.contains("(WARNING: modelled 212 % of the\ninvoice)"), "{text}");
    let none = simulate(&read(PLAIN), 100, 1).0;
    assert!(
        drsim_report::money::render(&none, drsim_report::Lang::En, 100, false)
            .lines()
            .next()
            .unwrap()
            .contains("(Bill not reconciled)")
    );

    let other = check("service,amount_usd\nCloudFront,9000\n").unwrap();
    assert_ne!(other.digest, scenario.digest, "another invoice is another scenario");
    let wrong = check("service,amount_usd\nCloudFront,12 USD\n").unwrap_err().to_string();
    assert!(wrong.contains("`12 USD` is not an amount") && wrong.contains("invoice.csv:2:12"), "{wrong}");
    assert!(wrong.contains("hint: write 1234.56"), "{wrong}");
    std::fs::remove_file(dir.join("invoice.csv")).unwrap();
    let missing = drsim_experiment::scenario_file::load(&dir.join("plain.toml"), &[]).unwrap_err().to_string();
    assert!(missing.contains("cannot read the invoice") && missing.contains("hint"), "{missing}");
    std::fs::remove_dir_all(dir).unwrap();
}

/// Half an outage of 4 h a year: 0.5 / 12 failovers a month. 100 GB are copied back: 4.1667 GB x 0.02 = 0.0833.
/// 289.35 requests a second x 0.01 = 2.8935 units, two instances of them: 5.7870. A pilot light holds one instance of the
/// least, 2 units, and lacks 3.7870 for 4 h and the rebuild, 100 GiB x 8 / 1 Gbps = 859 s: 4.2386 h.
/// 3.7870 x 4.2386 / 24 = 0.66882 unit-hours x 0.12 = 0.0803.
#[test]
fn what_a_failover_adds_is_worked_out_by_hand() {
    let text = poisson("").replace(
        "two = { preset = \"single_region\" }",
        "two = { preset = \"pilot_light\" }\nthree = { preset = \"active_active_cloudfront\" }",
    );
    let outcome = simulate(&read(&text), 10, 1).0;
    let [surge, back] = ["standby at full size after a failover, at most", "transfer back after a failover, at most"];
    let at = |design: &str, item: &str, region: &str| line(&outcome, design, "Recovery", item, region).clone();
    let back = ["two", "three"].map(|design| at(design, back, "us-east-1>eu-west-1"));
    for line in &back {
        assert_eq!(line.usd_per_month_expected, Some(usd("0.08")));
        assert!((line.quantity.unwrap() - 100.0 * 0.5 / 12.0).abs() < 1e-5, "{line:?}");
    }
    let grown = at("two", surge, "us-east-1");
    assert!((grown.quantity.unwrap() - 0.66882).abs() < 1e-4, "{grown:?}");
    assert_eq!(grown.usd_per_month_expected, Some(usd("0.08")));
    // Who serves everybody already does not grow, and without outages nothing is added.
    assert!(outcome.costs.iter().all(|l| l.architecture != "three" || l.item != surge));
    let never = simulate(&read(&text.replace("events = 5,", "events = 0,")), 10, 1).0;
    assert!(never.costs.iter().all(|l| l.service != "Recovery" || l.quantity.is_none()), "a year without an outage");
}

/// `destroys = 100 %`: a single region loses both stores in each outage; a second one keeps all but what was not copied.
#[test]
fn lost_files_rows_and_whole_stores_cost_what_the_scenario_says_and_are_named_where_it_does_not() {
    let of = |money: &str| {
        let text = poisson(money)
            .replace("two = { preset = \"single_region\" }", "two = { preset = \"active_active_cloudfront\" }")
            .replace("both_regions = \"0 %\"", "both_regions = \"0 %\"\ndestroys = \"100 %\"");
        simulate(&read(&text), 400, 2)
    };
    let (plain, rows) = of("");
    let count = |name: &str, item: &str| {
        let loss = plain.losses.iter().find(|l| l.architecture == name).unwrap();
        loss.not_priced.iter().find(|(key, _)| key == item).map(|(_, a_year)| *a_year)
    };
    // Every outage of the only region destroys its rows and its files: two stores each, and nothing that can be counted.
    let stores = count("one", "store").unwrap();
    let outages = rows.iter().filter(|r| r.architecture == "one" && r.operation == "write").count() as f64 / 400.0;
    assert!((stores / (2.0 * outages) - 1.0).abs() < 0.01, "{stores} {outages}");
    assert_eq!((count("one", "file"), count("one", "transaction")), (None, None));
    let (files, lost) = (count("two", "file").unwrap(), count("two", "transaction").unwrap());
    assert_eq!((count("two", "store"), count("two", "unavailable_file")), (None, None));

    let priced = of("[money.lost_item]\nfile = \"2 USD\"\ntransaction = \"3 USD\"\nstore = \"1_000_000 USD\"\n").0;
    for (before, after) in plain.losses.iter().zip(&priced.losses) {
        let added = after.mean.estimate.unwrap() - before.mean.estimate.unwrap();
        let expected = if before.architecture == "one" { stores * 1e6 } else { 2.0 * files + 3.0 * lost };
        assert!((added / expected - 1.0).abs() < 1e-9, "{}: {added} {expected}", before.architecture);
        assert!(after.not_priced.is_empty());
    }
}

#[test]
fn files_that_return_with_their_region_have_a_price_of_their_own() {
    let loss = |set: &[&str]| {
        let outcome = simulate(&shipped(set), 1000, 2).0;
        outcome.losses.iter().find(|l| l.architecture == "adr_fast_checks").unwrap().clone()
    };
    let plain = loss(&[]);
    let (item, files) = plain.not_priced[0].clone();
    assert_eq!(item, "unavailable_file");
    let priced = loss(&["money.lost_item.unavailable_file=0.5 EUR"]);
    let added = priced.mean.estimate.unwrap() - plain.mean.estimate.unwrap();
    assert!((added / (0.5 * files) - 1.0).abs() < 1e-9, "{added} {files}");
}
