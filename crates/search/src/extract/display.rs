//! The words beside codes and references, for `:text`, and identifiers with their types, for `:of-type`.

use fhir::Value;
use fhirpath::Item;
use store::entry::{EntryValue, Token};

use crate::fold;
use crate::words::Index;

/// The most words of one parameter of a resource.
const MAX_WORDS: usize = 200;

/// Takes in `CodeableConcept.text`, `Coding.display`, the type of an `Identifier` and `Reference.display`.
pub(super) fn add_texts(item: &Item<'_>, index: &mut Index) {
    let Some(value) = item.value() else { return };
    match item.type_name() {
        "Coding" | "Reference" => add(value.text("display"), index),
        "CodeableConcept" => add_concept(value, index),
        "Identifier" => {
            if let Some(kind) = value.get("type") {
                add_concept(kind, index);
            }
        }
        _ => {}
    }
}

fn add_concept(concept: &Value, index: &mut Index) {
    add(concept.text("text"), index);
    concept.list("coding").for_each(|coding| add(coding.text("display"), index));
}

fn add(text: Option<&str>, index: &mut Index) {
    if let Some(text) = text {
        index.add(fold::bounded(text), MAX_WORDS);
    }
}

/// Appends an identifier once for each coding of its type: its value as the code, the type as the system.
pub(super) fn push_of_type(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let identifier = item.value().filter(|_| item.type_name() == "Identifier");
    let Some((kind, value)) = identifier.and_then(|identifier| Some((identifier.get("type")?, identifier.text("value")?))) else { return };
    for coding in kind.list("coding") {
        if let Some(code) = coding.text("code") {
            let system = coding.text("system").unwrap_or_default();
            out.push(EntryValue::Token(of_type(system, code, value)));
        }
    }
}

/// The token of an identifier of a type. No part is compared by its case: as `identifier` itself does not.
pub(crate) fn of_type(system: &str, code: &str, value: &str) -> Token {
    let kind = format!("{system}|{}", fold::code(code));
    Token { code: fold::code(fold::bounded(value)).into(), system: fold::bounded(&kind).into() }
}
