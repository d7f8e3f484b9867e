//! Outages: what fails where, from when until when.
//!
//! An outage has one cause and a *footprint*: effects, each of which makes some components of one place fail a share of
//! the requests that need them. History is partial failures, with staggered onsets and repairs: launches and functions
//! broken while the API answers. Everything down at once is one footprint among others.
//!
//! [`footprint`] says what an outage hits, [`flapping`] whether it comes and goes, [`process`] when outages happen,
//! [`Failing`] what holds at an instant.

pub mod flapping;
pub mod footprint;
pub mod process;

use drsim_sim::random_stream::{Purpose, RandomStream};
use drsim_sim::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Seconds of the simulated year (365 days).
pub const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// When it ends.
pub const YEAR_END: SimTime = SimTime::from_nanos(365 * 86_400 * 1_000_000_000);

/// The place of what belongs to no region: front doors, DNS, the link between the regions.
pub const GLOBAL: usize = 2;

/// A region that the workload does not run in; effects there do not reach it.
pub const ELSEWHERE: usize = 3;

/// Places with a state of their own: two regions and what lies between them.
const PLACES: usize = 3;

/// Why something fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A regional event of the provider.
    Region,
    /// One zone of a region.
    Zone,
    /// One service of a region.
    Service,
    /// The connection between the regions.
    Link,
    /// A global front door, or DNS.
    FrontDoor,
    /// A control plane: what runs goes on, nothing can be changed.
    ControlPlane,
    /// A bad deployment.
    Deployment,
    /// Data made wrong by software or people, replicated faithfully.
    Corruption,
    /// A certificate that expired.
    Certificate,
    /// A health check that cries wolf.
    FalseAlarm,
    /// A drill that got stuck: a design's own doing, which no list of outages switches on.
    Drill,
}

impl Cause {
    /// All that may be switched on, in the order of every table.
    pub const ALL: [Self; 10] = [
        Self::Region,
        Self::Zone,
        Self::Service,
        Self::Link,
        Self::FrontDoor,
        Self::ControlPlane,
        Self::Deployment,
        Self::Corruption,
        Self::Certificate,
        Self::FalseAlarm,
    ];

    /// The name in scenarios and data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Zone => "zone",
            Self::Service => "service",
            Self::Link => "link",
            Self::FrontDoor => "front_door",
            Self::ControlPlane => "control_plane",
            Self::Deployment => "deployment",
            Self::Corruption => "corruption",
            Self::Certificate => "certificate",
            Self::FalseAlarm => "false_alarm",
            Self::Drill => "drill",
        }
    }

    /// Whether it strikes what belongs to no region.
    pub const fn is_global(self) -> bool {
        matches!(self, Self::Link | Self::FrontDoor)
    }
}

/// A part of a place that requests or recovery steps need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Component {
    /// The regional API.
    Api,
    /// Functions behind it.
    Function,
    /// The database.
    Database,
    /// The bucket.
    Objects,
    /// Sign-in and tokens.
    Identity,
    /// Encryption keys.
    Keys,
    /// Secrets.
    Secrets,
    /// Queues and events.
    Queue,
    /// Copies that leave the region.
    Replication,
    /// The region's control plane: scaling, promotion, anything created.
    ControlPlane,
    /// The endpoint as health checks see it; requests do not notice.
    Checks,
    /// The database as its canary sees it; requests do not notice.
    Canary,
    /// The content delivery network (global).
    Cdn,
    /// DNS answers (global).
    Dns,
    /// The accelerator's edge (global).
    Accelerator,
    /// Changes of DNS records, the CDN, its certificates and permissions, made in us-east-1 (global).
    GlobalControlPlane,
    /// Changes of the accelerator, its dials and weights among them, made in us-west-2 (global).
    AcceleratorControlPlane,
    /// The connection between the two regions (global).
    Link,
}

/// Number of components.
const COMPONENTS: usize = Component::Link as usize + 1;

/// A set of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Components(u32);

impl Components {
    /// None.
    pub const NONE: Self = Self(0);

    /// What serves requests in a region: unreachable from outside, all of it fails.
    pub const DATA_PLANE: Self = Self::of(&[
        Component::Api,
        Component::Function,
        Component::Database,
        Component::Objects,
        Component::Identity,
        Component::Keys,
        Component::Secrets,
        Component::Queue,
        Component::Replication,
    ]);

    /// A whole region.
    pub const REGION: Self = Self::DATA_PLANE.and(Self::of(&[Component::ControlPlane]));

    /// What does not belong to a region.
    pub const GLOBAL: Self = Self::of(&[
        Component::Cdn,
        Component::Dns,
        Component::Accelerator,
        Component::GlobalControlPlane,
        Component::AcceleratorControlPlane,
        Component::Link,
    ]);

