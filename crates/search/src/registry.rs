//! The search parameters of every R4 type, as HL7 defines them (<http://hl7.org/fhir/R4/searchparameter-registry.html>).

pub mod custom;
mod element;
pub mod hierarchy;
mod live;
mod load;
mod secrecy;
mod special;
pub mod support;

pub use live::Live;
pub(crate) use load::operands;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

use fhir::definitions::ResourceType;
pub use fhir::definitions::SearchParameterType as ParameterKind;
use store::entry::Param;

use crate::extract::CompiledType;

/// A search parameter of one type.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in a query: `birthdate`.
    pub code: Cow<'static, str>,
    /// Its kind.
    pub kind: ParameterKind,
    /// The canonical address of its definition.
    pub url: Cow<'static, str>,
    /// Under which number the store keeps its entries.
    pub param: Param,
    /// The types that a reference parameter may lead to, sorted; all types where the definition names none. Empty for other kinds.
    pub targets: Vec<ResourceType>,
    /// The parts of a composite parameter; empty for other kinds.
    pub components: Vec<Component>,
    /// The FHIRPath of its values in a resource of this type; empty for other origins than [`Origin::Expression`].
    pub expression: String,
    /// Where its values come from.
    pub origin: Origin,
    /// Under which numbers the store keeps what is derived from its values.
    pub derived: Derived,
    /// Whether a resource defines it, and not HL7 or this server.
    pub is_custom: bool,
    /// The types of its elements; `None` where its expression does not tell.
    pub(crate) element_types: Option<Vec<&'static str>>,
    /// Whether its codes are compared without case, in lower case. A parameter whose elements are all `code`, `id`, `boolean` or `uri` minds case, because
    /// FHIR says of these that they do; every other token parameter does not, since "when in doubt" FHIR wants codes compared without case
    /// (<http://hl7.org/fhir/R4/search.html#token>).
    pub folds_case: bool,
    /// For elements of type `code` with a required value set: its systems with their codes. A code of theirs is indexed with its system.
    pub(crate) implied_systems: ImpliedSystems,
}

/// Where the values of a parameter come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Its FHIRPath expression.
    Expression,
    /// The store, which knows `_id` and `_lastUpdated` itself.
    Store,
    /// The words of the narrative.
    Narrative,
    /// The words of all texts of the resource.
    Content,
    /// How the names of a person sound.
    Sounds,
    /// How the names of a person are written.
    Likeness,
    /// Nowhere: it asks through other parameters.
    Criterion,
    /// Nowhere: it is known, so that a message can name it.
    Refused(support::Refusal),
}

/// The numbers of what is derived from a parameter's values, for modifiers and units.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// `code:text`: the words beside a code or reference.
    pub text: Param,
    /// `identifier:of-type`: identifiers with their types.
    pub of_type: Param,
    /// `value-quantity:ucum`: quantities in UCUM's base units, where they were not written in them.
    pub ucum: Param,
}

impl Derived {
    fn of(kind: ResourceType, code: &str) -> Self {
        let param = |suffix| Param::of(kind.name(), &format!("{code}:{suffix}"));
        Self { text: param("text"), of_type: param("of-type"), ucum: param("ucum") }
    }
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

    /// A parameter without an expression.
    fn special(kind: ResourceType, code: &'static str, of: ParameterKind, url: &'static str, origin: Origin) -> Self {
        Self {
            code: code.into(),
            kind: of,
            url: url.into(),
            param: Param::of(kind.name(), code),
            targets: Vec::new(),
            components: Vec::new(),
            expression: String::new(),
            origin,
            derived: Derived::of(kind, code),
            element_types: None,
            folds_case: true,
            is_custom: false,
            implied_systems: &[],
        }
    }

    /// All numbers under which the store keeps entries of it.
    pub(crate) fn params(&self) -> [Param; 4] {
        [self.param, self.derived.text, self.derived.of_type, self.derived.ucum]
    }

    /// Whether a reference may lead to this type.
    pub fn leads_to(&self, kind: ResourceType) -> bool {
        self.targets.binary_search(&kind).is_ok()
    }
}

