//! XML as a tree of elements, text and comments, for documents that are no resource: patches, and what they change.

mod read;
mod write;

use std::sync::Arc;

pub use read::{parse, parse_with};
pub use write::to_string;

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its namespace, empty without, shared between the elements of a document.
    pub namespace: Arc<str>,
    /// Its name without a prefix.
    pub name: Box<str>,
    /// The prefixes that it declares, empty for the default, with their namespaces.
    pub declared: Vec<(Box<str>, Box<str>)>,
    /// Its attributes, without the declarations of namespaces; no two have the same name.
    pub attributes: Vec<Attribute>,
    /// What is inside, in order. No two texts stand side by side.
    pub children: Vec<Node>,
}

/// What stands inside of an element.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, references resolved. A CDATA section is text.
    Text(Box<str>),
    /// A comment: what stands between `<!--` and `-->`.
    Comment(Box<str>),
    /// A processing instruction: what stands between `<?` and `?>`.
    Instruction(Box<str>),
}

/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its namespace; empty without a prefix.
    pub namespace: Box<str>,
    /// Its name without a prefix.
    pub name: Box<str>,
    /// Its value, references resolved.
    pub value: Box<str>,
}

impl Element {
    /// The value of the attribute of this name, without a namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.namespace.is_empty() && &*attribute.name == name).map(|found| &*found.value)
    }

    /// The elements inside, without those in them.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::as_element)
    }

    /// The texts inside, those of elements in it included, as one.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.collect_text(&mut text);
        text
    }

    // The depth is bounded by that of the reader.
    fn collect_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Element(element) => element.collect_text(out),
                Node::Text(text) => out.push_str(text),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// Makes one text of those that stand side by side, and none of an empty one.
    pub fn join_texts(&mut self) {
        let is_text = |node: &Node| matches!(node, Node::Text(_));
        let has_empty = self.children.iter().any(|child| matches!(child, Node::Text(text) if text.is_empty()));
        if !has_empty && !self.children.windows(2).any(|pair| pair.iter().all(is_text)) {
            return;
        }
        let mut joined: Vec<Node> = Vec::with_capacity(self.children.len());
        for child in std::mem::take(&mut self.children) {
            match (joined.last_mut(), child) {
                (_, Node::Text(text)) if text.is_empty() => {}
                (Some(Node::Text(before)), Node::Text(text)) => *before = format!("{before}{text}").into(),
                (_, child) => joined.push(child),
            }
        }
        self.children = joined;
    }
}

impl Node {
    /// The element, when it is one.
    pub fn as_element(&self) -> Option<&Element> {
        match self {
            Node::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Whether it is text of nothing but white space.
    pub fn is_blank(&self) -> bool {
        matches!(self, Node::Text(text) if text.chars().all(super::markup::is_space))
    }
}
