//! Does the survivor carry everyone, and what would it need? What the run says is needed suffices when it is granted, and a
//! little less does not.

use crate::primary_fails::run;
use drsim_experiment::outcome::{IncidentRow, Outcome};

/// Twenty million people on the primary, and a secondary that has nothing to do; nothing is short.
const PLENTY: [&str; 9] = [
    "populations.europe.users=20_000_000",
    "demand.profile=consumer_mobile",
    "capacity.requests_per_second=1_000_000_000",
    "capacity.burst=1_000_000_000",
    "capacity.concurrency=1_000_000_000",
    "capacity.concurrency_growth=1_000_000_000",
    "capacity.database_units_at_least=10_000_000",
    "capacity.database_units=10_000_000",
    "capacity.connections=1_000_000_000",
];

fn with(set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    // An environment that starts anew is busy for longer: a need of seconds, which is not in a steady one.
    run(30, None, &[&PLENTY[..], &["capacity.cold_start=0 s"], set].concat())
}

fn figure(outcome: &Outcome, metric: &str, statistic: &str) -> Option<f64> {
    let row = outcome.metrics.iter().find(|m| m.metric == metric && m.statistic == statistic);
    row.and_then(|row| row.figure.estimate)
}

/// Share of the incidents in which a resource was the first to run out.
fn short(outcome: &Outcome, resource: &str) -> f64 {
    figure(outcome, &format!("first_bottleneck_{resource}"), "probability").unwrap_or(0.0)
}

#[test]
fn the_required_quota_suffices_in_the_share_of_incidents_it_is_for_and_a_tenth_less_does_not() {
    let (free, rows) = with(&[]);
    let incidents = rows.iter().filter(|r| r.operation == "write").count() as f64;
    assert!(incidents > 80.0);
    for (resource, key) in [
        ("requests_per_second", "requests_per_second"),
        ("concurrency", "concurrency"),
        ("database_units", "database_units"),
        ("connections", "connections"),
        ("bandwidth", "bandwidth"),
    ] {
        assert!(short(&free, resource) == 0.0);
        let required = figure(&free, &format!("required_quota_{resource}"), "p50").unwrap();
        let short_at = |share: f64| {
            let unit = if resource == "bandwidth" { " Mbps" } else { "" };
            let limit = format!("capacity.{key}={}{unit}", share * required);
            // The rate alone: a bucket of one. A database of its largest size from the start.
            let also =
                if resource == "requests_per_second" { "capacity.burst=1" } else { "capacity.burst=1_000_000_000" };
            let least = format!(
                "capacity.database_units_at_least={}",
                if resource == "database_units" { share * required } else { 1e7 }
            );
            let (outcome, _) = with(&[&limit, also, &least]);
            short(&outcome, resource) + if resource == "requests_per_second" { short(&outcome, "burst") } else { 0.0 }
        };
        // Half of them need more, give or take four standard errors; the sketch rounds by a thousandth.
        let error = 4.0 * (0.5 * 0.5 / incidents).sqrt();
        let (with_it, with_less) = (short_at(1.002), short_at(0.9));
        assert!(with_it <= 0.5 + error, "{resource}: short in {with_it} with {required}");
        assert!(with_less > 0.5 && with_less > with_it + 0.05, "{resource}: short in {with_less} with a tenth less");
    }
}

#[test]
fn burst_and_growth_are_what_a_jump_needs() {
    // An accelerator moves everybody at once: 20 million people want as many functions within a second.
    let row = r#"{ preset = "active_active_accelerator", decision = "automatic" }"#;
    let flat = "demand.profile=flat";
    let reads = "demand.per_user_per_day={ cacheable_read = 0, dynamic_read = 24, write = 0, upload = 0 }";
    let of = |set: &[&str]| {
        let set = [
            &PLENTY[..],
            &[
                "capacity.cold_start=0 s",
                flat,
                reads,
                "capacity.retries={ policy = \"none\" }",
                "recovery.failback.policy=none",
                "detection.connections_stay={ dist = \"constant\", value = \"0 s\" }",
            ],
            set,
        ]
        .concat();
        run(60, Some(row), &set).0
    };
    let free = of(&[]);
    let functions = figure(&free, "required_quota_concurrency", "p50").unwrap();
    let growth = figure(&free, "required_quota_concurrency_growth", "p50").unwrap();
    assert!((growth / functions - 1.0).abs() < 0.01, "{growth} of {functions}");
    assert!(figure(&free, "required_quota_burst", "max") == Some(0.0), "the rate has room");
    // A rate that is a tenth too small overdraws a tenth of the demand for as long as it lasts, ten hours.
    let rate = figure(&free, "required_quota_requests_per_second", "max").unwrap();
    let tight = of(&[&format!("capacity.requests_per_second={}", 0.9 * rate)]);
    let burst = figure(&tight, "required_quota_burst", "p50").unwrap();
    assert!((burst / (0.1 * rate * 36_000.0) - 1.0).abs() < 0.05, "{burst}");
}

