//! Whether an expression is FHIRPath, names what there is, and yields what a parameter of its kind has values of.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use fhirpath::Expression;

use super::{Definition, Part};
use crate::codes;
use crate::registry::{ParameterKind, load};

/// What depends on more than the resource, or on all of it with its stamps: an index would be wrong the moment after.
const UNSTEADY: [&str; 8] = ["now", "today", "timeOfDay", "memberOf", "subsumes", "subsumedBy", "children", "descendants"];

/// Checks the expression of a parameter that is no composite, for a type.
pub(super) fn values(definition: &Definition, base: ResourceType) -> Result<(), Issue> {
    let found = yielded(definition, base)?;
    fits(definition.kind, found.as_deref(), "SearchParameter.expression")
}

/// Checks a part of a composite, whose own parameter is of a kind, for a type.
pub(super) fn part(definition: &Definition, part: &Part, kind: ParameterKind, base: ResourceType, place: &str) -> Result<(), Issue> {
    let place = format!("{place}.expression");
    let around = yielded(definition, base)?;
    let expression = parsed(&load::joined(&load::operands(&part.expression).collect::<Vec<_>>()), &place)?;
    let mut found = Some(Vec::new());
    for root in around.into_iter().flatten() {
        let types = expression.result_types(root).map_err(|error| refused(&error, &place))?;
        found = found.zip(types).map(|(mut all, more)| {
            all.extend(more);
            all
        });
    }
    fits(kind, found.as_deref().filter(|found| !found.is_empty()), &place)
}

/// The types that the expression may yield for a type; `None` when they are not known.
fn yielded(definition: &Definition, base: ResourceType) -> Result<Option<Vec<&'static str>>, Issue> {
    let place = "SearchParameter.expression";
    let branches = load::branches_of(base, Some(&definition.expression));
    if branches.is_empty() {
        let rule = format!("no part of it is about the base {}: add one, or take the base away", base.name());
        return Err(Issue::error(codes::DEFINITION_EXPRESSION, IssueCode::Invalid, place, rule));
    }
    let expression = parsed(&load::joined(&branches), place)?;
    expression.result_types(base.name()).map_err(|error| refused(&error, place))
}

fn parsed(text: &str, place: &str) -> Result<Expression, Issue> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let calls = |name: &str| {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(name) {
            if after.trim_start().starts_with('(') && !before.ends_with(is_name) {
                return true;
            }
            rest = after;
        }
        false
    };
    if let Some(name) = UNSTEADY.into_iter().find(|name| calls(name)) {
        let rule = format!("its values would depend on more than the resource's own elements: leave {name}() out");
        return Err(Issue::error(codes::DEFINITION_EXPRESSION, IssueCode::NotSupported, place, rule));
    }
    // The store stamps these after the resource was indexed.
    if ["lastUpdated", "versionId"].into_iter().any(|name| text.contains(name)) {
        let rule = "what the store stamps cannot be indexed so: leave versionId and lastUpdated out, and search by _lastUpdated";
        return Err(Issue::error(codes::DEFINITION_EXPRESSION, IssueCode::NotSupported, place, rule));
    }
    Expression::parse(text).map_err(|error| refused(&error, place))
}

fn refused(error: &fhirpath::Error, place: &str) -> Issue {
    Issue::error(codes::DEFINITION_EXPRESSION, IssueCode::Invalid, place, format!("it cannot be used: {error}"))
}

/// Whether one of the types has values of the kind: what the definitions do not tell is taken as it is.
fn fits(kind: ParameterKind, found: Option<&[&'static str]>, place: &str) -> Result<(), Issue> {
    let Some(found) = found.filter(|found| !found.is_empty()) else { return Ok(()) };
    if found.iter().any(|name| has_values(kind, name)) {
        return Ok(());
    }
    let rule = format!("it yields {}, and a {} parameter has no values of that", found.join(", "), kind.code());
    Err(Issue::error(codes::DEFINITION_VALUES, IssueCode::Value, place, rule))
}

/// The types that the extraction takes values from (<http://hl7.org/fhir/R4/search.html#table>).
fn has_values(kind: ParameterKind, name: &str) -> bool {
    let is_primitive = name.starts_with(|first: char| first.is_ascii_lowercase()) && name != "xhtml";
    match kind {
        ParameterKind::Token => is_primitive || matches!(name, "Coding" | "CodeableConcept" | "Identifier" | "ContactPoint"),
        ParameterKind::String => is_primitive || matches!(name, "HumanName" | "Address"),
        ParameterKind::Date => matches!(name, "date" | "dateTime" | "instant" | "Period" | "Timing"),
        ParameterKind::Number => matches!(name, "integer" | "decimal" | "positiveInt" | "unsignedInt" | "Range"),
        ParameterKind::Quantity => matches!(
            name,
            "Quantity" | "SimpleQuantity" | "MoneyQuantity" | "Money" | "Age" | "Count" | "Distance" | "Duration" | "Range" | "SampledData"
        ),
        ParameterKind::Reference => matches!(name, "Reference" | "canonical" | "uri" | "url" | "oid" | "uuid"),
        ParameterKind::Uri => matches!(name, "uri" | "url" | "canonical" | "oid" | "uuid"),
        ParameterKind::Composite | ParameterKind::Special => true,
    }
}
