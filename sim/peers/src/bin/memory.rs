//! Peak memory of many replications: `for n in 100000 10000000; do cargo run --release --bin memory $n; done`.
//!
//! Each replication draws a few log-normal values into a sketch over 21 decades and into ratio sums. Linux only.

use std::ops::ControlFlow;

use drsim_sim::statistics::{LogSketch, RatioSums};
use drsim_sim::{Distribution, Purpose, RandomStream, run_blocks};

fn main() {
    let n: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).expect("usage: memory REPLICATIONS");
    let empty = || (LogSketch::new(1e-9, 1e12, 1e-3), RatioSums::default());
    let (mut sketch, mut sums) = empty();
    let severity = Distribution::LogNormal { mu: 7.5, sigma: 1.2 };
    run_blocks(
        0..n,
        1_000,
        Some(2),
        |block| {
            let (mut sketch, mut sums) = empty();
            for replication in block {
                let mut stream = RandomStream::new(1, replication, Purpose::new("memory"), 0);
                let cases = stream.poisson(1.0);
                let values = (0..cases).map(|_| severity.sample_fast(&mut stream)).inspect(|x| sketch.add(*x));
                let above = values.filter(|x| *x > 3_600.0).count() as u64;
                sums.add(above, cases);
            }
            (sketch, sums)
        },
        |_, (block_sketch, block_sums)| {
            sketch.merge(&block_sketch);
            sums.merge(&block_sums);
            ControlFlow::Continue(())
        },
    );
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).expect("a peak");
    println!("{n} replications, P99 {:?}, {peak}", sketch.quantile(0.99));
}
