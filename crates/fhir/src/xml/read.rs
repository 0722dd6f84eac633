//! The XML reader: strict, bounded, all problems at once.

mod members;
mod narrative;

use crate::codes;
use crate::definitions::{Definitions, Element, ElementType, PrimitiveType, ResourceType, Type, TypeKind, definitions};
use crate::json::Limits;
use crate::outcome::{Issue, IssueCode};
use crate::position::line_and_column;
use crate::value::{Object, Value};

use super::markup::{Attribute, Markup, Piece, Tag};
use super::path::Path;
use super::{FHIR_NAMESPACE, Fault, XHTML_NAMESPACE};
use members::Members;

/// How many problems of one document are reported.
const MAX_ISSUES: usize = 100;
const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Reads a resource with the usual [`Limits`]: see [`parse_with`].
pub fn parse(text: &[u8]) -> Result<Value, Vec<Issue>> {
    parse_with(text, Limits::default())
}

/// Reads a resource from FHIR's XML in UTF-8, and hands it on as FHIR's JSON has it: `resourceType` first, then the
/// elements in the order of the definition, each primitive followed by its member with an underscore.
///
/// A number, boolean or string is not judged here: a number whose text is none is handed on as a string.
/// [`Limits::depth`] counts as it does for that JSON; [`Limits::values`] are elements.
///
/// The errors are all problems found, up to 100 and a last one that says so, each with the FHIRPath of the element and the line: markup that is not
/// well-formed ends the reading; elements, attributes and text that FHIR does not define at their place, wrong
/// namespaces, wrong order, repeats of what stands once and empty elements do not. DOCTYPE, processing instructions and
/// entities are refused (<http://hl7.org/fhir/R4/xml.html>, <http://hl7.org/fhir/R4/security.html#narrative>).
pub fn parse_with(text: &[u8], limits: Limits) -> Result<Value, Vec<Issue>> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let checked = match simdutf8::compat::from_utf8(text) {
        Ok(checked) => checked,
        Err(error) => {
            let (line, column) = line_and_column(text, error.valid_up_to());
            let message = format!("the text is not UTF-8 here: convert it (line {line}, column {column})");
            return Err(vec![Issue::error(codes::XML_ENCODING, IssueCode::Structure, "", message)]);
        }
    };
    let markup = Markup::new(checked, limits.depth).map_err(|fault| vec![fault.into_issue(text, String::new())])?;
    let mut reader = Reader {
        markup,
        text: checked,
        definitions: definitions(),
        path: Path::default(),
        limits,
        depth: 0,
        values: 0,
        wrong_namespace: None,
        issues: Vec::new(),
    };
    match reader.document() {
        Ok(value) if reader.issues.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(fault) => reader.issues.push(fault.into_issue(text, reader.path.expression())),
    }
    Err(reader.issues)
}

