//! Compartments (<http://hl7.org/fhir/R4/compartmentdefinition.html>).

use fhir::definitions::{ResourceType, definitions};
use fhir::{Object, Value};

use crate::card::{Card, Table};
use crate::facts::add_members;
use crate::line::Line;

pub(crate) const TABLE: Table =
    Table { kind: "CompartmentDefinition", text: include_str!("../generated/compartments.tsv"), make: heading, finish: members };

fn heading(_: &Card, compartment: &mut Object, line: Line) {
    add_members(compartment, line);
}

/// All types of resources that are ever stored; those that may be in it have parameters.
fn members(_: &Card, compartment: &mut Object) {
    let owner = compartment.get("code").and_then(Value::as_str).and_then(ResourceType::parse);
    let all = ResourceType::all().filter(|kind| kind.name() != "Parameters").map(|kind| {
        let mut resource = Object::from_iter([("code", Value::from(kind.name()))]);
        let found = definitions().compartments().iter().find(|entry| Some(entry.compartment) == owner && entry.resource_type == kind);
        if let Some(found) = found {
            resource.push("param", found.parameters.iter().copied().map(Value::from).collect::<Vec<_>>());
        }
        Value::Object(resource)
    });
    let all: Vec<Value> = all.collect();
    compartment.push("resource", all);
}
