//! Scopes: read, written, narrowed, and said in words.

mod hostile;
mod narrowing;

use access::Scopes;
use access::scope::{in_words, words_of_type};
use fhir::definitions::ResourceType;

fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).unwrap_or_else(|issues| panic!("{text}: {issues:?}"))
}

#[test]
fn both_versions_are_read_and_the_second_is_written() {
    let cases = [
        ("patient/Observation.rs", "patient/Observation.rs"),
        ("patient/Observation.rs?category=laboratory", "patient/Observation.rs?category=laboratory"),
        ("user/*.cruds", "user/*.cruds"),
        ("system/Patient.c", "system/Patient.c"),
        ("patient/*.read", "patient/*.rs"),
        ("patient/*.write", "patient/*.cud"),
        ("system/*.*", "system/*.cruds"),
        ("openid launch/patient fhirUser patient/Patient.r openid", "patient/Patient.r fhirUser launch/patient openid"),
        (
            "patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category%7Cproblem-list-item",
            "patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item",
        ),
        ("patient/Patient.r?name=Ren%C3%A9%20%22x%22", "patient/Patient.r?name=Ren%C3%A9%20%22x%22"),
        ("", ""),
        ("  launch   launch ", "launch"),
        ("https://example.org/scopes/special.read", "https://example.org/scopes/special.read"),
    ];
    for (asked, written) in cases {
        let read = scopes(asked);
        assert_eq!(read.to_string(), written, "{asked}");
        assert_eq!(scopes(written), read, "{asked}: what is written reads back as the same");
    }
}

#[test]
fn version_1_is_written_where_it_has_words() {
    let of = |text: &str| scopes(text).resources[0].version_1();
    assert_eq!(of("patient/Observation.rs").as_deref(), Some("patient/Observation.read"));
    assert_eq!(of("user/*.cruds").as_deref(), Some("user/*.*"));
    assert_eq!(of("user/*.cud").as_deref(), Some("user/*.write"));
    assert_eq!(of("user/*.r"), None);
    assert_eq!(of("user/Observation.rs?code=1"), None);
}

#[test]
fn a_person_is_asked_in_words() {
    let words = |text: &str| scopes(text).resources[0].in_words();
    assert_eq!(words("patient/Immunization.rs"), "See and search vaccinations of the patient whose record is open.");
    assert_eq!(
        words("user/Observation.cruds?category=http://x%7Claboratory"),
        "See, search, add, change and delete measurements, results and observations that you may see yourself (only category: laboratory)."
    );
    assert_eq!(words("system/*.r"), "See everything in the whole hospital, as far as the client may.");
    assert_eq!(in_words("offline_access"), Some("Keep its access when you are not there, until you end it."));
    assert_eq!(in_words("something"), None);
}

#[test]
fn every_type_has_a_name_for_people() {
    for kind in ResourceType::all() {
        let words = words_of_type(kind);
        assert!(!words.is_empty() && words.is_ascii() && !words.contains("  "), "{kind:?}: {words}");
    }
    assert_eq!(words_of_type(ResourceType::parse("DeviceRequest").expect("a type")), "device requests");
    assert_eq!(words_of_type(ResourceType::parse("FamilyMemberHistory").expect("a type")), "diseases in the family");
}
