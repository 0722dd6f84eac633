//! What the url of an entry names.

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::query::Scope;

use crate::is_id;
use crate::operation::Place;

/// A place below the FHIR endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// `metadata`.
    Capabilities,
    /// The endpoint itself, and the criteria after its `?`.
    System(Option<String>),
    /// `Patient/12/Observation` or `Patient/12/*`, and the criteria after its `?`.
    Compartment(Key, Option<ResourceType>, Option<String>),
    /// `Patient`, and the criteria after its `?`.
    Type(ResourceType, Option<String>),
    /// `Patient/12`.
    Instance(Key),
    /// `Patient/12/_history/3`.
    Version(Key, u64),
    /// `Patient/12/_history`, and the parameters after its `?`.
    History(Scope, Option<String>),
    /// `Patient/12/$everything`, and the parameters after its `?`.
    Operation {
        /// On what.
        place: Place,
        /// Which, without the `$`.
        code: String,
        /// The parameters.
        query: Option<String>,
    },
}

/// Reads the url of an entry: relative to the FHIR endpoint, with or without a slash before it, or with the endpoint's address before
/// it. `None` when it names nothing that this server knows.
pub(crate) fn parse(url: &str, base_url: &str) -> Option<Address> {
    let relative = url.strip_prefix(base_url).unwrap_or(url);
    let relative = relative.strip_prefix('/').unwrap_or(relative);
    let (path, query) = match relative.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (relative, None),
    };
    let segments: Vec<&str> = path.split('/').collect();
    if let Some((place, code)) = operation(&segments) {
        return Some(Address::Operation { place, code, query });
    }
    match *segments.as_slice() {
        [""] | ["_search"] if query.is_some() => Some(Address::System(query)),
        ["metadata"] => Some(Address::Capabilities),
        ["_history"] => Some(Address::History(Scope::System, query)),
        [kind] => Some(Address::Type(ResourceType::parse(kind)?, query)),
        [kind, "_search"] => Some(Address::Type(ResourceType::parse(kind)?, query.or(Some(String::new())))),
        [kind, "_history"] => Some(Address::History(Scope::Type(ResourceType::parse(kind)?), query)),
        [kind, id] => Some(Address::Instance(key(kind, id)?)),
        [kind, id, "_history"] => Some(Address::History(Scope::Instance(key(kind, id)?), query)),
        [kind, id, "*"] | [kind, id, "*", "_search"] => Some(Address::Compartment(key(kind, id)?, None, query)),
        [kind, id, member] | [kind, id, member, "_search"] => {
            Some(Address::Compartment(key(kind, id)?, Some(ResourceType::parse(member)?), query))
        }
        [kind, id, "_history", version] => Some(Address::Version(key(kind, id)?, version.parse().ok()?)),
        _ => None,
    }
}

/// The place and the name of an operation, when the last segment is one.
fn operation(segments: &[&str]) -> Option<(Place, String)> {
    let (last, before) = segments.split_last()?;
    let code = last.strip_prefix('$')?.to_owned();
    let place = match *before {
        [] => Place::System,
        [kind] => Place::Type(ResourceType::parse(kind)?),
        [kind, id] => Place::Instance(key(kind, id)?),
        [kind, id, "_history", version] => Place::Version(key(kind, id)?, version.parse().ok()?),
        _ => return None,
    };
    Some((place, code))
}

fn key(kind: &str, id: &str) -> Option<Key> {
    is_id(id).then(|| ResourceType::parse(kind).map(|kind| Key::new(kind, id)))?
}
