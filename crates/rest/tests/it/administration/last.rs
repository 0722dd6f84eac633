//! The last account that can administer everything stays.

use std::sync::Arc;

use super::house::{Node, ROOT};

fn ways_out(user: &str) -> [(&'static str, String, &'static str); 4] {
    let path = format!("/api/v1/users/{user}");
    [
        ("PUT", format!("{path}/membership"), r#"{"roles": [{"role": "nurse"}]}"#),
        ("PUT", format!("{path}/membership"), r#"{"roles": [{"role": "system-administrator"}], "denied": ["system-administrator"]}"#),
        ("POST", format!("{path}/suspend"), ""),
        ("DELETE", path, ""),
    ]
}

#[tokio::test]
async fn the_last_administrator_stays_whoever_asks() {
    let node = Node::new();
    let root = node.with_role("root", "system-administrator").await;
    // None of these could give everything back.
    node.with_role("helper", "administrator").await;
    node.account("placed", r#", "roles": [{"role": "system-administrator", "facility": "Organization/3"}]"#).await;
    node.account("denied", r#", "roles": [{"role": "system-administrator"}], "denied": ["system-administrator"]"#).await;
    let sleeping = node.with_role("sleeping", "system-administrator").await;
    assert_eq!(node.ask(ROOT, "POST", &format!("/api/v1/users/{sleeping}/suspend"), "").await.status, 200);
    assert_eq!(
        node.ask(ROOT, "POST", "/api/v1/users", r#"{"login": "invited", "roles": [{"role": "system-administrator"}]}"#).await.status,
        201
    );
    for (method, path, body) in ways_out(&root) {
        node.ask(ROOT, method, &path, body).await.refused(409, "business-rule", "WARD-1333");
    }
    // With another, by a role of one's own and granted directly, each of them works.
    node.role("root-too", r#"{"name": "r", "administration": ["*"], "assigns": ["*"]}"#).await;
    node.account("other", r#", "granted": ["root-too"]"#).await;
    for (number, (method, path, body)) in (0..).zip(ways_out("ID")) {
        let leaving = node.with_role(&format!("leaving{number}"), "system-administrator").await;
        let reply = node.ask(ROOT, method, &path.replace("ID", &leaving), body).await;
        assert!(reply.status.is_success(), "{method} {path}: {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_remove_each_other_one_stays() {
    for _ in 0..10 {
        let node = Arc::new(Node::new());
        let (one, other) = (node.with_role("one", "system-administrator").await, node.with_role("other", "system-administrator").await);
        let removing = |who: &str, whom: &str| {
            let (node, who, path) = (node.clone(), format!("user~{who}"), format!("/api/v1/users/{whom}"));
            tokio::spawn(async move { node.ask(&who, "DELETE", &path, "").await.status.as_u16() })
        };
        let (first, second) = tokio::join!(removing(&one, &other), removing(&other, &one));
        let mut statuses = [first.expect("it ends"), second.expect("it ends")];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 204, "one is removed: {statuses:?}");
        assert!(statuses[1] >= 400, "and the other stays: {statuses:?}");
    }
}
