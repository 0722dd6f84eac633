//! Scopes: what a client was allowed on behalf of whoever uses it
//! (<http://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>).

use fhir::definitions::ResourceType;

/// What was allowed: resources, and everything else by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    /// The resources.
    pub resources: Vec<ResourceScope>,
    /// The others: `openid`, `fhirUser`, `launch/patient`, `offline_access` and their like; sorted, each once.
    pub others: Vec<Box<str>>,
}

/// Resources that were allowed: `patient/Observation.rs?category=laboratory`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceScope {
    /// Whose.
    pub context: Context,
    /// Of which type; `None`: of any (`*`).
    pub kind: Option<ResourceType>,
    /// What may be done.
    pub acts: Acts,
    /// Which of them: search parameters, decoded, in their order.
    pub params: Vec<(String, String)>,
}

/// Whose resources a scope is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Those of the patient in the launch context.
    Patient,
    /// Those that the user may see.
    User,
    /// Those that the client may see.
    System,
}

/// What may be done with resources, as SMART names it: `cruds`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the letter's word")]
pub struct Acts {
    pub create: bool,
    pub read: bool,
    pub update: bool,
    pub delete: bool,
    pub search: bool,
}
