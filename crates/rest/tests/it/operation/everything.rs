//! `$everything`.

use std::collections::BTreeSet;

use crate::server::TestServer;

/// Two patients of one practitioner, in one group; an encounter of the first, and what belongs to it.
async fn hospital() -> TestServer {
    let server = TestServer::new();
    for (path, rest) in [
        ("Organization/o1", r#""name":"Ward""#),
        ("Practitioner/d1", r#""active":true"#),
        ("Practitioner/d2", r#""active":true"#),
        ("Practitioner/other", r#""active":true"#),
        ("Patient/p1", r#""generalPractitioner":[{"reference":"Practitioner/d1"}],"managingOrganization":{"reference":"Organization/o1"}"#),
        ("Patient/p2", r#""generalPractitioner":[{"reference":"Practitioner/d1"}]"#),
        ("Patient/p3", r#""active":true"#),
        (
            "Group/g1",
            r#""type":"person","actual":true,"member":[{"entity":{"reference":"Patient/p1"}},{"entity":{"reference":"Patient/p2"}}]"#,
        ),
        (
            "Encounter/e1",
            r#""status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"},"period":{"start":"2026-03-01","end":"2026-03-01"}"#,
        ),
        (
            "Observation/a",
            r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2026-03-01","performer":[{"reference":"Practitioner/d2"}]"#,
        ),
        (
            "Observation/b",
            r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2025-01-01","performer":[{"reference":"Practitioner/d1"},{"reference":"Practitioner/d2"}]"#,
        ),
        ("Observation/c", r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p2"},"effectiveDateTime":"2026-03-02""#),
        ("Observation/z", r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p3"}"#),
        ("Condition/k", r#""subject":{"reference":"Patient/p1"}"#),
    ] {
        let (kind, id) = path.split_once('/').expect("a type and an id");
        let reply = server.put(&format!("/fhir/{path}"), &format!(r#"{{"resourceType":"{kind}","id":"{id}",{rest}}}"#)).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
    }
    server
}

fn set(entries: &[&str]) -> BTreeSet<String> {
    entries.iter().map(|&entry| entry.to_owned()).collect()
}

async fn found(server: &TestServer, path: &str) -> BTreeSet<String> {
    let reply = server.get(path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let entries = reply.entries();
    let found: BTreeSet<String> = entries.iter().cloned().collect();
    assert_eq!(found.len(), entries.len(), "{path}: each resource once");
    assert_eq!(reply.link("next"), None, "{path}");
    found
}

const OF_P1: [&str; 9] = [
    "Condition/k",
    "Encounter/e1",
    "Group/g1",
    "Observation/a",
    "Observation/b",
    "Organization/o1",
    "Patient/p1",
    "Practitioner/d1",
    "Practitioner/d2",
];

#[tokio::test]
async fn a_patients_record_is_the_compartment_and_what_it_refers_to() {
    let server = hospital().await;
    let reply = server.get("/fhir/Patient/p1/$everything").await;
    let bundle = reply.json();
    assert_eq!((reply.status.as_u16(), bundle.text("type"), fhir::check::check(&bundle)), (200, Some("searchset"), Vec::new()));
    assert_eq!(bundle.get("total").and_then(fhir::Value::as_number), Some("9"));
    assert_eq!(reply.link("self").as_deref(), Some("http://ward.test/fhir/Patient/p1/$everything"));
    assert_eq!(reply.entries()[0], "Patient/p1");
    let modes: BTreeSet<(String, String)> = bundle
        .list("entry")
        .map(|entry| {
            (
                entry.text("fullUrl").expect("a url").to_owned(),
                entry.get("search").and_then(|search| search.text("mode")).expect("a mode").to_owned(),
            )
        })
        .collect();
    assert!(modes.contains(&("http://ward.test/fhir/Observation/a".into(), "match".into())));
    assert!(modes.contains(&("http://ward.test/fhir/Practitioner/d2".into(), "include".into())));
    // The group leads to another patient, whose record stays closed.
    assert_eq!(found(&server, "/fhir/Patient/p1/$everything").await, set(&OF_P1));
    server.get("/fhir/Patient/none/$everything").await.refused(404, "not-found", "WARD-0400");
}

#[tokio::test]
async fn pages_have_each_resource_once() {
    let server = hospital().await;
    for count in 1..10 {
        let mut path = format!("/fhir/Patient/p1/$everything?_count={count}");
        let (mut all, mut pages) = (Vec::new(), 0);
        loop {
            let reply = server.get(&path).await;
            let entries = reply.entries();
            assert!(!entries.is_empty() && entries.len() <= count, "{count}: {entries:?}");
            all.extend(entries);
            pages += 1;
            let Some(next) = reply.link("next") else { break };
            path = next.strip_prefix("http://ward.test").expect("this server").to_owned();
        }
        assert_eq!((all.len(), pages), (OF_P1.len(), OF_P1.len().div_ceil(count)), "{count}");
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), set(&OF_P1));
    }
}

#[tokio::test]
async fn parameters_narrow_the_record() {
    let server = hospital().await;
    let of = |query: &str| format!("/fhir/Patient/p1/$everything?{query}");
    assert_eq!(
        found(&server, &of("_type=Observation,Patient&_type=Practitioner")).await,
        set(&["Observation/a", "Observation/b", "Patient/p1", "Practitioner/d1", "Practitioner/d2"])
    );
    let spring = found(&server, &of("start=2026-02-01&end=2026-04-01&_type=Observation,Condition,Patient,Practitioner")).await;
    assert_eq!(spring, set(&["Condition/k", "Observation/a", "Patient/p1", "Practitioner/d1", "Practitioner/d2"]));
    let early = found(&server, &of("end=2025-06-01&_type=Observation,Encounter")).await;
    assert_eq!(early, set(&["Observation/b"]));
    server.advance_ms(10_000);
    server
        .put("/fhir/Condition/k", r#"{"resourceType":"Condition","id":"k","subject":{"reference":"Patient/p1"},"code":{"text":"y"}}"#)
        .await;
    assert_eq!(found(&server, &of("_since=2026-11-21T08:00:05Z")).await, set(&["Condition/k"]));
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Condition"},{"name":"_count","valueInteger":5}]}"#;
    let reply = server.post("/fhir/Patient/p1/$everything", body).await;
    assert_eq!(reply.entries(), ["Condition/k"]);
    assert_eq!(reply.link("self").as_deref(), Some("http://ward.test/fhir/Patient/p1/$everything?_type=Condition&_count=5"));
}

#[tokio::test]
async fn an_encounter_brings_its_patient_and_a_group_its_members() {
    let server = hospital().await;
    let encounter = found(&server, "/fhir/Encounter/e1/$everything").await;
    assert_eq!(encounter, set(&["Encounter/e1", "Observation/a", "Patient/p1", "Practitioner/d2"]));
    let group = found(&server, "/fhir/Group/g1/$everything").await;
    let mut expected = set(&OF_P1);
    expected.extend(set(&["Patient/p2", "Observation/c"]));
    assert_eq!(group, expected);
    let all = found(&server, "/fhir/Patient/$everything").await;
    expected.extend(set(&["Patient/p3", "Observation/z"]));
    assert_eq!(all, expected);
}

#[tokio::test]
async fn a_product_brings_what_refers_to_it() {
    let server = TestServer::new();
    let product = r#"{"resourceType":"MedicinalProduct","id":"m1","name":[{"productName":"x"}]}"#;
    assert_eq!(server.put("/fhir/MedicinalProduct/m1", product).await.status, 201);
    let authorization = r#"{"resourceType":"MedicinalProductAuthorization","id":"a1","subject":{"reference":"MedicinalProduct/m1"},"holder":{"reference":"Organization/o1"}}"#;
    server.put("/fhir/Organization/o1", r#"{"resourceType":"Organization","id":"o1","name":"x"}"#).await;
    assert_eq!(server.put("/fhir/MedicinalProductAuthorization/a1", authorization).await.status, 201);
    let record = found(&server, "/fhir/MedicinalProduct/m1/$everything").await;
    assert_eq!(record, set(&["MedicinalProduct/m1", "MedicinalProductAuthorization/a1", "Organization/o1"]));
}

#[tokio::test]
async fn refuses_what_it_cannot_mean() {
    let server = hospital().await;
    let (_, remedy) = server.get("/fhir/Patient/p1/$everything?_type=Obervation").await.refused(400, "value", "WARD-0444");
    assert!(remedy.contains("Observation"), "{remedy}");
    server.get("/fhir/Patient/p1/$everything?_count=0").await.refused(400, "value", "WARD-0444");
    server.get("/fhir/Patient/p1/$everything?start=spring").await.refused(400, "value", "WARD-0444");
    server.get("/fhir/Patient/p1/$everything?_page=x").await.refused(400, "value", "WARD-0444");
    server.get("/fhir/Patient/p1/$everything?_page=bx").await.refused(400, "value", "WARD-0327");
    server.get("/fhir/Encounter/e1/$everything?start=2020").await.refused(400, "not-supported", "WARD-0442");
    server.get("/fhir/Encounter/$everything").await.refused(404, "not-supported", "WARD-0441");
    let next = server.get("/fhir/Patient/p1/$everything?_count=2").await.link("next").expect("a next page");
    let stolen = next.replace("/p1/", "/p2/").replace("http://ward.test", "");
    server.get(&stolen).await.refused(400, "value", "WARD-0328");
}
