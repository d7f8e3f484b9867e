//! A starter scenario that runs as it is.

/// The shipped scenario of the record, under another title.
pub fn starter(title: &str) -> String {
    let shipped = include_str!("../../scenarios/mobile_backend.toml");
    let quoted = title.replace(['"', '\\', '\n'], "");
    shipped
        .lines()
        .map(|line| if line.starts_with("title ") { format!("title    = \"{quoted}\"\n") } else { format!("{line}\n") })
        .collect()
}
