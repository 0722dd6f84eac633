//! Which addresses are taken, and where requests go.

use super::Address;

#[test]
fn a_request_never_leaves_the_server() {
    let address = Address::parse("--url", "http://127.0.0.1:8080/fhir/").unwrap_or_else(|error| panic!("{error}"));
    for (path, expected) in [
        ("", "http://127.0.0.1:8080/fhir"),
        ("Patient?_count=1", "http://127.0.0.1:8080/fhir/Patient?_count=1"),
        ("http://127.0.0.1:8080/fhir/Patient?_page=x", "http://127.0.0.1:8080/fhir/Patient?_page=x"),
        ("https://elsewhere.example/fhir/Patient?_page=x", "http://127.0.0.1:8080/fhir/Patient?_page=x"),
        ("http://elsewhere.example", "http://127.0.0.1:8080/"),
        ("Patient?identifier=urn:x|7 8%20é", "http://127.0.0.1:8080/fhir/Patient?identifier=urn:x%7C7%208%20%C3%A9"),
    ] {
        assert_eq!(address.below(path), expected, "{path}");
    }
}

#[test]
fn tls_stays_tls() {
    let address = Address::parse("package_registry", "https://registry.example/").unwrap_or_else(|error| panic!("{error}"));
    assert!(address.is_tls());
    assert_eq!(address.below("http://registry.example/guide.tgz"), "https://registry.example/guide.tgz");
}

#[test]
fn what_is_no_endpoint_is_refused_with_the_remedy() {
    for (url, says) in [
        ("127.0.0.1:8080/fhir", "http://"),
        ("ftp://127.0.0.1/fhir", "http://"),
        ("/fhir", "http://"),
        ("http://me:secret@127.0.0.1/fhir", "--token"),
        ("http://127.0.0.1/fhir?x=1", "query"),
        ("http://", "--url"),
        ("", "--url"),
    ] {
        let refused = Address::parse("--url", url).err().unwrap_or_else(|| panic!("{url} is taken"));
        assert!(refused.contains(says), "{url}: {refused}");
        assert!(!refused.contains("secret"), "{refused}");
    }
}
