//! `/fhir/SearchParameter`: parameters that a client defines.

mod answers;
mod definitions;
mod ways_in;

use crate::server::{Reply, TestServer};

/// An active SearchParameter with these members beside the usual ones.
pub(crate) fn definition(id: &str, base: &str, code: &str, kind: &str, expression: &str) -> String {
    let url = format!("http://ward.test/SearchParameter/{id}");
    format!(
        r#"{{"resourceType":"SearchParameter","id":"{id}","url":"{url}","name":"Own","status":"active","description":"own","code":"{code}","base":["{base}"],"type":"{kind}","expression":"{expression}"}}"#
    )
}

/// Puts such a definition, and expects it to be in force.
pub(crate) async fn define(server: &TestServer, id: &str, (base, code, kind, expression): (&str, &str, &str, &str)) {
    let reply = server.put(&format!("/fhir/SearchParameter/{id}"), &definition(id, base, code, kind, expression)).await;
    assert!(matches!(reply.status.as_u16(), 200 | 201), "{id}: {}", reply.text());
}

/// Puts a resource, and expects it to be written.
pub(crate) async fn put(server: &TestServer, address: &str, members: &str) {
    let (kind, id) = address.split_once('/').expect("type and id");
    let reply = server.put(&format!("/fhir/{address}"), &format!(r#"{{"resourceType":"{kind}","id":"{id}",{members}}}"#)).await;
    assert!(matches!(reply.status.as_u16(), 200 | 201), "{address}: {}", reply.text());
}

/// The ids that a search finds, sorted.
pub(crate) async fn found(server: &TestServer, query: &str) -> Vec<String> {
    let reply = server.get(&format!("/fhir/{query}")).await;
    assert_eq!(reply.status.as_u16(), 200, "{query}: {}", reply.text());
    let mut ids: Vec<String> = reply.entries().iter().filter_map(|entry| entry.split_once('/')).map(|(_, id)| id.to_owned()).collect();
    ids.sort_unstable();
    ids
}

/// Expects a search to know no such parameter.
pub(crate) async fn unknown(server: &TestServer, query: &str) {
    let reply: Reply = server.get(&format!("/fhir/{query}")).await;
    assert_eq!(reply.status.as_u16(), 400, "{query}: {}", reply.text());
}
