//! From text to the tree.

use std::sync::Arc;

use super::{Attribute, Element, Node};
use crate::codes;
use crate::json::Limits;
use crate::outcome::{Issue, IssueCode};
use crate::position::line_and_column;
use crate::xml::Fault;
use crate::xml::markup::{Markup, Piece, Tag, reference};

/// Reads a document with the usual [`Limits`]: see [`parse_with`].
pub fn parse(text: &[u8]) -> Result<Element, Issue> {
    parse_with(text, Limits::default())
}

/// Reads any well-formed document in UTF-8, and hands on its root element. Processing instructions are kept; DOCTYPE and entities of
/// the document's own are refused, so nothing expands.
///
/// [`Limits::depth`] counts elements within each other, [`Limits::values`] what there is of elements, texts and comments. The error
/// names the line.
pub fn parse_with(text: &[u8], limits: Limits) -> Result<Element, Issue> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let checked = simdutf8::compat::from_utf8(text).map_err(|error| {
        let (line, column) = line_and_column(text, error.valid_up_to());
        let message = format!("the text is not UTF-8 here: convert it (line {line}, column {column})");
        Issue::error(codes::XML_ENCODING, IssueCode::Structure, "", message)
    })?;
    read(checked, limits).map_err(|fault| fault.into_issue(text, String::new()))
}

fn read(text: &str, limits: Limits) -> Result<Element, Fault> {
    let mut markup = Markup::new(text, limits.depth)?.allow_instructions();
    let mut namespaces: Vec<Arc<str>> = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut values = 0;
    while let Some(piece) = markup.next()? {
        let span = markup.span();
        values += 1;
        if values > limits.values {
            return Err(Fault::limit("the document has more elements than the limit allows: split it".into(), span.start));
        }
        match piece {
            Piece::Start(tag) => {
                let element = element(&tag, &markup, &mut namespaces);
                open.push(element);
            }
            Piece::End => {
                let Some(mut closed) = open.pop() else { break };
                closed.join_texts();
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(closed)),
                    None => root = Some(closed),
                }
            }
            Piece::Text { .. } | Piece::Comment => {
                if let Some(parent) = open.last_mut() {
                    parent.children.push(leaf(&text[span.clone()], span.start)?);
                }
            }
        }
    }
    root.ok_or_else(|| Fault::malformed("there is no element", text.len()))
}

fn element(tag: &Tag<'_>, markup: &Markup<'_>, namespaces: &mut Vec<Arc<str>>) -> Element {
    let attributes = tag.attributes.iter().map(|attribute| Attribute {
        namespace: attribute.namespace.into(),
        name: attribute.name.into(),
        value: (&*attribute.value).into(),
    });
    Element {
        namespace: shared(tag.namespace, namespaces),
        name: tag.name.into(),
        declared: markup.declared().map(|(prefix, namespace)| (prefix.into(), namespace.into())).collect(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}

/// How many namespaces of a document are shared.
const MAX_SHARED: usize = 8;

fn shared(namespace: &str, known: &mut Vec<Arc<str>>) -> Arc<str> {
    if let Some(found) = known.iter().find(|known| &***known == namespace) {
        return found.clone();
    }
    let new: Arc<str> = namespace.into();
    if known.len() < MAX_SHARED {
        known.push(new.clone());
    }
    new
}

/// What a piece of text that is no tag stands for.
fn leaf(raw: &str, offset: usize) -> Result<Node, Fault> {
    let between = |start: &str, end: &str| raw.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    if let Some(comment) = between("<!--", "-->") {
        return Ok(Node::Comment(comment.into()));
    }
    if let Some(instruction) = between("<?", "?>") {
        return Ok(Node::Instruction(instruction.into()));
    }
    if let Some(text) = between("<![CDATA[", "]]>") {
        return Ok(Node::Text(text.replace("\r\n", "\n").into()));
    }
    Ok(Node::Text(resolved(raw, offset)?.into()))
}

/// Text with its references resolved, and line ends as XML has them.
fn resolved(raw: &str, offset: usize) -> Result<String, Fault> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r']) {
        text.push_str(&rest[..at]);
        let special = &rest[at..];
        if special.starts_with('&') {
            let (character, length) = reference(special, offset + raw.len() - special.len())?;
            text.push(character);
            rest = &special[length..];
        } else {
            text.push('\n');
            rest = special.strip_prefix("\r\n").unwrap_or(&special[1..]);
        }
    }
    text.push_str(rest);
    Ok(text)
}
