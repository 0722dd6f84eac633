//! From the XML of a patch to its operations.

use fhir::Issue;
use fhir::xml::tree::{Element, Node};

use super::selector::{self, Prefixes};
use super::{Action, Position, Step};
use crate::codes;
use crate::limits::{MAX_OPERATIONS, MAX_PATH_BYTES};
use crate::refusal::{Operation, malformed, too_many};

const NAMES: [&str; 3] = ["add", "replace", "remove"];

pub(super) fn read(document: &Element) -> Result<Vec<Step>, Vec<Issue>> {
    let count = document.elements().count();
    if count == 0 {
        let remedy = "there are no operations: an XML Patch has add, replace or remove elements in its root";
        return Err(vec![malformed("", remedy)]);
    }
    if count > MAX_OPERATIONS {
        return Err(vec![too_many("")]);
    }
    let mut steps = Vec::with_capacity(count);
    let mut issues = Vec::new();
    for (index, element) in document.elements().enumerate() {
        match step(index, element, document) {
            Ok(step) => steps.push(step),
            Err(issue) => issues.push(issue),
        }
    }
    if issues.is_empty() { Ok(steps) } else { Err(issues) }
}

fn step(index: usize, element: &Element, document: &Element) -> Result<Step, Issue> {
    let mut operation = Operation { index, name: "operation", path: "".into(), expression: String::new() };
    let path = element.attribute("sel").unwrap_or_default();
    operation.path = path.into();
    let is_known_namespace = element.namespace == document.namespace || matches!(&*element.namespace, "" | fhir::xml::FHIR_NAMESPACE);
    let Some(name) = NAMES.into_iter().find(|name| **name == *element.name && is_known_namespace) else {
        return Err(operation.refuse(codes::OPERATION_UNKNOWN, "an operation is an add, replace or remove element"));
    };
    operation.name = name;
    if path.is_empty() {
        return Err(operation.refuse(codes::OPERATION_PART, "it needs the attribute sel, a selector such as f:Patient/f:name[1]"));
    }
    if path.len() > MAX_PATH_BYTES {
        return Err(operation.refuse(codes::LIMIT, format!("a selector may have {MAX_PATH_BYTES} bytes")));
    }
    let prefixes = Prefixes { declared: document.declared.iter().chain(&element.declared).collect() };
    let selector = selector::parse(path, &prefixes).map_err(|remedy| operation.refuse(codes::PATH_SYNTAX, remedy))?;
    let action = match name {
        "add" => add(&operation, element, &prefixes)?,
        "replace" => Action::Replace(element.children.clone()),
        _ => {
            let blank = element.attribute("ws").unwrap_or_default();
            if !matches!(blank, "" | "before" | "after" | "both") || element.elements().next().is_some() {
                return Err(operation.refuse(codes::OPERATION_PART, "a remove is empty; its attribute ws can be before, after or both"));
            }
            Action::Remove { blank_before: matches!(blank, "before" | "both"), blank_after: matches!(blank, "after" | "both") }
        }
    };
    Ok(Step { operation, selector, action })
}

fn add(operation: &Operation, element: &Element, prefixes: &Prefixes<'_>) -> Result<Action, Issue> {
    let position = match element.attribute("pos") {
        None => Position::Last,
        Some("prepend") => Position::First,
        Some("before") => Position::Before,
        Some("after") => Position::After,
        Some(_) => return Err(operation.refuse(codes::OPERATION_PART, "pos can be before, after or prepend")),
    };
    let refuse = |remedy| Err(operation.refuse(codes::OPERATION_PART, remedy));
    let Some(kind) = element.attribute("type") else {
        if element.children.is_empty() {
            return refuse("it needs the content to add");
        }
        return Ok(Action::AddNodes(element.children.clone(), position));
    };
    let wants_text = element.children.iter().all(|node| matches!(node, Node::Text(_)));
    if !wants_text || position != Position::Last {
        return refuse("with the attribute type there is text in it, and no attribute pos");
    }
    let value = element.text().into();
    if let Some(prefix) = kind.strip_prefix("namespace::").filter(|prefix| is_name(prefix)) {
        return Ok(Action::AddNamespace { prefix: prefix.into(), namespace: value });
    }
    let name = kind.strip_prefix('@').or_else(|| kind.strip_prefix("attribute::")).unwrap_or_default();
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let namespace = if prefix.is_empty() { Some("".into()) } else { prefixes.namespace(prefix) };
    match namespace.filter(|_| is_name(local)) {
        Some(namespace) => Ok(Action::AddAttribute { namespace: (*namespace).into(), name: local.into(), value }),
        None => refuse("type must be @ and the name of an attribute, such as @id, its prefix declared in the patch"),
    }
}

/// Whether an attribute can have this name. XML has more, FHIR none of them.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}
