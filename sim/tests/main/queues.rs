//! Queues against the closed forms of queueing theory, through the public interface.
//!
//! Every comparison takes independent replications with a warm-up and asks for agreement within four standard errors:
//! by chance that fails once in 16,000, and the seeds are fixed. What is left of the start-up is far below one standard
//! error: each warm-up is at least 20 relaxation times.

use std::collections::VecDeque;

use drsim_sim::statistics::{LogSketch, MeanSums, RatioSums};
use drsim_sim::{Distribution, Model, Purpose, RandomStream, Scheduler, SimDuration, SimTime, mean_over, run_until};

#[allow(dead_code)] // their main functions
#[path = "../../examples/machine_repair.rs"]
mod machine_repair;
#[allow(dead_code)] // their main functions
#[path = "../../examples/mm1.rs"]
mod mm1;
#[allow(dead_code)] // their main functions
#[path = "../../examples/mmc_balking.rs"]
mod mmc_balking;
#[allow(dead_code)] // their main functions
#[path = "../../examples/tandem_blocking.rs"]
mod tandem_blocking;

fn assert_agrees(sums: &MeanSums, theory: f64, what: &str) {
    let mean = sums.mean().unwrap();
    let error = (sums.variance().unwrap() / sums.count() as f64).sqrt();
    assert!((mean - theory).abs() < 4.0 * error, "{what}: {mean} ± {error}, theory {theory}");
    // A test that would pass whatever came out is none.
    assert!(error < 0.02 * theory, "{what}: {error} is too wide");
}

/// First come, first served: Poisson arrivals, any services, `servers` in each of a row of stations, room for
/// `room` customers in the first (in service or waiting).
struct Stations {
    arrival_rate: f64,
    service: Distribution,
    servers: usize,
    room: usize,
    arrivals: RandomStream,
    services: Vec<RandomStream>,
    /// Per station: who waits, by time of arrival at the station; and how many are served.
    waiting: Vec<VecDeque<(SimTime, SimTime)>>,
    busy: Vec<usize>,
    came: u64,
    lost: u64,
    wait: MeanSums,
    time_in_system: LogSketch,
    mean_time_in_system: MeanSums,
}

enum Event {
    Arrival,
    Departure { station: usize, came: SimTime },
}

impl Stations {
    fn new(replication: u64, arrival_rate: f64, service: Distribution, servers: usize, stations: usize) -> Self {
        Self {
            arrival_rate,
            service,
            servers,
            room: usize::MAX,
            arrivals: RandomStream::new(5, replication, Purpose::new("arrivals"), 0),
            services: (0..stations as u64)
                .map(|i| RandomStream::new(5, replication, Purpose::new("services"), i))
                .collect(),
            waiting: vec![VecDeque::new(); stations],
            busy: vec![0; stations],
            came: 0,
            lost: 0,
            wait: MeanSums::default(),
            time_in_system: LogSketch::new(1e-3, 1e3, 1e-3),
            mean_time_in_system: MeanSums::default(),
        }
    }

    fn enter(&mut self, station: usize, came: SimTime, scheduler: &mut Scheduler<Event>) {
        self.waiting[station].push_back((scheduler.now(), came));
        self.serve(station, scheduler);
    }

    fn serve(&mut self, station: usize, scheduler: &mut Scheduler<Event>) {
        while self.busy[station] < self.servers
            && let Some((entered, came)) = self.waiting[station].pop_front()
        {
            self.busy[station] += 1;
            self.wait.add((scheduler.now() - entered).as_secs_f64());
            let service = self.service.sample_duration(&mut self.services[station]);
            scheduler.schedule_in(service, Event::Departure { station, came });
        }
    }

