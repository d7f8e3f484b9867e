//! Verdicts on a claim "the share is at least p0" that may be asked for while replications still run.
//!
//! Looking at a fixed-sample interval again and again is wrong far more often than its level says. Here one looks only at
//! 1,000 x 2^k replications, and each look spends its own part of the error allowed: half of it at the first, a quarter
//! at the second, and so on, so that all looks together, however many, err with probability at most alpha on either
//! side. Each look is an exact binomial test on the effective number of cases (Korn and Graubard 1998).

use statrs::distribution::{Beta, ContinuousCDF};

use super::{RatioSums, normal_quantile};

/// What can be said of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The share is at least what was asked for.
    Holds,
    /// The share is below what was asked for.
    Fails,
    /// More replications would tell, or the share is too close to what was asked for.
    Undecided,
}

/// The rule for one claim: share at least `p0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialRule {
    /// The share asked for, in (0, 1).
    pub p0: f64,
    /// Half-width of the zone around `p0` where "undecided" is an acceptable end.
    pub indifference: f64,
    /// Probability allowed for a wrong `Holds`, and the same for a wrong `Fails`.
    pub alpha: f64,
}

/// First number of replications at which a verdict may be given.
pub const FIRST_LOOK: u64 = 1_000;

impl SequentialRule {
    /// The rule for one of `claims` claims judged together with error `alpha` in all. Half-width of indifference:
    /// 0.005, or a quarter of `1 - p0` if smaller.
    ///
    /// # Panics
    /// Unless `p0` and `alpha` are in (0, 1) and there is a claim.
    pub fn new(p0: f64, alpha: f64, claims: u32) -> Self {
        assert!(0.0 < p0 && p0 < 1.0, "a share of {p0} is not in (0, 1)");
        assert!(0.0 < alpha && alpha < 1.0, "an error of {alpha} is not in (0, 1)");
        assert!(claims > 0, "there must be a claim");
        Self { p0, indifference: (0.25 * (1.0 - p0)).min(0.005), alpha: alpha / f64::from(claims) }
    }

    /// The next number of replications, above `replications`, at which to look.
    pub fn next_look(replications: u64) -> u64 {
        let mut look = FIRST_LOOK;
        while look <= replications {
            look *= 2;
        }
        look
    }

    /// The look by which a share `indifference` away from `p0` gets its verdict with probability `1 - beta`, if each
    /// replication is worth `effective_cases` independent cases: plan at least so many replications.
    ///
    /// # Panics
    /// Unless `beta` is in (0, 1) and `effective_cases` above 0.
    pub fn decisive_look(&self, beta: f64, effective_cases: f64) -> u64 {
        assert!(effective_cases > 0.0, "replications without cases decide nothing");
        let variance = |p: f64| p * (1.0 - p);
        let sd = |p: f64| libm::sqrt(variance(p.clamp(0.0, 1.0)));
        let farther = sd(self.p0 - self.indifference).max(sd(self.p0 + self.indifference));
        let mut n = FIRST_LOOK;
        loop {
            let z = sd(self.p0) * normal_quantile(1.0 - self.alpha_at(n)) + farther * normal_quantile(1.0 - beta);
            if n as f64 * effective_cases >= z * z / (self.indifference * self.indifference) {
                return n;
            }
            n *= 2;
        }
    }

    /// The error that the look at `n` replications may spend.
    fn alpha_at(&self, n: u64) -> f64 {
        self.alpha * libm::exp2(-f64::from((n / FIRST_LOOK).trailing_zeros() + 1))
    }

    /// The verdict on sums over exactly `FIRST_LOOK * 2^k` replications; at any other number `Undecided`, since a look
    /// that was not planned would not be paid for. Once it is `Holds` or `Fails`, stop: that is the verdict.
    pub fn look(&self, sums: &RatioSums) -> Verdict {
        let n = sums.replications();
        if n < FIRST_LOOK || !n.is_multiple_of(FIRST_LOOK) || !(n / FIRST_LOOK).is_power_of_two() {
            return Verdict::Undecided;
        }
        let alpha = self.alpha_at(n);
        let Some(ratio) = sums.ratio() else { return Verdict::Undecided };
        let trials = sums.effective_cases_at(ratio);
        let successes = ratio * trials;
        let tail = |a: f64, b: f64| Beta::new(a, b).map_or(1.0, |beta| beta.cdf(self.p0));
        // P(Bin(n, p0) >= y) and P(Bin(n, p0) <= y).
        let at_least = if successes > 0.0 { tail(successes, trials - successes + 1.0) } else { 1.0 };
        let at_most = if successes < trials { 1.0 - tail(successes + 1.0, trials - successes) } else { 1.0 };
        if at_least <= alpha {
            Verdict::Holds
        } else if at_most <= alpha {
            Verdict::Fails
        } else {
            Verdict::Undecided
        }
    }
}
