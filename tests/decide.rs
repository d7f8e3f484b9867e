//! What if: settings of one scenario side by side, with the same chance.

use crate::{root, shipped, simulate};
use drsim_experiment::decide::measure::{self, Metric};
use drsim_experiment::decide::optimize::optimize;
use drsim_experiment::decide::search::Ruling;
use drsim_experiment::decide::sensitivity::sensitivity;
use drsim_experiment::decide::settings::Effort;
use drsim_experiment::decide::sobol::detail;
use drsim_experiment::decide::sweep::{Failure, Question, Sweep, sweep};
use drsim_experiment::decide::vary::Axis;
use drsim_experiment::decide::what_if::what_if;
use drsim_experiment::outcome::Figure;
use std::sync::atomic::AtomicBool;

fn effort(replications: Option<u64>, threads: usize) -> Effort {
    Effort { seed: 1, replications, precision: 0.08, confidence: 0.95, threads: Some(threads) }
}

fn swept(vary: &[&str], architecture: &str, effort: &Effort) -> Result<Sweep, Failure> {
    let question = Question {
        axes: vary.iter().map(|v| Axis::read(v).unwrap()).collect(),
        claims: vec!["rpo_files".into()],
        metrics: Vec::new(),
        architectures: vec![architecture.into()],
    };
    let path = root().join("scenarios/mobile_backend.toml");
    let source = drsim_experiment::scenario_file::load(&path, &[]).unwrap().source;
    sweep(&source, &question, effort, &AtomicBool::new(false), |_| ())
}

#[test]
fn a_sweep_finds_the_same_on_one_thread_and_two() {
    let found = |threads| {
        let sweep =
            swept(&["objects.copy_throughput=2 Mbps, 4 Mbps, 30 Mbps"], "adr_fast_10mbps", &effort(None, threads));
        format!("{:?}", sweep.unwrap().cells)
    };
    assert_eq!(found(1), found(2));
}

#[test]
fn a_point_of_a_sweep_is_the_run_with_that_value_set() {
    let vary = ["objects.size.*=1 MB, 4 MB", "objects.copy_throughput=3 Mbps, 12 Mbps"];
    let sweep = swept(&vary, "adr_fast_10mbps", &effort(Some(1000), 2)).unwrap();
    assert_eq!(sweep.cells.len(), 4);
    let set = ["objects.size.p50=4 MB", "objects.size.p95=20 MB", "objects.size.max=33.333333333333 MB"];
    let scenario = shipped(&[&set[..], &["objects.copy_throughput=12 Mbps"]].concat());
    let (outcome, _) = simulate(&scenario, 1000, 2);
    let alone = outcome.claims.iter().find(|c| c.architecture == "adr_fast_10mbps" && c.claim == "rpo_files").unwrap();
    let beside = &sweep.cell(&[1, 1], 0, 0).unwrap().found;
    assert_eq!((beside.figure.estimate, beside.figure.n, beside.verdict), (alone.found, alone.n, Some(alone.verdict)));
    assert!(alone.n > 10 && alone.found.is_some_and(|p| p > 0.0));
}

#[test]
fn a_field_that_nothing_asked_for_uses_is_named_and_one_that_does_not_exist_is_an_error() {
    let idle = swept(&["objects.copy_throughput=1 Mbps, 9 Mbps"], "adr_fast_checks", &effort(Some(250), 1)).unwrap();
    assert!(idle.warnings[0].contains("`objects.copy_throughput` changes nothing"), "{:?}", idle.warnings);
    let Err(Failure::Scenario(problems)) =
        swept(&["objects.copy_thruput=1 Mbps, 9 Mbps"], "accelerator", &effort(None, 1))
    else {
        panic!("there is no such field")
    };
    assert!(problems.to_string().contains("did you mean `copy_throughput`?"), "{problems}");
}

#[test]
fn a_metric_is_found_by_as_many_words_as_it_takes() {
    let (outcome, _) = simulate(&shipped(&[]), 500, 2);
    let find = |words: &str| Metric::read(words).unwrap().find(&outcome.metrics, "adr_fast_checks");
    let row = find("recovery_time_seconds read p50").unwrap().unwrap();
    assert_eq!((row.operation.as_str(), row.population.as_str(), row.per.as_str()), ("read", "overall", "incident"));
    assert_eq!(find("failed_requests").unwrap().unwrap().operation, "overall");
    assert!(find("recovery_time_seconds read").unwrap_err().contains("add one of"));
    assert!(find("recovery_tme_seconds p50").unwrap_err().contains("did you mean"));
    assert!(measure::claim(&shipped(&[]), "cheap").unwrap_err().contains("not estimated"));
}

