//! A reader of XML markup, for resources and for narratives.
//!
//! It accepts the well-formed documents of XML 1.0 with namespaces that need no document type: DOCTYPE, processing
//! instructions and entities other than the five of XML and character references are refused, so nothing ever expands.

mod attributes;
mod characters;
mod declaration;
mod start_tag;

use std::ops::Range;

pub(crate) use attributes::Attribute;
pub(crate) use characters::is_space;
pub(crate) use characters::reference;
use characters::{check_references, find_forbidden, name_length};

use super::Fault;

/// A step through a document. What it looks like is at [`Markup::span`].
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    /// A start tag. An empty tag (`<br/>`) is followed by an [`Piece::End`] of no length.
    Start(Tag<'a>),
    /// The end of the element that was opened last.
    End,
    /// Character data or a CDATA section, and whether it is nothing but white space.
    Text { is_blank: bool },
    /// A comment; or a processing instruction, where those are allowed.
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
    allows_instructions: bool,
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
        let (open, bindings) = (Vec::new(), Vec::new());
        Ok(Self { text, at: 0, start: 0, depth, open, bindings, ends_at_once: false, has_root: false, allows_instructions: false })
    }

    /// Hands on processing instructions as comments instead of refusing them: for documents that are no resource.
    pub(crate) fn allow_instructions(mut self) -> Self {
        self.allows_instructions = true;
        self
    }

    /// The prefixes that the tag handed on last declares itself, empty for the default, with their namespaces.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let depth = self.open.len();
        let own = self.bindings.iter().rev().take_while(move |binding| binding.depth == depth);
        own.map(|binding| (binding.prefix, binding.namespace))
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
            [b'<', b'?', ..] if self.allows_instructions => self.instruction()?,
            [b'<', b'?', ..] => return Err(Fault::processing_instruction(self.at)),
            [b'<', ..] => self.start_tag()?,
            _ => self.text()?,
        };
        Ok(Some(piece))
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

    fn instruction(&mut self) -> Result<Piece<'a>, Fault> {
        match memchr::memmem::find(&self.text.as_bytes()[self.at..], b"?>") {
            Some(length) => self.at += length + 2,
            None => return Err(Fault::malformed("a processing instruction does not end with '?>'", self.at)),
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
}
