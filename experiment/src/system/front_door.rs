//! A front door at work: what its checks think of each region, which answer each cache holds, and where connections go.

use super::edges::Moves;
use crate::model::{Door, Steering, World};
use drsim_models::edge_caches::EdgeCaches;
use drsim_models::edge_content::EdgeContent;
use drsim_models::health_check::Endpoint;
use drsim_models::routing::{Connections, ResolverCaches, answer};
use drsim_models::traffic::hour_of;
use drsim_sim::distribution::Distribution;
use drsim_sim::future_event_list::EventHandle;
use drsim_sim::random_stream::RandomStream;
use drsim_sim::time::{SimDuration, SimTime};

/// Who stands between a population and the regions' names.
#[derive(Clone, Debug)]
pub enum Caches {
    /// Edges, which obey the time to live and open connections anew: brought up to date by whoever looks.
    InOrder(EdgeCaches),
    /// Resolvers, each for itself, and the connections that its clients keep open.
    OneByOne(Resolvers),
}

/// Resolvers of clients and the connections behind each.
#[derive(Clone, Debug)]
pub struct Resolvers {
    pub caches: ResolverCaches,
    /// Where connections may outlast an answer; otherwise they go where it says.
    lingering: Option<Lingering>,
}

/// When connections go where a new answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// They are there, or on their way.
    Already,
    Now,
    In(SimDuration),
}

/// Connections that stay where they are for a while.
#[derive(Clone, Debug)]
struct Lingering {
    connections: Connections,
    draining: Vec<bool>,
    still_draining: usize,
}

impl Resolvers {
    fn new(door: &Door, caches: usize) -> Self {
        let lingering = door.linger.is_some().then(|| Lingering {
            connections: Connections::new(caches),
            draining: vec![false; caches],
            still_draining: 0,
        });
        Self { caches: ResolverCaches::new(caches, door.time_to_live, door.stretch.clone()), lingering }
    }

    /// An incident begins.
    fn begin(&mut self, home: usize, onset: SimTime, asked: f64, stream: RandomStream) {
        self.caches.begin(home, onset, asked, stream);
        if let Some(lingering) = &mut self.lingering {
            lingering.connections.reset(home);
            if lingering.still_draining > 0 {
                lingering.draining.fill(false);
                lingering.still_draining = 0;
            }
        }
    }

    /// Moves the connections behind a cache after its answer: at once where the old region is dead, otherwise when they
    /// close.
    fn follow_answer(
        &mut self,
        cache: usize,
        linger: Option<&Distribution>,
        answers: impl Fn(usize) -> bool,
        stream: impl Fn() -> RandomStream,
    ) -> Follows {
        let Some(lingering) = &mut self.lingering else { return Follows::Already };
        let (held, old) = (self.caches.held(cache), lingering.connections.to(cache));
        if held == old || lingering.draining[cache] {
            return Follows::Already;
        }
        let Some(law) = linger.filter(|_| answers(old)) else {
            lingering.connections.move_to(cache, held);
            return Follows::Now;
        };
        lingering.draining[cache] = true;
        lingering.still_draining += 1;
        Follows::In(SimDuration::from_secs_f64(law.sample(&mut stream())))
    }

    /// Entries that will expire and connections that will close.
    pub fn awaited(&self) -> usize {
        self.caches.remaining() + self.lingering.as_ref().map_or(0, |lingering| lingering.still_draining)
    }

    /// Bundles that do not talk to a region.
    pub fn elsewhere(&self, region: usize) -> usize {
        let there = self.lingering.as_ref().map_or(self.caches.count(region), |l| l.connections.count(region));
        self.caches.len() - there
    }

    /// Resolvers that do not name it.
    pub fn unaware(&self, region: usize) -> usize {
        self.caches.len() - self.caches.count(region)
    }

    /// A lingering connection closes; whether its clients go elsewhere then.
    fn closed(&mut self, cache: usize) -> bool {
        let Some(lingering) = &mut self.lingering else { return false };
        if !std::mem::take(&mut lingering.draining[cache]) {
            return false;
        }
        lingering.still_draining -= 1;
        let (old, held) = (lingering.connections.to(cache), self.caches.held(cache));
        lingering.connections.move_to(cache, held);
        old != held
    }

    /// A region stopped answering.
    fn connections_fail(&mut self, region: usize) {
        let fails = |this: &Self, cache| this.lingering.as_ref().is_some_and(|l| l.connections.to(cache) == region);
        if self.lingering.as_ref().is_some_and(|lingering| lingering.still_draining > 0) {
            for cache in 0..self.caches.len() {
                if fails(self, cache) {
                    self.closed(cache);
                }
            }
        }
    }
}

