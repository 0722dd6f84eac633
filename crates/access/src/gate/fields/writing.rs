//! What is written over elements that are hidden or must not be changed.

use std::collections::BTreeSet;

use bytes::Bytes;
use fhir::definitions::{ResourceType, Type, definitions};
use fhir::{Value, json};
use search::Registry;
use store::commit::{Body, CommitError, Put};
use store::contract::Extract;
use store::query::Version;

use super::{SUBSETTED, contained, elements, hide_in};
use crate::grant::{Fields, Grant};
use crate::refusal;

/// Judges a resource that is to be written by the elements that somebody may not write, and puts those back that are hidden from them.
///
/// [`CommitError::Forbidden`] names the element: one that is hidden and is written, one that is read-only and not as in `old` (`None`: not there), or one
/// that is hidden in a list, or in a resource inside, that has been changed.
pub(in crate::gate) fn write(grant: &Grant, registry: &Registry, old: Option<&Version>, put: &mut Put) -> Result<(), CommitError> {
    if !grant.has_fields() {
        return Ok(());
    }
    let new = json::parse(&put.body.text);
    let old = old.and_then(Version::text).map(|text| json::parse(text)).transpose();
    let (Ok(mut new), Ok(old)) = (new, old) else { return Err(CommitError::Engine("a text is not JSON".to_owned())) };
    let old = old.map(without_stamp);
    let sent = new.clone();
    let kept = keep(grant, put.key.kind, old.as_ref(), &mut new);
    kept.map_err(|path| CommitError::Forbidden(refusal::element(put.key.kind, &path)))?;
    if new == sent { Ok(()) } else { rewrite(registry, put, &new) }
}

/// Puts back what is hidden. Fails with the path of what may not be written.
fn keep(grant: &Grant, kind: ResourceType, old: Option<&Value>, new: &mut Value) -> Result<(), String> {
    keep_inside(grant, old, new)?;
    let Some(fields) = grant.fields(kind) else { return Ok(()) };
    let of = Some(definitions().resource(kind));
    check(fields, of, old, new)?;
    if fields.hidden.is_empty() {
        return Ok(());
    }
    unmark(new);
    for path in fields.hidden.iter().filter(|_| old.is_some()) {
        if !elements::put_back(of, &elements::path(path), old.unwrap_or(&Value::Null), new) {
            return Err(path.to_string());
        }
    }
    Ok(())
}

/// The same for resources that stand inside: contained ones, those of a Bundle. An element that has one with something hidden is as it was, or not written.
fn keep_inside(grant: &Grant, old: Option<&Value>, new: &mut Value) -> Result<(), String> {
    let before = old.and_then(Value::as_object);
    let inside = old.map(|old| inside(grant, old));
    if let Some((_, hidden)) = &inside
        && !hidden.is_disjoint(&contained::reached(new))
    {
        // What is hidden would be seen from there.
        return Err("contained".to_owned());
    }
    let Some(after) = new.as_object_mut() else { return Ok(()) };
    for (name, value) in before.into_iter().flat_map(|members| members.iter()) {
        let seen = match &inside {
            Some((seen, _)) if **name == *"contained" => seen.clone(),
            _ => {
                let mut seen = value.clone();
                hide_in(grant, &mut seen);
                seen
            }
        };
        if seen == *value {
            continue;
        }
        match after.get_mut(name) {
            Some(sent) if *sent == seen => *sent = value.clone(),
            None if seen == Value::Null => after.set(name.clone(), value.clone()),
            _ => return Err(name.to_string()),
        }
    }
    for (name, value) in after.iter() {
        let is_as_before = before.and_then(|members| members.get(name)) == Some(value);
        if !is_as_before && has_hidden(grant, value) {
            return Err(name.to_string());
        }
    }
    Ok(())
}

/// What is seen of what a resource contains, `Null` for nothing, and the ids of what is not seen.
fn inside(grant: &Grant, old: &Value) -> (Value, BTreeSet<Box<str>>) {
    let mut seen = old.clone();
    hide_in(grant, &mut seen);
    let ids = |value: &Value| value.list("contained").filter_map(|inner| inner.text("id").map(Box::from)).collect::<BTreeSet<Box<str>>>();
    let hidden = ids(old).difference(&ids(&seen)).cloned().collect();
    (seen.get("contained").cloned().unwrap_or(Value::Null), hidden)
}

/// Whether a resource inside has something that is hidden.
fn has_hidden(grant: &Grant, value: &Value) -> bool {
    let kind = value.resource_type().and_then(ResourceType::parse);
    let has_own = kind.and_then(|kind| Some((kind, grant.fields(kind)?))).is_some_and(|(kind, fields)| {
        let of = Some(definitions().resource(kind));
        fields.hidden.iter().any(|path| elements::has(of, &elements::path(path), value))
    });
    has_own
        || match value {
            Value::Array(items) => items.iter().any(|item| has_hidden(grant, item)),
            Value::Object(members) => members.iter().any(|(_, value)| has_hidden(grant, value)),
            _ => false,
        }
}

/// The path of the first element that is not as it must be.
fn check(fields: &Fields, of: Option<&'static Type>, old: Option<&Value>, new: &Value) -> Result<(), String> {
    if let Some(path) = fields.hidden.iter().find(|path| elements::has(of, &elements::path(path), new)) {
        return Err(path.to_string());
    }
    for path in &fields.read_only {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if let Some(old) = old {
            elements::pick(of, &elements::path(path), old, &mut before);
        }
        elements::pick(of, &elements::path(path), new, &mut after);
        let led_before = old.map(|old| contained::led_to(old, before.iter().map(|(_, value)| *value)));
        let led_after = contained::led_to(new, after.iter().map(|(_, value)| *value));
        if before != after || led_before.unwrap_or_default() != led_after {
            return Err(path.to_string());
        }
    }
    Ok(())
}

/// What is stored without what the store has added.
fn without_stamp(mut resource: Value) -> Value {
    let meta = resource.as_object_mut().and_then(|members| members.get_mut("meta"));
    if let Some(meta) = meta.and_then(Value::as_object_mut) {
        ["versionId", "lastUpdated"].iter().for_each(|name| drop(meta.remove(name)));
    }
    resource
}

/// Takes out the tag that the gate itself has put in when the resource was read.
fn unmark(resource: &mut Value) {
    let Some(meta) = resource.as_object_mut().and_then(|members| members.get_mut("meta")).and_then(Value::as_object_mut) else { return };
    let Some(Value::Array(tags)) = meta.get_mut("tag") else { return };
    tags.retain(|tag| (tag.text("system"), tag.text("code")) != (Some(SUBSETTED.0), Some(SUBSETTED.1)));
    if tags.is_empty() {
        meta.remove("tag");
    }
}

/// The same put with another text, and what can be found by it.
fn rewrite(registry: &Registry, put: &mut Put, resource: &Value) -> Result<(), CommitError> {
    let text = Bytes::from(json::to_string(resource));
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", put.key.kind.name(), put.key.id);
    if !text.starts_with(head.as_bytes()) {
        return Err(CommitError::Engine("a text does not begin with type, id and meta".to_owned()));
    }
    (put.entries, put.date) = Extract::extract(registry, put.key.kind, &text);
    put.body = Body { text, stamp_at: head.len() as u32 };
    put.extractor = registry.identity();
    Ok(())
}
