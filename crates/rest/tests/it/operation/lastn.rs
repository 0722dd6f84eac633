//! `Observation/$lastn`.

use crate::server::TestServer;

const LOINC: &str = "http://loinc.org";

async fn observe(server: &TestServer, id: &str, day: u32, code: &str) {
    let observation = format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{code},"category":[{{"coding":[{{"code":"vital-signs"}}]}}],"subject":{{"reference":"Patient/p1"}},"effectiveDateTime":"2026-01-{day:02}"}}"#
    );
    assert_eq!(server.put(&format!("/fhir/Observation/{id}"), &observation).await.status, 201);
}

fn coded(codes: &[&str]) -> String {
    let codings: Vec<String> = codes.iter().map(|code| format!(r#"{{"system":"{LOINC}","code":"{code}"}}"#)).collect();
    format!(r#"{{"coding":[{}]}}"#, codings.join(","))
}

async fn ward() -> TestServer {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    // Given out of order of their dates.
    for (id, day, codes) in
        [("a2", 2, &["a"][..]), ("a3", 3, &["a"]), ("a1", 1, &["a"]), ("b1", 5, &["b"]), ("c1", 4, &["c"]), ("c2", 8, &["c"])]
    {
        observe(&server, id, day, &coded(codes)).await;
    }
    observe(&server, "t1", 6, r#"{"text":"by hand"}"#).await;
    observe(&server, "t2", 7, r#"{"text":"by hand"}"#).await;
    server
}

#[tokio::test]
async fn gives_the_newest_of_each_code() {
    let server = ward().await;
    let reply = server.get("/fhir/Observation/$lastn?patient=p1&category=vital-signs").await;
    let bundle = reply.json();
    assert_eq!((reply.status.as_u16(), bundle.text("type"), fhir::check::check(&bundle)), (200, Some("searchset"), Vec::new()));
    assert_eq!(reply.entries(), ["Observation/c2", "Observation/t2", "Observation/b1", "Observation/a3"]);
    let two = server.get("/fhir/Observation/$lastn?max=2&subject=Patient/p1&category=vital-signs&date=lt2026-01-08").await;
    assert_eq!(two.entries(), ["Observation/t2", "Observation/t1", "Observation/b1", "Observation/c1", "Observation/a3", "Observation/a2"]);
    assert_eq!(
        two.link("self").as_deref(),
        Some("http://ward.test/fhir/Observation/$lastn?subject=Patient/p1&category=vital-signs&date=lt2026-01-08&max=2")
    );
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"max","valuePositiveInt":1},{"name":"patient","valueString":"p1"},{"name":"code","valueString":"http://loinc.org|a"}]}"#;
    assert_eq!(server.post("/fhir/Observation/$lastn", body).await.entries(), ["Observation/a3"]);
}

#[tokio::test]
async fn codes_that_some_observation_equates_are_one() {
    let server = ward().await;
    observe(&server, "bridge", 1, &coded(&["a", "b"])).await;
    let reply = server.get("/fhir/Observation/$lastn?patient=p1&code=a,b,c&max=2").await;
    assert_eq!(reply.entries(), ["Observation/c2", "Observation/c1", "Observation/b1", "Observation/a3"]);
}

#[tokio::test]
async fn needs_a_subject_and_a_code() {
    let server = ward().await;
    let (_, rule) = server.get("/fhir/Observation/$lastn?category=vital-signs").await.refused(400, "required", "WARD-0443");
    assert!(rule.contains("`patient` or `subject`"), "{rule}");
    server.get("/fhir/Observation/$lastn?patient=p1").await.refused(400, "required", "WARD-0443");
    server.get("/fhir/Observation/$lastn?patient=p1&code=a&max=0").await.refused(400, "value", "WARD-0444");
    server.get("/fhir/Observation/$lastn?patient=p1&code=a&max=2&max=3").await.refused(400, "invalid", "WARD-0445");
    server.get("/fhir/Observation/$lastn?patient=p1&code=a&_sort=date").await.refused(400, "not-supported", "WARD-0442");
    server.get("/fhir/Observation/$lastn?patient=p1&code=a&cod=b").await.refused(400, "not-supported", "WARD-0300");
}
