//! A closed server: who is let in, and what the others are told.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use interaction::table::routes;
use rest::{SESSION_COOKIE, app_with};
use tower::ServiceExt;

use crate::porter::Porter;
use crate::server::{Reply, TestServer};

fn closed() -> (TestServer, Arc<Porter>) {
    let porter = Arc::new(Porter::default());
    (TestServer::closed(rest::Settings::default(), porter.clone()), porter)
}

async fn with(server: &TestServer, path: &str, authorization: &str) -> Reply {
    server.send("GET", path, &[("authorization", authorization)], "").await
}

/// The paths that anybody may get. A path that is added here is one that tells everybody the same.
const FREE: [&str; 4] = ["/metrics", "/health/live", "/health/ready", "/fhir/metadata"];

#[tokio::test]
async fn is_closed_on_every_route_but_those_that_tell_everybody_the_same() {
    let (server, porter) = closed();
    let services = ["/health/live", "/health/ready", "/metrics", "/fhir/openapi.json", "/api/openapi.json"];
    let services = services.into_iter().map(|path| ("GET", path.to_owned()));
    let concrete =
        |path: &str| path.replace("{type}", "Patient").replace("{id}", "p1").replace("{vid}", "1").replace("{member}", "Observation");
    let mut requests: Vec<(&str, String)> =
        routes().map(|row| (row.method, format!("/fhir{}", concrete(row.path)))).chain(services).collect();
    let paths: Vec<String> = requests.iter().map(|(_, path)| path.clone()).collect();
    for method in ["OPTIONS", "HEAD", "TRACE", "DELETE", "BREW"] {
        requests.extend(paths.iter().map(|path| (method, path.clone())));
    }
    requests.extend(
        ["/", "/nothing", "/fhir/", "/fhir/Nothing", "/fhir//metadata", "/fhir/metadata/", "/fhir/../metrics"]
            .map(|path| ("GET", path.to_owned())),
    );
    assert!(requests.len() > 250, "{}", requests.len());
    for (method, path) in requests {
        let reply = server.send(method, &path, &[], "").await;
        if FREE.contains(&path.as_str()) {
            assert_ne!(reply.status, 401, "{method} {path}");
            continue;
        }
        assert_eq!(reply.status, 401, "{method} {path}");
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"ward\"", "{method} {path}");
        if method != "HEAD" {
            reply.refused(401, "login", "WARD-0521");
        }
    }
    assert_eq!(porter.asked.load(Ordering::Relaxed), 0, "nobody has brought anything");
}

#[tokio::test]
async fn lets_in_whom_the_doorkeeper_lets_in() {
    let (server, porter) = closed();
    let patient = r#"{"resourceType":"Patient","id":"p1"}"#;
    let headers = [("authorization", "Bearer alice"), ("content-type", "application/fhir+json")];
    let reply = server.send("PUT", "/fhir/Patient/p1", &headers, patient).await;
    assert_ne!(reply.status, 401, "{}", reply.text());
    assert_ne!(with(&server, "/fhir/Patient/p1", "bearer  alice ").await.status, 401, "the name of a scheme has no case");
    assert_eq!(porter.asked.load(Ordering::Relaxed), 2, "it is asked each time");
    let reply = with(&server, "/fhir/nothing/at/all", "Bearer alice").await;
    assert_eq!(reply.status, 404, "whoever is known learns that a path does not exist");
}

#[tokio::test]
async fn tells_the_others_why_not() {
    let (server, _) = closed();
    let invalid = "Bearer realm=\"ward\", error=\"invalid_token\"";
    for (token, status, code, number, challenge) in [
        ("wrong", 401, "login", "WARD-0522", invalid),
        ("elsewhere", 401, "login", "WARD-0522", invalid),
        ("weak", 403, "forbidden", "WARD-0524", "Bearer realm=\"ward\", error=\"insufficient_scope\""),
        ("busy", 503, "throttled", "WARD-0518", ""),
        ("often", 429, "throttled", "WARD-0525", ""),
    ] {
        let reply = with(&server, "/fhir/Patient", &format!("Bearer {token}")).await;
        let (_, diagnostics) = reply.refused(status, code, number);
        assert_eq!(reply.header("www-authenticate"), challenge, "{token}");
        assert!(!diagnostics.contains(token), "{diagnostics}");
        assert_eq!(
            reply.header("retry-after"),
            ["", "1", "7"][[503, 429].iter().position(|known| *known == status).map_or(0, |at| at + 1)]
        );
    }
}

