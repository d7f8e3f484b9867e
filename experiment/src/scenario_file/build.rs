//! Builds the scenario: asks for every field, in the order of the file, and checks that names resolve.

use super::reader::{Kind, Reader, Section, similar};
use super::tree::{Node, Place, Value};
use crate::assemble::target_regions;
use crate::catalogue::{CITIES, DEFAULTS, OUTAGES_SOURCE, POPULATIONS, PRESETS, PROFILES, REGION_OUTAGES, profile};
use crate::money::prices::PriceBook;
use crate::quantity::{self, Unit};
use crate::scenario::{
    Architecture, CapacityInput, Cause, CauseInput, Claim, ClaimMetric, Consistency, CopyModel, CountInput, Decision,
    Demand, Dependency, Detection, DistributionInput, EdgeInput, FailbackInput, Fate, FlappingInput, FootprintInput,
    FrontDoor, HealthCheck, Input, Label, LatencyInput, Objects, Operation, OperationGroup, PartInput, Per, Population,
    Preset, RangeLaw, Recovery, ReportInput, ResidencyInput, RetriesInput, RetryKind, ReturnOrder, Routing, Scenario,
    Shape, Store, Usable,
};
use drsim_models::outage::Components;
use sha2::{Digest, Sha256};

pub(super) const SECONDS: Kind = Kind::any(Unit::Seconds);
pub(super) const POSITIVE_SECONDS: Kind = Kind::positive(Unit::Seconds);
pub(super) const SHARE: Kind = Kind::any(Unit::Share);

/// A scenario, if the file says enough to build one; problems are noted in `reader`.
pub fn scenario(reader: &Reader<'_>, file: &Node) -> Option<Scenario> {
    let root = Section::root(reader, file, &DEFAULTS);
    if !matches!(file.get("schema_version").map(|n| &n.value), Some(Value::Number(v)) if (*v - 1.0).abs() < 1e-12) {
        reader.error(root.place_of("schema_version"), "`schema_version` must be 1");
    }
    _ = root.node("schema_version");
    // What it extends lies under it already.
    _ = root.node("extends");
    let title = root.text("title").unwrap_or_else(|| "Untitled".into());
    let start = start(&root);
    let regions = regions(&root);
    let residency = residency(&root);
    let populations = populations(&root, &regions, &residency);
    let demand = demand(&root);
    if let Some(demand) = &demand {
        check_volume(&root, &populations, demand);
    }
    let edge = edge(&root);
    let latency = latency(&root);
    let objects_section = root.section("objects");
    let objects = super::data::objects(&objects_section);
    let database = root.section("database");
    let database_input = super::data::database(&database);
    let usage = super::money::usage(&root, &database);
    database.finish();
    let dependencies = dependencies(&root);
    let (outages, flapping) = outages(&root, &target_regions(&regions, dials_accelerator(file)), regions.len());
    let capacity = capacity(&root, &regions);
    let detection_section = root.section("detection");
    let detection = detection(&detection_section);
    let recovery = recovery(&root);
    let architectures = architectures(&root, &objects_section, &detection_section, &regions);
    check_payload(&objects_section, &objects, &architectures);
    objects_section.finish();
    detection_section.finish();
    let designs: Vec<String> = architectures.iter().map(|a| a.name.clone()).collect();
    let money = super::money::money(&root, &designs);
    let compliance = super::money::compliance(&root);
    let claims = claims(&root, &populations);
    for claim in &claims {
        if let Some(cause) = claim.cause.filter(|cause| !outages.iter().any(|input| input.cause == *cause)) {
            let path = format!("claims.{}.cause", claim.name);
            let message = format!("`{path}` is `{}`, which `outages.causes` does not switch on", cause.name());
            reader.error(place_of(file, &["claims", &claim.name, "cause"]), message);
        }
    }
    let named = |key: &str| {
        let name = root.text(key);
        let names = architectures.iter().map(|a| a.name.as_str());
        match name {
            Some(name) => names.clone().position(|n| n == name).or_else(|| {
                let message = format!("`{key}` is `{name}`, but the scenario defines no such architecture");
                reader.error_with_hint(root.place_of(key), message, similar(&name, names));
                None
            }),
            None => {
                if architectures.len() > 1 {
                    root.missing(key, "the name of an architecture, once there are two");
                }
                (!architectures.is_empty()).then_some(0)
            }
        }
    };
    let (baseline, proposed) = (named("baseline"), named("proposed"));
    let report = super::report::report(&root, &claims, &architectures);
    root.finish();
    let mut scenario = Scenario {
        title,
        baseline: baseline?,
        proposed: proposed?,
        start: start?,
        regions,
        populations,
        demand: demand?,
        edge,
        latency,
        residency,
        objects,
        database: database_input,
        outages,
        flapping,
        dependencies,
        capacity,
        usage,
        money,
        compliance,
        prices: PriceBook::built_in(),
        detection,
        recovery,
        architectures,
        claims,
        report,
        provenance: Vec::new(),
        unknowns: Vec::new(),
        digest: String::new(),
        warnings: Vec::new(),
    };
    scenario.digest = digest(&scenario);
    Some(scenario)
}

/// A digest of the meaning: titles, quotes, lines, comments and what the report shows do not count.
pub fn digest(scenario: &Scenario) -> String {
    let mut meaning = scenario.clone();
    meaning.title.clear();
    meaning.digest.clear();
    meaning.provenance.clear();
    meaning.warnings.clear();
    meaning.report = ReportInput::default();
    for claim in &mut meaning.claims {
        claim.line = 0;
        claim.says = None;
    }
    let text = serde_json::to_vec(&meaning).expect("a checked scenario can be written");
    let hash = Sha256::digest(text);
    hash.iter().take(16).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn start(root: &Section<'_, '_>) -> Option<String> {
    let text = root.text("start")?;
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if date.weekday() == jiff::civil::Weekday::Monday => Some(text),
        Ok(date) => {
            let monday = date.nth_weekday(1, jiff::civil::Weekday::Monday).map_or(String::new(), |d| d.to_string());
            let message = format!("`start` is {text}, a {:?}; a simulated year starts on a Monday", date.weekday());
            root.reader().error_with_hint(root.place_of("start"), message, Some(format!("the next one is {monday}")));
            None
        }
        Err(_) => {
            let message = format!("`start` is `{text}`; expected a date such as 2027-03-01");
            root.reader().error(root.place_of("start"), message);
            None
        }
    }
}

