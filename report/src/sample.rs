//! An invented outcome for the tests: plausible in shape, no number in it was ever simulated.
#![allow(clippy::too_many_lines)] // a table of values has no parts to split into

use drsim_experiment::decide::knowing::{ValueOfInput, ValueOfKnowing};
use drsim_experiment::decide::sensitivity::{Bar, Sensitivity, Tornado};
use drsim_experiment::decide::settings::Found;
use drsim_experiment::decide::sweep::{Asked, Cell, Sweep};
use drsim_experiment::decide::vary::Axis;
use drsim_experiment::decide::what_if::WhatIf;
use drsim_experiment::outcome::{
    AvailabilityResult, Bill, ClaimResult, Comparison, Counterexample, Curve, DesignResult, Figure, Figures,
    LossResult, Manifest, MetricRow, OutagesMet, Outcome, PathAvailability, SCHEMA_VERSION, Verdict, Waterfall,
    WorstYear,
};
use drsim_experiment::quantity::Currency;
use drsim_experiment::replay::Line;
use drsim_experiment::scenario::{
    Architecture, Basis, CapacityInput, Cause, CauseInput, Claim, ClaimMetric, Consistency, DatabaseInput, Demand,
    Detection, DistributionInput, EdgeInput, FailbackInput, FlappingInput, FootprintInput, FrontDoor, Given, Input,
    Label, LatencyInput, Objects, Operation, OperationGroup, Per, Population, Preset, Provenance, ProvenanceRow,
    RangeLaw, Recovery, ReportInput, ResidencyInput, RetriesInput, RetryKind, ReturnOrder, Routing, Scenario, Shape,
    Store,
};
use drsim_models::cost::Usd;

/// The architectures with invented median recovery times [s] of reads and writes and of the file and row windows.
const DESIGNS: [(&str, f64, f64, Option<f64>); 7] = [
    ("single_region", 18_400.0, 18_400.0, None),
    ("warm_standby", 1140.0, 1260.0, Some(38.0)),
    ("adr_as_written", 17_600.0, 15_800.0, Some(38.0)),
    ("adr_default_checks", 168.0, 1100.0, Some(38.0)),
    ("adr_fast_checks", 102.0, 107.0, Some(38.0)),
    ("adr_fast_10mbps", 102.0, 107.0, Some(9.0)),
    ("accelerator", 57.0, 60.0, Some(38.0)),
];

/// Every case, by name.
pub(crate) fn cases() -> Vec<(&'static str, Outcome)> {
    vec![
        ("outcome", outcome()),
        ("one_design", one_design()),
        ("long_names", long_names()),
        ("nothing_known", nothing_known()),
        ("no_loss_and_unbounded", no_loss_and_unbounded()),
        ("no_claims", no_claims()),
        ("with_money", with_money()),
    ]
}

