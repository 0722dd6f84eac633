//! How often may be asked, and what a client is told of it.

use std::sync::Arc;

use rest::{Quota, Rates};

use crate::porter::Porter;
use crate::server::{Reply, TestServer};

fn limited(rates: Rates) -> TestServer {
    let http = rest::Settings { rates, behind_proxy: true, ..rest::Settings::default() };
    TestServer::closed(http, Arc::new(Porter::default()))
}

fn quota(text: &str) -> Quota {
    text.parse().expect("a quota")
}

async fn from(server: &TestServer, address: &str, token: &str) -> Reply {
    let token = format!("Bearer {token}");
    server.send("GET", "/fhir/Nothing", &[("x-forwarded-for", address), ("authorization", &token)], "").await
}

#[tokio::test]
async fn counts_the_requests_of_an_address() {
    let server = limited(Rates { address: quota("3/min"), ..Rates::default() });
    for left in [2, 1, 0] {
        let reply = from(&server, "203.0.113.7", "alice").await;
        assert_eq!(reply.status, 404, "{}", reply.text());
        assert_eq!(reply.header("ratelimit-policy"), "\"address\";q=3;w=60");
        assert_eq!(reply.header("ratelimit"), format!("\"address\";r={left};t={}", 20 * (3 - left)));
    }
    let reply = from(&server, "203.0.113.7", "alice").await;
    reply.refused(429, "throttled", "WARD-0525");
    assert_eq!((reply.header("retry-after"), reply.header("ratelimit")), ("20", "\"address\";r=0;t=20"));
    assert_eq!(from(&server, "203.0.113.8", "alice").await.status, 404, "another address has its own");
    server.advance_ms(20_000);
    assert_eq!(from(&server, "203.0.113.7", "alice").await.status, 404, "one is there again");
    assert_eq!(from(&server, "203.0.113.7", "alice").await.status, 429);
}

#[tokio::test]
async fn takes_the_address_that_the_proxy_saw() {
    let server = limited(Rates { address: quota("1/h"), ..Rates::default() });
    assert_eq!(from(&server, "198.51.100.1, 203.0.113.7", "alice").await.status, 404);
    assert_eq!(from(&server, "198.51.100.2, 203.0.113.7", "alice").await.status, 429, "what the client says before it counts for nothing");
    assert_eq!(from(&server, "2001:db8:1:2:3::1", "alice").await.status, 404);
    assert_eq!(from(&server, "2001:db8:1:2:4::9", "alice").await.status, 429, "a network of 64 bits is one customer's");
    assert_eq!(from(&server, "2001:db8:1:3::1", "alice").await.status, 404);
    assert_eq!(from(&server, "::ffff:203.0.113.7", "alice").await.status, 429, "the same address, written otherwise");
    let direct = TestServer::closed(
        rest::Settings { rates: Rates { address: quota("1/h"), ..Rates::default() }, ..rest::Settings::default() },
        Arc::new(Porter::default()),
    );
    assert_eq!(from(&direct, "203.0.113.7", "alice").await.status, 404);
    assert_eq!(from(&direct, "203.0.113.8", "alice").await.status, 429, "without a proxy the header is anybody's words");
}

#[tokio::test]
async fn counts_the_requests_of_users_and_clients() {
    let server = limited(Rates { user: quota("2/min"), client: quota("5/min"), ..Rates::default() });
    for status in [404, 404, 429, 429] {
        assert_eq!(from(&server, "203.0.113.7", "alice").await.status, status);
    }
    for status in [404, 429] {
        let reply = from(&server, "203.0.113.7", "bob").await;
        assert_eq!(reply.status, status, "those that were refused have used up the client's quota, too: {}", reply.text());
    }
    assert_eq!(from(&server, "203.0.113.7", "wrong").await.status, 401, "whoever is nobody has no quota");
}

#[tokio::test]
async fn counts_what_is_costly_apart() {
    let server = limited(Rates { costly: quota("1/min"), ..Rates::default() });
    let headers = [("authorization", "Bearer robot"), ("content-type", "application/fhir+json")];
    let bundle = r#"{"resourceType":"Bundle","type":"batch"}"#;
    assert_ne!(server.send("POST", "/fhir", &headers, bundle).await.status, 429);
    server.send("POST", "/fhir/", &headers, bundle).await.refused(429, "throttled", "WARD-0525");
    let query = server.send("GET", "/fhir/$graphql?query=%7Ba%7D", &headers[..1], "").await;
    assert_eq!(query.status, 429);
    assert_eq!(from(&server, "203.0.113.7", "robot").await.status, 404);
    let alice = [("authorization", "Bearer alice"), headers[1]];
    assert_ne!(server.send("POST", "/fhir", &alice, bundle).await.status, 429, "a user has their own, whatever client they use");
}

#[tokio::test]
async fn forgives_a_clock_that_goes_back() {
    let server = limited(Rates { address: quota("2/min"), ..Rates::default() });
    for status in [404, 404, 429] {
        assert_eq!(from(&server, "203.0.113.7", "alice").await.status, status);
    }
    server.advance_ms(-3_600_000);
    assert_eq!(from(&server, "203.0.113.7", "alice").await.status, 429);
    server.advance_ms(60_000);
    assert_eq!(from(&server, "203.0.113.7", "alice").await.status, 404, "it costs a minute, and not an hour");
}

#[test]
fn reads_quotas() {
    for text in ["0", "1/s", "600/min", "1000000/h", "5/day"] {
        assert_eq!(quota(text).to_string(), text);
    }
    for text in ["", "600", "0/min", "-1/min", "+1/min", "600/month", "1000001/s", "600/", "/min", " 600/min", "6e2/min"] {
        assert!(text.parse::<Quota>().is_err(), "{text}");
    }
}
