//! The command line: exit codes, what is written and what is not, texts that people see.

use crate::{root, scratch};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

pub const SHIPPED: &str = "scenarios/mobile_backend.toml";

/// A map of four points in place of sixty-four for the report: each is a run of its own.
pub const SMALL_MAP: [&str; 4] = [
    "--set",
    "report.map.x=\"objects.size.*=1 MB, 20 MB\"",
    "--set",
    "report.map.y=\"objects.copy_throughput=5 Mbps, 50 Mbps\"",
];

pub fn drsim(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_drsim")).current_dir(root()).args(args).output().unwrap()
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn a_bad_scenario_ends_with_3_points_at_the_place_and_writes_nothing() {
    let dir = scratch("bad");
    let bad = dir.join("bad.toml");
    let good = std::fs::read_to_string(root().join(SHIPPED)).unwrap();
    std::fs::write(&bad, good.replace("[regions] ", "[regios] ")).unwrap();
    let out = dir.join("out");
    let run = drsim(&["run", bad.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(3));
    assert!(
        stderr(&run).contains("unknown key `regios`") && stderr(&run).contains("bad.toml:14:2"),
        "{}",
        stderr(&run)
    );
    assert!(run.stdout.is_empty() && !out.exists());
    assert_eq!(drsim(&["validate", bad.to_str().unwrap()]).status.code(), Some(3));
    assert_eq!(drsim(&["run", dir.to_str().unwrap()]).status.code(), Some(3));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn wrong_usage_ends_with_2() {
    for args in [
        &["run"][..],
        &["fly"],
        &["run", SHIPPED, "-n", "0"],
        &["run", SHIPPED, "-n", "-5"],
        &["run", SHIPPED, "-j", "0"],
        &["run", SHIPPED, "--confidence", "95"],
        &["run", SHIPPED, "--precision", "0.5"],
        &["run", SHIPPED, "--format", "pdf"],
        &["run", SHIPPED, "-n", "1", "--out", "Cargo.toml"],
    ] {
        let output = drsim(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn the_answer_fits_on_one_screen() {
    for set in ["objects.copy_streams=1", "claims.rto_reads.share=0.1 %", "demand.profile=flat"] {
        let output = drsim(&["run", SHIPPED, "-n", "1000", "--quiet", "--set", set]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.lines().count() <= 40, "{} lines", text.lines().count());
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{widest:?} columns");
        assert!(text.contains("ANSWER") && text.contains("on money alone") && output.stderr.is_empty());
    }
}

pub fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let dir = scratch("bytes");
    let write = |jobs: &str| {
        let out = dir.join(jobs);
        let args = ["run", SHIPPED, "-n", "500", "-j", jobs, "--quiet", "--out", out.to_str().unwrap()];
        assert_eq!(drsim(&[&args, &SMALL_MAP[..]].concat()).status.code(), Some(0));
        let mut written = files(&out);
        written.retain(|(name, _)| name != "run.json"); // when and where: outside the promise
        written
    };
    let (one, two) = (write("1"), write("2"));
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "results.json",
        "metrics.csv",
        "costs.csv",
        "incidents.csv",
        "recovery_ccdf.svg",
        "loss_ccdf.png",
        "waterfall.png",
    ] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    for ((name, a), (_, b)) in one.iter().zip(&two) {
        assert!(a == b, "{name} differs");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_started_scenario_validates_and_runs_and_is_not_overwritten() {
    let dir = scratch("init");
    let init = || Command::new(env!("CARGO_BIN_EXE_drsim")).current_dir(&dir).args(["init", "mine"]).output().unwrap();
    assert_eq!(init().status.code(), Some(0));
    assert_eq!(init().status.code(), Some(2), "it exists now");
    let mine = dir.join("mine.toml");
    let path = mine.to_str().unwrap();
    assert_eq!(drsim(&["validate", path]).status.code(), Some(0));
    let run = drsim(&["run", path, "-n", "300", "--quiet"]);
    assert_eq!(run.status.code(), Some(0));
    assert!(stdout(&run).starts_with("mine: "));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn machine_formats_parse() {
    let json = drsim(&["run", SHIPPED, "-n", "500", "--quiet", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["schema_version"], 1);
    assert_eq!(value["manifest"]["replications"], 500);
    for key in ["claims", "metrics", "comparisons", "costs", "provenance"] {
        assert!(value[key].is_array(), "{key}");
    }
    assert!(value.get("doubts").is_none_or(serde_json::Value::is_null), "they take further runs");
    let csv = drsim(&["run", SHIPPED, "-n", "500", "--quiet", "--format", "csv"]);
    let header = "architecture,metric,population,operation,store,cause,per,statistic,estimate,ci_low,ci_high,range_low,\
                  range_high,n,unit";
    assert_eq!(stdout(&csv).lines().next(), Some(header));
    assert!(!stdout(&csv).contains("NaN") && !stdout(&csv).contains("inf"));
    let schema: serde_json::Value = serde_json::from_slice(&drsim(&["schema"]).stdout).unwrap();
    assert!(schema["properties"]["architectures"].is_object());
}

/// Holds a text against what stands in `tests/snapshots/`. Where lines break depends on how clap was built.
fn reads_as_before(name: &str, text: &str) {
    let path = root().join("tests/snapshots").join(name);
    if std::env::var_os("DRSIM_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let stands = std::fs::read_to_string(path).unwrap_or_default();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert!(
        words(&stands) == words(text),
        "{name} reads otherwise; if that was meant, run the tests once with DRSIM_BLESS=1\n{text}"
    );
}

#[test]
fn help_says_what_it_said() {
    let whole = stdout(&drsim(&["--help"])).to_owned();
    let verbs = whole.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = verbs.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let pages: Vec<String> = names.map(|verb| stdout(&drsim(&[verb, "--help"])).to_owned()).collect();
    assert!(pages.len() > 15, "every verb");
    reads_as_before("help.txt", &format!("{whole}\n----\n{}", pages.join("\n----\n")));
}

#[test]
fn what_is_read_as_an_answer_in_spanish_holds_no_english() {
    // Commands, paths and what the author wrote stay as they are; errors and warnings go to standard error.
    const ENGLISH: [&str; 18] = [
        "the",
        "of",
        "with",
        "years",
        "asked",
        "found",
        "which",
        "and",
        "outages",
        "down",
        "seed",
        "claims",
        "holds",
        "undecided",
        "simulated",
        "interval",
        "owner",
        "is",
    ];
    let vary = ["--vary", "database.lag.p50=1 s, 1.5 s", "--claim", "rpo_rows", "--metric", "failed_requests"];
    let verbs: [&[&str]; 11] = [
        &["run", SHIPPED],
        &["run", SHIPPED, "--format", "table"],
        &["run", SHIPPED, "--format", "md"],
        &["compare", SHIPPED],
        &["check", SHIPPED],
        &["check", SHIPPED, "--format", "md"],
        &["cost", SHIPPED],
        &["sensitivity", SHIPPED],
        &["sensitivity", SHIPPED, "--claim", "rpo_files", "--detail", "--rows", "8"],
        &["replay", SHIPPED, "counterexamples"],
        &["replay", SHIPPED, "942"],
    ];
    let sweep = [&["sweep", SHIPPED], &vary[..]].concat();
    for verb in verbs.into_iter().chain([sweep.as_slice()]) {
        let years: &[&str] = if verb.contains(&"942") { &[] } else { &["-n", "200"] };
        let output = drsim(&[verb, years, &["--lang", "es"]].concat());
        let text = stdout(&output);
        assert!(text.lines().count() > 2, "{verb:?}: {}", stderr(&output));
        for line in text.lines().filter(|line| !line.contains("drsim ") && !line.contains("health_check: ")) {
            // Keys of the scenario, such as `outages.causes`, are one word.
            let words = line.split(|c: char| !c.is_alphabetic() && !"._".contains(c));
            let english: Vec<&str> = words.map(|word| word.trim_matches('.')).filter(|w| ENGLISH.contains(w)).collect();
            assert!(english.is_empty(), "{verb:?}: {english:?} in: {line}");
        }
    }
}

#[test]
fn errors_say_what_they_said() {
    let dir = scratch("errors");
    let good = std::fs::read_to_string(root().join(SHIPPED)).unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    let places = [("[regions] ", "[regios] "), ("\"60 s\"", "\"60\""), ("us-east-1\"\n", "us-est-1\"\n")];
    write("several.toml", &places.iter().fold(good.clone(), |text, (from, to)| text.replacen(from, to, 1)));
    write("torn.toml", "[regions\n");
    write("circle.toml", "extends = \"circle.toml\"\n");
    write("orphan.toml", "title = \"x\"\nextends = \"gone.toml\"\n");
    write("map.toml", &good.replace("claim = \"rpo_files\"", "claim = \"rpo_file\""));
    let in_dir = |name: &str| dir.join(name).display().to_string();
    let mut text = String::new();
    for args in [
        vec!["validate".to_owned(), in_dir("several.toml")],
        vec!["validate".to_owned(), in_dir("torn.toml")],
        vec!["validate".to_owned(), in_dir("circle.toml")],
        vec!["validate".to_owned(), in_dir("orphan.toml")],
        vec!["validate".to_owned(), in_dir("map.toml")],
        ["sweep", SHIPPED, "--claim", "rpo_files", "--vary", "a=1..2"].map(str::to_owned).to_vec(),
        ["sweep", SHIPPED, "--claim", "rpo_fils", "--vary", "database.lag.p50=1 s, 2 s"].map(str::to_owned).to_vec(),
        ["sensitivity", SHIPPED, "--detail"].map(str::to_owned).to_vec(),
        ["optimize", SHIPPED, "--architecture", "nobody"].map(str::to_owned).to_vec(),
        ["compare", SHIPPED, "--from", "nowhere"].map(str::to_owned).to_vec(),
        ["check", SHIPPED, "--against", "README.md"].map(str::to_owned).to_vec(),
        ["replay", SHIPPED, "2021-13-07"].map(str::to_owned).to_vec(),
    ] {
        let output = drsim(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let said = stderr(&output).replace(dir.to_str().unwrap(), "DIR");
        let asked = args.join(" ").replace(dir.to_str().unwrap(), "DIR");
        writeln!(text, "$ drsim {asked}\n{said}exit code {}\n", output.status.code().unwrap()).unwrap();
    }
    std::fs::remove_dir_all(dir).unwrap();
    reads_as_before("errors.txt", &text);
}

#[test]
fn a_year_is_told_and_a_real_outage_replayed() {
    let story = drsim(&["replay", SHIPPED, "5167", "--architecture", "adr_fast_checks"]);
    assert!(story.status.success());
    // The counterexample that the answer names, found again by its number.
    assert!(stdout(&story).contains("files at risk: 2 files, the oldest 30.0 s old"), "{}", stdout(&story));
    // As JSON lines and a figure too, in Spanish if asked.
    let dir = scratch("replay");
    let out = dir.to_str().unwrap();
    let spanish = drsim(&["replay", SHIPPED, "942", "--architecture", "adr_fast_checks", "--lang", "es", "--out", out]);
    assert!(stdout(&spanish).contains("se pierde el escritor en eu-west-1"), "{}", stdout(&spanish));
    let written: Vec<String> = files(&dir).into_iter().map(|(name, _)| name).collect();
    let figure = ["replay_942_adr_fast_checks.png", "replay_942_adr_fast_checks.svg"];
    assert_eq!(written, ["replay_942.jsonl", figure[0], figure[1]]);
    std::fs::remove_dir_all(dir).unwrap();
    // What breaks each claim by the least, and what would.
    let breaks = drsim(&["replay", SHIPPED, "counterexamples", "-n", "4000"]);
    let text = stdout(&breaks);
    assert!(text.contains("rpo_files <= 30 s (asked: always), smallest counterexample of adr_fast_checks:"), "{text}");
    let link = drsim(&["replay", SHIPPED, "counterexamples", "-n", "500", "--architecture", "adr_fast_10mbps"]);
    assert!(
        stdout(&link).contains("it takes 4 files of 10 MB within one second on this link: 32 s"),
        "{}",
        stdout(&link)
    );
    let worst = drsim(&["replay", SHIPPED, "worst", "-n", "1000", "--format", "json"]);
    assert!(stdout(&worst).starts_with("{\"architecture\":\"adr_fast_checks\""), "{}", stdout(&worst));
    let outage = drsim(&["replay", SHIPPED, "2021-12-07", "--draws", "20", "--strikes", "primary"]);
    assert!(stdout(&outage).contains("replayed as if it struck eu-west-1, 20 times"), "{}", stdout(&outage));
    let lines = drsim(&["replay", SHIPPED, "2021-12-07", "--draws", "20", "--format", "json"]);
    assert!(stdout(&lines).lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert_eq!(stdout(&lines).lines().count(), 7, "one line per architecture");
    let unknown = drsim(&["replay", SHIPPED, "2021-13-07"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("2021-12-07"), "names what there is");
}

#[test]
fn check_is_a_gate_with_three_answers() {
    let check = |more: &[&str]| drsim(&[&["check", SHIPPED, "-n", "4000", "-j", "2", "--quiet"], more].concat());
    let refuted = check(&[]);
    assert_eq!(refuted.status.code(), Some(99), "{}", stderr(&refuted));
    assert!(stdout(&refuted).starts_with("adr_fast_checks: refuted (4,000 simulated years, seed 1)"));
    assert!(stdout(&refuted).contains("FAILS        rto_reads < 60 s: asked 95 %"), "{}", stdout(&refuted));

    // Only the claim on lost rows is left, and a bound that nothing can break.
    let dir = scratch("check");
    let (easy, text) = (dir.join("easy.toml"), std::fs::read_to_string(root().join(SHIPPED)).unwrap());
    let claims = text.find("[claims]").unwrap();
    let one = "rows = { metric = \"data_loss_window_seconds\", store = \"database\", at_most = \"20 min\", \
               per = \"incident\", share = \"90 %\" }\n";
    std::fs::write(&easy, format!("{}[claims]\n{one}", &text[..claims])).unwrap();
    let kept = drsim(&["check", easy.to_str().unwrap(), "-n", "4000", "--quiet"]);
    assert_eq!(kept.status.code(), Some(0), "{}", stdout(&kept));
    let few = drsim(&["check", easy.to_str().unwrap(), "-n", "40", "--quiet"]);
    assert_eq!(few.status.code(), Some(4), "{}", stdout(&few));
    std::fs::remove_dir_all(dir).unwrap();

    let junit = check(&["--format", "junit"]);
    assert_eq!(junit.status.code(), Some(99));
    let cases = stdout(&junit).matches("<testcase ").count();
    assert!(cases == 5 && stdout(&junit).contains("<failure"), "{}", stdout(&junit));
    let json: serde_json::Value = serde_json::from_str(stdout(&check(&["--format", "json"]))).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 5);
    assert!(stdout(&check(&["--format", "md"])).contains("| rto_reads | < 60 s |"));
    assert_eq!(check(&["--architecture", "nobody"]).status.code(), Some(2));
    let other = check(&["--architecture", "adr_as_written"]);
    assert!(stdout(&other).starts_with("adr_as_written: refuted"));
}

#[test]
fn the_catalogue_lists_what_is_built_in_with_its_source_and_money_has_its_tables() {
    let prices = drsim(&["catalogue", "prices", "s3.storage.eu-west-1"]);
    assert!(prices.status.success());
    assert!(
        stdout(&prices).contains("0.023 to 51200, 0.022 to 512000, 0.021") && stdout(&prices).contains("documented")
    );
    for part in ["presets", "quotas", "usage", "outages"] {
        assert!(stdout(&drsim(&["catalogue", part])).lines().count() > 4, "{part}");
    }
    assert_eq!(drsim(&["catalogue", "prices", "nothing"]).status.code(), Some(2));
    assert_eq!(drsim(&["cost", SHIPPED, "-n", "100", "--prices", "no/such.toml"]).status.code(), Some(3));

    let cost = drsim(&["cost", SHIPPED, "-n", "500", "--quiet"]);
    assert!(stdout(&cost).contains("above baseline") && stdout(&cost).contains("IS IT WORTH IT?"));
    assert!(stdout(&cost).lines().all(|line| line.chars().count() <= 100), "{}", stdout(&cost));
    let csv = drsim(&["cost", SHIPPED, "-n", "100", "--quiet", "--format", "csv"]);
    let header = "architecture,kind,service,region,item,quantity,unit,unit_price,usd_per_month_expected,usd_per_month_p10,\
                  usd_per_month_p90,basis,source,price_date,status";
    assert_eq!(stdout(&csv).lines().next(), Some(header));
}