/// When an incident begins, the region that records which people point name if it is not the first, and one that traffic
/// is kept away from.
type Elsewhere = (SimTime, Option<usize>, Option<usize>);

/// The way of one population through a door.
#[derive(Clone, Debug)]
pub struct Path {
    /// Who knows which answer.
    pub caches: Caches,
    /// When enough of its traffic held an answer that serves.
    pub routed: Option<SimTime>,
    /// When enough of its traffic went there.
    pub drained: Option<SimTime>,
    /// When caches in order are looked at next.
    pub next_look: Option<SimTime>,
    /// What its edges hold of cacheable reads.
    pub content: EdgeContent,
    /// Share of the traffic that went to the first region when the content was looked at.
    pub at_first: f64,
    /// Whether a look at the content is scheduled.
    pub ageing: bool,
    /// Bundles of resolvers that moved since shares were last found.
    pub moves: Moves,
}

impl Path {
    fn new(door: &Door, caches: usize) -> Self {
        let in_order = door.time_to_live > SimDuration::ZERO
            && door.stretch.is_none()
            && door.linger.is_none()
            && !door.one_by_one;
        let caches = if in_order {
            Caches::InOrder(EdgeCaches::new(caches, door.time_to_live))
        } else {
            Caches::OneByOne(Resolvers::new(door, caches))
        };
        let (content, moves) = (EdgeContent::new(door.edge), Moves::default());
        Self { caches, routed: None, drained: None, next_look: None, content, at_first: 0.0, ageing: false, moves }
    }

    /// The answer is now this region.
    fn send(&mut self, now: SimTime, region: usize) {
        match &mut self.caches {
            Caches::InOrder(edges) => edges.publish(now, region),
            Caches::OneByOne(resolvers) => resolvers.caches.publish(now, region),
        }
    }

    /// Caches, or bundles of connections.
    pub fn bundles(&self) -> usize {
        match &self.caches {
            Caches::InOrder(edges) => edges.len(),
            Caches::OneByOne(resolvers) => resolvers.caches.len(),
        }
    }

    /// The answer that its caches learn in their turn.
    pub fn current(&self) -> usize {
        match &self.caches {
            Caches::InOrder(edges) => edges.current(),
            Caches::OneByOne(resolvers) => resolvers.caches.current(),
        }
    }

    /// When the next resolver has its turn, and which.
    pub fn next_resolver(&self) -> Option<(SimTime, usize)> {
        match &self.caches {
            Caches::InOrder(_) => None,
            Caches::OneByOne(resolvers) => resolvers.caches.next_turn(),
        }
    }

    /// Whether some have not learned it, or not followed it.
    pub fn awaits(&self) -> bool {
        match &self.caches {
            Caches::InOrder(edges) => edges.remaining() > 0,
            Caches::OneByOne(resolvers) => resolvers.awaited() > 0,
        }
    }

    /// Share of its traffic that goes to a region once all have, or now if that is more.
    pub fn traffic_at_most(&self, region: usize) -> f64 {
        if self.current() == region { 1.0 } else { self.traffic(region) }
    }

    /// Share of its traffic that holds an answer which names a region.
    pub fn answers(&self, region: usize) -> f64 {
        match &self.caches {
            Caches::InOrder(edges) => edges.share(region),
            Caches::OneByOne(resolvers) => resolvers.caches.share(region),
        }
    }

    /// Share of its traffic that goes to a region.
    pub fn traffic(&self, region: usize) -> f64 {
        match &self.caches {
            Caches::InOrder(edges) => edges.share(region),
            Caches::OneByOne(Resolvers { lingering: Some(lingering), .. }) => lingering.connections.share(region),
            Caches::OneByOne(resolvers) => resolvers.caches.share(region),
        }
    }

    /// Bundles that talk to the first region, and caches that name it.
    pub fn at_first_region(&self) -> [usize; 2] {
        match &self.caches {
            Caches::InOrder(edges) => [edges.count(0); 2],
            Caches::OneByOne(resolvers) => [resolvers.caches.len() - resolvers.elsewhere(0), resolvers.caches.count(0)],
        }
    }

    /// The region that a bundle of its clients talks to.
    pub fn talks_to(&self, bundle: usize) -> usize {
        match &self.caches {
            Caches::InOrder(edges) => edges.held(bundle),
            Caches::OneByOne(Resolvers { lingering: Some(lingering), .. }) => lingering.connections.to(bundle),
            Caches::OneByOne(resolvers) => resolvers.caches.held(bundle),
        }
    }
}

