//! The answer in sentences, computed from the outcome; the same words in the terminal, in Markdown and on the figures.

use crate::format::{NONE, amount, amount_short, duration, share, share_asked};
use crate::words::Words;
use crate::worth;
use drsim_experiment::outcome::{Bill, Burst, ClaimResult, Comparison, DesignResult, Outcome, Verdict, WorstYear};
use drsim_experiment::quantity::{Currency, Unit, write};

/// The claims of one architecture, in the scenario's order.
pub(crate) fn claims_of<'a>(outcome: &'a Outcome, architecture: &'a str) -> impl Iterator<Item = &'a ClaimResult> {
    outcome.claims.iter().filter(move |c| c.architecture == architecture)
}

/// The design up for approval.
pub(crate) fn proposed(outcome: &Outcome) -> Option<&DesignResult> {
    outcome.designs.iter().find(|d| d.is_proposed)
}

/// The design that others are compared with.
pub(crate) fn baseline(outcome: &Outcome) -> Option<&DesignResult> {
    outcome.designs.iter().find(|d| d.is_baseline)
}

/// The answer: claims kept, years compared, designs worse than the baseline, designs that keep more.
pub(crate) fn answer(outcome: &Outcome, w: &Words) -> Vec<String> {
    [
        kept(outcome, w),
        worth::money(outcome, w),
        worse(outcome, w),
        worth::loses_more(outcome, w),
        years(outcome, w),
        best(outcome, w),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Names that a sentence lists before it counts the rest.
const NAMES_MAX: usize = 4;

/// How a verdict reads in a table.
pub(crate) fn verdict(verdict: Verdict, w: &Words) -> String {
    w.t(match verdict {
        Verdict::Holds => "text-holds",
        Verdict::Fails => "text-fails",
        Verdict::Undecided => "text-undecided",
        Verdict::Depends => "text-depends",
        Verdict::NoCounterexample => "text-not-refuted",
        Verdict::NoCases => "text-no-cases",
        Verdict::NotEstimated => "text-not-estimated",
    })
}

/// A share that a claim asks for.
pub(crate) fn asked(share: Option<f64>, w: &Words) -> String {
    share.map_or_else(|| w.t("always"), |share| share_asked(Some(share)))
}

fn kept(outcome: &Outcome, w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let name = &design.architecture;
    let with = |wanted: &[Verdict]| -> Vec<&str> {
        claims_of(outcome, name).filter(|c| wanted.contains(&c.verdict)).map(|c| c.claim.as_str()).collect()
    };
    let (holds, open) = (with(&[Verdict::Holds]), with(&[Verdict::NoCounterexample]));
    let claims = claims_of(outcome, name).count();
    if claims == 0 {
        return Some(w.say("answer-no-claims", &[("design", name.as_str().into())]));
    }
    let judged = claims - with(&[Verdict::NoCases, Verdict::NotEstimated]).len();
    let (kept, not_refuted, judged) = design.claims_kept.unwrap_or((holds.len(), open.len(), judged));
    let key = match (kept, judged) {
        (_, 0) => "answer-kept-unjudged",
        (0, 1) if not_refuted > 0 => "answer-kept-one-open",
        (0, 1) => "answer-kept-one-not",
        (1, 1) => "answer-kept-one",
        (0, _) => "answer-kept-none",
        (k, n) if k == n => "answer-kept-all",
        _ => "answer-kept-some",
    };
    let number = |n: usize| n.to_string().into();
    let gaps = [
        ("design", name.as_str().into()),
        ("k", number(kept)),
        ("n", number(judged)),
        ("list", list(": ", &holds).into()),
    ];
    let mut text = w.say(key, &gaps);
    if not_refuted > 0 {
        text += "; ";
        text += &w.say("answer-open", &[("n", number(not_refuted)), ("list", list(": ", &open).into())]);
    }
    text.push('.');
    for (key, wanted) in [
        ("answer-fails", Verdict::Fails),
        ("answer-depends", Verdict::Depends),
        ("answer-undecided", Verdict::Undecided),
        ("answer-no-cases", Verdict::NoCases),
        ("answer-not-estimated", Verdict::NotEstimated),
    ] {
        let claims = with(&[wanted]);
        if !claims.is_empty() {
            text.push(' ');
            text += &w.say(key, &[("list", list("", &claims).into())]);
        }
    }
    Some(text)
}

/// Thousands of the scenario's own currency.
pub(crate) fn unit_of_money(outcome: &Outcome) -> &'static str {
    match outcome.scenario.money.currency {
        Currency::Usd => "k$",
        Currency::Eur => "k€",
        Currency::Gbp => "k£",
        Currency::Chf => "kCHF",
    }
}

/// The bill of an architecture.
pub(crate) fn bill_of<'a>(outcome: &'a Outcome, architecture: &str) -> Option<&'a Bill> {
    outcome.bills.iter().find(|bill| bill.architecture == architecture)
}