fn regions(root: &Section<'_, '_>) -> Vec<String> {
    let section = root.section("regions");
    let mut regions: Vec<String> = Vec::new();
    let known = || REGION_OUTAGES.iter().map(|(name, ..)| *name);
    for key in ["primary", "secondary"] {
        let Some(name) = section.text(key) else {
            if key == "primary" {
                section.missing(key, "a provider region such as \"eu-west-1\"");
            }
            continue;
        };
        if !known().any(|k| k == name) {
            let message = format!("`regions.{key}` is `{name}`; no such region is known");
            section.reader().error_with_hint(section.place_of(key), message, similar(&name, known()));
        } else if regions.contains(&name) {
            section
                .reader()
                .error(section.place_of(key), "`regions.secondary` is the primary; expected another region");
        }
        regions.push(name);
    }
    section.finish();
    regions
}

fn populations(root: &Section<'_, '_>, regions: &[String], residency: &ResidencyInput) -> Vec<Population> {
    let section = root.section("populations");
    let mut populations = Vec::new();
    for (name, one) in section.named() {
        let one = one.with_defaults(POPULATIONS.get("default"));
        let users = one.number("users", Kind::positive(Unit::Count));
        let edge_caches = one.whole("edge_caches", 1, 10_000);
        let client_resolvers = one.whole("client_resolvers", 1, 10_000);
        let city = one.text("city").unwrap_or_default();
        let zone = one.text("timezone");
        let known = CITIES.iter().find(|c| c.name == city);
        if known.is_none() {
            let hint = similar(&city, CITIES.iter().map(|c| c.name));
            let message = match city.as_str() {
                "" => format!("`{}` is missing; expected a city of the latency table", one.path_of("city")),
                city => format!("`{}` is `{city}`, which is not in the latency table", one.path_of("city")),
            };
            let all = || CITIES.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
            one.reader().error_with_hint(one.place_of("city"), message, hint.or_else(|| Some(all())));
        }
        let timezone = zone.unwrap_or_else(|| known.map_or("UTC", |c| c.timezone).to_owned());
        if jiff::tz::TimeZone::get(&timezone).is_err() {
            let message =
                format!("`{}` is `{timezone}`; expected a zone such as Europe/Madrid", one.path_of("timezone"));
            one.reader().error(one.place_of("timezone"), message);
        }
        let mut round_trip_seconds = Vec::new();
        for region in regions {
            let trip = known.and_then(|c| c.round_trips.iter().find(|(r, _)| r == region));
            if let (Some(city), None) = (known, trip) {
                let message = format!("the latency table has no round trip from {} to {region}", city.name);
                one.reader().error(one.place_of("city"), message);
            }
            round_trip_seconds.push(trip.map_or(0.0, |(_, seconds)| *seconds));
        }
        let labels = Label::ALL.map(|label| (label.name(), label));
        let label = one.choice("label", &labels).unwrap_or_default();
        let each = one.section("label_of");
        let label_of = |operation: Operation| each.choice(operation.name(), &labels).unwrap_or(label);
        let (files_label, rows_label) = (label_of(Operation::Upload), label_of(Operation::Write));
        each.finish();
        let files_stay = one.truth("files_stay").unwrap_or(false) | residency.stay[files_label as usize];
        populations.push(Population {
            name,
            users,
            city,
            timezone,
            round_trip_seconds,
            edge_caches,
            client_resolvers,
            files_label,
            rows_label,
            files_stay,
            rows_stay: residency.rows_apart && residency.stay[rows_label as usize],
            downtime_share: one.optional_number("downtime_share", Kind::any(Unit::Share)),
        });
        one.finish();
    }
    let shares: Vec<f64> = populations.iter().filter_map(|p| p.downtime_share.as_ref()).map(|s| s.value).collect();
    let whole = shares.len() == populations.len() && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9;
    if !shares.is_empty() && !whole {
        let message = "`downtime_share`: every population needs one, and they must sum to 100 %";
        root.reader().error(section.place, message);
    }
    if populations.is_empty() {
        root.missing("populations", "at least one table such as [populations.europe]");
    } else if populations.len() > 16 {
        root.reader().error(section.place, "more than 16 populations; expected continents or countries, not cities");
    }
    section.finish();
    populations
}

fn residency(root: &Section<'_, '_>) -> ResidencyInput {
    let section = root.section("residency");
    let rule = |label: Label| section.choice(label.name(), &[("anywhere", false), ("continent", true)]) == Some(true);
    let residency = ResidencyInput {
        stay: Label::ALL.map(rule),
        rows_apart: section.choice("rows", &[("copied", false), ("apart", true)]) == Some(true),
        sweep: section.number("sweep", SECONDS),
        versions_kept: section.number("versions_kept", SECONDS),
    };
    section.finish();
    residency
}

fn demand(root: &Section<'_, '_>) -> Option<Demand> {
    let section = root.section("demand");
    // The table of habits may carry one basis and source for all four.
    let per = section.section("per_user_per_day").with_provenance();
    let habit = |operation: Operation| {
        let found = per.optional_number(operation.name(), Kind::any(Unit::Count));
        if found.is_none() && !per.says(operation.name()) {
            per.missing(operation.name(), "a number of requests per user and day");
        }
        found
    };
    let per_user_per_day = Operation::ALL.map(habit);
    per.finish();
    let profile_name = section.choice("profile", &PROFILES.map(|name| (name, name.to_owned())));
    let edge_hit_share = section.number("edge_hit_share", SHARE);
    let client_timeout = section.number("client_timeout", POSITIVE_SECONDS);
    let tokens_last = section.number("tokens_last", SECONDS);
    let client_uplink = section.number("client_uplink", Kind::positive(Unit::BitsPerSecond));
    let files_at_once = section.whole("files_at_once", 1, 1000);
    section.finish();
    let [Some(a), Some(b), Some(c), Some(d)] = per_user_per_day else { return None };
    let profile_name = profile_name?;
    let profile = profile(&profile_name)?;
    let per_user_per_day = [a, b, c, d];
    Some(Demand {
        per_user_per_day,
        profile,
        profile_name,
        edge_hit_share,
        client_timeout,
        tokens_last,
        client_uplink,
        files_at_once,
    })
}

