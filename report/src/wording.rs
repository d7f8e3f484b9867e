//! The answer in sentences, computed from the outcome; the same words in the terminal, in Markdown and on the figures.

use crate::format::{amount, share};
use drsim_experiment::outcome::{ClaimResult, DesignResult, Outcome, Verdict};

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

/// The answer: claims kept, designs worse than the baseline, designs that keep more, years compared.
pub(crate) fn answer(outcome: &Outcome) -> Vec<String> {
    [kept(outcome), worse(outcome), best(outcome), years(outcome)].into_iter().flatten().collect()
}

/// Names that a sentence lists before it counts the rest.
const NAMES_MAX: usize = 4;

/// How a verdict reads in a table.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "FAILS",
        Verdict::Undecided => "undecided",
        Verdict::Depends => "depends",
        Verdict::NoCounterexample => "not refuted",
        Verdict::NoCases => "no cases",
        Verdict::NotEstimated => "not est.",
    }
}

fn kept(outcome: &Outcome) -> Option<String> {
    let design = proposed(outcome)?;
    let name = &design.architecture;
    let with = |wanted: &[Verdict]| -> Vec<&str> {
        claims_of(outcome, name).filter(|c| wanted.contains(&c.verdict)).map(|c| c.claim.as_str()).collect()
    };
    let holds = with(&[Verdict::Holds, Verdict::NoCounterexample]);
    let judged = claims_of(outcome, name).count() - with(&[Verdict::NoCases, Verdict::NotEstimated]).len();
    let (kept, judged) = design.claims_kept.unwrap_or((holds.len(), judged));
    let mut text = match (kept, judged) {
        (_, 0) => format!("{name}: no claim could be judged."),
        (0, 1) => format!("{name} does not keep the one claim that was judged."),
        (1, 1) => format!("{name} keeps the one claim that was judged{}.", list(": ", &holds)),
        (0, n) => format!("{name} keeps none of its {n} claims."),
        (k, n) if k == n => format!("{name} keeps all of its {n} claims{}.", list(": ", &holds)),
        (k, n) => format!("{name} keeps {k} of its {n} claims{}.", list(": ", &holds)),
    };
    for (lead, wanted) in [
        (" It fails ", Verdict::Fails),
        (" What is not known decides ", Verdict::Depends),
        (" Undecided, more years would tell: ", Verdict::Undecided),
        (" Nothing happened that would test ", Verdict::NoCases),
        (" Not estimated: ", Verdict::NotEstimated),
    ] {
        let claims = with(&[wanted]);
        if !claims.is_empty() {
            text += &list(lead, &claims);
            text.push('.');
        }
    }
    Some(text)
}

/// Designs worse than the baseline, called so, with the outages their populations meet.
pub(crate) fn worse(outcome: &Outcome) -> Option<String> {
    let base = baseline(outcome)?;
    let designs: Vec<&DesignResult> = outcome.designs.iter().filter(|d| d.worse_than_baseline).collect();
    if designs.is_empty() {
        return None;
    }
    let under = &base.architecture;
    let architecture = outcome.scenario.architectures.iter().find(|a| a.name == *under);
    let than = if architecture.is_some_and(|a| !a.second_region) { "no second region" } else { under };
    let title = |d: &&DesignResult| match (d.is_proposed, d.remark.as_str()) {
        (true, _) => format!("{} (proposed)", d.architecture),
        (_, remark) if remark.is_empty() || remark.len() > 40 => d.architecture.clone(),
        (_, remark) => format!("{} ({remark})", d.architecture),
    };
    let mut names: Vec<String> = designs.iter().map(title).collect();
    names.sort_by_key(|name| !name.ends_with("(proposed)"));
    if names.len() > NAMES_MAX {
        let more = names.split_off(NAMES_MAX - 1).len();
        names.push(format!("{more} more"));
    }
    let text = list(&format!("Worse than {than}: "), &names);
    // Of each population, the design under which it meets the most outages.
    let meets = |d: &DesignResult, i: usize| {
        let met = d.outages_met.get(i)?;
        let more = met.per_year.estimate? - met.baseline_per_year.estimate?;
        (more > 0.0).then_some(more)
    };
    let populations = designs.iter().map(|d| d.outages_met.len()).max().unwrap_or(0);
    let mut hit: Vec<(f64, String)> = (0..populations)
        .filter_map(|i| {
            let (more, design) =
                designs.iter().filter_map(|d| Some((meets(d, i)?, d))).max_by(|a, b| a.0.total_cmp(&b.0))?;
            let met = &design.outages_met[i];
            Some((
                more,
                format!(
                    "{} meets {} outages a year against {}",
                    met.population,
                    amount(&met.per_year),
                    amount(&met.baseline_per_year)
                ),
            ))
        })
        .collect();
    hit.sort_by(|a, b| b.0.total_cmp(&a.0));
    let populations = match hit.as_slice() {
        [] => format!("more requests fail in a year than under {under}"),
        [(_, one)] => format!("{one} under {under}"),
        [(_, one), (_, other)] => format!("{one}, {other}, under {under}"),
        [(_, one), rest @ ..] => format!("; {one} under {under}, and {} other populations meet more too", rest.len()),
    };
    Some(text + "; " + &populations + ".")
}

/// A design that keeps more claims than the proposed one.
fn best(outcome: &Outcome) -> Option<String> {
    let kept = |d: &DesignResult| d.claims_kept.map_or(0, |(kept, _)| kept);
    let design = outcome.designs.iter().rev().max_by_key(|d| kept(d))?;
    let (most, judged) = design.claims_kept?;
    (most > kept(proposed(outcome)?)).then(|| format!("{} keeps more: {most} of {judged}.", design.architecture))
}

/// The proposed design against the baseline, year by year.
fn years(outcome: &Outcome) -> Option<String> {
    let design = proposed(outcome)?;
    let pair = outcome.comparisons.iter().find(|c| c.architecture == design.architecture)?;
    let n = outcome.manifest.replications.max(1) as f64;
    let percent = |p: f64| {
        // The binomial half-width; one year in n where it is 0.
        let half = (1.96 * (p * (1.0 - p) / n).sqrt()).max(1.0 / n);
        share(p, Some((p - half, p + half)))
    };
    let metric = pair.metric.trim_end_matches("_per_year").replace('_', " ");
    Some(format!(
        "Year by year against {} ({metric}): better in {} %, worse in {} %, the same in {} %.",
        pair.baseline,
        percent(pair.p_better),
        percent(pair.p_worse),
        percent(pair.p_tie)
    ))
}

fn list<S: AsRef<str>>(lead: &str, names: &[S]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    format!("{lead}{}", names.join(", "))
}
