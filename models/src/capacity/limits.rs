//! What a region has, and what asks for it: plain numbers.

/// One limit, part of which others in the same account and region already use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// As granted; may be infinite.
    pub limit: f64,
    /// Share of it that is gone, 0 to 1.
    pub used_by_others: f64,
}

impl Limit {
    /// No limit.
    pub const NONE: Self = Self::of(f64::INFINITY);

    /// All of `limit` is ours.
    pub const fn of(limit: f64) -> Self {
        Self { limit, used_by_others: 0.0 }
    }

    /// What is left of it.
    pub fn available(self) -> f64 {
        if self.limit.is_infinite() { self.limit } else { self.limit * (1.0 - self.used_by_others) }
    }
}

/// The limits of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Refill of the token bucket at the entrance \[1/s\].
    pub requests_per_second: Limit,
    /// Size of that bucket.
    pub burst: Limit,
    /// Functions that may run at once.
    pub concurrency: Limit,
    /// New execution environments \[1/s\]: what is not used within a step is lost.
    pub environments_per_second: Limit,
    /// How much longer the first request of a new environment takes \[s\].
    pub cold_start_seconds: f64,
    /// Largest size of the database.
    pub database_units: Limit,
    /// Its smallest size, from which it grows.
    pub database_units_at_least: f64,
    /// In which it doubles while it is too small \[s\]; 0: it has any size at once; infinite: it does not grow.
    pub database_doubling_seconds: f64,
    /// Connections that the database accepts.
    pub connections: Limit,
    /// What requests and answers may take of the region's network \[Mbit/s\].
    pub bandwidth: Limit,
}

impl Limits {
    /// Nothing is scarce.
    pub const NONE: Self = Self {
        requests_per_second: Limit::NONE,
        burst: Limit::NONE,
        concurrency: Limit::NONE,
        environments_per_second: Limit::NONE,
        cold_start_seconds: 0.0,
        database_units: Limit::NONE,
        database_units_at_least: 0.0,
        database_doubling_seconds: 0.0,
        connections: Limit::NONE,
        bandwidth: Limit::NONE,
    };

    /// What a new account gets in a large region: 10,000 requests/s with a burst of 5,000, 1,000 functions at once,
    /// 1,000 more per 10 s. The database is not in it: that is a choice, not a quota.
    pub const DEFAULT: Self = Self {
        requests_per_second: Limit::of(10_000.0),
        burst: Limit::of(5_000.0),
        concurrency: Limit::of(1_000.0),
        environments_per_second: Limit::of(100.0),
        ..Self::NONE
    };
}

/// Requests of one kind, as they are during a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// First attempts \[1/s\].
    pub first_attempts_per_second: f64,
    /// Share of attempts that would be answered well if nothing were scarce; every attempt has its own luck.
    pub answerable: f64,
    /// How long a good answer takes, without waiting for the database \[s\].
    pub service_seconds: f64,
    /// How long an attempt that fails holds its function \[s\]: an immediate error, or a hang.
    pub failure_seconds: f64,
    /// After which the function is stopped \[s\].
    pub function_timeout_seconds: f64,
    /// Units of the database that one request keeps busy, times how long \[s\].
    pub database_work: f64,
    /// Connections that one request holds.
    pub connections: f64,
    /// What one attempt moves, there and back \[Mbit\].
    pub megabits: f64,
}

impl Class {
    /// Requests that are all answered, without a database, by functions with the longest time-out behind an API
    /// (29 s).
    pub const fn answered(first_attempts_per_second: f64, service_seconds: f64) -> Self {
        Self {
            first_attempts_per_second,
            answerable: 1.0,
            service_seconds,
            failure_seconds: 0.0,
            function_timeout_seconds: 29.0,
            database_work: 0.0,
            connections: 0.0,
            megabits: 0.0,
        }
    }

    pub(super) fn uses_database(&self) -> bool {
        self.database_work > 0.0 || self.connections > 0.0
    }

