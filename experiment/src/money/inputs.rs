//! What a scenario says about money: what requests take of each service.

use crate::scenario::Input;
use serde::Serialize;

/// Which API product stands in front of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// REST API.
    Rest,
    /// HTTP API.
    Http,
}

/// Processor of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Processor {
    /// x86.
    X86,
    /// arm64.
    Arm,
}

/// How a health check's endpoint is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// As one of the provider's.
    Aws,
    /// As any other.
    Other,
}

/// What requests take of each service, and what is kept. Lists of four are by operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
