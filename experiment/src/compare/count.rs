//! What is counted of every pair of designs, year by year, in bounded memory.

use super::{ALL_PAIRS_UP_TO, Duel, MEASURES, OF_YEARS, row};
use crate::scenario::{Operation, OperationGroup, Scenario};
use crate::system::Incident;
use crate::tally::{Counted, Record, in_world, worst_of};
use drsim_sim::statistics::{PairedCases, PairedSketch};
use drsim_sim::time::{SimDuration, SimTime};

/// Groups of operations whose recovery times are compared, in the order of the measures.
const GROUPS: [OperationGroup; 3] =
    [OperationGroup::Overall, OperationGroup::Read, OperationGroup::One(Operation::Write)];

/// One design's year.
#[derive(Clone, Debug, Default)]
pub(crate) struct Year {
    /// In the order of the measures of years.
    pub(crate) values: [f64; OF_YEARS],
    incidents: Vec<Met>,
}

/// What a comparison needs of an incident. Infinite: no end.
#[derive(Clone, Debug)]
struct Met {
    onset: SimTime,
    /// By group; `None`: not interrupted.
    recovery: [Option<f64>; GROUPS.len()],
    /// Windows of files and rows at a cut; `None`: no cut.
    windows: [Option<f64>; 2],
}

impl Met {
    fn new(incident: &Incident) -> Self {
        let seconds = |d: SimDuration| if d.is_max() { f64::INFINITY } else { d.as_secs_f64() };
        let affected = || incident.effects.iter().filter(|e| e.affected);
        let recovery = |group| Some(worst_of(affected(), group, None)?.map_or(f64::INFINITY, seconds));
        let files = incident.objects.map_or(0.0, |o| seconds(o.window));
        let rows = incident.rows.map_or(0.0, |r| seconds(r.window));
        Self {
            onset: incident.onset,
            recovery: GROUPS.map(recovery),
            windows: [incident.objects_cut.then_some(files), incident.rows_cut.then_some(rows)],
        }
    }
}

impl Year {
    /// A year with incidents, and its values.
    pub(crate) fn new(records: &[Record], values: [f64; OF_YEARS]) -> Self {
        let own = records.iter().map(|r| &r.incident).filter(|i| i.starts_in_year());
        Self { values, incidents: own.map(Met::new).collect() }
    }

    /// What was met at each of these onsets.
    fn at(&self, onsets: &[SimTime]) -> Vec<At> {
        let at = |onset: &SimTime| {
            let own = self.incidents.iter().find(|met| met.onset == *onset);
            At {
                own: own.is_some(),
                until_back: std::array::from_fn(|group| self.until_back(*onset, group)),
                windows: own.map_or([None; 2], |met| met.windows),
            }
        };
        onsets.iter().map(at).collect()
    }

    /// From this onset until a group is served again: 0 where it never was not.
    fn until_back(&self, onset: SimTime, group: usize) -> f64 {
        let left = |met: &Met| {
            let recovery = met.recovery[group]?;
            if met.onset == onset {
                return Some(recovery);
            }
            Some(recovery - onset.saturating_since(met.onset).as_secs_f64())
        };
        self.incidents.iter().filter(|met| met.onset <= onset).filter_map(left).fold(0.0, f64::max)
    }
}

/// What one design met at an onset of any design's year.
#[derive(Clone, Copy, Debug)]
struct At {
    /// Whether it is an onset of its own.
    own: bool,
    until_back: [f64; GROUPS.len()],
    windows: [Option<f64>; 2],
}

/// The years of several designs, at the onsets of all.
fn side_by_side<'y>(years: impl Iterator<Item = &'y Year> + Clone) -> Vec<Vec<At>> {
    let mut onsets: Vec<SimTime> = years.clone().flat_map(|year| &year.incidents).map(|met| met.onset).collect();
    onsets.sort_unstable();
    onsets.dedup();
    years.map(|year| year.at(&onsets)).collect()
}

/// Two designs.
#[derive(Debug)]
struct Pair {
    a: usize,
    b: usize,
    /// The measures of years, in the order of [`MEASURES`]; then those of outages.
    years: Vec<PairedCases>,
    outages: Vec<PairedSketch>,
    /// Those of one year and measure.
    cases: Vec<(f64, f64)>,
}

