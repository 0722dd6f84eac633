//! Every route of the table, by every role: a row that is added needs a line here.

use access::{Permission, role};
use administration::TABLE;

use super::house::{Node, ROOT, policy, text};

/// A request for each row of the table, on what `world` has made; `None`: no body.
fn request(name: &str, world: &World) -> (String, Option<String>) {
    let (user, client, key, session) = (&world.user, &world.client, &world.key, "s-none");
    let body = |text: &str| Some(text.to_owned());
    let (path, body) = match name {
        "list-users" => ("/users".to_owned(), None),
        "invite-user" => ("/users".to_owned(), body(r#"{"login": "new"}"#)),
        "import-user" => {
            ("/users/import".to_owned(), body(r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "scim"}"#))
        }
        "join-user" => ("/users/join".to_owned(), body(r#"{"login": "elsewhere", "roles": [{"role": "nurse"}]}"#)),
        "leave-user" => (format!("/users/{user}/membership"), None),
        "show-user" | "remove-user" => (format!("/users/{user}"), None),
        "set-rights" => (format!("/users/{user}/membership"), body(r#"{"roles": [{"role": "nurse"}]}"#)),
        "suspend-user" => (format!("/users/{user}/suspend"), None),
        "reactivate-user" => (format!("/users/{user}/reactivate"), None),
        "make-reset-link" => (format!("/users/{user}/reset-link"), None),
        "invite-again" => (format!("/users/{user}/invitation"), None),
        "list-sessions" | "end-sessions" => (format!("/users/{user}/sessions"), None),
        "end-session" => (format!("/users/{user}/sessions/{session}"), None),
        "reset-factors" => (format!("/users/{user}/factors"), None),
        "break-glass" => {
            ("/break-glass".to_owned(), body(r#"{"patient": "p1", "reason": "unconscious, no kin to ask", "code": "000000"}"#))
        }
        "show-emergency" | "mend-glass" => ("/break-glass".to_owned(), None),
        "list-alerts" => ("/alerts".to_owned(), None),
        "acknowledge-alert" => ("/alerts/none/acknowledgement".to_owned(), body(r#"{"note": "looked into"}"#)),
        "report-trail" => ("/audit/report".to_owned(), None),
        "show-checkpoint" => ("/audit/checkpoint".to_owned(), None),
        "list-tenants" => ("/tenants".to_owned(), None),
        "add-tenant" => ("/tenants".to_owned(), body(r#"{"slug": "south"}"#)),
        "show-tenant" => ("/tenants/north".to_owned(), None),
        "set-tenant" => ("/tenants/north".to_owned(), body(r#"{"name": "North"}"#)),
        "suspend-tenant" => ("/tenants/north/suspend".to_owned(), None),
        "reactivate-tenant" => ("/tenants/north/reactivate".to_owned(), None),
        "end-tenant" => ("/tenants/north?confirm=north".to_owned(), None),
        "list-clients" => ("/clients".to_owned(), None),
        "add-client" => {
            ("/clients".to_owned(), body(r#"{"name": "App", "scope": "user/*.rs", "redirectUris": ["https://app.example/back"]}"#))
        }
        "show-client" | "remove-client" => (format!("/clients/{client}"), None),
        "change-secret" => (format!("/clients/{client}/secret"), None),
        "list-keys" => ("/keys".to_owned(), None),
        "make-key" => ("/keys".to_owned(), body(r#"{"name": "Nightly", "roles": [{"role": "nurse"}]}"#)),
        "revoke-key" => (format!("/keys/{key}"), None),
        "list-roles" => ("/roles".to_owned(), None),
        "show-role" => ("/roles/nurse".to_owned(), None),
        "put-role" => ("/roles/own".to_owned(), Some(policy("own", r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#))),
        "remove-role" => ("/roles/spare".to_owned(), None),
        "check-policy" => ("/policies/check".to_owned(), body("{}")),
        "explain" => ("/access/explain?type=Patient&interaction=read".to_owned(), None),
        other => panic!("the row {other} has no request here"),
    };
    (format!("/api/v1{path}"), body)
}

struct World {
    user: String,
    client: String,
    key: String,
}

async fn world(node: &Node) -> World {
    let user = node.account("ada", r#", "roles": [{"role": "nurse"}]"#).await;
    let client = r#"{"name": "Nightly", "scope": "system/*.rs", "roles": [{"role": "service"}]}"#;
    let client = text(&node.ask(ROOT, "POST", "/api/v1/clients", client).await, "id");
    let key = text(&node.ask(ROOT, "POST", "/api/v1/keys", r#"{"name": "Key", "roles": [{"role": "nurse"}]}"#).await, "handle");
    assert_eq!(node.role("spare", r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#).await.status, 201);
    assert_eq!(node.ask(ROOT, "POST", "/api/v1/tenants", r#"{"slug": "north"}"#).await.status, 201);
    World { user, client, key }
}

/// The permissions that a role gives, with a second factor and without, as `docs/roles.md` has them.
fn permissions(role: &str, strong: bool) -> &'static [Permission] {
    use Permission::{AlertsRead, AlertsWrite, ClientsRead, Explain, KeysRead, RolesRead, TenantsRead, UsersRead, UsersWrite};
    match (role, strong) {
        ("system-administrator", true) => &Permission::ALL,
        ("system-administrator", false) => &[UsersRead, ClientsRead, KeysRead, RolesRead, Explain, AlertsRead, TenantsRead],
        ("auditor", true) => &[UsersRead, ClientsRead, KeysRead, RolesRead, Explain, AlertsRead, AlertsWrite],
        ("auditor", false) => &[UsersRead, ClientsRead, KeysRead, RolesRead, Explain, AlertsRead],
        ("administrator", true) => &[UsersRead, RolesRead, UsersWrite],
        ("administrator", false) => &[UsersRead, RolesRead],
        _ => &[],
    }
}

#[tokio::test]
async fn every_route_is_open_to_the_roles_that_have_its_permission_and_to_nobody_else() {
    let mut cells = 0;
    for (word, role) in role::names().flat_map(|role| [("role", role), ("weak", role)]) {
        let node = Node::new();
        let world = world(&node).await;
        for row in TABLE {
            let (path, body) = request(row.name, &world);
            let reply = node.ask(&format!("{word}~{role}"), row.method, &path, body.as_deref().unwrap_or_default()).await;
            let may = row.needs.is_none_or(|permission| permissions(role, word == "role").contains(&permission));
            let status = reply.status.as_u16();
            let told = format!("{word} {role}: {} answered {}", row.name, reply.text());
            if may {
                assert_ne!((status, reply.json_number().as_deref()), (403, Some("WARD-1330")), "{told}");
                assert!(status < 500, "{told}");
            } else {
                assert_eq!((status, reply.json_number().as_deref()), (403, Some("WARD-1330")), "{told}");
            }
            cells += 1;
        }
    }
    assert_eq!(cells, TABLE.len() * 2 * role::names().count());
}

#[tokio::test]
async fn who_may_do_everything_gets_the_statuses_that_the_table_tells_of() {
    let node = Node::new();
    let world = world(&node).await;
    for row in TABLE {
        // What removes the account, needs another state of it, the session of a person, or a role of another kind, is tested elsewhere.
        if [
            "remove-user",
            "leave-user",
            "join-user",
            "reactivate-user",
            "invite-again",
            "end-session",
            "make-reset-link",
            "break-glass",
            "show-emergency",
            "mend-glass",
            "acknowledge-alert",
            "report-trail",
            "show-checkpoint",
        ]
        .contains(&row.name)
        {
            continue;
        }
        let (path, body) = request(row.name, &world);
        let reply = node.ask(ROOT, row.method, &path, body.as_deref().unwrap_or_default()).await;
        let status = reply.status.as_u16();
        assert!(row.answers.iter().any(|(known, _)| *known == status), "{}: {status} {}", row.name, reply.text());
        assert_eq!(reply.header("cache-control"), "no-store", "{}", row.name);
    }
}

#[tokio::test]
async fn nobody_gets_anywhere_without_a_credential_or_with_one_of_another_kind() {
    let node = Node::new();
    let world = world(&node).await;
    for row in TABLE {
        let (path, body) = request(row.name, &world);
        let body = body.unwrap_or_default();
        assert_eq!(node.send(row.method, &path, &[], &body).await.status, 401, "{}", row.name);
        // A role at a place administers nothing, and neither does an app of a user, whatever their role.
        for who in ["placed~system-administrator", "app~system-administrator"] {
            let reply = node.ask(who, row.method, &path, &body).await;
            assert!(row.needs.is_none() || reply.json_number().as_deref() == Some("WARD-1330"), "{who} {}: {}", row.name, reply.text());
        }
    }
    assert_eq!(node.ask("whole~system-administrator", "GET", "/api/v1/users", "").await.status, 200);
}

#[tokio::test]
async fn what_is_not_in_the_table_is_refused() {
    let node = Node::new();
    node.ask(ROOT, "GET", "/api/v1/nothing", "").await.refused(404, "not-found", "WARD-1334");
    node.ask(ROOT, "PATCH", "/api/v1/users", "").await.refused(405, "not-supported", "WARD-1342");
    node.ask(ROOT, "GET", "/api/v1/users?txt=a", "").await.refused(400, "not-supported", "WARD-1337");
    let (place, remedy) =
        node.ask(ROOT, "POST", "/api/v1/users", r#"{"login": "a", "role": []}"#).await.refused(400, "structure", "WARD-1337");
    assert!(place.is_empty() && remedy.contains("did you mean `roles`"), "{remedy}");
    let (place, _) =
        node.ask(ROOT, "POST", "/api/v1/users", r#"{"login": "a", "roles": [{"role": 3}]}"#).await.refused(400, "value", "WARD-1338");
    assert_eq!(place, "roles[0].role");
    node.ask(ROOT, "POST", "/api/v1/users", "[]").await.refused(400, "structure", "WARD-1336");
    node.ask(ROOT, "POST", "/api/v1/users", "{").await.refused(400, "structure", "WARD-0500");
    node.ask(ROOT, "GET", "/api/v1/users/u-none", "").await.refused(404, "not-found", "WARD-1334");
}

#[tokio::test]
async fn every_row_is_in_the_document() {
    let node = Node::new();
    let document = node.ask(ROOT, "GET", "/api/openapi.json", "").await.json();
    let mut ids = std::collections::HashSet::new();
    for row in TABLE {
        let item = document.get("paths").and_then(|paths| paths.get(&format!("/api/v1{}", row.path)));
        let operation =
            item.and_then(|item| item.get(&row.method.to_ascii_lowercase())).unwrap_or_else(|| panic!("{} is missing", row.name));
        assert!(ids.insert(operation.text("operationId").map(str::to_owned)), "{} has the id of another", row.name);
        assert_eq!(operation.get("requestBody").is_some(), row.body.is_some(), "{}", row.name);
        let parameters = operation.list("parameters").filter(|parameter| parameter.text("in") != Some("header")).count();
        assert_eq!(parameters, row.query.len() + row.path.matches('{').count(), "{}", row.name);
        let responses = operation.get("responses").expect("responses");
        for (status, _) in row.answers {
            assert!(responses.get(&status.to_string()).is_some(), "{}: {status}", row.name);
        }
    }
}
