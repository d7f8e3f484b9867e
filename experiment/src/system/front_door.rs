//! A front door at work: what its checks think of each region, which answer each cache holds, and where connections go.

use crate::model::{Door, Steering, World};
use drsim_models::health_check::Endpoint;
use drsim_models::routing::{Connections, ResolverCaches, answer};
use drsim_models::traffic::hour_of;
use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// The way of one population through a door.
#[derive(Clone, Debug)]
pub struct Path {
    /// Who knows which answer.
    pub caches: ResolverCaches,
    /// Who talks to which region.
    pub connections: Connections,
    draining: Vec<bool>,
    still_draining: usize,
    /// When enough of its traffic held an answer that serves.
    pub routed: Option<SimTime>,
    /// When enough of its traffic went there.
    pub drained: Option<SimTime>,
}

/// The keys of one incident's draws.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Master seed.
    pub seed: u64,
    /// Replication.
    pub replication: u64,
    /// The outage.
    pub outage: u64,
}

impl Keys {
    /// The stream of a thing in the world, for this outage.
    pub fn stream(&self, purpose: drsim_sim::random_stream::Purpose) -> RandomStream {
        RandomStream::new(self.seed, self.replication, purpose, self.outage)
    }
}

/// One front door.
#[derive(Clone, Debug)]
pub struct FrontDoor {
    /// Per population.
    pub paths: Vec<Path>,
    /// When each region's failure was found.
    pub detected: Vec<Option<SimTime>>,
    endpoints: Vec<Endpoint>,
    looks_up: Vec<bool>,
    phases: Vec<Option<RandomStream>>,
    publication: Vec<[SimDuration; 2]>,
    published_healthy: Vec<bool>,
    /// Regions that people took out.
    taken_out: Vec<bool>,
}

impl FrontDoor {
    /// All well.
    pub fn new(door: &Door, regions: usize) -> Self {
        let endpoints = match &door.steering {
            Steering::Checks { settings, .. } => vec![Endpoint::new(settings.clone()); regions],
            _ => Vec::new(),
        };
        let path = |caches: &usize| Path {
            caches: ResolverCaches::new(*caches, regions, door.time_to_live),
            connections: Connections::new(*caches, regions),
            draining: vec![false; *caches],
            still_draining: 0,
            routed: None,
            drained: None,
        };
        Self {
            paths: door.caches.iter().map(path).collect(),
            detected: vec![None; regions],
            endpoints,
            looks_up: vec![true; regions],
            phases: vec![None; regions],
            publication: vec![[SimDuration::ZERO; 2]; regions],
            published_healthy: vec![true; regions],
            taken_out: vec![false; regions],
        }
    }

    /// Turns to another world of the same architecture.
    pub fn enter(&mut self, door: &Door) {
        if let Steering::Checks { settings, .. } = &door.steering {
            self.endpoints.iter_mut().for_each(|endpoint| endpoint.configure(settings.clone()));
        }
        self.paths.iter_mut().for_each(|path| path.caches.set_time_to_live(door.time_to_live));
    }

    /// An incident begins: all well, and each cache somewhere in its cycle.
    pub fn begin(&mut self, door: &Door, world: &World, keys: Keys, onset: SimTime) {
        self.endpoints.iter_mut().for_each(Endpoint::reset);
        self.looks_up.fill(true);
        self.published_healthy.fill(true);
        self.taken_out.fill(false);
        self.detected.fill(None);
        let hour = hour_of(onset);
        for (p, path) in self.paths.iter_mut().enumerate() {
            let population = &world.populations[p];
            let home = door.preference[p][0];
            path.caches.reset(home);
            path.connections.reset(home);
            path.draining.fill(false);
            path.still_draining = 0;
            path.routed = None;
            path.drained = None;
            if door.time_to_live > SimDuration::ZERO {
                let from_cache = population.per_second[0] * door.edge_hit_share;
                let asked = population.total_per_second() - from_cache;
                let asked = asked * population.shape.at_hour(hour) / path.caches.len() as f64;
                let purpose = if door.at_the_edge { population.edge_stream } else { population.resolver_stream };
                let mut stream = keys.stream(purpose);
                if let Some((share, keeps)) = &door.stretch {
                    path.caches.stretch(*share, keeps, &mut stream);
                }
                path.caches.draw_phases(onset, asked, &mut stream);
            }
        }
    }

