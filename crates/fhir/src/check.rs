//! Whether a resource is built as its definition says: <http://hl7.org/fhir/R4/json.html> and the definition tables.
//!
//! One walk over the tree finds every fault of structure: unknown and missing elements, wrong JSON kinds, cardinalities,
//! the forms of primitives, extensions, contained resources, references, and the codes of required bindings. The
//! invariants that are written in FHIRPath, and profiles, are judged elsewhere.

mod binding;
mod complex;
mod contained;
mod extension;
mod form;
mod path;
mod primitive;
mod reference;
mod resource;
mod suggest;

use std::sync::OnceLock;

use crate::codes;
use crate::definitions::{Definitions, TypeId, definitions};
use crate::outcome::{Issue, IssueCode, Severity};
use crate::value::Value;
use contained::Container;
pub use form::{fits, is_uuid_urn};
pub use path::Path;

/// How many issues are reported at most; one more says that there are others.
pub const MAX_ISSUES: usize = 100;

/// How deep elements may be nested.
const MAX_DEPTH: usize = 128;

/// What the surroundings of a resource allow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowances {
    /// References that are searches (`Patient?identifier=…`) or placeholders (`urn:uuid:` and any name), outside a
    /// transaction too: for whoever resolves them before the resource is stored. They are always allowed in a Bundle that
    /// is a transaction or a batch.
    pub conditional_references: bool,
}

/// All faults of structure of a resource, at most [`MAX_ISSUES`] and a last one that says so; empty when it is sound.
///
/// Each has the FHIRPath of the element, which begins with the resource's type, and says what would be right. No issue
/// repeats a value of the resource. Time grows with the size of the resource. For a sound one nothing is allocated, but a
/// list of the ids when it contains several resources.
pub fn check(resource: &Value) -> Vec<Issue> {
    check_with(resource, Allowances::default())
}

/// Like [`check`], with allowances.
pub fn check_with(resource: &Value, allowances: Allowances) -> Vec<Issue> {
    let mut checker = Checker { definitions: definitions(), known: known(), issues: Vec::new(), left_out: false };
    checker.outermost(resource, allowances);
    checker.issues
}

/// The walk: what it knows and what it has found.
struct Checker {
    definitions: &'static Definitions,
    known: &'static KnownTypes,
    issues: Vec<Issue>,
    left_out: bool,
}

/// Types with rules of their own.
struct KnownTypes {
    extension: TypeId,
    reference: TypeId,
    coding: TypeId,
    codeable_concept: TypeId,
}

/// Where in its surroundings an element stands.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// The resource whose contained resources `#id` finds.
    container: &'a Container<'a>,
    /// Whether references may be searches or placeholders: [`Allowances::conditional_references`].
    conditional_references: bool,
}

fn known() -> &'static KnownTypes {
    static KNOWN: OnceLock<KnownTypes> = OnceLock::new();
    let id = |name| definitions().type_by_name(name).map_or(TypeId(u16::MAX), |kind| kind.id);
    KNOWN.get_or_init(|| KnownTypes {
        extension: id("Extension"),
        reference: id("Reference"),
        coding: id("Coding"),
        codeable_concept: id("CodeableConcept"),
    })
}

impl Checker {
    fn report(&mut self, number: u16, code: IssueCode, path: &Path, diagnostics: impl Into<String>) {
        if self.issues.len() < MAX_ISSUES {
            self.issues.push(Issue::error(number, code, path.to_string(), diagnostics));
        } else if !self.left_out {
            self.left_out = true;
            let text = format!("there are more issues; the first {MAX_ISSUES} are reported: mend them and try again");
            let more = Issue::error(codes::MORE_ISSUES, IssueCode::Incomplete, "", text);
            self.issues.push(more.with_severity(Severity::Information));
        }
    }

    fn structure(&mut self, number: u16, path: &Path, diagnostics: impl Into<String>) {
        self.report(number, IssueCode::Structure, path, diagnostics);
    }

    fn wrong_kind(&mut self, path: &Path, value: &Value, expected: &str) {
        match value {
            Value::Null => {
                self.structure(codes::NULL, path, "null stands only in the arrays of repeating primitives: leave the element out")
            }
            Value::Array(_) => {
                self.structure(
                    codes::ARRAY_UNEXPECTED,
                    path,
                    format!("this element does not repeat: it is {expected}, without an array around it"),
                );
            }
            other => self.structure(codes::WRONG_KIND, path, format!("this is {}; it must be {expected}", other.kind())),
        }
    }
}
