//! What is written over elements that are hidden or must not be changed.

use bytes::Bytes;
use fhir::definitions::definitions;
use fhir::{Value, json};
use search::Registry;
use store::commit::{Body, CommitError, Put};
use store::contract::Extract;
use store::query::Version;

use super::{SUBSETTED, elements};
use crate::grant::{Fields, Grant};
use crate::refusal;

/// Judges a resource that is to be written by the elements of its type that somebody may not write, and puts those back that are hidden from them.
///
/// [`CommitError::Forbidden`] names the element: one that is hidden and is written, one that is read-only and not as in `old` (`None`: not there), or one
/// that is hidden in a list that has been changed.
pub(in crate::gate) fn write(grant: &Grant, registry: &Registry, old: Option<&Version>, put: &mut Put) -> Result<(), CommitError> {
    let Some(fields) = grant.fields(put.key.kind) else { return Ok(()) };
    let refuse = |path: &str| CommitError::Forbidden(refusal::element(put.key.kind, path));
    let new = json::parse(&put.body.text);
    let old = old.and_then(Version::text).map(|text| json::parse(text)).transpose();
    let (Ok(mut new), Ok(old)) = (new, old) else { return Err(CommitError::Engine("a text is not JSON".to_owned())) };
    let old = old.map(without_stamp);
    if let Err(path) = check(fields, put, old.as_ref(), &new) {
        return Err(refuse(path));
    }
    if fields.hidden.is_empty() {
        return Ok(());
    }
    unmark(&mut new);
    if let Some(old) = &old {
        let of = Some(definitions().resource(put.key.kind));
        for path in &fields.hidden {
            if !elements::put_back(of, &elements::path(path), old, &mut new) {
                return Err(refuse(path));
            }
        }
    }
    rewrite(registry, put, &new)
}

/// The path of the first element that is not as it must be.
fn check<'f>(fields: &'f Fields, put: &Put, old: Option<&Value>, new: &Value) -> Result<(), &'f str> {
    let of = Some(definitions().resource(put.key.kind));
    if let Some(path) = fields.hidden.iter().find(|path| elements::has(of, &elements::path(path), new)) {
        return Err(path);
    }
    for path in &fields.read_only {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if let Some(old) = old {
            elements::pick(of, &elements::path(path), old, &mut before);
        }
        elements::pick(of, &elements::path(path), new, &mut after);
        if before != after {
            return Err(path);
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
