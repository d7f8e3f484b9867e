//! The figures: how long recovery takes, how much data is missing, where the time goes. Each as SVG and PNG.
//!
//! Drawn with plotters. Every figure states its finding in its title, computed from the outcome, and its sample sizes in
//! the caption; an architecture has the same colour everywhere. Same outcome, same bytes.

mod canvas;
mod ccdf;
mod curves;
mod labels;
mod waterfall;

use crate::files::ReportError;
use drsim_experiment::outcome::Outcome;

/// A figure by its name, without extension.
#[derive(Clone, Debug)]
pub struct Picture {
    /// `recovery_ccdf`, `loss_ccdf` or `waterfall`.
    pub name: &'static str,
    /// Self-contained SVG with a title.
    pub svg: String,
}

impl Picture {
    /// The same picture as PNG, two pixels for each of the SVG.
    ///
    /// # Errors
    /// [`ReportError::Format`] should the SVG not be readable.
    pub fn png(&self) -> Result<Vec<u8>, ReportError> {
        canvas::png(self.name, &self.svg)
    }
}

/// All figures of an outcome.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn draw(outcome: &Outcome) -> Result<Vec<Picture>, ReportError> {
    Ok(vec![
        Picture { name: "recovery_ccdf", svg: ccdf::recovery(outcome)? },
        Picture { name: "loss_ccdf", svg: ccdf::loss(outcome)? },
        Picture { name: "waterfall", svg: waterfall::waterfall(outcome)? },
    ])
}
