//! From a resource as it came in to what the store takes: check, extract, serialise. One road for create, update, transaction and import.

use bytes::Bytes;
use fhir::{Issue, IssueCode, Severity, Value, json};
use search::Registry;
use store::commit::{Body, Key, Put};
use store::contract::Extract;

use crate::{Error, codes, references};

/// A resource that is fit to be stored.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the store takes.
    pub put: Put,
    /// The resources of this server that it refers to, sorted, each once; itself is not among them.
    pub targets: Vec<Key>,
    /// What is worth knowing: warnings.
    pub issues: Vec<Issue>,
}

/// Makes `resource` ready to be stored as `key`, whatever id it has itself; `versionId` and `lastUpdated` in its `meta` are the store's
/// to give and dropped. The text begins with `resourceType`, `id` and `meta`, the other members keep their order. References under `base_url` become relative.
///
/// It takes time in proportion to the resource, touches no store and blocks on nothing: call it from as many threads as there are cores.
///
/// [`Error::Invalid`] names everything that breaks FHIR's rules, [`Error::TypeMismatch`] is for another type than that of `key`, and
/// [`Error::Unprocessable`] for references that only a transaction can resolve and for an active SearchParameter that cannot be in force.
pub fn prepare(registry: &Registry, base_url: &str, resource: &Value, key: Key) -> Result<Prepared, Error> {
    if resource.resource_type() != Some(key.kind.name()) {
        return Err(Error::TypeMismatch { expected: key.kind.name() });
    }
    let relative = references::made_relative(resource, base_url);
    let resource = relative.as_ref().unwrap_or(resource);
    let targets = references::local_targets(resource, &key, base_url)?;
    let mut issues = fhir::check::check(resource);
    // What is dropped may be anything.
    issues.retain(|issue| {
        !issue.expression.strip_prefix(key.kind.name()).is_some_and(|rest| rest.strip_prefix(".meta.").is_some_and(is_stamp))
    });
    if issues.iter().any(|issue| issue.severity >= Severity::Error) {
        return Err(Error::Invalid(issues));
    }
    if key.kind.name() == "SearchParameter" {
        registry.definition(&key.id, resource).map_err(Error::Unprocessable)?;
    }
    let body = body(resource, &key)?;
    // What a resource defines may look at anything, its id included: then it is the text that is stored which counts.
    let (entries, date) = match registry.has_definitions() {
        true => Extract::extract(registry, key.kind, &body.text),
        false => {
            let extracted = registry.extract(key.kind, resource);
            (extracted.entries, extracted.date)
        }
    };
    Ok(Prepared { put: Put { key, body, entries, date, extractor: registry.identity() }, targets, issues })
}

/// The text that the store takes.
fn body(resource: &Value, key: &Key) -> Result<Body, Error> {
    body_with_meta(resource, resource.get("meta").unwrap_or(&Value::Null), key)
}

/// The text that the store takes of the resource with this `meta` and no other.
pub(crate) fn body_with_meta(resource: &Value, meta: &Value, key: &Key) -> Result<Body, Error> {
    let Some(members) = resource.as_object() else {
        return Err(Error::TypeMismatch { expected: key.kind.name() });
    };
    let mut text = String::with_capacity(1024);
    text.push_str("{\"resourceType\":\"");
    text.push_str(key.kind.name());
    text.push_str("\",\"id\":\"");
    text.push_str(&key.id);
    text.push_str("\",\"meta\":{");
    let stamp_at = text.len();
    let kept = meta.as_object().into_iter().flat_map(|meta| meta.iter()).filter(|(name, _)| !is_stamp(name));
    for (index, (name, value)) in kept.enumerate() {
        if index > 0 {
            text.push(',');
        }
        member(name, value, &mut text);
    }
    text.push('}');
    for (name, value) in members.iter().filter(|(name, _)| !matches!(&***name, "resourceType" | "id" | "meta")) {
        text.push(',');
        member(name, value, &mut text);
    }
    text.push('}');
    match u32::try_from(text.len()) {
        Ok(_) => Ok(Body { text: Bytes::from(text), stamp_at: stamp_at as u32 }),
        Err(_) => {
            let remedy = "a resource may have 4 GiB of text: split it, or keep large content as Binary resources";
            Err(Error::BadRequest(vec![Issue::error(codes::TOO_LARGE, IssueCode::TooLong, "", remedy)]))
        }
    }
}

/// The members of `meta` that the store gives, and their extensions.
fn is_stamp(name: &str) -> bool {
    matches!(name.strip_prefix('_').unwrap_or(name), "versionId" | "lastUpdated")
}

fn member(name: &str, value: &Value, text: &mut String) {
    // A check has been passed: the names are FHIR's, and need no escapes.
    text.push('"');
    text.push_str(name);
    text.push_str("\":");
    json::write(value, text);
}
