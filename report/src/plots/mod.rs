//! The figures: how long recovery takes, how much data is missing, where the time goes. Each as SVG and PNG.
//!
//! Drawn with plotters. Every figure states its finding in its title, computed from the outcome, and its sample sizes in
//! the caption; an architecture has the same colour everywhere. Same outcome, same bytes.

mod canvas;
mod ccdf;
mod curves;
mod duel;
mod front;
mod heat_map;
mod labels;
mod latency;
mod money;
mod qq;
mod sweep_curve;
mod timeline;
mod tornado;
mod waterfall;

use crate::files::ReportError;
use crate::wording::worst_year_title;
use crate::words::Lang;
use drsim_experiment::compare::{self, Duel};
use drsim_experiment::decide::sweep::Sweep;
use drsim_experiment::outcome::{DesignResult, Outcome};
use std::path::{Path, PathBuf};

pub use canvas::Sheet;
pub(crate) use canvas::{colour_index, escaped, themed};

/// A figure by its name, without extension.
#[derive(Clone, Debug)]
pub struct Picture {
    /// `recovery_ccdf`, `loss_ccdf`, `waterfall`, `latency`, `net_benefit`, `loss_exceedance`; for a sweep with what it shows.
    pub name: String,
    /// What it finds.
    pub title: String,
    /// Sample sizes, and how to read it.
    pub caption: String,
    /// Self-contained SVG with a title.
    pub svg: String,
}

impl Picture {
    /// A drawing that says everything itself.
    fn of(name: String, svg: String) -> Self {
        Self { name, title: String::new(), caption: String::new(), svg }
    }

    /// Its two files in `plots/`.
    ///
    /// # Errors
    /// As of [`Self::png`].
    pub fn files(self) -> Result<[(PathBuf, Vec<u8>); 2], ReportError> {
        let path = |extension: &str| Path::new("plots").join(format!("{}.{extension}", self.name));
        Ok([(path("png"), self.png()?), (path("svg"), self.svg.clone().into_bytes())])
    }

    /// The same picture as PNG, two pixels for each of the SVG.
    ///
    /// # Errors
    /// [`ReportError::Format`] should the SVG not be readable.
    pub fn png(&self) -> Result<Vec<u8>, ReportError> {
        canvas::png("a figure", &self.svg)
    }
}

/// Measured quantiles against fitted ones.
///
/// # Errors
/// [`ReportError::Format`] should the figure refuse to be drawn.
pub fn quantiles(fitted: &crate::fit::Fitted) -> Result<Picture, ReportError> {
    Ok(Picture::of("qq".into(), qq::qq(fitted)?))
}

/// All figures of an outcome, as files.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn draw(outcome: &Outcome, lang: Lang) -> Result<Vec<Picture>, ReportError> {
    let mut figures = vec![recovery, loss, waterfall];
    if !outcome.latency.is_empty() {
        figures.push(latency);
    }
    if outcome.losses.iter().any(|loss| loss.avoided.is_some()) {
        figures.push(worth);
    }
    if outcome.losses.iter().any(|loss| loss.any.estimate.is_some_and(|any| any > 0.0)) {
        figures.push(exceedance);
    }
    let mut pictures: Vec<Picture> =
        figures.iter().map(|figure| figure(outcome, Sheet::FILE, lang.words())).collect::<Result<_, _>>()?;
    if let Some(own) = proposed_against_baseline(outcome) {
        pictures.extend(of_comparison(outcome, &own, lang)?);
    }
    if let Some(year) = &outcome.worst_year {
        let w = lang.words();
        pictures.extend(worst_year(outcome, year, &worst_year_title(year, w), Sheet::FILE, w)?);
    }
    Ok(pictures)
}

/// The duel that stands for the rest.
pub(crate) fn proposed_against_baseline(outcome: &Outcome) -> Option<Duel> {
    let name = |is: fn(&DesignResult) -> bool| Some(&*outcome.designs.iter().find(|d| is(d))?.architecture);
    compare::duel(&outcome.duels, name(|d| d.is_proposed)?, name(|d| d.is_baseline)?)
}

