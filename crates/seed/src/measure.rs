//! What is measured: its code, unit and normal range.

pub(crate) mod laboratory;
pub(crate) mod vital;

use fhir::{Object, Value, array, object};

use crate::coding::{Coding, quantity};

/// A kind of measurement. Values of it are whole numbers of its smallest step: tenths when `digits` is 1.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) code: Coding,
    /// The unit as people write it.
    pub(crate) unit: &'static str,
    /// The unit as UCUM writes it.
    pub(crate) ucum: &'static str,
    /// How many digits stand behind the decimal point.
    pub(crate) digits: u32,
    /// The lowest and the highest normal value, where there is such a bound.
    pub(crate) normal: (Option<i64>, Option<i64>),
    /// Values beyond these want an answer at once.
    pub(crate) alarm: (Option<i64>, Option<i64>),
    /// Whether these bounds hold for adults only.
    pub(crate) for_adults: bool,
}

impl Measure {
    pub(crate) const fn new(code: Coding, unit: &'static str, ucum: &'static str, digits: u32) -> Self {
        Self { code, unit, ucum, digits, normal: (None, None), alarm: (None, None), for_adults: false }
    }

    pub(crate) const fn normal(mut self, low: i64, high: i64) -> Self {
        self.normal = (Some(low), Some(high));
        self
    }

    pub(crate) const fn normal_to(mut self, high: i64) -> Self {
        self.normal = (None, Some(high));
        self
    }

    pub(crate) const fn normal_from(mut self, low: i64) -> Self {
        self.normal = (Some(low), None);
        self
    }

    pub(crate) const fn alarm_above(mut self, high: i64) -> Self {
        self.alarm.1 = Some(high);
        self
    }

    pub(crate) const fn alarm_below(mut self, low: i64) -> Self {
        self.alarm.0 = Some(low);
        self
    }

    pub(crate) const fn for_adults(mut self) -> Self {
        self.for_adults = true;
        self
    }

    /// A value as a Quantity.
    pub(crate) fn quantity(&self, value: i64) -> Value {
        quantity(value, self.digits, self.unit, self.ucum)
    }

    /// Whether a value of somebody of this age has a range to be judged by.
    pub(crate) fn is_judged_at(&self, years: i64) -> bool {
        self.normal != (None, None) && (years >= 14 || !self.for_adults)
    }

    /// The Observation.referenceRange.
    pub(crate) fn reference_range(&self) -> Value {
        let mut range = Object::with_capacity(2);
        if let Some(low) = self.normal.0 {
            range.push("low", self.quantity(low));
        }
        if let Some(high) = self.normal.1 {
            range.push("high", self.quantity(high));
        }
        array![range]
    }

    /// The Observation.interpretation: normal, low, high, or critically so.
    pub(crate) fn interpretation(&self, value: i64) -> Value {
        let below = |bound: Option<i64>| bound.is_some_and(|bound| value < bound);
        let above = |bound: Option<i64>| bound.is_some_and(|bound| value > bound);
        let (code, display) = if below(self.alarm.0) {
            ("LL", "Critical low")
        } else if above(self.alarm.1) {
            ("HH", "Critical high")
        } else if below(self.normal.0) {
            ("L", "Low")
        } else if above(self.normal.1) {
            ("H", "High")
        } else {
            ("N", "Normal")
        };
        let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
        array![object! { "coding": array![Coding::new(system, code, display).value()] }]
    }
}
