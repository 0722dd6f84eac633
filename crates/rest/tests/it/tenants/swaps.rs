//! One tenant taken for another: in path, host, token, header, body and page token. Nothing of it is accepted.

use std::sync::Arc;

use access::Grant;
use axum::Router;
use rest::caller::Credential;
use rest::caller::{Admission, Caller, Doorkeeper, Refusal, Visit};
use store::commit::Tenant;

use super::world::{HOST, SOUTH, World};
use crate::porter::principal;

/// Lets in by tokens that say of which tenant they are, whatever address they come to: so it is the server that has to look.
struct Careless;

fn caller(visit: Visit<'_>, prefix: &str) -> Option<Caller> {
    let (Credential::Bearer(token) | Credential::Session(token)) = visit.credential;
    let tenant = token.strip_prefix(prefix).and_then(|number| number.parse().ok()).map(Tenant)?;
    Some(Caller { grant: Arc::new(Grant::nothing(Arc::new(principal("alice", tenant)))) })
}

impl Doorkeeper for Careless {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        let caller = caller(visit, "of-").or_else(|| caller(visit, "seen-")).ok_or(Refusal::Invalid);
        Box::pin(std::future::ready(caller))
    }

    fn known(&self, visit: Visit<'_>) -> Option<Caller> {
        caller(visit, "seen-")
    }
}

async fn closed(behind_proxy: bool) -> World {
    let http = rest::Settings { behind_proxy, ..rest::Settings::default() };
    World::with(http, Some(Arc::new(Careless)), |_| (Router::new(), Router::new())).await
}

async fn status(world: &World, host: &str, path: &str, headers: &[(&str, &str)], token: &str) -> u16 {
    let token = format!("Bearer {token}");
    let mut headers = headers.to_vec();
    headers.push(("authorization", &token));
    world.ask(host, ("GET", path), &headers, "").await.status.as_u16()
}

#[tokio::test]
async fn a_token_is_worth_nothing_under_the_address_of_another() {
    let world = closed(false).await;
    let own = [("of-1", HOST, "/fhir"), ("of-2", HOST, "/t/north/fhir"), ("of-3", SOUTH, "/fhir"), ("of-3", HOST, "/t/south/fhir")];
    for (token, ..) in own {
        for (of, host, path) in own {
            // Whoever is let in may do nothing here: 403 and not 401.
            let expected = if token == of { 403 } else { 401 };
            for token in [token.to_owned(), token.replace("of-", "seen-")] {
                assert_eq!(status(&world, host, &format!("{path}/Patient"), &[], &token).await, expected, "{token} at {host}{path}");
            }
        }
    }
}

#[tokio::test]
async fn no_header_says_whose_data_it_is() {
    let world = closed(false).await;
    let tricks = [
        ("x-forwarded-host", SOUTH),
        ("forwarded", "host=south.test"),
        ("x-original-url", "/t/north/fhir/Patient"),
        ("x-rewrite-url", "/t/north/fhir/Patient"),
        ("x-forwarded-prefix", "/t/north"),
        ("x-tenant", "2"),
    ];
    for trick in tricks {
        for token in ["of-2", "of-3"] {
            assert_eq!(status(&world, HOST, "/fhir/Patient", &[trick], token).await, 401, "{trick:?} {token}");
        }
        assert_eq!(status(&world, HOST, "/fhir/Patient", &[trick], "of-1").await, 403, "{trick:?}");
    }
    // Behind a proxy its word counts, and the token has to be that of the host.
    let world = closed(true).await;
    let forwarded = [("x-forwarded-host", SOUTH)];
    assert_eq!(status(&world, HOST, "/fhir/Patient", &forwarded, "of-3").await, 403);
    assert_eq!(status(&world, HOST, "/fhir/Patient", &forwarded, "of-1").await, 401);
    assert_eq!(status(&world, SOUTH, "/fhir/Patient", &[("x-forwarded-host", HOST)], "of-3").await, 401);
}

