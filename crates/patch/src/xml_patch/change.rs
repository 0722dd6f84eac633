//! What an operation does to the node that it has selected.

use fhir::Issue;
use fhir::xml::tree::{Attribute, Element, Node};

use super::apply::nothing;
use super::selector::{Last, Name};
use super::{Action, Position};
use crate::codes;
use crate::refusal::Operation;

/// An operation and where it is done.
pub(super) struct Change<'a> {
    pub(super) operation: &'a Operation,
    pub(super) action: &'a Action,
    pub(super) last: &'a Last,
    /// The way to the node.
    pub(super) way: &'a [usize],
}

/// Does the operation.
pub(super) fn change(change: Change<'_>, document: &mut Element) -> Result<(), Issue> {
    match change.last {
        Last::Attribute(name) => change.attribute(name, document),
        Last::Namespace(prefix) => change.namespace(prefix, document),
        Last::Node => change.node(document),
    }
}

impl Change<'_> {
    fn refuse<T>(&self, remedy: &str) -> Result<T, Issue> {
        Err(self.operation.refuse(codes::IMPOSSIBLE, remedy))
    }

    fn element<'d>(&self, document: &'d mut Element) -> Result<&'d mut Element, Issue> {
        match element_at(document, self.way) {
            Some(element) => Ok(element),
            None => self.refuse("it must select an element: text and comments have nothing inside"),
        }
    }

    fn attribute(&self, name: &Name, document: &mut Element) -> Result<(), Issue> {
        let attributes = &mut self.element(document)?.attributes;
        let is_it = |attribute: &Attribute| *attribute.name == *name.local && *attribute.namespace == *name.namespace;
        let Some(place) = attributes.iter().position(is_it) else { return Err(nothing(self.operation)) };
        match (self.action, attributes.get_mut(place)) {
            (Action::Remove { .. }, _) => {
                attributes.remove(place);
                Ok(())
            }
            (Action::Replace(nodes), Some(attribute)) => {
                attribute.value = self.text(nodes)?;
                Ok(())
            }
            _ => self.refuse("nothing can be added to an attribute: select the element, and name the attribute in type"),
        }
    }

    fn namespace(&self, prefix: &str, document: &mut Element) -> Result<(), Issue> {
        let declared = &mut self.element(document)?.declared;
        let Some(place) = declared.iter().position(|(known, _)| **known == *prefix) else { return Err(nothing(self.operation)) };
        match (self.action, declared.get_mut(place)) {
            (Action::Remove { .. }, _) => {
                declared.remove(place);
                Ok(())
            }
            (Action::Replace(nodes), Some(declaration)) => {
                declaration.1 = self.text(nodes)?;
                Ok(())
            }
            _ => self.refuse("nothing can be added to a namespace"),
        }
    }

    fn node(&self, document: &mut Element) -> Result<(), Issue> {
        match self.action {
            Action::AddAttribute { namespace, name, value } => {
                let attributes = &mut self.element(document)?.attributes;
                if attributes.iter().any(|known| known.name == *name && known.namespace == *namespace) {
                    return Err(self.operation.refuse(codes::ALREADY_THERE, "the element has this attribute: replace it"));
                }
                attributes.push(Attribute { namespace: namespace.clone(), name: name.clone(), value: value.clone() });
                Ok(())
            }
            Action::AddNamespace { prefix, namespace } => {
                let declared = &mut self.element(document)?.declared;
                if declared.iter().any(|(known, _)| known == prefix) {
                    return Err(self.operation.refuse(codes::ALREADY_THERE, "the element declares this prefix: replace its namespace"));
                }
                declared.push((prefix.clone(), namespace.clone()));
                Ok(())
            }
            Action::AddNodes(nodes, position @ (Position::First | Position::Last)) => {
                let element = self.element(document)?;
                let at = if *position == Position::First { 0 } else { element.children.len() };
                splice(element, at, 0, nodes);
                Ok(())
            }
            Action::AddNodes(nodes, position) => {
                let (parent, place) = self.parent(document)?;
                splice(parent, place + usize::from(*position == Position::After), 0, nodes);
                Ok(())
            }
            Action::Replace(nodes) => self.replace(nodes, document),
            Action::Remove { blank_before, blank_after } => {
                let (parent, mut place) = self.parent(document)?;
                parent.children.remove(place);
                if *blank_after && parent.children.get(place).is_some_and(Node::is_blank) {
                    parent.children.remove(place);
                }
                if *blank_before && place > 0 && parent.children.get(place - 1).is_some_and(Node::is_blank) {
                    place -= 1;
                    parent.children.remove(place);
                }
                parent.join_texts();
                Ok(())
            }
        }
    }

    /// A node gives its place to one of its own kind; a text to any text.
    fn replace(&self, nodes: &[Node], document: &mut Element) -> Result<(), Issue> {
        let filled: Vec<&Node> = nodes.iter().filter(|node| !node.is_blank()).collect();
        if self.way.is_empty() {
            let [Node::Element(new)] = filled[..] else { return self.refuse("an element is replaced by one element") };
            *document = new.clone();
            return Ok(());
        }
        let (parent, place) = self.parent(document)?;
        let fits = match (parent.children.get(place), &filled[..]) {
            (Some(Node::Element(_)), [Node::Element(_)])
            | (Some(Node::Comment(_)), [Node::Comment(_)])
            | (Some(Node::Instruction(_)), [Node::Instruction(_)]) => filled.into_iter().cloned().collect(),
            (Some(Node::Text(_)), _) => vec![Node::Text(self.text(nodes)?)],
            _ => return self.refuse("an element is replaced by one element, a comment by a comment, a text by text"),
        };
        splice(parent, place, 1, &fits);
        Ok(())
    }

    /// The content as text.
    fn text(&self, nodes: &[Node]) -> Result<Box<str>, Issue> {
        let texts: Option<String> = nodes
            .iter()
            .map(|node| match node {
                Node::Text(text) => Some(&**text),
                _ => None,
            })
            .collect();
        texts.map_or_else(|| self.refuse("a text or the value of an attribute is replaced by text"), |text| Ok(text.into()))
    }

    /// What the node stands in, and its place there.
    fn parent<'d>(&self, document: &'d mut Element) -> Result<(&'d mut Element, usize), Issue> {
        match self.way.split_last() {
            Some((place, way)) => match element_at(document, way).filter(|parent| *place < parent.children.len()) {
                Some(parent) => Ok((parent, *place)),
                None => Err(nothing(self.operation)),
            },
            None => self.refuse("the root element cannot be removed, nor anything put beside it"),
        }
    }
}

fn element_at<'d>(document: &'d mut Element, way: &[usize]) -> Option<&'d mut Element> {
    way.iter().try_fold(document, |element, place| match element.children.get_mut(*place)? {
        Node::Element(child) => Some(child),
        _ => None,
    })
}

fn splice(parent: &mut Element, at: usize, removed: usize, nodes: &[Node]) {
    parent.children.splice(at..at + removed, nodes.iter().cloned());
    parent.join_texts();
}
