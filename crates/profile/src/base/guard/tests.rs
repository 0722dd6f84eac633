//! What guards know, and that they know no more.

use fhir::definitions::definitions;
use fhir::{Object, Value};

use super::{Outcomes, Part};

fn outcomes(expression: &str, kind: &str, object: &Value) -> Outcomes {
    let kind = definitions().type_by_name(kind).expect("a type");
    let object: &Object = object.as_object().expect("an object");
    let places = object.iter().filter_map(|(name, _)| kind.member_place(name.strip_prefix('_').unwrap_or(name)));
    let present = places.fold(0, |present, (place, ..)| present | 1 << place);
    Part::of(expression, kind).outcomes(present, object)
}

#[test]
fn absence_settles_most() {
    let (value, code) = (fhir::object! { "value": 1_u64 }, fhir::object! { "code": "mg" });
    let both = fhir::object! { "code": "mg", "system": "http://unitsofmeasure.org" };
    let expression = "code.empty() or system.exists()";
    assert_eq!(outcomes(expression, "Quantity", &value), Outcomes::TRUE);
    assert_eq!(outcomes(expression, "Quantity", &both), Outcomes::TRUE);
    assert_eq!(outcomes(expression, "Quantity", &code), Outcomes::FALSE);
    assert_eq!(outcomes("code.exists() xor system.exists()", "Quantity", &both), Outcomes::FALSE);
    assert_eq!(outcomes("code.exists() = system.exists()", "Quantity", &both), Outcomes::TRUE);
    assert_eq!(outcomes("Quantity.code.exists().not()", "Quantity", &value), Outcomes::TRUE);
    assert_eq!(outcomes("(code.count() + system.count()) > 0", "Quantity", &code), Outcomes::TRUE);
}

#[test]
fn texts_and_truth_values_are_compared() {
    let item = fhir::object! { "type": "display", "repeats": true };
    let absent = fhir::object! { "linkId": "1" };
    assert_eq!(outcomes("type != 'display' or code.empty()", "Questionnaire.item", &item), Outcomes::TRUE);
    assert_eq!(outcomes("type in ('group' | 'display')", "Questionnaire.item", &item), Outcomes::TRUE);
    assert_eq!(outcomes("type = 'group'", "Questionnaire.item", &item), Outcomes::FALSE);
    assert_eq!(outcomes("repeats = true", "Questionnaire.item", &item), Outcomes::TRUE);
    assert_eq!(outcomes("type = 'group'", "Questionnaire.item", &absent), Outcomes::EMPTY);
    assert_eq!(outcomes("repeats = true or initial.count() <= 1", "Questionnaire.item", &absent), Outcomes::TRUE);
}

#[test]
fn what_is_not_understood_stays_open() {
    let code = fhir::object! { "code": "mg" };
    for expression in [
        "%resource.code.exists()",
        "$this = 1",
        "children().count() > 1",
        "code.length() = 2",
        "code & 'a' = 'mga'",
        "code[0] = 'a'",
        "nothing.exists()",
    ] {
        assert_eq!(outcomes(expression, "Quantity", &code), Outcomes::ANY, "{expression}");
    }
    // What is below an absent element is known, below one that is there it is not.
    assert_eq!(outcomes("system.startsWith('a').empty()", "Quantity", &code), Outcomes::TRUE);
    assert_eq!(outcomes("code.startsWith('a').empty()", "Quantity", &code), Outcomes::ANY);
}

#[test]
fn operators_bind_as_in_fhirpath() {
    let code = fhir::object! { "code": "mg" };
    // implies binds least, and then or, and.
    assert_eq!(outcomes("code.exists() and system.exists() implies unit.exists()", "Quantity", &code), Outcomes::TRUE);
    assert_eq!(outcomes("code.exists() or system.exists() and unit.exists()", "Quantity", &code), Outcomes::TRUE);
    assert_eq!(outcomes("(code.exists() or system.exists()) and unit.exists()", "Quantity", &code), Outcomes::FALSE);
}
