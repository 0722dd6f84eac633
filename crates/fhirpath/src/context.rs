//! What an expression is evaluated with: variables, limits, the time, and who finds the targets of references.

use fhir::Value;
use fhir::primitive::Temporal;

use crate::arena::Arena;
use crate::item::{Collection, Item};

/// What an evaluation may take at most, so that a hostile expression ends with an error.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Parts of the expression evaluated and items looked at.
    pub steps: u64,
    /// Items in one collection.
    pub items: usize,
    /// Bytes in one computed string.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 10_000_000, items: 1_000_000, text_bytes: 1 << 20 }
    }
}

/// Finds resources for `resolve()`.
pub trait Resolver {
    /// The resource that `reference` (relative, absolute or canonical) points to; `None` when there is none or it is out of reach.
    fn resolve(&self, reference: &str) -> Option<&Value>;
}

/// Knows code systems and value sets.
pub trait Terminology {
    /// Whether a code is in a value set, given by its canonical address; `None` when the value set is not known or cannot be enumerated.
    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool>;

    /// Whether `code` subsumes `other` in a code system, or is the same; `None` when the system or a code is not known.
    fn subsumes(&self, system: &str, code: &str, other: &str) -> Option<bool>;
}

/// Knows profiles. Of a type of FHIR itself, whose address begins with `http://hl7.org/fhir/StructureDefinition/`, an answer is not needed.
pub trait Profiles {
    /// Whether an element or resource conforms to the profile of this canonical address, with or without a version; `None` when there is
    /// no such profile.
    fn conforms(&self, profile: &str, item: &Item<'_>) -> Option<bool>;

    /// Whether an element belongs to the slice of that name in the profile `structure`; `None` when there is no such profile or slice.
    fn in_slice(&self, structure: &str, slice: &str, item: &Item<'_>) -> Option<bool> {
        let _ = (structure, slice, item);
        None
    }

    /// The ElementDefinition of a type or element of FHIR: of `Patient`, `Patient.birthDate`, `Patient.contact.name`, `HumanName.family`;
    /// `None` when the definitions are not at hand.
    fn element_definition(&self, path: &str) -> Option<&Value> {
        let _ = path;
        None
    }
}

/// Hears what `trace()` is called with.
pub trait Tracer {
    /// `name` is the first argument of `trace()`, `items` what it was called on, or its projection.
    fn trace(&self, name: &str, items: &[Item<'_>]);
}

/// The surroundings of an evaluation. The default knows no resource, no variables and no time.
///
/// One context serves any number of expressions and inputs within a resource, from which nothing is copied: making it and cloning it
/// allocate only where there are variables.
#[derive(Clone, Default)]
pub struct Context<'a> {
    pub(crate) resource: Option<Item<'a>>,
    pub(crate) root_resource: Option<Item<'a>>,
    pub(crate) variables: Vec<(String, Collection<'a>)>,
    pub(crate) limits: Limits,
    pub(crate) now: Option<Temporal>,
    pub(crate) resolver: Option<&'a dyn Resolver>,
    pub(crate) casts_collections: bool,
    pub(crate) terminology: Option<&'a dyn Terminology>,
    pub(crate) profiles: Option<&'a dyn Profiles>,
    pub(crate) arena: Option<&'a Arena>,
    pub(crate) tracer: Option<&'a dyn Tracer>,
}

impl<'a> Context<'a> {
    /// A context for evaluating on this resource: `%resource` and `%rootResource`.
    pub fn new(resource: &'a Value) -> Self {
        Self { resource: Some(Item::resource(resource)), ..Self::default() }
    }

    /// Sets `%resource`: the resource in which the input stands, `contained` ones counted as their own.
    pub fn with_resource(mut self, resource: Item<'a>) -> Self {
        self.resource = Some(resource);
        self
    }

    /// Sets `%rootResource`, where it is not `%resource`: the one that contains it.
    pub fn with_root_resource(mut self, resource: Item<'a>) -> Self {
        self.root_resource = Some(resource);
        self
    }

    /// Adds the variable `%name`.
    pub fn with_variable(mut self, name: &str, items: impl IntoIterator<Item = Item<'a>>) -> Self {
        self.variables.push((name.to_owned(), items.into_iter().collect()));
        self
    }

    /// Sets the limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what `now()`, `today()` and `timeOfDay()` tell: a moment with its zone. Without it they are errors.
    pub fn with_now(mut self, now: Temporal) -> Self {
        self.now = Some(now);
        self
    }

    /// Sets who finds the targets of references. Without it `resolve()` gives a node without content, of the type that the reference names.
    pub fn with_resolver(mut self, resolver: &'a dyn Resolver) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// Lets `as()` take several items, of which those of the type remain. FHIRPath wants one; FHIR R4's own invariants have many.
    pub fn with_casts_of_collections(mut self) -> Self {
        self.casts_collections = true;
        self
    }

    /// Sets who answers `memberOf()`, `subsumes()` and `subsumedBy()`. Without it only FHIR's own value sets with required bindings are known.
    pub fn with_terminology(mut self, terminology: &'a dyn Terminology) -> Self {
        self.terminology = Some(terminology);
        self
    }

    /// Sets who answers `conformsTo()`, `slice()` and `elementDefinition()`. Without it only `conformsTo()` works, for FHIR's own types.
    pub fn with_profiles(mut self, profiles: &'a dyn Profiles) -> Self {
        self.profiles = Some(profiles);
        self
    }

    /// Sets where the values are kept that an expression makes, with `%factory` or as `Coding { code: 'a' }`. Without it none can be made.
    pub fn with_arena(mut self, arena: &'a Arena) -> Self {
        self.arena = Some(arena);
        self
    }

    /// Sets who hears of `trace()`.
    pub fn with_tracer(mut self, tracer: &'a dyn Tracer) -> Self {
        self.tracer = Some(tracer);
        self
    }

    /// The items of the variable `%name`, when the context brings it.
    pub(crate) fn variable(&self, name: &str) -> Option<&Collection<'a>> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, items)| items)
    }

    /// The resources in which a reference `#id` is looked for.
    pub(crate) fn containers(&self) -> impl Iterator<Item = &Item<'a>> {
        self.resource.iter().chain(self.root_resource.iter())
    }
}
