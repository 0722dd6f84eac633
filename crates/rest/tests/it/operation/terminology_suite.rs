//! The test suite of HL7's terminology ecosystem, asked over HTTP: files, comparison and known failures are those of the engine's own test, so what
//! the engine answers is what a client gets.

#[path = "../../../../terminology/tests/it/suite/cases.rs"]
mod cases;
#[path = "../../../../terminology/tests/it/suite/compare.rs"]
mod compare;
#[path = "../../../../terminology/tests/it/suite/r5.rs"]
mod r5;

use axum::body::Body;
use fhir::{Value, json, object};

use crate::server::{Reply, TestServer};
use cases::{Question, Told};

const KNOWN_FAILURES: &str = include_str!("../../../../terminology/tests/it/suite/known_failures.txt");

#[test]
fn published_cases_are_answered_over_http_as_by_the_engine() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = TestServer::new();
    cases::run(KNOWN_FAILURES, "terminology-tx over HTTP", |question| runtime.block_on(ask(&server, question)));
}

/// What the server answers. The resources that have to be there come along, as the suite's own runner sends them.
async fn ask(server: &TestServer, question: &Question) -> Result<Told, String> {
    let address = match &*question.operation {
        "metadata" => return told(server.get("/fhir/metadata").await),
        "expand" => "/fhir/ValueSet/$expand",
        "validate-code" => "/fhir/ValueSet/$validate-code",
        "cs-validate-code" => "/fhir/CodeSystem/$validate-code",
        "lookup" => "/fhir/CodeSystem/$lookup",
        "translate" => "/fhir/ConceptMap/$translate",
        "compare" => "/fhir/ValueSet/$related",
        "batch-validate" => "/fhir/ValueSet/$batch-validate-code",
        other => return Err(format!("the operation '{other}' is none of the server's")),
    };
    let request = question.request.as_ref().ok_or("the case has no request")?;
    let along = question.setup.iter().map(|resource| object! { "name": "tx-resource", "resource": resource.clone() });
    let parameters: Vec<Value> = request.list("parameter").cloned().chain(along).collect();
    let body = json::to_string(&object! { "resourceType": "Parameters", "parameter": parameters });
    let mut headers = vec![("content-type", "application/fhir+json")];
    headers.extend(question.languages.as_deref().map(|languages| ("accept-language", languages)));
    told(server.send("POST", address, &headers, Body::from(body)).await)
}

fn told(reply: Reply) -> Result<Told, String> {
    match reply.status.as_u16() {
        200 => Ok(Told { is_error: false, resource: reply.json() }),
        400..500 => Ok(Told { is_error: true, resource: reply.json() }),
        other => Err(format!("{other}: {}", reply.text())),
    }
}
