//! By which address which tenant is found, and what goes out under it.

use axum::Router;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;

use super::world::{HOST, SOUTH, World};

fn patient(family: &str) -> String {
    format!(r#"{{"resourceType":"Patient","id":"p1","name":[{{"family":"{family}"}}]}}"#)
}

/// The same id in all three.
async fn filled() -> World {
    let world = World::open().await;
    for (host, path, family) in [(HOST, "/fhir", "First"), (HOST, "/t/north/fhir", "North"), (SOUTH, "/fhir", "South")] {
        assert_eq!(world.put(host, &format!("{path}/Patient/p1"), &patient(family)).await.status, 201);
    }
    world
}

async fn family(world: &World, host: &str, path: &str) -> String {
    let reply = world.get(host, path).await;
    assert_eq!(reply.status, 200, "{host}{path}: {}", reply.text());
    reply.json().list("name").next().and_then(|name| name.text("family").map(str::to_owned)).expect("a name")
}

#[tokio::test]
async fn a_tenant_is_found_by_path_or_by_its_own_host() {
    let world = filled().await;
    assert_eq!(family(&world, HOST, "/fhir/Patient/p1").await, "First");
    assert_eq!(family(&world, "another.test:8080", "/fhir/Patient/p1").await, "First", "a host that is nobody's own");
    assert_eq!(family(&world, HOST, "/t/north/fhir/Patient/p1").await, "North");
    assert_eq!(family(&world, SOUTH, "/fhir/Patient/p1").await, "South");
    assert_eq!(family(&world, "SOUTH.test:8443", "/fhir/Patient/p1").await, "South");
    assert_eq!(family(&world, HOST, "/t/south/fhir/Patient/p1").await, "South", "one that has a host has its path, too");
}

#[tokio::test]
async fn what_leads_to_no_tenant_is_answered_like_any_path_that_leads_nowhere() {
    let world = filled().await;
    let nowhere = world.get(HOST, "/nothing/at/all").await;
    nowhere.refused(404, "not-found", "WARD-0509");
    let paths = [
        "/t/west/fhir/Patient/p1",
        "/t/North/fhir/Patient/p1",
        "/t/nort%68/fhir/Patient/p1",
        "/t/north%2ffhir/Patient/p1",
        "/t/main/fhir/Patient/p1",
        "/t//fhir/Patient/p1",
        "/t/north",
        "/t/north/",
        "/t/north/metrics",
        "/t/north/health/ready",
        "/t/north/t/north/fhir/Patient/p1",
        "/t/north/fhirworks",
        "/t/../fhir/Patient/p1",
        "/t",
    ];
    for path in paths {
        let reply = world.get(HOST, path).await;
        assert_eq!((reply.status, reply.text()), (nowhere.status, nowhere.text()), "{path}");
    }
    for path in ["/t/north/fhir/Patient/p1", "/t/south/fhir/Patient/p1"] {
        assert_eq!(world.get(SOUTH, path).await.text(), nowhere.text(), "the host of one leads to no other: {path}");
    }
}

#[tokio::test]
async fn links_locations_and_documents_are_under_the_same_address() {
    let world = filled().await;
    for (host, path, base) in [
        (HOST, "/fhir", "http://ward.test/fhir"),
        (HOST, "/t/north/fhir", "http://ward.test/t/north/fhir"),
        (SOUTH, "/fhir", "http://south.test/fhir"),
    ] {
        let made = world.post(host, &format!("{path}/Patient"), &patient("New")).await;
        assert!(made.header("location").starts_with(&format!("{base}/Patient/")), "{}", made.header("location"));
        let found = world.get(host, &format!("{path}/Patient?_count=1")).await;
        for relation in ["self", "next"] {
            assert!(found.link(relation).expect("a link").starts_with(&format!("{base}/Patient?")), "{}", found.text());
        }
        let entry = found.json().list("entry").next().and_then(|entry| entry.text("fullUrl").map(str::to_owned)).expect("an address");
        assert!(entry.starts_with(&format!("{base}/Patient/")), "{entry}");
    }
}

#[tokio::test]
async fn the_address_of_the_settings_has_the_prefix_before_fhir() {
    let http = rest::Settings { base_url: Some("https://ward.example.org/fhir/".into()), ..rest::Settings::default() };
    let world = World::with(http, None, |_| (Router::new(), Router::new())).await;
    for (host, path, base) in [
        (HOST, "/fhir", "https://ward.example.org/fhir"),
        (HOST, "/t/north/fhir", "https://ward.example.org/t/north/fhir"),
        (SOUTH, "/fhir", "http://south.test/fhir"),
    ] {
        let made = world.post(host, &format!("{path}/Patient"), &patient("New")).await;
        assert!(made.header("location").starts_with(&format!("{base}/Patient/")), "{}", made.header("location"));
    }
}

#[tokio::test]
async fn a_tenant_that_is_suspended_or_ending_is_answered_nothing() {
    let world = filled().await;
    world.tenants.suspend("north").await.expect("suspended");
    for path in ["/t/north/fhir/Patient/p1", "/t/north/fhir/metadata", "/t/north/auth/token", "/t/north/.well-known/openid-configuration"] {
        world.get(HOST, path).await.refused(503, "transient", "WARD-0529");
    }
    assert_eq!(family(&world, HOST, "/fhir/Patient/p1").await, "First");
    assert_eq!(family(&world, SOUTH, "/fhir/Patient/p1").await, "South");
    world.tenants.reactivate("north").await.expect("active");
    assert_eq!(family(&world, HOST, "/t/north/fhir/Patient/p1").await, "North");
    world.tenants.end("south").await.expect("ending");
    for (host, path) in [(SOUTH, "/fhir/Patient/p1"), (HOST, "/t/south/fhir/metadata")] {
        world.get(host, path).await.refused(403, "forbidden", "WARD-0530");
    }
    world.tenants.forget("south").await.expect("deleted");
    world.get(HOST, "/t/south/fhir/metadata").await.refused(404, "not-found", "WARD-0509");
    assert_eq!(family(&world, SOUTH, "/fhir/Patient/p1").await, "First", "its host is nobody's own");
}

#[tokio::test]
async fn pages_and_redirects_get_the_prefix_back_and_what_people_wrote_stays() {
    const PAGE: &str = concat!(
        r#"<a href="/auth/a">one</a><form method="post" action="/auth/b"></form><img src="/assets/c">"#,
        r#"<a href="//other.test/d">other</a><a href="https://x.test/e">out</a>href=&quot;/auth/f&quot; /auth/g <p title="/auth/h">"#,
    );
    let pages = |_: &_| {
        let pages = Router::new()
            .route("/auth/page", get(|| async { Html(PAGE) }))
            .route("/auth/text", get(|| async { PAGE }))
            .route("/auth/away", get(|| async { Redirect::to("/auth/sign-in?next=/auth/page").into_response() }))
            .route("/auth/out", get(|| async { Redirect::to("https://app.test/back").into_response() }))
            .route("/auth/trick", get(|| async { Redirect::to("//app.test/back").into_response() }));
        (pages, Router::new())
    };
    let world = World::with(rest::Settings::default(), None, pages).await;
    let north = world.get(HOST, "/t/north/auth/page").await.text();
    let expected = PAGE.replace("\"/auth/a", "\"/t/north/auth/a").replace("\"/auth/b", "\"/t/north/auth/b");
    assert_eq!(north, expected.replace("\"/assets/c", "\"/t/north/assets/c"));
    assert_eq!(world.get(HOST, "/t/north/auth/text").await.text(), PAGE, "it is no page");
    assert_eq!(world.get(SOUTH, "/auth/page").await.text(), PAGE);
    assert_eq!(world.get(HOST, "/auth/page").await.text(), PAGE);
    for (path, location) in [
        ("/t/north/auth/away", "/t/north/auth/sign-in?next=/auth/page"),
        ("/auth/away", "/auth/sign-in?next=/auth/page"),
        ("/t/north/auth/out", "https://app.test/back"),
        ("/t/north/auth/trick", "//app.test/back"),
    ] {
        assert_eq!(world.get(HOST, path).await.header("location"), location, "{path}");
    }
}

#[tokio::test]
async fn a_binary_that_is_a_page_goes_out_as_it_came() {
    let world = World::open().await;
    let html = r#"<a href="/auth/a">one</a>"#;
    let headers = [("content-type", "text/html")];
    let made = world.ask(HOST, ("POST", "/t/north/fhir/Binary"), &headers, html).await;
    let path = made
        .header("location")
        .strip_prefix("http://ward.test")
        .expect("its own address")
        .split("/_history")
        .next()
        .expect("a path")
        .to_owned();
    assert_eq!(world.ask(HOST, ("GET", &path), &[("accept", "text/html")], "").await.text(), html);
}

#[tokio::test]
async fn metrics_name_tenants_by_number() {
    let world = filled().await;
    let text = world.get(HOST, "/metrics").await.text();
    for line in ["tenant=\"1\",status=\"2xx\"} 1", "tenant=\"2\",status=\"2xx\"} 1", "tenant=\"3\",status=\"2xx\"} 1"] {
        assert!(text.contains(&format!("ward_tenant_requests_total{{{line}")), "{text}");
    }
    assert!(!text.contains("north") && !text.contains(SOUTH));
}
