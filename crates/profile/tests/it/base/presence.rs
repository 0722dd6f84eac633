//! For each invariant, objects with every combination of the elements that it mentions: the check says of each what the expression says.

use fhir::definitions::{PrimitiveType, Type, TypeKind, definitions};
use fhir::{Object, Value};
use profile::base::{Constraint, constraints};

use super::elements::{broken, reported};

/// So many of the elements that an expression mentions are combined.
const MAX_MENTIONED: usize = 7;

#[test]
fn every_combination_of_mentioned_elements_is_judged_alike() {
    let mut tried = 0;
    for constraint in constraints() {
        let Some(kind) = definitions().type_by_name(constraint.path).filter(|kind| !kind.is_abstract) else { continue };
        for object in combinations(constraint, kind) {
            let Some(resource) = within_resource(kind, object) else { continue };
            // What belongs to the resource around it, which is not whole, is compared too.
            let expected: Vec<(String, String)> = broken(&resource, |other| other.key == constraint.key && !is_structural(other.key))
                .into_iter()
                .map(|(key, place)| (key.to_owned(), place))
                .collect();
            let actual: Vec<_> = reported(&resource).into_iter().filter(|(key, _)| key == constraint.key).collect();
            assert_eq!(
                actual,
                expected,
                "the check is on the left, {} on the right\n{}",
                constraint.expression,
                fhir::json::to_string(&resource)
            );
            tried += 1;
        }
    }
    println!("tried: {tried} combinations");
    assert!(tried > 2000, "only {tried} combinations were tried");
}

fn is_structural(key: &str) -> bool {
    matches!(key, "ele-1" | "ext-1" | "dom-2" | "dom-4" | "dom-5" | "ref-1" | "txt-1" | "txt-2")
}

/// Objects with each subset of the elements that the expression mentions, and with each text that it compares with.
fn combinations(constraint: &Constraint, kind: &'static Type) -> Vec<Object> {
    let words: Vec<&str> = constraint.expression.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let mut texts: Vec<&str> = constraint.expression.split('\'').skip(1).step_by(2).filter(|text| text.len() < 40).take(4).collect();
    texts.push("other");
    let mentioned: Vec<_> = kind.elements.iter().filter(|element| words.contains(&element.name)).take(MAX_MENTIONED).collect();
    let mut objects = Vec::new();
    for subset in 0_u32..1 << mentioned.len() {
        for text in &texts {
            let mut object = Object::new();
            for (_, element) in mentioned.iter().enumerate().filter(|(place, _)| subset & (1 << place) != 0) {
                for of in element.types.iter().take(1) {
                    let value = sample(definitions().get(of.id), text);
                    object.push(of.member, if element.is_list() { Value::Array(vec![value]) } else { value });
                }
            }
            objects.push(object);
        }
    }
    objects
}

fn sample(kind: &'static Type, text: &str) -> Value {
    let Some(primitive) = kind.primitive else {
        return match kind.kind {
            TypeKind::Resource => fhir::object! { "resourceType": "Basic", "id": text },
            _ => fhir::object! { "id": text },
        };
    };
    match primitive {
        PrimitiveType::Boolean => (text != "other").into(),
        PrimitiveType::Decimal | PrimitiveType::Integer | PrimitiveType::PositiveInt | PrimitiveType::UnsignedInt => 1_u64.into(),
        PrimitiveType::Date | PrimitiveType::DateTime => "2020-01-01".into(),
        PrimitiveType::Instant => "2020-01-01T00:00:00Z".into(),
        _ => text.into(),
    }
}

/// A resource with the object in it, as an element of this type; `None` when there is no such place.
fn within_resource(kind: &'static Type, object: Object) -> Option<Value> {
    let resource = |name: &str, member: &str, value: Value| {
        let value = Object::from_iter([("resourceType".to_owned(), Value::from(name)), (member.to_owned(), value)]);
        Some(Value::Object(value))
    };
    match kind.kind {
        TypeKind::Resource => {
            let mut whole = Object::from_iter([("resourceType", Value::from(kind.name))]);
            object.iter().for_each(|(name, value)| whole.push(name.clone(), value.clone()));
            Some(whole.into())
        }
        TypeKind::Backbone => {
            // From the element outwards: an array, or an object, under each name.
            let mut names: Vec<&str> = kind.name.split('.').collect();
            let mut value = Value::Object(object);
            while names.len() > 1 {
                let name = names.pop()?;
                let parent = definitions().type_by_name(&names.join("."))?;
                let element = parent.element(name)?;
                value = if element.is_list() { Value::Array(vec![value]) } else { value };
                value = Value::Object(Object::from_iter([(name.to_owned(), value)]));
            }
            let root = definitions().type_by_name(names[0])?;
            within_resource(root, value.as_object()?.clone())
        }
        TypeKind::Complex if kind.name == "ElementDefinition" => {
            resource("StructureDefinition", "snapshot", fhir::object! { "element": fhir::array![Value::Object(object)] })
        }
        TypeKind::Complex => {
            let extension = definitions().type_by_name("Extension")?;
            let of = extension.element("value")?.types.iter().find(|of| of.id == kind.id)?;
            let extension = Object::from_iter([("url", Value::from("http://example.org/any")), (of.member, Value::Object(object))]);
            resource("Basic", "extension", Value::Array(vec![extension.into()]))
        }
        TypeKind::Primitive => None,
    }
}
