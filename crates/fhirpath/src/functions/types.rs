//! Types (<http://hl7.org/fhirpath/N1/#types>).

use super::Call;
use crate::error::Result;
use crate::item::{Collection, System};
use crate::types::TypeInfo;

pub(super) fn of_type<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let specifier = call.type_argument()?;
    Ok(call.focus.iter().filter(|item| specifier.casts(item)).cloned().collect())
}

pub(super) fn is<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let specifier = call.type_argument()?;
    call.optional(call.single()?.map(|item| specifier.matches(item)))
}

pub(super) fn cast<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let specifier = call.type_argument()?;
    if call.evaluator.context.casts_collections {
        return of_type(call);
    }
    call.optional(call.single()?.filter(|item| specifier.casts(item)).cloned())
}

pub(super) fn type_info<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    Ok(call.focus.iter().map(|item| System::Type(TypeInfo::of(item)).into()).collect())
}
