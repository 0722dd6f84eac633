//! Codes by what they mean: `:in` and `:not-in` a value set, `:below` and `:above` a code (<http://hl7.org/fhir/R4/search.html#modifiers>).

use super::values::{plain, split};
use super::{Opinion, any};
use crate::path::Found;
use crate::resources::meaning::{VALUE_SETS, address, is_at_or_below, is_in, is_known};
use crate::resources::pool::CODES;

/// Whether one of the values is in the value set. No opinion on those that FHIR defines.
pub(super) fn any_is_in(found: &[Found<'_>], asked: &str) -> Opinion {
    let asked = plain(asked);
    let name = VALUE_SETS.iter().find(|name| address(name) == asked || asked.strip_prefix("ValueSet/") == Some(name))?;
    any_code(found, |system, code| is_in(name, system, code).unwrap_or_default())
}

/// Whether one of the values is the code, or stands below or above it. No opinion on codes that FHIR defines.
pub(super) fn any_is_around(found: &[Found<'_>], modifier: &str, asked: &str) -> Opinion {
    let parts = split(asked, '|');
    let [of, asked] = parts.as_slice() else { return None };
    let (of, asked) = (plain(of), plain(asked));
    if !is_known(&of) || !CODES.contains(&asked.as_str()) {
        return None;
    }
    let fits = |code: &str| if modifier == "below" { is_at_or_below(code, &asked) } else { is_at_or_below(&asked, code) };
    any_code(found, |system, code| system == of && fits(code))
}

/// Whether one of the codes is so. A code without a system is in no set; upper and lower case are not told apart.
fn any_code(found: &[Found<'_>], is: impl Fn(&str, &str) -> bool) -> Opinion {
    let coding = |coding: &fhir::Value| {
        let (Some(system), Some(code)) = (coding.text("system"), coding.text("code")) else { return false };
        CODES.iter().filter(|known| known.to_lowercase() == code.to_lowercase()).any(|known| is(system, known))
    };
    any(found.iter().map(|each| match each.of.name {
        "Coding" => Some(coding(each.value)),
        "CodeableConcept" => Some(each.value.list("coding").any(coding)),
        // The value set of a code tells its system, which is none of the pool.
        _ => Some(false),
    }))
}
