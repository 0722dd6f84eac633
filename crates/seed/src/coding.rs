//! Codes and the systems they belong to.

use fhir::{Value, array, object};

/// A code of a code system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coding {
    pub(crate) system: &'static str,
    pub(crate) code: &'static str,
    pub(crate) display: &'static str,
}

/// The unit system of every quantity.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
/// The hospital's own identifiers and codes begin so.
pub(crate) const HERE: &str = "http://hospital.example";

impl Coding {
    pub(crate) const fn new(system: &'static str, code: &'static str, display: &'static str) -> Self {
        Self { system, code, display }
    }

    pub(crate) const fn snomed(code: &'static str, display: &'static str) -> Self {
        Self::new("http://snomed.info/sct", code, display)
    }

    pub(crate) const fn loinc(code: &'static str, display: &'static str) -> Self {
        Self::new("http://loinc.org", code, display)
    }

    pub(crate) const fn icd10(code: &'static str, display: &'static str) -> Self {
        Self::new("http://hl7.org/fhir/sid/icd-10", code, display)
    }

    pub(crate) const fn atc(code: &'static str, display: &'static str) -> Self {
        Self::new("http://www.whocc.no/atc", code, display)
    }

    pub(crate) const fn cvx(code: &'static str, display: &'static str) -> Self {
        Self::new("http://hl7.org/fhir/sid/cvx", code, display)
    }

    /// As a Coding.
    pub(crate) fn value(&self) -> Value {
        object! { "system": self.system, "code": self.code, "display": self.display }
    }

    /// As a CodeableConcept.
    pub(crate) fn concept(&self) -> Value {
        object! { "coding": array![self.value()] }
    }
}

/// A CodeableConcept of words only.
pub(crate) fn words(text: impl Into<Value>) -> Value {
    object! { "text": text.into() }
}

/// A Quantity of `value` tenths, hundredths, … (as many `digits`) of a unit.
pub(crate) fn quantity(value: i64, digits: u32, unit: &str, ucum: &str) -> Value {
    object! { "value": decimal(value, digits), "unit": unit, "system": UCUM, "code": ucum }
}

/// The number that `value` is when its last `digits` digits stand behind the point.
pub(crate) fn decimal(value: i64, digits: u32) -> Value {
    if digits == 0 {
        return Value::Number(value.to_string().into());
    }
    let scale = 10_i64.pow(digits);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (value.abs() / scale, value.abs() % scale);
    Value::Number(format!("{sign}{whole}.{fraction:0width$}", width = digits as usize).into())
}

/// An amount of money in cents.
pub(crate) fn euros(cents: i64) -> Value {
    object! { "value": decimal(cents, 2), "currency": "EUR" }
}
