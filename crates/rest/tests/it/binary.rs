//! `/fhir/Binary`: content goes in and out as it is.

use crate::server::TestServer;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::test]
async fn takes_any_content_and_gives_it_back() {
    let server = TestServer::new();
    let created = server.send("POST", "/fhir/Binary", &[("content-type", "image/png"), ("accept", "application/fhir+json")], PNG).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let (id, data) = (created.json().text("id").expect("an id").to_owned(), created.json().text("data").map(str::to_owned));
    assert_eq!((created.json().text("contentType"), data.as_deref()), (Some("image/png"), Some("iVBORw0KGgoA/w==")));
    for accept in ["image/png", "*/*", "text/html,*/*;q=0.8"] {
        for path in [format!("/fhir/Binary/{id}"), format!("/fhir/Binary/{id}/_history/1")] {
            let reply = server.send("GET", &path, &[("accept", accept)], "").await;
            assert_eq!((reply.status.as_u16(), reply.header("content-type"), reply.body.as_slice()), (200, "image/png", PNG));
            assert_eq!((reply.header("x-content-type-options"), reply.header("etag")), ("nosniff", "W/\"1\""));
            assert_eq!(reply.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(reply.header("content-disposition"), format!("inline; filename=\"{id}\""));
        }
    }
    let head = server.send("HEAD", &format!("/fhir/Binary/{id}"), &[], "").await;
    assert_eq!((head.status.as_u16(), head.header("content-type"), head.body.len()), (200, "image/png", 0));
}

#[tokio::test]
async fn gives_the_resource_to_whoever_names_a_format() {
    let server = TestServer::new();
    server.send("PUT", "/fhir/Binary/b1", &[("content-type", "text/html")], "<script>alert(1)</script>").await;
    for (accept, query, format) in [
        ("application/fhir+json", "", "application/fhir+json;charset=utf-8"),
        ("application/json", "", "application/fhir+json;charset=utf-8"),
        ("text/html, application/fhir+xml;q=0.5", "", "application/fhir+xml;charset=utf-8"),
        ("text/html", "?_format=json", "application/fhir+json;charset=utf-8"),
        ("application/fhir+json", "?_summary=true", "application/fhir+json;charset=utf-8"),
    ] {
        let reply = server.send("GET", &format!("/fhir/Binary/b1{query}"), &[("accept", accept)], "").await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, format), "{accept} {query}");
        assert!(reply.text().contains("text/html"), "{}", reply.text());
    }
    let page = server.get("/fhir/Binary/b1").await;
    assert_eq!((page.header("content-type"), page.header("content-disposition")), ("text/html", "attachment; filename=\"b1\""));
    let known = server.send("GET", "/fhir/Binary/b1", &[("if-none-match", "W/\"1\"")], "").await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
}

#[tokio::test]
async fn takes_a_binary_as_such_and_other_resources_as_content() {
    let server = TestServer::new();
    let binary = r#"{"resourceType":"Binary","id":"b1","contentType":"text/plain","data":"aGVs\nbG8="}"#.replace("\\n", "");
    assert_eq!(server.put("/fhir/Binary/b1", &binary).await.status, 201);
    assert_eq!(server.get("/fhir/Binary/b1").await.text(), "hello");
    let patient = r#"{"resourceType":"Patient"}"#;
    assert_eq!(server.put("/fhir/Binary/b2", patient).await.status, 201);
    let content = server.send("GET", "/fhir/Binary/b2", &[("accept", "*/*")], "").await;
    assert_eq!((content.header("content-type"), content.text().as_str()), ("application/fhir+json", patient));
    server.put("/fhir/Binary/b3", &binary).await.refused(400, "invalid", "WARD-0406");
    server.send("POST", "/fhir/Binary", &[("content-type", "image/png")], "").await.refused(400, "required", "WARD-0501");
}

#[tokio::test]
async fn carries_the_security_context() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let context = ("x-security-context", "http://ward.test/fhir/Patient/p1");
    let put = server.send("PUT", "/fhir/Binary/b1", &[("content-type", "text/plain"), context, ("accept", "text/json")], "x").await;
    assert_eq!(put.json().get("securityContext").and_then(|context| context.text("reference")), Some("Patient/p1"));
    assert_eq!(server.get("/fhir/Binary/b1").await.header("x-security-context"), context.1);
    let nobody = [("content-type", "text/plain"), ("x-security-context", "Patient/none")];
    server.send("PUT", "/fhir/Binary/b2", &nobody, "x").await.refused(422, "not-found", "WARD-0411");
}

#[tokio::test]
async fn keeps_its_limit() {
    let http = rest::Settings { max_resource_bytes: 10, ..rest::Settings::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let reply = server.send("POST", "/fhir/Binary", &[("content-type", "text/plain")], "x".repeat(11)).await;
    reply.refused(413, "too-long", "WARD-0504");
}

#[tokio::test]
async fn gives_nothing_that_a_browser_would_run() {
    let server = TestServer::new();
    for (media_type, disposition) in [
        ("text/html", "attachment"),
        ("TEXT/HTML; charset=utf-8", "attachment"),
        ("application/xhtml+xml", "attachment"),
        ("image/svg+xml", "attachment"),
        ("IMAGE/SVG+XML", "attachment"),
        ("text/xml", "attachment"),
        ("application/xml", "attachment"),
        ("text/javascript", "attachment"),
        ("application/x-shockwave-flash", "attachment"),
        ("multipart/x-mixed-replace", "attachment"),
        ("text/plain", "inline"),
        ("image/png", "inline"),
    ] {
        let script = "<script>alert(1)</script>";
        assert!(server.send("PUT", "/fhir/Binary/b1", &[("content-type", media_type)], script).await.status.is_success(), "{media_type}");
        let read = server.send("GET", "/fhir/Binary/b1", &[("accept", "*/*")], "").await;
        assert_eq!((read.status.as_u16(), read.text().as_str()), (200, script), "{media_type}");
        assert!(read.header("content-disposition").starts_with(disposition), "{media_type}: {}", read.header("content-disposition"));
        let policy = (read.header("content-security-policy"), read.header("x-content-type-options"));
        assert_eq!(policy, ("default-src 'none'; sandbox", "nosniff"), "{media_type}");
    }
}
