//! What is counted: incidents in replication order in, sums and sketches out. Memory does not grow with the number of
//! replications: sketches have fixed buckets, everything else is a sum per world.
//!
//! Replications without an incident are not visited; they are added in one go when the sums are read.

use crate::availability::provider::ProviderYear;
use crate::availability::tally::Availability;
use crate::compare::{Duel, Pairs, Year};
use crate::data::DataTally;
use crate::model::World;
use crate::money::loss::{Rates, lost_items};
use crate::returned::ReturnedTally;
use crate::scenario::{Cause, ClaimMetric, Operation, OperationGroup, Per, Scenario, Store};
use crate::system::load::REPORTED;
use crate::system::{Effect, Incident};
use crate::together::NeedSample;
use drsim_models::capacity::Resource;
use drsim_models::cost::loss::Loss;
use drsim_models::fate::Lacking;
use drsim_models::outage::{YEAR_END, YEAR_SECONDS};
use drsim_models::recovery::Part;
use drsim_sim::statistics::{LogSketch, MeanSums, RatioSums, StratifiedMean, StratifiedRatio};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Operations and groups of them that have a cell of their own.
pub const GROUPS: [OperationGroup; 6] = [
    OperationGroup::One(Operation::CacheableRead),
    OperationGroup::One(Operation::DynamicRead),
    OperationGroup::One(Operation::Write),
    OperationGroup::One(Operation::Upload),
    OperationGroup::Read,
    OperationGroup::Overall,
];

impl OperationGroup {
    /// The name in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::One(operation) => operation.name(),
            Self::Overall => "overall",
        }
    }

    /// Whether an operation belongs to it.
    pub const fn contains(self, operation: Operation) -> bool {
        match self {
            Self::Read => matches!(operation, Operation::CacheableRead | Operation::DynamicRead),
            Self::One(one) => one as u8 == operation as u8,
            Self::Overall => true,
        }
    }
}

/// One incident of one architecture in one replication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Replication.
    pub replication: u64,
    /// Index of the architecture.
    pub architecture: usize,
    /// Number within the replication and architecture, from 0.
    pub ordinal: u32,
    /// What happened.
    pub incident: Incident,
}

/// A distribution over cases, with what its intervals need.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The values \[s\].
    pub sketch: LogSketch,
    /// Cases per replication.
    pub cases: RatioSums,
    in_replication: u64,
}

impl Cell {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        // A millisecond to a year, within 0.1%.
        Self { sketch: LogSketch::new(1e-3, YEAR_SECONDS, 1e-3), cases: RatioSums::default(), in_replication: 0 }
    }

    /// Of amounts from a thousandth to a thousand million, within 0.1%.
    fn of_amounts() -> Self {
        Self { sketch: LogSketch::new(1e-3, 1e9, 1e-3), cases: RatioSums::default(), in_replication: 0 }
    }

    /// Of shares of a limit, from a ten-thousandth to ten thousand times, within 0.5%.
    fn of_shares() -> Self {
        Self { sketch: LogSketch::new(1e-4, 1e4, 5e-3), cases: RatioSums::default(), in_replication: 0 }
    }

    fn add_amount(&mut self, value: f64) {
        self.in_replication += 1;
        if value > 0.0 { self.sketch.add_waiting(value) } else { self.sketch.add_zero() }
    }

    /// Counts a time; `None`: it has no end.
    pub(crate) fn add(&mut self, value: Option<SimDuration>) {
        self.in_replication += 1;
        match value {
            Some(d) if d.is_max() => self.sketch.add_infinite(),
            Some(d) if d == SimDuration::ZERO => self.sketch.add_zero(),
            Some(d) => self.sketch.add_waiting(d.as_secs_f64()),
            None => self.sketch.add_infinite(),
        }
    }

    /// Makes what was counted readable.
    pub(crate) fn settle(&mut self) {
        self.sketch.settle();
    }

    /// What was counted since the last call belongs together.
    pub(crate) fn end_replication(&mut self) {
        if self.in_replication > 0 {
            self.cases.add(0, self.in_replication);
            self.in_replication = 0;
        }
    }
}

/// Sums of the parts of the recovery time, over incidents of one region only.
#[derive(Clone, Copy, Debug, Default)]
pub struct PartSums {
    /// Cases.
    pub cases: u64,
    /// Cases in which the database branch ended last.
    pub database_decided: u64,
    /// Sum of each part \[ns\].
    pub nanoseconds: [u128; Part::ALL.len()],
    /// Cases in which each part was the longest.
    pub longest: [u64; Part::ALL.len()],
}

impl PartSums {
    fn add(&mut self, effect: &Effect) {
        self.cases += 1;
        self.database_decided += u64::from(effect.database_decided);
        for (sum, part) in self.nanoseconds.iter_mut().zip(effect.parts) {
            *sum += u128::from(part.as_nanos());
        }
        if let Some(longest) = Part::ALL.into_iter().max_by_key(|part| effect.parts[*part as usize]) {
            self.longest[longest as usize] += 1;
        }
    }
}

/// A claim's cases, world by world, and the smallest one that breaks it.
#[derive(Clone, Debug)]
pub struct ClaimTally {
    worlds: Vec<RatioSums>,
    /// Replication, value in the claim's unit, items behind it.
    pub smallest_counterexample: Option<(u64, f64, u64)>,
    /// Parts of the recovery time over the cases that break it.
    pub parts: PartSums,
}

