//! Apps, services and API keys.

use super::house::{Node, ROOT, text, texts};

#[tokio::test]
async fn a_service_is_registered_gets_another_secret_and_goes() {
    let node = Node::new();
    let made = node
        .ask(ROOT, "POST", "/api/v1/clients", r#"{"name": "Nightly", "scope": "system/Patient.rs", "roles": [{"role": "service"}]}"#)
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    let shown = node.ask(ROOT, "GET", &format!("/api/v1/clients/{id}"), "").await;
    assert!(!shown.text().contains(&secret) && !shown.text().contains("hashes"), "{}", shown.text());
    assert_eq!(shown.header("etag"), "W/\"1\"");
    let path = format!("/api/v1/clients/{id}/secret");
    node.ask_with(ROOT, "POST", &path, &[("if-match", "W/\"9\"")], "").await.refused(412, "conflict", "WARD-1335");
    let other = node.ask(ROOT, "POST", &path, "").await;
    assert_ne!(text(&other, "secret"), secret);
    let listed = node.ask(ROOT, "GET", "/api/v1/clients", "").await;
    assert_eq!(texts(&listed.json(), "clients", "id"), [id.as_str()]);
    assert_eq!(node.ask(ROOT, "DELETE", &format!("/api/v1/clients/{id}"), "").await.status, 204);
    node.ask(ROOT, "GET", &format!("/api/v1/clients/{id}"), "").await.refused(404, "not-found", "WARD-1334");
}

#[tokio::test]
async fn an_app_is_what_it_can_be() {
    let node = Node::new();
    let app = r#"{"name": "App", "scope": "user/*.rs", "redirectUris": ["https://app.example/back"], "public": true}"#;
    let made = node.ask(ROOT, "POST", "/api/v1/clients", app).await;
    assert_eq!((made.status.as_u16(), made.json().text("proof")), (201, Some("none")));
    assert!(made.json().text("secret").is_none());
    for (wrong, status) in [
        (r#"{"name": "App", "scope": "user/*.rs"}"#, 400),
        (r#"{"name": "App", "scope": "user/*.rs", "redirectUris": ["http://app.example/back"]}"#, 400),
        (r#"{"name": "App", "scope": "user/Nothing.rs", "redirectUris": ["https://app.example/back"]}"#, 400),
        (r#"{"scope": "user/*.rs", "redirectUris": ["https://app.example/back"]}"#, 400),
        (r#"{"name": "App", "scope": "system/*.rs", "roles": [{"role": "service"}], "public": true}"#, 400),
        (r#"{"name": "App", "scope": "user/*.rs", "redirectUris": ["https://app.example/back"], "preapproved": "yes"}"#, 400),
    ] {
        assert_eq!(node.ask(ROOT, "POST", "/api/v1/clients", wrong).await.status, status, "{wrong}");
    }
}

#[tokio::test]
async fn a_key_works_until_it_is_revoked() {
    let node = Node::new();
    let body = r#"{"name": "Nightly", "roles": [{"role": "nurse"}], "scopes": "system/Slot.rs", "eachMinute": 100, "until": "2027-01-01T00:00:00Z"}"#;
    let made = node.ask(ROOT, "POST", "/api/v1/keys", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let (handle, secret) = (text(&made, "handle"), text(&made, "secret"));
    assert_eq!(node.ask(&secret, "GET", "/fhir/Slot", "").await.status, 200);
    assert_eq!(node.ask(&secret, "GET", "/fhir/Patient", "").await.status, 403);
    let listed = node.ask(ROOT, "GET", "/api/v1/keys", "").await;
    assert!(!listed.text().contains(&secret));
    assert_eq!(texts(&listed.json(), "keys", "handle"), [handle.as_str()]);
    assert_eq!(node.ask(ROOT, "DELETE", &format!("/api/v1/keys/{handle}"), "").await.status, 204);
    assert_eq!(node.ask(&secret, "GET", "/fhir/Slot", "").await.status, 401);
    node.ask(ROOT, "DELETE", &format!("/api/v1/keys/{handle}"), "").await.refused(404, "not-found", "WARD-1334");
    for wrong in [
        r#"{"name": "K", "until": "tomorrow"}"#,
        r#"{"name": "K", "eachMinute": 0}"#,
        r#"{"name": "K", "scopes": "system/Nothing.rs"}"#,
        "{}",
    ] {
        assert_eq!(node.ask(ROOT, "POST", "/api/v1/keys", wrong).await.status, 400, "{wrong}");
    }
}
