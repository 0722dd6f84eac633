//! Which other sites' scripts may read answers, and the headers that every answer has.

use std::sync::Arc;

use crate::porter::Porter;
use crate::server::TestServer;

const APP: &str = "https://app.example.org";

fn allowing(origins: &[&str]) -> TestServer {
    let http = rest::Settings { cors_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(), ..rest::Settings::default() };
    TestServer::closed(http, Arc::new(Porter::default()))
}

#[tokio::test]
async fn lets_the_scripts_of_named_origins_read() {
    let server = allowing(&[APP]);
    let preflight = [("origin", APP), ("access-control-request-method", "PUT"), ("access-control-request-headers", "authorization")];
    let reply = server.send("OPTIONS", "/fhir/Patient/p1", &preflight, "").await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (204, APP));
    assert!(reply.header("access-control-allow-methods").contains("PUT"));
    assert!(reply.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(reply.header("access-control-allow-credentials"), "", "cookies are never asked for");
    for (path, token, status) in
        [("/fhir/Nothing", "Bearer alice", 404), ("/fhir/Patient/p1", "Bearer wrong", 401), ("/fhir/metadata", "", 200)]
    {
        let mut headers = vec![("origin", APP)];
        headers.extend((!token.is_empty()).then_some(("authorization", token)));
        let reply = server.send("GET", path, &headers, "").await;
        assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (status, APP), "refusals are read, too");
        assert!(reply.header("access-control-expose-headers").contains("etag"));
        assert!(reply.headers.get_all("vary").iter().any(|value| value == "origin"));
    }
}

#[tokio::test]
async fn lets_everybody_read_where_tokens_are_given() {
    for (server, told) in [(allowing(&[APP]), APP), (allowing(&[]), "*")] {
        for (origin, told) in [(APP, told), ("https://other.example", "*")] {
            let reply = server.send("GET", "/fhir/metadata", &[("origin", origin)], "").await;
            assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, told));
        }
        assert_eq!(
            server.send("POST", "/fhir/metadata", &[("origin", "https://other.example")], "").await.header("access-control-allow-origin"),
            ""
        );
    }
}

#[tokio::test]
async fn lets_nobody_else() {
    for server in [allowing(&[APP]), allowing(&[])] {
        for origin in ["https://evil.example", "null", "http://app.example.org", "https://app.example.org:444", "https://APP.example.org"] {
            let preflight = [("origin", origin), ("access-control-request-method", "GET")];
            let reply = server.send("OPTIONS", "/fhir/Patient", &preflight, "").await;
            assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (401, ""), "{origin}");
            let reply = server.send("GET", "/health/live", &[("origin", origin)], "").await;
            assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, ""), "{origin}");
        }
    }
}

#[tokio::test]
async fn tells_browsers_to_be_careful() {
    let server = TestServer::closed(rest::Settings { is_tls: true, ..rest::Settings::default() }, Arc::new(Porter::default()));
    for path in ["/fhir/metadata", "/fhir/Patient", "/metrics", "/nothing"] {
        let reply = server.get(path).await;
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000", "{path}");
        assert_eq!((reply.header("x-content-type-options"), reply.header("referrer-policy")), ("nosniff", "no-referrer"), "{path}");
    }
    let behind = rest::Settings { behind_proxy: true, ..rest::Settings::default() };
    let server = TestServer::closed(behind, Arc::new(Porter::default()));
    assert_eq!(server.get("/metrics").await.header("strict-transport-security"), "", "whoever came without TLS cannot be told by HTTP");
    let reply = server.send("GET", "/metrics", &[("x-forwarded-proto", "https")], "").await;
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
}
