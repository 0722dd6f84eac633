//! References, canonicals and uris.

use fhir::Value;
use fhirpath::Item;
use store::entry::{EntryValue, Local, Uri};

use super::{contained, token};
use crate::fold;
use crate::reference::{Place, is_id, place};
use crate::registry::Registry;

/// Appends what an item refers to.
///
/// - A reference to this server: the resource, and the address as well when it names a version (`Patient/1/_history/2`).
/// - A reference to what stands inside the same resource, `around` or inside it (`#m`): the contained resource.
/// - A reference elsewhere: its address.
/// - The identifier of a reference: a token, for `:identifier`.
/// - A canonical or uri: its address without version; also the resource, when it is on this server.
/// - A resource inside another one (in a Bundle): itself.
pub(super) fn push(registry: &Registry, around: &Value, item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let Some(value) = item.value() else { return };
    match value {
        Value::String(address) => match address.strip_prefix('#') {
            Some(id) if item.type_name() == "canonical" => push_inside(around, id, out),
            _ => push_uri(registry, address, item.type_name(), out),
        },
        Value::Object(_) if item.type_name() == "Reference" => {
            if let Some(address) = value.text("reference") {
                match address.strip_prefix('#') {
                    Some(id) => push_inside(around, id, out),
                    None => push_address(registry, address, out),
                }
            }
            if let Some(identifier) = value.get("identifier") {
                token::push_identifier(identifier, out);
            }
        }
        Value::Object(_) => {
            if let (Some(kind), Some(id)) = (value.resource_type(), value.text("id"))
                && is_id(id)
            {
                push_local(&format!("{kind}/{id}"), out);
            }
        }
        _ => {}
    }
}

fn push_inside(around: &Value, id: &str, out: &mut Vec<EntryValue>) {
    if let Some(target) = contained::target(around, id) {
        push_local(&target, out);
    }
}

fn push_address(registry: &Registry, address: &str, out: &mut Vec<EntryValue>) {
    match place(address, registry.bases.iter().map(AsRef::as_ref)) {
        Place::Local { target, version, .. } => {
            push_local(target, out);
            if let Some(version) = version {
                out.push(uri(&format!("{target}/_history/{version}"), ""));
            }
        }
        Place::Elsewhere => out.push(uri(address, "")),
        Place::Nowhere => {}
    }
}

fn push_uri(registry: &Registry, address: &str, kind: &str, out: &mut Vec<EntryValue>) {
    let (plain, version) = match address.split_once('|') {
        Some((plain, version)) if kind == "canonical" => (plain, version),
        _ => (address, ""),
    };
    match place(plain, registry.bases.iter().map(AsRef::as_ref)) {
        Place::Nowhere => return,
        Place::Local { target, .. } => push_local(target, out),
        Place::Elsewhere => {}
    }
    out.push(uri(plain, version));
}

fn push_local(target: &str, out: &mut Vec<EntryValue>) {
    out.push(EntryValue::Local(Local { target: target.into() }));
}

fn uri(uri: &str, version: &str) -> EntryValue {
    EntryValue::Uri(Uri { uri: fold::bounded(uri).into(), version: fold::bounded(version).into() })
}
