//! What references point to: <http://hl7.org/fhir/R4/references.html>.

use fhir::check::Path;
use fhir::definitions::{ResourceType, Type, TypeId, definitions};
use fhir::{IssueCode, Value};

use super::element::Entry;
use super::resource::type_of;
use super::{Active, Scope, Walk};
use crate::codes;
use crate::plan::{Aggregation, Plan, Target, TypeRule};

/// Where a reference leads.
#[derive(Clone, Copy)]
pub(super) enum Leads<'w> {
    /// To a contained resource, or to that which contains it.
    Contained(&'w Value),
    /// To a resource of the same Bundle.
    Bundled(&'w Value),
    /// To a resource outside of all that is validated, which could be found.
    Outside(&'w Value),
    /// Elsewhere; the type, when the reference says it.
    Elsewhere(Option<&'static Type>),
}

impl<'w> Walk<'w> {
    /// Where a Reference leads; `None` when it has no literal reference and no type.
    pub(super) fn leads(&self, reference: &'w Value, container: &'w Value) -> Option<Leads<'w>> {
        let named = || reference.text("type").and_then(resource_type);
        let Some(text) = reference.text("reference") else { return named().map(|kind| Leads::Elsewhere(Some(kind))) };
        if let Some(id) = text.strip_prefix('#') {
            let found =
                if id.is_empty() { Some(container) } else { container.list("contained").find(|resource| resource.text("id") == Some(id)) };
            return found.map(Leads::Contained);
        }
        if let Some(found) = self.surroundings.entry(text) {
            return Some(Leads::Bundled(found));
        }
        let found = self.surroundings.outside(text).map(Leads::Outside);
        Some(found.unwrap_or_else(|| Leads::Elsewhere(type_in(text).or_else(named))))
    }

    /// A reference by the rule of a profile.
    pub(super) fn reference(&mut self, by: Active<'w>, rule: &'w TypeRule, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) {
        let is_reference = definitions().get(entry.type_id).name == "Reference";
        let Some(value) = entry.value.filter(|_| is_reference) else { return };
        let Some(leads) = self.leads(value, scope.container) else { return };
        self.aggregation(by, rule, value, leads, path);
        if rule.targets.is_empty() {
            return;
        }
        let (kind, resource) = match leads {
            Leads::Contained(resource) | Leads::Bundled(resource) | Leads::Outside(resource) => (type_of(resource), Some(resource)),
            Leads::Elsewhere(kind) => (kind, None),
        };
        let Some(kind) = kind else { return };
        let of_type = |target: &&Target| target.type_id.is_none_or(|id| definitions().is_a(kind.id, id));
        let targets: Vec<&'w Target> = rule.targets.iter().filter(of_type).collect();
        if targets.is_empty() {
            let text = || format!("the reference points to a resource of type {}: it must point to {}", kind.name, names(&rule.targets));
            return self.error(codes::TARGET_TYPE, IssueCode::Structure, path, by, text);
        }
        let Some(resource) = resource else { return };
        if !targets.iter().any(|target| self.target_fits(target, resource, kind, path, scope)) {
            let text = || format!("what the reference points to fits none of {}", names(&rule.targets));
            self.error(codes::TARGET_PROFILE, IssueCode::Structure, path, by, text);
        }
    }

    fn aggregation(&mut self, by: Active<'w>, rule: &TypeRule, value: &Value, leads: Leads, path: &Path) {
        let is = match leads {
            Leads::Contained(_) => Aggregation::Contained,
            Leads::Bundled(_) => Aggregation::Bundled,
            Leads::Outside(_) | Leads::Elsewhere(_) => Aggregation::Referenced,
        };
        // What is in the same Bundle is referenced too.
        let is_allowed =
            rule.aggregation.contains(&is) || is == Aggregation::Bundled && rule.aggregation.contains(&Aggregation::Referenced);
        if !rule.aggregation.is_empty() && !is_allowed {
            let text = || format!("the reference is {is:?}, and the profile allows only {:?}", rule.aggregation).to_lowercase();
            self.error(codes::AGGREGATION, IssueCode::Structure, path, by, text);
        }
        let names_version = value.text("reference").is_some_and(|text| text.contains("/_history/"));
        if let Some(must) = rule.is_versioned.filter(|must| *must != names_version) {
            let text = || if must { "the reference must name a version" } else { "the reference must not name a version" }.to_owned();
            self.error(codes::VERSIONING, IssueCode::Structure, path, by, text);
        }
    }

    fn target_fits(&mut self, target: &'w Target, resource: &'w Value, kind: &'static Type, path: &Path, scope: &Scope<'_, 'w>) -> bool {
        let Some(link) = &target.profile else { return true };
        // What is not known cannot be refused.
        let Some(plan) = self.plan_at(link, path) else { return true };
        self.resource_fits(plan, resource, kind, path, scope)
    }

    /// Whether another resource fits a profile. While that is being found out, a reference back to it is taken to fit.
    pub(super) fn resource_fits(
        &mut self,
        plan: &'w Plan,
        resource: &'w Value,
        kind: &'static Type,
        path: &Path,
        scope: &Scope<'_, 'w>,
    ) -> bool {
        if !plan.type_id.is_some_and(|id| definitions().is_a(kind.id, id)) {
            return false;
        }
        let (this, by) = (std::ptr::from_ref(resource), std::ptr::from_ref(plan));
        if let Some((.., fits)) = self.targets.iter().find(|(other, plan, _)| *other == this && *plan == by) {
            return *fits;
        }
        let Some(root) = Active::root(plan) else { return true };
        let place = self.targets.len();
        self.targets.push((this, by, true));
        let is_contained = scope.container.list("contained").any(|other| std::ptr::eq(other, resource));
        let fits = self.is_sound(|walk| walk.resource(resource, &[root], path, is_contained.then_some(scope.container)));
        if let Some(known) = self.targets.get_mut(place) {
            known.2 = fits;
        }
        fits
    }

    /// That what a reference finds in the same Bundle has a type that FHIR allows. Others have been looked at with the structure.
    pub(super) fn bundled_target(&mut self, entry: Entry<'w>, path: &Path) {
        let Some(text) = entry.value.and_then(|value| value.text("reference")) else { return };
        if !self.surroundings.is_bundle || self.is_silent || text.starts_with('#') {
            return;
        }
        let Some(kind) = self.surroundings.entry(text).and_then(type_of) else { return };
        let targets = entry.element.types.get(usize::from(entry.place)).map(|kind| kind.targets.as_slice()).unwrap_or_default();
        if !targets.is_empty() && !targets.contains(&kind.name) {
            let text = || format!("the reference points to a resource of type {}: it must point to {}", kind.name, targets.join(", "));
            self.report(fhir::Severity::Error, codes::TARGET_TYPE, IssueCode::Structure, path, text);
        }
    }
}

fn names(targets: &[Target]) -> String {
    let names: Vec<&str> = targets.iter().map(|target| &*target.url).take(12).collect();
    names.join(", ")
}

fn resource_type(name: &str) -> Option<&'static Type> {
    ResourceType::parse(name).map(|found| definitions().resource(found))
}

/// The type that an address names: `Patient/1`, `http://example.org/fhir/Patient/1/_history/2`.
fn type_in(reference: &str) -> Option<&'static Type> {
    let address = reference.split(['?', '#', '|']).next()?.split("/_history/").next()?;
    let mut parts = address.rsplit('/');
    parts.next().filter(|id| !id.is_empty())?;
    resource_type(parts.next()?)
}

impl Leads<'_> {
    /// The type of what it leads to.
    pub(super) fn type_id(&self) -> Option<TypeId> {
        match self {
            Leads::Contained(resource) | Leads::Bundled(resource) | Leads::Outside(resource) => type_of(resource).map(|kind| kind.id),
            Leads::Elsewhere(kind) => kind.map(|kind| kind.id),
        }
    }
}
