//! Bad scenarios get a message that points at the place; good ones mean what they say.

use super::{Loaded, check, load, parse};
use crate::scenario::{Basis, CopyModel, Given, Shape};
use crate::schema::fields;
use proptest::prelude::*;
use std::path::Path;

const SHIPPED: &str = include_str!("../../../scenarios/mobile_backend.toml");

/// The smallest scenario that is one.
const SMALL: &str = r#"schema_version = 1
[regions]
primary = "eu-west-1"
secondary = "us-east-1"
[populations.europe]
users = 1000
city = "Madrid"
[demand]
per_user_per_day = { cacheable_read = 1, dynamic_read = 1, write = 1, upload = 1 }
[objects]
size = { dist = "lognormal", p50 = "1 MB", p95 = "6 MB", max = "10 MB" }
[architectures]
adr = { preset = "active_active_cloudfront" }
[claims]
rto = { metric = "recovery_time_seconds", operation = "read", below = "60 s", per = "incident", share = "95 %" }
"#;

fn problems(text: &str) -> String {
    parse(text, "test.toml", &[]).err().map_or_else(String::new, |p| p.to_string())
}

fn loaded(text: &str, set: &[&str]) -> Loaded {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    parse(text, "test.toml", &set).unwrap_or_else(|p| panic!("{p}"))
}

#[test]
fn the_smallest_scenario_is_complete_and_everything_else_is_built_in_with_a_source() {
    let loaded = loaded(SMALL, &[]);
    assert_eq!((loaded.scenario.baseline, loaded.scenario.proposed), (0, 0));
    for row in &loaded.scenario.provenance {
        if row.provenance.given == Given::BuiltIn {
            assert!(!row.provenance.source.is_empty(), "{} has no source", row.path);
        }
    }
    let users = loaded.scenario.provenance.iter().find(|r| r.path == "populations.europe.users").unwrap();
    assert_eq!(users.provenance.basis, Basis::Unverified);
    assert_eq!(users.provenance.given, Given::Scenario { line: 6 });
}

