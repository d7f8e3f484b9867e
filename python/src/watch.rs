//! Work without the interpreter's lock: other Python threads run meanwhile, Ctrl-C ends it, and Python is told how far
//! it came.

use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often Python is asked whether to go on.
const PERIOD: Duration = Duration::from_millis(100);

/// Simulations recurse little, but are made for the stack of a main thread.
const STACK: usize = 8 << 20;

/// How far the work came; told from any thread.
#[derive(Default)]
pub struct Told {
    done: AtomicU64,
    most: AtomicU64,
}

impl Told {
    /// So much of at most so much is done.
    pub fn tell(&self, done: u64, most: u64) {
        self.most.store(most, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }

    /// A share is done; Python is told thousandths.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a share
    pub fn share(&self, share: f64) {
        self.tell((1000.0 * share) as u64, 1000);
    }

    fn read(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.most.load(Ordering::Relaxed))
    }
}

/// Does work on a thread of its own, while this one looks for Ctrl-C and tells `progress` how far it came.
///
/// The work is given a flag that says it should end, and ends before this returns.
pub fn watched<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&AtomicBool, &Told) -> T + Send,
) -> PyResult<T> {
    let (cancel, told) = (AtomicBool::new(false), Told::default());
    let mut shown = (0, 0);
    let mut raised: Option<PyErr> = None;
    let mut look = || {
        let now = told.read();
        let news = now != shown && now.1 > 0;
        shown = now;
        let said = Python::attach(|py| {
            py.check_signals()?;
            progress.filter(|_| news).map_or(Ok(()), |f| f.call1(py, now).map(drop))
        });
        said.map_err(|error| {
            cancel.store(true, Ordering::Relaxed);
            raised = Some(error);
        })
    };
    let done = py.detach(|| {
        thread::scope(|scope| {
            let (ends, end) = channel::<()>();
            let work = || {
                // Closed when the work ends, however it ends.
                let _ends = ends;
                work(&cancel, &told)
            };
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
            let mut going = Ok(());
            while end.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                going = going.and_then(|()| look());
            }
            going.and_then(|()| look()).ok();
            Ok::<_, std::io::Error>(worker.join())
        })
    })?;
    match (raised, done) {
        (Some(error), _) => Err(error),
        (None, Ok(value)) => Ok(value),
        (None, Err(panic)) => std::panic::resume_unwind(panic),
    }
}
