//! M/M/c with balking: three counters, and customers who may turn away at the sight of the line.
//!
//! A customer who meets n others waiting joins with probability 1 / (n + 2), or always if a counter is free.
//! Theory: the number present is a birth and death process; the share turned away follows from its stationary law.
//! `cargo run --release -p drsim-sim --example mmc_balking`

#![allow(clippy::print_stdout)]

use drsim_sim::{Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, mean_over, run_until};

const COUNTERS: u32 = 3;
const ARRIVALS_PER_SECOND: f64 = 4.0;

struct Bank {
    arrivals: RandomStream,
    choices: RandomStream,
    services: RandomStream,
    present: u32,
    came: u32,
    turned_away: u32,
}

enum Event {
    Arrival,
    Departure,
}

fn joins_with_probability(present: u32) -> f64 {
    if present < COUNTERS { 1.0 } else { 1.0 / f64::from(present - COUNTERS + 2) }
}

impl Bank {
    fn serve(&mut self, scheduler: &mut Scheduler<Event>) {
        scheduler.schedule_in(SimDuration::from_secs_f64(self.services.exponential()), Event::Departure);
    }
}

impl Model for Bank {
    type Event = Event;

    fn handle(&mut self, event: Event, scheduler: &mut Scheduler<Event>) {
        match event {
            Event::Arrival => {
                self.came += 1;
                if self.choices.chance(joins_with_probability(self.present)) {
                    self.present += 1;
                    if self.present <= COUNTERS {
                        self.serve(scheduler);
                    }
                } else {
                    self.turned_away += 1;
                }
                let gap = SimDuration::from_secs_f64(self.arrivals.exponential() / ARRIVALS_PER_SECOND);
                scheduler.schedule_in(gap, Event::Arrival);
            }
            Event::Departure => {
                self.present -= 1;
                if self.present >= COUNTERS {
                    self.serve(scheduler);
                }
            }
        }
    }
}

/// Share of the customers who turn away, in 5,000 s after a warm-up of 100 s.
pub fn share_turned_away(replication: u64) -> f64 {
    let stream = |name| RandomStream::new(1, replication, Purpose::new(name), 0);
    let (arrivals, choices, services) = (stream("arrivals"), stream("choices"), stream("services"));
    let mut bank = Bank { arrivals, choices, services, present: 0, came: 0, turned_away: 0 };
    let mut scheduler = Scheduler::new(SimTime::ZERO);
    scheduler.schedule_in(SimDuration::ZERO, Event::Arrival);
    run_until(&mut bank, &mut scheduler, SimTime::from_secs_f64(100.0));
    (bank.came, bank.turned_away) = (0, 0);
    run_until(&mut bank, &mut scheduler, SimTime::from_secs_f64(5_100.0));
    f64::from(bank.turned_away) / f64::from(bank.came)
}

/// The same by theory: an arrival sees the stationary law.
pub fn theory() -> f64 {
    let (mut weight, mut total, mut turned_away) = (1.0, 0.0, 0.0);
    for present in 0..200 {
        total += weight;
        turned_away += weight * (1.0 - joins_with_probability(present));
        weight *= ARRIVALS_PER_SECOND * joins_with_probability(present) / f64::from((present + 1).min(COUNTERS));
    }
    turned_away / total
}

/// Prints the estimate beside the theory.
pub fn main() {
    let estimate = mean_over(0..200, share_turned_away).estimate(0.95).expect("many replications");
    println!("turned away: {:.4} ({:.4}), theory {:.4}", estimate.value, estimate.interval, theory());
}
