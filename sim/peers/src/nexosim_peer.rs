//! nexosim: asynchronous actors that schedule their own inputs. One thread, since more cost time here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drsim_sim::RandomStream;
use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::EventSource;
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::floors::Draw;

#[derive(Serialize, Deserialize)]
struct Server {
    #[serde(skip, default = "closed")]
    arrivals: RandomStream,
    #[serde(skip, default = "closed")]
    services: RandomStream,
    #[serde(skip)]
    queue: VecDeque<MonotonicTime>,
    to_serve: u64,
    total: f64,
    #[serde(skip)]
    result: Arc<Mutex<Option<f64>>>,
}

fn closed() -> RandomStream {
    Draw::open(0, 0)
}

#[Model]
impl Server {
    #[nexosim(schedulable)]
    fn arrive(&mut self, (): (), context: &Context<Self>) {
        if self.result.lock().expect("not poisoned").is_some() {
            return;
        }
        if self.queue.is_empty() {
            after(context, self.services.draw(), schedulable!(Self::depart));
        }
        self.queue.push_back(context.time());
        after(context, self.arrivals.draw() / 0.9, schedulable!(Self::arrive));
    }

    #[nexosim(schedulable)]
    fn depart(&mut self, (): (), context: &Context<Self>) {
        if let Some(arrival) = self.queue.pop_front() {
            self.total += context.time().duration_since(arrival).as_secs_f64();
            self.to_serve = self.to_serve.saturating_sub(1);
        }
        if self.to_serve == 0 {
            *self.result.lock().expect("not poisoned") = Some(self.total);
        } else if !self.queue.is_empty() {
            after(context, self.services.draw(), schedulable!(Self::depart));
        }
    }
}

fn after<M: Model>(context: &Context<M>, seconds: f64, id: &nexosim::model::SchedulableId<M, ()>) {
    let delay = Duration::from_nanos((seconds * 1e9) as u64 + 1);
    context.schedule_event(delay, id, ()).expect("the delay is positive");
}

pub fn single_server(customers: u64, replication: u64) -> f64 {
    let result = Arc::new(Mutex::new(None));
    let server = Server {
        arrivals: Draw::open(replication, 0),
        services: Draw::open(replication, 1),
        queue: VecDeque::new(),
        to_serve: customers,
        total: 0.0,
        result: result.clone(),
    };
    let mailbox = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    let start = EventSource::new().connect(Server::arrive, &mailbox).register(&mut bench);
    let mut simulation = bench.add_model(server, mailbox, "server").init(MonotonicTime::EPOCH).expect("init");
    simulation.process_event(&start, ()).expect("start");
    simulation.run().expect("run");
    let total = result.lock().expect("not poisoned").expect("a result");
    total / customers as f64
}

#[derive(Serialize, Deserialize)]
struct Holder {
    #[serde(skip, default = "closed")]
    draws: RandomStream,
}

#[Model]
impl Holder {
    #[nexosim(schedulable)]
    fn tick(&mut self, (): (), context: &Context<Self>) {
        after(context, self.draws.draw(), schedulable!(Self::tick));
    }

    fn fill(&mut self, pending: u32, context: &Context<Self>) {
        for _ in 0..pending {
            after(context, self.draws.draw(), schedulable!(Self::tick));
        }
    }
}

pub fn hold(pending: u32) -> crate::Hold {
    let mailbox = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    let fill = EventSource::new().connect(Holder::fill, &mailbox).register(&mut bench);
    let holder = Holder { draws: Draw::open(0, 2) };
    let mut simulation = bench.add_model(holder, mailbox, "holder").init(MonotonicTime::EPOCH).expect("init");
    simulation.process_event(&fill, pending).expect("fill");
    Box::new(move |holds| {
        let span = Duration::from_secs_f64(holds as f64 / f64::from(pending));
        simulation.step_until(simulation.time() + span).expect("run");
        None
    })
}
