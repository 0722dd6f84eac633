//! The entries of a Bundle as resources that belong together.
//!
//! Whatever the Bundle's type asks of a server (transaction, batch), an import takes its resources, and resolves what they
//! say of each other: `urn:uuid:` references to entries, and references by search criteria.

use std::collections::HashMap;

use fhir::{Issue, IssueCode, Value};
use store::commit::Key;

use super::references::{self, Unresolved};
use super::{Piecewise, Preparer, Ready, key_of};
use crate::codes;
use crate::import::target::Chosen;

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
    let mut read: Vec<Entry> = entries.into_iter().map(|entry| read_entry(preparer, entry, &mut links)).collect();
    let known = |reference: &str| links.get(reference).cloned();
    let mut resolve = |entry: &mut Entry| match entry {
        Ok((_, resource)) => references::resolve(preparer, resource, &known),
        Err(_) => Unresolved::default(),
    };
    let unresolved: Vec<Unresolved> = read.iter_mut().map(&mut resolve).collect();
    if !is_last_try && unresolved.iter().any(|entry| !entry.kinds.is_empty()) {
        return Piecewise::Later;
    }
    Piecewise::Many(read.into_iter().zip(&unresolved).map(|(entry, unresolved)| finish_entry(preparer, entry, unresolved)).collect())
}

/// An entry: its key and resource, or what it comes to without them.
type Entry = Result<(Key, Value), Ready>;

fn read_entry(preparer: &Preparer, mut entry: Value, links: &mut HashMap<String, String>) -> Entry {
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
        match preparer.criteria.resolve(key.kind, criteria.trim_start_matches('?')) {
            Chosen::One(existing) if existing != key.to_string() => {
                links.insert(full_url.to_owned(), existing);
                return Err(Ready { result: Ok(None), text: String::new() });
            }
            Chosen::Several => return refused("its ifNoneExist chooses more than one resource: narrow the criteria"),
            _ => {}
        }
    }
    if !full_url.is_empty() {
        links.insert(full_url.to_owned(), key.to_string());
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

fn finish_entry(preparer: &Preparer, entry: Entry, unresolved: &Unresolved) -> Ready {
    let (key, resource) = match entry {
        Ok(read) => read,
        Err(ready) => return ready,
    };
    let mut ready = if unresolved.kinds.is_empty() { preparer.prepared(&resource, key) } else { Ready::unresolved(unresolved) };
    if ready.result.is_err() {
        ready.text = fhir::json::to_string(&resource);
    }
    ready
}