/// What further runs might have found about it: a tornado with a decisive input and one without, and a map.
pub(crate) fn what_if() -> WhatIf {
    let asked = |name: &str, share| Asked {
        name: name.into(),
        bound: "<= 30 s".into(),
        per: "incident".into(),
        share,
        is_claim: true,
    };
    let bar = |input: &str, low: f64, high: f64| {
        let difference = figure(high - low, 0.04, 2000);
        Bar {
            input: input.into(),
            ends: (3.0, 30.0),
            range: Some("3 s .. 30 s".into()),
            basis: Some(Basis::Estimated),
            owner: Some("SRE <team>".into()),
            at_low: figure(low, 0.03, 600),
            at_high: figure(high, 0.03, 600),
            difference,
        }
    };
    let bars = vec![
        bar("objects.copy_delay_with_rtc.p50", 0.56, 0.19),
        bar("populations.united_states.users", 0.37, 0.30),
        bar("demand.tokens_last", 0.34, 0.34),
    ];
    let still = bars.iter().map(|moved| bar(&moved.input, 1.0, 1.0)).collect();
    let sensitivity = Sensitivity {
        schema_version: SCHEMA_VERSION,
        title: "Invented backend".into(),
        scenario_digest: "00".repeat(8),
        seed: 1,
        years: 2000,
        confidence: 0.95,
        command: "drsim sensitivity invented.toml".into(),
        architecture: "adr_fast_checks".into(),
        claims: vec![
            Tornado { asked: asked("rpo_rows", Some(0.99)), base: figure(1.0, 0.0, 600), bars: still },
            Tornado { asked: asked("rpo_files", None), base: figure(0.34, 0.03, 600), bars },
        ],
        without_range: 207,
    };
    let axis = |path: &str, values: [&str; 3]| Axis {
        path: path.into(),
        values: values.map(str::to_owned).to_vec(),
        numbers: Some(vec![1.0, 3.0, 9.0]),
        log: true,
    };
    let cell = |i: usize, j: usize| Cell {
        at: vec![i, j],
        architecture: 0,
        asked: 0,
        found: Found {
            figure: figure((0.2 + 0.3 * j as f64 - 0.1 * i as f64).clamp(0.0, 1.0), 0.04, 500),
            years: 1000,
            verdict: Some(Verdict::Fails),
            unit: "1".into(),
            note: None,
        },
    };
    let map = Sweep {
        schema_version: SCHEMA_VERSION,
        title: "Invented backend".into(),
        scenario_digest: "00".repeat(8),
        seed: 1,
        confidence: 0.95,
        command: "drsim sweep invented.toml".into(),
        axes: vec![
            axis("objects.size.*", ["1 MB", "3 MB", "9 MB"]),
            axis("objects.copy_throughput", ["5 Mbps", "15 Mbps", "45 Mbps"]),
        ],
        architectures: vec!["adr_fast_10mbps".into()],
        asked: vec![asked("rpo_files", Some(0.6))],
        cells: (0..3).flat_map(|i| (0..3).map(move |j| cell(i, j))).collect(),
        warnings: vec![],
        places: vec![5],
    };
    WhatIf { sensitivity: Some(sensitivity), map: Some(map) }
}

/// The mobile backend with invented results.
pub(crate) fn outcome() -> Outcome {
    with_designs(&DESIGNS.map(|(name, reads, writes, files)| (name.to_owned(), reads, writes, files)), 4)
}

/// One architecture that is its own baseline and has no copy.
pub(crate) fn one_design() -> Outcome {
    with_designs(&[("single_region".into(), 18_400.0, 18_400.0, None)], 0)
}

/// Eight architectures with long names, long claims and a long title in a script of wide letters.
pub(crate) fn long_names() -> Outcome {
    let designs: Vec<_> = (0..8)
        .map(|i| {
            let (_, reads, writes, files) = DESIGNS[i % 7];
            (format!("architecture_with_a_very_long_name_number_{i}"), reads * (1.0 + i as f64 / 9.0), writes, files)
        })
        .collect();
    let mut outcome = with_designs(&designs, 5);
    outcome.manifest.title = "災害復旧計画のための非常に長い題名 ".repeat(6);
    outcome.manifest.command = format!("drsim run a/{}scenario.toml --seed 7", "very/long/path/".repeat(9));
    for claim in &mut outcome.claims {
        claim.claim = format!("a_claim_of_many_words_about_{}", claim.claim);
        claim.decided_by = "what decides it takes many more words than there is room for in a row".into();
    }
    outcome.warnings = vec!["a warning with\x1b[31m a control character, and long ".repeat(5); 3];
    for (i, design) in outcome.designs.iter_mut().enumerate() {
        design.worse_than_baseline = i % 2 == 1;
        design.remark = "a remark that goes on and on, far beyond what fits".into();
        design.outages_met =
            (0..5).map(|p| met(&format!("population_with_a_long_name_{p}"), 0.1 * (i + p) as f64, 0.05)).collect();
    }
    outcome
}