    /// Runs for `seconds` after a warm-up of `warm_up`.
    fn run(mut self, warm_up: f64, seconds: f64) -> Self {
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        scheduler.schedule_in(SimDuration::ZERO, Event::Arrival);
        run_until(&mut self, &mut scheduler, SimTime::from_secs_f64(warm_up));
        (self.came, self.lost, self.wait, self.mean_time_in_system) = (0, 0, MeanSums::default(), MeanSums::default());
        self.time_in_system = LogSketch::new(1e-3, 1e3, 1e-3);
        run_until(&mut self, &mut scheduler, SimTime::from_secs_f64(warm_up + seconds));
        self
    }
}

impl Model for Stations {
    type Event = Event;

    fn handle(&mut self, event: Event, scheduler: &mut Scheduler<Event>) {
        match event {
            Event::Arrival => {
                self.came += 1;
                if self.busy[0] + self.waiting[0].len() < self.room {
                    self.enter(0, scheduler.now(), scheduler);
                } else {
                    self.lost += 1;
                }
                let gap = self.arrivals.exponential() / self.arrival_rate;
                scheduler.schedule_in(SimDuration::from_secs_f64(gap), Event::Arrival);
            }
            Event::Departure { station, came } => {
                self.busy[station] -= 1;
                if station + 1 < self.busy.len() {
                    self.enter(station + 1, came, scheduler);
                } else {
                    let time = (scheduler.now() - came).as_secs_f64();
                    self.time_in_system.add(time);
                    self.mean_time_in_system.add(time);
                }
                self.serve(station, scheduler);
            }
        }
    }
}

/// Probability that all of `servers` are busy, offered `load`, without a waiting line (Erlang 1917).
fn erlang_b(servers: usize, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, c| load * b / (c as f64 + load * b))
}

/// Probability of waiting, with a line of any length.
fn erlang_c(servers: usize, load: f64) -> f64 {
    let b = erlang_b(servers, load);
    b / (1.0 - load / servers as f64 * (1.0 - b))
}

fn exponential() -> Distribution {
    Distribution::Exponential { mean: 1.0 }
}

#[test]
fn mm1_time_in_system_has_its_mean_and_its_p99() {
    let run = |replication| Stations::new(replication, 0.8, exponential(), 1, 1).run(1_000.0, 10_000.0);
    let mean = mean_over(0..200, |replication| run(replication).mean_time_in_system.mean().unwrap());
    assert_agrees(&mean, 1.0 / (1.0 - 0.8), "mean");
    // The time in system is exponential with rate mu - lambda: P99 is ln(100) / (mu - lambda), 1% lie above.
    let mut above = RatioSums::default();
    for replication in 0..200 {
        let times = run(replication).time_in_system;
        let share = times.share_above(100.0_f64.ln() / (1.0 - 0.8)).unwrap();
        above.add((share * times.count() as f64).round() as u64, times.count());
    }
    let (share, error) = (above.ratio().unwrap(), above.standard_error().unwrap());
    // A bucket of the sketch is 0.2% wide, which is 0.9% of the share there.
    assert!((share - 0.01).abs() < 4.0 * error + 9e-5 && error < 0.001, "{share} ± {error}");
}

#[test]
fn waiting_times_agree_with_pollaczek_and_khinchine() {
    // Mean wait lambda E[S^2] / (2 (1 - rho)): M/M/1, M/D/1 and three M/G/1 of utilisation 0.7.
    for (service, what) in [
        (exponential(), "M/M/1"),
        (Distribution::Constant { value: 1.0 }, "M/D/1"),
        (Distribution::LogNormal { mu: -0.32, sigma: 0.8 }, "log-normal"),
        (Distribution::Gamma { shape: 0.5, scale: 2.0 }, "gamma"),
        (Distribution::Uniform { low: 0.0, high: 2.0 }, "uniform"),
    ] {
        let rate = 0.7 / service.mean();
        let theory = rate * service.second_moment() / (2.0 * 0.3);
        let wait = mean_over(0..200, |replication| {
            Stations::new(replication, rate, service.clone(), 1, 1).run(500.0, 5_000.0).wait.mean().unwrap()
        });
        assert_agrees(&wait, theory, what);
    }
}

