//! Admission: which share of the attempts of one step gets past the bucket, finds a function and a connection.
//!
//! Attempts arrive evenly over a step. The bucket comes first: a throttled attempt costs no token. Then the network: what
//! does not fit through is turned away as well. Then an environment that is free, or can be made. Then, for those that need it, a connection; who has one waits until the database has
//! done the work that arrived before (first come, first served).
//!
//! A hold of D seconds that starts at an even instant of a step of h seconds still lasts at its end with probability
//! min(1, D / h): so many environments must be free per attempt. That is exact for even arrivals, and in a steady state
//! it is Little's law.
//!
//! Assumed: environments are kept for the hour. The wait for the database is taken at the start of the step, so its error
//! is of the order of a step.

use super::limits::{Class, Holds, Limits, PerResource, Resource, utilisation};

/// What the region has at the moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Gates {
    pub tokens: f64,
    pub environments: f64,
    pub units: f64,
    /// Work that the database has accepted and not done \[unit seconds\].
    pub backlog: f64,
    /// The last step moved one of these.
    pub moved: bool,
}

/// What arrives in a step, and what still runs at its end.
pub(super) struct Arrivals<'a> {
    pub step: f64,
    pub classes: &'a [Class],
    /// Attempts of each class.
    pub attempts: &'a [f64],
    pub functions_busy: f64,
    pub connections_busy: f64,
}

/// What happens to the attempts of a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passing {
    /// Share that gets a function.
    pub function: f64,
    /// Share of these that gets a connection, where one is needed.
    pub connection: f64,
    /// Share of those with a function whose environment is new.
    pub cold: f64,
    /// Wait for the database \[s\].
    pub wait: f64,
    /// What the step asked for.
    pub needed: PerResource,
    pub utilisation: PerResource,
}

/// Attempts that have to be weighed together: functions and connections that they would hold at the end of the step.
#[derive(Default)]
struct Wish {
    attempts: f64,
    /// Held whatever becomes of them.
    base: f64,
    /// Held in addition by those that get a connection.
    with_connection: f64,
    /// Held in addition if all their environments are new.
    cold: f64,
    /// The same in addition by those that get a connection.
    cold_with_connection: f64,
    connections: f64,
    /// Work for the database \[unit seconds\].
    work: f64,
    /// To be moved \[Mbit\].
    megabits: f64,
}

impl Wish {
    fn of(arrivals: &Arrivals, wait: f64, cold_start: f64) -> Self {
        let mut wish = Self::default();
        let held = |seconds: f64| (seconds / arrivals.step).min(1.0);
        for (class, &n) in arrivals.classes.iter().zip(arrivals.attempts) {
            let Holds { database, answer, failure, .. } = class.holds(wait);
            let good = n * class.answerable;
            wish.attempts += n;
            let (when_good, when_bad) = (held(answer), held(failure));
            if class.uses_database() {
                wish.base += n * when_bad;
                wish.with_connection += good * (when_good - when_bad);
            } else {
                wish.base += good * when_good + (n - good) * when_bad;
            }
            let longer_good = held(answer + cold_start) - when_good;
            let longer_bad = held(failure + cold_start) - when_bad;
            if class.uses_database() {
                wish.cold += n * longer_bad;
                wish.cold_with_connection += good * (longer_good - longer_bad);
            } else {
                wish.cold += good * longer_good + (n - good) * longer_bad;
            }
            wish.connections += good * class.connections * held(database);
            wish.work += good * class.database_work;
            wish.megabits += n * class.megabits;
        }
        wish
    }

    fn scale(&mut self, share: f64) {
        for part in [
            &mut self.attempts,
            &mut self.base,
            &mut self.with_connection,
            &mut self.cold,
            &mut self.cold_with_connection,
            &mut self.connections,
            &mut self.work,
            &mut self.megabits,
        ] {
            *part *= share;
        }
    }

    /// Functions held when a share `x` gets a function and at most a share `r` a connection.
    fn functions(&self, x: f64, r: f64) -> f64 {
        x * self.base + x.min(r) * self.with_connection
    }

