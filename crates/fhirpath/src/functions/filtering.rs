//! Filtering and projection (<http://hl7.org/fhirpath/N1/#filtering-and-projection>).

use super::Call;
use super::seen::Seen;
use crate::error::{Error, Result};
use crate::item::Collection;

pub(super) fn where_<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut kept = Collection::new();
    for (index, item) in call.focus.iter().enumerate() {
        if call.holds(0, item, index)? {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

pub(super) fn select<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut selected = Collection::new();
    for (index, item) in call.focus.iter().enumerate() {
        selected.extend(call.for_item(0, item, index)?);
        check_length(call, selected.len())?;
    }
    Ok(selected)
}

/// Each item found is looked into again, unless an equal one was found before.
pub(super) fn repeat<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    repeated(call, true)
}

/// Each item found is looked into again.
pub(super) fn repeat_all<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    repeated(call, false)
}

fn repeated<'a>(call: &Call<'_, 'a>, only_new: bool) -> Result<Collection<'a>> {
    let mut found = Collection::new();
    let mut seen = Seen::default();
    let mut wave = call.input();
    while !wave.is_empty() {
        let mut next = Collection::new();
        for (index, item) in wave.iter().enumerate() {
            for item in call.for_item(0, item, index)? {
                if only_new {
                    if seen.contains(call.evaluator, call.at, &item)? {
                        continue;
                    }
                    seen.insert(&item);
                }
                found.push(item.clone());
                next.push(item);
                check_length(call, found.len())?;
            }
        }
        wave = next;
    }
    Ok(found)
}

fn check_length(call: &Call<'_, '_>, length: usize) -> Result<()> {
    let limit = call.evaluator.context.limits.items;
    call.charge(1)?;
    if length > limit { Err(Error::limit(call.at, format!("a collection has more than {limit} items"))) } else { Ok(()) }
}
