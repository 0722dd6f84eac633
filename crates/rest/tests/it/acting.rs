//! What somebody does at a closed server they do under their grant.

use std::sync::Arc;

use access::{Act, Grant, Verdict};
use fhir::definitions::ResourceType;
use rest::caller::{Admission, Caller, Doorkeeper, Visit};

use crate::porter::principal;
use crate::server::TestServer;

/// Lets everybody in, to read and write Patients alone.
struct PatientsOnly;

impl Doorkeeper for PatientsOnly {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        let patient = ResourceType::parse("Patient").expect("a type");
        let grant = Grant::nothing(Arc::new(principal("alice", visit.tenant)));
        let grant = [Act::Create, Act::Read, Act::Update, Act::Search]
            .into_iter()
            .fold(grant, |grant, act| grant.with(patient, act, Verdict::Allowed));
        Box::pin(async move { Ok(Caller { grant: Arc::new(grant) }) })
    }
}

#[tokio::test]
async fn sees_and_changes_what_the_grant_allows() {
    let server = TestServer::closed(rest::Settings::default(), Arc::new(PatientsOnly));
    let headers = [("authorization", "Bearer t"), ("content-type", "application/fhir+json")];
    let created = server.send("PUT", "/fhir/Patient/p1", &headers, r#"{"resourceType":"Patient","id":"p1"}"#).await;
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(server.send("GET", "/fhir/Patient/p1", &headers[..1], "").await.status, 200);
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"}}"#;
    let refused = server.send("POST", "/fhir/Observation", &headers, observation);
    assert_eq!(refused.await.status, 403);
    let deleted = server.send("DELETE", "/fhir/Patient/p1", &headers[..1], "").await;
    assert_eq!(deleted.status, 403, "{}", deleted.text());
    let history = server.send("GET", "/fhir/Patient/p1/_history", &headers[..1], "").await;
    assert_eq!(history.status, 200, "{}", history.text());
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 401);
    assert_eq!(server.get("/fhir/metadata").await.status, 200);
}
