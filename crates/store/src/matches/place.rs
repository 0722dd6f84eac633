//! The order of a search.

use std::cmp::Ordering;

use crate::query::{Place, Sort};

/// Which of two places of an order comes first. No key comes after every key, and of what has the same keys the youngest comes first.
pub fn compare_places(order: &[Sort], left: &Place, right: &Place) -> Ordering {
    let pairs = order.iter().zip(left.keys.iter().zip(&right.keys));
    for (sort, (left, right)) in pairs {
        let each = match (left, right) {
            (Some(left), Some(right)) if sort.descending => right.cmp(left),
            (Some(left), Some(right)) => left.cmp(right),
            _ => left.is_none().cmp(&right.is_none()),
        };
        if each.is_ne() {
            return each;
        }
    }
    right.resource.cmp(&left.resource)
}
