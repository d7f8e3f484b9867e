//! What each technique for comparisons and rare events saves: variance times CPU time, beside that of plain sampling.
//!
//! `cargo bench -p drsim-sim --bench gains`. One thread; a technique takes turns with plain sampling, the least of five
//! rounds counts. The variance of plain sampling of a rare event is p (1 - p) with the exact p: nobody could wait for it.

// A benchmark needs a clock of the world outside.
#![allow(clippy::print_stdout, clippy::disallowed_types)]

use std::hint::black_box;
use std::time::Instant;

use drsim_sim::statistics::{MeanSums, PoissonStrata, WeightedSums};
use drsim_sim::{Distribution, Purpose, RandomStream};

const REPLICATIONS: u64 = 100_000;

/// Seconds per replication: the least of five rounds of `run`, and what the last one returned.
fn timed<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut round = || {
        let start = Instant::now();
        let result = black_box(run());
        (start.elapsed().as_secs_f64() / REPLICATIONS as f64, result)
    };
    (0..4).fold(round(), |best, _| {
        let (seconds, result) = round();
        (seconds.min(best.0), result)
    })
}

fn row(name: &str, plain: (f64, f64), technique: (f64, f64)) {
    let (variance, time) = (plain.1 / technique.1, plain.0 / technique.0);
    println!("| {name} | {} | {:.2} | {} |", rounded(variance), 1.0 / time, rounded(variance * time));
}

fn rounded(x: f64) -> String {
    let digits = (2 - x.abs().log10().floor() as i32).clamp(0, 2) as usize;
    format!("{x:.digits$}")
}

fn stream(replication: u64, name: &'static str) -> RandomStream {
    RandomStream::new(1, replication, Purpose::new(name), 0)
}

/// Mean time in system of 100 customers of a single server, by Lindley's recursion; draws by inversion.
fn mean_time(replication: u64, mean_service: f64, design: &'static str) -> f64 {
    let mut draws = stream(replication, design);
    let (mut waits, mut total) = (0.0_f64, 0.0);
    for _ in 0..100 {
        let service = mean_service * draws.exponential();
        total += waits + service;
        waits = (waits + service - draws.exponential()).max(0.0);
    }
    total / 100.0
}

/// Difference of two designs of a queue, from common random numbers or from separate ones.
fn pairing() {
    let difference = |second: &'static str| {
        let (seconds, sums) = timed(|| {
            (0..REPLICATIONS).fold(MeanSums::default(), |mut sums, i| {
                sums.add(mean_time(i, 0.8, "first") - mean_time(i, 0.76, second));
                sums
            })
        });
        (seconds, sums.variance().expect("many replications"))
    };
    row("common random numbers: a server 5% faster, mean time in system", difference("second"), difference("first"));
}

fn severities(count: u64, stream: &mut RandomStream) -> f64 {
    (0..count).map(|_| stream.exponential()).sum()
}

/// P(yearly loss > 4): on average 0.05 events a year, each with a loss that is Exp(1).
fn strata() {
    let (mean, bound) = (0.05, 4.0);
    let strata = PoissonStrata::new(mean, 3);
    let exceeds = |count: u64, draws: &mut RandomStream| u64::from(severities(count, draws) > bound);
    // P(a sum of n exponentials > 4), for each stratum; the last is close to three.
    let tail = |n: f64| Distribution::Gamma { shape: n, scale: 1.0 }.survival(bound);
    let shares = [0.0, tail(1.0), tail(2.0), tail(3.0)];
    let exact: f64 = strata.weights().iter().zip(shares).map(|(w, p)| w * p).sum();
    let (seconds_plain, _) = timed(|| {
        (0..REPLICATIONS)
            .map(|i| {
                let mut draws = stream(i, "loss");
                let count = draws.poisson(mean);
                exceeds(count, &mut draws)
            })
            .sum::<u64>()
    });
    let deviations = shares.map(|p| (p * (1.0 - p)).sqrt());
    let plan = strata.allocate(REPLICATIONS, &deviations, 100);
    let (seconds, _) = timed(|| {
        let mut hits = 0;
        for (stratum, trials) in plan.iter().enumerate() {
            for i in 0..*trials {
                let mut draws = stream(i, "loss in a stratum");
                let count = strata.count(stratum, &mut draws);
                hits += exceeds(count, &mut draws);
            }
        }
        hits
    });
    let variance: f64 = (1..4).map(|s| (strata.weights()[s] * deviations[s]).powi(2) / plan[s] as f64).sum();
    row(
        &format!("strata of a Poisson count: p = {exact:.1e}"),
        (seconds_plain, exact * (1.0 - exact)),
        (seconds, variance * REPLICATIONS as f64),
    );
}

/// Tail of a sum of ten exponentials, drawn from exponentials whose mean makes the bound typical.
fn tilting(bound: f64) {
    let exact = Distribution::Gamma { shape: 10.0, scale: 1.0 }.survival(bound);
    let (seconds_plain, _) =
        timed(|| (0..REPLICATIONS).filter(|i| severities(10, &mut stream(*i, "sum")) > bound).count());
    let tilted = bound / 10.0;
    let (seconds, sums) = timed(|| {
        (0..REPLICATIONS).fold(WeightedSums::default(), |mut sums, i| {
            let sum = tilted * severities(10, &mut stream(i, "sum"));
            sums.add(f64::from(u8::from(sum > bound)), (sum * (1.0 / tilted - 1.0)).exp() * tilted.powi(10));
            sums
        })
    });
    let name = format!(
        "importance sampling: p = {exact:.1e} (effective size {:.1}%, largest share {:.2}%)",
        100.0 * sums.effective_sample_size() / REPLICATIONS as f64,
        100.0 * sums.largest_share(),
    );
    row(&name, (seconds_plain, exact * (1.0 - exact)), (seconds, sums.variance()));
}

fn main() {
    println!(
        "| Technique | Variance, plain / technique | CPU time, technique / plain | Gain |\n| --- | --- | --- | --- |"
    );
    pairing();
    strata();
    [22.6, 28.7, 36.6].into_iter().for_each(tilting);
}
