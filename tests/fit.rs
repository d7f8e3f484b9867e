//! Measured times to lines of a scenario, and the scenario accepts them.

use crate::cli::{drsim, stderr, stdout};
use crate::{root, scratch};
use drsim_sim::{Distribution, Purpose, RandomStream};
use std::fmt::Write as _;

/// An export of a gauge: one value a minute, independent.
fn export(law: &Distribution, n: u64) -> String {
    let mut text = String::from("Timestamp,Average,Unit\n");
    for i in 0..n {
        let value = law.sample(&mut RandomStream::new(1, i, Purpose::new("test/export"), 0));
        _ = writeln!(text, "2026-11-{:02}T{:02}:{:02}:00Z,{value},Milliseconds", 1 + i / 1440, i / 60 % 24, i % 60);
    }
    text
}

#[test]
fn lag_from_a_cloudwatch_export_becomes_a_line_that_the_scenario_accepts() {
    let dir = scratch("fit");
    let data = dir.join("lag.csv");
    let law = Distribution::lognormal_from_percentiles(210.0, 900.0).unwrap();
    std::fs::write(&data, export(&law, 1000)).unwrap();
    let plot = dir.join("qq.png");
    let args = ["fit", data.to_str().unwrap(), "--to", "lag", "--rounds", "100", "--plot", plot.to_str().unwrap()];
    let fitted = drsim(&args);
    assert_eq!(fitted.status.code(), Some(0), "{}", stderr(&fitted));
    let page = stdout(&fitted);
    assert!(page.contains("ANSWER  lognormal fits"), "{page}");
    assert!(page.lines().all(|line| line.starts_with("lag =") || line.chars().count() <= 100), "{page}");
    assert!(std::fs::read(&plot).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(stdout(&drsim(&args)), page, "the same bytes again");

    let line = page.lines().find(|line| line.starts_with("lag = ")).unwrap();
    assert!(page.contains("# Into the table [database]") && line.contains("as_of = \"2026-11\""), "{page}");
    let text = std::fs::read_to_string(root().join("scenarios/first_hour.toml")).unwrap();
    let scenario = dir.join("mine.toml");
    std::fs::write(&scenario, format!("{text}\n[database]\n{line}\n")).unwrap();
    let checked = drsim(&["validate", scenario.to_str().unwrap(), "--defaults"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let p50 = stdout(&checked).lines().find(|l| l.starts_with("database.lag.p50")).unwrap().to_owned();
    assert!(p50.contains("measured") && p50.contains("lag.csv, Average, 1,000 values"), "{p50}");
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn real_incidents_are_fitted_as_the_readme_prints_and_a_series_of_two_kinds_as_a_mixture() {
    let data = "notebooks/data/aws_incidents.csv";
    let command =
        ["fit", data, "--column", "minutes", "--only", "region=us-east-1", "--to", "outages.service.duration"];
    let fitted = drsim(&command);
    assert_eq!(fitted.status.code(), Some(0), "{}", stderr(&fitted));
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&command.join(" ")) && readme.contains(stdout(&fitted)), "{}", stdout(&fitted));

    // Half a second or an hour, nothing between: two kinds. Of three kinds nothing is said.
    let dir = scratch("two-kinds");
    let data = dir.join("two.csv");
    let law = Distribution::lognormal_from_percentiles(0.5, 0.6).unwrap();
    let page = |kinds: &[f64]| {
        let mut text = "lag_s\n".to_owned();
        for i in 0..400 {
            let value = law.sample(&mut RandomStream::new(1, i, Purpose::new("test/two"), 0));
            _ = writeln!(text, "{}", kinds[i as usize % kinds.len()] * value);
        }
        std::fs::write(&data, text).unwrap();
        stdout(&drsim(&["fit", data.to_str().unwrap(), "--to", "lag", "--rounds", "60"])).to_owned()
    };
    let two = page(&[1.0, 7200.0]);
    assert!(two.contains("ANSWER  mixture fits"), "{two}");
    let line = two.lines().find(|line| line.starts_with("lag = ")).unwrap();
    let text = std::fs::read_to_string(root().join("scenarios/first_hour.toml")).unwrap();
    let scenario = dir.join("mine.toml");
    std::fs::write(&scenario, format!("{text}\n[database]\n{line}\n")).unwrap();
    let run = drsim(&["run", scenario.to_str().unwrap(), "-n", "100", "--quiet"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    for (right, wrong, why) in [
        ("weight = \"50 %\"", "weight = \"5 %\"", "the weights sum to"),
        ("p95", "p96", "p96"),
        ("weight", "wait", "two or more"),
    ] {
        std::fs::write(&scenario, format!("{text}\n[database]\n{}\n", line.replacen(right, wrong, 1))).unwrap();
        let refused = drsim(&["validate", scenario.to_str().unwrap()]);
        assert!(refused.status.code() == Some(3) && stderr(&refused).contains(why), "{wrong}: {}", stderr(&refused));
    }
    std::fs::write(
        &scenario,
        format!("{text}\n[database]\nlag = {{ dist = \"empirical\", values = [\"0.2 s\", \"1 s\", \"90 ms\"] }}\n"),
    )
    .unwrap();
    let run = drsim(&["run", scenario.to_str().unwrap(), "-n", "100", "--quiet"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let three = page(&[1.0, 60.0, 7200.0]);
    assert!(three.contains("ANSWER  Nothing fits") && three.contains("\n# lag = "), "{three}");
    std::fs::remove_dir_all(dir).unwrap();
}

/// Of 60 files whose later half comes from the same law as the earlier one, a fit is said not to predict the later in one of
/// twenty: three, and with four standard errors of 1.7 at most ten.
#[test]
fn a_fit_predicts_what_was_held_out_unless_something_changed() {
    let dir = scratch("held-out");
    let data = dir.join("minutes.csv");
    let law = Distribution::lognormal_from_percentiles(90.0, 400.0).unwrap();
    let page = |seed: u64, longer: f64| {
        let mut text = "minutes\n".to_owned();
        for i in 0..80 {
            let value = law.sample(&mut RandomStream::new(seed, i, Purpose::new("test/held-out"), 0));
            _ = writeln!(text, "{}", if i < 40 { value } else { longer * value });
        }
        std::fs::write(&data, text).unwrap();
        let page = drsim(&["fit", data.to_str().unwrap(), "--hold-out", "50%", "--rounds", "60"]);
        assert_eq!(page.status.code(), Some(0), "{}", stderr(&page));
        stdout(&page).to_owned()
    };
    let said = |longer: f64| (0..60).filter(|seed| page(*seed, longer).contains(" does not predict them")).count();
    assert!(page(0, 1.0).contains("40 values\n") && page(0, 1.0).contains("HELD OUT  40 values"), "{}", page(0, 1.0));
    assert!(said(1.0) <= 10, "{}", said(1.0));
    assert!(said(3.0) >= 50, "{}", said(3.0));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn bad_data_end_with_3_and_wrong_usage_with_2() {
    let dir = scratch("bad-data");
    let data = dir.join("bad.csv");
    std::fs::write(&data, "t,lag_ms\n1,20\n2,twenty\n").unwrap();
    let bad = drsim(&["fit", data.to_str().unwrap(), "--column", "lag_ms"]);
    assert_eq!(bad.status.code(), Some(3));
    assert!(
        stderr(&bad).contains("`twenty` is not a time") && stderr(&bad).contains("bad.csv:3:3"),
        "{}",
        stderr(&bad)
    );
    assert_eq!(drsim(&["fit", "nowhere.csv"]).status.code(), Some(3));
    std::fs::write(&data, "lag_ms\n20\n30\n").unwrap();
    let few = drsim(&["fit", data.to_str().unwrap()]);
    assert!(few.status.code() == Some(3) && stderr(&few).contains("at least 5"), "{}", stderr(&few));
    assert_eq!(drsim(&["fit", data.to_str().unwrap(), "--unit", "parsec"]).status.code(), Some(2));
    std::fs::remove_dir_all(dir).unwrap();
}
