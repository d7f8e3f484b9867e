//! drsim-report
