//! Elements of a resource, filtered by the arguments of the field.

use fhir::definitions::{Element as Definition, ElementType, TypeId, definitions};
use fhir::{IssueCode, Value};
use fhirpath::{Context, Expression, Item, Limits};

use super::argument::{texts, unfit};
use super::collect::Group;
use super::field::Values;
use super::node::{Element, Node};
use super::round::{Round, Stop};
use crate::codes;
use crate::error::Error;
use crate::schema::Member;
use crate::syntax::{Argument, Input};
use crate::validate::FILTERS;

/// What one evaluation of a FHIRPath costs, in fields.
const EVALUATION_FIELDS: usize = 20;

/// What it may take at most: a query evaluates it on many elements.
const EVALUATION: Limits = Limits { steps: 10_000, items: 10_000, text_bytes: 1 << 16 };

impl<'a> Round<'a> {
    /// The elements that a field stands for, those that pass its filters.
    pub(super) fn elements(&mut self, element: &Element<'a>, group: &Group<'a>) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let values = match group.member {
            Member::Element(definition, kind) => members(element, definition, kind),
            Member::Choice(definition) => {
                definition.types.iter().map(|kind| members(element, definition, kind)).find(|values| !values.is_empty()).unwrap_or_default()
            }
            Member::Extensions(_, kind) => extensions(element, kind),
            _ => Vec::new(),
        };
        if group.field.arguments.is_empty() || values.is_empty() {
            return Ok(Ok(values));
        }
        self.filtered(values, group)
    }

    fn filtered(&mut self, mut values: Values<'a>, group: &Group<'a>) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let field = group.field;
        for argument in field.arguments.iter().filter(|argument| !FILTERS.contains(&argument.name.as_str())) {
            let Some((_, value)) = self.plan.argument(field, &argument.name) else { continue };
            let Some(wanted) = texts(&value) else { return Ok(Err(Box::new(unfit(argument, "a plain value, or a list of them")))) };
            values.retain(|node| has(node, argument, &wanted));
        }
        let path = match self.plan.text(field, "fhirpath") {
            Ok(path) => path,
            Err(error) => return Ok(Err(Box::new(error))),
        };
        if let Some(path) = path {
            match self.passing(values, &path, group)? {
                Ok(passing) => values = passing,
                Err(error) => return Ok(Err(error)),
            }
        }
        let window = self.plan.number(field, "_offset").and_then(|offset| Ok((offset, self.plan.number(field, "_count")?)));
        Ok(match window {
            Ok((offset, count)) => Ok(values.into_iter().skip(offset.unwrap_or(0)).take(count.unwrap_or(usize::MAX)).collect()),
            Err(error) => Err(Box::new(error)),
        })
    }

    /// Those for which a FHIRPath holds.
    pub(super) fn passing(&mut self, values: Values<'a>, path: &str, group: &Group<'a>) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let mut passing = Vec::with_capacity(values.len());
        for node in values {
            self.count_fields(EVALUATION_FIELDS)?;
            let Node::Element(element) = &node else { continue };
            match self.expression(path).and_then(|path| path.is_true(&context(element), &Item::element(element.value, element.type_id))) {
                Ok(true) => passing.push(node),
                Ok(false) => {}
                Err(error) => {
                    let message = format!("the argument `fhirpath` cannot be evaluated: {error}");
                    return Ok(Err(Box::new(Error::new(codes::BAD_FHIRPATH, IssueCode::Invalid, group.field.at, message))));
                }
            }
        }
        Ok(Ok(passing))
    }

    /// What the name of a slice ends in.
    pub(super) fn slice_name(&mut self, path: &Input, node: &Node<'a>, index: usize) -> String {
        let path = super::plain(path, &self.plan.variables);
        let path = path.as_ref().and_then(Value::as_str).unwrap_or_default();
        if path == "$index" {
            return index.to_string();
        }
        let Node::Element(element) = node else { return String::new() };
        let item = Item::element(element.value, element.type_id);
        let found = self.expression(path).and_then(|path| path.evaluate(&context(element), &item));
        match found {
            Ok(items) => items.first().and_then(Item::as_string).unwrap_or_default().into_owned(),
            Err(error) => {
                let message = format!("the path of `@slice` cannot be evaluated: {error}");
                self.report(Error::from(fhir::Issue::error(codes::BAD_FHIRPATH, IssueCode::Invalid, "", message)));
                String::new()
            }
        }
    }

    /// An expression, parsed when it is first met.
    fn expression(&mut self, path: &str) -> Result<Expression, fhirpath::Error> {
        if let Some(known) = self.expressions.get(path) {
            return Ok(known.clone());
        }
        let expression = Expression::parse(path)?;
        self.expressions.insert(path.to_owned(), expression.clone());
        Ok(expression)
    }
}

fn context<'a>(element: &Element<'a>) -> Context<'a> {
    Context::new(element.resource).with_root_resource(Item::resource(element.root)).with_limits(EVALUATION)
}

/// The values of a JSON member.
fn members<'a>(element: &Element<'a>, definition: &Definition, kind: &ElementType) -> Values<'a> {
    let Some(value) = element.value.get(kind.member) else { return Vec::new() };
    let of = definitions().get(kind.id);
    if of.primitive.is_some() {
        // A null in a list keeps the place of a value that has only extensions.
        return match value {
            Value::Array(items) => items.iter().map(|item| Node::Plain(item, Some(kind.id))).collect(),
            single => vec![Node::Plain(single, Some(kind.id))],
        };
    }
    let is_resource = of.is_abstract && of.resource_type.is_none() && of.name == "Resource";
    let node = |value: &'a Value| match is_resource {
        true => element.inner(value, definition.name == "contained").map(Node::Element),
        false => Some(Node::Element(element.child(value, kind.id))),
    };
    value.each().filter_map(node).collect()
}

/// The ids and extensions of a primitive.
fn extensions<'a>(element: &Element<'a>, kind: &ElementType) -> Values<'a> {
    let Some(sibling) = element.value.as_object().and_then(|object| object.sibling(kind.member)) else { return Vec::new() };
    let node = |value: &'a Value| match (value, base_element()) {
        (Value::Object(_), Some(type_id)) => Node::Element(element.child(value, type_id)),
        _ => Node::Plain(&Value::Null, None),
    };
    match sibling {
        Value::Array(items) => items.iter().map(node).collect(),
        single => vec![node(single)],
    }
}

/// The type of what has only an id and extensions.
fn base_element() -> Option<TypeId> {
    definitions().type_by_name("Element").map(|of| of.id)
}

/// Whether the element that an argument names has one of the values that it asks for.
fn has(node: &Node<'_>, argument: &Argument, wanted: &[String]) -> bool {
    let Node::Element(element) = node else { return false };
    let found = element.value.get(&argument.name).and_then(texts).unwrap_or_default();
    found.iter().any(|value| wanted.contains(value))
}
