//! The walk over a type's elements.

use fhir::definitions::{Element, ElementType, Type, TypeKind, definitions};
use fhir::{Object, Value};

use super::Generator;

/// How often an element that nothing asks for comes, by how deep it stands, in percent.
const CHANCES: [usize; 5] = [55, 30, 12, 5, 2];

/// How deep elements that need not come are made.
const MAX_DEPTH: usize = 8;

/// Types whose parts search parameters look at as a whole.
const DENSE: [&str; 8] = ["HumanName", "Address", "ContactPoint", "Identifier", "CodeableConcept", "Coding", "Timing", "Meta"];

impl Generator {
    /// Fills an object of type `of` with elements; those that are there stay.
    pub(super) fn fill(&mut self, object: &mut Object, of: &'static Type, depth: usize) {
        for element in &of.elements {
            if element.types.is_empty() || object.get(element.name).is_some() || self.is_made_elsewhere(of, element) {
                continue;
            }
            let wanted = self.wanted.types(of.id, element.name).map(<[&str]>::to_vec);
            if element.min == 0 && !self.comes(of, element, wanted.is_some(), depth) {
                continue;
            }
            let kind = self.type_of(element, &wanted.unwrap_or_default(), depth);
            self.member(object, element, kind, depth);
        }
    }

    fn is_made_elsewhere(&self, of: &Type, element: &Element) -> bool {
        let stamped = of.name == "Meta" && ["versionId", "lastUpdated", "security"].contains(&element.name);
        let of_resource = of.kind == TypeKind::Resource && ["id", "contained"].contains(&element.name);
        of_resource || (self.is_contained && stamped)
    }

    /// Whether an element that need not come does.
    fn comes(&mut self, of: &Type, element: &Element, is_wanted: bool, depth: usize) -> bool {
        if self.room == 0 || depth > MAX_DEPTH {
            return false;
        }
        let chance = match element.name {
            "extension" | "modifierExtension" => 3,
            "id" => 2,
            _ if is_wanted => 75,
            _ if DENSE.contains(&of.name) => 50,
            _ => CHANCES.get(depth).copied().unwrap_or(1),
        };
        let comes = self.random.chance(chance);
        self.room -= usize::from(comes && !is_wanted);
        comes
    }

    /// One of the types that an element may have.
    fn type_of(&mut self, element: &'static Element, wanted: &[&'static str], depth: usize) -> &'static ElementType {
        let name = |kind: &&ElementType| definitions().get(kind.id).name;
        let picked: Vec<&ElementType> = element.types.iter().filter(|kind| wanted.contains(&name(kind))).collect();
        if !picked.is_empty() && self.random.chance(75) {
            // One after the other from resource to resource, so that none is left out.
            return picked[self.turn % picked.len()];
        }
        let simple: Vec<&ElementType> = element.types.iter().filter(|kind| definitions().get(kind.id).primitive.is_some()).collect();
        if depth > 3 && !simple.is_empty() {
            return self.random.pick(&simple);
        }
        &element.types[self.random.below(element.types.len())]
    }

    /// Sets the member of an element: one value, or an array of some.
    fn member(&mut self, object: &mut Object, element: &'static Element, kind: &'static ElementType, depth: usize) {
        let least = element.min.max(1) as usize;
        let most = element.max.map_or(3, |max| max as usize).clamp(least, 3.max(least));
        let many = if depth < 3 { 40 } else { 15 };
        let count = if self.random.chance(many) { least + self.random.below(most - least + 1) } else { least };
        let is_primitive = definitions().get(kind.id).primitive.is_some();
        if is_primitive && !element.is_xml_attribute && self.random.chance(2) {
            return self.extended(object, element, kind, count);
        }
        let mut values: Vec<Value> = (0..count).map(|_| self.value(element, kind, depth)).collect();
        match element.is_list() {
            true => object.set(kind.member, values),
            false => object.set(kind.member, values.remove(0)),
        }
    }

    /// A primitive with an extension beside it, or with nothing but that.
    fn extended(&mut self, object: &mut Object, element: &'static Element, kind: &'static ElementType, count: usize) {
        let extension = fhir::object! { "extension": fhir::array![fhir::object! {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"
        }] };
        let sibling = format!("_{}", kind.member);
        let has_value = self.random.chance(50);
        if !element.is_list() {
            if has_value {
                let value = self.value(element, kind, MAX_DEPTH);
                object.set(kind.member, value);
            }
            return object.set(sibling, extension);
        }
        if has_value {
            let mut values: Vec<Value> = (0..count).map(|_| self.value(element, kind, MAX_DEPTH)).collect();
            values.push(Value::Null);
            object.set(kind.member, values);
            let mut siblings = vec![Value::Null; count];
            siblings.push(extension);
            return object.set(sibling, siblings);
        }
        object.set(sibling, vec![extension; count]);
    }

    /// A value of one of the element's types.
    pub(super) fn value(&mut self, element: &'static Element, kind: &'static ElementType, depth: usize) -> Value {
        let of = definitions().get(kind.id);
        if let Some(primitive) = of.primitive {
            return self.primitive(primitive, element, &kind.targets);
        }
        if of.kind == TypeKind::Resource {
            let kind = self.entry_type();
            return self.nested(kind, None);
        }
        if let Some(special) = self.special(element, kind, of, depth) {
            return special;
        }
        let mut object = Object::new();
        self.fill(&mut object, of, depth + 1);
        if object.is_empty() || (object.len() == 1 && object.get("id").is_some()) {
            self.something(&mut object, of, depth + 1);
        }
        Value::Object(object)
    }

    /// An element of a type that has none that must come: an object is never empty.
    fn something(&mut self, object: &mut Object, of: &'static Type, depth: usize) {
        let plain = |element: &&'static Element| {
            !["id", "extension", "modifierExtension"].contains(&element.name)
                && !element.types.is_empty()
                && !self.is_made_elsewhere(of, element)
        };
        let primitive = |element: &&'static Element| element.types.iter().any(|kind| definitions().get(kind.id).primitive.is_some());
        let mut candidates: Vec<&'static Element> = of.elements.iter().filter(plain).collect();
        if depth > 3 && candidates.iter().any(primitive) {
            candidates.retain(primitive);
        }
        if candidates.is_empty() {
            candidates = of.elements.iter().filter(|element| element.name == "extension").collect();
        }
        let element = self.random.pick(&candidates);
        let kind = self.type_of(element, &[], depth);
        self.member(object, element, kind, depth.max(3));
    }
}
