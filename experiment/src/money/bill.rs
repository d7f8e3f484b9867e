//! One architecture's bill for one month of one world: a line per item, place and tier.
//!
//! Every line's formula and source stand in `docs/models/cost.md`. The same calls are made in the same order whatever
//! the numbers, so that the lines of different worlds lie beside each other.

use super::inputs::{Api, Endpoint, Processor};
use super::items::{self, Item};
use super::month::{MONTH_SECONDS, Month};
use super::prices::PriceBook;
use crate::assemble::abroad;
use crate::catalogue::CITIES;
use crate::scenario::{
    Architecture, Basis, CopyModel, Decision, FrontDoor, Operation, Population, Preset, Routing, Scenario,
};
use drsim_models::cost::capacity_hours::unit_hours;
use drsim_models::cost::tiers::split;
use drsim_models::cost::{Billed, HOURS_PER_MONTH, Quantity, Usd};
use drsim_models::routing::nearest_first;
use rust_decimal::Decimal;

/// Kind of the lines of the provider's bill.
pub const CLOUD: &str = "cloud";

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// cloud, people or drill.
    pub kind: &'static str,
    /// Service.
    pub service: &'static str,
    /// What of it.
    pub item: String,
    /// Region, continent, pair or `global`.
    pub place: String,
    /// How much a month; `None` where it is not estimated.
    pub quantity: Option<Decimal>,
    /// What is counted.
    pub unit: &'static str,
    /// What one costs; `None`: the book has no price there.
    pub price: Option<LinePrice>,
    /// Quantity times price, to the cent.
    pub amount: Usd,
}

/// A price with where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePrice {
    /// Of one unit.
    pub unit_price: Usd,
    /// How it came to be known.
    pub basis: Basis,
    /// Where from.
    pub source: String,
    /// When it held.
    pub date: String,
    /// Item and place in the price book; `None`: the scenario gives it.
    pub entry: Option<(&'static str, String)>,
}

/// Collects lines.
struct Bill<'b> {
    book: &'b PriceBook,
    lines: Vec<Line>,
}

impl Bill<'_> {
    /// Charges for an item at the first of `places` that has a price; the first is also what the line says.
    fn charge<U: Billed>(&mut self, item: Item<U>, places: &[&str], amount: f64) {
        let quantity = Quantity::<U>::of(amount);
        let mut push = |name: &str, quantity: Quantity<U>, price, amount| {
            self.lines.push(Line {
                kind: CLOUD,
                service: item.service,
                item: name.to_owned(),
                place: places[0].to_owned(),
                quantity: Some(quantity.amount()),
                unit: U::NAME,
                price,
                amount,
            });
        };
        let Some((place, price)) = self.book.price(item.key, places) else {
            return push(item.name, quantity, None, Usd::ZERO);
        };
        for (i, (tier, (within, amount))) in price.tiers.iter().zip(split(&price.tiers, quantity)).enumerate() {
            let name = if i == 0 { item.name.to_owned() } else { format!("{}, tier {}", item.name, i + 1) };
            let (source, date) = (price.source.clone(), price.date.clone());
            let entry = Some((item.key, place.to_owned()));
            let price = LinePrice { unit_price: tier.price, basis: price.basis, source, date, entry };
            push(&name, within, Some(price), amount);
        }
    }

    /// What one region sends to another.
    fn send(&mut self, from: &str, to: &str, gb: f64) {
        self.charge(items::BETWEEN_REGIONS, &[&format!("{from}>{to}"), from], gb);
    }

    /// Something that is part of the design but not estimated.
    fn not_estimated(&mut self, service: &'static str, item: &str) {
        let (item, place) = (item.to_owned(), String::new());
        let (quantity, price, amount) = (None, None, Usd::ZERO);
        self.lines.push(Line { kind: CLOUD, service, item, place, quantity, unit: "", price, amount });
    }
}

/// The continent of a population, as content delivery networks bill it. The latency table knows cities of Europe, the
/// United States and Canada.
pub(crate) fn continent_of_population(population: &Population) -> &'static str {
    let zone = CITIES.iter().find(|city| city.name == population.city).map_or("", |city| city.timezone);
    match zone.split('/').next() {
        Some("Europe") => "europe",
        Some("America") => "north_america",
        _ => "elsewhere",
    }
}

/// The continent of a region.
fn continent_of_region(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("eu") => "europe",
        Some("us" | "ca") => "north_america",
        Some("ap") => "asia_pacific",
        _ => "elsewhere",
    }
}

