//! Many independent replications in parallel, with results in replication order.
//!
//! Replications are grouped into fixed blocks. A block is computed by one thread and handed to the caller in block
//! order, so that floating-point sums are taken in the same order on any number of threads. What is reported is always
//! a prefix: replications `0..m`, never "whatever finished", which would favour the quick ones.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rayon::Scope;

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
/// calling thread. At most one result per thread, and one more, is held at a time. `threads` of `None` uses rayon's
/// global pool; one thread is the calling one.
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
    if threads == Some(1) {
        let job = Job { replications, block, window: 1, run_block, cancel, over: AtomicBool::new(false) };
        return job.fold_alone(&mut fold);
    }
    let pool = threads
        .map(|n| rayon::ThreadPoolBuilder::new().num_threads(n.max(1)).build().expect("the threads of the pool start"));
    let workers = pool.as_ref().map_or_else(rayon::current_num_threads, rayon::ThreadPool::current_num_threads);
    // One ahead keeps every worker busy while a block is folded; more would only be held longer.
    let window = workers as u64 + 1;
    let job = Job { replications, block, window, run_block, cancel, over: AtomicBool::new(false) };
    match &pool {
        Some(pool) => pool.in_place_scope(|scope| job.fold_in_order(scope, &mut fold)),
        None => rayon::in_place_scope(|scope| job.fold_in_order(scope, &mut fold)),
    }
}

/// Does two things at once, where `threads` is not one.
pub fn both<A: Send, B: Send>(
    threads: Option<usize>,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if threads == Some(1) { (first(), second()) } else { rayon::join(first, second) }
}

/// What the workers share.
struct Job<'a, F> {
    replications: Range<u64>,
    block: u64,
    /// Number of blocks begun but not yet folded, at most.
    window: u64,
    run_block: F,
    cancel: &'a AtomicBool,
    /// Whether the fold has ended, so that blocks not yet begun need not be.
    over: AtomicBool,
}

impl<F> Job<'_, F> {
    fn attempt<B>(&self, range: Range<u64>) -> thread::Result<B>
    where
        F: Fn(Range<u64>) -> B,
    {
        catch_unwind(AssertUnwindSafe(|| (self.run_block)(range)))
    }

    /// Block after block on the calling thread.
    fn fold_alone<B>(&self, fold: &mut impl FnMut(Range<u64>, B) -> ControlFlow<()>) -> ReplicationReport
    where
        F: Fn(Range<u64>) -> B,
    {
        let end = self.replications.end.max(self.replications.start);
        let mut folded = self.replications.start;
        let mut stopped = None;
        while folded < end && stopped.is_none() {
            let range = folded..folded.saturating_add(self.block).min(end);
            let result = (!self.cancel.load(Relaxed)).then(|| self.attempt(range.clone()));
            (folded, stopped) = self.fold_one(range, result, fold);
        }
        ReplicationReport { completed: folded - self.replications.start, stopped: stopped.unwrap_or(Stopped::Finished) }
    }

    /// Folds the block whose turn it is (`None`: cancelled before it began): how far that leads, and why it ends there.
    fn fold_one<B>(
        &self,
        range: Range<u64>,
        result: Option<thread::Result<B>>,
        fold: &mut impl FnMut(Range<u64>, B) -> ControlFlow<()>,
    ) -> (u64, Option<Stopped>)
    where
        F: Fn(Range<u64>) -> B,
    {
        match result {
            None => (range.start, Some(Stopped::Cancelled)),
            Some(Ok(value)) => {
                let over = range.end >= self.replications.end;
                let stopped = if over { Stopped::Finished } else { Stopped::ByFold };
                (range.end, fold(range, value).is_break().then_some(stopped))
            }
            Some(Err(panic)) => {
                // Which one? Again, one at a time; if none does it alone, the block does it as a whole.
                let culprit = range.clone().find_map(|i| self.attempt(i..i + 1).err().map(|panic| (i, panic)));
                let (replication, panic) = culprit.unwrap_or((range.start, panic));
                if range.start < replication
                    && let Ok(value) = self.attempt(range.start..replication)
                {
                    let _ = fold(range.start..replication, value);
                }
                (replication, Some(Stopped::Panicked { replication, message: message(panic.as_ref()) }))
            }
        }
    }

    fn fold_in_order<'scope, B: Send + 'scope>(
        &'scope self,
        scope: &Scope<'scope>,
        fold: &mut impl FnMut(Range<u64>, B) -> ControlFlow<()>,
    ) -> ReplicationReport
    where
        F: Fn(Range<u64>) -> B + Sync,
    {
        let end = self.replications.end.max(self.replications.start);
        let report = |folded: u64, stopped| {
            self.over.store(true, Relaxed);
            ReplicationReport { completed: folded - self.replications.start, stopped }
        };
        let (sender, receiver) = mpsc::channel();
        let (mut started, mut folded) = (self.replications.start, self.replications.start);
        // Blocks that came before their turn, by first replication.
        let mut early = BTreeMap::new();
        while folded < end {
            while started < end && (started - folded) / self.block < self.window {
                let range = started..started.saturating_add(self.block).min(end);
                started = range.end;
                let sender = sender.clone();
                scope.spawn(move |_| {
                    let wanted = !self.over.load(Relaxed) && !self.cancel.load(Relaxed);
                    // Nobody listens once the fold has ended.
                    let _ = sender.send((range.clone(), wanted.then(|| self.attempt(range))));
                });
            }
            let (range, result) = match early.remove(&folded) {
                Some(result) => result,
                None => receive(&receiver),
            };
            if range.start != folded {
                early.insert(range.start, (range, result));
                continue;
            }
            let (end_of_block, stopped) = self.fold_one(range, result, fold);
            folded = end_of_block;
            if let Some(stopped) = stopped {
                return report(folded, stopped);
            }
        }
        report(folded, Stopped::Finished)
    }
}

/// The next result. On a worker of a pool, works on other things meanwhile: what it waits for may be queued behind it.
fn receive<T>(receiver: &Receiver<T>) -> T {
    loop {
        let result = if rayon::current_thread_index().is_some() {
            receiver.try_recv().map_err(|_| rayon::yield_now())
        } else {
            receiver.recv().map_err(|_| None)
        };
        if let Ok(value) = result {
            return value;
        }
    }
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
