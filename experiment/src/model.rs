//! What the system needs, in plain numbers: one [`World`] (everything the architectures share) and one [`Design`] per
//! architecture. Made by [`crate::assemble`]; nothing here is uncertain any more.

use drsim_models::aurora::FailoverSettings;
use drsim_models::capacity::{Crowd, Limits, RetryPolicy};
use drsim_models::edge_content::EdgeContentSettings;
use drsim_models::failback::FailbackSettings;
use drsim_models::health_check::CheckerSettings;
use drsim_models::object_copy::link::{Link, Unstable};
use drsim_models::object_copy::slowdown::Slowdowns;
use drsim_models::outage::process::OutageProcess;
use drsim_models::outage::{Cause, Component, Components};
use drsim_models::readiness::{Drills, LatentFaults};
use drsim_models::replica::Replica;
use drsim_models::traffic::{HourlyShape, Operation, Stretch, Uploads};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::Purpose;
use drsim_sim::time::{SimDuration, SimTime};
use std::sync::Arc;

/// One population in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationModel {
    /// Its day profile.
    pub shape: Arc<HourlyShape>,
    /// The same, each hour times what it counts for; `None`: all alike.
    pub worth: Option<Arc<HourlyShape>>,
    /// Requests per second at multiplier 1, in the order of [`Operation::ALL`].
    pub per_second: [f64; 4],
    /// Its files.
    pub uploads: Uploads,
    /// Whether a rule keeps them from the other region.
    pub files_kept_home: bool,
    /// Whether it does so with its rows, in a database of their own.
    pub rows_kept_home: bool,
    /// Where its edge caches stand in their cycles.
    pub edge_stream: Purpose,
    /// Where its clients' own resolvers stand, and which of them stretch an answer.
    pub resolver_stream: Purpose,
    /// How long its open connections stay.
    pub connection_stream: Purpose,
    /// The random client that is followed.
    pub client_stream: Purpose,
    /// Its files that lose their row.
    pub unmatched_stream: Purpose,
}

impl PopulationModel {
    /// The hour of its profile that an instant lies in, plain and weighted by what hours count for.
    pub fn stretches(&self, at: SimTime) -> [Stretch; 2] {
        let plain = self.shape.stretch(at);
        [plain, self.worth.as_ref().map_or(plain, |worth| worth.stretch(at))]
    }

    /// Integral of its profile up to an instant \[s\], plain and weighted.
    pub fn integrals(&self, at: SimTime) -> [f64; 2] {
        self.stretches(at).map(|stretch| stretch.cumulative(at))
    }

    /// Whether any of its data may not rest in another region than its own.
    pub fn is_kept_home(&self) -> bool {
        self.files_kept_home || self.rows_kept_home
    }

    /// Whether an operation leaves or needs data that may not rest in another region than its own.
    pub fn stays_home(&self, operation: Operation) -> bool {
        match operation {
            Operation::CacheableRead => false, // what everybody may see
            Operation::DynamicRead | Operation::Write => self.rows_kept_home,
            Operation::Upload => self.is_kept_home(),
        }
    }

    /// All requests per second at multiplier 1.
    pub fn total_per_second(&self) -> f64 {
        self.per_second.iter().sum()
    }

    /// Rows written per second at multiplier 1.
    pub fn writes_per_second(&self) -> f64 {
        let writes = Operation::ALL.iter().zip(self.per_second).filter(|(o, _)| o.needs_writer());
        writes.map(|(_, rate)| rate).sum()
    }
}

/// What the operations need, region by region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Components of the region itself.
    pub own: [[Components; 4]; 2],
    /// Components that only the other region holds.
    pub borrowed: [[Components; 4]; 2],
    /// Whether anything needs the sign-in.
    pub identity: bool,
}

/// What corruption costs: it is replicated faithfully, so that only backups help.
#[derive(Clone, Debug, PartialEq)]
pub struct Backups {
    /// From a restore point to the damage \[s\].
    pub restore_point_age: Distribution,
    /// How far back they reach.
    pub retention: SimDuration,
}

/// When people decide, and how much later at night.
#[derive(Clone, Debug, PartialEq)]
pub struct OnCall {
    /// 1 in the hours in which nobody is awake, 0 otherwise.
    pub night: Arc<HourlyShape>,
    /// What is added then \[s\].
    pub night_extra: Distribution,
    /// Waiting in the hope of a repair \[s\].
    pub patience: Distribution,
    /// 1 in the hours in which the writer may return, 0 otherwise.
    pub failback_hours: Arc<HourlyShape>,
}