/// A kind of disruption in the words of business continuity. A zone and a region are causes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disruption {
    /// What people deployed, damaged, let expire or moved for nothing.
    Application,
    /// What the provider runs below a region: services, links, front doors, control planes.
    Infrastructure,
}

impl Disruption {
    /// The kind of a cause; `None`: a zone or a region.
    pub const fn of(cause: Cause) -> Option<Self> {
        match cause {
            Cause::Zone | Cause::Region => None,
            Cause::Deployment | Cause::Corruption | Cause::Certificate | Cause::FalseAlarm | Cause::Drill => {
                Some(Self::Application)
            }
            Cause::Service | Cause::Link | Cause::FrontDoor | Cause::ControlPlane => Some(Self::Infrastructure),
        }
    }
}

/// Which incidents are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Those of one cause.
    Cause(Cause),
    /// Those of one kind of disruption.
    Disruption(Disruption),
}

impl Apart {
    /// The word in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cause(cause) => cause.name(),
            Self::Disruption(Disruption::Application) => "application",
            Self::Disruption(Disruption::Infrastructure) => "infrastructure",
        }
    }

    fn holds(self, cause: Cause) -> bool {
        match self {
            Self::Cause(own) => own == cause,
            Self::Disruption(kind) => Disruption::of(cause) == Some(kind),
        }
    }

    /// Every cause that is switched on, and the kinds that join several of them; nothing where there is only one.
    fn all(scenario: &Scenario) -> Vec<Self> {
        let causes = scenario.causes();
        if causes.len() < 2 {
            return Vec::new();
        }
        let joins =
            |kind: &Disruption| causes.iter().filter(|cause| Disruption::of(**cause) == Some(*kind)).count() > 1;
        let kinds = [Disruption::Application, Disruption::Infrastructure].into_iter().filter(joins);
        causes.iter().map(|cause| Self::Cause(*cause)).chain(kinds.map(Self::Disruption)).collect()
    }
}

/// What one cause or kind of disruption did, counted apart where several are switched on.
#[derive(Clone, Debug)]
pub struct CauseTally {
    /// The cause or kind.
    pub apart: Apart,
    /// Recovery times of [`CAUSE_GROUPS`], all populations.
    pub recovery: [Cell; CAUSE_GROUPS.len()],
    /// Incidents that began in the year.
    pub incidents: u64,
    /// Incidents a year.
    per_year: Worlds,
    /// Failed first attempts a year.
    failed: Worlds,
}

/// Groups of operations that each cause has a cell for.
pub const CAUSE_GROUPS: [OperationGroup; 3] =
    [OperationGroup::Read, OperationGroup::One(Operation::Write), OperationGroup::Overall];

/// Everything counted about one architecture.
#[derive(Clone, Debug)]
pub struct ArchitectureTally {
    /// Recovery times, per population (overall last) and group.
    pub recovery: Vec<Vec<Cell>>,
    /// Times of single clients, likewise.
    pub client: Vec<Vec<Cell>>,
    /// Worst recovery time of each year, overall.
    pub worst_of_year: Cell,
    /// The year with the most downtime: replication, minutes down, failed requests.
    pub worst_year: Option<(u64, f64, f64)>,
    /// By cause, where several are switched on.
    pub causes: Vec<CauseTally>,
    /// What the busiest region of each incident needed, by [`REPORTED`] resource.
    pub needed: [Cell; REPORTED.len()],
    /// Recovery times of [`CAUSE_GROUPS`] counted from detection; what was never detected counts from the onset.
    pub since_detection: [Cell; CAUSE_GROUPS.len()],
    /// The same, counted from the decision.
    pub since_declaration: [Cell; CAUSE_GROUPS.len()],
    /// What was needed over what there is, by [`REPORTED`] resource.
    pub ratio: [Cell; REPORTED.len()],
    /// The largest of these ratios: by what all limits would have to be multiplied.
    pub scale: Cell,
    /// What incidents needed of all resources, to weigh them against each other.
    pub needs: NeedSample,
    /// Share of the joint peak that reached a region that runs at a share of its size.
    pub standby: Cell,
    /// Promotions that succeeded at the first try, of all.
    pub first_tries: RatioSums,
    /// What became of data.
    pub data: DataTally,
    /// What the way back takes.
    pub returned: ReturnedTally,
    /// Uploads cut under way, a year.
    uploads_cut: Worlds,
    /// Reads answered with an expired copy, a year.
    stale: Worlds,
    /// Seconds in which something was short, of the incidents in which something was.
    pub above: Cell,
    /// Incidents in which each resource was the first to run out.
    pub first_short: [RatioSums; Resource::ALL.len()],
    short_in_replication: [u64; Resource::ALL.len()],
    /// Incidents in which retries alone kept a region short after everything was repaired.
    pub metastable: RatioSums,
    metastable_in_replication: u64,
    /// Incidents that began in the year.
    pub incidents: u64,
    /// Parts of the recovery time: dynamic reads, writes.
    pub parts: [PartSums; 2],
    /// Per population: incidents a year that interrupted it.
    met: Vec<Worlds>,
    /// Per population and operation: minutes a year below the minimum service level.
    downtime: Vec<Vec<Worlds>>,
    /// Populations weighted by users, worst operation \[min/year\].
    downtime_overall: Worlds,
    /// Failed first attempts a year.
    failed: Worlds,
    claims: Vec<ClaimTally>,
    versus_baseline: Versus,
    /// What outages cost, where the scenario says what an hour costs.
    losses: Option<LossTally>,
}