fn edge(root: &Section<'_, '_>) -> EdgeInput {
    let section = root.section("edge");
    let edge = EdgeInput {
        object_lifetime: section.number("object_lifetime", POSITIVE_SECONDS),
        serves_stale: section.truth("serves_stale").unwrap_or(true),
        error_lifetime: section.number("error_lifetime", SECONDS),
        lost_on_move: section.number("lost_on_move", SHARE),
    };
    section.finish();
    edge
}

/// Uploads per second that a loss window can look at one by one; more is another kind of system.
const MOST_UPLOADS_PER_SECOND: f64 = 100.0;

fn check_volume(root: &Section<'_, '_>, populations: &[Population], demand: &Demand) {
    let users: f64 = populations.iter().map(|p| p.users.value).sum();
    let uploads = users * demand.per_user_per_day[Operation::Upload as usize].value / 86_400.0;
    if uploads > MOST_UPLOADS_PER_SECOND {
        let message = format!(
            "`demand.per_user_per_day.upload` times all users is {uploads:.0} uploads per second; this version simulates \
             at most {MOST_UPLOADS_PER_SECOND}"
        );
        root.reader().error(root.section("demand").place_of("per_user_per_day"), message);
    }
}

fn latency(root: &Section<'_, '_>) -> LatencyInput {
    let section = root.section("latency");
    let latency = LatencyInput {
        access: section.distribution("access", SECONDS),
        edge_trip: section.number("edge_trip", SECONDS),
        lookup: section.distribution("lookup", SECONDS),
        lookups: section.number("lookups", SHARE),
        new_connections: section.number("new_connections", SHARE),
        cold_starts: section.number("cold_starts", SHARE),
        service_spread: section.number("service_spread", Kind::positive(Unit::Count)),
        forward_trips: section.number("forward_trips", Kind::any(Unit::Count)),
        consistency: section
            .choice(
                "consistency",
                &[
                    ("eventual", Consistency::Eventual),
                    ("session", Consistency::Session),
                    ("global", Consistency::Global),
                ],
            )
            .unwrap_or(Consistency::Eventual),
    };
    if latency.service_spread.value <= 1.0 {
        let message = format!("`{}` must be above 1: a percentile above the median", section.path_of("service_spread"));
        section.reader().error(section.place_of("service_spread"), message);
    }
    section.finish();
    latency
}

/// Largest body in bytes that goes through a function, and through a load balancer to one.
/// Source: AWS Lambda quotas (synchronous invocation payload 6 MB), Application Load Balancer guide (1 MB to a function);
/// API Gateway's own limit is 10 MB.
const LARGEST_BODIES: [f64; 2] = [6e6, 1e6];

/// Files that go through the API must fit into its requests; sent to the bucket by a pre-signed address they need not.
fn check_payload(section: &Section<'_, '_>, objects: &Objects, architectures: &[Architecture]) {
    let through_api = section.choice("uploads", &[("presigned", false), ("through_api", true)]) == Some(true);
    let largest = objects.size.max.unwrap_or(f64::INFINITY);
    if !through_api {
        return;
    }
    for architecture in architectures {
        let balanced = matches!(architecture.front_door, FrontDoor::Accelerator | FrontDoor::Hybrid);
        let (limit, what) = if balanced {
            (LARGEST_BODIES[1], "a load balancer passes a function")
        } else {
            (LARGEST_BODIES[0], "a function accepts")
        };
        if largest > limit {
            let message = format!(
                "`objects.uploads` is `through_api`, but files of `{}` are up to {}; {what} at most {}",
                architecture.name,
                quantity::write(largest, Unit::Bytes),
                quantity::write(limit, Unit::Bytes)
            );
            let hint = "uploads = \"presigned\" sends them straight to the bucket".to_owned();
            section.reader().error_with_hint(section.place_of("uploads"), message, Some(hint));
        }
    }
}

/// A distribution that needs a maximum: nothing in the world is unbounded here.
pub(super) fn bounded(section: &Section<'_, '_>, key: &str, kind: Kind) -> DistributionInput {
    let mut input = section.distribution(key, kind);
    let top = match &input.shape {
        Shape::Constant { value } => Some(value.value),
        Shape::Uniform { high, .. } | Shape::Triangular { high, .. } => Some(high.value),
        _ => None,
    };
    if input.max.is_none() {
        input.max = top;
    }
    let said = section.node(key).is_some_and(|node| node.get("max").is_some());
    match input.max {
        None if said => {} // it is there but was refused already
        None => {
            let message = format!("`{}` needs a `max`: the law has no end of its own", section.path_of(key));
            section.reader().error(section.place_of(key), message);
        }
        Some(max) if max <= 0.0 => {
            section
                .reader()
                .error(section.place_of(key), format!("`{}` must have a `max` above zero", section.path_of(key)));
        }
        Some(_) => {}
    }
    input
}

/// A time with a maximum of at most 60 days: windows look back or ahead that far.
pub(super) fn within_sixty_days(section: &Section<'_, '_>, key: &str) -> DistributionInput {
    let input = bounded(section, key, POSITIVE_SECONDS);
    if input.max.is_some_and(|max| max > 60.0 * 86_400.0) {
        let message = format!("`{}`: the `max` is more than 60 days", section.path_of(key));
        section.reader().error(section.place_of(key), message);
    }
    input
}

/// Whether people of some design dial an accelerator: its control plane then matters.
fn dials_accelerator(file: &Node) -> bool {
    let says = |row: &Node, key: &str, words: &[&str]| matches!(row.get(key).map(|n| &n.value), Some(Value::Text(text)) if words.contains(&text.as_str()));
    let Some(Value::Table(rows)) = file.get("architectures").map(|n| &n.value) else { return false };
    let accelerated = ["active_active_accelerator", "active_active_hybrid"];
    rows.iter().any(|row| says(&row.node, "preset", &accelerated) && says(&row.node, "evacuation", &["on_call"]))
}

