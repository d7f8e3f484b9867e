//! What people read, in their language: one file of words per language, in Project Fluent's format (`en.ftl`, `es.ftl`).
//!
//! Numbers keep their digits in every language; in Spanish a thin space parts thousands, since "32,000" would read as
//! thirty-two in Spain. What the scenario's author wrote (names, quotes, sources) stays as it is.

mod details;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::En => include_str!("en.ftl"),
            Self::Es => include_str!("es.ftl"),
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        static EN: LazyLock<Words> = LazyLock::new(|| Words::new(Lang::En));
        static ES: LazyLock<Words> = LazyLock::new(|| Words::new(Lang::Es));
        match self {
            Self::En => &EN,
            Self::Es => &ES,
        }
    }
}

/// The words of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.lang.code())
    }
}

impl Words {
    fn new(lang: Lang) -> Self {
        let id: LanguageIdentifier = lang.code().parse().expect("a language code");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks that isolate directions are for scripts written from right to left; here they would only be found later.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(lang.text().to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{}.ftl: {errors:?}", lang.code()));
        bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{}.ftl: {errors:?}", lang.code()));
        Self { lang, bundle }
    }

    /// The language.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Words without gaps.
    pub(crate) fn t(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// Words with their gaps filled.
    pub(crate) fn say(&self, key: &str, gaps: &[(&'static str, FluentValue<'_>)]) -> String {
        self.find(key, gaps).unwrap_or_else(|| panic!("{}.ftl has no `{key}`", self.lang.code()))
    }

    /// The same; `None` where the language has no such words.
    pub(crate) fn find(&self, key: &str, gaps: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let args: FluentArgs = gaps.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        let mut errors = vec![];
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors);
        assert!(errors.is_empty(), "{}.ftl, `{key}`: {errors:?}", self.lang.code());
        Some(text.into_owned())
    }

    /// A phrase of the outcome, such as "replica lag at the cut"; as it is where the language has no words for it.
    pub(crate) fn phrase(&self, phrase: &str) -> String {
        if self.lang == Lang::En {
            return phrase.to_owned();
        }
        if let Some(said) = details::said(self, phrase) {
            return said;
        }
        let key: String = phrase.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.find(&format!("phrase-{key}"), &[]).unwrap_or_else(|| phrase.to_owned())
    }

    /// Phrases parted by commas.
    pub(crate) fn phrases(&self, phrases: &str) -> String {
        phrases.split(", ").map(|phrase| self.phrase(phrase)).collect::<Vec<_>>().join(", ")
    }

    /// A number or duration as this language writes it.
    pub(crate) fn number(&self, text: &str) -> String {
        if self.lang == Lang::En {
            return text.to_owned();
        }
        let text = text.strip_suffix(" y").map_or_else(|| text.to_owned(), |years| format!("{years} años"));
        let digit = |at: Option<usize>| at.and_then(|i| text.as_bytes().get(i)).is_some_and(u8::is_ascii_digit);
        let parts = |(i, c): (usize, char)| {
            if c == ',' && digit(i.checked_sub(1)) && digit(Some(i + 1)) { '\u{202f}' } else { c }
        };
        text.char_indices().map(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast;

    /// Message and the gaps it has, sorted.
    fn messages(lang: Lang) -> Vec<(String, Vec<String>)> {
        let resource = fluent_syntax::parser::parse(lang.text()).expect("well-formed");
        let mut found: Vec<(String, Vec<String>)> = resource
            .body
            .iter()
            .filter_map(|entry| match entry {
                ast::Entry::Message(message) => {
                    let text = format!("{:?}", message.value);
                    let mut gaps: Vec<String> = text
                        .split("VariableReference { id: Identifier { name: \"")
                        .skip(1)
                        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
                        .collect();
                    gaps.sort();
                    gaps.dedup();
                    Some((message.id.name.to_owned(), gaps))
                }
                _ => None,
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_language_says_the_same_things_with_the_same_gaps() {
        let english: Vec<_> = messages(Lang::En).into_iter().filter(|(key, _)| !key.starts_with("phrase-")).collect();
        let spanish: Vec<_> = messages(Lang::Es).into_iter().filter(|(key, _)| !key.starts_with("phrase-")).collect();
        for pair in english.iter().zip(&spanish) {
            assert_eq!(pair.0, pair.1);
        }
        assert_eq!(english.len(), spanish.len());
    }

    #[test]
    fn every_key_that_is_asked_for_is_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let known: Vec<String> = messages(Lang::En).into_iter().map(|(key, _)| key).collect();
        let mut asked = 0;
        let mut folders = vec![root.join("src"), root.join("templates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder of the source").flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let text: String =
                    std::fs::read_to_string(entry.path()).unwrap_or_default().split_whitespace().collect();
                for lead in ["w.t(\"", "w.say(\""] {
                    for key in text.split(lead).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)) {
                        asked += 1;
                        assert!(known.iter().any(|k| k == key), "`{key}`, asked for in {}", entry.path().display());
                    }
                }
            }
        }
        assert!(asked > 100, "{asked}");
    }

    #[test]
    fn every_event_of_a_story_has_words() {
        let source = include_str!("../../../experiment/src/replay.rs");
        let (_, told) = source.split_once("fn line(").expect("where stories are told");
        let (told, _) = told.split_once("\n    Line {").expect("the end of it");
        let told: String = told.split_whitespace().collect();
        let events = told.split("=>(\"").skip(1).chain(told.split("=>{(\"").skip(1));
        let mut events: Vec<&str> = events.filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
        events.extend(["back", "below"]);
        assert!(events.len() > 25, "{events:?}");
        let known: Vec<String> = messages(Lang::En).into_iter().map(|(key, _)| key).collect();
        for event in events.into_iter().filter(|event| *event != "outage") {
            let key = format!("event-{}", event.replace('_', "-"));
            assert!(known.contains(&key), "{key}: a story with it would end the report");
        }
    }

    #[test]
    fn spanish_parts_thousands_with_a_thin_space() {
        assert_eq!(Lang::Es.words().number("32,000"), "32\u{202f}000");
        assert_eq!(Lang::Es.words().number("8 in 15.6 years, 3 y"), "8 in 15.6 years, 3 años");
        assert_eq!(Lang::En.words().number("32,000"), "32,000");
    }
}
