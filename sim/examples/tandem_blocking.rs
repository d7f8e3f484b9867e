//! A line of two machines without room between them: a finished part blocks the first until the second is free.
//!
//! There is always another part to begin with. Theory: one part leaves per cycle, a cycle takes the longer of the two
//! service times, with rates 1 and 1.5 on average 1 + 1/1.5 - 1/2.5 = 1.2667 s, so 0.78947 parts per second.
//! `cargo run --release -p drsim-sim --example tandem_blocking`

#![allow(clippy::print_stdout)]

use drsim_sim::{Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, mean_over, run_until};

#[derive(Clone, Copy, PartialEq)]
enum Machine {
    Idle,
    Working,
    Blocked,
}

struct Line {
    services: [RandomStream; 2],
    first: Machine,
    second: Machine,
    finished: u32,
}

enum Event {
    FirstDone,
    SecondDone,
}

impl Line {
    /// Moves what can be moved.
    fn advance(&mut self, scheduler: &mut Scheduler<Event>) {
        if self.first == Machine::Blocked && self.second == Machine::Idle {
            self.first = Machine::Idle;
            self.second = Machine::Working;
            let service = SimDuration::from_secs_f64(self.services[1].exponential() / 1.5);
            scheduler.schedule_in(service, Event::SecondDone);
        }
        if self.first == Machine::Idle {
            self.first = Machine::Working;
            scheduler.schedule_in(SimDuration::from_secs_f64(self.services[0].exponential()), Event::FirstDone);
        }
    }
}

impl Model for Line {
    type Event = Event;

    fn handle(&mut self, event: Event, scheduler: &mut Scheduler<Event>) {
        match event {
            Event::FirstDone => self.first = Machine::Blocked,
            Event::SecondDone => {
                self.second = Machine::Idle;
                self.finished += 1;
            }
        }
        self.advance(scheduler);
    }
}

/// Parts per second over 10,000 s, after a warm-up of 100 s.
pub fn throughput(replication: u64) -> f64 {
    let services = [0, 1].map(|i| RandomStream::new(1, replication, Purpose::new("service"), i));
    let mut line = Line { services, first: Machine::Idle, second: Machine::Idle, finished: 0 };
    let mut scheduler = Scheduler::new(SimTime::ZERO);
    line.advance(&mut scheduler);
    run_until(&mut line, &mut scheduler, SimTime::from_secs_f64(100.0));
    line.finished = 0;
    run_until(&mut line, &mut scheduler, SimTime::from_secs_f64(10_100.0));
    f64::from(line.finished) / 10_000.0
}

/// Prints the estimate beside the theory.
pub fn main() {
    let estimate = mean_over(0..200, throughput).estimate(0.95).expect("many replications");
    println!(
        "parts per second: {:.4} ({:.4}), theory {:.4}",
        estimate.value,
        estimate.interval,
        1.0 / (1.0 + 1.0 / 1.5 - 0.4)
    );
}
