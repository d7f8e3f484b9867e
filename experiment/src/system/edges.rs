//! Edges while an incident runs: caches that learn an answer in their turn, and what they hold.

use super::front_door::{Caches, Path};
use super::load::STEP;
use super::service::{PopulationState, clip};
use super::{Event, System};
use crate::model::{PopulationModel, Steering};
use drsim_models::outage::Component;
use drsim_models::traffic::{Operation, Stretch};
use drsim_sim::time::SimTime;

/// After everything.
pub const NEVER: SimTime = SimTime::from_nanos(i64::MAX);

/// Bundles of a path's clients that turned to another region since shares were last found: all to the same, and too few
/// to make a difference.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moves {
    /// How many, and the sums of the profile's integrals up to each, plain and weighted \[s\].
    moved: u32,
    integrals: [f64; 2],
    /// How many more may turn, or learn an answer, before somebody must look, and where to.
    quiet: usize,
    to: usize,
}

/// Turns within one hour of a population's profile that are still to be added to its [`Moves`]: in nanoseconds, which
/// need no rounding and no look at the profile.
struct Turns<'w> {
    population: &'w PopulationModel,
    hour: [Stretch; 2],
    moved: u32,
    nanos: i64,
}

impl<'w> Turns<'w> {
    fn around(population: &'w PopulationModel, state: &mut PopulationState, at: SimTime) -> Self {
        Self { population, hour: state.hour(population, clip(at)), moved: 0, nanos: 0 }
    }

    /// One more.
    fn add(&mut self, at: SimTime, moves: &mut Moves) {
        let at = clip(at);
        if !self.hour[0].holds(at) {
            self.count(moves);
            self.hour = self.population.stretches(at);
        }
        self.moved += 1;
        self.nanos += self.hour[0].nanos_until(at);
    }

    fn count(&mut self, moves: &mut Moves) {
        let (several, nanos) = (std::mem::take(&mut self.moved), std::mem::take(&mut self.nanos));
        moves.moved += several;
        for (sum, hour) in moves.integrals.iter_mut().zip(&self.hour) {
            *sum += hour.cumulative_of_several(several, nanos);
        }
    }
}

