//! Many replications: the same bytes on any number of threads, prefixes only, and what stops them.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use drsim_sim::statistics::MeanSums;
use drsim_sim::{Purpose, RandomStream, Stopped, mean_over, run_blocks, run_blocks_cancellable};

fn mean_of_draws(n: u64, threads: usize) -> (MeanSums, Stopped) {
    let mut sums = MeanSums::default();
    let report = run_blocks(
        0..n,
        16,
        Some(threads),
        |block| {
            let mut sums = MeanSums::default();
            for replication in block {
                assert!(replication != 777, "replication 777 always fails");
                sums.add(RandomStream::new(7, replication, Purpose::new("draw"), 0).exponential());
            }
            sums
        },
        |_, block| {
            sums.merge(&block);
            ControlFlow::Continue(())
        },
    );
    assert_eq!(report.completed, sums.count());
    (sums, report.stopped)
}

#[test]
fn two_threads_give_the_same_bytes_as_one() {
    assert_eq!(mean_of_draws(700, 1), mean_of_draws(700, 2));
}

#[test]
fn a_panic_cuts_everything_from_its_replication_on() {
    let (sums, stopped) = mean_of_draws(10_000, 2);
    assert_eq!(stopped, Stopped::Panicked { replication: 777, message: "replication 777 always fails".to_owned() });
    assert_eq!(sums, mean_of_draws(777, 1).0);
}

#[test]
fn the_fold_sees_blocks_in_order_and_may_stop() {
    let mut seen = Vec::new();
    let report = run_blocks(
        5..1_000,
        10,
        Some(2),
        // Later blocks are quicker.
        |block| (0..100_000 / block.start).map(|i| i as f64).sum::<f64>(),
        |block, _| {
            seen.push(block.start);
            if block.end >= 300 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    assert_eq!(seen, (0..30).map(|i| 5 + 10 * i).collect::<Vec<_>>());
    assert_eq!((report.completed, report.stopped), (300, Stopped::ByFold));
}

#[test]
fn no_more_than_four_results_per_thread_are_held() {
    let (made, most) = (AtomicU64::new(0), AtomicU64::new(0));
    let mut folded = 0;
    run_blocks(
        0..500,
        1,
        Some(2),
        |_| made.fetch_add(1, Ordering::SeqCst),
        |_, _| {
            most.fetch_max(made.load(Ordering::SeqCst) - folded, Ordering::SeqCst);
            folded += 1;
            ControlFlow::Continue(())
        },
    );
    assert!(most.load(Ordering::SeqCst) <= 8, "{most:?}");
}

#[test]
fn a_raised_flag_leaves_a_prefix() {
    let cancel = AtomicBool::new(false);
    let mut folded = 0;
    let report = run_blocks_cancellable(
        0..10_000,
        7,
        Some(2),
        &cancel,
        |block| {
            if block.contains(&500) {
                cancel.store(true, Ordering::SeqCst);
            }
            block.end - block.start
        },
        |_, n| {
            folded += n;
            ControlFlow::Continue(())
        },
    );
    assert_eq!((report.completed, report.stopped), (folded, Stopped::Cancelled));
    assert!(folded < 10_000);
}

#[test]
fn a_run_within_a_run_does_not_wait_for_itself() {
    let nested = mean_over(0..100, |outer| mean_over(0..100, |inner| (outer * inner) as f64).sum());
    assert!((nested.sum() - 4_950.0 * 4_950.0).abs() < 1e-6);
}

#[test]
fn an_empty_range_is_finished_at_once() {
    let report = run_blocks(3..3, 10, Some(1), |_| (), |_, ()| ControlFlow::Continue(()));
    assert_eq!((report.completed, report.stopped), (0, Stopped::Finished));
}
