//! The engine and the replications, end to end.

use std::ops::ControlFlow;

use drsim_sim::statistics::{MeanSums, RatioSums};
use drsim_sim::{Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, Stopped, run, run_blocks, run_until};

#[test]
fn ties_come_out_in_scheduling_order_and_cancelled_events_not_at_all() {
    let mut scheduler = Scheduler::new(SimTime::from_nanos(-10));
    scheduler.schedule_at(SimTime::from_nanos(5), 'a');
    let b = scheduler.schedule_cancellable_at(SimTime::from_nanos(1), 'b');
    scheduler.schedule_at(SimTime::from_nanos(5), 'c');
    scheduler.schedule_in(SimDuration::MAX, 'd');
    assert_eq!(scheduler.len(), 3);
    assert!(scheduler.cancel(b));
    assert!(!scheduler.cancel(b));
    assert_eq!(scheduler.peek_time(), Some(SimTime::from_nanos(5)));
    assert_eq!((scheduler.next_event(), scheduler.next_event(), scheduler.next_event()), (Some('a'), Some('c'), None));
    assert_eq!(scheduler.now(), SimTime::from_nanos(5));
    scheduler.reset(SimTime::ZERO);
    assert_eq!((scheduler.now(), scheduler.len()), (SimTime::ZERO, 0));
}

struct Ticks(u32);

impl Model for Ticks {
    type Event = ();
    fn handle(&mut self, (): (), scheduler: &mut Scheduler<()>) {
        self.0 += 1;
        if self.0 < 10 {
            scheduler.schedule_in(SimDuration::from_secs(1), ());
        }
    }
}

#[test]
fn running_until_an_instant_leaves_later_events_pending() {
    let (mut model, mut scheduler) = (Ticks(0), Scheduler::new(SimTime::ZERO));
    scheduler.schedule_at(SimTime::ZERO, ());
    assert_eq!(run_until(&mut model, &mut scheduler, SimTime::from_secs_f64(3.5)), 4);
    assert_eq!(scheduler.now(), SimTime::from_secs_f64(3.5));
    assert_eq!(run(&mut model, &mut scheduler), 6);
}

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
fn a_ratio_pools_its_cases() {
    let mut sums = RatioSums::default();
    for i in 0..100 {
        sums.add(i % 3, 3);
    }
    let estimate = sums.estimate(0.95).unwrap();
    assert!((estimate.value - 0.33).abs() < 1e-12);
    assert!(estimate.interval.contains(1.0 / 3.0));
    assert_eq!(sums.quantile_interval(&drsim_sim::statistics::LogSketch::new(1.0, 2.0, 0.1), 0.5, 0.95), None);
}