#[test]
fn regions_with_a_smaller_entrance_have_it_unless_the_scenario_says_otherwise() {
    let ratio = |set: &[&str]| {
        let users = "populations.europe.users=2_000_000";
        let counts = "outages.region.count={ eu-west-1 = { events = 30, years = 10, posterior = false }, eu-south-1 = { events = 0, years = 10, posterior = false }, eu-central-1 = { events = 0, years = 10, posterior = false } }";
        let outcome = run(40, None, &[&[users, counts][..], set].concat()).0;
        figure(&outcome, "capacity_ratio_requests_per_second", "max").unwrap()
    };
    let milan = "regions.secondary=eu-south-1";
    let (large, small) = (ratio(&[]), ratio(&[milan]));
    assert!((small / large - 4.0).abs() < 0.05, "2,500 a second instead of 10,000: {small}, {large}");
    let granted = ratio(&[milan, "capacity.requests_per_second=10_000"]);
    assert!((granted / large - 1.0).abs() < 0.02, "{granted}, {large}");
}

#[test]
fn a_standby_of_the_required_share_carries_whoever_comes_and_a_smaller_one_has_to_grow_first() {
    let row = |share: f64| {
        format!(
            "{{ preset = \"warm_standby\", standby_share = \"{} %\", health_check = {{ kind = \"deep\", interval = \"10 s\", threshold = 3 }} }}",
            100.0 * share
        )
    };
    // It grows for longer than the outage lasts, so that its first size decides.
    let set = ["demand.profile=consumer_mobile", "recovery.scale_out={ dist = \"constant\", value = \"20 h\" }"];
    let of = |share: f64| {
        let (outcome, rows) = run(200, Some(&row(share)), &set);
        let reads: Vec<bool> = rows
            .iter()
            .filter(|r| r.operation == "dynamic_read")
            .map(|r| r.recovery_time_seconds.is_some_and(|t| t < 130.0))
            .collect();
        let carried = reads.iter().filter(|carried| **carried).count() as f64 / reads.len() as f64;
        (figure(&outcome, "required_standby_share", "p90").unwrap(), carried, reads.len() as f64)
    };
    let (required, _, n) = of(0.3);
    // The sketch rounds by half a percent. Four standard errors.
    let error = 4.0 * (0.1 * 0.9 / n).sqrt();
    let (with_it, with_less) = (of((required * 1.006).min(1.0)).1, of(required * 0.9).1);
    assert!(with_it >= 0.9 - error, "{with_it} carried with {required}");
    assert!(with_less < with_it - 0.05, "{with_less} with a tenth less than {required}");
}

/// An accelerator moves everybody at once from a dead region; only reads, no cold starts, nobody's connection stays.
const ONLY_READS: [&str; 6] = [
    "populations.europe.users=3_600_000",
    "demand.profile=flat",
    "demand.per_user_per_day={ cacheable_read = 0, dynamic_read = 24, write = 0, upload = 0 }",
    "detection.connections_stay={ dist = \"constant\", value = \"0 s\" }",
    "capacity.cold_start=0 s",
    "recovery.failback.policy=none",
];

fn moved_at_once(set: &[&str]) -> (Outcome, Vec<IncidentRow>) {
    let row = r#"{ preset = "active_active_accelerator", decision = "automatic" }"#;
    run(60, Some(row), &[&ONLY_READS[..], set].concat())
}

#[test]
fn retries_follow_their_client_to_the_other_region() {
    // 1,000 a second, three attempts at once, each 2 s long at the dead region: the survivor meets 1 + 2 of each second's
    // requests for 2 s, and a budget of a tenth a tenth of them more at most.
    let need = |retries: &str| {
        let policy = format!("capacity.retries={{ {retries}, dead_wait = \"2 s\" }}");
        let (outcome, _) = moved_at_once(&[&policy]);
        figure(&outcome, "required_quota_requests_per_second", "p50").unwrap()
    };
    let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 0.003;
    let immediate = "policy = \"immediate\", attempts = 3";
    let (stay, follow) = (need(&format!("{immediate}, follow = false")), need(immediate));
    assert!(near(stay, 1_000.0), "{stay}");
    assert!(near(follow, 3_000.0), "{follow}");
    let budget = need(&format!("{immediate}, budget = \"10 %\""));
    assert!((1_000.0..1_110.0).contains(&budget), "{budget}");
    let none = need("policy = \"none\"");
    assert!(near(none, 1_000.0), "{none}");
}

