//! Subsetting (<http://hl7.org/fhirpath/N1/#subsetting>).

use super::Call;
use super::combining::{distinct_items, position};
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
    let other = call.argument(0)?;
    call.charge(call.focus.len().saturating_mul(other.len()))?;
    let common: Collection<'a> = call.focus.iter().filter(|item| position(&other, item).is_some()).cloned().collect();
    distinct_items(call.evaluator, call.at, &common)
}

pub(super) fn exclude<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let other = call.argument(0)?;
    call.charge(call.focus.len().saturating_mul(other.len()))?;
    Ok(call.focus.iter().filter(|item| position(&other, item).is_none()).cloned().collect())
}
