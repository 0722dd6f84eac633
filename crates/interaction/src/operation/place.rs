//! What an operation is invoked on, and which operation that is.

use fhir::definitions::ResourceType;
use store::commit::Key;

use super::{Operation, TABLE};
use crate::Error;

/// What an operation is invoked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The whole system.
    System,
    /// The resources of a type.
    Type(ResourceType),
    /// A resource.
    Instance(Key),
    /// A version of a resource.
    Version(Key, u64),
}

impl Place {
    /// The type, where there is one.
    pub fn kind(&self) -> Option<ResourceType> {
        match self {
            Place::System => None,
            Place::Type(kind) => Some(*kind),
            Place::Instance(key) | Place::Version(key, _) => Some(key.kind),
        }
    }

    fn words(&self) -> String {
        match self {
            Place::System => "on the system".to_owned(),
            Place::Type(kind) => format!("on the type {}", kind.name()),
            Place::Instance(key) => format!("on a {}", key.kind.name()),
            Place::Version(key, _) => format!("on a version of a {}", key.kind.name()),
        }
    }
}

/// The operation `code` (without its `$`) on a place.
///
/// [`Error::UnknownOperation`] names the nearest one, or says where this one can be invoked.
pub fn find(code: &str, place: &Place) -> Result<&'static Operation, Error> {
    let mut named = TABLE.iter().copied().filter(|operation| operation.code == code).peekable();
    if named.peek().is_none() {
        return Err(unknown(code));
    }
    let places: Vec<String> = named.clone().flat_map(where_it_is).collect();
    named.find(|operation| operation.is_on(place)).ok_or_else(|| {
        let remedy = format!("there is no ${code} {}: it can be invoked as {}", place.words(), places.join(", "));
        Error::UnknownOperation(remedy)
    })
}

/// What a client is told that asks for an operation that there is not.
pub fn unknown(code: &str) -> Error {
    let code = code.trim_start_matches('$');
    if code == "graphql" {
        // An interaction of its own, with routes of its own.
        return Error::UnknownOperation("GraphQL is no operation inside a Bundle: ask for /fhir/$graphql on its own".to_owned());
    }
    let remedy = match fhir::nearest(code, TABLE.iter().map(|operation| operation.code)) {
        Some(near) => format!("there is no operation of this name: did you mean ${near}?"),
        None => "there is no operation of this name: /fhir/metadata lists those that there are".to_owned(),
    };
    Error::UnknownOperation(remedy)
}

/// The addresses at which an operation is invoked.
fn where_it_is(operation: &Operation) -> Vec<String> {
    let code = operation.code;
    let kinds = match operation.types {
        super::Types::All => vec!["[type]"],
        super::Types::Only(names) => names.to_vec(),
    };
    let mut places = Vec::new();
    if operation.system {
        places.push(format!("/${code}"));
    }
    for kind in kinds {
        places.extend(operation.on_type.then(|| format!("/{kind}/${code}")));
        places.extend(operation.on_instance.then(|| format!("/{kind}/[id]/${code}")));
    }
    places
}
