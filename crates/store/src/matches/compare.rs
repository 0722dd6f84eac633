//! The prefixes (<http://hl7.org/fhir/R4/search.html#prefix>), for dates and for numbers.

use crate::entry::{Range, Span};
use crate::query::{Compare, NumberRange};

/// Whether the date `entry` compares so with the date `asked`: both are intervals, their ends included.
///
/// | prefix | true when |
/// |---|---|
/// | `eq` | `asked` contains `entry` |
/// | `ne` | `asked` does not contain `entry` |
/// | `gt` | `entry` ends after `asked` |
/// | `lt` | `entry` begins before `asked` |
/// | `ge`, `le` | `gt` or `eq`, `lt` or `eq` |
/// | `sa` | `entry` begins after `asked` ends |
/// | `eb` | `entry` ends before `asked` begins |
/// | `ap` | the two have a moment in common |
pub fn compare_dates(compare: Compare, asked: Span, entry: Span) -> bool {
    let contained = asked.first <= entry.first && entry.last <= asked.last;
    match compare {
        Compare::Equal => contained,
        Compare::NotEqual => !contained,
        Compare::Greater => entry.last > asked.last,
        Compare::Less => entry.first < asked.first,
        Compare::GreaterOrEqual => entry.last > asked.last || contained,
        Compare::LessOrEqual => entry.first < asked.first || contained,
        Compare::StartsAfter => entry.first > asked.last,
        Compare::EndsBefore => entry.last < asked.first,
        Compare::Approximately => entry.first <= asked.last && asked.first <= entry.last,
    }
}

/// Whether the number `entry` compares so with the number `asked`.
///
/// `eq`, `ne` and `ap` go by the range that the written precision of `asked` stands for, which has its low end and not
/// its high one (an interval in a resource may touch the high one). The others go by the exact number
/// (<http://hl7.org/fhir/R4/search.html#number>): `ge100` is not true of 99.7, though `eq100` is.
///
/// | prefix | true when |
/// |---|---|
/// | `eq` | the range contains `entry` |
/// | `ne` | the range does not contain `entry` |
/// | `gt`, `ge` | the high end of `entry` is above the number; or is the number |
/// | `lt`, `le` | the low end of `entry` is below the number; or is the number |
/// | `sa` | the low end of `entry` is above the number |
/// | `eb` | the high end of `entry` is below the number |
/// | `ap` | the range and `entry` have a number in common |
pub fn compare_numbers(compare: Compare, asked: &NumberRange, entry: &Range) -> bool {
    let value = &asked.value;
    // An open end is beyond every number.
    let high = |test: fn(std::cmp::Ordering) -> bool, open| entry.high.as_ref().map_or(open, |high| test(high.cmp(value)));
    let low = |test: fn(std::cmp::Ordering) -> bool, open| entry.low.as_ref().map_or(open, |low| test(low.cmp(value)));
    match compare {
        Compare::Equal => contains(asked, entry),
        Compare::NotEqual => !contains(asked, entry),
        Compare::Greater => high(std::cmp::Ordering::is_gt, true),
        Compare::GreaterOrEqual => high(std::cmp::Ordering::is_ge, true),
        Compare::Less => low(std::cmp::Ordering::is_lt, true),
        Compare::LessOrEqual => low(std::cmp::Ordering::is_le, true),
        Compare::StartsAfter => low(std::cmp::Ordering::is_gt, false),
        Compare::EndsBefore => high(std::cmp::Ordering::is_lt, false),
        Compare::Approximately => overlaps(asked, entry),
    }
}

fn contains(asked: &NumberRange, entry: &Range) -> bool {
    let (Some(low), Some(high)) = (&entry.low, &entry.high) else {
        return false;
    };
    let may_touch = low < high || asked.low == asked.high;
    asked.low <= *low && (*high < asked.high || may_touch && *high == asked.high)
}

fn overlaps(asked: &NumberRange, entry: &Range) -> bool {
    let reaches_up = entry.high.as_ref().is_none_or(|high| *high >= asked.low);
    let reaches_down = entry.low.as_ref().is_none_or(|low| *low < asked.high || asked.low == asked.high && *low == asked.high);
    reaches_up && reaches_down
}
