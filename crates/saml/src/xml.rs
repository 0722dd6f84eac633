//! A strict and bounded tree of an XML document, in which each element is known by its place: what is verified is what is read.
//!
//! Comments are left out and the text around them is one, as in the canonical form: a name with a comment in it is read as it was signed.

mod canonical;
mod read;

use std::collections::HashSet;

use crate::Refused;

pub use read::parse;
pub(crate) use read::parse_within;

/// The namespace of `xml:`.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A document. Elements are told apart by their place in it.
pub struct Document {
    elements: Vec<Element>,
}

/// An element, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(usize);

pub(crate) struct Element {
    pub(crate) parent: Option<Place>,
    pub(crate) prefix: String,
    pub(crate) local: String,
    /// The namespace; empty: none.
    pub(crate) namespace: String,
    pub(crate) attributes: Vec<Attribute>,
    /// The namespaces that it declares, by prefix; the prefix of the default is empty.
    pub(crate) declared: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

pub(crate) struct Attribute {
    pub(crate) prefix: String,
    pub(crate) local: String,
    pub(crate) namespace: String,
    pub(crate) value: String,
}

pub(crate) enum Node {
    Element(Place),
    Text(String),
}

impl Document {
    /// The outermost element.
    pub fn root(&self) -> Place {
        Place(0)
    }

    pub(crate) fn element(&self, place: Place) -> &Element {
        &self.elements[place.0]
    }

    /// Whether an element has this namespace and name.
    pub fn is(&self, place: Place, namespace: &str, local: &str) -> bool {
        let element = self.element(place);
        element.namespace == namespace && element.local == local
    }

    /// An attribute without a namespace; `None` when it is not there.
    pub fn attribute(&self, place: Place, name: &str) -> Option<&str> {
        let found = self.element(place).attributes.iter().find(|attribute| attribute.namespace.is_empty() && attribute.local == name);
        found.map(|attribute| attribute.value.as_str())
    }

    /// The elements directly within another.
    pub fn children(&self, place: Place) -> impl Iterator<Item = Place> {
        self.element(place).children.iter().filter_map(|node| match node {
            Node::Element(child) => Some(*child),
            Node::Text(_) => None,
        })
    }

    /// Those of this namespace and name.
    pub fn named<'a>(&'a self, place: Place, namespace: &'a str, local: &'a str) -> impl Iterator<Item = Place> + 'a {
        self.children(place).filter(move |child| self.is(*child, namespace, local))
    }

    /// The one of this namespace and name; `None` when there is none, or there are several.
    pub fn only(&self, place: Place, namespace: &str, local: &str) -> Option<Place> {
        let mut found = self.named(place, namespace, local);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// All text directly within an element, without blanks at both ends; `None` when there are elements among it.
    pub fn text(&self, place: Place) -> Option<String> {
        let pieces = self.element(place).children.iter().map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        Some(pieces.collect::<Option<String>>()?.trim().to_owned())
    }

    /// How many elements of this namespace and name there are, wherever.
    pub fn count(&self, namespace: &str, local: &str) -> usize {
        self.elements.iter().filter(|element| element.namespace == namespace && element.local == local).count()
    }

    /// That no two elements have the same id, by whichever of the attributes that are used for ids.
    ///
    /// Fails when two have.
    pub fn ids_are_unique(&self) -> Result<(), Refused> {
        judge_ids(self.ids())
    }

    /// The same for all elements of two documents, one of which was taken out of the other.
    pub(crate) fn ids_are_unique_with(&self, other: &Document) -> Result<(), Refused> {
        judge_ids(self.ids().chain(other.ids()))
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        let attributes = self.elements.iter().flat_map(|element| &element.attributes);
        attributes.filter(|attribute| attribute.local.eq_ignore_ascii_case("id")).map(|attribute| attribute.value.as_str())
    }

    /// The one element directly within another, with nothing but blanks around it; `None` when there is none, several, or text.
    pub(crate) fn alone(&self, place: Place) -> Option<Place> {
        let is_blank = |node: &Node| matches!(node, Node::Text(text) if text.trim_matches([' ', '\t', '\n']).is_empty());
        let mut rest = self.element(place).children.iter().filter(|node| !is_blank(node));
        match (rest.next(), rest.next()) {
            (Some(Node::Element(child)), None) => Some(*child),
            _ => None,
        }
    }

    /// The namespaces that are declared at an element, whoever around it declares them, by prefix.
    pub(crate) fn declared_at(&self, place: Place) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut at = Some(place);
        while let Some(place) = at {
            let element = self.element(place);
            for (prefix, namespace) in &element.declared {
                if found.iter().all(|(known, _)| known != prefix) {
                    found.push((prefix.clone(), namespace.clone()));
                }
            }
            at = element.parent;
        }
        found
    }

    /// The namespace that a prefix stands for at an element; `None` when it is not declared.
    pub(crate) fn namespace_of(&self, place: Option<Place>, prefix: &str) -> Option<&str> {
        let mut at = place;
        while let Some(place) = at {
            let element = self.element(place);
            if let Some((_, namespace)) = element.declared.iter().find(|(known, _)| known == prefix) {
                return Some(namespace);
            }
            at = element.parent;
        }
        match prefix {
            "xml" => Some(XML),
            "" => Some(""),
            _ => None,
        }
    }
}

fn judge_ids<'a>(mut ids: impl Iterator<Item = &'a str>) -> Result<(), Refused> {
    let mut known = HashSet::new();
    match ids.all(|id| known.insert(id)) {
        true => Ok(()),
        false => Err(Refused("two elements have the same ID")),
    }
}
