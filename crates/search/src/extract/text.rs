//! Texts: strings, and the parts of names and addresses.

use fhir::Value;
use fhirpath::Item;
use store::entry::EntryValue;

use crate::fold;

const NAME_PARTS: [&str; 5] = ["text", "family", "given", "prefix", "suffix"];
const ADDRESS_PARTS: [&str; 7] = ["text", "line", "city", "district", "state", "postalCode", "country"];

/// Appends the texts of an item.
pub(super) fn push(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    match (item.type_name(), item.value()) {
        ("HumanName", Some(name)) => push_parts(name, &NAME_PARTS, out),
        ("Address", Some(address)) => push_parts(address, &ADDRESS_PARTS, out),
        _ => {
            if let Some(text) = item.as_string() {
                push_text(&text, out);
            }
        }
    }
}

fn push_parts(value: &Value, parts: &[&str], out: &mut Vec<EntryValue>) {
    for text in parts.iter().flat_map(|part| value.list(part)).filter_map(Value::as_str) {
        push_text(text, out);
    }
}

fn push_text(text: &str, out: &mut Vec<EntryValue>) {
    out.push(EntryValue::String(fold::forms(text)));
}
