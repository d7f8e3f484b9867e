//! The claims of the proposed design: asked, found, how sure, and what decides. Then every other design beside it.

use super::number::Number;
use super::{Section, colour_class, rendered};
use crate::files::ReportError;
use crate::format::{count, share_half_width, share_range};
use crate::text::exceeding;
use crate::wording::{burst, proposed};
use crate::words::Words;
use askama::Template;
use drsim_experiment::outcome::{ClaimResult, Outcome, Verdict};

/// One claim of the proposed design.
struct Row<'a> {
    claim: &'a str,
    says: &'a str,
    bound: String,
    verdict: Badge,
    asked: Number,
    found: Number,
    half: Number,
    range: Number,
    gauge: Option<Gauge>,
    decided_by: String,
    per: String,
    example: Option<String>,
}

/// A verdict as a word with a tone.
struct Badge {
    tone: &'static str,
    word: String,
}

/// Asked against found, in percent of the width.
struct Gauge {
    asked: f64,
    found: f64,
    interval: (f64, f64),
    range: Option<(f64, f64)>,
    tone: &'static str,
    label: String,
}

/// One design in the table of all.
struct Design<'a> {
    name: &'a str,
    colour: String,
    is_proposed: bool,
    cells: Vec<(Badge, Number)>,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct View<'a> {
    w: &'a Words,
    rows: Vec<Row<'a>>,
    heads: Vec<&'a str>,
    designs: Vec<Design<'a>>,
    note: String,
}

pub(super) fn section(outcome: &Outcome, w: &Words) -> Result<Option<Section>, ReportError> {
    let Some(design) = proposed(outcome).filter(|_| !outcome.claims.is_empty()) else { return Ok(None) };
    let of = |name: &str| -> Vec<(usize, &ClaimResult)> {
        outcome.claims.iter().enumerate().filter(|(_, c)| c.architecture == name).collect()
    };
    let own = of(&design.architecture);
    let designs = outcome
        .designs
        .iter()
        .map(|d| Design {
            name: &d.architecture,
            colour: colour_class(outcome, &d.architecture),
            is_proposed: d.is_proposed,
            cells: of(&d.architecture).into_iter().map(|(i, c)| (badge(c.verdict, w), found(c, i, w))).collect(),
        })
        .collect();
    let holds = own.iter().filter(|(_, c)| c.verdict == Verdict::Holds).count();
    let judged = own.iter().filter(|(_, c)| !matches!(c.verdict, Verdict::NoCases | Verdict::NotEstimated)).count();
    let level = crate::text::level(outcome);
    let title = w.say(
        "claims-title",
        &[("design", design.architecture.as_str().into()), ("holds", holds.into()), ("judged", judged.into())],
    );
    let worlds = w.number(&count(outcome.manifest.worlds));
    let view = View {
        w,
        rows: own.iter().map(|(i, c)| row(outcome, c, *i, w)).collect(),
        heads: own.iter().map(|(_, c)| c.claim.as_str()).collect(),
        designs,
        note: w.say("claims-note", &[("level", level.to_string().into()), ("worlds", worlds.into())]),
    };
    Ok(Some(Section { id: "claims", name: w.t("claims"), title, body: rendered(&view)? }))
}

fn row<'a>(outcome: &Outcome, c: &'a ClaimResult, i: usize, w: &Words) -> Row<'a> {
    let is_estimated = c.verdict != Verdict::NotEstimated;
    let share = c.found.filter(|_| is_estimated);
    let at = |field: &str| format!("/claims/{i}/{field}");
    let text = |words: String| Number::none(w.number(&words));
    let per = if share.is_some() {
        w.say(&format!("claims-per-{}", c.per), &[("n", w.number(&count(c.n)).into())])
    } else {
        String::new()
    };
    let example = c.counterexample.as_ref().filter(|_| is_estimated && c.verdict != Verdict::Holds).map(|case| {
        w.say(
            "claims-example",
            &[("words", w.phrase(&exceeding(outcome, c, case)).into()), ("year", case.replication.to_string().into())],
        )
    });
    let takes = c.burst.as_ref().filter(|_| is_estimated && c.verdict != Verdict::Holds);
    let takes = takes.map(|found| w.say("claims-burst", &[("burst", burst(found, w).into())]));
    let example = match (example, takes) {
        (Some(example), Some(takes)) => Some(format!("{example}. {takes}")),
        (example, takes) => example.or(takes),
    };
    Row {
        claim: &c.claim,
        says: c.says.as_deref().unwrap_or_default(),
        bound: w.phrases(&w.number(&c.bound.replace("<=", "≤"))),
        verdict: badge(c.verdict, w),
        asked: Number::asked(w, c.asked, at("asked")),
        found: found(c, i, w),
        half: text(share.map_or("-".into(), |f| share_half_width(f, c.interval))),
        range: text(share.map_or("-".into(), |f| share_range(c.range, f, c.interval))),
        gauge: share.zip(c.interval).map(|(f, interval)| gauge(c, f, interval, w)),
        decided_by: w.phrase(&c.decided_by),
        per,
        example,
    }
}

fn found(c: &ClaimResult, i: usize, w: &Words) -> Number {
    let found = c.found.filter(|_| c.verdict != Verdict::NotEstimated);
    Number::share(w, found, c.interval, format!("/claims/{i}/found"))
}

fn gauge(c: &ClaimResult, found: f64, (low, high): (f64, f64), w: &Words) -> Gauge {
    let percent = |share: f64| (1000.0 * share.clamp(0.0, 1.0)).round() / 10.0;
    let asked = c.asked.unwrap_or(1.0);
    let label = w.say(
        "claims-gauge",
        &[
            ("found", crate::format::share(found, c.interval).into()),
            ("asked", crate::format::share_asked(Some(asked)).into()),
        ],
    );
    Gauge {
        asked: percent(asked),
        found: percent(found),
        interval: (percent(low), percent(high)),
        range: c.range.map(|(low, high)| (percent(low), percent(high))),
        tone: tone(c.verdict),
        label,
    }
}

fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds | Verdict::NoCounterexample => "good",
        Verdict::Fails => "bad",
        Verdict::Undecided | Verdict::Depends => "open",
        Verdict::NoCases | Verdict::NotEstimated => "none",
    }
}

fn badge(verdict: Verdict, w: &Words) -> Badge {
    let key = match verdict {
        Verdict::Holds => "verdict-holds",
        Verdict::Fails => "verdict-fails",
        Verdict::Undecided => "verdict-undecided",
        Verdict::Depends => "verdict-depends",
        Verdict::NoCounterexample => "verdict-not-refuted",
        Verdict::NoCases => "verdict-no-cases",
        Verdict::NotEstimated => "verdict-not-estimated",
    };
    Badge { tone: tone(verdict), word: w.t(key) }
}
