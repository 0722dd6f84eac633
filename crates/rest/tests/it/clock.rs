//! A clock that jumps under a server: versions stay in order, pages hold, conditions and moments mean what they say, and nothing runs out of time.

use crate::server::{START, TestServer};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// 2100-01-01T00:00:00Z.
const YEAR_2100: i64 = 4_102_444_800_000;

/// How the clock is moved between two writes: hours, days, the hour that daylight saving takes and gives, another century and back.
const LEAPS: [i64; 9] = [HOUR, -HOUR, 3 * DAY, -3 * DAY, HOUR, -HOUR, YEAR_2100 - START, START - YEAR_2100, 0];

fn patient(number: usize) -> String {
    format!(r#"{{"resourceType":"Patient","id":"p1","multipleBirthInteger":{number}}}"#)
}

/// Writes a version after each move, and gives the `lastUpdated` of all, as they are told at once.
async fn written(server: &TestServer) -> Vec<String> {
    let mut told = Vec::new();
    for (number, leap) in LEAPS.into_iter().enumerate() {
        server.advance_ms(leap);
        let reply = server.put("/fhir/Patient/p1", &patient(number)).await;
        assert_eq!(reply.header("etag"), format!("W/\"{}\"", number + 1));
        told.push(reply.json().get("meta").and_then(|meta| meta.text("lastUpdated")).expect("a moment").to_owned());
    }
    told
}

#[tokio::test]
async fn versions_stay_in_order() {
    let server = TestServer::new();
    let told = written(&server).await;
    assert!(told.is_sorted(), "lastUpdated goes back: {told:?}");
    let history = server.get("/fhir/Patient/p1/_history?_count=100").await.json();
    let resources = history.list("entry").filter_map(|entry| entry.get("resource")?.get("meta"));
    let mut listed: Vec<_> = resources.map(|meta| meta.text("lastUpdated").expect("a moment").to_owned()).collect();
    listed.reverse();
    assert_eq!(listed, told);
}

#[tokio::test]
async fn a_moment_leads_to_what_was_there() {
    let server = TestServer::new();
    let told = written(&server).await;
    // All of them are past then.
    server.advance_ms(YEAR_2100 - START + DAY);
    let count = |asked: String| {
        let server = &server;
        async move { server.get(&asked).await.json().list("entry").count() }
    };
    for moment in &told {
        let since = count(format!("/fhir/Patient/p1/_history?_count=100&_since={moment}")).await;
        assert_eq!(since, told.iter().filter(|other| *other >= moment).count(), "_since={moment}");
        let last = told.iter().filter(|other| *other <= moment).count();
        let at = server.get(&format!("/fhir/Patient/p1/_history?_at={moment}")).await.json();
        let first = at.list("entry").next().and_then(|entry| entry.get("resource")?.get("meta")?.text("versionId").map(str::to_owned));
        assert_eq!(first, Some(last.to_string()), "_at={moment}");
        let then = server.get(&format!("/fhir/Patient/p1?_asOf={moment}")).await;
        assert_eq!((then.status.as_u16(), then.header("etag")), (200, format!("W/\"{last}\"").as_str()), "_asOf={moment}");
    }
}

#[tokio::test]
async fn conditions_hold() {
    let server = TestServer::new();
    written(&server).await;
    let current = server.get("/fhir/Patient/p1").await;
    let (tag, modified) = (current.header("etag").to_owned(), current.header("last-modified").to_owned());
    let get = async |name: &str, value: &str| server.send("GET", "/fhir/Patient/p1", &[(name, value)], "").await.status.as_u16();
    assert_eq!(get("if-modified-since", &modified).await, 304, "unchanged since {modified}, though the clock is behind that");
    assert_eq!(get("if-modified-since", "Sat, 21 Nov 2026 08:00:00 GMT").await, 200);
    assert_eq!(get("if-none-match", &tag).await, 304);
    let headers = [("content-type", "application/json"), ("if-match", "W/\"3\"")];
    assert_eq!(server.send("PUT", "/fhir/Patient/p1", &headers, patient(0)).await.status, 412);
}

#[tokio::test]
async fn pages_hold() {
    let server = TestServer::new();
    for number in 0..10 {
        server
            .put(&format!("/fhir/Basic/b{number}"), &format!(r#"{{"resourceType":"Basic","id":"b{number}","code":{{"text":"x"}}}}"#))
            .await;
    }
    let (mut found, mut next, mut leaps) = (Vec::new(), Some("/fhir/Basic?_count=3&_sort=_id".to_owned()), LEAPS[4..].iter());
    while let Some(page) = next {
        let reply = server.get(&page).await;
        found.extend(reply.entries());
        next =
            reply.link("next").map(|url| url.split_once("/fhir").map(|(_, rest)| format!("/fhir{rest}")).expect("a link to this server"));
        server.advance_ms(*leaps.next().unwrap_or(&HOUR));
        server.put("/fhir/Basic/b0", r#"{"resourceType":"Basic","id":"b0","code":{"text":"y"}}"#).await;
    }
    assert_eq!(found, (0..10).map(|number| format!("Basic/b{number}")).collect::<Vec<_>>());
}

/// What an operation may take is measured by a clock that nobody sets.
#[tokio::test]
async fn an_operation_does_not_run_out_of_time_that_did_not_pass() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", &patient(0)).await;
    server.clock.rush(HOUR);
    for path in
        ["/fhir/Patient/p1/$everything", "/fhir/Patient/p1/$meta", "/fhir/Observation/$lastn?subject=Patient/p1&category=laboratory"]
    {
        let reply = server.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    }
}
