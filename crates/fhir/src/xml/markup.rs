//! A reader of XML markup, for resources and for narratives.
//!
//! It accepts the well-formed documents of XML 1.0 with namespaces that need no document type: DOCTYPE, processing
//! instructions and entities other than the five of XML and character references are refused, so nothing ever expands.

mod attributes;
mod characters;

use std::ops::Range;

pub(crate) use attributes::Attribute;
pub(crate) use characters::is_space;
use characters::{check_references, find_forbidden, name_length};

use super::Fault;

/// How many attributes one tag may have. FHIR's have three, and namespaces.
const MAX_ATTRIBUTES: usize = 40;
/// How many namespace declarations may be in force at one place.
const MAX_BINDINGS: usize = 40;
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// A step through a document. What it looks like is at [`Markup::span`].
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    /// A start tag. An empty tag (`<br/>`) is followed by an [`Piece::End`] of no length.
    Start(Tag<'a>),
    /// The end of the element that was opened last.
    End,
    /// Character data or a CDATA section, and whether it is nothing but white space.
    Text { is_blank: bool },
    /// A comment.
    Comment,
}

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// The prefix of its name; empty without.
    pub(crate) prefix: &'a str,
    /// Its name without the prefix.
    pub(crate) name: &'a str,
    /// The namespace of its name; empty without.
    pub(crate) namespace: &'a str,
    /// Its attributes, without the declarations of namespaces.
    pub(crate) attributes: Vec<Attribute<'a>>,
    /// Whether it declares the default namespace itself.
    pub(crate) declares_default: bool,
    /// Where its qualified name ends in the document.
    pub(crate) name_end: usize,
}

/// The reader: see the module.
pub(crate) struct Markup<'a> {
    text: &'a str,
    at: usize,
    start: usize,
    depth: usize,
    open: Vec<&'a str>,
    bindings: Vec<Binding<'a>>,
    ends_at_once: bool,
    has_root: bool,
}

struct Binding<'a> {
    depth: usize,
    prefix: &'a str,
    namespace: &'a str,
}

impl<'a> Markup<'a> {
    /// A reader at the beginning of `text`, which gives up on elements nested deeper than `depth`.
    pub(crate) fn new(text: &'a str, depth: usize) -> Result<Self, Fault> {
        let mut markup = Self::fragment(text, depth)?;
        markup.declaration()?;
        Ok(markup)
    }

    /// The same for a text that must not begin with an XML declaration.
    pub(crate) fn fragment(text: &'a str, depth: usize) -> Result<Self, Fault> {
        if let Some(offset) = find_forbidden(text) {
            return Err(Fault::malformed("this character must not stand in XML: leave it out", offset));
        }
        Ok(Self { text, at: 0, start: 0, depth, open: Vec::new(), bindings: Vec::new(), ends_at_once: false, has_root: false })
    }

    /// How many elements are open.
    pub(crate) fn nesting(&self) -> usize {
        self.open.len()
    }

