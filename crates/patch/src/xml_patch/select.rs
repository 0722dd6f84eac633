//! Which nodes of a document a selector finds.

use std::cell::Cell;

use fhir::xml::tree::{Element, Node};

use super::selector::{Condition, Name, NodeTest, Selector, SelectorStep};

/// The way from the root to a node: places among children. Empty for the root itself.
pub(super) type Way = Vec<usize>;

/// How many nodes the selectors of a patch may still look at.
pub(super) struct Looks {
    left: Cell<usize>,
}

impl Looks {
    pub(super) fn new(most: usize) -> Self {
        Self { left: Cell::new(most) }
    }

    /// Counts nodes that are looked at.
    fn charge(&self, nodes: usize) {
        self.left.set(self.left.get().saturating_sub(nodes));
    }

    /// Whether there were enough.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }
}

/// The ways to all nodes that the steps of a selector lead to, in the order of the document; not all of them when `looks` are exhausted.
pub(super) fn select(selector: &Selector, root: &Element, looks: &Looks) -> Vec<Way> {
    let Some((first, rest)) = selector.steps.split_first() else { return Vec::new() };
    let mut levels = vec![filtered(first, vec![Found { before: 0, place: 0, node: NodeRef::Element(root) }], looks)];
    for step in rest {
        let mut next = Vec::new();
        for (before, found) in levels.last().into_iter().flatten().enumerate() {
            let NodeRef::Element(element) = found.node else { continue };
            looks.charge(element.children.len());
            if looks.is_exhausted() {
                return Vec::new();
            }
            let children = element.children.iter().enumerate();
            let children = children.map(|(place, child)| Found { before, place, node: NodeRef::from(child) });
            next.extend(filtered(step, children.filter(|found| matches(&step.test, found.node)).collect(), looks));
        }
        levels.push(next);
    }
    (0..levels.last().map_or(0, Vec::len)).map(|last| way(&levels, last)).collect()
}

/// A node that a step has found.
struct Found<'a> {
    /// Which of those found by the step before it stands in.
    before: usize,
    /// Its place there.
    place: usize,
    node: NodeRef<'a>,
}

/// The way to one of those that the last step has found.
fn way(levels: &[Vec<Found<'_>>], mut index: usize) -> Way {
    let mut way = Way::new();
    // The first level is the root itself.
    for found in levels.iter().skip(1).rev() {
        let Some(found) = found.get(index) else { break };
        way.push(found.place);
        index = found.before;
    }
    way.reverse();
    way
}

/// A node, the root among them.
#[derive(Clone, Copy)]
enum NodeRef<'a> {
    Element(&'a Element),
    Text(&'a str),
    Comment,
    Instruction(&'a str),
}

impl<'a> From<&'a Node> for NodeRef<'a> {
    fn from(node: &'a Node) -> Self {
        match node {
            Node::Element(element) => NodeRef::Element(element),
            Node::Text(text) => NodeRef::Text(text),
            Node::Comment(_) => NodeRef::Comment,
            Node::Instruction(text) => NodeRef::Instruction(text),
        }
    }
}

/// Those of the candidates that pass the step's test and its conditions, one after the other.
fn filtered<'a>(step: &SelectorStep, mut found: Vec<Found<'a>>, looks: &Looks) -> Vec<Found<'a>> {
    found.retain(|candidate| matches(&step.test, candidate.node));
    for condition in &step.conditions {
        let count = found.len();
        let mut place = 0;
        found.retain(|candidate| {
            place += 1;
            match condition {
                Condition::Position(wanted) => place == *wanted,
                Condition::Last => place == count,
                Condition::Path { steps, attribute, equals } => holds(candidate.node, steps, attribute.as_ref(), equals.as_deref(), looks),
            }
        });
    }
    found
}

fn matches(test: &NodeTest, node: NodeRef<'_>) -> bool {
    match (test, node) {
        (NodeTest::Any, NodeRef::Element(_)) | (NodeTest::Text, NodeRef::Text(_)) | (NodeTest::Comment, NodeRef::Comment) => true,
        (NodeTest::Name(name), NodeRef::Element(element)) => *element.name == *name.local && *element.namespace == *name.namespace,
        (NodeTest::Instruction(target), NodeRef::Instruction(text)) => {
            target.as_deref().is_none_or(|target| text.split_whitespace().next() == Some(target))
        }
        _ => false,
    }
}

/// Whether something stands at the end of the path, and one such thing is the text.
fn holds(node: NodeRef<'_>, steps: &[NodeTest], attribute: Option<&Name>, equals: Option<&str>, looks: &Looks) -> bool {
    if looks.is_exhausted() {
        return false;
    }
    if let Some((first, rest)) = steps.split_first() {
        let NodeRef::Element(element) = node else { return false };
        looks.charge(element.children.len());
        let mut children = element.children.iter().map(NodeRef::from).filter(|child| matches(first, *child));
        return children.any(|child| holds(child, rest, attribute, equals, looks));
    }
    match (node, attribute) {
        (NodeRef::Element(element), Some(name)) => {
            let named = |attribute: &&fhir::xml::tree::Attribute| *attribute.name == *name.local && *attribute.namespace == *name.namespace;
            element.attributes.iter().find(named).is_some_and(|found| equals.is_none_or(|wanted| *found.value == *wanted))
        }
        (_, Some(_)) => false,
        (NodeRef::Element(element), None) => equals.is_none_or(|wanted| {
            let text = element.text();
            looks.charge(text.len());
            text == wanted
        }),
        (NodeRef::Text(text), None) => equals.is_none_or(|wanted| text == wanted),
        (NodeRef::Comment | NodeRef::Instruction(_), None) => equals.is_none(),
    }
}