/// What a region of an architecture does all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Serves users.
    Serves,
    /// Runs everything, at a share.
    StandsBy,
    /// Follows with the database alone.
    Follows,
    /// Keeps copies.
    KeepsCopies,
}

fn role(architecture: &Architecture, region: usize) -> Role {
    match (region, architecture.preset) {
        (0, _) => Role::Serves,
        (_, Preset::WarmStandby) => Role::StandsBy,
        (_, Preset::PilotLight) => Role::Follows,
        (_, Preset::BackupRestore) => Role::KeepsCopies,
        _ => Role::Serves,
    }
}

/// What the functions below share.
struct Design<'a> {
    scenario: &'a Scenario,
    architecture: &'a Architecture,
    month: &'a Month<'a>,
    /// Provider regions in use.
    regions: &'a [String],
    /// Region of each population.
    homes: Vec<usize>,
    /// Share of the peak that a standby carries.
    standby_share: f64,
}

/// The bill of an architecture for a month.
pub fn bill(scenario: &Scenario, architecture: &Architecture, month: &Month<'_>, standby_share: f64) -> Vec<Line> {
    let regions = &scenario.regions[..if architecture.second_region { scenario.regions.len() } else { 1 }];
    let home = |population: &Population| match architecture.routing {
        Routing::Latency => nearest_first(&population.round_trip_seconds[..regions.len()])[0],
        Routing::Failover => 0,
    };
    let homes = scenario.populations.iter().map(home).collect();
    let design = Design { scenario, architecture, month, regions, homes, standby_share };
    let mut bill = Bill { book: &scenario.prices, lines: Vec::new() };
    for region in 0..regions.len() {
        design.compute(&mut bill, region);
        design.database(&mut bill, region);
        design.objects(&mut bill, region);
        design.internet(&mut bill, region);
        design.supporting(&mut bill, region);
        if region > 0 {
            design.recovery(&mut bill, region);
        }
    }
    design.edge(&mut bill);
    design.names(&mut bill);
    design.left_out(&mut bill);
    bill.lines
}

