use drsim_experiment::run::{Options, run};
use drsim_experiment::scenario::*;
use std::sync::atomic::AtomicBool;
fn inp(path: &str, value: f64, range: Option<(f64, f64)>, law: RangeLaw) -> Input {
    Input { path: path.into(), value, range, law }
}
fn num(path: &str, value: f64) -> Input {
    inp(path, value, None, RangeLaw::Lognormal)
}
fn share(path: &str, value: f64, r: Option<(f64, f64)>) -> Input {
    inp(path, value, r, RangeLaw::LogitNormal)
}
fn ln(path: &str, p50: f64, level: f64, at: f64, max: Option<f64>) -> DistributionInput {
    DistributionInput {
        path: path.into(),
        shape: Shape::Percentiles {
            family: Family::Lognormal,
            p50: num(&format!("{path}.p50"), p50),
            level,
            at_level: num(&format!("{path}.at"), at),
        },
        min: None,
        max,
    }
}
fn uni(path: &str, low: f64, high: f64) -> DistributionInput {
    DistributionInput {
        path: path.into(),
        shape: Shape::Uniform { low: num("l", low), high: num("h", high) },
        min: None,
        max: None,
    }
}
fn tri(path: &str, low: f64, mode: f64, high: f64) -> DistributionInput {
    DistributionInput {
        path: path.into(),
        shape: Shape::Triangular { low: num("l", low), mode: num("m", mode), high: num("h", high) },
        min: None,
        max: None,
    }
}
fn main() {
    let arch =
        |name: &str, preset, second, standby: f64, fd, routing, hc: Option<(f64, bool)>, dec, copy| Architecture {
            name: name.into(),
            preset,
            second_region: second,
            standby_share: share("sb", standby, None),
            front_door: fd,
            routing,
            health_check: hc.map(|(i, deep)| HealthCheck { deep, interval: num("i", i), threshold: 3 }),
            ttl: num("ttl", 60.0),
            decision: dec,
            copy,
        };
    let svc = || Some(CopyModel::Service { replication_time_control: true });
    let link = || Some(CopyModel::Link { throughput: num("t", 10e6), streams: 1 });
    use FrontDoor::*;
    use Preset::*;
    let architectures = vec![
        arch("single_region", SingleRegion, false, 1.0, Cloudfront, Routing::Failover, None, None, None),
        arch(
            "warm_standby",
            WarmStandby,
            true,
            0.3,
            Cloudfront,
            Routing::Failover,
            Some((30.0, false)),
            Some(Decision::OnCall),
            svc(),
        ),
        arch(
            "adr_as_written",
            ActiveActiveCloudfront,
            true,
            1.0,
            Cloudfront,
            Routing::Latency,
            None,
            Some(Decision::OnCall),
            svc(),
        ),
        arch(
            "adr_default_checks",
            ActiveActiveCloudfront,
            true,
            1.0,
            Cloudfront,
            Routing::Latency,
            Some((30.0, false)),
            Some(Decision::OnCall),
            svc(),
        ),
        arch(
            "adr_fast_checks",
            ActiveActiveCloudfront,
            true,
            1.0,
            Cloudfront,
            Routing::Latency,
            Some((10.0, true)),
            Some(Decision::Automatic),
            svc(),
        ),
        arch(
            "adr_fast_10mbps",
            ActiveActiveCloudfront,
            true,
            1.0,
            Cloudfront,
            Routing::Latency,
            Some((10.0, true)),
            Some(Decision::Automatic),
            link(),
        ),
        arch(
            "accelerator",
            ActiveActiveAccelerator,
            true,
            1.0,
            Accelerator,
            Routing::Latency,
            None,
            Some(Decision::Automatic),
            svc(),
        ),
    ];
    let claim = |name: &str, metric, op, store, bound, incl, share| Claim {
        name: name.into(),
        says: None,
        metric,
        population: None,
        operation: op,
        store,
        bound,
        inclusive: incl,
        per: Per::Incident,
        share,
        line: 1,
    };
    let profile: Vec<f64> = (0..168)
        .map(|h| {
            let d = (h % 24) as f64;
            1.0 + 0.8 * ((d - 9.0) / 24.0 * std::f64::consts::TAU).sin()
        })
        .collect();
    let pop = |name: &str, users, range, city: &str, tz: &str, rtt: Vec<f64>| Population {
        name: name.into(),
        users: inp(&format!("populations.{name}.users"), users, Some(range), RangeLaw::Lognormal),
        city: city.into(),
        timezone: tz.into(),
        round_trip_seconds: rtt,
        edge_caches: 200,
    };
    let scenario = Scenario {
        title: "t".into(),
        baseline: 0,
        proposed: 4,
        start: "2027-03-01".into(),
        regions: vec!["eu-west-1".into(), "us-east-1".into()],
        populations: vec![
            pop("europe", 180e3, (150e3, 220e3), "Madrid", "Europe/Madrid", vec![0.02, 0.1]),
            pop("united_states", 120e3, (90e3, 170e3), "New York", "America/New_York", vec![0.08, 0.01]),
        ],
        demand: Demand {
            per_user_per_day: [num("a", 12.0), num("b", 9.0), num("c", 3.0), num("d", 0.05)],
            profile,
            profile_name: "x".into(),
            edge_hit_share: share("h", 0.8, None),
        },
        objects: Objects {
            size: ln("size", 1.2e6, 0.95, 6e6, Some(10e6)),
            copy_delay_with_rtc: DistributionInput {
                path: "rtc".into(),
                shape: Shape::Percentiles {
                    family: Family::Lognormal,
                    p50: inp("rtc.p50", 15.0, Some((3.0, 30.0)), RangeLaw::Lognormal),
                    level: 0.9999,
                    at_level: num("x", 900.0),
                },
                min: None,
                max: None,
            },
            copy_delay_without_rtc: ln("nortc", 120.0, 0.95, 3600.0, Some(172800.0)),
        },
        database_lag: ln("lag", 0.3, 0.95, 2.0, None),
        outages: RegionalOutages {
            counts: vec![
                CountInput { path: "c.eu".into(), events: 1.0, years: 15.6, posterior: true },
                CountInput { path: "c.us".into(), events: 8.0, years: 15.6, posterior: true },
            ],
            hits_workload: share("hits", 0.5, Some((0.2, 0.8))),
            duration: ln("dur", 18000.0, 0.95, 61200.0, Some(7.0 * 86400.0)),
            both_regions: share("both", 0.05, Some((0.01, 0.15))),
        },
        detection: Detection {
            checkers: 16,
            healthy_share: share("hs", 0.18, None),
            probe_timeout: num("pt", 4.0),
            publication: uni("pub", 5.0, 10.0),
            accelerator_interval: num("ai", 10.0),
            accelerator_threshold: 3,
            accelerator_reroute: uni("rr", 20.0, 30.0),
            canary_interval: num("ci", 10.0),
            canary_strikes: 2,
            canary_timeout: num("ct", 5.0),
        },
        recovery: Recovery {
            on_call: ln("oc", 480.0, 0.95, 1800.0, None),
            automatic: tri("auto", 20.0, 30.0, 60.0),
            promotion: ln("promo", 90.0, 0.95, 300.0, None),
            step_fails: share("sf", 0.1, Some((0.02, 0.3))),
            manual_repair: ln("mr", 1800.0, 0.95, 7200.0, None),
            reconnect: tri("rec", 5.0, 30.0, 90.0),
            scale_out: uni("so", 60.0, 600.0),
            served: share("served", 0.99, None),
            hold: num("hold", 60.0),
        },
        architectures,
        provenance: vec![],
        digest: "d".into(),
        warnings: vec![],
        claims: vec![
            claim("rto_reads", ClaimMetric::RecoveryTimeSeconds, OperationGroup::Read, None, 60.0, false, Some(0.95)),
            claim(
                "rto_writes",
                ClaimMetric::RecoveryTimeSeconds,
                OperationGroup::One(Operation::Write),
                None,
                60.0,
                false,
                Some(0.95),
            ),
            claim(
                "rpo_files",
                ClaimMetric::DataLossWindowSeconds,
                OperationGroup::Overall,
                Some(Store::Objects),
                30.0,
                true,
                None,
            ),
            claim(
                "rpo_rows",
                ClaimMetric::DataLossWindowSeconds,
                OperationGroup::Overall,
                Some(Store::Database),
                30.0,
                true,
                Some(0.99),
            ),
        ],
    };
    let n: u64 = std::env::args().nth(1).map_or(10_000, |s| s.parse().unwrap());
    let options = Options {
        seed: 1,
        replications: Some(n),
        precision: None,
        confidence: 0.95,
        threads: std::env::args().nth(2).map(|s| s.parse().unwrap()),
        command: "x".into(),
    };
    let f = run(&scenario, &options, &AtomicBool::new(false), |_| (), None).unwrap();
    println!(
        "{:?} wall {:?} incidents {} events {} outages {}",
        f.reason, f.wall, f.incidents, f.events, f.outcome.manifest.outages
    );
    for d in &f.outcome.designs {
        println!(
            "{:20} reads {:?} {:?} writes {:?} {:?} file {:?} row {:?} met {:?} down {:?} avail {:?} worse {}",
            d.architecture,
            d.reads_back.0.estimate,
            d.reads_back.1.estimate,
            d.writes_back.0.estimate,
            d.writes_back.1.estimate,
            d.oldest_file_p95.map(|f| f.estimate),
            d.oldest_row_p95.map(|f| f.estimate),
            d.outages_met.iter().map(|m| m.per_year.estimate.unwrap()).collect::<Vec<_>>(),
            d.downtime_minutes_per_year.estimate,
            d.availability_by_request.estimate,
            d.worse_than_baseline
        );
    }
    for c in
        f.outcome.claims.iter().filter(|c| c.architecture == "adr_fast_checks" || c.architecture == "adr_fast_10mbps")
    {
        println!("{:?}", c);
    }
    for w in f.outcome.figures.waterfall.iter() {
        println!(
            "{} {} {:.1} n={} {:?}",
            w.architecture,
            w.operation,
            w.mean_seconds,
            w.n,
            w.parts.iter().map(|p| format!("{}={:.1}", p.0, p.1)).collect::<Vec<_>>()
        );
    }
}
