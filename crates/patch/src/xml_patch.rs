//! XML Patch (RFC 5261): operations on the tree of an XML document, each at a selector, a small part of XPath.

mod apply;
mod change;
mod read;
mod select;
mod selector;

use fhir::xml::tree::{self, Element, Node};
use fhir::{Issue, Value, xml};

use crate::refusal::Operation;
use selector::Selector;

/// An XML Patch that was read.
#[derive(Clone, Debug)]
pub struct XmlPatch {
    steps: Vec<Step>,
}

/// An operation, and what a refusal says of it.
#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    selector: Selector,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    /// New nodes in or beside what is selected.
    AddNodes(Vec<Node>, Position),
    /// A new attribute.
    AddAttribute { namespace: Box<str>, name: Box<str>, value: Box<str> },
    /// A new prefix for a namespace.
    AddNamespace { prefix: Box<str>, namespace: Box<str> },
    /// Other content.
    Replace(Vec<Node>),
    /// Nothing more; and which white space around it goes with it.
    Remove { blank_before: bool, blank_after: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Last,
    First,
    Before,
    After,
}

impl XmlPatch {
    /// Reads the text of a patch. The errors are that of the XML, or those of [`XmlPatch::read`].
    pub fn parse(text: &[u8]) -> Result<Self, Vec<Issue>> {
        let document = tree::parse(text).map_err(|issue| vec![issue])?;
        Self::read(&document)
    }

    /// Reads a patch from its root element, usually `<diff>`, whatever its name, in FHIR's namespace or none: the operations are the
    /// elements `add`, `replace` and `remove` in it, of which there is at least one.
    ///
    /// A prefix in a selector is one that is declared in the patch; besides, `f` is FHIR's namespace and `h` that of XHTML. A name without
    /// a prefix is in the default namespace of the patch, as RFC 5261 has it.
    ///
    /// The errors are all operations that are malformed, or that there is none, or more than
    /// [`MAX_OPERATIONS`](crate::limits::MAX_OPERATIONS).
    pub fn read(document: &Element) -> Result<Self, Vec<Issue>> {
        read::read(document).map(|steps| Self { steps })
    }

    /// Does all operations on a document, in order. On an error it is left as the operations before made it.
    ///
    /// The error is the first operation that cannot be done: a selector that finds nothing or several nodes, content of another kind than
    /// what it replaces, the root removed, or more growth than [`limits`](crate::limits) allow.
    pub fn apply(&self, document: &mut Element) -> Result<(), Issue> {
        apply::apply(&self.steps, document)
    }

    /// Does all operations on the XML form of a resource, and reads what comes out. Elements that are left empty are taken out.
    pub(crate) fn apply_to_resource(&self, resource: &Value) -> Result<Value, Vec<Issue>> {
        let text = xml::to_string(resource).map_err(|issue| vec![issue])?;
        let mut document = tree::parse(text.as_bytes()).map_err(|issue| vec![issue])?;
        self.apply(&mut document).map_err(|issue| vec![issue])?;
        prune(&mut document);
        let text = tree::to_string(&document).map_err(|remedy| vec![crate::refusal::malformed("", remedy)])?;
        xml::parse(text.as_bytes())
    }
}

/// Takes elements out that say nothing, which FHIR's XML cannot have, and what becomes empty by that. The narrative is left alone.
// The depth is bounded by that of the reader and of the patch.
fn prune(element: &mut Element) {
    for child in &mut element.children {
        if let Node::Element(child) = child {
            prune(child);
        }
    }
    let is_empty = |element: &Element| {
        let has_content = element.children.iter().any(|node| matches!(node, Node::Element(_)) || !node.is_blank());
        &*element.namespace == xml::FHIR_NAMESPACE && element.attributes.is_empty() && !has_content
    };
    element.children.retain(|child| !child.as_element().is_some_and(is_empty));
}
