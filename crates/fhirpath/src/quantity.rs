//! Quantities: a decimal with a unit of UCUM or of the calendar.

mod arithmetic;
mod calendar;
mod compare;
mod convert;
mod parse;
mod ucum;

use std::fmt;

use fhir::Value;
use rust_decimal::Decimal;

use crate::item::Item;
use crate::number;

pub(crate) use arithmetic::{add, divide, multiply};
pub use calendar::CalendarUnit;
pub(crate) use compare::{compare, equal, equivalent, is_comparable};
pub(crate) use convert::convert;
pub(crate) use parse::parse;

/// The address of UCUM as a code system.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// A `System.Quantity`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// How many.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit {
    /// `year`, `days`: a unit of the calendar, whose years and months vary in length.
    Calendar(CalendarUnit),
    /// `'mg'`: a UCUM code; `'1'` for none.
    Ucum(Box<str>),
    /// A code of another system than UCUM, `system|code`: it measures what the same code does, and nothing else.
    Other(Box<str>),
    /// A `Quantity` of FHIR with UCUM's `a` or `mo`: FHIR lets it stand for the unit of the calendar too.
    Either(CalendarUnit),
}

impl Quantity {
    /// So many of a UCUM unit.
    pub(crate) fn new(value: Decimal, unit: &str) -> Self {
        Self { value, unit: Unit::Ucum(unit.into()) }
    }

    /// So many of a unit of the calendar.
    pub(crate) fn calendar(value: Decimal, unit: CalendarUnit) -> Self {
        Self { value, unit: Unit::Calendar(unit) }
    }

    /// A number as a quantity without unit.
    pub(crate) fn number(value: Decimal) -> Self {
        Self::new(value, "1")
    }

    /// What a `Quantity` of FHIR stands for; `None` when its value is missing, or a comparator makes it a range.
    pub(crate) fn from_fhir(quantity: &Value) -> Option<Self> {
        let value = number::decimal(quantity.get("value")?.as_number()?)?;
        if quantity.get("comparator").is_some() {
            return None;
        }
        let unit = match (quantity.text("system"), quantity.text("code")) {
            (Some(UCUM), Some("a")) => Unit::Either(CalendarUnit::Year),
            (Some(UCUM), Some("mo")) => Unit::Either(CalendarUnit::Month),
            (Some(UCUM), Some(code)) => Unit::Ucum(code.into()),
            (None, None) => Unit::Ucum(quantity.text("unit").unwrap_or("1").into()),
            (system, Some(code)) => Unit::Other(format!("{}|{code}", system.unwrap_or_default()).into()),
            (Some(system), None) => Unit::Other(format!("{system}|{}", quantity.text("unit").unwrap_or_default()).into()),
        };
        Some(Self { value, unit })
    }

    /// Its elements: `value` and `unit`.
    pub(crate) fn member(&self, name: &str) -> Option<Item<'static>> {
        match name {
            "value" => Some(self.value.into()),
            "unit" | "code" => Some(self.unit_text().to_owned().into()),
            _ => None,
        }
    }

    /// The UCUM code of its unit, the nearest for one of the calendar.
    pub(crate) fn ucum(&self) -> &str {
        match &self.unit {
            Unit::Calendar(unit) | Unit::Either(unit) => unit.ucum(),
            Unit::Ucum(code) | Unit::Other(code) => code,
        }
    }

    /// The code of its unit, or the word of the calendar.
    pub(crate) fn unit_text(&self) -> &str {
        match &self.unit {
            Unit::Calendar(unit) if self.value == Decimal::ONE => unit.singular(),
            Unit::Calendar(unit) => unit.plural(),
            Unit::Ucum(code) => code,
            Unit::Other(code) => code.rsplit('|').next().unwrap_or_default(),
            Unit::Either(unit) => unit.ucum(),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Calendar(_) => write!(f, "{} {}", self.value, self.unit_text()),
            Unit::Ucum(_) | Unit::Other(_) | Unit::Either(_) => write!(f, "{} '{}'", self.value, self.unit_text()),
        }
    }
}
