//! simcore: components with event handlers and contexts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use drsim_sim::RandomStream;
use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};

use crate::floors::Draw;

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Departure {}

struct Server {
    context: SimulationContext,
    arrivals: RandomStream,
    services: RandomStream,
    queue: VecDeque<f64>,
    served: u64,
    total: f64,
}

impl EventHandler for Server {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => {
                if self.queue.is_empty() {
                    self.context.emit_self(Departure {}, self.services.draw());
                }
                self.queue.push_back(self.context.time());
                self.context.emit_self(Arrival {}, self.arrivals.draw() / 0.9);
            }
            Departure {} => {
                if let Some(arrival) = self.queue.pop_front() {
                    self.total += self.context.time() - arrival;
                    self.served += 1;
                }
                if !self.queue.is_empty() {
                    self.context.emit_self(Departure {}, self.services.draw());
                }
            }
        })
    }
}

pub fn single_server(customers: u64, replication: u64) -> f64 {
    let mut simulation = Simulation::new(1);
    let server = Rc::new(RefCell::new(Server {
        context: simulation.create_context("server"),
        arrivals: Draw::open(replication, 0),
        services: Draw::open(replication, 1),
        queue: VecDeque::new(),
        served: 0,
        total: 0.0,
    }));
    simulation.add_handler("server", server.clone());
    server.borrow().context.emit_self(Arrival {}, 0.0);
    // In chunks, so that asking whether enough are served costs nothing.
    while server.borrow().served < customers {
        simulation.steps(1_000);
    }
    let server = server.borrow();
    server.total / server.served as f64
}

#[derive(Clone, Serialize)]
struct Tick {}

struct Holder {
    context: SimulationContext,
    draws: RandomStream,
}

impl EventHandler for Holder {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Tick {} => {
                self.context.emit_self(Tick {}, self.draws.draw());
            }
        })
    }
}

pub fn hold(pending: u32) -> crate::Hold {
    let mut simulation = Simulation::new(1);
    let holder =
        Rc::new(RefCell::new(Holder { context: simulation.create_context("holder"), draws: Draw::open(0, 2) }));
    simulation.add_handler("holder", holder.clone());
    for _ in 0..pending {
        let delay = holder.borrow_mut().draws.draw();
        holder.borrow().context.emit_self(Tick {}, delay);
    }
    Box::new(move |holds| {
        simulation.steps(holds);
        None
    })
}