/// Two designs against each other, and the front.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn of_comparison(outcome: &Outcome, found: &Duel, lang: Lang) -> Result<Vec<Picture>, ReportError> {
    let mut pictures = vec![duel(outcome, found, Sheet::FILE, lang.words())?];
    if !outcome.front.is_empty() {
        pictures.push(front(outcome, Sheet::FILE, lang.words())?);
    }
    Ok(pictures)
}

pub(crate) use ccdf::{loss, recovery};
pub(crate) use duel::duel;
pub(crate) use front::front;
pub(crate) use heat_map::map;
pub(crate) use latency::{latency, mean as mean_latency};
pub(crate) use money::{exceedance, worth};
pub(crate) use timeline::{Told, caption as timeline_caption, timeline, worst_year};
pub(crate) use tornado::tornado;
pub(crate) use waterfall::waterfall;

/// The figures of a sweep: a curve per measure, or a map per measure and design.
///
/// # Errors
/// [`ReportError::Format`] should a figure refuse to be drawn.
pub fn of_sweep(sweep: &Sweep, lang: Lang) -> Result<Vec<Picture>, ReportError> {
    let (w, plain) = (lang.words(), |words: &str| words.replace(|c: char| !c.is_alphanumeric() && c != '-', "_"));
    let mut pictures = Vec::new();
    for (m, asked) in sweep.asked.iter().enumerate() {
        let name = format!("sweep_{}", plain(&asked.name));
        if sweep.axes.len() == 1 {
            pictures.push(sweep_curve::curve(sweep, m, name, w)?);
            continue;
        }
        for (a, design) in sweep.architectures.iter().enumerate() {
            pictures.push(map(sweep, (a, m), format!("{name}_{}", plain(design)), (Sheet::FILE, w))?);
        }
    }
    Ok(pictures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_case_is_drawn_as_valid_svg_with_its_finding_as_title_and_no_number_that_is_none() {
        for (name, outcome) in sample::cases() {
            for picture in draw(&outcome, Lang::En).expect("plain data") {
                let svg = &picture.svg;
                assert!(svg.starts_with("<svg width=\"900\" height=\""), "{name}");
                assert!(
                    svg.lines().nth(1).is_some_and(|line| line.starts_with("<title>") && line.len() > 25),
                    "{name}"
                );
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} {}", picture.name);
                assert!(!svg.contains("href"), "self-contained");
                resvg::usvg::Tree::from_str(svg, &resvg::usvg::Options::default()).expect(name);
            }
        }
    }

    #[test]
    fn titles_state_the_finding() {
        let titles: Vec<String> = draw(&sample::outcome(), Lang::En)
            .expect("plain data")
            .iter()
            .filter_map(|p| Some(p.svg.lines().nth(1)?.replace("&lt;", "<")))
            .collect();
        assert!(titles[0].contains("reads back within 60 s in <0.01 % of outages (asked: 95 %)"), "{}", titles[0]);
        assert!(titles[1].contains("oldest missing file at most 30 s old in 1.53 % of cuts (asked: always)"));
        assert!(titles[2].contains("of the 102 s until reads are back, routing takes 67 s"), "{}", titles[2]);
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        let bytes = || {
            draw(&sample::outcome(), Lang::En).expect("plain data").iter().map(|p| p.svg.clone()).collect::<Vec<_>>()
        };
        assert_eq!(bytes(), bytes());
        let picture = &draw(&sample::one_design(), Lang::En).expect("plain data")[2];
        let png = picture.png().expect("plain data");
        assert_eq!(png, picture.png().expect("plain data"));
        assert!(png.starts_with(b"\x89PNG"));
    }

    #[test]
    fn no_text_runs_over_an_edge() {
        let edges = |svg: &str| {
            let tree = resvg::usvg::Tree::from_str(svg, &canvas::options()).expect("valid");
            let bounds = tree.root().children().iter().map(resvg::usvg::Node::abs_bounding_box);
            bounds.fold((0.0_f32, 0.0_f32), |(left, right), b| (left.min(b.left()), right.max(b.right())))
        };
        for (name, outcome) in sample::cases() {
            for picture in Lang::ALL.iter().flat_map(|lang| draw(&outcome, *lang).expect("plain data")) {
                let (left, right) = edges(&picture.svg);
                assert!(left >= 0.0 && right <= 900.5, "{name} {}: {left} .. {right}", picture.name);
            }
        }
    }
}
