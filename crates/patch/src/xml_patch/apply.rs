//! The operations of RFC 5261, section 4: what each selects, and that it is one node.

use fhir::Issue;
use fhir::xml::tree::{Element, Node};

use super::change::{Change, change};
use super::select::{Looks, Way, select};
use super::{Action, Position, Step};
use crate::codes;
use crate::limits::{MAX_DEPTH, MAX_LOOKS, Room};
use crate::refusal::Operation;

pub(super) fn apply(steps: &[Step], document: &mut Element) -> Result<(), Issue> {
    let (mut room, looks) = (Room::new(), Looks::new(MAX_LOOKS));
    for step in steps {
        let way = one(step, document, &looks)?;
        measured(step, &way, &mut room)?;
        change(Change { operation: &step.operation, action: &step.action, last: &step.selector.last, way: &way }, document)?;
    }
    Ok(())
}

/// The one node that the selector finds.
fn one(step: &Step, document: &Element, looks: &Looks) -> Result<Way, Issue> {
    let mut ways = select(&step.selector, document, looks);
    if looks.is_exhausted() {
        let remedy = format!("the selectors of the patch look at more than {MAX_LOOKS} nodes: split it");
        return Err(step.operation.refuse(codes::LIMIT, remedy));
    }
    match (ways.pop(), ways.is_empty()) {
        (Some(way), true) => Ok(way),
        (None, _) => Err(nothing(&step.operation)),
        (Some(_), false) => {
            let remedy = format!("{} nodes are there, and it works on one: choose it with a position, as [1]", ways.len() + 1);
            Err(step.operation.refuse(codes::SEVERAL_THERE, remedy))
        }
    }
}

/// Nothing is selected.
pub(super) fn nothing(operation: &Operation) -> Issue {
    operation.refuse(codes::NOTHING_THERE, "nothing is there: check names, prefixes and positions against the resource's XML")
}

/// Counts what is added against what a patch may add.
fn measured(step: &Step, way: &Way, room: &mut Room) -> Result<(), Issue> {
    let (nodes, inside) = match &step.action {
        Action::AddNodes(nodes, Position::Last | Position::First) => (nodes, 1),
        Action::AddNodes(nodes, _) | Action::Replace(nodes) => (nodes, 0),
        _ => return Ok(()),
    };
    let (mut bytes, mut levels) = (0, 0);
    for node in nodes {
        let (of_node, depth) = measure(node);
        bytes += of_node;
        levels = levels.max(depth);
    }
    // The root is the first level.
    if 1 + way.len() + inside + levels > MAX_DEPTH {
        return Err(step.operation.refuse(codes::LIMIT, format!("elements would be nested deeper than {MAX_DEPTH} levels")));
    }
    room.take_bytes(bytes).map_err(|what| step.operation.refuse(codes::LIMIT, what))
}

/// The bytes of memory that a node takes, about, and how many elements are within each other in it.
fn measure(node: &Node) -> (usize, usize) {
    let own = size_of::<Node>();
    match node {
        Node::Text(text) | Node::Comment(text) | Node::Instruction(text) => (own + text.len(), 0),
        Node::Element(element) => {
            let attributes: usize = element.attributes.iter().map(|attribute| 48 + attribute.value.len()).sum();
            element
                .children
                .iter()
                .map(measure)
                .fold((own + attributes, 1), |(bytes, levels), (of_child, below)| (bytes + of_child, levels.max(1 + below)))
        }
    }
}
