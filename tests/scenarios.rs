//! Every shipped scenario states its question in its first line, loads, and runs.

use crate::{root, simulate};
use drsim_experiment::outcome::Verdict;
use drsim_experiment::scenario_file::load;

#[test]
fn every_shipped_scenario_asks_a_question_and_runs() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.contains('?'), "{}: {first}", path.display());
        let scenario = load(&path, &[]).unwrap_or_else(|p| panic!("{p}")).scenario;
        // What happens three times a year needs few years; what happened eight times in sixteen needs more.
        let mut sizes = [20, 400].into_iter();
        let enough = sizes.find_map(|years| {
            let (outcome, rows) = simulate(&scenario, years, 2);
            assert_eq!(outcome.manifest.replications, years);
            (rows.len() > 20).then_some(())
        });
        assert!(enough.is_some(), "{}: 400 years with hardly an incident", path.display());
        seen += 1;
    }
    assert!(seen > 0);
}

/// The record's question, at a size that decides it: these are the sentences of the README.
#[test]
fn the_record_keeps_its_rows_and_nothing_else() {
    let scenario = crate::shipped(&[]);
    let (outcome, _) = simulate(&scenario, 16_000, 2);
    let verdict = |architecture: &str, claim: &str| {
        let found = outcome.claims.iter().find(|c| c.architecture == architecture && c.claim == claim);
        found.unwrap_or_else(|| panic!("{architecture} {claim}")).verdict
    };
    assert_eq!(verdict("adr_fast_checks", "rto_reads"), Verdict::Fails);
    assert_eq!(verdict("adr_fast_checks", "rto_writes"), Verdict::Fails);
    assert_eq!(verdict("adr_fast_checks", "rpo_files"), Verdict::Fails);
    assert_eq!(verdict("adr_fast_checks", "rpo_rows"), Verdict::Holds);
    assert_eq!(verdict("adr_fast_checks", "cheap"), Verdict::Fails);
    // The record's own arithmetic, files on a link of 10 Mbps, forgets that a region which was down is owed copies: an
    // outage of the other soon after finds hours of files. Otherwise it holds at this volume.
    let link = outcome.claims.iter().find(|c| c.architecture == "adr_fast_10mbps" && c.claim == "rpo_files").unwrap();
    assert_eq!(link.verdict, Verdict::Fails);
    assert!(link.found.is_some_and(|found| (0.99..1.0).contains(&found)), "{:?}", link.found);
    let worse: Vec<&str> =
        outcome.designs.iter().filter(|d| d.worse_than_baseline).map(|d| d.architecture.as_str()).collect();
    assert_eq!(worse, ["adr_as_written"]);
}
