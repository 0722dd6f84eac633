//! `_asOf`: reads, searches, operations and GraphQL of a moment that is past.

use fhir::Value;

use crate::server::TestServer;

/// The moments of the story, as a client writes them.
const BEFORE: &str = "2026-11-21T07:59:59Z";
const FIRST: &str = "2026-11-21T08:00:30Z";
const SECOND: &str = "2026-11-21T08:01:30Z";
const THIRD: &str = "2026-11-21T08:02:30Z";
const FOURTH: &str = "2026-11-21T08:03:30Z";

fn patient(id: &str, family: &str) -> String {
    format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}"}}]}}"#)
}

fn observation(id: &str, subject: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{subject}"}}}}"#)
}

/// A minute apart: two patients and an observation of the first; the first has another name; the observation is of the second; the first
/// is deleted. A minute later it is now.
async fn story() -> TestServer {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", &patient("p1", "Old")).await;
    server.put("/fhir/Patient/p2", &patient("p2", "Other")).await;
    server.put("/fhir/Observation/o1", &observation("o1", "Patient/p1")).await;
    server.advance_ms(60_000);
    server.put("/fhir/Patient/p1", &patient("p1", "New")).await;
    server.advance_ms(60_000);
    server.put("/fhir/Observation/o1", &observation("o1", "Patient/p2")).await;
    server.advance_ms(60_000);
    server.delete("/fhir/Patient/p1").await;
    server.advance_ms(60_000);
    server
}

/// The address without the server's part.
fn own(link: Option<String>) -> String {
    link.expect("a link").strip_prefix("http://ward.test").expect("its own address").to_owned()
}

#[tokio::test]
async fn a_read_gives_the_version_of_then() {
    let server = story().await;
    let at = async |moment: &str| server.get(&format!("/fhir/Patient/p1?_asOf={moment}")).await;
    at(BEFORE).await.refused(404, "not-found", "WARD-0400");
    let first = at(FIRST).await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (200, "W/\"1\""));
    assert_eq!(first.header("last-modified"), "Sat, 21 Nov 2026 08:00:00 GMT");
    assert_eq!(first.text(), server.get("/fhir/Patient/p1/_history/1").await.text());
    let third = at(THIRD).await;
    assert_eq!((third.header("etag"), third.text().contains("New")), ("W/\"2\"", true));
    at(FOURTH).await.refused(410, "deleted", "WARD-0402");
    let known = server.send("GET", &format!("/fhir/Patient/p1?_asOf={FIRST}"), &[("if-none-match", "W/\"1\"")], "").await;
    assert_eq!(known.status, 304);
    let part = server.get(&format!("/fhir/Patient/p1?_asOf={FIRST}&_elements=id&_format=json")).await;
    assert_eq!((part.status.as_u16(), part.text().contains("Old")), (200, false));
}

#[tokio::test]
async fn a_search_finds_what_was_there() {
    let server = story().await;
    for (path, moment, found) in [
        ("/Patient?name=old&", BEFORE, &[][..]),
        ("/Patient?name=old&", FIRST, &["Patient/p1"]),
        ("/Patient?name=old&", SECOND, &[]),
        ("/Patient?name=new&", SECOND, &["Patient/p1"]),
        ("/Patient?name=new&", FOURTH, &[]),
        ("/Patient?_sort=-_id&", THIRD, &["Patient/p2", "Patient/p1"]),
        ("/Observation?patient.name=old&", FIRST, &["Observation/o1"]),
        ("/Observation?patient.name=old&", SECOND, &[]),
        ("/Patient?_has:Observation:patient:status=final&", SECOND, &["Patient/p1"]),
        ("/Patient?_has:Observation:patient:status=final&", THIRD, &["Patient/p2"]),
        ("/Observation?_include=Observation:patient&", SECOND, &["Observation/o1", "Patient/p1"]),
        ("/Patient?_id=p1&_revinclude=Observation:patient&", SECOND, &["Patient/p1", "Observation/o1"]),
        ("/Patient?_id=p1&_revinclude=Observation:patient&", THIRD, &["Patient/p1"]),
        ("?_type=Patient,Observation&_id=o1,p1&", FOURTH, &["Observation/o1"]),
        ("/Patient/p1/Observation?", FIRST, &["Observation/o1"]),
        ("/Patient/p1/Observation?", THIRD, &[]),
    ] {
        let reply = server.get(&format!("/fhir{path}_asOf={moment}")).await;
        assert_eq!(reply.entries(), found, "{path} as of {moment}: {}", reply.text());
    }
    let count = server.get(&format!("/fhir/Patient?_summary=count&_asOf={THIRD}")).await.json();
    assert_eq!(count.get("total").and_then(Value::as_number), Some("2"));
    let body = format!("name=old&_asOf={FIRST}");
    let form = server.send("POST", "/fhir/Patient/_search", &[("content-type", "application/x-www-form-urlencoded")], body).await;
    assert_eq!(form.entries(), ["Patient/p1"]);
}

#[tokio::test]
async fn links_keep_the_moment_and_pages_stay() {
    let server = story().await;
    let first = server.get(&format!("/fhir/Patient?_sort=_id&_count=1&_asOf={THIRD}")).await;
    assert_eq!(first.entries(), ["Patient/p1"]);
    let written = "_asOf=2026-11-21T08:02:30.999Z";
    for relation in ["self", "next"] {
        let link = own(first.link(relation)).replace("%3A", ":");
        assert!(link.contains(written), "{relation}: {link}");
    }
    server.put("/fhir/Patient/p2", &patient("p2", "Changed")).await;
    server.put("/fhir/Patient/p3", &patient("p3", "Late")).await;
    let second = server.get(&own(first.link("next"))).await;
    assert_eq!((second.entries(), second.link("next")), (vec!["Patient/p2".to_owned()], None));
    assert!(second.text().contains("Other"));
}

