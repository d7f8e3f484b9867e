//! The workloads on the engine, through its public interface.

use std::collections::VecDeque;

use drsim_sim::{EventHandle, Model, RandomStream, Scheduler, SimDuration, SimTime, run};

use crate::floors::Draw;

/// W1: the M/M/1 queue.
pub struct SingleServer<D> {
    arrivals: D,
    services: D,
    queue: VecDeque<SimTime>,
    to_serve: u64,
    total: f64,
}

/// What happens in it.
#[derive(Clone, Copy)]
pub enum QueueEvent {
    /// A customer comes.
    Arrival,
    /// A customer is served.
    Departure,
}

impl<D: Draw> Model for SingleServer<D> {
    type Event = QueueEvent;

    #[inline]
    fn handle(&mut self, event: QueueEvent, scheduler: &mut Scheduler<QueueEvent>) {
        match event {
            QueueEvent::Arrival => {
                if self.queue.is_empty() {
                    scheduler.schedule_in(SimDuration::from_secs_f64(self.services.draw()), QueueEvent::Departure);
                }
                self.queue.push_back(scheduler.now());
                scheduler.schedule_in(SimDuration::from_secs_f64(self.arrivals.draw() / 0.9), QueueEvent::Arrival);
            }
            QueueEvent::Departure => {
                if let Some(arrival) = self.queue.pop_front() {
                    self.total += (scheduler.now() - arrival).as_secs_f64();
                    self.to_serve -= 1;
                }
                if self.to_serve == 0 {
                    scheduler.reset(scheduler.now());
                } else if !self.queue.is_empty() {
                    scheduler.schedule_in(SimDuration::from_secs_f64(self.services.draw()), QueueEvent::Departure);
                }
            }
        }
    }
}

/// W1: mean time in system.
pub fn single_server(customers: u64, replication: u64) -> f64 {
    let mut model: SingleServer<RandomStream> = SingleServer {
        arrivals: Draw::open(replication, 0),
        services: Draw::open(replication, 1),
        queue: VecDeque::new(),
        to_serve: customers,
        total: 0.0,
    };
    let mut scheduler = Scheduler::new(SimTime::ZERO);
    scheduler.schedule_in(SimDuration::from_secs_f64(model.arrivals.draw() / 0.9), QueueEvent::Arrival);
    run(&mut model, &mut scheduler);
    model.total / customers as f64
}

/// W2: each event schedules itself again.
pub struct Hold {
    model: HoldModel,
    scheduler: Scheduler<u32>,
}

struct HoldModel {
    draws: RandomStream,
    checksum: u64,
}

impl Model for HoldModel {
    type Event = u32;

    #[inline]
    fn handle(&mut self, payload: u32, scheduler: &mut Scheduler<u32>) {
        self.checksum = self.checksum.wrapping_add(u64::from(payload));
        scheduler.schedule_in(SimDuration::from_secs_f64(self.draws.draw()), payload);
    }
}

impl Hold {
    /// `pending` events, each after one draw.
    pub fn new(pending: u32) -> Self {
        let mut draws: RandomStream = Draw::open(0, 2);
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        for payload in 0..pending {
            scheduler.schedule_in(SimDuration::from_secs_f64(draws.draw()), payload);
        }
        Self { model: HoldModel { draws, checksum: 0 }, scheduler }
    }

    /// The holds.
    pub fn run(&mut self, holds: u64) -> SimTime {
        for _ in 0..holds {
            if let Some(payload) = self.scheduler.next_event() {
                self.model.handle(payload, &mut self.scheduler);
            }
        }
        std::hint::black_box(self.model.checksum);
        self.scheduler.now()
    }
}

/// W2 with a handle for every event; of every `one_in` events held, one other is cancelled or rescheduled (0: none).
pub struct CancellableHold {
    model: CancellableModel,
    scheduler: Scheduler<u32>,
}

struct CancellableModel {
    draws: RandomStream,
    handles: Vec<EventHandle>,
    one_in: u64,
    turn: u64,
}

impl Model for CancellableModel {
    type Event = u32;

    #[inline]
    fn handle(&mut self, payload: u32, scheduler: &mut Scheduler<u32>) {
        let delay = |draws: &mut RandomStream| SimDuration::from_secs_f64(draws.draw());
        self.handles[payload as usize] = scheduler.schedule_cancellable_in(delay(&mut self.draws), payload);
        self.turn += 1;
        if self.one_in == 0 || !self.turn.is_multiple_of(self.one_in) {
            return;
        }
        let other = self.draws.below(self.handles.len() as u64) as usize;
        let time = scheduler.now() + delay(&mut self.draws);
        if self.turn.is_multiple_of(2 * self.one_in) {
            if let Some(handle) = scheduler.reschedule_at(self.handles[other], time) {
                self.handles[other] = handle;
            }
        } else if scheduler.cancel(self.handles[other]) {
            self.handles[other] = scheduler.schedule_cancellable_at(time, other as u32);
        }
    }
}

impl CancellableHold {
    /// `pending` events, each after one draw.
    pub fn new(pending: u32, one_in: u64) -> Self {
        let mut draws: RandomStream = Draw::open(0, 2);
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        let handles = (0..pending)
            .map(|payload| scheduler.schedule_cancellable_in(SimDuration::from_secs_f64(draws.draw()), payload))
            .collect();
        Self { model: CancellableModel { draws, handles, one_in, turn: 0 }, scheduler }
    }

    /// The holds.
    pub fn run(&mut self, holds: u64) -> SimTime {
        for _ in 0..holds {
            if let Some(payload) = self.scheduler.next_event() {
                self.model.handle(payload, &mut self.scheduler);
            }
        }
        self.scheduler.now()
    }
}
