//! A sheet to draw on: plotters' SVG backend in logical pixels, one font, one palette.
//!
//! The PNG is the same SVG rendered by resvg, not plotters' bitmap backend: that one draws thick lines without
//! anti-aliasing, and two backends would be two pictures. Both measure and draw text with the Open Sans that is carried
//! along (`fonts/`), so neither depends on the fonts of the machine. Assumption: names are written in Latin, Greek or
//! Cyrillic; the PNG has no glyphs for other scripts.

use super::Picture;
use crate::files::ReportError;
use crate::table::{clean, cut_to, words};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, register_font};
use resvg::{tiny_skia, usvg};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

const REGULAR: &[u8] = include_bytes!("../../fonts/OpenSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/OpenSans-Bold.ttf");
const FAMILY: &str = "Open Sans";
/// What other viewers may put in its place.
const FALLBACKS: &str = "Open Sans, Segoe UI, Helvetica Neue, Arial, sans-serif";

/// Plotters places on whole pixels; these are smaller than a logical pixel, and the PNG has as many.
const SCALE: f64 = 2.0;

/// What a figure is drawn on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    /// Width in logical pixels.
    pub width: f64,
    /// Whether it stands alone: title and caption are drawn in. Otherwise they stand beside it.
    pub alone: bool,
}

impl Sheet {
    /// A file of its own.
    pub const FILE: Self = Self { width: 900.0, alone: true };
    /// In a page on a desk.
    pub const WIDE: Self = Self { width: 976.0, alone: false };
    /// In a page on a phone.
    pub const NARROW: Self = Self { width: 350.0, alone: false };

    /// Empty space left and right.
    pub(super) fn margin(self) -> f64 {
        if self.alone { 20.0 } else { 2.0 }
    }

    /// Whether there is room beside, not only below.
    pub(super) fn is_narrow(self) -> bool {
        self.width < 600.0
    }
}

/// Ink.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Ink on coloured areas, which are light in any theme.
pub(super) const INK_ON_COLOUR: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
/// Ink of lesser words.
pub(super) const GREY: RGBColor = RGBColor(0x66, 0x66, 0x66);
/// Lines of the grid.
pub(super) const GRID: RGBColor = RGBColor(0xE3, 0xE3, 0xE3);
/// Where a claim forbids a curve to be.
pub(super) const FORBIDDEN: RGBColor = RGBColor(0xF6, 0xEC, 0xE6);

/// Architectures that have a colour of their own.
pub(super) const COLOURS: usize = 10;

/// Okabe and Ito (2008), told apart by all common kinds of colour vision. Its yellow, too pale on white, is grey here;
/// then wine and olive of Paul Tol's muted scheme (2021).
const PALETTE: [RGBColor; COLOURS] = [
    RGBColor(0x00, 0x00, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0x99, 0x99, 0x99),
    RGBColor(0x88, 0x22, 0x55),
    RGBColor(0x99, 0x99, 0x33),
];

/// The colour of an architecture, by its index in the outcome, the same in every figure.
pub(super) fn colour(index: usize) -> RGBColor {
    PALETTE[colour_index(index)]
}

/// Its number among the colours.
pub(crate) fn colour_index(index: usize) -> usize {
    index % COLOURS
}

/// How a text stands to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

/// A text: size in logical pixels, weight, ink.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) ink: RGBColor,
}

/// Plain text of the figures.
pub(super) const BODY: Type = Type { size: 13.0, bold: false, ink: INK };
/// Text beside axes and in captions.
pub(super) const SMALL: Type = Type { size: 12.0, bold: false, ink: GREY };
/// Headings of panels.
pub(super) const HEADING: Type = Type { size: 14.0, bold: true, ink: INK };
/// The finding.
pub(super) const TITLE: Type = Type { size: 19.0, bold: true, ink: INK };

/// A rectangle in logical pixels, y downwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// Larger by so much on every side.
    pub(super) fn grown(self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Distance of a point, 0 inside.
    pub(super) fn distance(self, (x, y): (f64, f64)) -> f64 {
        let dx = (self.left - x).max(x - self.right).max(0.0);
        let dy = (self.top - y).max(y - self.bottom).max(0.0);
        dx.hypot(dy)
    }

    /// Whether the other lies inside.
    pub(super) fn holds(self, other: Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    /// Whether the two have a point in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// A place on paper for a value on an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    at_from: f64,
    at_to: f64,
    log: bool,
}

impl Scale {
    /// A linear axis.
    pub(super) fn linear(from: f64, to: f64, at_from: f64, at_to: f64) -> Self {
        Self { from, to, at_from, at_to, log: false }
    }

    /// A logarithmic axis; both ends are positive.
    pub(super) fn log(from: f64, to: f64, at_from: f64, at_to: f64) -> Self {
        Self { from: from.ln(), to: to.ln(), at_from, at_to, log: true }
    }

    /// The place of a value, kept within the axis.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.max(f64::MIN_POSITIVE).ln() } else { value };
        let share = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.at_from + share * (self.at_to - self.at_from)
    }
}

