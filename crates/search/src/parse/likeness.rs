//! `_like` and `_sounds`: people by names that are only nearly known. Both are Ward's own.
//!
//! `_like` is for names that are written nearly so, and ranks what it finds; `_sounds` is for names that were only heard: all words whose
//! consonants sound alike, whatever their vowels. What one of them misses the other mostly finds.

use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Filter, Test};

use super::clause::plain;
use super::{all, any};
use crate::codes;
use crate::fold;
use crate::sound;
use crate::words::words;

/// How much a name must be like the one asked for, in thousandths: a slip of the pen, a letter more or less, two that changed places. Chosen by a
/// table of names in the tests, so that most pairs of one name lie above and of two names below; a name that is spelled by ear (`Meyer`,
/// `Maier`) is what `_sounds` is for.
const LEAST: u16 = 830;
/// The most words of a name that are asked for.
const MAX_WORDS: usize = 8;
/// The most texts that a search is ranked by.
const MAX_RANKED: usize = 50;

/// The filter of `_like=Jon Smth`: names that are written nearly so. The search is ranked by how nearly.
pub(super) fn like(name: &str, param: Param, value: &str) -> Result<Filter, Issue> {
    let text = words_of(name, value)?.join(" ").into();
    Ok(Filter::Match(param, Test::Like { text, least: LEAST }))
}

/// What the resources that pass a filter are ranked by: all that is asked for by likeness, as far as it is about them and not about others.
pub(super) fn rank(filter: &Filter, out: &mut Vec<(Param, Box<str>)>) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().for_each(|filter| rank(filter, out)),
        Filter::Match(param, Test::Like { text, .. }) if out.len() < MAX_RANKED => out.push((*param, text.clone())),
        _ => {}
    }
}

/// The filter of a value of `_sounds`: each word sounds like one of a name.
pub(super) fn sounds(name: &str, param: Param, value: &str) -> Result<Filter, Issue> {
    let mut filters = Vec::new();
    for word in words_of(name, value)? {
        let codes = sound::codes(&word);
        if codes.is_empty() {
            return Err(nothing(name));
        }
        let token = |(system, code): (&str, String)| Test::Token { system: Some(system.into()), code: Some(code.into()) };
        filters.push(any(codes.into_iter().map(|code| Filter::Match(param, token(code))).collect()));
    }
    Ok(all(filters))
}

fn words_of(name: &str, value: &str) -> Result<Vec<String>, Issue> {
    let words = words(fold::bounded(&plain(name, value)?));
    match words.len() {
        0 => Err(nothing(name)),
        1..=MAX_WORDS => Ok(words),
        _ => Err(Issue::error(codes::BAD_TEXT, IssueCode::TooCostly, "", format!("a value of `{name}` has more than {MAX_WORDS} words"))),
    }
}

fn nothing(name: &str) -> Issue {
    Issue::error(codes::BAD_TEXT, IssueCode::Value, "", format!("a value of `{name}` has no letter to look for"))
}
