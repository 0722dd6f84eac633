//! Comparison: `None` where the precisions leave it open (<http://hl7.org/fhirpath/N1/#comparison>).

use std::cmp::Ordering;

use fhir::primitive::{Precision, Temporal};

use super::arithmetic;

/// Which of two dates or times is earlier; `None` when one ends where the other goes on, or only one knows its zone.
pub(crate) fn compare(left: &Temporal, right: &Temporal) -> Option<Ordering> {
    let (left, right) = aligned(left, right)?;
    let parts = |value: &Temporal| {
        let nanoseconds = i64::from(value.second) * 1_000_000_000 + i64::from(value.nanosecond);
        [i64::from(value.year), value.month.into(), value.day.into(), value.hour.into(), value.minute.into(), nanoseconds]
    };
    // Seconds and their fraction are one part.
    let known = |value: &Temporal| (value.precision as usize + 1).min(6);
    let shared = known(&left).min(known(&right));
    let ordering = parts(&left)[..shared].cmp(&parts(&right)[..shared]);
    if ordering == Ordering::Equal && known(&left) != known(&right) { None } else { Some(ordering) }
}

/// Both in the same zone; `None` when only one of two times has a zone.
fn aligned(left: &Temporal, right: &Temporal) -> Option<(Temporal, Temporal)> {
    let both_have_times = left.precision >= Precision::Hour && right.precision >= Precision::Hour;
    match (left.offset_min, right.offset_min) {
        (Some(left_offset), Some(right_offset)) if left_offset != right_offset => {
            Some((arithmetic::in_utc(left), arithmetic::in_utc(right)))
        }
        (Some(_), None) | (None, Some(_)) if both_have_times => None,
        _ => Some((*left, *right)),
    }
}

/// Whether two dates or times are equal to the same precision.
pub(crate) fn equivalent(left: &Temporal, right: &Temporal) -> bool {
    compare(left, right) == Some(Ordering::Equal)
}
