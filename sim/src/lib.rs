//! drsim-sim
