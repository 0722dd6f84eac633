//! Makes the links in a resource lead to where the transaction puts their targets.

use fhir::Value;
use fhir::definitions::{ResourceType, Type, definitions};

use crate::transaction::links::View;
use crate::transaction::narrative;

/// Rewrites references, `uri`, `url`, `oid` and `uuid` elements that name an entry of the Bundle, and links in narratives. A canonical is
/// not rewritten, as FHIR asks.
pub(super) fn rewrite(resource: &mut Value, kind: ResourceType, links: &View<'_>) {
    walk(resource, Some(definitions().resource(kind)), links);
}

/// `of` is the type of `value`, when it is known. The depth is bounded by that of the parser.
fn walk(value: &mut Value, of: Option<&'static Type>, links: &View<'_>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, of, links)),
        Value::Object(members) => {
            let of = match members.get("resourceType").and_then(Value::as_str).and_then(ResourceType::parse) {
                Some(kind) => Some(definitions().resource(kind)),
                None => of,
            };
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if &**name == "reference" => {
                        if let Some(place) = links.resolve(text) {
                            *text = place.into();
                        }
                    }
                    Value::String(text) if &**name == "div" => {
                        if let Some(changed) = narrative::rewrite(text, links) {
                            *text = changed.into();
                        }
                    }
                    Value::String(text) => address(text, of, name, links),
                    Value::Array(items) => {
                        let of_items = member_type(of, name);
                        for item in items {
                            match item {
                                Value::String(text) => address(text, of, name, links),
                                other => walk(other, of_items, links),
                            }
                        }
                    }
                    Value::Object(_) => {
                        let of_member = member_type(of, name.strip_prefix('_').unwrap_or(name));
                        walk(member, of_member, links);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A text that is exactly the address of an entry, in an element that holds addresses.
fn address(text: &mut Box<str>, of: Option<&'static Type>, name: &str, links: &View<'_>) {
    if !text.contains(':') {
        return;
    }
    let Some(place) = links.resolve_exact(text) else { return };
    if member_type(of, name).is_some_and(|kind| matches!(kind.name, "uri" | "url" | "oid" | "uuid")) {
        *text = place.into();
    }
}

fn member_type(of: Option<&'static Type>, name: &str) -> Option<&'static Type> {
    let (_, kind) = of?.member(name)?;
    Some(definitions().get(kind.id))
}
