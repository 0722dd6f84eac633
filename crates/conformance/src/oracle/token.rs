//! Tokens (<http://hl7.org/fhir/R4/search.html#token>).

use super::values::{plain, split};
use super::{Opinion, any};
use crate::path::Found;

/// Whether one of the values is `[system]|[code]`.
pub(super) fn any_is(found: &[Found<'_>], asked: &str) -> Opinion {
    any(found.iter().map(|each| is(*each, asked)))
}

/// Whether one of the identifiers is of the type and has the value: `system|code|value`.
pub(super) fn any_is_of_type(found: &[Found<'_>], asked: &str) -> Opinion {
    let parts: Vec<String> = split(asked, '|').iter().map(|part| plain(part)).collect();
    let [system, code, value] = parts.as_slice() else { return None };
    any(found.iter().map(|each| {
        if each.of.name != "Identifier" {
            return Some(false);
        }
        let is_type = |coding: &fhir::Value| coding.text("system") == Some(system) && coding.text("code") == Some(code);
        let is_value = each.value.text("value").is_some_and(|text| text.to_lowercase() == value.to_lowercase());
        Some(is_value && each.value.get("type").is_some_and(|kind| kind.list("coding").any(is_type)))
    }))
}

fn is(found: Found<'_>, asked: &str) -> Opinion {
    let value = found.value;
    match found.of.name {
        "Coding" => coding(value.text("system"), value.text("code"), asked),
        "CodeableConcept" => any(value.list("coding").map(|each| coding(each.text("system"), each.text("code"), asked))),
        "Identifier" => coding(value.text("system"), value.text("value"), asked),
        "ContactPoint" => coding(None, value.text("value"), asked),
        // The value set of a code tells its system, which the JSON does not.
        "code" if split(asked, '|').len() > 1 => None,
        _ => {
            let text = value.as_str().or_else(|| value.as_bool().map(|truth| if truth { "true" } else { "false" }))?;
            match coding(None, Some(text), asked) {
                // Whether a primitive's case counts is told by the types of all elements of the parameter.
                Some(true) if text != plain(split(asked, '|').last().map_or("", String::as_str)) => None,
                opinion => opinion,
            }
        }
    }
}

/// Whether a code of a system is the one asked for.
pub(super) fn coding(system: Option<&str>, code: Option<&str>, asked: &str) -> Opinion {
    let parts = split(asked, '|');
    match parts.as_slice() {
        [asked] => code_is(code, asked),
        [of, asked] if asked.is_empty() => Some(system == Some(&plain(of))),
        [of, asked] if of.is_empty() => {
            if system.is_some() {
                Some(false)
            } else {
                code_is(code, asked)
            }
        }
        [of, asked] => {
            if system == Some(&plain(of)) {
                code_is(code, asked)
            } else {
                Some(false)
            }
        }
        _ => None,
    }
}

/// Codes and identifiers are compared without case: of their systems no more is known, and FHIR advises it then.
fn code_is(code: Option<&str>, asked: &str) -> Opinion {
    let code = code.unwrap_or_default();
    Some(!code.is_empty() && code.to_lowercase() == plain(asked).to_lowercase())
}
