//! drsim-models