/// What a year's outages cost.
#[derive(Clone, Debug)]
pub struct LossTally {
    /// Loss of the years with incidents, in the scenario's own currency.
    years: Cell,
    /// Loss a year, hours down a year, and both below the baseline's; and what is lost beside below it.
    money: Worlds,
    hours: Worlds,
    money_avoided: Worlds,
    hours_avoided: Worlds,
    beside_avoided: Worlds,
    /// Items lost, by `LOST_ITEMS`.
    items: [f64; 4],
}

impl LossTally {
    fn new(worlds: u64) -> Self {
        let each = || Worlds::new(worlds);
        // A cent to a million million dollars, within 0.1%.
        let years = Cell { sketch: LogSketch::new(1e-2, 1e12, 1e-3), cases: RatioSums::default(), in_replication: 0 };
        let (money, hours, money_avoided, hours_avoided, beside_avoided) = (each(), each(), each(), each(), each());
        Self { years, money, hours, money_avoided, hours_avoided, beside_avoided, items: [0.0; 4] }
    }

    fn lost(&mut self, items: [f64; 4]) {
        self.items.iter_mut().zip(items).for_each(|(sum, n)| *sum += n);
    }

    fn add(&mut self, replication: u64, own: Loss, base: Loss, per_hour: f64) {
        let money = own.at(per_hour);
        self.years.add_amount(money);
        self.years.end_replication();
        self.money.add(replication, money);
        self.hours.add(replication, own.hours);
        self.money_avoided.add(replication, base.at(per_hour) - money);
        self.hours_avoided.add(replication, base.hours - own.hours);
        self.beside_avoided.add(replication, base.beside - own.beside);
    }
}

/// What is read of a [`LossTally`], quiet years included.
#[derive(Clone, Debug)]
pub struct Losses {
    /// Loss of each year, in the scenario's own currency.
    pub years: Cell,
    /// Its mean.
    pub money: StratifiedMean,
    /// Hours down a year.
    pub hours: StratifiedMean,
    /// Loss below the baseline's.
    pub money_avoided: StratifiedMean,
    /// Hours below the baseline's.
    pub hours_avoided: StratifiedMean,
    /// What is lost beside, below the baseline's.
    pub beside_avoided: StratifiedMean,
    /// Items lost a year, by [`LOST_ITEMS`](crate::money::inputs::LOST_ITEMS).
    pub items: [f64; 4],
}

/// What comparing designs needs of a replication in which any of them had an incident.
#[derive(Debug)]
pub(crate) struct Counted {
    /// Replication.
    pub(crate) replication: u64,
    /// By design; `None`: no incident, or not compared.
    pub(crate) met: Vec<Option<Year>>,
    failed: Vec<f64>,
    lost: Vec<Loss>,
}

impl Counted {
    fn new(replication: u64, designs: usize) -> Self {
        let (failed, lost) = (vec![0.0; designs], vec![Loss::default(); designs]);
        Self { replication, met: vec![None; designs], failed, lost }
    }
}

/// Paired comparison with the baseline, years in which anything happened in either.
#[derive(Clone, Debug)]
struct Versus {
    better: u64,
    worse: u64,
    failed: Worlds,
}

/// One mean per world; replications without an incident are added when read.
#[derive(Clone, Debug)]
pub struct Worlds(Vec<MeanSums>);

impl Worlds {
    /// Nothing counted.
    pub fn new(worlds: u64) -> Self {
        Self(vec![MeanSums::default(); worlds as usize])
    }

    /// Counts one replication's value.
    pub fn add(&mut self, replication: u64, value: f64) {
        let world = replication as usize % self.0.len();
        self.0[world].add(value);
    }

    /// The mean over replications `0..replications`; those that were not counted are zeros.
    pub fn read(&self, replications: u64) -> StratifiedMean {
        let k = self.0.len() as u64;
        let filled = self.0.iter().enumerate().map(|(world, sums)| {
            let mut sums = *sums;
            sums.add_zeros(in_world(replications, k, world as u64) - sums.count());
            sums
        });
        StratifiedMean::new(filled.collect())
    }
}

/// Replications of `0..replications` that lie in a world.
pub(crate) fn in_world(replications: u64, worlds: u64, world: u64) -> u64 {
    replications / worlds + u64::from(world < replications % worlds)
}

/// Everything counted in a run.
#[derive(Debug)]
pub struct Tally<'a> {
    scenario: &'a Scenario,
    worlds: u64,
    weights: Vec<f64>,
    /// What loss costs, world by world; empty where it is not estimated.
    rates: Vec<Rates>,
    /// Months, of the designs and of the provider.
    pub(crate) availability: Availability,
    /// Per architecture.
    pub architectures: Vec<ArchitectureTally>,
    /// Every pair of them; `None`: not compared.
    pairs: Option<Pairs>,
    /// Nothing but claims is asked for.
    claims_alone: bool,
    /// Replications counted.
    pub replications: u64,
    /// Outages that hit the workload.
    pub outages: u64,
    /// Events handled.
    pub events: u64,
}