    /// Control planes of what belongs to no region; each lives in one all the same.
    pub const GLOBAL_CONTROL: Self = Self::of(&[Component::GlobalControlPlane, Component::AcceleratorControlPlane]);

    /// These.
    pub const fn of(components: &[Component]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < components.len() {
            bits |= 1 << components[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    /// These and those.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These without those.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Words of scenarios and of the outage library, with what they stand for.
    pub const WORDS: [(&'static str, Self); 19] = [
        ("api", Self::of(&[Component::Api])),
        ("function", Self::of(&[Component::Function])),
        ("database", Self::of(&[Component::Database])),
        ("objects", Self::of(&[Component::Objects])),
        ("identity", Self::of(&[Component::Identity])),
        ("keys", Self::of(&[Component::Keys])),
        ("secrets", Self::of(&[Component::Secrets])),
        ("queue", Self::of(&[Component::Queue])),
        ("replication", Self::of(&[Component::Replication])),
        ("control_plane", Self::of(&[Component::ControlPlane])),
        ("network", Self::DATA_PLANE),
        ("checks", Self::of(&[Component::Checks])),
        ("canary", Self::of(&[Component::Canary])),
        ("cdn", Self::of(&[Component::Cdn])),
        ("dns", Self::of(&[Component::Dns])),
        ("accelerator", Self::of(&[Component::Accelerator])),
        ("global_control_plane", Self::of(&[Component::GlobalControlPlane])),
        ("accelerator_control_plane", Self::of(&[Component::AcceleratorControlPlane])),
        ("link", Self::of(&[Component::Link])),
    ];

    /// In words: "everything", "network", or the components by name.
    pub fn words(self) -> String {
        let whole = |all: Self| self.common(all) == all;
        if whole(Self::REGION) {
            return "everything".into();
        }
        if whole(Self::DATA_PLANE) {
            return "network".into();
        }
        let single = Self::WORDS.iter().filter(|(_, c)| c.0.is_power_of_two() && whole(*c));
        single.map(|(word, _)| word.replace('_', " ")).collect::<Vec<_>>().join(", ")
    }

    fn each(self) -> impl Iterator<Item = usize> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            let next = bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
            (next < 32).then_some(next as usize)
        })
    }
}

/// Which outage: a hash of the process it comes from and its ordinal there. Names the random streams of what follows
/// from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutageId(pub u64);

impl OutageId {
    /// The outage of this ordinal in a process.
    pub fn of(process: Purpose, ordinal: u64) -> Self {
        Self(RandomStream::new(0, 0, process, ordinal).next_u64())
    }
}

/// Some components of one place fail a share of the requests that need them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// A region's index, [`GLOBAL`] or [`ELSEWHERE`].
    pub place: usize,
    /// What fails.
    pub hits: Components,
    /// Share of requests that fail: 1 = down, below = grey.
    pub failing: f64,
    /// When it starts.
    pub from: SimTime,
    /// When it is repaired.
    pub until: SimTime,
    /// Whether health checks notice it, should they look there.
    pub seen: bool,
}

/// One outage, from its first effect to its last repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Its key.
    pub id: OutageId,
    /// Why.
    pub cause: Cause,
    /// When it starts.
    pub onset: SimTime,
    /// How long it lasts.
    pub duration: SimDuration,
    /// Whether it strikes both regions, so that neither survives the other.
    pub common: bool,
    first_effect: u32,
    effects: u32,
}

/// The outages that reach into one year, by onset, and their effects. Keeps its memory from year to year.
#[derive(Clone, Debug, Default)]
pub struct Outages {
    outages: Vec<Outage>,
    effects: Vec<Effect>,
}

impl Outages {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.outages.clear();
        self.effects.clear();
    }

    /// Adds an outage of these effects; none is added when there are no effects.
    pub fn push(
        &mut self,
        (id, cause): (OutageId, Cause),
        (onset, duration): (SimTime, SimDuration),
        common: bool,
        effects: impl IntoIterator<Item = Effect>,
    ) {
        let first = self.effects.len();
        self.effects.extend(effects);
        let effects = (self.effects.len() - first) as u32;
        if effects > 0 {
            let first_effect = first as u32;
            self.outages.push(Outage { id, cause, onset, duration, common, first_effect, effects });
        }
    }

    /// Puts them in the order of their onsets.
    pub fn sort(&mut self) {
        self.outages.sort_unstable_by_key(|o| (o.onset, o.cause, o.id));
    }

    /// All, by onset once sorted.
    pub fn all(&self) -> &[Outage] {
        &self.outages
    }

    /// What an outage hits.
    pub fn effects(&self, outage: &Outage) -> &[Effect] {
        &self.effects[outage.first_effect as usize..][..outage.effects as usize]
    }

    /// One effect, by its number among all.
    pub fn effect(&self, number: u32) -> Effect {
        self.effects[number as usize]
    }

    /// Numbers of an outage's effects among all.
    pub fn numbers(outage: &Outage) -> std::ops::Range<u32> {
        outage.first_effect..outage.first_effect + outage.effects
    }
}

