//! Which nodes of a document a selector finds.

use fhir::xml::tree::{Element, Node};

use super::selector::{Condition, Name, NodeTest, Selector, SelectorStep};

/// The way from the root to a node: places among children. Empty for the root itself.
pub(super) type Way = Vec<usize>;

/// The ways to all nodes that the steps of a selector lead to, in the order of the document.
pub(super) fn select(selector: &Selector, root: &Element) -> Vec<Way> {
    let Some((first, rest)) = selector.steps.split_first() else { return Vec::new() };
    let mut found = filtered(first, &[(Way::new(), NodeRef::Element(root))]);
    for step in rest {
        let mut next = Vec::new();
        for (way, node) in &found {
            let NodeRef::Element(element) = node else { continue };
            let children = element.children.iter().enumerate().filter(|(_, child)| matches(&step.test, NodeRef::from(*child)));
            let children = children.map(|(place, child)| ([&**way, &[place]].concat(), NodeRef::from(child)));
            next.extend(filtered(step, &children.collect::<Vec<_>>()));
        }
        found = next;
    }
    found.into_iter().map(|(way, _)| way).collect()
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
fn filtered<'a>(step: &SelectorStep, candidates: &[(Way, NodeRef<'a>)]) -> Vec<(Way, NodeRef<'a>)> {
    let mut found: Vec<_> = candidates.iter().filter(|(_, node)| matches(&step.test, *node)).cloned().collect();
    for condition in &step.conditions {
        let count = found.len();
        let mut place = 0;
        found.retain(|(_, node)| {
            place += 1;
            match condition {
                Condition::Position(wanted) => place == *wanted,
                Condition::Last => place == count,
                Condition::Path { steps, attribute, equals } => holds(*node, steps, attribute.as_ref(), equals.as_deref()),
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
fn holds(node: NodeRef<'_>, steps: &[NodeTest], attribute: Option<&Name>, equals: Option<&str>) -> bool {
    if let Some((first, rest)) = steps.split_first() {
        let NodeRef::Element(element) = node else { return false };
        let mut children = element.children.iter().map(NodeRef::from).filter(|child| matches(first, *child));
        return children.any(|child| holds(child, rest, attribute, equals));
    }
    match (node, attribute) {
        (NodeRef::Element(element), Some(name)) => {
            let named = |attribute: &&fhir::xml::tree::Attribute| *attribute.name == *name.local && *attribute.namespace == *name.namespace;
            element.attributes.iter().find(named).is_some_and(|found| equals.is_none_or(|wanted| *found.value == *wanted))
        }
        (_, Some(_)) => false,
        (NodeRef::Element(element), None) => equals.is_none_or(|wanted| element.text() == wanted),
        (NodeRef::Text(text), None) => equals.is_none_or(|wanted| text == wanted),
        (NodeRef::Comment | NodeRef::Instruction(_), None) => equals.is_none(),
    }
}