/// Causes that are switched on. What a scenario says about the others is checked all the same.
fn outages(root: &Section<'_, '_>, targets: &[String], own: usize) -> (Vec<CauseInput>, FlappingInput) {
    let all = root.section("outages");
    let names = Cause::ALL.map(Cause::name);
    let on = all.words("causes", &names).unwrap_or_default();
    let mut found = Vec::new();
    for cause in Cause::ALL {
        let is_on = on.iter().any(|word| word == cause.name());
        if is_on || all.says(cause.name()) {
            let section = all.section(cause.name());
            let input = cause_input(cause, &section, targets, own);
            section.finish();
            found.extend(input.filter(|_| is_on));
        }
    }
    let section = all.section("flapping");
    let spell = |key: &str| section.distribution(key, POSITIVE_SECONDS);
    let flapping = FlappingInput { share: section.number("share", SHARE), ill: spell("ill"), well: spell("well") };
    section.finish();
    all.finish();
    (found, flapping)
}

fn cause_input(cause: Cause, section: &Section<'_, '_>, targets: &[String], own: usize) -> Option<CauseInput> {
    let counts = if cause == Cause::Region {
        region_counts(section, targets)
    } else {
        let count = section.node("count").map(|node| section.count(node, &section.path_of("count")))?;
        let many = match cause {
            _ if cause.is_global() => 1,
            // They may freeze what is changed in a region that the workload does not use.
            Cause::ControlPlane | Cause::Service => targets.len(),
            _ => own,
        };
        vec![count; many]
    };
    let always =
        |key: &str, value| Input { path: section.path_of(key), value, range: None, law: RangeLaw::LogitNormal };
    let both_regions =
        if cause.is_global() { always("both_regions", 0.0) } else { section.number("both_regions", SHARE) };
    Some(CauseInput {
        cause,
        duration: within_sixty_days(section, "duration"),
        both_regions,
        destroys: if matches!(cause, Cause::Region | Cause::Zone | Cause::Service) {
            section.number("destroys", SHARE)
        } else {
            always("destroys", 0.0)
        },
        footprint: footprint(cause, section),
        seen: section.number("seen", SHARE),
        counts,
    })
}

/// What a cause hits: the library where it has events of that scope, a table of parts otherwise.
fn footprint(cause: Cause, section: &Section<'_, '_>) -> FootprintInput {
    let whole = || FootprintInput::Whole { hits_workload: section.number("hits_workload", SHARE) };
    let library = || FootprintInput::Library { everything_down: section.number("everything_down", SHARE) };
    match cause {
        Cause::Region => {
            let kind = section.choice("footprint", &[("whole", true), ("library", false)]);
            // A scenario may keep what the other kind needs.
            _ = (section.node("hits_workload"), section.node("everything_down"));
            if kind == Some(false) { library() } else { whole() }
        }
        Cause::Service | Cause::FrontDoor => library(),
        _ => {
            let parts = section.section("parts");
            let words = Components::WORDS.map(|(word, _)| word);
            let part = |(name, one): (String, Section<'_, '_>)| {
                let hits = one.words("hits", &words).unwrap_or_default();
                if hits.is_empty() && one.node("hits").is_none() {
                    one.missing("hits", "what is hit, such as [\"function\"]");
                }
                let part = PartInput {
                    name,
                    hits,
                    probability: one.number("probability", SHARE),
                    failing: one.number("failing", SHARE),
                    starts: one.distribution("starts", SECONDS),
                    lasts: one.node("lasts").map(|_| one.distribution("lasts", SECONDS)),
                };
                one.finish();
                part
            };
            let parts_found = parts.named_or_built_in().into_iter().map(part).collect();
            parts.finish();
            FootprintInput::Parts { parts: parts_found }
        }
    }
}

/// Regional events seen: what the scenario counts, or else the catalogue.
fn region_counts(section: &Section<'_, '_>, targets: &[String]) -> Vec<CountInput> {
    let count = section.section("count");
    let mut given: Vec<CountInput> = Vec::new();
    for (name, one) in count.named() {
        let Some((region, ..)) = REGION_OUTAGES.iter().find(|(region, ..)| *region == name) else {
            let hint = similar(&name, REGION_OUTAGES.iter().map(|(region, ..)| *region));
            count.reader().error_with_hint(one.place, format!("`{}`: no such region is known", one.path), hint);
            continue;
        };
        if let Some(node) = count.node(region) {
            given.push(count.count(node, &one.path));
        }
    }
    let counts = targets.iter().filter_map(|region| {
        let path = count.path_of(region);
        if let Some(given) = given.iter().find(|c| c.path == path) {
            return Some(given.clone());
        }
        let (_, events, years) = REGION_OUTAGES.iter().find(|(name, ..)| name == region)?;
        Some(count.built_in_count(&path, *events, *years, OUTAGES_SOURCE))
    });
    let counts: Vec<CountInput> = counts.collect();
    count.finish();
    counts
}

/// What requests need beside API, functions and stores.
fn dependencies(root: &Section<'_, '_>) -> Vec<Dependency> {
    let section = root.section("dependencies");
    let mut found = Vec::new();
    for (name, one) in section.named() {
        let known = ["identity", "keys", "secrets", "queue"];
        if !known.contains(&name.as_str()) {
            let message = format!("`{}` is not one of {}", one.path, known.join(", "));
            one.reader().error_with_hint(one.place, message, similar(&name, known.into_iter()));
        }
        let needed = one.words("needed_by", &Operation::ALL.map(Operation::name));
        if needed.is_none() {
            one.missing("needed_by", "operations such as [\"write\", \"upload\"]");
        }
        let needed = needed.unwrap_or_default();
        let usable = |key: &str| {
            let kinds = [("full", Usable::Full), ("reads", Usable::Reads), ("none", Usable::None)];
            one.choice(key, &kinds).unwrap_or(Usable::Full)
        };
        let usable = [usable("primary"), usable("secondary")];
        one.finish();
        let needed_by = Operation::ALL.map(|o| needed.iter().any(|word| word == o.name()));
        found.push(Dependency { component: name, needed_by, usable });
    }
    section.finish();
    found
}

