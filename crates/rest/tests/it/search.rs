//! `GET /fhir/{type}` and `POST /fhir/{type}/_search`.

use fhir::Value;

use crate::server::TestServer;

async fn ward() -> TestServer {
    let server = TestServer::new();
    for (id, family, born) in [("p1", "Álvarez", "1950-01-02"), ("p2", "Meier", "1960"), ("p3", "Meyer", "1970-05-05")] {
        let patient =
            format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}"}}],"birthDate":"{born}","active":true}}"#);
        assert_eq!(server.put(&format!("/fhir/Patient/{id}"), &patient).await.status, 201);
    }
    for (id, subject, at) in [("o1", "p1", "2024-01-01"), ("o2", "p1", "2025-01-01"), ("o3", "p2", "2026-01-01")] {
        let observation = format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},"subject":{{"reference":"Patient/{subject}"}},"effectiveDateTime":"{at}"}}"#
        );
        assert_eq!(server.put(&format!("/fhir/Observation/{id}"), &observation).await.status, 201);
    }
    server
}

#[tokio::test]
async fn answers_a_bundle_of_stored_bytes() {
    let server = ward().await;
    let reply = server.get("/fhir/Patient?family=alvarez").await;
    assert_eq!(reply.status, 200);
    let stored = server.get("/fhir/Patient/p1").await.text();
    assert_eq!(
        reply.text(),
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","total":1,"link":[{{"relation":"self","url":"http://ward.test/fhir/Patient?family=alvarez"}},{{"relation":"first","url":"http://ward.test/fhir/Patient?family=alvarez"}}],"entry":[{{"fullUrl":"http://ward.test/fhir/Patient/p1","resource":{stored},"search":{{"mode":"match"}}}}]}}"#
        )
    );
}

