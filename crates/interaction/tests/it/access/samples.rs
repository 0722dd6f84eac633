//! The smallest resource of each type, and its reference to a patient.

use fhir::Value;
use fhir::definitions::{ResourceType, definitions};
use search::{Registry, compartment};
use seed::smallest::{plant, reference, smallest};
use store::commit::Key;

/// The type of a name.
pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a type")
}

/// A resource with what it must have and nothing else, but for a reference to the patient where its type has a place for that.
pub fn sample(of: ResourceType, id: &str, patient: &str) -> Value {
    let mut members = smallest(of, id);
    if of.name() == "SearchParameter" {
        members.set("type", "token");
        members.set("base", fhir::array!["Patient"]);
        members.set("expression", "Patient.language");
    }
    if let Some(path) = path_to_patient(of) {
        plant(&mut members, of, &path.join("."), Some(reference(&format!("Patient/{patient}"))));
    }
    Value::Object(members)
}

/// A resource that refers to another by the path of one of its elements.
pub fn pointer(of: ResourceType, id: &str, path: &[&str], target: &str) -> Value {
    let Value::Object(mut members) = sample(of, id, "nobody") else { panic!("a resource is an object") };
    plant(&mut members, of, &path.join("."), Some(reference(target)));
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
