//! How the names of people sound, for `_sounds`.

use fhir::Value;
use fhir::definitions::ResourceType;
use store::entry::{Entry, EntryValue, Param, Token};

use crate::registry::Registry;
use crate::sound;
use crate::words::words;

/// The most words of a person's names that are listened to.
const MAX_WORDS: usize = 40;
/// The parts of a name that are.
const PARTS: [&str; 3] = ["text", "family", "given"];

/// Adds the codes of each word of the names, where the type has the parameter.
pub(super) fn add(registry: &Registry, kind: ResourceType, resource: &Value, entries: &mut Vec<Entry>) {
    if registry.get(kind, "_sounds").is_none() {
        return;
    }
    let param = Param::of(kind.name(), "_sounds");
    let texts = resource.list("name").flat_map(|name| PARTS.into_iter().flat_map(move |part| name.list(part))).filter_map(Value::as_str);
    let mut heard: Vec<String> = texts.flat_map(words).take(MAX_WORDS).collect();
    heard.sort_unstable();
    heard.dedup();
    for word in heard {
        let codes = sound::codes(&word).into_iter().map(|(system, code)| Token { code: code.into(), system: system.into() });
        entries.extend(codes.map(|token| Entry { param, value: EntryValue::Token(token) }));
    }
}