/// Everything that can be missing is missing.
pub(crate) fn nothing_known() -> Outcome {
    let mut outcome = outcome();
    let nothing = Figure::default();
    for claim in &mut outcome.claims {
        (claim.found, claim.interval, claim.range, claim.n) = (None, None, None, 0);
        (claim.verdict, claim.counterexample) = (Verdict::NoCases, None);
    }
    for design in &mut outcome.designs {
        (design.reads_back, design.writes_back, design.oldest_file_p95) =
            ((nothing, nothing), (nothing, nothing), Some(nothing));
        (design.outages_met, design.downtime_minutes_per_year, design.claims_kept) = (vec![], nothing, Some((0, 0, 0)));
        design.failed_requests_per_year = nothing;
    }
    (outcome.metrics, outcome.comparisons, outcome.figures, outcome.provenance) =
        (vec![], vec![], Figures::default(), vec![]);
    outcome
}

/// No cut lost anything, and some outages never end.
pub(crate) fn no_loss_and_unbounded() -> Outcome {
    let mut outcome = outcome();
    for curve in &mut outcome.figures.loss_ccdf {
        curve.points = vec![(0.0, 0.0)];
    }
    for curve in &mut outcome.figures.recovery_ccdf {
        curve.points.retain(|(_, share)| *share > 0.02);
    }
    outcome
}

/// What designs cost, what their outages cost, and how available they are.
pub(crate) fn with_money() -> Outcome {
    let mut outcome = outcome();
    let own = |k: f64| figure(k, 0.1 * k.abs(), 100_000);
    for (i, (name, reads, ..)) in DESIGNS.iter().enumerate() {
        let more = 1000.0 * i as f64;
        let lost = reads / 10.0;
        outcome.bills.push(Bill {
            architecture: (*name).into(),
            usd_per_month: Usd::ZERO,
            range: Some((1.0, 2.0)),
            premium_usd_per_month: Usd::ZERO,
            premium_range: None,
            premium_share: Some(0.5),
            premium_share_range: None,
            people_usd_per_month: None,
            cloud_a_year: own(30_000.0 + more),
            cloud_more_a_year: own(more),
            people_more_a_year: (i > 0).then(|| own(20_000.0)),
            not_estimated: 3,
            unpriced: 0,
        });
        let against = |k: f64| (i > 0).then(|| own(k));
        outcome.losses.push(LossResult {
            architecture: (*name).into(),
            mean: own(lost),
            tail_dominated: i == 1,
            any: own(0.2),
            one_in_10: own(2.0 * lost),
            one_in_100: own(20.0 * lost),
            hours: own(lost / 8000.0),
            avoided: against(1840.0 - lost),
            hours_avoided: against((1840.0 - lost) / 8000.0),
            beside_avoided: against(10.0),
            more: against(20_000.0 + more),
            break_even_per_hour: against(8000.0 * (20_000.0 + more) / (1840.0 - lost)),
            not_priced: vec![("file".into(), 0.5)],
            exceedance: (0..40).map(|k| (10.0 * 1.3_f64.powi(k), 0.2 * 0.75_f64.powi(k))).collect(),
        });
        let path = |operation: &str| PathAvailability {
            operation: operation.into(),
            front: vec![("cloudfront".into(), 0.999)],
            region: vec![("lambda".into(), 0.9995)],
            regions: 2,
            promised: 0.9989,
            designed: 0.999_999,
            simulated: figure(0.9999, 0.000_01, 100_000),
            tail_dominated: false,
            misleads_minutes: own(50.0),
        };
        outcome.availability.push(AvailabilityResult {
            architecture: (*name).into(),
            paths: vec![path("dynamic_read"), path("write"), path("upload")],
            down_without_region: own(0.0),
            down_one_region: own(12.0),
            down_both_regions: own(40.0),
            target: 0.999,
            budget_minutes: 43.8,
            months_spent: own(0.01),
            years_spent: own(0.1),
            down_one_in_10: own(100.0),
            down_one_in_100: own(1000.0),
            credits_a_year: own(3.0),
        });
    }
    let amount = drsim_experiment::money::inputs::Amount {
        input: Input { range: Some((3000.0, 20_000.0)), ..input("money.downtime", 8000.0) },
        currency: Currency::Usd,
    };
    outcome.scenario.money.downtime = Some(amount);
    let input = |name: &str, value: f64| ValueOfInput {
        input: name.into(),
        basis: Some(Basis::Unverified),
        owner: Some("CFO office".into()),
        value: own(value),
        changes: 0.1,
    };
    outcome.value_of_knowing = Some(ValueOfKnowing {
        architecture: "adr_fast_checks".into(),
        against: "single_region".into(),
        currency: "EUR".into(),
        net_benefit: own(-4000.0),
        pays_in: 0.3,
        inputs: vec![input("money.downtime", 1200.0), input("objects.copy_delay_with_rtc.p50", 0.0)],
    });
    outcome
}

