//! Where data may rest: some data may not leave the continent of the region that received them.
//!
//! Data bear a label, by what they are: what somebody uploads (files) and what he writes (rows, that of a file included).
//! A rule says of each label where it may rest. Files obey it one by one. Rows cannot in a global database, which copies
//! its storage as a whole; they can in a database of their own, that lies in their region alone.
//!
//! What may not rest elsewhere is not accepted elsewhere either: once their region is lost its people upload nothing, and
//! with rows apart read and write nothing, until it is back. What everybody may see (cacheable reads) is no such data.
//!
//! A region's continent is the first word of its name, as the provider names regions; North America has two words (`us`,
//! `ca`) and Mexico's (`mx`).
//!
//! Erasure: what a user asks to be deleted is gone when the last copy is. Versions of a deleted file stay for as long as
//! the bucket keeps them, and copies elsewhere learn of it when the delete marker arrives, or only in a sweep; rows stay in
//! backups for as long as these reach back.
//!
//! Assumptions: what is received stays for good (nothing expires by itself); files received before the year are divided
//! among populations as their uploads are, and rows as their writes are; delete markers travel as files do.
//!
//! Left out: which law applies and whether a transfer would be lawful; backups of files; access from abroad to data that
//! rest at home; the load of requests that are refused there; what a second database costs.
//!
//! Source: Amazon S3 user guide (2023-06-15), what is replicated: delete markers are not by default.

use drsim_sim::distribution::Distribution;
use serde::{Deserialize, Serialize};

/// What data are, in the words of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Of people who can be identified.
    #[default]
    Personal,
    /// Of their health.
    Health,
    /// Anybody's.
    Public,
}

impl Label {
    /// All, in the order of every table.
    pub const ALL: [Self; 3] = [Self::Personal, Self::Health, Self::Public];

    /// The word in scenarios and data files.
    pub const fn name(self) -> &'static str {
        ["personal", "health", "public"][self as usize]
    }
}

/// Bytes of one population in one store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// What they are.
    pub label: Label,
    /// Received before the year.
    pub at_start: f64,
    /// Received in the year.
    pub added: f64,
    /// Whether a copy rests on another continent.
    pub abroad: bool,
}

/// Bytes that rest at home and abroad, by label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AtRest {
    /// On the continent that received them; the same under every rule.
    pub home: [f64; Label::ALL.len()],
    /// Copies on another.
    pub abroad: [f64; Label::ALL.len()],
}

impl AtRest {
    /// When this share of the year's data has been received.
    pub fn after(holdings: &[Holding], share: f64) -> Self {
        let mut at_rest = Self::default();
        for holding in holdings {
            let bytes = holding.at_start + share * holding.added;
            at_rest.home[holding.label as usize] += bytes;
            at_rest.abroad[holding.label as usize] += if holding.abroad { bytes } else { 0.0 };
        }
        at_rest
    }
}

/// How a copy learns that its file was deleted.
#[derive(Clone, Copy, Debug)]
pub enum Learns<'a> {
    /// A delete marker travels to it.
    Marker {
        /// How long that takes \[s\].
        delay: &'a Distribution,
    },
    /// Sweeps find what was deleted.
    Sweep {
        /// From one to the next \[s\].
        every: f64,
    },
}

/// From a request to delete until the last copy of a file is gone, at a quantile \[s\]; without a copy nobody learns it.
pub fn file_erased(p: f64, versions_kept: f64, copy: Option<Learns<'_>>) -> f64 {
    let learned = match copy {
        None => 0.0,
        Some(Learns::Marker { delay }) => delay.quantile(p),
        Some(Learns::Sweep { every }) => p * every,
    };
    learned + versions_kept
}

/// The same for a row: from its deletion until no backup reaches back to it \[s\].
pub fn row_erased(p: f64, lag: Option<&Distribution>, retention: f64) -> f64 {
    lag.map_or(0.0, |lag| lag.quantile(p)) + retention
}

/// The continent of a provider's region, such as `eu` of `eu-west-1`.
pub fn continent(region: &str) -> &str {
    match region.split('-').next().unwrap_or(region) {
        "us" | "ca" | "mx" => "us",
        other => other,
    }
}

/// Whether a copy of a file leaves the continent.
pub fn leaves_continent(from: &str, to: &str) -> bool {
    continent(from) != continent(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_one_continent_share_it() {
        assert!(!leaves_continent("eu-west-1", "eu-central-1"));
        assert!(!leaves_continent("us-east-1", "ca-central-1"));
        assert!(leaves_continent("eu-west-1", "us-east-1"));
        assert!(leaves_continent("ap-south-1", "eu-south-1"));
    }

    #[test]
    fn bytes_are_conserved_per_label_and_no_transfer_is_exactly_none() {
        let holding = |label, at_start, abroad| Holding { label, at_start, added: 3.0, abroad };
        let all = |abroad: bool| {
            [holding(Label::Health, 10.0, abroad), holding(Label::Health, 1.0, true), holding(Label::Public, 5.0, true)]
        };
        // Small whole numbers are exact, and so is their sum.
        let whole = |bytes: [f64; 3]| bytes.map(|b| b as u64);
        let (free, kept) = (AtRest::after(&all(true), 1.0), AtRest::after(&all(false), 1.0));
        assert_eq!(whole(free.home), whole(kept.home), "a rule destroys nothing and makes nothing");
        assert_eq!(whole(free.abroad), whole(free.home));
        assert_eq!(whole(kept.abroad), [0, 4, 8]);
        assert!(AtRest::after(&all(false)[..1], 0.5).abroad.iter().all(|b| b.to_bits() == 0), "exactly none");
        assert_eq!(whole(AtRest::after(&all(true), 0.0).abroad), [0, 11, 5], "it grows over the year");
    }

    #[test]
    fn a_copy_that_only_sweeps_find_lives_longer_and_versions_and_backups_outlast_the_request() {
        let day = 86_400.0;
        let delay = Distribution::Uniform { low: 0.0, high: 100.0 };
        let after = |copy| file_erased(0.5, 30.0 * day, copy);
        assert!((after(None) - 30.0 * day).abs() < 1e-9);
        assert!((after(Some(Learns::Marker { delay: &delay })) - (30.0 * day + 50.0)).abs() < 1e-6);
        assert!((after(Some(Learns::Sweep { every: 20.0 * day })) - 40.0 * day).abs() < 1e-6);
        assert!((row_erased(0.99, Some(&delay), 7.0 * day) - (7.0 * day + 99.0)).abs() < 1e-6);
    }
}
