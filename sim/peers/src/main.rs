//! The engine, hand-written floors and other Rust engines side by side: `cargo run --release`, in this folder.
//!
//! All draw from the same generator, ziggurat included. Times are CPU seconds of this process (W3: wall clock), the
//! least of several rounds in which every engine has its turn, so that a busy machine disturbs all alike. A Markdown
//! table goes to standard output.

#[path = "../../benches/engine/floors.rs"]
mod floors;
mod nexosim_peer;
mod odem_peer;
#[path = "../../benches/engine/ours.rs"]
mod ours;
mod simcore_peer;

use std::time::Instant;

use cpu_time::ProcessTime;
use drsim_sim::RandomStream;
use rand::rngs::SmallRng;

/// Holds so many events; returns the nanoseconds of each if it took the time itself.
type Hold = Box<dyn FnMut(u64) -> Option<f64>>;

struct Engine {
    name: &'static str,
    /// W1: serves so many customers in this replication, returns the mean time in system.
    single_server: Option<fn(u64, u64) -> f64>,
    /// W2: so many events pending, ready to be held.
    hold: Option<fn(u32) -> Hold>,
    /// Too slow for the full size.
    slow: bool,
}

fn engines() -> Vec<Engine> {
    vec![
        Engine {
            name: "Lindley recursion, no event list (floor)",
            single_server: Some(floors::lindley::<RandomStream>),
            hold: None,
            slow: false,
        },
        Engine {
            name: "two-event loop, u64 ns (floor)",
            single_server: Some(floors::two_event_loop::<u64, RandomStream>),
            hold: None,
            slow: false,
        },
        Engine {
            name: "two-event loop, f64 and SmallRng",
            single_server: Some(floors::two_event_loop::<f64, SmallRng>),
            hold: None,
            slow: false,
        },
        Engine {
            name: "bare 8-ary heap, u64 ns (floor)",
            single_server: None,
            hold: Some(|pending| {
                let mut hold = floors::BareHold::<u64, RandomStream>::new(pending);
                Box::new(move |holds| {
                    hold.run(holds);
                    None
                })
            }),
            slow: false,
        },
        Engine {
            name: "bare 8-ary heap, f64 and SmallRng",
            single_server: None,
            hold: Some(|pending| {
                let mut hold = floors::BareHold::<f64, SmallRng>::new(pending);
                Box::new(move |holds| {
                    hold.run(holds);
                    None
                })
            }),
            slow: false,
        },
        Engine {
            name: "**drsim-sim**",
            single_server: Some(ours::single_server),
            hold: Some(|pending| {
                let mut hold = ours::Hold::new(pending);
                Box::new(move |holds| {
                    hold.run(holds);
                    None
                })
            }),
            slow: false,
        },
        Engine {
            name: "**drsim-sim**, every event cancellable",
            single_server: None,
            hold: Some(|pending| {
                let mut hold = ours::CancellableHold::new(pending, 0);
                Box::new(move |holds| {
                    hold.run(holds);
                    None
                })
            }),
            slow: false,
        },
        Engine {
            name: "**drsim-sim**, 20% cancelled or rescheduled",
            single_server: None,
            hold: Some(|pending| {
                let mut hold = ours::CancellableHold::new(pending, 5);
                Box::new(move |holds| {
                    hold.run(holds);
                    None
                })
            }),
            slow: false,
        },
        Engine {
            name: "odem-rs 0.4.0",
            single_server: Some(odem_peer::single_server),
            hold: Some(odem_peer::hold),
            slow: true,
        },
        Engine {
            name: "simcore 0.1.0",
            single_server: Some(simcore_peer::single_server),
            hold: Some(simcore_peer::hold),
            slow: true,
        },
        Engine {
            name: "nexosim 1.0.0",
            single_server: Some(nexosim_peer::single_server),
            hold: Some(nexosim_peer::hold),
            slow: true,
        },
    ]
}

/// CPU nanoseconds per unit.
fn cpu(units: u64, work: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    work();
    start.elapsed().as_secs_f64() * 1e9 / units as f64
}

