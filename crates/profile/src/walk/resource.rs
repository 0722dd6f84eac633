//! Resources: the outermost, those in Bundles and Parameters, and contained ones.

use fhir::check::Path;
use fhir::definitions::{Type, TypeKind, definitions};
use fhir::{IssueCode, Severity, Value};
use fhirpath::{Context, Item};

use super::{Active, Actives, Scope, Walk};
use crate::codes;
use crate::plan::Plan;

impl<'w> Walk<'w> {
    /// The resource that the walk begins with.
    pub(super) fn outermost(&mut self, resource: &'w Value, profiles: &[&str]) {
        let Some(kind) = type_of(resource) else { return };
        let path = Path::root(kind.name);
        let mut active = Actives::new();
        for profile in profiles {
            self.claim(profile, Severity::Error, kind, &path, &mut active);
        }
        self.resource(resource, &active, &path, None);
        self.definition(resource, &path);
    }

    /// A profile that is itself validated: whether its differential fits its base.
    fn definition(&mut self, resource: &'w Value, path: &Path) {
        let is_profile = resource.resource_type() == Some("StructureDefinition") && resource.text("derivation") == Some("constraint");
        if !is_profile || resource.get("differential").is_none() {
            return;
        }
        if let Err(error) = crate::snapshot::generate(resource, self.library) {
            let issue = error.issue();
            self.report(Severity::Error, issue.number, issue.code, &path.child("differential"), || issue.diagnostics.clone());
        }
    }

    /// A resource with what applies to it, and the profiles that it claims. `outer` is where it is contained.
    pub(super) fn resource(&mut self, resource: &'w Value, active: &[Active<'w>], path: &Path, outer: Option<&'w Value>) {
        let (Some(kind), Some(object)) = (type_of(resource), resource.as_object()) else { return };
        let mut all: Actives = active.into();
        if self.options.claims && !self.is_silent {
            for (index, profile) in resource.get("meta").into_iter().flat_map(|meta| meta.list("profile")).enumerate() {
                let Some(profile) = profile.as_str() else { continue };
                let (meta, severity) = (path.child("meta"), self.options.unknown_profile);
                self.claim(profile, severity, kind, &meta.child("profile").at(index), &mut all);
            }
        }
        let container = outer.unwrap_or(resource);
        let context = self.context(resource, container);
        let scope = Scope { container, context: &context };
        for by in all.iter().filter(|by| by.is_root()) {
            self.invariants(*by, &Item::resource(resource), path, &scope);
        }
        self.members(object, kind, &all, path, &scope);
    }

    /// Adds the root of a profile that a resource of type `kind` has to fit.
    fn claim(&mut self, profile: &str, unknown: Severity, kind: &'static Type, path: &Path, active: &mut Actives<'w>) {
        let Some(plan) = self.plan_of(profile) else {
            let is_base = crate::plan::is_base_type(profile, kind);
            if !is_base {
                let text = || format!("the profile {} is not known: add the package that has it", shown(profile));
                self.report(unknown, codes::PROFILE_UNKNOWN, IssueCode::NotFound, path, text);
            }
            return;
        };
        match plan {
            Ok(plan) => {
                if plan.is_abstract {
                    let text = || format!("the profile {} is abstract: claim one that is built on it", plan.url);
                    self.report(Severity::Warning, codes::ABSTRACT, IssueCode::BusinessRule, path, text);
                }
                self.add_plan(plan, kind, path, active);
            }
            Err(crate::snapshot::Error::NoBase(base)) => {
                let text =
                    || format!("the base {} of the profile {} is not known: add the package that has it", shown(&base), shown(profile));
                self.report(unknown, codes::PROFILE_UNKNOWN, IssueCode::NotFound, path, text);
            }
            Err(issue) => {
                let text = || format!("the profile {} cannot be used: {}", shown(profile), issue);
                self.report(Severity::Error, codes::PROFILE_UNUSABLE, IssueCode::Processing, path, text);
            }
        }
    }

    /// Adds the root of a plan, when it is for the type.
    pub(super) fn add_plan(&mut self, plan: &'w Plan, kind: &'static Type, path: &Path, active: &mut Actives<'w>) {
        let Some(root) = Active::root(plan) else { return };
        if !plan.type_id.is_some_and(|id| definitions().is_a(kind.id, id)) {
            let text = || format!("the profile {} is for another type than {}", plan.url, kind.name);
            return self.report(Severity::Error, codes::PROFILE_TYPE, IssueCode::Structure, path, text);
        }
        if active.iter().any(|other| other.is(root)) {
            return;
        }
        active.push(root);
        if self.is_silent {
            return;
        }
        for problem in &plan.problems {
            let text = || format!("in the profile {} {problem}", plan.url);
            self.report(Severity::Warning, codes::PROFILE_UNUSABLE, IssueCode::Processing, path, text);
        }
    }

    fn plan_of(&self, profile: &str) -> Option<Result<&'w Plan, crate::snapshot::Error>> {
        self.registry.find(profile, self.library).map(|plan| plan.as_ref().map_err(Clone::clone))
    }

    pub(super) fn context(&self, resource: &'w Value, container: &'w Value) -> Context<'w> {
        let context = Context::new(resource).with_root_resource(Item::resource(container)).with_casts_of_collections();
        let mut context = context.with_terminology(self.surroundings).with_profiles(self.conformance);
        if self.surroundings.reaches_out() {
            context = context.with_resolver(self.surroundings);
        }
        match &self.options.now {
            Some(now) => context.with_now(*now),
            None => context,
        }
    }
}

/// The type of a resource.
pub(super) fn type_of(resource: &Value) -> Option<&'static Type> {
    definitions().type_by_name(resource.resource_type()?).filter(|kind| kind.kind == TypeKind::Resource)
}

/// An address as a message shows it: what a resource says may be long.
pub(super) fn shown(address: &str) -> String {
    address.chars().filter(|letter| !letter.is_control()).take(200).collect()
}
