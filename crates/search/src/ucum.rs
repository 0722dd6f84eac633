//! Quantities in UCUM's base units, in which they are compared (<http://hl7.org/fhir/R4/search.html#quantity>).

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use fhirpath::CanonicalUnit;
use store::entry::{Quantity, Range};
use store::query::NumberRange;

/// The address of UCUM as a code system.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// How many codes are kept: more than a hospital uses.
const MAX_KNOWN: usize = 4096;
/// What is longer is taken for no code of UCUM.
const MAX_CODE_BYTES: usize = 256;

type Known = HashMap<Box<str>, Option<CanonicalUnit>>;

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

/// The base units of a code; `None` when it is no code, or is on a scale that no line leads to a base unit from.
fn canonical(code: &str) -> Option<CanonicalUnit> {
    if code.is_empty() || code.len() > MAX_CODE_BYTES {
        return None;
    }
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned();
    known.unwrap_or_else(|| {
        let unit = CanonicalUnit::of(code);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_KNOWN {
            known.insert(code.into(), unit.clone());
        }
        unit
    })
}

/// A quantity in base units; `None` when it is in them already, or its unit is none of UCUM's.
pub(crate) fn in_base_units(quantity: &Quantity) -> Option<Quantity> {
    let unit = canonical(&quantity.unit).filter(|unit| &*quantity.system == UCUM && unit.code != quantity.unit)?;
    let end = |number: &Option<_>| number.as_ref().map(|number| unit.convert(number));
    let range = Range { low: end(&quantity.range.low), high: end(&quantity.range.high) };
    Some(Quantity { range, system: UCUM.into(), unit: unit.code })
}

/// What is asked for in base units, and their code; `None` as for [`in_base_units`].
pub(crate) fn asked_in_base_units(range: &NumberRange, code: &str) -> Option<(NumberRange, Box<str>)> {
    let unit = canonical(code)?;
    let convert = |number| unit.convert(number);
    Some((NumberRange { value: convert(&range.value), low: convert(&range.low), high: convert(&range.high) }, unit.code))
}