/// What draws.
pub(super) struct Canvas<'a> {
    /// What it is drawn on.
    pub(super) sheet: Sheet,
    area: DrawingArea<SVGBackend<'a>, Shift>,
    what: &'static str,
    notes: RefCell<String>,
}

impl Canvas<'_> {
    fn check<E: std::fmt::Display>(&self, result: Result<(), E>) -> Result<(), ReportError> {
        result.map_err(|error| ReportError::Format { what: self.what, reason: error.to_string() })
    }

    /// A filled rectangle.
    pub(super) fn fill(&self, area: Area, ink: RGBColor) -> Result<(), ReportError> {
        let corners = [place((area.left, area.top)), place((area.right, area.bottom))];
        self.check(self.area.draw(&Rectangle::new(corners, ink.filled())))
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[(f64, f64)], ink: RGBColor, width: f64) -> Result<(), ReportError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        self.check(self.area.draw(&PathElement::new(points, ink.stroke_width((width * SCALE).round() as u32))))
    }

    /// A pale area within points.
    pub(super) fn band(&self, points: &[(f64, f64)], ink: RGBColor) -> Result<(), ReportError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        self.check(self.area.draw(&Polygon::new(points, ink.mix(0.18).filled())))
    }

    /// A line through points in dashes, with gaps in between, both in logical pixels.
    pub(super) fn dashes(
        &self,
        points: &[(f64, f64)],
        ink: RGBColor,
        width: f64,
        dash: f64,
        gap: f64,
    ) -> Result<(), ReportError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        let style = ink.stroke_width((width * SCALE).round() as u32);
        let (dash, gap) = ((dash * SCALE) as i32, (gap * SCALE) as i32);
        self.check(self.area.draw(&DashedPathElement::new(points, dash, gap, style)))
    }

    /// Words shown while the pointer rests on an area.
    pub(super) fn note(&self, area: Area, words: &str) {
        let ((left, top), (right, bottom)) = (place((area.left, area.top)), place((area.right, area.bottom)));
        _ = writeln!(
            self.notes.borrow_mut(),
            r#"<rect x="{left}" y="{top}" width="{}" height="{}"><title>{}</title></rect>"#,
            right - left,
            bottom - top,
            escaped(words)
        );
    }

    /// Words with their vertical middle at y.
    pub(super) fn text(&self, (x, y): (f64, f64), words: &str, kind: Type, anchor: Anchor) -> Result<(), ReportError> {
        let horizontal = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let style = style(kind).pos(Pos::new(horizontal, VPos::Center));
        self.check(self.area.draw(&Text::new(printable(words), place((x, y)), style)))
    }
}

/// Makes the font known to plotters, once; whether it could be read.
static MEASURED: LazyLock<bool> = LazyLock::new(|| {
    register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok() && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
});

/// Width of words in logical pixels, as drawn.
///
/// Plotters measures a font by its height (ascender to descender: 1.362 em in Open Sans) and writes sizes into the SVG
/// as if every font were 1.24 em high; the ratio of the two makes the measure true (a test compares it with resvg's).
pub(super) fn width_of(words: &str, kind: Type) -> f64 {
    // Without the font every width would be 0, and what came first in a process would differ from the rest.
    LazyLock::force(&MEASURED);
    let measured = style(kind).font.layout_box(&printable(words)).map_or(0, |((left, _), (right, _))| right - left);
    f64::from(measured) / SCALE * 1.362 / 1.24
}

/// Words cut to a width in logical pixels.
pub(super) fn shortened(words: &str, kind: Type, width: f64) -> String {
    cut_to(words, width, |words| width_of(words, kind))
}

/// Words on lines of a width in logical pixels; what does not fit on the last of them is cut.
pub(super) fn wrapped(text: &str, kind: Type, width: f64, lines_max: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let last = lines.last_mut().expect("never empty");
        let longer = if last.is_empty() { word.clone() } else { format!("{last} {word}") };
        if last.is_empty() || width_of(&longer, kind) <= width || lines.len() == lines_max {
            *lines.last_mut().expect("never empty") = longer;
        } else {
            lines.push(word);
        }
    }
    lines.iter().map(|line| shortened(line, kind, width)).collect()
}