#[test]
fn an_input_that_a_claim_does_not_hang_on_makes_no_difference_at_all_and_others_do() {
    // The chance that a promotion fails moves writes, never reads: with the same chance the difference is exactly 0.
    let scenario = shipped(&["claims.rto_reads.below=110 s", "claims.rto_writes.below=5 min"]);
    let claims = ["rto_reads", "rto_writes"].map(str::to_owned);
    let tornado = sensitivity(&scenario, &claims, None, &effort(Some(4000), 2), &AtomicBool::new(false), |_| ());
    let tornado = tornado.ok().unwrap();
    let found = |claim: &str| {
        let of = tornado.claims.iter().find(|of| of.asked.name == claim).unwrap();
        let bar = of.bars.iter().find(|bar| bar.input == "recovery.step_fails").unwrap();
        assert!((bar.ends.0 - 0.02).abs() < 1e-9 && (bar.ends.1 - 0.3).abs() < 1e-9, "P10 and P90 are those stated");
        (bar.difference.estimate.unwrap(), bar.difference.interval.unwrap())
    };
    let (difference, interval) = found("rto_reads");
    assert!(difference.abs() < 1e-12 && interval.1 - interval.0 < 1e-12, "{difference} {interval:?}");
    // A writer is lost in one of nine regional outages (1 of eu-west-1, 8 of us-east-1), and people need long to finish a
    // promotion that fails: of 28 points between 2 % and 30 %, at most 3.1 are writes that come too late; four standard
    // errors of 0.4 points more.
    let (difference, interval) = found("rto_writes");
    assert!(interval.1 < 0.0 && (-0.047..-0.005).contains(&difference), "{difference} {interval:?}");
}

#[test]
fn the_cheapest_setting_is_what_brute_force_finds() {
    // Claims that some settings meet and others do not, far from what is asked.
    let set = [
        "claims.rto_reads.below=\"140 s\"",
        "claims.rto_writes.below=\"20 min\"",
        "claims.rto_writes.share=\"60 %\"",
        "claims.rpo_files.share=\"5 %\"",
        "claims.rpo_rows.share=\"80 %\"",
        "claims.cheap.at_most=\"90 %\"",
    ];
    let vary = [
        "architectures.adr_fast_checks.health_check.interval=10 s, 30 s",
        "architectures.adr_fast_checks.decision=automatic, on_call",
    ];
    let axes: Vec<Axis> = vary.iter().map(|v| Axis::read(v).unwrap()).collect();
    let given: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let path = root().join("scenarios/mobile_backend.toml");
    let effort = effort(Some(8000), 2);
    let source = drsim_experiment::scenario_file::load(&path, &given).unwrap().source;
    let found = optimize(&source, (&axes, None), &effort, &AtomicBool::new(false), |_| ()).unwrap();
    assert_eq!(found.candidates.len() + found.left_out, 4);
    let best = found.best.expect("some setting meets every claim");
    let hopeless = found.candidates.iter().filter(|candidate| matches!(candidate.ruling, Ruling::Refuted { .. }));
    assert!(hopeless.clone().count() > 0 && hopeless.clone().all(|candidate| candidate.years < 8000), "{hopeless:?}");
    for (k, candidate) in found.candidates.iter().enumerate() {
        let own: Vec<&str> = set.iter().copied().chain(candidate.set.iter().map(String::as_str)).collect();
        let (outcome, _) = simulate(&shipped(&own), 4000, 2);
        let meets = |c: &drsim_experiment::outcome::ClaimResult| c.found.is_some_and(|p| p >= c.asked.unwrap_or(1.0));
        let all = outcome.claims.iter().filter(|c| c.architecture == "adr_fast_checks").all(meets);
        match candidate.ruling {
            Ruling::Accepted => assert!(k == best && all, "{candidate:?}"),
            Ruling::Refuted { .. } => assert!(!all, "{candidate:?}"),
            Ruling::Undecided { .. } => panic!("8,000 years decide: {candidate:?}"),
            Ruling::NotLookedAt => assert!(k > best),
        }
    }
}

