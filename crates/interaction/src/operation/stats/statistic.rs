//! The statistics (<http://hl7.org/fhir/R4/valueset-observation-statistics.html>).

use rust_decimal::{Decimal, MathematicalOps};

use super::measurements::Series;

/// A statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statistic {
    Average,
    Maximum,
    Minimum,
    Count,
    TotalCount,
    Median,
    StandardDeviation,
    Sum,
    Variance,
    /// So many hundredths of the values lie below.
    Percentile(&'static str, u32),
    QuartileDeviation,
}

use Statistic::*;

/// HL7's codes, their names, and what they mean.
const TABLE: [(&str, &str, Statistic); 18] = [
    ("average", "Average", Average),
    ("maximum", "Maximum", Maximum),
    ("minimum", "Minimum", Minimum),
    ("count", "Count", Count),
    ("total-count", "Total Count", TotalCount),
    ("median", "Median", Median),
    ("std-dev", "Standard Deviation", StandardDeviation),
    ("sum", "Sum", Sum),
    ("variance", "Variance", Variance),
    ("20-percent", "20th Percentile", Percentile("20-percent", 20)),
    ("80-percent", "80th Percentile", Percentile("80-percent", 80)),
    ("4-lower", "Lower Quartile", Percentile("4-lower", 25)),
    ("4-upper", "Upper Quartile", Percentile("4-upper", 75)),
    ("4-dev", "Quartile Deviation", QuartileDeviation),
    ("5-1", "1st Quintile", Percentile("5-1", 20)),
    ("5-2", "2nd Quintile", Percentile("5-2", 40)),
    ("5-3", "3rd Quintile", Percentile("5-3", 60)),
    ("5-4", "4th Quintile", Percentile("5-4", 80)),
];

/// How many places after the point a quotient or root has.
const PLACES: u32 = 12;

impl Statistic {
    /// The statistic of this code; the operation's definition also writes `max` and `min`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let name = match name {
            "max" => "maximum",
            "min" => "minimum",
            other => other,
        };
        TABLE.iter().find(|(code, ..)| *code == name).map(|(.., statistic)| *statistic)
    }

    /// The codes that there are.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|(code, ..)| *code)
    }

    /// Its code and name.
    pub(super) fn code(self) -> (&'static str, &'static str) {
        TABLE.iter().find(|(.., statistic)| *statistic == self).map_or(("", ""), |(code, display, _)| (code, display))
    }

    /// Whether it counts and has no unit.
    pub(super) fn is_count(self) -> bool {
        matches!(self, Count | TotalCount)
    }

    /// The statistic of values in ascending order; `None` where it is not defined, as the average of nothing, and where a sum is too
    /// large. Standard deviation and variance are those of a sample (divided by one less than the count); percentiles lie on the straight line between
    /// the two values next to them.
    pub(super) fn of(self, series: &Series) -> Option<Decimal> {
        let values = &series.values;
        match self {
            Count => Some(Decimal::from(values.len())),
            TotalCount => Some(Decimal::from(series.total)),
            Minimum => values.first().copied(),
            Maximum => values.last().copied(),
            Sum => sum(values.iter().copied()).filter(|_| !values.is_empty()),
            Average => average(values).map(rounded),
            Median => percentile(values, 50),
            Percentile(_, hundredths) => percentile(values, hundredths),
            QuartileDeviation => {
                let width = percentile(values, 75)?.checked_sub(percentile(values, 25)?)?;
                width.checked_div(Decimal::TWO).map(rounded)
            }
            Variance => variance(values).map(rounded),
            StandardDeviation => variance(values)?.sqrt().map(rounded),
        }
    }
}

fn sum(values: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    values.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

fn average(values: &[Decimal]) -> Option<Decimal> {
    sum(values.iter().copied())?.checked_div(Decimal::from(values.len()))
}

fn variance(values: &[Decimal]) -> Option<Decimal> {
    let mean = average(values)?;
    let square = |value: &Decimal| {
        let off = value.checked_sub(mean)?;
        off.checked_mul(off)
    };
    let squares = values.iter().map(square).collect::<Option<Vec<_>>>()?;
    sum(squares.into_iter())?.checked_div(Decimal::from(values.len().checked_sub(1)?))
}

fn percentile(values: &[Decimal], hundredths: u32) -> Option<Decimal> {
    let steps = values.len().checked_sub(1)? * hundredths as usize;
    let (below, between) = (steps / 100, steps % 100);
    let low = *values.get(below)?;
    if between == 0 {
        return Some(low);
    }
    let width = values.get(below + 1)?.checked_sub(low)?;
    let part = width.checked_mul(Decimal::new(between as i64, 2))?;
    low.checked_add(part).map(rounded)
}

/// Without digits that mean nothing.
fn rounded(value: Decimal) -> Decimal {
    value.round_dp(PLACES).normalize()
}
