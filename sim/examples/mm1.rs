//! M/M/1: customers come at random, wait in line for one server, and leave.
//!
//! Theory: arrivals at rate 0.8, services at rate 1, mean time in system 1 / (1 - 0.8) = 5.
//! `cargo run --release -p drsim-sim --example mm1`

#![allow(clippy::print_stdout)]

use std::collections::VecDeque;

use drsim_sim::{Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, mean_over, run_until};

struct SingleServer {
    arrivals: RandomStream,
    services: RandomStream,
    line: VecDeque<SimTime>,
    served: u32,
    total_time: SimDuration,
}

enum Event {
    Arrival,
    Departure,
}

impl Model for SingleServer {
    type Event = Event;

    fn handle(&mut self, event: Event, scheduler: &mut Scheduler<Event>) {
        match event {
            Event::Arrival => {
                self.line.push_back(scheduler.now());
                if self.line.len() == 1 {
                    scheduler.schedule_in(SimDuration::from_secs_f64(self.services.exponential()), Event::Departure);
                }
                scheduler.schedule_in(SimDuration::from_secs_f64(self.arrivals.exponential() / 0.8), Event::Arrival);
            }
            Event::Departure => {
                let arrival = self.line.pop_front().expect("someone was served");
                self.served += 1;
                self.total_time += scheduler.now() - arrival;
                if !self.line.is_empty() {
                    scheduler.schedule_in(SimDuration::from_secs_f64(self.services.exponential()), Event::Departure);
                }
            }
        }
    }
}

/// Mean time in system of the customers served in 20,000 s, after a warm-up of 1,000 s.
pub fn mean_time_in_system(replication: u64) -> f64 {
    let mut model = SingleServer {
        arrivals: RandomStream::new(1, replication, Purpose::new("arrivals"), 0),
        services: RandomStream::new(1, replication, Purpose::new("services"), 0),
        line: VecDeque::new(),
        served: 0,
        total_time: SimDuration::ZERO,
    };
    let mut scheduler = Scheduler::new(SimTime::ZERO);
    scheduler.schedule_in(SimDuration::ZERO, Event::Arrival);
    run_until(&mut model, &mut scheduler, SimTime::from_secs_f64(1_000.0));
    (model.served, model.total_time) = (0, SimDuration::ZERO);
    run_until(&mut model, &mut scheduler, SimTime::from_secs_f64(21_000.0));
    model.total_time.as_secs_f64() / f64::from(model.served)
}

/// Prints the estimate beside the theory.
pub fn main() {
    let estimate = mean_over(0..200, mean_time_in_system).estimate(0.95).expect("many replications");
    println!("mean time in system: {:.3} ({:.3}), theory 5", estimate.value, estimate.interval);
}