#[test]
fn the_usual_choices_are_the_front_doors_each_with_what_applies_to_it() {
    let path = root().join("scenarios/mobile_backend.toml");
    let source = drsim_experiment::scenario_file::load(&path, &[]).unwrap().source;
    let found = optimize(&source, (&[], None), &effort(Some(250), 2), &AtomicBool::new(false), |_| ()).unwrap();
    let axis = |end: &str| found.axes.iter().position(|axis| axis.path.ends_with(end)).expect(end);
    let (door, interval, decision) = (axis(".preset"), axis(".interval"), axis(".decision"));
    let doors = ["cloudfront", "origin_group", "accelerator", "hybrid"].map(|door| format!("active_active_{door}"));
    for wanted in &doors {
        let of: Vec<_> = found.candidates.iter().filter(|c| c.choice[door].as_deref() == Some(wanted)).collect();
        assert!(!of.is_empty(), "{wanted} is no candidate");
        for candidate in of {
            // An accelerator and an origin group look after themselves; the row keeps what it says of people and files.
            let checked = ["cloudfront", "hybrid"].iter().any(|own| wanted.ends_with(own));
            assert!(checked || candidate.choice[interval].is_none(), "{candidate:?}");
            assert!(candidate.choice[decision].is_some() && candidate.cost_a_year > 0.0, "{candidate:?}");
            let set: Vec<&str> = candidate.set.iter().map(String::as_str).collect();
            assert!(set.iter().any(|set| set.contains("build_days = 40")), "{candidate:?}");
            assert!(shipped(&set).architectures.iter().any(|a| a.name == "adr_fast_checks"), "it can be set again");
        }
    }
    assert!(found.candidates.len() <= 50 && found.invalid.0 == 0, "{:?}", found.invalid);
    let dearest = found.candidates.windows(2).all(|pair| pair[0].cost_a_year <= pair[1].cost_a_year);
    assert!(dearest, "the cheapest first");
}

#[test]
fn a_quota_that_runs_short_is_among_the_usual_choices() {
    let path = root().join("scenarios/survivor.toml");
    let loaded = drsim_experiment::scenario_file::load(&path, &[]).unwrap();
    let axes = drsim_experiment::decide::choices::usual(&loaded.source, &loaded.scenario, loaded.scenario.proposed);
    let quota = axes.iter().find(|axis| axis.path == "capacity.concurrency").expect("1,000 functions are too few");
    let values = quota.numbers.clone().unwrap_or_else(|| quota.values.iter().map(|v| v.parse().unwrap()).collect());
    assert!((999.0..1001.0).contains(&values[0]) && values[1] > 10_000.0, "{values:?}");
}

#[test]
fn knowing_the_price_of_an_hour_is_worth_what_its_closed_form_says() {
    // E[net | price] = price x hours avoided + what is avoided beside - cost: the price is independent of all other inputs.
    // Log-normal with P10 60,000 and P90 540,000 EUR: E (h P - k)+ = h E[P] F(d1) - k F(d2), as an option is priced.
    let set = ["money.downtime={ value = \"180000 EUR/h\", range = [\"60000 EUR/h\", \"540000 EUR/h\"] }"];
    let (outcome, _) = simulate(&shipped(&set), 20_000, 2);
    let own = outcome.losses.iter().find(|loss| loss.architecture == "adr_fast_checks").unwrap();
    let estimate = |figure: Option<Figure>| figure.unwrap().estimate.unwrap();
    let (hours, beside, cost) = (estimate(own.hours_avoided), estimate(own.beside_avoided), estimate(own.more));
    let (mu, sigma) = (180_000_f64.ln(), 3_f64.ln() / 1.281_551_565_5);
    let (mean, strike) = ((mu + 0.5 * sigma * sigma).exp(), (cost - beside) / hours);
    let d2 = (mu - strike.ln()) / sigma;
    let below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    let truth = hours * (mean * below(d2 + sigma) - strike * below(d2)) - (hours * (mean - strike)).max(0.0);
    let money = outcome.value_of_knowing.as_ref().expect("an hour has a price");
    let price = money.inputs.iter().find(|input| input.input == "money.downtime").unwrap();
    let (low, high) = price.value.interval.unwrap();
    // 95 %: twice the half-width is four standard errors. In thousands a year, and the dearest thing not to know.
    let found = price.value.estimate.unwrap();
    assert!((found - truth).abs() < high - low, "{found} ({low} .. {high}), {truth}");
    assert!(truth > 1000.0 && found > 1000.0 && money.inputs[0].input == "money.downtime", "{truth}: {money:?}");
    assert!(money.pays_in > 0.1 && money.pays_in < 0.9, "{}", money.pays_in);
    // At the price of the scenario as shipped it pays nowhere: nothing is worth knowing.
    let (outcome, _) = simulate(&shipped(&[]), 4000, 2);
    let money = outcome.value_of_knowing.unwrap();
    assert!(money.pays_in == 0.0 && money.inputs.iter().all(|input| input.value.estimate == Some(0.0)), "{money:?}");
}

