//! drsim-experiment
