//! What a scenario says about money: what requests take of each service, and what finance brings.

use crate::quantity::Currency;
use crate::scenario::Input;
use crate::world::WorldDraws;
use drsim_models::sla::Step;
use serde::{Deserialize, Serialize};

/// Which API product stands in front of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// REST API.
    Rest,
    /// HTTP API.
    Http,
}

/// Processor of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Processor {
    /// x86.
    X86,
    /// arm64.
    Arm,
}

/// How a health check's endpoint is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// As one of the provider's.
    Aws,
    /// As any other.
    Other,
}

/// What requests take of each service, and what is kept. Lists of four are by operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageInput {
    /// API product.
    pub api: Api,
    /// Requests to the API.
    pub api_requests: [Input; 4],
    /// Bytes that answers hold.
    pub response: [Input; 4],
    /// Bytes that bodies of requests hold.
    pub request: [Input; 4],
    /// Memory of a function \[bytes\].
    pub function_memory: Input,
    /// Its processor.
    pub function_processor: Processor,
    /// Reads from the database's storage.
    pub database_reads: [Input; 4],
    /// Writes to the database's storage.
    pub database_writes: [Input; 4],
    /// Database instances in a region that serves.
    pub database_instances: Input,
    /// Database instances in a region that stands by.
    pub standby_instances: Input,
    /// Rows and indexes \[bytes\].
    pub database_size: Input,
    /// Bytes that travel to the other region for a request that writes.
    pub replicated: Input,
    /// Backups above the free allowance, as a share of the database's size.
    pub backups: Input,
    /// Share of the database that changes in a day, for snapshots copied to another region.
    pub daily_change: Input,
    /// Files kept at the start of the year \[bytes\].
    pub objects_stored: Input,
    /// How often an uploaded file is downloaded.
    pub downloads: Input,
    /// Requests of one connection, at the load balancer.
    pub requests_per_connection: Input,
    /// Bytes logged per request to the API.
    pub logged: Input,
    /// How long logs are kept \[s\].
    pub logs_kept: Input,
    /// Alarms per region that runs.
    pub alarms: Input,
    /// Keys per region that holds data.
    pub keys: Input,
    /// How health checks' endpoints are priced.
    pub health_check_endpoint: Endpoint,
}

/// What may be lost, as keys of `money.lost_item`: a row; a file that was destroyed; one without a copy that returns with
/// its region; a store of which nobody knows how much is gone.
pub const LOST_ITEMS: [&str; 4] = ["transaction", "file", "unavailable_file", "store"];

/// An amount in the currency it was given in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// The number.
    pub input: Input,
    /// Of what.
    pub currency: Currency,
}

/// A discount for a promise to use so much: a savings plan, reserved capacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentDiscount {
    /// What it is called.
    pub name: String,
    /// Services of the bill that it covers.
    pub services: Vec<String>,
    /// Share of their expected bill that is promised: less use is paid all the same.
    pub share: Input,
    /// Off list prices, for what is promised.
    pub discount: Input,
}

/// People's work on a design beyond the baseline. What is `None` is not estimated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Person-days to build what the baseline has not.
    pub build: Option<Input>,
    /// Person-days a year to keep it up.
    pub upkeep: Option<Input>,
    /// Person-days a year of being on call for it.
    pub on_call: Option<Input>,
    /// Person-days to leave it again, at the end of the budget.
    pub exit: Option<Input>,
}

/// Hours of a day and what a request that fails in them counts for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursWeight {
    /// First hour on the population's clock.
    pub from: u32,
    /// Hour before which they end; not above `from`: past midnight.
    pub until: u32,
    /// Weight, 1 for all other hours.
    pub weight: Input,
}

impl HoursWeight {
    /// Whether an hour of the day is one of them.
    pub fn contains(&self, hour: u32) -> bool {
        let length = (24 + self.until - self.from) % 24;
        length == 0 || (24 + hour - self.from) % 24 < length
    }
}

/// What finance brings. What is `None` is not estimated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoneyInput {
    /// The scenario's own currency.
    pub currency: Currency,
    /// So much of it for a US dollar; `None`: US dollars.
    pub exchange: Option<Input>,
    /// What an hour costs in which everybody at an average hour is down.
    pub downtime: Option<Amount>,
    /// How that falls on reads, writes and uploads; together 1.
    pub downtime_split: [Input; 3],
    /// Hours of the local day that count for more or less.
    pub downtime_hours: Vec<HoursWeight>,
    /// What each failed first attempt costs beside.
    pub failed_request: Option<Amount>,
    /// What lost data cost, by [`LOST_ITEMS`].
    pub lost_items: [Option<Amount>; 4],
    /// A day of a person's work.
    pub person_day: Option<Amount>,
    /// Person-days of one drill.
    pub drill_days: Input,
    /// Off list prices, after tiers.
    pub discount: Input,
    /// For promised use, before the negotiated discount.
    pub commitment_discounts: Vec<CommitmentDiscount>,
    /// On the bill after that.
    pub support: Option<Input>,
    /// Years that a budget covers, and over which one-off work is spread.
    pub budget_years: u32,
    /// A year's interest.
    pub discount_rate: Input,
    /// What the cloud bill grows in a year.
    pub growth: Input,
    /// First month of the budget: year and month.
    pub go_live: (i16, i8),
    /// Month in which fiscal years start, from 1.
    pub fiscal_year_starts: i8,
    /// What was invoiced: for which architecture, and how much a month.
    pub invoice: Option<Invoice>,
    /// What was promised to users.
    pub promise: Promise,
}

/// What was promised to users, month by month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// Share of a month that is not below the minimum service level; what is left is the error budget.
    pub availability: Input,
    /// What is due to them when it is not kept.
    pub penalties: Vec<Penalty>,
}

/// A step of a contract's penalties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// Below this availability of a month …
    pub below: Input,
    /// … so much is due; of several steps that of the lowest.
    pub amount: Amount,
}

/// What was invoiced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    /// The architecture that runs.
    pub architecture: String,
    /// A month's amount.
    pub amount: Amount,
    /// Of when.
    pub as_of: String,
    /// By service, in the same currency; empty where only the sum is known.
    pub services: Vec<(String, f64)>,
}

impl MoneyInput {
    /// So much of the own currency for a US dollar, in a world.
    pub fn rate(&self, draws: &WorldDraws) -> f64 {
        self.exchange.as_ref().map_or(1.0, |exchange| draws.number(exchange))
    }

    /// An amount in the own currency, in a world.
    pub fn own(&self, amount: &Amount, draws: &WorldDraws) -> f64 {
        let number = draws.number(&amount.input);
        if amount.currency == self.currency { number } else { number * self.rate(draws) }
    }

    /// The steps of the contract's penalties, in the own currency, in a world.
    pub fn penalties(&self, draws: &WorldDraws) -> Vec<Step> {
        let step = |p: &Penalty| Step { below: draws.number(&p.below), due: self.own(&p.amount, draws) };
        self.promise.penalties.iter().map(step).collect()
    }

    /// An amount in US dollars, in a world.
    pub fn usd(&self, amount: &Amount, draws: &WorldDraws) -> f64 {
        let number = draws.number(&amount.input);
        if amount.currency == Currency::Usd { number } else { number / self.rate(draws) }
    }
}