impl<'a> Tally<'a> {
    /// Nothing counted yet; `rates` are what loss costs in each world, or empty.
    pub fn new(scenario: &'a Scenario, worlds: u64, rates: Vec<Rates>) -> Self {
        let with_losses = !rates.is_empty();
        let populations = scenario.populations.len();
        let users: f64 = scenario.populations.iter().map(|p| p.users.value).sum();
        let cells = || vec![vec![Cell::new(); GROUPS.len()]; populations + 1];
        let architecture = |_| ArchitectureTally {
            recovery: cells(),
            client: cells(),
            worst_of_year: Cell::new(),
            worst_year: None,
            causes: {
                let apart = |apart: Apart| CauseTally {
                    apart,
                    recovery: [Cell::new(), Cell::new(), Cell::new()],
                    incidents: 0,
                    per_year: Worlds::new(worlds),
                    failed: Worlds::new(worlds),
                };
                Apart::all(scenario).into_iter().map(apart).collect()
            },
            since_detection: std::array::from_fn(|_| Cell::new()),
            since_declaration: std::array::from_fn(|_| Cell::new()),
            ratio: std::array::from_fn(|_| Cell::of_shares()),
            scale: Cell::of_shares(),
            needs: NeedSample::default(),
            standby: Cell::of_shares(),
            first_tries: RatioSums::default(),
            data: DataTally::new(worlds),
            returned: ReturnedTally::new(worlds),
            uploads_cut: Worlds::new(worlds),
            stale: Worlds::new(worlds),
            needed: std::array::from_fn(|_| Cell::of_amounts()),
            above: Cell::new(),
            first_short: [RatioSums::default(); Resource::ALL.len()],
            short_in_replication: [0; Resource::ALL.len()],
            metastable: RatioSums::default(),
            metastable_in_replication: 0,
            incidents: 0,
            parts: [PartSums::default(); 2],
            met: vec![Worlds::new(worlds); populations],
            downtime: vec![vec![Worlds::new(worlds); Operation::ALL.len()]; populations],
            downtime_overall: Worlds::new(worlds),
            failed: Worlds::new(worlds),
            claims: scenario
                .claims
                .iter()
                .map(|_| ClaimTally {
                    worlds: vec![RatioSums::default(); worlds as usize],
                    smallest_counterexample: None,
                    parts: PartSums::default(),
                })
                .collect(),
            versus_baseline: Versus { better: 0, worse: 0, failed: Worlds::new(worlds) },
            losses: with_losses.then(|| LossTally::new(worlds)),
        };
        let weights: Vec<f64> = scenario.populations.iter().map(|p| p.users.value / users).collect();
        Self {
            scenario,
            worlds,
            rates,
            availability: Availability::new(scenario, worlds, weights.clone()),
            weights,
            architectures: scenario.architectures.iter().map(architecture).collect(),
            pairs: None,
            claims_alone: false,
            replications: 0,
            outages: 0,
            events: 0,
        }
    }

    /// Compares every pair of designs too.
    pub(crate) fn with_pairs(self) -> Self {
        Self { pairs: Some(Pairs::new(self.scenario, self.worlds)), ..self }
    }

    /// Counts claims and nothing else.
    pub(crate) fn of_claims_alone(self) -> Self {
        Self { claims_alone: true, ..self }
    }

    /// Every pair of designs; nothing where they were not compared.
    pub fn duels(&self, level: f64) -> Vec<Duel> {
        let found = |pairs: &Pairs| pairs.duels(self.scenario, self.replications, level, !self.rates.is_empty());
        self.pairs.as_ref().map_or_else(Vec::new, found)
    }

    /// Counts the incidents of the next replications, in order of replication, architecture and onset.
    ///
    /// Design by design, pair by pair: what one of them counts in stays in the processor's cache for all these years.
    pub fn add(&mut self, records: &[Record]) {
        if self.claims_alone {
            for same in records.chunk_by(|a, b| (a.replication, a.architecture) == (b.replication, b.architecture)) {
                let downtime = minutes_down(same, self.scenario.populations.len());
                self.add_claims(same, &downtime, worst_operation(&downtime, &self.weights));
            }
            return;
        }
        let designs = self.architectures.len();
        let mut years: Vec<Counted> = Vec::new();
        let mut parts: Vec<(usize, &[Record])> = Vec::new();
        for same in records.chunk_by(|a, b| (a.replication, a.architecture) == (b.replication, b.architecture)) {
            let replication = same[0].replication;
            if years.last().is_none_or(|year| year.replication != replication) {
                years.push(Counted::new(replication, designs));
            }
            parts.push((years.len() - 1, same));
        }
        parts.sort_by_key(|(_, same)| same[0].architecture);
        for (year, same) in parts {
            let counted = &mut years[year];
            let architecture = same[0].architecture;
            let [worst, minutes, fails] = self.add_year(architecture, same);
            counted.failed[architecture] = fails;
            let down = self.availability.year(same);
            self.availability.add(architecture, counted.replication, &down);
            let rates = self.rates.get((counted.replication % self.worlds) as usize);
            counted.lost[architecture] = rates.map_or_else(Loss::default, |rates| rates.loss(same, &down));
            if let Some(losses) = &mut self.architectures[architecture].losses {
                losses.lost(lost_items(same));
            }
            if self.pairs.is_some() {
                let [files, rows] = left_behind(same);
                let money = rates.map_or(0.0, |rates| counted.lost[architecture].at(rates.per_hour_down));
                counted.met[architecture] = Some(Year::new(same, [worst, minutes, fails, files, rows, money]));
            }
        }
        if let Some(pairs) = &mut self.pairs {
            pairs.add(&years);
        }
        for (architecture, tally) in self.architectures.iter_mut().enumerate() {
            for year in &years {
                let (own, other) = (year.failed[architecture], year.failed[self.scenario.baseline]);
                let versus = &mut tally.versus_baseline;
                versus.better += u64::from(own < other);
                versus.worse += u64::from(own > other);
                versus.failed.add(year.replication, own - other);
                let rates = self.rates.get((year.replication % self.worlds) as usize);
                if let (Some(losses), Some(rates)) = (&mut tally.losses, rates) {
                    let (own, base) = (year.lost[architecture], year.lost[self.scenario.baseline]);
                    losses.add(year.replication, own, base, rates.per_hour_down);
                }
            }
            tally.cells().for_each(Cell::settle);
        }
    }