/// Every pair of designs that is compared.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    worlds: u64,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// Nothing counted yet. The proposed design comes first in its pairs, the baseline last.
    pub(crate) fn new(scenario: &Scenario, worlds: u64) -> Self {
        let designs = scenario.architectures.len();
        let (proposed, baseline) = (scenario.proposed, scenario.baseline);
        let mut pairs = Vec::new();
        for a in 0..designs {
            for b in a + 1..designs {
                let (a, b) = if b == proposed || a == baseline { (b, a) } else { (a, b) };
                let asked = |one| one == proposed || one == baseline;
                if designs <= ALL_PAIRS_UP_TO || asked(a) || asked(b) {
                    pairs.push(Pair::new(a, b, worlds as usize));
                }
            }
        }
        Self { worlds, pairs }
    }

    /// Adds replications in which any design had an incident.
    pub(crate) fn add(&mut self, years: &[Counted]) {
        let quiet = Year::default();
        let of = |year: &Counted| side_by_side(year.met.iter().map(|met| met.as_ref().unwrap_or(&quiet)));
        let met: Vec<Vec<Vec<At>>> = years.iter().map(of).collect();
        for pair in &mut self.pairs {
            for (year, met) in years.iter().zip(&met) {
                let [a, b] = [&year.met[pair.a], &year.met[pair.b]];
                if a.is_some() || b.is_some() {
                    let stratum = (year.replication % self.worlds) as usize;
                    let values = [a, b].map(|year| year.as_ref().unwrap_or(&quiet).values);
                    pair.add(stratum, values, [&met[pair.a], &met[pair.b]]);
                }
            }
        }
    }

    /// What came of it; `with_loss`: whether losses were counted. `replications` include the quiet ones.
    pub(crate) fn duels(&self, scenario: &Scenario, replications: u64, level: f64, with_loss: bool) -> Vec<Duel> {
        let name = |a: usize| scenario.architectures[a].name.clone();
        let one = |pair: &Pair| {
            let quiet = |world: u64, cases: &PairedCases| {
                in_world(replications, self.worlds, world) - cases.replications(world as usize)
            };
            let (of_years, of_outages) = MEASURES.split_at(OF_YEARS);
            let years = of_years.iter().zip(&pair.years).filter(|(m, _)| with_loss || m.metric != "loss");
            let years = years.filter_map(|(measure, cases)| {
                let mut cases = cases.clone();
                (0..self.worlds).for_each(|w| cases.add_quiet(w as usize, quiet(w, &cases), true));
                row(measure, &cases, None, level)
            });
            let outages = of_outages.iter().zip(&pair.outages).filter_map(|(measure, sketch)| {
                let mut cases = sketch.cases().clone();
                (0..self.worlds).for_each(|w| cases.add_quiet(w as usize, quiet(w, &cases), false));
                row(measure, &cases, Some(sketch), level)
            });
            let rows = years.chain(outages);
            Duel { architecture: name(pair.a), against: name(pair.b), rows: rows.collect() }
        };
        self.pairs.iter().map(one).collect()
    }
}

impl Pair {
    fn new(a: usize, b: usize, worlds: usize) -> Self {
        let (of_years, of_outages) = MEASURES.split_at(OF_YEARS);
        let years = of_years.iter().map(|_| PairedCases::new(worlds)).collect();
        let outages = of_outages.iter().map(|_| PairedSketch::new(worlds)).collect();
        Self { a, b, years, outages, cases: Vec::new() }
    }

    /// A year of both: its values, and what either met at the same onsets.
    fn add(&mut self, stratum: usize, [a, b]: [[f64; OF_YEARS]; 2], [met_a, met_b]: [&[At]; 2]) {
        for (cases, values) in self.years.iter_mut().zip(a.into_iter().zip(b)) {
            cases.add(stratum, &[values]);
        }
        let met = || met_a.iter().zip(met_b).filter(|(a, b)| a.own || b.own);
        let (of_recovery, of_windows) = self.outages.split_at_mut(GROUPS.len());
        for (group, sketch) in of_recovery.iter_mut().enumerate() {
            let both = met().map(|(a, b)| (a.until_back[group], b.until_back[group]));
            self.cases.extend(both.filter(|(a, b)| *a > 0.0 || *b > 0.0));
            sketch.add(stratum, &self.cases);
            self.cases.clear();
        }
        for (store, sketch) in of_windows.iter_mut().enumerate() {
            self.cases.extend(met().filter_map(|(a, b)| a.windows[store].zip(b.windows[store])));
            sketch.add(stratum, &self.cases);
            self.cases.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(onset: i64, recovery: f64, window: Option<f64>) -> Met {
        Met {
            onset: SimTime::from_nanos(onset * 1_000_000_000),
            recovery: [Some(recovery), None, None],
            windows: [window, None],
        }
    }

    #[test]
    fn an_outage_within_an_earlier_incident_counts_from_its_own_onset() {
        // A: outages at 0 s and 100 s lie in one incident that ends at 150 s. B: back after 30 s, then not interrupted.
        let a = Year { values: [0.0; OF_YEARS], incidents: vec![met(0, 150.0, Some(9.0))] };
        let b = Year { values: [0.0; OF_YEARS], incidents: vec![met(0, 30.0, Some(4.0)), met(100, 60.0, None)] };
        assert!((a.until_back(SimTime::from_nanos(100_000_000_000), 0) - 50.0).abs() < 1e-9);
        let mut pair = Pair::new(0, 1, 1);
        let met = side_by_side([&a, &b].into_iter());
        for _ in 0..2 {
            pair.add(0, [a.values, b.values], [&met[0], &met[1]]);
        }
        // At 0 s B is sooner back (30 against 150), at 100 s A is (50 against 60).
        let overall = pair.outages[0].cases();
        assert_eq!(overall.count(), 4);
        assert_eq!(overall.shares(0.95).unwrap().map(|e| (4.0 * e.value).round() as u8), [2, 0, 2]);
        assert!((overall.means(0.95).unwrap().difference.value - 55.0).abs() < 1e-9); // (120 - 10) / 2
        assert_eq!(pair.outages[1].cases().count(), 0, "reads were never interrupted");
        assert_eq!(pair.outages[3].cases().count(), 2, "files: only where both cut over");
    }
}