    /// What a check of a region now finds; calls `probe(delay, checker)` for each checker that has something to find
    /// out.
    pub fn look(
        &mut self,
        door: &Door,
        (region, up): (usize, bool),
        keys: Keys,
        probe: impl FnMut(SimDuration, usize),
    ) {
        let Steering::Checks { publication, .. } = &door.steering else { return };
        if self.looks_up[region] == up {
            return;
        }
        self.looks_up[region] = up;
        if !up {
            let mut stream = keys.stream(door.publication_streams[region]);
            self.publication[region] = [0; 2].map(|_| SimDuration::from_secs_f64(publication.sample(&mut stream)));
            self.phases[region] = Some(keys.stream(door.checker_streams[region]));
        }
        if let Some(phases) = self.phases[region].as_mut() {
            self.endpoints[region].set_up(up, phases, probe);
        }
    }

    /// A checker has its answer: the delay until its next, and the verdict with the delay of its publication if the
    /// vote changed.
    pub fn answered(
        &mut self,
        region: usize,
        checker: usize,
        now: SimTime,
    ) -> (Option<SimDuration>, Option<(bool, SimDuration)>) {
        let (next, verdict) = self.endpoints[region].answered(checker);
        let verdict = verdict.map(|healthy| (healthy, self.publication[region][usize::from(healthy)]));
        if let Some((false, _)) = verdict {
            self.detected[region].get_or_insert(now);
        }
        (next, verdict)
    }

    /// The verdict on a region reaches the answers; calls `expires(at, population, cache)` for each cache that learns
    /// of it later.
    pub fn publish(&mut self, door: &Door, region: usize, now: SimTime, expires: impl FnMut(SimTime, usize, usize)) {
        if let Some(endpoint) = self.endpoints.get(region) {
            self.published_healthy[region] = endpoint.is_healthy();
        }
        let (healthy, out) = (&self.published_healthy, &self.taken_out);
        let to: Vec<usize> = door.preference.iter().map(|regions| answer(regions, |r| healthy[r] && !out[r])).collect();
        self.send(now, &to, expires);
    }

    /// People take a region out of the answers, or put it back; to be published.
    pub fn take_out(&mut self, region: usize, out: bool) {
        self.taken_out[region] = out;
    }

    /// People point every population to one region.
    pub fn point_to(&mut self, region: usize, now: SimTime, expires: impl FnMut(SimTime, usize, usize)) {
        self.send(now, &vec![region; self.paths.len()], expires);
    }

    fn send(&mut self, now: SimTime, to: &[usize], mut expires: impl FnMut(SimTime, usize, usize)) {
        for (p, path) in self.paths.iter_mut().enumerate() {
            path.caches.publish(now, to[p], |at, cache| expires(at, p, cache));
        }
    }

    /// Moves the connections behind a cache after its answer: at once where the old region is dead, otherwise when they
    /// close: returns how long they stay.
    pub fn follow_answer(
        &mut self,
        (population, cache): (usize, usize),
        linger: Option<&Distribution>,
        answers: impl Fn(usize) -> bool,
        stream: impl Fn() -> RandomStream,
    ) -> Option<SimDuration> {
        let path = &mut self.paths[population];
        let (held, old) = (path.caches.held(cache), path.connections.to(cache));
        if held == old || path.draining[cache] {
            return None;
        }
        let Some(law) = linger.filter(|_| answers(old)) else {
            path.connections.move_to(cache, held);
            return None;
        };
        path.draining[cache] = true;
        path.still_draining += 1;
        Some(SimDuration::from_secs_f64(law.sample(&mut stream())))
    }

    /// A lingering connection closes.
    pub fn closed(&mut self, population: usize, cache: usize) {
        let path = &mut self.paths[population];
        if std::mem::take(&mut path.draining[cache]) {
            path.still_draining -= 1;
            path.connections.move_to(cache, path.caches.held(cache));
        }
    }

    /// A region stopped answering: connections to it fail, and the next goes where the answer says.
    pub fn connections_fail(&mut self, region: usize) {
        for p in 0..self.paths.len() {
            if self.paths[p].still_draining > 0 {
                for cache in 0..self.paths[p].caches.len() {
                    if self.paths[p].connections.to(cache) == region {
                        self.closed(p, cache);
                    }
                }
            }
        }
    }
}
