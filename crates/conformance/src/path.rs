//! The paths of search parameters, read and followed without FHIRPath: names of elements, casts and the few filters that HL7's table has.
//!
//! A path follows the definitions down the JSON, so that it is a second opinion on which values a parameter has.

use fhir::Value;
use fhir::definitions::{Element, ResourceType, SearchParameter, Type, definitions};

/// One branch of an expression: `Observation.value as Quantity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The type that it begins with: `Observation`, `Resource`; empty where the expression leaves it out.
    pub root: &'static str,
    /// What is done from there.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To an element.
    Element(&'static str),
    /// To the first of what is there.
    First,
    /// Only values of this type.
    Type(&'static str),
    /// Only values whose element has this code.
    Where(&'static str, &'static str),
    /// Only references to this type.
    LeadsTo(&'static str),
}

/// A value with its type.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Its type.
    pub of: &'static Type,
    /// The value.
    pub value: &'a Value,
}

/// The branches of a parameter's expression that are about a type; `None` when one of them is more than a path.
pub fn of(kind: ResourceType, parameter: &'static SearchParameter) -> Option<Vec<Path>> {
    let branches = parameter.expression?.split('|').map(str::trim).filter(|branch| is_about(branch, kind));
    branches.map(parse).collect()
}

/// The branches of the expression of a composite's component, which begin at the composite's element; `None` when one of them is more than a path.
pub fn of_component(expression: &'static str) -> Option<Vec<Path>> {
    expression.split('|').map(str::trim).map(parse).collect()
}

fn is_about(branch: &str, kind: ResourceType) -> bool {
    let name = branch.trim_start_matches('(').split(['.', ' ', ')']).next().unwrap_or_default();
    name == kind.name() || name == "Resource" || name == "DomainResource" || ResourceType::parse(name).is_none()
}

fn parse(branch: &'static str) -> Option<Path> {
    let (branch, cast) = match branch.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')?.split_once(" as ")) {
        Some((branch, cast)) => (branch, Some(cast)),
        None => (branch, None),
    };
    // A branch may leave the type out: `name`.
    let has_root = branch.starts_with(|first: char| first.is_ascii_uppercase());
    let (root, mut rest) = if has_root { branch.split_once('.').unwrap_or((branch, "")) } else { ("", branch) };
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        steps.push(step);
        rest = after;
    }
    steps.extend(cast.map(|cast| Step::Type(type_name(cast))));
    let is_plain = root.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_plain.then_some(Path { root, steps })
}

/// The first step of a path, and what comes after it.
fn step(text: &'static str) -> Option<(Step, &'static str)> {
    if let Some(rest) = text.strip_prefix("[0]") {
        return Some((Step::First, rest.strip_prefix('.').unwrap_or(rest)));
    }
    if let Some(rest) = text.strip_prefix("as(") {
        let (name, rest) = rest.split_once(')')?;
        return Some((Step::Type(type_name(name)), rest.strip_prefix('.').unwrap_or(rest)));
    }
    if let Some(rest) = text.strip_prefix("where(resolve() is ") {
        let (name, rest) = rest.split_once(')')?;
        return Some((Step::LeadsTo(name), rest.strip_prefix('.').unwrap_or(rest)));
    }
    if let Some(rest) = text.strip_prefix("where(") {
        let (condition, rest) = rest.split_once(')')?;
        let (name, code) = condition.split_once('=')?;
        return Some((Step::Where(name, code.trim_matches('\'')), rest.strip_prefix('.').unwrap_or(rest)));
    }
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = match rest.strip_prefix('.') {
        Some(rest) => rest,
        None if rest.is_empty() || rest.starts_with('[') => rest,
        None => return None,
    };
    if name.is_empty() || name == "exists" { None } else { Some((Step::Element(name), rest)) }
}