#[tokio::test]
async fn operations_and_graphql_see_the_past() {
    let server = story().await;
    let at = async |moment: &str| server.get(&format!("/fhir/Patient/p1/$everything?_asOf={moment}")).await;
    assert_eq!(at(FIRST).await.entries(), ["Patient/p1", "Observation/o1"]);
    assert_eq!(at(THIRD).await.entries(), ["Patient/p1"]);
    at(BEFORE).await.refused(404, "not-found", "WARD-0400");
    at(FOURTH).await.refused(410, "deleted", "WARD-0402");
    let page = server.get(&format!("/fhir/Patient/p1/$everything?_count=1&_asOf={FIRST}")).await;
    assert_eq!(page.entries(), ["Patient/p1"]);
    assert_eq!(server.get(&own(page.link("next"))).await.entries(), ["Observation/o1"]);
    let query = "{Observation(id:o1){subject{resource{...on%20Patient{name{family}}}}}}";
    let selected = server.get(&format!("/fhir/$graphql?query={query}&_asOf={FIRST}")).await.text();
    assert!(selected.contains("Old"), "{selected}");
    let refused = server.get(&format!("/fhir/$graphql?query={query}&_asOf=soon")).await;
    assert_eq!((refused.status.as_u16(), refused.text().contains("WARD-0491")), (400, true), "{}", refused.text());
}

#[tokio::test]
async fn entries_of_bundles_take_it() {
    let server = story().await;
    let entry = |method: &str, url: &str| format!(r#"{{"request":{{"method":"{method}","url":"{url}"}}}}"#);
    let bundle = |kind: &str, entries: &[String]| format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(","));
    let reads = [
        entry("GET", &format!("Patient/p1?_asOf={FIRST}")),
        entry("GET", &format!("Patient?name=old&_asOf={FIRST}")),
        entry("GET", &format!("Patient/p1/$everything?_asOf={THIRD}")),
    ];
    for kind in ["batch", "transaction"] {
        let reply = server.post("/fhir", &bundle(kind, &reads)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.entries(), ["Patient/p1", "Bundle/?", "Bundle/?"], "{kind}");
        assert_eq!(reply.text().matches("\"Old\"").count(), 2, "{kind}: {}", reply.text());
    }
    let wrong = [
        entry("GET", &format!("Patient/p1?_asOf={FOURTH}")),
        entry("DELETE", &format!("Patient/p2?_asOf={FIRST}")),
        entry("GET", &format!("Patient/p1/_history?_asOf={FIRST}")),
        entry("GET", "Patient/p1?_asOf=soon"),
    ];
    let answers: Vec<(String, String)> = server.post("/fhir", &bundle("batch", &wrong)).await.responses();
    let numbers: Vec<&str> = answers.iter().map(|(_, number)| number.as_str()).collect();
    assert_eq!(numbers, ["WARD-0402", "WARD-0490", "WARD-0490", "WARD-0491"]);
    assert_eq!(server.get("/fhir/Patient/p2").await.status, 200, "nothing was deleted");
    let transaction = server.post("/fhir", &bundle("transaction", &wrong[..1])).await;
    transaction.refused(404, "not-found", "WARD-0464");
}

#[tokio::test]
async fn what_is_no_past_moment_is_refused() {
    let server = story().await;
    for moment in ["soon", "", "2026-13-01", "2026-11-21T09:00:00Z", "2026-11-21T08:04:00Z", "2026-11-21", "2026"] {
        for path in ["/fhir/Patient/p2", "/fhir/Patient", "/fhir/Patient/p2/$everything"] {
            server.get(&format!("{path}?_asOf={moment}")).await.refused(400, "value", "WARD-0491");
        }
    }
    server.get(&format!("/fhir/Patient?_asOf={FIRST}&_asOf={FIRST}")).await.refused(400, "value", "WARD-0491");
    server.get("/fhir/Patient?%5FasOf=soon").await.refused(400, "value", "WARD-0491");
    // A date that is past stands for its end.
    server.advance_ms(24 * 3_600_000);
    assert_eq!(server.get("/fhir/Observation?patient=p2&_asOf=2026-11-21").await.entries(), ["Observation/o1"]);
    assert!(server.get("/fhir/Observation?_asOf=2026-11-20").await.entries().is_empty());
}

#[tokio::test]
async fn where_there_is_no_past_to_ask_about_it_is_refused() {
    let server = story().await;
    let body = patient("p2", "X");
    for (method, path) in [
        ("PUT", "/fhir/Patient/p2"),
        ("POST", "/fhir/Patient"),
        ("DELETE", "/fhir/Patient/p2"),
        ("DELETE", "/fhir/Patient?name=other&x=y"),
        ("PUT", "/fhir/Patient?name=other"),
        ("PATCH", "/fhir/Patient/p2"),
        ("POST", "/fhir"),
        ("GET", "/fhir/metadata"),
        ("GET", "/fhir/Patient/p2/_history"),
        ("GET", "/fhir/_history"),
        ("GET", "/fhir/Patient/p2/_history/1"),
        ("POST", "/fhir/Patient/p2/$meta-delete"),
    ] {
        let joint = if path.contains('?') { '&' } else { '?' };
        let headers = [("content-type", "application/fhir+json")];
        let body = if method == "GET" { String::new() } else { body.clone() };
        let reply = server.send(method, &format!("{path}{joint}_asOf={FIRST}"), &headers, body).await;
        reply.refused(400, "not-supported", "WARD-0490");
    }
    assert_eq!(server.get("/fhir/Patient/p2").await.header("etag"), "W/\"1\"");
}