/// W3: 100 replications of 1e5 customers on so many threads, wall seconds.
fn replications(single_server: fn(u64, u64) -> f64, threads: usize, scale: u64) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
    let start = Instant::now();
    pool.install(|| {
        use rayon::prelude::*;
        (0..100_u32).into_par_iter().with_max_len(1).for_each(|replication| {
            std::hint::black_box(single_server(100_000 / scale, u64::from(replication)));
        });
    });
    start.elapsed().as_secs_f64() * scale as f64
}

/// W3 of this engine, through its own replications.
fn our_replications(threads: usize) -> f64 {
    let start = Instant::now();
    let mut sum = 0.0;
    drsim_sim::run_blocks(
        0..100,
        1,
        Some(threads),
        |block| block.map(|replication| ours::single_server(100_000, replication)).sum::<f64>(),
        |_, mean| {
            sum += mean;
            std::ops::ControlFlow::Continue(())
        },
    );
    std::hint::black_box(sum);
    start.elapsed().as_secs_f64()
}

const PENDING: [u32; 3] = [100, 10_000, 1_000_000];
const ROUNDS: usize = 15;

fn main() {
    let engines = engines();
    let mut w1 = vec![f64::INFINITY; engines.len()];
    let mut w2 = vec![[f64::INFINITY; 3]; engines.len()];
    let mut w3 = vec![[f64::INFINITY; 2]; engines.len()];
    for _ in 0..ROUNDS {
        for (i, engine) in engines.iter().enumerate() {
            let Some(single_server) = engine.single_server else { continue };
            let customers = if engine.slow { 200_000 } else { 1_000_000 };
            let mut mean = 0.0;
            w1[i] = w1[i].min(cpu(customers, || mean = single_server(customers, 0)));
            // The same queue everywhere: mean time in system 10, with a standard error of about 0.4 at 200,000.
            assert!((7.0..14.0).contains(&mean), "{}: mean time in system {mean}", engine.name);
        }
    }
    for (size, pending) in PENDING.into_iter().enumerate() {
        let mut holds: Vec<Option<Hold>> = engines.iter().map(|e| e.hold.map(|hold| hold(pending))).collect();
        let batch = 250_000;
        for hold in holds.iter_mut().flatten() {
            // Until the times pending have forgotten how they were filled in.
            hold(u64::from(pending).max(batch) * 2);
        }
        for _ in 0..ROUNDS {
            for (i, hold) in holds.iter_mut().enumerate() {
                let Some(hold) = hold else { continue };
                let mut own = None;
                let ours = cpu(batch, || own = hold(batch));
                w2[i][size] = w2[i][size].min(own.unwrap_or(ours));
            }
        }
    }
    for round in 0..ROUNDS {
        for (i, engine) in engines.iter().enumerate() {
            let Some(single_server) = engine.single_server else { continue };
            if engine.slow && round >= 4 {
                continue;
            }
            for threads in [1, 2] {
                let seconds = if engine.name.contains("drsim") {
                    our_replications(threads)
                } else {
                    replications(single_server, threads, if engine.slow { 5 } else { 1 })
                };
                w3[i][threads - 1] = w3[i][threads - 1].min(seconds);
            }
        }
    }
    let base = engines.iter().position(|e| e.name.starts_with("two-event loop, u64")).expect("the floor is there");
    let heap = engines.iter().position(|e| e.name.starts_with("bare 8-ary heap, u64")).expect("the floor is there");
    println!(
        "| Engine | W1 ns/customer (x floor) | W2 1e2 ns/hold (x floor) | 1e4 | 1e6 | W3 s, 1 thread (x floor) | 2 threads |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let cell = |value: f64, floor: f64| match (value.is_finite(), value) {
        (false, _) => String::new(),
        (_, v) if v < 1.0 => format!("{v:.3} ({:.2})", v / floor),
        (_, v) => format!("{v:.1} ({:.2})", v / floor),
    };
    for (i, engine) in engines.iter().enumerate() {
        let mut row = vec![engine.name.to_owned(), cell(w1[i], w1[base])];
        row.extend((0..3).map(|size| cell(w2[i][size], w2[heap][size])));
        row.extend((0..2).map(|threads| cell(w3[i][threads], w3[base][threads])));
        println!("| {} |", row.join(" | "));
    }
}
