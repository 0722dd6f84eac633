//! From a resource as it came in to what the store takes: check, judge, extract, serialise. One road for create, update, transaction and import.

use std::sync::Arc;

use bytes::Bytes;
use fhir::{Issue, IssueCode, Severity, Value, json};
use search::Registry;
use store::commit::{Body, Key, Put};
use store::contract::Extract;

use crate::library::InForce;
use crate::validation::Validation;
use crate::{Error, codes, references};

/// By what a resource is judged and indexed on its way to the store. It is that of one moment but for the library, which is always that of now.
#[derive(Clone)]
pub struct Rules {
    /// The search parameters in force.
    pub registry: Arc<Registry>,
    /// Whether an active SearchParameter comes into force. It does for one tenant alone ([`store::commit::DEFINING`]).
    pub defines: bool,
    /// What judges beyond structure, and by which conformance resources; `None`: nobody does.
    pub judging: Option<(Arc<Validation>, InForce)>,
}

impl Rules {
    /// Structure and search parameters only: for what the server itself has made.
    pub fn of_structure(registry: Arc<Registry>) -> Self {
        Self { registry, defines: true, judging: None }
    }
}

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
/// [`Error::Invalid`] names everything that breaks FHIR's rules of structure, [`Error::TypeMismatch`] is for another type than that of `key`, and
/// [`Error::Unprocessable`] for references that only a transaction can resolve, for an active SearchParameter that cannot be in force, and for what
/// breaks other rules of FHIR or, where they are enforced, of profiles: then all of that is named.
pub fn prepare(rules: &Rules, base_url: &str, resource: &Value, key: Key) -> Result<Prepared, Error> {
    let registry = &*rules.registry;
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
        let definition = registry.definition(&key.id, resource).map_err(Error::Unprocessable)?;
        if definition.is_some() && !rules.defines {
            return Err(Error::Unprocessable(vec![not_in_force()]));
        }
    }
    if let Some((validation, library)) = &rules.judging {
        issues.extend(validation.judge(key.kind, resource, library));
        if issues.iter().any(|issue| issue.severity >= Severity::Error) {
            return Err(Error::Unprocessable(issues));
        }
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

/// Why an active SearchParameter is refused where none comes into force: nothing is stored that looks as if it were.
fn not_in_force() -> Issue {
    let rule = "search parameters are in force for the whole server, and the first tenant defines them: store it there, or with another status than active";
    Issue::error(codes::PARAMETER_OF_ANOTHER_TENANT, IssueCode::BusinessRule, "SearchParameter.status", rule)
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
