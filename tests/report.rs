//! `report.html`: its numbers are those of `results.json`, whichever way it came about.

use crate::cli::SMALL_MAP;
use crate::{root, scratch};
use std::path::Path;
use std::process::{Command, Output};

fn drsim(args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_drsim")).current_dir(root()).args(args).output().unwrap();
    assert!(output.status.success() || args.contains(&"nowhere"), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Each number of a page: its value, its place in `results.json`, the words for it.
fn numbers(page: &str) -> Vec<(f64, &str, &str)> {
    let number = |rest: &'_ str| -> Option<(f64, usize, usize, usize)> {
        let value = rest.find('"')?;
        let from = value + rest[value..].find("data-from=\"")? + 11;
        let end = from + rest[from..].find("\">")?;
        Some((rest[..value].parse().ok()?, from, end, end + 2 + rest[end + 2..].find("</data>")?))
    };
    let parts = page.split("<data value=\"").skip(1);
    parts.map(|rest| number(rest).map(|(v, a, b, c)| (v, &rest[a..b], &rest[b + 2..c])).expect(rest)).collect()
}

/// The first number in words such as "6.7 min", "<0.1 %", "-55 k", in seconds or as a share where it has a unit.
fn said(words: &str) -> Option<f64> {
    let words = words.replace([',', '\u{202f}'], "");
    let mut parts = words.trim_start_matches(['<', '>']).split(' ');
    let number: f64 = parts.next()?.parse().ok()?;
    let unit = match parts.next().unwrap_or("") {
        "ms" => 1e-3,
        "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "%" => 0.01,
        "k" => 1e3,
        "M" => 1e6,
        _ => 1.0,
    };
    Some(number * unit)
}

#[test]
fn numbers_of_the_report_are_those_of_the_results() {
    let dir = scratch("report");
    for (scenario, lang) in [("mobile_backend", "en"), ("survivor", "es"), ("first_hour", "en")] {
        let (out, file) = (dir.join(scenario), format!("scenarios/{scenario}.toml"));
        let out = out.to_str().unwrap();
        // Further runs of two of them, few of the first.
        let more: &[&str] = match scenario {
            "mobile_backend" => &SMALL_MAP,
            "first_hour" => &["--no-what-if"],
            _ => &[],
        };
        drsim(&[&["run", &file, "-n", "600", "--quiet", "--lang", lang, "--out", out], more].concat());
        let results = std::fs::read_to_string(Path::new(out).join("results.json")).unwrap();
        let results: serde_json::Value = serde_json::from_str(&results).unwrap();
        let page = std::fs::read_to_string(Path::new(out).join("report.html")).unwrap();
        let found = numbers(&page);
        assert!(found.len() > 60, "{scenario}: {}", found.len());
        let further = ["sensitivity.json", "sweep.json"].map(|name| {
            let text = std::fs::read_to_string(Path::new(out).join(name)).unwrap_or_else(|_| "null".into());
            (name, serde_json::from_str::<serde_json::Value>(&text).unwrap())
        });
        for (name, json) in &further {
            let from_it = found.iter().filter(|(_, place, _)| place.starts_with(name)).count();
            assert_eq!(json.is_null(), from_it == 0, "{scenario}: {name}");
        }
        for (value, place, words) in found {
            // Beside `results.json`, the place names its file.
            let (file, pointer) = place.split_once('#').map_or((&results, place), |(name, pointer)| {
                (further.iter().find(|(known, _)| *known == name).map(|(_, json)| json).expect(name), pointer)
            });
            let stands = file.pointer(pointer).and_then(serde_json::Value::as_f64);
            assert_eq!(stands, Some(value), "{scenario}: {words} from {place}");
            let words = &words.replace("&lt;", "<").replace("&gt;", ">");
            // An interval stands for a percentile that it bounds; anything else says the value, rounded.
            if !words.contains("..") {
                let said = said(words).unwrap_or_else(|| panic!("{words} says no number"));
                // A difference of shares is told in points.
                let points = place.starts_with("sensitivity") && place.ends_with("/difference/estimate");
                // Money is told in thousands, as its heading says.
                let unit = place.strip_prefix("/doubts/").and_then(|_| place.rsplitn(3, '/').nth(2));
                let unit = unit.and_then(|row| results.pointer(&format!("{row}/unit"))?.as_str());
                let said = if unit.is_some_and(|unit| unit != "1") { 1000.0 * said } else { said };
                let said = if points { 0.01 * said } else { said };
                let bound = words.starts_with(['<', '>']);
                let (off, size) = ((said - value).abs(), value.abs().max(said.abs()));
                assert!(bound || off <= 0.5 * size.max(0.01), "{scenario}: {words} for {value} at {place}");
            }
        }

        // Made again from the finished run: the same bytes.
        let again = dir.join("again");
        drsim(&["report", &file, "--from", out, "--lang", lang, "--quiet", "--out", again.to_str().unwrap()]);
        assert!(page == std::fs::read_to_string(again.join("report.html")).unwrap(), "{scenario}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_report_from_no_run_says_what_to_do() {
    let output = drsim(&["report", "scenarios/mobile_backend.toml", "--from", "nowhere", "--quiet"]);
    assert_eq!(output.status.code(), Some(3));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("nowhere/results.json") && words.contains("drsim run SCENARIO --out"), "{words}");
    assert!(!root().join("nowhere").exists());
}

#[test]
fn completions_and_the_manual_page_know_every_verb() {
    let bash = drsim(&["completions", "bash"]);
    let page = drsim(&["man"]);
    for verb in ["run", "report", "check", "replay", "validate", "init", "schema"] {
        assert!(String::from_utf8_lossy(&bash.stdout).contains(verb), "{verb}");
        assert!(String::from_utf8_lossy(&page.stdout).contains(verb), "{verb}");
    }
    assert!(String::from_utf8_lossy(&page.stdout).contains(".TH drsim 1"));
}