/// What fails at an instant: a component fails as its worst effect says, whoever causes it.
#[derive(Clone, Debug, Default)]
pub struct Failing {
    active: Vec<(u32, Effect)>,
    share: [[f64; COMPONENTS]; PLACES],
    /// What fails at all, per place.
    hit: [Components; PLACES],
    changes: u64,
}

impl Failing {
    /// All well, keeping memory.
    pub fn reset(&mut self) {
        self.active.clear();
        self.share = [[0.0; COMPONENTS]; PLACES];
        self.hit = [Components::NONE; PLACES];
        self.changes += 1;
    }

    /// Grows whenever what fails may have changed.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// An effect starts; `number` names it.
    pub fn start(&mut self, number: u32, effect: Effect) {
        self.active.push((number, effect));
        self.recompute(effect);
    }

    /// It ends.
    pub fn end(&mut self, number: u32) {
        if let Some(at) = self.active.iter().position(|(n, _)| *n == number) {
            let (_, effect) = self.active.swap_remove(at);
            self.recompute(effect);
        }
    }

    fn recompute(&mut self, changed: Effect) {
        self.changes += 1;
        let Some(share) = self.share.get_mut(changed.place) else { return };
        for component in changed.hits.each() {
            share[component] = self
                .active
                .iter()
                .filter(|(_, e)| e.place == changed.place && e.hits.0 & (1 << component) != 0)
                .map(|(_, e)| e.failing)
                .fold(0.0, f64::max);
        }
        let holding = self.active.iter().filter(|(_, e)| e.place == changed.place);
        self.hit[changed.place] = holding.fold(Components::NONE, |all, (_, e)| all.and(e.hits));
    }

    /// Whether nothing fails anywhere.
    pub fn nothing(&self) -> bool {
        self.active.is_empty()
    }

    /// Share of requests that these components let through together, each failing independently.
    pub fn through(&self, place: usize, components: Components) -> f64 {
        let failing = components.common(self.hit[place]);
        failing.each().map(|c| 1.0 - self.share[place][c]).product()
    }

    /// Whether a component lets nothing through.
    pub fn down(&self, place: usize, component: Component) -> bool {
        self.share[place][component as usize] >= 1.0
    }

    /// Whether a check that exercises these components in a region sees one of them fail.
    pub fn seen(&self, place: usize, watched: Components) -> bool {
        let sees = |e: &Effect| e.seen && e.place == place && !e.hits.common(watched).is_empty();
        !self.hit[place].common(watched).is_empty() && self.active.iter().any(|(_, effect)| sees(effect))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(place: usize, hits: Components, failing: f64, seen: bool) -> Effect {
        Effect { place, hits, failing, from: SimTime::ZERO, until: SimTime::ZERO, seen }
    }

    #[test]
    fn two_effects_combine_as_the_worse_and_components_multiply() {
        let mut failing = Failing::default();
        let api = Components::of(&[Component::Api]);
        let both = Components::of(&[Component::Api, Component::Function]);
        failing.start(0, effect(0, api, 0.5, true));
        failing.start(1, effect(0, both, 0.2, false));
        assert!((failing.through(0, api) - 0.5).abs() < 1e-15);
        assert!((failing.through(0, both) - 0.5 * 0.8).abs() < 1e-15);
        assert!((failing.through(1, both) - 1.0).abs() < 1e-15);
        assert!(failing.seen(0, api) && !failing.seen(0, Components::of(&[Component::Function])));
        failing.end(0);
        assert!((failing.through(0, api) - 0.8).abs() < 1e-15);
        failing.end(1);
        assert!(failing.nothing() && (failing.through(0, both) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_service_is_down_while_any_outage_holds_it() {
        let mut failing = Failing::default();
        failing.start(7, effect(1, Components::REGION, 1.0, true));
        failing.start(9, effect(1, Components::of(&[Component::Database]), 1.0, true));
        failing.end(7);
        assert!(failing.down(1, Component::Database) && !failing.down(1, Component::Api));
    }

    #[test]
    fn what_happens_elsewhere_reaches_nobody() {
        let mut failing = Failing::default();
        failing.start(0, effect(ELSEWHERE, Components::REGION, 1.0, true));
        assert!((0..PLACES).all(|place| !failing.down(place, Component::Api)));
    }
}
