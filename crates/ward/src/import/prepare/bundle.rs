//! The entries of a Bundle as resources that belong together.
//!
//! Whatever the Bundle's type asks of a server (transaction, batch), an import takes its resources, and resolves what they
//! say of each other: `urn:uuid:` references to entries, and references by search criteria.

use std::collections::HashMap;

use fhir::{Issue, IssueCode, Value};
use store::commit::Key;

use super::{Piecewise, Preparer, Ready, key_of};
use crate::codes;

/// Whether a document is a Bundle that is taken apart. Others (documents, messages, histories) are stored as they are.
pub fn is_unpacked(value: &Value) -> bool {
    value.resource_type() == Some("Bundle") && matches!(value.text("type"), Some("transaction" | "batch" | "collection" | "searchset"))
}

/// Takes a Bundle apart.
pub fn unpack(preparer: &Preparer, mut bundle: Value, is_last_try: bool) -> Piecewise {
    let Some(Value::Array(entries)) = bundle.as_object_mut().and_then(|members| members.remove("entry")) else {
        return Piecewise::Many(Vec::new());
    };
    let mut links = HashMap::new();
    let mut read: Vec<_> = entries.into_iter().map(|entry| read_entry(preparer, entry, &mut links)).collect();
    let mut unresolved = Vec::new();
    for (_, resource) in read.iter_mut().filter_map(|entry| entry.as_mut().ok()) {
        rewrite(resource, &mut |reference| match links.get(reference) {
            Some(known) => known.clone(),
            None if reference.contains('?') => {
                let found = preparer.conditional.resolve(&preparer.context, reference);
                unresolved.extend(found.is_none().then(|| reference.to_owned()));
                found
            }
            None => None,
        });
    }
    if !unresolved.is_empty() && !is_last_try {
        return Piecewise::Later;
    }
    Piecewise::Many(read.into_iter().map(|entry| finish_entry(preparer, entry)).collect())
}

/// An entry: its key and resource, or what it comes to without them.
type Entry = Result<(Key, Value), Ready>;

fn read_entry(preparer: &Preparer, mut entry: Value, links: &mut HashMap<String, Option<String>>) -> Entry {
    let refused = |why: &str| Err(Ready::refused(vec![Issue::error(codes::NOT_IMPORTABLE, IssueCode::NotSupported, "", why)]));
    let resource = entry.as_object_mut().and_then(|members| members.remove("resource"));
    let request = entry.get("request");
    let Some(resource) = resource else {
        return refused("an import takes resources: this entry has none");
    };
    let method = request.and_then(|request| request.text("method")).unwrap_or("PUT");
    if !matches!(method, "POST" | "PUT") {
        return refused("an import takes entries with the methods POST and PUT");
    }
    let full_url = entry.text("fullUrl").unwrap_or_default();
    let key = match entry_key(&resource, full_url) {
        Ok(key) => key,
        Err(issues) => return Err(Ready::refused(issues)),
    };
    if let Some(criteria) = request.and_then(|request| request.text("ifNoneExist")) {
        let condition = format!("{}?{}", key.kind.name(), criteria.trim_start_matches('?'));
        if let Some(existing) = preparer.conditional.resolve(&preparer.context, &condition)
            && existing != key.to_string()
        {
            links.insert(full_url.to_owned(), Some(existing));
            return Err(Ready { result: Ok(None), entry: None, text: String::new() });
        }
    }
    if !full_url.is_empty() {
        links.insert(full_url.to_owned(), Some(key.to_string()));
    }
    Ok((key, resource))
}

fn entry_key(resource: &Value, full_url: &str) -> Result<Key, Vec<Issue>> {
    let key = key_of(resource)?;
    let uuid = full_url.strip_prefix("urn:uuid:").filter(|_| resource.get("id").is_none());
    Ok(match uuid {
        Some(uuid) if interaction::is_id(uuid) => Key::new(key.kind, uuid),
        _ => key,
    })
}

fn finish_entry(preparer: &Preparer, entry: Entry) -> Ready {
    let (key, resource) = match entry {
        Ok(read) => read,
        Err(ready) => return ready,
    };
    let mut left = Vec::new();
    let mut resource = resource;
    rewrite(&mut resource, &mut |reference| {
        let is_conditional = reference.split_once('?').is_some_and(|(kind, _)| fhir::definitions::ResourceType::parse(kind).is_some());
        if is_conditional {
            left.push(reference.split('?').next().unwrap_or_default().to_owned());
        }
        None
    });
    let mut ready = match left.first() {
        None => preparer.prepared(&resource, key),
        Some(kind) => Ready::refused(vec![Issue::error(
            codes::UNRESOLVED_REFERENCE,
            IssueCode::NotFound,
            "",
            format!("a reference by search criteria matches no {kind}, or several: import what it refers to first"),
        )]),
    };
    if ready.result.is_err() {
        ready.text = fhir::json::to_string(&resource);
    }
    ready
}

/// Replaces the references for which `replace` has another text.
fn rewrite(value: &mut Value, replace: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text) if *name == *"reference" => {
                        if let Some(other) = replace(text) {
                            *text = other.into();
                        }
                    }
                    other => rewrite(other, replace),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, replace)),
        _ => {}
    }
}
