//! Scopes of the client, on top of what the user may do.

use access::{Act, Principal};

use crate::world::{World, key, scoped, user};

async fn hospital() -> World {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"ada"}"#,
            r#"{"resourceType":"Patient","id":"bob"}"#,
            r#"{"resourceType":"Observation","id":"o-ada","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-two","status":"final","code":{"coding":[{"code":"y"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-bob","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"Practitioner","id":"p"}"#,
            r#"{"resourceType":"Task","id":"t","status":"draft","intent":"order","for":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Task","id":"t-bob","status":"draft","intent":"order","for":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"Binary","id":"file","contentType":"text/plain"}"#,
        ])
        .await;
    world
}

/// A user who may do everything, of a client with these scopes, with ada's chart open.
fn app(world: &World, scopes: &str) -> Principal {
    let everything = r#"{"name": "e", "types": ["*"], "acts": ["*"], "clearance": "V"}, {"name": "o", "operations": ["*"]}"#;
    scoped(Principal { patient: Some("ada".into()), ..world.rules(everything) }, scopes)
}

#[tokio::test]
async fn a_patients_scope_is_about_the_patient_of_the_launch() {
    let world = hospital().await;
    let app = app(&world, "patient/*.rs");
    for (name, expected) in [
        ("Patient", vec!["ada"]),
        ("Observation", vec!["o-ada", "o-two"]),
        ("Practitioner", vec!["p"]),
        ("Task", vec!["t"]),
        ("Binary", vec![]),
    ] {
        assert_eq!(world.may(&app, Act::Read, name).await, expected, "{name}");
        assert!(world.may(&app, Act::Update, name).await.is_empty(), "{name}");
    }
    let nowhere = Principal { patient: None, ..app.clone() };
    assert!(world.may(&nowhere, Act::Read, "Observation").await.is_empty(), "no patient was chosen");
    let own = Principal { patient: None, fhir_user: Some(key("Patient/bob")), ..app };
    assert_eq!(world.may(&own, Act::Read, "Observation").await, ["o-bob"]);
}

#[tokio::test]
async fn links_between_patients_widen_nothing_but_to_those_who_refer() {
    let world = hospital().await;
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"twin","link":[{"other":{"reference":"Patient/ada"},"type":"seealso"}]}"#,
            r#"{"resourceType":"Observation","id":"o-twin","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/twin"}}"#,
        ])
        .await;
    let app = app(&world, "patient/*.rs");
    assert_eq!(world.may(&app, Act::Read, "Patient").await, ["ada", "twin"]);
    assert_eq!(world.may(&app, Act::Read, "Observation").await, ["o-ada", "o-two"]);
    let twins = Principal { patient: Some("twin".into()), ..app };
    assert_eq!(world.may(&twins, Act::Read, "Patient").await, ["twin"]);
}

#[tokio::test]
async fn parameters_of_scopes_limit() {
    let world = hospital().await;
    assert_eq!(world.may(&app(&world, "user/Observation.rs?code=x"), Act::Read, "Observation").await, ["o-ada", "o-bob"]);
    assert_eq!(world.may(&app(&world, "patient/Observation.r?code=x user/Observation.s"), Act::Read, "Observation").await, ["o-ada"]);
    assert_eq!(world.may(&app(&world, "patient/Observation.r?code=x user/Observation.s"), Act::Search, "Observation").await.len(), 3);
    assert!(world.may(&app(&world, "user/Observation.rs?nonsense=x"), Act::Read, "Observation").await.is_empty());
    assert_eq!(world.may(&app(&world, "user/*.r?code=x"), Act::Read, "Observation").await, ["o-ada", "o-bob"]);
    assert!(
        world.may(&app(&world, "user/*.r?code=x"), Act::Read, "Patient").await.is_empty(),
        "a type without the parameter is not covered"
    );
}

#[tokio::test]
async fn a_scope_never_gives_what_no_rule_allows() {
    let world = hospital().await;
    let nobody = scoped(user("nobody", None), "user/*.cruds system/*.cruds patient/*.cruds");
    assert!(world.may(&nobody, Act::Read, "Observation").await.is_empty());
    let some = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "code=y"}"#);
    assert_eq!(world.may(&scoped(some, "user/*.cruds"), Act::Read, "Observation").await, ["o-two"]);
}

#[tokio::test]
async fn system_is_for_clients_and_user_for_users() {
    let world = hospital().await;
    assert!(world.may(&app(&world, "system/*.cruds"), Act::Read, "Observation").await.is_empty());
    let service = Principal { user: None, roles: vec![crate::world::assignment("service", None, None)], ..user("s", None) };
    assert_eq!(world.may(&scoped(service.clone(), "system/Observation.r"), Act::Read, "Observation").await.len(), 3);
    assert!(world.may(&scoped(service, "user/Observation.r"), Act::Read, "Observation").await.is_empty());
}

#[tokio::test]
async fn no_scope_about_resources_is_none() {
    let world = hospital().await;
    let app = app(&world, "openid fhirUser");
    assert!(world.may(&app, Act::Read, "Patient").await.is_empty());
}

#[tokio::test]
async fn operations_need_a_client_that_may_do_everything() {
    let world = hospital().await;
    for (scopes, expected) in
        [("user/*.cruds", true), ("user/*.rs", false), ("patient/*.cruds", false), ("system/*.cruds", false), ("user/*.cruds?_id=1", false)]
    {
        assert_eq!(world.grant(&app(&world, scopes)).await.allows_operation("expunge"), expected, "{scopes}");
    }
}
