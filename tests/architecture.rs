//! Arrows between the rooms point one way: `sim <- models <- experiment <- report <- cli`.

use std::fs;
use std::path::Path;

/// Each room, and the rooms it may name.
const ROOMS: [(&str, &[&str]); 5] = [
    ("sim", &[]),
    ("models", &["sim"]),
    ("experiment", &["sim", "models"]),
    ("report", &["sim", "models", "experiment"]),
    ("python", &["sim", "models", "experiment", "report"]),
];

fn sources(dir: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "toml") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn arrows_between_rooms_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (room, may_name) in ROOMS {
        let mut texts = vec![fs::read_to_string(root.join(room).join("Cargo.toml")).unwrap()];
        sources(&root.join(room).join("src"), &mut texts);
        for (other, _) in ROOMS {
            if other == room || may_name.contains(&other) {
                continue;
            }
            let (package, library) = (format!("drsim-{other}"), format!("drsim_{other}"));
            assert!(
                !texts.iter().any(|text| text.contains(&package) || text.contains(&library)),
                "`{room}` must not know `{other}`"
            );
        }
    }
}

#[test]
fn the_engine_has_no_word_of_clouds() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sim/src"), &mut texts);
    for word in ["aurora", "route 53", "failover", "us-east-1", "cloudfront", "rpo", "rto"] {
        let said = texts.iter().any(|text| {
            let lower = text.to_lowercase();
            lower
                .split(|c: char| !c.is_alphanumeric() && c != '-' && c != ' ')
                .any(|part| part.split(' ').any(|w| w == word) || (word.contains(' ') && part.contains(word)))
        });
        assert!(!said, "`{word}` in sim/");
    }
}
