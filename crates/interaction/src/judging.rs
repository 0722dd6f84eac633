//! The judge of a server: FHIR's own rules, and those of profiles, with codes looked up by its terminology.

use std::sync::Arc;

use ::terminology::{Bound, Membership as InValueSet, Terminology};
use fhir::canonical::is_conformance;
use fhir::definitions::{BindingStrength, ResourceType};
use fhir::library::Library;
use fhir::{Issue, Severity, Value, outcome};
use fhirpath::Terminology as _;
use profile::base::{self, ExtensionCache};
use profile::binding::{Binding, Coded, Membership};
use profile::codes::{EXTENSION_CONTENT, EXTENSION_CONTEXT, EXTENSION_COUNT};
use profile::questionnaire::{Surroundings, check_response};
use profile::{Conformance, Options, Plans, validate};

use crate::terminology::Terms;
use crate::validation::Judge;

/// Judges resources by what is in force, and keeps what it has compiled of that.
pub struct Rulebook {
    terms: Arc<Terms>,
    plans: Plans,
    extensions: ExtensionCache,
}

impl Default for Rulebook {
    /// A judge that knows codes only from the library.
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl Rulebook {
    /// A judge that looks codes up so.
    pub(crate) fn new(terms: Arc<Terms>) -> Self {
        Self { terms, plans: Plans::default(), extensions: ExtensionCache::default() }
    }

    /// Everything that is to be said of a resource beyond its structure, best practice too: by FHIR's rules, by the profiles that it claims, and by
    /// these.
    pub fn everything(&self, resource: &Value, profiles: &[&str], library: &dyn Library) -> Vec<Issue> {
        let mut issues = self.base_rules(resource, library, true);
        outcome::add_new(&mut issues, self.profile_rules(resource, profiles, library, true));
        issues
    }

    /// Does something with who knows codes and profiles by what is in force: FHIRPath asks them in `memberOf()`, `subsumes()` and `conformsTo()`.
    pub fn answering<T>(&self, library: &dyn Library, ask: impl FnOnce(&Terminology<'_>, &Conformance<'_>) -> T) -> T {
        let known = self.terms.known();
        let codes = Codes(known.engine(library));
        ask(&codes.0, &Conformance::new(&self.plans, library, &codes))
    }

    fn base_rules(&self, resource: &Value, library: &dyn Library, best_practice: bool) -> Vec<Issue> {
        let mut issues = Vec::new();
        let options =
            base::Options { best_practice, library: Some(library), extensions: Some(&self.extensions), ..base::Options::default() };
        base::check(resource, &options, &mut issues);
        if resource.resource_type() == Some("QuestionnaireResponse") {
            let known = self.terms.known();
            let engine = known.engine(library);
            check_response(resource, &Surroundings { library, terminology: Some(&engine) }, &mut issues);
        }
        match resource.resource_type().and_then(ResourceType::parse) {
            Some(kind) if is_conformance(kind) => issues.into_iter().map(softened).collect(),
            _ => issues,
        }
    }

    fn profile_rules(&self, resource: &Value, profiles: &[&str], library: &dyn Library, claims: bool) -> Vec<Issue> {
        let options = Options { claims, unknown_profile: Severity::Warning, ..Options::default() };
        let known = self.terms.known();
        validate(resource, profiles, &options, &self.plans, library, &Codes(known.engine(library)))
    }
}

impl Judge for Rulebook {
    fn base(&self, resource: &Value, library: &dyn Library) -> Vec<Issue> {
        self.base_rules(resource, library, false)
    }

    fn profiles(&self, resource: &Value, profiles: &[&str], library: &dyn Library) -> Vec<Issue> {
        self.profile_rules(resource, profiles, library, false)
    }
}

/// What is said of extensions in conformance resources is a warning: guides are written with extensions as later releases define them, which may stand at
/// more elements than R4 says.
fn softened(issue: Issue) -> Issue {
    match issue.number {
        EXTENSION_CONTEXT | EXTENSION_CONTENT | EXTENSION_COUNT if issue.severity > Severity::Warning => {
            issue.with_severity(Severity::Warning)
        }
        _ => issue,
    }
}

/// Codes, as the terminology of a server knows them.
struct Codes<'a>(Terminology<'a>);

impl Binding for Codes<'_> {
    fn judge(&self, value_set: &str, strength: BindingStrength, coded: Coded<'_>) -> Membership {
        if matches!(strength, BindingStrength::Example | BindingStrength::Preferred) {
            return Membership::CannotTell(format!("the value set {value_set} is only an example or a preference"));
        }
        let bound = match coded {
            Coded::Code(code) => Bound::Code(code),
            Coded::Coding(coding) => Bound::Coding(coding),
            Coded::Concept(concept) => Bound::Concept(concept),
        };
        let verdict = self.0.validate_binding(value_set, bound);
        match verdict.membership {
            InValueSet::In => Membership::In,
            InValueSet::NotIn => Membership::NotIn,
            InValueSet::CannotTell => Membership::CannotTell(verdict.reason.unwrap_or_default()),
        }
    }

    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        self.0.member_of(value_set, system, code)
    }

    fn subsumes(&self, system: &str, code: &str, other: &str) -> Option<bool> {
        self.0.subsumes(system, code, other)
    }
}
