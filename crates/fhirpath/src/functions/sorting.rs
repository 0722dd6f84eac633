//! `sort()`.

use std::cmp::Ordering;

use super::Call;
use crate::error::Result;
use crate::evaluate::{Comparison, order, single};
use crate::item::{Collection, Item, System};
use crate::syntax::tree::ExprKind;

/// The items sorted by the keys of the arguments, by themselves without; items without a key come last, first when descending.
pub(super) fn sort<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut keyed: Vec<(Vec<Option<System<'a>>>, &Item<'a>)> = Vec::with_capacity(call.focus.len());
    for (index, item) in call.focus.iter().enumerate() {
        keyed.push((keys(call, item, index)?, item));
    }
    let levels = usize::BITS - call.focus.len().leading_zeros();
    call.charge(call.focus.len().saturating_mul(levels as usize))?;
    let descending: Vec<bool> = call.arguments.iter().map(|argument| matches!(argument.kind, ExprKind::Descending(_))).collect();
    let mut comparable = true;
    let keyed = merge_sorted(keyed, &mut |(left, _), (right, _)| {
        for (index, (left, right)) in left.iter().zip(right).enumerate() {
            let ordering = compare(left.as_ref(), right.as_ref(), &mut comparable);
            if ordering != Ordering::Equal {
                return if descending.get(index) == Some(&true) { ordering.reverse() } else { ordering };
            }
        }
        Ordering::Equal
    });
    if !comparable {
        return call.fail("the keys of sort() must be of one type that has an order");
    }
    Ok(keyed.into_iter().map(|(_, item)| item.clone()).collect())
}

fn keys<'a>(call: &Call<'_, 'a>, item: &Item<'a>, index: usize) -> Result<Vec<Option<System<'a>>>> {
    if call.arguments.is_empty() {
        return Ok(vec![item.operand()]);
    }
    let key = |argument| {
        let key = call.for_item(argument, item, index)?;
        Ok(single(call.at, "a key of sort()", &key)?.and_then(Item::operand))
    };
    (0..call.arguments.len()).map(key).collect()
}

fn compare(left: Option<&System<'_>>, right: Option<&System<'_>>, comparable: &mut bool) -> Ordering {
    match (left, right) {
        (Some(System::Boolean(left)), Some(System::Boolean(right))) => left.cmp(right),
        (Some(left), Some(right)) => match order(left, right) {
            Comparison::Known(ordering) => ordering,
            Comparison::Open => Ordering::Equal,
            Comparison::Mismatch => {
                *comparable = false;
                Ordering::Equal
            }
        },
        (left, right) => left.is_none().cmp(&right.is_none()),
    }
}

/// A stable merge sort. The library's may panic on an order that contradicts itself, as partial dates can make it.
fn merge_sorted<T>(mut items: Vec<T>, compare: &mut impl FnMut(&T, &T) -> Ordering) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sorted(items, compare).into_iter().peekable();
    let mut right = merge_sorted(right, compare).into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if compare(first, second).is_gt() { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    merged
}