/// A scenario that claims nothing.
pub(crate) fn no_claims() -> Outcome {
    let mut outcome = outcome();
    outcome.claims.clear();
    outcome.scenario.claims.clear();
    for design in &mut outcome.designs {
        design.claims_kept = design.claims_kept.map(|_| (0, 0, 0));
    }
    outcome
}

fn worst_year(architecture: &str) -> WorstYear {
    let line = |at_seconds, event: &str, subject: &str, detail: &str| Line {
        architecture: architecture.into(),
        at_seconds,
        event: event.into(),
        subject: subject.into(),
        detail: detail.into(),
    };
    let lines = vec![
        line(86_400.0, "outage", "region", ""),
        line(86_400.0, "fails", "there", "everything: 100 % of requests"),
        line(86_400.0, "below", "united_states write", "0.0 % answered"),
        line(90_000.0, "back", "united_states write", "99.0 % answered"),
        line(400_000.0, "outage", "region", ""),
        line(400_000.0, "fails", "here", "everything: 100 % of requests"),
    ];
    WorstYear {
        architecture: architecture.into(),
        replication: 77,
        downtime_minutes: 61.5,
        failed_requests: 123_456.7,
        lines,
    }
}

fn with_designs(designs: &[(String, f64, f64, Option<f64>)], proposed: usize) -> Outcome {
    let scenario = scenario(&designs.iter().map(|d| d.0.clone()).collect::<Vec<_>>(), proposed);
    let mut figures = Figures::default();
    let mut rows = vec![];
    let mut metrics = vec![];
    for (i, (name, reads, writes, files)) in designs.iter().enumerate() {
        for (of, median) in [("read", *reads), ("write", *writes)] {
            figures.recovery_ccdf.push(curve(name, of, 31_900, median, 0.006));
            figures.waterfall.push(waterfall(name, of, median));
            metrics.push(MetricRow {
                architecture: name.clone(),
                metric: "recovery_time_seconds".into(),
                population: "overall".into(),
                operation: of.into(),
                store: String::new(),
                cause: String::new(),
                per: "incident".into(),
                statistic: "p50".into(),
                figure: figure(median, median / 100.0, 31_900),
                unit: "s".into(),
                note: (i == 0).then(|| "tail_dominated".into()),
            });
        }
        if let Some(median) = files {
            figures.loss_ccdf.push(curve(name, "objects", 4200, *median, 0.05));
            figures.loss_ccdf.push(curve(name, "database", 4200, 0.3, 0.0));
        }
        let late = |median: f64| Figure {
            range: Some((median * 0.8, median * 1.3)),
            ..figure(median.mul_add(60.0, 0.0).min(61_000.0), 900.0, 31_900)
        };
        let worse = name == "adr_as_written";
        rows.push(DesignResult {
            architecture: name.clone(),
            is_baseline: i == 0,
            is_proposed: i == proposed,
            reads_back: (figure(*reads, 0.01 * reads, 31_900), late(*reads)),
            writes_back: (figure(*writes, 0.01 * writes, 31_900), late(*writes)),
            oldest_file_p95: files.map(|f| figure(86.0 * f, 40.0, 4200)),
            oldest_row_p95: files.map(|_| figure(1.9, 0.1, 4200)),
            outages_met: vec![
                met("europe", 0.032, 0.032),
                met("united_states", if worse { 0.2613 } else { 0.0321 }, 0.0321),
            ],
            downtime_minutes_per_year: figure(if worse { 3.0 } else { 1.0 } * reads / 300.0, reads / 20_000.0, 100_000),
            availability_by_request: figure(0.9998, 0.000_01, 100_000),
            failed_requests_per_year: figure(if worse { 21.0 } else { 7.0 } * reads, reads / 10.0, 100_000),
            claims_kept: (i > 0).then_some((1, usize::from(name == "adr_fast_10mbps"), 4)),
            assumption_only: name == "adr_fast_10mbps",
            worse_than_baseline: worse,
            remark: if worse { "no health check".into() } else { String::new() },
        });
    }
    let mut claims = vec![];
    for (name, ..) in designs {
        claims.extend(claim_results(name));
    }
    Outcome {
        schema_version: SCHEMA_VERSION,
        manifest: Manifest {
            version: "0.0.0".into(),
            commit: "unknown".into(),
            scenario_digest: "00".repeat(8),
            title: "Invented backend".into(),
            seed: 1,
            generator: "invented".into(),
            replications: 100_000,
            worlds: 50,
            confidence: 0.95,
            outages: 32_500,
            price_date: None,
            command: "drsim run invented.toml --seed 1 -n 100000".into(),
        },
        claims,
        capacity: vec![],
        capacity_together: vec![],
        latency: vec![],
        comparisons: designs
            .iter()
            .skip(1)
            .map(|d| Comparison {
                architecture: d.0.clone(),
                baseline: designs[0].0.clone(),
                metric: "failed_requests_per_year".into(),
                p_better: 0.039,
                p_tie: 0.75,
                p_worse: 0.211,
                difference: figure(-120_000.0, 4000.0, 100_000),
                unit: "requests".into(),
            })
            .collect(),
        duels: vec![],
        front: vec![],
        designs: rows,
        metrics,
        bills: vec![],
        losses: vec![],
        availability: vec![],
        compliance: vec![],
        budget: vec![],
        money_decided_by: vec![],
        value_of_knowing: None,
        doubts: None,
        invoice: None,
        costs: vec![],
        provenance: scenario.provenance.clone(),
        figures,
        warnings: vec![
            "accelerator has no health check of its own (invented)".into(),
            "the best case of `adr_fast_checks` cannot meet `rto_reads` (60 s): probes 32 s + publication 5 s + cached \
             answers 59 s = 96 s"
                .into(),
        ],
        worst_year: Some(worst_year(&designs[proposed].0)),
        stopped_because: "every claim decided".into(),
        scenario,
    }
}

