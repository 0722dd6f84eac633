//! From the elements of XML, one after another, to the members of JSON, which hold repeats together.

use crate::codes;
use crate::definitions::{Element, ElementType, Type, known_name};
use crate::value::{Name, Object, Value};

/// The members of an object, as its elements come.
pub(super) struct Members {
    kind: &'static Type,
    current: Option<Current>,
}

/// The element that came last, and its repeats when it may repeat.
struct Current {
    place: usize,
    member: &'static str,
    is_list: bool,
    values: Vec<Value>,
    /// What stands beside the values: shorter when the last have nothing.
    siblings: Vec<Value>,
}

impl Members {
    pub(super) fn new(kind: &'static Type) -> Self {
        Self { kind, current: None }
    }

    /// Makes ready for the next element of this kind. The error is the number and the text of what is wrong with its place.
    pub(super) fn advance(
        &mut self,
        element: &'static Element,
        element_type: &'static ElementType,
        object: &mut Object,
    ) -> Result<(), (u16, String)> {
        let place = self.kind.elements.iter().position(|candidate| std::ptr::eq(candidate, element)).unwrap_or(0);
        let last = self.current.as_ref().map(|current| (current.place, current.is_list));
        if last == Some((place, true)) {
            return Ok(());
        }
        self.finish(object);
        let next = Current { place, member: element_type.member, is_list: element.is_list(), values: Vec::new(), siblings: Vec::new() };
        self.current = Some(next);
        match last {
            Some((last, _)) if last == place => {
                Err((codes::XML_REPEATED, format!("<{}> stands here more than once: at most one is allowed", element.name)))
            }
            Some((last, _)) if last > place => {
                let before = self.kind.elements.get(last).map_or("", |element| element.name);
                Err((
                    codes::XML_ORDER,
                    format!("<{}> must stand before <{before}>: elements have the order of the definition", element.name),
                ))
            }
            _ => Ok(()),
        }
    }

    /// How many repeats of the element there are so far.
    pub(super) fn count(&self) -> usize {
        self.current.as_ref().map_or(0, |current| current.values.len())
    }

    /// Adds the element that was made ready for.
    pub(super) fn add(&mut self, value: Value, sibling: Value, object: &mut Object) {
        let Some(current) = &mut self.current else { return };
        if !current.is_list {
            return push(object, current.member, value, sibling);
        }
        if sibling != Value::Null {
            current.siblings.resize(current.values.len(), Value::Null);
            current.siblings.push(sibling);
        }
        current.values.push(value);
    }

    /// Hands the repeats of the element that came last over to `object`.
    pub(super) fn finish(&mut self, object: &mut Object) {
        let Some(mut current) = self.current.take().filter(|current| current.is_list) else { return };
        let has_values = current.values.iter().any(|value| *value != Value::Null);
        let siblings = if current.siblings.is_empty() {
            Value::Null
        } else {
            current.siblings.resize(current.values.len(), Value::Null);
            Value::Array(current.siblings)
        };
        push(object, current.member, if has_values { Value::Array(current.values) } else { Value::Null }, siblings);
    }
}

fn push(object: &mut Object, member: &'static str, value: Value, sibling: Value) {
    if value != Value::Null {
        object.push(member, value);
    }
    if sibling != Value::Null {
        object.push(underscored(member), sibling);
    }
}

/// The name of the member that holds the id and extensions of a primitive.
fn underscored(member: &'static str) -> Name {
    let name = format!("_{member}");
    known_name(&name).map_or_else(|| Name::from(name.clone()), Name::from)
}