/// The region that an answer names: one that traffic is kept away from only if there is no other.
fn named(preference: &[usize], healthy: &[bool], kept_away: &[bool]) -> usize {
    let any = healthy.contains(&true);
    answer(preference, |region| if any { healthy[region] } else { kept_away[region] })
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
    /// The change of a verdict that is scheduled.
    pub awaited_votes: Vec<Option<EventHandle>>,
    publication: Vec<[SimDuration; 2]>,
    published_healthy: Vec<bool>,
    /// Regions that people took out.
    taken_out: Vec<bool>,
    /// From when on a region that is healthy again counts as such.
    returns_from: Vec<SimTime>,
    /// Whether a region is healthy and not named all the same: it has not been so for long, or waits for the writer.
    kept_away: Vec<bool>,
    /// Regions that came back within this incident, and how often one of them was lost again.
    came_back: Vec<bool>,
    pub relapses: u32,
}

impl FrontDoor {
    /// All well.
    pub fn new(door: &Door, regions: usize) -> Self {
        let endpoints = match &door.steering {
            Steering::Checks { settings, .. } => vec![Endpoint::new(settings.clone()); regions],
            _ => Vec::new(),
        };
        Self {
            paths: door.caches.iter().map(|caches| Path::new(door, *caches)).collect(),
            detected: vec![None; regions],
            endpoints,
            looks_up: vec![true; regions],
            phases: vec![None; regions],
            awaited_votes: vec![None; regions],
            publication: vec![[SimDuration::ZERO; 2]; regions],
            published_healthy: vec![true; regions],
            taken_out: vec![false; regions],
            returns_from: vec![SimTime::ZERO; regions],
            kept_away: vec![false; regions],
            came_back: vec![false; regions],
            relapses: 0,
        }
    }

    /// Turns to another world of the same architecture.
    pub fn enter(&mut self, door: &Door) {
        if let Steering::Checks { settings, .. } = &door.steering {
            self.endpoints.iter_mut().for_each(|endpoint| endpoint.configure(settings.clone()));
        }
        for path in &mut self.paths {
            path.content = EdgeContent::new(door.edge);
            match &mut path.caches {
                Caches::InOrder(edges) => edges.set_time_to_live(door.time_to_live),
                Caches::OneByOne(resolvers) => resolvers.caches.configure(door.time_to_live, door.stretch.clone()),
            }
        }
    }

    /// An incident begins: all well, and each cache somewhere in its cycle. Records may name another region since an
    /// earlier one.
    pub fn begin(&mut self, door: &Door, world: &World, keys: Keys, (onset, pointed, away): Elsewhere) {
        self.endpoints.iter_mut().for_each(Endpoint::reset);
        self.looks_up.fill(true);
        self.published_healthy.fill(true);
        self.taken_out.fill(false);
        self.returns_from.fill(onset);
        self.kept_away.fill(false);
        self.came_back.fill(false);
        self.relapses = 0;
        if let Some(region) = away {
            (self.published_healthy[region], self.kept_away[region]) = (false, true);
        }
        self.detected.fill(None);
        self.awaited_votes.fill(None);
        let hour = hour_of(onset);
        for (p, path) in self.paths.iter_mut().enumerate() {
            let population = &world.populations[p];
            let by_hand = matches!(door.steering, Steering::Runbook { .. });
            let home = pointed
                .filter(|_| by_hand)
                .unwrap_or_else(|| named(&door.preference[p], &self.published_healthy, &self.kept_away));
            (path.routed, path.drained, path.next_look) = (None, None, None);
            path.content.begin(onset);
            path.moves = Moves::default();
            (path.at_first, path.ageing) = (f64::from(u8::from(home == 0)), false);
            let from_cache = population.per_second[0] * door.edge.hit_share;
            let asked = population.total_per_second() - from_cache;
            let asked = asked * population.shape.at_hour(hour) / path.bundles() as f64;
            let purpose = if door.at_the_edge { population.edge_stream } else { population.resolver_stream };
            match &mut path.caches {
                Caches::InOrder(edges) => edges.begin(home, onset, asked, keys.stream(purpose)),
                Caches::OneByOne(resolvers) => resolvers.begin(home, onset, asked, keys.stream(purpose)),
            }
        }
    }

