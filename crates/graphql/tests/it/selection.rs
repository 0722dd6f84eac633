//! Which fields there are, and what comes out for them.

use graphql::{Dialect, Limits, Request, Root};

use crate::folder::{assert_data, assert_error, ward};

#[test]
fn gives_elements_by_their_names_in_json() {
    let folder = ward();
    assert_data(
        &folder.ask_of("Patient/p1", "{ resourceType id active birthDate }"),
        r#"{"resourceType":"Patient","id":"p1","active":true,"birthDate":"1974-12-25"}"#,
    );
    assert_data(
        &folder.ask_of("Patient/p1", "{ born: birthDate contact { name { family } } deceasedBoolean }"),
        r#"{"born":"1974-12-25","contact":[{"name":{"family":"du Marché"}}]}"#,
    );
    // The precision of a number stays.
    assert_data(&folder.ask_of("Observation/b1", "{ valueQuantity { value unit } }"), r#"{"valueQuantity":{"value":185.0,"unit":"lbs"}}"#);
}

#[test]
fn gives_a_choice_whichever_type_it_has() {
    let folder = ward();
    let query = "{ ObservationList(_sort: \"_id\") { value { value unit } } }";
    assert_data(
        &folder.ask(&query.replace("(_sort: \"_id\")", "")),
        r#"{"ObservationList":[{"value":{"value":185.0,"unit":"lbs"}},{"value":"fine"}]}"#,
    );
    assert_error(&folder.ask("{ ObservationList { value } }"), 925, "select some");
}

#[test]
fn gives_the_extensions_of_primitives() {
    let query =
        "{ birthDate _birthDate { extension { url valueDateTime } } name(use: maiden) { given _given { extension { valueCode } } } }";
    let expected = r#"{"birthDate":"1974-12-25","_birthDate":{"extension":[{"url":"http://x/time","valueDateTime":"1974-12-25T14:35:45-05:00"}]},
        "name":[{"given":["Peter",null],"_given":[null,{"extension":[{"valueCode":"masked"}]}]}]}"#;
    assert_data(&ward().ask_of("Patient/p1", query), expected);
}

#[test]
fn filters_lists_by_elements_paths_and_places() {
    let folder = ward();
    let names = |arguments: &str| folder.ask_of("Patient/p1", &format!("{{ name({arguments}) {{ use }} }}"));
    assert_data(&names("use: official"), r#"{"name":[{"use":"official"}]}"#);
    assert_data(&names("use: [official, \"maiden\"]"), r#"{"name":[{"use":"official"},{"use":"maiden"}]}"#);
    assert_data(&names("given: \"James\""), r#"{"name":[{"use":"official"}]}"#);
    assert_data(&names("use: null"), r#"{"name":[{"use":"official"},{"use":"usual"},{"use":"maiden"}]}"#);
    assert_data(&names("fhirpath: \"given.count() = 1 or use = 'maiden'\""), r#"{"name":[{"use":"usual"},{"use":"maiden"}]}"#);
    assert_data(&names("fhirpath: \"%resource.active\", _offset: 1, _count: 1"), r#"{"name":[{"use":"usual"}]}"#);
    assert_data(&names("use: nothing"), "{}");
    assert_error(&names("_count: many"), 930, "_count");
    assert_error(&names("_offset: -1"), 930, "_offset");
    assert_error(&names("fhirpath: \"use =\""), 933, "fhirpath");
    assert_error(&names("fhirpath: \"1.repeat($this + 1).exists()\""), 933, "fhirpath");
    assert_error(&names("use: {a: 1}"), 930, "use");
    assert_error(&names("usee: official"), 930, "use");
    assert_error(&folder.ask_of("Patient/p1", "{ birthDate(_count: 1) }"), 930, "plain value");
}

#[test]
fn puts_fragments_and_fields_of_one_name_together() {
    let folder = ward();
    let query = "query { ...a ... on Patient { name { use } } ... @include(if: true) { active } ... on Resource { id } ... on DomainResource { gender } }
        fragment a on Patient { name(use: usual) { given } ...b } fragment b on Patient { id }";
    assert_error(&folder.ask_of("Patient/p1", query), 931, "another name");
    let query = query.replace("name { use }", "name(use: usual) { use }");
    assert_data(
        &folder.ask_of("Patient/p1", &query),
        r#"{"name":[{"given":["Jim"],"use":"usual"}],"id":"p1","active":true,"gender":"male"}"#,
    );
}

#[test]
fn skips_and_includes() {
    let query =
        "{ a: id @include(if: false) b: id @skip(if: true) c: id @include(if: true) @skip(if: false) ... @skip(if: true) { active } }";
    assert_data(&ward().ask_of("Patient/p1", query), r#"{"c":"p1"}"#);
    assert_error(&ward().ask_of("Patient/p1", "{ id @include(if: 1) }"), 929, "true or false");
}

#[test]
fn writes_null_for_what_is_not_there_in_the_dialect_of_graphql() {
    let folder = ward();
    let root = Root::Resource(folder.get("Patient/p2").expect("a patient").clone());
    let query =
        Request::new("{ id birthDate name { family } managingOrganization { reference } ConditionList(_reference: patient) { id } }");
    let answer = folder.answer(&query, &root, Dialect::GraphQl, &Limits::default());
    assert_data(&answer, r#"{"id":"p2","birthDate":null,"name":null,"managingOrganization":null,"ConditionList":[]}"#);
}
