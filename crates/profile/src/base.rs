//! What FHIR R4 asks of every resource beyond its structure: HL7's own invariants, the use of extensions, and what attachments and texts hold.
//!
//! [`check`] walks over a resource once, contained resources, Bundle entries and Parameters included, and looks each object's type up in tables
//! that were compiled once. `fhir::check` is the structural check and comes first: nothing that it judges is judged here again, and of what it
//! refuses only so much is said here as can be.

mod address;
mod attachment;
mod canonical;
mod corrections;
mod extension;
mod guard;
mod native;
mod place;
mod plan;
mod remedy;
mod search_parameter;
mod security;
mod walk;

use fhir::library::Library;
use fhir::{Issue, Value};

pub(crate) use corrections::corrected;
pub use extension::{Cache as ExtensionCache, Definition as ExtensionDefinition, Nested as NestedExtension, Use as ExtensionUse};
pub use plan::{Constraint, constraints};

/// What is asked of a resource.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Whether best practice is told too, as information: a narrative for every resource (dom-6), a clinical status (con-3).
    pub best_practice: bool,
    /// Whether texts that look as if they held HTML are told.
    pub security: bool,
    /// Where definitions of extensions are found that are not HL7's own.
    pub library: Option<&'a dyn Library>,
    /// What is remembered of that library's extensions; without it they are read anew for each use.
    pub extensions: Option<&'a ExtensionCache>,
}

/// Adds an issue for each of FHIR's invariants that does not hold, each extension that does not stand where it may or does not hold what it
/// may, and each rule that single types have beyond invariants: attachments, Bundles, Questionnaires, MeasureReports, search parameters; at most 100.
///
/// Each has the FHIRPath of the element, the key of the invariant or the address of the extension, and what would satisfy it. No issue repeats
/// a value of the resource. Time grows with the size of the resource; an invariant that takes too many steps is a warning instead.
pub fn check(resource: &Value, options: &Options<'_>, issues: &mut Vec<Issue>) {
    walk::Walk::new(plan::plans(), options, issues).outermost(resource);
}
