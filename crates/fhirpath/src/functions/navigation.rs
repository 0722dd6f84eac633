//! Tree navigation and `trace()` (<http://hl7.org/fhirpath/N1/#tree-navigation>).

use super::Call;
use crate::error::{Error, Result};
use crate::evaluate::boolean;
use crate::item::{Collection, Item};

pub(super) fn children<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    children_of(call, call.focus)
}

fn children_of<'a>(call: &Call<'_, 'a>, items: &[Item<'a>]) -> Result<Collection<'a>> {
    let mut children = Collection::new();
    items.iter().filter_map(Item::node).for_each(|node| node.push_children(&mut children));
    call.charge(children.len())?;
    Ok(children)
}

/// Children, then their children, level by level.
pub(super) fn descendants<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let limit = call.evaluator.context.limits.items;
    let mut found = Collection::new();
    let mut level = children_of(call, call.focus)?;
    while !level.is_empty() {
        found.extend(level.iter().cloned());
        if found.len() > limit {
            return Err(Error::limit(call.at, format!("a collection has more than {limit} items")));
        }
        level = children_of(call, &level)?;
    }
    Ok(found)
}

/// Passes the input on, and tells the context's tracer of it.
pub(super) fn trace<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(name) = call.text_argument(0)? else { return call.fail("trace() needs a name") };
    if let Some(tracer) = call.evaluator.context.tracer {
        let mut projected = Collection::new();
        for (index, item) in call.focus.iter().enumerate().filter(|_| call.has_argument(1)) {
            projected.extend(call.for_item(1, item, index)?);
        }
        tracer.trace(&name, if call.has_argument(1) { &projected } else { call.focus });
    }
    Ok(call.input())
}

/// Passes the input on.
pub(super) fn input<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    Ok(call.input())
}

/// Where each item stands in the resource: `Patient.name[0].use[0]`, or with the argument `true` `Patient.name[0].use`, with an index only
/// where there may be several. Nothing for what was computed.
pub(super) fn pathname<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let is_short = boolean(call.at, "the argument of pathname()", &call.given_argument(0)?)? == Some(true);
    let mut paths = Collection::new();
    for item in call.focus {
        if let Some(path) = call.evaluator.places().path_with(item, if is_short { "" } else { "[0]" }) {
            paths.push(call.evaluator.text(call.at, path)?);
        }
    }
    Ok(paths)
}
