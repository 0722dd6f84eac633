//! The search parameters of every R4 type, as HL7 defines them (<http://hl7.org/fhir/R4/searchparameter-registry.html>).

mod element;
mod load;

pub(crate) use load::operands;

use std::sync::{Arc, LazyLock, OnceLock};

use fhir::definitions::ResourceType;
pub use fhir::definitions::SearchParameterType as ParameterKind;
use store::entry::Param;

use crate::extract::CompiledType;

/// A search parameter of one type.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in a query: `birthdate`.
    pub code: &'static str,
    /// Its kind.
    pub kind: ParameterKind,
    /// The canonical address of its definition.
    pub url: &'static str,
    /// Under which number the store keeps its entries.
    pub param: Param,
    /// The types that a reference parameter may lead to, sorted; all types where the definition names none. Empty for other kinds.
    pub targets: Vec<ResourceType>,
    /// The parts of a composite parameter; empty for other kinds.
    pub components: Vec<Component>,
    /// The FHIRPath of its values in a resource of this type. Empty for `_id` and `_lastUpdated`, which the store knows itself, and for what is not
    /// extracted ([`Parameter::is_supported`]).
    pub expression: String,
    /// Whether its codes are compared without case, in lower case. A parameter whose elements are all `code`, `id`, `boolean` or `uri` minds case, because
    /// FHIR says of these that they do; every other token parameter does not, since "when in doubt" FHIR wants codes compared without case
    /// (<http://hl7.org/fhir/R4/search.html#token>).
    pub folds_case: bool,
    /// For elements of type `code` with a required value set: its systems with their codes. A code of theirs is indexed with its system.
    pub(crate) implied_systems: ImpliedSystems,
}

/// Systems, each with its codes.
pub(crate) type ImpliedSystems = &'static [(&'static str, Vec<&'static str>)];

/// A part of a composite parameter.
#[derive(Debug)]
pub struct Component {
    /// The kind of parameter whose values it has.
    pub kind: ParameterKind,
    /// Where its values are, seen from the elements that the composite's own expression yields.
    pub expression: String,
    /// The types that a reference may lead to, as [`Parameter::targets`].
    pub targets: Vec<ResourceType>,
    /// As [`Parameter::folds_case`].
    pub folds_case: bool,
    /// As those of the parameter.
    pub(crate) implied_systems: ImpliedSystems,
}

/// What the values of a parameter, or of a component, are like.
#[derive(Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub(crate) kind: ParameterKind,
    pub(crate) folds_case: bool,
    pub(crate) targets: &'a [ResourceType],
    pub(crate) implied_systems: ImpliedSystems,
}

impl Component {
    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape { kind: self.kind, folds_case: self.folds_case, targets: &self.targets, implied_systems: self.implied_systems }
    }
}

impl Parameter {
    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape { kind: self.kind, folds_case: self.folds_case, targets: &self.targets, implied_systems: self.implied_systems }
    }

    /// Whether it can be searched by now. The others (`near`) are known so that a message can name them.
    pub fn is_supported(&self) -> bool {
        self.kind != ParameterKind::Special
    }

    /// Whether the store knows its values itself: `_id`, `_lastUpdated`.
    pub fn is_built_in(&self) -> bool {
        matches!(self.code, "_id" | "_lastUpdated")
    }

    /// Whether a reference may lead to this type.
    pub fn leads_to(&self, kind: ResourceType) -> bool {
        self.targets.binary_search(&kind).is_ok()
    }
}

/// The search parameters of every type, and the addresses under which this server's own resources are known.
#[derive(Clone)]
pub struct Registry {
    pub(crate) types: &'static [TypeParameters],
    pub(crate) bases: Arc<[Box<str>]>,
}

/// The parameters of one type.
pub(crate) struct TypeParameters {
    pub(crate) kind: ResourceType,
    /// Sorted by code.
    pub(crate) parameters: Vec<Parameter>,
    /// Their expressions, compiled when the first resource of the type comes.
    pub(crate) compiled: OnceLock<CompiledType>,
}

static TYPES: LazyLock<Vec<TypeParameters>> = LazyLock::new(load::load);
static STANDARD: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(Registry { types: &TYPES, bases: Arc::default() }));

impl Registry {
    /// HL7's parameters, for a server that knows no address of its own: only relative references are local.
    pub fn standard() -> Arc<Registry> {
        STANDARD.clone()
    }

    /// The same parameters for a server with these base addresses (`https://hospital.example/fhir`): absolute references that begin with one of them
    /// are local too.
    pub fn with_bases(bases: impl IntoIterator<Item = impl AsRef<str>>) -> Arc<Registry> {
        let bases = bases.into_iter().map(|base| base.as_ref().trim_end_matches('/').into()).collect();
        Arc::new(Registry { types: &TYPES, bases })
    }

    /// The parameters of a type, those of all resources included, sorted by code.
    pub fn parameters(&self, kind: ResourceType) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.of(kind).map_or(&[][..], |of| &of.parameters).iter()
    }

    /// The parameter `code` of a type.
    pub fn get(&self, kind: ResourceType, code: &str) -> Option<&'static Parameter> {
        let parameters = &self.of(kind)?.parameters;
        parameters.binary_search_by_key(&code, |parameter| parameter.code).ok().map(|index| &parameters[index])
    }

    pub(crate) fn of(&self, kind: ResourceType) -> Option<&'static TypeParameters> {
        self.types.binary_search_by_key(&kind, |of| of.kind).ok().map(|index| &self.types[index])
    }
}
