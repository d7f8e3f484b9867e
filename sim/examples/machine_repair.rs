//! Machine repair: ten machines break down, two mechanics repair them in turn.
//!
//! Theory: the number broken is a birth and death process (Palm 1947).
//! `cargo run --release -p drsim-sim --example machine_repair`

#![allow(clippy::print_stdout)]

use std::collections::VecDeque;

use drsim_sim::{Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, mean_over, run_until};

const MACHINES: usize = 10;
const MECHANICS: usize = 2;
const HOURS_UP: f64 = 20.0;
const HOURS_OF_REPAIR: f64 = 5.0;
const HOUR: f64 = 3_600.0;

struct Workshop {
    /// One stream per machine and kind: machine 3 has the same fate whatever the others do.
    lifetimes: Vec<RandomStream>,
    repairs: Vec<RandomStream>,
    waiting: VecDeque<usize>,
    in_repair: usize,
    up_since: Vec<Option<SimTime>>,
    time_up: SimDuration,
}

enum Event {
    Breakdown(usize),
    Repaired(usize),
}

impl Workshop {
    fn start(&mut self, machine: usize, scheduler: &mut Scheduler<Event>) {
        self.up_since[machine] = Some(scheduler.now());
        let life = SimDuration::from_secs_f64(self.lifetimes[machine].exponential() * HOURS_UP * HOUR);
        scheduler.schedule_in(life, Event::Breakdown(machine));
    }

    fn call_mechanics(&mut self, scheduler: &mut Scheduler<Event>) {
        while self.in_repair < MECHANICS
            && let Some(machine) = self.waiting.pop_front()
        {
            self.in_repair += 1;
            let repair = SimDuration::from_secs_f64(self.repairs[machine].exponential() * HOURS_OF_REPAIR * HOUR);
            scheduler.schedule_in(repair, Event::Repaired(machine));
        }
    }
}

impl Model for Workshop {
    type Event = Event;

    fn handle(&mut self, event: Event, scheduler: &mut Scheduler<Event>) {
        match event {
            Event::Breakdown(machine) => {
                let since = self.up_since[machine].take().expect("only a running machine breaks down");
                self.time_up += scheduler.now() - since;
                self.waiting.push_back(machine);
            }
            Event::Repaired(machine) => {
                self.in_repair -= 1;
                self.start(machine, scheduler);
            }
        }
        self.call_mechanics(scheduler);
    }
}

/// Mean number of machines up over 20,000 hours, after a warm-up of 1,000.
pub fn mean_machines_up(replication: u64) -> f64 {
    let streams =
        |name| (0..MACHINES as u64).map(|i| RandomStream::new(1, replication, Purpose::new(name), i)).collect();
    let mut workshop = Workshop {
        lifetimes: streams("lifetime"),
        repairs: streams("repair"),
        waiting: VecDeque::new(),
        in_repair: 0,
        up_since: vec![None; MACHINES],
        time_up: SimDuration::ZERO,
    };
    let mut scheduler = Scheduler::new(SimTime::ZERO);
    (0..MACHINES).for_each(|machine| workshop.start(machine, &mut scheduler));
    let (warm, end) = (SimTime::from_secs_f64(1_000.0 * HOUR), SimTime::from_secs_f64(21_000.0 * HOUR));
    let time_up_until = |time, workshop: &mut Workshop, scheduler: &mut Scheduler<Event>| {
        run_until(workshop, scheduler, time);
        let still_up = workshop.up_since.iter().flatten().map(|since| time - *since);
        workshop.time_up.as_secs_f64() + still_up.sum::<SimDuration>().as_secs_f64()
    };
    let before = time_up_until(warm, &mut workshop, &mut scheduler);
    (time_up_until(end, &mut workshop, &mut scheduler) - before) / (end - warm).as_secs_f64()
}

/// The same by theory.
pub fn theory() -> f64 {
    let (mut weight, mut total, mut up) = (1.0, 0.0, 0.0);
    for broken in 0..=MACHINES {
        total += weight;
        up += weight * (MACHINES - broken) as f64;
        weight *= (MACHINES - broken) as f64 / HOURS_UP * HOURS_OF_REPAIR / (broken + 1).min(MECHANICS) as f64;
    }
    up / total
}

/// Prints the estimate beside the theory.
pub fn main() {
    let estimate = mean_over(0..200, mean_machines_up).estimate(0.95).expect("many replications");
    println!("machines up: {:.3} ({:.3}), theory {:.3}", estimate.value, estimate.interval, theory());
}
