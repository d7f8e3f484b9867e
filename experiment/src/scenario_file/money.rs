//! Reads what the scenario says about money.

use super::reader::{Kind, Section};
use crate::money::inputs::{Api, Endpoint, Processor, UsageInput};
use crate::quantity::Unit;
use crate::scenario::{Input, Operation};

/// What requests take of each service; `database` is asked for its size.
pub fn usage(root: &Section<'_, '_>, database: &Section<'_, '_>) -> UsageInput {
    let section = root.section("usage");
    let by_operation = |key: &str, unit: Unit| -> [Input; 4] {
        let table = section.section(key).with_provenance();
        let found = Operation::ALL.map(|o| table.number(o.name(), Kind::any(unit)));
        table.finish();
        found
    };
    let number = |key: &str, unit: Unit| section.number(key, Kind::any(unit));
    let endpoints = [("aws", Endpoint::Aws), ("other", Endpoint::Other)];
    let usage = UsageInput {
        api: section.choice("api", &[("rest", Api::Rest), ("http", Api::Http)]).unwrap_or(Api::Rest),
        api_requests: by_operation("api_requests", Unit::Count),
        response: by_operation("response", Unit::Bytes),
        request: by_operation("request", Unit::Bytes),
        function_memory: number("function_memory", Unit::Bytes),
        function_processor: section
            .choice("function_processor", &[("x86", Processor::X86), ("arm", Processor::Arm)])
            .unwrap_or(Processor::X86),
        database_reads: by_operation("database_reads", Unit::Count),
        database_writes: by_operation("database_writes", Unit::Count),
        database_instances: number("database_instances", Unit::Count),
        standby_instances: number("standby_instances", Unit::Count),
        database_size: database.number("size", Kind::any(Unit::Bytes)),
        replicated: number("replicated", Unit::Bytes),
        backups: number("backups", Unit::Share),
        daily_change: number("daily_change", Unit::Share),
        objects_stored: number("objects_stored", Unit::Bytes),
        downloads: number("downloads", Unit::Count),
        requests_per_connection: section.number("requests_per_connection", Kind::positive(Unit::Count)),
        logged: number("logged", Unit::Bytes),
        logs_kept: number("logs_kept", Unit::Seconds),
        alarms: number("alarms", Unit::Count),
        keys: number("keys", Unit::Count),
        health_check_endpoint: section.choice("health_check_endpoint", &endpoints).unwrap_or(Endpoint::Other),
    };
    section.finish();
    usage
}
