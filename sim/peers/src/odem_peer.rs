//! odem-rs: asynchronous processes, as in its own `mm1` example.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::task::Waker;

use cpu_time::ProcessTime;
use drsim_sim::RandomStream;
use odem_rs::core::ops::waker;
use odem_rs::prelude::*;

use crate::floors::Draw;

#[derive(Default, Config)]
#[time(f64)]
struct World {
    draws: RefCell<Option<RandomStream>>,
    result: Cell<f64>,
}

#[derive(Default)]
struct Server {
    queue: RefCell<VecDeque<f64>>,
    waker: Cell<Option<Waker>>,
    replication: u64,
    customers: u64,
    done: Cell<Option<Waker>>,
}

impl Behavior<World> for Server {
    type Output = ();

    async fn actions(&self, sim: &Sim<World>) {
        let mut services: RandomStream = Draw::open(self.replication, 1);
        let (mut served, mut total) = (0, 0.0);
        loop {
            while !self.queue.borrow().is_empty() {
                sim.advance(services.draw()).await;
                if let Some(arrival) = self.queue.borrow_mut().pop_front() {
                    total += sim.now() - arrival;
                    served += 1;
                }
                if served == self.customers {
                    sim.global().result.set(total / served as f64);
                    if let Some(waker) = self.done.take() {
                        waker.wake();
                    }
                    return;
                }
            }
            self.waker.set(Some(waker().await));
            sleep().await;
        }
    }
}

async fn arrivals(sim: &Sim<World>, server: &Server) {
    let mut draws: RandomStream = Draw::open(server.replication, 0);
    loop {
        sim.advance(draws.draw() / 0.9).await;
        server.queue.borrow_mut().push_back(sim.now());
        if let Some(waker) = server.waker.take() {
            waker.wake();
        }
    }
}

pub fn single_server(customers: u64, replication: u64) -> f64 {
    let world = simulation(async |sim: &Sim<World>| {
        let server = pin!(Agent::new(Server { replication, customers, ..Server::default() }));
        let puck = sim.activate(server);
        let jobs = pin!(Job::new(arrivals(sim, puck.subject())));
        sim.activate(jobs);
        puck.subject().done.set(Some(waker().await));
        sleep().await;
    });
    world.expect("the run ends").result.get()
}

struct Holder;

impl Behavior<World> for Holder {
    type Output = ();

    async fn actions(&self, sim: &Sim<World>) {
        loop {
            let delay = sim.global().draws.borrow_mut().as_mut().map_or(1.0, Draw::draw);
            sim.advance(delay).await;
        }
    }
}

/// A simulation cannot be paused from outside: each call builds it anew and takes the time within.
pub fn hold(pending: u32) -> crate::Hold {
    Box::new(move |holds| {
        let span = holds as f64 / f64::from(pending);
        let world = simulation(async |sim: &Sim<World>| {
            sim.global().draws.replace(Some(Draw::open(0, 2)));
            for _ in 0..pending {
                sim.spawn(Holder);
            }
            // Two holds for each event, so that the order of filling is forgotten.
            sim.advance(2.0).await;
            let start = ProcessTime::now();
            sim.advance(span).await;
            sim.global().result.set(start.elapsed().as_secs_f64() * 1e9 / holds as f64);
        });
        Some(world.expect("the run ends").result.get())
    })
}
