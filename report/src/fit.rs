//! What `drsim fit` found: a table, a sentence, and lines to paste into a scenario.

use crate::format::count as thousands;
use crate::held_out::HeldOut;
use drsim_experiment::measurements::Measurements;
use drsim_experiment::quantity::{self, Unit};
use drsim_sim::Distribution;
use drsim_sim::fit::{Family, Fit, Sample, effective_size, fit, fit_all, kaplan_meier};
use drsim_sim::statistics::Interval;
use std::fmt::Write as _;

/// Below this chance a family is called refuted by the data.
pub const LEVEL: f64 = 0.05;

/// A refuted family this near to the data everywhere may still serve.
pub const NEAR: f64 = 0.03;

/// Fewer values than this let wrong families pass.
const FEW: usize = 30;

/// Fewer values say nothing about two kinds of them.
const FEWEST_OF_TWO_KINDS: usize = 20;

/// A series worth less than this share of its length is said to remember.
const REMEMBERS: f64 = 0.8;

/// What was measured and fitted.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Name of the file.
    pub file: String,
    /// What it holds.
    pub measured: Measurements,
    /// The same, checked.
    pub sample: Sample,
    /// Independent values it is worth.
    pub worth: f64,
    /// The families, best first.
    pub fits: Vec<Fit>,
    /// Path of the scenario that the values are for; `None`: it is not said.
    pub path: Option<String>,
    /// The best fit, scored on values that it has not seen.
    pub held_out: Option<HeldOut>,
}

/// What is to be thought of a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The data do not speak against it.
    Fits,
    /// They do, but it is near everywhere.
    Near,
    /// They do.
    Refuted,
}

/// Judges one fit by both tests.
pub fn judge(fit: &Fit) -> Judgement {
    if fit.ks_p.min(fit.ad_p) >= LEVEL {
        Judgement::Fits
    } else if fit.goodness.kolmogorov_smirnov <= NEAR {
        Judgement::Near
    } else {
        Judgement::Refuted
    }
}

/// How many independent values measurements are worth: neighbours in time may be alike.
pub(crate) fn worth(measured: &Measurements) -> f64 {
    let series: Vec<f64> = measured.observations.iter().map(|o| o.value).collect();
    if measured.span().is_some() { effective_size(&series) } else { series.len() as f64 }
}

impl Fitted {
    /// Fits every family. `file` is what the source calls the data; `to` what the values are: `lag`, `duration`, `copy`
    /// or a path of the scenario; `rounds` samples are simulated for p-values and ranges.
    ///
    /// # Errors
    /// When nothing can be fitted to the values.
    pub fn new(
        file: String,
        measured: Measurements,
        to: Option<&str>,
        seed: u64,
        rounds: u64,
    ) -> Result<Self, drsim_sim::fit::Error> {
        let sample = Sample::new(measured.observations.clone())?;
        let worth = worth(&measured);
        let mut fits = fit_all(&sample, seed, rounds, worth);
        // Five parameters fit much: only where nothing simpler does.
        if !fits.iter().any(|f| judge(f) == Judgement::Fits) && sample.events() >= FEWEST_OF_TWO_KINDS {
            fits.extend(fit(&sample, Family::Mixture, seed, rounds, worth));
            fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
        }
        let path = to.map(|to| match to {
            "lag" => "database.lag".to_owned(),
            "duration" => "outages.region.duration".to_owned(),
            "copy" => "objects.copy_delay_without_rtc".to_owned(),
            path => path.to_owned(),
        });
        Ok(Self { file, measured, sample, worth, fits, path, held_out: None })
    }

    /// Scores the best family on later values that were held out of the fit.
    ///
    /// # Errors
    /// When there are too few of them.
    pub fn scored(self, later: Measurements, seed: u64, rounds: u64) -> Result<Self, drsim_sim::fit::Error> {
        let Some((best, _)) = self.best() else { return Ok(self) };
        let held_out = HeldOut::new(best, (&self.sample, self.worth), later, seed, rounds)?;
        Ok(Self { held_out: Some(held_out), ..self })
    }

    /// The best family by Akaike's criterion among those that fit, or else among those that are near; otherwise the best.
    pub fn best(&self) -> Option<(&Fit, Judgement)> {
        [Judgement::Fits, Judgement::Near, Judgement::Refuted]
            .into_iter()
            .find_map(|wanted| self.fits.iter().find(|f| judge(f) == wanted).map(|f| (f, wanted)))
    }

