//! Hidden and read-only elements ([`crate::Fields`]).
//!
//! What is hidden leaves with every text: of the resource, of what it contains and of what it bundles. So does the narrative, which may tell it in words, and what
//! the resource contains for a hidden element alone.
//! Each such text says that it is a part (`SUBSETTED`), whether or not there was something to hide. Nothing is found, ordered or followed by a
//! parameter that reads a hidden element.
//!
//! Who writes back the part that they have been given changes nothing of what they have not: hidden elements stay as they are.

mod contained;
mod elements;
mod params;
mod writing;

use std::borrow::Cow;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};
use store::contract::ReadError;
use store::query::{Content, Filter, Include, Query, Sort, SortBy, Subject, Version};

use super::{Gate, narrow};
use crate::grant::Grant;
use crate::refusal;
pub(super) use params::HiddenParams;
pub(super) use writing::write;

/// The system and code of the tag that says that elements are missing.
const SUBSETTED: (&str, &str) = ("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "SUBSETTED");

/// Takes out of a version's text what is hidden.
pub(super) fn hide(grant: &Grant, version: &mut Version) {
    let Content::Resource { text, .. } = &mut version.content else { return };
    if !may_have_hidden(grant, version.key.kind, text) {
        return;
    }
    *text = match json::parse(text) {
        Ok(mut resource) => {
            hide_in(grant, &mut resource);
            json::to_string(&resource).into()
        }
        // What cannot be read cannot be judged.
        Err(_) => Bytes::from(format!("{{\"resourceType\":\"{}\",\"id\":\"{}\"}}", version.key.kind.name(), version.key.id)),
    };
}

/// Whether the type, or one that stands inside, has hidden elements: a resource inside has a `resourceType` of its own.
fn may_have_hidden(grant: &Grant, kind: ResourceType, text: &[u8]) -> bool {
    const NAME: &[u8] = b"\"resourceType\"";
    let has_own = grant.fields(kind).is_some_and(|fields| !fields.hidden.is_empty());
    has_own || text.windows(NAME.len()).filter(|window| *window == NAME).nth(1).is_some()
}

/// Does so for a resource and all that stand inside it. The depth is bounded by that of the parser.
fn hide_in(grant: &Grant, value: &mut Value) {
    let kind = value.resource_type().and_then(ResourceType::parse);
    if let Some(fields) = kind.and_then(|kind| Some((kind, grant.fields(kind)?))).filter(|(_, fields)| !fields.hidden.is_empty()) {
        let before = value.get("contained").map(|_| contained::reached(value));
        elements::remove_all(fields.0, &fields.1.hidden, value);
        if let Some(before) = before {
            let after = contained::reached(value);
            contained::remove(value, &before.difference(&after).cloned().collect());
        }
        mark(value);
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide_in(grant, item)),
        Value::Object(members) => members.iter_mut().for_each(|(_, value)| hide_in(grant, value)),
        _ => {}
    }
}

/// Says in `meta.tag` that elements are missing.
fn mark(resource: &mut Value) {
    let Some(members) = resource.as_object_mut() else { return };
    let tag = object! { "system": SUBSETTED.0, "code": SUBSETTED.1 };
    let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) else {
        members.push("meta", object! { "tag": array![tag] });
        return;
    };
    match meta.get_mut("tag") {
        Some(Value::Array(tags)) if tags.contains(&tag) => {}
        Some(Value::Array(tags)) => tags.push(tag),
        _ => meta.set("tag", array![tag]),
    }
}

/// The search, unless it asks for, orders, follows or ranks by something hidden: [`ReadError::Forbidden`] names the parameter. The natural order of a type is by
/// when its resources were written where its date is hidden, what follows all references of a type follows those that are not hidden, and nothing is found in what a
/// resource with hidden elements contains.
pub(super) fn checked<'q>(gate: &Gate, query: &'q Query) -> Result<Cow<'q, Query>, ReadError> {
    if !gate.grant.has_fields() {
        return Ok(Cow::Borrowed(query));
    }
    let hidden = gate.hidden_params();
    let all = |include: &Include| include.params.len() > 1 && include.params.iter().any(|param| hidden.has(*param));
    if query.include.iter().any(all) {
        let mut query = query.clone();
        let many = query.include.iter_mut().filter(|include| include.params.len() > 1);
        many.for_each(|include| include.params.retain(|param| !hidden.has(*param)));
        return checked(gate, &query).map(|checked| Cow::Owned(checked.into_owned()));
    }
    hidden.check(query)?;
    let tells_inside = |subject: &Subject| hides(gate, subject.kind) && asks_inside(&subject.filter);
    if query.subjects.iter().any(tells_inside) {
        let mut query = query.clone();
        let subjects = query.subjects.iter_mut().filter(|subject| tells_inside(subject));
        subjects.for_each(|subject| close_inside(&mut subject.filter));
        return checked(gate, &query).map(|checked| Cow::Owned(checked.into_owned()));
    }
    let by_hidden_date = |sort: &Sort| sort.by == SortBy::Date && query.subjects.iter().any(|subject| hidden.has_date_of(subject.kind));
    if query.sort.iter().any(by_hidden_date) {
        let first = query.subjects.first().map(|subject| subject.kind);
        return Err(ReadError::Forbidden(first.map_or_else(|| "".into(), |kind| refusal::hidden_parameter(kind, "_sort"))));
    }
    if query.sort.is_empty() && query.subjects.iter().any(|subject| hidden.has_date_of(subject.kind)) {
        let sort = vec![Sort { by: SortBy::LastUpdated, descending: true }];
        return Ok(Cow::Owned(Query { sort, ..query.clone() }));
    }
    Ok(Cow::Borrowed(query))
}

fn hides(gate: &Gate, kind: ResourceType) -> bool {
    gate.grant.fields(kind).is_some_and(|fields| !fields.hidden.is_empty())
}

/// Whether a filter asks about what the resource contains, and finds something there.
fn asks_inside(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(asks_inside),
        Filter::Not(filter) => asks_inside(filter),
        Filter::Contained(_, inner) => **inner != narrow::nothing(),
        _ => false,
    }
}

/// Finds nothing in what the resource contains: the index does not tell which of it is there for a hidden element.
fn close_inside(filter: &mut Filter) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter_mut().for_each(close_inside),
        Filter::Not(filter) => close_inside(filter),
        Filter::Contained(_, inner) => **inner = narrow::nothing(),
        _ => {}
    }
}