#[tokio::test]
async fn refuses_credentials_that_could_be_read_in_two_ways() {
    let (server, porter) = closed();
    let long = format!("Bearer {}", "x".repeat(5000));
    for authorization in
        ["", "Bearer", "Bearer ", "alice", "Basic YWxpY2U6YWxpY2U=", "Bearer alice bob", "Bearer al,ice", "Bearer\talice", &long]
    {
        let reply = with(&server, "/fhir/Patient", authorization).await;
        reply.refused(400, "login", "WARD-0523");
        assert!(reply.header("www-authenticate").contains("invalid_request"), "{authorization}");
    }
    let twice = [("authorization", "Bearer alice"), ("authorization", "Bearer bob")];
    server.send("GET", "/fhir/Patient", &twice, "").await.refused(400, "login", "WARD-0523");
    assert_eq!(porter.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn takes_no_token_from_an_address_or_a_cookie_at_the_api() {
    let (server, _) = closed();
    server.get("/fhir/Patient?access_token=alice").await.refused(401, "login", "WARD-0521");
    let cookie = format!("{SESSION_COOKIE}=alice");
    server.send("GET", "/fhir/Patient", &[("cookie", &cookie)], "").await.refused(401, "login", "WARD-0521");
    server.send("POST", "/fhir/Patient", &[("cookie", &cookie)], "{}").await.refused(401, "login", "WARD-0521");
}

/// The status of a request to a page, and where it leads.
async fn page(server: &TestServer, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let pages = Router::new()
        .route("/chart", get(|| async { "chart" }).post(|| async { "changed" }))
        .route("/auth/sign-in", get(|| async { "sign in" }))
        .route("/fhirworks", get(|| async { "a page" }));
    let mut request = Request::builder().method(method).uri(path).header("host", "ward.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = app_with(server.app.clone(), pages).oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let location = answer.headers().get("location").map_or("", |value| value.to_str().expect("text")).to_owned();
    (answer.status().as_u16(), location)
}

#[tokio::test]
async fn lets_a_session_into_pages() {
    let (server, _) = closed();
    let cookie = format!("theme=dark; {SESSION_COOKIE}=alice");
    assert_eq!(page(&server, "GET", "/chart", &[("cookie", &cookie)]).await.0, 200);
    assert_eq!(page(&server, "GET", "/fhirworks", &[("cookie", &cookie)]).await.0, 200);
    assert_eq!(page(&server, "GET", "/auth/sign-in", &[]).await.0, 200);
    assert_eq!(page(&server, "GET", "/chart", &[]).await.0, 401);
    assert_eq!(page(&server, "GET", "/chart", &[("cookie", "ward-session=wrong")]).await.0, 401);
    let html = ("accept", "text/html,*/*;q=0.8");
    assert_eq!(page(&server, "GET", "/chart", &[html]).await, (303, "/auth/sign-in?next=%2Fchart".to_owned()));
    let hostile = page(&server, "GET", "/chart?a=%0d%0ab&next=//evil.example", &[html]).await;
    assert_eq!(hostile, (303, "/auth/sign-in?next=%2Fchart%3Fa%3D%250d%250ab%26next%3D%2F%2Fevil.example".to_owned()));
    assert_eq!(page(&server, "POST", "/chart", &[html]).await.0, 401, "what was sent would be lost on the way");
    let twice = format!("{SESSION_COOKIE}=alice; {SESSION_COOKIE}=bob");
    assert_eq!(page(&server, "GET", "/chart", &[("cookie", &twice)]).await.0, 401);
}

#[tokio::test]
async fn takes_forms_from_its_own_pages_only() {
    let (server, _) = closed();
    let cookie = format!("{SESSION_COOKIE}=alice");
    for (headers, status) in [
        (vec![("origin", "http://ward.test")], 200),
        (vec![("sec-fetch-site", "same-origin")], 200),
        (vec![], 403),
        (vec![("origin", "null")], 403),
        (vec![("origin", "https://ward.test")], 403),
        (vec![("origin", "http://ward.test:81")], 403),
        (vec![("origin", "http://ward.test.evil.example")], 403),
        (vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        (vec![("sec-fetch-site", "cross-site")], 403),
    ] {
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend(headers.iter().copied());
        assert_eq!(page(&server, "POST", "/chart", &all).await.0, status, "{headers:?}");
        assert_eq!(page(&server, "GET", "/chart", &all).await.0, 200, "{headers:?}");
    }
    assert_eq!(page(&server, "POST", "/chart", &[("authorization", "Bearer alice")]).await.0, 200, "no browser sends that by itself");
}
