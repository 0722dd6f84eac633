//! `GET /fhir?…` and `GET /fhir/{type}/{id}/{type}?…`: searches of the whole system and of a compartment.

use crate::server::{Reply, TestServer};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn ward() -> TestServer {
    let server = TestServer::new();
    for id in ["p1", "p2"] {
        server.put(&format!("/fhir/Patient/{id}"), &format!(r#"{{"resourceType":"Patient","id":"{id}","active":true}}"#)).await;
        let subject = format!(r#""subject":{{"reference":"Patient/{id}"}}"#);
        for number in 0..2 {
            let observation = format!(
                r#"{{"resourceType":"Observation","id":"{id}-o{number}","status":"final","code":{{"coding":[{{"code":"c{number}"}}]}},{subject}}}"#
            );
            server.put(&format!("/fhir/Observation/{id}-o{number}"), &observation).await;
        }
        let flag = format!(r#"{{"resourceType":"Flag","id":"{id}-f","status":"active","code":{{"text":"x"}},{subject}}}"#);
        server.put(&format!("/fhir/Flag/{id}-f"), &flag).await;
        server.advance_ms(1000);
    }
    server
}

fn sorted(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut entries = reply.entries();
    entries.sort();
    entries
}

#[tokio::test]
async fn finds_resources_of_several_types() {
    let server = ward().await;
    let found = server.get("/fhir?_type=Patient,Flag&_lastUpdated=ge2026-11-21T08:00:01Z").await;
    assert_eq!(sorted(&found), ["Flag/p2-f", "Patient/p2"]);
    let by_form = server.send("POST", "/fhir/_search", &[FORM], "_id=p1,p2-f").await;
    assert_eq!(sorted(&by_form), ["Flag/p2-f", "Patient/p1"]);
    assert_eq!(by_form.link("self").as_deref(), Some("http://ward.test/fhir?_id=p1,p2-f"));
    // The endpoint is written with and without a slash at its end.
    assert_eq!(sorted(&server.get("/fhir/?_id=p1,p2-f").await), ["Flag/p2-f", "Patient/p1"]);
    server.get("/fhir?_type=Patients").await.refused(400, "value", "WARD-0340");
    server.get("/fhir?_type=Patient,Flag&family=x").await.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn finds_what_is_in_a_compartment() {
    let server = ward().await;
    assert_eq!(sorted(&server.get("/fhir/Patient/p1/Observation").await), ["Observation/p1-o0", "Observation/p1-o1"]);
    assert_eq!(sorted(&server.get("/fhir/Patient/p1/Observation?code=c1").await), ["Observation/p1-o1"]);
    let sorted_link = server.get("/fhir/Patient/p1/*?_sort=_id").await.link("self");
    assert_eq!(sorted_link.as_deref(), Some("http://ward.test/fhir/Patient/p1/*?_sort=_id"));
    let all = ["Flag/p1-f", "Observation/p1-o0", "Observation/p1-o1", "Patient/p1"];
    assert_eq!(sorted(&server.get("/fhir/Patient/p1/*").await), all);
    assert_eq!(sorted(&server.get("/fhir/Patient/p1/*?_type=Flag").await), ["Flag/p1-f"]);
    let by_form = server.send("POST", "/fhir/Patient/p1/Observation/_search", &[FORM], "code=c0").await;
    assert_eq!(sorted(&by_form), ["Observation/p1-o0"]);
    assert_eq!(by_form.link("self").as_deref(), Some("http://ward.test/fhir/Patient/p1/Observation?code=c0"));
    assert_eq!(sorted(&server.send("POST", "/fhir/Patient/p2/*/_search", &[FORM], "_type=Patient").await), ["Patient/p2"]);
    assert_eq!(server.get("/fhir/Patient/nobody/Observation").await.entries().len(), 0);
}

#[tokio::test]
async fn refuses_compartments_that_there_are_not() {
    let server = ward().await;
    server.get("/fhir/Patient/p1/Location").await.refused(404, "not-found", "WARD-0342");
    server.get("/fhir/Flag/p1-f/Observation").await.refused(404, "not-found", "WARD-0342");
    server.get("/fhir/Patient/p1/Observations").await.refused(404, "not-supported", "WARD-0403");
    server.get("/fhir/Patient/p1/$nothing").await.refused(404, "not-supported", "WARD-0441");
}

#[tokio::test]
async fn goes_from_page_to_page_and_back() {
    let server = ward().await;
    let follow = async |reply: &Reply, relation| {
        let url = reply.link(relation)?;
        Some(server.get(url.strip_prefix("http://ward.test").expect("its own address")).await)
    };
    for start in ["/fhir?_type=Observation,Flag&_count=2", "/fhir/Observation?_count=2&_sort=-_id", "/fhir/Patient/p1/*?_count=2"] {
        let first = server.get(start).await;
        assert_eq!((first.entries().len(), first.link("prev")), (2, None), "{start}");
        let second = follow(&first, "next").await.expect("a second page");
        assert!(second.entries().iter().all(|entry| !first.entries().contains(entry)), "{start}");
        let back = follow(&second, "prev").await.expect("a way back");
        assert_eq!(back.entries(), first.entries(), "{start}");
        assert_eq!(follow(&second, "first").await.expect("a first page").entries(), first.entries(), "{start}");
        assert_eq!(follow(&second, "self").await.expect("this page").entries(), second.entries(), "{start}");
    }
}

#[tokio::test]
async fn searches_so_in_bundles_too() {
    let server = ward().await;
    let entry = |url: &str| format!(r#"{{"request":{{"method":"GET","url":"{url}"}}}}"#);
    let urls = ["?_type=Patient", "Patient/p1/Observation?code=c1", "Patient/p1/*", "/Patient/p1/Location"];
    let entries = urls.map(entry).join(",");
    let reply = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entries}]}}"#)).await;
    let statuses: Vec<_> = reply.responses().into_iter().map(|(status, _)| status[..3].to_owned()).collect();
    assert_eq!(statuses, ["200", "200", "200", "404"]);
    let bundle = reply.json();
    let sizes: Vec<_> = bundle.list("entry").filter_map(|entry| Some(entry.get("resource")?.list("entry").count())).collect();
    assert_eq!(sizes, [2, 1, 4]);
}

#[tokio::test]
async fn says_how_it_found_when_asked() {
    let server = ward().await;
    let reply = server.get("/fhir/Patient?active=true&_explain=true").await;
    let bundle = reply.json();
    let outcome =
        bundle.list("entry").filter_map(|entry| entry.get("resource")).find(|found| found.resource_type() == Some("OperationOutcome"));
    let issues: Vec<_> = outcome.expect("an outcome").list("issue").filter_map(|issue| issue.text("diagnostics")).collect();
    assert!(issues.iter().any(|issue| issue.contains("find Patient")), "{issues:?}");
    assert!(issues.last().is_some_and(|issue| issue.starts_with("answered in ")), "{issues:?}");
}
