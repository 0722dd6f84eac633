//! What `conformsTo()` asks, in invariants and wherever else FHIRPath is evaluated with a library at hand
//! (<http://hl7.org/fhir/R4/fhirpath.html#functions>).

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use fhir::Value;
use fhir::check::Path;
use fhir::definitions::{Type, definitions};
use fhir::library::Library;
use fhirpath::{Item, Profiles};

use super::resource::type_of;
use super::surroundings::Surroundings;
use super::{Active, MAX_STEPS, Scope, Walk};
use crate::binding::Binding;
use crate::options::Options;
use crate::plan::{Plan, Plans, Registry};

/// How deep a profile may ask for conformance to a profile that asks again.
const MAX_DEPTH: usize = 8;

/// Knows whether something conforms to a profile of a library: for [`fhirpath::Context::with_profiles`].
///
/// What FHIR itself asks for is not looked at, beyond the type. All that one of these is asked takes together as much work as a validation may; what is
/// asked then, or too deep, is not known.
pub struct Conformance<'c> {
    registry: Arc<Registry>,
    library: &'c dyn Library,
    binding: &'c dyn Binding,
    depth: usize,
    steps_left: Cell<u64>,
}

impl<'c> Conformance<'c> {
    /// Of the profiles of this library, whose plans `plans` keeps; codes are judged by `binding`.
    pub fn new(plans: &Plans, library: &'c dyn Library, binding: &'c dyn Binding) -> Self {
        Self::of(plans.of(library), library, binding, 0, MAX_STEPS)
    }

    pub(super) fn of(registry: Arc<Registry>, library: &'c dyn Library, binding: &'c dyn Binding, depth: usize, steps: u64) -> Self {
        Self { registry, library, binding, depth, steps_left: Cell::new(steps) }
    }

    /// Whether a node of a type that the plan is for breaks none of its rules.
    fn fits(&self, plan: &Plan, item: &Item<'_>, value: &Value, kind: &'static Type) -> bool {
        let Some(root) = Active::root(plan) else { return true };
        let inner = Self::of(self.registry.clone(), self.library, self.binding, self.depth + 1, self.steps_left.get());
        let options = Options { claims: false, ..Options::default() };
        let surroundings = Surroundings::of(value, self.binding, None);
        let mut walk = Walk::new(&self.registry, self.library, self.binding, &options, &surroundings, &inner);
        walk.steps_left = self.steps_left.get();
        let (context, path) = (walk.context(value, value), Path::root(kind.name));
        let fits = walk.is_sound(|walk| {
            if type_of(value).is_some() {
                return walk.resource(value, &[root], &path, None);
            }
            let scope = Scope { container: value, context: &context };
            walk.invariants(root, item, &path, &scope);
            if let Some(object) = value.as_object() {
                walk.members(object, kind, &[root], &path, &scope);
            }
        });
        self.steps_left.set(walk.steps_left.min(inner.steps_left.get()));
        fits
    }
}

impl Profiles for Conformance<'_> {
    fn conforms(&self, profile: &str, item: &Item<'_>) -> Option<bool> {
        let plan = self.registry.find(profile, self.library)?.as_ref().ok()?;
        let node = item.node()?;
        let Some(kind) = node.definition().filter(|kind| plan.type_id.is_some_and(|id| definitions().is_a(kind.id, id))) else {
            return Some(false);
        };
        if self.depth >= MAX_DEPTH || self.steps_left.get() == 0 {
            return None;
        }
        Some(node.value().is_none_or(|value| self.fits(plan, item, value, kind)))
    }
}

impl fmt::Debug for Conformance<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance").field("depth", &self.depth).field("steps_left", &self.steps_left).finish_non_exhaustive()
    }
}
