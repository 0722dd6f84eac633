//! The XML writer.

mod children;
mod escape;

use crate::codes;
use crate::definitions::{Definitions, ElementType, PrimitiveType, ResourceType, Type, TypeKind, definitions};
use crate::outcome::{Issue, IssueCode};
use crate::value::{Object, Value};

use super::markup::{Markup, Piece};
use super::path::Path;
use super::{FHIR_NAMESPACE, Fault, XHTML_NAMESPACE};
use children::children;
pub(super) use escape::escape;

/// How deep elements are written: more than any reader hands on.
const MAX_DEPTH: usize = 256;

/// A resource as FHIR's XML, with XML declaration: see [`write()`].
pub fn to_string(resource: &Value) -> Result<String, Issue> {
    let mut out = String::with_capacity(4096);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(resource, &mut out)?;
    Ok(out)
}

/// Appends a resource as FHIR's XML in one line (<http://hl7.org/fhir/R4/xml.html>): elements in the order of the
/// definition, numbers with their text, the narrative's `div` as it is.
///
/// Any tree may be given. The error is the first thing that XML cannot say, with its place: an undefined type or member,
/// a value of another kind than its type's, an array where there is one value and the other way round, something empty,
/// a character that XML has not, a `div` that is not well-formed, more than 256 levels. `out` then ends somewhere.
pub fn write(resource: &Value, out: &mut String) -> Result<(), Issue> {
    let mut writer = Writer { out, definitions: definitions(), path: Path::default(), depth: 0 };
    let written = writer.resource(resource);
    written.map_err(|message| Issue::error(codes::XML_UNSAYABLE, IssueCode::Structure, writer.path.expression(), message))
}

/// What is wrong: the place is where the writer is.
type Unsayable = String;

struct Writer<'a> {
    out: &'a mut String,
    definitions: &'static Definitions,
    path: Path,
    depth: usize,
}

