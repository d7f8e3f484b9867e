//! How long one request takes: the sum of its legs, from the client to the answer.
//!
//! client -> resolver -> front door -> region -> function and database, and for a forwarded write on to the writer's
//! region. A content network ends the client's connection at its edge and keeps connections to the regions open; an
//! accelerator ends TCP at its edge but leaves TLS to the region; without either both go the whole way.
//!
//! Assumptions: legs are independent; a trip takes its median plus the access network's share of the client, which varies
//! from client to client; a new connection costs one trip for TCP and one for TLS 1.3; a cache hit ends at the edge; an
//! upload asks for an address, sends the file at the client's uplink, and writes a row.
//!
//! Left out: queueing in a region that is short (see [`crate::capacity`]), lost packets, slow start of TCP.

use drsim_sim::distribution::Distribution;
use drsim_sim::random_stream::RandomStream;

/// A part of a request's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// Asking a resolver for the front door's address.
    Resolver,
    /// Opening a connection.
    Connection,
    /// Trips through the client's access network and to the front door.
    Client,
    /// Trips from the front door to the region.
    Region,
    /// Sending the file.
    Transfer,
    /// Function and local database.
    Function,
    /// Starting a function.
    ColdStart,
    /// Trips to the writer in another region.
    Forwarding,
    /// Waiting for one's own write to be replicated back.
    Consistency,
}

impl Leg {
    /// All of them, in the order of every table.
    pub const ALL: [Self; 9] = [
        Self::Resolver,
        Self::Connection,
        Self::Client,
        Self::Region,
        Self::Transfer,
        Self::Function,
        Self::ColdStart,
        Self::Forwarding,
        Self::Consistency,
    ];

    /// The name in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolver => "resolver",
            Self::Connection => "connection",
            Self::Client => "client",
            Self::Region => "region",
            Self::Transfer => "transfer",
            Self::Function => "function",
            Self::ColdStart => "cold_start",
            Self::Forwarding => "forwarding",
            Self::Consistency => "consistency",
        }
    }
}

/// Where a client's connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// TCP and TLS at the edge of a content network.
    AtTheEdge,
    /// TCP at the edge of an accelerator, TLS in the region.
    TlsInTheRegion,
    /// Both in the region.
    InTheRegion,
}

/// The way of one population's operation through one design.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Where connections end.
    pub ends: Ends,
    /// Round trip to the edge \[s\]; zero without one.
    pub edge_trip: f64,
    /// Round trip from the client's city to the region \[s\].
    pub region_trip: f64,
    /// What the client's access network adds to a trip \[s\].
    pub access: Distribution,
    /// Share of requests that look the name up beyond the device, and what that costs \[s\].
    pub lookup: (f64, Distribution),
    /// Share of requests that open a connection.
    pub new_connections: f64,
    /// Share answered by the edge's cache.
    pub hit_share: f64,
    /// Function and local database \[s\].
    pub function: Distribution,
    /// Share of requests that start a function, and what that costs \[s\].
    pub cold_start: (f64, f64),
    /// Trips to the writer's region and their length \[s\]; `None`: the writer is here, or none is needed.
    pub forwarding: Option<(f64, f64)>,
    /// How long one's own write takes to come back \[s\]; `None`: nobody waits.
    pub consistency: Option<Distribution>,
    /// Size of the file \[bytes\] and speed of the client's uplink \[bit/s\]; `None`: no upload.
    pub upload: Option<(Distribution, f64)>,
}