#[test]
fn mmc_waits_agree_with_erlang_c() {
    for (servers, load) in [(2, 1.6), (10, 8.5)] {
        let theory = erlang_c(servers, load) / (servers as f64 - load);
        let wait = mean_over(0..200, |replication| {
            Stations::new(replication, load, exponential(), servers, 1).run(500.0, 4_000.0).wait.mean().unwrap()
        });
        assert_agrees(&wait, theory, "Erlang C");
    }
}

#[test]
fn losses_agree_with_erlang_b_whatever_the_service_time() {
    // Insensitivity: only the mean counts (Sevastyanov 1957).
    for service in
        [exponential(), Distribution::Constant { value: 1.0 }, Distribution::Gamma { shape: 0.5, scale: 2.0 }]
    {
        let lost = mean_over(0..200, |replication| {
            let mut stations = Stations::new(replication, 6.0, service.clone(), 8, 1);
            stations.room = 8;
            let stations = stations.run(100.0, 2_000.0);
            stations.lost as f64 / stations.came as f64
        });
        assert_agrees(&lost, erlang_b(8, 6.0), "Erlang B");
    }
}

#[test]
fn a_tandem_is_a_row_of_independent_queues() {
    // Burke 1956: what leaves an M/M/1 queue is a Poisson process.
    let time = mean_over(0..200, |replication| {
        Stations::new(replication, 0.7, exponential(), 1, 3).run(500.0, 5_000.0).mean_time_in_system.mean().unwrap()
    });
    assert_agrees(&time, 3.0 / (1.0 - 0.7), "tandem");
}

#[test]
fn the_examples_agree_with_their_theory() {
    assert_agrees(&mean_over(0..50, mm1::mean_time_in_system), 5.0, "M/M/1");
    assert_agrees(&mean_over(0..50, mmc_balking::share_turned_away), mmc_balking::theory(), "balking");
    assert_agrees(&mean_over(0..50, machine_repair::mean_machines_up), machine_repair::theory(), "machine repair");
    assert_agrees(&mean_over(0..50, tandem_blocking::throughput), 1.0 / (1.0 + 1.0 / 1.5 - 0.4), "blocking");
}

/// Up and down in turn, each with its own distribution.
struct Renewal {
    stream: RandomStream,
    durations: [Distribution; 2],
    since: SimTime,
    time: [SimDuration; 2],
}

impl Model for Renewal {
    /// The state entered: 0 up, 1 down.
    type Event = usize;

    fn handle(&mut self, state: usize, scheduler: &mut Scheduler<usize>) {
        self.time[1 - state] += scheduler.now() - self.since;
        self.since = scheduler.now();
        let stay = self.durations[state].sample_duration(&mut self.stream);
        scheduler.schedule_in(stay, 1 - state);
    }
}

#[test]
fn alternating_renewal_is_up_for_the_share_of_its_mean_up_time() {
    let up = Distribution::Weibull { shape: 0.7, scale: 90.0 };
    let down = Distribution::LogNormal { mu: 2.0, sigma: 1.0 };
    let theory = up.mean() / (up.mean() + down.mean());
    let share = mean_over(0..100, |replication| {
        let mut model = Renewal {
            stream: RandomStream::new(5, replication, Purpose::new("renewal"), 0),
            durations: [up.clone(), down.clone()],
            since: SimTime::ZERO,
            time: [SimDuration::ZERO; 2],
        };
        let mut scheduler = Scheduler::new(SimTime::ZERO);
        scheduler.schedule_in(SimDuration::ZERO, 0);
        run_until(&mut model, &mut scheduler, SimTime::from_secs_f64(200_000.0));
        let [up, down] = model.time.map(SimDuration::as_secs_f64);
        up / (up + down)
    });
    assert_agrees(&share, theory, "alternating renewal");
}
