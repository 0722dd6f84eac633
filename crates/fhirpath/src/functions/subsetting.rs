//! Subsetting (<http://hl7.org/fhirpath/N1/#subsetting>).

use super::Call;
use super::combining::distinct_items;
use super::seen::Seen;
use crate::error::Result;
use crate::item::Collection;

pub(super) fn single<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(call.single()?.cloned())
}

pub(super) fn first<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(call.focus.first().cloned())
}

pub(super) fn last<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(call.focus.last().cloned())
}

pub(super) fn tail<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    Ok(call.focus.iter().skip(1).cloned().collect())
}

pub(super) fn skip<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let count = number(call)?;
    Ok(call.focus.iter().skip(count).cloned().collect())
}

pub(super) fn take<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let count = number(call)?;
    Ok(call.focus.iter().take(count).cloned().collect())
}

/// How many are to be skipped or taken: none when negative.
fn number(call: &Call<'_, '_>) -> Result<usize> {
    match call.integer_argument(0)? {
        Some(number) => Ok(usize::try_from(number).unwrap_or(0)),
        None => call.fail(&format!("{}() needs a number", call.function.name)),
    }
}

pub(super) fn intersect<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    distinct_items(call.evaluator, call.at, &those_in_argument(call, true)?)
}

pub(super) fn exclude<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    those_in_argument(call, false)
}

/// The items of the focus that are also in the argument, or those that are not.
fn those_in_argument<'a>(call: &Call<'_, 'a>, wanted: bool) -> Result<Collection<'a>> {
    let other = Seen::of(&call.argument(0)?);
    let mut kept = Collection::new();
    for item in call.focus {
        if other.contains(call.evaluator, call.at, item)? == wanted {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}
