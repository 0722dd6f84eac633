//! The names of people, for `_sounds` and `_like`.

use fhir::Value;
use fhir::definitions::ResourceType;
use store::entry::{Entry, EntryValue, Param, Text, Token};

use crate::registry::Registry;
use crate::sound;
use crate::words::words;

/// The most words of a person's names that are listened to.
const MAX_WORDS: usize = 40;
/// The parts of a name that are.
const PARTS: [&str; 3] = ["text", "family", "given"];

/// Adds each name, all its words in a row, and the codes of each word, where the type has these parameters.
pub(super) fn add(registry: &Registry, kind: ResourceType, resource: &Value, entries: &mut Vec<Entry>) {
    if registry.get(kind, "_sounds").is_none() {
        return;
    }
    let (sounds, like) = (Param::of(kind.name(), "_sounds"), Param::of(kind.name(), "_like"));
    let mut heard: Vec<String> = Vec::new();
    for name in resource.list("name").filter(|name| name.as_object().is_some()) {
        let texts = PARTS.into_iter().flat_map(|part| name.list(part)).filter_map(Value::as_str);
        let mut words: Vec<String> = texts.flat_map(words).take(MAX_WORDS).collect();
        heard.extend(words.iter().cloned());
        words.sort_unstable();
        words.dedup();
        if !words.is_empty() && !registry.seals_index() {
            let text = Text { folded: words.join(" ").into(), exact: "".into() };
            entries.push(Entry { param: like, value: EntryValue::String(text) });
        }
    }
    heard.truncate(MAX_WORDS);
    heard.sort_unstable();
    heard.dedup();
    for word in heard {
        let codes = sound::codes(&word).into_iter().map(|(system, code)| Token { code: code.into(), system: system.into() });
        entries.extend(codes.map(|token| Entry { param: sounds, value: EntryValue::Token(token) }));
    }
}
