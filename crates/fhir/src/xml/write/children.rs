//! From the members of JSON, in any order, to the elements of XML, in the order of the definition.

use crate::definitions::{Element, ElementType, Type, TypeKind};
use crate::value::{Object, Value};

/// An element to be written, with all its repeats.
pub(super) struct Child<'v> {
    place: usize,
    pub(super) element: &'static Element,
    pub(super) element_type: &'static ElementType,
    /// The member of its name.
    pub(super) value: Option<&'v Value>,
    /// The member with an underscore before its name.
    pub(super) sibling: Option<&'v Value>,
}

/// The elements of an object, without those that are attributes. The error says which member is none of its type's.
pub(super) fn children<'v>(kind: &'static Type, object: &'v Object) -> Result<Vec<Child<'v>>, String> {
    let mut children: Vec<Child<'v>> = Vec::with_capacity(object.len());
    for (name, value) in object.iter() {
        let (stem, is_sibling) = name.strip_prefix('_').map_or((&**name, false), |stem| (stem, true));
        if stem == "resourceType" && !is_sibling && kind.kind == TypeKind::Resource {
            continue;
        }
        let Some((element, element_type)) = kind.member(stem) else {
            return Err(format!("{} has no member of this name: see its definition", kind.name));
        };
        if element.is_xml_attribute {
            if is_sibling {
                return Err(format!("'{stem}' is an attribute in XML, and cannot have extensions"));
            }
            continue;
        }
        let (value, sibling) = if is_sibling { (None, Some(value)) } else { (Some(value), None) };
        let place = kind.elements.iter().position(|candidate| std::ptr::eq(candidate, element)).unwrap_or(0);
        match children.iter_mut().find(|child| child.place == place) {
            Some(child) if std::ptr::eq(child.element_type, element_type) => {
                child.value = child.value.or(value);
                child.sibling = child.sibling.or(sibling);
            }
            Some(_) => return Err(format!("{}[x] has two types: keep one", element.name)),
            None => children.push(Child { place, element, element_type, value, sibling }),
        }
    }
    children.sort_by_key(|child| child.place);
    Ok(children)
}
