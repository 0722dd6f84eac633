//! Start tags, and the namespaces that they declare (<https://www.w3.org/TR/xml-names/>).

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::characters::name_length;
use super::{Binding, Markup, Piece, Tag};
use crate::xml::Fault;

/// How many attributes one tag may have. FHIR's have three, and namespaces.
const MAX_ATTRIBUTES: usize = 40;
/// How many namespace declarations may be in force at one place.
const MAX_BINDINGS: usize = 40;
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

impl<'a> Markup<'a> {
    /// The start tag, or empty tag, that begins here.
    pub(super) fn start_tag(&mut self) -> Result<Piece<'a>, Fault> {
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(Fault::malformed("there is a second root element", self.at));
        }
        if self.open.len() == self.depth {
            return Err(Fault::limit(format!("elements are nested deeper than {} levels", self.depth), self.at));
        }
        let name_start = self.at + 1;
        let qualified = &self.text[name_start..name_start + name_length(&self.text[name_start..])];
        if qualified.is_empty() {
            return Err(Fault::malformed("'<' must begin a tag: in text it is written as '&lt;'", self.at));
        }
        let name_end = name_start + qualified.len();
        let Some(length) = attributes::tag_length(&self.text.as_bytes()[name_end..]) else {
            return Err(Fault::malformed("a tag does not end with '>': the text may have been cut off", self.at));
        };
        let tag_end = name_end + length;
        self.ends_at_once = self.text[name_end..tag_end].ends_with('/');
        self.open.push(qualified);
        let (mut tag, bound) = self.tag_attributes(name_end..tag_end - usize::from(self.ends_at_once))?;
        (tag.prefix, tag.name) = split_name(qualified, name_start)?;
        tag.declares_default = bound;
        tag.namespace = self.namespace(tag.prefix, name_start)?;
        self.at = tag_end + 1;
        Ok(Piece::Start(tag))
    }

    fn tag_attributes(&mut self, span: Range<usize>) -> Result<(Tag<'a>, bool), Fault> {
        let mut attributes = Vec::new();
        let mut declares_default = false;
        let name_end = span.start;
        attributes::read(self.text, span, MAX_ATTRIBUTES, |qualified, raw, offset| {
            if qualified == "xmlns" || qualified.starts_with("xmlns:") {
                declares_default |= qualified == "xmlns";
                return self.bind(qualified, raw, offset);
            }
            let (prefix, name) = split_name(qualified, offset)?;
            attributes.push(Attribute { prefix, name, namespace: "", value: attributes::normalized(raw, offset)?, offset });
            Ok(())
        })?;
        for attribute in attributes.iter_mut().filter(|attribute| !attribute.prefix.is_empty()) {
            attribute.namespace = self.namespace(attribute.prefix, attribute.offset)?;
        }
        attributes::refuse_duplicates(&attributes)?;
        Ok((Tag { prefix: "", name: "", namespace: "", attributes, declares_default, name_end }, declares_default))
    }

    fn bind(&mut self, qualified: &'a str, namespace: &'a str, offset: usize) -> Result<(), Fault> {
        let prefix = qualified.strip_prefix("xmlns:").unwrap_or_default();
        let depth = self.open.len();
        let is_twice = self.bindings.iter().rev().take_while(|binding| binding.depth == depth).any(|binding| binding.prefix == prefix);
        let is_reserved = prefix == "xml" || prefix == "xmlns" || qualified == "xmlns:" || (namespace.is_empty() && !prefix.is_empty());
        if is_twice || is_reserved || namespace.contains('&') {
            return Err(Fault::malformed("this namespace declaration is not possible", offset));
        }
        if self.bindings.len() == MAX_BINDINGS {
            return Err(Fault::limit(format!("more than {MAX_BINDINGS} namespaces are declared"), offset));
        }
        self.bindings.push(Binding { depth, prefix, namespace });
        Ok(())
    }

    fn namespace(&self, prefix: &str, offset: usize) -> Result<&'a str, Fault> {
        if prefix == "xml" {
            return Ok(XML_NAMESPACE);
        }
        let is_bound = |binding: &&Binding<'a>| match prefix {
            "" => binding.prefix.is_empty(),
            _ => binding.prefix == prefix,
        };
        match self.bindings.iter().rev().find(is_bound) {
            Some(binding) => Ok(binding.namespace),
            None if prefix.is_empty() => Ok(""),
            None => Err(Fault::malformed("the prefix of this name is not declared: add xmlns:prefix=\"…\"", offset)),
        }
    }
}

/// The prefix of a qualified name, empty without, and the name after it.
fn split_name(qualified: &str, offset: usize) -> Result<(&str, &str), Fault> {
    match qualified.split_once(':') {
        None => Ok(("", qualified)),
        Some((prefix, name)) if !prefix.is_empty() && name_length(name) == name.len() && !name.is_empty() && !name.contains(':') => {
            Ok((prefix, name))
        }
        Some(_) => Err(Fault::malformed("a name may have one prefix: 'prefix:name'", offset)),
    }
}
