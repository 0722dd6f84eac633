//! Quantities in UCUM's base units, in which they are compared (<http://hl7.org/fhir/R4/search.html#quantity>).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use fhir::primitive::Decimal;
use store::entry::{Quantity, Range};
use store::query::NumberRange;

/// The address of UCUM as a code system.
pub(crate) const UCUM: &str = ucum::SYSTEM;

/// How many codes are kept: more than a hospital uses.
const MAX_KNOWN: usize = 4096;

/// How many digits a factor is cut after: those such as from minutes to hours have no end.
const FACTOR_DIGITS: usize = 28;

/// How many significant digits a converted number keeps: one that was converted on two roads is the same up to this one.
const DIGITS: usize = 24;

type Known = HashMap<Box<str>, Option<Arc<BaseUnits>>>;

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

/// A unit by UCUM's base units: a value in it is `value × factor + offset` of them.
struct BaseUnits {
    /// The code of the base units: `g.m.s-2` for `N`.
    code: Box<str>,
    factor: Decimal,
    offset: Decimal,
}

impl BaseUnits {
    /// Those of a UCUM code; `None` when it is none, or on a scale that no line leads to a base unit from.
    fn of(code: &str) -> Option<Self> {
        let unit = ucum::Unit::parse(code).ok()?.canonical().ok()?;
        let line = unit.line()?;
        let decimal = |number: &ucum::Number| Decimal::parse(&number.rounded(FACTOR_DIGITS));
        Some(Self { code: unit.dimension.to_string().into(), factor: decimal(&line.factor)?, offset: decimal(&line.offset)? })
    }

    /// A value in the unit as one in base units, rounded. Larger values give larger ones.
    fn convert(&self, value: &Decimal) -> Decimal {
        value.times(&self.factor).plus(&self.offset).rounded(DIGITS)
    }
}

/// The base units of a code; `None` when it is no code, or is on a scale that no line leads to a base unit from.
fn canonical(code: &str) -> Option<Arc<BaseUnits>> {
    if code.is_empty() || code.len() > ucum::MAX_BYTES {
        return None;
    }
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned();
    known.unwrap_or_else(|| {
        let unit = BaseUnits::of(code).map(Arc::new);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_KNOWN {
            known.insert(code.into(), unit.clone());
        }
        unit
    })
}

/// A quantity in base units; `None` when it is in them already, or its unit is none of UCUM's.
pub(crate) fn in_base_units(quantity: &Quantity) -> Option<Quantity> {
    let unit = (&*quantity.system == UCUM).then(|| canonical(&quantity.unit))?.filter(|unit| unit.code != quantity.unit)?;
    let end = |number: &Option<_>| number.as_ref().map(|number| unit.convert(number));
    let range = Range { low: end(&quantity.range.low), high: end(&quantity.range.high) };
    Some(Quantity { range, system: UCUM.into(), unit: unit.code.clone() })
}

/// What is asked for in base units, and their code; `None` as for [`in_base_units`].
pub(crate) fn asked_in_base_units(range: &NumberRange, code: &str) -> Option<(NumberRange, Box<str>)> {
    let unit = canonical(code)?;
    let convert = |number| unit.convert(number);
    Some((NumberRange { value: convert(&range.value), low: convert(&range.low), high: convert(&range.high) }, unit.code.clone()))
}
