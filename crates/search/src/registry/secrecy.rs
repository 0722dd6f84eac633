//! Which parameters tell who somebody is: for an engine that keeps these as keyed hashes, and for whoever understands a query and has to say what cannot be asked then.

use std::collections::HashMap;
use std::sync::Arc;

use fhir::definitions::ResourceType;
use store::entry::Param;
use store::secrecy::{Secrecy, Secrets};

use super::{Origin, Parameter, ParameterKind, Registry};

/// The types whose resources are about one person: every text and date of theirs is that person's, and so is what resources define for them.
const PERSONS: [&str; 4] = ["Patient", "Person", "Practitioner", "RelatedPerson"];

/// The elements that name somebody, wherever they stand.
const NAMING: [&str; 4] = ["Address", "ContactPoint", "HumanName", "Identifier"];

/// Parameters that name somebody or a thing that somebody has, and have none of these elements.
const NAMED: [(&str, &str); 6] = [
    ("Account", "name"),
    ("AuditEvent", "address"),
    ("AuditEvent", "agent-name"),
    ("AuditEvent", "altid"),
    ("AuditEvent", "entity-name"),
    ("Device", "udi-carrier"),
];

/// What tells who somebody is, in a registry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) secrets: Arc<Secrets>,
    /// The names of those of which equality alone can be asked.
    names: HashMap<Param, Box<str>>,
}

/// What of a parameter of a type tells who somebody is.
pub(crate) fn of(kind: ResourceType, parameter: &Parameter) -> Secrecy {
    let is_persons = PERSONS.contains(&kind.name());
    let is_naming = || parameter.element_types.is_some() && parameter.may_have(&NAMING);
    match (parameter.kind, parameter.origin) {
        (_, Origin::Sounds | Origin::Likeness) => Secrecy::Whole,
        (_, origin) if origin != Origin::Expression => Secrecy::Clear,
        (ParameterKind::Reference, _) => Secrecy::Tokens,
        (ParameterKind::Number | ParameterKind::Quantity | ParameterKind::Special, _) => Secrecy::Clear,
        (ParameterKind::String | ParameterKind::Date, _) if is_persons => Secrecy::Whole,
        _ if is_persons && parameter.is_custom => Secrecy::Whole,
        _ if is_naming() || NAMED.contains(&(kind.name(), &*parameter.code)) => Secrecy::Whole,
        // What resources define is known by its kind alone where its expression does not tell.
        (ParameterKind::Token | ParameterKind::String, _) if parameter.is_custom && parameter.element_types.is_none() => Secrecy::Whole,
        (ParameterKind::Composite, _) if parameter.components.iter().any(|part| part.kind == ParameterKind::Reference) => Secrecy::Tokens,
        _ => Secrecy::Clear,
    }
}

impl Registry {
    /// Whether an engine keeps what tells who somebody is as keyed hashes.
    pub fn seals_index(&self) -> bool {
        self.seals_index
    }

    /// Whether equality alone can be asked of a parameter, as it is one of an index that is sealed.
    pub fn is_sealed(&self, parameter: &Parameter) -> bool {
        self.seals_index && self.sealed_name(parameter.param).is_some()
    }

    /// The name of a parameter of which equality alone can be asked; `None` for others.
    pub(crate) fn sealed_name(&self, param: Param) -> Option<&str> {
        self.known_secrets().names.get(&param).map(AsRef::as_ref)
    }

    pub(crate) fn known_secrets(&self) -> &Known {
        self.secrets.get_or_init(|| if self.seals_index { self.find_secrets() } else { Known::default() })
    }

    fn find_secrets(&self) -> Known {
        let (mut secrets, mut names) = (Vec::new(), HashMap::new());
        for kind in ResourceType::all() {
            for parameter in self.parameters(kind) {
                let secrecy = of(kind, parameter);
                secrets.extend(parameter.params().map(|param| (param, secrecy)));
                if secrecy == Secrecy::Whole {
                    names.extend(parameter.params().map(|param| (param, Box::from(&*parameter.code))));
                }
            }
        }
        Known { secrets: Arc::new(secrets.into_iter().collect()), names }
    }
}
