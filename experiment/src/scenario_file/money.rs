//! Reads what the scenario says about money.

use super::reader::{Kind, Section};
use crate::compliance::{ComplianceInput, TransferBasis};
use crate::money::inputs::{Api, Endpoint, Invoice, MoneyInput, Penalty, Processor, Promise, UsageInput};
use crate::quantity::{Currency, Unit};
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

/// Months as people write them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What finance brings; `architectures` are the names of the designs.
pub fn money(root: &Section<'_, '_>, architectures: &[String]) -> MoneyInput {
    let section = root.section("money");
    let currencies = Currency::ALL.map(|c| (c.code(), c));
    let currency = section.choice("currency", &currencies).unwrap_or(Currency::Usd);
    let exchange = section.optional_number("exchange", Kind::positive(Unit::Exchange(currency)));
    if currency != Currency::Usd && exchange.is_none() && !section.says("exchange") {
        section.missing("exchange", &format!("a rate such as \"0.86 {}/USD\"", currency.code()));
    }
    let split = section.section("downtime_split").with_provenance();
    let downtime_split = ["read", "write", "upload"].map(|key| split.number(key, Kind::any(Unit::Share)));
    if (downtime_split.iter().map(|share| share.value).sum::<f64>() - 1.0).abs() > 1e-9 {
        split.reader().error(split.place, "`money.downtime_split` must sum to 100 %");
    }
    split.finish();
    let lost = section.section("lost_item").with_provenance();
    let lost_transaction = lost.amount("transaction", false, currency);
    lost.finish();
    let drills = section.section("drills").with_provenance();
    let drill_days = drills.number("person_days", Kind::any(Unit::Count));
    drills.finish();
    let share = |key: &str| section.number(key, Kind::any(Unit::Share));
    let months: Vec<(&str, i8)> = MONTHS.iter().zip(1..).map(|(name, month)| (*name, month)).collect();
    let money = MoneyInput {
        currency,
        exchange,
        downtime: section.amount("downtime", true, currency),
        downtime_split,
        failed_request: section.amount("failed_request", false, currency),
        lost_transaction,
        person_day: section.amount("person_day", false, currency),
        drill_days,
        discount: share("negotiated_discount"),
        support: section.optional_number("support_plan", Kind::any(Unit::Share)),
        budget_years: section.whole("budget_years", 1, 10),
        discount_rate: share("discount_rate"),
        growth: share("growth"),
        go_live: go_live(&section),
        fiscal_year_starts: section.choice("fiscal_year_starts", &months).unwrap_or(1),
        invoice: invoice(&section, currency, architectures),
        promise: promise(&section, currency),
    };
    section.finish();
    money
}

/// What is declared about data.
pub fn compliance(root: &Section<'_, '_>) -> ComplianceInput {
    let section = root.section("compliance");
    let input = ComplianceInput {
        transfer_basis: section.choice("transfer_basis", &TransferBasis::ALL).unwrap_or_default(),
        health_data: section.truth("health_data").unwrap_or(false),
    };
    section.finish();
    input
}

/// A month such as 2027-03.
fn go_live(section: &Section<'_, '_>) -> (i16, i8) {
    let text = section.text("go_live").unwrap_or_default();
    let read = || -> Option<(i16, i8)> {
        let (year, month) = text.split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((2000..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
    };
    read().unwrap_or_else(|| {
        let message = format!("`money.go_live` is `{text}`; expected a month such as 2027-03");
        section.reader().error(section.place_of("go_live"), message);
        (2027, 1)
    })
}

fn promise(section: &Section<'_, '_>, currency: Currency) -> Promise {
    let table = section.section("promise").with_provenance();
    let availability = table.number("availability", Kind::any(Unit::Share));
    let mut penalties = Vec::new();
    for (_, step) in table.section("penalties").named() {
        let step = step.with_provenance();
        let below = step.number("below", Kind::any(Unit::Share));
        match step.amount("amount", false, currency) {
            Some(amount) => penalties.push(Penalty { below, amount }),
            None if !step.says("amount") => step.missing("amount", "what is due, such as \"2000 EUR\""),
            None => {}
        }
        step.finish();
    }
    table.finish();
    Promise { availability, penalties }
}

fn invoice(section: &Section<'_, '_>, currency: Currency, architectures: &[String]) -> Option<Invoice> {
    let given = section.says("invoice_check");
    let table = section.section("invoice_check").with_provenance();
    let name = table.text("architecture");
    let amount = table.amount("amount", false, currency);
    let as_of = table.text("as_of").unwrap_or_default();
    if given && name.is_none() {
        table.missing("architecture", "the name of the design that was invoiced");
    }
    if given && amount.is_none() && !table.says("amount") {
        table.missing("amount", "a month's invoice such as \"3300 USD\"");
    }
    if let Some(name) = name.as_ref().filter(|name| !architectures.contains(name)) {
        let hint = super::reader::similar(name, architectures.iter().map(String::as_str));
        let message = format!("`money.invoice_check.architecture` is `{name}`, which is no architecture");
        table.reader().error_with_hint(table.place_of("architecture"), message, hint);
    }
    table.finish();
    Some(Invoice { architecture: name?, amount: amount?, as_of })
}
