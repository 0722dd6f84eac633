use fhir::definitions::ResourceType;

use super::{Named, named, read};

fn of(kind: &str, text: &str) -> Named {
    named(ResourceType::parse(kind).expect("a type"), text.as_bytes())
}

#[test]
fn a_glance_sees_what_a_reading_sees() {
    for text in [
        r#"{"resourceType":"ValueSet","id":"a","meta":{"versionId":"1"},"url":"http://a/b","version":"1.0","status":"active"}"#,
        r#"{ "resourceType" : "ValueSet" , "contained":[{"url":"x","version":"y"}], "version" : "2" , "url" : "http://a/c" }"#,
        r#"{"resourceType":"ValueSet","title":"a \" , \\","description":"{[","url":"http:\/\/a\/d","compose":{"include":[{"version":"3"}]}}"#,
        r#"{"resourceType":"ValueSet","experimental":true,"count":12,"url":"http://a/e"}"#,
        r#"{"resourceType":"ValueSet","status":"active"}"#,
        r#"{"resourceType":"ValueSet","url":""}"#,
        "{}",
    ] {
        assert_eq!(Some(of("ValueSet", text)), read(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_naming_system_is_found_by_its_unique_ids() {
    let text =
        r#"{"resourceType":"NamingSystem","id":"a","uniqueId":[{"type":"oid","value":"1.2.3"},{"type":"uri","value":"http://a/b"}]}"#;
    assert_eq!(of("NamingSystem", text).addresses, ["1.2.3".into(), "http://a/b".into()]);
}

#[test]
fn what_is_no_resource_has_no_address() {
    for text in ["", "[]", "{", r#"{"url"#, r#"{"url":"#, r#"{"url":"a"#, "null"] {
        assert_eq!(of("ValueSet", text).addresses, Vec::<Box<str>>::new(), "{text}");
    }
}