/// Regions whose API has a smaller throttle. Source: API Gateway developer guide, "Quotas"; of those known here.
const SMALL_REGIONS: [&str; 3] = ["af-south-1", "eu-south-1", "me-central-1"];

fn capacity(root: &Section<'_, '_>, regions: &[String]) -> CapacityInput {
    let section = root.section("capacity");
    let count = |key: &str| section.number(key, Kind::positive(Unit::Count));
    let time = |key: &str| section.number(key, SECONDS);
    let service = section.section("service_time");
    let retries = section.section("retries");
    let kinds = [("none", RetryKind::None), ("immediate", RetryKind::Immediate), ("backoff", RetryKind::Backoff)];
    let small = section.section("small_regions");
    // What the scenario says of the entrance holds in every region; otherwise some have a smaller one.
    let entrance = |key: &str| -> Vec<Input> {
        let is_small = |region: &&String| !section.says(key) && SMALL_REGIONS.contains(&region.as_str());
        let one = |region| if is_small(&region) { small.number(key, Kind::positive(Unit::Count)) } else { count(key) };
        regions.iter().map(one).collect()
    };
    let capacity = CapacityInput {
        requests_per_second: entrance("requests_per_second"),
        burst: entrance("burst"),
        concurrency: count("concurrency"),
        concurrency_growth: count("concurrency_growth"),
        used_by_others: section.number("used_by_others", SHARE),
        cold_start: time("cold_start"),
        database_units: count("database_units"),
        database_units_at_least: count("database_units_at_least"),
        database_doubling: time("database_doubling"),
        connections: count("connections"),
        bandwidth: section.optional_number("bandwidth", Kind::positive(Unit::BitsPerSecond)),
        database_work: section.number("database_work", Kind::any(Unit::Count)),
        service_time: Operation::ALL.map(|o| service.number(o.name(), SECONDS)),
        hang: time("hang"),
        function_timeout: section.number("function_timeout", POSITIVE_SECONDS),
        retries: RetriesInput {
            kind: retries.choice("policy", &kinds).unwrap_or(RetryKind::None),
            attempts: retries.whole("attempts", 1, 10),
            base: retries.number("base", SECONDS),
            cap: retries.number("cap", SECONDS),
            jitter: retries.truth("jitter").unwrap_or(true),
            budget: retries.optional_number("budget", SHARE),
            follow: retries.truth("follow").unwrap_or(true),
            dead_wait: retries.number("dead_wait", SECONDS),
        },
    };
    // A scenario may keep what other regions need.
    _ = (small.node("requests_per_second"), small.node("burst"));
    small.finish();
    service.finish();
    retries.finish();
    section.finish();
    capacity
}

fn detection(section: &Section<'_, '_>) -> Detection {
    let accelerator = section.section("accelerator");
    let canary = section.section("canary");
    let detection = Detection {
        checkers: section.whole("checkers", 1, 255),
        healthy_share: section.number("healthy_share", SHARE),
        probe_timeout: section.number("probe_timeout", SECONDS),
        publication: section.distribution("publication", SECONDS),
        accelerator_interval: accelerator.number("interval", POSITIVE_SECONDS),
        accelerator_threshold: accelerator.whole("threshold", 1, 10),
        accelerator_reroute: accelerator.distribution("reroute", SECONDS),
        canary_interval: canary.number("interval", POSITIVE_SECONDS),
        canary_strikes: canary.whole("strikes", 1, 100),
        canary_timeout: canary.number("timeout", SECONDS),
        canary_sees_grey: canary.truth("sees_grey").unwrap_or(false),
        grey_seen: section.number("grey_seen", SHARE),
        origin_wait: section.number("origin_wait", SECONDS),
        stretching_share: section.number("stretching_share", SHARE),
        stretched_to: section.distribution("stretched_to", SECONDS),
        connections_stay: section.distribution("connections_stay", SECONDS),
        one_by_one: section.truth("one_by_one").unwrap_or(false),
        alarm: section.distribution("alarm", SECONDS),
        record_change: section.distribution("record_change", SECONDS),
    };
    accelerator.finish();
    canary.finish();
    detection
}

fn recovery(root: &Section<'_, '_>) -> Recovery {
    let section = root.section("recovery");
    let at = section.section("recovered_at");
    let on_call_timezone = section.text("on_call_timezone").unwrap_or_else(|| "UTC".into());
    if jiff::tz::TimeZone::get(&on_call_timezone).is_err() {
        let message =
            format!("`recovery.on_call_timezone` is `{on_call_timezone}`; expected a zone such as Europe/Madrid");
        section.reader().error(section.place_of("on_call_timezone"), message);
    }
    let recovery = Recovery {
        on_call: section.distribution("on_call", SECONDS),
        on_call_to_deploy: section.distribution("on_call_to_deploy", SECONDS),
        on_call_to_restore: section.distribution("on_call_to_restore", SECONDS),
        night_extra: section.distribution("night_extra", SECONDS),
        patience: section.distribution("patience", SECONDS),
        stability: section.number("stability", SECONDS),
        on_call_timezone,
        deploy: section.distribution("deploy", SECONDS),
        restore: section.distribution("restore", SECONDS),
        automatic: section.distribution("automatic", SECONDS),
        promotion: section.distribution("promotion", SECONDS),
        step_fails: section.number("step_fails", SHARE),
        manual_repair: section.distribution("manual_repair", SECONDS),
        reconnect: section.distribution("reconnect", SECONDS),
        scale_out: section.distribution("scale_out", SECONDS),
        served: at.number("served", Kind::positive(Unit::Share)),
        hold: at.number("hold", SECONDS),
        failback: failback(&section),
    };
    at.finish();
    section.finish();
    recovery
}

