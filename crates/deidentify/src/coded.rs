//! Codes, with and without their systems, and measurements.

use fhir::definitions::{BindingStrength, Element, definitions};
use fhir::{Object, Value};

use crate::systems::{self, UCUM};
use crate::time;

/// Whether a code may stay: one of the value set that its element is bound to; where that cannot be listed, one of the form of a language, country or currency.
pub(crate) fn code_stays(element: &Element, code: &str) -> bool {
    let Some(binding) = element.binding.as_ref().filter(|binding| binding.strength == BindingStrength::Required) else {
        return false;
    };
    match definitions().required_codes(binding) {
        Some(codes) => codes.contains(None, code),
        None => code.split('-').enumerate().all(|(at, part)| is_short(at, part)),
    }
}

/// `de`, `EUR`, and after a hyphen `CH` or `Latn`.
fn is_short(at: usize, part: &str) -> bool {
    let most = if at == 0 { 3 } else { 4 };
    (2..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What stays of a Coding: its system and code, when the system is well known. A display is somebody's text.
pub(crate) fn coding(coding: &Object) -> Option<Object> {
    let text = |name: &str| coding.get(name).and_then(Value::as_str);
    let (system, code) = (text("system")?, text("code")?);
    systems::stays(system, code).then(|| [("system", Value::from(system)), ("code", Value::from(code))].into_iter().collect())
}

/// What stays of a Quantity: its value, with the code of its unit; `is_age` says that it is an Age.
pub(crate) fn quantity(quantity: &Object, is_age: bool) -> Option<Object> {
    let text = |name: &str| quantity.get(name).and_then(Value::as_str);
    let value = quantity.get("value").and_then(Value::as_number)?;
    let system = text("system").unwrap_or_default();
    let code = text("code").filter(|code| systems::stays(system, code));
    let unit = text("code").or(text("unit")).unwrap_or_default();
    let mut out = Object::new();
    if time::is_hidden_age(value, unit, is_age) {
        out.push("value", Value::Number("90".into()));
        out.push("comparator", ">=");
        out.push("system", UCUM);
        out.push("code", "a");
        return Some(out);
    }
    out.push("value", Value::Number(value.into()));
    if let Some(comparator) = text("comparator").filter(|comparator| ["<", "<=", ">=", ">"].contains(comparator)) {
        out.push("comparator", comparator);
    }
    if let Some(code) = code {
        if text("unit") == Some(code) {
            out.push("unit", code);
        }
        out.push("system", system);
        out.push("code", code);
    }
    Some(out)
}
