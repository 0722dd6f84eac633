//! The codes of required bindings: <http://hl7.org/fhir/R4/terminologies.html#required>.

use super::Checker;
use super::path::Path;
use super::suggest::did_you_mean;
use crate::codes;
use crate::definitions::{Element, Type, ValueSet};
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

/// How many codes a message lists at most.
const LISTED: usize = 12;

impl Checker {
    /// A code: that it is in the value set, when the binding is required and the set can be enumerated.
    pub(super) fn bound_code(&mut self, element: &'static Element, code: &str, path: &Path) {
        let set = element.binding.as_ref().and_then(|binding| self.definitions.required_codes(binding));
        if let Some(set) = set.filter(|set| !set.contains(None, code)) {
            let hint = did_you_mean(code, set.codes());
            self.report(codes::CODE_UNKNOWN, IssueCode::CodeInvalid, path, format!("{}{hint}", allowed(set)));
        }
    }

    /// A Coding, or a CodeableConcept of which one coding at least must be in the value set.
    pub(super) fn bound_concept(&mut self, element: &'static Element, kind: &Type, object: &Object, path: &Path) {
        let set = element.binding.as_ref().and_then(|binding| self.definitions.required_codes(binding));
        let Some(set) = set else { return };
        // A code without its system has no meaning, and so is in no value set.
        let is_in_set = |coding: &Object| set.contains(Some(text(coding, "system")), text(coding, "code"));
        let is_bound = if kind.id == self.known.codeable_concept {
            // A concept whose extension says why there is no code has none to be judged.
            let is_absent = object.get("coding").is_none() && object.get("extension").is_some();
            is_absent || object.get("coding").is_some_and(|codings| codings.each().filter_map(Value::as_object).any(is_in_set))
        } else if kind.id == self.known.coding {
            object.get("code").is_none() || is_in_set(object)
        } else {
            true
        };
        if !is_bound {
            let systems: Vec<&str> = set.systems.iter().map(|(system, _)| *system).collect();
            let text = format!("{}, with the system {}", allowed(set), systems.join(" or "));
            self.report(codes::CODE_UNKNOWN, IssueCode::CodeInvalid, path, text);
        }
    }
}

fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn allowed(set: &ValueSet) -> String {
    let all: Vec<&str> = set.codes().take(LISTED + 1).collect();
    if all.len() > LISTED {
        return format!("the code must be one of the value set {}", set.url);
    }
    format!("the code must be one of {}", all.join(", "))
}
