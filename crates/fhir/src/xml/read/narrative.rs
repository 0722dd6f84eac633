//! The narrative's `div`: XML inside of XML, which JSON holds as text.

use super::{Fault, Piece, Reader, Tag, Value, XHTML_NAMESPACE};
use crate::codes;

impl<'a> Reader<'a> {
    /// The text of the `div` whose start tag was read: as it is written, but for prefixes, which are taken off, and the
    /// namespace, which is declared in it.
    pub(super) fn narrative(&mut self, tag: &Tag<'a>) -> Result<Value, Fault> {
        let mut text = String::new();
        if !tag.declares_default || !tag.prefix.is_empty() {
            text.push_str("<div xmlns=\"");
            text.push_str(XHTML_NAMESPACE);
            text.push('"');
            text.push_str(&self.text[tag.name_end..self.markup.span().end]);
            self.check_tag(tag);
        } else {
            self.copy_start(tag, &mut text);
        }
        let mut open = 1;
        while open > 0 {
            match self.markup.next()? {
                Some(Piece::Start(tag)) => {
                    open += 1;
                    self.copy_start(&tag, &mut text);
                }
                Some(Piece::End) => {
                    open -= 1;
                    self.copy_end(&mut text);
                }
                Some(_) => text.push_str(&self.text[self.markup.span()]),
                None => break,
            }
        }
        Ok(Value::String(text.into()))
    }

    fn copy_start(&mut self, tag: &Tag<'a>, text: &mut String) {
        self.check_tag(tag);
        let span = self.markup.span();
        if tag.prefix.is_empty() {
            text.push_str(&self.text[span]);
        } else {
            text.push('<');
            text.push_str(tag.name);
            text.push_str(&self.text[tag.name_end..span.end]);
        }
    }

    fn copy_end(&self, text: &mut String) {
        let raw = &self.text[self.markup.span()];
        match raw.split_once(':') {
            Some((_, name)) => {
                text.push_str("</");
                text.push_str(name);
            }
            None => text.push_str(raw),
        }
    }

    fn check_tag(&mut self, tag: &Tag<'a>) {
        self.expect_namespace(tag, XHTML_NAMESPACE);
        if !tag.prefix.is_empty() && tag.declares_default {
            self.problem(codes::XML_NAMESPACE, "a narrative's element with a prefix must not declare another namespace");
        }
        if tag.attributes.iter().any(|attribute| !matches!(attribute.prefix, "" | "xml")) {
            self.problem(codes::XML_UNKNOWN_ATTRIBUTE, "a narrative's attribute must not have a prefix: leave it out");
        }
    }
}
