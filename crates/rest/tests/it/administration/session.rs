//! Pages of Ward may ask under their user's session; no other site can make a browser do so.

use super::house::Node;

#[tokio::test]
async fn a_session_counts_for_requests_from_pages_of_this_server_alone() {
    let node = Node::new();
    node.with_role("root", "auditor").await;
    let cookie = node.session("root").await;
    let ask = async |method: &str, path: &str, header: Option<(&str, &str)>| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend(header);
        node.send(method, path, &headers, "").await
    };
    for own in [("sec-fetch-site", "same-origin"), ("origin", "http://ward.test")] {
        assert_eq!(ask("GET", "/api/v1/users", Some(own)).await.status, 200, "{own:?}");
        ask("POST", "/api/v1/users", Some(own)).await.refused(403, "forbidden", "WARD-1330");
    }
    for foreign in [
        None,
        Some(("sec-fetch-site", "cross-site")),
        Some(("sec-fetch-site", "same-site")),
        Some(("sec-fetch-site", "none")),
        Some(("origin", "https://evil.example")),
        Some(("origin", "null")),
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "HEAD"] {
            let reply = ask(method, "/api/v1/users", foreign).await;
            assert_eq!(reply.status, 403, "{method} {foreign:?}");
            if method != "HEAD" {
                reply.refused(403, "security", "WARD-0526");
            }
        }
    }
    // For data it counts nowhere.
    for path in ["/fhir/Patient", "/api/openapi.json", "/api/v1x/users", "/api"] {
        assert_eq!(ask("GET", path, Some(("sec-fetch-site", "same-origin"))).await.status, 401, "{path}");
    }
}
