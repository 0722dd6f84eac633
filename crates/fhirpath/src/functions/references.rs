//! References: `resolve()`, and the keys of SQL on FHIR.

use fhir::Value;
use fhir::definitions::TypeKind;

use super::Call;
use crate::error::Result;
use crate::item::{Collection, Item};
use crate::node::Node;
use crate::types;

/// The resources that references, uris and canonicals point to. Without a resolver in the context, what lies outside the resource is
/// a node without content, of the type that the reference names.
pub(super) fn resolve<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.charge(call.focus.len())?;
    Ok(call.focus.iter().filter_map(|item| target(call, item)).collect())
}

fn target<'a>(call: &Call<'_, 'a>, item: &Item<'a>) -> Option<Item<'a>> {
    let (reference, named_type) = match item.value() {
        Some(value @ Value::Object(_)) => (value.text("reference").map(str::to_owned), value.text("type")),
        _ => (item.as_string().map(|text| text.into_owned()), None),
    };
    let Some(reference) = reference else { return stub(named_type?) };
    let context = call.evaluator.context;
    if let Some(id) = reference.strip_prefix('#') {
        return context.containers().find_map(|container| contained(container, id));
    }
    if let Some(found) = context.containers().find_map(|container| in_bundle(container, &reference)) {
        return Some(found);
    }
    match context.resolver {
        Some(resolver) => resolver.resolve(&reference).map(Item::resource),
        None => stub(type_in(&reference).or(named_type)?),
    }
}

/// The contained resource of that id; the container itself for none.
fn contained<'a>(container: &Item<'a>, id: &str) -> Option<Item<'a>> {
    if id.is_empty() {
        return Some(container.clone());
    }
    container.value()?.list("contained").find(|resource| resource.text("id") == Some(id)).map(Item::resource)
}

/// The resource of the entry in a Bundle that has that address, or ends in that relative one.
fn in_bundle<'a>(container: &Item<'a>, reference: &str) -> Option<Item<'a>> {
    let bundle = container.value().filter(|value| value.resource_type() == Some("Bundle"))?;
    let is_meant = |url: &str| url == reference || url.strip_suffix(reference).is_some_and(|base| base.ends_with('/'));
    let entry = bundle.list("entry").find(|entry| entry.text("fullUrl").is_some_and(is_meant))?;
    entry.get("resource").map(Item::resource)
}

/// The type in `Patient/1`, `http://example.org/fhir/Patient/1` or `Patient/1/_history/2`.
fn type_in(reference: &str) -> Option<&str> {
    let path = reference.split(['?', '#', '|']).next()?;
    let path = path.split("/_history/").next()?;
    let mut parts = path.rsplit('/');
    parts.next().filter(|id| !id.is_empty())?;
    parts.next()
}

fn stub<'a>(name: &str) -> Option<Item<'a>> {
    let id = types::named(name).filter(|id| types::get(*id).kind == TypeKind::Resource)?;
    Some(Node::stub(id).into())
}

/// What identifies a resource: its type and id.
pub(super) fn resource_key<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let key = |item: &Item<'a>| {
        let resource = item.value()?;
        Some(Item::from(format!("{}/{}", resource.resource_type()?, resource.text("id")?)))
    };
    Ok(call.focus.iter().filter_map(key).collect())
}

/// What `getResourceKey()` gives for the target of a reference, when it is of the type named.
pub(super) fn reference_key<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let wanted = match call.arguments {
        [] => None,
        _ => Some(call.type_argument()?),
    };
    let key = |item: &Item<'a>| {
        let reference = item.value()?.text("reference")?;
        let name = type_in(reference)?;
        let is_wanted = wanted.is_none_or(|wanted| stub(name).is_some_and(|stub| wanted.matches(&stub)));
        let id = reference.split("/_history/").next()?.rsplit('/').next()?;
        is_wanted.then(|| Item::from(format!("{name}/{id}")))
    };
    Ok(call.focus.iter().filter_map(key).collect())
}