/// One draw of everything that is not known, shared by all architectures.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// What goes wrong, cause by cause.
    pub outages: Vec<OutageProcess>,
    /// Who asks.
    pub populations: Vec<PopulationModel>,
    /// Largest hourly rate of all populations together \[1/s\].
    pub peak_per_second: f64,
    /// The same over their rate at multiplier 1.
    pub busiest: f64,
    /// Object sizes \[bytes\].
    pub size: Distribution,
    /// What requests need.
    pub needs: Needs,
    /// The way back from corruption.
    pub backups: Backups,
    /// Who decides.
    pub on_call: OnCall,
    /// How long a client waits for an answer.
    pub client_timeout: SimDuration,
    /// How long a signed-in client does without the sign-in.
    pub tokens_last: SimDuration,
    /// How long an upload is under way on average \[s\].
    pub upload_seconds: f64,
    /// Minimum service level: a share.
    pub served: f64,
    /// How long it must last.
    pub hold: SimDuration,
    /// Per region: growth of a standby.
    pub scale_out_streams: Vec<Purpose>,
    /// Canary, promotion, reconnection.
    pub failover_stream: Purpose,
    /// Replica lag.
    pub lag_stream: Purpose,
    /// Rows within it.
    pub rows_stream: Purpose,
    /// Rebuild of a region and return of the writer.
    pub failback_stream: Purpose,
    /// When drills fall, and what failovers meet.
    pub drill_stream: Purpose,
    /// Chance that an outage of a cause destroys the data of its region, in the order of [`Cause::ALL`].
    pub destroys: [f64; Cause::ALL.len()],
    /// Which outages do.
    pub fate_stream: Purpose,
    /// Files deleted per file uploaded, and whether deletions are copied.
    pub deletes: (f64, bool),
    /// Which deletions were under way.
    pub deletes_stream: Purpose,
    /// Share of uploads that write a key of both regions, and the number of such keys.
    pub shared_keys: (f64, f64),
    /// Times in which copies of files are slow; `None`: never.
    pub slowdowns: Option<Slowdowns>,
    /// What the database's canary looks at.
    pub canary_watches: Components,
    /// Whether a promotion fences the old writer off, and when at last.
    pub fencing_stream: Purpose,
    /// Which drills get stuck.
    pub stuck_stream: Purpose,
    /// Restore points.
    pub backup_stream: Purpose,
    /// Changes of records by hand.
    pub runbook_stream: Purpose,
    /// Per region: people who take it out.
    pub evacuation_streams: Vec<Purpose>,
}

impl World {
    /// Requests per second in an hour over those at multiplier 1.
    pub fn multiplier(&self, hour: i64) -> f64 {
        let (mut now, mut all) = (0.0, 0.0);
        for population in &self.populations {
            now += population.total_per_second() * population.shape.at_hour(hour);
            all += population.total_per_second();
        }
        if all > 0.0 { now / all } else { 1.0 }
    }
}

/// How files reach the other region.
#[derive(Clone, Debug, PartialEq)]
pub enum Copy {
    /// Each its own delay \[s\].
    Service {
        /// The delay.
        delay: Distribution,
        /// The bandwidth that all share, out of each region; `None`: far more than copies need.
        pool: Option<Vec<Result<Link, Unstable>>>,
    },
    /// First in, first out; one link out of each region, or the reason why there is no steady state.
    Link {
        /// Per region.
        regions: Vec<Result<Link, Unstable>>,
    },
}

/// What moves a front door's traffic away from a region.
#[derive(Clone, Debug, PartialEq)]
pub enum Steering {
    /// Nothing: traffic never moves.
    Never,
    /// Health checks.
    Checks {
        /// Who looks.
        settings: CheckerSettings,
        /// From verdict to changed answers \[s\].
        publication: Distribution,
        /// What a check exercises in its region.
        watches: Components,
        /// What it exercises of the other region, since a region has no such thing of its own; by region.
        borrows: [Components; 2],
        /// Whether it writes, wherever the writer is.
        watches_writer: bool,
    },
    /// People change the record once the other region is ready.
    Runbook {
        /// From the change to changed answers \[s\].
        change: Distribution,
    },
    /// Each read that fails is sent again to the next origin; writes are not.
    OriginGroup {
        /// What a dead origin costs a request before the next is tried.
        wait: SimDuration,
    },
}