#[tokio::test]
async fn finds_by_every_kind_of_parameter() {
    let server = ward().await;
    for (query, found) in [
        ("Patient?_id=p2", "Patient/p2"),
        ("Patient?birthdate=lt1955", "Patient/p1"),
        ("Patient?name=mei", "Patient/p2"),
        ("Patient?active=true&family:exact=Meyer", "Patient/p3"),
        ("Observation?subject=Patient/p2", "Observation/o3"),
        ("Observation?subject=http://ward.test/fhir/Patient/p2", "Observation/o3"),
        ("Observation?patient.family=meier", "Observation/o3"),
        ("Observation?code=http://loinc.org|8867-4&date=2025", "Observation/o2"),
        ("Observation?code-value-quantity=8867-4$5", ""),
        ("Patient?_has:Observation:patient:date=2026", "Patient/p2"),
        ("Observation?_sort=date", "Observation/o1 Observation/o2 Observation/o3"),
        ("Observation?_sort=-date", "Observation/o3 Observation/o2 Observation/o1"),
        ("Observation", "Observation/o3 Observation/o2 Observation/o1"),
        ("Observation?patient=p1&_include=Observation:subject", "Observation/o2 Observation/o1 Patient/p1"),
        ("Patient?_id=p1&_revinclude=Observation:subject", "Patient/p1 Observation/o1 Observation/o2"),
    ] {
        let reply = server.get(&format!("/fhir/{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        assert_eq!(reply.entries().join(" "), found, "{query}");
    }
}

#[tokio::test]
async fn pages_through_all_once() {
    let server = ward().await;
    let mut found = Vec::new();
    let mut next = Some("http://ward.test/fhir/Patient?_count=1&_sort=family&_total=accurate".to_owned());
    while let Some(url) = next {
        let page = server.get(url.strip_prefix("http://ward.test").expect("its own address")).await;
        assert_eq!(page.json().get("total").and_then(Value::as_number), Some("3"));
        found.extend(page.entries());
        next = page.link("next");
    }
    assert_eq!(found, ["Patient/p1", "Patient/p2", "Patient/p3"]);
}

#[tokio::test]
async fn marks_what_was_included() {
    let server = ward().await;
    let bundle = server.get("/fhir/Observation?_id=o3&_include=Observation:subject").await.json();
    let modes: Vec<_> = bundle.list("entry").filter_map(|entry| entry.get("search")?.text("mode")).collect();
    assert_eq!(modes, ["match", "include"]);
}

#[tokio::test]
async fn counts_when_asked_or_when_it_costs_nothing() {
    let server = ward().await;
    let total = async |query: &str| {
        let bundle = server.get(&format!("/fhir/{query}")).await.json();
        bundle.get("total").and_then(Value::as_number).map(str::to_owned)
    };
    for (query, expected) in [
        ("Patient", Some("3")),
        ("Patient?_count=3", Some("3")),
        ("Patient?_count=2", None),
        ("Patient?_count=2&_total=accurate", Some("3")),
        ("Patient?_count=2&_total=estimate", Some("3")),
        ("Patient?_total=none", None),
        ("Patient?family=nobody", Some("0")),
        ("?_type=Patient", Some("3")),
    ] {
        assert_eq!(total(query).await.as_deref(), expected, "{query}");
    }
    let last = server.get("/fhir/Patient?_count=2").await.link("next").expect("a link");
    let last = server.get(last.trim_start_matches("http://ward.test")).await;
    assert!(last.json().get("total").is_none(), "the last page does not know how many came before it");
    let count = server.get("/fhir/Patient?_summary=count").await.json();
    assert_eq!((count.get("total").and_then(Value::as_number), count.list("entry").count()), (Some("3"), 0));
    let count = server.get("/fhir/Patient?_count=0&family=meier").await.json();
    assert_eq!(count.list("entry").count(), 0);
}

#[tokio::test]
async fn gives_parts_marked_as_parts() {
    let server = ward().await;
    let members = async |query: &str| {
        let bundle = server.get(&format!("/fhir/Patient?_id=p1&{query}")).await.json();
        let resource = bundle.list("entry").next().and_then(|entry| entry.get("resource")).expect("a patient").clone();
        let tags = resource.get("meta").expect("meta").list("tag").filter(|tag| tag.text("code") == Some("SUBSETTED")).count();
        let members: Vec<String> = resource.as_object().expect("members").iter().map(|(name, _)| name.to_string()).collect();
        (members.join(" "), tags)
    };
    assert_eq!(members("_elements=birthDate").await, ("resourceType id meta birthDate".to_owned(), 1));
    assert_eq!(members("_summary=text").await, ("resourceType id meta".to_owned(), 1));
    assert_eq!(members("_summary=true").await, ("resourceType id meta name birthDate active".to_owned(), 1));
    assert_eq!(members("_summary=false").await, ("resourceType id meta name birthDate active".to_owned(), 0));
}

#[tokio::test]
async fn takes_parameters_in_a_form() {
    let server = ward().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let reply = server.send("POST", "/fhir/Patient/_search?active=true", &[form], "family=me%69er").await;
    assert_eq!((reply.status.as_u16(), reply.entries()), (200, vec!["Patient/p2".to_owned()]));
    let xml = server.send("POST", "/fhir/Patient/_search", &[form], "family=meier&_format=xml").await;
    assert!(xml.text().contains("<Bundle"), "{}", xml.text());
    server.send("POST", "/fhir/Patient/_search", &[form], "_format=yaml").await.refused(406, "not-supported", "WARD-0503");
    let json = ("content-type", "application/json");
    server.send("POST", "/fhir/Patient/_search", &[json], "{}").await.refused(415, "not-supported", "WARD-0502");
    server.send("POST", "/fhir/Patient/_search", &[form], "family=%zz").await.refused(400, "invalid", "WARD-0329");
}

#[tokio::test]
async fn refuses_what_it_does_not_know_unless_lenient() {
    let server = ward().await;
    let (_, remedy) = server.get("/fhir/Patient?famly=x").await.refused(400, "not-supported", "WARD-0300");
    assert!(remedy.contains("family"), "{remedy}");
    let reply = server.send("GET", "/fhir/Patient?famly=x&_id=p1", &[("prefer", "handling=lenient")], "").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.link("self").as_deref(), Some("http://ward.test/fhir/Patient?_id=p1"));
    let bundle = reply.json();
    let last = bundle.list("entry").last().expect("an outcome");
    assert_eq!(last.get("search").and_then(|search| search.text("mode")), Some("outcome"));
    assert_eq!(last.get("resource").and_then(Value::resource_type), Some("OperationOutcome"));
}

#[tokio::test]
async fn refuses_absurd_values() {
    let server = ward().await;
    for query in
        ["_count=-1", "_count=many", "_page=rubbish", "birthdate=2024-13-45", "_sort=nothing", "_include=nothing", "_summary=maybe"]
    {
        let reply = server.get(&format!("/fhir/Patient?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json().resource_type(), Some("OperationOutcome"));
    }
    let large = server.get("/fhir/Patient?_count=99999999").await;
    assert_eq!((large.status.as_u16(), large.link("self").as_deref()), (200, Some("http://ward.test/fhir/Patient?_count=1000")));
    server.get("/fhir?_type=Patint").await.refused(400, "value", "WARD-0340");
    server.get("/fhir/Patients?name=x").await.refused(404, "not-supported", "WARD-0403");
}
