//! Entries of batches, transactions and histories: <http://hl7.org/fhir/R4/http.html#transaction>.

use fhir::Value;
use fhir::definitions::ResourceType;

use super::Judge;
use super::kind::Kind;
use crate::codes;

/// That each request says what it needs, and its address and its resource fit together.
pub(super) fn check(judge: &mut Judge<'_>, entries: &[&Value]) {
    for (index, entry) in entries.iter().enumerate() {
        let (Some(request), resource) = (entry.get("request"), entry.get("resource")) else { continue };
        let (Some(method), Some(url)) = (request.text("method"), request.text("url")) else { continue };
        let way = format!("entry[{index}]");
        content(judge, method, resource, &way);
        if judge.kind != Kind::History {
            address(judge, method, url, resource, &format!("{way}.request.url"));
        }
    }
}

fn content(judge: &mut Judge<'_>, method: &str, resource: Option<&Value>, way: &str) {
    match (method, resource) {
        ("POST" | "PUT" | "PATCH", None) if judge.kind != Kind::History => {
            judge.error(codes::BUNDLE_ENTRY, way, format!("a {method} sends something: add the resource"));
        }
        ("DELETE", Some(_)) => judge.error(codes::BUNDLE_ENTRY, &format!("{way}.resource"), "a DELETE has no resource: leave it out"),
        ("GET" | "HEAD", Some(_)) if judge.kind != Kind::History => {
            judge.error(codes::BUNDLE_ENTRY, &format!("{way}.resource"), format!("a {method} sends nothing: leave the resource out"));
        }
        ("PATCH", Some(resource)) if !matches!(resource.resource_type(), Some("Binary" | "Parameters")) => {
            let text = "a patch is a Parameters resource, or a Binary with a JSON Patch or XML Patch in it";
            judge.error(codes::BUNDLE_ENTRY, &format!("{way}.resource"), text);
        }
        _ => {}
    }
}

fn address(judge: &mut Judge<'_>, method: &str, url: &str, resource: Option<&Value>, way: &str) {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let mut parts = path.split('/');
    let (first, id, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    // An absolute address, an operation or the system itself: nothing to compare.
    let Some(named) = ResourceType::parse(first) else { return };
    let Some(resource) = resource else { return };
    let is_operation = [id, rest].into_iter().flatten().any(|part| part.starts_with('$'));
    if !matches!(method, "POST" | "PUT") || is_operation {
        return;
    }
    if resource.resource_type() != Some(named.name()) {
        judge.error(codes::BUNDLE_ENTRY, way, "the address names another type of resource than the entry has: let both be the same");
    }
    match (method, id) {
        ("POST", Some(_)) => {
            judge.error(codes::BUNDLE_ENTRY, way, "a POST creates a resource and the server chooses its id: write Type alone, or PUT")
        }
        ("PUT", None) if !url.contains('?') => judge.error(codes::BUNDLE_ENTRY, way, "a PUT names what it writes: Type/id, or Type?search"),
        ("PUT", Some(id)) if resource.text("id").is_some_and(|actual| actual != id) => {
            judge.error(codes::BUNDLE_ENTRY, way, "the address names another id than the resource has: let both be the same");
        }
        _ => {}
    }
}
