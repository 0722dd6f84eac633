//! Quantities as answers: their units.

use fhir::Value;

use super::Judge;
use super::item::Item;
use super::options::contains;
use super::response::Walk;
use crate::codes;

const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";
const UNIT_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet";

/// That the unit is one that the question offers.
pub(super) fn check(judge: &mut Judge<'_>, walk: &Walk<'_, '_>, question: Item<'_>, quantity: &Value, place: &str) {
    let (system, code) = (quantity.text("system"), quantity.text("code"));
    let mut options = question.extensions(UNIT_OPTION).map(|(_, coding)| coding).peekable();
    if options.peek().is_some() && !options.any(|coding| coding.text("code") == code && coding.text("system") == system) {
        judge.error(codes::RESPONSE_OPTION, place, "this is none of the units that the question offers: choose one of its unitOption");
    }
    for value_set in question.extensions(UNIT_VALUE_SET).filter_map(|(_, value)| value.as_str()) {
        let is_in_set = match code {
            Some(code) => contains(walk, value_set, system, code),
            None => Some(false),
        };
        if is_in_set == Some(false) {
            judge.error(codes::RESPONSE_OPTION, place, format!("the unit is not in the value set {value_set}: choose one of its codes"));
        }
    }
}
