//! What may differ from one validation to the next.

use std::fmt;

use fhir::Severity;
use fhir::primitive::Temporal;
use fhirpath::Resolver;

/// How to validate.
#[derive(Clone)]
pub struct Options<'o> {
    /// Whether the profiles that a resource claims in `meta.profile` count, besides those that are asked for.
    pub claims: bool,
    /// How bad it is when a claimed profile is not known. One that is asked for and not known is always an error.
    pub unknown_profile: Severity,
    /// How bad it is when the definition of an extension is not known. Of a modifier extension it is always an error.
    pub unknown_extension: Severity,
    /// How bad it is when an invariant that is best practice does not hold.
    pub best_practice: Severity,
    /// What `now()` and `today()` tell in invariants; without it invariants that ask for the time cannot be evaluated.
    pub now: Option<Temporal>,
    /// Who finds what references point to outside of the resource. Without it only the type is judged that a reference names.
    pub outside: Option<&'o dyn Resolver>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            claims: true,
            unknown_profile: Severity::Warning,
            unknown_extension: Severity::Information,
            best_practice: Severity::Warning,
            now: None,
            outside: None,
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severities = (self.unknown_profile, self.unknown_extension, self.best_practice);
        f.debug_struct("Options")
            .field("claims", &self.claims)
            .field("severities", &severities)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