struct Reader<'a> {
    markup: Markup<'a>,
    text: &'a str,
    definitions: &'static Definitions,
    path: Path,
    limits: Limits,
    depth: usize,
    values: usize,
    /// The namespace that was complained of last.
    wrong_namespace: Option<&'a str>,
    issues: Vec<Issue>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Value, Fault> {
        let mut value = Value::Null;
        while let Some(piece) = self.markup.next()? {
            if let Piece::Start(tag) = piece {
                value = self.resource(&tag)?;
            }
        }
        Ok(value)
    }

    /// The resource whose start tag was read.
    fn resource(&mut self, tag: &Tag<'a>) -> Result<Value, Fault> {
        let Some(resource_type) = ResourceType::parse(tag.name) else {
            self.problem(codes::XML_NO_RESOURCE, format!("<{}> is no resource type of FHIR R4", tag.name));
            self.skip()?;
            return Ok(Value::Null);
        };
        if self.path.is_empty() {
            self.path.push(resource_type.name(), None);
        }
        self.expect_namespace(tag, FHIR_NAMESPACE);
        for attribute in &tag.attributes {
            if attribute.namespace != XSI_NAMESPACE || attribute.name != "schemaLocation" {
                self.unknown_attribute(attribute);
            }
        }
        self.enter(1)?;
        let mut object = Object::with_capacity(8);
        object.push("resourceType", resource_type.name());
        self.children(self.definitions.resource(resource_type), &mut object, 0)?;
        self.depth -= 1;
        Ok(object.into())
    }

    /// The elements of what is open, up to its end, as members of `object`; when there are any, they are `levels` deeper.
    fn children(&mut self, kind: &'static Type, object: &mut Object, levels: usize) -> Result<(), Fault> {
        let mut members = Members::new(kind);
        let outside = self.depth;
        loop {
            match self.markup.next()? {
                Some(Piece::Start(tag)) => {
                    self.depth = outside;
                    self.enter(levels)?;
                    self.child(kind, &tag, &mut members, object)?;
                }
                Some(Piece::Text { is_blank: false }) => self.stray_text(),
                Some(Piece::Text { .. } | Piece::Comment) => {}
                Some(Piece::End) | None => break,
            }
        }
        self.depth = outside;
        members.finish(object);
        Ok(())
    }

    fn child(&mut self, kind: &'static Type, tag: &Tag<'a>, members: &mut Members, object: &mut Object) -> Result<(), Fault> {
        self.values += 1;
        if self.issues.len() == MAX_ISSUES {
            return Err(Fault::more(self.markup.span().start));
        }
        if self.values > self.limits.values {
            return Err(Fault::limit("the document has more elements than the limit allows: split it".into(), self.markup.span().start));
        }
        let known = kind.member(tag.name).filter(|(element, _)| !element.is_xml_attribute && element.max != Some(0));
        let Some((element, element_type)) = known else {
            self.problem(codes::XML_UNKNOWN_ELEMENT, unknown_element(kind, tag.name));
            return self.skip();
        };
        if let Err((number, message)) = members.advance(element, element_type, object) {
            self.problem(number, message);
        }
        self.path.push(element.name, element.is_list().then_some(members.count()));
        let (value, sibling) = self.element(element, element_type, tag)?;
        members.add(value, sibling, object);
        self.path.pop();
        Ok(())
    }

    /// An element whose start tag was read: its value, and for a primitive what stands beside it.
    fn element(&mut self, element: &Element, element_type: &ElementType, tag: &Tag<'a>) -> Result<(Value, Value), Fault> {
        let kind = self.definitions.get(element_type.id);
        let in_list = usize::from(element.is_list());
        if kind.primitive == Some(PrimitiveType::Xhtml) {
            return Ok((self.narrative(tag)?, Value::Null));
        }
        self.expect_namespace(tag, FHIR_NAMESPACE);
        if let Some(primitive) = kind.primitive {
            return self.primitive(primitive, kind, in_list, tag);
        }
        if kind.kind == TypeKind::Resource {
            self.enter(in_list)?;
            let value = self.wrapped_resource(tag)?;
            self.depth -= in_list;
            return Ok((value, Value::Null));
        }
        self.enter(1 + in_list)?;
        let mut object = Object::with_capacity(4);
        for attribute in &tag.attributes {
            let known = kind.member(attribute.name).filter(|(element, _)| element.is_xml_attribute && attribute.namespace.is_empty());
            match known {
                Some((_, element_type)) => object.push(element_type.member, &*attribute.value),
                None => self.unknown_attribute(attribute),
            }
        }
        let issues_before = self.issues.len();
        self.children(kind, &mut object, 0)?;
        self.depth -= 1 + in_list;
        if object.is_empty() && self.issues.len() == issues_before {
            self.problem(codes::XML_EMPTY, "the element is empty: leave it out");
        }
        Ok((object.into(), Value::Null))
    }

    fn primitive(&mut self, primitive: PrimitiveType, kind: &'static Type, in_list: usize, tag: &Tag<'a>) -> Result<(Value, Value), Fault> {
        let mut value = Value::Null;
        let mut sibling = Object::new();
        for attribute in &tag.attributes {
            match attribute.name {
                "value" if attribute.namespace.is_empty() => value = primitive_value(primitive, &attribute.value),
                "id" if attribute.namespace.is_empty() => sibling.push("id", &*attribute.value),
                _ => self.unknown_attribute(attribute),
            }
        }
        let has_id = usize::from(!sibling.is_empty());
        self.enter(in_list + has_id)?;
        let issues_before = self.issues.len();
        self.children(kind, &mut sibling, 1 - has_id)?;
        self.depth -= in_list + has_id;
        let is_silent = self.issues.len() == issues_before;
        let sibling = if sibling.is_empty() { Value::Null } else { sibling.into() };
        if value == Value::Null && sibling == Value::Null && is_silent {
            self.problem(codes::XML_EMPTY, "the element has neither a value nor an extension: leave it out");
        }
        Ok((value, sibling))
    }

    /// The resource inside of `contained`, `resource` and the like.
    fn wrapped_resource(&mut self, tag: &Tag<'a>) -> Result<Value, Fault> {
        tag.attributes.iter().for_each(|attribute| self.unknown_attribute(attribute));
        let mut found = None;
        loop {
            match self.markup.next()? {
                Some(Piece::Start(tag)) if found.is_none() => found = Some(self.resource(&tag)?),
                Some(Piece::Start(_)) => {
                    self.problem(codes::XML_NO_RESOURCE, "there must be one resource here: repeat the element around it");
                    self.skip()?;
                }
                Some(Piece::Text { is_blank: false }) => self.stray_text(),
                Some(Piece::Text { .. } | Piece::Comment) => {}
                Some(Piece::End) | None => break,
            }
        }
        if found.is_none() {
            self.problem(codes::XML_NO_RESOURCE, "there must be a resource inside of this element");
        }
        Ok(found.unwrap_or(Value::Null))
    }

    /// Passes over the rest of the element whose start tag was read.
    fn skip(&mut self) -> Result<(), Fault> {
        let mut open = 1;
        while open > 0 {
            match self.markup.next()? {
                Some(Piece::Start(_)) => open += 1,
                Some(Piece::End) => open -= 1,
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    fn enter(&mut self, levels: usize) -> Result<(), Fault> {
        self.depth += levels;
        if self.depth > self.limits.depth {
            let message = format!("elements are nested deeper than {} levels of JSON", self.limits.depth);
            return Err(Fault::limit(message, self.markup.span().start));
        }
        Ok(())
    }

    fn expect_namespace(&mut self, tag: &Tag<'a>, namespace: &str) {
        // What is in the element inherits its namespace: that is one problem, not as many.
        if tag.namespace != namespace && self.wrong_namespace.replace(tag.namespace) != Some(tag.namespace) {
            self.problem(codes::XML_NAMESPACE, format!("<{}> must be in the namespace {namespace}: declare it with xmlns", tag.name));
        }
    }

    fn unknown_attribute(&mut self, attribute: &Attribute<'_>) {
        let name = attribute.name;
        let message = match name {
            "value" => "only a primitive has the attribute 'value': this element has elements instead".to_owned(),
            _ => format!("FHIR has no attribute '{name}' here: leave it out"),
        };
        self.problem(codes::XML_UNKNOWN_ATTRIBUTE, message);
    }

    fn stray_text(&mut self) {
        self.problem(codes::XML_TEXT, "text must not stand here: FHIR's values are in the attribute 'value'");
    }

    fn problem(&mut self, number: u16, message: impl Into<String>) {
        if self.issues.len() < MAX_ISSUES {
            let (line, _) = line_and_column(self.text.as_bytes(), self.markup.span().start);
            let message = format!("{} (line {line})", message.into());
            self.issues.push(Issue::error(number, IssueCode::Structure, self.path.expression(), message));
        }
    }
}

fn unknown_element(kind: &Type, name: &str) -> String {
    let known = kind.elements.iter().filter(|element| !element.is_xml_attribute && !element.types.is_empty());
    let names = known.map(|element| if element.is_choice { format!("{}[x]", element.name) } else { element.name.to_owned() });
    let names = names.collect::<Vec<_>>().join(", ");
    // A name that FHIR has somewhere is shown; any other text could be anything.
    match crate::definitions::known_name(name) {
        Some(name) => format!("an element of type {} has no element <{name}>: it has {names}", kind.name),
        None => format!("an element of type {} has no element of this name: it has {names}", kind.name),
    }
}

fn primitive_value(primitive: PrimitiveType, text: &str) -> Value {
    match (primitive, text) {
        (PrimitiveType::Boolean, "true") => Value::Bool(true),
        (PrimitiveType::Boolean, "false") => Value::Bool(false),
        _ if primitive.is_number() && crate::json::is_number(text) => Value::Number(text.into()),
        _ => Value::String(text.into()),
    }
}
