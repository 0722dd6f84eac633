//! What an operation is, as data.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use fhir::definitions::{ResourceType, TypeKind, definitions};

use super::{Call, Place, Reply};
use crate::{Context, Error};

/// An operation. Its file says what it does, [`TABLE`](super::TABLE) lists it.
pub struct Operation {
    /// Its name in an address, without the `$`: `everything`.
    pub code: &'static str,
    /// The logical id of its OperationDefinition: `Patient-everything`.
    pub id: &'static str,
    /// A name for people, one word as FHIR wants it: `PatientEverything`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// Whether HL7 defines it; otherwise Ward does.
    pub is_standard: bool,
    /// Whether it is invoked on the system: `/$convert`.
    pub system: bool,
    /// Whether it is invoked on a type: `/Observation/$lastn`.
    pub on_type: bool,
    /// Whether it is invoked on a resource: `/Patient/12/$everything`.
    pub on_instance: bool,
    /// Whether it is also invoked on a version of a resource: `/Patient/12/_history/3/$meta`.
    pub on_version: bool,
    /// On which types, where it is invoked on a type or a resource.
    pub types: Types,
    /// Whether it changes what is stored. One that does is not invoked by GET.
    pub affects_state: bool,
    /// Whether it also takes the search parameters of its type.
    pub takes_criteria: bool,
    /// What it needs of whoever invokes it, beyond the sight of what it is invoked on.
    pub right: Right,
    /// What goes in and comes out.
    pub parameters: &'static [Parameter],
    pub(super) run: Run,
}

/// How an operation is done.
pub(super) type Run = for<'a> fn(&'a Context, Call) -> Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send + 'a>>;

/// The types of resources that an operation is for.
#[derive(Clone, Copy, Debug)]
pub enum Types {
    /// Every type.
    All,
    /// These.
    Only(&'static [&'static str]),
}

/// What an operation needs of whoever invokes it. The resource that it is invoked on must always be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Nothing more: it works with what it is handed.
    Handed,
    /// What its reads, searches and writes of resources need, as if they were asked for one by one.
    Resources,
    /// To read all resources of these types, or to invoke it by name: it works with the definitions in force, whoever has written them.
    Definitions(&'static [&'static str]),
    /// To invoke it by name.
    Named,
}

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The client gives it.
    In,
    /// The server gives it.
    Out,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Which way it goes.
    pub direction: Use,
    /// How often it must be there at least.
    pub min: u32,
    /// How often it may be there; `None` for any number.
    pub max: Option<u32>,
    /// The FHIR type of its value, `Resource` for one of any type; `None` for parts.
    pub kind: Option<&'static str>,
    /// What it means.
    pub doc: &'static str,
    /// Whether the text of a resource may stand in an extension, as JSON or XML, where others send the resource.
    pub takes_text: bool,
}

impl Operation {
    /// The canonical address of its definition.
    pub fn url(&self) -> String {
        if self.is_standard {
            format!("http://hl7.org/fhir/OperationDefinition/{}", self.id)
        } else {
            format!("urn:ward:operation:{}", self.id)
        }
    }

    /// Whether it is invoked on places like this one.
    pub fn is_on(&self, place: &Place) -> bool {
        match place {
            Place::System => self.system,
            Place::Type(kind) => self.on_type && self.is_for(*kind),
            Place::Instance(key) => self.on_instance && self.is_for(key.kind),
            Place::Version(key, _) => self.on_version && self.is_for(key.kind),
        }
    }

    /// Whether it is for this type.
    pub fn is_for(&self, kind: ResourceType) -> bool {
        match self.types {
            Types::All => true,
            Types::Only(names) => names.contains(&kind.name()),
        }
    }

    /// The parameters that a client gives.
    pub fn inputs(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters.iter().filter(|parameter| parameter.direction == Use::In)
    }

    /// Whether it can be invoked by GET: it changes nothing, and nothing that must be given needs a body.
    pub fn by_get(&self) -> bool {
        !self.affects_state && self.inputs().all(|parameter| parameter.min == 0 || parameter.is_primitive())
    }

    /// The parameter that a body without Parameters around it stands for: the one that is one resource.
    pub(super) fn bare(&self) -> Option<&'static Parameter> {
        let mut resources = self.inputs().filter(|parameter| parameter.is_resource() && parameter.max == Some(1));
        resources.next().filter(|_| resources.next().is_none())
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Operation").field(&self.id).finish()
    }
}

impl Parameter {
    /// A parameter that the client gives: at least `min` and at most `max` times.
    pub(super) const fn input(name: &'static str, kind: &'static str, min: u32, max: Option<u32>, doc: &'static str) -> Self {
        Self { name, direction: Use::In, min, max, kind: Some(kind), doc, takes_text: false }
    }

    /// A parameter that the server gives.
    pub(super) const fn output(name: &'static str, kind: &'static str, min: u32, max: Option<u32>, doc: &'static str) -> Self {
        Self { name, direction: Use::Out, min, max, kind: Some(kind), doc, takes_text: false }
    }

    /// The same parameter with parts instead of a value.
    pub(super) const fn of_parts(self) -> Self {
        Self { kind: None, ..self }
    }

    /// The same resource, whose text may stand in an extension instead: the FHIRPath Lab sends it so when it is XML.
    pub(super) const fn or_text(self) -> Self {
        Self { takes_text: true, ..self }
    }

    /// Whether its value is a text, a number or a boolean.
    pub fn is_primitive(&self) -> bool {
        self.is_kind(TypeKind::Primitive)
    }

    /// Whether it is a resource.
    pub fn is_resource(&self) -> bool {
        self.is_kind(TypeKind::Resource)
    }

    fn is_kind(&self, kind: TypeKind) -> bool {
        self.kind.and_then(|name| definitions().type_by_name(name)).is_some_and(|known| known.kind == kind)
    }
}
