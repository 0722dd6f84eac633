//! Values: of FHIR's types, fixed, bound, and by invariants.

use fhir::check::Path;
use fhir::definitions::{BindingStrength, TypeKind, definitions};
use fhir::{Issue, IssueCode, Object, Severity, Value, array, object};
use fhirpath::{Context, Expression, Item};

use super::Walk;
use crate::binding::{Coded, Membership};
use crate::codes;
use crate::plan::{Bound, Exact};

/// Types that anything may be.
const OPEN: [&str; 5] = ["Base", "Element", "BackboneElement", "*", "http://hl7.org/fhir/StructureDefinition/Base"];

impl Walk<'_> {
    /// A value of one of the types that the definition states.
    pub(super) fn typed(&mut self, definition: &Object, value: &Value, path: &Path) {
        let codes: Vec<&str> = types(definition).filter(|code| !OPEN.contains(code)).collect();
        let mut first: Option<Vec<Issue>> = None;
        for code in &codes {
            let issues = faults(code, value);
            if issues.is_empty() {
                return;
            }
            first.get_or_insert(issues);
        }
        let Some(issues) = first else { return };
        if codes.len() > 1 {
            let text = format!("the value is of none of the types {}", codes.join(", "));
            return self.error(codes::TYPE_NOT_ALLOWED, IssueCode::Structure, path, text);
        }
        for issue in issues {
            // What stands below the value comes behind the path of the element.
            let below = issue.expression.strip_prefix(WRAPPED).unwrap_or_default();
            let expression = format!("{path}{below}");
            self.issues.push(Issue { expression, ..issue });
        }
    }

    /// A fixed value or a pattern.
    pub(super) fn exact(&mut self, definition: &Object, value: &Value, path: &Path) {
        let Some(exact) = Exact::of(definition).filter(|exact| !exact.allows(value)) else { return };
        let (number, text) = match exact {
            Exact::Fixed(_) => (codes::FIXED, "the value must be exactly the one that the model fixes"),
            Exact::Pattern(_) => (codes::PATTERN, "the value must have all that the pattern of the model has"),
        };
        self.error(number, IssueCode::Value, path, text);
    }

    /// A code that the definition binds.
    pub(super) fn bound(&mut self, definition: &Object, value: &Value, path: &Path) {
        let Some(bound) = definition.get("binding").and_then(Bound::of) else { return };
        let severity = match bound.strength {
            BindingStrength::Required => Severity::Error,
            BindingStrength::Extensible => Severity::Warning,
            BindingStrength::Preferred | BindingStrength::Example => return,
        };
        let coded = match value {
            Value::String(text) => Coded::Code(text),
            Value::Object(object) if object.get("coding").is_some() => Coded::Concept(value),
            Value::Object(_) => Coded::Coding(value),
            _ => return,
        };
        match self.binding.judge(&bound.value_set, bound.strength, coded) {
            Membership::In => {}
            Membership::NotIn => {
                let text = format!("the code is not in the value set {}: take one that is", bound.value_set);
                self.report(severity, codes::NOT_IN_VALUE_SET, IssueCode::CodeInvalid, path, text);
            }
            Membership::CannotTell(why) => {
                let text = format!("whether the code is in the value set {} cannot be told: {why}", bound.value_set);
                self.report(Severity::Information, codes::VALUE_SET_UNKNOWN, IssueCode::NotSupported, path, text);
            }
        }
    }

    /// The invariants of an element. Those that cannot be evaluated on data without types are warnings.
    pub(super) fn invariants(&mut self, definition: &Object, value: &Value, path: &Path) {
        for constraint in definition.get("constraint").into_iter().flat_map(Value::each) {
            let (Some(key), Some(text)) = (constraint.text("key"), constraint.text("expression")) else { continue };
            let severity = if constraint.text("severity") == Some("warning") { Severity::Warning } else { Severity::Error };
            let holds = Expression::parse(text).and_then(|expression| {
                let context = Context::default().with_resource(Item::plain(self.outermost));
                expression.is_true_within(&context, &Item::plain(value), &mut self.steps_left)
            });
            match holds {
                Ok(true) => {}
                Ok(false) => {
                    let text = format!("the invariant {key} does not hold: {}", constraint.text("human").unwrap_or_default());
                    self.report(severity, codes::INVARIANT, IssueCode::Invariant, path, text);
                }
                Err(error) => {
                    let text = format!("the invariant {key} could not be evaluated: {error}");
                    self.report(Severity::Warning, codes::INVARIANT_FAILED, IssueCode::Exception, path, text);
                }
            }
        }
    }
}

/// Where a value stands while FHIR's own rules judge it.
const WRAPPED: &str = "Parameters.parameter[0].value";

/// What is wrong with a value as one of FHIR's type `code`; nothing when it is no type whose values stand alone.
fn faults(code: &str, value: &Value) -> Vec<Issue> {
    let Some(kind) = definitions().type_by_name(code) else { return Vec::new() };
    if kind.kind == TypeKind::Resource {
        let found = value.resource_type().and_then(|name| definitions().type_by_name(name));
        if found.is_some_and(|found| definitions().is_a(found.id, kind.id)) {
            return judged(value);
        }
        let text = format!("this must be a resource of the type {code}");
        return vec![Issue::error(codes::TYPE_NOT_ALLOWED, IssueCode::Structure, "", text)];
    }
    // Parameters hold a value of any type that stands alone.
    let first = code.chars().next().map(|first| first.to_ascii_uppercase());
    let member = format!("value{}{}", first.map(String::from).unwrap_or_default(), code.get(1..).unwrap_or_default());
    let parameters = definitions().type_by_name("Parameters.parameter");
    if parameters.is_none_or(|parameter| parameter.member(&member).is_none()) {
        return Vec::new();
    }
    let parameter = Object::from_iter([("name".to_owned(), Value::from("value")), (member, value.clone())]);
    judged(&object! { "resourceType": "Parameters", "parameter": array![Value::from(parameter)] })
}

/// What FHIR itself finds wrong.
fn judged(resource: &Value) -> Vec<Issue> {
    let mut issues = fhir::check::check(resource);
    crate::base::check(resource, &crate::base::Options::default(), &mut issues);
    issues.retain(|issue| issue.severity >= Severity::Error);
    issues
}

fn types(definition: &Object) -> impl Iterator<Item = &str> {
    definition.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code"))
}

/// Whether all of an element's types are FHIR's own: FHIR judges them, and nothing of the model is unfolded.
pub(super) fn is_of_fhir(definition: &Object) -> bool {
    let is_known = |code: &str| definitions().type_by_name(code).is_some() || OPEN.contains(&code);
    definition.get("contentReference").is_none() && types(definition).all(is_known)
}
