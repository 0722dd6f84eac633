//! References within a transaction: made to lead to the new resources, wherever they stand.

use fhir::Value;

use crate::server::TestServer;

fn transaction(entries: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}]}}"#)
}

/// Sends the entries, and gives back the places of what was written and the last resource as it is stored.
async fn last_written(server: &TestServer, entries: &str) -> (Vec<String>, Value) {
    let reply = server.post("/fhir", &transaction(entries)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let bundle = reply.json();
    let locations = bundle.list("entry").filter_map(|entry| entry.get("response")?.text("location"));
    let places: Vec<String> = locations.map(|location| location.split("/_history").next().unwrap_or_default().to_owned()).collect();
    let last = server.get(&format!("/fhir/{}", places.last().expect("something written"))).await.json();
    (places, last)
}

const PATIENT: &str =
    r#"{"fullUrl":"urn:uuid:a","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","id":"p"}}"#;

#[tokio::test]
async fn leads_every_kind_of_link_to_the_new_resource() {
    let server = TestServer::new();
    let document = r##"{"fullUrl":"urn:uuid:b","request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic",
        "text":{"status":"additional","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:a\">a</a> urn:uuid:a <img src='urn:uuid:a' alt='urn:uuid:a'/></div>"},
        "identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:a"}],
        "extension":[{"url":"http://x","valueUri":"urn:uuid:a"},{"url":"http://x","valueUrl":"urn:uuid:a"},{"url":"http://x","valueCanonical":"urn:uuid:a"}],
        "code":{"text":"x"},"subject":{"reference":"urn:uuid:a"},"author":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}}}"##;
    let (places, basic) = last_written(&server, &format!("{PATIENT},{document}")).await;
    let patient = places[0].as_str();
    assert_eq!(basic.get("subject").and_then(|subject| subject.text("reference")), Some(patient));
    assert_eq!(basic.get("author").and_then(|author| author.text("reference")), Some("urn:uuid:00000000-0000-4000-8000-000000000001"));
    let mut extensions = basic.list("extension");
    assert_eq!(extensions.next().and_then(|extension| extension.text("valueUri")), Some(patient));
    assert_eq!(extensions.next().and_then(|extension| extension.text("valueUrl")), Some(patient));
    assert_eq!(extensions.next().and_then(|extension| extension.text("valueCanonical")), Some("urn:uuid:a"));
    assert_eq!(basic.list("identifier").next().and_then(|identifier| identifier.text("value")), Some("urn:uuid:a"));
    let div = basic.get("text").and_then(|text| text.text("div")).expect("a narrative");
    assert!(div.contains(&format!("<a href=\"{patient}\">a</a> urn:uuid:a <img src='{patient}' alt='urn:uuid:a'/>")), "{div}");
}

#[tokio::test]
async fn reads_relative_and_absolute_full_urls() {
    let server = TestServer::new();
    for (full_url, own, reference) in [
        ("http://old.example/r4/Patient/7", "http://old.example/r4/Flag/1", "Patient/7"),
        ("http://old.example/r4/Patient/7", "urn:uuid:f", "Patient/7"),
        ("http://old.example/r4/Patient/7", "urn:uuid:f", "http://old.example/r4/Patient/7"),
        ("http://old.example/r4/Patient/7", "http://old.example/r4/Flag/1", "Patient/7/_history/9"),
        ("Patient/7", "urn:uuid:f", "Patient/7"),
        ("urn:oid:1.2.3", "urn:oid:1.2.4", "urn:oid:1.2.3"),
    ] {
        let patient = PATIENT.replace("urn:uuid:a", full_url);
        let flag = format!(
            r#"{{"fullUrl":"{own}","request":{{"method":"POST","url":"Flag"}},"resource":{{"resourceType":"Flag","status":"active","code":{{"text":"x"}},"subject":{{"reference":"{reference}"}}}}}}"#
        );
        let (places, flag) = last_written(&server, &format!("{patient},{flag}")).await;
        let expected = if reference.contains("_history") { format!("{}/_history/1", places[0]) } else { places[0].clone() };
        assert_eq!(flag.get("subject").and_then(|subject| subject.text("reference")), Some(expected.as_str()), "{reference}");
    }
}

#[tokio::test]
async fn resolves_references_by_criteria() {
    let server = TestServer::new();
    let flag = r#"{"request":{"method":"POST","url":"Flag"},"resource":{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient?identifier=http://h|1"}}}"#;
    let (expression, _) = server.post("/fhir", &transaction(flag)).await.refused(412, "not-found", "WARD-0415");
    assert_eq!(expression, "Bundle.entry[0].resource.subject.reference");
    let patient = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"http://h","value":"1"}]}"#;
    server.put("/fhir/Patient/p1", patient).await;
    let (_, stored) = last_written(&server, flag).await;
    assert_eq!(stored.get("subject").and_then(|subject| subject.text("reference")), Some("Patient/p1"));
    server.put("/fhir/Patient/p2", &patient.replace("p1", "p2")).await;
    server.post("/fhir", &transaction(flag)).await.refused(412, "multiple-matches", "WARD-0413");
    let unknown = flag.replace("identifier=", "shoesize=");
    server.post("/fhir", &transaction(&unknown)).await.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn refuses_two_entries_of_one_address() {
    let server = TestServer::new();
    let (expression, _) = server.post("/fhir", &transaction(&format!("{PATIENT},{PATIENT}"))).await.refused(400, "duplicate", "WARD-0436");
    assert_eq!(expression, "Bundle.entry[1].fullUrl");
}

#[tokio::test]
async fn resolves_circles() {
    let server = TestServer::new();
    let link = |own: &str, other: &str| {
        format!(
            r#"{{"fullUrl":"urn:uuid:{own}","request":{{"method":"POST","url":"Patient"}},"resource":{{"resourceType":"Patient","link":[{{"other":{{"reference":"urn:uuid:{other}"}},"type":"seealso"}}]}}}}"#
        )
    };
    let (places, last) = last_written(&server, &format!("{},{}", link("a", "b"), link("b", "a"))).await;
    let other = last.list("link").next().and_then(|link| link.get("other")?.text("reference"));
    assert_eq!(other, Some(places[0].as_str()));
}

#[tokio::test]
async fn leads_references_to_a_version_to_the_one_that_it_makes() {
    let server = TestServer::new();
    for _ in 0..3 {
        server.put("/fhir/Patient/p", r#"{"resourceType":"Patient","id":"p"}"#).await;
    }
    let patient = |version: u64| {
        format!(
            r#"{{"fullUrl":"http://ward.test/fhir/Patient/p","request":{{"method":"PUT","url":"Patient/p"}},"resource":{{"resourceType":"Patient","id":"p","meta":{{"versionId":"{version}"}}}}}}"#
        )
    };
    let flag = r#"{"request":{"method":"POST","url":"Flag"},"resource":{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/p/_history/3"}}}"#;
    // The entry has the version that the reference names: the reference is to the entry.
    let (_, stored) = last_written(&server, &format!("{},{flag}", patient(3))).await;
    assert_eq!(stored.get("subject").and_then(|subject| subject.text("reference")), Some("Patient/p/_history/4"));
    // It has another one: the reference is to what is in the history.
    let (_, stored) = last_written(&server, &format!("{},{flag}", patient(4))).await;
    assert_eq!(stored.get("subject").and_then(|subject| subject.text("reference")), Some("Patient/p/_history/3"));
}
