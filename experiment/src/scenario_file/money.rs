//! Reads what the scenario says about money.

use super::reader::{Kind, Section};
use super::tree::Origin;
use crate::compliance::{ComplianceInput, TransferBasis};
use crate::money::inputs::{
    Amount, Api, CommitmentDiscount, Endpoint, HoursWeight, Invoice, LOST_ITEMS, MoneyInput, Penalty, Processor,
    Promise, UsageInput, Work,
};
use crate::money::invoice::load;
use crate::money::items::SERVICES;
use crate::quantity::{Currency, Unit};
use crate::scenario::{Input, Operation, RangeLaw};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    let lost_items = LOST_ITEMS.map(|item| lost.amount(item, false, currency));
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
        downtime_hours: downtime_hours(&section),
        failed_request: section.amount("failed_request", false, currency),
        lost_items,
        person_day: section.amount("person_day", false, currency),
        drill_days,
        discount: share("negotiated_discount"),
        commitment_discounts: commitment_discounts(&section),
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

/// People's work on the design of a row.
pub fn work(row: &Section<'_, '_>) -> Work {
    let days = |key: &str| row.optional_number(key, Kind::any(Unit::Count));
    Work {
        build: days("build_days"),
        upkeep: days("upkeep_days_per_year"),
        on_call: days("on_call_days_per_year"),
        exit: days("exit_days"),
    }
}

fn downtime_hours(section: &Section<'_, '_>) -> Vec<HoursWeight> {
    let mut found: Vec<HoursWeight> = Vec::new();
    for (_, table) in section.section("downtime_hours").named() {
        let table = table.with_provenance();
        let (from, until) = (table.whole("from", 0, 23), table.whole("until", 0, 24));
        let weight = table.number("weight", Kind::any(Unit::Count));
        let hours = HoursWeight { from, until, weight };
        if hours.weight.range.is_some() {
            table
                .reader()
                .error(table.place_of("weight"), format!("`{}.weight` is a choice: it has no range", table.path));
        }
        if (0..24).any(|hour| hours.contains(hour) && found.iter().any(|other| other.contains(hour))) {
            table.reader().error(table.place, format!("`{}` holds an hour of another table", table.path));
        }
        table.finish();
        found.push(hours);
    }
    if (0..24).all(|hour| found.iter().any(|hours| hours.contains(hour) && hours.weight.value <= 0.0)) {
        section
            .reader()
            .error(section.place_of("downtime_hours"), "`money.downtime_hours`: some hour must weigh something");
    }
    found
}

fn commitment_discounts(section: &Section<'_, '_>) -> Vec<CommitmentDiscount> {
    let mut promised: BTreeMap<String, f64> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, table) in section.section("commitment_discounts").named() {
        let table = table.with_provenance();
        if !table.says("services") {
            table.missing("services", "services of the bill such as [\"Lambda\", \"Aurora\"]");
        }
        let mut covered = table.words("services", &SERVICES).unwrap_or_default();
        covered.sort_unstable();
        covered.dedup();
        let share = table.number("share", Kind::any(Unit::Share));
        for service in &covered {
            let sum = promised.entry(service.clone()).or_default();
            *sum += share.value;
            if *sum > 1.0 + 1e-9 {
                let message = format!("`{}`: more than 100 % of {service} would be promised", table.path);
                table.reader().error(table.place_of("share"), message);
            }
        }
        let discount = table.number("discount", Kind::any(Unit::Share));
        table.finish();
        found.push(CommitmentDiscount { name, services: covered, share, discount });
    }
    found
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
    let (amount, file) = (table.amount("amount", false, currency), table.text("file"));
    let as_of = table.text("as_of").unwrap_or_default();
    if given && name.is_none() {
        table.missing("architecture", "the name of the design that was invoiced");
    }
    if given && table.says("amount") == table.says("file") {
        let message =
            format!("`{}` needs one of `amount`, such as \"3300 USD\", and `file`, a CSV by service", table.path);
        table.reader().error(table.place, message);
    }
    if let Some(name) = name.as_ref().filter(|name| !architectures.contains(name)) {
        let hint = super::reader::similar(name, architectures.iter().map(String::as_str));
        let message = format!("`money.invoice_check.architecture` is `{name}`, which is no architecture");
        table.reader().error_with_hint(table.place_of("architecture"), message, hint);
    }
    let by_service = file.and_then(|file| by_service(&table, (&file, &as_of), currency));
    table.finish();
    let (amount, services) = match by_service {
        Some((amount, services)) => (amount, services),
        None => (amount?, Vec::new()),
    };
    Some(Invoice { architecture: name?, amount, as_of, services })
}

/// The sum of an invoice by service, and its rows. A path in a scenario starts from the scenario's own folder.
fn by_service(
    table: &Section<'_, '_>,
    (file, as_of): (&str, &str),
    own: Currency,
) -> Option<(Amount, Vec<(String, f64)>)> {
    let place = table.place_of("file");
    let path = if let Origin::File(index) = place.origin {
        Path::new(table.reader().file(index)).with_file_name("").join(file)
    } else {
        PathBuf::from(file)
    };
    let found =
        load(&path, &path.display().to_string(), as_of).map_err(|problems| table.reader().adopt(problems)).ok()?;
    if found.currency != own && found.currency != Currency::Usd {
        let message =
            format!("`{}` is in {}; expected {} or USD", table.path_of("file"), found.currency.code(), own.code());
        table.reader().error_with_hint(place, message, Some("set money.currency and money.exchange".to_owned()));
        return None;
    }
    let value = found.amounts.iter().map(|(_, amount)| amount).sum();
    let input = Input { path: table.path_of("amount"), value, range: None, law: RangeLaw::Lognormal };
    Some((Amount { input, currency: found.currency }, found.amounts))
}
