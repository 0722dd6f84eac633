//! Codes, identifiers, booleans.

use fhir::Value;
use fhirpath::Item;
use store::entry::{EntryValue, Token};

use crate::fold;
use crate::registry::Shape;

/// Appends the tokens of an item.
///
/// A concept that has only a text gives a token without code and system: it is there (`:missing=false`), and no code finds it.
pub(super) fn push(shape: &Shape<'_>, item: &Item<'_>, out: &mut Vec<EntryValue>) {
    match (item.type_name(), item.value()) {
        ("Coding", Some(coding)) => push_coding(shape, coding, out),
        ("CodeableConcept", Some(concept)) => {
            let before = out.len();
            concept.list("coding").for_each(|coding| push_coding(shape, coding, out));
            if out.len() == before && concept.text("text").is_some() {
                push_token(shape, "", "", out);
            }
        }
        ("Identifier", Some(identifier)) => {
            push_known(shape, identifier.text("value"), identifier.text("system"), out);
        }
        ("ContactPoint", Some(contact)) => push_known(shape, contact.text("value"), None, out),
        _ => {
            if let Some(text) = item.as_string() {
                let implied = |(_, codes): &&(&str, Vec<&str>)| codes.contains(&text.as_ref());
                let system = shape.implied_systems.iter().find(implied).map_or("", |(system, _)| system);
                push_token(shape, &text, system, out);
            }
        }
    }
}

fn push_coding(shape: &Shape<'_>, coding: &Value, out: &mut Vec<EntryValue>) {
    push_known(shape, coding.text("code"), coding.text("system"), out);
}

/// Appends a token when its code or its system is known.
fn push_known(shape: &Shape<'_>, code: Option<&str>, system: Option<&str>, out: &mut Vec<EntryValue>) {
    if code.is_some() || system.is_some() {
        push_token(shape, code.unwrap_or_default(), system.unwrap_or_default(), out);
    }
}

fn push_token(shape: &Shape<'_>, code: &str, system: &str, out: &mut Vec<EntryValue>) {
    let code = fold::bounded(code);
    let code = if shape.folds_case { fold::code(code).into() } else { code.into() };
    out.push(EntryValue::Token(Token { code, system: fold::bounded(system).into() }));
}

/// Appends the identifier of a reference, for `:identifier`.
pub(super) fn push_identifier(identifier: &Value, out: &mut Vec<EntryValue>) {
    if let (Some(value), system) = (identifier.text("value"), identifier.text("system").unwrap_or_default()) {
        let code = fold::code(fold::bounded(value)).into();
        out.push(EntryValue::Token(Token { code, system: fold::bounded(system).into() }));
    }
}
