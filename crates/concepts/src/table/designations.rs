//! Displays and designations. The first designation of a concept is its display.

use super::layout::Section;
use super::{Table, Text, varint};
use crate::{Coding, Concept};

/// A text for a concept: `CodeSystem.concept.designation`.
#[derive(Clone, Copy, Debug)]
pub struct Designation<'a> {
    /// Its language (BCP 47), or nothing.
    pub language: &'a str,
    /// What it is used for: its coding's code is empty when that is not said.
    pub usage: &'a Coding,
    /// Whether it is the one to show in its language.
    pub preferred: bool,
    /// The text.
    pub text: Text<'a>,
}

impl Table {
    /// The texts of a concept: the one that is its display first, those that are preferred in their language before others.
    pub fn designations(&self, concept: Concept) -> impl Iterator<Item = Designation<'_>> {
        let vocabulary = self.records(Section::Vocabulary);
        let mut bytes = self.records(Section::Designations).get(concept as usize);
        std::iter::from_fn(move || {
            let language = varint::take(&mut bytes)? as usize;
            let usage = varint::take(&mut bytes)? as usize;
            let text = Text::new(varint::take_bytes(&mut bytes)?, vocabulary);
            Some(Designation {
                language: self.about.languages.get(language).map_or("", |language| language),
                usage: self.about.uses.get(usage / 2)?,
                preferred: usage % 2 == 1,
                text,
            })
        })
    }

    /// The display of a concept. In a language, it is the first designation of exactly that language, else of the language without its region,
    /// else of any region of it; `None` when there is none. Without a language it is the display of the code system.
    pub fn display(&self, concept: Concept, language: Option<&str>) -> Option<Text<'_>> {
        let Some(wanted) = language.filter(|language| !language.is_empty()) else {
            return self.designations(concept).next().map(|first| first.text);
        };
        let fits = |designation: &Designation<'_>| closeness(self.language_of(designation), wanted);
        let mut best: Option<(u8, Text<'_>)> = None;
        for designation in self.designations(concept) {
            let Some(close) = fits(&designation) else { continue };
            if best.is_none_or(|(other, _)| close > other) {
                best = Some((close, designation.text));
            }
        }
        best.map(|(_, text)| text)
    }

    fn language_of<'a>(&'a self, designation: &Designation<'a>) -> &'a str {
        if designation.language.is_empty() { &self.about.language } else { designation.language }
    }
}

/// How well a language fits the one that is wanted; more is better, `None` is not at all.
fn closeness(language: &str, wanted: &str) -> Option<u8> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if language.eq_ignore_ascii_case(wanted) {
        return Some(3);
    }
    if language.is_empty() || primary(language) != primary(wanted) {
        return None;
    }
    Some(if language.contains('-') { 1 } else { 2 })
}
