//! From a Parameters resource to its operations.

use fhir::{Issue, Object, Severity, Value};
use fhirpath::Expression;

use super::given::{self, Given};
use super::{Action, EmptyList, Step};
use crate::codes;
use crate::limits::{MAX_OPERATIONS, MAX_PATH_BYTES};
use crate::refusal::{Operation, malformed, too_many};

const NAMES: [&str; 5] = ["add", "insert", "delete", "replace", "move"];

/// The parts of each operation beside type and path, in the order of [`NAMES`].
const PARTS: [&[&str]; 5] = [&["name", "value"], &["index", "value"], &[], &["value"], &["source", "destination"]];

pub(super) fn read(parameters: &Value) -> Result<Vec<Step>, Vec<Issue>> {
    if parameters.resource_type() != Some("Parameters") {
        return Err(vec![malformed("resourceType", "a FHIRPath Patch is a Parameters resource")]);
    }
    let count = parameters.list("parameter").count();
    if count > MAX_OPERATIONS {
        return Err(vec![too_many("Parameters.parameter")]);
    }
    let broken: Vec<Issue> = fhir::check::check(parameters).into_iter().filter(|issue| issue.severity >= Severity::Error).collect();
    if !broken.is_empty() {
        return Err(broken);
    }
    let mut steps = Vec::with_capacity(count);
    let mut issues = Vec::new();
    for (index, parameter) in parameters.list("parameter").enumerate() {
        match step(index, parameter) {
            Ok(step) => steps.push(step),
            Err(issue) => issues.push(issue),
        }
    }
    if issues.is_empty() { Ok(steps) } else { Err(issues) }
}

/// An operation, whose parts are looked for by name.
struct Parts<'a> {
    operation: Operation,
    parts: Vec<(&'a str, &'a Object)>,
}

fn step(index: usize, parameter: &Value) -> Result<Step, Issue> {
    let mut operation = Operation { index, name: "operation", path: "".into(), expression: format!("Parameters.parameter[{index}]") };
    if parameter.text("name") != Some("operation") {
        return Err(operation.refuse(codes::OPERATION_UNKNOWN, "each parameter of a FHIRPath Patch has the name operation"));
    }
    let parts: Vec<_> = parameter.list("part").filter_map(|part| Some((part.text("name")?, part.as_object()?))).collect();
    operation.path = text(&parts, "path").unwrap_or_default().into();
    let named = text(&parts, "type").unwrap_or_default();
    let Some((name, known)) = NAMES.into_iter().zip(PARTS).find(|(name, _)| *name == named) else {
        return Err(operation.refuse(codes::OPERATION_UNKNOWN, "the part type must be add, insert, delete, replace or move"));
    };
    operation.name = name;
    for (place, (part, _)) in parts.iter().enumerate() {
        let is_known = matches!(*part, "type" | "path") || known.contains(part);
        if !is_known || parts[..place].iter().any(|(other, _)| other == part) {
            let wanted = [&["type", "path"], known].concat().join(", ");
            return Err(operation.refuse(codes::OPERATION_PART, format!("it has these parts, each once: {wanted}")));
        }
    }
    let parts = Parts { operation, parts };
    let path = parts.path()?;
    let action = match name {
        "add" => Action::Add { name: parts.name()?, value: parts.value()? },
        "insert" => Action::Insert { index: parts.index("index")?, value: parts.value()?, empty: empty_list(path.text()) },
        "replace" => Action::Replace(parts.value()?),
        "move" => Action::Move { source: parts.index("source")?, destination: parts.index("destination")? },
        _ => Action::Delete,
    };
    Ok(Step { operation: parts.operation, path, action })
}

fn text<'a>(parts: &[(&str, &'a Object)], name: &str) -> Option<&'a str> {
    let (_, part) = parts.iter().find(|(known, _)| *known == name)?;
    part.iter().find(|(name, _)| name.starts_with("value"))?.1.as_str()
}

impl Parts<'_> {
    fn refuse(&self, number: u16, remedy: impl AsRef<str>) -> Issue {
        self.operation.refuse(number, remedy)
    }

    fn path(&self) -> Result<Expression, Issue> {
        let path = &*self.operation.path;
        if path.is_empty() {
            return Err(self.refuse(codes::OPERATION_PART, "it needs the part path with a FHIRPath, such as Patient.name[0]"));
        }
        if path.len() > MAX_PATH_BYTES {
            return Err(self.refuse(codes::LIMIT, format!("a path may have {MAX_PATH_BYTES} bytes")));
        }
        Expression::parse(path).map_err(|error| self.refuse(codes::PATH_SYNTAX, error.to_string()))
    }

    fn name(&self) -> Result<Box<str>, Issue> {
        let name = text(&self.parts, "name").filter(|name| !name.is_empty());
        name.map(Into::into).ok_or_else(|| self.refuse(codes::OPERATION_PART, "it needs the part name: that of the element to add"))
    }

    fn index(&self, name: &str) -> Result<usize, Issue> {
        let part = self.parts.iter().find(|(known, _)| *known == name).and_then(|(_, part)| given::typed(part));
        let index = part.and_then(|(_, value, _)| value.as_number()?.parse().ok());
        index.ok_or_else(|| self.refuse(codes::OPERATION_PART, format!("it needs the part {name}, an integer counted from 0")))
    }

    fn value(&self) -> Result<Given, Issue> {
        let value = self.parts.iter().find(|(known, _)| *known == "value").and_then(|(_, part)| Given::read(part));
        value.ok_or_else(|| {
            self.refuse(codes::OPERATION_PART, "it needs the part value, with value[x], resource, or parts that have names and values")
        })
    }
}

/// The element and the name in a path that ends in a plain name: `Patient` and `identifier`.
fn empty_list(path: &str) -> Option<EmptyList> {
    let (holder, name) = path.trim().rsplit_once('.')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // A point within brackets or quotes leaves a beginning that cannot be parsed.
    let holder = Expression::parse(holder).ok().filter(|_| is_name)?;
    Some(EmptyList { holder, name: name.into() })
}
