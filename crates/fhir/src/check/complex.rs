//! Objects: the members of a type, and the elements that hold objects.

use super::path::Path;
use super::suggest::did_you_mean;
use super::{Checker, MAX_DEPTH, Scope};
use crate::codes;
use crate::definitions::{Element, ElementType, Type, TypeKind};
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

/// Which elements of a type are there: a bit for each. No R4 type has as many elements as bits (a test counts them).
type Present = u64;

impl Checker {
    /// Every member of an object of type `kind`: that it is known and right, and that none is missing.
    pub(super) fn members(&mut self, object: &Object, kind: &'static Type, path: &Path, scope: Scope) {
        if path.depth() > MAX_DEPTH {
            return self.report(codes::TOO_DEEP, IssueCode::TooLong, path, format!("elements are nested deeper than {MAX_DEPTH} levels"));
        }
        let has_siblings = object.iter().any(|(name, _)| name.starts_with('_'));
        let mut present: Present = 0;
        for (name, value) in object.iter() {
            if self.left_out {
                return;
            }
            if kind.kind == TypeKind::Resource && *name == *"resourceType" {
                continue;
            }
            let stem = name.strip_prefix('_').unwrap_or(name);
            let Some((place, element, element_type)) = kind.member_place(stem) else {
                self.unknown_element(kind, name, path);
                continue;
            };
            let child = path.child(element.name);
            let is_sibling = stem.len() < name.len();
            if is_sibling && (!self.may_have_sibling(element, element_type, &child) || object.get(stem).is_some()) {
                continue;
            }
            if present & (1 << place) != 0 {
                let text = format!("{}[x] is there with two types: keep one of them", element.name);
                self.structure(codes::CHOICE_TWICE, &child, text);
            }
            present |= 1 << place;
            let type_of = self.definitions.get(element_type.id);
            match (type_of.primitive, is_sibling) {
                (Some(_), true) => self.primitive_element(element, type_of, None, Some(value), &child, scope),
                (Some(_), false) => {
                    let sibling = if has_siblings { object.sibling(name) } else { None };
                    self.primitive_element(element, type_of, Some(value), sibling, &child, scope);
                }
                (None, _) => self.complex_element(element, element_type, value, &child, scope),
            }
        }
        self.required_elements(kind, present, path);
    }

    fn required_elements(&mut self, kind: &'static Type, present: Present, path: &Path) {
        for &place in kind.required() {
            if present & (1 << place) != 0 {
                continue;
            }
            let Some(element) = kind.elements.get(usize::from(place)) else { continue };
            let names = if element.is_choice { format!("{}[x]", element.name) } else { element.name.to_owned() };
            self.report(codes::ELEMENT_MISSING, IssueCode::Required, path, format!("the required element \"{names}\" is missing: add it"));
        }
    }

    fn unknown_element(&mut self, kind: &'static Type, name: &str, path: &Path) {
        let stem = name.strip_prefix('_').unwrap_or(name);
        let text = match kind.elements.iter().find(|element| element.name == stem && element.is_choice) {
            Some(choice) => {
                let names: Vec<&str> = choice.types.iter().take(4).map(|kind| kind.member).collect();
                let more = if choice.types.len() > names.len() { ", …" } else { "" };
                format!("the name of this element ends in the type of its value: {}{more}", names.join(", "))
            }
            None => format!("{} has no element of this name{}", kind.name, did_you_mean(stem, kind.member_names())),
        };
        self.structure(codes::ELEMENT_UNKNOWN, &path.child(name), text);
    }

    /// Whether the element is a primitive that can have extensions: not where XML has an attribute.
    fn may_have_sibling(&mut self, element: &Element, element_type: &ElementType, path: &Path) -> bool {
        let is_primitive = self.definitions.get(element_type.id).primitive.is_some();
        if is_primitive && !element.is_xml_attribute {
            return true;
        }
        let text = match is_primitive {
            true => "this element has no extensions: leave out the member with the underscore",
            false => "only primitives have a member with an underscore: put the extensions into the element itself",
        };
        self.structure(codes::SIBLING_UNEXPECTED, path, text);
        false
    }

    /// An element whose type has elements: one object, or an array of them.
    fn complex_element(&mut self, element: &'static Element, element_type: &'static ElementType, value: &Value, path: &Path, scope: Scope) {
        if !element.is_list() {
            return self.complex(element, element_type, value, path, scope);
        }
        let Value::Array(items) = value else {
            return self.array_expected(path, value);
        };
        self.array_length(element, items.len(), path);
        for (index, item) in items.iter().enumerate() {
            self.complex(element, element_type, item, &path.at(index), scope);
        }
    }

    pub(super) fn array_expected(&mut self, path: &Path, value: &Value) {
        match value {
            Value::Null => self.wrong_kind(path, value, "an array"),
            _ => {
                self.structure(codes::ARRAY_EXPECTED, path, "this element may repeat: write it as an array, in [ ], also when there is one")
            }
        }
    }

    pub(super) fn array_length(&mut self, element: &Element, length: usize, path: &Path) {
        if length == 0 {
            self.structure(codes::EMPTY, path, "an array is never empty: leave the element out");
        }
        if let Some(max) = element.max
            && length > max as usize
        {
            self.structure(codes::TOO_MANY, path, format!("there may be {max} of this element at most"));
        }
    }

    fn complex(&mut self, element: &'static Element, element_type: &'static ElementType, value: &Value, path: &Path, scope: Scope) {
        let Value::Object(object) = value else {
            return self.wrong_kind(path, value, "an object");
        };
        if object.is_empty() {
            return self.structure(codes::EMPTY, path, "an object is never empty: leave the element out");
        }
        let kind = self.definitions.get(element_type.id);
        if kind.kind == TypeKind::Resource {
            return self.nested_resource(object, path, scope, element.name == "contained");
        }
        if object.len() == 1 && object.get("id").is_some() {
            self.structure(codes::CONTENT_MISSING, path, "an id alone says nothing: add a value, or leave the element out");
        }
        self.members(object, kind, path, scope);
        if kind.id == self.known.reference {
            self.reference(object, element_type, path, scope);
        } else if kind.id == self.known.extension {
            self.extension(object, path);
        } else if element.binding.is_some() {
            self.bound_concept(element, kind, object, path);
        }
    }
}
