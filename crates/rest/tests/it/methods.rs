//! HEAD wherever there is GET, OPTIONS everywhere, and 405 for the rest.

use interaction::table::TABLE;

use crate::server::TestServer;

fn addresses() -> Vec<(&'static str, String)> {
    TABLE.iter().map(|row| (row.method, row.path.replace("{type}", "Patient").replace("{id}", "p1").replace("{vid}", "1"))).collect()
}

#[tokio::test]
async fn answers_head_as_get_without_the_body() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    for (_, path) in addresses().into_iter().filter(|(method, _)| *method == "GET") {
        let path = format!("/fhir{path}");
        let (get, head) = (server.get(&path).await, server.send("HEAD", &path, &[], "").await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for header in ["content-type", "etag", "last-modified"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
    assert_eq!(server.send("HEAD", "/fhir/Patient/none", &[], "").await.status, 404);
}

#[tokio::test]
async fn tells_the_methods_of_each_path() {
    let server = TestServer::new();
    for (method, path) in addresses() {
        let reply = server.send("OPTIONS", &format!("/fhir{path}"), &[], "").await;
        let allow = reply.header("allow");
        assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0), "{path}");
        assert!(allow.split(',').any(|allowed| allowed == method), "{path}: {allow}");
        assert_eq!(allow.split(',').any(|allowed| allowed == "HEAD"), allow.split(',').any(|allowed| allowed == "GET"), "{path}");
        assert_eq!(reply.header("x-request-id").len(), 16);
    }
    assert_eq!(server.send("OPTIONS", "/fhir/", &[], "").await.status, 204);
    server.send("OPTIONS", "/nothing", &[], "").await.refused(404, "not-found", "WARD-0509");
}

#[tokio::test]
async fn refuses_the_others_and_says_which_there_are() {
    let server = TestServer::new();
    for path in ["/fhir/metadata", "/fhir/Patient/p1/_history", "/fhir/Patient/_search"] {
        let reply = server.send("DELETE", path, &[], "").await;
        reply.refused(405, "not-supported", "WARD-0510");
        assert!(reply.header("allow").contains("OPTIONS"), "{path}: {}", reply.header("allow"));
    }
}