#[test]
fn the_further_runs_of_a_report_are_the_same_on_one_thread_and_two_and_as_long_as_it_asks() {
    let path = root().join("scenarios/mobile_backend.toml");
    let set = [
        "report.years=300",
        "report.map.x=\"objects.size.*=1 MB, 20 MB\"",
        "report.map.y=\"objects.copy_throughput=5 Mbps, 50 Mbps\"",
    ];
    let loaded = drsim_experiment::scenario_file::load(&path, &set.map(str::to_owned)).unwrap();
    let found = |threads| what_if(&loaded, &effort(Some(500), threads), &AtomicBool::new(false), |_| ()).unwrap();
    let (one, two) = (found(1), found(2));
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    let (sensitivity, map) = (one.sensitivity.unwrap(), one.map.unwrap());
    assert_eq!((sensitivity.years, sensitivity.claims.len()), (300, 4));
    assert!(map.cells.len() == 4 && map.cells.iter().all(|cell| cell.found.years == 300));
    assert_eq!(map.asked[0].share, Some(0.95), "the map's own share");
    assert!(map.command.contains("--set 'claims.rpo_files.share=\"95 %\"'"), "{}", map.command);
    let cell = |at: [usize; 2]| map.cell(&at, 0, 0).unwrap().found.figure.estimate;
    assert!(cell([0, 1]) > cell([1, 0]), "small files on a fast link");
    // A wrong map is told with its place.
    let wrong = [
        ("report.map.claim=cheap", "a claim that is simulated"),
        ("report.map.architecture=nobody", "an architecture"),
    ];
    for (set, words) in wrong {
        let told = drsim_experiment::scenario_file::load(&path, &[set.to_owned()]).unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn sobol_indices_are_the_same_on_one_thread_and_two_and_name_what_decides() {
    let scenario = shipped(&[]);
    let found = |threads| {
        let effort = effort(Some(250), threads);
        detail(&scenario, "rto_writes", Some("adr_default_checks"), 8, &effort, &AtomicBool::new(false), |_| ())
    };
    let (one, two) = (found(1).unwrap(), found(2).unwrap());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    assert!(one.inputs.is_empty() || one.inputs.len() == scenario.unknowns.len());
    assert!(one.money.is_none(), "16 worlds are too few to say what knowing an input is worth");
}

#[test]
fn a_check_against_an_earlier_run_puts_a_change_down_to_the_one_field_that_changed() {
    let dir = crate::scratch("against");
    let (out, file) = (dir.to_str().unwrap(), "scenarios/mobile_backend.toml");
    crate::cli::drsim(&["run", file, "-n", "500", "--quiet", "--no-what-if", "--out", out]);
    let results = dir.join("results.json");
    let check = |set: &[&str]| {
        let against = results.to_str().unwrap();
        let args = [&["check", file, "-n", "500", "--quiet", "--against", against][..], set].concat();
        let output = crate::cli::drsim(&args);
        assert_eq!(output.status.code(), Some(99), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(check(&[]).contains("nothing changed in the scenario; 0 metrics beyond their intervals, 0 within"));
    let one = check(&["--set", "detection.ttl=\"300 s\""]);
    assert!(one.contains("only `detection.ttl` changed: what changed below is because of it"), "{one}");
    let two = check(&["--set", "detection.ttl=\"300 s\"", "--set", "database.lag.p50=\"1 s\""]);
    assert!(two.contains("fields changed: nothing is put down to one of them"), "{two}");
    std::fs::remove_dir_all(dir).unwrap();
}
