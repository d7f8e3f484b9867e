//! How far to trust it: what the numbers rest on, what was left out, how to get them again.

use super::{Layout, cut, lead};
use crate::table::{wrap, wrap_command};
use crate::wording::proposed;
use crate::words::Words;
use drsim_experiment::outcome::Outcome;
use drsim_experiment::scenario::{Basis, Cause};

/// How far to trust it, and how to get it again.
pub(super) fn trust(outcome: &Outcome, w: &Words, width: usize, layout: &Layout) -> Vec<String> {
    let [inputs, scope] = trust_inputs_and_scope(outcome, w);
    let mut scope = wrap("        ", &scope, width);
    cut(&mut scope, 2, width);
    let mut lines = wrap(&lead(w, "text-trust"), &inputs, width);
    cut(&mut lines, layout.trust.saturating_sub(scope.len()).max(1), width);
    lines.extend(scope);
    let warnings = warnings(outcome);
    let (mut shown, mut room) = layout.warnings;
    shown = shown.min(warnings.len());
    room = room.saturating_sub(usize::from(shown < warnings.len()));
    let mut said = 0;
    for (i, warning) in warnings.iter().take(shown).enumerate() {
        let more = warnings.len() - i - 1;
        let tail =
            if more > 0 && i + 1 == shown { w.say("text-warnings-more", &[("n", more.into())]) } else { String::new() };
        let part = wrap(
            "        ",
            &format!("{}{tail}", w.say("text-warning", &[("words", w.phrase(warning).into())])),
            width,
        );
        if part.len() > room {
            break;
        }
        room -= part.len();
        said += 1;
        lines.extend(part);
    }
    if said < shown || (shown == 0 && !warnings.is_empty()) {
        let key = if said > 0 { "text-warnings-rest" } else { "text-warnings" };
        lines.push(format!("        {}", w.say(key, &[("n", (warnings.len() - said).into())])));
    }
    lines.extend(wrap_command(&format!("        {} ", w.t("text-again")), &outcome.manifest.command, width));
    lines
}

pub(super) fn trust_sentences(outcome: &Outcome, w: &Words) -> Vec<String> {
    let mut sentences = trust_inputs_and_scope(outcome, w).to_vec();
    sentences
        .extend(warnings(outcome).iter().map(|warning| w.say("text-warning", &[("words", w.phrase(warning).into())])));
    sentences.push(format!("{} {}", w.t("text-again"), outcome.manifest.command));
    sentences
}

/// The warnings; first those that bear on the claims of the proposed design, then those on the design.
fn warnings(outcome: &Outcome) -> Vec<&str> {
    let name = proposed(outcome).map_or(String::new(), |d| format!("`{}`", d.architecture));
    let mut warnings: Vec<&str> = outcome.warnings.iter().map(String::as_str).collect();
    warnings.sort_by_key(|warning| match warning {
        w if w.contains("cannot meet") && w.contains(&name) => 0,
        w if w.contains(&name) => 1,
        _ => 2,
    });
    warnings
}

/// What the numbers rest on, and what they leave out.
fn trust_inputs_and_scope(outcome: &Outcome, w: &Words) -> [String; 2] {
    let of = |basis: Basis| outcome.provenance.iter().filter(move |row| row.provenance.basis == basis);
    let kinds = [
        (Basis::Measured, "measured"),
        (Basis::Contract, "contract"),
        (Basis::Documented, "documented"),
        (Basis::Reported, "reported"),
        (Basis::Estimated, "estimated"),
        (Basis::Unverified, "unverified"),
    ]
    .map(|(basis, name)| (of(basis).count(), name))
    .into_iter()
    .filter(|(count, name)| *count > 0 || ["measured", "unverified"].contains(name))
    .map(|(count, name)| w.say(&format!("text-basis-{name}"), &[("n", count.into())]))
    .collect::<Vec<_>>();
    let mut unverified: Vec<&str> = of(Basis::Unverified).map(|row| row.path.as_str()).collect();
    // How often, how long and what then happens moves the answer more than how many are there to see it.
    unverified.sort_by_key(|path| match path.split('.').next() {
        Some("outages") => 0,
        Some("recovery") => 1,
        Some("populations" | "demand") => 3,
        _ => 2,
    });
    let names: Vec<&str> = unverified.into_iter().map(short_path).collect();
    let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    let ranges = outcome.provenance.iter().filter(|row| row.range.is_some()).count();
    let inputs = outcome.provenance.len();
    let gaps = [
        ("ranges", ranges.into()),
        ("inputs", inputs.into()),
        ("kinds", kinds.join(", ").into()),
        ("names", names.into()),
    ];
    [w.say("text-inputs", &gaps), simulated(outcome, w)]
}

/// Which causes are switched on, and what is not simulated at all.
fn simulated(outcome: &Outcome, w: &Words) -> String {
    let on: Vec<String> =
        outcome.scenario.outages.iter().map(|input| w.phrase(&input.cause.name().replace('_', " "))).collect();
    let off = Cause::ALL.len() - on.len();
    if off == 0 {
        return w.t("text-all-causes");
    }
    w.say("text-causes", &[("on", on.join(", ").into()), ("off", off.into())])
}

/// A path without its section, where enough of it is left: `europe.users`.
fn short_path(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, rest)| if rest.contains('.') { rest } else { path })
}
