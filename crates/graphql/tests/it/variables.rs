//! Variables: defined, used, and with values that fit.

use fhir::Value;
use graphql::{Answer, Dialect, Limits, Request, Root};

use crate::folder::{assert_data, assert_error, variable, ward};

fn ask(query: &str, name: &str, value: impl Into<Value>) -> Answer {
    let request = Request { variables: variable(name, value), ..Request::new(query) };
    ward().answer(&request, &Root::System, Dialect::Fhir, &Limits::default())
}

#[test]
fn stand_for_values() {
    assert_data(&ask("query($id: ID!) { Patient(id: $id) { id } }", "id", "p1"), r#"{"Patient":{"id":"p1"}}"#);
    assert_data(
        &ask("query($ids: [ID!]) { PatientList(_id: $ids) { id } }", "ids", fhir::array!["p1", "p2"]),
        r#"{"PatientList":[{"id":"p1"},{"id":"p2"}]}"#,
    );
    assert_data(&ask("query($ids: [ID!]) { PatientList(_id: $ids) { id } }", "ids", "p1"), r#"{"PatientList":[{"id":"p1"}]}"#);
    assert_data(&ask("query($id: ID) { PatientList(_id: [p2, $id]) { id } }", "id", "p1"), r#"{"PatientList":[{"id":"p1"},{"id":"p2"}]}"#);
    assert_data(&ask("query($w: Boolean!) { Patient(id: p1) { id active @include(if: $w) } }", "w", false), r#"{"Patient":{"id":"p1"}}"#);
    assert_data(
        &ask("query($use: code = official) { Patient(id: p1) { name(use: $use) { use } } }", "other", "x"),
        r#"{"Patient":{"name":[{"use":"official"}]}}"#,
    );
    assert_data(
        &ask("query($use: code) { Patient(id: p1) { name(use: $use, _count: 1) { use } } }", "other", "x"),
        r#"{"Patient":{"name":[{"use":"official"}]}}"#,
    );
}

#[test]
fn must_be_defined_used_and_fit() {
    for (query, value, number, part) in [
        ("{ Patient(id: $v) { id } }", Value::from("p1"), 928, "not defined"),
        ("query($v: ID) { Patient(id: p1) { id } }", "p1".into(), 928, "not used"),
        ("query($v: ID, $v: ID) { Patient(id: $v) { id } }", "p1".into(), 928, "twice"),
        ("query($v: ID!) { Patient(id: $v) { id } }", Value::Null, 928, "no ID!"),
        ("query($v: Int) { PatientList(_count: $v) { id } }", "many".into(), 928, "no Int"),
        ("query($v: Int) { PatientList(_count: $v) { id } }", Value::Number("1.5".into()), 928, "no Int"),
        ("query($v: Boolean) { Patient(id: p1) { id @skip(if: $v) } }", "true".into(), 928, "no Boolean"),
        ("query($v: [ID!]) { PatientList(_id: $v) { id } }", fhir::array!["p1", Value::Null], 928, "no [ID!]"),
        ("query($v: ID) { PatientList(_id: $v) { id } }", fhir::array!["p1"], 928, "no ID"),
        (
            "query($v: ResourceType) { Observation(id: b1) { subject { resource(type: $v) { id } } } }",
            "Pateint".into(),
            928,
            "no ResourceType",
        ),
        ("query($v: Strign) { Patient(id: $v) { id } }", "p1".into(), 927, "`String`"),
        ("query($v: Boolean) { Patient(id: p1) { id @skip(if: $v) } }", Value::Null, 929, "true or false"),
    ] {
        assert_error(&ask(query, "v", value), number, part);
    }
}

#[test]
fn are_not_repeated_in_messages() {
    let secret = "Chalmers born on Christmas";
    for query in [
        "query($v: Int) { PatientList(_count: $v) { id } }",
        "query($v: String) { Observation(id: b1) { subject { resource(type: $v) { id } } } }",
        "query($v: String) { Patient(id: p1) { name(_count: $v) { use } } }",
    ] {
        let answer = ask(query, "v", secret);
        assert!(!answer.errors.is_empty() && !answer.to_json().contains("Christmas"), "{}", answer.to_json());
    }
}
