//! One parameter's value: is it of the type that the definition asks for?

use fhir::definitions::{Type, definitions};
use fhir::{Issue, IssueCode, Object, Value, array, object};

use crate::codes;
use crate::operation::Parameter;

/// Types whose values can stand for each other, when they are written as the wanted one is.
const FAMILIES: [&[&str]; 3] = [
    &["string", "code", "uri", "url", "canonical", "id", "markdown", "oid", "uuid"],
    &["date", "dateTime", "instant"],
    &["decimal", "integer", "positiveInt", "unsignedInt"],
];

/// The value that a text in an address stands for.
pub(super) fn from_text(parameter: &Parameter, text: &str) -> Result<Value, Issue> {
    let (Some(kind), true) = (parameter.kind, parameter.is_primitive()) else {
        let kind = parameter.kind.unwrap_or("parameter with parts");
        let rule = format!("`{}` is a {kind}, which no address can hold: send it with POST in a Parameters resource", parameter.name);
        return Err(Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Invalid, "", rule));
    };
    let value = match (kind, text) {
        ("boolean", "true" | "false") => Value::Bool(text == "true"),
        ("decimal" | "integer" | "positiveInt" | "unsignedInt", _) => Value::Number(text.into()),
        _ => Value::from(text),
    };
    checked(parameter, kind, value, "")
}

/// The value in an item of `Parameters.parameter`: of `value[x]`, the resource, or the whole item for one with parts.
pub(super) fn from_parameter(parameter: &Parameter, given: Value, place: &str) -> Result<Value, Issue> {
    let wrong = |rule: String| Err(Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, place, rule));
    let name = parameter.name;
    let Value::Object(mut given) = given else { return wrong(format!("`{name}` is an object with a name and a value")) };
    let Some(kind) = parameter.kind else {
        return match checked_issue(&Value::Object(given.clone())) {
            None if given.get("part").is_some() => Ok(Value::Object(given)),
            None => wrong(format!("`{name}` has parts, each with a name and a value")),
            Some(issue) => wrong(format!("`{name}`: {}", issue.diagnostics)),
        };
    };
    if parameter.is_resource() {
        let text = || if parameter.takes_text { in_extension(&given) } else { None };
        let resource = text().or_else(|| given.remove("resource")).filter(|resource| is_resource(resource, kind));
        let words = if kind == "Resource" { "resource".to_owned() } else { format!("{kind} resource") };
        return resource.map_or_else(|| wrong(format!("`{name}` is a {words}, in the member `resource`")), Ok);
    }
    let member = given.iter().find(|(member, _)| member.starts_with("value")).map(|(member, _)| member.to_string());
    let Some((found, value)) = member.and_then(|member| Some((type_of(&member)?.name, given.remove(&member)?))) else {
        return wrong(format!("`{name}` needs a value, in the member `{}`", member_of(kind)));
    };
    if found != kind && !FAMILIES.iter().any(|family| family.contains(&found) && family.contains(&kind)) {
        return wrong(format!("`{name}` is a {kind}, in the member `{}`, and here stands a {found}", member_of(kind)));
    }
    // Terminology's own suite writes a truth as text, and there is one way to read it.
    let value = match (kind, value.as_str()) {
        ("boolean", Some(text @ ("true" | "false"))) => Value::Bool(text == "true"),
        _ => value,
    };
    checked(parameter, kind, value, place)
}

/// The resource whose text an extension of the FHIRPath Lab holds: `json-value` or `xml-value`.
fn in_extension(given: &Object) -> Option<Value> {
    let of = |name: &str| {
        let mut extensions = given.get("extension").into_iter().flat_map(Value::each);
        let wanted = format!("http://fhir.forms-lab.com/StructureDefinition/{name}");
        extensions.find(|extension| extension.text("url") == Some(&wanted))?.text("valueString")
    };
    match (of("json-value"), of("xml-value")) {
        (Some(json), _) => fhir::json::parse(json.as_bytes()).ok(),
        (None, Some(xml)) => fhir::xml::parse(xml.as_bytes()).ok(),
        (None, None) => None,
    }
}

/// The text of a search parameter that was given as a parameter: of a primitive.
pub(super) fn criterion(given: &Value) -> Option<String> {
    let (_, value) = given.as_object()?.iter().find(|(member, _)| member.starts_with("value"))?;
    match value {
        Value::String(text) | Value::Number(text) => Some(text.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn is_resource(value: &Value, kind: &str) -> bool {
    value.resource_type().is_some_and(|found| kind == "Resource" || found == kind)
}

/// Refuses a value that is not written as its type wants it.
fn checked(parameter: &Parameter, kind: &str, value: Value, place: &str) -> Result<Value, Issue> {
    let item = Value::Object(Object::from_iter([("name".to_owned(), Value::from("value")), (member_of(kind), value.clone())]));
    match checked_issue(&item) {
        None => Ok(value),
        Some(issue) => {
            let rule = format!("`{}` is a {kind}: {}", parameter.name, issue.diagnostics);
            Err(Issue::error(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, place, rule))
        }
    }
}

/// What is wrong with an item of `Parameters.parameter`, by the rules for all resources.
fn checked_issue(item: &Value) -> Option<Issue> {
    let parameters = object! { "resourceType": "Parameters", "parameter": array![item.clone()] };
    fhir::check::check(&parameters).into_iter().next()
}

/// `valueCode` for `code`.
pub(in crate::operation) fn member_of(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().fold("value".to_owned(), |text, letter| text + &letter.to_string()) + letters.as_str()
}

/// The type that a member `valueCode` of a parameter has.
fn type_of(member: &str) -> Option<&'static Type> {
    let (_, kind) = definitions().type_by_name("Parameters.parameter")?.member(member)?;
    Some(definitions().get(kind.id))
}
