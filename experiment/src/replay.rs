//! Replays: one simulated year as a story, or a real outage of the library against every architecture.

use crate::assemble::Worlds;
use crate::catalogue::RecordedOutage;
use crate::run::WORLDS;
use crate::scenario::{OperationGroup, Scenario};
use crate::system::trace::{Noted, What};
use crate::system::{Incident, System};
use crate::world::WorldDraws;
use drsim_models::health_check::SEES_LIKE_DEAD;
use drsim_models::outage::footprint::{Footprint, Target};
use drsim_models::outage::{Component, GLOBAL, OutageId, Outages, YEAR_SECONDS};
use drsim_models::traffic::Operation;
use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Architecture.
    pub architecture: String,
    /// Seconds since the start of the year.
    pub at_seconds: f64,
    /// Kind of event.
    pub event: String,
    /// Region, population, or what it concerns.
    pub subject: String,
    /// What else there is to say.
    pub detail: String,
}

/// Every kind of event there is.
pub const EVENTS: [&str; 25] = [
    "outage",
    "fails",
    "repaired",
    "verdict",
    "published",
    "pointed",
    "blocked",
    "evacuated",
    "writer_lost",
    "writer_missed",
    "decided",
    "promoted",
    "reconnected",
    "rebuilt",
    "fails_back",
    "failed_back",
    "drill",
    "scaled_out",
    "destroyed",
    "unfenced",
    "commits",
    "rows_lost",
    "files_at_risk",
    "back",
    "below",
];

/// One simulated year of every architecture, as it happened.
///
/// # Panics
/// If the scenario was not checked.
pub fn year(scenario: &Scenario, seed: u64, replication: u64) -> Vec<Line> {
    year_of(scenario, &Worlds::draw(scenario, seed, WORLDS), seed, replication)
}

/// The same, of worlds that were drawn.
pub(crate) fn year_of(scenario: &Scenario, worlds: &Worlds, seed: u64, replication: u64) -> Vec<Line> {
    let (world, designs) = &worlds.worlds[(replication % WORLDS) as usize];
    let mut outages = Outages::default();
    world.outages.iter().for_each(|process| process.draw(seed, replication, &mut Vec::new(), &mut outages));
    outages.sort();
    let mut lines = Vec::new();
    for (design, architecture) in designs.iter().zip(&scenario.architectures) {
        let mut system = System::new(design, world, seed).traced();
        system.run_year(replication, &outages, |_, _| ());
        lines.extend(system.take_trace().into_iter().map(|noted| line(scenario, &architecture.name, noted)));
    }
    lines
}

fn line(scenario: &Scenario, architecture: &str, noted: Noted) -> Line {
    let region = |r: usize| scenario.regions.get(r).cloned().unwrap_or_else(|| "global".to_owned());
    let seconds = |d: SimDuration| d.as_secs_f64();
    let (event, subject, detail) = match noted.what {
        What::Outage { cause } => ("outage", cause.name().to_owned(), String::new()),
        What::Fails { place, hits, failing } => {
            ("fails", region(place), format!("{}: {:.0} % of requests", hits.words(), failing * 100.0))
        }
        What::Repaired { place, hits } => ("repaired", region(place), hits.words()),
        What::Verdict { region: r, healthy } => {
            ("verdict", region(r), if healthy { "healthy" } else { "unhealthy" }.to_owned())
        }
        What::Published { region: r } => ("published", region(r), "the verdict reaches the answers".to_owned()),
        What::Pointed { region: r } => ("pointed", region(r), "people changed the record".to_owned()),
        What::ChangeBlocked { control } => {
            let what = if control == Component::AcceleratorControlPlane { "the accelerator" } else { "records" };
            ("blocked", "global".to_owned(), format!("{what} cannot be changed"))
        }
        What::Evacuates { region: r } => ("evacuated", region(r), "people take it out of the answers".to_owned()),
        What::WriterLost { region: r } => ("writer_lost", region(r), String::new()),
        What::WriterMissed => ("writer_missed", "database".to_owned(), "the canary noticed".to_owned()),
        What::Decided => ("decided", "database".to_owned(), "to promote".to_owned()),
        What::PromotionBlocked => {
            ("blocked", "database".to_owned(), "no region to promote, or its control plane is down".to_owned())
        }
        What::Promoted { region: r } => ("promoted", region(r), "accepts writes".to_owned()),
        What::Reconnected => ("reconnected", "database".to_owned(), "functions found the writer".to_owned()),
        What::Rebuilt { region: r } => ("rebuilt", region(r), "a copy of the database again".to_owned()),
        What::FailsBack { region: r } => ("fails_back", region(r), "the writer returns; nobody writes".to_owned()),
        What::FailedBack { region: r } => ("failed_back", region(r), "accepts writes".to_owned()),
        What::Drill { stuck: true } => ("outage", "drill".to_owned(), "stuck, nobody writes".to_owned()),
        What::Drill { stuck: false } => ("drill", "database".to_owned(), "finished by hand".to_owned()),
        What::ScaleOutBlocked { region: r } => ("blocked", region(r), "cannot grow: control plane down".to_owned()),
        What::ScaledOut { region: r } => ("scaled_out", region(r), "carries everyone".to_owned()),
        What::Destroyed { region: r } => ("destroyed", region(r), "what its stores hold".to_owned()),
        What::Unfenced { region: r } => ("unfenced", region(r), "the old writer goes on accepting".to_owned()),
        What::Stalled { stalled } => {
            ("commits", "database".to_owned(), if stalled { "wait for the replica" } else { "go on" }.to_owned())
        }
        What::RowsLost { window, rows } => {
            ("rows_lost", "database".to_owned(), format!("{rows} rows, the oldest {:.3} s old", seconds(window)))
        }
        What::FilesAtRisk { window, files } => {
            ("files_at_risk", "objects".to_owned(), format!("{files} files, the oldest {:.1} s old", seconds(window)))
        }
        What::Service { population, operation, share, meets } => (
            if meets { "back" } else { "below" },
            format!("{} {}", scenario.populations[population].name, operation.name()),
            format!("{:.1} % answered", share * 100.0),
        ),
    };
    debug_assert!(EVENTS.contains(&event), "{event} is no kind of event");
    let (architecture, at_seconds) = (architecture.to_owned(), noted.at.as_secs_f64());
    Line { architecture, at_seconds, event: event.to_owned(), subject, detail }
}

