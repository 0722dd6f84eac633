//! What references lead to, and in how many readings.

use std::sync::atomic::Ordering;

use crate::folder::{Folder, assert_data, assert_error, ward};

#[test]
fn follows_references_wherever_they_lead() {
    let folder = ward();
    let query = "{ managingOrganization { resource { id ... on Organization { name } } } generalPractitioner { resource { ... on Practitioner { active } ... on Organization { name } } } }";
    let expected = r#"{"managingOrganization":{"resource":{"id":"org","name":"Inside"}},"generalPractitioner":[{"resource":{"active":true}},{"resource":{"name":"Clinic"}}]}"#;
    assert_data(&folder.ask_of("Patient/p1", query), expected);
    // A field that only some of the types have is asked of those.
    let query = "{ generalPractitioner { reference resource { active } } }";
    let expected = r#"{"generalPractitioner":[{"reference":"Practitioner/d1","resource":{"active":true}},{"reference":"Organization/o1","resource":{}}]}"#;
    assert_data(&folder.ask_of("Patient/p1", query), expected);
}

#[test]
fn chooses_by_type() {
    let folder = ward();
    let query = "{ generalPractitioner { resource(type: Practitioner) { active } resource(type: Organization) { name } } }";
    assert_data(
        &folder.ask_of("Patient/p1", query),
        r#"{"generalPractitioner":[{"resource":{"active":true}},{"resource":{"name":"Clinic"}}]}"#,
    );
    assert_data(
        &folder.ask_of("Observation/b1", "{ subject { reference resource(type: Group) { id } } }"),
        r#"{"subject":{"reference":"Patient/p1"}}"#,
    );
    assert_error(&folder.ask_of("Observation/b1", "{ subject { resource(type: Pateint) { id } } }"), 927, "`Patient`");
}

#[test]
fn refuses_what_leads_nowhere_unless_optional() {
    let folder = ward();
    assert_error(&folder.ask_of("Patient/p3", "{ generalPractitioner { resource { id } } }"), 932, "optional: true");
    let query = "{ generalPractitioner { display resource(optional: true) { id } } }";
    assert_data(&folder.ask_of("Patient/p3", query), r#"{"generalPractitioner":[{},{"display":"Somebody"}]}"#);
    assert_error(&folder.ask_of("Patient/p3", "{ generalPractitioner { resource(optional: maybe) { id } } }"), 930, "optional");
}

#[test]
fn reads_once_for_each_level() {
    let folder = ward();
    let query = "{ PatientList(active: true) { generalPractitioner { resource { ... on Practitioner { qualification { issuer { resource { ... on Organization { name } } } } } } } } }";
    let answer = folder.ask(query);
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    assert_eq!(
        (folder.searches.load(Ordering::Relaxed), folder.reads.load(Ordering::Relaxed)),
        (1, 1),
        "the clinic is known from the first reading"
    );
    let doctors = Folder::of(&[
        r#"{"resourceType":"Patient","id":"p","generalPractitioner":[{"reference":"Practitioner/d"}]}"#,
        r#"{"resourceType":"Practitioner","id":"d","qualification":[{"code":{"text":"MD"},"issuer":{"reference":"Organization/o"}}]}"#,
        r#"{"resourceType":"Organization","id":"o","partOf":{"reference":"Organization/o"}}"#,
    ]);
    let answer = doctors.ask(&query.replace("(active: true)", ""));
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    assert_eq!(doctors.reads.load(Ordering::Relaxed), 2);
}

#[test]
fn goes_round_as_deep_as_the_query_says() {
    let folder = Folder::of(&[r#"{"resourceType":"Organization","id":"o","partOf":{"reference":"Organization/o"}}"#]);
    let query = "{ Organization(id: o) { partOf { resource { ... on Organization { partOf { resource { id } } } } } } }";
    assert_data(&folder.ask(query), r#"{"Organization":{"partOf":{"resource":{"partOf":{"resource":{"id":"o"}}}}}}"#);
}