impl Design<'_> {
    fn at_edge(&self, operation: Operation) -> bool {
        match self.architecture.front_door {
            FrontDoor::Cloudfront | FrontDoor::OriginGroup => true,
            FrontDoor::Hybrid => operation == Operation::CacheableRead,
            FrontDoor::Accelerator | FrontDoor::Direct => false,
        }
    }

    fn accelerated(&self) -> bool {
        matches!(self.architecture.front_door, FrontDoor::Accelerator | FrontDoor::Hybrid)
    }

    /// Whether downloads of files, as cacheable reads, go through an edge.
    fn edge_serves_files(&self) -> bool {
        self.at_edge(Operation::CacheableRead)
    }

    /// Share of an operation that reaches a region.
    fn reaching(&self, operation: Operation) -> f64 {
        let answered = operation == Operation::CacheableRead && self.at_edge(operation);
        if answered { 1.0 - self.month.edge_hit_share } else { 1.0 }
    }

    /// Sum over the populations at home in a region, and all operations, of requests times what each takes.
    fn sum(&self, region: usize, takes: impl Fn(Operation) -> f64) -> f64 {
        let of = |(requests, _): (&[f64; 4], &usize)| -> f64 {
            Operation::ALL.into_iter().map(|o| requests[o as usize] * takes(o)).sum()
        };
        self.month.requests.iter().zip(&self.homes).filter(|(_, home)| **home == region).map(of).sum()
    }

    /// The same over everybody.
    fn sum_all(&self, takes: impl Fn(Operation) -> f64) -> f64 {
        (0..self.regions.len()).map(|region| self.sum(region, &takes)).sum()
    }

    fn uploads(&self, region: usize) -> f64 {
        self.sum(region, |o| f64::from(u8::from(o == Operation::Upload)))
    }

    /// Uploads of a region that are copied to the other: all but those that a rule keeps home.
    fn copied(&self, region: usize) -> f64 {
        let abroad = abroad(self.scenario);
        let people = self.month.requests.iter().zip(&self.homes).zip(&self.scenario.populations);
        let here = people.filter(|((_, home), p)| **home == region && !(p.files_stay && abroad));
        here.map(|((requests, _), _)| requests[Operation::Upload as usize]).sum()
    }

    /// API and functions: what reaches the region.
    fn compute(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, usage, name) = (self.month, &self.scenario.usage, [self.regions[region].as_str()]);
        let calls = self.sum(region, |o| self.reaching(o) * month.api_requests[o as usize]);
        match usage.api {
            Api::Rest => bill.charge(items::API_REST, &name, calls),
            Api::Http => bill.charge(items::API_HTTP, &name, calls),
        }
        bill.charge(items::FUNCTION_REQUESTS, &name, calls);
        let held = self.sum(region, |o| self.reaching(o) * month.function[o as usize]);
        match usage.function_processor {
            Processor::X86 => bill.charge(items::FUNCTION_X86, &name, held),
            Processor::Arm => bill.charge(items::FUNCTION_ARM, &name, held),
        }
        if self.accelerated() {
            bill.charge(items::BALANCER, &name, HOURS_PER_MONTH);
            let behind = |o: Operation| if self.at_edge(o) { 0.0 } else { 1.0 };
            let bytes = self.sum(region, |o| behind(o) * (month.response[o as usize] + month.request[o as usize]));
            let calls = self.sum(region, |o| behind(o) * month.api_requests[o as usize]);
            // A unit is 1 GB an hour or 25 new connections a second, whichever is more.
            let connections = calls / month.requests_per_connection / 25.0 / 3600.0;
            bill.charge(items::BALANCER_CAPACITY, &name, bytes.max(connections));
        }
    }

    /// The database: capacity, storage, I/O, backups, and what follows the writer.
    fn database(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, role, name) = (self.month, role(self.architecture, region), [self.regions[region].as_str()]);
        let primary = region == 0;
        if role == Role::KeepsCopies {
            // A snapshot without a cluster beside it: no free allowance; one copy, then each day's changes.
            bill.charge(items::DATABASE_BACKUP, &name, month.database);
            let changes = month.database * month.daily_change * MONTH_SECONDS / 86_400.0;
            return bill.send(&self.regions[0], &self.regions[region], changes);
        }
        // Reads at home, writes at the writer.
        let here = |p: usize, o: Operation| {
            let at = if o.needs_writer() { 0 } else { self.homes[p] };
            if at == region { self.reaching(o) } else { 0.0 }
        };
        let hours = match role {
            Role::Serves => unit_hours(month.loads(here), month.work, month.at_least) / 12.0 * month.instances[0],
            _ => self.standby_units(role) * HOURS_PER_MONTH,
        };
        bill.charge(items::DATABASE_CAPACITY, &name, hours);
        bill.charge(items::DATABASE_STORAGE, &name, month.database);
        let io = |o: Operation, writer: bool| {
            let reads = if o.needs_writer() == writer { month.reads[o as usize] } else { 0.0 };
            self.reaching(o) * (reads + if writer { month.writes[o as usize] } else { 0.0 })
        };
        let reads_here = self.sum(region, |o| io(o, false));
        let writes = if primary { self.sum_all(|o| io(o, true)) } else { 0.0 };
        bill.charge(items::DATABASE_IO, &name, reads_here + writes);
        if primary {
            bill.charge(items::DATABASE_BACKUP, &name, month.database * month.backups);
        } else {
            let written = self.sum_all(|o| month.writes[o as usize]);
            // Charged where it is written, once per secondary region.
            bill.charge(items::DATABASE_REPLICATED_IO, &[&self.regions[0]], written);
            let rows = self.sum_all(|o| if o.needs_writer() { month.replicated } else { 0.0 });
            bill.send(&self.regions[0], &self.regions[region], rows);
            // Writes of users at home here go to the writer, and their answers come back.
            let forwarded =
                |size: &[f64; 4]| self.sum(region, |o| if o.needs_writer() { size[o as usize] } else { 0.0 });
            bill.send(&self.regions[region], &self.regions[0], forwarded(&month.request));
            bill.send(&self.regions[0], &self.regions[region], forwarded(&month.response));
        }
    }

    /// What the database of a region holds that does not serve; nothing where there is no cluster.
    fn standby_units(&self, role: Role) -> f64 {
        let month = self.month;
        let peak = || month.loads(|_, o| self.reaching(o)).map(|(load, _)| load).fold(0.0, f64::max) * month.work;
        match role {
            Role::KeepsCopies => 0.0,
            Role::StandsBy => (peak() * self.standby_share).max(month.at_least) * month.instances[1],
            Role::Follows | Role::Serves => month.at_least * month.instances[1],
        }
    }

    /// What failing over and coming back takes beside. At most: not every outage of the primary ends in a failover.
    fn recovery(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, role, name) = (self.month, role(self.architecture, region), self.regions[region].as_str());
        let all =
            unit_hours(month.loads(|_, o| self.reaching(o)), month.work, month.at_least) / (12.0 * HOURS_PER_MONTH);
        let more = match role {
            Role::Serves => 0.0,
            _ => (all * month.instances[0] - self.standby_units(role)).max(0.0),
        };
        bill.charge(items::SURGE, &[name], more * month.failovers * month.away);
        let back = format!("{name}>{}", self.regions[0]);
        bill.charge(items::TRANSFER_BACK, &[&back, name], month.failovers * month.database);
    }

    /// Files: kept, put, got, copied.
    fn objects(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, name) = (self.month, [self.regions[region].as_str()]);
        let copied = self.architecture.copy.as_ref();
        let uploads = self.uploads(region);
        // Half of a year's uploads are there on average.
        let everything = self.sum_all(|o| f64::from(u8::from(o == Operation::Upload)));
        let all = month.objects + 6.0 * month.file * everything;
        let elsewhere: f64 = (0..self.regions.len()).filter(|r| *r != region).map(|r| self.copied(r)).sum();
        let (copies_in, copies_out) = match copied {
            Some(_) => (elsewhere, self.copied(region) * (self.regions.len() as f64 - 1.0)),
            None => (0.0, 0.0),
        };
        // Old files lie where the new ones do: here, or copied from elsewhere.
        let share = if everything > 0.0 { (uploads + copies_in) / everything } else { 1.0 };
        let held = if copied.is_some() {
            share * all
        } else if region == 0 {
            all
        } else {
            0.0
        };
        bill.charge(items::OBJECT_STORAGE, &name, held);
        // Each copy takes one PUT at either end and up to five GETs at its source.
        bill.charge(items::OBJECT_PUT, &name, uploads + copies_in + copies_out);
        let missed = if self.edge_serves_files() { 1.0 - month.edge_hit_share } else { 1.0 };
        bill.charge(items::OBJECT_GET, &name, uploads * month.downloads * missed + 5.0 * copies_out);
        if let Some(model) = copied {
            let with_rtc = matches!(model, CopyModel::Service { replication_time_control: true });
            bill.charge(items::OBJECT_RTC, &name, if with_rtc { copies_out * month.file } else { 0.0 });
            for other in (0..self.regions.len()).filter(|other| *other != region) {
                bill.send(&self.regions[region], &self.regions[other], copies_out * month.file);
            }
        }
    }

    /// What leaves a region for the internet without an edge, and the accelerator's premium on it.
    fn internet(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, name) = (self.month, self.regions[region].as_str());
        let past_the_edge = |o: Operation| if self.at_edge(o) { 0.0 } else { 1.0 };
        let files = if self.edge_serves_files() { 0.0 } else { self.uploads(region) * month.downloads * month.file };
        let answers = self.sum(region, |o| past_the_edge(o) * month.response[o as usize]);
        bill.charge(items::INTERNET, &[name], answers + files);
        if !self.accelerated() {
            return;
        }
        for continent in self.continents() {
            let of = |size: &[f64; 4]| -> f64 {
                let people = month.requests.iter().zip(&self.homes).zip(&self.scenario.populations);
                let here = people.filter(|((_, home), p)| **home == region && continent_of_population(p) == continent);
                here.map(|((requests, _), _)| -> f64 {
                    Operation::ALL.into_iter().map(|o| past_the_edge(o) * requests[o as usize] * size[o as usize]).sum()
                })
                .sum()
            };
            // The direction that carries more pays.
            let place = format!("{}>{continent}", continent_of_region(name));
            bill.charge(items::ACCELERATOR_PREMIUM, &[&place], of(&month.response).max(of(&month.request)));
        }
    }

    /// Continents with users, each once.
    fn continents(&self) -> Vec<&'static str> {
        let mut found: Vec<&str> = self.scenario.populations.iter().map(continent_of_population).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The content delivery network, by the continent of its users, and the accelerator itself.
    fn edge(&self, bill: &mut Bill<'_>) {
        let month = self.month;
        for continent in self.continents() {
            let sum = |takes: &dyn Fn(Operation) -> f64| -> f64 {
                let people = month.requests.iter().zip(&self.scenario.populations);
                people
                    .filter(|(_, p)| continent_of_population(p) == continent)
                    .map(|(requests, _)| -> f64 {
                        Operation::ALL.into_iter().map(|o| requests[o as usize] * takes(o)).sum()
                    })
                    .sum()
            };
            let edge = |o: Operation| f64::from(u8::from(self.at_edge(o)));
            let downloads =
                if self.edge_serves_files() { sum(&|o| f64::from(u8::from(o == Operation::Upload))) } else { 0.0 };
            let downloads = downloads * month.downloads;
            let calls = sum(&|o| edge(o) * month.api_requests[o as usize]);
            bill.charge(items::CDN_REQUESTS, &[continent], calls + downloads);
            let answers = sum(&|o| edge(o) * month.response[o as usize]);
            bill.charge(items::CDN_EGRESS, &[continent], answers + downloads * month.file);
            let bodies = sum(&|o| if o.needs_writer() { edge(o) * month.request[o as usize] } else { 0.0 });
            bill.charge(items::CDN_TO_ORIGIN, &[continent], bodies);
        }
        bill.charge(items::ACCELERATOR, &["global"], if self.accelerated() { HOURS_PER_MONTH } else { 0.0 });
    }

    /// Zone, queries, health checks.
    fn names(&self, bill: &mut Bill<'_>) {
        bill.charge(items::ZONE, &["global"], 1.0);
        let by_edge = self.edge_serves_files();
        let caches: f64 = self
            .scenario
            .populations
            .iter()
            .map(|p| f64::from(if by_edge { p.edge_caches } else { p.client_resolvers }))
            .sum();
        // At most: every cache is always busy and asks once per time to live. Alias records are free.
        let ttl = self.architecture.ttl.value;
        let (alias, seconds) = ((ttl - 60.0).abs() < 1e-9 || self.accelerated(), if ttl > 0.0 { ttl } else { 60.0 });
        let queries = caches * MONTH_SECONDS / seconds;
        bill.charge(items::ALIAS_QUERIES, &["global"], if alias { queries } else { 0.0 });
        bill.charge(items::QUERIES, &["global"], if alias { 0.0 } else { queries });
        let Some(check) = &self.architecture.health_check else { return };
        let checks = self.regions.len() as f64;
        // HTTPS is an option, and so is an interval of 10 s.
        let options = checks * if check.interval.value < 30.0 { 2.0 } else { 1.0 };
        match self.scenario.usage.health_check_endpoint {
            Endpoint::Aws => {
                bill.charge(items::CHECK_AWS, &["global"], checks);
                bill.charge(items::OPTION_AWS, &["global"], options);
            }
            Endpoint::Other => {
                bill.charge(items::CHECK_OTHER, &["global"], checks);
                bill.charge(items::OPTION_OTHER, &["global"], options);
            }
        }
    }

    /// Logs, alarms, keys, certificates.
    fn supporting(&self, bill: &mut Bill<'_>, region: usize) {
        let (month, name) = (self.month, [self.regions[region].as_str()]);
        let runs = matches!(role(self.architecture, region), Role::Serves | Role::StandsBy);
        let logs = self.sum(region, |o| self.reaching(o) * month.api_requests[o as usize]) * month.logged;
        bill.charge(items::LOG_INGEST, &name, logs);
        bill.charge(items::LOG_STORAGE, &name, logs * month.logs_kept);
        bill.charge(items::ALARMS, &name, if runs { month.alarms } else { 0.0 });
        bill.charge(items::KEYS, &name, month.keys);
        let edge = f64::from(u8::from(region == 0 && self.edge_serves_files()));
        bill.charge(items::CERTIFICATES, &[name[0], "global"], edge + f64::from(u8::from(runs)));
    }

    /// What such a design also pays for, and no line above holds.
    fn left_out(&self, bill: &mut Bill<'_>) {
        bill.not_estimated("KMS", "requests");
        bill.not_estimated("Firewall", "rules and requests");
        bill.not_estimated("Transfer", "between zones of a region");
        if self.accelerated() {
            bill.not_estimated("API Gateway", "interface endpoints of the private API");
        }
        if self.architecture.second_region
            && abroad(self.scenario)
            && self.scenario.populations.iter().any(|p| p.rows_stay)
        {
            bill.not_estimated("Aurora", "a cluster of its own for rows that stay");
        }
        if self.architecture.decision == Some(Decision::Automatic) {
            bill.not_estimated(items::RECOVERY, "functions that watch and promote");
        }
    }
}
