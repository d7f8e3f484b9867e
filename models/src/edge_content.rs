//! What an edge cache still holds while its origin fails: hits go on, copies grow old, errors are cached, and a move to
//! another origin may cost copies.
//!
//! Of all cacheable reads, the share `fresh` finds a copy within its lifetime, the share `errors` finds a cached error,
//! and the rest asks the origin, which answers the share q. Each object is asked at the same rate r, which follows from
//! the hit share in normal times, h = r L / (1 + r L) for lifetime L.
//!
//! - While the origin fails, fresh copies expire evenly over L (ages of copies that live L each are uniform), and come
//!   back at rate r q.
//! - An expired copy is served stale if the policy allows, as long as the origin fails.
//! - Where nothing is served stale, the error is cached for E: of the objects without a copy the share
//!   x / (1 + x), x = r (1 - q) E; after the repair the cached errors expire evenly over E, so the edge fails longer than
//!   its origin.
//! - When a share of the edges turns to another origin, they lose a share of their copies (a cache in front of the
//!   origin that they no longer pass through), so that more reads reach the origin.
//!
//! Left out: popularity that differs between objects (a few popular ones keep the hit share up for longer, and their
//! errors are cached more often); objects evicted before they expire.
//!
//! Source: hit share and the share of cached errors are the renewal argument for a cache with a fixed time to live:
//! J. Jung, A. W. Berger, H. Balakrishnan, Modeling TTL-based Internet Caches, INFOCOM 2003, section III.

use drsim_sim::time::{SimDuration, SimTime};

/// How an edge caches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeContentSettings {
    /// Share of cacheable reads that find a copy in normal times, below 1.
    pub hit_share: f64,
    /// How long a copy is fresh \[s\], above 0.
    pub lifetime_seconds: f64,
    /// Whether an expired copy is served while the origin fails.
    pub serves_stale: bool,
    /// How long an error is cached \[s\].
    pub error_seconds: f64,
    /// Share of its copies that an edge loses when it turns to another origin.
    pub lost_on_move: f64,
}

impl EdgeContentSettings {
    /// Nothing is cached.
    pub const NONE: Self =
        Self { hit_share: 0.0, lifetime_seconds: 1.0, serves_stale: true, error_seconds: 0.0, lost_on_move: 0.0 };

    /// Requests per second for one object at one edge.
    fn rate(&self) -> f64 {
        self.hit_share / (1.0 - self.hit_share) / self.lifetime_seconds
    }

    /// Share of the objects without a copy whose error is cached, if the origin answers the share `q` for long.
    fn errors_cached(&self, q: f64) -> f64 {
        let x = self.rate() * (1.0 - q) * self.error_seconds;
        x / (1.0 + x)
    }

    /// Whether the share of reads that are answered depends on time at all, beyond a ten-thousandth.
    pub fn changes_with_time(&self) -> bool {
        let errors = (1.0 - self.hit_share) * self.errors_cached(0.0);
        self.hit_share > 0.0 && (!self.serves_stale || self.lost_on_move > 0.0 || errors > 1e-4)
    }
}

/// The edges of one population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeContent {
    settings: EdgeContentSettings,
    /// Share of reads that find a fresh copy.
    fresh: f64,
    /// Share that finds an expired copy.
    stale: f64,
    /// Share that finds a cached error, when the origin last changed, and when that was.
    errors_before: f64,
    changed: SimTime,
    /// Share that finds a cached error.
    errors: f64,
    /// Share of misses that the origin answers.
    answered: f64,
    at: SimTime,
}

impl EdgeContent {
    /// All well.
    pub fn new(settings: EdgeContentSettings) -> Self {
        let mut settings = settings;
        if !settings.changes_with_time() {
            settings.error_seconds = 0.0; // less than one read in ten thousand: not worth a clock
        }
        let fresh = settings.hit_share;
        let start = SimTime::ZERO;
        Self { settings, fresh, stale: 0.0, errors_before: 0.0, changed: start, errors: 0.0, answered: 1.0, at: start }
    }

    /// All well at an instant.
    pub fn begin(&mut self, at: SimTime) {
        *self = Self { changed: at, at, ..Self::new(self.settings) };
    }