    /// Counts what the provider's services did in years in which something failed.
    pub fn add_provider(&mut self, years: &[ProviderYear]) {
        for year in years {
            self.availability.provider(year);
        }
    }

    /// One architecture's incidents of one replication; returns its worst recovery time \[s\], infinite if it has no
    /// end, its minutes down and its failed requests.
    fn add_year(&mut self, architecture: usize, records: &[Record]) -> [f64; 3] {
        let replication = records[0].replication;
        let tally = &mut self.architectures[architecture];
        let populations = self.scenario.populations.len();
        let mut met = vec![0.0; populations];
        let downtime = minutes_down(records, populations);
        let mut failed = 0.0;
        let mut worst = SimDuration::ZERO;
        let (mut uploads_cut, mut stale) = (0.0, 0.0);
        let mut promotions = (0, 0);
        for record in records {
            let incident = &record.incident;
            stale += incident.stale;
            if incident.starts_in_year() {
                uploads_cut += incident.uploads_cut;
                promotions.0 += u64::from(incident.promotions.0);
                promotions.1 += u64::from(incident.promotions.1);
            }
            incident.effects.iter().for_each(|effect| failed += effect.failed_requests);
            if incident.starts_in_year() {
                tally.incident(incident, populations, &mut met, &mut worst);
            }
        }
        if promotions.0 > 0 {
            tally.first_tries.add(promotions.0 - promotions.1, promotions.0);
        }
        tally.data.add(replication, records);
        tally.returned.add(replication, records);
        tally.uploads_cut.add(replication, uploads_cut);
        tally.stale.add(replication, stale);
        tally.count_causes(replication, records);
        let overall = worst_operation(&downtime, &self.weights);
        tally.end_year(replication, &met, &downtime, overall, failed, worst);
        self.add_claims(records, &downtime, overall);
        [if worst.is_max() { f64::INFINITY } else { worst.as_secs_f64() }, overall, failed]
    }

    /// The cases of every claim among one architecture's incidents of one replication.
    fn add_claims(&mut self, records: &[Record], downtime: &[[f64; Operation::ALL.len()]], overall: f64) {
        let (replication, architecture) = (records[0].replication, records[0].architecture);
        let started: Vec<&Incident> = records.iter().map(|r| &r.incident).filter(|i| i.starts_in_year()).collect();
        let tally = &mut self.architectures[architecture];
        for (claim, sums) in self.scenario.claims.iter().zip(&mut tally.claims) {
            let (mut met, mut cases) = (0, 0);
            let mut case = |value: Option<f64>, items: u64, effect: Option<&Effect>| {
                cases += 1;
                let value = value.unwrap_or(f64::INFINITY);
                if if claim.inclusive { value <= claim.bound } else { value < claim.bound } {
                    met += 1;
                    return;
                }
                if let Some(effect) = effect {
                    sums.parts.add(effect);
                }
                if value.is_finite() && sums.smallest_counterexample.is_none_or(|(_, least, _)| value < least) {
                    sums.smallest_counterexample = Some((replication, value, items));
                }
            };
            let of_cause = |i: &&Incident| claim.cause.is_none_or(|cause| i.cause == cause);
            let started: Vec<&Incident> = started.iter().copied().filter(of_cause).collect();
            claim_cases(claim, &started, downtime, overall, &mut case);
            let world = replication as usize % sums.worlds.len();
            sums.worlds[world].add(met, cases);
        }
    }

    /// The prefix that has been counted.
    pub fn end_block(&mut self, replications: u64, outages: u64, events: u64) {
        self.replications = replications;
        self.outages += outages;
        self.events += events;
    }

    /// A claim's share of cases that meet it, for an architecture.
    pub fn claim(&self, architecture: usize, claim: usize) -> StratifiedRatio {
        // In a year without an incident a yearly measure is 0, which meets any bound that 0 meets.
        let asked = &self.scenario.claims[claim];
        let idle = u64::from(asked.per == Per::Year && asked.metric != ClaimMetric::DrPremium);
        let idle_met = if asked.inclusive || asked.bound > 0.0 { idle } else { 0 };
        let worlds = &self.architectures[architecture].claims[claim].worlds;
        let filled = worlds.iter().enumerate().map(|(world, sums)| {
            let mut sums = *sums;
            let rest = in_world(self.replications, self.worlds, world as u64) - sums.replications();
            sums.add_n(idle_met, idle, rest);
            sums
        });
        StratifiedRatio::new(filled.collect())
    }

    /// Replications counted in a world.
    pub fn years_of(&self, world: u64) -> u64 {
        in_world(self.replications, self.worlds, world)
    }

    /// What stands behind a claim's verdict.
    pub fn claim_tally(&self, architecture: usize, claim: usize) -> &ClaimTally {
        &self.architectures[architecture].claims[claim]
    }

