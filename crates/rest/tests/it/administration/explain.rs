//! `GET /api/v1/access/explain`.

use super::house::{Node, ROOT, text};

#[tokio::test]
async fn everybody_asks_about_themselves_and_few_about_others() {
    let node = Node::new();
    let ada = node.with_role("ada", "nurse").await;
    let eve = node.with_role("eve", "biller").await;
    let path = "/api/v1/access/explain?type=Slot&interaction=search-type";
    let own = node.ask(&format!("user~{ada}"), "GET", path, "").await;
    assert_eq!(text(&own, "outcome"), "sometimes");
    assert!(own.text().contains(r#""policy":"nurse""#), "{}", own.text());
    let of_ada = format!("{path}&user={ada}");
    assert_eq!(text(&node.ask(&format!("user~{ada}"), "GET", &of_ada, "").await, "outcome"), "sometimes");
    node.ask(&format!("user~{eve}"), "GET", &of_ada, "").await.refused(403, "forbidden", "WARD-1330");
    node.ask("role~administrator", "GET", &of_ada, "").await.refused(403, "forbidden", "WARD-1330");
    for who in ["role~auditor", ROOT] {
        assert_eq!(text(&node.ask(who, "GET", &of_ada, "").await, "outcome"), "sometimes");
    }
    node.ask(ROOT, "GET", &format!("{path}&user=u-none"), "").await.refused(404, "not-found", "WARD-1334");
}

#[tokio::test]
async fn what_is_asked_has_to_be_there() {
    let node = Node::new();
    for (query, place, words) in [
        ("interaction=read", "type", "missing"),
        ("type=Patinet&interaction=read", "type", "`Patient`"),
        ("type=Patient", "interaction", "missing"),
        ("type=Patient&interaction=look", "interaction", "search-type"),
    ] {
        let (at, remedy) = node.ask(ROOT, "GET", &format!("/api/v1/access/explain?{query}"), "").await.refused(400, "value", "WARD-1338");
        assert!(at == place && remedy.contains(words), "{query}: {at}: {remedy}");
    }
}

#[tokio::test]
async fn who_asks_for_themselves_is_not_told_whether_a_resource_is_there() {
    let node = Node::new();
    let ada = node.with_role("ada", "biller").await;
    let patient = r#"{"resourceType": "Patient", "id": "hidden", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}]}}"#;
    let put = node.send("PUT", "/fhir/Patient/hidden", &[("authorization", "Bearer role~service")], patient).await;
    assert!(put.status.is_success() || put.status == 415, "{}", put.text());
    let ask = async |id: &str| {
        let reply =
            node.ask(&format!("user~{ada}"), "GET", &format!("/api/v1/access/explain?type=Patient&interaction=read&id={id}"), "").await;
        assert_eq!(reply.status, 200);
        reply.text().replace(id, "ID")
    };
    assert_eq!(ask("hidden").await, ask("nowhere").await);
}
