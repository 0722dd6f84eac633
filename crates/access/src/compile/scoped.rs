//! A scope of the client as it holds for one who asks.

use fhir::definitions::ResourceType;
use search::Registry;
use store::commit::{Instant, Key};
use store::query::Filter;

use super::of_patient;
use crate::criteria::{self, all, nothing};
use crate::policy::group;
use crate::{Acts, Context, Principal, ResourceScope};

/// A scope of the client.
#[derive(Debug)]
pub(crate) struct Scoped {
    pub(crate) scope: ResourceScope,
    /// Whether it is for one like them: `system` is for clients that act for themselves, `user` for those with a user, `patient` for those with a patient.
    pub(crate) counts: bool,
}

impl Scoped {
    pub(super) fn new(scope: &ResourceScope, principal: &Principal) -> Self {
        let counts = match scope.context {
            Context::Patient => patient(principal).is_some(),
            Context::User => principal.user.is_some(),
            Context::System => principal.user.is_none(),
        };
        Self { scope: scope.clone(), counts }
    }

    /// Whether it covers everything that can be done with any resource.
    pub(super) fn is_whole(&self) -> bool {
        self.scope.kind.is_none() && self.scope.acts == Acts::ALL && self.scope.params.is_empty()
    }

    /// The resources of a type that it covers.
    pub(super) fn filter(&self, registry: &Registry, kind: ResourceType, principal: &Principal, now: Instant) -> Filter {
        if !self.counts {
            return nothing();
        }
        // A type that does not know a parameter of the scope is not covered.
        let Ok(criteria) = criteria::filter(registry, kind, &self.scope.params, now) else { return nothing() };
        let context = match self.scope.context {
            Context::Patient => patient(principal).map_or_else(nothing, |patient| self.of_patient(registry, kind, patient)),
            Context::User | Context::System => Filter::everything(),
        };
        all([criteria, context])
    }

    /// What a client may have for one patient: their compartment; beyond it what refers to them, and what is no patient's: the hospital's directory and the
    /// definitions.
    fn of_patient(&self, registry: &Registry, kind: ResourceType, patient: Key) -> Filter {
        if let Some(filter) = search::compartment::filter(registry, &patient, kind) {
            return filter;
        }
        if !crate::relation::about(registry, kind).is_empty() {
            return of_patient(registry, kind, &patient.id);
        }
        match group::of(kind) {
            "directory" | "knowledge" | "conformance" => Filter::everything(),
            _ => nothing(),
        }
    }
}

/// The patient of the launch; where none was chosen, the one that the user is.
fn patient(principal: &Principal) -> Option<Key> {
    let kind = ResourceType::parse("Patient")?;
    let own = principal.fhir_user.clone().filter(|user| user.kind == kind);
    principal.patient.clone().map(|id| Key::new(kind, id)).or(own)
}
