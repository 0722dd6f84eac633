//! `/fhir/SearchParameter` and `/fhir/OperationDefinition`: resources that the server itself brings.

use std::collections::BTreeSet;

use fhir::Value;
use fhir::definitions::definitions;
use interaction::operation::TABLE;

use crate::server::TestServer;

/// How many OperationDefinitions the server brings: one for each operation, and that of `$graphql`.
const OPERATIONS: usize = TABLE.len() + 1;

async fn total(server: &TestServer, path: &str) -> usize {
    let reply = server.get(path).await;
    let total = reply.json().get("total").and_then(Value::as_number).and_then(|total| total.parse().ok());
    total.unwrap_or_else(|| panic!("{path}: {}", reply.text()))
}

#[tokio::test]
async fn all_are_there_and_sound() {
    let server = TestServer::new();
    assert_eq!(total(&server, "/fhir/SearchParameter?_summary=count").await, definitions().search_parameters().len());
    assert_eq!(total(&server, "/fhir/OperationDefinition?_summary=count").await, OPERATIONS);
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

/// Stores three definitions of the tests' own.
async fn store_own(server: &TestServer) {
    let own = r#"{"resourceType":"OperationDefinition","id":"ID","url":"http://mine/ID","name":"Mine","status":"active","kind":"operation","code":"mine","system":true,"type":false,"instance":false}"#;
    for id in ["a", "b", "zz"] {
        assert_eq!(server.put(&format!("/fhir/OperationDefinition/{id}"), &own.replace("ID", id)).await.status, 201);
    }
}

#[tokio::test]
async fn pages_go_through_stored_and_built_in_ones_and_back() {
    let server = TestServer::new();
    store_own(&server).await;
    for (path, size) in [("OperationDefinition?", OPERATIONS + 3), ("?_type=OperationDefinition&", OPERATIONS + 3)] {
        for count in [1, 2, 3, 4, 7, 100] {
            for sort in ["", "&_sort=code", "&_sort=-_id", "&_sort=-_lastUpdated,_id"] {
                let first = format!("/fhir/{path}_count={count}&_total=accurate{sort}");
                let mut pages = vec![server.get(&first).await];
                while let Some(next) = pages.last().and_then(|page| page.link("next")) {
                    pages.push(server.get(&next.replace("http://ward.test", "")).await);
                    let page = pages.last().expect("the one pushed");
                    assert!((1..=count).contains(&page.entries().len()), "{first}: {:?}", page.entries());
                    assert_eq!(page.json().get("total").and_then(Value::as_number), Some(size.to_string().as_str()));
                }
                let all: Vec<String> = pages.iter().flat_map(|page| page.entries()).collect();
                assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (size, size), "{first}");
                for at in (1..pages.len()).rev() {
                    let back = pages[at].link("prev").unwrap_or_else(|| panic!("{first}: page {at} has no way back"));
                    assert_eq!(server.get(&back.replace("http://ward.test", "")).await.entries(), pages[at - 1].entries(), "{first}");
                }
            }
        }
    }
}

#[tokio::test]
async fn are_ordered_together_with_stored_ones() {
    let server = TestServer::new();
    store_own(&server).await;
    for (sort, is_backward) in [("_id", false), ("-_id", true)] {
        let found = server.get(&format!("/fhir/OperationDefinition?_count=100&_sort={sort}")).await.entries();
        let mut sorted = found.clone();
        sorted.sort();
        if is_backward {
            sorted.reverse();
        }
        assert_eq!(found, sorted, "{sort}");
    }
    let first = server.get("/fhir/OperationDefinition?_count=1").await.entries();
    assert_eq!(first, ["OperationDefinition/zz"], "the youngest comes first");
}

#[tokio::test]
async fn have_one_version() {
    let server = TestServer::new();
    let path = "/fhir/OperationDefinition/Resource-graphql";
    assert_eq!(server.get(&format!("{path}/_history/1")).await.json(), server.get(path).await.json());
    assert_eq!(server.get(&format!("{path}/_history/2")).await.status, 404);
    assert_eq!(server.get(&format!("{path}/_history")).await.entries(), ["OperationDefinition/Resource-graphql"]);
    server.get("/fhir/OperationDefinition/none/_history").await.refused(404, "not-found", "WARD-0400");
    let definitions = server.get("/fhir/metadata").await.json();
    let operations: Vec<&Value> = definitions.list("rest").flat_map(|rest| rest.list("operation")).collect();
    for definition in operations.iter().filter_map(|operation| operation.text("definition")) {
        let found = server.get(&format!("/fhir/OperationDefinition?url={definition}")).await.entries();
        assert_eq!(found.len(), 1, "{definition}");
    }
    assert!(!operations.is_empty());
}

#[tokio::test]
async fn a_stored_one_takes_the_place() {
    let server = TestServer::new();
    let count = OPERATIONS;
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
