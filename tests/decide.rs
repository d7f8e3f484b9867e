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
    let found = |claim| {
        let tornado = sensitivity(&scenario, claim, None, &effort(Some(4000), 2), &AtomicBool::new(false), |_| ());
        let tornado = tornado.ok().unwrap();
        let bar = tornado.bars.iter().find(|bar| bar.input == "recovery.step_fails").unwrap();
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
fn sobol_indices_are_the_same_on_one_thread_and_two_and_name_what_decides() {
    let scenario = shipped(&[]);
    let found = |threads| {
        let effort = effort(Some(400), threads);
        detail(&scenario, "rto_writes", Some("adr_default_checks"), 12, &effort, &AtomicBool::new(false), |_| ())
    };
    let (one, two) = (found(1).unwrap(), found(2).unwrap());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    assert!(one.inputs.is_empty() || one.inputs.len() == scenario.unknowns.len());
}

#[test]
fn a_check_against_an_earlier_run_puts_a_change_down_to_the_one_field_that_changed() {
    let dir = crate::scratch("against");
    let (out, file) = (dir.to_str().unwrap(), "scenarios/mobile_backend.toml");
    crate::cli::drsim(&["run", file, "-n", "1000", "--quiet", "--out", out]);
    let results = dir.join("results.json");
    let check = |set: &[&str]| {
        let against = results.to_str().unwrap();
        let args = [&["check", file, "-n", "1000", "--quiet", "--against", against][..], set].concat();
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
