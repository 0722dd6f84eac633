//! From text to a tree.

use super::{Attribute, Document, Element, Node, Place, XML};
use crate::Refused;

/// What a document may have: bytes, elements, attributes of one element, and elements within each other.
const MOST_BYTES: usize = 1 << 20;
const MOST_ELEMENTS: usize = 20_000;
const MOST_ATTRIBUTES: usize = 100;
const DEEPEST: usize = 50;

const BROKEN: Refused = Refused("it is no well-formed XML");

/// The tree of a document in UTF-8.
///
/// Fails when it is not well-formed, has more than 1 MiB, 20,000 elements, 100 attributes at one or 50 levels, or has what is refused on purpose: a DOCTYPE, processing
/// instructions, entities beyond the five, names beyond ASCII.
pub fn parse(text: &[u8]) -> Result<Document, Refused> {
    let text = prepared(text)?;
    let mut reader = Reader { rest: declaration(&text)?, document: Document { elements: Vec::new() }, open: Vec::new() };
    reader.document()?;
    match reader.open.is_empty() && !reader.document.elements.is_empty() {
        true => Ok(reader.document),
        false => Err(BROKEN),
    }
}

/// The tree of what was taken out of another document, where these namespaces are declared: its outermost element has no name, and what was taken out within it.
///
/// Fails as [`parse`] does.
pub(crate) fn parse_within(text: &[u8], declared: Vec<(String, String)>) -> Result<Document, Refused> {
    let text = prepared(text)?;
    let around = Element {
        parent: None,
        prefix: String::new(),
        local: String::new(),
        namespace: String::new(),
        attributes: Vec::new(),
        declared,
        children: Vec::new(),
    };
    let mut reader = Reader { rest: &text, document: Document { elements: vec![around] }, open: vec![Place(0)] };
    reader.document()?;
    // No end tag can close what has no name.
    match reader.open[..] == [Place(0)] {
        true => Ok(reader.document),
        false => Err(BROKEN),
    }
}