fn figure(estimate: f64, half: f64, n: u64) -> Figure {
    Figure { estimate: Some(estimate), interval: Some((estimate - half, estimate + half)), range: None, n }
}

fn met(population: &str, per_year: f64, baseline: f64) -> OutagesMet {
    OutagesMet {
        population: population.into(),
        per_year: figure(per_year, 0.002, 3000),
        baseline_per_year: figure(baseline, 0.002, 3000),
    }
}

fn claim_results(architecture: &str) -> Vec<ClaimResult> {
    let result =
        |claim: &str, bound: &str, asked, found: Option<f64>, half: f64, verdict, decided_by: &str| ClaimResult {
            claim: claim.into(),
            says: Some("invented".into()),
            architecture: architecture.into(),
            bound: bound.into(),
            per: if found.is_some() { "incident" } else { "year" }.into(),
            asked,
            found,
            interval: found.map(|f| ((f - half).max(0.0), (f + half).min(1.0))),
            range: found.map(|f| ((f - 10.0 * half).max(0.0), (f + 12.0 * half).min(1.0))),
            n: if claim.starts_with("rto") { 31_900 } else { 4200 },
            verdict,
            decided_by: decided_by.into(),
            burst: None,
            counterexample: asked.is_none().then(|| Counterexample {
                replication: 412,
                value: 30.005_024,
                words: "1 file without a copy, the oldest 30.0 s old".into(),
            }),
        };
    vec![
        result(
            "rto_reads",
            "< 60 s",
            Some(0.95),
            Some(0.000_04),
            0.000_16,
            Verdict::Fails,
            "DNS answers cached at the edge",
        ),
        result("rto_writes", "< 60 s", Some(0.95), Some(0.0), 0.000_16, Verdict::Fails, "database promotion"),
        result("rpo_files", "<= 30 s", None, Some(0.0153), 0.001, Verdict::Fails, "S3 delay, not 10 Mbps"),
        result("rpo_rows", "<= 30 s", Some(0.99), Some(0.999_93), 0.000_04, Verdict::Holds, "lag at the onset"),
        result("cheap", "<= 20 %", Some(0.9), None, 0.0, Verdict::NotEstimated, "money is not estimated"),
    ]
}

