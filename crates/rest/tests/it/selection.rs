//! `_summary` and `_elements` with read, vread and history.

use fhir::Value;

use crate::server::TestServer;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","meta":{"tag":[{"code":"x"}]},
    "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
    "active":true,"photo":[{"contentType":"image/png","data":"AAAA"}],"maritalStatus":{"text":"x"},
    "communication":[{"language":{"text":"x"}}],"link":[{"other":{"reference":"Patient/p1"},"type":"seealso"}]}"#;

async fn members(server: &TestServer, path: &str) -> Vec<String> {
    let reply = server.get(path).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.text().contains("SUBSETTED"), "{}", reply.text());
    let resource = reply.json();
    resource.as_object().expect("a resource").iter().map(|(name, _)| name.to_string()).collect()
}

#[tokio::test]
async fn sends_parts_of_a_resource() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    for path in ["/fhir/Patient/p1", "/fhir/Patient/p1/_history/1"] {
        let parts = async |query: &str| members(&server, &format!("{path}?{query}")).await;
        assert_eq!(parts("_summary=true").await, ["resourceType", "id", "meta", "active", "link"]);
        assert_eq!(parts("_summary=text").await, ["resourceType", "id", "meta", "text"]);
        let data = ["resourceType", "id", "meta", "active", "photo", "maritalStatus", "communication", "link"];
        assert_eq!(parts("_summary=data&_pretty=true").await, data);
        assert_eq!(parts("_elements=active,Patient.photo").await, ["resourceType", "id", "meta", "active", "photo"]);
        let whole = server.get(&format!("{path}?_summary=false")).await;
        assert_eq!(whole.json(), server.get(path).await.json());
        assert_eq!(whole.header("etag"), "W/\"1\"");
        server.get(&format!("{path}?_summary=count")).await.refused(400, "value", "WARD-0463");
        let (_, remedy) = server.get(&format!("{path}?_elements=activ")).await.refused(400, "value", "WARD-0463");
        assert!(remedy.ends_with("did you mean `active`?"), "{remedy}");
        server.get(&format!("{path}?name=x")).await.refused(400, "not-supported", "WARD-0512");
    }
}

#[tokio::test]
async fn leaves_out_what_is_no_summary_at_any_depth() {
    let server = TestServer::new();
    let observation = r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},
        "component":[{"code":{"text":"x"},"valueString":"x","interpretation":[{"text":"x"}]}]}"#;
    server.put("/fhir/Observation/o", observation).await;
    let summary = server.get("/fhir/Observation/o?_summary=true").await.json();
    let component = summary.list("component").next().expect("a component").as_object().expect("an element");
    assert_eq!(component.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["code", "valueString"]);
}

#[tokio::test]
async fn narrows_the_entries_of_a_history() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.delete("/fhir/Patient/p1").await;
    let history = server.get("/fhir/Patient/_history?_elements=active").await.json();
    let resources: Vec<_> = history.list("entry").filter_map(|entry| entry.get("resource")).collect();
    assert_eq!(resources.len(), 1);
    assert!(resources[0].get("photo").is_none() && resources[0].get("active").is_some());
    let count = server.get("/fhir/Patient/p1/_history?_summary=count").await.json();
    assert_eq!((count.get("total").and_then(Value::as_number), count.list("entry").count()), (Some("2"), 0));
    server.get("/fhir/Patient/_history?_elements=nothing").await.refused(400, "value", "WARD-0463");
    assert_eq!(server.get("/fhir/_history?_elements=active").await.status, 200);
}
