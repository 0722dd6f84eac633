//! Whether extensions stand where, and hold what, their definitions say (<http://hl7.org/fhir/R4/extensibility.html>).
//!
//! The definitions are HL7's for R4, and those that the library has. An extension of which neither knows is left alone: whoever may be
//! extended has to live with it.

mod cache;
mod context;
mod definition;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use fhir::{IssueCode, Severity, Value};
use fhirpath::{Context, Expression, Item};

pub use cache::Cache;
pub use definition::{Definition, Nested, Use};

use super::place::Place;
use super::walk::{Walk, Within};
use crate::codes;

/// The extensions in one element: `value` is what stands in its member `name`, `extension` or `modifierExtension`.
pub(super) fn uses<'a>(walk: &mut Walk<'_, 'a>, parent: &Place<'_, 'a>, name: &'a str, value: &'a Value, within: Within<'a>) {
    let is_array = matches!(value, Value::Array(_));
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for (index, extension) in value.each().enumerate() {
        let Some(url) = extension.text("url") else { continue };
        let place = parent.child(name, is_array.then_some(index), parent.kind, extension);
        // A nested extension has a code where others have an address; its definition is that of the outer one.
        if !url.contains(':') {
            if parent.kind.id != walk.plans.extension {
                let text = "the address of an extension is absolute, http://… or urn:…, unless it is nested in another";
                walk.report(codes::EXTENSION_URL, IssueCode::Extension, Severity::Error, &place, text);
            }
            continue;
        }
        if url.contains('|') {
            let text = "the address of an extension has no version: leave out what follows the |";
            walk.report(codes::EXTENSION_URL, IssueCode::Extension, Severity::Error, &place, text);
            continue;
        }
        let Some(definition) = find(walk, url) else { continue };
        single(walk, &definition, &place, extension, within);
        let count = counts.entry(url).or_insert(0);
        *count += 1;
        if let Some(max) = definition.max
            && *count == max + 1
        {
            let text = format!("an element may have {max} of the extension {url}: leave the others out");
            walk.report(codes::EXTENSION_COUNT, IssueCode::Extension, Severity::Error, &place, text);
        }
    }
}

/// A definition that was found.
enum Found {
    Known(&'static Definition),
    Read(Arc<Definition>),
}

impl Deref for Found {
    type Target = Definition;
    fn deref(&self) -> &Definition {
        match self {
            Found::Known(definition) => definition,
            Found::Read(definition) => definition,
        }
    }
}

/// The definition of this address: HL7's, or what the library has.
fn find(walk: &Walk<'_, '_>, url: &str) -> Option<Found> {
    if let Some(known) = definition::known(url) {
        return Some(Found::Known(known));
    }
    let library = walk.options.library?;
    match walk.options.extensions {
        Some(cache) => cache.find(library, url).map(Found::Read),
        None => cache::read(library, url).map(Found::Read),
    }
}

fn single<'a>(walk: &mut Walk<'_, 'a>, definition: &Definition, place: &Place<'_, 'a>, extension: &'a Value, within: Within<'a>) {
    let Some(parent) = place.parent else { return };
    let mut report = |number, text: String| walk.report(number, IssueCode::Extension, Severity::Error, place, text);
    let url = &definition.url;
    match (definition.is_modifier, place.name) {
        (true, "extension") => {
            report(codes::EXTENSION_MODIFIER, format!("{url} changes the meaning of the element: put it into modifierExtension"));
        }
        (false, "modifierExtension") => {
            report(codes::EXTENSION_MODIFIER, format!("{url} does not change the meaning of the element: put it into extension"));
        }
        _ => {}
    }
    if !definition.contexts.is_empty() && !definition.contexts.iter().any(|context| context::allows(context, parent, within)) {
        let contexts: Vec<&str> = definition.contexts.iter().map(|context| &*context.expression).collect();
        report(codes::EXTENSION_CONTEXT, format!("{url} is no extension of this element: it belongs to {}", contexts.join(", ")));
    }
    if let Some(text) = content_fault(&definition.values, definition.is_value_optional, extension) {
        report(codes::EXTENSION_CONTENT, format!("{url}: {text}"));
    }
    if definition.has_own_content {
        nested(walk, definition, place, extension);
    }
    for invariant in &definition.invariants {
        let holds = Expression::parse(invariant).and_then(|expression| {
            let context = Context::new(within.resource).with_variable("extension", [Item::plain(extension)]);
            expression.is_true(&context, &Item::element(parent.value, parent.kind.id))
        });
        if holds == Ok(false) {
            // Later versions of these definitions lifted some of them, and many a form has been written for those.
            let text = format!("{url} is meant for elements with {invariant}");
            walk.report(codes::EXTENSION_CONTEXT, IssueCode::Extension, Severity::Warning, place, text);
        }
    }
}

/// What is wrong with the value, when something is.
fn content_fault(values: &[Box<str>], is_optional: bool, extension: &Value) -> Option<String> {
    let object = extension.as_object()?;
    let value = object.iter().find_map(|(name, _)| name.strip_prefix('_').unwrap_or(name).strip_prefix("value"));
    match value {
        Some(_) if values.is_empty() => Some("it has nested extensions and no value: leave the value out".to_owned()),
        Some(found) if !values.iter().any(|kind| &**kind == "*" || is_same_type(kind, found)) => {
            Some(format!("its value must be {}, not {found}: write value and the type", values.join(" or ")))
        }
        None if !values.is_empty() && !is_optional => Some(format!("it must have a value: {}", values.join(" or "))),
        _ => None,
    }
}

/// Whether `value` with the ending of a member is of the type: `dateTime` and `DateTime`.
fn is_same_type(kind: &str, ending: &str) -> bool {
    kind.len() == ending.len() && kind[..1].eq_ignore_ascii_case(&ending[..1]) && kind[1..] == ending[1..]
}

/// The extensions inside of one that has its own.
fn nested<'a>(walk: &mut Walk<'_, 'a>, definition: &Definition, place: &Place<'_, 'a>, extension: &'a Value) {
    for (index, inner) in extension.list("extension").enumerate() {
        let Some(code) = inner.text("url").filter(|url| !url.contains(':')) else { continue };
        let inner_place = place.child("extension", Some(index), place.kind, inner);
        let Some(known) = definition.nested.iter().find(|nested| &*nested.code == code) else {
            let codes_known: Vec<&str> = definition.nested.iter().map(|nested| &*nested.code).collect();
            let text = format!("{} has no nested extension of this url: it has {}", definition.url, codes_known.join(", "));
            walk.report(codes::EXTENSION_NESTED, IssueCode::Extension, Severity::Error, &inner_place, text);
            continue;
        };
        if inner.get("extension").is_none()
            && let Some(text) = content_fault(&known.values, known.is_value_optional, inner)
        {
            walk.report(
                codes::EXTENSION_CONTENT,
                IssueCode::Extension,
                Severity::Error,
                &inner_place,
                format!("{}#{code}: {text}", definition.url),
            );
        }
    }
    for known in &definition.nested {
        let count = extension.list("extension").filter(|inner| inner.text("url") == Some(&known.code)).count();
        let is_wrong = count < known.min as usize || known.max.is_some_and(|max| count > max as usize);
        if is_wrong {
            let most = known.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
            let text = format!("{}#{} may be there {}..{most} times, and is there {count} times", definition.url, known.code, known.min);
            walk.report(codes::EXTENSION_COUNT, IssueCode::Extension, Severity::Error, place, text);
        }
    }
}
