//! Makes of what a patch has left FHIR's XML form: no empty elements, and the order of the definition.

use fhir::definitions::{PrimitiveType, ResourceType, Type, TypeKind, definitions};
use fhir::xml::FHIR_NAMESPACE;
use fhir::xml::tree::{Element, Node};

/// Puts the elements of a resource into the order of its definition, which the writer of a patch need not know: RFC 5261 adds at the end.
/// Elements that say nothing are taken out, and what becomes empty by that. Narratives are left alone, and so is what FHIR does not define.
pub(super) fn tidy(resource: &mut Element) {
    if let Some(kind) = ResourceType::parse(&resource.name) {
        children(resource, definitions().resource(kind));
    }
}

// The depth is bounded by that of the reader and of the patch.
fn children(element: &mut Element, kind: &'static Type) {
    for child in &mut element.children {
        let Node::Element(child) = child else { continue };
        let Some((_, element_type)) = kind.member(&child.name) else { continue };
        let kind = definitions().get(element_type.id);
        if kind.kind == TypeKind::Resource {
            child.children.iter_mut().for_each(|resource| {
                if let Node::Element(resource) = resource {
                    tidy(resource);
                }
            });
        } else if kind.primitive != Some(PrimitiveType::Xhtml) {
            children(child, kind);
        }
    }
    element.children.retain(|child| !says_nothing(child));
    let place = |node: &Node| {
        let (element, _) = kind.member(&node.as_element()?.name)?;
        kind.elements.iter().position(|known| std::ptr::eq(known, element))
    };
    element.children.sort_by_cached_key(|child| place(child).unwrap_or(usize::MAX));
}

fn says_nothing(node: &Node) -> bool {
    match node {
        Node::Element(element) => &*element.namespace == FHIR_NAMESPACE && element.attributes.is_empty() && element.children.is_empty(),
        Node::Comment(_) => true,
        text => text.is_blank(),
    }
}
