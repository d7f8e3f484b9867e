//! Metrics of data: windows at the cuts, what became of what they left behind, what rests where.

use super::{PERCENTILES, Place, Rows, Summary, mean, over_worlds, share_of};
use crate::copy_times::CopyTimes;
use crate::data::{FATES, STORES};
use crate::outcome::Figure;
use drsim_sim::statistics::CaseMeans;

impl Summary<'_> {
    /// Everything about what was stored.
    pub(super) fn push_data(&self, rows: &mut Rows, a: usize) {
        let (level, tally) = (self.confidence, &self.tally.architectures[a].data);
        let pooled = Place { population: "", operation: "", store: "", cause: self.pooled_cause() };
        for (of, (_, store)) in tally.stores.iter().zip(STORES) {
            let at = Place { store, ..pooled };
            rows.percentiles("data_loss_window_seconds", at, "incident", &of.windows, level);
            let share = (share_of(&of.cuts, level), None);
            rows.push("cut_with_loss_share", at, "incident", "probability", share, "1");
            let endless = of.unbounded.successes() > 0;
            let items = if endless { unbounded(of.items.cases()) } else { (per_cut(&of.items, level), None) };
            rows.push("items_at_risk_per_cut", at, "incident", "mean", items, "items");
            if store == "objects" {
                let bytes = if endless { unbounded(tally.bytes.cases()) } else { (per_cut(&tally.bytes, level), None) };
                rows.push("bytes_at_risk_per_cut", at, "incident", "mean", bytes, "bytes");
            }
        }
        let at = Place { population: "overall", operation: "overall", ..pooled };
        let alone = (share_of(&tally.no_survivor, level), None);
        rows.push("no_survivor_share", at, "incident", "probability", alone, "1");
        let of = |store| Place { population: "", operation: "", store, cause: "" };
        let files = of("objects");
        let copies = self.scenario.architectures[a].copy.is_some();
        let worlds = if copies { &self.bytes_abroad[..] } else { &[0.0] };
        rows.push("bytes_copied_abroad", files, "year", "mean", (over_worlds(worlds), None), "bytes/year");
        if let Some(conflicts) = &self.key_conflicts[a] {
            rows.push("key_conflicts", files, "year", "mean", (*conflicts, None), "1/year");
        }
        let fates = FATES.into_iter().zip(tally.endless).zip(tally.fates(self.tally.replications));
        for (((metric, store, unit), endless), found) in fates {
            let found = if endless { unbounded(found.pooled().count()) } else { mean(&found, level) };
            rows.push(metric, of(store), "year", "mean", found, unit);
        }
        rows.percentiles("salvaged_rows_back_seconds", of("database"), "incident", &tally.salvaged, level);
        for (tally, (_, store)) in tally.stores.iter().zip(STORES) {
            for (metric, share) in [("kept_home_share", tally.kept_home), ("unbounded_share", tally.unbounded)] {
                rows.push(metric, of(store), "incident", "probability", (share_of(&share, level), None), "1");
            }
        }
        match &self.copy_times[a] {
            Some(CopyTimes::Known(laws)) => {
                for (p, name) in PERCENTILES {
                    let worlds: Vec<f64> = laws.iter().map(|law| law.quantile(p)).collect();
                    rows.push("object_copy_seconds", files, "object", name, (over_worlds(&worlds), None), "s");
                }
            }
            Some(CopyTimes::Sampled(times)) => rows.percentiles("object_copy_seconds", files, "object", times, level),
            None => {}
        }
        for found in &self.resting[a] {
            let per = if found.unit == "s" { "object" } else { "instant" };
            let figure = (over_worlds(&found.worlds), None);
            rows.push(&found.metric, of(found.store), per, found.statistic, figure, found.unit);
        }
    }
}

/// No mean, where some of `n` cases leave more than can be said.
fn unbounded(n: u64) -> (Figure, Option<String>) {
    let note = "unbounded: some incidents leave more than can be said (unbounded_share)";
    (Figure { n, ..Figure::default() }, Some(note.into()))
}

/// What cuts leave behind on average, none of it less than nothing.
fn per_cut(sums: &CaseMeans, level: f64) -> Figure {
    let interval = sums.estimate(level).map(|e| (e.interval.low.max(0.0), e.interval.high));
    Figure { estimate: sums.mean(), interval, range: None, n: sums.cases() }
}
