//! Aggregates (<http://hl7.org/fhirpath/N1/#aggregates>).

use smallvec::smallvec;

use super::Call;
use crate::error::Result;
use crate::evaluate::{Scope, calculate, holds};
use crate::item::{Collection, Item};
use crate::syntax::tree::Operator;

pub(super) fn aggregate<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut total = call.argument(1)?;
    for (index, item) in call.focus.iter().enumerate() {
        let scope = Scope { total: Some(&total), ..call.scope.with_item(item, index) };
        total = call.evaluator.evaluate(&call.arguments[0], std::slice::from_ref(item), &scope)?;
    }
    Ok(total)
}

/// The items put together, two by two.
fn reduced<'a>(call: &Call<'_, 'a>, combine: impl Fn(Collection<'a>, &Item<'a>) -> Result<Collection<'a>>) -> Result<Collection<'a>> {
    let Some((first, rest)) = call.focus.split_first() else { return Ok(Collection::new()) };
    rest.iter().try_fold(smallvec![first.clone()], combine)
}

pub(super) fn sum<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    reduced(call, |sum, item| calculate(call.evaluator, call.at, Operator::Add, &sum, std::slice::from_ref(item)))
}

pub(super) fn min<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    extreme(call, Operator::Less)
}

pub(super) fn max<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    extreme(call, Operator::Greater)
}

fn extreme<'a>(call: &Call<'_, 'a>, operator: Operator) -> Result<Collection<'a>> {
    reduced(call, |best, item| {
        let is_better = holds(call.at, operator, std::slice::from_ref(item), &best)? == Some(true);
        Ok(if is_better { smallvec![item.clone()] } else { best })
    })
}

pub(super) fn avg<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let count = i32::try_from(call.focus.len()).unwrap_or(i32::MAX);
    calculate(call.evaluator, call.at, Operator::Divide, &sum(call)?, &[count.into()])
}
