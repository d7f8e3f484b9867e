//! drsim
fn main() {}