#[test]
fn every_bad_value_is_named_with_its_place() {
    // What stands in the scenario, what is put in its place, what the message must say, and where it must point.
    let mut wrong = Vec::new();
    for (good, bad, expected, place) in [
        ("users = 1000", "usrs = 1000", "unknown key `populations.europe.usrs`", "6:1"),
        ("users = 1000", "usrs = 1000", "did you mean `users`?", "6:1"),
        ("users = 1000", "users = -5", "is negative", "6:9"),
        ("users = 1000", "users = nan", "not a number that can be used", "6:9"),
        ("users = 1000", "users = inf", "not a number that can be used", "6:9"),
        ("users = 1000", "users = 1e300", "larger than this field accepts", "6:9"),
        ("users = 1000", "users = \"many\"", "is not a quantity", "6:9"),
        ("users = 1000", "users = { value = 5, range = [10, 20] }", "lies outside its own `range`", "6:9"),
        ("users = 1000", "users = { value = 15, range = [20, 10] }", "must rise", "6:31"),
        ("users = 1000", "users = { value = 15, basis = \"guessed\" }", "expected one of measured", "6:31"),
        ("\"Madrid\"", "\"Madird\"", "did you mean `Madrid`?", "7:8"),
        ("\"us-east-1\"", "\"us-est-1\"", "did you mean `us-east-1`?", "4:13"),
        ("\"us-east-1\"", "\"eu-west-1\"", "is the primary", "4:13"),
        ("max = \"10 MB\"", "max = \"10\"", "has no unit", "11:64"),
        ("p50 = \"1 MB\"", "p50 = 1", "has no unit", "11:36"),
        ("p50 = \"1 MB\"", "p50 = \"1 Mb\"", "did you mean `1 MB`?", "11:36"),
        ("p50 = \"1 MB\"", "p50 = \"9 MB\"", "the upper percentile (6 MB) must lie above `p50` (9 MB)", "11:8"),
        (", max = \"10 MB\"", "", "needs a `max`", "11:8"),
        ("\"lognormal\"", "\"lognorm\"", "did you mean `lognormal`?", "11:17"),
        ("\"active_active_cloudfront\"", "\"active_active\"", "expected one of single_region", "13:18"),
        (
            "\"active_active_cloudfront\"",
            "\"active_active_accelerator\", health_check = \"none\"",
            "does not apply",
            "13:62",
        ),
        ("per = \"incident\", ", "", "there is no default", "15:1"),
        ("below = \"60 s\"", "below = \"60\"", "has no unit", "15:71"),
        ("share = \"95 %\"", "share = \"100 %\"", "can only be refuted", "15:105"),
        ("per = \"incident\"", "per = \"client\"", "does not fit the metric", "15:85"),
        ("operation = \"read\", ", "", "`claims.rto.operation` is missing", "15:1"),
        ("share = \"95 %\"", "fate = \"lost\", share = \"95 %\"", "fits data_loss_window_seconds only", "15:104"),
        ("city = \"Madrid\"", "city = \"Madrid\"\nlabel_of.uplod = \"health\"", "did you mean `upload`?", "8:"),
        ("city = \"Madrid\"", "city = \"Madrid\"\nlabel_of.write = \"helth\"", "did you mean `health`?", "8:"),
        ("[demand]", "[residency]\nrows = \"alone\"\n[demand]", "expected one of copied, apart", "9:8"),
        ("schema_version = 1", "schema_version = 2", "must be 1", "1:18"),
        ("[regions]", "start = \"2027-03-02\"\n[regions]", "a simulated year starts on a Monday", "2:9"),
        ("adr = {", "a = { preset = \"single_region\" }\nadr = {", "`baseline` is missing", "1:1"),
    ] {
        assert!(SMALL.contains(good), "`{good}` is not in the scenario");
        let text = problems(&SMALL.replace(good, bad));
        if !text.contains(expected) || !text.contains(&format!("test.toml:{place}")) {
            wrong.push(format!("`{bad}` must say `{expected}` at {place}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_problems_are_reported_at_once_in_the_order_of_the_file() {
    let text = SMALL.replace("1000", "-1").replace("Madrid", "Nowhere").replace("\"95 %\"", "95");
    let text = problems(&text);
    let places: Vec<usize> = ["test.toml:6:", "test.toml:7:", "test.toml:15:"].map(|p| text.find(p).unwrap()).to_vec();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn what_is_not_a_scenario_at_all_is_refused_in_words() {
    assert!(problems("").contains("the file is empty"));
    assert!(problems("a = [1, 2").contains("this is not TOML"));
    assert!(problems("a = 1\na = 2\n").contains("test.toml:2:1"));
    for brackets in ["[", "{ a = ", "a.b = ["] {
        let text = format!("x = {}", brackets.repeat(200_000));
        assert!(problems(&text).contains("nest deeper than"), "{brackets}");
    }
    // One bracket a line, and keys of 200,000 dots: whatever it says, it says it.
    assert!(!problems(&format!("x = {}", "[\n".repeat(200_000))).is_empty());
    assert!(!problems(&format!("{} = 1", vec!["a"; 200_000].join("."))).is_empty());
}

#[test]
fn files_that_cannot_be_scenarios_are_refused_before_they_are_read_whole() {
    let dir = std::env::temp_dir().join(format!("drsim-load-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let refusal = |path: &Path| load(path, &[]).unwrap_err().to_string();
    assert!(refusal(&dir).contains("this is a directory"));
    assert!(refusal(&dir.join("missing.toml")).contains("cannot read the scenario"));
    let noise = dir.join("noise.toml");
    std::fs::File::create(&noise).unwrap().set_len(100 << 20).unwrap();
    assert!(refusal(&noise).contains("larger than 4 MiB"));
    let latin = dir.join("latin.toml");
    std::fs::write(&latin, b"title = \"a\"\nsource = \"caf\xe9\"\n").unwrap();
    let text = refusal(&latin);
    assert!(text.contains("not UTF-8") && text.contains("latin.toml:2:14"), "{text}");
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn set_replaces_one_value_and_drops_its_range() {
    let base = SMALL.replace("users = 1000", "users = { value = 1000, range = [900, 1100] }");
    let scenario = loaded(&base, &["populations.europe.users=5000", "objects.size.p50=2 MB"]).scenario;
    assert_eq!((scenario.populations[0].users.value, scenario.populations[0].users.range), (5000.0, None));
    let Shape::Percentiles { p50, .. } = &scenario.objects.size.shape else { panic!("{:?}", scenario.objects.size) };
    assert!((p50.value - 2e6).abs() < 1e-6);
    let quoted = loaded(&base, &["objects.copy_model=\"link\"", "objects.copy_streams=4"]).scenario;
    assert!(matches!(quoted.architectures[0].copy, Some(CopyModel::Link { streams: 4, .. })));
}

#[test]
fn set_reaches_into_built_in_tables_and_presets() {
    let set = [
        "objects.copy_delay_with_rtc.p50=10 s",
        "recovery.on_call.p95=1 h",
        "architectures.adr.health_check.interval=10 s",
        "detection.accelerator.interval=30 s",
    ];
    let scenario = loaded(SMALL, &set).scenario;
    let Shape::Percentiles { p50, at_level, .. } = &scenario.objects.copy_delay_with_rtc.shape else { panic!() };
    assert_eq!((p50.value, p50.range, at_level.value), (10.0, None, 900.0));
    let Shape::Percentiles { p50, at_level, .. } = &scenario.recovery.on_call.shape else { panic!() };
    assert_eq!((p50.value, at_level.value), (480.0, 3600.0));
    let check = scenario.architectures[0].health_check.as_ref().unwrap();
    assert_eq!((check.interval.value, check.threshold), (10.0, 3));
    assert_eq!((scenario.detection.accelerator_interval.value, scenario.detection.accelerator_threshold), (30.0, 3));
}

#[test]
fn a_claim_on_a_cause_that_is_off_is_an_error_and_not_an_empty_answer() {
    let text = parse(SHIPPED, "test.toml", &["claims.rto_reads.cause=zone".to_owned()]).unwrap_err().to_string();
    assert!(text.contains("`claims.rto_reads.cause` is `zone`, which `outages.causes` does not switch on"), "{text}");
    let on = ["claims.rto_reads.cause=zone".to_owned(), "outages.causes=[\"region\", \"zone\"]".to_owned()];
    assert!(parse(SHIPPED, "test.toml", &on).is_ok());
}

#[test]
fn set_with_a_wrong_path_or_value_names_itself() {
    for (set, expected) in [
        ("populations.europe.usrs=5", "did you mean `users`?"),
        ("objects.size.p50=2", "has no unit"),
        ("objects.size.p50.deep=2", "not a table"),
        ("objects", "expected PATH=VALUE"),
        ("regions.secondary=eu-wst-1", "did you mean `eu-west-1`?"),
        ("outages.causes=[\"regoin\"]", "did you mean `region`?"),
        ("outages.zone.parts.writer.hits=\"databas\"", "did you mean `database`?"),
        ("outages.zone.parts.mine={ hits = \"api\" }", "`outages.zone.parts.mine.failing` is missing"),
        ("dependencies.identiy={ needed_by = \"write\" }", "did you mean `identity`?"),
        ("capacity.retries.policy=often", "expected one of none, immediate, backoff"),
        ("recovery.on_call_timezone=Mars/Base", "expected a zone such as Europe/Madrid"),
    ] {
        let text = parse(SMALL, "test.toml", &[set.to_owned()]).unwrap_err().to_string();
        assert!(text.contains(expected) && text.contains("--set"), "{set}: {text}");
    }
}

#[test]
fn the_digest_follows_the_meaning_and_not_the_words() {
    let digest = |text: &str| loaded(text, &[]).scenario.digest;
    let same = SMALL.replace("[regions]", "title = \"other\"\n# a comment\n[regions]").replace("\"60 s\"", "\"1 min\"");
    assert_eq!(digest(SMALL), digest(&same));
    assert_ne!(digest(SMALL), digest(&SMALL.replace("1000", "1001")));
}

#[test]
fn design_holes_are_warned_of_with_the_arithmetic() {
    let warnings = loaded(SHIPPED, &[]).warnings.to_string();
    assert!(warnings.contains("`adr_as_written` has no health check"), "{warnings}");
    assert!(warnings.contains("probes 32 s + publication 5 s + cached answers 59 s = 96 s"), "{warnings}");
    let slow = loaded(SHIPPED, &["architectures.adr_fast_10mbps.copy_throughput=\"0.5 Mbps\""]).warnings.to_string();
    assert!(slow.contains("the link out of eu-west-1 is unstable"), "{slow}");
}

#[test]
fn both_regions_at_once_where_one_has_no_outages_is_warned_of() {
    let warnings = |rarer: &str, set: &[&str]| {
        let count = |region: &str, events| {
            format!("outages.region.count.{region}={{ events = {events}, years = 10, posterior = false }}")
        };
        let all = [count("eu-west-1", "3"), count("eu-central-1", rarer), "regions.secondary=eu-central-1".into()];
        let all: Vec<String> = all.into_iter().chain(set.iter().map(|s| (*s).to_owned())).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        loaded(SHIPPED, &all).warnings.to_string()
    };
    let both = "outages.region.both_regions=100 %";
    let silent = warnings("0", &[both]);
    assert!(silent.contains("`outages.region.both_regions` = 100 % does nothing"), "{silent}");
    assert!(
        silent.contains("eu-central-1 has none") && silent.contains("outages.region.count.eu-central-1.events above 0")
    );
    for warned in [warnings("1", &[both]), warnings("0", &["outages.region.both_regions=0 %"])] {
        assert!(!warned.contains("does nothing"), "{warned}");
    }
}

/// Files in a folder of their own, which is removed at the end.
fn with_files(name: &str, files: &[(&str, &str)], look: impl FnOnce(&Path)) {
    let dir = std::env::temp_dir().join(format!("drsim-{name}-{}", std::process::id()));
    for (file, text) in files {
        std::fs::create_dir_all(dir.join(file).parent().unwrap()).unwrap();
        std::fs::write(dir.join(file), text).unwrap();
    }
    look(&dir);
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_scenario_that_extends_another_says_only_what_differs() {
    let middle = r#"extends = "base.toml"
[objects]
size = { p50 = "2 MB" }
[populations.europe]
users = { value = 2000, owner = "Product" }
"#;
    let own = r#"extends = "below/middle.toml"
[objects]
size = { dist = "exponential", mean = "1 MB", max = "50 MB" }
[architectures]
other = { preset = "active_active_cloudfront", ttl = "20 s" }
[claims]
rto = { share = "90 %" }
"#;
    let files = [("below/base.toml", SMALL), ("below/middle.toml", middle), ("own.toml", own)];
    with_files("extends", &files, |dir| {
        let set = ["baseline=adr", "proposed=adr"].map(str::to_owned);
        let middle = load(&dir.join("below/middle.toml"), &[]).unwrap_or_else(|p| panic!("{p}"));
        let loaded = load(&dir.join("own.toml"), &set).unwrap_or_else(|p| panic!("{p}"));
        // Joined key by key: the median alone; replaced as a whole: a law, a value.
        let Shape::Percentiles { p50, at_level, .. } = &middle.scenario.objects.size.shape else { panic!() };
        assert_eq!((p50.value, at_level.value), (2e6, 6e6));
        assert!(matches!(loaded.scenario.objects.size.shape, Shape::Exponential { .. }));
        assert!((loaded.scenario.populations[0].users.value - 2000.0).abs() < 1e-9);
        assert_eq!(loaded.scenario.claims[0].share, Some(0.9));
        let names: Vec<&str> = loaded.scenario.architectures.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["adr", "other"], "in the order of the base, then new ones");
        // Who said it.
        let given = |path: &str| {
            let row = loaded.scenario.provenance.iter().find(|row| row.path == path).unwrap();
            row.provenance.given.clone()
        };
        let Given::Base { file, line } = given("populations.europe.users") else { panic!() };
        assert!(file.ends_with("below/middle.toml") && line == 5, "{file}:{line}");
        assert!(matches!(given("objects.size.mean"), Given::Scenario { line: 3 }));
        // The digest is that of one file with the same meaning, and the text alone is enough to read it again.
        let whole = SMALL.replace("users = 1000", "users = 2000").replace("p50 = \"1 MB\"", "p50 = \"2 MB\"");
        assert_eq!(middle.scenario.digest, parse(&whole, "whole.toml", &[]).unwrap().scenario.digest);
        assert_eq!(check(&loaded.source).unwrap().scenario, loaded.scenario);
    });
}

#[test]
fn messages_of_a_scenario_that_extends_another_name_the_right_file() {
    let base = SMALL.replace("users = 1000", "users = -1");
    let files = [
        ("base.toml", base.as_str()),
        ("own.toml", "extends = \"base.toml\"\n[regions]\nsecondary = \"us-est-1\"\n"),
        ("nothing.toml", "extends = \"missing.toml\"\n"),
        ("wrong.toml", "extends = 3\n"),
        ("broken.toml", "title = \"a\"\nextends = \"torn.toml\"\n"),
        ("torn.toml", "[regions\n"),
        ("a.toml", "extends = \"b.toml\"\n"),
        ("b.toml", "schema_version = 1\nextends = \"./a.toml\"\n"),
        ("self.toml", "extends = \"self.toml\"\n"),
    ];
    with_files("extends-wrong", &files, |dir| {
        let said = |name: &str| load(&dir.join(name), &[]).unwrap_err().to_string();
        let own = said("own.toml");
        assert!(own.contains("base.toml:6:9") && own.contains("own.toml:3:13"), "{own}");
        let missing = said("nothing.toml");
        assert!(missing.contains("nothing.toml:1:11") && missing.contains("missing.toml"), "{missing}");
        assert!(said("wrong.toml").contains("expected the path of a scenario"));
        assert!(said("broken.toml").contains("torn.toml:1:"), "{}", said("broken.toml"));
        let circle = said("a.toml");
        assert!(circle.contains("cannot extend itself") && circle.contains("b.toml:2:11"), "{circle}");
        assert!(said("self.toml").contains("self.toml -> "), "{}", said("self.toml"));
    });
}

#[test]
fn the_list_of_fields_is_what_the_reader_asks_for() {
    let every = [
        "architectures.adr_fast_checks.copy_model=\"link\"",
        "money.promise.penalties.first={ below = \"99 %\", amount = \"1000 EUR\" }",
        "money.commitment_discounts.plan={ services = \"Lambda\", share = \"50 %\", discount = \"9 %\" }",
        "money.downtime_hours.night={ from = 22, until = 7, weight = 0.1 }",
        "dependencies.identity={ needed_by = \"write\", secondary = \"none\" }",
        "outages.causes=[\"zone\", \"service\", \"link\", \"front_door\", \"control_plane\", \"deployment\", \"corruption\", \"certificate\", \"false_alarm\"]",
    ];
    let asked = loaded(SHIPPED, &every).fields;
    let listed: std::collections::BTreeSet<String> = fields().iter().map(|f| f.path.to_string()).collect();
    // Tables of distributions, numbers and counts are asked for by their own readers; provenance goes with any value.
    let about =
        |path: &str| ["basis", "source", "owner", "as_of"].contains(&path.rsplit('.').next().unwrap_or_default());
    let unlisted: Vec<&String> = asked
        .iter()
        .filter(|path| !listed.contains(*path) && !about(path) && !path.starts_with("outages.region.count."))
        .collect();
    assert!(unlisted.is_empty(), "asked for, but not listed: {unlisted:?}");
    let never: Vec<&String> = listed.iter().filter(|path| !asked.contains(*path) && !path.ends_with('*')).collect();
    assert!(never.is_empty(), "listed, but never asked for: {never:?}");
}

#[test]
fn the_page_on_scenarios_is_what_the_list_of_fields_makes() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scenario.md");
    let made = crate::schema::document();
    if std::env::var_os("DRSIM_BLESS").is_some() {
        std::fs::write(&page, &made).unwrap();
    }
    let stands = std::fs::read_to_string(page).unwrap_or_default();
    assert!(stands == made, "docs/scenario.md is out of date: run the tests once with DRSIM_BLESS=1");
}

#[test]
fn shipped_scenarios_satisfy_the_schema_and_nonsense_does_not() {
    let schema: serde_json::Value = serde_json::from_str(&crate::schema::json()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let instance = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    for text in [SHIPPED, SMALL] {
        let errors: Vec<String> =
            validator.iter_errors(&instance(text)).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(!validator.is_valid(&instance(&SMALL.replace("users", "usrs"))));
    assert!(!validator.is_valid(&instance(&SMALL.replace("per = \"incident\", ", ""))));
    assert!(!validator.is_valid(&instance(&SMALL.replace("dist = \"lognormal\", ", ""))));
    // A scenario that extends another says only what differs, but nothing else.
    let part = "extends = \"a.toml\"\nobjects.size = { p50 = \"2 MB\" }\nclaims.rto.share = \"90 %\"\n";
    assert!(validator.is_valid(&instance(part)));
    assert!(!validator.is_valid(&instance(&part.replace("share", "shore"))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Cutting, doubling or replacing a stretch of a good scenario never makes the reader panic.
    #[test]
    fn mutated_scenarios_never_panic(at in 0..SHIPPED.len(), length in 0..40_usize, junk in "[\\[\\]{}=\"'.,0-9a-z%#\n -]{0,12}") {
        let cut = |i: usize| (i..=SHIPPED.len()).find(|i| SHIPPED.is_char_boundary(*i)).unwrap_or(SHIPPED.len());
        let (from, to) = (cut(at), cut(at + length.min(SHIPPED.len() - at)));
        let text = format!("{}{junk}{}", &SHIPPED[..from], &SHIPPED[to..]);
        _ = parse(&text, "test.toml", &[]);
    }
}