const ORDERS: [(&str, ReturnOrder); 2] =
    [("traffic_first", ReturnOrder::TrafficFirst), ("writer_first", ReturnOrder::WriterFirst)];

fn failback(recovery: &Section<'_, '_>) -> FailbackInput {
    let section = recovery.section("failback");
    let failback = FailbackInput {
        planned: section.choice("policy", &[("planned", true), ("none", false)]) != Some(false),
        returns_after: section.number("returns_after", SECONDS),
        order: section.choice("order", &ORDERS).unwrap_or(ReturnOrder::TrafficFirst),
        rebuild: within_sixty_days(&section, "rebuild"),
        copy_throughput: section.number("copy_throughput", Kind::positive(Unit::BitsPerSecond)),
        switchover: within_sixty_days(&section, "switchover"),
        from: section.whole("from", 0, 23),
        until: section.whole("until", 0, 23),
    };
    section.finish();
    failback
}

const PRESET_NAMES: [(&str, Preset); 8] = [
    ("single_region", Preset::SingleRegion),
    ("backup_restore", Preset::BackupRestore),
    ("pilot_light", Preset::PilotLight),
    ("warm_standby", Preset::WarmStandby),
    ("active_active_cloudfront", Preset::ActiveActiveCloudfront),
    ("active_active_origin_group", Preset::ActiveActiveOriginGroup),
    ("active_active_accelerator", Preset::ActiveActiveAccelerator),
    ("active_active_hybrid", Preset::ActiveActiveHybrid),
];

/// What a preset is made of.
struct Make {
    front_door: FrontDoor,
    routing: Routing,
    /// Whether its second region serves all the time.
    active: bool,
}

impl Preset {
    const fn make(self) -> Make {
        let (front_door, routing, active) = match self {
            Self::SingleRegion | Self::BackupRestore | Self::PilotLight | Self::WarmStandby => {
                (FrontDoor::Cloudfront, Routing::Failover, false)
            }
            Self::ActiveActiveCloudfront => (FrontDoor::Cloudfront, Routing::Latency, true),
            // Every edge asks the first origin of the group first.
            Self::ActiveActiveOriginGroup => (FrontDoor::OriginGroup, Routing::Failover, true),
            Self::ActiveActiveAccelerator => (FrontDoor::Accelerator, Routing::Latency, true),
            Self::ActiveActiveHybrid => (FrontDoor::Hybrid, Routing::Latency, true),
        };
        Make { front_door, routing, active }
    }
}

fn architectures(
    root: &Section<'_, '_>,
    objects: &Section<'_, '_>,
    detection: &Section<'_, '_>,
    regions: &[String],
) -> Vec<Architecture> {
    let section = root.section("architectures");
    // Shared settings are asked for once, so that they are known keys even if every row overrides them.
    let copy = copy_model(objects, None);
    let ttl = detection.number("ttl", SECONDS);
    let readiness = root.section("readiness");
    let faults = readiness.number("latent_faults", Kind::any(Unit::Count));
    let drills = drill_every(&readiness);
    let drills = DrillKeys {
        every: &drills,
        move_writer: readiness.truth("drills_move_writer") != Some(false),
        stuck: &readiness.number("drills_stuck", SHARE),
    };
    readiness.finish();
    let mut found: Vec<Architecture> = Vec::new();
    for (name, row) in section.named() {
        let preset = row.choice("preset", &PRESET_NAMES);
        let Some(preset) = preset else {
            if row.node("preset").is_none() {
                row.missing("preset", "the name of a preset");
            }
            continue;
        };
        let word = PRESET_NAMES.iter().find(|(_, p)| *p == preset).map_or("", |(word, _)| word);
        let row = row.with_defaults(PRESETS.get(word));
        found.push(architecture(name, preset, &row, (&copy, &ttl, (&faults, &drills), objects), regions));
        row.finish();
    }
    if found.is_empty() && !root.reader().has_errors() {
        root.missing("architectures", "at least one row such as adr = { preset = \"active_active_cloudfront\" }");
    }
    if found.len() > 64 {
        root.reader().error(section.place, "more than 64 architectures");
    }
    section.finish();
    found
}

/// Nobody drills more often than hourly; each drill is looked at.
fn drill_every(section: &Section<'_, '_>) -> Input {
    let every = section.number("drill_every", POSITIVE_SECONDS);
    if every.value < 3600.0 {
        let message = format!("`{}` is less than an hour", section.path_of("drill_every"));
        section.reader().error(section.place_of("drill_every"), message);
    }
    every
}

/// What `[readiness]` says of drills.
struct DrillKeys<'i> {
    every: &'i Input,
    move_writer: bool,
    stuck: &'i Input,
}

