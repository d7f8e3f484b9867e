//! Many independent replications in parallel, with results in replication order.
//!
//! Replications are grouped into fixed blocks. A block is computed by one thread and handed to the caller in block
//! order, so that floating-point sums are taken in the same order on any number of threads. What is reported is always
//! a prefix: replications `0..m`, never "whatever finished", which would favour the quick ones.

use std::any::Any;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::statistics::MeanSums;

/// How far a run of replications came, and why it ended there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationReport {
    /// Number of replications folded, counted from the start of the range: a prefix of it.
    pub completed: u64,
    /// Why it ended.
    pub stopped: Stopped,
}

/// Why a run of replications ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// Every replication was folded.
    Finished,
    /// The fold asked to stop.
    ByFold,
    /// The cancellation flag was raised.
    Cancelled,
    /// A replication panicked; it and all after it are cut.
    Panicked {
        /// The first replication that panicked.
        replication: u64,
        /// What it said.
        message: String,
    },
}

/// Runs `replications` in blocks of `block`, in parallel, and hands each block's result to `fold` in block order on the
/// calling thread. At most a few results per thread are held at a time. `threads` of `None` uses rayon's global pool.
///
/// The results must depend on the replication numbers alone; then every number of threads gives the same bytes.
///
/// # Panics
/// If `block` is zero or the threads cannot be started. A panic inside `run_block` is caught and reported.
pub fn run_blocks<B: Send>(
    replications: Range<u64>,
    block: u64,
    threads: Option<usize>,
    run_block: impl Fn(Range<u64>) -> B + Sync,
    fold: impl FnMut(Range<u64>, B) -> ControlFlow<()>,
) -> ReplicationReport {
    run_blocks_cancellable(replications, block, threads, &AtomicBool::new(false), run_block, fold)
}

/// [`run_blocks`] that also ends when `cancel` becomes true: blocks that have begun are finished and folded.
///
/// # Panics
/// As [`run_blocks`].
pub fn run_blocks_cancellable<B: Send>(
    replications: Range<u64>,
    block: u64,
    threads: Option<usize>,
    cancel: &AtomicBool,
    run_block: impl Fn(Range<u64>) -> B + Sync,
    mut fold: impl FnMut(Range<u64>, B) -> ControlFlow<()>,
) -> ReplicationReport {
    assert!(block > 0, "a block holds at least one replication");
    let pool = threads
        .map(|n| rayon::ThreadPoolBuilder::new().num_threads(n.max(1)).build().expect("the threads of the pool start"));
    let workers = pool.as_ref().map_or_else(rayon::current_num_threads, rayon::ThreadPool::current_num_threads);
    let attempt = |range: Range<u64>| catch_unwind(AssertUnwindSafe(|| run_block(range)));
    let report = |end: u64, stopped| ReplicationReport { completed: end - replications.start, stopped };

    let mut start = replications.start;
    while start < replications.end {
        let batch: Vec<Range<u64>> = (0..4 * workers as u64)
            .map(|i| start.saturating_add(i * block))
            .take_while(|first| *first < replications.end)
            .map(|first| first..first.saturating_add(block).min(replications.end))
            .collect();
        let compute = || {
            batch
                .par_iter()
                .with_max_len(1)
                .map(|range| (!cancel.load(Ordering::Relaxed)).then(|| attempt(range.clone())))
                .collect::<Vec<_>>()
        };
        let results = pool.as_ref().map_or_else(compute, |pool| pool.install(compute));
        for (range, result) in batch.into_iter().zip(results) {
            let end = range.end;
            match result {
                None => return report(range.start, Stopped::Cancelled),
                Some(Ok(value)) => {
                    if fold(range, value).is_break() {
                        return report(end, if end < replications.end { Stopped::ByFold } else { Stopped::Finished });
                    }
                }
                Some(Err(panic)) => {
                    // Which one? Again, one at a time; if none does it alone, the block does it as a whole.
                    let culprit = range.clone().find_map(|i| attempt(i..i + 1).err().map(|panic| (i, panic)));
                    let (replication, panic) = culprit.unwrap_or((range.start, panic));
                    if range.start < replication
                        && let Ok(value) = attempt(range.start..replication)
                    {
                        let _ = fold(range.start..replication, value);
                    }
                    return report(replication, Stopped::Panicked { replication, message: message(panic.as_ref()) });
                }
            }
            start = end;
        }
    }
    report(replications.end.max(replications.start), Stopped::Finished)
}

/// The mean over independent replications of the number that `replicate` returns for each, on rayon's global pool.
///
/// ```
/// use drsim_sim::{Purpose, RandomStream, mean_over};
///
/// let dice = mean_over(0..10_000, |replication| {
///     RandomStream::new(1, replication, Purpose::new("dice"), 0).below(6) as f64 + 1.0
/// });
/// let estimate = dice.estimate(0.95).expect("more than one replication");
/// assert!((estimate.value - 3.5).abs() < 0.1);
/// ```
///
/// # Panics
/// If a replication does; the message says which.
pub fn mean_over(replications: Range<u64>, replicate: impl Fn(u64) -> f64 + Sync) -> MeanSums {
    let mut sums = MeanSums::default();
    let run_block = |block: Range<u64>| {
        block.fold(MeanSums::default(), |mut sums, replication| {
            sums.add(replicate(replication));
            sums
        })
    };
    let report = run_blocks(replications, 16, None, run_block, |_, block| {
        sums.merge(&block);
        ControlFlow::Continue(())
    });
    if let Stopped::Panicked { replication, message } = report.stopped {
        panic!("replication {replication}: {message}");
    }
    sums
}

fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
