//! Combining collections (<http://hl7.org/fhirpath/N1/#combining>).

use super::Call;
use crate::error::Result;
use crate::evaluate::{Evaluator, equal};
use crate::item::{Collection, Item};

/// Where an equal item stands.
pub(super) fn position(items: &[Item<'_>], item: &Item<'_>) -> Option<usize> {
    items.iter().position(|other| equal(std::slice::from_ref(item), std::slice::from_ref(other)) == Some(true))
}

/// The items without repetitions, in the order in which they first stand.
pub(super) fn distinct_items<'a>(evaluator: &Evaluator<'_, 'a>, at: u32, items: &[Item<'a>]) -> Result<Collection<'a>> {
    let mut distinct = Collection::new();
    for item in items {
        add_distinct(evaluator, at, item, &mut distinct)?;
    }
    Ok(distinct)
}

fn add_distinct<'a>(evaluator: &Evaluator<'_, 'a>, at: u32, item: &Item<'a>, distinct: &mut Collection<'a>) -> Result<()> {
    evaluator.charge(at, distinct.len())?;
    if position(distinct, item).is_none() {
        distinct.push(item.clone());
    }
    Ok(())
}

/// The items of both, without repetitions.
pub(crate) fn union<'a>(evaluator: &Evaluator<'_, 'a>, at: u32, left: &[Item<'a>], right: &[Item<'a>]) -> Result<Collection<'a>> {
    let mut distinct = distinct_items(evaluator, at, left)?;
    for item in right {
        add_distinct(evaluator, at, item, &mut distinct)?;
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