/// A median over draws with its order-statistics interval; infinite where not recovered within 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Median {
    /// The median \[s\].
    pub p50: f64,
    /// 95 % interval of the median \[s\].
    pub interval: (f64, f64),
    /// Nine of ten draws are at or below \[s\].
    pub p90: f64,
    /// Draws in which there was something to measure.
    pub n: usize,
}

impl Median {
    /// `None` without values.
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let last = n.checked_sub(1)?;
        let at = |p: f64| values[((p * n as f64) as usize).min(last)];
        // Order statistics: ranks n/2 -+ 0.98 sqrt(n), from the normal approximation of the binomial.
        let half = 0.98 * libm::sqrt(n as f64);
        let rank = |r: f64| values[(r.max(0.0) as usize).min(last)];
        let interval = (rank(0.5 * n as f64 - half), rank(0.5 * n as f64 + half));
        Some(Self { p50: at(0.5), interval, p90: at(0.9), n })
    }
}

/// What a real outage would have done to one architecture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replayed {
    /// Name of the outage.
    pub outage: String,
    /// Architecture.
    pub architecture: String,
    /// Draws: everything that chance and ignorance leave open.
    pub draws: u64,
    /// Onset to reads of everybody back \[s\], where they were interrupted.
    pub reads: Option<Median>,
    /// The same for writes and uploads.
    pub writes: Option<Median>,
    /// Onset to all back; an architecture that was not interrupted counts as 0.
    pub all: Median,
    /// Failed first attempts, mean over draws.
    pub failed_requests: f64,
    /// Share of draws in which rows were lost or files were missing.
    pub loses_data: f64,
}

/// Where a real outage strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strikes {
    /// Its own region, if the workload uses it; otherwise the primary.
    OwnRegion,
    /// The primary, wherever that is.
    Primary,
    /// The secondary.
    Secondary,
}

/// What an outage strikes, in words.
pub fn struck(scenario: &Scenario, outage: &RecordedOutage, strikes: Strikes) -> String {
    scenario.regions.get(place(scenario, outage, strikes)).map_or("what both regions share".into(), Clone::clone)
}

/// The place in the workload that an outage strikes.
fn place(scenario: &Scenario, outage: &RecordedOutage, strikes: Strikes) -> usize {
    match strikes {
        _ if outage.scope == "global" => GLOBAL,
        Strikes::Primary => 0,
        Strikes::Secondary => 1.min(scenario.regions.len() - 1),
        Strikes::OwnRegion => scenario.regions.iter().position(|r| *r == outage.region).unwrap_or(0),
    }
}