    /// Largest share whose functions fit into `room`; `functions` rises, with a kink at `r`.
    fn fits(&self, room: f64, r: f64) -> f64 {
        let share = if self.functions(1.0, r) <= room {
            1.0
        } else if self.functions(r, r) >= room {
            room / (self.base + self.with_connection)
        } else {
            (room - r * self.with_connection) / self.base
        };
        share.clamp(0.0, 1.0)
    }
}

impl Gates {
    /// The region after a long time with this demand: a full bucket, and what the demand needs.
    pub fn new(limits: &Limits, before: &[Class]) -> Self {
        let (functions, units) = steady_needs(before);
        Self {
            tokens: limits.burst.available(),
            environments: functions.min(limits.concurrency.available()),
            units: units.max(limits.database_units_at_least).min(limits.database_units.available()),
            backlog: 0.0,
            moved: false,
        }
    }

    /// Lets the attempts of one step in.
    pub fn pass(&mut self, limits: &Limits, arrivals: &Arrivals) -> Passing {
        let step = arrivals.step;
        let was = (self.tokens, self.environments, self.units);
        let mut needed = PerResource::default();
        let mut used = PerResource::default();

        // The bucket.
        let (rate, burst) = (limits.requests_per_second.available(), limits.burst.available());
        let attempts: f64 = arrivals.attempts.iter().sum();
        let tokens = self.tokens + rate * step;
        let bucket = if attempts <= tokens { 1.0 } else { tokens / attempts };
        needed.set(Resource::Requests, attempts / step);
        used.set(Resource::Requests, utilisation(attempts / step, rate));
        if burst.is_finite() {
            let overdrawn = (burst - tokens + attempts).max(0.0);
            needed.set(Resource::Burst, overdrawn);
            used.set(Resource::Burst, utilisation(overdrawn, burst));
        }
        self.tokens = (tokens - attempts * bucket).max(0.0).min(burst);

        // Connections, were there a function for all.
        let wait = if self.backlog > 0.0 { self.backlog / self.units } else { 0.0 };
        let mut wish = Wish::of(arrivals, wait, limits.cold_start_seconds);
        wish.scale(bucket);
        let bandwidth = limits.bandwidth.available();
        needed.set(Resource::Bandwidth, wish.megabits / step);
        used.set(Resource::Bandwidth, utilisation(wish.megabits / step, bandwidth));
        let wire = if wish.megabits <= bandwidth * step { 1.0 } else { bandwidth * step / wish.megabits };
        wish.scale(wire);
        let entered = bucket * wire;
        let pool = limits.connections.available();
        let free = (pool - arrivals.connections_busy).max(0.0);
        let ratio = if wish.connections <= free { 1.0 } else { free / wish.connections };

        // Functions, and the environments made for them.
        let quota = limits.concurrency.available();
        let growth = limits.environments_per_second.available() * step;
        let asked = arrivals.functions_busy + wish.functions(1.0, ratio);
        let lacking = (asked.min(quota) - self.environments).max(0.0);
        // With between `ratio` and all of the connections asked for, so at most what either end takes.
        let cold_holds = wish.cold + wish.cold_with_connection.max(ratio * wish.cold_with_connection);
        let cold_each = if wish.attempts > 0.0 { cold_holds / wish.attempts } else { 0.0 };
        // A new environment is busy starting for a part of the step, so that more of them are made.
        let room_for_more = (quota - self.environments).max(0.0);
        let made = (lacking / (1.0 - cold_each).max(0.05)).min(growth).min(room_for_more);
        self.environments += made;
        let extra = made * cold_each;
        let room = self.environments.min(quota) - arrivals.functions_busy - extra;
        let function = wish.fits(room.max(0.0), ratio);
        needed.set(Resource::Concurrency, asked);
        used.set(Resource::Concurrency, utilisation(asked, quota));
        needed.set(Resource::ConcurrencyGrowth, lacking / step);
        used.set(Resource::ConcurrencyGrowth, utilisation(lacking, growth));
        let started = wish.attempts * function;
        let cold = if made > 0.0 { (made / started.max(made)).min(1.0) } else { 0.0 };

        // The database.
        wish.scale(function);
        let connection = if wish.connections <= free { 1.0 } else { free / wish.connections };
        let connections = arrivals.connections_busy + wish.connections;
        needed.set(Resource::Connections, connections);
        used.set(Resource::Connections, utilisation(connections, pool));
        self.work_off(limits, wish.work, connection, step, &mut needed, &mut used);

        self.moved = was != (self.tokens, self.environments, self.units) || self.backlog > 0.0;
        Passing { function: entered * function, connection, cold, wait, needed, utilisation: used }
    }