/// A way in: where requests enter and how they find a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Door {
    /// What it needs that belongs to no region.
    pub needs: Components,
    /// The control plane that people call to change where it leads; checks and origin groups call none.
    pub control: Component,
    /// What moves its traffic.
    pub steering: Steering,
    /// Per population: caches of equal weight between it and the answers.
    pub caches: Vec<usize>,
    /// Time to live of an answer; zero where there is no DNS in the path.
    pub time_to_live: SimDuration,
    /// Caches that keep an answer longer: their share, and how long \[s\].
    pub stretch: Option<(f64, Distribution)>,
    /// Whether the caches are those of edges; otherwise the clients' own.
    pub at_the_edge: bool,
    /// How long a connection stays on a region that still answers \[s\].
    pub linger: Option<Distribution>,
    /// How long a region that was lost must be healthy before its verdict is published.
    pub returns_after: SimDuration,
    /// Whether each edge cache is followed for itself although all obey.
    pub one_by_one: bool,
    /// How it caches cacheable reads.
    pub edge: EdgeContentSettings,
    /// Per population: regions by preference.
    pub preference: Vec<Vec<usize>>,
    /// Per region: phases of the checkers.
    pub checker_streams: Vec<Purpose>,
    /// Per region: publication of its verdicts.
    pub publication_streams: Vec<Purpose>,
}

/// When a region that runs at a share of its size starts to grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleOut {
    /// Once a health check finds the other one down.
    Detected,
    /// Once people decide.
    Decided,
}

/// People take a region out of the answers when its users are not served, whatever its checks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Evacuation {
    /// From the first user below the minimum service level to the alarm \[s\].
    pub alarm: Distribution,
    /// From the alarm to the decision \[s\].
    pub decision: Distribution,
    /// From the change of records to changed answers \[s\].
    pub change: Distribution,
    /// How long the region must serve again before it is put back.
    pub stability: SimDuration,
}

/// What regions have, and what their clients do when that is not enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// The limits, region by region.
    pub limits: Vec<Limits>,
    /// The clients.
    pub policy: RetryPolicy,
    /// Who comes from a region that answers nobody, per first attempt a second there; `None`: retries stay where they are.
    pub crowd: Option<Following>,
    /// How long a good answer takes, by operation \[s\].
    pub service_seconds: [f64; 4],
    /// How long a request that fails holds its function \[s\].
    pub hang_seconds: f64,
    /// After which a function is stopped \[s\].
    pub function_timeout_seconds: f64,
    /// Units of the database times seconds, per request.
    pub database_work: f64,
    /// What a request and its answer move, by operation \[Mbit\].
    pub megabits: [f64; 4],
    /// Whether the limits suffice for everybody at the busiest hour, every request failing and retried: then nothing is
    /// followed.
    pub ample: bool,
}

/// Clients that try again where the answer then points.
#[derive(Clone, Debug, PartialEq)]
pub struct Following {
    /// Who they are.
    pub crowd: Crowd,
    /// Attempts of theirs within each second after they turn.
    pub attempts: Vec<f64>,
}

/// One architecture in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Regions it uses: the first 1 or 2 of the scenario's.
    pub regions: usize,
    /// Share of the joint peak demand that each region can carry from the start.
    pub capacity: Vec<f64>,
    /// What each region has.
    pub limits: Capacity,
    /// Its front doors: one, or one for cacheable reads and one for the rest.
    pub doors: Vec<Door>,
    /// Which of them an operation takes, in the order of [`Operation::ALL`].
    pub door_of: [usize; 4],
    /// `None`: nobody moves traffic by hand.
    pub evacuation: Option<Evacuation>,
    /// What a failover may meet; `None`: nothing is latent.
    pub latent_faults: Option<LatentFaults>,
    /// Drills that move the writer; `None`: nowhere to move it, or it is exercised aside.
    pub drills: Option<Drills>,
    /// `None`: no database elsewhere.
    pub failover: Option<FailoverSettings>,
    /// The way back after a promotion; `None`: the old region is a copy at once, and the writer where it was.
    pub failback: Option<FailbackSettings>,
    /// Whether traffic that left the old region stays away until the writer is back there.
    pub writer_first: bool,
    /// Whether a person decides.
    pub person_decides: bool,
    /// Who decides: `decision/on_call` or `decision/automatic`.
    pub decision_stream: Purpose,
    /// How far the other database is behind.
    pub replica: Replica,
    /// From its start until a standby carries everything \[s\].
    pub scale_out: Distribution,
    /// When it starts.
    pub scale_out_when: ScaleOut,
    /// `None`: objects stay in their region.
    pub copy: Option<Copy>,
}