#[test]
fn a_survivor_with_room_for_first_attempts_alone_is_short_while_retries_follow() {
    let set = |follow: bool| {
        let policy = format!(
            "capacity.retries={{ policy = \"immediate\", attempts = 4, dead_wait = \"2 s\", follow = {follow} }}"
        );
        let (outcome, rows) = moved_at_once(&[&policy, "capacity.requests_per_second=1_200", "capacity.burst=1"]);
        let mut times: Vec<f64> =
            rows.iter().filter(|r| r.operation == "dynamic_read").filter_map(|r| r.recovery_time_seconds).collect();
        times.sort_by(f64::total_cmp);
        (times[times.len() / 2], short(&outcome, "requests_per_second") + short(&outcome, "burst"))
    };
    let ((stay, never), (follow, always)) = (set(false), set(true));
    assert!(never == 0.0 && always > 0.99, "{never} and {always}");
    // 6,000 retries come within 2 s where 200 a second fit, and those turned away come again at once; a client gives up
    // 10 s after its first attempt, and the share of answers is taken over 10 s.
    assert!((2.0..22.0).contains(&(follow - stay)), "{stay} s, then {follow} s");
}

#[test]
fn a_region_that_is_followed_but_never_short_gives_the_years_of_one_that_is_not() {
    // Plain way: nothing is stepped through. With a limit of 1.2 times the need each second is; nothing is turned away, and
    // what hangs on the dead writer when the new one answers is no shortage.
    // The writer stays: whether there is room for its return is asked with half of the limits to spare.
    let set = ["capacity.hang=3 s", "recovery.failback.policy=none"];
    let (free, plain) = with(&set);
    let need = |resource: &str| figure(&free, &format!("required_quota_{resource}"), "max").unwrap();
    let limit = |key: &str, resource: &str| format!("capacity.{key}={}", 1.2 * need(resource));
    let limits = [limit("requests_per_second", "requests_per_second"), limit("concurrency", "concurrency")];
    let (tight, followed) = with(&[&set[..], &[&limits[0], &limits[1]]].concat());
    assert!(["requests_per_second", "burst", "concurrency"].iter().all(|r| short(&tight, r) == 0.0));
    assert!(plain.len() == followed.len() && plain.len() > 300);
    let mut differ = 0;
    for (a, b) in plain.iter().zip(&followed) {
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0);
        assert_eq!((a.replication, a.incident, &a.operation), (b.replication, b.incident, &b.operation));
        let times = a.recovery_time_seconds.zip(b.recovery_time_seconds);
        differ += usize::from(!times.is_some_and(|(a, b)| same(a, b)) || !same(a.failed_requests, b.failed_requests));
    }
    assert!(differ == 0, "{differ} of {} differ", plain.len());
}

#[test]
fn limits_that_suffice_together_keep_the_claim_and_half_of_them_do_not() {
    // Default quotas, an evening's load: which limits does it take for reads to be back within three minutes in 90 %?
    let set = |limits: &[(&str, f64)]| -> Vec<String> {
        let plain = ["populations.europe.users=20_000_000", "demand.profile=consumer_mobile", "capacity.hang=3 s"];
        let limits = limits.iter().map(|(key, limit)| format!("capacity.{key}={limit}"));
        plain.into_iter().map(String::from).chain(limits).collect()
    };
    let of = |limits: &[(&str, f64)]| {
        let set = set(limits);
        let (outcome, rows) = run(60, None, &set.iter().map(String::as_str).collect::<Vec<_>>());
        let reads: Vec<bool> = rows
            .iter()
            .filter(|r| r.operation == "dynamic_read")
            .map(|r| r.recovery_time_seconds.is_some_and(|t| t < 180.0))
            .collect();
        (outcome, reads.iter().filter(|met| **met).count() as f64 / reads.len() as f64, reads.len() as f64)
    };
    let (plain, met, n) = of(&[]);
    let joint = |resource: &str| figure(&plain, &format!("joint_quota_{resource}"), "p90").unwrap();
    let limits = |share: f64| {
        [
            ("requests_per_second", share * joint("requests_per_second")),
            ("concurrency", share * joint("concurrency")),
            ("concurrency_growth", share * joint("concurrency_growth")),
            ("database_units_at_least", share * joint("database_growth")),
        ]
    };
    // Together they are at least what each needs alone, but for functions that may come within five seconds.
    for resource in ["requests_per_second", "concurrency", "database_growth"] {
        let alone = figure(&plain, &format!("required_quota_{resource}"), "p90").unwrap();
        assert!(joint(resource) >= 0.998 * alone, "{resource}: {} and {alone}", joint(resource));
    }
    let error = 4.0 * (0.9 * 0.1 / n).sqrt();
    let ((_, granted, _), (_, half, _)) = (of(&limits(1.0)), of(&limits(0.5)));
    assert!(n > 150.0 && met < 0.5, "{met} of {n} with the default quotas");
    assert!(granted >= 0.9 - error, "{granted} with {:?}", limits(1.0));
    assert!(half < 0.9 - error, "{half} with half of it");
}