/// The search parameters of every type, and the addresses under which this server's own resources are known.
#[derive(Clone)]
pub struct Registry {
    pub(crate) types: Arc<[Arc<TypeParameters>]>,
    pub(crate) bases: Arc<[Box<str>]>,
    pub(crate) indexes_words: bool,
    /// Whether an engine keeps what tells who somebody is as keyed hashes.
    pub(crate) seals_index: bool,
    /// What that is, once somebody has asked for it.
    pub(crate) secrets: OnceLock<secrecy::Known>,
    /// Those that resources define, by their ids.
    pub(crate) custom: Arc<[custom::Definition]>,
    /// [`Registry::identity`], once somebody has asked for it.
    pub(crate) identity: OnceLock<u64>,
}

/// The parameters of one type.
pub(crate) struct TypeParameters {
    pub(crate) kind: ResourceType,
    /// Sorted by code.
    pub(crate) parameters: Vec<Arc<Parameter>>,
    /// Their expressions, compiled when the first resource of the type comes.
    pub(crate) compiled: OnceLock<CompiledType>,
}

static TYPES: LazyLock<Arc<[Arc<TypeParameters>]>> = LazyLock::new(|| load::load().into_iter().map(Arc::new).collect());
static STANDARD: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(Registry::of_hl7(Arc::default(), false)));

impl Registry {
    fn of_hl7(bases: Arc<[Box<str>]>, indexes_words: bool) -> Self {
        Registry {
            types: TYPES.clone(),
            bases,
            indexes_words,
            seals_index: false,
            secrets: OnceLock::new(),
            custom: Arc::default(),
            identity: OnceLock::new(),
        }
    }

    /// HL7's parameters, for a server that knows no address of its own: only relative references are local.
    pub fn standard() -> Arc<Registry> {
        STANDARD.clone()
    }

    /// The same parameters for a server with these base addresses (`https://hospital.example/fhir`): absolute references that begin with one of them
    /// are local too.
    pub fn with_bases(bases: impl IntoIterator<Item = impl AsRef<str>>) -> Arc<Registry> {
        let bases = bases.into_iter().map(|base| base.as_ref().trim_end_matches('/').into()).collect();
        Arc::new(Registry::of_hl7(bases, false))
    }

    /// The same, with or without the words of resources, which `_text` and `_content` look for. They are left out unless asked for: they take
    /// about as much of an index as everything else.
    pub fn with_words(self: Arc<Self>, indexes_words: bool) -> Arc<Registry> {
        Arc::new(Registry { indexes_words, identity: OnceLock::new(), ..(*self).clone() })
    }

    /// The same for an engine that seals its index: what tells who somebody is is in it as keyed hashes, of which equality alone can be asked. It goes with no words, as
    /// those of a narrative have names.
    pub fn with_sealed_index(self: Arc<Self>, seals_index: bool) -> Arc<Registry> {
        let indexes_words = self.indexes_words && !seals_index;
        Arc::new(Registry { seals_index, indexes_words, secrets: OnceLock::new(), identity: OnceLock::new(), ..(*self).clone() })
    }

    /// Whether resources define parameters.
    pub fn has_definitions(&self) -> bool {
        !self.custom.is_empty()
    }

    /// Whether the words of resources are indexed.
    pub fn indexes_words(&self) -> bool {
        self.indexes_words
    }

    /// The parameters of a type, those of all resources included, sorted by code.
    pub fn parameters(&self, kind: ResourceType) -> impl Iterator<Item = &Parameter> + use<'_> {
        self.of(kind).map_or(&[][..], |of| &of.parameters).iter().map(|parameter| &**parameter)
    }

    /// The parameter `code` of a type.
    pub fn get(&self, kind: ResourceType, code: &str) -> Option<&Parameter> {
        let parameters = &self.of(kind)?.parameters;
        parameters.binary_search_by(|parameter| (*parameter.code).cmp(code)).ok().map(|index| &*parameters[index])
    }

    pub(crate) fn of(&self, kind: ResourceType) -> Option<&Arc<TypeParameters>> {
        self.types.binary_search_by_key(&kind, |of| of.kind).ok().map(|index| &self.types[index])
    }
}
