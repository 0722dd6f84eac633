//! Roles and policies of a tenant's own.

use access::{Act, Verdict};
use identity::user::Membership;

use super::house::{Node, ROOT, TENANT, policy, text, texts};

const READ: &str = r#"{"name": "r", "types": ["Patient"], "acts": ["read", "search"]}"#;

#[tokio::test]
async fn a_role_is_written_shown_listed_changed_and_removed() {
    let node = Node::new();
    let new = node.role("ward-round", READ).await;
    assert_eq!((new.status.as_u16(), new.header("etag"), new.header("location")), (201, "W/\"1\"", "/api/v1/roles/ward-round"));
    let shown = node.ask(ROOT, "GET", "/api/v1/roles/ward-round", "").await;
    assert_eq!((shown.json(), shown.header("etag")), (new.json(), "W/\"1\""));
    assert_eq!(text(&node.ask(ROOT, "GET", "/api/v1/roles/nurse", "").await, "name"), "nurse");
    let listed = node.ask(ROOT, "GET", "/api/v1/roles", "").await.json();
    assert_eq!(texts(&listed, "roles", "name").len(), access::role::names().count() + 1);
    let put = async |headers: &[(&str, &str)]| {
        let body = policy("ward-round", r#"{"name": "r", "types": ["Slot"], "acts": ["read"]}"#);
        node.ask_with(ROOT, "PUT", "/api/v1/roles/ward-round", headers, &body).await
    };
    put(&[("if-none-match", "*")]).await.refused(412, "conflict", "WARD-1335");
    put(&[("if-match", "W/\"2\"")]).await.refused(412, "conflict", "WARD-1335");
    let changed = put(&[("if-match", "W/\"1\"")]).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "W/\"2\""));
    assert_eq!(node.ask(ROOT, "DELETE", "/api/v1/roles/ward-round", "").await.status, 204);
    node.ask(ROOT, "GET", "/api/v1/roles/ward-round", "").await.refused(404, "not-found", "WARD-1334");
    node.ask(ROOT, "DELETE", "/api/v1/roles/nurse", "").await.refused(404, "not-found", "WARD-1334");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place() {
    let node = Node::new();
    let wrong = policy("ward-round", r#"{"name": "r", "types": ["Patinet"], "acts": ["read"]}, {"name": "s", "operation": ["x"]}"#);
    let reply = node.ask(ROOT, "PUT", "/api/v1/roles/ward-round", &wrong).await;
    let (place, remedy) = reply.refused(400, "value", "WARD-1322");
    assert_eq!(place, "rules[0].types[0]");
    assert!(remedy.contains("`Patient`"), "{remedy}");
    let checked = node.ask(ROOT, "POST", "/api/v1/policies/check", &wrong).await;
    assert_eq!(checked.status, 200);
    assert_eq!(checked.json().get("valid").and_then(fhir::Value::as_bool), Some(false));
    assert_eq!(checked.json().list("issues").count(), reply.json().list("issue").count());
    assert!(node.ask(ROOT, "POST", "/api/v1/policies/check", &policy("x", READ)).await.text().starts_with(r#"{"valid":true"#));
    node.ask(ROOT, "PUT", "/api/v1/roles/other", &policy("ward-round", READ)).await.refused(400, "value", "WARD-1338");
    node.ask(ROOT, "GET", "/api/v1/roles/ward-round", "").await.refused(404, "not-found", "WARD-1334");
    let near = node.ask(ROOT, "POST", "/api/v1/policies/check", &policy("x", r#"{"name": "r", "administration": ["user-read"]}"#)).await;
    assert!(near.text().contains("`users-read`"), "{}", near.text());
}

#[tokio::test]
async fn a_role_that_somebody_has_stays() {
    let node = Node::new();
    let in_use = async |node: &Node, name: &str| {
        node.ask(ROOT, "DELETE", &format!("/api/v1/roles/{name}"), "").await.refused(409, "conflict", "WARD-1339");
    };
    for (login, member) in
        [("a", r#", "roles": [{"role": "own-a"}]"#), ("b", r#", "granted": ["own-b"]"#), ("c", r#", "denied": ["own-c"]"#)]
    {
        node.role(&format!("own-{login}"), READ).await;
        let user = node.account(login, member).await;
        in_use(&node, &format!("own-{login}")).await;
        node.ask(ROOT, "PUT", &format!("/api/v1/users/{user}/membership"), r#"{"roles": []}"#).await;
        assert_eq!(node.ask(ROOT, "DELETE", &format!("/api/v1/roles/own-{login}"), "").await.status, 204);
    }
    node.role("own-d", READ).await;
    node.ask(ROOT, "POST", "/api/v1/clients", r#"{"name": "A", "scope": "system/*.rs", "roles": [{"role": "own-d"}]}"#).await;
    in_use(&node, "own-d").await;
}

#[tokio::test]
async fn a_role_in_place_of_one_that_ward_brings_holds_from_the_next_request_on() {
    let node = Node::new();
    let ada = node.with_role("ada", "nurse").await;
    let reads = async || node.ask(&format!("user~{ada}"), "GET", "/fhir/Slot", "").await.status.as_u16();
    assert_eq!(reads().await, 200);
    assert_eq!(node.role("nurse", READ).await.status, 201);
    assert_eq!(reads().await, 403);
    assert_eq!(node.ask(ROOT, "DELETE", "/api/v1/roles/nurse", "").await.status, 204);
    assert_eq!(reads().await, 200);
}

#[tokio::test]
async fn a_denied_policy_that_is_not_there_denies_everything() {
    let node = Node::new();
    let ada = node.with_role("ada", "physician").await;
    let part = Membership { denied: vec!["gone".to_owned()], ..Membership::with_role(TENANT, "physician") };
    node.identity.set_membership(&ada, part).await.expect("a part");
    let user = node.identity.user(&ada).await.expect("a read").expect("it is there");
    let grant = node.rules.grant(&std::sync::Arc::new(user.principal(&ada, TENANT)), node.identity.now()).await.expect("a grant");
    assert!(fhir::definitions::ResourceType::all().all(|kind| *grant.verdict(kind, Act::Read) == Verdict::Refused));
}