fn architecture(
    name: String,
    preset: Preset,
    row: &Section<'_, '_>,
    (copy, ttl, (faults, drills), objects): (&Option<CopyModel>, &Input, (&Input, &DrillKeys<'_>), &Section<'_, '_>),
    regions: &[String],
) -> Architecture {
    let alone = preset == Preset::SingleRegion;
    if !alone && regions.len() < 2 {
        let message = format!("`{}` needs a second region, but the scenario has no `regions.secondary`", row.path);
        row.reader().error(row.place, message);
    }
    let only_with = |key: &str, allowed: bool, why: &str| {
        if !allowed && row.says(key) {
            row.reader().error(row.place_of(key), format!("`{}` does not apply: {why}", row.path_of(key)));
        }
        allowed
    };
    let make = preset.make();
    let direct =
        only_with("edge", preset == Preset::ActiveActiveCloudfront, "only active_active_cloudfront can do without")
            && row.truth("edge") == Some(false);
    let front_door = if direct { FrontDoor::Direct } else { make.front_door };
    let named = matches!(front_door, FrontDoor::Cloudfront | FrontDoor::Direct | FrontDoor::Hybrid);
    let why = match (front_door, preset) {
        (_, Preset::SingleRegion) => "one region has nowhere to send traffic",
        (_, Preset::BackupRestore) => "people change its record once the other region is ready",
        (FrontDoor::OriginGroup, _) => "an origin group tries the next origin, request by request",
        _ => "an accelerator uses its load balancer's own check; set detection.accelerator",
    };
    let checked = only_with("health_check", named && !alone && preset != Preset::BackupRestore, why);
    let one = "a single region has no second copy";
    let templates = matches!(preset, Preset::BackupRestore | Preset::PilotLight);
    let standby = only_with("standby_share", !alone && !templates, if alone { one } else { "nothing runs there" });
    let decides = only_with("decision", !alone, one);
    let movable = !alone && front_door != FrontDoor::OriginGroup && preset != Preset::BackupRestore;
    let by_hand = only_with("evacuation", movable, "no record or dial decides where its users go");
    let dns = only_with("ttl", named, "no DNS answer expires on its way");
    let watched = !alone && front_door != FrontDoor::OriginGroup && preset != Preset::BackupRestore;
    let returns = only_with("returns_after", watched, "no check decides where its users go");
    let ordered = only_with("return_order", watched, "nothing keeps its users away until the writer is back");
    let mut copies = true;
    for key in ["copy_model", "replication_time_control", "copy_throughput", "copy_streams"] {
        copies &= only_with(key, !alone, one);
    }
    let full = || Input { path: row.path_of("standby_share"), value: 1.0, range: None, law: RangeLaw::LogitNormal };
    let decisions = [("on_call", Decision::OnCall), ("automatic", Decision::Automatic)];
    let decision = row.choice("decision", &decisions);
    if preset == Preset::BackupRestore && decision == Some(Decision::Automatic) {
        let message = format!("`{}`: nothing restores backups by itself", row.path_of("decision"));
        row.reader().error(row.place_of("decision"), message);
    }
    let own_copy =
        ["copy_model", "replication_time_control", "copy_throughput", "copy_streams"].iter().any(|k| row.says(k));
    Architecture {
        second_region: !alone,
        standby_share: if standby { standby_share(row, make.active) } else { full() },
        front_door,
        routing: make.routing,
        health_check: if checked { health_check(row) } else { None },
        ttl: if dns && row.says("ttl") { row.number("ttl", SECONDS) } else { ttl.clone() },
        latent_faults: faults.clone(),
        drill_every: if only_with("drill_every", !alone, one) && row.says("drill_every") {
            drill_every(row)
        } else {
            drills.every.clone()
        },
        drills_move_writer: drills.move_writer,
        drills_stuck: drills.stuck.clone(),
        by_hand: by_hand && row.choice("evacuation", &[("none", false), ("on_call", true)]) == Some(true),
        returns_after: if returns { row.optional_number("returns_after", SECONDS) } else { None },
        return_order: if ordered { row.choice("return_order", &ORDERS) } else { None },
        decision: if decides { decision } else { None },
        work: super::money::work(row),
        copy: match (alone || !copies, own_copy) {
            (true, _) => None,
            (false, true) => copy_model(objects, Some(row)),
            (false, false) => copy.clone(),
        },
        name,
        preset,
    }
}

/// A region that serves all the time is not a standby: below 100 % it would be short of capacity without any outage.
fn standby_share(row: &Section<'_, '_>, active: bool) -> Input {
    let share = row.number("standby_share", Kind::positive(Unit::Share));
    if active && (share.value < 1.0 || share.range.is_some()) {
        let path = row.path_of("standby_share");
        let message = format!("`{path}` must be 100 %: latency records send users to both regions all the time");
        let hint = "preset = \"warm_standby\" has a standby".to_owned();
        row.reader().error_with_hint(row.place_of("standby_share"), message, Some(hint));
    }
    share
}

/// `health_check = "none"` or a table.
fn health_check(row: &Section<'_, '_>) -> Option<HealthCheck> {
    let node = row.node("health_check")?;
    if let Value::Text(word) = &node.value {
        if word != "none" {
            let message = format!("`{}` is `{word}`; expected \"none\" or a table", row.path_of("health_check"));
            row.reader().error(node.place, message);
        }
        return None;
    }
    let section = row.section("health_check").with_provenance();
    let kind = section.choice("kind", &[("shallow", false), ("deep", true)]);
    let parts = ["function", "database", "writer", "objects", "identity", "keys", "secrets", "queue"];
    let deep = kind.unwrap_or(false);
    if !deep && section.says("exercises") {
        let message = format!("`{}`: a shallow check sees the API alone", section.path_of("exercises"));
        section.reader().error(section.place_of("exercises"), message);
    }
    let exercises = section.words("exercises", &parts);
    let check = HealthCheck {
        exercises: match (deep, exercises) {
            (false, _) => Vec::new(),
            (true, Some(words)) => words,
            (true, None) => ["function", "database", "objects"].map(String::from).to_vec(),
        },
        interval: section.number("interval", POSITIVE_SECONDS),
        threshold: section.whole("threshold", 1, 10),
    };
    section.finish();
    Some(check)
}

/// How objects are copied: a row's own keys before those of `[objects]`.
fn copy_model(objects: &Section<'_, '_>, row: Option<&Section<'_, '_>>) -> Option<CopyModel> {
    let of = |key: &str| row.filter(|row| row.says(key)).unwrap_or(objects);
    let models = [("service", false), ("link", true)];
    let link = of("copy_model").choice("copy_model", &models)?;
    let replication_time_control = of("replication_time_control").truth("replication_time_control")?;
    let throughput = of("copy_throughput").number("copy_throughput", Kind::positive(Unit::BitsPerSecond));
    let streams = of("copy_streams").whole("copy_streams", 1, 10_000);
    Some(if link { CopyModel::Link { throughput, streams } } else { CopyModel::Service { replication_time_control } })
}

const METRICS: [(&str, ClaimMetric); 5] = [
    ("recovery_time_seconds", ClaimMetric::RecoveryTimeSeconds),
    ("client_recovery_time_seconds", ClaimMetric::ClientRecoveryTimeSeconds),
    ("data_loss_window_seconds", ClaimMetric::DataLossWindowSeconds),
    ("downtime_minutes", ClaimMetric::DowntimeMinutes),
    ("dr_premium", ClaimMetric::DrPremium),
];

fn claims(root: &Section<'_, '_>, populations: &[Population]) -> Vec<Claim> {
    let section = root.section("claims");
    let claims =
        section.named().into_iter().filter_map(|(name, one)| claim(name, &one, populations).inspect(|_| one.finish()));
    let claims: Vec<Claim> = claims.collect();
    section.finish();
    claims
}

fn claim(name: String, one: &Section<'_, '_>, populations: &[Population]) -> Option<Claim> {
    let says = one.text("says");
    if one.node("metric").is_none() {
        one.missing("metric", "what is measured, such as recovery_time_seconds");
    }
    let metric = one.choice("metric", &METRICS)?;
    let groups: Vec<(&str, OperationGroup)> = crate::tally::GROUPS.iter().map(|group| (group.name(), *group)).collect();
    let about_time = matches!(metric, ClaimMetric::RecoveryTimeSeconds | ClaimMetric::ClientRecoveryTimeSeconds);
    let operation = one.choice("operation", &groups);
    if about_time && operation.is_none() && !one.says("operation") {
        one.missing("operation", "which requests are meant: read, write, upload, overall, …");
    }
    if metric == ClaimMetric::DataLossWindowSeconds && one.says("operation") {
        let message = format!("`{}` does not fit data_loss_window_seconds; name a `store`", one.path_of("operation"));
        one.reader().error(one.place_of("operation"), message);
    }
    let store = one.choice("store", &[("objects", Store::Objects), ("database", Store::Database)]);
    let fate = one.choice("fate", &[("lost", Fate::Lost), ("unavailable", Fate::Unavailable)]);
    if metric != ClaimMetric::DataLossWindowSeconds && one.says("fate") {
        let message = format!("`{}` fits data_loss_window_seconds only", one.path_of("fate"));
        one.reader().error(one.place_of("fate"), message);
    }
    if (metric == ClaimMetric::DataLossWindowSeconds) != one.says("store") {
        let message = if one.says("store") {
            "fits data_loss_window_seconds only"
        } else {
            "is missing; expected objects or database"
        };
        one.reader().error(one.place_of("store"), format!("`{}` {message}", one.path_of("store")));
    }
    let population = one.text("population").and_then(|name| {
        let names = || populations.iter().map(|p| p.name.as_str());
        let found = names().position(|n| n == name);
        if found.is_none() {
            let message =
                format!("`{}` is `{name}`, but the scenario has no such population", one.path_of("population"));
            one.reader().error_with_hint(one.place_of("population"), message, similar(&name, names()));
        }
        found
    });
    if metric == ClaimMetric::DowntimeMinutes && one.says("cause") {
        let message = format!("`{}` does not fit downtime_minutes, which counts all causes", one.path_of("cause"));
        one.reader().error(one.place_of("cause"), message);
    }
    let cause = one.choice("cause", &Cause::ALL.map(|cause| (cause.name(), cause)));
    let (bound, inclusive) = bound(one, metric)?;
    let per = per(one, metric)?;
    let share = share(one)?;
    let operation = operation.unwrap_or(OperationGroup::Overall);
    let line = one.place.line;
    Some(Claim { name, says, metric, population, operation, cause, store, fate, bound, inclusive, per, share, line })
}

/// `below` or `at_most`, in the unit of the metric.
fn bound(one: &Section<'_, '_>, metric: ClaimMetric) -> Option<(f64, bool)> {
    let unit = match metric {
        ClaimMetric::DrPremium => Unit::Share,
        ClaimMetric::DowntimeMinutes => Unit::Minutes,
        _ => Unit::Seconds,
    };
    let below = one.optional_number("below", Kind::positive(unit));
    let at_most = one.optional_number("at_most", Kind::any(unit));
    match (one.says("below"), one.says("at_most")) {
        (true, false) => below.map(|b| (b.value, false)),
        (false, true) => at_most.map(|b| (b.value, true)),
        (both, _) => {
            let message = if both {
                "has both `below` and `at_most`; expected one"
            } else {
                "has no bound; expected `below` or `at_most`"
            };
            one.reader().error(one.place, format!("`{}` {message}", one.path));
            None
        }
    }
}

fn per(one: &Section<'_, '_>, metric: ClaimMetric) -> Option<Per> {
    if !one.says("per") {
        one.missing("per", "what one case is: incident, year, client or instant (there is no default)");
        return None;
    }
    let kinds = [("incident", Per::Incident), ("year", Per::Year), ("client", Per::Client), ("instant", Per::Instant)];
    let per = one.choice("per", &kinds)?;
    let fits = match metric {
        ClaimMetric::RecoveryTimeSeconds => matches!(per, Per::Incident | Per::Year),
        ClaimMetric::DataLossWindowSeconds => per != Per::Client,
        ClaimMetric::ClientRecoveryTimeSeconds => per == Per::Client,
        ClaimMetric::DowntimeMinutes | ClaimMetric::DrPremium => per == Per::Year,
    };
    if !fits {
        let word = METRICS.iter().find(|(_, m)| *m == metric).map_or("", |(word, _)| word);
        let message = format!("`{}` does not fit the metric {word}", one.path_of("per"));
        one.reader().error(one.place_of("per"), message);
    }
    Some(per)
}

/// A share of cases, or "always".
fn share(one: &Section<'_, '_>) -> Option<Option<f64>> {
    match one.node("share").map(|node| (&node.value, node.place)) {
        Some((Value::Text(word), _)) if word == "always" => Some(None),
        Some((_, place)) => {
            let share = one.optional_number("share", Kind::positive(Unit::Share))?.value;
            if share >= 1.0 {
                let hint = Some("write share = \"always\"".to_owned());
                let message =
                    format!("`{}` of 100 % can only be refuted, never confirmed by sampling", one.path_of("share"));
                one.reader().error_with_hint(place, message, hint);
            }
            Some(Some(share))
        }
        None => {
            one.missing("share", "the share of cases that must meet the bound, such as \"95 %\", or \"always\"");
            None
        }
    }
}

/// Where a key of a named table stands, for warnings.
pub fn place_of(root: &Node, path: &[&str]) -> Place {
    path.iter().try_fold(root, |node, key| node.get(key)).map_or(root.place, |node| node.place)
}