impl Route {
    /// One request: the seconds of each of [`Leg::ALL`].
    ///
    /// Every leg draws its numbers whether it needs them or not, so that two routes meet the same client.
    pub fn sample(&self, stream: &mut RandomStream) -> [f64; Leg::ALL.len()] {
        let mut legs = [0.0; Leg::ALL.len()];
        let access = self.access.sample(stream);
        let (looks_up, lookup) = (stream.uniform() < self.lookup.0, self.lookup.1.sample(stream));
        let opens = stream.uniform() < self.new_connections;
        let hit = stream.uniform() < self.hit_share;
        let function = self.function.sample(stream);
        let cold = stream.uniform() < self.cold_start.0;
        let nearby = if self.ends == Ends::InTheRegion { 0.0 } else { self.edge_trip };
        // Seen from an edge near the client the region is as far as from the client.
        let (to_door, onward) = (access + nearby, self.region_trip);
        let whole = to_door + onward;
        if looks_up {
            legs[Leg::Resolver as usize] = lookup;
        }
        if opens {
            legs[Leg::Connection as usize] = match self.ends {
                Ends::AtTheEdge => 2.0 * to_door,
                Ends::TlsInTheRegion => to_door + whole,
                Ends::InTheRegion => 2.0 * whole,
            };
        }
        legs[Leg::Client as usize] = to_door;
        if hit {
            return legs;
        }
        legs[Leg::Region as usize] = onward;
        legs[Leg::Function as usize] = function;
        if cold {
            legs[Leg::ColdStart as usize] = self.cold_start.1;
        }
        if let Some((trips, trip)) = self.forwarding {
            legs[Leg::Forwarding as usize] = trips * trip;
        }
        if let Some(lag) = &self.consistency {
            legs[Leg::Consistency as usize] = lag.sample(stream);
        }
        if let Some((size, uplink)) = &self.upload {
            // The address and the file are two more trips before the row.
            legs[Leg::Client as usize] += 2.0 * access + nearby;
            legs[Leg::Region as usize] += 2.0 * onward;
            legs[Leg::Transfer as usize] = 8.0 * size.sample(stream) / uplink;
        }
        legs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drsim_sim::random_stream::Purpose;

    fn route() -> Route {
        Route {
            ends: Ends::AtTheEdge,
            edge_trip: 0.010,
            region_trip: 0.080,
            access: Distribution::Constant { value: 0.030 },
            lookup: (0.0, Distribution::Constant { value: 0.020 }),
            new_connections: 0.0,
            hit_share: 0.0,
            function: Distribution::Constant { value: 0.100 },
            cold_start: (0.0, 0.5),
            forwarding: None,
            consistency: None,
            upload: None,
        }
    }

    fn sum(route: &Route) -> f64 {
        route.sample(&mut RandomStream::new(1, 0, Purpose::new("latency"), 0)).iter().sum()
    }

    #[test]
    fn legs_sum_to_what_arithmetic_says() {
        // 30 + 10 + 80 + 100 ms.
        assert!((sum(&route()) - 0.220).abs() < 1e-12);
        let forwarded = Route { forwarding: Some((1.0, 0.070)), ..route() };
        assert!((sum(&forwarded) - 0.290).abs() < 1e-12, "one writer abroad costs a round trip");
        let hit = Route { hit_share: 1.0, ..route() };
        assert!((sum(&hit) - 0.040).abs() < 1e-12, "a hit ends at the edge");
        let upload = Route { upload: Some((Distribution::Constant { value: 10e6 }, 10e6)), ..route() };
        // 10 MB at 10 Mbps take 8 s; address, file and row are three calls of 30 + 80 ms, two of them by the edge.
        assert!((sum(&upload) - (8.0 + 3.0 * 0.110 + 2.0 * 0.010 + 0.100)).abs() < 1e-12, "{}", sum(&upload));
    }

    #[test]
    fn a_new_connection_costs_what_the_front_door_leaves_to_the_region() {
        let opened = |ends| {
            let opens = Route { ends, new_connections: 1.0, ..route() };
            sum(&opens) - sum(&Route { new_connections: 0.0, ..opens.clone() })
        };
        assert!((opened(Ends::AtTheEdge) - 2.0 * 0.040).abs() < 1e-12);
        assert!((opened(Ends::TlsInTheRegion) - (0.040 + 0.120)).abs() < 1e-12);
        assert!((opened(Ends::InTheRegion) - 2.0 * 0.110).abs() < 1e-12);
    }

    #[test]
    fn shares_are_met() {
        let some = Route { hit_share: 0.8, cold_start: (0.01, 0.5), lookup: (0.05, route().lookup.1), ..route() };
        let n = 40_000;
        let (mut hits, mut colds) = (0, 0);
        for i in 0..n {
            let legs = some.sample(&mut RandomStream::new(1, 0, Purpose::new("latency"), i));
            hits += u32::from(legs[Leg::Region as usize] == 0.0);
            colds += u32::from(legs[Leg::ColdStart as usize] > 0.0);
        }
        // Four standard errors: 0.008 of the hits, and of 8,000 misses 1 % is 80 +- 36.
        assert!((f64::from(hits) / n as f64 - 0.8).abs() < 0.008);
        assert!((f64::from(colds) - 80.0).abs() < 36.0, "{colds}");
    }
}
