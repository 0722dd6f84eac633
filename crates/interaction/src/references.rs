//! The references in a resource (<http://hl7.org/fhir/R4/references.html>): where they are, and where they lead.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};
use store::commit::Key;

use crate::{Error, codes, is_id};

/// Where a reference leads, as far as this server is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// To a resource of this server: `Patient/12`, with or without a version, relative or under this server's own address.
    Local(Key),
    /// To the one resource that matches: `Practitioner?identifier=…`.
    Conditional(ResourceType, &'a str),
    /// Elsewhere: into the resource itself, to another server, to a thing with a name of its own.
    Elsewhere,
}

/// A step on the way to an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

/// Reads the text of `Reference.reference`.
pub(crate) fn target<'a>(text: &'a str, base_url: &str) -> Target<'a> {
    let relative = text.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(text);
    if let Some((kind, query)) = relative.split_once('?') {
        return ResourceType::parse(kind).map_or(Target::Elsewhere, |kind| Target::Conditional(kind, query));
    }
    let mut parts = relative.split('/');
    let (Some(kind), Some(id)) = (parts.next().and_then(ResourceType::parse), parts.next().filter(|id| is_id(id))) else {
        return Target::Elsewhere;
    };
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) | (Some("_history"), Some(_), None) => Target::Local(Key::new(kind, id)),
        _ => Target::Elsewhere,
    }
}

/// Calls `visit` with the text of each reference in the resource, contained resources included, and the way to it. The resources in
/// the entries of a Bundle are another's: a stored document refers to itself.
pub(crate) fn each<'a>(resource: &'a Value, visit: &mut dyn FnMut(&[Step<'a>], &'a str)) {
    let is_bundle = resource.resource_type() == Some("Bundle");
    let Some(members) = resource.as_object() else { return };
    let mut way = Vec::with_capacity(16);
    for (name, value) in members.iter().filter(|(name, _)| !(is_bundle && &***name == "entry")) {
        way.push(Step::Member(name));
        walk(value, &mut way, visit);
        way.pop();
    }
}

// The depth is bounded by that of the parser.
fn walk<'a>(value: &'a Value, way: &mut Vec<Step<'a>>, visit: &mut dyn FnMut(&[Step<'a>], &'a str)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter() {
                way.push(Step::Member(name));
                match value {
                    Value::String(text) if &**name == "reference" => visit(way, text),
                    Value::Object(_) | Value::Array(_) => walk(value, way, visit),
                    _ => {}
                }
                way.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(Step::Item(index));
                walk(item, way, visit);
                way.pop();
            }
        }
        _ => {}
    }
}

/// The resource with its references under this server's own address made relative; `None` when it has none. So they lead to the same
/// whatever name the server has for the next client, and an index made anew finds them without knowing the name that this one used.
pub(crate) fn made_relative(resource: &Value, base_url: &str) -> Option<Value> {
    let mut found = false;
    each(resource, &mut |_, text| found |= relative(text, base_url).is_some());
    if !found {
        return None;
    }
    let mut changed = resource.clone();
    let is_bundle = resource.resource_type() == Some("Bundle");
    let members = changed.as_object_mut()?.iter_mut().filter(|(name, _)| !(is_bundle && &***name == "entry"));
    members.for_each(|(_, value)| make_relative(value, base_url));
    Some(changed)
}

/// The rest of a text that is a resource under this server's own address.
fn relative<'a>(text: &'a str, base_url: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(base_url)?.strip_prefix('/')?;
    (target(rest, base_url) != Target::Elsewhere).then_some(rest)
}

fn make_relative(value: &mut Value, base_url: &str) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text) if &**name == "reference" => {
                        if let Some(rest) = relative(text, base_url) {
                            *text = rest.into();
                        }
                    }
                    Value::Object(_) | Value::Array(_) => make_relative(value, base_url),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_relative(item, base_url)),
        _ => {}
    }
}

/// The resources of this server that the resource refers to, each once, itself left out.
///
/// [`Error::Unprocessable`] when a reference is conditional: those belong into a transaction, which has resolved them before it comes here.
pub(crate) fn local_targets(resource: &Value, own: &Key, base_url: &str) -> Result<Vec<Key>, Error> {
    let mut targets = Vec::new();
    let mut refused = Vec::new();
    each(resource, &mut |way, text| match target(text, base_url) {
        Target::Local(key) if key != *own => targets.push(key),
        Target::Conditional(..) => {
            let remedy = "a reference by search criteria is only resolved in a transaction: send one, or refer by type and id";
            refused.push(Issue::error(codes::CONDITIONAL_REFERENCE_OUTSIDE, IssueCode::Invalid, expression(own.kind, way), remedy));
        }
        _ => {}
    });
    targets.sort_unstable();
    targets.dedup();
    if refused.is_empty() { Ok(targets) } else { Err(Error::Unprocessable(refused)) }
}

/// The issues of those references of a resource of type `kind` that lead to `missing`, which does not exist; one without a place when
/// none is found.
pub(crate) fn dangling(resource: &Value, kind: ResourceType, missing: &Key, base_url: &str) -> Vec<Issue> {
    let issue = |place: String| {
        let remedy = format!("{missing} does not exist on this server: create it first, or in the same transaction");
        Issue::error(codes::DANGLING_REFERENCE, IssueCode::NotFound, place, remedy)
    };
    let mut issues = Vec::new();
    each(resource, &mut |way, text| {
        if target(text, base_url) == Target::Local(missing.clone()) {
            issues.push(issue(expression(kind, way)));
        }
    });
    if issues.is_empty() {
        issues.push(issue(String::new()));
    }
    issues
}

/// The FHIRPath of an element: `Patient.link[0].other.reference`.
pub(crate) fn expression(kind: ResourceType, way: &[Step<'_>]) -> String {
    let mut text = kind.name().to_owned();
    for step in way {
        match step {
            Step::Member(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
