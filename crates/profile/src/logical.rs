//! Instances of logical models: data that is no FHIR resource, described by a StructureDefinition of the kind `logical`
//! (<http://hl7.org/fhir/R4/structuredefinition.html#logical>).
//!
//! The model's snapshot is walked beside the JSON. What is of one of FHIR's own types is judged as FHIR judges such a value anywhere.

mod element;
mod value;

use fhir::canonical::Canonical;
use fhir::check::Path;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Severity, Value};

use crate::binding::Binding;
use crate::codes;
use crate::snapshot::{Generator, Tree};

/// How many issues are reported at most.
const MAX_ISSUES: usize = 200;
/// How deep elements may be nested.
const MAX_DEPTH: usize = 64;
/// How many elements are looked at, and how many steps the invariants may take together.
const MAX_STEPS: u64 = 5_000_000;

/// Whether the definition of this address is a logical model: its instances are no resources.
pub fn is_model(address: &str, library: &dyn Library) -> bool {
    let definition = library.find("StructureDefinition", &Canonical::parse(address));
    definition.is_some_and(|definition| definition.text("kind") == Some("logical"))
}

/// What is wrong with an instance of the logical model of this address: at most 200 issues, empty when it fits. Each names the element, from the
/// model's name on, and what would be right; none repeats a value.
///
/// A model that is not known, or whose definition cannot be used, is an error. What takes too many steps ends in an error, too.
pub fn validate(instance: &Value, model: &str, library: &dyn Library, binding: &dyn Binding) -> Vec<Issue> {
    let mut generator = Generator::new(library);
    let mut tree = match generator.tree(model) {
        Ok(Some(tree)) => tree,
        Ok(None) => {
            let text = "the logical model is not known: add the package that has it";
            return vec![Issue::error(codes::PROFILE_UNKNOWN, IssueCode::NotFound, "", text)];
        }
        Err(error) => return vec![error.issue()],
    };
    let name = tree.name.clone();
    let mut walk = Walk { generator, binding, issues: Vec::new(), steps_left: MAX_STEPS, outermost: instance, base: tree.clone() };
    walk.object(&mut tree, instance, &Path::root(&name));
    walk.issues
}

/// The walk: what it knows and what it has found.
struct Walk<'w> {
    generator: Generator<'w>,
    binding: &'w dyn Binding,
    issues: Vec<Issue>,
    steps_left: u64,
    outermost: &'w Value,
    /// The whole model: where content references lead.
    base: Tree,
}

impl Walk<'_> {
    fn error(&mut self, number: u16, code: IssueCode, path: &Path, text: impl Into<String>) {
        self.report(Severity::Error, number, code, path, text);
    }

    fn report(&mut self, severity: Severity, number: u16, code: IssueCode, path: &Path, text: impl Into<String>) {
        if self.issues.len() < MAX_ISSUES {
            self.issues.push(Issue::error(number, code, path.to_string(), text).with_severity(severity));
        }
    }

    /// Counts work; whether there may be more.
    fn goes_on(&mut self, path: &Path) -> bool {
        if path.depth() > MAX_DEPTH || self.steps_left == 0 {
            if !self.issues.iter().any(|issue| issue.number == codes::TOO_COSTLY) {
                let text = "the data and its model take more work than a validation may: nest less, or split the data";
                self.issues.push(Issue::error(codes::TOO_COSTLY, IssueCode::TooCostly, "", text));
            }
            return false;
        }
        self.steps_left -= 1;
        self.issues.len() < MAX_ISSUES
    }
}
