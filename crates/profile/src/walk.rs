//! Validation: one walk over a resource, with the nodes of all plans that apply to an element side by side.
//!
//! What FHIR itself asks for is looked at elsewhere ([`fhir::check`], and the invariants of the base); the walk looks at what profiles, the
//! definitions of extensions and bindings ask for beyond that.

mod codes;
mod conformance;
mod element;
mod exact;
mod extension;
mod group;
mod invariant;
mod item;
mod matching;
mod range;
mod reference;
mod report;
mod resource;
mod surroundings;

use std::sync::Arc;

use fhir::check::Path;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Value};
use smallvec::SmallVec;

use crate::binding::Binding;
use crate::options::Options;
use crate::plan::{Node, Plan, Plans, Registry};
pub use conformance::Conformance;
use surroundings::Surroundings;

/// How many errors, and how many other issues, are reported at most; one more says that there are others.
pub const MAX_ISSUES: usize = 200;
/// How much work a validation may be: elements looked at, and steps of the evaluation of invariants.
const MAX_STEPS: u64 = 20_000_000;
/// How deep elements may be nested.
const MAX_DEPTH: usize = 128;

/// What is wrong with a resource by the profiles that it claims and those of `profiles`: at most [`MAX_ISSUES`] errors, with a last one that says
/// so, and as many others; empty when all fit. Each issue names the element, the profile's element and what would be right, and repeats no value of the resource.
///
/// `plans` keeps what is compiled of `library`, and belongs to that library. What FHIR itself asks for is not looked at.
pub fn validate(
    resource: &Value,
    profiles: &[&str],
    options: &Options<'_>,
    plans: &Plans,
    library: &dyn Library,
    binding: &dyn Binding,
) -> Vec<Issue> {
    let registry: Arc<Registry> = plans.of(library);
    let surroundings = Surroundings::of(resource, binding, options.outside);
    let conformance = Conformance::of(registry.clone(), library, binding, 0, MAX_STEPS);
    let mut walk = Walk::new(&registry, library, binding, options, &surroundings, &conformance);
    walk.outermost(resource, profiles);
    walk.issues
}

/// The walk: what it knows and what it has found.
struct Walk<'w> {
    registry: &'w Registry,
    library: &'w dyn Library,
    binding: &'w dyn Binding,
    options: &'w Options<'w>,
    surroundings: &'w Surroundings<'w>,
    /// For what invariants ask of other profiles.
    conformance: &'w Conformance<'w>,
    issues: Vec<Issue>,
    /// Whether it only matters that something is wrong, and not what: while slices are told apart.
    is_silent: bool,
    /// Whether something was wrong while it was silent.
    has_failed: bool,
    /// How many issues are errors.
    errors: usize,
    left_out: bool,
    steps_left: u64,
    /// The targets of references that were looked at, by the plan, and whether they fit: many references lead to one patient.
    targets: Vec<(*const Value, *const Plan, bool)>,
}

/// A node of a plan that applies where the walk is.
#[derive(Clone, Copy)]
struct Active<'w> {
    plan: &'w Plan,
    node: &'w Node,
}

/// Mostly one or two.
type Actives<'w> = SmallVec<[Active<'w>; 3]>;

/// In which resource an element stands.
struct Scope<'s, 'w> {
    /// The resource whose contained resources `#id` finds.
    container: &'w Value,
    /// For invariants.
    context: &'s fhirpath::Context<'w>,
}

impl<'w> Active<'w> {
    fn root(plan: &'w Plan) -> Option<Self> {
        Some(Self { plan, node: plan.nodes.first()? })
    }

    /// The node of this plan in that place.
    fn at(self, index: u32) -> Self {
        Self { node: self.plan.node(index), ..self }
    }

    /// Whether it is the root of its plan.
    fn is_root(self) -> bool {
        self.plan.nodes.first().is_some_and(|root| std::ptr::eq(root, self.node))
    }

    fn is(self, other: Active<'_>) -> bool {
        std::ptr::eq(self.node, other.node)
    }
}

impl<'w> Walk<'w> {
    fn new(
        registry: &'w Registry,
        library: &'w dyn Library,
        binding: &'w dyn Binding,
        options: &'w Options<'w>,
        surroundings: &'w Surroundings<'w>,
        conformance: &'w Conformance<'w>,
    ) -> Self {
        Self {
            registry,
            library,
            binding,
            options,
            surroundings,
            conformance,
            issues: Vec::new(),
            is_silent: false,
            has_failed: false,
            errors: 0,
            left_out: false,
            steps_left: MAX_STEPS,
            targets: Vec::new(),
        }
    }

    /// Counts work; whether there may be more.
    fn goes_on(&mut self, path: &Path) -> bool {
        if self.steps_left > 0 && path.depth() <= MAX_DEPTH {
            self.steps_left -= 1;
            return !(self.left_out || self.is_silent && self.has_failed);
        }
        if self.steps_left == 0 && !self.left_out {
            let text = "the resource and its profiles take more work than a validation may: simplify the profile, or split the resource";
            self.issues.push(Issue::error(crate::codes::TOO_COSTLY, IssueCode::TooCostly, "", text));
            self.left_out = true;
        }
        false
    }
}
