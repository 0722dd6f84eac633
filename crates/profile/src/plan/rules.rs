//! What a profile says of an element's value: fixed values and patterns, ranges, bindings, invariants.

use fhir::canonical::Canonical;
use fhir::definitions::{BindingStrength, Element};
use fhir::{Object, Severity, Value};
use fhirpath::Expression;

use super::registry::DEFINITIONS;
use super::types::named_type;
use crate::base::corrected;

const BEST_PRACTICE: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";

const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const NEEDS_VALUE: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue";

const LANGUAGES: &str = "http://hl7.org/fhir/StructureDefinition/narrative-language-control";

const ALTERNATIVES: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives";

/// The rules for an element's value.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// `fixed[x]` or `pattern[x]`.
    pub(crate) exact: Option<Exact>,
    /// `maxLength`, in characters.
    pub(crate) max_length: Option<usize>,
    /// The least length, in characters: an extension of the definition.
    pub(crate) min_length: Option<usize>,
    /// Whether a primitive must have a value, where only extensions are not enough: as R5 defines it, here an extension.
    pub(crate) needs_value: bool,
    /// The extensions of which one must be there when there is no value: as R5 defines it, too.
    pub(crate) alternatives: Box<[Box<str>]>,
    /// The sections with languages that a narrative must have.
    pub(crate) languages: Box<[Box<str>]>,
    /// `minValue[x]` and `maxValue[x]`.
    pub(crate) least: Option<Value>,
    pub(crate) greatest: Option<Value>,
    /// The value set.
    pub(crate) binding: Option<Bound>,
    /// The invariants of the profile: not those of FHIR itself.
    pub(crate) constraints: Box<[Constraint]>,
}

/// A value that an element must have.
#[derive(Debug)]
pub(crate) enum Exact {
    /// This and nothing else.
    Fixed(Value),
    /// At least what this has.
    Pattern(Value),
}

/// A value set that codes are bound to.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) strength: BindingStrength,
    pub(crate) value_set: Box<str>,
}

/// An invariant.
#[derive(Debug)]
pub(crate) struct Constraint {
    pub(crate) key: Box<str>,
    /// What it asks for, in the words of the profile.
    pub(crate) human: Box<str>,
    pub(crate) severity: Severity,
    pub(crate) is_best_practice: bool,
    pub(crate) expression: Expression,
}

impl Rules {
    /// What an ElementDefinition says, beyond FHIR's own element. Expressions that cannot be parsed go to `problems`.
    pub(super) fn of(definition: &Object, element: Option<&Element>, problems: &mut Vec<String>) -> Option<Box<Self>> {
        let exact = Exact::of(definition);
        let max_length = definition.get("maxLength").and_then(Value::as_number).and_then(|number| number.parse().ok());
        let constraints = definition.get("constraint").into_iter().flat_map(Value::each);
        let constraints: Vec<_> = constraints.filter_map(|constraint| Constraint::of(constraint, problems)).collect();
        let rules = Self {
            exact,
            max_length,
            min_length: extension(definition, MIN_LENGTH).and_then(|value| value.as_number()?.parse().ok()),
            needs_value: extension(definition, NEEDS_VALUE) == Some(&Value::Bool(true)),
            alternatives: extension(definition, ALTERNATIVES).into_iter().filter_map(Value::as_str).map(Box::from).collect(),
            languages: extensions(definition, LANGUAGES).filter_map(Value::as_str).map(Box::from).collect(),
            least: choice(definition, "minValue"),
            greatest: choice(definition, "maxValue"),
            binding: definition.get("binding").and_then(Bound::of).filter(|bound| !bound.is_base(element)),
            constraints: constraints.into(),
        };
        let is_empty = rules.exact.is_none() && rules.max_length.is_none() && rules.least.is_none() && rules.greatest.is_none();
        let is_empty =
            is_empty && rules.min_length.is_none() && !rules.needs_value && rules.alternatives.is_empty() && rules.languages.is_empty();
        (!is_empty || rules.binding.is_some() || !rules.constraints.is_empty()).then(|| Box::new(rules))
    }
}

/// The value of the extension with that address.
pub(crate) fn extension<'d>(definition: &'d Object, url: &'d str) -> Option<&'d Value> {
    extensions(definition, url).next()
}

/// The values of all extensions with that address.
fn extensions<'d>(definition: &'d Object, url: &'d str) -> impl Iterator<Item = &'d Value> {
    let extensions = definition.get("extension").into_iter().flat_map(Value::each);
    let meant = extensions.filter(move |extension| extension.text("url") == Some(url)).filter_map(Value::as_object);
    meant.filter_map(|extension| extension.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value))
}

/// The value of a choice such as `fixed[x]`.
fn choice(definition: &Object, name: &str) -> Option<Value> {
    let is_meant = |member: &str| member.strip_prefix(name).is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()));
    definition.iter().find(|(member, _)| is_meant(member)).map(|(_, value)| value.clone())
}

impl Exact {
    /// What an ElementDefinition fixes, or the pattern that it has.
    pub(crate) fn of(definition: &Object) -> Option<Self> {
        choice(definition, "fixed").map(Exact::Fixed).or_else(|| choice(definition, "pattern").map(Exact::Pattern))
    }
}

impl Bound {
    pub(crate) fn of(binding: &Value) -> Option<Self> {
        Some(Self { strength: BindingStrength::parse(binding.text("strength")?)?, value_set: binding.text("valueSet")?.into() })
    }

    /// Whether FHIR's element is bound the same way.
    fn is_base(&self, element: Option<&Element>) -> bool {
        let same = |binding: &fhir::definitions::Binding| {
            binding.strength == self.strength && binding.value_set == Canonical::parse(&self.value_set).url
        };
        element.and_then(|element| element.binding.as_ref()).is_some_and(same)
    }
}

impl Constraint {
    fn of(constraint: &Value, problems: &mut Vec<String>) -> Option<Self> {
        if constraint.text("source").is_some_and(is_base_source) {
            return None;
        }
        let (key, text) = (constraint.text("key")?, constraint.text("expression")?);
        let expression = match Expression::parse(corrected(key, text)) {
            Ok(expression) => expression,
            Err(error) => {
                problems.push(format!("the expression of the invariant {key} cannot be parsed: {error}"));
                return None;
            }
        };
        let is_best_practice = constraint
            .list("extension")
            .any(|extension| extension.text("url") == Some(BEST_PRACTICE) && extension.get("valueBoolean") == Some(&Value::Bool(true)));
        let severity = if constraint.text("severity") == Some("warning") { Severity::Warning } else { Severity::Error };
        Some(Self { key: key.into(), human: constraint.text("human").unwrap_or_default().into(), severity, is_best_practice, expression })
    }
}

/// Whether an invariant is FHIR's own: those are evaluated for every resource.
fn is_base_source(source: &str) -> bool {
    named_type(source).is_some() || named_type(&format!("{DEFINITIONS}{source}")).is_some()
}
