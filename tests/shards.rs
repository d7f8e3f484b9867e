//! One run on several machines: the same bytes, or the reason why not.

use crate::cli::{SHIPPED, SMALL_MAP, drsim, files, stderr, stdout};
use crate::{root, scratch};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const YEARS: &str = "2100"; // eight blocks and a half

/// Every data file; `run.json` says when and where.
fn data(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut written = files(dir);
    written.retain(|(name, _)| name != "run.json");
    written
}

fn shard(dir: &Path, shard: &str, more: &[&str]) -> String {
    let (number, of) = shard.split_once('/').unwrap();
    let part = dir.join(format!("part-{number}-of-{of}")).display().to_string();
    let args = ["run", SHIPPED, "--quiet", "--shard", shard, "--out", &part];
    let years: &[&str] = if more.contains(&"-n") { &[] } else { &["-n", YEARS] };
    let output = drsim(&[&args, years, more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    part
}

fn merge(parts: &[&str], out: &Path) -> std::process::Output {
    drsim(&[&["merge", "--quiet", "--no-what-if", "--out", out.to_str().unwrap()], parts].concat())
}

#[test]
fn any_number_of_shards_merges_to_the_bytes_of_the_undivided_run() {
    let dir = scratch("shards");
    let whole = dir.join("whole");
    let words = ["run", SHIPPED, "-n", YEARS, "--quiet", "--out"];
    let run = drsim(&[&words[..], &[whole.to_str().unwrap(), "--no-what-if"]].concat());
    assert_eq!(run.status.code(), Some(0));
    let expected = data(&whole);
    assert!(expected.iter().any(|(name, bytes)| name == "incidents.csv" && bytes.len() > 100_000));
    // One, some, as many as blocks, more than blocks; the last first.
    for of in [1, 2, 9, 11] {
        let parts: Vec<String> = (1..=of).rev().map(|i| shard(&dir, &format!("{i}/{of}"), &[])).collect();
        let out = dir.join(format!("merged-{of}"));
        let merged = merge(&parts.iter().map(String::as_str).collect::<Vec<_>>(), &out);
        assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
        assert_eq!(stdout(&merged), stdout(&run), "{of} shards print the same answer");
        let found = data(&out);
        assert_eq!(found.len(), expected.len());
        for ((name, a), (_, b)) in expected.iter().zip(&found) {
            assert!(a == b, "{name} differs with {of} shards");
        }
    }
    // With the further runs of the report too: whoever merges makes them.
    let (plain, joined) = (dir.join("plain"), dir.join("joined"));
    let undivided = drsim(&[&words[..], &[plain.to_str().unwrap()], &SMALL_MAP[..]].concat());
    assert_eq!(undivided.status.code(), Some(0));
    let parts = [1, 2, 3].map(|i| shard(&dir, &format!("{i}/3"), &SMALL_MAP));
    let merged = drsim(&["merge", "--quiet", "--out", joined.to_str().unwrap(), &parts[0], &parts[1], &parts[2]]);
    assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
    assert!(data(&plain) == data(&joined) && plain.join("sensitivity.json").exists());
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_shard_that_is_killed_leaves_no_part_and_is_run_again() {
    let dir = scratch("killed");
    let part = dir.join("part-1");
    let years = ["run", SHIPPED, "-n", "20000", "-j", "1", "--quiet"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_drsim"))
        .current_dir(root())
        .args(years)
        .args(["--shard", "1/2", "--out", part.to_str().unwrap()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = || std::fs::read_dir(&dir).unwrap().next().is_some();
    while !begun() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success() && !part.exists(), "killed, and no part");

    // The directory may be given; the index as Kubernetes and AWS Batch give it.
    for (name, index) in [("JOB_COMPLETION_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_INDEX", "1")] {
        let again = Command::new(env!("CARGO_BIN_EXE_drsim"))
            .current_dir(root())
            .args(["run", SHIPPED, "-n", "2000", "--quiet", "--shard", "auto", "--out", dir.to_str().unwrap()])
            .env(name, index)
            .env("DRSIM_SHARDS", "2")
            .output()
            .unwrap();
        assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
        assert!(stdout(&again).starts_with("shard "), "{}", stdout(&again));
    }
    let parts = [part.to_str().unwrap(), &dir.join("part-2").display().to_string()].map(str::to_owned);
    let merged = merge(&[&parts[0], &parts[1]], &dir.join("merged"));
    let whole = drsim(&["run", SHIPPED, "-n", "2000", "--quiet"]);
    assert_eq!(stdout(&merged), stdout(&whole), "{}", stderr(&merged));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn parts_that_do_not_belong_together_are_refused_with_the_reason() {
    let dir = scratch("refused");
    let (one, two) = (shard(&dir, "1/2", &[]), shard(&dir, "2/2", &[]));
    let other = dir.join("other");
    std::fs::create_dir(&other).unwrap();
    let foreign = |more: &[&str]| shard(&other, "2/2", more);
    let refused = |parts: &[&str], reason: &str| {
        let out = dir.join("out");
        let merged = merge(parts, &out);
        assert_eq!(merged.status.code(), Some(3), "{reason}");
        assert!(stderr(&merged).contains(reason), "{reason}: {}", stderr(&merged));
        assert!(data(&dir).iter().all(|(name, _)| name != "results.json" && name != "incidents.csv"));
        _ = std::fs::remove_dir_all(out);
    };
    refused(&[&one], "1 missing of 2 parts: shard 2");
    refused(&[&one, &two, &two], "both shard 2 of 2");
    refused(&[&one, &foreign(&["--seed", "2"])], "seed 2 there, 1 in the others");
    refused(&[&one, &foreign(&["-n", "2101"])], "simulated years 2101 there, 2100 in the others");
    refused(&[&one, &foreign(&["--confidence", "0.9"])], "confidence 0.9 there");
    refused(&[&one, &foreign(&["--set", "database.lag.p50=0.7 s"])], "--set database.lag.p50=0.7 s there");
    refused(&[&one, &two, &shard(&dir, "3/3", &[])], "one of 3 parts, not of 2");
    refused(&[&one, "Cargo.toml"], "`Cargo.toml` is not a part");
    refused(&[&one, "nothing"], "cannot read `nothing`");
    let edited = dir.join("edited.toml");
    std::fs::write(&edited, std::fs::read_to_string(root().join(SHIPPED)).unwrap() + "\n# edited\n").unwrap();
    let part = other.join("edited").display().to_string();
    drsim(&["run", edited.to_str().unwrap(), "-n", YEARS, "--quiet", "--shard", "2/2", "--out", &part]);
    refused(&[&one, &part], "the scenario's words differ");

    // Damage is found: cut short, a bit turned.
    let bytes = std::fs::read(&two).unwrap();
    let damaged = other.join("damaged").display().to_string();
    for at in [40, 500, bytes.len() / 2, bytes.len() - 6] {
        std::fs::write(&damaged, &bytes[..at]).unwrap();
        refused(&[&one, &damaged], "is damaged");
        let mut turned = bytes.clone();
        turned[at] ^= 4;
        std::fs::write(&damaged, turned).unwrap();
        let merged = merge(&[&one, &damaged], &dir.join("out"));
        assert_eq!(merged.status.code(), Some(3), "a bit turned at {at}: {}", stderr(&merged));
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn wrong_usage_of_shards_ends_with_2_and_writes_nothing() {
    let dir = scratch("shard-usage");
    let part = dir.join("part").display().to_string();
    let run = |more: &[&str]| drsim(&[&["run", SHIPPED, "--quiet"], more].concat());
    for args in [
        &["--shard", "1/2", "--out", &part][..],
        &["--shard", "1/2", "-n", "500"],
        &["--shard", "3/2", "-n", "500", "--out", &part],
        &["--shard", "1/2", "--precision", "1%", "--out", &part],
        &["--shard", "1/2", "-n", "500", "--format", "json", "--out", &part],
        &["--shard", "auto", "-n", "500", "--out", &part],
        &["--shard", "1/2", "-n", "500", "--out", "/nowhere/part"],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(drsim(&["merge"]).status.code(), Some(2));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

/// The commands of `deploy/`, as the cluster would start them, with local folders for the mounted ones.
#[test]
fn the_jobs_of_kubernetes_and_of_aws_batch_give_parts_that_merge() {
    let dir = scratch("deploy");
    let kubernetes = std::fs::read_to_string(root().join("deploy/kubernetes.yaml")).unwrap();
    let line = kubernetes.lines().find_map(|line| line.trim().strip_prefix("args: ")).unwrap();
    let completions = kubernetes.lines().find_map(|line| line.trim().strip_prefix("completions: ")).unwrap();
    let batch = std::fs::read_to_string(root().join("deploy/aws_batch.json")).unwrap();
    let batch: serde_json::Value = serde_json::from_str(&batch).unwrap();
    let command = batch["containerProperties"]["command"].to_string();
    let whole = drsim(&["run", SHIPPED, "-n", "1000", "--quiet"]);
    for (name, args, index, size) in [
        ("kubernetes", line, "JOB_COMPLETION_INDEX", None),
        ("batch", &*command, "AWS_BATCH_JOB_ARRAY_INDEX", Some("AWS_BATCH_JOB_ARRAY_SIZE")),
    ] {
        let parts = dir.join(name);
        std::fs::create_dir(&parts).unwrap();
        let args: Vec<String> = serde_json::from_str(args).unwrap();
        let local = |arg: &String| match arg.as_str() {
            "1000000" => "1000".to_owned(),
            path if path.ends_with("/mine.toml") => SHIPPED.to_owned(),
            path if path.ends_with("/parts") => parts.display().to_string(),
            other => other.to_owned(),
        };
        for number in 0..completions.parse::<u32>().unwrap() {
            let mut job = Command::new(env!("CARGO_BIN_EXE_drsim"));
            job.current_dir(root()).args(args.iter().map(local)).env(index, number.to_string());
            size.map(|size| job.env(size, completions));
            let done = job.output().unwrap();
            assert_eq!(done.status.code(), Some(0), "{name} {number}: {}", stderr(&done));
        }
        let written = files(&parts);
        let names: Vec<String> = written.iter().map(|(part, _)| parts.join(part).display().to_string()).collect();
        let merged = merge(&names.iter().map(String::as_str).collect::<Vec<_>>(), &dir.join("merged"));
        assert_eq!(stdout(&merged), stdout(&whole), "{name}: {}", stderr(&merged));
    }
    std::fs::remove_dir_all(dir).unwrap();
}
