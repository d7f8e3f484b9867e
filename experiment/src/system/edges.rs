//! Edges while an incident runs: caches that learn an answer in their turn, and what they hold.

use super::front_door::Caches;
use super::load::STEP;
use super::service::clip;
use super::{Event, System};
use crate::model::Steering;
use drsim_models::edge_caches::EdgeCaches;
use drsim_models::outage::Component;
use drsim_models::traffic::Operation;
use drsim_sim::time::SimTime;

impl System<'_> {
    /// What one edge cache of a population that learns the current answer adds to an operation's share.
    fn gain_of_a_turn(&self, d: usize, p: usize, edges: &EdgeCaches, operation: Operation) -> f64 {
        let door = &self.design.doors[d];
        if self.design.door_of[operation as usize] != d || matches!(door.steering, Steering::OriginGroup { .. }) {
            return 0.0;
        }
        let (to, from) = (edges.current(), 1 - edges.current());
        let serves = |region: usize| self.regions.serves[region][operation as usize];
        let path = &self.doors[d].paths[p];
        let depends = if operation == Operation::CacheableRead { path.content.depends_on_origin() } else { 1.0 };
        self.regions.entered[d] * depends * (serves(to) - serves(from)) / path.bundles() as f64
    }

    /// Gives every edge cache its turn that has had it by now, and counts what failed meanwhile.
    pub(super) fn bring_up_to_date(&mut self) {
        let now = self.scheduler.now();
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let Caches::InOrder(edges) = &self.doors[d].paths[p].caches else { continue };
                if edges.turn(0).is_none_or(|at| at > now) {
                    continue;
                }
                let gains = Operation::ALL.map(|operation| self.gain_of_a_turn(d, p, edges, operation));
                let population = &self.world.populations[p];
                let (mut moved, mut integrals) = (0.0, [0.0; 2]);
                let mut stretches = population.stretches(clip(now));
                if let Caches::InOrder(edges) = &mut self.doors[d].paths[p].caches {
                    edges.learn_until(now, |at| {
                        moved += 1.0;
                        let at = clip(at);
                        if !stretches[0].holds(at) {
                            stretches = population.stretches(at);
                        }
                        integrals.iter_mut().zip(&stretches).for_each(|(sum, one)| *sum += one.cumulative(at));
                    });
                }
                let integrated = population.integrals(clip(now));
                let state = &mut self.populations[p];
                for (o, gain) in gains.into_iter().enumerate() {
                    // As if all had turned now, less what each gained since its turn.
                    let fails = 1.0 - state.share[o];
                    let attempts = [0, 1].map(|k| {
                        let failing = fails * (integrated[k] - state.integrated[k]);
                        population.per_second[o] * (failing - gain * (moved * integrated[k] - integrals[k]))
                    });
                    state.fail(o, attempts);
                    state.share[o] += gain * moved;
                }
                state.integrated = integrated;
                self.loads.turned.moved = true;
            }
        }
    }

    /// Looks at edge caches again when their turns make a difference that somebody notices; second by second where what
    /// a region carries depends on them.
    pub(super) fn await_turns(&mut self) {
        if !std::mem::take(&mut self.looked) {
            return;
        }
        let followed = !self.turns_leave_what_is_carried();
        for d in 0..self.doors.len() {
            for p in 0..self.populations.len() {
                let Caches::InOrder(edges) = &self.doors[d].paths[p].caches else { continue };
                let (Some(next), Some(mut at)) =
                    (edges.turn(0), edges.turn(self.turns_before_a_difference(d, p, edges)))
                else {
                    continue;
                };
                if followed {
                    at = at.min(next.max(self.scheduler.now() + STEP));
                }
                if self.doors[d].paths[p].next_look.replace(at) != Some(at) {
                    let turn = Event::EdgesTurn { door: d as u8, population: p as u16 };
                    self.scheduler.schedule_at(at, turn);
                }
            }
        }
    }

    /// Turns of edge caches that nobody need look at: before the random client's, before a share crosses the service
    /// level, before enough hold an answer that serves, and before the last.
    fn turns_before_a_difference(&self, d: usize, p: usize, edges: &EdgeCaches) -> usize {
        let ages = self.design.doors[d].edge.changes_with_time();
        if ages || edges.remaining() == 0 || !edges.each_turn_moves() {
            return 0;
        }
        let state = &self.populations[p];
        let mut quiet = edges.remaining() - 1;
        if let Some(before) = edges.turns_before(state.client_cache[d]) {
            quiet = quiet.min(before);
        }
        // At the k-th turn, or one earlier where rounding leaves it open.
        let mut at_turn = |k: f64| quiet = quiet.min(((k - 1e-6).ceil() as usize).saturating_sub(1));
        for (o, operation) in Operation::ALL.into_iter().enumerate() {
            let gain = self.gain_of_a_turn(d, p, edges, operation);
            let missing = self.world.served - state.share[o];
            if (missing > 0.0 && gain > 0.0) || (missing <= 0.0 && gain < 0.0) {
                at_turn(missing / gain);
            }
        }
        let path = &self.doors[d].paths[p];
        let to = edges.current();
        let home = self.design.doors[d].preference[p][0];
        if path.drained.is_none() && !self.regions.up[home] && self.regions.up[to] {
            let enough = self.world.served * edges.len() as f64;
            if (edges.count(to) as f64) < enough {
                at_turn(enough - edges.count(to) as f64);
            }
        }
        quiet
    }

    /// Whether no turn of an edge cache changes the share that a region carries: none is short, or it carries nothing
    /// already, or everything even when all have had theirs.
    fn turns_leave_what_is_carried(&self) -> bool {
        if !self.design.limits.ample {
            return false;
        }
        (0..self.design.regions).all(|region| {
            if !self.regions.is_short(region) || self.failing.down(region, Component::Api) {
                return true;
            }
            let limit = self.regions.capacity[region] * self.world.peak_per_second;
            if limit <= 0.0 {
                return self.load(|d, p| self.doors[d].paths[p].traffic(region)) > 0.0;
            }
            let most = self.load(|d, p| match &self.doors[d].paths[p].caches {
                Caches::InOrder(edges) if edges.current() == region => 1.0,
                _ => self.doors[d].paths[p].traffic(region),
            });
            most <= limit
        })
    }

    /// What edges hold by now, of the reads that they cache; counts what was served stale.
    pub(super) fn age_edges(&mut self, p: usize, now: SimTime, integrated: f64) {
        let o = Operation::CacheableRead as usize;
        let d = self.design.door_of[o];
        if self.design.doors[d].edge.hit_share == 0.0 {
            return;
        }
        let path = &mut self.doors[d].paths[p];
        path.content.advance(now);
        let at_first = path.traffic(0);
        path.content.moved((at_first - path.at_first).abs());
        path.at_first = at_first;
        let before = self.populations[p].stale_share;
        let after = path.content.answers_stale();
        let reached = self.reaches_origin(p, Operation::CacheableRead).0;
        let path = &mut self.doors[d].paths[p];
        path.content.origin_answers(reached);
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
