//! Two servers on one store: what is changed at one holds at the other.

use std::sync::Arc;
use std::time::Duration;

use access::{Access, follow};
use identity::directory::TENANT as DIRECTORY;

use super::house::{Node, ROOT, TENANT, store, text};

/// How often it is looked whether the other node has come to a commit, with a pause of 10 ms between: far more than it takes.
const LOOKS: usize = 1000;

/// A node that follows what others change, as a server does.
fn following(node: Node) -> Arc<Node> {
    let node = Arc::new(node);
    let of = |tenant| {
        let (rules, store): (Arc<Access>, _) = (node.rules.clone(), node.store.clone());
        tokio::spawn(async move { follow(&rules, &*store, tenant).await })
    };
    of(TENANT);
    of(DIRECTORY);
    let identity = node.identity.clone();
    tokio::spawn(async move { identity::seen::follow(identity.directory()).await });
    node
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_at_one_node_holds_at_the_other() {
    let shared = store();
    let (here, there) = (Node::on(shared.clone()), following(Node::on(shared)));
    let ada = here.with_role("ada", "nurse").await;
    let key = here.ask(ROOT, "POST", "/api/v1/keys", r#"{"name": "Key", "roles": [{"role": "nurse"}]}"#).await;
    let (key, secret) = (text(&key, "handle"), text(&key, "secret"));
    let cookie = here.session("ada").await;
    let explained = async |node: &Node| {
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        node.send("GET", "/api/v1/access/explain?type=Slot&interaction=read", &headers, "").await
    };
    let reads = async |node: &Node| node.ask(&secret, "GET", "/fhir/Slot", "").await.status.as_u16();
    until("it knows the account", async || explained(&there).await.status == 200).await;
    assert_eq!(text(&explained(&there).await, "outcome"), "sometimes");
    assert_eq!(reads(&there).await, 200);

    // A role of the tenant's own, in place of one that Ward brings.
    assert_eq!(here.role("nurse", r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#).await.status, 201);
    assert_eq!((text(&explained(&here).await, "outcome").as_str(), reads(&here).await), ("refused", 403), "here at once");
    until("a role", async || text(&explained(&there).await, "outcome") == "refused" && reads(&there).await == 403).await;
    assert_eq!(here.ask(ROOT, "DELETE", "/api/v1/roles/nurse", "").await.status, 204);
    until("a role that is gone", async || text(&explained(&there).await, "outcome") == "sometimes").await;

    // A denial, a key, an account.
    let part = format!("/api/v1/users/{ada}/membership");
    assert_eq!(here.ask(ROOT, "PUT", &part, r#"{"roles": [{"role": "nurse"}], "denied": ["nurse"]}"#).await.status, 200);
    until("a denial", async || text(&explained(&there).await, "outcome") == "refused").await;
    assert_eq!(here.ask(ROOT, "DELETE", &format!("/api/v1/keys/{key}"), "").await.status, 204);
    assert_eq!(reads(&here).await, 401, "here at once");
    until("a key that is revoked", async || reads(&there).await == 401).await;
    assert_eq!(here.ask(ROOT, "POST", &format!("/api/v1/users/{ada}/suspend"), "").await.status, 200);
    until("an account that is suspended", async || explained(&there).await.status == 401).await;
}
