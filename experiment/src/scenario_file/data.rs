//! What a scenario says of files and rows: `[objects]` and `[database]`.

use super::build::{POSITIVE_SECONDS, SECONDS, SHARE, bounded, within_sixty_days};
use super::reader::{Kind, Section};
use crate::quantity::Unit;
use crate::scenario::{DatabaseInput, Input, Objects};

/// Files and their copies.
pub fn objects(section: &Section<'_, '_>) -> Objects {
    Objects {
        size: bounded(section, "size", Kind::any(Unit::Bytes)),
        copy_delay_with_rtc: within_sixty_days(section, "copy_delay_with_rtc"),
        copy_delay_without_rtc: within_sixty_days(section, "copy_delay_without_rtc"),
        copy_bandwidth: section.number("copy_bandwidth", Kind::positive(Unit::BitsPerSecond)),
        shared_keys_written: section.number("shared_keys_written", SHARE),
        shared_keys: section.number("shared_keys", Kind::positive(Unit::Count)),
        deletes: section.number("deletes", SHARE),
        delete_markers: section.truth("delete_markers").unwrap_or(false),
        copy_fails: section.number("copy_fails", SHARE),
        copy_retried: within_sixty_days(section, "copy_retried"),
        slowdowns: section.number("slowdowns", Kind::any(Unit::Count)),
        slowdown_lasts: within_sixty_days(section, "slowdown_lasts"),
        slowdown_factor: factor(section, "slowdown_factor"),
    }
}

/// Rows, their replica and their backups.
pub fn database(section: &Section<'_, '_>) -> DatabaseInput {
    DatabaseInput {
        lag: section.distribution("lag", SECONDS),
        snapshot_age: section.distribution("snapshot_age", SECONDS),
        restore_point_age: section.distribution("restore_point_age", SECONDS),
        retention: section.number("retention", POSITIVE_SECONDS),
        lag_memory: section.number("lag_memory", SECONDS),
        replication_load: load(section, "replication_load"),
        rpo_cap: section.optional_number("rpo_cap", POSITIVE_SECONDS),
        rpo_cap_lifted: section.distribution("rpo_cap_lifted", SECONDS),
        fencing: section.number("fencing", SHARE),
        fenced_after: section.distribution("fenced_after", SECONDS),
        salvaged: section.number("salvaged", SHARE),
        salvaged_after: section.distribution("salvaged_after", SECONDS),
    }
}

/// A share of what something can carry: below all of it.
fn load(section: &Section<'_, '_>, key: &str) -> Input {
    let input = section.number(key, SHARE);
    if input.value >= 1.0 {
        let message = format!("`{}` must be below 100 %: it could never catch up", section.path_of(key));
        section.reader().error(section.place_of(key), message);
    }
    input
}

/// By how much something is slower: at least 1.
fn factor(section: &Section<'_, '_>, key: &str) -> Input {
    let input = section.number(key, Kind::positive(Unit::Count));
    if input.value < 1.0 {
        let message = format!("`{}` must be at least 1: so many times slower", section.path_of(key));
        section.reader().error(section.place_of(key), message);
    }
    input
}