    /// Incidents a year that interrupt a population.
    pub fn met(&self, architecture: usize, population: usize) -> StratifiedMean {
        self.architectures[architecture].met[population].read(self.replications)
    }

    /// Minutes a year below the minimum service level.
    pub fn downtime(&self, architecture: usize, population: usize, operation: usize) -> StratifiedMean {
        self.architectures[architecture].downtime[population][operation].read(self.replications)
    }

    /// Incidents a year of a cause, and the first attempts that fail in them.
    pub fn of_cause(&self, cause: &CauseTally) -> (StratifiedMean, StratifiedMean) {
        (cause.per_year.read(self.replications), cause.failed.read(self.replications))
    }

    /// The same over populations weighted by users, worst operation.
    pub fn downtime_overall(&self, architecture: usize) -> StratifiedMean {
        self.architectures[architecture].downtime_overall.read(self.replications)
    }

    /// Failed first attempts a year.
    pub fn failed(&self, architecture: usize) -> StratifiedMean {
        self.architectures[architecture].failed.read(self.replications)
    }

    /// Uploads cut under way, a year.
    pub fn uploads_cut(&self, architecture: usize) -> StratifiedMean {
        self.architectures[architecture].uploads_cut.read(self.replications)
    }

    /// Reads answered with an expired copy, a year.
    pub fn stale(&self, architecture: usize) -> StratifiedMean {
        self.architectures[architecture].stale.read(self.replications)
    }

    /// Shares of years better, tied and worse than the baseline, and the mean difference in failed requests.
    pub fn versus_baseline(&self, architecture: usize) -> ([f64; 3], StratifiedMean) {
        let versus = &self.architectures[architecture].versus_baseline;
        let n = self.replications.max(1) as f64;
        let (better, worse) = (versus.better as f64 / n, versus.worse as f64 / n);
        let tie = (self.replications - versus.better - versus.worse) as f64 / n;
        ([better, tie, worse], versus.failed.read(self.replications))
    }

    /// What outages cost, quiet years included; `None` where it is not estimated.
    pub fn losses(&self, architecture: usize) -> Option<Losses> {
        let tally = self.architectures[architecture].losses.as_ref()?;
        let mut years = tally.years.clone();
        let quiet = self.replications - years.sketch.count();
        years.sketch.add_n(0.0, quiet);
        years.cases.add_n(0, 1, quiet);
        let read = |worlds: &Worlds| worlds.read(self.replications);
        Some(Losses {
            years,
            money: read(&tally.money),
            hours: read(&tally.hours),
            money_avoided: read(&tally.money_avoided),
            hours_avoided: read(&tally.hours_avoided),
            beside_avoided: read(&tally.beside_avoided),
            items: tally.items.map(|n| n / self.replications.max(1) as f64),
        })
    }

    /// Requests offered a year: in each world, and the mean over the replications counted.
    pub fn offered(&self, worlds: &[&World]) -> (Vec<f64>, f64) {
        let k = self.worlds;
        let year = YEAR_END;
        let offered = |world: &World| -> f64 {
            let one = |p: &crate::model::PopulationModel| {
                p.total_per_second() * (p.shape.cumulative(year) - p.shape.cumulative(SimTime::ZERO))
            };
            world.populations.iter().map(one).sum()
        };
        let each: Vec<f64> = worlds.iter().map(|world| offered(world)).collect();
        let weight = |(w, offered): (usize, &f64)| offered * in_world(self.replications, k, w as u64) as f64;
        let total: f64 = each.iter().enumerate().map(weight).sum();
        (each, total / self.replications.max(1) as f64)
    }
}

