//! Every place in a resource where a test may break something.

use fhir::definitions::{Element, ElementType, PrimitiveType, Type, definitions};
use fhir::{Object, Value};

/// A step from a value to one inside it.
#[derive(Clone)]
enum Step {
    Member(String),
    Item(usize),
}

/// A member of an object in a resource.
pub(crate) struct Site {
    way: Vec<Step>,
    /// The member's name in JSON.
    pub(crate) member: String,
    /// The FHIRPath of the object.
    pub(crate) parent_place: String,
    /// The FHIRPath of the element.
    pub(crate) place: String,
    pub(crate) element: &'static Element,
    pub(crate) element_type: &'static ElementType,
}

impl Site {
    /// The object that has the member.
    pub(crate) fn parent<'a>(&self, resource: &'a mut Value) -> Option<&'a mut Object> {
        let mut value = resource;
        for step in &self.way {
            value = match (step, value) {
                (Step::Member(name), Value::Object(object)) => object.get_mut(name)?,
                (Step::Item(index), Value::Array(items)) => items.get_mut(*index)?,
                _ => return None,
            };
        }
        value.as_object_mut()
    }

    /// The member's value.
    pub(crate) fn value<'a>(&self, resource: &'a mut Value) -> Option<&'a mut Value> {
        self.parent(resource)?.get_mut(&self.member)
    }

    /// The value, or the first item of it that is not `null`, and its FHIRPath.
    pub(crate) fn first<'a>(&self, resource: &'a mut Value) -> Option<(&'a mut Value, String)> {
        match self.value(resource)? {
            Value::Array(items) => {
                let index = items.iter().position(|item| *item != Value::Null)?;
                Some((&mut items[index], format!("{}[{index}]", self.place)))
            }
            single => Some((single, self.place.clone())),
        }
    }

    pub(crate) fn type_of(&self) -> &'static Type {
        definitions().get(self.element_type.id)
    }

    pub(crate) fn primitive(&self) -> Option<PrimitiveType> {
        self.type_of().primitive
    }
}

/// All members of a sound resource, but for `resourceType`, those with an underscore, and the nested resources.
pub(crate) fn sites(resource: &Value) -> Vec<Site> {
    let mut sites = Vec::new();
    let name = resource.resource_type().unwrap_or_default();
    if let (Some(kind), Some(object)) = (definitions().type_by_name(name), resource.as_object()) {
        collect(object, kind, &[], name, &mut sites);
    }
    sites
}

fn collect(object: &Object, kind: &'static Type, way: &[Step], place: &str, sites: &mut Vec<Site>) {
    for (name, value) in object.iter() {
        let Some((element, element_type)) = kind.member(name) else { continue };
        let type_of = definitions().get(element_type.id);
        if type_of.name == "Resource" {
            continue;
        }
        let child_place = format!("{place}.{}", element.name);
        let child_way = [way, &[Step::Member(name.to_string())]].concat();
        for (index, item) in value.each().enumerate() {
            let is_array = value.as_array().is_some();
            let item_way = if is_array { [child_way.as_slice(), &[Step::Item(index)]].concat() } else { child_way.clone() };
            let item_place = if is_array { format!("{child_place}[{index}]") } else { child_place.clone() };
            if let (Value::Object(inner), None) = (item, type_of.primitive) {
                collect(inner, type_of, &item_way, &item_place, sites);
            }
        }
        let (member, parent_place) = (name.to_string(), place.to_owned());
        sites.push(Site { way: way.to_vec(), member, parent_place, place: child_place, element, element_type });
    }
}
