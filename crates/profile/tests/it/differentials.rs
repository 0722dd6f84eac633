//! Snapshots of small differentials, and those that do not fit.

use fhir::library::Shelf;
use fhir::{Object, Value};
use profile::snapshot::{Error, faults, generate};

use crate::walk::profile;

fn element(kind: &str, elements: &str, id: &str) -> Option<Object> {
    let made = generate(&profile(kind, elements), &Shelf::default()).expect("the differential fits");
    made.into_iter().find(|element| element.get("id").and_then(Value::as_str) == Some(id))
}

fn fault(kind: &str, elements: &str) -> Error {
    generate(&profile(kind, elements), &Shelf::default()).expect_err("the differential does not fit")
}

#[test]
fn elements_of_data_types_are_unfolded() {
    let found = element("Patient", r#"{"path": "Patient.name.period.start", "min": 1}"#, "Patient.name.period.start").expect("it is there");
    assert_eq!(
        (found.get("min"), found.get("path").and_then(Value::as_str)),
        (Some(&Value::from(1_u64)), Some("Patient.name.period.start"))
    );
    assert!(element("Patient", r#"{"path": "Patient.name.period.start", "min": 1}"#, "Patient.name.family").is_some());
    assert!(element("Patient", r#"{"path": "Patient.name", "min": 1}"#, "Patient.name.family").is_none());
}

#[test]
fn a_choice_named_by_its_type_is_a_slice() {
    let found = element("Observation", r#"{"path": "Observation.valueQuantity", "min": 1}"#, "Observation.value[x]:valueQuantity")
        .expect("a slice");
    let codes: Vec<_> = found.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code")).collect();
    assert_eq!((codes, found.get("sliceName").and_then(Value::as_str)), (vec!["Quantity"], Some("valueQuantity")));
    assert!(
        element("Observation", r#"{"path": "Observation.valueQuantity.unit", "min": 1}"#, "Observation.value[x]:valueQuantity.unit")
            .is_some()
    );
}

#[test]
fn elements_that_refer_to_others_are_unfolded() {
    let found = element("Questionnaire", r#"{"path": "Questionnaire.item.item.text", "min": 1}"#, "Questionnaire.item.item.text");
    assert_eq!(found.and_then(|found| found.get("min").cloned()), Some(Value::from(1_u64)));
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(fault("Patient", r#"{"path": "Patient.nome"}"#), Error::NoElement("Patient.nome".into()));
    assert_eq!(fault("Patient", r#"{"path": "Device.name"}"#), Error::NoElement("Device.name".into()));
    assert_eq!(fault("Patient", r#"{"id": "x"}"#), Error::NoPath);
    let unfit = |elements: &str| matches!(fault("Observation", elements), Error::Unfit(..));
    assert!(unfit(r#"{"path": "Observation.status", "min": 0}"#));
    assert!(unfit(r#"{"path": "Observation.subject", "max": "2"}"#));
    assert!(unfit(r#"{"path": "Observation.category", "min": 2, "max": "1"}"#));
    assert!(unfit(r#"{"path": "Observation.value[x]", "type": [{"code": "Address"}]}"#));
}

#[test]
fn a_base_that_fixes_another_value_is_told_and_does_no_more() {
    let first = crate::walk::profile_at("http://example.org/first", "Patient", r#"{"path": "Patient.gender", "fixedCode": "male"}"#);
    let over = |code: &str| {
        let mut second = profile("Patient", &format!(r#"{{"path": "Patient.gender", "fixedCode": "{code}"}}"#));
        second.as_object_mut().expect("an object").set("baseDefinition", "http://example.org/first");
        second
    };
    let library = Shelf::new([first]);
    assert_eq!(faults(&over("male"), &library), []);
    assert!(matches!(faults(&over("female"), &library).as_slice(), [Error::Unfit(path, _)] if **path == *"Patient.gender"));
    assert!(generate(&over("female"), &library).is_ok());
    assert!(matches!(faults(&profile("Patient", r#"{"path": "Patient.nome"}"#), &library).as_slice(), [Error::NoElement(_)]));
}
