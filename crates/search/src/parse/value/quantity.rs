//! Numbers and quantities to search for (<http://hl7.org/fhir/R4/search.html#quantity>).

use fhir::{Issue, IssueCode};
use store::query::Test;

use super::prefix::prefix;
use crate::codes;
use crate::parse::clause::plain;
use crate::parse::escape::split;
use crate::precision;
use crate::ucum::{UCUM, asked_in_base_units};

/// The test of `[prefix]number`.
pub(super) fn number(name: &str, value: &str) -> Result<Test, Issue> {
    let (compare, text) = prefix(name, value)?;
    let range = precision::range(text, compare).ok_or_else(|| bad_number(name))?;
    Ok(Test::Number(compare, range))
}

/// The test of `[prefix]number`, `[prefix]number|system|code` and `[prefix]number||unit`, where the unit is a code of any system or the text of one.
pub(super) fn quantity(name: &str, value: &str) -> Result<Test, Issue> {
    let (text, unit) = match split(value, '|').as_slice() {
        [number] => (*number, None),
        [number, system, unit] if !unit.is_empty() => (*number, Some((*system, *unit))),
        _ => {
            let rule = format!("a value of `{name}` is written `5.4`, `5.4|http://unitsofmeasure.org|mg` or `5.4||mg`");
            return Err(Issue::error(codes::BAD_QUANTITY, IssueCode::Value, "", rule));
        }
    };
    let (compare, text) = prefix(name, text)?;
    let range = precision::range(text, compare).ok_or_else(|| bad_number(name))?;
    let (system, unit): (Option<Box<str>>, Option<Box<str>>) = match unit {
        Some((system, unit)) => {
            let system = Some(plain(name, system)?).filter(|system| !system.is_empty()).map(Into::into);
            (system, Some(plain(name, unit)?.into()))
        }
        None => (None, None),
    };
    // With UCUM's system it is compared in base units; without a system only with what is written so.
    if let (Some(UCUM), Some(code)) = (system.as_deref(), unit.as_deref())
        && let Some((range, unit)) = asked_in_base_units(&range, code)
    {
        return Ok(Test::Quantity { compare, range, system, unit: Some(unit) });
    }
    Ok(Test::Quantity { compare, range, system, unit })
}

fn bad_number(name: &str) -> Issue {
    let rule = format!("a value of `{name}` has no number: it is written `100`, `5.40`, `-1e2`, with a prefix such as `gt` or without");
    Issue::error(codes::BAD_NUMBER, IssueCode::Value, "", rule)
}