    /// Brings the shares to an instant; the origin has answered the same share of misses since the last.
    pub fn advance(&mut self, now: SimTime) {
        let s = &self.settings;
        let seconds = (now - self.at).as_secs_f64();
        self.at = now;
        if s.hit_share == 0.0 || seconds <= 0.0 || self.is_settled() {
            return;
        }
        let q = self.answered;
        let (rate, life) = (s.rate() * q, s.lifetime_seconds);
        let steady = rate * life / (1.0 + rate * life);
        let before = self.fresh;
        if self.fresh > steady {
            self.fresh = (self.fresh - s.hit_share * (1.0 - q) * seconds / life).max(steady);
        } else {
            // Objects whose error is cached are not fetched.
            let steady = steady * (1.0 - self.errors);
            self.fresh = steady + (self.fresh - steady) * libm::exp(-(rate + 1.0 / life) * seconds);
        }
        // A copy that expires stays; one that is fetched anew is fresh again.
        let most = if s.serves_stale { (s.hit_share - self.fresh).max(0.0) } else { 0.0 };
        self.stale =
            if self.fresh < before { (self.stale + before - self.fresh).min(most) } else { self.stale.min(most) };
        let without = 1.0 - self.fresh - self.stale;
        let towards = without * s.errors_cached(q);
        let passed =
            if s.error_seconds > 0.0 { ((now - self.changed).as_secs_f64() / s.error_seconds).min(1.0) } else { 1.0 };
        self.errors = (self.errors_before + (towards - self.errors_before) * passed).clamp(0.0, without);
    }

    /// Whether edges hold what they hold in normal times, and will as long as their origin answers.
    pub fn is_settled(&self) -> bool {
        let nothing_else = self.stale == 0.0 && self.errors == 0.0 && self.errors_before == 0.0;
        self.answered >= 1.0 && nothing_else && (self.fresh - self.settings.hit_share).abs() < 1e-12
    }

    /// From now on the origin answers the share `q` of what reaches it.
    pub fn origin_answers(&mut self, q: f64) {
        if (q - self.answered).abs() > 1e-9 {
            (self.errors_before, self.changed, self.answered) = (self.errors, self.at, q);
        }
    }

    /// A share of the edges turned to another origin.
    pub fn moved(&mut self, share: f64) {
        let kept = 1.0 - share * self.settings.lost_on_move;
        self.fresh *= kept;
        self.stale *= kept;
    }

    /// Share of reads that ask the origin.
    pub fn asks_origin(&self) -> f64 {
        1.0 - self.fresh - self.errors
    }

    /// Share of reads whose answer depends on the origin: no copy, no cached error.
    pub fn depends_on_origin(&self) -> f64 {
        self.asks_origin() - self.stale
    }

    /// Share of reads that are answered with a fresh copy, by the origin, or with a stale copy, if the origin answers
    /// the share `q` of those that ask.
    pub fn answers(&self, q: f64) -> f64 {
        let answered = self.fresh + self.stale + self.depends_on_origin() * q;
        // Shares that make up the whole may miss it by a rounding.
        if answered > 1.0 - 1e-12 { 1.0 } else { answered }
    }

    /// Share of reads that are answered with an expired copy.
    pub fn answers_stale(&self) -> f64 {
        self.stale * (1.0 - self.answered)
    }

