//! The words beside codes and references, for `:text`, and identifiers with their types, for `:of-type`.

use fhir::Value;
use fhirpath::Item;
use store::entry::{EntryValue, Text, Token};

use crate::fold;
use crate::words::{row, words};

/// Appends the words of `CodeableConcept.text`, `Coding.display`, the type of an `Identifier` and `Reference.display`: each text as the row of
/// its words, in which a search looks for the beginning of one. An entry for each word would be found faster, and take as much of an index as
/// everything else of a resource.
pub(super) fn push_texts(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let Some(value) = item.value() else { return };
    match item.type_name() {
        "Coding" | "Reference" => push(value.text("display"), out),
        "CodeableConcept" => push_concept(value, out),
        "Identifier" => {
            if let Some(kind) = value.get("type") {
                push_concept(kind, out);
            }
        }
        _ => {}
    }
}

fn push_concept(concept: &Value, out: &mut Vec<EntryValue>) {
    push(concept.text("text"), out);
    concept.list("coding").for_each(|coding| push(coding.text("display"), out));
}

fn push(text: Option<&str>, out: &mut Vec<EntryValue>) {
    let words = text.map(|text| words(fold::bounded(text))).unwrap_or_default();
    if !words.is_empty() {
        let row = row(&words, true);
        out.push(EntryValue::String(Text { folded: fold::bounded(&row).into(), exact: "".into() }));
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