/// A distribution with an exponential of minutes to hours mixed in, as when both regions fail.
fn curve(architecture: &str, of: &str, n: u64, median: f64, both: f64) -> Curve {
    let above = |x: f64, median: f64, steep: f64| 1.0 / (1.0 + (x / median).powf(steep));
    let steep = if median > 10_000.0 { 1.8 } else { 5.0 };
    let points = (0..220)
        .map(|i| 0.01 * 10_f64.powf(f64::from(i) / 20.0))
        .map(|x| (x, (1.0 - both) * above(x, median, steep) + both * above(x, 21_000.0, 2.0)));
    Curve {
        architecture: architecture.into(),
        of: of.into(),
        n,
        points: points.filter(|(_, y)| *y >= 1.0 / n as f64).collect(),
    }
}

fn waterfall(architecture: &str, operation: &str, median: f64) -> Waterfall {
    let parts: &[(&str, f64)] = match (median, operation) {
        (m, _) if m > 10_000.0 => &[("undetected", 29.0), ("waiting_for_repair", 20_100.0)],
        (_, "read") => {
            &[("undetected", 29.0), ("undecided", 0.0), ("routing", 67.0), ("draining", 0.4), ("warming", 6.0)]
        }
        _ => {
            &[("undetected", 29.0), ("undecided", 36.0), ("promoting", 118.0), ("reconnecting", 42.0), ("warming", 9.0)]
        }
    };
    let total: f64 = parts.iter().map(|p| p.1).sum();
    let scale = if (150.0..=10_000.0).contains(&median) { median / total } else { 1.0 };
    let parts: Vec<(String, f64)> = parts.iter().map(|(name, seconds)| ((*name).to_owned(), seconds * scale)).collect();
    Waterfall {
        architecture: architecture.into(),
        operation: operation.into(),
        mean_seconds: parts.iter().map(|p| p.1).sum(),
        n: 31_700,
        parts,
        database_share: if operation == "write" { 0.15 } else { 0.0 },
    }
}

fn input(path: &str, value: f64) -> Input {
    Input { path: path.into(), value, range: None, law: RangeLaw::Lognormal }
}

fn always(path: &str, value: f64) -> DistributionInput {
    DistributionInput { path: path.into(), shape: Shape::Constant { value: input(path, value) }, min: None, max: None }
}