impl System<'_> {
    /// What a bundle of a population's clients that turns to `to` adds to an operation's share.
    fn gain_of_a_turn(&self, d: usize, p: usize, to: usize, operation: Operation) -> f64 {
        let door = &self.design.doors[d];
        if self.design.door_of[operation as usize] != d || matches!(door.steering, Steering::OriginGroup { .. }) {
            return 0.0;
        }
        let serves = |region: usize| self.serves(p, operation, region);
        let path = &self.doors[d].paths[p];
        let depends = if operation == Operation::CacheableRead { path.content.depends_on_origin() } else { 1.0 };
        self.regions.entered[d] * depends * (serves(to) - serves(1 - to)) / path.bundles() as f64
    }

    /// Gives every edge cache its turn that has had it by now, and counts what failed meanwhile.
    pub(super) fn bring_up_to_date(&mut self) {
        let now = self.scheduler.now();
        if now < self.next_turn {
            return;
        }
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let path = &mut self.doors[d].paths[p];
                let mut moves = std::mem::take(&mut path.moves);
                if let Caches::InOrder(edges) = &mut path.caches {
                    if edges.turn(0).is_none_or(|at| at > now) {
                        continue;
                    }
                    let mut turns = Turns::around(&self.world.populations[p], &mut self.populations[p], now);
                    moves.to = edges.current();
                    edges.learn_until(now, |at| turns.add(at, &mut moves));
                    turns.count(&mut moves);
                }
                if moves.moved > 0 {
                    self.count_moves(d, p, moves);
                }
            }
        }
        self.await_next_turn();
    }

    /// From when on an edge cache has its turn.
    fn await_next_turn(&mut self) {
        let paths = self.doors.iter().flat_map(|door| &door.paths);
        let turns = paths.filter_map(|path| match &path.caches {
            Caches::InOrder(edges) => edges.turn(0),
            Caches::OneByOne(_) => None,
        });
        self.next_turn = turns.min().unwrap_or(NEVER);
    }

    /// Counts what failed while bundles moved.
    fn count_moves(&mut self, d: usize, p: usize, moves: Moves) {
        self.traffic_changes();
        let gains = Operation::ALL.map(|operation| self.gain_of_a_turn(d, p, moves.to, operation));
        let population = &self.world.populations[p];
        let at = clip(self.scheduler.now());
        let integrated = self.populations[p].hour(population, at).map(|hour| hour.cumulative(at));
        let turns = f64::from(moves.moved);
        if self.is_away() {
            let since = population.shape.cumulative(clip(self.counted_across()));
            let missed = (moves.integrals[0] - turns * since) / self.doors[d].paths[p].bundles() as f64;
            self.count_across_before_moves((d, p), moves.to, missed);
        }
        let state = &mut self.populations[p];
        state.looked = None;
        for (o, gain) in gains.into_iter().enumerate() {
            // As if all had turned now, less what each gained since its turn.
            let fails = 1.0 - state.share[o];
            let attempts = [0, 1].map(|k| {
                let failing = fails * (integrated[k] - state.integrated[k]);
                population.per_second[o] * (failing - gain * (turns * integrated[k] - moves.integrals[k]))
            });
            state.fail(o, attempts);
            state.share[o] += gain * turns;
        }
        state.integrated = integrated;
    }

    /// Some caches have had their turn: a resolver whose entry expires, or as many edges as make a difference.
    pub(super) fn caches_turn(&mut self, d: usize, p: usize) {
        let now = self.scheduler.now();
        // Looked at for another reason since, and put off.
        if self.doors[d].paths[p].next_look.take_if(|at| *at == now).is_none() {
            return;
        }
        if let Some(cache) = self.doors[d].expires(p) {
            self.follow_answer(d, p, cache);
            self.await_resolver(d, p);
        }
        self.traffic_moved(d, p);
    }

    /// Waits for the next resolver of a path whose entry expires.
    pub(super) fn await_resolver(&mut self, d: usize, p: usize) {
        let path = &mut self.doors[d].paths[p];
        let next = path.next_resolver().map(|(at, _)| at);
        if let Some(at) = next.filter(|_| path.next_look != next) {
            path.next_look = next;
            self.scheduler.schedule_at(at, Event::CachesTurn { door: d as u8, population: p as u16 });
        }
    }

    /// The entry of a resolver expires, and those of more, as long as nobody notices and nothing else happens between:
    /// whether that was all.
    pub(super) fn resolvers_turn_quietly(&mut self, d: usize, p: usize) -> bool {
        let now = self.scheduler.now();
        let path = &self.doors[d].paths[p];
        let due = path.next_resolver().is_some_and(|(at, _)| at == now);
        if !due || path.moves.quiet == 0 || path.moves.to != path.current() || self.unfenced().is_some() {
            return false;
        }
        let client = self.populations[p].client_cache[d];
        let lingers = self.doors[d].followers(p) > 0;
        let mut turns = Turns::around(&self.world.populations[p], &mut self.populations[p], now);
        let mut other = self.next_scheduled();
        loop {
            let path = &mut self.doors[d].paths[p];
            let Caches::OneByOne(resolvers) = &mut path.caches else { break };
            let next = resolvers.caches.next_turn().filter(|(at, _)| *at == now || *at < other);
            let Some((at, cache)) = next.filter(|(_, cache)| path.moves.quiet > 0 && *cache != client) else { break };
            let mut follows = resolvers.caches.turn();
            self.scheduler.advance_to(at);
            self.events += u64::from(at > now);
            if lingers {
                follows = self.follow_answer(d, p, cache);
                other = self.next_scheduled();
            }
            let moves = &mut self.doors[d].paths[p].moves;
            moves.quiet -= 1;
            if follows {
                // A move before the year is due all the same.
                self.next_turn = at;
                turns.add(at, moves);
            }
        }
        turns.count(&mut self.doors[d].paths[p].moves);
        if self.doors[d].paths[p].next_resolver().is_some_and(|(at, _)| at == now) {
            return false;
        }
        self.await_resolver(d, p);
        true
    }

    /// When anything happens next that is scheduled.
    fn next_scheduled(&self) -> SimTime {
        self.next_onset.min(self.scheduler.peek_time().unwrap_or(SimTime::MAX))
    }

    /// A connection closes, and nobody notices until more have: whether that was all.
    pub(super) fn closes_quietly(&mut self, d: usize, p: usize, cache: usize) -> bool {
        let path = &self.doors[d].paths[p];
        let Caches::OneByOne(resolvers) = &path.caches else { return false };
        let quiet = path.moves.quiet > 0
            && resolvers.caches.held(cache) == path.moves.to
            && cache != self.populations[p].client_cache[d]
            && self.unfenced().is_none();
        if !quiet {
            return false;
        }
        let now = self.scheduler.now();
        let follows = self.doors[d].closed(p, cache);
        let moves = &mut self.doors[d].paths[p].moves;
        moves.quiet -= 1;
        if follows {
            let mut turns = Turns::around(&self.world.populations[p], &mut self.populations[p], now);
            turns.add(now, moves);
            turns.count(moves);
            self.next_turn = now;
        }
        true
    }

    /// Looks at bundles again when their turns make a difference that somebody notices; second by second where what a
    /// region carries depends on them.
    pub(super) fn await_turns(&mut self) {
        if !std::mem::take(&mut self.looked) {
            return;
        }
        self.await_next_turn();
        self.carried_stays = false;
        if !self.doors.iter().any(|door| door.paths.iter().any(Path::awaits)) {
            return;
        }
        let carried_until = self.carried_until();
        self.carried_stays = carried_until == NEVER;
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let path = &self.doors[d].paths[p];
                let to = path.current();
                match &path.caches {
                    Caches::InOrder(edges) => {
                        let left = edges.remaining();
                        let mut quiet = 0;
                        if left > 0 && edges.each_turn_moves() {
                            quiet = self.moves_before_a_difference(d, p, to, (left, edges.len() - edges.count(to)));
                            let client = edges.turns_before(self.populations[p].client_cache[d]);
                            quiet = client.map_or(quiet, |before| quiet.min(before));
                        }
                        let (Some(next), Some(at)) = (edges.turn(0), edges.turn(quiet)) else { continue };
                        let at = at.min(next.max(carried_until));
                        if self.doors[d].paths[p].next_look.replace(at) != Some(at) {
                            let turn = Event::CachesTurn { door: d as u8, population: p as u16 };
                            self.scheduler.schedule_at(at, turn);
                        }
                    }
                    Caches::OneByOne(resolvers) => {
                        let left = resolvers.elsewhere(to);
                        let mut quiet = 0;
                        if left > 0 && resolvers.awaited() > 0 && self.carried_stays {
                            quiet = self.moves_before_a_difference(d, p, to, (left, resolvers.unaware(to)));
                        }
                        let moves = &mut self.doors[d].paths[p].moves;
                        (moves.to, moves.quiet) = (to, quiet);
                    }
                }
            }
        }
    }

    /// Bundles that may turn to a region, or learn that they should, before anybody need look: before a share crosses
    /// the service level, before enough hold an answer that serves, and before the last. So many have not turned, and so
    /// many do not know.
    fn moves_before_a_difference(&self, d: usize, p: usize, to: usize, (left, unaware): (usize, usize)) -> usize {
        if self.design.doors[d].edge.changes_with_time() {
            return 0;
        }
        let state = &self.populations[p];
        let mut quiet = left - 1;
        // At the k-th turn, or one earlier where rounding leaves it open.
        let mut at_turn = |k: f64| quiet = quiet.min(((k - 1e-6).ceil() as usize).saturating_sub(1));
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let gain = self.gain_of_a_turn(d, p, to, operation);
            let missing = self.world.served - state.share[o];
            if (missing > 0.0 && gain > 0.0) || (missing <= 0.0 && gain < 0.0) {
                at_turn(missing / gain);
            }
        }
        let path = &self.doors[d].paths[p];
        let home = self.design.doors[d].preference[p][0];
        if path.drained.is_none() && !self.regions.up[home] && self.regions.up[to] {
            let most_elsewhere = (1.0 - self.world.served) * path.bundles() as f64;
            for elsewhere in [left, unaware] {
                if elsewhere as f64 > most_elsewhere {
                    at_turn(elsewhere as f64 - most_elsewhere);
                }
            }
        }
        quiet
    }

    /// Until when no turn changes the share that a region carries: for good, if none is short, or it carries nothing
    /// already, or everything even when all have had theirs.
    fn carried_until(&self) -> SimTime {
        (0..self.design.regions).map(|region| self.region_carries_until(region)).min().unwrap_or(NEVER)
    }

    fn region_carries_until(&self, region: usize) -> SimTime {
        if self.failing.down(region, Component::Api) {
            return NEVER;
        }
        let soon = self.scheduler.now() + STEP;
        if !self.has_room_for_all(region) {
            return soon;
        }
        if !self.regions.is_short(region) {
            return NEVER;
        }
        let limit = self.regions.capacity[region] * self.world.peak_per_second;
        let now = self.load(|d, p| self.doors[d].paths[p].traffic(region));
        if limit <= 0.0 {
            return if now > 0.0 { NEVER } else { soon };
        }
        if self.load(|d, p| self.doors[d].paths[p].traffic_at_most(region)) <= limit {
            return NEVER;
        }
        if now > limit {
            return soon;
        }
        // Everybody who turns to it may do so this often before it is full.
        let turns_to_it = |path: &Path| path.current() == region;
        let of_a_turn = self.load(|d, p| match &self.doors[d].paths[p] {
            path if turns_to_it(path) => 1.0 / path.bundles() as f64,
            _ => 0.0,
        });
        let turns = ((limit - now) / of_a_turn) as usize;
        let paths = self.doors.iter().flat_map(|door| &door.paths).filter(|path| turns_to_it(path));
        let full = paths.filter_map(|path| match &path.caches {
            Caches::InOrder(edges) => edges.turn(turns),
            Caches::OneByOne(_) => None,
        });
        full.min().map_or(soon, |at| at.max(soon))
    }

    /// What edges hold by now, of the reads that they cache, if the origin from now on answers the share `reached` of
    /// those it is asked (`None`: the same as before); counts what was served stale.
    pub(super) fn age_edges(&mut self, p: usize, now: SimTime, integrated: f64, reached: Option<f64>) {
        let o = Operation::CacheableRead as usize;
        let d = self.design.door_of[o];
        if self.design.doors[d].edge.hit_share == 0.0 {
            return;
        }
        let path = &mut self.doors[d].paths[p];
        let asked = path.content.asks_origin();
        path.content.advance(now);
        let at_first = path.traffic(0);
        path.content.moved((at_first - path.at_first).abs());
        path.at_first = at_first;
        let before = self.populations[p].stale_share;
        let after = path.content.answers_stale();
        if let Some(reached) = reached {
            path.content.origin_answers(reached);
        }
        if path.content.asks_origin().total_cmp(&asked).is_ne() {
            self.regions.look_anew();
        }
        let state = &mut self.populations[p];
        let requests = self.world.populations[p].per_second[o] * (integrated - state.integrated[0]);
        state.stale += 0.5 * (before + after) * requests;
        state.stale_share = path.content.answers_stale();
        let next = path.content.look_again(!self.design.limits.ample);
        if let Some(delay) = next.filter(|_| !path.ageing) {
            path.ageing = true;
            self.scheduler.schedule_in(delay, Event::EdgesAge { door: d as u8, population: p as u16 });
        }
    }
}
