//! The words of a resource, for `_text` and `_content`.

use fhir::Value;
use fhir::definitions::{PrimitiveType, ResourceType, TypeId, definitions};

use crate::words::Index;

/// The most different words of a narrative, or of a whole resource, that are indexed; and about as many are in rows, for phrases.
pub(crate) const MAX_WORDS: usize = 20_000;

/// The words of the narrative.
pub(super) fn narrative(resource: &Value) -> Index {
    let mut index = Index::default();
    if let Some(html) = resource.get("text").and_then(|text| text.text("div")) {
        index.add(&without_tags(html), MAX_WORDS);
    }
    index
}

/// The words of all that people read: texts, codes and the narrative; not ids, addresses, dates, numbers and binary data.
pub(super) fn everything(kind: ResourceType, resource: &Value) -> Index {
    let mut index = Index::default();
    add(definitions().resource(kind).id, resource, &mut index);
    index
}

/// The JSON tree is no deeper than its parser lets it be.
fn add(of: TypeId, value: &Value, index: &mut Index) {
    let Some(object) = value.as_object() else { return };
    let inner = object.get("resourceType").and_then(Value::as_str).and_then(ResourceType::parse);
    let of = inner.map_or(of, |kind| definitions().resource(kind).id);
    let known = definitions().get(of);
    for (name, member) in object.iter() {
        // Ids and addresses are nothing that people read.
        let Some((_, kind)) = known.member(name).filter(|_| name != "id" && !(name == "reference" && known.name == "Reference")) else {
            continue;
        };
        for value in member.as_array().map_or(std::slice::from_ref(member), |list| list) {
            match value {
                Value::String(text) => add_text(kind.id, text, index),
                Value::Object(_) => add(kind.id, value, index),
                _ => {}
            }
        }
    }
}

fn add_text(of: TypeId, text: &str, index: &mut Index) {
    match PrimitiveType::parse(definitions().get(of).name) {
        Some(PrimitiveType::Xhtml) => index.add(&without_tags(text), MAX_WORDS),
        Some(PrimitiveType::String | PrimitiveType::Markdown | PrimitiveType::Code) => index.add(text, MAX_WORDS),
        _ => {}
    }
}

/// The text between the tags of XHTML, its common entities resolved.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (place, part) in html.split('<').enumerate() {
        let outside = if place == 0 { part } else { part.split_once('>').map_or("", |(_, outside)| outside) };
        text.push(' ');
        text.push_str(outside);
    }
    for (entity, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&nbsp;", " "), ("&#160;", " "), ("&amp;", "&")]
    {
        if text.contains(entity) {
            text = text.replace(entity, letter);
        }
    }
    text
}
