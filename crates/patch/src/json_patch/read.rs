//! From the JSON of a patch to its operations.

use fhir::{Issue, Object, Value};

use super::{Action, Pointer, Step};
use crate::codes;
use crate::limits::{MAX_OPERATIONS, MAX_PATH_BYTES};
use crate::refusal::{Operation, malformed, too_many};

const NAMES: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

pub(super) fn read(document: &Value) -> Result<Vec<Step>, Vec<Issue>> {
    let Some(items) = document.as_array() else {
        return Err(vec![malformed("", "a JSON Patch is an array of operations, such as [{\"op\":\"remove\",\"path\":\"/telecom\"}]")]);
    };
    if items.len() > MAX_OPERATIONS {
        return Err(vec![too_many("")]);
    }
    let mut steps = Vec::with_capacity(items.len());
    let mut issues = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match step(index, item) {
            Ok(step) => steps.push(step),
            Err(issue) => issues.push(issue),
        }
    }
    if issues.is_empty() { Ok(steps) } else { Err(issues) }
}

fn step(index: usize, item: &Value) -> Result<Step, Issue> {
    let mut operation = Operation { index, name: "operation", path: "".into(), expression: String::new() };
    let Some(members) = item.as_object() else {
        return Err(operation.refuse(codes::OPERATION_PART, "an operation is an object with op and path"));
    };
    operation.path = members.get("path").and_then(Value::as_str).unwrap_or_default().into();
    let named = members.get("op").and_then(Value::as_str).unwrap_or_default();
    let Some(name) = NAMES.into_iter().find(|name| *name == named) else {
        return Err(operation.refuse(codes::OPERATION_UNKNOWN, "op must be add, remove, replace, move, copy or test"));
    };
    operation.name = name;
    let at = pointer(&operation, members, "path")?;
    let value = || match members.get("value") {
        Some(value) => Ok(value.clone()),
        None => Err(operation.refuse(codes::OPERATION_PART, "it needs a value, which may be null")),
    };
    let action = match name {
        "add" => Action::Add(value()?),
        "replace" => Action::Replace(value()?),
        "test" => Action::Test(value()?),
        "move" => Action::Move(pointer(&operation, members, "from")?),
        "copy" => Action::Copy(pointer(&operation, members, "from")?),
        _ => Action::Remove,
    };
    Ok(Step { operation, at, action })
}

fn pointer(operation: &Operation, members: &Object, member: &str) -> Result<Pointer, Issue> {
    let Some(text) = members.get(member).and_then(Value::as_str) else {
        return Err(operation.refuse(codes::OPERATION_PART, format!("it needs {member}, a JSON pointer such as /name/0")));
    };
    if text.len() > MAX_PATH_BYTES {
        return Err(operation.refuse(codes::LIMIT, format!("{member} may have {MAX_PATH_BYTES} bytes")));
    }
    Pointer::parse(text).ok_or_else(|| {
        let remedy = format!("{member} must begin with / and have ~ only in ~0 (for ~) and ~1 (for /), as in /name/0/family");
        operation.refuse(codes::PATH_SYNTAX, remedy)
    })
}