    /// How long a good answer and a failing attempt hold a function \[s\] when the database makes them wait, and whether
    /// the answer comes before the function is stopped.
    pub(super) fn holds(&self, wait: f64) -> Holds {
        let database = self.service_seconds + if self.uses_database() { wait } else { 0.0 };
        Holds {
            in_time: database <= self.function_timeout_seconds,
            database,
            answer: database.min(self.function_timeout_seconds),
            failure: self.failure_seconds.min(self.function_timeout_seconds),
        }
    }
}

/// How long an attempt holds what \[s\].
#[derive(Clone, Copy, Debug)]
pub(super) struct Holds {
    /// The answer is ready before the function is stopped.
    pub in_time: bool,
    /// Its connection.
    pub database: f64,
    /// Its function, if it gets to an answer.
    pub answer: f64,
    /// Its function, if it fails.
    pub failure: f64,
}

/// What may run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Resource {
    /// Rate of the token bucket.
    Requests,
    /// Its size.
    Burst,
    /// Functions at once.
    Concurrency,
    /// New environments per second.
    ConcurrencyGrowth,
    /// Largest size of the database.
    DatabaseUnits,
    /// Its size now.
    DatabaseGrowth,
    /// Connections.
    Connections,
    /// Megabits per second.
    Bandwidth,
}

impl Resource {
    /// The name in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests_per_second",
            Self::Burst => "burst",
            Self::Concurrency => "concurrency",
            Self::ConcurrencyGrowth => "concurrency_growth",
            Self::DatabaseUnits => "database_units",
            Self::DatabaseGrowth => "database_growth",
            Self::Connections => "connections",
            Self::Bandwidth => "bandwidth",
        }
    }

    /// The unit in data files.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Requests | Self::ConcurrencyGrowth => "1/s",
            Self::Bandwidth => "Mbit/s",
            _ => "1",
        }
    }

    /// All of them, in the order in which a request meets them.
    pub const ALL: [Self; 8] = [
        Self::Requests,
        Self::Burst,
        Self::Concurrency,
        Self::ConcurrencyGrowth,
        Self::DatabaseUnits,
        Self::DatabaseGrowth,
        Self::Connections,
        Self::Bandwidth,
    ];
}

/// One number for each resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PerResource([f64; Resource::ALL.len()]);

impl PerResource {
    /// Each resource's number from a function.
    pub fn from_fn(f: impl FnMut(Resource) -> f64) -> Self {
        Self(Resource::ALL.map(f))
    }

    /// The number of one resource.
    pub fn get(&self, resource: Resource) -> f64 {
        self.0[resource as usize]
    }

    /// Sets the number of one resource.
    pub fn set(&mut self, resource: Resource, value: f64) {
        self.0[resource as usize] = value;
    }

    /// Adds another, resource by resource.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }

    /// The same, so many times.
    pub fn times(mut self, factor: f64) -> Self {
        self.0.iter_mut().for_each(|own| *own *= factor);
        self
    }

    /// The larger of the two, resource by resource.
    pub fn raise(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own = own.max(other));
    }
}

impl Limits {
    /// What there is of each resource, after others took their share. The size that the database has now is not known
    /// here: its smallest stands for it, if it takes time to grow.
    pub fn available(&self) -> PerResource {
        PerResource::from_fn(|resource| {
            let limit = match resource {
                Resource::DatabaseGrowth if self.database_doubling_seconds <= 0.0 => Limit::NONE,
                Resource::DatabaseGrowth => Limit::of(self.database_units_at_least),
                Resource::Requests => self.requests_per_second,
                Resource::Burst => self.burst,
                Resource::Concurrency => self.concurrency,
                Resource::ConcurrencyGrowth => self.environments_per_second,
                Resource::DatabaseUnits => self.database_units,
                Resource::Connections => self.connections,
                Resource::Bandwidth => self.bandwidth,
            };
            limit.available()
        })
    }
}

/// Demand over limit; no demand is never too much.
pub(super) fn utilisation(demand: f64, limit: f64) -> f64 {
    if demand <= 0.0 { 0.0 } else { demand / limit }
}
