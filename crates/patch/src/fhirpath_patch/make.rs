//! Makes of a value as Parameters has it the element that it is to be, and gives elements to objects.

use fhir::definitions::{Element, ElementType, PrimitiveType, Type, TypeKind, definitions};
use fhir::{Object, Value, nearest};

use super::given::Given;
use super::repeats::{Repeat, Repeats};
use crate::codes;

/// Why it cannot be: the number of the issue, and what would be right.
pub(super) type Refused = (u16, String);

/// The element that `name` means in a type, `deceased` or `deceasedBoolean`, and which of its types the value has.
pub(super) fn element(kind: &'static Type, name: &str, given: &Given) -> Result<(&'static Element, &'static ElementType), Refused> {
    if let Some((element, element_type)) = kind.member(name) {
        return Ok((element, element_type));
    }
    let Some(element) = kind.element(name).filter(|element| !element.types.is_empty()) else {
        let hint = nearest(name, kind.elements.iter().map(|element| element.name));
        let hint = hint.map_or_else(|| "see its definition".to_owned(), |near| format!("did you mean {near}?"));
        return Err((codes::ELEMENT_UNKNOWN, format!("{} has no element of this name: {hint}", kind.name)));
    };
    let fits = |choice: &&ElementType| matches!(given, Given::Typed { kind, .. } if *kind == choice.id);
    match (element.types.iter().find(fits), &element.types[..]) {
        (Some(choice), _) | (None, [choice]) => Ok((element, choice)),
        _ => {
            let names = element.types.iter().map(|choice| definitions().get(choice.id).name).collect::<Vec<_>>().join(", ");
            Err((
                codes::VALUE_TYPE,
                format!("{name}[x] can be of these types, which the value says in its name, as in valueString: {names}"),
            ))
        }
    }
}

/// Gives an object of type `kind` another element: at the end of a list, or where it stands once and is not there yet.
pub(super) fn add(object: &mut Object, kind: &'static Type, name: &str, given: &Given) -> Result<(), Refused> {
    let (element, element_type) = element(kind, name, given)?;
    let made = make(element_type, given)?;
    let is_there = element.types.iter().any(|other| object.get(other.member).is_some() || object.sibling(other.member).is_some());
    if is_there && !element.is_list() {
        return Err((codes::ALREADY_THERE, format!("{name} is there already, and stands once: replace it")));
    }
    let mut repeats = Repeats::take(object, element_type.member, element.is_list());
    repeats.items.push(made);
    repeats.put(object, element_type.member);
    Ok(())
}

/// The value as an element of this type.
// The depth is bounded by that of the Parameters.
pub(super) fn make(element_type: &ElementType, given: &Given) -> Result<Repeat, Refused> {
    let kind = definitions().get(element_type.id);
    let wrong = || Err((codes::VALUE_TYPE, format!("the element is of type {}: {}", kind.name, form(kind))));
    let made = |value, sibling| Ok(Repeat { value, sibling });
    match given {
        Given::Resource(resource) if kind.kind == TypeKind::Resource => made(resource.clone(), Value::Null),
        Given::Typed { value, sibling, .. } if fits(kind, given, value) => made(value.clone(), sibling.clone()),
        Given::Parts(parts) if kind.kind != TypeKind::Resource => {
            let mut object = Object::new();
            for (name, given) in parts {
                add(&mut object, kind, name, given)?;
            }
            if kind.primitive.is_some() { made(Value::Null, object.into()) } else { made(object.into(), Value::Null) }
        }
        _ => wrong(),
    }
}

/// Whether a value of `value[x]` can be an element of this type. A primitive's text is judged with the whole resource: what matters
/// here is that JSON writes both alike.
fn fits(kind: &Type, given: &Given, value: &Value) -> bool {
    let Given::Typed { kind: of_value, .. } = given else { return false };
    let is_kin = definitions().is_a(*of_value, kind.id) || definitions().is_a(kind.id, *of_value);
    let is_primitive = definitions().get(*of_value).primitive.is_some();
    match kind.primitive {
        None => is_kin && !is_primitive,
        Some(primitive) => is_primitive && (*value == Value::Null || json_kind(primitive) == std::mem::discriminant(value)),
    }
}

fn json_kind(primitive: PrimitiveType) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(&match primitive {
        PrimitiveType::Boolean => Value::Bool(true),
        _ if primitive.is_number() => Value::Number("0".into()),
        _ => Value::String("".into()),
    })
}

fn form(kind: &Type) -> String {
    match (kind.kind, kind.primitive) {
        (TypeKind::Resource, _) => "give it as resource".to_owned(),
        (TypeKind::Backbone, _) => "give it as parts, each with the name of an element and its value".to_owned(),
        (_, None) => format!("give it as value{}, or as parts with the names of its elements", kind.name),
        (_, Some(_)) => {
            let mut letters = kind.name.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            format!("give it as value{}", first.into_iter().chain(letters).collect::<String>())
        }
    }
}
