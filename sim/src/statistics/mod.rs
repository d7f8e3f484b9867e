//! What the runs say, and how sure one can be of it.
//!
//! The independent unit is the replication: cases within one replication are correlated, so every interval here counts
//! replications, never cases. An estimate travels with its interval; an empty sample is `None`, never NaN.

mod estimate;
mod information;
mod intervals;
mod log_sketch;
mod mean;
mod paired;
mod paired_cases;
mod paired_sketch;
mod rare;
mod ratio;
pub mod sequential;
mod sobol;
mod strata;
mod two_samples;

pub use estimate::{Estimate, Interval};
pub use information::{InformationValue, value_of_information};
pub use intervals::{
    clopper_pearson, normal_quantile, quantile_bounds, quantile_interval, upper_bound_of_zero, wilson,
};
pub use log_sketch::LogSketch;
pub use mean::{CaseMeans, MeanSums};
pub use paired::{PairedCounts, PairedSample, ratio_difference};
pub use paired_cases::{PairedCases, PairedMeans};
pub use paired_sketch::{PairedQuantile, PairedSketch};
pub use rare::{PoissonStrata, RefusedPlan, StratifiedProbability, WeightedSums};
pub use ratio::{RatioSums, StratifiedRatio};
pub use sobol::{Index, Indices, SobolSample};
pub use strata::{StratifiedMean, spread};
pub use two_samples::kolmogorov_smirnov;