fn scenario(architectures: &[String], proposed: usize) -> Scenario {
    let one = || input("invented", 1.0);
    let population = |name: &str| Population {
        name: name.into(),
        users: one(),
        city: "Nowhere".into(),
        timezone: "UTC".into(),
        round_trip_seconds: vec![0.1, 0.1],
        edge_caches: 1,
        client_resolvers: 1,
        files_label: Label::Personal,
        rows_label: Label::Personal,
        files_stay: false,
        rows_stay: false,
        downtime_share: None,
    };
    let claim = |name: &str, metric, operation, store, bound: f64, share| Claim {
        name: name.into(),
        says: None,
        metric,
        population: None,
        operation,
        cause: None,
        fate: None,
        store,
        bound,
        inclusive: store.is_some(),
        per: Per::Incident,
        share,
        line: 1,
    };
    let row = |i: usize, basis| ProvenanceRow {
        path: format!("invented.input_{i}"),
        value: "1".into(),
        range: None,
        provenance: Provenance { basis, source: String::new(), owner: None, as_of: None, given: Given::BuiltIn },
    };
    let (usage, money) = drsim_experiment::scenario_file::built_in_money();
    Scenario {
        title: "Invented backend".into(),
        baseline: 0,
        proposed,
        start: "2026-01-05".into(),
        regions: vec!["here".into(), "there".into()],
        populations: vec![population("europe"), population("united_states")],
        demand: Demand {
            per_user_per_day: [one(), one(), one(), one()],
            profile: vec![1.0; 168],
            profile_name: "flat".into(),
            edge_hit_share: one(),
            client_timeout: one(),
            tokens_last: one(),
            client_uplink: one(),
            files_at_once: 1,
        },
        latency: LatencyInput {
            access: always("a", 0.03),
            edge_trip: one(),
            lookup: always("l", 0.02),
            lookups: one(),
            new_connections: one(),
            cold_starts: one(),
            service_spread: one(),
            forward_trips: one(),
            consistency: Consistency::Eventual,
        },
        edge: EdgeInput { object_lifetime: one(), serves_stale: true, error_lifetime: one(), lost_on_move: one() },
        residency: ResidencyInput { stay: [false; 3], rows_apart: false, sweep: one(), versions_kept: one() },
        objects: Objects {
            size: always("s", 1e6),
            copy_delay_with_rtc: always("w", 10.0),
            copy_delay_without_rtc: always("o", 10.0),
            copy_bandwidth: one(),
            shared_keys_written: one(),
            shared_keys: one(),
            deletes: one(),
            delete_markers: false,
            copy_fails: one(),
            copy_retried: always("t", 10.0),
            slowdowns: one(),
            slowdown_lasts: always("q", 10.0),
            slowdown_factor: one(),
        },
        database: DatabaseInput {
            lag: always("l", 0.3),
            snapshot_age: always("s", 3600.0),
            restore_point_age: always("r", 60.0),
            retention: one(),
            lag_memory: one(),
            replication_load: one(),
            rpo_cap: None,
            rpo_cap_lifted: always("c", 60.0),
            fencing: one(),
            fenced_after: always("f", 60.0),
            salvaged: one(),
            salvaged_after: always("v", 3600.0),
        },
        outages: vec![CauseInput {
            cause: Cause::Region,
            counts: vec![],
            duration: always("d", 3600.0),
            both_regions: one(),
            destroys: one(),
            footprint: FootprintInput::Whole { hits_workload: one() },
            seen: one(),
        }],
        flapping: FlappingInput { share: one(), ill: always("i", 300.0), well: always("w", 300.0) },
        dependencies: vec![],
        capacity: CapacityInput {
            requests_per_second: vec![one(), one()],
            burst: vec![one(), one()],
            concurrency: one(),
            concurrency_growth: one(),
            used_by_others: one(),
            cold_start: one(),
            database_units: one(),
            database_units_at_least: one(),
            database_doubling: one(),
            connections: one(),
            bandwidth: None,
            database_work: one(),
            service_time: [one(), one(), one(), one()],
            hang: one(),
            function_timeout: one(),
            retries: RetriesInput {
                kind: RetryKind::None,
                attempts: 1,
                base: one(),
                cap: one(),
                jitter: true,
                budget: None,
                follow: true,
                dead_wait: one(),
            },
        },
        usage,
        money,
        compliance: drsim_experiment::compliance::ComplianceInput::default(),
        prices: drsim_experiment::money::prices::PriceBook::built_in(),
        detection: Detection {
            checkers: 16,
            healthy_share: one(),
            probe_timeout: one(),
            publication: always("p", 8.0),
            accelerator_interval: one(),
            accelerator_threshold: 3,
            accelerator_reroute: always("r", 20.0),
            canary_interval: one(),
            canary_strikes: 3,
            canary_timeout: one(),
            canary_sees_grey: false,
            grey_seen: one(),
            origin_wait: one(),
            stretching_share: one(),
            stretched_to: always("t", 600.0),
            connections_stay: always("c", 0.0),
            one_by_one: false,
            alarm: always("a", 300.0),
            record_change: always("n", 60.0),
        },
        recovery: Recovery {
            on_call: always("c", 1.0),
            on_call_to_deploy: always("d", 1.0),
            on_call_to_restore: always("r", 1.0),
            night_extra: always("n", 0.0),
            patience: always("p", 0.0),
            stability: one(),
            on_call_timezone: "UTC".into(),
            deploy: always("y", 1.0),
            restore: always("z", 1.0),
            automatic: always("a", 1.0),
            promotion: always("p", 1.0),
            step_fails: one(),
            manual_repair: always("m", 1.0),
            reconnect: always("r", 1.0),
            scale_out: always("s", 1.0),
            served: one(),
            hold: one(),
            failback: FailbackInput {
                planned: true,
                returns_after: one(),
                order: ReturnOrder::TrafficFirst,
                rebuild: always("r", 900.0),
                copy_throughput: one(),
                switchover: always("s", 60.0),
                from: 0,
                until: 0,
            },
        },
        architectures: architectures
            .iter()
            .enumerate()
            .map(|(i, name)| Architecture {
                name: name.clone(),
                preset: Preset::SingleRegion,
                second_region: i > 0,
                standby_share: one(),
                front_door: FrontDoor::Cloudfront,
                routing: Routing::Latency,
                health_check: None,
                ttl: one(),
                latent_faults: one(),
                drill_every: one(),
                drills_move_writer: true,
                drills_stuck: one(),
                by_hand: false,
                returns_after: None,
                return_order: None,
                decision: None,
                copy: None,
                work: drsim_experiment::money::inputs::Work::default(),
            })
            .collect(),
        claims: vec![
            claim("rto_reads", ClaimMetric::RecoveryTimeSeconds, OperationGroup::Read, None, 60.0, Some(0.95)),
            claim(
                "rto_writes",
                ClaimMetric::RecoveryTimeSeconds,
                OperationGroup::One(Operation::Write),
                None,
                60.0,
                Some(0.95),
            ),
            claim(
                "rpo_files",
                ClaimMetric::DataLossWindowSeconds,
                OperationGroup::Overall,
                Some(Store::Objects),
                30.0,
                None,
            ),
            claim(
                "rpo_rows",
                ClaimMetric::DataLossWindowSeconds,
                OperationGroup::Overall,
                Some(Store::Database),
                30.0,
                Some(0.99),
            ),
            claim("cheap", ClaimMetric::DrPremium, OperationGroup::Overall, None, 0.2, Some(0.9)),
        ],
        provenance: (0..31)
            .map(|i| {
                row(
                    i,
                    [Basis::Measured, Basis::Documented, Basis::Reported, Basis::Estimated, Basis::Unverified]
                        [(i * i) % 5],
                )
            })
            .collect(),
        unknowns: vec![],
        report: ReportInput::default(),
        digest: "00".repeat(8),
        warnings: vec![],
    }
}
