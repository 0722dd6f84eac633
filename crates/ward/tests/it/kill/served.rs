//! What `/fhir` serves, against the rows of the database.

use std::collections::BTreeMap;

use serde_json::Value;
use witness::Raw;

use crate::process::Server;

/// The tenant of a server that has only one.
const TENANT: i64 = 1;

/// Every current resource is found and read as its row says, nothing else is found, and the history has all versions.
pub(super) fn agrees(server: &Server, raw: &Raw) {
    let current = raw.current(TENANT);
    let mut kinds: Vec<&str> = raw.versions.iter().map(|version| version.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found = BTreeMap::new();
    kinds.iter().for_each(|kind| found.extend(all(server, kind)));
    for (key, version) in &current {
        let text = version.text.as_deref().expect("a current version has a text");
        let row: Value = serde_json::from_str(text).expect("a row is JSON");
        assert_eq!(found.remove(key).as_ref(), Some(&row), "{key} is found as something else than its row");
    }
    assert!(found.is_empty(), "found, and in no row: {:?}", found.keys());
    for (key, version) in current.iter().rev().take(20) {
        let answer = server.get(&format!("/fhir/{key}"));
        assert_eq!((answer.status, answer.header("etag")), (200, format!("W/\"{}\"", version.version).as_str()), "{key}");
        assert_eq!(std::str::from_utf8(&answer.body).ok(), version.text.as_deref(), "{key} is read as something else than its row");
    }
    for deleted in raw.versions.iter().rev().filter(|version| !current.contains_key(&version.key())).take(5) {
        assert_eq!(server.get(&format!("/fhir/{}", deleted.key())).status, 410, "{} is deleted", deleted.key());
    }
    let history: Value = serde_json::from_slice(&server.get("/fhir/_history?_count=1").body).expect("a history is JSON");
    assert_eq!(history["total"].as_u64(), Some(raw.versions.len() as u64), "the history has all versions");
}

/// All resources of a type that a search finds, page by page.
fn all(server: &Server, kind: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut path = Some(format!("/fhir/{kind}?_count=1000"));
    while let Some(page) = path {
        let answer = server.get(&page);
        assert_eq!(answer.status, 200, "{page}");
        let bundle: Value = serde_json::from_slice(&answer.body).expect("a page is JSON");
        for entry in bundle["entry"].as_array().into_iter().flatten() {
            let resource = entry["resource"].clone();
            let key = format!("{kind}/{}", resource["id"].as_str().expect("an id"));
            assert!(found.insert(key.clone(), resource).is_none(), "{key} is found twice");
        }
        let links = bundle["link"].as_array().into_iter().flatten();
        let next = links.filter(|link| link["relation"] == "next").find_map(|link| link["url"].as_str());
        path = next.map(|url| url.split_once("/fhir/").map(|(_, rest)| format!("/fhir/{rest}")).expect("a link leads to this server"));
    }
    found
}
