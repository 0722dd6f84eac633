//! FHIR's own functions on elements (<http://hl7.org/fhir/R4/fhirpath.html#functions>).

use std::sync::atomic::AtomicU32;

use fhir::Value;

use super::Call;
use crate::error::Result;
use crate::item::{Collection, Item, System};
use crate::syntax::tree::Member;

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
    call.one(match call.focus {
        [Item::Node(node)] => matches!(node.value(), Some(Value::Bool(_) | Value::Number(_) | Value::String(_))),
        [Item::System(_)] => true,
        _ => false,
    })
}

/// The value of the one item, when it is a primitive.
pub(super) fn get_value<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    match call.focus {
        [item] => call.optional(item.system()),
        _ => Ok(Collection::new()),
    }
}

/// Whether the one item is XHTML as narratives allow it (<http://hl7.org/fhir/R4/narrative.html#xhtml>): an `xhtml` as it is, a string
/// as what stands in its `div`. Nothing for anything else.
pub(super) fn html_checks<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let [item] = call.focus else { return Ok(Collection::new()) };
    let Some(System::String(text)) = item.system() else { return Ok(Collection::new()) };
    call.charge(text.len())?;
    let is_whole = item.type_name() == "xhtml" || text.trim_start().starts_with("<div");
    let problems = match is_whole {
        true => fhir::narrative::problems(&text),
        false => fhir::narrative::problems(&format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", &*text)),
    };
    call.one(problems.is_empty())
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
