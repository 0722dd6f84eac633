//! `<`, `<=`, `>`, `>=` (<http://hl7.org/fhirpath/N1/#comparison>).

use std::cmp::Ordering;
use std::sync::Arc;

use super::single;
use crate::error::{Error, Result};
use crate::item::{Item, System};
use crate::quantity::{self, Quantity};
use crate::syntax::tree::Operator;
use crate::temporal;

/// What is known of the order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Known(Ordering),
    /// Precision or units leave it open.
    Open,
    /// Their types have no order among each other.
    Mismatch,
}

/// The order of two values.
pub(crate) fn order(left: &System<'_>, right: &System<'_>) -> Comparison {
    let known = |ordering: Option<Ordering>| ordering.map_or(Comparison::Open, Comparison::Known);
    match (left, right) {
        (System::String(left), System::String(right)) => Comparison::Known((**left).cmp(right)),
        (System::Integer(left), System::Integer(right)) => Comparison::Known(left.cmp(right)),
        (System::Date(left) | System::DateTime(left), System::Date(right) | System::DateTime(right))
        | (System::Time(left), System::Time(right)) => known(temporal::compare(left, right)),
        _ => match (left.decimal(), right.decimal(), left.quantity(), right.quantity()) {
            (Some(left), Some(right), ..) => Comparison::Known(left.cmp(&right)),
            (.., Some(left), Some(right)) => known(quantity::compare(&left, &right)),
            _ => Comparison::Mismatch,
        },
    }
}

/// Whether the comparison holds; `None` when an operand is empty or the answer is open.
pub(crate) fn holds(at: u32, operator: Operator, left: &[Item<'_>], right: &[Item<'_>]) -> Result<Option<bool>> {
    let (Some(left), Some(right)) = (single(at, "the left operand", left)?, single(at, "the right operand", right)?) else {
        return Ok(None);
    };
    let (left_value, right_value) = match (left.operand(), right.operand()) {
        (Some(left), Some(right)) => (left, right),
        _ if left.is_absent() || right.is_absent() => return Ok(None),
        _ => return Err(mismatch(at, left, right)),
    };
    let ordering = match order(&left_value, &right_value) {
        Comparison::Known(ordering) => ordering,
        Comparison::Open => return Ok(None),
        Comparison::Mismatch => return Err(mismatch(at, left, right)),
    };
    Ok(Some(match operator {
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        _ => ordering.is_ge(),
    }))
}

fn mismatch(at: u32, left: &Item<'_>, right: &Item<'_>) -> Error {
    Error::execution(at, format!("{} and {} cannot be compared: convert one of them", left.type_name(), right.type_name()))
}

impl<'a> System<'a> {
    /// The number it is.
    pub(crate) fn decimal(&self) -> Option<rust_decimal::Decimal> {
        match self {
            System::Integer(integer) => Some((*integer).into()),
            System::Long(long) => Some((*long).into()),
            System::Decimal(decimal) => Some(*decimal),
            _ => None,
        }
    }

    /// The quantity it is, a number being one without unit.
    pub(crate) fn quantity(&self) -> Option<Arc<Quantity>> {
        match self {
            System::Quantity(quantity) => Some(quantity.clone()),
            number => number.decimal().map(|value| Arc::new(Quantity::number(value))),
        }
    }
}
