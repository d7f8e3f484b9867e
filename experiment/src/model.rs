//! What the system needs, in plain numbers: one [`World`] (everything the architectures share) and one [`Design`] per
//! architecture. Made by [`crate::assemble`]; nothing here is uncertain any more.

use drsim_models::aurora::FailoverSettings;
use drsim_models::health_check::CheckerSettings;
use drsim_models::object_copy::link::{Link, Unstable};
use drsim_models::outage::RegionalOutages;
use drsim_models::traffic::{HourlyShape, Operation, Uploads};
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::Purpose;
use drsim_sim::time::SimDuration;
use std::sync::Arc;

/// One population in one world.
#[derive(Clone, Debug)]
pub struct PopulationModel {
    /// Its day profile.
    pub shape: Arc<HourlyShape>,
    /// Requests per second at multiplier 1, in the order of [`Operation::ALL`].
    pub per_second: [f64; 4],
    /// Its files.
    pub uploads: Uploads,
    /// Where its edge caches stand in their cycles.
    pub resolver_stream: Purpose,
    /// The random client that is followed.
    pub client_stream: Purpose,
}

impl PopulationModel {
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

/// One draw of everything that is not known, shared by all architectures.
#[derive(Clone, Debug)]
pub struct World {
    /// When regions fail.
    pub outages: RegionalOutages,
    /// Who asks.
    pub populations: Vec<PopulationModel>,
    /// Largest hourly rate of all populations together \[1/s\].
    pub peak_per_second: f64,
    /// Object sizes \[bytes\].
    pub size: Distribution,
    /// Replica lag when the writer is lost \[s\].
    pub lag: Distribution,
    /// Minimum service level: a share.
    pub served: f64,
    /// How long it must last.
    pub hold: SimDuration,
    /// Per region: phases of the checkers.
    pub checker_streams: Vec<Purpose>,
    /// Per region: publication of its verdicts.
    pub publication_streams: Vec<Purpose>,
    /// Per region: growth of a standby.
    pub scale_out_streams: Vec<Purpose>,
    /// Canary, promotion, reconnection.
    pub failover_stream: Purpose,
    /// Replica lag.
    pub lag_stream: Purpose,
    /// Rows within it.
    pub rows_stream: Purpose,
}

/// How files reach the other region.
#[derive(Clone, Debug)]
pub enum Copy {
    /// Each its own delay \[s\].
    Service {
        /// The delay.
        delay: Distribution,
    },
    /// First in, first out; one link out of each region, or the reason why there is no steady state.
    Link {
        /// Per region.
        regions: Vec<Result<Link, Unstable>>,
    },
}

/// One architecture in one world.
#[derive(Clone, Debug)]
pub struct Design {
    /// Regions it uses: the first 1 or 2 of the scenario's.
    pub regions: usize,
    /// Share of the joint peak demand that each region can carry from the start.
    pub capacity: Vec<f64>,
    /// Per population: regions by preference.
    pub preference: Vec<Vec<usize>>,
    /// `None`: nobody looks, traffic never moves.
    pub checkers: Option<CheckerSettings>,
    /// From verdict to changed answers \[s\].
    pub publication: Distribution,
    /// Per population: caches of equal weight between it and the answers.
    pub caches: Vec<usize>,
    /// Time to live of an answer; zero where there is no DNS in the path.
    pub time_to_live: SimDuration,
    /// Share of cacheable reads that an edge answers by itself.
    pub edge_hit_share: f64,
    /// `None`: no database elsewhere.
    pub failover: Option<FailoverSettings>,
    /// Who decides: `decision/on_call` or `decision/automatic`.
    pub decision_stream: Purpose,
    /// From detection until a standby carries everything \[s\].
    pub scale_out: Distribution,
    /// `None`: objects stay in their region.
    pub copy: Option<Copy>,
}
