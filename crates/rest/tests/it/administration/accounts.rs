//! Accounts from their invitation to their end, and what each change takes away at once.

use fhir::json;

use super::house::{Node, ROOT, text, texts};

#[tokio::test]
async fn an_account_is_invited_shown_changed_and_removed() {
    let node = Node::new();
    let body = r#"{"login": "ada", "name": "Ada Lovelace", "email": "Ada@example.org", "fhirUser": "Practitioner/12",
        "roles": [{"role": "physician", "facility": "Organization/3"}], "denied": ["biller"]}"#;
    let made = node.ask(ROOT, "POST", "/api/v1/users", body).await;
    assert_eq!(made.status, 201);
    let id = text(&made, "id");
    assert_eq!((made.header("location"), made.header("etag")), (format!("/api/v1/users/{id}").as_str(), "W/\"1\""));
    assert!(text(&made, "link").starts_with("http://ward.test/auth/invitation?token="), "{}", made.text());
    let shown = node.ask(ROOT, "GET", &format!("/api/v1/users/{id}"), "").await;
    assert!(!shown.text().contains("token") && !shown.text().contains("hash"), "{}", shown.text());
    let account = shown.json();
    assert_eq!(account.text("status"), Some("invited"));
    let part = account.get("membership").map(json::to_string).unwrap_or_default();
    let wanted =
        r#"{"fhirUser":"Practitioner/12","roles":[{"role":"physician","facility":"Organization/3"}],"granted":[],"denied":["biller"]}"#;
    assert_eq!(part, wanted);
    let path = format!("/api/v1/users/{id}/membership");
    let stale = node.ask_with(ROOT, "PUT", &path, &[("if-match", "W/\"7\"")], r#"{"roles": []}"#).await;
    stale.refused(412, "conflict", "WARD-1335");
    let changed = node.ask_with(ROOT, "PUT", &path, &[("if-match", "W/\"1\"")], r#"{"roles": [{"role": "nurse"}]}"#).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "W/\"2\""), "{}", changed.text());
    node.ask(ROOT, "PUT", &path, r#"{"roles": [{"role": "nurse", "facility": "Patient/3"}]}"#).await.refused(400, "value", "WARD-1352");
    node.ask(ROOT, "POST", "/api/v1/users", r#"{"login": "ada"}"#).await.refused(409, "duplicate", "WARD-1350");
    assert_eq!(node.ask(ROOT, "DELETE", &format!("/api/v1/users/{id}"), "").await.status, 204);
    node.ask(ROOT, "GET", &format!("/api/v1/users/{id}"), "").await.refused(404, "not-found", "WARD-1334");
}

#[tokio::test]
async fn accounts_are_found_page_by_page() {
    let node = Node::new();
    for number in 0..7 {
        node.with_role(&format!("nurse{number}"), "nurse").await;
    }
    let doctor = node.with_role("doctor", "physician").await;
    node.ask(ROOT, "POST", &format!("/api/v1/users/{doctor}/suspend"), "").await;
    let found = async |query: &str| {
        let (mut logins, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = node.ask(ROOT, "GET", &format!("/api/v1/users?count=3{query}{cursor}"), "").await;
            assert_eq!(page.status, 200, "{}", page.text());
            let page = page.json();
            logins.extend(texts(&page, "users", "login"));
            match page.text("next") {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        logins.sort();
        logins
    };
    assert_eq!(found("").await.len(), 8);
    assert_eq!(found("&role=physician").await, ["doctor"]);
    assert_eq!(found("&status=suspended").await, ["doctor"]);
    assert_eq!(found("&text=SE5").await, ["nurse5"]);
    assert_eq!(found("&login=nurse2").await, ["nurse2"]);
    node.ask(ROOT, "GET", "/api/v1/users?count=501", "").await.refused(400, "value", "WARD-1338");
    for cursor in ["x", "1.zz", "1.2", "-1", "1.-.-.-.-.-"] {
        node.ask(ROOT, "GET", &format!("/api/v1/users?cursor={cursor}"), "").await.refused(400, "value", "WARD-1338");
    }
}

#[tokio::test]
async fn sessions_end_with_the_next_request() {
    let node = Node::new();
    let ada = node.with_role("ada", "physician").await;
    let sees = async |cookie: &str| {
        let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
        node.send("GET", "/api/v1/access/explain?type=Patient&interaction=read", &headers, "").await.status.as_u16()
    };
    let path = format!("/api/v1/users/{ada}");
    let (one, other) = (node.session("ada").await, node.session("ada").await);
    assert_eq!((sees(&one).await, sees(&other).await), (200, 200));
    let listed = node.ask(ROOT, "GET", &format!("{path}/sessions"), "").await.json();
    let handles = texts(&listed, "sessions", "id");
    assert_eq!(handles.len(), 2);
    assert_eq!(texts(&listed, "sessions", "device"), ["Firefox on Linux", "Firefox on Linux"]);
    assert_eq!(node.ask(ROOT, "DELETE", &format!("{path}/sessions/{}", handles[0]), "").await.status, 204);
    let mut left = [sees(&one).await, sees(&other).await];
    left.sort_unstable();
    assert_eq!(left, [200, 401], "one of them has ended");
    assert_eq!(node.ask(ROOT, "DELETE", &format!("{path}/sessions"), "").await.status, 204);
    assert_eq!((sees(&one).await, sees(&other).await), (401, 401));
    let third = node.session("ada").await;
    assert_eq!(sees(&third).await, 200);
    assert_eq!(node.ask(ROOT, "POST", &format!("{path}/suspend"), "").await.status, 200);
    assert_eq!(sees(&third).await, 401);
    node.ask(ROOT, "POST", &format!("{path}/suspend"), "").await.refused(409, "conflict", "WARD-1367");
    assert_eq!(node.ask(ROOT, "POST", &format!("{path}/reactivate"), "").await.status, 200);
    assert_eq!(sees(&third).await, 401, "it does not come back");
    let fourth = node.session("ada").await;
    assert_eq!(node.ask(ROOT, "DELETE", &path, "").await.status, 204);
    assert_eq!(sees(&fourth).await, 401);
}

#[tokio::test]
async fn rights_change_with_the_next_request() {
    let node = Node::new();
    let ada = node.with_role("ada", "physician").await;
    node.role("no-patients", r#"{"name": "r", "types": ["Patient"], "acts": ["*"]}"#).await;
    let cookie = node.session("ada").await;
    let reads = async |kind: &str| {
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let path = format!("/api/v1/access/explain?type={kind}&interaction=read");
        text(&node.send("GET", &path, &headers, "").await, "outcome")
    };
    let set = async |part: &str| {
        let reply = node.ask(ROOT, "PUT", &format!("/api/v1/users/{ada}/membership"), part).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    };
    assert_ne!(reads("Patient").await, "refused");
    set(r#"{"roles": [{"role": "physician"}], "denied": ["no-patients"]}"#).await;
    assert_eq!(reads("Patient").await, "refused");
    assert_ne!(reads("Observation").await, "refused");
    set(r#"{"roles": []}"#).await;
    assert_eq!((reads("Patient").await, reads("Observation").await), ("refused".to_owned(), "refused".to_owned()));
    set(r#"{"granted": ["no-patients"]}"#).await;
    assert_ne!(reads("Patient").await, "refused");
}

#[tokio::test]
async fn accounts_are_taken_over_as_scim_writes_them() {
    let node = Node::new();
    let body = r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada", "displayName": "Ada", "roles": [{"value": "nurse"}], "nickName": "A"}"#;
    let first = node.ask("role~administrator", "POST", "/api/v1/users/import", body).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.text().contains(r#""created":true,"passedOver":["nickName"]"#), "{}", first.text());
    let again = node.ask("role~administrator", "POST", "/api/v1/users/import", body).await;
    assert!(again.text().contains(r#""created":false"#), "{}", again.text());
    node.ask(ROOT, "POST", "/api/v1/users/import", "{}").await.refused(400, "value", "WARD-1352");
}