impl ArchitectureTally {
    fn incident(&mut self, incident: &Incident, populations: usize, met: &mut [f64], worst: &mut SimDuration) {
        self.incidents += 1;
        let affected = || incident.effects.iter().filter(|e| e.affected);
        // By group; one pass over the effects, which lie population by population.
        debug_assert!(incident.effects.is_sorted_by_key(|e| e.population), "a population met twice counts twice");
        let mut of_all = [None; GROUPS.len()];
        for same in incident.effects.chunk_by(|a, b| a.population == b.population) {
            let mut of_one = [None; GROUPS.len()];
            for effect in same.iter().filter(|e| e.affected) {
                for (slowest, group) in of_one.iter_mut().zip(GROUPS) {
                    if group.contains(effect.operation) {
                        *slowest = slower(*slowest, Some(effect.recovery));
                    }
                }
            }
            let p = same[0].population;
            met[p] += f64::from(u8::from(of_one.iter().any(Option::is_some)));
            for ((slowest, cell), of_all) in of_one.into_iter().zip(&mut self.recovery[p]).zip(&mut of_all) {
                let Some(recovery) = slowest else { continue };
                cell.add(recovery);
                *of_all = slower(*of_all, slowest);
            }
        }
        for ((slowest, cell), group) in of_all.into_iter().zip(&mut self.recovery[populations]).zip(GROUPS) {
            let Some(recovery) = slowest else { continue };
            cell.add(recovery);
            if group == OperationGroup::Overall {
                *worst = (*worst).max(recovery.unwrap_or(SimDuration::MAX));
            }
        }
        for (g, group) in GROUPS.into_iter().enumerate() {
            for effect in incident.effects.iter().filter(|e| client_group(group).contains(e.operation)) {
                if let Some(back) = effect.client {
                    self.client[effect.population][g].add(back);
                    self.client[populations][g].add(back);
                }
            }
        }
        let needed = &incident.needed;
        let mut scale = 0.0;
        for ((resource, need), ratio) in REPORTED.into_iter().zip(&mut self.needed).zip(&mut self.ratio) {
            need.add_amount(needed.peak.get(resource));
            ratio.add_amount(needed.ratio.get(resource));
            // With enough of the others nobody needs a larger bucket, and growth is short for seconds.
            if !matches!(resource, Resource::Burst | Resource::ConcurrencyGrowth) {
                scale = f64::max(scale, needed.ratio.get(resource));
            }
        }
        self.scale.add_amount(scale);
        self.needs.add(needed);
        if needed.standby_share > 0.0 {
            self.standby.add_amount(needed.standby_share);
        }
        for (g, group) in CAUSE_GROUPS.into_iter().enumerate() {
            let left = |parts: &[Part]| {
                let without = |e: &Effect| {
                    let gone: u64 = parts.iter().map(|part| e.parts[*part as usize].as_nanos()).sum();
                    e.recovery.map(|recovery| SimDuration::from_nanos(recovery.as_nanos().saturating_sub(gone)))
                };
                let of_group = affected().filter(|e| group.contains(e.operation)).map(without);
                of_group.fold(None, |slowest, one| slower(slowest, Some(one)))
            };
            if let Some(time) = left(&[Part::Undetected]) {
                self.since_detection[g].add(time);
            }
            if let Some(time) = left(&[Part::Undetected, Part::Undecided]) {
                self.since_declaration[g].add(time);
            }
        }
        if let Some(resource) = needed.bottleneck {
            self.short_in_replication[resource as usize] += 1;
            self.above.add(Some(SimDuration::from_secs_f64(needed.above_seconds)));
            self.metastable_in_replication += u64::from(needed.metastable);
        }
        if !incident.both_regions() {
            for effect in affected() {
                match effect.operation {
                    Operation::DynamicRead => self.parts[0].add(effect),
                    Operation::Write => self.parts[1].add(effect),
                    Operation::CacheableRead | Operation::Upload => {}
                }
            }
        }
    }

    /// Every distribution.
    fn cells(&mut self) -> impl Iterator<Item = &mut Cell> {
        let by_population = self.recovery.iter_mut().chain(&mut self.client).flatten();
        let by_cause = self.causes.iter_mut().flat_map(|cause| &mut cause.recovery);
        let of_time = self.since_detection.iter_mut().chain(&mut self.since_declaration);
        let of_limits = self.needed.iter_mut().chain(&mut self.ratio);
        let single = [&mut self.worst_of_year, &mut self.scale, &mut self.standby, &mut self.above];
        let of_money = self.losses.iter_mut().map(|losses| &mut losses.years);
        by_population
            .chain(by_cause)
            .chain(of_time)
            .chain(of_limits)
            .chain(single)
            .chain(self.data.cells())
            .chain(of_money)
    }

    /// Counts a year's incidents by cause.
    fn count_causes(&mut self, replication: u64, records: &[Record]) {
        for tally in &mut self.causes {
            let (mut incidents, mut failed) = (0.0, 0.0);
            for incident in records.iter().map(|r| &r.incident).filter(|i| tally.apart.holds(i.cause)) {
                failed += incident.effects.iter().map(|e| e.failed_requests).sum::<f64>();
                if !incident.starts_in_year() {
                    continue;
                }
                incidents += 1.0;
                tally.incidents += 1;
                for (cell, group) in tally.recovery.iter_mut().zip(CAUSE_GROUPS) {
                    if let Some(recovery) = worst_of(incident.effects.iter().filter(|e| e.affected), group, None) {
                        cell.add(recovery);
                    }
                }
            }
            if incidents > 0.0 || failed > 0.0 {
                tally.per_year.add(replication, incidents);
                tally.failed.add(replication, failed);
                tally.recovery.iter_mut().for_each(Cell::end_replication);
            }
        }
    }

    fn end_year(
        &mut self,
        replication: u64,
        met: &[f64],
        downtime: &[[f64; 4]],
        overall: f64,
        failed: f64,
        worst: SimDuration,
    ) {
        for (sums, value) in self.met.iter_mut().zip(met) {
            sums.add(replication, *value);
        }
        for (sums, values) in self.downtime.iter_mut().zip(downtime) {
            for (sums, value) in sums.iter_mut().zip(values) {
                sums.add(replication, *value);
            }
        }
        self.downtime_overall.add(replication, overall);
        self.failed.add(replication, failed);
        self.worst_of_year.add(Some(worst));
        if overall > self.worst_year.map_or(0.0, |(_, most, _)| most) {
            self.worst_year = Some((replication, overall, failed));
        }
        for cell in self.recovery.iter_mut().chain(&mut self.client).flatten() {
            cell.end_replication();
        }
        self.needs.end_replication(replication);
        let incidents = self.needed[0].in_replication;
        if incidents > 0 {
            for (sums, short) in self.first_short.iter_mut().zip(&mut self.short_in_replication) {
                sums.add(std::mem::take(short), incidents);
            }
            self.metastable.add(std::mem::take(&mut self.metastable_in_replication), incidents);
        }
        let of_time = self.since_detection.iter_mut().chain(&mut self.since_declaration);
        let of_limits = self.needed.iter_mut().chain(&mut self.ratio).chain([&mut self.scale, &mut self.standby]);
        of_time.chain(of_limits).for_each(Cell::end_replication);
        [&mut self.worst_of_year, &mut self.above].into_iter().for_each(Cell::end_replication);
    }
}