    /// Where the last piece stands, in bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.at
    }

    /// The next piece; `None` at the end of a complete document.
    pub(crate) fn next(&mut self) -> Result<Option<Piece<'a>>, Fault> {
        self.start = self.at;
        if std::mem::take(&mut self.ends_at_once) {
            self.close();
            return Ok(Some(Piece::End));
        }
        let rest = &self.text[self.at..];
        let piece = match rest.as_bytes() {
            [] => return self.finish(),
            [b'<', b'/', ..] => self.end_tag()?,
            [b'<', b'!', b'-', b'-', ..] => self.comment()?,
            [b'<', b'!', b'[', ..] => self.cdata()?,
            [b'<', b'!', ..] => return Err(Fault::document_type(self.at)),
            [b'<', b'?', ..] => return Err(Fault::processing_instruction(self.at)),
            [b'<', ..] => self.start_tag()?,
            _ => self.text()?,
        };
        Ok(Some(piece))
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, when it is there.
    fn declaration(&mut self) -> Result<(), Fault> {
        let Some(rest) = self.text.strip_prefix("<?xml").filter(|rest| rest.starts_with(is_space)) else { return Ok(()) };
        let Some(length) = memchr::memmem::find(rest.as_bytes(), b"?>") else {
            return Err(Fault::malformed("the XML declaration does not end with '?>'", 0));
        };
        let mut declared = Vec::new();
        attributes::read(self.text, 5..5 + length, 3, |name, value, _| {
            declared.push((name, value));
            Ok(())
        })?;
        let names = declared.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let is_known =
            matches!(names[..], ["version"] | ["version", "encoding"] | ["version", "standalone"] | ["version", "encoding", "standalone"]);
        if !is_known {
            return Err(Fault::malformed("the XML declaration must be <?xml version=\"1.0\" encoding=\"UTF-8\"?>", 0));
        }
        for (name, value) in declared {
            let fits = match name {
                "version" => value == "1.0",
                "encoding" => ["utf-8", "us-ascii", "utf8"].iter().any(|known| value.eq_ignore_ascii_case(known)),
                _ => value == "yes" || value == "no",
            };
            if !fits {
                return Err(Fault::malformed("the XML declaration must say version 1.0 and encoding UTF-8: convert the document", 0));
            }
        }
        self.at = 5 + length + 2;
        Ok(())
    }

    fn finish(&self) -> Result<Option<Piece<'a>>, Fault> {
        if !self.open.is_empty() {
            return Err(Fault::malformed("the text ends inside an element: it may have been cut off", self.at));
        }
        if !self.has_root {
            return Err(Fault::malformed("there is no element", self.at));
        }
        Ok(None)
    }

    fn text(&mut self) -> Result<Piece<'a>, Fault> {
        let rest = &self.text[self.at..];
        let run = &rest[..memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len())];
        let is_blank = run.chars().all(is_space);
        if !is_blank {
            if self.open.is_empty() {
                return Err(Fault::malformed("text must not stand outside of the root element", self.at));
            }
            if let Some(offset) = memchr::memmem::find(run.as_bytes(), b"]]>") {
                return Err(Fault::malformed("']]>' in text must be written as ']]&gt;'", self.at + offset));
            }
            check_references(run, self.at)?;
        }
        self.at += run.len();
        Ok(Piece::Text { is_blank })
    }

    fn comment(&mut self) -> Result<Piece<'a>, Fault> {
        let body = self.at + 4;
        match memchr::memmem::find(&self.text.as_bytes()[body..], b"--") {
            Some(length) if self.text[body + length + 2..].starts_with('>') => self.at = body + length + 3,
            Some(length) => return Err(Fault::malformed("a comment must not contain '--'", body + length)),
            None => return Err(Fault::malformed("a comment does not end with '-->'", self.at)),
        }
        Ok(Piece::Comment)
    }

    fn cdata(&mut self) -> Result<Piece<'a>, Fault> {
        let Some(body) = self.text[self.at..].strip_prefix("<![CDATA[").filter(|_| !self.open.is_empty()) else {
            return Err(Fault::malformed("'<![' must begin a CDATA section inside of an element", self.at));
        };
        let Some(length) = memchr::memmem::find(body.as_bytes(), b"]]>") else {
            return Err(Fault::malformed("a CDATA section does not end with ']]>'", self.at));
        };
        self.at += 9 + length + 3;
        Ok(Piece::Text { is_blank: body[..length].chars().all(is_space) })
    }

    fn end_tag(&mut self) -> Result<Piece<'a>, Fault> {
        let rest = &self.text[self.at + 2..];
        let name = &rest[..name_length(rest)];
        let after = rest[name.len()..].trim_start_matches(is_space);
        if !after.starts_with('>') {
            return Err(Fault::malformed("an end tag must be '</name>'", self.at));
        }
        if self.open.last() != Some(&name) {
            return Err(Fault::malformed("this end tag does not match the start tag that is open", self.at));
        }
        self.at = self.text.len() - after.len() + 1;
        self.close();
        Ok(Piece::End)
    }

    fn close(&mut self) {
        while self.bindings.last().is_some_and(|binding| binding.depth == self.open.len()) {
            self.bindings.pop();
        }
        self.open.pop();
    }

    fn start_tag(&mut self) -> Result<Piece<'a>, Fault> {
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
