//! Elements of primitive types, with the extensions in the member `_name`.

use super::path::Path;
use super::{Checker, Scope, form};
use crate::codes;
use crate::definitions::{Element, PrimitiveType, Type};
use crate::narrative;
use crate::outcome::IssueCode;
use crate::value::Value;

impl Checker {
    /// A primitive element: its value, the member with an underscore, or both.
    pub(super) fn primitive_element(
        &mut self,
        element: &'static Element,
        kind: &'static Type,
        value: Option<&Value>,
        sibling: Option<&Value>,
        path: &Path,
        scope: Scope,
    ) {
        if !element.is_list() {
            if let Some(value) = value {
                self.primitive(element, kind, value, path);
            }
            if let Some(sibling) = sibling {
                self.sibling(kind, sibling, value.is_some(), path, scope);
            }
            return;
        }
        let values = value.map(|value| self.items(element, value, path));
        let siblings = sibling.map(|sibling| self.items(element, sibling, path));
        let (values, siblings) = match (values, siblings) {
            (Some(Some(values)), Some(Some(siblings))) => (values, siblings),
            (Some(Some(values)), None) => (values, [].as_slice()),
            (None, Some(Some(siblings))) => ([].as_slice(), siblings),
            _ => return,
        };
        if !values.is_empty() && !siblings.is_empty() && values.len() != siblings.len() {
            let text = format!("the arrays \"{0}\" and \"_{0}\" belong together item by item: fill the shorter with null", path.last());
            return self.structure(codes::SIBLING_LENGTH, path, text);
        }
        for index in 0..values.len().max(siblings.len()) {
            self.primitive_item(element, kind, values.get(index), siblings.get(index), &path.at(index), scope);
        }
    }

    fn items<'a>(&mut self, element: &'static Element, value: &'a Value, path: &Path) -> Option<&'a [Value]> {
        match value {
            Value::Array(items) => {
                self.array_length(element, items.len(), path);
                Some(items)
            }
            other => {
                self.array_expected(path, other);
                None
            }
        }
    }

    /// One item of a repeating primitive: `null` in one array says that the other has something.
    fn primitive_item(
        &mut self,
        element: &'static Element,
        kind: &'static Type,
        value: Option<&Value>,
        sibling: Option<&Value>,
        path: &Path,
        scope: Scope,
    ) {
        let value = value.filter(|value| **value != Value::Null);
        let sibling = sibling.filter(|sibling| **sibling != Value::Null);
        if value.is_none() && sibling.is_none() {
            return self.structure(codes::NULL, path, "null stands here without an extension beside it: leave the item out");
        }
        if let Some(value) = value {
            self.primitive(element, kind, value, path);
        }
        if let Some(sibling) = sibling {
            self.sibling(kind, sibling, value.is_some(), path, scope);
        }
    }

    /// The id and the extensions of a primitive.
    fn sibling(&mut self, kind: &'static Type, sibling: &Value, has_value: bool, path: &Path, scope: Scope) {
        let Value::Object(object) = sibling else {
            return self.wrong_kind(path, sibling, "an object with the id or the extensions of the element");
        };
        if object.is_empty() {
            return self.structure(codes::EMPTY, path, "an object is never empty: leave the member with the underscore out");
        }
        if !has_value && object.get("extension").is_none() {
            let text = "the element has neither a value nor an extension: add one, or leave it out";
            self.structure(codes::CONTENT_MISSING, path, text);
        }
        self.members(object, kind, path, scope);
    }

    fn primitive(&mut self, element: &'static Element, kind: &'static Type, value: &Value, path: &Path) {
        let Some(primitive) = kind.primitive else { return };
        let text = match (value, primitive) {
            (Value::Bool(_), PrimitiveType::Boolean) => return,
            (Value::Number(text), primitive) if primitive.is_number() => text,
            (Value::String(text), primitive) if !primitive.is_number() && primitive != PrimitiveType::Boolean => text,
            _ => return self.wrong_kind(path, value, json_kind(primitive)),
        };
        if text.is_empty() {
            return self.structure(codes::EMPTY, path, "a string is never empty: leave the element out");
        }
        if !form::fits(primitive, text) {
            let code = if text.len() > form::MAX_STRING { IssueCode::TooLong } else { IssueCode::Value };
            self.report(codes::PRIMITIVE_FORM, code, path, form::description(primitive));
        } else if primitive == PrimitiveType::Xhtml {
            narrative::check(text, "").into_iter().for_each(|issue| self.report(issue.number, issue.code, path, issue.diagnostics));
        } else if element.binding.is_some() {
            self.bound_code(element, text, path);
        }
    }
}

fn json_kind(primitive: PrimitiveType) -> &'static str {
    match primitive {
        PrimitiveType::Boolean => "true or false, without quotes",
        number if number.is_number() => "a number, without quotes",
        _ => "a string",
    }
}
