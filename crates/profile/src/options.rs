//! What may differ from one validation to the next.

use fhir::Severity;
use fhir::primitive::Temporal;

/// How to validate.
#[derive(Clone, Debug)]
pub struct Options {
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
}

impl Default for Options {
    fn default() -> Self {
        Self {
            claims: true,
            unknown_profile: Severity::Warning,
            unknown_extension: Severity::Information,
            best_practice: Severity::Warning,
            now: None,
        }
    }
}
