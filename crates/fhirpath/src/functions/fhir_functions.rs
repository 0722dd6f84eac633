//! FHIR's own functions on elements (<http://hl7.org/fhir/R4/fhirpath.html#functions>).

use std::sync::atomic::AtomicU32;

use fhir::Value;
use fhir::definitions::TypeKind;

use super::Call;
use crate::error::Result;
use crate::item::{Collection, Item};
use crate::syntax::tree::Member;
use crate::types;

/// Where the definitions of FHIR itself are.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The extensions with that address.
pub(super) fn extension<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(url) = call.text_argument(0)? else { return Ok(Collection::new()) };
    let mut extensions = extensions(call.focus, "extension");
    extensions.retain(|item| item.value().and_then(|value| value.text("url")) == Some(&*url));
    Ok(extensions)
}

fn extensions<'a>(items: &[Item<'a>], name: &str) -> Collection<'a> {
    let found = AtomicU32::new(Member::NOTHING);
    let mut extensions = Collection::new();
    items.iter().filter_map(Item::node).for_each(|node| node.push_named(name, &found, &mut extensions));
    extensions
}

/// Whether the one item is a primitive with a value, and not only with extensions.
pub(super) fn has_value<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(matches!(call.focus, [item] if item.system().is_some()))
}

/// The value of the one item, when it is a primitive.
pub(super) fn get_value<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    match call.focus {
        [item] => call.optional(item.system()),
        _ => Ok(Collection::new()),
    }
}

/// Whether the one item is XHTML as narratives allow it (<http://hl7.org/fhir/R4/narrative.html#xhtml>).
pub(super) fn html_checks<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(call.text()?.map(|div| fhir::narrative::problems(&div).is_empty()))
}

/// Whether an item is of the type that a profile defines. Only FHIR's own definitions are known here.
pub(super) fn conforms_to<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(profile) = call.text_argument(0)? else { return Ok(Collection::new()) };
    let Some(item) = call.single()? else { return Ok(Collection::new()) };
    let wanted = profile.strip_prefix(DEFINITIONS).and_then(types::named);
    match wanted.filter(|id| types::get(*id).kind != TypeKind::Backbone) {
        Some(wanted) => call.one(item.node().and_then(|node| node.type_id()).is_some_and(|id| types::is_a(id, wanted))),
        None => call.fail("conformsTo() knows the types of FHIR, and this is none of them"),
    }
}

/// An error when an item has a modifier extension that is not among the arguments.
pub(super) fn check_modifiers<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut known = Vec::new();
    for index in 0..call.arguments.len() {
        known.extend(call.text_argument(index)?);
    }
    let modifiers = extensions(call.focus, "modifierExtension");
    let url = |item: &Item<'a>| item.value().and_then(|value| value.get("url")).and_then(Value::as_str);
    if modifiers.iter().any(|item| url(item).is_none_or(|url| !known.iter().any(|known| **known == *url))) {
        return call.fail("there is a modifier extension that the expression does not know");
    }
    Ok(call.input())
}