/// A figure between its title and its caption, both drawn in only where it stands alone. `draw` has so much height below the
/// place that it is given.
pub(super) fn framed(
    (name, what): (String, &'static str),
    (title, caption): (String, String),
    (sheet, height): (Sheet, f64),
    draw: impl FnOnce(&Canvas, f64) -> Result<(), ReportError>,
) -> Result<Picture, ReportError> {
    let inner = sheet.width - 2.0 * sheet.margin();
    let lines = |words: &str, kind, most| if sheet.alone { wrapped(words, kind, inner, most) } else { vec![] };
    let (titles, captions) = (lines(&title, TITLE, 3), lines(&caption, SMALL, 5));
    let top = if sheet.alone { 24.0 + 26.0 * titles.len() as f64 } else { 4.0 };
    let below = top + height;
    let foot = if sheet.alone { 20.0 + 17.0 * captions.len() as f64 } else { 4.0 };
    let svg = svg(what, &title, (sheet, below + foot), |canvas| {
        for (i, line) in titles.iter().enumerate() {
            canvas.text((sheet.margin(), 28.0 + 26.0 * i as f64), line, TITLE, Anchor::Left)?;
        }
        draw(canvas, top)?;
        for (i, line) in captions.iter().enumerate() {
            canvas.text((sheet.margin(), below + 14.0 + 17.0 * i as f64), line, SMALL, Anchor::Left)?;
        }
        Ok(())
    })?;
    Ok(Picture { name, title, caption, svg })
}

/// A finished figure as SVG: drawn by `draw` on a sheet of this height, under the title.
pub(super) fn svg(
    what: &'static str,
    title: &str,
    (sheet, height): (Sheet, f64),
    draw: impl FnOnce(&Canvas) -> Result<(), ReportError>,
) -> Result<String, ReportError> {
    let format = |reason: &str| ReportError::Format { what, reason: reason.into() };
    if !*MEASURED {
        return Err(format("the font cannot be read"));
    }
    let (mut text, width) = (String::new(), sheet.width);
    let notes = {
        let size = ((width * SCALE) as u32, (height * SCALE) as u32);
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let canvas = Canvas { sheet, area, what, notes: RefCell::default() };
        canvas.fill(Area { left: 0.0, top: 0.0, right: width, bottom: height }, WHITE)?;
        draw(&canvas)?;
        canvas.check(canvas.area.present())?;
        canvas.notes.take()
    };
    let (head, body) = text.split_once('>').ok_or_else(|| format("no SVG came out"))?;
    let view = head.find("viewBox").map_or("", |at| &head[at..]);
    let body = body.replace(&format!("font-family=\"{FAMILY}\""), &format!("font-family=\"{FALLBACKS}\""));
    let notes = if notes.is_empty() { notes } else { format!("<g class=\"notes\" fill-opacity=\"0\">\n{notes}</g>\n") };
    let body = body.replace("</svg>", &(notes + "</svg>"));
    let title = escaped(&printable(title));
    Ok(format!("<svg width=\"{width}\" height=\"{height}\" {view}>\n<title>{title}</title>{body}"))
}

/// The same figure with colours that follow the theme of a page: each becomes a custom property, with itself to fall
/// back on. `--a0` and on are the architectures.
pub(crate) fn themed(svg: &str) -> String {
    let named = [("ink", INK), ("grey", GREY), ("grid", GRID), ("forbidden", FORBIDDEN), ("paper", WHITE)];
    let named = named.into_iter().map(|(name, ink)| (name.to_owned(), ink));
    let architectures = PALETTE.into_iter().enumerate().map(|(i, ink)| (format!("a{i}"), ink));
    named.chain(architectures).fold(svg.to_owned(), |svg, (name, RGBColor(r, g, b))| {
        let hex = format!("#{r:02X}{g:02X}{b:02X}");
        svg.replace(&format!("\"{hex}\""), &format!("\"var(--{name},{hex})\""))
    })
}

/// How an SVG is read: with the font carried along and no other.
pub(super) fn options() -> usvg::Options<'static> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        Arc::new(fonts)
    });
    usvg::Options { fontdb: Arc::clone(&FONTS), font_family: FAMILY.into(), ..usvg::Options::default() }
}

/// The same figure as PNG.
pub(super) fn png(what: &'static str, svg: &str) -> Result<Vec<u8>, ReportError> {
    let format = |reason: String| ReportError::Format { what, reason };
    let tree = usvg::Tree::from_str(svg, &options()).map_err(|error| format(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(SCALE as f32).ok_or_else(|| format("no size".into()))?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).ok_or_else(|| format("no memory".into()))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE as f32, SCALE as f32), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| format(error.to_string()))
}

fn style(kind: Type) -> TextStyle<'static> {
    let weight = if kind.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(FAMILY), kind.size * SCALE, weight).color(&kind.ink)
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

/// Without the characters that XML forbids.
fn printable(words: &str) -> String {
    clean(words).replace(['\u{FFFE}', '\u{FFFF}'], " ")
}

pub(crate) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_wide_as_measured() {
        for kind in [TITLE, HEADING, BODY, SMALL] {
            let words = "adr_fast_checks: reads back within 60 s in <0.01 % of outages";
            let picture =
                svg("test", "", (Sheet::FILE, 50.0), |canvas| canvas.text((10.0, 25.0), words, kind, Anchor::Left))
                    .expect("plain");
            let png = tiny_skia::Pixmap::decode_png(&png("test", &picture).expect("plain")).expect("just written");
            let dark = |x: u32| (0..png.height()).any(|y| png.pixel(x, y).is_some_and(|p| p.red() < 200));
            let right = (0..png.width()).rev().find(|x| dark(*x)).expect("there is text");
            let drawn = f64::from(right) / SCALE - 10.0;
            let measured = width_of(words, kind);
            assert!((measured / drawn - 1.0).abs() < 0.03, "measured {measured}, drawn {drawn}");
        }
    }
}