#[tokio::test]
async fn who_is_nobody_learns_of_suspension_and_is_asked_who_they_are_everywhere_else() {
    let world = closed(false).await;
    world.tenants.suspend("north").await.expect("suspended");
    assert_eq!(world.get(HOST, "/t/north/fhir/Patient").await.status, 503);
    for token in ["of-2", "seen-2"] {
        assert_eq!(status(&world, HOST, "/t/north/fhir/Patient", &[], token).await, 503);
    }
    assert_eq!(world.get(HOST, "/t/west/fhir/Patient").await.status, 404);
    assert_eq!(world.get(SOUTH, "/fhir/Patient").await.status, 401);
    let told = world.get(HOST, "/t/north/fhir/Patient").await;
    assert_eq!(told.header("x-content-type-options"), "nosniff", "it passes what stands before the routes");
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Secret"}]}"#;

#[tokio::test]
async fn an_entry_of_a_bundle_reaches_no_other_tenant() {
    let world = World::open().await;
    world.put(HOST, "/fhir/Patient/p1", PATIENT).await;
    for url in [
        "/t/north/fhir/Patient/p1",
        "/fhir/Patient/p1",
        "t/north/fhir/Patient/p1",
        "../../fhir/Patient/p1",
        "http://ward.test/fhir/Patient/p1",
        "http://south.test/fhir/Patient/p1",
    ] {
        for kind in ["batch", "transaction"] {
            let bundle = format!(
                r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"request":{{"method":"GET","url":"{url}"}}}},
                {{"request":{{"method":"DELETE","url":"{url}"}}}}]}}"#
            );
            let reply = world.post(HOST, "/t/north/fhir", &bundle).await;
            assert!(!reply.text().contains("Secret"), "{kind} {url}: {}", reply.text());
        }
    }
    assert_eq!(world.get(HOST, "/fhir/Patient/p1").await.status, 200, "it is still there");
    assert_eq!(world.get(HOST, "/fhir/Patient/p1/_history").await.json().list("entry").count(), 1);
}

#[tokio::test]
async fn a_reference_to_the_address_of_another_is_foreign() {
    let world = World::open().await;
    world.put(HOST, "/fhir/Patient/p1", PATIENT).await;
    world.put(HOST, "/t/north/fhir/Patient/p1", &PATIENT.replace("Secret", "North")).await;
    let observation = |id: &str, reference: &str| {
        format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{reference}"}}}}"#
        )
    };
    for (id, reference) in [
        ("own", "Patient/p1"),
        ("absolute", "http://ward.test/t/north/fhir/Patient/p1"),
        ("first", "http://ward.test/fhir/Patient/p1"),
        ("south", "http://south.test/fhir/Patient/p1"),
        ("nobody", "http://ward.test/fhir/Patient/none"),
    ] {
        let path = format!("/t/north/fhir/Observation/{id}");
        assert_eq!(world.put(HOST, &path, &observation(id, reference)).await.status, 201, "{reference}");
        let kept = world.get(HOST, &path).await.json();
        let kept = kept.get("subject").and_then(|subject| subject.text("reference")).expect("a reference").to_owned();
        assert_eq!(kept, if id == "absolute" { "Patient/p1" } else { reference });
    }
    let missing = world.put(HOST, "/t/north/fhir/Observation/x", &observation("x", "http://ward.test/t/north/fhir/Patient/none")).await;
    assert_eq!(missing.status, 422, "an own one that leads to nothing is refused");
    let mut found = world.get(HOST, "/t/north/fhir/Observation?subject=Patient/p1").await.entries();
    found.sort_unstable();
    assert_eq!(found, ["Observation/absolute", "Observation/own"]);
    let included = world.get(HOST, "/t/north/fhir/Observation?_id=first,south&_include=Observation:subject").await.entries();
    assert!(included.iter().all(|entry| entry.starts_with("Observation/")), "{included:?}");
    let foreign = world.get(HOST, "/t/north/fhir/Observation?subject=http://ward.test/fhir/Patient/p1").await.entries();
    assert_eq!(foreign, ["Observation/first"]);
    let record = world.get(HOST, "/t/north/fhir/Patient/p1/$everything").await;
    assert!(!record.text().contains("Secret") && !record.entries().contains(&"Observation/first".to_owned()), "{}", record.text());
}

#[tokio::test]
async fn the_token_of_a_page_is_of_its_tenant() {
    let world = World::open().await;
    for base in ["/fhir", "/t/north/fhir"] {
        for round in 0..2 {
            for number in 0..5 {
                let patient =
                    format!(r#"{{"resourceType":"Patient","id":"p{number}","active":{},"name":[{{"family":"N{number}"}}]}}"#, round == 0);
                world.put(HOST, &format!("{base}/Patient/p{number}"), &patient).await;
            }
        }
    }
    for path in [
        "Patient?_count=2",
        "Patient?_sort=family&_count=2",
        "Patient/$everything?_count=2",
        "Patient/p1/_history?_count=1",
        "Patient/_history?_count=2",
        "_history?_at=2026&_count=2",
    ] {
        let next = world.get(HOST, &format!("/fhir/{path}")).await.link("next").unwrap_or_else(|| panic!("{path} has a next page"));
        let next = next.strip_prefix("http://ward.test").expect("its own address");
        assert_eq!(world.get(HOST, next).await.status, 200, "{path}");
        assert_eq!(world.get(HOST, &format!("/t/north{next}")).await.status, 400, "{path}");
        assert_eq!(world.get(SOUTH, next).await.status, 400, "{path}");
    }
}