    /// The page.
    pub fn text(&self) -> String {
        let mut page = self.head();
        let steps = kaplan_meier(&self.sample);
        let measured = |p: f64| steps.iter().find(|(_, share)| *share >= p).map_or("-".into(), |(x, _)| time(*x));
        let mean = if self.sample.events() == self.sample.size() {
            time(self.sample.observations().iter().map(|o| o.value).sum::<f64>() / self.sample.size() as f64)
        } else {
            "-".into()
        };
        let columns = ["", "P50", "P95", "mean", "gap", "KS p", "AD p", "AIC", "BIC", ""];
        _ = writeln!(page, "\n{}", row(&columns.map(str::to_owned)));
        _ = writeln!(page, "{}", row(&["data".into(), measured(0.5), measured(0.95), mean].map(|s: String| s)));
        let least = |of: fn(&Fit) -> f64| self.fits.iter().map(of).fold(f64::INFINITY, f64::min);
        let (aic, bic) = (least(|f| f.aic), least(|f| f.bic));
        for fit in &self.fits {
            let mean = fit.distribution.mean();
            let word = match judge(fit) {
                Judgement::Fits => "fits",
                Judgement::Near => "near",
                Judgement::Refuted => "does not fit",
            };
            let cells = [
                fit.family.name().to_owned(),
                length(fit.distribution.quantile(0.5)),
                length(fit.distribution.quantile(0.95)),
                length(mean),
                format!("{:.1} %", fit.goodness.kolmogorov_smirnov * 100.0),
                format!("{:.2}", fit.ks_p),
                format!("{:.2}", fit.ad_p),
                format!("+{:.1}", fit.aic - aic),
                format!("+{:.1}", fit.bic - bic),
                word.to_owned(),
            ];
            _ = writeln!(page, "{}", row(&cells));
        }
        page.push_str(
            "  gap: largest difference to the data in P(<= x); KS, AD: chance of a worse Kolmogorov-Smirnov or\n  \
             Anderson-Darling distance if the family were true, parameters fitted anew each time;\n  \
             AIC, BIC: above the best\n\n",
        );
        let best = self.best().map_or("", |(fit, _)| fit.family.name());
        page + &self.held_out.as_ref().map_or(String::new(), |held_out| held_out.text(best) + "\n") + &self.answer()
    }

    fn head(&self) -> String {
        let n = self.sample.size();
        let mut head = format!("{}, {}: {} values", self.file, self.measured.column, thousands(n as u64));
        if let Some((from, to)) = self.measured.span() {
            _ = write!(head, ", {from} .. {to}");
        }
        let censored = n - self.sample.events();
        for (count, what) in [
            (censored, "only known to be at least that (censored)"),
            (self.measured.zeros, "of 0 left out: shorter than the unit can say"),
            (self.measured.empty, "rows without a value"),
        ] {
            if count > 0 {
                _ = write!(head, "\n  {} {what}", thousands(count as u64));
            }
        }
        if self.remembers() {
            _ = write!(
                head,
                "\n  worth about {} independent values: neighbours are alike. Ranges are widened; p-values come out too\n  \
                 small, so a family that \"does not fit\" may",
                thousands(self.worth as u64)
            );
        }
        if n < FEW {
            _ = write!(head, "\n  few values: families that are wrong pass the tests too");
        }
        head + "\n"
    }

    fn remembers(&self) -> bool {
        self.worth < REMEMBERS * self.sample.size() as f64
    }

    fn answer(&self) -> String {
        let Some((fit, judgement)) = self.best() else { return "ANSWER  No family could be fitted.\n".into() };
        let name = fit.family.name();
        let gap = fit.goodness.kolmogorov_smirnov * 100.0;
        let others: Vec<&str> = self
            .fits
            .iter()
            .filter(|f| f.family != fit.family && judge(f) == judgement)
            .map(|f| f.family.name())
            .collect();
        let also = if others.is_empty() { String::new() } else { format!(" So does {}.", others.join(", ")) };
        let said = match judgement {
            Judgement::Fits => format!("{name} fits: it is never further than {gap:.1} % from the data.{also}"),
            Judgement::Near => format!(
                "No family fits: so many values show every difference. {name} is never further than {gap:.1} % from the\n        \
                 data, which may be near enough."
            ),
            Judgement::Refuted => format!(
                "Nothing fits. The least bad, {name}, is {gap:.1} % from the data somewhere. The lines below are commented\n        \
                 out: look at the plot, split the data by cause, or say `basis = \"estimated\"`."
            ),
        };
        format!("ANSWER  {said}\n\n{}", self.lines(fit, judgement == Judgement::Refuted))
    }

    /// Lines to paste into a scenario, commented out when nothing fits; empty when nothing could be fitted.
    pub fn scenario_lines(&self) -> String {
        let lines = |(fit, judgement): (&Fit, Judgement)| self.lines(fit, judgement == Judgement::Refuted);
        self.best().map(lines).unwrap_or_default()
    }

