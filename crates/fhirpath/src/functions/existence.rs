//! Existence (<http://hl7.org/fhirpath/N1/#existence>).

use super::Call;
use super::combining::distinct_items;
use super::seen::Seen;
use crate::error::Result;
use crate::evaluate::boolean;
use crate::item::{Collection, Item};

pub(super) fn empty<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(call.focus.is_empty())
}

pub(super) fn exists<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    if !call.has_argument(0) {
        return call.one(!call.focus.is_empty());
    }
    for (index, item) in call.focus.iter().enumerate() {
        if call.holds(0, item, index)? {
            return call.one(true);
        }
    }
    call.one(false)
}

pub(super) fn all<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    for (index, item) in call.focus.iter().enumerate() {
        if !call.holds(0, item, index)? {
            return call.one(false);
        }
    }
    call.one(true)
}

pub(super) fn all_true<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(!truths(call)?.contains(&false))
}

pub(super) fn any_true<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(truths(call)?.contains(&true))
}

pub(super) fn all_false<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(!truths(call)?.contains(&true))
}

pub(super) fn any_false<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(truths(call)?.contains(&false))
}

fn truths(call: &Call<'_, '_>) -> Result<Vec<bool>> {
    let truth = |item: &Item<'_>| match item.as_bool() {
        Some(truth) => Ok(truth),
        None => call.fail(&format!("{}() works on booleans only", call.function.name)),
    };
    call.focus.iter().filter(|item| !item.is_absent()).map(truth).collect()
}

pub(super) fn subset_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let other = call.argument(0)?;
    call.one(is_subset(call, call.focus, &other)?)
}

pub(super) fn superset_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let other = call.argument(0)?;
    call.one(is_subset(call, &other, call.focus)?)
}

fn is_subset<'a>(call: &Call<'_, 'a>, items: &[Item<'a>], of: &[Item<'a>]) -> Result<bool> {
    let of = Seen::of(of);
    for item in items {
        if !of.contains(call.evaluator, call.at, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn count<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(i32::try_from(call.focus.len()).unwrap_or(i32::MAX))
}

pub(super) fn distinct<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    distinct_items(call.evaluator, call.at, call.focus)
}

pub(super) fn is_distinct<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(distinct(call)?.len() == call.focus.len())
}

pub(super) fn not<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    // As FHIR's suite has it: a number is true when it is here, whatever its value.
    call.optional(boolean(call.at, "the input of not()", call.focus)?.map(|truth| !truth))
}