/// Replays a real outage against every architecture, `draws` times at its hour of the week.
///
/// # Panics
/// If the scenario was not checked.
pub fn recorded(
    scenario: &Scenario,
    worlds: &Worlds,
    outage: &RecordedOutage,
    strikes: Strikes,
    (seed, draws): (u64, u64),
) -> Vec<Replayed> {
    let onset = same_hour(scenario, outage);
    let duration = SimDuration::from_secs_f64(outage.minutes * 60.0);
    let footprint = Footprint::Library { whole: 0.0, events: Arc::from([outage.footprint()]) };
    let target = Target {
        place: place(scenario, outage, strikes),
        holds: crate::assemble::control_planes_in(&outage.region),
        onset,
        duration,
    };
    let cause = scenario.outages.iter().find(|input| input.cause == outage.cause);
    let purpose = Purpose::of("replay", &outage.name);
    let mut found: Vec<Vec<Option<Incident>>> = vec![Vec::new(); scenario.architectures.len()];
    let mut outages = Outages::default();
    for draw in 0..draws {
        let (world, designs) = &worlds.worlds[(draw % WORLDS) as usize];
        let known = WorldDraws::new(seed, draw % WORLDS);
        let mut stream = RandomStream::new(seed, draw, purpose, 0);
        let noticed = stream.uniform();
        let dead = cause.map_or(1.0, |input| known.number(&input.seen));
        let grey = dead * known.number(&scenario.detection.grey_seen);
        let mut effects = Vec::new();
        footprint.draw(target, 1.0, &mut stream, &mut effects);
        for effect in &mut effects {
            effect.seen = noticed < if effect.failing < SEES_LIKE_DEAD { grey } else { dead };
        }
        outages.clear();
        outages.push((OutageId::of(purpose, draw), outage.cause), (onset, duration), false, effects);
        for (design, found) in designs.iter().zip(&mut found) {
            let mut first = None;
            System::new(design, world, seed).run_year(draw, &outages, |incident, _| first = Some(incident));
            found.push(first);
        }
    }
    let one = |(architecture, incidents): (&crate::scenario::Architecture, Vec<Option<Incident>>)| {
        let back = |group: OperationGroup| {
            let times = incidents.iter().flatten().filter_map(|incident| worst(incident, group));
            Median::of(times.collect())
        };
        let all = incidents.iter().map(|i| i.as_ref().and_then(|i| worst(i, OperationGroup::Overall)).unwrap_or(0.0));
        let failed = |i: &Incident| i.effects.iter().map(|e| e.failed_requests).sum::<f64>();
        let loses = incidents
            .iter()
            .flatten()
            .filter(|i| i.rows.is_some() || i.objects.is_some_and(|files| files.lacks()))
            .count();
        Replayed {
            outage: outage.name.clone(),
            architecture: architecture.name.clone(),
            draws,
            reads: back(OperationGroup::Read),
            writes: back(OperationGroup::One(Operation::Write)),
            all: Median::of(all.collect()).expect("at least one draw"),
            failed_requests: incidents.iter().flatten().map(failed).sum::<f64>() / draws as f64,
            loses_data: loses as f64 / draws as f64,
        }
    };
    scenario.architectures.iter().zip(found).map(one).collect()
}

/// The worst recovery of a group in an incident \[s\]; `None` if none of it was interrupted.
fn worst(incident: &Incident, group: OperationGroup) -> Option<f64> {
    let affected = incident.effects.iter().filter(|e| e.affected && group.contains(e.operation));
    affected.map(|e| e.recovery.map_or(f64::INFINITY, SimDuration::as_secs_f64)).reduce(f64::max)
}

/// The same hour of the week and about the same day of the year as the real onset.
fn same_hour(scenario: &Scenario, outage: &RecordedOutage) -> SimTime {
    let date = |text: &str| text.parse::<jiff::civil::Date>().expect("the date was checked");
    let (day, clock) = outage.start.split_once('T').unwrap_or((&outage.start, "00:00Z"));
    let (day, start) = (date(day), date(&scenario.start));
    let number = |text: Option<&str>| text.and_then(|t| t.parse::<f64>().ok()).expect("the library is sound");
    let mut parts = clock.trim_end_matches('Z').split(':');
    let seconds = number(parts.next()) * 3600.0 + number(parts.next()) * 60.0;
    let days = f64::from(i32::from(day.day_of_year()) - i32::from(start.day_of_year())).rem_euclid(365.0);
    // The year starts on a Monday: move to the nearest day with the same name, within the year.
    let weekday = f64::from(day.weekday().to_monday_zero_offset());
    let same = days - ((days - weekday + 3.5).rem_euclid(7.0) - 3.5).round();
    SimTime::from_secs_f64((same.rem_euclid(364.0) * 86_400.0 + seconds).min(YEAR_SECONDS - 1.0))
}

/// Whether an outage can be replayed: one of the provider that is simulated, which struck something the workload uses.
pub fn concerns(outage: &RecordedOutage) -> bool {
    outage.is_aws() && !outage.effects.is_empty()
}
