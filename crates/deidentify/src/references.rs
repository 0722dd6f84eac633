//! References lead to pseudonyms.

use fhir::definitions::ResourceType;
use fhir::{Object, Value};

use crate::Settings;

/// The type under which ids of contained resources are given pseudonyms.
const CONTAINED: &str = "#";

/// The most bytes of an id.
const MOST_ID_BYTES: usize = 64;

/// The pseudonym of a resource.
///
/// What the caller gives is held to the form of an id: anything else would be a way out for what it was made of.
pub(crate) fn pseudonym(settings: &Settings<'_>, kind: &str, id: &str) -> Option<String> {
    let made = (settings.pseudonym)(kind, id);
    let is_id =
        !made.is_empty() && made.len() <= MOST_ID_BYTES && made.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    (is_id && made != id).then_some(made)
}

/// The pseudonym of a contained resource.
pub(crate) fn contained(settings: &Settings<'_>, id: &str) -> Option<String> {
    pseudonym(settings, CONTAINED, id)
}

/// What stays of a Reference: where it leads when that is a resource of the same server or one that is contained, and the type of that.
pub(crate) fn reference(reference: &Object, settings: &Settings<'_>) -> Object {
    let text = |name: &str| reference.get(name).and_then(Value::as_str);
    let mut out = Object::new();
    if let Some(to) = text("reference").and_then(|to| led(to, settings)) {
        out.push("reference", to);
    }
    if let Some(kind) = text("type").and_then(ResourceType::parse) {
        out.push("type", kind.name());
    }
    out
}

fn led(to: &str, settings: &Settings<'_>) -> Option<String> {
    if let Some(id) = to.strip_prefix('#') {
        return if id.is_empty() { Some("#".to_owned()) } else { Some(format!("#{}", contained(settings, id)?)) };
    }
    let mut parts = to.split('/');
    let (kind, id) = (ResourceType::parse(parts.next()?)?, parts.next()?);
    let is_local = matches!((parts.next(), parts.next(), parts.next()), (None, ..) | (Some("_history"), Some(_), None));
    if !is_local || id.is_empty() {
        return None;
    }
    Some(format!("{}/{}", kind.name(), pseudonym(settings, kind.name(), id)?))
}
