//! From an [`Outcome`](drsim_experiment::outcome::Outcome) to what people and programs read: one output per file.
//!
//! An outcome already holds every estimate with its interval; nothing here computes statistics, and nothing prints.

pub mod csv;
pub mod files;
pub mod format;
pub mod json;
#[cfg(test)]
mod sample;
mod table;
pub mod text;
mod wording;

pub use csv::IncidentsWriter;
pub use files::ReportError;
pub use json::RunRecord;
pub use text::{render, render_markdown, render_table};
