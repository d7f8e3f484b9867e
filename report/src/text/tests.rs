//! The page has the lines and columns it may have, and says what it must.

use super::*;
use crate::sample;
use drsim_experiment::outcome::{CapacityResult, Figure};
use proptest::prelude::*;

fn assert_fits(name: &str, text: &str, width: usize) {
    let lines = text.lines().count();
    assert!(lines <= LINES_MAX, "{name}: {lines} lines\n{text}");
    for line in text.lines() {
        assert!(line.width() <= width, "{name}: {} columns: {line}", line.width());
        assert!(!line.contains("NaN") && !line.contains("inf ") && !line.contains('\x1b'), "{name}: {line}");
    }
}

#[test]
fn every_case_fits_forty_lines_and_its_width() {
    for (name, outcome) in sample::cases() {
        for width in [100, 80] {
            assert_fits(name, &render(&outcome, Lang::En, width, false), width);
        }
        let coloured = render(&outcome, Lang::En, 100, true);
        let plain =
            ["32", "33", "1;31", "0"].iter().fold(coloured, |text, code| text.replace(&format!("\x1b[{code}m"), ""));
        assert_eq!(plain, render(&outcome, Lang::En, 100, false), "colour adds nothing but colour");
        assert!(!render_markdown(&outcome, Lang::En).contains("NaN"));
        assert!(!render_table(&outcome, Lang::En, 100, false).contains("NaN"));
    }
}

/// `DRSIM_BLESS=1 cargo test -p drsim-report` writes it anew: read the difference before committing it.
#[test]
fn the_page_reads_as_before() {
    let page =
        render(&sample::outcome(), Lang::En, 100, false) + "\n" + &render(&sample::outcome(), Lang::En, 80, false);
    if std::env::var_os("DRSIM_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/sample_page.txt"), &page)
            .expect("the source is writable");
        return;
    }
    assert_eq!(page, include_str!("sample_page.txt"));
}

#[test]
fn a_design_worse_than_none_is_called_so_right_after_the_claims() {
    let page = render(&sample::outcome(), Lang::En, 100, false).replace("\n        ", " ");
    let says = "Worse than no second region: adr_as_written (no health check): down 176 minutes a year against 61 under single_region; united_states meets \
                0.26 outages a year against 0.032.";
    assert!(page.contains(says), "{page}");
    assert!(render(&sample::outcome(), Lang::En, 100, true).contains("\x1b[1;31mWorse\x1b[0m"));
    let mut outcome = sample::outcome();
    outcome.designs.iter_mut().for_each(|d| d.worse_than_baseline = false);
    assert!(!render(&outcome, Lang::En, 100, false).contains("orse than"));
    outcome.designs[4].worse_than_baseline = true;
    assert!(render(&outcome, Lang::En, 100, false).contains("adr_fast_checks (proposed)"));
}

#[test]
fn percentiles_the_sample_cannot_bear_have_no_digits() {
    let mut outcome = sample::outcome();
    outcome.designs[4].reads_back.1.interval = None;
    let page = render(&outcome, Lang::En, 100, false);
    let row = page.lines().find(|line| line.starts_with("* adr_fast_checks")).expect("the proposed design has a row");
    assert!(row.contains("102 s       -"), "{row}");
    assert!(page.replace("\n  ", " ").contains("-: too few cases to say"));
}

#[test]
fn a_command_is_never_cut_and_can_be_copied() {
    let outcome = sample::long_names();
    let page = render(&outcome, Lang::En, 80, false);
    let again = page.split("Again: ").nth(1).expect("the page ends with the command");
    let copied = again.replace("\\\n", "");
    let words: Vec<&str> = copied.split_whitespace().collect();
    assert_eq!(words, outcome.manifest.command.split_whitespace().collect::<Vec<_>>(), "{page}");
}

#[test]
fn why_it_stopped_is_said_even_below_a_long_title() {
    let mut outcome = sample::long_names();
    outcome.stopped_because = "interrupted".into();
    for width in [100, 80] {
        assert!(render(&outcome, Lang::En, width, false).lines().next().is_some_and(|l| l.contains("(interrupted)")));
    }
}

