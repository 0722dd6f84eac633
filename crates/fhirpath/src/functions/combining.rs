//! Combining collections (<http://hl7.org/fhirpath/N1/#combining>).

use super::Call;
use super::seen::Seen;
use crate::error::Result;
use crate::evaluate::Evaluator;
use crate::item::{Collection, Item};

/// The items without repetitions, in the order in which they first stand.
pub(super) fn distinct_items<'a>(evaluator: &Evaluator<'_, 'a>, at: u32, items: &[Item<'a>]) -> Result<Collection<'a>> {
    union(evaluator, at, items, &[])
}

/// The items of both, without repetitions.
pub(crate) fn union<'a>(evaluator: &Evaluator<'_, 'a>, at: u32, left: &[Item<'a>], right: &[Item<'a>]) -> Result<Collection<'a>> {
    let mut distinct = Collection::new();
    let mut seen = Seen::default();
    for item in left.iter().chain(right) {
        if !seen.contains(evaluator, at, item)? {
            seen.insert(item);
            distinct.push(item.clone());
        }
    }
    Ok(distinct)
}

pub(super) fn union_function<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    union(call.evaluator, call.at, call.focus, &call.argument(0)?)
}

pub(super) fn combine<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut items = call.input();
    items.extend(call.argument(0)?);
    Ok(items)
}

/// The first argument that is not empty.
pub(super) fn coalesce<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    for index in 0..call.arguments.len() {
        let items = call.argument(index)?;
        if !items.is_empty() {
            return Ok(items);
        }
    }
    Ok(Collection::new())
}
