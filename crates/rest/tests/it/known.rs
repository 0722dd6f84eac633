//! Whoever is known is let in at once, to the same answers as whoever is asked for.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};
use rest::{Rates, SESSION_COOKIE, app_with};
use tower::ServiceExt;

use crate::porter::Quick;
use crate::server::{Reply, TestServer};

fn closed(rates: Rates) -> (TestServer, Arc<Quick>) {
    let quick = Arc::new(Quick::default());
    let http = rest::Settings { rates, cors_origins: vec!["https://app.example".into()], ..rest::Settings::default() };
    (TestServer::closed(http, quick.clone()), quick)
}

async fn by(server: &TestServer, token: &str) -> Reply {
    server.send("GET", "/fhir/Patient/p1", &[("authorization", &format!("Bearer {token}")), ("origin", "https://app.example")], "").await
}

#[tokio::test]
async fn nobody_is_asked_for_whoever_is_known() {
    let (server, quick) = closed(Rates::default());
    let reply = by(&server, "alice").await;
    assert_eq!(reply.status, 403, "{}", reply.text());
    assert_eq!(quick.porter.asked.load(Ordering::Relaxed), 0);
    // What every answer has is on this way, too.
    assert_eq!(reply.header("access-control-allow-origin"), "https://app.example");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(by(&server, "wrong").await.status, 401);
    assert_eq!(quick.porter.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn whoever_is_known_in_another_tenant_is_not_known_here() {
    let (server, quick) = closed(Rates::default());
    by(&server, "elsewhere").await.refused(401, "login", "WARD-0522");
    assert_eq!(quick.porter.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn requests_of_whoever_is_known_count_once() {
    let quota = |text: &str| text.parse().expect("a quota");
    let (server, _) = closed(Rates { user: quota("2/min"), address: quota("4/min"), ..Rates::default() });
    for status in [403, 403, 429] {
        assert_eq!(by(&server, "alice").await.status, status);
    }
    let refused = by(&server, "bob").await;
    assert_eq!((refused.status, refused.header("ratelimit-policy")), (StatusCode::FORBIDDEN, "\"address\";q=4;w=60"));
    by(&server, "bob").await.refused(429, "throttled", "WARD-0525");
}

#[tokio::test]
async fn a_cookie_that_is_known_still_changes_nothing_for_another_site() {
    let (server, _) = closed(Rates::default());
    let pages = Router::new().route("/chart", get(|| async { "chart" }).post(|| async { "changed" }));
    let routes = app_with(server.app.clone(), pages);
    let cookie = format!("{SESSION_COOKIE}=alice");
    for (method, origin, status) in
        [("GET", "https://evil.example", 200), ("POST", "http://ward.test", 200), ("POST", "https://evil.example", 403)]
    {
        let request = Request::builder().method(method).uri("/chart").header("host", "ward.test");
        let request = request.header("cookie", &cookie).header("origin", origin).body(Body::empty()).expect("a request");
        assert_eq!(routes.clone().oneshot(request).await.expect("an answer").status().as_u16(), status, "{method} from {origin}");
    }
    let reply = server.send("GET", "/fhir/Patient/p1", &[("cookie", &cookie)], "").await;
    reply.refused(401, "login", "WARD-0521");
}