#[test]
fn a_scenario_without_claims_says_so() {
    let page = render(&sample::no_claims(), Lang::En, 100, false);
    assert!(page.contains("the scenario makes no claims") && !page.contains("CLAIMS"), "{page}");
    assert!(render_table(&sample::no_claims(), Lang::En, 100, false).starts_with("the scenario makes no claims"));
}

#[test]
fn a_wide_percentile_is_a_range_and_not_refuted_is_not_kept() {
    let mut outcome = sample::outcome();
    outcome.designs[4].reads_back.1.interval = Some((110.7, 10_334.0));
    outcome.designs[4].claims_kept = Some((1, 1, 4));
    outcome.claims.iter_mut().filter(|c| c.claim == "rpo_files").for_each(|c| c.verdict = Verdict::NoCounterexample);
    let page = render(&outcome, Lang::En, 100, false);
    assert!(page.contains("111 s..2.9 h") && page.contains("1+1?/4"), "{page}");
    assert!(page.contains("keeps 1 of its 4 claims: rpo_rows; 1 not refuted: rpo_files."), "{page}");
    assert!(!page.contains("keeps more"), "{page}");
}

#[test]
fn what_decides_a_claim_is_never_cut() {
    let mut outcome = sample::outcome();
    let decides = "detection and then the DNS answers cached at the edge of it all";
    outcome.claims.iter_mut().filter(|c| c.claim == "rto_reads").for_each(|c| c.decided_by = decides.into());
    let page = render(&outcome, Lang::En, 100, false);
    assert!(page.contains(decides), "{page}");
}

#[test]
fn a_need_that_a_larger_rate_would_meet_has_no_empty_line_of_capacity() {
    let mut outcome = sample::outcome();
    outcome.capacity.push(CapacityResult {
        architecture: "adr_fast_checks".into(),
        resource: "concurrency_growth".into(),
        limit: 100.0,
        required: (Figure { estimate: Some(99.0), ..Figure::default() }, Figure::default()),
        first_short: Figure::default(),
    });
    assert!(!render(&outcome, Lang::En, 100, false).contains("CAPACITY"));
}

#[test]
fn the_page_in_spanish_loses_no_column_and_keeps_its_lines() {
    let english = render(&sample::with_money(), Lang::En, 100, false);
    let spanish = render(&sample::with_money(), Lang::Es, 100, false);
    assert!(spanish.lines().count() <= LINES_MAX);
    assert!(spanish.lines().all(|line| line.width() <= 100), "{spanish}");
    for (own, other) in [("claims", "comp."), ("bill", "nube"), ("people", "pers."), ("loss", "pérd.")] {
        assert_eq!(english.contains(own), spanish.contains(other), "{own}: {spanish}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_number_widens_the_page(numbers in proptest::collection::vec(proptest::num::f64::ANY, 8), words in "\\PC{0,60}") {
        let mut outcome = sample::outcome();
        let figure = |i: usize| Figure { estimate: Some(numbers[i]), interval: Some((numbers[i + 1], numbers[i + 2])), range: None, n: 9 };
        for (i, design) in outcome.designs.iter_mut().enumerate() {
            design.reads_back = (figure(i % 6), figure((i + 1) % 6));
            design.downtime_minutes_per_year = figure(i % 5);
            design.oldest_file_p95 = Some(figure(i % 4));
            design.outages_met[0].per_year = figure(i % 3);
            design.remark.clone_from(&words);
        }
        for claim in &mut outcome.claims {
            (claim.found, claim.interval, claim.range) = (Some(numbers[0]), Some((numbers[1], numbers[2])), Some((numbers[3], numbers[4])));
            claim.decided_by.clone_from(&words);
        }
        for bar in &mut outcome.figures.waterfall {
            (bar.mean_seconds, bar.database_share, bar.parts[0].1) = (numbers[5], numbers[6], numbers[7]);
        }
        outcome.manifest.title.clone_from(&words);
        for width in [100, 80] {
            let page = render(&outcome, Lang::En, width, false);
            prop_assert!(page.lines().count() <= LINES_MAX);
            for line in page.lines() {
                prop_assert!(line.width() <= width, "{} columns: {line}", line.width());
            }
        }
    }
}
