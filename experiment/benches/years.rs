//! How long simulated years of the shipped scenario take: all architectures, one thread and two.
//!
//!     cargo bench -p drsim-experiment
//!
//! Prints how many incidents, events and random draws lie behind it, so that rates follow from one run.

#![allow(clippy::print_stdout, reason = "a benchmark reports")]

use divan::Bencher;
use drsim_experiment::run::{Finished, Options, run};
use drsim_experiment::scenario::Scenario;
use drsim_experiment::scenario_file::load;
use drsim_sim::random_stream::{Purpose, RandomStream};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

fn shipped() -> Scenario {
    named("mobile_backend")
}

fn named(name: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../scenarios/{name}.toml"));
    load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

fn simulate(scenario: &Scenario, years: u64, threads: usize) -> Finished {
    let options = Options {
        seed: 1,
        replications: Some(years),
        precision: None,
        confidence: 0.95,
        threads: Some(threads),
        command: String::new(),
    };
    run(scenario, &options, &AtomicBool::new(false), |_| (), None).expect("nothing is written")
}

fn main() {
    ["mobile_backend", "bench"].into_iter().for_each(account);
    divan::main();
}

/// Rates of one run, and what its random numbers alone would cost.
fn account(name: &str) {
    let scenario = named(name);
    let before = drsim_sim::random_stream::draws();
    let start = Instant::now();
    let finished = simulate(&scenario, 10_000, 2);
    let seconds = start.elapsed().as_secs_f64();
    let [draws, opened] = drsim_sim::random_stream::draws();
    let (draws, opened) = (draws - before[0], opened - before[1]);
    let line = |what: &str, n: u64| println!("{what:<10} {n:>12}   {:>12.0} per second", n as f64 / seconds);
    println!("{name}: 10,000 years x {} architectures on 2 threads: {seconds:.2} s", scenario.architectures.len());
    line("incidents", finished.incidents);
    line("events", finished.events);
    if draws > 0 {
        line("draws", draws);
        line("streams", opened);
        let start = Instant::now();
        let opening: u64 = (0..opened).map(|i| RandomStream::new(1, i, Purpose::new("bench"), i).next_u64() & 1).sum();
        let opens = start.elapsed().as_secs_f64();
        let mut stream = RandomStream::new(1, 0, Purpose::new("bench"), 0);
        let start = Instant::now();
        let sum: f64 = (0..draws).map(|_| stream.exponential()).sum();
        let cost = start.elapsed().as_secs_f64();
        println!(
            "as many streams opened: {opens:.2} s; as many exponential draws by inversion: {cost:.2} s ({:.3}, {:.3})",
            opening as f64 / opened as f64,
            sum / draws as f64
        );
    }
}

#[divan::bench(args = [1, 2], sample_count = 5, sample_size = 1)]
fn ten_thousand_years(bencher: Bencher<'_, '_>, threads: usize) {
    let scenario = shipped();
    bencher.bench_local(|| simulate(&scenario, 10_000, threads));
}

/// What a quiet year costs: no region ever fails.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_hundred_thousand_quiet_years(bencher: Bencher<'_, '_>) {
    let mut scenario = shipped();
    for count in scenario.outages.iter_mut().flat_map(|cause| &mut cause.counts) {
        (count.events, count.posterior) = (0.0, false);
    }
    bencher.bench_local(|| simulate(&scenario, 100_000, 1));
}

/// Drawing the worlds: done once per run.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_hundred_worlds(bencher: Bencher<'_, '_>) {
    let scenario = shipped();
    bencher.bench_local(|| drsim_experiment::assemble::Worlds::draw(&scenario, 1, 100));
}
