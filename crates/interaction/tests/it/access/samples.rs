//! The smallest resource of each type, made from FHIR's definitions, and its reference to a patient.

use fhir::definitions::{Element, PrimitiveType, ResourceType, Type, definitions};
use fhir::{Object, Value, object};
use search::{Registry, compartment};
use store::commit::Key;

/// The type of a name.
pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a type")
}

/// A resource with what it must have and nothing else, but for a reference to the patient where its type has a place for that.
pub fn sample(of: ResourceType, id: &str, patient: &str) -> Value {
    let mut members = Object::new();
    members.set("resourceType", of.name());
    members.set("id", id);
    fill(&mut members, definitions().resource(of));
    if of.name() == "SearchParameter" {
        members.set("type", "token");
        members.set("base", fhir::array!["Patient"]);
        members.set("expression", "Patient.language");
    }
    if let Some(path) = path_to_patient(of) {
        refer(&mut members, definitions().resource(of), &path, &format!("Patient/{patient}"));
    }
    Value::Object(members)
}

/// A resource that refers to another by the path of one of its elements.
pub fn pointer(of: ResourceType, id: &str, path: &[&str], target: &str) -> Value {
    let Value::Object(mut members) = sample(of, id, "nobody") else { panic!("a resource is an object") };
    refer(&mut members, definitions().resource(of), path, target);
    Value::Object(members)
}

/// Whether resources of the type may be in a patient's compartment.
pub fn is_of_patients(of: ResourceType) -> bool {
    let owner = Key::new(kind("Patient"), "own");
    compartment::filter(&Registry::standard(), &owner, of).is_some()
}

/// The parameter by which resources of the type refer to their patient, and the element that it reads.
pub fn patient_parameter(of: ResourceType) -> Option<(String, Vec<&'static str>)> {
    let rows = definitions().compartments().iter();
    let row = rows.filter(|row| row.compartment == kind("Patient")).find(|row| row.resource_type == of)?;
    let registry = Registry::standard();
    row.parameters.iter().find_map(|code| {
        let parameter = registry.get(of, code)?;
        let path = elements(of, &parameter.expression)?;
        Some((code.to_string(), path))
    })
}

fn path_to_patient(of: ResourceType) -> Option<Vec<&'static str>> {
    if of == kind("Patient") { None } else { Some(patient_parameter(of)?.1) }
}

/// The elements that an expression leads along: `Appointment.participant.actor`.
fn elements(of: ResourceType, expression: &str) -> Option<Vec<&'static str>> {
    let start = expression.find(&format!("{}.", of.name()))? + of.name().len() + 1;
    let mut known = definitions().resource(of);
    let mut path = Vec::new();
    for name in expression[start..].split('.') {
        let name = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        let Some(element) = known.element(name) else { break };
        path.push(element.name);
        known = definitions().get(element.types.first()?.id);
    }
    (!path.is_empty()).then_some(path)
}

/// Sets a reference, and whatever must stand around it.
fn refer(members: &mut Object, of: &'static Type, path: &[&str], target: &str) {
    let Some((first, rest)) = path.split_first() else { return };
    let element = of.element(first).expect("an element");
    let value = if rest.is_empty() {
        object! { "reference": target }
    } else {
        let inner = definitions().get(element.types[0].id);
        let mut object = Object::new();
        fill(&mut object, inner);
        refer(&mut object, inner, rest, target);
        Value::Object(object)
    };
    let is_reference = |kind: &&fhir::definitions::ElementType| definitions().get(kind.id).name == "Reference";
    let member = element.types.iter().find(is_reference).map_or(element.types[0].member, |kind| kind.member);
    element.types.iter().for_each(|kind| drop(members.remove(kind.member)));
    if element.is_list() { members.set(member, vec![value]) } else { members.set(member, value) }
}

/// Fills an object with the elements that its type must have.
fn fill(members: &mut Object, of: &'static Type) {
    for element in of.elements.iter().filter(|element| element.min > 0 && !element.types.is_empty()) {
        let kind = &element.types[0];
        if members.get(kind.member).is_some() {
            continue;
        }
        let value = value(element, definitions().get(kind.id));
        if element.is_list() { members.set(kind.member, vec![value; element.min as usize]) } else { members.set(kind.member, value) }
    }
}

fn value(element: &Element, of: &'static Type) -> Value {
    if let Some(primitive) = of.primitive {
        return self::primitive(element, primitive);
    }
    if of.name == "Reference" {
        return object! { "display": "somebody" };
    }
    let mut members = Object::new();
    fill(&mut members, of);
    if members.is_empty() {
        // An object is never empty.
        let texts = ["text", "code", "value", "title", "url", "system", "display", "description"];
        let element = texts.iter().find_map(|name| of.element(name)).or_else(|| of.elements.last()).expect("an element");
        let kind = &element.types[0];
        let only = value(element, definitions().get(kind.id));
        if element.is_list() { members.set(kind.member, vec![only]) } else { members.set(kind.member, only) }
    }
    Value::Object(members)
}

fn primitive(element: &Element, of: PrimitiveType) -> Value {
    let codes = element.binding.as_ref().and_then(|binding| definitions().required_codes(binding));
    if let Some(code) = codes.and_then(|set| set.systems.first()?.1.first().copied()) {
        return Value::from(code);
    }
    match of {
        PrimitiveType::Boolean => Value::from(true),
        PrimitiveType::Decimal | PrimitiveType::Integer | PrimitiveType::UnsignedInt | PrimitiveType::PositiveInt => {
            Value::Number("1".into())
        }
        PrimitiveType::Date | PrimitiveType::DateTime => Value::from("2020-01-01"),
        PrimitiveType::Instant => Value::from("2020-01-01T00:00:00Z"),
        PrimitiveType::Time => Value::from("08:00:00"),
        PrimitiveType::Base64Binary => Value::from("AAAA"),
        PrimitiveType::Oid => Value::from("urn:oid:1.2.3"),
        PrimitiveType::Uuid => Value::from("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        PrimitiveType::Uri | PrimitiveType::Url | PrimitiveType::Canonical => Value::from("http://example.org/x"),
        PrimitiveType::Xhtml => Value::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"),
        _ => Value::from("x"),
    }
}
