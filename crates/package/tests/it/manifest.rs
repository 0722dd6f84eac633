//! Manifests.

use package::{Manifest, codes};

fn parse(text: &str) -> Result<Manifest, fhir::Issue> {
    Manifest::parse(text.as_bytes())
}

#[test]
fn a_manifest_says_what_the_package_is() {
    let manifest = parse(
        r#"{"name":"hl7.fhir.us.core","version":"6.1.0","canonical":"http://hl7.org/fhir/us/core/","fhirVersions":["4.0.1"],
            "dependencies":{"hl7.fhir.r4.core":"4.0.1","hl7.fhir.r4.examples":"4.0.1","hl7.terminology.r4":"5.0.x"}}"#,
    );
    let manifest = manifest.expect("a manifest");
    assert_eq!(manifest.to_string(), "hl7.fhir.us.core@6.1.0");
    assert_eq!(manifest.canonical.as_deref(), Some("http://hl7.org/fhir/us/core"));
    // What is R4 itself is always there.
    let needs: Vec<String> = manifest.dependencies.iter().map(ToString::to_string).collect();
    assert_eq!(needs, ["hl7.terminology.r4@5.0.x"]);
}

#[test]
fn another_version_of_fhir_is_refused() {
    let of = |versions: &str| parse(&format!(r#"{{"name":"a.b","version":"1",{versions}}}"#)).map(drop).map_err(|issue| issue.number);
    assert_eq!(of(r#""fhirVersions":["5.0.0"]"#), Err(codes::OTHER_FHIR));
    assert_eq!(of(r#""fhirVersions":["4.3.0"]"#), Err(codes::OTHER_FHIR));
    assert_eq!(of(r#""fhir-version-list":["3.0.2"]"#), Err(codes::OTHER_FHIR));
    assert_eq!(of(r#""dependencies":{"hl7.fhir.r5.core":"5.0.0"}"#), Err(codes::OTHER_FHIR));
    assert_eq!(of(r#""fhirVersions":["4.0.1","5.0.0"]"#), Ok(()));
    assert_eq!(of(r#""fhirVersions":["4.0.0"]"#), Ok(()));
    assert_eq!(of(r#""dependencies":{"hl7.fhir.r4.core":"4.0.1"}"#), Ok(()));
    assert_eq!(of(r#""title":"says nothing""#), Ok(()));
}

#[test]
fn names_and_versions_are_plain() {
    for (name, version) in [("../x", "1"), ("a", ""), ("a", "../1"), ("", "1"), ("A", "1"), ("a/b", "1"), ("a..b", "1"), ("a", "1 2")] {
        let refused = parse(&format!(r#"{{"name":"{name}","version":"{version}"}}"#)).expect_err("refused");
        assert_eq!(refused.number, codes::BAD_MANIFEST, "{name} {version}");
    }
    assert_eq!(parse("[]").expect_err("refused").number, codes::BAD_MANIFEST);
    assert_eq!(parse(r#"{"name":"a","version":"1","dependencies":{"../b":"1"}}"#).expect_err("refused").number, codes::BAD_MANIFEST);
    assert_eq!(parse(r#"{"name":"a","version":"1","dependencies":{"b":1}}"#).expect_err("refused").number, codes::BAD_MANIFEST);
}
