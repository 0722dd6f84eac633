//! Searches: single resources, lists, connections, and those that refer to a resource.

use graphql::{Dialect, Limits, Request, Root};

use crate::folder::{assert_data, assert_error, ward};

#[test]
fn finds_one_many_and_none() {
    let folder = ward();
    assert_data(
        &folder.ask("{ a: Patient(id: p1) { id } b: Patient(id: \"p2\") { id } c: Patient(id: nobody) { id } }"),
        r#"{"a":{"id":"p1"},"b":{"id":"p2"}}"#,
    );
    assert_data(&folder.ask("{ PatientList(active: true, gender: female) { id } }"), r#"{"PatientList":[{"id":"p2"}]}"#);
    assert_data(&folder.ask("{ PatientList(_id: [p1, p3]) { id } }"), r#"{"PatientList":[{"id":"p1"},{"id":"p3"}]}"#);
    assert_data(&folder.ask("{ PatientList(gender: other) { id } }"), r#"{"PatientList":[]}"#);
    assert_data(&folder.ask("{ PatientList(_offset: 1, _count: 1) { id } }"), r#"{"PatientList":[{"id":"p2"}]}"#);
    assert_data(&folder.ask("{ PatientList(fhirpath: \"name.exists()\") { id } }"), r#"{"PatientList":[{"id":"p1"}]}"#);
}

#[test]
fn writes_names_with_hyphens_with_low_lines() {
    assert_data(&ward().ask("{ PatientList(general_name: male) { id } }"), r#"{"PatientList":[{"id":"p1"}]}"#);
    assert_error(&ward().ask("{ PatientList(favourite_colour: red) { id } }"), 300, "favourite-colour");
}

#[test]
fn takes_a_comma_in_a_value_as_part_of_it() {
    assert_data(&ward().ask("{ PatientList(_id: \"p1,p2\") { id } }"), r#"{"PatientList":[]}"#);
}

#[test]
fn pages_with_connections() {
    let query = "{ PatientConnection(active: true, _count: 1) { count offset pagesize edges { mode score resource { id } } first previous next last } }";
    let expected =
        r#"{"PatientConnection":{"count":2,"offset":0,"pagesize":1,"edges":[{"mode":"match","resource":{"id":"p1"}}],"next":"next"}}"#;
    assert_data(&ward().ask(query), expected);
    let filtered = "{ PatientConnection(fhirpath: \"active.not()\") { edges { resource { id } } } }";
    assert_data(&ward().ask(filtered), r#"{"PatientConnection":{"edges":[{"resource":{"id":"p3"}}]}}"#);
    // Nobody counts what nobody asks for.
    assert_data(&ward().ask("{ PatientConnection { offset } }"), r#"{"PatientConnection":{"offset":0}}"#);
}

#[test]
fn finds_those_that_refer_to_a_resource() {
    let folder = ward();
    let query = "{ id ConditionList(_reference: patient) { id } ObservationConnection(_reference: patient) { count } }";
    assert_data(&folder.ask_of("Patient/p1", query), r#"{"id":"p1","ConditionList":[{"id":"c1"}],"ObservationConnection":{"count":2}}"#);
    let query = "{ PatientList { id ConditionList(_reference: patient) { id } } }";
    let expected =
        r#"{"PatientList":[{"id":"p1","ConditionList":[{"id":"c1"}]},{"id":"p2","ConditionList":[]},{"id":"p3","ConditionList":[]}]}"#;
    assert_data(&folder.ask(query), expected);
    for (query, part) in [
        ("{ ConditionList { id } }", "_reference"),
        ("{ ConditionList(_reference: patient, _id: c1) { id } }", "_id"),
        ("{ ConditionConnection(_reference: patient, cursor: \"x\") { count } }", "root"),
    ] {
        assert_error(&folder.ask_of("Patient/p1", query), 930, part);
    }
    // Nothing refers to what is contained.
    assert_data(
        &folder.ask_of("Patient/p1", "{ contained { id PatientList(_reference: organization) { id } } }"),
        r#"{"contained":[{"id":"org","PatientList":[]}]}"#,
    );
}

#[test]
fn keeps_to_the_type_that_it_is_asked_of() {
    let folder = ward();
    let patients = Root::Type(fhir::definitions::ResourceType::parse("Patient").expect("a type"));
    let ask = |query: &str| folder.answer(&Request::new(query), &patients, Dialect::Fhir, &Limits::default());
    assert_data(&ask("{ Patient(id: p1) { id } }"), r#"{"Patient":{"id":"p1"}}"#);
    assert_error(&ask("{ Practitioner(id: d1) { id } }"), 924, "Practitioner");
}

#[test]
fn takes_nothing_that_shapes_a_bundle() {
    for name in ["_include", "_revinclude", "_contained", "_elements", "_summary", "_total", "_page", "_reference", "cursor"] {
        assert_error(&ward().ask(&format!("{{ PatientList({name}: \"x\") {{ id }} }}")), 930, name);
    }
    assert_error(&ward().ask("{ PatientConnection(cursor: \"x\", active: true) { count } }"), 930, "leave the other arguments out");
    assert_error(&ward().ask("{ Patient { id } }"), 930, "`id`");
}
