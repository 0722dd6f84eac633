//! `/fhir/SearchParameter` and `/fhir/OperationDefinition`: resources that the server itself brings.

use std::collections::BTreeSet;

use fhir::Value;
use fhir::definitions::definitions;
use interaction::operation::TABLE;

use crate::server::TestServer;

async fn total(server: &TestServer, path: &str) -> usize {
    let reply = server.get(path).await;
    let total = reply.json().get("total").and_then(Value::as_number).and_then(|total| total.parse().ok());
    total.unwrap_or_else(|| panic!("{path}: {}", reply.text()))
}

#[tokio::test]
async fn all_are_there_and_sound() {
    let server = TestServer::new();
    assert_eq!(total(&server, "/fhir/SearchParameter?_summary=count").await, definitions().search_parameters().len());
    assert_eq!(total(&server, "/fhir/OperationDefinition?_summary=count").await, TABLE.len());
    let reply = server.get("/fhir/OperationDefinition?_count=1000").await;
    assert_eq!(fhir::check::check(&reply.json()), []);
    let reply = server.get("/fhir/SearchParameter/individual-birthdate").await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"1\""));
    let parameter = reply.json();
    assert_eq!((parameter.text("code"), parameter.text("type")), (Some("birthdate"), Some("date")));
    assert_eq!(parameter.text("url"), Some("http://hl7.org/fhir/SearchParameter/individual-birthdate"));
    assert!(parameter.text("expression").is_some_and(|expression| expression.contains("Patient.birthDate")));
    assert_eq!(parameter.list("base").filter_map(Value::as_str).collect::<Vec<_>>(), ["Patient", "Person", "RelatedPerson"]);
}

#[tokio::test]
async fn are_found_like_stored_ones() {
    let server = TestServer::new();
    for (query, expected) in [
        (
            "SearchParameter?url=http://hl7.org/fhir/SearchParameter/Observation-value-quantity",
            vec!["SearchParameter/Observation-value-quantity"],
        ),
        ("SearchParameter?code=value-quantity&base=Observation", vec!["SearchParameter/Observation-value-quantity"]),
        ("OperationDefinition?code=lastn", vec!["OperationDefinition/Observation-lastn"]),
        (
            "OperationDefinition?code=everything&instance=true&type=false&_sort=name",
            vec!["OperationDefinition/Encounter-everything", "OperationDefinition/Group-everything"],
        ),
        ("OperationDefinition?name=fhirpath", vec!["OperationDefinition/fhirpath-r4"]),
    ] {
        assert_eq!(server.get(&format!("/fhir/{query}")).await.entries(), expected, "{query}");
    }
    let definition = server.get("/fhir/OperationDefinition/Patient-everything").await.json();
    assert_eq!(definition.text("url"), Some("http://hl7.org/fhir/OperationDefinition/Patient-everything"));
    server.get("/fhir/SearchParameter/none").await.refused(404, "not-found", "WARD-0400");
}

#[tokio::test]
async fn pages_go_from_the_stored_ones_to_the_built_in_ones() {
    let server = TestServer::new();
    let own = r#"{"resourceType":"OperationDefinition","id":"ID","url":"http://mine/ID","name":"Mine","status":"active","kind":"operation","code":"mine","system":true,"type":false,"instance":false}"#;
    for id in ["a", "b", "c"] {
        assert_eq!(server.put(&format!("/fhir/OperationDefinition/{id}"), &own.replace("ID", id)).await.status, 201);
    }
    for count in [1, 2, 3, 4, 7, 100] {
        for sort in ["", "&_sort=name", "&_sort=-_id"] {
            let mut path = format!("/fhir/OperationDefinition?_count={count}&_total=accurate{sort}");
            let mut all = Vec::new();
            loop {
                let reply = server.get(&path).await;
                let entries = reply.entries();
                assert!(!entries.is_empty() && entries.len() <= count, "{count} {sort} {entries:?}");
                assert_eq!(reply.json().get("total").and_then(Value::as_number), Some((TABLE.len() + 3).to_string().as_str()));
                all.extend(entries);
                let Some(next) = reply.link("next") else { break };
                path = next.replace("http://ward.test", "");
            }
            assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (TABLE.len() + 3, TABLE.len() + 3), "{count} {sort}");
        }
    }
}

#[tokio::test]
async fn a_stored_one_takes_the_place() {
    let server = TestServer::new();
    let count = TABLE.len();
    let own = r#"{"resourceType":"OperationDefinition","id":"Observation-lastn","name":"Mine","status":"draft","kind":"operation","code":"lastn","system":false,"type":true,"instance":false}"#;
    assert_eq!(server.put("/fhir/OperationDefinition/Observation-lastn", own).await.status, 201);
    assert_eq!(server.get("/fhir/OperationDefinition/Observation-lastn").await.json().text("name"), Some("Mine"));
    let other = own
        .replace("Observation-lastn", "x")
        .replace(r#""name""#, r#""url":"http://hl7.org/fhir/OperationDefinition/Observation-stats","name""#);
    assert_eq!(server.put("/fhir/OperationDefinition/x", &other).await.status, 201);
    assert_eq!(total(&server, "/fhir/OperationDefinition?_summary=count").await, count);
    let url = "/fhir/OperationDefinition?url=http://hl7.org/fhir/OperationDefinition/Observation-stats";
    assert_eq!(server.get(url).await.entries(), ["OperationDefinition/x"]);
    server.delete("/fhir/OperationDefinition/x").await;
    assert_eq!(server.get(url).await.entries(), ["OperationDefinition/Observation-stats"]);
}
