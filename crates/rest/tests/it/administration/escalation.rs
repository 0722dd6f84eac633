//! Nobody helps themselves, or others, to more than they may hand out.

use identity::user::{HeldRole, Membership};

use super::house::{Node, ROOT, policy, text};

const ADMINISTRATOR: &str = "role~administrator";

fn beyond(reply: &crate::server::Reply) {
    reply.refused(403, "forbidden", "WARD-1331");
}

#[tokio::test]
async fn an_administrator_hands_out_the_roles_that_theirs_names_and_no_others() {
    let node = Node::new();
    for role in ["physician", "nurse", "patient"] {
        let body = format!(r#"{{"login": "{role}", "roles": [{{"role": "{role}"}}]}}"#);
        assert_eq!(node.ask(ADMINISTRATOR, "POST", "/api/v1/users", &body).await.status, 201);
    }
    let ada = node.with_role("ada", "nurse").await;
    for role in ["system-administrator", "administrator", "auditor", "service"] {
        for member in
            [format!(r#""roles": [{{"role": "{role}"}}]"#), format!(r#""granted": ["{role}"]"#), format!(r#""denied": ["{role}"]"#)]
        {
            beyond(&node.ask(ADMINISTRATOR, "POST", "/api/v1/users", &format!(r#"{{"login": "eve", {member}}}"#)).await);
            beyond(&node.ask(ADMINISTRATOR, "PUT", &format!("/api/v1/users/{ada}/membership"), &format!("{{{member}}}")).await);
        }
        let scim = format!(
            r#"{{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "eve", "roles": [{{"value": "{role}"}}]}}"#
        );
        beyond(&node.ask(ADMINISTRATOR, "POST", "/api/v1/users/import", &scim).await);
        // At a place, too: the place could be taken away later.
        let placed = format!(r#"{{"roles": [{{"role": "{role}", "facility": "Organization/3"}}]}}"#);
        beyond(&node.ask(ADMINISTRATOR, "PUT", &format!("/api/v1/users/{ada}/membership"), &placed).await);
    }
    let (_, remedy) = node
        .ask(ADMINISTRATOR, "PUT", &format!("/api/v1/users/{ada}/membership"), r#"{"roles": [{"role": "physicain"}]}"#)
        .await
        .refused(400, "value", "WARD-1338");
    assert!(remedy.contains("`physician`"), "{remedy}");
}

/// Requests that change an account, in every way that there is.
fn changes(user: &str, login: &str) -> Vec<(&'static str, String, String)> {
    let scim = format!(
        r#"{{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "{login}", "password": "another-long-way-home-12"}}"#
    );
    let below = |path: &str| format!("/api/v1/users/{user}{path}");
    vec![
        ("PUT", below("/membership"), r#"{"roles": [{"role": "nurse"}]}"#.to_owned()),
        ("DELETE", below("/membership"), String::new()),
        ("POST", below("/suspend"), String::new()),
        ("POST", below("/reactivate"), String::new()),
        ("POST", below("/reset-link"), String::new()),
        ("POST", below("/invitation"), String::new()),
        ("DELETE", below("/sessions"), String::new()),
        ("DELETE", below("/sessions/s-1"), String::new()),
        ("DELETE", below(""), String::new()),
        ("POST", "/api/v1/users/import".to_owned(), scim),
    ]
}

#[tokio::test]
async fn who_has_more_than_one_may_hand_out_cannot_be_changed() {
    let node = Node::new();
    for (login, member) in [
        ("by-role", r#", "roles": [{"role": "nurse"}, {"role": "system-administrator"}]"#),
        ("granted", r#", "granted": ["auditor"]"#),
        // To end a denial is to grant.
        ("denied", r#", "denied": ["auditor"]"#),
    ] {
        let user = node.account(login, member).await;
        for (method, path, body) in changes(&user, login) {
            let reply = node.ask(ADMINISTRATOR, method, &path, &body).await;
            assert_eq!(reply.json_number().as_deref(), Some("WARD-1331"), "{login}: {method} {path}: {}", reply.text());
        }
        // What it is, and its password, are as they were.
        node.session(login).await;
    }
}

#[tokio::test]
async fn nobody_changes_their_own_rights() {
    let node = Node::new();
    let user = node.with_role("root", "system-administrator").await;
    let own = format!("user~{user}");
    for (method, path, body) in changes(&user, "root") {
        let reply = node.ask(&own, method, &path, &body).await;
        assert_eq!(reply.json_number().as_deref(), Some("WARD-1332"), "{method} {path}: {}", reply.text());
    }
    // Nor by the role that they have.
    let more = policy("system-administrator", r#"{"name": "r", "types": ["*"], "acts": ["*"]}"#);
    node.ask(&own, "PUT", "/api/v1/roles/system-administrator", &more).await.refused(403, "forbidden", "WARD-1332");
    let granted = node.account("helped", r#", "granted": ["system-administrator"]"#).await;
    let reply = node.ask(&format!("user~{granted}"), "PUT", "/api/v1/roles/system-administrator", &more).await;
    reply.refused(403, "forbidden", "WARD-1332");
}

#[tokio::test]
async fn a_role_is_handed_out_by_who_has_all_that_it_lets_administer() {
    let node = Node::new();
    node.role("boss", r#"{"name": "r", "administration": ["users-write", "roles-write"], "assigns": ["nurse"]}"#).await;
    node.role("lender", r#"{"name": "r", "administration": ["users-write"], "assigns": ["physician"]}"#).await;
    node.role("peer", r#"{"name": "r", "administration": ["users-write"], "assigns": ["nurse"]}"#).await;
    node.role("desk", r#"{"name": "r", "administration": ["users-write"], "assigns": ["boss", "lender", "peer", "nurse"]}"#).await;
    let invite = |role: &str| format!(r#"{{"login": "of-{role}", "roles": [{{"role": "{role}"}}]}}"#);
    beyond(&node.ask("role~desk", "POST", "/api/v1/users", &invite("boss")).await);
    beyond(&node.ask("role~desk", "POST", "/api/v1/users", &invite("lender")).await);
    beyond(&node.ask("role~desk", "POST", "/api/v1/users", &invite("physician")).await);
    assert_eq!(node.ask("role~desk", "POST", "/api/v1/users", &invite("peer")).await.status, 201);
}

#[tokio::test]
async fn a_role_is_written_with_no_more_than_ones_own() {
    let node = Node::new();
    node.role("round", r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#).await;
    node.role("model", r#"{"name": "r", "types": ["Patient", "Observation"], "acts": ["read", "search"], "secondFactor": true}"#).await;
    let rules = r#"{"name": "r", "administration": ["roles-read", "roles-write"], "assigns": ["round", "model"]}, {"name": "s", "types": ["Slot"], "acts": ["*"]}"#;
    node.role("librarian", rules).await;
    let who = "role~librarian";
    let put = async |name: &str, rules: &str| node.ask(who, "PUT", &format!("/api/v1/roles/{name}"), &policy(name, rules)).await;
    for within in [
        r#"{"name": "r", "types": ["Slot"], "acts": ["read"]}"#,
        r#"{"name": "r", "types": ["Observation"], "acts": ["search"], "secondFactor": true, "criteria": "status=final"}"#,
        r#"{"name": "r", "effect": "deny", "types": ["*"], "acts": ["*"]}"#,
    ] {
        let reply = put("round", within).await;
        assert_eq!(reply.status, 200, "{within}: {}", reply.text());
    }
    for more in [
        r#"{"name": "r", "types": ["Encounter"], "acts": ["read"]}"#,
        r#"{"name": "r", "types": ["Observation"], "acts": ["search"]}"#,
        r#"{"name": "r", "types": ["Observation"], "acts": ["update"], "secondFactor": true}"#,
        r#"{"name": "r", "types": ["Slot"], "acts": ["read"], "clearance": "R"}"#,
        r#"{"name": "r", "operations": ["expunge"]}"#,
        r#"{"name": "r", "administration": ["users-write"]}"#,
        r#"{"name": "r", "administration": ["roles-write"], "assigns": ["nurse"]}"#,
    ] {
        beyond(&put("round", more).await);
    }
    beyond(&put("another", r#"{"name": "r", "types": ["Slot"], "acts": ["read"]}"#).await);
    put("librarian", r#"{"name": "r", "types": ["Slot"], "acts": ["read"]}"#).await.refused(403, "forbidden", "WARD-1332");
    node.ask(who, "DELETE", "/api/v1/roles/librarian", "").await.refused(403, "forbidden", "WARD-1332");
}

#[tokio::test]
async fn clients_and_keys_have_no_more_than_their_maker_may_hand_out() {
    let node = Node::new();
    node.role("desk", r#"{"name": "r", "administration": ["clients-write", "keys-write"], "assigns": ["nurse"]}"#).await;
    for role in ["service", "desk", "system-administrator"] {
        let client = format!(r#"{{"name": "A", "scope": "system/*.cruds", "roles": [{{"role": "{role}"}}]}}"#);
        beyond(&node.ask("role~desk", "POST", "/api/v1/clients", &client).await);
        let key = format!(r#"{{"name": "A", "roles": [{{"role": "{role}"}}]}}"#);
        beyond(&node.ask("role~desk", "POST", "/api/v1/keys", &key).await);
        let client = text(&node.ask(ROOT, "POST", "/api/v1/clients", &client).await, "id");
        beyond(&node.ask("role~desk", "POST", &format!("/api/v1/clients/{client}/secret"), "").await);
        beyond(&node.ask("role~desk", "DELETE", &format!("/api/v1/clients/{client}"), "").await);
        let key = text(&node.ask(ROOT, "POST", "/api/v1/keys", &key).await, "handle");
        beyond(&node.ask("role~desk", "DELETE", &format!("/api/v1/keys/{key}"), "").await);
    }
}

#[tokio::test]
async fn one_tenant_has_no_say_in_another() {
    let node = Node::new();
    let user = node.with_role("both", "nurse").await;
    let elsewhere = HeldRole { role: "system-administrator".to_owned(), facility: None, department: None };
    let part = Membership { tenant: 2, fhir_user: None, roles: vec![elsewhere], granted: Vec::new(), denied: Vec::new() };
    node.identity.set_membership(&user, part).await.expect("a part");
    // What is worth as much as the account is not for one tenant alone.
    for (method, path, body) in changes(&user, "both") {
        if path.ends_with("/membership") || path.contains("/sessions") || method == "DELETE" {
            continue;
        }
        let reply = node.ask(ROOT, method, &path, &body).await;
        assert_eq!(reply.json_number().as_deref(), Some("WARD-1340"), "{method} {path}: {}", reply.text());
    }
    assert_eq!(node.ask(ROOT, "DELETE", &format!("/api/v1/users/{user}"), "").await.status, 204);
    let left = node.identity.user(&user).await.expect("a read").expect("it is there");
    assert_eq!(left.memberships.iter().map(|part| part.tenant).collect::<Vec<_>>(), [2]);
    // From then on it is not there.
    for (method, path, body) in changes(&user, "both") {
        let number = node.ask(ROOT, method, &path, &body).await.json_number();
        let wanted = if path.ends_with("/import") { "WARD-1340" } else { "WARD-1334" };
        assert_eq!(number.as_deref(), Some(wanted), "{method} {path}");
    }
    assert!(!node.ask(ROOT, "GET", "/api/v1/users", "").await.text().contains("both"));
    let found = node.ask(ROOT, "GET", "/api/v1/users?login=both", "").await.json();
    assert_eq!(found.list("users").count(), 0);
}

#[tokio::test]
async fn without_a_second_factor_nothing_is_changed() {
    let node = Node::new();
    let user = node.with_role("ada", "nurse").await;
    for (method, path, body) in changes(&user, "ada") {
        for role in ["administrator", "system-administrator"] {
            node.ask(&format!("weak~{role}"), method, &path, &body).await.refused(403, "forbidden", "WARD-1330");
        }
    }
    node.session("ada").await;
}
