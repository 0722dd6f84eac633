//! `=` and `~` (<http://hl7.org/fhirpath/N1/#equality>).

use std::cmp::Ordering;

use fhir::Value;

use super::compare::{Comparison, order};
use crate::item::{Item, System};
use crate::number;
use crate::quantity;
use crate::temporal;

/// Whether two collections are equal item by item; `None` when one is empty, or precision leaves it open.
pub(crate) fn equal(left: &[Item<'_>], right: &[Item<'_>]) -> Option<bool> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    if left.len() != right.len() {
        return Some(false);
    }
    let mut answer = Some(true);
    for (left, right) in left.iter().zip(right) {
        match items_equal(left, right) {
            Some(false) => return Some(false),
            None => answer = None,
            Some(true) => {}
        }
    }
    answer
}

/// Whether two items are equal; `None` when precision or units leave it open.
pub(crate) fn items_equal(left: &Item<'_>, right: &Item<'_>) -> Option<bool> {
    if let (Some(left), Some(right)) = (plain_text(left), plain_text(right)) {
        return Some(left == right);
    }
    if let (Some(left @ Value::Object(_)), Some(right @ Value::Object(_))) = (left.value(), right.value()) {
        return Some(values_equal(left, right));
    }
    match (left.operand(), right.operand()) {
        (Some(left), Some(right)) => values_of_system_equal(&left, &right),
        // Two primitives without values: equal when what stands beside them is.
        (None, None) => Some(left.node().and_then(|node| node.sibling()) == right.node().and_then(|node| node.sibling())),
        _ => Some(false),
    }
}

/// The text of a string: most comparisons are of two of them, and need no more.
fn plain_text<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item {
        Item::Node(node) => node.plain_text(),
        Item::System(System::String(text)) => Some(text),
        Item::System(_) => None,
    }
}

fn values_of_system_equal(left: &System<'_>, right: &System<'_>) -> Option<bool> {
    match (left, right) {
        (System::Boolean(left), System::Boolean(right)) => Some(left == right),
        (System::Type(left), System::Type(right)) => Some(left == right),
        _ => match order(left, right) {
            Comparison::Known(ordering) => Some(ordering == Ordering::Equal),
            Comparison::Open => match (left.quantity(), right.quantity()) {
                (Some(left), Some(right)) => quantity::equal(&left, &right),
                _ => None,
            },
            Comparison::Mismatch => Some(false),
        },
    }
}

/// Whether two complex values have equal members, in any order, and equal items in their arrays, in the same order.
fn values_equal(left: &Value, right: &Value) -> bool {
    if std::ptr::eq(left, right) {
        return true;
    }
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let same = |name: &str, value| right.get(name).is_some_and(|other| values_equal(value, other));
            left.len() == right.len() && left.iter().all(|(name, value)| same(name, value))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| values_equal(left, right))
        }
        (Value::Number(left), Value::Number(right)) => left == right || number::decimal(left) == number::decimal(right),
        _ => left == right,
    }
}

/// Whether two collections are equivalent: the same items in any order.
pub(crate) fn equivalent(left: &[Item<'_>], right: &[Item<'_>]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut unmatched: Vec<&Item<'_>> = right.iter().collect();
    left.iter().all(|item| match unmatched.iter().position(|other| items_equivalent(item, other)) {
        Some(index) => {
            unmatched.swap_remove(index);
            true
        }
        None => false,
    })
}

/// Whether two items are equivalent.
pub(crate) fn items_equivalent(left: &Item<'_>, right: &Item<'_>) -> bool {
    match (left.operand(), right.operand()) {
        (Some(left), Some(right)) => systems_equivalent(&left, &right),
        (None, None) => match (left.value(), right.value()) {
            (Some(left), Some(right)) => values_equivalent(left, right),
            _ => items_equal(left, right) == Some(true),
        },
        _ => false,
    }
}

fn systems_equivalent(left: &System<'_>, right: &System<'_>) -> bool {
    match (left, right) {
        (System::String(left), System::String(right)) => text_equivalent(left, right),
        (System::Quantity(left), System::Quantity(right)) => quantity::equivalent(left, right),
        (System::Date(left) | System::DateTime(left), System::Date(right) | System::DateTime(right))
        | (System::Time(left), System::Time(right)) => temporal::equivalent(left, right),
        _ => match (left.decimal(), right.decimal()) {
            (Some(left), Some(right)) => number::equivalent(left, right),
            _ => values_of_system_equal(left, right) == Some(true),
        },
    }
}

/// Whether two texts are equal when neither case counts nor which white space a white space is.
fn text_equivalent(left: &str, right: &str) -> bool {
    let folded = |text: &str| text.replace(['\t', '\r', '\n'], " ").to_lowercase();
    left == right || folded(left) == folded(right)
}

/// Whether two complex values have equivalent members; arrays hold the same items in any order.
fn values_equivalent(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            // An id belongs to the place and not to what stands there.
            let members = |object: &fhir::Object| object.iter().filter(|(name, _)| &***name != "id").count();
            let same = |name: &str, value| right.get(name).is_some_and(|other| values_equivalent(value, other));
            members(left) == members(right) && left.iter().all(|(name, value)| &**name == "id" || same(name, value))
        }
        (Value::Array(left), Value::Array(right)) => {
            let mut unmatched: Vec<&Value> = right.iter().collect();
            let mut take =
                |item| unmatched.iter().position(|other| values_equivalent(item, other)).map(|index| unmatched.swap_remove(index));
            left.len() == right.len() && left.iter().all(|item| take(item).is_some())
        }
        (Value::String(left), Value::String(right)) => text_equivalent(left, right),
        (Value::Number(left), Value::Number(right)) => match (number::decimal(left), number::decimal(right)) {
            (Some(left), Some(right)) => number::equivalent(left, right),
            _ => left == right,
        },
        _ => left == right,
    }
}