impl Writer<'_> {
    fn resource(&mut self, value: &Value) -> Result<(), Unsayable> {
        let object = value.as_object().ok_or_else(|| format!("there must be a resource here, not {}", value.kind()))?;
        let resource_type = value.resource_type().and_then(ResourceType::parse).ok_or("the resource has no resourceType of FHIR R4")?;
        let is_root = self.path.is_empty();
        if is_root {
            self.path.push(resource_type.name(), None);
        }
        self.out.push('<');
        self.out.push_str(resource_type.name());
        if is_root {
            self.attribute("xmlns", FHIR_NAMESPACE)?;
        }
        self.content(self.definitions.resource(resource_type), object, resource_type.name())
    }

    /// The rest of an element whose start tag is open: its elements and its end.
    fn content(&mut self, kind: &'static Type, object: &Object, name: &str) -> Result<(), Unsayable> {
        let children = children(kind, object)?;
        if children.is_empty() {
            self.out.push_str("/>");
            return Ok(());
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH} levels"));
        }
        self.out.push('>');
        for child in children {
            self.path.push(child.element.name, None);
            if child.element.is_list() {
                self.repeats(child.element_type, child.value, child.sibling)?;
            } else {
                self.element(child.element_type, child.value, child.sibling)?;
            }
            self.path.pop();
        }
        self.depth -= 1;
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        Ok(())
    }

    fn repeats(&mut self, element_type: &ElementType, value: Option<&Value>, sibling: Option<&Value>) -> Result<(), Unsayable> {
        let (values, siblings) = (items(value)?, items(sibling)?);
        if values.is_empty() && siblings.is_empty() {
            return Err("the array is empty: leave it out".to_owned());
        }
        for index in 0..values.len().max(siblings.len()) {
            self.path.set_index(index);
            self.element(element_type, values.get(index), siblings.get(index))?;
        }
        Ok(())
    }

    fn element(&mut self, element_type: &ElementType, value: Option<&Value>, sibling: Option<&Value>) -> Result<(), Unsayable> {
        let kind = self.definitions.get(element_type.id);
        let (value, sibling) = (value.filter(|value| **value != Value::Null), sibling.filter(|value| **value != Value::Null));
        if let Some(primitive) = kind.primitive {
            return self.primitive(kind, primitive, element_type.member, value, sibling);
        }
        let value = value.ok_or("the element is null: leave it out")?;
        if sibling.is_some() {
            return Err("only a primitive has a member with an underscore before its name".to_owned());
        }
        self.out.push('<');
        self.out.push_str(element_type.member);
        if kind.kind == TypeKind::Resource {
            self.out.push('>');
            self.resource(value)?;
            self.out.push_str("</");
            self.out.push_str(element_type.member);
            self.out.push('>');
            return Ok(());
        }
        let object = filled_object(value)?;
        self.attributes(kind, object)?;
        self.content(kind, object, element_type.member)
    }

    fn primitive(
        &mut self,
        kind: &'static Type,
        primitive: PrimitiveType,
        member: &str,
        value: Option<&Value>,
        sibling: Option<&Value>,
    ) -> Result<(), Unsayable> {
        if primitive == PrimitiveType::Xhtml {
            return self.narrative(value, sibling);
        }
        let nothing = Object::new();
        let sibling = match sibling {
            Some(sibling) => filled_object(sibling)?,
            None if value.is_none() => return Err("the element has neither a value nor an extension: leave it out".to_owned()),
            None => &nothing,
        };
        self.out.push('<');
        self.out.push_str(member);
        self.attributes(kind, sibling)?;
        if let Some(value) = value {
            self.attribute("value", primitive_text(primitive, value)?)?;
        }
        self.content(kind, sibling, member)
    }

    /// The members that XML has as attributes: `id`, and the `url` of an extension.
    fn attributes(&mut self, kind: &'static Type, object: &Object) -> Result<(), Unsayable> {
        for element in kind.elements.iter().filter(|element| element.is_xml_attribute) {
            match object.get(element.name) {
                None => {}
                Some(Value::String(text)) => self.attribute(element.name, text)?,
                Some(other) => return Err(format!("'{}' must be a string, not {}", element.name, other.kind())),
            }
        }
        Ok(())
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<(), Unsayable> {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, self.out)?;
        self.out.push('"');
        Ok(())
    }

    fn narrative(&mut self, value: Option<&Value>, sibling: Option<&Value>) -> Result<(), Unsayable> {
        let text = value.and_then(Value::as_str).ok_or("the narrative's div must be a string of XHTML")?;
        if sibling.is_some() {
            return Err("the narrative's div has no extensions".to_owned());
        }
        let text = text.trim_matches(super::markup::is_space);
        check_narrative(text).map_err(|fault| format!("the narrative's div is not XHTML: {}", fault.message(text.as_bytes())))?;
        self.out.push_str(text);
        Ok(())
    }
}

/// The items of an element that may repeat; none when it is absent.
fn items(list: Option<&Value>) -> Result<&[Value], Unsayable> {
    match list {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(format!("the element may repeat: it must be an array, not {}", other.kind())),
    }
}

fn filled_object(value: &Value) -> Result<&Object, Unsayable> {
    match value.as_object() {
        Some(object) if object.is_empty() => Err("the element is empty: leave it out".to_owned()),
        Some(object) => Ok(object),
        None => Err(format!("the element has elements: it must be an object, not {}", value.kind())),
    }
}

fn primitive_text(primitive: PrimitiveType, value: &Value) -> Result<&str, Unsayable> {
    let (text, wanted) = match primitive {
        PrimitiveType::Boolean => (value.as_bool().map(|truth| if truth { "true" } else { "false" }), "a boolean"),
        _ if primitive.is_number() => (value.as_number(), "a number"),
        _ => (value.as_str(), "a string"),
    };
    text.ok_or_else(|| format!("the value must be {wanted}, not {}", value.kind()))
}

/// Whether the text can stand in XML as it is: one well-formed `div` of XHTML.
fn check_narrative(text: &str) -> Result<(), Fault> {
    let mut markup = Markup::fragment(text, MAX_DEPTH)?;
    while let Some(piece) = markup.next()? {
        let is_div = match &piece {
            Piece::Start(tag) if markup.nesting() == 1 => tag.name == "div" && tag.namespace == XHTML_NAMESPACE,
            Piece::Comment if markup.nesting() == 0 => false,
            _ => true,
        };
        if !is_div {
            return Err(Fault::malformed("it must be one <div xmlns=\"http://www.w3.org/1999/xhtml\">", markup.span().start));
        }
    }
    Ok(())
}