/// Designs worse than the baseline, called so, with the outages their populations meet.
pub(crate) fn worse(outcome: &Outcome, w: &Words) -> Option<String> {
    let base = baseline(outcome)?;
    let designs: Vec<&DesignResult> = outcome.designs.iter().filter(|d| d.worse_than_baseline).collect();
    if designs.is_empty() {
        return None;
    }
    let under = &base.architecture;
    let architecture = outcome.scenario.architectures.iter().find(|a| a.name == *under);
    let none = w.t("answer-no-second-region");
    let than = if architecture.is_some_and(|a| !a.second_region) { &none } else { under };
    let title = |d: &&DesignResult| match (d.is_proposed, d.remark.as_str()) {
        (true, _) => format!("{} ({})", d.architecture, w.t("proposed")),
        (_, remark) if remark.is_empty() || remark.len() > 40 => d.architecture.clone(),
        (_, remark) => format!("{} ({})", d.architecture, w.phrases(remark)),
    };
    let mut by_importance = designs.clone();
    by_importance.sort_by_key(|d| !d.is_proposed);
    let mut names: Vec<String> = by_importance.iter().map(title).collect();
    if names.len() > NAMES_MAX {
        let more = names.split_off(NAMES_MAX - 1).len();
        names.push(w.say("answer-more", &[("n", more.to_string().into())]));
    }
    let text = w.say("answer-worse", &[("than", than.as_str().into()), ("names", names.join(", ").into())]);
    // Of each population, the design under which it meets the most outages.
    let meets = |d: &DesignResult, i: usize| {
        let met = d.outages_met.get(i)?;
        let more = met.per_year.estimate? - met.baseline_per_year.estimate?;
        // More by so little that both print alike is not worth a word.
        (more > 0.0 && amount(&met.per_year) != amount(&met.baseline_per_year)).then_some(more)
    };
    let populations = designs.iter().map(|d| d.outages_met.len()).max().unwrap_or(0);
    let mut hit: Vec<(f64, String)> = (0..populations)
        .filter_map(|i| {
            let (more, design) =
                designs.iter().filter_map(|d| Some((meets(d, i)?, d))).max_by(|a, b| a.0.total_cmp(&b.0))?;
            let met = &design.outages_met[i];
            Some((
                more,
                w.say(
                    "answer-meets",
                    &[
                        ("population", met.population.as_str().into()),
                        ("ours", w.number(&amount(&met.per_year)).into()),
                        ("theirs", w.number(&amount(&met.baseline_per_year)).into()),
                    ],
                ),
            ))
        })
        .collect();
    hit.sort_by(|a, b| b.0.total_cmp(&a.0));
    let populations = match hit.as_slice() {
        [] => String::new(),
        [(_, one)] => format!("; {one}"),
        [(_, one), (_, other)] => format!("; {one}, {other}"),
        [(_, one), rest @ ..] => {
            format!("; {one}, {}", w.say("answer-others-meet", &[("n", rest.len().to_string().into())]))
        }
    };
    let many = designs.len() > 1;
    let whose = separated(&designs, base, many, w);
    let colon = if many { ";" } else { ":" };
    let whose = w.say("answer-under", &[("whose", whose.into()), ("baseline", under.as_str().into())]);
    Some(format!("{text}{colon} {whose}{populations}."))
}

/// What separates the worst of the designs from the baseline: minutes of downtime, or failed requests where it has fewer.
fn separated(designs: &[&DesignResult], base: &DesignResult, named: bool, w: &Words) -> String {
    let minutes = |d: &DesignResult| d.downtime_minutes_per_year.estimate.unwrap_or(0.0);
    let failed = |d: &DesignResult| d.failed_requests_per_year.estimate.unwrap_or(0.0);
    let said = |key: &str, worst: &DesignResult, numbers: [String; 2]| {
        let [ours, theirs] = numbers.map(|n| w.number(&n));
        let gaps = [("design", worst.architecture.as_str().into()), ("ours", ours.into()), ("theirs", theirs.into())];
        w.say(&format!("{key}{}", if named { "-of" } else { "" }), &gaps)
    };
    let worst = designs.iter().max_by(|a, b| minutes(a).total_cmp(&minutes(b)));
    if let Some(worst) = worst.filter(|d| minutes(d) > minutes(base)) {
        return said("answer-down", worst, [*worst, base].map(|d| amount(&d.downtime_minutes_per_year)));
    }
    let worst = designs.iter().max_by(|a, b| failed(a).total_cmp(&failed(b)));
    match worst.filter(|d| failed(d) > failed(base)) {
        Some(worst) => said("answer-failed", worst, [*worst, base].map(|d| amount_short(&d.failed_requests_per_year))),
        None => w.t("answer-more-fail"),
    }
}