    /// The database grows if it must, and does what it can of the work it has accepted.
    fn work_off(
        &mut self,
        limits: &Limits,
        work: f64,
        connection: f64,
        step: f64,
        needed: &mut PerResource,
        used: &mut PerResource,
    ) {
        let largest = limits.database_units.available();
        let wanted = (self.backlog + work * connection) / step;
        if wanted > self.units {
            let doubling = limits.database_doubling_seconds;
            let reach = if doubling > 0.0 { self.units * libm::exp2(step / doubling) } else { f64::INFINITY };
            self.units = wanted.min(reach).min(largest).max(self.units);
        }
        needed.set(Resource::DatabaseUnits, work / step);
        used.set(Resource::DatabaseUnits, utilisation(work / step, largest));
        needed.set(Resource::DatabaseGrowth, wanted);
        used.set(Resource::DatabaseGrowth, utilisation(wanted.min(largest), self.units));
        let left = self.backlog + work * connection - self.units * step;
        // What rounding leaves over is no backlog.
        self.backlog = if left > 1e-9 * self.units * step { left } else { 0.0 };
    }
}

/// Functions and database units that a steady demand without retries keeps busy.
pub(super) fn steady_needs(demand: &[Class]) -> (f64, f64) {
    demand.iter().fold((0.0, 0.0), |(functions, units), class| {
        let holds = class.holds(0.0);
        let good = class.first_attempts_per_second * class.answerable;
        let bad = class.first_attempts_per_second - good;
        (functions + good * holds.answer + bad * holds.failure, units + good * class.database_work)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Class, Limit, Limits, MICRO, Region, RetryPolicy};

    #[test]
    fn a_bucket_of_burst_b_lasts_b_over_load_minus_rate() {
        // 5,000 / (12,000 - 10,000) = 2.5 s, to a step.
        let limits = Limits { requests_per_second: Limit::of(10_000.0), burst: Limit::of(5_000.0), ..Limits::NONE };
        let demand = [Class::answered(12_000.0, 0.01)];
        for step in [0.01, 0.1, 0.25] {
            let mut region = Region::new(step, limits.clone(), RetryPolicy::NONE, &demand);
            let steps = (0..100_000).take_while(|_| region.advance(&demand).throttled == 0).count();
            let lasted = steps as f64 * step;
            assert!((lasted - 2.5).abs() < step + 1e-9, "{lasted} s in steps of {step} s");
            // From then on the rate gets through, and the bucket refills at what is not used.
            let later: u64 = (0..100).map(|_| region.advance(&demand).throttled).sum();
            let (later, expected) = (later as f64 / MICRO, 100.0 * step * 2_000.0);
            assert!((later - expected).abs() < 1e-3 * expected, "{later} of {expected}");
        }
    }

    #[test]
    fn a_share_used_by_others_is_gone_from_the_start() {
        let half = |limit| Limit { limit, used_by_others: 0.5 };
        let limits = Limits { requests_per_second: half(10_000.0), burst: half(5_000.0), ..Limits::NONE };
        let mut region = Region::new(0.1, limits, RetryPolicy::NONE, &[Class::answered(0.0, 0.01)]);
        let demand = [Class::answered(6_000.0, 0.01)];
        let steps = (0..100_000).take_while(|_| region.advance(&demand).throttled == 0).count();
        assert_eq!(steps, 25, "2,500 / (6,000 - 5,000) s");
    }

    #[test]
    fn functions_in_flight_obey_littles_law() {
        // 400/s: 0.9 x 0.25 s answered, 0.1 x 3 s hung: 90 + 120 functions.
        let class = Class { answerable: 0.9, failure_seconds: 3.0, ..Class::answered(400.0, 0.25) };
        for step in [0.1, 0.7, 1.0, 10.0] {
            let mut region = Region::new(step, Limits::NONE, RetryPolicy::NONE, &[class]);
            let mut in_flight = 0;
            for _ in 0..50 {
                in_flight = region.advance(&[class]).in_flight;
            }
            let functions = in_flight as f64 / MICRO;
            assert!((functions - 210.0).abs() < 1e-4, "{functions} in steps of {step} s");
            assert!(region.is_settled());
        }
    }

    #[test]
    fn requests_that_hang_take_the_functions_of_the_others() {
        // Reads 1,000/s of 0.1 s alone need 100 of 1,000 functions. Writes 200/s that hang for 29 s want 5,800: of both,
        // 1,000 / 5,900 get a function.
        let reads = Class::answered(1_000.0, 0.1);
        let writes = Class { answerable: 0.0, failure_seconds: 29.0, ..Class::answered(200.0, 0.1) };
        let limits = Limits { concurrency: Limit::of(1_000.0), ..Limits::NONE };
        let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &[reads, writes]);
        let served: Vec<u64> = (0..3800).map(|_| region.advance(&[reads, writes]).served_first).collect();
        assert!((served[0] as f64 / MICRO - 950.0).abs() < 60.0, "at first all but those that run over: {}", served[0]);
        // What started together hangs up together, so a mean over 2,900 s may hold 29 s too much or too little: 1%.
        let late = served[900..].iter().sum::<u64>() as f64 / MICRO / 2900.0;
        assert!((late * 5.9 / 1_000.0 - 1.0).abs() < 0.01, "{late}");
    }

    #[test]
    fn from_n_to_2n_functions_takes_ten_seconds_per_thousand() {
        // In steps of 10 s, ceil(n / 1,000) of them; in steps of 1 s, n / 100 s.
        let limits = Limits { environments_per_second: Limit::of(100.0), ..Limits::NONE };
        for n in [500.0, 1_000.0, 1_500.0, 2_500.0, 3_000.0] {
            for step in [10.0, 1.0] {
                let mut region = Region::new(step, limits.clone(), RetryPolicy::NONE, &[Class::answered(n, 1.0)]);
                let demand = [Class::answered(2.0 * n, 1.0)];
                let mut steps = 0;
                while region.environments() < 2.0 * n - 1e-6 {
                    region.advance(&demand);
                    steps += 1;
                }
                assert_eq!(steps, (n / (100.0 * step)).ceil() as i32, "{n} in steps of {step} s");
            }
        }
    }

    #[test]
    fn new_environments_are_busy_for_their_cold_start() {
        // 1,000 new ones in one step: 1,000 requests take 5 s longer.
        let limits = Limits { cold_start_seconds: 5.0, ..Limits::NONE };
        let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &[Class::answered(1_000.0, 1.0)]);
        let demand = [Class::answered(2_000.0, 1.0)];
        let first = region.advance(&demand);
        assert_eq!(first.in_flight, 2_000_000_000, "all hold an environment");
        let served = region.advance(&demand).served_first as f64 / MICRO;
        assert!((served - 1_000.0).abs() < 1e-3, "the warm half of the first step: {served}");
    }

    #[test]
    fn the_database_quadruples_in_twice_its_doubling_time() {
        let limits = Limits {
            database_units: Limit::of(64.0),
            database_units_at_least: 0.5,
            database_doubling_seconds: 60.0,
            ..Limits::NONE
        };
        let class = |rate| [Class { database_work: 0.01, ..Class::answered(rate, 0.01) }];
        let mut region = Region::new(1.0, limits, RetryPolicy::NONE, &class(800.0));
        assert!((region.database_units() - 8.0).abs() < 1e-9);
        let demand = class(20_000.0);
        for _ in 0..120 {
            region.advance(&demand);
        }
        assert!((region.database_units() - 32.0).abs() < 1e-9, "{}", region.database_units());
        for _ in 0..61 {
            region.advance(&demand);
        }
        assert!((region.database_units() - 64.0).abs() < 1e-9, "not beyond its largest size");
    }
}