    fn lines(&self, fit: &Fit, commented: bool) -> String {
        let (table, key) = self.path.as_deref().and_then(|p| p.rsplit_once('.')).unwrap_or(("", "measured"));
        let parameter = |key: &str, value: f64, range: Interval| {
            let range = format!("range = [{:?}, {:?}]", time(range.low), time(range.high));
            format!("{key} = {{ value = {:?}, {range} }}", time(value))
        };
        let law = &fit.distribution;
        let parameters = match fit.family {
            Family::Mixture => vec![parts(law)],
            Family::Exponential => vec![parameter("mean", law.mean(), fit.mean_range)],
            _ => vec![
                parameter("p50", law.quantile(0.5), fit.median_range),
                parameter("p95", law.quantile(0.95), fit.p95_range),
            ],
        };
        let mut parts = vec![format!("dist = {:?}", fit.family.name())];
        parts.extend(parameters);
        let longest = self.sample.observations().last().map_or(0.0, |o| o.value);
        let needs_max = table.starts_with("outages");
        if needs_max {
            // The scenario asks for one, of at most 60 days; nothing longer was seen.
            parts.push(format!("max = {:?}", time((2.0 * longest).min(60.0 * 86_400.0))));
        }
        let span = self.measured.span();
        let when = span.map_or(String::new(), |(from, to)| format!(", {from} .. {to}"));
        let n = thousands(self.sample.size() as u64);
        let source = format!("{}, {}, {n} values{when} (drsim fit)", self.file, self.measured.column);
        let basis = if commented { "estimated" } else { "measured" };
        parts.push(format!("basis = {basis:?}, source = {source:?}"));
        if let Some(month) = span.and_then(|(_, to)| month(to)) {
            parts.push(format!("as_of = {month:?}"));
        }
        let mut lines = if table.is_empty() {
            "# Paste where it belongs, or say --to database.lag, --to outages.region.duration, …\n".to_owned()
        } else {
            format!("# Into the table [{table}] of the scenario\n")
        };
        if needs_max {
            lines.push_str("# max: twice the longest seen; beyond it there are no data\n");
        }
        if fit.family == Family::Mixture {
            lines.push_str("# two kinds of values; ranges of the parts are not estimated: split by cause if you can\n");
        }
        let mark = if commented { "# " } else { "" };
        _ = writeln!(lines, "{mark}{key} = {{ {} }}", parts.join(", "));
        lines
    }
}

/// The parts of a mixture.
fn parts(law: &Distribution) -> String {
    let Distribution::Mixture { parts } = law else { return String::new() };
    // Whole per mille that sum to one.
    let first = (1000.0 * parts.first().map_or(0.0, |(weight, _)| *weight)).round();
    let one = |(i, (_, law)): (usize, &(f64, Distribution))| {
        let weight = if i == 0 { first } else { 1000.0 - first } / 10.0;
        let (p50, p95) = (time(law.quantile(0.5)), time(law.quantile(0.95)));
        format!("{{ weight = \"{weight} %\", dist = \"lognormal\", p50 = {p50:?}, p95 = {p95:?} }}")
    };
    format!("parts = [{}]", parts.iter().enumerate().map(one).collect::<Vec<_>>().join(", "))
}

/// `2026-11` of a time such as `2026/11/02 00:00:00` or `2026-11-02T00:00Z`.
fn month(time: &str) -> Option<String> {
    let month: String = time.chars().take(7).map(|c| if c == '/' { '-' } else { c }).collect();
    let digits = |s: &str| s.len() > 1 && s.chars().all(|c| c.is_ascii_digit());
    month.split_once('-').is_some_and(|(y, m)| y.len() == 4 && digits(y) && m.len() == 2 && digits(m)).then_some(month)
}

fn row(cells: &[String]) -> String {
    let widths = [12, 9, 9, 9, 8, 6, 6, 8, 8];
    let mut line = String::new();
    for (i, cell) in cells.iter().enumerate() {
        match widths.get(i) {
            Some(width) if i == 0 => _ = write!(line, "{cell:<width$}"),
            Some(width) => _ = write!(line, "{cell:>width$}"),
            None => _ = write!(line, "  {cell}"),
        }
    }
    line.trim_end().to_owned()
}

/// A time that no line of a scenario holds, as the tails of a family that does not fit are.
fn length(seconds: f64) -> String {
    match seconds {
        s if s.is_infinite() => "infinite".into(),
        s if s > 3e9 => "> 100 y".into(),
        s => time(s),
    }
}

/// A time in three digits, in the unit it is read best in.
pub(crate) fn time(seconds: f64) -> String {
    let (worth, unit) = match seconds {
        s if s < 1.0 => (1e-3, "ms"),
        s if s < 120.0 => (1.0, "s"),
        s if s < 7200.0 => (60.0, "min"),
        s if s < 172_800.0 => (3600.0, "h"),
        _ => (86_400.0, "d"),
    };
    let rounded: f64 = format!("{:.2e}", seconds / worth).parse().unwrap_or(seconds);
    let text = format!("{rounded} {unit}");
    if quantity::read(&text, Unit::Seconds).is_ok() { text } else { format!("{seconds} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_can_be_read_back() {
        let shown = [0.000_123_4, 0.2346, 59.96, 7199.0, 7201.0, 5.0 * 86_400.0].map(time);
        assert_eq!([1e300, f64::INFINITY].map(length), ["> 100 y", "infinite"]);
        assert_eq!(shown, ["0.123 ms", "235 ms", "60 s", "120 min", "2 h", "5 d"]);
    }

    #[test]
    fn months_are_found_in_times_as_exports_write_them() {
        assert_eq!(month("2026/11/02 00:00:00").as_deref(), Some("2026-11"));
        assert_eq!(month("2026-11-02T00:00Z").as_deref(), Some("2026-11"));
        assert_eq!(month("7923456.0"), None);
    }
}