/// The slower of two recoveries; outer `None`: not affected, inner: it has no end.
fn slower(a: Option<Option<SimDuration>>, b: Option<Option<SimDuration>>) -> Option<Option<SimDuration>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.zip(b).map(|(a, b)| a.max(b))),
        _ => a.or(b),
    }
}

/// One client does not meet several operations at once: a group's client is the one of its dynamic read or write.
fn client_group(group: OperationGroup) -> OperationGroup {
    match group {
        OperationGroup::Read => OperationGroup::One(Operation::DynamicRead),
        OperationGroup::Overall => OperationGroup::One(Operation::Write),
        one @ OperationGroup::One(_) => one,
    }
}

/// Files and rows that a year's cuts left behind.
fn left_behind(records: &[Record]) -> [f64; 2] {
    let own = || records.iter().map(|r| &r.incident).filter(|i| i.starts_in_year());
    let files: u64 = own().filter_map(|i| i.objects).map(|o| o.files).sum();
    let rows: u64 = own().filter_map(|i| i.rows).map(|r| r.rows).sum();
    [files as f64, rows as f64]
}

/// The worst recovery among the affected operations of a group; outer `None`: none was affected.
pub(crate) fn worst_of<'a>(
    affected: impl Iterator<Item = &'a Effect>,
    group: OperationGroup,
    population: Option<usize>,
) -> Option<Option<SimDuration>> {
    affected
        .filter(|e| group.contains(e.operation) && population.is_none_or(|p| e.population == p))
        .fold(None, |slowest, e| slower(slowest, Some(e.recovery)))
}

/// Minutes of the year below the minimum service level, by population and operation.
fn minutes_down(records: &[Record], populations: usize) -> Vec<[f64; Operation::ALL.len()]> {
    let mut downtime = vec![[0.0; Operation::ALL.len()]; populations];
    for effect in records.iter().flat_map(|record| &record.incident.effects) {
        downtime[effect.population][effect.operation as usize] += effect.below_in_year.as_secs_f64() / 60.0;
    }
    downtime
}

/// The worst operation of each population, weighted by users.
fn worst_operation(downtime: &[[f64; Operation::ALL.len()]], weights: &[f64]) -> f64 {
    downtime.iter().zip(weights).map(|(d, w)| w * d.iter().copied().fold(0.0, f64::max)).sum()
}

/// Calls back for every case a claim speaks of, with its value in the claim's unit (`None`: unbounded), the items
/// behind it, and the effect whose parts explain it.
fn claim_cases(
    claim: &crate::scenario::Claim,
    started: &[&Incident],
    downtime: &[[f64; 4]],
    overall: f64,
    case: &mut impl FnMut(Option<f64>, u64, Option<&Effect>),
) {
    let seconds = |d: SimDuration| if d.is_max() { f64::INFINITY } else { d.as_secs_f64() };
    let concerns = |e: &&Effect| claim.population.is_none_or(|p| e.population == p);
    match (claim.metric, claim.per) {
        (ClaimMetric::RecoveryTimeSeconds, Per::Incident) => {
            for incident in started {
                let affected = || incident.effects.iter().filter(|e| e.affected);
                if let Some(recovery) = worst_of(affected(), claim.operation, claim.population) {
                    let slowest = affected()
                        .filter(|e| claim.operation.contains(e.operation) && concerns(e))
                        .max_by_key(|e| e.recovery.unwrap_or(SimDuration::MAX));
                    case(recovery.map(seconds), 0, slowest);
                }
            }
        }
        (ClaimMetric::RecoveryTimeSeconds, _) => {
            let affected = |incident: &&Incident| {
                worst_of(incident.effects.iter().filter(|e| e.affected), claim.operation, claim.population)
            };
            let worst = started.iter().filter_map(affected).map(|recovery| recovery.map_or(f64::INFINITY, seconds));
            case(Some(worst.fold(0.0, f64::max)), 0, None);
        }
        (ClaimMetric::ClientRecoveryTimeSeconds, _) => {
            let group = client_group(claim.operation);
            for incident in started {
                for effect in incident.effects.iter().filter(|e| group.contains(e.operation) && concerns(e)) {
                    if let Some(back) = effect.client {
                        case(back.map(seconds), 0, None);
                    }
                }
            }
        }
        (ClaimMetric::DataLossWindowSeconds, per) => {
            let store = claim.store.unwrap_or(Store::Database);
            let lacking = |incident: &Incident| incident.lacking(store, claim.fate);
            let mut one = |found: Lacking| case(Some(seconds(found.window)), found.items, None);
            let left = started.iter().filter_map(|incident| lacking(incident));
            match per {
                Per::Instant => {
                    let cuts = started.iter().filter(|incident| incident.cut(store));
                    cuts.for_each(|incident| one(lacking(incident).unwrap_or_default()));
                }
                Per::Year => one(left.max_by_key(|found| (found.window, found.items)).unwrap_or_default()),
                Per::Incident | Per::Client => left.for_each(one),
            }
        }
        (ClaimMetric::DowntimeMinutes, _) => {
            let value = claim.population.map_or(overall, |p| {
                let of = Operation::ALL.into_iter().zip(downtime[p]);
                of.filter(|(o, _)| claim.operation.contains(*o)).map(|(_, d)| d).fold(0.0, f64::max)
            });
            case(Some(value), 0, None);
        }
        (ClaimMetric::DrPremium, _) => {}
    }
}
