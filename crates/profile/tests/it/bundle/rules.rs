//! Each rule of Bundles, broken once.

use fhir::Severity;
use profile::codes;

/// The numbers, severities and places of the issues of a Bundle.
fn told(text: &str) -> Vec<(u16, Severity, String)> {
    let bundle = fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut issues = Vec::new();
    profile::bundle::check(&bundle, "Bundle", &mut issues);
    issues.into_iter().map(|issue| (issue.number, issue.severity, issue.expression)).collect()
}

fn errors(text: &str) -> Vec<(u16, String)> {
    told(text).into_iter().filter(|(_, severity, _)| *severity == Severity::Error).map(|(number, _, place)| (number, place)).collect()
}

fn error(number: u16, place: &str) -> Vec<(u16, String)> {
    vec![(number, place.to_owned())]
}

const COLLECTION: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[ENTRY]}"#;

fn collection(entry: &str) -> Vec<(u16, String)> {
    errors(&COLLECTION.replace("ENTRY", entry))
}

#[test]
fn full_urls_are_absolute_and_those_of_their_resources() {
    assert_eq!(collection(r#"{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"1"}}"#), []);
    assert_eq!(
        collection(r#"{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Patient","id":"1"}}"#),
        []
    );
    let wrong = error(codes::BUNDLE_FULL_URL, "Bundle.entry[0].fullUrl");
    for entry in [
        r#"{"fullUrl":"Patient/1","resource":{"resourceType":"Patient","id":"1"}}"#,
        r#"{"fullUrl":"http://a/Patient/2","resource":{"resourceType":"Patient","id":"1"}}"#,
        r#"{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Basic","id":"1"}}"#,
        r#"{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient"}}"#,
        r#"{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"1"}}"#,
    ] {
        assert_eq!(collection(entry), wrong, "{entry}");
    }
    let missing = collection(r#"{"resource":{"resourceType":"Basic","id":"1","subject":{"reference":"Patient/1"}}}"#);
    assert_eq!(
        missing,
        [(codes::BUNDLE_FULL_URL, "Bundle.entry[0]".into()), (codes::BUNDLE_FULL_URL, "Bundle.entry[0].resource.subject.reference".into())]
    );
}

const DOCUMENT: &str = r#"{"resourceType":"Bundle","type":"document","entry":[
    {"fullUrl":"http://a/Composition/1","resource":{"resourceType":"Composition","id":"1","subject":{"reference":"SUBJECT"},
        "section":[{"section":[{"entry":[{"reference":"http://a/Observation/1"}]}]}]}},
    {"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"1"}},
    {"fullUrl":"http://a/Observation/1","resource":{"resourceType":"Observation","id":"1","meta":{"versionId":"3"}}}MORE]}"#;

fn document(subject: &str, more: &str) -> Vec<(u16, String)> {
    errors(&DOCUMENT.replace("SUBJECT", subject).replace("MORE", more))
}

#[test]
fn a_document_brings_along_what_its_composition_refers_to() {
    assert_eq!(document("Patient/1", ""), []);
    assert_eq!(document("http://a/Patient/1", ""), []);
    let place = "Bundle.entry[0].resource.subject.reference";
    let unconnected = (codes::BUNDLE_UNREACHABLE, "Bundle.entry[1]".to_owned());
    assert_eq!(document("Patient/2", ""), [(codes::BUNDLE_REFERENCE, place.into()), unconnected.clone()]);
    assert_eq!(document("http://b/Patient/1", ""), [(codes::BUNDLE_REFERENCE, place.into()), unconnected]);
    let twice = document("Patient/1", r#",{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"1"}}"#);
    assert!(twice.contains(&(codes::BUNDLE_REFERENCE, place.into())), "{twice:?}");
}

#[test]
fn relative_references_begin_where_the_entry_does() {
    let bundle = r#"{"resourceType":"Bundle","type":"document","entry":[
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Composition","subject":{"reference":"Patient/1"}}},
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521","resource":{"resourceType":"Patient","id":"1"}}]}"#;
    let found = errors(bundle);
    assert_eq!(found[0], (codes::BUNDLE_REFERENCE, "Bundle.entry[0].resource.subject.reference".into()));
    assert_eq!(errors(&bundle.replace("\"Patient/1\"", "\"urn:uuid:c757873d-ec9a-4326-a141-556f43239521\"")), []);
}

#[test]
fn versions_are_told_apart() {
    let observation = |version: &str| {
        DOCUMENT
            .replace("SUBJECT", "Patient/1")
            .replace("MORE", "")
            .replace("http://a/Observation/1\"}", &format!("http://a/Observation/1/_history/{version}\"}}"))
    };
    assert_eq!(errors(&observation("3")), []);
    assert_eq!(errors(&observation("4"))[0].0, codes::BUNDLE_REFERENCE);
}

#[test]
fn what_is_in_a_document_belongs_to_it() {
    let provenance = r#",{"fullUrl":"http://a/Provenance/1","resource":{"resourceType":"Provenance","id":"1","target":[{"reference":"Composition/1"}]}}"#;
    assert_eq!(document("Patient/1", provenance), []);
    let stranger = r#",{"fullUrl":"http://a/Basic/1","resource":{"resourceType":"Basic","id":"1"}}"#;
    assert_eq!(document("Patient/1", stranger), error(codes::BUNDLE_UNREACHABLE, "Bundle.entry[3]"));
    let basic = r#",{"fullUrl":"http://a/Basic/1","resource":{"resourceType":"Basic","id":"1","subject":{"reference":"Patient/1"}}}"#;
    let warned = told(&DOCUMENT.replace("SUBJECT", "Patient/1").replace("MORE", basic));
    assert_eq!(warned, [(codes::BUNDLE_UNREACHABLE, Severity::Warning, "Bundle.entry[3]".into())]);
}

#[test]
fn a_message_brings_its_focus() {
    let message = r#"{"resourceType":"Bundle","type":"message","entry":[
        {"fullUrl":"http://a/MessageHeader/1","resource":{"resourceType":"MessageHeader","id":"1","focus":[{"reference":"Patient/1"}]}},
        {"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"1"}}]}"#;
    assert_eq!(told(message), []);
    let wrong = errors(&message.replace("[{\"reference\":\"Patient/1\"}]", "[{\"reference\":\"Patient/2\"}]"));
    assert_eq!(wrong, error(codes::BUNDLE_REFERENCE, "Bundle.entry[0].resource.focus[0].reference"));
}

#[test]
fn requests_and_resources_fit_together() {
    let transaction = |entry: &str| errors(&COLLECTION.replace("collection", "transaction").replace("ENTRY", entry));
    assert_eq!(transaction(r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}}"#), []);
    assert_eq!(transaction(r#"{"request":{"method":"PUT","url":"Patient?identifier=1"},"resource":{"resourceType":"Patient"}}"#), []);
    assert_eq!(transaction(r#"{"request":{"method":"GET","url":"Patient?name=a"}}"#), []);
    for (entry, place) in [
        (r#"{"request":{"method":"POST","url":"Patient"}}"#, "Bundle.entry[0]"),
        (r#"{"request":{"method":"DELETE","url":"Patient/1"},"resource":{"resourceType":"Patient"}}"#, "Bundle.entry[0].resource"),
        (r#"{"request":{"method":"GET","url":"Patient/1"},"resource":{"resourceType":"Patient"}}"#, "Bundle.entry[0].resource"),
        (r#"{"request":{"method":"PATCH","url":"Patient/1"},"resource":{"resourceType":"Patient"}}"#, "Bundle.entry[0].resource"),
        (r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Basic"}}"#, "Bundle.entry[0].request.url"),
        (r#"{"request":{"method":"POST","url":"Patient/1"},"resource":{"resourceType":"Patient"}}"#, "Bundle.entry[0].request.url"),
        (r#"{"request":{"method":"PUT","url":"Patient"},"resource":{"resourceType":"Patient"}}"#, "Bundle.entry[0].request.url"),
        (r#"{"request":{"method":"PUT","url":"Patient/1"},"resource":{"resourceType":"Patient","id":"2"}}"#, "Bundle.entry[0].request.url"),
    ] {
        assert_eq!(transaction(entry), error(codes::BUNDLE_ENTRY, place), "{entry}");
    }
}

#[test]
fn search_results_are_what_was_searched_for() {
    let search = r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://a/Patient?name=a"},{"relation":"next","url":"http://a/2"}],
        "entry":[{"fullUrl":"http://a/Patient/1","search":{"mode":"match"},"resource":{"resourceType":"Patient","id":"1"}}]}"#;
    assert_eq!(told(search), []);
    let other =
        search.replace("http://a/Patient/1", "http://a/Basic/1").replace("\"resourceType\":\"Patient\"", "\"resourceType\":\"Basic\"");
    assert_eq!(errors(&other), error(codes::BUNDLE_ENTRY, "Bundle.entry[0].resource"));
    assert_eq!(errors(&other.replace("\"match\"", "\"include\"")), []);
    let nameless = search.replace("http://a/Patient/1", "http://a/b").replace(",\"id\":\"1\"", "");
    assert_eq!(errors(&nameless), error(codes::BUNDLE_ENTRY, "Bundle.entry[0].resource"));
}

#[test]
fn only_pages_have_links_to_pages() {
    let link = |kind: &str, relation: &str| {
        errors(&format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","link":[{{"relation":"self","url":"http://a"}},{{"relation":"{relation}","url":"http://a"}}]}}"#
        ))
    };
    assert_eq!(link("history", "next"), []);
    assert_eq!(link("document", "next"), error(codes::BUNDLE_LINK, "Bundle.link[1].relation"));
    assert_eq!(link("history", "self"), error(codes::BUNDLE_LINK, "Bundle.link[1].relation"));
}