    /// What a check of a region now finds: `None` if nothing changed, else when the verdict changes, if it will.
    pub fn look(
        &mut self,
        door: &Door,
        (region, up): (usize, bool),
        keys: Keys,
        now: SimTime,
    ) -> Option<Option<SimTime>> {
        let Steering::Checks { publication, .. } = &door.steering else { return None };
        if self.looks_up[region] == up {
            return None;
        }
        self.looks_up[region] = up;
        if !up {
            let mut stream = keys.stream(door.publication_streams[region]);
            self.publication[region] = [0; 2].map(|_| SimDuration::from_secs_f64(publication.sample(&mut stream)));
            self.phases[region] = Some(keys.stream(door.checker_streams[region]));
        }
        let phases = self.phases[region].as_mut().expect("what is up again was down before");
        Some(self.endpoints[region].set_up(now, up, phases))
    }

    /// The checkers' verdict on a region changes; whether it is healthy, and how long until that is published.
    pub fn vote(&mut self, door: &Door, region: usize, now: SimTime) -> (bool, SimDuration) {
        self.awaited_votes[region] = None;
        let healthy = self.endpoints[region].vote(now);
        let delay = self.publication[region][usize::from(healthy)];
        if healthy {
            self.returns_from[region] = now + door.returns_after;
            return (true, delay + door.returns_after);
        }
        self.detected[region].get_or_insert(now);
        (false, delay)
    }

    /// The verdict on a region reaches the answers; caches learn of it in their turn. One that `awaits` the writer does
    /// not return.
    pub fn publish(&mut self, door: &Door, (region, awaits): (usize, bool), now: SimTime) {
        let healthy = self.endpoints.get(region).is_none_or(Endpoint::is_healthy) && !self.taken_out[region];
        let stays_away = awaits || now < self.returns_from[region];
        self.kept_away[region] = healthy && !self.published_healthy[region] && stays_away;
        if self.published_healthy[region] && !healthy {
            self.relapses += u32::from(self.came_back[region]);
        }
        if !self.published_healthy[region] && healthy && !stays_away {
            self.came_back[region] = true;
        }
        self.published_healthy[region] = healthy && !self.kept_away[region];
        for (path, preference) in self.paths.iter_mut().zip(&door.preference) {
            path.send(now, named(preference, &self.published_healthy, &self.kept_away));
        }
    }

    /// Whether traffic is kept away from a region.
    pub fn keeps_away(&self, region: usize) -> bool {
        !self.published_healthy[region]
    }

    /// People take a region out of the answers, or put it back; to be published.
    pub fn take_out(&mut self, region: usize, out: bool) {
        self.taken_out[region] = out;
    }

    /// People point every population to one region.
    pub fn point_to(&mut self, region: usize, now: SimTime) {
        self.paths.iter_mut().for_each(|path| path.send(now, region));
    }

    /// The entry of the next resolver expires; its number.
    pub fn expires(&mut self, population: usize) -> Option<usize> {
        let Caches::OneByOne(resolvers) = &mut self.paths[population].caches else { return None };
        let next = resolvers.caches.next_turn().map(|(_, cache)| cache);
        resolvers.caches.turn();
        next
    }

    /// Number of resolvers of a population whose connections follow their answers late.
    pub fn followers(&self, population: usize) -> usize {
        match &self.paths[population].caches {
            Caches::OneByOne(resolvers) if resolvers.lingering.is_some() => resolvers.caches.len(),
            _ => 0,
        }
    }

    /// Moves the connections behind a resolver after its answer.
    pub fn follow_answer(
        &mut self,
        (population, cache): (usize, usize),
        linger: Option<&Distribution>,
        answers: impl Fn(usize) -> bool,
        stream: impl Fn() -> RandomStream,
    ) -> Follows {
        match &mut self.paths[population].caches {
            Caches::InOrder(_) => Follows::Already,
            Caches::OneByOne(resolvers) => resolvers.follow_answer(cache, linger, answers, stream),
        }
    }

    /// A lingering connection closes; whether its clients go elsewhere then.
    pub fn closed(&mut self, population: usize, cache: usize) -> bool {
        match &mut self.paths[population].caches {
            Caches::InOrder(_) => false,
            Caches::OneByOne(resolvers) => resolvers.closed(cache),
        }
    }

    /// A region stopped answering: connections to it fail, and the next goes where the answer says.
    pub fn connections_fail(&mut self, region: usize) {
        for path in &mut self.paths {
            if let Caches::OneByOne(resolvers) = &mut path.caches {
                resolvers.connections_fail(region);
            }
        }
    }
}
