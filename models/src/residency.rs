//! Where data may rest: some populations' files may not leave the continent of the region that received them.
//!
//! A region's continent is the first word of its name, as the provider names regions; North America has two words (`us`,
//! `ca`) and Mexico's (`mx`).
//!
//! Left out: which law applies and whether a transfer would be lawful; rows, which a global database copies all alike.

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
}
