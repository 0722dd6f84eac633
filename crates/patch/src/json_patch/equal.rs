//! When two JSON values are equal (RFC 6902, section 4.6).

use fhir::primitive::Decimal;
use fhir::{Name, Object, Value};

/// Whether the values are equal: numbers by what they are worth, so that `1.0` is `1`, objects whatever the order of their members.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || same_worth(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && sorted(left).iter().zip(sorted(right)).all(|(left, right)| left.0 == right.0 && equal(left.1, right.1))
        }
        _ => left == right,
    }
}

/// The members by name: looking each up would take long in objects with very many.
fn sorted(object: &Object) -> Vec<(&Name, &Value)> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members
}

fn same_worth(left: &str, right: &str) -> bool {
    matches!((Decimal::parse(left), Decimal::parse(right)), (Some(left), Some(right)) if left == right)
}
