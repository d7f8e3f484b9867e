//! Sentences of the simulation that carry numbers, such as "3 files, the oldest 32.1 s old", said in another language.
//!
//! The outcome holds them in English. What has none of these forms stays as it is.

use super::Words;

/// A form with a gap at each `{}`, the key of its words, and what they call the gaps.
type Form = (&'static str, &'static str, &'static [&'static str]);

const FORMS: &[Form] = &[
    ("{} files without a copy, the oldest {} s old", "story-no-copy", &["n", "age"]),
    ("{} file without a copy, the oldest {} s old", "story-no-copy", &["n", "age"]),
    ("{} rows lost, the oldest {} s old", "story-rows-gone", &["n", "age"]),
    ("{} row lost, the oldest {} s old", "story-rows-gone", &["n", "age"]),
    ("{} files destroyed, the oldest {} s old", "story-destroyed", &["n", "age"]),
    ("{} file destroyed, the oldest {} s old", "story-destroyed", &["n", "age"]),
    ("{} files to return, the oldest {} s old", "story-to-return", &["n", "age"]),
    ("{} file to return, the oldest {} s old", "story-to-return", &["n", "age"]),
    ("{} rows salvaged, the oldest {} s old", "story-salvaged", &["n", "age"]),
    ("{} row salvaged, the oldest {} s old", "story-salvaged", &["n", "age"]),
    ("{} files, the oldest {} s old", "story-files", &["n", "age"]),
    ("{} rows, the oldest {} s old", "story-rows", &["n", "age"]),
    ("{}: {} % of what is added", "story-most-of-what-is-added", &["what", "share"]),
    ("{}: {} % of requests", "story-requests", &["what", "share"]),
    ("{} % answered", "story-answered", &["share"]),
    ("recovered after {} s", "story-recovered", &["age"]),
    ("{} minutes down in the year", "story-down", &["age"]),
    ("queue on {} x {} Mbps", "story-queue", &["n", "mbps"]),
    ("checks {} s x {}", "story-checks", &["seconds", "n"]),
    ("{}: {} % of what is added", "said-added", &["service", "share"]),
    (
        "`{}` keeps the files of {} on their continent, but its global database copies all rows to {}",
        "said-files-stay",
        &["design", "who", "region"],
    ),
    ("`{}` has no health check: its records never fail over, users wait for the repair", "said-no-check", &["design"]),
    (
        "`{}`: the link out of {} is unstable at the base case: mean utilisation {}, the backlog grows {} s per day",
        "said-unstable",
        &["design", "region", "share", "grows"],
    ),
    (
        "`{}`: a dead origin costs {} s before the second is tried; clients give up after {} s",
        "said-origin-wait",
        &["design", "wait", "timeout"],
    ),
    (
        "`{}`: an alias record takes its target's TTL, 60 s; a TTL of {} s needs a plain CNAME",
        "said-alias-ttl",
        &["design", "ttl"],
    ),
    (
        "the best case of `{}` cannot meet `{}` ({} s): {} = {} s",
        "said-best-case",
        &["design", "claim", "bound", "sum", "best"],
    ),
    ("probes {} s + publication {} s + cached answers {} s", "said-best-probes", &["probes", "publication", "caches"]),
    ("connection attempts {} s", "said-best-origin", &["wait"]),
    (
        "`{}` lets a person decide on the promotion, but writes are claimed back within minutes",
        "said-person-promotes",
        &["design"],
    ),
    (
        "the modelled bill of `{}` is {} % of the invoice: every figure of money is in doubt",
        "said-invoice-off",
        &["design", "ratio"],
    ),
    ("{} in {} years", "said-events-in-years", &["n", "years"]),
];

/// What fills the gaps of a form; `None` if the sentence has another.
fn gaps<'a>(sentence: &'a str, form: &str) -> Option<Vec<&'a str>> {
    let (lead, parts) = form.split_once("{}")?;
    let mut rest = sentence.strip_prefix(lead)?;
    let mut found = vec![];
    let mut parts = parts.split("{}").peekable();
    while let Some(part) = parts.next() {
        let (gap, after) = if parts.peek().is_some() { rest.split_once(part)? } else { (rest.strip_suffix(part)?, "") };
        found.push(gap);
        rest = after;
    }
    Some(found)
}

/// The sentence, if it has a form that is known.
pub(super) fn said(w: &Words, sentence: &str) -> Option<String> {
    let (key, names, found) =
        FORMS.iter().find_map(|(form, key, names)| Some((*key, *names, gaps(sentence, form)?)))?;
    let filled = names.iter().zip(found).map(|(name, gap)| match *name {
        "what" | "sum" => (*name, w.phrases(gap).into()),
        _ => (*name, gap.into()),
    });
    Some(w.say(key, &filled.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::super::Lang;

    #[test]
    fn sentences_with_numbers_are_said_in_spanish() {
        let w = Lang::Es.words();
        for (english, spanish) in [
            ("3 files, the oldest 32.1 s old", "3 archivos, el más antiguo de 32.1 s"),
            ("everything: 100 % of requests", "todo: 100 % de las peticiones"),
            ("Aurora: 77 % of what is added", "Aurora: 77 % de lo que se añade"),
            ("80.0 % answered", "80.0 % atendido"),
            ("recovered after 100.3 s", "recuperado a los 100.3 s"),
            ("queue on 1 x 10 Mbps", "cola en 1 x 10 Mbps"),
            ("checks 10 s x 3", "comprueba cada 10 s x 3"),
            (
                "the best case of `a` cannot meet `rto` (60 s): probes 32 s + publication 5 s + cached answers 59 s = 96 s",
                "ni el mejor caso de `a` puede cumplir `rto` (60 s): sondeos 32 s + publicación 5 s + respuestas en caché \
                 59 s = 96 s",
            ),
            ("replica lag at the cut", "retraso de la réplica en el corte"),
            ("something nobody has said yet", "something nobody has said yet"),
        ] {
            assert_eq!(w.phrase(english), spanish);
            assert_eq!(Lang::En.words().phrase(english), english);
        }
    }
}
