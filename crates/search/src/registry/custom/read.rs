//! The members of a SearchParameter resource.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};

use super::{Definition, Part, each_once, types_of};
use crate::codes;
use crate::registry::ParameterKind;

/// How long a code may be.
const MAX_CODE: usize = 64;
/// How long an expression may be, in bytes.
pub(super) const MAX_EXPRESSION: usize = 4096;
/// How many parts a composite may have.
const MAX_PARTS: usize = 8;

/// What the resource says, or all that is wrong with its members.
pub(super) fn read(id: &str, resource: &Value) -> Result<Definition, Vec<Issue>> {
    let mut issues = Vec::new();
    let definition = Definition {
        id: id.into(),
        url: resource.text("url").unwrap_or_default().into(),
        version: resource.text("version").unwrap_or_default().into(),
        code: code(resource, &mut issues),
        kind: kind(resource, &mut issues),
        bases: names(resource, "base", codes::DEFINITION_BASE, &mut issues),
        expression: expression(resource, "SearchParameter", &mut issues),
        targets: targets(resource, &mut issues),
        components: components(resource, &mut issues),
    };
    if issues.is_empty() { Ok(definition) } else { Err(issues) }
}

fn code(resource: &Value, issues: &mut Vec<Issue>) -> Box<str> {
    let code = resource.text("code").unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let is_reserved = crate::parse::is_result_parameter(code) || ResourceType::parse(code).is_some();
    if code.is_empty() || code.len() > MAX_CODE || !code.chars().all(is_plain) || is_reserved {
        let rule = format!(
            "a code to search by has 1 to {MAX_CODE} letters, digits, `-` and `_`, and is none that says how to answer, as `_sort`"
        );
        issues.push(Issue::error(codes::DEFINITION_CODE, IssueCode::Value, "SearchParameter.code", rule));
    }
    code.into()
}

fn kind(resource: &Value, issues: &mut Vec<Issue>) -> ParameterKind {
    match resource.text("type").and_then(ParameterKind::parse) {
        Some(kind) if kind != ParameterKind::Special => kind,
        _ => {
            let rule = "it must be number, date, string, token, reference, composite, quantity or uri: what is special needs a server that knows it";
            issues.push(Issue::error(codes::DEFINITION_KIND, IssueCode::NotSupported, "SearchParameter.type", rule));
            ParameterKind::Special
        }
    }
}

fn names(resource: &Value, member: &str, number: u16, issues: &mut Vec<Issue>) -> Vec<ResourceType> {
    let mut types = Vec::new();
    for (index, name) in resource.list(member).enumerate() {
        match name.as_str().and_then(types_of) {
            Some(found) => types.extend(found),
            None => {
                let place = format!("SearchParameter.{member}[{index}]");
                issues.push(Issue::error(number, IssueCode::Value, place, "it must be the name of a resource type of FHIR R4"));
            }
        }
    }
    if types.is_empty() && member == "base" && issues.iter().all(|issue| issue.number != number) {
        issues.push(Issue::error(number, IssueCode::Required, "SearchParameter.base", "name the types that have the parameter"));
    }
    each_once(types)
}

/// All types, where a reference names none: then its elements tell.
fn targets(resource: &Value, issues: &mut Vec<Issue>) -> Vec<ResourceType> {
    names(resource, "target", codes::DEFINITION_TARGET, issues)
}

fn expression(of: &Value, place: &str, issues: &mut Vec<Issue>) -> Box<str> {
    let expression = of.text("expression").unwrap_or_default();
    let rule = match expression.trim() {
        "" => Some("it needs an expression: the FHIRPath that finds the values in a resource".to_owned()),
        long if long.len() > MAX_EXPRESSION => Some(format!("it may have {MAX_EXPRESSION} bytes at most")),
        _ => None,
    };
    if let Some(rule) = rule {
        issues.push(Issue::error(codes::DEFINITION_EXPRESSION, IssueCode::Invalid, format!("{place}.expression"), rule));
    }
    expression.into()
}

fn components(resource: &Value, issues: &mut Vec<Issue>) -> Vec<Part> {
    if resource.text("type") != Some("composite") {
        return Vec::new();
    }
    let count = resource.list("component").count();
    if !(2..=MAX_PARTS).contains(&count) {
        let rule = format!("a composite has 2 to {MAX_PARTS} components");
        issues.push(Issue::error(codes::DEFINITION_COMPONENT, IssueCode::Invalid, "SearchParameter.component", rule));
        return Vec::new();
    }
    let read = |(index, part): (usize, &Value)| Part {
        definition: part.text("definition").unwrap_or_default().into(),
        expression: expression(part, &format!("SearchParameter.component[{index}]"), issues),
    };
    resource.list("component").enumerate().map(read).collect()
}
