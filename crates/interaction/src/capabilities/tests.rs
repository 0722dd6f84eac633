//! Implementation guides in the statement.

use fhir::library::Shelf;

use super::*;

#[test]
fn implementation_guides_are_named_with_their_versions() {
    let guide = |url: &str, version: &str| object! { "resourceType": "ImplementationGuide", "url": url, "version": version };
    let library = Shelf::new([
        guide("http://guides.test/b", "2.0.0"),
        guide("http://guides.test/a", "1.0.0"),
        guide("http://guides.test/b", "10.0.0"),
        object! { "resourceType": "ImplementationGuide", "url": "http://guides.test/c" },
    ]);
    let statement = Bytes::from_static(br#"{"resourceType":"CapabilityStatement","status":"active"}"#);
    let text = with_guides(statement.clone(), &guides(&library));
    let expected = concat!(
        r#"{"resourceType":"CapabilityStatement","implementationGuide":["http://guides.test/a|1.0.0","http://guides.test/b|10.0.0","#,
        r#""http://guides.test/b|2.0.0","http://guides.test/c"],"status":"active"}"#
    );
    assert_eq!(String::from_utf8_lossy(&text), expected);
    assert_eq!(with_guides(statement.clone(), &[]), statement);
}