    /// After how long the shares will have changed by about a hundredth; `None`: they stay as they are, or change what
    /// reaches the origin only, and that does not matter.
    pub fn look_again(&self, load_matters: bool) -> Option<SimDuration> {
        let s = &self.settings;
        if !s.changes_with_time() {
            return None;
        }
        let without = 1.0 - self.fresh - self.stale;
        let errors_end = without * s.errors_cached(self.answered);
        let rate = s.rate() * self.answered;
        let steady = rate * s.lifetime_seconds / (1.0 + rate * s.lifetime_seconds);
        let error_step = ((errors_end - self.errors).abs() > 1e-4).then_some((s.error_seconds / 50.0).max(0.1)); // time must pass, however short they are
        let answers = self.answered < 1.0 && !s.serves_stale;
        let asks = load_matters && (steady - self.fresh).abs() > 0.05 * (1.0 - steady);
        let fresh_step = ((answers && (steady - self.fresh).abs() > 1e-3) || asks)
            .then(|| (s.lifetime_seconds / 100.0).min(0.02 / (rate + 1.0 / s.lifetime_seconds)).max(0.1));
        [error_step, fresh_step].into_iter().flatten().reduce(f64::min).map(SimDuration::from_secs_f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::{Purpose, RandomStream};

    const SHORT: EdgeContentSettings = EdgeContentSettings {
        hit_share: 0.9,
        lifetime_seconds: 60.0,
        serves_stale: false,
        error_seconds: 10.0,
        lost_on_move: 0.0,
    };

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    /// The edges after an origin was down from 0 to `down`, at `now`, in steps of a tenth of a second.
    fn after(settings: EdgeContentSettings, down: f64, now: f64) -> EdgeContent {
        let mut content = EdgeContent::new(settings);
        content.origin_answers(0.0);
        let mut t = 0.0;
        while t < now - 1e-9 {
            t += 0.1;
            content.advance(at(t));
            if t >= down - 1e-9 {
                content.origin_answers(1.0);
            }
        }
        content
    }

    /// One object at one edge, request by request: whether each of many finds a fresh copy or a cached error at `now`.
    fn twin(settings: EdgeContentSettings, down: f64, now: f64) -> (f64, f64) {
        const OBJECTS: u64 = 40_000;
        let (mut fresh, mut failing) = (0, 0);
        for object in 0..OBJECTS {
            let mut stream = RandomStream::new(7, object, Purpose::new("requests"), 0);
            let mut copy_until = f64::NEG_INFINITY;
            let mut error_until = f64::NEG_INFINITY;
            // Somewhere in its cycle of 60 s and a gap of 6.7 s on average.
            let mut t = -600.0 - 66.7 * stream.uniform();
            loop {
                t -= libm::log(1.0 - stream.uniform()) / settings.rate();
                if t >= now {
                    break;
                }
                if t < copy_until || t < error_until {
                    continue;
                }
                if (0.0..down).contains(&t) {
                    error_until = t + settings.error_seconds;
                } else {
                    copy_until = t + settings.lifetime_seconds;
                }
            }
            fresh += u64::from(now < copy_until);
            failing += u64::from(now >= copy_until && now < error_until);
        }
        (fresh as f64 / OBJECTS as f64, failing as f64 / OBJECTS as f64)
    }

    #[test]
    fn copies_and_cached_errors_agree_with_requests_taken_one_by_one() {
        // 4.5 standard errors of 40,000 objects are 0.0112; the rest is the evenness that the model assumes.
        for (now, tolerance) in [(15.0, 0.012), (30.0, 0.03), (59.0, 0.03), (299.0, 0.012), (305.0, 0.03)] {
            let content = after(SHORT, 300.0, now);
            let (fresh, errors) = twin(SHORT, 300.0, now);
            assert!((content.fresh - fresh).abs() < tolerance, "{now} s: fresh {} and {fresh}", content.fresh);
            assert!((content.errors - errors).abs() < 2.0 * tolerance, "{now} s: {} and {errors}", content.errors);
        }
    }

    #[test]
    fn copies_are_gone_after_their_lifetime_and_stale_ones_are_served_in_their_place() {
        let gone = after(SHORT, 300.0, 60.0);
        assert!(gone.fresh < 1e-9 && gone.answers(0.0) < 1e-9);
        let stale = after(EdgeContentSettings { serves_stale: true, ..SHORT }, 300.0, 60.0);
        assert!((stale.answers(0.0) - 0.9).abs() < 1e-9 && (stale.answers_stale() - 0.9).abs() < 1e-9);
        let half = after(SHORT, 300.0, 30.0);
        assert!((half.answers(0.0) - 0.45).abs() < 1e-9, "0.9 (1 - t / L)");
    }

    #[test]
    fn errors_outlast_the_repair_by_their_lifetime() {
        // x = r E = 0.9 / 0.1 / 60 s x 10 s = 1.5, so 0.6 of the objects have a cached error, which expires evenly.
        let repaired = after(SHORT, 300.0, 300.0);
        assert!((repaired.answers(1.0) - 0.4).abs() < 0.01, "{}", repaired.answers(1.0));
        let halfway = after(SHORT, 300.0, 305.0);
        assert!((1.0 - halfway.answers(1.0) - 0.3).abs() < 0.02, "{}", halfway.answers(1.0));
        assert!(after(SHORT, 300.0, 310.2).answers(1.0) > 0.999);
    }

    #[test]
    fn what_lives_for_a_day_and_may_be_served_stale_needs_no_clock() {
        let day = EdgeContentSettings { hit_share: 0.8, lifetime_seconds: 86_400.0, serves_stale: true, ..SHORT };
        assert!(!day.changes_with_time());
        assert!(EdgeContentSettings { serves_stale: false, ..day }.changes_with_time());
        assert!(EdgeContent::new(day).look_again(true).is_none());
    }

    #[test]
    fn edges_that_turn_lose_copies_and_fetch_them_anew() {
        let settings = EdgeContentSettings { lost_on_move: 0.5, ..SHORT };
        let mut content = EdgeContent::new(settings);
        content.moved(1.0);
        assert!((content.asks_origin() - 0.55).abs() < 1e-12, "0.1 before");
        content.advance(at(60.0));
        assert!((content.asks_origin() - 0.1).abs() < 0.001, "after a lifetime nearly as before");
    }
}
