//! `@flatten`, `@first`, `@singleton` and `@slice` (<http://hl7.org/fhir/R4/graphql.html#flattening>), with the examples of the specification.

use crate::folder::{assert_data, assert_error, ward};

#[track_caller]
fn assert_flat(query: &str, expected: &str) {
    assert_data(&ward().ask_of("Patient/p1", query), expected);
}

#[test]
fn puts_the_fields_below_in_the_place_of_a_field() {
    assert_flat(
        "{ identifier @flatten { system value } active name(use: [official, usual]) @flatten { text given family } }",
        r#"{"system":["urn:a"],"value":["12345"],"active":true,"given":["Peter","James","Jim"],"family":["Chalmers"]}"#,
    );
    // What is no list does not become one.
    assert_flat("{ managingOrganization @flatten { reference } }", r##"{"reference":"#org"}"##);
    assert_flat("{ contact @flatten { name @flatten { family } } }", r#"{"family":["du Marché"]}"#);
    // The place of a value that has only extensions is given up.
    assert_flat("{ name(use: maiden) @flatten { given } }", r#"{"given":["Peter"]}"#);
}

#[test]
fn takes_the_first_where_the_field_stands() {
    assert_flat("{ name @flatten { text given @first family } }", r#"{"given":["Peter","Jim","Peter"],"family":["Chalmers","Windsor"]}"#);
    assert_flat("{ name @first { given @first } }", r#"{"name":{"given":"Peter"}}"#);
    assert_flat("{ name @flatten @first { text given family @singleton } }", r#"{"given":["Peter","James"],"family":"Chalmers"}"#);
}

#[test]
fn keeps_singletons_single() {
    assert_flat("{ identifier @flatten { system @singleton } }", r#"{"system":"urn:a"}"#);
    assert_error(&ward().ask_of("Patient/p1", "{ name @flatten { family @singleton } }"), 934, "@first");
}

#[test]
fn slices_by_place_and_by_path() {
    assert_flat(
        "{ name @flatten @slice(path: \"$index\") { given @first @singleton family } }",
        r#"{"given.0":"Peter","family.0":["Chalmers"],"given.1":"Jim","given.2":"Peter","family.2":["Windsor"]}"#,
    );
    assert_flat(
        "{ name @flatten @slice(path: \"use\") { given family @singleton } }",
        r#"{"given.official":["Peter","James"],"family.official":"Chalmers","given.usual":["Jim"],"given.maiden":["Peter"],"family.maiden":"Windsor"}"#,
    );
    // Nested, the endings add up; unflattened, the field itself is sliced.
    assert_flat(
        "{ contact @flatten @slice(path: \"$index\") { name @flatten @slice(path: \"'b'\") { family @singleton } } }",
        r#"{"family.0.b":"du Marché"}"#,
    );
    assert_flat("{ identifier @slice(path: \"value\") { system } }", r#"{"identifier.12345":[{"system":"urn:a"}]}"#);
    assert_error(&ward().ask_of("Patient/p1", "{ name @slice(path: \"use +\") { family } }"), 933, "@slice");
}

#[test]
fn mixes_no_types() {
    let query = "{ identifier @flatten { value } name @flatten { value: period { start } } }";
    assert_flat(query, r#"{"value":["12345"]}"#);
    assert_error(
        &ward().ask_of("Patient/p1", "{ identifier @flatten { value } contact @flatten { value: name { family } } }"),
        935,
        "another",
    );
}
