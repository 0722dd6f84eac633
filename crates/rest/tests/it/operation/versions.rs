//! `/fhir/$versions`.

use crate::server::TestServer;

#[tokio::test]
async fn names_the_version_of_fhir() {
    let server = TestServer::new();
    let reply = server.get("/fhir/$versions").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/fhir+json;charset=utf-8"));
    let expected =
        r#"{"resourceType":"Parameters","parameter":[{"name":"version","valueCode":"4.0"},{"name":"default","valueCode":"4.0"}]}"#;
    assert_eq!(reply.text(), expected);
    assert_eq!(server.post("/fhir/$versions", "").await.text(), expected);
}