/// HL7's table writes a type with a capital that has none.
fn type_name(name: &'static str) -> &'static str {
    if name == "DateTime" { "dateTime" } else { name }
}

impl Path {
    /// The elements that it goes through in a resource of type `kind`, each with the type that has it and the name of the type that is picked from it.
    pub fn elements(&self, kind: ResourceType) -> Vec<(&'static Type, &'static Element, Option<&'static str>)> {
        let mut elements = Vec::new();
        let mut of = Some(definitions().resource(kind));
        for (index, step) in self.steps.iter().enumerate() {
            match (step, of) {
                (Step::Element(name), Some(kind)) => {
                    let Some(element) = kind.element(name) else { return elements };
                    let picked = match self.steps.get(index + 1) {
                        Some(Step::Type(name)) => Some(*name),
                        _ => None,
                    };
                    elements.push((kind, element, picked));
                    of = match element.types.as_slice() {
                        [only] => Some(definitions().get(only.id)),
                        _ => None,
                    };
                }
                (Step::Type(name), _) => of = definitions().type_by_name(name),
                (Step::Where(name, _), Some(kind)) => elements.extend(kind.element(name).map(|element| (kind, element, None))),
                _ => {}
            }
        }
        elements
    }

    /// The values that it leads to in a resource; `None` when it depends on where a reference leads that does not say it itself.
    pub fn follow<'a>(&self, resource: &'a Value) -> Option<Vec<Found<'a>>> {
        let kind = ResourceType::parse(resource.resource_type()?)?;
        self.follow_from(Found { of: definitions().resource(kind), value: resource }, resource)
    }

    /// The values that it leads to from an element of a resource; `None` when it depends on where a reference leads that does not say it itself.
    pub fn follow_from<'a>(&self, start: Found<'a>, resource: &'a Value) -> Option<Vec<Found<'a>>> {
        let mut found = vec![start];
        for step in &self.steps {
            found = match step {
                Step::Element(name) => found.into_iter().flat_map(|each| children(each, name)).collect(),
                Step::First => found.into_iter().take(1).collect(),
                // `as uri` does not mean canonicals, for which HL7's table has parameters beside it.
                Step::Type(name) => found.into_iter().filter(|each| each.of.name == *name).collect(),
                Step::Where(name, code) => found.into_iter().filter(|each| each.value.text(name) == Some(code)).collect(),
                Step::LeadsTo(name) => {
                    let mut kept = Vec::new();
                    for each in found {
                        if leads_to(each.value, resource)? == Some(*name) {
                            kept.push(each);
                        }
                    }
                    kept
                }
            };
        }
        Some(found)
    }
}

fn children<'a>(parent: Found<'a>, name: &str) -> Vec<Found<'a>> {
    let Some(element) = parent.of.element(name) else { return Vec::new() };
    let members = element.types.iter().filter_map(|kind| Some((definitions().get(kind.id), parent.value.get(kind.member)?)));
    let values = members.flat_map(|(of, value)| value.each().filter(|value| **value != Value::Null).map(move |value| Found { of, value }));
    values.map(|found| Found { of: resource_type(found.value).unwrap_or(found.of), ..found }).collect()
}

fn resource_type(value: &Value) -> Option<&'static Type> {
    definitions().type_by_name(value.resource_type()?)
}

/// The type of the resource that a reference leads to: `Some(None)` when it leads nowhere, `None` when it does not say.
fn leads_to(reference: &Value, resource: &Value) -> Option<Option<&'static str>> {
    let Some(address) = reference.text("reference") else {
        // Only the element `type` could tell, and whether it counts is left open.
        return if reference.text("type").is_none() { Some(None) } else { None };
    };
    if let Some(id) = address.strip_prefix('#') {
        let contained = resource.list("contained").find(|each| each.text("id") == Some(id));
        return Some(contained.and_then(|each| Some(ResourceType::parse(each.resource_type()?)?.name())));
    }
    let address = address.split_once("/_history/").map_or(address, |(address, _)| address);
    let name = address.rsplit('/').nth(1).and_then(ResourceType::parse);
    if name.is_none() && reference.text("type").is_some() { None } else { Some(name.map(ResourceType::name)) }
}