/// The text of a document, with line ends as XML has them.
fn prepared(text: &[u8]) -> Result<String, Refused> {
    if text.len() > MOST_BYTES {
        return Err(Refused("the XML has more than 1 MiB"));
    }
    let text = std::str::from_utf8(text).map_err(|_| Refused("the XML is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_allowed) {
        return Err(BROKEN);
    }
    // Line ends (XML 1.0, section 2.11).
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

struct Reader<'a> {
    rest: &'a str,
    document: Document,
    open: Vec<Place>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<(), Refused> {
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                let (comment, rest) = rest.split_once("-->").ok_or(BROKEN)?;
                if comment.contains("--") || comment.ends_with('-') {
                    return Err(BROKEN);
                }
                self.rest = rest;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                let (text, rest) = rest.split_once("]]>").ok_or(BROKEN)?;
                self.rest = rest;
                self.text(text.to_owned())?;
            } else if self.rest.starts_with("<!") {
                return Err(Refused("the XML has a DOCTYPE, which is not taken"));
            } else if self.rest.starts_with("<?") {
                return Err(Refused("the XML has a processing instruction, which is not taken"));
            } else if let Some(rest) = self.rest.strip_prefix("</") {
                self.rest = rest;
                self.close()?;
            } else if let Some(rest) = self.rest.strip_prefix('<') {
                self.rest = rest;
                self.start()?;
            } else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                if text.contains("]]>") {
                    return Err(BROKEN);
                }
                self.text(unescaped(text)?)?;
            }
        }
        Ok(())
    }

    /// Text, which continues what was before it.
    fn text(&mut self, text: String) -> Result<(), Refused> {
        let Some(place) = self.open.last() else {
            return if text.trim_matches([' ', '\t', '\n']).is_empty() { Ok(()) } else { Err(BROKEN) };
        };
        let children = &mut self.document.elements[place.0].children;
        match children.last_mut() {
            Some(Node::Text(before)) => before.push_str(&text),
            _ => children.push(Node::Text(text)),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refused> {
        let (prefix, local) = self.name()?;
        self.blanks();
        self.expect('>')?;
        let place = self.open.pop().ok_or(BROKEN)?;
        let element = self.document.element(place);
        if element.prefix == prefix && element.local == local { Ok(()) } else { Err(BROKEN) }
    }

    fn start(&mut self) -> Result<(), Refused> {
        let (prefix, local) = self.name()?;
        let (mut plain, mut declared) = (Vec::new(), Vec::new());
        let is_empty = loop {
            let had_blank = self.blanks();
            if self.rest.starts_with('>') {
                self.rest = &self.rest[1..];
                break false;
            }
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                break true;
            }
            if !had_blank || plain.len() + declared.len() == MOST_ATTRIBUTES {
                return Err(BROKEN);
            }
            let (name, value) = self.attribute()?;
            match (name.0, name.1) {
                ("", "xmlns") => declared.push((String::new(), value)),
                ("xmlns", prefix) => declared.push((prefix.to_owned(), value)),
                (prefix, local) => plain.push((prefix, local, value)),
            }
        };
        let place = self.add(prefix, local, plain, declared)?;
        if !is_empty {
            self.open.push(place);
        }
        Ok(())
    }

    fn add(
        &mut self,
        prefix: &str,
        local: &str,
        plain: Vec<(&str, &str, String)>,
        declared: Vec<(String, String)>,
    ) -> Result<Place, Refused> {
        check_declared(&declared)?;
        let place = Place(self.document.elements.len());
        let parent = self.open.last().copied();
        if place.0 == MOST_ELEMENTS || self.open.len() == DEEPEST {
            return Err(Refused("the XML has too many elements, or too many within each other"));
        }
        if parent.is_none() && place.0 > 0 {
            return Err(BROKEN);
        }
        let element = Element {
            parent,
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            namespace: String::new(),
            attributes: Vec::new(),
            declared,
            children: Vec::new(),
        };
        self.document.elements.push(element);
        let found = |prefix: &str| self.document.namespace_of(Some(place), prefix).map(str::to_owned).ok_or(BROKEN);
        let namespace = found(prefix)?;
        let mut attributes: Vec<Attribute> = Vec::with_capacity(plain.len());
        for (prefix, local, value) in plain {
            // Without a prefix an attribute is in no namespace.
            let namespace = if prefix.is_empty() { String::new() } else { found(prefix)? };
            if attributes.iter().any(|known| known.namespace == namespace && known.local == local) {
                return Err(BROKEN);
            }
            attributes.push(Attribute { prefix: prefix.to_owned(), local: local.to_owned(), namespace, value });
        }
        let element = &mut self.document.elements[place.0];
        (element.namespace, element.attributes) = (namespace, attributes);
        if let Some(parent) = parent {
            self.document.elements[parent.0].children.push(Node::Element(place));
        }
        Ok(place)
    }

    fn attribute(&mut self) -> Result<((&'a str, &'a str), String), Refused> {
        let name = self.name()?;
        self.blanks();
        self.expect('=')?;
        self.blanks();
        let quote = self.rest.chars().next().filter(|sign| matches!(sign, '"' | '\'')).ok_or(BROKEN)?;
        let (value, rest) = self.rest[1..].split_once(quote).ok_or(BROKEN)?;
        self.rest = rest;
        if value.contains('<') {
            return Err(BROKEN);
        }
        // What stands there as a blank is one (section 3.3.3); what is written as a reference stays what it is.
        Ok((name, unescaped(&value.replace(['\t', '\n'], " "))?))
    }

    /// A name: its prefix, and the rest of it.
    fn name(&mut self) -> Result<(&'a str, &'a str), Refused> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
        let end = self.rest.bytes().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let is_name = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && !text.contains(':');
        match is_name(local) && (is_name(prefix) || prefix.is_empty() && !name.contains(':')) {
            true => Ok((prefix, local)),
            false => Err(BROKEN),
        }
    }

    fn blanks(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t', '\n']);
        let had = trimmed.len() < self.rest.len();
        self.rest = trimmed;
        had
    }

    fn expect(&mut self, sign: char) -> Result<(), Refused> {
        self.rest = self.rest.strip_prefix(sign).ok_or(BROKEN)?;
        Ok(())
    }
}

/// What comes after the declaration, which may say that it is UTF-8 and nothing else.
fn declaration(text: &str) -> Result<&str, Refused> {
    let Some(rest) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with([' ', '\t', '\n'])) else { return Ok(text) };
    let (declared, rest) = rest.split_once("?>").ok_or(BROKEN)?;
    let declared = declared.to_ascii_lowercase();
    let says_encoding = declared.contains("encoding");
    match says_encoding && !declared.contains("\"utf-8\"") && !declared.contains("'utf-8'") {
        true => Err(Refused("the XML is not UTF-8")),
        false => Ok(rest),
    }
}

/// That no prefix is declared twice, to nothing, or for what is not its own.
fn check_declared(declared: &[(String, String)]) -> Result<(), Refused> {
    for (index, (prefix, namespace)) in declared.iter().enumerate() {
        let is_twice = declared[..index].iter().any(|(other, _)| other == prefix);
        let is_reserved = prefix == "xmlns" || (prefix == "xml") != (namespace == XML) || namespace == "http://www.w3.org/2000/xmlns/";
        if is_twice || is_reserved || (namespace.is_empty() && !prefix.is_empty()) {
            return Err(BROKEN);
        }
    }
    Ok(())
}

/// Whether XML 1.0 allows a character (section 2.2).
fn is_allowed(sign: char) -> bool {
    matches!(sign, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A text with its references replaced.
fn unescaped(text: &str) -> Result<String, Refused> {
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').ok_or(BROKEN)?;
        let sign = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let digits = name.strip_prefix('#').ok_or(Refused("the XML has an entity beyond the five"))?;
                let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |digits| (digits, 16));
                let is_number = (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let number = u32::from_str_radix(digits, radix).ok().filter(|_| is_number);
                number.and_then(char::from_u32).filter(|sign| is_allowed(*sign)).ok_or(BROKEN)?
            }
        };
        out.push(sign);
        out.push_str(rest);
    }
    Ok(out)
}
