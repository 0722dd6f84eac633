//! The attributes of a tag.

use std::borrow::Cow;
use std::ops::Range;

use super::characters::{is_space, name_length, reference};
use crate::xml::Fault;

/// An attribute.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    /// The prefix of its name; empty without.
    pub(crate) prefix: &'a str,
    /// Its name without the prefix.
    pub(crate) name: &'a str,
    /// The namespace of its prefix; empty without.
    pub(crate) namespace: &'a str,
    /// Its value, as an XML reader hands it on: references resolved, line ends and tabs as spaces.
    pub(crate) value: Cow<'a, str>,
    /// Where it stands, in bytes.
    pub(super) offset: usize,
}

/// How far it is to the `>` that ends a tag, quoted values skipped.
pub(super) fn tag_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', bytes.get(at..)?)?;
        let byte = *bytes.get(at)?;
        if byte == b'>' {
            return Some(at);
        }
        at += 2 + memchr::memchr(byte, bytes.get(at + 1..)?)?;
    }
}

/// Hands on each attribute in `span` of `text`: its qualified name, its value as it is written and its offset.
pub(super) fn read<'a>(
    text: &'a str,
    span: Range<usize>,
    most: usize,
    mut each: impl FnMut(&'a str, &'a str, usize) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut rest = &text[span.clone()];
    for count in 0.. {
        let trimmed = rest.trim_start_matches(is_space);
        let offset = span.end - trimmed.len();
        if trimmed.is_empty() {
            break;
        }
        if trimmed.len() == rest.len() {
            return Err(Fault::malformed("there must be white space before an attribute", offset));
        }
        if count == most {
            return Err(Fault::limit(format!("a tag has more than {most} attributes"), offset));
        }
        let name = &trimmed[..name_length(trimmed)];
        let value = quoted(&trimmed[name.len()..]).filter(|_| !name.is_empty());
        let Some((value, after)) = value else {
            return Err(Fault::malformed("an attribute must be written as name=\"value\"", offset));
        };
        if value.contains('<') {
            return Err(Fault::malformed("'<' in the value of an attribute must be written as '&lt;'", offset));
        }
        each(name, value, offset)?;
        rest = after;
    }
    Ok(())
}

/// The value of `= "value"` and what comes after it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let value = text.trim_start_matches(is_space).strip_prefix('=')?.trim_start_matches(is_space);
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split_once(quote)
}

/// The value of an attribute as an XML reader hands it on (<https://www.w3.org/TR/xml/#AVNormalize>).
pub(super) fn normalized(raw: &str, offset: usize) -> Result<Cow<'_, str>, Fault> {
    let is_special = |byte: &u8| matches!(byte, b'&' | b'\n' | b'\r' | b'\t');
    if !raw.as_bytes().iter().any(is_special) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.as_bytes().iter().position(is_special) {
        value.push_str(&rest[..at]);
        let special = &rest[at..];
        let length = if special.starts_with('&') {
            let (character, length) = reference(special, offset + raw.len() - special.len())?;
            value.push(character);
            length
        } else {
            value.push(' ');
            if special.starts_with("\r\n") { 2 } else { 1 }
        };
        rest = &special[length..];
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

pub(super) fn refuse_duplicates(attributes: &[Attribute<'_>]) -> Result<(), Fault> {
    for (index, attribute) in attributes.iter().enumerate() {
        let is_same = |other: &Attribute<'_>| other.name == attribute.name && other.namespace == attribute.namespace;
        if attributes[..index].iter().any(is_same) {
            return Err(Fault::malformed("this attribute stands twice in its tag: keep one", attribute.offset));
        }
    }
    Ok(())
}