/// A design that keeps more claims than the proposed one; not one that differs by an assumption only.
fn best(outcome: &Outcome, w: &Words) -> Option<String> {
    let kept = |d: &DesignResult| d.claims_kept.map_or(0, |(kept, ..)| kept);
    let design = outcome.designs.iter().rev().filter(|d| !d.assumption_only).max_by_key(|d| kept(d))?;
    let (most, _, judged) = design.claims_kept?;
    let gaps = [
        ("design", design.architecture.as_str().into()),
        ("most", most.to_string().into()),
        ("judged", judged.to_string().into()),
    ];
    (most > kept(proposed(outcome)?)).then(|| w.say("answer-best", &gaps))
}

/// The proposed design against the baseline: means of a year, then in how many years it is better or worse.
fn years(outcome: &Outcome, w: &Words) -> Option<String> {
    let design = proposed(outcome)?;
    let pair = outcome.comparisons.iter().find(|c| c.architecture == design.architecture)?;
    let failed = |d: &DesignResult| d.failed_requests_per_year;
    let base = baseline(outcome).filter(|b| b.architecture == pair.baseline);
    let names = || [("design", design.architecture.as_str().into()), ("baseline", pair.baseline.as_str().into())];
    let means = base.and_then(|base| {
        let (ours, theirs) = (failed(design), failed(base));
        let [a, b] = [&ours, &theirs].map(amount_short);
        let change = change(ours.estimate?, theirs.estimate?, w);
        let numbers = [("ours", w.number(&a).into()), ("theirs", w.number(&b).into()), ("change", change.into())];
        let gaps: Vec<_> = names().into_iter().chain(numbers).collect();
        (a != NONE && b != NONE).then(|| w.say("answer-years", &gaps))
    });
    let lead = means.unwrap_or_else(|| w.say("answer-years-short", &names()));
    Some(format!("{lead}; {}.", shares_of_years(pair, outcome.manifest.replications, w)))
}

/// Better and worse years; the more frequent kind first, with a word where the mean goes the other way.
fn shares_of_years(pair: &Comparison, replications: u64, w: &Words) -> String {
    let n = replications.max(1) as f64;
    let percent = |p: f64| {
        // The binomial half-width; one year in n where it is 0.
        let half = (1.96 * (p * (1.0 - p) / n).sqrt()).max(1.0 / n);
        // Whole percents where they can be told from 0.
        let half = if p >= 0.02 { half.max(0.01) } else { half };
        share(p, Some((p - half, p + half)))
    };
    // Where the mean falls although more years are worse, the worse years must be worse by less each; and vice versa.
    let mean = pair.difference.interval.map_or(0.0, |(low, high)| match () {
        () if high < 0.0 => -1.0,
        () if low > 0.0 => 1.0,
        () => 0.0,
    });
    let key = if mean < 0.0 && pair.p_worse > pair.p_better && pair.p_better > 0.0 {
        "answer-worse-but-less"
    } else if mean > 0.0 && pair.p_better > pair.p_worse && pair.p_worse > 0.0 {
        "answer-better-but-less"
    } else if pair.p_worse > pair.p_better {
        "answer-worse-better"
    } else {
        "answer-better-worse"
    };
    w.say(key, &[("better", percent(pair.p_better).into()), ("worse", percent(pair.p_worse).into())])
}

/// The relative change in brackets, where there is one to speak of.
fn change(ours: f64, theirs: f64, w: &Words) -> String {
    let percent = 100.0 * (ours / theirs - 1.0);
    let said = match percent {
        p if !p.is_finite() => return String::new(),
        p if p > 999.0 => w.say("answer-times", &[("n", format!("{:.0}", (ours / theirs).min(1e6)).into())]),
        p if p > -99.5 || ours == 0.0 => format!("{p:+.0} %"),
        _ => w.t("answer-less-than-1"),
    };
    format!(" ({said})")
}

/// The fewest uploads that break a claim by themselves, in words.
pub(crate) fn burst(burst: &Burst, w: &Words) -> String {
    let gaps = [
        ("n", burst.files.into()),
        ("size", write(burst.bytes, Unit::Bytes).into()),
        ("seconds", w.number(&duration(burst.seconds)).into()),
    ];
    w.say("burst-is", &gaps)
}

/// The worst year in a sentence.
pub(crate) fn worst_year_title(year: &WorstYear, w: &Words) -> String {
    let down = w.number(&duration(60.0 * year.downtime_minutes));
    w.say("worst-title", &[("design", year.architecture.as_str().into()), ("down", down.into())])
}

pub(crate) fn list<S: AsRef<str>>(lead: &str, names: &[S]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    format!("{lead}{}", names.join(", "))
}
