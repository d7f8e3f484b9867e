//! What becomes of data, counted: windows at the cuts, what they left behind, and the fate of it.

use crate::scenario::Store;
use crate::system::Incident;
use crate::tally::{Cell, Record, Worlds};
use drsim_models::fate::Lacking;
use drsim_sim::statistics::{CaseMeans, RatioSums, StratifiedMean};

/// What becomes of data in a year, in the order of every table: metric, store, unit.
pub const FATES: [(&str, &str, &str); 10] = [
    ("items_lost", "objects", "items/year"),
    ("items_unavailable", "objects", "items/year"),
    ("rows_without_file", "objects", "rows/year"),
    ("files_without_row", "objects", "items/year"),
    ("deleted_files_back", "objects", "items/year"),
    ("items_lost", "database", "items/year"),
    ("items_salvaged", "database", "items/year"),
    ("rows_on_both_sides", "database", "rows/year"),
    ("needless_promotions", "database", "1/year"),
    ("commits_stalled_minutes", "database", "min/year"),
];

/// How an incident adds to each of [`FATES`]; infinite where it is more than can be said.
fn fates_of(incident: &Incident) -> [f64; FATES.len()] {
    let objects = incident.objects.unwrap_or_default();
    let rows = incident.rows.unwrap_or_default();
    let items = |found: Lacking| if found.window.is_max() { f64::INFINITY } else { found.items as f64 };
    [
        items(objects.lost),
        items(objects.unavailable),
        objects.orphaned as f64,
        objects.rowless as f64,
        objects.deleted_back as f64,
        items(rows.lost),
        items(rows.salvaged),
        rows.both_sides as f64,
        f64::from(incident.needless),
        incident.stalled.as_secs_f64() / 60.0,
    ]
}

/// The stores, in the order of every table, with their names.
pub const STORES: [(Store, &str); 2] = [(Store::Objects, "objects"), (Store::Database, "database")];

/// What is counted of one store.
#[derive(Clone, Debug)]
pub struct StoreTally {
    /// Windows of the incidents that left something behind.
    pub windows: Cell,
    /// Incidents with a cut: those that left something, of all.
    pub cuts: RatioSums,
    /// Items left behind per cut.
    pub items: CaseMeans,
    /// Incidents that left more than can be said, of all.
    pub unbounded: RatioSums,
    /// Incidents in which data had no copy because a rule keeps them home, of all.
    pub kept_home: RatioSums,
}

/// What is counted of data.
#[derive(Clone, Debug)]
pub struct DataTally {
    /// By store, in the order of [`STORES`].
    pub stores: [StoreTally; 2],
    /// Bytes of files left behind per cut.
    pub bytes: CaseMeans,
    /// Incidents in which a region failed and none was left to hold what it held, of all.
    pub no_survivor: RatioSums,
    /// From a promotion until rows that were salvaged are there again.
    pub salvaged: Cell,
    fates: [Worlds; FATES.len()],
    /// Whether some incident added more than can be said.
    pub endless: [bool; FATES.len()],
}

impl DataTally {
    /// Nothing yet.
    pub fn new(worlds: u64) -> Self {
        let store = || StoreTally {
            windows: Cell::new(),
            cuts: RatioSums::default(),
            items: CaseMeans::default(),
            unbounded: RatioSums::default(),
            kept_home: RatioSums::default(),
        };
        Self {
            stores: [store(), store()],
            bytes: CaseMeans::default(),
            no_survivor: RatioSums::default(),
            salvaged: Cell::new(),
            fates: std::array::from_fn(|_| Worlds::new(worlds)),
            endless: [false; FATES.len()],
        }
    }

    /// One architecture's incidents of one replication.
    pub fn add(&mut self, replication: u64, records: &[Record]) {
        let own = || records.iter().map(|record| &record.incident).filter(|incident| incident.starts_in_year());
        let count = |holds: &dyn Fn(&Incident) -> bool| own().filter(|incident| holds(incident)).count() as u64;
        let mut fates = [0.0; FATES.len()];
        for incident in own() {
            for ((sum, endless), more) in fates.iter_mut().zip(&mut self.endless).zip(fates_of(incident)) {
                if more.is_finite() { *sum += more } else { *endless = true }
            }
        }
        self.fates.iter_mut().zip(fates).for_each(|(worlds, value)| worlds.add(replication, value));
        let all = count(&|_| true);
        if all == 0 {
            return;
        }
        self.no_survivor.add(count(&|incident| incident.no_survivor), all);
        for (s, (tally, (store, _))) in self.stores.iter_mut().zip(STORES).enumerate() {
            let cuts = count(&|incident| incident.cut(store));
            let left = || own().filter_map(|incident| incident.lacking(store, None));
            tally.unbounded.add(left().filter(|found| found.window.is_max()).count() as u64, all);
            tally.kept_home.add(count(&|incident| incident.kept_home[s]), all);
            if cuts > 0 {
                let with_loss = count(&|incident| incident.cut(store) && incident.lacking(store, None).is_some());
                tally.cuts.add(with_loss, cuts);
                tally.items.add(left().map(|found| found.items).sum::<u64>() as f64, cuts);
                if store == Store::Objects {
                    self.bytes.add(own().filter_map(|i| i.objects).map(|o| o.bytes.0 as f64).sum(), cuts);
                }
            }
            left().for_each(|found| tally.windows.add(Some(found.window)));
            tally.windows.end_replication();
        }
        own().filter_map(|incident| incident.salvaged_after).for_each(|after| self.salvaged.add(Some(after)));
        self.salvaged.end_replication();
    }

    /// Every distribution.
    pub(crate) fn cells(&mut self) -> impl Iterator<Item = &mut Cell> {
        self.stores.iter_mut().map(|store| &mut store.windows).chain([&mut self.salvaged])
    }

    /// Means a year of [`FATES`], quiet years included.
    pub fn fates(&self, replications: u64) -> impl Iterator<Item = StratifiedMean> + '_ {
        self.fates.iter().map(move |worlds| worlds.read(replications))
    }
}
