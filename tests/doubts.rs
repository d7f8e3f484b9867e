//! What nobody vouches for: which inputs are tried, and which of them are named.

use crate::cost::{PLAIN, poisson, read};
use crate::{named, shipped, simulate};
use drsim_experiment::doubts::{Doubt, Doubts, look};
use drsim_experiment::scenario::{Basis, Scenario};
use std::sync::atomic::AtomicBool;

fn doubts(scenario: &Scenario, years: u64) -> Doubts {
    let mut outcome = simulate(scenario, years, 2).0;
    assert!(outcome.doubts.is_none(), "only whoever asks pays for it");
    look(&mut outcome, Some(2), &AtomicBool::new(false), |_| ()).unwrap();
    outcome.doubts.unwrap()
}

#[test]
fn an_interrupt_leaves_no_doubts_rather_than_a_part_of_them() {
    let mut outcome = simulate(&shipped(&[]), 100, 2).0;
    let cancel = AtomicBool::new(false);
    let raise = |_| cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    look(&mut outcome, Some(1), &cancel, raise).unwrap();
    assert!(outcome.doubts.is_none());
}

fn find<'d>(doubts: &'d Doubts, path: &str) -> Option<&'d Doubt> {
    doubts.named.iter().find(|doubt| doubt.path == path)
}

#[test]
fn a_price_of_an_hour_that_nobody_vouches_for_moves_the_loss_as_a_straight_line() {
    let money =
        "downtime = { value = \"1000 USD/h\", range = [\"400 USD/h\", \"3000 USD/h\"], basis = \"unverified\" }";
    let scenario = read(&poisson("").replace("downtime = \"1000 USD/h\"", money));
    let found = doubts(&scenario, 500);
    let doubt = find(&found, "money.downtime").expect("it moves the expected loss");
    let loss = doubt.moves.iter().find(|m| m.headline == "loss").unwrap();
    let [base, low, high] = [loss.base, loss.low, loss.high].map(|figure| figure.estimate.unwrap());
    // The same years, the same hours down: exactly the ratio of the prices.
    assert!((low / base - 0.4).abs() < 1e-12 && (high / base - 3.0).abs() < 1e-12, "{low} {base} {high}");
    assert_eq!(found.years, 500, "no more than were simulated");
    // Whoever vouches for it is asked about it no more.
    let vouched = read(&poisson("").replace("downtime = \"1000 USD/h\"", &money.replace("unverified", "measured")));
    assert!(find(&doubts(&vouched, 500), "money.downtime").is_none());
}

/// Halving a mean duration D halves the hours down, to within what an average hour of a flat profile leaves: exactly.
#[test]
fn an_input_without_a_range_is_halved_and_doubled_on_the_same_chance() {
    let text = poisson("")
        .replace("value = \"4 h\", max = \"5 h\" }", "value = \"4 h\", max = \"9 h\", basis = \"unverified\" }");
    let found = doubts(&read(&text), 2000);
    let doubt = find(&found, "outages.region.duration").expect("a distribution is tried as a whole");
    let loss = doubt.moves.iter().find(|m| m.headline == "loss").unwrap();
    let [base, low, high] = [loss.base, loss.low, loss.high].map(|figure| figure.estimate.unwrap());
    // Outages that overlap take away 1e-4 of the hours at 4 h, twice that at 8 h, and so do those over the year's end.
    assert!((low / base - 0.5).abs() < 2e-3 && (high / base - 2.0).abs() < 4e-3, "{low} {base} {high}");
    let (from, to) = loss.high.interval.unwrap();
    // Two designs with half an outage a year each: 1,000 incidents after 1,000 years. The paired difference is the loss
    // itself, of 500 outages: half its interval is 1.96 / sqrt(500) of it, to within 5 % (200 batches: 1 / sqrt(400)).
    assert_eq!(found.years, 1000);
    assert!(((to - from) / 2.0 / base - 0.0877).abs() < 3.0 * 0.05 * 0.0877, "{from} {to}");
}

#[test]
fn a_stale_price_that_turns_a_claim_is_named_first() {
    let found = doubts(&shipped(&["claims.cheap.at_most=55 %"]), 200);
    let first = &found.named[0];
    assert_eq!(first.path, "aurora.capacity.us-east-1", "{:?}", found.named);
    assert!(first.is_price && first.is_stale && first.basis == Basis::Documented);
    let turned = first.moves.iter().find(|m| m.turns).unwrap();
    // 52.5 % of the baseline's bill; the line is 1,401.60 of 3,553.95 a month, with 10 % support on it: a quarter more
    // of it is 385.44, 10.85 % of the baseline's bill.
    assert_eq!(turned.headline, "cheap");
    assert!((turned.high.estimate.unwrap() - turned.base.estimate.unwrap() - 0.10845).abs() < 1e-4);
    // With a bound that neither end crosses, only the headline moves.
    let plain = doubts(&shipped(&["claims.cheap.at_most=90 %"]), 200);
    assert!(find(&plain, "aurora.capacity.us-east-1").unwrap().moves.iter().all(|m| !m.turns));
}

#[test]
fn every_doubtful_input_is_counted_and_what_moves_nothing_is_said() {
    let scenario = shipped(&[]);
    let found = doubts(&scenario, 100);
    let unverified = scenario.provenance.iter().filter(|row| row.provenance.basis == Basis::Unverified).count();
    let counted = found.by_basis.iter().find(|of| of.basis == Basis::Unverified).unwrap();
    assert_eq!(counted.all.inputs, unverified);
    assert_eq!(found.by_basis.iter().map(|of| of.all.inputs).sum::<usize>(), scenario.provenance.len());
    assert_eq!(found.doubtful.inputs, unverified, "no input of it bears an old date");
    assert!(found.not_tried.iter().any(|path| path == "money.discount_rate"));
    let old = PLAIN
        .replace("size = \"100 GiB\"", "size = { value = \"100 GiB\", basis = \"measured\", as_of = \"2019-03\" }");
    let old = doubts(&read(&old), 10);
    assert_eq!(old.by_basis.iter().find(|of| of.basis == Basis::Measured).unwrap().stale.inputs, 1);
}

/// Whatever is doubted, a trial is a world like any other.
#[test]
fn any_input_can_be_tried() {
    // All causes switched on: the most inputs.
    let mut scenario = named("first_hour", &[]);
    scenario.provenance.iter_mut().for_each(|row| row.provenance.basis = Basis::Unverified);
    let found = doubts(&scenario, 2);
    assert_eq!(found.doubtful.inputs, scenario.provenance.len());
    for figure in found.named.iter().flat_map(|d| &d.moves).flat_map(|m| [&m.base, &m.low, &m.high]) {
        assert!(figure.estimate.is_none_or(f64::is_finite));
    }
}
